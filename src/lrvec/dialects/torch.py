"""These are the schedulers of torch by their own names, as functions of the step.

A scheduler multiplies the rate that its optimizer has. That rate is the keyword `base_lr` here, unless the scheduler
sets it. All other parameters are torch's. Most of torch's schedulers go from one rate to the next by a factor, and
their rounding adds up; here each rate is computed by itself.
"""

from __future__ import annotations

from .. import _checks
from .._registry import (
    CLOSED_UNIT,
    POSITIVE,
    SCHEDULES,
    UNIT_TO_ONE,
    Role,
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
    cyclic,
    exp_range,
    exponential,
    linear,
    mirrored,
    multi_step,
    piecewise,
    polynomial,
    product,
    scaled,
    step_decay,
    triangular,
    triangular2,
)
from ._cycles import one_cycle
from ._foreign import explained, foreign, no_function
from ._turns import beginnings, in_turn, schedules

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from .._registry import Parameter
    from .._values import Schedule

__all__ = [
    "SWALR",
    "ChainedScheduler",
    "ConstantLR",
    "CosineAnnealingLR",
    "CosineAnnealingWarmRestarts",
    "CyclicLR",
    "CyclicMomentum",
    "ExponentialLR",
    "LambdaLR",
    "LinearLR",
    "MultiStepLR",
    "OneCycleLR",
    "OneCycleMomentum",
    "PolynomialLR",
    "SequentialLR",
    "StepLR",
]

_FUNCTION = Role("function", "", None, "callable", is_number=False)


def _optimizers() -> Parameter:
    return rate("the rate that the optimizer has before the scheduler is made")


def _iterations(about: str, why: str) -> Parameter:
    return explained(count(about), why)


@foreign(
    "torch",
    "optim.lr_scheduler.LambdaLR",
    lr_lambda=schedule("a schedule or another callable from a step to a multiple of the rate"),
    base_lr=_optimizers(),
)
def LambdaLR(lr_lambda: Callable[[int], float], *, base_lr: float) -> Schedule:
    """Multiply the optimizer's rate by what a function gives.

        lr(t) = base_lr lr_lambda(t)

    where t is the step. Only a schedule of lrvec as the function makes a value that can be written as JSON.

    Returns
    -------
    Schedule; past its end it does what `lr_lambda` does.

    >>> LambdaLR(linear(base_lr=1.0, end_lr=0.0, total_steps=10), base_lr=0.5)
    scaled(linear(base_lr=1.0, end_lr=0.0, total_steps=10), factor=0.5, offset=0.0)
    """
    return scaled(lr_lambda, factor=base_lr)


@foreign(
    "torch",
    "optim.lr_scheduler.StepLR",
    step_size=count("the steps between two drops"),
    gamma=factor("the factor of a drop"),
    base_lr=_optimizers(),
)
def StepLR(step_size: int, gamma: float = 0.1, *, base_lr: float) -> Schedule:
    """Multiply the rate by `gamma` every `step_size` steps.

        lr(t) = base_lr gamma^floor(t / step_size)

    where t is the step.

    Returns
    -------
    Schedule; it has no end.

    >>> StepLR(30, gamma=0.5, base_lr=1.0)
    step_decay(base_lr=1.0, step_size=30, gamma=0.5)
    """
    return step_decay(base_lr=base_lr, step_size=step_size, gamma=gamma)


_STEPS = Role("steps", "steps", None, "sequence of ints, in steps", is_number=False)


def _milestones(name: str, value: Any) -> list[int]:
    return _checks.counts(name, value, 0)


@foreign(
    "torch",
    "optim.lr_scheduler.MultiStepLR",
    milestones=other(_STEPS, "the steps of the drops, in any order; one that stands twice counts twice", _milestones),
    gamma=factor("the factor of a drop"),
    base_lr=_optimizers(),
)
def MultiStepLR(milestones: Sequence[int], gamma: float = 0.1, *, base_lr: float) -> Schedule:
    """Multiply the rate by `gamma` at each milestone.

        lr(t) = base_lr gamma^n

    where t is the step, and n counts the milestones m with m <= t. A milestone is an integer: torch never meets another
    one, and says nothing.

    Returns
    -------
    Schedule; past the last milestone it holds the rate that it has there.

    >>> MultiStepLR([30, 60], gamma=0.5, base_lr=1.0)
    multi_step(base_lr=1.0, milestones=(30, 60), gamma=0.5)
    """
    later = [milestone for milestone in milestones if milestone]
    first = base_lr * gamma ** (len(milestones) - len(later))
    return multi_step(base_lr=first, milestones=later, gamma=gamma)


