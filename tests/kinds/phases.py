"""These are the records of policies of several phases."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from typing import Any

import longs
import numpy as np
from longs import LARGEST, LONG, TINIEST, Array, Clocks
from oracle import LAST_STEP, Exact, between, half_wave, mp, plain
from record import LENGTHS, Bad, Params, Record, case, period_of

from .decays import Polynomial


def straight(first: Any, last: Any, t: int, length: int) -> Exact:
    return between(first, last, 1 - mp.mpf(t) / length)


def fallen(into: int, base_lr: float, last_lr: float, length: int, power: float) -> Exact:
    """A decay by a power, which may be 1, measured in ulp of the peak where it rises."""
    value = Polynomial.exact(into, base_lr, last_lr, length, power)
    return value._replace(size=mp.mpf(abs(last_lr))) if abs(base_lr) < abs(last_lr) else value


def peak_of(total_steps: int, pct_start: float, **_: Any) -> int:
    return min(max(1, round(pct_start * total_steps)), total_steps - 1)


def peaks_of(total_steps: Array, pct_start: Array) -> Array:
    """The share of the steps, rounded as a product of doubles is."""
    product = pct_start.astype(np.float64) * total_steps.astype(np.float64)
    return np.minimum(np.maximum(1, np.rint(product)), total_steps - 1)


def turns_of(total_steps: Any, pct_start: Any) -> tuple[Any, Any, Any]:
    """Where each of three phases ends, as doubles are rounded."""
    peak = np.float64(pct_start) * np.float64(total_steps) - 1.0
    return peak, 2.0 * peak, total_steps - 1


class OneCycle(Record, kind="one_cycle"):
    witnesses = [
        (
            case(
                "one_cycle",
                max_lr=0.7764916754586523,
                total_steps=43,
                pct_start=0.0008363723484685359,
                initial_div=1.3342133280575819,
                final_div=1.0314401267385074e-05,
            ),
            20,
        )
    ]
    cases = [
        case("one_cycle", max_lr=max_lr, total_steps=length, pct_start=pct, initial_div=initial, final_div=final)
        for length, (max_lr, pct, initial, final) in zip(
            [*LENGTHS[1:], 10, 10, 100],
            [
                (0.1, 0.3, 25.0, 1e4),
                (1e-3, 0.5, 10.0, 1e4),
                (0.0, 0.25, 25.0, 1e4),
                (-0.1, 0.9, 2.0, 3.0),
                (1e-300, 0.3, 25.0, 1e4),
                (0.1, 1e-9, 1.0, 1.0),
                (0.1, 1.0 - 1e-9, 0.5, 0.25),
                (1.0, 0.1, 7.0, 11.0),
                (1e300, 0.3, 1e-3, 1e5),
                (1e-310, 0.4, 3.0, 1e10),
                (0.1, 0.3, 1e300, 1e300),
                (0.1, 0.3, 25.0, 1e4),
                (0.3, 0.01, 10.0, 10.0),
                (0.3, 0.99, 10.0, 10.0),
                (0.3, 1 / 3, 1e-2, 1e2),
            ],
            strict=True,
        )
    ] + [
        case(
            "one_cycle",
            max_lr=max_lr,
            total_steps=length,
            pct_start=pct,
            initial_div=25.0,
            final_div=1e4,
            anneal=anneal,
        )
        for max_lr, length, pct in [(0.1, 2, 0.5), (-1e-3, 1000, 0.3), (1e300, 2**53, 0.25)]
        for anneal in ("linear", "cosine")
    ] + [
        case(
            "one_cycle",
            max_lr=max_lr,
            total_steps=length,
            pct_start=pct,
            initial_div=25.0,
            final_div=1e4,
            three_phase=True,
            **anneal,
        )
        for max_lr, length, pct in [(0.1, 2, 0.6), (-1e-3, 1000, 0.3), (1e300, 2**53 - 1, 0.25), (0.3, 90, 1 / 3), (0.3, 11, 0.1)]
        for anneal in ({}, {"anneal": "linear"})
    ] + [
        case(
            "one_cycle", max_lr=0.1, total_steps=100, pct_start=0.9, initial_div=25.0, final_div=1e4, three_phase=False
        )
    ]
    smooth = [
        case("one_cycle", max_lr=0.1, total_steps=50, pct_start=0.3, initial_div=25.0, final_div=1000.0, **form)
        for form in ({}, {"anneal": "linear"}, {"three_phase": True})
    ]
    grids = [
        {
            "max_lr": [0.1, -0.1],
            "total_steps": [2, 3, 10],
            "pct_start": [0.1, 0.5, 0.9],
            "initial_div": [1, 25.0],
            "final_div": [1e4, 0.5],
            **anneal,
        }
        for anneal in ({}, {"anneal": "linear"})
    ] + [
        {
            "max_lr": [0.1, -0.1],
            "total_steps": [6, 10],
            "pct_start": [0.2, 0.5],
            "initial_div": [1, 25.0],
            "final_div": [1e4, 0.5],
            "three_phase": True,
            **anneal,
        }
        for anneal in ({}, {"anneal": "linear"})
    ]

    def exact(
        t: int,
        max_lr: float,
        total_steps: int,
        pct_start: float,
        initial_div: float,
        final_div: float,
        anneal: str = "cosine",
        three_phase: bool = False,
    ) -> Exact:
        ramp = half_wave if anneal == "cosine" else straight
        if three_phase:
            first, last = mp.mpf(max_lr) / initial_div, mp.mpf(max_lr) / final_div
            begin, back, end = map(mp.mpf, turns_of(total_steps, pct_start))
            if t < begin:
                return ramp(first, max_lr, t, begin)
            if t < back:
                return ramp(max_lr, first, t - begin, back - begin)
            return ramp(first, last, min(t, end) - back, end - back)
        peak = peak_of(total_steps, pct_start)
        if t < peak:
            return ramp(mp.mpf(max_lr) / initial_div, max_lr, t, peak)
        return ramp(max_lr, mp.mpf(max_lr) / final_div, min(t, total_steps) - peak, total_steps - peak)

    def marks(total_steps: int, pct_start: float, three_phase: bool = False, **_: Any) -> tuple[int, ...]:
        if three_phase:
            peak, back, end = map(math.ceil, turns_of(total_steps, pct_start))
            return (0, peak // 2, peak, back, (back + end) // 2, end)
        peak = peak_of(total_steps, pct_start)
        return (0, peak // 2, peak, total_steps)

    def ends(total_steps: int, pct_start: float, three_phase: bool = False, **_: Any) -> tuple[int, ...]:
        if three_phase:
            return (0, *[int(turn) for turn in turns_of(total_steps, pct_start) if turn % 1 == 0], LAST_STEP)
        return (0, peak_of(total_steps, pct_start), total_steps, LAST_STEP)

    def held_from(total_steps: int, three_phase: bool = False, **_: Any) -> int:
        return total_steps - bool(three_phase)

    def bounds(max_lr: float, initial_div: float, final_div: float, **_: Any) -> tuple[float, ...]:
        return max_lr, max_lr / initial_div, max_lr / final_div

    def mend(params: Params) -> None:
        """The first rate and the last one are finite, also where the least divisor is among the smallest doubles."""
        least = abs(params["max_lr"]) / (0.99 * LARGEST) + TINIEST
        for name in ("initial_div", "final_div"):
            params[name] = np.maximum(params[name], least)
        if params.get("three_phase"):  # each phase has some length
            low, high = 1 / params["total_steps"], 0.5 + 0.5 / params["total_steps"]
            params["pct_start"] = low + (high - low) * (0.01 + 0.98 * params["pct_start"])

    def value(
        t: Array,
        max_lr: Array,
        total_steps: Array,
        pct_start: Array,
        initial_div: Array,
        final_div: Array,
        anneal: str | None = None,
        three_phase: bool | None = None,
    ) -> longs.Value:
        ramp = longs.straight if anneal == "linear" else longs.wave
        if three_phase:
            first, last = max_lr / initial_div, max_lr / final_div
            peak, back, end = (turn.astype(LONG) for turn in turns_of(total_steps, pct_start))
            return longs.choose(
                t < peak,
                longs.between(first, max_lr, ramp(t, peak)),
                longs.choose(
                    t < back,
                    longs.between(max_lr, first, ramp(t - peak, back - peak)),
                    longs.between(first, last, ramp(np.minimum(t, end) - back, end - back)),
                ),
            )
        peak = peaks_of(total_steps, pct_start).astype(LONG)
        fallen = ramp(np.minimum(t, total_steps) - peak, total_steps - peak)
        return longs.choose(
            t < peak,
            longs.between(max_lr / initial_div, max_lr, ramp(t, peak)),
            longs.between(max_lr, max_lr / final_div, fallen),
        )

    def clocks(total_steps: Array, pct_start: Array, three_phase: bool | None = None, **_: Any) -> Clocks:
        if three_phase:
            peak, back, end = map(np.ceil, turns_of(total_steps, pct_start))
            return [(0.0, peak), (peak, back - peak), (back, end - back)]
        peak = peaks_of(total_steps, pct_start)
        return [(0.0, peak), (peak, total_steps - peak)]

    def typical(steps: int) -> Iterator[Params]:
        yield {"max_lr": 3e-4, "total_steps": steps, "pct_start": 0.3, "initial_div": 25.0, "final_div": 1e4}

    def refusals() -> Iterator[Bad]:
        for name in ("initial_div", "final_div"):
            message = f"max_lr / {name} must be a finite number, received inf"
            yield ValueError, message, {"max_lr": 1e300, name: 1e-300}
        for total_steps, pct_start in ((2, 0.5), (1000, 0.001), (2, 0.75), (1000, 0.501)):
            message = f"pct_start must give each of three phases some length, received {pct_start!r}"
            yield ValueError, message, {"total_steps": total_steps, "pct_start": pct_start, "three_phase": True}


WARMUPS: dict[str, Callable[[Any], Any]] = {
    "linear": lambda u: 1 - u,
    "cosine": lambda u: (1 + mp.cospi(u)) / 2,
    "exponential": lambda u: 2 - mp.mpf(2) ** u,
}
DECAYS: dict[str, Callable[[Any], Any]] = {
    "linear": WARMUPS["linear"],
    "cosine": WARMUPS["cosine"],
    "exponential": lambda u: mp.mpf(2) ** (1 - u) - 1,
    "1-sqrt": lambda u: 1 - mp.sqrt(u),
    "1-square": lambda u: 1 - u**2,
}
"""All but the one with a power."""
LONG_WARMUPS: dict[str, Callable[[Array, Array], longs.Weights]] = {
    "linear": longs.straight,
    "cosine": longs.wave,
    "exponential": lambda t, length: longs.halving(length - t, length)[::-1],
}
LONG_DECAYS: dict[str, Callable[[Array, Array], longs.Weights]] = {
    "linear": longs.straight,
    "cosine": longs.wave,
    "exponential": longs.halving,
    "1-sqrt": longs.root,
    "1-square": lambda t, length: ((length - t) / length * ((length + t) / length), (t / length) ** 2),
}


def long_fall(t: Array, first: Array, last: Array, length: Array, shape: str, power: Array | None) -> longs.Value:
    """A decay in long doubles, by one of these shapes or by a power. A power that rises is measured in ulp of the peak."""
    if power is None:
        return longs.between(first, last, LONG_DECAYS[shape](t, length))
    fall = Polynomial.value(t, first, last, length, power)
    return fall._replace(size=np.where(abs(first) < abs(last), abs(last), fall.size))


WARM: Params = {"base_lr": 0.1, "final_lr": 1e-4, "warmup_start": 1e-5}


class WarmupStableDecay(Record, kind="warmup_stable_decay"):
    forms = [
        {"decay_shape": decay, "warmup_shape": warmup, **({} if decay == "power" else {"power": None})}
        for decay in (*DECAYS, "power")
        for warmup in (*WARMUPS, None)
    ]
    cases = [
        *(
            case(
                "warmup_stable_decay",
                **WARM,
                warmup_steps=warmup,
                decay_steps=decay,
                total_steps=total,
                decay_shape=shape,
            )
            for warmup, decay, total in [
                (0, 0, 1),
                (1, 0, 1),
                (0, 1, 1),
                (1, 1, 2),
                (100, 200, 1000),
                (0, 2**53, 2**53),
                (2**52, 2**52, 2**53),
                (0, 1000, 1000),
                (1000, 0, 1000),
                (500, 500, 1000),
                (2000, 200_000, 1_000_000),
                (0, 0, 2**53),
                (3, 2**27 + 1, 2**28),
            ]
            for shape in DECAYS
        ),
        *(
            case(
                "warmup_stable_decay",
                **WARM,
                warmup_steps=warmup,
                decay_steps=3,
                total_steps=warmup + 7,
                decay_shape="linear",
                warmup_shape=shape,
            )
            for warmup in (0, 1, 2, 1000, 2**52)
            for shape in WARMUPS
        ),
        *(
            case(
                "warmup_stable_decay",
                base_lr=base_lr,
                final_lr=final_lr,
                warmup_start=start,
                decay_shape="1-sqrt",
                warmup_steps=7,
                decay_steps=1000,
                total_steps=2000,
            )
            for base_lr, final_lr, start in [
                (0.1, 0.0, 0.0),
                (0.0, 0.1, 0.1),
                (1e-3, 0.1, 1.0),
                (1e-300, 0.0, 1e-310),
                (1e308, 1e-308, 0.0),
                (0.1, 0.1, 0.1),
                (5e-324, 0.0, 0.0),
            ]
        ),
        *(
            case(
                "warmup_stable_decay",
                **WARM,
                warmup_steps=7,
                decay_steps=decay,
                total_steps=decay + 10,
                decay_shape="power",
                power=power,
            )
            for decay, power in [(0, 2.0), (1, 0.5), (3, 1.0), (1000, 3.0), (2**27 + 1, 0.9), (2**52, 40.0)]
        ),
        case(
            "warmup_stable_decay",
            base_lr=0.0,
            final_lr=0.75,
            warmup_start=0.0,
            warmup_steps=7,
            decay_steps=2**47,
            total_steps=2**48,
            decay_shape="power",
            power=1.0,
        ),
    ]
    witnesses = [
        (
            case(
                "warmup_stable_decay",
                base_lr=base_lr,
                final_lr=final_lr,
                warmup_start=0.0,
                decay_shape="1-sqrt",
                warmup_steps=0,
                decay_steps=steps,
                total_steps=steps,
            ),
            step,
        )
        for base_lr, final_lr, steps, step in [
            (0.845315735101084, 0.0, 18038449155, 17721217119),
            (1.2953862949982298, 2.9630965111089804e-07, 1091, 1039),
            (0.12271536592377906, 5.0620716713662044e-10, 74700894736, 72384236514),
            (6.3051255188934616e-11, 0.21724491353496153, 4289268958, 342396811),
        ]
    ]
    smooth = [
        case(
            "warmup_stable_decay",
            base_lr=0.1,
            warmup_steps=warmup,
            decay_steps=decay,
            total_steps=50,
            final_lr=0.01,
            warmup_start=0.001,
            decay_shape=shape,
        )
        for warmup, decay, shape in [(10, 20, "linear"), (10, 20, "1-sqrt"), (0, 0, "1-sqrt"), (50, 0, "linear")]
    ] + [
        case(
            "warmup_stable_decay",
            base_lr=0.1,
            warmup_steps=5,
            decay_steps=20,
            total_steps=50,
            final_lr=0.01,
            warmup_start=0.001,
            decay_shape="power",
            power=1.7,
        )
    ]
    grids = [
        {
            "base_lr": [0.1, 0.0],
            "warmup_steps": [0, 1, 5],
            "decay_steps": [0, 1, 5],
            "total_steps": [10, 11],
            "final_lr": [0.0, 0.2],
            "warmup_start": 0.01,
            "decay_shape": shape,
            **power,
        }
        for shape, power in (("linear", {}), ("1-sqrt", {}), ("power", {"power": [0.5, 3.0]}))
    ]

    def exact(
        t: int,
        base_lr: float,
        warmup_steps: int,
        decay_steps: int,
        total_steps: int,
        final_lr: float,
        warmup_start: float,
        decay_shape: str,
        warmup_shape: str = "linear",
        power: float | None = None,
    ) -> Exact:
        if t < warmup_steps:
            return between(warmup_start, base_lr, WARMUPS[warmup_shape](mp.mpf(t) / warmup_steps))
        if t < total_steps - decay_steps or decay_steps == 0:
            return plain(base_lr)
        into = min(t, total_steps) - total_steps + decay_steps
        if power is not None:
            return fallen(into, base_lr, final_lr, decay_steps, power)
        return between(base_lr, final_lr, DECAYS[decay_shape](mp.mpf(into) / decay_steps))

    def marks(warmup_steps: int, decay_steps: int, total_steps: int, **_: Any) -> Iterator[int]:
        decay = total_steps - decay_steps
        yield from (0, warmup_steps // 2, warmup_steps)
        yield from (decay, decay + decay_steps // 4, decay + decay_steps // 2, total_steps)

    def ends(warmup_steps: int, decay_steps: int, total_steps: int, **_: Any) -> Iterator[int]:
        yield from (0, warmup_steps, total_steps - decay_steps, total_steps, LAST_STEP)

    def held_from(total_steps: int, decay_steps: int, warmup_steps: int, **_: Any) -> int:
        return total_steps if decay_steps else warmup_steps

    def bounds(base_lr: float, final_lr: float, warmup_start: float, **_: Any) -> tuple[float, ...]:
        return base_lr, final_lr, warmup_start

    def phases(
        base_lr: float,
        warmup_steps: int,
        decay_steps: int,
        total_steps: int,
        final_lr: float,
        warmup_start: float,
        decay_shape: str,
        **_: Any,
    ) -> Any:
        decay = total_steps - decay_steps
        return [
            (0, warmup_steps - 1, warmup_start, base_lr),
            (warmup_steps, decay, base_lr, base_lr),
            (decay, total_steps if decay_steps else 0, base_lr, final_lr),
        ]

    def mend(params: Params) -> None:
        """The warmup and the decay lie within the whole."""
        total_steps = params["total_steps"]
        params["warmup_steps"] = params["warmup_steps"] % (total_steps + 1)
        params["decay_steps"] = params["decay_steps"] % (total_steps - params["warmup_steps"] + 1)

    def value(
        t: Array,
        base_lr: Array,
        warmup_steps: Array,
        decay_steps: Array,
        total_steps: Array,
        final_lr: Array,
        warmup_start: Array,
        decay_shape: str,
        warmup_shape: str | None = None,
        power: Array | None = None,
    ) -> longs.Value:
        rising = LONG_WARMUPS[warmup_shape or "linear"](np.minimum(t, warmup_steps), longs.positive(warmup_steps))
        rise = longs.between(warmup_start, base_lr, rising)
        into = np.minimum(t, total_steps) - (total_steps - decay_steps)
        whole = longs.positive(decay_steps)
        fall = long_fall(into, base_lr, final_lr, whole, decay_shape, power)
        stays = (into < 0) | (decay_steps == 0)
        return longs.choose(t < warmup_steps, rise, longs.choose(stays, longs.plain(base_lr), fall))

    def clocks(warmup_steps: Array, decay_steps: Array, total_steps: Array, **_: Any) -> Clocks:
        decay = (total_steps - decay_steps, decay_steps)
        return [(0.0, warmup_steps), decay, decay]

    def typical(steps: int) -> Iterator[Params]:
        for shape in (*DECAYS, "power"):
            power = {"power": 2.0} if shape == "power" else {}
            yield {
                "base_lr": 3e-4,
                "warmup_steps": period_of(steps),
                "decay_steps": steps // 5,
                "total_steps": steps,
                "final_lr": 3e-5,
                "warmup_start": 0.0,
                "decay_shape": shape,
                **power,
            }

    def refusals() -> Iterator[Bad]:
        said = "must not exceed total_steps, received warmup_steps=6, decay_steps=5, total_steps=10"
        bad = {"warmup_steps": 6, "decay_steps": 5, "total_steps": 10}
        yield ValueError, f"warmup_steps + decay_steps {said}", bad
        yield TypeError, "power must be given with decay_shape='power', received none", {"decay_shape": "power", "power": None}
        only = "power must be given with decay_shape='power' only, received power=2.0"
        yield TypeError, only, {"decay_shape": "linear", "power": 2.0}


SHORT: Params = {"base_lr": 0.1, "min_lr": 1e-3, "start_lr": 1e-4}


class Wsds(Record, kind="wsds"):
    forms = [{"decay_shape": shape, **({} if shape == "power" else {"power": None})} for shape in (*DECAYS, "power")]
    cases = [
        *(
            case(
                "wsds",
                **SHORT,
                period_lengths=lengths,
                warmup_steps=warmup,
                decay_steps=decay,
                decay_shape=(*DECAYS, "power")[i % (len(DECAYS) + 1)],
                **({"power": 1.7} if i % (len(DECAYS) + 1) == len(DECAYS) else {}),
            )
            for i, (lengths, warmup, decay) in enumerate(
                [
                    ((1,), 0, 1),
                    ((1, 1, 1), 0, 1),
                    ((6, 6), 2, 2),
                    ((2**51, 2**52), 2**50, 2**50),
                    ((30, 1000, 7), 23, 7),
                    ((100, 100, 100, 100), 0, 100),
                    ((2**53,), 0, 2**53),
                    ((1, 2**53 - 1), 0, 1),
                    ((2**27 + 5, 2**27), 3, 2**27),
                    ((3, 2, 9), 1, 2),
                    ((50, 20), 10, 7),
                    ((40, 40, 40), 0, 30),
                ]
            )
        ),
        *(
            case("wsds", base_lr=base_lr, min_lr=min_lr, warmup_steps=3, period_lengths=(20, 50), decay_steps=9)
            for base_lr, min_lr in [(0.0, 0.1), (-0.1, 1e-300), (1e308, -1e308)]
        ),
        case("wsds", base_lr=0.3, period_lengths=(20, 20, 60), decay_steps=5),
    ]
    smooth = [
        case("wsds", **SHORT, period_lengths=(25, 20), warmup_steps=8, decay_steps=9, decay_shape="linear"),
        case("wsds", **SHORT, period_lengths=(25, 20), warmup_steps=0, decay_steps=9, decay_shape="power", power=1.7),
    ]
    grids = [
        {**SHORT, "base_lr": [0.1, 0.0], "period_lengths": (9, 6), "warmup_steps": [0, 2], "decay_steps": [1, 6]},
        {**SHORT, "period_lengths": (9, 6), "decay_steps": [1, 6], "decay_shape": "power", "power": [0.5, 3.0]},
    ]

    def exact(
        t: int,
        base_lr: float,
        period_lengths: tuple[int, ...],
        decay_steps: int,
        min_lr: float = 0.0,
        warmup_steps: int = 0,
        start_lr: float = 0.0,
        decay_shape: str = "linear",
        power: float | None = None,
    ) -> Exact:
        if t < warmup_steps:
            return between(start_lr, base_lr, 1 - mp.mpf(t) / warmup_steps)
        end = next((end for end in itertools.accumulate(period_lengths) if t <= end), None)
        if end is None:
            return plain(min_lr)
        into = max(0, t - end + decay_steps)
        if power is not None:
            return fallen(into, base_lr, min_lr, decay_steps, power)
        return between(base_lr, min_lr, DECAYS[decay_shape](mp.mpf(into) / decay_steps))

    def marks(period_lengths: tuple[int, ...], decay_steps: int, warmup_steps: int = 0, **_: Any) -> Iterator[int]:
        yield from (0, warmup_steps // 2, warmup_steps)
        for end in itertools.accumulate(period_lengths):
            yield from (end - decay_steps, end - decay_steps // 2, end)

    def ends(period_lengths: tuple[int, ...], decay_steps: int, warmup_steps: int = 0, **_: Any) -> Iterator[int]:
        yield from (0, warmup_steps, LAST_STEP)
        for end in itertools.accumulate(period_lengths):
            yield from (end - decay_steps, end)

    def held_from(period_lengths: tuple[int, ...], **_: Any) -> int:
        return sum(period_lengths)

    def bounds(base_lr: float, min_lr: float = 0.0, start_lr: float = 0.0, **_: Any) -> tuple[float, ...]:
        return base_lr, min_lr, start_lr

    def phases(
        base_lr: float,
        period_lengths: tuple[int, ...],
        decay_steps: int,
        min_lr: float = 0.0,
        warmup_steps: int = 0,
        start_lr: float = 0.0,
        **_: Any,
    ) -> Any:
        ends = [*itertools.accumulate(period_lengths)]
        rise = (0, warmup_steps - 1, start_lr, base_lr)
        return [rise, *((end - decay_steps, end, base_lr, min_lr) for end in ends[:1])]

    def mend(params: Params) -> None:
        """The periods lie within all steps, and each has room for the decay, the first one for the warmup too."""
        lengths = params["period_lengths"]
        lengths = params["period_lengths"] = tuple(min(one, LAST_STEP // len(lengths)) for one in lengths)
        params["warmup_steps"] = params.get("warmup_steps", 0) % lengths[0]
        room = np.minimum(lengths[0] - params["warmup_steps"], min(lengths))
        params["decay_steps"] = (params["decay_steps"] - 1) % room + 1

    def value(
        t: Array,
        base_lr: Array,
        period_lengths: tuple[int, ...],
        decay_steps: Array,
        min_lr: Array,
        warmup_steps: Array,
        start_lr: Array,
        decay_shape: str,
        power: Array | None = None,
    ) -> longs.Value:
        rise = longs.between(start_lr, base_lr, longs.straight(np.minimum(t, warmup_steps), longs.positive(warmup_steps)))
        found = longs.plain(min_lr + 0 * t)
        for end in [*itertools.accumulate(period_lengths)][::-1]:
            into = np.clip(t - (end - decay_steps), 0, decay_steps)
            fall = long_fall(into, base_lr, min_lr, decay_steps, decay_shape, power)
            period = longs.choose(into == 0, longs.plain(base_lr), fall)
            found = longs.choose(t <= end, period, found)
        return longs.choose(t < warmup_steps, rise, found)

    def clocks(period_lengths: tuple[int, ...], decay_steps: Array, warmup_steps: Array, **_: Any) -> Clocks:
        decays = [(float(end) - decay_steps, decay_steps) for end in itertools.accumulate(period_lengths)]
        return [(0.0, warmup_steps), *decays]

    def typical(steps: int) -> Iterator[Params]:
        rates = {"base_lr": 3e-4, "min_lr": 3e-5, "start_lr": 0.0}
        lengths = (steps // 4, steps // 4, steps // 2)
        for shape in (*DECAYS, "power"):
            power = {"power": 2.0} if shape == "power" else {}
            warmup = {"warmup_steps": steps // 20, "decay_steps": max(1, steps // 20)}
            yield {**rates, "period_lengths": lengths, **warmup, "decay_shape": shape, **power}

    def refusals() -> Iterator[Bad]:
        said = "must not exceed period_lengths[0], received warmup_steps=6, decay_steps=5, period_lengths[0]=10"
        periods = {"period_lengths": (10, 20), "warmup_steps": 6, "decay_steps": 5}
        yield ValueError, f"warmup_steps + decay_steps {said}", periods
        said = "decay_steps must not exceed period_lengths[2], received decay_steps=5, period_lengths[2]=4"
        yield ValueError, said, {"period_lengths": (10, 20, 4), "warmup_steps": 0, "decay_steps": 5}
        yield ValueError, "period_lengths must have from 1 to 100000 items, received 0", {"period_lengths": ()}
        yield ValueError, "period_lengths[1] must be a positive integer, received 0", {"period_lengths": (3, 0)}
        said = f"the sum of period_lengths must be at most {2**53}, received {2**53 + 1}"
        yield ValueError, said, {"period_lengths": (2**53, 1)}
        yield TypeError, "period_lengths must be a sequence, received 3", {"period_lengths": 3}
        yield TypeError, "power must be given with decay_shape='power', received none", {"decay_shape": "power"}
        only = "power must be given with decay_shape='power' only, received power=2.0"
        yield TypeError, only, {"decay_shape": "linear", "power": 2.0}
