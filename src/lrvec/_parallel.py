"""Work in pieces on several threads: the kernels run without the GIL, so Python threads are enough.

One pool serves the whole process. It is made when it is first needed, and made anew in a child of fork.
"""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Any

from . import _checks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from concurrent.futures import ThreadPoolExecutor

PIECE = 1 << 19
"""Values in a piece of work: about half a millisecond, so that an interrupt waits no longer than that for each thread,
and well above what it costs to hand a piece to a thread."""

_pool: ThreadPoolExecutor | None = None
_lock = threading.Lock()


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
        _submit(work.help, workers - 1)
        work.do()
    finally:
        work.finish()
    if work.error is not None:
        raise work.error


class _Work:
    """Pieces that several threads take one after another."""

    def __init__(self, pieces: Iterable[Callable[[], Any]]) -> None:
        self.error: BaseException | None = None
        self._waiting = iter(pieces)
        self._taking = threading.Lock()
        self._stopped = False
        self._helpers = 0
        self._left = threading.Condition()

    def do(self) -> None:
        """Does pieces until there is none, or until one has failed in any thread."""
        try:
            while not self._stopped:
                with self._taking:
                    piece = next(self._waiting, None)
                if piece is None:
                    return
                piece()
        except BaseException:
            self._stopped = True
            raise

    def help(self) -> None:
        """The same in another thread, unless that comes too late."""
        with self._left:
            if self._stopped:
                return
            self._helpers += 1
        try:
            self.do()
        except BaseException as error:
            self.error = self.error or error
        with self._left:
            self._helpers -= 1
            self._left.notify()

    def finish(self) -> None:
        """Waits until no other thread is at a piece, and none will be."""
        self._stopped = True
        with self._left:
            self._left.wait_for(lambda: not self._helpers)


def _submit(work: Callable[[], None], count: int) -> None:
    global _pool
    try:
        with _lock:
            if _pool is None:
                from concurrent.futures import ThreadPoolExecutor

                _pool = ThreadPoolExecutor(max(count, os.cpu_count() or 1), thread_name_prefix="lrvec")
        for _ in range(count):
            _pool.submit(work)
    except RuntimeError:  # the interpreter is about to exit, or there are too many threads: there is this one
        return


def _forget() -> None:
    global _pool, _lock
    _pool, _lock = None, threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
