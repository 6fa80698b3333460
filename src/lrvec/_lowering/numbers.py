"""These functions are what a lowering may do with numbers besides + - * / and comparisons.

A number is of one of three sorts. A plain number is Python's. A column is an array of numpy, with a number for each
schedule of a sweep. A traced number is an array of another library, and may have no value yet. So `if`, `max` and
`round` fail for some numbers. A lowering uses `where` and the functions below in their place: they take all three
sorts.
"""

from __future__ import annotations

from .. import _checks, _frameworks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

NEVER = 2 * _checks.LAST_STEP
"""A segment that starts here serves no step: this start lies past all steps."""

PLAIN, COLUMN, TRACED = "plain", "column", "traced"


def sort_of(*numbers: Any) -> str:
    """Returns the sort of what the numbers make together: traced if one is traced, a column if one is a column, else
    plain."""
    sort = PLAIN
    for number in numbers:
        if hasattr(number, "shape"):
            if _frameworks.is_foreign(number):
                return TRACED
            sort = COLUMN
    return sort


def any_of(holds: Any) -> bool:
    """Tells whether a condition on plain numbers or columns holds anywhere."""
    return holds if isinstance(holds, bool) else bool(holds.any())


def settled(condition: Any) -> Any:
    """Returns True or False in place of a column whose entries are all true or all false, as those of most are."""
    if isinstance(condition, bool):
        return condition
    if condition.all():
        return True
    return condition if condition.any() else False


def where(condition: Any, yes: Any, no: Any) -> Any:
    """Returns `yes` where the condition holds, and `no` elsewhere; of columns it does so entry by entry, if the
    condition is not the same for all rows."""
    if condition is True or condition is False:
        return yes if condition else no
    if sort_of(condition, yes, no) is TRACED:
        from .._engine.namespace import namespace_of

        return namespace_of([condition, yes, no]).xp.where(condition, yes, no)
    import numpy

    condition = settled(condition)
    if isinstance(condition, bool):
        return yes if condition else no

    return _by_block(numpy.where, condition, yes, no)


def _by_block(compute: Callable[..., Any], *numbers: Any) -> Any:
    from .. import _blocks

    return _blocks.by_block(compute, *numbers)


def larger(x: Any, y: Any) -> Any:
    return where(x > y, x, y)


def smaller(x: Any, y: Any) -> Any:
    return where(x < y, x, y)


def quotient(x: Any, y: Any) -> Any:
    """Returns x / y, which a check has found to be finite."""
    if sort_of(x, y) is not COLUMN:
        return x / y
    import numpy

    with numpy.errstate(over="ignore", under="ignore"):
        return _by_block(numpy.divide, x, y)


def rounded_share(share: Any, steps: Any) -> Any:
    """Returns the share of some steps, at least 1 and at most all but one: the nearest integer, and the even one of two
    that are equally near."""
    sort = sort_of(share, steps)
    if sort is PLAIN:
        return min(max(1, round(share * steps)), steps - 1)
    if sort is TRACED:
        from .._engine.namespace import namespace_of

        xp = namespace_of([share, steps])
        return xp.xp.astype(xp.xp.clip(xp.xp.round(share * steps), 1, steps - 1), xp.integer_dtype)
    import numpy

    def rounded(share: Any, steps: Any) -> Any:
        steps = numpy.asarray(steps, numpy.float64)
        found = numpy.minimum(numpy.rint(share * steps), steps - 1.0)
        found[found < 1.0] = 1.0  # in a fifth of the time that maximum takes with a plain number
        return found.astype(numpy.int64)

    return _by_block(rounded, share, steps)


def first_step_below(rate: Any, limit: Any, scale: Any, exponent: Any) -> Any:
    """Returns the first step t from 1 on with rate (scale / t)^exponent <= limit, or NEVER. A check has found that
    rate / limit is finite."""
    sort = sort_of(rate, limit, scale, exponent)
    if sort is PLAIN:
        return _plain_step_below(rate / limit, scale, exponent)
    if sort is TRACED:
        from .._engine.namespace import namespace_of

        xp = namespace_of([rate, limit, scale, exponent])
        last = xp.last(xp.integer_dtype)
        crossing = xp.xp.ceil(scale * xp.xp.pow(xp.real(rate / limit), 1.0 / exponent))
        return xp.xp.astype(xp.xp.clip(crossing, 1.0, float(last - (last >> 23))), xp.integer_dtype)
    import numpy

    def first_below(rate: Any, limit: Any, scale: Any, exponent: Any) -> Any:
        peak = numpy.divide(rate, limit)
        half = numpy.exp(numpy.log(peak) * (0.5 / exponent))
        crossing = scale * half * half
        # This half may be some ulp from Python's power, which tells one step from the next near an integer.
        is_near = ~((abs(crossing - numpy.rint(crossing)) > 1e-12 * crossing) | (crossing > 1.1 * NEVER))
        if is_near.any():
            peak, scale, exponent = (one[is_near] for one in numpy.broadcast_arrays(peak, scale, exponent))
            half = power(peak, 0.5 / exponent)
            crossing[is_near] = scale * half * half
        crossing[crossing < 1.0] = 1.0  # in a fifth of the time that maximum takes with a plain number
        crossing[crossing > NEVER] = NEVER
        return numpy.ceil(crossing).astype(numpy.int64)

    with numpy.errstate(over="ignore", under="ignore", divide="ignore", invalid="ignore"):
        return _by_block(first_below, rate, limit, scale, exponent)


