"""These are the schedules of optax by their own names, with its parameters.

What optax refuses is refused, and so is what it replaces without an error: a transition of no steps, for example, for
which it keeps the first value for ever.
"""

from __future__ import annotations

from itertools import accumulate, pairwise
from operator import mul

from .. import _checks
from .._registry import POSITIVE, Role, choice, count, divisor, exponent, factor, flag, other, rate, share
from ..schedules import (
    clipped,
    constant,
    cosine,
    delay,
    join,
    linear,
    piecewise,
    polynomial,
    step_decay,
    warmup,
    warmup_cosine,
)
from ..schedules import exponential_decay as _exponential_decay
from ._foreign import explained, foreign
from ._turns import beginnings, in_turn, schedules

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from .._registry import Parameter
    from .._values import Schedule

__all__ = [
    "constant_schedule",
    "cosine_decay_schedule",
    "cosine_onecycle_schedule",
    "exponential_decay",
    "join_schedules",
    "linear_onecycle_schedule",
    "linear_schedule",
    "piecewise_constant_schedule",
    "piecewise_interpolate_schedule",
    "polynomial_schedule",
    "sgdr_schedule",
    "warmup_constant_schedule",
    "warmup_cosine_decay_schedule",
    "warmup_exponential_decay_schedule",
]

_SCALES = Role("scales", "", None, "dict from steps to factors", is_number=False)
_ARGUMENTS = Role("arguments", "", None, "sequence of dicts", is_number=False)


def _transition(about: str) -> Parameter:
    return explained(count(about), "where it is not positive, optax keeps the first value for ever")


def _begin() -> Parameter:
    return explained(
        count("the steps for which the first value is kept before that", least=0), "a negative one is 0 to optax"
    )


def _boundaries_and_scales(name: str, value: Any) -> dict[int, float]:
    """Checks factors by their steps, and puts them in the order of the steps."""
    items = dict(_checks.mapping(name, value))
    found = {
        _checks.single_count(f"a step of {name}", step, 0): _checks.non_negative(f"{name}[{step!r}]", scale)
        for step, scale in items.items()
    }
    return dict(sorted(found.items()))


def _scales() -> Parameter:
    return other(_SCALES, "by steps, the factors that the value is multiplied by there", _boundaries_and_scales)


@foreign("optax", "constant_schedule", value=rate("the value"))
def constant_schedule(value: float) -> Schedule:
    """Keep one value at every step.

        lr(t) = value

    where t is the step.

    Returns
    -------
    Schedule; it has no end.

    >>> constant_schedule(0.1)
    constant(lr=0.1)
    """
    return constant(lr=value)


@foreign(
    "optax",
    "polynomial_schedule",
    init_value=rate("the value at first"),
    end_value=rate("the value at the end"),
    power=exponent("the exponent"),
    transition_steps=_transition("the steps from the first value to the last one"),
    transition_begin=_begin(),
)
def polynomial_schedule(
    init_value: float, end_value: float, power: float, transition_steps: int, transition_begin: int = 0
) -> Schedule:
    """Go from one value to another as a power of the steps that remain.

        lr(t) = end_value + (init_value - end_value) (1 - s / transition_steps)^power

    where t is the step, and s = t - transition_begin, at least 0 and at most transition_steps.

    Returns
    -------
    Schedule; past the transition it holds `end_value`.

    >>> polynomial_schedule(1.0, 0.0, power=2.0, transition_steps=100)
    polynomial(base_lr=1.0, end_lr=0.0, total_steps=100, power=2.0)
    """
    curve = polynomial(base_lr=init_value, end_lr=end_value, total_steps=transition_steps, power=power)
    return delay(curve, steps=transition_begin) if transition_begin else curve


@foreign(
    "optax",
    "linear_schedule",
    init_value=rate("the value at first"),
    end_value=rate("the value at the end"),
    transition_steps=_transition("the steps from the first value to the last one"),
    transition_begin=_begin(),
)
def linear_schedule(init_value: float, end_value: float, transition_steps: int, transition_begin: int = 0) -> Schedule:
    """Go from one value to another in a straight line.

        lr(t) = init_value + (end_value - init_value) s / transition_steps

    where t is the step, and s = t - transition_begin, at least 0 and at most transition_steps.

    Returns
    -------
    Schedule; past the transition it holds `end_value`.

    >>> linear_schedule(1.0, 0.0, transition_steps=100, transition_begin=10)
    delay(linear(base_lr=1.0, end_lr=0.0, total_steps=100), steps=10)
    """
    line = linear(base_lr=init_value, end_lr=end_value, total_steps=transition_steps)
    return delay(line, steps=transition_begin) if transition_begin else line


