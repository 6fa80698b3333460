"""This road evaluates ranges, numpy's arrays and lists: by the kernels, in this process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import _checks, _engine
from . import arrays, matrix, summary
from .outputs import column, multiply, prepared
from .tables import has_rows, table_of

if TYPE_CHECKING:
    from typing import Any


pointwise = matrix.pointwise_of
summarize = summary.summarize


def evaluate(value: Any, steps: Any, out: Any, dtype: Any, workers: int | None) -> Any:
    """Returns `out`, or a new array. Its axes are those of the rows, if the value has any, and of the steps."""
    if isinstance(value, _engine.Evaluator):  # so are most: the short way
        return arrays.evaluate(value._table, steps, out, dtype, workers)
    if not has_rows(value):
        return arrays.evaluate(table_of(value), steps, out, dtype, workers)
    _checks.workers(workers)
    steps, out = prepared(steps, value.shape, out, dtype)
    return matrix.whole(value._rows, len(value.shape), steps, out, workers)


def multiples(value: Any, factors: tuple[float, ...], steps: Any, out: Any) -> Any:
    """Returns an array with one row a factor: its multiple of the rates of a value."""
    if has_rows(value):
        return arrays.scaled(evaluate(value, steps, None, None, None), factors, out)
    return arrays.scaled_rows(table_of(value), factors, steps, out)


def products(value: Any, factors: list[float], steps: Any) -> Any:
    """Returns the rates of a value with one axis of rows: those of row i times factor i."""
    rates = evaluate(value, steps, None, None, None)
    return multiply(rates, column(factors, rates.ndim), rates)
