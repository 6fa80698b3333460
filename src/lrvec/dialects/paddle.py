"""These are the schedulers of paddle by their own names, with its parameters, as functions of the step.

paddle goes from one rate to the next in some of them, and its rounding adds up; here each rate is computed by itself.
`verbose` lets paddle print each rate, and changes none.
"""

from __future__ import annotations

from math import exp

from .. import _checks
from .._registry import (
    CLOSED_UNIT,
    FACTOR,
    KNOTS,
    NON_NEGATIVE,
    POSITIVE,
    SCHEDULE,
    UNIT,
    UNIT_TO_ONE,
    VALUES,
    choice,
    count,
    divisor,
    exponent,
    factor,
    flag,
    how_many,
    other,
    rate,
    schedule,
)
from ..schedules import (
    constant,
    cosine,
    cosine_restarts,
    exponential,
    inverse_time,
    join,
    linear,
    mirrored,
    multi_step,
    noam,
    piecewise,
    scaled,
    step_decay,
    stretched,
)
from . import keras, torch
from ._cycles import one_cycle
from ._foreign import explained, foreign, no_function

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from .._registry import Parameter
    from .._values import Schedule

__all__ = [
    "CosineAnnealingDecay",
    "CosineAnnealingWarmRestarts",
    "CyclicLR",
    "ExponentialDecay",
    "InverseTimeDecay",
    "LambdaDecay",
    "LinearLR",
    "LinearWarmup",
    "MultiStepDecay",
    "NaturalExpDecay",
    "NoamDecay",
    "OneCycleLR",
    "PiecewiseDecay",
    "PolynomialDecay",
    "StepDecay",
]


def _first() -> Parameter:
    return rate("the rate at step 0", NON_NEGATIVE)


def _verbose() -> Parameter:
    return flag("whether paddle prints the rates")


def _below_one(about: str) -> Parameter:
    def check(name: str, value: Any) -> float:
        if (checked := _checks.finite(name, value)) >= 1.0:
            raise ValueError(f"{name} must be less than 1, received {value}")
        return checked

    return other(FACTOR, about, check)


@foreign(
    "paddle",
    "optimizer.lr.NoamDecay",
    d_model=how_many("the width of the model"),
    warmup_steps=count("the steps of the warmup"),
    learning_rate=factor("the multiple of the rate", NON_NEGATIVE),
    verbose=_verbose(),
)
def NoamDecay(d_model: int, warmup_steps: int, learning_rate: float = 1.0, verbose: bool = False) -> Schedule:
    """Warm up linearly, then decay with the inverse square root of the step, at a height that the model's width gives.

        lr(t) = learning_rate min(1 / sqrt(t), t / warmup_steps^1.5) / sqrt(d_model)

    where t is the step.

    Returns
    -------
    Schedule; it has no end.

    Source: Vaswani et al., Attention Is All You Need, arXiv 1706.03762.

    >>> NoamDecay(512, 4000)
    noam(model_dim=512, warmup_steps=4000, factor=1.0)
    """
    return noam(model_dim=d_model, warmup_steps=warmup_steps, factor=learning_rate)


@foreign(
    "paddle",
    "optimizer.lr.PiecewiseDecay",
    boundaries=other(KNOTS, "the first step of each rate but the first one, in ascending order", _checks.knots),
    values=other(VALUES, "the rates, one more", _checks.knot_values),
    verbose=_verbose(),
)
def PiecewiseDecay(boundaries: Sequence[int], values: Sequence[float], verbose: bool = False) -> Schedule:
    """Keep a rate up to a step, then another one, and so on.

        lr(t) = values[i]    for boundaries[i - 1] <= t < boundaries[i]

    where t is the step.

    Returns
    -------
    Schedule; from the last boundary on it holds the last rate.

    >>> PiecewiseDecay([30, 60], [1.0, 0.5, 0.25])
    piecewise(steps=(0, 30, 60), values=(1.0, 0.5, 0.25), interpolation='step')
    """
    _checks.one_less("boundaries", boundaries, "values", values)
    if boundaries[0] == 0:
        return piecewise(steps=boundaries, values=values[1:], interpolation="step")
    return piecewise(steps=[0, *boundaries], values=values, interpolation="step")


