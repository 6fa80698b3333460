"""This road evaluates dask's arrays. It makes graphs with one task a chunk, and dask computes them when it is asked."""

from __future__ import annotations

from functools import partial
from math import prod
from typing import TYPE_CHECKING, Any

import dask.array
import numpy
from dask.array.core import normalize_chunks, slices_from_chunks

from .. import _checks
from . import matrix
from . import sizes as tuned
from . import summary as _summary
from .memory import check_memory
from .outputs import FLOAT64, float_dtype
from .rows import rows_and_shape
from .steps import checked, in_a_row

if TYPE_CHECKING:
    from numpy.typing import NDArray

WIDTH = len(_summary.FIELDS)


def evaluate(schedule: Any, steps: Any, out: Any, dtype: Any, workers: int | None) -> Any:
    """Returns the rates of a value as a dask array. One task makes one chunk of it, on one thread unless `workers` says
    otherwise."""
    _checks.workers(workers)
    _checks.only_for_numpy(out=out)
    dtype = FLOAT64 if dtype is None else float_dtype(dtype)
    _check_integers(steps)
    parts, heights = split_rows(schedule, _checks.LAST_STEP)
    work = partial(values_of, dtype=dtype, workers=workers or 1)
    return outer(work, "lrvec", parts, steps, (*heights, *steps.chunks), dtype)


def multiples(value: Any, factors: tuple[float, ...], steps: Any, out: Any) -> Any:
    """Returns an array with one row a factor: its multiple of the rates of a value."""
    values = evaluate(value, steps, None, None, None)
    _checks.only_for_numpy(out=out)
    return dask.array.stack([values * factor for factor in factors])


# ---- graphs ----


def outer(work: Any, token: str, parts: Any, columns: Any, sizes: tuple[tuple[int, ...], ...], dtype: Any) -> Any:
    """Returns a dask array with one task for each part of a sweep and each part of the steps. `sizes` are its chunks.
    Its axes are those of the sweep, those of the steps, and any that the work adds."""
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


def split_rows(sweep: Any, height: int) -> tuple[Any, tuple[tuple[int, ...], ...]]:
    """Returns a dask array with a part of the sweep in each chunk, and the sizes of the parts along each axis."""
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


def split_steps(steps: Any, width: int) -> tuple[Any, tuple[int, ...]]:
    """Returns a dask array with a part of the steps in each chunk, and the sizes of the parts."""
    if isinstance(steps, dask.array.Array):
        _check_integers(steps)
        columns = steps
    else:
        if isinstance(steps, numpy.ndarray):
            check_memory(steps.size, FLOAT64.itemsize)  # dask copies it
            _check_blocks(-(-steps.size // width))
        steps = checked(steps)
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
    """Returns a dask array with one of the objects in each chunk."""
    flat = numpy.empty(len(contents), object)
    for place, content in enumerate(contents):
        flat[place] = content
    return dask.array.from_array(flat.reshape(shape), chunks=1, name=f"{token}-{dask.base.tokenize(contents, shape)}")


# ---- tasks ----


def _content(block: Any) -> Any:
    return block.item() if block.dtype == object else block


def values_of(part: Any, steps: Any, *, dtype: Any, workers: int) -> NDArray[Any]:
    """Returns the values of a part of the sweep over a part of the steps."""
    rows, shape = rows_and_shape(_content(part))
    values: NDArray[Any] = matrix.evaluate(rows, shape, _content(steps), None, dtype, workers)
    return values


def span_summaries(part: Any, steps: Any) -> NDArray[numpy.float64]:
    """Returns the summary of each row over each span of the steps. It has the steps of both extremes in place of their
    places; floats hold them exactly."""
    rows, shape = rows_and_shape(_content(part))
    steps = in_a_row(checked(_content(steps)))
    spans = _summary.spans_of(rows, steps, 0, _summary.spans_in(len(steps)), 1)
    spans[:, _summary.PLACES] = _summary.steps_at(steps, spans[:, _summary.PLACES])
    return numpy.moveaxis(spans, 2, 0).reshape(*shape, len(spans), WIDTH)


def joined_spans(spans: Any, *, count: int) -> NDArray[numpy.float64]:
    """Joins the summaries of each row's spans to the summary of the row."""
    by_span = numpy.moveaxis(spans.reshape(-1, *spans.shape[-2:]), 0, 2)
    summary = numpy.array(_summary.finished(_summary.joined(by_span)[0], count)).T
    return summary.reshape(*spans.shape[:-2], len(_summary.Summary._fields))



def _check_blocks(*counts: int) -> None:
    """Refuses an array with more chunks than memory can hold tasks. `counts` are the chunks along each axis."""
    check_memory(prod(counts), tuned.TASK, "blocks", "tasks")


def _check_integers(steps: Any) -> None:
    if steps.dtype.kind not in "iu":
        _checks.refuse_steps(f"a dask array of dtype {steps.dtype}")
