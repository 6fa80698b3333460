"""How the tests draw and run the schedules of Keras, in float32, on its backend for numpy."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

os.environ["KERAS_BACKEND"] = "numpy"

import keras
from beside import Call, Draw, Library, call


def rates(one: Call, steps: int) -> Sequence[float]:
    schedule = getattr(keras.optimizers.schedules, one.name)(**one.given)
    return [float(schedule(step)) for step in range(steps)]


def decaying(draw: Draw) -> dict[str, Any]:
    return {
        "initial_learning_rate": draw.rate(),
        "decay_steps": draw.count(),
        **draw.maybe(staircase=draw.choice([True, False]), name="label"),
    }


def exponential(draw: Draw) -> Call:
    return call("ExponentialDecay", **decaying(draw), decay_rate=draw.choice([1.0, 1.001953125, 0.5, draw.random() + 0.01]))


def inverse_time(draw: Draw) -> Call:
    return call("InverseTimeDecay", **decaying(draw), decay_rate=draw.choice([1.0, 10.0, draw.random() + 0.01]))


def piecewise(draw: Draw) -> Call:
    boundaries = sorted(draw.sample(range(60), draw.randint(1, 4)))
    return call("PiecewiseConstantDecay", boundaries=boundaries, values=[draw.rate() for _ in [0, *boundaries]])


def polynomial(draw: Draw) -> Call:
    first = draw.rate()
    return call(
        "PolynomialDecay",
        initial_learning_rate=first,
        decay_steps=draw.count(),
        **draw.maybe(
            end_learning_rate=first * draw.choice([0.0, 0.5, 2.0, draw.random()]),
            power=draw.choice([0.0, 0.5, 1.0, 2.0, 2.5]),
        ),
        cycle=draw.choice([True, False]),
    )


def cosine(draw: Draw) -> Call:
    given = draw.choice([{}, {"warmup_target": draw.rate(), "warmup_steps": draw.count(0)}])
    given |= draw.maybe(alpha=draw.choice([0.0, 1.0, draw.random()]))
    return call("CosineDecay", initial_learning_rate=draw.rate(), decay_steps=draw.count(), **given)


LIBRARY = Library(
    {
        "ExponentialDecay": exponential,
        "InverseTimeDecay": inverse_time,
        "PiecewiseConstantDecay": piecewise,
        "PolynomialDecay": polynomial,
        "CosineDecay": cosine,
    },
    rates,
    tolerance=1e-6,
)
