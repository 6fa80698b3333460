"""Tables over ranges, numpy arrays and lists: checks first, then values. Imported when the first of these is met."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

import numpy
from numpy import may_share_memory, ndarray

from . import _arrays, _checks, _engine, _maps, _parallel, _segments

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BLOCK = 65536
"""Steps at a time, where they or their values must be converted on the way."""

INT64 = numpy.dtype(numpy.int64)
FLOAT64 = numpy.dtype(numpy.float64)
FLOAT32 = numpy.dtype(numpy.float32)

_arrays.OWN[ndarray] = True


def evaluate(table: Any, steps: Any, out: Any, dtype: Any, workers: int | None) -> Any:
    """The table's values: an array of the shape of `steps`, or `out`; a float for an integer without `out`."""
    if out is None and dtype is None:
        # Nobody sees a new array before it is whole: the kernels may find an invalid step on their way.
        if type(steps) is ndarray and is_plain(steps, INT64):
            out = numpy.empty(steps.shape) if steps.size <= BLOCK else new(steps.shape, FLOAT64)
            if steps.size > _parallel.PIECE or not table.fill_array(steps, out):
                _fill(_fill_array, table, steps, out, workers)
            return out
        if type(steps) is range and steps.step == 1 and 0 <= steps.start < steps.stop <= _parallel.PIECE:
            out = numpy.empty(steps.stop - steps.start)
            table.fill_range(steps.start, 1, out)
            return out
    steps, values = prepared(steps, (), out, dtype)
    if isinstance(steps, ndarray):
        _fill(_fill_array, table, steps, values, workers)
    elif isinstance(steps, range):
        _fill(_fill_range, table, steps, values, workers)
    else:
        assign(values, table.value(steps))
        if out is None:
            return float(values)
    return values


def scaled_rows(table: Any, factors: tuple[float, ...], steps: Any, out: Any) -> Any:
    """One row a factor, its multiple of the table's values: each value is computed once, in blocks that stay in the
    cache, and rounded once for a float32 `out`."""
    steps, out = prepared(steps, (len(factors),), out, None)
    if isinstance(steps, int):
        steps = numpy.array(steps)
    shape = out.shape[1:]
    flat = steps if len(shape) == 1 else steps.reshape(-1)
    rows = out if len(shape) == 1 else out.reshape(len(factors), -1)  # a copy where `out` is not contiguous
    values = numpy.empty(min(len(flat), BLOCK))
    for start in range(0, len(flat), BLOCK):
        part = flat[start : start + BLOCK]
        block = values[: len(part)]
        (_fill_range if isinstance(part, range) else _fill_array)(table, part, block)
        for row, factor in zip(rows, factors, strict=True):
            multiply(block, factor, row[start : start + BLOCK])
    if rows is not out and not may_share_memory(rows, out):
        out[...] = rows.reshape(out.shape)
    return out


def scaled(values: Any, factors: tuple[float, ...], out: Any) -> Any:
    """One row a factor, its multiple of an array."""
    out = prepare_out(out, (len(factors), *values.shape), None, None)
    if out.base is not None:
        _maps.reserve(out)
    for row, factor in zip(out, factors, strict=True):
        multiply(values, factor, row)
    return out


def multiply(values: Any, factor: Any, out: Any = None) -> Any:
    """An array's multiple, or each row's; what is too large for a double is infinite, as a schedule's values are."""
    if out is None:
        is_small = values.size <= BLOCK  # an array of no dimensions stays one
        out = numpy.empty_like(values) if is_small else new(values.shape, values.dtype)
    with numpy.errstate(over="ignore", under="ignore", invalid="ignore"):
        return numpy.multiply(values, factor, out=out, casting="same_kind")


def assign(out: Any, values: Any) -> None:
    """Writes values, rounded to the type of `out`: what is too large for it is infinite, as in C."""
    with numpy.errstate(over="ignore", under="ignore"):
        out[...] = values


# ---- steps ----


def checked(steps: Any) -> Any:
    """`steps` as an int, a range or an array of some integer type, in which every step is valid."""
    if isinstance(steps, ndarray):
        return _checked_array(steps)
    if isinstance(steps, range):
        return _checked_range(steps)
    if isinstance(steps, (list, tuple)):
        return _checked_list(steps)
    return _checks.step(steps)


def checked_run(steps: Any) -> Any:
    """The same; a range for an array of one axis that holds what a range does, which then need not be read again."""
    if type(steps) is ndarray and steps.ndim == 1 and is_plain(steps, INT64):
        first = _engine.run_start(steps)
        if first >= 0:
            return range(first, first + len(steps))
    return checked(steps)


