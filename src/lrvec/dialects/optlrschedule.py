"""These are the families of optlrschedule, of the init2winit library, by their own names.

A family is made with a config, and gives the rates of a run for the parameters of one schedule: here a function takes
both, and the peak rate. The keys are those of the library, with the prefix "p." for the parameters of a schedule.
Arrays in place of these parameters make a sweep, as a list of dicts makes a matrix in the library. Past `total_steps`,
where the library has no rate, each schedule does what its last curve does.
"""

from __future__ import annotations

from itertools import pairwise, product
from math import exp

from .. import _checks
from .._checks import LAST_STEP
from .._lowering.numbers import COLUMN, any_of, larger, sort_of, where
from .._registry import NON_NEGATIVE, Role, other, rate
from ..queries import pointwise
from ..schedules import clipped, constant, cosine, join, linear, piecewise, rex, root_decay, strided, warmup
from ._foreign import foreign

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from typing import Any

    from .._registry import Parameter
    from .._values import Schedule

__all__ = [
    "ConstantScheduleFamily",
    "CosineScheduleFamily",
    "CosineStandardScheduleFamily",
    "CosineYScheduleFamily",
    "RexScheduleFamily",
    "SqrtScheduleFamily",
    "TwoPointLinearScheduleFamily",
    "TwoPointSplineScheduleFamily",
    "TwoPointSplineSmoothNonmonoticScheduleFamily",
    "TwoPointSplineYScheduleFamily",
]

_MAPPING = Role("mapping", "", None, "dict", is_number=False)
_SHAPES = {"linear": "linear", "cosine": "cosine", "exponential": "exponential", "polynomial": "polynomial"}
_BENDS = {"exponential": "exp_growth_rate", "polynomial": "poly_power"}
"""The parameter of these warmups in `warmup_config`."""


_WARMUP = ("warmup_type", "warmup_config")


def _parameters(
    configured: Collection[str], varied: Collection[str], warmup: Collection[str] = _WARMUP
) -> dict[str, Parameter]:
    """Declares what all families take. The keys of their two dicts differ."""

    def config(name: str, value: Any) -> dict[str, Any]:
        given = _checks.dictionary(name, value)
        _checks.parameter_names(name, given, ("total_steps", *warmup, *configured))
        _checks.single_count("total_steps", _checks.needed("total_steps", given.get("total_steps"), name))
        kind = _checks.one_of("warmup_type", given.get("warmup_type", "linear"), _SHAPES)
        bends = _checks.dictionary("warmup_config", given.get("warmup_config", {}))
        if kind in _BENDS:
            _checks.positive(_BENDS[kind], _checks.needed(_BENDS[kind], bends.get(_BENDS[kind]), f"a warmup of {kind}"))
        return given

    def schedule(name: str, value: Any) -> dict[str, Any]:
        _checks.parameter_names(name, _checks.dictionary(name, value), varied)
        given = {key: _checks.non_negative(key, value[key]) for key in value}
        _checks.broadcast(given)
        for key in varied:
            if key != "p.warmup_steps":
                _checks.needed(key, given.get(key), name)
        return given

    said = ", ".join([f"`{key}`" for key in ("total_steps", *warmup, *configured)])
    return {
        "schedule_family_config": other(_MAPPING, f"the config of the family: {said}", config),
        "schedule_param": other(_MAPPING, f"the parameters of a schedule: {', '.join(varied)}", schedule),
        "base_lr": rate("the peak rate", NON_NEGATIVE),
    }


def _rise(config: Mapping[str, Any], steps: Any, base_lr: float) -> Any:
    """Makes the warmup. An exponential one ends below the peak. One of no steps is never met."""
    steps = larger(steps, 1)
    kind, bends = config.get("warmup_type", "linear"), config.get("warmup_config", {})
    if kind == "exponential":
        ratio = exp(-bends["exp_growth_rate"])
        return warmup(constant(lr=base_lr * (1.0 - ratio)), steps=steps, shape=kind, ratio=ratio)
    if kind == "polynomial":
        return warmup(constant(lr=base_lr), steps=steps, shape=kind, power=bends["poly_power"])
    if kind == "cosine":
        return cosine(base_lr=0.0, min_lr=base_lr, total_steps=steps)
    return linear(base_lr=0.0, end_lr=base_lr, total_steps=steps)


