"""How the tests draw and run the schedules of fairseq: asked for the rate of each update."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

from beside import Call, Draw, Library, call, import_without_init, stand_in

MODULES = {
    "CosineLRSchedule": "cosine_lr_scheduler",
    "FixedLRSchedule": "fixed_schedule",
    "InverseSquareRootSchedule": "inverse_square_root_schedule",
    "ManualSchedule": "manual_lr_scheduler",
    "PolynomialDecayLRSchedule": "polynomial_decay_schedule",
    "StepLRSchedule": "step_lr_scheduler",
    "TriStageLRSchedule": "tri_stage_lr_scheduler",
    "TriangularLRSchedule": "triangular_lr_scheduler",
}


def prepare() -> None:
    """Imports the modules of the schedules, without the rest of fairseq and without omegaconf."""

    class Base:
        def __init__(self, cfg: Any, optimizer: Any) -> None:
            self.cfg, self.optimizer = cfg, optimizer

    import_without_init("fairseq")
    import_without_init("fairseq.optim")
    import_without_init("fairseq.optim.lr_scheduler")
    stand_in("omegaconf", II=lambda name: name)
    stand_in("fairseq.dataclass", FairseqDataclass=object)
    import fairseq.optim.lr_scheduler as package

    package.FairseqLRScheduler = package.LegacyFairseqLRScheduler = Base
    package.register_lr_scheduler = lambda name, dataclass=None: lambda one: one
    for module in MODULES.values():
        __import__(f"fairseq.optim.lr_scheduler.{module}")


def rates(one: Call, steps: int) -> Sequence[float]:
    prepare()
    import fairseq.optim.lr_scheduler as package

    given = dict(one.given)
    epoch = given.pop("updates_per_epoch", None)
    given["lr"] = given["lr"] if isinstance(given["lr"], list) else [given["lr"]]
    module = getattr(package, MODULES[one.name])
    optimizer = SimpleNamespace(lr=None, get_lr=lambda: optimizer.lr, set_lr=lambda lr: setattr(optimizer, "lr", lr))
    if one.name == "ManualSchedule":
        settings: Any = SimpleNamespace(**{"epoch2lr": "{}", "update2lr": "{}", **given})
    else:
        (config,) = (vars(module)[name] for name in vars(module) if name.endswith("ScheduleConfig"))
        settings = config(**{key: value for key, value in given.items() if key in config.__dataclass_fields__})
    for key, value in given.items():
        setattr(settings, key, value)
    schedule, found = getattr(module, one.name)(settings, optimizer), []
    for step in range(steps):
        if epoch and step % epoch == 0:
            schedule.step_begin_epoch(1 + step // epoch)
        schedule.step_update(step)
        found.append(optimizer.lr)
    return found


def rounded_periods(one: Call) -> set[int]:
    """The updates at which fairseq's logarithm gives another period than the one that the update is in."""
    ratio, begin = one.given.get("t_mult", 1), one.given.get("warmup_updates", 0)
    if ratio == 1:
        return set()
    length = one.given.get("lr_period_updates", -1)
    length = one.given["max_update"] - begin if length < 0 else length
    found = set()
    for step in range(120 - begin):
        period, start, size = 0, Fraction(0), Fraction(length)
        while start + size <= step:
            period, start, size = period + 1, start + size, size * Fraction(ratio)
        if math.floor(math.log(1 - step / length * (1 - ratio), ratio)) != period:
            found.add(begin + step)
    return found


def warmup(draw: Draw, least: int = 0) -> dict[str, Any]:
    return {"warmup_updates": draw.count(least, 15), **draw.maybe(warmup_init_lr=draw.choice([-1, 0.0, draw.rate()]))}


def cosine(draw: Draw) -> Call:
    lr, given = draw.rate(), warmup(draw)
    steps = draw.count()
    length = draw.choice([{"lr_period_updates": steps}, {"max_update": given["warmup_updates"] + steps}])
    shrink = draw.maybe(
        lr_shrink=draw.choice([1.0, 0.5, draw.random()]), t_mult=draw.choice([1, 2, 3, 1.5, 1 + 2 * draw.random()])
    )
    return call("CosineLRSchedule", lr=lr, **given, **length, **shrink, **draw.maybe(min_lr=lr * draw.random()))


def fixed(draw: Draw) -> Call:
    given = draw.maybe(force_anneal=draw.count(1, 6), lr_shrink=draw.random(), warmup_updates=draw.count(0, 30))
    lrs = [draw.rate() for _ in range(draw.randint(1, 5))]
    return call("FixedLRSchedule", lr=lrs, updates_per_epoch=draw.count(1, 15), **given)


def manual(draw: Draw) -> Call:
    bounds = sorted(draw.sample(range(40), draw.randint(0, 6)))
    keys = [f"{first}-{first + draw.randint(0, 4)}" if draw.flag() else f"{first},{first + 1}" for first in bounds]
    keys = [key if draw.flag() else key.partition("-")[0] for key in keys]
    table = str({key: draw.choice([0.1, draw.rate()]) for key in keys})
    return call(
        "ManualSchedule",
        lr=draw.rate(),
        **draw.choice([{"update2lr": table}, {"epoch2lr": table, "updates_per_epoch": draw.count(1, 9)}]),
    )


def polynomial(draw: Draw) -> Call:
    updates = draw.count(0, 15)
    given = draw.maybe(end_learning_rate=draw.rate(), power=draw.choice([0.5, 1, 2.0]))
    total = updates + draw.count()
    return call("PolynomialDecayLRSchedule", warmup_updates=updates, lr=draw.rate(), total_num_update=total, **given)


def stairs(draw: Draw) -> Call:
    lr = draw.rate(0.01)
    given = draw.maybe(min_lr=lr * draw.uniform(0.0, 0.9), lr_decay=draw.choice([1.0, 0.5, draw.random()]))
    return call("StepLRSchedule", lr=lr, **warmup(draw), lr_deacy_period=draw.count(), **given)


def tri_stage(draw: Draw) -> Call:
    steps = {"warmup_steps": draw.count(0), "hold_steps": draw.count(0), "decay_steps": draw.count()}
    shares = {"phase_ratio": draw.choice([[0.1, 0.4, 0.5], [0.0, 0.25, 0.75]]), "max_update": draw.count(30, 70)}
    scales = draw.maybe(init_lr_scale=draw.random(), final_lr_scale=draw.choice([1.0, draw.rate()]))
    return call("TriStageLRSchedule", **draw.choice([steps, shares]), lr=draw.rate(), **scales)


def triangular(draw: Draw) -> Call:
    lr = draw.choice([0.0, draw.rate()])
    given = draw.maybe(lr_shrink=draw.choice([1.0, 0.5, draw.random()]), shrink_min=draw.flag())
    return call("TriangularLRSchedule", lr=lr, max_lr=lr + draw.rate(), lr_period_updates=draw.count(2), **given)


DRAWS: dict[str, Callable[[Draw], Call]] = {
    "CosineLRSchedule": cosine,
    "FixedLRSchedule": fixed,
    "InverseSquareRootSchedule": lambda draw: call("InverseSquareRootSchedule", lr=draw.rate(), **warmup(draw, 1)),
    "ManualSchedule": manual,
    "PolynomialDecayLRSchedule": polynomial,
    "StepLRSchedule": stairs,
    "TriStageLRSchedule": tri_stage,
    "TriangularLRSchedule": triangular,
}

LIBRARY = Library(
    DRAWS,
    rates,
    calls=10,
    steps=80,
    without=("_name", "lr", "max_update", "total_num_update", "args", "optimizer"),
    departs=rounded_periods,
    prepare=prepare,
)
