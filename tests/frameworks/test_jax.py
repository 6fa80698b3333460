"""These tests are about schedules in JAX: values of every kind under jit, vmap and scan, gradients, and traced parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from cases import GROUPS, STACKS
from processes import python
from record import Case, case
from traces import (
    KINDS,
    LATE,
    LIMIT,
    SMOOTH_CASES,
    counted,
    function_of,
    largest_error,
    late_steps,
    of_kind,
    smooth_steps,
    steps_to_trace,
    test_every_kind_is_traced,  # noqa: F401
    with_parameters,
    wrong_derivatives,
)

import lrvec

COSINE = {"base_lr": 0.1, "min_lr": 0.01, "total_steps": 50}


@contextmanager
def double_precision() -> Iterator[None]:
    jax.config.update("jax_enable_x64", True)
    try:
        yield
    finally:
        jax.config.update("jax_enable_x64", False)


def compiled(function: Callable[..., Any], *arguments: Any) -> Any:
    return jax.jit(function)(*arguments)


# ---- values ----


@pytest.mark.parametrize("kind", KINDS)
def test_values(kind: str) -> None:
    cases = of_kind(kind, np.float32, 3)
    for last in (2**24, 2**31 - 1):
        steps = np.array([steps_to_trace(one, last) for one in cases])
        values = compiled(lambda steps: [one.make()(row) for one, row in zip(cases, steps, strict=True)], jnp.int32(steps))
        for one, row, got in zip(cases, steps, values, strict=True):
            assert got.dtype == jnp.float32
            assert not got.weak_type
            assert largest_error(one, row, got) <= LIMIT, one


@pytest.mark.parametrize("kind", KINDS)
def test_values_in_double_precision(kind: str) -> None:
    cases = of_kind(kind, np.float64, 3)
    steps = np.array([steps_to_trace(one, 2**53) for one in cases])
    with double_precision():
        values = compiled(lambda steps: [one.make()(row) for one, row in zip(cases, steps, strict=True)], steps)
    for one, row, got in zip(cases, steps, values, strict=True):
        assert got.dtype == jnp.float64
        assert largest_error(one, row, got) <= LIMIT, one


@pytest.mark.parametrize("kind", ["inverse_sqrt", "exp_range", "with_warmup"])
def test_values_without_jit(kind: str) -> None:
    (case,) = of_kind(kind, np.float32, 1)
    steps = steps_to_trace(case, 2**24)
    assert largest_error(case, steps, case.make()(jnp.int32(steps))) <= LIMIT


def one_of_each(last: int) -> tuple[list[Case], Any]:
    """A case of each kind, and steps for them."""
    cases = [of_kind(kind, np.float32, 2)[-1] for kind in KINDS]
    return cases, np.array([steps_to_trace(one, last) for one in cases])


@pytest.mark.parametrize("kind", KINDS)
def test_a_step_below_0_counts_as_0(kind: str) -> None:
    """As a counter that has wrapped around shows, or optax.join_schedules asks of a schedule that has yet to begin."""
    schedule = of_kind(kind, np.float32, 1)[0].make()
    before, first = schedule(jnp.array([-1, -(2**31)], jnp.int32)), schedule(jnp.array([0, 0], jnp.int32))
    assert np.asarray(before).tolist() == np.asarray(first).tolist()


def test_one_step_at_a_time_in_scan_and_vmap() -> None:
    cases, steps = one_of_each(2**24)
    schedules = [one.make() for one in cases]

    def values(row: Any) -> Any:
        return [schedule(step) for schedule, step in zip(schedules, row, strict=True)]

    columns = jnp.int32(steps.T)
    _, scanned = compiled(lambda rows: jax.lax.scan(lambda carry, row: (carry, values(row)), None, rows), columns)
    mapped = compiled(jax.vmap(values), columns)
    for one, row, in_scan, in_vmap in zip(cases, steps, scanned, mapped, strict=True):
        assert largest_error(one, row, in_scan) <= LIMIT, one
        assert largest_error(one, row, in_vmap) <= LIMIT, one


def test_other_integers_and_shapes() -> None:
    """No step goes beyond its type, however few it has; the result has the steps' shape."""
    schedule = lrvec.with_warmup(lrvec.triangular(min_lr=0.01, max_lr=0.1, step_size=300), warmup_steps=150, start_lr=0.0)
    all_steps = {
        dtype: np.array([0, 1, np.iinfo(dtype).max - 1, np.iinfo(dtype).max], dtype)
        for dtype in ("int8", "uint8", "int16", "uint16", "int32", "uint32")
    }
    got = compiled(lambda all_steps: {dtype: schedule(steps) for dtype, steps in all_steps.items()}, all_steps)
    for dtype, steps in all_steps.items():
        assert got[dtype].dtype == jnp.float32
        assert np.allclose(got[dtype], schedule(steps), rtol=1e-6, atol=0.0), dtype
    for shape in ((), (2, 0, 3), (2, 3)):
        assert jax.eval_shape(schedule, jax.ShapeDtypeStruct(shape, jnp.int32)) == jax.ShapeDtypeStruct(shape, jnp.float32)


