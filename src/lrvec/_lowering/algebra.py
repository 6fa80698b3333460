"""These functions make new lists of segments from old ones: sums, products and bounds of curves, and clocks.

What is simple stays simple. Every shape is linear in its rates, so a factor goes into the rates; if it lies between its
rates, so does an offset. An operation on tables is made only where this cannot be.
"""

from __future__ import annotations

from .._engine.operations import OF_CLOCK, OF_VALUES
from .._engine.shapes import FOLDED, RATE, SHAPES
from .numbers import NEVER, TRACED, any_of, differs, first_from, is_whole, product, sort_of, where
from .placed import held_at, on_clock
from .segments import At, cut, hold, inner_first, segment, shift

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from .segments import Segment

    _Known = dict[tuple[int, bool], At]

_BETWEEN_RATES = {"constant"} | {
    name for name, shape in (SHAPES | FOLDED).items() if {"last", "high"} & shape.parameters.keys()
}
"""Each of these shapes lies between its rates: what is added to all of them is added to the value."""


_DIFFERENCES = frozenset({"first_slope", "last_slope"})
"""These rates are differences of rates, to which nothing is added."""


def constant(value: Any) -> list[Segment]:
    return [segment(0, "constant", value)]


def added(parts: Sequence[list[Segment]]) -> list[Segment]:
    """Returns the sum of curves. Constants go into the sum of the others."""
    curves, numbers = _apart(parts)
    for number in numbers:
        curves = [scaled(combined("add", curves), 1.0, number)] if curves else [constant(number)]
    return combined("add", curves)


def multiplied(parts: Sequence[list[Segment]]) -> list[Segment]:
    """Returns the product of curves. Constants go into the product of the others."""
    curves, numbers = _apart(parts)
    for number in numbers:
        curves = [scaled(combined("multiply", curves), number, 0.0)] if curves else [constant(number)]
    return combined("multiply", curves)


def _apart(parts: Sequence[list[Segment]]) -> tuple[list[list[Segment]], list[Any]]:
    """Returns the curves that change, and the values of those that do not."""
    curves, numbers = [], []
    for part in parts:
        if len(part) == 1 and part[0][2] == "constant" and type(part[0][3][0]) is not At:
            numbers.append(part[0][3][0])
        else:
            curves.append(part)
    return curves, numbers


def combined(operation: str, parts: Sequence[list[Segment]]) -> list[Segment]:
    """Returns the sum, the product, the least or the greatest of several curves, from the first two on."""
    first, *rest = parts
    if not rest:
        return first
    if len(first) == 1 and first[0][2] == operation:
        start, origin, _, terms = first[0]
        if type(start) is type(origin) is int and start == origin == 0:
            return [segment(0, operation, *terms, *rest)]  # a sum of a sum and others is one sum
    return [segment(0, operation, *parts)]


def bounded(segments: list[Segment], low: Any, high: Any) -> list[Segment]:
    """Returns a curve within bounds, of which either may be None."""
    if low is not None:
        segments = combined("maximum", [segments, constant(low)])
    return segments if high is None else combined("minimum", [segments, constant(high)])


def repeated(segments: list[Segment], period: Any, count: Any, *after: list[Segment]) -> list[Segment]:
    """Returns copies of a curve's first steps: for ever, or `count` of them and what comes after, which begins with the
    first step behind them, and has its first value between their end and that step."""
    copies = on_clock("repeat", segments, "period", period)
    if count is None:
        return copies
    end = product(period, count)
    if after:
        following = first_from(end)
        waits = [] if is_whole(end) else [hold(after[0], 0, end)]
        return [*cut(copies, end), *waits, *shift(after[0], following)]
    return [*cut(copies, end), held_at(segments, "period", period, end)]


def scaled(segments: list[Segment], factor: Any, offset: Any) -> list[Segment]:
    """Returns factor curve + offset. What several places depend on is scaled once."""
    known: _Known = {}
    for at in inner_first(segments):
        _affine(at, factor, offset, known)
    return _curve(segments, factor, offset, known)


def _curve(segments: list[Segment], factor: Any, offset: Any, known: _Known) -> list[Segment]:
    ends = [*(start for start, *_ in segments[1:]), NEVER]
    return [one for part, end in zip(segments, ends, strict=True) for one in _scaled(part, end, factor, offset, known)]


