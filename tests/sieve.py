"""This module has the spaces that search_ulp.py searches: each kind's value in long doubles, for millions of candidates at once.
The worst of these go to mpmath. The formulas are those of the records.

A candidate is a column of a table: its numbers, in the order of the space's roles, and its step at last. All are held
as float64, which has every count up to 2^53.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import inf, nextafter
from typing import Any

import numpy as np
from cases import FORMULAS
from longs import LARGEST, TINIEST, Array, Clocks, Value, between, choose, straight, wave
from oracle import LAST_STEP, STEEP
from record import KINDS, Case, Parameter, Range, forms_of, range_of
from rules import least_of

Columns = dict[str, Array]


# ---- random numbers of a role ----


def powers_of_ten(rng: Any, low: float, high: float, n: int) -> Array:
    return 10.0 ** rng.uniform(low, high, n)


def one_of(rng: Any, n: int, *choices: Array) -> Array:
    return np.choose(rng.integers(len(choices), size=n), [np.broadcast_to(choice, n) for choice in choices])


def rates(rng: Any, n: int) -> Array:
    """Of all sizes: half of them between 0.5 and 1, a quarter negative."""
    special = rng.choice([0.0, 0.0, 1.0, 0.1, 1.0 - 2.0**-53, TINIEST, 2.0**-1022, LARGEST], n)
    usual = rng.uniform(0.5, 1.0, n)
    sizes = one_of(
        rng, n, special, usual, usual, usual, powers_of_ten(rng, -8, 2, n), powers_of_ten(rng, -320, 308.25, n)
    )
    return np.where(rng.random(n) < 0.25, -sizes, sizes)


def near_one(rng: Any, n: int) -> Array:
    return 1.0 - powers_of_ten(rng, -16, 0, n)


def factors(rng: Any, n: int) -> Array:
    special = rng.choice([0.0, 1.0, -1.0, 0.5, 2.0, TINIEST, 1e300], n)
    near = near_one(rng, n)
    return one_of(rng, n, near, near, near, 2.0 - near, 2.0 - near, -near, rng.uniform(-1.5, 1.5, n), special)


def shares(rng: Any, n: int) -> Array:
    return one_of(rng, n, near_one(rng, n), rng.random(n), powers_of_ten(rng, -300, 0, n))


def exponents(rng: Any, n: int) -> Array:
    special = rng.choice([0.5, 1.0, 2.0, 3.0, 1.5, 16.0, STEEP], n)
    return one_of(rng, n, special, rng.uniform(0, 16, n), rng.uniform(16, 64, n), powers_of_ten(rng, -3, 3.7, n))


def numbers(rng: Any, n: int) -> Array:
    usual = rng.uniform(0, 9, n)
    sizes = one_of(rng, n, usual, usual, powers_of_ten(rng, -3, 3, n), powers_of_ten(rng, -320, 308.25, n))
    return np.where(rng.random(n) < 0.5, -sizes, sizes)


def divisors(rng: Any, n: int) -> Array:
    return one_of(rng, n, powers_of_ten(rng, -1, 6, n), powers_of_ten(rng, -300, 300, n), rng.uniform(1, 2, n))


def counts(rng: Any, n: int) -> Array:
    around = 2.0 ** rng.integers(0, 54, n) + rng.integers(-2, 3, n)
    sizes = [rng.integers(1, 6, n), rng.integers(1, 100, n), rng.integers(1, 10**7, n), around, 2.0 ** rng.uniform(0, 53, n)]
    return one_of(rng, n, *sizes)


def ratios(rng: Any, n: int) -> Array:
    return one_of(rng, n, rng.integers(1, 6, n), 1.0 + powers_of_ten(rng, -3, 0, n), rng.uniform(0.1, 10, n))


DRAWN: dict[str, Callable[[Any, int], Array]] = {
    "rate": rates,
    "factor": factors,
    "exponent": exponents,
    "number": numbers,
    "divisor": divisors,
    "share": shares,
    "count": counts,
    "ratio": ratios,
}
"""How numbers are drawn, by their role."""


@dataclass(frozen=True)
class Role:
    """What a number may be, and how one is drawn."""

    draw: Callable[[Any, int], Array]
    low: float
    high: float
    whole: bool = False

    def within(self, values: Array) -> Array:
        values = np.where(np.isnan(values), self.low, values)
        return np.clip(np.floor(values) if self.whole else values, self.low, self.high)


def role_of(parameter: Parameter, within: Range) -> Role:
    """Of a declared parameter where this is its range."""
    draw = DRAWN[parameter.role.name]
    if draw is counts:
        return Role(counts, least_of(within), LAST_STEP, whole=True)
    low = within.low if within.has_low else nextafter(within.low, inf)
    high = within.high if within.has_high else nextafter(within.high, -inf)
    if draw is factors and within.high == 1.0:
        draw = shares
    return Role(draw, low, min(STEEP, high) if draw is exponents else high)


RATE = Role(rates, -LARGEST, LARGEST)
COUNT = Role(counts, 1, LAST_STEP, whole=True)
STEP = Role(counts, 0, LAST_STEP, whole=True)

LISTS = {"counts": (*range(1, 33), *(2**i for i in range(6, 54))), "lengths": (2**40, 2**41 + 7, 2**50)}
"""The steps of a list, by its role."""


# ---- spaces: what is searched ----


class Space:
    """A kind called in one of its forms: what is left are numbers, one for each of the roles."""

    def __init__(self, kind: str, form: dict[str, Any]) -> None:
        declared = KINDS[kind].parameters
        lists = {name: LISTS[one.role.name] for name, one in declared.items() if one.role.name in LISTS}
        self.kind, self.record, self.fixed = kind, FORMULAS[kind], {**form, **lists}
        self.names = [name for name in declared if name not in self.fixed]
        self.roles = [role_of(declared[name], range_of(declared[name], form)) for name in self.names]

    def __str__(self) -> str:
        chosen = [value for value in self.fixed.values() if isinstance(value, str)]
        return " ".join([self.kind, *(chosen or [f"without {name}" for name, value in self.fixed.items() if value is None])])

    def has(self, case: Case) -> bool:
        """Whether the case is a candidate: of this kind and these choices, with numbers that are searched."""
        return (
            case.kind == self.kind
            and set(self.names) <= set(case.params)
            and all(case.params.get(name) == value for name, value in self.fixed.items())
            and all(role.low <= case.params[name] <= role.high for name, role in zip(self.names, self.roles, strict=True))
        )

    def _columns(self, rows: Sequence[Array]) -> Columns:
        return dict(zip(self.names, rows, strict=True))

    def parameters(self, rows: Sequence[Array], number: Callable[[Role, Array], Any], made: Any) -> dict[str, Any]:
        given = {name: number(role, row) for name, role, row in zip(self.names, self.roles, rows, strict=True)}
        return given | {name: value for name, value in self.fixed.items() if value is not None}

    def value(self, t: Array, rows: Sequence[Array]) -> Value:
        return self.record.value(t, **self._columns(rows), **self.fixed)

    def clocks(self, rows: Sequence[Array]) -> Clocks:
        return self.record.clocks(**self._columns(rows), **self.fixed)

    def mend(self, rows: Sequence[Array]) -> list[Array]:
        """The numbers, changed to obey the kind's rules."""
        columns = {name: role.within(row) for name, role, row in zip(self.names, self.roles, rows, strict=True)}
        columns |= self.fixed
        self.record.mend(columns)
        return [columns[name] for name in self.names]

    def sweep(self, rows: Sequence[Array]) -> Any:
        """The schedules of all candidates."""
        return self.build(
            rows,
            lambda role, row: row.astype(np.int64) if role.whole else row,
            lambda kind, params: KINDS[kind].make(params),
        )

    def case(self, rows: Sequence[Array]) -> Case:
        """The case of a single candidate."""
        made: Case = self.build(rows, lambda role, row: int(row) if role.whole else float(row), Case)
        return made

    def build(self, rows: Sequence[Array], number: Callable[[Role, Array], Any], made: Callable[..., Any]) -> Any:
        return made(self.kind, self.parameters(rows, number, made))


