from __future__ import annotations

import math
from typing import Any

from . import Row

PROGRAM = "init2winit"


def wave(t: int, base_lr: float, total: int) -> float:
    return base_lr * (1.0 + math.cos(math.pi * t / total)) / 2.0


def warmed(t: int, base_lr: float, warmup_steps: int, total: int, warmup_power: float = 1.0) -> float:
    if t < warmup_steps:
        return base_lr * (t / warmup_steps) ** warmup_power
    return wave(t - warmup_steps, base_lr, total - warmup_steps)


def echo(t: int, base_lr: float, first: int, warmup_steps: int, attenuation: float, rest: int) -> float:
    if t < first:
        return wave(t, base_lr, first)
    return warmed(t - first, attenuation * base_lr, warmup_steps, warmup_steps + rest)


def transformer(t: int, base_lr: float, encoder_dim: int, warmup_steps: int) -> float:
    return base_lr * encoder_dim**-0.5 * min((t + 1) * warmup_steps**-1.5, (t + 1) ** -0.5)


def polynomial(t: int, base_lr: float, end_factor: float, power: float, decay_steps: int) -> float:
    left = 1.0 - min(t, decay_steps) / decay_steps
    return base_lr * (end_factor + (1.0 - end_factor) * left**power)


def stairs(t: int, base_lr: float, decay_events: list[int], decay_factors: list[float]) -> float:
    return base_lr * [1.0, *decay_factors][sum(event < t for event in decay_events)]


def knots(t: int, base_lr: float, decay_events: list[int], decay_factors: list[float]) -> float:
    events, factors = [0, *decay_events], [1.0, *decay_factors]
    for i, event in enumerate(decay_events):
        if t <= event:
            return base_lr * (factors[i] + (factors[i + 1] - factors[i]) * (t - events[i]) / (event - events[i]))
    return base_lr * factors[-1]


def mlperf(
    t: int,
    base_lr: float,
    start_lr: float,
    end_lr: float,
    power: float,
    warmup_steps: int,
    warmup_power: float,
    decay_end: int,
    total: int,
) -> float:
    t = min(t, decay_end)
    if t <= warmup_steps:
        return start_lr + (base_lr - start_lr) * (t / warmup_steps) ** warmup_power
    length = total - warmup_steps + 1
    return end_lr + (base_lr - end_lr) * (1.0 - min(t - warmup_steps, length) / length) ** power


def compound(t: int, base_lr: float, warmup_steps: int, total: int) -> float:
    shift = max(0, t - warmup_steps) / (total - warmup_steps - 1)
    ramp = min(1.0, t / warmup_steps) / math.sqrt(max(t, warmup_steps))
    return base_lr * ramp * (1.0 + math.cos(math.pi * shift)) / 2.0


WAVE = "mirrored(cosine(base_lr=base_lr, min_lr=0.0, total_steps={0}), length={0})"
POLYNOMIAL = "polynomial(base_lr=base_lr, end_lr=end_lr, total_steps=total - warmup_steps + 1, power=power)"
SETS: list[dict[str, Any]] = [
    {"base_lr": 0.1, "warmup_steps": 16, "total": 80},
    {"base_lr": 2.0, "warmup_steps": 1, "total": 7},
]
MLPERF = [
    SETS[0] | {"start_lr": 0.01, "end_lr": 1e-4, "power": 2.0, "decay_end": 60},
    SETS[1] | {"start_lr": 0.0, "end_lr": 0.0, "power": 0.5, "decay_end": 7},
]
EVENTS = [
    {"base_lr": 0.1, "decay_events": [10, 40], "decay_factors": [0.5, 0.1]},
    {"base_lr": 2.0, "decay_events": [1], "decay_factors": [3.0]},
]

