"""These functions find the points that a picture of a curve needs: all marks, and others where the curve bends.

Their number depends on the picture alone, so a curve of 10^12 steps takes as long as one of 1,000.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy

from .. import _checks
from .._lowering.marks import Marks, reach
from .._lowering.segments import present, segments_of
from . import evaluate
from .matrix import blocks
from .sizes import MATRIX_BYTES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from numpy.typing import NDArray

    Numbers = NDArray[numpy.float64]
    Steps = NDArray[numpy.int64]

DEFAULT_STEPS = 100
"""A constant is shown for so many steps."""

CALLED_STEPS = 1000
"""A user's callable is shown for so many steps, since nothing says where it ends."""

FALL = 5.0
"""A curve without an end is shown until it has risen or fallen by this factor, and for LEAST steps."""

LEAST = 10

MOST_VALUES = 1 << 24
"""An envelope is made of so many values at most."""

GOLDEN = 0.381966
"""A gap between two points is tried at this share of its length. Few curves that bend pass through a chord there."""


class Points(NamedTuple):
    """The points are a polyline through (steps, rates) or, if `upper` is given, a band from `rates` up to `upper`: the
    curve goes up and down more often than a picture can show."""

    steps: Steps
    rates: Numbers
    upper: Numbers | None = None

    @property
    def peak(self) -> tuple[int, float]:
        """Returns the first of the steps with the greatest rate, and that rate."""
        rates = self.rates if self.upper is None else self.upper
        place = int(numpy.where(numpy.isnan(rates), -numpy.inf, rates).argmax())
        return int(self.steps[place]), float(rates[place])


