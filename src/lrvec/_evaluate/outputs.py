"""These functions give the arrays that values are written to: the user's, if they will do, or new ones."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

import numpy
from numpy import may_share_memory, ndarray

from .. import _checks
from . import maps, sizes
from .memory import check_memory
from .steps import checked, range_or_checked, shape_of

if TYPE_CHECKING:
    from collections.abc import Callable

FLOAT64 = numpy.dtype(numpy.float64)
FLOAT32 = numpy.dtype(numpy.float32)


def prepared(steps: Any, rows: tuple[int, ...], out: Any, dtype: Any) -> tuple[Any, Any]:
    """Returns the checked steps, and the array to write to. Its shape is `rows` + the shape of the steps. What fits
    neither in `out` nor in memory is refused before an array of steps is read, which may take long."""
    if isinstance(steps, ndarray):
        out = prepare_out(out, rows + steps.shape, dtype, steps)
        steps = range_or_checked(steps)
    else:
        steps = checked(steps)
        out = prepare_out(out, rows + shape_of(steps), dtype, None)
    if out.base is not None:
        maps.reserve(out)
    return steps, out


def prepare_out(out: Any, shape: tuple[int, ...], dtype: Any, steps: Any) -> Any:
    """Returns the array to write to: the user's if it will do, or a new one. An array of steps must not overlap with
    it."""
    wanted = FLOAT64 if dtype is None else float_dtype(dtype)
    if out is not None:
        _check_out(out, shape, None if dtype is None else wanted)
        if steps is not None and _share_memory(steps, out):
            raise ValueError("out must not share memory with steps, received an array that does")
        return out
    return new(shape, wanted)


def new(shape: tuple[int, ...], dtype: Any, empty: Callable[..., Any] = numpy.empty) -> Any:
    """Returns a new array, which `empty` makes. Where memory has no room for it, the error says how many values it
    would have."""
    count = prod(shape)
    if count > sizes.BLOCK:
        check_memory(count, dtype.itemsize)
    try:
        return empty(shape, dtype)
    except MemoryError:
        _checks.refuse_size(count, dtype.itemsize)
    except ValueError:
        rule = "have no more axes beside the rows' than an array of numpy can"
        raise ValueError(f"steps must {rule}, received steps for {len(shape)}") from None


def _share_memory(steps: Any, out: Any) -> bool:
    """Tells whether any byte belongs to both arrays. Where that is too hard to find out, the answer is yes."""
    if steps is not out and steps.flags.owndata and out.flags.owndata:  # so most do
        return False
    if not may_share_memory(steps, out):
        return False
    try:
        return bool(numpy.shares_memory(steps, out, max_work=100_000))  # type: ignore[arg-type]
    except numpy.exceptions.TooHardError:
        return True


def _check_out(out: Any, shape: tuple[int, ...], dtype: Any) -> None:
    if type(out) is not ndarray and type(out) is not numpy.memmap:
        raise TypeError(f"out must be a numpy array, received {type(out).__name__}")
    own = out.dtype
    if own is not FLOAT64 and own != FLOAT64 and own != FLOAT32:
        raise TypeError(f"out must have dtype float64 or float32, received {own}")
    if dtype is not None and own != dtype:
        raise TypeError(f"out must have the dtype asked for, {dtype}, received {own}")
    if out.shape != shape:
        raise ValueError(f"out must have the shape of the result, {shape}, received {out.shape}")
    flags = out.flags
    if not flags.writeable:
        raise ValueError("out must be writable, received a read-only array")
    if flags.c_contiguous:
        return
    reach = out.itemsize  # of the axes with smaller strides: the next stride must step over it
    for stride, length in sorted((abs(stride), length) for stride, length in zip(out.strides, out.shape, strict=True)):
        if length > 1 and stride < reach and out.size:
            raise ValueError("out must not share memory with itself, received an array whose entries overlap")
        reach += stride * (length - 1)


def float_dtype(dtype: Any) -> Any:
    try:
        found = numpy.dtype(dtype)
    except Exception:
        found = None
    if found is None or dtype is None or found not in (FLOAT64, FLOAT32):
        raise TypeError(f"dtype must be float64 or float32, received {_checks.shown(dtype)}")
    return found


def multiply(values: Any, factor: Any, out: Any = None) -> Any:
    """Multiplies an array, or each of its rows. A product too large for a double is infinite, as in a schedule's
    values."""
    if out is None:
        is_small = values.size <= sizes.BLOCK  # an array of no dimensions stays an array
        out = numpy.empty_like(values) if is_small else new(values.shape, values.dtype)
    with numpy.errstate(over="ignore", under="ignore", invalid="ignore"):
        return numpy.multiply(values, factor, out=out, casting="same_kind")


def column(factors: list[float], axes: int) -> Any:
    """Returns the factors of rows as an array that broadcasts with values of so many axes."""
    return numpy.array(factors).reshape(-1, *[1] * (axes - 1))


def assign(out: Any, values: Any) -> None:
    """Writes values to `out`, rounded to its type. A value too large for that type becomes infinite, as in C."""
    with numpy.errstate(over="ignore", under="ignore"):
        out[...] = values
