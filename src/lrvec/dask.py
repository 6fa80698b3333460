"""These functions make dask graphs of a sweep's matrix and summary, for what is larger than one machine.

Nothing is computed until a scheduler of dask runs the graph. A task holds its part of the sweep and, if the steps are a
range, its part of the range; both travel by pickle. Every value has the same bits as in memory.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from . import _checks
from ._evaluate import lazy
from ._evaluate.outputs import FLOAT64
from ._evaluate.summary import Summary

if TYPE_CHECKING:
    from ._values import Schedule, Sweep

__all__ = ["matrix", "summarize"]


def matrix(sweep: Sweep | Schedule, steps: Any, chunks: tuple[int, int]) -> Any:
    """Make a dask array of the matrix that `sweep(steps)` gives, with one task for each chunk.

    Parameters
    ----------
    sweep : a sweep, or one schedule.
    steps : a range, or an array of one dimension, of numpy or of dask.
    chunks : the most rows and the most steps of a chunk, both positive. In a sweep of several axes the rows of a chunk
        are a box of it.

    Returns
    -------
    dask array of float64, of the sweep's shape with an axis of steps after it.

    Raises
    ------
    ValueError if `chunks` is no pair of positive integers, or if a step is no integer from 0 to 2**53. A bad step in a
    range or a numpy array is refused at once; one in a dask array is refused when its chunk is computed, and the
    message has its index within the chunk.

    >>> from lrvec import linear
    >>> lazy = matrix(linear(base_lr=[1.0, 2.0, 3.0], end_lr=0.0, total_steps=4), range(6), chunks=(2, 3))
    >>> lazy.chunks
    ((2, 1), (3, 3))
    >>> lazy.compute().tolist()[2]
    [3.0, 2.25, 1.5, 0.75, 0.0, 0.0]
    """
    height, width = _pair(chunks)
    parts, heights = lazy.split_rows(sweep, height)
    columns, widths = lazy.split_steps(steps, width)
    work = partial(lazy.values_of, dtype=FLOAT64, workers=1)
    return lazy.outer(work, "lrvec-matrix", parts, columns, (*heights, widths), FLOAT64)


def summarize(sweep: Sweep | Schedule, steps: Any, chunks: tuple[int, int]) -> Summary:
    """Make dask arrays of what `lrvec.summarize` gives, without the matrix: one task for each chunk, and one that
    joins.

    Parameters
    ----------
    sweep : a sweep, or one schedule.
    steps : a range, or an array of numpy or of dask; at least one step.
    chunks : the most rows and the most steps of a chunk, both positive. The steps are rounded up to a multiple of 2^20:
        a sum is made of the sums of spans of that length, in their order, so its bits do not depend on chunks. A range
        of consecutive steps stays whole, since few of them are looked at.

    Returns
    -------
    Summary of dask arrays of the sweep's shape. If `dask.compute` gets the whole Summary, it computes each chunk once
    for all fields.

    Raises
    ------
    ValueError for what `matrix` refuses, and if there is no step.

    >>> import dask
    >>> from lrvec import linear
    >>> lazy = summarize(linear(base_lr=[1.0, 2.0, 3.0], end_lr=0.0, total_steps=4), range(5), chunks=(2, 5))
    >>> (summary,) = dask.compute(lazy)
    >>> summary.sum.tolist(), summary.min_step.tolist()
    ([2.5, 5.0, 7.5], [4, 4, 4])
    """
    return lazy.summary_of(sweep, steps, *_pair(chunks), workers=1)


def _pair(chunks: Any) -> tuple[int, int]:
    """Checks `chunks`, and returns the most rows and the most steps of a chunk."""
    pair = tuple(chunks) if isinstance(chunks, (tuple, list)) else ()
    if len(pair) != 2 or any(map(_checks.is_array, pair)):
        rule = "be two integers, the rows and the steps of a block"
        raise ValueError(f"chunks must {rule}, received {_checks.shown(chunks)}")
    return _checks.positive_count("chunks[0]", pair[0]), _checks.positive_count("chunks[1]", pair[1])
