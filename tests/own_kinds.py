"""This module makes kinds of its own, as a user's module does. Importing it enters them."""

from __future__ import annotations

from collections.abc import Callable

import lrvec
from lrvec import roles


@lrvec.kind(
    roles.less_than("total_steps", "warmup_steps"),
    base_lr=roles.rate("the rate of the plateau, 100 % of it", roles.POSITIVE),
    warmup_steps=roles.count("the steps of the warmup", least=0),
    total_steps=roles.count("the step at which the last rate is reached"),
    decay=roles.choice("the curve of the decay", ("linear", "cosine")),
)
def own_ramp(*, base_lr: float, warmup_steps: int, total_steps: int = 100, decay: str = "linear") -> lrvec.Schedule:
    """Warm up, then decay by 100 % of the rate."""
    rest = total_steps - warmup_steps
    if decay == "linear":
        curve = lrvec.linear(base_lr=base_lr, end_lr=0.0, total_steps=rest)
    else:
        curve = lrvec.cosine(base_lr=base_lr, min_lr=0.0, total_steps=max(1, rest))
    return lrvec.warmup(curve, steps=warmup_steps)


@lrvec.kind(
    schedule=roles.schedule("the schedule whose start is repeated"),
    steps=roles.count("the steps of the start"),
)
def own_echo(schedule: Callable[[int], float], *, steps: int) -> lrvec.Schedule:
    return lrvec.sequential([(steps, schedule), (steps, schedule)])


@lrvec.kind(base_lr=roles.rate("the rate at step 0"))
def own_call(*, base_lr: float) -> lrvec.Schedule:
    return lrvec.sequential([(10, lambda step: base_lr / (step + 1))])


@lrvec.kind
def own_nothing() -> lrvec.Schedule:
    return lrvec.constant(lr=0.0)
