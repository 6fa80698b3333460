"""These functions put copies of a curve one after another, each of a length and of a height of its own.

The numbers that place a copy are decimals of many digits until they are rounded once. So the start of a copy is the
double nearest to the sum of the lengths before it, and so is every other position on its clock; its height is the
double nearest to a power.
"""

from __future__ import annotations

from functools import cache
from itertools import repeat

from .. import _checks
from .._checks import LAST_STEP
from .algebra import scaled
from .numbers import (
    COLUMN,
    NEVER,
    PLAIN,
    TRACED,
    any_of,
    differs,
    is_exactly,
    is_whole,
    power,
    product,
    sort_of,
    tidy,
    where,
)
from .placed import Scale, held_at, on_clock, stretched
from .segments import cut, segment, shift

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from decimal import Context, Decimal
    from typing import Any

    from .segments import Segment

    Copies = tuple[list["Copy"], Any]
    """Copies in their order, and the step behind the last one, or NEVER."""

DIGITS = 100
"""Sums and products of integers up to the last step have fewer digits, and are exact."""

MOST_STARTS, STARTED = 10_000_000, 64
"""All rows of a sweep have so many starts at most, each of so many bytes."""


class Copy:
    """A copy starts at `start`, and takes `size` steps for `length` steps of the curve. Start and size are decimals,
    columns of these, or traced numbers."""

    __slots__ = ("length", "size", "start")

    def __init__(self, start: Any, size: Any, length: Any) -> None:
        self.start, self.size, self.length = start, size, length

    def position(self, step: Any) -> Any:
        return _position(self.start, self.size, self.length, step)

    def span(self, steps: Any) -> Any:
        return _position(0, self.size, self.length, steps)


def _position(start: Any, size: Any, length: Any, steps: Any) -> Any:
    """Returns start + size steps / length."""
    sort = sort_of(start, size, length, steps)
    if sort is PLAIN:
        return _nearest(start, size, length, steps)
    if sort is TRACED:
        return _near(start) + steps * (_near(size) / length)
    return _each(_nearest, start, size, length, steps)


def _nearest(start: Any, size: Any, length: Any, steps: Any) -> float:
    exact, context = _exact()
    return float(context.add(start, context.divide(context.multiply(size, exact(steps)), exact(length))))


@cache
def _exact() -> tuple[type[Decimal], Context]:
    """Returns what makes a decimal of a number, and what calculates with decimals of any size."""
    from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal  # here, since few schedules need it

    return Decimal, Context(prec=DIGITS, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[])


def _each(function: Callable[..., float], *numbers: Any) -> Any:
    """Applies a function to plain numbers, or to each row of columns."""
    if sort_of(*numbers) is PLAIN:
        return function(*numbers)
    import numpy

    return numpy.frompyfunc(function, len(numbers), 1)(*numbers).astype(float)


def _near(number: Any) -> Any:
    """Returns the double nearest to a decimal. A traced number stays."""
    return number if sort_of(number) is TRACED else tidy(_each(float, number))


def grown(
    segments: list[Segment], length: Any, t_mult: Any, peak_factor: Any, floor: Any, count: Any
) -> list[Segment]:
    """Returns copies of a curve's first `length` steps, each `t_mult` times as long as the one before: for ever, or
    `count` of them and the end of the last one. Each is `peak_factor` times as high above `floor` as the one before."""
    same = sort_of(t_mult) is not TRACED and t_mult == 1
    even = _of_one_length(segments, length, peak_factor, floor, count) if any_of(same) else []
    if even and not any_of(t_mult != 1):
        return even
    copies = _growing(length, t_mult, count)
    heights = (peak_factor, floor, None if count is None else count - 1)
    found = _one_by_one(segments, copies, length, heights, ("t_mult", t_mult))
    if not even:
        return found
    return [*cut(even, where(same, NEVER, 0)), *((where(same, NEVER, start), *rest) for start, *rest in found)]


def listed(segments: list[Segment], length: Any, lengths: Sequence[Any], peak_factor: Any, floor: Any) -> list[Segment]:
    """Returns copies of a curve's first `length` steps over the given lengths, and the end of the last one."""
    if sort_of(length, *lengths) is TRACED:
        copies = _traced(lengths, length)
    else:
        exact, _ = _exact()
        copies = _decimal(lambda *sizes: map(exact, sizes), length, lengths)
    heights = (peak_factor, floor, len(lengths) - 1)
    return _one_by_one(segments, copies, length, heights, ("lengths", lengths))


def _of_one_length(segments: list[Segment], length: Any, peak_factor: Any, floor: Any, count: Any) -> list[Segment]:
    """Returns a curve that repeats itself, times a staircase of heights. What these take from the floor is added again;
    for the first copy that is 0."""
    found = on_clock("repeat", segments, "length", length)
    is_even = is_exactly(peak_factor, 1.0)
    if is_even is not True:
        heights = on_clock("every", [segment(0, "exponential", 1.0, peak_factor, 1)], "length", length)
        lowered = segment(0, "multiply", found, heights)
        found = [*found, (where(is_even, NEVER, 0), *lowered[1:])] if any_of(is_even) else [lowered]
        adds = differs(peak_factor, 1.0) & differs(floor, 0.0)
        if any_of(adds):
            raised = segment(0, "add", [lowered], scaled(heights, -floor, floor))
            found = [raised] if adds is True else [*found, (where(adds, 0, NEVER), *raised[1:])]
    if count is None:
        return found
    end = product(length, count)
    last = _raised(segments, peak_factor, floor, count - 1)
    return [*cut(found, end), held_at(last, "length", length, end)]


