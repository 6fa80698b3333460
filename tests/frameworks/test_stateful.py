"""These tests are about nano-optax's helpers and schedules with a state inside JAX, and about the example that trains with them."""

from __future__ import annotations

import re
import runpy
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import lrvec

EXAMPLE = str(Path(__file__).parents[2] / "docs" / "examples" / "jax_sgd.py")

STEPS = np.arange(400)


def in_scan(schedule: Any, state: Any, steps: Any = STEPS) -> tuple[Any, Any]:
    """The rates and the last state, from one compiled loop that carries the state."""

    def rate(state: Any, step: Any) -> tuple[Any, Any]:
        rate, state = schedule(step, state)
        return state, rate

    state, rates = jax.jit(lambda state, steps: jax.lax.scan(rate, state, steps))(state, steps)
    return rates, state


# ---- without a state ----


@pytest.mark.parametrize("state", [None, {"count": 7, "rates": (1.0, None)}])
@pytest.mark.parametrize(
    ("lr", "rate"),
    [
        (0.1, lambda step: 0.1),
        (np.float32(0.1), lambda step: 0.1),
        (jnp.float32(0.1), lambda step: 0.1),
        (lrvec.constant_lr(0.1), lambda step: 0.1),
        (lrvec.step_lr(0.1, 100), lambda step: 0.1 * 0.1 ** (step // 100)),
        (lrvec.cosine(base_lr=0.1, min_lr=0.0, total_steps=400), lambda step: 0.05 * (1.0 + np.cos(np.pi * step / 400))),
        (lrvec.lambda_lr(lambda step: jnp.exp(-0.001 * step)), lambda step: np.exp(-0.001 * step)),
        (lambda step: 0.1 / (1 + step), lambda step: 0.1 / (1 + step)),
        (jax.jit(lambda step: 0.1 / (1 + step)), lambda step: 0.1 / (1 + step)),
    ],
)
def test_the_state_is_passed_through(lr: Any, rate: Any, state: Any) -> None:
    schedule, first = lrvec.as_schedule(lr, state)
    assert first is state
    assert schedule(jnp.int32(3), state)[1] is state
    rates, last = in_scan(schedule, state)
    assert np.allclose(rates, [rate(step) for step in STEPS], rtol=2e-6, atol=1e-8)
    assert jax.tree.map(float, last) == jax.tree.map(float, state)


def test_a_rate_that_is_traced() -> None:
    """A number that JAX differentiates by, and an array of rates."""
    for make in (lrvec.as_schedule, lambda lr: lrvec.as_schedule(lrvec.constant_lr(lr))):
        assert jax.grad(lambda lr, make=make: 3.0 * make(lr)[0](5, None)[0])(0.1) == 3.0
    schedule, _ = lrvec.as_schedule(jnp.array([0.1, 0.2]))
    rates, _ = in_scan(schedule, None, STEPS[:5])
    assert np.array_equal(rates, np.tile(np.float32([0.1, 0.2]), (5, 1)))


def test_lambda_lr_hands_the_step_on_as_it_came() -> None:
    schedule = lrvec.lambda_lr(lambda step: step)
    step = jnp.int8(3)
    assert schedule(step) is step
    seen: list[Any] = []
    jax.jit(lrvec.lambda_lr(lambda step: seen.append(step) or 0.1))(jnp.uint8(3))
    assert isinstance(seen[0], jax.core.Tracer)
    assert seen[0].dtype == jnp.uint8


def test_the_slopes_of_step_lr() -> None:
    def rate(base_lr: Any, gamma: Any, step: Any) -> Any:
        return lrvec.step_lr(base_lr, 10, gamma)(step)

    for step, drops in ((9, 0), (10, 1), (39, 3)):
        by_rate, by_gamma = jax.jit(jax.grad(rate, (0, 1)))(0.1, 0.5, step)
        assert float(by_rate) == pytest.approx(0.5**drops, rel=1e-6)
        assert float(by_gamma) == pytest.approx(0.1 * drops * 0.5 ** (drops - 1), rel=1e-6)
    with pytest.raises(ValueError, match=r"^step_size must be a positive integer, received 0"):
        jax.jit(lambda base_lr: lrvec.step_lr(base_lr, 0)(1))(0.1)


# ---- with a state ----


def adaptive_schedule(step: Any, state: Any) -> Any:
    """The example of nano-optax's documentation."""
    lr = state["lr"]
    new_lr = lr * jnp.where(step % 100 == 0, 0.5, 1.0)
    return lr, {"lr": new_lr}


class Plateau(NamedTuple):
    rate: Any
    left: Any


def plateau(step: Any, state: Plateau) -> tuple[Any, Plateau]:
    is_over = state.left == 0
    rate = jnp.where(is_over, 0.5 * state.rate, state.rate)
    return rate, Plateau(rate, jnp.where(is_over, 30, state.left - 1))


@jax.tree_util.register_pytree_node_class
class Momentum:
    """A node that only JAX knows."""

    def __init__(self, *parts: Any) -> None:
        self.parts = parts

    def tree_flatten(self) -> tuple[Any, Any]:
        return self.parts, None

    @classmethod
    def tree_unflatten(cls, _: Any, parts: Any) -> Momentum:
        return cls(*parts)


def decaying(step: Any, state: Momentum) -> tuple[Any, Momentum]:
    rate, speed = state.parts
    return rate, Momentum(rate * speed, speed)


STATEFUL = [
    (adaptive_schedule, {"lr": 0.1}),
    (jax.jit(adaptive_schedule), {"lr": jnp.float32(0.1)}),
    (partial(adaptive_schedule), {"lr": 0.1}),
    (plateau, Plateau(jnp.float32(0.1), 30)),
    (decaying, Momentum(0.1, 0.99)),
    (lambda step, state: (0.1, state), ()),
    (lambda step, key: (jax.random.uniform(key), jax.random.fold_in(key, step)), jax.random.key(0)),
]


@pytest.mark.parametrize(("lr", "state"), STATEFUL)
def test_a_callable_with_a_state(lr: Any, state: Any) -> None:
    """In lax.scan, in lrvec.scan and called as it is, it gives the same."""
    schedule, first = lrvec.as_schedule(lr, state)
    assert first is state
    rates, last = in_scan(schedule, first)
    values, after = lrvec.scan(schedule, first, range(400))
    plain = []
    for step in range(400):
        rate, state = lr(step, state)
        plain.append(float(rate))
    assert values.tolist() == plain
    assert np.allclose(rates, values, rtol=1e-5, atol=0.0)
    assert jax.tree.structure(last) == jax.tree.structure(after)


def test_the_example_of_nano_optax() -> None:
    schedule, state = lrvec.as_schedule(adaptive_schedule, {"lr": 0.1})
    rates, last = in_scan(schedule, state, np.arange(202))
    assert np.allclose(rates, [0.1] + [0.05] * 100 + [0.025] * 100 + [0.0125], rtol=1e-6)
    assert float(last["lr"]) == pytest.approx(0.0125)


def test_under_vmap_and_grad() -> None:
    schedule, _ = lrvec.as_schedule(adaptive_schedule, {"lr": 0.1})
    rates, states = jax.vmap(schedule, in_axes=(None, 0))(100, {"lr": jnp.array([0.1, 0.2])})
    assert np.array_equal(rates, np.float32([0.1, 0.2]))
    assert np.array_equal(states["lr"], np.float32([0.05, 0.1]))
    assert jax.grad(lambda lr: in_scan(schedule, {"lr": lr}, np.arange(5))[0].sum())(0.1) == 3.0


@pytest.mark.parametrize(
    ("state", "after", "message"),
    [
        ({"lr": 0.1}, {"lr": 0.1, "count": 0}, r"must keep the structure of \{'lr': .*\}, received "),
        ({"lr": 0.1}, 0.1, "must keep the structure of "),
        (Momentum(0.1, 0.2), Momentum(0.1), "must keep the structure of "),
        ((1, Momentum(0.1)), (1, 0.1), "must keep the structure of "),
        (Plateau(0.1, 0), (0.1, 0), "must keep the structure of Plateau"),
    ],
)
def test_a_wrong_structure_is_named(state: Any, after: Any, message: str) -> None:
    def drifting(step: Any, state: Any) -> Any:
        return 0.1, after

    schedule, first = lrvec.as_schedule(drifting, state)
    message = "^the state that drifting returns " + message
    with pytest.raises(TypeError, match=message):
        schedule(0, first)
    with pytest.raises(TypeError, match=message):
        in_scan(schedule, first)
    with pytest.raises(TypeError, match=message):
        lrvec.scan(schedule, first, range(3))


def test_no_pair_is_named() -> None:
    def no_pair(step: Any, state: Any) -> Any:
        return state

    schedule, state = lrvec.as_schedule(no_pair, {"lr": 0.1})
    with pytest.raises(TypeError, match=r"^the result of no_pair must be a pair \(lr, new_state\), received "):
        in_scan(schedule, state)


# ---- docs/examples/jax_sgd.py ----


def test_the_example_learns_as_with_plain_formulas() -> None:
    """The losses of each epoch, beside rates from jnp alone: to the rounding of float32."""
    example = runpy.run_path(EXAMPLE)
    rate, batches, doubling = example["RATE"], example["BATCHES"], example["doubling"]
    plain = {
        "stairs": lambda step, state: (rate * 0.5 ** (step // (6 * batches)), state),
        "decay": lambda step, state: (rate * jnp.exp(-0.01 * step), state),
        "doubling": doubling,
    }
    assert plain.keys() == example["SCHEDULES"].keys()
    data = example["make_data"](jax.random.key(0))
    for name, (schedule, state) in example["SCHEDULES"].items():
        losses = example["train"](schedule, state, *data)
        wanted = example["train"](plain[name], state, *data)
        assert losses.shape == (example["EPOCHS"],)
        assert np.allclose(losses, wanted, rtol=8.0 * np.finfo(np.float32).eps, atol=0.0), name
        assert 0.2 < losses[-1] < 0.1 * losses[0]  # the noise has a variance of 0.25


def test_the_example_prints_its_losses() -> None:
    run = subprocess.run([sys.executable, EXAMPLE], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    header, *rows = run.stdout.splitlines()
    assert header.split() == ["epoch", "stairs", "decay", "doubling"]
    assert [int(row.split()[0]) for row in rows] == list(range(1, 25))
    assert all(re.fullmatch(r" *\d+( +\d+\.\d{5}){3}", row) for row in rows)
    assert all(0.2 < float(loss) < 0.3 for loss in rows[-1].split()[1:])
