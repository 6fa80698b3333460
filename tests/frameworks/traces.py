"""What the tests of every framework share: the cases that they trace, and what is right."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
from cases import CASES, Case, case, exact, marks_of, mp, steps_of

from lrvec import _segments
from lrvec._reference import SHAPES
from lrvec._schedule import KINDS as ALL_KINDS

LIMIT = 4.0
"""ulp at most between a traced value and the compiled one, of the framework's type and relative to the peak."""

STEPS = 96
"""How many of a case: always the same, so that a framework compiles an operation once."""

RATES = {"lr", "init_lr", "base_lr", "min_lr", "max_lr", "end_lr", "start_lr", "final_lr", "warmup_start", "start_wd", "end_wd"}
"""The parameters that are rates."""

SMOOTH = RATES | {"gamma", "drop", "decay_rate", "power", "initial_div", "final_div"}
"""The parameters that a rate is a differentiable function of."""

MOST_SEGMENTS = 60
"""Of a case that is traced: a framework compiles each of them."""

TRACED = [one for one in CASES if len(_segments.present(one.make()._lower())) <= MOST_SEGMENTS]
KINDS = [name for name in ALL_KINDS if name not in ("scale_by_group", "stack")]
"""All that a Schedule can be of."""


def of_kind(kind: str, dtype: Any, most: int = 1000) -> list[Case]:
    """Cases of a kind whose rates are numbers of the type: at most so many, from all over the table."""
    cases = [one for one in TRACED if one.kind == kind and can_hold(dtype, one)]
    return cases[:: -(-len(cases) // most)]


def test_every_kind_is_traced() -> None:
    assert {one.kind for one in TRACED} == {one.kind for one in SMOOTH_CASES} == set(KINDS)


# ---- values ----


def rates(value: Any, name: str = "") -> Iterator[float]:
    """The sizes of all rates that a case gives."""
    if isinstance(value, Case):
        for inner, part in value.params.items():
            yield from rates(part, inner)
    elif isinstance(value, tuple):
        for part in value:
            yield from rates(part)
    elif name in RATES:
        yield abs(value)


def can_hold(dtype: Any, case: Case) -> bool:
    """Whether the rates of a case are normal numbers of the type, so that their ulp are, and the differences of all the
    constants that it is lowered to are finite."""
    info = np.finfo(dtype)
    least, most = float(info.tiny) / float(info.eps), float(info.max) / 2.0
    constants = [
        abs(number)
        for *_, shape, numbers in case.make()._lower()
        for name, number in zip(SHAPES[shape], numbers, strict=True)
        if name not in ("factor", "power")
    ]
    return max(constants) <= most and all(rate == 0.0 or rate >= least for rate in rates(case))


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
    peaks = np.maximum(np.maximum.accumulate(np.abs(wanted)), max(rates(case)))
    ulp = np.spacing(np.clip(peaks, least, most / 2.0).astype(got.dtype)).astype(np.float64)
    with np.errstate(over="ignore", invalid="ignore"):
        errors = np.abs(got.astype(np.float64) - wanted) / ulp
    errors[(np.abs(wanted) > most * (1.0 - 1e-5)) & (got == np.copysign(np.inf, wanted))] = 0.0
    assert got.shape == steps.shape
    assert not np.isnan(errors).any()
    return float(errors.max())


# ---- derivatives ----

SMOOTH_CASES = [
    case("constant", lr=0.1),
    case("step_decay", base_lr=0.1, drop=0.5, step_size=7),
    case("step_decay", base_lr=0.1, step_size=3, gamma=-0.9),
    case("multi_step", base_lr=0.1, milestones=(5, 5, 9, 30), gamma=0.4),
    case("exponential", base_lr=0.1, gamma=0.97),
    case("exponential", base_lr=1e-3, gamma=-1.02),
    case("exponential_decay", base_lr=0.1, decay_rate=0.3, decay_steps=20),
    case("linear", base_lr=0.1, end_lr=0.01, total_steps=50),
    case("polynomial", base_lr=0.1, end_lr=0.01, total_steps=50, power=2.0),
    case("polynomial", base_lr=0.01, end_lr=0.1, total_steps=50, power=0.5),
    case("polynomial", base_lr=0.1, end_lr=0.01, total_steps=50, power=1.0),
    case("polynomial_decay", start_lr=0.1, end_lr=0.0, total_steps=50, power=1.5),
    case("cosine", base_lr=0.1, min_lr=0.01, total_steps=50),
    case("cosine_restarts", base_lr=0.1, min_lr=0.01, period=10, t_mult=1),
    case("cosine_restarts", base_lr=0.1, min_lr=0.01, period=10, t_mult=2),
    case("inverse_sqrt", base_lr=0.1, warmup_steps=20),
    case("one_cycle", max_lr=0.1, total_steps=50, pct_start=0.3, initial_div=25.0, final_div=1000.0),
    case("triangular", min_lr=0.01, max_lr=0.1, step_size=10),
    case("triangular2", min_lr=0.01, max_lr=0.1, step_size=10),
    case("exp_range", min_lr=0.01, max_lr=0.1, step_size=10, gamma=0.98),
    *(
        case(
            "warmup_stable_decay", base_lr=0.1, warmup_steps=warmup, decay_steps=decay, total_steps=50, final_lr=0.01,
            warmup_start=0.001, decay_shape=shape,
        )
        for warmup, decay, shape in [(10, 20, "linear"), (10, 20, "1-sqrt"), (0, 0, "1-sqrt"), (50, 0, "linear")]
    ),
]  # fmt: skip
SMOOTH_CASES += [
    case("with_warmup", schedule=one, warmup_steps=5, start_lr=0.02) for one in SMOOTH_CASES if one.kind in ("exp_range", "inverse_sqrt")
]
SMOOTH_CASES += [
    case("sequential", phases=((5, SMOOTH_CASES[4]), (30, SMOOTH_CASES[8]), (20, SMOOTH_CASES[-1]))),
    case("with_warmup", schedule=case("sequential", phases=((12, SMOOTH_CASES[9]), (10, SMOOTH_CASES[12]))), warmup_steps=7, start_lr=0.0),
]
SMOOTH_CASES += [
    *(
        case(
            "megatron_lr", init_lr=0.02, max_lr=0.1, min_lr=0.0325, lr_warmup_steps=warmup, lr_decay_steps=100, lr_decay_style=style,
            **({"wsd_decay_steps": 40, "lr_wsd_decay_style": decay} if style == "WSD" else {}),
        )
        for warmup in (0, 10)
        for style, decay in [
            *((style, "") for style in ("constant", "linear", "cosine", "inverse-square-root")),
            *(("WSD", decay) for decay in ("linear", "cosine", "exponential", "minus_sqrt")),
        ]
    ),
    *(case("megatron_wd", start_wd=0.01, end_wd=0.1, wd_incr_steps=50, wd_incr_style=style) for style in ("linear", "cosine")),
]  # fmt: skip


def smooth_steps(case: Case) -> list[int]:
    """The steps around all marks, small ones, and one far beyond."""
    steps = {mark + by for mark in marks_of(case) for by in (-1, 0, 1)}
    return sorted(step for step in steps | set(range(25)) | {1000} if 0 <= step <= 1000)


def parameters(case: Any, names: set[str], path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Where in a case these parameters stand, in the schedules within it too, and what they are."""
    entries = case.params.items() if isinstance(case, Case) else enumerate(case)
    for name, value in entries:
        if isinstance(value, (Case, tuple)):
            yield from parameters(value, names, (*path, name))
        elif name in names:
            yield (*path, name), value


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
    paths, values = zip(*parameters(case, SMOOTH), strict=True)
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
    paths, values = zip(*parameters(case, SMOOTH), strict=True)
    return lambda numbers, step: with_parameters(case, paths, numbers).make()(step), list(values)


# ---- counts ----

COUNTS = {
    "total_steps", "warmup_steps", "decay_steps", "step_size", "period", "t_mult", "lr_warmup_steps", "lr_decay_steps",
    "wsd_decay_steps", "wd_incr_steps",
}  # fmt: skip
"""The parameters that are numbers of steps, and may be traced."""


def counted(case: Case) -> tuple[Callable[[Any, Any], Any], list[int]] | None:
    """The value as a function of its numbers of steps, and those numbers; None for a case without any."""
    found = list(parameters(case, COUNTS))
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
    marks = {2**24, 2**31, *(start for start, *_ in case.make()._lower())}
    steps = {step for mark in marks for step in range(mark - 2, mark + 3) if 0 <= step < 2**31}
    return np.array(sorted(steps | {*range(100)}), np.int32)
