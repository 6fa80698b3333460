"""These functions tell which library an array comes from, and import none of these libraries."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

PYTHON_TYPES = {int, float, range, list, tuple}
"""Python's own types, which are no other library's."""


def has(value: Any, name: str) -> bool:
    """Tells whether a value has an attribute. It does not if the question itself raises an exception."""
    try:
        return hasattr(value, name)
    except Exception:
        return False


def is_many(steps: Any) -> bool:
    """Tells whether `steps` is a range, a list, a tuple or a numpy array."""
    if isinstance(steps, (range, list, tuple)):
        return True
    numpy = sys.modules.get("numpy")
    return numpy is not None and isinstance(steps, numpy.ndarray)


def has_labels(value: Any) -> bool:
    """Tells whether `value` is an array with labels: a DataArray of xarray, a Series or an Index of pandas, a Series of
    polars."""
    return type(value) not in PYTHON_TYPES and _has_labels(type(value))


def _has_labels(cls: type) -> bool:
    xarray, pandas, polars = map(sys.modules.get, ("xarray", "pandas", "polars"))
    return (
        (xarray is not None and issubclass(cls, xarray.DataArray))
        or (pandas is not None and issubclass(cls, (pandas.Series, pandas.Index)))
        or (polars is not None and issubclass(cls, polars.Series))
    )


def class_decides(cls: type) -> bool:
    """Tells whether is_many, is_foreign, is_lazy and has_labels say the same of all objects of a class. It is so for
    Python's own types, for arrays with labels and for the arrays of numpy, torch and dask. Of another class, such as a
    wrapper, each object is to be asked."""
    numpy, torch, dask = map(sys.modules.get, ("numpy", "torch", "dask.array"))
    return (
        cls in PYTHON_TYPES
        or _has_labels(cls)
        or (numpy is not None and issubclass(cls, (numpy.ndarray, numpy.generic)))
        or (torch is not None and issubclass(cls, torch.Tensor))
        or (dask is not None and issubclass(cls, dask.Array))
    )


def is_numpy(value: Any) -> bool:
    """Tells whether `value` is an array of numpy."""
    numpy = sys.modules.get("numpy")
    return numpy is not None and issubclass(type(value), numpy.ndarray)


def is_foreign(value: Any) -> bool:
    """Tells whether a value is an array of JAX, of torch or of another library of the array API standard, but not of
    numpy."""
    if type(value) in PYTHON_TYPES:
        return False
    numpy, torch = sys.modules.get("numpy"), sys.modules.get("torch")
    if numpy is not None and isinstance(value, (numpy.ndarray, numpy.generic)):
        return False
    return (torch is not None and isinstance(value, torch.Tensor)) or has(value, "__array_namespace__")


def is_lazy(value: Any) -> bool:
    """Tells whether a value is an array of dask. An array of a library that may hold dask's, such as xarray, is
    none."""
    if type(value) in PYTHON_TYPES:
        return False
    dask = sys.modules.get("dask.array")
    return dask is not None and isinstance(value, dask.Array)


def is_traced(value: Any) -> bool:
    """Tells whether a value is traced by JAX, or is a tensor of torch, which may be. Such a value cannot be looked
    at."""
    jax, torch = sys.modules.get("jax"), sys.modules.get("torch")
    return (jax is not None and isinstance(value, jax.core.Tracer)) or (
        torch is not None and isinstance(value, torch.Tensor)
    )


def torch_is_compiling() -> bool:
    """Tells whether torch.compile runs this code. It can follow Python code, but no compiled engine and no cache."""
    torch = sys.modules.get("torch")
    return torch is not None and torch.compiler.is_dynamo_compiling()
