"""These tests are about torch.compile with the code that it generates by default: Triton's on a GPU, C++ on a CPU."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from framework import DEVICE, LIMIT, tensor, torch_in_double_precision
from record import Case
from traces import SMOOTH_CASES, largest_error

import lrvec

WARM = lrvec.with_warmup(lrvec.cosine(base_lr=0.1, min_lr=0.01, total_steps=20), warmup_steps=5, start_lr=0.0)


ONE_OF_EACH = {one.kind: one for one in SMOOTH_CASES}.values()
STEPS = np.arange(1200)


@pytest.mark.parametrize("case", SMOOTH_CASES, ids=str)
def test_values(case: Case) -> None:
    got = torch.compile(case.make(), fullgraph=True)(tensor(STEPS))
    assert (got.device.type, got.dtype) == (DEVICE, torch.float32)
    assert largest_error(case, STEPS, got.cpu()) <= LIMIT


@pytest.mark.parametrize("case", ONE_OF_EACH, ids=str)
def test_values_in_double_precision(case: Case) -> None:
    """At steps of 32 bits, too."""
    with torch_in_double_precision():
        got = torch.compile(case.make(), fullgraph=True)(tensor(STEPS, dtype=torch.int32))
    assert (got.device.type, got.dtype) == (DEVICE, torch.float64)
    assert largest_error(case, STEPS, got.cpu()) <= LIMIT


def test_one_step_at_a_time_with_the_graphs_of_torch() -> None:
    """In the mode of torch.compile that has CUDA capture what it compiled."""
    compiled = torch.compile(WARM, mode="reduce-overhead", fullgraph=True)
    got = [compiled(tensor(step)).item() for step in range(30)]
    assert np.abs(np.subtract(got, WARM(range(30)))).max() <= LIMIT * np.spacing(np.float32(0.1))


def test_a_rate_that_is_learnt() -> None:
    """The slope of a compiled training step, by a schedule's parameter, is that of its formula."""

    def loss_after(weight: Any, rate: Any, step: Any) -> Any:
        schedule = lrvec.with_warmup(
            lrvec.cosine(base_lr=rate, min_lr=0.0, total_steps=10), warmup_steps=4, start_lr=0.0
        )
        return (weight - schedule(step) * 2.0 * weight) ** 2

    compiled = torch.compile(loss_after)
    for step, share in ((0, 0.0), (2, 0.5), (4, 1.0), (9, 0.5), (14, 0.0)):
        rate = tensor(0.125, requires_grad=True)
        (slope,) = torch.autograd.grad(compiled(tensor(3.0), rate, tensor(step)), rate)
        assert slope.device.type == DEVICE
        assert float(slope) == pytest.approx(-4.0 * 9.0 * share * (1.0 - 0.25 * share), rel=1e-6, abs=1e-6)
