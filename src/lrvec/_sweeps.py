"""Sweep: a schedule whose parameters are arrays, and the evaluation of its rows."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

import numpy

from . import _array_checks, _arrays, _checks, _engine, _numpy, _parallel, _reference, _schedule, _segments

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from ._segments import Segment


class Sweep:
    """Schedules of one kind whose parameters are arrays, which broadcast to the sweep's shape: a factory called with an
    array or a sequence in place of any number returns one.

    Calling a sweep of shape P with steps of shape S gives an array of shape P + S, or fills `out` (a numpy.memmap too);
    each row has the very bits that its schedule alone gives. Indexing gives sweeps and schedules, as with an array of
    shape P. `workers` is the number of threads to use at most; by itself it is the cores that the process may run on.
    """

    __slots__ = ("__weakref__", "_lower", "_made", "_parameters", "kind", "shape")

    kind: str
    shape: tuple[int, ...]
    _lower: Callable[[], list[Segment]]
    _made: list[Any]
    _parameters: dict[str, Any]

    def __init__(self, kind: str, parameters: dict[str, Any], lower: Callable[[], list[Segment]] | None) -> None:
        shape = _array_checks.shape_of(dict(_swept_parts(parameters)))
        frozen = {name: _frozen(value) for name, value in parameters.items()}
        for name, value in (("kind", kind), ("_parameters", frozen), ("shape", shape), ("_made", [])):
            object.__setattr__(self, name, value)
        object.__setattr__(self, "_lower", lower)

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"Sweep is immutable, {name} cannot be set")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"Sweep is immutable, {name} cannot be deleted")

    @property
    def ndim(self) -> int:
        return len(self.shape)

    @property
    def size(self) -> int:
        """The number of schedules."""
        return prod(self.shape)

    def __len__(self) -> int:
        return self.shape[0]

    def __iter__(self) -> Iterator[Any]:
        return (self[i] for i in range(len(self)))

    def __getitem__(self, index: Any) -> Any:
        """A schedule for a full index, and a sweep for any other that numpy knows."""
        numpy.empty(self.shape, numpy.void)[index]  # its IndexError for what does not fit

        def taken(kind: str, parameters: dict[str, Any]) -> Any:
            found = {name: _taken(value, index, self.shape) for name, value in parameters.items()}
            return _schedule.Made(_schedule.KINDS[kind].make(found))

        return _schedule.folded(_schedule.flattened(self, _has_columns), taken).result

    def __call__(self, steps: Any, *, out: Any = None, dtype: Any = None, workers: int | None = None) -> Any:
        if _arrays.is_lazy(steps):
            from . import dask

            return dask.evaluate(self, steps, out, dtype, workers)
        if _arrays.is_foreign(steps):
            from . import _traced

            _checks.only_for_numpy(out=out, dtype=dtype, workers=workers)
            if self._by_row:
                rows = [_segments.segments_of(self[index]) for index in numpy.ndindex(*self.shape)]
                return _traced.evaluate_rows(rows, self.shape, steps)
            return _traced.evaluate(self._lower(), steps, self.shape)
        _checks.workers(workers)
        steps, out = _numpy.prepared(steps, self.shape, out, dtype)
        return _whole(self._rows, self.ndim, steps, out, workers)

    @property
    def _rows(self) -> Any:
        made = self._made
        if not made:
            made.append(self._tabulate())
        return made[0]

    def _tabulate(self) -> Any:
        if self._by_row:
            _arrays.check_memory(self.size, TABLE, "schedules", "tables")
            return Tables([_schedule.table_of(self[index]) for index in numpy.ndindex(*self.shape)])
        if self.size > BATCH and _lowered_size(self) > KEPT:
            return Batches(self, self.shape)
        return rows_of(self._lower(), self.shape)

    @property
    def _by_row(self) -> bool:
        """Whether there is a user's callable or a stack within, for which there are no columns."""
        return _schedule.KINDS[self.kind].is_composition and any(
            kind == "stack" or any(map(_is_called, parameters.values()))
            for kind, parameters in _schedule.flattened(self)
        )

    @property
    def params(self) -> Mapping[str, Any]:
        """The parameters by name, the arrays among them read-only; read-only."""
        from types import MappingProxyType

        return MappingProxyType(self._parameters)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sweep):
            return NotImplemented
        if self.kind != other.kind or self.shape != other.shape:
            return False
        ours, theirs = _schedule.flattened(self), _schedule.flattened(other)
        return len(ours) == len(theirs) and all(
            kind == its_kind and parameters.keys() == its.keys() and all(map(_equal, parameters.values(), its.values()))
            for (kind, parameters), (its_kind, its) in zip(ours, theirs, strict=True)
        )

    def __hash__(self) -> int:
        return _schedule.hash_of(self)

    def __repr__(self) -> str:
        return f"<Sweep of shape {self.shape}: {_schedule.call_text(self)}>"

    def __copy__(self) -> Sweep:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return _schedule.reduced(self)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types, arrays as lists; `lrvec.from_dict` is the way back."""
        return _schedule.dict_of(self)


class Stack(Sweep):
    """A sweep made of schedules of any kinds."""

    __slots__ = ("_schedules",)

    _schedules: NDArray[numpy.object_]

    def __init__(self, schedules: Sequence[Any], name: str = "schedules") -> None:
        array = _array_checks.schedules(name, schedules)
        super().__init__("stack", {"schedules": _tuples(array.tolist())}, None)
        object.__setattr__(self, "_schedules", array)
        object.__setattr__(self, "shape", array.shape)

    def __getitem__(self, index: Any) -> Any:
        return self._at(index, self.shape)

    def _at(self, index: Any, shape: tuple[int, ...]) -> Any:
        taken = numpy.broadcast_to(self._schedules, shape)[index]
        return Stack(taken.tolist()) if isinstance(taken, numpy.ndarray) else taken

    def _tabulate(self) -> Any:
        return Tables([_schedule.table_of(part) for part in self._schedules.reshape(-1)])

    @property
    def _by_row(self) -> bool:
        return True


def _tuples(value: Any) -> Any:
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value


class Tables:
    """The rows of a stack: a table each, with the interface of an engine's Rows."""

    def __init__(self, tables: list[Any]) -> None:
        self._tables = tables
        self.count = len(tables)
        self.is_called = any(isinstance(table, _segments.CallTable) for table in tables)

    def fill_range(self, begin: int, end: int, first: int, stride: int, out: Any) -> None:
        for table, row in zip(self._tables[begin:end], out, strict=True):
            table.fill_range(first, stride, row)

    def fill_array(self, begin: int, end: int, steps: Any, out: Any) -> bool:
        return all(table.fill_array(steps, row) for table, row in zip(self._tables[begin:end], out, strict=True))

    def pointwise(self, begin: int, end: int, steps: Any, out: Any) -> bool:
        return _reference.pointwise(self._tables[begin:end], steps, out)

    def summarize_range(self, begin: int, end: int, first: int, stride: int, count: int, out: Any) -> None:
        for i, table in enumerate(self._tables[begin:end]):
            out[i] = table.summarize_range(first, stride, count)

    def summarize_array(self, begin: int, end: int, steps: Any, out: Any) -> bool:
        return _reference.summarize_array(self._tables[begin:end], steps, out)