@foreign(
    "torch",
    "optim.lr_scheduler.ConstantLR",
    factor=explained(
        factor("the multiple of the rate", UNIT_TO_ONE), "torch refuses a factor outside 0 to 1, and divides by it"
    ),
    total_iters=_iterations("the step at which the whole rate comes back", "for 0 torch keeps the factor for ever"),
    base_lr=_optimizers(),
)
def ConstantLR(factor: float = 1.0 / 3, total_iters: int = 5, *, base_lr: float) -> Schedule:
    """Keep a part of the rate for some steps, then the whole.

        lr(t) = base_lr factor    for t < total_iters
        lr(t) = base_lr           from there on

    where t is the step.

    Returns
    -------
    Schedule; from `total_iters` on it holds `base_lr`.

    >>> ConstantLR(0.5, total_iters=4, base_lr=1.0)
    piecewise(steps=(0, 4), values=(0.5, 1.0), interpolation='step')
    """
    return piecewise(steps=[0, total_iters], values=[base_lr * factor, base_lr], interpolation="step")


@foreign(
    "torch",
    "optim.lr_scheduler.LinearLR",
    start_factor=factor("the multiple of the rate at step 0", UNIT_TO_ONE),
    end_factor=factor("the multiple of the rate at the end", CLOSED_UNIT),
    total_iters=_iterations("the step at which the end is reached", "for 0 torch keeps start_factor for ever"),
    base_lr=_optimizers(),
)
def LinearLR(
    start_factor: float = 1.0 / 3, end_factor: float = 1.0, total_iters: int = 5, *, base_lr: float
) -> Schedule:
    """Go from one multiple of the rate to another in a straight line.

        lr(t) = base_lr (start_factor + (end_factor - start_factor) t / total_iters)

    where t is the step.

    Returns
    -------
    Schedule; past `total_iters` it holds base_lr end_factor.

    >>> LinearLR(0.25, total_iters=4, base_lr=1.0)
    linear(base_lr=0.25, end_lr=1.0, total_steps=4)
    """
    return linear(base_lr=base_lr * start_factor, end_lr=base_lr * end_factor, total_steps=total_iters)


@foreign("torch", "optim.lr_scheduler.ExponentialLR", gamma=factor("the factor of a step"), base_lr=_optimizers())
def ExponentialLR(gamma: float, *, base_lr: float) -> Schedule:
    """Multiply the rate by `gamma` at each step.

        lr(t) = base_lr gamma^t

    where t is the step.

    Returns
    -------
    Schedule; it has no end.

    >>> ExponentialLR(0.5, base_lr=1.0)
    exponential(base_lr=1.0, gamma=0.5)
    """
    return exponential(base_lr=base_lr, gamma=gamma)


@foreign(
    "torch",
    "optim.lr_scheduler.PolynomialLR",
    total_iters=_iterations("the step at which the rate is 0", "for 0 torch keeps the optimizer's rate for ever"),
    power=exponent("the exponent; with 0 the rate stays at `base_lr`"),
    base_lr=_optimizers(),
)
def PolynomialLR(total_iters: int = 5, power: float = 1.0, *, base_lr: float) -> Schedule:
    """Go to 0 as a power of the steps that remain.

        lr(t) = base_lr (1 - t / total_iters)^power

    where t is the step.

    Returns
    -------
    Schedule; past `total_iters` it holds 0.

    >>> PolynomialLR(100, power=2.0, base_lr=1.0)
    polynomial(base_lr=1.0, end_lr=0.0, total_steps=100, power=2.0)
    """
    return polynomial(base_lr=base_lr, end_lr=0.0, total_steps=total_iters, power=power)


