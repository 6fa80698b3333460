"""These tests are about MLX alone: its optimizers and its compile. test_laws.py has what holds in every framework."""

from __future__ import annotations

import mlx.core as mx
import mlx.nn
import mlx.optimizers

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
