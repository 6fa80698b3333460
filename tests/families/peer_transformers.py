"""How the tests draw and run the schedules of transformers: on an optimizer, one step of it and then one of the scheduler."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
import transformers
from beside import Call, Draw, Library, call, stepped


def rates(one: Call, steps: int) -> Sequence[float]:
    given = dict(one.given)
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=given.pop("lr"))
    scheduler = getattr(transformers, one.name)(**given, optimizer=optimizer)
    return stepped(optimizer, scheduler, steps)


def rounded_restarts(one: Call) -> set[int]:
    """The steps at which a restart is due, and the share of the cycle that transformers computes there is not 0."""
    name = one.given.get("name", "")
    if name != "cosine_with_restarts" and "hard_restarts" not in one.name:
        return set()
    given = {**one.given, **(one.given.get("scheduler_specific_kwargs") or {})}
    warmup, cycles = given["num_warmup_steps"], given.get("num_cycles", 1)
    length = given["num_training_steps"] - warmup
    return {warmup + s for s in range(1, length) if cycles * s % length == 0 and (cycles * (s / length)) % 1.0 != 0.0}


def steps_of(draw: Draw) -> dict[str, Any]:
    warmup = draw.count(0, 15)
    return {"num_warmup_steps": warmup, "num_training_steps": warmup + draw.count(1, 40)}


def on(draw: Draw, name: str, **given: Any) -> Call:
    return call(name, **given, lr=draw.rate())


def constant(draw: Draw) -> Call:
    return on(draw, "get_constant_schedule")


def constant_with_warmup(draw: Draw) -> Call:
    return on(draw, "get_constant_schedule_with_warmup", num_warmup_steps=draw.count(0))


def linear(draw: Draw) -> Call:
    return on(draw, "get_linear_schedule_with_warmup", **steps_of(draw))


def waves(draw: Draw, steps: int) -> dict[str, Any]:
    """Waves that turn at whole steps or between steps."""
    whole = [steps / (2 * half) for half in range(1, 2 * steps + 1) if steps % half == 0 or half > steps]
    return draw.maybe(num_cycles=draw.choice([draw.choice(whole), steps / 2 * draw.uniform(0.01, 1.0)]))


def wave(draw: Draw) -> dict[str, Any]:
    """A warmup, and waves."""
    given = steps_of(draw)
    return {**given, **waves(draw, given["num_training_steps"] - given["num_warmup_steps"])}


def cosine(draw: Draw) -> Call:
    return on(draw, "get_cosine_schedule_with_warmup", **wave(draw))


def hard_restarts(draw: Draw) -> Call:
    given = steps_of(draw)
    most = given["num_training_steps"] - given["num_warmup_steps"]
    name = "get_cosine_with_hard_restarts_schedule_with_warmup"
    whole = [n for n in range(1, most + 1) if most % n == 0]
    return on(draw, name, **given, **draw.maybe(num_cycles=draw.choice([draw.choice(whole), draw.randint(1, most)])))


def polynomial(draw: Draw) -> Call:
    lr = draw.rate(0.01)
    given = draw.maybe(lr_end=lr * draw.choice([0.0, 0.5, draw.random()]), power=draw.choice([0.5, 1.0, 2, 3.3]))
    return call("get_polynomial_decay_schedule_with_warmup", **steps_of(draw), **given, lr=lr)


def inverse_sqrt(draw: Draw) -> Call:
    given = draw.maybe(timescale=draw.choice([1, draw.count(), 10_000]))
    return on(draw, "get_inverse_sqrt_schedule", num_warmup_steps=draw.count(0), **given)


def floor(draw: Draw) -> dict[str, Any]:
    return draw.choice([{"min_lr": draw.rate()}, {"min_lr_rate": draw.choice([0.0, 1.0, draw.random()])}])


def cosine_with_min_lr(draw: Draw) -> Call:
    return on(draw, "get_cosine_with_min_lr_schedule_with_warmup", **wave(draw), **floor(draw))


def cosine_warmup_with_min_lr(draw: Draw) -> Call:
    given = {**wave(draw), **floor(draw), **draw.maybe(warmup_lr_rate=draw.random())}
    return on(draw, "get_cosine_with_min_lr_schedule_with_warmup_lr_rate", **given)


def wsd(draw: Draw) -> Call:
    types = ["linear", "cosine", "1-sqrt"]
    warmup, stable, decay = draw.count(0, 15), draw.count(1), draw.count(0)
    length = {"num_stable_steps": stable} if draw.random() < 0.5 else {"num_training_steps": warmup + stable + decay}
    given = draw.maybe(warmup_type=draw.choice(types), decay_type=draw.choice(types), min_lr_ratio=draw.random())
    return on(
        draw,
        "get_wsd_schedule",
        num_warmup_steps=warmup,
        num_decay_steps=decay,
        **length,
        **given,
        **(waves(draw, decay) if decay else {}),
    )


NAMES: dict[str, Callable[[Draw], Call]] = {
    "linear": linear,
    "cosine": cosine,
    "cosine_with_restarts": hard_restarts,
    "polynomial": polynomial,
    "constant": constant,
    "constant_with_warmup": constant_with_warmup,
    "inverse_sqrt": inverse_sqrt,
    "cosine_with_min_lr": cosine_with_min_lr,
    "cosine_warmup_with_min_lr": cosine_warmup_with_min_lr,
    "warmup_stable_decay": wsd,
}


def scheduler(draw: Draw) -> Call:
    name = draw.choice(list(NAMES))
    given = NAMES[name](draw).given
    own = ("num_warmup_steps", "num_training_steps", "lr")
    more = {key: value for key, value in given.items() if key not in own}
    given = {key: given[key] for key in own if key in given}
    return call("get_scheduler", name=name, **given, scheduler_specific_kwargs=more or None)


LIBRARY = Library(
    {
        "get_constant_schedule": constant,
        "get_constant_schedule_with_warmup": constant_with_warmup,
        "get_linear_schedule_with_warmup": linear,
        "get_cosine_schedule_with_warmup": cosine,
        "get_cosine_with_hard_restarts_schedule_with_warmup": hard_restarts,
        "get_polynomial_decay_schedule_with_warmup": polynomial,
        "get_inverse_sqrt_schedule": inverse_sqrt,
        "get_cosine_with_min_lr_schedule_with_warmup": cosine_with_min_lr,
        "get_cosine_with_min_lr_schedule_with_warmup_lr_rate": cosine_warmup_with_min_lr,
        "get_wsd_schedule": wsd,
        "get_scheduler": scheduler,
    },
    rates,
    without=("optimizer", "last_epoch"),
    departs=rounded_restarts,
)
