"""What the schedules of transformers refuse, by their names: arguments, and the message."""

from __future__ import annotations

from typing import Any

RUN = {"num_warmup_steps": 2, "num_training_steps": 12, "lr": 1.0}
SHORT = {"num_warmup_steps": 12, "num_training_steps": 12, "lr": 1.0}
TOO_LONG = (
    "num_warmup_steps must be less than num_training_steps, received 12; it leaves transformers no step to decay in"
)
NO_RATE = "lr must not be 0 where min_lr is given, received 0.0; transformers divides by it"
NO_FLOOR = "exactly one of min_lr and min_lr_rate must be given, received neither"
WAVE = "num_cycles must turn the wave one step apart at least, received 6.25; it would turn every 0.8 steps"

REFUSED: dict[str, list[tuple[dict[str, Any], str]]] = {
    "get_constant_schedule": [({"lr": "1"}, "lr must be a finite number, received '1'")],
    "get_constant_schedule_with_warmup": [
        ({"num_warmup_steps": -1, "lr": 1.0}, "num_warmup_steps must be a non-negative integer, received -1"),
    ],
    "get_linear_schedule_with_warmup": [(SHORT, TOO_LONG)],
    "get_cosine_schedule_with_warmup": [
        (SHORT, TOO_LONG),
        ({**RUN, "num_cycles": 6.25}, WAVE),
        (
            {**RUN, "num_cycles": 0},
            "num_cycles must be a positive number, received 0; for 0 the rate of transformers never falls",
        ),
    ],
    "get_cosine_with_hard_restarts_schedule_with_warmup": [
        (SHORT, TOO_LONG),
        (
            {**RUN, "num_cycles": 11},
            "num_cycles must leave each cycle a step, received 11; the decay has 10 steps",
        ),
        ({**RUN, "num_cycles": 0.5}, "num_cycles must be a positive integer, received 0.5"),
    ],
    "get_polynomial_decay_schedule_with_warmup": [
        ({**RUN, "lr_end": 1.0}, "lr_end must be less than lr, received 1.0"),
        (SHORT, TOO_LONG),
        (
            {**RUN, "power": 0},
            "power must be a positive number, received 0; for 0 the rate of transformers falls behind the last step",
        ),
    ],
    "get_inverse_sqrt_schedule": [
        (
            {"num_warmup_steps": 2, "timescale": 0, "lr": 1.0},
            "timescale must be a positive integer, received 0",
        ),
    ],
    "get_cosine_with_min_lr_schedule_with_warmup": [
        (RUN, NO_FLOOR),
        (
            {**RUN, "min_lr": 0.1, "min_lr_rate": 0.1},
            "exactly one of min_lr and min_lr_rate must be given, received min_lr and min_lr_rate",
        ),
        ({**RUN, "min_lr": 0.1, "num_cycles": 6.25}, WAVE),
        ({**RUN, "lr": 0.0, "min_lr": 0.5}, NO_RATE),
    ],
    "get_cosine_with_min_lr_schedule_with_warmup_lr_rate": [
        (RUN, NO_FLOOR),
        ({**SHORT, "min_lr": 0.0}, TOO_LONG),
        ({**RUN, "lr": 0.0, "min_lr": 0.5}, NO_RATE),
        ({**RUN, "min_lr": 0.0, "warmup_lr_rate": -1}, "warmup_lr_rate must be non-negative, received -1"),
    ],
    "get_wsd_schedule": [
        (
            {"num_warmup_steps": 2, "num_decay_steps": 4, "lr": 1.0},
            "num_training_steps must be given for a plateau without num_stable_steps, received None",
        ),
        (
            {**RUN, "num_decay_steps": 11},
            "num_warmup_steps + num_decay_steps must not exceed num_training_steps, "
            "received num_warmup_steps=2, num_decay_steps=11, num_training_steps=12",
        ),
        (
            {**RUN, "num_decay_steps": 4, "decay_type": "sqrt"},
            "decay_type must be one of ('linear', 'cosine', '1-sqrt'), received 'sqrt'",
        ),
    ],
    "get_scheduler": [
        ({"name": "linear", "lr": 1.0}, "num_warmup_steps must be given for linear, received None"),
        (
            {"name": "cosine", "num_warmup_steps": 2, "lr": 1.0},
            "num_training_steps must be given for cosine, received None",
        ),
        (
            {"name": "constant", "scheduler_specific_kwargs": {"power": 2.0}, "lr": 1.0},
            "get_constant_schedule() got an unexpected keyword argument 'power'",
        ),
    ],
}
