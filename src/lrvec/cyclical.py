"""The factories of periodic schedules: triangles (Smith, Cyclical Learning Rates, arXiv 1506.01186) and cosine
restarts.

In the formulas t is the step; a triangle's height climbs from 0 to 1 in `step_size` steps, falls back in as many, and
so on:

    height(t) = 1 - |t / step_size - 2 c - 1|, where c = floor(t / (2 step_size)) is the cycle
"""

from __future__ import annotations

from . import _checks
from ._schedule import Schedule, is_traced, kind, make
from ._segments import NEVER, segment, sum_within_reach, where, wide

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._segments import Segment


@kind
def triangular(*, min_lr: float, max_lr: float, step_size: int) -> Schedule:
    """Go up and down between two rates in straight lines.

        lr(t) = min_lr + (max_lr - min_lr) height(t)

    Parameters
    ----------
    min_lr, max_lr : the rates at the feet and at the peaks, finite.
    step_size : steps from a foot to a peak, positive.

    Returns
    -------
    Schedule; it has no end.

    Source: Smith, arXiv 1506.01186.

    >>> triangular(min_lr=0.0, max_lr=1.0, step_size=2)(range(6)).tolist()
    [0.0, 0.5, 1.0, 0.5, 0.0, 0.5]
    """
    return _triangles("triangular", "triangle", min_lr, max_lr, step_size)


@kind
def triangular2(*, min_lr: float, max_lr: float, step_size: int) -> Schedule:
    """Go up and down between two rates in straight lines, half as high in each cycle as in the one before.

        lr(t) = min_lr + (max_lr - min_lr) height(t) / 2^c

    Parameters
    ----------
    min_lr, max_lr : the rates at the feet and at the first peak, finite.
    step_size : steps from a foot to a peak, positive.

    Returns
    -------
    Schedule; it has no end.

    Source: Smith, arXiv 1506.01186.

    >>> triangular2(min_lr=0.0, max_lr=1.0, step_size=2)([2, 6, 10]).tolist()
    [1.0, 0.5, 0.25]
    """
    return _triangles("triangular2", "halving_triangle", min_lr, max_lr, step_size)


@kind
def exp_range(*, min_lr: float, max_lr: float, step_size: int, gamma: float) -> Schedule:
    """Go up and down between two rates in straight lines, by a factor lower at each step.

        lr(t) = min_lr + (max_lr - min_lr) height(t) gamma^t

    Parameters
    ----------
    min_lr, max_lr : the rates at the feet and, but for the factor, at the peaks, finite.
    step_size : steps from a foot to a peak, positive.
    gamma : the factor, finite.

    Returns
    -------
    Schedule; it has no end.

    Source: Smith, arXiv 1506.01186.

    >>> exp_range(min_lr=0.0, max_lr=1.0, step_size=2, gamma=0.5)([0, 2, 4, 6]).tolist()
    [0.0, 0.25, 0.0, 0.015625]
    """
    return _triangles("exp_range", "decaying_triangle", min_lr, max_lr, step_size, gamma=_checks.finite("gamma", gamma))


def _triangles(kind: str, shape: str, min_lr: float, max_lr: float, step_size: int, **rest: float) -> Schedule:
    min_lr, max_lr = _checks.finite("min_lr", min_lr), _checks.finite("max_lr", max_lr)
    step_size = _checks.positive_count("step_size", step_size)
    parameters = {"min_lr": min_lr, "max_lr": max_lr, "step_size": step_size, **rest}
    return make(kind, parameters, lambda: [segment(0, shape, *parameters.values())])


@kind
def cosine_restarts(*, base_lr: float, min_lr: float, period: int, t_mult: int) -> Schedule:
    """Cosine annealing with warm restarts: the half wave from `base_lr` to `min_lr` again and again.

        lr(t) = min_lr + (base_lr - min_lr) (1 + cos(pi s / n)) / 2

    where s counts the steps since the last restart and n = period t_mult^i is the length of the cycle i.

    Parameters
    ----------
    base_lr, min_lr : the rates at both ends of a cycle, finite.
    period : steps in the first cycle, positive.
    t_mult : the length of a cycle over that of the one before, a positive integer.

    Returns
    -------
    Schedule; it has no end.

    Source: Loshchilov and Hutter, SGDR, arXiv 1608.03983.

    >>> cosine_restarts(base_lr=1.0, min_lr=0.0, period=4, t_mult=2)([0, 2, 4, 8, 12]).tolist()
    [1.0, 0.5, 1.0, 0.5, 1.0]
    """
    base_lr, min_lr = _checks.finite("base_lr", base_lr), _checks.finite("min_lr", min_lr)
    period, t_mult = _checks.positive_count("period", period), _checks.positive_count("t_mult", t_mult)

    def lower() -> list[Segment]:
        if is_traced((period, t_mult)) and not (isinstance(t_mult, int) and t_mult == 1):
            return _traced_restarts(base_lr, min_lr, period, t_mult)
        cycles = [segment(0, "repeated_half_cosine", base_lr, min_lr, period)]
        start, length = where(t_mult == 1, NEVER, 0), wide(period)
        while _checks.any_of(start < NEVER):
            cycles.append(segment(start, "half_cosine", base_lr, min_lr, length))
            start = sum_within_reach(length, start)
            length = length * where(start < NEVER, wide(t_mult), 1)
        return cycles

    parameters = {"base_lr": base_lr, "min_lr": min_lr, "period": period, "t_mult": t_mult}
    return make("cosine_restarts", parameters, lower)


def _traced_restarts(base_lr: float, min_lr: float, period: int, t_mult: int) -> list[Segment]:
    """The last cycle is without an end: it serves where none is longer than the first."""
    from . import _traced

    *growing, (start, length) = _traced.cycles(period, t_mult)
    last = segment(start, "repeated_half_cosine", base_lr, min_lr, length)
    return [*(segment(begin, "half_cosine", base_lr, min_lr, steps) for begin, steps in growing), last]
