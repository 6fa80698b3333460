"""What schedules amount to over steps: sums and extremes, in one pass without the matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy

from . import _numpy, _sweeps

if TYPE_CHECKING:
    from numpy.typing import NDArray

SPAN = 1 << 20
"""Steps of one row in one piece of work: some hundredths of a second at most, so that an interrupt is not kept waiting.
A sum is made of the sums of such spans, whoever made them."""

FIELDS = ("sum", "rest", "least", "greatest", "first", "last", "least_at", "greatest_at")
"""Of a span, in the order in which an engine gives them: the sum is sum + rest, the places count from the span's first
step."""


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
    steps = _sweeps.in_a_row(_numpy.checked_run(steps))
    if not len(steps):
        raise ValueError("steps must hold at least one step, received none")
    summary = joined(spans_of(rows, steps, workers), steps)
    if shape == ():
        return Summary(*(array.item() for array in summary))
    return Summary(*(array.reshape(shape) for array in summary))


def spans_of(rows: Any, steps: Any, workers: int | None) -> NDArray[numpy.float64]:
    """The summaries of the rows over each SPAN of the steps: of the shape (spans, fields, rows)."""
    found = numpy.empty((-(-len(steps) // SPAN), len(FIELDS), rows.count))
    parts = _sweeps.Parts(0, rows.count, len(steps), _sweeps.height_of(min(len(steps), SPAN)), SPAN)

    def piece(number: int) -> None:
        begin, end, start, stop = parts.part(number)
        part = _sweeps.part_of(steps, start, stop)
        values = numpy.empty((end - begin, len(FIELDS)))
        if isinstance(part, range):
            rows.summarize_range(begin, end, part.start, part.step, len(part), values)
        else:
            rows.summarize_array(begin, end, part, values)
        found[start // SPAN, :, begin:end] = values.T

    _sweeps.run(rows, piece, parts.count, workers)
    return found


def joined(spans: NDArray[numpy.float64], steps: Any) -> Summary:
    """All spans' summaries of each row as one."""
    sums, rests, least, greatest, first, last, least_at, greatest_at = spans.transpose(1, 0, 2)
    total, rest = sums[0], rests[0]
    with numpy.errstate(invalid="ignore", over="ignore"):
        for following, more in zip(sums[1:], rests[1:], strict=True):  # as sum_of in csrc/elementary.h
            high = total + following
            back = high - total
            rest = rest + ((total - (high - back)) + (following - back) + more)
            total = high
        total = numpy.where(numpy.isfinite(total), total + rest, total)
    rows = numpy.arange(spans.shape[2])
    lowest, highest = numpy.argmin(least, axis=0), numpy.argmax(greatest, axis=0)  # the first of several
    return Summary(
        total,
        total / len(steps),
        least[lowest, rows],
        greatest[highest, rows],
        _steps_at(steps, lowest, least_at[lowest, rows]),
        _steps_at(steps, highest, greatest_at[highest, rows]),
        first[0],
        last[-1],
    )


def _steps_at(steps: Any, spans: Any, places: Any) -> Any:
    found = spans * SPAN + places.astype(numpy.int64)
    return steps.start + steps.step * found if isinstance(steps, range) else steps[found].astype(numpy.int64)
