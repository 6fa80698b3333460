"""Here are the rows of sweeps and stacks: how they are made, and how each is evaluated at a step of its own."""

from __future__ import annotations

from functools import partial
from math import prod
from typing import TYPE_CHECKING, Any, Protocol

import numpy

from .. import _blocks, _checks, _engine
from .._engine import reference
from .._lowering.cycles import known
from .._lowering.numbers import COLUMN, sort_of, start_or_never
from .._lowering.segments import has_opening, is_simple, mapped, numbers, present
from . import sizes, threads
from .calls import CallTable
from .outputs import FLOAT64, new
from .steps import INT64, Placed, in_a_row, part_of, until_valid
from .tables import has_rows, table_of
from .tables import values_of as plain_values_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from .._lowering.segments import Segment


class Rows(Protocol):
    """This protocol is what evaluators ask of rows. An engine's own rows are made of columns.

    Each method works on the rows from `begin` to `end`, and its arrays have one row for each of these. A method that
    takes an array of steps returns False where it finds an invalid one; anything may then stand in `out`."""

    @property
    def count(self) -> int: ...
    def fill_range(self, begin: int, end: int, first: int, stride: int, out: Any) -> None: ...
    def fill_array(self, begin: int, end: int, steps: Any, out: Any) -> bool: ...
    def pointwise(self, begin: int, end: int, steps: Any, out: Any) -> bool: ...
    def first_steps(
        self, begin: int, end: int, relation: int, thresholds: Any, starts: Any, stops: Any, out: Any
    ) -> None: ...
    def integrals(self, begin: int, end: int, starts: Any, stops: Any, out: Any) -> None: ...
    def summarize_run(self, begin: int, end: int, start: int, count: int, out: Any) -> None: ...
    def peaks(self, begin: int, end: int, start: int, count: int, out: Any) -> None: ...
    def summarize_range(self, begin: int, end: int, first: int, stride: int, count: int, out: Any) -> None: ...
    def summarize_array(self, begin: int, end: int, steps: Any, out: Any) -> bool: ...


class Tables(reference.Rows):
    """These rows have one table each, as those of a stack do."""

    def __init__(self, tables: list[Any]) -> None:
        self._tables = tables
        self.count = len(tables)
        self.is_called = any(isinstance(table, CallTable) for table in tables)
        self._engine: Any = reference if self.is_called else _engine

    def _between(self, begin: int, end: int) -> list[Any]:
        return self._tables[begin:end]

    def fill_range(self, begin: int, end: int, first: int, stride: int, out: Any) -> None:
        self._engine.fill_ranges(self._between(begin, end), first, stride, out)

    def fill_array(self, begin: int, end: int, steps: Any, out: Any) -> bool:
        valid: bool = self._engine.fill_arrays(self._between(begin, end), steps, out)
        return valid


