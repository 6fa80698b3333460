"""Each shape has a plain formula here, over an array namespace. Over `Scalars` the formulas are the Python engine.

The compiled kernels in csrc/shapes/ compute the same curves. Parameters stand in the same order there, and a test
compares names and roles. A formula measures from the end that its step is nearer to, so that nothing cancels next to a
floor. `step` is an integer on the shape's own clock.
"""

from __future__ import annotations

import math
import operator

from .._checks import LAST_STEP

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


_REST_OF_PI = 1.2246467991473532e-16
"""pi - math.pi."""

_HALF_PI = "1.5707963267948966192313216916397514420985846996876"
"""pi / 2 to fifty digits."""


class Scalars:
    """Scalars is the array namespace of single floats. It has the operations that the formulas ask for, of the standard
    and beyond it."""

    sqrt = staticmethod(math.sqrt)
    exp = staticmethod(math.exp)
    expm1 = staticmethod(math.expm1)
    abs = staticmethod(abs)
    divmod = staticmethod(divmod)
    floored = staticmethod(operator.floordiv)
    remainder = staticmethod(operator.mod)
    quotient = staticmethod(operator.truediv)

    @staticmethod
    def counted(size: int, _: int) -> int:
        return size

    @staticmethod
    def multiple(step: int, size: int) -> int:
        return min(step * size, LAST_STEP)

    @staticmethod
    def divided_by_real(step: float, size: float) -> tuple[int, float]:
        """The quotient and the remainder. math.fmod has no error, and so the rest of the division has none."""
        remainder = math.fmod(step, size)
        return round((step - remainder) / size), remainder

    @staticmethod
    def since(begin: float, step: float) -> float:
        return step - begin

    @staticmethod
    def until(end: float, step: float) -> float:
        return end - step

    span = since

    @staticmethod
    def cycle(step: int, period: int, _: int) -> tuple[int, int]:
        return step % period, period

    @staticmethod
    def where(condition: bool, yes: Any, no: Any) -> Any:
        return yes if condition else no

    @staticmethod
    def minimum(x: float, y: float) -> float:
        return y if y < x else x

    @staticmethod
    def times_ratio(value: float, x: int, y: int) -> float:
        return value * (x / y)

    @staticmethod
    def half_wave(x: int, y: int) -> float:
        """(1 - cos(pi x / y)) / 2, for 0 <= 2 x <= y. It is computed as sin^2(pi x / 2 y); or next to the middle,
        where it is nearer to 1/2 than to 0, as (1 - sin(pi (y - 2 x) / 2 y)) / 2."""
        if 3 * x > y:
            ratio, rest = _quotient(y - 2 * x, 2 * y)
            angle, low = exact_product(ratio, math.pi)
            return 0.5 - 0.5 * (math.sin(angle) + (low + ratio * _REST_OF_PI + rest * math.pi))
        ratio, rest = _quotient(x, y)
        angle, low = exact_product(ratio, math.pi / 2)
        low += ratio * (_REST_OF_PI / 2) + rest * (math.pi / 2)
        sine = math.sin(angle)
        square, more = exact_product(sine, sine)
        return square + (more + 2.0 * low * math.cos(angle) * sine)

    @staticmethod
    def between(first: float, last: float, x: int, y: int) -> float:
        """first + (last - first) x / y, for 0 <= x <= y and numbers of any size."""
        unit = 2.0**124 if max(abs(first), abs(last)) > 2.0**900 else 1.0
        parts = (*exact_product(first / unit, float(y - x)), *exact_product(last / unit, float(x)))
        return math.fsum(parts) / y * unit

    @staticmethod
    def mixture(first: float, last: float, x: int, factor: float, y: int) -> float:
        """(first x + last factor y) / (x + factor y). Nothing is rounded before the whole is."""
        from fractions import Fraction

        of_last = Fraction(factor) * Fraction(y)
        return float((Fraction(first) * Fraction(x) + Fraction(last) * of_last) / (Fraction(x) + of_last))

    @staticmethod
    def geometric_parts(ratio: float, x: int, y: int) -> tuple[float, float]:
        """(ratio^u - 1) / (ratio - 1) and (ratio - ratio^u) / (ratio - 1) for u = x / y, which are u and 1 - u for a
        ratio of 1."""
        if ratio == 1.0:
            return x / y, (y - x) / y
        logarithm, whole, (exponent, rest) = math.log(ratio), ratio - 1.0, _quotient(x, y)
        power = _with_more(math.pow(ratio, exponent), rest * logarithm)
        early, late = exponent * logarithm, (x - y) / y * logarithm
        done = math.expm1(early) if abs(early) < 1.0 else power - 1.0
        left = -ratio * math.expm1(late) if abs(late) < 1.0 else ratio - power
        return done / whole, left / whole

    @staticmethod
    def log_parts(x: int, y: int) -> tuple[float, float]:
        """w and 1 - w, where w = log(1 + x) / log(y), for 0 < x < y."""
        rest, whole = y - x - 1, math.log(y)
        left = -math.log1p(-rest / y) if 4 * rest < y else math.log(y / (x + 1))
        return math.log1p(x) / whole, left / whole

    @staticmethod
    def curved_wave_parts(x: int, y: int, k: float, exponent: float) -> tuple[float, float]:
        """1 - w and w, where w = ((1 + cos(pi (x / y)^k)) / 2)^exponent, for 0 < x < y. Decimals have the digits that
        the exponent takes away."""
        from decimal import Context, localcontext

        with localcontext(Context(prec=50)) as context:
            growth = context.create_decimal(k) * (context.create_decimal(x) / context.create_decimal(y)).ln()
            share = growth.exp()
            late = 2 * share > 1
            rest = -growth * (1 + growth / 2 * (1 + growth / 3)) if abs(growth) < 1e-15 else 1 - share
            angle = (rest if late else share) * context.create_decimal(_HALF_PI)
            term = sine = angle
            for n in range(2, 40, 2):
                term *= -angle * angle / (n * (n + 1))
                sine += term
            base = sine * sine if late else 1 - sine * sine
            weight = (context.create_decimal(exponent) * base.ln()).exp()
            return float(1 - weight), float(weight)

    @staticmethod
    def rest_power(x: int, y: int, power: float, value: float) -> tuple[float, float]:
        """w and value w, where w = ((y - x) / y)^power, for 0 <= x < y."""
        ratio, rest = _quotient(y - x, y)
        octaves, more = power * math.log2(ratio), power * (rest / ratio)
        if octaves > -900.0:
            weight = _with_more(math.pow(ratio, power), more)
            return weight, value * weight
        return 0.0, _times_extreme_power(value, ratio, power, octaves, more)

    @staticmethod
    def ratio_power(x: int, y: int, power: float, value: float) -> tuple[float, float, float]:
        """w, value w and value (w - 1), where w = (x / y)^power, for 0 < x < y."""
        weight, part = Scalars.rest_power(y - x, y, power, value)
        if weight <= 0.5:
            return weight, part, value * (weight - 1.0)
        late = 2 * x > y
        ratio, rest = _quotient(y - x if late else x, y)
        exponent, low = exact_product(power, math.log1p(-ratio) if late else math.log(ratio))
        low += power * (-rest / (1.0 - ratio) if late else rest / ratio)
        return weight, part, value * (math.expm1(exponent) + low * weight)

    @staticmethod
    def arc_power(x: int, y: int, power: float, value: float) -> tuple[float, float, float]:
        """w, value w and value (w - 1), where w = (1 - (x / y)^2)^power, for 0 < x < y."""
        from fractions import Fraction

        square = (Fraction(x) / Fraction(y)) ** 2
        base = float(1 - square)
        more, octaves = power * float((1 - square) / Fraction(base) - 1), power * math.log2(base)
        if octaves < -900.0:
            return 0.0, _times_extreme_power(value, base, power, octaves, more), -value
        weight = _with_more(math.pow(base, power), more)
        logarithm = math.log1p(-float(square)) if 2 * square < 1 else math.log(base)
        return weight, value * weight, value * math.expm1(power * logarithm)

    @staticmethod
    def tail_power(x: float, shift: float, slope: float, scale: float, power: float, value: float) -> float:
        """value (scale / (shift + slope x))^power."""
        from fractions import Fraction

        ratio = Fraction(scale) / (Fraction(shift) + Fraction(slope) * Fraction(x))
        exponent = ratio.numerator.bit_length() - ratio.denominator.bit_length()
        whole = 0
        if abs(exponent) > 1000:
            ratio /= Fraction(2) ** exponent
            all_octaves = min(max(exponent * Fraction(power), Fraction(-5000)), Fraction(5000))
            whole = round(all_octaves)
            value *= 2.0 ** float(all_octaves - whole)
        base = float(ratio)
        more, octaves = power * float(ratio / Fraction(base) - 1), power * math.log2(base)
        if abs(octaves) > 900.0:
            value = _times_extreme_power(value, base, power, octaves, more)
        else:
            value *= _with_more(math.pow(base, power), more)
        return _scaled(value, whole) if whole else value

    @staticmethod
    def times_power(value: float, factor: float, x: int, y: int = 1, weight: float = 1.0) -> float:
        """value weight factor^(x / y), for 0 <= weight <= 1; y is 1 for a factor that is not positive."""
        exponent, rest = _quotient(x, y)
        octaves = exponent * math.log2(abs(factor)) if factor else 0.0
        more = rest * math.log(factor) if rest else 0.0
        if abs(octaves) < 900.0:
            return value * (_with_more(math.pow(factor, exponent), more) * weight)
        return _times_extreme_power(value * _sign(factor, x), abs(factor), exponent, octaves, more, weight)


