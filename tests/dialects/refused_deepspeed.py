"""What the schedules of DeepSpeed refuse, by their names: arguments, and the message."""

from __future__ import annotations

from typing import Any

CYCLE = {"cycle_min_lr": 0.1, "cycle_max_lr": 1.0}
CLIMBS = "must be non-negative, received -1.0; with a negative rate of DeepSpeed's, the optimizer climbs"
TOO_LONG = "warmup_num_steps must be less than total_num_steps, received 10; it leaves DeepSpeed no step to decay in"

REFUSED: dict[str, list[tuple[dict[str, Any], str]]] = {
    "LRRangeTest": [
        (
            {"lr_range_test_step_size": 2.5},
            "lr_range_test_step_size must be a positive integer, received 2.5",
        ),
        ({"lr_range_test_min_lr": -1.0}, f"lr_range_test_min_lr {CLIMBS}"),
        ({"lr_range_test_step_rate": 1e300}, "the rate at step 2**53 must be a finite number, received inf"),
    ],
    "OneCycle": [
        ({**CYCLE, "cycle_min_lr": -1.0}, f"cycle_min_lr {CLIMBS}"),
        (
            {**CYCLE, "cycle_first_step_size": 0},
            "cycle_first_step_size must be a positive integer, received 0",
        ),
        (
            {**CYCLE, "decay_lr_rate": -0.5},
            "decay_lr_rate must be non-negative, received -0.5; below 0 the divisor of DeepSpeed meets 0",
        ),
    ],
    "OneCycleMomentum": [
        (
            {**CYCLE, "cycle_momentum": False},
            "cycle_momentum must be True, received False; DeepSpeed then leaves the betas alone",
        ),
    ],
    "WarmupLR": [
        ({"warmup_max_lr": -1.0}, f"warmup_max_lr {CLIMBS}"),
        ({}, "warmup_max_lr or base_lr must be given for the rate behind the warmup, received None"),
        (
            {"base_lr": 1.0, "warmup_type": "cosine"},
            "warmup_type must be one of ('log', 'linear'), received 'cosine'",
        ),
        ({"base_lr": 1.0, "warmup_num_steps": 0}, "warmup_num_steps must be a positive integer, received 0"),
    ],
    "WarmupDecayLR": [
        ({"total_num_steps": 10, "warmup_max_lr": -1.0}, f"warmup_max_lr {CLIMBS}"),
        ({"total_num_steps": 10, "warmup_num_steps": 10}, TOO_LONG),
    ],
    "WarmupCosineLR": [({"total_num_steps": 10, "warmup_num_steps": 10, "base_lr": 1.0}, TOO_LONG)],
}
