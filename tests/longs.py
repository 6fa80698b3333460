"""This module has the parts of formulas in long doubles, for millions of candidates at once.

A long double of x86 has 64 bits, 2^-11 ulp of a double, and an exponent of 15 bits, in which nothing that matters here
underflows or overflows; sine, power and expm1 are there to its precision. Pairs of doubles would have twice the bits but
the exponent of a double, and no functions. Where a long double is no wider than a double, `refuse_narrow` says so.
"""

from __future__ import annotations

import sys
from typing import Any, NamedTuple

import numpy as np
from oracle import LAST_STEP

LONG = np.longdouble
BITS = np.finfo(LONG).nmant + 1
"""Of a long double's significand."""
SPLIT = LONG(2) ** ((BITS + 1) // 2) + 1
HALF_PI = LONG("1.5707963267948966192313216916397514421")
LN2 = LONG("0.69314718055994530941723212145817656808")
HUGE = np.ldexp(LONG(1), 1024)
LARGEST, TINIEST = sys.float_info.max, 5e-324

Array = Any


def refuse_narrow() -> None:
    if BITS < 64:
        raise SystemExit(f"a long double must have 64 bits or more to judge doubles, it has {BITS} here")


# ---- weights, as a pair: of the first rate and of the last, neither with any cancellation ----


class Value(NamedTuple):
    """As oracle.Exact: the value, and the number in whose ulp an error is counted."""

    value: Array
    size: Array


Weights = tuple[Array, Array]


def positive(length: Array) -> Array:
    """A divisor, 1 where nothing is divided."""
    return np.where(length > 0, length, LONG(1))


def straight(t: Array, length: Array) -> Weights:
    return (length - t) / length, t / length


def wave(t: Array, length: Array) -> Weights:
    """cos^2 and sin^2 of pi t / 2 length."""
    early = 2 * t <= length
    small = np.sin(HALF_PI * (np.where(early, t, length - t) / length)) ** 2
    return np.where(early, 1 - small, small), np.where(early, small, 1 - small)


def halving(t: Array, length: Array) -> Weights:
    """2^(1 - t / length) - 1, and 2 (1 - 2^(-t / length))."""
    return np.expm1(LN2 * ((length - t) / length)), -2 * np.expm1(-LN2 * (t / length))


def root(t: Array, length: Array) -> Weights:
    fallen = np.sqrt(t / length)
    return (length - t) / length / (1 + fallen), fallen


def logarithmic(t: Array, length: Array) -> Weights:
    """1 - ln(1 + t) / ln(length), and its complement."""
    rest = length - 1 - t
    left = np.where(4 * rest < length, -np.log1p(-rest / length), np.log(length / (1 + t)))
    return left / np.log(length), np.log1p(t) / np.log(length)


def curved_wave(t: Array, length: Array, k: Array, exponent: Array) -> Weights:
    """cos^2 of pi / 2 (t / length)^k, raised to the exponent, and its complement. An exponent above 4 would show the errors
    of long doubles: then they are not numbers."""
    rest = length - t
    octaves = k * np.where(4 * rest < length, np.log1p(-rest / length), np.log(t / length))
    share, left = np.exp(octaves), -np.expm1(octaves)
    left = np.where(k == 1, rest / length, left)
    share = np.where(k == 1, t / length, share)
    late = share > left
    square = np.sin(HALF_PI * np.minimum(share, left)) ** 2
    exponent = np.where(exponent > 4, np.nan, exponent)
    early = exponent * np.log1p(-np.where(late, 0, square))
    power = square**exponent
    return np.where(late, power, np.exp(early)), np.where(late, 1 - power, -np.expm1(early))


def between(first: Array, last: Array, weights: Weights) -> Value:
    value = first * weights[0] + last * weights[1]
    return Value(value, np.where(first * last < 0, np.maximum(abs(first), abs(last)), abs(value)))


def plain(value: Array) -> Value:
    return Value(value, abs(value))


def choose(condition: Array, yes: Value, no: Value) -> Value:
    return Value(np.where(condition, yes.value, no.value), np.where(condition, yes.size, no.size))


def times(x: Array, y: Array) -> Array:
    """The product, 0 where one of them is 0, though the other be infinite."""
    return np.where((x == 0) | (y == 0), LONG(0), x * y)


def product(x: Array, y: Array) -> tuple[Array, Array]:
    """x y and what its rounding left out."""
    split = x * SPLIT
    head = split - (split - x)  # Dekker's halves, whose products with the halves of y are exact
    split = y * SPLIT
    y_head = split - (split - y)
    tail, y_tail = x - head, y - y_head
    whole = x * y
    return whole, ((head * y_head - whole) + head * y_tail + tail * y_head) + tail * y_tail


def quotient(x: Array, y: Array) -> tuple[Array, Array]:
    """x / y and what its rounding left out, for integers."""
    ratio = x / y
    back, low = product(ratio, y)
    return ratio, ((x - back) - low) / y


def growing(first: Array, last: Array, t: Array, length: Array) -> Value:
    """first (last / first)^(t / length)."""
    share, rest = quotient(t, length)
    ratio = last / first
    return plain(first * ratio**share * (1 + rest * np.log(ratio)))


def on_the_way(first: Array, last: Array, t: Array, length: Array) -> Array:
    """first + (last - first) t / length."""
    one, one_low = product(first, length - t)
    other, other_low = product(last, t)
    whole = one + other
    part = whole - one
    return (whole + ((one - (whole - part)) + (other - part) + (one_low + other_low))) / length


def swinging(low: Array, high: Array, weight: Array) -> Value:
    swing = times(high - low, weight)
    value = np.where(abs(weight) > 1, low + swing, low * (1 - weight) + high * weight)
    return Value(value, np.where(low * swing < 0, np.maximum(abs(low), abs(swing)), abs(value)))


# ---- clocks: the begin and the length of phases ----

Clocks = list[tuple[Array, Array]]


def until_gone(factor: Array, width: Array) -> tuple[Array, Array]:
    """The steps in which the factor's power goes through all exponents of a double."""
    octaves = abs(np.log2(np.maximum(abs(factor), TINIEST)))
    return 0.0, np.minimum(1100.0 / np.maximum(octaves, 2.0**-53) * width, LAST_STEP)


def climbed(t: Array, step_size: Array) -> Array:
    """The steps up a triangle of two times `step_size` steps at step t."""
    into = np.fmod(t, 2 * step_size)
    return np.minimum(into, 2 * step_size - into)