def _with_more(size: float, more: float) -> float:
    """size (1 + more), for a small `more`."""
    return size + size * more if more else size


def _times_extreme_power(
    value: float, factor: float, exponent: float, octaves: float, more: float, weight: float = 1.0
) -> float:
    """value weight factor^exponent (1 + more). The power is about 2^octaves, and may be beyond the doubles."""
    if abs(octaves) > 2300.0 or not value or not weight:
        return math.copysign(math.inf if octaves > 0.0 and value and weight else 0.0, value)
    parts = 2 if abs(octaves) < 2040.0 else 4
    part = math.pow(factor, exponent / parts)
    mantissa, shift = math.frexp(value)
    mantissa, by = math.frexp(_with_more(mantissa * weight, more))
    shift += by
    for _ in range(parts):
        mantissa, by = math.frexp(mantissa * part)
        shift += by
    return _scaled(mantissa, shift)


def _sign(factor: float, x: int) -> float:
    return -1.0 if factor < 0.0 and x % 2 else 1.0


def _scaled(mantissa: float, shift: int) -> float:
    """mantissa 2^shift, infinite where that is too large."""
    try:
        return math.ldexp(mantissa, shift)
    except OverflowError:
        return math.copysign(math.inf, mantissa)


def exact_sum(x: Any, y: Any) -> tuple[Any, Any]:
    """x + y, and exactly what its rounding leaves out (Knuth 1969). The numbers are floats, or columns of them."""
    total = x + y
    back = total - x
    return total, (x - (total - back)) + (y - back)


