"""These are the schedules of pytorch-optimizer by their own names.

Its LinearScheduler, CosineScheduler, PolyScheduler and REXScheduler set the rate when they are stepped: step t is the
call of `step` that t others came before.
"""

from __future__ import annotations

from itertools import count as counted
from math import inf

from .. import _checks
from .._registry import NON_NEGATIVE, POSITIVE, choice, count, exponent, factor, flag, number, rate, schedule
from ..schedules import (
    advance,
    constant,
    cosine,
    delay,
    join,
    linear,
    mirrored,
    piecewise,
    replace_after,
    rex,
    scaled,
    warmup,
    warmup_cosine,
    warmup_linear,
    warmup_stable_decay,
)
from . import transformers
from ._cycles import alike, growing
from ._foreign import foreign, room_to_decay

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from .._registry import Parameter
    from .._values import Schedule

__all__ = [
    "CosineAnnealingWarmupRestarts",
    "CosineScheduler",
    "LinearScheduler",
    "PolyScheduler",
    "ProportionScheduler",
    "REXScheduler",
    "get_chebyshev_schedule",
    "get_wsd_schedule",
]


def _ramp() -> dict[str, Parameter]:
    return {
        "t_max": count("the steps of the curve, with the warmup"),
        "max_lr": rate("the rate at the end of the warmup", NON_NEGATIVE),
        "min_lr": rate("the rate at the end", NON_NEGATIVE),
        "init_lr": rate("the rate at step 0 of a warmup", NON_NEGATIVE),
        "warmup_steps": count("the steps of the warmup, less than `t_max`", least=0),
    }


@foreign("pytorch_optimizer", "lr_scheduler.linear_warmup.LinearScheduler", **_ramp())
def LinearScheduler(
    t_max: int, max_lr: float, min_lr: float = 0.0, init_lr: float = 0.0, warmup_steps: int = 0
) -> Schedule:
    """Warm up linearly, then go down in a straight line.

        lr(t) = init_lr + (max_lr - init_lr) t / warmup_steps                     for t < warmup_steps
        lr(t) = max_lr + (min_lr - max_lr) p                                      from there on

    where t is the step, and p = (t - warmup_steps) / (t_max - warmup_steps).

    Returns
    -------
    Schedule; past `t_max`, where the library goes on below, it holds `min_lr`.

    >>> LinearScheduler(100, 0.5, warmup_steps=10)
    warmup_linear(base_lr=0.5, min_lr=0.0, warmup_steps=10, total_steps=100, start_lr=0.0)
    """
    room_to_decay("warmup_steps", warmup_steps, "t_max", t_max, "pytorch-optimizer")
    ends = {"base_lr": max_lr, "min_lr": min_lr, "start_lr": init_lr}
    return warmup_linear(**ends, warmup_steps=warmup_steps, total_steps=t_max)


@foreign("pytorch_optimizer", "lr_scheduler.linear_warmup.CosineScheduler", **_ramp())
def CosineScheduler(
    t_max: int, max_lr: float, min_lr: float = 0.0, init_lr: float = 0.0, warmup_steps: int = 0
) -> Schedule:
    """Warm up linearly, then go down along half a cosine wave.

        lr(t) = init_lr + (max_lr - init_lr) t / warmup_steps                     for t < warmup_steps
        lr(t) = min_lr + (max_lr - min_lr) (1 + cos(pi p)) / 2                    from there on

    where t is the step, and p = (t - warmup_steps) / (t_max - warmup_steps).

    Returns
    -------
    Schedule; it has no end: past `t_max` the wave goes on, and the rate rises again. `warmup_cosine` stays down.

    >>> CosineScheduler(100, 0.5)
    mirrored(cosine(base_lr=0.5, min_lr=0.0, total_steps=100), length=100)
    """
    room_to_decay("warmup_steps", warmup_steps, "t_max", t_max, "pytorch-optimizer")
    half = t_max - warmup_steps
    wave = mirrored(cosine(base_lr=max_lr, min_lr=min_lr, total_steps=half), length=half)
    if not warmup_steps:
        return wave
    return join([(warmup_steps, linear(base_lr=init_lr, end_lr=max_lr, total_steps=warmup_steps)), wave])


