from __future__ import annotations

import math
from itertools import accumulate
from typing import Any

from . import Row

PROGRAM = "ParameterSchedulers.jl, whose first step is 1"

RANGES: list[dict[str, Any]] = [{"low": 0.01, "high": 0.5, "period": 12}, {"low": 0.0, "high": 2.0, "period": 7}]
DECAYS = [one | {"decay": decay} for one, decay in zip(RANGES, (0.97, 0.8), strict=True)]
INNER = "exponential(base_lr=start, gamma=decay)"
STARTS: list[dict[str, Any]] = [{"start": 0.1, "decay": 0.97}, {"start": 2.0, "decay": 0.8}]


def triangle(t: int, period: int) -> float:
    return 1.0 - abs(2.0 * (t % period) / period - 1.0)


def sine(t: int, period: int) -> float:
    return abs(math.sin(math.pi * (t % period) / period))


def triangles(top: str, foot: str) -> str:
    return f"repeat(piecewise(steps=[0, period / 2, period], values=[{foot}, {top}, {foot}]), period=period)"


def sines(top: str, foot: str) -> str:
    half = f"cosine(base_lr={top}, min_lr={foot}, total_steps=period, exponent=0.5)"
    return f"strided(advance(mirrored({half}, length=period), steps=period), stride=2)"


