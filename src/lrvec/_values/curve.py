"""A Curve is a value with one rate a step: a schedule or a sweep, with which one can calculate."""

from __future__ import annotations

from .. import _checks
from .._registry import kind_named
from .value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Curve(Value):
    """A curve can be scaled by a number, and added to or multiplied by another curve. The result is a value too."""

    __slots__ = ()

    __array_ufunc__ = None  # so that numpy leaves an array times a curve to the curve

    def phases(self, stop: int | None = None) -> Any:
        """Lists the phases: where the schedule warms up, holds, decays, or begins a cycle.

        Parameters
        ----------
        stop : only the steps before this one are looked at; by default all steps up to 2**53.

        Returns
        -------
        list of `Phase`, named tuples of `start, stop, name, shape, first, last`. `name` is "warmup", "rise", "hold",
        "decay", "cycle 1", "cycle 2" and so on, or "cycles" for those of a curve that repeats itself for ever or more
        than a thousand times; "curve" is a curve that is calculated from others. `shape` is the closed form. `first`
        and `last` are the values at the steps `start` and `stop` - 1. A phase without an end has the stop None, and as
        `last` the value at step 2**53.

        A sweep gives one Phase of arrays, with an axis for the phases behind its own axes. In these a stop of -1 stands
        for None, all cycles that have one length are "cycles", and a row with fewer phases ends with phases that start
        at -1.

        Raises
        ------
        ValueError if `stop` is no positive integer up to 2**53.

        >>> from lrvec import constant, with_warmup
        >>> for phase in with_warmup(constant(lr=0.1), warmup_steps=5, start_lr=0.0).phases():
        ...     print(phase.start, phase.stop, phase.name, phase.shape)
        0 5 warmup line
        5 None hold constant
        """
        if stop is not None:
            stop = _checks.single_count("stop", stop)
        from .._evaluate import phases

        return phases.phases(self, stop)

    def __mul__(self, other: Any) -> Any:
        return _made("product", self, other) if callable(other) else _made("scaled", self, factor=other)

    def __rmul__(self, other: Any) -> Any:
        return _made("product", other, self) if callable(other) else _made("scaled", self, factor=other)

    def __truediv__(self, other: Any) -> Any:
        if callable(other):
            return NotImplemented
        return _made("scaled", self, factor=1.0 / _checks.divisor("divisor", other))

    def __add__(self, other: Any) -> Any:
        if callable(other):
            return _made("total", self, other)
        return _made("scaled", self, factor=1.0, offset=other)

    def __radd__(self, other: Any) -> Any:
        return _made("total", other, self) if callable(other) else _made("scaled", self, factor=1.0, offset=other)

    def __sub__(self, other: Any) -> Any:
        if callable(other):
            return _made("total", self, _made("scaled", other, factor=-1.0))
        return _made("scaled", self, factor=1.0, offset=-_checks.finite("offset", other))

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