@foreign(
    "paddle",
    "optimizer.lr.NaturalExpDecay",
    learning_rate=_first(),
    gamma=factor("how fast the rate falls", POSITIVE),
    verbose=_verbose(),
)
def NaturalExpDecay(learning_rate: float, gamma: float, verbose: bool = False) -> Schedule:
    """Decay exponentially.

        lr(t) = learning_rate exp(-gamma t)

    where t is the step.

    Returns
    -------
    Schedule; it has no end.

    >>> NaturalExpDecay(0.5, gamma=0.125)
    stretched(exponential(base_lr=0.5, gamma=0.36787944117144233), by=8)
    """
    return stretched(exponential(base_lr=learning_rate, gamma=exp(-1.0)), by=1.0 / gamma)


@foreign(
    "paddle",
    "optimizer.lr.InverseTimeDecay",
    learning_rate=_first(),
    gamma=explained(
        factor("what the divisor grows by at each step", NON_NEGATIVE), "below 0 the divisor of paddle meets 0"
    ),
    verbose=_verbose(),
)
def InverseTimeDecay(learning_rate: float, gamma: float, verbose: bool = False) -> Schedule:
    """Divide the rate by a number that grows with the step.

        lr(t) = learning_rate / (1 + gamma t)

    where t is the step.

    Returns
    -------
    Schedule; it has no end.

    >>> InverseTimeDecay(0.5, gamma=0.125)
    inverse_time(base_lr=0.5, decay_rate=0.125, decay_steps=1)
    """
    if gamma == 0.0:
        return constant(lr=learning_rate)
    return inverse_time(base_lr=learning_rate, decay_rate=gamma, decay_steps=1)


@foreign(
    "paddle",
    "optimizer.lr.PolynomialDecay",
    learning_rate=_first(),
    decay_steps=count("the steps from the first rate to the last one"),
    end_lr=rate("the rate at the end"),
    power=exponent("the exponent", POSITIVE),
    cycle=flag("whether the rate jumps up behind the end, and comes down again, ever slower"),
    verbose=_verbose(),
)
def PolynomialDecay(
    learning_rate: float,
    decay_steps: int,
    end_lr: float = 0.0001,
    power: float = 1.0,
    cycle: bool = False,
    verbose: bool = False,
) -> Schedule:
    """Go from one rate to another as a power of the steps that remain, once or in cycles.

        lr(t) = end_lr + (learning_rate - end_lr) (1 - t / T)^power

    where t is the step, and T is decay_steps. In cycles T is the first multiple of decay_steps that is at least t, so
    cycle i, counted from 1, begins at the height 1 / i.

    Returns
    -------
    Schedule; past `decay_steps` it holds `end_lr`, or goes on in cycles.

    >>> PolynomialDecay(1.0, decay_steps=100, end_lr=0.0, power=2.0)
    polynomial(base_lr=1.0, end_lr=0.0, total_steps=100, power=2.0)
    """
    return keras.PolynomialDecay(learning_rate, decay_steps, end_lr, power, cycle)


def _rate_or_schedule(name: str, value: Any) -> Any:
    return _checks.schedule(name, value) if callable(value) else constant(lr=_checks.single_number(name, value))


@foreign(
    "paddle",
    "optimizer.lr.LinearWarmup",
    learning_rate=other(SCHEDULE, "the rate behind the warmup, or the schedule that begins there", _rate_or_schedule),
    warmup_steps=count("the steps of the warmup"),
    start_lr=rate("the rate at step 0"),
    end_lr=rate("the rate that the warmup goes to, more than `start_lr`"),
    verbose=_verbose(),
)
def LinearWarmup(
    learning_rate: float | Callable[[int], float],
    warmup_steps: int,
    start_lr: float,
    end_lr: float,
    verbose: bool = False,
) -> Schedule:
    """Go up in a straight line, then keep a rate, or run a schedule on a clock of its own.

        lr(t) = start_lr + (end_lr - start_lr) t / warmup_steps    for t < warmup_steps
        lr(t) = learning_rate(t - warmup_steps)                    from there on

    where t is the step. The schedule need not begin at `end_lr`.

    Returns
    -------
    Schedule; past its end it does what the schedule does past its own.

    Raises
    ------
    ValueError if start_lr is not less than end_lr.

    >>> LinearWarmup(StepDecay(0.5, 30), 10, start_lr=0.0, end_lr=0.5)
    join(((10, linear(base_lr=0.0, end_lr=0.5, total_steps=10)), step_decay(base_lr=0.5, step_size=30, gamma=0.1)))
    """
    _checks.less_than("start_lr", start_lr, "end_lr", end_lr)
    line = linear(base_lr=start_lr, end_lr=end_lr, total_steps=warmup_steps)
    after: Any = learning_rate  # a schedule: the check has made one of a number
    return join([(warmup_steps, line), after])


