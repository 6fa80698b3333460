"""These are the schedulers of Composer by their own names, as functions of the batch.

A scheduler of Composer multiplies the rate that the optimizer has, which is the keyword `base_lr` here. A time is text
as in Composer: "10ba" are 10 batches, "2ep" are 2 epochs of `batches_per_epoch`, and "0.5dur" is half of the
`total_steps` of the run, rounded down. `scale_warmup` says what a scaled run does with its warmup; these runs are not
scaled.
"""

from __future__ import annotations

from .. import _checks
from .._registry import POSITIVE, Parameter, Role, count, exponent, factor, flag, other, rate
from ..schedules import (
    constant,
    cosine,
    cosine_restarts,
    exponential_decay,
    join,
    linear,
    multi_step,
    piecewise,
    polynomial,
    replace_after,
    step_decay,
    warmup_cosine,
    warmup_linear,
    warmup_polynomial,
)
from ._foreign import explained, foreign
from ._turns import warmed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from .._values import Schedule

__all__ = [
    "ConstantScheduler",
    "ConstantWithWarmupScheduler",
    "CosineAnnealingScheduler",
    "CosineAnnealingWarmRestartsScheduler",
    "CosineAnnealingWithWarmupScheduler",
    "ExponentialScheduler",
    "LinearScheduler",
    "LinearWithWarmupScheduler",
    "MultiStepScheduler",
    "MultiStepWithWarmupScheduler",
    "PolynomialScheduler",
    "PolynomialWithWarmupScheduler",
    "StepScheduler",
]

_TIME = Role("time", "", None, "text of a number and ba, ep or dur", is_number=False)
_TIMES = Role("times", "", None, "sequence of such texts", is_number=False)


def _time(about: str) -> Parameter:
    return other(_TIME, about, _checked_time)


def _checked_time(name: str, value: Any) -> tuple[str, float, str]:
    """Checks a time. Returns its parameter's name, its number and its unit."""
    text = _checks.text(name, value)
    for unit in ("ba", "ep", "dur"):
        try:
            number = float(text.removesuffix(unit))
        except ValueError:
            continue
        if text.endswith(unit) and 0.0 <= number < float("inf") and (unit == "dur" or number.is_integer()):
            return name, number, unit
    raise ValueError(f"{name} must be a time such as '10ba', '2ep' or '0.5dur', received {text!r}")


def _checked_times(name: str, value: Any) -> list[tuple[str, float, str]]:
    return [_checked_time(f"{name}[{i}]", one) for i, one in enumerate(_checks.listed(name, value))]


def _run() -> dict[str, Parameter]:
    return {
        "base_lr": rate("the rate that the optimizer has"),
        "total_steps": count("the batches of the run"),
        "batches_per_epoch": count("the batches of an epoch, which only times in epochs need"),
    }


def _steps(time: Any, total_steps: int, batches_per_epoch: int | None, least: int = 0) -> int:
    """Returns the batches in a time."""
    name, number, unit = time
    if unit == "dur":
        steps = int(number * total_steps)
    elif unit == "ep":
        steps = int(number) * int(_checks.needed("batches_per_epoch", batches_per_epoch, f"{name} in epochs"))
    else:
        steps = int(number)
    return _checks.single_count(f"{name} in batches", steps, least)


def _whole_run(time: Any, total_steps: int, batches_per_epoch: int | None) -> int:
    """Returns the batches of a curve that must not end before the run does."""
    steps = _steps(time, total_steps, batches_per_epoch)
    if steps < total_steps:
        raise ValueError(f"{time[0]} must be at least the run of {total_steps} batches, received {steps}")
    return steps


def _drops(base_lr: float, milestones: Sequence[int], gamma: float) -> Schedule:
    later = [milestone for milestone in milestones if milestone]
    first = base_lr * gamma ** (len(milestones) - len(later))
    return multi_step(base_lr=first, milestones=later, gamma=gamma)


@foreign(
    "composer",
    "optim.scheduler.StepScheduler",
    step_size=_time("the time between two drops"),
    gamma=factor("the factor of a drop"),
    **_run(),
)
def StepScheduler(
    step_size: str,
    gamma: float = 0.1,
    *,
    base_lr: float,
    total_steps: int,
    batches_per_epoch: int | None = None,
) -> Schedule:
    """Multiply the rate by `gamma` at even distances.

        lr(t) = base_lr gamma^floor(t / step_size)

    where t is the batch.

    Returns
    -------
    Schedule; it has no end.

    >>> StepScheduler("2ep", gamma=0.5, base_lr=1.0, total_steps=100, batches_per_epoch=10)
    step_decay(base_lr=1.0, step_size=20, gamma=0.5)
    """
    steps = _steps(step_size, total_steps, batches_per_epoch, least=1)
    return step_decay(base_lr=base_lr, step_size=steps, gamma=gamma)


