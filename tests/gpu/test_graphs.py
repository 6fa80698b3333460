"""These tests are about CUDA graphs: a captured schedule, and a captured training step, follow their counter of steps.

A capture fails if an operation waits for the GPU or copies from the host. Without a GPU the functions are run again and
again, by torch's operations, in place of a graph.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from framework import DEVICE, LIMIT, followed
from record import Case
from traces import SMOOTH_CASES, largest_error

import lrvec

WARM_UPS = 3
"""Calls of a function before it is captured. They are run, the capture is not."""


def captured(function: Callable[[], None]) -> Callable[[], None]:
    """A function that replays the graph of another one, which is called WARM_UPS times before."""
    if DEVICE != "cuda":
        function = followed(function)
        for _ in range(WARM_UPS):
            function()
        return function
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        for _ in range(WARM_UPS):
            function()
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph, capture_error_mode="thread_local"):  # JAX has threads of its own
        function()
    return graph.replay


@pytest.mark.parametrize("case", SMOOTH_CASES, ids=str)
def test_values(case: Case) -> None:
    schedule = case.make()
    steps = torch.zeros(600, dtype=torch.int64, device=DEVICE)
    step = torch.zeros((), dtype=torch.int64, device=DEVICE)
    rates, rate = torch.zeros(600, device=DEVICE), torch.zeros((), device=DEVICE)

    def fill() -> None:
        rates.copy_(schedule(steps))
        rate.copy_(schedule(step))

    replay = captured(fill)
    for first in (0, 600):
        wanted = torch.arange(first, first + 600)
        steps.copy_(wanted)
        step.copy_(wanted[7])
        replay()
        assert largest_error(case, wanted.numpy(), rates.cpu()) <= LIMIT
        assert largest_error(case, wanted.numpy()[7:8], rate.cpu().reshape(1)) <= LIMIT


def test_a_training_step() -> None:
    """The rate is a tensor that the captured step fills. The weights are those of the same optimizer in double precision on
    the host, whose rates are the kernel's."""
    schedule = lrvec.with_warmup(lrvec.cosine(base_lr=0.1, min_lr=0.01, total_steps=20), warmup_steps=5, start_lr=0.0)
    start = torch.linspace(-1.0, 2.0, 8, dtype=torch.float64)

    def loss(weight: Any) -> Any:
        return ((weight - 3.0) ** 2).sum()

    weight = torch.nn.Parameter(start.to(DEVICE, torch.float32))
    step = torch.zeros((), dtype=torch.int64, device=DEVICE)
    optimizer = torch.optim.AdamW([weight], lr=torch.zeros((), device=DEVICE), capturable=DEVICE == "cuda")
    rate = optimizer.param_groups[0]["lr"]

    def train() -> None:
        rate.copy_(schedule(step))
        optimizer.zero_grad()
        loss(weight).backward()
        optimizer.step()
        step.add_(1)

    other_weight = torch.nn.Parameter(start.clone())
    other = torch.optim.AdamW([other_weight], lr=0.0)
    replay, rates = captured(train), []
    for number in range(30):
        if number >= WARM_UPS:
            replay()
            rates.append(rate.item())
        other.param_groups[0]["lr"] = schedule(number)
        other.zero_grad()
        loss(other_weight).backward()
        other.step()
    assert step.item() == 30
    assert np.abs(np.subtract(rates, schedule(range(WARM_UPS, 30)))).max() <= LIMIT * np.spacing(np.float32(0.1))
    assert torch.allclose(weight.detach().cpu().double(), other_weight.detach(), rtol=1e-5, atol=0.0)
    assert (other_weight - start).abs().min() > 0.1
