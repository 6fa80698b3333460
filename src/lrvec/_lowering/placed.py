"""These functions put a curve on another scale of time: a step of the old clock is a real number of the new one's.

What is whole stays whole. A curve whose origin and length are still integers keeps its shape. A line and a half cosine
may also lie between positions that are no integers, and so may what is made of them: cycles, triangles, sums, products
and bounds. Staircases keep their steps, exponentials and powers of the step take the scale into their own numbers. Of
all other shapes the lengths must stay whole.

A table within a clock of a real period is evaluated at fractions. There only constants, lines and half cosines serve,
and what is made of them.
"""

from __future__ import annotations

from .. import _checks
from .._checks import LAST_STEP
from .._engine.operations import FRACTIONAL, OF_CLOCK, OF_VALUES, REAL
from .._engine.shapes import BOUND, COUNT, FOLDED, INNER_LENGTH, LENGTH, PERIOD, SHAPES, START
from .cycles import unfolded
from .numbers import (
    NEVER,
    TRACED,
    any_of,
    behind,
    denominator_of,
    first_after,
    is_exactly,
    is_whole,
    larger,
    power,
    settled,
    smaller,
    sort_of,
    tidy,
    where,
    whole_of,
)
from .segments import At, Waiting, cut, earlier_by, hold, holds, numbers, segment, shift

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any, NoReturn

    from .segments import Segment

    Position = Callable[[Any], Any]
    """A position on the new clock, of a step of the old one."""

_SCALED = frozenset({COUNT, LENGTH, INNER_LENGTH, START, PERIOD, BOUND})
"""Parameters of these roles are numbers of steps."""

_OF_STEPS = frozenset({"log_ramp", "decaying_triangle"})
"""These shapes are not the same over another number of steps."""

BETWEEN = {"line": "placed_line", "half_cosine": "placed_half_cosine"}
"""The shape between positions in place of each one over a length."""

FARTHEST = 2.0**500
"""A position is no farther. Up to step 2^53 a longer curve would look the same, and its square would be no double."""

_WHOLE = {real: whole for whole, real in REAL.items()}


class Scale:
    """A scale says where a step of the old clock lies on the new one, `position(step)`, and how many new steps as many
    old ones take, `length(steps)`. `name` and `value` are those of the parameter that makes it so, for the errors. A
    `fractional` scale is that of a table within a clock that shows fractions. On a `fine` one, steps have all digits of
    a double: none is left for a distance from before step 0."""

    __slots__ = ("fine", "fractional", "length", "name", "position", "value")

    def __init__(
        self,
        name: str,
        value: Any,
        position: Position,
        length: Position,
        *,
        fractional: bool = False,
        fine: bool = False,
    ) -> None:
        self.name, self.value, self.position, self.length = name, value, position, length
        self.fractional, self.fine = fractional, fine

    def within(self, position: Position, *, fractional: bool) -> Scale:
        return Scale(self.name, self.value, position, self.length, fractional=fractional, fine=self.fine)

    def of_table(self, *, fractional: bool) -> Scale:
        """Returns the scale of a table within a clock, which begins at 0 with every cycle."""
        return self.within(self.length, fractional=fractional)

    def refuse(self, shape: str) -> NoReturn:
        _checks.refuse_fractions(self.name, self.value, shape)


def stretched(segments: list[Segment], scale: Scale) -> list[Segment]:
    """Returns a curve on another scale."""
    if holds(segments, "call"):
        _checks.refuse_callable(scale.name, scale.value)
    if any(holds(segments, folded) for folded in FOLDED):
        if sort_of(*numbers(segments)) is TRACED:
            _checks.refuse_traced(f"a period behind {scale.name}")
        segments = unfolded(segments)
    return _placed(segments, scale)


def slower(segments: list[Segment], by: Any) -> list[Segment]:
    """Returns a curve that is `by` times as slow. Its own clock stops at the last step."""
    by = by * 1.0  # a product of integers might be too large for a column

    def slow(steps: Any) -> Any:
        position = steps * by
        return position if sort_of(position) is TRACED else smaller(position, FARTHEST)  # float32 would not hold that

    found = stretched(segments, Scale("by", by, slow, slow))
    if segments[-1][2] == "constant":
        return found
    return [*found, hold(segments, LAST_STEP, where(by < 1, LAST_STEP * by, NEVER))]


