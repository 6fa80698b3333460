"""These tests compare every kind with the exact value of its formula, which mpmath computes."""

from __future__ import annotations

import math

import numpy as np
import pytest
from cases import CASES, FORMULAS, GROUPS, SOME, STACKS, WITNESSES, limit, steps_of
from each import each, of_kind
from kinds import RECORDS
from oracle import ACCEPTED, HUGE, LARGEST, LAST_STEP, LIMIT, Exact, mp, nearest, ulp_error
from record import KINDS, Case, ends_of, exact, held_from

import lrvec


def test_every_kind_has_a_record_with_cases() -> None:
    """And a formula, unless its rows are those of schedules."""
    assert set(RECORDS) == set(KINDS)
    assert {case.kind for case in (*CASES, *GROUPS, *STACKS)} == set(KINDS)
    for kind, record in RECORDS.items():
        assert {case.kind for case in record.cases} == {kind}


@pytest.mark.parametrize("kind", FORMULAS)
def test_every_parameter_matters(kind: str) -> None:
    """To the table of cases: each one takes several values in it."""
    for name in KINDS[kind].parameters:
        seen = {str(case.params.get(name)) for case in CASES if case.kind == kind}
        assert len(seen) > 1, name


def test_cases_have_names_of_their_own() -> None:
    names = [str(case) for case in (*CASES, *GROUPS, *STACKS)]
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_the_measure() -> None:
    """Errors are counted in the distance between doubles, into the subnormals and to infinity."""
    one = Exact(mp.mpf(1), 1)
    assert ulp_error(1.0, one) == 0.0
    assert ulp_error(1.0 + 2.0**-52, one) == 1.0
    assert ulp_error(1.0 - 2.0**-52, one) == 1.0
    assert ulp_error(1.5, Exact(mp.mpf(1), 2**52)) == 0.5
    assert ulp_error(0.0, Exact(mp.mpf(5e-324), 5e-324)) == 1.0
    assert ulp_error(0.0, Exact(mp.mpf(2) ** -1076, mp.mpf(2) ** -1076)) == 0.25
    assert ulp_error(math.inf, Exact(mp.mpf(2) ** 1024, mp.mpf(2) ** 1024)) == 0.0
    assert ulp_error(math.inf, Exact(mp.mpf(10) ** 999, mp.mpf(10) ** 999)) == 0.0
    assert ulp_error(math.inf, Exact(mp.mpf(math.nextafter(math.inf, 0)), 1e308)) == 1.0
    assert ulp_error(-math.inf, Exact(mp.mpf(10) ** 999, mp.mpf(10) ** 999)) > 1e15
    assert ulp_error(math.nan, one) == math.inf
    for value in (1.0, -0.1, 5e-324, -1.7e308, 2.0**-1022 - 5e-324, 0.0):
        assert nearest(mp.mpf(value)) == value
    assert nearest(mp.mpf(0.1) + mp.mpf(2) ** -200) == 0.1
    assert nearest(mp.mpf(2) ** -1075 * 1.5) == 5e-324
    assert nearest(-(mp.mpf(2) ** 1024)) == -math.inf


@each(SOME, of_kind)
def test_within_the_limit(case: Case) -> None:
    schedule = case.make()
    errors = {step: ulp_error(schedule(step), exact(case, step)) for step in steps_of(case)}
    worst = max(errors, key=errors.__getitem__)
    more = 0.5 if lrvec.engine == "python" and case.kind == "stretched" else 0.0  # a real position is rounded once more
    assert errors[worst] <= limit(case) + more, f"step {worst}: {schedule(worst)!r} for {nearest(exact(case, worst).value)!r}"


@each(WITNESSES, lambda witness: witness[0].kind)
def test_the_hardest_values_are_within_the_limit(witness: tuple[Case, int]) -> None:
    case, step = witness
    bound = ACCEPTED if lrvec.engine == "compiled" else limit(case)
    assert ulp_error(case.make()(step), exact(case, step)) <= bound


def are(got: list[float], wanted: list[float]) -> bool:
    """Whether these are the very values; for the Python engine, which promises no more, whether they are within the
    limit of them."""
    if lrvec.engine == "compiled":
        return got == wanted
    exacts = [mp.mpf(value) if math.isfinite(value) else math.copysign(1, value) * HUGE for value in wanted]
    return all(ulp_error(one, Exact(value, abs(value))) <= LIMIT for one, value in zip(got, exacts, strict=True))