@foreign(
    "torch",
    "optim.lr_scheduler.CosineAnnealingLR",
    T_max=count("the step at which the last rate is reached"),
    eta_min=rate("the rate there"),
    base_lr=_optimizers(),
)
def CosineAnnealingLR(T_max: int, eta_min: float = 0.0, *, base_lr: float) -> Schedule:
    """Go from the rate to `eta_min` along half a cosine wave, then back, and so on.

        lr(t) = eta_min + (base_lr - eta_min) (1 + cos(pi t / T_max)) / 2

    where t is the step.

    Returns
    -------
    Schedule; it has no end: past `T_max` the rate goes up again, and at 2 T_max it is `base_lr`. `cosine` stays down.

    Source: Loshchilov and Hutter, SGDR, arXiv 1608.03983.

    >>> CosineAnnealingLR(100, base_lr=1.0)
    mirrored(cosine(base_lr=1.0, min_lr=0.0, total_steps=100), length=100)
    """
    return mirrored(cosine(base_lr=base_lr, min_lr=eta_min, total_steps=T_max), length=T_max)


@foreign(
    "torch",
    "optim.lr_scheduler.CosineAnnealingWarmRestarts",
    T_0=count("the steps of the first cycle"),
    T_mult=how_many("the length of a cycle over that of the one before"),
    eta_min=rate("the rate at the end of a cycle"),
    base_lr=_optimizers(),
)
def CosineAnnealingWarmRestarts(
    T_0: int,
    T_mult: int = 1,
    eta_min: float = 0.0,
    *,
    base_lr: float,
) -> Schedule:
    """Go from the rate to `eta_min` along half a cosine wave, again and again.

        lr(t) = eta_min + (base_lr - eta_min) (1 + cos(pi s / n)) / 2

    where t is the step, s counts the steps since the last restart, and n = T_0 T_mult^i is the length of cycle i.

    Returns
    -------
    Schedule; it has no end.

    Source: Loshchilov and Hutter, SGDR, arXiv 1608.03983.

    >>> CosineAnnealingWarmRestarts(10, T_mult=2, base_lr=1.0)
    cosine_restarts(base_lr=1.0, min_lr=0.0, period=10, t_mult=2)
    """
    return cosine_restarts(base_lr=base_lr, min_lr=eta_min, period=T_0, t_mult=T_mult)


def _cyclic_parameters() -> dict[str, Parameter]:
    """Declares what CyclicLR takes, for its rate and for its momentum."""
    return {
        "base_lr": rate("the rate at the feet"),
        "max_lr": rate("the rate at the peaks, the first ones if the mode makes them lower"),
        "step_size_up": count("the steps from a foot to a peak"),
        "step_size_down": count("the steps from a peak to a foot; by default `step_size_up`"),
        "mode": choice("how the swing changes", ("triangular", "triangular2", "exp_range")),
        "gamma": factor("by the mode exp_range, the factor of a step for the swing"),
        "scale_fn": other(_FUNCTION, "nothing but None: torch takes a function here", no_function),
        "scale_mode": choice("what torch would call such a function with", ("cycle", "iterations")),
        "cycle_momentum": flag("whether the optimizer's momentum goes the other way: `CyclicMomentum` gives it"),
        "base_momentum": rate("the momentum at the peaks", CLOSED_UNIT),
        "max_momentum": rate("the momentum at the feet", CLOSED_UNIT),
    }


@foreign("torch", "optim.lr_scheduler.CyclicLR", **_cyclic_parameters())
def CyclicLR(
    base_lr: float,
    max_lr: float,
    step_size_up: int = 2000,
    step_size_down: int | None = None,
    mode: str = "triangular",
    gamma: float = 1.0,
    scale_fn: None = None,
    scale_mode: str = "cycle",
    cycle_momentum: bool = True,
    base_momentum: float = 0.8,
    max_momentum: float = 0.9,
) -> Schedule:
    """Go up and down between two rates in straight lines.

        lr(t) = base_lr + (max_lr - base_lr) h(t) f(t)

    where t is the step, h goes from 0 to 1 in `step_size_up` steps and back in `step_size_down` steps, and by `mode`

        triangular     f(t) = 1
        triangular2    f(t) = 1 / 2^c in cycle c, counted from 0
        exp_range      f(t) = gamma^t

    Returns
    -------
    Schedule; it has no end.

    Source: Smith, Cyclical Learning Rates for Training Neural Networks, arXiv 1506.01186.

    >>> CyclicLR(0.25, 1.0, step_size_up=4, mode="triangular2")
    triangular2(min_lr=0.25, max_lr=1.0, step_size=4)
    """
    return _triangles(base_lr, max_lr, step_size_up, step_size_down, mode, gamma)


