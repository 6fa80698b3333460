"""The tests of every framework share this module: the cases that they trace, and what is right."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
from cases import FORMULAS, SOME, steps_of
from oracle import mp
from record import KINDS as ALL_KINDS
from record import Case, case, exact, marks_of

import lrvec
from lrvec._engine.operations import OPERATIONS
from lrvec._engine.reference import SHAPES
from lrvec._engine.shapes import EXPONENT, FACTOR
from lrvec._evaluate import tables as _tables
from lrvec._lowering import cycles as _cycles
from lrvec._lowering import segments as _segments
from lrvec.nemo import OptimizerParamScheduler

STEPS = 96
"""How many of a case: always the same, so that a framework compiles an operation once."""

MOST_SEGMENTS = 60
"""Of a case that is traced: a framework compiles each of them."""

TRACED = [one for one in SOME if len(_segments.present(one.make()._lower())) <= MOST_SEGMENTS]
KINDS = [*FORMULAS]
"""All that a Schedule can be of."""


def of_kind(kind: str, dtype: Any, most: int = 1000) -> list[Case]:
    """Cases of a kind whose rates are numbers of the type: at most so many, from all over the table."""
    cases = [one for one in TRACED if one.kind == kind and can_hold(dtype, one)]
    if kind in ("strided", "stretched") and dtype is np.float32:  # the integers beside it may be too narrow to stay whole
        cases = [one for one in cases if one.params.get("stride", 1) < 2**31 and takes_fractions(one.make().params["schedule"])]
    return cases[:: -(-len(cases) // most)]


def takes_fractions(schedule: Any) -> bool:
    """Whether a schedule has values between steps."""
    try:
        lrvec.stretched(schedule, by=1 / math.pi)
    except ValueError:
        return False
    return True


# ---- values ----


def rates(case: Case) -> Iterator[float]:
    """The sizes of all rates that a case gives."""
    yield from (abs(value) for _, value in parameters(case, lambda role: role.name == "rate"))
    yield from map(abs, case.params.get("values", ()))  # of a curve through knots


def can_hold(dtype: Any, case: Case) -> bool:
    """Whether the rates of a case are normal numbers of the type, so that their ulp are, and the differences of all the
    constants that it is lowered to are finite."""
    info = np.finfo(dtype)
    least, most = float(info.tiny) / float(info.eps), float(info.max) / 2.0
    constants = [
        abs(number)
        for shape, numbers in shapes_of(_cycles.known(case.make()._lower(), _tables.values_of))
        for role, number in zip(SHAPES[shape].values(), numbers, strict=True)
        if role not in (FACTOR, EXPONENT)
    ]
    return max(constants) <= most and all(rate == 0.0 or rate >= least for rate in rates(case))


def scheduler_of_two_groups(own: dict[str, float]) -> OptimizerParamScheduler:
    """A scheduler whose second group has these rates of its own besides."""
    optimizer = SimpleNamespace(param_groups=[{"lr": 0.5, "weight_decay": 0.1}, {"lr": 0.3, "weight_decay": 0.3, **own}])
    return OptimizerParamScheduler(
        optimizer, init_lr=0.0, max_lr=0.5, min_lr=0.0, lr_warmup_steps=5, lr_decay_steps=40, lr_decay_style="cosine",
        start_wd=0.01, end_wd=0.1, wd_incr_steps=40, wd_incr_style="linear",
    )  # fmt: skip


def shapes_of(segments: list[Any]) -> Iterator[tuple[str, Any]]:
    """The shapes in segments and in the tables of operations, with their numbers."""
    for *_, name, parameters in segments:
        if name in OPERATIONS:
            for table in parameters:
                yield from shapes_of(table) if isinstance(table, list) else ()
        else:
            yield name, parameters


def steps_to_trace(case: Case, last: int) -> Any:
    """Steps up to the last, this among them, as often as it takes."""
    steps = [step for step in steps_of(case) if step <= last]
    chosen = random.Random(str(case)).choices(steps, k=STEPS - 2)
    return np.array(sorted([0, last, *chosen]), np.int64)


def largest_error(case: Case, steps: Any, got: Any) -> float:
    """In ulp of the type of the values, relative to the largest rate up to the step or in the parameters. Where a rate
    leaves the numbers of the type, its value must be infinite."""
    got = np.asarray(got)
    wanted = case.make()(steps)
    least, most = float(np.finfo(got.dtype).tiny), float(np.finfo(got.dtype).max)
    peaks = np.maximum(np.maximum.accumulate(np.abs(wanted)), max(rates(case), default=0.0))
    ulp = np.spacing(np.clip(peaks, least, most / 2.0).astype(got.dtype)).astype(np.float64)
    with np.errstate(over="ignore", invalid="ignore"):
        errors = np.abs(got.astype(np.float64) - wanted) / ulp
    errors[(np.abs(wanted) > most * (1.0 - 1e-5)) & (got == np.copysign(np.inf, wanted))] = 0.0
    assert got.shape == steps.shape
    assert not np.isnan(errors).any()
    return float(errors.max())


# ---- derivatives ----

SMOOTH_CASES = [
    one
    for kind, record in FORMULAS.items()
    for one in (record.smooth or [Case(kind, params) for params in record.typical(50)])
]


def smooth_steps(case: Case) -> list[int]:
    """The steps around all marks, small ones, and one far beyond."""
    steps = {mark + by for mark in marks_of(case) for by in (-1, 0, 1)}
    return sorted(step for step in steps | set(range(25)) | {1000} if 0 <= step <= 1000)


def parameters(
    case: Any, wanted: Callable[[Any], bool], path: tuple[Any, ...] = ()
) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Where in a case the parameters of these roles stand, in the schedules within it too, and what they are."""
    declared = ALL_KINDS[case.kind].parameters if isinstance(case, Case) else {}
    for name, value in case.params.items() if isinstance(case, Case) else enumerate(case):
        if isinstance(value, (Case, tuple)):
            yield from parameters(value, wanted, (*path, name))
        elif name in declared and wanted(declared[name].role):
            yield (*path, name), value


