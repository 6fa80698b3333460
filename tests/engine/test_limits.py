"""These tests ask for too much: it is refused by name, before it takes work and memory. What only takes long can be stopped."""

from __future__ import annotations

import re
import signal
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from processes import python

import lrvec
from lrvec._checks import columns as _array_checks
from lrvec._evaluate import arrays as _arrays
from lrvec._evaluate import steps as _steps
from lrvec._values import sweep as _sweeps

COSINE = lrvec.cosine(base_lr=0.1, min_lr=1e-5, total_steps=10**6)
COSINES = lrvec.cosine(base_lr=[0.1, 0.2, 0.3, 0.4], min_lr=1e-5, total_steps=10**6)
GROUPS = lrvec.scale_by_group(COSINE, multipliers={"a": 1.0, "b": 2.0})


def let_no_step_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (_steps, _arrays):
        monkeypatch.setattr(module, "blocks_of", None)


def repeated(*shape: int) -> Any:
    """An array of the step 5 that takes eight bytes."""
    return np.broadcast_to(np.int64(5), shape)


def wide(factory: Callable[..., Any], **parameters: Any) -> Any:
    """A sweep of 2^40 schedules."""
    return factory(**parameters, warmup_steps=np.arange(1, 2**20 + 1), start_lr=np.zeros((2**20, 1)))


def by_column() -> Any:
    return wide(lrvec.with_warmup, schedule=COSINE)


def by_row() -> Any:
    """Each of them asks a user's callable."""
    return wide(lrvec.with_warmup, schedule=lambda step: 1.0)


def message(count: int, size: int, name: str = "steps", what: str = "values") -> str:
    return f"{name} must fit in memory, received {count} of them for {what} of {size} bytes each"


