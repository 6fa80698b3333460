"""What a schedule is lowered to: segments, and the small algebra by which compositions make new ones from old.

A segment holds one shape from its start to the next one's. The shape has a clock of its own, which stands at 0 at the
segment's origin. All lists of segments begin at step 0, and their starts never go back; of several segments with one
start, the last one serves, and one that starts at NEVER is not there. In a sweep's segments any number may be an array:
so a case that some rows are in is a segment that is empty in the others.
"""

from __future__ import annotations

from . import _arrays, _checks, _engine, _reference

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeAlias

    Segment: TypeAlias = tuple[int, int, str, tuple[Any, ...]]
    """Start, origin, shape and the shape's parameters. The shape `call` has one parameter: a callable."""


NEVER = 2 * _checks.LAST_STEP
"""A start past all steps."""


def segment(start: int, shape: str, *parameters: Any, origin: int | None = None) -> Segment:
    """A segment whose clock starts with it, unless `origin` says otherwise."""
    return (start, start if origin is None else origin, shape, parameters)


def where(condition: Any, yes: Any, no: Any) -> Any:
    """One of two numbers, or of two arrays' entries."""
    if condition is True or condition is False:
        return yes if condition else no
    if any(_arrays.is_foreign(value) for value in (condition, yes, no)):
        from . import _traced

        return _traced.where(condition, yes, no)
    import numpy

    return numpy.where(condition, yes, no)


def wide(count: Any) -> Any:
    """A count whose products may grow beyond the integers of an array."""
    return count if isinstance(count, int) or _arrays.is_foreign(count) else count.astype(float)


def is_exactly(number: Any, value: float) -> Any:
    """number == value; False where the number is traced, since a shortcut would lose its gradient."""
    return False if _checks.is_traced(number) else number == value


def rounded_between(low: int, value: Any, high: Any) -> Any:
    """The nearest integer, the even one of two, if it is neither below `low` nor above `high`."""
    if _arrays.is_foreign(value) or _arrays.is_foreign(high):
        from . import _traced

        return _traced.rounded_between(low, value, high)
    if hasattr(value, "shape") or hasattr(high, "shape"):
        import numpy

        return numpy.clip(numpy.rint(value), low, high).astype(numpy.int64)
    return min(max(low, round(value)), high)


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
        order: list[Any] = [self]
        waiting = [_lowering_of(part) for part in self.parts]
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


def shift(segments: list[Segment], by: int) -> list[Segment]:
    """The same, `by` steps later. What is one array before is one after, so that a sweep keeps it once."""
    moved: dict[int, Any] = {}

    def later(count: int) -> Any:
        if type(count) is int:
            return count + by if count else by
        if id(count) not in moved:
            moved[id(count)] = sum_within_reach(count, by) if _is_wide(count) else count + by
        return moved[id(count)]

    return [(later(start), later(origin), shape, parameters) for start, origin, shape, parameters in segments]


def cut(segments: list[Segment], length: int) -> list[Segment]:
    """The same, as far as it lies before step `length`, to be followed by a segment that starts there."""
    return [(where(part[0] < length, part[0], length), *part[1:]) for part in segments]


def hold(segments: list[Segment], step: int, start: int) -> Segment:
    """From `start` on, the value at `step`."""
    if _arrays.is_foreign(step) or any(_arrays.is_foreign(number) for number in numbers(segments)):
        from . import _traced

        return segment(start, "constant", _traced.value(segments, step))
    if hasattr(step, "shape") or any(hasattr(number, "shape") for number in numbers(segments)):
        from . import _sweeps

        return segment(start, "constant", _sweeps.values_at(segments, step))
    _, origin, shape, parameters = [part for part in segments if part[0] <= step][-1]
    if shape == "call":
        return segment(start, "call", _held(parameters[0], step - origin))
    engine = _reference if _arrays.are_followed() else _engine
    return segment(start, "constant", engine.shape_value(shape, parameters, step - origin))


class _Held:
    """A callable that stays at a step of another one."""

    __slots__ = ("function", "step")

    def __init__(self, function: Callable[[int], Any], step: int) -> None:
        self.function, self.step = function, step

    def __call__(self, _: int) -> Any:
        return self.function(self.step)


def _held(function: Callable[[int], Any], step: int) -> _Held:
    return function if isinstance(function, _Held) else _Held(function, step)


def value(segments: list[Segment], step: int) -> Any:
    """The value at a step, or the values of a sweep's rows."""
    _, _, shape, parameters = hold(segments, step, 0)
    return float(parameters[0](0)) if shape == "call" else parameters[0]


def numbers(segments: list[Segment]) -> list[Any]:
    return [number for start, origin, _, rest in segments for number in (start, origin, *rest)]


def present(segments: list[Segment], last: int = _checks.LAST_STEP) -> list[Segment]:
    """Those that serve any step up to `last`, as far as their starts are known."""
    ends = [*(start for start, *_ in segments[1:]), NEVER]
    return [
        part
        for part, end in zip(segments, ends, strict=True)
        if hasattr(part[0], "shape") or (part[0] <= last and (hasattr(end, "shape") or part[0] < end))
    ]


def sum_within_reach(count: Any, by: Any) -> Any:
    """The sum of counts, NEVER where it is past the last step: before a `wide` one could round down to that."""
    return where(count <= _checks.LAST_STEP - by, count + by, NEVER)


def _is_wide(count: Any) -> bool:
    return not _arrays.is_foreign(count) and getattr(getattr(count, "dtype", None), "kind", "i") == "f"


def within_reach(start: Any) -> Any:
    """The same starts, but NEVER for the one that a double does not tell from the last step: the next after it."""
    if _is_wide(start):
        return start
    beyond = start == _checks.LAST_STEP + 1
    return where(beyond, NEVER, start) if _checks.any_of(beyond) else start


def tabulate(segments: list[Segment]) -> Any:
    """The table that an engine evaluates."""
    segments = present(segments)
    if any(shape == "call" for _, _, shape, _ in segments):
        return CallTable(segments)
    return _engine.Table(segments)


class CallTable(_reference.Table):
    """A table with a user's callable in it."""

    __slots__ = ("_parts",)

    def __init__(self, segments: list[Segment]) -> None:
        self._parts: list[tuple[int, Callable[[int], float]]] = [
            (
                start,
                _call_at(origin, parameters[0])
                if shape == "call"
                else _engine.Table([(0, origin, shape, parameters)]).value,
            )
            for start, origin, shape, parameters in segments
        ]

    def value(self, step: int) -> float:
        for start, evaluate in reversed(self._parts):
            if start <= step:
                return evaluate(step)
        raise AssertionError("segments begin at step 0")


def _call_at(origin: int, function: Callable[[int], Any]) -> Callable[[int], float]:
    return lambda step: float(function(step - origin))
