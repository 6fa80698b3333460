"""Whose array is this: asked without importing the library that it comes from."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

OWN: dict[type, bool] = {int: False, float: False, range: True, list: True, tuple: True}
"""Types that are not foreign, and whether they are many steps; numpy's array joins them when it is first met."""


def has(value: Any, name: str) -> bool:
    """Whether it has the attribute; not, where asking fails."""
    try:
        return hasattr(value, name)
    except Exception:
        return False


def is_many(steps: Any) -> bool:
    """Whether `steps` is a range, a list, a tuple or a numpy array."""
    known = OWN.get(type(steps))
    if known is not None:
        return known
    if isinstance(steps, (range, list, tuple)):
        return True
    numpy = sys.modules.get("numpy")
    return numpy is not None and isinstance(steps, numpy.ndarray)


def is_foreign(value: Any) -> bool:
    """Whether it is an array of JAX, of torch, or of another library of the array API standard, numpy's apart."""
    if type(value) in OWN:
        return False
    numpy, torch = sys.modules.get("numpy"), sys.modules.get("torch")
    if numpy is not None and isinstance(value, (numpy.ndarray, numpy.generic)):
        return False
    return (torch is not None and isinstance(value, torch.Tensor)) or has(value, "__array_namespace__")


def is_lazy(value: Any) -> bool:
    """Whether it is an array of dask, and not of a library that may hold one."""
    if type(value) in OWN:
        return False
    dask = sys.modules.get("dask.array")
    return dask is not None and isinstance(value, dask.Array)


def is_traced(value: Any) -> bool:
    """Whether it is a number or an array that JAX or torch traces: it has no value to be looked at."""
    jax, torch = sys.modules.get("jax"), sys.modules.get("torch")
    return (jax is not None and isinstance(value, jax.core.Tracer)) or (
        torch is not None and isinstance(value, torch.Tensor)
    )


def torch_is_compiling() -> bool:
    """Whether it is torch.compile that runs this code: it follows Python's, and neither a compiled engine's nor a
    cache's."""
    torch = sys.modules.get("torch")
    return torch is not None and torch.compiler.is_dynamo_compiling()