@foreign(
    "optax",
    "piecewise_constant_schedule",
    init_value=rate("the value before the first of these steps"),
    boundaries_and_scales=_scales(),
)
def piecewise_constant_schedule(
    init_value: float, boundaries_and_scales: Mapping[int, float] | None = None
) -> Schedule:
    """Multiply the value by a factor at each of some steps.

        lr(t) = init_value product(scale_i for all steps b_i <= t)

    where t is the step, and `boundaries_and_scales` has a factor scale_i for each step b_i.

    Returns
    -------
    Schedule; from the last of these steps on it holds the value that it has there.

    >>> piecewise_constant_schedule(1.0, {30: 0.5, 60: 0.5})
    piecewise(steps=(0, 30, 60), values=(1.0, 0.5, 0.25), interpolation='step')
    """
    return _through(init_value, boundaries_and_scales, "step")


@foreign(
    "optax",
    "piecewise_interpolate_schedule",
    interpolate_type=choice("the curve from a step to the next one", ("linear", "cosine")),
    init_value=rate("the value at step 0"),
    boundaries_and_scales=_scales(),
)
def piecewise_interpolate_schedule(
    interpolate_type: str, init_value: float, boundaries_and_scales: Mapping[int, float] | None = None
) -> Schedule:
    """Go through a value at each of some steps, each a multiple of the one before.

        lr(t) = v_i + (v_(i+1) - v_i) f((t - b_i) / (b_(i+1) - b_i))    for b_i <= t < b_(i+1)

    where t is the step, `boundaries_and_scales` has a factor scale_i for each step b_i, v_i = scale_i v_(i-1) behind
    v_0 = init_value at step b_0 = 0, and f(u) is u for the type "linear" and (1 - cos(pi u)) / 2 for "cosine".

    Returns
    -------
    Schedule; from the last of these steps on it holds the value that it has there.

    >>> piecewise_interpolate_schedule("linear", 1.0, {30: 0.5, 60: 0.0})
    piecewise(steps=(0, 30, 60), values=(1.0, 0.5, 0.0), interpolation='linear')
    """
    return _through(init_value, boundaries_and_scales, interpolate_type)


def _through(init_value: float, scales: Mapping[int, float] | None, interpolation: str) -> Schedule:
    """Makes the curve through a value and its multiples at some steps."""
    if not scales:
        return constant(lr=init_value)
    factors = {0: 1.0, **scales}
    values = accumulate(factors.values(), mul, initial=init_value)
    next(values)
    return piecewise(steps=[*factors], values=list(values), interpolation=interpolation)


def _decay_parameters(first: str) -> dict[str, Parameter]:
    """Declares the parameters of a decay that starts from the parameter of this name."""
    return {
        "transition_steps": _transition("the steps in which the value changes by the factor"),
        "decay_rate": explained(
            factor("the factor of `transition_steps` steps", POSITIVE),
            f"for 0 optax keeps {first}, and below 0 it has no value between multiples of transition_steps",
        ),
        "transition_begin": _begin(),
        "staircase": flag("whether the value changes every `transition_steps` steps only"),
        "end_value": rate("the least value if `decay_rate` is below 1, and the greatest one if it is not"),
    }


@foreign(
    "optax",
    "exponential_decay",
    init_value=rate("the value at first", POSITIVE),
    **_decay_parameters("init_value"),
)
def exponential_decay(
    init_value: float,
    transition_steps: int,
    decay_rate: float,
    transition_begin: int = 0,
    staircase: bool = False,
    end_value: float | None = None,
) -> Schedule:
    """Multiply the value by one factor every `transition_steps` steps, continuously or at once.

        lr(t) = init_value decay_rate^p

    where t is the step, and p = max(0, t - transition_begin) / transition_steps, rounded down if `staircase` is true.

    Returns
    -------
    Schedule; it has no end but `end_value`.

    Raises
    ------
    ValueError if end_value is not beyond init_value: optax would then hold it from the beginning.

    >>> exponential_decay(1.0, transition_steps=100, decay_rate=0.5, end_value=0.125)
    clipped(exponential_decay(base_lr=1.0, decay_rate=0.5, decay_steps=100), low=0.125)
    """
    return _decay("init_value", init_value, transition_steps, decay_rate, transition_begin, staircase, end_value)


