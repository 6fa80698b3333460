"""These are the records of decays from one rate to another, which they reach at a step and hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import longs
import numpy as np
from longs import LONG, TINIEST, Array, Clocks
from oracle import LARGEST, LAST_STEP, STEEP_WAVE, Exact, between, half_wave, mp, plain, power_of
from record import LENGTHS, SOME, Bad, Params, Record, case, spans


class Decay(Record):
    """From the first step to the last one of `total_steps`."""

    def marks(total_steps: int, **_: Any) -> Iterator[int]:
        yield from (0, total_steps // 4, total_steps // 2, total_steps)

    def ends(total_steps: int, **_: Any) -> Iterator[int]:
        yield from (0, total_steps, total_steps + 1, LAST_STEP)

    def held_from(total_steps: int, **_: Any) -> int:
        return total_steps

    def clocks(total_steps: Array, **_: Any) -> Clocks:
        return [(0.0, total_steps)]


class Linear(Decay, kind="linear"):
    goes = ("base_lr", "end_lr")
    cases = [*spans("linear", "base_lr", "end_lr", "total_steps"), case("linear", base_lr=-0.0, end_lr=0.0, total_steps=5)]
    witnesses = [
        (case("linear", base_lr=0.001192172638855119, end_lr=1.0, total_steps=8589934592), 783445434),
        *((case("linear", base_lr=LARGEST, end_lr=-LARGEST, total_steps=3), step) for step in (1, 2)),
    ]
    smooth = [case("linear", base_lr=0.1, end_lr=0.01, total_steps=50)]
    grids = [{"base_lr": SOME, "end_lr": SOME, "total_steps": [1, 2, 9]}]

    def exact(t: int, base_lr: float, end_lr: float, total_steps: int) -> Exact:
        return between(base_lr, end_lr, mp.mpf(max(total_steps - t, 0)) / total_steps)

    def value(t: Array, base_lr: Array, end_lr: Array, total_steps: Array) -> longs.Value:
        return longs.between(base_lr, end_lr, longs.straight(np.minimum(t, total_steps), total_steps))

    def typical(steps: int) -> Iterator[Params]:
        yield {"base_lr": 3e-4, "end_lr": 3e-5, "total_steps": steps}


class ExponentialTo(Decay, kind="exponential_to"):
    goes = ("base_lr", "end_lr")
    cases = [
        *(
            case("exponential_to", base_lr=base_lr, end_lr=end_lr, total_steps=length)
            for length, (base_lr, end_lr) in zip(
                LENGTHS,
                [
                    (0.1, 1e-3),
                    (1e-8, 1.0),
                    (0.1, 0.1),
                    (3.0, 3.0 + 2.0**-51),
                    (1e-3, 10.0),
                    (1.0, 1e-4),
                    (1e-7, 10.0),
                    (0.3, 0.1),
                    (1e300, 1e-5),
                    (5e-324, 1e-16),
                    (1e-5, 1e300),
                    (0.1, 3e-5),
                    (2e-308, 1.0),
                ],
                strict=True,
            )
        ),
        case("exponential_to", base_lr=1e-300, end_lr=1e-310, total_steps=1000),
    ]
    smooth = [case("exponential_to", base_lr=0.1, end_lr=0.01, total_steps=50)]
    grids = [{"base_lr": [0.1, 3.0], "end_lr": [0.1, 1e-3], "total_steps": [1, 2, 9]}]

    def exact(t: int, base_lr: float, end_lr: float, total_steps: int) -> Exact:
        share = mp.mpf(min(t, total_steps)) / total_steps
        return plain(mp.mpf(base_lr) ** (1 - share) * mp.mpf(end_lr) ** share if 0 < share < 1 else (base_lr, end_lr)[t > 0])

    def mend(params: Params) -> None:
        """Neither ratio of the rates is beyond the doubles."""
        params["end_lr"] = np.clip(params["end_lr"], params["base_lr"] * 1e-300, params["base_lr"] / 1e-300)
        params["end_lr"] = np.clip(params["end_lr"], TINIEST, LARGEST)

    def value(t: Array, base_lr: Array, end_lr: Array, total_steps: Array) -> longs.Value:
        grown = longs.growing(base_lr, end_lr, np.minimum(t, total_steps), total_steps)
        return longs.choose(t < total_steps, grown, longs.plain(end_lr))

    def typical(steps: int) -> Iterator[Params]:
        yield {"base_lr": 3e-4, "end_lr": 3e-5, "total_steps": steps}

    def refusals() -> Iterator[Bad]:
        for rates, one, other in (((1e300, 1e-300), "base_lr", "end_lr"), ((1e-300, 1e300), "end_lr", "base_lr")):
            said = f"{one} / {other} must be a finite number, received inf"
            yield ValueError, said, dict(zip(("base_lr", "end_lr"), rates, strict=True))


POWERS = [
    {"power": power} for power in (2.0, 0.5, 0.9, 3.0, 1.0, 16.0, 40.0, 1.5, 17.0, 1e-3, 7.25, 300.0, 1e-300, 1e6)
]


class Polynomial(Decay, kind="polynomial"):
    cases = [
        *spans("polynomial", "base_lr", "end_lr", "total_steps", [*POWERS, {"power": 0.0}]),
        *(case("polynomial", base_lr=0.1, end_lr=0.0, total_steps=10_000, **power) for power in POWERS),
        *(
            case("polynomial", base_lr=1.0, end_lr=1e-3, total_steps=LENGTHS[-1 - i], **power)
            for i, power in enumerate(POWERS[:5])
        ),
        case("polynomial", base_lr=1e300, end_lr=0.0, total_steps=10, power=400.0),
        case("polynomial", base_lr=0.0, end_lr=3.0, total_steps=2, power=5e-324),
    ]
    witnesses = [
        (case("polynomial", base_lr=base_lr, end_lr=end_lr, total_steps=total_steps, power=power), step)
        for base_lr, end_lr, total_steps, power, step in [
            (0.930124884949111, 0.0, 129908137, 2.0, 62829338),
            (0.9996423274522863, 0.0, 868592, 2.0, 434291),
            (0.8444301892804873, 0.0, 68704877193065, 3.0, 50645406247421),
            (0.4197415645473214, 0.0, 369945, 3.0, 272333),
            (0.7353193261322, 0.0, 1054530744357, 0.5, 577086763790),
            (0.7774956001701405, 0.0, 142994770, 5.100938230913405, 47520842),
            (0.8937143267872485, 0.0, 5462691324843499, 16.0, 4146265907465281),
            (0.6120082933004705, 0.0014923027829132907, 121901928, 20.0, 21085941),
            (0.9422716352038629, 0.0, 167385971050481, 4096.0, 20099558106695),
            (0.999627229950714, -0.999695107081294, 4653721401421218, 10.242796297692186, 26007961402972),
            (1.9993975492931226, -1.9983204722122643, 748139919835, 3.35602627349681, 193),
            (1e300, 0.0, 10, 400.0, 9),
            (LARGEST, -1e-10, 1000, 700.0, 600),
        ]
    ]
    smooth = [
        case("polynomial", base_lr=0.1, end_lr=0.01, total_steps=50, power=2.0),
        case("polynomial", base_lr=0.01, end_lr=0.1, total_steps=50, power=0.5),
        case("polynomial", base_lr=0.1, end_lr=0.01, total_steps=50, power=1.0),
    ]
    grids = [
        {"base_lr": [0.1, -1e-3], "end_lr": [0.0, 0.2], "total_steps": [1, 2, 7, 1000], "power": [0, 1, 2, 0.5, 20, 16.5]}
    ]

    def exact(t: int, base_lr: float, end_lr: float, total_steps: int, power: float) -> Exact:
        value = between(base_lr, end_lr, power_of(mp.mpf(max(total_steps - t, 0)) / total_steps, mp.mpf(power)))
        if power not in (0.0, 1.0) and abs(base_lr) < abs(end_lr):  # 1 - weight: what is left of it rises from a small rate
            return value._replace(size=mp.mpf(abs(end_lr)))
        return value

    def bounds(base_lr: float, end_lr: float, **_: Any) -> tuple[float, ...]:
        return base_lr, end_lr

    def phases(base_lr: float, end_lr: float, total_steps: int, **_: Any) -> Any:
        return [(0, total_steps, base_lr, end_lr)]

    def value(t: Array, base_lr: Array, end_lr: Array, total_steps: Array, power: Array) -> longs.Value:
        ratio, rest = longs.quotient(np.maximum(total_steps - t, 0), total_steps)
        weight = np.where(ratio > 0, ratio**power * (1 + power * (rest / longs.positive(ratio))), power == 0)
        gone = np.minimum(t, total_steps) / total_steps
        value = longs.between(base_lr, end_lr, (weight, np.where(power == 1, gone, 1 - weight)))
        rises = (power != 0) & (power != 1) & (abs(base_lr) < abs(end_lr))
        return value._replace(size=np.where(rises, abs(end_lr), value.size))

    def typical(steps: int) -> Iterator[Params]:
        for power in (2.0, 0.9):
            yield {"base_lr": 3e-4, "end_lr": 3e-5, "total_steps": steps, "power": power}


class PolynomialDecay(Decay, kind="polynomial_decay"):
    goes = ("start_lr", "end_lr")
    cases = spans("polynomial_decay", "start_lr", "end_lr", "total_steps", POWERS)
    smooth = [case("polynomial_decay", start_lr=0.1, end_lr=0.0, total_steps=50, power=1.5)]
    grids = [{"start_lr": 0.1, "end_lr": [0.0, 0.05], "total_steps": [1, 2, 9], "power": [1.0, 2.0, 0.5, 3, 20]}]

    def exact(t: int, start_lr: float, end_lr: float, total_steps: int, power: float) -> Exact:
        return Polynomial.exact(t, start_lr, end_lr, total_steps, power)

    def value(t: Array, start_lr: Array, end_lr: Array, total_steps: Array, power: Array) -> longs.Value:
        return Polynomial.value(t, start_lr, end_lr, total_steps, power)

    def typical(steps: int) -> Iterator[Params]:
        yield {"start_lr": 3e-4, "end_lr": 3e-5, "total_steps": steps, "power": 0.5}


WAVES = [
    {name: value for name, value in (("exponent", exponent), ("k", k)) if value}
    for exponent, k in [
        (2.0, None),
        (None, 2.0),
        (0.5, 1.0),
        (1.0, 1.0),
        (5.0, 1.0),
        (1.0, 0.5),
        (3.0, 1.7),
        (0.1, 0.3),
        (64.0, 1.0),
        (1e-30, 1.0),
        (30.0, 2.0),
        (1.5, 1e30),
        (7.3, 40.0),
        (64.0, 3.0),
    ]
]


class Cosine(Decay, kind="cosine"):
    goes = ("base_lr", "min_lr")
    cases = [
        *spans("cosine", "base_lr", "min_lr", "total_steps"),
        *spans("cosine", "base_lr", "min_lr", "total_steps", WAVES),
        *(case("cosine", base_lr=0.1, min_lr=0.0, total_steps=10_000, **wave) for wave in WAVES),
        *(
            case("cosine", base_lr=base_lr, min_lr=1e-3, total_steps=total_steps, exponent=exponent, k=k)
            for base_lr, exponent, k in [
                (0.1, 1e-3, 1e-100),
                (0.1, 1e-3, 1e-120),
                (0.1, 1e-3, 1e-200),
                (0.1, 0.3, 5e-324),
                (0.1, 1e-10, 1e-300),
                (1e300, 1.0, 1e-130),
            ]
            for total_steps in (100, 2**53)
        ),
        *(  # the square of the angle is subnormal
            case("cosine", base_lr=0.0, min_lr=-8e68, total_steps=total_steps, exponent=exponent, k=k)
            for total_steps, k in [(592, 228.0), (2**40, 24.0), (2**53, 64.0)]
            for exponent in (1.0, 2.0)
        ),
        *(
            case("cosine", base_lr=0.0, min_lr=min_lr, total_steps=total_steps, exponent=exponent)
            for min_lr, total_steps, exponent in [(9.0, 991, 3e-308), (8.9e-5, 40_000, 6e-292)]
        ),
    ]
    witnesses = [
        (case("cosine", base_lr=base_lr, min_lr=min_lr, total_steps=total_steps), step)
        for base_lr, min_lr, total_steps, step in [
            (0.6612474574094382, 0.0, 485933428036, 291248672979),
            (1.206881160336411, 5.587164378844954e-09, 219, 157),
            (9.244179634099294e-07, 0.5039728735059936, 254, 123),
            (1.4213686679046326e-08, 0.9735078111389478, 274877906985, 128522475074),
            (0.579189469017666, 0.00012863317036888893, 5613, 3070),
            (0.5081330288404954, 5.045449059633546e-10, 1596, 1533),
            (0.0007056371958753259, 1.034070708449738e-08, 220, 164),
            (0.5293803348693613, 7.416864973859853e-05, 44630, 23250),
            (0.00918048387787977, 3.0064951649659608e-06, 8596993110934, 4851795753190),
            (7.771827224728911e-16, 3.860704220909441, 100429629689949, 50051251277210),
            (1.2068811603364109, 5.5871643788449544e-09, 219, 157),
            (2.0070682414221475, 3.2861781109293252e-11, 125, 63),
            (0.9744153067962564, -0.974418430674224, 978406, 491320),
            (LARGEST, -LARGEST, 242, 121),
        ]
    ]
    smooth = [
        case("cosine", base_lr=0.1, min_lr=0.01, total_steps=50, **wave)
        for wave in ({}, {"exponent": 2.0}, {"k": 1.5}, {"exponent": 0.7, "k": 2.0})
    ]
    grids = [
        {"base_lr": SOME, "min_lr": SOME, "total_steps": [1, 2, 9]},
        {"base_lr": SOME, "min_lr": 0.01, "total_steps": [1, 2, 9], "exponent": [1.0, 2.5], "k": [0.5, 1.0, 2.0]},
    ]

    def exact(
        t: int, base_lr: float, min_lr: float, total_steps: int, exponent: float = 1.0, k: float = 1.0
    ) -> Exact:
        """Measured in ulp of the peak where the curve rises from a small rate, and where k is not 1."""
        t = min(t, total_steps)
        if exponent == k == 1.0:
            return half_wave(base_lr, min_lr, t, total_steps)
        share = power_of(mp.mpf(t) / total_steps, mp.mpf(k))
        late = share > 0.5
        turned = mp.sinpi((-mp.expm1(k * mp.log(mp.mpf(t) / total_steps)) if late else share) / 2) ** 2
        weight = (turned if late else 1 - turned) ** mp.mpf(exponent) if t < total_steps else mp.mpf(0)
        value = between(base_lr, min_lr, weight)
        rises = abs(base_lr) < abs(min_lr) or k != 1.0
        return value._replace(size=max(abs(mp.mpf(base_lr)), abs(mp.mpf(min_lr)))) if rises and 0 < t < total_steps else value

    def mend(params: Params) -> None:
        """Greater exponents have a greater limit, and long doubles do not show their errors."""
        if params.get("exponent") is not None:
            params["exponent"] = np.minimum(params["exponent"], STEEP_WAVE)

    def value(
        t: Array,
        base_lr: Array,
        min_lr: Array,
        total_steps: Array,
        exponent: Array | None = None,
        k: Array | None = None,
    ) -> longs.Value:
        t = np.minimum(t, total_steps)
        plain = longs.between(base_lr, min_lr, longs.wave(t, total_steps))
        if exponent is k is None:
            return plain
        one = 0 * base_lr + 1
        exponent, k = one if exponent is None else exponent, one if k is None else k
        curved = longs.between(base_lr, min_lr, longs.curved_wave(t, total_steps, k, exponent))
        peak = (abs(base_lr) < abs(min_lr)) | (k != 1)
        size = np.where(peak & (t > 0) & (t < total_steps), np.maximum(abs(base_lr), abs(min_lr)), curved.size)
        return longs.choose((exponent == 1) & (k == 1), plain, longs.Value(curved.value, size))

    def typical(steps: int) -> Iterator[Params]:
        for wave in ({}, {"exponent": 2.0}, {"k": 1.5}):
            yield {"base_lr": 3e-4, "min_lr": 3e-5, "total_steps": steps, **wave}


BOUNDS = [
    {"low": low, "high": high}
    for low, high in [(-7.0, 3.0), (-3.0, 3.0), (0.0, 2.0), (0.0, 0.0), (5.0, -1.0), (-1e3, 1e3), (1e-300, -1e300), (40.0, 50.0)]
]


class TanhDecay(Decay, kind="tanh_decay"):
    cases = spans("tanh_decay", "base_lr", "min_lr", "total_steps", BOUNDS)
    smooth = [case("tanh_decay", base_lr=0.1, min_lr=0.01, total_steps=50, low=-3.0, high=2.0)]
    grids = [{"base_lr": SOME, "min_lr": SOME, "total_steps": [1, 2, 9], "low": [-7.0, 0.0], "high": [3.0, -1.0]}]

    def exact(t: int, base_lr: float, min_lr: float, total_steps: int, low: float, high: float) -> Exact:
        """Measured in ulp of the peak."""
        t = min(t, total_steps)
        x = (mp.mpf(low) * (total_steps - t) + mp.mpf(high) * t) / total_steps
        weight = 1 / (1 + mp.exp(2 * x)) if t < total_steps else 0
        return Exact(between(base_lr, min_lr, weight).value, max(abs(base_lr), abs(min_lr)))

    def ends(total_steps: int, **_: Any) -> tuple[int, ...]:
        return (total_steps, total_steps + 1, LAST_STEP)

    def bounds(base_lr: float, min_lr: float, **_: Any) -> tuple[float, ...]:
        return base_lr, min_lr

    def value(t: Array, base_lr: Array, min_lr: Array, total_steps: Array, low: Array, high: Array) -> longs.Value:
        x = longs.on_the_way(low, high, np.minimum(t, total_steps), total_steps)
        size = np.exp(-2 * abs(x))
        near, far = 1 / (1 + size), size / (1 + size)
        first = np.where(t < total_steps, np.where(x > 0, far, near), 0)
        last = np.where(t < total_steps, np.where(x > 0, near, far), 1)
        return longs.Value(base_lr * first + min_lr * last, np.maximum(abs(base_lr), abs(min_lr)))

    def typical(steps: int) -> Iterator[Params]:
        yield {"base_lr": 3e-4, "min_lr": 3e-5, "total_steps": steps, "low": -7.0, "high": 3.0}


class Rex(Decay, kind="rex"):
    goes = ("base_lr", "min_lr")
    cases = [
        *spans("rex", "base_lr", "min_lr", "total_steps", [{"beta": beta} for beta in (0.5, 0.1, 1.0, 3.0, 1e-9, 1e9, 0.3)]),
        case("rex", base_lr=0.1, min_lr=1e-4, total_steps=1000),
        *(
            case("rex", base_lr=0.0, min_lr=min_lr, total_steps=total_steps, beta=beta)
            for min_lr, total_steps, beta in [(9.0, 991, 3e-308), (8.9e-5, 40_000, 6e-292)]
        ),
    ]
    smooth = [case("rex", base_lr=0.1, min_lr=0.01, total_steps=50, beta=0.3)]
    grids = [{"base_lr": SOME, "min_lr": SOME, "total_steps": [1, 2, 9], "beta": [0.1, 0.5, 1.0, 2.0]}]

    def exact(t: int, base_lr: float, min_lr: float, total_steps: int, beta: float = 0.5) -> Exact:
        rest, gone = mp.mpf(max(total_steps - t, 0)), mp.mpf(beta) * min(t, total_steps)
        return between(base_lr, min_lr, rest / (rest + gone), gone / (rest + gone))

    def mend(params: Params) -> None:
        """Times the difference of two rates, a beta beyond these may have no digits left."""
        if params.get("beta") is not None:
            params["beta"] = np.clip(params["beta"], 1e-200, 1e200)

    def value(t: Array, base_lr: Array, min_lr: Array, total_steps: Array, beta: Array | None) -> longs.Value:
        gone, rest = (0.5 if beta is None else beta) * np.minimum(t, total_steps), np.maximum(total_steps - t, 0)
        return longs.between(base_lr, min_lr, (rest / (rest + gone), gone / (rest + gone)))

    def typical(steps: int) -> Iterator[Params]:
        yield {"base_lr": 3e-4, "min_lr": 3e-5, "total_steps": steps}


class RootDecay(Decay, kind="root_decay"):
    cases = [
        *spans("root_decay", "base_lr", "min_lr", "total_steps", [*POWERS, {"power": 0.0}]),
        *(case("root_decay", base_lr=0.1, min_lr=0.0, total_steps=10_000, **power) for power in POWERS),
        case("root_decay", base_lr=0.1, min_lr=1e-4, total_steps=1000),
        *(
            case("root_decay", base_lr=0.0, min_lr=min_lr, total_steps=total_steps, power=power)
            for min_lr, total_steps, power in [(3.0, 991, 5.95419071501847e-307), (8.9e-5, 40_000, 6e-292)]
        ),
    ]
    smooth = [
        case("root_decay", base_lr=0.1, min_lr=0.01, total_steps=50, power=2.0),
        case("root_decay", base_lr=0.01, min_lr=0.1, total_steps=50, power=0.7),
    ]
    grids = [{"base_lr": [0.1, -1e-3], "min_lr": [0.0, 0.2], "total_steps": [1, 2, 7, 1000], "power": [0, 1, 2, 0.5, 20]}]

    def exact(t: int, base_lr: float, min_lr: float, total_steps: int, power: float = 0.5) -> Exact:
        base = 1 - (mp.mpf(min(t, total_steps)) / total_steps) ** 2
        value = between(base_lr, min_lr, power_of(base, mp.mpf(power)))
        return value._replace(size=mp.mpf(abs(min_lr))) if power and abs(base_lr) < abs(min_lr) else value

    def mend(params: Params) -> None:
        """Greater powers have a greater limit."""
        if params.get("power") is not None:
            params["power"] = np.minimum(params["power"], STEEP_WAVE)

    def bounds(base_lr: float, min_lr: float, **_: Any) -> tuple[float, ...]:
        return base_lr, min_lr

    def phases(base_lr: float, min_lr: float, total_steps: int, **_: Any) -> Any:
        return [(0, total_steps, base_lr, min_lr)]

    def value(t: Array, base_lr: Array, min_lr: Array, total_steps: Array, power: Array | None) -> longs.Value:
        power = LONG(0.5) if power is None else power
        rest, gone = np.maximum(total_steps - t, 0) / total_steps, np.minimum(t, total_steps) / total_steps
        base = rest * (1 + gone)
        log = np.where(gone < 0.5, np.log1p(-np.minimum(gone, LONG(0.5)) ** 2), np.log(np.maximum(base, LONG(1e-40))))
        weight = np.where(base > 0, np.exp(power * log), power == 0)
        fallen = np.where(base > 0, -np.expm1(power * log), power != 0)
        value = longs.between(base_lr, min_lr, (weight, fallen))
        rises = (power != 0) & (abs(base_lr) < abs(min_lr))
        return value._replace(size=np.where(rises, abs(min_lr), value.size))

    def typical(steps: int) -> Iterator[Params]:
        for power in (0.5, 0.9):
            yield {"base_lr": 3e-4, "min_lr": 3e-5, "total_steps": steps, "power": power}


class Hyperbolic(Decay, kind="hyperbolic"):
    cases = [
        case("hyperbolic", base_lr=one["base_lr"], min_lr=one["min_lr"], total_steps=one["total_steps"], upper_bound=bound)
        for one, bound in (
            (one.params, min(one.params["total_steps"] + more, LAST_STEP))
            for one, more in zip(
                spans("rex", "base_lr", "min_lr", "total_steps"), [0, 1, 100, 10**6, 2**40, 2**52] * 5, strict=False
            )
        )
    ]
    smooth = [case("hyperbolic", base_lr=0.1, min_lr=0.01, total_steps=50, upper_bound=60)]
    grids = [{"base_lr": SOME, "min_lr": SOME, "total_steps": [1, 2, 9], "upper_bound": [9, 10, 1000]}]

    def exact(t: int, base_lr: float, min_lr: float, total_steps: int, upper_bound: int) -> Exact:
        """Measured in ulp of the peak where the curve rises, and of the difference of rates of opposite signs."""

        def height(s: int) -> Any:
            return mp.sqrt(mp.mpf(total_steps - s) * (2 * upper_bound - total_steps - s)) / upper_bound

        value = between(base_lr, min_lr, 1 - height(0) + height(min(t, total_steps)))
        if (base_lr < 0 < min_lr) or (min_lr < 0 < base_lr):
            return value._replace(size=abs(mp.mpf(base_lr) - mp.mpf(min_lr)))
        return value._replace(size=mp.mpf(abs(min_lr))) if abs(base_lr) < abs(min_lr) else value

    def ends(**_: Any) -> tuple[int, ...]:
        return (0,)

    def bounds(base_lr: float, min_lr: float, **_: Any) -> tuple[float, ...]:
        return base_lr, min_lr

    def phases(base_lr: float, min_lr: float, total_steps: int, **_: Any) -> Any:
        return [(0, total_steps, base_lr, min_lr)]

    def mend(params: Params) -> None:
        params["upper_bound"] = np.maximum(params["upper_bound"], params["total_steps"])

    def value(t: Array, base_lr: Array, min_lr: Array, total_steps: Array, upper_bound: Array) -> longs.Value:
        s, beyond = np.minimum(t, total_steps), upper_bound - total_steps
        first = np.sqrt(total_steps * (beyond + upper_bound)) / upper_bound
        left = np.sqrt((total_steps - s) * (beyond + (upper_bound - s))) / upper_bound
        fallen = s / upper_bound * ((2 * upper_bound - s) / upper_bound) / (first + left)
        weight = (beyond / upper_bound) ** 2 / (1 + first) + left
        value = longs.between(base_lr, min_lr, (np.where(fallen < 0.5, 1 - fallen, weight), fallen))
        size = np.where(abs(base_lr) < abs(min_lr), abs(min_lr), value.size)
        return value._replace(size=np.where(np.sign(base_lr) * np.sign(min_lr) < 0, abs(base_lr - min_lr), size))

    def typical(steps: int) -> Iterator[Params]:
        yield {"base_lr": 3e-4, "min_lr": 3e-5, "total_steps": steps, "upper_bound": steps + steps // 5}

    def refusals() -> Iterator[Bad]:
        yield (
            ValueError,
            "total_steps must not exceed upper_bound, received total_steps=10, upper_bound=9",
            {"total_steps": 10, "upper_bound": 9},
        )
