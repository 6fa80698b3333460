"""These tests use array-api-strict, which has the array API standard and no more: schedules work with any library that has it."""

from __future__ import annotations

from typing import Any

import array_api_strict as strict
import numpy as np
import pytest
from cases import GROUPS, STACKS
from processes import python
from record import Case
from traces import KINDS, LATE, LIMIT, largest_error, late_steps, of_kind, steps_to_trace

import lrvec

COSINE = {"base_lr": 0.1, "min_lr": 0.01, "total_steps": 50}


@pytest.mark.parametrize("kind", KINDS)
def test_values(kind: str) -> None:
    for one in of_kind(kind, np.float64, 20):
        for last, dtype in ((2**31 - 1, strict.int32), (2**53, strict.int64)):
            steps = steps_to_trace(one, last)
            with np.errstate(over="ignore"):  # to infinity
                got = one.make()(strict.asarray(steps, dtype=dtype))
            assert type(got) is type(strict.asarray(0))
            assert got.dtype == strict.float64
            assert largest_error(one, steps, got) <= LIMIT, one


@pytest.mark.parametrize("kind", KINDS)
def test_a_step_below_0_counts_as_0(kind: str) -> None:
    """As a counter that has wrapped around shows, or optax.join_schedules asks of a schedule that has yet to begin."""
    schedule = of_kind(kind, np.float32, 1)[0].make()
    before, first = schedule(strict.asarray([-1, -(2**63)])), schedule(strict.asarray([0, 0]))
    assert np.asarray(before).tolist() == np.asarray(first).tolist()


@pytest.mark.parametrize("case", LATE, ids=str)
def test_late_steps(case: Case) -> None:
    steps = late_steps(case)
    assert largest_error(case, steps, case.make()(strict.asarray(steps))) <= LIMIT


@pytest.mark.parametrize("dtype", ["int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64"])
def test_other_integers_and_shapes(dtype: str) -> None:
    schedule = lrvec.with_warmup(lrvec.triangular(min_lr=0.01, max_lr=0.1, step_size=300), warmup_steps=150, start_lr=0.0)
    most = min(np.iinfo(dtype).max, 2**53)
    steps = np.array([0, 1, most - 1, most], dtype)
    assert np.allclose(np.asarray(schedule(strict.asarray(steps))), schedule(steps), rtol=1e-14, atol=0.0)
    for shape in ((), (2, 0, 3), (2, 3)):
        assert schedule(strict.zeros(shape, dtype=getattr(strict, dtype))).shape == shape


def test_a_sweep_gives_its_shape_and_that_of_the_steps() -> None:
    sweeps = [
        lrvec.cosine(base_lr=[[0.1], [0.2]], min_lr=0.0, total_steps=[10, 20, 30]),
        lrvec.step_decay(base_lr=0.1, step_size=[3, 7], gamma=[0.999, -0.5]),
        lrvec.exp_range(min_lr=0.0, max_lr=0.1, step_size=[5, 2**40], gamma=[0.9, 0.0]),
        lrvec.polynomial(base_lr=0.1, end_lr=0.0, total_steps=[5, 2**40], power=[0.5, 3.0]),
        lrvec.cosine_restarts(base_lr=0.1, min_lr=[0.0, 0.01], period=[3, 4], t_mult=[1, 2]),
        lrvec.sequential([([3, 9], lrvec.constant(lr=0.1)), (20, lrvec.exponential(base_lr=[0.2, 0.1], gamma=0.9))]),
        STACKS[0].make(),
    ]
    steps = np.arange(24).reshape(4, 6)
    for sweep in sweeps:
        got, rows = sweep(strict.asarray(steps)), sweep(steps)
        assert got.shape == rows.shape == (*sweep.shape, 4, 6)
        assert np.abs(np.asarray(got) - rows).max() <= LIMIT * np.spacing(0.2), sweep


@pytest.mark.parametrize("case", [GROUPS[0], STACKS[1]], ids=str)
def test_groups_give_a_dict_of_arrays(case: Case) -> None:
    groups, steps = case.make(), np.array([0, 5, 500])
    got, matrix = groups(strict.asarray(steps)), groups.matrix(strict.asarray(steps))
    for i, (name, row) in enumerate(groups(steps).items()):
        assert np.allclose(np.asarray(got[name]), row, rtol=1e-14, atol=0.0)
        assert np.allclose(np.asarray(matrix[i, :]), row, rtol=1e-14, atol=0.0)


def test_a_callable_of_the_user_gets_the_arrays() -> None:
    def decay(step: Any) -> Any:
        return 1.0 - 0.25 * (step if isinstance(step, int) else strict.astype(step, strict.float64))

    schedule = lrvec.with_warmup(decay, warmup_steps=2, start_lr=0.0)
    assert np.asarray(schedule(strict.arange(5))).tolist() == [0.0, 0.5, 1.0, 0.75, 0.5]


def test_parameters_that_have_values_are_numbers() -> None:
    """An array of another library is a sweep's parameter, checked like one of numpy; one without axes is a number."""
    assert lrvec.constant(lr=strict.asarray(0.5)) == lrvec.constant(lr=0.5)
    sweep = lrvec.linear(base_lr=strict.asarray([1.0, 0.5]), end_lr=0.0, total_steps=2)
    assert sweep(range(3)).tolist() == [[1.0, 0.5, 0.0], [0.5, 0.25, 0.0]]
    with pytest.raises(ValueError, match=r"^lr at index 1 must be a finite number, received nan"):
        lrvec.constant(lr=strict.asarray([0.5, float("nan")]))


def test_what_is_refused() -> None:
    schedule = lrvec.cosine(**COSINE)
    for steps in (strict.asarray(1.0), strict.asarray([True])):
        with pytest.raises(ValueError, match=r"^steps must be non-negative integers, received an array of dtype "):
            schedule(steps)
    with pytest.raises(TypeError, match=r"^dtype must be None for the arrays of another library, received 'float32'"):
        schedule(strict.arange(3), dtype="float32")


def test_no_other_library_is_imported() -> None:
    assert python(
        "import sys, lrvec, array_api_strict\n"
        "lrvec.cosine(base_lr=0.1, min_lr=0.0, total_steps=9)(array_api_strict.arange(3))\n"
        "print(sorted({'jax', 'torch'} & set(sys.modules)))\n"
    ) == "[]\n"  # fmt: skip
