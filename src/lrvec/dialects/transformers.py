"""These are the schedules of transformers by their own names, as functions of the step.

A schedule of transformers multiplies the rate that the optimizer has, which is the keyword `lr` here. All other
parameters are those of transformers. Waves and cycles may turn between steps, at least one step apart. A warmup as long
as the run is refused: past it transformers divides by one step in place of those that remain.
"""

from __future__ import annotations

from math import gcd

from .. import _checks
from .._registry import (
    CLOSED_UNIT,
    NON_NEGATIVE,
    POSITIVE,
    Role,
    choice,
    count,
    exponent,
    factor,
    how_many,
    other,
    rate,
)
from ..schedules import (
    advance,
    constant,
    cosine,
    inverse_sqrt,
    join,
    linear,
    mirrored,
    polynomial,
    repeat,
    stretched,
    warmup,
    warmup_linear,
    warmup_polynomial,
    warmup_stable_decay,
)
from ._foreign import explained, foreign, room_to_decay
from ._turns import warmed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from .._registry import Parameter
    from .._values import Schedule

__all__ = [
    "get_constant_schedule",
    "get_constant_schedule_with_warmup",
    "get_cosine_schedule_with_warmup",
    "get_cosine_with_hard_restarts_schedule_with_warmup",
    "get_cosine_with_min_lr_schedule_with_warmup",
    "get_cosine_with_min_lr_schedule_with_warmup_lr_rate",
    "get_inverse_sqrt_schedule",
    "get_linear_schedule_with_warmup",
    "get_polynomial_decay_schedule_with_warmup",
    "get_scheduler",
    "get_wsd_schedule",
]

_ARGUMENTS = Role("arguments", "", None, "dict", is_number=False)


def _peak() -> Parameter:
    return rate("the rate that the optimizer has")


def _steps() -> dict[str, Parameter]:
    return {
        "num_warmup_steps": count("the steps of the warmup, less than `num_training_steps`", least=0),
        "num_training_steps": count("the steps of the run, with the warmup"),
    }


def _waves(about: str) -> Parameter:
    return explained(factor(about, POSITIVE), "for 0 the rate of transformers never falls")


def _decay_steps(num_warmup_steps: int, num_training_steps: int) -> int:
    room_to_decay("num_warmup_steps", num_warmup_steps, "num_training_steps", num_training_steps, "transformers")
    return num_training_steps - num_warmup_steps


@foreign("transformers", "get_constant_schedule", lr=_peak())
def get_constant_schedule(*, lr: float) -> Schedule:
    """Keep the rate.

        lr(t) = lr

    where t is the step.

    Returns
    -------
    Schedule; it has no end.

    >>> get_constant_schedule(lr=0.1)
    constant(lr=0.1)
    """
    return constant(lr=lr)


@foreign(
    "transformers",
    "get_constant_schedule_with_warmup",
    num_warmup_steps=count("the steps of the warmup", least=0),
    lr=_peak(),
)
def get_constant_schedule_with_warmup(num_warmup_steps: int, *, lr: float) -> Schedule:
    """Warm up linearly, and keep the rate.

        lr(t) = lr t / num_warmup_steps    for t < num_warmup_steps
        lr(t) = lr                         from there on

    where t is the step.

    Returns
    -------
    Schedule; it has no end.

    >>> get_constant_schedule_with_warmup(10, lr=0.5)
    warmup(constant(lr=0.5), steps=10, start_lr=0.0, shape='linear')
    """
    return warmed(constant(lr=lr), num_warmup_steps)


