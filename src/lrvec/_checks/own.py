"""These functions check a kind of the user's own: its name, its function, its parameters, and what it returns."""

from __future__ import annotations

from .._frameworks import has
from .numbers import MOST_SHOWN, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any


def own_name(kind: str, kinds: Collection[str]) -> None:
    """Checks that no kind has the name of a new one."""
    if kind in kinds:
        raise ValueError(f"a kind must have a name of its own, received a second {kind}")


def own_word(kind: str) -> None:
    """Checks that a new kind can be written as a call. A lambda has no such name."""
    if not kind.isidentifier():
        raise ValueError(f"a kind must have a name that a call can be written with, received {kind}")


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
