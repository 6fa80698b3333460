"""How the tests draw and run the schedulers of torch: on an optimizer, one step of it and then one of the scheduler."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from beside import Call, Draw, Library, call, stepped

import lrvec

ORIGINALS = {"CyclicMomentum": "CyclicLR", "OneCycleMomentum": "OneCycleLR"}


def base_lr_of(one: Call) -> float:
    """The rate that the optimizer has: all schedulers within a call were drawn for the same one."""
    if "schedulers" in one.given:
        return base_lr_of(one.given["schedulers"][0])
    found: float = one.given.get("base_lr", 1.0)
    return found


def rates(one: Call, steps: int) -> Sequence[float]:
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=base_lr_of(one), momentum=0.5)

    def made(name: str, given: dict[str, Any]) -> Any:
        name = ORIGINALS.get(name, name)
        scheduler = getattr(torch.optim.lr_scheduler, name, None) or getattr(torch.optim.swa_utils, name)
        if name != "CyclicLR":
            given.pop("base_lr", None)
        return scheduler(**given) if name == "ChainedScheduler" else scheduler(optimizer, **given)

    scheduler = one.made(made)
    steps = min(steps, getattr(scheduler, "total_steps", steps))
    return stepped(optimizer, scheduler, steps, "momentum" if one.name.endswith("Momentum") else "lr")


def on(draw: Draw, name: str, **given: Any) -> Call:
    return call(name, **given, base_lr=draw.rate())


def lambda_lr(draw: Draw) -> Call:
    return on(draw, "LambdaLR", lr_lambda=lrvec.cosine(base_lr=1.0, min_lr=draw.rate(), total_steps=draw.count()))


def step_lr(draw: Draw) -> Call:
    return on(draw, "StepLR", step_size=draw.count(), **draw.maybe(gamma=draw.choice([0.5, 1.1, -0.5, draw.random()])))


def multi_step_lr(draw: Draw) -> Call:
    milestones = [draw.count(0, 60) for _ in range(draw.randint(0, 5))]
    return on(draw, "MultiStepLR", milestones=milestones, **draw.maybe(gamma=draw.choice([0.5, 1.5, draw.random()])))


def constant_lr(draw: Draw) -> Call:
    return on(draw, "ConstantLR", **draw.maybe(factor=draw.choice([1.0, draw.rate()]), total_iters=draw.count()))


def linear_lr(draw: Draw) -> Call:
    given = draw.maybe(start_factor=draw.rate(), end_factor=draw.choice([0.0, draw.rate()]), total_iters=draw.count())
    return on(draw, "LinearLR", **given)


def exponential_lr(draw: Draw) -> Call:
    return on(draw, "ExponentialLR", gamma=draw.choice([0.9, 1.0, 1.05, draw.random()]))


def polynomial_lr(draw: Draw) -> Call:
    return on(draw, "PolynomialLR", **draw.maybe(total_iters=draw.count(), power=draw.choice([0.0, 0.5, 1, 2, 3.3])))


def cosine_annealing(draw: Draw) -> Call:
    return on(draw, "CosineAnnealingLR", T_max=draw.count(), **draw.maybe(eta_min=draw.rate()))


def warm_restarts(draw: Draw) -> Call:
    given = draw.maybe(T_mult=draw.randint(1, 3), eta_min=draw.rate())
    return on(draw, "CosineAnnealingWarmRestarts", T_0=draw.count(), **given)


def cyclic(name: str, draw: Draw) -> Call:
    up = draw.count(1, 12)
    given: dict[str, Any] = {"step_size_up": up}
    if draw.random() < 0.7:
        given["step_size_down"] = draw.choice([up, draw.count(1, 12)])
    gamma = draw.choice([0.99, 1.0, 1.01, 0.5])
    given |= draw.maybe(mode=draw.choice(["triangular", "triangular2", "exp_range"]), gamma=gamma)
    given |= draw.maybe(base_momentum=draw.random(), max_momentum=draw.random())
    if name == "CyclicLR":
        given |= draw.maybe(cycle_momentum=draw.choice([True, False]))
    return call(name, base_lr=draw.rate(), max_lr=draw.rate(), **given)


def cyclic_lr(draw: Draw) -> Call:
    return cyclic("CyclicLR", draw)


def cyclic_momentum(draw: Draw) -> Call:
    return cyclic("CyclicMomentum", draw)


def one_cycle(name: str, draw: Draw) -> Call:
    total_steps, three_phase = draw.randint(9, 130), draw.flag()
    pct_start = draw.choice([0.3, 0.5, 0.25, draw.uniform(0.15, 0.5), draw.random() / total_steps])
    if three_phase:
        pct_start = min(max(pct_start, 0.15), 0.45)
    given = {"total_steps": total_steps} if draw.flag() else {"epochs": 9, "steps_per_epoch": draw.randint(1, 12)}
    given |= draw.maybe(anneal_strategy=draw.choice(["cos", "linear"]), div_factor=draw.uniform(0.5, 30.0))
    given |= draw.maybe(
        base_momentum=draw.random(), max_momentum=draw.random(), final_div_factor=draw.uniform(1.0, 1e4)
    )
    return call(name, max_lr=draw.rate(), pct_start=pct_start, three_phase=three_phase, **given)


def one_cycle_lr(draw: Draw) -> Call:
    return one_cycle("OneCycleLR", draw)


def one_cycle_momentum(draw: Draw) -> Call:
    return one_cycle("OneCycleMomentum", draw)


def swa_lr(draw: Draw) -> Call:
    given = draw.maybe(anneal_epochs=draw.count(0), anneal_strategy=draw.choice(["cos", "linear"]))
    return on(draw, "SWALR", swa_lr=draw.rate(), **given)


MULTIPLYING = [step_lr, multi_step_lr, constant_lr, linear_lr, exponential_lr, polynomial_lr]


def several(draw: Draw, kinds: Sequence[Any], base_lr: float) -> list[Call]:
    """Calls for schedulers of one optimizer."""
    calls = [draw.choice(kinds)(draw) for _ in range(draw.randint(1, 4))]
    return [Call(one.name, {**one.given, "base_lr": base_lr}) for one in calls]


def sequential_lr(draw: Draw) -> Call:
    schedulers = several(draw, [*MULTIPLYING, cosine_annealing, warm_restarts], draw.rate())
    milestones = sorted(draw.sample(range(1, 60), len(schedulers) - 1))
    return call("SequentialLR", schedulers=schedulers, milestones=milestones)


def chained(draw: Draw) -> Call:
    base_lr = draw.rate()
    return call("ChainedScheduler", schedulers=several(draw, MULTIPLYING, base_lr), base_lr=base_lr)


LIBRARY = Library(
    {
        "LambdaLR": lambda_lr,
        "StepLR": step_lr,
        "MultiStepLR": multi_step_lr,
        "ConstantLR": constant_lr,
        "LinearLR": linear_lr,
        "ExponentialLR": exponential_lr,
        "PolynomialLR": polynomial_lr,
        "CosineAnnealingLR": cosine_annealing,
        "CosineAnnealingWarmRestarts": warm_restarts,
        "CyclicLR": cyclic_lr,
        "CyclicMomentum": cyclic_momentum,
        "OneCycleLR": one_cycle_lr,
        "OneCycleMomentum": one_cycle_momentum,
        "SWALR": swa_lr,
        "SequentialLR": sequential_lr,
        "ChainedScheduler": chained,
    },
    rates,
    without=("optimizer", "last_epoch"),
)
