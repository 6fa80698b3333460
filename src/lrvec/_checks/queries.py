"""These functions check the arguments of questions about a schedule."""

from __future__ import annotations

from .numbers import LAST_STEP, shown
from .parameters import exactly_one, finite, less_than, non_negative_count, single_number, untraced

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn


def relation(**thresholds: Any) -> tuple[str, Any]:
    """Checks that exactly one threshold is given, a finite number or an array of them, and returns it with its name."""
    exactly_one(**thresholds)
    name = next(name for name, value in thresholds.items() if value is not None)
    untraced(name, thresholds[name])
    return name, finite(name, thresholds[name])


def steps_between(start: Any, stop: Any) -> tuple[Any, Any]:
    """Checks the bounds of a range of steps, numbers or arrays, and returns them. A stop of None is behind the last
    step."""
    for name, value in (("start", start), ("stop", stop)):
        untraced(name, value)
    start = non_negative_count("start", start)
    stop = LAST_STEP + 1 if stop is None else non_negative_count("stop", stop)
    if type(start) is type(stop) is int and start >= stop:
        raise ValueError(f"start must be less than stop, received {start} and {stop}")
    less_than("start", start, "stop", stop)
    return start, stop


def refuse_falling_sum(step: Any) -> NoReturn:
    """Raises the error for a schedule whose sum falls again."""
    raise ValueError(f"schedule must not be negative, or its sum falls, received a negative value at step {step}")


def momentum(name: str, value: Any) -> float:
    """Checks that a value is one number from 0 on, below 1."""
    number = single_number(name, value)
    if not 0.0 <= number < 1.0:
        raise ValueError(f"{name} must satisfy 0 <= {name} < 1, received {shown(value)}")
    return number
