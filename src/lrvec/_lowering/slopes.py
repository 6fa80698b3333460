"""The slopes of monotone cubic curves through knots (PCHIP), of one curve or of many.

They are computed as pairs of doubles, whose sum has about a hundred bits. Where these do not say which double is the
nearest, fractions do. So each slope is rounded once, and a row of a sweep has the slopes that its curve has alone.
"""

from __future__ import annotations

from itertools import pairwise

from .._engine.shapes import exact_product, exact_sum
from .numbers import PLAIN, sort_of, where

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, TypeAlias

    from numpy.typing import NDArray

    Pair: TypeAlias = tuple[Any, Any]
    """A pair is two doubles, or two columns of them, that stand for their sum. The first one is the sum rounded."""

    Piece: TypeAlias = tuple[Any, Pair]
    """A piece between two knots has a length and a rise."""

    Slope: TypeAlias = tuple[Any, Any]
    """A slope is a double, and whether it is known to be the nearest one."""

ERROR = 2.0**-96
"""A slope errs by less than this share of what is added for it."""

LEAST, MOST = 2.0**-200, 2.0**200
"""The products of rises between these sizes, and of lengths, are far from both ends of the doubles."""


def monotone(steps: Sequence[Any], values: Sequence[Any]) -> list[tuple[Any, Any]]:
    """Returns for each piece between two knots the slopes at its ends, by its length: the doubles nearest to those of
    scipy's PchipInterpolator.

    Between two pieces the slope by step is the harmonic mean of their slopes, with weights by their lengths, or 0 where
    these differ in sign. At an end it is that of the parabola through three knots, kept so small that the piece stays
    monotone.
    """
    lengths = [(after - before) * 1.0 for before, after in pairwise(steps)]
    rises = [exact_sum(after, -before) for before, after in pairwise(values)]
    if len(rises) < 2:
        return [(rise + 0.0, rise + 0.0) for rise, _ in rises]
    known: Any = True
    for rise, _ in rises:
        known = known & ((rise == 0.0) | ((abs(rise) >= LEAST) & (abs(rise) <= MOST)))
    pieces: list[Piece] = [
        (length, (where(known, rise, 1.0), where(known, rest, 0.0)))
        for length, (rise, rest) in zip(lengths, rises, strict=True)
    ]
    ends = [_at_end(pieces[0], pieces[1])]
    for before, after in pairwise(pieces):
        ends += _between(before, after)
    ends.append(_at_end(pieces[-1], pieces[-2]))
    for _, is_nearest in ends:
        known = known & is_nearest
    slopes = [slope for slope, _ in ends]
    if sort_of(known) is not PLAIN:
        slopes = _with_exact_rows(slopes, known, steps, values)
    elif not known:
        slopes = _exact(steps, values)
    return list(zip(slopes[::2], slopes[1::2], strict=True))


def _between(before: Piece, after: Piece) -> list[Slope]:
    """Returns the slope at the knot between two pieces, by the length of each."""
    (length, rise), (next_length, next_rise) = before, after
    turns = rise[0] * next_rise[0] <= 0.0
    rise, next_rise = _where(turns, (1.0, 0.0), rise), _where(turns, (1.0, 0.0), next_rise)
    both = _times(_times(exact_sum(length, next_length), (3.0, 0.0)), _times(rise, next_rise))
    own = _times(_times(exact_sum(length, 2.0 * next_length), (length, 0.0)), next_rise)
    other = _times(_times(exact_sum(2.0 * length, next_length), (next_length, 0.0)), rise)
    slope = _where(turns, (0.0, 0.0), _over(both, _added(own, other)))
    return [_rounded(found, abs(found[0])) for found in (_times(slope, (by, 0.0)) for by in (length, next_length))]