ROWS = [
    Row("constant", "constant(lr=base_lr)", lambda t, base_lr: base_lr, [{"base_lr": 0.1}]),
    Row("cosine", WAVE.format("total"), wave, [{"base_lr": 0.1, "total": 50}, {"base_lr": 1.0, "total": 3}]),
    Row(
        "cosine_echo",
        "join([(first, cosine(base_lr=base_lr, min_lr=0.0, total_steps=first)), (warmup_steps, "
        "linear(base_lr=0.0, end_lr=attenuation * base_lr, total_steps=warmup_steps)), "
        "mirrored(cosine(base_lr=attenuation * base_lr, min_lr=0.0, total_steps=rest), length=rest)])",
        echo,
        [
            {"base_lr": 0.1, "first": 40, "warmup_steps": 5, "attenuation": 0.5, "rest": 30},
            {"base_lr": 1.0, "first": 1, "warmup_steps": 1, "attenuation": 0.1, "rest": 4},
        ],
    ),
    Row(
        "transformer_schedule",
        "advance(noam(model_dim=encoder_dim, warmup_steps=warmup_steps, factor=base_lr), steps=1)",
        transformer,
        [
            {"base_lr": 2.0, "encoder_dim": 512, "warmup_steps": 20},
            {"base_lr": 0.1, "encoder_dim": 1, "warmup_steps": 1},
        ],
    ),
    Row(
        "rsqrt_normalized_decay",
        "advance(inverse_sqrt(base_lr=base_lr, warmup_steps=squash_steps), steps=squash_steps)",
        lambda t, base_lr, squash_steps: base_lr * math.sqrt(squash_steps / (t + squash_steps)),
        [{"base_lr": 0.1, "squash_steps": 20}, {"base_lr": 1.0, "squash_steps": 1}],
    ),
    Row(
        "t2t_rsqrt_normalized_decay",
        "power_law(base_lr=base_lr, scale=defer_steps, exponent=0.5, max_lr=base_lr)",
        lambda t, base_lr, defer_steps: base_lr * math.sqrt(defer_steps / max(t, defer_steps)),
        [{"base_lr": 0.1, "defer_steps": 20}, {"base_lr": 1.0, "defer_steps": 1}],
    ),
    Row(
        "polynomial",
        "polynomial(base_lr=base_lr, end_lr=base_lr * end_factor, total_steps=decay_steps, power=power)",
        polynomial,
        [
            {"base_lr": 0.1, "end_factor": 0.1, "power": 2.0, "decay_steps": 50},
            {"base_lr": 1.0, "end_factor": 0.0, "power": 0.5, "decay_steps": 3},
        ],
    ),
    Row(
        "piecewise_constant",
        "piecewise(steps=[0, *(event + 1 for event in decay_events)], "
        'values=[base_lr, *(base_lr * factor for factor in decay_factors)], interpolation="step")',
        stairs,
        EVENTS,
        note="the step of an event still has the rate before it",
    ),
    Row(
        "piecewise_linear",
        "piecewise(steps=[0, *decay_events], values=[base_lr, *(base_lr * factor for factor in decay_factors)])",
        knots,
        EVENTS,
    ),
    Row(
        "mlperf_polynomial",
        f"hold(with_warmup({POLYNOMIAL}, warmup_steps=warmup_steps, start_lr=start_lr), step=decay_end)",
        mlperf,
        [one | {"warmup_power": 1.0} for one in MLPERF],
    ),
    Row(
        "mlperf_polynomial with warmup_power",
        f"hold(warmup({POLYNOMIAL}, steps=warmup_steps, start_lr=start_lr, "
        'shape="polynomial", power=warmup_power), step=decay_end)',
        mlperf,
        [one | {"warmup_power": power} for one, power in zip(MLPERF, (2.0, 0.5), strict=True)],
    ),
    Row(
        "compound: constant * linear_warmup * rsqrt_decay * cosine",
        "inverse_sqrt(base_lr=base_lr / warmup_steps**0.5, warmup_steps=warmup_steps) "
        "* delay(mirrored(cosine(base_lr=1.0, min_lr=0.0, total_steps=total - warmup_steps - 1), "
        "length=total - warmup_steps - 1), steps=warmup_steps)",
        compound,
        SETS,
    ),
    Row(
        "cosine_warmup",
        f"with_warmup({WAVE.format('total - warmup_steps')}, warmup_steps=warmup_steps, start_lr=0.0)",
        warmed,
        SETS,
        note="any other *_warmup likewise",
    ),
    Row(
        "cosine_warmup with warmup_power",
        f'warmup({WAVE.format("total - warmup_steps")}, steps=warmup_steps, shape="polynomial", power=warmup_power)',
        warmed,
        [one | {"warmup_power": power} for one, power in zip(SETS, (2.0, 0.5), strict=True)],
    ),
    Row(
        "cosine with stretch_factor",
        f"every({WAVE.format('total')}, steps=stretch_factor)",
        lambda t, stretch_factor, **given: wave(t // stretch_factor, **given),
        [{"base_lr": 0.1, "total": 30, "stretch_factor": 4}, {"base_lr": 1.0, "total": 5, "stretch_factor": 1}],
    ),
]
