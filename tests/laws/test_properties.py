"""These tests hold for schedules of any parameters: bounds, monotone phases, compositions, round trips."""

from __future__ import annotations

import copy
import json
import math
import os
import pickle
from typing import Any

import numpy as np
import pytest
from cases import FORMULAS, OF_STEPS
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from kinds import RECORDS
from oracle import LAST_STEP
from record import KINDS, Parameter, Range, forms_of, in_form, mended
from rules import least_of

import lrvec

EXAMPLES = int(os.environ.get("LRVEC_EXAMPLES", "25"))
"""Each property is tried with so many examples."""

names = st.sampled_from(["", "a", "ß", "head", "a b", "\n", "\U0001f600"])
"""Of groups. Hypothesis would take seconds to make a table of all of Unicode for `st.text`."""

settings.register_profile("lrvec", deadline=None, derandomize=True, max_examples=EXAMPLES, database=None)
settings.load_profile("lrvec")

rates = st.one_of(
    st.floats(0.0, 10.0),
    st.floats(-1.0, 1.0),
    st.sampled_from([0.0, 1.0, 0.1, 1e-3, 1e-300, 1e300, 5e-324]),
    st.floats(min_value=-1e300, max_value=1e300),
)
sizes = st.one_of(st.floats(0.0, 10.0), st.sampled_from([0.0, 1.0, 1e-300, 5e-324]), st.floats(0.0, 1e300))
counts = st.one_of(st.integers(1, 50), st.integers(1, 10**6), st.integers(1, LAST_STEP))
steps = st.one_of(st.integers(0, 100), st.integers(0, 10**7), st.integers(0, LAST_STEP))
factors = st.one_of(st.floats(-1.5, 1.5), st.floats(0.9, 1.0), st.sampled_from([0.0, 1.0, -1.0, 0.5]))

unit = st.floats(0.0, 1.0, exclude_min=True, exclude_max=True)

OF_ROLE: dict[tuple[str, str], st.SearchStrategy[Any]] = {
    ("rate", "finite"): rates,
    ("rate", "non-negative"): sizes,
    ("rate", "positive"): st.floats(1e-300, 1e300),
    ("factor", "finite"): factors,
    ("factor", "between 0 and 1, both excluded"): unit,
    ("factor", "positive"): st.one_of(unit, st.floats(0.9, 1.1), st.floats(1e-300, 1e300)),
    ("factor", "above 0 and at most 1"): st.floats(0.0, 1.0, exclude_min=True),
    ("exponent", "above 0 and at most 1"): st.floats(1e-3, 1.0),
    ("exponent", "non-negative"): st.one_of(st.sampled_from([0.5, 1.0, 2.0]), st.floats(0.0, 40.0)),
    ("exponent", "positive"): st.floats(1e-3, 40.0),
    ("number", "finite"): st.one_of(st.floats(-9.0, 9.0), st.floats(-1e300, 1e300)),
    ("divisor", "positive"): st.floats(1e-3, 1e6),
    ("share", "between 0 and 1, both excluded"): unit,
    ("knots", ""): st.lists(steps, min_size=1, max_size=8, unique=True).map(sorted).map(tuple),
    ("values", ""): st.lists(rates, min_size=1, max_size=8).map(tuple),
    ("length", "at least 1"): st.one_of(counts, st.floats(1.0, 1e4)),
    ("ratio", "positive"): st.one_of(st.integers(1, 9), st.floats(0.1, 9.0)),
    ("lengths", ""): st.lists(counts, min_size=1, max_size=4).map(tuple),
    ("counts", "positive"): st.lists(counts, max_size=8).map(tuple),
}
"""What a parameter may be, by its role and its range; counts begin at the range's least."""


def numbers(parameter: Parameter, within: Range | None) -> st.SearchStrategy[Any]:
    if parameter.role.name == "count" and within:
        least = least_of(within)
        return st.one_of(st.just(least), counts.map(lambda count: max(count, least)))
    return OF_ROLE[parameter.role.name, within.text if within else ""]


