"""Each operation on tables has a plain formula here, over an array namespace. Over `Scalars` it is the Python engine's.

The compiled kernels in csrc/operations.h compute the same, to the bit. A test compares the names. An operation of
values combines the values of tables at one step, from the first two on. An operation of the clock asks one table for
the value at another step.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def add(xp: Any, value: Any, other: Any) -> Any:
    return value + other


def multiply(xp: Any, value: Any, other: Any) -> Any:
    return value * other


def minimum(xp: Any, value: Any, other: Any) -> Any:
    return xp.where(other < value, other, value)


def maximum(xp: Any, value: Any, other: Any) -> Any:
    return xp.where(other > value, other, value)


def repeat(xp: Any, step: Any, size: Any) -> Any:
    """step mod size."""
    return xp.remainder(step, size)


def mirror(xp: Any, step: Any, size: Any) -> Any:
    """The clock goes up to the size and back, for ever."""
    way, into = xp.floored(step, size), xp.remainder(step, size)
    return into + way % 2 * (xp.counted(size, step) - into - into)


def every(xp: Any, step: Any, size: Any) -> Any:
    """floor(step / size)."""
    return xp.floored(step, size)


def stride(xp: Any, step: Any, size: Any) -> Any:
    """step size, up to the last step."""
    return xp.multiple(step, size)


def real_repeat(xp: Any, step: Any, size: Any) -> Any:
    """step mod size, for a size that need not be an integer."""
    return xp.divided_by_real(step, size)[1]


def real_mirror(xp: Any, step: Any, size: Any) -> Any:
    """The clock goes up to a size that need not be an integer, and back, for ever."""
    into = xp.divided_by_real(step, 2.0 * size)[1]
    return xp.minimum(into, 2.0 * size - into)


def real_every(xp: Any, step: Any, size: Any) -> Any:
    """floor(step / size), for a size that need not be an integer."""
    return xp.divided_by_real(step, size)[0]


OF_VALUES = {formula.__name__: formula for formula in (add, multiply, minimum, maximum)}
OF_CLOCK = {
    formula.__name__: formula for formula in (repeat, mirror, every, stride, real_repeat, real_mirror, real_every)
}
OPERATIONS = {**dict.fromkeys(OF_VALUES, False), **dict.fromkeys(OF_CLOCK, True)}
"""The operations by their names, with whether they are of the clock."""

REAL = {name: f"real_{name}" for name in OF_CLOCK if f"real_{name}" in OF_CLOCK}
"""The operation for a real size in place of each one for a whole size."""

FRACTIONAL = frozenset({"real_repeat", "real_mirror"})
"""These clocks show fractions."""
