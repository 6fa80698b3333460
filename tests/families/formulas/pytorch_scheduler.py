from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from beside import stepped

from . import Row

PROGRAM = "pytorch-scheduler"
PACKAGE = "pytorch_scheduler"


def exponent(step: int, length: int, upper_bound: int) -> float:
    """How far the hyperbola has fallen behind the warmup."""

    def height(step: int) -> float:
        return math.sqrt((length - step) * (2 * upper_bound - length - step)) / upper_bound

    return height(min(step, length)) - height(0)


def exp_hyperbolic(t: int, base_lr: float, min_lr: float, warmup_steps: int, total_steps: int, upper_bound: int) -> float:
    if t < warmup_steps:
        return min_lr + (base_lr - min_lr) * t / warmup_steps
    return float(base_lr * (base_lr / min_lr) ** exponent(t - warmup_steps, total_steps - warmup_steps, upper_bound))


def run(steps: int, base_lr: float, **given: Any) -> Sequence[float]:
    import torch
    from pytorch_scheduler import create_scheduler

    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=base_lr)
    scheduler = create_scheduler(optimizer, "exp_hyperbolic", **given)
    return stepped(optimizer, scheduler, steps)


ROWS = [
    Row(
        "ExpHyperbolicLRScheduler",
        "join([(warmup_steps, linear(base_lr=min_lr, end_lr=base_lr, total_steps=warmup_steps)), "
        "piecewise(steps=range(total_steps - warmup_steps + 1), values=[base_lr * (base_lr / min_lr) ** ("
        "math.sqrt((total_steps - warmup_steps - t) * (2 * upper_bound - total_steps + warmup_steps - t)) / upper_bound - "
        "math.sqrt((total_steps - warmup_steps) * (2 * upper_bound - total_steps + warmup_steps)) / upper_bound) "
        'for t in range(total_steps - warmup_steps + 1)], interpolation="step")])',
        exp_hyperbolic,
        [
            {"base_lr": 0.5, "min_lr": 1e-3, "warmup_steps": 10, "total_steps": 100, "upper_bound": 150},
            {"base_lr": 2.0, "min_lr": 0.25, "warmup_steps": 1, "total_steps": 60, "upper_bound": 60},
        ],
        note="one knot a step, for up to 100,000 steps: no kind of lrvec is the exponential of a hyperbola",
        run=run,
    ),
]
