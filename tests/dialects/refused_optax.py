"""What the schedules of optax refuse, by their names: arguments, and the message."""

from __future__ import annotations

import math
from typing import Any

import lrvec

REFUSED: dict[str, list[tuple[dict[str, Any], str]]] = {
    "constant_schedule": [
        ({"value": math.inf}, "value must be a finite number, received inf"),
        ({"value": [0.1]}, "value must be one number, received [0.1]"),
    ],
    "polynomial_schedule": [
        (
            {"init_value": 1.0, "end_value": 0.0, "power": 2.0, "transition_steps": 0},
            "transition_steps must be a positive integer, received 0; where it is not positive, optax keeps the first value for ever",
        ),
        (
            {"init_value": 1.0, "end_value": 0.0, "power": -1, "transition_steps": 1},
            "power must be non-negative, received -1",
        ),
        (
            {"init_value": 1.0, "end_value": 0.0, "power": 2.0, "transition_steps": 1, "transition_begin": -1},
            "transition_begin must be a non-negative integer, received -1; a negative one is 0 to optax",
        ),
    ],
    "linear_schedule": [
        (
            {"init_value": 1.0, "end_value": 0.0, "transition_steps": -1},
            "transition_steps must be a positive integer, received -1; where it is not positive, optax keeps the first value for ever",
        ),
    ],
    "piecewise_constant_schedule": [
        (
            {"init_value": 1.0, "boundaries_and_scales": {2: -1.0}},
            "boundaries_and_scales[2] must be non-negative, received -1.0",
        ),
        (
            {"init_value": 1.0, "boundaries_and_scales": {-2: 1.0}},
            "a step of boundaries_and_scales must be a non-negative integer, received -2",
        ),
        (
            {"init_value": 1.0, "boundaries_and_scales": [(2, 0.5)]},
            "boundaries_and_scales must be a mapping, received [(2, 0.5)]",
        ),
    ],
    "piecewise_interpolate_schedule": [
        (
            {"interpolate_type": "cubic", "init_value": 1.0},
            "interpolate_type must be one of ('linear', 'cosine'), received 'cubic'",
        ),
    ],
    "exponential_decay": [
        (
            {"init_value": 1.0, "transition_steps": 1, "decay_rate": 0},
            "decay_rate must be a positive number, received 0; for 0 optax keeps init_value, and below 0 it has no value between multiples of transition_steps",
        ),
        (
            {"init_value": 1.0, "transition_steps": 1, "decay_rate": 0.5, "staircase": 1},
            "staircase must be True or False, received 1",
        ),
        (
            {"init_value": 1.0, "transition_steps": 1, "decay_rate": 0.5, "end_value": 2.0},
            "end_value must be at most init_value=1.0 if decay_rate is 0.5, received 2.0; optax would hold it from the beginning",
        ),
        (
            {"init_value": 1.0, "transition_steps": 1, "decay_rate": 2, "end_value": 0.5},
            "end_value must be at least init_value=1.0 if decay_rate is 2.0, received 0.5; optax would hold it from the beginning",
        ),
    ],
    "cosine_decay_schedule": [
        ({"init_value": 1.0, "decay_steps": 0}, "decay_steps must be a positive integer, received 0"),
        ({"init_value": 1.0, "decay_steps": 1, "exponent": 0}, "exponent must be a positive number, received 0"),
    ],
    "linear_onecycle_schedule": [
        (
            {"transition_steps": 2, "peak_value": 1.0},
            "pct_start and pct_final must put each turn behind the one before, in whole steps, received [0, 0, 1, 2]; optax would leave one of two turns out",
        ),
        (
            {"transition_steps": 20, "peak_value": 1.0, "pct_start": 1.0},
            "pct_start must satisfy 0 < pct_start < 1, received 1.0",
        ),
    ],
    "cosine_onecycle_schedule": [
        (
            {"transition_steps": 2, "peak_value": 1.0},
            "pct_start must put each turn behind the one before, in whole steps, received [0, 0, 2]; optax would leave one of two turns out",
        ),
        (
            {"transition_steps": 20, "peak_value": 1.0, "div_factor": 0.0},
            "div_factor must be a positive number, received 0.0",
        ),
    ],
    "warmup_constant_schedule": [
        (
            {"init_value": 0.0, "peak_value": 1.0, "warmup_steps": 0},
            "warmup_steps must be a positive integer, received 0; where it is not positive, optax keeps the first value for ever",
        ),
    ],
    "warmup_cosine_decay_schedule": [
        (
            {"init_value": 0.0, "peak_value": 1.0, "warmup_steps": 4, "decay_steps": 4},
            "warmup_steps must be less than decay_steps, received 4",
        ),
        (
            {"init_value": 1.0, "peak_value": 0.0, "warmup_steps": 2, "decay_steps": 4, "end_value": 0.1},
            "end_value must be 0 if peak_value is, received 0.1; optax would keep 0",
        ),
    ],
    "warmup_exponential_decay_schedule": [
        (
            {
                "init_value": 0.0,
                "peak_value": 1.0,
                "warmup_steps": 0,
                "transition_steps": 1,
                "decay_rate": 0.5,
                "end_value": 2.0,
            },
            "end_value must be at most peak_value=1.0 if decay_rate is 0.5, received 2.0; optax would hold it from the beginning",
        ),
    ],
    "sgdr_schedule": [
        ({"cosine_kwargs": []}, "cosine_kwargs must hold at least one cycle, received none"),
        ({"cosine_kwargs": [1]}, "cosine_kwargs[0] must be a dict, received 1"),
    ],
    "join_schedules": [
        (
            {"schedules": [lrvec.constant(lr=1.0)], "boundaries": [3]},
            "boundaries must have one item less than schedules, received 1 for 1",
        ),
        (
            {"schedules": [lrvec.constant(lr=1.0)] * 3, "boundaries": [3, 2]},
            "boundaries must be in ascending order, received [3, 2]; optax would leave a schedule out",
        ),
    ],
}
