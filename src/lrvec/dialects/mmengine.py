"""These are the schedulers of MMEngine by the names of its configs, as functions of the step.

A scheduler of MMEngine multiplies the rate that the optimizer has, which is the keyword `base_lr` here, from step
`begin` on and up to step `end`, which it does not reach: it holds the rate of the step before. All other parameters are
MMEngine's; `by_epoch` says what a step is, and `verbose` whether MMEngine prints the rates. Schedulers of momentum have
the same curves. Where several schedulers overlap, each multiplies what it finds: write a product of these.
"""

from __future__ import annotations

from .. import _checks
from .._registry import (
    CLOSED_UNIT,
    POSITIVE,
    UNIT_TO_ONE,
    Role,
    choice,
    count,
    divisor,
    exponent,
    factor,
    flag,
    other,
    rate,
)
from ..schedules import (
    constant,
    cosine,
    exponential,
    join,
    linear,
    mirrored,
    multi_step,
    piecewise,
    polynomial,
    sequential,
    step_decay,
)
from ._cycles import one_cycle
from ._foreign import explained, foreign
from ._turns import checked_periods

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from .._registry import Parameter
    from .._values import Schedule

__all__ = [
    "ConstantLR",
    "CosineAnnealingLR",
    "CosineRestartLR",
    "ExponentialLR",
    "LinearLR",
    "MultiStepLR",
    "OneCycleLR",
    "PolyLR",
    "StepLR",
]

_NEVER = 10**9
"""MMEngine's word for no end."""

_STEPS = Role("steps", "steps", None, "sequence of ints, in steps", is_number=False)
_FACTORS = Role("factors", "", None, "sequence of floats", is_number=False)


def _window() -> dict[str, Parameter]:
    return {
        "begin": count("the step at which the curve begins", least=0),
        "end": count("the step at which it is held, more than `begin`"),
        "by_epoch": flag("whether a step is an epoch"),
        "verbose": flag("whether MMEngine prints the rates"),
        "base_lr": rate("the rate that the optimizer has"),
    }


def _length(begin: int, end: int) -> int:
    _checks.less_than("begin", begin, "end", end)
    return end - begin


def _placed(curve: Schedule, base_lr: float, begin: int) -> Schedule:
    """Makes a curve begin at a step."""
    return join([(begin, constant(lr=base_lr)), curve]) if begin else curve


def _cut(curve: Schedule, base_lr: float, begin: int, end: int) -> Schedule:
    """Makes a curve begin at a step, and holds the rate that it has a step before the end."""
    length = _length(begin, end)
    if end == _NEVER:
        return _placed(curve, base_lr, begin)
    return sequential([*([(begin, constant(lr=base_lr))] if begin else []), (length, curve)])


def _floors() -> dict[str, Parameter]:
    return {
        "eta_min": rate("the rate at the end of a wave"),
        "eta_min_ratio": factor("that rate over `base_lr`, in its place"),
    }


@foreign(
    "mmengine",
    "optim.scheduler.StepParamScheduler",
    step_size=count("the steps between two drops"),
    gamma=factor("the factor of a drop"),
    **_window(),
)
def StepLR(
    step_size: int,
    gamma: float = 0.1,
    begin: int = 0,
    end: int = 1_000_000_000,
    by_epoch: bool = True,
    verbose: bool = False,
    *,
    base_lr: float,
) -> Schedule:
    """Multiply the rate by `gamma` every `step_size` steps.

        lr(t) = base_lr gamma^floor((t - begin) / step_size)    for begin <= t < end

    where t is the step.

    Returns
    -------
    Schedule; from `end` on it holds the rate of the step before.

    >>> StepLR(30, gamma=0.5, base_lr=1.0)
    step_decay(base_lr=1.0, step_size=30, gamma=0.5)
    """
    return _cut(step_decay(base_lr=base_lr, step_size=step_size, gamma=gamma), base_lr, begin, end)


def _milestones(name: str, value: Any) -> list[int]:
    return _checks.counts(name, value, 0)


