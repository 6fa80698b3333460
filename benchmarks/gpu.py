"""These functions time schedules on a GPU: compiled by torch and by JAX beside a bare multiply, and torch's call with
one step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from time import perf_counter
from timeit import Timer
from typing import Any, NamedTuple

import numpy

from .cases import Case
from .races import Row, fastest

CALLS = 20
"""A turn has so many calls, one behind another, so that the device need not wait for the next one."""

Function = Callable[[Any], Any]


class Library(NamedTuple):
    steps: Any
    """An array of the steps 0, 1, ... on the device, in the library's own type of integers."""
    compiled: Callable[[Function], Function]
    finished: Callable[[Any], Any]
    """Waits until the device has made these arrays."""
    host: Callable[[Any], Any]
    """Makes an array numpy's."""


def with_torch(steps: int, device: str) -> Library:
    import torch

    def compiled(function: Function) -> Function:
        return torch.compile(function, fullgraph=True, dynamic=False)

    def finished(arrays: Any) -> None:
        if device == "cuda":
            torch.cuda.synchronize()

    return Library(torch.arange(steps, device=device), compiled, finished, lambda array: array.cpu().numpy())


def with_jax(steps: int, device: str) -> Library:
    import jax

    jax.config.update("jax_platforms", device)
    return Library(jax.numpy.arange(steps), jax.jit, jax.block_until_ready, numpy.asarray)


LIBRARIES = {"torch": with_torch, "jax": with_jax}


def throughput(case: Case, steps: int, repeats: int, libraries: Mapping[str, Library]) -> Row:
    """Times a schedule at all steps, compiled, and torch's call with one step as it is."""
    expected = case.fill(range(steps), case.empty(steps)).reshape(case.rows, steps)
    sides: dict[str, Callable[[], Any]] = {}
    for name, library in libraries.items():
        ours = library.compiled(case.schedule)
        check(f"{case.label}, {name}", [library.host(row) for row in rows_of(ours(library.steps))], expected)
        sides[name] = turn(library, ours, library.steps)
        sides[f"{name}: multiply"] = turn(library, library.compiled(multiply(case.rows)), library.steps)
    del expected
    sides["torch: step"] = turn(libraries["torch"], case.schedule, libraries["torch"].steps[steps // 3])
    for side in sides.values():
        side()
    best = fastest({name: Timer(side, timer=perf_counter) for name, side in sides.items()}, repeats)
    row = {"torch: step, us": best["torch: step"] / CALLS * 1e6}
    for name in libraries:
        row[f"{name}, M/s"] = case.rows * steps * CALLS / best[name] / 1e6
        row[f"{name}: multiply"] = best[f"{name}: multiply"] / best[name]
    return row


def turn(library: Library, function: Function, steps: Any) -> Callable[[], Any]:
    def side() -> None:
        for _ in range(CALLS):
            arrays = function(steps)
        library.finished(arrays)

    return side


@cache
def multiply(rows: int) -> Function:
    """Returns a function that makes as many arrays as a schedule with so many rows, by one multiply each."""
    return lambda steps: [steps * (0.1 * (row + 1)) for row in range(rows)]


def rows_of(values: Any) -> list[Any]:
    """Returns the arrays of groups and of stacks, each of one row, and an array that is the only one."""
    if isinstance(values, dict):
        return list(values.values())
    return list(values) if values.ndim > 1 else [values]


def check(what: str, rows: list[Any], expected: Any) -> None:
    """Raises an error if a value is not within 4 ulp of the kernel's, relative to the largest one of its row."""
    ulp = numpy.spacing(numpy.abs(expected).max(axis=1, keepdims=True).astype(rows[0].dtype))
    if not (numpy.abs(numpy.stack(rows) - expected) <= 4.0 * ulp).all():
        raise ArithmeticError(f"{what}: the values differ from the kernel's")


def name_of(device: str) -> str:
    """Returns the name of the GPU, or of the device that stands in for it."""
    import torch

    return torch.cuda.get_device_name() if device == "cuda" else device