def shape_of(steps: Any) -> tuple[int, ...]:
    """Of an array's steps, of a range or of an int."""
    if isinstance(steps, ndarray):
        shape: tuple[int, ...] = steps.shape
        return shape
    return (len(steps),) if isinstance(steps, range) else ()


def as_array(steps: Any) -> Any:
    """Checked steps as an array, without a list of a range's."""
    if not isinstance(steps, range):
        return numpy.asarray(steps)
    _arrays.check_memory(len(steps), INT64.itemsize)
    array = numpy.arange(len(steps), dtype=INT64)
    array *= steps.step
    array += steps.start
    return array


def _checked_range(steps: range) -> range:
    if not steps:
        return range(0)
    count = (steps[-1] - steps[0]) // steps.step + 1  # len() refuses what does not fit in a C integer
    _checks.step_at(0, steps[0])
    limit = _checks.LAST_STEP if steps.step > 0 else 0
    inside = (limit - steps[0]) // steps.step + 1
    if inside < count:
        _checks.step_at(inside, steps[inside])
    if count == 1:
        return range(steps[0], steps[0] + 1)  # its stride, which may be huge, plays no part
    return range(steps[0], steps[-1] + (1 if steps.step > 0 else -1), steps.step)


def _checked_array(steps: Any) -> Any:
    if type(steps) is not ndarray:
        if isinstance(steps, numpy.ma.MaskedArray):
            _checks.refuse_steps("a masked array")
        steps = numpy.asarray(steps)
    if is_plain(steps, INT64):
        invalid = _engine.first_invalid(steps)
        if invalid >= 0:
            _refuse(steps, invalid)
        return steps
    given, kind = steps, steps.dtype.kind
    if kind not in "iu":
        first = _checks.shown(steps.reshape(-1)[:1].tolist()[0]) if steps.size and kind in "bfcO" else ""
        _checks.refuse_steps(f"an array of dtype {steps.dtype}{first and f', with {first} at index 0'}")
    if steps.size > BLOCK and 0 in steps.strides:  # the first bad step is the first along an axis that repeats it
        steps = steps[tuple(slice(None if stride else 1) for stride in steps.strides)]
    done = 0
    for block in _blocks(steps, order="C"):
        invalid = _engine.first_invalid(block)
        if invalid >= 0:
            _refuse(steps, done + invalid)
        done += block.size
    return given


def _refuse(steps: Any, position: int) -> None:
    index = _unravel(position, steps.shape)
    _checks.step_at(index, int(steps[index]))


def _unravel(position: int, shape: tuple[int, ...]) -> Any:
    index = tuple(int(i) for i in numpy.unravel_index(position, shape))
    return index[0] if len(index) == 1 else index


def _checked_list(steps: Any) -> Any:
    try:
        masked = any(isinstance(item, numpy.ma.MaskedArray) for item in steps)
        items: Any = None if masked else numpy.array(steps, dtype=object)
    except ValueError:
        _checks.refuse_steps("a list of lists of different lengths")
    except MemoryError:
        raise
    except Exception:  # of an object within
        _checks.refuse_steps(_checks.shown(steps))
    if masked:
        _checks.refuse_steps("a list of masked arrays")
    flat = items.reshape(-1).tolist()
    if any(isinstance(item, (list, tuple, ndarray)) for item in flat):
        _checks.refuse_steps("a list of lists of different lengths")
    for position, item in enumerate(flat):
        flat[position] = _checks.step_at(_unravel(position, items.shape), item)
    return numpy.array(flat, dtype=INT64).reshape(items.shape)


# ---- values ----


def is_plain(array: Any, dtype: Any) -> bool:
    """Whether the kernels can read or write the array where it lies."""
    if array.dtype != dtype:
        return False
    flags = array.flags
    plain: bool = flags.c_contiguous and flags.aligned
    return plain


