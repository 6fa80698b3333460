"""How the tests draw and run the schedules of MLX, in float32."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import mlx.core as mx
import mlx.optimizers
from beside import Call, Draw, Library, call


def made(name: str, given: dict[str, Any]) -> Any:
    return getattr(mlx.optimizers, name)(**given)


def rates(one: Call, steps: int) -> Sequence[float]:
    """Each step by itself, an array of one integer as an optimizer of MLX counts them."""
    schedule = one.made(made)
    return [mx.array(schedule(mx.array(step))).item() for step in range(steps)]


def factor(draw: Draw) -> float:
    """A factor that float32 holds exactly: the error of another one grows with the step."""
    return draw.randint(1, 129) / 128


def exponential(draw: Draw) -> Call:
    return call("exponential_decay", init=draw.rate(), decay_rate=factor(draw))


def steps(draw: Draw) -> Call:
    return call("step_decay", init=draw.rate(), decay_rate=factor(draw), step_size=draw.count())


def cosine(draw: Draw) -> Call:
    return call("cosine_decay", init=draw.rate(), decay_steps=draw.count(), **draw.maybe(end=draw.rate()))


def linear(draw: Draw) -> Call:
    return call("linear_schedule", init=draw.rate(), end=draw.rate(), steps=draw.count())


def join(draw: Draw) -> Call:
    schedules = [draw.choice([linear, exponential, cosine, steps])(draw) for _ in range(draw.randint(1, 4))]
    boundaries = sorted(draw.randint(0, 60) for _ in schedules[1:])
    return call("join_schedules", schedules=schedules, boundaries=boundaries)


LIBRARY = Library(
    {
        "exponential_decay": exponential,
        "step_decay": steps,
        "cosine_decay": cosine,
        "join_schedules": join,
        "linear_schedule": linear,
    },
    rates,
    tolerance=1e-6,
    calls=20,
    steps=100,
)
