"""These functions draw numbers as characters and as SVG. They import math alone: arrays bring their own methods."""

from __future__ import annotations

import math

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, TypeAlias

    from numpy.typing import NDArray

    Line: TypeAlias = tuple[str, Sequence[float], Sequence[float], Sequence[float] | None]
    """A line is its colour, its steps and its rates. With a list of greater rates it is a band between the two."""

    Note: TypeAlias = tuple[float, str]
    """A note is a step and a text that stands there."""

BARS = " .:-=+*#%@"
"""Sparklines are drawn with these characters, from the lowest number to the highest."""

CHARACTERS = bytes.maketrans(bytes(range(len(BARS))), BARS.encode("ascii"))
"""This table gives the character of a bar for its height."""

LARGEST = 2.0**1022
"""A number beyond this is drawn as this number, so that the difference of two numbers is finite."""


def sampled(steps: range, columns: int) -> list[int]:
    """Returns `columns` of the steps, spread evenly from the first to the last."""
    return [steps[(len(steps) - 1) * column // (columns - 1)] for column in range(columns)]


def bars(values: NDArray[Any], lowest: Any, highest: Any) -> str:
    """Draws one character for each value, by its height between the extremes. For the rows of a matrix, the extremes
    are columns with one number a row."""
    low, high = _drawable(lowest), _drawable(highest)
    heights = (_drawable(values) - low) / (high - low + (high == low)) * (len(BARS) - 1)
    return heights.astype("u1").tobytes().translate(CHARACTERS).decode("ascii")  # type: ignore[no-any-return]


def _drawable(number: Any) -> Any:
    return number.clip(-LARGEST, LARGEST) if hasattr(number, "clip") else max(-LARGEST, min(LARGEST, number))


# ---- SVG ----

LINE, GREY = "#2a7fc0", "#787878"
"""The colours of a curve and of everything around it: as legible on white as on black."""

COLOURS = ("#2a7fc0", "#d2691e", "#3a9a4b", "#c2457a", "#8b6bd1", "#a1852b", "#1f9a9a", "#d0483e")
"""So many groups, or fewer, have these colours."""

WIDTH, TOP, HEIGHT, BOTTOM = 440, 34, 96, 22
"""The curves have so much room, in pixels. The caption stands above them, notes below, and a legend on the right."""

LABEL, LETTER = 44, 6.4
"""A label in the legend has so many letters at most, and each so much room, in pixels."""

SIZES = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k"))
"""Large counts are written in these sizes, which `Clock.steps` reads too."""

MOST_LETTERS = 66
"""So many letters of a caption go over the width of the curves."""


def palette(count: int) -> list[str]:
    """Returns the colours of several curves: those of COLOURS, or of a ramp where these are too few."""
    return list(COLOURS[:count]) if count <= len(COLOURS) else [ramp(place, count) for place in range(count)]


def ramp(place: int, count: int) -> str:
    """Returns the colour of one of several rows, from blue over green to orange."""
    share = place / (count - 1) if count > 1 else 0.0
    stops = ((80, 115, 215), (25, 138, 115), (190, 118, 20))
    half = min(int(share * 2), 1)
    mixed = [round(a + (b - a) * (2 * share - half)) for a, b in zip(stops[half], stops[half + 1], strict=True)]
    return "#" + "".join(f"{part:02x}" for part in mixed)


def short(number: float, digits: int = 4) -> str:
    """Writes a number with some digits, and an exponent without zeros in front."""
    mantissa, exponent, power = f"{number:.{digits}g}".partition("e")
    return f"{mantissa}e{int(power)}" if exponent else mantissa


def counted(number: float, digits: int = 4) -> str:
    """Writes a count with some digits, and k, M, B or T for thousands, millions, billions or trillions."""
    for size, letter in SIZES:
        if abs(number) >= size:
            return short(number / size, digits) + letter
    return short(number, digits)


def cut(text: str, letters: int) -> str:
    return text if len(text) <= letters else text[: letters - 1].rstrip() + "\N{HORIZONTAL ELLIPSIS}"


def svg(
    title: str,
    lines: Sequence[Line],
    span: tuple[int, int],
    *,
    phases: Sequence[int] = (),
    above: Sequence[Note] = (),
    below: Sequence[Note] = (),
    legend: Sequence[tuple[str, str]] = (),
    letters: int = LABEL,
) -> str:
    """Draws curves over the steps of a span, both ends included. `phases` are steps with a hairline. `legend` has
    pairs of a colour and a text, of so many letters at most."""
    rates = [rate for _, _, lower, upper in lines for rate in (*lower, *(upper or ())) if rate - rate == 0.0]
    low, high = min(rates, default=0.0) / 4.0, max(rates, default=0.0) / 4.0
    first, last = span

    def x(step: float) -> float:
        return 4 + (WIDTH - 8) * (step - first) / (last - first or 1)

    def y(rate: float) -> float:
        share = (high - min(max(rate / 4.0, low), high)) / (high - low) if low < high else 0.5
        return TOP + HEIGHT * share

    def path(steps: Sequence[float], rates: Sequence[float]) -> str:
        points = [(f"{x(step):.1f}", f"{y(rate):.1f}") for step, rate in zip(steps, rates, strict=True) if rate == rate]
        kept = points[:1]
        for place, point in enumerate(points[1:], 1):
            after = points[min(place + 1, len(points) - 1)]
            is_within = after is not point and kept[-1][1] == point[1] == after[1]
            if point != kept[-1] and not is_within:
                kept.append(point)
        return " ".join(map(",".join, kept))

    labels = [cut(text, letters) for _, text in legend]
    width = WIDTH + math.ceil(max((12 + LETTER * len(label) for label in labels), default=0))
    height = TOP + HEIGHT + BOTTOM
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'font-family="sans-serif" font-size="11" fill="{GREY}"><title>{_escaped(cut(title, 7 * letters))}</title>',
        _text(4, 12, cut(title, MOST_LETTERS)),
        f'<path d="M4 {TOP + HEIGHT + 4}h{WIDTH - 8}',
        *[f"M{x(step):.1f} {TOP}v{HEIGHT + 8}" for step in phases],
        f'" stroke="{GREY}" stroke-opacity=".5" fill="none"/>',
    ]
    for colour, steps, lower, upper in lines:
        if upper is None:
            parts.append(f'<polyline points="{path(steps, lower)}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
        else:
            around = f"{path(steps, upper)} {path(steps[::-1], lower[::-1])}"
            parts.append(f'<polygon points="{around}" fill="{colour}" fill-opacity=".25" stroke="{colour}"/>')
    parts += [_text(x(step), TOP - 7, text, x(step) / WIDTH) for step, text in above]
    parts += [_text(x(step), height - 5, text, x(step) / WIDTH) for step, text in below]
    for row, ((colour, _), label) in enumerate(zip(legend, labels, strict=True)):
        parts.append(_text(WIDTH + 6, 11 + 11 * row, label, colour=colour))
    return "".join([*parts, "</svg>"])


def _text(x: float, y: float, text: str, share: float = 0.0, colour: str = "") -> str:
    """Writes a text at a place. It ends there if the place is in the last part of the width."""
    anchor = ' text-anchor="end"' if share > 0.75 else ' text-anchor="middle"' if share > 0.25 else ""
    fill = f' fill="{colour}"' if colour else ""
    return f'<text x="{x:.0f}" y="{y}"{anchor}{fill}>{_escaped(text)}</text>'


def _escaped(text: str) -> str:
    """Returns a text as XML takes it, with a question mark for each character that XML does not know."""
    known = "".join(letter if letter.isprintable() else "?" for letter in text)
    return known.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
