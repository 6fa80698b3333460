"""What the schedulers of timm refuse, by their names: arguments, and the message."""

from __future__ import annotations

from typing import Any

CYCLES = {"t_initial": 10, "base_lr": 1.0}
WSD = {"t_initial": 10, "decay_t": 4, "base_lr": 1.0}
NOISE = "must be None, received 5; timm draws noise from a generator of torch at each step"
BETWEEN = (
    "cycle_mul must be whole, received 1.5; "
    "the cycles of timm begin between steps, where lrvec has no values of this curve"
)

REFUSED: dict[str, list[tuple[dict[str, Any], str]]] = {
    "CosineLRScheduler": [
        ({**CYCLES, "t_initial": 0}, "t_initial must be a positive integer, received 0"),
        ({**CYCLES, "lr_min": -0.1}, "lr_min must be non-negative, received -0.1"),
        (
            {**CYCLES, "cycle_mul": 0.5},
            "cycle_mul must be at least 1, received 0.5; timm has no rate from step t_initial / (1 - cycle_mul) on",
        ),
        ({**CYCLES, "cycle_mul": 1.5, "cycle_limit": 2, "k_decay": 0.5}, BETWEEN),
        (
            {**CYCLES, "k_decay": 0},
            "k_decay must be a positive number, received 0; for 0 the rate of timm is `lr_min` at once",
        ),
        ({**CYCLES, "noise_range_t": 5}, f"noise_range_t {NOISE}"),
    ],
    "TanhLRScheduler": [
        ({**CYCLES, "cycle_mul": 1.5, "cycle_limit": 2}, BETWEEN),
        ({**CYCLES, "lb": 3.0}, "lb must be less than ub, received 3.0"),
        ({**CYCLES, "cycle_limit": -1}, "cycle_limit must be a non-negative integer, received -1"),
        ({**CYCLES, "warmup_lr_init": -0.5}, "warmup_lr_init must be non-negative, received -0.5"),
    ],
    "PolyLRScheduler": [
        (
            {**CYCLES, "power": 0},
            "power must be a positive number, received 0; for 0 the rate of timm falls behind the last step",
        ),
        (
            {**CYCLES, "k_decay": 1.5},
            "power must be whole where k_decay is neither 1 nor 2, received 0.5; "
            "lrvec has no other curve of 1 - u^k",
        ),
    ],
    "StepLRScheduler": [({"decay_t": 0.5, "base_lr": 1.0}, "decay_t must be at least 1, received 0.5")],
    "MultiStepLRScheduler": [
        (
            {"decay_t": [6, 3], "base_lr": 1.0},
            "decay_t must be in ascending order, received [6, 3]; timm looks for the step by bisection",
        ),
        ({"decay_t": [2.5], "base_lr": 1.0}, "decay_t[0] must be a non-negative integer, received 2.5"),
    ],
    "WSDLRScheduler": [
        ({**WSD, "decay_t": 11}, "decay_t must not exceed t_initial, received decay_t=11, t_initial=10"),
        ({**WSD, "lr_min": 2.0}, "lr_min must not exceed base_lr, received lr_min=2.0, base_lr=1.0"),
        (
            {**WSD, "stable_fn": "rsqrt"},
            "stable_timescale must be given for a tail without a warmup, received None",
        ),
        ({**WSD, "decay_ratio": 1.0}, "decay_ratio must satisfy 0 < decay_ratio < 1, received 1.0"),
        (
            {**WSD, "decay_fn": "sqrt"},
            "decay_fn must be one of ('linear', '1-sqrt', 'cosine', 'power', 'exp'), received 'sqrt'",
        ),
    ],
    "create_scheduler_v2": [
        (
            {"sched": "poly", "decay_rate": 0.5, "k_decay": 0.5, "base_lr": 1.0},
            "decay_rate must be whole where k_decay is neither 1 nor 2, received 0.5; lrvec has no other curve of 1 - u^k",
        ),
        (
            {"sched": "poly", "decay_rate": -1.0, "base_lr": 1.0},
            "decay_rate must be a positive number, received -1.0; for 0 the rate of timm falls behind the last step",
        ),
        (
            {"sched": "plateau", "base_lr": 1.0},
            "sched must be one of ('cosine', 'tanh', 'step', 'constant', 'multistep', 'poly', 'wsd', 'rsqrt', 'none'), "
            "received 'plateau'",
        ),
        ({"step_on_epochs": False, "base_lr": 1.0}, "updates_per_epoch must be a positive integer, received 0"),
        ({"noise": 5, "base_lr": 1.0}, f"noise {NOISE}"),
        (
            {"sched": "wsd", "num_epochs": 5, "warmup_epochs": 5, "base_lr": 1.0},
            "warmup_epochs must be less than num_epochs, received 5",
        ),
        (
            {"sched": "wsd", "num_epochs": 5, "decay_epochs": 6, "base_lr": 1.0},
            "decay_epochs must give a decay of 1 to 5 steps, received 6.0; it would be 6 long",
        ),
    ],
}
