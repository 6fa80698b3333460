"""Cycles of a curve, as several libraries have them: as long as the one before, or longer, and as high, or lower."""

from __future__ import annotations

from itertools import pairwise

from .. import _checks
from ..schedules import advance, every, exponential, join, piecewise, product, repeat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from .._values import Schedule


def shrunk(curve: Schedule, factor: float, steps: int) -> Schedule:
    """Multiplies a curve by a factor every so many steps."""
    return product(curve, every(exponential(base_lr=1.0, gamma=factor), steps=steps))


def alike(cycle: Callable[[float, float], Schedule], peak: float, floor: float, steps: int, factor: float) -> Schedule:
    """Runs cycles of one length, whose peaks are multiplied by a factor from one to the next. `cycle` makes one, by its
    peak and its floor."""
    if factor == 1.0:
        return repeat(cycle(peak, floor), period=steps)
    height = shrunk(repeat(cycle(peak, 0.0), period=steps), factor, steps)
    return height + repeat(cycle(0.0, floor), period=steps) if floor else height


def growing(factor: float, cycles: Iterable[tuple[int, Schedule]]) -> Schedule:
    """Runs cycles in turn up to the one behind which no step is left for another, which would be `factor` times as
    long. Each comes with its steps."""
    phases: list[tuple[int, Schedule]] = []
    begin = 0
    for steps, cycle in cycles:
        begin += steps
        if begin * factor > _checks.LAST_STEP:
            return join([*phases, cycle])
        phases.append((steps, cycle))
    raise AssertionError("cycles that grow come to the last step")


def one_cycle(
    total_steps: int, name: str, share: float, values: Sequence[float], strategy: str, library: str
) -> Schedule:
    """Goes through values at the ends of the phases that torch's OneCycleLR has, and those that follow it.

    `share` is the parameter `name` of `library`. Where the first phase ends before step 0, the second one is under way
    there.
    """
    ends = [share * total_steps - 1.0, *([2.0 * share * total_steps - 2.0] if len(values) == 4 else [])]
    ends = [0.0, *ends, total_steps - 1.0]
    early = 1 if ends[1] < 0.0 else 0
    if early:
        ends, values = [1.0 + end for end in ends[1:]], values[1:]
    if not all(before < after for before, after in pairwise(ends)):
        why = f"{library} divides by the length of each phase"
        _checks.refuse_foreign(name, "give each phase some length", share, why)
    curve = piecewise(steps=ends, values=values, interpolation="cosine" if strategy == "cos" else "linear")
    return advance(curve, steps=1) if early else curve