@foreign(
    "pytorch_optimizer",
    "lr_scheduler.linear_warmup.PolyScheduler",
    poly_order=exponent("the exponent of the steps", POSITIVE),
    **_ramp(),
)
def PolyScheduler(
    poly_order: float = 0.5,
    *,
    t_max: int,
    max_lr: float,
    min_lr: float = 0.0,
    init_lr: float = 0.0,
    warmup_steps: int = 0,
) -> Schedule:
    """Warm up linearly, then go up with a power of the step, without end: the library does not divide by the run.

        lr(t) = init_lr + (max_lr - init_lr) t / warmup_steps                     for t < warmup_steps
        lr(t) = min_lr + (max_lr - min_lr) max(1, t - warmup_steps)^poly_order    from there on

    where t is the step. For a power that falls, use `polynomial`.

    Returns
    -------
    Schedule; it has no end.

    Raises
    ------
    ValueError if the rate of step 2^53 is not finite.

    >>> PolyScheduler(1.0, t_max=100, max_lr=0.5, warmup_steps=10)  # doctest: +NORMALIZE_WHITESPACE
    join(((10, linear(base_lr=0.0, end_lr=0.5, total_steps=10)),
          delay(advance(warmup(constant(lr=4503599627370496.0), steps=9007199254740992, start_lr=0.0,
                               shape='polynomial', power=1.0), steps=1), steps=1)))
    """
    room_to_decay("warmup_steps", warmup_steps, "t_max", t_max, "pytorch-optimizer")
    steps = _checks.LAST_STEP
    height = float(steps) ** poly_order if poly_order < 19.0 else inf
    top = _checks.finite("the rate of step 2**53", min_lr + (max_lr - min_lr) * height)
    power = warmup(constant(lr=top), steps=steps, start_lr=min_lr, shape="polynomial", power=poly_order)
    rise = delay(advance(power, steps=1), steps=1)
    if not warmup_steps:
        return rise
    return join([(warmup_steps, linear(base_lr=init_lr, end_lr=max_lr, total_steps=warmup_steps)), rise])


@foreign(
    "pytorch_optimizer",
    "lr_scheduler.rex.REXScheduler",
    total_steps=count("the step at which the last rate is due"),
    max_lr=rate("the rate that the curve begins with"),
    min_lr=rate("the rate at the end"),
)
def REXScheduler(total_steps: int, max_lr: float = 1.0, min_lr: float = 0.0) -> Schedule:
    """Go down along a hyperbola that falls late (REX), one step early.

        lr(t) = min_lr + (max_lr - min_lr) (1 - u) / (1 - u / 2)

    where t is the step, and u = (t + 1) / total_steps: making the scheduler steps it once.

    Returns
    -------
    Schedule; from total_steps - 1 on it holds `min_lr`.

    Source: Chen et al., REX, arXiv 2107.04197.

    >>> REXScheduler(100)
    advance(rex(base_lr=1.0, min_lr=0.0, total_steps=100, beta=0.5), steps=1)
    """
    return advance(rex(base_lr=max_lr, min_lr=min_lr, total_steps=total_steps), steps=1)


@foreign(
    "pytorch_optimizer",
    "lr_scheduler.proportion.ProportionScheduler",
    lr_scheduler=schedule("the schedule that the value follows"),
    max_lr=rate("its rate where the value is `max_value`"),
    min_lr=rate("its rate where the value is `min_value`"),
    max_value=number("the value at the one end"),
    min_value=number("the value at the other end"),
)
def ProportionScheduler(
    lr_scheduler: Callable[[int], float],
    max_lr: float,
    min_lr: float = 0.0,
    max_value: float = 2.0,
    min_value: float = 2.0,
) -> Schedule:
    """Let a value follow a schedule's rate in proportion.

        value(t) = min_value + (max_value - min_value) (lr_scheduler(t) - min_lr) / (max_lr - min_lr)

    where t is the step; if max_lr is not above min_lr, it is max_value throughout.

    Returns
    -------
    Schedule; past its end it does what `lr_scheduler` does past its own.

    >>> ProportionScheduler(linear(base_lr=1.0, end_lr=0.0, total_steps=10), 1.0, max_value=0.5, min_value=0.25)
    scaled(linear(base_lr=1.0, end_lr=0.0, total_steps=10), factor=0.25, offset=0.25)
    """
    if max_lr <= min_lr:
        return constant(lr=max_value)
    slope = (max_value - min_value) / (max_lr - min_lr)
    return scaled(lr_scheduler, factor=slope, offset=min_value - slope * min_lr)