def _truncated(number: Any) -> Any:
    """Returns a non-negative number without what stands behind its point, as an integer."""
    return number.astype("int64") if hasattr(number, "shape") else int(number)


def _warmup_steps(config: Mapping[str, Any], given: Mapping[str, Any]) -> Any:
    steps = _truncated(given.get("p.warmup_steps", 0))
    _checks.at_most("p.warmup_steps", steps, "total_steps", config["total_steps"])
    return steps


def _warmed(config: Mapping[str, Any], steps: Any, base_lr: float, curve: Any) -> Any:
    return join([(steps, _rise(config, steps, base_lr)), curve]) if any_of(steps > 0) else curve


def _rest(config: Mapping[str, Any], steps: Any) -> Any:
    """Returns the steps behind the warmup, at least one for a curve that no step of the run reaches."""
    return larger(config["total_steps"] - steps, 1)


@foreign("optlrschedule", "constant_schedule_family.ConstantScheduleFamily", **_parameters((), ("p.warmup_steps",)))
def ConstantScheduleFamily(
    schedule_family_config: Mapping[str, Any], *, schedule_param: Mapping[str, Any], base_lr: float
) -> Schedule:
    """Warm up, and keep the rate.

        lr(t) = base_lr    behind the warmup

    where t is the step.

    The warmup goes from 0 to base_lr in `p.warmup_steps` steps: in a straight line, along half a cosine wave, by
    1 - exp(-exp_growth_rate u), which ends below it, or by u^poly_power, where u is the share of the warmup.

    Returns
    -------
    Schedule; it has no end.

    Source: init2winit's optlrschedule, arXiv 2603.10301.

    >>> ConstantScheduleFamily({"total_steps": 100}, schedule_param={"p.warmup_steps": 10}, base_lr=0.5)
    join(((10, linear(base_lr=0.0, end_lr=0.5, total_steps=10)), constant(lr=0.5)))
    """
    steps = _warmup_steps(schedule_family_config, schedule_param)
    return _warmed(schedule_family_config, steps, base_lr, constant(lr=base_lr))


@foreign(
    "optlrschedule",
    "cosine_schedule_family.CosineScheduleFamily",
    **_parameters(("alpha",), ("p.warmup_steps", "p.exponent")),
)
def CosineScheduleFamily(
    schedule_family_config: Mapping[str, Any], *, schedule_param: Mapping[str, Any], base_lr: float
) -> Schedule:
    """Warm up, then decay along a power of half a cosine wave.

        lr(t) = base_lr (alpha + (1 - alpha) ((1 + cos(pi p)) / 2)^p.exponent)    behind the warmup

    where t is the step, and p = (t - p.warmup_steps) / (total_steps - p.warmup_steps).

    The warmup goes from 0 to base_lr in `p.warmup_steps` steps: in a straight line, along half a cosine wave, by
    1 - exp(-exp_growth_rate u), which ends below it, or by u^poly_power, where u is the share of the warmup.

    Returns
    -------
    Schedule; past `total_steps` it holds base_lr alpha.

    Source: init2winit's optlrschedule, arXiv 2603.10301.

    >>> CosineScheduleFamily({"total_steps": 100, "alpha": 0.25}, schedule_param={"p.exponent": 2.0}, base_lr=1.0)
    cosine(base_lr=1.0, min_lr=0.25, total_steps=100, exponent=2.0)
    """
    steps = _warmup_steps(schedule_family_config, schedule_param)
    alpha = _checks.non_negative("alpha", _checks.needed("alpha", schedule_family_config.get("alpha"), "a cosine"))
    bottom = base_lr * alpha
    curve = cosine(
        base_lr=base_lr,
        min_lr=bottom,
        total_steps=_rest(schedule_family_config, steps),
        exponent=schedule_param["p.exponent"],
    )
    return _warmed(schedule_family_config, steps, base_lr, curve)


