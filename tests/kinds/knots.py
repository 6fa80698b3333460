"""These are the records of rates that are flat between some steps."""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

import longs
import numpy as np
import rules
from longs import LONG, Array, Clocks
from oracle import LAST_STEP, Exact, between, mp, plain, power_of
from record import GROWING, SOME, Bad, Params, Record, case, period_of, real, vanishing


class Constant(Record, kind="constant"):
    cases = [case("constant", lr=lr) for lr in (0.1, 0.0, -0.0, -3.0, 5e-324, 1.7e308)]
    smooth = [case("constant", lr=0.1)]
    grids = [{"lr": SOME}]

    def exact(t: int, lr: float) -> Exact:
        return plain(lr)

    def ends(**_: Any) -> tuple[int, ...]:
        return (0, 1, LAST_STEP)

    def held_from(**_: Any) -> int:
        return 0

    def bounds(lr: float) -> tuple[float, ...]:
        return (lr,)

    def value(t: Array, lr: Array) -> longs.Value:
        return longs.plain(lr + 0 * t)

    def typical(steps: int) -> Iterator[Params]:
        yield {"lr": 3e-4}

    def refusals() -> Iterator[Bad]:
        yield ValueError, "lr must be a finite number, received Decimal('sNaN')", {"lr": Decimal("sNaN")}


class StepDecay(Record, kind="step_decay"):
    forms = [{"gamma": None}, {"drop": None}]
    cases = [
        *(
            case("step_decay", base_lr=base_lr, drop=drop, step_size=step_size)
            for base_lr, drop, step_size in [
                (0.1, 0.5, 30),
                (0.1, 1.0, 7),
                (0.3, 0.1, 1),
                (1e-300, 0.9, 3),
                (1e300, 0.01, 1000),
                (0.1, 0.97, 2**53),
                (0.1, 0.5, 2**52 - 1),
                (5e-324, 0.5, 2),
                (0.1, 1.0 - 2.0**-53, 1),
                (0.1, 0.999, 100_000),
            ]
        ),
        *(
            case("step_decay", base_lr=base_lr, step_size=(1, 30, 2**40 + 1)[i % 3], gamma=gamma)
            for i, (base_lr, gamma) in enumerate(GROWING)
        ),
    ]
    smooth = [
        case("step_decay", base_lr=0.1, drop=0.5, step_size=7),
        case("step_decay", base_lr=0.1, step_size=3, gamma=-0.9),
    ]
    grids = [
        {"base_lr": SOME, "step_size": [1, 3], "gamma": [0.0, 1.0, -1.0, 0.5, -1.5]},
        {"base_lr": [0.1, 3.0], "drop": [1.0, 0.5], "step_size": [1, 2, 2**53]},
    ]

    def exact(t: int, base_lr: float, step_size: int, drop: float | None = None, gamma: float | None = None) -> Exact:
        return plain(base_lr * power_of(gamma if drop is None else drop, int(mp.floor(mp.mpf(t) / step_size))))

    def marks(base_lr: float, step_size: int, drop: float | None = None, gamma: float | None = None) -> Iterator[int]:
        yield from (0, step_size, 2 * step_size, 1000 * step_size)
        yield from (step_size * n for n in vanishing(base_lr, gamma if drop is None else drop))

    def ends(step_size: int, **_: Any) -> tuple[int, ...]:
        return (0, step_size - 1)

    bounds = None

    def value(t: Array, base_lr: Array, step_size: Array, drop: Array = None, gamma: Array = None) -> longs.Value:
        factor = gamma if drop is None else drop
        return longs.plain(longs.times(base_lr, factor ** ((t - np.fmod(t, step_size)) / step_size)))

    def clocks(base_lr: Array, step_size: Array, drop: Array = None, gamma: Array = None) -> Clocks:
        return [(0.0, step_size), longs.until_gone(gamma if drop is None else drop, step_size)]

    def typical(steps: int) -> Iterator[Params]:
        yield {"base_lr": 3e-4, "drop": 0.99, "step_size": period_of(steps)}

    def refusals() -> Iterator[Bad]:
        for drop, gamma, said in ((None, None, "neither"), (0.5, 0.5, "drop and gamma")):
            message = f"exactly one of drop and gamma must be given, received {said}"
            yield TypeError, message, {"drop": drop, "gamma": gamma}


