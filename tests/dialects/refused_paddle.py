"""What the schedulers of paddle refuse, by their names: arguments, and the message."""

from __future__ import annotations

from typing import Any

BELOW_ONE = "gamma must be less than 1, received 1.0"

REFUSED: dict[str, list[tuple[dict[str, Any], str]]] = {
    "NoamDecay": [({"d_model": 0, "warmup_steps": 4}, "d_model must be a positive integer, received 0")],
    "PiecewiseDecay": [
        ({"boundaries": [], "values": [1.0]}, "boundaries must have from 1 to 100000 items, received 0"),
        (
            {"boundaries": [3], "values": [1.0]},
            "boundaries must have one item less than values, received 1 for 1",
        ),
    ],
    "NaturalExpDecay": [
        ({"learning_rate": 1.0, "gamma": 0.0}, "gamma must be a positive number, received 0.0"),
        ({"learning_rate": -1.0, "gamma": 0.5}, "learning_rate must be non-negative, received -1.0"),
    ],
    "InverseTimeDecay": [
        (
            {"learning_rate": 1.0, "gamma": -0.5},
            "gamma must be non-negative, received -0.5; below 0 the divisor of paddle meets 0",
        ),
    ],
    "PolynomialDecay": [
        (
            {"learning_rate": 1.0, "decay_steps": 10, "power": 0.0},
            "power must be a positive number, received 0.0",
        ),
        ({"learning_rate": 1.0, "decay_steps": 2.5}, "decay_steps must be a positive integer, received 2.5"),
    ],
    "LinearWarmup": [
        (
            {"learning_rate": 1.0, "warmup_steps": 4, "start_lr": 1.0, "end_lr": 1.0},
            "start_lr must be less than end_lr, received 1.0",
        ),
        (
            {"learning_rate": "1", "warmup_steps": 4, "start_lr": 0.0, "end_lr": 1.0},
            "learning_rate must be a finite number, received '1'",
        ),
    ],
    "ExponentialDecay": [
        ({"learning_rate": 1.0, "gamma": 1.0}, "gamma must satisfy 0 < gamma < 1, received 1.0"),
    ],
    "MultiStepDecay": [
        ({"learning_rate": 1.0, "milestones": [3], "gamma": 1.0}, BELOW_ONE),
        ({"learning_rate": 1.0, "milestones": 3}, "milestones must be a sequence, received 3"),
        (
            {"learning_rate": 1.0, "milestones": [3, 3]},
            "milestones must be in ascending order, each once, received 3 after 3",
        ),
        ({"learning_rate": 1.0, "milestones": [0, -1]}, "milestones[1] must be a non-negative integer, received -1"),
    ],
    "StepDecay": [({"learning_rate": 1.0, "step_size": 3, "gamma": 1.0}, BELOW_ONE)],
    "LambdaDecay": [
        (
            {"learning_rate": 1.0, "lr_lambda": 0.5},
            "lr_lambda must be a schedule or another callable from a step to a rate, received 0.5",
        ),
    ],
    "CosineAnnealingDecay": [({"learning_rate": 1.0, "T_max": 0}, "T_max must be a positive integer, received 0")],
    "CyclicLR": [
        (
            {"base_learning_rate": 0.1, "max_learning_rate": 1.0, "step_size_up": 4, "scale_fn": abs},
            "scale_fn must be None, and the curve a product of schedules, received <built-in function abs>; "
            "a function of the user's own is no value",
        ),
        (
            {"base_learning_rate": 0.1, "max_learning_rate": -1.0, "step_size_up": 4},
            "max_learning_rate must be non-negative, received -1.0",
        ),
    ],
    "LinearLR": [
        (
            {"learning_rate": 1.0, "total_steps": 4, "start_factor": 0.0},
            "start_factor must satisfy 0 < start_factor <= 1, received 0.0",
        ),
        (
            {"learning_rate": 1.0, "total_steps": 4, "end_factor": 1.5},
            "end_factor must satisfy 0 <= end_factor <= 1, received 1.5",
        ),
    ],
    "CosineAnnealingWarmRestarts": [
        ({"learning_rate": 1.0, "T_0": 4, "T_mult": 0}, "T_mult must be a positive integer, received 0"),
    ],
    "OneCycleLR": [
        (
            {"max_learning_rate": 1.0, "total_steps": 10, "phase_pct": 1.0},
            "phase_pct must give each phase some length, received 1.0; paddle divides by the length of each phase",
        ),
        (
            {"max_learning_rate": -1.0, "total_steps": 10},
            "max_learning_rate must be non-negative, received -1.0",
        ),
    ],
}
