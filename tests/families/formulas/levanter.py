from __future__ import annotations

import math
from typing import Any

from . import Row

PROGRAM = "levanter"


def phased(
    t: int, curve: str, learning_rate: float, min_lr_ratio: float, warmup_steps: int, decay_steps: int, total: int
) -> float:
    if t < warmup_steps:
        return learning_rate * t / warmup_steps
    share = min(1.0, max(0, t - (total - decay_steps)) / decay_steps)
    height = {"linear": 1.0 - share, "cosine": (1.0 + math.cos(math.pi * share)) / 2.0, "constant": 1.0}[curve]
    return learning_rate * (min_lr_ratio + (1.0 - min_lr_ratio) * height)


def phases(curve: str) -> Row:
    native = (
        "warmup_stable_decay(base_lr=learning_rate, warmup_steps=warmup_steps, decay_steps=decay_steps, total_steps=total, "
        f'final_lr=learning_rate * min_lr_ratio, warmup_start=0.0, decay_shape="{curve}")'
    )
    return Row(
        f'lr_schedule "{curve}"',
        native,
        lambda t, **given: phased(t, curve, **given),
        [
            {"learning_rate": 6e-4, "min_lr_ratio": 0.1, "warmup_steps": 10, "decay_steps": 40, "total": 100},
            {"learning_rate": 1.0, "min_lr_ratio": 0.0, "warmup_steps": 0, "decay_steps": 9, "total": 9},
        ],
    )


def bent(t: int, learning_rate: float, min_lr_ratio: float, warmup_steps: int, total: int, exponent: float) -> float:
    if t < warmup_steps:
        return learning_rate * t / warmup_steps
    share = min(1.0, (t - warmup_steps) / (total - warmup_steps))
    height = ((1.0 + math.cos(math.pi * share)) / 2.0) ** exponent
    return learning_rate * (min_lr_ratio + (1.0 - min_lr_ratio) * height)


def cycled(
    t: int, learning_rate: float, min_lr_ratio: float, warmup_steps: int, rewarmup: int, length: int, cycles: int
) -> float:
    cycle, step = divmod(min(t, length * cycles), length)
    if cycle == cycles:
        return learning_rate * min_lr_ratio
    rise, foot = (rewarmup, learning_rate * min_lr_ratio) if cycle else (warmup_steps, 0.0)
    if step < rise:
        return foot + (learning_rate - foot) * step / rise
    share = (step - rise) / (length - rise)
    return learning_rate * (1.0 - (1.0 - min_lr_ratio) * share)


def inverse_root(t: int, learning_rate: float, min_lr: float, warmup_steps: int, timescale: float) -> float:
    if t < warmup_steps:
        return learning_rate * t / warmup_steps
    return max(min_lr, learning_rate * min(1.0, 1.0 / math.sqrt(max(t, 1) / timescale)))


def inverse(t: int, learning_rate: float, min_lr: float, warmup_steps: int, decay_steps: int) -> float:
    if t < warmup_steps:
        return learning_rate * t / warmup_steps
    return max(min_lr, learning_rate / ((learning_rate / min_lr - 1.0) * max(t - warmup_steps, 1) / decay_steps + 1.0))


def power(t: int, learning_rate: float, batch_size: int, seq_length: int, a: float, b: float) -> float:
    return min(learning_rate, batch_size * a * (t * batch_size * seq_length) ** b) if t else learning_rate


RISE = "linear(base_lr=0.0, end_lr=learning_rate, total_steps=warmup_steps)"
BOUNDS: list[dict[str, Any]] = [
    {"learning_rate": 1e-3, "min_lr": 1e-4, "warmup_steps": 10},
    {"learning_rate": 0.5, "min_lr": 0.3, "warmup_steps": 1},
]

ROWS = [
    Row(
        'lr_schedule "constant"',
        "warmup(constant(lr=learning_rate), steps=warmup_steps)",
        lambda t, learning_rate, warmup_steps: phased(t, "constant", learning_rate, 0.0, warmup_steps, 1, 1),
        [{"learning_rate": 1e-3, "warmup_steps": 10}, {"learning_rate": 1.0, "warmup_steps": 0}],
    ),
    phases("linear"),
    phases("cosine"),
    Row(
        'lr_schedule "cosine" with exponent',
        "warmup(cosine(base_lr=learning_rate, min_lr=learning_rate * min_lr_ratio, total_steps=total - warmup_steps, "
        "exponent=exponent), steps=warmup_steps)",
        bent,
        [
            {"learning_rate": 1e-3, "min_lr_ratio": 0.1, "warmup_steps": 10, "total": 100, "exponent": 2.0},
            {"learning_rate": 1.0, "min_lr_ratio": 0.0, "warmup_steps": 0, "total": 7, "exponent": 0.7},
        ],
    ),
    Row(
        "cycles with rewarmup, linear",
        f"join([(length, join([(warmup_steps, {RISE}), "
        "linear(base_lr=learning_rate, end_lr=learning_rate * min_lr_ratio, total_steps=length - warmup_steps)])), "
        "repeat(warmup_linear(base_lr=learning_rate, min_lr=learning_rate * min_lr_ratio, warmup_steps=rewarmup, "
        "total_steps=length, start_lr=learning_rate * min_lr_ratio), period=length, count=cycles - 1)])",
        cycled,
        [
            {"learning_rate": 1e-3, "min_lr_ratio": 0.1, "warmup_steps": 10, "rewarmup": 5, "length": 30, "cycles": 4},
            {"learning_rate": 1.0, "min_lr_ratio": 0.0, "warmup_steps": 1, "rewarmup": 1, "length": 4, "cycles": 2},
        ],
    ),
    Row(
        'lr_schedule "inv_sqrt"',
        f"replace_after({RISE}, step=warmup_steps, other=clipped(power_law(base_lr=learning_rate, scale=timescale, "
        "exponent=0.5, max_lr=learning_rate), low=min_lr))",
        inverse_root,
        [BOUNDS[0] | {"timescale": 15.5}, BOUNDS[1] | {"timescale": 1.0}],
    ),
    Row(
        'lr_schedule "inv"',
        f"join([(warmup_steps, {RISE}), clipped(delay(advance(inverse_time(base_lr=learning_rate, "
        "decay_rate=learning_rate / min_lr - 1.0, decay_steps=decay_steps), steps=1), steps=1), low=min_lr)])",
        inverse,
        [BOUNDS[0] | {"decay_steps": 50}, BOUNDS[1] | {"decay_steps": 3}],
        note="step 0 of the decay has the rate of its step 1",
    ),
    Row(
        'lr_schedule "power"',
        "power_law(base_lr=batch_size * a, scale=1.0 / (batch_size * seq_length), exponent=-b, max_lr=learning_rate)",
        power,
        [
            {"learning_rate": 0.02, "batch_size": 8, "seq_length": 128, "a": 4.6, "b": -0.51},
            {"learning_rate": 1e-3, "batch_size": 1, "seq_length": 7, "a": 0.01, "b": -1.0},
        ],
    ),
]
