"""Properties of schedules of any parameters: bounds, monotone phases, compositions, round trips."""

from __future__ import annotations

import copy
import json
import math
import pickle
from typing import Any

import numpy as np
import pytest
from cases import FORMULAS, LAST_STEP, OF_STEPS
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import lrvec
from lrvec._schedule import KINDS

settings.register_profile("lrvec", deadline=None, derandomize=True, max_examples=40, database=None)
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

OF_NAME: dict[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys(("lr", "base_lr", "min_lr", "max_lr", "end_lr", "start_lr"), rates),
    **dict.fromkeys(("total_steps", "period", "step_size", "warmup_steps"), counts),
    "gamma": factors,
    "power": st.one_of(st.sampled_from([0.5, 1.0, 2.0]), st.floats(0.0, 40.0)),
    "t_mult": st.integers(1, 5),
    "milestones": st.lists(counts, max_size=8).map(tuple),
    "decay_rate": st.floats(0.0, 1.0, exclude_min=True, exclude_max=True),
    "decay_steps": counts,
    "pct_start": st.floats(0.0, 1.0, exclude_min=True, exclude_max=True),
    **dict.fromkeys(("initial_div", "final_div"), st.floats(1e-3, 1e6)),
}
OF_KIND: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "exponential_decay": {"base_lr": st.floats(1e-300, 1e300)},
    "polynomial_decay": {"power": st.floats(1e-3, 40.0)},
    "one_cycle": {"total_steps": st.integers(2, LAST_STEP), "max_lr": st.floats(-1e200, 1e200)},
}


@st.composite
def wsd(draw: Any) -> dict[str, Any]:
    total = draw(counts)
    warmup = draw(st.integers(0, total))
    return {
        **{name: draw(sizes) for name in ("base_lr", "final_lr", "warmup_start")},
        "warmup_steps": warmup,
        "decay_steps": draw(st.integers(0, total - warmup)),
        "total_steps": total,
        "decay_shape": draw(st.sampled_from(["linear", "1-sqrt"])),
    }


@st.composite
def megatron(draw: Any, kind: str) -> dict[str, Any]:
    if kind == "megatron_wd":
        style = draw(st.sampled_from(["constant", "linear", "cosine"]))
        drawn = {"start_wd": draw(sizes), "end_wd": draw(sizes), "wd_incr_steps": draw(counts), "wd_incr_style": style}
        return consistent(kind, drawn)
    style = draw(st.sampled_from(["constant", "linear", "cosine", "inverse-square-root", "WSD", "WSD", "WSD", "WSD"]))
    drawn = {
        "init_lr": draw(rates),
        "max_lr": draw(sizes),
        "min_lr": draw(sizes),
        "lr_warmup_steps": draw(st.one_of(st.just(0), counts)),
        "lr_decay_steps": draw(counts),
        "lr_decay_style": style,
    }
    if style == "WSD":
        drawn["wsd_decay_steps"] = draw(st.one_of(st.just(0), counts))
        drawn["lr_wsd_decay_style"] = draw(st.sampled_from(["linear", "cosine", "exponential", "minus_sqrt"]))
    return consistent(kind, drawn)


def consistent(kind: str, values: dict[str, Any]) -> dict[str, Any]:
    """The same, but for what a kind's parameters forbid each other."""
    values = dict(values)
    if kind == "warmup_stable_decay":
        values["total_steps"] = max(values["total_steps"], values["warmup_steps"] + values["decay_steps"])
    elif kind == "megatron_lr":
        values["max_lr"] = max(values[name] for name in ("init_lr", "max_lr", "min_lr"))
        values["lr_warmup_steps"] = min(values["lr_warmup_steps"], values["lr_decay_steps"] - 1)
    elif kind == "megatron_wd":
        values["end_wd"] = max(values["start_wd"], values["end_wd"])
        if values["wd_incr_style"] == "constant":
            values["start_wd"] = values["end_wd"]
    return values


