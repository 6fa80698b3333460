"""These functions compare, hash, write, pickle and remake schedules within schedules, to any depth.

They go through flat lists in place of recursion.
"""

from __future__ import annotations

from .. import _checks
from .._checks import nesting as checked
from .._frameworks import is_numpy, is_torch, is_traced
from .._registry import HOMES, KINDS, KNOWN, kind_named

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any


class _Within:
    """This object stands for a schedule within another one. That schedule stands earlier in the flat list."""

    __slots__ = ()

    def __reduce__(self) -> str:
        return "WITHIN"


WITHIN = _Within()


class Made:
    """This object takes the place of a schedule within another one. It holds what was made of that schedule: a text, a
    dict, a hash or another schedule."""

    __slots__ = ("result",)

    def __init__(self, result: Any) -> None:
        self.result = result

    def __repr__(self) -> str:
        return str(self.result)

    def __hash__(self) -> int:
        found: int = self.result
        return found


LEVELS = 8
"""Recursion goes through so many levels of schedules within schedules. No stack is too small for it."""


def flattened(value: Any, is_part: Callable[[Any], bool] | None = None) -> list[tuple[str, dict[str, Any]]]:
    """Lists the kind and the parameters of a value and of all values within it, the innermost first.

    In the parameters WITHIN stands for a value within: the latest in the list that nothing else has taken. `is_part`
    says which objects count as values within."""
    is_part = is_part or _has_parameters
    order: list[tuple[str, dict[str, Any]]] = []
    waiting = [value]
    while waiting:
        part = waiting.pop()
        kind, parameters = part.kind, part._parameters
        if KINDS[kind].is_composition:
            within: list[Any] = []
            parameters = {name: _parted(one, is_part, within) for name, one in parameters.items()}
            waiting += within
        order.append((kind, parameters))
    order.reverse()
    return order


def _has_parameters(value: Any) -> bool:
    return hasattr(type(value), "_parameters")


_NUMBERS = {float, int}


def _parted(value: Any, is_part: Callable[[Any], bool], within: list[Any]) -> Any:
    if type(value) is tuple:
        return tuple([_parted(item, is_part, within) for item in value])
    if type(value) in _NUMBERS or not is_part(value):
        return value
    within.append(value)
    return WITHIN


def folded(parts: Iterable[tuple[str, dict[str, Any]]], combine: Callable[[str, dict[str, Any]], Any]) -> Any:
    """Combines a flat list to one result. `combine` takes each kind and its parameters, in which results stand in place
    of the values within."""
    results: list[Any] = []
    for kind, parameters in parts:
        if kind_named(kind).is_composition:
            filled = {name: _filled(value, results) for name, value in reversed(parameters.items())}
            parameters = {name: filled[name] for name in parameters}
        results.append(combine(kind, parameters))
    checked.one_whole(len(results))
    return results[0]


def _filled(value: Any, results: list[Any]) -> Any:
    """Puts results in place of WITHIN in a value. The latest result belongs to the last WITHIN."""
    if value is WITHIN:
        checked.some_part(len(results))
        return results.pop()
    if type(value) is tuple:
        return tuple([_filled(item, results) for item in reversed(value)][::-1])
    return value


def flat_equal(one: Any, other: Any) -> bool:
    """Tells whether two values of any depth are equal."""
    ours, theirs = flattened(one), flattened(other)
    return len(ours) == len(theirs) and all(
        kind == its_kind and _equal_parameters(parameters, its)
        for (kind, parameters), (its_kind, its) in zip(ours, theirs, strict=True)
    )


