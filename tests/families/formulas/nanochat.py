from __future__ import annotations

import math

from . import Row

PROGRAM = "nanochat"


def multiplier(t: int, warmup_steps: int, warmdown_iters: int, num_iterations: int, final_lr_frac: float) -> float:
    if t < warmup_steps:
        return (t + 1) / warmup_steps
    if t <= num_iterations - warmdown_iters:
        return 1.0
    left = (num_iterations - t) / warmdown_iters
    return left + (1.0 - left) * final_lr_frac


def momentum(t: int, warmdown_iters: int, num_iterations: int) -> float:
    begin = num_iterations - warmdown_iters
    if t < 400:
        return 0.85 + (0.97 - 0.85) * (t / 400)
    return 0.97 if t < begin else 0.97 + (0.90 - 0.97) * ((t - begin) / warmdown_iters)


def weight_decay(t: int, weight_decay: float, num_iterations: int) -> float:
    return weight_decay * (1.0 + math.cos(math.pi * t / num_iterations)) / 2.0


def by_progress(t: int, warmup_ratio: float, warmdown_ratio: float, final_lr_frac: float, num_iterations: int) -> float:
    progress = min(1.0, t / num_iterations)
    if progress < warmup_ratio:
        return (progress + 1e-8) / warmup_ratio
    if progress <= 1.0 - warmdown_ratio:
        return 1.0
    return 1.0 + (final_lr_frac - 1.0) * (progress - (1.0 - warmdown_ratio)) / warmdown_ratio


ROWS = [
    Row(
        "base_train, get_lr_multiplier",
        "join([(warmup_steps - 1, linear(base_lr=1.0 / warmup_steps, end_lr=1.0, total_steps=warmup_steps - 1)), "
        "(num_iterations - warmdown_iters - warmup_steps + 1, constant(lr=1.0)), "
        "linear(base_lr=1.0, end_lr=1.0 - (1.0 - final_lr_frac) / warmdown_iters * 2**53, total_steps=2**53)])",
        multiplier,
        [
            {"warmup_steps": 12, "warmdown_iters": 50, "num_iterations": 100, "final_lr_frac": 0.05},
            {"warmup_steps": 2, "warmdown_iters": 98, "num_iterations": 100, "final_lr_frac": 0.0},
        ],
        note="after the run the line goes on",
    ),
    Row(
        "base_train, get_muon_momentum",
        "join([(400, linear(base_lr=0.85, end_lr=0.97, total_steps=400)), "
        "(num_iterations - warmdown_iters - 400, constant(lr=0.97)), "
        "linear(base_lr=0.97, end_lr=0.97 - 0.07 / warmdown_iters * 2**53, total_steps=2**53)])",
        momentum,
        [{"warmdown_iters": 300, "num_iterations": 1000}, {"warmdown_iters": 100, "num_iterations": 500}],
        note="after the run the line goes on",
        steps=1100,
    ),
    Row(
        "base_train, get_weight_decay",
        "mirrored(cosine(base_lr=weight_decay, min_lr=0.0, total_steps=num_iterations), length=num_iterations)",
        weight_decay,
        [{"weight_decay": 0.2, "num_iterations": 50}, {"weight_decay": 0.1, "num_iterations": 7}],
    ),
    Row(
        "chat_sft, get_lr_multiplier",
        "replace_after(linear(base_lr=1e-8 / warmup_ratio, end_lr=(1.0 + 1e-8) / warmup_ratio, "
        "total_steps=num_iterations), step=math.ceil(warmup_ratio * num_iterations), "
        "other=piecewise(steps=[(1.0 - warmdown_ratio) * num_iterations, num_iterations], values=[1.0, final_lr_frac]))",
        by_progress,
        [
            {"warmup_ratio": 0.125, "warmdown_ratio": 0.375, "final_lr_frac": 0.1, "num_iterations": 100},
            {"warmup_ratio": 0.25, "warmdown_ratio": 0.5, "final_lr_frac": 0.0, "num_iterations": 11},
        ],
        note="if the progress is counted in steps; after the run the rate stays, while the script ends",
    ),
    Row(
        "chat_rl, get_lr_multiplier",
        "linear(base_lr=1.0, end_lr=1.0 - 2**53 / num_steps, total_steps=2**53)",
        lambda t, num_steps: 1.0 - t / num_steps,
        [{"num_steps": 100}, {"num_steps": 7}],
        note="after the run the line goes on below 0",
    ),
]
