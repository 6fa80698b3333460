"""Schedules in the arrays of another library: JAX, torch, or any that follows the array API standard.

The formulas of _shapes.py run on that library's own operations, so they can be compiled, mapped and differentiated.
Segments become a chain of `where`. In each link the step is first brought into the segment, so that a formula meets no
step outside its domain, and the gradient of a branch that is not taken is finite and multiplied by zero.

Numbers that are known become Python's floats, which leave an array its own type; numbers that are arrays, a sweep's or
traced ones, get the axes of the steps behind their own. Segments that are empty, as a traced length of 0 makes them,
are evaluated too: with a length of 1, so that nothing is divided by zero.
"""

from __future__ import annotations

import math
import sys
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from . import _arrays, _checks, _schedule, _segments
from ._reference import SHAPES
from ._shapes import COUNTING, FORMULAS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ._segments import Segment


# ---- the operations that the formulas ask for ----


class Namespace:
    """What the formulas need of an array library, and the dtypes that it takes by itself."""

    def __init__(self, values: Iterable[Any]) -> None:
        arrays = [value for value in values if _arrays.is_foreign(value)]
        self.xp, self._place = _library_of(arrays)
        defaults = self.xp.__array_namespace_info__().default_dtypes()
        self.real_dtype = defaults["real floating"]
        self.integer_dtype = defaults["integral"]

    def array(self, value: Any, dtype: Any) -> Any:
        if _arrays.is_foreign(value):
            return value if value.dtype == dtype else self.xp.astype(value, dtype)
        return self.xp.asarray(value, dtype=dtype, **self._place)

    def real(self, value: Any) -> Any:
        return self.array(value, self.real_dtype)

    def steps(self, value: Any) -> Any:
        """Integers that can be computed with: as wide as the library's own at least, since torch cannot compute with
        most of the unsigned ones; and 0 in place of a negative step, which a counter that has wrapped around gives."""
        narrow = self.xp.iinfo(value.dtype).max < self.xp.iinfo(self.integer_dtype).max
        unsigned = self.xp.isdtype(value.dtype, "unsigned integer")
        if narrow or (unsigned and self._place):
            value = self.array(value, self.integer_dtype)
        return value if unsigned else self.xp.clip(value, 0, None)

    def where(self, condition: Any, yes: Any, no: Any) -> Any:
        return self.xp.where(condition, self.real(yes), self.real(no))

    def minimum(self, x: Any, y: Any) -> Any:
        return self.xp.minimum(x, y)

    def expm1(self, x: Any) -> Any:
        return self.xp.expm1(x)

    def sqrt(self, x: Any) -> Any:
        """Zero at zero, with a gradient of zero there."""
        positive = x > 0.0
        return self.where(positive, self.xp.sqrt(self.where(positive, x, 1.0)), 0.0)

    def half_wave(self, x: Any, y: Any) -> Any:
        """sin^2(pi x / 2 y)."""
        return self.xp.sin(x / y * (math.pi / 2)) ** 2

    def divmod(self, step: Any, divisor: Any) -> tuple[Any, Any]:
        """The quotient as an integer, the remainder as a real number. No step reaches a divisor that the steps' type
        cannot hold."""
        limit = int(self.xp.iinfo(step.dtype).max)
        if not hasattr(divisor, "shape"):
            if divisor > limit:
                return step * 0, self.real(step)
            divisor = self.array(int(divisor), step.dtype)
        if self.xp.isdtype(divisor.dtype, "integral"):
            whole = self.array(divisor, step.dtype)
            return step // whole, self.real(step % whole)
        fits = divisor < limit + 1.0
        whole = self.array(self.where(fits, divisor, 1.0), step.dtype)
        return step // whole * self.array(fits, step.dtype), self.where(fits, step % whole, step)

    def rest_power(self, x: Any, y: Any, power: Any) -> Any:
        """((y - x) / y)^power, for 0 <= x < y, with a logarithm that keeps what matters next to either end: log, or
        log1p of a small number, since XLA's is not precise everywhere."""
        rest = self._rest(x, y)
        x, y = self.real(x), self.xp.clip(self.real(y), 1.0, None) if hasattr(y, "shape") else float(y)
        early = 4.0 * x <= y
        log_of_rest = self.xp.log(self.where(early, 1.0, self.xp.clip(rest, 1.0, None) / y))
        return self.xp.exp(power * self.where(early, self.xp.log1p(self.where(early, -x, 0.0) / y), log_of_rest))

    def _rest(self, x: Any, y: Any) -> Any:
        """y - x, as integers as far as the steps' type goes."""
        if _arrays.is_foreign(y):
            return self.real(self.array(y, x.dtype) - x)
        whole = _at_most(y, int(self.xp.iinfo(x.dtype).max))
        return self.real(self.array(whole, x.dtype) - x) + self._known((y - whole) * 1.0)

    def grown(self, value: Any, factor: Any, x: Any, y: Any = 1.0, weight: Any = 1.0) -> Any:
        """value weight factor^(x / y). The logarithm of a factor that is known is taken once, to more digits than
        a real number has."""
        if _arrays.is_foreign(factor):
            exponent = self.real(x) / y
            base = self.where(exponent == 0.0, 1.0, factor)  # else the gradient of 0^0 is not a number
            return value * weight * self.xp.pow(base, exponent)
        high, low = self._exponent(factor, x, y)
        most = math.floor(math.log(float(self.xp.finfo(self.real_dtype).max)))
        high = self.xp.clip(high, None, 2.0 * most)  # zero, however it grows, stays zero
        beyond = high > most
        size = value * weight * (self.xp.exp(self.where(beyond, high - most, high)) * (1.0 + low))
        size = size * self.where(beyond, math.exp(most), 1.0)
        if not hasattr(factor, "shape") and factor >= 0.0:
            return size
        return self.where((x % 2 == 0) | self.array(factor >= 0.0, None), size, -size)

    def _exponent(self, factor: Any, x: Any, y: Any) -> tuple[Any, Any]:
        """x log |factor| / y, and what its rounding left out."""
        bits = round(1.0 - math.log2(float(self.xp.finfo(self.real_dtype).eps))) // 2
        known = not hasattr(y, "shape")
        head, tail = (self._known(part) for part in _logarithm(factor, y if known else 1.0, bits))
        if not known:
            return self.real(x) / y * (head + tail), 0.0
        unit = 2**bits
        coarse = x // unit * unit if unit <= self.xp.iinfo(x.dtype).max else x * 0
        first, second = self.real(coarse) * head, self.real(x - coarse) * head
        total = first + second
        rest = second - (total - first) + self.real(x) * tail
        high = total + rest
        return high, self.xp.clip(rest - (high - total), -0.5, 0.5)

    def _known(self, value: Any) -> Any:
        return self.real(value) if hasattr(value, "shape") else value


