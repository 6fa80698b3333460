"""A road is a way to many values: a sort of steps, and a type of the values. Its share of memory's speed is its speed
by that of `fill` or `copyto` on the same arrays; of a range with a stride, by that of a range without one."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time
from timeit import Timer
from typing import Any, NamedTuple

import numpy

from .cases import cases
from .races import Row, fastest


class Road(NamedTuple):
    steps: Callable[[int], Any]
    """Returns so many steps."""

    reach: int
    """So many steps of the schedule lie between one of these and the next, about."""

    dtype: str
    beside: str


def _spaced(stride: int) -> Callable[[int], range]:
    return lambda count: range(0, stride * count, stride)


def _int32(count: int) -> Any:
    return numpy.arange(count, dtype=numpy.int32)


def _in_any_order(count: int) -> Any:
    return numpy.random.default_rng(1).permutation(count)


def _with_gaps(count: int) -> Any:
    return numpy.cumsum(numpy.random.default_rng(1).integers(1, 6, count))


ROADS = {
    "range": Road(range, 1, "float64", "fill"),
    "range to float32": Road(range, 1, "float32", "fill"),
    "int64": Road(numpy.arange, 1, "float64", "copyto"),
    "int64 to float32": Road(numpy.arange, 1, "float32", "copyto"),
    "int32": Road(_int32, 1, "float64", "copyto"),
    "int32 to float32": Road(_int32, 1, "float32", "copyto"),
    "stride 2": Road(_spaced(2), 2, "float64", "range"),
    "stride 1,000": Road(_spaced(1000), 1000, "float64", "range"),
    "any order": Road(_in_any_order, 1, "float64", "copyto"),
    "gaps of 1 to 5": Road(_with_gaps, 3, "float64", "copyto"),
}


def shares(count: int, repeats: int) -> dict[str, Row]:
    """Returns the share of memory's speed of every kind on every road. Kinds with several values a step are left
    out."""
    found: dict[str, Row] = {case.label: {} for case in cases(count) if case.rows == 1}
    for name, road in ROADS.items():
        steps, out = road.steps(count), numpy.zeros(count, road.dtype)
        for case, near in zip(cases(road.reach * count), cases(count), strict=True):
            if near.label in found:
                sides = {"road": "schedule(steps, out=out)", "beside": BESIDE[road.beside]}
                names = {"schedule": case.schedule, "near": near.schedule, "steps": steps, "out": out, "numpy": numpy}
                best = fastest(
                    {side: Timer(text, timer=process_time, globals=names) for side, text in sides.items()}, repeats
                )
                found[near.label][name] = best["beside"] / best["road"]
    return found


BESIDE = {
    "fill": "out.fill(0.5)",
    "copyto": "numpy.copyto(out, steps, casting='unsafe')",
    "range": "near(range(len(out)), out=out)",
}
