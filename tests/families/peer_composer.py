"""How the tests draw and run the schedulers of Composer: at each batch of a run."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

from beside import Call, Draw, Library, call, import_without_init

RUN = ("base_lr", "total_steps", "batches_per_epoch")


def prepare() -> Any:
    """Imports the one module, without the rest of Composer."""
    import_without_init("composer")
    import_without_init("composer.utils")
    from composer.utils.string_enum import StringEnum

    import_without_init("composer.core")
    import composer.utils

    composer.utils.StringEnum = StringEnum
    import composer.core.time as times

    composer.core.State, composer.core.Time, composer.core.TimeUnit = object, times.Time, times.TimeUnit
    import_without_init("composer.optim")
    import composer.optim.scheduler as schedulers

    return schedulers


def rates(one: Call, steps: int) -> Sequence[float]:
    schedulers = prepare()
    from composer.core.time import Time, Timestamp

    given = {key: value for key, value in one.given.items() if key not in RUN}
    base_lr, run, epoch = (one.given[name] for name in RUN)
    scheduler = getattr(schedulers, one.name)(**given)
    found = []
    for step in range(steps):
        state = SimpleNamespace(
            timestamp=Timestamp(epoch=step // epoch, batch=step, batch_in_epoch=step % epoch),
            max_duration=Time.from_timestring(f"{run}ba"),
            dataloader_len=Time.from_timestring(f"{epoch}ba"),
        )
        with warnings.catch_warnings():  # of a warmup that has no steps
            warnings.simplefilter("ignore")
            found.append(base_lr * scheduler(state))
    return found


def on(draw: Draw, name: str, **given: Any) -> Call:
    run = {"base_lr": draw.rate(), "total_steps": draw.count(30, 60), "batches_per_epoch": draw.count(3, 9)}
    return call(name, **{**run, **given})


def time(draw: Draw) -> str:
    return draw.choice([f"{draw.count(1, 50)}ba", f"{draw.count(1, 5)}ep", f"{draw.uniform(0.05, 1.2)}dur"])


def end(draw: Draw) -> str:
    """A time at which the run has ended."""
    return draw.choice(["1dur", "1.25dur", "60ba", "20ep"])


def alpha(draw: Draw) -> float:
    return draw.choice([0.0, 1.0, draw.random()])


def short(draw: Draw) -> dict[str, Any]:
    """A warmup, and what a scaled run would do with it."""
    return {
        "t_warmup": draw.choice(["0ba", "1ep", "0.3dur", f"{draw.count(1, 20)}ba"]),
        **draw.maybe(scale_warmup=True),
    }


def drops(draw: Draw) -> dict[str, Any]:
    return {"milestones": [time(draw) for _ in range(draw.randint(0, 4))], **draw.maybe(gamma=draw.choice([0.5, 1.5]))}


DRAWS: dict[str, Callable[[Draw], Call]] = {
    "StepScheduler": lambda d: on(d, "StepScheduler", step_size=time(d), **d.maybe(gamma=d.choice([0.5, 1.5]))),
    "MultiStepScheduler": lambda d: on(d, "MultiStepScheduler", **drops(d)),
    "ConstantScheduler": lambda d: on(d, "ConstantScheduler", **d.maybe(alpha=alpha(d), t_max=time(d))),
    "LinearScheduler": lambda d: on(d, "LinearScheduler", **d.maybe(alpha_i=alpha(d), alpha_f=alpha(d), t_max=time(d))),
    "ExponentialScheduler": lambda d: on(
        d, "ExponentialScheduler", gamma=d.choice([0.5, 1.25]), **d.maybe(decay_period=time(d))
    ),
    "CosineAnnealingScheduler": lambda d: on(d, "CosineAnnealingScheduler", **d.maybe(t_max=time(d), alpha_f=alpha(d))),
    "CosineAnnealingWarmRestartsScheduler": lambda d: on(
        d,
        "CosineAnnealingWarmRestartsScheduler",
        t_0=time(d),
        t_mult=d.choice([1.0, 2.0, 3, 1.25, 1.07]),
        total_steps=d.choice([30, 70]),
        **d.maybe(alpha_f=alpha(d)),
    ),
    "PolynomialScheduler": lambda d: on(
        d, "PolynomialScheduler", power=d.choice([0.5, 1, 2.0]), **d.maybe(t_max=time(d), alpha_f=alpha(d))
    ),
    "MultiStepWithWarmupScheduler": lambda d: on(d, "MultiStepWithWarmupScheduler", **short(d), **drops(d)),
    "ConstantWithWarmupScheduler": lambda d: on(
        d, "ConstantWithWarmupScheduler", **short(d), **d.maybe(alpha=alpha(d), t_max=end(d))
    ),
    "LinearWithWarmupScheduler": lambda d: on(
        d, "LinearWithWarmupScheduler", **short(d), **d.maybe(alpha_i=alpha(d), alpha_f=alpha(d), t_max=end(d))
    ),
    "CosineAnnealingWithWarmupScheduler": lambda d: on(
        d, "CosineAnnealingWithWarmupScheduler", **short(d), **d.maybe(t_max=end(d), alpha_f=alpha(d))
    ),
    "PolynomialWithWarmupScheduler": lambda d: on(
        d,
        "PolynomialWithWarmupScheduler",
        **short(d),
        **d.maybe(power=d.choice([0.5, 3]), t_max=end(d), alpha_f=alpha(d)),
    ),
}

LIBRARY = Library(DRAWS, rates, calls=8, steps=110, without=("self",), prepare=prepare)
