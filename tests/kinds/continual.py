"""These are the records of policies for training that goes on."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import longs
import numpy as np
from longs import Array, Clocks
from oracle import Exact, half_wave, mp, plain
from record import Bad, Params, Record, case, period_of

from .warmups import after_rise, risen

NO_END: Params = {"constant_steps": None, "decay_steps": None, "min_lr": None}


class Infinite(Record, kind="infinite"):
    forms = [{}, NO_END]
    cases = [
        *(
            case(
                "infinite",
                base_lr=base_lr,
                constant_lr=constant_lr,
                warmup_steps=warmup,
                cooldown_steps=cooldown,
                constant_steps=plateau,
                decay_steps=decay,
                min_lr=min_lr,
                start_lr=start_lr,
            )
            for (base_lr, constant_lr, min_lr, start_lr), (warmup, cooldown, plateau, decay) in zip(
                itertools.cycle([(3e-4, 1.65e-4, 3e-5, 0.0), (-0.1, 1e-300, 3e-290, 0.3), (1e-3, 0.2, 1.0, 1e-6)]),
                [
                    (0, 0, 0, 1),
                    (1, 1, 1, 1),
                    (100, 1000, 3000, 500),
                    (0, 7, 0, 1000),
                    (7, 0, 3, 2**27 + 1),
                    (2**52, 2**51, 2**50, 2**50),
                    (2**53, 2**53, 2**53, 2**53),
                ],
                strict=False,
            )
        ),
        *(
            case("infinite", base_lr=0.1, constant_lr=0.05, warmup_steps=warmup, cooldown_steps=cooldown, start_lr=0.01)
            for warmup, cooldown in [(0, 0), (3, 0), (0, 5), (100, 1000), (2**52, 2**52)]
        ),
    ]
    smooth = [
        case(
            "infinite",
            base_lr=0.1,
            constant_lr=0.05,
            warmup_steps=warmup,
            cooldown_steps=cooldown,
            constant_steps=7,
            decay_steps=20,
            min_lr=0.01,
            start_lr=0.002,
        )
        for warmup, cooldown in [(10, 20), (0, 0)]
    ]
    grids = [
        {
            "base_lr": [0.1, 0.3],
            "constant_lr": [0.05, 0.2],
            "warmup_steps": [0, 2],
            "cooldown_steps": [0, 3],
            "constant_steps": [0, 2],
            "decay_steps": [1, 4],
            "min_lr": 0.01,
            "start_lr": 0.0,
        },
    ]

    def exact(
        t: int,
        base_lr: float,
        constant_lr: float,
        warmup_steps: int,
        cooldown_steps: int,
        start_lr: float,
        constant_steps: int | None = None,
        decay_steps: int | None = None,
        min_lr: float | None = None,
    ) -> Exact:
        if t < warmup_steps:
            return risen(t, start_lr, base_lr, warmup_steps)
        into = t - warmup_steps
        if into < cooldown_steps:
            return half_wave(base_lr, constant_lr, into, cooldown_steps)
        if constant_steps is None or into < cooldown_steps + constant_steps:
            return plain(constant_lr)
        into = min(into - cooldown_steps - constant_steps, decay_steps)
        return plain(mp.mpf(constant_lr) * (mp.mpf(min_lr) / mp.mpf(constant_lr)) ** (mp.mpf(into) / decay_steps))

    def marks(**params: Any) -> Iterator[int]:
        mark = 0
        yield 0
        for name in ("warmup_steps", "cooldown_steps", "constant_steps", "decay_steps"):
            yield mark + (params.get(name) or 0) // 2
            mark += params.get(name) or 0
            yield mark

    def ends(warmup_steps: int, cooldown_steps: int, **rest: Any) -> Iterator[int]:
        yield from (0, warmup_steps, warmup_steps + cooldown_steps)
        if rest.get("decay_steps"):
            decay = warmup_steps + cooldown_steps + rest["constant_steps"]
            yield from (decay, decay + rest["decay_steps"])

    def held_from(warmup_steps: int, cooldown_steps: int, **rest: Any) -> int:
        return warmup_steps + cooldown_steps + (rest.get("constant_steps") or 0) + (rest.get("decay_steps") or 0)

    def bounds(base_lr: float, constant_lr: float, start_lr: float, min_lr: float | None = None, **_: Any) -> Any:
        return (base_lr, constant_lr, start_lr, constant_lr if min_lr is None else min_lr)

    def phases(
        base_lr: float, constant_lr: float, warmup_steps: int, cooldown_steps: int, start_lr: float, **_: Any
    ) -> Any:
        cooled = warmup_steps + cooldown_steps
        return [(0, warmup_steps - 1, start_lr, base_lr), (warmup_steps, cooled, base_lr, constant_lr)]

    def mend(params: Params) -> None:
        """The ratio of the rates is an ordinary double."""
        for name in ("constant_lr", "min_lr"):
            if params.get(name) is not None:
                params[name] = np.clip(params[name], 1e-150, 1e150)

    def value(
        t: Array,
        base_lr: Array,
        constant_lr: Array,
        warmup_steps: Array,
        cooldown_steps: Array,
        start_lr: Array,
        constant_steps: Array | None = None,
        decay_steps: Array | None = None,
        min_lr: Array | None = None,
    ) -> longs.Value:
        into = np.minimum(np.maximum(t - warmup_steps, 0), cooldown_steps)
        waves = longs.wave(into, longs.positive(cooldown_steps))
        cooled = longs.between(base_lr, constant_lr, waves)
        value = longs.choose(t - warmup_steps < cooldown_steps, cooled, longs.plain(constant_lr + 0 * t))
        if constant_steps is not None:
            past = np.minimum(np.maximum(t - warmup_steps - cooldown_steps - constant_steps, 0), decay_steps)
            exponent, rest = longs.quotient(past, decay_steps)
            ratio = min_lr / constant_lr
            decay = longs.plain(constant_lr * ratio**exponent * (1 + rest * np.log(ratio)))
            value = longs.choose(past > 0, decay, value)
        return after_rise(t, warmup_steps, start_lr, base_lr, value)

    def clocks(warmup_steps: Array, cooldown_steps: Array, **rest: Any) -> Clocks:
        found = [(0.0, warmup_steps), (warmup_steps, cooldown_steps)]
        if rest.get("decay_steps") is not None:
            found.append((warmup_steps + cooldown_steps + rest["constant_steps"], rest["decay_steps"]))
        return found

    def typical(steps: int) -> Iterator[Params]:
        period = period_of(steps)
        rates = {"base_lr": 3e-4, "constant_lr": 1.65e-4, "min_lr": 3e-5, "start_lr": 0.0}
        phases = {"warmup_steps": period, "cooldown_steps": steps // 2 - period, "constant_steps": steps // 4}
        yield {**rates, **phases, "decay_steps": max(1, steps // 4)}

    def refusals() -> Iterator[Bad]:
        together = "constant_steps and decay_steps and min_lr must be given together, received only"
        yield TypeError, f"{together} constant_steps and decay_steps", {"min_lr": None}
        yield TypeError, f"{together} min_lr", {"constant_steps": None, "decay_steps": None}
        ratio = "min_lr / constant_lr must be"
        yield ValueError, f"{ratio} a finite number, received inf", {"constant_lr": 1e-300, "min_lr": 1e300}
        yield ValueError, f"{ratio} at least {2.0**-1022}, received 1e-310", {"constant_lr": 1.0, "min_lr": 1e-310}
