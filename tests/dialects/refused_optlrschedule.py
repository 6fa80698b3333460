"""What the families of optlrschedule refuse, by their names: arguments, and the message."""

from __future__ import annotations

from typing import Any

RUN = {"schedule_family_config": {"total_steps": 100}, "base_lr": 1.0}
POINTS = {"p.x0": 0.0, "p.y1": 0.5, "p.delta_x1": 0.5, "p.delta_x2": 0.5, "p.delta_y2": 0.5}
TURNS = {"p.y_start": 0.0, "p.x_peak": 0.5, "p.y1": 0.5, "p.delta_x1": 0.25, "p.y2": 0.5, "p.delta_x2": 0.5, "p.y_end": 0.0}

REFUSED: dict[str, list[tuple[dict[str, Any], str]]] = {
    "ConstantScheduleFamily": [
        (
            {"schedule_family_config": {}, "schedule_param": {}, "base_lr": 1.0},
            "total_steps must be given for schedule_family_config, received None",
        ),
        (
            {**RUN, "schedule_param": {"p.warmup_steps": 101}},
            "p.warmup_steps must not exceed total_steps, received p.warmup_steps=101, total_steps=100",
        ),
        (
            {
                "schedule_family_config": {"total_steps": 100, "warmup_type": "exponential"},
                "schedule_param": {},
                "base_lr": 1.0,
            },
            "exp_growth_rate must be given for a warmup of exponential, received None",
        ),
    ],
    "CosineScheduleFamily": [
        ({**RUN, "schedule_param": {"p.exponent": 1.0}}, "alpha must be given for a cosine, received None"),
        (
            {**RUN, "schedule_param": {"p.exponent": -1.0}},
            "p.exponent must be non-negative, received -1.0",
        ),
    ],
    "CosineStandardScheduleFamily": [
        ({**RUN, "schedule_param": {}}, "alpha must be given for a cosine, received None"),
    ],
    "CosineYScheduleFamily": [
        ({**RUN, "schedule_param": {}}, "p.alpha must be given for schedule_param, received None"),
        ({**RUN, "schedule_param": {"p.alpha": 1.5}}, "p.alpha must satisfy 0 <= p.alpha <= 1, received 1.5"),
    ],
    "RexScheduleFamily": [
        ({**RUN, "schedule_param": {"p.beta": 0.0}}, "p.beta must be a positive number, received 0.0"),
    ],
    "SqrtScheduleFamily": [
        ({**RUN, "schedule_param": {"p.alpha": 2.0}}, "p.alpha must satisfy 0 <= p.alpha <= 1, received 2.0"),
    ],
    "TwoPointLinearScheduleFamily": [
        (
            {
                "schedule_family_config": {"total_steps": 100, "is_monotonic_decay": False},
                "schedule_param": POINTS,
                "base_lr": 1.0,
            },
            "is_monotonic_decay must be True, received False",
        ),
    ],
    "TwoPointSplineScheduleFamily": [
        (
            {
                "schedule_family_config": {"total_steps": 100, "y_min": 0.5, "y_max": 0.25},
                "schedule_param": POINTS,
                "base_lr": 1.0,
            },
            "y_min must not exceed y_max, received y_min=0.5, y_max=0.25",
        ),
    ],
    "TwoPointSplineSmoothNonmonoticScheduleFamily": [
        (
            {
                "schedule_family_config": {"total_steps": 100, "warmup_type": "linear"},
                "schedule_param": TURNS,
                "base_lr": 1.0,
            },
            "parameters of schedule_family_config must be among total_steps, received warmup_type",
        ),
        (
            {**RUN, "schedule_param": {**TURNS, "p.x_peak": 1.0}},
            "p.x_peak must satisfy 0 < p.x_peak < 1, received 1.0",
        ),
        (
            {**RUN, "schedule_param": {**TURNS, "p.y2": 1.5}},
            "p.y2 must satisfy 0 <= p.y2 <= 1, received 1.5",
        ),
    ],
    "TwoPointSplineYScheduleFamily": [
        ({**RUN, "schedule_param": POINTS}, "p.y_end must be given for schedule_param, received None"),
    ],
}
