"""This check compares a request with the memory of the machine."""

from __future__ import annotations

import os
import sys

from .. import _checks


def check_memory(count: int, size: int, name: str = "steps", what: str = "values") -> None:
    """Refuses `count` values of `size` bytes if they exceed the machine's memory, before the attempt brings it down."""
    if count * size > 2**20 and count * size > _physical_memory():
        _checks.refuse_size(count, size, name, what)


def _physical_memory() -> int:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return sys.maxsize
