"""What the schedules of fairseq refuse, by their names: arguments, and the message."""

from __future__ import annotations

from typing import Any

REFUSED: dict[str, list[tuple[dict[str, Any], str]]] = {
    "CosineLRSchedule": [
        ({"lr": 1.0, "lr_period_updates": 10, "min_lr": 1.0}, "min_lr must be less than lr, received 1.0"),
        ({"lr": 1.0}, "lr_period_updates or max_update must be given for the length of a period, received None"),
        (
            {"lr": 1.0, "warmup_updates": 10, "max_update": 10},
            "warmup_updates must be less than max_update, received 10; it leaves fairseq no step to decay in",
        ),
        (
            {"lr": 1.0, "lr_period_updates": 10, "t_mult": 0.5},
            "t_mult must be at least 1, received 0.5; fairseq has no rate behind the periods of a shrinking length",
        ),
        ({"lr": 1.0, "lr_period_updates": 0}, "lr_period_updates must be a positive integer, received 0"),
    ],
    "FixedLRSchedule": [
        ({"lr": [], "updates_per_epoch": 10}, "lr must have from 1 to 100000 items, received 0"),
        (
            {"lr": [1.0], "updates_per_epoch": 10, "force_anneal": 0},
            "force_anneal must be a positive integer, received 0",
        ),
    ],
    "InverseSquareRootSchedule": [
        ({"lr": 1.0, "warmup_updates": 0}, "warmup_updates must be a positive integer, received 0"),
    ],
    "PolynomialDecayLRSchedule": [
        (
            {"lr": 1.0, "total_num_update": 10, "warmup_updates": 10},
            "warmup_updates must be less than total_num_update, received 10; it leaves fairseq no step to decay in",
        ),
        (
            {"lr": 1.0, "total_num_update": 10, "force_anneal": 3},
            "force_anneal must be None, received 3; fairseq goes on from the rate that it has then, "
            "so the rate is no function of the update alone",
        ),
        (
            {"lr": 1.0, "total_num_update": 10, "power": 0.0},
            "power must be a positive number, received 0.0; for 0 the rate of fairseq falls behind the last update",
        ),
    ],
    "StepLRSchedule": [
        ({"lr": 1.0, "min_lr": 1.0}, "min_lr must be less than lr, received 1.0"),
        ({"lr": 1.0, "lr_decay": 1.5}, "lr_decay must satisfy 0 <= lr_decay <= 1, received 1.5"),
    ],
    "TriStageLRSchedule": [
        ({"lr": 1.0, "warmup_steps": 10}, "decay_steps must be positive, received 0; fairseq divides by it"),
        (
            {"lr": 1.0, "phase_ratio": [0.5, 0.25, 0.5], "max_update": 10},
            "phase_ratio must be three numbers that sum to 1, received [0.5, 0.25, 0.5]",
        ),
        (
            {"lr": 1.0, "phase_ratio": [0.5, 0.25, 0.25]},
            "max_update must be given for phase_ratio, received None",
        ),
    ],
    "TriangularLRSchedule": [
        ({"lr": 1.0, "max_lr": 1.0}, "lr must be less than max_lr, received 1.0"),
        ({"lr": 0.1, "max_lr": 1.0, "lr_period_updates": 1}, "lr_period_updates must be at least 2, received 1"),
    ],
}
