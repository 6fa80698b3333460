"""These functions check what a user gives: the parameters of a kind, the rules between them, and other arguments.

A traced value cannot be looked at, so no check refuses it. An array is checked as a column of a sweep, entry by entry,
and the message names the first index whose entry breaks the rule. Functions called `refuse_...` only raise.
"""

from __future__ import annotations

import os
import sys

from .._frameworks import has, has_boolean_type, has_real_type, is_foreign_boolean, is_traced
from .numbers import (
    LAST_STEP,
    MOST_SHOWN,
    NumberError,
    SequenceError,
    integer,
    is_array,
    is_rate,
    iterable,
    listed,
    no_boolean,
    refuse_boolean,
    schedule,
    shown,
)
from .numbers import count as single
from .numbers import finite as single_finite

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from typing import Any, NoReturn, TypeVar

    Number = TypeVar("Number")


def finite(name: str, value: Any) -> float:
    """Checks that a rate, a factor or another real number is finite. The checks of narrower ranges begin with this."""
    if type(value) is float and value - value == 0.0:
        return value
    if has_boolean_type(value):
        refuse_boolean(name, value)
    if is_traced(value):
        if not has_real_type(value):
            raise TypeError(f"{name} must be a finite number, received {shown(value)}")
        traced: float = value
        return traced
    if is_array(value):
        from . import columns

        return columns.rates(name, value)  # type: ignore[return-value]
    return single_finite(name, value)


def positive(name: str, value: Any) -> float:
    number = finite(name, value)
    return _obey(name, number, number > 0.0, value, "be a positive number")


def non_negative(name: str, value: Any) -> float:
    number = finite(name, value)
    return _obey(name, number, number >= 0.0, value, "be non-negative")


def length(name: str, value: Any) -> float:
    """Checks that a number of steps, which need not be whole, is at least 1. A whole one is an integer then."""
    if type(value) is int and 1 <= value <= LAST_STEP:
        return value
    number = finite(name, value)
    return _up_to_last_step(name, _obey(name, number, number >= 1.0, value, "be at least 1"), value)


def _up_to_last_step(name: str, number: float, value: Any) -> float:
    """Checks that a number of steps is at most the last one. A whole one is an integer then."""
    limit = f"be at most 2**53 = {LAST_STEP}"
    return _kept_whole(_obey(name, number, (number <= LAST_STEP) & _as_integers(value, LAST_STEP), value, limit))


def _as_integers(value: Any, most: int) -> Any:
    """Tells whether integers, which a double may round, are at most a limit."""
    if is_traced(value):
        return True
    if is_array(value):
        from . import columns

        given = columns.array("", value)
        return given <= most if given.dtype.kind in "iu" else True
    whole = integer(value)
    return whole is None or whole <= most


def ratio(name: str, value: Any) -> float:
    """Checks that a ratio of lengths is positive. A whole one is an integer then."""
    try:
        return _kept_whole(positive(name, value))
    except TypeError as error:
        raise NumberError(*error.args) from None


def _kept_whole(number: Number) -> Number:
    """Returns numbers that are whole as integers, if a double holds all integers of that size."""
    kept: Any = number
    if type(kept) is float:
        return int(kept) if kept.is_integer() and kept <= LAST_STEP else kept  # type: ignore[return-value]
    if not is_traced(kept) and not (kept % 1.0).any() and (kept <= LAST_STEP).all():
        kept = kept.astype(int)
    return kept  # type: ignore[no-any-return]


def between(name: str, value: Any, low: float, high: float, *, closed: bool = False) -> float:
    """Checks that a number is above `low` and below `high`; with `closed` it may also be `high`."""
    number = finite(name, value)
    holds = (number > low) & ((number <= high) if closed else (number < high))
    return _obey(name, number, holds, value, f"satisfy {low:g} < {name} <{'=' if closed else ''} {high:g}")


def up_to_one(name: str, value: Any) -> float:
    """Checks that a number is from 0 to 1, both included."""
    number = finite(name, value)
    return _obey(name, number, (number >= 0.0) & (number <= 1.0), value, f"satisfy 0 <= {name} <= 1")