def _library_of(arrays: list[Any]) -> tuple[Any, dict[str, Any]]:
    """The namespace of the arrays, and where it is to put new ones."""
    torch = sys.modules.get("torch")
    if torch is not None and all(isinstance(array, torch.Tensor) for array in arrays):
        from array_api_compat import torch as namespace  # torch.compile does not follow the search for it

        return namespace, {"device": arrays[0].device}
    from array_api_compat import array_namespace

    return array_namespace(*arrays), {}


def _logarithm(factor: Any, per: float, bits: int) -> tuple[Any, Any]:
    """log |factor| / per in two parts, for a number or for the numbers of an array."""
    if not hasattr(factor, "shape"):
        return _split_logarithm(factor, per, bits)
    import numpy

    parts = numpy.array([_split_logarithm(one, per, bits) for one in factor.reshape(-1).tolist()])
    return parts[:, 0].reshape(factor.shape), parts[:, 1].reshape(factor.shape)


def _split_logarithm(factor: float, per: float, bits: int) -> tuple[float, float]:
    """log |factor| / per as a head of so many bits, whose product with a short integer is exact, and a tail. For 0 it
    is a number whose exponential is 0 even so."""
    if factor == 0.0:
        return -1e4, 0.0
    high, low = (math.log(abs(factor)) / per, 0.0) if _arrays.are_followed() else _precise_logarithm(abs(factor), per)
    mantissa, exponent = math.frexp(high)
    head = math.ldexp(round(math.ldexp(mantissa, bits)), exponent - bits)
    return head, (high - head) + low


@lru_cache(maxsize=4096)
def _precise_logarithm(factor: float, per: float) -> tuple[float, float]:
    """log factor / per, and what its rounding left out."""
    from decimal import Context

    context = Context(prec=50)
    exact = context.divide(context.create_decimal(factor).ln(context), context.create_decimal(per))
    return float(exact), float(context.subtract(exact, context.create_decimal(float(exact))))


