"""These functions ask for steps and numbers of a curve that need no walk along all its steps."""

from __future__ import annotations

from .. import _checks
from .._engine import RELATIONS
from . import sizes
from .tables import has_rows, table_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

NOT_THERE = -1
"""This number stands in arrays for a step that there is not."""


def first_step(schedule: Any, relation: str, threshold: Any, start: Any, stop: Any, workers: int | None) -> Any:
    """Returns the first of the steps start ... stop - 1 at which the value is in a relation to a threshold: an int or
    None for a schedule and numbers, and else an array of steps."""
    number = RELATIONS.index(relation)
    if has_rows(schedule) or any(hasattr(given, "shape") for given in (threshold, start, stop)):
        return _of_rows(schedule, number, threshold, start, stop, workers)
    _checks.workers(workers)
    found = table_of(schedule).first_step(number, threshold, start, stop)
    return None if found == NOT_THERE else found


def _of_rows(schedule: Any, relation: int, threshold: Any, start: Any, stop: Any, workers: int | None) -> Any:
    import numpy

    def ask(rows: Any, begin: int, end: int, numbers: list[Any], out: Any) -> None:
        rows.first_steps(begin, end, relation, *numbers, out)

    given = [(threshold, numpy.float64), (start, numpy.int64), (stop, numpy.int64)]
    return of_rows(schedule, given, numpy.int64, ask, workers)


def integral(schedule: Any, start: Any, stop: Any, workers: int | None) -> Any:
    """Returns the sum of the values at the steps start ... stop - 1: a float for a schedule and numbers, and else an
    array of sums."""
    if not has_rows(schedule) and not any(hasattr(given, "shape") for given in (start, stop)):
        _checks.workers(workers)
        return table_of(schedule).integral(start, stop)
    import numpy

    def ask(rows: Any, begin: int, end: int, numbers: list[Any], out: Any) -> None:
        rows.integrals(begin, end, *numbers, out)

    return of_rows(schedule, [(start, numpy.int64), (stop, numpy.int64)], numpy.float64, ask, workers)


def of_rows(schedule: Any, given: list[Any], dtype: Any, ask: Callable[..., None], workers: int | None) -> Any:
    """Returns an array with the answer of each row to its own numbers, which broadcast with the rows. `given` has the
    numbers with their dtypes. `ask` takes rows, the begin and the end of a piece, its numbers, and where to write."""
    import numpy

    from .._checks import columns
    from .memory import check_memory
    from .rows import Batches, Tables, run

    rows_shape = schedule.shape if has_rows(schedule) else ()
    shape = columns.broadcast("schedules", rows_shape, *(numpy.shape(one) for one, _ in given))
    out = numpy.empty(shape, dtype)
    check_memory(out.size, 8 * len(given), "schedules", "answers")
    if not has_rows(schedule):
        rows: Any = Tables([table_of(schedule)] * out.size)
    else:
        rows = schedule._rows if shape == rows_shape else Batches(schedule, shape)
    numbers = [numpy.broadcast_to(one, shape).astype(dtype).reshape(-1) for one, dtype in given]
    flat = out.reshape(-1)

    def piece(number: int) -> None:
        begin, end = number * sizes.ROWS, min((number + 1) * sizes.ROWS, out.size)
        ask(rows, begin, end, [one[begin:end] for one in numbers], flat[begin:end])

    run(rows, piece, -(-out.size // sizes.ROWS), workers)
    return out
