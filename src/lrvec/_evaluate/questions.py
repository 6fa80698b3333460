"""These functions ask for steps and numbers of a curve that need no walk along all its steps."""

from __future__ import annotations

from .. import _checks
from .._checks import queries as checked
from .._engine import RELATIONS
from . import sizes
from .tables import has_rows, table_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

NOTHING = -45.0
"""A weight with this logarithm changes no sum with a weight of 1."""

NOT_THERE = -1
"""This number stands in arrays for a step, a start or a stop that there is not."""


def first_step(schedule: Any, relation: str, threshold: Any, start: Any, stop: Any, workers: int | None) -> Any:
    """Returns the first of the steps start ... stop - 1 at which the value is in a relation to a threshold: an int or
    None for a schedule and numbers, and else an array of steps."""
    if has_rows(schedule) or any(hasattr(given, "shape") for given in (threshold, start, stop)):
        return _of_rows(schedule, relation, threshold, start, stop, workers)
    _checks.workers(workers)
    found = table_of(schedule).first_step(RELATIONS.index(relation), threshold, start, stop)
    return None if found == NOT_THERE else found


def _of_rows(schedule: Any, relation: str, threshold: Any, start: Any, stop: Any, workers: int | None) -> Any:
    import numpy

    def ask(rows: Any, begin: int, end: int, numbers: list[Any], out: Any) -> None:
        rows.first_steps(begin, end, RELATIONS.index(relation), *numbers, out)

    given = {relation: (threshold, numpy.float64), "start": (start, numpy.int64), "stop": (stop, numpy.int64)}
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

    given = {"start": (start, numpy.int64), "stop": (stop, numpy.int64)}
    return of_rows(schedule, given, numpy.float64, ask, workers)


def step_of_sum(schedule: Any, total: Any, start: Any, stop: Any, workers: int | None) -> Any:
    """Returns the first step n for which the sum of the values at start ... n - 1 reaches a total: an int or None for a
    schedule and numbers, and else an array of steps. The sum is that of `integral`, and n is `stop` at most."""
    import numpy

    shape = _shape_of(schedule, {"total": total, "start": start, "stop": stop})
    total, start, stop = (numpy.broadcast_to(one, shape) for one in (total, start, stop))

    def reached_at(steps: Any) -> Any:
        return integral(schedule, start, steps, workers) >= total

    low, width, reached = start, sizes.FIRST_WIDTH, numpy.zeros(shape, bool)
    high, fallen = start, numpy.full(shape, NOT_THERE)
    while not (reached | (high == stop)).all():  # twice as far each time, up to the first negative value
        low = numpy.where(reached, low, high)
        high = numpy.where(reached, high, start + numpy.minimum(width, stop - start))
        width *= 2
        negative = first_step(schedule, "below", numpy.zeros(shape), low, high, workers)
        fallen = numpy.where(reached, fallen, negative)
        stop = numpy.where(fallen == NOT_THERE, stop, numpy.maximum(fallen, start + 1))
        high = numpy.minimum(high, stop)
        reached = reached_at(high)
    if (lost := (fallen != NOT_THERE) & ~reached).any():
        checked.refuse_falling_sum(fallen[lost].min())
    while (active := reached & (high - low > 1)).any():
        middle = numpy.where(active, low + (high - low) // 2, high)
        is_there = reached_at(middle)
        low = numpy.where(active & ~is_there, middle, low)
        high = numpy.where(active & is_there, middle, high)
    found = numpy.where(reached, high, NOT_THERE)
    if has_rows(schedule) or shape:
        return found
    return found.item() if reached else None


def annealing_area(schedule: Any, start: int, stop: int, decay: float, workers: int | None) -> Any:
    """Returns the sum of a momentum that gathers the falls of the values at start ... stop - 1: a float for a schedule,
    an array for a sweep.

    The falls add up to first - last. The momentum has kept back their sum with weights decay^(steps to the end + 1), so
    only the last steps count there. By parts, the weights are those of the values."""
    import math

    import numpy

    from . import evaluate, matrix

    ends = evaluate(schedule, [start, stop - 1])
    kept = numpy.zeros(math.prod(ends.shape[:-1]))
    back = math.ceil(NOTHING / math.log(decay)) if decay > 0.0 else 0
    steps = range(max(start, stop - 1 - back), stop)
    for rows, columns, values in matrix.blocks(schedule, steps, sizes.MATRIX_BYTES, workers, False) if back else ():
        weights = decay ** (len(steps) - 1.0 - numpy.arange(columns.start, columns.stop)) * (1.0 - decay)
        if columns.start == 0:
            weights[0] /= 1.0 - decay
        if columns.stop == len(steps):
            weights[-1] -= 1.0
        kept[rows] += values @ weights
    area = (ends[..., 0] - ends[..., 1] - kept.reshape(ends.shape[:-1])) / (1.0 - decay)
    return area if has_rows(schedule) else area.item()


def _shape_of(schedule: Any, numbers: dict[str, Any]) -> tuple[int, ...]:
    """Returns the shape that the rows and the numbers of a question broadcast to."""
    from .._checks import columns

    return columns.shape_of({"schedule": schedule, **numbers} if has_rows(schedule) else numbers)


def of_rows(schedule: Any, given: dict[str, Any], dtype: Any, ask: Callable[..., None], workers: int | None) -> Any:
    """Returns an array with the answer of each row to its own numbers, which broadcast with the rows. `given` has the
    numbers with their dtypes. `ask` takes rows, the begin and the end of a piece, its numbers, and where to write."""
    import numpy

    from .memory import check_memory
    from .rows import Batches, Tables, run

    shape = _shape_of(schedule, {name: number for name, (number, _) in given.items()})
    out = numpy.empty(shape, dtype)
    check_memory(out.size, 8 * len(given), "schedules", "answers")
    if not has_rows(schedule):
        rows: Any = Tables([table_of(schedule)] * out.size)
    else:
        rows = schedule._rows if shape == schedule.shape else Batches(schedule, shape)
    numbers = [numpy.broadcast_to(one, shape).astype(dtype).reshape(-1) for one, dtype in given.values()]
    flat = out.reshape(-1)

    def piece(number: int) -> None:
        begin, end = number * sizes.ROWS, min((number + 1) * sizes.ROWS, out.size)
        ask(rows, begin, end, [one[begin:end] for one in numbers], flat[begin:end])

    run(rows, piece, -(-out.size // sizes.ROWS), workers)
    return out