@foreign(
    "mmengine",
    "optim.scheduler.MultiStepParamScheduler",
    milestones=other(_STEPS, "the steps of the drops, counted from `begin`, in any order", _milestones),
    gamma=factor("the factor of a drop"),
    **_window(),
)
def MultiStepLR(
    milestones: Sequence[int],
    gamma: float = 0.1,
    begin: int = 0,
    end: int = 1_000_000_000,
    by_epoch: bool = True,
    verbose: bool = False,
    *,
    base_lr: float,
) -> Schedule:
    """Multiply the rate by `gamma` at each milestone.

        lr(t) = base_lr gamma^n    for begin <= t < end

    where t is the step, and n counts the milestones m with m <= t - begin.

    Returns
    -------
    Schedule; from `end` on it holds the rate of the step before.

    >>> MultiStepLR([30, 60], gamma=0.5, base_lr=1.0)
    multi_step(base_lr=1.0, milestones=(30, 60), gamma=0.5)
    """
    later = [milestone for milestone in milestones if milestone]
    first = base_lr * gamma ** (len(milestones) - len(later))
    return _cut(multi_step(base_lr=first, milestones=later, gamma=gamma), base_lr, begin, end)


@foreign(
    "mmengine",
    "optim.scheduler.ConstantParamScheduler",
    factor=explained(
        factor("the multiple of the rate", UNIT_TO_ONE), "MMEngine refuses a factor above 1, and divides by it"
    ),
    **_window(),
)
def ConstantLR(
    factor: float = 1.0 / 3,
    begin: int = 0,
    end: int = 1_000_000_000,
    by_epoch: bool = True,
    verbose: bool = False,
    *,
    base_lr: float,
) -> Schedule:
    """Keep a part of the rate, then the whole from one step before the end on.

        lr(t) = base_lr factor    for begin <= t < end - 1
        lr(t) = base_lr           from there on

    where t is the step.

    Returns
    -------
    Schedule; from end - 1 on it holds `base_lr`, but where `end` is begin + 1 the part.

    >>> ConstantLR(0.5, end=5, base_lr=1.0)
    piecewise(steps=(0, 4), values=(0.5, 1.0), interpolation='step')
    """
    length, part = _length(begin, end), base_lr * factor
    if length == 1:
        return _placed(constant(lr=part), base_lr, begin)
    curve = piecewise(steps=[0, length - 1], values=[part, base_lr], interpolation="step")
    return _placed(curve, base_lr, begin)


@foreign(
    "mmengine",
    "optim.scheduler.ExponentialParamScheduler",
    gamma=factor("the factor of a step"),
    **_window(),
)
def ExponentialLR(
    gamma: float,
    begin: int = 0,
    end: int = 1_000_000_000,
    by_epoch: bool = True,
    verbose: bool = False,
    *,
    base_lr: float,
) -> Schedule:
    """Multiply the rate by `gamma` at each step.

        lr(t) = base_lr gamma^(t - begin)    for begin <= t < end

    where t is the step.

    Returns
    -------
    Schedule; from `end` on it holds the rate of the step before.

    >>> ExponentialLR(0.5, base_lr=1.0)
    exponential(base_lr=1.0, gamma=0.5)
    """
    return _cut(exponential(base_lr=base_lr, gamma=gamma), base_lr, begin, end)


@foreign(
    "mmengine",
    "optim.scheduler.CosineAnnealingParamScheduler",
    T_max=count("the steps of half a wave, by default those from `begin` to `end`"),
    **_floors(),
    **_window(),
)
def CosineAnnealingLR(
    T_max: int | None = None,
    eta_min: float | None = None,
    begin: int = 0,
    end: int = 1_000_000_000,
    by_epoch: bool = True,
    verbose: bool = False,
    eta_min_ratio: float | None = None,
    *,
    base_lr: float,
) -> Schedule:
    """Go from the rate to `eta_min` along half a cosine wave, then back, and so on.

        lr(t) = eta_min + (base_lr - eta_min) (1 + cos(pi (t - begin) / T_max)) / 2    for begin <= t < end

    where t is the step.

    Returns
    -------
    Schedule; from `end` on it holds the rate of the step before, which is not quite `eta_min`.

    Raises
    ------
    TypeError if both of `eta_min` and `eta_min_ratio` are given.

    Source: Loshchilov and Hutter, SGDR, arXiv 1608.03983.

    >>> CosineAnnealingLR(end=100, base_lr=1.0)
    sequential(((100, cosine(base_lr=1.0, min_lr=0.0, total_steps=100)),))
    """
    if eta_min is None and eta_min_ratio is None:
        eta_min = 0.0
    length, floor = _length(begin, end), _floor(base_lr, eta_min, eta_min_ratio)
    half = length if T_max is None else T_max
    wave = cosine(base_lr=base_lr, min_lr=floor, total_steps=half)
    return _cut(wave if half >= length else mirrored(wave, length=half), base_lr, begin, end)