@foreign(
    "optlrschedule",
    "cosine_standard_schedule_family.CosineStandardScheduleFamily",
    **_parameters(("alpha",), ("p.warmup_steps",)),
)
def CosineStandardScheduleFamily(
    schedule_family_config: Mapping[str, Any], *, schedule_param: Mapping[str, Any], base_lr: float
) -> Schedule:
    """Warm up, then decay along half a cosine wave.

        lr(t) = base_lr (alpha + (1 - alpha) ((1 + cos(pi p)) / 2))    behind the warmup

    where t is the step, and p = (t - p.warmup_steps) / (total_steps - p.warmup_steps).

    The warmup goes from 0 to base_lr in `p.warmup_steps` steps: in a straight line, along half a cosine wave, by
    1 - exp(-exp_growth_rate u), which ends below it, or by u^poly_power, where u is the share of the warmup.

    Returns
    -------
    Schedule; past `total_steps` it holds base_lr alpha.

    Source: init2winit's optlrschedule, arXiv 2603.10301.

    >>> CosineStandardScheduleFamily({"total_steps": 100, "alpha": 0.25}, schedule_param={}, base_lr=1.0)
    cosine(base_lr=1.0, min_lr=0.25, total_steps=100)
    """
    steps = _warmup_steps(schedule_family_config, schedule_param)
    alpha = _checks.non_negative("alpha", _checks.needed("alpha", schedule_family_config.get("alpha"), "a cosine"))
    bottom = base_lr * alpha
    curve = cosine(base_lr=base_lr, min_lr=bottom, total_steps=_rest(schedule_family_config, steps))
    return _warmed(schedule_family_config, steps, base_lr, curve)


@foreign(
    "optlrschedule", "cosine_y_schedule_family.CosineYScheduleFamily", **_parameters((), ("p.warmup_steps", "p.alpha"))
)
def CosineYScheduleFamily(
    schedule_family_config: Mapping[str, Any], *, schedule_param: Mapping[str, Any], base_lr: float
) -> Schedule:
    """Warm up, then decay along half a cosine wave to a share of the rate that the schedule says.

        lr(t) = base_lr (p.alpha + (1 - p.alpha) ((1 + cos(pi p)) / 2))    behind the warmup

    where t is the step, and p = (t - p.warmup_steps) / (total_steps - p.warmup_steps).

    The warmup goes from 0 to base_lr in `p.warmup_steps` steps: in a straight line, along half a cosine wave, by
    1 - exp(-exp_growth_rate u), which ends below it, or by u^poly_power, where u is the share of the warmup.

    Returns
    -------
    Schedule; past `total_steps` it holds base_lr p.alpha.

    Source: init2winit's optlrschedule, arXiv 2603.10301.

    >>> CosineYScheduleFamily({"total_steps": 100}, schedule_param={"p.alpha": 0.25}, base_lr=1.0)
    cosine(base_lr=1.0, min_lr=0.25, total_steps=100)
    """
    steps = _warmup_steps(schedule_family_config, schedule_param)
    alpha = _checks.up_to_one("p.alpha", schedule_param["p.alpha"])
    bottom = base_lr * alpha
    curve = cosine(base_lr=base_lr, min_lr=bottom, total_steps=_rest(schedule_family_config, steps))
    return _warmed(schedule_family_config, steps, base_lr, curve)


@foreign("optlrschedule", "rex_schedule_family.RexScheduleFamily", **_parameters((), ("p.warmup_steps", "p.beta")))
def RexScheduleFamily(
    schedule_family_config: Mapping[str, Any], *, schedule_param: Mapping[str, Any], base_lr: float
) -> Schedule:
    """Warm up, then go down along a hyperbola that falls late (REX).

        lr(t) = base_lr (1 - p) / (1 - (1 - p.beta) p)    behind the warmup

    where t is the step, and p = (t - p.warmup_steps) / (total_steps - p.warmup_steps).

    The warmup goes from 0 to base_lr in `p.warmup_steps` steps: in a straight line, along half a cosine wave, by
    1 - exp(-exp_growth_rate u), which ends below it, or by u^poly_power, where u is the share of the warmup.

    Returns
    -------
    Schedule; past `total_steps` it holds 0.

    Source: Chen et al., REX, arXiv 2107.04197; init2winit's optlrschedule, arXiv 2603.10301.

    >>> RexScheduleFamily({"total_steps": 100}, schedule_param={"p.beta": 0.5}, base_lr=1.0)
    rex(base_lr=1.0, min_lr=0.0, total_steps=100, beta=0.5)
    """
    steps = _warmup_steps(schedule_family_config, schedule_param)
    beta = _checks.positive("p.beta", schedule_param["p.beta"])
    curve = rex(base_lr=base_lr, total_steps=_rest(schedule_family_config, steps), beta=beta)
    return _warmed(schedule_family_config, steps, base_lr, curve)


