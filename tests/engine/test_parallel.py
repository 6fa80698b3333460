"""These tests are about work on several threads: it changes no bits, keeps its limits, and survives errors, interrupts and forks."""

from __future__ import annotations

import _thread
import contextlib
import gc
import json
import os
import random
import re
import threading
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from cases import CASES, shuffled, steps_of
from processes import python, run
from record import Case

import lrvec
from lrvec._evaluate import sizes, threads

PYTHON = lrvec.engine == "python"
CORES = len(os.sched_getaffinity(0))
ONE_OF_A_KIND = list({case.kind: case for case in CASES}.values())
COSINES = lrvec.cosine(base_lr=np.geomspace(1e-5, 1e-2, 8), min_lr=0.0, total_steps=100)


@pytest.fixture(autouse=True)
def _many_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sizes, "PIECE", 16)
    monkeypatch.setattr(sizes, "SPAN", 1024)
    monkeypatch.setattr(sizes, "SPANS", 32)
    monkeypatch.setattr(sizes, "ROWS", 2)
    monkeypatch.setattr(sizes, "BATCH", 3)
    monkeypatch.delenv("LRVEC_NUM_THREADS", raising=False)


def same(got: Any, wanted: Any) -> bool:
    return (got.dtype, got.shape, got.tobytes()) == (wanted.dtype, wanted.shape, wanted.tobytes())


# ---- bits ----


