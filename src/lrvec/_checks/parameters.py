"""These functions check what a user gives: the parameters of a kind, the rules between them, and other arguments.

A traced value cannot be looked at, so no check refuses it. An array is checked as a column of a sweep, entry by entry,
and the message names the first index whose entry breaks the rule. Functions called `refuse_...` only raise.
"""

from __future__ import annotations

import sys

from .._frameworks import PYTHON_TYPES, has, has_boolean_type, has_real_type, is_foreign_boolean, is_numpy, is_traced
from .numbers import (
    LAST_STEP,
    MOST_SHOWN,
    NumberError,
    are_whole,
    integer,
    is_array,
    no_boolean,
    refuse_boolean,
    shown,
)
from .numbers import count as single
from .numbers import finite as single_finite

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from typing import Any, NoReturn, TypeAlias, TypeVar

    from .._blocks import Holds

    Number = TypeVar("Number")

    Check: TypeAlias = tuple[Holds, str]
    """A check tells where its rule is obeyed, and has the words for the rule."""


def finite(name: str, value: Any, *checks: Check) -> float:
    """Checks that a rate, a factor or another real number is finite. For narrower ranges there are further checks."""
    number: float = value
    if not (type(value) is float and value - value == 0.0):
        if has_boolean_type(value):
            refuse_boolean(name, value)
        if is_traced(value):
            if not has_real_type(value):
                raise TypeError(f"{name} must be a finite number, received {shown(value)}")
        elif is_array(value):
            from . import columns

            return columns.rates(name, value, *checks)  # type: ignore[return-value]
        else:
            number = single_finite(name, value)
    for holds, rule in checks:
        obey(name, number, holds(number), value, rule)
    return number


_POSITIVE: Check = (lambda number: number > 0.0, "be a positive number")
_NON_NEGATIVE: Check = (lambda number: number >= 0.0, "be non-negative")


def positive(name: str, value: Any) -> float:
    return finite(name, value, _POSITIVE)


def non_negative(name: str, value: Any) -> float:
    return finite(name, value, _NON_NEGATIVE)


def divisor(name: str, value: Any) -> float:
    """Checks that a number is not 0, and returns it."""
    return finite(name, value, (lambda number: number != 0.0, "not be 0"))


def length(name: str, value: Any) -> float:
    """Checks that a number of steps, which need not be whole, is at least 1. A whole one is an integer then."""
    if type(value) is int and 1 <= value <= LAST_STEP:
        return value
    if _are_integers(value):
        from . import columns

        return columns.between(name, columns.array(name, value), 1, "be at least 1")  # type: ignore[return-value]
    number = finite(name, value, (lambda number: number >= 1.0, "be at least 1"))
    return up_to_last_step(name, number, value)


def _are_integers(value: Any) -> bool:
    """Tells whether a value is an array of numpy's integers."""
    return is_numpy(value) and value.ndim > 0 and value.dtype.kind in "iu"


def where_holds(holds: Holds, *numbers: Any) -> Any:
    """Tells where a condition holds. For arrays of numpy and plain numbers it is True if it holds for all entries."""
    if PYTHON_TYPES.issuperset(map(type, numbers)) or not any(map(is_numpy, numbers)) or any(map(is_traced, numbers)):
        return holds(*numbers)
    from .. import _blocks

    return _blocks.where_holds(holds, *numbers)


def up_to_last_step(name: str, number: float, value: Any) -> float:
    """Checks that a number of steps is at most the last one. A whole one is an integer then."""
    limit = f"be at most 2**53 = {LAST_STEP}"
    return kept_whole(obey(name, number, (number <= float(LAST_STEP)) & _as_integers(value, LAST_STEP), value, limit))


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
        return kept_whole(positive(name, value))
    except TypeError as error:
        raise NumberError(*error.args) from None


def kept_whole(number: Number) -> Number:
    """Returns numbers that are whole as integers, if a double holds all integers of that size."""
    kept: Any = number
    if type(kept) is float:
        return int(kept) if kept.is_integer() and kept <= LAST_STEP else kept  # type: ignore[return-value]
    if not is_traced(kept) and are_whole(kept) and (kept <= LAST_STEP).all():
        kept = kept.astype(int)
    return kept  # type: ignore[no-any-return]


def between(name: str, value: Any, low: float, high: float, *, closed: bool = False) -> float:
    """Checks that a number is above `low` and below `high`; with `closed` it may also be `high`."""

    def holds(number: Any) -> Any:
        return (number > low) & ((number <= high) if closed else (number < high))

    return finite(name, value, (holds, f"satisfy {low:g} < {name} <{'=' if closed else ''} {high:g}"))


def up_to_one(name: str, value: Any) -> float:
    """Checks that a number is from 0 to 1, both included."""
    return finite(name, value, (lambda number: (number >= 0.0) & (number <= 1.0), f"satisfy 0 <= {name} <= 1"))


