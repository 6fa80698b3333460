"""`python docs/sheet.py` draws docs/_static/kinds.svg, one sheet with the curve of every kind.

The parameters are the typical ones of each kind's record in `tests/kinds`, for a run of 10,000 steps. Each curve has
its own scales: from its first to its last step, and from its lowest to its highest rate.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import lrvec
from lrvec._draw import COLOURS, GREY
from lrvec._evaluate.points import Points, points_of, span_of

ROOT = Path(__file__).parents[1]
SHEET = ROOT / "docs" / "_static" / "kinds.svg"

STEPS = 10_000
ACROSS, CELL, ROW, WIDTH, HEIGHT = 6, 150, 74, 126, 40
"""The sheet has so many kinds across. A cell has so much room, and its curve so much of it, in pixels."""


def typical(kind: str) -> Any:
    """Returns a value of a kind with typical parameters: the first one whose curves make no band, if there is any."""
    if str(ROOT / "tests") not in sys.path:
        sys.path.insert(0, str(ROOT / "tests"))
    from kinds import RECORDS
    from record import made

    values = [
        lrvec.kinds()[kind].make({name: made(one) for name, one in params.items()})
        for params in RECORDS[kind].typical(STEPS)
    ]
    return min(values, key=lambda value: any(points.upper is not None for points in curves_of(value)))


def curves_of(value: Any) -> list[Points]:
    """Returns the curves of a schedule, a sweep or groups."""
    rows = value.values() if hasattr(value, "values") else list(value) if hasattr(value, "size") else [value]
    last = span_of(*rows)
    return [points_of(row, 0, last, 600, 1 / 200) for row in rows]


def cell(kind: str, place: int) -> str:
    """Returns the name and the curves of a kind, at its place on the sheet."""
    left, top = place % ACROSS * CELL + 12, place // ACROSS * ROW + 24
    curves = curves_of(typical(kind))
    rates = [rate for points in curves for part in points[1:] if part is not None for rate in part.tolist()]
    low, high = min(rates), max(rates)
    last = max(int(points.steps[-1]) for points in curves)

    def path(steps: Any, values: Any) -> str:
        x = left + WIDTH * steps / last
        y = top + HEIGHT * ((high - values) / (high - low) if low < high else 0.0 * values + 0.5)
        return " ".join(f"{across:.1f},{down:.1f}" for across, down in zip(x.tolist(), y.tolist(), strict=True))

    axis = f'<path d="M{left} {top + HEIGHT + 2}h{WIDTH}" stroke-opacity=".4"/>'
    parts = [f'<text x="{left}" y="{top - 7}">{kind}</text>{axis}']
    for points, colour in zip(curves, COLOURS, strict=False):
        if points.upper is None:
            line = path(points.steps, points.rates)
            parts.append(f'<polyline points="{line}" stroke="{colour}" stroke-width="1.4"/>')
        else:
            around = f"{path(points.steps, points.upper)} {path(points.steps[::-1], points.rates[::-1])}"
            parts.append(f'<polygon points="{around}" fill="{colour}" fill-opacity=".5" stroke="{colour}"/>')
    return "".join(parts)


def sheet(kinds: Sequence[str]) -> str:
    """Returns the whole sheet."""
    width, height = ACROSS * CELL, -(-len(kinds) // ACROSS) * ROW + 4
    cells = "\n".join(cell(kind, place) for place, kind in enumerate(kinds))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'font-family="ui-monospace, monospace" font-size="11" fill="none" stroke="{GREY}">'
        f"<style>text {{ fill: {GREY}; stroke: none }}</style><title>Every kind of lrvec</title>\n{cells}\n</svg>\n"
    )


if __name__ == "__main__":
    SHEET.write_text(sheet([name for name, kind in lrvec.kinds().items() if not kind.is_own]))