class MultiStep(Record, kind="multi_step"):
    cases = [
        *(
            case("multi_step", base_lr=0.1, milestones=milestones, gamma=gamma)
            for milestones, gamma in [
                ((), 0.5),
                ((30, 60, 90), 0.1),
                ((5, 5, 5, 9, 9), 0.7),
                ((2**53,), 0.1),
                ((1,), 0.0),
                ((1, 2), -0.5),
                (tuple(range(1, 6001, 2)), 0.999),
                (tuple(n * n for n in range(1, 3000)), -1.001),
                ((10, 20), 1e200),
                ((7,) * 400, 0.1),
                ((2**27, 2**40, 2**53 - 1), 0.3),
            ]
        ),
        case("multi_step", base_lr=1e300, milestones=(3, 4, 6), gamma=1e5),
        case("multi_step", base_lr=-1e-300, milestones=(3, 4, 6), gamma=1e-5),
    ]
    smooth = [case("multi_step", base_lr=0.1, milestones=(5, 5, 9, 30), gamma=0.4)]
    grids = [{"base_lr": SOME, "milestones": (3, 3, 9), "gamma": [0.0, 1.0, -1.0, 0.1]}]

    def exact(t: int, base_lr: float, milestones: tuple[int, ...], gamma: float) -> Exact:
        return plain(base_lr * power_of(gamma, sum(milestone <= t for milestone in milestones)))

    def marks(milestones: tuple[int, ...], **_: Any) -> list[int]:
        return [0, *milestones[:20], *milestones[-5:]]

    def ends(milestones: tuple[int, ...], **_: Any) -> tuple[int, ...]:
        return (0, min(milestones, default=LAST_STEP) - 1)

    def held_from(milestones: tuple[int, ...], **_: Any) -> int:
        return max(milestones, default=0)

    bounds = None

    def value(t: Array, base_lr: Array, gamma: Array, milestones: tuple[int, ...]) -> longs.Value:
        passed = np.searchsorted(np.array(milestones), t.astype(np.int64), side="right")
        return longs.plain(longs.times(base_lr, gamma ** passed.astype(LONG)))

    def clocks(milestones: tuple[int, ...], **_: Any) -> Clocks:
        return [(0.0, float(milestone)) for milestone in milestones[::8]]

    def typical(steps: int) -> Iterator[Params]:
        yield {"base_lr": 3e-4, "milestones": (steps // 3, steps // 2, steps * 3 // 4), "gamma": 0.1}

    def refusals() -> Iterator[Bad]:
        given: Params = {"base_lr": 0.1, "gamma": 0.5}
        for value, exception, rest in rules.unlike(rules.COUNT, False):
            yield exception, f"milestone {rest}", {"milestones": [value], **given}
        for value in ([30, 60], (30,), np.array([30, 60])):
            said = f"milestone must be a positive integer, received {value!r}"
            yield ValueError, said, {"milestones": [value, value], **given}
        for value in (30, None):
            yield TypeError, f"milestones must be a sequence, received {value}", {"milestones": value}
        for value, instead in (
            ({30: 0.5, 60: 0.2}, "a mapping: use sequential for a rate of each phase"),
            ("36", "text: use a list"),
            (b"36", "text: use a list"),
        ):
            said = f"milestones must be a sequence, not {instead}, received {value!r}"
            yield TypeError, said, {"milestones": value}
        for value in (True, False):
            said = f"milestone must be a positive integer, not a boolean, received {value}"
            yield ValueError, said, {"milestones": [3, value]}


def pchip_slopes(steps: tuple[int, ...], values: tuple[float, ...]) -> list[Fraction]:
    """Those of scipy's PchipInterpolator, by its own formulas."""
    h = [after - before for before, after in pairwise(steps)]
    m = [
        (Fraction(after) - Fraction(before)) / length
        for (before, after), length in zip(pairwise(values), h, strict=True)
    ]
    if len(m) < 2:
        return m * 2

    def sign(slope: Fraction) -> int:
        return (slope > 0) - (slope < 0)

    def edge(h0: int, h1: int, m0: Fraction, m1: Fraction) -> Fraction:
        d = ((2 * h0 + h1) * m0 - h0 * m1) / (h0 + h1)
        if sign(d) != sign(m0):
            return Fraction(0)
        return 3 * m0 if sign(m0) != sign(m1) and abs(d) > 3 * abs(m0) else d

    def inner(i: int) -> Fraction:
        if sign(m[i - 1]) != sign(m[i]) or m[i] == 0:
            return Fraction(0)
        w1, w2 = 2 * h[i] + h[i - 1], h[i] + 2 * h[i - 1]
        return 1 / ((w1 / m[i - 1] + w2 / m[i]) / (w1 + w2))

    return [edge(h[0], h[1], m[0], m[1]), *map(inner, range(1, len(m))), edge(h[-1], h[-2], m[-1], m[-2])]


def long_slopes(h: list[Array], m: list[Array]) -> list[Array]:
    """The same in long doubles, of the lengths and the slopes of two pieces and more."""

    def edge(h0: Array, h1: Array, m0: Array, m1: Array) -> Array:
        d = ((2 * h0 + h1) * m0 - h0 * m1) / (h0 + h1)
        most = np.where(m0 * m1 < 0, np.minimum(abs(d), 3 * abs(m0)), abs(d))
        return np.where(np.sign(d) == np.sign(m0), np.copysign(most, m0), LONG(0))

    def inner(i: int) -> Array:
        w1, w2 = 2 * h[i] + h[i - 1], h[i] + 2 * h[i - 1]
        smooth = np.sign(m[i - 1]) * np.sign(m[i]) > 0
        before, after = np.where(smooth, m[i - 1], LONG(1)), np.where(smooth, m[i], LONG(1))
        return np.where(smooth, (w1 + w2) / (w1 / before + w2 / after), LONG(0))

    return [edge(h[0], h[1], m[0], m[1]), *map(inner, range(1, len(m))), edge(h[-1], h[-2], m[-1], m[-2])]


WAYS = ("step", "linear", "cosine", "exponential", "pchip")


class Piecewise(Record, kind="piecewise"):
    cases = [
        case("piecewise", steps=(0, 4), values=(0.0, 1.0)),
        *(
            case("piecewise", steps=steps, values=values, interpolation=way)
            for way in WAYS
            for steps, values in [
                ((0, 10, 15, 40), (0.1, 0.4, 0.4, 1e-3)),
                ((5,), (0.3,)),
                ((3, 5), (1.0, 2.0)),
                ((0, 1, 2**27 + 1, 2**53), (1e-8, 1.0, 0.5, 1e-3)),
                ((7, 1000, 1007, 5000, 5001), (2.0, 1.0, 3.0, 0.7, 0.9)),
            ]
        ),
        *(
            case("piecewise", steps=(2, 9, 11, 300), values=values, interpolation=way)
            for way in WAYS
            if way != "exponential"
            for values in [(0.0, -1.0, 0.5, 0.0), (1e-300, 3e-310, 0.0, 5e-324), (1e300, -1e300, 1e-300, 4.0)]
        ),
        *(
            case("piecewise", steps=steps, values=(0.1, 0.4, 1e-3, 0.2), interpolation=way)
            for way in ("step", "linear", "cosine")
            for steps in [(0.5, 10.25, 15, 40.75), (0, 2.9, 1e6 + 0.1, 2.0**51 + 0.5), (0.1, 0.2, 0.3, 0.4), (3, 4.5, 4.75, 9)]
        ),
        *(
            case("piecewise", steps=tuple(range(0, 3000, 7)), values=(0.1, 0.2, 0.05) * 143, interpolation=way)
            for way in WAYS
        ),
    ]

    grids = [
        {
            "steps": (np.array([0, 2, 3]), np.array([4, 3, 5]), 9),
            "values": (0.1, np.array([0.4, -0.4, 5.0]), 1e-3),
            "interpolation": way,
        }
        for way in WAYS
        if way != "exponential"
    ] + [
        {"steps": (0, [3, 4.5]), "values": (0.1, 0.4)},
        {"steps": (0, [3.5, 4.5], 10), "values": (0.1, [0.4, -0.5], 1e-3), "interpolation": "cosine"},
        {"steps": (0, [3, 4], 10, 12), "values": (1.0, [2.0, 0.5], [0.5, 2.0], 1.0), "interpolation": "exponential"},
        *(
            {
                "steps": (0, [1, 5, 9, 3], 10, 2**53),
                "values": ([0.1, 1e-300, 1e300, 1.0], 1.0, [0.5, 3.0, 2.5, 3.0], last),
                "interpolation": "pchip",
            }
            for last in (0.25, 1e-200)
        ),
    ]

    def exact(t: int, steps: tuple[int, ...], values: tuple[float, ...], interpolation: str = "linear") -> Exact:
        """A cubic is measured in ulp of the peak of its piece: the larger rate, or the difference of the rates."""
        if t < steps[0] or t >= steps[-1]:
            return plain(values[0 if t < steps[0] else -1])
        i = max(i for i, step in enumerate(steps) if step <= t)
        into, length = Fraction(t) - Fraction(steps[i]), Fraction(steps[i + 1]) - Fraction(steps[i])
        first, last, share = values[i], values[i + 1], real(into / length)
        if interpolation == "step" or into == 0:
            return plain(first)
        if interpolation == "linear":
            return between(first, last, 1 - share)
        if interpolation == "cosine":
            return between(first, last, (1 + mp.cospi(share)) / 2)
        if interpolation == "exponential":
            return plain(mp.mpf(first) * (mp.mpf(last) / first) ** share)
        nearby = slice(max(0, i - 1), i + 3)
        slopes = pchip_slopes(steps[nearby], values[nearby])[i - nearby.start :]
        rest, rise = 1 - share, mp.mpf(last) - first
        bent = share * rest * real(length) * (real(slopes[0]) * rest - real(slopes[1]) * share)
        return Exact(first + rise * share**2 * (3 - 2 * share) + bent, max(abs(mp.mpf(first)), abs(mp.mpf(last)), abs(rise)))

    def value(t: Array, steps: list[Array], values: list[Array], interpolation: str) -> longs.Value:
        h = [after - before for before, after in pairwise(steps)]
        rises = [after - before for before, after in pairwise(values)]
        slopes = long_slopes(h, [rise / length for rise, length in zip(rises, h, strict=True)])
        found = longs.plain(values[0] + 0 * t)
        for i, (length, rise) in enumerate(zip(h, rises, strict=True)):
            first, last, into = values[i], values[i + 1], np.clip(t - steps[i], 0, length)
            if interpolation == "step":
                piece = longs.plain(first)
            elif interpolation in ("linear", "cosine"):
                piece = longs.between(first, last, (longs.wave if interpolation == "cosine" else longs.straight)(into, length))
            elif interpolation == "exponential":
                piece = longs.growing(first, last, into, length)
            else:
                share, rest = into / length, (length - into) / length
                bent = share * rest * length * (slopes[i] * rest - slopes[i + 1] * share)
                way = first + rise * share**2 * (3 - 2 * share) + bent
                piece = longs.Value(way, np.maximum(np.maximum(abs(first), abs(last)), abs(rise)))
            found = longs.choose(t > steps[i], piece, longs.choose(t == steps[i], longs.plain(first), found))
        return longs.choose(t >= steps[-1], longs.plain(values[-1]), found)

    def marks(steps: tuple[int, ...], **_: Any) -> list[int]:
        middles = [(before + after) // 2 for before, after in pairwise(steps)]
        return [0, *map(math.ceil, (*steps[:8], *middles[:8], *steps[-3:]))]

    def ends(steps: tuple[float, ...], **_: Any) -> list[int]:
        return [0, *[step for step in (*steps[:8], *steps[-3:]) if type(step) is int], LAST_STEP]

    def held_from(steps: tuple[float, ...], **_: Any) -> int:
        return math.ceil(steps[-1])

    def bounds(values: tuple[float, ...], **_: Any) -> tuple[float, ...]:
        return values

    def phases(steps: tuple[int, ...], values: tuple[float, ...], interpolation: str = "linear") -> Any:
        if not all(type(step) is int for step in steps):
            return []
        return [
            (steps[i], steps[i + 1] - (interpolation == "step"), values[i], values[i + (interpolation != "step")])
            for i in range(len(steps) - 1)
        ]

    def mend(params: Params) -> None:
        count = min(len(params["steps"]), len(params["values"]))
        params["steps"], params["values"] = params["steps"][:count], params["values"][:count]
        if params.get("interpolation") == "exponential":
            params["values"] = tuple(np.clip(abs(value), 1e-150, 1e150) for value in params["values"])
        if params.get("interpolation") == "pchip":
            params["values"] = tuple(np.clip(value, -1e307, 1e307) for value in params["values"])

    def typical(steps: int) -> Iterator[Params]:
        knots = (0, steps // 10, steps // 2, steps)
        for way in WAYS:
            yield {"steps": knots, "values": (1e-6, 3e-4, 2e-4, 1e-5), "interpolation": way}

    def refusals() -> Iterator[Bad]:
        for steps, said in (
            ((3, 2), "received 2 after 3"),
            ((3, 3), "received 3 after 3"),
        ):
            yield ValueError, f"steps must be in ascending order, each once, {said}", {"steps": steps}
        yield ValueError, "steps must have from 1 to 100000 items, received 0", {"steps": (), "values": ()}
        yield ValueError, "values must have as many items as steps, received 3 for 2", {"values": (1.0, 2.0, 3.0)}
        yield ValueError, "steps[1] must be a non-negative integer, received -1", {"steps": (0, -1)}
        yield ValueError, "steps[1] must be a non-negative integer, received nan", {"steps": (0, float("nan"))}
        for way in ("exponential", "pchip"):
            said = f"steps[1] must be an integer for the interpolation {way!r}, received 4.5"
            yield ValueError, said, {"steps": (0, 4.5), "values": (1.0, 2.0), "interpolation": way}
        yield ValueError, "values[1] must be a finite number, received nan", {"values": (0.0, float("nan"))}
        yield TypeError, "values must be a sequence, received 0.1", {"values": 0.1}
        yield TypeError, "steps must be a sequence, received 3", {"steps": 3}
        yield (
            ValueError,
            "steps at index 1 must be in ascending order, each once, received 3 after 3",
            {"steps": (3, [4, 3])},
        )
        yield (
            ValueError,
            "steps at index (1, 0) must be in ascending order, each once, received 2 after 2.5",
            {"steps": ([[1], [2.5]], [[2]])},
        )
        yield ValueError, "steps[1] at index 1 must be non-negative, received -1", {"steps": (0, [3, -1])}
        yield (
            ValueError,
            "steps[0] at index 0 must be at most 2**53 = 9007199254740992, received 9007199254740993",
            {"steps": ([2**53 + 1], 2**53)},
        )
        shapes = "the shapes of the parameters must broadcast, received steps[0] (2,), steps[1] (3,)"
        yield ValueError, shapes, {"steps": ([1, 2], [3, 4, 5])}
        shapes = "the shapes of the parameters must broadcast, received steps[1] (2,), values[0] (3,)"
        yield ValueError, shapes, {"steps": (0, [3, 4]), "values": ([1.0, 2.0, 3.0], 1.0)}
        yield (
            ValueError,
            "values[1] at index 1 must be a finite number, received nan",
            {"values": (0.0, [1.0, float("nan")])},
        )
        exponential: Params = {"interpolation": "exponential"}
        yield ValueError, "values[0] must be a positive number, received 0.0", {"values": (0.0, 1.0), **exponential}
        said = "values[1] / values[0] must be a finite number, received inf"
        yield ValueError, said, {"values": (1e-300, 1e300), **exponential}
        for values, where in (((-1e308, 1e308), ""), (([1e308, -1e308], 1e308), " at index 1")):
            said = f"3 (values[1] - values[0]){where} must be a finite number, received inf"
            yield ValueError, said, {"values": values, "interpolation": "pchip"}
        said = "steps[1] at index 1 must be an integer for the interpolation 'pchip', received 4.5"
        yield ValueError, said, {"steps": (0, [4, 4.5]), "values": (1.0, 2.0), "interpolation": "pchip"}
        said = "values[1] at index 1 must be a positive number, received 0.0"
        yield ValueError, said, {"values": (1.0, [1.0, 0.0]), **exponential}
        said = "values[1] / values[0] at index 1 must be a finite number, received inf"
        yield ValueError, said, {"values": ([1.0, 1e-300], 1e300), **exponential}