@st.composite
def parameters(draw: Any, kind: str, form: dict[str, Any] | None = None) -> dict[str, Any]:
    """Of the form, or of any of the kind's forms, and such as obey its rules."""
    likely = RECORDS[kind].likely

    def number(parameter: Parameter, within: Range | None) -> Any:
        usual = likely.get(parameter.name, ())
        strategy = numbers(parameter, within)
        return draw(st.one_of(st.sampled_from(usual), strategy) if usual else strategy)

    return in_form(kind, draw(st.sampled_from(forms_of(kind))) if form is None else form, number)


def of_kind(kind: str) -> st.SearchStrategy[Any]:
    return parameters(kind).map(lambda values: KINDS[kind].make(values))


simple = st.one_of([of_kind(kind) for kind in OF_STEPS])
OF_ROLE["schedule", ""] = simple
OF_ROLE["phases", ""] = st.lists(st.tuples(counts, simple), min_size=1, max_size=4)


def compositions(parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    warmups = st.builds(lrvec.with_warmup, parts, warmup_steps=counts, start_lr=rates)
    return st.one_of(warmups, st.lists(st.tuples(counts, parts), min_size=1, max_size=4).map(lrvec.sequential))


schedules = st.recursive(simple, compositions, max_leaves=5)


def same(one: float, other: float) -> bool:
    return np.float64(one).tobytes() == np.float64(other).tobytes()


# ---- bounds and phases ----

BETWEEN = [kind for kind, record in FORMULAS.items() if record.bounds]
"""The kinds whose values lie between rates that are given."""


def test_every_record_says_whether_there_are_bounds() -> None:
    for kind, record in FORMULAS.items():
        assert any("bounds" in vars(one) for one in record.__mro__[:-2]), kind


@pytest.mark.parametrize("kind", BETWEEN)
def test_values_keep_between_the_rates(kind: str) -> None:
    """No rounding takes a value past the rate that it goes to by more than 2 ulp of the larger one, and none at all
    where the rates are the same."""

    @given(of_kind(kind), st.lists(steps, min_size=1, max_size=40))
    def check(schedule: Any, at: list[int]) -> None:
        given_rates = RECORDS[kind].bounds(**schedule.params)
        slack = 2.0 * math.ulp(max(map(abs, given_rates))) if len(set(given_rates)) > 1 else 0.0
        for value in schedule(at).tolist():
            assert min(given_rates) - slack <= value <= max(given_rates) + slack

    check()


PHASES = [kind for kind, record in FORMULAS.items() if record.phases]
"""The kinds with phases in which they go one way only."""


@pytest.mark.parametrize("kind", PHASES)
def test_phases_are_monotone(kind: str) -> None:
    """Two steps of a phase are in the order of its ends, to 2 ulp of the larger end."""

    @given(of_kind(kind), st.data())
    def check(schedule: Any, data: Any) -> None:
        for first, last, start, end in RECORDS[kind].phases(**schedule.params):
            last = min(last, LAST_STEP)
            if last <= first or not math.isfinite(start + end):
                continue
            at = [*data.draw(st.lists(st.integers(first, last), min_size=1, max_size=20)), first, last]
            at = sorted({step + by for step in at for by in (0, 1) if step + by <= last})
            values = schedule(at)
            slack = 2.0 * math.ulp(max(abs(start), abs(end)))
            with np.errstate(over="ignore"):
                moves = np.diff(values) * (1.0 if end >= start else -1.0)
            assert (moves >= -slack).all()
            assert values[0] == start

    check()


HELD = [kind for kind, record in FORMULAS.items() if record.goes]


@pytest.mark.parametrize("kind", HELD)
def test_the_end_is_held(kind: str) -> None:
    record = RECORDS[kind]
    first, last = record.goes

    @given(of_kind(kind), steps)
    def check(schedule: Any, beyond: int) -> None:
        assert schedule(0) == schedule.params[first]
        held = record.held_from(**schedule.params)
        assert same(schedule(min(held + beyond, LAST_STEP)), schedule.params[last])

    check()


@example([(2, lrvec.exponential(base_lr=-0.0, gamma=0.0))], 3)
@given(st.lists(st.tuples(counts, simple), min_size=1, max_size=4), steps)
def test_the_last_phase_is_held(phases: list[tuple[int, Any]], beyond: int) -> None:
    schedule = lrvec.sequential(phases)
    total = sum(duration for duration, _ in phases)
    assume(total + beyond <= LAST_STEP)
    assert same(schedule(total + beyond), phases[-1][1](phases[-1][0] - 1))


# ---- compositions ----


@given(schedules, counts, rates, st.lists(steps, min_size=1, max_size=20))
def test_a_warmup_is_a_line_and_the_schedule(schedule: Any, warmup_steps: int, start_lr: float, at: list[int]) -> None:
    peak = schedule(0)
    assume(math.isfinite(peak))
    warm = lrvec.with_warmup(schedule, warmup_steps=warmup_steps, start_lr=start_lr)
    line = lrvec.linear(base_lr=start_lr, end_lr=peak, total_steps=warmup_steps)
    for step in [*at, warmup_steps - 1, warmup_steps, warmup_steps + 1]:
        if step < warmup_steps:
            assert same(warm(step), line(step))
        elif step <= LAST_STEP:
            assert same(warm(step), schedule(step - warmup_steps))


@given(
    st.lists(st.tuples(st.one_of(st.integers(1, 50), counts), schedules), min_size=1, max_size=5),
    st.lists(steps, max_size=20),
)
def test_phases_run_on_their_own_clocks(phases: list[tuple[int, Any]], at: list[int]) -> None:
    schedule = lrvec.sequential(phases)
    start = 0
    for duration, part in phases:
        for local in {0, 1, duration // 2, duration - 1, *(step % duration for step in at)}:
            if local < duration and start + local <= LAST_STEP:
                assert same(schedule(start + local), part(local))
        start += duration


short = st.lists(st.tuples(st.integers(1, 60), schedules), min_size=1, max_size=4)


@given(short, short, st.integers(1, 40))
def test_nested_phases_are_flat_ones(first: list[tuple[int, Any]], second: list[tuple[int, Any]], beyond: int) -> None:
    """Inside a phase as long as its own phases; and one that goes on holds."""
    length = sum(duration for duration, _ in first)
    flat = lrvec.sequential([*first, *second])
    nested = lrvec.sequential([(length, lrvec.sequential(first)), (10**6, lrvec.sequential(second))])
    at = range(length + sum(duration for duration, _ in second) + beyond)
    assert flat(at).tobytes() == nested(at).tobytes()


@given(schedules, st.integers(1, 30), st.integers(1, 30), rates, rates)
def test_a_warmup_of_a_warmup_is_three_phases(schedule: Any, inner: int, outer: int, low: float, start: float) -> None:
    assume(math.isfinite(schedule(0)))
    nested = lrvec.with_warmup(
        lrvec.with_warmup(schedule, warmup_steps=inner, start_lr=low), warmup_steps=outer, start_lr=start
    )
    flat = lrvec.sequential(
        [
            (outer, lrvec.linear(base_lr=start, end_lr=low, total_steps=outer)),
            (inner, lrvec.linear(base_lr=low, end_lr=schedule(0), total_steps=inner)),
            (1000, schedule),
        ]
    )
    assert nested(range(200)).tobytes() == flat(range(200)).tobytes()


@given(
    schedules,
    st.dictionaries(names, st.floats(1e-3, 1e3), min_size=1, max_size=4),
    st.lists(steps, min_size=1, max_size=5),
)
def test_groups_are_multiples(schedule: Any, multipliers: dict[str, float], at: list[int]) -> None:
    groups = lrvec.scale_by_group(schedule, multipliers=multipliers)
    assert groups.names == tuple(multipliers)
    with np.errstate(all="ignore"):
        matrix = groups.matrix(at)
    for row, (name, multiplier) in zip(matrix, multipliers.items(), strict=True):
        assert row.tobytes() == np.array([schedule(step) * multiplier for step in at]).tobytes()
        assert groups(at[0])[name] == row[0] or math.isnan(row[0])


@given(schedules, st.lists(steps, min_size=1, max_size=60))
def test_all_ways_give_the_same_bits(schedule: Any, at: list[int]) -> None:
    scalars = np.array([schedule(step) for step in at]).tobytes()
    assert schedule(at).tobytes() == scalars
    assert schedule(np.array(at, np.uint64)).tobytes() == scalars
    assert schedule(np.array(at)[::-1])[::-1].tobytes() == scalars
    assert schedule(np.array(at * 20)).tobytes() == scalars * 20
    first = at[0]
    run = range(first, min(first + 70, LAST_STEP + 1))
    assert schedule(run).tobytes() == np.array([schedule(step) for step in run]).tobytes()


# ---- round trips ----

everything = st.one_of(
    schedules,
    st.builds(
        lambda schedule, multipliers: lrvec.scale_by_group(schedule, multipliers=multipliers),
        schedules,
        st.dictionaries(names, st.floats(5e-324, 1e3), min_size=1, max_size=4),
    ),
)


def values(schedule: Any, at: list[int]) -> bytes:
    if isinstance(schedule, lrvec.GroupSchedule):
        with np.errstate(all="ignore"):
            matrix: bytes = schedule.matrix(at).tobytes()
            return matrix
    found: bytes = schedule(at).tobytes()
    return found


ROUND_TRIPS = {
    "repr": lambda schedule: eval(repr(schedule), vars(lrvec).copy()),
    "pickle": lambda schedule: pickle.loads(pickle.dumps(schedule)),
    "oldest pickle": lambda schedule: pickle.loads(pickle.dumps(schedule, protocol=2)),
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "dict": lambda schedule: lrvec.from_dict(schedule.to_dict()),
    "json": lambda schedule: lrvec.from_dict(json.loads(json.dumps(schedule.to_dict(), allow_nan=False))),
}


@given(everything, st.lists(steps, min_size=1, max_size=10))
def test_round_trips(schedule: Any, at: list[int]) -> None:
    for name, trip in ROUND_TRIPS.items():
        back = trip(schedule)
        assert type(back) is type(schedule), name
        assert back == schedule, name
        assert (back != schedule) is False, name
        assert hash(back) == hash(schedule), name
        assert repr(back) == repr(schedule), name
        assert back.to_dict() == schedule.to_dict(), name
        assert values(back, at) == values(schedule, at), name


@given(everything)
def test_a_used_schedule_is_equal_to_a_fresh_one(schedule: Any) -> None:
    fresh = lrvec.from_dict(schedule.to_dict())
    with np.errstate(all="ignore"):
        schedule(3)
        schedule([1, 2])
    assert schedule == fresh
    assert hash(schedule) == hash(fresh)
    assert pickle.dumps(schedule) == pickle.dumps(fresh)


@pytest.mark.parametrize("kind", OF_STEPS)
def test_each_parameter_makes_another_schedule(kind: str) -> None:
    lists = [name for name, parameter in KINDS[kind].parameters.items() if parameter.role.name == "counts"]

    of_one_form = st.sampled_from(forms_of(kind)).flatmap(lambda form: st.tuples(*[parameters(kind, form)] * 2))

    @given(of_one_form)
    def check(two: tuple[dict[str, Any], dict[str, Any]]) -> None:
        one, other = two
        made = KINDS[kind].make(one)
        for name in one:
            changed = mended(kind, {**one, name: other[name]})
            for listed in lists:  # in any order
                changed[listed], one[listed] = tuple(sorted(changed[listed])), tuple(sorted(one[listed]))
            assert (KINDS[kind].make(changed) != made) == (changed != one)
            assert (KINDS[kind].make(changed) == made) == (changed == one)

    check()
