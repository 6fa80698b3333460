"""How the tests draw and run the schedulers of timm: on an optimizer, told of each step from 0 on."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import torch
from beside import Call, Draw, Library, call, import_without_init

import_without_init("timm")  # it imports torchvision

import timm.scheduler  # noqa: E402


def rates(one: Call, steps: int) -> Sequence[float]:
    given = dict(one.given)
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=given.pop("base_lr"))
    scheduler: Any = getattr(timm.scheduler, one.name)(optimizer, **given)
    if one.name == "create_scheduler_v2":
        scheduler = scheduler[0]
    found = []
    for step in range(steps):
        if scheduler is not None:
            scheduler.step(step)
            scheduler.step_update(step)
        found.append(optimizer.param_groups[0]["lr"])
    return found


def rounded_cycles(one: Call) -> set[int]:
    """The steps at which timm's logarithm gives another cycle than the one that the step is in."""
    given = one.given
    ratio = given.get("cycle_mul", 1.0)
    if ratio == 1.0 or given.get("sched", "cosine") not in ("cosine", "tanh", "poly"):
        return set()
    warmup_name, length_name = ("warmup_epochs", "num_epochs") if "sched" in given else ("warmup_t", "t_initial")
    begin = given.get(warmup_name, 0) if given.get("warmup_prefix", False) else 0
    length, found = given[length_name], set()
    for step in range(120 - begin):
        cycle, start, size = 0, Fraction(0), Fraction(length)
        while start + size <= step:
            cycle, start, size = cycle + 1, start + size, size * Fraction(ratio)
        if math.floor(math.log(1 - step / length * (1 - ratio), ratio)) != cycle:
            found.add(begin + step)
    return found


def warmups(draw: Draw, prefix: bool = True) -> dict[str, Any]:
    given = draw.maybe(t_in_epochs=draw.choice([True, False]), warmup_prefix=draw.choice([True, False]))
    if not prefix:
        given.pop("warmup_prefix", None)
    return given | draw.maybe(warmup_t=draw.count(0, 12), warmup_lr_init=draw.choice([0.0, draw.rate()]))


def on(draw: Draw, name: str, **given: Any) -> Call:
    return call(name, **given, base_lr=draw.rate())


def cycles(draw: Draw, whole: bool = True) -> dict[str, Any]:
    ratio = draw.choice([1.0, 2.0, 3] if whole else [1.5, 1.0 + 2.0 * draw.random()])
    return {
        "t_initial": draw.count(1, 30),
        **draw.maybe(lr_min=draw.rate(), cycle_mul=ratio),
        **draw.maybe(cycle_decay=draw.choice([0.0, 1.0, draw.random()]), cycle_limit=draw.choice([0, 1, 2, 5, 80])),
        **warmups(draw),
    }


def cosine(draw: Draw) -> Call:
    bent = draw.flag()
    return on(
        draw, "CosineLRScheduler", **cycles(draw, bent), **({"k_decay": draw.choice([1, 0.5, 1.7])} if bent else {})
    )


def tanh(draw: Draw) -> Call:
    return on(draw, "TanhLRScheduler", **cycles(draw), **draw.maybe(lb=draw.uniform(-8, 0), ub=draw.uniform(0.1, 4)))


def bends(draw: Draw) -> dict[str, Any]:
    power, k_decay = draw.choice([(0.3, 1.0), (2.0, 1.5), (1, 0.7), (0.5, 2.0), (3, 1)])
    return {"power": power, "k_decay": k_decay}


def poly(draw: Draw) -> Call:
    line = draw.random() < 0.2
    return on(
        draw, "PolyLRScheduler", **cycles(draw, not line), **({"power": 1} if line else draw.choice([bends(draw), {}]))
    )


def stairs(draw: Draw) -> Call:
    rate = draw.choice([0.0, 0.5, 1.1, draw.random()])
    decay_t = draw.choice([draw.count(), 2.4, 1 + 9 * draw.random()])
    return on(draw, "StepLRScheduler", decay_t=decay_t, **draw.maybe(decay_rate=rate), **warmups(draw))


def multistep(draw: Draw) -> Call:
    milestones = sorted(draw.randint(0, 60) for _ in range(draw.randint(0, 4)))
    given = draw.maybe(decay_rate=draw.choice([0.5, 1.5, draw.random()]))
    return on(draw, "MultiStepLRScheduler", decay_t=milestones, **given, **warmups(draw))


DECAYS = ["linear", "1-sqrt", "cosine", "power", "exp"]


def wsd(draw: Draw) -> Call:
    length, base_lr = draw.count(1, 40), draw.rate(0.1)
    stable = draw.choice(
        [{}, {"stable_fn": "rsqrt"}, {"stable_fn": "power", "stable_power": draw.choice([0.3, 1.0, 2.5])}]
    )
    given = {**warmups(draw, prefix=False), **stable}
    if stable and not given.get("warmup_t"):
        given["stable_timescale"] = draw.choice([0.7, 5, 30.5])
    return call(
        "WSDLRScheduler",
        t_initial=length,
        decay_t=draw.randint(1, length),
        **given,
        **draw.maybe(lr_min=base_lr * draw.random(), decay_fn=draw.choice(DECAYS)),
        **draw.maybe(decay_power=draw.choice([0.5, 1, 2.0]), decay_ratio=draw.choice([0.1, 0.5, 0.99])),
        base_lr=base_lr,
    )


def by_name(draw: Draw) -> Call:
    name = draw.choice(["cosine", "tanh", "step", "constant", "multistep", "poly", "wsd", "rsqrt", "none"])
    given = draw.maybe(
        warmup_epochs=draw.choice([0, draw.randint(2, 12)]),
        warmup_prefix=draw.choice([True, False]),
        warmup_lr=draw.rate(),
    )
    if name in ("cosine", "tanh", "poly"):
        given |= draw.maybe(
            cycle_mul=draw.choice([1.0, 2.0, 1.25] if name == "cosine" else [1.0, 2.0]),
            cycle_decay=draw.random(),
            cycle_limit=draw.randint(1, 4),
        )
    if name in ("wsd", "rsqrt"):
        given |= draw.maybe(decay_fn=draw.choice(DECAYS), decay_epochs=draw.choice([0.3, 4]))
    if name == "rsqrt" and not given.get("warmup_epochs"):
        given["stable_timescale"] = 3
    if name == "step":
        given |= draw.maybe(decay_epochs=draw.choice([4, 2.5]))
    if name == "multistep":
        given |= draw.maybe(decay_milestones=[3, 8, 13])
    run = {"num_epochs": draw.randint(14, 30), **draw.choice([{}, {"step_on_epochs": False, "updates_per_epoch": 3}])}
    more = draw.maybe(
        min_lr=1e-4, decay_rate=draw.random(), k_decay=draw.choice([1.0, 0.6 if name == "cosine" else 1.0])
    )
    return on(draw, "create_scheduler_v2", sched=name, **run, **given, **more)


DRAWS: dict[str, Callable[[Draw], Call]] = {
    "CosineLRScheduler": cosine,
    "TanhLRScheduler": tanh,
    "PolyLRScheduler": poly,
    "StepLRScheduler": stairs,
    "MultiStepLRScheduler": multistep,
    "WSDLRScheduler": wsd,
    "create_scheduler_v2": by_name,
}

LIBRARY = Library(DRAWS, rates, without=("optimizer",), departs=rounded_cycles)
