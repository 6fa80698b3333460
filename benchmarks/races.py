"""In a race, lrvec and others do the same work by turns, in one run."""

from __future__ import annotations

import itertools
import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from time import process_time
from timeit import Timer
from types import SimpleNamespace
from typing import Any

import numpy

import lrvec
from lrvec._registry import KINDS
from lrvec.dialects.megatron import LR_SHAPES, WSD_RAMPS
from lrvec.nemo import OptimizerParamScheduler

from .cases import Case
from .formulas import is_written
from .rivals import Rival, calls_of

if find_spec("lrsched"):
    import lrsched
else:
    lrsched = None

SAMPLED = 10_000
"""`sample` takes so many steps. With more of them, each costs lrsched as much as before."""

BATCH = 1_000

Row = dict[str, float]


def long_ones(case: Case, steps: int, repeats: int, rivals: Mapping[str, Rival]) -> Row:
    """Times a long range and long arrays, against memory itself and against the rivals, once all values agree."""
    array, out, their_out = numpy.arange(steps), case.empty(steps), case.empty(steps)
    shuffled = numpy.random.default_rng(1).permutation(steps)
    sides: dict[str, Callable[[], Any]] = {
        "range": lambda: case.fill(range(steps), out),
        "array": lambda: case.fill(array, out),
    }
    rivals = rivals if all(map(is_written, case.parts)) else {}
    for name, rival in rivals.items():
        sides[f"array: {name}"], sides[f"range: {name}"] = calls_of(rival, case, array, their_out)
    expected = numpy.copy(sides.get("range: numpy", sides["range"])())
    for name, side in sides.items():
        check(f"{case.label}, {name}", side(), expected)
    check(f"{case.label}, shuffled", case.fill(shuffled, out), expected[..., shuffled])
    del expected

    sides |= {
        "shuffled": lambda: case.fill(shuffled, out),
        "range: fill": lambda: out.fill(0.5),
        "array: copyto": lambda: numpy.copyto(out, array),
    }
    theirs = peer(case.schedule)
    if theirs is not None:
        sides["range: lrsched.sample"] = lambda: lrsched.sample(theirs, num_steps=SAMPLED)
    best = fastest({name: Timer(side, timer=process_time) for name, side in sides.items()}, repeats)
    if "range: lrsched.sample" in best:
        best["range: lrsched.sample"] *= steps / SAMPLED

    row = {f"{side}, M/s": out.size / best[side] / 1e6 for side in ("range", "array", "shuffled")}
    row |= {name: best[name] / best[name.partition(":")[0]] for name in best if ": " in name}
    for way in ("range", "array") if rivals else ():
        row[f"{way}: the best of these"] = min(row[f"{way}: {name}"] for name in rivals)
    return row


def short_ones(case: Case, step: int, repeats: int) -> Row:
    """Times calls so short that the way to the kernel counts, against lrsched's and against the kernel alone."""
    names: dict[str, Any] = {
        "step": step,
        "ours": case.schedule,
        "make": KINDS[case.kind].factory,
        "parameters": case.parameters,
        "sample": lrvec.sample,
        "tables": [part._table for part in case.parts],
        "steps": numpy.arange(BATCH),
        "first_steps": range(BATCH),
        "out": numpy.zeros(BATCH),
    }
    theirs = peer(case.schedule)
    if theirs is not None:
        names |= {
            "theirs": theirs,
            "their_make": getattr(lrsched, case.kind),
            "their_parameters": peer_of(case.parameters),
            "their_sample": lrsched.sample,
        }

    def race(number: int, **sides: str) -> Row:
        present = {side: text for side, text in sides.items() if side != "theirs" or side in names}
        timers = {side: Timer(text, timer=process_time, globals=names) for side, text in present.items()}
        return fastest(timers, repeats, number)

    races = {
        "step": race(10_000, ours="ours(step)", theirs="theirs(step)"),
        "construction": race(1_000, ours="make(**parameters)", theirs="their_make(**their_parameters)"),
        "sample": race(
            1, ours=f"sample(ours, num_steps={SAMPLED})", theirs=f"their_sample(theirs, num_steps={SAMPLED})"
        ),
    }
    array = race(500, call="ours(steps)", kernel="for table in tables: table.fill_array(steps, out)")
    range_ = race(500, call="ours(first_steps)", kernel="for table in tables: table.fill_range(0, 1, out)")
    return {
        "step, ns": races["step"]["ours"] * 1e9,
        "construction, us": races["construction"]["ours"] * 1e6,
        "array, us": (array["call"] - array["kernel"]) * 1e6,
        "range, us": (range_["call"] - range_["kernel"]) * 1e6,
        **{name: best["theirs"] / best["ours"] for name, best in races.items() if "theirs" in best},
    }


