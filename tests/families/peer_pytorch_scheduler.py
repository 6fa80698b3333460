"""How the tests draw and run the schedulers of pytorch-scheduler: on an optimizer, one step of it and then one of the scheduler."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from beside import Call, Draw, Library, call, stepped


def lr_of(one: Call) -> float:
    """The rate that the optimizer has: all schedulers within a call were drawn for the same one."""
    found: float = one.given.get("base_lr", 1.0)
    return found


def rates(one: Call, steps: int) -> Sequence[float]:
    import pytorch_scheduler
    import torch

    optimizer = torch.optim.SGD([torch.zeros(1)], lr=lr_of(one))

    def made(name: str, given: dict[str, Any]) -> Any:
        given = {key: value for key, value in given.items() if key != "base_lr"}
        return getattr(pytorch_scheduler, name)(optimizer, **given)

    return stepped(optimizer, one.made(made), steps)


def on(draw: Draw, name: str, **given: Any) -> Call:
    return call(name, **given, base_lr=draw.rate())


def run(draw: Draw) -> dict[str, Any]:
    warmup = draw.count(0, 15)
    return {"total_steps": warmup + draw.count(), "warmup_steps": warmup}


def low(draw: Draw) -> dict[str, Any]:
    return draw.maybe(min_lr=draw.choice([0.0, draw.rate()]))


def plain(name: str, **more: Callable[[Draw], Any]) -> Callable[[Draw], Call]:
    """Calls with a run without a warmup, a lowest rate, and further parameters."""
    return lambda draw: on(
        draw,
        name,
        total_steps=draw.count(),
        **low(draw),
        **draw.maybe(**{key: drawn(draw) for key, drawn in more.items()}),
    )


def warmed(name: str, **more: Callable[[Draw], Any]) -> Callable[[Draw], Call]:
    return lambda draw: on(
        draw, name, **run(draw), **low(draw), **draw.maybe(**{key: drawn(draw) for key, drawn in more.items()})
    )


def hyperbolic(draw: Draw) -> Call:
    given = run(draw)
    return on(draw, "HyperbolicLRScheduler", **given, upper_bound=given["total_steps"] + draw.count(0, 40), **low(draw))


def slanted(draw: Draw) -> Call:
    given = draw.maybe(cut_frac=draw.uniform(0.01, 0.95), ratio=draw.choice([1.0, 4, 64.5]))
    return on(draw, "SlantedTriangularScheduler", total_steps=draw.count(1, 50), **given)


def power(draw: Draw) -> Call:
    base_lr = draw.rate()
    given = draw.maybe(min_lr=base_lr * draw.choice([0.0, 1.0, draw.random()]), alpha=draw.choice([0.3, *POWERS]))
    return call("PowerDecayScheduler", **run(draw), **given, base_lr=base_lr)


def plateau(name: str, middle: str, **more: Callable[[Draw], Any]) -> Callable[[Draw], Call]:
    def drawn(draw: Draw) -> Call:
        warmup, flat = draw.count(0, 15), draw.count(0, 15)
        steps = {"total_steps": warmup + flat + draw.count(), "warmup_steps": warmup, middle: flat}
        return on(draw, name, **steps, **low(draw), **draw.maybe(**{key: one(draw) for key, one in more.items()}))

    return drawn


def restarts(draw: Draw) -> Call:
    warmup, min_lr = draw.count(0, 8), draw.choice([0.0, draw.rate()])
    return call(
        "CosineAnnealingWarmupRestarts",
        first_cycle_steps=warmup + draw.count(1, 20),
        warmup_steps=warmup,
        max_lr=min_lr + draw.rate(),
        min_lr=min_lr,
        **draw.maybe(cycle_mult=draw.choice([1.0, 2, 1.3]), gamma=draw.choice([1.0, 0.5, 0.9])),
    )


def in_front(draw: Draw) -> Call:
    inner = draw.choice(INNER)(draw)
    kind = draw.maybe(warmup_type=draw.choice(["linear", "cosine", "exponential"]))
    return call(
        "WarmupScheduler",
        base_scheduler=inner,
        warmup_steps=draw.count(0, 15),
        **kind,
        base_lr=inner.given["base_lr"],
    )


POWERS = [0.5, 1.0, 2, 3.3]
DRAWS: dict[str, Callable[[Draw], Call]] = {
    "IdentityScheduler": lambda draw: on(draw, "IdentityScheduler"),
    "LinearDecayScheduler": warmed("LinearDecayScheduler"),
    "CosineWithWarmupScheduler": warmed("CosineWithWarmupScheduler"),
    "PolynomialScheduler": warmed("PolynomialScheduler", power=lambda d: d.choice(POWERS), cycle=lambda d: d.flag()),
    "InverseSqrtScheduler": lambda draw: on(draw, "InverseSqrtScheduler", warmup_steps=draw.count()),
    "PowerDecayScheduler": power,
    "RexScheduler": lambda draw: on(draw, "RexScheduler", total_steps=draw.count()),
    "TanhDecayScheduler": plain("TanhDecayScheduler", steepness=lambda d: d.choice([0.5, 5.0])),
    "KDecayScheduler": plain("KDecayScheduler", k=lambda d: d.choice([0.5, 1.0, 2.5])),
    "ChebyshevScheduler": plain("ChebyshevScheduler"),
    "HyperbolicLRScheduler": hyperbolic,
    "SlantedTriangularScheduler": slanted,
    "FlatCosineScheduler": plain("FlatCosineScheduler", flat_fraction=lambda d: d.choice([0.0, d.random()])),
    "WSDScheduler": plateau("WSDScheduler", "stable_steps", decay_type=lambda d: d.choice(["linear", "sqrt"])),
    "WarmupHoldCosineScheduler": plateau("WarmupHoldCosineScheduler", "hold_steps"),
    "TrapezoidalScheduler": plateau("TrapezoidalScheduler", "decay_steps"),
    "WarmupScheduler": in_front,
    "CosineAnnealingWarmupRestarts": restarts,
}
INNER = [DRAWS[name] for name in ("RexScheduler", "KDecayScheduler", "WSDScheduler", "InverseSqrtScheduler")]

LIBRARY = Library(DRAWS, rates, calls=12, steps=80, without=("optimizer", "last_epoch"))
