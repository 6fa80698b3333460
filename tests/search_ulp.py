"""`python tests/search_ulp.py SECONDS [KIND ...]` searches for the largest errors, prints the table of docs/numerics.md
and the calls that show the errors, and exits with 1 if one is above ACCEPTED.

Climbers start from the tests' table of cases and from parameters and steps of all sizes. In each round each one's best
candidate has children, changed in one number or in its step; the worst of them is the next best. A climber that has come
no further for a while starts anew. Long doubles (longs.py) show all errors. mpmath has the last word on the worst of each
space, which is a kind with its choices made, and on what the long doubles cannot judge. Where the climbers end, the Python
engine must be within the promised limit of the compiled one. Powers are at most oracle.STEEP.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import math
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from cases import CASES, FORMULAS, WITNESSES, steps_of
from longs import HUGE, LONG, Array, Value, refuse_narrow
from oracle import ACCEPTED, LAST_STEP, LIMIT, nearest, ulp_error
from record import Case, exact
from sieve import STEP, Role, Space, one_of, rates, spaces

import lrvec
from lrvec._engine.reference import Table
from lrvec._evaluate.tables import values_of
from lrvec._lowering.cycles import known

CLIMBERS, CHILDREN, PATIENCE = 256, 64, 16
"""How many climb in a space, the children of each, and the rounds without a worse one before a new start."""

DOUBTS = 100
"""Candidates of a space in doubt that mpmath looks at."""

DOUBTFUL = 0.01
"""How far the long doubles may be from mpmath, in ulp, and as a part of a larger error."""


# ---- the measure, as oracle.ulp_error has it ----


def bounded(values: Array) -> Array:
    return np.clip(values.astype(LONG), -HUGE, HUGE)


def apart(one: Array, other: Array, size: Array) -> Array:
    """The distance of two values in ulp of a size, infinite where only the first is not a number."""
    exponent = np.maximum(np.frexp(np.minimum(size, HUGE))[1] - 53, -1074)
    distance = np.ldexp(abs(bounded(one) - bounded(other)), -exponent)
    return np.where(np.isnan(one) & ~np.isnan(other), np.inf, distance).astype(np.float64)


def judged(space: Space, table: Array) -> tuple[Array, Array]:
    """The errors of a table's candidates, NaN where the long doubles are in doubt; and whether each is measured in ulp of
    the value itself."""
    got = lrvec.pointwise(space.sweep(table[:-1]), table[-1].astype(np.int64), workers=1)
    value, size = long_value(space, table)
    return apart(got, value, size), abs(value) == size


def long_value(space: Space, table: Array) -> Value:
    return space.value(table[-1].astype(LONG), [row.astype(LONG) for row in table[:-1]])


# ---- candidates ----


def small(rng: Any, n: int, high: Array) -> Array:
    """Whole numbers of all sizes up to `high`, and of both signs."""
    return np.floor(np.exp2(rng.random(n) * np.log2(np.maximum(high, 1.0) + 1.0))) * rng.choice([-1.0, 1.0], n)


def drawn_steps(rng: Any, space: Space, rows: list[Array], n: int) -> Array:
    """Within the phases of each candidate's own, next to their ends and middles, in later ones, and anywhere."""
    clocks = space.clocks(rows)
    chosen = rng.integers(len(clocks), size=n)
    begin = np.choose(chosen, [np.broadcast_to(begin, n) for begin, _ in clocks])
    length = np.choose(chosen, [np.broadcast_to(length, n) for _, length in clocks])
    inside = np.floor(rng.random(n) * length)
    near = np.round(rng.integers(0, 5, n) / 4 * length) + small(rng, n, length)
    later = np.floor(rng.random(n) * length * np.exp2(rng.uniform(0, 12, n)))
    steps = begin + one_of(rng, n, inside, inside, near, near, later, rng.integers(0, 8, n))
    return STEP.within(np.where(rng.random(n) < 0.05, 2.0 ** rng.uniform(0, 53, n), steps))


def drawn(rng: Any, space: Space, n: int) -> Array:
    rows = [role.draw(rng, n) for role in space.roles]
    places = [i for i, role in enumerate(space.roles) if role.draw is rates]
    for i, other in zip(places[1:], places, strict=False):  # ends that are equal, nearly equal, or so but for the sign
        near = rows[other] * rng.choice([1.0, -1.0], n) * (1.0 + rng.choice([0.0, 1e-16, 1e-12, 1e-6, 0.1], n))
        rows[i] = np.where(rng.random(n) < 0.2, near, rows[i])
    rows = space.mend(rows)
    return np.array([*rows, drawn_steps(rng, space, rows, n)])


def changed(rng: Any, role: Role, values: Array) -> Array:
    """Each of the numbers moved a little or far."""
    n = len(values)
    doubled = values * np.exp2(rng.integers(-3, 4, n))
    factor = values * (1.0 + rng.standard_normal(n) * 10.0 ** rng.uniform(-15, 0, n))
    if role.whole:
        moved = values + small(rng, n, values)
        return one_of(rng, n, moved, moved, values + rng.integers(-3, 4, n), doubled, np.rint(factor), role.draw(rng, n))
    bits = (values.view(np.int64) + small(rng, n, np.float64(2**45)).astype(np.int64)).view(np.float64)
    return one_of(rng, n, bits, doubled, factor, factor, role.draw(rng, n), -values)


