"""These tests are about JAX alone: scan, static arguments, training, optax. test_laws.py has what holds in every framework."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from framework import LIMIT, jax_in_double_precision
from record import Case
from traces import KINDS, largest_error, of_kind, steps_to_trace

import lrvec

COSINE = {"base_lr": 0.1, "min_lr": 0.01, "total_steps": 50}

WARM = lrvec.with_warmup(lrvec.cosine(**COSINE), warmup_steps=10, start_lr=0.0)


def compiled(function: Callable[..., Any], *arguments: Any) -> Any:
    return jax.jit(function)(*arguments)


# ---- values ----


@pytest.mark.parametrize("kind", ["inverse_sqrt", "exp_range", "with_warmup"])
def test_values_without_jit(kind: str) -> None:
    (case,) = of_kind(kind, np.float32, 1)
    steps = steps_to_trace(case, 2**24)
    assert largest_error(case, steps, case.make()(jnp.int32(steps))) <= LIMIT


def test_a_call_without_jit_compiles_once_per_schedule() -> None:
    """And per shape and type of the steps: then no operation is run by itself."""
    compilations = []

    def listen(event: str, seconds: float, **details: Any) -> None:
        if event == "/jax/core/compile/backend_compile_duration":
            compilations.append(seconds)

    steps = [jnp.int32(3), jnp.int32(4), jnp.arange(5), jnp.arange(1, 6)]
    jax.monitoring.register_event_duration_secs_listener(listen)
    found = []
    for _ in range(2):  # an equal schedule is the same one
        schedule = lrvec.cosine(base_lr=0.123, min_lr=0.01, total_steps=50)
        found.append([schedule(one) for one in steps])
    assert len(compilations) == 2
    compiled = jax.jit(schedule)
    for row in found:
        assert [np.asarray(one).tobytes() for one in row] == [np.asarray(compiled(one)).tobytes() for one in steps]


def test_a_call_without_jit_inside_jit() -> None:
    schedule, steps = lrvec.cosine(**COSINE), jnp.arange(5)
    assert np.array_equal(compiled(lambda by: by * schedule(steps), 1.0), schedule(steps))
    assert np.array_equal(jax.vmap(lambda by: by * schedule(steps))(jnp.ones(1))[0], schedule(steps))


def equations(jaxpr: Any) -> int:
    """How many there are, those of inner functions among them."""
    inner = [part.jaxpr for one in jaxpr.eqns for part in one.params.values() if hasattr(part, "jaxpr")]
    return len(jaxpr.eqns) + sum(equations(one) for one in inner)


@pytest.mark.parametrize("t_mult", [2, 3, 1000, 1.5, 1.07])
@pytest.mark.parametrize("steps", [5, np.int32(5), np.arange(5)], ids=["weak", "one", "many"])
def test_growing_cycles_are_found_in_closed_form(steps: Any, t_mult: float) -> None:
    """What is compiled does not grow with the cycles that an integer holds."""

    def jaxpr(t_mult: float) -> Any:
        return jax.make_jaxpr(lrvec.cosine_restarts(base_lr=0.1, min_lr=0.01, period=5, t_mult=t_mult))(steps).jaxpr

    assert len(jaxpr(t_mult).eqns) <= 2 * len(jaxpr(1).eqns)
    assert equations(jaxpr(t_mult)) <= 2 * equations(jaxpr(1))


def test_equations_do_not_grow_with_the_segments() -> None:
    """Of one shape."""
    for make in (
        lambda n: lrvec.multi_step(base_lr=0.1, milestones=range(1, n), gamma=0.99),
        lambda n: lrvec.wsds(base_lr=0.1, period_lengths=range(20, 20 + n), decay_steps=10, decay_shape="1-sqrt"),
    ):
        few, many = make(12), make(1000)
        steps = np.arange(0, 30_000, 7)
        sizes = [equations(jax.make_jaxpr(schedule)(steps).jaxpr) for schedule in (few, many)]
        assert sizes[1] <= sizes[0] + 11  # a search among many starts has some more than a comparison with few
        wanted = many(steps)
        assert np.abs(np.asarray(many(jnp.asarray(steps))) - wanted).max() <= LIMIT * np.spacing(np.float32(0.1))


def test_traced_cycles_do_not_grow_with_the_integers() -> None:
    def value(period: Any, t_mult: Any, step: Any) -> Any:
        return lrvec.cosine_restarts(base_lr=0.1, min_lr=0.01, period=period, t_mult=t_mult)(step)

    of_int32 = equations(jax.make_jaxpr(value)(5, 2, 7).jaxpr)
    with jax_in_double_precision():
        assert equations(jax.make_jaxpr(value)(5, 2, 7).jaxpr) <= of_int32 + 2


LENGTHS: dict[str, Callable[[Any], lrvec.Schedule]] = {
    "repeat": lambda length: lrvec.repeat(WARM, period=length),
    "mirrored": lambda length: lrvec.mirrored(WARM, length=length),
    "every": lambda length: lrvec.every(WARM, steps=length),
    "cycles": lambda length: lrvec.cycles(WARM, length=length, count=3),
}


@pytest.mark.parametrize("length", [7, 7.25])
@pytest.mark.parametrize("kind", LENGTHS)
def test_a_traced_length_that_need_not_be_whole(kind: str, length: float) -> None:
    """It was compared with the last step, 2^53, as an int, for which JAX has no type unless it computes in double precision."""
    steps = np.arange(40)
    values = compiled(lambda length, steps: LENGTHS[kind](length)(steps), length, steps)
    assert np.abs(np.asarray(values) - LENGTHS[kind](length)(steps)).max() <= LIMIT * np.spacing(np.float32(0.1))


STRICT = {
    "ranks": lambda: jax.numpy_rank_promotion("raise"),
    "types": lambda: jax.numpy_dtype_promotion("strict"),
    "NaNs": lambda: jax.debug_nans(True),
}


@pytest.mark.parametrize("setting", STRICT)
def test_what_jax_can_be_told_to_insist_on(setting: str) -> None:
    """Arrays of one rank and of one type in each operation, and no result that is not a number."""
    sweeps = [
        lrvec.cosine(base_lr=np.array([[0.1], [0.2]]), min_lr=0.0, total_steps=[5, 9, 100]),
        lrvec.exponential(base_lr=0.1, gamma=[0.5, 1.01]),
        lrvec.stack([WARM, lrvec.constant(lr=0.5)]),
    ]
    steps, row = np.arange(12, dtype=np.int32), np.int32([3, 7])
    with STRICT[setting]():
        for sweep in sweeps:
            found = compiled(lambda steps, at, sweep=sweep: (sweep(steps), lrvec.pointwise(sweep, at)), steps, row[:1])
            for got, wanted in zip(found, (sweep(steps), lrvec.pointwise(sweep, row[:1])), strict=True):
                assert got.shape == wanted.shape
                assert np.allclose(got, wanted, rtol=0.0, atol=2.0**-24)
        rates = jnp.array([0.1, 0.2])
        wanted = lrvec.linear(base_lr=[0.1, 0.2], end_lr=0.0, total_steps=9)(steps)
        found = compiled(
            lambda rates, steps: lrvec.linear(base_lr=rates, end_lr=0.0, total_steps=9)(steps), rates, steps
        )
        assert np.allclose(found, wanted, rtol=0.0, atol=2.0**-24)


def test_a_callable_without_jit_gets_the_array() -> None:
    """With its values: it may ask for them."""
    schedule = lrvec.with_warmup(lambda step: 1.0 if int(step) > 2 else 0.5, warmup_steps=1, start_lr=0.0)
    assert [float(schedule(jnp.int32(step))) for step in (0, 2, 5)] == [0.0, 0.5, 1.0]


@pytest.mark.parametrize("kind", KINDS)
def test_the_type_of_values_is_not_weak(kind: str) -> None:
    """An array of theirs beside float16 makes float32."""
    for one in of_kind(kind, np.float32, 3):
        assert not jax.eval_shape(one.make(), jax.ShapeDtypeStruct((3,), jnp.int32)).weak_type


def one_of_each(last: int) -> tuple[list[Case], Any]:
    """A case of each kind, and steps for them."""
    cases = [of_kind(kind, np.float32, 2)[-1] for kind in KINDS]
    return cases, np.array([steps_to_trace(one, last) for one in cases])


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


def test_a_schedule_is_a_static_argument() -> None:
    calls = []

    def rate(schedule: Any, step: Any) -> Any:
        calls.append(schedule)
        return schedule(step)

    jitted = jax.jit(rate, static_argnums=0)
    assert jitted(lrvec.cosine(**COSINE), 25) == jitted(lrvec.cosine(**COSINE), 25) == pytest.approx(0.055)
    assert jitted(lrvec.constant(lr=0.5), 25) == 0.5
    assert calls == [lrvec.cosine(**COSINE), lrvec.constant(lr=0.5)]


def test_schedules_of_one_tracer_are_equal() -> None:
    def made(rate: Any) -> Any:
        return lrvec.cosine(**{**COSINE, "base_lr": rate})

    def equal(rate: Any, other: Any) -> tuple[bool, ...]:
        return made(rate) == made(rate), made(rate) == made(other), made(rate) == made(0.5), made(rate) != made(other)

    found: list[tuple[bool, ...]] = []
    jax.jit(lambda rate, other: found.append(equal(rate, other)))(0.5, 0.5)
    assert found == [(True, False, False, True)]


# ---- gradients ----


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

    with jax_in_double_precision():
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
    with jax_in_double_precision():
        found = jax.grad(lambda parameters: loss_after(parameters, jnp.arange(10), jax.lax.scan))(at)
    for i in range(2):
        above, below = (
            loss_after([x + sign * by * (i == j) for j, x in enumerate(at)], range(10), loop) for sign in (1, -1)
        )
        assert float(found[i]) == pytest.approx((above - below) / (2.0 * by), rel=1e-9)


def test_keys_are_no_steps() -> None:
    """Their type is one that jax.numpy does not know."""
    schedule, key = lrvec.cosine(**COSINE), jax.random.key(0)
    for ask in (schedule, jax.jit(schedule), lambda key: lrvec.summarize(schedule, key)):
        with pytest.raises(
            ValueError, match=r"^steps must be non-negative integers, received an array of dtype key<fry>"
        ):
            ask(key)


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


def test_join_schedules_of_optax() -> None:
    """It asks each schedule for steps before its first one. These are as good as the first, but for Python's and numpy's,
    whose refusal says what to do."""
    joined = optax.join_schedules([lrvec.constant(lr=0.5), lrvec.linear(base_lr=1.0, end_lr=0.0, total_steps=4)], [2])
    wanted = [0.5, 0.5, 1.0, 0.75, 0.5]
    assert [float(joined(jnp.int32(step))) for step in range(5)] == wanted
    assert jax.jit(jax.vmap(joined))(jnp.arange(5)).tolist() == wanted
    said = "step must be a non-negative integer, received {}; inside optax.join_schedules use steps of jnp, or lrvec.sequential in its place"
    for step in (0, np.int64(0)):
        with pytest.raises(ValueError, match=f"^{re.escape(said.format(repr(step - 2)))}$"):
            joined(step)
    in_its_place = lrvec.sequential(
        [(2, lrvec.constant(lr=0.5)), (5, lrvec.linear(base_lr=1.0, end_lr=0.0, total_steps=4))]
    )
    assert in_its_place(range(5)).tolist() == wanted


def test_cycles_grow_by_traced_numbers() -> None:
    """If their number is known."""
    wave = lrvec.cosine(base_lr=1.0, min_lr=0.1, total_steps=10)

    def rates(t_mult: Any, peak_factor: Any, count: int | None) -> Any:
        cycles = lrvec.cycles(wave, length=10, t_mult=t_mult, peak_factor=peak_factor, floor=0.1, count=count)
        return cycles(jnp.arange(60))

    known = lrvec.cycles(wave, length=10, t_mult=1.5, peak_factor=0.5, floor=0.1, count=3)
    traced = jax.jit(rates, static_argnums=2)(1.5, 0.5, 3)
    assert np.abs(np.asarray(traced) - known(range(60))).max() < 1e-6
    with pytest.raises(TypeError, match=r"t_mult must be known at this point.*; or give one `count`"):
        jax.jit(rates, static_argnums=2)(1.5, 0.5, None)
