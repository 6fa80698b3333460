from __future__ import annotations

from bisect import bisect_right

from . import METRIC, Row

PROGRAM = "MMEngine"


def overlapping(t: int, base_lr: float, start_factor: float, warmup: int, milestones: list[int]) -> float:
    share = min(1.0, t / (warmup - 1))
    return base_lr * (start_factor + (1.0 - start_factor) * share) * 0.1 ** bisect_right(milestones, t)


ROWS = [
    Row(
        "LinearLR and MultiStepLR over the same steps",
        "linear(base_lr=start_factor, end_lr=1.0, total_steps=warmup - 1) "
        "* multi_step(base_lr=base_lr, milestones=milestones, gamma=0.1)",
        overlapping,
        [
            {"base_lr": 0.1, "start_factor": 0.001, "warmup": 50, "milestones": [30, 90]},
            {"base_lr": 1.0, "start_factor": 0.5, "warmup": 2, "milestones": [1]},
        ],
        note="each multiplies the rate that it finds: all but the first have a base_lr of 1 here",
    ),
    Row("ReduceOnPlateauLR", note=METRIC),
]