def parameters(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    if kind == "warmup_stable_decay":
        return wsd()
    if kind.startswith("megatron"):
        return megatron(kind)
    if kind == "step_decay":
        dropped = {
            "base_lr": st.floats(1e-300, 1e300),
            "drop": st.floats(0.0, 1.0, exclude_min=True),
            "step_size": counts,
        }
        return st.one_of(
            st.fixed_dictionaries(dropped),
            st.fixed_dictionaries({"base_lr": rates, "step_size": counts, "gamma": factors}),
        )
    own = OF_KIND.get(kind, {})
    return st.fixed_dictionaries({name: own.get(name, OF_NAME.get(name)) for name in KINDS[kind].parameters})


def of_kind(kind: str) -> st.SearchStrategy[Any]:
    return parameters(kind).map(lambda values: KINDS[kind].make(values))


simple = st.one_of([of_kind(kind) for kind in OF_STEPS])


def compositions(parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    warmups = st.builds(lrvec.with_warmup, parts, warmup_steps=counts, start_lr=rates)
    return st.one_of(warmups, st.lists(st.tuples(counts, parts), min_size=1, max_size=4).map(lrvec.sequential))


schedules = st.recursive(simple, compositions, max_leaves=5)


def same(one: float, other: float) -> bool:
    return np.float64(one).tobytes() == np.float64(other).tobytes()


# ---- bounds and phases ----

BETWEEN: dict[str, tuple[str, ...]] = {
    "constant": ("lr",),
    "linear": ("base_lr", "end_lr"),
    "polynomial": ("base_lr", "end_lr"),
    "polynomial_decay": ("start_lr", "end_lr"),
    "cosine": ("base_lr", "min_lr"),
    "cosine_restarts": ("base_lr", "min_lr"),
    "triangular": ("min_lr", "max_lr"),
    "triangular2": ("min_lr", "max_lr"),
    "warmup_stable_decay": ("base_lr", "final_lr", "warmup_start"),
    "inverse_sqrt": ("base_lr", "zero"),
    "exponential_decay": ("base_lr", "zero"),
    "one_cycle": ("max_lr", "first", "last"),
    "megatron_lr": ("init_lr", "max_lr", "min_lr"),
    "megatron_wd": ("start_wd", "end_wd"),
}
"""The kinds whose values lie between rates that are given, and these rates."""


def rates_of(schedule: Any) -> list[float]:
    params = {"zero": 0.0, **schedule.params}
    if schedule.kind == "one_cycle":
        params |= {"first": params["max_lr"] / params["initial_div"], "last": params["max_lr"] / params["final_div"]}
    return [params[name] for name in BETWEEN[schedule.kind]]


def test_kinds_without_bounds_are_known() -> None:
    assert set(FORMULAS) - set(BETWEEN) == {
        "step_decay",
        "multi_step",
        "exponential",
        "exp_range",
        "with_warmup",
        "sequential",
    }


@pytest.mark.parametrize("kind", BETWEEN)
def test_values_keep_between_the_rates(kind: str) -> None:
    """No rounding takes a value past the rate that it goes to by more than 2 ulp of the larger one, and none at all
    where the rates are the same."""

    @given(of_kind(kind), st.lists(steps, min_size=1, max_size=40))
    def check(schedule: Any, at: list[int]) -> None:
        given_rates = rates_of(schedule)
        slack = 2.0 * math.ulp(max(map(abs, given_rates))) if len(set(given_rates)) > 1 else 0.0
        for value in schedule(at).tolist():
            assert min(given_rates) - slack <= value <= max(given_rates) + slack

    check()


PHASES: dict[str, Any] = {
    "linear": lambda p: [(0, p["total_steps"], p["base_lr"], p["end_lr"])],
    "polynomial": lambda p: [(0, p["total_steps"], p["base_lr"], p["end_lr"])],
    "polynomial_decay": lambda p: [(0, p["total_steps"], p["start_lr"], p["end_lr"])],
    "cosine": lambda p: [(0, p["total_steps"], p["base_lr"], p["min_lr"])],
    "cosine_restarts": lambda p: [(0, p["period"] - 1, p["base_lr"], p["min_lr"])],
    "triangular": lambda p: [
        (0, p["step_size"], p["min_lr"], p["max_lr"]),
        (p["step_size"], 2 * p["step_size"], p["max_lr"], p["min_lr"]),
    ],
    "triangular2": lambda p: [
        (0, p["step_size"], p["min_lr"], p["max_lr"]),
        (p["step_size"], 2 * p["step_size"], p["max_lr"], p["min_lr"]),
    ],
    "inverse_sqrt": lambda p: [
        (0, p["warmup_steps"], 0.0, p["base_lr"]),
        (p["warmup_steps"], LAST_STEP, p["base_lr"], 0.0),
    ],
    "exponential_decay": lambda p: [(0, LAST_STEP, p["base_lr"], 0.0)],
    "warmup_stable_decay": lambda p: [
        (0, p["warmup_steps"] - 1, p["warmup_start"], p["base_lr"]),
        (p["warmup_steps"], p["total_steps"] - p["decay_steps"], p["base_lr"], p["base_lr"]),
        (p["total_steps"] - p["decay_steps"], p["total_steps"] if p["decay_steps"] else 0, p["base_lr"], p["final_lr"]),
    ],
    "megatron_lr": lambda p: [
        (0, p["lr_warmup_steps"], p["init_lr"], p["max_lr"]),
        *(
            [(p["lr_warmup_steps"], LAST_STEP, p["max_lr"], p["max_lr" if p["lr_decay_style"] == "constant" else "min_lr"])]
            if p["lr_warmup_steps"] or p.get("wsd_decay_steps", 0) <= p["lr_decay_steps"]
            else []
        ),
    ],
    "megatron_wd": lambda p: [(0, p["wd_incr_steps"], p["start_wd"], p["end_wd"])],
    "with_warmup": lambda p: [(0, p["warmup_steps"], p["start_lr"], p["schedule"](0))],
}
"""The phases in which a kind goes one way only: first and last step, and the rates there."""


@pytest.mark.parametrize("kind", PHASES)
def test_phases_are_monotone(kind: str) -> None:
    """Two steps of a phase are in the order of its ends, to 2 ulp of the larger end."""
    made = (
        st.builds(lrvec.with_warmup, simple, warmup_steps=counts, start_lr=rates)
        if kind == "with_warmup"
        else of_kind(kind)
    )

    @given(made, st.data())
    def check(schedule: Any, data: Any) -> None:
        for first, last, start, end in PHASES[kind](schedule.params):
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


HELD: dict[str, Any] = {
    **dict.fromkeys(("linear", "polynomial_decay"), ("total_steps", "end_lr")),
    "cosine": ("total_steps", "min_lr"),
    "megatron_wd": ("wd_incr_steps", "end_wd"),
}


@pytest.mark.parametrize("kind", HELD)
def test_the_end_is_held(kind: str) -> None:
    length, end = HELD[kind]

    @given(of_kind(kind), steps)
    def check(schedule: Any, beyond: int) -> None:
        assert schedule(0) == schedule.params[KINDS[kind].parameters[0]]
        assert same(schedule(min(schedule.params[length] + beyond, LAST_STEP)), schedule.params[end])

    check()


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
    st.dictionaries(st.text(max_size=3), st.floats(1e-3, 1e3), min_size=1, max_size=4),
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
        st.dictionaries(st.text(max_size=3), st.floats(5e-324, 1e3), min_size=1, max_size=4),
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


@pytest.mark.parametrize("trip", ROUND_TRIPS.values(), ids=ROUND_TRIPS)
def test_round_trips(trip: Any) -> None:
    @given(everything, st.lists(steps, min_size=1, max_size=10))
    def check(schedule: Any, at: list[int]) -> None:
        back = trip(schedule)
        assert type(back) is type(schedule)
        assert back == schedule
        assert (back != schedule) is False
        assert hash(back) == hash(schedule)
        assert repr(back) == repr(schedule)
        assert back.to_dict() == schedule.to_dict()
        assert values(back, at) == values(schedule, at)

    check()


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
    @given(parameters(kind), parameters(kind))
    def check(one: dict[str, Any], other: dict[str, Any]) -> None:
        assume(set(one) == set(other))  # not a step_decay with drop beside one with gamma
        made = KINDS[kind].make(one)
        for name in one:
            changed = consistent(kind, {**one, name: other[name]})
            assume(changed.get("total_steps", 0) <= LAST_STEP)
            if kind == "multi_step":  # in any order
                changed["milestones"], one["milestones"] = (
                    tuple(sorted(changed["milestones"])),
                    tuple(sorted(one["milestones"])),
                )
            assert (KINDS[kind].make(changed) != made) == (changed != one)
            assert (KINDS[kind].make(changed) == made) == (changed == one)

    check()
