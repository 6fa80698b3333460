"""These factories make rates that are flat between some steps, and change at those."""

from __future__ import annotations

from .. import _checks
from .._lowering.numbers import is_whole, quotient
from .._lowering.segments import At, segment
from .._lowering.slopes import monotone
from .._registry import (
    POSITIVE,
    REAL_KNOTS,
    UNIT_TO_ONE,
    VALUES,
    choice,
    count,
    counts,
    exactly_one,
    factor,
    other,
    rate,
)
from .._values import kind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any, overload

    from .._lowering.segments import Segment
    from .._values import Counts, Rates, Schedule, Sweep

if TYPE_CHECKING:

    @overload
    def constant(*, lr: float) -> Schedule: ...
    @overload
    def constant(*, lr: Rates) -> Sweep: ...


@kind(
    lr=rate("the rate"),
)
def constant(*, lr: float) -> list[Segment]:
    """Keep one rate at every step.

        lr(t) = lr

    where t is the step.

    Returns
    -------
    Schedule; it has no end.

    >>> constant(lr=0.1)(1000)
    0.1
    """
    return [segment(0, "constant", lr)]


if TYPE_CHECKING:

    @overload
    def step_decay(
        *, base_lr: float, drop: float | None = None, step_size: int, gamma: float | None = None
    ) -> Schedule: ...
    @overload
    def step_decay(
        *, base_lr: Rates, drop: Rates | None = None, step_size: Counts, gamma: Rates | None = None
    ) -> Sweep: ...


@kind(
    exactly_one("drop", "gamma"),
    base_lr=rate("the rate at step 0; with `gamma` any finite one", POSITIVE, finite_without="drop"),
    drop=factor("the factor of a drop", UNIT_TO_ONE),
    step_size=count("the steps between two drops"),
    gamma=factor("any factor, in place of `drop`; a negative one alternates the sign, and 0^0 = 1"),
    command="step",
)
def step_decay(
    *, base_lr: float, drop: float | None = None, step_size: int, gamma: float | None = None
) -> list[Segment]:
    """Multiply the rate by a factor every `step_size` steps.

        lr(t) = base_lr drop^floor(t / step_size)

    where t is the step, and `gamma` may stand in place of `drop`.

    Returns
    -------
    Schedule; it has no end.

    Raises
    ------
    TypeError if both of `drop` and `gamma` are given, or neither.

    >>> step_decay(base_lr=0.1, drop=0.5, step_size=30)([0, 29, 30, 60]).tolist()
    [0.1, 0.1, 0.05, 0.025]
    """
    return [segment(0, "staircase", base_lr, gamma if drop is None else drop, step_size)]


if TYPE_CHECKING:

    @overload
    def multi_step(*, base_lr: float, milestones: Iterable[int], gamma: float) -> Schedule: ...
    @overload
    def multi_step(*, base_lr: Rates, milestones: Iterable[int], gamma: Rates) -> Sweep: ...


@kind(
    base_lr=rate("the rate before the first milestone"),
    milestones=counts("the steps of the drops, in any order; a step that stands twice counts twice"),
    gamma=factor("the factor of a drop"),
)
def multi_step(*, base_lr: float, milestones: Iterable[int], gamma: float) -> list[Segment]:
    """Multiply the rate by `gamma` at each milestone.

        lr(t) = base_lr gamma^n

    where t is the step, and n counts the milestones m with m <= t.

    Returns
    -------
    Schedule; past the last milestone it holds the rate that it has there.

    >>> multi_step(base_lr=0.1, milestones=[30, 60], gamma=0.5)([29, 30, 60]).tolist()
    [0.1, 0.05, 0.025]
    """
    powers = [segment(0, "exponential", base_lr, gamma, 1)]
    factors = {0: 0} | {milestone: count for count, milestone in enumerate(milestones, 1)}
    return [
        segment(milestone, "constant", At(powers, count) if count else base_lr) for milestone, count in factors.items()
    ]


_BETWEEN_KNOTS = {
    "step": "constant",
    "linear": "line",
    "cosine": "half_cosine",
    "exponential": "exponential",
    "pchip": "cubic",
}
"""A piece of piecewise has this shape for each interpolation."""