def _floor(base_lr: float, eta_min: float | None, eta_min_ratio: float | None) -> float:
    _checks.exactly_one(eta_min=eta_min, eta_min_ratio=eta_min_ratio)
    return base_lr * eta_min_ratio if eta_min is None else eta_min  # type: ignore[operator]


@foreign(
    "mmengine",
    "optim.scheduler.LinearParamScheduler",
    start_factor=explained(factor("the multiple of the rate at `begin`", UNIT_TO_ONE), "MMEngine divides by it"),
    end_factor=factor("the multiple of the rate a step before the end", CLOSED_UNIT),
    **_window(),
)
def LinearLR(
    start_factor: float = 1.0 / 3,
    end_factor: float = 1.0,
    begin: int = 0,
    end: int = 1_000_000_000,
    by_epoch: bool = True,
    verbose: bool = False,
    *,
    base_lr: float,
) -> Schedule:
    """Go from one multiple of the rate to another in a straight line, up to one step before the end.

        lr(t) = base_lr (start_factor + (end_factor - start_factor) (t - begin) / (end - begin - 1))

    where t is the step.

    Returns
    -------
    Schedule; from end - 1 on it holds base_lr end_factor, but where `end` is begin + 1 base_lr start_factor.

    >>> LinearLR(0.25, end=5, base_lr=1.0)
    linear(base_lr=0.25, end_lr=1.0, total_steps=4)
    """
    length, first = _length(begin, end), base_lr * start_factor
    if length == 1:
        return _placed(constant(lr=first), base_lr, begin)
    return _placed(linear(base_lr=first, end_lr=base_lr * end_factor, total_steps=length - 1), base_lr, begin)


@foreign(
    "mmengine",
    "optim.scheduler.PolyParamScheduler",
    eta_min=rate("the rate a step before the end"),
    power=exponent("the exponent; with 0 the rate stays at `base_lr`"),
    **_window(),
)
def PolyLR(
    eta_min: float = 0.0,
    power: float = 1.0,
    begin: int = 0,
    end: int = 1_000_000_000,
    by_epoch: bool = True,
    verbose: bool = False,
    *,
    base_lr: float,
) -> Schedule:
    """Decay as a power of the steps that remain, up to one step before the end.

        lr(t) = eta_min + (base_lr - eta_min) (1 - (t - begin) / (end - begin - 1))^power

    where t is the step.

    Returns
    -------
    Schedule; from end - 1 on it holds `eta_min`, but where `end` is begin + 1 `base_lr`.

    >>> PolyLR(power=0.9, end=101, base_lr=1.0)
    polynomial(base_lr=1.0, end_lr=0.0, total_steps=100, power=0.9)
    """
    length = _length(begin, end)
    if length == 1:
        return constant(lr=base_lr)
    curve = polynomial(base_lr=base_lr, end_lr=eta_min, total_steps=length - 1, power=power)
    return _placed(curve, base_lr, begin)


def _weights(name: str, value: Any) -> list[float]:
    return [_checks.single_number(f"{name}[{i}]", one) for i, one in enumerate(_checks.listed(name, value))]


