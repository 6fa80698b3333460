"""These are the records of schedules made of schedules."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import record
import rules
from oracle import Exact, between, mp
from record import SOME, Bad, Case, Params, Record, case, ends_of, marks_of, period_of

import lrvec

from .cycles import ExpRange
from .decays import Cosine, Linear, Polynomial
from .megatron import halved, wsd
from .tails import Exponential, InverseSqrt

COSINE = case("cosine", base_lr=8e-5, min_lr=8e-7, total_steps=1_192_000)
LLAMA = case("with_warmup", schedule=COSINE, warmup_steps=8000, start_lr=0.0)
LINE = case("linear", base_lr=0.5, end_lr=0.0, total_steps=100)
STEEP = case("polynomial", base_lr=0.1, end_lr=1e-4, total_steps=5000, power=2.5)
RESTARTS = case("cosine_restarts", base_lr=0.1, min_lr=0.001, period=50, t_mult=2)
TRIANGLES = case("triangular2", min_lr=0.001, max_lr=0.1, step_size=700)
STAIRS = case("step_decay", base_lr=0.1, drop=0.5, step_size=30)
GROWTH = case("exponential", base_lr=1e-3, gamma=0.99)
MIXED = case("sequential", phases=((1, COSINE), (1000, RESTARTS), (3, STEEP), (2000, TRIANGLES), (10, LINE)))


def typical_wave(steps: int) -> Case:
    return case("cosine", base_lr=3e-4, min_lr=3e-5, total_steps=steps)


class WithWarmup(Record, kind="with_warmup"):
    witnesses = [
        (
            case(
                "with_warmup",
                schedule=halved(0.9999998751390149, 2.4062585675401634e-06, 502820267538, 999243865158),
                warmup_steps=908948,
                start_lr=8.645301270996045e-07,
            ),
            455061,
        ),
        *(
            (case("with_warmup", schedule=wsd(style, *rates, *steps), warmup_steps=warmup, start_lr=start), step)
            for style, rates, steps, warmup, start, step in [
                ("minus_sqrt", (0.8549242128616301, 7.428753740987282e-05), (1, 2), 7871088462958, 1.0413145864714574e-17, 1928350093376),
                ("cosine", (20161108091919.66, 5.752796247672855), (1, 802091), 281474977800831, 0.6606262003936204, 104083485561238),
            ]
        ),
        (
            case(
                "with_warmup",
                schedule=case("tanh_decay", base_lr=1.0, min_lr=-1.1, total_steps=3, low=1.414452097224618e-12, high=0.0),
                warmup_steps=2721944088,
                start_lr=0.10000000261318094,
            ),
            303753841,
        ),
    ]
    cases = [
        LLAMA,
        *(
            case("with_warmup", schedule=wsd(style, 3e-4, 3e-5, *steps), warmup_steps=12, start_lr=1e-6)
            for style in ("linear", "cosine", "exponential", "minus_sqrt")
            for steps in [(5, 9), (17, 1000)]
        ),
        case("with_warmup", schedule=LLAMA, warmup_steps=17, start_lr=-1e-3),
        case("with_warmup", schedule=STEEP, warmup_steps=1, start_lr=1e300),
        case("with_warmup", schedule=RESTARTS, warmup_steps=2**53, start_lr=1e-300),
        case("with_warmup", schedule=TRIANGLES, warmup_steps=2**52, start_lr=1.0),
        case("with_warmup", schedule=GROWTH, warmup_steps=1000, start_lr=0.0),
        case("with_warmup", schedule=STAIRS, warmup_steps=31, start_lr=0.2),
        case("with_warmup", schedule=MIXED, warmup_steps=100, start_lr=1e-6),
        case("with_warmup", schedule=case("inverse_sqrt", base_lr=0.1, warmup_steps=40), warmup_steps=3, start_lr=0.1),
    ]
    smooth = [
        *(case("with_warmup", schedule=one, warmup_steps=5, start_lr=0.02) for one in (*InverseSqrt.smooth, *ExpRange.smooth)),
        case(
            "with_warmup",
            schedule=case("sequential", phases=((12, Polynomial.smooth[1]), (10, Cosine.smooth[0]))),
            warmup_steps=7,
            start_lr=0.0,
        ),
    ]
    grids = [
        {
            "schedule": [lrvec.cosine(base_lr=0.1, min_lr=0.0, total_steps=9), lrvec.constant(lr=2.0)],
            "warmup_steps": [1, 4],
            "start_lr": SOME,
        }
    ]

    def exact(t: int, schedule: Case, warmup_steps: int, start_lr: float) -> Exact:
        if t < warmup_steps:  # an end in whose value two parts cancel is not known to its own last digit
            end, weight = record.exact(schedule, 0), record.real(t) / warmup_steps
            value, size = between(start_lr, end.value, 1 - weight)
            return Exact(value, max(size, end.size * weight))
        return record.exact(schedule, t - warmup_steps)

    def marks(schedule: Case, warmup_steps: int, **_: Any) -> list[int]:
        return [0, warmup_steps // 2, *(warmup_steps + mark for mark in marks_of(schedule))]

    def ends(schedule: Case, warmup_steps: int, **_: Any) -> list[int]:
        return [0, *(warmup_steps + end for end in ends_of(schedule))]

    def held_from(schedule: Case, warmup_steps: int, **_: Any) -> int | None:
        held = record.held_from(schedule)
        return None if held is None else warmup_steps + held

    bounds = None

    def phases(schedule: Any, warmup_steps: int, start_lr: float) -> Any:
        return [(0, warmup_steps, start_lr, schedule(0))]

    def typical(steps: int) -> Iterator[Params]:
        period = period_of(steps)
        yield {"schedule": typical_wave(steps - period), "warmup_steps": period, "start_lr": 0.0}

    def refusals() -> Iterator[Bad]:
        for bad, exception in ((math.nan, ValueError), ("fast", TypeError)):
            message = f"schedule(0) must be a finite number, received {bad!r}"
            yield exception, message, {"schedule": lambda _, bad=bad: bad}


RISES: list[Params] = [
    *({"shape": shape} for shape in ("linear", "cosine", "sqrt", "log")),
    {"shape": "exponential", "ratio": 4.0},
    {"shape": "polynomial", "power": 3.0},
]


class Warmup(Record, kind="warmup"):
    forms = [
        {"shape": rise["shape"], **{name: None for name in ("ratio", "power") if name not in rise}} for rise in RISES
    ]
    cases = [
        case("warmup", schedule=LLAMA, steps=17, start_lr=-1e-3, shape="linear"),
        *(
            case("warmup", schedule=COSINE, steps=steps, start_lr=1e-6, **rise)
            for steps in (0, 1, 2, 700)
            for rise in (
                {"shape": "exponential", "ratio": 1.0},
                {"shape": "exponential", "ratio": 1e-3},
                {"shape": "exponential", "ratio": 80.0},
                {"shape": "polynomial", "power": 0.7},
                {"shape": "polynomial", "power": 2.0},
                {"shape": "polynomial", "power": 30.0},
            )
        ),
        *(
            case("warmup", schedule=schedule, steps=steps, start_lr=start_lr, **rise)
            for schedule, steps, start_lr in [
                (COSINE, 8000, 0.0),
                (LLAMA, 0, 0.3),
                (STEEP, 1, 1e300),
                (RESTARTS, 2**53, 1e-300),
                (TRIANGLES, 0, 1.0),
                (MIXED, 100, 1e-6),
                (STAIRS, 2**52, 0.2),
                (wsd("minus_sqrt", 3e-4, 3e-5, 17, 1000), 12, 1e-6),
            ]
            for rise in RISES
        ),
        case("warmup", schedule=case("warmup", schedule=STEEP, steps=0, start_lr=0.1, shape="cosine"), steps=31, start_lr=0.0, shape="cosine"),
    ]
    smooth = [
        case("warmup", schedule=Cosine.smooth[0], steps=steps, start_lr=0.02, **rise)
        for rise in RISES
        for steps in (0, 9)
    ]
    grids = [
        {
            "schedule": [lrvec.cosine(base_lr=0.1, min_lr=0.0, total_steps=9), lrvec.constant(lr=2.0)],
            "steps": [0, 1, 4],
            "start_lr": SOME,
            **rise,
        }
        for rise in RISES
    ]

    def exact(
        t: int,
        schedule: Case,
        steps: int,
        start_lr: float,
        shape: str,
        power: float | None = None,
        ratio: float | None = None,
    ) -> Exact:
        """Measured in ulp of the peak where a logarithm rises."""
        if t >= steps:
            return record.exact(schedule, t - steps)
        end, u = record.exact(schedule, 0), record.real(t) / steps
        if shape == "cosine":
            weight = (1 - mp.cospi(u)) / 2
        elif shape == "exponential":
            weight = u if ratio == 1.0 else (mp.mpf(ratio) ** u - 1) / (mp.mpf(ratio) - 1)
        elif shape in ("polynomial", "sqrt"):
            weight = u ** mp.mpf(power or 0.5)
        else:
            weight = mp.log1p(t) / mp.log1p(steps) if shape == "log" else u
        value, size = between(start_lr, end.value, 1 - weight)
        return Exact(value, max(size, end.size * weight, abs(end.value) if shape == "log" and t else 0))

    def marks(schedule: Case, steps: int, **_: Any) -> list[int]:
        return [0, steps // 2, *(steps + mark for mark in marks_of(schedule))]

    def ends(schedule: Case, steps: int, **_: Any) -> list[int]:
        return [*([0] if steps else []), *(steps + end for end in ends_of(schedule))]

    def held_from(schedule: Case, steps: int, **_: Any) -> int | None:
        held = record.held_from(schedule)
        return None if held is None else steps + held

    bounds = None

    def phases(schedule: Any, steps: int, start_lr: float, **_: Any) -> Any:
        return [(0, steps, start_lr, schedule(0))] if steps else []

    def typical(steps: int) -> Iterator[Params]:
        period = period_of(steps)
        for rise in RISES:
            yield {"schedule": typical_wave(steps - period), "steps": period, "start_lr": 0.0, **rise}

    def refusals() -> Iterator[Bad]:
        yield from WithWarmup.refusals()
        for name, shape in (("power", "polynomial"), ("ratio", "exponential")):
            said = f"{name} must be given with shape={shape!r}"
            yield TypeError, f"{said}, received none", {"shape": shape}
            yield TypeError, f"{said} only, received {name}=2.0", {"shape": "sqrt", name: 2.0}


Phases = tuple[tuple[int, Case], ...]


def starts(phases: Phases) -> Iterator[tuple[int, int, Case]]:
    start = 0
    for duration, schedule in phases:
        yield start, duration, schedule
        start += duration


class Sequential(Record, kind="sequential"):
    cases = [
        MIXED,
        case("sequential", phases=((1, case("constant", lr=0.25)),)),
        case("sequential", phases=((100, LINE), (100, LINE))),
        case("sequential", phases=((2**53, LLAMA), (2**53, LINE))),
        case("sequential", phases=((10, STAIRS), (2**52, GROWTH), (2**52, RESTARTS), (5, LINE))),
        case(
            "sequential",
            phases=(
                (250, MIXED),
                (4000, MIXED),
                (17, case("with_warmup", schedule=MIXED, warmup_steps=5, start_lr=0.0)),
            ),
        ),
        case(
            "sequential",
            phases=tuple(
                (n % 7 + 1, case("linear", base_lr=0.1, end_lr=1.0 / n, total_steps=n)) for n in range(1, 300)
            ),
        ),
        case(
            "sequential", phases=((33, case("exp_range", min_lr=0.0, max_lr=1.0, step_size=4, gamma=0.9)), (9, STEEP))
        ),
        case(
            "sequential",
            phases=(
                (30, case("exponential", base_lr=1.0, gamma=-0.9)),
                (30, case("multi_step", base_lr=1.0, milestones=(3, 29), gamma=0.5)),
            ),
        ),
    ]
    smooth = [
        case(
            "sequential", phases=((5, Exponential.smooth[0]), (30, Polynomial.smooth[0]), (20, WithWarmup.smooth[1]))
        )
    ]
    grids = [
        {
            "phases": [
                (np.array([3, 9, 1]), lrvec.linear(base_lr=[1.0, 2.0, 3.0], end_lr=0.0, total_steps=[4, 1, 9])),
                (2, lrvec.constant(lr=0.1)),
            ]
        }
    ]

    def exact(t: int, phases: Phases) -> Exact:
        for start, duration, schedule in starts(phases):
            if t < start + duration:
                return record.exact(schedule, t - start)
        return record.exact(schedule, duration - 1)

    def marks(phases: Phases) -> Iterator[int]:
        for start, duration, part in starts(phases):
            yield from (start + mark for mark in (*marks_of(part), duration) if mark <= duration)

    def ends(phases: Phases) -> Iterator[int]:
        for start, duration, part in starts(phases):
            yield from (start + end for end in ends_of(part) if end < duration)

    def held_from(phases: Phases) -> int:
        return sum(duration for duration, _ in phases) - 1

    bounds = None

    def typical(steps: int) -> Iterator[Params]:
        period = period_of(steps)
        yield {
            "phases": (
                (period, case("linear", base_lr=0.0, end_lr=3e-4, total_steps=period)),
                (steps // 2 - period, case("constant", lr=3e-4)),
                (steps // 2, typical_wave(steps // 2)),
            )
        }

    def refusals() -> Iterator[Bad]:
        flat = lrvec.constant(lr=1.0)
        yield ValueError, "sequential requires at least one phase, received none", {"phases": []}
        yield TypeError, "phases must be a sequence, received None", {"phases": None}
        for value, instead in (
            ({(3, flat)}, "a set, which has no order: use a list"),
            ({3: flat}, "a mapping: use its items()"),
            ("ab", "text: use a list"),
        ):
            yield TypeError, f"phases must be a sequence, not {instead}, received {value!r}", {"phases": value}
        for value, exception, rest in rules.COUNT:
            yield exception, f"phase duration {rest}", {"phases": [(3, flat), (value, flat)]}
        for phase, exception in ((flat, TypeError), (3, TypeError), ({3}, TypeError), ({3: 1, flat: 1}, TypeError), ("ab", TypeError), ((3, flat, flat), ValueError), ((3,), ValueError)):
            message = f"phase 1 must be a pair of a duration and a schedule, received {phase!r}"
            yield exception, message, {"phases": [(3, flat), phase]}
        for value, exception, rest in rules.SCHEDULE:
            yield exception, f"schedule of phase 1 {rest}", {"phases": [(3, flat), (3, value)]}


class ScaleByGroup(Record, kind="scale_by_group"):
    cases = [
        case("scale_by_group", schedule=schedule, multipliers=multipliers)
        for schedule, multipliers in [
            (LLAMA, {"backbone": 0.1, "head": 1.0}),
            (MIXED, {"a": 1e-300, "b": 1e300, "c": 5e-324, "ü": 3.0}),
            (GROWTH, {f"layer {n}": 0.65**n for n in range(24)}),
            (STEEP, {"only": 1.0}),
        ]
    ]

    def typical(steps: int) -> Iterator[Params]:
        (warm,) = WithWarmup.typical(steps)
        yield {"schedule": case("with_warmup", **warm), "multipliers": {"backbone": 0.1, "head": 1.0}}

    def refusals() -> Iterator[Bad]:
        yield ValueError, "multipliers must not be empty, received no group", {"multipliers": {}}
        for value in (None, 3, [("a", 1.0)], "a"):
            message = f"multipliers must be a mapping from group names to numbers, received {value!r}"
            yield TypeError, message, {"multipliers": value}
        for value, exception, rest in rules.POSITIVE:
            yield exception, f"multiplier for group 'b' {rest}", {"multipliers": {"a": 1.0, "b": value}}
        for value in ([1.0, 2.0], np.array([1.0])):
            message = f"multiplier for group 'a' must be a positive number, received {value!r}"
            yield TypeError, message, {"multipliers": {"a": value}}


class Stack(Record, kind="stack"):
    cases = [
        case("stack", schedules=(LLAMA, MIXED, LINE)),
        case("stack", schedules=(GROWTH, STAIRS), names=("encoder", "decoder")),
    ]

    def typical(steps: int) -> Iterator[Params]:
        (line,) = Linear.typical(steps)
        yield {"schedules": (typical_wave(steps - period_of(steps)), case("linear", **line))}

    def refusals() -> Iterator[Bad]:
        flat = lrvec.constant(lr=1.0)
        yield ValueError, "schedules must hold at least one schedule, received none", {"schedules": []}
        yield TypeError, "schedules must be a sequence, received None", {"schedules": None}
        for value, instead in (
            ({flat}, "a set, which has no order: use a list"),
            (frozenset({flat}), "a set, which has no order: use a list"),
            ({"a": flat}, "a mapping: use its values(), with its keys() as names"),
            ("ab", "text: use a list"),
        ):
            yield TypeError, f"schedules must be a sequence, not {instead}, received {value!r}", {"schedules": value}
        for value, exception, rest in rules.SCHEDULE:
            yield exception, f"schedules[1] {rest}", {"schedules": [flat, value]}
        yield TypeError, "names must be a sequence, received 3", {"names": 3}
        for value, instead in (
            ({"a"}, "a set, which has no order: use a list"),
            ({"a": 1}, "a mapping: use its keys()"),
            ("a", "text: use a list"),
            (bytearray(b"a"), "text: use a list"),
        ):
            yield TypeError, f"names must be a sequence, not {instead}, received {value!r}", {"names": value}