def quotient(dividend_name: str, dividend: float, divisor_name: str, divisor: float) -> float:
    """Checks that the quotient of a rate and a positive divisor is finite, and returns it."""
    name = f"{dividend_name} / {divisor_name}"
    if is_traced(dividend) or is_traced(divisor):
        return dividend / divisor
    if hasattr(dividend, "shape") or hasattr(divisor, "shape"):
        import numpy

        broadcast({dividend_name: dividend, divisor_name: divisor})
        with numpy.errstate(over="ignore"):
            return finite(name, numpy.divide(dividend, divisor))
    return finite(name, dividend / divisor)


def difference(name: str, value: float, other_name: str, other: float, times: int = 1) -> None:
    """Checks that the difference of two rates is finite, or several times that."""
    if is_traced(value) or is_traced(other):
        return
    said = f"{name} - {other_name}" if times == 1 else f"{times} ({name} - {other_name})"
    if hasattr(value, "shape") or hasattr(other, "shape"):
        import numpy

        broadcast({name: value, other_name: other})
        with numpy.errstate(over="ignore"):
            finite(said, times * (value - other))
        return
    finite(said, times * (value - other))


def broadcast(parameters: dict[str, Any]) -> None:
    """Checks that the shapes of the arrays among the parameters broadcast."""
    from . import columns

    columns.shape_of(parameters)


def _obey(name: str, number: Number, holds: Any, value: Any, rule: str) -> Number:
    """Returns `number` if `holds` is true or traced. If not, the error shows `value`, which is what the user gave."""
    if holds is True or is_traced(holds):
        return number
    if holds is False:
        raise ValueError(f"{name} must {rule}, received {shown(value)}")
    from . import columns

    columns.obey(name, holds, value, rule)
    return number


def _count(name: str, value: Any, least: int, rule: str) -> int:
    if type(value) is int and least <= value <= LAST_STEP:
        return value
    if is_foreign_boolean(value):
        no_boolean(name, value, rule)
    if is_traced(value):
        if not has_real_type(value):
            raise ValueError(f"{name} must be a {rule} integer, received {shown(value)}")
        traced: int = value
        return traced
    if is_array(value):
        from . import columns

        return columns.counts(name, value, least, rule)  # type: ignore[return-value]
    return single(name, value, least, rule)


def positive_count(name: str, value: Any) -> int:
    return _count(name, value, 1, "positive")


def single_count(name: str, value: Any, least: int = 1) -> int:
    """Checks a count that is one number for all rows of a sweep: an array is refused."""
    rule = "positive" if least else "non-negative"
    if is_array(value):
        raise ValueError(f"{name} must be a {rule} integer, received {shown(value)}")
    return _count(name, value, least, rule)


def non_negative_count(name: str, value: Any) -> int:
    return _count(name, value, 0, "non-negative")


def step(value: Any) -> int:
    """Checks a single step. optax.join_schedules asks its schedules for steps before their first one."""
    whole = integer(value)
    if whole is not None and 0 <= whole <= LAST_STEP:  # so are most, numpy's too: the short way
        return whole
    if is_array(value):
        raise ValueError(f"step must be a non-negative integer, received {shown(value)}")
    try:
        return _count("step", value, 0, "non-negative")
    except ValueError as error:
        if "optax" in sys.modules and (integer(value) or 0) < 0:
            instead = "inside optax.join_schedules use steps of jnp, or lrvec.sequential in its place"
            raise ValueError(f"{error}; {instead}") from None
        raise


def at_least(name: str, value: float, least: float) -> None:
    """Checks that a number, already checked by itself, is at least `least`."""
    _obey(name, value, value >= least, value, f"be at least {least}")


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


def untraced(name: str, value: Any) -> None:
    if is_traced(value):
        refuse_traced(name)


def refuse_traced(name: str, instead: str = "") -> NoReturn:
    """Raises the error for a value that is not known yet. `instead` says what to do."""
    raise TypeError(f"{name} must be known at this point, received a traced value{instead and '; ' + instead}")


def only_for_numpy(**options: Any) -> None:
    """Checks that no option is given that has a meaning for numpy's arrays alone."""
    for name, value in options.items():
        if value is not None:
            raise TypeError(f"{name} must be None for the arrays of another library, received {shown(value)}")


def fits(name: str, value: int, limit: int) -> None:
    """Checks that a count is not larger than the largest integer of an array library."""
    if value > limit:
        raise ValueError(f"{name} must be at most {limit}, the library's largest integer, received {value}")


def pair(name: str, value: Any) -> tuple[Any, Any]:
    """Checks that a callable with a state has returned a pair."""
    if not isinstance(value, tuple) or len(value) != 2:
        raise TypeError(f"{name} must be a pair (lr, new_state), received {shown(value)}")
    return value


