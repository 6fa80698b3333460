from __future__ import annotations

import numpy as np

from . import Row

PROGRAM = "Catalyst"


def in_lines(
    t: int, first: float, second: float, third: float, last: float, warmup_steps: int, annealing: int, decay_steps: int
) -> float:
    lines = [(first, second, warmup_steps), (second, third, annealing), (third, last, decay_steps)]
    table = np.concatenate([np.linspace(*line) for line in lines])
    return float(table[t]) if t < len(table) else last


def row(name: str, first: str, second: str, third: str, last: str) -> Row:
    values = [(1e-3, 0.1, 0.01, 1e-4), (0.5, 2.0, 0.25, 0.1)]
    steps = [
        {"warmup_steps": 10, "annealing": 60, "decay_steps": 20},
        {"warmup_steps": 2, "annealing": 2, "decay_steps": 5},
    ]
    names = (first, second, third, last)
    lines = [(first, second, "warmup_steps"), (second, third, "annealing"), (third, last, "decay_steps")]
    phases = "".join(f"({n}, linear(base_lr={a}, end_lr={b}, total_steps={n} - 1)), " for a, b, n in lines)
    return Row(
        name,
        f"join([{phases}constant(lr={last})])",
        lambda t, **given: in_lines(t, *(given.pop(one) for one in names), **given),
        [dict(zip(names, four, strict=True)) | counts for four, counts in zip(values, steps, strict=True)],
        note="annealing = num_steps - warmup_steps - decay_steps; each line has both of its ends",
    )


ROWS = [
    row("OneCycleLRWithWarmup", "init_lr", "max_lr", "min_lr", "final_lr"),
    row("OneCycleLRWithWarmup, the momentum", "init_momentum", "min_momentum", "max_momentum", "final_momentum"),
]