@foreign(
    "paddle",
    "optimizer.lr.ExponentialDecay",
    learning_rate=_first(),
    gamma=factor("the factor of a step", UNIT),
    verbose=_verbose(),
)
def ExponentialDecay(learning_rate: float, gamma: float, verbose: bool = False) -> Schedule:
    """Multiply the rate by `gamma` at each step.

        lr(t) = learning_rate gamma^t

    where t is the step.

    Returns
    -------
    Schedule; it has no end.

    >>> ExponentialDecay(1.0, gamma=0.5)
    exponential(base_lr=1.0, gamma=0.5)
    """
    return exponential(base_lr=learning_rate, gamma=gamma)


def _milestones(name: str, value: Any) -> tuple[int, ...]:
    found = _checks.counts(name, value, 0)
    return _checks.knots(name, found) if found else ()


@foreign(
    "paddle",
    "optimizer.lr.MultiStepDecay",
    learning_rate=_first(),
    milestones=other(KNOTS, "the steps of the drops, in ascending order", _milestones),
    gamma=_below_one("the factor of a drop, less than 1"),
    verbose=_verbose(),
)
def MultiStepDecay(
    learning_rate: float, milestones: Sequence[int], gamma: float = 0.1, verbose: bool = False
) -> Schedule:
    """Multiply the rate by `gamma` at each milestone.

        lr(t) = learning_rate gamma^n

    where t is the step, and n counts the milestones m with m <= t.

    Returns
    -------
    Schedule; past the last milestone it holds the rate that it has there.

    >>> MultiStepDecay(1.0, [30, 60], gamma=0.5)
    multi_step(base_lr=1.0, milestones=(30, 60), gamma=0.5)
    """
    first = learning_rate * gamma if 0 in milestones else learning_rate
    return multi_step(base_lr=first, milestones=[one for one in milestones if one], gamma=gamma)


@foreign(
    "paddle",
    "optimizer.lr.StepDecay",
    learning_rate=_first(),
    step_size=count("the steps between two drops"),
    gamma=_below_one("the factor of a drop, less than 1"),
    verbose=_verbose(),
)
def StepDecay(learning_rate: float, step_size: int, gamma: float = 0.1, verbose: bool = False) -> Schedule:
    """Multiply the rate by `gamma` every `step_size` steps.

        lr(t) = learning_rate gamma^floor(t / step_size)

    where t is the step.

    Returns
    -------
    Schedule; it has no end.

    >>> StepDecay(1.0, 30, gamma=0.5)
    step_decay(base_lr=1.0, step_size=30, gamma=0.5)
    """
    return step_decay(base_lr=learning_rate, step_size=step_size, gamma=gamma)


@foreign(
    "paddle",
    "optimizer.lr.LambdaDecay",
    learning_rate=_first(),
    lr_lambda=schedule("a schedule or another callable from a step to a multiple of the rate"),
    verbose=_verbose(),
)
def LambdaDecay(learning_rate: float, lr_lambda: Callable[[int], float], verbose: bool = False) -> Schedule:
    """Multiply a rate by what a function gives.

        lr(t) = learning_rate lr_lambda(t)

    where t is the step. Only a schedule of lrvec as the function makes a value that can be written as JSON.

    Returns
    -------
    Schedule; past its end it does what `lr_lambda` does.

    >>> LambdaDecay(0.5, linear(base_lr=1.0, end_lr=0.0, total_steps=10))
    scaled(linear(base_lr=1.0, end_lr=0.0, total_steps=10), factor=0.5, offset=0.0)
    """
    return scaled(lr_lambda, factor=learning_rate)


