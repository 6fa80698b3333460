"""Every check of a value that a user gives, and every message about one.

A message names the parameter, states the rule and shows the value. The types raised are lrsched's: ValueError for a
number that breaks its rule and for any step or count that is not one, TypeError for a rate that is no number at all.
Each check returns the value as the number that the rest of the library computes with.
"""

from __future__ import annotations

import operator
import os
import sys
from math import isfinite

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from typing import Any, NoReturn, TypeVar

    Number = TypeVar("Number")

LAST_STEP = 2**53
"""The last step: up to here every step is exact in a double."""


class OverflowValueError(ValueError, OverflowError):
    """An integer beyond every double."""


class PairError(TypeError, ValueError):
    """A tuple of another length than two."""


class MemoryValueError(ValueError, MemoryError):
    """A request for more values than the memory of this machine can hold."""


def is_traced(value: Any) -> bool:
    """Whether a parameter is one that JAX or torch traces: it has no value to be checked."""
    jax, torch = sys.modules.get("jax"), sys.modules.get("torch")
    return (jax is not None and isinstance(value, jax.core.Tracer)) or (
        torch is not None and isinstance(value, torch.Tensor)
    )


def is_array(value: Any) -> bool:
    """Whether a parameter is a sweep's: a list, a tuple or an array of at least one dimension."""
    return isinstance(value, (list, tuple)) or (hasattr(value, "__array__") and getattr(value, "ndim", 0) > 0)


def finite(name: str, value: Any) -> float:
    if type(value) is float and value - value == 0.0:
        return value
    if is_traced(value):
        traced: float = value
        return traced
    if is_array(value):
        from . import _array_checks

        return _array_checks.rates(name, value)  # type: ignore[return-value]
    try:
        if isinstance(value, complex) or getattr(getattr(value, "dtype", None), "kind", "f") in "cSUMm":
            raise TypeError
        if isfinite(value):
            return float(value)
    except OverflowError:
        raise OverflowValueError(f"{name} must be a finite number, received {_shown(value)}") from None
    except TypeError:
        raise TypeError(f"{name} must be a finite number, received {value!r}") from None
    raise ValueError(f"{name} must be a finite number, received {value!r}")


def positive(name: str, value: Any) -> float:
    number = finite(name, value)
    return _obey(name, number, number > 0.0, value, "be a positive number")


def non_negative(name: str, value: Any) -> float:
    number = finite(name, value)
    return _obey(name, number, number >= 0.0, value, "be non-negative")


def between(name: str, value: Any, low: float, high: float, *, closed: bool = False) -> float:
    """Low and high exclusive, or high inclusive where `closed`."""
    number = finite(name, value)
    holds = (number > low) & ((number <= high) if closed else (number < high))
    return _obey(name, number, holds, value, f"satisfy {low:g} < {name} <{'=' if closed else ''} {high:g}")


def quotient(name: str, dividend: float, divisor: float) -> float:
    """A quotient of rates, which must be finite too; the divisor is positive."""
    if is_traced(dividend) or is_traced(divisor):
        return dividend / divisor
    if hasattr(dividend, "shape") or hasattr(divisor, "shape"):
        import numpy

        with numpy.errstate(over="ignore"):
            return finite(name, numpy.divide(dividend, divisor))
    return finite(name, dividend / divisor)


def _obey(name: str, number: Number, holds: Any, value: Any, rule: str) -> Number:
    """The number, if its rule holds; `value` is what the user gave."""
    if holds is True or is_traced(holds):
        return number
    if holds is False:
        raise ValueError(f"{name} must {rule}, received {value!r}")
    from . import _array_checks

    _array_checks.obey(name, holds, value, rule)
    return number


def _integer(value: Any) -> int | None:
    """The int that `value` stands for, if it is one: a Python or numpy integer, not a float, a string or an array."""
    if isinstance(value, int):
        return int(value)
    if getattr(value, "shape", ()) != () or not hasattr(value, "__index__"):
        return None
    if getattr(getattr(value, "dtype", None), "kind", "") == "b":
        return None
    try:
        return operator.index(value)
    except TypeError:
        return None


def _count(name: str, value: Any, least: int, rule: str) -> int:
    if type(value) is int and least <= value <= LAST_STEP:
        return value
    if is_traced(value):
        traced: int = value
        return traced
    if is_array(value):
        from . import _array_checks

        return _array_checks.counts(name, value, least, rule)  # type: ignore[return-value]
    number = _integer(value)
    if number is None or number < least:
        raise ValueError(f"{name} must be a {rule} integer, received {value!r}")
    if number > LAST_STEP:
        raise ValueError(f"{name} must be at most 2**53 = {LAST_STEP}, received {_shown(number)}")
    return number


