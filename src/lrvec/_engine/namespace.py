"""A Namespace gives the operations of JAX, torch or any library of the array API standard as the formulas ask for
them."""

from __future__ import annotations

import math
import sys
from copy import copy
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from .._checks import LAST_STEP, refuse_libraries, refuse_steps
from .._frameworks import MASKED, SPREAD, is_foreign, is_numpy, is_one_of, torch_is_compiling
from .choices import FEW, JaxChoice, choice_of_torch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class Namespace:
    """A namespace has what the formulas need of an array library, and the dtypes that the library takes by itself.

    A known number stays Python's wherever the library can compute with it, so no array is made for it."""

    def __init__(self, xp: Any, place: dict[str, Any]) -> None:
        self.xp, self._place = xp, place
        defaults = xp.__array_namespace_info__().default_dtypes()
        self.real_dtype = defaults["real floating"]
        self.integer_dtype = defaults["integral"]
        self._least = 4.0 / float(xp.finfo(self.real_dtype).max)  # the least that has all digits
        self._choice: Any = None
        self._kept: dict[Any, Any] | None = None
        self._most = LAST_STEP  # no step is above this one
        self._faint = float(xp.finfo(self.real_dtype).eps) / 400.0  # times the logarithm of a share: below half an ulp

    def _digits(self) -> int:
        """Returns how many binary digits a real number has."""
        return round(1.0 - math.log2(float(self.xp.finfo(self.real_dtype).eps)))

    def array(self, value: Any, dtype: Any) -> Any:
        """Returns a value as an array of a type; of a column, what the namespace's choice takes out of it, if any."""
        if is_foreign(value):
            return value if value.dtype == dtype else self.xp.astype(value, dtype)
        if self._choice is not None and is_numpy(value):
            return self._choice.of(value, dtype)
        return self.xp.asarray(value, dtype=dtype, **self._place)

    def choice(self, steps: Any, starts: list[int]) -> Any:
        """Returns what tells which of segments with these starts serves a step, or None if the library has better code
        of the segments one after another."""
        return None

    def choosing(self, choice: Any) -> Namespace:
        """Returns a namespace in which a column of numpy stands, at each step, for the number of the segment that
        serves the step."""
        other = copy(self)
        other._choice = choice
        return other

    def up_to(self, most: int) -> Namespace:
        """Returns a namespace for steps of which none is above this one."""
        other = copy(self)
        other._most = most
        return other

    def remembering(self) -> Namespace:
        """Returns a namespace that keeps what it has made with `once`."""
        if self._kept is not None or torch_is_compiling():
            return self
        other = copy(self)
        other._kept = {}
        return other

    def once(self, make: Callable[..., Any], steps: Any, *numbers: Any) -> Any:
        """Returns what a function makes of this namespace, of steps and of numbers. If it is kept, what was made of the
        same steps and of the same plain numbers is used again."""
        if self._kept is None or any(hasattr(number, "shape") for number in numbers):
            return make(self, steps, *numbers)
        key = (make, id(steps), *map(repr, numbers))  # which tells zeros apart
        if key not in self._kept:
            self._kept[key] = steps, make(self, steps, *numbers)  # an object that is kept keeps its id
        return self._kept[key][1]

    def holds(self, number: Any, dtype: Any) -> bool:
        """Tells whether a number of steps is known as an integer of a type, or all such numbers to choose from are."""
        if hasattr(number, "shape"):
            return self._choice is not None and number.dtype.kind == "i" and bool((number <= self.last(dtype)).all())
        return type(number) is int and number <= self.last(dtype)

    def full(self, number: Any) -> Any:
        """Returns an integer as an array."""
        return self.xp.full((), number, dtype=self.integer_dtype, **self._place)

    def real(self, value: Any) -> Any:
        """Returns an array of real numbers; of a known number, Python's float."""
        return self.array(value, self.real_dtype) if hasattr(value, "shape") else float(value)

    def integer(self, value: Any, dtype: Any) -> Any:
        """Returns an array of integers of a type; of a known number, Python's integer. A number past the last integer
        of that type becomes that integer."""
        if not is_foreign(value):
            value = at_most(value, self.last(dtype))
        return self.array(value, dtype) if hasattr(value, "shape") else int(value)

    def counted(self, size: Any, step: Any) -> Any:
        """Returns a number of steps in the type of a step, and at most the last integer of that type."""
        return self.integer(size, step.dtype)

    def last(self, dtype: Any) -> int:
        return int(self.xp.iinfo(dtype).max)

    def count_with(self, arrays: list[Any]) -> None:
        """Counts steps with the widest integers among the arrays. MLX's own have 32 bits, but its arrays may have
        64."""
        for dtype in [array.dtype for array in arrays]:
            if self.xp.isdtype(dtype, "signed integer") and self.last(dtype) > self.last(self.integer_dtype):
                self.integer_dtype = dtype

    def check_steps(self, steps: Any) -> None:
        """Checks that an array of the library holds integers, as far as its type says."""
        if not self.xp.isdtype(steps.dtype, "integral"):
            refuse_steps(f"an array of dtype {steps.dtype}")

    def steps(self, value: Any) -> Any:
        """Returns steps as integers that can be computed with. They are at least as wide as the library's own integers,
        and signed for torch, which cannot compute with most unsigned types."""
        narrow = self.last(value.dtype) < self.last(self.integer_dtype)
        unsigned = self.xp.isdtype(value.dtype, "unsigned integer")
        return self.array(value, self.integer_dtype) if narrow or (unsigned and self._place) else value

    def where(self, condition: Any, yes: Any, no: Any) -> Any:
        return self.xp.where(condition, self.array(yes, self.real_dtype), self.array(no, self.real_dtype))

    def minimum(self, x: Any, y: Any) -> Any:
        return self.xp.minimum(x, y)

    def exp(self, x: Any) -> Any:
        return self.xp.exp(x)

    def expm1(self, x: Any) -> Any:
        return self.xp.expm1(x)

    def abs(self, x: Any) -> Any:
        return self.xp.abs(x)

    def mixed(self, value: Any) -> Any:
        """Returns an array, of integers or of real numbers, as one that is combined with real numbers; a known
        number as it is."""
        return self.real(value) if hasattr(value, "shape") else value

    def quotient(self, x: Any, y: Any) -> Any:
        return self.mixed(x) / self.mixed(y)

    def times_ratio(self, value: Any, x: Any, y: Any) -> Any:
        """value x / y."""
        if hasattr(value, "shape") or hasattr(y, "shape") or 0.0 < abs(value / y) < self._least:
            return value * self.quotient(x, y)
        return self.mixed(x) * (value / y)

    def between(self, first: Any, last: Any, x: Any, y: Any) -> Any:
        """first + (last - first) x / y, for 0 <= x <= y, measured from the end that x is nearer to."""
        rest = y - x
        way = self.times_ratio(last - first, self.minimum(x, rest), y)
        return self.where(x <= rest, first + way, last - way)

    def mixture(self, first: Any, last: Any, x: Any, factor: Any, y: Any) -> Any:
        """(first x + last factor y) / (x + factor y), measured from the one with the greater share."""
        of_first, of_last = self.times_ratio(1.0, x, 1), self.times_ratio(factor, y, 1)
        late = of_first < of_last
        way = (last - first) * (self.where(late, of_first, of_last) / (of_first + of_last))
        return self.where(late, last - way, first + way)

    def sqrt(self, x: Any) -> Any:
        """Returns the square root, with a gradient of zero at zero."""
        none = x <= 0.0
        return self.where(none, 0.0, self.xp.sqrt(self.where(none, 1.0, x)))

    def half_wave(self, x: Any, y: Any) -> Any:
        """sin^2(pi x / 2 y)."""
        return self.xp.sin(self.times_ratio(math.pi / 2, x, y)) ** 2

    def geometric_parts(self, ratio: Any, x: Any, y: Any) -> tuple[Any, Any]:
        """(ratio^u - 1) / (ratio - 1) and (ratio - ratio^u) / (ratio - 1) for u = x / y. For a ratio above 1 they are
        those of its inverse, exchanged, so no power is large. A ratio of 1 has nearly no octaves in place of none."""
        begun, rest = self.quotient(x, y), self.quotient(y - x, y)
        if hasattr(ratio, "shape"):
            rate = self.xp.clip(-self.xp.abs(self.xp.log(ratio)), None, -1e-30)
            rises, whole = ratio > 1.0, self.xp.expm1(rate)
            near, far = self.where(rises, rest, begun), self.where(rises, begun, rest)
        else:
            rate = -abs(math.log(ratio)) or -1e-30
            rises, whole = ratio > 1.0, math.expm1(rate)
            near, far = (rest, begun) if rises else (begun, rest)
        turned = near * rate
        done, left = self.xp.expm1(turned) / whole, self.xp.exp(turned) * (self.xp.expm1(far * rate) / whole)
        if hasattr(ratio, "shape"):
            return self.where(rises, left, done), self.where(rises, done, left)
        return (left, done) if rises else (done, left)

    def log_parts(self, x: Any, y: Any) -> tuple[Any, Any]:
        """w and 1 - w, where w = log(1 + x) / log(y), for 0 < x < y."""
        rest, more = self._rest(x, y) - 1.0, self.real(x) + 1.0
        is_known = not hasattr(y, "shape")
        y = float(y) if is_known else self.xp.clip(self.real(y), 2.0, None)
        whole, near = math.log(y) if is_known else self.xp.log(y), 4.0 * rest < y
        left = self.where(near, -self.xp.log1p(self.where(near, rest, 0.0) / -y), self.xp.log(y / more))
        return self.xp.log(more) / whole, left / whole

    def curved_wave_parts(self, x: Any, y: Any, k: Any, exponent: Any) -> tuple[Any, Any]:
        """1 - w and w, where w = ((1 + cos(pi (x / y)^k)) / 2)^exponent, for 0 < x < y.

        A share above 0.4 is measured from the end, since XLA's log1p is not precise below -0.36."""
        rest = self._rest(x, y)
        x, y = self.mixed(x), self._length(y)
        if not hasattr(k, "shape") and k == 1.0:
            late = x > 0.4 * y
            turned = self.where(late, rest, x) * (math.pi / 2 / y)
        else:
            quarter, most = 0.25 * y, 0.75 * y
            near, far = self.minimum(rest, quarter), self.minimum(x, most)  # one of these changes with x
            logarithm = self.xp.log1p(near / -y) + self.xp.log(far / most)  # of x / y
            if not hasattr(k, "shape") and k < self._faint:  # the share lacks as much of 1 as its logarithm says
                root = self.xp.log(self.xp.clip(-logarithm, self._least, None)) + (math.log(k) + math.log(math.pi / 2))
                weight = self.xp.exp(2.0 * exponent * root)
                return 1.0 - weight, weight
            logarithm = k * logarithm
            share = self.xp.exp(logarithm)
            late = share > 0.4
            turned = self.where(late, self.xp.expm1(logarithm), share) * (math.pi / 2)
        wave = self.xp.sin(turned) ** 2
        if not hasattr(exponent, "shape") and exponent == 1.0:
            return self.where(late, 1.0 - wave, wave), self.where(late, wave, 1.0 - wave)
        early = self.xp.log1p(self.where(late, 0.0, -wave))
        weight = self.xp.exp(exponent * self.where(late, self.xp.log(self.xp.clip(wave, self._least, None)), early))
        return 1.0 - weight, weight

    def divmod(self, step: Any, divisor: Any) -> tuple[Any, Any]:
        """Returns the quotient as an integer and the remainder as a real number."""
        return self.floored(step, divisor), self.mixed(self.remainder(step, divisor))

    def floored(self, step: Any, divisor: Any) -> Any:
        """Returns the quotient as an integer. The divisor may be beyond the steps' type."""
        return self.once(Namespace._floored, step, divisor)

    def _floored(self, step: Any, divisor: Any) -> Any:
        whole, fits = self._natural(divisor, step.dtype), self._fits(divisor, step.dtype)
        if fits is False:
            return step * 0
        return step // whole if fits is True else step // whole * self.array(fits, step.dtype)

    def remainder(self, step: Any, divisor: Any) -> Any:
        """Returns the remainder as an integer."""
        whole, fits = self._natural(divisor, step.dtype), self._fits(divisor, step.dtype)
        if fits is False:
            return step
        return step % whole if fits is True else self.xp.where(fits, step % whole, step)

    def multiple(self, step: Any, size: Any) -> Any:
        """Returns the product of two integers of a type that holds all steps, and at most the last step."""
        whole = self._natural(size, step.dtype)
        enough = LAST_STEP // whole + 1
        step = self.xp.minimum(step, enough) if hasattr(enough, "shape") else self.xp.clip(step, None, enough)
        return self.xp.clip(step * whole, None, LAST_STEP)

    def divided_by_real(self, step: Any, size: Any) -> tuple[Any, Any]:
        """Returns the quotient as an integer and the remainder as a real number, for a size that need not be an
        integer. The step is held as an integer and a fraction. It loses multiples of the size times powers of two, so
        few at a time that the product with the head of the size's fraction is exact."""
        found: tuple[Any, Any] = self.once(Namespace._divided_by_real, step, size)
        return found

    def _divided_by_real(self, step: Any, size: Any) -> tuple[Any, Any]:
        bits = self._digits() // 2
        fraction: Any = 0.0
        if self.xp.isdtype(step.dtype, "real floating"):
            whole = self.array(self.xp.floor(step), self.integer_dtype)
            step, fraction = whole, step - self.real(whole)
        least = 1.0 if is_foreign(size) else float(size.min() if hasattr(size, "shape") else size)
        octaves = max(1, math.ceil(math.log2(min(self.last(step.dtype), self._most) / least)))
        quotient: Any = 0
        for exponent in range((octaves - 1) // bits * bits, -1, -bits):
            multiple = size * 2.0**exponent
            count = self.array(self.xp.floor((self.real(step) + fraction) / self.mixed(multiple)), step.dtype)
            whole, part = self._split(multiple, step.dtype)
            head = self._floor(part * 2.0**bits) / 2.0**bits
            product = self.real(count) * self.mixed(head)
            carried = self.xp.floor(product)
            step = step - count * whole - self.array(carried, step.dtype)
            fraction = fraction - (product - carried) - self.real(count) * self.mixed(part - head)
            quotient = quotient + count * 2**exponent
        into = self.real(step) + fraction
        short, beyond = into < 0.0, into >= self.mixed(size)
        into = self.where(short, into + self.mixed(size), self.where(beyond, into - self.mixed(size), into))
        return quotient + self.array(beyond, step.dtype) - self.array(short, step.dtype), into

    def since(self, begin: Any, step: Any) -> Any:
        """Returns step - begin as a real number. The whole part of the begin is subtracted as an integer."""
        if self.xp.isdtype(step.dtype, "real floating"):
            return step - self.mixed(begin)
        whole, fraction = self._split(begin, step.dtype)
        return self.real(step - whole) - self.mixed(fraction)

    def until(self, end: Any, step: Any) -> Any:
        """Returns end - step as a real number, as `since` does."""
        if self.xp.isdtype(step.dtype, "real floating"):
            return self.mixed(end) - step
        whole, fraction = self._split(end, step.dtype)
        return self.real(whole - step) + self.mixed(fraction)

    def span(self, begin: Any, end: Any) -> Any:
        """Returns end - begin, for a divisor: 1 where an empty segment has none."""
        if not (is_foreign(begin) or is_foreign(end)):
            return self.mixed(at_least(end - begin, 2.0**-60))
        length = self.mixed(end) - self.mixed(begin)
        return self.where(length > 0.0, length, 1.0) if hasattr(length, "shape") else length

    def _split(self, position: Any, dtype: Any) -> tuple[Any, Any]:
        """Returns a position as an integer of a type, from 0 on, and what is left of it."""
        if is_foreign(position):
            last = self.last(dtype)
            whole = self.array(self.xp.clip(self._floor(position), 0.0, float(last - (last >> 23))), dtype)
            return whole, position - self.real(whole)
        whole = at_most(at_least(self._floor(position), 0), self.last(dtype))
        return self.integer(whole, dtype), position - whole

    def _floor(self, number: Any) -> Any:
        if is_foreign(number):
            return number if self.xp.isdtype(number.dtype, "integral") else self.xp.floor(number)
        return number // 1 if hasattr(number, "shape") else math.floor(number)

    def ceiled(self, start: Any) -> Any:
        """Returns the first integer from a start on."""
        if is_foreign(start):
            return start if self.xp.isdtype(start.dtype, "integral") else self.xp.ceil(start)
        return -(-start // 1) if hasattr(start, "shape") else math.ceil(start)

    def cycle(self, step: Any, period: Any, growth: Any) -> tuple[Any, Any]:
        """Returns the steps since the last restart and the length of that cycle, as real numbers. Cycle i starts at
        period (growth^i - 1) / (growth - 1), and has period growth^i steps; a growth of 1 repeats the first.

        A logarithm gives the cycle. It is made to fall short next to a restart, where integers decide. These compute
        with the length of the cycle before, since that of the last cycle may be beyond their type."""
        dtype, first, fits = step.dtype, self.real(period), self._fits(period, step.dtype)
        if fits is False:
            return self.mixed(step), first
        longer = self.real(growth)  # the steps' type may not hold it
        period, growth = self._natural(period, dtype), self._natural(growth, dtype)
        if not hasattr(growth, "shape") and growth == 1:
            return self.mixed(step % period), first
        more = self._natural(growth - 1, dtype)
        cycle = self._cycle_at_most(step, period, growth, more)
        begun = self.xp.clip(cycle, None, 1)
        power, by = self.power(growth, cycle - begun), begun * (growth - 1) + 1
        before = power * period
        earlier = before - period
        if hasattr(more, "shape") or more > 1:
            earlier = earlier // more
        into = step - (before * begun + earlier)
        late = into // by >= before
        if fits is not True:
            late = late & fits
        into = self.xp.where(late, into - before * by, into)
        length = self.mixed(power) * first * (self.mixed(begun) * (longer - 1.0) + 1.0)
        length = self.where(late, length * longer, length)
        if hasattr(growth, "shape"):
            into = self.xp.where(growth > 1, into, step % period)
        return self.mixed(into), length

    def _cycle_at_most(self, step: Any, period: Any, growth: Any, more: Any) -> Any:
        """Returns the number of a step's cycle, or next to a restart that of the one before. `more` is growth - 1."""
        logarithm = self.xp.log(self.real(more) + 1.0) if hasattr(growth, "shape") else math.log(growth)
        passed = self.xp.log1p(self.times_ratio(self.real(more), step, period))
        return self.array(passed * ((1.0 - 2.0**-10) / logarithm), step.dtype)

    def _natural(self, number: Any, dtype: Any) -> Any:
        """Returns a number as an integer of a type, at least 1 and at most the last one."""
        if is_foreign(number) and self.xp.isdtype(number.dtype, "real floating"):
            last = self.last(dtype)
            return self.array(self.xp.clip(number, 1.0, float(last - (last >> 23))), dtype)
        whole = self.integer(number, dtype)
        return self.xp.clip(whole, 1, None) if hasattr(whole, "shape") else max(whole, 1)

    def _fits(self, number: Any, dtype: Any) -> Any:
        """Tells whether steps of a type reach a number of steps; of a column, row by row."""
        if is_foreign(number):
            return number < self.last(dtype) + 1.0 if self.xp.isdtype(number.dtype, "real floating") else True
        fits = number <= self.last(dtype)
        if not hasattr(number, "shape"):
            return fits
        return True if fits.all() else self.array(fits, None)

    def power(self, base: Any, exponent: Any) -> Any:
        """Raises an integer to integers."""
        return self.xp.pow(self.array(base, exponent.dtype), exponent)

    def rest_power(self, x: Any, y: Any, power: Any, value: Any) -> tuple[Any, Any]:
        """w and value w, where w = ((y - x) / y)^power, for 0 <= x < y. The logarithm is precise next to either end: it
        is log, or log1p of a small number, since XLA's log1p is not precise everywhere."""
        rest = self._rest(x, y)
        x, y = self.real(x), self._length(y)
        late = 4.0 * x > y
        log_of_rest = self.xp.log(self.where(late, self.xp.clip(rest, 1.0, None) / y, 1.0))
        log = self.where(late, log_of_rest, self.xp.log1p(self.where(late, 0.0, -x) / y))
        weight = self.xp.exp(power * log)
        return weight, value * weight

    def ratio_power(self, x: Any, y: Any, power: Any, value: Any) -> tuple[Any, Any, Any]:
        """w, value w and value (w - 1), where w = (x / y)^power, for 0 < x <= y. The logarithm is precise next to
        either end, as in `rest_power`. A known square has none."""
        rest = self._rest(x, y)
        x, y = self.real(x), self._length(y)
        if not hasattr(power, "shape") and power == 2.0:
            ratio = x / y
            weight = ratio * ratio
            return weight, value * weight, -value * (rest / y * (1.0 + ratio))
        late = 4.0 * rest < y
        log_of_ratio = self.xp.log(self.where(late, 1.0, self.xp.clip(x, 1.0, None) / y))
        exponent = power * self.where(late, self.xp.log1p(-self.where(late, rest, 0.0) / y), log_of_ratio)
        weight = self.xp.exp(exponent)
        return weight, value * weight, value * self.xp.expm1(exponent)

    def _length(self, y: Any) -> Any:
        """Returns a length as a real number, for a divisor: 1 where an empty segment has none."""
        return self.xp.clip(self.real(y), 1.0, None) if hasattr(y, "shape") else float(y)

    def _rest(self, x: Any, y: Any) -> Any:
        """y - x, computed with integers as far as the steps' type goes, if the steps are integers."""
        if self.xp.isdtype(x.dtype, "real floating"):
            return y - x
        if is_foreign(y):
            return self.real(self.array(y, x.dtype) - x)
        whole = at_most(y, self.last(x.dtype))
        rest = self.real(self.integer(whole, x.dtype) - x)
        return rest + self.real((y - whole) * 1.0) if hasattr(y, "shape") or y > whole else rest

    def arc_power(self, x: Any, y: Any, power: Any, value: Any) -> tuple[Any, Any, Any]:
        """w, value w and value (w - 1), where w = (1 - (x / y)^2)^power, for 0 <= x < y. A known root has no
        logarithm."""
        rest = self._rest(x, y)
        x, y = self.real(x), self._length(y)
        ratio = x / y
        square, base = ratio * ratio, rest / y * (1.0 + ratio)
        if not hasattr(power, "shape") and power == 0.5:
            weight = self.sqrt(base)
            return weight, value * weight, -value * (square / (1.0 + weight))
        early = square < 0.25
        log_of_base = self.xp.log(self.where(early | (rest < 1.0), 1.0, base))
        exponent = power * self.where(early, self.xp.log1p(-self.where(early, square, 0.0)), log_of_base)
        weight = self.xp.exp(exponent)
        return weight, value * weight, value * self.xp.expm1(exponent)

    def tail_power(self, x: Any, shift: Any, slope: Any, scale: Any, power: Any, value: Any) -> Any:
        """value (scale / (shift + slope x))^power. A known root or inverse has no logarithm."""
        more, ratio = self.times_ratio(slope, x, shift), self.quotient(scale, shift)
        if not hasattr(power, "shape") and power in (0.5, 1.0):
            weight = ratio / (1.0 + more)
            return value * (self.sqrt(weight) if power == 0.5 else weight)
        log = self.xp.log(ratio) if hasattr(ratio, "shape") else math.log(ratio)
        return value * self.xp.exp(power * (log - self.xp.log1p(more)))

    def times_power(self, value: Any, factor: Any, x: Any, y: Any = 1.0, weight: Any = 1.0) -> Any:
        """value weight factor^(x / y). The logarithm of a known factor is taken once, to more digits than a real number
        has."""
        if is_foreign(factor):
            exponent = self.real(x) / self.mixed(y)
            base = self.where(exponent == 0.0, 1.0, factor)  # otherwise the gradient of 0^0 is not a number
            return value * weight * self.xp.pow(base, exponent)
        is_known = not hasattr(factor, "shape") and not hasattr(y, "shape")
        size = self._times_known(value * weight, abs(factor), x, y) if is_known else None
        if size is None:
            high, low = self._exponent(factor, x, y)
            size = self._times_large(value * weight, high, 1.0 + low)
        is_even: Any = factor >= 0.0
        if is_even is True or (hasattr(is_even, "shape") and is_even.all()):
            return size
        even = x % 2 == 0
        return self.where(even | self.array(is_even, None) if hasattr(is_even, "shape") else even, size, -size)

    def _times_known(self, value: Any, factor: float, x: Any, y: float) -> Any:
        """value factor^(x / y), for a factor that is not negative; None where this way does not go.

        It is a product of two powers: the logarithm has a head, whose product with a short integer has no rounding, and
        a tail of its sign. From some step on the power is 0, or the result infinite. Powers of a factor above 1 are
        those since a step `begin`, from which none is infinite before the result is. So the value must be known, and
        the powers of a few steps not too large."""
        if factor == 1.0 or (not hasattr(value, "shape") and value == 0.0):
            return value - 0.0 * self.mixed(x)
        rate, last = math.log(factor) / y if factor else -math.inf, min(self.last(x.dtype), self._most)
        if rate > 0.0 and hasattr(value, "shape"):
            return None
        info = self.xp.finfo(self.real_dtype)
        digits, most = self._digits(), math.log(float(info.max)) - 0.5
        if rate > 0.0:
            lasting = max(math.ceil((most + 0.5 - math.log(abs(value))) / rate) + 1, 1)
        else:
            lasting = max(math.ceil((math.log(float(info.smallest_normal) * float(info.eps)) - 1.0) / rate), 1)
        if lasting < last:
            x, last = self.xp.clip(x, None, lasting), lasting
        bits = digits - last.bit_length()
        together = 1 if bits >= 7 else 2 ** (digits * 10 // 24)
        begin = together * max(math.ceil((last - most / rate) / together), 0) if rate > 0.0 else 0
        if begin and rate * together > most / 4.0:
            return None
        fine = x % together if together > 1 else None
        head, tail = _split_logarithm(factor, y, bits if fine is None else digits * 10 // 24)
        first = _times_exponential(value, begin * head) if begin else value
        main, rest = self.mixed(x if fine is None else x - fine), self.mixed(x) * tail
        if begin:
            main = main - begin
        if fine is not None:
            rest = self.mixed(fine) * head + rest
        return first * self.product_of_powers(main * head, rest)

    def product_of_powers(self, x: Any, y: Any) -> Any:
        """exp(x) exp(y)."""
        return self.xp.exp(x) * self.xp.exp(y)

    def _times_large(self, value: Any, high: Any, correction: Any) -> Any:
        """value exp(high) correction, where the exponential may be beyond the real numbers though the result is not."""
        most = math.floor(math.log(float(self.xp.finfo(self.real_dtype).max)))
        high = self.xp.clip(high, None, 2.0 * most)  # so that a value of zero stays zero, however large the power
        beyond = high > most
        size = value * (self.xp.exp(self.where(beyond, high - most, high)) * correction)
        return size * self.where(beyond, math.exp(most), 1.0)

    def _exponent(self, factor: Any, x: Any, y: Any) -> tuple[Any, Any]:
        """x log |factor| / y, and what its rounding leaves out."""
        bits = self._digits() // 2
        known = not is_foreign(y)
        head, tail = map(self.real, _logarithm(factor, y if known else 1.0, bits))
        if not known:
            return self.real(x) / y * (head + tail), 0.0
        fine = x % 2**bits if 2**bits <= self.last(x.dtype) else x
        first, second = self.mixed(x - fine) * head, self.mixed(fine) * head
        total = first + second
        rest = second - (total - first) + self.mixed(x) * tail
        high = total + rest
        return high, self.xp.clip(rest - (high - total), -0.5, 0.5)


class TorchNamespace(Namespace):
    """Torch computes with integers and Python's numbers as they are. A choice between a tensor and a number, and a
    tensor of one number, are made on the device: to bring a number there costs a copy, which no CUDA graph can hold."""

    def check_steps(self, steps: Any) -> None:
        super().check_steps(steps)
        if steps.layout not in (self.xp.strided, self.xp.jagged):
            refuse_steps(f"a tensor of layout {steps.layout}")
        if steps.is_nested and steps.layout is self.xp.strided:
            refuse_steps(f"a nested tensor of layout {steps.layout}, and not of layout {self.xp.jagged}")
        if is_one_of(type(steps), MASKED):
            refuse_steps(f"a {type(steps).__name__}")

    def array(self, value: Any, dtype: Any) -> Any:
        if isinstance(value, (bool, int, float)):
            return self.xp.full((), value, dtype=dtype, **self._place)
        if is_numpy(value) and not value.flags.writeable:
            value = value.copy()  # torch warns where it shares the memory of an array that it must not write to
        return super().array(value, dtype)

    def where(self, condition: Any, yes: Any, no: Any) -> Any:
        if not hasattr(no, "shape"):
            condition, yes, no = ~condition, no, yes
        if hasattr(yes, "shape"):
            return super().where(condition, yes, no)
        return self.array(no, self.real_dtype).masked_fill(condition, yes)

    def minimum(self, x: Any, y: Any) -> Any:
        return self.xp.minimum(x, y) if hasattr(y, "shape") else x.clamp(max=y)

    def mixed(self, value: Any) -> Any:
        return value if is_foreign(value) else super().mixed(value)

    def power(self, base: Any, exponent: Any) -> Any:
        return self.xp.pow(base, exponent)

    def choice(self, steps: Any, starts: list[int]) -> Any:
        return choice_of_torch(steps, starts)


class SpreadNamespace(TorchNamespace):
    """Torch combines a tensor that is spread over the devices of a mesh only with others that are. So an array of known
    numbers stands on every device, whole."""

    def __init__(self, xp: Any, place: dict[str, Any], mesh: Any) -> None:
        super().__init__(xp, place)
        self._mesh = mesh

    def array(self, value: Any, dtype: Any) -> Any:
        made = super().array(value, dtype)
        if is_foreign(value) or not made.ndim:
            return made
        spread = sys.modules["torch.distributed.tensor"]
        return spread.DTensor.from_local(made, self._mesh, [spread.Replicate()] * self._mesh.ndim, run_check=False)


class JaxNamespace(Namespace):
    """JAX takes the numbers of known cycles from tables. What it compiles is then a third as long."""

    def check_steps(self, steps: Any) -> None:
        dtypes: Any = sys.modules["jax"].dtypes  # which know the types that jax.numpy does not, such as that of keys
        if not dtypes.issubdtype(steps.dtype, self.xp.integer):
            refuse_steps(f"an array of dtype {steps.dtype}")

    def cycle(self, step: Any, period: Any, growth: Any) -> tuple[Any, Any]:
        limit = self.last(step.dtype)
        if hasattr(period, "shape") or hasattr(growth, "shape") or growth == 1 or period > limit:
            return super().cycle(step, period, growth)
        period, growth = int(period), int(growth)
        starts, lengths = [0], [period]
        while starts[-1] + lengths[-1] <= limit:
            starts.append(starts[-1] + lengths[-1])
            lengths.append(lengths[-1] * growth)
        step = self.xp.astype(step, step.dtype)  # JAX would convert a weak integer wherever it meets another one
        ends = [start - 1 for start in starts[1:]] + [limit]
        cycle = self._cycle_at_most(step, period, growth, growth - 1)
        late = step > self._taken(ends, step.dtype, cycle)
        cycle = cycle + self.array(late, step.dtype)
        return self.real(step - self._taken(starts, step.dtype, cycle)), self._taken(lengths, self.real_dtype, cycle)

    def product_of_powers(self, x: Any, y: Any) -> Any:
        """XLA would make exp(x + y) of a product of exponentials, and round the sum."""
        return self.xp.exp(x) * (self.xp.expm1(y) + 1.0)

    def choice(self, steps: Any, starts: list[int]) -> Any:
        return JaxChoice(self.xp, steps, starts) if len(starts) > FEW else None

    def _taken(self, numbers: list[int], dtype: Any, index: Any) -> Any:
        return self.xp.take(self.array(numbers, dtype), index, mode="clip")


def namespace_of(values: Iterable[Any]) -> Namespace:
    """Returns the namespace of the library that arrays among the values are of."""
    arrays = [value for value in values if is_foreign(value)]
    xp, place = library_of(arrays)
    if place:
        spread = [array for array in arrays if is_one_of(type(array), SPREAD)]
        if not spread:
            return TorchNamespace(xp, place)
        if any(array.numel() != 1 and not is_one_of(type(array), SPREAD) for array in arrays):
            refuse_libraries(arrays)
        return SpreadNamespace(xp, place, spread[0].device_mesh)
    if xp.__name__ == "jax.numpy":
        return JaxNamespace(xp, place)
    found = Namespace(xp, place)
    found.count_with(arrays)
    return found


def library_of(arrays: list[Any]) -> tuple[Any, dict[str, Any]]:
    """Returns the namespace of the arrays, and the keywords that say where it puts new ones."""
    torch = sys.modules.get("torch")
    if torch is not None and all(isinstance(array, torch.Tensor) for array in arrays):
        from array_api_compat import torch as namespace  # torch.compile does not follow the search for it

        return namespace, {"device": arrays[0].device}
    from array_api_compat import array_namespace

    try:
        return array_namespace(*arrays), {}
    except TypeError:
        refuse_libraries(arrays)


def _logarithm(factor: Any, per: Any, bits: int) -> tuple[Any, Any]:
    """log |factor| / per in two parts, for numbers or for arrays of numbers."""
    if not hasattr(factor, "shape") and not hasattr(per, "shape"):
        return _split_logarithm(factor, per, bits)
    import numpy

    factors, pers = numpy.broadcast_arrays(factor, per)
    rows = zip(factors.ravel().tolist(), pers.ravel().tolist(), strict=True)
    parts = numpy.array([_split_logarithm(*row, bits) for row in rows])
    return parts[:, 0].reshape(factors.shape), parts[:, 1].reshape(factors.shape)


def _split_logarithm(factor: float, per: float, bits: int) -> tuple[float, float]:
    """log |factor| / per as a head and a tail of one sign. The head has `bits` bits, so its product with a short
    integer is exact. For a factor of 0 the head is a number whose exponential is 0."""
    if factor == 0.0:
        return -1e4, 0.0
    high, low = (math.log(abs(factor)) / per, 0.0) if torch_is_compiling() else _precise_logarithm(abs(factor), per)
    mantissa, exponent = math.frexp(high)
    head = math.ldexp(math.trunc(math.ldexp(mantissa, bits)), exponent - bits)
    return head, (high - head) + low


def _times_exponential(value: float, exponent: float) -> float:
    """value exp(exponent), where the exponential may be beyond the doubles though the result is not."""
    if torch_is_compiling():
        return value * math.exp(exponent / 2.0) * math.exp(exponent / 2.0)
    return _precise_product(value, exponent)


@lru_cache(maxsize=4096)
def _precise_product(value: float, exponent: float) -> float:
    """value exp(exponent), rounded once."""
    from decimal import Context

    context = Context(prec=50)
    power = context.create_decimal(exponent).exp(context)
    return float(context.multiply(context.create_decimal(value), power))


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


def at_least(number: Any, limit: float) -> Any:
    """Returns a known number, or the limit where the number is below it."""
    return number.clip(limit, None) if hasattr(number, "shape") else max(number, limit)
