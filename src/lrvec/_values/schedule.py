"""A Schedule is the value that most factories return."""

from __future__ import annotations

from .. import _checks, _engine, _evaluate, _frameworks
from .._evaluate import tables
from .._lowering.segments import Joined
from . import nesting
from .curve import Curve

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any, overload

    import numpy
    from numpy.typing import NDArray

    from .value import Array


class Schedule(Curve, _engine.Evaluator):
    """A schedule is a function from a step to a learning rate, or to any other scalar. It is immutable, and a factory
    makes it.

    Called with an int, it gives a float. Called with a range, an integer array of any shape or a list of ints, it gives
    a float64 array of that shape. `out`, a writable float64 or float32 array, takes the result instead.
    `dtype=numpy.float32` rounds once, at the store. `workers` is the number of threads to use at most. Steps are
    integers from 0 to 2**53; anything else is a ValueError that names the first offending index, and then `out` is as
    it was. Where `out` lies in a map of a file, its room on the disk is set aside first; an OSError says that there is
    none.

    Steps that are an array of JAX, of torch or of another library of the array API standard give that library's array,
    by its own operations: they can be compiled, mapped and differentiated. `out`, `dtype` and `workers` are not for
    them. Steps with labels, a DataArray of xarray or a Series of pandas or polars, give rates with the same labels.

    A value has the same 64 bits however its step is asked for. Schedules compare and hash by kind and parameters,
    print as the call that makes them, and can be pickled.
    """

    __slots__ = ("__dict__",)  # empty: torch's LambdaLR saves and restores what it finds there

    _public = "Schedule"

    if TYPE_CHECKING:

        @overload
        def __call__(self, steps: int | numpy.integer[Any], *, workers: int | None = None) -> float: ...
        @overload
        def __call__(
            self,
            steps: int | numpy.integer[Any],
            *,
            out: None = None,
            dtype: Any,
            workers: int | None = None,
        ) -> float: ...
        @overload
        def __call__(
            self,
            steps: range | Sequence[Any] | NDArray[numpy.integer[Any]],
            *,
            out: NDArray[numpy.floating[Any]] | None = None,
            dtype: Any = None,
            workers: int | None = None,
        ) -> NDArray[numpy.floating[Any]]: ...
        @overload
        def __call__(self, steps: Array) -> Any: ...

    def __call__(self, steps: Any, *, out: Any = None, dtype: Any = None, workers: int | None = None) -> Any:
        if _frameworks.torch_is_compiling():
            return road_of(self, steps).evaluate(self, steps, out, dtype, workers)
        return self._evaluate(steps, out, dtype, workers)

    def _tabulate(self) -> Any:
        return tables.tabulate(self._lower())

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self) or self._is_deep():
            return super().__eq__(other)
        return self._is_like(other)

    def __hash__(self) -> int:
        return super().__hash__() if self._is_deep() else hash((self.kind, tuple(self._parameters.values())))

    def _is_deep(self) -> bool:
        """Tells whether schedules stand within each other to more levels than recursion goes through."""
        lower = self._lower
        return type(lower) is Joined and lower.levels > nesting.LEVELS  # which counts them without a walk

    _evaluate = _evaluate.evaluate


_engine.call_fast(Schedule)


class TracedSchedule(Schedule):
    """A traced schedule has parameters that another library traces. Every rate is that library's array. Such a
    parameter is equal to itself alone."""

    __slots__ = ()

    _is_traced = True

    __eq__, __hash__ = Curve.__eq__, Curve.__hash__  # which know of parameters that cannot be looked at

    def _tabulate(self) -> Any:
        for name, parameter in self._parameters.items():
            if is_traced(parameter):
                _checks.refuse_traced(name)
        raise AssertionError("one of the parameters is traced")

    def _evaluate(self, steps: Any, out: Any = None, dtype: Any = None, workers: int | None = None) -> Any:
        from .._evaluate import traced

        return traced.evaluate(self, steps, out, dtype, workers)


PLAIN_TYPES = {float, int, str, Schedule}


def others(values: Iterable[Any]) -> list[Any]:
    """Returns the values, also those within tuples, that are neither plain nor schedules."""
    found: list[Any] = _engine.others(values, PLAIN_TYPES)
    return found


def road_of(value: Any, steps: Any) -> Any:
    """Returns the road for a value and steps. A traced value takes that of traced steps, whatever the steps are; but
    torch.compile follows a value and a tensor by the road of tensors, and a step of Python becomes a tensor there."""
    compiles = _frameworks.torch_is_compiling()
    if hasattr(value, "_is_traced") and not (compiles and (_frameworks.is_torch(steps) or isinstance(steps, int))):
        from .._evaluate import traced

        return traced
    return _evaluate.road_anew(steps) if compiles else _evaluate.road_of(steps)


def is_traced(parameter: Any) -> bool:
    """Tells whether a parameter is traced, or a schedule with traced parameters, or a tuple with one of these in it."""
    return any(map(_is_traced, others((parameter,))))


def _is_traced(value: Any) -> bool:
    return _frameworks.is_traced(value) or hasattr(value, "_is_traced")