class Warmup(Space):
    def __init__(self, part: Space) -> None:
        self.kind, self.part = "with_warmup", part
        self.roles = [COUNT, RATE, *part.roles]
        self.weights = straight

    def __str__(self) -> str:
        return f"with_warmup {self.part}"

    def parameters(self, rows: Sequence[Array], number: Callable[[Role, Array], Any], made: Any) -> dict[str, Any]:
        return {
            "schedule": self.part.build(rows[2:], number, made),
            "warmup_steps": number(COUNT, rows[0]),
            "start_lr": number(RATE, rows[1]),
        }

    def value(self, t: Array, rows: Sequence[Array]) -> Value:
        steps, start = rows[:2]
        end = self.part.value(0 * t, rows[2:])
        weights = self.weights(np.minimum(t, steps), steps)
        value, size = between(start, end.value, weights)
        rise = Value(value, np.maximum(size, end.size * weights[1]))
        return choose(t < steps, rise, self.part.value(np.maximum(t - steps, 0), rows[2:]))

    def clocks(self, rows: Sequence[Array]) -> Clocks:
        own = [(0.0, rows[0])]
        return own + [(rows[0] + begin, length) for begin, length in self.part.clocks(rows[2:])]

    def mend(self, rows: Sequence[Array]) -> list[Array]:
        return [COUNT.within(rows[0]), RATE.within(rows[1]), *self.part.mend(rows[2:])]