def exact_product(x: float, y: float) -> tuple[float, float]:
    """x y, and exactly what its rounding leaves out, by halves of 26 bits (Dekker 1971)."""
    product = x * y
    split = 134217729.0  # 2^27 + 1
    a, b = x * split, y * split
    x_head, y_head = a - (a - x), b - (b - y)
    x_tail, y_tail = x - x_head, y - y_head
    return product, ((x_head * y_head - product) + x_head * y_tail + x_tail * y_head) + x_tail * y_tail


def _quotient(x: float, y: float) -> tuple[float, float]:
    """x / y, and what its rounding leaves out, for integers. quotient + rest is right to a hundred bits."""
    quotient = x / y
    back, low = exact_product(quotient, y)
    return quotient, ((x - back) - low) / y


# ---- the roles of parameters, by the names that csrc/shapes.h gives them ----

RATE = "rate"
"""A shape is linear in its rates."""

COUNT = "count"
"""A count is a number of steps, at least 1."""

LENGTH = "length"
"""A length is a count. The shape is defined from step 0 to this one."""

INNER_LENGTH = "inner length"
"""An inner length is a count. The shape is defined between step 0 and this one, and subtracts steps from it as
integers."""

START = "start"
"""A start is a count. The shape is defined from this step on."""

PERIOD = "period"
"""A period is a count. Steps are divided by it as integers."""

FACTOR = "factor"
"""A factor has any sign, and is raised to a number of steps."""

DIVISOR = "divisor"
"""A divisor is a count: the steps to the factor before it. It is 1 where that factor is negative."""

EXPONENT = "exponent"
"""An exponent is not negative."""