@foreign(
    "composer",
    "optim.scheduler.MultiStepScheduler",
    milestones=other(_TIMES, "the times of the drops", _checked_times),
    gamma=factor("the factor of a drop"),
    **_run(),
)
def MultiStepScheduler(
    milestones: Sequence[str],
    gamma: float = 0.1,
    *,
    base_lr: float,
    total_steps: int,
    batches_per_epoch: int | None = None,
) -> Schedule:
    """Multiply the rate by `gamma` at each milestone.

        lr(t) = base_lr gamma^n

    where t is the batch, and n counts the milestones m with m <= t.

    Returns
    -------
    Schedule; past the last milestone it holds the rate that it has there.

    >>> MultiStepScheduler(["0.5dur", "80ba"], gamma=0.5, base_lr=1.0, total_steps=100)
    multi_step(base_lr=1.0, milestones=(50, 80), gamma=0.5)
    """
    return _drops(base_lr, [_steps(one, total_steps, batches_per_epoch) for one in milestones], gamma)


@foreign(
    "composer",
    "optim.scheduler.ConstantScheduler",
    alpha=factor("the multiple of the rate"),
    t_max=_time("when the whole rate comes back"),
    **_run(),
)
def ConstantScheduler(
    alpha: float = 1.0,
    t_max: str = "1dur",
    *,
    base_lr: float,
    total_steps: int,
    batches_per_epoch: int | None = None,
) -> Schedule:
    """Keep a multiple of the rate for some time, then the rate itself.

        lr(t) = base_lr alpha    for t < t_max
        lr(t) = base_lr          from there on

    where t is the batch.

    Returns
    -------
    Schedule; from `t_max` on it holds `base_lr`.

    >>> ConstantScheduler(0.5, t_max="4ba", base_lr=1.0, total_steps=100)
    piecewise(steps=(0, 4), values=(0.5, 1.0), interpolation='step')
    """
    steps = _steps(t_max, total_steps, batches_per_epoch)
    if alpha == 1.0 or not steps:
        return constant(lr=base_lr)
    return piecewise(steps=[0, steps], values=[base_lr * alpha, base_lr], interpolation="step")


@foreign(
    "composer",
    "optim.scheduler.LinearScheduler",
    alpha_i=factor("the first rate over `base_lr`"),
    alpha_f=factor("the last rate over `base_lr`"),
    t_max=_time("when the last rate is reached"),
    **_run(),
)
def LinearScheduler(
    alpha_i: float = 1.0,
    alpha_f: float = 0.0,
    t_max: str = "1dur",
    *,
    base_lr: float,
    total_steps: int,
    batches_per_epoch: int | None = None,
) -> Schedule:
    """Go from one multiple of the rate to another in a straight line.

        lr(t) = base_lr (alpha_i + (alpha_f - alpha_i) t / t_max)

    where t is the batch.

    Returns
    -------
    Schedule; past `t_max` it holds base_lr alpha_f.

    >>> LinearScheduler(alpha_f=0.25, base_lr=1.0, total_steps=100)
    linear(base_lr=1.0, end_lr=0.25, total_steps=100)
    """
    steps = _steps(t_max, total_steps, batches_per_epoch, least=1)
    return linear(base_lr=base_lr * alpha_i, end_lr=base_lr * alpha_f, total_steps=steps)


@foreign(
    "composer",
    "optim.scheduler.ExponentialScheduler",
    gamma=factor("the factor of `decay_period`", POSITIVE),
    decay_period=_time("the time in which the rate changes by the factor"),
    **_run(),
)
def ExponentialScheduler(
    gamma: float,
    decay_period: str = "1ep",
    *,
    base_lr: float,
    total_steps: int,
    batches_per_epoch: int | None = None,
) -> Schedule:
    """Multiply the rate by one factor each `decay_period`, continuously.

        lr(t) = base_lr gamma^(t / decay_period)

    where t is the batch.

    Returns
    -------
    Schedule; it has no end.

    >>> ExponentialScheduler(0.5, base_lr=1.0, total_steps=100, batches_per_epoch=10)
    exponential_decay(base_lr=1.0, decay_rate=0.5, decay_steps=10)
    """
    steps = _steps(decay_period, total_steps, batches_per_epoch, least=1)
    return exponential_decay(base_lr=base_lr, decay_rate=gamma, decay_steps=steps)