def same_structure(name: str, before: Any, after: Any) -> None:
    """Checks that the states `before` and `after` are trees of one structure. Dicts, lists, tuples and None are nodes,
    and so is what JAX knows as one. The leaves may differ."""
    containers = (dict, list, tuple, type(None))
    if not isinstance(before, containers) and not isinstance(after, containers):
        jax = sys.modules.get("jax")
        if jax is not None and jax.tree.structure(before) != jax.tree.structure(after):
            raise TypeError(f"{name} must keep the structure of {shown(before)}, received {shown(after)}")
        return
    if type(before) is not type(after) or (before is not None and len(before) != len(after)):
        raise TypeError(f"{name} must keep the structure of {shown(before)}, received {shown(after)}")
    keys = before if isinstance(before, dict) else range(len(before or ()))
    for key in keys:
        if isinstance(before, dict) and key not in after:
            raise TypeError(f"{name} must keep the key {shown(key)}, received {shown(after)}")
        same_structure(name, before[key], after[key])


def one_of(name: str, value: Any, choices: Collection[str]) -> str:
    """Checks that `value` is one of some words."""
    if type(value) is str and value in choices:
        return value
    text = str.__str__(value) if issubclass(type(value), str) else None
    if text is None or text not in choices:
        raise ValueError(f"{name} must be one of {tuple(choices)}, received {shown(value)}")
    return text


def one_of_counts(name: str, value: Any, choices: Collection[int]) -> int:
    """Checks that `value` is one of some integers."""
    if type(value) is not int or value not in choices:
        raise ValueError(f"{name} must be one of {tuple(choices)}, received {shown(value)}")
    return value


def given_if(name: str, value: Any, other_name: str, chosen: Any, word: str) -> None:
    """Checks that a parameter is given exactly if another one is a certain word."""
    if value is None and chosen == word:
        raise TypeError(f"{name} must be given with {other_name}={word!r}, received none")
    if value is not None and chosen != word:
        raise TypeError(f"{name} must be given with {other_name}={word!r} only, received {name}={shown(value)}")


def setting(variable: str, value: str, choices: Iterable[str]) -> str:
    """Checks the value of a variable of the environment. The error is an ImportError that has the variable as its
    `name`, because lrvec cannot be imported with such a value."""
    if value not in choices:
        raise ImportError(f"{variable} must be one of {', '.join(choices)} here, received {value!r}", name=variable)
    return value


def mapping(name: str, value: Any) -> Any:
    if not has(value, "keys"):
        raise TypeError(f"{name} must be a mapping, received {shown(value)}")
    return value


MOST_LEVELS = 64
"""So many lists and mappings may lie within each other in the space of one parameter."""


def depth(name: str, levels: int) -> None:
    """Checks that not too many lists and mappings lie within each other."""
    if levels > MOST_LEVELS:
        raise ValueError(f"{name:.20} must hold at most {MOST_LEVELS} lists within each other, received more")


def exactly_one(**values: Any) -> None:
    """Checks that one of the values is given, and that the others are None."""
    given = [name for name, value in values.items() if value is not None]
    if len(given) != 1:
        names, nothing = " and ".join(values), "neither" if len(values) == 2 else "none"
        raise TypeError(f"exactly one of {names} must be given, received {' and '.join(given) or nothing}")


def all_or_none(**values: Any) -> bool:
    """Tells whether all values are given or all are None, and refuses some without the others."""
    given = [name for name, value in values.items() if value is not None]
    if given and len(given) < len(values):
        raise TypeError(f"{' and '.join(values)} must be given together, received only {' and '.join(given)}")
    return bool(given)


MOST_OPERATIONS = 100
"""So many operations may be within each other. Each takes some of the stack and some memory while it is evaluated."""


MOST_COMPOSITIONS = 2000
"""So many compositions may be within each other. The time for a first value grows with the square of their number."""


def refuse_compositions(levels: int) -> NoReturn:
    """Raises the error for a composition of too many levels."""
    rule = f"hold at most {MOST_COMPOSITIONS} compositions within each other"
    raise ValueError(f"schedule must {rule}, received {levels}")


def refuse_fractions(name: str, value: Any, shape: str) -> NoReturn:
    """Raises the error for a number by which the lengths or the starts of a curve would not stay whole."""
    curve = shape.replace("_", " ")
    raise ValueError(f"{name} must keep the steps of this schedule's {curve} whole, received {shown(value)}")


