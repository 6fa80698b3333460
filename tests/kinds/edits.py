"""These are the records of edits: schedules that are left at a step for a decay, a second warmup or another schedule."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import record
from oracle import LAST_STEP, Exact, between, mp, plain
from record import SOME, Bad, Case, Params, Record, case, ends_of, marks_of, period_of

import lrvec

from .compose import COSINE, GROWTH, LINE, LLAMA, MIXED, RESTARTS, STAIRS, STEEP, TRIANGLES, typical_wave
from .decays import Cosine, Linear
from .phases import DECAYS
from .tails import InverseSqrt

DECAY = case("exponential", base_lr=0.3, gamma=0.9999)
PRODUCT = case("product", schedules=(LINE, DECAY))
LEVEL = lrvec.constant(lr=1.0)
OTHERS = [lrvec.cosine(base_lr=0.1, min_lr=0.0, total_steps=9), lrvec.constant(lr=2.0)]


def marks_up_to(schedule: Case, step: int) -> list[int]:
    return [mark for mark in (0, *marks_of(schedule), step) if mark <= step]


def ends_before(schedule: Case, step: int) -> list[int]:
    return [end for end in ends_of(schedule) if end < step]


def between_values(first: Exact, last: Exact, weight: Any) -> Exact:
    """From `first` at weight 1 to `last` at weight 0. An end in whose value two parts cancel is not known to its own last
    digit."""
    value, size = between(first.value, last.value, weight)
    return Exact(value, max(size, first.size * weight, last.size * (1 - weight)))


class DecayFrom(Record, kind="decay_from"):
    cases = [
        case("decay_from", schedule=schedule, step=step, decay_steps=steps, final_lr=final_lr, shape=shape)
        for schedule, step, steps, final_lr in [
            (LLAMA, 600_000, 10_000, 0.0),
            (case("constant", lr=0.25), 0, 7, 1e-3),
            (MIXED, 1500, 0, 0.5),
            (RESTARTS, 77, 1, -0.1),
            (STEEP, 2**53, 2**53, 0.0),
            (GROWTH, 2**52, 3, 1e-300),
            (PRODUCT, 40, 1000, 0.01),
        ]
        for shape in DECAYS
    ]
    smooth = [
        case("decay_from", schedule=schedule, step=20, decay_steps=steps, final_lr=0.01, shape=shape)
        for schedule, steps in [(Cosine.smooth[0], 15), (InverseSqrt.smooth[0], 0)]
        for shape in DECAYS
    ]
    grids = [
        {"schedule": OTHERS, "step": [0, 4, 20], "decay_steps": [0, 1, 5], "final_lr": SOME, "shape": shape}
        for shape in DECAYS
    ]

    def exact(t: int, schedule: Case, step: int, decay_steps: int, final_lr: float, shape: str) -> Exact:
        if t >= step + decay_steps:
            return plain(final_lr)
        if t <= step:
            return record.exact(schedule, t)
        weight = DECAYS[shape](mp.mpf(t - step) / decay_steps)
        return between_values(record.exact(schedule, step), plain(final_lr), weight)

    def marks(schedule: Case, step: int, decay_steps: int, **_: Any) -> list[int]:
        return [*marks_up_to(schedule, step), step + decay_steps // 2, step + decay_steps]

    def ends(schedule: Case, step: int, decay_steps: int, **_: Any) -> list[int]:
        return [*ends_before(schedule, step), step + decay_steps]

    def held_from(schedule: Case, step: int, decay_steps: int, **_: Any) -> int:
        return step + decay_steps

    bounds = None

    def typical(steps: int) -> Iterator[Params]:
        period = period_of(steps)
        for shape in DECAYS:
            yield {
                "schedule": typical_wave(2 * steps),
                "step": steps - period,
                "decay_steps": period,
                "final_lr": 0.0,
                "shape": shape,
            }


class Rewarm(Record, kind="rewarm"):
    cases = [
        *(
            case("rewarm", schedule=schedule, step=step, warmup_steps=steps, peak=peak)
            for schedule, step, steps, peak in [
                (LLAMA, 1_200_000, 8000, 4e-5),
                (LINE, 0, 7, 1e-3),
                (MIXED, 1500, 0, 0.5),
                (STEEP, 2**53, 2**53, 1.0),
                (PRODUCT, 40, 1000, -0.01),
            ]
        ),
        *(
            case("rewarm", schedule=schedule, step=step, warmup_steps=steps, then=then)
            for schedule, step, steps, then in [
                (LLAMA, 1_200_000, 8000, LLAMA),
                (COSINE, 600_000, 3000, LINE),
                (LINE, 0, 1, TRIANGLES),
                (STAIRS, 77, 0, RESTARTS),
                (RESTARTS, 2**40, 2**40, GROWTH),
                (TRIANGLES, 700, 40, PRODUCT),
            ]
        ),
    ]
    smooth = [
        case("rewarm", schedule=Cosine.smooth[0], step=20, warmup_steps=9, peak=0.2),
        case("rewarm", schedule=Cosine.smooth[0], step=20, warmup_steps=9, then=Linear.smooth[0]),
    ]
    forms = [{"peak": None}, {"then": None}]
    grids = [
        {"schedule": OTHERS, "step": [0, 4, 20], "warmup_steps": [0, 1, 5], "peak": SOME},
        {"schedule": OTHERS, "step": [0, 4, 20], "warmup_steps": [0, 1, 5], "then": OTHERS},
    ]

    def exact(
        t: int, schedule: Case, step: int, warmup_steps: int, peak: float = 0.0, then: Case | None = None
    ) -> Exact:
        end = step + warmup_steps
        if t >= end:
            return record.exact(then, t - end) if then else plain(peak)
        if t <= step:
            return record.exact(schedule, t)
        top = record.exact(then, 0) if then else plain(peak)
        return between_values(record.exact(schedule, step), top, 1 - mp.mpf(t - step) / warmup_steps)

    def marks(schedule: Case, step: int, warmup_steps: int, then: Case | None = None, **_: Any) -> list[int]:
        end = step + warmup_steps
        return [*marks_up_to(schedule, step), step + warmup_steps // 2, end, *(end + mark for mark in (marks_of(then) if then else []))]

    def ends(schedule: Case, step: int, warmup_steps: int, then: Case | None = None, **_: Any) -> list[int]:
        end = step + warmup_steps
        return [*ends_before(schedule, step), *([end + one for one in ends_of(then)] if then else [end])]

    def held_from(schedule: Case, step: int, warmup_steps: int, then: Case | None = None, **_: Any) -> int | None:
        held = record.held_from(then) if then else 0
        return None if held is None else step + warmup_steps + held

    bounds = None

    def typical(steps: int) -> Iterator[Params]:
        half, period = steps // 2, period_of(steps)
        yield {"schedule": typical_wave(half), "step": half, "warmup_steps": period, "peak": 2e-4}
        then = typical_wave(steps - half - period)
        yield {"schedule": typical_wave(half), "step": half, "warmup_steps": period, "then": then}

    def refusals() -> Iterator[Bad]:
        said = "exactly one of peak and then must be given, received"
        yield TypeError, f"{said} neither", {"peak": None, "then": None}
        yield TypeError, f"{said} peak and then", {"peak": 0.1, "then": LEVEL}


PLATEAU = case("constant", lr=2.0)
ROOT = case(
    "warmup_stable_decay",
    base_lr=1.0, warmup_steps=10, decay_steps=30, total_steps=100, final_lr=0.1, warmup_start=0.0,
    decay_shape="1-sqrt",
)
LINES = case("join", phases=((8, case("linear", base_lr=1.0, end_lr=0.25, total_steps=8)), (24, LINE)))


class Rebase(Record, kind="rebase"):
    cases = [
        case("rebase", schedule=schedule, step=step, total_steps=total)
        for schedule, step, total in [
            (LINES, 0, 52),
            (LINES, 2, 13),
            (LINES, 31, 500),
            (case("with_warmup", schedule=case("cosine", base_lr=3e-4, min_lr=3e-5, total_steps=1_190_092), warmup_steps=2000, start_lr=0.0), 597_046, 1_668_930),
            (case("linear", base_lr=0.3, end_lr=0.0, total_steps=2**52 + 1), 77, 2**53),
            (case("cosine", base_lr=0.3, min_lr=-0.1, total_steps=1000), 0, 7),
            (ROOT, 60, 140),
            (ROOT, 20, 60),
            (case("hold", schedule=DECAY, step=3000), 1000, 6000),
            (case("hold", schedule=GROWTH, step=300), 100, 150),
            (case("hold", schedule=RESTARTS, step=800), 300, 1550),
            (case("hold", schedule=TRIANGLES, step=600), 0, 1500),
            (case("hold", schedule=PRODUCT, step=64), 0, 96),
            (case("replace_after", schedule=STAIRS, step=2000, other=PLATEAU), 0, 3000),
        ]
    ]
    smooth = [case("rebase", schedule=Cosine.smooth[0], step=20, total_steps=77)]
    grids = [{"schedule": [lrvec.cosine(base_lr=0.1, min_lr=0.0, total_steps=9)], "step": [0, 4, 8], "total_steps": [9, 10, 20]}]

    def clock(t: int, schedule: Case, step: int, total_steps: int) -> Any:
        """What the schedule's own clock shows."""
        end = record.held_from(schedule)
        return t if t <= step else step + (t - step) * Fraction(end - step, total_steps - step)

    def exact(t: int, schedule: Case, step: int, total_steps: int) -> Exact:
        return record.exact(schedule, Rebase.clock(t, schedule, step, total_steps))

    def marks(schedule: Case, step: int, total_steps: int) -> list[int]:
        by = Fraction(total_steps - step, record.held_from(schedule) - step)
        later = [step + math.ceil((mark - step) * by) for mark in marks_of(schedule) if mark > step]
        return [*marks_up_to(schedule, step), *later, total_steps]

    def ends(schedule: Case, step: int, total_steps: int) -> list[int]:
        return [*ends_before(schedule, step), *([total_steps] if record.held_from(schedule) in ends_of(schedule) else [])]

    def held_from(schedule: Case, step: int, total_steps: int) -> int:
        return total_steps

    def mend(params: Params) -> None:
        if isinstance(params["schedule"], Case):
            params["schedule"] = LINES
        params["step"] = params["step"] % 8
        params["total_steps"] = params["step"] + 1 + params["total_steps"] % 1000

    bounds = None

    def typical(steps: int) -> Iterator[Params]:
        yield {"schedule": typical_wave(steps // 2), "step": steps // 4, "total_steps": steps}

    def refusals() -> Iterator[Bad]:
        yield ValueError, "step must be less than total_steps, received 9", {"step": 9, "total_steps": 9}
        yield ValueError, "step must be less than the end of the schedule, 4, received 4", {"schedule": lrvec.linear(base_lr=1.0, end_lr=0.0, total_steps=4), "step": 4}
        endless = lrvec.inverse_sqrt(base_lr=1.0, warmup_steps=4)
        yield ValueError, "schedule must hold its last value from some step on, received one without an end: use hold", {"schedule": endless}
        whole = {"schedule": ROOT.make(), "step": 0, "total_steps": 101}
        yield ValueError, "total_steps must keep the steps of this schedule's rise whole, received 101", whole
        rule = "schedule must be made by lrvec where total_steps moves it between steps, received another callable and total_steps="
        yield TypeError, f"{rule}52", {"schedule": abs}


class ReplaceAfter(Record, kind="replace_after"):
    cases = [
        case("replace_after", schedule=schedule, step=step, other=other)
        for schedule, step, other in [
            (LLAMA, 600_000, COSINE),
            (LINE, 0, TRIANGLES),
            (MIXED, 1500, MIXED),
            (STEEP, 2**53, LINE),
            (RESTARTS, 77, GROWTH),
            (PRODUCT, 40, DECAY),
            (DECAY, 40, PRODUCT),
            (STAIRS, 2000, MIXED),
        ]
    ]
    smooth = [case("replace_after", schedule=Cosine.smooth[0], step=20, other=Linear.smooth[0])]
    grids = [{"schedule": OTHERS, "step": [0, 4, 20], "other": OTHERS}]

    def exact(t: int, schedule: Case, step: int, other: Case) -> Exact:
        return record.exact(schedule if t < step else other, t)

    def marks(schedule: Case, step: int, other: Case) -> list[int]:
        return [*marks_up_to(schedule, step), *(mark for mark in marks_of(other) if mark > step)]

    def ends(schedule: Case, step: int, other: Case) -> list[int]:
        return [*ends_before(schedule, step), *(end for end in ends_of(other) if end >= step)]

    def held_from(schedule: Case, step: int, other: Case) -> int | None:
        held = record.held_from(other)
        return None if held is None else min(max(step, held), LAST_STEP)

    bounds = None

    def typical(steps: int) -> Iterator[Params]:
        yield {"schedule": typical_wave(steps), "step": steps // 2, "other": typical_wave(2 * steps)}
