"""This module has exact values: numbers of mpmath, the unit of their errors, and the parts of exact formulas."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import mpmath
import numpy as np

mp = mpmath.mp.clone()
mp.prec = 320  # (1 + cos(pi t / T)) / 2 one step before T = 2^53 cancels 106 bits of it

LAST_STEP = 2**53
ACCEPTED = 3.5
"""ulp that the kernels are made to keep, half an ulp below the promise."""

LARGEST = 2.0**1023 * (2.0 - 2.0**-52)
TINY = mp.ldexp(1, -1074)
HUGE = mp.ldexp(1, 1024)

LIMIT = 4.0
"""ulp at most between a result and the exact value."""

STEEP = 4096.0
"""Powers up to here keep the limit. The error of a steeper one is that of a logarithm, 2^-64, times the power."""


STEEP_WAVE = 64.0
"""Exponents of a cosine up to here keep the limit. The error of a greater one grows with it."""


class Exact(NamedTuple):
    """The exact value, and the number in whose ulp an error is counted: the value's own size, unless two parts of it
    cancel by the formula itself, where no double result can be right to the value's own last digit."""

    value: Any
    size: Any


def nearest(value: Any) -> float:
    """The double next to an mpmath number, into the subnormals and to infinity."""
    if abs(value) < TINY / 4:
        return 0.0
    man, exp = abs(value).man_exp
    try:
        size = man * 2**exp / 1 if exp >= 0 else man / 2**-exp  # int / int rounds once, into the subnormals too
    except OverflowError:
        size = math.inf
    return -size if value < 0 else size


def ulp_of(size: Any) -> Any:
    """The distance between doubles of this size: below the normal doubles that of the smallest ones, and beyond the
    largest one, where the difference of two rates may be, what it would be if the exponent went one further."""
    if size == 0:
        return TINY
    return mp.ldexp(1, max(mp.frexp(min(abs(size), HUGE))[1] - 53, -1074))


def ulp_error(got: float, exact: Exact) -> float:
    """The error of a double in ulp. Infinity stands for what comes after the largest double, 2^1024."""
    if math.isnan(got):
        return math.inf
    wanted = max(-HUGE, min(HUGE, exact.value))
    found = mp.mpf(got) if math.isfinite(got) else math.copysign(1, got) * HUGE
    return float(abs(found - wanted) / ulp_of(exact.size))


def exact_sum(values: Any) -> float:
    """The sum of finite doubles, rounded once, as math.fsum gives it, but that takes several times as long. Halves of the
    numbers' digits are integers, whose sums are exact for each exponent alone."""
    digits, exponents = np.frexp(values)
    least = int(exponents.min())
    front = np.trunc(digits * 2.0**26)
    back = (digits * 2.0**26 - front) * 2.0**27
    sums = [(np.bincount(exponents - least, front), 26), (np.bincount(exponents - least, back), 53)]
    return math.fsum(math.ldexp(total, place + least - by) for each, by in sums for place, total in enumerate(each.tolist()) if total)


# ---- forms of formulas ----


def between(first: Any, last: Any, weight: Any, other: Any = None) -> Exact:
    """`first` where the weight is 1, `last` where it is 0. Rates of opposite signs cancel somewhere between. Where `other`, 1 less
    the weight, may be smaller than what mpmath keeps of 1, it is given too."""
    first, last = mp.mpf(first), mp.mpf(last)
    value = first * weight + last * (1 - weight if other is None else other)
    return Exact(value, max(abs(first), abs(last)) if first * last < 0 else abs(value))


def swinging(low: Any, high: Any, weight: Any) -> Exact:
    """low + (high - low) weight for any weight. Where the signs of the two parts differ they cancel, and the larger one
    is the measure."""
    low, high = mp.mpf(low), mp.mpf(high)
    swing = mp.fsub(high, low, exact=True) * weight
    value = low + swing if abs(weight) > 1 else low * (1 - weight) + high * weight
    return Exact(value, max(abs(low), abs(swing)) if low * swing < 0 else abs(value))


def plain(value: Any) -> Exact:
    return Exact(mp.mpf(value), abs(value))


def power_of(factor: float, exponent: Any) -> Any:
    """factor^exponent, with 0^0 = 1."""
    return mp.mpf(factor) ** exponent if factor or not exponent else mp.mpf(0)


def half_wave(first: Any, last: Any, t: int, length: int) -> Exact:
    """Half a cosine wave from `first` at step 0 to `last` at step `length`."""
    return between(first, last, (1 + mp.cospi(mp.mpf(t) / length)) / 2)


def height(t: int, step_size: int) -> Any:
    """How far up a triangle of two times `step_size` steps is at step t, from 0 to 1."""
    into = t % (2 * step_size)
    return mp.mpf(min(into, 2 * step_size - into)) / step_size
