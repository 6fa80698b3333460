"""`python docs/speed.py` draws docs/_static/speed.svg from the first table of docs/speed.md."""

from __future__ import annotations

import math
import re
from pathlib import Path

from lrvec._draw import COLOURS, GREY

DOCS = Path(__file__).parent
CHART = DOCS / "_static" / "speed.svg"

LEFT, ACROSS, BAR, ROW, TOP = 132, 480, 15, 46, 36
"""The names, the bars, the height of a bar and of a rival with two bars, and the room for the legend, in pixels."""

MOST = 1000


def rows() -> tuple[list[str], list[tuple[str, list[float]]]]:
    """Returns the machines, and the figures of each rival on them."""
    table = re.search(r"^\| lrvec is so many .*?(?=\n\n)", (DOCS / "speed.md").read_text(), re.DOTALL | re.MULTILINE)
    assert table is not None
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in table[0].splitlines()]
    machines = cells[0][1::2]
    names = [row[0].replace("`", "").partition(",")[0] for row in cells[2:]]
    return machines, [(name, [float(one) for one in row[1::2]]) for name, row in zip(names, cells[2:], strict=True)]


def place(times: float) -> float:
    """Returns how far to the right a figure lies, on a logarithmic axis."""
    return LEFT + ACROSS * math.log10(times / 0.5) / math.log10(MOST / 0.5)


def text(x: float, y: float, words: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y}" text-anchor="{anchor}">{words}</text>'


def box(x: float, y: int, width: float, height: int, machine: int) -> str:
    return f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{height}" fill="{COLOURS[machine]}"/>'


def chart() -> str:
    """Returns the whole picture."""
    machines, rivals = rows()
    bottom = TOP + ROW * len(rivals)
    parts = [text(LEFT + ACROSS / 2, bottom + 34, "times as fast, mean over all kinds", "middle")]
    for tick in (1, 10, 100, 1000):
        opacity = 0.8 if tick == 1 else 0.25
        parts.append(f'<path d="M{place(tick):.1f} {TOP - 6}V{bottom}" stroke="{GREY}" stroke-opacity="{opacity}"/>')
        parts.append(text(place(tick), bottom + 16, f"{tick:,}", "middle"))
    for machine, name in enumerate(machines):
        parts += [box(LEFT + 80 * machine, 8, 12, 12, machine), text(LEFT + 80 * machine + 18, 18, name)]
    for row, (name, figures) in enumerate(rivals):
        top = TOP + ROW * row
        parts.append(text(LEFT - 8, top + BAR + 5, name, "end"))
        for machine, times in enumerate(figures):
            start, end = sorted((place(1), place(times)))
            parts.append(box(start, top + BAR * machine, end - start, BAR - 2, machine))
            parts.append(text(end + 5, top + BAR * machine + 11, f"{times:g}"))
    width, height = LEFT + ACROSS + 20, bottom + 42
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'font-family="sans-serif" font-size="12"><style>text {{ fill: {GREY} }}</style>'
        "<title>How many times as fast as other libraries</title>\n" + "\n".join(parts) + "\n</svg>\n"
    )


if __name__ == "__main__":
    CHART.write_text(chart())
