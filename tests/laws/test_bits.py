"""These tests hold that a value has one set of bits, in every way of asking, vector width, thread and process."""

from __future__ import annotations

import functools
import importlib
import itertools
import math
import os
import threading
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pytest
from cases import GROUPS, SOME, STACKS, steps_of
from each import each, of_kind
from processes import ask
from record import Case
from ways import WAYS
from worker import digest

import lrvec

if os.environ.get("LRVEC_ENGINE") == "python":
    WIDTHS: tuple[str, ...] = ("baseline",)
else:  # the compiled engine must be there
    WIDTHS = importlib.import_module("lrvec._engine._kernels").widths()


def uneven(step: int) -> float:
    """A user's callable with another value at each step."""
    return math.sin(step) if step % 3 else 1.0 / (step + 1)


def whole(step: int) -> int:
    return step % 7


CALLABLES = {
    "warmup of a callable": lambda: lrvec.with_warmup(uneven, warmup_steps=20, start_lr=0.5),
    "phases with callables": lambda: lrvec.sequential(
        [(5, uneven), (40, lrvec.cosine(base_lr=0.1, min_lr=0.0, total_steps=40)), (7, whole), (3, uneven)]
    ),
    "nested callables": lambda: lrvec.with_warmup(
        lrvec.sequential([(9, lrvec.with_warmup(whole, warmup_steps=4, start_lr=2.0)), (30, uneven)]),
        warmup_steps=3,
        start_lr=1.0,
    ),
}
CALLED_AT = [*range(60), 100, 1000, 2**31, 2**53 - 1, 2**53]


def test_the_engine_that_is_asked_for_runs() -> None:
    assert lrvec.engine == os.environ.get("LRVEC_ENGINE", "compiled")
    assert lrvec.simd in WIDTHS
    assert lrvec.simd == os.environ.get("LRVEC_SIMD", WIDTHS[-1])


def bits(values: Any) -> Any:
    return np.ascontiguousarray(values, dtype=np.float64).view(np.uint64)


def asked() -> Iterator[tuple[Case, list[str]]]:
    """Each case with the ways in which it is asked: the first of a kind with all, the others with a third each, in turn."""
    for _, cases in itertools.groupby(SOME, of_kind):
        for turn, case in enumerate(cases):
            yield case, list(WAYS)[turn % 3 :: 3] if turn else list(WAYS)


ASKED = list(asked())


class Scalars(dict[int, float]):
    """The values of scalar calls, each made when it is asked for first."""

    def __init__(self, schedule: Any) -> None:
        self.schedule = schedule

    def __missing__(self, step: int) -> float:
        self[step] = self.schedule(step)
        return self[step]


def differences(schedule: Any, steps: list[int], ways: Iterable[str] = WAYS) -> dict[str, str]:
    """For each of these ways of asking that gives other bits than scalar calls: the first such value."""
    scalar = Scalars(schedule)
    found = {}
    for name in ways:
        way = WAYS[name]
        all_asked: list[int] = []
        parts = []
        for asked, got in way(schedule, steps):
            all_asked += asked
            parts.append(np.array(got, np.float64))
            if len(got) != len(asked):
                found[name] = f"{len(got)} values for {len(asked)} steps, from {asked[0]}"
                break
        else:
            values = np.concatenate(parts)
            wanted = np.fromiter(map(scalar.__getitem__, all_asked), np.float64, len(all_asked))
            wrong = np.flatnonzero(bits(values) != bits(wanted))
            if wrong.size:
                place = int(wrong[0])
                found[name] = f"step {all_asked[place]} at {place}: {float(values[place])!r}, scalar {wanted[place]!r}"
    return found


@each(ASKED, lambda one: of_kind(one[0]))
def test_same_bits_in_every_way(one: tuple[Case, list[str]]) -> None:
    case, ways = one
    assert differences(case.make(), steps_of(case, near=1, anywhere=8), ways) == {}


@pytest.mark.parametrize("make", CALLABLES.values(), ids=CALLABLES)
def test_same_bits_in_every_way_for_callables(make: Any) -> None:
    schedule = make()
    assert {type(schedule(step)) for step in CALLED_AT} == {float}
    assert differences(schedule, CALLED_AT) == {}