@foreign(
    "composer",
    "optim.scheduler.CosineAnnealingScheduler",
    t_max=_time("when the last rate is reached"),
    alpha_f=factor("the last rate over `base_lr`"),
    **_run(),
)
def CosineAnnealingScheduler(
    t_max: str = "1dur",
    alpha_f: float = 0.0,
    *,
    base_lr: float,
    total_steps: int,
    batches_per_epoch: int | None = None,
) -> Schedule:
    """Decay along half a cosine wave.

        lr(t) = base_lr (alpha_f + (1 - alpha_f) (1 + cos(pi t / t_max)) / 2)

    where t is the batch.

    Returns
    -------
    Schedule; past `t_max` it holds base_lr alpha_f.

    Source: Loshchilov and Hutter, SGDR, arXiv 1608.03983.

    >>> CosineAnnealingScheduler(alpha_f=0.25, base_lr=1.0, total_steps=100)
    cosine(base_lr=1.0, min_lr=0.25, total_steps=100)
    """
    steps = _steps(t_max, total_steps, batches_per_epoch, least=1)
    return cosine(base_lr=base_lr, min_lr=base_lr * alpha_f, total_steps=steps)


@foreign(
    "composer",
    "optim.scheduler.CosineAnnealingWarmRestartsScheduler",
    t_0=_time("the length of the first cycle"),
    t_mult=factor("the length of a cycle over that of the one before, which is rounded down to batches", POSITIVE),
    alpha_f=factor("the last rate over `base_lr`"),
    **_run(),
)
def CosineAnnealingWarmRestartsScheduler(
    t_0: str,
    t_mult: float = 1.0,
    alpha_f: float = 0.0,
    *,
    base_lr: float,
    total_steps: int,
    batches_per_epoch: int | None = None,
) -> Schedule:
    """Decay along half a cosine wave, again and again.

        lr(t) = base_lr (alpha_f + (1 - alpha_f) (1 + cos(pi s / n)) / 2)

    where t is the batch, s counts the batches since the last restart, and n is the length of the cycle: the first is
    `t_0`, and each is floor(t_mult n) after one of n.

    Returns
    -------
    Schedule; it has no end, but where `t_mult` is below 1 it holds the last rate of the last cycle, where
    Composer raises.

    Raises
    ------
    ValueError if the cycles come to nothing before the run ends, or grow so slowly that there are more than 100,000.

    Source: Loshchilov and Hutter, SGDR, arXiv 1608.03983.

    >>> CosineAnnealingWarmRestartsScheduler("10ba", t_mult=2.0, base_lr=1.0, total_steps=100)
    cosine_restarts(base_lr=1.0, min_lr=0.0, period=10, t_mult=2)
    """
    steps, min_lr = _steps(t_0, total_steps, batches_per_epoch, least=1), base_lr * alpha_f
    if t_mult % 1.0 == 0.0:
        return cosine_restarts(base_lr=base_lr, min_lr=min_lr, period=steps, t_mult=int(t_mult))
    phases: list[tuple[int, Schedule]] = []
    begin = 0
    while begin * max(t_mult, 1.0) <= _checks.LAST_STEP and steps:
        _checks.few_segments("t_mult", len(phases) + 1)
        phases.append((steps, cosine(base_lr=base_lr, min_lr=min_lr, total_steps=steps)))
        begin, longer = begin + steps, int(t_mult * steps)
        if longer == steps:
            return join([*phases[:-1], cosine_restarts(base_lr=base_lr, min_lr=min_lr, period=steps, t_mult=1)])
        steps = longer
    if begin < total_steps:
        why = f"the cycles come to nothing at batch {begin}"
        _checks.refuse_foreign("t_mult", f"give cycles for {total_steps} batches", t_mult, why)
    return join([*phases[:-1], phases[-1][1]])


@foreign(
    "composer",
    "optim.scheduler.PolynomialScheduler",
    power=explained(exponent("the exponent", POSITIVE), "for 0 the rate of Composer never falls"),
    t_max=_time("when the last rate is reached"),
    alpha_f=factor("the last rate over `base_lr`"),
    **_run(),
)
def PolynomialScheduler(
    power: float,
    t_max: str = "1dur",
    alpha_f: float = 0.0,
    *,
    base_lr: float,
    total_steps: int,
    batches_per_epoch: int | None = None,
) -> Schedule:
    """Decay as a power of the time that remains.

        lr(t) = base_lr (alpha_f + (1 - alpha_f) (1 - t / t_max)^power)

    where t is the batch.

    Returns
    -------
    Schedule; past `t_max` it holds base_lr alpha_f.

    >>> PolynomialScheduler(2.0, base_lr=1.0, total_steps=100)
    polynomial(base_lr=1.0, end_lr=0.0, total_steps=100, power=2.0)
    """
    steps = _steps(t_max, total_steps, batches_per_epoch, least=1)
    return polynomial(base_lr=base_lr, end_lr=base_lr * alpha_f, total_steps=steps, power=power)