def _decay(
    name: str, first: float, steps: int, decay_rate: float, begin: int, staircase: bool, end_value: float | None
) -> Schedule:
    """Makes the decay of `exponential_decay` from a first value, which the user gave by this name."""
    if staircase:
        curve = step_decay(base_lr=first, step_size=steps, gamma=decay_rate)
    else:
        curve = _exponential_decay(base_lr=first, decay_rate=decay_rate, decay_steps=steps)
    if begin:
        curve = delay(curve, steps=begin)
    if end_value is None:
        return curve
    falls = decay_rate < 1.0
    if end_value > first if falls else end_value < first:
        rule = f"be at {'most' if falls else 'least'} {name}={first!r} if decay_rate is {decay_rate!r}"
        _checks.refuse_foreign("end_value", rule, end_value, "optax would hold it from the beginning")
    return clipped(curve, low=end_value) if falls else clipped(curve, high=end_value)


@foreign(
    "optax",
    "cosine_decay_schedule",
    init_value=rate("the value at step 0"),
    decay_steps=count("the step at which the last value is reached"),
    alpha=factor("the last value over the first one"),
    exponent=exponent("the exponent of the wave", POSITIVE),
)
def cosine_decay_schedule(init_value: float, decay_steps: int, alpha: float = 0.0, exponent: float = 1.0) -> Schedule:
    """Go from `init_value` to a multiple of it along half a cosine wave.

        lr(t) = init_value (alpha + (1 - alpha) ((1 + cos(pi t / decay_steps)) / 2)^exponent)

    where t is the step.

    Returns
    -------
    Schedule; past `decay_steps` it holds alpha init_value.

    >>> cosine_decay_schedule(1.0, decay_steps=100, alpha=0.125)
    cosine(base_lr=1.0, min_lr=0.125, total_steps=100)
    """
    return _wave(init_value, alpha * init_value, decay_steps, exponent)


def _wave(first: float, last: float, steps: int, exponent: float) -> Schedule:
    if exponent == 1.0:
        return cosine(base_lr=first, min_lr=last, total_steps=steps)
    return cosine(base_lr=first, min_lr=last, total_steps=steps, exponent=exponent)


@foreign(
    "optax",
    "linear_onecycle_schedule",
    transition_steps=count("the step at which the last value is reached"),
    peak_value=rate("the value at the peak"),
    pct_start=share("the share of the steps that the rise takes"),
    pct_final=share("the share of the steps that the rise and the fall take, more than `pct_start`"),
    div_factor=divisor("the ratio of the peak to the first value"),
    final_div_factor=divisor("the ratio of the first value to the last one"),
)
def linear_onecycle_schedule(
    transition_steps: int,
    peak_value: float,
    pct_start: float = 0.3,
    pct_final: float = 0.85,
    div_factor: float = 25.0,
    final_div_factor: float = 1e4,
) -> Schedule:
    """Go up to a peak in a straight line, down again, and on to a still lower value.

    The curve goes in straight lines through

        peak_value / div_factor                         at step 0
        peak_value                                      at step floor(pct_start transition_steps)
        peak_value / div_factor                         at step floor(pct_final transition_steps)
        peak_value / (div_factor final_div_factor)      at step transition_steps

    Returns
    -------
    Schedule; past `transition_steps` it holds peak_value / (div_factor final_div_factor).

    Raises
    ------
    ValueError if two of these steps are the same.

    >>> linear_onecycle_schedule(100, 1.0, div_factor=4.0, final_div_factor=2.0)
    piecewise(steps=(0, 30, 85, 100), values=(0.25, 1.0, 0.25, 0.125), interpolation='linear')
    """
    first = _checks.quotient("peak_value", peak_value, "div_factor", div_factor)
    last = _checks.quotient("peak_value / div_factor", first, "final_div_factor", final_div_factor)
    steps = [0, int(pct_start * transition_steps), int(pct_final * transition_steps), transition_steps]
    return _cycle("pct_start and pct_final", steps, [first, peak_value, first, last], "linear")


