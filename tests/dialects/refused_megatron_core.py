"""What the scheduler of Megatron-core refuses, by its two names: arguments, and the message."""

from __future__ import annotations

from typing import Any

GIVEN = {
    "init_lr": 0.0,
    "max_lr": 1.0,
    "min_lr": 0.1,
    "lr_warmup_steps": 10,
    "lr_decay_steps": 100,
    "lr_decay_style": "cosine",
    "start_wd": 0.1,
    "end_wd": 0.2,
    "wd_incr_steps": 100,
    "wd_incr_style": "linear",
}

BOTH: list[tuple[dict[str, Any], str]] = [
    ({**GIVEN, "min_lr": 2.0}, "min_lr must not exceed max_lr, received min_lr=2.0, max_lr=1.0"),
    ({**GIVEN, "end_wd": 0.05}, "start_wd must not exceed end_wd, received start_wd=0.1, end_wd=0.05"),
    ({**GIVEN, "wd_incr_steps": 0}, "wd_incr_steps must be a positive integer, received 0"),
    (
        {**GIVEN, "override_opt_param_scheduler": True},
        "override_opt_param_scheduler must be False where use_checkpoint_opt_param_scheduler is True, as Megatron-core "
        "asks, received True",
    ),
]
"""Both functions refuse what Megatron-core does not take."""

REFUSED: dict[str, list[tuple[dict[str, Any], str]]] = {
    "OptimizerParamScheduler": [
        *BOTH,
        ({**GIVEN, "lr_warmup_steps": 100}, "lr_warmup_steps must be less than lr_decay_steps, received 100"),
        (
            {**GIVEN, "lr_decay_style": "WSD"},
            "wsd_decay_steps must be a non-negative integer, received None",
        ),
        (
            {**GIVEN, "wd_incr_style": "exponential"},
            "wd_incr_style must be one of ('constant', 'linear', 'cosine'), received 'exponential'",
        ),
    ],
    "OptimizerParamSchedulerWeightDecay": [
        *BOTH,
        (
            {**GIVEN, "wd_incr_style": "constant"},
            "start_wd must equal end_wd where wd_incr_style is 'constant', received 0.1",
        ),
    ],
}
