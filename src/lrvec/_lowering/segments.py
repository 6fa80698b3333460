"""A list of segments says what a schedule is. The functions below make new lists from old ones, for compositions.

A segment applies one shape to the steps from its start to the start of the next segment. The shape has a clock of its
own, which stands at 0 at the segment's origin. A list begins at step 0, and its starts never go back. Of several
segments with the same start the last one serves; a segment that starts at NEVER serves no step. In the segments of a
sweep any number may be a column: a segment that only some rows need is empty in the other rows.
"""

from __future__ import annotations

from .. import _checks, _engine
from .._engine.operations import OPERATIONS
from .._engine.shapes import FOLDED
from .._frameworks import torch_is_compiling
from .numbers import NEVER, PLAIN, TRACED, any_of, differs, later, sort_of, where

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any, TypeAlias

    Segment: TypeAlias = tuple[Any, Any, str, tuple[Any, ...]]
    """A segment is its start, its origin, its shape and the shape's parameters. The shape `call` has one parameter, a
    callable. In the place of a shape an operation may stand; among its parameters are lists of segments."""


def segment(start: Any, shape: str, *parameters: Any, origin: Any = None) -> Segment:
    """Makes a segment. Its clock starts with it, unless `origin` says otherwise."""
    return (start, start if origin is None else origin, shape, parameters)


class Waiting(str):
    """The name of a shape that waits for step 1 of its clock: the constant before it has its value at step 0. On a
    slower clock, which comes between the two, the curve begins behind step 0."""

    __slots__ = ()


class At:
    """An At stands for a number that is not known yet: the value of some segments at a step.

    It may stand among the parameters of other segments. Whoever evaluates those asks for the number first. A `precise`
    number need not have the bits of the segments' own value. It is nearer to the exact one, so that a curve that is
    computed from it takes over no error.
    """

    __slots__ = ("precise", "segments", "step")

    def __init__(self, segments: list[Segment], step: Any, *, precise: bool = False) -> None:
        if type(step) is int and len(segments) > 1:
            serving = segments[0]
            for part in segments:
                if type(part[0]) is not int:
                    break
                if part[0] <= step:
                    serving = part
            else:
                segments = [serving]  # the others would be carried along for nothing
        self.segments, self.step, self.precise = segments, step, precise


def segments_of(schedule: Any) -> list[Segment]:
    """Returns the segments of a schedule or a sweep; for any other callable, one segment that calls it."""
    lower: Callable[[], list[Segment]] | None = getattr(schedule, "_lower", None)
    return lower() if lower else [segment(0, "call", schedule)]


def _calling(function: Callable[[Any], Any]) -> Callable[[], list[Segment]]:
    return lambda: segments_of(function)


class Joined:
    """A Joined lowers a composition: `join` makes its segments from those of its parts.

    A call goes through compositions within compositions by a list and not by recursion. `depth` says how many
    operations there are within each other, and `levels` how many compositions. `lowerings` are those of the parts.
    """

    __slots__ = ("_tried", "depth", "join", "levels", "lowerings", "parts")

    def __init__(self, parts: tuple[Any, ...], join: Callable[..., list[Segment]], *, operations: int = 0) -> None:
        self.parts, self.join, self.depth, self.levels = parts, join, operations, 1
        self.lowerings: list[Callable[[], list[Segment]]] = []
        self._tried: list[Segment] | None = None
        for part in parts:
            lower = getattr(part, "_lower", None)
            if type(lower) is Joined:
                self.depth = max(self.depth, lower.depth + operations)
                self.levels = max(self.levels, lower.levels + 1)
            self.lowerings.append(lower or _calling(part))
        if self.levels > _checks.MOST_COMPOSITIONS:
            _checks.refuse_compositions(self.levels)

    def attempt(self, *, keep: bool) -> None:
        """Lowers the composition, which may be refused. The segments may be kept for the next one who asks for them: a
        chain of compositions that are each tried is then lowered once. Traced numbers belong to where they are
        computed."""
        tried = self()
        if keep:
            self._tried = tried

    def _taken(self) -> list[Segment] | None:
        """Returns the segments of an attempt, to the first one who asks."""
        tried, self._tried = self._tried, None
        return tried

    def __call__(self) -> list[Segment]:
        tried = None if self._tried is None else self._taken()
        if tried is not None:
            return tried
        if self.levels == 1:  # so are most
            return self.join(*[lower() for lower in self.lowerings])
        waiting = self.lowerings.copy()
        order: list[Any] = [self]
        while waiting:
            lower = waiting.pop()
            tried = lower._taken() if type(lower) is Joined else None
            order.append(lower if tried is None else tried)
            if type(lower) is Joined and tried is None:
                waiting += lower.lowerings
        lowered: list[list[Segment]] = []
        for lower in reversed(order):
            if type(lower) is list:
                lowered.append(lower)
            elif type(lower) is Joined:
                first = len(lowered) - len(lower.lowerings)
                lowered[first:] = [lower.join(*lowered[first:])]
            else:
                lowered.append(lower())
        return lowered[0]