COSINE = "{0}.cosine(base_lr=0.1, min_lr=0.001, total_steps=1000)"
WARM_COSINE = f"{{0}}.with_warmup({COSINE}, warmup_steps=100, start_lr=0.0)"

SMALL: dict[str, tuple[str, str | None]] = {
    "a cosine, made": (COSINE, "lrsched"),
    "a cosine, made and called once": (f"{COSINE}(333)", "lrsched"),
    "with_warmup(cosine), made and called once": (f"{WARM_COSINE}(333)", "lrsched"),
    "a join of three, made and called once": (
        f"lrvec.join([(100, lrvec.constant(lr=0.1)), (1000, {COSINE.format('lrvec')}), lrvec.constant(lr=0.001)])(333)",
        None,
    ),
    "scale_by_group of two groups, one step": ("{0}_groups(333)", "lrsched"),
    f"scale_by_group of two groups, sample of {SAMPLED:,}": (
        f"{{0}}.sample({{0}}_groups, num_steps={SAMPLED})",
        "lrsched",
    ),
    "with_warmup(cosine) == another": ("warm == another", None),
    "hash of with_warmup(cosine)": ("hash(warm)", None),
    f"an array of {BATCH:,} steps into out=": ("cosine(steps, out=out)", "cosine(steps)"),
    f"a stack of 10 over {BATCH:,} steps": ("stack(steps)", "for table in tables: table.fill_array(steps, out)"),
}
"""Each entry says what is done, and beside what: beside lrsched, or beside a statement that does less."""


TURN = 0.01
"""So many seconds a turn of small things takes, at most, unless one call of them takes longer."""


def small_ones(repeats: int) -> dict[str, Row]:
    """Times things so small that Python's own work is most of them. Beside lrsched it gives the ratio of times, else
    what they add."""

    def cosine(library: Any) -> Any:
        return library.cosine(base_lr=0.1, min_lr=0.001, total_steps=1000)

    def groups(library: Any) -> Any:
        return library.scale_by_group(cosine(library), multipliers={"a": 0.1, "b": 1.0})

    stacked = [lrvec.cosine(base_lr=0.1 + i, min_lr=0.001, total_steps=1000 - i) for i in range(10)]
    names: dict[str, Any] = {
        "lrvec": lrvec,
        "lrsched": lrsched,
        "lrvec_groups": groups(lrvec),
        "lrsched_groups": groups(lrsched) if lrsched else None,
        "warm": lrvec.with_warmup(cosine(lrvec), warmup_steps=100, start_lr=0.0),
        "another": lrvec.with_warmup(cosine(lrvec), warmup_steps=100, start_lr=0.0),
        "cosine": cosine(lrvec),
        "stack": lrvec.stack(stacked),
        "tables": [part._table for part in stacked],
        "steps": numpy.arange(BATCH),
        "out": numpy.zeros(BATCH),
    }
    found = {}
    for what, (text, other) in SMALL.items():
        sides = {"ours": text.format("lrvec")}
        if other == "lrsched" and lrsched:
            sides["theirs"] = text.format("lrsched")
        elif other and other != "lrsched":
            sides["less"] = other
        timers = {side: Timer(said, timer=process_time, globals=names) for side, said in sides.items()}
        slowest = max(timer.timeit(1) for timer in timers.values())
        best = fastest(timers, 40 * repeats, max(1, min(200, round(TURN / slowest))))
        row = {"us": best["ours"] * 1e6}
        if "theirs" in best:
            row["lrsched"] = best["ours"] / best["theirs"]
        if "less" in best:
            row["more, us"] = (best["ours"] - best["less"]) * 1e6
        found[what] = row
    return found


