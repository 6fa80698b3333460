"""These functions make tables of segments whose numbers are plain. An engine, or a user's callable, evaluates them."""

from __future__ import annotations

from .. import _engine
from .._engine.operations import OPERATIONS
from .._frameworks import torch_is_compiling
from .._lowering.cycles import known, unfolded
from .._lowering.segments import NOT_SIMPLE, At, holds, part_at, present, resolved, segments_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .._lowering.segments import Segment


def tabulate(segments: list[Segment]) -> Any:
    """Makes a table of segments."""
    table = _engine.plain_table(segments, At)
    if table is not None:
        return table
    if holds(segments, "call"):
        from .calls import CallTable

        return CallTable(known(present(segments), values_of))
    whole = unfolded(segments)
    table = _engine.plain_table(whole, At)
    return _engine.Table(resolved(whole, values_of)) if table is None else table


def table_of(schedule: Any) -> Any:
    """Returns the table that a schedule keeps, or a new table of any other callable."""
    return schedule._table if _has_table(schedule) else tabulate(segments_of(schedule))


def _has_table(schedule: Any) -> bool:
    return hasattr(type(schedule), "_table")


def has_rows(schedule: Any) -> bool:
    """Tells whether a value is a sweep. The rows of a sweep are made when they are first asked for."""
    return hasattr(type(schedule), "_rows")


def is_known(value: Any) -> bool:
    """Tells whether tables can be made of a value: neither a traced number nor a user's callable is in it."""
    if _has_table(value):
        return not hasattr(value, "_is_traced") and type(value._table) is _engine.Table
    if has_rows(value):
        from itertools import product  # here, since the first call of a schedule need not wait for it

        return not value._by_row or all(is_known(value[index]) for index in product(*map(range, value.shape)))
    return False


def values_of(segments: list[Segment], steps: list[int], precise: bool) -> list[float]:
    """Returns the values of segments at some steps. All numbers must be plain."""
    return [_value_of(segments, step, precise) for step in steps]


def _value_of(segments: list[Segment], step: int, precise: bool) -> float:
    part = part_at(segments, step)
    if part[2] in NOT_SIMPLE:
        part = part_at(unfolded(segments), step)
        if part[2] in OPERATIONS or part[2] == "call":
            found: float = tabulate([(0, *part[1:])]).value(step)
            return found
    _, origin, shape, parameters = part
    if torch_is_compiling():
        from .._engine import reference

        return reference.shape_value(shape, parameters, step - origin)
    shape_value = _engine.precise_value if precise else _engine.shape_value
    value: float = shape_value(shape, parameters, step - origin)
    return value