@foreign("optlrschedule", "sqrt_schedule_family.SqrtScheduleFamily", **_parameters((), ("p.warmup_steps", "p.alpha")))
def SqrtScheduleFamily(
    schedule_family_config: Mapping[str, Any], *, schedule_param: Mapping[str, Any], base_lr: float
) -> Schedule:
    """Warm up, then decay by a power of the circle, from the last rate of the warmup.

        lr(t) = last (1 - p^2)^(p.alpha / 2)    behind the warmup

    where t is the step, p = (t - p.warmup_steps) / (total_steps - p.warmup_steps), and last is the rate a step before
    the end of the warmup, or base_lr without one.

    The warmup goes from 0 to base_lr in `p.warmup_steps` steps: in a straight line, along half a cosine wave, by
    1 - exp(-exp_growth_rate u), which ends below it, or by u^poly_power, where u is the share of the warmup.

    Returns
    -------
    Schedule; past `total_steps` it holds 0, or last where p.alpha is 0.

    Source: init2winit's optlrschedule, arXiv 2603.10301.

    >>> SqrtScheduleFamily({"total_steps": 100}, schedule_param={"p.alpha": 1.0}, base_lr=1.0)
    root_decay(base_lr=1.0, min_lr=0.0, total_steps=100, power=0.5)
    """
    steps = _warmup_steps(schedule_family_config, schedule_param)
    alpha = _checks.up_to_one("p.alpha", schedule_param["p.alpha"])
    rise, before = _rise(schedule_family_config, steps, base_lr), larger(steps - 1, 0)
    last = where(steps > 0, pointwise(rise, before) if hasattr(steps, "shape") else rise(before), base_lr)
    curve = root_decay(base_lr=last, total_steps=_rest(schedule_family_config, steps), power=alpha / 2.0)
    return _warmed(schedule_family_config, steps, base_lr, curve)


_POINTS = ("p.x0", "p.y1", "p.delta_x1", "p.delta_x2", "p.delta_y2")


def _points(config: Mapping[str, Any], given: Mapping[str, Any], end: float) -> tuple[list[Any], list[Any]]:
    """Returns the steps and the heights of the four points."""
    for key in given:
        _checks.up_to_one(key, given[key])
    first = given["p.x0"]
    second = first + given["p.delta_x1"] * (1 - first)
    third = second + given["p.delta_x2"] * (1 - second)
    steps = [_truncated(share * config["total_steps"]) for share in (first, second, third, 1)]
    return steps, [config.get("y_max", 1.0), given["p.y1"], given["p.delta_y2"] * given["p.y1"], end]


def _bounded(config: Mapping[str, Any], steps: Any, base_lr: float, curve: Any, low: float) -> Any:
    """Puts the warmup in front of a curve, and keeps both within bounds."""
    high = config.get("y_max", 1.0)
    _checks.at_most("y_min", low, "y_max", high)
    if not config.get("is_monotonic_decay", True):
        raise ValueError("is_monotonic_decay must be True, received False")
    return clipped(_warmed(config, steps, base_lr, curve), low=low * base_lr, high=high * base_lr)