@foreign(
    "optax",
    "cosine_onecycle_schedule",
    transition_steps=count("the step at which the last value is reached"),
    peak_value=rate("the value at the peak"),
    pct_start=share("the share of the steps that the rise takes"),
    div_factor=divisor("the ratio of the peak to the first value"),
    final_div_factor=divisor("the ratio of the first value to the last one"),
)
def cosine_onecycle_schedule(
    transition_steps: int,
    peak_value: float,
    pct_start: float = 0.3,
    div_factor: float = 25.0,
    final_div_factor: float = 1e4,
) -> Schedule:
    """Go up to a peak along half a cosine wave, and down along another one.

    The curve goes along half waves through

        peak_value / div_factor                         at step 0
        peak_value                                      at step floor(pct_start transition_steps)
        peak_value / (div_factor final_div_factor)      at step transition_steps

    Returns
    -------
    Schedule; past `transition_steps` it holds peak_value / (div_factor final_div_factor).

    Raises
    ------
    ValueError if two of these steps are the same.

    >>> cosine_onecycle_schedule(100, 1.0, div_factor=4.0, final_div_factor=2.0)
    piecewise(steps=(0, 30, 100), values=(0.25, 1.0, 0.125), interpolation='cosine')
    """
    first = _checks.quotient("peak_value", peak_value, "div_factor", div_factor)
    last = _checks.quotient("peak_value / div_factor", first, "final_div_factor", final_div_factor)
    steps = [0, int(pct_start * transition_steps), transition_steps]
    return _cycle("pct_start", steps, [first, peak_value, last], "cosine")


def _cycle(name: str, steps: Sequence[int], values: Sequence[float], interpolation: str) -> Schedule:
    for before, after in pairwise(steps):
        if before >= after:
            rule = "put each turn behind the one before, in whole steps"
            _checks.refuse_foreign(name, rule, list(steps), "optax would leave one of two turns out")
    return piecewise(steps=steps, values=values, interpolation=interpolation)


@foreign(
    "optax",
    "warmup_constant_schedule",
    init_value=rate("the value at step 0"),
    peak_value=rate("the value after the warmup"),
    warmup_steps=_transition("the steps of the warmup"),
)
def warmup_constant_schedule(init_value: float, peak_value: float, warmup_steps: int) -> Schedule:
    """Warm up linearly, and stay there.

        lr(t) = init_value + (peak_value - init_value) t / warmup_steps    for t < warmup_steps
        lr(t) = peak_value                                                 from there on

    where t is the step.

    Returns
    -------
    Schedule; it has no end.

    >>> warmup_constant_schedule(0.0, 1.0, warmup_steps=10)
    linear(base_lr=0.0, end_lr=1.0, total_steps=10)
    """
    return linear(base_lr=init_value, end_lr=peak_value, total_steps=warmup_steps)


@foreign(
    "optax",
    "warmup_cosine_decay_schedule",
    init_value=rate("the value at step 0 of a warmup"),
    peak_value=rate("the value after the warmup"),
    warmup_steps=count("the steps of the warmup, less than `decay_steps`", least=0),
    decay_steps=count("the step at which the last value is reached; it counts the warmup too"),
    end_value=rate("the value at the end; 0 if `peak_value` is"),
    exponent=exponent("the exponent of the wave", POSITIVE),
)
def warmup_cosine_decay_schedule(
    init_value: float,
    peak_value: float,
    warmup_steps: int,
    decay_steps: int,
    end_value: float = 0.0,
    exponent: float = 1.0,
) -> Schedule:
    """Warm up linearly, then decay along half a cosine wave; `decay_steps` includes the warmup.

        lr(t) = init_value + (peak_value - init_value) t / warmup_steps                    for t < warmup_steps
        lr(t) = end_value + (peak_value - end_value) ((1 + cos(pi p)) / 2)^exponent        from there on

    where t is the step and p = (t - warmup_steps) / (decay_steps - warmup_steps).

    Returns
    -------
    Schedule; past `decay_steps` it holds `end_value`.

    Raises
    ------
    ValueError if warmup_steps is not less than decay_steps, or if peak_value is 0 and end_value is not: optax would
    keep 0.

    >>> warmup_cosine_decay_schedule(0.0, 1.0, warmup_steps=10, decay_steps=100)
    warmup_cosine(base_lr=1.0, min_lr=0.0, warmup_steps=10, total_steps=100, start_lr=0.0)
    """
    _checks.less_than("warmup_steps", warmup_steps, "decay_steps", decay_steps)
    if peak_value == 0.0 != end_value:
        _checks.refuse_foreign("end_value", "be 0 if peak_value is", end_value, "optax would keep 0")
    if exponent == 1.0:
        return warmup_cosine(
            base_lr=peak_value,
            min_lr=end_value,
            warmup_steps=warmup_steps,
            total_steps=decay_steps,
            start_lr=init_value,
        )
    wave = _wave(peak_value, end_value, decay_steps - warmup_steps, exponent)
    return warmup(wave, steps=warmup_steps, start_lr=init_value)


