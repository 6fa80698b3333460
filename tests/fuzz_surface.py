"""`python tests/fuzz_surface.py SECONDS [SEED [EXAMPLES]]` tries random values of all kinds, compositions of compositions too.

Whatever the parameters are, a factory makes a value or refuses them by a ValueError or a TypeError. A value has the same bits in
every way of asking and after every round trip, its rows are its schedules, and questions have the answers that a walk over the
steps gives. hypothesis draws, and makes a failing example small. The first seed is 0, so that the same code finds the same; the
last line names the seed with which a failure comes again.
"""

from __future__ import annotations

import itertools
import json
import math
import operator
import pickle
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import HealthCheck, assume, given, seed, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent / "laws"))

from oracle import LAST_STEP
from record import KINDS, forms_of, in_form
from test_properties import counts, numbers, rates, same, simple, steps

import lrvec
from lrvec._engine import RELATIONS

EXAMPLES = 100
"""Examples of a kind with one seed."""

HOLDS = dict(zip(RELATIONS, (operator.lt, operator.le, operator.gt, operator.ge), strict=True))

WIDTH = 300
"""Questions are asked about so many steps."""


def parts(schedule: st.SearchStrategy[Any]) -> dict[str, st.SearchStrategy[Any]]:
    """What a parameter that holds schedules may be, by its role."""
    several = st.lists(schedule, min_size=1, max_size=3)
    return {
        "schedule": schedule,
        "schedules": several,
        "terms": st.lists(st.one_of(schedule, rates), min_size=1, max_size=3).map(tuple),
        "phases": st.lists(st.tuples(st.one_of(st.integers(0, 60), counts), schedule), min_size=1, max_size=3),
        "multipliers": st.dictionaries(st.text(max_size=3), st.floats(1e-3, 1e3), min_size=1, max_size=3),
        "names": st.none(),
    }


@st.composite
def parameters(draw: Any, kind: str, schedule: st.SearchStrategy[Any]) -> dict[str, Any]:
    """Parameters of a kind, which need not go together."""
    of_part = parts(schedule)

    def one(parameter: Any, within: Any) -> Any:
        name = parameter.role.name
        return draw(of_part[name] if name in of_part else numbers(parameter, within))

    return in_form(kind, draw(st.sampled_from(forms_of(kind))), one)


def made(kind: str, params: dict[str, Any]) -> Any:
    """A value, or None if the parameters are refused."""
    try:
        return KINDS[kind].make(params)
    except (ValueError, TypeError):
        return None


@st.composite
def values(draw: Any, schedule: st.SearchStrategy[Any]) -> Any:
    kind = draw(st.sampled_from(list(KINDS)))
    value = made(kind, draw(parameters(kind, schedule)))
    assume(isinstance(value, lrvec.Schedule))
    return value


anything = st.recursive(simple, values, max_leaves=4)


def rows_are_schedules(kind: str, params: dict[str, Any], other: dict[str, Any], at: list[int]) -> None:
    """Both parameters in one sweep, as far as they are numbers."""
    numbers = [name for name, value in params.items() if KINDS[kind].parameters[name].role.is_number and isinstance(value, int | float)]
    mixed = {name: [params[name], other[name]] for name in numbers if isinstance(other.get(name), int | float)}
    two = made(kind, {**params, **{name: pair[1] for name, pair in mixed.items()}})
    one = made(kind, params)
    sweep = made(kind, {**params, **mixed}) if mixed else None
    if sweep is None or one is None or two is None or not isinstance(one, lrvec.Schedule):
        return
    matrix = sweep(at)
    assert matrix[0].tobytes() == one(at).tobytes()
    assert matrix[1].tobytes() == two(at).tobytes()
    assert sweep[1] == two


