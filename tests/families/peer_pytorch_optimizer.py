"""How the tests draw and run the schedules of pytorch-optimizer: some by their own steps, some on an optimizer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from beside import Call, Draw, Library, call, import_without_init, stepped

MODULES = {
    "LinearScheduler": "linear_warmup",
    "CosineScheduler": "linear_warmup",
    "PolyScheduler": "linear_warmup",
    "REXScheduler": "rex",
    "ProportionScheduler": "proportion",
    "get_wsd_schedule": "wsd",
    "CosineAnnealingWarmupRestarts": "cosine_anealing",
    "get_chebyshev_schedule": "chebyshev",
}


def prepare() -> None:
    """Imports the modules of the schedules, without the optimizers."""
    import_without_init("pytorch_optimizer")
    import_without_init("pytorch_optimizer.lr_scheduler")
    for module in MODULES.values():
        __import__(f"pytorch_optimizer.lr_scheduler.{module}")


def rates(one: Call, steps: int) -> Sequence[float]:
    import sys

    import torch

    prepare()
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=one.given.get("lr", 1.0))

    def made(name: str, given: dict[str, Any]) -> Any:
        found = getattr(sys.modules[f"pytorch_optimizer.lr_scheduler.{MODULES[name]}"], name)
        given = {key: value for key, value in given.items() if key != "lr"}
        return found(**given) if name == "ProportionScheduler" else found(optimizer, **given)

    scheduler, found = one.made(made), []
    if one.name in ("LinearScheduler", "CosineScheduler", "PolyScheduler", "REXScheduler", "ProportionScheduler"):
        if one.name == "LinearScheduler":  # it goes on below the last rate
            steps = one.given["t_max"] + 1
        for _ in range(steps):
            if one.name == "ProportionScheduler":
                scheduler.lr_scheduler.step()
            found.append(float(scheduler.step()))
        return found
    return stepped(optimizer, scheduler, steps)


def ramp(name: str) -> Callable[[Draw], Call]:
    def drawn(draw: Draw) -> Call:
        warmup = draw.count(0, 15)
        more = draw.maybe(min_lr=draw.rate(), init_lr=draw.rate())
        return call(name, t_max=warmup + draw.count(), max_lr=draw.rate(), warmup_steps=warmup, **more)

    return drawn


def poly(draw: Draw) -> Call:
    given = {**ramp("PolyScheduler")(draw).given, **draw.maybe(poly_order=draw.choice([1, 2.0, draw.random() + 0.1]))}
    return Call("PolyScheduler", given)


def rex(draw: Draw) -> Call:
    return call("REXScheduler", total_steps=draw.count(), **draw.maybe(max_lr=draw.rate(), min_lr=draw.rate()))


def proportion(draw: Draw) -> Call:
    min_lr = draw.rate()
    values = draw.maybe(max_value=draw.rate(), min_value=draw.rate())
    return call(
        "ProportionScheduler",
        lr_scheduler=draw.choice([ramp("CosineScheduler"), rex])(draw),
        min_lr=min_lr,
        max_lr=min_lr + draw.choice([-0.001, 0.5, draw.rate()]),
        **values,
    )


def wsd(draw: Draw) -> Call:
    kinds = draw.maybe(
        cooldown_type=draw.choice(["cosine", "1-sqrt", "linear", "1-square"]), min_lr_ratio=draw.random()
    )
    return call(
        "get_wsd_schedule",
        num_warmup_steps=draw.count(0, 15),
        num_stable_steps=draw.count(0, 15),
        num_decay_steps=2 * draw.count(0, 15),
        **kinds,
        **draw.maybe(num_cycles=draw.choice([0.5, 1.0])),
        lr=draw.rate(),
    )


def restarts(draw: Draw) -> Call:
    warmup = draw.count(0, 8)
    return call(
        "CosineAnnealingWarmupRestarts",
        first_cycle_steps=warmup + draw.count(4, 20),
        warmup_steps=warmup,
        **draw.maybe(max_lr=draw.rate(), min_lr=draw.rate(), cycle_mult=draw.choice([1.0, 2, 1.3])),
        **draw.maybe(gamma=draw.choice([1.0, 0.5])),
    )


def chebyshev(draw: Draw) -> Call:
    return call(
        "get_chebyshev_schedule", num_epochs=draw.count(1, 70), **draw.maybe(is_warmup=draw.flag()), lr=draw.rate()
    )


DRAWS: dict[str, Callable[[Draw], Call]] = {
    "LinearScheduler": ramp("LinearScheduler"),
    "CosineScheduler": ramp("CosineScheduler"),
    "PolyScheduler": poly,
    "REXScheduler": rex,
    "ProportionScheduler": proportion,
    "get_wsd_schedule": wsd,
    "CosineAnnealingWarmupRestarts": restarts,
    "get_chebyshev_schedule": chebyshev,
}

LIBRARY = Library(DRAWS, rates, calls=12, steps=90, without=("optimizer", "last_epoch", "kwargs"), prepare=prepare)