@each(SOME, of_kind)
def test_ends_are_exact(case: Case) -> None:
    """Where a formula gives a parameter's own value, so does the schedule; past its end the schedule holds."""
    schedule = case.make()
    ends = ends_of(case)
    got, wanted = [schedule(step) for step in ends], [nearest(exact(case, step).value) for step in ends]
    assert are(got, wanted), list(zip(ends, got, wanted, strict=True))
    held = held_from(case)
    if held is not None and held < LAST_STEP:
        beyond = {held, held + 1, held + 2, held * 2 + 5, held + 2**40, LAST_STEP - 1, LAST_STEP}
        values = [schedule(step) for step in sorted(beyond) if step <= LAST_STEP]
        assert values == [schedule(held)] * len(values)


RATES = [
    (LARGEST, -LARGEST),
    (-LARGEST, LARGEST),
    (LARGEST, -(2.0**970)),
    (1e308, -1.2e308),
    (LARGEST, 5e-324),
    (5e-324, LARGEST),
]


@pytest.mark.parametrize(("first", "last"), RATES)
@pytest.mark.parametrize("length", [1, 2, 3, 242, 1000])
def test_no_rate_is_too_large(first: float, last: float, length: int) -> None:
    """Where the difference of two rates is infinite as a double: values have their digits, and ends are exact."""
    span = {"base_lr": first, "total_steps": length}
    wave = {"min_lr": first, "max_lr": last, "step_size": length}
    cases = [
        Case("linear", {**span, "end_lr": last}),
        Case("cosine", {**span, "min_lr": last}),
        *(Case("polynomial", {**span, "end_lr": last, "power": power}) for power in (0.5, 2.0, 2.5, 40.0, 400.0)),
        *(Case("cosine_restarts", {"base_lr": first, "min_lr": last, "period": length, "t_mult": t}) for t in (1, 2)),
        *(Case(kind, wave) for kind in ("triangular", "triangular2")),
        *(Case("exp_range", {**wave, "gamma": gamma}) for gamma in (0.5, 1.0, 1.1, -1.01)),
    ]
    for case in cases:
        schedule = case.make()
        for step in [step for step in steps_of(case, near=2, anywhere=2) if step <= 10_000]:
            wanted, got = exact(case, step), schedule(step)
            assert ulp_error(got, wanted) <= LIMIT, (case, step)
            assert math.isinf(got) == math.isinf(nearest(wanted.value)), (case, step)
        assert are([schedule(0)], [first]), case


@pytest.mark.parametrize("case", GROUPS, ids=str)
def test_groups_are_within_the_limit(case: Case) -> None:
    groups = case.make()
    base = case.params["schedule"]
    for name, multiplier in case.params["multipliers"].items():
        for step in steps_of(base, anywhere=10):
            value, size = exact(base, step)
            error = ulp_error(groups(step)[name], Exact(value * multiplier, size * multiplier))
            assert error <= limit(base), (name, step)


# ---- under- and overflow, in closed form ----


def test_underflow_is_gradual() -> None:
    steps = range(1010, 1080)
    for first in (1.0, 3.0, -1.0):
        halves = [math.ldexp(first, -step) for step in steps]
        assert are(lrvec.exponential(base_lr=first, gamma=0.5)(steps).tolist(), halves)
        assert are(lrvec.step_decay(base_lr=first, gamma=0.5, step_size=1)(steps).tolist(), halves)
    halves = [math.ldexp(1.0, -step) for step in steps]
    assert are(lrvec.exponential_decay(base_lr=1.0, decay_rate=0.25, decay_steps=2)(steps).tolist(), halves)
    assert are(
        lrvec.triangular2(min_lr=0.0, max_lr=1.0, step_size=1)([2 * step + 1 for step in steps]).tolist(), halves
    )
    assert are(
        lrvec.exp_range(min_lr=0.0, max_lr=1.0, step_size=1, gamma=0.5)([1073, 1075, 1077]).tolist(), [1e-323, 0, 0]
    )
    for schedule in (lrvec.exponential(base_lr=1.0, gamma=0.5), lrvec.exponential(base_lr=1.0, gamma=1e-300)):
        assert schedule([1080, 2000, LAST_STEP]).tolist() == [0.0, 0.0, 0.0]


