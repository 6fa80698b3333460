"""These functions sum schedules up over steps: sums and extremes, without the matrix.

Over a range of consecutive steps an engine looks at few of them. It goes through all other steps once, span by span.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy

from .. import _checks
from .._engine.reference import LARGE
from .._engine.shapes import exact_sum
from . import sizes
from .matrix import Parts, height_of
from .memory import check_memory
from .rows import rows_and_shape, run
from .steps import Placed, in_a_row, part_of, range_or_checked, until_valid

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import NoReturn

    from numpy.typing import NDArray

FIELDS = ("sum", "rest", "unit", "least", "greatest", "first", "last", "least_at", "greatest_at")
"""An engine gives these numbers of a span, in this order. The sum is (sum + rest) times the unit, which is 1 or
`LARGE`. The places count from the span's first step."""

PLACES = [FIELDS.index("least_at"), FIELDS.index("greatest_at")]


class Summary(NamedTuple):
    """A summary holds numbers for one schedule, and arrays for a sweep. `min_step` and `max_step` are the steps at
    which the extremes are first met."""

    sum: Any
    mean: Any
    min: Any
    max: Any
    min_step: Any
    max_step: Any
    first: Any
    last: Any


def summarize(schedule: Any, steps: Any, workers: int | None) -> Summary:
    given = range_or_checked(steps)
    if is_run(steps):
        if not given:
            refuse_no_step()
        return of_run(schedule, given, workers)
    rows, shape = _rows_and_shape(schedule)
    steps = in_a_row(given)
    if not len(steps):
        refuse_no_step()
    width = max(1, sizes.SPANS // rows.count)
    with Placed(given):
        found = joined(spans_of(rows, steps, 0, width, workers))
        for first in range(width, spans_in(len(steps)), width):
            found = joined(numpy.concatenate([found, spans_of(rows, steps, first, width, workers)]))
    return _shaped(with_steps(found[0], steps, len(steps)), shape)


def is_run(steps: Any) -> bool:
    """Tells whether steps are a range of consecutive ones."""
    return isinstance(steps, range) and (steps.step == 1 or len(steps[:2]) < 2)


def refuse_no_step() -> NoReturn:
    raise ValueError("steps must hold at least one step, received none")


def _rows_and_shape(schedule: Any) -> tuple[Any, tuple[int, ...]]:
    rows, shape = rows_and_shape(schedule)
    check_memory(rows.count, len(FIELDS) * 8, "schedules", "summaries")
    return rows, shape


def _shaped(summary: Summary, shape: tuple[int, ...]) -> Summary:
    if shape == ():
        return Summary(*(array.item() for array in summary))
    return Summary(*(array.reshape(shape) for array in summary))


def peak(schedule: Any, start: int, stop: int) -> tuple[Any, Any]:
    """Returns the first step with the greatest value at the steps start ... stop - 1, and that value. A callable that
    is no schedule needs an end."""
    if stop > _checks.LAST_STEP and getattr(rows_and_shape(schedule)[0], "is_called", False):
        _checks.refuse_endless("stop")
    found = _of_run(schedule, range(start, stop), None, _peaks)
    return found.max_step, found.max


def of_run(schedule: Any, steps: range, workers: int | None) -> Summary:
    """Returns the Summary over consecutive steps. The engine looks at few of these."""
    return _of_run(schedule, steps, workers, span_of_run)


def _of_run(schedule: Any, steps: range, workers: int | None, ask: Callable[..., Any]) -> Summary:
    rows, shape = _rows_and_shape(schedule)
    count = rows.count
    fields = Summary(*(numpy.empty(count, numpy.int64 if "step" in name else float) for name in Summary._fields))

    def piece(number: int) -> None:
        begin, end = number * sizes.SUMMARIES, min((number + 1) * sizes.SUMMARIES, count)
        found = with_steps(ask(rows, begin, end, steps), steps, len(steps))
        for field, part in zip(fields, found, strict=True):
            field[begin:end] = part

    run(rows, piece, -(-count // sizes.SUMMARIES), workers)
    return _shaped(fields, shape)


def span_of_run(rows: Any, begin: int, end: int, steps: range) -> NDArray[numpy.float64]:
    """Returns the summaries of the rows from `begin` to `end` over consecutive steps, as one span."""
    values = numpy.empty((end - begin, len(FIELDS)))
    rows.summarize_run(begin, end, steps.start, len(steps), values)
    return values.T


def _peaks(rows: Any, begin: int, end: int, steps: range) -> NDArray[numpy.float64]:
    """Returns summaries as `span_of_run` does, of which only the greatest values and their places count."""
    values = numpy.empty((end - begin, len(FIELDS)))
    rows.peaks(begin, end, steps.start, len(steps), values)
    return values.T


def with_steps(span: NDArray[numpy.float64], steps: Any, count: int) -> Summary:
    """Makes the Summary of `count` steps from one span."""
    least_at, greatest_at = steps_at(steps, span[PLACES])
    return finished(span, count)._replace(min_step=least_at, max_step=greatest_at)


def spans_in(length: int) -> int:
    """Returns how many spans `length` steps make."""
    return -(-length // sizes.SPAN)


def spans_of(rows: Any, steps: Any, first: int, most: int, workers: int | None) -> NDArray[numpy.float64]:
    """Returns the summaries of the rows over spans of the steps: from the span `first` on, `most` spans at most. Their
    shape is (spans, fields, rows). The places of the extremes count from the first of all steps."""
    begin, end = first * sizes.SPAN, min((first + most) * sizes.SPAN, len(steps))
    spans = spans_in(end - begin)
    check_memory(spans * rows.count, len(FIELDS) * 8, "spans", "summaries")
    found = numpy.empty((spans, len(FIELDS), rows.count))
    parts = Parts(0, rows.count, end - begin, height_of(min(end - begin, sizes.SPAN)), sizes.SPAN)

    def piece(number: int) -> None:
        low, high, start, stop = parts.part(number)
        part = part_of(steps, begin + start, begin + stop)
        values = numpy.empty((high - low, len(FIELDS)))
        if isinstance(part, range):
            rows.summarize_range(low, high, part.start, part.step, len(part), values)
        else:
            until_valid(lambda: rows.summarize_array(low, high, part, values), part)
        values[:, PLACES] += begin + start
        found[start // sizes.SPAN, :, low:high] = values.T

    run(rows, piece, parts.count, workers)
    return found


def joined(spans: NDArray[numpy.float64]) -> NDArray[numpy.float64]:
    """Joins the summaries of consecutive spans to the summary of one span."""
    if len(spans) == 1:
        return spans
    sums, rests, units, least, greatest, first, last, least_at, greatest_at = spans.transpose(1, 0, 2)
    unit = units.max(axis=0)
    total, rest = _sum_of(sums, rests, units / unit)
    if not numpy.isfinite(total).all():
        unit = numpy.where(numpy.isfinite(total), unit, LARGE)
        total, rest = _sum_of(sums, rests, units / unit)
    rows = numpy.arange(spans.shape[2])
    lowest, highest = numpy.argmin(least, axis=0), numpy.argmax(greatest, axis=0)  # the first of several
    return numpy.array([[
        total,
        rest,
        unit,
        least[lowest, rows],
        greatest[highest, rows],
        first[0],
        last[-1],
        least_at[lowest, rows],
        greatest_at[highest, rows],
    ]])  # fmt: skip


def _sum_of(sums: Any, rests: Any, factors: Any) -> tuple[Any, Any]:
    """Returns the sum of spans and its rest. Each span counts times its factor, a power of two."""
    with numpy.errstate(invalid="ignore", over="ignore"):
        sums, rests = sums * factors, rests * factors
        total, rest = sums[0], rests[0]
        for following, more in zip(sums[1:], rests[1:], strict=True):
            total, low = exact_sum(total, following)
            rest = rest + (low + more)
    return total, rest


def finished(span: NDArray[numpy.float64], count: int) -> Summary:
    """Makes a Summary of `count` steps from the summary of one span. It still has the places in place of the steps."""
    total, rest, unit, least, greatest, first, last, least_at, greatest_at = span
    with numpy.errstate(invalid="ignore", over="ignore"):
        total = numpy.where(numpy.isfinite(total), total + rest, total)
        mean = total / count * unit
        mean = numpy.where(unit > 1.0, numpy.clip(mean, least, greatest), mean)  # a mean may be rounded to infinity
        return Summary(total * unit, mean, least, greatest, least_at, greatest_at, first, last)


def steps_at(steps: Any, places: NDArray[numpy.float64]) -> NDArray[numpy.int64]:
    """Returns the steps at these places."""
    found = places.astype(numpy.int64)
    return steps.start + steps.step * found if isinstance(steps, range) else steps[found].astype(numpy.int64)
