"""These are the records of schedules that are joined, moved, scaled, added, multiplied, bounded and repeated."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import record
import rules
from oracle import LAST_STEP, Exact, mp
from record import SOME, Bad, Case, Params, Record, case, ends_of, marks_of, period_of

import lrvec

from .compose import COSINE, GROWTH, LINE, LLAMA, MIXED, RESTARTS, STAIRS, STEEP, TRIANGLES, typical_wave
from .cycles import ExpRange, some_turns, turn_at
from .decays import Cosine, Linear, Polynomial
from .tails import Exponential, InverseSqrt

DECAY = case("exponential", base_lr=0.3, gamma=0.9999)
TAIL = case("inverse_sqrt", base_lr=0.1, warmup_steps=40)
STEADY = case("constant", lr=0.25)
SHORT = case("cosine", base_lr=0.3, min_lr=0.1, total_steps=300)
LEVEL = lrvec.constant(lr=1.0)


def term(value: Any) -> Any:
    """A number among terms as the constant that it stands for."""
    return value if isinstance(value, Case) else case("constant", lr=value)


def of(kind: str, *terms: Any) -> Case:
    return case(kind, schedules=tuple(map(term, terms)))


class Moved(Record):
    """A composition of one schedule on another clock. Its record says which step is asked for."""

    clock: Callable[..., Any]
    """What the schedule's own clock shows at step t, as an integer or a fraction."""

    bounds = None

    def __init_subclass__(cls, kind: str) -> None:
        super().__init_subclass__(kind=kind)
        clock = cls.clock
        cls.exact = staticmethod(lambda t, schedule, **numbers: record.exact(schedule, clock(t, **numbers)))


class Advance(Moved, kind="advance"):
    cases = [
        case("advance", schedule=schedule, steps=steps)
        for schedule, steps in [(LLAMA, 9000), (MIXED, 1500), (RESTARTS, 77), (GROWTH, 0), (STAIRS, 2**20), (TAIL, 39)]
    ]
    smooth = [case("advance", schedule=Cosine.smooth[0], steps=7)]
    grids = [{"schedule": [lrvec.linear(base_lr=0.5, end_lr=0.0, total_steps=9)], "steps": [0, 4, 20]}]

    def clock(t: int, steps: int) -> int:
        return min(t + steps, LAST_STEP)

    def marks(schedule: Case, steps: int) -> list[int]:
        return [0, *(mark - steps for mark in marks_of(schedule))]

    def ends(schedule: Case, steps: int) -> list[int]:
        return [end - steps for end in ends_of(schedule)]

    def held_from(schedule: Case, steps: int) -> int | None:
        held = record.held_from(schedule)
        return max(0, (LAST_STEP if held is None else held) - steps)

    def typical(steps: int) -> Iterator[Params]:
        yield {"schedule": typical_wave(2 * steps), "steps": steps}


class Delay(Moved, kind="delay"):
    cases = [
        case("delay", schedule=schedule, steps=steps)
        for schedule, steps in [(LLAMA, 9000), (MIXED, 15), (GROWTH, 0), (STEEP, 2**53), (DECAY, 2**40)]
    ]
    smooth = [case("delay", schedule=Cosine.smooth[0], steps=7)]
    grids = [{"schedule": [lrvec.linear(base_lr=0.5, end_lr=0.0, total_steps=9)], "steps": [0, 4, 20]}]

    def clock(t: int, steps: int) -> int:
        return max(0, t - steps)

    def marks(schedule: Case, steps: int) -> list[int]:
        return [0, *(mark + steps for mark in marks_of(schedule))]

    def ends(schedule: Case, steps: int) -> list[int]:
        return [end + steps for end in ends_of(schedule)]

    def held_from(schedule: Case, steps: int) -> int | None:
        held = record.held_from(schedule)
        return None if held is None else held + steps

    def typical(steps: int) -> Iterator[Params]:
        yield {"schedule": typical_wave(steps - period_of(steps)), "steps": period_of(steps)}