def _one_by_one(
    segments: list[Segment], copies: Copies, length: Any, heights: tuple[Any, Any, Any], reason: tuple[str, Any]
) -> list[Segment]:
    """Returns the copies, and behind them the end of the one whose number is the last of `heights`."""
    (placed, end), (peak_factor, floor, last) = copies, heights
    _checks.few_segments("cycles", len(placed) * len(segments))
    starts = [_near(copy.start) for copy in placed]
    found: list[Segment] = []
    for number, (copy, start, stop) in enumerate(zip(placed, starts, [*starts[1:], end], strict=True)):
        curve, span = _raised(segments, peak_factor, floor, number), copy.span(1)
        if sort_of(start, span) is not TRACED and not any_of(span != 1) and is_whole(start):
            own = shift(curve, start if any_of(start != 0) else 0)
        else:
            (_, *first), *rest = stretched(curve, Scale(*reason, copy.position, copy.span))
            own = [(start, first[0], first[1], first[2]), *rest]
        found += cut(own, stop)
    if last is None or end is NEVER:
        return found
    return [*found, held_at(_raised(segments, peak_factor, floor, last), "length", length, end)]


def _raised(segments: list[Segment], peak_factor: Any, floor: Any, number: Any) -> list[Segment]:
    """Returns floor + peak_factor^number (curve - floor). Of the first copy, and where all are of one height, that is
    the curve itself, without a rounding."""
    if (type(number) is int and number == 0) or is_exactly(peak_factor, 1.0) is True:
        return segments
    if sort_of(peak_factor, number) is TRACED:
        factor, down, up = power(peak_factor, number), -floor, floor
    else:
        same = (number == 0) | (peak_factor == 1.0)
        factor = _each(_power, peak_factor, number)
        down, up = where(same, -0.0, -floor), where(same, -0.0, floor)  # to add -0.0 changes nothing
    above = segments if is_exactly(floor, 0.0) is True else scaled(segments, 1.0, down)
    if sort_of(factor) is not COLUMN:
        return scaled(above, factor, up)
    import numpy

    with numpy.errstate(over="ignore", invalid="ignore"):  # the height of a copy that such a row does not have
        return scaled(above, factor, up)


def _power(base: float, exponent: int) -> float:
    exact, context = _exact()
    return float(context.power(exact(base), exact(exponent))) if exponent else 1.0


# ---- where the copies stand ----


def _growing(length: Any, t_mult: Any, count: Any) -> Copies:
    """Returns the copies whose lengths grow by a factor, as many as serve a step."""
    if sort_of(count) is TRACED:
        _checks.refuse_traced("count")
    if sort_of(length, t_mult) is TRACED:
        if count is None or sort_of(count) is not PLAIN:
            name = "t_mult" if sort_of(t_mult) is TRACED else "length"
            _checks.refuse_traced(name, "or give one `count` for all schedules")
        sizes = [length]
        for _ in range(count - 1):
            sizes.append(sizes[-1] * t_mult)
        return _traced(sizes, length)

    def sizes_of(length: Any, t_mult: Any, count: Any) -> Iterable[Any]:
        exact, context = _exact()
        size, factor = exact(length), exact(t_mult)
        if t_mult == 1:  # such a row repeats, and has no copies here
            return
        for _ in repeat(None) if count is None else repeat(None, count):
            yield size
            size = context.multiply(size, factor)

    return _decimal(sizes_of, length, [length, t_mult, count])


def _traced(sizes: Sequence[Any], length: Any) -> Copies:
    copies: list[Copy] = []
    start: Any = 0
    for size in sizes:
        copies.append(Copy(start, size, length))
        start = start + size
    return copies, start


def _decimal(sizes_of: Callable[..., Iterable[Any]], length: Any, numbers: Sequence[Any]) -> Copies:
    """Returns the copies of the sizes that a function gives for the numbers of one schedule. Where a number is a
    column, a row with fewer copies than another has empty ones at its end."""
    if sort_of(length, *numbers) is PLAIN:
        found, end = _placed(sizes_of(*numbers))
        return [Copy(start, size, length) for start, size in found], end
    import numpy

    exact, _ = _exact()
    lengths, *columns = numpy.broadcast_arrays(length, *numbers)
    shape = lengths.shape
    known: dict[Any, Any] = {}
    plans = []
    for row in zip(*(column.reshape(-1).tolist() for column in columns), strict=True):
        if row not in known:
            known[row] = _placed(sizes_of(*row))
        plans.append(known[row])
    ends = numpy.array([end for _, end in plans], float).reshape(shape)
    most = max(len(found) for found, _ in plans)
    if most * len(plans) > MOST_STARTS:
        _checks.refuse_size(most * len(plans), STARTED, "cycles", "starts")
    empty = [(exact(end), exact(own)) for (_, end), own in zip(plans, lengths.reshape(-1).tolist(), strict=True)]
    copies = []
    for place in range(most):
        start, size = numpy.empty((2, len(plans)), object)
        for index, (found, _) in enumerate(plans):
            start[index], size[index] = found[place] if place < len(found) else empty[index]
        copies.append(Copy(start.reshape(shape), size.reshape(shape), length))
    return copies, ends


def _placed(sizes: Iterable[Any]) -> tuple[list[tuple[Any, Any]], Any]:
    """Returns the start and the size of each copy, and the step behind the last one. What starts past the last step is
    left out, and the end is NEVER then."""
    exact, context = _exact()
    found: list[tuple[Any, Any]] = []
    start = exact(0)
    for size in sizes:
        if start > LAST_STEP:
            return found, NEVER
        found.append((start, size))
        start = context.add(start, size)
    return found, tidy(float(start))
