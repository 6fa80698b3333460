"""What the schedulers of Axolotl refuse, by their names: arguments, and the message."""

from __future__ import annotations

from typing import Any

import lrvec

RUN = {"num_warmup_steps": 10, "num_training_steps": 10, "lr": 1.0}
TOO_LONG = "num_warmup_steps must be less than num_training_steps, received 10; it leaves axolotl no step to decay in"

REFUSED: dict[str, list[tuple[dict[str, Any], str]]] = {
    "RexLR": [
        ({"max_lr": 1.0, "min_lr": 2.0, "lr": 1.0}, "min_lr must not exceed max_lr, received min_lr=2.0, max_lr=1.0"),
        (
            {"max_lr": 1.0, "min_lr": 0.0, "num_warmup_steps": 5, "lr": 1.0},
            "num_warmup_steps must not exceed total_steps, received num_warmup_steps=5, total_steps=0",
        ),
    ],
    "InterpolatingLogScheduler": [
        ({"num_steps": 1, "min_lr": 0.1, "max_lr": 1.0}, "num_steps must be at least 2, received 1"),
        ({"num_steps": 9, "min_lr": 0.0, "max_lr": 1.0}, "min_lr must be a positive number, received 0.0"),
    ],
    "get_cosine_schedule_with_quadratic_warmup": [(RUN, TOO_LONG)],
    "get_cosine_schedule_with_min_lr": [(RUN, TOO_LONG)],
    "get_cosine_schedule_with_warmup_decay_constant": [
        (
            {**RUN, "num_training_steps": 20, "constant_lr_ratio": 0.5, "min_lr_ratio": 3.0},
            "min_lr_ratio must satisfy 0 <= min_lr_ratio <= 1, received 3.0; "
            "for more than 1 axolotl's rate jumps there behind the warmup, and for less than 0 it may fall below 0",
        ),
        (
            {**RUN, "num_training_steps": 20, "constant_lr_ratio": 0.5, "min_lr_ratio": 0.1},
            "num_warmup_steps must be less than the end of the decay, received 10; it leaves axolotl no step to decay in",
        ),
    ],
    "JaggedLRRestartScheduler": [
        (
            {
                "inner_schedule": lrvec.constant(lr=1.0),
                "jagged_restart_steps": 8,
                "jagged_restart_warmup_steps": 7,
                "jagged_restart_anneal_steps": 2,
            },
            "jagged_restart_warmup_steps + jagged_restart_anneal_steps must not exceed jagged_restart_steps, "
            "received jagged_restart_warmup_steps=7, jagged_restart_anneal_steps=2, jagged_restart_steps=8",
        ),
    ],
}
