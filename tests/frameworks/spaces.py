"""This module has search spaces of many forms, and what a trial suggests for them."""

from __future__ import annotations

from typing import Any

import optuna
from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution

import lrvec
from lrvec.search import suggest

RATE = FloatDistribution(1e-4, 1.0, log=True)
SHARE = FloatDistribution(0.25, 0.75)
TENTHS = FloatDistribution(0.1, 0.9, step=0.2)
COUNT = IntDistribution(1, 64)
ODD = IntDistribution(101, 999, step=2)
DECADES = IntDistribution(1, 10_000, log=True)
WORD = CategoricalDistribution(["linear", "1-sqrt"])
FLAG = CategoricalDistribution([False, True])
NUMBER = CategoricalDistribution([0.0, 1e-5, 1e-4])

KINDS_OF_DECAY: dict[str, Any] = {
    "cosine": {"min_lr": NUMBER},
    "polynomial": {"end_lr": 0.0, "power": TENTHS},
    "warmup_stable_decay": {
        "warmup_steps": 0,
        "decay_steps": COUNT,
        "final_lr": 0.0,
        "warmup_start": 0.0,
        "decay_shape": WORD,
    },
    "base_lr": RATE,
    "total_steps": ODD,
}

SPACES: dict[str, tuple[Any, dict[str, Any]]] = {
    "cosine": (lrvec.cosine, {"base_lr": RATE, "min_lr": NUMBER, "total_steps": DECADES}),
    "one_cycle": (
        lrvec.one_cycle,
        {"max_lr": RATE, "total_steps": ODD, "pct_start": TENTHS, "initial_div": 25.0, "final_div": 1e4},
    ),
    "flags": (
        lrvec.inverse_time,
        {"base_lr": RATE, "decay_rate": SHARE, "decay_steps": ODD, "staircase": FLAG},
    ),
    "multi_step": (lrvec.multi_step, {"base_lr": RATE, "milestones": [COUNT, 70, ODD], "gamma": SHARE}),
    "words": (
        lrvec.warmup_stable_decay,
        {**KINDS_OF_DECAY["warmup_stable_decay"], "base_lr": RATE, "total_steps": ODD},
    ),
    "a kind alone": ({"linear": {"end_lr": NUMBER}, "base_lr": RATE}, {"total_steps": DECADES}),
    "kinds": (KINDS_OF_DECAY, {}),
    "warm": (
        lrvec.with_warmup,
        {
            "schedule": {"linear": {"base_lr": RATE, "end_lr": 0.0, "total_steps": ODD}},
            "warmup_steps": COUNT,
            "start_lr": 0.0,
        },
    ),
    "warm kinds": (lrvec.with_warmup, {"schedule": KINDS_OF_DECAY, "warmup_steps": DECADES, "start_lr": 0.0}),
    "phases": (
        lrvec.sequential,
        {"phases": [(COUNT, {"linear": {"base_lr": 0.0, "end_lr": RATE, "total_steps": 64}}), (ODD, KINDS_OF_DECAY)]},
    ),
    "a factory of one's own": (
        lambda peak, share: lrvec.cosine(
            base_lr=peak, min_lr=peak * share if share > 0.5 else 0.0, total_steps=int(1000 * share)
        ),
        {"peak": RATE, "share": SHARE},
    ),
}


def asked_of(
    factory: Any, parameters: dict[str, Any], trial: Any, prefix: str = ""
) -> tuple[Any, dict[str, BaseDistribution]]:
    schedule = suggest(trial, factory, prefix, **parameters)
    return schedule, dict(trial.distributions)


def random_trial(seed: int) -> optuna.Trial:
    return optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=seed)).ask()
