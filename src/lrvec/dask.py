"""Larger than a machine: the matrix of a sweep and its summary as dask graphs.

Nothing is computed until dask is asked to, by whichever scheduler. A task holds its part of the sweep and, where the
steps are a range, its part of the range; both travel by pickle. Every value has the bits that it has in memory.
"""

from __future__ import annotations

from functools import partial
from math import prod
from typing import TYPE_CHECKING, Any

import dask.array
import numpy
from dask.array.core import normalize_chunks, slices_from_chunks

from . import _arrays, _checks, _numpy, _summary, _sweeps
from ._summary import Summary

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ._schedule import Schedule
    from ._sweeps import Sweep

__all__ = ["matrix", "summarize"]

FLOAT64 = numpy.dtype(numpy.float64)
WIDTH = len(_summary.FIELDS)

TASK = 1000
"""Bytes of memory that dask takes for one task at least."""


def matrix(sweep: Sweep | Schedule, steps: Any, chunks: tuple[int, int]) -> Any:
    """The matrix that `sweep(steps)` gives, as a dask array: one task a block.

    Parameters
    ----------
    sweep : a sweep, or one schedule.
    steps : a range, or an array of one dimension, of numpy or of dask.
    chunks : the rows and the steps of a block at most, both positive. In a sweep of several axes a block's rows are a
        box of it.

    Returns
    -------
    dask array of float64, of the sweep's shape with an axis of steps after it.

    Raises
    ------
    ValueError for chunks that are no pair of positive integers, and at once for a bad step in a range or a numpy array;
    for one in a dask array when its block is computed, with the index within the block.

    >>> from lrvec import linear
    >>> lazy = matrix(linear(base_lr=[1.0, 2.0, 3.0], end_lr=0.0, total_steps=4), range(6), chunks=(2, 3))
    >>> lazy.chunks
    ((2, 1), (3, 3))
    >>> lazy.compute().tolist()[2]
    [3.0, 2.25, 1.5, 0.75, 0.0, 0.0]
    """
    height, width = _pair(chunks)
    parts, heights = _split_rows(sweep, height)
    columns, widths = _split_steps(steps, width)
    work = partial(_values, dtype=FLOAT64, workers=1)
    return _outer(work, "lrvec-matrix", parts, columns, (*heights, widths), FLOAT64)


def summarize(sweep: Sweep | Schedule, steps: Any, chunks: tuple[int, int]) -> Summary:
    """What `lrvec.summarize` gives, as dask arrays: one task a block, which makes no matrix, and one to join a row's.

    Parameters
    ----------
    sweep : a sweep, or one schedule.
    steps : a range, or an array of numpy or of dask; at least one step.
    chunks : the rows and the steps of a block at most, both positive. The steps are rounded up to a multiple of 2^20: a
        sum is made of the sums of spans of that length, in their order, and so its bits do not depend on chunks.

    Returns
    -------
    Summary of dask arrays of the sweep's shape. Given whole to `dask.compute`, each block is computed once for all
    fields.

    Raises
    ------
    ValueError as `matrix`, and for no steps at all.

    >>> from lrvec import linear
    >>> lazy = summarize(linear(base_lr=[1.0, 2.0, 3.0], end_lr=0.0, total_steps=4), range(5), chunks=(2, 5))
    >>> (summary,) = dask.compute(lazy)
    >>> summary.sum.tolist(), summary.min_step.tolist()
    ([2.5, 5.0, 7.5], [4, 4, 4])
    """
    height, width = _pair(chunks)
    parts, heights = _split_rows(sweep, height)
    if hasattr(steps, "reshape"):
        steps = steps.reshape(-1)
    columns, widths = _split_steps(steps, _summary.spans_in(width) * _summary.SPAN)
    count = sum(widths)
    if not count:
        raise ValueError("steps must hold at least one step, received none")
    sizes = (*heights, tuple(_summary.spans_in(width) for width in widths), (WIDTH,))
    spans = _outer(_span_summaries, "lrvec-spans", parts, columns, sizes, FLOAT64)
    axes = range(spans.ndim)
    rows: Any = dask.array.blockwise(
        partial(_joined, count=count),
        (*axes[:-2], axes[-1]),
        spans,
        axes,
        concatenate=True,
        meta=numpy.empty((0,) * len(axes[1:])),
        token="lrvec-summary",
    )
    fields = {name: rows[..., place] for place, name in enumerate(Summary._fields)}
    for name in ("min_step", "max_step"):
        fields[name] = fields[name].astype(numpy.int64)
    return Summary(**fields)


def evaluate(schedule: Sweep | Schedule, steps: Any, out: Any, dtype: Any, workers: int | None) -> Any:
    """A schedule called with a dask array: one task a block of it, on one thread unless told otherwise."""
    _checks.workers(workers)
    _checks.only_for_numpy(out=out)
    dtype = FLOAT64 if dtype is None else _numpy.float_dtype(dtype)
    _check_integers(steps)
    parts, heights = _split_rows(schedule, _checks.LAST_STEP)
    work = partial(_values, dtype=dtype, workers=workers or 1)
    return _outer(work, "lrvec", parts, steps, (*heights, *steps.chunks), dtype)


def stacked(rows: list[Any], out: Any) -> Any:
    """Dask arrays of one shape as the rows of one more."""
    _checks.only_for_numpy(out=out)
    return dask.array.stack(rows)


# ---- graphs ----


