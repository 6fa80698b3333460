"""Evaluation: segments, or what an engine has made of them, over steps. Nothing here knows a value class."""

from __future__ import annotations

from .. import _checks, _frameworks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def evaluate(table: Any, steps: Any, out: Any = None, dtype: Any = None, workers: int | None = None) -> Any:
    """The table's values at `steps`: a float for an integer, an array for everything else."""
    if workers is not None:
        _checks.workers(workers)
    if out is None and dtype is None and not _frameworks.is_many(steps):
        return table.value(_checks.step(steps))
    return (_many or _import_many()).evaluate(table, steps, out, dtype, workers)


_many: Any = None
"""The module for more than one step, once it has been needed."""


def _import_many() -> Any:
    global _many
    from . import arrays as _many

    return _many
