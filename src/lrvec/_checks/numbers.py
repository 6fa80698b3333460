"""These functions check single numbers, and write values into messages.

A message names the parameter, states the rule and shows the value. The exceptions have lrsched's types: a ValueError
for a number that breaks its rule and for a step or a count that is no integer, a TypeError for a rate that is no
number. Each check returns the value as the number that the rest of the library computes with.
"""

from __future__ import annotations

from .._frameworks import TABLES, has, has_boolean_type, has_labels, is_foreign_boolean, is_one_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, NoReturn

LAST_STEP = 2**53
"""The last step. A double holds every integer up to here exactly."""


class OverflowValueError(ValueError, OverflowError):
    """This error refuses an integer that is beyond every double."""


class SequenceError(TypeError, ValueError):
    """This error refuses what is no sequence, or one of another length. lrsched raises the one or the other."""


class NumberError(TypeError, ValueError):
    """This error refuses what is no number, where lrsched asks for an integer and raises a ValueError."""


class MemoryValueError(ValueError, MemoryError):
    """This error refuses a request for more values than the memory of this machine can hold."""


def is_array(value: Any) -> bool:
    """Tells whether a parameter makes a sweep: whether it is a list, a tuple or an array of at least one dimension."""
    try:
        return isinstance(value, (list, tuple)) or (hasattr(value, "__array__") and getattr(value, "ndim", 0) > 0)
    except Exception:  # an attribute of the object raised it
        return False


MOST_SHOWN = 200
"""A message shows about so many characters of a value."""


def shown(value: Any) -> str:
    """Writes a value into a message: its repr, shortened if that is long, or its type if the repr fails
    or shows a table."""
    try:
        if isinstance(value, int) and value.bit_length() > MOST_SHOWN:
            return f"{'a negative' if value < 0 else 'an'} integer of {value.bit_length()} bits"
        if type(value) in (list, tuple, str, bytes, bytearray) and len(value) > MOST_SHOWN:
            value = value[:MOST_SHOWN]  # the repr of so many items is still too long, and is shortened below
        if is_one_of(type(value), *TABLES):
            return f"a {type(value).__name__} of {type(value).__module__.partition('.')[0]}"
        text = repr(value)
    except Exception:
        return f"a value of type {type(value).__name__:.100}"
    return text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN - 4]} ..."


def finite(name: str, value: Any) -> float:
    """Checks that `value` is a finite number, and returns it as a float. Python's True stands for 1."""
    if has_boolean_type(value):
        refuse_boolean(name, value)
    import math  # here, since few numbers come here, and the import of lrvec need not wait for it

    refused: type[Exception] = ValueError
    try:
        if _is_number(value):
            if math.isfinite(value):
                return float(value)
        else:
            refused = TypeError
    except OverflowError:
        refused = OverflowValueError
    except ValueError:
        pass  # math.isfinite raised it for a signalling NaN of Decimal
    except Exception:
        refused = TypeError
    raise refused(f"{name} must be a finite number, received {shown(value)}")


def _is_number(value: Any) -> bool:
    """Tells whether float() may convert `value`: complex numbers, times, text, records and booleans of other libraries
    are no numbers here."""
    dtype: Any = getattr(value, "dtype", None)
    kind = getattr(dtype, "kind", "f")
    if kind == "O":
        return _is_number(value[()])
    if isinstance(value, (complex, str, bytes, bytearray)) or kind in "cSUMm":
        return False
    if has_boolean_type(value):
        return False
    return kind != "V" or dtype.type.__name__ != "void"  # the number types of other libraries have the kind V too


def integer(value: Any) -> int | None:
    """Returns the int that `value` stands for, or None. A Python or numpy integer has one; a float, a string, an array
    and a boolean of another library have none."""
    try:
        if isinstance(value, int):
            return int.__index__(value)
        import operator  # here, since most values are Python's own integers

        dtype: Any = getattr(value, "dtype", None)
        if getattr(value, "shape", ()) != () or (getattr(dtype, "kind", "") or str(dtype)[-4:]) in ("b", "bool"):
            return None
        return int.__index__(operator.index(value))
    except Exception:  # the object is no integer, or one of its attributes raised it
        return None


def count(name: str, value: Any, least: int, rule: str) -> int:
    """Checks that `value` is an integer from `least` to the last step, and returns it as an int. `rule` names the
    integers that may be: "positive" or "non-negative"."""
    number = integer(value)
    if number is None or number < least:
        raise ValueError(f"{name} must be a {rule} integer, received {shown(value)}{_instead(value, least)}")
    if number > LAST_STEP:
        raise ValueError(f"{name} must be at most 2**53 = {LAST_STEP}, received {shown(number)}")
    return number