def _at_end(piece: Piece, inner: Piece) -> Slope:
    """Returns the slope at the end of the first or the last piece, by its length. `inner` is the piece next to it."""
    (length, rise), (next_length, next_rise) = piece, inner
    own = _times(_times(exact_sum(2.0 * length, next_length), (next_length, 0.0)), rise)
    other = _times(exact_product(length, length), next_rise)
    by = _times(exact_sum(length, next_length), (next_length, 0.0))
    slope = _over(_added(own, (-other[0], -other[1])), by)
    size = (abs(own[0]) + abs(other[0])) / by[0]
    most = _times((3.0, 0.0), rise)
    is_steep = (rise[0] * next_rise[0] <= 0.0) & (abs(slope[0]) > abs(most[0]))
    differs = abs(abs(slope[0]) - abs(most[0])) > ERROR * size
    is_exact = is_steep & (rise[1] == 0.0)  # three times a double: such a pair leaves out nothing
    found, is_nearest = _rounded(_where(is_steep, most, slope), where(is_exact, 0.0, size))
    falls_back = slope[0] * rise[0] <= 0.0
    is_known = (rise[0] == 0.0) | ((abs(slope[0]) > ERROR * size) & (falls_back | (is_nearest & differs)))
    return where(falls_back, 0.0, found), is_known


def _rounded(slope: Pair, size: Any) -> Slope:
    head, tail = slope
    error = ERROR * size
    return head, (head + (tail + error) == head) & (head + (tail - error) == head)


# ---- pairs ----


def _added(x: Pair, y: Pair) -> Pair:
    total, rest = exact_sum(x[0], y[0])
    return _normal(total, rest + (x[1] + y[1]))


def _times(x: Pair, y: Pair) -> Pair:
    product, rest = exact_product(x[0], y[0])
    return _normal(product, rest + (x[0] * y[1] + x[1] * y[0]))


def _over(x: Pair, y: Pair) -> Pair:
    quotient = x[0] / y[0]
    back, rest = exact_product(quotient, y[0])
    return _normal(quotient, (((x[0] - back) - rest) + (x[1] - quotient * y[1])) / y[0])


def _normal(head: Any, tail: Any) -> Pair:
    total = head + tail
    return total, tail - (total - head)


def _where(condition: Any, yes: Pair, no: Pair) -> Pair:
    return where(condition, yes[0], no[0]), where(condition, yes[1], no[1])


# ---- fractions ----


def _with_exact_rows(slopes: list[Any], known: NDArray[Any], steps: Sequence[Any], values: Sequence[Any]) -> list[Any]:
    """Returns columns of slopes, with fractions' in the rows where some slope is not known."""
    import numpy

    places = numpy.nonzero(~known)
    if not len(places[0]):
        return slopes
    found = [numpy.broadcast_to(slope, known.shape).copy() for slope in slopes]
    columns = [numpy.broadcast_to(number, known.shape)[places].tolist() for number in (*steps, *values)]
    for place, row in zip(zip(*places, strict=True), zip(*columns, strict=True), strict=True):
        for slope, number in zip(found, _exact(row[: len(steps)], row[len(steps) :]), strict=True):
            slope[place] = number
    return found


def _exact(steps: Sequence[Any], values: Sequence[float]) -> list[float]:
    """Returns the slopes at both ends of each piece, by its length. Nothing is rounded before the whole is."""
    from fractions import Fraction

    lengths = [int(after) - int(before) for before, after in pairwise(steps)]
    rises = [Fraction(after) - Fraction(before) for before, after in pairwise(values)]
    slopes = [rise / length for rise, length in zip(rises, lengths, strict=True)]
    knots = [_end_slope(slopes[0], slopes[1], lengths[0], lengths[1])]
    for (before, after), (long, longer) in zip(pairwise(slopes), pairwise(lengths), strict=True):
        if before * after <= 0:
            knots.append(Fraction(0))
        else:
            knots.append(3 * (long + longer) / ((long + 2 * longer) / before + (2 * long + longer) / after))
    knots.append(_end_slope(slopes[-1], slopes[-2], lengths[-1], lengths[-2]))
    return [float(knot * length) for i, length in enumerate(lengths) for knot in knots[i : i + 2]]


def _end_slope(own: Any, other: Any, length: int, other_length: int) -> Any:
    slope = ((2 * length + other_length) * own - length * other) / (length + other_length)
    if slope * own <= 0:
        return slope * 0
    return 3 * own if own * other <= 0 and abs(slope) > 3 * abs(own) else slope