@foreign(
    "pytorch_optimizer",
    "lr_scheduler.wsd.get_wsd_schedule",
    num_warmup_steps=count("the steps of the warmup", least=0),
    num_stable_steps=count("the steps of the plateau", least=0),
    num_decay_steps=count("the steps of the decay", least=0),
    min_lr_ratio=factor(
        "the rate behind the decay over `lr`, and the end of the decay of the type cosine", NON_NEGATIVE
    ),
    num_cycles=factor("the waves in a decay of the type cosine", POSITIVE),
    cooldown_type=choice("the curve of the decay", ("cosine", "1-sqrt", "linear", "1-square")),
    lr=rate("the rate that the optimizer has", NON_NEGATIVE),
)
def get_wsd_schedule(
    num_warmup_steps: int,
    num_stable_steps: int,
    num_decay_steps: int,
    min_lr_ratio: float = 0.0,
    num_cycles: float = 0.5,
    cooldown_type: str = "1-sqrt",
    *,
    lr: float,
) -> Schedule:
    """Warm up linearly, stay on a plateau, and decay (warmup-stable-decay).

        lr(t) = lr t / num_warmup_steps    for t < num_warmup_steps
        lr(t) = lr                         on the plateau
        lr(t) = lr g(p)                    in the decay

    where t is the step, p is the share of the decay that is done, and by `cooldown_type`

        cosine      g(p) = min_lr_ratio + (1 - min_lr_ratio) (1 + cos(2 pi num_cycles p)) / 2
        1-sqrt      g(p) = 1 - sqrt(p)
        linear      g(p) = 1 - p
        1-square    g(p) = 1 - p^2

    All but the first go to 0, and jump to the last rate.

    Returns
    -------
    Schedule; behind the decay it holds lr min_lr_ratio.

    Source: Hu et al., MiniCPM, arXiv 2404.06395; Haegele et al., arXiv 2405.18392.

    >>> get_wsd_schedule(0, 80, 20, cooldown_type="1-square", lr=0.5)  # doctest: +NORMALIZE_WHITESPACE
    join(((80, constant(lr=0.5)),
          (20, warmup_stable_decay(base_lr=0.5, warmup_steps=0, decay_steps=20, total_steps=20, final_lr=0.0,
                                   warmup_start=0.5, decay_shape='1-square')), constant(lr=0.0)))
    """
    phases: list[Any] = [(num_stable_steps, constant(lr=lr))] if num_stable_steps else []
    if num_warmup_steps:
        phases.insert(0, (num_warmup_steps, linear(base_lr=0.0, end_lr=lr, total_steps=num_warmup_steps)))
    if num_decay_steps and cooldown_type == "cosine":
        fall = transformers.get_cosine_with_min_lr_schedule_with_warmup(
            0, num_decay_steps, num_cycles, min_lr_rate=min_lr_ratio, lr=lr
        )
        phases.append((num_decay_steps, fall))
    elif num_decay_steps:
        fall = warmup_stable_decay(
            base_lr=lr,
            warmup_steps=0,
            decay_steps=num_decay_steps,
            total_steps=num_decay_steps,
            final_lr=0.0,
            warmup_start=lr,
            decay_shape=cooldown_type,
        )
        phases.append((num_decay_steps, fall))
    return join([*phases, constant(lr=lr * min_lr_ratio)])


