"""These functions draw schedules, sweeps and groups as small SVG pictures, which notebooks show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy

from .._draw import GREY, LABEL, LINE, palette, ramp, short, svg
from .._lowering.marks import starts
from .._lowering.segments import segments_of
from .points import Points, envelope_of, points_of, span_of
from .tables import has_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .._draw import Line

MOST_BYTES = 4000
"""A picture has at most so many bytes, for notebooks keep all of them."""

POINTS = 160
"""The lines of a picture have so many points together, or some more."""

TOLERANCE = 1.0 / 500.0
"""A polyline may miss the curve by this share of the height: a fifth of a pixel."""

MOST_PHASES = 24
"""If there are more phases than this, hairlines would hide the curve, and none is drawn."""

MOST_ROWS = 12
"""So many rows of a sweep, or groups, are drawn."""


def of_schedule(schedule: Any) -> str | None:
    """Draws a schedule. There is no picture of one with traced parameters, which has no values."""
    if hasattr(schedule, "_is_traced"):
        return None
    last = span_of(schedule)
    phases = starts(segments_of(schedule), 0, last, MOST_PHASES)

    def drawn(most: int, letters: int) -> str:
        points = points_of(schedule, 0, last, most, TOLERANCE)
        peak, rate = points.peak
        ends = {0: schedule(0), last: schedule(last)}
        above = [(peak, f"{short(rate)} at {peak:,}")] if rate > max(ends.values()) else []
        below = [(step, f"{short(end)} at {step:,}") for step, end in ends.items()]
        return svg(
            repr(schedule), [_line(LINE, points)], (0, last), phases=phases, above=above, below=below, letters=letters
        )

    return _small(drawn)


def of_sweep(sweep: Any) -> str:
    """Draws the envelope of a sweep, and some of its rows."""
    names, rows = shown_rows(sweep)
    legend = [(ramp(place, len(rows)), label) for place, (label, _) in enumerate(rows)]
    title = f"{sweep.kind}: {' x '.join(map(str, sweep.shape))} schedules"
    return _of_rows(title, [row for _, row in rows], legend, [(GREY, ", ".join(names))] if names else [], sweep)


def of_groups(groups: Any) -> str | None:
    """Draws the rates of groups. There is no picture of groups of sweeps."""
    names, rows = groups.names[:MOST_ROWS], groups.values()[:MOST_ROWS]
    if any(hasattr(row, "_is_traced") or has_rows(row) for row in rows):
        return None
    legend = list(zip(palette(len(rows)), names, strict=True))
    more = len(groups) - MOST_ROWS
    return _of_rows(repr(groups), rows, legend, [(GREY, f"and {more} more")] if more > 0 else [])


def _of_rows(
    title: str, rows: list[Any], legend: list[tuple[str, str]], more: list[tuple[str, str]], sweep: Any = None
) -> str:
    """Draws several curves in the colours of the legend, in front of the envelope of a sweep."""
    last = span_of(*rows)

    def drawn(most: int, letters: int) -> str:
        curves = [points_of(row, 0, last, most // len(rows) + 4, TOLERANCE) for row in rows]
        band = [] if sweep is None else [envelope_of(sweep, curves)]
        step, rate = max((points.peak for points in band or curves), key=lambda peak: peak[1])
        lines = [_line(colour, points) for (colour, _), points in zip(legend, curves, strict=True)]
        behind = [_line(GREY, points) for points in band]
        below = [(0, "0"), (last, f"{last:,}")]
        entries = [*more, *legend] if band else [*legend, *more]
        above = [(step, f"{short(rate)} at {step:,}")]
        return svg(title, [*behind, *lines], (0, last), above=above, below=below, legend=entries, letters=letters)

    return _small(drawn)


def _line(colour: str, points: Points) -> Line:
    upper = None if points.upper is None else points.upper.tolist()
    return colour, points.steps.tolist(), points.rates.tolist(), upper


def _small(drawn: Callable[[int, int], str]) -> str:
    """Returns the picture with the most points that is small enough, and with shorter texts if that is not enough."""
    most, letters = POINTS, LABEL
    while len((picture := drawn(most, letters)).encode()) > MOST_BYTES and letters > 1:
        if most > 10:
            most = most * 2 // 3
        else:
            letters //= 2
    return picture


# ---- the rows of a sweep that are shown ----


def shown_rows(sweep: Any) -> tuple[list[str], list[tuple[str, Any]]]:
    """Returns the names of the parameters that vary, and some rows of a sweep, evenly spread from the first to the last
    one. Each row has a label, the values of these parameters."""
    places = _shown_places(sweep)
    numbers = varying(sweep)
    rows = []
    for place in places:
        index = tuple(map(int, numpy.unravel_index(place, sweep.shape)))
        row = sweep[index]
        rows.append((", ".join(_shown(values[index]) for values in numbers.values()) or repr(row), row))
    return list(numbers), rows


def _shown_places(sweep: Any) -> list[int]:
    count = min(sweep.size, MOST_ROWS)
    return [(sweep.size - 1) * place // max(count - 1, 1) for place in range(count)]


def ranks(sweep: Any, most: int) -> tuple[list[int], list[int]]:
    """Returns two numbers for each row that is shown: its place in the order of the parameter that varies most, and
    the place of its other parameters among fewer than `most`, by which rows of one colour differ. Where rows would not
    differ so, the first number counts the rows, and the second is 0."""
    places = _shown_places(sweep)
    columns = [numpy.unique(values.reshape(-1)[places], return_inverse=True)[1] for values in varying(sweep).values()]
    if columns:
        column = max(columns, key=lambda ranks: int(ranks.max()))
        others = [other.tolist() for other in columns if other is not column]
        kinds = sorted(set(zip(*others, strict=True)))
        styles = [kinds.index(kind) for kind in zip(*others, strict=True)]
        if column.max() == len(places) - 1:
            return column.tolist(), [0] * len(places)
        if len(kinds) <= most and len(set(zip(column.tolist(), styles, strict=False))) == len(places):
            return column.tolist(), styles
    return list(range(len(places))), [0] * len(places)


def varying(sweep: Any) -> dict[str, Any]:
    """Returns the parameters that vary in a sweep, each by its name as an array of the sweep's shape. Parameters of the
    same name are numbered."""
    found = [(name, values) for name, values in _arrays(sweep) if values.size > 1]
    names = [name for name, _ in found]
    return {
        f"{name}[{names[:place].count(name)}]" if names.count(name) > 1 else name: numpy.broadcast_to(
            values, sweep.shape
        )
        for place, (name, values) in enumerate(found)
    }


def _arrays(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Yields all arrays among the parameters of a sweep, and of the sweeps within it, each with its name."""
    if isinstance(value, numpy.ndarray):
        yield name, value
    elif isinstance(value, tuple):
        for part in value:
            yield from _arrays(part, name)
    elif has_rows(value):
        for inner, parameter in value._parameters.items():
            yield from _arrays(parameter, inner)


def _shown(number: Any) -> str:
    return short(number) if isinstance(number, float) else f"{number}"
