from __future__ import annotations

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


def through(t: int, base_lr: float, x: list[int], y: list[float]) -> float:
    from scipy.interpolate import PchipInterpolator

    return base_lr * float(PchipInterpolator(x, y)(min(t, x[-1])))


ROWS = [
    Row(
        "SmoothNonMonotonicScheduleFamily with knots at whole steps",
        'piecewise(steps=x, values=[base_lr * one for one in y], interpolation="pchip")',
        through,
        [
            {"base_lr": 0.1, "x": [0, 12, 40, 60, 100], "y": [0.1, 0.9, 0.3, 1.0, 0.0]},
            {"base_lr": 2.0, "x": [0, 1, 2, 3, 10], "y": [0.0, 0.5, 0.5, 1.0, 0.2]},
        ],
        note="x are the five knots in steps",
    ),
    Row(
        "SmoothNonMonotonicScheduleFamily with knots between steps",
        note="lrvec's cubic pieces begin and end at whole steps",
    ),
    Row(
        "PiecewiseScheduleFamily of pchip",
        note="beyond its outer knots it goes on with their cubics, which lrvec does not",
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
        note="a t^2 + b t + c is the parabola nearest to the values of the bins; past the run the rate stays",
    ),
]
