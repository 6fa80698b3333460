"""These functions check a parameter that is an array. A message names the first index whose entry breaks the rule."""

from __future__ import annotations

from itertools import zip_longest
from math import prod
from typing import TYPE_CHECKING, Any

import numpy

from .. import _blocks
from . import numbers

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from .._blocks import Holds
    from .parameters import Check


def rates(name: str, value: Any, *checks: Check) -> NDArray[numpy.float64]:
    """Checks that every entry is a finite number and obeys other checks too, and returns the entries as float64."""

    def check(place: str, item: Any) -> float:
        if numbers.is_boolean(item):
            numbers.refuse_boolean(place, item)
        return numbers.finite(place, item)

    given = array(name, value)
    if given.dtype.kind not in "iuf" or (given is not value and _holds(numbers.is_boolean, value)):
        given = _one_by_one(name, value, check)
    with numpy.errstate(over="ignore"):
        found, are_good = _copied(given, numpy.float64, numpy.isfinite, *[holds for holds, _ in checks])
    if not are_good:
        obey(name, numpy.isfinite(found), given, "be a finite number")
        for holds, rule in checks:
            obey(name, holds(found), value, rule)
    return found


def finite(name: str, compute: Callable[..., Any], *numbers: Any) -> None:
    """Checks that what a function computes of arrays and plain numbers is finite for all of their entries."""
    with numpy.errstate(over="ignore"):
        if _blocks.where_holds(lambda *some: numpy.isfinite(compute(*some)), *numbers) is not True:
            found = compute(*numbers)
            obey(name, numpy.isfinite(found), found, "be a finite number")


def _copied(given: NDArray[Any], dtype: Any, *checks: Holds) -> tuple[NDArray[Any], bool]:
    """Copies an array to another type. Returns the copy, and whether all checks hold for all of its entries."""
    found = _blocks.fresh(given.shape, dtype)
    are_good = True
    for _, (source, target) in _blocks.parts_of(found.shape, given, found):
        target[...] = source
        are_good = are_good and all(holds(target).all() for holds in checks)
    return found, are_good


def counts(name: str, value: Any, least: int, rule: str) -> NDArray[numpy.int64]:
    """Checks that every entry is an integer from `least` to the last step, and returns the entries as int64."""

    def check(place: str, item: Any) -> int:
        numbers.no_boolean(place, item, rule)
        return numbers.count(place, item, least, rule)

    given = array(name, value)
    if given.dtype.kind not in "iu" or (given is not value and _holds(numbers.is_boolean, value)):
        given = _one_by_one(name, value, check)
    return between(name, given, least, f"be a {rule} integer")


def between(name: str, given: NDArray[Any], least: int, rule: str) -> NDArray[numpy.int64]:
    """Checks that integers are from `least` on, which the rule says, to the last step, and returns them as int64."""

    def holds(part: NDArray[numpy.int64]) -> Any:
        return (part.min() >= least) & (part.max() <= numbers.LAST_STEP)

    integers, are_good = _copied(given, numpy.int64, holds)
    if not are_good:
        obey(name, given >= least, given, rule)
        obey(name, given <= numbers.LAST_STEP, given, f"be at most 2**53 = {numbers.LAST_STEP}")
    return integers


def row_by_row(check: Callable[..., None], holds: Any, *numbers: Any) -> None:
    """Calls a check with the numbers of each schedule of a sweep, but for those of which it is known that the check
    holds. What it takes first says in a message where they stand."""
    holds, *rows = numpy.broadcast_arrays(holds, *numbers)
    places = numpy.flatnonzero(~holds)
    for place, *row in zip(places.tolist(), *(column.reshape(-1)[places].tolist() for column in rows), strict=True):
        index = tuple(int(i) for i in numpy.unravel_index(place, holds.shape))
        check(f" at index {shown(index)}", *row)


MOST_AXES = 32
"""Every version of numpy can make and broadcast arrays of so many axes."""


def few_axes(name: str, count: int) -> None:
    """Checks that arrays of so many axes broadcast."""
    if count > MOST_AXES:
        raise ValueError(f"{name} must have at most {MOST_AXES} axes, received more")


def _axes_of(value: Any) -> int:
    """Counts the axes of an array or of nested sequences, and stops counting behind MOST_AXES."""
    count = 0
    while isinstance(value, (list, tuple)) and value and count <= MOST_AXES:
        value, count = value[0], count + 1
    return count + getattr(value, "ndim", 0)


def schedules(name: str, value: Any, axes: int = MOST_AXES) -> NDArray[numpy.object_]:
    """Returns the schedules of a sequence as an array. Sequences within it must have one length and one depth; each
    adds an axis, and there may be at most `axes` of them."""
    if axes == 0:
        raise ValueError(f"schedules must have at most {MOST_AXES} axes, received more at {numbers.shown(name)}")
    items = [
        schedules(f"{name}[{index}]", item, axes - 1)
        if issubclass(type(item), (list, tuple))
        else _schedule(f"{name}[{index}]", item)
        for index, item in enumerate(numbers.listed(name, value, mapping="its values(), with its keys() as names"))
    ]
    if not items:
        raise ValueError(f"{name} must hold at least one schedule, received none")
    shapes = {getattr(item, "shape", ()) for item in items}
    if len(shapes) > 1:
        rule = "hold schedules, or sequences of one length"
        raise ValueError(f"{name} must {rule}, received {numbers.shown(value)}")
    found = numpy.empty((len(items), *shapes.pop()), object)
    for index, item in enumerate(items):
        found[index] = item
    return found