def _equal_parameters(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> bool:
    return ours.keys() == theirs.keys() and all(_equal(value, theirs[name]) for name, value in ours.items())


def _equal(one: Any, other: Any) -> bool:
    if one is other:
        return True
    if is_numpy(one) or is_numpy(other):
        return bool(is_numpy(one) and is_numpy(other) and one.shape == other.shape and (one == other).all())
    if type(one) is tuple and type(other) is tuple:
        return len(one) == len(other) and all(_equal(a, b) for a, b in zip(one, other, strict=True))
    if type(one) is dict and type(other) is dict:
        return list(one.items()) == list(other.items())  # the rows of a matrix have this order
    return not (is_traced(one) or is_traced(other)) and bool(one == other)  # a traced number cannot be looked at


def flat_hash(value: Any) -> int:
    """Returns the hash of a value of any depth. Recursion gives a shallow value the same hash."""
    found: int = folded(flattened(value), _hash).result
    return found


def _hash(name: str, parameters: Mapping[str, Any]) -> Made:
    return Made(hash((name, tuple(map(_hashable, parameters.values())))))


def _hashable(value: Any) -> Any:
    if type(value) is tuple:
        return tuple(map(_hashable, value))
    if type(value) is dict:
        return tuple(value.items())
    if is_numpy(value):
        return value.shape, (value + 0).tobytes()  # -0.0 equals 0.0
    return value


def reduced(value: Any) -> tuple[Any, ...]:
    """Returns what pickle asks for: a function, and the arguments from which it makes the value again."""
    parts = flattened(value)
    modules = sorted({HOMES[kind] for kind, _ in parts if KINDS[kind].is_own})
    if modules:
        return remake_after, (modules, parts)
    return (remake_all, (parts,)) if KINDS[value.kind].is_composition else (remake, parts[0])


def remake_after(modules: list[str], parts: Iterable[tuple[str, dict[str, Any]]]) -> Any:
    """Makes the value of a flat list with kinds of a user's own in it, which the import of these modules makes."""
    for module in modules:
        __import__(module)
    return remake_all(parts)


def remake(name: str, parameters: Mapping[str, Any]) -> Any:
    """Makes the value of a kind and its parameters, through the factory."""
    return kind_named(checked.known_kind(name, KNOWN)).make(_checks.dictionary("params", parameters))


def remake_all(parts: Iterable[tuple[str, dict[str, Any]]]) -> Any:
    """Makes the value of a flat list, through all the factories."""
    return folded(checked.kinds_and_parameters(parts, KNOWN), remake)


def tensors_of(value: Any) -> list[Any]:
    """Lists the tensors of torch among the parameters of a value and of all values within it."""
    found: list[Any] = []
    for _, parameters in flattened(value):
        _swapped(tuple(parameters.values()), lambda one: found.append(one))
    return found


def with_tensors(value: Any, tensors: Iterable[Any]) -> Any:
    """Makes a value again with other tensors in place of those that `tensors_of` lists."""
    rest = iter(tensors)
    return folded(
        [
            (kind, {name: _swapped(one, lambda _: next(rest)) for name, one in parameters.items()})
            for kind, parameters in flattened(value)
        ],
        remake,
    )


def _swapped(value: Any, swap: Callable[[Any], Any]) -> Any:
    """Returns a parameter with something in place of each tensor in it."""
    if type(value) is tuple:
        return tuple([_swapped(item, swap) for item in value])
    return swap(value) if is_torch(value) else value


def call_text(value: Any) -> str:
    """Writes the call that makes a value."""
    found: str = folded(flattened(value), _written).result
    return found


def _written(name: str, parameters: Mapping[str, Any]) -> Made:
    positional = KINDS[name].positional
    variable = kind_named(name).variable
    said: list[str] = []
    for key, value in parameters.items():
        if key == variable:
            said += map(repr, value)
        else:
            said.append(repr(value) if key in positional else f"{key}={value!r}")
    return Made(f"{name}({', '.join(said)})")


def dict_of(value: Any) -> dict[str, Any]:
    def described(name: str, parameters: Mapping[str, Any]) -> Made:
        return Made({"kind": name, "params": {key: _plain(key, one) for key, one in parameters.items()}})

    found: dict[str, Any] = folded(flattened(value), described).result
    return found


def _plain(name: str, value: Any) -> Any:
    if value is None or isinstance(value, (int, float, str)):
        return value
    if isinstance(value, Made):
        return value.result
    if isinstance(value, tuple):
        return [_plain(name, item) for item in value]
    if isinstance(value, dict):
        return dict(checked.named_by_text(name, value))
    if not hasattr(value, "tolist"):
        checked.refuse_dict(name, value)
    return value.tolist()


def from_dict(data: Mapping[str, Any]) -> Any:
    """Make the value that a dict of `to_dict` describes.

    Every parameter is checked as in the factory's own call. A dict of another form, an unknown kind or an unknown
    parameter is a ValueError, and a missing parameter is a TypeError.

    >>> import lrvec
    >>> lrvec.from_dict({"kind": "linear", "params": {"base_lr": 0.1, "end_lr": 0.0, "total_steps": 4}})
    linear(base_lr=0.1, end_lr=0.0, total_steps=4)
    """
    checked.described(data, KNOWN)
    whole: list[Any] = [data]
    found: list[tuple[Any, Any, str | None, Any]] = []  # holder, key, kind (None for a list), what is within
    around: set[int] = set()
    waiting: list[tuple[Any, Any, Any]] = [(whole, 0, data)]
    while waiting:
        holder, key, value = waiting.pop()
        if holder is None:
            around.remove(key)  # all within it is found
            continue
        parts = _parts_of(value)
        if parts is not None:
            checked.not_within_itself("data", id(value) in around)
            around.add(id(value))
            waiting.append((None, id(value), None))
            found.append((holder, key, value["kind"] if isinstance(value, dict) else None, parts))
            waiting += [(parts, *item) for item in (parts.items() if isinstance(parts, dict) else enumerate(parts))]
    for holder, key, kind, parts in reversed(found):
        holder[key] = tuple(parts) if kind is None else kind_named(kind).make(parts)
    return whole[0]


def _parts_of(value: Any) -> Any:
    """Returns a copy of what is within a list, or within the description of a schedule; else None."""
    if isinstance(value, list):
        return list.copy(value)
    if isinstance(value, dict) and value.keys() == {"kind", "params"} and isinstance(value["kind"], str):
        checked.described(value, KNOWN)
        return dict(value["params"])
    return None
