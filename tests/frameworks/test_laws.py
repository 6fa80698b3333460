"""These tests hold in every framework: values, derivatives, parameters that are arrays, sweeps and groups, refusals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from cases import GROUPS, STACKS
from framework import DIFFERENTIABLE, FRAMEWORKS, LIMIT, MAPPING, NOT_TRACING, TRACING, Framework
from processes import python
from record import Case, case
from traces import (
    KINDS,
    LATE,
    SMOOTH_CASES,
    TRACED,
    counted,
    function_of,
    largest_error,
    late_steps,
    of_kind,
    smooth_parameters,
    smooth_steps,
    steps_to_trace,
    with_parameters,
    wrong_derivatives,
)

import lrvec
from lrvec.nemo import OptimizerParamScheduler

COSINE = {"base_lr": 0.1, "min_lr": 0.01, "total_steps": 50}

WARMUP = lrvec.with_warmup(lrvec.triangular(min_lr=0.01, max_lr=0.1, step_size=300), warmup_steps=150, start_lr=0.0)


@pytest.fixture(params=FRAMEWORKS, ids=str)
def framework(request: pytest.FixtureRequest) -> Iterator[Framework]:
    with request.param.precision():
        yield request.param


def of(frameworks: list[Framework]) -> Any:
    """A test of these alone."""
    return pytest.mark.parametrize("framework", frameworks, ids=str, indirect=True)


def close(framework: Framework, got: Any, wanted: Any) -> bool:
    """Whether rows of values differ by no more than the limit, relative to the largest one up to each."""
    got, wanted = np.asarray(framework.on_host(got), np.float64), np.asarray(wanted)
    limit = max([LIMIT, *framework.limits.values()])
    peaks = np.maximum.accumulate(np.abs(wanted), axis=-1).astype(framework.real)
    return got.shape == wanted.shape and bool(np.all(np.abs(got - wanted) <= limit * np.spacing(peaks)))


def test_every_kind_is_traced() -> None:
    assert {one.kind for one in TRACED} == {one.kind for one in SMOOTH_CASES} == set(KINDS)


# ---- values ----


@pytest.mark.parametrize("kind", KINDS)
def test_values(framework: Framework, kind: str) -> None:
    """To the last steps of each type; those of float32 to the last that it holds exactly, too."""
    cases = of_kind(kind, framework.real, framework.cases)
    widths = [name for name in ("int32", "int64") if name in framework.integers]
    lasts = (2**24, 2**31 - 1) if framework.real is np.float32 else (2**31 - 1, 2**53)
    steps = [
        [steps_to_trace(one, last).astype(name) for one in cases]
        for last in lasts
        for name in widths
        if last <= np.iinfo(name).max
    ]
    with np.errstate(over="ignore"):  # to infinity
        found = framework.run(
            lambda steps: [[one.make()(row) for one, row in zip(cases, rows, strict=True)] for rows in steps], steps
        )
    for rows, values in zip(steps, found, strict=True):
        for one, row, got in zip(cases, rows, values, strict=True):
            assert isinstance(got, framework.array_type)
            assert np.asarray(got).dtype == framework.real
            assert largest_error(one, row, got) <= framework.limit_of(kind), one


@pytest.mark.parametrize("kind", KINDS)
def test_a_step_below_0_counts_as_0(framework: Framework, kind: str) -> None:
    """As a counter that has wrapped around shows, or optax.join_schedules asks of a schedule that has yet to begin."""
    schedule = of_kind(kind, np.float32, 1)[0].make()
    for name in ("int32", "int64"):
        if name in framework.integers:
            before = schedule(framework.array(np.array([-1, np.iinfo(name).min], name)))
            first = schedule(framework.array(np.array([0, 0], name)))
            assert np.asarray(framework.host(before)).tolist() == np.asarray(framework.host(first)).tolist()


@pytest.mark.parametrize("is_ready", [False, True])
def test_one_step_below_0_counts_as_0(framework: Framework, is_ready: bool) -> None:
    """Also as the first step that a schedule is asked for."""
    for name in ("int32", "int64"):
        if name in framework.integers:
            schedule = lrvec.linear(base_lr=1.0, end_lr=0.0, total_steps=100)
            if is_ready:
                schedule(7)
            got = schedule(framework.array(np.array(np.iinfo(name).min, name)))
            assert isinstance(got, framework.array_type)
            assert np.asarray(framework.host(got)).dtype == framework.real
            assert np.asarray(framework.host(got)).tolist() == 1.0


def test_other_integers(framework: Framework) -> None:
    """No step goes beyond its type, however few it has."""
    all_steps = {
        name: np.array([0, 1, min(np.iinfo(name).max, 2**53) - 1, min(np.iinfo(name).max, 2**53)], name)
        for name in framework.integers
    }
    got = framework.run(lambda all_steps: {name: WARMUP(steps) for name, steps in all_steps.items()}, all_steps)
    for name, steps in all_steps.items():
        assert np.asarray(got[name]).dtype == framework.real
        assert np.allclose(got[name], WARMUP(steps), rtol=8.0 * np.finfo(framework.real).eps, atol=0.0), name


@pytest.mark.parametrize("shape", [(), (2, 0, 3), (2, 3)])
def test_shapes(framework: Framework, shape: tuple[int, ...]) -> None:
    for name in framework.integers:
        assert tuple(framework.run(WARMUP, np.zeros(shape, name)).shape) == shape


@pytest.mark.parametrize("case", LATE, ids=str)
def test_late_steps(framework: Framework, case: Case) -> None:
    """Also with counts that are arrays, if the library's integers hold them."""
    steps = late_steps(case)
    assert largest_error(case, steps, framework.run(case.make(), steps)) <= LIMIT
    function, counts = counted(case) or pytest.fail("the case has counts")
    if max(counts) <= framework.largest:
        assert largest_error(case, steps, framework.run(function, counts, steps)) <= LIMIT


