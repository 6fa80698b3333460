"""A step of `lrvec.torch.LRScheduler` beside one of torch's LambdaLR with the same schedule."""

from __future__ import annotations

import warnings
from time import process_time
from timeit import Timer
from typing import Any

import lrvec

from .races import Row, fastest

COUNTS = (1, 10, 1_000)
"""The optimizer has so many groups."""


def torch_steps(repeats: int) -> dict[str, Row]:
    """Times the steps of both schedulers, by the number of groups."""
    import torch

    from lrvec.torch import LRScheduler

    schedule = lrvec.warmup_cosine(base_lr=1.0, min_lr=0.0, warmup_steps=100, total_steps=1_000_000)

    def steps_of(scheduler: Any, count: int) -> Timer:
        groups = [{"params": [torch.nn.Parameter(torch.zeros(1))]} for _ in range(count)]
        made = scheduler(torch.optim.SGD(groups, lr=1.0), schedule)
        return Timer("step()", timer=process_time, globals={"step": made.step})

    rows = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # no optimizer makes a step
        for count in COUNTS:
            sides = {"ours": LRScheduler, "theirs": torch.optim.lr_scheduler.LambdaLR}
            timers = {side: steps_of(scheduler, count) for side, scheduler in sides.items()}
            best = fastest(timers, 3 * repeats, max(30, 3_000 // count))
            rows[f"{count:,}"] = {"us": best["ours"] * 1e6, "share": best["ours"] / best["theirs"]}
    return rows
