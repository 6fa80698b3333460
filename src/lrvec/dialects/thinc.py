"""These are the schedules of thinc by their own names, with its parameters.

`t` is the step from which thinc counts. Where it is not whole, the curve begins between steps, which lrvec has for some
of these curves only.
"""

from __future__ import annotations

import math

from .. import _checks
from .._registry import NON_NEGATIVE, POSITIVE, RATIO, UNIT, count, factor, number, other, rate, schedule
from ..schedules import advance, clipped, exponential, inverse_time, join, linear, replace_after, triangular
from ..schedules import constant as _constant
from ..schedules import warmup_linear as _warmup_linear
from ._foreign import explained, foreign, room_to_decay

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .._values import Schedule

__all__ = [
    "compounding",
    "constant",
    "constant_then",
    "cyclic_triangular",
    "decaying",
    "slanted_triangular",
    "warmup_linear",
]


@foreign("thinc", "schedules.constant", rate=rate("the rate"))
def constant(rate: float) -> Schedule:
    """Keep one rate at every step.

        lr(t) = rate

    where t is the step.

    Returns
    -------
    Schedule; it has no end.

    >>> constant(0.1)
    constant(lr=0.1)
    """
    return _constant(lr=rate)


@foreign(
    "thinc",
    "schedules.constant_then",
    rate=rate("the rate at first"),
    steps=count("the steps for which it is kept", least=0),
    schedule=schedule("what follows, on the clock of the run"),
)
def constant_then(rate: float, steps: int, schedule: Callable[[int], float]) -> Schedule:
    """Keep one rate for some steps, then follow a schedule, which has been under way from step 0 on.

        lr(t) = rate           for t < steps
        lr(t) = schedule(t)    from there on

    where t is the step.

    Returns
    -------
    Schedule; past its end it does what `schedule` does past its own.

    >>> constant_then(0.25, 4, decaying(1.0, 0.5))
    replace_after(constant(lr=0.25), step=4, other=inverse_time(base_lr=1.0, decay_rate=0.5, decay_steps=1))
    """
    return replace_after(_constant(lr=rate), step=steps, other=schedule)


@foreign(
    "thinc",
    "schedules.decaying",
    base_rate=rate("the rate at step 0, if `t` is 0"),
    decay=explained(
        factor("what the divisor grows by at each step", NON_NEGATIVE), "below 0 the divisor of thinc meets 0"
    ),
    t=factor("the step from which thinc counts", NON_NEGATIVE),
)
def decaying(base_rate: float, decay: float, t: float = 0.0) -> Schedule:
    """Divide the rate by a number that grows with the step.

        lr(s) = base_rate / (1 + decay (s + t))

    where s is the step.

    Returns
    -------
    Schedule; it has no end.

    >>> decaying(1.0, 0.5)
    inverse_time(base_lr=1.0, decay_rate=0.5, decay_steps=1)
    """
    begun = 1.0 + decay * t
    if decay == 0.0:
        return _constant(lr=base_rate)
    return inverse_time(base_lr=base_rate / begun, decay_rate=decay / begun, decay_steps=1)


@foreign(
    "thinc",
    "schedules.compounding",
    start=rate("the rate at step 0, if `t` is 0"),
    stop=rate("the bound: the highest rate where it is above `start`, and otherwise the lowest"),
    compound=factor("the factor of a step", POSITIVE),
    t=number("the step from which thinc counts"),
)
def compounding(start: float, stop: float, compound: float, t: float = 0.0) -> Schedule:
    """Multiply the rate by one factor at each step, up or down to a bound.

        lr(s) = min(stop, start compound^(s + t))    if start <= stop
        lr(s) = max(stop, start compound^(s + t))    if not

    where s is the step.

    Returns
    -------
    Schedule; where the bound is reached it is held.

    >>> compounding(0.5, 4.0, 2.0)
    clipped(exponential(base_lr=0.5, gamma=2.0), high=4.0)
    """
    try:
        first = start * compound**t
    except OverflowError:
        first = math.inf
    if math.isinf(first):
        _checks.refuse_foreign("t", "keep start compound^t finite", t, "thinc raises an OverflowError")
    curve = exponential(base_lr=first, gamma=compound)
    return clipped(curve, low=stop) if start > stop else clipped(curve, high=stop)


