"""These functions work on long arrays one block after another.

A block is still in the cache when it is looked at again, and what is made on the way takes no new memory.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

import numpy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias

    from numpy.typing import NDArray

    Holds: TypeAlias = Callable[..., Any]
    """This function tells of a number, or of each entry of an array, whether it obeys a rule."""

BLOCK = 1 << 15
"""A block has so many entries."""

LARGE_PAGE = 1 << 21
"""The system hands out memory in pages of so many bytes, where it can."""


def fresh(shape: tuple[int, ...], dtype: Any) -> NDArray[Any]:
    """Returns a new array. A long one begins with a large page. Else hundreds of small ones would lie at its ends, and
    these take longer than all the rest."""
    size = prod(shape) * numpy.dtype(dtype).itemsize
    if size < 2 * LARGE_PAGE:
        return numpy.empty(shape, dtype)
    room = numpy.empty(size + 2 * LARGE_PAGE, numpy.uint8)
    begin = -room.ctypes.data % LARGE_PAGE
    found: NDArray[Any] = room[begin : begin + size].view(dtype).reshape(shape)
    return found


def by_block(compute: Callable[..., Any], *numbers: Any) -> Any:
    """Returns what a function computes of arrays and plain numbers, entry by entry."""
    shape = _long_shape(numbers)
    if not shape:
        return compute(*numbers)
    found = None
    for here, parts in parts_of(shape, *numbers):
        part = compute(*parts)
        found = fresh(shape, part.dtype) if found is None else found
        found.reshape(-1)[here] = part
    return found


def all_hold(holds: Holds, *numbers: Any) -> bool:
    """Tells whether a condition on arrays and plain numbers holds for all entries."""
    shape = _long_shape(numbers)
    if not shape:
        return bool(numpy.all(holds(*numbers)))
    return all(holds(*parts).all() for _, parts in parts_of(shape, *numbers))


def where_holds(holds: Holds, *numbers: Any) -> Any:
    """Tells where a condition on arrays and plain numbers holds; True, if it does so for all entries."""
    return all_hold(holds, *numbers) or by_block(holds, *numbers)


def _long_shape(numbers: tuple[Any, ...]) -> tuple[int, ...]:
    """Returns the shape of the arrays, if they have one shape of more entries than a block; else ()."""
    shapes = {number.shape for number in numbers if getattr(number, "shape", ())}
    shape: tuple[int, ...] = shapes.pop() if len(shapes) == 1 else ()
    return shape if prod(shape) > BLOCK else ()


def parts_of(shape: tuple[int, ...], *numbers: Any) -> Iterator[tuple[slice, list[Any]]]:
    """Yields the places of each block, and what arrays of this shape have there, beside plain numbers."""
    flat = [(number.reshape(-1), True) if getattr(number, "shape", ()) else (number, False) for number in numbers]
    for begin in range(0, prod(shape), BLOCK):
        here = slice(begin, begin + BLOCK)
        yield here, [number[here] if is_array else number for number, is_array in flat]
