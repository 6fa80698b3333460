"""The commands that take files read them by these functions."""

from __future__ import annotations

import json
import sys

from .. import _checks
from .._values import Schedule
from .._values.nesting import from_dict
from .output import RefusedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def text_in(path: str) -> str:
    """Returns the text of a file; - stands for standard input."""
    try:
        if path == "-":
            return sys.stdin.read()
        with open(path, encoding="utf-8-sig") as file:  # some editors put a mark in front
            return file.read()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise RefusedError(f"{path} must be a file of text that can be read: {reason}") from None


def json_in(path: str) -> Any:
    """Returns what a file of JSON holds."""
    try:
        return json.loads(text_in(path))
    except (ValueError, RecursionError) as error:
        raise RefusedError(f"{path} must hold JSON: {error}") from None


def schedule_in(path: str) -> Schedule:
    """Makes the schedule whose dict is in a file."""
    try:
        found = from_dict(json_in(path))
        if not isinstance(found, Schedule):
            raise TypeError(f"it must describe one schedule, received {_checks.shown(found)}")
    except (TypeError, ValueError) as error:
        raise RefusedError(f"{path}: {error}") from None
    return found
