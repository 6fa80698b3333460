"""These functions ask a table of the Python engine about its curve. They look at few steps of each piece.

On a piece a table goes one way. csrc/pieces.c answers the same questions for the compiled engine.
"""

from __future__ import annotations

import math
import sys

from .. import _checks
from .operations import OF_CLOCK, OF_VALUES, REAL
from .shapes import ENDLESS, SHAPES, Scalars

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

LAST_STEP = _checks.LAST_STEP

DOUBT = 2.0**-47
"""A value may be this share of its size from the exact one; where values of a piece may cancel, of the larger end's."""

_BELOW, _AT_MOST, _ABOVE, _AT_LEAST = range(4)  # by their places in RELATIONS

SETTLED = 2048
"""The search for a bend begins with so many steps. Where it is among these, they are looked at one by one."""

FEW, MANY = 64, 2**14
"""So many steps next to one that meets a condition are looked at one by one, at least and at most: a curve that is next
to its limit may differ there by its rounding."""

LEVEL = ("constant", "staircase")
"""On a piece of these shapes all values are the same where both ends are. A curve is rounded between its ends."""


# ---- pieces ----


def place_of(table: Any, step: int) -> int:
    """Returns the place of the segment that serves a step."""
    low, high = 0, len(table.segments)
    while high - low > 1:
        middle = (low + high) // 2
        if table.segments[middle][0] <= step:
            low = middle
        else:
            high = middle
    return low


def segment_end(table: Any, place: int) -> int:
    """Returns the start of the next segment."""
    end: int = table.segments[place + 1][0] if place + 1 < len(table.segments) else ENDLESS
    return end


def piece_end(table: Any, step: int, smooth: bool) -> int:
    """Returns the step behind the last one from `step` on to which a table goes one way; or does so without a jump, if
    it is to be smooth. It may be sooner."""
    place = place_of(table, step)
    _, origin, name, parameters = table.segments[place]
    own = step - origin
    if name in OF_VALUES or name in OF_CLOCK:
        turn: float = _operation_turn(name, parameters, own, smooth)
    else:
        shape = SHAPES[name]
        turn = shape.turn(own, smooth, *parameters) if shape.turn else ENDLESS
    return step + math.ceil(min(step + max(turn, 1), segment_end(table, place)) - step)


def _operation_turn(name: str, parameters: tuple[Any, ...], step: int, smooth: bool) -> Any:
    if name in OF_VALUES:
        left = min(piece_end(table, step, smooth) for table in parameters) - step
        return _settled_for(name, parameters, step, left) if smooth and name in ("minimum", "maximum") else left
    table: Any = parameters[0]
    size: int = parameters[1]
    if name == "stride":
        at = OF_CLOCK[name](Scalars, step, size)
        return (piece_end(table, at, smooth) - at) / size
    divided: Any = Scalars.divided_by_real if name in REAL.values() else divmod
    way, into = divided(step, size)
    left = size - into
    if name in ("every", "real_every"):
        return left if smooth else left + (piece_end(table, way, False) - way - 1) * size
    if name in ("mirror", "real_mirror") and way % 2:
        return min(left, _turn_behind(table, left, smooth))  # on its way back the clock shows what is left
    return min(left, piece_end(table, into, smooth) - into)


def _settled_for(name: str, tables: tuple[Any, ...], step: int, left: int) -> int:
    """Returns the steps for which the least or the greatest of several tables does not bend, up to `left`. They are
    found by doubling."""
    left = min(left, max(LAST_STEP - step, 1))
    size = min(left, SETTLED)
    if not _is_settled(name, tables, step, step + size - 1):
        return 1
    while size < left and _is_settled(name, tables, step, step + min(2 * size, left) - 1):
        size = min(2 * size, left)
    return size