def positive_count(name: str, value: Any) -> int:
    return _count(name, value, 1, "positive")


def single_count(name: str, value: Any) -> int:
    """A positive count that is the same for all rows of a sweep."""
    if is_array(value):
        raise ValueError(f"{name} must be a positive integer, received {value!r}")
    return positive_count(name, value)


def non_negative_count(name: str, value: Any) -> int:
    return _count(name, value, 0, "non-negative")


def step(value: Any) -> int:
    if is_array(value):
        raise ValueError(f"step must be a non-negative integer, received {value!r}")
    return _count("step", value, 0, "non-negative")


def _shown(number: int) -> str:
    return str(number) if number.bit_length() < 200 else f"an integer of {number.bit_length()} bits"


def at_least(name: str, value: int, least: int) -> None:
    _obey(name, value, value >= least, value, f"be at least {least}")


def ascending(name: str, value: Any) -> list[Any]:
    untraced(name, value)
    if hasattr(value, "keys"):
        raise TypeError(f"{name} must be a sequence of steps, not a mapping, received {value!r}")
    listed = list(iterable(name, value))
    for item in listed:
        untraced(name, item)
        if is_array(item):
            single_count("milestone", item)  # which refuses it
    try:
        return sorted(listed)
    except TypeError:
        raise TypeError(f"{name} must be positive integers, received {listed!r}") from None


def untraced(name: str, value: Any) -> None:
    if is_traced(value):
        refuse_traced(name)


def refuse_traced(name: str) -> NoReturn:
    raise TypeError(f"{name} must be known at this point, received a traced value")


def only_for_numpy(**options: Any) -> None:
    for name, value in options.items():
        if value is not None:
            raise TypeError(f"{name} must be None for the arrays of another library, received {value!r}")


def fits(name: str, value: int, limit: int) -> None:
    if value > limit:
        raise ValueError(f"{name} must be at most {limit}, the library's largest integer, received {value}")


def pair(name: str, value: Any) -> tuple[Any, Any]:
    if not isinstance(value, tuple) or len(value) != 2:
        raise TypeError(f"{name} must be a pair (lr, new_state), received {value!r}")
    return value


def same_structure(name: str, before: Any, after: Any) -> None:
    """Both are the same tree of dicts, lists, tuples and None, and of what JAX knows as a node besides; what stands at
    its leaves is free."""
    containers = (dict, list, tuple, type(None))
    if not isinstance(before, containers) and not isinstance(after, containers):
        jax = sys.modules.get("jax")
        if jax is not None and jax.tree.structure(before) != jax.tree.structure(after):
            raise TypeError(f"{name} must keep the structure of {before!r}, received {after!r}")
        return
    if type(before) is not type(after) or (before is not None and len(before) != len(after)):
        raise TypeError(f"{name} must keep the structure of {before!r}, received {after!r}")
    keys = before if isinstance(before, dict) else range(len(before or ()))
    for key in keys:
        if isinstance(before, dict) and key not in after:
            raise TypeError(f"{name} must keep the key {key!r}, received {after!r}")
        same_structure(name, before[key], after[key])


def any_of(holds: Any) -> bool:
    return holds if isinstance(holds, bool) else bool(holds.any())


def iterable(name: str, value: Any) -> Iterable[Any]:
    try:
        iter(value)
    except TypeError:
        raise TypeError(f"{name} must be a sequence, received {value!r}") from None
    found: Iterable[Any] = value
    return found


def one_of(name: str, value: Any, choices: Collection[str]) -> str:
    if not isinstance(value, str) or value not in choices:
        raise ValueError(f"{name} must be one of {tuple(choices)}, received {value!r}")
    return str(value)


def setting(variable: str, value: str, choices: Iterable[str]) -> str:
    """The value of a variable of the environment, which stands as the error's name: it keeps lrvec from being
    imported."""
    if value not in choices:
        raise ImportError(f"{variable} must be one of {', '.join(choices)} here, received {value!r}", name=variable)
    return value


def exactly_one(**values: Any) -> None:
    given = [name for name, value in values.items() if value is not None]
    if len(given) != 1:
        names = " and ".join(values)
        raise TypeError(f"exactly one of {names} must be given, received {' and '.join(given) or 'neither'}")