def test_a_schedule_is_a_static_argument() -> None:
    calls = []

    def rate(schedule: Any, step: Any) -> Any:
        calls.append(schedule)
        return schedule(step)

    jitted = jax.jit(rate, static_argnums=0)
    assert jitted(lrvec.cosine(**COSINE), 25) == jitted(lrvec.cosine(**COSINE), 25) == pytest.approx(0.055)
    assert jitted(lrvec.constant(lr=0.5), 25) == 0.5
    assert calls == [lrvec.cosine(**COSINE), lrvec.constant(lr=0.5)]


# ---- gradients ----


def gradients(case: Case) -> Any:
    """One row a step, one column a parameter: by grad, vmap and jit at once."""
    function, values = function_of(case)
    mapped = jax.vmap(jax.grad(function), in_axes=(None, 0))
    return np.stack(compiled(mapped, values, jnp.int32(smooth_steps(case))), axis=1)


@pytest.mark.parametrize("case", SMOOTH_CASES, ids=str)
def test_gradients_in_double_precision(case: Case) -> None:
    with double_precision():
        found = gradients(case)
    assert found.dtype == np.float64
    assert wrong_derivatives(case, found, 1e-12) == []


@pytest.mark.parametrize("kind", ["step_decay", "polynomial", "one_cycle", "exp_range", "sequential", "megatron_lr"])
def test_gradients(kind: str) -> None:
    case = next(one for one in SMOOTH_CASES if one.kind == kind)
    found = gradients(case)
    assert found.dtype == np.float32
    assert wrong_derivatives(case, found, 4e-6) == []