@foreign(
    "composer",
    "optim.scheduler.MultiStepWithWarmupScheduler",
    t_warmup=_time("the length of the warmup"),
    milestones=other(_TIMES, "the times of the drops, counted from batch 0", _checked_times),
    gamma=factor("the factor of a drop"),
    scale_warmup=flag("what a scaled run does with its warmup"),
    **_run(),
)
def MultiStepWithWarmupScheduler(
    t_warmup: str,
    milestones: Sequence[str],
    gamma: float = 0.1,
    scale_warmup: bool = False,
    *,
    base_lr: float,
    total_steps: int,
    batches_per_epoch: int | None = None,
) -> Schedule:
    """Warm up linearly, then multiply the rate by `gamma` at each milestone.

        lr(t) = base_lr t / t_warmup    for t < t_warmup
        lr(t) = base_lr gamma^n         from there on

    where t is the batch, and n counts the milestones m with m <= t.

    Returns
    -------
    Schedule; past the last milestone it holds the rate that it has there.

    >>> MultiStepWithWarmupScheduler("4ba", ["50ba"], gamma=0.5,
    ...                              base_lr=1.0, total_steps=100)  # doctest: +NORMALIZE_WHITESPACE
    replace_after(linear(base_lr=0.0, end_lr=1.0, total_steps=4), step=4,
                  other=multi_step(base_lr=1.0, milestones=(50,), gamma=0.5))
    """
    drops = _drops(base_lr, [_steps(one, total_steps, batches_per_epoch) for one in milestones], gamma)
    steps = _steps(t_warmup, total_steps, batches_per_epoch)
    if not steps:
        return drops
    return replace_after(linear(base_lr=0.0, end_lr=base_lr, total_steps=steps), step=steps, other=drops)


@foreign(
    "composer",
    "optim.scheduler.ConstantWithWarmupScheduler",
    t_warmup=_time("the length of the warmup"),
    alpha=factor("the multiple of the rate behind the warmup"),
    t_max=_time("a time that is not before the run ends"),
    scale_warmup=flag("what a scaled run does with its warmup"),
    **_run(),
)
def ConstantWithWarmupScheduler(
    t_warmup: str,
    alpha: float = 1.0,
    t_max: str = "1dur",
    scale_warmup: bool = False,
    *,
    base_lr: float,
    total_steps: int,
    batches_per_epoch: int | None = None,
) -> Schedule:
    """Warm up linearly, and stay there.

        lr(t) = base_lr alpha t / t_warmup    for t < t_warmup
        lr(t) = base_lr alpha                 from there on

    where t is the batch.

    Returns
    -------
    Schedule; it has no end.

    >>> ConstantWithWarmupScheduler("4ba", base_lr=0.5, total_steps=100)
    warmup(constant(lr=0.5), steps=4, start_lr=0.0, shape='linear')
    """
    _whole_run(t_max, total_steps, batches_per_epoch)
    return warmed(constant(lr=base_lr * alpha), _steps(t_warmup, total_steps, batches_per_epoch))


@foreign(
    "composer",
    "optim.scheduler.LinearWithWarmupScheduler",
    t_warmup=_time("the length of the warmup"),
    alpha_i=factor("the rate behind the warmup over `base_lr`"),
    alpha_f=factor("the last rate over `base_lr`"),
    t_max=_time("when the last rate is reached, not before the run ends; it counts the warmup too"),
    scale_warmup=flag("what a scaled run does with its warmup"),
    **_run(),
)
def LinearWithWarmupScheduler(
    t_warmup: str,
    alpha_i: float = 1.0,
    alpha_f: float = 0.0,
    t_max: str = "1dur",
    scale_warmup: bool = False,
    *,
    base_lr: float,
    total_steps: int,
    batches_per_epoch: int | None = None,
) -> Schedule:
    """Warm up linearly, then go to another multiple of the rate in a straight line.

        lr(t) = base_lr alpha_i t / t_warmup                       for t < t_warmup
        lr(t) = base_lr (alpha_i + (alpha_f - alpha_i) p)          from there on

    where t is the batch, and p = (t - t_warmup) / (t_max - t_warmup).

    Returns
    -------
    Schedule; past `t_max` it holds base_lr alpha_f, or base_lr alpha_i if the warmup is as long.

    >>> LinearWithWarmupScheduler("4ba", base_lr=0.5, total_steps=100)
    warmup_linear(base_lr=0.5, min_lr=0.0, warmup_steps=4, total_steps=100, start_lr=0.0)
    """
    first, last = base_lr * alpha_i, base_lr * alpha_f
    end, steps = _whole_run(t_max, total_steps, batches_per_epoch), _steps(t_warmup, total_steps, batches_per_epoch)
    if steps >= end:
        return warmed(constant(lr=first), steps)
    return warmup_linear(base_lr=first, min_lr=last, warmup_steps=steps, total_steps=end)


