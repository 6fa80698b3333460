"""What the schedulers of Composer refuse, by their names: arguments, and the message."""

from __future__ import annotations

from typing import Any

RUN = {"base_lr": 1.0, "total_steps": 100}
NO_TIME = "must be a time such as '10ba', '2ep' or '0.5dur', received"
TOO_SHORT = "t_max must be at least the run of 100 batches, received 50"

REFUSED: dict[str, list[tuple[dict[str, Any], str]]] = {
    "StepScheduler": [
        ({**RUN, "step_size": "10tok"}, f"step_size {NO_TIME} '10tok'"),
        ({**RUN, "step_size": 10}, "step_size must be text, received 10"),
        ({**RUN, "step_size": "0.001dur"}, "step_size in batches must be a positive integer, received 0"),
        (
            {**RUN, "step_size": "2ep"},
            "batches_per_epoch must be given for step_size in epochs, received None",
        ),
    ],
    "MultiStepScheduler": [({**RUN, "milestones": ["10ba", "2.5ba"]}, f"milestones[1] {NO_TIME} '2.5ba'")],
    "ConstantScheduler": [({**RUN, "t_max": "-1ba"}, f"t_max {NO_TIME} '-1ba'")],
    "LinearScheduler": [({**RUN, "t_max": "0ba"}, "t_max in batches must be a positive integer, received 0")],
    "ExponentialScheduler": [
        (
            {**RUN, "gamma": 0.5},
            "batches_per_epoch must be given for decay_period in epochs, received None",
        ),
        ({**RUN, "gamma": 0.0, "decay_period": "1ba"}, "gamma must be a positive number, received 0.0"),
    ],
    "CosineAnnealingScheduler": [({**RUN, "alpha_f": "0"}, "alpha_f must be a finite number, received '0'")],
    "CosineAnnealingWarmRestartsScheduler": [
        (
            {**RUN, "t_0": "10ba", "t_mult": 0.5},
            "t_mult must give cycles for 100 batches, received 0.5; the cycles come to nothing at batch 18",
        ),
    ],
    "PolynomialScheduler": [
        (
            {**RUN, "power": 0.0},
            "power must be a positive number, received 0.0; for 0 the rate of Composer never falls",
        ),
    ],
    "MultiStepWithWarmupScheduler": [
        ({**RUN, "t_warmup": "1s", "milestones": []}, f"t_warmup {NO_TIME} '1s'"),
    ],
    "ConstantWithWarmupScheduler": [({**RUN, "t_warmup": "4ba", "t_max": "0.5dur"}, TOO_SHORT)],
    "LinearWithWarmupScheduler": [({**RUN, "t_warmup": "4ba", "t_max": "50ba"}, TOO_SHORT)],
    "CosineAnnealingWithWarmupScheduler": [({**RUN, "t_warmup": "4ba", "t_max": "50ba"}, TOO_SHORT)],
    "PolynomialWithWarmupScheduler": [({**RUN, "t_warmup": "4ba", "t_max": "50ba"}, TOO_SHORT)],
}