def _is_settled(name: str, tables: tuple[Any, ...], start: int, last: int) -> bool:
    """Tells whether one table is the least or the greatest of all at each of the steps."""
    if any(piece_end(table, start, False) <= last for table in tables):
        return False
    bounds = [_bounds_of(table, start, last) for table in tables]
    if name == "minimum":
        bounds = [(-high, -low) for low, high in bounds]
    ahead = max(range(len(bounds)), key=lambda place: bounds[place][0])
    return all(bounds[ahead][0] >= high for place, (_, high) in enumerate(bounds) if place != ahead)


def _bounds_of(table: Any, start: Any, last: Any) -> tuple[float, float]:
    """Returns the least and the greatest value on steps on which all curves within a table go one way."""
    _, origin, name, parameters = table.segments[place_of(table, start)]
    if name in OF_CLOCK:
        begin, end = (OF_CLOCK[name](Scalars, step - origin, parameters[1]) for step in (start, last))
        return _bounds_of(parameters[0], min(begin, end), max(begin, end))
    if name in OF_VALUES:
        bounds = [_bounds_of(one, start - origin, last - origin) for one in parameters]
        low, high = bounds[0]
        for other in bounds[1:]:
            pairs = [(low, other[0]), (high, other[1])]
            pairs += [(low, other[1]), (high, other[0])] if name == "multiply" else []
            found = [OF_VALUES[name](Scalars, *pair) for pair in pairs]
            low, high = min(found), max(found)
        return low, high
    first, end = table.value(start), table.value(last)
    return min(first, end), max(first, end)


def _turn_behind(table: Any, step: int, smooth: bool) -> int:
    """Returns the steps from `step` on for which a clock that goes down from there meets no turn."""
    low, high = 0, int(step)
    while low < high:
        middle = high - (high - low) // 2
        if piece_end(table, step - middle, smooth) > step:
            low = middle
        else:
            high = middle - 1
    return low + 1


def way_of(table: Any, start: int, last: int) -> int | None:
    """Returns whether a table rises (1), falls (-1) or stays (0) on a piece with these first and last steps; None where
    its parts do not agree."""
    _, origin, name, parameters = table.segments[place_of(table, start)]
    if name in OF_VALUES:
        return _combined_way(name, parameters, start - origin, last - origin)
    if name in OF_CLOCK:
        inner, size = parameters
        begin, end = (OF_CLOCK[name](Scalars, step - origin, size) for step in (start, last))
        way = way_of(inner, min(begin, end), max(begin, end))
        return way if way is None or begin <= end else -way
    return _sign(table.value(last) - table.value(start))


def _sign(number: float) -> int:
    return (number > 0.0) - (number < 0.0)


def _combined_way(name: str, tables: tuple[Any, ...], start: int, last: int) -> int | None:
    """Returns the way of an operation on values: that of all its tables, if they agree. A product also asks for the
    signs of its factors."""
    way, sign = 0, 1
    for table in tables:
        first, end, own = table.value(start), table.value(last), way_of(table, start, last)
        if own is None:
            return None
        if name == "multiply":
            own_sign = 1 if min(first, end) >= 0.0 else -1 if max(first, end) <= 0.0 else 0
            if not own_sign:
                return None
            way, own, sign = way * own_sign, own * sign, sign * own_sign
        if way and own and way != own:
            return None
        way = way or own
    return way


# ---- cycles ----


def cycle_of(segment: Any) -> tuple[int, float, int, float] | None:
    """Returns what comes again in a segment, as the shape's own `cycle` does; None where nothing does."""
    _, _, name, parameters = segment
    if name in ("repeat", "mirror"):
        return int(parameters[1]) * (1 + (name == "mirror")), 1.0, 1, 0.0
    shape = SHAPES.get(name)
    found: tuple[Any, ...] | None = shape.cycle(*parameters) if shape and shape.cycle else None
    if found is None:
        return None
    length, factor, width, about = found
    return int(length), factor, int(width), about  # a row's integers are doubles


# ---- the first step that meets a condition ----


