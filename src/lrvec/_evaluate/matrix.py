"""These functions make the matrix of rows over steps: all of it, parts of it, or one step of each row."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

import numpy

from .. import _checks
from .._checks import columns
from . import arrays, sizes
from .memory import check_memory
from .outputs import FLOAT64, assign, new, prepared
from .rows import Batches, pointwise, rows_and_shape, run
from .steps import (
    INT64,
    Placed,
    as_array,
    checked,
    in_a_row,
    is_plain,
    part_of,
    range_or_checked,
    shape_of,
    until_valid,
)
from .tables import has_rows, table_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray


def evaluate(rows: Any, shape: tuple[int, ...], steps: Any, out: Any, dtype: Any, workers: int | None) -> Any:
    """Returns the matrix of the rows over the steps. Its shape is `shape` + the shape of the steps."""
    _checks.workers(workers)
    steps, out = prepared(steps, shape, out, dtype)
    return whole(rows, len(shape), steps, out, workers)


def whole(rows: Any, axes: int, steps: Any, out: Any, workers: int | None) -> Any:
    """Fills `out`. One call fills an `out` that is one piece of work, if the kernels can write to it where it lies."""
    flags = out.flags
    if 0 < out.size <= sizes.PIECE and rows.count <= sizes.ROWS and flags.c_contiguous and flags.aligned:
        matrix = out.reshape(rows.count, -1)
        if type(steps) is range and len(steps) > 1:
            rows.fill_range(0, rows.count, steps.start, steps.step, matrix)
            return out
        if type(steps) is numpy.ndarray and steps.size > 1 and is_plain(steps, INT64):
            flat = steps.reshape(-1)
            until_valid(lambda: rows.fill_array(0, rows.count, flat, matrix), steps)
            return out
        if type(steps) is int and out.dtype == FLOAT64:
            rows.pointwise(0, rows.count, numpy.array(steps, INT64), out.reshape(-1))
            return out
    with Placed(steps):
        _fill(rows, 0, rows.count, in_a_row(steps), Matrix(out, axes), workers)
    return out


def blocks(
    sweep: Any, steps: Any, max_bytes: int, workers: int | None, progress: bool
) -> Iterator[tuple[slice, slice, NDArray[numpy.float64]]]:
    rows, _ = rows_and_shape(sweep)
    steps = range_or_checked(steps)
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
        values = new((end - begin, stop - start), FLOAT64)
        with Placed(steps):
            _fill(rows, begin, end, listed[start:stop], Matrix(values, 1), workers)
        yield slice(begin, end), slice(start, stop), values
        del values  # so that its memory is free for the next one


def pointwise_of(sweep: Any, steps: Any, workers: int | None) -> NDArray[numpy.float64]:
    _checks.workers(workers)
    if not has_rows(sweep):
        return numpy.asarray(arrays.evaluate(table_of(sweep), steps, None, None, workers))
    if not isinstance(steps, numpy.ndarray):
        steps = checked(steps)
    shape = columns.joint_shape(sweep.shape, shape_of(steps))
    check_memory(prod(shape), 8)
    plain = type(steps) is numpy.ndarray and is_plain(steps, INT64)
    if not plain or sweep._by_row:  # so that a user's callable sees no bad step
        steps = as_array(checked(steps))
    return pointwise(sweep._rows if shape == sweep.shape else Batches(sweep, shape), shape, steps, workers)


class Matrix:
    """A matrix shows an array of any strides with one axis for the rows and one for the steps, in place of its own."""

    def __init__(self, out: Any, axes: int) -> None:
        self._out = out
        self._length = prod(out.shape[axes:])
        one = _is_one(out.shape[:axes], out.strides[:axes]) and _is_one(out.shape[axes:], out.strides[axes:])
        self._matrix = out.reshape(prod(out.shape[:axes]), self._length) if one or not out.size else None

    def fill(self, begin: int, end: int, start: int, stop: int, fill: Callable[[Any], None]) -> None:
        """Lets `fill` write to a part: where the part lies if the kernels can write there, or by way of a new array."""
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
    """Tells whether axes of this shape and these strides can be seen as one."""
    return all(left == right * size for left, right, size in zip(strides, strides[1:], shape[1:], strict=False))


def _fill(rows: Any, begin: int, end: int, steps: Any, matrix: Matrix, workers: int | None) -> None:
    """Fills the matrix with the rows from `begin` to `end`. A piece is some whole rows, or a part of one row where the
    rows are long."""

    width = max(1, min(len(steps), sizes.PIECE))
    parts = Parts(begin, end, len(steps), height_of(width), width)

    def piece(number: int) -> None:
        low, high, start, stop = parts.part(number)
        listed = part_of(steps, start, stop)

        def fill(values: Any) -> None:
            if stop - start == 1:
                column = numpy.empty(high - low)
                one = numpy.asarray(listed)
                until_valid(lambda: rows.pointwise(low, high, one, column), one)
                assign(values[:, 0], column)
            elif isinstance(listed, range):
                rows.fill_range(low, high, listed.start, listed.step, values)
            else:
                until_valid(lambda: rows.fill_array(low, high, listed, values), listed)

        matrix.fill(low - begin, high - begin, start, stop, fill)

    run(rows, piece, parts.count, workers)


def height_of(width: int) -> int:
    """Returns how many rows of `width` steps make a piece of work."""
    return max(1, min(sizes.PIECE // width, sizes.ROWS))


class Parts:
    """These are numbered parts of the rows from `begin` to `end`: some rows each, and some of the `length` steps."""

    def __init__(self, begin: int, end: int, length: int, height: int, width: int) -> None:
        self._begin, self._end, self._length, self._height, self._width = begin, end, length, height, width
        self._across = -(-length // width)
        self.count = -(-(end - begin) // height) * self._across

    def part(self, number: int) -> tuple[int, int, int, int]:
        """Returns the begin and the end of a part's rows, and the start and the stop of its steps."""
        down, across = divmod(number, self._across)
        low, start = self._begin + down * self._height, across * self._width
        return low, min(low + self._height, self._end), start, min(start + self._width, self._length)
