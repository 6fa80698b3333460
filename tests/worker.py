"""`python worker.py TASK...` runs tasks for a test in a process of its own, and prints each result as a line of JSON."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import sys
from typing import Any

import numpy as np
from cases import GROUPS, SOME, shuffled, steps_of
from refusals import ALL, raised

import lrvec


def values_of(schedule: Any, steps: list[int]) -> bytes:
    """The raw bytes of the values at these steps and around them: scalars, arrays in several orders, ranges."""
    parts = [np.array([schedule(step) for step in steps])]
    orders = [np.array(order) for order in (steps, steps[::-1], shuffled(steps * 6, "worker"), sorted(steps * 6))]
    parts += [schedule(order) for order in orders]
    for step in steps[:: max(1, len(steps) // 10)]:
        parts.append(schedule(range(step, min(step + 100, 2**53))))
        parts.append(schedule(range(step, 2**53, 2**20 + 1)[:80]))
    parts.append(schedule(orders[0], dtype=np.float32))
    parts += [np.array(lrvec.summarize(schedule, order)) for order in orders]
    return b"".join(part.tobytes() for part in parts)


def digest(schedule: Any, steps: list[int]) -> str:
    return hashlib.sha256(values_of(schedule, steps)).hexdigest()


def digests() -> dict[str, str]:
    return {str(case): digest(case.make(), steps_of(case)) for case in SOME}


def values() -> dict[str, list[str]]:
    """Hexadecimal, so that nothing is lost on the way."""
    found = {
        str(case): [schedule(step).hex() for step in steps_of(case)] for case in SOME if (schedule := case.make())
    }
    for case in GROUPS:
        groups, steps = case.make(), steps_of(case.params["schedule"])
        found[str(case)] = [value.hex() for row in groups.matrix(np.array(steps)).tolist() for value in row]
    return found


def refusals() -> dict[str, tuple[str, str]]:
    return {refusal.name: raised(refusal) for refusal in ALL}


def engine() -> tuple[str, str]:
    return lrvec.engine, lrvec.simd


def forked() -> dict[str, list[str]]:
    """The digests of some schedules used before the fork, in the parent and in the child."""
    used = [(str(case), case.make(), steps_of(case)) for case in SOME[::5]]
    fresh = [(f"fresh {case}", case.make(), steps_of(case)) for case in SOME[1::5]]
    parents = {name: digest(schedule, steps) for name, schedule, steps in used}
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        with os.fdopen(writing, "w") as file:
            json.dump({name: digest(schedule, steps) for name, schedule, steps in used + fresh}, file)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as file:
        children = json.load(file)
    assert os.waitpid(child, 0)[1] == 0
    parents |= {name: digest(schedule, steps) for name, schedule, steps in fresh}
    return {name: [parents[name], children[name]] for name in parents}


def _sent(task: tuple[Any, list[int]]) -> tuple[str, str, int]:
    schedule, steps = task
    return repr(schedule), digest(schedule, steps), hash(schedule) == hash(eval(repr(schedule), vars(lrvec)))


def spawned() -> list[list[Any]]:
    """Schedules used here, pickled to a process that starts from nothing: repr, digest there, digest here."""
    tasks = [(case.make(), steps_of(case)) for case in SOME[::5]]
    here = [(repr(schedule), digest(schedule, steps)) for schedule, steps in tasks]
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        there = pool.map(_sent, tasks)
    return [[*ours, *theirs] for ours, theirs in zip(here, there, strict=True)]


TASKS = {task.__name__: task for task in (digests, values, refusals, engine, forked, spawned)}

if __name__ == "__main__":
    for name in sys.argv[1:]:
        print(json.dumps(TASKS[name]()))
