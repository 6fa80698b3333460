"""These tests are about CuPy's arrays. CuPy needs a GPU: only on one do they run with CuPy itself, and elsewhere with a module
that stands in for it; cupy_stand_in.py says in what it behaves as CuPy does."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from typing import Any

import cupy_stand_in
import numpy as np
import pytest
from framework import DEVICE
from traces import KINDS, largest_error, of_kind, steps_to_trace

import lrvec


@pytest.fixture(autouse=True)
def cupy(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    if DEVICE == "cuda":
        yield importlib.import_module("cupy")
        return
    for name, module in cupy_stand_in.modules().items():
        monkeypatch.setitem(sys.modules, name, module)
    before = set(sys.modules)
    yield sys.modules["cupy"]
    for name in set(sys.modules) - before:
        if name.startswith("array_api_compat.cupy"):
            del sys.modules[name]


@pytest.mark.parametrize("dtype", ["int32", "int64"])
@pytest.mark.parametrize("kind", KINDS)
def test_values(cupy: Any, kind: str, dtype: str) -> None:
    """Nothing comes to the host: no operation takes an array of numpy, and no array of CuPy becomes one."""
    for one in of_kind(kind, np.float64, 20):
        steps = steps_to_trace(one, 2**31 - 1).astype(dtype)
        with np.errstate(over="ignore"):  # to infinity
            found = one.make()(cupy.asarray(steps))
        assert type(found) is cupy.ndarray
        assert found.dtype == np.float64
        assert largest_error(one, steps, found.get()) <= 4.0, one


def test_no_axes_and_groups(cupy: Any) -> None:
    line = lrvec.linear(base_lr=1.0, end_lr=0.0, total_steps=4)
    found = line(cupy.asarray(1))
    assert (type(found), found.shape, found.get().item()) == (cupy.ndarray, (), 0.75)
    groups = lrvec.scale_by_group(line, multipliers={"a": 1.0, "b": 0.5})(cupy.asarray(np.array([1, 2])))
    assert {name: rates.get().tolist() for name, rates in groups.items()} == {"a": [0.75, 0.5], "b": [0.375, 0.25]}


def test_a_step_for_each_row_and_summaries(cupy: Any) -> None:
    """The rates lie on the device; a summary is made on the host, to which the steps come."""
    rows = lrvec.linear(base_lr=[1.0, 2.0], end_lr=0.0, total_steps=4)
    steps = np.array([[1, 2], [3, 0]])
    found = lrvec.pointwise(rows, cupy.asarray(steps))
    assert (type(found), found.get().tolist()) == (cupy.ndarray, [[0.75, 1.0], [0.25, 2.0]])
    stacked = lrvec.pointwise(lrvec.stack([rows[0], rows[1]]), cupy.asarray(steps))
    assert (type(stacked), stacked.get().tolist()) == (cupy.ndarray, [[0.75, 1.0], [0.25, 2.0]])
    got, wanted = lrvec.summarize(rows, cupy.asarray(steps)), lrvec.summarize(rows, steps)
    assert [one.tolist() for one in got] == [one.tolist() for one in wanted]


@pytest.mark.parametrize("dtype", ["float32", "bool"])
def test_is_refused(cupy: Any, dtype: str) -> None:
    with pytest.raises(ValueError, match=f"^steps must be non-negative integers, received an array of dtype {dtype}$"):
        lrvec.constant(lr=1.0)(cupy.asarray(np.ones(2, dtype)))