def _passable(parameters: dict[str, Any]) -> None:
    """Checks that there are as many values as steps, and that the ratios of an exponential curve are finite, or three
    times the rises of a cubic one, which bound its slopes."""
    steps, values = parameters["steps"], parameters["values"]
    _checks.as_many("values", values, "steps", steps)
    interpolation = parameters.get("interpolation", "linear")
    if interpolation in ("exponential", "pchip"):
        _checks.whole_knots("steps", steps, f"for the interpolation {interpolation!r}")
    if interpolation == "exponential":
        for i, value in enumerate(values):
            _checks.positive(f"values[{i}]", value)
        for i in range(1, len(values)):
            for one, by in ((i, i - 1), (i - 1, i)):
                _checks.finite_quotient(f"values[{one}]", values[one], f"values[{by}]", values[by])
    if interpolation == "pchip":
        for i in range(1, len(values)):
            _checks.difference(f"values[{i}]", values[i], f"values[{i - 1}]", values[i - 1], times=3)


if TYPE_CHECKING:

    @overload
    def piecewise(*, steps: Sequence[float], values: Sequence[float], interpolation: str = "linear") -> Schedule: ...
    @overload
    def piecewise(*, steps: Sequence[Rates], values: Sequence[Rates], interpolation: str = "linear") -> Sweep: ...


@kind(
    _passable,
    steps=other(REAL_KNOTS, "the steps of the knots, in ascending order, which need not be whole", _checks.real_knots),
    values=other(VALUES, "the rates at the knots, as many; positive for an exponential curve", _checks.knot_values),
    interpolation=choice("the curve from a knot to the next one", _BETWEEN_KNOTS),
)
def piecewise(*, steps: Sequence[float], values: Sequence[float], interpolation: str = "linear") -> list[Segment]:
    """Go through given rates at given steps.

        lr(t) = values[i] + (values[i + 1] - values[i]) f(u)    for steps[i] <= t < steps[i + 1]

    where t is the step, u = (t - steps[i]) / (steps[i + 1] - steps[i]), and by `interpolation`

        step           f(u) = 0
        linear         f(u) = u
        cosine         f(u) = (1 - cos(pi u)) / 2
        exponential    lr(t) = values[i] (values[i + 1] / values[i])^u
        pchip          cubic pieces with one slope at each knot, by which no piece leaves its two values

    The knots of the last two must be whole. All others may lie between steps. A step or a value may be an array, with a
    number for each schedule of a sweep.

    Returns
    -------
    Schedule; before the first knot it holds the first value, and from the last knot on the last one.

    Raises
    ------
    ValueError if there is no knot or more than 100,000, if steps are not in ascending order or must be whole and are
    not, if there are not as many values, or if a ratio or a rise is not finite.
    TypeError if `steps` or `values` are no sequences.

    Source: pchip: Fritsch and Butland, A Method for Constructing Local Monotone Piecewise Cubic Interpolants, 1984,
    with the slopes of scipy's PchipInterpolator.

    >>> piecewise(steps=[0, 4, 8], values=[0.0, 1.0, 0.5], interpolation="linear")(range(0, 11, 2)).tolist()
    [0.0, 0.5, 1.0, 0.75, 0.5, 0.5]
    """
    shape, before = _BETWEEN_KNOTS[interpolation], [segment(0, "constant", values[0])]
    slopes = monotone(steps, values) if shape == "cubic" else ()
    pieces = []
    for i in range(len(steps) - 1):
        length, first, last = steps[i + 1] - steps[i], values[i], values[i + 1]
        if shape == "constant":
            bends: tuple[Any, ...] = (first,)
        elif shape == "exponential":
            bends = (first, quotient(last, first), length)
        elif shape == "cubic":
            bends = (first, last, length, *slopes[i])
        elif is_whole(steps[i], steps[i + 1]):
            bends = (first, last, length)
        else:
            pieces.append(segment(steps[i], f"placed_{shape}", first, last, steps[i], steps[i + 1], origin=0))
            continue
        pieces.append(segment(steps[i], shape, *bends))
    return [*before, *pieces, segment(steps[-1], "constant", values[-1])]
