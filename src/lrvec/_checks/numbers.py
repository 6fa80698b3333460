"""Checks of single numbers, and how a value is shown in a message.

A message names the parameter, states the rule and shows the value. The types raised are lrsched's: ValueError for a
number that breaks its rule and for any step or count that is not one, TypeError for a rate that is no number at all.
Each check returns the value as the number that the rest of the library computes with.
"""

from __future__ import annotations

import operator
from math import isfinite

from .._frameworks import has

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, NoReturn

LAST_STEP = 2**53
"""The last step: up to here every step is exact in a double."""


class OverflowValueError(ValueError, OverflowError):
    """An integer beyond every double."""


class MemoryValueError(ValueError, MemoryError):
    """A request for more values than the memory of this machine can hold."""


def is_array(value: Any) -> bool:
    """Whether a parameter is a sweep's: a list, a tuple or an array of at least one dimension."""
    try:
        return isinstance(value, (list, tuple)) or (hasattr(value, "__array__") and getattr(value, "ndim", 0) > 0)
    except Exception:  # of an object whose attributes fail
        return False


MOST_SHOWN = 200
"""Characters of a value in a message, about."""


def shown(value: Any) -> str:
    """A value for a message: its repr, shortened where that is long, and its type where there is none."""
    try:
        if isinstance(value, int) and value.bit_length() > MOST_SHOWN:
            return f"{'a negative' if value < 0 else 'an'} integer of {value.bit_length()} bits"
        if type(value) in (list, tuple, str, bytes, bytearray) and len(value) > MOST_SHOWN:
            value = value[:MOST_SHOWN]  # whose repr is longer still
        text = repr(value)
    except Exception:
        return f"a value of type {type(value).__name__:.100}"
    return text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN - 4]} ..."


def finite(name: str, value: Any) -> float:
    """A finite number, as a float."""
    refused: type[Exception] = ValueError
    try:
        if _is_number(value):
            if isfinite(value):
                return float(value)
        else:
            refused = TypeError
    except OverflowError:
        refused = OverflowValueError
    except ValueError:
        pass  # a signalling NaN
    except Exception:
        refused = TypeError
    raise refused(f"{name} must be a finite number, received {shown(value)}")


def _is_number(value: Any) -> bool:
    """Whether float() may be asked: not of complex numbers, times, or what numpy would read as text."""
    dtype: Any = getattr(value, "dtype", None)
    kind = getattr(dtype, "kind", "f")
    if kind == "O":
        return _is_number(value[()])
    if isinstance(value, (complex, str, bytes, bytearray)) or kind in "cSUMm":
        return False
    return kind != "V" or dtype.type.__name__ != "void"  # other libraries' numbers are of kind V


def integer(value: Any) -> int | None:
    """The int that `value` stands for, if it is one: a Python or numpy integer, not a float, a string or an array."""
    try:
        if isinstance(value, int):
            return int.__index__(value)
        if getattr(value, "shape", ()) != () or getattr(getattr(value, "dtype", None), "kind", "") == "b":
            return None
        return int.__index__(operator.index(value))
    except Exception:  # of an object that is no integer, or whose attributes fail
        return None


def count(name: str, value: Any, least: int, rule: str) -> int:
    """An integer from `least` to the last step."""
    number = integer(value)
    if number is None or number < least:
        raise ValueError(f"{name} must be a {rule} integer, received {shown(value)}")
    if number > LAST_STEP:
        raise ValueError(f"{name} must be at most 2**53 = {LAST_STEP}, received {shown(number)}")
    return number


def iterable(name: str, value: Any) -> Iterable[Any]:
    try:
        iter(value)
    except Exception:
        raise TypeError(f"{name} must be a sequence, received {shown(value)}") from None
    found: Iterable[Any] = value
    return found


def listed(name: str, value: Any) -> list[Any]:
    """The items of a sequence."""
    try:
        return list(iterable(name, value))
    except MemoryError:
        raise
    except Exception as error:
        raise TypeError(f"{name} must be a sequence, received {shown(value)}") from error


def is_rate(value: Any) -> bool:
    """Whether it gives a rate for a step: groups give a dict of them."""
    return callable(value) and not has(value, "_multipliers")


def schedule(name: str, value: Any) -> Any:
    if not is_rate(value):
        raise TypeError(f"{name} must be a schedule or another callable from a step to a rate, received {shown(value)}")
    return value


def refuse_size(count: int, size: int, name: str = "steps", what: str = "values") -> NoReturn:
    raise MemoryValueError(f"{name} must fit in memory, received {count} of them for {what} of {size} bytes each")
