"""These tests are about questions: first steps, phases. An answer is that of all values, which the tests walk through."""

from __future__ import annotations

import itertools
import math
import operator
import random
import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from cases import SOME, shuffled
from each import each, of_kind
from oracle import LARGEST, LAST_STEP, Exact, exact_sum, mp, ulp_error
from record import Case, marks_of

import lrvec
from lrvec._engine import RELATIONS, Table, reference
from lrvec._evaluate.tables import values_of
from lrvec._lowering.cycles import known

PYTHON = lrvec.engine == "python"
HOLDS = dict(zip(RELATIONS, (operator.lt, operator.le, operator.gt, operator.ge), strict=True))

every_case = each(SOME, of_kind)


def windows(case: Case, width: int) -> Iterator[range]:
    """Ranges of steps around the marks."""
    for mark in shuffled(marks_of(case), str(case))[:2]:
        start = max(0, mark - width // 2)
        yield range(start, min(start + width, LAST_STEP + 1))


def thresholds(values: Any, seed: str) -> Iterator[float]:
    """Some of the values, numbers next to these, and numbers between and beyond."""
    finite = values[np.isfinite(values)].tolist()
    for value in random.Random(seed).sample(finite, min(3, len(finite))):
        yield from (value, math.nextafter(value, LARGEST), math.nextafter(value, -LARGEST))
    if finite:
        low, high = min(finite), max(finite)
        yield from (low, high, low / 2 + high / 2)


def walked(values: Any, steps: range, relation: str, threshold: float) -> int:
    holds = HOLDS[relation](values, threshold)
    return steps[int(holds.argmax())] if holds.any() else -1


@every_case
def test_the_first_step_is_the_first(case: Case) -> None:
    """Every case, so every kind and every shape, and whatever their rounding does next to a flat place."""
    schedule = case.make()
    for steps in windows(case, 600 if PYTHON else 3000):
        values = schedule(steps)
        for threshold, relation in itertools.product(thresholds(values, str(case)), RELATIONS):
            asked: dict[str, Any] = {relation: threshold, "start": steps.start}
            asked["stop"] = steps.stop if steps.stop <= LAST_STEP else None
            found = lrvec.first_step(schedule, **asked)
            assert (found if found is not None else -1) == walked(values, steps, relation, threshold), asked


@every_case
def test_the_python_engine_finds_the_first_step_of_its_own_values(case: Case) -> None:
    table = reference.Table(known(case.make()._lower(), values_of))
    for steps in itertools.islice(windows(case, 120), 1):
        values = np.array([table.value(step) for step in steps])
        for threshold, number in itertools.product(itertools.islice(thresholds(values, str(case)), 4), (0, 3)):
            found = table.first_step(number, threshold, steps.start, steps.stop)
            assert found == walked(values, steps, RELATIONS[number], threshold), (steps, number, threshold)


def test_both_ends_of_a_curve_may_be_the_same_and_not_what_is_between() -> None:
    """This tail falls by less than an ulp over these steps, and next to a half one: the kernels' last rounding goes up
    and down again."""
    numbers = "-0x1.f1ea5069587f5p-9", "0x1.e90d201ad9e7ep3", "0x1.8a8fb01b55709p67", "0x1.8ap8", "0x1p-1", "0x1.3a65e6b1c9ac8p-5"
    table, start, count = Table([(0, 0, "tail", tuple(map(float.fromhex, numbers)))]), 471, 763
    values = [table.value(step) for step in range(start, start + count)]
    assert values[0] == values[-1] and (PYTHON or len(set(values)) == 2)
    for place, relation in enumerate(RELATIONS):
        walk = walked(np.array(values), range(start, start + count), relation, values[0])
        assert table.first_step(place, values[0], start, start + count) == walk
    seen = table.summarize_run(start, count)
    assert seen[3:5] == (min(values), max(values))
    assert seen[7:] == (values.index(min(values)), values.index(max(values)))
    assert table.peak(start, count)[4] == max(values)


LONG = {
    "a warm cosine": lrvec.warmup_cosine(base_lr=3e-4, min_lr=3e-5, start_lr=0.0, warmup_steps=2000, total_steps=3 * 10**12),
    "a tail": lrvec.inverse_sqrt(base_lr=0.1, warmup_steps=1000),
    "a staircase": lrvec.step_decay(base_lr=0.1, gamma=0.99, step_size=10**11),
    "a wave of waves": lrvec.repeat(lrvec.cosine_restarts(base_lr=1.0, min_lr=0.0, period=7, t_mult=2), period=10**13),
    "up and down": lrvec.mirrored(lrvec.polynomial(base_lr=1.0, end_lr=0.0, total_steps=10**14, power=3.0), length=10**14),
    "now and then": lrvec.every(lrvec.linear(base_lr=1.0, end_lr=0.0, total_steps=10**6), steps=10**9),
    "falling triangles": lrvec.exp_range(min_lr=0.1, max_lr=1.0, step_size=10**9, gamma=1.0 - 1e-12),
    "a falling product": lrvec.exponential(base_lr=1.0, gamma=1.0 - 1e-12) * lrvec.inverse_sqrt(base_lr=1.0, warmup_steps=1),
    "a floor": lrvec.clipped(lrvec.exponential(base_lr=1.0, gamma=1.0 - 1e-10), low=1e-3),
}


@pytest.mark.skipif(PYTHON, reason="the compiled engine alone can walk there")
@pytest.mark.parametrize("name", LONG)
def test_first_steps_far_away(name: str) -> None:
    schedule = LONG[name]
    values = schedule([10**k for k in range(15)])
    for threshold in values.tolist():
        for relation, holds in HOLDS.items():
            found = lrvec.first_step(schedule, **{relation: threshold}, start=3000)
            if found is None:
                assert not any(holds(value, threshold) for value in values[4:].tolist())
            else:
                assert holds(schedule(found), threshold)
                before = schedule(range(max(3000, found - 100_000), found))
                assert not any(holds(before, threshold))


def test_first_steps_of_rows() -> None:
    """A row has the answer of its schedule; a sweep broadcasts with the numbers that are asked for."""
    base = np.geomspace(1e-4, 1.0, 5)
    sweep = lrvec.with_warmup(
        lrvec.cosine(base_lr=base[:, None], min_lr=0.0, total_steps=[50, 700, 3000]), warmup_steps=[3, 50, 9], start_lr=0.0
    )
    limits = np.array([1e-3, 0.02, 0.5])
    for workers in (1, 3):
        found = lrvec.first_step(sweep, below=limits, start=60, workers=workers)
        assert found.dtype == np.int64
        assert found.shape == (5, 3)
        for index in np.ndindex(5, 3):
            assert found[index] == lrvec.first_step(sweep[index], below=limits[index[1]], start=60)
    bounds = lrvec.first_step(sweep[:, 1], above=[[1e-5], [0.3]], stop=[[40], [80]])
    assert bounds.shape == (2, 5)
    assert bounds[1].tolist() == [-1, -1, -1, -1, lrvec.first_step(sweep[4, 1], above=0.3)]
    assert lrvec.first_step(sweep[0, 0], at_least=[1e-5, 9.0]).tolist() == [1, -1]
    mixed = lrvec.stack([sweep[0, 0], lrvec.constant(lr=1e-9), lambda step: 1.0 / (step + 1)])
    assert lrvec.first_step(mixed, below=1e-2, stop=200).tolist() == [0, 0, 100]


def test_what_first_step_refuses() -> None:
    schedule = lrvec.constant(lr=1.0)
    for error, message, asked in (
        (TypeError, "exactly one of below and at_most and above and at_least must be given, received none", {}),
        (TypeError, "at_least must be given, received below and above", {"below": 1.0, "above": 2.0}),
        (ValueError, "below must be a finite number, received nan", {"below": math.nan}),
        (ValueError, "above at index 1 must be a finite number", {"above": [1.0, math.inf]}),
        (TypeError, "at_least must be a finite number, received 'x'", {"at_least": "x"}),
        (ValueError, "start must be less than stop, received 5 and 5", {"below": 1.0, "start": 5, "stop": 5}),
        (ValueError, "start at index 1 must be less than stop, received 9", {"below": 1.0, "start": [1, 9], "stop": 7}),
        (ValueError, "stop must be at most 2[*][*]53", {"below": 1.0, "stop": 2**53 + 1}),
        (ValueError, "start must be a non-negative integer, received -1", {"below": 1.0, "start": -1}),
    ):
        with pytest.raises(error, match=message):
            lrvec.first_step(schedule, **asked)
    with pytest.raises(ValueError, match="stop must be given for a callable"):
        lrvec.first_step(lambda step: 1.0, below=0.5)
    with pytest.raises(TypeError, match="schedule must be a schedule"):
        lrvec.first_step(0.5, below=1.0)  # type: ignore[call-overload]


# ---- phases ----


@every_case
def test_phases_are_all_steps_one_after_another(case: Case) -> None:
    schedule = case.make()
    for stop in (None, 1, 5000, LAST_STEP):
        phases = schedule.phases(stop)
        assert [phase.start for phase in phases] == [0, *(phase.stop for phase in phases[:-1])]
        assert phases[-1].stop == stop
        lasts = [LAST_STEP if phase.stop is None else phase.stop - 1 for phase in phases]
        ends = schedule(np.array([[phase.start for phase in phases], lasts]))
        assert np.array_equal(ends, [[phase.first for phase in phases], [phase.last for phase in phases]], equal_nan=True)
        for phase, last in zip(phases, lasts, strict=True):
            if phase.name in ("warmup", "rise") and last > phase.start:
                assert phase.first < phase.last
            if phase.name == "decay" and last > phase.start:
                assert phase.first > phase.last
            if phase.name == "hold":
                assert phase.first == phase.last
            assert (phase.name == "warmup") <= (phase.start == 0)


def test_names_of_phases() -> None:
    def listed(schedule: Any, stop: int | None = None) -> list[tuple[int, int | None, str]]:
        return [phase[:3] for phase in schedule.phases(stop)]

    wsd = lrvec.warmup_stable_decay(
        base_lr=1.0, warmup_steps=2, decay_steps=4, total_steps=10, final_lr=0.0, warmup_start=0.0, decay_shape="1-sqrt"
    )
    assert listed(wsd) == [(0, 2, "warmup"), (2, 6, "hold"), (6, 10, "decay"), (10, None, "hold")]
    assert listed(wsd, stop=8) == [(0, 2, "warmup"), (2, 6, "hold"), (6, 8, "decay")]
    assert [phase.shape for phase in wsd.phases()] == ["line", "constant", "rise", "constant"]
    growing = lrvec.cosine_restarts(base_lr=1.0, min_lr=0.0, period=10, t_mult=2)
    assert listed(growing, stop=50) == [(0, 10, "cycle 1"), (10, 30, "cycle 2"), (30, 50, "cycle 3")]
    assert len(growing.phases()) == 50
    waves = lrvec.triangular(min_lr=0.0, max_lr=1.0, step_size=3)
    assert listed(waves) == [(0, None, "cycles")]
    assert listed(waves, stop=14) == [(0, 6, "cycle 1"), (6, 12, "cycle 2"), (12, 14, "cycle 3")]
    assert listed(lrvec.advance(waves, steps=8), stop=10) == [(0, 4, "cycle 2"), (4, 10, "cycle 3")]
    assert listed(lrvec.repeat(wsd, period=7, count=2)) == [(0, 7, "cycle 1"), (7, 14, "cycle 2"), (14, None, "hold")]
    assert listed(lrvec.step_decay(base_lr=1.0, gamma=0.5, step_size=9)) == [(0, None, "decay")]
    assert listed(waves + wsd) == [(0, None, "curve")]
    assert listed(lrvec.strided(wsd, stride=4)) == [(0, 1, "warmup"), (1, 2, "hold"), (2, 3, "decay"), (3, None, "hold")]
    assert listed(lrvec.every(wsd, steps=2.5)) == [(0, 5, "warmup"), (5, 15, "hold"), (15, 25, "decay"), (25, None, "hold")]
    assert listed(lrvec.delay(lrvec.strided(growing, stride=4), steps=1), stop=9)[1:4] == [(1, 4, "cycle 1"), (4, 9, "cycle 2")]
    one_step = lrvec.with_warmup(lrvec.constant(lr=1.0), warmup_steps=1, start_lr=0.0)
    assert listed(one_step) == [(0, 1, "warmup"), (1, None, "hold")]
    assert listed(lrvec.stretched(lrvec.advance(one_step, steps=3), by=2)) == [(0, None, "hold")]
    rising = lrvec.piecewise(steps=[0, 4, 6, 9], values=[0.0, 1.0, 0.5, 0.75])
    assert listed(rising) == [(0, 4, "warmup"), (4, 6, "decay"), (6, 9, "rise"), (9, None, "hold")]


@pytest.mark.parametrize("exponent", [1.0, 2.0])
def test_one_step_of_a_curve_is_a_phase(exponent: float) -> None:
    """Its name is the curve's, though a curve with an exponent waits for its second step."""
    fall = lrvec.cosine(base_lr=1.0, min_lr=0.0, total_steps=[1, 3], exponent=[1.0, exponent])
    cut_off = lrvec.decay_from(fall, step=1, decay_steps=[1, 4], final_lr=2.0, shape="exponential")
    plateau = lrvec.warmup_stable_decay(
        base_lr=1.0, warmup_steps=2, decay_steps=[1, 3], total_steps=9, final_lr=0.0, warmup_start=0.0, decay_shape="1-sqrt"
    )
    for sweep, names in ((fall, "decay hold"), (cut_off, "decay rise hold"), (plateau, "warmup hold decay hold")):
        for row in (0, 1):
            assert " ".join(sweep.phases().name[row]) == names
            assert " ".join(phase.name for phase in sweep[row].phases()) == names
    assert [phase.start for phase in plateau[0].phases()] == [0, 2, 8, 9]


def test_a_curve_whose_first_step_is_left_out_begins_behind_it() -> None:
    fall = lrvec.cosine(base_lr=1.0, min_lr=0.0, total_steps=100, exponent=2.0)
    for first in (lrvec.constant(lr=2.0), lrvec.linear(base_lr=2.0, end_lr=1.0, total_steps=9)):
        sweep = lrvec.join([(5, first), lrvec.advance(fall, steps=[0, 1])])
        assert sweep.phases().start.tolist() == [[0, 5, 105], [0, 5, 104]]
        assert [[phase.start for phase in sweep[row].phases()] for row in (0, 1)] == [[0, 5, 105], [0, 5, 104]]


def test_phases_of_a_sweep_are_those_of_its_rows() -> None:
    wsd = lrvec.warmup_stable_decay(
        base_lr=[[1.0], [0.5]], warmup_steps=[2, 0, 3], decay_steps=[4, 0, 9], total_steps=12, final_lr=0.0,
        warmup_start=0.0, decay_shape="1-sqrt",
    )  # fmt: skip
    restarts = lrvec.cosine_restarts(base_lr=1.0, min_lr=0.0, period=[10, 20], t_mult=[1, 2])
    mixed = lrvec.stack([lrvec.constant(lr=1.0), wsd[0, 0], lambda step: 0.5])
    faster, slower = lrvec.strided(wsd, stride=[2, 3, 5]), lrvec.every(wsd, steps=[2, 2**52, 7])
    for sweep, stop in itertools.product((wsd, restarts, mixed, faster, slower), (None, 100)):
        phases = sweep.phases(stop)
        assert (phases.start.dtype, phases.stop.dtype, phases.first.dtype) == (np.int64, np.int64, np.float64)
        assert {field.shape[:-1] for field in phases} == {sweep.shape}
        for index in np.ndindex(*sweep.shape):
            row = sweep[index].phases(stop) if hasattr(sweep[index], "phases") else [(0, stop, "curve", "call", 0.5, 0.5)]
            if sweep is restarts and index == (0,):
                row = [(0, stop, "cycles", "repeated_half_cosine", 1.0, sweep[0]((stop or LAST_STEP + 1) - 1))]
            there = phases.start[index] >= 0
            assert there.sum() == len(row)
            for place, wanted in enumerate(row):
                found = [field[index][place].item() for field in phases]
                assert (found[0], found[1] if found[1] >= 0 else None, *found[2:]) == tuple(wanted)
            assert (phases.name[index][~there] == "").all()


def test_what_phases_refuses() -> None:
    for stop, message in ((0, "stop must be a positive integer, received 0"), (2**53 + 1, "stop must be at most 2[*][*]53")):
        with pytest.raises(ValueError, match=message):
            lrvec.constant(lr=1.0).phases(stop)


# ---- sums and peaks ----

SUM_LIMIT = 8.0
"""ulp of the sum of the values' sizes, at most, between an integral and the exact sum."""


@every_case
def test_an_integral_is_the_sum_of_the_values(case: Case) -> None:
    schedule = case.make()
    marks = marks_of(case)[:3]
    for mark, width in (*((mark, 1600) for mark in marks[: 0 if PYTHON else 3]), (marks[-1], 5_000 if PYTHON else 30_000)):
        start = max(0, min(mark - width // 2, LAST_STEP - width))
        values = schedule(range(start, start + width))
        sizes = abs(values)
        if not sizes.max() < 1e300:
            continue
        one = max(math.ulp(sizes.sum()), width * 5e-324)
        if values.min() < 0.0 < values.max():  # the values err by so much, the integral does not
            one = max(one, math.ulp(abs(schedule(marks_of(case))).max()))
        total = lrvec.integral(schedule, start, start + width)
        assert abs(total - math.fsum(values.tolist())) <= SUM_LIMIT / 2 * one, (start, width)
        places = (int(values.argmin()), int(values.argmax()))
        found = lrvec.summarize(schedule, range(start, start + width))
        assert (found.sum, found.min_step - start, found.max_step - start) == (total, *places), (start, width)
        assert (found.min, found.max, found.first, found.last) == (*values[[*places]], values[0], values[-1])
        assert lrvec.peak(schedule, start, start + width) == (found.max_step, found.max)


@pytest.mark.parametrize("width", [700, 1000, 1024, 1459, 2000])
@pytest.mark.parametrize("first", [1.6830078889136286, 1e3, 3e5])
def test_values_that_are_added_one_by_one_are_not_rounded_each_time(first: float, width: int) -> None:
    """Beside one large value each small one was rounded to that one's ulp, and in the same way."""
    plateau = lrvec.join([(1, lrvec.constant(lr=first)), lrvec.constant(lr=-0.00017371694178672844)])
    schedule = lrvec.maximum(plateau, lrvec.linear(base_lr=-59.3, end_lr=-58.1, total_steps=10**4))
    exact = sum(map(Fraction, schedule(range(width)).tolist()))
    size = math.ulp(float(np.abs(schedule(range(width))).sum()))
    assert abs(Fraction(lrvec.integral(schedule, 0, width)) - exact) <= 2 * Fraction(size)


def test_the_sum_of_a_curve_whose_clock_begins_below_zero() -> None:
    """As many steps before the clock's zero as behind it had been left out, since such steps of a line add up to nothing."""
    curve = lrvec.exponential_decay(base_lr=7e-4, decay_rate=1.11, decay_steps=238)
    copies = lrvec.cycles(lrvec.cycles(curve, length=1, t_mult=1.5, peak_factor=0.8), length=462, t_mult=1.5, peak_factor=0.5)
    for start in range(15_000, 15_040):
        for stop in (15_034, 15_050, 15_089, 16_000):
            if start < stop:
                exact = math.fsum(copies(range(start, stop)).tolist())
                assert abs(lrvec.integral(copies, start, stop) - exact) <= 4 * math.ulp(exact), (start, stop)


@pytest.mark.parametrize("bent", [
    lambda length, low: lrvec.clipped(lrvec.cosine(base_lr=7e-4, min_lr=0.0, total_steps=length), low=low),
    lambda length, low: lrvec.clipped(lrvec.linear(base_lr=0.0, end_lr=7e-4, total_steps=length), high=low),
    lambda length, low: lrvec.maximum(
        lrvec.cosine(base_lr=7e-4, min_lr=low / 9, total_steps=length), lrvec.exponential(base_lr=7e-4, gamma=1 - 6 / length)
    ),
    lambda length, low: lrvec.minimum(
        lrvec.linear(base_lr=7e-4, end_lr=0.0, total_steps=length),
        lrvec.inverse_sqrt(base_lr=9 * low, warmup_steps=length // 50),
        lrvec.constant(lr=4 * low),
    ),
    lambda length, low: lrvec.maximum(
        lrvec.strided(lrvec.cosine(base_lr=7e-4, min_lr=0.0, total_steps=2 * length), stride=2),
        lrvec.linear(base_lr=1.0, end_lr=0.0, total_steps=length) * lrvec.exponential(base_lr=low, gamma=0.9999) + low,
    ),
    lambda length, low: lrvec.repeat(
        lrvec.mirrored(lrvec.clipped(lrvec.polynomial(base_lr=7e-4, end_lr=0.0, total_steps=length, power=2.0), low=low), length=length),
        period=2 * length,
    ),
    lambda length, low: lrvec.megatron_lr(
        init_lr=0.0, max_lr=7e-4, min_lr=2 * low, lr_warmup_steps=length // 50, lr_decay_steps=10**6, lr_decay_style="inverse-square-root"
    ),
])  # fmt: skip
def test_the_sum_of_a_curve_with_a_bend(bent: Any) -> None:
    """Between the values that a sum is made of nothing shows the bend, and some were off by 1e-8 of the sum, or by 1e-4."""
    drawn = random.Random(0)
    for _ in range(4 if PYTHON else 400):
        schedule = bent(drawn.randrange(3_000, 30_000), drawn.uniform(2e-5, 2e-4))
        width = drawn.randrange(5_000, 60_000)
        exact = exact_sum(schedule(range(width)))
        assert abs(lrvec.integral(schedule, 0, width) - exact) <= SUM_LIMIT / 2 * math.ulp(exact), (schedule, width)


def test_integrals_over_more_steps_than_anybody_can_add() -> None:
    n = 10**12

    def error(schedule: Any, start: int, stop: int, exact: Any) -> float:
        return ulp_error(lrvec.integral(schedule, start, stop), Exact(exact, abs(exact)))

    third = mp.mpf(0.3)
    line = lrvec.linear(base_lr=0.3, end_lr=0.0, total_steps=n)
    assert error(line, 0, n, third * (n + 1) / 2) < SUM_LIMIT
    wave = lrvec.cosine(base_lr=0.3, min_lr=0.0, total_steps=n)
    assert error(wave, 0, n, third * (n + 1) / 2) < SUM_LIMIT
    quarter = n // 4
    turn = mp.pi / n
    half = (mp.sin((quarter - mp.mpf(1) / 2) * turn) / mp.sin(turn / 2) + 1) / 2
    assert error(wave, 0, quarter, third * (quarter + half) / 2) < SUM_LIMIT
    assert error(wave, quarter, n, third * (3 * quarter + 1 - half) / 2) < SUM_LIMIT
    assert error(line, quarter, n, third * mp.mpf((n - quarter) * (n - quarter + 1)) / (2 * n)) < SUM_LIMIT
    across = lrvec.linear(base_lr=1.7e308, end_lr=-1.7e308, total_steps=n)
    assert lrvec.integral(across, 1, n) == 0.0
    factor = mp.mpf(1.0 - 1e-10)
    tail = lrvec.exponential(base_lr=0.3, gamma=1.0 - 1e-10)
    assert error(tail, 0, n, third * (1 - factor**n) / (1 - factor)) < SUM_LIMIT
    stairs = lrvec.step_decay(base_lr=0.3, gamma=0.999, step_size=10**8)
    factor = mp.mpf(0.999)
    assert error(stairs, 0, n, third * 10**8 * (1 - factor**10_000) / (1 - factor)) < SUM_LIMIT
    power = lrvec.polynomial(base_lr=0.3, end_lr=0.0, total_steps=n, power=2.0)
    assert error(power, 0, n, third * mp.mpf((n + 1) * (2 * n + 1)) / (6 * n)) < SUM_LIMIT
    triangles = lrvec.triangular(min_lr=0.0, max_lr=0.3, step_size=1000)
    assert error(triangles, 0, n, third * n / 2) < SUM_LIMIT
    for sign in (1.0, -1.0):
        for gamma in (2.0, 1.0 + 1e-9, 1.0 + 1e-12):
            overflowing = lrvec.exponential(base_lr=sign, gamma=gamma)
            assert lrvec.integral(overflowing, 0, 2**53) == sign * math.inf


def test_integrals_on_the_way_beyond_the_doubles_and_back() -> None:
    """The sum of the first steps is infinite as a double, and that of all of them is not: it is 5, beside sizes of 1e312."""
    limit = 1e308 / 2**40
    there = lrvec.linear(base_lr=1e308, end_lr=1e307, total_steps=9_999)
    schedule = lrvec.join([(10_000, there), (10_000, -1.0 * there), (5, lrvec.constant(lr=1.0))])
    assert lrvec.integral(schedule, 0, 9_000) == math.inf
    assert abs(lrvec.integral(schedule, 0, 20_005)) < limit
    assert lrvec.summarize(schedule, range(20_005)).sum == lrvec.integral(schedule, 0, 20_005)
    rows = lrvec.scaled(schedule, factor=[1.0, 0.5])
    assert np.all(np.abs(lrvec.integral(rows, 0, 20_005)) < limit)
    held = lrvec.join([(100, lrvec.constant(lr=1e308)), (100, lrvec.constant(lr=-1e308)), (5, lrvec.constant(lr=1.0))])
    assert lrvec.integral(held, 0, 205) == 5.0


def test_integrals_and_peaks_of_rows() -> None:
    sweep = lrvec.with_warmup(
        lrvec.cosine(base_lr=[[0.1], [0.3]], min_lr=0.0, total_steps=[50, 700, 3000]), warmup_steps=[3, 50, 9], start_lr=0.0
    )
    sums = lrvec.integral(sweep, [0, 5, 900], 4000)
    steps, values = lrvec.peak(sweep)
    for index in np.ndindex(2, 3):
        assert sums[index] == lrvec.integral(sweep[index], [0, 5, 900][index[1]], 4000)
        assert (steps[index], values[index]) == lrvec.peak(sweep[index], stop=5000)
    assert lrvec.integral(lambda step: step / 2, 1, 4) == 3.0
    assert lrvec.peak(lambda step: 1.0 - step, stop=9) == (0, 1.0)


def test_what_integral_and_peak_refuse() -> None:
    schedule = lrvec.constant(lr=1.0)
    with pytest.raises(ValueError, match="start must be less than stop, received 5 and 5"):
        lrvec.integral(schedule, 5, 5)
    with pytest.raises(ValueError, match="stop must be at most 2[*][*]53"):
        lrvec.integral(schedule, 0, 2**53 + 1)
    with pytest.raises(ValueError, match="stop must be given for a callable"):
        lrvec.peak(lambda step: 1.0)


# ---- steps of sums, and annealing areas ----

WARM = lrvec.with_warmup(
    lrvec.cosine(base_lr=[[0.1], [0.3]], min_lr=0.001, total_steps=[50, 700, 3000]), warmup_steps=[3, 50, 9], start_lr=0.0
)


def test_the_step_of_a_sum_is_the_first() -> None:
    starts, stop = np.array([0, 7, 300]), 4000
    totals = lrvec.integral(WARM, starts, 1500 + starts)
    for total in (totals, np.nextafter(totals, np.inf), totals / 1e3, 1e-9):
        found = lrvec.step_of_sum(WARM, total, starts, stop)
        assert found.dtype == np.int64
        assert (lrvec.integral(WARM, starts, found) >= total).all()
        before = np.maximum(found - 1, starts + 1)
        assert ((lrvec.integral(WARM, starts, before) < total) | (before == starts + 1)).all()
        row = np.broadcast_to(total, WARM.shape)[1, 2].item()
        assert lrvec.step_of_sum(WARM[1, 2], row, 300, stop) == found[1, 2]
    first = 1 + int(np.argmax(np.cumsum(WARM[0, 0](range(40))) >= 1.0))
    assert lrvec.step_of_sum(WARM, [[1.0], [100.0]], stop=[40, 3000, 3100])[:, 0].tolist() == [first, -1]
    assert lrvec.step_of_sum(WARM[0, 0], [1e9, 1.0], stop=3000).tolist() == [-1, first]
    assert lrvec.step_of_sum(WARM[0, 0], 1e9, stop=3000) is None
    assert lrvec.step_of_sum(lambda step: 0.5, 2.0, stop=99) == 4
    assert lrvec.step_of_sum(lrvec.linear(base_lr=1.0, end_lr=-1.0, total_steps=8), 1.75) == 2  # before values are negative
    assert lrvec.step_of_sum(lrvec.constant(lr=0.5), 2.0**52) == LAST_STEP
    assert lrvec.step_of_sum(lrvec.linear(base_lr=1.0, end_lr=0.0, total_steps=9), 9.0) is None


@pytest.mark.parametrize("decay", [0.0, 0.5, 0.999])
def test_an_annealing_area_is_that_of_the_definition(decay: float) -> None:
    wave = lrvec.triangular(min_lr=0.1, max_lr=1.0, step_size=40)
    for schedule, start, stop in ((WARM[1, 1], 0, 2000), (wave, 5, 999), (wave, 7, 8), (wave, 7, 9)):
        area = momentum = mp.mpf(0)
        values = [mp.mpf(value) for value in schedule(range(start, stop)).tolist()]
        for before, value in itertools.pairwise(values):
            momentum = decay * momentum + before - value
            area += momentum
        found = lrvec.annealing_area(schedule, start, stop, decay)
        assert abs(found - area) <= 8 * math.ulp(float(max(values))) / (1.0 - decay)
    areas = lrvec.annealing_area(WARM, 2, 900, decay)
    assert areas.shape == WARM.shape
    for index in np.ndindex(*WARM.shape):
        one = lrvec.annealing_area(WARM[index], 2, 900, decay)
        assert abs(areas[index] - one) <= 4 * math.ulp(0.3) / (1.0 - decay)


def test_numbers_that_do_not_broadcast_are_named() -> None:
    one, rows, three = lrvec.constant(lr=1.0), lrvec.constant(lr=[1.0, 2.0]), [1, 2, 3]
    for received, ask in (
        ("schedule (2,), stop (3,)", lambda: lrvec.integral(rows, 0, three)),
        ("schedule (2,), below (3,)", lambda: lrvec.first_step(rows, below=three)),
        ("at_least (2,), start (3,)", lambda: lrvec.first_step(one, at_least=[1.0, 2.0], start=three)),
        ("schedule (2,), total (3,)", lambda: lrvec.step_of_sum(rows, three)),
        ("total (2,), start (3,)", lambda: lrvec.step_of_sum(one, [1.0, 2.0], three)),
    ):
        with pytest.raises(ValueError, match=re.escape(f"the shapes of the parameters must broadcast, received {received}")):
            ask()


def test_what_sums_and_areas_refuse() -> None:
    falls = lrvec.linear(base_lr=1.0, end_lr=-1.0, total_steps=8)
    for error, message, ask in (
        (ValueError, "total must be a positive number, received 0.0", lambda: lrvec.step_of_sum(falls, 0.0)),
        (ValueError, "total must be a finite number, received nan", lambda: lrvec.step_of_sum(falls, math.nan)),
        (ValueError, "total at index 1 must be a positive number", lambda: lrvec.step_of_sum(falls, [1.0, -1.0])),
        (ValueError, "start must be less than stop, received 5 and 5", lambda: lrvec.step_of_sum(falls, 1.0, 5, 5)),
        (ValueError, "stop must be at most 2[*][*]53", lambda: lrvec.step_of_sum(falls, 1.0, 5, 2**53 + 1)),
        (ValueError, "stop must be given for a callable", lambda: lrvec.step_of_sum(lambda step: 1.0, 1.0)),
        (
            ValueError,
            "schedule must not be negative, or its sum falls, received a negative value at step 5",
            lambda: lrvec.step_of_sum(falls, 9.0, stop=99),
        ),
        (TypeError, "schedule must be a schedule", lambda: lrvec.step_of_sum(0.5, 1.0)),
        (ValueError, "decay must satisfy 0 <= decay < 1, received 1.0", lambda: lrvec.annealing_area(falls, 0, 9, 1.0)),
        (ValueError, "decay must be a finite number, received nan", lambda: lrvec.annealing_area(falls, 0, 9, math.nan)),
        (ValueError, "start must be less than stop, received 9 and 9", lambda: lrvec.annealing_area(falls, 9, 9, 0.5)),
    ):
        with pytest.raises(error, match=message):
            ask()
