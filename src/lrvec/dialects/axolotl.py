"""These are the schedulers that Axolotl adds to those of transformers and torch, by their own names.

A scheduler multiplies the rate that the optimizer has, which is the keyword `lr` here, unless it sets the rate. All
other parameters are Axolotl's. Two of its schedulers count one step more than the optimizer has made.
"""

from __future__ import annotations

from .. import _checks
from .._registry import CLOSED_UNIT, NON_NEGATIVE, POSITIVE, count, factor, rate, schedule
from ..schedules import (
    advance,
    constant,
    delay,
    exponential_to,
    hold,
    join,
    linear,
    piecewise,
    product,
    repeat,
    replace_after,
    rex,
    warmup,
    warmup_cosine,
)
from . import transformers
from ._foreign import explained, foreign, room_to_decay

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from .._registry import Parameter
    from .._values import Schedule

__all__ = [
    "InterpolatingLogScheduler",
    "JaggedLRRestartScheduler",
    "RexLR",
    "get_cosine_schedule_with_min_lr",
    "get_cosine_schedule_with_quadratic_warmup",
    "get_cosine_schedule_with_warmup_decay_constant",
]


def _peak() -> Parameter:
    return rate("the rate that the optimizer has")


def _steps() -> dict[str, Parameter]:
    return {
        "num_warmup_steps": count("the steps of the warmup, less than `num_training_steps`", least=0),
        "num_training_steps": count("the steps of the run, with the warmup"),
    }


@foreign(
    "axolotl",
    "utils.schedulers.RexLR",
    max_lr=rate("the rate that `min_lr` is compared with, as a rule `lr`", POSITIVE),
    min_lr=rate(
        "the rate behind the end, and the end of the curve for an optimizer with the rate `max_lr`", NON_NEGATIVE
    ),
    total_steps=count("the steps of the curve, with the warmup", least=0),
    num_warmup_steps=count("the steps of the warmup, at most `total_steps`", least=0),
    lr=_peak(),
)
def RexLR(max_lr: float, min_lr: float, total_steps: int = 0, num_warmup_steps: int = 0, *, lr: float) -> Schedule:
    """Warm up linearly, then go down along a hyperbola that falls late (REX), all one step early.

        lr(t) = lr s / num_warmup_steps                                  for s <= num_warmup_steps
        lr(t) = lr (r + (1 - r) z / (0.1 + 0.9 z))                       for s < total_steps
        lr(t) = min_lr                                                   from there on

    where t is the step, s = t + 1, r = min_lr / max_lr, and z = (total_steps - s) / (total_steps - num_warmup_steps).

    Returns
    -------
    Schedule; from total_steps - 1 on it holds `min_lr`.

    Raises
    ------
    ValueError if min_lr is above max_lr, or if the warmup is longer than the curve.

    Source: Chen et al., REX, arXiv 2107.04197.

    >>> RexLR(0.5, 0.125, total_steps=100, num_warmup_steps=10, lr=0.5)  # doctest: +NORMALIZE_WHITESPACE
    advance(join(((10, linear(base_lr=0.0, end_lr=0.5, total_steps=10)),
                  (90, rex(base_lr=0.5, min_lr=0.125, total_steps=90, beta=0.1)), constant(lr=0.125))), steps=1)
    """
    _checks.at_most("min_lr", min_lr, "max_lr", max_lr)
    _checks.at_most("num_warmup_steps", num_warmup_steps, "total_steps", total_steps)
    remaining = total_steps - num_warmup_steps
    phases: list[tuple[int, Schedule]] = []
    if num_warmup_steps:
        steps = num_warmup_steps if remaining else num_warmup_steps + 1
        phases.append((steps, linear(base_lr=0.0, end_lr=lr, total_steps=num_warmup_steps)))
    if remaining:
        phases.append((remaining, rex(base_lr=lr, min_lr=lr * min_lr / max_lr, total_steps=remaining, beta=0.1)))
    return advance(join([*phases, constant(lr=min_lr)]), steps=1)