def _plain_step_below(peak: float, scale: float, exponent: float) -> int:
    """Takes half of the power at a time: the whole may be too large for a double though its product with the scale is
    not."""
    import math

    try:
        half: float = peak ** (0.5 / exponent)
    except OverflowError:
        return NEVER
    return math.ceil(min(max(scale * half * half, 1.0), NEVER))


def is_exactly(number: Any, value: float) -> Any:
    """Tells where a number equals a value, for a shorter way to the same result. A traced number never does, since the
    shorter way would lose its gradient."""
    return False if _frameworks.is_traced(number) else settled(number == value)


def differs(number: Any, value: float) -> Any:
    """Tells where a number is not a value. A traced number may always differ."""
    return True if sort_of(number) is TRACED else settled(number != value)


def power(x: Any, y: Any) -> Any:
    """Returns x^y of positive x, infinity where that is too large. An entry of a column is what it would be alone."""
    sort = sort_of(x, y)
    if sort is PLAIN:
        return _power(x, y)
    if sort is TRACED:
        from .._engine.namespace import namespace_of

        xp = namespace_of([x, y])
        return xp.xp.pow(xp.array(x, xp.real_dtype), xp.array(y, xp.real_dtype))
    import numpy

    with numpy.errstate(over="ignore"):
        return numpy.frompyfunc(_power, 2, 1)(x, y).astype(float)


def _power(x: float, y: float) -> float:
    try:
        found: float = x**y
    except OverflowError:
        return float("inf")
    return found


def denominator_of(number: Any) -> Any:
    """Returns the least power of two, as a float, that makes an integer of a number by multiplication. The number is
    plain, or a column."""
    if sort_of(number) is PLAIN:
        return _denominator_of(number)
    import numpy

    return numpy.frompyfunc(_denominator_of, 1, 1)(number).astype(float)


def _denominator_of(number: float) -> float:
    return float(number.as_integer_ratio()[1])


# ---- counts of steps, and starts ----


def is_whole(*numbers: Any) -> bool:
    """Tells whether all numbers are integers; of a column, all of its entries. A traced number is one by its type."""
    for number in numbers:
        sort = sort_of(number)
        if sort is PLAIN:
            if type(number) is not int and not number.is_integer():
                return False
        elif sort is TRACED:
            from .._engine.namespace import namespace_of

            if not namespace_of([number]).xp.isdtype(number.dtype, "integral"):
                return False
        elif number.dtype.kind == "f" and not _checks.are_whole(number):
            return False
    return True


def whole_of(number: Any) -> Any:
    """Returns a number that is whole as an integer; of a column, as one that is wide."""
    return int(number) if sort_of(number) is PLAIN else number


def tidy(number: Any) -> Any:
    """Returns a plain number that is whole as an integer, and any other number as it is."""
    return int(number) if type(number) is float and number.is_integer() else number


def wide(count: Any) -> Any:
    """Returns a count as floats if it is a column, so that its products may grow beyond the integers of numpy."""
    return _by_block(lambda part: part.astype(float), count) if sort_of(count) is COLUMN else count


def product(count: Any, by: Any) -> Any:
    """Multiplies two counts. A plain product beyond the last step becomes the integer that a double holds. A column
    with such products is one of floats, since integers of numpy would not hold them all."""
    if not (type(count) is type(by) is int) and sort_of(count, by) is COLUMN:
        if _most(count) * _most(by) <= _checks.LAST_STEP:  # so are most: the short way
            return _by_block(lambda one, other: one * other, count, by)
        found = count * 1.0 * by
        return found if any_of(found > _checks.LAST_STEP) else count * by
    found = count * by
    return int(float(found)) if type(found) is int and found > _checks.LAST_STEP else found


def _most(count: Any) -> float:
    """Returns the greatest of a count's entries."""
    return float(count.max() if hasattr(count, "shape") else count)


def _is_wide(count: Any) -> bool:
    return hasattr(count, "shape") and sort_of(count) is COLUMN and count.dtype.kind == "f"


def behind(count: Any, by: Any) -> Any:
    """Adds two counts. A plain one may be too large for a column of integers: the sum is then one of floats."""
    try:
        return count + by
    except OverflowError:
        return count * 1.0 + by * 1.0


def later(count: Any, by: Any) -> Any:
    """Moves a start or an origin by `by` steps."""
    return sum_or_never(count, by) if type(count) is float or _is_wide(count) else count + by


def sum_or_never(count: Any, by: Any) -> Any:
    """Adds two counts. Returns NEVER where the sum is past the last step, since floats could round it down to that
    step."""
    return where(count <= _checks.LAST_STEP - by, count + by, NEVER)


def period_of(count: Any, by: Any) -> Any:
    """Adds two counts to a period. A sum that a double would round down to the last step becomes NEVER."""
    return count + by if sort_of(count, by) is TRACED else start_or_never(count + by)


def start_or_never(start: Any) -> Any:
    """Replaces a start at 2^53 + 1 by NEVER: a double would round it down to 2^53, which is the last step."""
    if _is_wide(start):
        return start
    if hasattr(start, "shape") and start.max() <= _checks.LAST_STEP:  # so most are: the short way
        return start
    return where(start == _checks.LAST_STEP + 1, NEVER, start)


def first_from(position: Any) -> Any:
    """Returns the first integer from a position on."""
    if sort_of(position) is TRACED:
        from .._engine.namespace import namespace_of

        return namespace_of([position]).ceiled(position)
    return position if is_whole(position) else whole_of(-(-position // 1))


def first_after(step: Any) -> Any:
    """Returns the least integer above a number of steps."""
    if sort_of(step) is TRACED:
        return step + 1
    return where(step < _checks.LAST_STEP, step // 1 + 1, NEVER)
