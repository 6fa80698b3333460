"""Segments, and the small algebra by which compositions make new ones from old.

A segment holds one shape from its start to the next one's. The shape has a clock of its own, which stands at 0 at the
segment's origin. All lists of segments begin at step 0, and their starts never go back; of several segments with one
start, the last one serves, and one that starts at NEVER is not there. In a sweep's segments any number may be a column:
so a case that some rows are in is a segment that is empty in the others.
"""

from __future__ import annotations

from .. import _checks
from .numbers import NEVER, PLAIN, later, sort_of, where

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeAlias

    Segment: TypeAlias = tuple[Any, Any, str, tuple[Any, ...]]
    """Start, origin, shape and the shape's parameters. The shape `call` has one parameter: a callable."""


def segment(start: Any, shape: str, *parameters: Any, origin: Any = None) -> Segment:
    """A segment whose clock starts with it, unless `origin` says otherwise."""
    return (start, start if origin is None else origin, shape, parameters)


class At:
    """A number that is not known yet: the value of segments at a step. Whoever makes a table, columns or a chain of the
    segments in which it stands asks an evaluator for it."""

    __slots__ = ("segments", "step")

    def __init__(self, segments: list[Segment], step: Any) -> None:
        self.segments, self.step = segments, step


def segments_of(schedule: Any) -> list[Segment]:
    """A schedule's or a sweep's, or the one segment that calls any other callable."""
    segments: list[Segment] = _lowering_of(schedule)()
    return segments


def _lowering_of(schedule: Any) -> Callable[[], list[Segment]]:
    lower: Callable[[], list[Segment]] | None = getattr(schedule, "_lower", None)
    return lower or (lambda: [segment(0, "call", schedule)])


class Joined:
    """How a composition is lowered: its parts, and the function from their segments to its own. It goes through
    compositions within compositions by a list, so that they may be as deep as they like."""

    __slots__ = ("join", "parts")

    def __init__(self, parts: tuple[Any, ...], join: Callable[..., list[Segment]]) -> None:
        self.parts, self.join = parts, join

    def __call__(self) -> list[Segment]:
        waiting = [_lowering_of(part) for part in self.parts]
        if not any(type(lower) is Joined for lower in waiting):
            return self.join(*[lower() for lower in waiting])
        order: list[Any] = [self]
        while waiting:
            lower = waiting.pop()
            order.append(lower)
            if type(lower) is Joined:
                waiting += [_lowering_of(part) for part in lower.parts]
        lowered: list[list[Segment]] = []
        for lower in reversed(order):
            if type(lower) is Joined:
                first = len(lowered) - len(lower.parts)
                lowered[first:] = [lower.join(*lowered[first:])]
            else:
                lowered.append(lower())
        return lowered[0]


def shift(segments: list[Segment], by: Any) -> list[Segment]:
    """Moves segments to `by` steps later. What is one column before is one after, so that a sweep keeps it once."""
    moved: dict[int, Any] = {}

    def once(count: Any) -> Any:
        if type(count) is int:
            return count + by if count else by
        if id(count) not in moved:
            moved[id(count)] = later(count, by)
        return moved[id(count)]

    return [(once(start), once(origin), shape, parameters) for start, origin, shape, parameters in segments]


def cut(segments: list[Segment], length: Any) -> list[Segment]:
    """Cuts segments at step `length`, where others are to follow."""
    return [(where(part[0] < length, part[0], length), *part[1:]) for part in segments]


def hold(segments: list[Segment], step: Any, start: Any) -> Segment:
    """A segment that holds, from `start` on, the value at `step`. A user's callable is asked for it each time."""
    if any(shape == "call" for _, _, shape, _ in segments) and sort_of(step, *numbers(segments)) is PLAIN:
        _, origin, shape, parameters = part_at(segments, step)
        if shape == "call":
            return segment(start, "call", _held(parameters[0], step - origin))
    return segment(start, "constant", At(segments, step))


class _Held:
    """A callable that stays at a step of another one."""

    __slots__ = ("function", "step")

    def __init__(self, function: Callable[[int], Any], step: int) -> None:
        self.function, self.step = function, step

    def __call__(self, _: int) -> Any:
        return self.function(self.step)


def _held(function: Callable[[int], Any], step: int) -> _Held:
    return function if isinstance(function, _Held) else _Held(function, step)


def part_at(segments: list[Segment], step: int) -> Segment:
    """The segment that serves a step, where all starts are plain."""
    return [part for part in segments if part[0] <= step][-1]


# ---- numbers that are not known yet ----


def resolved(segments: list[Segment], value: Callable[[list[Segment], Any], Any]) -> list[Segment]:
    """Puts a number in place of every At: `value` tells that of segments, in which there is none, at a step."""
    known: dict[int, Any] = {}
    for at in _inner_first(segments):
        known[id(at)] = value(_filled(at.segments, known) if known else at.segments, at.step)
    return _filled(segments, known) if known else segments


def _filled(segments: list[Segment], known: dict[int, Any]) -> list[Segment]:
    return [
        (*part[:3], tuple([known[id(one)] if type(one) is At else one for one in part[3]]))
        if At in map(type, part[3])
        else part
        for part in segments
    ]


def _inner_first(segments: list[Segment]) -> list[At]:
    """Every At that the segments depend on, each behind those that it depends on itself."""
    waiting = _ats(segments)
    if not waiting:
        return waiting
    order: dict[int, At] = {}
    while waiting:
        at = waiting[-1]
        inner = [] if id(at) in order else [one for one in _ats(at.segments) if id(one) not in order]
        if inner:
            waiting += inner
        else:
            order[id(at)] = waiting.pop()
    return list(order.values())


def _ats(segments: list[Segment]) -> list[At]:
    return [number for *_, parameters in segments for number in parameters if type(number) is At]


def numbers(segments: list[Segment]) -> list[Any]:
    """All numbers of the segments, and those that an At depends on in place of it."""
    found: list[Any] = []
    for at in _inner_first(segments):
        found += [at.step, *_own_numbers(at.segments)]
    return [*found, *_own_numbers(segments)]


def _own_numbers(segments: list[Segment]) -> list[Any]:
    listed = [number for start, origin, _, parameters in segments for number in (start, origin, *parameters)]
    return [number for number in listed if type(number) is not At]


def present(segments: list[Segment], last: int = _checks.LAST_STEP) -> list[Segment]:
    """Leaves out the segments that serve no step up to `last`, as far as their starts are known."""
    ends = [*(start for start, *_ in segments[1:]), NEVER]
    return [
        part
        for part, end in zip(segments, ends, strict=True)
        if hasattr(part[0], "shape") or (part[0] <= last and (hasattr(end, "shape") or part[0] < end))
    ]
