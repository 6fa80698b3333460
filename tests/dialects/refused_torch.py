"""What the schedulers of torch refuse, by their names: arguments, and the message."""

from __future__ import annotations

import math
from typing import Any

import lrvec

ON = {"base_lr": 1.0}
CYCLIC = {"base_lr": 0.1, "max_lr": 1.0}

REFUSED: dict[str, list[tuple[dict[str, Any], str]]] = {
    "LambdaLR": [
        (
            {"lr_lambda": 0.5, **ON},
            "lr_lambda must be a schedule or another callable from a step to a rate, received 0.5",
        ),
    ],
    "StepLR": [
        ({"step_size": 0, **ON}, "step_size must be a positive integer, received 0"),
        ({"step_size": 2, "gamma": math.nan, **ON}, "gamma must be a finite number, received nan"),
        ({"step_size": 2}, "StepLR() missing 1 required keyword-only argument: 'base_lr'"),
    ],
    "MultiStepLR": [
        ({"milestones": [2.5], **ON}, "milestones[0] must be a non-negative integer, received 2.5"),
        ({"milestones": 3, **ON}, "milestones must be a sequence, received 3"),
    ],
    "ConstantLR": [
        (
            {"factor": 0, **ON},
            "factor must satisfy 0 < factor <= 1, received 0; torch refuses a factor outside 0 to 1, and divides by it",
        ),
        (
            {"total_iters": 0, **ON},
            "total_iters must be a positive integer, received 0; for 0 torch keeps the factor for ever",
        ),
    ],
    "LinearLR": [
        ({"start_factor": 0, **ON}, "start_factor must satisfy 0 < start_factor <= 1, received 0"),
        ({"end_factor": 1.5, **ON}, "end_factor must satisfy 0 <= end_factor <= 1, received 1.5"),
        ({"end_factor": -0.5, **ON}, "end_factor must satisfy 0 <= end_factor <= 1, received -0.5"),
        (
            {"total_iters": 0, **ON},
            "total_iters must be a positive integer, received 0; for 0 torch keeps start_factor for ever",
        ),
    ],
    "ExponentialLR": [({"gamma": "0.9", **ON}, "gamma must be a finite number, received '0.9'")],
    "PolynomialLR": [
        (
            {"total_iters": 0, **ON},
            "total_iters must be a positive integer, received 0; for 0 torch keeps the optimizer's rate for ever",
        ),
        ({"power": -1, **ON}, "power must be non-negative, received -1"),
    ],
    "CosineAnnealingLR": [({"T_max": 0, **ON}, "T_max must be a positive integer, received 0")],
    "CosineAnnealingWarmRestarts": [
        ({"T_0": 0, **ON}, "T_0 must be a positive integer, received 0"),
        ({"T_0": 1, "T_mult": 1.5, **ON}, "T_mult must be a positive integer, received 1.5"),
    ],
    "CyclicLR": [
        (
            {"mode": "square", **CYCLIC},
            "mode must be one of ('triangular', 'triangular2', 'exp_range'), received 'square'",
        ),
        (
            {"scale_fn": 1.0, **CYCLIC},
            "scale_fn must be None, and the curve a product of schedules, received 1.0; a function of the user's own is no value",
        ),
        ({"step_size_down": 0, **CYCLIC}, "step_size_down must be a positive integer, received 0"),
    ],
    "CyclicMomentum": [
        (
            {"cycle_momentum": False, **CYCLIC},
            "cycle_momentum must be True, received False; torch then leaves the momentum alone",
        ),
        ({"max_momentum": 1.5, **CYCLIC}, "max_momentum must satisfy 0 <= max_momentum <= 1, received 1.5"),
    ],
    "OneCycleLR": [
        ({"max_lr": 1.0}, "epochs must be given for a run without total_steps, received None"),
        ({"max_lr": 1.0, "epochs": 3}, "steps_per_epoch must be given for a run without total_steps, received None"),
        (
            {"max_lr": 1.0, "total_steps": 10, "pct_start": 0.1},
            "pct_start must give each phase some length, received 0.1; torch divides by the length of each phase",
        ),
        (
            {"max_lr": 1.0, "total_steps": 10, "pct_start": 1.5},
            "pct_start must satisfy 0 <= pct_start <= 1, received 1.5",
        ),
        ({"max_lr": 1.0, "total_steps": 10, "div_factor": 0}, "div_factor must be a positive number, received 0"),
    ],
    "OneCycleMomentum": [
        (
            {"max_lr": 1.0, "total_steps": 10, "cycle_momentum": False},
            "cycle_momentum must be True, received False; torch then leaves the momentum alone",
        ),
        (
            {"max_lr": 1.0, "total_steps": 10, "pct_start": 0.6, "three_phase": True},
            "pct_start must give each phase some length, received 0.6; torch divides by the length of each phase",
        ),
    ],
    "SWALR": [
        ({"swa_lr": 0.1, "anneal_epochs": -1, **ON}, "anneal_epochs must be a non-negative integer, received -1"),
        (
            {"swa_lr": 0.1, "anneal_strategy": "cosine", **ON},
            "anneal_strategy must be one of ('cos', 'linear'), received 'cosine'",
        ),
    ],
    "SequentialLR": [
        (
            {"schedulers": [lrvec.constant(lr=1.0)], "milestones": [3]},
            "milestones must have one item less than schedulers, received 1 for 1",
        ),
        (
            {"schedulers": [lrvec.constant(lr=1.0)] * 3, "milestones": [3, 2]},
            "milestones must be in ascending order, received [3, 2]; torch would leave a schedule out",
        ),
    ],
    "ChainedScheduler": [
        ({"schedulers": [], **ON}, "schedulers must hold at least one schedule, received none"),
        (
            {"schedulers": [lrvec.cosine(base_lr=1.0, min_lr=0.0, total_steps=2)], **ON},
            "schedulers[0] must be StepLR, MultiStepLR, ConstantLR, LinearLR, ExponentialLR or PolynomialLR, "
            "received cosine(base_lr=1.0, min_lr=0.0, total_steps=2); "
            "torch goes on from another scheduler's rate there, so the rate is no function of the step alone",
        ),
        (
            {"schedulers": [lrvec.exponential(base_lr=1.0, gamma=0.5)], "base_lr": 0.0},
            "base_lr must be a positive number, received 0.0",
        ),
        (
            {"schedulers": [lrvec.exponential(base_lr=1.0, gamma=0.5)], "base_lr": 0.5},
            "the base_lr of schedulers[0] must be 0.5, received 1.0; "
            "torch has one rate in the optimizer, which all schedulers begin with",
        ),
    ],
}
