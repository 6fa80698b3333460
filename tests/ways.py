"""This module has the ways of asking a schedule for its values at given steps.

Each yields pairs of the steps that it asked for, in the order of the values, and the values as it got them. They choose
neighbours of all sorts for a step, so that the kernels go through it on every path that they have.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from cases import shuffled
from oracle import LAST_STEP

import lrvec

Pair = tuple[list[int], Any]

WAYS: dict[str, Callable[[Any, list[int]], Iterator[Pair]]] = {}
"""By name: a function of a schedule and of some steps in ascending order."""


def way(function: Callable[[Any, list[int]], Iterator[Pair]]) -> Callable[[Any, list[int]], Iterator[Pair]]:
    WAYS[function.__name__] = function
    return function


def few(steps: list[int], count: int = 12) -> list[int]:
    return steps[:: max(1, len(steps) // count)]


def within(steps: Any) -> list[int]:
    return [step for step in steps if 0 <= step <= LAST_STEP]


def integers(steps: Any) -> Any:
    return np.array(steps, dtype=np.int64)


def fitting(steps: list[int], dtype: Any) -> list[int]:
    return steps[: bisect_right(steps, np.iinfo(dtype).max)]


def mixed(steps: list[int], count: int) -> Any:
    """An array of so many of the steps, each as often as the others, in any order."""
    return np.random.default_rng(count).permutation(np.resize(steps, count))


@way
def integers_of_numpy(schedule: Any, steps: list[int]) -> Iterator[Pair]:
    for dtype in "bBhHiIlLqQ":
        some = few(fitting(steps, dtype), 3)
        yield some, [schedule(np.dtype(dtype).type(step)) for step in some]


@way
def arrays_of_int32(schedule: Any, steps: list[int]) -> Iterator[Pair]:
    some = fitting(steps, np.int32)
    for listed in (some, some[::-1], list(range(1100))):
        yield listed, schedule(np.array(listed, dtype=np.int32))


@way
def keywords(schedule: Any, steps: list[int]) -> Iterator[Pair]:
    yield steps, [schedule(steps=step, out=None, dtype=None, workers=1) for step in steps]
    yield steps, schedule(steps=np.array(steps), workers=1)
    yield steps, schedule(np.array(steps), dtype=np.float64)


@way
def sorted_array(schedule: Any, steps: list[int]) -> Iterator[Pair]:
    yield steps, schedule(np.array(steps))
    repeated = sorted(steps * 9)
    yield repeated, schedule(np.array(repeated))


@way
def descending_array(schedule: Any, steps: list[int]) -> Iterator[Pair]:
    yield steps[::-1], schedule(np.array(steps[::-1]))


@way
def shuffled_array(schedule: Any, steps: list[int]) -> Iterator[Pair]:
    """Of one block, of several, and of many segments in one block."""
    for times in (1, 3, 17):
        array = mixed(steps, times * len(steps))
        yield array.tolist(), schedule(array)


@way
def alone_in_an_array(schedule: Any, steps: list[int]) -> Iterator[Pair]:
    for step in few(steps, 25):
        yield [step], schedule(np.array([step]))
        yield [step] * 70, schedule(np.full(70, step))


@way
def among_neighbours(schedule: Any, steps: list[int]) -> Iterator[Pair]:
    """In a run of consecutive steps, upwards, downwards and mixed: one cell, one slope, one octave."""
    for step in few(steps, 12):
        run = within(range(step - 35, step + 35))
        for order in (run, run[::-1], shuffled(run, str(step))):
            yield order, schedule(np.array(order))
        apart = within(range(step - 35 * 997, step, 997))
        yield apart, schedule(integers(apart))


@way
def among_strangers(schedule: Any, steps: list[int]) -> Iterator[Pair]:
    """Beside the first and the last step, and beside one at a time of the others."""
    for step in few(steps, 5):
        for others in ([0, LAST_STEP], [LAST_STEP], [0], [step + 1 if step < LAST_STEP else 0] * 40, few(steps, 40)):
            for order in ([*others, step], [step, *others], sorted([step, *others])):
                yield order, schedule(np.array(order))


@way
def at_every_place_of_a_block(schedule: Any, steps: list[int]) -> Iterator[Pair]:
    """Vector lanes, remainders of loops and borders of blocks, aligned to a cache line or not."""
    array = mixed(steps, 2100)
    asked = array.tolist()
    for start in range(8):
        yield asked[: 40 + start], schedule(array[: 40 + start])
        yield asked[start:120], schedule(array[start:120], out=np.empty(128)[8:][: 120 - start])
    out = np.empty(len(asked) + 3)
    yield asked, schedule(array, out=out[3:])
    yield sorted(asked), schedule(np.sort(array), out=out[1:-2])


@way
def ranges(schedule: Any, steps: list[int]) -> Iterator[Pair]:
    for step in few(steps, 16):
        for asked in (
            range(max(0, step - 30), min(LAST_STEP, step + 30)),
            range(step, step + 1),
            range(step, step - 1, -1),
        ):
            yield list(asked), schedule(asked)
        down = range(min(LAST_STEP, step + 30), max(-1, step - 30), -1)
        yield list(down), schedule(down)


@way
def long_ranges(schedule: Any, steps: list[int]) -> Iterator[Pair]:
    for step in few(steps, 2):
        asked = range(min(step, LAST_STEP - 1100), min(step, LAST_STEP - 1100) + 1100)
        yield list(asked), schedule(asked)
        yield list(asked)[::-1], schedule(asked[::-1])


@way
def arrays_of_what_is_a_range_or_almost(schedule: Any, steps: list[int]) -> Iterator[Pair]:
    """One that is; one in which a step comes twice; one that leaves a step out, where a block ends."""
    for step in few(steps, 2)[-1:]:
        first = min(step, LAST_STEP - 1100)
        run = list(range(first, first + 1100))
        yield run, schedule(np.array(run), out=np.empty(1100))
        for order in ([*run[:700], *run[699:-1]], [*run[:1024], *run[1025:], LAST_STEP]):
            yield order, schedule(np.array(order))
            yield order, schedule(np.array(order), out=np.empty(1100))


@way
def strided_ranges(schedule: Any, steps: list[int]) -> Iterator[Pair]:
    for step in few(steps, 6):
        for stride in (2, 3, 1000, 2**30 + 1, 2**45, 2**53):
            for asked in (range(step, LAST_STEP + 1, stride)[:25], range(step, -1, -stride)[:25]):
                yield list(asked), schedule(asked)


@way
def integer_dtypes(schedule: Any, steps: list[int]) -> Iterator[Pair]:
    array = np.array(steps)
    for dtype in ("i1", "u1", "<i2", ">i2", "<u2", ">u2", "<i4", ">i4", "<u4", ">u4", "<i8", ">i8", "<u8", ">u8"):
        some = fitting(steps, dtype)
        yield some, schedule(array[: len(some)].astype(dtype))


@way
def strided_arrays(schedule: Any, steps: list[int]) -> Iterator[Pair]:
    array = np.array(steps)
    yield steps, schedule(np.repeat(array, 3)[1::3])
    yield steps[::-1], schedule(array[::-1])
    yield steps[::2], schedule(array[::2])
    yield steps, schedule(np.repeat(array, 2).reshape(-1, 2).T)[1]
    for dtype in ("i8", "u4"):
        some = fitting(steps, dtype)
        memory = bytearray(np.dtype(dtype).itemsize * len(some) + 1)
        unaligned = np.frombuffer(memory, dtype, offset=1)
        unaligned[...] = some
        yield some, schedule(unaligned)


@way
def arrays_of_other_shapes(schedule: Any, steps: list[int]) -> Iterator[Pair]:
    count = len(steps) // 6 * 6
    for dtype in ("i8", ">u8"):
        for shape in ((count,), (2, count // 2), (count // 2, 2), (3, 1, count // 3), (count // 6, 2, 3)):
            array = np.array(steps[:count], dtype).reshape(shape)
            for laid in (array, np.asfortranarray(array), array.T.copy().T, array[..., ::-1][..., ::-1]):
                got = schedule(laid)
                assert got.shape == shape
                yield steps[:count], got.reshape(-1)
    for step in few(steps, 5):
        got = schedule(np.array(step))
        assert got.shape == ()
        yield [step], got.reshape(1)
        got = schedule(np.broadcast_to(np.array([step]), (3, 4)))
        assert got.shape == (3, 4)
        yield [step] * 12, got.reshape(-1)


@way
def lists(schedule: Any, steps: list[int]) -> Iterator[Pair]:
    yield steps, schedule(steps)
    yield steps, schedule(tuple(np.int64(step) for step in steps))
    half = len(steps) // 2
    yield steps[: 2 * half], schedule([[steps[:half]], [steps[half : 2 * half]]]).reshape(-1)


@way
def into_out(schedule: Any, steps: list[int]) -> Iterator[Pair]:
    """Contiguous, strided, backwards, Fortran-ordered, unaligned; with steps of all sorts."""
    count = len(steps) // 2 * 2
    steps = steps[:count]
    array = np.array(steps)
    unaligned = np.frombuffer(bytearray(8 * count + 1), np.float64, offset=1)
    for given in (array, array.astype(">u8"), np.repeat(array, 2)[::2], steps):
        for out in (
            np.empty(count),
            np.empty(2 * count)[::2],
            np.empty(count)[::-1],
            np.empty((count, 3)).T[1],
            unaligned,
        ):
            assert schedule(given, out=out) is out
            yield steps, out
    for given in (array.reshape(2, -1), np.asfortranarray(array.reshape(2, -1)), array.astype("i8").reshape(-1, 2).T):
        for order in "CF":
            out = np.empty(given.shape, order=order)
            schedule(given, out=out)
            yield given.reshape(-1).tolist(), out.reshape(-1)
    asked = range(steps[3], steps[3] + 100)
    for out in (np.empty(200)[::2], np.empty(100)[::-1], np.frombuffer(bytearray(801), np.float64, offset=1)):
        yield list(asked), schedule(asked, out=out)
    out = np.empty(())
    yield [steps[5]], schedule(steps[5], out=out).reshape(1)


@way
def sampled(schedule: Any, steps: list[int]) -> Iterator[Pair]:
    for count in (1, 1023, 2050):
        got = lrvec.sample(schedule, num_steps=count)
        assert type(got) is list
        assert {type(value) for value in got} == {float}
        yield list(range(count)), got


@way
def group_rows(schedule: Any, steps: list[int]) -> Iterator[Pair]:
    groups = lrvec.scale_by_group(schedule, multipliers={"one": 1.0, "half": 0.5})
    array = np.array(steps)
    yield steps, groups(array)["one"]
    yield steps, [groups(step)["one"] for step in steps]
    yield steps, groups.matrix(array)[0]
    yield steps, groups.matrix(array[::-1])[0, ::-1]
    yield steps, groups.matrix(array, out=np.empty((len(steps), 2)).T)[0]
    yield list(range(50)), groups.matrix(range(50))[0]


@way
def fresh_schedules(schedule: Any, steps: list[int]) -> Iterator[Pair]:
    """Equal ones, made anew, whose first evaluation this is."""

    def anew() -> Any:
        return lrvec.kinds()[schedule.kind].make(schedule.params)

    yield steps, anew()(np.array(steps))
    yield steps[:9], anew()(steps[:9])
    yield list(range(9)), anew()(range(9))
    yield list(range(9)), lrvec.sample(anew(), num_steps=9)
    yield [steps[9]], [anew()(steps[9])]
