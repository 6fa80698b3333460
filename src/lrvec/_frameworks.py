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


OF_PANDAS = ("pandas.api.extensions", "ExtensionArray")
"""The class of the arrays that pandas has of its own. They are within a Series and have no labels."""

LABELLED = (("xarray", "DataArray"), ("pandas", "Series"), ("pandas", "Index"), OF_PANDAS, ("polars", "Series"))
"""The classes of arrays with labels, or of those within: their libraries and their names."""

CUPY = ("cupy", "ndarray")
"""The class of CuPy's arrays."""

MLX = ("mlx.core", "array")
"""The class of MLX's arrays."""

MASKED = ("torch.masked", "MaskedTensor")
"""The class of torch's tensors with missing numbers."""

SPREAD = ("torch.distributed.tensor", "DTensor")
"""The class of torch's tensors that are spread over several devices."""

TABLES = (("xarray", "Dataset"), ("pandas", "DataFrame"), ("polars", "DataFrame"))
"""The classes of tables, which hold several arrays."""


def is_one_of(cls: type, *names: tuple[str, str]) -> bool:
    """Tells whether a class is, or is derived from, one of those that are named by a library and a name in it."""
    known = (getattr(sys.modules.get(library), name, None) for library, name in names)
    return any(isinstance(one, type) and issubclass(cls, one) for one in known)


def has_labels(value: Any) -> bool:
    """Tells whether `value` is an array with labels."""
    return type(value) not in PYTHON_TYPES and is_one_of(type(value), *LABELLED)


def class_decides(cls: type) -> bool:
    """Tells whether is_many, is_foreign, is_lazy and has_labels say the same of all objects of a class. It is so for
    Python's own types, for arrays with labels and for the arrays of numpy, torch, JAX, dask and CuPy. Of another class,
    such as a wrapper, each object is to be asked."""
    numpy, torch, jax, dask = map(sys.modules.get, ("numpy", "torch", "jax", "dask.array"))
    return (
        cls in PYTHON_TYPES
        or (numpy is not None and issubclass(cls, (numpy.ndarray, numpy.generic)))
        or (torch is not None and issubclass(cls, torch.Tensor))
        or (jax is not None and issubclass(cls, (jax.Array, jax.core.Tracer)))
        or (dask is not None and issubclass(cls, dask.Array))
        or is_one_of(cls, CUPY, *LABELLED)
    )


def is_numpy(value: Any) -> bool:
    """Tells whether `value` is an array of numpy."""
    numpy = sys.modules.get("numpy")
    return numpy is not None and issubclass(type(value), numpy.ndarray)


def is_foreign(value: Any) -> bool:
    """Tells whether a value is an array of JAX, of torch, of CuPy or of another library of the array API standard, but
    not of numpy. Those of torch and of most versions of CuPy do not say themselves that they are. The class of such
    arrays is none of them."""
    if type(value) in PYTHON_TYPES or isinstance(value, type):
        return False
    numpy = sys.modules.get("numpy")
    if numpy is not None and isinstance(value, (numpy.ndarray, numpy.generic)):
        return False
    return is_torch(value) or has(value, "__array_namespace__") or is_one_of(type(value), CUPY)


def has_boolean_type(value: Any) -> bool:
    """Tells whether the type of a number's or an array's entries is a boolean one, in any library."""
    return has(value, "dtype") and str(value.dtype)[-4:] == "bool"


def is_foreign_boolean(value: Any) -> bool:
    """Tells whether a value is a boolean, or an array of booleans, of another library than numpy. A traced one has its
    type too."""
    return is_foreign(value) and has_boolean_type(value)


def has_real_type(value: Any) -> bool:
    """Tells whether the type of an array's entries is one of integers or real numbers, in any library."""
    name = str(value.dtype)
    return "int" in name or "float" in name


def is_torch(value: Any) -> bool:
    """Tells whether a value is a tensor of torch."""
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(value, torch.Tensor)


def is_computed_by_jax(value: Any) -> bool:
    """Tells whether a value is an array of JAX that has values, because nothing traces it."""
    jax = sys.modules.get("jax")
    return jax is not None and isinstance(value, jax.Array) and not isinstance(value, jax.core.Tracer)


def is_lazy(value: Any) -> bool:
    """Tells whether a value is an array of dask. An array of a library that may hold dask's, such as xarray, is
    none."""
    if type(value) in PYTHON_TYPES:
        return False
    dask = sys.modules.get("dask.array")
    return dask is not None and isinstance(value, dask.Array)


def is_traced(value: Any) -> bool:
    """Tells whether a value is traced by JAX; or is a tensor of torch or an array of MLX, which may be. Such a value
    cannot be looked at."""
    if type(value) in PYTHON_TYPES:
        return False
    jax = sys.modules.get("jax")
    return (jax is not None and isinstance(value, jax.core.Tracer)) or is_torch(value) or is_one_of(type(value), MLX)


def torch_is_compiling() -> bool:
    """Tells whether torch.compile runs this code. It can follow Python code, but no compiled engine and no cache."""
    torch = sys.modules.get("torch")
    return torch is not None and torch.compiler.is_dynamo_compiling()
