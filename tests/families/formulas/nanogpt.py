from __future__ import annotations

import math

from . import Row

PROGRAM = "nanoGPT"


def get_lr(t: int, learning_rate: float, min_lr: float, warmup_iters: int, lr_decay_iters: int) -> float:
    if t < warmup_iters:
        return learning_rate * (t + 1) / (warmup_iters + 1)
    share = min(1.0, (t - warmup_iters) / (lr_decay_iters - warmup_iters))
    return min_lr + (learning_rate - min_lr) * (1.0 + math.cos(math.pi * share)) / 2.0


ROWS = [
    Row(
        "get_lr",
        "with_warmup(cosine(base_lr=learning_rate, min_lr=min_lr, total_steps=lr_decay_iters - warmup_iters), "
        "warmup_steps=warmup_iters, start_lr=learning_rate / (warmup_iters + 1))",
        get_lr,
        [
            {"learning_rate": 6e-4, "min_lr": 6e-5, "warmup_iters": 20, "lr_decay_iters": 100},
            {"learning_rate": 1e-3, "min_lr": 0.0, "warmup_iters": 1, "lr_decay_iters": 7},
        ],
    ),
]
