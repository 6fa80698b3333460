"""A group schedule gives each of several parameter groups its rate: a multiple of one schedule's, or its own
schedule's."""

from __future__ import annotations

from functools import lru_cache

from .. import _checks, _evaluate, _frameworks
from .._engine import products, rows_of
from .._evaluate.tables import table_of
from .._registry import kind_named
from .schedule import Schedule, road_of
from .value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, KeysView, Sequence
    from typing import Any, overload

    import numpy
    from numpy.typing import NDArray

    from .value import Array


MANY = 1000
"""So many copies of a dict repay the 10 us that it takes to make attributes."""


class GroupSchedule(Value):
    """A group schedule is a function from a step to a dict of rates, one for each named group. It is immutable, and
    `scale_by_group` makes it.

    Called with an int, it gives floats; with anything else that a Schedule takes, arrays. The base schedule is
    evaluated once for all groups.

    It is also like a mapping from names to schedules: `groups["head"]` is the schedule of one group, `"head" in groups`
    tells whether there is such a group, and iteration gives the names.
    """

    __slots__ = ("__weakref__", "_multipliers", "_rates", "_schedule")

    _public = "GroupSchedule"
    _schedule: Any
    _rates: Callable[[Any], Any]
    _multipliers: dict[str, float]
    kind = "scale_by_group"

    def __init__(self, schedule: Callable[[int], float], multipliers: dict[str, float]) -> None:
        object.__setattr__(self, "_schedule", schedule)
        object.__setattr__(self, "_multipliers", multipliers)
        is_value = issubclass(type(schedule), Value)
        rates = schedule if is_value else lambda steps: _evaluate.evaluate(schedule, steps)
        object.__setattr__(self, "_rates", rates)

    if TYPE_CHECKING:

        @overload
        def __call__(self, steps: int | numpy.integer[Any]) -> dict[str, float]: ...
        @overload
        def __call__(
            self, steps: range | Sequence[Any] | NDArray[numpy.integer[Any]]
        ) -> dict[str, NDArray[numpy.float64]]: ...
        @overload
        def __call__(self, steps: Array) -> dict[str, Any]: ...

    def __call__(self, steps: Any) -> Any:
        base = self._rates(steps)
        if type(base) is float:
            return products(base, self._multipliers)
        times = _multiplication(base)
        return {name: times(base, multiplier) for name, multiplier in self._multipliers.items()}

    def matrix(self, steps: Any, out: Any = None) -> NDArray[numpy.floating[Any]]:
        """Returns the rates as an array with one row a group, in the order of `names`. The shape of `steps` follows;
        for groups of a sweep, the sweep's shape stands between the two. Steps of another library give that library's
        array, and steps of xarray their labels too.

        `out` takes the result instead: a writable float64 or float32 array of that shape."""
        factors = tuple(self._multipliers.values())
        matrix: NDArray[numpy.floating[Any]]
        matrix = road_of(self._schedule, steps).multiples(self._schedule, factors, steps, out)
        return matrix

    def _sample(self, count: int) -> list[dict[str, float]]:
        """Returns the rates at the steps 0, 1, ... count - 1."""
        if isinstance(self._schedule, Value) and not isinstance(self._schedule, Schedule):
            return [self(step) for step in range(count)]  # of arrays, one for each group of a sweep
        factors = _for_copies(self._multipliers, count)
        rows: list[dict[str, float]] = table_of(self._schedule).sample_products(count, factors)
        return rows

    @property
    def names(self) -> tuple[str, ...]:
        """Returns the names of the groups, in the order of `multipliers`."""
        return tuple(self._multipliers)

    def __getitem__(self, name: str) -> Any:
        """Returns the schedule of one group: the base schedule, or a `scaled` one, whose values may be some ulp from
        those that the groups give. For groups of a sweep it is a sweep."""
        multiplier = self._multipliers[_checks.known_group(name, self._multipliers)]
        return self._schedule if multiplier == 1.0 else kind_named("scaled").factory(self._schedule, factor=multiplier)

    def __contains__(self, name: object) -> bool:
        return name in self.names

    def __iter__(self) -> Iterator[str]:
        return iter(self._multipliers)

    def __len__(self) -> int:
        return len(self._multipliers)

    def keys(self) -> KeysView[str]:
        """Returns the names of the groups."""
        return self._multipliers.keys()

    def values(self) -> list[Any]:
        """Returns the schedules of all groups."""
        return [self[name] for name in self]

    def items(self) -> list[tuple[str, Any]]:
        """Returns the name and the schedule of each group."""
        return [(name, self[name]) for name in self]

    def _repr_svg_(self) -> str | None:
        from .._evaluate.picture import of_groups

        return of_groups(self)

    @property
    def _parameters(self) -> dict[str, Any]:
        return {"schedule": self._schedule, "multipliers": self._multipliers}


def _for_copies(rates: dict[str, float], count: int) -> dict[str, float]:
    """Returns the rates as a dict of which so many copies take the least time and memory: CPython stores the names of
    attributes once for all instances of a class, and copies of an instance's dict share them too."""
    if count < MANY or not all(type(name) is str for name in rates):
        return rates
    return min(rates, _attributes(tuple(rates)) | rates, key=dict.__sizeof__)


@lru_cache(maxsize=64)
def _attributes(names: tuple[str, ...]) -> dict[str, float]:
    """Returns a copy of the dict of an instance that has these attributes, and room for no other: at first there is
    room for thirty, and each new instance of a class takes one place away."""

    class Row:
        pass

    for _ in range(29 - len(names)):
        Row()
    attributes = vars(Row())
    for name in names:
        attributes[name] = 0.0
    return attributes.copy()


def _multiplication(values: Any) -> Callable[[Any, float], Any]:
    """Returns the multiplication for what a schedule has returned."""
    if not _frameworks.is_numpy(values):
        return lambda rates, multiplier: rates * multiplier
    import lrvec._evaluate.outputs as outputs  # in this form, a fifth of the time that `from` takes

    return outputs.multiply


class StackedGroups(GroupSchedule):
    """Stacked groups have a schedule of their own each. `stack` makes them."""

    __slots__ = ()

    kind = "stack"

    def __init__(self, rows: Any, names: tuple[str, ...]) -> None:
        super().__init__(rows, dict.fromkeys(names, 1.0))

    def __call__(self, steps: Any) -> Any:
        if not _frameworks.torch_is_compiling() and _frameworks.has_labels(steps):
            from .._evaluate import labels

            groups = self(labels.held(steps))
            return {name: labels.labelled(rates, steps) for name, rates in groups.items()}
        values = self._schedule(steps)
        is_flat = _frameworks.is_numpy(values) and values.ndim == 1
        rows = values.tolist() if is_flat else [values[row, ...] for row in range(values.shape[0])]
        return dict(zip(self._multipliers, rows, strict=True))

    def matrix(self, steps: Any, out: Any = None) -> NDArray[numpy.floating[Any]]:
        matrix: NDArray[numpy.floating[Any]] = self._schedule(steps, out=out)
        return matrix

    def _sample(self, count: int) -> list[dict[str, float]]:
        columns = [table_of(row).sample(count) for row in self.values()]
        return rows_of(_for_copies(self._multipliers, count), columns)

    def __getitem__(self, name: str) -> Any:
        return self._schedule[self.names.index(_checks.known_group(name, self._multipliers))]

    @property
    def _parameters(self) -> dict[str, Any]:
        return {**self._schedule._parameters, "names": self.names}
