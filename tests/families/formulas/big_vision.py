from __future__ import annotations

import math
from typing import Any

from . import Row

PROGRAM = "big_vision"


def rate(t: int, decay_type: str, base: float, total_steps: int, warmup_steps: int, **given: Any) -> float:
    share = min(1.0, max(0.0, (t - warmup_steps) / (total_steps - warmup_steps)))
    if decay_type == "polynomial":
        found = given["end"] + (base - given["end"]) * (1.0 - share) ** given["power"]
    elif decay_type == "cosine":
        found = base * (1.0 + math.cos(math.pi * share)) / 2.0
    elif decay_type == "rsqrt":
        found = base / math.sqrt(1.0 + (max(0, t - warmup_steps) + given["shift"]) / given["timescale"])
    else:
        passed = sum(step < t + 1 for step in given["steps"])
        found = base * [1.0, *given["mults"]][passed]
    found *= min(1.0, t / warmup_steps)
    if "cooldown_steps" in given:
        found *= min(1.0, (total_steps - t) / given["cooldown_steps"])
    return found


def row(name: str, decay_type: str, native: str, **more: tuple[Any, Any]) -> Row:
    sets = [{"base": 1e-3, "total_steps": 100, "warmup_steps": 20}, {"base": 0.3, "total_steps": 9, "warmup_steps": 1}]
    numbers = [one | {name: pair[i] for name, pair in more.items()} for i, one in enumerate(sets)]
    return Row(name, native, lambda t, **given: rate(t, decay_type, **given), numbers)


WARM = "with_warmup({}, warmup_steps=warmup_steps, start_lr=0.0)"
RSQRT = "inverse_sqrt(base_lr=base, warmup_steps=warmup_steps, timescale=timescale, shift=shift)"

ROWS = [
    row(
        'decay_type "linear" or "polynomial"',
        "polynomial",
        WARM.format("polynomial(base_lr=base, end_lr=end, total_steps=total_steps - warmup_steps, power=power)"),
        end=(1e-5, 0.0),
        power=(1, 2.5),
    ),
    row(
        'decay_type "cosine"',
        "cosine",
        WARM.format("cosine(base_lr=base, min_lr=0.0, total_steps=total_steps - warmup_steps)"),
    ),
    row('decay_type "rsqrt"', "rsqrt", RSQRT, timescale=(30, 5), shift=(0, 4)),
    row(
        'decay_type "stair"',
        "stair",
        'piecewise(steps=[0, *steps], values=[base, *(base * mult for mult in mults)], interpolation="step") '
        "* linear(base_lr=0.0, end_lr=1.0, total_steps=warmup_steps)",
        steps=([10, 50, 80], [3]),
        mults=([0.5, 0.1, 0.2], [0.3]),
    ),
    row(
        'decay_type "rsqrt" with cooldown_steps, and so any other',
        "rsqrt",
        f"{RSQRT} * clipped(linear(base_lr=total_steps / cooldown_steps, "
        "end_lr=(total_steps - 2**53) / cooldown_steps, total_steps=2**53), high=1.0)",
        timescale=(30, 5),
        shift=(0, 4),
        cooldown_steps=(40, 2),
    ),
]
