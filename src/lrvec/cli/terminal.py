"""A picture in the terminal has axes of its own around the dots that plotille makes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from .._draw import counted, cut, short
from .._evaluate.phases import phases
from .._evaluate.picture import shown_rows
from .._evaluate.points import points_of
from .._evaluate.tables import has_rows
from .output import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from .._evaluate.points import Points

MOST_PHASES = 8
"""So many phases are named."""

MOST_LETTERS = 11
"""Steps with more letters than this have k, M, B or T for their zeros."""

COLOURS = (33, 208, 40, 199, 44, 178, 141, 203, 29, 130, 75, 245)
"""The colours of rows, of the 256 that terminals have."""


class Scale(NamedTuple):
    """A scale turns rates into heights from 0 to 1."""

    low: float
    high: float
    log: bool

    def height(self, rate: float) -> float:
        if self.low == self.high:
            return 0.5
        if self.log:
            return math.log(rate / self.low) / math.log(self.high / self.low)
        unit = 4.0 if self.high - self.low == math.inf else 1.0
        return (rate / unit - self.low / unit) / (self.high / unit - self.low / unit)

    def is_seen(self, rate: float) -> bool:
        return self.low <= rate <= self.high

    def ticks(self, most: int) -> list[float]:
        """Returns round rates from the lowest to the highest, about `most` of them."""
        if self.low == self.high:
            return [self.low]
        if not self.log:
            return _round_between(self.low, self.high, most)
        decades = range(math.ceil(math.log10(self.low)), math.floor(math.log10(self.high)) + 1)
        if len(decades) < 2:
            return _round_between(self.low, self.high, most)
        return [10.0**decade for decade in decades[:: -(-len(decades) // most)]]


def _round_between(low: float, high: float, most: int) -> list[float]:
    """Returns the multiples of 1, 2 or 5 times a power of ten, `most` steps of them at most."""
    rough = (high / 4.0 - low / 4.0) / most * 4.0
    if rough < 1e-300:
        return [low, high]
    power = 10.0 ** math.floor(math.log10(rough))
    unit = next(size * power for size in (1, 2, 5, 10, 20) if high / (size * power) - low / (size * power) <= most)
    multiples = range(math.ceil(low / unit), math.floor(high / unit) + 1)
    return [float(f"{multiple * unit:.12g}") for multiple in multiples]


def lines(value: Any, steps: range, width: int, height: int, log: bool) -> Iterator[str]:
    """Yields the lines of a picture of the steps."""
    names, rows = shown_rows(value) if has_rows(value) else ([], [("", value)])
    found = [points_of(row, steps[0], steps[-1], 8 * width, 1.0 / (8 * height), log=log) for _, row in rows]
    scale = _scale(found, log)
    ticks = {round(scale.height(tick) * (height - 1)): short(tick) for tick in scale.ticks(max(height // 3, 3))}
    margin = max(map(len, ticks.values()))
    across = max(width - margin - 2, 2)
    canvas = _canvas(found, steps, across, height, scale)
    for row, dots in zip(reversed(range(height)), canvas, strict=True):
        yield f"{ticks.get(row, ''):>{margin}} {'┤' if row in ticks else '│'}{dots}"
    yield from _step_axis(steps, margin, across)
    if names or len(rows) > 1:
        yield from _legend(names, [label for label, _ in rows])
    else:
        yield from _phases(value, steps, width)


def _scale(found: Sequence[Points], log: bool) -> Scale:
    rates = [rate for points in found for part in points[1:] if part is not None for rate in part.tolist()]
    seen = [rate for rate in rates if math.isfinite(rate) and (rate > 0.0 or not log)]
    if not seen:
        rule = "be positive somewhere with --log" if log else "be finite somewhere with --plot"
        raise RefusedError(f"the rates must {rule}, received none that is")
    return Scale(min(seen), max(seen), log)


def _canvas(found: Sequence[Points], steps: range, across: int, height: int, scale: Scale) -> list[str]:
    """Draws the curves in dots, two across and four high in each character."""
    import plotille

    canvas = plotille.Canvas(across, height, 0, 0, 2 * across, 4 * height, mode="byte")

    def place(step: int, rate: float) -> tuple[float, float]:
        share = (step - steps[0]) / max(len(steps) - 1, 1)
        return share * (2 * across - 1), scale.height(rate) * (4 * height - 1)

    for points, colour in zip(found, COLOURS, strict=False):
        places, rates = points.steps.tolist(), points.rates.tolist()
        ends: Iterable[tuple[int, float, int, float]]
        if points.upper is None:
            ends = zip(places, rates, places[1:] or places, rates[1:] or rates, strict=False)
        else:
            ends = zip(places, rates, places, points.upper.tolist(), strict=True)
        for step, rate, after, other in ends:
            if scale.is_seen(rate) and scale.is_seen(other):
                canvas.line(*place(step, rate), *place(after, other), color=colour if len(found) > 1 else None)
    return str(canvas.plot()).split("\n")


def _step_axis(steps: range, margin: int, across: int) -> Iterator[str]:
    """Yields the axis of steps, and the line of its ticks."""
    first, last = steps[0], steps[-1]
    found = [
        tick for tick in _round_between(first, max(last, first + 1), max(across // 13, 2)) if tick == int(tick) <= last
    ]
    texts = [f"{int(tick):,}" for tick in found]
    if max(map(len, texts), default=0) > MOST_LETTERS:
        texts = next(
            some for digits in range(3, 17) if len(set(some := [counted(tick, digits) for tick in found])) == len(some)
        )
    ticks = {
        round((tick - first) / max(last - first, 1) * (across - 1)): text
        for tick, text in zip(found, texts, strict=True)
    }
    axis, line = ["─"] * across, ""
    for column, text in ticks.items():
        axis[column] = "┬"
        begin = min(max(column - len(text) // 2, 0), across - len(text))
        if begin >= len(line) + (2 if line else 0):
            line = line.ljust(begin) + text
    yield " " * margin + " └" + "".join(axis)
    yield " " * (margin + 2) + line


def _legend(names: Sequence[str], labels: Sequence[str]) -> Iterator[str]:
    from plotille import color

    if names:
        yield ", ".join(names)
    for label, colour in zip(labels, COLOURS, strict=False):
        yield color("⠤⠤ ", fg=colour, mode="byte") + label


def _phases(value: Any, steps: range, width: int) -> Iterator[str]:
    """Yields lines that name the phases, broken where they are too long."""
    spans = [(max(start, steps.start), stop or steps.stop, name) for start, stop, name, *_ in phases(value, steps.stop)]
    shown = [span for span in spans if span[0] < span[1]]
    found = [span for span in shown if span[1] - span[0] > 1] or shown  # a phase of one step is not seen
    texts = [f"{name} from {start:,}" for start, _, name in found[:MOST_PHASES]]
    if len(found) > MOST_PHASES:
        texts.append(f"and {len(found) - MOST_PHASES} more")
    line = ""
    for text in texts:
        if line and len(line) + len(text) + 2 > width:
            yield line + ","
            line = text
        else:
            line = f"{line}, {text}" if line else text
    if line:
        yield cut(line, width)
