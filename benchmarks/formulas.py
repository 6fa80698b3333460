"""These are textbook formulas of kinds, as they are written with numpy. lrvec's rivals compute them. Not every kind has
one.

Each function here takes an array namespace and a kind's parameters. It returns a function from an array of steps to the
values. The namespace is numpy's own or another library's, with the same names and two more: `full` makes an array of
one value, and `before` takes one function up to a boundary and another one from there on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from inspect import signature
from math import log, pi
from typing import Any

Function = Callable[[Any], Any]
FORMULAS: dict[str, Callable[..., Function]] = {}


def formula_of(schedule: Any, xp: Any) -> Function:
    """Returns the formula of a schedule. Schedules within it become formulas first."""

    def written(value: Any) -> Any:
        if hasattr(value, "kind"):
            return formula_of(value, xp)
        return tuple(map(written, value)) if isinstance(value, tuple) else value

    parameters = {name: written(value) for name, value in schedule.params.items()}
    return xp.function(FORMULAS[schedule.kind](xp, **parameters))


def is_written(schedule: Any) -> bool:
    """Tells whether a schedule has a formula here: its kind has one with these parameters, and so have the schedules
    within it."""
    given, function = schedule.params, FORMULAS.get(schedule.kind)
    if function is None or not given.keys() <= signature(function).parameters.keys():
        return False
    return all(is_written(value) for value in flat(given.values()) if hasattr(value, "kind"))


def flat(values: Iterable[Any]) -> Iterator[Any]:
    """Yields the values, those within tuples one by one."""
    for value in values:
        if isinstance(value, tuple):
            yield from flat(value)
        else:
            yield value


def formula(function: Callable[..., Function]) -> Callable[..., Function]:
    FORMULAS[function.__name__] = function
    return function


def level(rate: Any) -> Function:
    return lambda t: rate


def ramp(first: Any, last: Any, length: int) -> Function:
    return lambda t: first + (last - first) * (t / length)


def later(function: Function, start: int) -> Function:
    return lambda t: function(t - start)


def half_wave(xp: Any, first: Any, last: Any, length: int) -> Function:
    return lambda t: last + 0.5 * (first - last) * (1.0 + xp.cos(pi / length * xp.minimum(t, length)))


@formula
def constant(xp, lr):
    return lambda t: xp.full(t, lr)


@formula
def step_decay(xp, base_lr, drop, step_size):
    return lambda t: base_lr * drop ** xp.floor(t / step_size)


@formula
def multi_step(xp, base_lr, milestones, gamma):
    value = level(base_lr * gamma ** len(milestones))
    for count in reversed(range(len(milestones))):
        value = xp.before(milestones[count], level(base_lr * gamma**count), value)
    return value


@formula
def exponential(xp, base_lr, gamma):
    return lambda t: base_lr * gamma**t


@formula
def exponential_decay(xp, base_lr, decay_rate, decay_steps):
    return lambda t: base_lr * decay_rate ** (t / decay_steps)


@formula
def linear(xp, base_lr, end_lr, total_steps):
    return lambda t: base_lr + (end_lr - base_lr) * (xp.minimum(t, total_steps) / total_steps)


@formula
def polynomial(xp, base_lr, end_lr, total_steps, power):
    return lambda t: end_lr + (base_lr - end_lr) * (1.0 - xp.minimum(t, total_steps) / total_steps) ** power


@formula
def polynomial_decay(xp, start_lr, end_lr, total_steps, power):
    return polynomial(xp, start_lr, end_lr, total_steps, power)


@formula
def cosine(xp, base_lr, min_lr, total_steps):
    return half_wave(xp, base_lr, min_lr, total_steps)


@formula
def inverse_sqrt(xp, base_lr, warmup_steps):
    return xp.before(
        warmup_steps,
        ramp(0.0, base_lr, warmup_steps),
        lambda t: base_lr * xp.sqrt(warmup_steps / xp.maximum(t, warmup_steps)),
    )


@formula
def one_cycle(xp, max_lr, total_steps, pct_start, initial_div, final_div):
    peak = round(pct_start * total_steps)
    rise = half_wave(xp, max_lr / initial_div, max_lr, peak)
    fall = half_wave(xp, max_lr, max_lr / final_div, total_steps - peak)
    return xp.before(peak, rise, later(xp.function(fall), peak))


@formula
def warmup_stable_decay(xp, base_lr, warmup_steps, decay_steps, total_steps, final_lr, warmup_start, decay_shape):
    start = total_steps - decay_steps
    left = {
        "linear": lambda u: 1.0 - u,
        "cosine": lambda u: 0.5 * (1.0 + xp.cos(pi * u)),
        "exponential": lambda u: 2.0 ** (1.0 - u) - 1.0,
        "1-sqrt": lambda u: 1.0 - xp.sqrt(xp.maximum(u, 0.0)),
        "1-square": lambda u: 1.0 - u * u,
    }[decay_shape]

    def decay(t):
        return final_lr + (base_lr - final_lr) * left(t / decay_steps)

    plateau = xp.before(start, level(base_lr), later(xp.function(decay), start))
    return xp.before(warmup_steps, ramp(warmup_start, base_lr, warmup_steps), plateau)


@formula
def megatron_lr(
    xp,
    init_lr,
    max_lr,
    min_lr,
    lr_warmup_steps,
    lr_decay_steps,
    lr_decay_style,
    wsd_decay_steps,
    lr_wsd_decay_style,
):
    """Returns the formula of the case that is measured: the exponential end of WSD."""
    start = lr_decay_steps - wsd_decay_steps

    def decay(t):
        return min_lr + (max_lr - min_lr) * (2.0 * 0.5 ** (xp.minimum(t, wsd_decay_steps) / wsd_decay_steps) - 1.0)

    plateau = xp.before(start, level(max_lr), later(xp.function(decay), start))
    return xp.before(lr_warmup_steps, ramp(init_lr, max_lr, lr_warmup_steps), plateau)


@formula
def megatron_wd(xp, start_wd, end_wd, wd_incr_steps, wd_incr_style):
    """Returns the formula of the case that is measured: the cosine."""
    return half_wave(xp, start_wd, end_wd, wd_incr_steps)


@formula
def with_warmup(xp, schedule, warmup_steps, start_lr):
    return xp.before(warmup_steps, ramp(start_lr, schedule(0), warmup_steps), later(schedule, warmup_steps))


@formula
def sequential(xp, phases):
    end = sum(duration for duration, _ in phases)
    duration, schedule = phases[-1]
    value = level(schedule(duration - 1))
    for duration, schedule in reversed(phases):
        value, end = xp.before(end, later(schedule, end - duration), value), end - duration
    return value


@formula
def triangular(xp, min_lr, max_lr, step_size):
    return triangles(xp, min_lr, max_lr, step_size, lambda t, cycle: 1.0)


@formula
def triangular2(xp, min_lr, max_lr, step_size):
    return triangles(xp, min_lr, max_lr, step_size, lambda t, cycle: 0.5**cycle)


@formula
def exp_range(xp, min_lr, max_lr, step_size, gamma):
    return triangles(xp, min_lr, max_lr, step_size, lambda t, cycle: gamma**t)


def triangles(xp: Any, min_lr: float, max_lr: float, step_size: int, scale: Callable[[Any, Any], Any]) -> Function:
    scale = xp.function(scale)

    def value(t):
        cycle = xp.floor(t / (2 * step_size))
        height = 1.0 - xp.abs(t / step_size - 2.0 * cycle - 1.0)
        return min_lr + (max_lr - min_lr) * height * scale(t, cycle)

    return value


@formula
def cosine_restarts(xp, base_lr, min_lr, period, t_mult):
    def periodic(t):
        into = t / period - xp.floor(t / period)
        return min_lr + 0.5 * (base_lr - min_lr) * (1.0 + xp.cos(pi * into))

    def lengthening(t):
        cycle = xp.floor(xp.log((t_mult - 1) / period * t + 1.0) / log(t_mult) + 1e-12)
        length = period * float(t_mult) ** cycle
        start = (length - period) / (t_mult - 1)
        return min_lr + 0.5 * (base_lr - min_lr) * (1.0 + xp.cos(pi * (t - start) / length))

    return periodic if t_mult == 1 else lengthening
