"""These factories make curves that repeat."""

from __future__ import annotations

from .._lowering.segments import segment
from .._registry import count, factor, rate
from .._values import kind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import overload

    from .._lowering.segments import Segment
    from .._values import Counts, Rates, Schedule, Sweep

if TYPE_CHECKING:

    @overload
    def triangular(*, min_lr: float, max_lr: float, step_size: int) -> Schedule: ...
    @overload
    def triangular(*, min_lr: Rates, max_lr: Rates, step_size: Counts) -> Sweep: ...


@kind(
    min_lr=rate("the rate at the feet"),
    max_lr=rate("the rate at the peaks"),
    step_size=count("the steps from a foot to a peak"),
)
def triangular(*, min_lr: float, max_lr: float, step_size: int) -> list[Segment]:
    """Go up and down between two rates in straight lines.

        lr(t) = min_lr + (max_lr - min_lr) h

    where t is the step, c = floor(t / (2 step_size)) counts the cycles, and h = 1 - abs(t / step_size - 2c - 1).

    Returns
    -------
    Schedule; it has no end.

    Source: Smith, arXiv 1506.01186.

    >>> triangular(min_lr=0.0, max_lr=1.0, step_size=2)(range(6)).tolist()
    [0.0, 0.5, 1.0, 0.5, 0.0, 0.5]
    """
    return [segment(0, "triangle", min_lr, max_lr, step_size)]


if TYPE_CHECKING:

    @overload
    def triangular2(*, min_lr: float, max_lr: float, step_size: int) -> Schedule: ...
    @overload
    def triangular2(*, min_lr: Rates, max_lr: Rates, step_size: Counts) -> Sweep: ...


@kind(
    min_lr=rate("the rate at the feet"),
    max_lr=rate("the rate at the first peak"),
    step_size=count("the steps from a foot to a peak"),
)
def triangular2(*, min_lr: float, max_lr: float, step_size: int) -> list[Segment]:
    """Go up and down between two rates in straight lines, half as high in each cycle as in the one before.

        lr(t) = min_lr + (max_lr - min_lr) h / 2^c

    where t is the step, c = floor(t / (2 step_size)) counts the cycles, and h = 1 - abs(t / step_size - 2c - 1).

    Returns
    -------
    Schedule; it has no end.

    Source: Smith, arXiv 1506.01186.

    >>> triangular2(min_lr=0.0, max_lr=1.0, step_size=2)([2, 6, 10]).tolist()
    [1.0, 0.5, 0.25]
    """
    return [segment(0, "halving_triangle", min_lr, max_lr, step_size)]


if TYPE_CHECKING:

    @overload
    def exp_range(*, min_lr: float, max_lr: float, step_size: int, gamma: float) -> Schedule: ...
    @overload
    def exp_range(*, min_lr: Rates, max_lr: Rates, step_size: Counts, gamma: Rates) -> Sweep: ...


@kind(
    min_lr=rate("the rate at the feet"),
    max_lr=rate("the rate that the peaks would have without the factor"),
    step_size=count("the steps from a foot to a peak"),
    gamma=factor("the factor by which each step multiplies the swing"),
)
def exp_range(*, min_lr: float, max_lr: float, step_size: int, gamma: float) -> list[Segment]:
    """Go up and down between two rates, with a swing that each step multiplies by a factor.

        lr(t) = min_lr + (max_lr - min_lr) h gamma^t

    where t is the step, c = floor(t / (2 step_size)) counts the cycles, and h = 1 - abs(t / step_size - 2c - 1).

    Returns
    -------
    Schedule; it has no end.

    Source: Smith, arXiv 1506.01186.

    >>> exp_range(min_lr=0.0, max_lr=1.0, step_size=2, gamma=0.5)([0, 2, 4, 6]).tolist()
    [0.0, 0.25, 0.0, 0.015625]
    """
    return [segment(0, "decaying_triangle", min_lr, max_lr, step_size, gamma)]


if TYPE_CHECKING:

    @overload
    def cosine_restarts(*, base_lr: float, min_lr: float, period: int, t_mult: int) -> Schedule: ...
    @overload
    def cosine_restarts(*, base_lr: Rates, min_lr: Rates, period: Counts, t_mult: Counts) -> Sweep: ...


@kind(
    base_lr=rate("the rate at the start of a cycle"),
    min_lr=rate("the rate at the end of a cycle"),
    period=count("the steps of the first cycle"),
    t_mult=count("the length of a cycle over that of the one before"),
)
def cosine_restarts(*, base_lr: float, min_lr: float, period: int, t_mult: int) -> list[Segment]:
    """Go from `base_lr` to `min_lr` along half a cosine wave, again and again (cosine annealing with warm restarts).

        lr(t) = min_lr + (base_lr - min_lr) (1 + cos(pi s / n)) / 2

    where t is the step, s counts the steps since the last restart, and n = period t_mult^i is the length of cycle i. A
    length beyond 2^53 is rounded to the nearest double; no step meets the end of such a cycle.

    Returns
    -------
    Schedule; it has no end.

    Source: Loshchilov and Hutter, SGDR, arXiv 1608.03983.

    >>> cosine_restarts(base_lr=1.0, min_lr=0.0, period=4, t_mult=2)([0, 2, 4, 8, 12]).tolist()
    [1.0, 0.5, 1.0, 0.5, 1.0]
    """
    return [segment(0, "growing_half_cosine", base_lr, min_lr, period, t_mult)]