def finite_quotient(dividend_name: str, dividend: float, divisor_name: str, divisor: float) -> None:
    """Checks that the quotient of a rate and a positive divisor is finite."""
    name = f"{dividend_name} / {divisor_name}"
    if is_traced(dividend) or is_traced(divisor):
        return
    if hasattr(dividend, "shape") or hasattr(divisor, "shape"):
        from . import columns

        broadcast({dividend_name: dividend, divisor_name: divisor})
        columns.finite(name, lambda one, other: one / other, dividend, divisor)
        return
    finite(name, dividend / divisor)


def quotient(dividend_name: str, dividend: float, divisor_name: str, divisor: float) -> float:
    """Checks that the quotient of a rate and a positive divisor is finite, and returns it."""
    finite_quotient(dividend_name, dividend, divisor_name, divisor)
    return dividend / divisor


def quotient_at_least(dividend_name: str, dividend: float, divisor_name: str, divisor: float, least: float) -> None:
    """Checks that the quotient of a rate and a positive divisor is finite, and at least `least`."""
    finite_quotient(dividend_name, dividend, divisor_name, divisor)
    if where_holds(lambda one, other: one / other >= least, dividend, divisor) is not True:
        at_least(f"{dividend_name} / {divisor_name}", dividend / divisor, least)


def difference(name: str, value: float, other_name: str, other: float, times: int = 1) -> None:
    """Checks that the difference of two rates is finite, or several times that."""
    if is_traced(value) or is_traced(other):
        return
    said = f"{name} - {other_name}" if times == 1 else f"{times} ({name} - {other_name})"
    if hasattr(value, "shape") or hasattr(other, "shape"):
        from . import columns

        broadcast({name: value, other_name: other})
        columns.finite(said, lambda one, other: times * (one - other), value, other)
        return
    finite(said, times * (value - other))


def broadcast(parameters: dict[str, Any]) -> None:
    """Checks that the shapes of the arrays among the parameters broadcast."""
    from . import columns

    columns.shape_of(parameters)


def obey(name: str, number: Number, holds: Any, value: Any, rule: str) -> Number:
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
    obey(name, value, where_holds(lambda number: number >= least, value), value, f"be at least {least}")


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
        obey("step", None, holds, step, f"be less than the end of the schedule{named}")


def few_operations(name: str, depth: int) -> None:
    """Checks that there are not too many operations within each other."""
    if depth > MOST_OPERATIONS:
        rule = f"hold at most {MOST_OPERATIONS} sums, products, bounds and clocks within each other"
        raise ValueError(f"{name} must {rule}, received {depth}")


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
        holds = where_holds(lambda most, first, *others: sum(others, first) <= most, limit, *parts.values())
    except ValueError:
        broadcast({**parts, limit_name: limit})
        raise
    if holds is True:
        return
    if holds is False:
        received = ", ".join(f"{name}={part!r}" for name, part in parts.items())
        said = f"received {received}, {limit_name}={limit!r}"
        raise ValueError(f"{' + '.join(parts)} must not exceed {limit_name}, {said}")
    obey(" + ".join(parts), None, holds, sum(parts.values()), f"not exceed {limit_name}")


def less_than(name: str, value: Any, limit_name: str, limit: Any) -> None:
    """Checks that one parameter is less than another."""
    try:
        holds = where_holds(lambda one, other: one < other, value, limit)
    except ValueError:
        broadcast({name: value, limit_name: limit})
        raise
    if holds is not True:
        obey(name, None, holds, value, f"be less than {limit_name}")


def three_phases(pct_start: Any, total_steps: Any) -> None:
    """Checks that the first of three phases ends behind step 0, and the second one before the last phase does."""
    try:
        turn = pct_start * total_steps
        holds = (turn > 1.0) & (2.0 * turn - 2.0 < total_steps - 1)
    except ValueError:
        broadcast({"pct_start": pct_start, "total_steps": total_steps})
        raise
    obey("pct_start", None, holds, pct_start, "give each of three phases some length")


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
        obey(name, None, holds, value, f"equal {other_name} {where}")


def step_at(index: Any, value: Any) -> int:
    """Checks the step at `index` of an array or a list. `index` is an int, or a tuple in an array of several axes."""
    if type(value) is int and 0 <= value <= LAST_STEP:
        return value
    name = f"step at index {index}" if index != () else "step"
    no_boolean(name, value, "non-negative")
    return single(name, value, 0, "non-negative")


def refuse_steps(what: str) -> NoReturn:
    raise ValueError(f"steps must be non-negative integers, received {what}")


def refuse_ragged(what: str) -> NoReturn:
    rule = "of one length in all rows where the rates have an axis of rows too"
    raise ValueError(f"steps must be {rule}, received {what}")


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


def dictionary(name: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"{name} must be a dict, received {shown(value)}")
    return value


def clock(name: str, value: Any) -> Any:
    """Checks that a value is a Clock."""
    if not hasattr(type(value), "_scale"):
        raise TypeError(f"{name} must be a lrvec.Clock, received {shown(value)}")
    return value