def refuse_callable(name: str, value: Any) -> NoReturn:
    """Raises the error for a user's callable, which takes no fractions of a step."""
    rule = f"be made by lrvec where {name} moves it between steps"
    raise TypeError(f"schedule must {rule}, received another callable and {name}={shown(value)}")


def has_end(holds: bool) -> None:
    """Checks that a curve holds a value in the end."""
    if not holds:
        raise ValueError("schedule must hold its last value from some step on, received one without an end: use hold")


def before_end(step: Any, end: Any) -> None:
    """Checks that a step is before the end of a curve."""
    holds = step < end
    if holds is not True:
        named = f", {end}" if type(end) is int else ""
        _obey("step", None, holds, step, f"be less than the end of the schedule{named}")


def few_operations(name: str, depth: int) -> None:
    """Checks that there are not too many operations within each other."""
    if depth > MOST_OPERATIONS:
        rule = f"hold at most {MOST_OPERATIONS} sums, products, bounds and clocks within each other"
        raise ValueError(f"{name} must {rule}, received {depth}")


def phases(value: Any) -> tuple[tuple[int, Any], ...]:
    """Checks the phases of `sequential`: at least one pair of a positive duration and a schedule."""
    found: list[tuple[int, Any]] = []
    for phase in listed("phases", value, mapping="its items()"):
        try:
            duration, part = iterable("phase", phase)
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


def bounds(low: Any, high: Any) -> None:
    """Checks that there is a bound, and that the low one does not exceed the high one."""
    if low is None and high is None:
        raise TypeError("low or high must be given, received neither")
    if low is not None and high is not None:
        at_most("low", low, "high", high)


def refuse_alone(name: str, value: Any, needed: str) -> NoReturn:
    """Refuses a parameter that is given without one that it needs."""
    raise TypeError(f"{needed} must be given with {name}, received only {name}={shown(value)}")


def needed(name: str, value: Any, what: str) -> Any:
    """Checks that a parameter is given which `what` needs, and returns it."""
    if value is None:
        raise TypeError(f"{name} must be given for {what}, received None")
    return value


MOST_KNOTS = 100_000
"""A curve through knots has so many of them at most."""


def knots(name: str, value: Any) -> tuple[int, ...]:
    """Checks the steps of a curve through knots: at least one, in ascending order, each of them once."""
    return _ascending_knots(name, value, lambda place, item: single_count(place, item, 0))


def real_knots(name: str, value: Any) -> tuple[float, ...]:
    """Checks the steps of a curve through knots that may lie between steps. A whole one is an integer then. Each may be
    an array."""
    return _ascending_knots(name, value, _real_knot)


def _real_knot(name: str, value: Any) -> float:
    if isinstance(value, float) and 0.0 <= value <= LAST_STEP:
        return _kept_whole(float(value))
    if is_array(value):
        return _up_to_last_step(name, non_negative(name, value), value)
    return single_count(name, value, 0)


def whole_knots(name: str, value: tuple[float, ...], why: str) -> None:
    """Checks that all knots are at whole steps. `why` says what needs that."""
    for index, one in enumerate(value):
        if type(one) is not int:
            _obey(f"{name}[{index}]", one, one % 1 == 0, one, f"be an integer {why}")


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


def known_group(name: Any, groups: Collection[Any]) -> Any:
    """Checks that a group of this name is there. The error is a KeyError, as that of a mapping."""
    try:
        is_there = name in groups
    except Exception:  # a name that cannot be hashed raised it
        is_there = False
    if not is_there:
        raise KeyError(f"group must be one of {', '.join(map(str, groups))}, received {shown(name)}")
    return name


def workers(value: Any) -> None:
    """Checks a number of threads, which may be None."""
    if value is not None:
        single_count("workers", value)


def at_most(name: str, value: float, limit_name: str, limit: float) -> None:
    """Checks that one parameter is at most another."""
    sum_at_most(limit_name, limit, **{name: value})


def sum_at_most(limit_name: str, limit: float, **parts: float) -> None:
    """Checks that the sum of some parameters is at most another parameter."""
    try:
        holds = sum(parts.values()) <= limit
    except ValueError:
        broadcast({**parts, limit_name: limit})
        raise
    if holds is True:
        return
    if holds is False:
        received = ", ".join(f"{name}={part!r}" for name, part in parts.items())
        said = f"received {received}, {limit_name}={limit!r}"
        raise ValueError(f"{' + '.join(parts)} must not exceed {limit_name}, {said}")
    _obey(" + ".join(parts), None, holds, sum(parts.values()), f"not exceed {limit_name}")


