"""A Namespace gives the operations of JAX, torch or any library of the array API standard as the formulas ask for
them."""

from __future__ import annotations

import math
import sys
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from .._frameworks import is_foreign, is_numpy, torch_is_compiling

if TYPE_CHECKING:
    from collections.abc import Iterable


class Namespace:
    """A namespace has what the formulas need of an array library, and the dtypes that the library takes by itself."""

    def __init__(self, values: Iterable[Any]) -> None:
        arrays = [value for value in values if is_foreign(value)]
        self.xp, self._place = library_of(arrays)
        defaults = self.xp.__array_namespace_info__().default_dtypes()
        self.real_dtype = defaults["real floating"]
        self.integer_dtype = defaults["integral"]

    def array(self, value: Any, dtype: Any) -> Any:
        if is_foreign(value):
            return value if value.dtype == dtype else self.xp.astype(value, dtype)
        if is_numpy(value) and not value.flags.writeable:
            value = value.copy()  # torch warns where it shares the memory of an array that it must not write to
        return self.xp.asarray(value, dtype=dtype, **self._place)

    def real(self, value: Any) -> Any:
        return self.array(value, self.real_dtype)

    def steps(self, value: Any) -> Any:
        """Returns steps as integers that can be computed with. They are at least as wide as the library's own integers,
        and signed for torch, which cannot compute with most unsigned types. A negative step, which a counter that has
        wrapped around gives, becomes 0."""
        narrow = self.xp.iinfo(value.dtype).max < self.xp.iinfo(self.integer_dtype).max
        unsigned = self.xp.isdtype(value.dtype, "unsigned integer")
        if narrow or (unsigned and self._place):
            value = self.array(value, self.integer_dtype)
        return value if unsigned else self.xp.clip(value, 0, None)

    def where(self, condition: Any, yes: Any, no: Any) -> Any:
        return self.xp.where(condition, self.real(yes), self.real(no))

    def minimum(self, x: Any, y: Any) -> Any:
        return self.xp.minimum(x, y)

    def exp(self, x: Any) -> Any:
        return self.xp.exp(x)

    def expm1(self, x: Any) -> Any:
        return self.xp.expm1(x)

    def abs(self, x: Any) -> Any:
        return self.xp.abs(x)

    def between(self, first: Any, last: Any, x: Any, y: Any) -> Any:
        """first + (last - first) x / y, for 0 <= x <= y, measured from the end that x is nearer to."""
        rise = last - first
        return self.where(2.0 * x <= y, first + rise * (x / y), last - rise * ((y - x) / y))

    def sqrt(self, x: Any) -> Any:
        """Returns the square root, with a gradient of zero at zero."""
        positive = x > 0.0
        return self.where(positive, self.xp.sqrt(self.where(positive, x, 1.0)), 0.0)

    def half_wave(self, x: Any, y: Any) -> Any:
        """sin^2(pi x / 2 y)."""
        return self.xp.sin(x / y * (math.pi / 2)) ** 2

    def divmod(self, step: Any, divisor: Any) -> tuple[Any, Any]:
        """Returns the quotient as an integer and the remainder as a real number. No step reaches a divisor that the
        steps' type cannot hold."""
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

    def rest_power(self, x: Any, y: Any, power: Any, value: Any) -> tuple[Any, Any]:
        """((y - x) / y)^power, and value times that, for 0 <= x < y. The logarithm is precise next to either end: it is
        log, or log1p of a small number, since XLA's log1p is not precise everywhere."""
        rest = self._rest(x, y)
        x, y = self.real(x), self.xp.clip(self.real(y), 1.0, None) if hasattr(y, "shape") else float(y)
        early = 4.0 * x <= y
        log_of_rest = self.xp.log(self.where(early, 1.0, self.xp.clip(rest, 1.0, None) / y))
        weight = self.xp.exp(power * self.where(early, self.xp.log1p(self.where(early, -x, 0.0) / y), log_of_rest))
        return weight, value * weight

    def _rest(self, x: Any, y: Any) -> Any:
        """y - x, computed with integers as far as the steps' type goes."""
        if is_foreign(y):
            return self.real(self.array(y, x.dtype) - x)
        whole = at_most(y, int(self.xp.iinfo(x.dtype).max))
        return self.real(self.array(whole, x.dtype) - x) + self._known((y - whole) * 1.0)

    def times_power(self, value: Any, factor: Any, x: Any, y: Any = 1.0, weight: Any = 1.0) -> Any:
        """value weight factor^(x / y). The logarithm of a known factor is taken once, to more digits than a real number
        has."""
        if is_foreign(factor):
            exponent = self.real(x) / y
            base = self.where(exponent == 0.0, 1.0, factor)  # otherwise the gradient of 0^0 is not a number
            return value * weight * self.xp.pow(base, exponent)
        high, low = self._exponent(factor, x, y)
        most = math.floor(math.log(float(self.xp.finfo(self.real_dtype).max)))
        high = self.xp.clip(high, None, 2.0 * most)  # so that a value of zero stays zero, however large the power
        beyond = high > most
        size = value * weight * (self.xp.exp(self.where(beyond, high - most, high)) * (1.0 + low))
        size = size * self.where(beyond, math.exp(most), 1.0)
        if not hasattr(factor, "shape") and factor >= 0.0:
            return size
        return self.where((x % 2 == 0) | self.array(factor >= 0.0, None), size, -size)

    def _exponent(self, factor: Any, x: Any, y: Any) -> tuple[Any, Any]:
        """x log |factor| / y, and what its rounding leaves out."""
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


