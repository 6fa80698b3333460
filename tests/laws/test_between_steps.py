"""These tests hold for curves on slower clocks, which show what is between the steps, and for lengths beyond 2^53."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from oracle import mp, ulp_of

import lrvec
from lrvec import advance, constant, cosine, cycles, hold, join, linear, polynomial, stretched

FALL = linear(base_lr=1.0, end_lr=0.0, total_steps=10)
SQUARE = polynomial(base_lr=1.0, end_lr=0.0, total_steps=4, power=2.0)


@pytest.mark.parametrize(
    ("schedule", "by", "steps", "rates"),
    [
        pytest.param(
            join([(4, constant(lr=1.0)), advance(FALL, steps=1)]), 2, [6, 7, 8, 9], [1.0, 1.0, 0.9, 0.85], id="begun before"
        ),
        pytest.param(
            hold(join([(5, constant(lr=1.0)), advance(FALL, steps=2)]), step=4), 2, [6, 7, 8, 9], [1.0] * 4, id="cut off"
        ),
        pytest.param(
            polynomial(base_lr=1.0, end_lr=0.0, total_steps=1, power=2.0), 4, range(5), [1, 0.5625, 0.25, 0.0625, 0], id="power of 1"
        ),
        pytest.param(
            cosine(base_lr=1.0, min_lr=0.0, total_steps=1, k=2.0), 2, [1], [0.5 + 0.5**1.5], id="cosine of 1"
        ),
        pytest.param(
            hold(SQUARE, step=1), 4, range(6), [1.0, 0.87890625, 0.765625, 0.66015625, 0.5625, 0.5625], id="held at 1"
        ),
        pytest.param(
            lrvec.replace_after(SQUARE, step=1, other=FALL), 4, [2, 3, 4, 5], [0.765625, 0.66015625, 0.9, 0.875], id="replaced at 1"
        ),
        pytest.param(
            lrvec.decay_from(linear(base_lr=2.0, end_lr=1.0, total_steps=4), step=2, decay_steps=2),
            *(4, [7, 8, 9, 11, 12, 16], [1.5625, 1.5, 1.3125, 0.9375, 0.75, 0.0]),
            id="decay_from",
        ),
        pytest.param(
            lrvec.decay_from(SQUARE, step=2, decay_steps=1, shape="1-sqrt"), 4, [7, 8, 9, 12], [0.31640625, 0.25, 0.125, 0.0], id="1-sqrt"
        ),
        pytest.param(
            lrvec.rewarm(linear(base_lr=1.0, end_lr=0.0, total_steps=4), step=2, warmup_steps=2, peak=1.0),
            *(2, [3, 4, 5, 6, 8], [0.625, 0.5, 0.625, 0.75, 1.0]),
            id="rewarm",
        ),
    ],
)
def test_a_slower_curve_has_the_values_of_the_formula(
    schedule: lrvec.Schedule, by: float, steps: list[int], rates: list[float]
) -> None:
    np.testing.assert_allclose(stretched(schedule, by=by)(steps), rates, rtol=1e-15)
    sweep = stretched(schedule, by=[by, 2 * by])
    assert sweep(steps)[0].tobytes() == stretched(schedule, by=by)(steps).tobytes()


def test_copies_leave_out_what_an_advanced_curve_has_behind_it() -> None:
    """The line to step 2 is over when a copy begins: it holds no value in front of the next one."""
    curve = advance(lrvec.piecewise(steps=[0, 2, 4], values=[0.0, 1.0, 3.0]), steps=3)
    copies = cycles(curve, length=2.5, t_mult=2.0, count=2)
    assert copies([0, 1, 2, 3, 4, 5, 7]).tolist() == [2.0, 3.0, 3.0, 2.25, 2.75, 3.0, 3.0]
    phases = copies.phases()
    assert [(phase.start, phase.stop) for phase in phases] == [(0, 1), (1, 3), (3, 5), (5, 8), (8, None)]


def test_phases_begin_where_an_edit_does() -> None:
    branch = lrvec.decay_from(cosine(base_lr=1.0, min_lr=0.0, total_steps=100), step=20, decay_steps=30)
    assert [(phase.start, phase.stop) for phase in branch.phases()] == [(0, 20), (20, 50), (50, None)]
    begun = join([(4, constant(lr=1.0)), advance(FALL, steps=1)])
    assert [phase.start for phase in begun.phases()] == [0, 4, 13]


@pytest.mark.parametrize("by", [2, 2.0, 2.5])
def test_phases_of_slower_cycles(by: float) -> None:
    waves = stretched(lrvec.repeat(cosine(base_lr=1.0, min_lr=0.0, total_steps=4), period=4, count=3, then=FALL), by=by)
    phases = waves.phases()
    starts = [phase.start for phase in phases]
    assert starts[:4] == [0, int(4 * by), int(8 * by), int(12 * by)]
    assert all(phase.stop == after.start for phase, after in pairwise(phases))
    assert [phase.first for phase in phases] == waves(starts).tolist()


@pytest.mark.parametrize("power", [0.5, 2.0, 2.56, 40.0])
@pytest.mark.parametrize("octave", [52, 53, 54, 55, 61, 100, 900])
def test_a_power_longer_than_all_steps(power: float, octave: int) -> None:
    """Its table of octaves had no place for them: what lies behind it in memory was read."""
    schedule = stretched(polynomial(base_lr=1.0, end_lr=2.0, total_steps=3, power=power), by=2.0**octave)
    steps = [0, 1, 2**40, 2**52 + 1, 2**53 - 1, 2**53]
    for step, rate in zip(steps, schedule(steps).tolist(), strict=True):
        exact = 2 - (1 - mp.mpf(step) / (3 * mp.mpf(2) ** octave)) ** power
        assert abs(mp.mpf(rate) - exact) <= (4 + power) * 2.0**-52  # the remaining steps are rounded to a double
        assert schedule(step) == rate
    rows = stretched(polynomial(base_lr=[1.0, 0.0], end_lr=2.0, total_steps=3, power=power), by=2.0**octave)
    assert rows(steps)[0].tobytes() == schedule(steps).tobytes()
    assert [float(rows(step)[0]) for step in steps] == schedule(steps).tolist()


@pytest.mark.parametrize("stride", [1, 2, 3, 4])
@pytest.mark.parametrize("length", [232.45833333333334, 555.6135378663088, 600.1, 1501.5])
def test_a_range_over_waves_between_the_steps(length: float, stride: int) -> None:
    """What the clock shows between the steps is rounded otherwise from one power of two on to the next."""
    schedule = cycles(cosine(base_lr=1.0, min_lr=0.1, total_steps=697), length=length, t_mult=1.5, count=8)
    for start in range(118, 118 + stride):
        steps = range(start, 20_000, stride)
        assert schedule(steps).tolist() == [schedule(step) for step in steps]


RESTARTS = lrvec.cosine_restarts(base_lr=1.0, min_lr=0.1, period=1_504_053_694, t_mult=1)
WAVES = lrvec.mirrored(cosine(base_lr=1.0, min_lr=0.1, total_steps=9), length=9)


@pytest.mark.parametrize(
    ("schedule", "start"),
    [
        (lrvec.repeat(advance(lrvec.triangular(min_lr=0.0, max_lr=1.0, step_size=603), steps=602), period=599.7085763073959), 0),
        (lrvec.repeat(advance(WAVES, steps=1020), period=500.3), 2**40),
        (lrvec.mirrored(advance(WAVES * lrvec.mirrored(FALL, length=8), steps=1020), length=400.3), 0),
        (stretched(advance(lrvec.triangular(min_lr=0.1, max_lr=1.0, step_size=10**9), steps=2**30 + 2), by=2.5), 2**53 - 2000),
        (stretched(advance(linear(base_lr=1.0, end_lr=0.0, total_steps=2**52), steps=10**9 - 2), by=2.5), 2**53 - 2000),
        (stretched(advance(cosine(base_lr=1.0, min_lr=0.0, total_steps=2**52), steps=10**9 - 2), by=2.5), 2**53 - 2000),
        (stretched(advance(RESTARTS, steps=10**10 - 2), by=2.5), 2**53 - 2000),
        (stretched(advance(lrvec.exponential(base_lr=1.0, gamma=1 - 1e-15), steps=2**51 + 2), by=2.5), 2**53 - 2000),
    ],
    ids=str,
)
def test_a_range_over_a_curve_whose_clock_is_rounded(schedule: lrvec.Schedule, start: int) -> None:
    """The clock of a curve that had begun before was rounded once for all steps of the range."""
    steps = range(start, start + 2001)
    values = schedule(steps)
    assert values.tolist() == [schedule(step) for step in steps]
    assert schedule(steps[::-1])[::-1].tobytes() == values.tobytes()
    assert schedule(steps[7::3]).tobytes() == values[7::3].tobytes()
    assert lrvec.stack([schedule, schedule])(steps)[1].tobytes() == values.tobytes()


CURVES = {
    "linear": (lambda length: linear(base_lr=1.0, end_lr=0.0, total_steps=length), lambda share: 1 - share),
    "cosine": (lambda length: cosine(base_lr=1.0, min_lr=0.0, total_steps=length), lambda share: mp.cos(mp.pi * share / 2) ** 2),
}


@pytest.mark.parametrize("kind", CURVES)
@pytest.mark.parametrize(("length", "begun", "step"), [(400, 300, 999_999_999), (2**33, 2**33 - 704, 7_039_993_663)])
def test_an_advanced_curve_is_exact_at_fractions_next_to_its_end(kind: str, length: int, begun: int, step: int) -> None:
    """The fraction, seen from where the curve had begun, was rounded before the way to its end was found."""
    make, weight = CURVES[kind]
    period = length - begun - 1e-7
    rate = lrvec.repeat(advance(make(length), steps=begun), period=period)(step)
    clock = Fraction(step) % Fraction(period) + begun
    exact = weight(mp.mpf(clock.numerator) / clock.denominator / length)
    assert 0 < rate < 1e-6
    assert abs(rate - exact) <= 3 * ulp_of(exact)


@pytest.mark.parametrize("kind", CURVES)
def test_a_row_between_curves_that_are_not_whole_is_exact_at_fractions(kind: str) -> None:
    """A curve that is whole had another way to its end than its row, if it had begun before."""
    curve = CURVES[kind][0](505)
    rows = lrvec.repeat(advance(stretched(curve, by=[3.65844635, 2.0]), steps=306), period=417.92817082386017)
    alone = lrvec.repeat(advance(stretched(curve, by=2.0), steps=306), period=417.92817082386017)
    assert rows(range(2000))[1].tobytes() == alone(range(2000)).tobytes()
    assert rows[1](range(2000)).tobytes() == alone(range(2000)).tobytes()


@pytest.mark.parametrize("kind", CURVES)
@pytest.mark.parametrize(("length", "period"), [(7, 6.75), (100, 99.5), (100, 99.99999), (10**5, 99_999.9), (2**40, 2.0**40 - 0.25)])
def test_the_end_of_a_copy_between_steps_is_exact(kind: str, length: int, period: float) -> None:
    """The clock of what is held was divided by the period, which moved the curve's end: 2.9 million ulp for 99.99999 of 100."""
    make, weight = CURVES[kind]
    exact = weight(mp.mpf(period) / length)
    copies = lrvec.repeat(make(length), period=period, count=3)
    grown = cycles(make(length), length=period, t_mult=2.0, count=3)
    for schedule in (copies, grown, cycles(make(length), length=period, lengths=[period, 5.5]), advance(copies, steps=7)):
        assert abs(schedule(2**50) - exact) <= 2 * ulp_of(exact)
    late = lrvec.repeat(advance(make(2**45 + length), steps=2**45), period=period, count=1)(2**50)
    exact_late = weight(1 - (length - mp.mpf(period)) / (2**45 + length))
    assert abs(late - exact_late) <= 2 * ulp_of(exact_late)
    rows = lrvec.repeat(make(length), period=[period, 2.0, period], count=[3, 3, 1])
    assert rows(2**50).tolist() == [copies(2**50), lrvec.repeat(make(length), period=2, count=3)(2**50), copies(2**50)]


