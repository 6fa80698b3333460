"""This road evaluates dask's arrays. It makes graphs with one task a chunk, and dask computes them when it is asked."""

from __future__ import annotations

from functools import partial
from math import isnan, prod
from typing import TYPE_CHECKING, Any

import dask.array
import numpy
from dask.array.core import normalize_chunks, slices_from_chunks

from .. import _checks
from .._checks.columns import joint_shape
from . import matrix
from . import sizes as tuned
from . import summary as _summary
from .memory import check_memory
from .outputs import FLOAT64, column, float_dtype
from .rows import rows_and_shape
from .steps import checked, in_a_row
from .tables import has_rows

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


def products(value: Any, factors: list[float], steps: Any) -> Any:
    """Returns the rates of a value with one axis of rows: those of row i times factor i."""
    rates = evaluate(value, steps, None, None, None)
    return rates * column(factors, rates.ndim)


def pointwise(value: Any, steps: Any, workers: int | None) -> Any:
    """Returns the rate of row i at step i as a dask array. A task gets the rows that its chunk of the steps is for."""
    if not has_rows(value):
        return evaluate(value, steps, None, None, workers)
    _checks.workers(workers)
    _check_integers(steps)
    _check_sizes(steps)
    axes = len(joint_shape(value.shape, steps.shape))
    chunks = ((1,),) * (axes - steps.ndim) + steps.chunks
    lengths = (1,) * (axes - value.ndim) + value.shape
    split = [sizes if length == sum(sizes) else (length,) for length, sizes in zip(lengths, chunks, strict=True)]
    whole = [mine if sum(sizes) == 1 else sizes for mine, sizes in zip(split, chunks, strict=True)]
    parts = _parts_of(value, tuple(split[axes - value.ndim :]))
    names = range(axes)
    return dask.array.blockwise(
        partial(pairs_of, workers=workers or 1),
        names,
        parts,
        names[axes - parts.ndim :],
        steps,
        names[axes - steps.ndim :],
        adjust_chunks=dict(enumerate(whole)),
        align_arrays=False,
        meta=numpy.empty((0,) * axes),
        token="lrvec-pointwise",
    )


def summarize(value: Any, steps: Any, workers: int | None) -> Any:
    """Returns a Summary of dask arrays, with a task for about each chunk of the steps."""
    _checks.workers(workers)
    _check_sizes(steps)
    width = max(steps.reshape(-1).chunks[0])
    return summary_of(value, steps, _checks.LAST_STEP, width, workers or 1)


def summary_of(sweep: Any, steps: Any, height: int, width: int, workers: int) -> _summary.Summary:
    """Returns a Summary of dask arrays, with a task for `height` rows at most and about `width` steps."""
    parts, heights = split_rows(sweep, height)
    if hasattr(steps, "reshape"):
        steps = steps.reshape(-1)
    is_run = _summary.is_run(steps)
    columns, widths = split_steps(steps, _checks.LAST_STEP + 1 if is_run else _summary.spans_in(width) * tuned.SPAN)
    count = sum(widths)
    if not count:
        _summary.refuse_no_step()
    sizes = (*heights, (1,) if is_run else tuple(_summary.spans_in(width) for width in widths), (WIDTH,))
    spans = outer(partial(span_summaries, workers=workers), "lrvec-spans", parts, columns, sizes, FLOAT64)
    axes = range(spans.ndim)
    rows: Any = dask.array.blockwise(
        partial(joined_spans, count=count),
        (*axes[:-2], axes[-1]),
        spans,
        axes,
        concatenate=True,
        meta=numpy.empty((0,) * len(axes[1:])),
        token="lrvec-summary",
    )
    fields = {name: rows[..., place] for place, name in enumerate(_summary.Summary._fields)}
    for name in ("min_step", "max_step"):
        fields[name] = fields[name].astype(numpy.int64)
    return _summary.Summary(**fields)


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
    return _parts_of(sweep, sizes), sizes


def _parts_of(sweep: Any, sizes: tuple[tuple[int, ...], ...]) -> Any:
    """Returns a dask array with a part of the sweep in each chunk, for parts of these sizes along each axis."""
    boxes = slices_from_chunks(sizes)
    parts = [sweep] if len(boxes) == 1 else [sweep[box] for box in boxes]
    return _blocks_of(parts, tuple(map(len, sizes)), "lrvec-rows")


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


def pairs_of(part: Any, steps: Any, *, workers: int) -> NDArray[numpy.float64]:
    """Returns the value of each row of a part of the sweep at a step of its own."""
    return matrix.pointwise_of(_content(part), steps, workers)


def span_summaries(part: Any, steps: Any, *, workers: int) -> NDArray[numpy.float64]:
    """Returns the summary of each row over each span of the steps. It has the steps of both extremes in place of their
    places; floats hold them exactly."""
    rows, shape = rows_and_shape(_content(part))
    steps = in_a_row(checked(_content(steps)))
    if _summary.is_run(steps):
        spans = _summary.span_of_run(rows, 0, rows.count, steps)[None]
    else:
        spans = _summary.spans_of(rows, steps, 0, _summary.spans_in(len(steps)), workers)
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


def _check_sizes(steps: Any) -> None:
    if isnan(steps.size):
        said = "received a dask array of others, which compute_chunk_sizes() finds"
        raise ValueError(f"steps must have chunks of known sizes, {said}")