@foreign(
    "axolotl",
    "utils.schedulers.InterpolatingLogScheduler",
    num_steps=count("the step at which `max_lr` is reached", least=2),
    min_lr=rate("the rate at the first two steps", POSITIVE),
    max_lr=rate("the rate at the end", POSITIVE),
)
def InterpolatingLogScheduler(num_steps: int, min_lr: float, max_lr: float) -> Schedule:
    """Go from one rate to another by one factor a step, after a first step without it.

        lr(t) = min_lr (max_lr / min_lr)^((t - 1) / (num_steps - 1))    for t >= 1

    where t is the step; step 0 has `min_lr` too.

    Returns
    -------
    Schedule; past `num_steps` it holds `max_lr`.

    >>> InterpolatingLogScheduler(101, 0.25, 1.0)
    delay(exponential_to(base_lr=0.25, end_lr=1.0, total_steps=100), steps=1)
    """
    return delay(exponential_to(base_lr=min_lr, end_lr=max_lr, total_steps=num_steps - 1), steps=1)


@foreign(
    "axolotl",
    "utils.schedulers.get_cosine_schedule_with_quadratic_warmup",
    **_steps(),
    num_cycles=factor("the waves in the decay", POSITIVE),
    lr=_peak(),
)
def get_cosine_schedule_with_quadratic_warmup(
    num_warmup_steps: int, num_training_steps: int, num_cycles: float = 0.5, *, lr: float
) -> Schedule:
    """Warm up with the square of the step, then go down along a cosine wave, by itself half of one.

        lr(t) = lr (t / num_warmup_steps)^2                 for t < num_warmup_steps
        lr(t) = lr (1 + cos(2 pi num_cycles p)) / 2         from there on

    where t is the step and p = (t - num_warmup_steps) / (num_training_steps - num_warmup_steps).

    Returns
    -------
    Schedule; it has no end: past `num_training_steps` the wave goes on, and the rate rises again.

    >>> get_cosine_schedule_with_quadratic_warmup(10, 100, lr=0.5)  # doctest: +NORMALIZE_WHITESPACE
    warmup(mirrored(cosine(base_lr=0.5, min_lr=0.0, total_steps=90), length=90), steps=10, start_lr=0.0,
           shape='polynomial', power=2.0)
    """
    room_to_decay("num_warmup_steps", num_warmup_steps, "num_training_steps", num_training_steps, "axolotl")
    rest = num_training_steps - num_warmup_steps
    wave = transformers.get_cosine_schedule_with_warmup(0, rest, num_cycles, lr=lr)
    if not num_warmup_steps:
        return wave
    return warmup(wave, steps=num_warmup_steps, shape="polynomial", power=2.0)


@foreign(
    "axolotl",
    "utils.schedulers.get_cosine_schedule_with_min_lr",
    **_steps(),
    min_lr_ratio=factor("the rate at the bottom of the wave over `lr`", NON_NEGATIVE),
    lr=_peak(),
)
def get_cosine_schedule_with_min_lr(
    num_warmup_steps: int, num_training_steps: int, min_lr_ratio: float = 0.0, *, lr: float
) -> Schedule:
    """Warm up linearly, then go down to a share of the rate along half a cosine wave.

        lr(t) = lr t / num_warmup_steps                                           for t < num_warmup_steps
        lr(t) = lr (min_lr_ratio + (1 - min_lr_ratio) (1 + cos(pi p)) / 2)        from there on

    where t is the step and p = (t - num_warmup_steps) / (num_training_steps - num_warmup_steps).

    Returns
    -------
    Schedule; it has no end: past `num_training_steps` the wave goes on, and the rate rises again.

    >>> get_cosine_schedule_with_min_lr(0, 100, min_lr_ratio=0.5, lr=0.5)
    mirrored(cosine(base_lr=0.5, min_lr=0.25, total_steps=100), length=100)
    """
    room_to_decay("num_warmup_steps", num_warmup_steps, "num_training_steps", num_training_steps, "axolotl")
    run = {"num_warmup_steps": num_warmup_steps, "num_training_steps": num_training_steps}
    return transformers.get_cosine_with_min_lr_schedule_with_warmup(**run, min_lr_rate=min_lr_ratio, lr=lr)