@pytest.mark.parametrize("case", ONE_OF_A_KIND, ids=str)
def test_bits_do_not_depend_on_workers(case: Case) -> None:
    schedule, steps = case.make(), np.array(shuffled(steps_of(case), "workers"))
    forms = [steps, steps.astype(">u8"), np.repeat(steps, 2)[::2], steps[: len(steps) // 4 * 4].reshape(4, -1).T, steps.tolist(), range(300), range(2**53, 0, -(2**45) - 1)]  # fmt: skip
    for form in forms:
        for dtype in (None, np.float32):
            alone = schedule(form, dtype=dtype, workers=1)
            for workers in (2, 3, 50, None):
                assert same(schedule(form, dtype=dtype, workers=workers), alone)
                out = np.empty((*alone.shape, 2), alone.dtype)[..., 1]
                assert schedule(form, out=out, workers=workers) is out
                assert same(out.copy(), alone)


@pytest.mark.parametrize(
    "call",
    [
        lambda workers: COSINES(np.arange(99), workers=workers),
        lambda workers: COSINES(range(99), dtype=np.float32, workers=workers),
        lambda workers: COSINES(7, workers=workers),
        lambda workers: lrvec.stack(list(COSINES))(range(99), workers=workers),
        lambda workers: lrvec.pointwise(COSINES, range(8), workers=workers),
        lambda workers: np.array(lrvec.summarize(COSINES, range(9 * 1024), workers=workers)),
        lambda workers: np.array(lrvec.summarize(COSINES[3], range(9 * 1024), workers=workers)),
        lambda workers: np.concatenate([part.ravel() for *_, part in lrvec.blocks(COSINES, range(99), 800, workers=workers)]),
    ],
    ids=["array", "float32", "step", "stack", "pointwise", "summarize", "summarize one", "blocks"],
)  # fmt: skip
def test_bits_of_sweeps_do_not_depend_on_workers(call: Callable[[int | None], Any]) -> None:
    alone = call(1)
    for workers in (2, 3, 50, None):
        assert same(call(workers), alone)


# ---- how many threads ----


class Meeting:
    """Pieces of work that each note their thread, and wait until so many threads have come."""

    def __init__(self, threads: int) -> None:
        self.met: set[int] = set()
        self._barrier = threading.Barrier(threads)

    def piece(self, number: int) -> None:
        if threading.get_ident() not in self.met:
            self.met.add(threading.get_ident())
            self._barrier.wait(60.0)


@pytest.mark.parametrize("workers", [1, 2])
def test_as_many_threads_work_as_there_are_workers(workers: int) -> None:
    meeting = Meeting(workers)
    threads.run(meeting.piece, 10, workers)
    assert len(meeting.met) == workers
    assert threading.get_ident() in meeting.met


def test_one_worker_is_the_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_thread, "start_new_thread", None)
    assert COSINES(range(99), workers=1).shape == (8, 99)
    assert lrvec.constant(lr=0.5)(range(99), workers=1).shape == (99,)
    assert COSINES[0](range(16)).shape == (16,)  # one piece


@pytest.mark.parametrize(
    ("cap", "pieces", "workers", "count"),
    [
        (None, 0, None, 1),
        (None, 1, 8, 1),
        (None, 2, 8, 2),
        (None, 100, None, CORES),
        (None, 100, 1, 1),
        (None, 100, 7, 7),
        ("", 100, 7, 7),
        ("1", 100, None, 1),
        ("1", 100, 7, 1),
        ("3", 100, 7, 3),
        (" 3 ", 100, 2, 2),
        ("1000", 100, None, CORES),
    ],
)
def test_worker_count(cap: str | None, pieces: int, workers: int | None, count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    if cap is not None:
        monkeypatch.setenv("LRVEC_NUM_THREADS", cap)
    assert threads.worker_count(pieces, workers) == count


@pytest.mark.parametrize(("text", "shown"), [("0", "0"), ("-1", "'-1'"), ("two", "'two'"), ("1.5", "'1.5'")])
def test_a_cap_that_is_no_count_is_refused(text: str, shown: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LRVEC_NUM_THREADS", text)
    with pytest.raises(ValueError, match=rf"^LRVEC_NUM_THREADS must be a positive integer, received {shown}$"):
        COSINES(range(99))
    assert COSINES(range(99), workers=1).shape == (8, 99)


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="no affinity here")
def test_affinity_is_respected() -> None:
    printed = python(
        "import os, lrvec._evaluate.threads as parallel\n"
        "print(parallel.worker_count(99, None))\n"
        "os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])\n"
        "print(parallel.worker_count(99, None), parallel.worker_count(99, 5))",
        LRVEC_NUM_THREADS=None,
    )
    assert printed == f"{CORES}\n1 5\n"


def test_no_thread_before_there_is_work_for_it() -> None:
    printed = python(
        "import sys, lrvec\n"
        "sweep = lrvec.cosine(base_lr=[1.0, 2.0], min_lr=0.0, total_steps=100)\n"
        "sweep(range(100)), sweep[0](range(100)), lrvec.summarize(sweep, range(100)), lrvec.pointwise(sweep, 3)\n"
        "print(len(sys._current_frames()))"
    )
    assert printed == "1\n"


def test_a_users_callable_is_called_in_the_callers_thread() -> None:
    seen = set()

    def spy(step: int) -> float:
        seen.add(threading.get_ident())
        return float(step)

    warm = lrvec.with_warmup(spy, warmup_steps=3, start_lr=0.0)
    assert warm(range(999), workers=5)[-1] == 995.0
    assert warm(np.arange(999), workers=5)[-1] == 995.0
    assert seen == {threading.get_ident()}


# ---- errors ----


@pytest.mark.parametrize("helper", [True, False], ids=["helper", "caller"])
def test_an_error_in_any_thread_reaches_the_caller_and_stops_the_others(helper: bool) -> None:
    caller = threading.get_ident()
    meeting = Meeting(2)

    def piece(number: int) -> None:
        meeting.piece(number)
        if (threading.get_ident() != caller) == helper:
            raise LookupError("of a piece")

    with pytest.raises(LookupError, match="^of a piece$"):
        threads.run(piece, 2**60, 2)
    work_goes_on()


def work_goes_on() -> None:
    """In two threads."""
    meeting = Meeting(2)
    threads.run(meeting.piece, 10, 2)
    assert len(meeting.met) == 2
    assert same(COSINES(range(99), workers=2), COSINES(range(99), workers=1))


@pytest.mark.parametrize("place", [0, 15, 16, 500, 998])
def test_a_bad_step_in_any_piece_is_named_by_its_index(place: int) -> None:
    steps = np.arange(999)
    steps[place] = -7
    for schedule in (lrvec.constant(lr=0.5), COSINES):
        for given in (steps, steps.astype(">i4"), steps.reshape(3, 333)):
            index = place if given.ndim == 1 else (place // 333, place % 333)
            message = f"step at index {index} must be a non-negative integer, received -7"
            with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
                schedule(given, workers=3)
    work_goes_on()


def no_thread(function: Any, arguments: Any) -> None:
    raise RuntimeError("can't start new thread")


def test_a_thread_that_cannot_be_started_is_done_without(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(_thread, "start_new_thread", no_thread)
        assert same(COSINES(range(99), workers=3), COSINES(range(99), workers=1))
    work_goes_on()


@pytest.mark.parametrize("failing", ["nobody", "helper", "caller"])
@pytest.mark.parametrize("started", [True, False], ids=["started", "none"])
def test_nothing_is_kept_of_work_that_is_over(failing: str, started: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """As soon as the call is over, and without a collection of garbage."""
    caller = threading.get_ident()
    meeting = Meeting(2 if started else 1)

    class Piece:
        def __call__(self, number: int) -> None:
            meeting.piece(number)
            if failing == ("caller" if threading.get_ident() == caller else "helper"):
                raise LookupError(failing)

    piece = Piece()
    kept = weakref.ref(piece)
    if not started:
        monkeypatch.setattr(_thread, "start_new_thread", no_thread)
    gc.collect()
    gc.disable()
    try:
        with contextlib.suppress(LookupError):
            threads.run(piece, 10, 2)
        del piece
        assert kept() is None
        assert not threads._running
    finally:
        gc.enable()


WITHIN_THE_FIRST_CALL = """
import sys
import lrvec
schedule = lrvec.with_warmup(lrvec.linear(base_lr=1.0, end_lr=0.0, total_steps=4), warmup_steps=2, start_lr=0.0)
found = []
def handler(frame, event, argument):
    if "numpy" not in frame.f_code.co_filename:
        found.append(schedule(3))
    return handler
sys.settrace(handler)
lrvec.constant(lr=1.0)(range(3))
sys.settrace(None)
print(len(found) > 500, set(found))
"""


def test_one_step_may_be_asked_for_while_the_first_call_with_many_imports() -> None:
    """By a signal's handler, which may come at any line: here it comes at each, but for numpy's own."""
    assert python(WITHIN_THE_FIRST_CALL) == "True {0.75}\n"


def test_a_helper_that_comes_late_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """It does no piece, and holds none: here it begins when the call is over."""
    late: list[Any] = []
    monkeypatch.setattr(_thread, "start_new_thread", lambda function, arguments: late.append(function))
    done: list[int] = []

    class Piece:
        def __call__(self, number: int) -> None:
            done.append(number)

    piece = Piece()
    kept = weakref.ref(piece)
    threads.run(piece, 10, 3)
    del piece
    assert kept() is None
    for help_ in late:
        help_()
    assert done == list(range(10))


# ---- many callers, forks, exits ----


def test_many_callers_at_once() -> None:
    wanted = COSINES(range(99), workers=1)
    failed: list[Any] = []

    def work(seed: int) -> None:
        rng = random.Random(seed)
        for _ in range(20 if not PYTHON else 3):
            if rng.random() < 0.2:
                try:
                    COSINES(np.full(99, -1), workers=3)
                    failed.append("no error")
                except ValueError:
                    pass
            elif not same(COSINES(range(99), workers=rng.choice([1, 2, 3, None])), wanted):
                failed.append("other bits")

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


def test_a_piece_may_have_pieces_of_its_own() -> None:
    wanted = COSINES(range(99), workers=1)
    found: list[Any] = []
    threads.run(lambda number: found.append(COSINES(range(99), workers=3)), 20, 3)
    assert len(found) == 20
    assert all(same(matrix, wanted) for matrix in found)


BIG = """
import json, os, sys, threading, zlib
import numpy, lrvec
from lrvec._evaluate import sizes, threads
if lrvec.engine == "python":
    sizes.PIECE, sizes.SPAN = 16, 1024
steps = range(3 * sizes.PIECE)
schedule = lrvec.cosine(base_lr=0.1, min_lr=1e-5, total_steps=10**6)
def digest(workers):
    return zlib.crc32(schedule(steps, workers=workers).tobytes())
"""


def of_big(code: str, **settings: str | None) -> list[Any]:
    """The lines that it prints, each JSON."""
    done = run("-c", BIG + code, **{"LRVEC_NUM_THREADS": None, **settings})
    assert (done.returncode, done.stderr) == (0, "")
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_fork_after_use() -> None:
    """Also by a thread while another one is at work."""
    lines = of_big("""
import warnings
warnings.simplefilter("ignore", DeprecationWarning)
def show():
    print(json.dumps([digest(2), digest(None), digest(1)]), flush=True)
def child():
    pid = os.fork()
    if not pid:
        show()
        os._exit(0)
    assert os.waitpid(pid, 0)[1] == 0
show()
child()
stop = threading.Event()
def busy():
    while not stop.is_set():
        digest(3)
thread = threading.Thread(target=busy)
thread.start()
for _ in range(5):
    child()
stop.set()
thread.join()
child()
""")
    assert len(lines) == 8
    assert len({digest for line in lines for digest in line}) == 1


FORKS = """
import signal, time, warnings
warnings.simplefilter("ignore", DeprecationWarning)
children = []
def fork(*_):
    signal.setitimer(signal.ITIMER_REAL, 0)
    children.append(os.fork())
    if not children[-1]:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(60)  # the end of a child that hangs
signal.signal(signal.SIGALRM, fork)
def leave(right):
    if not children[-1]:
        os._exit(0 if right else 1)
    status = os.waitpid(children.pop(), 0)[1]
    print(json.dumps([right, status]), flush=True)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.parametrize("at_a_piece", [True, False], ids=["at a piece", "waiting"])
def test_a_handler_that_forks_while_a_helper_is_at_a_piece(at_a_piece: bool) -> None:
    """The child has no helper: it does all pieces that are not done, and the parent goes on as ever."""
    lines = of_big(
        FORKS
        + f"""
main, parent, at_a_piece = threading.get_ident(), os.getpid(), {at_a_piece}
barrier, forked, done = threading.Barrier(2), threading.Event(), set()
def piece(number):
    if number < 2 and os.getpid() == parent:
        barrier.wait(60)
        if threading.get_ident() != main:
            if not at_a_piece:
                time.sleep(0.1)  # until the caller has done all others
                signal.pthread_kill(main, signal.SIGALRM)
            forked.wait(60)
        elif at_a_piece:
            signal.pthread_kill(main, signal.SIGALRM)
    done.add(number)
class Children(list):
    def append(self, pid):
        super().append(pid)
        if pid:
            forked.set()
children = Children()
threads.run(piece, 5, 2)
leave(done == set(range(5)))
"""
    )
    assert lines == [[True, 0]]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_handler_that_forks_at_any_moment() -> None:
    lines = of_big(
        FORKS
        + """
wanted = schedule(numpy.arange(3 * sizes.PIECE)[::-1].copy(), workers=1)
reversed_steps = numpy.arange(3 * sizes.PIECE)[::-1].copy()
for attempt in range(40):
    signal.signal(signal.SIGALRM, fork)
    signal.setitimer(signal.ITIMER_REAL, 0.0005 + 0.0002 * attempt)
    right = True
    while not children:
        right = right and bool((schedule(reversed_steps, workers=3) == wanted).all())
    leave(right)
"""
    )
    assert lines == [[True, 0]] * 40


def test_exit_during_work() -> None:
    """In another thread, and in what runs at exit."""
    lines = of_big("""
import atexit, time
atexit.register(lambda: print(digest(2), flush=True))
print(digest(2), flush=True)
def work():
    main.join()
    print(digest(3), flush=True)
main = threading.main_thread()
threading.Thread(target=work).start()
def endless():
    while True:
        digest(2)
threading.Thread(target=endless, daemon=True).start()
time.sleep(0.1)
""")
    assert len(lines) == 3
    assert len(set(lines)) == 1


# ---- interrupts ----


@pytest.mark.skipif(os.name != "posix", reason="no signals here")
@pytest.mark.parametrize("workers", [1, 2, None])
@pytest.mark.parametrize(
    "call",
    [
        "lrvec.summarize(schedule, range(0, 2**53, 3), workers=workers)",
        "[None for _ in lrvec.blocks(schedule, range(10**11), 10**7, workers=workers)]",
    ],
    ids=["summarize", "blocks"],
)
def test_an_interrupt_stops_a_long_evaluation(call: str, workers: int | None) -> None:
    """Of minutes: within a tenth of a second, as the first quick one of five shows."""
    lines = of_big(f"""
import signal, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # a process in the background may ignore the signal
workers = {workers}
wanted = digest(1)
def interrupt():
    time.sleep(0.2)
    sent.append(time.monotonic())
    os.kill(os.getpid(), signal.SIGINT)
for _ in range(5):
    sent = []
    thread = threading.Thread(target=interrupt)
    thread.start()
    try:
        {call}
    except KeyboardInterrupt:
        print(time.monotonic() - sent[0])
        quick = time.monotonic() - sent[0] < 0.1
    thread.join()
    assert digest(2) == digest(workers) == wanted
    if quick:
        break
""")
    assert 0.0 < lines[-1] < 0.1


def test_interrupts_after_any_call_leave_no_helper_at_work_and_an_exit_that_ends() -> None:
    """One, and a second one at any moment after it; also while threads are started. The interpreter looks for interrupts
    where a function of Python is entered, where one of C has returned, and while it waits for a lock: a profile function
    is called at the same moments."""
    lines = of_big("""
import faulthandler, itertools, operator, time
faulthandler.dump_traceback_later(120, exit=True)
main = threading.get_ident()
at_work = []  # in a helper
def piece(number):
    if threading.get_ident() == main:
        time.sleep(0.0005)
        return
    at_work.append(number)
    time.sleep(0.001)
    at_work.remove(number)
moments = set()
class Work(threads._Work):
    def stop(self, value):
        self.is_stopped = value
        if moments and threading.get_ident() == main:
            sys.setprofile(interrupt)  # which an error in it has ended
    stopped = property(operator.attrgetter("is_stopped"), stop)
threads._Work = Work
def interrupt(frame, event, argument):
    if frame.f_code is Work.stop.__code__:
        return
    if event in ("call", "c_return") or (event == "c_call" and argument.__name__ == "acquire"):
        moment = next(passed)
        if moment in moments:
            moments.remove(moment)
            raise KeyboardInterrupt
def interrupted_at(*wanted):
    global moments, passed
    moments, passed = set(wanted), itertools.count()
    interrupted = False
    sys.setprofile(interrupt)
    try:
        threads.run(piece, 4, 2)
    except KeyboardInterrupt:
        interrupted = True
    finally:
        sys.setprofile(None)
    assert at_work == [], wanted
    left = list(moments)
    moments.clear()
    return interrupted, not left
def both():
    barrier = threading.Barrier(2)
    threads.run(lambda number: barrier.wait(30), 2, 2)
for first in itertools.count():
    if not interrupted_at(first)[0]:
        break
    for second in itertools.count(first + 1):
        if not interrupted_at(first, second)[1]:
            break
    both()
print(json.dumps([first, second]))
""")
    assert len(lines) == 1
    assert min(lines[0]) > 10