# ---- derivatives ----


@of(DIFFERENTIABLE)
@pytest.mark.parametrize("case", [one for one in SMOOTH_CASES if any(smooth_parameters(one))], ids=str)
def test_gradients(framework: Framework, case: Case) -> None:
    """By all parameters that a rate is a differentiable function of, one row a step."""
    found = np.asarray(framework.slopes(*function_of(case), smooth_steps(case)))
    assert found.dtype == framework.real
    assert wrong_derivatives(case, found, 4e-6 if framework.real is np.float32 else 1e-12) == []


@of(DIFFERENTIABLE)
def test_no_gradient_by_a_power_that_is_not_there(framework: Framework) -> None:
    """At power 0, and for rates that are the same, each of the formula's branches has a finite slope."""

    def slopes(make: Any, at: float, *steps: int) -> list[float]:
        found = framework.slopes(lambda numbers, step: make(numbers[0])(step), [at], list(steps))
        return np.asarray(found)[:, 0].tolist()

    def fall(power: Any) -> Any:
        return lrvec.polynomial(base_lr=0.1, end_lr=0.0, total_steps=10, power=power)

    assert slopes(fall, 0.0, 0, 10, 11) == [0.0, 0.0, 0.0]
    assert slopes(fall, 0.0, 5) == pytest.approx([0.1 * np.log(0.5)], rel=1e-6)
    assert slopes(lambda power: lrvec.polynomial(base_lr=0.1, end_lr=0.1, total_steps=10, power=power), 2.0, 5) == [0.0]
    assert slopes(lambda gamma: lrvec.exponential(base_lr=0.5, gamma=gamma), 0.0, 0, 1, 2) == [0.0, 0.5, 0.0]


@of(DIFFERENTIABLE)
def test_a_phase_of_no_steps_has_finite_gradients(framework: Framework) -> None:
    def rate(numbers: Any, step: Any, warmup_steps: Any, decay_steps: Any) -> Any:
        return lrvec.warmup_stable_decay(
            base_lr=numbers[0], warmup_steps=warmup_steps, decay_steps=decay_steps, total_steps=50, final_lr=0.01,
            warmup_start=0.001, decay_shape="1-sqrt",
        )(step)  # fmt: skip

    found = framework.slopes(rate, [0.1], [0, 1, 25, 49, 50, 51], 0, 0)
    assert np.asarray(found)[:, 0].tolist() == [1.0] * 6


# ---- parameters that are arrays ----


@of(MAPPING)
def test_parameters_under_vmap(framework: Framework) -> None:
    """Each schedule of a traced rate, as the schedule alone."""
    rates, steps = np.linspace(0.1, 1.0, 7, dtype=framework.real), np.arange(60, dtype=np.int32)
    ours = framework.array(steps)
    got = framework.run(framework.vmap(lambda rate: lrvec.cosine(**{**COSINE, "base_lr": rate})(ours)), rates)
    rows = [lrvec.cosine(**{**COSINE, "base_lr": rate})(steps) for rate in rates.tolist()]
    assert close(framework, got, rows)


def test_counts_may_be_arrays(framework: Framework) -> None:
    """The values are those of known counts, also where a phase has no steps at all."""
    found = {str(one): (*pair, one) for one in SMOOTH_CASES if (pair := counted(one))}
    steps = {name: np.array(smooth_steps(one), np.int32) for name, (_, _, one) in found.items()}

    def values(counts: Any, steps: Any) -> Any:
        return {name: function(counts[name], steps[name]) for name, (function, _, _) in found.items()}

    got = framework.run(values, {name: counts for name, (_, counts, _) in found.items()}, steps)
    for name, (_, _, one) in found.items():
        assert largest_error(one, steps[name], got[name]) <= framework.limit_of(one.kind), name


