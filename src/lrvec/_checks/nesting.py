"""These functions check what a schedule is read from: the dict of `to_dict`, and the parts of a pickle."""

from __future__ import annotations

from .numbers import MOST_SHOWN, listed, shown
from .parameters import dictionary, nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any, NoReturn


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


def named_by_text(name: str, value: dict[Any, Any]) -> dict[str, Any]:
    """Checks that the keys of a dict are text. JSON would make text of any other, and not say so."""
    for key in value:
        if not isinstance(key, str):
            raise TypeError(f"{name} must have names that are text to become a dict, received {shown(key)}")
    return value


def refuse_dict(name: str, value: Any) -> NoReturn:
    """Raises the error for an object in a schedule that JSON cannot hold: a callable, or a name of another type."""
    rule = "have names that JSON can hold to become a dict"
    if callable(value):
        rule = "be made of schedules to become a dict: use @lrvec.kind for a function that makes some"
    raise TypeError(f"{name} must {rule}, received {shown(value)}")


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
