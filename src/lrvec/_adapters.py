"""These classes are what the adapters share: quantities, and how a step of them is written into parameter groups.

No framework is imported. A group is a dict, and an entry that has `fill_` is a tensor.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from . import _checks
from ._checks import shown
from ._engine import Products, Table, holds_numbers
from ._evaluate import tables
from ._frameworks import has
from ._registry import kind_named
from ._values import Schedule
from ._values.groups import GroupSchedule
from ._values.nesting import from_dict
from ._values.schedule import is_traced

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SCALES = {"lr": "lr_scale"}
"""A group may have a factor of its own for these keys, at these other keys."""

HEADINGS = {"lr": "learning rate"}
"""Pictures name these keys otherwise than the groups do."""

UNSCALED = "lrvec: no factor"
"""No group has this key."""


class Quantity:
    """A quantity is what is written at one key of every group: by one curve, by one for each group, or by one for each
    group's name. A curve is a schedule or a callable of an int. At `betas` there is a tuple of curves in its place.

    `found` is what was made of what the user gave: a curve, a list of them, or a dict of them.
    """

    def __init__(self, name: str, given: Any) -> None:
        self.name = name
        self.label = label = "schedule" if name == "lr" else name
        read: Callable[[str, Any], Any] = _several_curves if name == "betas" else curve
        if isinstance(given, GroupSchedule):
            self.found: Any = dict(given.items())
        elif _is_mapping_of_groups(given):
            self.found = {key: read(f"{label} of group {shown(key)}", one) for key, one in given.items()}
        elif _is_list(given) and (name != "betas" or any(map(_is_list, given))):
            self.found = [read(f"{label}[{index}]", one) for index, one in enumerate(given)]
        else:
            self.found = read(label, given)

    def check(self, groups: Sequence[Mapping[str, Any]]) -> None:
        """Checks that there is a curve for every group, and a group for every curve."""
        found = self.found
        if isinstance(found, list) and len(found) != len(groups):
            rule = f"have one entry for each of the {len(groups)} groups"
            raise ValueError(f"{self.label} must {rule}, received {len(found)} entries")
        if isinstance(found, dict):
            names = [group.get("name") for group in groups]
            if set(names) != set(found):
                rule = f"have the names of the groups, {shown(names)}"
                raise ValueError(f"{self.label} must {rule}, received {shown(list(found))}")
        if not any(_place(self.name, group) in group for group in groups):
            keys = sorted({key for group in groups for key in group if key not in ("params", "initial_lr", "name")})
            raise ValueError(f"{self.name} must be a key of a group, which has {', '.join(keys)}, received no such key")

    def drawn(self, groups: Sequence[Mapping[str, Any]]) -> dict[str, list[tuple[str, Any]]]:
        """Returns the curves of the groups with the groups' names; of `betas`, those of each of its places."""
        name = HEADINGS.get(self.name, self.name.replace("_", " "))
        found: dict[str, list[tuple[str, Any]]] = {}
        for index, group in enumerate(groups):
            for key, part, one in self.curves(index, group):
                heading = f"{name}[{part}]" if self.name == "betas" else name
                scale = _scale(key, index, group)
                value = one if scale == 1.0 else kind_named("scaled").factory(one, factor=scale)
                found.setdefault(heading, []).append((str(group.get("name", f"group {index}")), value))
        return found

    def entries(self, index: int, group: Mapping[str, Any]) -> list[tuple[str, int | None, Any]]:
        """Returns where this is written in a group: keys, indices within a tuple that is held there, and tables."""
        return [(key, part, tables.table_of(one)) for key, part, one in self.curves(index, group)]

    def curves(self, index: int, group: Mapping[str, Any]) -> list[tuple[str, int | None, Any]]:
        """Returns where this is written in a group: keys, indices within a tuple that is held there, and curves."""
        key, found = _place(self.name, group), self.found
        if key not in group:
            return []
        if isinstance(found, dict):
            name = group.get("name")
            if name not in found:
                rule = f"have the name of group {index}, {shown(name)}"
                raise ValueError(f"{self.label} must {rule}, received {shown(list(found))}")
            found = found[name]
        elif isinstance(found, list):
            if index >= len(found):
                raise ValueError(f"{self.label} must have an entry for group {index}, received {len(found)} entries")
            found = found[index]
        if isinstance(found, tuple):
            if len(found) != len(group[key]):
                raise ValueError(f"betas must have {len(group[key])} entries for group {index}, received {len(found)}")
            return [(key, part, one) for part, one in enumerate(found)]
        return [(key, None if key == self.name else 0, found)]

    def described(self) -> Any:
        """Returns plain types that describe the curves, and that a quantity can be made of if all are schedules."""
        return _described(self.found)


def _place(name: str, group: Mapping[str, Any]) -> str:
    """Returns the key at which a group holds a quantity. The momentum of Adam and its kin is the first of `betas`."""
    return "betas" if name == "momentum" and "momentum" not in group and "betas" in group else name


def _is_list(given: Any) -> bool:
    return isinstance(given, (list, tuple))


def _is_mapping_of_groups(given: Any) -> bool:
    return isinstance(given, Mapping) and given.keys() != {"kind", "params"}


