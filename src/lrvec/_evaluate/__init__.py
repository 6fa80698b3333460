"""Evaluators take segments, or what an engine has made of them, and steps. They know no value class.

Each sort of steps has its road, a module with five functions: `evaluate` gives a value's rates at the steps,
`multiples` gives multiples of these as the rows of one array, `products` gives a multiple of each row, `pointwise`
gives the rate of each row at a step of its own, and `summarize` gives the sums and extremes of each row. A road asks a
value for `_table`, or for `_rows` and `shape` if it has rows, or for `_lower`, which gives its segments. Any other
callable is asked for its rates.
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
    """This road takes the array within an array with labels along its own road, and gives the rates the labels."""

    @staticmethod
    def evaluate(value: Any, steps: Any, out: Any, dtype: Any, workers: int | None) -> Any:
        from . import labels

        rates = evaluate(value, labels.held(steps), out, dtype, workers)
        return rates if out is not None else labels.labelled(rates, steps)

    @staticmethod
    def multiples(value: Any, factors: tuple[float, ...], steps: Any, out: Any) -> Any:
        """Returns an array with one row a factor: its multiple of the rates of a value."""
        from . import labels

        held = labels.held(steps)
        rates = road_of(held).multiples(value, factors, held, out)
        return rates if out is not None else labels.labelled(rates, steps)

    @staticmethod
    def products(value: Any, factors: list[float], steps: Any) -> Any:
        """Returns the rates of a value with one axis of rows: those of row i times factor i."""
        from . import labels

        held = labels.held(steps)
        return labels.labelled(road_of(held).products(value, factors, held), steps)

    @staticmethod
    def pointwise(value: Any, steps: Any, workers: int | None) -> Any:
        """Returns the rate of row i at step i."""
        from . import labels

        held = labels.held(steps)
        return labels.labelled(road_of(held).pointwise(value, held, workers), steps)

    @staticmethod
    def summarize(value: Any, steps: Any, workers: int | None) -> Any:
        """Returns a Summary, which has no place for labels."""
        from . import labels

        held = labels.held(steps)
        return road_of(held).summarize(value, held, workers)


def road_anew(steps: Any) -> Any:
    """Returns the road for such steps, and neither looks among the remembered ones nor remembers it.

    torch.compile makes its graph again once anything has changed that it met on its way to it."""
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
    return road


def _found(steps: Any) -> Any:
    road = road_anew(steps)
    if _frameworks.class_decides(type(steps)):
        _roads[type(steps)] = road
    return road
