"""A folded segment stands for all cycles of a curve that restarts. The engines are given a segment for each cycle."""

from __future__ import annotations

from .._checks import LAST_STEP
from .numbers import NEVER, PLAIN, any_of, larger, later, product, sort_of, start_or_never, sum_or_never, where, wide
from .segments import is_simple, resolved

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from .segments import Segment

FOLDED = "growing_half_cosine"


def known(segments: list[Segment], values: Callable[[list[Segment], list[Any], bool], list[Any]]) -> list[Segment]:
    """Returns segments as the engines take them: unfolded, and with a number in place of every At (`resolved`)."""
    return resolved(unfolded(segments), values)


def unfolded(segments: list[Segment]) -> list[Segment]:
    """Puts the cycles in place of each folded segment. Its numbers must be plain or columns."""
    if is_simple(segments):
        return segments
    ends = [*(start for start, *_ in segments[1:]), NEVER]
    return [one for part, end in zip(segments, ends, strict=True) for one in cycles_of(part, end)]


def cycles_of(part: Segment, end: Any) -> list[Segment]:
    """Returns the segment; of a folded one, a segment for each cycle, between its start and its end. In front of these
    is one for all cycles, which is empty where they grow."""
    start, origin, shape, parameters = part
    if shape != FOLDED:
        return [(start, origin, shape, tuple([unfolded(one) if type(one) is list else one for one in parameters]))]
    first, last, period, growth = parameters
    found = [(start, origin, "repeated_half_cosine", (first, last, period))]  # for ever, where the cycles do not grow
    if type(origin) is type(period) is type(growth) is int and sort_of(start, end) is PLAIN:
        if growth > 1:
            begin, length, stop = origin, period, min(end, origin + LAST_STEP + 1)
            most = LAST_STEP // growth  # of a longer cycle the next one's length has to be rounded
            while begin < stop:
                found.append((begin if begin > start else start, begin, "half_cosine", (first, last, length)))
                begin += length
                length = length * growth if length <= most else product(length, growth)
        return found
    is_whole = start is origin and type(end) is int and end == NEVER
    end = start_or_never(end)
    for begin, length in _growing(period, growth):
        restart = later(begin, origin)
        within = restart if is_whole else where(restart < end, larger(restart, start), end)
        found.append((within, restart, "half_cosine", (first, last, length)))
    return found


def _growing(period: Any, growth: Any) -> Iterator[tuple[Any, Any]]:
    """Yields the start and the length of each cycle, as far as there are steps. Of a growth of 1 no cycle starts."""
    start, length, by = where(growth == 1, NEVER, 0), wide(period), wide(growth)
    while any_of(start < NEVER):
        yield start, length
        start = sum_or_never(length, start)
        length = product(length, where(start < NEVER, by, 1))