def _schedule(name: str, value: Any) -> Any:
    numbers.schedule(name, value)
    if getattr(value, "shape", ()):
        raise TypeError(f"{name} must be one schedule, received {numbers.shown(value)}")
    return value


def obey(name: str, holds: Any, values: Any, rule: str) -> None:
    """Raises a ValueError that names the first index at which `holds` is false."""
    if holds is not True and not holds.all():
        index, (value,) = _first_without(holds, values)
        raise ValueError(f"{name} at index {index} must {rule}, received {numbers.shown(value)}")


def _first_without(holds: Any, *arrays: Any) -> tuple[str, list[Any]]:
    """Returns the first index at which `holds` is false, as messages have it, and the entries of arrays there."""
    index = tuple(int(i) for i in numpy.unravel_index(int(numpy.argmin(holds)), holds.shape))
    values = [numpy.broadcast_to(array, holds.shape)[index] for array in arrays]
    return shown(index), [value.item() if isinstance(value, numpy.generic) else value for value in values]


def ascending(name: str, before: Any, after: Any) -> None:
    """Checks that each entry of an array is less than the entry of the next one."""
    holds = before < after
    if not holds.all():
        index, received = _first_without(holds, after, before)
        rule = "be in ascending order, each once"
        raise ValueError(f"{name} at index {index} must {rule}, received {received[0]} after {received[1]}")


def shape_of(parameters: dict[str, Any]) -> tuple[int, ...]:
    """Returns the shape that the parameters broadcast to."""
    shapes = {name: value.shape for name, value in parameters.items() if getattr(value, "shape", ())}
    try:
        return broadcast("schedules", *shapes.values())
    except numbers.MemoryValueError:
        raise
    except ValueError:
        listed = ", ".join(f"{name} {shape}" for name, shape in shapes.items())
        raise ValueError(f"the shapes of the parameters must broadcast, received {listed}") from None


def broadcast(name: str, *shapes: tuple[int, ...]) -> tuple[int, ...]:
    """Returns the shape that `shapes` broadcast to. Where it is too large for any array of numpy, the error says so and
    counts its entries as what `name` says."""
    try:
        return numpy.broadcast_shapes(*shapes)
    except ValueError:
        axes = [set(axis) - {1} for axis in zip_longest(*map(reversed, shapes), fillvalue=1)]
        if any(len(lengths) > 1 for lengths in axes):
            raise
        numbers.refuse_size(prod(max(lengths, default=1) for lengths in axes), 8, name)


def joint_shape(rows: tuple[int, ...], steps: tuple[int, ...]) -> tuple[int, ...]:
    """Returns the shape that the rows of a sweep and steps broadcast to, one step a row."""
    if rows == steps:
        return rows
    few_axes("steps", len(steps))
    try:
        return broadcast("steps", rows, steps)
    except numbers.MemoryValueError:
        raise
    except ValueError:
        raise ValueError(f"steps must broadcast with the sweep's shape {rows}, received shape {steps}") from None


def shown(index: tuple[int, ...]) -> str:
    """Writes an index into a message: one along a single axis as a plain number."""
    return str(index[0] if len(index) == 1 else index)


def array(name: str, value: Any) -> NDArray[Any]:
    """Returns `value` as an array of any dtype."""
    try:
        found = numpy.asarray(value)
    except ValueError:
        few_axes(name, _axes_of(value))
        raise ValueError(f"{name} must be an array, received a list of lists of different lengths") from None
    except MemoryError:
        raise
    except Exception:  # an object within `value` raised it
        raise TypeError(f"{name} must be an array of numbers, received {numbers.shown(value)}") from None
    if isinstance(value, numpy.ma.MaskedArray):
        raise ValueError(f"{name} must be an array of numbers, received a masked array")
    few_axes(name, found.ndim)
    if found.size == 0:
        raise ValueError(f"{name} must not have an empty axis, received an array of shape {found.shape}")
    return found


def _holds(kind: Callable[[Any], bool], value: Any) -> bool:
    """Tells whether one of this kind is among the numbers of a list, from which numpy makes an array. The types of most
    say that it is not."""
    if not isinstance(value, (list, tuple)):
        return False
    items = numpy.array(value, dtype=object).reshape(-1).tolist()
    return not {int, float}.issuperset(map(type, items)) and any(map(kind, items))


def _one_by_one(name: str, value: Any, check: Callable[[str, Any], Any]) -> NDArray[Any]:
    """Checks each entry with the check of a single number, for a `value` that numpy does not hold as numbers."""
    given = value if isinstance(value, numpy.ndarray) else numpy.array(value, dtype=object)
    checked = numpy.empty(given.shape, object)
    for index, item in numpy.ndenumerate(given):
        if numbers.is_array(item):
            raise TypeError(f"{name} at index {shown(index)} must be a number, received {numbers.shown(item)}")
        number = item.item() if given is value and isinstance(item, numpy.inexact) else item
        checked[index] = check(f"{name} at index {shown(index)}", number)
    return numpy.array(checked.tolist())
