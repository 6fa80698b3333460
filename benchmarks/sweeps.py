"""These functions time sweeps beside rivals: a matrix, its summary, one step for each of many schedules, and
building."""

from __future__ import annotations

import os
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from math import pi
from time import perf_counter, process_time
from timeit import Timer
from typing import Any

import numpy

import lrvec

from .races import Row, check, fastest

Sides = dict[str, Callable[[], Any]]


def matrices(rows: int, steps: int, repeats: int) -> dict[str, Row]:
    """Times a cosine after a warmup over the steps 0, 1, ... Each row has parameters of its own."""
    peaks, floors = numpy.geomspace(1e-5, 1e-2, rows), numpy.geomspace(1e-7, 1e-4, rows)
    lengths = numpy.linspace(steps // 2, steps, rows, dtype=int)
    warmups = numpy.linspace(1, steps // 10, rows, dtype=int)
    sweep = lrvec.with_warmup(
        lrvec.cosine(base_lr=peaks, min_lr=floors, total_steps=lengths), warmup_steps=warmups, start_lr=0.0
    )
    parameters = peaks, floors, lengths, warmups
    array, out = numpy.arange(steps), numpy.empty((rows, steps))

    def by_numpy() -> Any:
        return warm_cosine(numpy, array, *(parameter[:, None] for parameter in parameters))

    sides: Sides = {
        "matrix": lambda: sweep(range(steps), out=out, workers=1),
        "matrix: fill": lambda: out.fill(0.5),
        "matrix: numpy": by_numpy,
        "summary": lambda: lrvec.summarize(sweep, range(steps), workers=1),
    }
    expected = by_numpy()
    check("the matrix", sides["matrix"](), expected)
    if find_spec("jax"):
        sides["matrix: jax"] = with_jax(array, parameters)
        check("the matrix, jax", numpy.asarray(sides["matrix: jax"]()), expected)
    del expected
    best = fastest({name: Timer(side, timer=process_time) for name, side in sides.items()}, repeats)
    best["summary: matrix"] = best["matrix"]
    found = {}
    for name, call in (
        ("matrix", lambda workers: sweep(range(steps), out=out, workers=workers)),
        ("summary", lambda workers: lrvec.summarize(sweep, range(steps), workers=workers)),
    ):
        row = {key.partition(": ")[2]: best[key] / best[name] for key in best if key.startswith(f"{name}: ")}
        with threads(2):
            race = fastest(
                {
                    str(count): Timer(lambda call=call, count=count: call(count), timer=perf_counter)
                    for count in (1, 2)
                },
                repeats,
            )
        found[name] = {"M/s": rows * steps / best[name] / 1e6, **row, "two": race["1"] / race["2"]}
    return found


def products(rows: int, steps: int, repeats: int) -> dict[str, Row]:
    """Times products of two curves over the steps 0, 1, ... Each row has parameters of its own."""
    peaks, lengths = numpy.geomspace(1e-5, 1e-2, rows), numpy.linspace(steps // 2, steps, rows, dtype=int)
    gammas, periods = numpy.linspace(0.99, 0.9999, rows), numpy.linspace(steps // 20, steps // 10, rows, dtype=int)
    wave = lrvec.cosine(base_lr=peaks, min_lr=0.0, total_steps=lengths)
    makes = {
        "cosine times exponential": lrvec.exponential(base_lr=1.0, gamma=gammas),
        "cosine times staircase": lrvec.step_decay(base_lr=1.0, drop=gammas, step_size=periods),
        "cosine times cosine": lrvec.cosine(base_lr=1.0, min_lr=0.1, total_steps=lengths),
    }
    array, out = numpy.arange(steps), numpy.empty((rows, steps))
    peak, length, gamma, period = peaks[:, None], lengths[:, None], gammas[:, None], periods[:, None]
    formulas: Sides = {
        "cosine times exponential": lambda: cosine(numpy, array, peak, 0.0, length) * gamma**array,
        "cosine times staircase": lambda: cosine(numpy, array, peak, 0.0, length) * gamma ** (array // period),
        "cosine times cosine": lambda: cosine(numpy, array, peak, 0.0, length) * cosine(numpy, array, 1.0, 0.1, length),
    }
    found = {}
    for name, other in makes.items():
        sweep = lrvec.product(wave, other)
        sides: Sides = {
            "product": lambda sweep=sweep: sweep(range(steps), out=out, workers=1),
            "fill": lambda: out.fill(0.5),
            "numpy": formulas[name],
        }
        check(name, sides["product"](), formulas[name]())
        best = fastest({side: Timer(call, timer=process_time) for side, call in sides.items()}, repeats)
        found[name] = {"M/s": rows * steps / best["product"] / 1e6}
        found[name] |= {side: best[side] / best["product"] for side in ("fill", "numpy")}
    return found


def columns(rows: int, repeats: int) -> dict[str, Row]:
    """Times one step for each schedule. Some schedules have ended, and each has parameters of its own."""
    random = numpy.random.default_rng(0)
    peaks, floors = numpy.geomspace(1e-5, 1e-2, rows), numpy.geomspace(1e-7, 1e-4, rows)
    lengths = random.integers(50_000, 100_000, rows)
    steps, gammas = random.integers(0, 100_000, rows), numpy.linspace(0.9999, 0.99999, rows)
    powers = numpy.linspace(0.5, 2.5, rows)
    makes: Sides = {
        "cosine": lambda: lrvec.cosine(base_lr=peaks, min_lr=floors, total_steps=lengths),
        "exponential": lambda: lrvec.exponential(base_lr=peaks, gamma=gammas),
        "polynomial": lambda: lrvec.polynomial(base_lr=peaks, end_lr=floors, total_steps=lengths, power=powers),
    }
    formulas: Sides = {
        "cosine": lambda: cosine(numpy, steps, peaks, floors, lengths),
        "exponential": lambda: peaks * gammas**steps,
        "polynomial": lambda: floors + (peaks - floors) * (1.0 - numpy.minimum(steps, lengths) / lengths) ** powers,
    }
    found = {}
    for kind, make in makes.items():
        sweep = make()
        sides: Sides = {
            "column": lambda sweep=sweep: lrvec.pointwise(sweep, steps, workers=1),
            "numpy": formulas[kind],
        }
        check(kind, sides["column"](), formulas[kind]())
        best = fastest({name: Timer(side, timer=process_time) for name, side in sides.items()}, repeats)
        best |= fastest({"building": Timer(make, timer=process_time)}, repeats)  # alone: it takes the others' memory
        found[kind] = {
            "M/s": rows / best["column"] / 1e6,
            "numpy": best["numpy"] / best["column"],
            "building, s": best["building"],
        }
    return found


def summary_memory(rows: int, steps: int) -> float:
    """Returns the MiB that Python and numpy take at the highest point of a summary, beyond those of the sweep."""
    sweep = lrvec.cosine(base_lr=numpy.geomspace(1e-5, 1e-2, rows), min_lr=0.0, total_steps=steps)
    tracemalloc.start()
    lrvec.summarize(sweep, range(steps))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 2**20


def cosine(xp: Any, steps: Any, peak: Any, floor: Any, length: Any) -> Any:
    return floor + 0.5 * (peak - floor) * (1.0 + xp.cos(pi / length * xp.minimum(steps, length)))


def warm_cosine(xp: Any, steps: Any, peak: Any, floor: Any, length: Any, warmup: Any) -> Any:
    wave = cosine(xp, xp.maximum(steps - warmup, 0), peak, floor, length)
    return xp.where(steps < warmup, peak * (steps / warmup), wave)


def with_jax(steps: Any, parameters: tuple[Any, ...]) -> Callable[[], Any]:
    import jax

    jax.config.update("jax_enable_x64", True)
    rows = jax.jit(jax.vmap(lambda *own: warm_cosine(jax.numpy, jax.numpy.arange(len(steps)), *own)))
    there = tuple(map(jax.numpy.asarray, parameters))
    return lambda: rows(*there).block_until_ready()


@contextmanager
def threads(count: int) -> Iterator[None]:
    """Lets `count` threads run. Elsewhere the benchmarks use one thread."""
    before = os.environ["LRVEC_NUM_THREADS"]
    os.environ["LRVEC_NUM_THREADS"] = str(count)
    try:
        yield
    finally:
        os.environ["LRVEC_NUM_THREADS"] = before
