"""These are the records of curves without an end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import longs
import numpy as np
from longs import LONG, Array, Clocks
from oracle import LARGEST, LAST_STEP, Exact, between, mp, plain, power_of
from record import GROWING, LENGTHS, RATES, SOME, Bad, Params, Record, case, period_of, vanishing


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
            (0.1, 1.5, 10),
            (1e-300, 1e300, 2**27 + 1),
            (0.1, 1.0, 7),
            (5e-324, 2.0, 3),
        ]
    ]
    smooth = [case("exponential_decay", base_lr=0.1, decay_rate=0.3, decay_steps=20)]
    grids = [{"base_lr": [0.1], "decay_rate": [0.5, 0.99, 1.5], "decay_steps": [1, 3, 2**53]}]

    def exact(t: int, base_lr: float, decay_rate: float, decay_steps: int) -> Exact:
        return plain(base_lr * mp.mpf(decay_rate) ** (mp.mpf(t) / decay_steps))

    def marks(base_lr: float, decay_rate: float, decay_steps: int) -> Iterator[int]:
        yield from (0, decay_steps, *vanishing(base_lr, decay_rate, decay_steps))

    def bounds(base_lr: float, decay_rate: float, **_: Any) -> tuple[float, ...]:
        return base_lr, 0.0 if decay_rate < 1.0 else base_lr if decay_rate == 1.0 else LARGEST

    def phases(base_lr: float, decay_rate: float, **_: Any) -> Any:
        return [(0, LAST_STEP, base_lr, 0.0)] if decay_rate < 1.0 else []

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
    ] + [
        case("inverse_sqrt", base_lr=base_lr, warmup_steps=warmup_steps, timescale=timescale, shift=shift)
        for base_lr, warmup_steps, timescale, shift in [
            (0.1, 100, 10_000, 0),
            (0.3, 7, 100, 33),
            (-0.2, 1, 1, 2**53),
            (1e300, 2**53, 3, 1),
            (0.7, 1000, 2**53, 2**53),
            (LARGEST, 10, 10, 0),
            (-LARGEST, 3, 2**53, 0),
        ]
    ] + [case("inverse_sqrt", base_lr=0.1, warmup_steps=10, timescale=77), case("inverse_sqrt", base_lr=0.1, warmup_steps=10, shift=5)]
    witnesses = [(case("inverse_sqrt", base_lr=0.9730860209662526, warmup_steps=369393), 369047085374)]
    smooth = [
        case("inverse_sqrt", base_lr=0.1, warmup_steps=20),
        case("inverse_sqrt", base_lr=0.1, warmup_steps=20, timescale=7, shift=3),
    ]
    grids = [
        {"base_lr": SOME, "warmup_steps": [1, 2, 9, 2**53]},
        {"base_lr": SOME, "warmup_steps": [1, 9], "timescale": [1, 100], "shift": [0, 3]},
    ]

    def exact(
        t: int, base_lr: float, warmup_steps: int, timescale: int | None = None, shift: int | None = None
    ) -> Exact:
        scale = mp.mpf(warmup_steps if timescale is None else timescale)
        tail = base_lr * mp.sqrt(scale / (scale + (shift or 0) + max(t - warmup_steps, 0)))
        return between(0.0, tail, 1 - mp.mpf(t) / warmup_steps) if t < warmup_steps else plain(tail)

    def marks(warmup_steps: int, **_: Any) -> tuple[int, ...]:
        return (0, warmup_steps // 2, warmup_steps)

    def ends(warmup_steps: int, shift: int | None = None, **_: Any) -> tuple[int, ...]:
        return (0,) if shift else (0, warmup_steps)

    def bounds(base_lr: float, **_: Any) -> tuple[float, ...]:
        return base_lr, 0.0

    def phases(base_lr: float, warmup_steps: int, shift: int | None = None, **_: Any) -> Any:
        fall = [] if shift else [(warmup_steps, LAST_STEP, base_lr, 0.0)]
        return [(0, warmup_steps, 0.0, base_lr), *fall]

    def value(
        t: Array, base_lr: Array, warmup_steps: Array, timescale: Array | None = None, shift: Array | None = None
    ) -> longs.Value:
        scale = warmup_steps if timescale is None else timescale
        begun = 0 if shift is None else shift
        fall = base_lr * np.sqrt(scale / (scale + begun + np.maximum(t - warmup_steps, 0)))
        return longs.plain(np.where(t < warmup_steps, fall * (t / warmup_steps), fall))

    def clocks(warmup_steps: Array, **_: Any) -> Clocks:
        return [(0.0, warmup_steps), (0.0, LAST_STEP), (warmup_steps, 100 * warmup_steps)]

    def typical(steps: int) -> Iterator[Params]:
        yield {"base_lr": 3e-4, "warmup_steps": period_of(steps)}


class Noam(Record, kind="noam"):
    cases = [
        case("noam", model_dim=model_dim, warmup_steps=LENGTHS[i % 13], factor=factor)
        for i, (model_dim, factor) in enumerate(
            [(512, 1.0), (1, 2.0), (768, -0.3), (2**53, 1.0), (3, 1e-300), (1024, 1e300), (12345, 0.0)] * 2
        )
    ] + [case("noam", model_dim=256, warmup_steps=400)]
    smooth = [case("noam", model_dim=64, warmup_steps=20, factor=2.0)]
    grids = [{"model_dim": [1, 512], "warmup_steps": [1, 9, 2**53], "factor": [1.0, -0.5]}]

    def exact(t: int, model_dim: int, warmup_steps: int, factor: float = 1.0) -> Exact:
        peak = factor / mp.sqrt(mp.mpf(model_dim) * max(t, warmup_steps))
        return plain(peak * min(t, warmup_steps) / warmup_steps)

    def marks(warmup_steps: int, **_: Any) -> tuple[int, ...]:
        return (0, warmup_steps // 2, warmup_steps)

    def bounds(factor: float = 1.0, **_: Any) -> tuple[float, ...]:
        return factor, 0.0

    def phases(warmup_steps: int, factor: float = 1.0, **_: Any) -> Any:
        return [(0, warmup_steps, 0.0, factor)]

    def value(t: Array, model_dim: Array, warmup_steps: Array, factor: Array | None) -> longs.Value:
        peak = (1.0 if factor is None else factor) / np.sqrt(model_dim * np.maximum(t, warmup_steps))
        return longs.plain(peak * (np.minimum(t, warmup_steps) / warmup_steps))

    def clocks(warmup_steps: Array, **_: Any) -> Clocks:
        return [(0.0, warmup_steps), (0.0, LAST_STEP), (warmup_steps, 100 * warmup_steps)]

    def typical(steps: int) -> Iterator[Params]:
        yield {"model_dim": 512, "warmup_steps": period_of(steps)}


class InverseTime(Record, kind="inverse_time"):
    cases = [
        case("inverse_time", base_lr=base_lr, decay_rate=decay_rate, decay_steps=decay_steps)
        for base_lr, decay_rate, decay_steps in [
            (0.1, 0.5, 1000),
            (1.0, 1.0, 1),
            (-0.1, 3.0, 7),
            (1e300, 1e-3, 2**53),
            (1e-300, 1e10, 2),
            (0.0, 0.5, 3),
            (0.3, 1e-300, 1),
            (0.3, 1e300, 2**53),
            (5e-324, 0.1, 10),
            (1.7e308, 0.7, 3_000_000_000),
        ]
    ] + [
        case("inverse_time", base_lr=0.1, decay_rate=decay_rate, decay_steps=decay_steps, staircase=staircase)
        for decay_rate, decay_steps in [(0.5, 1000), (1.0, 1), (1e-3, 2**53), (1e300, 7)]
        for staircase in (True, False)
    ] + [
        case("inverse_time", base_lr=LARGEST, decay_rate=decay_rate, decay_steps=decay_steps)
        for decay_rate, decay_steps in [(1e-300, 1), (0.3, 2**53), (0.7, 2**50 + 1)]
    ]
    smooth = [
        case("inverse_time", base_lr=0.1, decay_rate=0.7, decay_steps=20, **staircase)
        for staircase in ({}, {"staircase": True})
    ]
    grids = [
        {"base_lr": SOME, "decay_rate": [0.5, 2.0], "decay_steps": [1, 9, 2**53], **staircase}
        for staircase in ({}, {"staircase": True})
    ]

    def exact(t: int, base_lr: float, decay_rate: float, decay_steps: int, staircase: bool = False) -> Exact:
        share = t // decay_steps if staircase else mp.mpf(t) / decay_steps
        return plain(base_lr / (1 + mp.mpf(decay_rate) * share))

    def marks(decay_steps: int, **_: Any) -> tuple[int, ...]:
        return (0, decay_steps, 2 * decay_steps)

    def bounds(base_lr: float, **_: Any) -> tuple[float, ...]:
        return base_lr, 0.0

    def phases(base_lr: float, **_: Any) -> Any:
        return [(0, LAST_STEP, base_lr, 0.0)]

    def value(
        t: Array, base_lr: Array, decay_rate: Array, decay_steps: Array, staircase: bool | None = None
    ) -> longs.Value:
        share = np.floor(t / decay_steps) if staircase else t / decay_steps
        return longs.plain(base_lr / (1 + decay_rate * share))

    def clocks(decay_steps: Array, **_: Any) -> Clocks:
        return [(0.0, decay_steps), (0.0, LAST_STEP)]

    def typical(steps: int) -> Iterator[Params]:
        yield {"base_lr": 3e-4, "decay_rate": 1.0, "decay_steps": period_of(steps)}


class PowerLaw(Record, kind="power_law"):
    cases = [
        case("power_law", base_lr=base_lr, scale=scale, exponent=exponent, max_lr=max_lr)
        for base_lr, scale, exponent, max_lr in [
            (1.0, 100.0, 0.5, 2.0),
            (0.02, 1.0, 0.51, 0.005),
            (0.1, 2.0**-22, 0.51, 1e-3),
            (0.1, 1e6, 1.0, 0.3),
            (0.1, 1e6, 0.9, 0.01),
            (3e-4, 12345.678, 0.1, 3e-3),
            (1e-300, 7.0, 0.5, 1e-299),
            (1e300, 7.0, 0.25, 1e300),
            (0.1, 10.0, 1e-3, 0.11),
            (1.0, 10.0, 0.5, 1e-20),
            (2e307, 5e-324, 0.96, 3e11),
            (1.7e308, 5e-324, 0.95, 1.0),
        ]
    ]
    smooth = [case("power_law", base_lr=0.1, scale=10.0, exponent=0.7, max_lr=0.2)]
    grids = [{"base_lr": [0.1, 0.2], "scale": [10.0, 0.01], "exponent": [0.5, 1.0], "max_lr": [0.3, 1e-3]}]

    def exact(t: int, base_lr: float, scale: float, exponent: float, max_lr: float) -> Exact:
        curve = base_lr * (mp.mpf(scale) / t) ** mp.mpf(exponent) if t else mp.inf
        return plain(min(mp.mpf(max_lr), curve))

    def marks(base_lr: float, scale: float, exponent: float, max_lr: float) -> Iterator[int]:
        yield 0
        crossing = mp.mpf(scale) * (mp.mpf(base_lr) / max_lr) ** (1 / mp.mpf(exponent))
        if crossing < LAST_STEP:
            yield int(crossing)

    def bounds(max_lr: float, **_: Any) -> tuple[float, ...]:
        return max_lr, 0.0

    def phases(max_lr: float, **_: Any) -> Any:
        return [(0, LAST_STEP, max_lr, 0.0)]

    def mend(params: Params) -> None:
        params["max_lr"] = np.maximum(params["max_lr"], params["base_lr"] * 1e-300)

    def value(t: Array, base_lr: Array, scale: Array, exponent: Array, max_lr: Array) -> longs.Value:
        curve = base_lr * (scale / np.maximum(t, LONG(1))) ** exponent
        return longs.plain(np.where(t > 0, np.minimum(max_lr, curve), max_lr))

    def clocks(scale: Array, **_: Any) -> Clocks:
        return [(0.0, np.minimum(scale, LAST_STEP)), (0.0, LAST_STEP)]

    def typical(steps: int) -> Iterator[Params]:
        yield {"base_lr": 3e-4, "scale": float(steps), "exponent": 0.5, "max_lr": 3e-3}

    def refusals() -> Iterator[Bad]:
        yield (
            ValueError,
            "base_lr / max_lr must be a finite number, received inf",
            {"base_lr": 1e300, "max_lr": 1e-300},
        )


class LogWarmup(Record, kind="log_warmup"):
    cases = [
        *(case("log_warmup", base_lr=0.1, warmup_steps=steps) for steps in (2, 3, 1000, 2**53)),
        *(
            case("log_warmup", start_lr=start_lr, base_lr=base_lr, warmup_steps=max(2, length))
            for (start_lr, base_lr), length in zip(RATES, [*LENGTHS[:-1], 129, 128], strict=True)
        ),
    ]
    smooth = [case("log_warmup", base_lr=0.1, warmup_steps=50, start_lr=0.01)]
    grids = [{"base_lr": SOME, "warmup_steps": [2, 3, 9], "start_lr": [0.0, 0.3]}]

    def exact(t: int, base_lr: float, warmup_steps: int, start_lr: float = 0.0) -> Exact:
        """Measured in ulp of the peak where the curve rises."""
        last = warmup_steps - 1
        value = between(start_lr, base_lr, 1 - mp.log(1 + t) / mp.log(warmup_steps) if t < last else 0)
        rises = abs(start_lr) < abs(base_lr) and 0 < t < last
        return value._replace(size=mp.mpf(abs(base_lr))) if rises else value

    def marks(warmup_steps: int, **_: Any) -> tuple[int, ...]:
        return (0, int(warmup_steps**0.5), warmup_steps - warmup_steps // 128, warmup_steps - 1)

    def ends(warmup_steps: int, **_: Any) -> tuple[int, ...]:
        return (0, warmup_steps - 1, warmup_steps, LAST_STEP)

    def held_from(warmup_steps: int, **_: Any) -> int:
        return warmup_steps - 1

    def bounds(base_lr: float, start_lr: float = 0.0, **_: Any) -> tuple[float, ...]:
        return start_lr, base_lr

    def phases(base_lr: float, warmup_steps: int, start_lr: float = 0.0) -> Any:
        return [(0, warmup_steps - 1, start_lr, base_lr)]

    def value(t: Array, base_lr: Array, warmup_steps: Array, start_lr: Array | float | None = None) -> longs.Value:
        start_lr = 0 * base_lr if start_lr is None else start_lr
        weights = longs.logarithmic(np.minimum(t, warmup_steps - 1), warmup_steps)
        value = longs.between(start_lr, base_lr, weights)
        rises = (abs(start_lr) < abs(base_lr)) & (t > 0) & (t < warmup_steps - 1)
        return value._replace(size=np.where(rises, abs(base_lr), value.size))

    def clocks(warmup_steps: Array, **_: Any) -> Clocks:
        return [(0.0, warmup_steps), (0.0, np.sqrt(warmup_steps))]

    def typical(steps: int) -> Iterator[Params]:
        yield {"base_lr": 3e-4, "warmup_steps": steps}