def test_same_bits_of_single_steps_in_any_order() -> None:
    """A table keeps the part of the curve in which the last single step lay. The steps jump between phases, parts, and places within
    one part, and to the steps around their ends."""
    phases = [
        lrvec.root_decay(base_lr=0.3, total_steps=20_011),
        lrvec.rex(base_lr=0.2, min_lr=0.01, total_steps=20_013),
        lrvec.tanh_decay(base_lr=0.2, min_lr=0.01, total_steps=20_017, low=-3.0, high=3.0),
        lrvec.cosine(base_lr=0.2, min_lr=0.01, total_steps=20_019),
        lrvec.warmup(lrvec.constant(lr=0.1), steps=20_021, shape="sqrt"),
        lrvec.hyperbolic(base_lr=0.2, min_lr=0.01, total_steps=20_023, upper_bound=21_000),
    ]
    schedule = lrvec.join([(20_000, phase) for phase in phases] + [lrvec.constant(lr=0.1)])
    rng = np.random.default_rng(7)
    around = rng.integers(0, 121_000, 400) // 128 * 128 + rng.integers(-2, 3, 400)
    walk = np.cumsum(rng.choice([1, 1, 1, -1, 0, 3, 64, 127, 128, 20_000], 20_000)) % 121_000
    steps = np.concatenate([walk, np.abs(around), np.arange(19_000, 41_000)])
    for order in (steps, np.sort(steps)):
        assert (bits([schedule(int(step)) for step in order]) == bits(schedule(order))).all()


@np.errstate(over="ignore")
def narrow(values: list[float]) -> Any:
    """Rounded to float32, infinite where that is too large, as schedules do it of themselves."""
    return np.array(values).astype(np.float32)


@each(SOME, of_kind)
def test_float32_is_one_rounding(case: Case) -> None:
    schedule = case.make()
    steps = steps_of(case, near=1, anywhere=8)
    array = np.array(steps)
    wanted = narrow([schedule(step) for step in steps])
    first = narrow([schedule(step) for step in range(1100)])
    for got in (
        schedule(array, dtype=np.float32),
        schedule(array[::-1], dtype="f4")[::-1],
        schedule(array.astype(">u8"), dtype=np.dtype(np.float32)),
        schedule(steps, dtype=np.float32),
        schedule(array, out=np.empty(len(steps), np.float32)),
        schedule(array, out=np.empty(2 * len(steps), np.float32)[::2], dtype=np.float32),
        schedule(np.repeat(array, 40), dtype=np.float32)[::40],
    ):
        assert got.dtype == np.float32
        assert (got.view(np.uint32) == wanted.view(np.uint32)).all()
    for got in (
        schedule(range(1100), dtype=np.float32),
        schedule(range(1099, -1, -1), dtype=np.float32)[::-1],
        schedule(range(1100), out=np.empty(2200, np.float32)[::2]),
        schedule(np.arange(1100, dtype=np.int32), dtype=np.float32),
        schedule(np.arange(1099, -1, -1, dtype=np.int32), dtype=np.float32)[::-1],
    ):
        assert got.tobytes() == first.tobytes()
    scalars = [schedule(step, dtype=np.float32) for step in steps]
    assert {type(value) for value in scalars} == {float}
    assert np.array(scalars).tobytes() == wanted.astype(np.float64).tobytes()