@foreign("transformers", "get_linear_schedule_with_warmup", **_steps(), lr=_peak())
def get_linear_schedule_with_warmup(num_warmup_steps: int, num_training_steps: int, *, lr: float) -> Schedule:
    """Warm up linearly, then go to 0 in a straight line.

        lr(t) = lr t / num_warmup_steps    for t < num_warmup_steps
        lr(t) = lr (1 - p)                 from there on

    where t is the step and p = (t - num_warmup_steps) / (num_training_steps - num_warmup_steps).

    Returns
    -------
    Schedule; past `num_training_steps` it holds 0.

    >>> get_linear_schedule_with_warmup(10, 100, lr=0.5)
    warmup_linear(base_lr=0.5, min_lr=0.0, warmup_steps=10, total_steps=100, start_lr=0.0)
    """
    _decay_steps(num_warmup_steps, num_training_steps)
    return warmup_linear(base_lr=lr, warmup_steps=num_warmup_steps, total_steps=num_training_steps)


def _wave(lr: float, min_lr: float, steps: int, num_cycles: float) -> Schedule:
    """Makes a cosine wave that goes down and up for ever, `num_cycles` times in so many steps."""
    half = steps / (2.0 * num_cycles)
    if half < 1.0:
        rule = "turn the wave one step apart at least"
        _checks.refuse_foreign("num_cycles", rule, num_cycles, f"it would turn every {half!r} steps")
    whole = round(half)
    if steps / (2.0 * whole) == num_cycles:
        return mirrored(cosine(base_lr=lr, min_lr=min_lr, total_steps=whole), length=whole)
    return stretched(mirrored(cosine(base_lr=lr, min_lr=min_lr, total_steps=1), length=1), by=half)


@foreign(
    "transformers",
    "get_cosine_schedule_with_warmup",
    **_steps(),
    num_cycles=_waves("the waves in the decay"),
    lr=_peak(),
)
def get_cosine_schedule_with_warmup(
    num_warmup_steps: int, num_training_steps: int, num_cycles: float = 0.5, *, lr: float
) -> Schedule:
    """Warm up linearly, then go down along a cosine wave, by itself half of one.

        lr(t) = lr t / num_warmup_steps                   for t < num_warmup_steps
        lr(t) = lr (1 + cos(2 pi num_cycles p)) / 2       from there on

    where t is the step and p = (t - num_warmup_steps) / (num_training_steps - num_warmup_steps).

    Returns
    -------
    Schedule; it has no end: past `num_training_steps` the wave goes on, and the rate rises again. `warmup_cosine` stays
    down.

    >>> get_cosine_schedule_with_warmup(10, 100, lr=0.5)
    warmup(mirrored(cosine(base_lr=0.5, min_lr=0.0, total_steps=90), length=90), steps=10, start_lr=0.0, shape='linear')
    """
    wave = _wave(lr, 0.0, _decay_steps(num_warmup_steps, num_training_steps), num_cycles)
    return warmed(wave, num_warmup_steps)


