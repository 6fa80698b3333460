"""How the tests draw and run the schedulers of Axolotl: on an optimizer, one step of it and then one of the scheduler."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any

from beside import Call, Draw, Library, call, import_without_init, stepped


def prepare() -> Any:
    """Imports the one module, without the trainers."""
    import_without_init("axolotl")
    import_without_init("axolotl.utils")
    import axolotl.utils.schedulers

    return axolotl.utils.schedulers


def lr_of(one: Call) -> float:
    """The rate that the optimizer has."""
    inner = one.given.get("inner_schedule")
    found: float = lr_of(inner) if isinstance(inner, Call) else one.given.get("lr", 1.0)
    return found


def rates(one: Call, steps: int) -> Sequence[float]:
    import torch

    optimizer = torch.optim.SGD([torch.zeros(1)], lr=lr_of(one))

    def made(name: str, given: dict[str, Any]) -> Any:
        return getattr(prepare(), name)(optimizer, **{key: value for key, value in given.items() if key != "lr"})

    with warnings.catch_warnings():  # of a step of the scheduler's own, made when it was
        warnings.simplefilter("ignore")
        return stepped(optimizer, one.made(made), steps)


def on(draw: Draw, name: str, **given: Any) -> Call:
    return call(name, **given, lr=draw.rate())


def rex(draw: Draw) -> Call:
    max_lr, warmup = draw.rate(), draw.count(0, 15)
    total = warmup + draw.count(0, 40)
    lr = draw.choice([max_lr, draw.rate()])
    given = {"max_lr": max_lr, "min_lr": max_lr * draw.choice([0.0, 1.0, draw.random()])}
    return call("RexLR", **given, total_steps=total, num_warmup_steps=warmup, lr=lr)


def run(draw: Draw) -> dict[str, Any]:
    warmup = draw.count(0, 15)
    return {"num_warmup_steps": warmup, "num_training_steps": warmup + 2 * draw.count(1, 20)}


def cycles(draw: Draw) -> dict[str, Any]:
    """Waves that turn at whole steps."""
    return draw.maybe(num_cycles=draw.choice([0.5, 0.25, 1.0]))


def decay_constant(draw: Draw) -> Call:
    warmup = draw.count(0, 15)
    steps = warmup + 2 * draw.count(1, 15)
    total = steps + draw.count(0, 15)
    given = {
        "num_warmup_steps": warmup,
        "num_training_steps": total,
        "constant_lr_ratio": (steps + 0.5) / (total + 0.5),
    }
    if int(total * given["constant_lr_ratio"]) != steps:
        given |= {"num_training_steps": steps, "constant_lr_ratio": 1.0}
    name = "get_cosine_schedule_with_warmup_decay_constant"
    return on(draw, name, **given, min_lr_ratio=draw.choice([0.0, draw.random()]), **cycles(draw))


def quadratic(draw: Draw) -> Call:
    return on(draw, "get_cosine_schedule_with_quadratic_warmup", **run(draw), **cycles(draw))


def with_min_lr(draw: Draw) -> Call:
    return on(draw, "get_cosine_schedule_with_min_lr", **run(draw), **draw.maybe(min_lr_ratio=draw.random()))


def jagged(draw: Draw) -> Call:
    up, down = draw.count(0, 8), draw.count(1, 8)
    return call(
        "JaggedLRRestartScheduler",
        inner_schedule=draw.choice([quadratic, with_min_lr])(draw),
        jagged_restart_steps=up + down + draw.count(0, 10),
        jagged_restart_warmup_steps=up,
        **({"jagged_restart_anneal_steps": down} if down > 1 else {}),
        **draw.maybe(min_lr_scale=draw.choice([0.0, draw.random()])),
    )


DRAWS: dict[str, Callable[[Draw], Call]] = {
    "RexLR": rex,
    "InterpolatingLogScheduler": lambda draw: call(
        "InterpolatingLogScheduler", num_steps=draw.count(2, 50), min_lr=draw.rate(), max_lr=draw.rate()
    ),
    "get_cosine_schedule_with_quadratic_warmup": quadratic,
    "get_cosine_schedule_with_min_lr": with_min_lr,
    "get_cosine_schedule_with_warmup_decay_constant": decay_constant,
    "JaggedLRRestartScheduler": jagged,
}

LIBRARY = Library(DRAWS, rates, calls=10, steps=80, without=("optimizer", "last_epoch", "last_step"), prepare=prepare)
