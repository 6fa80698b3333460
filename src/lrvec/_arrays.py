"""Which kind of steps is this: asked without importing the library that it comes from."""

from __future__ import annotations

import operator
import os
import sys

from . import _checks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def evaluate(table: Any, steps: Any, out: Any = None, dtype: Any = None, workers: int | None = None) -> Any:
    """The table's values at `steps`: a float for an integer, an array for everything else."""
    if workers is not None:
        _checks.workers(workers)
    if out is None and dtype is None and not is_many(steps):
        return table.value(_checks.step(steps))
    return (_many or _import_many()).evaluate(table, steps, out, dtype, workers)


_many: Any = None
"""The module for more than one step, once it has been needed."""


def _import_many() -> Any:
    global _many
    from . import _numpy as _many

    return _many


def is_many(steps: Any) -> bool:
    """Whether `steps` is a range, a list, a tuple or a numpy array."""
    known = OWN.get(type(steps))
    if known is not None:
        return known
    if isinstance(steps, (range, list, tuple)):
        return True
    numpy = sys.modules.get("numpy")
    return numpy is not None and isinstance(steps, numpy.ndarray)


OWN = {int: False, float: False, range: True, list: True, tuple: True}
"""Types that are not foreign, and whether they are many steps; numpy's array joins them with `_numpy`."""


def is_foreign(value: Any) -> bool:
    """Whether it is an array of JAX, of torch, or of another library of the array API standard, numpy's apart."""
    if type(value) in OWN:
        return False
    numpy, torch = sys.modules.get("numpy"), sys.modules.get("torch")
    if numpy is not None and isinstance(value, (numpy.ndarray, numpy.generic)):
        return False
    return (torch is not None and isinstance(value, torch.Tensor)) or _checks.has(value, "__array_namespace__")


def is_lazy(value: Any) -> bool:
    """Whether it is an array of dask, and not of a library that may hold one."""
    if type(value) in OWN:
        return False
    dask = sys.modules.get("dask.array")
    return dask is not None and isinstance(value, dask.Array)


def are_followed() -> bool:
    """Whether it is torch.compile that runs this code: it follows Python's, and neither a compiled engine's nor a
    cache's."""
    torch = sys.modules.get("torch")
    return torch is not None and torch.compiler.is_dynamo_compiling()


def multiplier(values: Any) -> Callable[[Any, float], Any]:
    """The multiplication for what a schedule has returned."""
    numpy = sys.modules.get("numpy")
    if numpy is None or not isinstance(values, numpy.ndarray):
        return operator.mul
    from . import _numpy

    return _numpy.multiply


def check_memory(count: int, size: int, name: str = "steps", what: str = "values") -> None:
    """Refuses what is larger than the memory of this machine before the attempt brings it down."""
    if count * size > 2**20 and count * size > _physical_memory():
        _checks.refuse_size(count, size, name, what)


def _physical_memory() -> int:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return sys.maxsize