class Rise(Warmup):
    """A warmup of one of the shapes of `warmup`."""

    def __init__(self, part: Space, shape: str) -> None:
        super().__init__(part)
        self.kind, self.shape = "warmup", shape
        self.weights = {"linear": straight, "cosine": wave}[shape]

    def __str__(self) -> str:
        return f"warmup {self.shape} {self.part}"

    def parameters(self, rows: Sequence[Array], number: Callable[[Role, Array], Any], made: Any) -> dict[str, Any]:
        params = super().parameters(rows, number, made)
        return {
            "schedule": params["schedule"],
            "steps": params["warmup_steps"],
            "start_lr": params["start_lr"],
            "shape": self.shape,
        }


class Phases(Space):
    def __init__(self, *parts: Space) -> None:
        self.kind, self.parts = "sequential", parts
        self.roles = [role for part in parts for role in (COUNT, *part.roles)]

    def __str__(self) -> str:
        return f"sequential {', '.join(map(str, self.parts))}"

    def _phases(self, rows: Sequence[Array]) -> Iterable[tuple[Array, Space, Sequence[Array]]]:
        """Of each phase the duration, the space and the rows of its schedule."""
        for part in self.parts:
            duration, own, rows = rows[0], rows[1 : len(part.roles) + 1], rows[len(part.roles) + 1 :]
            yield duration, part, own

    def parameters(self, rows: Sequence[Array], number: Callable[[Role, Array], Any], made: Any) -> dict[str, Any]:
        phases = [
            (number(COUNT, duration), part.build(own, number, made)) for duration, part, own in self._phases(rows)
        ]
        return {"phases": tuple(phases)}

    def value(self, t: Array, rows: Sequence[Array]) -> Value:
        start, found = 0 * t, None
        for duration, part, own in self._phases(rows):
            value = part.value(np.clip(t - start, 0, duration - 1), own)
            found = value if found is None else choose(t < start, found, value)
            start = start + duration
        return found

    def clocks(self, rows: Sequence[Array]) -> Clocks:
        start, found = 0.0, []
        for duration, part, own in self._phases(rows):
            found += [(start + begin, np.minimum(length, duration)) for begin, length in part.clocks(own)]
            start = start + duration
        return found

    def mend(self, rows: Sequence[Array]) -> list[Array]:
        return [
            row
            for duration, part, own in self._phases(rows)
            for row in (COUNT.within(duration), *part.mend(own))
        ]


class Knots(Space):
    """A curve through knots, of `piecewise`. Its numbers are the steps from knot to knot, and the rates."""

    COUNT = 5

    def __init__(self, way: str) -> None:
        self.kind, self.record, self.way = "piecewise", FORMULAS["piecewise"], way
        self.roles = [*[Role(counts, 1, LAST_STEP // self.COUNT, whole=True)] * self.COUNT, *[RATE] * self.COUNT]

    def __str__(self) -> str:
        return f"piecewise {self.way}"

    def _knots(self, rows: Sequence[Array]) -> dict[str, Any]:
        steps = tuple(itertools.accumulate(rows[: self.COUNT]))
        return {"steps": steps, "values": tuple(rows[self.COUNT :]), "interpolation": self.way}

    def parameters(self, rows: Sequence[Array], number: Callable[[Role, Array], Any], made: Any) -> dict[str, Any]:
        params = self._knots(rows)
        steps, values = [number(COUNT, row) for row in params["steps"]], [number(RATE, row) for row in params["values"]]
        return params | {"steps": tuple(steps), "values": tuple(values)}

    def value(self, t: Array, rows: Sequence[Array]) -> Value:
        return self.record.value(t, **self._knots(rows))

    def clocks(self, rows: Sequence[Array]) -> Clocks:
        steps = self._knots(rows)["steps"]
        return list(zip(steps, rows[1 : self.COUNT], strict=False))

    def mend(self, rows: Sequence[Array]) -> list[Array]:
        rows = [role.within(row) for role, row in zip(self.roles, rows, strict=True)]
        params = self._knots(rows)
        self.record.mend(params)
        return [*rows[: self.COUNT], *params["values"]]


def spaces() -> list[Space]:
    """Every kind in each of its forms; a warmup before each of these, one of another shape before some, each of them before
    the next one, and a few deeper ones."""
    numbered = {kind: record for kind, record in FORMULAS.items() if record.value and kind != "piecewise"}
    simple = [Space(kind, form) for kind in numbered for form in forms_of(kind)]
    simple += [Knots(way) for way in KINDS["piecewise"].parameters["interpolation"].choices]
    warm = [Warmup(part) for part in simple]
    pairs = [Phases(part, after) for part, after in zip(simple, simple[1:] + simple[:1], strict=True)]
    rises = [Rise(part, shape) for part in simple[::4] for shape in ("linear", "cosine")]
    return [*simple, *warm, *rises, *pairs, Warmup(warm[-1]), Warmup(pairs[-1]), Phases(warm[-1], pairs[-1])]
