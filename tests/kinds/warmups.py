"""These are the records of decays behind a warmup that their total includes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import longs
import numpy as np
from longs import Array, Clocks
from oracle import LAST_STEP, Exact, between, mp, plain
from record import LENGTHS, RATES, Bad, Case, Params, Record, case, period_of

from .decays import POWERS, Cosine, Linear, Polynomial

WARMUPS = (0, 1, 2, 3, 7, 1000)


def ramped(kind: str, rates: list[tuple[float, float]], rest: list[Params] | None = None) -> list[Case]:
    """Every pair of rates, every length, and warmups from none to all but one step."""
    rest = rest or [{}]
    found = []
    for i in range(max(2 * len(LENGTHS), len(rest))):
        total, warmup = LENGTHS[(i + i // len(rates)) % len(LENGTHS)], WARMUPS[i % len(WARMUPS)]
        (base_lr, min_lr), start_lr = rates[i % len(rates)], (0.0, 1e-6, 0.3)[i % 3]
        steps = {"warmup_steps": total - 1 if i % 5 == 4 else min(warmup, total - 1), "total_steps": total}
        found.append(case(kind, base_lr=base_lr, min_lr=min_lr, **steps, start_lr=start_lr, **rest[i % len(rest)]))
    return found


class Ramped(Record):
    """A line through `warmup_steps`, then a decay through `total_steps`."""

    def marks(warmup_steps: int, total_steps: int, **_: Any) -> Iterator[int]:
        yield from (0, warmup_steps // 2, warmup_steps, (warmup_steps + total_steps) // 2, total_steps)

    def ends(warmup_steps: int, total_steps: int, **_: Any) -> Iterator[int]:
        yield from (0, warmup_steps, total_steps, total_steps + 1, LAST_STEP)

    def held_from(total_steps: int, **_: Any) -> int:
        return total_steps

    def bounds(base_lr: float, min_lr: float, start_lr: float, warmup_steps: int, **_: Any) -> tuple[float, ...]:
        return (base_lr, min_lr, start_lr) if warmup_steps else (base_lr, min_lr)

    def phases(base_lr: float, min_lr: float, start_lr: float, warmup_steps: int, total_steps: int, **_: Any) -> Any:
        return [(0, warmup_steps - 1, start_lr, base_lr), (warmup_steps, total_steps, base_lr, min_lr)]

    def mend(params: Params) -> None:
        """The warmup is shorter than the whole."""
        params["warmup_steps"] = params["warmup_steps"] % params["total_steps"]

    def clocks(warmup_steps: Array, total_steps: Array, **_: Any) -> Clocks:
        return [(0.0, warmup_steps), (warmup_steps, total_steps - warmup_steps)]

    def typical(steps: int) -> Iterator[Params]:
        rates = {"base_lr": 3e-4, "min_lr": 3e-5, "start_lr": 0.0}
        yield {**rates, "warmup_steps": period_of(steps), "total_steps": steps}

    def refusals() -> Iterator[Bad]:
        for warmup in (4, 5):
            bad = {"warmup_steps": warmup, "total_steps": 4}
            yield ValueError, f"warmup_steps must be less than total_steps, received {warmup}", bad


def risen(t: int, start_lr: float, base_lr: float, warmup_steps: int) -> Exact:
    return between(start_lr, base_lr, 1 - mp.mpf(t) / warmup_steps)


def after_rise(t: Array, warmup_steps: Array, start_lr: Array, base_lr: Array, decay: longs.Value) -> longs.Value:
    """A line before the end of the warmup, in long doubles, and a decay from there on."""
    within = np.minimum(t, warmup_steps)
    rise = longs.between(start_lr, base_lr, longs.straight(within, longs.positive(warmup_steps)))
    return longs.choose(t < warmup_steps, rise, decay)


SMOOTH = {"base_lr": 0.1, "min_lr": 0.01, "total_steps": 50, "start_lr": 0.002}
GRID = {
    "base_lr": [0.1, 1e-3],
    "min_lr": [1e-3, 0.2],
    "warmup_steps": [0, 1, 4],
    "total_steps": [5, 9],
    "start_lr": [0.0, 0.01],
}


class WarmupCosine(Ramped, kind="warmup_cosine"):
    cases = ramped("warmup_cosine", RATES)
    smooth = [case("warmup_cosine", **SMOOTH, warmup_steps=steps) for steps in (0, 20)]
    grids = [GRID]

    def exact(
        t: int, base_lr: float, warmup_steps: int, total_steps: int, min_lr: float, start_lr: float
    ) -> Exact:
        if t < warmup_steps:
            return risen(t, start_lr, base_lr, warmup_steps)
        return Cosine.exact(t - warmup_steps, base_lr, min_lr, total_steps - warmup_steps)

    def value(
        t: Array, base_lr: Array, warmup_steps: Array, total_steps: Array, min_lr: Array, start_lr: Array
    ) -> longs.Value:
        decay = Cosine.value(np.maximum(t - warmup_steps, 0), base_lr, min_lr, total_steps - warmup_steps)
        return after_rise(t, warmup_steps, start_lr, base_lr, decay)


class WarmupLinear(Ramped, kind="warmup_linear"):
    cases = ramped("warmup_linear", RATES)
    smooth = [case("warmup_linear", **SMOOTH, warmup_steps=steps) for steps in (0, 20)]
    grids = [GRID]

    def exact(
        t: int, base_lr: float, warmup_steps: int, total_steps: int, min_lr: float, start_lr: float
    ) -> Exact:
        if t < warmup_steps:
            return risen(t, start_lr, base_lr, warmup_steps)
        return Linear.exact(t - warmup_steps, base_lr, min_lr, total_steps - warmup_steps)

    def value(
        t: Array, base_lr: Array, warmup_steps: Array, total_steps: Array, min_lr: Array, start_lr: Array
    ) -> longs.Value:
        decay = Linear.value(np.maximum(t - warmup_steps, 0), base_lr, min_lr, total_steps - warmup_steps)
        return after_rise(t, warmup_steps, start_lr, base_lr, decay)


class WarmupPolynomial(Ramped, kind="warmup_polynomial"):
    cases = ramped("warmup_polynomial", RATES, [*POWERS, {"power": 0.0}])
    smooth = [case("warmup_polynomial", **SMOOTH, warmup_steps=20, power=power) for power in (1.0, 2.0)]
    grids = [{**GRID, "power": [0.0, 1.0, 0.5, 3.0]}]

    def exact(
        t: int,
        base_lr: float,
        warmup_steps: int,
        total_steps: int,
        min_lr: float,
        start_lr: float,
        power: float,
    ) -> Exact:
        if t < warmup_steps:
            return risen(t, start_lr, base_lr, warmup_steps)
        return Polynomial.exact(t - warmup_steps, base_lr, min_lr, total_steps - warmup_steps, power)

    def value(
        t: Array,
        base_lr: Array,
        warmup_steps: Array,
        total_steps: Array,
        min_lr: Array,
        start_lr: Array,
        power: Array,
    ) -> longs.Value:
        decay = Polynomial.value(np.maximum(t - warmup_steps, 0), base_lr, min_lr, total_steps - warmup_steps, power)
        return after_rise(t, warmup_steps, start_lr, base_lr, decay)

    def typical(steps: int) -> Iterator[Params]:
        (rest,) = Ramped.typical(steps)
        for power in (2.0, 0.9):
            yield {**rest, "power": power}


class WarmupExponential(Ramped, kind="warmup_exponential"):
    cases = ramped(
        "warmup_exponential",
        [(0.1, 1e-3), (8e-5, 8e-7), (0.1, 0.1), (1e-6, 0.1), (1.0, 1.0 - 2.0**-53), (1e-300, 3e-310), (1e150, 1e-150), (1e-150, 1e150)],
    )
    smooth = [case("warmup_exponential", **SMOOTH, warmup_steps=steps) for steps in (0, 20)]
    grids = [GRID]

    def exact(t: int, base_lr: float, min_lr: float, warmup_steps: int, total_steps: int, start_lr: float) -> Exact:
        if t < warmup_steps:
            return risen(t, start_lr, base_lr, warmup_steps)
        progress = mp.mpf(min(t, total_steps) - warmup_steps) / (total_steps - warmup_steps)
        return plain(mp.mpf(base_lr) * (mp.mpf(min_lr) / mp.mpf(base_lr)) ** progress)

    def value(
        t: Array, base_lr: Array, min_lr: Array, warmup_steps: Array, total_steps: Array, start_lr: Array
    ) -> longs.Value:
        into = np.maximum(np.minimum(t, total_steps) - warmup_steps, 0)
        exponent, rest = longs.quotient(into, total_steps - warmup_steps)
        ratio = min_lr / base_lr
        decay = longs.plain(base_lr * ratio**exponent * (1 + rest * np.log(ratio)))
        return after_rise(t, warmup_steps, start_lr, base_lr, decay)

    def mend(params: Params) -> None:
        """The warmup is shorter than the whole, and the ratio of the rates is an ordinary double."""
        Ramped.mend(params)
        for name in ("base_lr", "min_lr"):
            params[name] = np.clip(params[name], 1e-150, 1e150)

    def refusals() -> Iterator[Bad]:
        yield from Ramped.refusals()
        ratio = "min_lr / base_lr must be"
        yield ValueError, f"{ratio} a finite number, received inf", {"base_lr": 1e-300, "min_lr": 1e300}
        yield ValueError, f"{ratio} at least {2.0**-1022}, received 0.0", {"base_lr": 1e300, "min_lr": 1e-300}
        yield ValueError, f"{ratio} at least {2.0**-1022}, received 1e-310", {"base_lr": 1.0, "min_lr": 1e-310}