@foreign(
    "pytorch_optimizer",
    "lr_scheduler.cosine_anealing.CosineAnnealingWarmupRestarts",
    first_cycle_steps=count("the steps of the first cycle, more than `warmup_steps`"),
    cycle_mult=factor("the length of a decay over that of the one before, rounded down", POSITIVE),
    max_lr=rate("the first peak"),
    min_lr=rate("the rate at the start and about the end of a cycle"),
    warmup_steps=count("the steps of the warmup of each cycle", least=0),
    gamma=factor("a peak over the one before", POSITIVE),
)
def CosineAnnealingWarmupRestarts(
    first_cycle_steps: int,
    cycle_mult: float = 1.0,
    max_lr: float = 1e-4,
    min_lr: float = 1e-6,
    warmup_steps: int = 0,
    gamma: float = 0.9,
) -> Schedule:
    """Warm up linearly and decay along half a cosine wave, again and again, to another peak each time.

        lr(t) = min_lr + (peak - min_lr) s / warmup_steps                                    for s < warmup_steps
        lr(t) = min_lr + (peak - min_lr) (1 + cos(pi (s - warmup_steps) / n)) / 2            from there on

    where t is the step, s counts the steps since cycle i began, peak = max_lr gamma^i, and n is the length of the
    decay: first_cycle_steps - warmup_steps at first, and each floor(cycle_mult n) after one of n. Step 0 has `min_lr`
    with and without a warmup.

    Returns
    -------
    Schedule; it has no end.

    Raises
    ------
    ValueError if the warmup is as long as the first cycle, or if the cycles shrink.

    Source: Loshchilov and Hutter, SGDR, arXiv 1608.03983.

    >>> CosineAnnealingWarmupRestarts(100, max_lr=1.0, min_lr=0.25, warmup_steps=10, gamma=1.0)
    repeat(warmup_cosine(base_lr=1.0, min_lr=0.25, warmup_steps=10, total_steps=100, start_lr=0.25), period=100)
    """
    _checks.less_than("warmup_steps", warmup_steps, "first_cycle_steps", first_cycle_steps)
    cycles = _cycles(first_cycle_steps, cycle_mult, max_lr, min_lr, warmup_steps, gamma)
    return cycles if warmup_steps else replace_after(constant(lr=min_lr), step=1, other=cycles)


def _cycles(first: int, cycle_mult: float, max_lr: float, min_lr: float, warmup_steps: int, gamma: float) -> Schedule:
    if cycle_mult == 1.0:
        return alike(lambda peak, floor: _cycle(peak, floor, warmup_steps, first), max_lr, min_lr, first, gamma)
    if cycle_mult < 1.0 or int((first - warmup_steps) * cycle_mult) == first - warmup_steps:
        why = "the number of cycles grows without end"
        _checks.refuse_foreign("cycle_mult", "be 1, or make each cycle longer", cycle_mult, why)

    def in_turn() -> Iterator[tuple[int, Schedule]]:
        decay = first - warmup_steps
        for index in counted():
            steps = decay + warmup_steps
            yield steps, _cycle(max_lr * gamma**index, min_lr, warmup_steps, steps)
            decay = int(decay * cycle_mult)

    return growing(cycle_mult, in_turn())


def _cycle(peak: float, min_lr: float, warmup_steps: int, steps: int) -> Schedule:
    if not warmup_steps:
        return cosine(base_lr=peak, min_lr=min_lr, total_steps=steps)
    ends = {"base_lr": peak, "min_lr": min_lr, "start_lr": min_lr}
    return warmup_cosine(**ends, warmup_steps=warmup_steps, total_steps=steps)


@foreign(
    "pytorch_optimizer",
    "lr_scheduler.chebyshev.get_chebyshev_schedule",
    num_epochs=count("the steps, which the library rounds up to a power of 2"),
    is_warmup=flag("whether the rate stays as it is"),
    lr=rate("the rate that the optimizer has"),
)
def get_chebyshev_schedule(num_epochs: int, is_warmup: bool = False, *, lr: float) -> Schedule:
    """Take the steps of Chebyshev iteration, in an order that keeps it stable.

        lr(t) = lr / (0.525 - 0.475 cos(pi (k + 1/2) / n))

    where t is the step, n is the first power of 2 that is at least `num_epochs`, and k is item t - 2 of an order that
    begins as 0, and is doubled by putting k and 2 m - 1 - k side by side, m being the number of items. Steps 0 and 1
    have the rate of step 2.

    Returns
    -------
    Schedule; past the n steps it holds the last rate.

    Source: Agarwal, Goel and Zhang, Acceleration via Fractal Learning Rate Schedules, arXiv 2103.01338.

    >>> get_chebyshev_schedule(1, lr=0.525)
    piecewise(steps=(0,), values=(1.0,), interpolation='step')
    """
    from math import cos, pi

    if is_warmup:
        return constant(lr=lr)
    size = 1 << (num_epochs - 1).bit_length()
    order = [0]
    while len(order) < size - 2:
        order = [one for k in order for one in (k, 2 * len(order) - 1 - k)]
    order = [k for k in order if k < size]
    rates = [lr / (0.525 - 0.475 * cos(pi * (k + 0.5) / size)) for k in order]
    return piecewise(steps=[0, *range(3, len(rates) + 2)], values=rates, interpolation="step")