def test_counts_beside_narrow_steps(framework: Framework) -> None:
    """A count that the steps' type cannot hold."""
    steps = np.array([0, 60, 127], np.int8)
    got = framework.run(lambda count, steps: lrvec.cosine(**{**COSINE, "total_steps": count})(steps), 1000, steps)
    assert close(framework, got, lrvec.cosine(**{**COSINE, "total_steps": 1000})(steps))


def test_a_period_that_float32_cannot_hold(framework: Framework) -> None:
    one = case("cosine_restarts", base_lr=0.1, min_lr=0.01, period=2**24 + 1, t_mult=1)
    steps = late_steps(one)
    got = framework.run(
        lambda period, steps: with_parameters(one, [("period",)], [period]).make()(steps), 2**24 + 1, steps
    )
    assert largest_error(one, steps, got) <= LIMIT


def restarts(period: Any, t_mult: Any, steps: Any) -> Any:
    return lrvec.cosine_restarts(base_lr=0.1, min_lr=0.01, period=period, t_mult=t_mult)(steps)


@pytest.mark.parametrize(
    ("period", "t_mult"), [(1, 2), (7, 1), (7, 3), (1000, 5), (2**30, 2), (2**31 - 1, 7), (3, 2**31 - 1)]
)
def test_restarts_of_periods_and_factors(framework: Framework, period: int, t_mult: int) -> None:
    """To the last step of int32; always as many steps, so that a framework compiles the function once."""
    one = case("cosine_restarts", base_lr=0.1, min_lr=0.01, period=period, t_mult=t_mult)
    steps = late_steps(one)
    steps = np.concatenate([steps, np.full(400 - len(steps), 2**31 - 1, np.int32)])
    assert largest_error(one, steps, framework.run(restarts, period, t_mult, steps)) <= LIMIT


@of(MAPPING)
def test_restarts_of_periods_in_a_sweep(framework: Framework) -> None:
    """Traced lengths beside known ones that int32 cannot hold, and factors that grow beside one that does not."""

    def values(steps: Any, period: Any, t_mult: Any) -> Any:
        return [
            lrvec.cosine_restarts(base_lr=[0.1, 0.2], min_lr=0.01, period=period, t_mult=[1, 3])(steps),
            lrvec.cosine_restarts(base_lr=0.1, min_lr=0.01, period=[5, 2**40], t_mult=t_mult)(steps),
        ]

    steps = np.array([*range(100), 2**31 - 1], np.int32)
    ours = framework.array(steps)
    mapped = framework.vmap(lambda period, t_mult: values(ours, period, t_mult))  # faster than to compile it
    traced = mapped(framework.array([5]), framework.array([2]))
    for (got,), rows in zip(traced, values(steps, 5, 2), strict=True):
        assert close(framework, got, rows)


@of(NOT_TRACING)
def test_parameters_that_have_values_are_numbers(framework: Framework) -> None:
    """An array of another library is a sweep's parameter, checked like one of numpy; one without axes is a number."""
    assert lrvec.constant(lr=framework.array(0.5)) == lrvec.constant(lr=0.5)
    sweep = lrvec.linear(base_lr=framework.array([1.0, 0.5]), end_lr=0.0, total_steps=2)
    assert sweep(range(3)).tolist() == [[1.0, 0.5, 0.0], [0.5, 0.25, 0.0]]
    with pytest.raises(ValueError, match=r"^lr at index 1 must be a finite number, received nan"):
        lrvec.constant(lr=framework.array([0.5, float("nan")]))
    with pytest.raises(ValueError, match=r"^base_lr must be a positive number"):
        lrvec.exponential_decay(base_lr=framework.array(-1.0), decay_rate=0.5, decay_steps=1)


MUST_BE_KNOWN = {
    "milestones": lambda n: lrvec.multi_step(base_lr=0.1, milestones=[3, n], gamma=0.5),
    "num_steps": lambda n: lrvec.sample(lrvec.constant(lr=0.1), num_steps=n),
    "lr": lambda n: lrvec.sample(lrvec.constant(lr=n), num_steps=3),
    "schedule": lambda n: lrvec.summarize(
        lrvec.with_warmup(lrvec.constant(lr=n), warmup_steps=3, start_lr=0.0), range(3)
    ),
}


@of(TRACING)
@pytest.mark.parametrize("name", MUST_BE_KNOWN)
def test_what_must_be_known(framework: Framework, name: str) -> None:
    with pytest.raises(TypeError, match=f"(?m)^{name} must be known at this point, received a traced value$"):
        framework.run(MUST_BE_KNOWN[name], 2)