@np.errstate(over="ignore", under="ignore")
@pytest.mark.parametrize("case", GROUPS, ids=str)
def test_same_bits_for_groups(case: Case) -> None:
    """A group's rate is the base's times the multiplier, rounded once."""
    groups, base = case.make(), case.params["schedule"].make()
    steps = steps_of(case.params["schedule"])
    multipliers = case.params["multipliers"]
    wanted = np.array([[base(step) * multiplier for step in steps] for multiplier in multipliers.values()])
    narrow = wanted.astype(np.float32)
    array = np.array(steps)
    assert groups.matrix(array).tobytes() == wanted.tobytes()
    assert groups.matrix(array.astype(">i8")).tobytes() == wanted.tobytes()
    assert groups.matrix(steps).tobytes() == wanted.tobytes()
    assert groups.matrix(array[::-1])[:, ::-1].tobytes() == wanted.tobytes()
    assert groups.matrix(array.reshape(1, -1, 1)).tobytes() == wanted.tobytes()
    assert groups.matrix(array, out=np.empty((len(steps), len(multipliers))).T).tobytes() == wanted.tobytes()
    assert groups.matrix(array, out=np.empty(wanted.shape, np.float32)).tobytes() == narrow.tobytes()
    assert groups.matrix(steps[9]).tobytes() == wanted[:, 9].tobytes()
    assert groups.matrix(range(3000)).tobytes() == groups.matrix(np.arange(3000)).tobytes()
    assert groups.matrix(range(200_000))[:, 65_000:67_000].tobytes() == groups.matrix(range(65_000, 67_000)).tobytes()
    assert np.array(list(groups(array).values())).tobytes() == wanted.tobytes()
    for place, step in enumerate(steps):
        assert np.array(list(groups(step).values())).tobytes() == wanted[:, place].tobytes()


@pytest.mark.parametrize("case", STACKS, ids=str)
def test_same_bits_for_stacks(case: Case) -> None:
    rows = [part.make() for part in case.params["schedules"]]
    steps = steps_of(case.params["schedules"][0])
    wanted = np.array([[row(step) for step in steps] for row in rows])
    got = case.make()(np.array(steps))
    assert np.array(list(got.values()) if isinstance(got, dict) else got).tobytes() == wanted.tobytes()


# ---- widths ----


@functools.cache
def digests_here() -> dict[str, str]:
    from worker import digests

    return digests()


@pytest.mark.parametrize("width", WIDTHS)
def test_same_bits_with_every_width(width: str) -> None:
    assert ask("engine", "digests", LRVEC_SIMD=width) == [[lrvec.engine, width], digests_here()]


def test_digests_differ_where_bits_do() -> None:
    """The digest can tell the last bit of one value: two schedules that differ in one ulp at one end."""
    rate = 0.1
    one = lrvec.cosine(base_lr=rate, min_lr=0.0, total_steps=1000)
    other = lrvec.cosine(base_lr=math.nextafter(rate, 1.0), min_lr=0.0, total_steps=1000)
    assert digest(one, [0, 500]) != digest(other, [0, 500])
    assert digest(one, [1000, 1001]) == digest(other, [1000, 1001])


# ---- threads and processes ----


def test_same_bits_in_threads_on_a_fresh_schedule() -> None:
    """Threads that meet at a schedule's first evaluation, and go on together."""
    count, times = 8, 30 if lrvec.engine == "compiled" else 3
    some = [
        case for kind in {case.kind for case in SOME} for case in [case for case in SOME if case.kind == kind][-2:]
    ]
    for case in some:
        steps = steps_of(case, near=1, anywhere=5)
        array, wanted = np.array(steps * times), np.tile([case.make()(step) for step in steps], times)
        schedule = case.make()
        barrier = threading.Barrier(count)
        found: list[Any] = []

        def work(number: int, schedule=schedule, barrier=barrier, found=found, steps=steps, array=array) -> None:
            barrier.wait()
            first = schedule(steps[number]) if number % 2 else schedule(array)[number]
            out = np.empty(len(array))
            for _ in range(5):
                schedule(array, out=out)
                found.append(out.copy())
            found.append(np.array([schedule(step) for step in steps] * times))
            found.append(np.array([first] * len(array)) if first != out[number] else out)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(found) == 7 * count
        for got in found:
            assert got.tobytes() == wanted.tobytes(), str(case)


def test_same_bits_in_a_fork() -> None:
    pairs = ask("forked", OPENBLAS_NUM_THREADS="1")
    assert {name: parent == child for name, (parent, child) in pairs.items()} == dict.fromkeys(pairs, True)
    assert {name: pairs[name][0] for name in digests_here() if name in pairs} == {
        name: value for name, value in digests_here().items() if name in pairs
    }


def test_same_bits_in_a_spawned_process() -> None:
    found = ask("spawned")
    assert len(found) > 10
    for ours, digest_here, theirs, digest_there, hashes_agree in found:
        assert (ours, digest_here) == (theirs, digest_there)
        assert hashes_agree