def curve(name: str, given: Any) -> Callable[[int], float]:
    """Makes a curve of what may stand for one: a schedule, its dict, a number, or any callable of an int."""
    if isinstance(given, Mapping):
        given = from_dict({**given, "params": dict(given["params"])} if has(given["params"], "keys") else given)
    is_value = hasattr(given, "kind") and hasattr(given, "to_dict")
    if isinstance(given, Schedule) and not is_traced(given):
        return given
    if is_value:
        instead = "a list or a mapping has one for each group"
        raise TypeError(f"{name} must be one schedule whose parameters are known: {instead}, received {shown(given)}")
    if callable(given):
        found: Callable[[int], float] = given
        return found
    try:
        number = _checks.finite(name, given)
    except TypeError:
        rule = "be a schedule, its dict, a number or a callable of an int"
        raise TypeError(f"{name} must {rule}, received {shown(given)}") from None
    constant: Callable[[int], float] = kind_named("constant").factory(lr=number)
    return constant


def _several_curves(name: str, given: Any) -> tuple[Callable[[int], float], ...]:
    if not _is_list(given):
        raise TypeError(f"{name} must be a tuple of schedules or numbers, received {shown(given)}")
    return tuple([curve(f"{name}[{index}]", one) for index, one in enumerate(given)])


def _described(found: Any) -> Any:
    if isinstance(found, dict):
        return {name: _described(one) for name, one in found.items()}
    if _is_list(found):
        return [_described(one) for one in found]
    try:
        return found.to_dict()
    except Exception:  # it is a user's callable, or is made of one
        kind = found if isinstance(found, Schedule) or has(found, "__qualname__") else type(found)
        return {"callable": repr(kind) if isinstance(kind, Schedule) else f"{kind.__module__}.{kind.__qualname__}"}


class Writer:
    """A writer writes quantities into groups, step by step. It knows the tables for the groups that it has last seen.

    The short way is the kernel's: all groups hold plain numbers at the same keys. The long way is for tensors, for
    tuples, for callables, and for groups with differing keys.
    """

    def __init__(self, quantities: Sequence[Quantity]) -> None:
        self._quantities = quantities
        self._by_name = any(isinstance(one.found, dict) for one in quantities)
        self._entries: list[list[tuple[str, int | None, Any]]] = []
        self._names: list[Any] = []
        self._keys: tuple[str, ...] = ()
        self._products: Products | None = None  # where there is a short way

    def write(self, groups: list[dict[str, Any]], step: int) -> bool:
        """Writes the quantities of a step into all groups, or into none if one of them is refused. Returns whether it
        took the short way."""
        if self._write_plain(groups, step):
            return True
        self._find(groups)
        if self._write_plain(groups, step):
            return True
        found = [
            (group, key, part, table.value(step) * _scale(key, index, group))
            for index, (group, entries) in enumerate(zip(groups, self._entries, strict=True))
            for key, part, table in entries
        ]
        for group, key, part, number in found:
            _put(group, key, part, number)
        return False

    def _write_plain(self, groups: list[dict[str, Any]], step: int) -> bool:
        """Takes the short way, if there is one, and returns whether there is."""
        found = self._products
        return found is not None and holds_numbers(groups, self._keys) and found.write(groups, step)

    def values(self, groups: list[dict[str, Any]], key: str, step: int) -> list[Any]:
        """Returns what `write` would write at a key of each group; what is there now, if nothing would be written."""
        self._find(groups)
        return [
            next((one.value(step) * _scale(key, index, group) for at, _, one in entries if at == key), group[key])
            for index, (group, entries) in enumerate(zip(groups, self._entries, strict=True))
        ]

    def _find(self, groups: list[dict[str, Any]]) -> None:
        """Finds the tables for these groups, if they are not those that it knows."""
        names = [group.get("name", ...) for group in groups] if self._by_name else []
        if len(groups) == len(self._entries) and all(map(_is, names, self._names)):
            return
        quantities = self._quantities
        self._entries = [[one for own in quantities for one in own.entries(*pair)] for pair in enumerate(groups)]
        self._names = names
        keys = tuple([key for key, *_ in self._entries[0]]) if self._entries else ()
        self._keys = ("lr", *(key for key in keys if key != "lr"))  # the scheduler reads the rates in any case
        is_short = all(
            tuple([key for key, *_ in entries]) == keys
            and all(part is None and type(table) is Table for _, part, table in entries)
            for entries in self._entries
        )
        known, columns = ("name",) if self._by_name else (), tuple([(key, SCALES.get(key, UNSCALED)) for key in keys])
        found = [table for entries in self._entries for _, _, table in entries]
        self._products = Products(known, columns, names, found) if keys and is_short else None


def _is(one: Any, other: Any) -> bool:
    return one is other


def _scale(key: str, index: int, group: Mapping[str, Any]) -> float:
    if key not in SCALES or SCALES[key] not in group:
        return 1.0
    return _checks.finite(f"{SCALES[key]} of group {index}", group[SCALES[key]])


def _put(group: dict[str, Any], key: str, part: int | None, number: float) -> None:
    """Writes a number into a group. A tensor that is there stays the same object, for what was compiled knows it."""
    held = group[key] if part is None else group[key][part]
    if has(held, "fill_"):
        held.fill_(number)
    elif part is None:
        group[key] = number
    else:
        group[key] = type(group[key])([*group[key][:part], number, *group[key][part + 1 :]])