@foreign(
    "optax",
    "warmup_exponential_decay_schedule",
    init_value=rate("the value at step 0 of a warmup"),
    peak_value=rate("the value after the warmup", POSITIVE),
    warmup_steps=count("the steps of the warmup", least=0),
    **_decay_parameters("peak_value"),
)
def warmup_exponential_decay_schedule(
    init_value: float,
    peak_value: float,
    warmup_steps: int,
    transition_steps: int,
    decay_rate: float,
    transition_begin: int = 0,
    staircase: bool = False,
    end_value: float | None = None,
) -> Schedule:
    """Warm up linearly, then decay as `exponential_decay` does, on a clock that starts when the warmup ends.

        lr(t) = init_value + (peak_value - init_value) t / warmup_steps    for t < warmup_steps
        lr(t) = peak_value decay_rate^p                                    from there on

    where t is the step, and p = max(0, t - warmup_steps - transition_begin) / transition_steps, rounded down if
    `staircase` is true.

    Returns
    -------
    Schedule; it has no end but `end_value`.

    Raises
    ------
    ValueError if end_value is not beyond peak_value: optax would then hold it from the end of the warmup on.

    >>> warmup_exponential_decay_schedule(0.0, 1.0, warmup_steps=10, transition_steps=100, decay_rate=0.5)
    warmup(exponential_decay(base_lr=1.0, decay_rate=0.5, decay_steps=100), steps=10, start_lr=0.0, shape='linear')
    """
    curve = _decay("peak_value", peak_value, transition_steps, decay_rate, transition_begin, staircase, end_value)
    return warmup(curve, steps=warmup_steps, start_lr=init_value)


def _each(name: str, value: Any) -> list[dict[str, Any]]:
    found = [_checks.dictionary(f"{name}[{i}]", one) for i, one in enumerate(_checks.listed(name, value))]
    if not found:
        raise ValueError(f"{name} must hold at least one cycle, received none")
    return found


@foreign(
    "optax",
    "sgdr_schedule",
    cosine_kwargs=other(
        _ARGUMENTS, "for each cycle the parameters of `warmup_cosine_decay_schedule`, at least one cycle", _each
    ),
)
def sgdr_schedule(cosine_kwargs: Sequence[Mapping[str, Any]]) -> Schedule:
    """Run cycles of `warmup_cosine_decay_schedule` one after another, each on a clock of its own.

        lr(t) = cycle_i(t - s_i)    for s_i <= t < s_i + decay_steps_i

    where t is the step, and cycle i starts at s_i = decay_steps_0 + ... + decay_steps_(i-1).

    Returns
    -------
    Schedule; past the last cycle it holds that cycle's `end_value`.

    Source: Loshchilov and Hutter, SGDR, arXiv 1608.03983.

    >>> sgdr_schedule([{"init_value": 0.0, "peak_value": 1.0, "warmup_steps": 0, "decay_steps": 10}])
    join(((10, warmup_cosine(base_lr=1.0, min_lr=0.0, warmup_steps=0, total_steps=10, start_lr=0.0)),))
    """
    cycles = [warmup_cosine_decay_schedule(**one) for one in cosine_kwargs]
    return join([(one["decay_steps"], cycle) for one, cycle in zip(cosine_kwargs, cycles, strict=True)])


@foreign(
    "optax",
    "join_schedules",
    schedules=schedules(),
    boundaries=beginnings("optax"),
)
def join_schedules(schedules: Sequence[Callable[[int], float]], boundaries: Sequence[int]) -> Schedule:
    """Run schedules one after another, each on a clock of its own.

        lr(t) = schedules[i](t - boundaries[i - 1])    for boundaries[i - 1] <= t < boundaries[i]

    where t is the step, and the first schedule begins at step 0.

    Returns
    -------
    Schedule; past the last boundary the last schedule goes on.

    Raises
    ------
    ValueError if there is not one boundary less than schedules, of which optax would leave some out.

    >>> join_schedules([linear_schedule(0.0, 1.0, 10), constant_schedule(1.0)], [10])
    join(((10, linear(base_lr=0.0, end_lr=1.0, total_steps=10)), constant(lr=1.0)))
    """
    return in_turn("schedules", schedules, "boundaries", boundaries)