def shift(segments: list[Segment], by: Any) -> list[Segment]:
    """Moves segments to `by` steps later. A column that stands in several places is moved once, so a sweep keeps
    one."""
    if type(by) is int:
        if by == 0:
            return segments
        plain: list[Segment] = []
        for start, origin, shape, parameters in segments:
            if not type(start) is type(origin) is int:
                break
            plain.append((start + by, origin + by, shape, parameters))
        else:
            return plain
    moved: dict[int, Any] = {}

    def once(count: Any) -> Any:
        if type(count) is int:
            return count + by if count else by
        if id(count) not in moved:
            moved[id(count)] = later(count, by)
        return moved[id(count)]

    return [(once(start), once(origin), shape, parameters) for start, origin, shape, parameters in segments]


def cut(segments: list[Segment], length: Any) -> list[Segment]:
    """Ends segments at step `length`, so that others can follow. Those that start later serve no step, and are left out
    where that is known. A waiting curve stays that starts there: on a slower clock it begins before."""
    kept: list[Segment] = []
    for part in segments:
        earlier = part[0] < length
        if earlier is True:
            kept.append(part)
        elif _may_serve(part, earlier, length):
            kept.append((where(earlier, part[0], length), *part[1:]))
    return kept


def in_turn(phases: Sequence[Any], curves: Sequence[list[Segment]]) -> tuple[list[Segment], Any]:
    """Puts curves one after another. Returns them, and the step where the last one ends.

    A phase that is a tuple begins with the number of steps that its curve has. The last phase may be another object:
    its curve has no end then."""
    if not torch_is_compiling():
        plain = _engine.in_turn(phases, curves)
        if plain is not None:
            return plain
    found: list[Segment] = []
    start: Any = 0
    for phase, curve in zip(phases, curves, strict=True):
        if type(phase) is not tuple:
            return [*found, *shift(curve, start)], start
        found += shift(cut(curve, phase[0]), start)
        start = start + phase[0]  # not `+=`, which would change a column that earlier segments hold
    return found, start


def _may_serve(part: Segment, earlier: Any, length: Any) -> bool:
    if earlier is False and type(part[2]) is not Waiting:  # so are most
        return False
    if sort_of(earlier) is TRACED:
        return True
    return any_of(earlier) or (type(part[2]) is Waiting and any_of(part[0] == length))


def hold(segments: list[Segment], step: Any, start: Any) -> Segment:
    """Makes a segment that holds from `start` on the value that `segments` have at `step`. If a user's callable gives
    that value, it is called again at each step."""
    if holds(segments, "call") and sort_of(step, *numbers(segments)) is PLAIN:
        _, origin, shape, parameters = part_at(segments, step)
        if shape == "call":
            return segment(start, "call", _held(parameters[0], step - origin))
    return segment(start, "constant", At(segments, step))


def earlier_by(segments: list[Segment], steps: Any) -> list[Segment]:
    """Returns a curve without its first steps. Its clock stops at the last step: beyond, it would not be exact."""
    moved = []
    for start, origin, name, parameters in segments:
        begun = origin - steps
        first = begun if start is origin else start - steps
        moved.append((where(start > steps, first, 0), begun, name, parameters))
    is_held: Any = False  # by a constant at its end
    for start, _, name, _ in segments:
        serves = sort_of(start) is TRACED or start <= _checks.LAST_STEP
        is_held = where(serves, name == "constant", is_held)
    if not any_of(is_held):
        return [*moved, hold(segments, _checks.LAST_STEP, _checks.LAST_STEP - steps)]
    if not any_of(differs(is_held, True)):
        return moved
    return [*moved, hold(segments, _checks.LAST_STEP, where(is_held, NEVER, _checks.LAST_STEP - steps))]


class Held:
    """A held callable calls a function with one step, whatever step it is called with."""

    __slots__ = ("function", "step")

    def __init__(self, function: Callable[[int], Any], step: int) -> None:
        self.function, self.step = function, step

    def __call__(self, _: int) -> Any:
        return self.function(self.step)


def _held(function: Callable[[int], Any], step: int) -> Held:
    return function if isinstance(function, Held) else Held(function, step)


def part_at(segments: list[Segment], step: int) -> Segment:
    """Returns the segment that serves a step. All starts must be plain numbers."""
    found = segments[0]
    for part in segments:
        if part[0] > step:
            break
        found = part
    return found


OPENED = ("constant", "half_cosine")
"""At step 0 of its clock, each of these shapes has its first rate as its precise value; 0 may have another sign."""


