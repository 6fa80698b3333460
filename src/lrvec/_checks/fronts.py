"""These functions check what pictures and the command line are given: schedules, steps, labels and files."""

from __future__ import annotations

import os

from .numbers import listed, schedule, shown
from .parameters import refuse_traced, single_count, step_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, NoReturn


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


def texts(name: str, value: Any, count: int) -> list[str]:
    """Checks that there are `count` texts."""
    found = listed(name, value)
    if len(found) != count or not all(isinstance(text, str) for text in found):
        raise ValueError(f"{name} must be {count} {'text' if count == 1 else 'texts'}, received {shown(value)}")
    return found


def refuse_without(what: str, library: str, extra: str) -> NoReturn:
    """Raises the error for a library that is not installed."""
    raise ImportError(f"{what} needs {library}, which `pip install 'lrvec[{extra}]'` installs", name=library) from None
