"""This road evaluates JAX's arrays that are not traced: by a function that JAX compiles once for each schedule, shape
and type."""

from __future__ import annotations

from functools import partial
from typing import Any

import jax

from .. import _checks
from .._engine import Evaluator
from . import traced
from .tables import is_known

multiples, products, summarize = traced.multiples, traced.products, traced.summarize


def evaluate(value: Any, steps: Any, out: Any, dtype: Any, workers: int | None) -> Any:
    """Returns the rates of a value. JAX finds the compiled function by the schedule's hash. Steps that are no integers
    are refused outside of it, since JAX adds to the messages of errors."""
    is_integer = jax.dtypes.issubdtype(steps.dtype, jax.numpy.integer)
    if not is_integer or not isinstance(value, Evaluator) or not is_known(value):
        return traced.evaluate(value, steps, out, dtype, workers)
    if not out is dtype is workers is None:
        _checks.only_for_numpy(out=out, dtype=dtype, workers=workers)
    return _rates(value, steps)


@partial(jax.jit, static_argnums=0)
def _rates(schedule: Any, steps: Any) -> Any:
    return traced.evaluate(schedule, steps, None, None, None)


def pointwise(value: Any, steps: Any, workers: int | None) -> Any:
    """Returns the rate of row i at step i, and of a schedule its rates."""
    if isinstance(value, Evaluator):
        return evaluate(value, steps, None, None, workers)
    return traced.pointwise(value, steps, workers)
