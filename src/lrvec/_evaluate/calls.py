"""A table may have a user's callable in it, which is called step by step. Such a table is evaluated in Python."""

from __future__ import annotations

import math
import operator
from typing import TYPE_CHECKING

from .. import _checks, _engine
from .._engine import reference
from .._lowering.segments import holds

if TYPE_CHECKING:
    from collections.abc import Callable

    from .._lowering.segments import Segment


class CallTable(reference.Table):
    """A CallTable has a user's callable in it, or in a table of one of its operations."""

    __slots__ = ("_parts",)

    def __init__(self, segments: list[Segment]) -> None:
        self._parts: list[tuple[int, Callable[[int], float]]] = [(part[0], _value_of(part)) for part in segments]

    def value(self, step: int) -> float:
        for start, evaluate in reversed(self._parts):
            if start <= step:
                return evaluate(step)
        raise AssertionError("segments begin at step 0")

    def sample(self, count: int) -> list[float]:
        """Returns what Table.sample does, from each part in turn."""
        values: list[float] = []
        starts = [math.ceil(min(start, count)) for start, _ in self._parts]
        for (_, evaluate), start, end in zip(self._parts, starts, [*starts[1:], count], strict=True):
            values += [evaluate(step) for step in range(start, end)]
        return values

    def sample_products(self, count: int, factors: dict[str, float]) -> list[dict[str, float]]:
        """Returns what Table.sample_products does."""
        return [_engine.products(value, factors) for value in self.sample(count)]

    def first_step(self, relation: int, threshold: float, start: int, stop: int) -> int:
        """Returns what Table.first_step does, from the value at every step: a user's callable may go any way."""
        compare = (operator.lt, operator.le, operator.gt, operator.ge)[relation]
        if stop > _checks.LAST_STEP:
            _checks.refuse_endless("stop")
        return next((step for step in range(start, stop) if compare(self.value(step), threshold)), -1)

    def peak(self, start: int, count: int) -> tuple[float, ...]:
        """Returns what Table.peak does, from the value at every step."""
        return self.summarize_run(start, count)


def _value_of(part: Segment) -> Callable[[int], float]:
    """Returns the function of a segment, which takes a step of the table's clock."""
    _, origin, name, parameters = part
    if not holds([part], "call"):
        value: Callable[[int], float] = _engine.Table([(0, origin, name, parameters)]).value
        return value
    if name == "call":
        function = parameters[0]
        return lambda step: float(function(step - origin))
    tables = tuple([CallTable(one) if isinstance(one, list) else one for one in parameters])
    return lambda step: reference.operation_value(name, tables, step - origin)