@foreign(
    "optlrschedule",
    "twopointslinear_schedule_family.TwoPointLinearScheduleFamily",
    **_parameters(("y_min", "y_max", "is_monotonic_decay"), ("p.x0", "p.y1", "p.delta_x1", "p.delta_x2", "p.delta_y2")),
)
def TwoPointLinearScheduleFamily(
    schedule_family_config: Mapping[str, Any], *, schedule_param: Mapping[str, Any], base_lr: float
) -> Schedule:
    """Warm up, then go down through two points in straight lines.

        lr(t) = base_lr y_i    at step floor(total_steps x_i), i from 0 to 3

    where t is the step, x_0 = p.x0 is also the share of the warmup, x_1 = x_0 + p.delta_x1 (1 - x_0),
    x_2 = x_1 + p.delta_x2 (1 - x_1), x_3 = 1, and y_0 = y_max, y_1 = p.y1, y_2 = p.delta_y2 p.y1, y_3 = y_min; between
    these it goes in straight lines. All rates lie between base_lr y_min and base_lr y_max.

    The warmup goes from 0 to base_lr in `p.warmup_steps` steps: in a straight line, along half a cosine wave, by
    1 - exp(-exp_growth_rate u), which ends below it, or by u^poly_power, where u is the share of the warmup.

    Returns
    -------
    Schedule; past `total_steps` it holds base_lr y_min.

    Source: init2winit's optlrschedule, arXiv 2603.10301.

    >>> TwoPointLinearScheduleFamily({"total_steps": 8}, base_lr=1.0, schedule_param={
    ...     "p.x0": 0.0, "p.delta_x1": 0.5, "p.y1": 0.5, "p.delta_x2": 0.5, "p.delta_y2": 0.5
    ... })  # doctest: +NORMALIZE_WHITESPACE
    clipped(join(((4, linear(base_lr=1.0, end_lr=0.5, total_steps=4)),
                  (2, linear(base_lr=0.5, end_lr=0.25, total_steps=2)),
                  (2, linear(base_lr=0.25, end_lr=0.0, total_steps=2)), constant(lr=0.0))), low=0.0, high=1.0)
    """
    low = schedule_family_config.get("y_min", 0.0)
    steps, heights = _points(schedule_family_config, schedule_param, low)
    phases = [
        (after - before, linear(base_lr=base_lr * first, end_lr=base_lr * last, total_steps=larger(after - before, 1)))
        for before, after, first, last in zip(steps, steps[1:], heights, heights[1:], strict=False)
        if any_of(after > before)
    ]
    curve = join([*phases, constant(lr=base_lr * low)])
    return _bounded(schedule_family_config, steps[0], base_lr, curve, low)


def _spline(steps: list[Any], heights: list[Any], base_lr: float) -> Any:
    """Makes a curve through points on the clock of the first one. Where several share a step, the first has it. In a
    sweep there is a curve for each choice of points, which is flat at the end of those rows that choose others."""
    clocks, rates = [step - steps[0] for step in steps], [base_lr * height for height in heights]
    moves = [after > before for before, after in pairwise(clocks)]
    end = rates[0]
    for has_moved, height in zip(moves, rates[1:], strict=True):
        end = where(has_moved, height, end)
    phases = []
    for chosen in product((True, False), repeat=len(moves)):
        own: Any = True
        for has_moved, is_chosen in zip(moves, chosen, strict=True):
            own = own & (has_moved == is_chosen)
        if any_of(own):
            places = [0, *[place for place, is_chosen in enumerate(chosen, 1) if is_chosen]]
            knots = [0, *[where(own, clocks[place], index) for index, place in enumerate(places[1:], 1)]]
            values = [where(own, rates[place], end) for place in places]
            curve = piecewise(steps=knots, values=values, interpolation="pchip")
            phases.append((where(own, larger(clocks[-1], 1), 0), curve))
    return join([*phases[:-1], phases[-1][1]]) if len(phases) > 1 else phases[0][1]


