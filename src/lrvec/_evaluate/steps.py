"""These functions check steps in numpy's arrays, ranges and lists, and give them the form that the kernels take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy
from numpy import ndarray

from .. import _checks, _engine, _frameworks
from . import labels, sizes
from .memory import check_memory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

INT64 = numpy.dtype(numpy.int64)
INT32 = numpy.dtype(numpy.int32)


def checked(steps: Any) -> Any:
    """Checks that every step is valid, and returns the steps as an int, a range or an array of some integer type."""
    if isinstance(steps, ndarray):
        return _checked_array(steps)
    if isinstance(steps, range):
        return _checked_range(steps)
    if isinstance(steps, (list, tuple)):
        return _checked_list(steps)
    if _frameworks.has_labels(steps):
        return checked(labels.held(steps))
    return _checks.step(steps)


def range_or_checked(steps: Any) -> Any:
    """Checks steps as `checked` does. An array of one axis whose steps are consecutive becomes a range, which need not
    be read again."""
    if type(steps) is ndarray and steps.ndim == 1 and are_plain(steps):
        first = _engine.run_start(steps)
        if first >= 0:
            return range(first, first + len(steps))
    return checked(steps)


def shape_of(steps: Any) -> tuple[int, ...]:
    """Returns the shape of steps in an array, in a range or in an int."""
    if isinstance(steps, ndarray):
        shape: tuple[int, ...] = steps.shape
        return shape
    return (len(steps),) if isinstance(steps, range) else ()


def as_array(steps: Any) -> Any:
    """Returns checked steps as an array. It makes no list of a range on the way."""
    if not isinstance(steps, range):
        return numpy.asarray(steps)
    check_memory(len(steps), INT64.itemsize)
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
    if are_plain(steps):
        invalid = _engine.first_invalid(steps)
        if invalid >= 0:
            _refuse(steps, invalid)
        return steps
    given, kind = steps, steps.dtype.kind
    if kind == "O":
        return _one_by_one(steps, "an array of arrays")
    if kind not in "iu":
        first = _checks.shown(steps.reshape(-1)[:1].tolist()[0]) if steps.size and kind in "bfc" else ""
        _checks.refuse_steps(f"an array of dtype {steps.dtype}{first and f', with {first} at index 0'}")
    if steps.size > sizes.BLOCK and 0 in steps.strides:  # of an axis that repeats its steps, the first place is enough
        steps = steps[tuple(slice(None if stride else 1) for stride in steps.strides)]
    done = 0
    for block in blocks_of(steps, order="C"):
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
    except Exception:  # an object within raised it
        _checks.refuse_steps(_checks.shown(steps))
    if masked:
        _checks.refuse_steps("a list of masked arrays")
    return _one_by_one(items, "a list of lists of different lengths")


def _one_by_one(items: Any, nested: str) -> Any:
    """Returns the steps that the objects of an array stand for. `nested` says what was given if there are arrays among
    these."""
    flat = items.reshape(-1).tolist()
    if any(isinstance(item, (list, tuple)) or (isinstance(item, ndarray) and item.ndim) for item in flat):
        _checks.refuse_steps(nested)
    places: Any = range(len(flat)) if items.ndim == 1 else numpy.ndindex(items.shape)
    valid = [_checks.step_at(place, item) for place, item in zip(places, flat, strict=True)]
    return numpy.array(valid, dtype=INT64).reshape(items.shape)


def is_plain(array: Any, dtype: Any) -> bool:
    """Tells whether the kernels can read or write an array of this dtype where it lies."""
    own = array.dtype
    if own is not dtype and own != dtype:  # most are the very same, which is faster to see
        return False
    flags = array.flags
    plain: bool = flags.c_contiguous and flags.aligned
    return plain


def are_plain(steps: Any) -> bool:
    """Tells whether the kernels can read an array of steps where it lies."""
    return is_plain(steps, INT64) or is_plain(steps, INT32)


def until_valid(work: Callable[[], bool], steps: Any) -> None:
    """Does work that tells whether all steps were valid. It does so again where another thread has corrected an invalid
    one since."""
    while not work():
        checked(steps)  # refuses a step that is still invalid


def nearest_valid(work: Callable[[Any], Any], steps: Any) -> Any:
    """Does work with the steps of another library; if one is refused, with the nearest steps that are valid."""
    try:
        return work(steps)
    except ValueError:
        valid = numpy.clip(steps, 0, min(_checks.LAST_STEP, numpy.iinfo(steps.dtype).max))
    return work(numpy.asarray(valid))  # of one step without axes, `clip` makes a number


class Placed:
    """This context surrounds work on parts of the steps. Where the work finds an invalid step, the error gives its
    place among all steps. It is a class, since a generator takes a microsecond."""

    __slots__ = ("_steps",)

    def __init__(self, steps: Any) -> None:
        self._steps = steps

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: Any, error: BaseException | None, traceback: Any) -> None:
        if isinstance(error, ValueError):
            checked(self._steps)


def blocks_of(steps: Any, *outs: Any, order: Any = "K") -> Iterator[Any]:
    """Iterates over blocks of the steps, as contiguous int64, beside blocks of the arrays to be written. An unsigned
    step too large for int64 becomes negative, and so stays invalid."""
    flags: Any = ["external_loop", "buffered", "zerosize_ok"]
    operands: Any = [["readonly", "aligned", "contig"], *([["writeonly", "aligned", "contig"]] * len(outs))]
    types = [INT64, *(out.dtype for out in outs)]
    arrays = [steps, *outs]
    size = sizes.BLOCK
    return iter(numpy.nditer(arrays, flags, operands, op_dtypes=types, order=order, casting="unsafe", buffersize=size))


def in_a_row(steps: Any) -> Any:
    """Returns checked steps along one axis, of which `part_of` takes parts."""
    if isinstance(steps, range):
        return steps
    steps = numpy.asarray(steps)
    if steps.size <= sizes.PIECE:
        return numpy.require(steps, numpy.int64, ["C", "A"]).reshape(-1)
    return steps.reshape(-1) if steps.ndim == 1 or steps.flags.c_contiguous else steps.flat


def part_of(steps: Any, start: int, stop: int) -> Any:
    """Returns a part of the steps, as a range or contiguous int64. Only this part is converted, not all steps at
    once."""
    part = steps[start:stop]
    if isinstance(part, range) or is_plain(part, INT64):
        return part
    return numpy.require(part, numpy.int64, ["C", "A"])