def scheduler_steps(style: dict[str, Any], repeats: int, theirs: Any) -> Row:
    """Times a step of OptimizerParamScheduler, against NeMo's, on each sort of groups and in each phase."""
    row: Row = {}
    for name, (count, start, group) in STEPPED.items():
        settings = {**SCHEDULER, **style}
        sides = {"ours": OptimizerParamScheduler} | ({"theirs": theirs} if theirs else {})
        schedulers = {}
        for side, make in sides.items():
            optimizer = SimpleNamespace(param_groups=[group(i) for i in range(count)])
            schedulers[side] = make(optimizer, **settings)
            schedulers[side].num_steps = start
            schedulers[side].step(0)
        ours, *peers = ([g["lr"] for g in one.optimizer.param_groups] for one in schedulers.values())
        for peer in peers:
            check(f"{style}, {name}", numpy.array(ours), numpy.array(peer))
        timers = {
            side: Timer("step(1)", timer=process_time, globals={"step": scheduler.step})
            for side, scheduler in schedulers.items()
        }
        best = fastest(timers, 3 * repeats, max(3, 3000 // count))
        row[f"{name}, us"] = best["ours"] * 1e6
        if theirs:
            row[name] = best["theirs"] / best["ours"]
    return row


SCHEDULER = {
    "init_lr": 0.0,
    "max_lr": 3e-4,
    "min_lr": 3e-5,
    "lr_warmup_steps": 2_000,
    "lr_decay_steps": 1_000_000,
    "start_wd": 0.01,
    "end_wd": 0.1,
    "wd_incr_steps": 1_000_000,
    "wd_incr_style": "linear",
}

STYLES: dict[str, dict[str, Any]] = {
    **{style: {"lr_decay_style": style} for style in LR_SHAPES},
    **{
        f"WSD, {style}": {"lr_decay_style": "WSD", "wsd_decay_steps": 900_000, "lr_wsd_decay_style": style}
        for style in WSD_RAMPS
    },
}

STEPPED: dict[str, tuple[int, int, Callable[[int], dict[str, Any]]]] = {
    "one group": (1, 500_000, lambda i: {"lr": 3e-4, "weight_decay": 0.1}),
    "warming up": (1_000, 500, lambda i: {"lr": 3e-4, "max_lr": 3e-4 + 1e-6 * i, "min_lr": 1e-7 * i}),
    "multipliers": (1_000, 500_000, lambda i: {"lr": 3e-4 * 0.99**i, "weight_decay": 0.1 * (i % 2)}),
    "own rates": (1_000, 500_000, lambda i: {"lr": 3e-4, "max_lr": 3e-4 + 1e-6 * i, "min_lr": 1e-7 * i}),
    "past the end": (1_000, 2_000_000, lambda i: {"lr": 3e-4 * 0.99**i, "weight_decay": 0.1}),
}
"""Each entry says how many groups there are, from which step on they are measured, and what is in each."""


def imports(repeats: int) -> Row:
    """Times the imports of lrvec and lrsched, without the interpreter's own start: in new processes, by turns."""
    best = dict.fromkeys(filter(find_spec, ("lrvec", "lrsched")), math.inf)
    with tempfile.TemporaryDirectory() as bytecode:  # new bytecode for both, whatever is installed
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": bytecode, "PYTHONDONTWRITEBYTECODE": ""}
        for _, name in itertools.product(range(repeats), best):
            timed = f"from time import process_time as now; start = now(); import {name}; print(now() - start)"
            run = [sys.executable, "-c", timed]
            best[name] = min(best[name], float(subprocess.check_output(run, env=environment, text=True)))
    return best


def fastest(sides: Mapping[str, Timer], repeats: int, number: int = 1) -> Row:
    """Returns the best time of each side over `repeats` turns, in seconds a call."""
    best = dict.fromkeys(sides, math.inf)
    for _ in range(repeats):
        for name, timer in sides.items():
            best[name] = min(best[name], timer.timeit(number) / number)
    return best


def check(what: str, values: Any, expected: Any) -> None:
    """Raises an error if a side computes something else: it is then not in the race."""
    excess = numpy.abs(values - expected)
    excess -= 1e-9 * numpy.abs(expected)
    if numpy.shape(values) != expected.shape or not excess.max() <= 0.0:
        raise ArithmeticError(f"{what}: the values differ from numpy's, first at {numpy.argmax(~(excess <= 0.0))}")


def peer(schedule: Any) -> Any:
    """Returns lrsched's schedule of the same kind and parameters, or None if it is not installed or has no such one."""
    try:
        return peer_of(schedule)
    except (AttributeError, TypeError, ValueError):
        return None


def peer_of(value: Any) -> Any:
    """Returns lrsched's schedule of the same kind and parameters. In a dict or a list, each schedule becomes
    lrsched's."""
    if hasattr(value, "kind"):
        return getattr(lrsched, value.kind)(**peer_of(dict(value.params)))
    if isinstance(value, dict):
        return {name: peer_of(part) for name, part in value.items()}
    return [peer_of(part) for part in value] if isinstance(value, (list, tuple)) else value
