"""These functions do pieces of work on several threads. The kernels run without the GIL, so Python threads are enough.

A call starts its own threads and waits until none of them is at a piece. In the main thread an interrupt, or any other
signal's handler, may run after any call, also after one within the standard library's classes in Python. A Condition
would then keep its lock, and an executor would wait at exit for a thread that it has not noted. So what the caller
touches here is written in C: counters, dicts and locks, and threads that the interpreter does not wait for.
"""

from __future__ import annotations

import _thread
import itertools
import os
from typing import TYPE_CHECKING, Any

from .. import _checks

if TYPE_CHECKING:
    from collections.abc import Callable


def worker_count(pieces: int, workers: int | None) -> int:
    """Returns how many threads to use for so many pieces of work. By itself this is one for each core that the process
    may run on. It is never more than LRVEC_NUM_THREADS."""
    _checks.workers(workers)
    if pieces < 2 or workers == 1:
        return 1
    return min(pieces, workers or _cores(), cap() or pieces)


def cap() -> int | None:
    """Returns the number that LRVEC_NUM_THREADS gives, or None."""
    text = os.environ.get("LRVEC_NUM_THREADS")
    return _checks.positive_count("LRVEC_NUM_THREADS", _number(text)) if text else None


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _number(text: str) -> int | str:
    return int(text) if text.strip().isdecimal() and len(text) < 640 else text


def run(piece: Callable[[int], Any], count: int, workers: int) -> None:
    """Calls piece(0), ... piece(count - 1), in this thread and in up to `workers - 1` others. The first error, or an
    interrupt of this thread, stops all of them at their next piece, and is raised when they have stopped.

    A signal's handler may fork meanwhile. In the child the other threads do not exist, and this thread does their
    pieces; so a piece may be done twice."""
    if workers == 1:
        for number in range(count):
            piece(number)
        return
    work = _Work(piece, count)
    try:
        _running.add(work)
        work.start(workers - 1)
        work.do()
        work.wait()
        work.do()  # what the others have left, in a child of fork
        if work.errors:
            raise work.errors[0]
    finally:
        work.stopped = True  # no call does this: another interrupt could come before it
        try:
            work.wait()
        finally:
            try:
                work.wait()  # where an interrupt has ended the first wait
            finally:
                try:
                    work.wait()
                finally:
                    _running.discard(work)
                    work.errors.clear()  # their tracebacks hold the work
                    del work.piece  # the piece holds arrays, and a thread that comes late holds the work


class _Work:
    """Work is numbered pieces, which several threads take one after another."""

    def __init__(self, piece: Callable[[int], Any], count: int) -> None:
        self.piece = piece
        self.stopped = False
        self.errors: list[BaseException] = []
        self._count = count
        self._numbers = itertools.count()
        self._helpers: dict[Any, int] = {}  # each one's lock, held until it leaves, and a piece not past its own

    def start(self, helpers: int) -> None:
        """Starts `helpers` threads, or as many as there may be."""
        try:
            for _ in range(helpers):
                _thread.start_new_thread(self._help, ())
        except RuntimeError:  # the interpreter is about to exit, or there are too many threads
            return

    def do(self) -> None:
        """Does pieces until there is none, or until one has failed in a helper."""
        while not self.stopped and (number := next(self._numbers)) < self._count:
            self.piece(number)

    def wait(self) -> None:
        """Waits until no helper is at a piece. The caller has seen to it that no more are taken."""
        for held in list(self._helpers):
            held.acquire()

    def stay_alone(self) -> None:
        """Goes back to the first piece that a helper was at. This happens in a child of fork, where there are no
        helpers."""
        if self._helpers:
            self._numbers = itertools.count(min(self._helpers.values()))
        for held in self._helpers:
            held.release()
        self._helpers.clear()

    def _help(self) -> None:
        """Does pieces in a thread of its own. A helper is noted before it asks whether the work is stopped, and `run`
        stops the work before it asks who is noted. So no helper begins unseen."""
        held = _thread.allocate_lock()
        with held:
            self._helpers[held] = 0
            try:
                while not self.stopped and (number := next(self._numbers)) < self._count:
                    self._helpers[held] = number
                    self.piece(number)
            except BaseException as error:
                self.errors.append(error)
                self.stopped = True
            del self._helpers[held]


_running: set[_Work] = set()


def _after_fork() -> None:
    for work in _running:
        work.stay_alone()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