def rebased(segments: list[Segment], step: Any, total_steps: Any) -> list[Segment]:
    """Returns a curve whose part from a step to its end reaches to another end."""
    if holds(segments, "call"):
        _checks.refuse_callable("total_steps", total_steps)
    end = segments[-1][0]
    is_never = sort_of(end) is not TRACED and any_of(end > LAST_STEP)
    _checks.has_end(segments[-1][2] == "constant" and not is_never)
    _checks.before_end(step, end)
    old, new = end - step, total_steps - step

    def length(steps: Any) -> Any:
        is_end = steps == old
        if sort_of(is_end) is not TRACED and settled(is_end) is True:
            return new
        return where(is_end, new, steps * 1.0 * new / old)  # a column may not hold a product of integers

    after = list(_still_served(earlier_by(segments, step)))
    first = smaller(step + 1, total_steps)
    rest = stretched(after, Scale("total_steps", total_steps, length, length))
    return [*cut(segments, first), *[(larger(start, first), *part) for start, *part in shift(rest, step)]]


def _still_served(segments: list[Segment]) -> Iterator[Segment]:
    """Yields the segments that serve some step, in some row, and waiting curves of one step, which serve what lies
    between two steps."""
    ends = [*(start for start, *_ in segments[1:]), NEVER]
    for part, end in zip(segments, ends, strict=True):
        is_waiting = type(part[2]) is Waiting
        if sort_of(end, part[0]) is TRACED or any_of(part[0] <= end if is_waiting else part[0] < end):
            yield part


def _as_it_is(steps: Any) -> Any:
    return steps


def on_clock(operation: str, segments: list[Segment], name: str, size: Any) -> list[Segment]:
    """Returns a curve on a clock. `name` is the parameter that says its size, which need not be whole."""
    if is_whole(size):
        return [segment(0, operation, segments, whole_of(size))]
    real = REAL[operation]
    if real in FRACTIONAL:
        segments = stretched(segments, Scale(name, size, _as_it_is, _as_it_is, fractional=True))
    return [segment(0, real, segments, size)]


def held_at(segments: list[Segment], name: str, position: Any, start: Any) -> Segment:
    """Makes a segment that holds from `start` on the value that a curve has at a position of its clock. A finer clock,
    by a power of two, shows an integer there, and no position on it is rounded."""
    if is_whole(position):
        return hold(segments, whole_of(position), start)
    if sort_of(position, *numbers(segments)) is TRACED:  # what is traced may not hold large integers
        step, by = 1, 1 / position
    else:
        by = denominator_of(position)
        step = whole_of(position * by)

    def share(steps: Any) -> Any:
        found = steps * by
        return found if sort_of(found) is TRACED else smaller(found, FARTHEST)

    scale = Scale(name, position, share, share, fine=True)
    return segment(start, "constant", At(stretched(segments, scale), step))


def _placed(segments: list[Segment], scale: Scale) -> list[Segment]:
    found: list[Segment] = []
    following = _following(segments)
    held: Any = NEVER  # the start of the constant before
    end: Any = None  # of the curve before, if it is one between two rates
    for index, (start, origin, shape, parameters) in enumerate(segments):
        begin = tidy(_moved(scale, start)) if index else 0
        if shape == "constant":
            held = start
        elif type(shape) is Waiting:  # such a curve begins behind step 0 of its clock
            opened = scale.position(origin)
            if INNER_LENGTH in SHAPES[shape].parameters.values():
                opened = first_after(opened)
            begin = where((start - origin == 1) & (held <= origin), opened, begin)
        next_begin = begin
        if end is not None and following[index] is not start:
            next_begin = where(start >= NEVER, _moved(scale, following[index]), begin)
        if end is not None and (sort_of(end, begin) is TRACED or any_of(end < next_begin)):
            # A curve whose last step has a value, but no step behind it; an empty one has neither.
            held_from = where(segments[index - 1][0] < start, smaller(end, next_begin), next_begin)
            found.append((larger(found[-1][0], held_from), 0, "constant", (found[-1][3][1],)))
        placed = _part(scale, origin, shape, parameters)
        found.append((begin, *placed))
        end = scale.position(behind(origin, parameters[2])) if shape in BETWEEN else None
    return found


def _following(segments: list[Segment]) -> list[Any]:
    """Returns for each segment the start of the first one from it on that serves a step; of columns, row by row."""
    found: list[Any] = []
    later: Any = NEVER
    for start, *_ in reversed(segments):
        later = start if sort_of(start, later) is TRACED else where(start >= NEVER, later, start)
        found.append(later)
    return found[::-1]


def _moved(scale: Scale, start: Any) -> Any:
    """Returns a start on the new clock. A traced one serves some step: it may be of a type that cannot hold NEVER."""
    position = scale.position(start)
    return position if sort_of(start) is TRACED else where(start >= NEVER, NEVER, position)


