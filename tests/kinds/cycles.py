"""These are the records of curves that repeat."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from itertools import islice
from typing import Any

import longs
import numpy as np
from longs import Array, Clocks
from oracle import LARGEST, LAST_STEP, Exact, between, half_wave, height, mp, plain, power_of, swinging
from record import FACTORS, SOME, Bad, Params, Record, case, period_of, real, spans, vanishing


class Triangles(Record):
    """Feet at every second multiple of `step_size`, peaks at the others."""

    def marks(step_size: int, **_: Any) -> Iterator[int]:
        yield from (n * step_size for n in (0, 1, 2, 3, 4, 5, 6, 41, 2000, 2001, 2150, 2151))

    def bounds(min_lr: float, max_lr: float, **_: Any) -> tuple[float, ...]:
        return min_lr, max_lr

    def phases(min_lr: float, max_lr: float, step_size: int, **_: Any) -> Any:
        return [(0, step_size, min_lr, max_lr), (step_size, 2 * step_size, max_lr, min_lr)]

    def clocks(step_size: Array, **_: Any) -> Clocks:
        return [(n * step_size, step_size) for n in (0.0, 0.0, 0.0, 1.0, 2.0, 2.0, 3.0, 10.0, 2000.0)]

    def typical(steps: int) -> Iterator[Params]:
        yield {"min_lr": 3e-5, "max_lr": 3e-4, "step_size": period_of(steps)}


class Triangular(Triangles, kind="triangular"):
    cases = spans("triangular", "min_lr", "max_lr", "step_size")
    smooth = [case("triangular", min_lr=0.01, max_lr=0.1, step_size=10)]
    grids = [{"min_lr": [0.0, 0.1], "max_lr": SOME, "step_size": [1, 2, 7]}]
    ends = Triangles.marks

    def exact(t: int, min_lr: float, max_lr: float, step_size: int) -> Exact:
        return between(max_lr, min_lr, height(t, step_size))

    def value(t: Array, min_lr: Array, max_lr: Array, step_size: Array) -> longs.Value:
        return longs.between(min_lr, max_lr, longs.straight(longs.climbed(t, step_size), step_size))


class Triangular2(Triangles, kind="triangular2"):
    cases = [
        *spans("triangular2", "min_lr", "max_lr", "step_size"),
        case("triangular2", min_lr=1.7e308, max_lr=-1.7e308, step_size=10),
    ]
    witnesses = [
        (case("triangular2", min_lr=0.1238086624174059, max_lr=0.6781660244074309, step_size=5218679315), 2915482363),
        (case("triangular2", min_lr=1.0, max_lr=1e-9, step_size=10**6), 999997),
        (case("triangular2", min_lr=0.1, max_lr=0.0, step_size=1000), 998),
        *((case("triangular2", min_lr=LARGEST, max_lr=-LARGEST, step_size=3), step) for step in (1, 2, 7, 9)),
    ]
    smooth = [case("triangular2", min_lr=0.01, max_lr=0.1, step_size=10)]
    grids = [{"min_lr": [0.0, 0.1], "max_lr": SOME, "step_size": [1, 2, 7]}]

    def exact(t: int, min_lr: float, max_lr: float, step_size: int) -> Exact:
        if t < 2 * step_size:
            return between(max_lr, min_lr, height(t, step_size))
        return swinging(min_lr, max_lr, height(t, step_size) * mp.ldexp(1, -(t // (2 * step_size))))

    def ends(step_size: int, **_: Any) -> tuple[int, ...]:
        return (0, step_size, 2 * step_size, 4 * step_size)

    def value(t: Array, min_lr: Array, max_lr: Array, step_size: Array) -> longs.Value:
        cycle = np.minimum(np.floor(t / (2 * step_size)), 16000).astype(np.int32)
        height = longs.climbed(t, step_size) / step_size
        later = longs.swinging(min_lr, max_lr, np.ldexp(height, -cycle))
        return longs.choose(t < 2 * step_size, Triangular.value(t, min_lr, max_lr, step_size), later)


class ExpRange(Triangles, kind="exp_range"):
    cases = [
        *spans("exp_range", "min_lr", "max_lr", "step_size", [{"gamma": gamma} for gamma in (*FACTORS, 0.99994)]),
        *(
            case("exp_range", min_lr=low, max_lr=high, step_size=step_size, gamma=gamma)
            for low, high, step_size, gamma in [
                (1e-3, 0.1, 2000, 0.99994),
                (0.0, 0.1, 100, 0.99),
                (0.1, 1e-3, 100, 0.99),
                (0.0, 1e-300, 500, 1.01),
                (0.0, 1e300, 700, 0.9),
                (1e-3, 0.1, 50, -1.02),
                (-0.2, 0.1, 1, 1.0),
                (-0.0, -0.7, 5, 0.55),
            ]
        ),
    ]
    witnesses = [
        (case("exp_range", min_lr=min_lr, max_lr=max_lr, step_size=step_size, gamma=gamma), step)
        for min_lr, max_lr, step_size, gamma, step in [
            (0.26196372046626, 0.8039695230894994, 1702, 1.0000999295403274, 121502),
            (0.09617460041114262, 0.6346884032200273, 25663, 1.0000148291286617, 1245950),
            (0.016367706833491133, 0.5346269130626512, 18183, 0.9999871357189024, 26353),
            (0.49206010803535816, 0.23869350314273088, 151, 1.0001398236088064, 13669),
            (0.0, 0.9147535547027823, 2891, 0.9998392718097658, 19154),
            (1.6311747695259749e-09, 1.6675674438907213, 68079597645, 0.99999997492537585, 179423541),
            (0.00016795249940983821, 1.272823264124044e-05, 7222172669, 1.0000000002222056, 32833095819),
            (-4e307, 4e307, 10, 1.1, 10),
            (4e307, -4e307, 10, 1.1, 12),
            (LARGEST, 5e-324, 10, 1.1, 4),
            (-1.7976931338359209e308, LARGEST, 2199023255762, 1.0000000000000189, 20724901890135),
        ]
    ]
    smooth = [case("exp_range", min_lr=0.01, max_lr=0.1, step_size=10, gamma=0.98)]
    grids = [{"min_lr": [0.0, 0.1], "max_lr": SOME, "step_size": [1, 4], "gamma": [0.0, 1.0, -0.5, 0.99, 2.0]}]

    def exact(t: int, min_lr: float, max_lr: float, step_size: int, gamma: float) -> Exact:
        return swinging(min_lr, max_lr, height(t, step_size) * power_of(gamma, t))

    def marks(min_lr: float, max_lr: float, step_size: int, gamma: float) -> Iterator[int]:
        yield from (*Triangles.marks(step_size), *vanishing(max_lr - min_lr, gamma))

    def ends(step_size: int, **_: Any) -> tuple[int, ...]:
        return (0, 2 * step_size, 4 * step_size)

    bounds = phases = None

    def value(t: Array, min_lr: Array, max_lr: Array, step_size: Array, gamma: Array) -> longs.Value:
        weight = longs.times(longs.climbed(t, step_size) / step_size, gamma**t)
        return longs.swinging(min_lr, max_lr, weight)

    def clocks(step_size: Array, gamma: Array, **_: Any) -> Clocks:
        return [*Triangles.clocks(step_size), longs.until_gone(gamma, 1.0)]

    def typical(steps: int) -> Iterator[Params]:
        (feet,) = Triangles.typical(steps)
        yield {**feet, "gamma": 1e-4 ** (1 / steps)}


class Cyclic(Record, kind="cyclic"):
    """Measured in ulp of the larger rate where the swing changes and the sides differ."""

    forms = [
        {"mode": mode, **({} if mode == "exp_range" else {"gamma": None}), **down}
        for mode in ("triangular", "triangular2", "exp_range")
        for down in ({}, {"step_size_down": None})
    ]
    cases = [
        case("cyclic", min_lr=min_lr, max_lr=max_lr, step_size_up=up, step_size_down=down, mode=mode, **gamma)
        for mode, gamma in (
            ("exp_range", {"gamma": 0.999}),
            ("exp_range", {"gamma": 0.5}),
            ("triangular", {}),
            ("triangular2", {}),
        )
        for min_lr, max_lr, up, down in [
            (1e-3, 0.1, 2000, 500),
            (0.1, 1e-3, 1, 1),
            (0.0, 1e-300, 3, 2**27 + 1),
            (1e-6, 0.1, 2**53, 1),
            (1.0, 3.0, 2**52, 2**53),
        ]
    ] + [
        case("cyclic", min_lr=0.01, max_lr=0.1, step_size_up=7),
        case("cyclic", min_lr=0.01, max_lr=0.1, step_size_up=7, mode="triangular2"),
        case("cyclic", min_lr=0.01, max_lr=0.1, step_size_up=7, mode="exp_range", gamma=0.99),
        case("cyclic", min_lr=-1.7e308, max_lr=1.7e308, step_size_up=7, step_size_down=9),
    ]
    smooth = [
        case("cyclic", min_lr=0.01, max_lr=0.1, step_size_up=10, step_size_down=7),
        case("cyclic", min_lr=0.01, max_lr=0.1, step_size_up=10, step_size_down=7, mode="triangular2"),
        case("cyclic", min_lr=0.01, max_lr=0.1, step_size_up=10, step_size_down=7, mode="exp_range", gamma=0.98),
    ]
    grids = [
        {"min_lr": [0.0, 0.1], "max_lr": SOME, "step_size_up": [1, 7], "step_size_down": [2, 3], "mode": mode, **gamma}
        for mode, gamma in (("triangular", {}), ("triangular2", {}), ("exp_range", {"gamma": [0.5, 0.99]}))
    ]

    def exact(
        t: int,
        min_lr: float,
        max_lr: float,
        step_size_up: int,
        step_size_down: int | None = None,
        mode: str = "triangular",
        gamma: float = 1.0,
    ) -> Exact:
        if step_size_down is None:
            other = {"triangular": Triangular, "triangular2": Triangular2, "exp_range": ExpRange}[mode]
            return other.exact(t, min_lr, max_lr, step_size_up, *([gamma] if mode == "exp_range" else []))
        cycle, into = divmod(t, step_size_up + step_size_down)
        rising = into < step_size_up
        weight = mp.mpf(into) / step_size_up if rising else 1 - mp.mpf(into - step_size_up) / step_size_down
        if mode == "triangular":
            return between(max_lr, min_lr, weight)
        size = power_of(gamma, t) if mode == "exp_range" else mp.ldexp(1, -cycle)
        value = swinging(min_lr, max_lr, weight * size)
        return value._replace(size=max(abs(mp.mpf(min_lr)), abs(mp.mpf(max_lr)), value.size))

    def marks(step_size_up: int, step_size_down: int | None = None, **_: Any) -> Iterator[int]:
        for cycle in (0, 1, 2, 41, 2000):
            start = cycle * (step_size_up + (step_size_down or step_size_up))
            yield from (start, start + step_size_up)

    def ends(step_size_up: int, step_size_down: int | None = None, **_: Any) -> tuple[int, ...]:
        return (0, step_size_up + (step_size_down or step_size_up))

    bounds = phases = None

    def mend(params: Params) -> None:
        """The swing is finite."""
        for name in ("min_lr", "max_lr"):
            params[name] = np.clip(params[name], -LARGEST / 4, LARGEST / 4)

    def value(
        t: Array,
        min_lr: Array,
        max_lr: Array,
        step_size_up: Array,
        step_size_down: Array | None = None,
        mode: str = "triangular",
        gamma: Array | None = None,
    ) -> longs.Value:
        if step_size_down is None:
            other = {"triangular": Triangular, "triangular2": Triangular2, "exp_range": ExpRange}[mode]
            return other.value(t, min_lr, max_lr, step_size_up, *([gamma] if mode == "exp_range" else []))
        period = step_size_up + step_size_down
        into = np.fmod(t, period)
        rising, fallen = into < step_size_up, np.maximum(into - step_size_up, 0)
        weights = (
            np.where(rising, into / step_size_up, (step_size_down - fallen) / step_size_down),
            np.where(rising, (step_size_up - into) / step_size_up, fallen / step_size_down),
        )
        if mode == "triangular":
            return longs.between(max_lr, min_lr, weights)
        cycle = np.minimum(np.floor(t / period), 16000).astype(np.int32)
        weight = longs.times(weights[0], gamma**t) if mode == "exp_range" else np.ldexp(weights[0], -cycle)
        value = longs.swinging(min_lr, max_lr, weight)
        return value._replace(size=np.maximum(np.maximum(abs(min_lr), abs(max_lr)), value.size))

    def clocks(step_size_up: Array, step_size_down: Array | None = None, **_: Any) -> Clocks:
        down = step_size_up if step_size_down is None else step_size_down
        return [(n * (step_size_up + down), step_size_up + down) for n in (0.0, 1.0, 10.0, 2000.0)]

    def typical(steps: int) -> Iterator[Params]:
        period = period_of(steps)
        for mode in ("triangular", "triangular2", "exp_range"):
            gamma = {"gamma": 1e-4 ** (1 / steps)} if mode == "exp_range" else {}
            sides = {"step_size_up": period, "step_size_down": 3 * period}
            yield {"min_lr": 3e-5, "max_lr": 3e-4, **sides, "mode": mode, **gamma}

    def refusals() -> Iterator[Bad]:
        needed = "gamma must be given with mode='exp_range', received none"
        yield TypeError, needed, {"mode": "exp_range", "gamma": None}
        only = "gamma must be given with mode='exp_range' only, received gamma=0.5"
        yield TypeError, only, {"mode": "triangular2", "gamma": 0.5}
        yield ValueError, "max_lr - min_lr must be a finite number, received inf", {"min_lr": -1e308, "max_lr": 1e308}


def turns(length: float, t_mult: float, count: int | None) -> Iterator[tuple[float, float]]:
    """The start and the end of each cycle up to the last step: the doubles nearest to the sums."""
    start, size = Fraction(0), Fraction(length)
    while start <= LAST_STEP and count != 0:
        end = start + size
        yield float(start), float(min(end, Fraction(2**1000)))
        start, size = end, size * Fraction(t_mult)
        count = None if count is None else count - 1


def turn_at(t: int, length: float, t_mult: float, count: int | None) -> tuple[int, Any, Any]:
    """The number, the start and the end of the cycle that a step is in; behind the last one, its end twice."""
    if t_mult == 1:
        number, length = int(t // Fraction(length)), Fraction(length)
        if count is None or number < count:
            return number, number * length, (number + 1) * length
        return count - 1, count * length, count * length
    for number, (start, end) in enumerate(turns(length, t_mult, count)):
        if t < end:
            return number, start, end
    return number, end, end


def some_turns(length: float, t_mult: float, count: int | None) -> list[tuple[float, float]]:
    """The first few cycles and the last one, if it has been found by then."""
    found = list(islice(turns(length, t_mult, count), 60))
    return [*found[:5], found[-1]]


class CosineRestarts(Record, kind="cosine_restarts"):
    likely = {"t_mult": (1, 2, 3, 10), "count": (1, 2, 3)}
    forms = [{"peak_factor": None, "count": None}, {}]
    witnesses = [
        (
            case("cosine_restarts", base_lr=5.4046278699634109e-07, min_lr=1.67e-11, period=9780627340065, t_mult=1),
            1765881744846905,
        ),
        *(
            (case("cosine_restarts", base_lr=base_lr, min_lr=min_lr, period=period, t_mult=t_mult), step)
            for base_lr, min_lr, period, t_mult, step in [  # the last cycle is of an odd number of steps beyond 2^53
                (0.8665208036389566, 4.153017825323652e-218, 6797, 1151255, 9007181499193814),
                (-1.0670231999866735, -2.2250738585072014e-308, 536870903, 16777217, 9007199241635082),
                (1.683826185504595, 2.2250738585072014e-308, 1073652171, 8389311, 9007199254740992),
            ]
        ),
    ]
    cases = [
        *spans(
            "cosine_restarts",
            "base_lr",
            "min_lr",
            "period",
            [{"t_mult": t_mult} for t_mult in (1, 2, 3, 1, 1, 10**9, 2**53)],
        ),
        case("cosine_restarts", base_lr=0.1, min_lr=0.0, period=2, t_mult=10),
        case("cosine_restarts", base_lr=0.1, min_lr=0.0, period=1000, t_mult=2**53),
        *(case("cosine_restarts", base_lr=0.1, min_lr=1e-6, period=1, t_mult=t_mult) for t_mult in (1, 2, 3)),
        *(
            case("cosine_restarts", base_lr=0.1, min_lr=0.001, period=period, t_mult=t_mult, **rest)
            for period, t_mult, rest in [
                *((100, 1.5, {}), (7, 1.1, {}), (2**40, 1.0 + 2.0**-20, {"count": 3}), (3, 1e9 + 0.5, {})),
                *((1000, 0.7, {"count": 15}), (1000, 0.7, {"count": 1}), (20, 1.3, {"peak_factor": 0.5})),
                *((20, 1, {"peak_factor": 0.5}), (20, 1, {"peak_factor": -1.0}), (20, 1, {"peak_factor": 1.5, "count": 9})),
                *((20, 2, {"peak_factor": 1.0, "count": 2**50}), (9, 2.5, {"peak_factor": -1.25, "count": 7}), (9, 3, {"peak_factor": 0.0})),
            ]
        ),
    ]
    smooth = [
        case("cosine_restarts", base_lr=0.1, min_lr=0.01, period=10, t_mult=1),
        case("cosine_restarts", base_lr=0.1, min_lr=0.01, period=10, t_mult=2),
        case("cosine_restarts", base_lr=0.1, min_lr=0.01, period=10, t_mult=1.5, peak_factor=0.8, count=3),
    ]
    grids = [
        {"base_lr": [0.1, 0.2], "min_lr": 0.01, "period": [1, 2, 5, 2**40], "t_mult": [1, 2, 3, 2**53]},
        {"base_lr": 0.1, "min_lr": [0.01, 0.02], "period": [10, 20], "t_mult": [1, 1.5, 2, 0.9], "peak_factor": [0.5, 1.0, -2.0], "count": [1, 3]},
        {"base_lr": 0.1, "min_lr": 0.01, "period": [3, 2**40], "t_mult": [1, 1.5, 2], "peak_factor": [0.5, 1.0]},
    ]

    def mend(params: Params) -> None:
        if params.get("count") is None:
            whole = np.maximum(np.floor(np.minimum(params["t_mult"], 2.0**53)), 1.0)
            params["t_mult"] = int(whole) if np.ndim(whole) == 0 else whole
        else:
            params["count"] = np.minimum(params["count"], 12)
            params["t_mult"] = np.clip(params["t_mult"], 1.0, 2.0**20)
            params["peak_factor"] = np.clip(params["peak_factor"], -1e20, 1e20)
        if params.get("peak_factor") is not None:
            params["min_lr"] = np.clip(params["min_lr"], -1e80, 1e80)

    def exact(
        t: int, base_lr: float, min_lr: float, period: int, t_mult: float, peak_factor: float = 1.0, count: int | None = None
    ) -> Exact:
        if t_mult == 1 and count is None and peak_factor == 1:
            return half_wave(base_lr, min_lr, t % period, period)
        number, start, end = turn_at(t, period, t_mult, count)
        if t_mult == int(t_mult) and peak_factor == 1 and count is None:  # as the docstring has it, a length is a double
            start, end = 0, period
            while t >= period:
                t, period = t - period, int(float(period * int(t_mult)))
            end = period
        if start == end:
            return plain(min_lr)
        start, end = real(Fraction(start)), real(Fraction(end))
        weight = (1 + mp.cospi((t - start) / (end - start))) / 2
        if number == 0 or peak_factor == 1:
            return between(base_lr, min_lr, weight)
        return swinging(min_lr, base_lr, power_of(peak_factor, number) * weight)

    def marks(period: int, t_mult: float, count: int | None = None, **_: Any) -> Iterator[int]:
        for start, end in some_turns(period, t_mult, count):
            yield from (math.ceil(start), int(start + (end - start) // 2), math.ceil(end))

    def ends(period: int, t_mult: float, peak_factor: float = 1.0, count: int | None = None, **_: Any) -> Iterator[int]:
        for number, (start, _) in enumerate(some_turns(period, t_mult, count)):
            if start == int(start) and (number == 0 or peak_factor == 1):
                yield int(start)
        if count is not None:
            yield math.ceil(turn_at(LAST_STEP, period, t_mult, count)[2])

    def held_from(period: int, t_mult: float, count: int | None = None, **_: Any) -> int | None:
        if count is None:
            return None
        return math.ceil(turn_at(LAST_STEP, period, t_mult, count)[2])

    def bounds(
        base_lr: float, min_lr: float, period: int, t_mult: float, peak_factor: float = 1.0, count: int | None = None
    ) -> tuple[float, ...]:
        if peak_factor == 1:
            return base_lr, min_lr
        last = turn_at(LAST_STEP, period, t_mult, count)[0]
        heights = [peak_factor**number for number in (0, min(1, last), max(0, last - 1), last)]
        peaks = [min_lr + height * (base_lr - min_lr) for height in heights]
        room = 2.0**-50 * max(map(abs, (min_lr, *peaks)))
        return min(base_lr, min_lr, *peaks) - room, max(base_lr, min_lr, *peaks) + room

    def phases(base_lr: float, min_lr: float, period: int, **_: Any) -> Any:
        return [(0, period - 1, base_lr, min_lr)]

    def value(
        t: Array, base_lr: Array, min_lr: Array, period: Array, t_mult: Array, peak_factor: Any, count: Any
    ) -> longs.Value:
        if count is not None:
            return CosineRestarts._counted(t, base_lr, min_lr, period, t_mult, peak_factor, count)
        grows = t_mult > 1
        into, length = np.where(grows, t, np.fmod(t, period)), period.copy()
        while (past := grows & (into >= length)).any():
            longer = length.astype(np.float64) * t_mult.astype(np.float64)
            into, length = np.where(past, into - length, into), np.where(past, longer.astype(longs.LONG), length)
        return longs.between(base_lr, min_lr, longs.wave(into, length))

    @staticmethod
    def _counted(
        t: Array, base_lr: Array, min_lr: Array, period: Array, t_mult: Array, peak_factor: Array, count: Array
    ) -> longs.Value:
        start, size, height = 0 * period, period.copy(), 0 * period + 1
        found = longs.plain(min_lr)
        for number in range(int(count.max())):
            begin, end = start.astype(np.float64).astype(longs.LONG), (start + size).astype(np.float64).astype(longs.LONG)
            is_here = (t >= begin) & (t < end) & (number < count)
            into, length = np.where(is_here, t - begin, 0), np.where(is_here, end - begin, 1)
            weights = longs.wave(into, length)
            own = longs.between(base_lr, min_lr, weights)
            if number:
                scaled = longs.swinging(min_lr, base_lr, longs.times(weights[0], height))
                own = longs.choose(peak_factor == 1, own, scaled)
            found = longs.choose(is_here, own, found)
            start, size, height = start + size, size * t_mult, height * peak_factor
        return found

    def clocks(period: Array, t_mult: Array, **_: Any) -> Clocks:
        return [(0.0, period), (period, period * t_mult), (period * (1 + t_mult), period * t_mult**2)]

    def typical(steps: int) -> Iterator[Params]:
        for t_mult in (1, 2):
            yield {"base_lr": 3e-4, "min_lr": 3e-5, "period": period_of(steps), "t_mult": t_mult}
        yield {"base_lr": 3e-4, "min_lr": 3e-5, "period": period_of(steps), "t_mult": 1.5, "peak_factor": 0.8}

    def refusals() -> Iterator[Bad]:
        yield ValueError, "count must be given where t_mult is below 1, received t_mult=0.5", {"t_mult": 0.5}
        said = "received t_mult=1 and peak_factor=-1.5"
        yield ValueError, f"count must be given where peak_factor grows for ever, {said}", {"t_mult": 1, "peak_factor": -1.5}
        said = "received 0.5 for 5 cycles from period=8 on"
        yield ValueError, f"t_mult must keep every cycle at least 1 step long, {said}", {"period": 8, "t_mult": 0.5, "count": 5}
        said = "received 1e+200 for 3 cycles"
        yield ValueError, f"peak_factor must keep the height of every cycle finite, {said}", {"peak_factor": 1e200, "count": 3}
        for floor, where, last in ((LARGEST, "", LARGEST), ([1.0, -LARGEST], " at index 1", -LARGEST)):
            said = f"peak_factor{where} must keep the height of every cycle finite, received -1.0 above min_lr={last}"
            yield ValueError, said, {"base_lr": LARGEST, "min_lr": floor, "t_mult": 1, "peak_factor": -1.0}
        yield ValueError, f"t_mult must be at most 2**53 = {LAST_STEP}, received 1e+16", {"t_mult": 1e16}
        yield ValueError, f"t_mult at index 2 must be at most 2**53 = {LAST_STEP}, received 1e+16", {"t_mult": [1, 1.5, 1e16, 0.5]}
        yield ValueError, "count must be given where t_mult at index 1 is below 1, received t_mult=0.5", {"t_mult": [2, 0.5]}
        yield ValueError, "cycles must have at most 100000 segments, received 206187061", {"period": 1, "t_mult": 1.0000001}