def smooth_parameters(case: Case) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Those that a rate is a differentiable function of."""
    return parameters(case, lambda role: role.is_smooth)


def replaced(case: Any, path: tuple[Any, ...], value: Any) -> Any:
    """The same case with another parameter."""
    if not path:
        return value
    if isinstance(case, tuple):
        return tuple(replaced(part, path[1:], value) if i == path[0] else part for i, part in enumerate(case))
    return Case(case.kind, {**case.params, path[0]: replaced(case.params[path[0]], path[1:], value)})


def with_parameters(case: Case, paths: Iterable[tuple[Any, ...]], values: Iterable[Any]) -> Case:
    for path, value in zip(paths, values, strict=True):
        case = replaced(case, path, value)
    return case


def derivative(case: Case, path: tuple[Any, ...], value: float, step: int) -> float:
    """With respect to a parameter, by a central difference of the exact value, with 96 digits."""
    by = mp.mpf(10) ** -30
    above, below = (exact(one, step).value for one in (replaced(case, path, value + by), replaced(case, path, value - by)))
    return float((above - below) / (2 * by))


def wrong_derivatives(case: Case, got: Any, tolerance: float) -> list[Any]:
    """Where derivatives, one column a smooth parameter and one row a step, differ by more than the tolerance times the
    largest in their column, at the parameters as numbers of their type."""
    steps, found = smooth_steps(case), np.asarray(got)
    paths, values = zip(*smooth_parameters(case), strict=True)
    values = [float(found.dtype.type(value)) for value in values]
    case = with_parameters(case, paths, values)
    wanted = np.array(
        [[derivative(case, path, value, step) for path, value in zip(paths, values, strict=True)] for step in steps]
    )
    assert found.shape == wanted.shape
    near = np.abs(found - wanted) <= tolerance * np.abs(wanted).max(axis=0)
    return [(steps[row], paths[column], found[row, column], wanted[row, column]) for row, column in np.argwhere(~near)]


def function_of(case: Case) -> tuple[Callable[[Any, Any], Any], list[float]]:
    """The value as a function of the smooth parameters and the step, and those parameters."""
    paths, values = zip(*smooth_parameters(case), strict=True)
    return lambda numbers, step: with_parameters(case, paths, numbers).make()(step), list(values)


# ---- counts ----

def counted(case: Case) -> tuple[Callable[[Any, Any], Any], list[int]] | None:
    """The value as a function of its numbers of steps, and those numbers; None for a case without any."""
    found = list(parameters(case, lambda role: role.name == "count"))
    if case.kind in ("cycles", "cosine_restarts"):  # of which each cycle is a curve: their number must be known
        found = [(path, value) for path, value in found if path != ("count",)]
    if not found:
        return None
    paths, values = zip(*found, strict=True)
    return lambda numbers, step: with_parameters(case, paths, numbers).make()(step), list(values)


LATE = [
    case("polynomial", base_lr=0.1, end_lr=0.0, total_steps=2**24 + 3, power=0.3),
    case("polynomial", base_lr=0.1, end_lr=0.0, total_steps=2**31 + 7, power=0.3),
    *(case("cosine_restarts", base_lr=0.1, min_lr=0.01, period=period, t_mult=t_mult) for period in (1, 1000) for t_mult in (2, 3)),
    *(
        case(
            "megatron_lr", init_lr=0.0, max_lr=0.1, min_lr=0.01, lr_warmup_steps=0, lr_decay_steps=decay_steps,
            lr_decay_style="WSD", wsd_decay_steps=decay_steps + 10, lr_wsd_decay_style="linear",
        )
        for decay_steps in (1000, 2**40)
    ),
]  # fmt: skip
"""Where a step or a count is at the end of float32's integers or of int32's, or a clock stands at less than 0."""


def late_steps(case: Case) -> Any:
    """Around all of its marks, and at the ends of those integers, of 32 bits."""
    marks = {2**24, 2**31, *(start for start, *_ in _cycles.unfolded(case.make()._lower()))}
    steps = {step for mark in marks for step in range(mark - 2, mark + 3) if 0 <= step < 2**31}
    return np.array(sorted(steps | {*range(100)}), np.int32)