def _scaled(part: Segment, end: Any, factor: Any, offset: Any, known: _Known) -> list[Segment]:
    """Scales a segment, in its own numbers or by an operation. A row of a sweep takes the way that its schedule takes:
    if rows differ, each way has a segment, which is empty in the other rows."""
    start, origin, name, parameters = part
    if name == "call":
        return [(start, origin, name, (_ScaledCall(parameters[0], factor, offset),))]
    moved, needs_operation = _moved(name, parameters, factor, offset, known)
    if not any_of(needs_operation):
        return [(start, origin, name, moved)]
    curve: list[Segment] = [(0, 0, name, parameters)]  # on the operation's clock, which stands at 0 at its origin
    general = (start, origin, "add", ([segment(0, "multiply", curve, constant(factor))], constant(offset)))
    if needs_operation is True:
        return [general]
    return [(start, origin, name, moved), (where(needs_operation, start, end), *general[1:])]


def _moved(
    name: str, parameters: tuple[Any, ...], factor: Any, offset: Any, known: _Known
) -> tuple[tuple[Any, ...], Any]:
    """Returns scaled parameters, and tells where they cannot stand for the scaled curve."""
    if name in OF_CLOCK:
        return (_curve(parameters[0], factor, offset, known), parameters[1]), False
    if name in OF_VALUES:
        if name == "add":
            *others, last = parameters
            return (*[_curve(one, factor, 0.0, known) for one in others], _curve(last, factor, offset, known)), False
        one, *others = parameters
        return (_curve(one, factor, 0.0, known), *others), name != "multiply" or differs(offset, 0.0)
    declared = (SHAPES.get(name) or FOLDED[name]).parameters
    roles = declared.values()
    rates = [
        _affine(one, factor, 0.0 if rate in _DIFFERENCES else offset, known)
        for (rate, role), one in zip(declared.items(), parameters, strict=True)
        if role is RATE
    ]
    needs_operation = name not in _BETWEEN_RATES and differs(offset, 0.0)
    if name == "floored_inverse_sqrt":  # the greater of two curves
        needs_operation = needs_operation | (sort_of(factor) is TRACED or factor <= 0.0)
    for rate in rates:
        needs_operation = needs_operation | _is_strange(rate)
    left = iter(rates)
    moved = tuple([next(left) if role is RATE else one for role, one in zip(roles, parameters, strict=True)])
    return moved, needs_operation


def _affine(rate: Any, factor: Any, offset: Any, known: _Known) -> Any:
    if type(rate) is not At:
        return factor * rate + offset
    key = id(rate), type(offset) is float and offset == 0.0
    if key not in known:
        known[key] = At(_curve(rate.segments, factor, offset, known), rate.step, precise=rate.precise)
    return known[key]


def _is_strange(number: Any) -> Any:
    """Tells whether a number that is not traced is neither 0 nor a normal double: it has lost digits, or has none."""
    if type(number) is At or sort_of(number) is TRACED:
        return False
    size = abs(number)
    if hasattr(size, "shape") and size.min() >= SMALLEST and size.max() <= LARGEST:  # so most are: the short way
        return False
    return (number != 0.0) & ((size < SMALLEST) | (size > LARGEST))


SMALLEST, LARGEST = 2.0**-1022, 2.0**1023 * (2.0 - 2.0**-52)
"""Normal doubles lie between these."""


class _ScaledCall:
    """A scaled callable is a user's callable whose values are multiplied, and added to."""

    __slots__ = ("factor", "function", "offset")

    def __init__(self, function: Callable[[Any], Any], factor: Any, offset: Any) -> None:
        self.function, self.factor, self.offset = function, factor, offset

    def __call__(self, step: Any) -> Any:
        return self.factor * self.function(step) + self.offset


def later_by(segments: list[Segment], steps: Any) -> list[Segment]:
    """Returns a curve that begins `steps` later, and has its first value until then."""
    return [segment(0, "constant", At(segments, 0)), *shift(segments, steps)]


def held(segments: list[Segment], step: Any) -> list[Segment]:
    """Returns a curve that keeps its value at a step from there on."""
    return [*cut(segments, step), hold(segments, step, step)]
