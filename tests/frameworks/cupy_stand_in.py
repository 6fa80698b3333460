"""This module stands in for CuPy, which needs a GPU. `modules()` are the modules that an `import cupy` gives.

It behaves as CuPy does as far as lrvec and array-api-compat recognise and use it: its class of arrays is `cupy.ndarray`, has no
`__array_namespace__`, is none of numpy's, and becomes none of numpy's by itself; its functions and operators take no array of
numpy, only `asarray` and `array` do; its types are numpy's own. The arithmetic is numpy's.
"""

from __future__ import annotations

import contextlib
import types
from collections.abc import Callable
from typing import Any

import numpy


class ndarray(numpy.lib.mixins.NDArrayOperatorsMixin):  # noqa: N801
    """An array that lies on a device, as far as anybody can tell."""

    device = 0

    def __init__(self, there: Any) -> None:
        self.there = numpy.asarray(there)
        self.dtype, self.shape, self.ndim, self.size = (getattr(self.there, name) for name in ("dtype", "shape", "ndim", "size"))

    def get(self) -> Any:
        """The array on the host."""
        return self.there

    def astype(self, dtype: Any, copy: bool = True) -> ndarray:
        return ndarray(self.there.astype(dtype, copy=copy))

    def reshape(self, *shape: Any) -> ndarray:
        return ndarray(self.there.reshape(*shape))

    def __getitem__(self, index: Any) -> ndarray:
        found: ndarray = on_device(self.there.__getitem__)(index)
        return found

    def __setitem__(self, index: Any, value: Any) -> None:
        on_device(self.there.__setitem__)(index, value)

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise TypeError("Implicit conversion to a NumPy array is not allowed. Please use `.get()`")

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        return on_device(getattr(ufunc, method))(*inputs, **options)


def on_device(function: Callable[..., Any], takes_numpy: bool = False) -> Callable[..., Any]:
    """The function of arrays on the device."""

    def there(value: Any) -> Any:
        if isinstance(value, (list, tuple)):
            return type(value)(map(there, value))
        if isinstance(value, numpy.ndarray) and not takes_numpy:
            raise TypeError(f"Unsupported type {type(value)}")
        return value.there if isinstance(value, ndarray) else value

    def call(*arguments: Any, **options: Any) -> Any:
        found = function(*map(there, arguments), **{name: there(value) for name, value in options.items()})
        return ndarray(found) if isinstance(found, (numpy.ndarray, numpy.generic)) else found

    return call


def modules() -> dict[str, types.ModuleType]:
    found = {name: types.ModuleType(name) for name in ("cupy", "cupy.linalg", "cupy.fft", "cupy.cuda", "cupy.cuda.device")}
    for name, module in found.items():
        for word, value in vars(getattr(numpy, name.partition(".")[2], numpy)).items():
            if not word.startswith("_") and not isinstance(value, types.ModuleType):
                is_function = callable(value) and not isinstance(value, type)
                setattr(module, word, on_device(value, word in ("asarray", "array")) if is_function else value)
    cupy = found["cupy"]
    cupy.ndarray = ndarray  # type: ignore[attr-defined]
    for name in ("cupy.cuda", "cupy.cuda.device"):
        found[name].Device = contextlib.nullcontext  # type: ignore[attr-defined]
    for name in ("linalg", "fft", "cuda"):
        setattr(cupy, name, found[f"cupy.{name}"])
    return found
