"""The matrix of schedules that a search weighs, beside optlrschedule's own code. It must be importable, with scipy: the
directory `init2winit/projects/optlrschedule` of the repository google/init2winit."""

from __future__ import annotations

from importlib import import_module
from time import process_time
from timeit import Timer
from typing import Any

import numpy

from lrvec.dialects._foreign import FOREIGN

from .races import Row, check, fastest

POINTS = ("p.x0", "p.y1", "p.delta_x1", "p.delta_x2", "p.delta_y2")
TURNS = ("p.y_start", "p.y_end", "p.x_peak", "p.y1", "p.delta_x1", "p.y2", "p.delta_x2")

FAMILIES: dict[str, tuple[dict[str, Any], dict[str, tuple[float, float]]]] = {
    "constant": ({}, {}),
    "cosine": ({"alpha": 0.0}, {"p.exponent": (0.5, 3.0)}),
    "cosine_standard": ({"alpha": 0.0}, {}),
    "cosine_y": ({}, {"p.alpha": (0.0, 1.0)}),
    "rex": ({}, {"p.beta": (0.1, 2.0)}),
    "smoothnonmonotonic": ({}, dict.fromkeys(TURNS, (0.01, 0.99))),
    "sqrt": ({}, {"p.alpha": (0.1, 1.0)}),
    "twopointslinear": ({}, dict.fromkeys(POINTS, (0.0, 1.0))),
    "twopointsspline": ({}, dict.fromkeys(POINTS, (0.0, 1.0))),
    "twopointsspline_y": ({}, dict.fromkeys((*POINTS, "p.y_end"), (0.0, 1.0))),
}
"""The config of each family, and the ranges of its parameters."""


def families(rows: int, steps: int, repeats: int) -> dict[str, Row]:
    """Times both sides from a list of dicts of parameters to the matrix: ours of float32, theirs of float64."""
    from lrvec.search import Family, matrix

    random = numpy.random.default_rng(0)
    found = {}
    for kind, (more, ranges) in FAMILIES.items():
        config = {"schedule_type": kind, "total_steps": steps, **more}
        if kind != "smoothnonmonotonic":
            config["warmup_type"] = "linear"
            if "p.x0" not in ranges:
                ranges = {"p.warmup_steps": (0.0, steps / 5), **ranges}
        drawn = {name: random.uniform(*bounds, rows).tolist() for name, bounds in ranges.items()}
        given = [dict(zip(drawn, row, strict=True)) for row in zip(*drawn.values(), strict=True)]
        module, name = FOREIGN["optlrschedule", Family(config)._family.__name__].original.split(".")
        theirs = getattr(import_module(f"init2winit.projects.optlrschedule.scheduler.{module}"), name)(dict(config))

        def ours(config: Any = config, given: Any = given, dtype: Any = numpy.float32) -> Any:
            columns = {name: [one[name] for one in given] for name in given[0]}
            return matrix(Family(config)(**columns), steps, dtype=dtype, workers=1)

        def loops(theirs: Any = theirs, given: Any = given) -> Any:
            return theirs.get_schedules(given, [1.0] * len(given))

        check(kind, 1.0 + ours(dtype=numpy.float64), 1.0 + loops())  # beside the peak
        best = fastest({side.__name__: Timer(side, timer=process_time) for side in (ours, loops)}, repeats)
        found[kind] = {"ours, ms": 1e3 * best["ours"], "theirs, ms": 1e3 * best["loops"]}
        found[kind]["times"] = best["loops"] / best["ours"]
    return found