def _whole(name: str, value: Any) -> int:
    checked = _checks.non_negative(name, value)
    if checked % 1.0:
        _checks.refuse_foreign(name, "be whole", value, "the slant would begin between steps")
    return int(checked)


@foreign(
    "thinc",
    "schedules.slanted_triangular",
    max_rate=rate("the rate at the peak"),
    num_steps=count("the steps of the run"),
    cut_frac=factor("the share of the steps up to the peak", UNIT),
    ratio=factor("the peak over the rate before step 0", POSITIVE),
    t=other(RATIO, "the step from which thinc counts, a whole number", _whole),
)
def slanted_triangular(
    max_rate: float, num_steps: int, cut_frac: float = 0.1, ratio: float = 32, t: float = 0.0
) -> Schedule:
    """Go up in a straight line, then down in a flatter one, without end.

        lr(s) = max_rate (1 + p (ratio - 1)) / ratio

    where s is the step, c = floor(num_steps cut_frac), p = (s + t + 1) / c up to the peak at c, and behind it
    p = 1 - (s + t + 1 - c) / (c (1 / cut_frac - 1)).

    Returns
    -------
    Schedule; it has no end: the rate goes on down, below 0.

    Raises
    ------
    ValueError if there is not a step up to the peak: thinc divides by their number.

    Source: Howard and Ruder, Universal Language Model Fine-tuning, arXiv 1801.06146.

    >>> slanted_triangular(1.0, 16, cut_frac=0.25, ratio=4)  # doctest: +NORMALIZE_WHITESPACE
    advance(join(((4, linear(base_lr=0.25, end_lr=1.0, total_steps=4)),
                  linear(base_lr=1.0, end_lr=-562949953421311.0, total_steps=9007199254740992))), steps=1)
    """
    cut = int(num_steps * cut_frac)
    if cut == 0:
        why = f"it is {num_steps} cut_frac steps"
        _checks.refuse_foreign("cut_frac", "give at least one step up to the peak", cut_frac, why)
    foot, steps = max_rate / ratio, _checks.LAST_STEP
    fall = (max_rate - foot) / (cut * (1.0 / cut_frac - 1.0))
    down = linear(base_lr=max_rate, end_lr=max_rate - fall * steps, total_steps=steps)
    return advance(join([(cut, linear(base_lr=foot, end_lr=max_rate, total_steps=cut)), down]), steps=1 + int(t))


@foreign(
    "thinc",
    "schedules.warmup_linear",
    initial_rate=rate("the rate at the end of the warmup"),
    warmup_steps=count("the steps of the warmup, less than `total_steps`", least=0),
    total_steps=count("the step at which the rate is 0"),
)
def warmup_linear(initial_rate: float, warmup_steps: int, total_steps: int) -> Schedule:
    """Warm up linearly, then go to 0 in a straight line.

        lr(t) = initial_rate t / warmup_steps                                      for t < warmup_steps
        lr(t) = initial_rate (total_steps - t) / (total_steps - warmup_steps)      from there on

    where t is the step.

    Returns
    -------
    Schedule; past `total_steps` it holds 0.

    >>> warmup_linear(0.5, 10, 100)
    warmup_linear(base_lr=0.5, min_lr=0.0, warmup_steps=10, total_steps=100, start_lr=0.0)
    """
    room_to_decay("warmup_steps", warmup_steps, "total_steps", total_steps, "thinc")
    return _warmup_linear(base_lr=initial_rate, warmup_steps=warmup_steps, total_steps=total_steps)


@foreign(
    "thinc",
    "schedules.cyclic_triangular",
    min_lr=rate("the rate at the feet"),
    max_lr=rate("the rate at the peaks"),
    period=count("the steps from a foot to a peak"),
)
def cyclic_triangular(min_lr: float, max_lr: float, period: int) -> Schedule:
    """Go up and down between two rates in straight lines, beginning one step above the foot.

        lr(t) = min_lr + (max_lr - min_lr) h(t + 1)

    where t is the step, and h goes from 0 to 1 in `period` steps, and back in as many.

    Returns
    -------
    Schedule; it has no end.

    Source: Smith, Cyclical Learning Rates for Training Neural Networks, arXiv 1506.01186.

    >>> cyclic_triangular(0.25, 1.0, 4)
    advance(triangular(min_lr=0.25, max_lr=1.0, step_size=4), steps=1)
    """
    return advance(triangular(min_lr=min_lr, max_lr=max_lr, step_size=period), steps=1)