@foreign(
    "optlrschedule",
    "twopointsspline_schedule_family.TwoPointSplineScheduleFamily",
    **_parameters(("y_min", "y_max", "is_monotonic_decay"), ("p.x0", "p.y1", "p.delta_x1", "p.delta_x2", "p.delta_y2")),
)
def TwoPointSplineScheduleFamily(
    schedule_family_config: Mapping[str, Any], *, schedule_param: Mapping[str, Any], base_lr: float
) -> Schedule:
    """Warm up, then go down through two points along a monotone cubic curve.

        lr(t) = base_lr y_i    at step floor(total_steps x_i), i from 0 to 3

    where t is the step, x_0 = p.x0 is also the share of the warmup, x_1 = x_0 + p.delta_x1 (1 - x_0),
    x_2 = x_1 + p.delta_x2 (1 - x_1), x_3 = 1, and y_0 = y_max, y_1 = p.y1, y_2 = p.delta_y2 p.y1, y_3 = y_min; between
    these it goes along cubic pieces (PCHIP). All rates lie between base_lr y_min and base_lr y_max.

    The warmup goes from 0 to base_lr in `p.warmup_steps` steps: in a straight line, along half a cosine wave, by
    1 - exp(-exp_growth_rate u), which ends below it, or by u^poly_power, where u is the share of the warmup.

    Returns
    -------
    Schedule; past `total_steps` it holds base_lr y_min.

    Source: init2winit's optlrschedule, arXiv 2603.10301.

    >>> TwoPointSplineScheduleFamily({"total_steps": 8}, base_lr=1.0, schedule_param={
    ...     "p.x0": 0.0, "p.delta_x1": 0.5, "p.y1": 0.5, "p.delta_x2": 0.5, "p.delta_y2": 0.5
    ... })  # doctest: +NORMALIZE_WHITESPACE
    clipped(piecewise(steps=(0, 4, 6, 8), values=(1.0, 0.5, 0.25, 0.0), interpolation='pchip'), low=0.0, high=1.0)
    """
    low = schedule_family_config.get("y_min", 0.0)
    steps, heights = _points(schedule_family_config, schedule_param, low)
    return _bounded(schedule_family_config, steps[0], base_lr, _spline(steps, heights, base_lr), low)


@foreign(
    "optlrschedule",
    "twopointsspline_y_schedule_family.TwoPointSplineYScheduleFamily",
    **_parameters(
        ("y_max", "is_monotonic_decay"), ("p.x0", "p.y1", "p.delta_x1", "p.delta_x2", "p.delta_y2", "p.y_end")
    ),
)
def TwoPointSplineYScheduleFamily(
    schedule_family_config: Mapping[str, Any], *, schedule_param: Mapping[str, Any], base_lr: float
) -> Schedule:
    """Warm up, then go down through two points along a monotone cubic curve to an end that the schedule says.

        lr(t) = base_lr y_i    at step floor(total_steps x_i), i from 0 to 3

    where t is the step, x_0 = p.x0 is also the share of the warmup, x_1 = x_0 + p.delta_x1 (1 - x_0),
    x_2 = x_1 + p.delta_x2 (1 - x_1), x_3 = 1, and y_0 = y_max, y_1 = p.y1, y_2 = p.delta_y2 p.y1, y_3 = p.y_end y_2;
    between these it goes along cubic pieces (PCHIP). All rates lie between 0 and base_lr y_max.

    The warmup goes from 0 to base_lr in `p.warmup_steps` steps: in a straight line, along half a cosine wave, by
    1 - exp(-exp_growth_rate u), which ends below it, or by u^poly_power, where u is the share of the warmup.

    Returns
    -------
    Schedule; past `total_steps` it holds its last rate.

    Source: init2winit's optlrschedule, arXiv 2603.10301.

    >>> TwoPointSplineYScheduleFamily({"total_steps": 8}, base_lr=1.0, schedule_param={
    ...     "p.x0": 0.0, "p.delta_x1": 0.5, "p.y1": 0.5, "p.delta_x2": 0.5, "p.delta_y2": 0.5, "p.y_end": 0.5
    ... })  # doctest: +NORMALIZE_WHITESPACE
    clipped(piecewise(steps=(0, 4, 6, 8), values=(1.0, 0.5, 0.25, 0.125), interpolation='pchip'), low=0.0, high=1.0)
    """
    end = schedule_param["p.y_end"] * (schedule_param["p.delta_y2"] * schedule_param["p.y1"])
    steps, heights = _points(schedule_family_config, schedule_param, end)
    return _bounded(schedule_family_config, steps[0], base_lr, _spline(steps, heights, base_lr), 0.0)


_TURNS = ("p.y_start", "p.y_end", "p.x_peak", "p.y1", "p.delta_x1", "p.y2", "p.delta_x2")