def ways_are_one(schedule: Any, at: list[int], run: range) -> None:
    scalars = np.array([schedule(step) for step in at])
    assert schedule(at).tobytes() == scalars.tobytes()
    assert schedule(np.array(at, np.uint64)).tobytes() == scalars.tobytes()
    assert schedule(np.array(at * 30))[-len(at) :].tobytes() == scalars.tobytes()
    assert schedule(run).tobytes() == schedule(np.array(run)).tobytes()
    assert schedule(run)[-1:].tobytes() == np.array([schedule(run[-1])]).tobytes()
    with np.errstate(all="ignore"):
        assert schedule(run, dtype=np.float32).tobytes() == schedule(run).astype(np.float32).tobytes()


def trips_come_back(schedule: Any, at: list[int]) -> None:
    wanted = schedule(at).tobytes()
    for back in (
        eval(repr(schedule), vars(lrvec).copy()),
        pickle.loads(pickle.dumps(schedule)),
        lrvec.from_dict(json.loads(json.dumps(schedule.to_dict(), allow_nan=False))),
    ):
        assert back == schedule
        assert back(at).tobytes() == wanted


def phases_are_whole(schedule: Any) -> None:
    start = 0
    for phase in schedule.phases():
        assert phase.start == start
        assert same(phase.first, schedule(phase.start))
        assert same(phase.last, schedule(LAST_STEP if phase.stop is None else phase.stop - 1))
        start = phase.stop
    assert start is None


def answers_are_walked(schedule: Any, run: range, place: int) -> None:
    found = schedule(run)
    if not np.isfinite(found).all():
        return
    values = found.tolist()
    bounds = {"start": run.start, "stop": run.stop if run.stop <= LAST_STEP else None}
    at, highest = lrvec.peak(schedule, **bounds)
    assert (at, highest) == (run[int(found.argmax())], found.max())
    summary = lrvec.summarize(schedule, run)
    assert (summary.min, summary.max, summary.max_step) == (found.min(), found.max(), at)
    threshold = values[place % len(values)]
    for relation, holds in HOLDS.items():
        first = next((step for step, value in zip(run, values, strict=True) if holds(value, threshold)), None)
        assert lrvec.first_step(schedule, **{relation: threshold}, **bounds) == first
    if run.stop <= LAST_STEP and max(map(abs, values)) < 1e300:
        total = math.fsum(values)
        met = (phase for phase in schedule.phases() if phase.start < run.stop and (phase.stop is None or run.start < phase.stop))
        ends = [abs(end) for phase in met for end in (phase.first, phase.last) if math.isfinite(end)]  # what values cancel from
        slack = 32 * math.ulp(len(values) * max(*ends, 0.0, *map(abs, values)))
        assert abs(lrvec.integral(schedule, run.start, run.stop) - total) <= slack
        assert abs(summary.sum - total) <= slack


def check(kind: str) -> Any:
    @given(parameters(kind, anything), parameters(kind, anything), st.lists(steps, min_size=1, max_size=8), st.integers(0, WIDTH))
    def of_kind(params: dict[str, Any], other: dict[str, Any], at: list[int], place: int) -> None:
        value = made(kind, params)
        if value is None:
            return
        with np.errstate(all="ignore"):
            rows_are_schedules(kind, params, other, at)
            if not isinstance(value, lrvec.Schedule):
                return
            run = range(at[0], min(at[0] + WIDTH, LAST_STEP + 1))
            ways_are_one(value, at, run)
            trips_come_back(value, at)
            phases_are_whole(value)
            answers_are_walked(value, run, place)

    return of_kind


def main(seconds: float, first: int = 0, most: float = math.inf) -> None:
    calm = settings(deadline=None, database=None, max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
    end, tried = time.monotonic() + seconds, 0
    for number in itertools.count(first):
        for kind in KINDS:
            if tried >= most or time.monotonic() > end:
                print(f"{tried} examples from seed {first} on")
                return
            try:
                seed(number)(calm(check(kind)))()
            except BaseException:
                print(f"kind {kind}, seed {number}")
                raise
            tried += EXAMPLES


if __name__ == "__main__":
    main(float(sys.argv[1]), *map(int, sys.argv[2:]))
