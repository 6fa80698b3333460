"""The numbers that a lowering works with, and all that it may do with them besides + - * / and comparisons.

A number is one of three sorts. A plain one is Python's. A column is an array of numpy: the numbers of a sweep, one for
each schedule. A traced one is an array of another library, which may have no value yet. So `if`, `max` and `round` do
not do: what depends on a number is said by `where` and the functions beside it, which take all three sorts.
"""

from __future__ import annotations

from .. import _checks, _frameworks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

NEVER = 2 * _checks.LAST_STEP
"""A start past all steps."""

PLAIN, COLUMN, TRACED = "plain", "column", "traced"


def sort_of(*numbers: Any) -> str:
    """The sort of what numbers make together: traced if one is, else a column if one is, else plain."""
    sort = PLAIN
    for number in numbers:
        if hasattr(number, "shape"):
            if _frameworks.is_foreign(number):
                return TRACED
            sort = COLUMN
    return sort


def any_of(holds: Any) -> bool:
    """Whether a condition on known numbers holds for any."""
    return holds if isinstance(holds, bool) else bool(holds.any())


def where(condition: Any, yes: Any, no: Any) -> Any:
    """One of two numbers; of columns, entry by entry."""
    if condition is True or condition is False:
        return yes if condition else no
    if sort_of(condition, yes, no) is TRACED:
        from .._engine.namespace import Namespace

        return Namespace([condition, yes, no]).xp.where(condition, yes, no)
    import numpy

    return numpy.where(condition, yes, no)


def larger(x: Any, y: Any) -> Any:
    return where(x > y, x, y)


def smaller(x: Any, y: Any) -> Any:
    return where(x < y, x, y)


def quotient(x: Any, y: Any) -> Any:
    """x / y, which a check has found finite."""
    if sort_of(x, y) is not COLUMN:
        return x / y
    import numpy

    with numpy.errstate(over="ignore", under="ignore"):
        return numpy.divide(x, y)


def rounded_between(low: int, value: Any, high: Any) -> Any:
    """The nearest integer, the even one of two, if it is neither below `low` nor above `high`."""
    sort = sort_of(value, high)
    if sort is PLAIN:
        return min(max(low, round(value)), high)
    if sort is TRACED:
        from .._engine.namespace import Namespace

        xp = Namespace([value, high])
        return xp.xp.astype(xp.xp.clip(xp.xp.round(value), low, high), xp.integer_dtype)
    import numpy

    return numpy.clip(numpy.rint(value), low, high).astype(numpy.int64)


def is_exactly(number: Any, value: float) -> Any:
    """number == value; False where the number is traced, since a shortcut would lose its gradient."""
    return False if _frameworks.is_traced(number) else number == value


# ---- counts of steps, and starts ----


def wide(count: Any) -> Any:
    """A count whose products may grow beyond the integers of an array."""
    return count.astype(float) if sort_of(count) is COLUMN else count


def product(count: Any, by: Any) -> Any:
    """The product of counts as a double holds it, also where both are plain: a length beyond the last step."""
    found = count * by
    return int(float(found)) if type(found) is int and found > _checks.LAST_STEP else found


def _is_wide(count: Any) -> bool:
    return sort_of(count) is COLUMN and count.dtype.kind == "f"


def later(count: Any, by: Any) -> Any:
    """A start or an origin, `by` steps later."""
    return sum_within_reach(count, by) if _is_wide(count) else count + by


def sum_within_reach(count: Any, by: Any) -> Any:
    """The sum of counts, NEVER where it is past the last step: before a `wide` one could round down to that."""
    return where(count <= _checks.LAST_STEP - by, count + by, NEVER)


def within_reach(start: Any) -> Any:
    """The same starts, but NEVER for the one that a double does not tell from the last step: the next after it."""
    if _is_wide(start):
        return start
    beyond = start == _checks.LAST_STEP + 1
    return where(beyond, NEVER, start) if any_of(beyond) else start


def first_after(step: Any) -> Any:
    """The first of the integers beyond a number of steps."""
    if sort_of(step) is TRACED:
        return step + 1
    return where(step < _checks.LAST_STEP, step // 1 + 1, NEVER)


def growing_cycles(period: Any, factor: Any) -> list[tuple[Any, Any]]:
    """Start and length of cycles, each longer than the one before by a factor, where one of the two is traced. Where
    the factor is 1, and where a start is beyond the library's integers, the cycle before stands once more."""
    from .._engine.namespace import Namespace, at_most

    xp = Namespace([period, factor])
    limit = min(int(xp.xp.iinfo(xp.integer_dtype).max), _checks.LAST_STEP)
    real_length, real_factor = xp.real(period), xp.real(factor)
    length, growth = (
        xp.array(number if _frameworks.is_foreign(number) else at_most(number, limit), xp.integer_dtype)
        for number in (period, factor)
    )
    growth = xp.xp.clip(growth, 1, None)
    grows = growth > 1
    if not _frameworks.is_foreign(period):
        grows = grows & xp.array(period <= limit, None)
    start = length * 0
    found = [(start, real_length)]
    least, later = factor if isinstance(factor, int) else 2, 1
    while later <= limit:
        fits = grows & (length <= limit - start)
        start = xp.xp.where(fits, start + length, start)
        real_length = xp.where(fits, xp.real(length) * real_factor, real_length)
        length = xp.xp.where(fits, xp.xp.where(length <= limit // growth, length * growth, limit), length)
        found.append((start, real_length))
        later = later * least + 1
    return found
