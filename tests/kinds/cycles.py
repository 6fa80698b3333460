"""These are the records of curves that repeat."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import longs
import numpy as np
from longs import Array, Clocks
from oracle import LARGEST, Exact, between, half_wave, height, mp, power_of, swinging
from record import FACTORS, SOME, Bad, Params, Record, case, period_of, spans, vanishing


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


def cycles(period: int, t_mult: int) -> Iterator[tuple[int, int]]:
    """The first few cycles: start and length."""
    start, length = 0, period
    for _ in range(5):
        yield start, length
        start, length = start + length, length * t_mult


class CosineRestarts(Record, kind="cosine_restarts"):
    likely = {"t_mult": (1, 2, 3, 10)}
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
    ]
    smooth = [
        case("cosine_restarts", base_lr=0.1, min_lr=0.01, period=10, t_mult=1),
        case("cosine_restarts", base_lr=0.1, min_lr=0.01, period=10, t_mult=2),
    ]
    grids = [{"base_lr": [0.1, 0.2], "min_lr": 0.01, "period": [1, 2, 5, 2**40], "t_mult": [1, 2, 3, 2**53]}]

    def exact(t: int, base_lr: float, min_lr: float, period: int, t_mult: int) -> Exact:
        if t_mult == 1:
            return half_wave(base_lr, min_lr, t % period, period)
        while t >= period:
            t, period = t - period, int(float(period * t_mult))  # as the docstring has it: a double
        return half_wave(base_lr, min_lr, t, period)

    def marks(period: int, t_mult: int, **_: Any) -> Iterator[int]:
        for start, length in cycles(period, t_mult):
            yield from (start, start + length // 2, start + length)

    def ends(period: int, t_mult: int, **_: Any) -> Iterator[int]:
        yield from (start for start, _ in cycles(period, t_mult))

    def bounds(base_lr: float, min_lr: float, **_: Any) -> tuple[float, ...]:
        return base_lr, min_lr

    def phases(base_lr: float, min_lr: float, period: int, **_: Any) -> Any:
        return [(0, period - 1, base_lr, min_lr)]

    def value(t: Array, base_lr: Array, min_lr: Array, period: Array, t_mult: Array) -> longs.Value:
        grows = t_mult > 1
        into, length = np.where(grows, t, np.fmod(t, period)), period.copy()
        while (past := grows & (into >= length)).any():
            longer = length.astype(np.float64) * t_mult.astype(np.float64)
            into, length = np.where(past, into - length, into), np.where(past, longer.astype(longs.LONG), length)
        return longs.between(base_lr, min_lr, longs.wave(into, length))

    def clocks(period: Array, t_mult: Array, **_: Any) -> Clocks:
        return [(0.0, period), (period, period * t_mult), (period * (1 + t_mult), period * t_mult**2)]

    def typical(steps: int) -> Iterator[Params]:
        for t_mult in (1, 2):
            yield {"base_lr": 3e-4, "min_lr": 3e-5, "period": period_of(steps), "t_mult": t_mult}
