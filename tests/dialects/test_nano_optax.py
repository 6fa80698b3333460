"""These tests are about nano-optax's helpers and schedules with a state, as far as they need no JAX."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest
from processes import python

import lrvec


def halving(step: int, state: dict[str, float]) -> tuple[float, dict[str, float]]:
    """Half the rate at every third step."""
    rate = state["rate"]
    return rate, {"rate": rate * (0.5 if step % 3 == 2 else 1.0)}


# ---- constant_lr, lambda_lr, step_lr ----


def test_the_helpers_are_schedules_by_another_name() -> None:
    assert lrvec.constant_lr(0.1) == lrvec.constant_lr(lr=0.1) == lrvec.constant(lr=0.1)
    assert lrvec.step_lr(0.1, 30) == lrvec.step_decay(base_lr=0.1, step_size=30, gamma=0.1)
    assert lrvec.step_lr(0.1, 30, 0.5) == lrvec.step_lr(base_lr=0.1, step_size=30, gamma=0.5)
    assert lrvec.step_lr(0.1, 30, 0.5) == lrvec.step_decay(base_lr=0.1, step_size=30, gamma=0.5)
    assert lrvec.step_lr(-1.0, 2, -2.0)(range(5)).tolist() == [-1.0, -1.0, 2.0, 2.0, -4.0]


def test_lambda_lr_hands_the_step_on_as_it_came() -> None:
    schedule = lrvec.lambda_lr(lambda step: step)
    for step in (3, 2.5, np.int8(3), np.arange(3), range(3), "epoch"):
        assert schedule(step) is step
    assert lrvec.with_warmup(lrvec.lambda_lr(lambda step: 0.5**step), warmup_steps=2, start_lr=0.0)(3) == 0.5


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: lrvec.step_lr(0.1, 0), ValueError, r"^step_size must be a positive integer, received 0$"),
        (lambda: lrvec.step_lr(0.1, -5), ValueError, r"^step_size must be a positive integer, received -5$"),
        (
            lambda: lrvec.step_lr(0.1, 2.0),
            ValueError,
            r"^step_size must be a positive integer, received 2.0: use int\(2.0\)$",
        ),
        (lambda: lrvec.step_lr("fast", 2), TypeError, r"^base_lr must be a finite number, received 'fast'$"),
        (lambda: lrvec.step_lr(0.1, 2, float("nan")), ValueError, r"^gamma must be a finite number, received nan$"),
        (lambda: lrvec.constant_lr(float("inf")), ValueError, r"^lr must be a finite number, received inf$"),
        (
            lambda: lrvec.lambda_lr(0.1),
            TypeError,
            r"^lr_lambda must be a schedule or another callable .* received 0.1$",
        ),
        (lambda: lrvec.as_schedule("fast"), TypeError, r"^lr must be a finite number, received 'fast'$"),
        (lambda: lrvec.as_schedule(None), TypeError, r"^lr must be a finite number, received None$"),
        (lambda: lrvec.as_schedule(float("nan")), ValueError, r"^lr must be a finite number, received nan$"),
        (
            lambda: lrvec.as_schedule(halving),
            ValueError,
            r"^schedule_state must be given for a schedule .* received None$",
        ),
    ],
)
def test_refusals(call: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        call()


# ---- as_schedule ----


@pytest.mark.parametrize("state", [None, 1.0, {"count": [1, 2]}])
@pytest.mark.parametrize(
    ("lr", "rate"),
    [
        (0.25, 0.25),
        (1, 1.0),
        (np.float32(0.25), 0.25),
        (np.array(0.25), 0.25),
        (lrvec.linear(base_lr=1.0, end_lr=0.0, total_steps=4), 0.75),
        (lrvec.lambda_lr(lambda step: 0.5**step), 0.5),
        (lambda step: 0.5**step, 0.5),
        (lambda step, base=0.5: base**step, 0.5),
        (lambda *steps: steps[0] / 2, 0.5),
        (partial(pow, 0.5), 0.5),
        (float, 1.0),
    ],
)
def test_without_a_state_it_is_passed_through(lr: Any, rate: float, state: Any) -> None:
    schedule, first = lrvec.as_schedule(lr, state)
    assert first is state
    value, after = schedule(1, state)
    assert value == rate
    assert after is state


def test_an_array_of_rates() -> None:
    schedule, state = lrvec.as_schedule(np.array([0.1, 0.2]))
    rates, _ = schedule(3, state)
    assert rates.tolist() == [0.1, 0.2]


def test_with_a_state() -> None:
    """By `schedule_state` as a keyword too, and for objects that are called."""

    class Halving:
        def __call__(self, step: int, state: Any) -> Any:
            return halving(step, state)

    for lr in (halving, Halving(), partial(lambda factor, step, state: halving(step, state), 2.0)):
        schedule, state = lrvec.as_schedule(lr, schedule_state={"rate": 1.0})
        assert state == {"rate": 1.0}
        assert schedule(2, state) == (1.0, {"rate": 0.5})
        assert schedule(3, state) == (1.0, {"rate": 1.0})


# ---- scan ----


def test_scan() -> None:
    schedule, state = lrvec.as_schedule(halving, {"rate": 1.0})
    values, last = lrvec.scan(schedule, state, range(7))
    assert (values.dtype, values.tolist()) == (np.float64, [1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.25])
    assert last == {"rate": 0.25}
    assert state == {"rate": 1.0}
    again, last = lrvec.scan(schedule, last, np.array([7, 8, 9], np.uint8))
    assert again.tolist() == [0.25, 0.25, 0.125]
    none, last = lrvec.scan(schedule, last, [])
    assert none.shape == (0,)
    assert last == {"rate": 0.125}


def test_scan_of_a_schedule_gives_its_values() -> None:
    ours = lrvec.cosine(base_lr=0.1, min_lr=0.0, total_steps=50)
    values, state = lrvec.scan(*lrvec.as_schedule(ours), range(60))
    assert values.tolist() == ours(range(60)).tolist()
    assert state is None


@pytest.mark.parametrize(
    ("steps", "error", "message"),
    [
        (5, TypeError, r"^steps must be a sequence, received 5$"),
        ([0, -1], ValueError, r"^step at index 1 must be a non-negative integer, received -1$"),
        ([0.5], ValueError, r"^step at index 0 must be a non-negative integer, received 0.5$"),
    ],
)
def test_steps_that_scan_refuses(steps: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        lrvec.scan(halving, {"rate": 1.0}, steps)


# ---- what a callable with a state must return ----

STATE = {"rate": 1.0, "seen": (0, [1.0, None])}


def drifting(after: Any) -> Any:
    def drifting(step: int, state: Any) -> Any:
        return after

    return drifting


@pytest.mark.parametrize(
    ("returned", "message"),
    [
        (0.5, r"^the result of drifting must be a pair \(lr, new_state\), received 0.5$"),
        ((0.5,), r"^the result of drifting must be a pair \(lr, new_state\), received \(0.5,\)$"),
        ((0.5, STATE, 1), r"^the result of drifting must be a pair \(lr, new_state\), received "),
        ([0.5, STATE], r"^the result of drifting must be a pair \(lr, new_state\), received "),
        ((0.5, None), r"^the state that drifting returns must keep the structure of .*, received None$"),
        (
            (0.5, {"rate": 1.0}),
            r"^the state that drifting returns must keep the structure of .*, received \{'rate': 1.0\}$",
        ),
        (
            (0.5, {"rate": 1.0, "felt": STATE["seen"]}),
            r"^the state that drifting returns must keep the key 'seen', received ",
        ),
        (
            (0.5, {**STATE, "seen": [0, [1.0, None]]}),
            r"^the state that drifting returns must keep the structure of \(0, ",
        ),
        (
            (0.5, {**STATE, "seen": (0, [1.0])}),
            r"^the state that drifting returns must keep the structure of \[1.0, None\]",
        ),
        (
            (0.5, {**STATE, "seen": (0, [1.0, 2.0])}),
            r"^the state that drifting returns must keep the structure of None",
        ),
        (
            (0.5, {**STATE, "rate": [1.0]}),
            r"^the state that drifting returns must keep the structure of 1.0, received \[1.0\]$",
        ),
    ],
)
def test_a_wrong_structure_is_named(returned: Any, message: str) -> None:
    schedule, state = lrvec.as_schedule(drifting(returned), STATE)
    with pytest.raises(TypeError, match=message):
        schedule(0, state)
    with pytest.raises(TypeError, match=message):
        lrvec.scan(drifting(returned), STATE, range(3))


def test_what_stands_at_the_leaves_is_free() -> None:
    after = {"rate": np.float32(0.5), "seen": (np.arange(3), ["a", None])}
    assert lrvec.as_schedule(drifting((0.5, after)), STATE)[0](0, STATE) == (0.5, after)


def test_nothing_is_imported() -> None:
    assert python(
        "import sys, lrvec\n"
        "schedule, state = lrvec.as_schedule(lambda step, rate: (rate, rate / 2), 1.0)\n"
        "schedule(0, state), lrvec.as_schedule(0.1)[0](0, None), lrvec.step_lr(0.1, 5)(3), lrvec.lambda_lr(float)(3)\n"
        "print(sorted({'numpy', 'jax', 'torch'} & set(sys.modules)))\n"
    ) == "[]\n"  # fmt: skip