def _instead(value: Any, least: int) -> str:
    """Says what to use in place of a float such as 1e5, if it stands for a count of at least `least`."""
    try:
        if isinstance(value, float) or (getattr(value, "dtype", None) is not None and value.dtype.kind == "f"):
            number = float(value)
            return f": use int({number!r})" if number.is_integer() and least <= number <= LAST_STEP else ""
    except Exception:  # an attribute of the object raised it, or it is an array
        pass
    return ""


def is_boolean(value: Any) -> bool:
    """Tells whether a value is a boolean, of any library."""
    return isinstance(value, bool) or has_boolean_type(value)


def are_whole(numbers: Any) -> bool:
    """Tells whether all entries of an array of floats are integers. To round takes a tenth of the time that % takes."""
    from .. import _blocks

    return _blocks.all_hold(lambda part: part.round() == part, numbers)


def refuse_boolean(name: str, value: Any) -> NoReturn:
    """Refuses a boolean in place of a real number. To lrsched numpy's is a number, so its error is that of a number out
    of range."""
    error = TypeError if is_foreign_boolean(value) else ValueError
    raise error(f"{name} must be a finite number, not a boolean, received {shown(value)}")


def no_boolean(name: str, value: Any, rule: str) -> None:
    """Checks that an entry of several is no boolean. Alone, Python's True stands for 1, and another library's for
    nothing."""
    if isinstance(value, bool) or is_foreign_boolean(value):
        raise ValueError(f"{name} must be a {rule} integer, not a boolean, received {shown(value)}")


def iterable(name: str, value: Any, *, mapping: str = "a list", ordered: bool = True) -> Iterable[Any]:
    """Checks that `value` can be iterated over and loses nothing by it, and returns it. Text would become letters, a
    mapping its keys, for which `mapping` says what to use, and a set has no order, which matters where `ordered`."""
    instead = _no_sequence(value, mapping, ordered)
    if instead:
        raise SequenceError(f"{name} must be a sequence, not {instead}, received {shown(value)}")
    try:
        iter(value)
    except Exception:
        raise TypeError(f"{name} must be a sequence, received {shown(value)}") from None
    found: Iterable[Any] = value
    return found


def _no_sequence(value: Any, mapping: str, ordered: bool) -> str:
    """Says what `value` is, and what to use in its place, if it can be iterated over but is no sequence."""
    if issubclass(type(value), (str, bytes, bytearray)):
        return "text: use a list"
    if ordered and issubclass(type(value), (set, frozenset)):
        return "a set, which has no order: use a list"
    return f"a mapping: use {mapping}" if is_mapping(value) else ""


def is_mapping(value: Any) -> bool:
    """Tells whether `value` is a mapping. A Series of pandas has keys too, but it is an array with an index."""
    return has(value, "keys") and not has_labels(value)


def listed(name: str, value: Any, *, mapping: str = "a list", ordered: bool = True) -> list[Any]:
    """Returns the items of a sequence as a list."""
    if type(value) is tuple or type(value) is list:
        return list(value)
    items = iterable(name, value, mapping=mapping, ordered=ordered)
    try:
        return list(items)
    except MemoryError:
        raise MemoryValueError(f"{name} must fit in memory, received {shown(value)}") from None
    except Exception as error:
        raise TypeError(f"{name} must be a sequence, received {shown(value)}") from error


def is_rate(value: Any) -> bool:
    """Tells whether `value` can be called for one rate. A GroupSchedule cannot: it gives a dict of rates."""
    try:
        return callable(value) and not hasattr(value, "_multipliers")
    except Exception:  # an attribute of the object raised it
        return True


def schedule(name: str, value: Any) -> Any:
    """Checks that `value` is a schedule or another callable from a step to a rate, and returns it."""
    if not is_rate(value):
        raise TypeError(f"{name} must be a schedule or another callable from a step to a rate, received {shown(value)}")
    return value


def factory(name: str, value: Any) -> Any:
    """Checks that `value` can be called with parameters, and returns it."""
    if not callable(value):
        raise TypeError(f"{name} must be a function that makes a schedule, received {shown(value)}")
    return value


def refuse_size(count: int, size: int, name: str = "steps", what: str = "values") -> NoReturn:
    """Raises the error for `count` values of `size` bytes each, which no memory holds; `name` says whose they are."""
    raise MemoryValueError(f"{name} must fit in memory, received {count} of them for {what} of {size} bytes each")
