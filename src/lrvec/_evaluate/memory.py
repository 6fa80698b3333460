"""How much memory there is."""

from __future__ import annotations

import os
import sys

from .. import _checks


def check_memory(count: int, size: int, name: str = "steps", what: str = "values") -> None:
    """Refuses what is larger than the memory of this machine before the attempt brings it down."""
    if count * size > 2**20 and count * size > _physical_memory():
        _checks.refuse_size(count, size, name, what)


def _physical_memory() -> int:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return sys.maxsize