@foreign(
    "axolotl",
    "utils.schedulers.get_cosine_schedule_with_warmup_decay_constant",
    **_steps(),
    constant_lr_ratio=factor("the share of the run at which the decay ends", CLOSED_UNIT),
    min_lr_ratio=explained(
        factor("the rate at the bottom of the wave over `lr`", CLOSED_UNIT),
        "for more than 1 axolotl's rate jumps there behind the warmup, and for less than 0 it may fall below 0",
    ),
    num_cycles=factor("the waves in the decay", POSITIVE),
    lr=_peak(),
)
def get_cosine_schedule_with_warmup_decay_constant(
    num_warmup_steps: int,
    num_training_steps: int,
    constant_lr_ratio: float,
    min_lr_ratio: float,
    num_cycles: float = 0.5,
    *,
    lr: float,
) -> Schedule:
    """Warm up linearly, go down along a cosine wave for a share of the run, and stay there.

        lr(t) = lr t / num_warmup_steps                                                       for t < num_warmup_steps
        lr(t) = lr (min_lr_ratio + (1 - min_lr_ratio) (1 + cos(2 pi num_cycles p)) / 2)       for t < c

    where t is the step, c = floor(constant_lr_ratio num_training_steps) and p = (t - num_warmup_steps) /
    (c - num_warmup_steps).

    Returns
    -------
    Schedule; from c on it holds the rate that it has there.

    Raises
    ------
    ValueError if the decay does not end behind the warmup.

    Source: Gupta et al., Continual Pre-Training of Large Language Models, arXiv 2308.04014.

    >>> get_cosine_schedule_with_warmup_decay_constant(10, 100, 0.5, 0.25, lr=1.0)
    warmup_cosine(base_lr=1.0, min_lr=0.25, warmup_steps=10, total_steps=50, start_lr=0.0)
    """
    end = int(num_training_steps * constant_lr_ratio)
    room_to_decay("num_warmup_steps", num_warmup_steps, "the end of the decay", end, "axolotl")
    if num_cycles == 0.5:
        ends = {"base_lr": lr, "min_lr": lr * min_lr_ratio}
        return warmup_cosine(**ends, warmup_steps=num_warmup_steps, total_steps=end)
    run = {"num_warmup_steps": num_warmup_steps, "num_training_steps": end}
    waves = transformers.get_cosine_with_min_lr_schedule_with_warmup(
        **run, num_cycles=num_cycles, min_lr_rate=min_lr_ratio, lr=lr
    )
    return hold(waves, step=end)


@foreign(
    "axolotl",
    "utils.schedulers.JaggedLRRestartScheduler",
    inner_schedule=schedule("the schedule that is scaled"),
    jagged_restart_steps=count("the steps from one restart to the next"),
    jagged_restart_warmup_steps=count("the steps in which the scale goes up behind a restart", least=0),
    jagged_restart_anneal_steps=count("the steps in which it goes down in front of one"),
    min_lr_scale=factor("the scale at a restart"),
)
def JaggedLRRestartScheduler(
    inner_schedule: Callable[[int], float],
    jagged_restart_steps: int,
    jagged_restart_warmup_steps: int,
    jagged_restart_anneal_steps: int = 1,
    min_lr_scale: float = 0.001,
) -> Schedule:
    """Scale a schedule down and up again at every restart, one step early.

        lr(t) = inner_schedule(s) (min_lr_scale + (1 - min_lr_scale) h(s))

    where t is the step, s = t + 1, and h(s) is 1 up to the first anneal; from there on, with p = s mod
    jagged_restart_steps, it is p / jagged_restart_warmup_steps in a warmup, (jagged_restart_steps - p) /
    jagged_restart_anneal_steps in an anneal, and 1 between these.

    Returns
    -------
    Schedule; it has no end, and past its end `inner_schedule` does what it does alone.

    Raises
    ------
    ValueError if the warmup and the anneal are longer than the steps between two restarts.

    Source: Lialin et al., ReLoRA, arXiv 2307.05695.

    >>> JaggedLRRestartScheduler(constant(lr=1.0), 8, 2, 2, min_lr_scale=0.5)  # doctest: +NORMALIZE_WHITESPACE
    advance(product(constant(lr=1.0),
                    replace_after(constant(lr=1.0), step=6,
                                  other=repeat(piecewise(steps=(0, 2, 6, 8), values=(0.5, 1.0, 1.0, 0.5),
                                                         interpolation='linear'), period=8))), steps=1)
    """
    up, down = jagged_restart_warmup_steps, jagged_restart_steps - jagged_restart_anneal_steps
    parts = {"jagged_restart_warmup_steps": up, "jagged_restart_anneal_steps": jagged_restart_anneal_steps}
    _checks.sum_at_most("jagged_restart_steps", jagged_restart_steps, **parts)
    knots = {0: min_lr_scale, up: 1.0, down: 1.0, jagged_restart_steps: min_lr_scale}
    teeth = piecewise(steps=list(knots), values=list(knots.values()))
    scale = replace_after(constant(lr=1.0), step=down, other=repeat(teeth, period=jagged_restart_steps))
    return advance(product(inner_schedule, scale), steps=1)