@foreign(
    "mmengine",
    "optim.scheduler.CosineRestartParamScheduler",
    periods=other(_STEPS, "the steps of each cycle", checked_periods),
    restart_weights=other(_FACTORS, "the peak of each cycle over `base_lr`", _weights),
    **_floors(),
    **_window(),
)
def CosineRestartLR(
    periods: Sequence[int],
    restart_weights: Sequence[float] = (1,),
    eta_min: float | None = None,
    eta_min_ratio: float | None = None,
    begin: int = 0,
    end: int = 1_000_000_000,
    by_epoch: bool = True,
    verbose: bool = False,
    *,
    base_lr: float,
) -> Schedule:
    """Go from a peak to `eta_min` along half a cosine wave, in one cycle after another.

        lr(t) = eta_min + (base_lr restart_weights[i] - eta_min) (1 + cos(pi s / periods[i])) / 2

    where t is the step, and s counts the steps since cycle i began; the first cycle begins at step `begin`.

    Returns
    -------
    Schedule; from `end` on, or behind the last cycle, it holds the rate of the step before.

    Raises
    ------
    ValueError if there are not as many weights as periods.
    TypeError if not exactly one of `eta_min` and `eta_min_ratio` is given.

    Source: Loshchilov and Hutter, SGDR, arXiv 1608.03983.

    >>> CosineRestartLR([10, 20], [1.0, 0.5], eta_min=0.0, base_lr=1.0)  # doctest: +NORMALIZE_WHITESPACE
    sequential(((10, cosine(base_lr=1.0, min_lr=0.0, total_steps=10)),
                (20, cosine(base_lr=0.5, min_lr=0.0, total_steps=20))))
    """
    _checks.as_many("restart_weights", restart_weights, "periods", periods)
    length, floor = _length(begin, end), _floor(base_lr, eta_min, eta_min_ratio)
    cycles = sequential(
        [
            (steps, cosine(base_lr=base_lr * weight, min_lr=floor, total_steps=steps))
            for steps, weight in zip(periods, restart_weights, strict=True)
        ]
    )
    if sum(periods) <= length:
        return _placed(cycles, base_lr, begin)
    return _cut(cycles, base_lr, begin, end)


@foreign(
    "mmengine",
    "optim.scheduler.OneCycleParamScheduler",
    eta_max=explained(rate("the rate at the peak", POSITIVE), "with MMEngine's own default, 0, nothing is learned"),
    total_steps=count("the steps of the cycle, from `begin` on; by default those up to `end`"),
    pct_start=factor("the share of the steps at whose last one the peak is", CLOSED_UNIT),
    anneal_strategy=choice("the curve of each phase", ("cos", "linear")),
    div_factor=divisor("the peak over the first rate"),
    final_div_factor=divisor("the first rate over the last one"),
    three_phase=flag("whether the rate goes back to the first one before it goes to the last one"),
    **_window(),
)
def OneCycleLR(
    eta_max: float = 0,
    total_steps: int | None = None,
    pct_start: float = 0.3,
    anneal_strategy: str = "cos",
    div_factor: float = 25.0,
    final_div_factor: float = 1e4,
    three_phase: bool = False,
    begin: int = 0,
    end: int = 1_000_000_000,
    by_epoch: bool = True,
    verbose: bool = False,
    *,
    base_lr: float | None = None,
) -> Schedule:
    """Go up to a rate and down to a small one, on phases that may end between steps (the one-cycle policy).

        lr(t) = b + (a - b) f((t - begin - s) / (e - s))    in the phase from a at s to b at e

    where t is the step, f(u) is (1 + cos(pi u)) / 2 for the strategy "cos" and 1 - u for "linear", and the phases go
    from first = eta_max / div_factor at 0 to `eta_max` at pct_start total_steps - 1, with `three_phase` back to first
    at 2 pct_start total_steps - 2, and to first / final_div_factor at total_steps - 1. The rate that the optimizer has
    stands before step `begin` only.

    Returns
    -------
    Schedule; from the end of the cycle on it holds the last rate, or from `end` on the one of the step before.
    MMEngine raises two steps behind a cycle that ends before `end`.

    Raises
    ------
    ValueError if a phase would have no length.
    TypeError if `base_lr` is not given, and the cycle begins behind step 0.

    Source: Smith and Topin, Super-Convergence, arXiv 1708.07120.

    >>> OneCycleLR(1.0, 9, pct_start=0.5, anneal_strategy="linear", div_factor=4.0, final_div_factor=2.0)
    piecewise(steps=(0, 3.5, 8), values=(0.25, 1.0, 0.125), interpolation='linear')
    """
    steps = _length(begin, end) if total_steps is None else total_steps
    first = _checks.quotient("eta_max", eta_max, "div_factor", div_factor)
    last = _checks.quotient("eta_max / div_factor", first, "final_div_factor", final_div_factor)
    values = [first, eta_max, *([first] if three_phase else []), last]
    curve = one_cycle(steps, "pct_start", pct_start, values, anneal_strategy, "MMEngine")
    before = _checks.needed("base_lr", base_lr, "the rate before `begin`") if begin else 0.0
    return _cut(curve, before, begin, end)