class Hold(Moved, kind="hold"):
    cases = [
        case("hold", schedule=schedule, step=step)
        for schedule, step in [
            *((LLAMA, 9000), (MIXED, 1500), (GROWTH, 0), (RESTARTS, 2**53), (DECAY, 12345)),
            (case("repeat", schedule=LINE, period=33.3, count=7, then=STEEP), 2000),
        ]
    ]
    smooth = [case("hold", schedule=Polynomial.smooth[0], step=9)]
    grids = [{"schedule": [lrvec.linear(base_lr=0.5, end_lr=0.0, total_steps=9)], "step": [0, 4, 20]}]

    def clock(t: int, step: int) -> int:
        return min(t, step)

    def marks(schedule: Case, step: int) -> list[int]:
        return [0, step, *(mark for mark in marks_of(schedule) if mark <= step)]

    def ends(schedule: Case, step: int) -> list[int]:
        return [end for end in ends_of(schedule) if end <= step]

    def held_from(schedule: Case, step: int) -> int:
        held = record.held_from(schedule)
        return step if held is None else min(step, held)

    def typical(steps: int) -> Iterator[Params]:
        yield {"schedule": typical_wave(2 * steps), "step": steps}


class Every(Moved, kind="every"):
    cases = [
        case("every", schedule=schedule, steps=steps)
        for schedule, steps in [
            *((LLAMA, 391), (MIXED, 7), (GROWTH, 1), (RESTARTS, 2**40), (STEEP, 2), (of("product", COSINE, DECAY), 5)),
            *((LLAMA, 390.625), (MIXED, 1.125), (STEEP, 2.0**51 + 0.5), (of("product", COSINE, DECAY), math.pi)),
        ]
    ]
    smooth = [case("every", schedule=Cosine.smooth[0], steps=7)]
    grids = [{"schedule": [lrvec.linear(base_lr=0.5, end_lr=0.0, total_steps=9)], "steps": [1, 4, 20, 2.75]}]

    def clock(t: int, steps: float) -> int:
        return t // Fraction(steps)

    def marks(schedule: Case, steps: float) -> list[int]:
        return [0, *(math.ceil(mark * Fraction(steps)) for mark in marks_of(schedule))]

    def ends(schedule: Case, steps: float) -> list[int]:
        return [math.ceil(end * Fraction(steps)) for end in ends_of(schedule)]

    def held_from(schedule: Case, steps: float) -> int | None:
        held = record.held_from(schedule)
        return None if held is None else math.ceil(held * Fraction(steps))

    def typical(steps: int) -> Iterator[Params]:
        yield {"schedule": typical_wave(100), "steps": max(1, steps // 100)}


class Strided(Moved, kind="strided"):
    cases = [
        case("strided", schedule=schedule, stride=stride)
        for schedule, stride in [
            *((LLAMA, 391), (MIXED, 7), (GROWTH, 1), (RESTARTS, 3), (STEEP, 2), (of("product", COSINE, DECAY), 5)),
            *((TAIL, 4), (STAIRS, 2**40), (TRIANGLES, 11), (case("every", schedule=LINE, steps=7), 5), (STEEP, 2**53)),
            (case("warmup_cosine", base_lr=6e-5, min_lr=6e-6, warmup_steps=375_000_000, total_steps=260 * 10**9, start_lr=0.0), 3_276_800),
        ]
    ]
    smooth = [case("strided", schedule=Cosine.smooth[0], stride=2)]
    grids = [{"schedule": [lrvec.linear(base_lr=0.5, end_lr=0.0, total_steps=9)], "stride": [1, 4, 20]}]

    def clock(t: int, stride: int) -> int:
        return min(t * stride, LAST_STEP)

    def marks(schedule: Case, stride: int) -> list[int]:
        return [0, *(-(-mark // stride) for mark in marks_of(schedule))]

    def ends(schedule: Case, stride: int) -> list[int]:
        return [end // stride for end in ends_of(schedule) if end % stride == 0]

    def held_from(schedule: Case, stride: int) -> int:
        held = record.held_from(schedule)
        return -(-(LAST_STEP if held is None else held) // stride)

    def typical(steps: int) -> Iterator[Params]:
        yield {"schedule": typical_wave(4096 * steps), "stride": 4096}


QUARTERS = case("stretched", schedule=COSINE, by=0.25)
BENT = of("maximum", case("stretched", schedule=LINE, by=0.75), case("repeat", schedule=case("stretched", schedule=LINE, by=0.1875), period=18.75))


class Stretched(Moved, kind="stretched"):
    cases = [
        case("stretched", schedule=schedule, by=by)
        for schedule, by in [
            *((LLAMA, 1.25), (LLAMA, 3), (LLAMA, 0.0625), (MIXED, 1), (LINE, 0.015625), (QUARTERS, 2.75), (STEEP, 3)),
            *((DECAY, 2.5), (case("exponential", base_lr=0.3, gamma=1e-9), 7.75), (TAIL, 1.5), (STAIRS, 3.5), (STAIRS, 2)),
            *((case("triangular", min_lr=0.1, max_lr=0.2, step_size=7), 1.125), (case("noam", model_dim=64, warmup_steps=8, factor=1.0), 3.25)),
            *((case("cosine_restarts", base_lr=0.1, min_lr=0.01, period=9, t_mult=1), 1.5), (RESTARTS, 1.75), (BENT, 1.5)),
            *((case("every", schedule=STEEP, steps=3), 2.5), (case("strided", schedule=STEEP, stride=15), 2.5), (case("mirrored", schedule=LINE, length=77), 0.5)),
            *((case("join", phases=((3, DECAY), (2, LINE), TAIL)), 4.125), (of("product", LINE, DECAY), 1.5)),
            (case("warmup_stable_decay", base_lr=1.0, warmup_steps=10, decay_steps=30, total_steps=100, final_lr=0.1, warmup_start=0.0, decay_shape="linear"), 2.25),
            (case("warmup_stable_decay", base_lr=1.0, warmup_steps=10, decay_steps=30, total_steps=100, final_lr=0.1, warmup_start=0.0, decay_shape="1-sqrt"), 2),
        ]
    ]
    smooth = [case("stretched", schedule=Cosine.smooth[0], by=1.3)]
    grids = [{"schedule": [lrvec.linear(base_lr=0.5, end_lr=0.0, total_steps=9)], "by": [1, 4, 1.5, 0.3]}]

    def clock(t: int, by: float) -> Any:
        return min(t / Fraction(by), Fraction(LAST_STEP))

    def marks(schedule: Case, by: float) -> list[int]:
        return [0, *(math.ceil(mark * Fraction(by)) for mark in marks_of(schedule))]

    def ends(schedule: Case, by: float) -> list[int]:
        return [int(end * Fraction(by)) for end in ends_of(schedule) if (end * Fraction(by)).denominator == 1]

    def held_from(schedule: Case, by: float) -> int | None:
        held = record.held_from(schedule)
        return math.ceil((LAST_STEP if held is None else held) * Fraction(by))

    def typical(steps: int) -> Iterator[Params]:
        yield {"schedule": typical_wave(steps // 3), "by": 3.25}

    def refusals() -> Iterator[Bad]:
        power = lrvec.polynomial(base_lr=1.0, end_lr=0.0, total_steps=10, power=2.5)
        yield ValueError, "by must keep the steps of this schedule's power whole, received 1.25", {"schedule": power, "by": 1.25}
        within = lrvec.repeat(lrvec.total(LEVEL, lrvec.delay(lrvec.step_decay(base_lr=1.0, drop=0.5, step_size=3), steps=1)), period=8)
        yield ValueError, "by must keep the steps of this schedule's stride whole, received 2.0", {"schedule": lrvec.strided(power, stride=3), "by": 2}
        yield ValueError, "by must keep the steps of this schedule's every whole, received 1.5", {"schedule": within, "by": 1.5}
        rule = "schedule must be made by lrvec where by moves it between steps, received another callable and by="
        yield TypeError, f"{rule}1.5", {"schedule": abs, "by": 1.5}


class Mirrored(Moved, kind="mirrored"):
    cases = [
        case("mirrored", schedule=schedule, length=length)
        for schedule, length in [
            *((LINE, 100), (MIXED, 1300), (GROWTH, 1), (COSINE, 2**52 + 1), (STEEP, 2**53), (TAIL, 100)),
            *((LINE, 100.3), (LLAMA, 12345.6789), (QUARTERS, math.e), (BENT, 27.7), (SHORT, 100.123), (COSINE, 2.0**51 + 0.5)),
        ]
    ]
    smooth = [case("mirrored", schedule=Cosine.smooth[0], length=17)]
    grids = [{"schedule": [lrvec.linear(base_lr=0.5, end_lr=0.0, total_steps=9)], "length": [1, 4, 20, 6.5]}]

    def clock(t: int, length: float) -> Any:
        length = Fraction(length)
        return length - abs(t % (2 * length) - length)

    def marks(schedule: Case, length: float) -> list[int]:
        inner = [mark for mark in marks_of(schedule) if mark < length]
        length = Fraction(length)
        turns = [turn + mark for turn in (0, 2 * length, 200 * length) for mark in (*inner, length, *(2 * length - mark for mark in inner))]
        return [math.ceil(turn) for turn in turns]

    def ends(schedule: Case, length: float) -> list[int]:
        ends = [2 * Fraction(length) * turn + end for turn in (0, 1, 100) for end in ends_of(schedule) if end < length]
        return [int(end) for end in ends if end.denominator == 1]

    def typical(steps: int) -> Iterator[Params]:
        yield {"schedule": typical_wave(period_of(steps)), "length": period_of(steps)}


class Repeat(Record, kind="repeat"):
    cases = [
        *(
            case("repeat", schedule=schedule, period=period)
            for schedule, period in [
                *((LINE, 100), (MIXED, 1300), (GROWTH, 1), (COSINE, 2**52 + 1), (STEEP, 2**53), (TAIL, 100)),
                *((LINE, 100.3), (LINE, 99.99999999), (LLAMA, 12345.6789), (QUARTERS, 1.1), (BENT, 27.7), (SHORT, 94.3214), (COSINE, 2.0**51 + 0.5)),
            ]
        ),
        case("repeat", schedule=LLAMA, period=9000.6875, count=2**20),
        case("repeat", schedule=RESTARTS, period=70, count=3),
        case("repeat", schedule=LLAMA, period=9000, count=2**40),
        case("repeat", schedule=DECAY, period=1000, count=5, then=STEEP),
        case("repeat", schedule=case("repeat", schedule=LINE, period=10), period=25, count=1, then=MIXED),
    ]
    smooth = [case("repeat", schedule=Cosine.smooth[0], period=17), case("repeat", schedule=Cosine.smooth[0], period=7, count=3, then=Linear.smooth[0])]
    forms = [{"count": None, "then": None}, {"then": None}, {}]
    grids = [{"schedule": [lrvec.linear(base_lr=0.5, end_lr=0.0, total_steps=9)], "period": [1, 4, 20, 6.75], "count": [1, 3]}]

    def exact(t: int, schedule: Case, period: float, count: int | None = None, then: Case | None = None) -> Exact:
        if count is None or t < period * count:
            return record.exact(schedule, t % Fraction(period))
        return record.exact(schedule, Fraction(period)) if then is None else record.exact(then, t - math.ceil(period * count))

    def marks(schedule: Case, period: float, count: int | None = None, then: Case | None = None) -> Iterator[int]:
        inner = [mark for mark in marks_of(schedule) if mark < period]
        for turn in (0, 1, 100):
            yield from (math.ceil(turn * Fraction(period) + mark) for mark in inner if count is None or turn < count)
        if count is not None:
            yield from (math.ceil(period * count) + mark for mark in (marks_of(then) if then else (0,)))

    def ends(schedule: Case, period: float, count: int | None = None, then: Case | None = None) -> Iterator[int]:
        for turn in (0, 1, 100):
            begin = turn * Fraction(period)
            if begin.denominator == 1:
                yield from (int(begin) + end for end in ends_of(schedule) if end < period and (count is None or turn < count))

    def held_from(schedule: Case, period: float, count: int | None = None, then: Case | None = None) -> int | None:
        if count is None:
            return None
        held = record.held_from(then) if then else 0
        return None if held is None else math.ceil(period * count) + held

    bounds = None

    def typical(steps: int) -> Iterator[Params]:
        yield {"schedule": typical_wave(100), "period": 100}
        period = period_of(steps)
        yield {"schedule": typical_wave(period), "period": period, "count": 3}

    def refusals() -> Iterator[Bad]:
        yield TypeError, f"count must be given with then, received only then={LEVEL!r}", {"then": LEVEL}
        power = lrvec.polynomial(base_lr=1.0, end_lr=0.0, total_steps=10, power=2.5)
        yield ValueError, "period must keep the steps of this schedule's power whole, received 8.5", {"schedule": power, "period": 8.5}


class Cycles(Record, kind="cycles"):
    cases = [
        case("cycles", schedule=schedule, length=length, t_mult=t_mult, peak_factor=peak_factor, floor=floor, **rest)
        for schedule, length, t_mult, peak_factor, floor, rest in [
            *((LINE, 100, 1.5, 1.0, 0.0, {}), (LINE, 100, 1.1, 0.5, 0.1, {}), (LLAMA, 8192, 1.25, 1.0, 0.0, {"count": 5})),
            *((LINE, 33.3, 1, -1.5, 0.25, {"count": 9}), (case("stretched", schedule=LINE, by=0.1875), 18.75, 1.5, 2.0, 0.5, {"count": 4})),
            *((LINE, 100, 1, 1.0, 0.0, {}), (MIXED, 1300, 1, 1.0, 0.0, {"count": 2**40}), (MIXED, 1300, 1, 0.5, 0.01, {})),
            (QUARTERS, 30.5, 3, -1.25, 1e-3, {}),
            *((STEEP, 5000, 3, 0.75, 1e-4, {}), (STEEP, 512, 0.5, 0.75, 0.0, {"count": 4}), (DECAY, 64, 2, 0.5, 0.0, {"count": 3})),
            *((LINE, 100, 1, 0.5, 0.0, {"lengths": (50, 75.5, 1.25, 200)}), (STEEP, 5000, 1, 1.0, 0.0, {"lengths": (5000, 10000)})),
            (of("product", LINE, COSINE), 100, 1.5, 0.5, 0.0, {"count": 3}),
        ]
    ]
    smooth = [
        case("cycles", schedule=Cosine.smooth[0], length=17, t_mult=1.5, peak_factor=0.8, floor=0.01, count=3),
        case("cycles", schedule=Cosine.smooth[0], length=17, t_mult=1, peak_factor=0.8, floor=0.01),
    ]
    forms = [{"lengths": None}, {"lengths": None, "count": None}]
    grids = [
        {
            "schedule": [lrvec.linear(base_lr=0.5, end_lr=0.0, total_steps=9)],
            "length": [9, 4.5],
            "t_mult": [1, 1.5, 3],
            "peak_factor": [0.5, 1.0, -1.0],
            "floor": [0.0, 0.25],
            **rest,
        }
        for rest in ({}, {"count": [1, 4]})
    ]
    bounds = None

    def exact(
        t: int,
        schedule: Case,
        length: float,
        t_mult: float,
        peak_factor: float,
        floor: float,
        count: int | None = None,
        lengths: tuple[float, ...] | None = None,
    ) -> Exact:
        number, start, end = Cycles._turn(t, length, t_mult, count, lengths)
        at = length if start == end else (t - Fraction(start)) * Fraction(length) / (Fraction(end) - Fraction(start))
        own = record.exact(schedule, Fraction(at))
        if not number or peak_factor == 1:
            return own
        height, floor = mp.mpf(peak_factor) ** number, mp.mpf(floor)
        above = height * (own.value - floor)
        return Exact(floor + above, max(abs(height) * own.size, abs(height * floor), abs(floor)))

    def _turn(t: int, length: float, t_mult: float, count: int | None, lengths: Any) -> tuple[int, Any, Any]:
        if lengths is None:
            return turn_at(t, length, t_mult, count)
        starts = [float(sum(map(Fraction, lengths[:number]))) for number in range(len(lengths) + 1)]
        found = [turn for turn in enumerate(itertools.pairwise(starts)) if t < turn[1][1]]
        return (found[0][0], *found[0][1]) if found else (len(lengths) - 1, starts[-1], starts[-1])

    def marks(
        schedule: Case, length: float, t_mult: float, count: int | None = None, lengths: Any = None, **_: Any
    ) -> Iterator[int]:
        inner = [mark for mark in marks_of(schedule) if mark <= length]
        cycles = some_turns(length, t_mult, count) if lengths is None else [Cycles._turn(0, length, 1, None, lengths)[1:]]
        for start, end in cycles:
            yield from (math.ceil(start + (end - start) * mark / length) for mark in (*inner, length))
        if lengths:
            yield math.ceil(sum(lengths))

    def held_from(
        length: float, t_mult: float, count: int | None = None, lengths: Any = None, **_: Any
    ) -> int | None:
        if count is None and lengths is None:
            return None
        return math.ceil(Cycles._turn(LAST_STEP, length, t_mult, count, lengths)[2])

    def ends(**_: Any) -> list[int]:
        return []

    def typical(steps: int) -> Iterator[Params]:
        period = period_of(steps)
        yield {"schedule": typical_wave(period), "length": period, "t_mult": 1.5, "peak_factor": 0.8, "floor": 3e-5}

    def refusals() -> Iterator[Bad]:
        yield ValueError, "count must be given where t_mult is below 1, received t_mult=0.5", {"t_mult": 0.5}
        yield TypeError, "count must not be given with lengths, received count=2", {"lengths": [3], "t_mult": 1, "count": 2}
        yield TypeError, "t_mult must not be given with lengths, received t_mult=1.5", {"lengths": [3]}
        yield ValueError, "lengths must hold at least one length, received none", {"lengths": []}
        yield TypeError, "lengths must be a sequence, received 3", {"lengths": 3}
        yield ValueError, "lengths[1] must be at least 1, received 0.5", {"lengths": [3, 0.5], "t_mult": 1}
        yield ValueError, "cycles must have at most 100000 segments, received 100001", {"lengths": range(1, 100002)}
        said = "received -1e+200 for 3 cycles"
        yield ValueError, f"peak_factor must keep the height of every cycle finite, {said}", {"lengths": [3] * 3, "t_mult": 1, "peak_factor": -1e200}
        for floor, growth in ((1e299, {"lengths": [3, 4, 5], "t_mult": 1}), (1e300, {"t_mult": 1, "count": 3}), (-1e299, {"t_mult": 2, "count": 3})):
            said = f"peak_factor must keep the height of every cycle finite, received 100000.0 above floor={floor}"
            yield ValueError, said, {"peak_factor": 1e5, "floor": floor, **growth}
        power = lrvec.polynomial(base_lr=1.0, end_lr=0.0, total_steps=10, power=2.5)
        yield ValueError, "t_mult must keep the steps of this schedule's power whole, received 1.25", {"schedule": power, "t_mult": 1.25}
        many = lrvec.sequential([(1, LEVEL)] * 60_000)
        yield ValueError, "cycles must have at most 100000 segments, received 180003", {"schedule": many, "t_mult": 1, "lengths": [60_000] * 3}
        rule = "schedule must be made by lrvec where t_mult moves it between steps, received another callable and t_mult="
        yield TypeError, f"{rule}1.5", {"schedule": abs, "t_mult": 1.5}


class AtTheSameStep(Record):
    """A composition that changes the rates of one schedule."""

    bounds = None

    def marks(schedule: Case, **_: Any) -> list[int]:
        return marks_of(schedule)

    def ends(**_: Any) -> list[int]:
        return []

    def held_from(schedule: Case, **_: Any) -> int | None:
        return record.held_from(schedule)


class Scaled(AtTheSameStep, kind="scaled"):
    cases = [
        case("scaled", schedule=schedule, factor=factor, offset=offset)
        for schedule, factor, offset in [
            (LLAMA, 2.0, 0.0),
            (MIXED, 1 / 3, 0.0),
            (GROWTH, -0.7, 0.0),
            (GROWTH, 0.7, 0.01),
            (RESTARTS, -1.0, 0.1),
            (TRIANGLES, 1.0, 1e-6),
            (STAIRS, 0.0, 0.5),
            (TAIL, 1e300, 0.0),
            (TAIL, 0.3, 1e-3),
            (COSINE, 1e-310, 0.0),
            (DECAY, 1e-307, 0.0),
            (case("piecewise", steps=(0, 3, 7, 12), values=(0.1, 0.9, 1.0, 0.25), interpolation="pchip"), 0.5, 0.25),
            (case("scaled", schedule=DECAY, factor=2.0, offset=1.0), -1.0, 3.0),
            (of("total", COSINE, DECAY), 3.0, 0.25),
            (of("product", COSINE, DECAY), -3.0, 0.25),
            (of("minimum", COSINE, DECAY), 0.1, 0.0),
            (case("repeat", schedule=DECAY, period=50), 0.1, 0.1),
            (case("with_warmup", schedule=case("megatron_lr", init_lr=0.0, max_lr=1e-3, min_lr=1e-4, lr_warmup_steps=5, lr_decay_steps=900, lr_decay_style="inverse-square-root"), warmup_steps=3, start_lr=0.1), -0.1, 0.0),
        ]
    ]
    smooth = [case("scaled", schedule=one, factor=0.3, offset=0.02) for one in (Cosine.smooth[0], *Exponential.smooth[:1], *InverseSqrt.smooth[:1])]
    grids = [{"schedule": [lrvec.exponential(base_lr=0.5, gamma=0.9)], "factor": [1.0, -2.0, 1e-310], "offset": [0.0, 0.1]}]

    def exact(t: int, schedule: Case, factor: float, offset: float) -> Exact:
        own = record.exact(schedule, t)
        return Exact(mp.mpf(factor) * own.value + mp.mpf(offset), abs(mp.mpf(factor)) * own.size + abs(offset))

    def typical(steps: int) -> Iterator[Params]:
        yield {"schedule": typical_wave(steps), "factor": 0.5, "offset": 1e-6}


class OfTerms(Record):
    """A composition of any number of schedules at one step."""

    bounds = None
    grids = [{"schedules": [lrvec.linear(base_lr=[1.0, 2.0, 3.0], end_lr=0.1, total_steps=[4, 1, 9]), 0.5, lrvec.exponential(base_lr=0.5, gamma=0.9)]}]

    def __init_subclass__(cls, kind: str) -> None:
        super().__init_subclass__(kind=kind)
        cls.cases = [
            of(kind, *terms)
            for terms in [
                (LLAMA, DECAY),
                (MIXED, RESTARTS, TRIANGLES),
                (COSINE, 0.5),
                (0.25, DECAY, 2.0, STEEP),
                (TAIL,),
                (STEADY, 3.0),
                (of("total", LINE, COSINE), of("product", LINE, DECAY)),
                (case("repeat", schedule=LINE, period=70), case("every", schedule=DECAY, steps=7)),
                (case("constant", lr=-0.1), LINE),
            ]
        ]
        cls.smooth = [of(kind, Cosine.smooth[0], case("exponential", base_lr=0.07, gamma=0.97)), of(kind, Linear.smooth[0], 0.03)]

    def marks(schedules: tuple[Case, ...]) -> Iterable[int]:
        return {mark for one in schedules for mark in marks_of(one)}

    def ends(schedules: tuple[Case, ...]) -> list[int]:
        return []

    def held_from(schedules: tuple[Case, ...]) -> int | None:
        held = [record.held_from(one) for one in schedules]
        return None if None in held else max(held)

    def typical(steps: int) -> Iterator[Params]:
        yield {"schedules": (typical_wave(steps), case("cosine", base_lr=1.0, min_lr=0.1, total_steps=2 * steps))}

    def refusals() -> Iterator[Bad]:
        yield ValueError, "schedules must hold at least one schedule, received none", {"schedules": ()}
        rule = "must be a schedule, another callable from a step to a rate, or a number, received"
        for bad in ("cosine", None, {"kind": "constant"}):
            yield TypeError, f"schedules[1] {rule} {bad!r}", {"schedules": (LEVEL, bad)}
        yield ValueError, "schedules[0] must be a finite number, received nan", {"schedules": (math.nan,)}
        groups = lrvec.scale_by_group(LEVEL, multipliers={"a": 1.0})
        yield TypeError, f"schedules[0] {rules.NO_SCHEDULE} {groups!r}", {"schedules": (groups,)}


def parts_at(t: int, schedules: tuple[Case, ...]) -> list[Exact]:
    return [record.exact(one, t) for one in schedules]


class Total(OfTerms, kind="total"):
    def exact(t: int, schedules: tuple[Case, ...]) -> Exact:
        parts = parts_at(t, schedules)
        return Exact(mp.fsum(part.value for part in parts), mp.fsum(part.size for part in parts))


class Product(OfTerms, kind="product"):
    def exact(t: int, schedules: tuple[Case, ...]) -> Exact:
        parts = parts_at(t, schedules)
        return Exact(mp.fprod(part.value for part in parts), mp.fprod(part.size for part in parts))


class Minimum(OfTerms, kind="minimum"):
    def exact(t: int, schedules: tuple[Case, ...]) -> Exact:
        return min(parts_at(t, schedules), key=lambda part: part.value)


class Maximum(OfTerms, kind="maximum"):
    def exact(t: int, schedules: tuple[Case, ...]) -> Exact:
        return max(parts_at(t, schedules), key=lambda part: part.value)


class Clipped(AtTheSameStep, kind="clipped"):
    cases = [
        case("clipped", schedule=LLAMA, low=1e-6, high=5e-5),
        case("clipped", schedule=MIXED, low=0.01),
        case("clipped", schedule=GROWTH, high=5e-4),
        case("clipped", schedule=DECAY, low=0.1, high=0.1),
        case("clipped", schedule=of("product", COSINE, DECAY), low=1e-6),
        case("clipped", schedule=TRIANGLES, high=0.0),
    ]
    smooth = [case("clipped", schedule=Cosine.smooth[0], low=0.03, high=0.08)]
    forms = [{}, {"low": None}, {"high": None}]
    grids = [{"schedule": [lrvec.linear(base_lr=0.5, end_lr=0.0, total_steps=9)], "low": [-0.1, 0.1], "high": [0.1, 0.4]}]

    def exact(t: int, schedule: Case, low: float = -math.inf, high: float = math.inf) -> Exact:
        own = record.exact(schedule, t)
        if own.value < low:
            own = Exact(mp.mpf(low), abs(low))
        return Exact(mp.mpf(high), abs(high)) if own.value > high else own

    def mend(params: Params) -> None:
        if "low" in params and "high" in params and params["low"] > params["high"]:
            params["low"], params["high"] = params["high"], params["low"]

    def typical(steps: int) -> Iterator[Params]:
        yield {"schedule": typical_wave(steps), "low": 1e-4, "high": 2e-4}

    def refusals() -> Iterator[Bad]:
        yield TypeError, "low or high must be given, received neither", {"low": None, "high": None}
        yield ValueError, "low must not exceed high, received low=2.0, high=1.0", {"low": 2.0, "high": 1.0}


Phases = tuple[Any, ...]


def starts(phases: Phases) -> Iterator[tuple[int, int, Case]]:
    start = 0
    for phase in phases:
        duration, own = phase if isinstance(phase, tuple) else (LAST_STEP + 1, phase)
        yield start, duration, own
        start += duration


class Join(Record, kind="join"):
    cases = [
        case("join", phases=(MIXED,)),
        case("join", phases=((100, LINE), (0, STAIRS), RESTARTS)),
        case("join", phases=((100, LINE), (0, DECAY))),
        case("join", phases=((0, LINE), (0, STAIRS), (1, GROWTH), (2**52, LLAMA))),
        case("join", phases=((2**53, LLAMA), (2**53, LINE), TAIL)),
        case("join", phases=((30, of("product", LINE, DECAY)), (7, case("repeat", schedule=LINE, period=3)), STEEP)),
        case("join", phases=((33, case("exp_range", min_lr=0.0, max_lr=1.0, step_size=4, gamma=0.9)), (9, STEEP))),
    ]
    smooth = [case("join", phases=((5, Exponential.smooth[0]), (0, Cosine.smooth[0]), (20, Polynomial.smooth[0]), *ExpRange.smooth[:1]))]
    grids = [
        {
            "phases": [
                (np.array([3, 0, 1]), lrvec.linear(base_lr=[1.0, 2.0, 3.0], end_lr=0.0, total_steps=[4, 1, 9])),
                lrvec.constant(lr=SOME),
            ]
        }
    ]

    def exact(t: int, phases: Phases) -> Exact:
        for start, duration, schedule in starts(phases):
            if t < start + duration:
                return record.exact(schedule, t - start)
        return record.exact(schedule, duration)

    def marks(phases: Phases) -> Iterator[int]:
        for start, duration, part in starts(phases):
            yield from (start + mark for mark in (*marks_of(part), duration) if mark <= duration)

    def ends(phases: Phases) -> Iterator[int]:
        for start, duration, part in starts(phases):
            yield from (start + end for end in ends_of(part) if end < duration)

    def held_from(phases: Phases) -> int | None:
        *_, (start, duration, part) = starts(phases)
        if isinstance(phases[-1], tuple):
            return start + duration
        held = record.held_from(part)
        return None if held is None else start + held

    bounds = None

    def typical(steps: int) -> Iterator[Params]:
        period = period_of(steps)
        line = case("linear", base_lr=0.0, end_lr=3e-4, total_steps=period)
        yield {"phases": ((period, line), (period, case("constant", lr=3e-4)), typical_wave(steps - 2 * period))}

    def refusals() -> Iterator[Bad]:
        yield ValueError, "join requires at least one phase, received none", {"phases": []}
        yield TypeError, "phases must be a sequence, received None", {"phases": None}
        for value, exception, rest in rules.COUNT_OR_ZERO:
            yield exception, f"phase duration {rest}", {"phases": [(3, LEVEL), (value, LEVEL)]}
        rule = "must be a pair of a duration and a schedule; the last one may be a schedule alone, received"
        yield TypeError, f"phase 0 {rule} {LEVEL!r}", {"phases": [LEVEL, (3, LEVEL)]}
        for value, exception, rest in rules.SCHEDULE:
            yield exception, f"schedule of phase 1 {rest}", {"phases": [(3, LEVEL), (3, value)]}
