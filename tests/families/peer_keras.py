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
    return call(
        "ExponentialDecay", **decaying(draw), decay_rate=draw.choice([1.0, 1.001953125, 0.5, draw.random() + 0.01])
    )


def inverse_time(draw: Draw) -> Call:
    return call("InverseTimeDecay", **decaying(draw), decay_rate=draw.choice([0.0, 1.0, 10.0, draw.random() + 0.01]))


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


def restarts(draw: Draw) -> Call:
    given = draw.maybe(
        t_mul=draw.choice([1.0, 2.0, 1.5, 1.0 + draw.random()]), m_mul=draw.choice([0.5, 1.0, draw.random()])
    )
    given |= draw.maybe(alpha=draw.choice([0.0, 1.0, draw.random()]))
    return call("CosineDecayRestarts", initial_learning_rate=draw.rate(), first_decay_steps=draw.count(), **given)


def next_to_starts(one: Call) -> set[int]:
    """The steps of the cycles' starts, where float32 may round the number of the cycle down."""
    if one.name != "CosineDecayRestarts":
        return set()
    starts, size = [0.0], float(one.given["first_decay_steps"])
    while starts[-1] < 120:
        starts.append(starts[-1] + size)
        size *= one.given.get("t_mul", 2.0)
    return {round(start) for start in starts[1:] if abs(start - round(start)) < 1e-3 and start < 120}


LIBRARY = Library(
    {
        "ExponentialDecay": exponential,
        "InverseTimeDecay": inverse_time,
        "PiecewiseConstantDecay": piecewise,
        "PolynomialDecay": polynomial,
        "CosineDecay": cosine,
        "CosineDecayRestarts": restarts,
    },
    rates,
    tolerance=1e-6,
    departs=next_to_starts,
)