def library_of(arrays: list[Any]) -> tuple[Any, dict[str, Any]]:
    """Returns the namespace of the arrays, and the keywords that say where it puts new ones."""
    torch = sys.modules.get("torch")
    if torch is not None and all(isinstance(array, torch.Tensor) for array in arrays):
        from array_api_compat import torch as namespace  # torch.compile does not follow the search for it

        return namespace, {"device": arrays[0].device}
    from array_api_compat import array_namespace

    return array_namespace(*arrays), {}


def _logarithm(factor: Any, per: float, bits: int) -> tuple[Any, Any]:
    """log |factor| / per in two parts, for one factor or for an array of factors."""
    if not hasattr(factor, "shape"):
        return _split_logarithm(factor, per, bits)
    import numpy

    parts = numpy.array([_split_logarithm(one, per, bits) for one in factor.reshape(-1).tolist()])
    return parts[:, 0].reshape(factor.shape), parts[:, 1].reshape(factor.shape)


def _split_logarithm(factor: float, per: float, bits: int) -> tuple[float, float]:
    """log |factor| / per as a head and a tail. The head has `bits` bits, so its product with a short integer is exact.
    For a factor of 0 the head is a number whose exponential is 0."""
    if factor == 0.0:
        return -1e4, 0.0
    high, low = (math.log(abs(factor)) / per, 0.0) if torch_is_compiling() else _precise_logarithm(abs(factor), per)
    mantissa, exponent = math.frexp(high)
    head = math.ldexp(round(math.ldexp(mantissa, bits)), exponent - bits)
    return head, (high - head) + low


@lru_cache(maxsize=4096)
def _precise_logarithm(factor: float, per: float) -> tuple[float, float]:
    """log factor / per, and what its rounding leaves out."""
    from decimal import Context

    context = Context(prec=50)
    exact = context.divide(context.create_decimal(factor).ln(context), context.create_decimal(per))
    return float(exact), float(context.subtract(exact, context.create_decimal(float(exact))))


def at_most(number: Any, limit: int) -> Any:
    """Returns a known number, or the limit where the number is above it."""
    return number.clip(None, limit) if hasattr(number, "shape") else min(number, limit)