@of(TRACING)
def test_milestones_in_one_array_must_be_known(framework: Framework) -> None:
    with pytest.raises(TypeError, match=r"(?m)^milestones must be known at this point, received a traced value$"):
        framework.run(lambda n: lrvec.multi_step(base_lr=0.1, milestones=n, gamma=0.5), np.array([3, 5], np.int32))


@of(TRACING)
def test_traced_parameters_are_not_checked(framework: Framework) -> None:
    """They have no values yet; those that are known are refused as ever."""

    def decay(lr: Any, decay_rate: float) -> Any:
        return lrvec.exponential_decay(base_lr=lr, decay_rate=decay_rate, decay_steps=1)(1)

    assert framework.run(lambda lr: decay(lr, 0.5), -1.0) == -0.5
    with pytest.raises(ValueError, match=r"^decay_rate must be a positive number"):
        framework.run(lambda lr: decay(lr, -1.5), -1.0)


@of(TRACING)
def test_traced_parameters_are_real_numbers(framework: Framework) -> None:
    """As far as their types say: a complex number would lose a part."""
    for make, error, rule in (
        (lambda number: lrvec.constant(lr=number)(3), TypeError, "lr must be a finite number"),
        (lambda number: lrvec.cosine(**{**COSINE, "total_steps": number})(3), ValueError, "total_steps must be a positive integer"),
    ):
        with pytest.raises(error, match=f"^{rule}, received .*complex64|^{rule}, received tensor"):
            framework.run(make, np.array(1 + 2j, np.complex64))


@of(TRACING)
def test_a_traced_schedule_at_known_steps(framework: Framework) -> None:
    """Integers, ranges, lists and numpy's arrays are steps of the library then."""

    def values(rate: Any) -> Any:
        schedule = lrvec.linear(base_lr=rate, end_lr=0.0, total_steps=4)
        return schedule(1), schedule(range(4)), schedule([1, 2]), schedule(np.array([[0, 4]]))

    one, many, listed, array = framework.run(values, 1.0)
    assert (one.shape, one) == ((), 0.75)
    assert many.tolist() == [1.0, 0.75, 0.5, 0.25]
    assert listed.tolist() == [0.75, 0.5]
    assert array.tolist() == [[1.0, 0.0]]
    refused = [
        (-1, r"^step must be a non-negative integer, received -1"),
        ([0, 1.5], r"^step at index 1 must be a non-negative integer, received 1.5"),
    ]
    if framework.largest < 2**53:
        refused += [(2**31, r"^step must be at most 2147483647, the library's largest integer, received 2147483648")]
    for steps, message in refused:
        with pytest.raises(ValueError, match=message):
            framework.run(lambda rate, steps=steps: lrvec.constant(lr=rate)(steps), 1.0)


# ---- sweeps and groups ----

SWEEPS = [
    lrvec.cosine(base_lr=[[0.1], [0.2]], min_lr=0.0, total_steps=[10, 20, 30]),
    lrvec.step_decay(base_lr=0.1, step_size=[3, 7], gamma=[0.999, -0.5]),
    lrvec.exp_range(min_lr=0.0, max_lr=0.1, step_size=[5, 2**40], gamma=[0.9, 0.0]),
    lrvec.polynomial(base_lr=0.1, end_lr=0.0, total_steps=[5, 2**40], power=[0.5, 3.0]),
    lrvec.cosine_restarts(base_lr=0.1, min_lr=[0.0, 0.01], period=[3, 4], t_mult=[1, 2]),
    lrvec.with_warmup(lrvec.polynomial(base_lr=[0.1, 0.2], end_lr=0.0, total_steps=20, power=[1.0, 3.0]), warmup_steps=[1, 5], start_lr=0.0),
    lrvec.with_warmup(lrvec.constant(lr=0.1), warmup_steps=[2, 2**53], start_lr=0.0),
    lrvec.sequential([([3, 9], lrvec.constant(lr=0.1)), (20, lrvec.exponential(base_lr=[0.2, 0.1], gamma=0.9))]),
    lrvec.warmup_stable_decay(
        base_lr=0.1, warmup_steps=[0, 2], decay_steps=[0, 10], total_steps=20, final_lr=0.0, warmup_start=0.0, decay_shape="linear"
    ),
    STACKS[0].make(),
]  # fmt: skip

GROWING = lrvec.exp_range(min_lr=0.0, max_lr=0.1, step_size=[5, 2**40], gamma=[1.01, 0.0])

EARLY = np.array([*range(23), 5000], np.int32).reshape(4, 6)
LATEST = np.array([2**31 - 1], np.int32)


