"""These functions make tables of segments whose numbers are plain. An engine, or a user's callable, evaluates them."""

from __future__ import annotations

from itertools import product

from .. import _engine
from .._engine import reference
from .._frameworks import torch_is_compiling
from .._lowering.segments import part_at, present, resolved, segments_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .._lowering.segments import Segment


def tabulate(segments: list[Segment]) -> Any:
    """Makes a table of segments."""
    for part in segments:
        if part[2] == "call":
            return CallTable(resolved(present(segments), value_of))
    return _engine.Table(resolved(segments, value_of))


def table_of(schedule: Any) -> Any:
    """Returns the table that a schedule keeps, or a new table of any other callable."""
    return schedule._table if isinstance(schedule, _engine.Evaluator) else tabulate(segments_of(schedule))


def has_rows(schedule: Any) -> bool:
    """Tells whether a value is a sweep. The rows of a sweep are made when they are first asked for."""
    return hasattr(type(schedule), "_rows")


def is_known(value: Any) -> bool:
    """Tells whether tables can be made of a value: neither a traced number nor a user's callable is in it."""
    if isinstance(value, _engine.Evaluator):
        return not hasattr(value, "_is_traced") and type(value._table) is not CallTable
    if has_rows(value):
        return not value._by_row or all(is_known(value[index]) for index in product(*map(range, value.shape)))
    return False


def value_of(segments: list[Segment], step: int) -> float:
    """Returns the value of segments at a step. All numbers must be plain."""
    _, origin, shape, parameters = part_at(segments, step)
    if shape == "call":
        return float(parameters[0](step - origin))
    engine = reference if torch_is_compiling() else _engine
    value: float = engine.shape_value(shape, parameters, step - origin)
    return value


class CallTable(reference.Table):
    """A table with a user's callable in it."""

    __slots__ = ("_parts",)

    def __init__(self, segments: list[Segment]) -> None:
        self._parts: list[tuple[int, Callable[[int], float]]] = [
            (
                start,
                _call_at(origin, parameters[0])
                if shape == "call"
                else _engine.Table([(0, origin, shape, parameters)]).value,
            )
            for start, origin, shape, parameters in segments
        ]

    def value(self, step: int) -> float:
        for start, evaluate in reversed(self._parts):
            if start <= step:
                return evaluate(step)
        raise AssertionError("segments begin at step 0")


def _call_at(origin: int, function: Callable[[int], Any]) -> Callable[[int], float]:
    return lambda step: float(function(step - origin))
