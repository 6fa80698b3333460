"""Marks are the steps at which a curve may jump, bend or turn. They follow from its segments, whatever its length."""

from __future__ import annotations

import math

from .. import _checks
from .._engine.operations import FRACTIONAL, OF_CLOCK, OF_VALUES, REAL
from .._engine.shapes import COUNT, FACTOR, PERIOD, SHAPES
from .cycles import FOLDED, unfolded
from .numbers import first_from
from .segments import Held, from_origins, present

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from .segments import Segment

CYCLES = 4
"""So many cycles show what a curve that repeats itself is like."""

MOST_OF_CYCLE = 64
"""A cycle of several segments is known as such if it has so many at most."""

ROUNDING = 1e-9
"""Starts of cycles are rounded, by a step or far less than this share of them."""

FEW = 4
"""At most so many marks stand for those of a cycle, if there are too many cycles."""


class Marks:
    """These are the marks of segments between two steps, both included. `are_all` is False if there are more than
    `most`: then `steps` has some of them, evenly spread, each with the one that follows it.

    All numbers of the segments must be plain, except those that an At stands for.
    """

    __slots__ = ("are_all", "first", "last", "most", "steps")

    def __init__(self, segments: list[Segment], first: int, last: int, most: int) -> None:
        self.first, self.last, self.most, self.are_all = first, last, most, True
        found = {math.ceil(step) for step in self._of(unfolded(segments), first, last)}
        found = {step for step in found if first <= step <= last}
        self.steps = sorted(found)
        self.are_all = self.are_all and len(found) <= most

    def _of(self, segments: list[Segment], first: float, last: float) -> Iterator[Any]:
        """Yields marks on the clock of the segments, also some between or outside of the two steps."""
        parts = present(segments, last)
        ends = [*(start for start, *_ in parts[1:]), last + 1]
        for (start, origin, name, parameters), end in zip(parts, ends, strict=True):
            if end < first:
                continue
            yield start
            begin = max(start, first) - origin
            for step in self._within(name, parameters, begin, min(end, last) - origin):
                if start < origin + step < end:
                    yield origin + step

    def _within(self, name: str, parameters: tuple[Any, ...], first: float, last: float) -> Iterator[Any]:
        """Yields the marks within a segment, on the clock of its shape."""
        if name in OF_VALUES:
            for table in parameters:
                yield from self._of(table, first, last)
        elif name in OF_CLOCK:
            table, size = parameters
            yield from self._on_clock(name, table, size, first, last)
        elif name in SHAPES:
            for role, number in zip(SHAPES[name].parameters.values(), parameters, strict=True):
                if role in (COUNT, PERIOD):
                    yield from self._multiples(number, first, last)
                elif role is FACTOR and number < 0.0 and name == "exponential":  # its sign changes with each step
                    yield from self._multiples(1, first, last)

    def _on_clock(self, name: str, table: list[Segment], size: Any, first: float, last: float) -> Iterator[Any]:
        if name in ("every", REAL["every"]):
            yield from self._multiples(size, first, last)
            for step in self._of(table, first // size, last // size):
                yield step * size
            return
        if name == "stride":
            for step in self._of(table, first * size, last * size):
                yield step / size
            return
        inner = list(self._of(table, 0, size))
        if len(inner) * ((last - first) // size + 1) > self.most:
            inner = inner[:: len(inner) // FEW + 1]
        for begin in self._multiples(size, first - size, last, len(inner) + 1):
            yield begin
            is_back = name in ("mirror", REAL["mirror"]) and round(begin / size) % 2
            for step in inner:
                yield begin + (size - step if is_back else step)

    def _multiples(self, size: Any, first: float, last: float, weight: int = 1) -> Iterator[Any]:
        """Yields the multiples of a size from `first` to `last`. If they weigh too much, it yields pairs of neighbours
        among them, evenly spread."""
        low, high = max(math.ceil(first / size), 0), int(last // size)
        room = max(self.most // weight, 2)
        if high - low < room:
            indices: Any = range(low, high + 1)
        else:
            self.are_all = False
            pairs = room // 2
            places = [low + (high - 1 - low) * place // pairs for place in range(pairs + 1)]
            indices = sorted({index for place in places for index in (place, place + 1)})
        for index in indices:
            yield index * size


def reach(segments: list[Segment]) -> int | None:
    """Returns the step from which on a curve holds a value. It is the last step of the first CYCLES cycles for a curve
    that repeats itself for ever, also with other lengths or heights, and None for any other."""
    parts = present(segments)
    part = parts[-1]
    start, origin, name, parameters = part
    cycles = _cycles([start for start, *_ in parts])
    if cycles:
        return _at_most_last(cycles[min(CYCLES, len(cycles) - 1)]) - 1
    if _is_held(part):
        return _at_most_last(start)
    if name == FOLDED:
        *_, period, growth = parameters
        return _at_most_last(origin + sum(period * growth**cycle for cycle in range(CYCLES)) - 1)
    if name in OF_VALUES:
        inner = [(reach(table), repeats(present(table)[-1][2])) for table in parameters]
        is_open = any(step is None for step, _ in inner)
        ends = [step for step, is_wave in inner if step is not None and (is_wave or not is_open)]
        return _at_most_last(origin + max(ends)) if ends else None
    if name in OF_CLOCK:
        table, size = parameters
        if name == "stride":
            step = reach(table)
            return None if step is None else _at_most_last(origin + step / size)
        if name not in ("every", REAL["every"]):
            return _at_most_last(origin + CYCLES * size - (name in ("repeat", REAL["repeat"])))
        step = reach(table)
        return None if step is None else _at_most_last(origin + step * size)
    if name in SHAPES:
        for role, number in zip(SHAPES[name].parameters.values(), parameters, strict=True):
            if role is PERIOD:
                return _at_most_last(origin + CYCLES * number - 1)
            if role is COUNT:
                return _at_most_last(origin + CYCLES * 2 * number)
    return None


def _cycles(starts: Sequence[Any]) -> list[Any]:
    """Returns where cycles begin that go on until there are no more steps, each longer than the one before by one
    factor; none if the last of these starts of segments are not theirs."""
    for size in range(1, min((len(starts) - 1) // 3, MOST_OF_CYCLE) + 1):
        before, last = starts[-1 - size] - starts[-1 - 2 * size], starts[-1] - starts[-1 - size]
        growth = last / before
        if starts[-1] + last * growth <= _checks.LAST_STEP * (1.0 - ROUNDING):
            continue
        first = len(starts) - 1 - 2 * size
        while first:
            start, middle, end = starts[first - 1 : first + 2 * size : size]
            if abs((middle - start) * growth - (end - middle)) > growth + ROUNDING * end:
                break
            first -= 1
        if len(starts) - first > 3 * size:
            return list(starts[first::size])
    return []


def _at_most_last(step: Any) -> int:
    return int(min(math.ceil(step), _checks.LAST_STEP))


def starts(segments: list[Segment], first: int, last: int, most: int) -> list[int]:
    """Returns the steps between two others at which a phase begins, or none if there are more than `most`. A segment of
    a single step belongs to the one that comes after it."""
    parts = present(from_origins([(first_from(start), *rest) for start, *rest in segments]), last)
    ends = [*(start for start, *_ in parts[1:]), last + 1]
    begins: list[int] = []
    begin = first
    for part, end in zip(parts, ends, strict=True):
        if end > first and (end > max(begin, part[0]) + 1 or (end > last and not begins)):
            begins.append(begin)
            begin = end
    return begins[1:] if len(begins) <= most + 1 else []


def repeats(name: str) -> bool:
    """Tells whether a shape or an operation goes up and down again and again."""
    if name in SHAPES:
        roles = SHAPES[name].parameters.values()
        return COUNT in roles or (PERIOD in roles and FACTOR not in roles)
    return name in (FOLDED, "repeat", "mirror", *FRACTIONAL)


def _is_held(part: Segment) -> bool:
    """Tells whether a segment holds one value."""
    _, _, name, parameters = part
    return name == "constant" or (name == "call" and type(parameters[0]) is Held)
