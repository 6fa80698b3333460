"""A table with a user's callable in it, which is called step by step, in Python."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .. import _engine
from .._engine import reference

if TYPE_CHECKING:
    from collections.abc import Callable

    from .._lowering.segments import Segment


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
