"""These functions take the labels from an array, and give them to its rates: those of xarray, pandas and polars.

A Series has one axis. So pandas and polars have no place for the rates of a value with rows, which stay a plain array.
So do those for an array of pandas' own, which has no labels. An axis that `pointwise` makes longer than that of the
steps loses its coordinates.
"""

from __future__ import annotations

import sys
from itertools import count, islice
from typing import Any

import numpy

from .. import _checks, _frameworks


def held(steps: Any) -> Any:
    """Returns the array that holds the steps."""
    if _is(steps, "xarray", "DataArray"):
        return steps.data
    if str(steps.dtype) in ("Int128", "UInt128"):  # of polars; numpy has no such integers
        return numpy.array(steps.to_list(), object)
    array = steps.to_numpy()
    if array.dtype.kind == "f" and not isinstance(steps.dtype, numpy.dtype):  # integers are floats where one is missing
        is_null = steps.is_null if _is(steps, "polars", "Series") else steps.isna
        items, missing = getattr(steps, "array", steps), numpy.asarray(is_null())
        if missing.any():
            index = int(missing.argmax())
            _checks.step_at(index, items[index])
    return array


def labelled(rates: Any, steps: Any) -> Any:
    """Returns rates with the labels of the steps: xarray's dims and coordinates, pandas' index, polars' name."""
    axes = len(rates.shape) - len(steps.shape)
    longer = [axis for axis, length in enumerate(steps.shape) if rates.shape[axes + axis] != length]
    if _is(steps, "xarray", "DataArray"):
        names = (name for name in map("row_{}".format, count()) if name not in steps.coords and name not in steps.dims)
        dims = (*islice(names, axes), *steps.dims)
        coords = steps.coords
        if longer:
            coords = coords.to_dataset().drop_dims([steps.dims[axis] for axis in longer], errors="ignore").coords
        return sys.modules["xarray"].DataArray(rates, coords, dims, steps.name)
    if axes or longer or _is(steps, *_frameworks.OF_PANDAS):
        return rates
    if _is(steps, "polars", "Series"):
        return sys.modules["polars"].Series(steps.name, rates)
    if _is(steps, "pandas", "Index"):
        return sys.modules["pandas"].Series(rates, steps, copy=False)
    return sys.modules["pandas"].Series(rates, steps.index, name=steps.name, copy=False)


def _is(steps: Any, library: str, name: str) -> bool:
    return _frameworks.is_one_of(type(steps), (library, name))
