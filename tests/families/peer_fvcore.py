"""How the tests draw and run the parameter schedulers of fvcore: at the share of the run that each step is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from beside import Call, Draw, Library, call


def rates(one: Call, steps: int) -> Sequence[float]:
    """The schedules are asked for the steps of the run alone."""
    import fvcore.common.param_scheduler as schedulers

    def made(name: str, given: dict[str, Any]) -> Any:
        return getattr(schedulers, name)(**{key: value for key, value in given.items() if key != "total_steps"})

    scheduler, run = one.made(made), one.given["total_steps"]
    return [scheduler(step / run) for step in range(run)]


def prepare() -> Any:
    import fvcore.common.param_scheduler

    return fvcore.common.param_scheduler


def on(draw: Draw, name: str, run: int, **given: Any) -> Call:
    return call(name, **given, total_steps=run)


def constant(draw: Draw, run: int) -> Call:
    return on(draw, "ConstantParamScheduler", run, value=draw.rate())


def cosine(draw: Draw, run: int) -> Call:
    return on(draw, "CosineParamScheduler", run, start_value=draw.rate(), end_value=draw.rate())


def exponential(draw: Draw, run: int) -> Call:
    return on(
        draw, "ExponentialParamScheduler", run, start_value=draw.rate(), decay=draw.choice([1.0, 2.0, draw.rate()])
    )


def linear(draw: Draw, run: int) -> Call:
    return on(draw, "LinearParamScheduler", run, start_value=draw.rate(), end_value=draw.rate())


def multi_step(draw: Draw, run: int) -> Call:
    milestones = sorted(draw.sample(range(1, 60), draw.randint(1, 5)))
    ends = draw.choice(
        [{"milestones": milestones}, {"num_updates": 60, "milestones": milestones[:-1]}, {"num_updates": 60}]
    )
    return on(draw, "MultiStepParamScheduler", run, values=[draw.rate() for _ in milestones], **ends)


def polynomial(draw: Draw, run: int) -> Call:
    return on(draw, "PolynomialDecayParamScheduler", run, base_value=draw.rate(), power=draw.choice([0.9, 1.0, 2, 0.5]))


def stairs(draw: Draw, run: int) -> Call:
    values = [draw.rate() for _ in range(draw.randint(1, 7))]
    return on(draw, "StepParamScheduler", run, num_updates=draw.count(), values=values)


def fixed_gamma(draw: Draw, run: int) -> Call:
    given = {"num_decays": draw.count(1, 6), "gamma": draw.choice([0.5, 1.5, draw.rate()]), "num_updates": draw.count()}
    return on(draw, "StepWithFixedGammaParamScheduler", run, base_value=draw.rate(), **given)


def composite(draw: Draw, run: int) -> Call:
    lengths = draw.choice([[1.0], [0.5, 0.5], [0.1, 0.9], [0.3, 0.45, 0.25], [0.05, 0.7, 0.25]])
    words = [draw.choice(["rescaled", "fixed"]) for _ in lengths]
    kinds = {"rescaled": [constant, cosine, exponential, linear], "fixed": [polynomial, cosine, linear]}
    schedulers = [draw.choice(kinds[word])(draw, run) for word in words]
    return on(draw, "CompositeParamScheduler", run, schedulers=schedulers, lengths=lengths, interval_scaling=words)


DRAWS: dict[str, Callable[[Draw, int], Call]] = {
    "ConstantParamScheduler": constant,
    "CosineParamScheduler": cosine,
    "ExponentialParamScheduler": exponential,
    "LinearParamScheduler": linear,
    "MultiStepParamScheduler": multi_step,
    "PolynomialDecayParamScheduler": polynomial,
    "StepParamScheduler": stairs,
    "StepWithFixedGammaParamScheduler": fixed_gamma,
    "CompositeParamScheduler": composite,
}


def for_a_run(draws: Callable[[Draw, int], Call]) -> Callable[[Draw], Call]:
    return lambda draw: draws(draw, draw.choice([draw.count(1, 90), 60, 64]))


LIBRARY = Library(
    {name: for_a_run(draws) for name, draws in DRAWS.items()}, rates, calls=8, without=("self",), prepare=prepare
)