def less_than(name: str, value: Any, limit_name: str, limit: Any) -> None:
    """Checks that one parameter is less than another."""
    try:
        holds = value < limit
    except ValueError:
        broadcast({name: value, limit_name: limit})
        raise
    if holds is not True:
        _obey(name, None, holds, value, f"be less than {limit_name}")


def three_phases(pct_start: Any, total_steps: Any) -> None:
    """Checks that the first of three phases ends behind step 0, and the second one before the last phase does."""
    try:
        turn = pct_start * total_steps
        holds = (turn > 1.0) & (2.0 * turn - 2.0 < total_steps - 1)
    except ValueError:
        broadcast({"pct_start": pct_start, "total_steps": total_steps})
        raise
    _obey("pct_start", None, holds, pct_start, "give each of three phases some length")


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


def refuse_endless(name: str) -> NoReturn:
    """Raises the error for a search that would call a user's callable without end."""
    raise ValueError(f"{name} must be given for a callable, which is called step by step")


def equal(name: str, value: Any, other_name: str, other: Any, where: str) -> None:
    """Checks that two parameters are equal. `where` says in the message when they must be."""
    try:
        holds = value == other
    except ValueError:
        broadcast({name: value, other_name: other})
        raise
    if holds is not True:
        _obey(name, None, holds, value, f"equal {other_name} {where}")


def step_at(index: Any, value: Any) -> int:
    """Checks the step at `index` of an array or a list. `index` is an int, or a tuple in an array of several axes."""
    if type(value) is int and 0 <= value <= LAST_STEP:
        return value
    name = f"step at index {index}" if index != () else "step"
    no_boolean(name, value, "non-negative")
    return single(name, value, 0, "non-negative")


def refuse_steps(what: str) -> NoReturn:
    raise ValueError(f"steps must be non-negative integers, received {what}")


def refuse_libraries(arrays: Iterable[Any]) -> NoReturn:
    """Raises the error for arrays that no one library computes with."""
    kinds = " and ".join(sorted({f"{type(array).__module__}.{type(array).__name__}" for array in arrays}))
    raise TypeError(f"steps and parameters must be arrays of one library of the array API, received {kinds}")


def refuse_map(number: int, what: str) -> NoReturn:
    raise OSError(number, f"out must have room on its disk, received {what}")


def declared(kind: str, parameters: Collection[str], names: Collection[str]) -> None:
    """Checks that a kind declares every parameter of its function, and no other."""
    wrong = sorted(set(parameters) ^ set(names))
    if wrong:
        rule = "be declared, each of its function's and no other, as in total_steps=count(...)"
        raise TypeError(f"parameters of {kind} must {rule}, received {wrong}")


def alone(name: str, value: Any) -> None:
    """Checks that a value is no array and no traced value, where only one number will do."""
    untraced(name, value)
    if is_array(value):
        raise TypeError(f"{name} must be one number, received {shown(value)}")


def flag(name: str, value: Any) -> bool:
    """Checks that a value is True or False; a boolean of numpy is one too."""
    untraced(name, value)
    if isinstance(value, bool):
        return value
    if has_boolean_type(value) and has(value, "shape") and value.shape == ():
        return bool(value)
    raise TypeError(f"{name} must be True or False, received {shown(value)}")


def text(name: str, value: Any) -> str:
    """Checks that a value is text."""
    if not isinstance(value, str):
        raise TypeError(f"{name} must be text, received {shown(value)}")
    return value


def refuse_foreign(name: str, rule: str, value: Any, why: str) -> NoReturn:
    """Refuses what another library takes. `why` says what that library makes of it."""
    raise ValueError(f"{name} must {rule}, received {shown(value)}; {why}")


def single_number(name: str, value: Any) -> float:
    """Checks that a value is one finite number."""
    untraced(name, value)
    return single_finite(name, value)


def plateau_state(state: Any, like: Mapping[str, Any]) -> None:
    """Checks that a state has the keys of another one."""
    if not isinstance(state, dict) or state.keys() != like.keys():
        raise ValueError(f"state must be a dict of {', '.join(like)}, received {shown(state)}")