def span_of(*schedules: Any) -> int:
    """Returns the last step that a picture of schedules shows, if nobody says which."""
    ends = list(map(_end_of, schedules))
    last = max(step for step, _ in ends)
    goes_on = all(is_new for step, is_new in ends if step == last)
    return min(last + max(last // 4, 1), _checks.LAST_STEP) if goes_on else last


def _end_of(value: Any) -> tuple[int, bool]:
    """Returns the step at which a curve ends, and whether it then holds a rate that is not seen before: the last one of
    some stairs, or the top of a rise."""
    segments = segments_of(value)
    found = reach(segments)
    if found is None:
        return min(_fallen(value, present(segments)[-1]), _checks.LAST_STEP), False
    if found == 0:
        return DEFAULT_STEPS, False
    *_, before, last = [None, *present(segments)]
    if before is None or last[2] != "constant" or before[2] == "call":
        return found, False
    left, right = evaluate(value, [found - 1, found]).tolist()
    return found, left < right or (left > right and before[2] == "constant")


def _fallen(value: Any, part: Any) -> int:
    """Returns the step at which the last segment's curve has risen or fallen by a factor."""
    start: int = math.ceil(part[0])
    if part[2] == "call":
        return start + CALLED_STEPS
    lengths = numpy.unique(numpy.geomspace(1, 2**52, 512).astype(numpy.int64))
    steps = start + numpy.append(0, lengths[lengths <= _checks.LAST_STEP - start])
    first, *rates = numpy.abs(evaluate(value, steps)).tolist()
    for step, rate in zip(steps[1:].tolist(), rates, strict=True):
        if first and not first / FALL < rate < first * FALL:
            return max(int(step), start + LEAST)
    return start + 10 * max(start, DEFAULT_STEPS)


def points_of(value: Any, first: int, last: int, most: int, tolerance: float, *, log: bool = False) -> Points:
    """Returns at most some `most` points of a schedule from step `first` to step `last`, both included.

    Straight lines between the points miss the curve by at most about `tolerance`, a share of the picture's height. With
    `log` the height is that of the logarithms.
    """
    segments = segments_of(value)
    marks = Marks(segments, first, last, most // 3)
    if not marks.are_all:
        return _band(value, _around(Marks(segments, first, last, 10 * most)), most // 2)
    return _refined(value, _with_more(_around(marks), most // 3), most, tolerance, log)


def _around(marks: Marks) -> Steps:
    """Returns the marks, the steps before them, and the first and the last step."""
    steps = {marks.first, marks.last, *marks.steps, *(step - 1 for step in marks.steps if step > marks.first)}
    return numpy.array(sorted(steps), dtype=numpy.int64)


def _with_more(steps: Steps, most: int) -> Steps:
    """Puts steps into the gaps: the more, the fewer gaps there are."""
    gaps = max(len(steps) - 1, 1)
    parts = min(max(most // gaps, 1), 8)
    lengths = numpy.diff(steps)
    inner = [steps[:-1] + (lengths // parts) * part + (lengths % parts) * part // parts for part in range(1, parts)]
    return numpy.unique(numpy.concatenate([steps, *inner]))


def _refined(value: Any, steps: Steps, most: int, tolerance: float, log: bool) -> Points:
    """Adds points where the curve leaves its chords by more than the tolerance, the furthest first."""
    rates = evaluate(value, steps)
    is_open = numpy.ones(len(steps) - 1, dtype=bool)
    while is_open.any() and len(steps) < most:
        left = numpy.flatnonzero(is_open & (numpy.diff(steps) > 1))
        lengths = steps[left + 1] - steps[left]
        tried = steps[left] + numpy.maximum((lengths * GOLDEN).astype(numpy.int64), 1)
        found = evaluate(value, tried)
        heights, new = _heights(rates, log), _heights(found, log)
        chords = heights[left] + (heights[left + 1] - heights[left]) * ((tried - steps[left]) / lengths)
        misses = numpy.abs(new - chords)
        if log:  # where the curve leaves 0, and its logarithm comes from far below
            misses[(rates[left] > 0.0) != (rates[left + 1] > 0.0)] = numpy.inf
        whole = max(heights.max(initial=0.0), new.max(initial=0.0)) - min(heights.min(), new.min(initial=numpy.inf))
        bent = numpy.flatnonzero(misses > tolerance * whole)
        bent = numpy.sort(bent[numpy.argsort(-misses[bent], kind="stable")[: most - len(steps)]])
        is_open[:] = False
        places = left[bent] + 1
        is_open[left[bent]] = True
        steps, rates = numpy.insert(steps, places, tried[bent]), numpy.insert(rates, places, found[bent])
        is_open = numpy.insert(is_open, places, True)
    return Points(steps, rates)


def _heights(rates: Numbers, log: bool) -> Numbers:
    """Returns numbers that are proportional to heights in a picture, with finite differences."""
    finite: Numbers = numpy.nan_to_num(rates)
    if log:
        finite = numpy.log(numpy.maximum(finite, finite[finite > 0.0].min(initial=1.0)))
    return finite / 4.0


def _band(value: Any, steps: Steps, bins: int) -> Points:
    """Returns the least and the greatest rate between each two of some evenly spread steps."""
    edges = numpy.unique(numpy.linspace(int(steps[0]), int(steps[-1]) + 1, bins + 1).astype(numpy.int64))
    asked = numpy.union1d(steps, numpy.concatenate([edges[:-1], edges[1:] - 1]))
    rates = evaluate(value, asked)
    begins = numpy.searchsorted(asked, edges[:-1])
    lower, upper = numpy.minimum.reduceat(rates, begins), numpy.maximum.reduceat(rates, begins)
    return Points(numpy.append(edges[:-1], steps[-1]), numpy.append(lower, lower[-1:]), numpy.append(upper, upper[-1:]))


def envelope_of(sweep: Any, rows: Sequence[Points]) -> Points:
    """Returns the least and the greatest rate of all rows of a sweep, at the steps of the points of some rows."""
    steps = numpy.unique(numpy.concatenate([points.steps for points in rows]))
    steps = steps[:: len(steps) * sweep.size // MOST_VALUES + 1]
    lower, upper = numpy.full(len(steps), numpy.inf), numpy.full(len(steps), -numpy.inf)
    for _, columns, values in blocks(sweep, steps, MATRIX_BYTES, None, False):
        numpy.minimum(lower[columns], values.min(axis=0), out=lower[columns])
        numpy.maximum(upper[columns], values.max(axis=0), out=upper[columns])
    for points in rows:
        if points.upper is not None:
            places = numpy.isin(steps, points.steps)
            kept = numpy.isin(points.steps, steps)
            lower[places] = numpy.minimum(lower[places], points.rates[kept])
            upper[places] = numpy.maximum(upper[places], points.upper[kept])
    return Points(steps, lower, upper)
