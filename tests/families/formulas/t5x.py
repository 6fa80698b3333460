from __future__ import annotations

import math
from typing import Any

from . import Row

PROGRAM = "t5x"


def by_factors(
    t: int,
    factors: str,
    base_learning_rate: float,
    warmup_steps: int,
    min_learning_rate: float,
    decay_factor: float = 0.5,
    steps_per_decay: int = 1,
    steps_per_cycle: int = 1,
) -> float:
    found = {
        "constant": base_learning_rate,
        "linear_warmup": min(1.0, t / warmup_steps),
        "linear_decay": base_learning_rate * min(t / warmup_steps, 1.0 + decay_factor * (warmup_steps - t)),
        "rsqrt_decay": 1.0 / math.sqrt(max(t, warmup_steps)),
        "rsqrt_normalized_decay": math.sqrt(warmup_steps / max(t, warmup_steps)),
        "decay_every": decay_factor ** (t // steps_per_decay),
        "cosine_decay": (1.0 + math.cos(math.pi * (max(0, t - warmup_steps) % steps_per_cycle) / steps_per_cycle)) / 2,
    }
    return max(min_learning_rate, math.prod(found[name] for name in factors.split(" * ")))


def row(factors: str, native: str, **more: tuple[Any, Any]) -> Row:
    sets = [
        {"base_learning_rate": 0.5, "warmup_steps": 20, "min_learning_rate": 1e-8},
        {"base_learning_rate": 2.0, "warmup_steps": 1, "min_learning_rate": 0.01},
    ]
    numbers = [one | {name: pair[i] for name, pair in more.items()} for i, one in enumerate(sets)]
    native = native.replace(
        "RSQRT", "inverse_sqrt(base_lr=base_learning_rate / warmup_steps**0.5, warmup_steps=warmup_steps)"
    )
    return Row(
        factors,
        f"clipped({native}, low=min_learning_rate)",
        lambda t, **given: by_factors(t, factors, **given),
        numbers,
    )


CYCLES = "repeat(cosine(base_lr={}, min_lr=0.0, total_steps=steps_per_cycle), period=steps_per_cycle)"

ROWS = [
    row("constant * linear_warmup * rsqrt_decay", "RSQRT"),
    row(
        "constant * linear_warmup * rsqrt_normalized_decay",
        "inverse_sqrt(base_lr=base_learning_rate, warmup_steps=warmup_steps)",
    ),
    row(
        "linear_decay",
        "with_warmup(linear(base_lr=base_learning_rate, end_lr=base_learning_rate * (1.0 - decay_factor * 2**53), "
        "total_steps=2**53), warmup_steps=warmup_steps, start_lr=0.0)",
        decay_factor=(0.0125, 0.3),
    ),
    row(
        "constant * linear_warmup * decay_every",
        "step_decay(base_lr=base_learning_rate, step_size=steps_per_decay, gamma=decay_factor) "
        "* linear(base_lr=0.0, end_lr=1.0, total_steps=warmup_steps)",
        decay_factor=(0.5, 0.9),
        steps_per_decay=(15, 7),
    ),
    row(
        "constant * linear_warmup * cosine_decay",
        f"with_warmup({CYCLES.format('base_learning_rate')}, warmup_steps=warmup_steps, start_lr=0.0)",
        steps_per_cycle=(50, 9),
    ),
    row(
        "constant * linear_warmup * rsqrt_decay * cosine_decay",
        f"RSQRT * delay({CYCLES.format(1.0)}, steps=warmup_steps)",
        steps_per_cycle=(50, 9),
    ),
    row(
        "constant * linear_warmup * rsqrt_decay * decay_every",
        "RSQRT * step_decay(base_lr=1.0, step_size=steps_per_decay, gamma=decay_factor)",
        decay_factor=(0.5, 0.9),
        steps_per_decay=(15, 7),
    ),
]
