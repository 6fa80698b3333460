"""These tests are about summaries: they are exact except for the sum, whose error keeps its bound."""

from __future__ import annotations

import math
import sys
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from cases import SOME, shuffled, steps_of
from each import each, of_kind
from oracle import LARGEST, exact_sum
from record import Case

import lrvec
from lrvec._evaluate import sizes

PYTHON = lrvec.engine == "python"
MANY = 1_300_000 if not PYTHON else 5_000
U = 2.0**-53

every_case = each(SOME, of_kind)


def agrees(summary: lrvec.Summary, values: Any, steps: Any) -> bool:
    """Whether it is that of these values; of the sum, within the bound of the docstring."""
    count = len(values)
    with np.errstate(over="ignore", invalid="ignore"):
        within = not np.isfinite(abs(values).sum())  # beyond that nothing is promised
    if not within:
        exact, sizes = exact_sum(values), exact_sum(abs(values))
        bound = (45 * U + count * U**2) * sizes + U * abs(exact)
        within = abs(Fraction(summary.sum) - Fraction(exact)) <= bound
    least, greatest = int(values.argmin()), int(values.argmax())
    rest = (values.min(), values.max(), steps[least], steps[greatest], values[0], values[-1])
    mean = summary.sum / count
    if np.isfinite(values).all() and not np.isfinite(summary.sum):
        mean = summary.mean
        within = abs(Fraction(mean) - large_mean(values)) <= (45 * U + count * U**2) * large_mean(abs(values))
    return within and np.array_equal(summary.mean, mean, equal_nan=True) and summary[2:] == rest


def large_mean(values: Any) -> Fraction:
    """The mean of rates whose sum may be too large for a double."""
    return Fraction(math.fsum((values * 2.0**-64).tolist())) * 2**64 / len(values)


def test_an_exact_sum_is_rounded_once() -> None:
    rng = np.random.default_rng(0)
    for low, high in ((-1074, -1000), (-60, 60), (-1074, 1000), (990, 1000)):
        values = np.ldexp(rng.uniform(-2.0, 2.0, 5000), rng.integers(low, high, 5000))
        for some in (values, abs(values), np.array([-LARGEST]), np.concatenate([values, -values, [0.0, 5e-324]])):
            assert exact_sum(some) == math.fsum(some.tolist())


# ---- one schedule ----


