from __future__ import annotations

import math

from . import Row

PROGRAM = "LLaMA-Factory"


def warmup_stable_decay(t: int, learning_rate: float, warmup_steps: int, max_steps: int) -> float:
    stable = (max_steps - warmup_steps) // 3
    if t < warmup_steps:
        return learning_rate * t / warmup_steps
    share = max(0, t - warmup_steps - stable) / (max_steps - warmup_steps - stable)
    return learning_rate * (1.0 + math.cos(math.pi * min(1.0, share))) / 2.0


ROWS = [
    Row(
        "lr_scheduler_type: warmup_stable_decay",
        "warmup_stable_decay(base_lr=learning_rate, warmup_steps=warmup_steps, "
        "decay_steps=max_steps - warmup_steps - (max_steps - warmup_steps) // 3, total_steps=max_steps, "
        'final_lr=0.0, warmup_start=0.0, decay_shape="cosine")',
        warmup_stable_decay,
        [
            {"learning_rate": 5e-5, "warmup_steps": 10, "max_steps": 100},
            {"learning_rate": 1.0, "warmup_steps": 0, "max_steps": 2},
        ],
        note="a third of the steps after the warmup is the plateau; all other types are those of transformers",
    ),
]