class Batches:
    """The rows of a sweep, or of one repeated to a larger shape, with the interface of an engine's Rows: lowered some
    at a time, where all at once would be more than is to be kept in memory."""

    def __init__(self, sweep: Sweep, shape: tuple[int, ...]) -> None:
        self._sweep, self._shape = sweep, shape
        self._made: tuple[tuple[int, Any], ...] = ()
        self.count = prod(shape)

    def part(self, begin: int, end: int) -> Sweep:
        """Some of the rows, as a sweep of one axis."""
        shape = self._sweep.shape
        index: Any = slice(begin, end)
        if self._shape != shape:
            own = numpy.arange(self._sweep.size).reshape(shape)
            index = numpy.unravel_index(numpy.broadcast_to(own, self._shape).flat[begin:end], shape)
        elif len(shape) > 1:
            index = numpy.unravel_index(numpy.arange(begin, end), shape)
        part: Sweep = self._sweep[index]
        return part

    def _batches(self, begin: int, end: int) -> Iterator[tuple[Any, int, int, slice]]:
        """A batch's rows, the begin and the end of what is wanted of them, and where that is between both arguments."""
        for number in range(begin // BATCH, (end - 1) // BATCH + 1):
            first = number * BATCH
            low, high = max(begin, first), min(end, first + BATCH)
            rows = next((rows for made, rows in self._made if made == number), None)
            if rows is None:
                rows = self.part(first, min(first + BATCH, self.count))._rows
                self._made = (*self._made[-1:], (number, rows))  # those of two threads that are not far apart
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

    def summarize_range(self, begin: int, end: int, first: int, stride: int, count: int, out: Any) -> None:
        for rows, low, high, here in self._batches(begin, end):
            rows.summarize_range(low, high, first, stride, count, out[here])

    def summarize_array(self, begin: int, end: int, steps: Any, out: Any) -> bool:
        return all(
            rows.summarize_array(low, high, steps, out[here]) for rows, low, high, here in self._batches(begin, end)
        )


BATCH = 1 << 14
"""Rows in a piece of work that has one step a row, and rows that are lowered at a time where memory matters."""

TABLE = 128
"""Bytes of one row's table at least, where each row has its own."""

KEPT = 60 << 20
"""Bytes of lowered parameters that a sweep keeps."""


# ---- rows ----


def rows_of(segments: list[Segment], shape: tuple[int, ...]) -> Any:
    """An engine's rows, from segments whose arrays broadcast to `shape`."""
    segments = [(_segments.within_reach(part[0]), *part[1:]) for part in _segments.present(segments)]
    made: dict[int, Any] = {}

    def column(value: Any) -> Any:
        if not hasattr(value, "shape"):
            return value
        if id(value) not in made:
            repeated = numpy.broadcast_to(value, shape)
            made[id(value)] = numpy.ascontiguousarray(repeated, numpy.float64).reshape(-1)
        return made[id(value)]

    columns = [
        (column(start), column(origin), name, tuple(column(value) for value in parameters))
        for start, origin, name, parameters in segments
    ]
    return _engine.Rows(columns, prod(shape))


def _lowered_size(sweep: Sweep) -> int:
    """The bytes that lowering all rows at once takes, from those of one batch."""
    part = Batches(sweep, sweep.shape).part(0, BATCH)
    as_they_are = {
        id(part._parameters[name])
        for name, value in sweep._parameters.items()
        if isinstance(value, numpy.ndarray) and value.dtype == numpy.float64 and value.shape == sweep.shape
    }
    given = {id(value) for value in part._parameters.values()}
    arrays = {id(number): number for number in _segments.numbers(part._lower()) if hasattr(number, "shape")}
    size: int = sum(
        array.nbytes * (1 if key in given or (array.dtype, array.shape) == (numpy.float64, part.shape) else 2)
        for key, array in arrays.items()
        if key not in as_they_are
    )  # itself, if lowering has made it, and its column, if that is another one
    return size * sweep.size // BATCH


def values_at(segments: list[Segment], steps: Any) -> NDArray[numpy.float64]:
    """The value of each row at its step, or at one step for all."""
    arrays = [steps, *_segments.numbers(segments)]
    shape = numpy.broadcast_shapes(*(numpy.shape(number) for number in arrays))
    return pointwise(rows_of(segments, shape), shape, numpy.asarray(steps), 1)


def rows_and_shape(schedule: Any) -> tuple[Any, tuple[int, ...]]:
    """A sweep's rows and shape; a schedule as one row, of shape ()."""
    if isinstance(schedule, Sweep):
        return schedule._rows, schedule.shape
    _checks.schedule("schedule", schedule)
    return Tables([_schedule.table_of(schedule)]), ()


# ---- evaluation ----

ROWS = 1 << 12
"""Rows in a piece of work at most: making their tables takes time too."""


def evaluate(rows: Any, shape: tuple[int, ...], steps: Any, out: Any, dtype: Any, workers: int | None) -> Any:
    """The matrix of the rows over the steps, of shape `shape` + the shape of the steps."""
    _checks.workers(workers)
    steps, out = _numpy.prepared(steps, shape, out, dtype)
    return _whole(rows, len(shape), steps, out, workers)


def _whole(rows: Any, axes: int, steps: Any, out: Any, workers: int | None) -> Any:
    with _numpy.Placed(steps):
        _fill(rows, 0, rows.count, in_a_row(steps), Matrix(out, axes), workers)
    return out


def blocks(
    sweep: Any, steps: Any, max_bytes: int, workers: int | None, progress: bool
) -> Iterator[tuple[slice, slice, NDArray[numpy.float64]]]:
    rows, _ = rows_and_shape(sweep)
    steps = _numpy.checked_run(steps)
    max_bytes = _checks.single_count("max_bytes", max_bytes)
    _checks.at_least("max_bytes", max_bytes, 8)
    _checks.workers(workers)
    return _blocks(rows, steps, in_a_row(steps), max_bytes // 8, workers, progress)


def _blocks(
    rows: Any, steps: Any, listed: Any, size: int, workers: int | None, progress: bool
) -> Iterator[tuple[slice, slice, NDArray[numpy.float64]]]:
    width = max(1, min(len(listed), size))
    height = size // width
    parts = Parts(0, rows.count, len(listed), height, width)
    numbers: Any = range(parts.count)
    if progress:
        from tqdm.auto import tqdm

        numbers = tqdm(numbers, unit="block")
    for begin, end, start, stop in map(parts.part, numbers):
        values = _numpy.new((end - begin, stop - start), _numpy.FLOAT64)
        with _numpy.Placed(steps):
            _fill(rows, begin, end, listed[start:stop], Matrix(values, 1), workers)
        yield slice(begin, end), slice(start, stop), values
        del values  # before the next one is made


def pointwise_of(sweep: Any, steps: Any, workers: int | None) -> NDArray[numpy.float64]:
    _checks.workers(workers)
    if not isinstance(sweep, Sweep):
        table = _schedule.table_of(_checks.schedule("sweep", sweep))
        return numpy.asarray(_numpy.evaluate(table, steps, None, None, workers))
    if not isinstance(steps, numpy.ndarray):
        steps = _numpy.checked(steps)
    own = _numpy.shape_of(steps)
    try:
        shape = own if own == sweep.shape else _array_checks.broadcast("steps", sweep.shape, own)
    except _checks.MemoryValueError:
        raise
    except ValueError:
        raise ValueError(f"steps must broadcast with the sweep's shape {sweep.shape}, received shape {own}") from None
    _arrays.check_memory(prod(shape), 8)
    plain = type(steps) is numpy.ndarray and _numpy.is_plain(steps, _numpy.INT64)
    if not plain or sweep._by_row:  # a user's callable sees no bad step
        steps = _numpy.as_array(_numpy.checked(steps))
    return pointwise(sweep._rows if shape == sweep.shape else Batches(sweep, shape), shape, steps, workers)


def pointwise(rows: Any, shape: tuple[int, ...], steps: Any, workers: int | None) -> NDArray[numpy.float64]:
    """Row i at step i, for integers that broadcast to the shape of the rows. Nobody sees the values before they are
    whole: the kernels may find an invalid step on their way."""
    out: NDArray[numpy.float64] = _numpy.new(shape, _numpy.FLOAT64)
    values = out.reshape(-1)
    listed = in_a_row(numpy.broadcast_to(steps, shape) if steps.size > 1 else steps)

    def piece(number: int) -> None:
        begin, end = number * BATCH, min((number + 1) * BATCH, rows.count)
        part = part_of(listed, begin, end) if len(listed) > 1 else listed
        _numpy.until_valid(lambda: rows.pointwise(begin, end, part, values[begin:end]), part)

    with _numpy.Placed(steps):
        run(rows, piece, -(-rows.count // BATCH), workers)
    return out


class Matrix:
    """An array with an axis for the rows and one for the steps in place of its own, whatever its strides."""

    def __init__(self, out: Any, axes: int) -> None:
        self._out = out
        self._length = prod(out.shape[axes:])
        one = _is_one(out.shape[:axes], out.strides[:axes]) and _is_one(out.shape[axes:], out.strides[axes:])
        self._matrix = out.reshape(prod(out.shape[:axes]), self._length) if one or not out.size else None

    def fill(self, begin: int, end: int, start: int, stop: int, fill: Callable[[Any], None]) -> None:
        """Lets `fill` write to a part: where it lies if the kernels can write there, or by way of a new array."""
        part = None if self._matrix is None else self._matrix[begin:end, start:stop]
        if part is not None and part.flags.aligned and (stop - start == 1 or part.strides[1] == part.itemsize):
            fill(part)
            return
        values = numpy.empty((end - begin, stop - start), self._out.dtype)
        fill(values)
        if part is not None:
            part[...] = values
        else:
            for row, line in enumerate(values, begin):
                self._out.flat[row * self._length + start : row * self._length + stop] = line


def _is_one(shape: tuple[int, ...], strides: tuple[int, ...]) -> bool:
    """Whether axes can be seen as one."""
    return all(left == right * size for left, right, size in zip(strides, strides[1:], shape[1:], strict=False))


def _fill(rows: Any, begin: int, end: int, steps: Any, matrix: Matrix, workers: int | None) -> None:
    """Fills the matrix with the rows from `begin` to `end`: a piece is whole rows while they are short, and a part of
    a row where it is long."""

    width = max(1, min(len(steps), _parallel.PIECE))
    parts = Parts(begin, end, len(steps), height_of(width), width)

    def piece(number: int) -> None:
        low, high, start, stop = parts.part(number)
        listed = part_of(steps, start, stop)

        def fill(values: Any) -> None:
            if stop - start == 1:
                column = numpy.empty(high - low)
                one = numpy.asarray(listed)
                _numpy.until_valid(lambda: rows.pointwise(low, high, one, column), one)
                _numpy.assign(values[:, 0], column)
            elif isinstance(listed, range):
                rows.fill_range(low, high, listed.start, listed.step, values)
            else:
                _numpy.until_valid(lambda: rows.fill_array(low, high, listed, values), listed)

        matrix.fill(low - begin, high - begin, start, stop, fill)

    run(rows, piece, parts.count, workers)


def run(rows: Any, piece: Callable[[int], None], count: int, workers: int | None) -> None:
    """Does numbered pieces of work on the rows; a user's callable is called in this thread only."""
    _checks.workers(workers)
    called = getattr(rows, "is_called", False)
    _parallel.run(piece, count, 1 if called else _parallel.worker_count(count, workers))


def height_of(width: int) -> int:
    """Rows of so many steps in a piece of work."""
    return max(1, min(_parallel.PIECE // width, ROWS))


class Parts:
    """The rows from `begin` to `end` over so many steps, in numbered parts of some rows and some steps."""

    def __init__(self, begin: int, end: int, length: int, height: int, width: int) -> None:
        self._begin, self._end, self._length, self._height, self._width = begin, end, length, height, width
        self._across = -(-length // width)
        self.count = -(-(end - begin) // height) * self._across

    def part(self, number: int) -> tuple[int, int, int, int]:
        """The begin and the end of its rows, the start and the stop of its steps."""
        down, across = divmod(number, self._across)
        low, start = self._begin + down * self._height, across * self._width
        return low, min(low + self._height, self._end), start, min(start + self._width, self._length)


def in_a_row(steps: Any) -> Any:
    """Checked steps along one axis, of which `part_of` takes parts."""
    if isinstance(steps, range):
        return steps
    steps = numpy.asarray(steps)
    if steps.size <= _parallel.PIECE:
        return numpy.require(steps, numpy.int64, ["C", "A"]).reshape(-1)
    return steps.reshape(-1) if steps.ndim == 1 or steps.flags.c_contiguous else steps.flat


def part_of(steps: Any, start: int, stop: int) -> Any:
    """A range, or contiguous int64: converted now, and not all steps at once."""
    part = steps[start:stop]
    if isinstance(part, range) or _numpy.is_plain(part, _numpy.INT64):
        return part
    return numpy.require(part, numpy.int64, ["C", "A"])


def along_axes(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Each sequence along an axis of its own, in this order; a sweep along as many as it has."""
    arrays = {name: _sequence(name, value) for name, value in parameters.items()}
    axes, before = sum(array.ndim for array in arrays.values()), 0
    for name, array in arrays.items():
        after = axes - before - array.ndim
        arrays[name] = array[(None,) * before + (slice(None),) * array.ndim + (None,) * after]
        before += array.ndim
    return arrays


def _sequence(name: str, value: Any) -> Any:
    if isinstance(value, Sweep):
        return value
    if isinstance(value, (list, tuple)) and any(callable(item) for item in _checks.listed(name, value)):
        return Stack(value, name)
    array = _array_checks.array(name, _listed(name, value) if isinstance(value, range) else value)
    if array.ndim != 1:
        raise ValueError(f"{name} must be a sequence of one dimension, received one of shape {array.shape}")
    return array if array.dtype.kind in "biuf" else numpy.array(value, dtype=object)


def _listed(name: str, numbers: range) -> Any:
    """The numbers of a range, without a list where they fit in an array."""
    if numbers and max(abs(numbers[0]), abs(numbers[-1])) <= _checks.LAST_STEP:
        _arrays.check_memory(len(numbers), 8, name)
        return numpy.arange(numbers.start, numbers.stop, numbers.step)
    return numbers


# ---- parameters ----


def _is_called(value: Any) -> bool:
    """Whether a parameter of a flat list is a user's callable, or phases with one of them."""
    return any(map(_is_called, value)) if isinstance(value, tuple) else callable(value)


def _has_columns(value: Any) -> bool:
    """Whether it is a sweep that is indexed by its parameters."""
    return isinstance(value, Sweep) and not isinstance(value, Stack)


def _swept_parts(parameters: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Every parameter that may be an array or a sweep, those of phases too."""
    for name, value in parameters.items():
        if name == "phases":
            for index, (duration, schedule) in enumerate(value):
                yield f"{name}[{index}][0]", duration
                yield f"{name}[{index}][1]", schedule
        else:
            yield name, value


def _frozen(value: Any) -> Any:
    if isinstance(value, numpy.ndarray):
        value.flags.writeable = False  # a copy of the user's, made by its check
    return value


def _taken(value: Any, index: Any, shape: tuple[int, ...]) -> Any:
    """What a parameter is at an index of a sweep of this shape."""
    if isinstance(value, tuple):
        return tuple(_taken(item, index, shape) for item in value)
    if isinstance(value, _schedule.Made):
        return value.result
    if isinstance(value, Stack):
        return value._at(index, shape)
    if isinstance(value, numpy.ndarray):
        taken = numpy.broadcast_to(value, shape)[index]
        return taken.item() if not taken.shape else taken
    return value


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, numpy.ndarray) or isinstance(other, numpy.ndarray):
        return bool(numpy.array_equal(one, other))
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(_equal(a, b) for a, b in zip(one, other, strict=True))
    return bool(one == other)