@foreign("torch", "optim.lr_scheduler.CyclicLR", **_cyclic_parameters())
def CyclicMomentum(
    base_lr: float,
    max_lr: float,
    step_size_up: int = 2000,
    step_size_down: int | None = None,
    mode: str = "triangular",
    gamma: float = 1.0,
    scale_fn: None = None,
    scale_mode: str = "cycle",
    cycle_momentum: bool = True,
    base_momentum: float = 0.8,
    max_momentum: float = 0.9,
) -> Schedule:
    """Let the momentum go down and up while `CyclicLR`, which has the same parameters, goes up and down.

        momentum(t) = max_momentum - (max_momentum - base_momentum) h(t) f(t)

    where t is the step, and h and f are as there.

    Returns
    -------
    Schedule; it has no end.

    Raises
    ------
    ValueError if cycle_momentum is false: torch then leaves the momentum alone.

    Source: Smith, Cyclical Learning Rates for Training Neural Networks, arXiv 1506.01186.

    >>> CyclicMomentum(0.25, 1.0, step_size_up=4)
    triangular(min_lr=0.9, max_lr=0.8, step_size=4)
    """
    if not cycle_momentum:
        _checks.refuse_foreign("cycle_momentum", "be True", cycle_momentum, "torch then leaves the momentum alone")
    return _triangles(max_momentum, base_momentum, step_size_up, step_size_down, mode, gamma)


def _triangles(first: float, peak: float, up: int, down: int | None, mode: str, gamma: float) -> Schedule:
    if down is None or down == up:
        if mode == "exp_range":
            return exp_range(min_lr=first, max_lr=peak, step_size=up, gamma=gamma)
        return (triangular if mode == "triangular" else triangular2)(min_lr=first, max_lr=peak, step_size=up)
    ends = {"min_lr": first, "max_lr": peak}
    if mode != "exp_range":
        return cyclic(**ends, step_size_up=up, step_size_down=down, mode=mode)
    if 0.0 < gamma <= 1.0:
        return cyclic(**ends, step_size_up=up, step_size_down=down, mode=mode, gamma=gamma)
    swing = cyclic(min_lr=0.0, max_lr=peak - first, step_size_up=up, step_size_down=down)
    return swing * exponential(base_lr=1.0, gamma=gamma) + first


def _one_cycle_parameters() -> dict[str, Parameter]:
    """Declares what OneCycleLR takes, for its rate and for its momentum."""
    return {
        "max_lr": rate("the rate at the peak"),
        "total_steps": count("the steps of the run; by default `epochs` times `steps_per_epoch`"),
        "epochs": count("the epochs of the run"),
        "steps_per_epoch": count("the steps of an epoch"),
        "pct_start": factor("the share of the steps at whose last one the peak is", CLOSED_UNIT),
        "anneal_strategy": choice("the curve of each phase", ("cos", "linear")),
        "cycle_momentum": flag("whether the optimizer's momentum goes the other way: `OneCycleMomentum` gives it"),
        "base_momentum": rate("the momentum at the peak of the rate"),
        "max_momentum": rate("the momentum at the first and at the last step"),
        "div_factor": divisor("the peak over the first rate"),
        "final_div_factor": divisor("the first rate over the last one"),
        "three_phase": flag("whether the rate goes back to the first one before it goes to the last one"),
    }


