from __future__ import annotations

import math
from typing import Any

import numpy as np

from . import Row

PROGRAM = "optlrschedule"


def fitted(y: list[float], total_steps: int) -> Any:
    """The coefficients of the parabola nearest to the values in the middle of each bin."""
    half = total_steps // len(y) // 2
    return np.polyfit(np.linspace(half, total_steps - half - 1, len(y), dtype=int), y, 2)


def parabola(t: int, base_lr: float, y: list[float], y_min: float, y_max: float, total_steps: int) -> float:
    height = np.polyval(fitted(y, total_steps), min(t, total_steps))
    return base_lr * min(y_max, max(y_min, float(height)))


def with_coefficients(**given: Any) -> dict[str, Any]:
    a, b, c = fitted(given["y"], given["total_steps"])
    return {**given, "a": float(a), "b": float(b), "c": float(c)}


def continued(t: int, base_lr: float, x: list[int], y: list[float], y_min: float, y_max: float, total_steps: int) -> float:
    from scipy.interpolate import PchipInterpolator

    height = float(PchipInterpolator(x, y)(min(t, total_steps)))
    return base_lr * min(y_max, max(y_min, height))


def about(end: int, length: int, piece: list[float]) -> list[float]:
    """The terms of a cubic, of the steps from its last knot, by the share of a length that is left up to an end."""
    return [float(np.polyval(np.polyder(np.array(piece), n), end) / math.factorial(n) * (-length) ** n) for n in range(4)]


def with_cubics(x: list[int], y: list[float], total_steps: int, **given: Any) -> dict[str, Any]:
    """The first and the last piece, beyond the outer knots."""
    from scipy.interpolate import PchipInterpolator

    pieces, rest = PchipInterpolator(x, y).c.T.tolist(), total_steps - x[-1]
    before, behind = about(0, x[0], pieces[0]), about(total_steps - x[-2], rest, pieces[-1])
    return {"x": x, "y": y, "total_steps": total_steps, "before": before, "behind": behind, **given}


CUBIC = (
    "total(linear(base_lr={0}[0] + {0}[1], end_lr={0}[0], total_steps={1}), "
    "polynomial(base_lr={0}[2], end_lr=0.0, total_steps={1}, power=2.0), "
    "polynomial(base_lr={0}[3], end_lr=0.0, total_steps={1}, power=3.0))"
)

ROWS = [
    Row(
        "PiecewiseScheduleFamily of pchip",
        f"base_lr * clipped(join([(x[0], {CUBIC.format('before', 'x[0]')}), (x[-1] - x[0], "
        'piecewise(steps=[one - x[0] for one in x], values=y, interpolation="pchip")), '
        f"{CUBIC.format('behind', '(total_steps - x[-1])')}]), low=y_min, high=y_max)",
        lambda t, before, behind, **given: continued(t, **given),
        [
            with_cubics([12, 37, 62, 87], [0.25, 1.0, 0.75, 0.1], 100, base_lr=0.1, y_min=0.1, y_max=1.0),
            with_cubics([4, 13, 25], [0.9, 0.2, 0.6], 31, base_lr=2.0, y_min=0.0, y_max=0.95),
            with_cubics([4, 13], [0.5, 0.25], 19, base_lr=1.0, y_min=0.0, y_max=1.0),
        ],
        note="x and y are the knots; before and behind are the cubics of the outer pieces, in powers of the share of steps that is "
        "left to x[0] and to the end; after the run the rate stays",
    ),
    Row(
        "PiecewiseScheduleFamily of polynomial",
        "base_lr * clipped(linear(base_lr=c, end_lr=c + b * total_steps, total_steps=total_steps) "
        "+ root_decay(base_lr=0.0, min_lr=a * total_steps**2, total_steps=total_steps, power=1.0), low=y_min, high=y_max)",
        lambda t, a, b, c, **given: parabola(t, **given),
        [
            with_coefficients(base_lr=0.1, y=[0.25, 1.0, 0.75, 0.1], y_min=0.1, y_max=1.0, total_steps=100),
            with_coefficients(base_lr=1.0, y=[0.9, 0.2, 0.6], y_min=0.0, y_max=0.7, total_steps=9),
        ],
        note="a t^2 + b t + c is the parabola nearest to the values of the bins; after the run the rate stays",
    ),
]
