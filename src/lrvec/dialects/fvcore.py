"""These are the parameter schedulers of fvcore by their own names.

A scheduler of fvcore is a function of the share of a run that is done, from 0 to 1, and of the steps only if somebody
says how many there are: the keyword `total_steps` here. All other parameters are fvcore's. Past the run, where some of
its schedulers raise and others go on, each schedule holds its last value, unless it says otherwise. fvcore adds 1e-6 to
the share before it looks for a boundary; here a boundary lies where it should, which is another step only in runs of a
million steps and more.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import accumulate, pairwise
from math import ceil

from .. import _checks
from .._registry import POSITIVE, SCHEDULES, VALUES, Role, count, exponent, factor, how_many, other, rate
from ..schedules import (
    advance,
    constant,
    cosine,
    exponential_decay,
    join,
    linear,
    piecewise,
    polynomial,
    stretched,
)
from ._foreign import foreign

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from .._registry import Parameter
    from .._values import Schedule

__all__ = [
    "CompositeParamScheduler",
    "ConstantParamScheduler",
    "CosineParamScheduler",
    "ExponentialParamScheduler",
    "LinearParamScheduler",
    "MultiStepParamScheduler",
    "PolynomialDecayParamScheduler",
    "StepParamScheduler",
    "StepWithFixedGammaParamScheduler",
]

_MILESTONES = Role("milestones", "", None, "sequence of ints", is_number=False)
_SHARES = Role("shares", "", None, "sequence of floats", is_number=False)
_WORDS = Role("words", "", None, "sequence of words", is_number=False)


def _run() -> Parameter:
    return count("the steps of the run")


@foreign("fvcore", "common.param_scheduler.ConstantParamScheduler", value=rate("the value"), total_steps=_run())
def ConstantParamScheduler(value: float, *, total_steps: int) -> Schedule:
    """Keep one value at every step.

        lr(t) = value

    where t is the step.

    Returns
    -------
    Schedule; it has no end.

    >>> ConstantParamScheduler(0.1, total_steps=100)
    constant(lr=0.1)
    """
    return constant(lr=value)


@foreign(
    "fvcore",
    "common.param_scheduler.CosineParamScheduler",
    start_value=rate("the value at step 0"),
    end_value=rate("the value at the end"),
    total_steps=_run(),
)
def CosineParamScheduler(start_value: float, end_value: float, *, total_steps: int) -> Schedule:
    """Go from one value to another along half a cosine wave.

        lr(t) = end_value + (start_value - end_value) (1 + cos(pi t / total_steps)) / 2

    where t is the step.

    Returns
    -------
    Schedule; past `total_steps` it holds `end_value`.

    >>> CosineParamScheduler(1.0, 0.25, total_steps=100)
    cosine(base_lr=1.0, min_lr=0.25, total_steps=100)
    """
    return cosine(base_lr=start_value, min_lr=end_value, total_steps=total_steps)


@foreign(
    "fvcore",
    "common.param_scheduler.ExponentialParamScheduler",
    start_value=rate("the value at step 0", POSITIVE),
    decay=factor("the factor of the whole run", POSITIVE),
    total_steps=_run(),
)
def ExponentialParamScheduler(start_value: float, decay: float, *, total_steps: int) -> Schedule:
    """Multiply the value by one factor over the run.

        lr(t) = start_value decay^(t / total_steps)

    where t is the step.

    Returns
    -------
    Schedule; it has no end.

    >>> ExponentialParamScheduler(2.0, 0.25, total_steps=100)
    exponential_decay(base_lr=2.0, decay_rate=0.25, decay_steps=100)
    """
    return exponential_decay(base_lr=start_value, decay_rate=decay, decay_steps=total_steps)


@foreign(
    "fvcore",
    "common.param_scheduler.LinearParamScheduler",
    start_value=rate("the value at step 0"),
    end_value=rate("the value at the end"),
    total_steps=_run(),
)
def LinearParamScheduler(start_value: float, end_value: float, *, total_steps: int) -> Schedule:
    """Go from one value to another in a straight line.

        lr(t) = start_value + (end_value - start_value) t / total_steps

    where t is the step.

    Returns
    -------
    Schedule; past `total_steps` it holds `end_value`.

    >>> LinearParamScheduler(0.25, 1.0, total_steps=100)
    linear(base_lr=0.25, end_lr=1.0, total_steps=100)
    """
    return linear(base_lr=start_value, end_lr=end_value, total_steps=total_steps)


def _staircase(values: Sequence[float], starts: Sequence[Fraction]) -> Schedule:
    """Makes stairs whose boundaries may lie between steps. Where several share a step, the last one has it."""
    stairs = {0: values[0]} | {ceil(start): value for start, value in zip(starts, values[1:], strict=True)}
    return piecewise(steps=list(stairs), values=list(stairs.values()), interpolation="step")


@foreign(
    "fvcore",
    "common.param_scheduler.MultiStepParamScheduler",
    values=other(VALUES, "the values in their order", _checks.knot_values),
    num_updates=count("the length of the run in the unit of the milestones; by default the last milestone"),
    milestones=other(
        _MILESTONES,
        "where each value but the last one ends, in ascending order; by default even shares",
        _checks.counts,
    ),
    total_steps=_run(),
)
def MultiStepParamScheduler(
    values: Sequence[float],
    num_updates: int | None = None,
    milestones: Sequence[int] | None = None,
    *,
    total_steps: int,
) -> Schedule:
    """Keep a value up to a milestone, then another one, and so on.

        lr(t) = values[i]    for milestones[i - 1] <= t num_updates / total_steps < milestones[i]

    where t is the step. Without `num_updates` the last milestone is the end of the run.

    Returns
    -------
    Schedule; past the last milestone it holds the last value.

    Raises
    ------
    ValueError if there is not one milestone less than values, or with the end of the run as many; if the milestones do
    not ascend to below the end; or if there are more values than updates.
    TypeError if neither `num_updates` nor `milestones` is given.

    >>> MultiStepParamScheduler([1.0, 0.5, 0.25], milestones=[30, 60, 90], total_steps=180)
    piecewise(steps=(0, 60, 120), values=(1.0, 0.5, 0.25), interpolation='step')
    """
    if milestones is None:
        updates = _checks.needed("num_updates or milestones", num_updates, "the boundaries")
        width = -(-updates // len(values))
        bounds = [width * (index + 1) for index in range(len(values) - 1)]
    elif num_updates is None:
        _checks.as_many("milestones", milestones, "values", values)
        *bounds, updates = milestones
    else:
        _checks.one_less("milestones", milestones, "values", values)
        bounds, updates = list(milestones), num_updates
    name = "num_updates" if milestones is None or num_updates is not None else "milestones[-1]"
    _checks.at_most("the number of values", len(values), name, updates)
    _checks.knots("milestones", [0, *bounds, updates])
    return _staircase(values, [Fraction(bound * total_steps, updates) for bound in bounds])


@foreign(
    "fvcore",
    "common.param_scheduler.PolynomialDecayParamScheduler",
    base_value=rate("the value at step 0"),
    power=exponent("the exponent", POSITIVE),
    total_steps=_run(),
)
def PolynomialDecayParamScheduler(base_value: float, power: float, *, total_steps: int) -> Schedule:
    """Go to 0 as a power of the steps that remain.

        lr(t) = base_value (1 - t / total_steps)^power

    where t is the step.

    Returns
    -------
    Schedule; past `total_steps` it holds 0.

    >>> PolynomialDecayParamScheduler(1.0, 0.9, total_steps=100)
    polynomial(base_lr=1.0, end_lr=0.0, total_steps=100, power=0.9)
    """
    return polynomial(base_lr=base_value, end_lr=0.0, total_steps=total_steps, power=power)


@foreign(
    "fvcore",
    "common.param_scheduler.StepParamScheduler",
    num_updates=factor("a positive number that fvcore does not use", POSITIVE),
    values=other(VALUES, "the values in their order", _checks.knot_values),
    total_steps=_run(),
)
def StepParamScheduler(num_updates: float, values: Sequence[float], *, total_steps: int) -> Schedule:
    """Keep each of some values for an even share of the run.

        lr(t) = values[floor(n t / total_steps)]

    where t is the step, and there are n values.

    Returns
    -------
    Schedule; past the run it holds the last value.

    >>> StepParamScheduler(120, [1.0, 0.5, 0.25], total_steps=90)
    piecewise(steps=(0, 30, 60), values=(1.0, 0.5, 0.25), interpolation='step')
    """
    return _staircase(values, [Fraction(i * total_steps, len(values)) for i in range(1, len(values))])


@foreign(
    "fvcore",
    "common.param_scheduler.StepWithFixedGammaParamScheduler",
    base_value=rate("the value at step 0", POSITIVE),
    num_decays=how_many("how often the value drops"),
    gamma=factor("the factor of a drop", POSITIVE),
    num_updates=count("a number that fvcore does not use"),
    total_steps=_run(),
)
def StepWithFixedGammaParamScheduler(
    base_value: float, num_decays: int, gamma: float, num_updates: int, *, total_steps: int
) -> Schedule:
    """Multiply the value by `gamma` at even distances, `num_decays` times in the run.

        lr(t) = base_value gamma^floor((num_decays + 1) t / total_steps)

    where t is the step.

    Returns
    -------
    Schedule; past the run it holds the last value.

    >>> StepWithFixedGammaParamScheduler(1.0, 2, 0.5, 120, total_steps=90)
    piecewise(steps=(0, 30, 60), values=(1.0, 0.5, 0.25), interpolation='step')
    """
    values = [base_value * gamma**drops for drops in range(num_decays + 1)]
    return _staircase(values, [Fraction(i * total_steps, len(values)) for i in range(1, len(values))])


def _shares(name: str, value: Any) -> list[Fraction]:
    """Checks shares of a run, and takes the numbers as they are written: 0.1 is a tenth."""
    return [
        Fraction(repr(_checks.single_number(f"{name}[{i}]", one))) for i, one in enumerate(_checks.listed(name, value))
    ]


def _scalings(name: str, value: Any) -> list[str]:
    choices = ("rescaled", "fixed")
    return [_checks.one_of(f"{name}[{i}]", one, choices) for i, one in enumerate(_checks.listed(name, value))]


def _ahead(schedule: Any, steps: Fraction) -> Any:
    """Makes a schedule that is ahead by a number of steps, which need not be whole."""
    if steps.denominator == 1:
        return advance(schedule, steps=steps.numerator) if steps else schedule
    slow = stretched(schedule, by=steps.denominator)
    return stretched(advance(slow, steps=steps.numerator), by=1 / steps.denominator)


@foreign(
    "fvcore",
    "common.param_scheduler.CompositeParamScheduler",
    schedulers=other(SCHEDULES, "schedules of this module, each made for the whole run", _checks.listed),
    lengths=other(_SHARES, "the share of the run that each has; together 1", _shares),
    interval_scaling=other(_WORDS, 'for each "rescaled" or "fixed"', _scalings),
    total_steps=_run(),
)
def CompositeParamScheduler(
    schedulers: Sequence[Callable[[int], float]],
    lengths: Sequence[float],
    interval_scaling: Sequence[str],
    *,
    total_steps: int,
) -> Schedule:
    """Run schedules one after another, each squeezed into its share of the run, or seen through it as through a window.

        lr(t) = schedulers[i]((t - s_i) / lengths[i])    if it is rescaled
        lr(t) = schedulers[i](t)                         if it is fixed

    where t is the step, and schedule i begins at s_i = total_steps (lengths[0] + ... + lengths[i - 1]), which may lie
    between steps. A length is the number that its digits say: 0.1 is a tenth.

    Returns
    -------
    Schedule; past the run the last schedule goes on.

    Raises
    ------
    ValueError if there are not as many lengths and words as schedules, if a length is not positive, if the lengths do
    not sum to 1, or if a rescaled schedule has no values between steps: a power whose length does not stay whole.

    >>> CompositeParamScheduler([LinearParamScheduler(0.0, 1.0, total_steps=100), constant(lr=1.0)], [0.1, 0.9],
    ...                         ["rescaled", "fixed"], total_steps=100)  # doctest: +NORMALIZE_WHITESPACE
    join(((10, stretched(linear(base_lr=0.0, end_lr=1.0, total_steps=100), by=0.1)),
          advance(constant(lr=1.0), steps=10)))
    """
    _checks.as_many("lengths", lengths, "schedulers", schedulers)
    _checks.as_many("interval_scaling", interval_scaling, "schedulers", schedulers)
    shares = [Fraction(length) for length in lengths]
    for index, share in enumerate(shares):
        _checks.positive(f"lengths[{index}]", float(share))
    before_last = sum(shares[:-1], Fraction(0))
    if abs(before_last + shares[-1] - 1) >= Fraction(1, 1000):
        raise ValueError(f"lengths must sum to 1, received {[float(share) for share in shares]}")
    shares[-1] = 1 - before_last
    begins = [total_steps * begin for begin in accumulate(shares[:-1], initial=Fraction(0))]
    curves = []
    for index, (schedule, begin) in enumerate(zip(schedulers, begins, strict=True)):
        if interval_scaling[index] == "fixed":
            curves.append(_ahead(schedule, Fraction(ceil(begin))))
            continue
        size = float(shares[index])
        try:
            curves.append(_ahead(stretched(schedule, by=size), ceil(begin) - begin))
        except ValueError as error:
            rule = f"be a curve that can be rescaled to {size} of the run"
            _checks.refuse_foreign(f"schedulers[{index}]", rule, schedule, str(error))
    starts = [ceil(begin) for begin in begins]
    durations = [after - before for before, after in pairwise(starts)]
    return join([*zip(durations, curves, strict=False), curves[-1]])