@foreign("torch", "optim.lr_scheduler.OneCycleLR", **_one_cycle_parameters())
def OneCycleLR(
    max_lr: float,
    total_steps: int | None = None,
    epochs: int | None = None,
    steps_per_epoch: int | None = None,
    pct_start: float = 0.3,
    anneal_strategy: str = "cos",
    cycle_momentum: bool = True,
    base_momentum: float = 0.85,
    max_momentum: float = 0.95,
    div_factor: float = 25.0,
    final_div_factor: float = 1e4,
    three_phase: bool = False,
) -> Schedule:
    """Go up to a rate and down to a small one, on phases that may end between steps (the one-cycle policy).

        lr(t) = b + (a - b) f((t - s) / (e - s))    in the phase from a at s to b at e

    where t is the step, f(u) is (1 + cos(pi u)) / 2 for the strategy "cos" and 1 - u for "linear", and the phases go
    from first = max_lr / div_factor at step 0 to `max_lr` at pct_start total_steps - 1, with `three_phase` back to
    first at 2 pct_start total_steps - 2, and to first / final_div_factor at total_steps - 1. No step meets a peak that
    is between steps.

    Returns
    -------
    Schedule; from step total_steps - 1 on it holds the last rate. torch gives one more rate, beyond the end, and then
    raises.

    Raises
    ------
    TypeError if `total_steps` is not given, nor `epochs` and `steps_per_epoch`.
    ValueError if a phase would have no length.

    Source: Smith and Topin, Super-Convergence, arXiv 1708.07120.

    >>> OneCycleLR(1.0, 9, pct_start=0.5, anneal_strategy="linear", div_factor=4.0, final_div_factor=2.0)
    piecewise(steps=(0, 3.5, 8), values=(0.25, 1.0, 0.125), interpolation='linear')
    """
    total_steps = _run(total_steps, epochs, steps_per_epoch)
    first = _checks.quotient("max_lr", max_lr, "div_factor", div_factor)
    last = _checks.quotient("max_lr / div_factor", first, "final_div_factor", final_div_factor)
    values = [first, max_lr, first, last] if three_phase else [first, max_lr, last]
    return one_cycle(total_steps, "pct_start", pct_start, values, anneal_strategy, "torch")


@foreign("torch", "optim.lr_scheduler.OneCycleLR", **_one_cycle_parameters())
def OneCycleMomentum(
    max_lr: float,
    total_steps: int | None = None,
    epochs: int | None = None,
    steps_per_epoch: int | None = None,
    pct_start: float = 0.3,
    anneal_strategy: str = "cos",
    cycle_momentum: bool = True,
    base_momentum: float = 0.85,
    max_momentum: float = 0.95,
    div_factor: float = 25.0,
    final_div_factor: float = 1e4,
    three_phase: bool = False,
) -> Schedule:
    """Let the momentum go down and up while `OneCycleLR`, which has the same parameters, goes up and down.

        momentum(t) = b + (a - b) f((t - s) / (e - s))    in the phase from a at s to b at e

    where t is the step, and f and the phases are as there: from `max_momentum` to `base_momentum` and back. In the last
    one of three phases it stays.

    Returns
    -------
    Schedule; from step total_steps - 1 on it holds `max_momentum`.

    Raises
    ------
    ValueError if cycle_momentum is false: torch then leaves the momentum alone.

    Source: Smith and Topin, Super-Convergence, arXiv 1708.07120.

    >>> OneCycleMomentum(1.0, 9, pct_start=0.5)
    piecewise(steps=(0, 3.5, 8), values=(0.95, 0.85, 0.95), interpolation='cosine')
    """
    if not cycle_momentum:
        _checks.refuse_foreign("cycle_momentum", "be True", cycle_momentum, "torch then leaves the momentum alone")
    values = [max_momentum, base_momentum, max_momentum]
    if three_phase:
        values.append(max_momentum)
    total_steps = _run(total_steps, epochs, steps_per_epoch)
    return one_cycle(total_steps, "pct_start", pct_start, values, anneal_strategy, "torch")


def _run(total_steps: int | None, epochs: int | None, steps_per_epoch: int | None) -> int:
    if total_steps is not None:
        return total_steps
    epochs = _checks.needed("epochs", epochs, "a run without total_steps")
    return epochs * _checks.needed("steps_per_epoch", steps_per_epoch, "a run without total_steps")


@foreign(
    "torch",
    "optim.swa_utils.SWALR",
    swa_lr=rate("the rate at the end"),
    anneal_epochs=count("the steps, or epochs, until then", least=0),
    anneal_strategy=choice("the curve", ("cos", "linear")),
    base_lr=rate("the rate that the optimizer has when averaging begins"),
)
def SWALR(swa_lr: float, anneal_epochs: int = 10, anneal_strategy: str = "cos", *, base_lr: float) -> Schedule:
    """Go from the rate to the one of stochastic weight averaging, on a clock that starts when averaging begins.

        lr(t) = swa_lr + (base_lr - swa_lr) f(t / anneal_epochs)

    where t is the step, and f(u) is (1 + cos(pi u)) / 2 for the strategy "cos" and 1 - u for "linear".

    Returns
    -------
    Schedule; from `anneal_epochs` on it holds `swa_lr`.

    Source: Izmailov et al., Averaging Weights Leads to Wider Optima, arXiv 1803.05407.

    >>> SWALR(0.25, base_lr=1.0)
    cosine(base_lr=1.0, min_lr=0.25, total_steps=10)
    """
    if anneal_epochs == 0:
        return constant(lr=swa_lr)
    if anneal_strategy == "cos":
        return cosine(base_lr=base_lr, min_lr=swa_lr, total_steps=anneal_epochs)
    return linear(base_lr=base_lr, end_lr=swa_lr, total_steps=anneal_epochs)