@pytest.mark.parametrize("kind", CURVES)
@pytest.mark.parametrize("clock", [lambda curve, length: lrvec.repeat(curve, period=length), lambda curve, length: lrvec.mirrored(curve, length=length)])
def test_a_whole_row_beside_others_has_the_bits_that_it_has_alone(clock: Any, kind: str) -> None:
    """Positions that count from an origin were added to it, and rounded, where a row's length was no integer."""
    lengths = [60.0, 70.5, 90.0, 33.3]
    make = CURVES[kind][0]
    curve = join([(21, make(21)), make(25)])
    for moved in (lrvec.rebase(curve, step=13, total_steps=90), lrvec.delay(stretched(curve, by=1.31), steps=31)):
        for other in (moved, moved * make(50)):
            rows = clock(other, lengths)(range(500))
            assert rows.tolist() == [clock(other, length)(range(500)).tolist() for length in lengths]


def test_the_first_cycle_of_a_row_is_the_curve_itself() -> None:
    """It was stretched by 1, and positions that count from an origin were rounded."""
    warm = lrvec.with_warmup(lrvec.cosine_restarts(base_lr=1.0, min_lr=0.1, period=3, t_mult=1.0180686714673763), warmup_steps=7, start_lr=0.5)
    lengths = [31.35988917283573, 5.0, 512.0]
    rows = cycles(warm, length=lengths, t_mult=0.7, count=2)(range(1000))
    assert rows.tolist() == [cycles(warm, length=length, t_mult=0.7, count=2)(range(1000)).tolist() for length in lengths]


