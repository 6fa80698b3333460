"""A Curve is a value with one rate a step: a schedule or a sweep, with which one can calculate."""

from __future__ import annotations

from .._registry import kind_named
from .value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Curve(Value):
    """A curve can be scaled by a number, and added to or multiplied by another curve. The result is a value too."""

    __slots__ = ()

    __array_ufunc__ = None  # so that numpy leaves an array times a curve to the curve

    def __mul__(self, other: Any) -> Any:
        return _made("product", self, other) if callable(other) else _made("scaled", self, factor=other)

    def __rmul__(self, other: Any) -> Any:
        return _made("product", other, self) if callable(other) else _made("scaled", self, factor=other)

    def __truediv__(self, other: Any) -> Any:
        return NotImplemented if callable(other) else _made("scaled", self, factor=1.0 / other)

    def __add__(self, other: Any) -> Any:
        if callable(other):
            return _made("total", self, other)
        return _made("scaled", self, factor=1.0, offset=other)

    def __radd__(self, other: Any) -> Any:
        return _made("total", other, self) if callable(other) else _made("scaled", self, factor=1.0, offset=other)

    def __sub__(self, other: Any) -> Any:
        if callable(other):
            return _made("total", self, _made("scaled", other, factor=-1.0))
        return _made("scaled", self, factor=1.0, offset=-other)

    def __rsub__(self, other: Any) -> Any:
        if callable(other):
            return _made("total", other, -self)
        return _made("scaled", self, factor=-1.0, offset=other)

    def __neg__(self) -> Any:
        return _made("scaled", self, factor=-1.0)


def _made(name: str, first: Any, *rest: Any, **numbers: Any) -> Any:
    """Makes a composition. A sum of a sum and others is one sum, and a product of a product and others one product."""
    if rest and getattr(first, "kind", "") == name:
        return kind_named(name).factory(*first.params["schedules"], *rest)
    return kind_named(name).factory(first, *rest, **numbers)