@pytest.mark.parametrize(("sweeps", "steps"), [([*SWEEPS, GROWING], EARLY), (SWEEPS, LATEST)], ids=["early", "latest"])
def test_a_sweep_gives_its_shape_and_that_of_the_steps(framework: Framework, sweeps: list[Any], steps: Any) -> None:
    found = framework.run(lambda *all_steps: [[sweep(one) for one in all_steps] for sweep in sweeps], steps, 7)
    for sweep, (got, at_one) in zip(sweeps, found, strict=True):
        assert isinstance(got, framework.array_type)
        assert np.asarray(got).dtype == framework.real
        assert tuple(got.shape) == sweep.shape + steps.shape
        assert tuple(at_one.shape) == sweep.shape
        rows = (*sweep.shape, steps.size)
        assert close(framework, np.asarray(got).reshape(rows), sweep(steps).reshape(rows)), sweep


def test_a_sweep_with_rows_that_are_arrays(framework: Framework) -> None:
    """Beside rows that are known."""

    def values(rates: Any, steps: Any) -> Any:
        line = lrvec.linear(base_lr=rates, end_lr=0.0, total_steps=4)
        cosine = lrvec.cosine(base_lr=rates, min_lr=0.0, total_steps=[10, 20])
        return line(steps), lrvec.with_warmup(cosine, warmup_steps=[2, 3], start_lr=0.0)(steps)

    steps = np.arange(12, dtype=np.int32).reshape(3, 4)
    line, warmup = framework.run(values, np.array([0.25, 0.5], framework.real), steps)
    first = [[0.25, 0.1875, 0.125, 0.0625], [0.0] * 4, [0.0] * 4]
    assert np.asarray(line).tolist() == [first, [[2.0 * rate for rate in row] for row in first]]
    assert close(framework, np.asarray(warmup).reshape(2, 12), values([0.25, 0.5], steps)[1].reshape(2, 12))


@pytest.mark.parametrize("case", [*GROUPS[:1], GROUPS[3], STACKS[1]], ids=str)
def test_groups_give_a_dict_of_arrays(framework: Framework, case: Case) -> None:
    groups, steps = case.make(), np.array([0, 5, 500, 900], np.int32)
    wanted = groups(steps)
    assert list(groups(framework.array(steps))) == list(wanted)
    got, matrix, at_one = framework.run(lambda steps, one: (groups(steps), groups.matrix(steps), groups(one)), steps, 5)
    assert set(got) == set(wanted)
    assert {name: tuple(value.shape) for name, value in at_one.items()} == dict.fromkeys(wanted, ())
    for (name, row), beside in zip(wanted.items(), np.asarray(matrix), strict=True):
        assert isinstance(got[name], framework.array_type)
        assert close(framework, got[name], row)
        assert close(framework, beside, row)


@of(TRACING)
def test_groups_of_traced_rates_at_known_steps(framework: Framework) -> None:
    def rates(base_lr: Any, head: Any, steps: Any) -> Any:
        schedule = lrvec.linear(base_lr=base_lr, end_lr=0.0, total_steps=4)
        groups = lrvec.scale_by_group(schedule, multipliers={"body": 1.0, "head": head})
        return groups.matrix(range(0, 5, 2)), groups.matrix(steps), groups(2)

    rows, beside, at_two = framework.run(rates, 0.5, 2.0, np.array([0, 2, 4], np.int32))
    assert rows.tolist() == beside.tolist() == [[0.5, 0.25, 0.0], [1.0, 0.5, 0.0]]
    assert {name: float(rate) for name, rate in at_two.items()} == {"body": 0.25, "head": 0.5}


def test_a_callable_of_the_user_gets_the_arrays(framework: Framework) -> None:
    def fall(step: Any) -> Any:
        return 1.0 - 0.25 * framework.reals(step)

    schedules = {
        "warmup": lrvec.with_warmup(fall, warmup_steps=2, start_lr=0.0),
        "phases": lrvec.sequential([(3, fall), (2, lambda step: 1)]),
        "sweep": lrvec.sequential([([1, 3], lrvec.constant(lr=2.0)), (20, fall)]),
        "group": lambda steps: lrvec.scale_by_group(fall, multipliers={"all": 2.0})(steps)["all"],
        "stack": lambda steps: lrvec.stack([fall, lambda step: 0.25])(steps),
    }
    got = framework.run(
        lambda steps: {name: schedule(steps) for name, schedule in schedules.items()}, np.arange(5, dtype=np.int32)
    )
    assert {name: np.asarray(values).tolist() for name, values in got.items()} == {
        "warmup": [0.0, 0.5, 1.0, 0.75, 0.5],
        "phases": [1.0, 0.75, 0.5, 1.0, 1.0],
        "sweep": [[2.0, 1.0, 0.75, 0.5, 0.25], [2.0, 2.0, 2.0, 1.0, 0.75]],
        "group": [2.0, 1.5, 1.0, 0.5, 0.0],
        "stack": [[1.0, 0.75, 0.5, 0.25, 0.0], [0.25] * 5],
    }
    assert {np.asarray(values).dtype.type for values in got.values()} == {framework.real}