def _fill(fill: Callable[..., None], table: Any, steps: Any, out: Any, workers: int | None) -> None:
    """Fills in pieces, shared out to the workers, what is large."""
    if out.size <= _parallel.PIECE:
        fill(table, steps, out)
        return
    placing = Placed(steps)
    if out.ndim > 1 and out.flags.c_contiguous and steps.flags.c_contiguous:
        steps, out = steps.reshape(-1), out.reshape(-1)
    width = max(1, len(out) * _parallel.PIECE // out.size)  # of a piece along the first axis

    def piece(number: int) -> None:
        here = slice(number * width, (number + 1) * width)
        fill(table, steps[here], out[here])

    pieces = -(-len(out) // width)
    with placing:
        _parallel.run(piece, pieces, 1 if _is_called(table) else _parallel.worker_count(pieces, workers))


def _is_called(table: Any) -> bool:
    """Whether there is a user's callable in it, which is called in this thread only."""
    return isinstance(table, _segments.CallTable)


def _fill_range(table: Any, steps: range, out: Any) -> None:
    if is_plain(out, out.dtype):
        table.fill_range(steps.start, steps.step, out)
        return
    block = numpy.empty(min(len(steps), BLOCK), out.dtype)
    for start in range(0, len(steps), BLOCK):
        part = block[: len(steps) - start]
        table.fill_range(steps.start + start * steps.step, steps.step, part)
        out[start : start + BLOCK] = part


def _fill_array(table: Any, steps: Any, out: Any) -> None:
    def fill() -> bool:
        if is_plain(steps, INT64) and is_plain(out, out.dtype):
            valid: bool = table.fill_array(steps, out)
            return valid
        return all(table.fill_array(block, values) for block, values in _blocks(steps, out))

    until_valid(fill, steps)


def until_valid(work: Callable[[], bool], steps: Any) -> None:
    """Does what finds out whether all steps are valid: again, where another thread has put right one that was not."""
    while not work():
        checked(steps)  # which refuses one that stays so


class Placed:
    """For work on parts of the steps: the place of an invalid one, which it may find, counts from the first of all. A
    class, since a generator takes a microsecond."""

    __slots__ = ("_steps",)

    def __init__(self, steps: Any) -> None:
        self._steps = steps

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: Any, error: BaseException | None, traceback: Any) -> None:
        if isinstance(error, ValueError):
            checked(self._steps)


def _blocks(steps: Any, *outs: Any, order: Any = "K") -> Iterator[Any]:
    """Blocks of the steps, as contiguous int64, beside blocks of the outs to be written. An unsigned step too large for
    int64 turns negative, and is as invalid as before."""
    flags: Any = ["external_loop", "buffered", "zerosize_ok"]
    operands: Any = [["readonly", "aligned", "contig"], *([["writeonly", "aligned", "contig"]] * len(outs))]
    types = [INT64, *(out.dtype for out in outs)]
    arrays = [steps, *outs]
    return iter(numpy.nditer(arrays, flags, operands, op_dtypes=types, order=order, casting="unsafe", buffersize=BLOCK))


def prepared(steps: Any, rows: tuple[int, ...], out: Any, dtype: Any) -> tuple[Any, Any]:
    """Checked steps, and the array to write to, of the shape of the rows and theirs. What fits neither in `out` nor in
    memory is refused before the steps of an array are read, which may take long."""
    if isinstance(steps, ndarray):
        out = prepare_out(out, rows + steps.shape, dtype, steps)
        steps = checked_run(steps)
    else:
        steps = checked(steps)
        out = prepare_out(out, rows + shape_of(steps), dtype, None)
    if out.base is not None:
        _maps.reserve(out)
    return steps, out


def prepare_out(out: Any, shape: tuple[int, ...], dtype: Any, steps: Any) -> Any:
    """The array to write to: the user's if it will do, or a new one. An array of steps must not overlap with it."""
    wanted = FLOAT64 if dtype is None else float_dtype(dtype)
    if out is not None:
        _check_out(out, shape, None if dtype is None else wanted)
        if steps is not None and may_share_memory(steps, out) and _share_memory(steps, out):
            raise ValueError("out must not share memory with steps, received an array that does")
        return out
    return new(shape, wanted)


def new(shape: tuple[int, ...], dtype: Any) -> Any:
    """A new array, or its refusal by name."""
    count = prod(shape)
    if count > BLOCK:
        _arrays.check_memory(count, dtype.itemsize)
    try:
        return numpy.empty(shape, dtype)
    except MemoryError:
        _checks.refuse_size(count, dtype.itemsize)


def _share_memory(steps: Any, out: Any) -> bool:
    """Whether any byte belongs to both, which may be as hard to tell as it likes: then it does."""
    try:
        return bool(numpy.shares_memory(steps, out, max_work=100_000))  # type: ignore[arg-type]
    except numpy.exceptions.TooHardError:
        return True


def _check_out(out: Any, shape: tuple[int, ...], dtype: Any) -> None:
    if type(out) is not ndarray and type(out) is not numpy.memmap:
        raise TypeError(f"out must be a numpy array, received {type(out).__name__}")
    if out.dtype != FLOAT64 and out.dtype != FLOAT32:
        raise TypeError(f"out must have dtype float64 or float32, received {out.dtype}")
    if dtype is not None and out.dtype != dtype:
        raise TypeError(f"out must have the dtype asked for, {dtype}, received {out.dtype}")
    if out.shape != shape:
        raise ValueError(f"out must have the shape of the result, {shape}, received {out.shape}")
    if not out.flags.writeable:
        raise ValueError("out must be writable, received a read-only array")
    reach = out.itemsize  # of the axes with smaller strides: the next one must step over it
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
