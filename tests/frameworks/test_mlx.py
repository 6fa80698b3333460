"""These tests are about MLX alone: its optimizers and its compile. test_laws.py has what holds in every framework."""

from __future__ import annotations

import math

import mlx.core as mx
import mlx.nn
import mlx.optimizers
import pytest

import lrvec


def test_a_learning_rate_of_an_optimizer() -> None:
    schedule = lrvec.with_warmup(lrvec.linear(base_lr=0.5, end_lr=0.25, total_steps=4), warmup_steps=2, start_lr=0.0)
    optimizer = mlx.optimizers.SGD(learning_rate=schedule)
    model = mlx.nn.Linear(2, 1)
    optimizer.init(model.parameters())
    rates = []
    for _ in range(7):
        optimizer.update(model, {"weight": mx.ones((1, 2)), "bias": mx.ones(1)})
        rates.append(optimizer.learning_rate.item())
    assert rates == [0.0, 0.25, 0.5, 0.4375, 0.375, 0.3125, 0.25]


def test_compiled() -> None:
    schedule = lrvec.polynomial(base_lr=1.0, end_lr=0.0, total_steps=4, power=2.0)
    assert mx.compile(schedule)(mx.arange(6)).tolist() == [1.0, 0.5625, 0.25, 0.0625, 0.0, 0.0]


def test_a_parameter_keeps_its_gradient() -> None:
    """No array of MLX says whether somebody differentiates by it, so each stays an array."""

    def rate(base_lr: mx.array, power: mx.array) -> mx.array:
        return lrvec.polynomial(base_lr=base_lr, end_lr=0.0, total_steps=4, power=power)(2)

    found = mx.grad(rate, (0, 1))(mx.array(1.0), mx.array(2.0))
    assert [one.item() for one in found] == pytest.approx([0.25, 0.25 * math.log(0.5)], rel=1e-6)
    assert mx.compile(rate)(mx.array(1.0), mx.array(2.0)).item() == 0.25


def test_traced_steps_have_no_sum() -> None:
    schedule = lrvec.linear(base_lr=1.0, end_lr=0.0, total_steps=4)
    assert lrvec.summarize(schedule, mx.arange(3)).sum == 2.25
    with pytest.raises(TypeError, match=r"^steps must be known at this point, received a traced value; "):
        mx.compile(lambda steps: mx.array(lrvec.summarize(schedule, steps).sum))(mx.arange(3))


def test_counts_of_64_bits() -> None:
    """Beside steps of 32 bits, which are MLX's own."""
    schedule = lrvec.linear(base_lr=1.0, end_lr=0.0, total_steps=mx.array(2**33))
    assert schedule(mx.array([0, 2**30], mx.int32)).tolist() == [1.0, 0.875]


def test_adam_in_a_compiled_step() -> None:
    """The schedule is compiled once, with the optimizer's counter, and gives the rates of a step at a time."""
    schedule = lrvec.with_warmup(lrvec.cosine(base_lr=0.5, min_lr=0.0, total_steps=8), warmup_steps=4, start_lr=0.0)
    asked = []

    def traced(step: mx.array) -> mx.array:
        asked.append(step)
        return schedule(step)

    optimizer = mlx.optimizers.Adam(learning_rate=traced)
    model = mlx.nn.Linear(2, 1)
    optimizer.init(model.parameters())
    state = [model.state, optimizer.state]
    asked.clear()

    def step() -> mx.array:
        optimizer.update(model, {"weight": mx.ones((1, 2)), "bias": mx.ones(1)})
        return optimizer.learning_rate

    compiled = mx.compile(step, inputs=state, outputs=state)
    rates = []
    for _ in range(14):
        rates.append(compiled().item())
        mx.eval(state)
    assert len(asked) == 1
    assert rates == schedule(mx.arange(14)).tolist()
