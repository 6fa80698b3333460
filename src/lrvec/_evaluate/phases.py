"""The phases of a schedule are its segments. Each has a name, by the way that it goes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy

from .. import _checks
from .._engine import pieces
from .._engine.operations import OPERATIONS, REAL
from .._lowering.cycles import cycles_of
from .._lowering.marks import repeats
from .._lowering.numbers import NEVER, first_from, larger, smaller, where
from .._lowering.segments import from_origins, present, resolved, segments_of
from . import arrays, matrix, rows, tables
from .questions import NOT_THERE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from .._lowering.segments import Segment

LISTED = 1000
"""So many cycles of a segment are listed one by one at most."""

CALCULATED = "curve"
"""This is the name of a phase that is calculated from other curves."""


class Phase(NamedTuple):
    """A phase is the steps start ... stop - 1 of a schedule, on which it goes one way or repeats itself.

    `name` is "warmup", "rise", "hold", "decay", "cycle 1", "cycle 2" and so on, "cycles" for many of them, or "curve"
    for what is calculated. `shape` is the closed form, or the operation. `first` and `last` are the values at the first
    and the last step. A phase without an end has the stop None, and as `last` the value at step 2**53.

    The phases of a sweep are one Phase of arrays, with an axis for the phases behind the sweep's own. A stop of -1
    stands for None. A row with fewer phases ends with phases that start at -1 and have empty names.
    """

    start: Any
    stop: Any
    name: Any
    shape: Any
    first: Any
    last: Any


def phases(value: Any, stop: int | None) -> Any:
    """Returns a list of Phases; for a sweep one Phase of arrays."""
    limit = _checks.LAST_STEP + 1 if stop is None else stop
    if not tables.has_rows(value):
        found = _of(list(_parts(_known(segments_of(value), tables.values_of), limit, True)), value, (), limit)
        return [Phase(*one) for one in zip(*(field.tolist() for field in found), strict=True)]
    if value._by_row:
        return _stacked([phases(value[index], stop) for index in numpy.ndindex(*value.shape)], value.shape)
    found = _of(list(_parts(_known(value._lower(), rows.values_of), limit, False)), value, value.shape, limit)
    return _packed(found)


def _known(segments: list[Segment], values: Any) -> list[Segment]:
    return resolved(_whole(segments), values)


def _whole(segments: list[Segment]) -> list[Segment]:
    return present(from_origins([(first_from(start), *part) for start, *part in segments]))


def _parts(segments: list[Segment], limit: int, are_listed: bool) -> Iterator[tuple[Any, str, str]]:
    """Yields a start, a shape and a name for each phase; no name where that depends on the values."""
    for part, end in zip(segments, _ends(segments, NEVER), strict=True):
        cycles = [part] if part[2] in _OPENED else list(cycles_of(part, end))
        for number, ((start, origin, shape, parameters), stop) in enumerate(
            zip(cycles, _ends(cycles, end), strict=True)
        ):
            if shape in _OPENED:
                inner, size = parameters
                for begin, own, name in _parts(_whole(inner), _checks.LAST_STEP, False):
                    yield smaller(larger(start, _on_clock(shape, begin, size, origin)), stop), own, name
                continue
            name = f"cycle {number}" if number else "cycles" if repeats(shape) else _fixed_name(shape)
            length = _length(start, min(stop, limit), (start, origin, shape, parameters)) if are_listed else None
            if length:
                behind = math.ceil((min(stop, limit) - origin) / length)
                for cycle in range(int((start - origin) // length), behind):
                    yield max(origin + cycle * length, start), shape, f"cycle {cycle + 1}"
            else:
                yield start, shape, name


_OPENED = ("stride", "every", REAL["every"])
"""A schedule on such a clock goes through its phases once, faster or slower."""


def _on_clock(clock: str, begin: Any, size: Any, origin: Any) -> Any:
    """Returns the step at which a clock of this size, which stands at 0 at its origin, comes to another step."""
    if clock == "stride":
        return where(begin <= _checks.LAST_STEP, origin - (-begin // size), NEVER)
    return where(begin <= _checks.LAST_STEP / size, origin + first_from(begin * size), NEVER)


def _ends(segments: list[Segment], last: Any) -> list[Any]:
    return [*(start for start, *_ in segments[1:]), last]


def _fixed_name(shape: str) -> str:
    return "hold" if shape == "constant" else CALCULATED if shape in OPERATIONS or shape == "call" else ""


def _length(start: int, stop: int, part: Segment) -> int | None:
    """Returns the length of a segment's cycles, if these are few enough to be listed."""
    cycle = pieces.cycle_of(part) if repeats(part[2]) else None
    return cycle[0] if cycle and start < stop <= start + LISTED * cycle[0] else None


