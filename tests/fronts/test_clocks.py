"""These tests hold for clocks: their counts beside a run that is counted step by step, and schedules over tokens."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import lrvec
from lrvec import Clock


def megatron(start: int, increment: int, ramp_samples: int, batch: int) -> Callable[[int], int]:
    """The batch size of Megatron's RampupBatchsizeNumMicroBatchesCalculator, in fractions, by the samples consumed."""
    per_increment = Fraction(ramp_samples, (batch - start) // increment)
    return lambda consumed: batch if consumed > ramp_samples else min(batch, start + int(consumed / per_increment) * increment)


def listed(sizes: list[tuple[Fraction, int]]) -> Callable[[int], int]:
    return lambda consumed: [size for threshold, size in sizes if consumed >= threshold][-1]


RUNS: dict[str, tuple[Clock, Callable[[int], int]]] = {
    "plain": (Clock(8, 16, accumulation=3, processes=5), lambda _: 120),
    "megatron": (Clock(192, 16, ramp=(32, 32, 48_000)), megatron(32, 32, 48_000, 192)),
    "megatron, a stage in less than a step": (Clock(64, 16, ramp=(8, 2, 100)), megatron(8, 2, 100, 64)),
    "megatron, uneven": (Clock(7, processes=3, ramp=(1, 4, 997)), megatron(1, 4, 997, 21)),
    "tokens": (
        Clock(12, 10, ramp=[(0, 3), ("1k tokens", 6), (1_234, 9), ("5e3tok", 12)]),
        listed([(Fraction(0), 3), (Fraction(100), 6), (Fraction(1234, 10), 9), (Fraction(500), 12)]),
    ),
    "samples": (Clock(8, ramp=[(0, 4), ("10 samples", 8)]), listed([(Fraction(0), 4), (Fraction(10), 8)])),
}


@pytest.mark.parametrize(("clock", "size"), RUNS.values(), ids=RUNS)
def test_counts_are_those_of_a_run_step_by_step(clock: Clock, size: Callable[[int], int]) -> None:
    steps = 1200
    seen = [0]
    for _ in range(steps):
        seen.append(seen[-1] + size(seen[-1]))
    assert [clock.samples(step) for step in range(steps)] == seen[:-1]
    assert [clock.batch(step) for step in range(steps)] == np.diff(seen).tolist()
    per = clock.sequence_length or 1
    unit = "tokens" if clock.sequence_length else "samples"
    for amount in (0, 1, 99, 100, 101, 1000, 8_345, seen[700] * per, seen[700] * per + 1, seen[700] * per - 1):
        up = next(step for step, samples in enumerate(seen) if samples * per >= amount)
        assert clock.steps(f"{amount} {unit}") == up
        down = up if seen[up] * per == amount else up - 1
        assert clock.steps(f"{amount} {unit}", rounding="down") == down
        nearest = up if up == down or 2 * amount >= (seen[up] + seen[down]) * per else down
        assert clock.steps(f"{amount} {unit}", rounding="nearest") == nearest
    total = seen[900] * per
    over = lrvec.warmup_cosine(base_lr=1.0, min_lr=0.1, warmup_steps=total // 9, total_steps=total)
    by = lrvec.by_tokens if clock.sequence_length else lrvec.by_samples
    schedule = by(clock, over)
    assert schedule(range(steps)).tolist() == over(np.array(seen[:-1]) * per).tolist()
    assert lrvec.from_dict(json.loads(json.dumps(schedule.to_dict()))) == schedule


def test_a_sweep_over_tokens_is_a_sweep_over_steps() -> None:
    clock = Clock(12, 10, ramp=[(0, 3), (1000, 12)])
    sweep = lrvec.linear(base_lr=[1.0, 2.0], end_lr=0.0, total_steps=100_000)
    assert lrvec.by_tokens(clock, sweep)(range(900)).tolist() == sweep([clock.tokens(step) for step in range(900)]).tolist()


QUANTITIES = {
    7: 7,
    "7": None,
    "7 steps": 7,
    "100ba": 100,
    "1.5k batches": 1500,
    "3 samples": 1,
    "2_304sp": 1,
    "10T tokens": 1_059_639,
    "9437184tok": 1,
    "9437185 tok": 2,
    "5 epochs": 5003,
    "0.5ep": 501,
    "1e3 step": 1000,
    "0.06dur": 120,
    "3%": 60,
    "0.0001 %": 1,
}


def test_quantities() -> None:
    clock = Clock(2304, 4096, steps_per_epoch=1000.5)
    for quantity, steps in QUANTITIES.items():
        if steps is not None:
            assert clock.steps(quantity, total=2000) == steps, quantity
    assert clock.steps("50%", total="1T tokens") == -(-(10**12) // (2 * 9437184))
    assert clock.steps("5 epochs", rounding="down") == 5002
    assert [clock.steps(f"{share}%", total=200, rounding="nearest") for share in ("0.24", "0.25", "0.26")] == [0, 1, 1]


def test_epochs_pass_in_fractions() -> None:
    epochs = lrvec.cosine(base_lr=1.0, min_lr=0.0, total_steps=100)
    schedule = Clock(256, steps_per_epoch=390.625).epochs(epochs)
    assert schedule == lrvec.stretched(epochs, by=390.625)
    assert schedule(39_063) == 0.0 < schedule(39_062)


def test_a_clock_is_a_value() -> None:
    clock = Clock(192, 2048, ramp=(32, 32, 48_000), processes=2, accumulation=3)
    assert clock == eval(repr(clock)) == pickle.loads(pickle.dumps(clock)) == copy.deepcopy(clock)
    assert hash(clock) == hash(eval(repr(clock)))
    assert clock != Clock(192, 2048, processes=2, accumulation=3) != 1
    assert repr(Clock(8, steps_per_epoch=1)) == "Clock(8, steps_per_epoch=1)"
    with pytest.raises(AttributeError, match="Clock is immutable, batch_size cannot be set"):
        clock.batch_size = 1


UNITS = "step, steps, ba, batch, batches, sample, samples, sp, token, tokens, tok, epoch, epochs, ep, dur, %"
PAIRS = "ramp must be three integers, or pairs of a quantity and the samples of a step"
REFUSALS: list[tuple[Callable[[], Any], str]] = [
    (lambda: Clock(0), "batch_size must be a positive integer, received 0"),
    (lambda: Clock(8, 1.5), "sequence_length must be a positive integer, received 1.5"),
    (lambda: Clock(8, steps_per_epoch=0.5), "steps_per_epoch must be at least 1, received 0.5"),
    (lambda: Clock(8, steps_per_epoch=9, ramp=(1, 1, 9)), "steps_per_epoch must not be given with a ramp, received 9"),
    (lambda: Clock(8, ramp=[]), f"{PAIRS}, received []"),
    (lambda: Clock(8, ramp=(1, 2)), f"{PAIRS}, received (1, 2)"),
    (lambda: Clock(8, ramp="fast"), f"{PAIRS}, received 'fast'"),
    (lambda: Clock(8, ramp=(1, 0, 3)), "ramp's increment must be a positive integer, received 0"),
    (lambda: Clock(8, ramp=(9, 1, 3)), "ramp must not go back, received the start 9 above the 8 samples of a step"),
    (lambda: Clock(8, ramp=(1, 2, 3)), "ramp's increment must divide 8 - 1, the growth of the samples of a step, received 2"),
    (lambda: Clock(8, ramp=[(1, 8)]), "ramp must begin at 0, received 1"),
    (lambda: Clock(8, ramp=[(0, 4), (9, 6), (9, 8)]), "ramp must not go back, received 9 at index 2"),
    (lambda: Clock(8, ramp=[(0, 4), (9, 3), (12, 8)]), "ramp must not go back, received 3 after 4 at index 1"),
    (lambda: Clock(8, ramp=[(0, 4), (9, 6)]), "ramp must end with the 8 samples of a step, received 6"),
    (lambda: Clock(8, 2, ramp=[(0, 4), ("9 sp", 8)]), "ramp at index 1 must count tokens, received '9 sp'"),
    (lambda: Clock(8).steps("7"), f"quantity must have one of the units {UNITS}, received '7'"),
    (lambda: Clock(8).steps("7 parsecs"), f"quantity must have one of the units {UNITS}, received '7 parsecs'"),
    (lambda: Clock(8).steps("-7 steps"), 'quantity must be an integer of steps or a number with a unit, such as "10T tokens", received \'-7 steps\''),
    (lambda: Clock(8).steps(-7), "quantity must be a non-negative integer, received -7"),
    (lambda: Clock(8).steps("7 tokens"), "sequence_length must be given to count tokens, received None"),
    (lambda: Clock(8).steps("7 ep"), "steps_per_epoch must be given to count epochs, received None"),
    (lambda: Clock(8).steps("7%"), "total must be given for a share, received '7%' and no total"),
    (lambda: Clock(8).steps("7%", total="7%"), "total must be no share, received '7%'"),
    (lambda: Clock(8).steps("1e16 steps"), "quantity must be at most 2**53 = 9007199254740992 steps, received '1e16 steps'"),
    (lambda: Clock(8).steps(1, rounding="even"), "rounding must be one of ('up', 'down', 'nearest'), received 'even'"),
    (lambda: Clock(8).tokens(1), "sequence_length must be given to count tokens, received None"),
    (lambda: Clock(8).samples(-1), "step must be a non-negative integer, received -1"),
    (lambda: Clock(8).epochs(lrvec.constant(lr=1.0)), "steps_per_epoch must be given to count epochs, received None"),
    (lambda: lrvec.by_tokens(Clock(8), lrvec.constant(lr=1.0)), "sequence_length must be given to count tokens, received None"),
]


@pytest.mark.parametrize(("call", "message"), REFUSALS, ids=[message for _, message in REFUSALS])
def test_is_refused(call: Callable[[], Any], message: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 (the whole message is compared)
        call()
    assert str(caught.value).startswith(message)