# ---- values ----


class TracedSchedule(_schedule.Schedule):
    """A schedule with parameters that another library traces: every value is that library's array."""

    __slots__ = ()

    _is_traced = True

    def _tabulate(self) -> Any:
        for name, parameter in self._parameters.items():
            if _schedule.is_traced(parameter):
                _checks.refuse_traced(name)
        raise AssertionError("one of the parameters is traced")

    def _evaluate(self, steps: Any, out: Any, dtype: Any, workers: Any) -> Any:
        _checks.only_for_numpy(out=out, dtype=dtype, workers=workers)
        return evaluate(self._lower(), steps)


def evaluate(segments: list[Segment], steps: Any, shape: tuple[int, ...] = ()) -> Any:
    """The values at `steps`, in the library of the steps or of the parameters; where parameters are arrays, which
    broadcast to `shape`, with their axes first."""
    numbers = _segments.numbers(segments)
    xp = Namespace([steps, *numbers])
    steps = _steps(xp, steps)
    shapes = {shape, *(tuple(number.shape) for number in numbers if hasattr(number, "shape"))}
    if not any(shapes):
        return _chain(xp, segments, steps)
    import numpy

    whole = numpy.broadcast_shapes(*shapes) + tuple(steps.shape)
    return xp.xp.broadcast_to(_chain(xp, _columns(segments, steps.ndim), steps), whole)


def evaluate_rows(rows: list[list[Segment]], shape: tuple[int, ...], steps: Any) -> Any:
    """The values of rows that have no columns, one after another."""
    return stacked([evaluate(segments, steps) for segments in rows], shape)


def stacked(rows: list[Any], shape: tuple[int, ...]) -> Any:
    """Arrays of one shape as those of an array with axes in front."""
    xp, _ = _library_of(rows)
    return xp.reshape(xp.stack(rows), shape + tuple(rows[0].shape))


def value(segments: list[Segment], step: Any) -> Any:
    """The value at a step, which may be traced; where parameters are arrays, of each row at its step."""
    xp = Namespace([step, *_segments.numbers(segments)])
    return _chain(xp, segments, _steps(xp, step))


def _steps(xp: Namespace, steps: Any) -> Any:
    """Steps as an array of the library. Those that are its arrays have no values to be checked, only a type."""
    if _arrays.is_foreign(steps):
        if not xp.xp.isdtype(steps.dtype, "integral"):
            _checks.refuse_steps(f"an array of dtype {steps.dtype}")
        return xp.steps(steps)
    if _arrays.is_many(steps):
        from . import _numpy

        steps = _numpy.as_array(_numpy.checked(steps))
        largest = int(steps.max()) if steps.size else 0
    else:
        steps = largest = _checks.step(steps)
    _checks.fits("step", largest, int(xp.xp.iinfo(xp.integer_dtype).max))
    return xp.array(steps, xp.integer_dtype)


def _columns(segments: list[Segment], axes: int) -> list[Segment]:
    """The same, with so many more axes at the end of every array."""

    def column(number: Any) -> Any:
        shape = getattr(number, "shape", ())
        return number.reshape(tuple(shape) + (1,) * axes) if shape else number

    return [
        (column(start), column(origin), shape, tuple(column(number) for number in parameters))
        for start, origin, shape, parameters in segments
    ]


def _chain(xp: Namespace, segments: list[Segment], steps: Any) -> Any:
    limit = int(xp.xp.iinfo(steps.dtype).max)
    present = _segments.present(segments, limit)
    ends = [*(start for start, *_ in present[1:]), _segments.NEVER]
    chain: Any = None
    for (start, origin, shape, parameters), end in zip(present, ends, strict=True):
        inside = _inside(xp, steps, start, end, limit)
        here = _shape_value(xp, shape, parameters, inside, origin)
        chain = here if chain is None else xp.where(_has_begun(xp, steps, start, limit), here, chain)
    return chain


def _inside(xp: Namespace, steps: Any, start: Any, end: Any, limit: int) -> Any:
    """The steps, those outside of the segment moved to its edge."""
    if hasattr(end, "shape") or end <= limit:
        steps = xp.xp.minimum(steps, _integer(xp, end - 1, steps))
    if hasattr(start, "shape") or start > 0:
        steps = xp.xp.maximum(steps, _integer(xp, start, steps))
    return steps


