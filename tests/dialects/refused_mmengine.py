"""What the schedulers of MMEngine refuse, by their names: arguments, and the message."""

from __future__ import annotations

from typing import Any

REFUSED: dict[str, list[tuple[dict[str, Any], str]]] = {
    "StepLR": [
        ({"step_size": 3, "begin": 5, "end": 5, "base_lr": 1.0}, "begin must be less than end, received 5"),
        ({"step_size": 0, "base_lr": 1.0}, "step_size must be a positive integer, received 0"),
    ],
    "MultiStepLR": [
        ({"milestones": [2.5], "base_lr": 1.0}, "milestones[0] must be a non-negative integer, received 2.5"),
    ],
    "ConstantLR": [
        (
            {"factor": 0.0, "base_lr": 1.0},
            "factor must satisfy 0 < factor <= 1, received 0.0; MMEngine refuses a factor above 1, and divides by it",
        ),
    ],
    "ExponentialLR": [({"gamma": "1", "base_lr": 1.0}, "gamma must be a finite number, received '1'")],
    "CosineAnnealingLR": [
        (
            {"eta_min": 0.1, "eta_min_ratio": 0.1, "base_lr": 1.0},
            "exactly one of eta_min and eta_min_ratio must be given, received eta_min and eta_min_ratio",
        ),
    ],
    "LinearLR": [
        (
            {"start_factor": 0.0, "base_lr": 1.0},
            "start_factor must satisfy 0 < start_factor <= 1, received 0.0; MMEngine divides by it",
        ),
        (
            {"end_factor": 1.5, "base_lr": 1.0},
            "end_factor must satisfy 0 <= end_factor <= 1, received 1.5",
        ),
    ],
    "PolyLR": [({"power": -1.0, "base_lr": 1.0}, "power must be non-negative, received -1.0")],
    "CosineRestartLR": [
        (
            {"periods": [3, 4], "eta_min": 0.0, "base_lr": 1.0},
            "restart_weights must have as many items as periods, received 1 for 2",
        ),
        (
            {"periods": [3], "base_lr": 1.0},
            "exactly one of eta_min and eta_min_ratio must be given, received neither",
        ),
    ],
    "OneCycleLR": [
        (
            {"total_steps": 10},
            "eta_max must be a positive number, received 0; with MMEngine's own default, 0, nothing is learned",
        ),
        (
            {"eta_max": 1.0, "total_steps": 10, "pct_start": 1.0},
            "pct_start must give each phase some length, received 1.0; MMEngine divides by the length of each phase",
        ),
        (
            {"eta_max": 1.0, "total_steps": 10, "begin": 3},
            "base_lr must be given for the rate before `begin`, received None",
        ),
    ],
}
