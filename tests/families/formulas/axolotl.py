from __future__ import annotations

import math

from . import Row

PROGRAM = "Axolotl"


def one_cycle(t: int, learning_rate: float, warmup_steps: int, num_training_steps: int) -> float:
    peak, end = warmup_steps - 1.0, num_training_steps - 1.0
    if t <= peak:
        first, last, u = learning_rate / 25.0, learning_rate, t / peak
    else:
        first, last, u = learning_rate, learning_rate / 25.0 / 1e4, min(1.0, (t - peak) / (end - peak))
    return last + (first - last) * (1.0 + math.cos(math.pi * u)) / 2.0


ROWS = [
    Row(
        "lr_scheduler: one_cycle",
        "piecewise(steps=[0, warmup_steps - 1, num_training_steps - 1], "
        'values=[learning_rate / 25.0, learning_rate, learning_rate / 25.0 / 1e4], interpolation="cosine")',
        one_cycle,
        [
            {"learning_rate": 2e-4, "warmup_steps": 10, "num_training_steps": 100},
            {"learning_rate": 1.0, "warmup_steps": 2, "num_training_steps": 7},
        ],
        note="torch's OneCycleLR; for other settings in lr_scheduler_kwargs see `lrvec.dialects.torch.OneCycleLR`",
    ),
]