@pytest.mark.parametrize("kind", CURVES)
def test_a_row_holds_the_end_that_its_schedule_holds(kind: str) -> None:
    """Beside a curve that begins later, one that is under way."""
    lengths = list(range(150, 750, 5))

    def held(length: Any) -> Any:
        curve = lrvec.warmup(CURVES[kind][0](500), steps=length, start_lr=0.25)
        return lrvec.repeat(advance(curve, steps=464), period=210.05967176159461, count=1)(2**40)

    assert held(lengths).tolist() == [held(length) for length in lengths]


def test_the_end_of_a_copy_of_short_cycles_is_exact() -> None:
    """There are 10^9 cycles before it, and their length was rounded."""
    waves = lrvec.mirrored(FALL, length=8.5)
    period = 9.0 * 2**30 + 0.25
    into = Fraction(period) % 17
    exact = 1 - min(into, 17 - into) / 10
    assert abs(Fraction(lrvec.repeat(waves, period=period, count=1)(2**50)) - exact) <= Fraction(1, 2**53)


def test_what_follows_copies_has_its_first_value_where_it_waits_for_a_step() -> None:
    """A slower clock showed the begin of one more copy there."""
    copies = lrvec.repeat(constant(lr=5.0), period=1.25, count=2, then=FALL)
    assert copies(range(5)).tolist() == [5.0, 5.0, 5.0, 1.0, 0.9]
    slow = stretched(copies, by=4)
    assert slow(range(8, 17)).tolist() == [5.0, 5.0, 1.0, 1.0, 1.0, 0.975, 0.95, 0.925, 0.9]
    assert [(phase.start, phase.stop) for phase in copies.phases()][-2:] == [(3, 13), (13, None)]
    whole = lrvec.repeat(constant(lr=5.0), period=[1.25, 2.0], count=2, then=FALL)
    assert stretched(whole, by=4)(range(20))[0].tobytes() == slow(range(20)).tobytes()
    assert stretched(whole, by=4)(range(14, 18))[1].tolist() == [5.0, 5.0, 1.0, 0.975]