OPTAX = [
    (
        lambda p: lrvec.linear(base_lr=p[0], end_lr=p[1], total_steps=40),
        lambda p: optax.linear_schedule(p[0], p[1], 40),
        [0.1, 0.01],
    ),
    (
        lambda p: lrvec.polynomial(base_lr=p[0], end_lr=p[1], total_steps=40, power=p[2]),
        lambda p: optax.polynomial_schedule(p[0], p[1], p[2], 40),
        [0.1, 0.01, 2.5],
    ),
    (
        lambda p: lrvec.cosine(base_lr=p[0], min_lr=p[1] * p[0], total_steps=40),
        lambda p: optax.cosine_decay_schedule(p[0], 40, p[1]),
        [0.1, 0.2],
    ),
    (
        lambda p: lrvec.exponential_decay(base_lr=p[0], decay_rate=0.3, decay_steps=10),
        lambda p: optax.exponential_decay(p[0], 10, 0.3),
        [0.1],
    ),
    (
        lambda p: lrvec.step_decay(base_lr=p[0], drop=0.3, step_size=10),
        lambda p: optax.exponential_decay(p[0], 10, 0.3, staircase=True),
        [0.1],
    ),
    (
        lambda p: lrvec.with_warmup(
            lrvec.cosine(base_lr=0.1, min_lr=p[1], total_steps=30), warmup_steps=10, start_lr=p[0]
        ),
        lambda p: optax.warmup_cosine_decay_schedule(p[0], 0.1, 10, 40, p[1]),
        [0.02, 0.01],
    ),
    (
        lambda p: lrvec.one_cycle(max_lr=p[0], total_steps=40, pct_start=0.3, initial_div=25.0, final_div=250.0),
        lambda p: optax.cosine_onecycle_schedule(40, p[0], 0.3, 25.0, 10.0),
        [0.1],
    ),
    (
        lambda p: lrvec.sequential([(15, lrvec.constant(lr=p[0])), (100, lrvec.linear(base_lr=p[1], end_lr=0.0, total_steps=20))]),
        lambda p: optax.join_schedules([optax.constant_schedule(p[0]), optax.linear_schedule(p[1], 0.0, 20)], [15]),
        [0.1, 0.2],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("ours", "theirs", "values"), OPTAX)
def test_gradients_are_those_of_optax(ours: Any, theirs: Any, values: list[float]) -> None:
    """And so are the values: with respect to what optax lets JAX trace, and where optax's polynomial is a number."""

    def values_and_slopes(make: Any) -> Any:
        function = jax.value_and_grad(lambda p, step: make(p)(step))
        return compiled(jax.vmap(function, in_axes=(None, 0)), values, np.arange(60))

    with double_precision():
        (rates, slopes), (their_rates, their_slopes) = values_and_slopes(ours), values_and_slopes(theirs)
    steps = np.arange(60) if np.isfinite(their_rates[40:]).all() else np.arange(40)
    assert np.isfinite([rates, *slopes]).all()
    assert np.allclose(rates[steps], their_rates[steps], rtol=1e-13, atol=1e-16)
    assert np.allclose(np.array(slopes)[:, steps], np.array(their_slopes)[:, steps], rtol=1e-12, atol=1e-14)


def test_the_gradient_of_a_training_run() -> None:
    """The loss after ten steps of descent, by the schedule's parameters: as by finite differences of numpy's run."""

    def loss_after(parameters: Any, steps: Any, scan: Any) -> Any:
        base_lr, power = parameters
        schedule = lrvec.polynomial(base_lr=base_lr, end_lr=0.01, total_steps=8, power=power)

        def descend(weight: Any, step: Any) -> tuple[Any, None]:
            return weight - schedule(step) * 2.0 * (weight - 3.0), None

        return (scan(descend, 0.0, steps)[0] - 3.0) ** 2

    def loop(function: Any, carry: Any, steps: Any) -> tuple[Any, None]:
        for step in steps:
            carry, _ = function(carry, step)
        return carry, None

    at, by = [0.1, 1.5], 2.0**-20
    with double_precision():
        found = jax.grad(lambda parameters: loss_after(parameters, jnp.arange(10), jax.lax.scan))(at)
    for i in range(2):
        above, below = (loss_after([x + sign * by * (i == j) for j, x in enumerate(at)], range(10), loop) for sign in (1, -1))
        assert float(found[i]) == pytest.approx((above - below) / (2.0 * by), rel=1e-9)


def test_no_gradient_by_a_power_that_is_not_there() -> None:
    """At power 0, and for rates that are the same, each of the formula's branches has a finite slope."""
    slope = jax.grad(lambda power, step: lrvec.polynomial(base_lr=0.1, end_lr=0.0, total_steps=10, power=power)(step))
    assert [float(slope(0.0, step)) for step in (0, 10, 11)] == [0.0, 0.0, 0.0]
    assert float(slope(0.0, 5)) == pytest.approx(0.1 * np.log(0.5), rel=1e-6)
    flat = jax.grad(lambda power: lrvec.polynomial(base_lr=0.1, end_lr=0.1, total_steps=10, power=power)(5))
    assert float(flat(2.0)) == 0.0
    growth = jax.grad(lambda gamma, step: lrvec.exponential(base_lr=0.5, gamma=gamma)(step))
    assert [float(growth(0.0, step)) for step in (0, 1, 2)] == [0.0, 0.5, 0.0]


# ---- traced parameters ----


def test_parameters_under_vmap() -> None:
    """Each schedule of a sweep of traced rates, as the schedule alone."""
    rates, steps = np.linspace(0.1, 1.0, 7, dtype=np.float32), np.arange(60)
    got = compiled(jax.vmap(lambda rate: lrvec.cosine(**{**COSINE, "base_lr": rate})(steps)), rates)
    rows = np.array([lrvec.cosine(**{**COSINE, "base_lr": rate})(steps) for rate in rates.tolist()])
    assert np.abs(got - rows).max() <= LIMIT * np.spacing(np.float32(1.0))


def test_counts_may_be_traced() -> None:
    """The values are those of known counts, also where a phase has no steps at all."""
    found = {str(one): (*pair, one) for one in SMOOTH_CASES if (pair := counted(one))}
    steps = {name: np.array(smooth_steps(one)) for name, (_, _, one) in found.items()}

    def values(counts: Any, steps: Any) -> Any:
        return {name: function(counts[name], steps[name]) for name, (function, _, _) in found.items()}

    got = compiled(values, {name: counts for name, (_, counts, _) in found.items()}, steps)
    for name, (_, _, one) in found.items():
        assert largest_error(one, steps[name], got[name]) <= LIMIT, name


def test_a_phase_of_no_steps_has_finite_gradients() -> None:
    def rate(base_lr: Any, warmup_steps: Any, decay_steps: Any) -> Any:
        return lrvec.warmup_stable_decay(
            base_lr=base_lr, warmup_steps=warmup_steps, decay_steps=decay_steps, total_steps=50, final_lr=0.01,
            warmup_start=0.001, decay_shape="1-sqrt",
        )(jnp.array([0, 1, 25, 49, 50, 51])).sum()  # fmt: skip

    assert compiled(jax.grad(rate), 0.1, 0, 0) == 6.0


def test_traced_counts_beside_narrow_steps() -> None:
    """A count that the steps' type cannot hold."""
    schedule, steps = lrvec.cosine(**{**COSINE, "total_steps": 1000}), np.array([0, 60, 127], np.int8)
    got = compiled(lambda count, steps: lrvec.cosine(**{**COSINE, "total_steps": count})(steps), 1000, steps)
    assert np.allclose(got, schedule(steps), rtol=1e-6, atol=0.0)


@pytest.mark.parametrize("case", LATE, ids=str)
def test_late_steps(case: Case) -> None:
    """Also with counts that are traced, if int32 holds them."""
    steps = late_steps(case)
    assert largest_error(case, steps, compiled(case.make(), steps)) <= LIMIT
    function, counts = counted(case) or pytest.fail("the case has counts")
    if max(counts) < 2**31:
        assert largest_error(case, steps, compiled(function, counts, steps)) <= LIMIT


def test_a_traced_period_that_float32_cannot_hold() -> None:
    one = case("cosine_restarts", base_lr=0.1, min_lr=0.01, period=2**24 + 1, t_mult=1)
    steps = late_steps(one)
    got = compiled(lambda period, steps: with_parameters(one, [("period",)], [period]).make()(steps), 2**24 + 1, steps)
    assert largest_error(one, steps, got) <= LIMIT


@pytest.mark.parametrize(("period", "t_mult"), [(1, 2), (7, 1), (7, 3), (1000, 5), (2**30, 2), (2**31 - 1, 7), (3, 2**31 - 1)])
def test_restarts_of_traced_periods_and_factors(period: int, t_mult: int) -> None:
    """To the last step of int32."""
    one = case("cosine_restarts", base_lr=0.1, min_lr=0.01, period=period, t_mult=t_mult)
    steps = late_steps(one)
    steps = np.concatenate([steps, np.full(400 - len(steps), 2**31 - 1, np.int32)])
    assert largest_error(one, steps, RESTARTS(period, t_mult, steps)) <= LIMIT


RESTARTS = jax.jit(
    lambda period, t_mult, steps: lrvec.cosine_restarts(base_lr=0.1, min_lr=0.01, period=period, t_mult=t_mult)(steps)
)


def test_restarts_of_traced_periods_in_a_sweep() -> None:
    """Traced lengths beside known ones that int32 cannot hold, and factors that grow beside one that does not."""

    def values(period: Any, t_mult: Any, steps: Any) -> Any:
        return [
            lrvec.cosine_restarts(base_lr=[0.1, 0.2], min_lr=0.01, period=period, t_mult=[1, 3])(steps),
            lrvec.cosine_restarts(base_lr=0.1, min_lr=0.01, period=[5, 2**40], t_mult=t_mult)(steps),
        ]

    steps = np.array([*range(100), 2**31 - 1], np.int32)
    traced = jax.vmap(values, in_axes=(0, 0, None))(jnp.array([5]), jnp.array([2]), steps)  # faster than to compile it
    for (got,), rows in zip(traced, values(5, 2, steps), strict=True):
        assert np.abs(got - rows).max() <= LIMIT * np.spacing(np.float32(0.1))


MUST_BE_KNOWN = {
    "milestones": lambda n: lrvec.multi_step(base_lr=0.1, milestones=[3, n], gamma=0.5),
    "num_steps": lambda n: lrvec.sample(lrvec.constant(lr=0.1), num_steps=n),
    "lr": lambda n: lrvec.sample(lrvec.constant(lr=n), num_steps=3),
    "schedule": lambda n: lrvec.summarize(
        lrvec.with_warmup(lrvec.constant(lr=n), warmup_steps=3, start_lr=0.0), range(3)
    ),
}


@pytest.mark.parametrize("name", MUST_BE_KNOWN)
def test_what_must_be_known(name: str) -> None:
    with pytest.raises(TypeError, match=f"^{name} must be known at this point, received a traced value"):
        compiled(MUST_BE_KNOWN[name], 2)


def test_traced_milestones_in_one_array() -> None:
    with pytest.raises(TypeError, match=r"^milestones must be known"):
        compiled(lambda n: lrvec.multi_step(base_lr=0.1, milestones=n, gamma=0.5), jnp.array([3, 5]))


def test_traced_parameters_are_not_checked() -> None:
    """They have no values yet; those that are known are refused as ever, and so are concrete arrays."""
    assert compiled(lambda lr: lrvec.exponential_decay(base_lr=lr, decay_rate=0.5, decay_steps=1)(1), -1.0) == -0.5
    with pytest.raises(ValueError, match=r"^decay_rate must satisfy"):
        compiled(lambda lr: lrvec.exponential_decay(base_lr=lr, decay_rate=1.5, decay_steps=1)(1), -1.0)
    with pytest.raises(ValueError, match=r"^base_lr must be a positive number"):
        lrvec.exponential_decay(base_lr=jnp.float32(-1.0), decay_rate=0.5, decay_steps=1)


def test_a_traced_schedule_at_known_steps() -> None:
    """Integers, ranges, lists and numpy's arrays are steps of JAX then."""

    def values(rate: Any) -> Any:
        schedule = lrvec.linear(base_lr=rate, end_lr=0.0, total_steps=4)
        return schedule(1), schedule(range(4)), schedule([1, 2]), schedule(np.array([[0, 4]]))

    one, many, listed, array = compiled(values, 1.0)
    assert (one.shape, one) == ((), 0.75)
    assert many.tolist() == [1.0, 0.75, 0.5, 0.25]
    assert listed.tolist() == [0.75, 0.5]
    assert array.tolist() == [[1.0, 0.0]]
    for steps, message in [
        (2**31, r"^step must be at most 2147483647, the library's largest integer, received 2147483648"),
        (-1, r"^step must be a non-negative integer, received -1"),
        ([0, 1.5], r"^step at index 1 must be a non-negative integer, received 1.5"),
    ]:
        with pytest.raises(ValueError, match=message):
            compiled(lambda rate, steps=steps: lrvec.constant(lr=rate)(steps), 1.0)


# ---- sweeps and groups ----


def test_a_sweep_gives_its_shape_and_that_of_the_steps() -> None:
    sweeps = [
        lrvec.cosine(base_lr=[[0.1], [0.2]], min_lr=0.0, total_steps=[10, 20, 30]),
        lrvec.step_decay(base_lr=0.1, step_size=[3, 7], gamma=[0.999, -0.5]),
        lrvec.exp_range(min_lr=0.0, max_lr=0.1, step_size=[5, 2**40], gamma=[1.01, 0.0]),
        lrvec.cosine_restarts(base_lr=0.1, min_lr=[0.0, 0.01], period=[3, 4], t_mult=[1, 2]),
        lrvec.with_warmup(lrvec.polynomial(base_lr=[0.1, 0.2], end_lr=0.0, total_steps=20, power=[1.0, 3.0]), warmup_steps=[1, 5], start_lr=0.0),
        lrvec.sequential([([3, 9], lrvec.constant(lr=0.1)), (20, lrvec.exponential(base_lr=[0.2, 0.1], gamma=0.9))]),
        lrvec.sequential([([3, 9], lrvec.constant(lr=0.1)), (20, lambda step: 0.5 * step)]),
        lrvec.warmup_stable_decay(
            base_lr=0.1, warmup_steps=[0, 2], decay_steps=[0, 10], total_steps=20, final_lr=0.0, warmup_start=0.0, decay_shape="linear"
        ),
        STACKS[0].make(),
    ]  # fmt: skip
    steps = np.array([*range(23), 5000]).reshape(4, 6)
    jitted = compiled(lambda steps: [sweep(steps) for sweep in sweeps], jnp.int32(steps))
    for sweep, got in zip(sweeps, jitted, strict=True):
        assert got.shape == sweep.shape + steps.shape
        assert got.dtype == jnp.float32
        for row, values in zip(sweep(steps).reshape(-1, 24), got.reshape(-1, 24), strict=True):
            assert np.all(np.abs(values - row) <= LIMIT * np.spacing(np.float32(np.maximum.accumulate(np.abs(row))))), sweep
        assert jax.eval_shape(sweep, jax.ShapeDtypeStruct((), jnp.int32)).shape == sweep.shape


def test_a_sweep_with_traced_rows() -> None:
    """Beside rows that are known."""

    def values(rates: Any, steps: Any) -> Any:
        return lrvec.with_warmup(
            lrvec.cosine(base_lr=rates, min_lr=0.0, total_steps=[10, 20]), warmup_steps=[2, 3], start_lr=0.0
        )(steps)

    steps = np.arange(12).reshape(3, 4)
    got = compiled(values, jnp.array([0.25, 0.5]), steps)
    assert got.shape == (2, 3, 4)
    assert np.abs(got - values([0.25, 0.5], steps)).max() <= LIMIT * np.spacing(np.float32(0.5))


@pytest.mark.parametrize("case", [*GROUPS[:1], GROUPS[3], STACKS[1]], ids=str)
def test_groups_give_a_dict_of_arrays(case: Case) -> None:
    groups, steps = case.make(), np.array([0, 5, 500, 900])
    got, matrix = compiled(lambda steps: (groups(steps), groups.matrix(steps)), jnp.int32(steps))
    wanted = groups(steps)
    assert list(groups(jnp.int32(steps))) == list(wanted)
    assert set(got) == set(wanted)
    for (name, row), beside in zip(wanted.items(), matrix, strict=True):
        assert got[name].shape == beside.shape == (4,)
        assert np.allclose(got[name], row, rtol=1e-6, atol=0.0)
        assert np.allclose(beside, row, rtol=1e-6, atol=0.0)
    scalars = compiled(groups, 5)
    assert {name: value.shape for name, value in scalars.items()} == dict.fromkeys(wanted, ())


def test_groups_of_traced_rates_at_known_steps() -> None:
    def rates(base_lr: Any, head: Any) -> Any:
        schedule = lrvec.linear(base_lr=base_lr, end_lr=0.0, total_steps=4)
        groups = lrvec.scale_by_group(schedule, multipliers={"body": 1.0, "head": head})
        return groups.matrix(range(0, 5, 2)), groups.matrix(jnp.arange(0, 5, 2)), groups(2)

    rows, beside, at_two = compiled(rates, 0.5, 2.0)
    assert rows.tolist() == beside.tolist() == [[0.5, 0.25, 0.0], [1.0, 0.5, 0.0]]
    assert {name: float(rate) for name, rate in at_two.items()} == {"body": 0.25, "head": 0.5}


def test_a_callable_of_the_user_is_traced_as_it_is() -> None:
    def decay(step: Any) -> Any:
        return 0.1 * jnp.exp(-0.5 * step)

    schedules = {
        "warmup": lrvec.with_warmup(decay, warmup_steps=2, start_lr=0.0),
        "phases": lrvec.sequential([(3, decay), (2, lambda step: 1)]),
        "group": lambda step: lrvec.scale_by_group(decay, multipliers={"all": 2.0})(step)["all"],
        "stack": lambda step: lrvec.stack([decay, lambda step: 0.25])(step),
    }
    got = compiled(lambda steps: {name: schedule(steps) for name, schedule in schedules.items()}, np.arange(6))
    curve = 0.1 * np.exp(-0.5 * np.arange(6))
    assert got["warmup"] == pytest.approx(np.array([0.0, 0.05, *curve[:4]]), rel=1e-6)
    assert got["phases"] == pytest.approx(np.array([*curve[:3], 1.0, 1.0, 1.0]), rel=1e-6)
    assert got["group"] == pytest.approx(2.0 * curve, rel=1e-6)
    assert got["stack"] == pytest.approx(np.array([curve, [0.25] * 6]), rel=1e-6)
    assert {value.dtype for value in got.values()} == {jnp.dtype("float32")}


# ---- what is refused ----


@pytest.mark.parametrize("make", [lrvec.cosine, lambda **params: lrvec.cosine(**{**params, "base_lr": [0.1, 0.2]})])
def test_steps_must_be_integers(make: Any) -> None:
    schedule = make(**COSINE)
    for steps in (jnp.float32(1.0), jnp.array([True]), jnp.complex64(1.0)):
        message = rf"^steps must be non-negative integers, received an array of dtype {steps.dtype}"
        with pytest.raises(ValueError, match=message):
            schedule(steps)
        with pytest.raises(ValueError, match=message):
            compiled(schedule, steps)


@pytest.mark.parametrize("make", [lrvec.cosine, lambda **params: lrvec.cosine(**{**params, "base_lr": [0.1, 0.2]})])
@pytest.mark.parametrize("option", [{"out": np.zeros(3)}, {"dtype": np.float32}, {"workers": 1}])
def test_options_of_numpy_are_refused(make: Any, option: dict[str, Any]) -> None:
    (name,) = option
    with pytest.raises(TypeError, match=rf"^{name} must be None for the arrays of another library, received "):
        make(**COSINE)(jnp.arange(3), **option)


# ---- numpy stays numpy's ----


def test_numpy_goes_through_the_kernel() -> None:
    """The bits are those of a scalar call, and the type is numpy's, while JAX is there."""
    schedule, steps = lrvec.cosine(**COSINE), np.arange(60, dtype=np.int32)
    values = schedule(steps)
    assert type(values) is np.ndarray
    assert values.dtype == np.float64
    assert values.tolist() == [schedule(step) for step in range(60)]
    assert type(schedule(np.int64(3))) is type(schedule(3)) is float
    assert lrvec.constant(lr=jnp.float32(0.5)) == lrvec.constant(lr=0.5)


def test_nothing_is_imported_for_numpy() -> None:
    assert python(
        "import sys, lrvec, numpy\n"
        "names = {'jax', 'torch', 'array_api_compat', 'lrvec._evaluate.traced'}\n"
        "lrvec.cosine(base_lr=0.1, min_lr=0.0, total_steps=9)(numpy.arange(3))\n"
        "lrvec.cosine(base_lr=[0.1, 0.2], min_lr=0.0, total_steps=9)(range(3))\n"
        "lrvec.scale_by_group(lrvec.step_lr(0.1, 5), multipliers={'a': 1.0})(3)\n"
        "print(sorted(names & set(sys.modules)))\n"
        "import jax.numpy\n"
        "lrvec.constant(lr=0.1)(jax.numpy.arange(3))\n"
        "print(sorted(names & set(sys.modules)))\n",
        JAX_PLATFORMS="cpu",
    ) == "[]\n['array_api_compat', 'jax', 'lrvec._evaluate.traced']\n"  # fmt: skip


# ---- optax ----


@pytest.mark.parametrize("optimizer", [optax.sgd, optax.adamw, optax.lion])
def test_a_learning_rate_of_optax(optimizer: Any) -> None:
    """Under jit, beside optax's own schedule and beside the rates as an array that is looked up."""
    ours = lrvec.with_warmup(lrvec.cosine(base_lr=0.1, min_lr=0.01, total_steps=20), warmup_steps=5, start_lr=0.0)
    table = jnp.asarray(ours(range(30)), jnp.float32)
    rates = [ours, optax.warmup_cosine_decay_schedule(0.0, 0.1, 5, 25, 0.01), lambda count: table[count]]
    start = {"weight": jnp.array([1.0, -2.0, 0.5]), "bias": jnp.float32(0.25)}

    def train(learning_rate: Any) -> Any:
        transformation = optimizer(learning_rate=learning_rate)

        def step(carry: Any, _: None) -> tuple[Any, Any]:
            parameters, state = carry
            loss, slopes = jax.value_and_grad(lambda p: (p["weight"] ** 2).sum() + (p["bias"] - 1.0) ** 2)(parameters)
            updates, state = transformation.update(slopes, state, parameters)
            return (optax.apply_updates(parameters, updates), state), loss

        return jax.lax.scan(step, (start, transformation.init(start)), None, length=30)[1]

    losses = compiled(lambda: [train(rate) for rate in rates])
    assert float(losses[0][-1]) < 0.1 * float(losses[0][0])
    for others in losses[1:]:
        assert np.allclose(losses[0], others, rtol=1e-5, atol=1e-7)


def test_a_hyperparameter_of_optax() -> None:
    """The rate that optax reports is the schedule's; lrvec's schedules can be phases of optax's."""
    schedule = lrvec.cosine(**COSINE)
    transformation = optax.inject_hyperparams(optax.sgd)(learning_rate=schedule)
    state = transformation.init(jnp.zeros(2))
    for step in range(3):
        _, state = transformation.update(jnp.ones(2), state)
        assert float(state.hyperparams["learning_rate"]) == pytest.approx(schedule(step), rel=1e-6)
    joined = optax.join_schedules([schedule, lrvec.constant(lr=0.5)], [10])
    assert [float(joined(jnp.int32(step))) for step in (9, 10)] == pytest.approx([schedule(9), 0.5], rel=1e-6)