def waves(name: str, shape: Any, written: Any) -> list[Row]:
    """The wave at one height, at half the height from one period to the next, and at a height that decays."""

    def rate(t: int, low: float, high: float, period: int, height: float = 1.0) -> float:
        return low + (high - low) * height * shape(t, period)

    return [
        Row(name, written("high", "low"), rate, RANGES),
        Row(
            f"{name}Decay2",
            f"{written('high - low', '0.0')} * every(exponential(base_lr=1.0, gamma=0.5), steps=period) + low",
            lambda t, period, **given: rate(t, period=period, height=0.5 ** (t // period), **given),
            RANGES,
        ),
        Row(
            f"{name}Exp",
            f"{written('high - low', '0.0')} * exponential(base_lr=1.0, gamma=decay) + low",
            lambda t, decay, **given: rate(t, height=decay**t, **given),
            DECAYS,
        ),
    ]


def listed(t: int, start: float, decay: float, step_sizes: list[int]) -> float:
    return start * decay ** sum(t >= end for end in list(accumulate(step_sizes))[:-1])


def wave(t: int, low: float, high: float, period: int) -> float:
    return low + (high - low) * (1.0 + math.cos(math.pi * t / period)) / 2.0


def one_cycle(t: int, first: float, top: float, last: float, nsteps: int, percent_start: float) -> float:
    rise = math.ceil(nsteps * percent_start)
    if t < rise:
        return wave(rise - t, first, top, rise)
    return wave(min(t, nsteps) - rise, last, top, nsteps - rise)


ROWS = [
    Row(
        "Step of one size",
        "step_decay(base_lr=start, step_size=step_size, gamma=decay)",
        lambda t, start, decay, step_size: start * decay ** (t // step_size),
        [one | {"step_size": size} for one, size in zip(STARTS, (10, 1), strict=True)],
    ),
    Row(
        "Step of several sizes",
        "multi_step(base_lr=start, milestones=[sum(step_sizes[:i]) for i in range(1, len(step_sizes))], gamma=decay)",
        listed,
        [one | {"step_sizes": sizes} for one, sizes in zip(STARTS, ([5, 20, 3], [4]), strict=True)],
    ),
    Row("Exp", INNER, lambda t, start, decay: start * decay**t, STARTS),
    Row(
        "Poly",
        "polynomial(base_lr=start, end_lr=0.0, total_steps=max_iter, power=degree)",
        lambda t, start, degree, max_iter: start * (1.0 - min(t, max_iter) / max_iter) ** degree,
        [{"start": 0.1, "degree": 3, "max_iter": 50}, {"start": 1.0, "degree": 1, "max_iter": 7}],
        note="it has no rate past its end, where lrvec's is 0",
    ),
    Row(
        "Inv",
        "start * product(*[inverse_time(base_lr=1.0, decay_rate=decay, decay_steps=1)] * degree)",
        lambda t, start, decay, degree: start / (1.0 + t * decay) ** degree,
        [{"start": 0.1, "decay": 0.05, "degree": 3}, {"start": 1.0, "decay": 2.0, "degree": 1}],
    ),
    Row(
        "Triangle of an even period",
        "triangular(min_lr=low, max_lr=high, step_size=period // 2)",
        lambda t, low, high, period: low + (high - low) * triangle(t, period),
        RANGES[:1],
    ),
    *waves("Triangle", triangle, triangles),
    *waves("Sin", sine, sines),
    Row(
        "CosAnneal",
        "cosine_restarts(base_lr=high, min_lr=low, period=period, t_mult=1)",
        lambda t, period, **given: wave(t % period, period=period, **given),
        RANGES,
    ),
    Row(
        "CosAnneal with restart=false",
        "mirrored(cosine(base_lr=high, min_lr=low, total_steps=period), length=period)",
        wave,
        RANGES,
    ),
    Row(
        "OneCycle",
        "join([(math.ceil(nsteps * percent_start), cosine(base_lr=first, min_lr=top, "
        "total_steps=math.ceil(nsteps * percent_start))), (nsteps - math.ceil(nsteps * percent_start), "
        "cosine(base_lr=top, min_lr=last, total_steps=nsteps - math.ceil(nsteps * percent_start)))])",
        one_cycle,
        [
            {"first": 0.04, "top": 1.0, "last": 1e-5, "nsteps": 50, "percent_start": 0.25},
            {"first": 0.0, "top": 0.1, "last": 0.01, "nsteps": 3, "percent_start": 0.5},
        ],
        note="it has no rate past its end, where lrvec's stays",
    ),
    Row(
        "Sequence, here of Exp and a number",
        f"join([(step_size, {INNER}), constant(lr=number)])",
        lambda t, start, decay, step_size, number: start * decay**t if t < step_size else number,
        [one | {"step_size": 9, "number": 0.02} for one in STARTS],
    ),
    Row(
        "Loop, here of Exp",
        f"repeat({INNER}, period=period)",
        lambda t, start, decay, period: start * decay ** (t % period),
        [one | {"period": period} for one, period in zip(STARTS, (9, 1), strict=True)],
    ),
    Row(
        "Interpolator, here of Exp",
        f"every({INNER}, steps=rate)",
        lambda t, start, decay, rate: start * decay ** (math.ceil((t + 1) / rate) - 1),
        [one | {"rate": rate} for one, rate in zip(STARTS, (9, 1), strict=True)],
    ),
    Row(
        "Shifted, here of Exp",
        f"advance({INNER}, steps=offset - 1)",
        lambda t, start, decay, offset: start * decay ** (t + offset - 1),
        [one | {"offset": offset} for one, offset in zip(STARTS, (9, 1), strict=True)],
    ),
    Row(
        "Shortened, here of Exp",
        f"hold({INNER}, step=nsteps - 1)",
        lambda t, start, decay, nsteps: start * decay ** min(t, nsteps - 1),
        [one | {"nsteps": nsteps} for one, nsteps in zip(STARTS, (9, 1), strict=True)],
        note="it has no rate past its end, where lrvec's stays",
    ),
    Row(
        "ComposedSchedule, here Exp of a start that is Triangle",
        f"{triangles('high', 'low')} * exponential(base_lr=1.0, gamma=decay)",
        lambda t, low, high, period, decay: (low + (high - low) * triangle(t, period)) * decay**t,
        DECAYS,
        note="for a parameter in which the schedule is linear; for others there is no schedule of lrvec",
    ),
]