@pytest.mark.parametrize(
    ("call", "refusal"),
    [
        (lambda: COSINE(range(2**53)), message(2**53, 8)),
        (lambda: COSINE(repeated(2**40)), message(2**40, 8)),
        (lambda: COSINE(repeated(2**20, 2**20)), message(2**40, 8)),
        (lambda: COSINE(repeated(2**40), dtype=np.float32), message(2**40, 4)),
        (lambda: COSINES(range(2**53)), message(2**55, 8)),
        (lambda: COSINES(repeated(2**40)), message(2**42, 8)),
        (lambda: GROUPS(repeated(2**40)), message(2**40, 8)),
        (lambda: GROUPS.matrix(range(2**53)), message(2**54, 8)),
        (lambda: GROUPS.matrix(repeated(2**40)), message(2**41, 8)),
        (lambda: lrvec.stack([COSINE, COSINE], names=["a", "b"])(repeated(2**40)), message(2**41, 8)),
        (lambda: lrvec.pointwise(COSINE, range(2**53)), message(2**53, 8)),
        (lambda: lrvec.pointwise(COSINE, repeated(2**40)), message(2**40, 8)),
        (lambda: lrvec.pointwise(COSINES, repeated(2**40, 1)), message(2**42, 8)),
        (lambda: lrvec.pointwise(COSINES[:1], range(2**53)), message(2**53, 8)),
        (lambda: lrvec.pointwise(by_row(), repeated(2**40, 1, 1)), message(2**80, 8)),
        (lambda: lrvec.sample(COSINE, num_steps=2**53), message(2**53, 32)),
        (lambda: next(lrvec.blocks(COSINES, range(2**53), 2**53)), message(2**50, 8)),
        (lambda: lrvec.summarize(by_column(), range(5)), message(2**40, 72, "schedules", "summaries")),
        (lambda: by_row()(5), message(2**40, 8)),
        (lambda: lrvec.pointwise(by_row(), 5), message(2**40, 8)),
        (lambda: lrvec.summarize(by_row(), range(5)), message(2**40, 128, "schedules", "tables")),
        (lambda: next(lrvec.blocks(by_row(), range(5), 1000)), message(2**40, 128, "schedules", "tables")),
        (lambda: lrvec.grid(lrvec.constant, lr=range(2**53)), message(2**53, 8, "lr")),
    ],
)
def test_too_large_is_refused_by_name_and_at_once(call: Callable[[], Any], refusal: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No step of an array is read for it."""
    let_no_step_be_read(monkeypatch)
    monkeypatch.setattr(_sweeps, "Tables", None)
    with pytest.raises(MemoryError, match=f"^{re.escape(refusal)}$") as caught:
        call()
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize("shapes", [[(2**40, 1), (2**40,)], [(2**62, 1, 1), (1, 5, 1), (2,)]])
def test_more_than_an_array_can_hold_is_no_shapes_that_do_not_broadcast(shapes: list[tuple[int, ...]]) -> None:
    count = np.prod(np.array([max(axis) for axis in shapes], object))
    with pytest.raises(MemoryError, match=f"^{re.escape(message(int(count), 8))}$"):
        _array_checks.broadcast("steps", *shapes)


@pytest.mark.parametrize("wrong", ["shape", "out"])
@pytest.mark.parametrize("steps", [range(10**7), repeated(10**12)], ids=["range", "repeated"])
def test_a_shape_that_does_not_fit_is_refused_before_the_steps_are_read(
    steps: Any, wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_no_step_be_read(monkeypatch)
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match=rf"received (shape )?\({len(steps)},\)$|received \(3,\)$"):
            lrvec.pointwise(COSINES, steps) if wrong == "shape" else COSINE(steps, out=np.empty(3))
        assert tracemalloc.get_traced_memory()[1] < 10**6
    finally:
        tracemalloc.stop()


def test_pointwise_makes_no_list_of_a_range() -> None:
    """Of its steps: 8 bytes each, and 8 for each value; the Python engine lists a batch of them."""
    count = 10**5
    room = 17 * count + (3 << 19 if lrvec.engine == "python" else 0)
    sweep = lrvec.constant(lr=np.arange(count, dtype=float))
    sweep(0)
    for steps in (range(count), range(3, 3 + 7 * count, 7), range(count, 0, -1)):
        wanted = lrvec.pointwise(sweep, np.array(steps))
        tracemalloc.start()
        try:
            found = lrvec.pointwise(sweep, steps)
            assert tracemalloc.get_traced_memory()[1] < room
        finally:
            tracemalloc.stop()
        assert found.tobytes() == wanted.tobytes()


def test_a_range_along_an_axis_of_a_grid() -> None:
    for numbers in (range(5), range(7, -9, -3), range(2**53 - 4, 2**53 + 1, 2), range(2**62, 2**62 + 3)):
        assert lrvec.grid(lrvec.constant, lr=numbers) == lrvec.constant(lr=[float(number) for number in numbers])


def test_an_array_that_repeats_a_step_is_read_once() -> None:
    """A bad step is named by the first of its places."""
    row = np.array([3, 4, -7, 5])
    with pytest.raises(ValueError, match=r"^step at index \(0, 0, 2\) must be a non-negative integer, received -7$"):
        lrvec.summarize(COSINE, np.broadcast_to(row, (2**20, 2**10, 4)))
    with pytest.raises(ValueError, match=r"^step at index \(2, 0\) must be a non-negative integer, received -7$"):
        lrvec.summarize(COSINE, np.broadcast_to(row[:, None], (4, 2**30)))
    few = np.broadcast_to(row[:2], (3, 2))
    assert COSINE(few).tolist() == [[COSINE(3), COSINE(4)]] * 3
    assert lrvec.summarize(COSINE, few) == lrvec.summarize(COSINE, few.copy())
    assert COSINE(np.broadcast_to(np.int64(5), (2, 0))).shape == (2, 0)


def is_stopped(begin: str, call: str) -> bool:
    """Whether an interrupt, which the begin of a program sees to, ends a call."""
    end = "    print('whole')\nexcept KeyboardInterrupt:\n    print('stopped')\n"
    return python(f"{begin}try:\n    {call}\n{end}") == "stopped\n"


@pytest.mark.parametrize("call", ["lrvec.sample(schedule, num_steps=10**8)", "lrvec.summarize(schedule * lrvec.linear(base_lr=0.0, end_lr=1.0, total_steps=2**53), range(2**53))"])
def test_other_threads_run_and_an_interrupt_stops_it(call: str) -> None:
    """The thread that sends the interrupt is one of them: it has to run three times before. All is imported by then: an interrupt amid
    an import of numpy ends that."""
    assert is_stopped(
        "import os, signal, threading, time, lrvec\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "schedule = lrvec.cosine(base_lr=0.1, min_lr=1e-5, total_steps=10**9)\n"
        "lrvec.summarize(schedule, range(9))\n"
        "def interrupt():\n"
        "    for _ in range(3):\n"
        "        time.sleep(0.05)\n"
        "    os.kill(os.getpid(), signal.SIGINT)\n"
        "thread = threading.Thread(target=interrupt)\n"
        "thread.start()\n",
        call,
    )


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs an alarm of some milliseconds")
@pytest.mark.parametrize("call", ["lrvec.sample(groups, num_steps=2 * 10**6)", "rows_of({'a': 0.0, 'b': 0.0}, columns)"])
def test_an_alarm_stops_samples_of_groups(call: str) -> None:
    """A dict takes 10 ns at the very least, so that all of them take longer than the alarm."""
    assert is_stopped(
        "import signal, lrvec\n"
        "from lrvec._engine import rows_of\n"
        "groups = lrvec.scale_by_group(lrvec.constant(lr=0.1), multipliers={'a': 1.0, 'b': 2.0})\n"
        "columns = [[0.5] * 2 * 10**6] * 2\n"
        "signal.signal(signal.SIGALRM, signal.default_int_handler)\n",
        f"signal.setitimer(signal.ITIMER_REAL, 0.01); {call}",
    )


@pytest.mark.parametrize("call", ["lrvec.sample(schedule, num_steps=count)", "lrvec.sample(groups, num_steps=count)", "rows_of({'a': 0.0, 'b': 0.0}, columns)"])
def test_nobody_sees_samples_before_they_are_whole(call: str) -> None:
    """The garbage collector, which shows all lists, does not have the one that is being filled: its last entry would end
    the process."""
    printed = python(
        "import gc, threading, lrvec\n"
        "from lrvec._engine import rows_of\n"
        "schedule = lrvec.cosine(base_lr=0.1, min_lr=1e-5, total_steps=10**9)\n"
        "groups = lrvec.scale_by_group(schedule, multipliers={'a': 1.0, 'b': 2.0})\n"
        "count, seen, stop = 200_000, set(), threading.Event()\n"
        "columns = [[0.25 * i for i in range(count)]] * 2\n"
        "def look():\n"
        "    while not stop.is_set():\n"
        "        seen.update(repr(part[-1]) for part in gc.get_objects() if type(part) is list and len(part) == count)\n"
        "thread = threading.Thread(target=look)\n"
        "thread.start()\n"
        "for _ in range(10):\n"
        f"    {call}\n"
        "stop.set()\n"
        "thread.join()\n"
        f"values = {call}\n"
        "print(seen <= {repr(values[-1]), repr(columns[0][-1])}, gc.is_tracked(values))\n"
    )
    assert printed == "True True\n"


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("milestones", lambda huge: lrvec.multi_step(base_lr=1.0, milestones=huge, gamma=0.5)),
        ("phases", lrvec.sequential),
        ("schedules", lrvec.stack),
    ],
)
def test_a_range_that_no_list_can_hold_is_refused_by_name(name: str, call: Callable[[range], Any]) -> None:
    with pytest.raises(MemoryError, match=rf"^{name} must fit in memory, received range\(0, {2**60}\)$") as caught:
        call(range(2**60))
    assert isinstance(caught.value, ValueError)


# ---- axes ----

NUMPY_S_OWN = 32 if np.__version__.startswith("1.") else 64
MOST_AXES = 32
WIDEST = lrvec.constant(lr=np.full((1,) * MOST_AXES, 0.5))


def nested(value: Any, levels: int) -> Any:
    """The value in lists within lists."""
    return value if levels == 0 else [nested(value, levels - 1)]


ENDLESS: list[Any] = []
ENDLESS.append(ENDLESS)


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: lrvec.constant(lr=nested(0.5, MOST_AXES + 1)), "lr"),
        (lambda: lrvec.constant(lr=nested(0.5, 200)), "lr"),
        (lambda: lrvec.constant(lr=ENDLESS), "lr"),
        (lambda: lrvec.cosine(base_lr=0.1, min_lr=0.0, total_steps=nested(3, MOST_AXES + 1)), "total_steps"),
        (lambda: lrvec.grid(lrvec.with_warmup, schedule=WIDEST, warmup_steps=[1, 2], start_lr=0.0), "the grid"),
        *([(lambda: lrvec.pointwise(WIDEST, np.ones((1,) * NUMPY_S_OWN, int)), "steps")] if NUMPY_S_OWN > MOST_AXES else []),
    ],
)
def test_more_axes_than_numpy_broadcasts(call: Callable[[], Any], name: str) -> None:
    with pytest.raises(ValueError, match=f"^{name} must have at most {MOST_AXES} axes, received more$"):
        call()


def test_more_axes_than_numpy_has() -> None:
    groups = lrvec.scale_by_group(WIDEST, multipliers={"a": 1.0})
    said = "steps must have no more axes beside the rows' than an array of numpy can, received steps for"
    for call, axes in ((WIDEST, NUMPY_S_OWN - MOST_AXES + 1), (groups.matrix, NUMPY_S_OWN - MOST_AXES)):
        steps = np.ones((1,) * axes, int)
        with pytest.raises(ValueError, match=f"^{said} {NUMPY_S_OWN + 1}$"):
            call(steps)
    assert WIDEST(np.ones((1,) * (NUMPY_S_OWN - MOST_AXES), int)).ndim == NUMPY_S_OWN


def test_as_many_axes_as_numpy_has() -> None:
    assert lrvec.constant(lr=nested(0.5, MOST_AXES)) == WIDEST
    assert WIDEST(3).shape == (1,) * MOST_AXES