def _of(parts: list[Any], value: Any, shape: tuple[int, ...], limit: int) -> Phase:
    """Returns arrays with an axis in front for all phases, those too that are not there in a row."""
    begins = numpy.stack([numpy.broadcast_to(_limited(start, limit), shape) for start, *_ in parts])
    begins = numpy.minimum.accumulate(begins[::-1])[::-1]  # what a curve that begins at its origin leaves empty
    ends = numpy.concatenate([begins[1:], numpy.full((1, *shape), limit)])
    is_there = begins < ends
    endless = (ends == limit) & (limit > _checks.LAST_STEP)
    start, stop = numpy.where(is_there, begins, 0), numpy.where(is_there, ends, 1)
    first, last, after = (_values(value, numpy.minimum(at, _checks.LAST_STEP)) for at in (start, stop - 1, stop))
    names, shapes = numpy.empty(begins.shape, object), numpy.empty(begins.shape, object)
    for place, (_, own, name) in enumerate(parts):
        shapes[place] = own
        names[place] = name or _names(start[place], stop[place], first[place], last[place], after[place]).tolist()
    stops = stop.astype(object)
    stops[endless] = None
    fields = (start, stops, names, shapes, first, last)
    if not shape:
        return Phase(*(field[is_there] for field in fields))
    return Phase(*(numpy.where(is_there, field, nothing) for field, nothing in zip(fields, _NOTHING, strict=True)))


_NOTHING: tuple[Any, ...] = (NOT_THERE, NOT_THERE, "", "", numpy.nan, numpy.nan)


def _limited(start: Any, limit: int) -> NDArray[numpy.int64]:
    """Returns starts as integers of 64 bits, up to the limit."""
    if not hasattr(start, "shape"):
        return numpy.array(min(start, limit), numpy.int64)
    found: NDArray[numpy.int64] = numpy.minimum(start.astype(numpy.int64), limit)
    return found


def _values(value: Any, steps: NDArray[numpy.int64]) -> Any:
    if tables.has_rows(value):
        return matrix.pointwise_of(value, steps, 1)
    return arrays.evaluate(tables.table_of(value), steps, None, None, 1)


def _names(start: Any, stop: Any, first: Any, last: Any, after: Any) -> Any:
    """Names a phase that goes one way; a phase of one step by the way to the step behind it."""
    end = numpy.where(stop - start == 1, after, last)
    rising, other = numpy.where(start == 0, "warmup", "rise"), numpy.where(end < first, "decay", "hold")
    return numpy.where(end > first, rising, other)


def _packed(found: Phase) -> Phase:
    """Moves the phases that a row has to its front, and their axis behind the sweep's own."""
    order = numpy.argsort(found.start == NOT_THERE, axis=0, kind="stable")
    most = int((found.start != NOT_THERE).sum(axis=0).max())
    fields = [numpy.moveaxis(numpy.take_along_axis(field, order, 0)[:most], 0, -1) for field in found]
    start, stop, name, own, first, last = fields
    stop = numpy.where(stop == None, NOT_THERE, stop).astype(numpy.int64)  # noqa: E711 (entry by entry)
    return Phase(start.astype(numpy.int64), stop, name.astype(str), own.astype(str), first, last)


def _stacked(listed: list[list[Phase]], shape: tuple[int, ...]) -> Phase:
    """Returns one Phase of arrays from the phases of each row."""
    most = max(map(len, listed))
    padded = [[*row, *[Phase(*_NOTHING)] * (most - len(row))] for row in listed]
    fields = [[[one[place] for one in row] for row in padded] for place in range(len(Phase._fields))]
    dtypes = (numpy.int64, numpy.int64, str, str, numpy.float64, numpy.float64)
    fields[1] = [[NOT_THERE if one is None else one for one in row] for row in fields[1]]
    return Phase(
        *(numpy.array(field, dtype).reshape(*shape, most) for field, dtype in zip(fields, dtypes, strict=True))
    )