BOUND = "bound"
"""A bound is a count, of the length before it at least."""

POSITIVE = "positive"
"""A positive number has any size."""

BEGIN = "begin"
"""A begin is a position on the clock, and need not be an integer. The shape is defined from there on."""

END = "end"
"""An end is the position to which the shape is defined. It is above the begin before it."""

NUMBER = "number"
"""A number has any value. A shape's curve bends by it."""

COUNTS = frozenset({COUNT, LENGTH, INNER_LENGTH, START, PERIOD, DIVISOR, BOUND})


# ---- the shapes: their parameters with roles, and their formulas ----


ENDLESS = 2**60
"""A curve that never turns goes one way for so many steps."""


class Shape:
    """A shape has a formula, and the roles of its parameters in their order. With `whole_steps` the formula computes
    with steps as integers, also on a clock that has no end.

    `turn(step, smooth, *parameters)` says for how many steps from this one the curve goes one way; or does so without a
    jump, if it is to be smooth. It may say less. `cycle(*parameters)` gives a length, a factor, a number and a value
    with value(t + length) - value = factor^number (value(t) - value), or None. A shape without these goes one way on
    all its steps.
    """

    __slots__ = ("cycle", "formula", "parameters", "turn", "whole_steps")

    def __init__(
        self,
        formula: Callable[..., Any],
        parameters: dict[str, str],
        whole_steps: bool,
        turn: Callable[..., int] | None = None,
        cycle: Callable[..., Any] | None = None,
    ) -> None:
        self.formula, self.parameters, self.whole_steps = formula, parameters, whole_steps
        self.turn, self.cycle = turn, cycle


SHAPES: dict[str, Shape] = {}
"""This dict has every shape by its name."""


