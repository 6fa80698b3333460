"""Work in pieces on several threads: the kernels run without the GIL, so Python threads are enough.

One pool serves the whole process. It starts threads as they are needed, and is made anew in a child of fork.

An interrupt may be raised in the main thread after any call, also after one inside the standard library's classes in
Python: a Condition would keep its lock, an executor would wait at exit for a thread that it has not noted. So what the
main thread touches here is written in C: locks and SimpleQueues, and threads that the interpreter does not wait for.
"""

from __future__ import annotations

import _thread
import os
import threading
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from . import _checks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

PIECE = 1 << 19
"""Values in a piece of work: about half a millisecond, so that an interrupt waits no longer than that for each thread,
and well above what it costs to hand a piece to a thread."""


def worker_count(pieces: int, workers: int | None) -> int:
    """How many threads to use for so many pieces of work: a core each of those that the process may run on, unless told
    otherwise, and never more than LRVEC_NUM_THREADS."""
    _checks.workers(workers)
    if pieces < 2 or workers == 1:
        return 1
    cap = os.environ.get("LRVEC_NUM_THREADS")
    wanted = min(pieces, workers or _cores())
    return wanted if not cap else min(wanted, _checks.positive_count("LRVEC_NUM_THREADS", _number(cap)))


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _number(text: str) -> int | str:
    return int(text) if text.strip().isdecimal() else text


def run(pieces: Iterable[Callable[[], Any]], workers: int) -> None:
    """Does all pieces, in this thread and in up to `workers - 1` others. The first error, or an interrupt of this
    thread, stops them all at their next piece, and is raised when they have stopped."""
    if workers == 1:
        for piece in pieces:
            piece()
        return
    work = _Work(pieces)
    try:
        _pool.submit(work.help, workers - 1)
        work.do()
    finally:
        work.stopped = True  # by no call, before which another interrupt may come
        work.finish()
    error, work.error = work.error, None
    if error is not None:
        try:
            raise error
        finally:
            del error  # its traceback holds this frame, and the arrays with it


class _Work:
    """Pieces that several threads take one after another."""

    def __init__(self, pieces: Iterable[Callable[[], Any]]) -> None:
        self.error: BaseException | None = None
        self._waiting = iter(pieces)
        self._taking = threading.Lock()
        self.stopped = False
        self._helpers = 0
        self._left: SimpleQueue[None] = SimpleQueue()

    def do(self) -> None:
        """Does pieces until there is none, or until one has failed in any thread."""
        try:
            while not self.stopped:
                with self._taking:
                    piece = next(self._waiting, None)
                if piece is None:
                    return
                piece()
        except BaseException:
            self.stopped = True
            raise

    def help(self) -> None:
        """The same in another thread, unless that comes too late."""
        with self._taking:
            if self.stopped:
                return
            self._helpers += 1
        try:
            self.do()
        except BaseException as error:
            self.error = self.error or error
        self._left.put(None)

    def finish(self) -> None:
        """Once it is stopped: waits until no other thread is at a piece, and lets go of those that are left."""
        with self._taking:
            helpers, self._waiting = self._helpers, iter(())
        for _ in range(helpers):
            self._left.get()


class _Pool:
    """Threads that wait for work."""

    def __init__(self) -> None:
        self._work: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._idle: SimpleQueue[None] = SimpleQueue()
        self._threads = 0

    def submit(self, work: Callable[[], None], count: int) -> None:
        """Has so many threads do the work, as soon as they are free."""
        for _ in range(count):
            self._work.put(work)
            try:
                self._idle.get_nowait()
            except Empty:
                if self._threads < max(count, os.cpu_count() or 1):
                    try:
                        _thread.start_new_thread(self._serve, ())
                    except RuntimeError:  # the interpreter is about to exit, or there are too many threads
                        if not self._threads:  # nobody will come for it
                            self._work.get_nowait()
                        return
                    self._threads += 1

    def _serve(self) -> None:
        while True:
            try:
                work = self._work.get_nowait()
            except Empty:
                self._idle.put(None)
                work = self._work.get()
            work()
            del work  # it holds arrays


_pool = _Pool()


def _renew() -> None:
    global _pool
    _pool = _Pool()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew)
