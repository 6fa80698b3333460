"""These functions sum a table of the Python engine up over steps, from few of its values.

csrc/sums.c tells how, and does so for the compiled engine.
"""

from __future__ import annotations

import math
from decimal import Context, Decimal

from . import pieces
from .operations import OF_CLOCK, OF_VALUES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

WALK = 4096
"""So many steps are added up one by one without a look for a shorter way."""

SHORT = 1458
"""So many steps of a smooth piece are added up one by one."""

NODES = ((27, 3, 2.0**-53), (243, 5, 2.0**-50))
"""The mean of a smooth piece is extrapolated from the values at so many steps, so many times. Then so much error may be
left in it, relative to the mean of the sizes. The fewer steps are tried first."""

ALIKE_OF_ALL = 2.0**-57
"""In a part that is small beside the sum so far, so much error may be left, relative to that sum."""

EXACT = Context(prec=60, Emax=10**9, Emin=-(10**9), traps=[])
"""Sums are rounded to so many digits, which is far beyond a double's. What is infinite goes its way."""


class Total:
    """A total is a sum, and about the sum of absolute values."""

    def __init__(self) -> None:
        self.sum, self.size = Decimal(0), 0.0

    def add(self, value: Any, count: int = 1) -> None:
        more = EXACT.multiply(Decimal(value), Decimal(count))
        self.sum = EXACT.add(self.sum, more)
        self.size += abs(float(more))


def sum_of_run(table: Any, start: int, stop: int) -> Decimal:
    """Returns the sum of the values at the steps start ... stop - 1."""
    total = Total()
    _add_table(table, start, stop, total)
    return total.sum


def _add_table(table: Any, start: int, stop: int, total: Total) -> None:
    while start < stop:
        place = pieces.place_of(table, start)
        end = min(math.ceil(pieces.segment_end(table, place)), stop)
        _add_segment(table, table.segments[place], start, end, total)
        start = end


def _add_segment(table: Any, segment: Any, start: int, stop: int, total: Total) -> None:
    _, origin, name, parameters = segment
    if name == "add":
        for part in parameters:
            _add_table(part, start - origin, stop - origin, total)
        return
    cycle = pieces.cycle_of(segment)
    if cycle and type(cycle[0]) is type(origin) is int:
        length, factor, steps_per_factor, about = cycle
        begin = start - (origin - start) % -length
        count = (stop - begin) // length
        if count > 2 and (length > SHORT or count * length > WALK):
            one = Total()
            _add_pieces(table, segment, start, begin, total)
            _add_pieces(table, segment, begin, begin + length, one)
            around = EXACT.multiply(Decimal(about), Decimal(length))
            total.add(EXACT.multiply(EXACT.subtract(one.sum, around), _geometric_sum(factor, steps_per_factor, count)))
            total.add(around, count)
            start = begin + count * length
    _add_pieces(table, segment, start, stop, total)


def _geometric_sum(factor: float, steps_per_factor: int, count: int) -> Decimal:
    """Returns 1 + ratio + ratio^2 + ... of `count` terms, where the ratio is factor^steps_per_factor."""
    ratio = EXACT.power(Decimal(factor), steps_per_factor)
    if ratio == 1:
        return Decimal(count)
    return EXACT.divide(EXACT.subtract(1, EXACT.power(ratio, count)), EXACT.subtract(1, ratio))


def _add_pieces(table: Any, segment: Any, start: int, stop: int, total: Total) -> None:
    is_operation = segment[2] in OF_VALUES or segment[2] in OF_CLOCK
    while start < stop:
        end = min(pieces.piece_end(table, start, True), stop)
        if segment[2] == "constant" or (not is_operation and end - start > SHORT and _is_flat(table, start, end)):
            total.add(table.value(start), end - start)
        elif end - start <= SHORT:
            end = min(start + WALK, stop)
            _walk(table, start, end, total)
        else:
            _add_smooth(table, start, end, total)
        start = end


def _is_flat(table: Any, start: int, stop: int) -> bool:
    return bool(table.value(start) == table.value(stop - 1))


def _walk(table: Any, start: int, stop: int, total: Total) -> None:
    for step in range(start, stop):
        total.add(table.value(step))


def _add_smooth(table: Any, start: int, stop: int, total: Total) -> None:
    """Adds up a smooth piece. It is halved where its sum is not known well enough."""
    ends = [stop]
    while ends:
        end, count = ends[-1], ends[-1] - start
        if count <= SHORT:
            _walk(table, start, ends.pop(), total)
            start = end
        elif found := _found(table, start, count, total.size / count * ALIKE_OF_ALL):
            total.add(*found)
            start += found[1]
            if start == end:
                ends.pop()
        elif math.isinf(table.value(start)) and _is_flat(table, start, end):
            total.add(table.value(start))
            start = ends.pop()
        else:
            ends.append(start + count // 2)


def _found(table: Any, start: int, count: int, enough: float) -> tuple[float, int] | None:
    """Returns the mean of the first steps of a smooth piece, most of the `count` ones, and their number."""
    for nodes, levels, alike in NODES:
        distance = (count // nodes - 1) // 2 * 2 + 1
        mean = _mean(table, start, distance, nodes, levels, alike, enough)
        if mean is not None:
            return mean, distance * nodes
    return None


def _mean(table: Any, start: int, distance: int, nodes: int, levels: int, alike: float, enough: float) -> float | None:
    """Returns the mean of `nodes` times `distance` steps, an odd number, from a value in the middle of each of the
    nodes; None if it is not known well enough."""
    values = [table.value(start + distance // 2 + distance * node) for node in range(nodes)]
    first, last = table.value(start), table.value(start + distance * nodes - 1)
    if not all(map(math.isfinite, (first, last, *values))):
        return None
    scale = max(1.0, *map(abs, values))  # so that no sum of values is infinite
    values, first, last = [value / scale for value in values], first / scale, last / scale
    size = math.fsum(map(abs, values)) / nodes
    means = [math.fsum(values[3**level // 2 :: 3**level]) / (nodes // 3**level) for level in range(levels + 1)]
    wanted, differ, differed = 1.0 / distance**2, 0.0, 0.0
    for reach in range(1, levels + 1):
        differed, differ = differ, abs(means[0] - means[1])
        for level in range(levels + 1 - reach):
            share = (9.0**level - wanted) / (9.0**level * (9.0**reach - 1.0))
            means[level] += (means[level] - means[level + 1]) * share
    noise = size * 2.0**-48
    leaps = (first, values[0], values[1]), (last, values[-1], values[-2])
    if any(abs(end - next_one) > 2.0 * abs(next_one - other) + noise for end, next_one, other in leaps):
        return None
    left = differ * (differ / differed) if differ < differed else differ
    return means[0] * scale if left <= max(alike * size, enough / scale) else None