def all_or_none(**values: Any) -> bool:
    """Whether they are given; some without the others are refused."""
    given = [name for name, value in values.items() if value is not None]
    if given and len(given) < len(values):
        raise TypeError(f"{' and '.join(values)} must be given together, received only {' and '.join(given)}")
    return bool(given)


def phases(value: Any) -> tuple[tuple[int, Any], ...]:
    found = []
    for index, phase in enumerate(iterable("phases", value)):
        try:
            duration, part = phase
        except (TypeError, ValueError) as error:
            message = f"phase {index} must be a pair of a duration and a schedule, received {phase!r}"
            raise (PairError if isinstance(error, ValueError) else TypeError)(message) from None
        duration = positive_count("phase duration", duration)
        if not _is_rate(part):
            schedule(f"schedule of phase {index}", part)  # which refuses it
        found.append((duration, part))
    if not found:
        raise ValueError("sequential requires at least one phase, received none")
    return tuple(found)


def multipliers(value: Any) -> dict[Any, float]:
    if not hasattr(value, "items"):
        raise TypeError(f"multipliers must be a mapping from group names to numbers, received {value!r}")
    if not value:
        raise ValueError("multipliers must not be empty, received no group")
    for name, multiplier in value.items():
        if is_array(multiplier):
            raise TypeError(f"multiplier for group {name!r} must be a positive number, received {multiplier!r}")
    return {name: positive(f"multiplier for group {name!r}", multiplier) for name, multiplier in value.items()}


def schedules(name: str, value: Any) -> tuple[Any, ...]:
    found = tuple(schedule(f"{name}[{index}]", item) for index, item in enumerate(iterable(name, value)))
    if not found:
        raise ValueError(f"{name} must hold at least one schedule, received none")
    return found


def _is_hashable(value: Any) -> bool:
    try:
        hash(value)
    except TypeError:
        return False
    return True


def names(name: str, value: Any, count: int) -> tuple[Any, ...]:
    found = tuple(iterable(name, value))
    if not all(map(_is_hashable, found)) or len(set(found)) != len(found) or len(found) != count:
        raise ValueError(f"{name} must be {count} different names, received {value!r}")
    return found


def _is_rate(value: Any) -> bool:
    """Whether it gives a rate for a step: groups give a dict of them."""
    return callable(value) and not hasattr(value, "_multipliers")


def schedule(name: str, value: Any) -> Any:
    if not _is_rate(value):
        raise TypeError(f"{name} must be a schedule or another callable from a step to a rate, received {value!r}")
    return value


def workers(value: Any) -> None:
    if value is not None:
        single_count("workers", value)


def sum_at_most(limit_name: str, limit: int, **parts: int) -> None:
    holds = sum(parts.values()) <= limit
    if holds is False:
        shown = ", ".join(f"{name}={part!r}" for name, part in parts.items())
        raise ValueError(f"{' + '.join(parts)} must not exceed {limit_name}, received {shown}, {limit_name}={limit!r}")
    _obey(" + ".join(parts), None, holds, sum(parts.values()), f"not exceed {limit_name}")


def step_at(index: Any, value: Any) -> int:
    """A step of an array or a list: `index` is an int, or a tuple in several dimensions."""
    return _count(f"step at index {index}" if index != () else "step", value, 0, "non-negative")


def refuse_steps(what: str) -> NoReturn:
    raise ValueError(f"steps must be non-negative integers, received {what}")


def refuse_size(count: int, size: int) -> NoReturn:
    raise MemoryValueError(f"steps must fit in memory, received {count} of them for values of {size} bytes each")


def refuse_map(number: int, what: str) -> NoReturn:
    raise OSError(number, f"out must have room on its disk, received {what}")


def parameter_names(kind: str, given: Iterable[str], known: Iterable[str]) -> None:
    unknown = sorted(set(map(str, given)) - set(known))
    if unknown:
        raise ValueError(f"parameters of {kind} must be among {', '.join(known)}, received {', '.join(unknown)}")


def described(data: Any, kinds: Collection[str]) -> None:
    """`data` has the form of `to_dict`, and its kind is known."""
    if not isinstance(data, dict) or set(data) != {"kind", "params"} or not isinstance(data["params"], dict):
        raise ValueError(f"data must be a dict of 'kind' and a dict of 'params', received {data!r}")
    if not isinstance(data["kind"], str) or data["kind"] not in kinds:
        raise ValueError(f"kind must be one of {', '.join(kinds)}, received {data['kind']!r}")


def output_file(name: str, path: str, suffixes: Iterable[str], force: bool) -> str:
    """The suffix of `path`, at which a file can be made; one that exists needs `force`."""
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