class Batches:
    """These rows are lowered one batch at a time, where all at once would be more than is to be kept in memory.

    They are the rows of a sweep, or of a sweep repeated to a larger shape. `row_size` is how many bytes a lowered row
    takes, if that is known: of small rows a batch has more. The class has the interface of an engine's Rows."""

    def __init__(self, sweep: Any, shape: tuple[int, ...], row_size: float = sizes.BATCHED) -> None:
        self._sweep, self._shape = sweep, shape
        self.batch = sizes.BATCH * max(1, min(4, int(sizes.BATCHED / (sizes.BATCH * row_size))))
        self._made: tuple[tuple[int, Any], ...] = ()
        self.count = prod(shape)

    def part(self, begin: int, end: int) -> Any:
        """Returns the rows from `begin` to `end` as a sweep of one axis."""
        shape = self._sweep.shape
        index: Any = slice(begin, end)
        if self._shape != shape:
            own = numpy.arange(self._sweep.size).reshape(shape)
            index = numpy.unravel_index(numpy.broadcast_to(own, self._shape).flat[begin:end], shape)
        elif len(shape) > 1:
            index = numpy.unravel_index(numpy.arange(begin, end), shape)
        return self._sweep._part(index)

    def _batches(self, begin: int, end: int) -> Iterator[tuple[Any, int, int, slice]]:
        """Yields the batches that have rows from `begin` to `end`: each one's rows, the begin and the end of what is
        wanted of these, and the place of that, counted from `begin`."""
        for number in range(begin // self.batch, (end - 1) // self.batch + 1):
            first = number * self.batch
            low, high = max(begin, first), min(end, first + self.batch)
            rows = next((rows for made, rows in self._made if made == number), None)
            if rows is None:
                part = self.part(first, min(first + self.batch, self.count))
                rows = part._rows if part._by_row else rows_of(part._lower(), part.shape)
                self._made = (*self._made[-1:], (number, rows))  # two, for threads that are not far apart
            yield rows, low - first, high - first, slice(low - begin, high - begin)

    def fill_range(self, begin: int, end: int, first: int, stride: int, out: Any) -> None:
        for rows, low, high, here in self._batches(begin, end):
            rows.fill_range(low, high, first, stride, out[here])

    def fill_array(self, begin: int, end: int, steps: Any, out: Any) -> bool:
        return all(
            rows.fill_array(low, high, steps, out[here]) for rows, low, high, here in self._batches(begin, end)
        )

    def pointwise(self, begin: int, end: int, steps: Any, out: Any) -> bool:
        return all(
            rows.pointwise(low, high, steps[here] if len(steps) > 1 else steps, out[here])
            for rows, low, high, here in self._batches(begin, end)
        )

    def first_steps(
        self, begin: int, end: int, relation: int, thresholds: Any, starts: Any, stops: Any, out: Any
    ) -> None:
        for rows, low, high, here in self._batches(begin, end):
            rows.first_steps(low, high, relation, thresholds[here], starts[here], stops[here], out[here])

    def integrals(self, begin: int, end: int, starts: Any, stops: Any, out: Any) -> None:
        for rows, low, high, here in self._batches(begin, end):
            rows.integrals(low, high, starts[here], stops[here], out[here])

    def summarize_run(self, begin: int, end: int, start: int, count: int, out: Any) -> None:
        for rows, low, high, here in self._batches(begin, end):
            rows.summarize_run(low, high, start, count, out[here])

    def peaks(self, begin: int, end: int, start: int, count: int, out: Any) -> None:
        for rows, low, high, here in self._batches(begin, end):
            rows.peaks(low, high, start, count, out[here])

    def summarize_range(self, begin: int, end: int, first: int, stride: int, count: int, out: Any) -> None:
        for rows, low, high, here in self._batches(begin, end):
            rows.summarize_range(low, high, first, stride, count, out[here])

    def summarize_array(self, begin: int, end: int, steps: Any, out: Any) -> bool:
        return all(
            rows.summarize_array(low, high, steps, out[here]) for rows, low, high, here in self._batches(begin, end)
        )


_COLUMNS = (FLOAT64, INT64)
"""An engine takes columns of these types."""


def rows_of(segments: list[Segment], shape: tuple[int, ...]) -> Any:
    """Makes an engine's rows from segments whose arrays broadcast to `shape`."""
    made: dict[int, Any] = {}

    def column(value: Any) -> Any:
        if not hasattr(value, "shape"):
            return value
        if id(value) not in made:
            repeated = value if value.shape == shape else numpy.broadcast_to(value, shape)
            dtype = value.dtype if value.dtype in _COLUMNS else FLOAT64
            made[id(value)] = numpy.ascontiguousarray(repeated, dtype).reshape(-1)
        return made[id(value)]

    segments = mapped(known(present(segments), values_of), start_or_never, _same)
    return _engine.Rows(mapped(segments, column, column), prod(shape))


def _same(number: Any) -> Any:
    return number


def row_size(sweep: Any) -> float:
    """Estimates the bytes that lowering a row takes, from the bytes of some rows, where all are lowered at once."""
    part = Batches(sweep, sweep.shape).part(0, sizes.BATCH)
    given: set[int] = set()
    as_they_are: set[int] = set()
    for whole, array in zip(_arrays_of(sweep), _arrays_of(part), strict=True):
        (as_they_are if whole.shape == sweep.shape else given).add(id(array))
    segments = known(part._lower(), values_of)
    arrays = {id(number): number for number in numbers(segments) if hasattr(number, "shape")}
    size: int = sum(
        array.nbytes * (1 if key in given or (array.dtype in _COLUMNS and array.shape == part.shape) else 2)
        for key, array in arrays.items()
        if key not in as_they_are
    )  # an array counts if lowering has made it, and so does its column if that is another array
    return max(1.0, size / sizes.BATCH)


def _arrays_of(sweep: Any) -> Iterator[Any]:
    """Yields the arrays among the parameters of a sweep and of the sweeps within it."""
    waiting = [sweep]
    while waiting:
        value = waiting.pop()
        if isinstance(value, numpy.ndarray):
            yield value
        elif type(value) is tuple:
            waiting += value
        elif has_rows(value):
            waiting += value._parameters.values()


def values_of(segments: list[Segment], steps: list[Any], precise: bool) -> list[Any]:
    """Returns the values of segments at some steps; where a number is a column, the value of each row at its step."""
    shared = not precise and len(steps) > 1 and {int}.issuperset(map(type, steps)) and is_simple(segments)
    if shared and sort_of(*numbers(segments)) is COLUMN:
        return _at_all(segments, steps)
    return [_value_of(segments, step, precise) for step in steps]


def _value_of(segments: list[Segment], step: Any, precise: bool) -> Any:
    own = [step, *numbers(segments)]
    if sort_of(*own) is not COLUMN:
        return plain_values_of(segments, [step], precise)[0]
    if precise and type(step) is int and step == 0 and has_opening(segments):
        return segments[0][3][0]
    shape = numpy.broadcast_shapes(*map(numpy.shape, own))
    rows = rows_of(segments, shape)
    out = new(shape, FLOAT64, _blocks.fresh)
    return _placed(rows, rows.precise if precise else rows.pointwise, out, numpy.asarray(step), 1)


def _at_all(segments: list[Segment], steps: list[int]) -> list[Any]:
    """Returns the values of all rows at each of a few steps. What a row alone gives is then made once for all."""
    shape = numpy.broadcast_shapes(*map(numpy.shape, numbers(segments)))
    rows = rows_of(segments, shape)
    found = new((len(steps), *shape), FLOAT64, _blocks.fresh)
    columns, listed, size = found.reshape(len(steps), -1), numpy.array(steps, INT64), max(1, sizes.BLOCK // len(steps))
    for begin in range(0, rows.count, size):
        end = min(begin + size, rows.count)
        until_valid(partial(rows.fill_array, begin, end, listed, columns[:, begin:end].T), listed)
    return list(found)


def rows_and_shape(schedule: Any) -> tuple[Any, tuple[int, ...]]:
    """Returns a sweep's rows and its shape. A schedule is one row, and has the shape ()."""
    if has_rows(schedule):
        return schedule._rows, schedule.shape
    return Tables([table_of(schedule)]), ()


def pointwise(rows: Any, shape: tuple[int, ...], steps: Any, workers: int | None) -> NDArray[numpy.float64]:
    """Returns the value of row i at step i, for integers that broadcast to the shape of the rows. Nobody sees the
    values before they are whole, so the kernels may find an invalid step while they write."""
    return _placed(rows, rows.pointwise, new(shape, FLOAT64), steps, workers)


def _placed(
    rows: Any, fill: Callable[..., bool], out: NDArray[numpy.float64], steps: Any, workers: int | None
) -> NDArray[numpy.float64]:
    """Writes what `fill`, a method of the rows, gives for row i at step i, and returns `out`."""
    values = out.reshape(-1)
    listed = in_a_row(numpy.broadcast_to(steps, out.shape) if steps.size > 1 else steps)
    size = getattr(rows, "batch", sizes.BATCH)

    def piece(number: int) -> None:
        begin, end = number * size, min((number + 1) * size, rows.count)
        part = part_of(listed, begin, end) if len(listed) > 1 else listed
        until_valid(lambda: fill(begin, end, part, values[begin:end]), part)

    with Placed(steps):
        run(rows, piece, -(-rows.count // size), workers)
    return out


def run(rows: Any, piece: Callable[[int], None], count: int, workers: int | None) -> None:
    """Does numbered pieces of work on the rows. A user's callable is called in this thread only."""
    _checks.workers(workers)
    called = getattr(rows, "is_called", False)
    threads.run(piece, count, 1 if called else threads.worker_count(count, workers))
