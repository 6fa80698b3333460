"""The families of optlrschedule take arrays of parameters. Each row of the sweep has the bits that its schedule has alone."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

from lrvec.dialects.optlrschedule import FAMILIES

STEPS = 50
SHARES = [0.0, 0.07, 0.5, 1.0]
POINTS = {
    "p.x0": [0.0, 0.3, 0.0, 0.9],
    "p.y1": SHARES,
    "p.delta_x1": SHARES,
    "p.delta_x2": [0.5, 0.0, 0.2, 0.0],
    "p.delta_y2": SHARES,
}
WARMUP = {"p.warmup_steps": [0.0, 1.0, 10.9, 50.0]}
COLUMNS: dict[str, tuple[dict[str, Any], dict[str, list[float]]]] = {
    "constant": ({"warmup_type": "cosine"}, WARMUP),
    "cosine": ({"alpha": 0.1}, {**WARMUP, "p.exponent": [1.0, 2.0, 0.5, 3.0]}),
    "cosine_standard": ({"alpha": 0.1, "warmup_type": "polynomial", "warmup_config": {"poly_power": 2.0}}, WARMUP),
    "cosine_y": (
        {"warmup_type": "exponential", "warmup_config": {"exp_growth_rate": 3.0}},
        {**WARMUP, "p.alpha": SHARES},
    ),
    "rex": ({}, {**WARMUP, "p.beta": [1.0, 0.5, 2.0, 0.1]}),
    "smoothnonmonotonic": (
        {},
        {
            "p.y_start": SHARES,
            "p.y_end": [0.0, 1.0, 0.3, 0.0],
            "p.x_peak": [0.5, 0.5, 0.9, 0.001],
            "p.y1": SHARES,
            "p.delta_x1": [0.5, 0.3, 0.2, 0.77],
            "p.y2": [0.1, 0.2, 1.0, 0.0],
            "p.delta_x2": [0.5, 0.9, 0.999, 1e-20],
        },
    ),
    "sqrt": ({}, {**WARMUP, "p.alpha": SHARES}),
    "twopointslinear": ({"y_min": 0.05}, POINTS),
    "twopointsspline": ({"y_max": 0.9}, POINTS),
    "twopointsspline_y": ({}, {**POINTS, "p.y_end": SHARES}),
}


@pytest.mark.parametrize("kind", FAMILIES)
def test_a_row_of_a_family_is_its_schedule(kind: str) -> None:
    config, given = COLUMNS[kind]
    family, config = FAMILIES[kind], {"total_steps": STEPS, **config}
    sweep: Any = family(config, schedule_param={name: np.array(column) for name, column in given.items()}, base_lr=0.3)
    rows = [dict(zip(given, row, strict=True)) for row in zip(*given.values(), strict=True)]
    alone = [family(config, schedule_param=row, base_lr=0.3)(range(STEPS + 2)) for row in rows]
    assert sweep.shape == (4,)
    assert np.array_equal(sweep(range(STEPS + 2)), alone)


@pytest.mark.parametrize("kind", ["twopointslinear", "twopointsspline", "twopointsspline_y"])
def test_rows_whose_points_share_steps_stand_beside_others(kind: str) -> None:
    """Of four points each may have the step of the one before it."""
    shares = (0.0, 0.3, 0.95, 1.0)
    given = dict(
        zip(("p.x0", "p.delta_x1", "p.delta_x2"), map(list, zip(*product(shares, repeat=3), strict=True)), strict=True)
    )
    given |= {"p.y1": [0.75], "p.delta_y2": [0.5]} | ({"p.y_end": [0.25]} if kind == "twopointsspline_y" else {})
    family, config = FAMILIES[kind], {"total_steps": 20}
    columns = {name: np.array(column) for name, column in given.items()}
    sweep: Any = family(config, schedule_param=columns, base_lr=0.3)
    steps = [*range(25), 2**53]
    for index, row in enumerate(sweep(steps)):
        alone = {name: column[index % len(column)] for name, column in given.items()}
        assert np.array_equal(row, family(config, schedule_param=alone, base_lr=0.3)(steps)), alone
        assert np.array_equal(row, sweep[index](steps))


def test_a_column_is_refused_at_its_entry() -> None:
    with pytest.raises(ValueError, match="p.warmup_steps at index 1 must not exceed total_steps, received 10"):
        FAMILIES["constant"]({"total_steps": 9}, schedule_param={"p.warmup_steps": [9.0, 10.0]}, base_lr=1.0)
    with pytest.raises(ValueError, match="p.beta at index 0 must be non-negative, received -1.0"):
        FAMILIES["rex"]({"total_steps": 9}, schedule_param={"p.beta": [-1.0, 1.0]}, base_lr=1.0)