def _outer(work: Any, token: str, parts: Any, columns: Any, sizes: tuple[tuple[int, ...], ...], dtype: Any) -> Any:
    """One task for each part of a sweep with each part of the steps; `sizes` are the chunks of the result, whose axes
    are those of both and any that the work adds."""
    axes = range(len(sizes))
    known = parts.ndim + columns.ndim
    _check_blocks(*parts.numblocks, *columns.numblocks)
    return dask.array.blockwise(
        work,
        axes,
        parts,
        axes[: parts.ndim],
        columns,
        axes[parts.ndim : known],
        adjust_chunks=dict(enumerate(sizes[:known])),
        new_axes={axis: sizes[axis] for axis in axes[known:]},
        align_arrays=False,
        meta=numpy.empty((0,) * len(sizes), dtype),
        token=token,
    )


def _split_rows(sweep: Any, height: int) -> tuple[Any, tuple[tuple[int, ...], ...]]:
    """A dask array with a part of the sweep in each of its blocks, and the sizes of the parts along each axis."""
    _checks.schedule("sweep", sweep)
    shape = getattr(sweep, "shape", ())
    box = []
    for length in reversed(shape):
        box.append(min(length, max(1, height)))
        height //= length
    _check_blocks(*(-(-length // part) for length, part in zip(reversed(shape), box, strict=True)))
    sizes: tuple[tuple[int, ...], ...] = normalize_chunks(tuple(reversed(box)), shape)
    boxes = slices_from_chunks(sizes)
    return _blocks_of([sweep[box] if shape else sweep for box in boxes], tuple(map(len, sizes)), "lrvec-rows"), sizes


def _split_steps(steps: Any, width: int) -> tuple[Any, tuple[int, ...]]:
    """A dask array with a part of the steps in each of its blocks, and the sizes of the parts."""
    if isinstance(steps, dask.array.Array):
        _check_integers(steps)
        columns = steps
    else:
        if isinstance(steps, numpy.ndarray):
            _arrays.check_memory(steps.size, FLOAT64.itemsize)  # dask copies it
            _check_blocks(-(-steps.size // width))
        steps = _numpy.checked(steps)
        if isinstance(steps, range):
            _check_blocks(-(-len(steps) // width))
            starts = range(0, len(steps), width) or range(1)
            parts = [steps[start : start + width] for start in starts]
            return _blocks_of(parts, (len(parts),), "lrvec-steps"), tuple(map(len, parts))
        columns = dask.array.from_array(numpy.asarray(steps), chunks=width)
    if columns.ndim != 1:
        raise ValueError(f"steps must be a range or an array of one dimension, received {columns.ndim} dimensions")
    columns = columns.rechunk(width)
    return columns, columns.chunks[0]


def _blocks_of(contents: list[Any], shape: tuple[int, ...], token: str) -> Any:
    """A dask array with one object in each of its blocks."""
    flat = numpy.empty(len(contents), object)
    for place, content in enumerate(contents):
        flat[place] = content
    return dask.array.from_array(flat.reshape(shape), chunks=1, name=f"{token}-{dask.base.tokenize(contents, shape)}")


# ---- tasks ----


def _content(block: Any) -> Any:
    return block.item() if block.dtype == object else block


def _values(part: Any, steps: Any, *, dtype: Any, workers: int) -> NDArray[Any]:
    """The values of a part of the sweep over a part of the steps."""
    rows, shape = _sweeps.rows_and_shape(_content(part))
    values: NDArray[Any] = _sweeps.evaluate(rows, shape, _content(steps), None, dtype, workers)
    return values


def _span_summaries(part: Any, steps: Any) -> NDArray[numpy.float64]:
    """Of each row the summary of each span of the steps, with the steps of both extremes, which are exact as floats, in
    place of their places."""
    rows, shape = _sweeps.rows_and_shape(_content(part))
    steps = _sweeps.in_a_row(_numpy.checked(_content(steps)))
    spans = _summary.spans_of(rows, steps, 0, _summary.spans_in(len(steps)), 1)
    spans[:, _summary.PLACES] = _summary.steps_at(steps, spans[:, _summary.PLACES])
    return numpy.moveaxis(spans, 2, 0).reshape(*shape, len(spans), WIDTH)


def _joined(spans: Any, *, count: int) -> NDArray[numpy.float64]:
    """The summary of each row from those of its spans."""
    by_span = numpy.moveaxis(spans.reshape(-1, *spans.shape[-2:]), 0, 2)
    summary = numpy.array(_summary.finished(_summary.joined(by_span)[0], count)).T
    return summary.reshape(*spans.shape[:-2], len(Summary._fields))


# ---- checks ----


def _pair(chunks: Any) -> tuple[int, int]:
    """The rows and the steps of a block."""
    pair = tuple(chunks) if isinstance(chunks, (tuple, list)) else ()
    if len(pair) != 2 or any(map(_checks.is_array, pair)):
        rule = "be two integers, the rows and the steps of a block"
        raise ValueError(f"chunks must {rule}, received {_checks.shown(chunks)}")
    return _checks.positive_count("chunks[0]", pair[0]), _checks.positive_count("chunks[1]", pair[1])


def _check_blocks(*counts: int) -> None:
    """So many along each axis."""
    _arrays.check_memory(prod(counts), TASK, "blocks", "tasks")


def _check_integers(steps: Any) -> None:
    if steps.dtype.kind not in "iu":
        _checks.refuse_steps(f"a dask array of dtype {steps.dtype}")
