"""One schedule for several parameter groups, each at a multiple of its rate."""

from __future__ import annotations

import operator
import sys

from .. import _checks, _evaluate, _frameworks
from .._evaluate.tables import table_of
from .nesting import hashable
from .schedule import Schedule, is_traced
from .value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any, overload

    import numpy
    from numpy.typing import NDArray


class GroupSchedule(Value):
    """A function from a step to a dict of rates, one for each named group: an immutable value, made by
    `scale_by_group`.

    Called with an int it gives floats, with anything else that a Schedule takes arrays. The base schedule is
    evaluated once for all groups.
    """

    __slots__ = ("__weakref__", "_multipliers", "_schedule")

    _public = "GroupSchedule"
    _schedule: Any
    _multipliers: dict[str, float]
    kind = "scale_by_group"

    def __init__(self, schedule: Callable[[int], float], multipliers: dict[str, float]) -> None:
        object.__setattr__(self, "_schedule", schedule)
        object.__setattr__(self, "_multipliers", multipliers)

    if TYPE_CHECKING:

        @overload
        def __call__(self, steps: int | numpy.integer[Any]) -> dict[str, float]: ...
        @overload
        def __call__(
            self, steps: range | Sequence[Any] | NDArray[numpy.integer[Any]]
        ) -> dict[str, NDArray[numpy.float64]]: ...

    def __call__(self, steps: Any) -> Any:
        if type(steps) is int and isinstance(self._schedule, Schedule):
            base = self._schedule(steps)
            if type(base) is float:
                return {name: base * multiplier for name, multiplier in self._multipliers.items()}
        known = hasattr(self._schedule, "_lower") or _frameworks.is_foreign(steps)
        if _frameworks.is_lazy(steps):
            from .._evaluate import lazy

            base = lazy.evaluate(self._schedule, steps, None, None, None)
        else:
            base = self._schedule(steps) if known else _evaluate.evaluate(self._table, steps)
            if type(base) is float:
                return {name: base * multiplier for name, multiplier in self._multipliers.items()}
        times = _multiplication(base)
        return {name: times(base, multiplier) for name, multiplier in self._multipliers.items()}

    def matrix(self, steps: Any, out: Any = None) -> NDArray[numpy.floating[Any]]:
        """The rates as an array of one row a group, in the order of `names`, and of the shape of `steps` after that;
        for groups of a sweep, with the sweep's shape between the two.

        `out` takes the result instead: a writable float64 or float32 array of that shape."""
        matrix: NDArray[numpy.floating[Any]]
        if _frameworks.is_lazy(steps):
            from .._evaluate import lazy

            matrix = lazy.stacked(list(self(steps).values()), out)
            return matrix
        if _frameworks.is_foreign(steps) or is_traced(self._schedule):
            from .._evaluate import traced

            _checks.only_for_numpy(out=out)
            matrix = traced.stacked(list(self(steps).values()), (len(self._multipliers),))
            return matrix
        from .._evaluate import arrays

        factors = tuple(self._multipliers.values())
        if hasattr(self._schedule, "shape"):
            matrix = arrays.scaled(self._schedule(steps), factors, out)
        else:
            matrix = arrays.scaled_rows(self._table, factors, steps, out)
        return matrix

    @property
    def _table(self) -> Any:
        return table_of(self._schedule)

    @property
    def names(self) -> tuple[str, ...]:
        """The groups, in the order of `multipliers`."""
        return tuple(self._multipliers)

    @property
    def _parameters(self) -> dict[str, Any]:
        return {"schedule": self._schedule, "multipliers": self._multipliers}

    def _hashables(self) -> Iterable[Any]:
        return map(hashable, self._parameters.values())


def _multiplication(values: Any) -> Callable[[Any, float], Any]:
    """The multiplication for what a schedule has returned."""
    numpy = sys.modules.get("numpy")
    if numpy is None or not isinstance(values, numpy.ndarray):
        return operator.mul
    from .._evaluate.outputs import multiply

    return multiply


class StackedGroups(GroupSchedule):
    """Groups with a schedule of its own each, made by `stack`."""

    __slots__ = ()

    kind = "stack"

    def __init__(self, schedules: tuple[Callable[[int], float], ...], names: tuple[str, ...]) -> None:
        from .sweep import Stack

        rows: Any = Stack(schedules)
        super().__init__(rows, dict.fromkeys(names, 1.0))

    def __call__(self, steps: Any) -> Any:
        values = self._schedule(steps)
        is_flat = _frameworks.is_many(values) and values.ndim == 1
        rows = values.tolist() if is_flat else [values[row, ...] for row in range(values.shape[0])]
        return dict(zip(self._multipliers, rows, strict=True))

    def matrix(self, steps: Any, out: Any = None) -> NDArray[numpy.floating[Any]]:
        matrix: NDArray[numpy.floating[Any]] = self._schedule(steps, out=out)
        return matrix

    @property
    def _parameters(self) -> dict[str, Any]:
        return {"schedules": self._schedule.params["schedules"], "names": self.names}
