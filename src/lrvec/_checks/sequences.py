"""These functions check sequences that a user gives: milestones, phases, knots, names and other lists."""

from __future__ import annotations

from .numbers import LAST_STEP, SequenceError, is_array, is_rate, iterable, listed, no_boolean, schedule, shown
from .parameters import (
    broadcast,
    finite,
    kept_whole,
    non_negative,
    non_negative_count,
    obey,
    positive,
    positive_count,
    single_count,
    untraced,
    up_to_last_step,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from typing import Any


MOST_KNOTS = 100_000
"""A curve through knots has so many of them at most."""


def ascending(name: str, value: Any) -> list[Any]:
    """Returns the items of a sequence of steps in ascending order. Each is still to be checked by itself."""
    untraced(name, value)
    items = listed(name, value, mapping="sequential for a rate of each phase", ordered=False)
    for item in items:
        untraced(name, item)
        if is_array(item):
            single_count("milestone", item)  # refuses an array
        no_boolean("milestone", item, "positive")
    try:
        return sorted(items)
    except Exception:
        raise TypeError(f"{name} must be positive integers, received {shown(items)}") from None


def pair(name: str, value: Any) -> tuple[Any, Any]:
    """Checks that a callable with a state has returned a pair."""
    if not isinstance(value, tuple) or len(value) != 2:
        raise TypeError(f"{name} must be a pair (lr, new_state), received {shown(value)}")
    return value


def two(name: str, value: Any, parts: str) -> tuple[Any, Any]:
    """Checks that a value is a tuple or a list of two. `parts` says in a message what these are."""
    if not isinstance(value, (tuple, list)) or len(value) != 2:
        raise SequenceError(f"{name} must be a pair of {parts}, received {shown(value)}")
    first, second = value
    return first, second


def phases(value: Any) -> tuple[tuple[int, Any], ...]:
    """Checks the phases of `sequential`: at least one pair of a positive duration and a schedule."""
    found: list[tuple[int, Any]] = []
    for phase in listed("phases", value, mapping="its items()"):
        try:
            duration, part = phase if type(phase) is tuple else iterable("phase", phase)
        except Exception as error:
            message = f"phase {len(found)} must be a pair of a duration and a schedule, received {shown(phase)}"
            raise (SequenceError if isinstance(error, ValueError) else TypeError)(message) from None
        if not (type(duration) is int and 0 < duration <= LAST_STEP):
            duration = positive_count("phase duration", duration)
        if not is_rate(part):
            schedule(f"schedule of phase {len(found)}", part)  # refuses what is no schedule
        found.append((duration, part))
    if not found:
        raise ValueError("sequential requires at least one phase, received none")
    return tuple(found)


def joined(value: Any) -> tuple[Any, ...]:
    """Checks the phases of `join`: pairs of a duration and a schedule; the last one may be a schedule alone."""
    parts = listed("phases", value, mapping="its items()")
    if not parts:
        raise ValueError("join requires at least one phase, received none")
    found: list[Any] = []
    for index, part in enumerate(parts):
        if index + 1 == len(parts) and callable(part):
            found.append(part if is_rate(part) else schedule(f"phase {index}", part))
            continue
        try:
            duration, own = part if type(part) is tuple else iterable("phase", part)
        except Exception:
            rule = "be a pair of a duration and a schedule; the last one may be a schedule alone"
            raise TypeError(f"phase {index} must {rule}, received {shown(part)}") from None
        if not (type(duration) is int and 0 <= duration <= LAST_STEP):
            duration = non_negative_count("phase duration", duration)
        found.append((duration, own if is_rate(own) else schedule(f"schedule of phase {index}", own)))
    return tuple(found)


def terms(name: str, value: Any, constant: Callable[[float], Any]) -> tuple[Any, ...]:
    """Checks that there is a schedule, another callable or a number at least, and puts a constant in place of each
    number."""
    found = tuple(listed(name, value))
    if not found:
        raise ValueError(f"{name} must hold at least one schedule, received none")
    return tuple([_term(f"{name}[{index}]", one, constant) for index, one in enumerate(found)])


def _term(name: str, value: Any, constant: Callable[[float], Any]) -> Any:
    if callable(value):
        return schedule(name, value)
    try:
        number = finite(name, value)
    except TypeError:
        rule = "be a schedule, another callable from a step to a rate, or a number"
        raise TypeError(f"{name} must {rule}, received {shown(value)}") from None
    return constant(number)


def knots(name: str, value: Any) -> tuple[int, ...]:
    """Checks the steps of a curve through knots: at least one, in ascending order, each of them once."""
    return _ascending_knots(name, value, lambda place, item: single_count(place, item, 0))


def real_knots(name: str, value: Any) -> tuple[float, ...]:
    """Checks the steps of a curve through knots that may lie between steps. A whole one is an integer then. Each may be
    an array."""
    return _ascending_knots(name, value, _real_knot)


def _real_knot(name: str, value: Any) -> float:
    if isinstance(value, float) and 0.0 <= value <= LAST_STEP:
        return kept_whole(float(value))
    if is_array(value):
        return up_to_last_step(name, non_negative(name, value), value)
    return single_count(name, value, 0)


def whole_knots(name: str, value: tuple[float, ...], why: str) -> None:
    """Checks that all knots are at whole steps. `why` says what needs that."""
    for index, one in enumerate(value):
        if type(one) is not int:
            obey(f"{name}[{index}]", one, one % 1 == 0, one, f"be an integer {why}")


def _ascending_knots(name: str, value: Any, check: Callable[[str, Any], Any]) -> tuple[Any, ...]:
    found = tuple([check(f"{name}[{i}]", item) for i, item in enumerate(_known_items(name, value))])
    for i in range(1, len(found)):
        before, after = found[i - 1], found[i]
        if hasattr(before, "shape") or hasattr(after, "shape"):
            from . import columns

            broadcast({f"{name}[{i - 1}]": before, f"{name}[{i}]": after})
            columns.ascending(name, before, after)
        elif before >= after:
            raise ValueError(f"{name} must be in ascending order, each once, received {after} after {before}")
    return found


def period_lengths(name: str, value: Any) -> tuple[int, ...]:
    """Checks the lengths of periods that follow each other: at least one, all positive, with the last step in the last
    of them, or behind it."""
    found = tuple([single_count(f"{name}[{i}]", item, 1) for i, item in enumerate(_known_items(name, value))])
    if sum(found) > LAST_STEP:
        raise ValueError(f"the sum of {name} must be at most {LAST_STEP}, received {sum(found)}")
    return found


def knot_values(name: str, value: Any) -> tuple[float, ...]:
    """Checks the values of a curve through knots: at least one, all finite. Each may be an array."""
    return tuple([finite(f"{name}[{i}]", item) for i, item in enumerate(_known_items(name, value))])


def _known_items(name: str, value: Any) -> list[Any]:
    untraced(name, value)
    items = listed(name, value)
    for item in items:
        untraced(name, item)
    if not 0 < len(items) <= MOST_KNOTS:
        raise ValueError(f"{name} must have from 1 to {MOST_KNOTS} items, received {len(items)}")
    return items


def as_many(name: str, value: Collection[Any], other_name: str, other: Collection[Any]) -> None:
    """Checks that two sequences have as many items."""
    if len(value) != len(other):
        raise ValueError(f"{name} must have as many items as {other_name}, received {len(value)} for {len(other)}")


def one_less(name: str, value: Collection[Any], other_name: str, other: Collection[Any]) -> None:
    """Checks that a sequence has one item less than another one, which may not be empty."""
    if len(value) != len(other) - 1:
        raise ValueError(f"{name} must have one item less than {other_name}, received {len(value)} for {len(other)}")


def multipliers(value: Any) -> dict[Any, float]:
    """Checks the multipliers of groups: at least one positive number by its group's name."""
    try:
        given = dict(value if type(value) is dict else value.items())
    except Exception:
        rule = "be a mapping from group names to numbers"
        raise TypeError(f"multipliers must {rule}, received {shown(value)}") from None
    if not given:
        raise ValueError("multipliers must not be empty, received no group")
    for name, one in given.items():
        if not (type(one) is float and one - one == 0.0 < one):
            given[name] = _multiplier(f"multiplier for group {shown(name)}", one)
    return given


def _multiplier(name: str, value: Any) -> float:
    if is_array(value):
        raise TypeError(f"{name} must be a positive number, received {shown(value)}")
    return positive(name, value)


def names(name: str, value: Any, count: int) -> tuple[Any, ...]:
    """Checks that there are `count` names, all different."""
    found = tuple(listed(name, value, mapping="its keys()"))
    try:
        differ = len(set(found)) == len(found)
    except Exception:  # a name that cannot be hashed raised it
        differ = False
    if not differ or len(found) != count:
        raise ValueError(f"{name} must be {count} different names, received {shown(value)}")
    return found


def counts(name: str, value: Any, least: int = 1) -> list[int]:
    """Checks every count in a sequence, and names the one that is none."""
    return [single_count(f"{name}[{index}]", one, least) for index, one in enumerate(listed(name, value))]


def milestones(name: str, value: Any) -> tuple[int, ...]:
    """Checks that every milestone is a positive count, and returns them in ascending order."""
    return tuple(positive_count("milestone", milestone) for milestone in ascending(name, value))
