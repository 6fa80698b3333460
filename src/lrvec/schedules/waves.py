"""These factories make curves that repeat."""

from __future__ import annotations

from .. import _checks
from .._checks import LAST_STEP
from .._lowering import algebra
from .._lowering.numbers import COLUMN, NEVER, PLAIN, TRACED, any_of, is_whole, period_of, sort_of, where
from .._lowering.segments import segment
from .._registry import UNIT_TO_ONE, choice, count, factor, given_if, how_many, rate, ratio
from .._values import kind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, overload

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


def _finite_swing(parameters: dict[str, Any]) -> None:
    if parameters["mode"] != "triangular" and parameters.get("step_size_down") is not None:
        _checks.difference("max_lr", parameters["max_lr"], "min_lr", parameters["min_lr"])


if TYPE_CHECKING:

    @overload
    def cyclic(
        *,
        min_lr: float,
        max_lr: float,
        step_size_up: int,
        step_size_down: int | None = None,
        mode: str = "triangular",
        gamma: float | None = None,
    ) -> Schedule: ...
    @overload
    def cyclic(
        *,
        min_lr: Rates,
        max_lr: Rates,
        step_size_up: Counts,
        step_size_down: Counts | None = None,
        mode: str = "triangular",
        gamma: Rates | None = None,
    ) -> Sweep: ...


@kind(
    _finite_swing,
    given_if("gamma", "mode", "exp_range"),
    min_lr=rate("the rate at the feet"),
    max_lr=rate("the rate at the first peak, or that it would have without `gamma`"),
    step_size_up=count("the steps from a foot to a peak"),
    step_size_down=count("the steps from a peak to a foot, by default as many"),
    mode=choice("what becomes of the swing", ("triangular", "triangular2", "exp_range")),
    gamma=factor("the factor by which each step of \"exp_range\" multiplies the swing", UNIT_TO_ONE),
)
def cyclic(
    *,
    min_lr: float,
    max_lr: float,
    step_size_up: int,
    step_size_down: int | None = None,
    mode: str = "triangular",
    gamma: float | None = None,
) -> list[Segment]:
    """Go up and down between two rates in straight lines, whose sides may differ in length (cyclical learning rates).

        lr(t) = min_lr + (max_lr - min_lr) h g

    where t is the step, c = floor(t / (step_size_up + step_size_down)) counts the cycles, h goes from 0 to 1 in
    `step_size_up` steps and back to 0 in `step_size_down` steps, and g is 1 in the `mode` "triangular", 1 / 2^c in
    "triangular2" and gamma^t in "exp_range". Without `step_size_down` these are the kinds of the modes' names.

    Returns
    -------
    Schedule; it has no end.

    Raises
    ------
    TypeError if `gamma` is given with another mode than "exp_range", or not with this one.
    ValueError if sides differ, the swing changes, and max_lr - min_lr is not finite.

    Source: Smith, arXiv 1506.01186.

    >>> cyclic(min_lr=0.0, max_lr=1.0, step_size_up=2, step_size_down=4, mode="triangular2")(range(10)).tolist()
    [0.0, 0.5, 1.0, 0.75, 0.5, 0.25, 0.0, 0.25, 0.5, 0.375]
    """
    if step_size_down is None:
        if mode == "triangular":
            return [segment(0, "triangle", min_lr, max_lr, step_size_up)]
        if mode == "triangular2":
            return [segment(0, "halving_triangle", min_lr, max_lr, step_size_up)]
        return [segment(0, "decaying_triangle", min_lr, max_lr, step_size_up, gamma)]
    period = period_of(step_size_up, step_size_down)

    def waves(low: float, high: float) -> list[Segment]:
        up = segment(0, "line", low, high, step_size_up)
        return algebra.repeated([up, segment(step_size_up, "line", high, low, step_size_down)], period, None)

    if mode == "triangular":
        return waves(min_lr, max_lr)
    size = segment(0, "staircase", 1.0, 0.5, period) if gamma is None else segment(0, "exponential", 1.0, gamma, 1)
    swing = algebra.combined("multiply", [waves(0.0, max_lr - min_lr), [size]])
    return algebra.combined("add", [swing, algebra.constant(min_lr)])


def _growth(parameters: dict[str, Any]) -> None:
    given = {"peak_factor": 1.0, "count": None, **parameters}
    if _is_of_whole_cycles(given["t_mult"], given["peak_factor"], given["count"]) is not True:
        period, t_mult, peak_factor = given["period"], given["t_mult"], given["peak_factor"]
        _checks.cycles("period", period, t_mult, peak_factor, given["count"], "min_lr", given["min_lr"])


