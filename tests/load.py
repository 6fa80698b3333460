"""`python tests/load.py SECONDS` has 4 processes of 8 threads each make, evaluate, pickle and edit schedules, all at once.

Every value must have the bits that it has alone, and memory must not grow: the largest size that a process has had by the end may
be above that of the first quarter by GROWTH at most.
"""

from __future__ import annotations

import pickle
import resource
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import numpy as np

import lrvec

PROCESSES, THREADS = 4, 8

GROWTH = 8 * 1024
"""KiB that a process may grow by."""

STEPS = np.arange(0, 12_000, 7)


def schedules() -> list[Any]:
    """Makes the same schedules anew: of all sorts, and what edits make of them."""
    cosine = lrvec.with_warmup(lrvec.cosine(base_lr=1e-3, min_lr=1e-5, total_steps=9_000), warmup_steps=1_000, start_lr=0.0)
    made = [
        cosine,
        lrvec.decay_from(cosine, step=5_000, decay_steps=2_000, shape="1-sqrt"),
        lrvec.rewarm(cosine, step=8_000, warmup_steps=500, peak=5e-4),
        lrvec.repeat(lrvec.polynomial(base_lr=1.0, end_lr=0.0, total_steps=700, power=0.9), period=701),
        2.0 * cosine + lrvec.exponential(base_lr=1e-4, gamma=0.999),
        lrvec.warmup_cosine(base_lr=np.geomspace(1e-5, 1e-2, 16), warmup_steps=100, total_steps=9_000),
        lrvec.sequential([(3_000, cosine), (3_000, lambda step: 1.0 / (step + 1)), (9_000, lrvec.constant(lr=1e-5))]),
    ]
    return [*made, *(made[0].replace(start_lr=rate) for rate in (1e-6, 1e-5))]


def answers(schedule: Any, out: Any) -> list[Any]:
    """What is asked of a schedule."""
    found = [schedule(STEPS).tobytes(), schedule(range(2_000)).tobytes(), schedule(1_234)]
    if isinstance(schedule, lrvec.Schedule):
        found += [schedule(STEPS, out=out[: len(STEPS)]).tobytes(), schedule.phases(), lrvec.summarize(schedule, STEPS)]
    return [one.tobytes() if hasattr(one, "tobytes") else one for one in found]


def work(wanted: list[Any], end: float, faults: list[str]) -> None:
    """Asks again and again, of schedules that are new, that came by pickle, and that all threads share."""
    out = np.empty(len(STEPS))
    shared = schedules()
    while time.monotonic() < end and not faults:
        for schedule, alone in zip(schedules(), wanted, strict=True):
            copies = [schedule]
            if "lambda" not in repr(schedule):
                copies.append(pickle.loads(pickle.dumps(schedule)))
            if any(answers(one, out) != alone for one in copies):
                faults.append(repr(schedule))
        if [answers(one, out) for one in shared] != wanted:
            faults.append("a schedule that was used before")


def process(seconds: float) -> tuple[list[str], int]:
    """Returns the faults of all threads, and the KiB by which the process has grown."""
    out = np.empty(len(STEPS))
    wanted = [answers(schedule, out) for schedule in schedules()]
    start, faults = time.monotonic(), list[str]()
    threads = [threading.Thread(target=work, args=(wanted, start + seconds, faults)) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    time.sleep(seconds / 4)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for thread in threads:
        thread.join()
    return faults, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before


def main(seconds: float) -> int:
    with ProcessPoolExecutor(PROCESSES) as pool:
        results = list(pool.map(process, [seconds] * PROCESSES))
    grown = [growth for _, growth in results]
    print(f"{PROCESSES} processes of {THREADS} threads grew by at most {max(grown)} KiB")
    for fault in {fault for faults, _ in results for fault in faults}:
        print(f"another value than alone: {fault}")
    return int(any(faults for faults, _ in results) or max(grown) > GROWTH)


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1])))
