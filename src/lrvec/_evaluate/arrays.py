"""These functions evaluate a table over ranges, numpy's arrays and lists.

The module is imported when the first of these is met, so that single steps need no numpy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy
from numpy import may_share_memory, ndarray

from .. import _checks, _engine
from . import maps, sizes, threads
from .calls import CallTable
from .outputs import FLOAT64, assign, multiply, new, prepare_out, prepared
from .steps import Placed, are_plain, blocks_of, until_valid

if TYPE_CHECKING:
    from collections.abc import Callable


def evaluate(table: Any, steps: Any, out: Any, dtype: Any, workers: int | None) -> Any:
    """Returns the table's values: an array of the shape of `steps`, or `out`; or a float for an integer without
    `out`."""
    if workers is not None:
        _checks.workers(workers)
    if out is None and dtype is None:
        # Nobody sees a new array before it is whole, so the kernels may find an invalid step while they write to it.
        if type(steps) is ndarray and are_plain(steps):
            out = numpy.empty(steps.shape) if steps.size <= sizes.BLOCK else new(steps.shape, FLOAT64)
            if steps.size > sizes.PIECE or not table.fill_array(steps, out):
                _fill(_fill_array, table, steps, out, workers)
            return out
        if type(steps) is range and steps.step == 1 and 0 <= steps.start < steps.stop <= sizes.PIECE:
            out = numpy.empty(steps.stop - steps.start)
            table.fill_range(steps.start, 1, out)
            return out
    elif type(steps) is type(out) is ndarray and steps.size <= sizes.PIECE and are_plain(steps):
        out = prepare_out(out, steps.shape, dtype, steps)
        flags = out.flags
        is_plain_out = out.base is None and flags.c_contiguous and flags.aligned
        if is_plain_out and _engine.first_invalid(steps) < 0 and table.fill_array(steps, out):
            return out
    steps, values = prepared(steps, (), out, dtype)
    if isinstance(steps, ndarray):
        _fill(_fill_array, table, steps, values, workers)
    elif isinstance(steps, range):
        _fill(_fill_range, table, steps, values, workers)
    else:
        assign(values, table.value(steps))
        if out is None:
            return float(values)
    return values


def scaled_rows(table: Any, factors: tuple[float, ...], steps: Any, out: Any) -> Any:
    """Returns an array with one row a factor: its multiple of the table's values. Each value is computed once, in
    blocks that stay in the cache, and rounded once for a float32 `out`."""
    steps, out = prepared(steps, (len(factors),), out, None)
    if isinstance(steps, int):
        steps = numpy.array(steps)
    shape = out.shape[1:]
    flat = steps if len(shape) == 1 else steps.reshape(-1)
    rows = out if len(shape) == 1 else out.reshape(len(factors), -1)  # a copy where `out` is not contiguous
    values = numpy.empty(min(len(flat), sizes.BLOCK))
    for start in range(0, len(flat), sizes.BLOCK):
        part = flat[start : start + sizes.BLOCK]
        block = values[: len(part)]
        (_fill_range if isinstance(part, range) else _fill_array)(table, part, block)
        for row, factor in zip(rows, factors, strict=True):
            multiply(block, factor, row[start : start + sizes.BLOCK])
    if rows is not out and not may_share_memory(rows, out):
        out[...] = rows.reshape(out.shape)
    return out


def scaled(values: Any, factors: tuple[float, ...], out: Any) -> Any:
    """Returns an array with one row a factor: its multiple of `values`."""
    out = prepare_out(out, (len(factors), *values.shape), None, None)
    if out.base is not None:
        maps.reserve(out)
    for row, factor in zip(out, factors, strict=True):
        multiply(values, factor, row)
    return out


def _fill(fill: Callable[..., None], table: Any, steps: Any, out: Any, workers: int | None) -> None:
    """Fills `out` with the values at the steps. The workers share a large `out`, piece by piece."""
    if out.size <= sizes.PIECE:
        fill(table, steps, out)
        return
    placing = Placed(steps)
    if out.ndim > 1 and out.flags.c_contiguous and steps.flags.c_contiguous:
        steps, out = steps.reshape(-1), out.reshape(-1)
    width = max(1, len(out) * sizes.PIECE // out.size)  # entries of a piece along the first axis

    def piece(number: int) -> None:
        here = slice(number * width, (number + 1) * width)
        fill(table, steps[here], out[here])

    pieces = -(-len(out) // width)
    with placing:
        threads.run(piece, pieces, 1 if _is_called(table) else threads.worker_count(pieces, workers))


def _is_called(table: Any) -> bool:
    """Tells whether a table has a user's callable in it, which is called in this thread only."""
    return isinstance(table, CallTable)


def _fill_range(table: Any, steps: range, out: Any) -> None:
    flags = out.flags
    if flags.c_contiguous and flags.aligned:
        table.fill_range(steps.start, steps.step, out)
        return
    block = numpy.empty(min(len(steps), sizes.BLOCK), out.dtype)
    for start in range(0, len(steps), sizes.BLOCK):
        part = block[: len(steps) - start]
        table.fill_range(steps.start + start * steps.step, steps.step, part)
        out[start : start + sizes.BLOCK] = part


def _fill_array(table: Any, steps: Any, out: Any) -> None:
    def fill() -> bool:
        flags = out.flags
        if flags.c_contiguous and flags.aligned and are_plain(steps):
            valid: bool = table.fill_array(steps, out)
            return valid
        return all(table.fill_array(block, values) for block, values in blocks_of(steps, out))

    until_valid(fill, steps)
