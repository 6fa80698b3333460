"""These tests are about memory. Nothing is read or written past an array's end, whatever another thread does to the steps. An
allocation that fails is a MemoryError, which leaves everything as it was. A small stack is enough."""

from __future__ import annotations

import contextlib
import ctypes
import mmap
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from processes import python

import lrvec
from lrvec import _blocks, _engine
from lrvec._evaluate.steps import range_or_checked

PAGE = mmap.PAGESIZE


def at_the_end(array: Any) -> Any:
    """A copy whose last byte is the last one before a page that nobody may touch."""
    array = np.asarray(array)
    pages = -(-array.nbytes // PAGE)
    memory = mmap.mmap(-1, (pages + 1) * PAGE)
    address = np.frombuffer(memory, np.uint8).ctypes.data
    forbidden = ctypes.CDLL(None, use_errno=True).mprotect
    assert forbidden(ctypes.c_void_p(address + pages * PAGE), ctypes.c_size_t(PAGE), 0) == 0
    copy = np.frombuffer(memory, array.dtype, array.size, pages * PAGE - array.nbytes).reshape(array.shape)
    copy[...] = array
    return copy


SCHEDULES = {
    "cosine": lrvec.with_warmup(lrvec.cosine(base_lr=1.0, min_lr=0.0, total_steps=900), warmup_steps=100, start_lr=0.0),
    "polynomial": lrvec.polynomial(base_lr=1.0, end_lr=0.0, total_steps=1500, power=3.0),
    "many segments": lrvec.multi_step(base_lr=1.0, milestones=list(range(10, 2000, 40)), gamma=0.9),
    "restarts": lrvec.cosine_restarts(base_lr=1.0, min_lr=0.0, period=100, t_mult=2),
}
SWEEP = lrvec.cosine(base_lr=np.linspace(1.0, 2.0, 13), min_lr=0.0, total_steps=1000)
LENGTHS = (1, 2, 7, 63, 64, 65, 511, 512, 513, 1023, 1024, 1025, 1999)


@pytest.mark.parametrize("name", SCHEDULES)
def test_no_road_leaves_its_arrays(name: str) -> None:
    schedule = SCHEDULES[name]
    for length in LENGTHS:
        mixed = np.arange(length) * 7919 % 2000
        for steps in (at_the_end(mixed), at_the_end(np.sort(mixed)), at_the_end(np.arange(length))):
            wanted = np.array([schedule(int(step)) for step in steps])
            assert schedule(steps).tobytes() == wanted.tobytes()
            assert schedule(steps, out=at_the_end(wanted * 0)).tobytes() == wanted.tobytes()
            assert schedule(steps, out=at_the_end(wanted.astype("f4") * 0)).tobytes() == wanted.astype("f4").tobytes()
            assert schedule(steps[::-1], out=at_the_end(wanted * 0)[::-1])[::-1].tobytes() == wanted.tobytes()
            assert lrvec.summarize(schedule, steps).last == wanted[-1]
        every = range(0, 2 * length, 2)
        wanted = np.array([schedule(step) for step in every])
        assert schedule(every, out=at_the_end(wanted * 0)).tobytes() == wanted.tobytes()
        assert schedule(every, out=at_the_end(wanted.astype("f4"))).tobytes() == wanted.astype("f4").tobytes()


def test_no_road_of_a_sweep_leaves_its_arrays() -> None:
    for length in LENGTHS:
        steps = at_the_end(np.arange(length) * 7919 % 2000)
        wanted = np.array([[SWEEP[row](int(step)) for step in steps] for row in range(13)])
        for dtype in ("f8", "f4"):
            out = at_the_end(np.zeros(wanted.shape, dtype))
            assert SWEEP(steps, out=out).tobytes() == wanted.astype(dtype).tobytes()
        assert (lrvec.summarize(SWEEP, steps).last == wanted[:, -1]).all()
    for count in (1, 55, 56, 57, 700):
        sweep = lrvec.cosine(base_lr=np.linspace(1.0, 2.0, count), min_lr=0.0, total_steps=1000)
        steps = at_the_end(np.arange(count) * 7919 % 2000)
        found = lrvec.pointwise(sweep, steps)
        assert found.tobytes() == np.array([sweep[i](int(step)) for i, step in enumerate(steps)]).tobytes()


@contextlib.contextmanager
def changing(steps: Any, place: int, values: list[int]) -> Iterator[None]:
    """Another thread that gives the step these values in turn, without the GIL most of the time."""
    one = np.lib.stride_tricks.as_strided(steps[place:], (1 << 16,), (0,))
    turns, over = np.resize(values, 1 << 16), threading.Event()

    def change() -> None:
        while not over.is_set():
            np.copyto(one, turns)

    thread = threading.Thread(target=change)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def allowed(work: Callable[[], Any]) -> Any:
    """What it returns; or None, if it refuses a step."""
    with contextlib.suppress(ValueError):
        return work()
    return None


def test_a_step_that_is_put_right_is_not_sought_past_the_end() -> None:
    turns = 100_000 if lrvec.engine == "compiled" else 1000
    for values in ([-1, 7], [2**63 - 1, 0]):
        steps = at_the_end(np.zeros(8, np.int64))
        with changing(steps, 7, values):
            assert {_engine.first_invalid(steps) for _ in range(turns)} <= {-1, 7}


def test_a_run_starts_where_it_was_found_to() -> None:
    steps = at_the_end(np.arange(5, 45))
    with changing(steps, 0, [5, -(2**62), 2**60]):
        found = {repr(allowed(lambda: range_or_checked(steps))) for _ in range(20_000)}
    assert {text for text in found if text.startswith("range")} <= {"range(5, 45)"}


@pytest.mark.parametrize("place", [0, 350, 699])
def test_a_value_is_one_of_a_step_that_was_there(place: int) -> None:
    """Or the step is refused: by every road, whatever the order of the others."""
    schedule = SCHEDULES["cosine"]
    here, there = schedule(place), schedule(900)
    wide = lrvec.cosine(base_lr=np.linspace(1.0, 2.0, 700), min_lr=0.0, total_steps=1000)
    roads: dict[str, Callable[[Any], Any]] = {
        "float64": lambda steps: schedule(steps)[place],
        "float32": lambda steps: schedule(steps, out=np.empty(700, "f4")).astype(float)[place],
        "strided": lambda steps: schedule(steps, out=np.empty(1400)[::2])[place],
        "sweep": lambda steps: SWEEP(steps)[0, place],
        "stack": lambda steps: lrvec.stack([schedule, schedule])(steps)[1, place],
        "pointwise": lambda steps: lrvec.pointwise(wide, steps)[place],
        "pointwise of a stack": lambda steps: lrvec.pointwise(lrvec.stack([schedule] * 700), steps)[place],
        "summary": lambda steps: lrvec.summarize(schedule, steps).sum,
    }
    allowed_values = {
        "float64": {here, there},
        "float32": {float(np.float32(here)), float(np.float32(there))},
        "strided": {here, there},
        "sweep": {SWEEP[0](place), SWEEP[0](900)},
        "stack": {here, there},
        "pointwise": {wide[place](place), wide[place](900)},
        "pointwise of a stack": {here, there},
        "summary": {
            lrvec.summarize(schedule, [*range(place), step, *range(place + 1, 700)]).sum for step in (place, 900)
        },
    }
    for name, road in roads.items():
        steps = at_the_end(np.arange(700))
        with changing(steps, place, [place, -1, 900, 2**63 - 1, -(2**63), 2**53 + 1]):
            found = {allowed(lambda road=road, steps=steps: road(steps)) for _ in range(60)}
        assert found - {None} <= allowed_values[name], name


SMALL = """
import threading
import numpy as np
import lrvec

schedule = lrvec.with_warmup(
    lrvec.sequential([(900, lrvec.cosine(base_lr=1.0, min_lr=0.0, total_steps=900)),
                      (900, lrvec.polynomial(base_lr=1.0, end_lr=0.0, total_steps=900, power=3.0)),
                      (5, lrvec.exponential_decay(base_lr=1.0, decay_rate=0.5, decay_steps=9))]),
    warmup_steps=100, start_lr=0.0)
sweep = lrvec.polynomial(base_lr=np.linspace(1.0, 2.0, 700), end_lr=0.0, total_steps=1000, power=3.0)
mixed = np.arange(700) * 7919 % 2000
roads = [lambda steps=steps, dtype=dtype: schedule(steps, dtype=dtype).tobytes()
         for steps in (mixed, np.sort(mixed), np.arange(700), range(700), range(700, 0, -1)) for dtype in ("f8", "f4")]
roads += [lambda: sweep[:9](mixed).tobytes(), lambda: sweep[:9](mixed, dtype="f4").tobytes(),
          lambda: lrvec.pointwise(sweep, mixed).tobytes(),
          lambda: str(lrvec.summarize(schedule, mixed)), lambda: str(lrvec.summarize(schedule, range(2000))),
          lambda: schedule(mixed[::-1]).tobytes(), lambda: schedule(mixed.astype("u4")).tobytes()]
wanted = [road() for road in roads]
found = []
threading.stack_size(STACK)
thread = threading.Thread(target=lambda: found.extend(road() for road in roads))
thread.start()
thread.join()
print(found == wanted)
"""


def test_a_thread_with_a_small_stack_can_evaluate() -> None:
    """32 KiB, of which a ufunc of numpy takes 22; but in Python 3.10 each call takes another half, and 3.14 refuses less than
    52 KiB."""
    stack = 32768 if (3, 11) <= sys.version_info < (3, 14) else 65536
    assert python(SMALL.replace("STACK", str(stack))) == "True\n"


def test_a_long_new_array_begins_with_a_large_page() -> None:
    for shape, dtype in (((3, 1 << 19), np.float64), ((1 << 22,), np.float32), ((1000, 1000), np.int64)):
        found = _blocks.fresh(shape, dtype)
        assert (found.shape, found.dtype, found.flags.c_contiguous) == (shape, dtype, True)
        assert found.ctypes.data % _blocks.LARGE_PAGE == 0
        found[...] = 1
    assert _blocks.fresh((10,), np.float64).base is None


def test_what_a_function_computes_block_by_block_is_what_it_computes_of_all() -> None:
    random = np.random.default_rng(0)
    long, other = random.random((2, 3, _blocks.BLOCK + 1))
    for numbers in ((long, other), (long[::-1], 0.5), (2.0, other), (long, other[:1]), (long[0], np.float64(3.0)), (0.5, 0.25)):
        assert np.array_equal(_blocks.by_block(np.hypot, *numbers), np.hypot(*numbers))
        assert _blocks.all_hold(lambda *some: sum(some) >= 0.0, *numbers) is True
        assert _blocks.where_holds(lambda *some: sum(some) >= 0.0, *numbers) is True
    bad = long.copy()
    bad[2, -1] = -1.0
    assert _blocks.all_hold(lambda one: one >= 0.0, bad) is False
    assert np.array_equal(_blocks.where_holds(lambda one: one >= 0.0, bad), bad >= 0.0)