def _in_order(steps: list[Any], heights: list[Any]) -> tuple[list[Any], list[Any]]:
    """Sorts points by their steps. Those that share one keep their order."""
    if sort_of(*steps, *heights) is not COLUMN:
        points = sorted(zip(steps, heights, strict=True), key=lambda point: point[0])
        return [step for step, _ in points], [height for _, height in points]
    import numpy

    columns = numpy.array(numpy.broadcast_arrays(*steps)), numpy.array(numpy.broadcast_arrays(*heights))
    order = numpy.argsort(columns[0], axis=0, kind="stable")
    found = [list(numpy.take_along_axis(one, order, 0)) for one in numpy.broadcast_arrays(*columns)]
    return found[0], found[1]


@foreign(
    "optlrschedule",
    "smooth_nonmonotonic_schedule_family.TwoPointSplineSmoothNonmonoticScheduleFamily",
    **_parameters((), _TURNS, ()),
)
def TwoPointSplineSmoothNonmonoticScheduleFamily(
    schedule_family_config: Mapping[str, Any], *, schedule_param: Mapping[str, Any], base_lr: float
) -> Schedule:
    """Go through a peak and two other points along a monotone cubic curve.

        lr(t) = base_lr y_i    at step total_steps x_i, i from 0 to 4

    where t is the step, and the points (x_i, y_i) are (0, p.y_start), (p.delta_x1, p.y1), (x_2, p.y2) with x_2 =
    p.delta_x1 + p.delta_x2 (1 - p.delta_x1), (p.x_peak, 1) and (1, p.y_end), in the order of their x; between these it
    goes along cubic pieces (PCHIP). They may lie between steps, at the nearest of 2^53 parts of the run or so.

    Returns
    -------
    Schedule; past `total_steps` it holds base_lr p.y_end.

    Source: init2winit's optlrschedule, arXiv 2603.10301.

    >>> TwoPointSplineSmoothNonmonoticScheduleFamily({"total_steps": 8}, base_lr=1.0, schedule_param={
    ...     "p.y_start": 0.0, "p.delta_x1": 0.25, "p.y1": 0.75, "p.x_peak": 0.5, "p.delta_x2": 0.75, "p.y2": 0.25,
    ...     "p.y_end": 0.0
    ... })  # doctest: +NORMALIZE_WHITESPACE
    strided(piecewise(steps=(0, 1125899906842624, 2251799813685248, 3659174697238528, 4503599627370496),
                      values=(0.0, 0.75, 1.0, 0.25, 0.0), interpolation='pchip'), stride=562949953421312)
    """
    config, given = schedule_family_config, schedule_param
    for key in ("p.x_peak", "p.delta_x1", "p.delta_x2"):
        _checks.between(key, given[key], 0.0, 1.0)
    for key in ("p.y_start", "p.y_end", "p.y1", "p.y2"):
        _checks.up_to_one(key, given[key])
    total_steps, first = config["total_steps"], given["p.delta_x1"]
    second = first + (1.0 - first) * given["p.delta_x2"]
    parts = 2 ** (LAST_STEP.bit_length() - total_steps.bit_length() - 1)
    shares = (0.0, first, second, given["p.x_peak"], 1.0)
    steps = [_truncated(share * total_steps * parts + 0.5) for share in shares]
    heights = [given["p.y_start"], given["p.y1"], given["p.y2"], 1.0, given["p.y_end"]]
    return strided(_spline(*_in_order(steps, heights), base_lr), stride=parts)


FAMILIES = {
    "constant": ConstantScheduleFamily,
    "cosine": CosineScheduleFamily,
    "cosine_standard": CosineStandardScheduleFamily,
    "cosine_y": CosineYScheduleFamily,
    "rex": RexScheduleFamily,
    "smoothnonmonotonic": TwoPointSplineSmoothNonmonoticScheduleFamily,
    "sqrt": SqrtScheduleFamily,
    "twopointslinear": TwoPointLinearScheduleFamily,
    "twopointsspline": TwoPointSplineScheduleFamily,
    "twopointsspline_y": TwoPointSplineYScheduleFamily,
}
"""The families by their `schedule_type`."""