def test_overflow_is_infinite() -> None:
    inf = math.inf
    for first in (1.0, -1.0):
        schedule = lrvec.exponential(base_lr=first, gamma=2.0)
        values = [first * value for value in (2.0**1000, 2.0**1023, inf, inf, inf)]
        assert are(schedule([1000, 1023, 1024, 1025, LAST_STEP]).tolist(), values)
        assert are([schedule(1023), schedule(1024)], values[1:3])
    alternating = lrvec.exponential(base_lr=-1.0, gamma=-2.0)
    assert are(alternating([1023, 1024, 1025, LAST_STEP]).tolist(), [2.0**1023, -inf, inf, -inf])
    stairs = lrvec.step_decay(base_lr=1e-300, gamma=1e200, step_size=7)
    powers = [nearest(mp.mpf(1e-300) * mp.mpf(1e200) ** n) for n in (1, 2, 3)]
    assert are(stairs([13, 14, 21, 28]).tolist(), [*powers, inf])
    swing = lrvec.exp_range(min_lr=0.0, max_lr=-1.0, step_size=10, gamma=2.0)
    assert swing([1990, 1999, 2000, 2020]).tolist() == [-inf, -inf, 0.0, 0.0]
    for first, end in ((1.0, inf), (-1e-300, -inf), (0.0, 0.0)):  # a clock of fractions of steps, which starts between two
        for rate in (first, [first, first]):
            steep = lrvec.stretched(lrvec.delay(lrvec.exponential(base_lr=rate, gamma=1e300), steps=1), by=0.3)
            assert np.asarray(steep([0, 1, 2])).reshape(-1, 3)[-1].tolist() == [first, end, end]
    assert lrvec.scale_by_group(lrvec.constant(lr=1e200), multipliers={"a": 1e200})(0) == {"a": inf}


@pytest.mark.parametrize(
    ("kind", "params"),
    [
        ("exponential", {"base_lr": 1e300, "gamma": 1e10}),
        ("exponential", {"base_lr": 1e-300, "gamma": 1e-10}),
        ("step_decay", {"base_lr": 1e300, "gamma": 1e10, "step_size": 1}),
        ("step_decay", {"base_lr": 1e-300, "drop": 1e-10, "step_size": 1}),
        ("exp_range", {"min_lr": 0.0, "max_lr": 1e300, "gamma": 1e10, "step_size": 1}),
        ("exp_range", {"min_lr": 0.0, "max_lr": 1e-300, "gamma": 1e-10, "step_size": 1}),
    ],
)
def test_overflow_and_underflow_are_silent(kind: str, params: dict[str, float]) -> None:
    """Also where numpy is asked to raise, and in every way of asking."""
    schedule = Case(kind, params).make()
    wanted = 0.0 if 1e-300 in params.values() else math.inf
    with np.errstate(all="raise"):
        assert schedule(101) == wanted
        assert schedule(101, dtype=np.float32) == wanted
        for steps in ([101], range(101, 102), np.array([101]), np.array([101], ">i2")):
            assert schedule(steps).tolist() == [wanted]
            assert schedule(steps, dtype=np.float32).tolist() == [wanted]
            assert schedule(steps, out=np.zeros(2)[::2]).tolist() == [wanted]
            assert schedule(steps, out=np.zeros(2, np.float32)[::2]).tolist() == [wanted]


@pytest.mark.parametrize("rate", [1e200, 1e-200])
def test_overflow_and_underflow_of_groups_are_silent(rate: float) -> None:
    groups = lrvec.scale_by_group(lrvec.constant(lr=rate), multipliers={"": rate})
    wanted = 0.0 if rate < 1.0 else math.inf
    with np.errstate(all="raise"):
        assert groups(3) == {"": wanted}
        for steps in ([101], range(101, 102), np.array([101]), np.array([101], ">i2")):
            assert groups(steps)[""].tolist() == [wanted]
            assert groups.matrix(steps).tolist() == [[wanted]]
            assert groups.matrix(steps, out=np.zeros((1, 1), np.float32)).tolist() == [[wanted]]


def test_close_to_the_floor_no_digit_is_lost() -> None:
    """Where 0.5 * (1 + cos(pi t / T)) has lost six digits and more, and 1 - sqrt(t / T) all but one."""
    bound = 1.0 if lrvec.engine == "compiled" else 2.0  # which squares a rounded sine
    million = lrvec.cosine(base_lr=1.0, min_lr=0.0, total_steps=10**6)
    value = million(10**6 - 1)
    assert ulp_error(value, Exact(wanted := (1 + mp.cospi(mp.mpf(10**6 - 1) / 10**6)) / 2, wanted)) <= bound
    assert abs(0.5 * (1.0 + math.cos(math.pi * (10**6 - 1) / 10**6)) / value - 1.0) > 1e-6  # the test can tell
    tail = lrvec.warmup_stable_decay(
        base_lr=1.0,
        warmup_steps=0,
        decay_steps=2**53,
        total_steps=2**53,
        final_lr=0.0,
        warmup_start=0.0,
        decay_shape="1-sqrt",
    )
    assert ulp_error(tail(2**53 - 1), Exact(wanted := 1 - mp.sqrt(1 - mp.mpf(2) ** -53), wanted)) <= bound