@foreign(
    "torch",
    "optim.lr_scheduler.SequentialLR",
    schedulers=schedules(),
    milestones=beginnings("torch"),
)
def SequentialLR(schedulers: Sequence[Callable[[int], float]], milestones: Sequence[int]) -> Schedule:
    """Run schedules one after another, each on a clock of its own.

        lr(t) = schedulers[i](t - milestones[i - 1])    for milestones[i - 1] <= t < milestones[i]

    where t is the step, and the first schedule begins at step 0. A SequentialLR may stand within another one; in torch
    2.13 it may do so in the first place only. There torch begins a SequentialLR or a ChainedScheduler twice, so that
    its numbers are those of one step later. This function does not follow that fault.

    Returns
    -------
    Schedule; past the last milestone the last schedule goes on.

    Raises
    ------
    ValueError if there is not one milestone less than schedulers.

    >>> SequentialLR([LinearLR(0.25, base_lr=1.0), StepLR(30, base_lr=1.0)], [5])
    join(((5, linear(base_lr=0.25, end_lr=1.0, total_steps=5)), step_decay(base_lr=1.0, step_size=30, gamma=0.1)))
    """
    return in_turn("schedulers", schedulers, "milestones", milestones)


_CHAINABLE = ("step_decay", "multi_step", "piecewise", "linear", "exponential", "polynomial")
"""What StepLR, MultiStepLR, ConstantLR, LinearLR, ExponentialLR and PolynomialLR give: multiples of the rate."""


def _multiples(name: str, value: Any) -> list[Any]:
    found = _checks.listed(name, value)
    if not found:
        raise ValueError(f"{name} must hold at least one schedule, received none")
    for index, one in enumerate(found):
        if getattr(one, "kind", None) not in _CHAINABLE:
            rule = "be StepLR, MultiStepLR, ConstantLR, LinearLR, ExponentialLR or PolynomialLR"
            why = "torch goes on from another scheduler's rate there, so the rate is no function of the step alone"
            _checks.refuse_foreign(f"{name}[{index}]", rule, one, why)
    return found


@foreign(
    "torch",
    "optim.lr_scheduler.ChainedScheduler",
    schedulers=other(SCHEDULES, "schedules of this module that multiply `base_lr`, at least one", _multiples),
    base_lr=rate("the rate that the optimizer has, and that each of the schedules was made with", POSITIVE),
)
def ChainedScheduler(schedulers: Sequence[Schedule], *, base_lr: float) -> Schedule:
    """Let several schedules multiply one rate.

        lr(t) = base_lr (schedulers[0](t) / base_lr) (schedulers[1](t) / base_lr) ...

    where t is the step.

    Returns
    -------
    Schedule; past its end each schedule does what it does alone.

    Raises
    ------
    ValueError if a schedule was made with another rate. That of LinearLR and of MultiStepLR does not show.

    >>> ChainedScheduler([ExponentialLR(0.5, base_lr=1.0), LinearLR(0.25, base_lr=1.0)], base_lr=1.0)
    product(exponential(base_lr=1.0, gamma=0.5), linear(base_lr=0.25, end_lr=1.0, total_steps=5))
    """
    for index, one in enumerate(schedulers):
        own = one.params["values"][-1] if one.kind == "piecewise" else one.params["base_lr"]
        if own != base_lr and one.kind not in ("linear", "multi_step"):
            why = "torch has one rate in the optimizer, which all schedulers begin with"
            _checks.refuse_foreign(f"the base_lr of schedulers[{index}]", f"be {base_lr}", own, why)
    first, *rest = schedulers
    if base_lr != 1.0:
        rest = [one / base_lr for one in rest]
    return product(first, *rest) if rest else first
