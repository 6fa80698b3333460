"""These are the records of decays without an end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import longs
import numpy as np
from longs import Array, Clocks
from oracle import LAST_STEP, Exact, between, mp, plain, power_of
from record import GROWING, LENGTHS, SOME, Params, Record, case, period_of, vanishing


class Exponential(Record, kind="exponential"):
    cases = [case("exponential", base_lr=base_lr, gamma=gamma) for base_lr, gamma in GROWING]
    witnesses = [(case("exponential", base_lr=0.6855109276771685, gamma=0.9999989596251821), 14976039)]
    smooth = [case("exponential", base_lr=0.1, gamma=0.97), case("exponential", base_lr=1e-3, gamma=-1.02)]
    grids = [{"base_lr": SOME, "gamma": [0.0, 1.0, -1.0, 0.5, -0.9, 1.5, 1e-200]}]

    def exact(t: int, base_lr: float, gamma: float) -> Exact:
        return plain(base_lr * power_of(gamma, t))

    def marks(base_lr: float, gamma: float) -> Iterator[int]:
        yield from (0, *vanishing(base_lr, gamma))

    bounds = None

    def value(t: Array, base_lr: Array, gamma: Array) -> longs.Value:
        return longs.plain(longs.times(base_lr, gamma**t))

    def clocks(base_lr: Array, gamma: Array) -> Clocks:
        return [longs.until_gone(gamma, 1.0)]

    def typical(steps: int) -> Iterator[Params]:
        yield {"base_lr": 3e-4, "gamma": 1e-4 ** (1 / steps)}


class ExponentialDecay(Record, kind="exponential_decay"):
    cases = [
        case("exponential_decay", base_lr=base_lr, decay_rate=decay_rate, decay_steps=decay_steps)
        for base_lr, decay_rate, decay_steps in [
            (0.1, 0.96, 1000),
            (0.1, 0.5, 1),
            (0.1, 0.25, 3),
            (1e-300, 0.9, 7),
            (1e300, 0.1, 10),
            (0.1, 1e-300, 2**20),
            (5e-324, 0.5, 2),
            (0.1, 1.0 - 2.0**-53, 1),
            (0.1, 5e-324, 2**53),
            (0.1, 0.3, 2**53),
            (0.1, 0.9, 3_000_000_000),
            (1.258292586002918e258, 2.2389166611684166e-247, 10),
        ]
    ]
    smooth = [case("exponential_decay", base_lr=0.1, decay_rate=0.3, decay_steps=20)]
    grids = [{"base_lr": [0.1], "decay_rate": [0.5, 0.99], "decay_steps": [1, 3, 2**53]}]

    def exact(t: int, base_lr: float, decay_rate: float, decay_steps: int) -> Exact:
        return plain(base_lr * mp.mpf(decay_rate) ** (mp.mpf(t) / decay_steps))

    def marks(base_lr: float, decay_rate: float, decay_steps: int) -> Iterator[int]:
        yield from (0, decay_steps, *vanishing(base_lr, decay_rate, decay_steps))

    def bounds(base_lr: float, **_: Any) -> tuple[float, ...]:
        return base_lr, 0.0

    def phases(base_lr: float, **_: Any) -> Any:
        return [(0, LAST_STEP, base_lr, 0.0)]

    def value(t: Array, base_lr: Array, decay_rate: Array, decay_steps: Array) -> longs.Value:
        exponent, rest = longs.quotient(t, decay_steps)
        return longs.plain(longs.times(base_lr, decay_rate**exponent * (1 + rest * np.log(decay_rate))))

    def clocks(base_lr: Array, decay_rate: Array, decay_steps: Array) -> Clocks:
        return [(0.0, decay_steps), longs.until_gone(decay_rate, decay_steps)]

    def typical(steps: int) -> Iterator[Params]:
        yield {"base_lr": 3e-4, "decay_rate": 0.5, "decay_steps": period_of(steps) * 100}


class InverseSqrt(Record, kind="inverse_sqrt"):
    cases = [
        case(
            "inverse_sqrt", base_lr=(0.1, 1e-300, -0.1, 8e-5, 1.7e308, 0.0, 5e-324)[i % 7], warmup_steps=LENGTHS[i % 13]
        )
        for i in range(26)
    ]
    witnesses = [(case("inverse_sqrt", base_lr=0.9730860209662526, warmup_steps=369393), 369047085374)]
    smooth = [case("inverse_sqrt", base_lr=0.1, warmup_steps=20)]
    grids = [{"base_lr": SOME, "warmup_steps": [1, 2, 9, 2**53]}]

    def exact(t: int, base_lr: float, warmup_steps: int) -> Exact:
        if t < warmup_steps:
            return between(0.0, base_lr, 1 - mp.mpf(t) / warmup_steps)
        return plain(base_lr * mp.sqrt(mp.mpf(warmup_steps) / t))

    def marks(warmup_steps: int, **_: Any) -> tuple[int, ...]:
        return (0, warmup_steps // 2, warmup_steps)

    def ends(warmup_steps: int, **_: Any) -> tuple[int, ...]:
        return (0, warmup_steps)

    def bounds(base_lr: float, **_: Any) -> tuple[float, ...]:
        return base_lr, 0.0

    def phases(base_lr: float, warmup_steps: int) -> Any:
        return [(0, warmup_steps, 0.0, base_lr), (warmup_steps, LAST_STEP, base_lr, 0.0)]

    def value(t: Array, base_lr: Array, warmup_steps: Array) -> longs.Value:
        fall = base_lr * np.sqrt(warmup_steps / np.maximum(t, 1))
        return longs.plain(np.where(t < warmup_steps, base_lr * (t / warmup_steps), fall))

    def clocks(warmup_steps: Array, **_: Any) -> Clocks:
        return [(0.0, warmup_steps), (0.0, LAST_STEP), (warmup_steps, 100 * warmup_steps)]

    def typical(steps: int) -> Iterator[Params]:
        yield {"base_lr": 3e-4, "warmup_steps": period_of(steps)}