# ---- one step a row, and summaries ----

TWO_AXES = lrvec.stack([[lrvec.linear(base_lr=1.0, end_lr=0.0, total_steps=4)], [lrvec.constant(lr=0.5)]])
ALL_SWEEPS = [*SWEEPS, TWO_AXES]


def steps_for(sweep: Any) -> list[Any]:
    """Steps of the sweep's shape, with an axis in front of it, and with one step for all rows."""
    shapes = sweep.shape, (4, *sweep.shape), (5, *[1] * sweep.ndim)
    return [np.arange(np.prod(shape), dtype=np.int32).reshape(shape) * 3 % 41 for shape in shapes]


@pytest.mark.parametrize("traced", [False, True])
def test_a_step_for_each_row(framework: Framework, traced: bool) -> None:
    """Each is the library's array, within the limit of the value of its row alone. What is not traced is compiled operation by operation,
    for each shape anew: there each sweep has one shape of the steps, in turn."""
    steps = [steps_for(sweep) if traced else [steps_for(sweep)[place % 3]] for place, sweep in enumerate(ALL_SWEEPS)]

    def values(steps: Any) -> Any:
        return [[lrvec.pointwise(sweep, one) for one in row] for sweep, row in zip(ALL_SWEEPS, steps, strict=True)]

    found = framework.run(values, steps) if traced else values(framework.arrays(steps))
    for sweep, row, got in zip(ALL_SWEEPS, steps, found, strict=True):
        most = LIMIT * np.spacing(np.abs(sweep(range(42))).max().astype(framework.real))
        for one, values_of_one in zip(row, got, strict=True):
            assert isinstance(values_of_one, framework.array_type)
            assert np.asarray(values_of_one).dtype == framework.real
            wanted = lrvec.pointwise(sweep, one)
            assert tuple(values_of_one.shape) == wanted.shape
            assert np.all(np.abs(np.asarray(values_of_one, np.float64) - wanted) <= most), sweep


def test_a_step_for_each_row_of_one_schedule(framework: Framework) -> None:
    steps = np.arange(6, dtype=np.int32).reshape(2, 3)
    alone, beside = framework.run(lambda steps: (lrvec.pointwise(WARMUP, steps), WARMUP(steps)), steps)
    assert np.asarray(alone).tolist() == np.asarray(beside).tolist()


def test_a_step_for_each_row_of_a_callable(framework: Framework) -> None:
    """The user's callable gets the library's array, of the steps that its row has."""
    rows = lrvec.stack([lambda step: 1.0 - 0.25 * framework.reals(step), lambda step: 0.5])
    got = framework.run(lambda steps: lrvec.pointwise(rows, steps), np.array([[1, 2], [3, 4]], np.int32))
    assert np.asarray(got).tolist() == [[0.75, 0.5], [0.25, 0.5]]


@of(TRACING)
def test_a_step_for_each_row_of_traced_rates(framework: Framework) -> None:
    """Known steps too, and a shape that does not broadcast with the traced one is refused."""

    def values(rates: Any, steps: Any) -> Any:
        line = lrvec.linear(base_lr=rates, end_lr=0.0, total_steps=4)
        return lrvec.pointwise(line, steps), lrvec.pointwise(line, [2, 1])

    ours, known = framework.run(values, np.array([1.0, 2.0], framework.real), np.array([[1], [2]], np.int32))
    assert ours.tolist() == [[0.75, 1.5], [0.5, 1.0]]
    assert known.tolist() == [0.5, 1.5]
    with pytest.raises(ValueError, match=r"^steps must broadcast with the sweep's shape \(2,\), received shape \(3,\)"):
        framework.run(values, np.array([1.0, 2.0], framework.real), np.arange(3))


@pytest.mark.parametrize("sweep", [lrvec.cosine(**{**COSINE, "base_lr": [0.1, 0.2]}), lrvec.stack([abs, abs])], ids=["columns", "rows"])
def test_steps_that_do_not_broadcast(framework: Framework, sweep: Any) -> None:
    with pytest.raises(ValueError, match=r"^steps must broadcast with the sweep's shape \(2,\), received shape \(3,\)"):
        lrvec.pointwise(sweep, framework.array(np.arange(3)))


