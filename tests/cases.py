"""This module puts the table of cases together from the records of all kinds, and makes random cases."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterable
from typing import Any

from kinds import RECORDS
from oracle import LAST_STEP, LIMIT, STEEP, STEEP_WAVE
from record import KINDS, Case, Parameter, Range, forms_of, in_form, marks_of
from rules import least_of

FORMULAS = {kind: record for kind, record in RECORDS.items() if record.exact}
"""The kinds whose values are given by a formula."""

OF_STEPS = [kind for kind in FORMULAS if not KINDS[kind].is_composition]
"""The kinds that are made of nothing else."""

CASES = [case for record in FORMULAS.values() for case in record.cases]

MOST = int(os.environ.get("LRVEC_EXAMPLES", "8"))
"""So many cases of a kind have their values looked at; with LRVEC_EXAMPLES=100 all of them, as `.ci/python 3.10` asks for."""


def spread(cases: list[Case]) -> list[Case]:
    """So many of the cases, evenly from the first one to the last."""
    count = min(len(cases), MOST)
    return [cases[place * len(cases) // count] for place in range(count)]


SOME = [case for record in FORMULAS.values() for case in spread(record.cases)]
WITNESSES = [witness for record in RECORDS.values() for witness in record.witnesses]


def holding(role: str) -> list[Case]:
    """The cases of kinds with a parameter of this role."""
    kinds = [kind for kind in RECORDS if any(one.role.name == role for one in KINDS[kind].parameters.values())]
    return [case for kind in kinds for case in RECORDS[kind].cases]


GROUPS = holding("multipliers")
STACKS = holding("schedules")


def limit(case: Case) -> float:
    """What is promised: ulp at most between a result and the exact value."""
    power, exponent = case.params.get("power", 0.0), case.params.get("exponent", 0.0)
    more = (power * 2.0**-11 if power > STEEP else 0.0) + (exponent * 2.0**-7 if exponent > STEEP_WAVE else 0.0)
    return (LIMIT + more) * parts(case)


def parts(value: Any) -> int:
    """How many schedules' errors add up in a value of a case."""
    if isinstance(value, tuple):
        return max(map(parts, value), default=1)
    if not isinstance(value, Case):
        return 1
    if value.kind in ("total", "product"):
        return sum(map(parts, value.params["schedules"]))
    return max(map(parts, value.params.values()), default=1)


def shuffled(items: Iterable[Any], seed: str) -> list[Any]:
    items = list(items)
    random.Random(seed).shuffle(items)
    return items


def steps_of(case: Case, near: int = 3, anywhere: int = 30) -> list[int]:
    """In ascending order: the steps around every mark, others between and beyond them, small ones and the last ones."""
    rng = random.Random(str(case))
    marks = marks_of(case)
    steps = {mark + by for mark in marks for by in range(-near, near + 1)}
    steps |= {*range(8), LAST_STEP - 1, LAST_STEP}
    for mark in marks[:: max(1, len(marks) // 8)]:
        steps |= {rng.randint(0, mark) for _ in range(6)}
        steps |= {mark + sign * int(2 ** rng.uniform(0.0, mark.bit_length())) for sign in (-1, 1)}
    steps |= {int(2.0 ** rng.uniform(0.0, 53.0)) for _ in range(anywhere)}
    steps |= {rng.randint(0, round(1.1 * marks[-1]) + 20) for _ in range(anywhere)}
    return sorted(step for step in steps if 0 <= step <= LAST_STEP)


# ---- random parameters ----


def random_rate(rng: random.Random) -> float:
    return rng.choice(
        [0.0, 1.0, 0.1, 1e-3, 3e-4, rng.random(), 10.0 ** rng.uniform(-8.0, 2.0), 10.0 ** rng.uniform(-300.0, 300.0)]
    )


def random_count(rng: random.Random) -> int:
    return rng.choice(
        [
            1,
            2,
            3,
            rng.randint(1, 100),
            2 ** rng.randint(0, 52),
            int(2.0 ** rng.uniform(0.0, 53.0)),
            rng.randint(1, 10**7),
        ]
    )


def random_factor(rng: random.Random) -> float:
    return rng.choice(
        [1.0 - 10.0 ** rng.uniform(-9.0, 0.0), 1.0 + 10.0 ** rng.uniform(-9.0, 0.0), rng.uniform(-1.2, 1.2)]
    )


def random_exponent(rng: random.Random) -> float:
    return rng.choice(
        [0.5, 1.0, 2.0, 3.0, 0.9, 1.5, rng.uniform(0.0, 16.0), rng.uniform(16.0, 64.0), 10.0 ** rng.uniform(-3.0, 3.0)]
    )


def random_phases(rng: random.Random) -> tuple[tuple[int, Case], ...]:
    return tuple(
        (rng.choice([1, 2, 7, rng.randint(1, 3000), random_count(rng)]), random_case(rng, rng.choice(OF_STEPS)))
        for _ in range(rng.randint(1, 6))
    )


RANDOM: dict[str, Callable[[random.Random], Any]] = {
    "rate": random_rate,
    "factor": random_factor,
    "exponent": random_exponent,
    "number": lambda rng: rng.choice([0.0, 1.0, rng.uniform(-9.0, 9.0), rng.uniform(-99.0, 99.0), rng.gauss(0.0, 1e3)]),
    "divisor": lambda rng: 10.0 ** rng.uniform(-1.0, 6.0),
    "share": lambda rng: rng.uniform(1e-9, 1.0 - 1e-9),
    "count": random_count,
    "length": lambda rng: rng.choice([random_count(rng), rng.uniform(1.0, 2000.0)]),
    "cycles": lambda rng: tuple(rng.uniform(1.0, 2000.0) for _ in range(rng.randint(1, 4))),
    "ratio": lambda rng: rng.choice([1, 2, 3, rng.uniform(0.1, 10.0)]),
    "counts": lambda rng: tuple(sorted(random_count(rng) for _ in range(rng.randint(0, 12)))),
    "lengths": lambda rng: tuple(random_count(rng) for _ in range(rng.randint(1, 4))),
    "schedule": lambda rng: random_case(rng, rng.choice(OF_STEPS)),
    "phases": random_phases,
    "terms": lambda rng: tuple(random_case(rng, rng.choice(OF_STEPS)) for _ in range(rng.randint(1, 3))),
    "knots": lambda rng: tuple(sorted({random_count(rng) - 1 for _ in range(rng.randint(1, 12))})),
    "values": lambda rng: tuple(random_rate(rng) for _ in range(rng.randint(1, 12))),
}
"""What a parameter may be, by its role."""


def random_number(rng: random.Random, parameter: Parameter, within: Range | None) -> Any:
    """A number of the parameter's role and within its range, or what else the role asks for."""
    value = RANDOM[parameter.role.name](rng)
    if within is None or isinstance(value, tuple):
        return value
    if isinstance(value, int):
        least = least_of(within)
        return rng.choice([least, value]) if least == 0 else max(value, least)
    if within.low == 0.0 and within.high == 1.0 and not 0.0 < value < 1.0:
        return 1.0 - 10.0 ** rng.uniform(-9.0, -1e-9)
    return max(value, within.low if within.has_low else within.low + 1e-300)


def random_case(rng: random.Random, kind: str) -> Case:
    likely = RECORDS[kind].likely

    def number(parameter: Parameter, within: Range | None) -> Any:
        usual = likely.get(parameter.name, ())
        return rng.choice([*usual, random_number(rng, parameter, within)])

    return Case(kind, in_form(kind, rng.choice(forms_of(kind)), number))
