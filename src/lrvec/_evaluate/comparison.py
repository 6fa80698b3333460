"""These functions compare two curves: at which step they differ first, by how much at most, and in which phases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy

from .. import _checks
from . import arrays, phases, sizes, tables
from .steps import in_a_row, part_of, range_or_checked

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .phases import Phase


class Difference(NamedTuple):
    """A difference is a step at which two curves have the values `a` and `b`, and how far these are apart.

    `relative` is `absolute` over the larger of the two sizes, and `ulp` is `absolute` over the distance from that size
    to the next double. All three are infinite if one value is infinite or no number.
    """

    step: int
    a: float
    b: float
    absolute: float
    relative: float
    ulp: float

    def __str__(self) -> str:
        sizes = f"{self.absolute:.6g} apart, {self.relative:.6g} of the larger, {self.ulp:.6g} ulp"
        return f"step {self.step}: {self.a!r} and {self.b!r}, {sizes}"


class Comparison(NamedTuple):
    """A comparison says where two curves differ.

    `compared` is the number of steps that were looked at, and `differing` the number of those where the values differ.
    `first` is the first Difference in the order of the steps; `absolute`, `relative` and `ulp` are those that are the
    largest by the one measure or the other, the first of several. The four are None if no value differs. `phases` has
    the pairs of phases of the two that share steps but differ in their start, their stop, their name or their shape; it
    is None if one of the two has no phases, because it is no schedule of lrvec.

    As text a comparison is a report of several lines.
    """

    compared: int
    differing: int
    first: Difference | None
    absolute: Difference | None
    relative: Difference | None
    ulp: Difference | None
    phases: list[tuple[Phase, Phase]] | None

    def __str__(self) -> str:
        rows = {"differing": f"{self.differing} of {self.compared} steps"}
        if self.first:
            rows |= {"first": f"{self.first}", "absolute": f"{self.absolute}"}
            rows |= {"relative": f"{self.relative}", "ulp": f"{self.ulp}"}
        lines = [f"{name:<11}{text}" for name, text in rows.items()]
        return "\n".join(lines + [f"phases     {_text(a)} and {_text(b)}" for a, b in self.phases or []])


def _text(phase: Phase) -> str:
    return f"{phase.name} by {phase.shape} at {phase.start} ... {phase.stop - 1}"


def compared(a: Any, b: Any, steps: Any) -> Comparison:
    """Compares two curves at the steps; if there are none, up to the step from which both hold their values."""
    for name, value in (("a", a), ("b", b)):
        _checks.schedule(name, value)
        if tables.has_rows(value):
            raise TypeError(f"{name} must be one schedule, such as a row of a sweep, received {_checks.shown(value)}")
        if hasattr(value, "_is_traced"):
            _checks.refuse_traced(f"the parameters of {name}")
    if steps is None:
        given: Any = range(max(_held_from("a", a), _held_from("b", b)) + 1)
    else:
        given = range_or_checked(steps)
    steps = in_a_row(given)
    if not len(steps):
        raise ValueError("steps must hold at least one step, received none")
    walk = _Walk(tables.table_of(a), tables.table_of(b))
    for start in range(0, len(steps), sizes.PIECE):
        walk.look_at(part_of(steps, start, start + sizes.PIECE))
    absolute, relative, ulp = walk.largest
    apart = _different_phases(a, b, walk)
    return Comparison(len(steps), walk.differing, walk.first, absolute, relative, ulp, apart)


def _held_from(name: str, value: Any) -> int:
    """Returns the step from which a curve holds one value."""
    last = phases.phases(value, None)[-1] if tables.is_known(value) else None
    if last is None or last.name != "hold":
        rule = "be given where a curve has no end"
        raise ValueError(f"steps must {rule}, received none for {name} = {_checks.shown(value)}")
    start: int = last.start
    return start


class _Walk:
    """A walk looks at the values of two tables, part by part, and keeps what it has met."""

    def __init__(self, a: Any, b: Any) -> None:
        self._a, self._b = a, b
        self.differing = 0
        self.first: Difference | None = None
        self.largest: list[Difference | None] = [None, None, None]
        self.least_step, self.last_step = _checks.LAST_STEP, 0

    def look_at(self, steps: Any) -> None:
        steps = steps if isinstance(steps, range) else steps.copy()  # another thread may change it between the two
        a, b = (arrays.evaluate(table, steps, None, None, 1) for table in (self._a, self._b))
        self.least_step, self.last_step = min(self.least_step, *_ends(steps)), max(self.last_step, *_ends(steps))
        apart = numpy.flatnonzero((a != b) & ~(numpy.isnan(a) & numpy.isnan(b)))
        if not len(apart):
            return
        self.differing += len(apart)
        a, b = a[apart], b[apart]
        sizes = _sizes(a, b)

        def at(place: int) -> Difference:
            step = int(steps[int(apart[place])])
            return Difference(step, float(a[place]), float(b[place]), *(float(size[place]) for size in sizes))

        self.first = self.first or at(0)
        for measure, size in enumerate(sizes):
            found, known = at(int(size.argmax())), self.largest[measure]
            if known is None or found[3 + measure] > known[3 + measure]:
                self.largest[measure] = found


def _ends(steps: Any) -> tuple[int, int]:
    return (steps[0], steps[-1]) if isinstance(steps, range) else (int(steps.min()), int(steps.max()))


def _sizes(a: NDArray[numpy.float64], b: NDArray[numpy.float64]) -> list[NDArray[numpy.float64]]:
    """Returns how far values that differ are apart, by the three measures."""
    with numpy.errstate(all="ignore"):
        absolute, larger = abs(a - b), numpy.maximum(abs(a), abs(b))
        found = [absolute, absolute / larger, absolute / numpy.spacing(larger)]
    return [numpy.where(numpy.isfinite(a) & numpy.isfinite(b), size, numpy.inf) for size in found]


def _different_phases(a: Any, b: Any, walk: _Walk) -> list[tuple[Phase, Phase]] | None:
    if not (tables.is_known(a) and tables.is_known(b)):
        return None
    found, stop = [], walk.last_step + 1
    ours, theirs = iter(phases.phases(a, stop)), iter(phases.phases(b, stop))
    own, other = next(ours, None), next(theirs, None)
    while own and other:
        if own[:4] != other[:4] and min(own.stop, other.stop) > walk.least_step:
            found.append((own, other))
        ended = min(own.stop, other.stop)
        own, other = (next(rest, None) if one.stop == ended else one for one, rest in ((own, ours), (other, theirs)))
    return found
