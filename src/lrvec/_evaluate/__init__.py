"""Evaluators take segments, or what an engine has made of them, and steps. They know no value class.

Each sort of steps has its road, a module with two functions: `evaluate` gives a value's rates at the steps, and
`multiples` gives multiples of these as the rows of one array. A road asks a value for `_table`, or for `_rows` and
`shape` if it has rows, or for `_lower`, which gives its segments. Any other callable is asked for its rates.
"""

from __future__ import annotations

from .. import _frameworks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_roads: dict[type, Any] = {}


def road_of(steps: Any) -> Any:
    """Returns the road for such steps. The road is remembered by their class, where the class alone decides."""
    return _roads.get(type(steps)) or _found(steps)


def evaluate(value: Any, steps: Any, out: Any = None, dtype: Any = None, workers: int | None = None) -> Any:
    """Returns the rates of a value at `steps`, by the road for such steps."""
    return (_roads.get(type(steps)) or _found(steps)).evaluate(value, steps, out, dtype, workers)


class _Labelled:
    """This road evaluates the array within an array with labels by its own road, and gives the rates the labels."""

    @staticmethod
    def evaluate(value: Any, steps: Any, out: Any, dtype: Any, workers: int | None) -> Any:
        from . import labels

        rates = evaluate(value, labels.held(steps), out, dtype, workers)
        return rates if out is not None else labels.labelled(rates, steps)

    @staticmethod
    def multiples(value: Any, factors: tuple[float, ...], steps: Any, out: Any) -> Any:
        """Returns an array without labels, with one row a factor: its multiple of the rates of a value."""
        from . import labels

        steps = labels.held(steps)
        return road_of(steps).multiples(value, factors, steps, out)


def _found(steps: Any) -> Any:
    road: Any
    if _frameworks.is_lazy(steps):
        from . import lazy as road
    elif _frameworks.is_torch(steps):
        from . import tensors as road
    elif _frameworks.is_computed_by_jax(steps):
        from . import compiled as road
    elif _frameworks.is_foreign(steps):
        from . import traced as road
    elif _frameworks.is_many(steps):
        from . import several as road
    elif _frameworks.has_labels(steps):
        road = _Labelled
    else:
        from . import single as road
    if _frameworks.class_decides(type(steps)):
        _roads[type(steps)] = road
    return road
