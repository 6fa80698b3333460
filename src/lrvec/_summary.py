"""What schedules amount to over steps: sums and extremes, in one pass without the matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy

from . import _arrays, _numpy, _sweeps

if TYPE_CHECKING:
    from numpy.typing import NDArray

SPAN = 1 << 20
"""Steps of one row in one piece of work: some hundredths of a second at most, so that an interrupt is not kept waiting.
A sum is made of the sums of such spans, whoever made them."""

KEPT = 1 << 14
"""Summaries of spans that are kept at a time, where the rows are not more."""

FIELDS = ("sum", "rest", "least", "greatest", "first", "last", "least_at", "greatest_at")
"""Of a span, in the order in which an engine gives them: the sum is sum + rest, the places count from the span's first
step."""

PLACES = [FIELDS.index("least_at"), FIELDS.index("greatest_at")]


class Summary(NamedTuple):
    """Floats and ints for one schedule, arrays for a sweep. The steps are those at which each extreme is first met."""

    sum: Any
    mean: Any
    min: Any
    max: Any
    min_step: Any
    max_step: Any
    first: Any
    last: Any


def summarize(schedule: Any, steps: Any, workers: int | None) -> Summary:
    rows, shape = _sweeps.rows_and_shape(schedule)
    _arrays.check_memory(rows.count, len(FIELDS) * 8, "schedules", "summaries")
    given = _numpy.checked_run(steps)
    steps = _sweeps.in_a_row(given)
    if not len(steps):
        raise ValueError("steps must hold at least one step, received none")
    width = max(1, KEPT // rows.count)
    with _numpy.Placed(given):
        found = joined(spans_of(rows, steps, 0, width, workers))
        for first in range(width, spans_in(len(steps)), width):
            found = joined(numpy.concatenate([found, spans_of(rows, steps, first, width, workers)]))
    least_at, greatest_at = steps_at(steps, found[0, PLACES])
    summary = finished(found[0], len(steps))._replace(min_step=least_at, max_step=greatest_at)
    if shape == ():
        return Summary(*(array.item() for array in summary))
    return Summary(*(array.reshape(shape) for array in summary))


def spans_in(length: int) -> int:
    """How many spans so many steps make."""
    return -(-length // SPAN)


def spans_of(rows: Any, steps: Any, first: int, most: int, workers: int | None) -> NDArray[numpy.float64]:
    """The summaries of the rows over each span of the steps from the `first` on, over so many at most: of the shape
    (spans, fields, rows), with the places of the extremes among all steps."""
    begin, end = first * SPAN, min((first + most) * SPAN, len(steps))
    spans = spans_in(end - begin)
    _arrays.check_memory(spans * rows.count, len(FIELDS) * 8, "spans", "summaries")
    found = numpy.empty((spans, len(FIELDS), rows.count))
    parts = _sweeps.Parts(0, rows.count, end - begin, _sweeps.height_of(min(end - begin, SPAN)), SPAN)

    def piece(number: int) -> None:
        low, high, start, stop = parts.part(number)
        part = _sweeps.part_of(steps, begin + start, begin + stop)
        values = numpy.empty((high - low, len(FIELDS)))
        if isinstance(part, range):
            rows.summarize_range(low, high, part.start, part.step, len(part), values)
        else:
            _numpy.until_valid(lambda: rows.summarize_array(low, high, part, values), part)
        values[:, PLACES] += begin + start
        found[start // SPAN, :, low:high] = values.T

    _sweeps.run(rows, piece, parts.count, workers)
    return found


def joined(spans: NDArray[numpy.float64]) -> NDArray[numpy.float64]:
    """The summaries of spans in their order as that of one span."""
    if len(spans) == 1:
        return spans
    total, rest = spans[0, 0], spans[0, 1]
    least, greatest = spans[:, FIELDS.index("least")], spans[:, FIELDS.index("greatest")]
    with numpy.errstate(invalid="ignore", over="ignore"):
        for following, more in spans[1:, :2]:  # as sum_of in csrc/elementary.h
            high = total + following
            back = high - total
            rest = rest + ((total - (high - back)) + (following - back) + more)
            total = high
    rows = numpy.arange(spans.shape[2])
    lowest, highest = numpy.argmin(least, axis=0), numpy.argmax(greatest, axis=0)  # the first of several
    _, _, _, _, first, last, least_at, greatest_at = spans.transpose(1, 0, 2)
    return numpy.array([[
        total,
        rest,
        least[lowest, rows],
        greatest[highest, rows],
        first[0],
        last[-1],
        least_at[lowest, rows],
        greatest_at[highest, rows],
    ]])  # fmt: skip


def finished(span: NDArray[numpy.float64], count: int) -> Summary:
    """The summary of so many steps from that of the one span that they are, with places for steps."""
    total, rest, least, greatest, first, last, least_at, greatest_at = span
    with numpy.errstate(invalid="ignore", over="ignore"):
        total = numpy.where(numpy.isfinite(total), total + rest, total)
    return Summary(total, total / count, least, greatest, least_at, greatest_at, first, last)


def steps_at(steps: Any, places: NDArray[numpy.float64]) -> NDArray[numpy.int64]:
    """The steps at places among them."""
    found = places.astype(numpy.int64)
    return steps.start + steps.step * found if isinstance(steps, range) else steps[found].astype(numpy.int64)