def test_a_copy_that_starts_half_a_step_behind_the_last_one_serves_no_step() -> None:
    """2^53 + 1/2 is no double, and its start was rounded down to the last step."""
    copies = cycles(constant(lr=1.0), length=3, lengths=[2.0**52 - 2.5, 5], peak_factor=0.5)
    late = lrvec.delay(copies, steps=[2**52 + 2, 2**52 + 3])
    assert late(2**53).tolist() == [0.5, 1.0]
    assert [lrvec.delay(copies, steps=2**52 + steps)(2**53) for steps in (2, 3)] == [0.5, 1.0]


@pytest.mark.parametrize("shape", ["linear", "cosine", "1-sqrt"])
def test_a_decay_of_one_step_is_stretched_with_the_rest(shape: str) -> None:
    """It serves no step as it is, and was lost: the value before it stayed to the end."""
    rate = {"linear": 0.25, "cosine": (2 - 2**0.5) / 4, "1-sqrt": 1 - 0.75**0.5}[shape]
    branch = lrvec.decay_from(FALL, step=0, decay_steps=1, shape=shape)
    assert lrvec.rebase(branch, step=0, total_steps=4)([0, 3, 4]).tolist() == pytest.approx([1.0, rate, 0.0], rel=1e-15)
    late = lrvec.decay_from(constant(lr=1.0), step=6, decay_steps=1, shape=shape)
    assert lrvec.rebase(late, step=3, total_steps=19)([14, 15, 18, 19]).tolist() == pytest.approx([1.0, 1.0, rate, 0.0], rel=1e-15)
    rows = lrvec.rebase(lrvec.decay_from(constant(lr=1.0), step=[6, 2], decay_steps=[1, 5], shape=shape), step=3, total_steps=19)
    assert rows([14, 15, 18, 19])[0].tolist() == lrvec.rebase(late, step=3, total_steps=19)([14, 15, 18, 19]).tolist()
    power = polynomial(base_lr=1.0, end_lr=0.0, total_steps=1, power=2.0)
    assert lrvec.rebase(power, step=0, total_steps=4)(range(5)).tolist() == [1.0, 0.5625, 0.25, 0.0625, 0.0]


