"""This module has the rules of parameters: for each rule bad values, the exception, and the message behind the parameter's name.

Wherever lrsched raises too, the type is lrsched's.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
from oracle import LAST_STEP
from record import KINDS, Parameter, Range

import lrvec

Rule = list[tuple[Any, type[Exception], str]]

nan, inf = float("nan"), float("inf")
BEYOND = 10**400  # an integer, and larger than every double
NEGATIVE = (-BEYOND, -(10**5000))  # the second has more digits than Python writes
LIMIT = f"at most 2**53 = {LAST_STEP}, received"


def of_bits(value: int) -> str:
    return f"a{'n' if value > 0 else ' negative'} integer of {value.bit_length()} bits"


def brief(value: Any) -> str:
    """The value as it stands in a test's name, whatever the numpy: before 2.0, a number of numpy's had the repr of Python's."""
    if type(value) is int and value.bit_length() > 200:
        return of_bits(value)
    return f"{type(value).__name__} {value!r:.30}" if isinstance(value, np.generic) else f"{value!r:.30}"


FINITE = [
    *((value, ValueError, f"must be a finite number, received {value!r}") for value in (nan, inf, -inf)),
    *(
        (value, OverflowError, f"must be a finite number, received {of_bits(value)}")
        for value in (BEYOND, 10**5000, *NEGATIVE)
    ),
    (Fraction(10**400), OverflowError, f"must be a finite number, received {Fraction(10**400)!r:.196} ..."),
    *(
        (value, TypeError, f"must be a finite number, received {value!r}")
        for value in ("0.1", None, 1j, {}, b"1", np.complex128(2.0), np.complex64(3.0), np.void(b"12"), np.array("1", object))
    ),
]
POSITIVE = [
    *FINITE,
    *((value, ValueError, f"must be a positive number, received {value!r}") for value in (0, 0.0, -1e-300)),
]
NON_NEGATIVE = [*FINITE, *((value, ValueError, f"must be non-negative, received {value!r}") for value in (-1, -1e-300))]


def instead(value: Any) -> str:
    """What a message says behind a whole float in place of a count."""
    return f": use int({float(value)!r})" if isinstance(value, (float, np.floating)) and float(value).is_integer() and 0 < value <= LAST_STEP else ""


NO_COUNT = (-1, 1.0, 1e5, 1e16, 2.5, nan, inf, "7", None, 1j, {}, np.float64(3.0))
TOO_LARGE = [
    (LAST_STEP + 1, ValueError, f"must be {LIMIT} {LAST_STEP + 1}"),
    (np.uint64(2**64 - 1), ValueError, f"must be {LIMIT} {2**64 - 1}"),
    *((value, ValueError, f"must be {LIMIT} {of_bits(value)}") for value in (BEYOND, 10**5000)),
]
COUNT = [
    *((value, ValueError, f"must be a positive integer, received {value!r}{instead(value)}") for value in (0, False, *NO_COUNT)),
    *((value, ValueError, f"must be a positive integer, received {of_bits(value)}") for value in NEGATIVE),
    *TOO_LARGE,
]
COUNT_OR_ZERO = [
    *((value, ValueError, f"must be a non-negative integer, received {value!r}{instead(value)}") for value in NO_COUNT),
    *((value, ValueError, f"must be a non-negative integer, received {of_bits(value)}") for value in NEGATIVE),
    *TOO_LARGE,
]
NO_SCHEDULE = "must be a schedule or another callable from a step to a rate, received"
SCHEDULE = [
    (value, TypeError, f"{NO_SCHEDULE} {value!r}")
    for value in (
        0.1,
        None,
        "cosine",
        {"kind": "constant", "params": {"lr": 0.1}},
        lrvec.scale_by_group(lrvec.constant(lr=0.1), multipliers={"a": 1.0}),
    )
]


def unlike(rule: list[Any], *values: Any) -> list[Any]:
    """The rule without these bad values, which mean something else for a parameter."""
    return [entry for entry in rule if not any(entry[0] is value for value in values)]


def satisfying(name: str, within: Range) -> Rule:
    """Of an interval with two ends."""
    low, high = within.low, within.high
    beyond = (math.nextafter(high, inf),) if within.has_high else (high, high + 0.5)
    text = f"must satisfy {low:g} < {name} {'<=' if within.has_high else '<'} {high:g}, received"
    return [*FINITE, *((value, ValueError, f"{text} {value!r}") for value in (low, low - 0.5, *beyond))]


def at_least(least: int) -> Rule:
    return [*COUNT, *((few, ValueError, f"must be at least {least}, received {few}") for few in range(1, least))]


WORDS = sorted({word for kind in KINDS.values() for one in kind.parameters.values() for word in one.choices})
"""The choices of all parameters."""


def among(choices: tuple[str, ...]) -> Rule:
    others = ["sine", "Linear", None, 1, b"linear", *(word for word in WORDS if word not in choices)]
    return [(value, ValueError, f"must be one of {choices}, received {value!r}") for value in others]


FLAG: Rule = [
    (value, TypeError, f"must be True or False, received {value!r}")
    for value in (1, 0, 1.0, "true", None, nan, [True, False], np.array([True, False]), np.int64(1), {})
]
AT_LEAST_1 = [
    *FINITE,
    *((value, ValueError, f"must be at least 1, received {value!r}") for value in (0, -1, 0.999)),
    *((value, ValueError, f"must be {LIMIT} {value!r}") for value in (LAST_STEP + 1, 1e16)),
]
RULES: dict[str, Rule] = {"finite": FINITE, "positive": POSITIVE, "non-negative": NON_NEGATIVE, "at least 1": AT_LEAST_1}


def rule_of(parameter: Parameter, within: Range | None) -> Rule:
    """What breaks a parameter where this is its range. What breaks one of the roles that only one kind has is a matter
    of that kind's record."""
    rule: Rule = []
    if parameter.role.name == "schedule":
        rule = SCHEDULE
    elif parameter.role.name == "flag":
        rule = FLAG
    elif parameter.choices:
        rule = among(parameter.choices)
    elif parameter.role.name == "count" and within:
        least = least_of(within)
        rule = [COUNT_OR_ZERO, COUNT][least] if least < 2 else at_least(least)
    elif parameter.role.reads is float and within:
        rule = RULES.get(within.text) or satisfying(parameter.name, within)
    return unlike(rule, None) if parameter.may_be_none else rule


def least_of(within: Range) -> int:
    """The least integer of a range that has one."""
    return int(within.low) + (not within.has_low)
