"""These tests hold for edits of a schedule that is under way: its bits up to the step, and what OLMo-core does there."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from kinds.compose import GROWTH, LLAMA, MIXED, RESTARTS, STAIRS, TRIANGLES
from oracle import Exact, mp, ulp_error
from record import Case

import lrvec

EDITS = {
    **{
        f"decay_from {shape}": lambda schedule, step, shape=shape: lrvec.decay_from(
            schedule, step=step, decay_steps=100, final_lr=1e-7, shape=shape
        )
        for shape in ("linear", "cosine", "exponential", "1-sqrt", "1-square")
    },
    "rewarm": lambda schedule, step: lrvec.rewarm(schedule, step=step, warmup_steps=100, peak=0.3),
    "rewarm then": lambda schedule, step: lrvec.rewarm(schedule, step=step, warmup_steps=9, then=MIXED.make()),
    "replace_after": lambda schedule, step: lrvec.replace_after(schedule, step=step + 1, other=lrvec.constant(lr=7.0)),
}


@pytest.mark.parametrize("schedule", [LLAMA, MIXED, RESTARTS, TRIANGLES, STAIRS, GROWTH], ids=str)
@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_the_bits_up_to_the_step_are_the_schedules_own(edit: Any, schedule: Case) -> None:
    before = schedule.make()
    for step in (0, 1, 1000, 1001, 8000, 500_000):
        after = edit(before, step)
        steps = np.arange(max(0, step - 3000), step + 1)
        assert after(steps).tobytes() == before(steps).tobytes()
        assert (after(range(step + 1, step + 60)) != before(range(step + 1, step + 60))).any()


def test_a_branch_from_each_of_a_thousand_steps_is_one_sweep() -> None:
    stable = lrvec.with_warmup(lrvec.cosine(base_lr=3e-4, min_lr=3e-5, total_steps=9000), warmup_steps=50, start_lr=0.0)
    branches = lrvec.decay_from(stable, step=np.arange(1000), decay_steps=200)
    assert branches.shape == (1000,)
    steps = range(0, 1300, 7)
    matrix = branches(steps)
    for row in (0, 1, 49, 50, 51, 500, 999):
        one = lrvec.decay_from(stable, step=row, decay_steps=200)
        assert branches[row] == one
        assert matrix[row].tobytes() == one(steps).tobytes()
    assert lrvec.from_dict(json.loads(json.dumps(branches.to_dict()))) == branches


def test_decay_from_is_the_override_of_olmo_core() -> None:
    """Its ComposableScheduler: start_lr + (end_lr - start_lr) (current - start) / duration from the start on."""
    main = LLAMA.make()
    start, duration, end = 700_000, 30_000, 1e-6
    branch = lrvec.decay_from(main, step=start, decay_steps=duration, final_lr=end)
    first = mp.mpf(main(start))
    for step in (start, start + 1, start + 12_345, start + duration - 1, start + duration, start + duration + 9):
        wanted = first + (mp.mpf(end) - first) * min(step - start, duration) / duration
        assert ulp_error(branch(step), Exact(wanted, wanted)) <= 3.0


def test_cycles_for_ever_have_no_end_to_move() -> None:
    """Though the last one that begins is over behind the last step."""
    cycles = lrvec.cycles(lrvec.linear(base_lr=1.0, end_lr=0.0, total_steps=9), length=3, t_mult=9)
    for step in (0, [0, 1]):
        with pytest.raises(ValueError, match="schedule must hold its last value from some step on, received one without an end"):
            lrvec.rebase(cycles, step=step, total_steps=7)


def test_rebase_of_a_cosine_is_the_half_cosine_of_olmo_3() -> None:
    """Planned for 5T tokens, and extended to 7T at step 597,046, which is its half: HalfCosWithWarmup of OLMo-core."""
    planned, stop, end = 5 * 10**12 // 2**22, 597_046, 7 * 10**12 // 2**22
    cosine = lrvec.cosine(base_lr=3e-4, min_lr=3e-5, total_steps=planned - 2000)
    extended = lrvec.rebase(lrvec.with_warmup(cosine, warmup_steps=2000, start_lr=0.0), step=stop, total_steps=end)
    top, low = mp.mpf(3e-4), mp.mpf(3e-5)
    for step in (stop, stop + 1, 1_000_000, 1_112_988, end - 1, end):
        length = end - stop
        wanted = low + (top - low) * (1 + mp.cospi(mp.mpf(step - stop + length) / (2 * length))) / 2
        assert ulp_error(extended(step), Exact(wanted, wanted)) <= 3.0
    assert extended(end + 1) == 3e-5
    starts = np.arange(1, 1000) * 1000
    sweep = lrvec.rebase(cosine, step=starts, total_steps=starts + 500_000)
    for row in (0, 500, 998):
        step = int(starts[row])
        assert sweep[row] == lrvec.rebase(cosine, step=step, total_steps=step + 500_000)
        assert sweep[row](range(step - 3, step + 3)).tolist() == sweep(range(step - 3, step + 3))[row].tolist()


def test_an_edit_of_an_edit() -> None:
    """A decay that is called off, and then made after all."""
    stable = lrvec.constant(lr=1.0)
    tried = lrvec.decay_from(stable, step=4, decay_steps=4)
    again = lrvec.decay_from(lrvec.rewarm(tried, step=6, warmup_steps=2, then=stable), step=9, decay_steps=2)
    assert again(range(12)).tolist() == [1.0, 1.0, 1.0, 1.0, 1.0, 0.75, 0.5, 0.75, 1.0, 1.0, 0.5, 0.0]


def test_an_edit_before_the_start_is_refused() -> None:
    flat = lrvec.constant(lr=1.0)
    for edit in EDITS.values():
        with pytest.raises(ValueError, match=r"^step must be a non-negative integer, received -2$"):
            edit(flat, -2 if edit is not EDITS["replace_after"] else -3)