def children_of(rng: Any, space: Space, parents: Array) -> Array:
    """Each parent's children, every one changed in one number, or in its step, or in all counts and the step by a
    power of two."""
    table = np.repeat(parents, CHILDREN, axis=1)
    place = rng.integers(-1, 2 * len(space.roles), table.shape[1])
    for i, role in enumerate(space.roles):
        here = np.flatnonzero(place == i)
        table[i, here] = changed(rng, role, table[i, here])
    counts = [i for i, role in enumerate((*space.roles, STEP)) if role.whole]
    table[counts] *= np.where(place == -1, np.exp2(rng.integers(-3, 4, table.shape[1])), 1.0)
    table[:-1] = space.mend(list(table[:-1]))
    moved = np.flatnonzero(place >= len(space.roles))
    near = changed(rng, STEP, table[-1, moved])
    anew = drawn_steps(rng, space, [row[moved] for row in table[:-1]], len(moved))
    table[-1, moved] = np.where(rng.random(len(moved)) < 0.7, near, anew)
    table[-1] = STEP.within(table[-1])
    return table


def from_the_cases(space: Space) -> Array:
    """The tests' own cases of a simple space, at the steps around their marks."""
    if type(space) is not Space:
        return np.empty(0)
    cases = [(case, steps_of(case, near=2)) for case in CASES] + [(case, [step]) for case, step in WITNESSES]
    columns = [
        [*(case.params[name] for name in space.names), step] for case, steps in cases if space.has(case) for step in steps
    ]
    return np.array(columns, np.float64).T


# ---- the search ----


@dataclass
class Witness:
    """A candidate and its error; whether that is in ulp of the value itself."""

    case: Case
    step: int
    error: float
    own: bool = True

    def __str__(self) -> str:
        made, value = self.case.make(), nearest(exact(self.case, self.step).value)
        return f"{self.error:.2f} ulp: `{made!r}({self.step})` is {made(self.step)!r}, exact {value!r}"


@dataclass
class Found:
    """What the search of a space has found: the worst errors by measure, True for ulp of the value itself; where the
    Python engine is farthest from the compiled one; how many the long doubles could not judge; and what may not be."""

    name: str
    kind: str
    compared: int = 0
    worst: dict[bool, Witness] = field(default_factory=dict)
    twin: Witness | None = None
    doubts: int = 0
    broken: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        errors = [f"{witness.error:.2f}" if witness else "-" for witness in (*map(self.worst.get, (True, False)), self.twin)]
        return f"{self.name}: {self.compared:,} values, {errors[0]} ulp, of the peak {errors[1]}, Python engine {errors[2]}, {self.doubts} in doubt"

    def faults(self) -> list[str]:
        above = [str(witness) for witness in self.worst.values() if witness.error > ACCEPTED]
        if self.twin and self.twin.error > LIMIT:
            above.append(f"the Python engine is {self.twin.error:.2f} ulp from the compiled one: `{self.twin.case.make()!r}({self.twin.step})`")
        return above + self.broken