@foreign(
    "paddle",
    "optimizer.lr.CosineAnnealingDecay",
    learning_rate=_first(),
    T_max=count("the step at which the last rate is reached"),
    eta_min=rate("the rate there"),
    verbose=_verbose(),
)
def CosineAnnealingDecay(learning_rate: float, T_max: int, eta_min: float = 0.0, verbose: bool = False) -> Schedule:
    """Go from the rate to `eta_min` along half a cosine wave, then back, and so on.

        lr(t) = eta_min + (learning_rate - eta_min) (1 + cos(pi t / T_max)) / 2

    where t is the step.

    Returns
    -------
    Schedule; it has no end: past `T_max` the rate goes up again. `cosine` stays down.

    Source: Loshchilov and Hutter, SGDR, arXiv 1608.03983.

    >>> CosineAnnealingDecay(1.0, 100)
    mirrored(cosine(base_lr=1.0, min_lr=0.0, total_steps=100), length=100)
    """
    return mirrored(cosine(base_lr=learning_rate, min_lr=eta_min, total_steps=T_max), length=T_max)


@foreign(
    "paddle",
    "optimizer.lr.OneCycleLR",
    max_learning_rate=rate("the rate at the peak", NON_NEGATIVE),
    total_steps=count("the steps of the run"),
    divide_factor=divisor("the peak over the first rate"),
    end_learning_rate=rate("the last rate", NON_NEGATIVE),
    phase_pct=factor("the share of the steps at whose last one the peak is", CLOSED_UNIT),
    anneal_strategy=choice("the curve of each phase", ("cos", "linear")),
    three_phase=flag("whether the rate goes back to the first one before it goes to the last one"),
    verbose=_verbose(),
)
def OneCycleLR(
    max_learning_rate: float,
    total_steps: int,
    divide_factor: float = 25.0,
    end_learning_rate: float = 0.0001,
    phase_pct: float = 0.3,
    anneal_strategy: str = "cos",
    three_phase: bool = False,
    verbose: bool = False,
) -> Schedule:
    """Go up to a rate and down to a small one, on phases that may end between steps (the one-cycle policy).

        lr(t) = b + (a - b) f((t - s) / (e - s))    in the phase from a at s to b at e

    where t is the step, f(u) is (1 + cos(pi u)) / 2 for the strategy "cos" and 1 - u for "linear", and the phases go
    from first = max_learning_rate / divide_factor at step 0 to `max_learning_rate` at phase_pct total_steps - 1, with
    `three_phase` back to first at 2 phase_pct total_steps - 2, and to `end_learning_rate` at total_steps - 1. No step
    meets a peak that is between steps.

    Returns
    -------
    Schedule; from step total_steps - 1 on it holds the last rate. paddle gives one more rate, beyond the end, and then
    raises.

    Raises
    ------
    ValueError if a phase would have no length.

    Source: Smith and Topin, Super-Convergence, arXiv 1708.07120.

    >>> OneCycleLR(1.0, 9, divide_factor=4.0, end_learning_rate=0.125, phase_pct=0.5, anneal_strategy="linear")
    piecewise(steps=(0, 3.5, 8), values=(0.25, 1.0, 0.125), interpolation='linear')
    """
    first = _checks.quotient("max_learning_rate", max_learning_rate, "divide_factor", divide_factor)
    values = [first, max_learning_rate, *([first] if three_phase else []), end_learning_rate]
    return one_cycle(total_steps, "phase_pct", phase_pct, values, anneal_strategy, "paddle")


