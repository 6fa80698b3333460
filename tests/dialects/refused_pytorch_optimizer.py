"""What the schedules of pytorch-optimizer refuse, by their names: arguments, and the message."""

from __future__ import annotations

from typing import Any

TOO_LONG = (
    {"t_max": 10, "max_lr": 1.0, "warmup_steps": 10},
    "warmup_steps must be less than t_max, received 10; it leaves pytorch-optimizer no step to decay in",
)

REFUSED: dict[str, list[tuple[dict[str, Any], str]]] = {
    "LinearScheduler": [TOO_LONG, ({"t_max": 10, "max_lr": -1.0}, "max_lr must be non-negative, received -1.0")],
    "CosineScheduler": [TOO_LONG],
    "PolyScheduler": [
        TOO_LONG,
        (
            {"poly_order": 0, "t_max": 10, "max_lr": 1.0},
            "poly_order must be a positive number, received 0",
        ),
        (
            {"poly_order": 20.0, "t_max": 10, "max_lr": 1.0},
            "the rate of step 2**53 must be a finite number, received inf",
        ),
    ],
    "REXScheduler": [({"total_steps": 0}, "total_steps must be a positive integer, received 0")],
    "ProportionScheduler": [
        (
            {"lr_scheduler": 0.5, "max_lr": 1.0},
            "lr_scheduler must be a schedule or another callable from a step to a rate, received 0.5",
        ),
    ],
    "get_wsd_schedule": [
        (
            {"num_warmup_steps": 1, "num_stable_steps": 1, "num_decay_steps": 1, "cooldown_type": "power", "lr": 1.0},
            "cooldown_type must be one of ('cosine', '1-sqrt', 'linear', '1-square'), received 'power'",
        ),
    ],
    "CosineAnnealingWarmupRestarts": [
        (
            {"first_cycle_steps": 10, "warmup_steps": 10},
            "warmup_steps must be less than first_cycle_steps, received 10",
        ),
        (
            {"first_cycle_steps": 10, "cycle_mult": 1.05},
            "cycle_mult must be 1, or make each cycle longer, received 1.05; the number of cycles grows without end",
        ),
    ],
    "get_chebyshev_schedule": [
        ({"num_epochs": 0, "lr": 1.0}, "num_epochs must be a positive integer, received 0"),
    ],
}