def has_opening(segments: list[Segment]) -> bool:
    """Tells whether it is plain that all rows begin with the first rate of their first segment."""
    (start, origin, shape, parameters), *others = segments
    if shape not in OPENED or not type(start) is type(origin) is int or not start == origin == 0:
        return False
    is_behind = all((later.min() if hasattr(later, "shape") else later) > 0 for later, *_ in others)
    return is_behind and not any_of(parameters[0] == 0.0)


# ---- numbers that are not known yet ----


def resolved(segments: list[Segment], values: Callable[[list[Segment], list[Any], bool], list[Any]]) -> list[Segment]:
    """Puts a number in place of every At. `values` takes segments without an At, some steps, and whether the values
    there, which it returns, are to be precise."""
    groups: dict[tuple[int, bool], list[At]] = {}  # the segments of a group are the same
    for at in inner_first(segments):
        groups.setdefault((id(at.segments), at.precise), []).append(at)
    known: dict[int, Any] = {}
    for group in groups.values():
        first = group[0]
        own = [_filled(part, known) for part in first.segments] if known else first.segments
        found = values(own, [at.step for at in group], first.precise)
        known.update(zip(map(id, group), found, strict=True))
    return [_filled(part, known) for part in segments] if known else segments


def _filled(part: Segment, known: dict[int, Any]) -> Segment:
    """Returns a segment with the known number in place of each At."""
    start, origin, name, parameters = part
    if name in OPERATIONS:
        tables = [[_filled(inner, known) for inner in one] if type(one) is list else one for one in parameters]
        return start, origin, name, tuple(tables)
    return start, origin, name, tuple([known[id(one)] if type(one) is At else one for one in parameters])


def inner_first(segments: list[Segment]) -> list[At]:
    """Returns every At that the segments depend on. Each stands behind those that it depends on itself."""
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
    """Returns every At in the segments, also those in the tables of operations."""
    found: list[At] = []
    for part in segments:
        for one in part[3]:
            if type(one) is At:
                found.append(one)
            elif type(one) is list:
                found += _ats(one)
    return found


NOT_SIMPLE = {"call", *FOLDED, *OPERATIONS}
"""The engines know all other shapes."""


def is_simple(segments: list[Segment]) -> bool:
    """Tells whether all segments are of shapes that the engines know. So most lists are, and need no other look."""
    for part in segments:
        if part[2] in NOT_SIMPLE:
            break
    else:  # a generator would take most of the time
        return True
    return False


def holds(segments: list[Segment], shape: str) -> bool:
    """Tells whether a segment of a shape is among the segments, or in the tables of their operations."""
    for _, _, name, parameters in segments:
        if name == shape:
            return True
        if name in OPERATIONS and any(type(one) is list and holds(one, shape) for one in parameters):
            return True
    return False


def mapped(segments: list[Segment], start: Callable[[Any], Any], other: Callable[[Any], Any]) -> list[Segment]:
    """Returns segments with functions of their starts and of all other numbers, also those in the tables of
    operations. It is no function within another one: such a cycle would keep the numbers until the garbage collector
    comes."""
    return [
        (
            start(begin),
            other(origin),
            name,
            tuple([mapped(one, start, other) if type(one) is list else other(one) for one in parameters]),
        )
        for begin, origin, name, parameters in segments
    ]


def numbers(segments: list[Segment]) -> list[Any]:
    """Returns all numbers of the segments. In place of an At it returns the numbers that the At depends on."""
    found: list[Any] = []
    for at in inner_first(segments):
        found += [at.step, *_own_numbers(at.segments)]
    return [*found, *_own_numbers(segments)]


def _own_numbers(segments: list[Segment]) -> list[Any]:
    found: list[Any] = []
    for start, origin, _, parameters in segments:
        found += [start, origin]
        for one in parameters:
            if type(one) is list:
                found += _own_numbers(one)
            elif type(one) is not At:
                found.append(one)
    return found


def from_origins(segments: list[Segment]) -> list[Segment]:
    """Lets a waiting curve begin at its origin, where the constant in front of it has its value. A curve of one step
    then serves that step."""
    found: list[Segment] = []
    held: Any = NEVER
    for start, origin, shape, parameters in segments:
        if type(shape) is Waiting:
            start = where((origin == start - 1) & (held <= origin), origin, start)
        else:
            held = start if shape == "constant" else NEVER
        found.append((start, origin, shape, parameters))
    return found


def present(segments: list[Segment], last: float = _checks.LAST_STEP) -> list[Segment]:
    """Leaves out the segments that serve no step up to `last`. A segment whose start has no value yet stays."""
    ends = [*(start for start, *_ in segments[1:]), NEVER]
    return [
        part
        for part, end in zip(segments, ends, strict=True)
        if hasattr(part[0], "shape") or (part[0] <= last and (hasattr(end, "shape") or part[0] < end))
    ]