@foreign(
    "composer",
    "optim.scheduler.CosineAnnealingWithWarmupScheduler",
    t_warmup=_time("the length of the warmup"),
    t_max=_time("when the last rate is reached, not before the run ends; it counts the warmup too"),
    alpha_f=factor("the last rate over `base_lr`"),
    scale_warmup=flag("what a scaled run does with its warmup"),
    **_run(),
)
def CosineAnnealingWithWarmupScheduler(
    t_warmup: str,
    t_max: str = "1dur",
    alpha_f: float = 0.0,
    scale_warmup: bool = False,
    *,
    base_lr: float,
    total_steps: int,
    batches_per_epoch: int | None = None,
) -> Schedule:
    """Warm up linearly, then decay along half a cosine wave.

        lr(t) = base_lr t / t_warmup                                              for t < t_warmup
        lr(t) = base_lr (alpha_f + (1 - alpha_f) (1 + cos(pi p)) / 2)             from there on

    where t is the batch, and p = (t - t_warmup) / (t_max - t_warmup).

    Returns
    -------
    Schedule; past `t_max` it holds base_lr alpha_f, or base_lr if the warmup is as long.

    Source: Loshchilov and Hutter, SGDR, arXiv 1608.03983.

    >>> CosineAnnealingWithWarmupScheduler("0.1dur", alpha_f=0.25, base_lr=1.0, total_steps=100)
    warmup_cosine(base_lr=1.0, min_lr=0.25, warmup_steps=10, total_steps=100, start_lr=0.0)
    """
    end, steps = _whole_run(t_max, total_steps, batches_per_epoch), _steps(t_warmup, total_steps, batches_per_epoch)
    if steps >= end:
        return warmed(constant(lr=base_lr), steps)
    return warmup_cosine(base_lr=base_lr, min_lr=base_lr * alpha_f, warmup_steps=steps, total_steps=end)


@foreign(
    "composer",
    "optim.scheduler.PolynomialWithWarmupScheduler",
    t_warmup=_time("the length of the warmup"),
    power=explained(exponent("the exponent", POSITIVE), "for 0 the rate of Composer never falls"),
    t_max=_time("when the last rate is reached, not before the run ends; it counts the warmup too"),
    alpha_f=factor("the last rate over `base_lr`"),
    scale_warmup=flag("what a scaled run does with its warmup"),
    **_run(),
)
def PolynomialWithWarmupScheduler(
    t_warmup: str,
    power: float = 2.0,
    t_max: str = "1dur",
    alpha_f: float = 0.0,
    scale_warmup: bool = False,
    *,
    base_lr: float,
    total_steps: int,
    batches_per_epoch: int | None = None,
) -> Schedule:
    """Warm up linearly, then decay as a power of the time that remains.

        lr(t) = base_lr t / t_warmup                                     for t < t_warmup
        lr(t) = base_lr (alpha_f + (1 - alpha_f) (1 - p)^power)          from there on

    where t is the batch, and p = (t - t_warmup) / (t_max - t_warmup).

    Returns
    -------
    Schedule; past `t_max` it holds base_lr alpha_f, or base_lr if the warmup is as long.

    >>> PolynomialWithWarmupScheduler("4ba", base_lr=0.5, total_steps=100)
    warmup_polynomial(base_lr=0.5, min_lr=0.0, warmup_steps=4, total_steps=100, start_lr=0.0, power=2.0)
    """
    end, steps = _whole_run(t_max, total_steps, batches_per_epoch), _steps(t_warmup, total_steps, batches_per_epoch)
    if steps >= end:
        return warmed(constant(lr=base_lr), steps)
    last = base_lr * alpha_f
    return warmup_polynomial(base_lr=base_lr, min_lr=last, warmup_steps=steps, total_steps=end, power=power)
