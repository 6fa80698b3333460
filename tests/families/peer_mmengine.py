"""How the tests draw and run the schedulers of MMEngine: on an optimizer, one step of it and then one of the scheduler."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

from beside import Call, Draw, Library, call, import_without_init, stand_in, stepped


def prepare() -> Any:
    """Imports the one module, without the rest of MMEngine."""
    import_without_init("mmengine")
    import_without_init("mmengine.optim")
    import_without_init("mmengine.optim.scheduler")
    import mmengine.optim

    mmengine.optim.BaseOptimWrapper = type("BaseOptimWrapper", (), {})
    stand_in("mmengine.logging", print_log=print)
    registry = SimpleNamespace(register_module=lambda: lambda one: one)
    stand_in("mmengine.registry", PARAM_SCHEDULERS=registry)
    import mmengine.optim.scheduler.param_scheduler as schedulers

    for name in dir(schedulers):
        if name.endswith("ParamScheduler"):
            setattr(mmengine.optim.scheduler, name, getattr(schedulers, name))
    return schedulers


def rates(one: Call, steps: int) -> Sequence[float]:
    import torch

    given = dict(one.given)
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=given.pop("base_lr", 1.0))
    name = one.name.removesuffix("LR") + "ParamScheduler"
    scheduler = getattr(prepare(), name)(optimizer, "lr", **given)
    if one.name == "OneCycleLR":  # it raises behind the run
        steps = given.get("begin", 0) + scheduler.total_steps
    return stepped(optimizer, scheduler, steps)


def on(draw: Draw, name: str, needs_end: bool, **given: Any) -> Call:
    begin = draw.choice([0, draw.count(0, 20)])
    end = {"end": begin + draw.count(1, 40)} if needs_end or draw.flag() else {}
    start = {"begin": begin} if begin else {}
    return call(name, **given, **start, **end, **draw.maybe(by_epoch=False), base_lr=draw.rate())


def gamma(draw: Draw) -> dict[str, Any]:
    return draw.maybe(gamma=draw.choice([0.5, 1.5, -0.5, draw.random()]))


def floor(draw: Draw) -> dict[str, Any]:
    return draw.choice([{"eta_min": draw.rate()}, {"eta_min_ratio": draw.choice([0.0, draw.random()])}])


def restarts(draw: Draw) -> Call:
    periods = [draw.count(1, 20) for _ in range(draw.randint(1, 4))]
    weights = {"restart_weights": [draw.uniform(0.2, 1.5) for _ in periods]}
    if len(periods) == 1 and draw.flag():
        weights = {}
    return on(draw, "CosineRestartLR", False, periods=periods, **weights, **floor(draw))


def one_cycle(draw: Draw) -> Call:
    three_phase = draw.flag()
    share = draw.uniform(0.15, 0.48) if three_phase else draw.choice([0.0, 0.3, draw.uniform(0.1, 0.9)])
    begin, total = draw.choice([0, draw.count(0, 20)]), draw.count(12, 50)
    run = draw.choice([{"total_steps": total}, {"end": begin + total}, {"total_steps": total, "end": begin + 10}])
    return call(
        "OneCycleLR",
        eta_max=draw.rate(),
        pct_start=share,
        **run,
        **({"begin": begin, "base_lr": draw.rate()} if begin else {}),
        **draw.maybe(div_factor=draw.choice([25.0, 4.0]), final_div_factor=3.0, three_phase=three_phase),
        **draw.maybe(anneal_strategy=draw.choice(["cos", "linear"])),
    )


DRAWS: dict[str, Callable[[Draw], Call]] = {
    "StepLR": lambda d: on(d, "StepLR", False, step_size=d.count(), **gamma(d)),
    "MultiStepLR": lambda d: on(
        d, "MultiStepLR", False, milestones=[d.randint(0, 40) for _ in range(d.randint(0, 4))], **gamma(d)
    ),
    "ConstantLR": lambda d: on(d, "ConstantLR", True, **d.maybe(factor=d.choice([1.0, d.rate()]))),
    "ExponentialLR": lambda d: on(d, "ExponentialLR", False, gamma=d.choice([0.9, 1.05, d.random()])),
    "CosineAnnealingLR": lambda d: on(
        d, "CosineAnnealingLR", True, **d.maybe(T_max=d.count()), **d.choice([{}, floor(d)])
    ),
    "LinearLR": lambda d: on(
        d, "LinearLR", True, **d.maybe(start_factor=d.rate(), end_factor=d.choice([0.0, d.rate()]))
    ),
    "PolyLR": lambda d: on(d, "PolyLR", True, **d.maybe(eta_min=d.rate(), power=d.choice([0.0, 0.9, 2]))),
    "CosineRestartLR": restarts,
    "OneCycleLR": one_cycle,
}

LIBRARY = Library(DRAWS, rates, calls=10, steps=80, without=("optimizer", "param_name", "last_step"), prepare=prepare)