def _part(scale: Scale, origin: Any, shape: str, parameters: tuple[Any, ...]) -> tuple[Any, str, tuple[Any, ...]]:
    """Returns the origin, the shape and the parameters of a segment on the new clock."""
    position = scale.position
    if shape == "constant":
        return 0, shape, parameters
    if shape in OF_VALUES:
        own = scale
        if type(origin) is not int or origin != 0:
            own = scale.within(lambda step: position(behind(origin, step)), fractional=scale.fractional)
        return 0, shape, tuple([_placed(table, own) for table in parameters])
    begin = position(origin)
    if shape in OF_CLOCK:
        return _on_clock(scale, begin, shape, *parameters)
    if shape in BETWEEN.values():
        first, last, *ends = parameters
        moved = [position(behind(origin, one)) for one in ends]
        if (position is _as_it_is or scale.fine) and sort_of(begin, *moved) is not TRACED:
            # An origin stays, as where the clock is whole, unless the distance from it would be rounded.
            before = begin < 0
            moved = [where(before, end, scale.length(one)) for end, one in zip(moved, ends, strict=True)]
            return whole_of(where(before, 0, begin)), shape, (first, last, *moved)
        return 0, shape, (first, last, *moved)
    if shape in BETWEEN:
        first, last, length = parameters
        end = position(behind(origin, length))
        # A fraction's distance from a begin before 0 is rounded, and then the way that is left to the end is not exact.
        is_rounded = scale.fractional and sort_of(begin) is not TRACED and any_of(begin < 0)
        if is_whole(begin, end) and not is_rounded and not scale.fine:
            return whole_of(begin), shape, (first, last, whole_of(end - begin))
        return 0, BETWEEN[shape], (first, last, begin, end)
    if not scale.fractional:
        if shape == "exponential":
            return _exponential(scale, begin, *parameters)
        if shape == "tail":
            first, last, shift, slope, size, exponent = parameters
            ceiled, slope = whole_of(-(-begin // 1)), slope / scale.length(1)
            return ceiled, shape, (first, last, shift + slope * (ceiled - begin), slope, size, exponent)
        roles = SHAPES[shape].parameters.values()
        lengths = [scale.length(one) for role, one in zip(roles, parameters, strict=True) if role in _SCALED]
        if is_whole(begin, *lengths) and shape not in _OF_STEPS:
            left = map(whole_of, lengths)
            scaled = [next(left) if role in _SCALED else one for role, one in zip(roles, parameters, strict=True)]
            return whole_of(begin), shape, tuple(scaled)
    *rest, size = parameters
    if shape == "repeated_half_cosine":
        return _on_clock(scale, begin, "repeat", [segment(0, "half_cosine", *rest, size)], size)
    if shape == "triangle":
        return _on_clock(scale, begin, "mirror", [segment(0, "line", *rest, size)], size)
    if shape != "staircase":
        scale.refuse(shape)
    return _on_clock(scale, begin, "every", [segment(0, "exponential", *rest, 1)], size)


def _on_clock(
    scale: Scale, begin: Any, operation: str, table: list[Segment], size: Any
) -> tuple[Any, str, tuple[Any, ...]]:
    """An operation keeps a whole origin: what its clock shows is then exact."""
    if operation == "stride":
        return _strided(scale, begin, table, size)
    whole, size = _WHOLE.get(operation, operation), scale.length(size)
    if not is_whole(begin):
        scale.refuse(whole)
    is_real = scale.fractional or not is_whole(size)
    if REAL[whole] in FRACTIONAL:
        table = _placed(table, scale.of_table(fractional=is_real))
    return whole_of(begin), REAL[whole] if is_real else whole, (table, size if is_real else whole_of(size))


def _strided(scale: Scale, begin: Any, table: list[Segment], size: Any) -> tuple[Any, str, tuple[Any, ...]]:
    """A clock that takes several steps at once takes fewer of them, if that is a whole number."""
    fewer = size / scale.length(1)
    if scale.fractional or not is_whole(begin, fewer) or any_of(fewer < 1):
        scale.refuse("stride")
    return whole_of(begin), "stride", (table, whole_of(fewer))


def _exponential(
    scale: Scale, begin: Any, first: Any, factor: Any, steps_per_factor: Any
) -> tuple[Any, str, tuple[Any, ...]]:
    """The origin is the integer behind the begin, and the first rate that of this step."""
    if sort_of(factor) is not TRACED and any_of(factor <= 0.0):
        scale.refuse("exponential of a factor that is not positive")
    per = scale.length(steps_per_factor)
    ceiled = whole_of(-(-begin // 1))
    late = power(factor, (ceiled - begin) / per)
    if type(first) is not At:
        return ceiled, "exponential", (first * where(is_exactly(first, 0.0), 1.0, late), factor, per)
    curve = [segment(0, "exponential", first, factor, per)]
    return ceiled, "multiply", (curve, [segment(0, "constant", late)])
