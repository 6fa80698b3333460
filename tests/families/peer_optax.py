"""How the tests draw and run the schedules of optax, in float64."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp
import optax
from beside import Call, Draw, Library, call


def made(name: str, given: dict[str, Any]) -> Any:
    return getattr(optax, name)(**given)


def rates(one: Call, steps: int) -> Sequence[float]:
    with jax.enable_x64(True):
        found: Sequence[float] = jax.vmap(one.made(made))(jnp.arange(steps)).tolist()
    return found


def constant(draw: Draw) -> Call:
    return call("constant_schedule", value=draw.rate())


def polynomial(draw: Draw) -> Call:
    return call(
        "polynomial_schedule",
        init_value=draw.rate(),
        end_value=draw.rate(),
        power=draw.choice([0.0, 0.5, 1, 2, 3.5]),
        transition_steps=draw.count(),
        **draw.maybe(transition_begin=draw.count(0)),
    )


def linear(draw: Draw) -> Call:
    given = polynomial(draw).given
    del given["power"]
    return call("linear_schedule", **given)


def scales(draw: Draw, first: int) -> dict[int, float]:
    return {draw.randint(first, 60): draw.choice([0.0, 0.5, 2.0, draw.random()]) for _ in range(draw.randint(0, 4))}


def piecewise_constant(draw: Draw) -> Call:
    given = draw.maybe(boundaries_and_scales=scales(draw, 0))
    return call("piecewise_constant_schedule", init_value=draw.rate(), **given)


def piecewise_interpolate(draw: Draw) -> Call:
    return call(
        "piecewise_interpolate_schedule",
        interpolate_type=draw.choice(["linear", "cosine"]),
        init_value=draw.rate(),
        **draw.maybe(boundaries_and_scales=scales(draw, 0)),
    )


def decaying(draw: Draw, first: float) -> dict[str, Any]:
    decay_rate = draw.choice([0.5, 1.0, 1.25, draw.random() + 0.01])
    reached = first * decay_rate ** draw.choice([0, 0.5, 1, 1.7])
    end_value = min(reached, first) if decay_rate < 1 else max(reached, first)
    return {
        "transition_steps": draw.count(),
        "decay_rate": decay_rate,
        **draw.maybe(transition_begin=draw.count(0), staircase=draw.choice([True, False]), end_value=end_value),
    }


def exponential(draw: Draw) -> Call:
    first = draw.rate()
    return call("exponential_decay", init_value=first, **decaying(draw, first))


def cosine(draw: Draw) -> Call:
    given = draw.maybe(alpha=draw.choice([0.0, 1.0, draw.random()]), exponent=draw.choice([1, 0.5, 2.0, 3.3]))
    return call("cosine_decay_schedule", init_value=draw.rate(), decay_steps=draw.count(), **given)


def one_cycle(draw: Draw) -> dict[str, Any]:
    return {
        "transition_steps": draw.randint(20, 60),
        "peak_value": draw.rate(),
        **draw.maybe(div_factor=draw.choice([1.0, 4.0, 25]), final_div_factor=draw.choice([1.0, 0.5, 1e4])),
    }


def linear_onecycle(draw: Draw) -> Call:
    given = draw.maybe(pct_start=draw.uniform(0.1, 0.5), pct_final=draw.uniform(0.6, 0.9))
    return call("linear_onecycle_schedule", **one_cycle(draw), **given)


def cosine_onecycle(draw: Draw) -> Call:
    return call("cosine_onecycle_schedule", **one_cycle(draw), **draw.maybe(pct_start=draw.uniform(0.1, 0.9)))


def warmup_constant(draw: Draw) -> Call:
    return call("warmup_constant_schedule", init_value=draw.rate(), peak_value=draw.rate(), warmup_steps=draw.count())


def warmup_cosine(draw: Draw) -> Call:
    warmup_steps = draw.count(0, 15)
    return call(
        "warmup_cosine_decay_schedule",
        init_value=draw.choice([0.0, draw.rate()]),
        peak_value=draw.rate(),
        warmup_steps=warmup_steps,
        decay_steps=warmup_steps + draw.count(),
        **draw.maybe(end_value=draw.rate(), exponent=draw.choice([1.0, 0.7, 2])),
    )


def warmup_exponential(draw: Draw) -> Call:
    peak_value = draw.rate()
    return call(
        "warmup_exponential_decay_schedule",
        init_value=draw.choice([0.0, draw.rate()]),
        peak_value=peak_value,
        warmup_steps=draw.count(0, 15),
        **decaying(draw, peak_value),
    )


def sgdr(draw: Draw) -> Call:
    return call("sgdr_schedule", cosine_kwargs=[warmup_cosine(draw).given for _ in range(draw.randint(1, 4))])


def join(draw: Draw) -> Call:
    schedules = [draw.choice([linear, exponential, cosine, warmup_cosine])(draw) for _ in range(draw.randint(1, 4))]
    boundaries = sorted(draw.randint(0, 60) for _ in schedules[1:])
    return call("join_schedules", schedules=schedules, boundaries=boundaries)


LIBRARY = Library(
    {
        "constant_schedule": constant,
        "polynomial_schedule": polynomial,
        "linear_schedule": linear,
        "piecewise_constant_schedule": piecewise_constant,
        "piecewise_interpolate_schedule": piecewise_interpolate,
        "exponential_decay": exponential,
        "cosine_decay_schedule": cosine,
        "linear_onecycle_schedule": linear_onecycle,
        "cosine_onecycle_schedule": cosine_onecycle,
        "warmup_constant_schedule": warmup_constant,
        "warmup_cosine_decay_schedule": warmup_cosine,
        "warmup_exponential_decay_schedule": warmup_exponential,
        "sgdr_schedule": sgdr,
        "join_schedules": join,
    },
    rates,
)