@pytest.mark.parametrize("name", ["int8", "int32", "uint32"])
def test_a_summary_is_that_of_numpy_s_steps(framework: Framework, name: str) -> None:
    """Floats and numpy's arrays of the kernels' bits. A step below 0 counts as 0, as in a call."""
    steps = np.arange(60, dtype=name).reshape(6, 10)[::-1].copy()
    for schedule in (WARMUP, ALL_SWEEPS[0], TWO_AXES):
        got, wanted = lrvec.summarize(schedule, framework.array(steps), workers=1), lrvec.summarize(schedule, steps)
        assert isinstance(got, lrvec.Summary)
        assert [np.asarray(one).tolist() for one in got] == [np.asarray(one).tolist() for one in wanted]
        assert set(map(type, got)) == set(map(type, wanted))
    if name == "int32":
        below = framework.array(np.array([-3, 2], name))
        assert lrvec.summarize(WARMUP, below) == lrvec.summarize(WARMUP, [0, 2])


@of([one for one in TRACING if one.compiled])
def test_a_summary_needs_known_steps(framework: Framework) -> None:
    said = "steps must be known at this point, received a traced value; sum up over a range, or outside of what traces it"
    with pytest.raises(TypeError, match=f"(?m)^{said}$"):
        framework.run(lambda steps: lrvec.summarize(WARMUP, steps).sum, np.arange(3))
    assert framework.run(lambda by: by * lrvec.summarize(WARMUP, range(3)).sum, 0.0) == 0.0


# ---- the matrices of lrvec.nemo ----


def scheduler_of(*groups: dict[str, Any]) -> OptimizerParamScheduler:
    optimizer = SimpleNamespace(param_groups=[{"lr": 0.5, "weight_decay": 0.1, **group} for group in groups])
    return OptimizerParamScheduler(
        optimizer, init_lr=0.0, max_lr=0.5, min_lr=0.0, lr_warmup_steps=5, lr_decay_steps=40, lr_decay_style="cosine",
        start_wd=0.01, end_wd=0.1, wd_incr_steps=40, wd_incr_style="linear",
    )  # fmt: skip


@pytest.mark.parametrize("own", [{"lr": 0.3}, {"max_lr": 0.7, "lr_mult": 0.3, "weight_decay": 0.0}], ids=["alike", "own rates"])
@pytest.mark.parametrize("traced", [False, True])
def test_matrices_of_groups(framework: Framework, own: dict[str, Any], traced: bool) -> None:
    scheduler, steps = scheduler_of({}, own), np.arange(48, dtype=np.int32).reshape(6, 8)
    matrices = scheduler.lr_matrix, scheduler.wd_matrix

    def values(steps: Any) -> Any:
        return [matrix(steps) for matrix in matrices]

    found = framework.run(values, steps) if traced else values(framework.array(steps))
    for matrix, got in zip(matrices, found, strict=True):
        assert isinstance(got, framework.array_type)
        assert np.asarray(got).dtype == framework.real
        assert tuple(got.shape) == (2, 6, 8)
        assert close(framework, np.asarray(got).reshape(2, 48), matrix(range(48)))


# ---- what is refused ----

ALONE_AND_SWEPT = [lrvec.cosine(**COSINE), lrvec.cosine(**{**COSINE, "base_lr": [0.1, 0.2]})]


@pytest.mark.parametrize("schedule", ALONE_AND_SWEPT, ids=["alone", "sweep"])
@pytest.mark.parametrize("steps", [1.0, [True], 1j], ids=str)
def test_steps_must_be_integers(framework: Framework, schedule: Any, steps: Any) -> None:
    steps = framework.array(steps)
    message = f"(?m)^steps must be non-negative integers, received an array of dtype {re.escape(str(steps.dtype))}$"
    with pytest.raises(ValueError, match=message):
        schedule(steps)
    with pytest.raises(ValueError, match=message):
        framework.run(schedule, steps)


@pytest.mark.parametrize("schedule", ALONE_AND_SWEPT, ids=["alone", "sweep"])
@pytest.mark.parametrize("option", [{"out": np.zeros(3)}, {"dtype": np.float32}, {"workers": 1}], ids=" ".join)
def test_options_of_numpy_are_refused(framework: Framework, schedule: Any, option: dict[str, Any]) -> None:
    (name,) = option
    with pytest.raises(TypeError, match=rf"(?m)^{name} must be None for the arrays of another library, received "):
        framework.run(lambda steps: schedule(steps, **option), np.arange(3))