@foreign(
    "transformers",
    "get_cosine_with_hard_restarts_schedule_with_warmup",
    **_steps(),
    num_cycles=how_many("the cycles of the decay"),
    lr=_peak(),
)
def get_cosine_with_hard_restarts_schedule_with_warmup(
    num_warmup_steps: int, num_training_steps: int, num_cycles: int = 1, *, lr: float
) -> Schedule:
    """Warm up linearly, then go to 0 along half a cosine wave, again and again.

        lr(t) = lr t / num_warmup_steps                          for t < num_warmup_steps
        lr(t) = lr (1 + cos(pi (num_cycles p mod 1))) / 2        for t < num_training_steps

    where t is the step and p = (t - num_warmup_steps) / (num_training_steps - num_warmup_steps). At a step where
    num_cycles p is an integer this gives `lr`; transformers rounds the product, and may give 0 there.

    Returns
    -------
    Schedule; from `num_training_steps` on it holds 0.

    Source: Loshchilov and Hutter, SGDR, arXiv 1608.03983.

    >>> get_cosine_with_hard_restarts_schedule_with_warmup(0, 100, num_cycles=4, lr=0.5)
    repeat(cosine(base_lr=0.5, min_lr=0.0, total_steps=25), period=25, count=4)
    """
    steps = _decay_steps(num_warmup_steps, num_training_steps)
    if steps < num_cycles:
        _checks.refuse_foreign("num_cycles", "leave each cycle a step", num_cycles, f"the decay has {steps} steps")
    if steps % num_cycles == 0:
        length = steps // num_cycles
        cycles = repeat(cosine(base_lr=lr, min_lr=0.0, total_steps=length), period=length, count=num_cycles)
        return warmed(cycles, num_warmup_steps)
    wave = stretched(cosine(base_lr=lr, min_lr=0.0, total_steps=1), by=steps / num_cycles)
    cycles = repeat(wave, period=steps / num_cycles)
    common = gcd(steps, num_cycles)
    if common > 1:  # a cycle that restarts at a whole step does so at this very step
        cycles = repeat(cycles, period=steps // common)
    return warmed(join([(steps, cycles), constant(lr=0.0)]), num_warmup_steps)


@foreign(
    "transformers",
    "get_polynomial_decay_schedule_with_warmup",
    **_steps(),
    lr_end=rate("the rate at the end, less than `lr`"),
    power=explained(exponent("the exponent", POSITIVE), "for 0 the rate of transformers falls behind the last step"),
    lr=_peak(),
)
def get_polynomial_decay_schedule_with_warmup(
    num_warmup_steps: int, num_training_steps: int, lr_end: float = 1e-7, power: float = 1.0, *, lr: float
) -> Schedule:
    """Warm up linearly, then go to `lr_end` as a power of the steps that remain.

        lr(t) = lr t / num_warmup_steps                 for t < num_warmup_steps
        lr(t) = lr_end + (lr - lr_end) (1 - p)^power    from there on

    where t is the step and p = (t - num_warmup_steps) / (num_training_steps - num_warmup_steps). Several groups of an
    optimizer have one curve in transformers, scaled; here each may have its own, which ends at `lr_end`.

    Returns
    -------
    Schedule; past `num_training_steps` it holds `lr_end`.

    >>> get_polynomial_decay_schedule_with_warmup(10, 100, lr_end=0.0, power=2.0, lr=0.5)
    warmup_polynomial(base_lr=0.5, min_lr=0.0, warmup_steps=10, total_steps=100, start_lr=0.0, power=2.0)
    """
    _checks.less_than("lr_end", lr_end, "lr", lr)
    _decay_steps(num_warmup_steps, num_training_steps)
    return warmup_polynomial(
        base_lr=lr, min_lr=lr_end, warmup_steps=num_warmup_steps, total_steps=num_training_steps, power=power
    )


@foreign(
    "transformers",
    "get_inverse_sqrt_schedule",
    num_warmup_steps=count("the steps of the warmup", least=0),
    timescale=count(
        "the steps past the warmup at which half of the square is left; `num_warmup_steps`, or 10000 for 0"
    ),
    lr=_peak(),
)
def get_inverse_sqrt_schedule(num_warmup_steps: int, timescale: int | None = None, *, lr: float) -> Schedule:
    """Warm up linearly, then decay with the inverse square root of the step.

        lr(t) = lr t / num_warmup_steps                                              for t < num_warmup_steps
        lr(t) = lr sqrt(timescale / (timescale + t - num_warmup_steps))              from there on

    where t is the step.

    Returns
    -------
    Schedule; it has no end.

    Source: Zhai et al., Scaling Vision Transformers, arXiv 2106.04560.

    >>> get_inverse_sqrt_schedule(100, timescale=1000, lr=0.5)
    inverse_sqrt(base_lr=0.5, warmup_steps=100, timescale=1000)
    """
    if timescale is None or timescale == num_warmup_steps:
        timescale = num_warmup_steps or 10_000
        tail = inverse_sqrt(base_lr=lr, warmup_steps=timescale)
        return tail if num_warmup_steps else advance(tail, steps=timescale)
    if num_warmup_steps == 0:
        return advance(inverse_sqrt(base_lr=lr, warmup_steps=timescale), steps=timescale)
    return inverse_sqrt(base_lr=lr, warmup_steps=num_warmup_steps, timescale=timescale)


def _floors() -> dict[str, Parameter]:
    return {
        "min_lr": rate("the rate at the bottom of the wave", NON_NEGATIVE),
        "min_lr_rate": factor("that rate over `lr`, in its place", NON_NEGATIVE),
    }


def _floor(lr: float, min_lr: float | None, min_lr_rate: float | None) -> float:
    _checks.exactly_one(min_lr=min_lr, min_lr_rate=min_lr_rate)
    if min_lr is None:
        return lr * min_lr_rate  # type: ignore[operator]
    if lr == 0.0:
        _checks.refuse_foreign("lr", "not be 0 where min_lr is given", lr, "transformers divides by it")
    return min_lr


@foreign(
    "transformers",
    "get_cosine_with_min_lr_schedule_with_warmup",
    **_steps(),
    num_cycles=_waves("the waves in the decay"),
    **_floors(),
    lr=_peak(),
)
def get_cosine_with_min_lr_schedule_with_warmup(
    num_warmup_steps: int,
    num_training_steps: int,
    num_cycles: float = 0.5,
    min_lr: float | None = None,
    min_lr_rate: float | None = None,
    *,
    lr: float,
) -> Schedule:
    """Warm up linearly, then go down to `min_lr` along a cosine wave, by itself half of one.

        lr(t) = lr t / num_warmup_steps                                       for t < num_warmup_steps
        lr(t) = min_lr + (lr - min_lr) (1 + cos(2 pi num_cycles p)) / 2       from there on

    where t is the step and p = (t - num_warmup_steps) / (num_training_steps - num_warmup_steps).

    Returns
    -------
    Schedule; it has no end: past `num_training_steps` the wave goes on, and the rate rises again. `warmup_cosine` stays
    down.

    Raises
    ------
    TypeError if both of `min_lr` and `min_lr_rate` are given, or neither.

    >>> get_cosine_with_min_lr_schedule_with_warmup(0, 100, min_lr_rate=0.5, lr=0.5)
    mirrored(cosine(base_lr=0.5, min_lr=0.25, total_steps=100), length=100)
    """
    steps = _decay_steps(num_warmup_steps, num_training_steps)
    wave = _wave(lr, _floor(lr, min_lr, min_lr_rate), steps, num_cycles)
    return warmed(wave, num_warmup_steps)


@foreign(
    "transformers",
    "get_cosine_with_min_lr_schedule_with_warmup_lr_rate",
    **_steps(),
    num_cycles=_waves("the waves in the decay"),
    **_floors(),
    warmup_lr_rate=factor("the first rate of the warmup over `lr`; by default 1 / `num_warmup_steps`", NON_NEGATIVE),
    lr=_peak(),
)
def get_cosine_with_min_lr_schedule_with_warmup_lr_rate(
    num_warmup_steps: int,
    num_training_steps: int,
    num_cycles: float = 0.5,
    min_lr: float | None = None,
    min_lr_rate: float | None = None,
    warmup_lr_rate: float | None = None,
    *,
    lr: float,
) -> Schedule:
    """Warm up linearly to the last step of the warmup, then go down to `min_lr` along a cosine wave.

        lr(t) = lr (warmup_lr_rate + (1 - warmup_lr_rate) t / (num_warmup_steps - 1))      for t < num_warmup_steps
        lr(t) = min_lr + (lr - min_lr) (1 + cos(2 pi num_cycles p)) / 2                    from there on

    where t is the step and p = (t + 1 - num_warmup_steps) / (num_training_steps - num_warmup_steps): the wave begins at
    the last step of the warmup, and ends at the last step of the run.

    Returns
    -------
    Schedule; it has no end: from `num_training_steps` on the wave goes on, and the rate rises again.

    Raises
    ------
    TypeError if both of `min_lr` and `min_lr_rate` are given, or neither.

    >>> get_cosine_with_min_lr_schedule_with_warmup_lr_rate(0, 100, min_lr=0.25, lr=0.5)
    advance(mirrored(cosine(base_lr=0.5, min_lr=0.25, total_steps=100), length=100), steps=1)
    """
    steps = _decay_steps(num_warmup_steps, num_training_steps)
    wave = _wave(lr, _floor(lr, min_lr, min_lr_rate), steps, num_cycles)
    if num_warmup_steps == 0:
        return advance(wave, steps=1)
    first = lr / num_warmup_steps if warmup_lr_rate is None else lr * warmup_lr_rate
    if num_warmup_steps == 1:
        return join([(1, constant(lr=first)), advance(wave, steps=1)])
    return warmup(wave, steps=num_warmup_steps - 1, start_lr=first)


@foreign(
    "transformers",
    "get_wsd_schedule",
    num_warmup_steps=count("the steps of the warmup", least=0),
    num_decay_steps=count("the steps of the decay", least=0),
    num_training_steps=count("the steps of the run, from which those of the plateau follow"),
    num_stable_steps=count("the steps of the plateau; it goes before `num_training_steps`", least=0),
    warmup_type=choice("the curve of the warmup", ("linear", "cosine", "1-sqrt")),
    decay_type=choice("the curve of the decay", ("linear", "cosine", "1-sqrt")),
    min_lr_ratio=factor("the first rate and the last one over `lr`", CLOSED_UNIT),
    num_cycles=_waves("the waves in a decay of the type cosine"),
    lr=_peak(),
)
def get_wsd_schedule(
    num_warmup_steps: int,
    num_decay_steps: int,
    num_training_steps: int | None = None,
    num_stable_steps: int | None = None,
    warmup_type: str = "linear",
    decay_type: str = "cosine",
    min_lr_ratio: float = 0,
    num_cycles: float = 0.5,
    *,
    lr: float,
) -> Schedule:
    """Warm up, stay on a plateau, and decay at the very end (warmup-stable-decay).

        lr(t) = min_lr + (lr - min_lr) f(t / num_warmup_steps)    for t < num_warmup_steps
        lr(t) = lr                                                on the plateau
        lr(t) = min_lr + (lr - min_lr) g(p)                       in the decay

    where t is the step, min_lr = min_lr_ratio lr, p is the share of the decay that is done, and by type

        linear    f(u) = u                        g(u) = 1 - u
        cosine    f(u) = (1 - cos(pi u)) / 2      g(u) = (1 + cos(2 pi num_cycles u)) / 2
        1-sqrt    f(u) = 1 - sqrt(1 - u)          g(u) = 1 - sqrt(u)

    Returns
    -------
    Schedule; past the decay it holds min_lr.

    Raises
    ------
    ValueError if the warmup and the decay are longer than the run.
    TypeError if neither of `num_training_steps` and `num_stable_steps` is given.

    Source: Hu et al., MiniCPM, arXiv 2404.06395.

    >>> get_wsd_schedule(0, 20, num_stable_steps=80, warmup_type="1-sqrt", decay_type="linear", lr=0.5)
    join(((80, constant(lr=0.5)), (20, linear(base_lr=0.5, end_lr=0.0, total_steps=20)), constant(lr=0.0)))
    """
    if num_stable_steps is None:
        total = _checks.needed("num_training_steps", num_training_steps, "a plateau without num_stable_steps")
        parts = {"num_warmup_steps": num_warmup_steps, "num_decay_steps": num_decay_steps}
        _checks.sum_at_most("num_training_steps", total, **parts)
        num_stable_steps = total - num_warmup_steps - num_decay_steps
    min_lr = lr * min_lr_ratio
    phases: list[tuple[int, Schedule]] = [(num_stable_steps, constant(lr=lr))]
    if num_warmup_steps:
        phases.insert(0, (num_warmup_steps, _RISES[warmup_type](min_lr, lr, num_warmup_steps)))
    if num_decay_steps:
        phases.append((num_decay_steps, _fall(decay_type, lr, min_lr, num_decay_steps, num_cycles)))
    return join([*phases, constant(lr=min_lr)])


_RISES: dict[str, Callable[[float, float, int], Schedule]] = {
    "linear": lambda first, last, steps: linear(base_lr=first, end_lr=last, total_steps=steps),
    "cosine": lambda first, last, steps: cosine(base_lr=first, min_lr=last, total_steps=steps),
    "1-sqrt": lambda first, last, steps: polynomial(base_lr=first, end_lr=last, total_steps=steps, power=0.5),
}
"""The warmup of get_wsd_schedule, for each of its types."""


def _fall(decay_type: str, first: float, last: float, steps: int, num_cycles: float) -> Schedule:
    """Makes the decay of get_wsd_schedule."""
    if decay_type == "linear":
        return linear(base_lr=first, end_lr=last, total_steps=steps)
    if decay_type == "cosine":
        return _wave(first, last, steps, num_cycles)
    return warmup_stable_decay(
        base_lr=first,
        warmup_steps=0,
        decay_steps=steps,
        total_steps=steps,
        final_lr=last,
        warmup_start=first,
        decay_shape="1-sqrt",
    )


_SCHEDULES: dict[str, Callable[..., Schedule]] = {
    "linear": get_linear_schedule_with_warmup,
    "cosine": get_cosine_schedule_with_warmup,
    "cosine_with_restarts": get_cosine_with_hard_restarts_schedule_with_warmup,
    "polynomial": get_polynomial_decay_schedule_with_warmup,
    "constant": get_constant_schedule,
    "constant_with_warmup": get_constant_schedule_with_warmup,
    "inverse_sqrt": get_inverse_sqrt_schedule,
    "cosine_with_min_lr": get_cosine_with_min_lr_schedule_with_warmup,
    "cosine_warmup_with_min_lr": get_cosine_with_min_lr_schedule_with_warmup_lr_rate,
    "warmup_stable_decay": get_wsd_schedule,
}
"""The function for each name that get_scheduler takes."""


@foreign(
    "transformers",
    "get_scheduler",
    name=choice("the name, as `lr_scheduler_type` has it", _SCHEDULES),
    num_warmup_steps=count("the steps of the warmup; all names but constant need it", least=0),
    num_training_steps=count("the steps of the run, with the warmup; names whose curve has an end need it"),
    scheduler_specific_kwargs=other(
        _ARGUMENTS, "more parameters of the function of that name, by theirs", _checks.dictionary
    ),
    lr=_peak(),
)
def get_scheduler(
    name: str,
    num_warmup_steps: int | None = None,
    num_training_steps: int | None = None,
    scheduler_specific_kwargs: Mapping[str, Any] | None = None,
    *,
    lr: float,
) -> Schedule:
    """Make the schedule of a name, as the Trainer does.

    The names reduce_lr_on_plateau and greedy follow a metric and are no schedules: see `lrvec.reduce_on_plateau`.

    Returns
    -------
    Schedule; past its end it does what the function of that name says.

    Raises
    ------
    TypeError if a number of steps is missing, or if the function of that name does not know a
    parameter: transformers drops some of these.

    >>> get_scheduler("linear", 10, 100, lr=0.5)
    warmup_linear(base_lr=0.5, min_lr=0.0, warmup_steps=10, total_steps=100, start_lr=0.0)
    """
    given = dict(scheduler_specific_kwargs or {})
    if name != "constant":
        given["num_warmup_steps"] = _checks.needed("num_warmup_steps", num_warmup_steps, name)
    if name == "warmup_stable_decay":
        given["num_training_steps"] = num_training_steps
    elif name not in ("constant", "constant_with_warmup", "inverse_sqrt"):
        given["num_training_steps"] = _checks.needed("num_training_steps", num_training_steps, name)
    make: Callable[..., Schedule] = _SCHEDULES[name]
    return make(**given, lr=lr)