@every_case
def test_a_summary_is_that_of_the_values(case: Case) -> None:
    schedule, steps = case.make(), steps_of(case)
    mixed = shuffled(steps * (1 + 2100 // len(steps)), "summary")
    for form in (steps, mixed[:1], mixed[:1024], np.array(mixed[:1025], ">u8"), mixed):
        array = np.array(form, np.int64)
        assert agrees(lrvec.summarize(schedule, form), schedule(array), array)
    for form in (range(1300), range(1100, -1, -1), range(7, 2**53, 2**43 + 1)):
        both = lrvec.summarize(schedule, form), lrvec.summarize(schedule, np.array(form))
        assert agrees(both[0], schedule(form), form)
        assert agrees(both[1], schedule(form), form)
        assert np.array_equal(*both, equal_nan=True) or form.step == 1  # few values of that one are looked at


def test_types() -> None:
    for schedule in (lrvec.constant(lr=0.5), lambda step: 0.5):
        for steps in (range(3), [1, 2], np.arange(3, dtype=np.uint8), 7, np.arange(4).reshape(2, 2)):
            summary = lrvec.summarize(schedule, steps)
            assert isinstance(summary, lrvec.Summary)
            assert [type(field) for field in summary] == [float] * 4 + [int] * 2 + [float] * 2
    summary = lrvec.summarize(lrvec.constant(lr=[[0.5, 1.0]]), range(3))
    assert [field.dtype for field in summary] == [np.float64] * 4 + [np.int64] * 2 + [np.float64] * 2
    assert {field.shape for field in summary} == {(1, 2)}
    assert lrvec.Summary._fields == ("sum", "mean", "min", "max", "min_step", "max_step", "first", "last")


def test_extremes_that_are_met_again_and_again() -> None:
    wave = lrvec.triangular(min_lr=0.25, max_lr=0.75, step_size=700)
    summary = lrvec.summarize(wave, range(MANY))
    assert (summary.min_step, summary.max_step) == (0, 700)
    down = lrvec.summarize(wave, range(1400 * 3, -1, -1))
    assert (down.min_step, down.max_step) == (1400 * 3, 700 + 1400 * 2)
    again = lrvec.summarize(wave, [800, 700, 0, 1400, 700, 0, 2100])
    assert (again.min_step, again.max_step) == (0, 700)


# ---- sums ----

LONG = {
    "constant": lrvec.constant(lr=0.1),
    "linear": lrvec.linear(base_lr=0.1, end_lr=1e-7, total_steps=MANY),
    "signs": lrvec.linear(base_lr=1.0, end_lr=-1.0, total_steps=MANY - 1),
    "waves": lrvec.triangular(min_lr=-1e9, max_lr=1e9 + 0.125, step_size=3),
    "cosine": lrvec.cosine(base_lr=3e-4, min_lr=3e-5, total_steps=MANY // 2),
    "exponential": lrvec.exponential(base_lr=1e300, gamma=1e-300 ** (1.0 / MANY)),
    "tiny": lrvec.constant(lr=5e-324),
}


@pytest.mark.parametrize("name", LONG)
def test_the_error_of_a_long_sum(name: str) -> None:
    schedule = LONG[name]
    values = schedule(range(MANY))
    assert agrees(lrvec.summarize(schedule, range(MANY)), values, range(MANY))
    backwards = range(MANY - 1, -1, -1)
    assert agrees(lrvec.summarize(schedule, np.array(backwards)), values[::-1], backwards)


def test_the_bound_is_out_of_reach_of_a_plain_sum() -> None:
    values = LONG["constant"](range(MANY))
    plain, exact = float(np.cumsum(values)[-1]), math.fsum(values)
    assert abs(plain - exact) > 45 * U * exact or PYTHON
    assert abs(lrvec.summarize(LONG["constant"], range(MANY)).sum - exact) <= 45 * U * exact


def test_sums_that_are_infinite() -> None:
    schedule = lrvec.constant(lr=1.7e308)
    assert lrvec.summarize(schedule, range(3)).sum == math.inf
    assert lrvec.summarize(schedule, range(1)).sum == 1.7e308
    assert lrvec.summarize(schedule, range(MANY))[:2] == (math.inf, 1.7e308)
    growing = lrvec.exponential(base_lr=1.0, gamma=2.0)
    summary = lrvec.summarize(growing, range(3000))
    assert (summary.sum, summary.max, summary.max_step, summary.min) == (math.inf, math.inf, 1024, 1.0)


@pytest.mark.parametrize("span", [1024, 1 << 20])
@pytest.mark.parametrize("most", [1e305, 1e306, 1.7e308, sys.float_info.max])
def test_the_mean_of_rates_whose_sum_is_too_large(most: float, span: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Met in a block, from block to block, and from span to span."""
    monkeypatch.setattr(sizes, "SPAN", span)
    schedules = [
        lrvec.constant(lr=most),
        lrvec.linear(base_lr=most, end_lr=-most, total_steps=MANY),
        lrvec.linear(base_lr=-most, end_lr=1.0, total_steps=MANY),
        lrvec.triangular(min_lr=-most, max_lr=most, step_size=3000),
        lrvec.sequential([(5000, lrvec.constant(lr=1.0)), (5000, lrvec.constant(lr=-most))]),
    ]
    for schedule in schedules:
        for count in (1, 3, 1024, 4000, 10_000):
            steps = range(count)
            assert agrees(lrvec.summarize(schedule, steps), schedule(steps), steps)
            both = lrvec.summarize(lrvec.stack([schedule, lrvec.constant(lr=0.5)]), steps)
            assert np.array_equal([field[0] for field in both], lrvec.summarize(schedule, steps), equal_nan=True)
            assert np.array_equal([field[1] for field in both], lrvec.summarize(lrvec.constant(lr=0.5), steps))


# ---- bits ----


@pytest.mark.parametrize("count", [1, 1023, 1024, 1025, 3000])
@pytest.mark.parametrize("span", [1024, 2048, 1 << 20])
def test_rows_have_the_bits_of_single_schedules(count: int, span: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sizes, "SPAN", span)
    sweep = lrvec.with_warmup(
        lrvec.cosine(base_lr=np.geomspace(1e-5, 1e-2, 4)[:, None], min_lr=0.0, total_steps=[10, 700, 2900]),
        warmup_steps=[5, 50, 1200],
        start_lr=1e-6,
    )
    for steps in (range(count), np.array(shuffled(range(count), "rows"))):
        for workers in (1, 3):
            summary = lrvec.summarize(sweep, steps, workers=workers)
            for index in np.ndindex(4, 3):
                assert tuple(field[index].item() for field in summary) == tuple(lrvec.summarize(sweep[index], steps))
            stacked = lrvec.summarize(lrvec.stack(list(sweep[0])), steps, workers=workers)
            assert all(map(np.array_equal, stacked, (field[0] for field in summary)))
