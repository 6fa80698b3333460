from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from beside import import_without_init, stand_in, stepped

from . import Row

PROGRAM = "Catalyst"
PACKAGE = "catalyst"


def run_of(quantity: str) -> Callable[..., Sequence[float]]:
    """Returns a function that steps Catalyst's own scheduler behind an optimizer's steps, and tells the rates or momenta."""

    def run(steps: int, warmup_steps: int, annealing: int, decay_steps: int, **ends: float) -> Sequence[float]:
        import torch

        def set_momentum(optimizer: Any, momentum: float, index: int) -> None:
            optimizer.param_groups[index]["momentum"] = momentum

        for package in ("catalyst", "catalyst.contrib", "catalyst.contrib.nn", "catalyst.contrib.nn.schedulers"):
            import_without_init(package)
        stand_in("catalyst.utils")
        stand_in("catalyst.utils.torch", get_optimizer_momentum=None, set_optimizer_momentum=set_momentum)
        from catalyst.contrib.nn.schedulers.onecycle import OneCycleLRWithWarmup

        optimizer = torch.optim.SGD([torch.zeros(1)], lr=1.0, momentum=0.5)
        first, *others = ends.values()
        ranges = {"init_lr": 1.0, "init_momentum": 0.5, f"init_{quantity}": first, f"{quantity}_range": others}
        counts = {
            "num_steps": warmup_steps + annealing + decay_steps,
            "warmup_steps": warmup_steps,
            "decay_steps": decay_steps,
        }
        scheduler = OneCycleLRWithWarmup(optimizer, **counts, **ranges)
        return stepped(optimizer, scheduler, steps, quantity)

    return run


def in_lines(
    t: int, first: float, second: float, third: float, last: float, warmup_steps: int, annealing: int, decay_steps: int
) -> float:
    lines = [(first, second, warmup_steps), (second, third, annealing), (third, last, decay_steps)]
    table = np.concatenate([np.linspace(*line) for line in lines])
    return float(table[t]) if t < len(table) else last


def row(name: str, quantity: str, first: str, second: str, third: str, last: str) -> Row:
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
        note="annealing = num_steps - warmup_steps - decay_steps; each line includes both of its ends",
        run=run_of(quantity),
    )


ROWS = [
    row("OneCycleLRWithWarmup", "lr", "init_lr", "max_lr", "min_lr", "final_lr"),
    row(
        "OneCycleLRWithWarmup, the momentum",
        "momentum",
        "init_momentum",
        "min_momentum",
        "max_momentum",
        "final_momentum",
    ),
]