@foreign(
    "paddle",
    "optimizer.lr.CyclicLR",
    base_learning_rate=rate("the rate at the feet", NON_NEGATIVE),
    max_learning_rate=rate("the rate at the peaks, the first ones if the mode makes them lower", NON_NEGATIVE),
    step_size_up=count("the steps from a foot to a peak"),
    step_size_down=count("the steps from a peak to a foot; by default `step_size_up`"),
    mode=choice("how the swing changes", ("triangular", "triangular2", "exp_range")),
    exp_gamma=factor("by the mode exp_range, the factor of a step for the swing"),
    scale_fn=other(SCHEDULE, "nothing but None: paddle takes a function here", no_function),
    scale_mode=choice("what paddle would call such a function with", ("cycle", "iterations")),
    verbose=_verbose(),
)
def CyclicLR(
    base_learning_rate: float,
    max_learning_rate: float,
    step_size_up: int,
    step_size_down: int | None = None,
    mode: str = "triangular",
    exp_gamma: float = 1.0,
    scale_fn: None = None,
    scale_mode: str = "cycle",
    verbose: bool = False,
) -> Schedule:
    """Go up and down between two rates in straight lines.

        lr(t) = base_learning_rate + (max_learning_rate - base_learning_rate) h(t) f(t)

    where t is the step, h goes from 0 to 1 in `step_size_up` steps and back in `step_size_down` steps, and by `mode`

        triangular     f(t) = 1
        triangular2    f(t) = 1 / 2^c in cycle c, counted from 0
        exp_range      f(t) = exp_gamma^t

    Returns
    -------
    Schedule; it has no end.

    Source: Smith, Cyclical Learning Rates for Training Neural Networks, arXiv 1506.01186.

    >>> CyclicLR(0.25, 1.0, step_size_up=4, mode="triangular2")
    triangular2(min_lr=0.25, max_lr=1.0, step_size=4)
    """
    return torch.CyclicLR(base_learning_rate, max_learning_rate, step_size_up, step_size_down, mode, exp_gamma)


@foreign(
    "paddle",
    "optimizer.lr.LinearLR",
    learning_rate=rate("the rate that the factors multiply", NON_NEGATIVE),
    total_steps=count("the step at which the end is reached"),
    start_factor=factor("the multiple of the rate at step 0", UNIT_TO_ONE),
    end_factor=factor("the multiple of the rate at the end", CLOSED_UNIT),
    verbose=_verbose(),
)
def LinearLR(
    learning_rate: float,
    total_steps: int,
    start_factor: float = 1.0 / 3,
    end_factor: float = 1.0,
    verbose: bool = False,
) -> Schedule:
    """Go from one multiple of the rate to another in a straight line.

        lr(t) = learning_rate (start_factor + (end_factor - start_factor) t / total_steps)

    where t is the step.

    Returns
    -------
    Schedule; past `total_steps` it holds learning_rate end_factor.

    >>> LinearLR(1.0, 4, start_factor=0.25)
    linear(base_lr=0.25, end_lr=1.0, total_steps=4)
    """
    first, last = learning_rate * start_factor, learning_rate * end_factor
    return linear(base_lr=first, end_lr=last, total_steps=total_steps)


@foreign(
    "paddle",
    "optimizer.lr.CosineAnnealingWarmRestarts",
    learning_rate=_first(),
    T_0=count("the steps of the first cycle"),
    T_mult=how_many("the length of a cycle over that of the one before"),
    eta_min=rate("the rate at the end of a cycle"),
    verbose=_verbose(),
)
def CosineAnnealingWarmRestarts(
    learning_rate: float, T_0: int, T_mult: int = 1, eta_min: float = 0.0, verbose: bool = False
) -> Schedule:
    """Go from the rate to `eta_min` along half a cosine wave, again and again.

        lr(t) = eta_min + (learning_rate - eta_min) (1 + cos(pi s / n)) / 2

    where t is the step, s counts the steps since the last restart, and n = T_0 T_mult^i is the length of cycle i.

    Returns
    -------
    Schedule; it has no end.

    Source: Loshchilov and Hutter, SGDR, arXiv 1608.03983.

    >>> CosineAnnealingWarmRestarts(1.0, 10, T_mult=2)
    cosine_restarts(base_lr=1.0, min_lr=0.0, period=10, t_mult=2)
    """
    return cosine_restarts(base_lr=learning_rate, min_lr=eta_min, period=T_0, t_mult=T_mult)