def own_name(kind: str, kinds: Collection[str]) -> None:
    """Checks that no kind has the name of a new one."""
    if kind in kinds:
        raise ValueError(f"a kind must have a name of its own, received a second {kind}")


def own_command(kind: str, command: str, commands: Collection[str]) -> None:
    """Checks that no kind has the command of a new one."""
    if command in commands:
        raise ValueError(f"command of {kind} must be its own, received a second {command!r:.{MOST_SHOWN}}")


def own_function(value: Any) -> Any:
    """Checks that a kind is made of a function."""
    if not has(value, "__code__") or not has(value, "__kwdefaults__"):
        raise TypeError(f"a kind must be made of a function, received {shown(value)}")
    return value


def own_signature(value: Any) -> None:
    """Checks that all parameters of a function have names."""
    code = value.__code__
    if code.co_flags & 0x0C or code.co_posonlyargcount:  # *parameters or **parameters
        raise TypeError(f"parameters of {value.__name__} must all have names, received * or ** or /")


def own_parameter(kind: str, name: str, value: Any, role: type, flags: Collection[str]) -> None:
    """Checks how a parameter of a new kind is declared."""
    if not isinstance(value, role):
        raise TypeError(f"{name} of {kind} must be declared by lrvec.roles, received {shown(value)}")
    if name in flags:
        raise ValueError(f"{name} of {kind} must have a name that is no flag of the command line, received {name!r}")


def own_positions(kind: str, name: str, is_positional: bool, is_schedule: bool) -> None:
    """Checks that schedules alone can be given by position."""
    if is_positional and not is_schedule:
        raise TypeError(f"{name} of {kind} must be keyword-only, after a *, as all but schedules, received it before")
    if is_schedule and not is_positional:
        raise TypeError(f"{name} of {kind} must stand before all keyword-only parameters, received it after a *")


def own_schedule(kind: str, value: Any, schedule: type) -> Any:
    """Checks that the function of a kind has returned a schedule."""
    if not isinstance(value, schedule):
        raise TypeError(f"{kind} must return a schedule of lrvec, received {shown(value)}")
    return value


def counts(name: str, value: Any, least: int = 1) -> list[int]:
    """Checks every count in a sequence, and names the one that is none."""
    return [single_count(f"{name}[{index}]", one, least) for index, one in enumerate(listed(name, value))]


def milestones(name: str, value: Any) -> tuple[int, ...]:
    """Checks that every milestone is a positive count, and returns them in ascending order."""
    return tuple(positive_count("milestone", milestone) for milestone in ascending(name, value))


def refuse_room(wanted: int, received: int) -> NoReturn:
    """Raises the error for an array whose size is not the one that the kernel was told."""
    raise ValueError(f"an array must have room for {wanted} entries, received one of {received}")


def refuse_rows(begin: int, end: int, count: int) -> NoReturn:
    raise ValueError(f"rows must be among {count}, received those from {begin} to {end}")


def refuse_parameters(shape: str, wanted: int, received: int) -> NoReturn:
    raise ValueError(f"{shape} must have {wanted} parameters, received {received}")


def parameter_names(kind: str, given: Iterable[Any], known: Collection[str]) -> None:
    """Checks that a kind has every parameter that is given."""
    unknown = [name for name in given if not isinstance(name, str) or name not in known]
    if unknown:
        received = ", ".join(sorted(name if isinstance(name, str) else shown(name) for name in unknown))
        raise ValueError(f"parameters of {kind} must be among {', '.join(known)}, received {received:.{MOST_SHOWN}}")


def nearest(word: str, known: Iterable[str]) -> list[str]:
    """Returns the known words that begin with a word, or else are spelled like it: three at most, the nearest first."""
    from difflib import get_close_matches

    known = list(known)
    return sorted((one for one in known if one.startswith(word)), key=len)[:3] or get_close_matches(word, known)


MOST_NAMES = 300
"""A message lists names up to so many characters."""


def known_kind(value: Any, kinds: Collection[str]) -> str:
    """Checks that `value` is the name of a kind."""
    if type(value) is not str or value not in kinds:
        names = ", ".join(kinds)
        if len(names) > MOST_NAMES:
            names = f"{names[:MOST_NAMES].rpartition(', ')[0]} and the others in lrvec.kinds()"
        near = nearest(value, kinds) if type(value) is str and 0 < len(value) < MOST_SHOWN else []
        meant = f"; did you mean {' or '.join(near)}?" if near else ""
        raise ValueError(f"kind must be one of {names}, received {shown(value)}{meant}")
    return value


