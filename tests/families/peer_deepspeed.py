"""How the tests draw and run the schedules of DeepSpeed: on an optimizer, one step of it and then one of the schedule."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

from beside import Call, Draw, Library, call, import_without_init, stand_in


def prepare() -> Any:
    """Imports the one module, without the rest of DeepSpeed."""
    import_without_init("deepspeed")
    import_without_init("deepspeed.runtime")
    stand_in("deepspeed.utils", logger=logging.Logger("deepspeed", logging.ERROR))
    import deepspeed.runtime.lr_schedules as schedules

    return schedules


def rates(one: Call, steps: int) -> Sequence[float]:
    import torch

    is_momentum = one.name == "OneCycleMomentum"
    given = dict(one.given)
    optimizer = torch.optim.AdamW([torch.zeros(1)], lr=given.pop("base_lr", 1.0))
    schedule = getattr(prepare(), "OneCycle" if is_momentum else one.name)(optimizer, **given)
    found = []
    for _ in range(steps):
        group = optimizer.param_groups[0]
        found.append(group["betas"][0] if is_momentum else group["lr"])
        schedule.step()
    return found


def range_test(draw: Draw) -> Call:
    return call(
        "LRRangeTest",
        **draw.maybe(lr_range_test_min_lr=draw.rate(), lr_range_test_step_size=draw.count()),
        **draw.maybe(
            lr_range_test_step_rate=draw.choice([0.0, 5.0, draw.random()]), lr_range_test_staircase=draw.flag()
        ),
    )


def cycle(draw: Draw) -> dict[str, Any]:
    return {
        "cycle_min_lr": draw.rate(),
        "cycle_max_lr": draw.rate(),
        "cycle_first_step_size": draw.count(1, 25),
        **draw.maybe(decay_lr_rate=draw.choice([0.0, 0.5]), cycle_second_step_size=draw.count(0, 25)),
        **draw.maybe(cycle_first_stair_count=draw.count(0, 9), cycle_second_stair_count=draw.count(0, 9)),
        **draw.maybe(decay_step_size=draw.count(0), cycle_min_mom=draw.random(), cycle_max_mom=draw.random()),
        **draw.maybe(decay_mom_rate=draw.choice([0.0, 0.25])),
    }


def one_cycle(draw: Draw) -> Call:
    return call("OneCycle", **cycle(draw))


def momentum(draw: Draw) -> Call:
    return call("OneCycleMomentum", **cycle(draw))


def warmups(draw: Draw) -> dict[str, Any]:
    return {"warmup_num_steps": draw.count(1, 25), **draw.maybe(warmup_type=draw.choice(["log", "linear"]))}


def warmup(draw: Draw) -> Call:
    peak = draw.choice([{"warmup_max_lr": draw.rate()}, {"base_lr": draw.rate()}])
    return call("WarmupLR", **warmups(draw), **draw.maybe(warmup_min_lr=draw.rate()), **peak)


def run(draw: Draw) -> dict[str, Any]:
    given = warmups(draw)
    return {"total_num_steps": max(2, given["warmup_num_steps"]) + draw.count(1, 40), **given}


def warmup_decay(draw: Draw) -> Call:
    return call("WarmupDecayLR", **run(draw), **draw.maybe(warmup_min_lr=draw.rate(), warmup_max_lr=draw.rate()))


def warmup_cosine(draw: Draw) -> Call:
    given = draw.maybe(warmup_min_ratio=draw.random(), cos_min_ratio=draw.choice([0.0, draw.random()]))
    return call("WarmupCosineLR", **run(draw), **given, base_lr=draw.rate())


DRAWS: dict[str, Callable[[Draw], Call]] = {
    "LRRangeTest": range_test,
    "OneCycle": one_cycle,
    "OneCycleMomentum": momentum,
    "WarmupLR": warmup,
    "WarmupDecayLR": warmup_decay,
    "WarmupCosineLR": warmup_cosine,
}

LIBRARY = Library(DRAWS, rates, calls=8, steps=80, without=("optimizer", "last_batch_iteration"), prepare=prepare)
