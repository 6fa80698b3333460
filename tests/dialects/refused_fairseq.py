"""What the schedules of fairseq refuse, by their names: arguments, and the message."""

from __future__ import annotations

from typing import Any

TABLE = "must be a dict from numbers, written as '3', '3,5' or '3-5', to rates"

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
    "ManualSchedule": [
        ({"lr": 1.0, "update2lr": "{'1': 0.5"}, f"update2lr {TABLE}, received \"{{'1': 0.5\""),
        ({"lr": 1.0, "update2lr": "3"}, f"update2lr {TABLE}, received '3'"),
        ({"lr": 1.0, "update2lr": {3: 0.5}}, f"update2lr {TABLE}, received the key 3"),
        ({"lr": 1.0, "update2lr": {"3-": 0.5}}, f"update2lr {TABLE}, received the key '3-'"),
        ({"lr": 1.0, "update2lr": {"3": "x"}}, "update2lr['3'] must be a finite number, received 'x'"),
        ({"lr": 1.0, "update2lr": {"1-9999999": 0.5}}, "update2lr must have ranges of at most 100000 numbers, received '1-9999999'"),
        ({"lr": 1.0, "epoch2lr": {"1": 0.5}}, "updates_per_epoch must be given for epoch2lr, received None"),
        (
            {"lr": 1.0, "epoch2lr": {"1": 0.5}, "update2lr": {"1": 0.5}},
            "epoch2lr must be empty where update2lr is not, received {1: 0.5}; fairseq would take an epoch's rate for one update",
        ),
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
