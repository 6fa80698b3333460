"""What the schedulers of pytorch-scheduler refuse, by their names: arguments, and the message."""

from __future__ import annotations

from typing import Any

import lrvec

RUN = {"total_steps": 10, "base_lr": 1.0}
SHORT = {**RUN, "warmup_steps": 10}
TOO_LONG = "warmup_steps must be less than total_steps, received 10"

REFUSED: dict[str, list[tuple[dict[str, Any], str]]] = {
    "IdentityScheduler": [({"base_lr": -1.0}, "base_lr must be non-negative, received -1.0")],
    "LinearDecayScheduler": [
        (SHORT, TOO_LONG),
        ({**RUN, "min_lr": -0.1}, "min_lr must be non-negative, received -0.1"),
    ],
    "CosineWithWarmupScheduler": [(SHORT, TOO_LONG)],
    "PolynomialScheduler": [(SHORT, TOO_LONG), ({**RUN, "power": 0}, "power must be a positive number, received 0")],
    "InverseSqrtScheduler": [
        ({"warmup_steps": 0, "base_lr": 1.0}, "warmup_steps must be a positive integer, received 0"),
    ],
    "PowerDecayScheduler": [
        (SHORT, TOO_LONG),
        ({**RUN, "min_lr": 2.0}, "min_lr must not exceed base_lr, received min_lr=2.0, base_lr=1.0"),
        ({**RUN, "alpha": 1e9}, "alpha must have at most 100000 segments, received 1000000000"),
    ],
    "RexScheduler": [({"total_steps": 0, "base_lr": 1.0}, "total_steps must be a positive integer, received 0")],
    "TanhDecayScheduler": [({**RUN, "steepness": 0.0}, "steepness must be a positive number, received 0.0")],
    "KDecayScheduler": [({**RUN, "k": 0.0}, "k must be a positive number, received 0.0")],
    "ChebyshevScheduler": [({**RUN, "min_lr": -0.1}, "min_lr must be non-negative, received -0.1")],
    "HyperbolicLRScheduler": [
        (
            {**RUN, "upper_bound": 9},
            "total_steps must not exceed upper_bound, received total_steps=10, upper_bound=9",
        ),
        ({**SHORT, "upper_bound": 10}, TOO_LONG),
    ],
    "SlantedTriangularScheduler": [
        (
            {**RUN, "ratio": 0.5},
            "ratio must be at least 1, received 0.5; pytorch-scheduler cuts the curve off at base_lr",
        ),
        ({**RUN, "cut_frac": 1.0}, "cut_frac must satisfy 0 < cut_frac < 1, received 1.0"),
    ],
    "FlatCosineScheduler": [({**RUN, "flat_fraction": 1.0}, "flat_fraction must be less than 1, received 1.0")],
    "WSDScheduler": [
        (
            {**RUN, "warmup_steps": 5, "stable_steps": 5},
            "warmup_steps + stable_steps must be less than total_steps, received 10",
        ),
        (
            {**RUN, "warmup_steps": 5, "stable_steps": 3, "decay_type": "power"},
            "decay_type must be one of ('cosine', 'linear', 'sqrt'), received 'power'",
        ),
    ],
    "WarmupHoldCosineScheduler": [
        (
            {**RUN, "warmup_steps": 5, "hold_steps": 5},
            "warmup_steps + hold_steps must be less than total_steps, received 10",
        ),
    ],
    "TrapezoidalScheduler": [
        (
            {**RUN, "warmup_steps": 5, "decay_steps": 6},
            "warmup_steps + decay_steps must not exceed total_steps, "
            "received warmup_steps=5, decay_steps=6, total_steps=10",
        ),
    ],
    "WarmupScheduler": [
        *(
            (
                {"base_scheduler": one, "warmup_steps": 3, "base_lr": 1.0},
                "the base_lr of base_scheduler must be 1.0, received 0.5; in the library both begin with the rate that the optimizer has",
            )
            for one in (lrvec.constant(lr=0.5), lrvec.rex(base_lr=0.5, min_lr=0.0, total_steps=9, beta=0.5))
        ),
        (
            {"base_scheduler": 0.5, "warmup_steps": 3, "base_lr": 1.0},
            "base_scheduler must be a schedule or another callable from a step to a rate, received 0.5",
        ),
        (
            {"base_scheduler": lrvec.constant(lr=1.0), "warmup_steps": 3, "warmup_type": "log", "base_lr": 1.0},
            "warmup_type must be one of ('linear', 'cosine', 'exponential'), received 'log'",
        ),
    ],
    "CosineAnnealingWarmupRestarts": [
        (
            {"first_cycle_steps": 5, "warmup_steps": 5},
            "warmup_steps must be less than first_cycle_steps, received 5",
        ),
        (
            {"first_cycle_steps": 5, "max_lr": 0.1, "min_lr": 0.2},
            "min_lr must not exceed max_lr, received min_lr=0.2, max_lr=0.1",
        ),
        (
            {"first_cycle_steps": 5, "cycle_mult": 0.5},
            "cycle_mult must be at least 1, received 0.5; the library does not come to an end",
        ),
    ],
}