def shape(
    *,
    whole_steps: bool = False,
    turn: Callable[..., int] | None = None,
    cycle: Callable[..., Any] | None = None,
    **parameters: str,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Enters a formula among the shapes, under its own name."""

    def enter(formula: Callable[..., Any]) -> Callable[..., Any]:
        SHAPES[formula.__name__] = Shape(formula, parameters, whole_steps, turn, cycle)
        return formula

    return enter


def _to_half(step: int, smooth: bool, low: float, high: float, half_period: int) -> int:
    """Returns the steps to the next peak or foot of a triangle."""
    return half_period - step % half_period


def _while_alternating(step: int, factor: float, width: int) -> int:
    """Returns the steps to the next change of sign of a power of a negative factor, until the power is 0 or
    infinite."""
    return width - step % width if factor < 0.0 and step < _lasting(factor) * width else ENDLESS


def _lasting(factor: float) -> float:
    """Returns the steps after which any double times a power of a factor is 0 or infinite."""
    if not factor:
        return 1.0
    octaves = abs(math.log2(abs(factor)))
    return 2300.0 / octaves if octaves else math.inf


def _decaying_turn(step: int, smooth: bool, low: float, high: float, half_period: int, factor: float) -> int:
    """Returns the steps to where climbed factor^step may turn. Between a foot and a peak it does so once: in a climb
    1 / -ln(factor) steps behind the foot, and in a fall 1 / ln(factor) steps before the foot. The steps around that one
    go one by one."""
    if step > _lasting(factor) and abs(factor) < 1.0:
        return ENDLESS
    if factor <= 0.0:
        return 1
    into = step % (2 * half_period)
    climbs = into < half_period
    end = half_period if climbs else 2 * half_period
    if factor == 1.0 or climbs != (factor < 1.0):
        return end - into
    distance = abs(1.0 / math.log(factor))
    turn = distance if climbs else 2 * half_period - distance
    if into > turn + 2.0 or turn - 2.0 > end:
        return end - into
    return max(math.floor(turn - 2.0 - into), 1)


@shape(value=RATE)
def constant(xp: Any, step: Any, value: Any) -> Any:
    return value - 0.0 * step  # of the step's form, and -0.0 keeps its sign


@shape(first=RATE, last=RATE, length=LENGTH)
def line(xp: Any, step: Any, first: Any, last: Any, length: Any) -> Any:
    """first + (last - first) step / length."""
    rest = length - step
    way = xp.times_ratio(last - first, xp.minimum(step, rest), length)
    return xp.where(step <= rest, first + way, last - way)


@shape(first=RATE, last=RATE, length=LENGTH)
def half_cosine(xp: Any, step: Any, first: Any, last: Any, length: Any) -> Any:
    """last + (first - last) (1 + cos(pi step / length)) / 2, where (1 - cos x) / 2 = sin^2(x / 2)."""
    rest = length - step
    way = (last - first) * xp.half_wave(xp.minimum(step, rest), length)
    return xp.where(step <= rest, first + way, last - way)


@shape(
    whole_steps=True, first=RATE, last=RATE, period=PERIOD,
    turn=lambda step, smooth, first, last, period: period - step % period,
    cycle=lambda first, last, period: (period, 1.0, 1, 0.0),
)
def repeated_half_cosine(xp: Any, step: Any, first: Any, last: Any, period: Any) -> Any:
    """last + (first - last) (1 + cos(pi (step mod period) / period)) / 2."""
    into, length = xp.cycle(step, period, 1)
    return half_cosine(xp, into, first, last, length)


@shape(whole_steps=True, first=RATE, last=RATE, length=INNER_LENGTH, power=EXPONENT)
def power(xp: Any, step: Any, first: Any, last: Any, length: Any, power: Any) -> Any:
    """last + (first - last) ((length - step) / length)^power, for step < length."""
    weight, left = xp.rest_power(step, length, power, first - last)
    return xp.where(weight > 0.5, first - (first - last) * (1.0 - weight), last + left)


@shape(
    whole_steps=True, first=RATE, factor=FACTOR, steps_per_factor=DIVISOR,
    turn=lambda step, smooth, first, factor, _: _while_alternating(step, factor, 1),
    cycle=lambda first, factor, _: (1, factor, 1, 0.0) if factor < 0.0 else None,
)
def exponential(xp: Any, step: Any, first: Any, factor: Any, steps_per_factor: Any) -> Any:
    """first factor^(step / steps_per_factor)."""
    return xp.times_power(first, factor, step, steps_per_factor)


@shape(
    whole_steps=True, first=RATE, factor=FACTOR, width=PERIOD,
    turn=lambda step, smooth, first, factor, width: (
        width - step % width if smooth else _while_alternating(step, factor, width)
    ),
    cycle=lambda first, factor, width: (width, factor, 1, 0.0),
)
def staircase(xp: Any, step: Any, first: Any, factor: Any, width: Any) -> Any:
    """first factor^floor(step / width)."""
    return xp.times_power(first, factor, xp.floored(step, width))


@shape(first=RATE, last=RATE, length=LENGTH, ratio=POSITIVE)
def geometric(xp: Any, step: Any, first: Any, last: Any, length: Any, ratio: Any) -> Any:
    """last + (first - last) (ratio^u - ratio) / (1 - ratio), where u = step / length. It is a line for a ratio of 1."""
    done, left = xp.geometric_parts(ratio, step, length)
    return xp.where(done < 0.5, first + (last - first) * done, last + (first - last) * left)


def _to_bend(step: Any, smooth: bool, peak: float, floor: float, peak_step: int) -> int:
    """Returns the steps until the curve meets its floor. A step that may be next to that is a piece of its own."""
    ratio = peak / floor if floor else 0.0
    bend = peak_step * ratio * ratio
    if not smooth or ratio <= 0.0 or step > bend * (1.0 + 2.0**-48) + 1.0:
        return ENDLESS
    left: int = math.floor(min(bend, ENDLESS) * (1.0 - 2.0**-48)) - step
    return max(left, 1)


@shape(peak=RATE, floor=RATE, peak_step=START, turn=_to_bend)
def floored_inverse_sqrt(xp: Any, step: Any, peak: Any, floor: Any, peak_step: Any) -> Any:
    """max(peak sqrt(peak_step / step), floor), for step >= peak_step. It is the floor where both are equal."""
    value = peak * xp.sqrt(xp.quotient(peak_step, step))
    return xp.where(value > floor, value, floor)


@shape(
    whole_steps=True, low=RATE, high=RATE, half_period=COUNT,
    turn=_to_half,
    cycle=lambda low, high, half_period: (2 * half_period, 1.0, 1, 0.0),
)
def triangle(xp: Any, step: Any, low: Any, high: Any, half_period: Any) -> Any:
    """low + (high - low) height. The height climbs from 0 to 1 over half a period, and falls back."""
    return line(xp, _climbed(xp, step, half_period)[1], low, high, half_period)


@shape(
    whole_steps=True, low=RATE, high=RATE, half_period=COUNT,
    turn=lambda step, *rest: ENDLESS if step > 4400 * rest[-1] else _to_half(step, *rest),
    cycle=lambda low, high, half_period: (2 * half_period, 0.5, 1, low),
)
def halving_triangle(xp: Any, step: Any, low: Any, high: Any, half_period: Any) -> Any:
    """low + (high - low) height / 2^floor(step / period)."""
    cycle, climbed = _climbed(xp, step, half_period)
    swing = xp.times_power(high - low, 0.5, cycle, weight=climbed / half_period)
    return xp.where(cycle == 0, line(xp, climbed, low, high, half_period), low + swing)


@shape(
    whole_steps=True, low=RATE, high=RATE, half_period=COUNT, factor=FACTOR,
    turn=_decaying_turn,
    cycle=lambda low, high, half_period, factor: (2 * half_period, factor, 2 * half_period, low),
)
def decaying_triangle(xp: Any, step: Any, low: Any, high: Any, half_period: Any, factor: Any) -> Any:
    """low + (high - low) height factor^step."""
    height = _climbed(xp, step, half_period)[1] / half_period
    return low + xp.times_power(high - low, factor, step, weight=height)


@shape(first=RATE, last=RATE, length=LENGTH, low=NUMBER, high=NUMBER)
def logistic(xp: Any, step: Any, first: Any, last: Any, length: Any, low: Any, high: Any) -> Any:
    """last + (first - last) (1 - tanh(x)) / 2, where x goes from low to high over the length."""
    x = xp.between(low, high, step, length)
    size = xp.exp(-2.0 * xp.abs(x))
    way = (first - last) * (size / (1.0 + size))
    return xp.where(x > 0.0, last + way, first - way)


@shape(first=RATE, last=RATE, length=INNER_LENGTH, power=EXPONENT)
def rise(xp: Any, step: Any, first: Any, last: Any, length: Any, power: Any) -> Any:
    """last + (first - last) (1 - (step / length)^power), for step < length. A known square root has no logarithm: past
    a quarter, 1 - sqrt(u) = (1 - u) / (1 + sqrt(u))."""
    if not hasattr(power, "shape") and power == 0.5:
        fallen = xp.sqrt(xp.quotient(step, length))
        left = xp.quotient(length - step, length) / (1.0 + fallen)
        return xp.where(step <= (length - 1) // 4, first - (first - last) * fallen, last + (first - last) * left)
    weight, climbed, way = xp.ratio_power(step, length, power, last - first)
    return xp.where(weight > 0.5, last + way, first + climbed)


@shape(first=RATE, last=RATE, shift=POSITIVE, slope=POSITIVE, scale=POSITIVE, power=EXPONENT)
def tail(xp: Any, step: Any, first: Any, last: Any, shift: Any, slope: Any, scale: Any, power: Any) -> Any:
    """last + (first - last) (scale / (shift + slope step))^power."""
    return last + xp.tail_power(step, shift, slope, scale, power, first - last)


@shape(first=RATE, last=RATE, length=LENGTH, beta=POSITIVE)
def rex(xp: Any, step: Any, first: Any, last: Any, length: Any, beta: Any) -> Any:
    """last + (first - last) (1 - u) / (1 - u + beta u), for u = step / length."""
    return xp.mixture(first, last, length - step, beta, step)


@shape(first=RATE, last=RATE, length=INNER_LENGTH, power=EXPONENT)
def arc(xp: Any, step: Any, first: Any, last: Any, length: Any, power: Any) -> Any:
    """last + (first - last) (1 - (step / length)^2)^power, for step < length."""
    weight, left, way = xp.arc_power(step, length, power, first - last)
    return xp.where(weight > 0.5, first + way, last + left)


@shape(first=RATE, last=RATE, length=LENGTH, bound=BOUND)
def hyperbola(xp: Any, step: Any, first: Any, last: Any, length: Any, bound: Any) -> Any:
    """first - (first - last) (f(0) - f(step)) with f(s) = sqrt((length - s) (2 bound - length - s)) / bound. A
    difference of roots is the difference of their squares over their sum."""
    beyond, to_bound = bound - length, bound - xp.times_ratio(1.0, step, 1)
    root = xp.sqrt(xp.quotient(length - step, bound) * (beyond + to_bound) / bound)
    at_first = (xp.quotient(length, bound) * xp.quotient(beyond + bound, bound)) ** 0.5
    fallen = xp.quotient(step, bound) * (bound + to_bound) / bound / (at_first + root)
    left = xp.quotient(beyond, bound) ** 2 / (1.0 + at_first) + root
    return xp.where(step <= 2 * length // 5, first - (first - last) * fallen, last + (first - last) * left)


@shape(whole_steps=True, first=RATE, last=RATE, length=INNER_LENGTH)
def log_ramp(xp: Any, step: Any, first: Any, last: Any, length: Any) -> Any:
    """first + (last - first) ln(1 + step) / ln(length), for step < length."""
    done, left = xp.log_parts(step, length)
    return xp.where(done < 0.5, first + (last - first) * done, last - (last - first) * left)


@shape(first=RATE, last=RATE, length=LENGTH, first_slope=RATE, last_slope=RATE)
def cubic(xp: Any, step: Any, first: Any, last: Any, length: Any, first_slope: Any, last_slope: Any) -> Any:
    """The cubic polynomial in u = step / length with these values and these slopes, by u, at both ends."""
    rest, rise = length - step, last - first
    u = xp.quotient(xp.minimum(step, rest), length)
    cube = first_slope + last_slope - 2.0 * rise
    climbed = u * (first_slope + u * ((rise - first_slope - cube) + u * cube))
    left = u * (last_slope + u * ((rise - last_slope - cube) + u * cube))
    return xp.where(step <= rest, first + climbed, last - left)


@shape(whole_steps=True, first=RATE, last=RATE, length=INNER_LENGTH, k=EXPONENT, exponent=EXPONENT)
def curved_cosine(xp: Any, step: Any, first: Any, last: Any, length: Any, k: Any, exponent: Any) -> Any:
    """last + (first - last) ((1 + cos(pi u^k)) / 2)^exponent, for u = step / length between 0 and 1."""
    done, left = xp.curved_wave_parts(step, length, k, exponent)
    return xp.where(left > 0.5, first - (first - last) * done, last + (first - last) * left)


@shape(whole_steps=True, first=RATE, last=RATE, begin=BEGIN, end=END)
def placed_line(xp: Any, step: Any, first: Any, last: Any, begin: Any, end: Any) -> Any:
    """first + (last - first) (step - begin) / (end - begin)."""
    done, rest = xp.since(begin, step), xp.until(end, step)
    way = xp.times_ratio(last - first, xp.minimum(done, rest), xp.span(begin, end))
    return xp.where(done <= rest, first + way, last - way)


@shape(whole_steps=True, first=RATE, last=RATE, begin=BEGIN, end=END)
def placed_half_cosine(xp: Any, step: Any, first: Any, last: Any, begin: Any, end: Any) -> Any:
    """last + (first - last) (1 + cos(pi (step - begin) / (end - begin))) / 2."""
    done, rest = xp.since(begin, step), xp.until(end, step)
    way = (last - first) * xp.half_wave(xp.minimum(done, rest), xp.span(begin, end))
    return xp.where(done <= rest, first + way, last - way)


def _climbed(xp: Any, step: Any, half_period: Any) -> tuple[Any, Any]:
    """Returns the cycle, and the steps climbed in it: 0 ... half a period."""
    cycle, into = xp.divmod(step, 2 * half_period)
    return cycle, xp.minimum(into, 2 * half_period - into)


# ---- curves of many segments ----


def growing_half_cosine(xp: Any, step: Any, first: Any, last: Any, period: Any, growth: Any) -> Any:
    """A half cosine over each cycle. A cycle is `growth` times as long as the one before."""
    into, length = xp.cycle(step, period, growth)
    return half_cosine(xp, into, first, last, length)


FOLDED = {
    "growing_half_cosine": Shape(
        growing_half_cosine, {"first": RATE, "last": RATE, "period": PERIOD, "growth": PERIOD}, whole_steps=True
    )
}
"""The engines are given a segment for each cycle of these (`unfolded` in _lowering/cycles.py). A library of arrays
evaluates the whole curve, so what it compiles does not grow with the cycles."""
