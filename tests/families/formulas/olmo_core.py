from __future__ import annotations

import math

from . import Row

PROGRAM = "OLMo-core"


def in_turn(t: int, base_lr: float, warmup: int, first: int, alpha_f: float, decay: int, total: int) -> float:
    if t <= first:
        return base_lr * min(1.0, t / warmup)
    share = min(1.0, (t - first) / (total - first - decay))
    height = alpha_f + (1.0 - alpha_f) * (1.0 + math.cos(math.pi * share)) / 2.0
    if t <= total - decay:
        return base_lr * height
    return base_lr * alpha_f * max(0.0, (total - t) / decay)


ROWS = [
    Row(
        "SequentialScheduler, here of a warmup, a cosine and a line to 0",
        "join([(first, warmup_linear(base_lr=base_lr, min_lr=base_lr, warmup_steps=warmup, total_steps=first)), "
        "(total - first - decay, cosine(base_lr=base_lr, min_lr=base_lr * alpha_f, "
        "total_steps=total - first - decay)), "
        "linear(base_lr=base_lr * alpha_f, end_lr=0.0, total_steps=decay)])",
        in_turn,
        [
            {"base_lr": 1e-3, "warmup": 10, "first": 30, "alpha_f": 0.1, "decay": 20, "total": 100},
            {"base_lr": 1.0, "warmup": 1, "first": 2, "alpha_f": 0.5, "decay": 1, "total": 6},
        ],
        note="each begins with the rate that the one before it ends with",
    ),
]
