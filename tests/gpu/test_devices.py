"""These tests are about where things lie: values are on the device of the steps, and nothing goes by way of the host."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import pytest
import torch
from cases import GROUPS, STACKS
from framework import DEVICE
from test_torch import operations
from torch.overrides import TorchFunctionMode
from torch.utils._pytree import tree_leaves
from traces import SMOOTH_CASES

import lrvec

SCHEDULES = [*(one.make() for one in SMOOTH_CASES), STACKS[0].make(), GROUPS[0].make()]
SWEEPS = [
    lrvec.cosine(base_lr=[0.1, 0.2], min_lr=0.0, total_steps=[5, 9]),
    lrvec.exponential(base_lr=0.1, gamma=[0.5, 0.9]),
    lrvec.cosine_restarts(base_lr=0.1, min_lr=0.0, period=[5, 9], t_mult=[1, 2]),
]

TORCH_DEVICES = (
    [torch.device("cuda", i) for i in range(torch.cuda.device_count())] if DEVICE == "cuda" else [torch.device("cpu")]
)


def of(schedules: list[Any]) -> Any:
    return pytest.mark.parametrize("schedule", schedules, ids=lambda schedule: schedule.kind)


# ---- torch ----


@of([*SCHEDULES, *SWEEPS])
@pytest.mark.parametrize("device", TORCH_DEVICES, ids=str)
def test_tensors_are_on_the_device_of_the_steps(schedule: Any, device: Any) -> None:
    for steps in (torch.tensor(3, device=device), torch.arange(4, device=device)):
        assert {one.device for one in tree_leaves(schedule(steps))} == {device}


class Copies(TorchFunctionMode):
    """A mode that keeps the calls that copy a number from the host, which no operation shows."""

    def __init__(self) -> None:
        super().__init__()
        self.numbers: list[Any] = []

    def __torch_function__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if function in (torch.tensor, torch.as_tensor, torch.asarray) and not isinstance(args[0], torch.Tensor):
            self.numbers.append(args[0])
        return function(*args, **(kwargs or {}))


@of(SCHEDULES)
def test_nothing_comes_from_the_host(schedule: Any) -> None:
    """But for the columns of a sweep. Without a GPU, `meta` is the device that is not the host."""
    device = TORCH_DEVICES[0] if DEVICE == "cuda" else torch.device("meta")
    for steps in (torch.tensor(3, device=device), torch.arange(4, device=device)):
        with Copies() as copies:
            found = operations(schedule, steps)
        assert found.on_host == copies.numbers == []


# ---- JAX ----


def as_it_is(function: Callable[..., Any]) -> Callable[..., Any]:
    return function


@of([*SCHEDULES, *SWEEPS])
@pytest.mark.parametrize("device", jax.devices(DEVICE), ids=str)
@pytest.mark.parametrize("compiled", [as_it_is, jax.jit])
def test_arrays_are_on_the_device_of_the_steps(schedule: Any, device: Any, compiled: Any) -> None:
    for steps in (jnp.int32(3), jnp.arange(4)):
        found = jax.tree.leaves(compiled(schedule)(jax.device_put(steps, device)))
        assert set().union(*(one.devices() for one in found)) == {device}


@of([*SCHEDULES, *SWEEPS])
def test_no_array_is_sent_to_the_device(schedule: Any) -> None:
    """Once JAX has compiled the schedule."""
    compiled, steps = jax.jit(schedule), jnp.arange(4)
    compiled(steps)
    with jax.transfer_guard("disallow"):
        jax.block_until_ready(compiled(steps))