def first_step(table: Any, relation: int, threshold: float, start: int, stop: int) -> int:
    """Returns the first of the steps start ... stop - 1 at which the value is in a relation to the threshold, one of
    RELATIONS of the package by its place there; or -1."""
    sign, or_equal = (1.0, -1.0)[relation // 2], relation % 2 == 1
    threshold *= sign

    def meets(step: int, more: float = 0.0) -> bool:
        value = sign * table.value(step)
        return bool(value < threshold + more or (or_equal and value == threshold + more))

    step = start
    while step < stop:
        place = place_of(table, step)
        segment = table.segments[place]
        last, cycle = math.ceil(segment_end(table, place)), cycle_of(segment)
        comes_again = cycle is not None and _tells_all(cycle, sign, threshold, or_equal)
        end = min(last, stop, step + cycle[0] if cycle and comes_again else stop)
        while step < end:
            next_step = min(piece_end(table, step, False), end)
            if _is_operation(segment[2]) and way_of(table, step, next_step - 1) is None:
                found = _scanned(meets, step, next_step)
            else:
                found = _first_of_piece(table, segment[2], meets, abs(threshold), step, next_step)
            if found >= 0:
                return found
            step = next_step
        if comes_again:
            step = last
    return -1


def extreme(table: Any, start: int, stop: int, greatest: bool) -> tuple[float, int]:
    """Returns the greatest or the least value at the steps start ... stop - 1, and the first step that has it."""
    more, beyond, reached = (max, _ABOVE, _AT_LEAST) if greatest else (min, _BELOW, _AT_MOST)
    value, step = table.value(start), start
    while step >= 0:
        last = min(piece_end(table, step, False), stop) - 1
        value = more(value, table.value(step), table.value(last))
        step = first_step(table, beyond, value, step, stop)
    return value, first_step(table, reached, value, start, stop)


def _tells_all(cycle: tuple[int, float, int, float], sign: float, threshold: float, or_equal: bool) -> bool:
    """Tells whether no cycle meets the condition if the first one does not: the others are like it, or nearer to what
    all go about."""
    _, factor, _, about = cycle
    if factor == 1.0:
        return True
    return 0.0 <= factor < 1.0 and (threshold < sign * about or (threshold == sign * about and not or_equal))


def _scanned(meets: Callable[..., bool], start: int, stop: int) -> int:
    return next((step for step in range(start, stop) if meets(step)), -1)


def _halved(holds: Callable[[int], bool], low: int, high: int) -> int:
    """Returns the first step in (low, high] at which something holds that holds at the last one, and not at `low`."""
    while high - low > 1:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle
    return high


def _is_operation(name: str) -> bool:
    return name in OF_VALUES or name in OF_CLOCK


def _first_of_piece(table: Any, name: str, meets: Callable[..., bool], size: float, start: int, stop: int) -> int:
    """Returns the first step of a piece, or -1. The step that halving finds may not be the first one: where the curve
    is flat, values go back and forth by their rounding. So all steps before it are looked at whose values are in
    doubt."""
    last = stop - 1
    ends = table.value(start), table.value(last)
    if meets(start):
        return start
    if last == start or (ends[0] == ends[1] and name in LEVEL):
        return -1
    if _is_operation(name) or (ends[0] < 0.0) != (ends[1] < 0.0):
        size = max(size, *map(abs, ends))
    doubt = min(size, sys.float_info.max) * DOUBT
    met, in_doubt = meets(last), meets(start, doubt)
    if in_doubt:
        end = stop if met or meets(last, doubt) else _halved(lambda step: not meets(step, doubt), start, last)
        found = _scanned(meets, start, min(end, start + MANY))
        if found >= 0:
            return found
    if not met and not meets(last, doubt):
        return -1
    found = _halved(meets, start, last) if met else stop
    begin = found if in_doubt else _halved(lambda step: meets(step, doubt), start, min(found, last))
    begin = max(min(begin, found - FEW), start, found - MANY)
    before = _scanned(meets, begin, found)
    return before if before >= 0 else found if met else -1
