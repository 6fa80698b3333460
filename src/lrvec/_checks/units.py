"""These functions read quantities with units, and check ramps of the batch size."""

from __future__ import annotations

import re
from fractions import Fraction

from .numbers import LAST_STEP, shown
from .parameters import one_of, single_count

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, NoReturn

STEPS, SAMPLES, TOKENS, EPOCHS, SHARE = "steps", "samples", "tokens", "epochs", "share"

UNITS = {
    **dict.fromkeys(("step", "steps", "ba", "batch", "batches"), STEPS),
    **dict.fromkeys(("sample", "samples", "sp"), SAMPLES),
    **dict.fromkeys(("token", "tokens", "tok"), TOKENS),
    **dict.fromkeys(("epoch", "epochs", "ep"), EPOCHS),
    **dict.fromkeys(("dur", "%"), SHARE),
}
"""What is counted, by the words for it. Composer has ba, sp, tok, ep and dur."""

_SIZES = {"": 1, "k": 10**3, "K": 10**3, "M": 10**6, "B": 10**9, "T": 10**12}
_QUANTITY = re.compile(r"\s*(\d+(?:_\d+)*(?:\.\d+)?(?:[eE][+-]?\d{1,2})?)\s*([kKMBT]?)\s*([a-zA-Z%]*)\s*")

ROUNDINGS = ("up", "down", "nearest")


def quantity(name: str, value: Any) -> tuple[Fraction, str]:
    """Returns the number and what it counts, of an integer of steps or of a text with a unit."""
    if not isinstance(value, str):
        return Fraction(single_count(name, value, 0)), STEPS
    found = _QUANTITY.fullmatch(value) if len(value) <= 100 else None
    if not found:
        rule = 'be an integer of steps or a number with a unit, such as "10T tokens"'
        raise ValueError(f"{name} must {rule}, received {shown(value)}")
    number, size, unit = found.groups()
    if unit not in UNITS:
        raise ValueError(f"{name} must have one of the units {', '.join(UNITS)}, received {shown(value)}")
    amount = Fraction(number.replace("_", "")) * _SIZES[size]  # Fraction takes no underscores on Python 3.10
    return amount / 100 if unit == "%" else amount, UNITS[unit]


def total(value: Any) -> tuple[Fraction, str]:
    """Returns the number of a whole run and what it counts, which is no share."""
    number, unit = quantity("total", value)
    if unit == SHARE:
        raise ValueError(f"total must be no share, received {shown(value)}")
    return number, unit


def whole_run(value: Any, given: Any) -> Any:
    """Checks that the whole is given of which a quantity is a share."""
    if value is None:
        raise ValueError(f"total must be given for a share, received {shown(given)} and no total")
    return value


def needed(name: str, value: Any, counted: str) -> Any:
    """Checks that a clock knows what it must know to count something."""
    if value is None:
        raise ValueError(f"{name} must be given to count {counted}, received None")
    return value


def rounding(value: Any) -> str:
    return one_of("rounding", value, ROUNDINGS)


def scale(value: Any) -> str:
    """Checks what an axis counts."""
    return one_of("unit", value, (TOKENS, EPOCHS, SAMPLES))


def no_ramp(steps_per_epoch: Any) -> NoReturn:
    """Raises the error for epochs under a ramp, under which they differ in their steps."""
    raise ValueError(f"steps_per_epoch must not be given with a ramp, received {shown(steps_per_epoch)}")


def ramp(value: Any) -> tuple[Any, ...]:
    """Checks that a ramp is three integers, or pairs. Returns it as tuples."""
    rule = "ramp must be three integers, or pairs of a quantity and the samples of a step"
    if not isinstance(value, (list, tuple)) or not value:
        raise ValueError(f"{rule}, received {shown(value)}")
    if all(isinstance(one, (list, tuple)) and len(one) == 2 for one in value):
        return tuple([(seen, single_count("ramp's samples of a step", size)) for seen, size in value])
    if len(value) != 3 or any(isinstance(one, (list, tuple)) for one in value):
        raise ValueError(f"{rule}, received {shown(value)}")
    names = ("ramp's start", "ramp's increment", "ramp's samples")
    return tuple([single_count(name, one) for name, one in zip(names, value, strict=True)])


def increments(start: int, increment: int, size: int) -> int:
    """Returns how often a batch size grows by an increment."""
    if start > size:
        raise ValueError(f"ramp must not go back, received the start {start} above the {size} samples of a step")
    if (size - start) % increment:
        rule = f"ramp's increment must divide {size} - {start}, the growth of the samples of a step"
        raise ValueError(f"{rule}, received {increment}")
    return (size - start) // increment


def pairs(ramp: tuple[Any, ...], unit: str, size: int) -> Iterator[tuple[Fraction, int]]:
    """Yields what is seen, in a unit, and the samples of a step from there on."""
    before: tuple[Any, int] = (None, 0)
    for place, (given, samples) in enumerate(ramp):
        name = f"ramp at index {place}"
        seen, counted = (Fraction(single_count(name, given, 0)), unit) if type(given) is int else quantity(name, given)
        if counted != unit and seen:
            raise ValueError(f"{name} must count {unit}, received {shown(given)}")
        if place == 0 and seen:
            raise ValueError(f"ramp must begin at 0, received {shown(given)}")
        if place and seen <= before[0]:
            raise ValueError(f"ramp must not go back, received {shown(given)} at index {place}")
        if samples < before[1]:
            raise ValueError(f"ramp must not go back, received {samples} after {before[1]} at index {place}")
        before = seen, samples
        yield before
    if before[1] != size:
        raise ValueError(f"ramp must end with the {size} samples of a step, received {before[1]}")


def count_of(name: str, value: int, given: Any) -> int:
    """Checks that a count of steps is not too large."""
    if value > LAST_STEP:
        raise ValueError(f"{name} must be at most 2**53 = {LAST_STEP} steps, received {shown(given)}")
    return value