def described(data: Any, kinds: Collection[str]) -> None:
    """Checks that `data` has the form that `to_dict` gives, and that its kind is known."""
    if not isinstance(data, dict) or set(data) != {"kind", "params"} or not isinstance(data["params"], dict):
        raise ValueError(f"data must be a dict of 'kind' and a dict of 'params', received {shown(data)}")
    known_kind(data["kind"], kinds)


def dictionary(name: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"{name} must be a dict, received {shown(value)}")
    return value


def kinds_and_parameters(value: Any, kinds: Collection[str]) -> list[tuple[str, dict[str, Any]]]:
    """Checks the parts of a pickled schedule: pairs of a kind's name and a dict of parameters."""
    found = []
    for index, part in enumerate(listed("parts", value)):
        if not isinstance(part, tuple) or len(part) != 2:
            raise ValueError(f"parts[{index}] must be a pair of a kind and a dict, received {shown(part)}")
        found.append((known_kind(part[0], kinds), dictionary(f"parts[{index}][1]", part[1])))
    return found


def some_part(count: int) -> None:
    """Checks that the parts of a pickle leave a schedule for the place where one belongs. They leave `count`."""
    if count == 0:
        raise ValueError("parts must hold each schedule before what it is within, received one too few")


def one_whole(count: int) -> None:
    """Checks that the parts of a pickle make one schedule. They make `count`."""
    if count != 1:
        raise ValueError(f"parts must make one schedule, received {count}")


def not_within_itself(name: str, is_within: bool) -> None:
    """Checks that a dict or a list does not hold itself."""
    if is_within:
        raise ValueError(f"{name} must not hold itself, received a dict or a list that does")


def output_file(name: str, path: str, suffixes: Iterable[str], force: bool) -> str:
    """Checks that a file can be made at `path`, and returns its suffix. A file that exists needs `force`."""
    suffix = os.path.splitext(path)[1]
    if suffix not in suffixes:
        raise ValueError(f"{name} must end in {' or '.join(suffixes)}, received {path!r}")
    if os.path.exists(path) and not os.path.isfile(path):
        raise ValueError(f"{name} must be a regular file, received {path!r}")
    if os.path.exists(path) and not force:
        refuse_existing(name, path)
    return suffix


def refuse_existing(name: str, path: str) -> NoReturn:
    raise ValueError(f"{name} must be a new file, unless --force is given, received {path!r}, which exists")


def drawn(values: Iterable[Any]) -> tuple[Any, ...]:
    """Checks what is to be drawn: at least one schedule or scheduler, and none with traced parameters."""
    found = tuple(values)
    if not found:
        raise ValueError("schedules must hold at least one, received none")
    for place, value in enumerate(found):
        if hasattr(value, "_is_traced"):
            refuse_traced(f"the parameters of schedules[{place}]")
        if hasattr(value, "_curves_by_name"):
            if len(found) > 1:
                raise ValueError(f"schedules must hold a scheduler alone, received {len(found)} values")
        elif not hasattr(value, "matrix"):
            schedule(f"schedules[{place}]", value)
    return found


def shown_steps(name: str, value: Any) -> range:
    """Checks the steps of a picture: a number of them, or a range of consecutive ones."""
    if not isinstance(value, range):
        return range(single_count(name, value))
    if value.step != 1 or not value:
        raise ValueError(f"{name} must be a number of steps or a range of consecutive steps, received {value}")
    step_at(0, value[0])
    step_at(len(value) - 1, value[-1])
    return value


def clock(name: str, value: Any) -> Any:
    """Checks that a value is a Clock."""
    if not hasattr(type(value), "_scale"):
        raise TypeError(f"{name} must be a lrvec.Clock, received {shown(value)}")
    return value


def texts(name: str, value: Any, count: int) -> list[str]:
    """Checks that there are `count` texts."""
    found = listed(name, value)
    if len(found) != count or not all(isinstance(text, str) for text in found):
        raise ValueError(f"{name} must be {count} {'text' if count == 1 else 'texts'}, received {shown(value)}")
    return found


def refuse_without(what: str, library: str, extra: str) -> NoReturn:
    """Raises the error for a library that is not installed."""
    raise ImportError(f"{what} needs {library}, which `pip install 'lrvec[{extra}]'` installs", name=library) from None