if TYPE_CHECKING:

    @overload
    def cosine_restarts(
        *,
        base_lr: float,
        min_lr: float,
        period: int,
        t_mult: float,
        peak_factor: float | None = None,
        count: int | None = None,
    ) -> Schedule: ...
    @overload
    def cosine_restarts(
        *,
        base_lr: Rates,
        min_lr: Rates,
        period: Counts,
        t_mult: Rates,
        peak_factor: Rates | None = None,
        count: Counts | None = None,
    ) -> Sweep: ...


@kind(
    _growth,
    base_lr=rate("the rate at the start of a cycle"),
    min_lr=rate("the rate at the end of a cycle"),
    period=count("the steps of the first cycle"),
    t_mult=ratio("the length of a cycle over that of the one before"),
    peak_factor=factor("the height of a cycle above `min_lr` over that of the one before, by default 1"),
    count=how_many("how many cycles there are; for ever, if it is not given"),
)
def cosine_restarts(
    *,
    base_lr: float,
    min_lr: float,
    period: int,
    t_mult: float,
    peak_factor: float | None = None,
    count: int | None = None,
) -> list[Segment]:
    """Go from `base_lr` to `min_lr` along half a cosine wave, again and again (cosine annealing with warm restarts).

        lr(t) = min_lr + peak_factor^i (base_lr - min_lr) (1 + cos(pi s / n)) / 2

    where t is the step, s counts the steps since the start of cycle i, and n = period t_mult^i is the length of this
    cycle, which need not be whole: it starts and ends at the nearest doubles. A length beyond 2^53 is rounded to the
    nearest double; no step meets the end of such a cycle.

    Returns
    -------
    Schedule; it has no end, or holds `min_lr` behind the last of `count` cycles.

    Raises
    ------
    ValueError if a cycle has less than 1 step or no finite height, if the cycles have more than 100,000 segments, or if
        `count` is needed, since the cycles shrink or their heights grow for ever.

    Source: Loshchilov and Hutter, SGDR, arXiv 1608.03983.

    >>> cosine_restarts(base_lr=1.0, min_lr=0.0, period=4, t_mult=2)([0, 2, 4, 8, 12]).tolist()
    [1.0, 0.5, 1.0, 0.5, 1.0]
    >>> cosine_restarts(base_lr=1.0, min_lr=0.0, period=4, t_mult=1.5, peak_factor=0.5, count=2)([0, 4, 7, 10]).tolist()
    [1.0, 0.5, 0.25, 0.0]
    """
    height = 1.0 if peak_factor is None else peak_factor
    is_folded = _is_of_whole_cycles(t_mult, height, count)
    if is_folded is True and type(t_mult) is int and t_mult == 1:
        return [segment(0, "repeated_half_cosine", base_lr, min_lr, period)]
    folded = [segment(0, "growing_half_cosine", base_lr, min_lr, period, t_mult)]
    if is_folded is True:
        return folded
    from .._lowering.copies import grown

    wave = [segment(0, "half_cosine", base_lr, min_lr, period)]
    copies = grown(wave, period, t_mult, height, min_lr, count)
    if not any_of(is_folded):
        return copies
    folded = [segment(0, "growing_half_cosine", base_lr, min_lr, period, where(is_folded, t_mult, 1))]
    return [*folded, *((where(is_folded, NEVER, start), *rest) for start, *rest in copies)]


def _is_of_whole_cycles(t_mult: Any, peak_factor: Any, count: Any) -> Any:
    """Tells where all cycles are of whole steps and of one height, and have no end."""
    if count is not None or sort_of(peak_factor) is TRACED:
        return False
    if sort_of(t_mult) is TRACED:
        return is_whole(t_mult) and peak_factor == 1
    if sort_of(t_mult, peak_factor) is COLUMN:
        import numpy

        are_whole = is_whole(t_mult)
        are_even = sort_of(peak_factor) is PLAIN and peak_factor == 1

        def holds(t_mult: Any, peak_factor: Any) -> Any:
            found = t_mult <= LAST_STEP
            found = found if are_whole else found & (numpy.rint(t_mult) == t_mult)
            return found if are_even else found & (peak_factor == 1)

        return _checks.where_holds(holds, t_mult, peak_factor)
    return t_mult % 1.0 == 0.0 and t_mult <= LAST_STEP and peak_factor == 1
