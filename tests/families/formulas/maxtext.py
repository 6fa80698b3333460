from __future__ import annotations

import math

from . import Row

PROGRAM = "MaxText"


def rate(
    t: int,
    curve: str,
    learning_rate: float,
    final_fraction: float,
    warmup_steps: int,
    decay_steps: int,
    stable_steps: int = 0,
) -> float:
    begin = warmup_steps + stable_steps
    if t < warmup_steps:
        return learning_rate * t / warmup_steps
    if t >= begin + decay_steps:
        return 0.0
    share = max(0, t - begin) / (decay_steps - 1)
    height = 1.0 - share if curve == "linear" else (1.0 + math.cos(math.pi * share)) / 2.0
    return learning_rate * (final_fraction + (1.0 - final_fraction) * height)


def row(name: str, curve: str, stable: bool) -> Row:
    fall = {
        "linear": "linear(base_lr=learning_rate, end_lr=learning_rate * final_fraction, total_steps=decay_steps - 1)",
        "cosine": "cosine(base_lr=learning_rate, min_lr=learning_rate * final_fraction, total_steps=decay_steps - 1)",
    }[curve]
    plateau = "(stable_steps, constant(lr=learning_rate)), " if stable else ""
    numbers = [
        {"learning_rate": 3e-5, "final_fraction": 0.1, "warmup_steps": 10, "decay_steps": 40},
        {"learning_rate": 1.0, "final_fraction": 0.0, "warmup_steps": 1, "decay_steps": 2},
    ]
    return Row(
        name,
        "join([(warmup_steps, linear(base_lr=0.0, end_lr=learning_rate, total_steps=warmup_steps)), "
        f"{plateau}(decay_steps, {fall}), constant(lr=0.0)])",
        lambda t, **given: rate(t, curve, **given),
        [one | {"stable_steps": 25} for one in numbers] if stable else numbers,
        note="the last step of the decay has its final rate, and from the next step on the rate is 0",
    )


ROWS = [
    row("cosine", "cosine", stable=False),
    row("wsd, linear", "linear", stable=True),
    row("wsd, cosine", "cosine", stable=True),
]