RAMPS = {
    "linear": lambda share: 1.0 - share,
    "cosine": lambda share: (1.0 + math.cos(math.pi * share)) / 2.0,
    "exponential": lambda share: 2.0 ** (1.0 - share) - 1.0,
    "minus_sqrt": lambda share: 1.0 - math.sqrt(share),
}


@pytest.mark.parametrize("ramp", RAMPS)
def test_megatrons_rate_is_at_its_floor_behind_the_decay(ramp: str) -> None:
    """The floor begins at the step after the decay, but between the two the rate is there already. A decay of no steps
    is a drop at that step."""
    rates = lrvec.megatron_lr(
        init_lr=0.0,
        max_lr=1.0,
        min_lr=0.125,
        lr_warmup_steps=2,
        lr_decay_steps=10,
        lr_decay_style="WSD",
        wsd_decay_steps=[0, 1, 5],
        lr_wsd_decay_style=ramp,
    )
    slower = stretched(rates, by=2.0)
    for row, decay in enumerate((0, 1, 5)):
        for step in range(30):
            t = step / 2
            wanted = t / 2 if t < 2 else 0.125
            if 2 <= t <= (10 if decay else 10.5):
                wanted = 0.125 + 0.875 * RAMPS[ramp](max(0.0, t - 10 + decay) / decay if decay else 0.0)
            assert slower(step)[row] == pytest.approx(wanted, rel=1e-14)
            assert slower[row](step) == slower(step)[row]


def test_endless_cycles_of_a_power() -> None:
    """The last ones are longer than all steps."""
    copies = cycles(polynomial(base_lr=1.0, end_lr=0.0, total_steps=2, power=1.5), length=2, t_mult=10)
    start = 2 * (10**16 - 1) // 9
    share = mp.mpf(2**53 - start) / (2 * 10**16)
    assert abs(copies(2**53) - (1 - share) ** mp.mpf(1.5)) <= 4 * 2.0**-52


def test_a_row_whose_curve_is_cut_off_holds() -> None:
    """As its schedule does, though in other rows the curve goes on."""
    rows = lrvec.sequential([([1, 3], SQUARE), (2, constant(lr=7.0))])
    phases = rows.phases()
    for row in (0, 1):
        alone = rows[row].phases()
        assert phases.name[row][: len(alone)].tolist() == [phase.name for phase in alone]
        assert phases.start[row][: len(alone)].tolist() == [phase.start for phase in alone]


def test_rows_of_lines_and_powers_begin_alike() -> None:
    rows = polynomial(base_lr=1.0, end_lr=0.0, total_steps=[4, 5, 6], power=[1.0, 2.0, 0.0])
    phases = rows.phases()
    assert phases.start.tolist() == [[0, 4], [0, 5], [0, 6]]
    assert phases.name.tolist() == [["decay", "hold"], ["decay", "hold"], ["hold", "hold"]]


@pytest.mark.parametrize("kind", ["linear", "cosine", "polynomial", "root_decay", "inverse_sqrt", "exponential_to"])
def test_a_curve_that_hardly_moves_is_no_nan(kind: str) -> None:
    """A length of 1e9 steps, 1e300 times as long, is no double."""
    rates = {"linear": {"end_lr": 0.5}, "polynomial": {"end_lr": 0.5, "power": 2.0}, "exponential_to": {"end_lr": 0.5}}
    length = {"warmup_steps": 10**9} if kind == "inverse_sqrt" else {"total_steps": 10**9}
    more = {"min_lr": 0.5} if kind in ("cosine", "root_decay") else {}
    schedule = stretched(getattr(lrvec, kind)(base_lr=1.0, **length, **rates.get(kind, more)), by=1e300)
    first = 0.0 if kind == "inverse_sqrt" else 1.0
    np.testing.assert_allclose(schedule([0, 1, 2**53]), first, atol=1e-15)