def _has_begun(xp: Namespace, steps: Any, start: Any, limit: int) -> Any:
    begun = steps >= _integer(xp, start, steps)
    if hasattr(start, "shape") and not _arrays.is_foreign(start):
        begun = begun & xp.array(start <= limit, None)
    return begun


def _integer(xp: Namespace, number: Any, steps: Any) -> Any:
    """A step as an integer of the steps' type, or the last one that it can hold."""
    if not _arrays.is_foreign(number):
        number = _at_most(number, int(xp.xp.iinfo(steps.dtype).max))
    return xp.array(number, steps.dtype)


def _at_most(number: Any, limit: int) -> Any:
    return number.clip(None, limit) if hasattr(number, "shape") else min(number, limit)


def _since(xp: Namespace, shape: str, steps: Any, origin: Any) -> Any:
    """The steps on a segment's own clock. One that began before step 0 may be beyond the steps' type."""
    if not hasattr(origin, "shape") and not origin:
        return steps
    known = not _arrays.is_foreign(origin) and not _arrays.are_followed()
    if known and shape not in COUNTING and _checks.any_of(origin < 0):
        return xp.real(steps) - xp.real(origin)
    return steps - _integer(xp, origin, steps)


def _shape_value(xp: Namespace, shape: str, parameters: tuple[Any, ...], steps: Any, origin: Any) -> Any:
    own = _since(xp, shape, steps, origin)
    if shape == "call":
        return xp.xp.broadcast_to(xp.real(parameters[0](own)), own.shape)
    return FORMULAS[shape](
        xp,
        own if shape in COUNTING else xp.real(own),
        *(_parameter(xp, shape, name, parameter) for name, parameter in zip(SHAPES[shape], parameters, strict=True)),
    )


_COUNTS = {"length", "period", "half_period", "steps_per_factor", "width", "peak_step"}
"""The parameters that formulas divide by."""

_DIVISORS = {"period", "width"}
"""Those that steps are divided by as integers."""


def _parameter(xp: Namespace, shape: str, name: str, number: Any) -> Any:
    if shape == "power" and name == "length":
        return number
    if not hasattr(number, "shape"):
        return float(number)
    if name == "factor" and not _arrays.is_foreign(number):
        return number
    exact = name in _DIVISORS and _arrays.is_foreign(number) and xp.xp.isdtype(number.dtype, "integral")
    number = number if exact else xp.real(number)
    return xp.xp.clip(number, 1, None) if name in _COUNTS else number


# ---- what lowering asks for ----


def where(condition: Any, yes: Any, no: Any) -> Any:
    return Namespace([condition, yes, no]).xp.where(condition, yes, no)


def rounded_between(low: int, value: Any, high: Any) -> Any:
    xp = Namespace([value, high])
    return xp.xp.astype(xp.xp.clip(xp.xp.round(value), low, high), xp.integer_dtype)


def cycles(period: Any, factor: Any) -> list[tuple[Any, Any]]:
    """Start and length of cycles, each longer than the one before by a factor. Where the factor is 1, and where a start
    is beyond the library's integers, the cycle before stands once more."""
    xp = Namespace([period, factor])
    limit = min(int(xp.xp.iinfo(xp.integer_dtype).max), _checks.LAST_STEP)
    real_length, real_factor = xp.real(period), xp.real(factor)
    length, growth = (
        xp.array(number if _arrays.is_foreign(number) else _at_most(number, limit), xp.integer_dtype)
        for number in (period, factor)
    )
    growth = xp.xp.clip(growth, 1, None)
    grows = growth > 1
    if not _arrays.is_foreign(period):
        grows = grows & xp.array(period <= limit, None)
    start = length * 0
    found = [(start, real_length)]
    least, later = factor if isinstance(factor, int) else 2, 1
    while later <= limit:
        fits = grows & (length <= limit - start)
        start = xp.xp.where(fits, start + length, start)
        real_length = xp.where(fits, xp.real(length) * real_factor, real_length)
        length = xp.xp.where(fits, xp.xp.where(length <= limit // growth, length * growth, limit), length)
        found.append((start, real_length))
        later = later * least + 1
    return found
