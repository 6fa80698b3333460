from __future__ import annotations

from . import Row

PROGRAM = "TRL"


def weight(t: int, lag: int, multiplier: float, power: float, minimum: float) -> float:
    return max(minimum, (lag + multiplier * t) ** -power)


ROWS = [
    Row(
        "BEMACallback, alpha and beta",
        "clipped(stretched(advance(power_law(base_lr=1.0, scale=1.0, exponent=power, max_lr=1.0), steps=lag), "
        "by=1.0 / multiplier), low=minimum)",
        weight,
        [
            {"lag": 10, "multiplier": 1.0, "power": 0.5, "minimum": 0.15},
            {"lag": 1, "multiplier": 0.25, "power": 0.2, "minimum": 0.0},
        ],
        note="t counts from update_after; the learning rates are those of transformers",
    ),
]