@np.errstate(all="ignore")
def search(space: Space, seed: int, rounds: Iterable[Any]) -> Found:
    """Climbs once a round."""
    refuse_narrow()
    rng = np.random.default_rng([seed, *str(space).encode()])
    found = Found(str(space), space.kind)
    worst: dict[bool, tuple[float, Array]] = {}
    doubts: list[Array] = []

    def judge(table: Array) -> Array:
        errors, own = judged(space, table)
        found.compared += table.shape[1]
        in_doubt = np.flatnonzero(np.isnan(errors))
        found.doubts += len(in_doubt)
        doubts.extend(table[:, i] for i in in_doubt[: DOUBTS - len(doubts)])
        errors[in_doubt] = -1.0
        for measure in (True, False):
            here = np.where(own == measure, errors, -1.0)
            place = int(here.argmax())
            if here[place] > worst.get(measure, (-1.0,))[0]:
                worst[measure] = float(here[place]), table[:, place].copy()
        return errors

    def started(count: int) -> tuple[Array, Array]:
        """The worst of as many new candidates as there are children."""
        table = drawn(rng, space, count * CHILDREN)
        return of_each(table, judge(table))

    best, errors = started(CLIMBERS)
    given = from_the_cases(space)
    if given.size:
        order = np.argsort(-judge(given))[: CLIMBERS // 2]
        best[:, : len(order)], errors[: len(order)] = given[:, order], -1.0
    idle = np.zeros(CLIMBERS, int)
    for _ in rounds:
        table = children_of(rng, space, best)
        next_best, next_errors = of_each(table, judge(table))
        better = next_errors > errors
        best[:, better], errors[better] = next_best[:, better], next_errors[better]
        idle = np.where(better, 0, idle + 1)
        tired = np.flatnonzero(idle > PATIENCE)
        if len(tired):
            best[:, tired], errors[tired] = started(len(tired))
            idle[tired] = 0
    for error, column in [*worst.values(), *((math.nan, column) for column in doubts)]:
        confirm(space, found, column, error)
    for column in [*(column for _, column in worst.values()), *best.T]:
        compare_engines(space, found, column)
    return found


def of_each(table: Array, errors: Array) -> tuple[Array, Array]:
    """Of each climber's children the one with the largest error."""
    by_climber = errors.reshape(-1, CHILDREN)
    chosen = np.arange(len(by_climber)) * CHILDREN + by_climber.argmax(axis=1)
    return table[:, chosen], errors[chosen]


def confirm(space: Space, found: Found, column: Array, sieved: float) -> None:
    """mpmath has the last word on a candidate: the error that it finds counts. A long double that says something else,
    and a sweep with other bits than the schedule, are broken."""
    case, step = space.case(column[:-1]), int(column[-1])
    got, wanted = case.make()(step), exact(case, step)
    witness = Witness(case, step, ulp_error(got, wanted), bool(abs(wanted.value) == wanted.size))
    if witness.own not in found.worst or witness.error > found.worst[witness.own].error:
        found.worst[witness.own] = witness
    if abs(witness.error - sieved) > DOUBTFUL * max(1.0, witness.error):
        found.broken.append(f"the long doubles say {sieved:.2f} of {witness}")
    value = lrvec.pointwise(space.sweep(column[:-1, None]), column[-1:].astype(np.int64))[0].item()
    if value.hex() != got.hex():
        found.broken.append(f"a sweep gives {value!r} in place of {witness}")


def compare_engines(space: Space, found: Found, column: Array) -> None:
    """Both run the schedule's segments."""
    case, step = space.case(column[:-1]), int(column[-1])
    made = case.make()
    segments = [segment for segment in known(made._lower(), values_of) if segment[0] <= LAST_STEP]
    both = np.array([[Table(segments).value(step)], [made(step)]])
    error = float(apart(*both, long_value(space, column[:, None]).size)[0])
    if found.twin is None or error > found.twin.error:
        found.twin = Witness(case, step, error)


# ---- the command ----


def lasting(seconds: float) -> Iterator[None]:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        yield


def searched(index: int, seed: int, seconds: float) -> Found:
    space = spaces()[index]
    try:
        return search(space, seed, lasting(seconds))
    except Exception as error:  # a finding too, and the other spaces are still to be searched
        return Found(str(space), space.kind, broken=[f"{type(error).__name__}: {error}"])


def report(results: list[Found]) -> Iterator[str]:
    """The table of docs/numerics.md, the call that shows each number of it, and what is wrong."""
    yield "| kind | values compared | worst, in ulp of the value | of the peak, where that is the measure |"
    yield "|---|---|---|---|"
    calls = []
    for kind in dict.fromkeys(found.kind for found in results):
        of_kind = [found for found in results if found.kind == kind]
        worst = [max_error(found.worst.get(own) for found in of_kind) for own in (True, False)]
        errors = [f"{witness.error:.2f}" if witness else "" for witness in worst]
        yield f"| {kind} | {sum(found.compared for found in of_kind):,} | {' | '.join(errors)} |"
        calls += [f"- {witness}" for witness in worst if witness]
    yield from ("", *calls)
    faults = [f"- {found.name}: {fault}" for found in results for fault in found.faults()]
    yield from ("", f"{len(faults)} faults: errors above {ACCEPTED} ulp, or what must not be", "", *faults)


def max_error(witnesses: Iterable[Witness | None]) -> Witness | None:
    return max(filter(None, witnesses), key=lambda witness: witness.error, default=None)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Searches for the largest errors of each kind.")
    parser.add_argument("seconds", type=float, help="how long the whole search is to last")
    parser.add_argument("kinds", nargs="*", metavar="kind", help="by default all")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=1, help="processes")
    options = parser.parse_args(arguments)
    if unknown := set(options.kinds) - set(FORMULAS):
        parser.error(f"kind must be one of {', '.join(FORMULAS)}, received {', '.join(sorted(unknown))}")
    refuse_narrow()
    chosen = [i for i, space in enumerate(spaces()) if not options.kinds or space.kind in options.kinds]
    seconds = options.seconds * options.workers / len(chosen)
    print(f"Engine {lrvec.engine}, width {lrvec.simd}, seed {options.seed}, {seconds:.1f} s for each of {len(chosen)} spaces.")
    work = functools.partial(searched, seed=options.seed, seconds=seconds)
    results = []
    with ProcessPoolExecutor(options.workers) if options.workers > 1 else contextlib.nullcontext() as pool:
        for found in (pool.map if pool else map)(work, chosen):
            print(found, *found.faults(), sep="\n    ", flush=True)
            results.append(found)
    print("", *report(results), sep="\n")
    return 1 if any(found.faults() for found in results) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