def test_numbers_in_a_list_are_steps_as_python_s_are(framework: Framework) -> None:
    """They are checked, and go through the kernel; a boolean and a real number are none."""
    line = lrvec.linear(base_lr=1.0, end_lr=0.0, total_steps=4)
    assert line([framework.array(1), framework.array(2)]).tolist() == [0.75, 0.5]
    for wrong, said in ((True, ", not a boolean"), (1.5, ""), (-1, "")):
        with pytest.raises(ValueError, match=f"^step at index 1 must be a non-negative integer{said}, received "):
            line([framework.array(1), framework.array(wrong)])


@pytest.mark.parametrize("array", [False, True])
def test_booleans_are_no_steps(framework: Framework, array: bool) -> None:
    steps = framework.array(np.array([True, False])) if array else framework.array(True)
    with pytest.raises(ValueError, match=r"^steps must be non-negative integers, received an array of dtype [\w.]*bool$"):
        lrvec.constant(lr=1.0)(steps)


@pytest.mark.parametrize("several", [False, True])
def test_booleans_are_no_parameters(framework: Framework, several: bool) -> None:
    """Of any shape, and traced too: a boolean has its type then."""
    wrong = framework.array(np.array([True, False])) if several else framework.array(True)
    refused = [
        (lambda wrong: lrvec.cosine(**{**COSINE, "total_steps": wrong}), ValueError, "total_steps must be a positive integer"),
        (lambda wrong: lrvec.with_warmup(WARMUP, warmup_steps=wrong, start_lr=0.0), ValueError, "warmup_steps must be a positive integer"),
        (lambda wrong: lrvec.cosine(**{**COSINE, "base_lr": wrong}), TypeError, "base_lr must be a finite number"),
        (lambda wrong: lrvec.polynomial(base_lr=1.0, end_lr=0.0, total_steps=4, power=wrong), TypeError, "power must be a finite number"),
    ]  # fmt: skip
    for make, error, rule in refused:
        for run in (lambda make, wrong: make(wrong), framework.run):
            with pytest.raises(error, match=f"^{rule}, not a boolean, received "):
                run(make, wrong)


def test_booleans_in_lists_are_no_parameters(framework: Framework) -> None:
    """Beside numbers too, from which numpy would make an array of numbers."""
    wrong = framework.array(True)
    refused = [
        (lambda: lrvec.cosine(**{**COSINE, "total_steps": [4, wrong]}), ValueError, "total_steps at index 1 must be a positive integer, not a boolean"),
        (lambda: lrvec.cosine(**{**COSINE, "total_steps": [[4], [np.True_]]}), ValueError, r"total_steps at index \(1, 0\) must be a positive integer"),
        (lambda: lrvec.cosine(**{**COSINE, "base_lr": [0.1, wrong]}), TypeError, "base_lr at index 1 must be a finite number, not a boolean"),
    ]  # fmt: skip
    for make, error, rule in refused:
        with pytest.raises(error, match=f"^{rule}, received "):
            make()


# ---- numpy stays numpy's ----


def test_numpy_goes_through_the_kernel() -> None:
    """The bits are those of a scalar call, and the type is numpy's, while all the libraries are there."""
    schedule, steps = lrvec.cosine(**COSINE), np.arange(60, dtype=np.int32)
    values = schedule(steps)
    assert type(values) is np.ndarray
    assert values.dtype == np.float64
    assert values.tolist() == [schedule(step) for step in range(60)]
    assert type(schedule(np.int64(3))) is type(schedule(3)) is float


LOADED = """
import sys, lrvec, numpy
names = {*NAMES, "array_api_compat", "lrvec._evaluate.traced"}
def numpys():
    lrvec.cosine(base_lr=0.1, min_lr=0.0, total_steps=9)(numpy.arange(3))
    lrvec.cosine(base_lr=[0.1, 0.2], min_lr=0.0, total_steps=9)(range(3))
    lrvec.scale_by_group(lrvec.step_lr(0.1, 5), multipliers={"a": 1.0})(3)
    return sorted(names & set(sys.modules))
print(numpys())
import LIBRARY as library
print(numpys())
lrvec.constant(lr=0.1)(library.arange(3))
print(sorted(names & set(sys.modules)))
"""


@pytest.mark.parametrize("name", dict.fromkeys(one.library.__name__ for one in FRAMEWORKS))
def test_nothing_is_imported_for_numpy(name: str) -> None:
    """And for a library's arrays nothing of another library."""
    names = {one.name for one in FRAMEWORKS}
    own = name.partition(".")[0]
    (in_memory,) = {one.in_memory for one in FRAMEWORKS if one.library.__name__ == name}
    needed = [own, "lrvec._evaluate.traced"] if in_memory else [own, "array_api_compat", "lrvec._evaluate.traced"]
    assert python(LOADED.replace("NAMES", str(sorted(names))).replace("LIBRARY", name), JAX_PLATFORMS="cpu") == (
        f"[]\n{[own]}\n{sorted(needed)}\n"
    )
