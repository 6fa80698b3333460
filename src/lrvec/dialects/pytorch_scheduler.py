"""These are the schedulers of pytorch-scheduler by their own names, as functions of the step.

A scheduler multiplies the rate that the optimizer has, which is the keyword `base_lr` here, unless it sets the rate.
All other parameters are the library's. Its ExpHyperbolicLRScheduler is missing: no kind of lrvec has that
curve, but through a knot a step.
"""

from __future__ import annotations

from itertools import count as counted
from math import floor

from .. import _checks
from .._registry import (
    NON_NEGATIVE,
    POSITIVE,
    SHARE,
    choice,
    count,
    exponent,
    factor,
    flag,
    other,
    rate,
    schedule,
    share,
)
from ..schedules import (
    advance,
    clipped,
    constant,
    cosine,
    hold,
    hyperbolic,
    inverse_sqrt,
    join,
    linear,
    product,
    repeat,
    replace_after,
    rex,
    scaled,
    stretched,
    tanh_decay,
    warmup,
    warmup_cosine,
    warmup_linear,
    warmup_polynomial,
    warmup_stable_decay,
)
from ._cycles import alike, growing
from ._foreign import foreign
from ._powers import slower, tail

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from .._registry import Parameter
    from .._values import Schedule

__all__ = [
    "ChebyshevScheduler",
    "CosineAnnealingWarmupRestarts",
    "CosineWithWarmupScheduler",
    "FlatCosineScheduler",
    "HyperbolicLRScheduler",
    "IdentityScheduler",
    "InverseSqrtScheduler",
    "KDecayScheduler",
    "LinearDecayScheduler",
    "PolynomialScheduler",
    "PowerDecayScheduler",
    "RexScheduler",
    "SlantedTriangularScheduler",
    "TanhDecayScheduler",
    "TrapezoidalScheduler",
    "WSDScheduler",
    "WarmupHoldCosineScheduler",
    "WarmupScheduler",
]


def _peak() -> dict[str, Parameter]:
    return {"base_lr": rate("the rate that the optimizer has", NON_NEGATIVE)}


def _total() -> dict[str, Parameter]:
    return {"total_steps": count("the step at which the last rate is reached")}


def _warmup() -> dict[str, Parameter]:
    return {"warmup_steps": count("the steps of the warmup", least=0)}


def _floor() -> dict[str, Parameter]:
    return {"min_lr": rate("the last rate", NON_NEGATIVE)}


def _plateau(
    base_lr: float, warmup_steps: int, decay_steps: int, total_steps: int, min_lr: float, shape: str
) -> Schedule:
    return warmup_stable_decay(
        base_lr=base_lr,
        warmup_steps=warmup_steps,
        decay_steps=decay_steps,
        total_steps=total_steps,
        final_lr=min_lr,
        warmup_start=0.0 if warmup_steps else base_lr,
        decay_shape=shape,
    )


def _below_one(name: str, value: Any) -> float:
    if (checked := _checks.up_to_one(name, value)) == 1.0:
        raise ValueError(f"{name} must be less than 1, received {value}")
    return checked


@foreign(
    "pytorch_scheduler",
    "IdentityScheduler",
    **_peak(),
)
def IdentityScheduler(
    *,
    base_lr: float,
) -> Schedule:
    """Keep the rate.

        lr(t) = base_lr

    where t is the step.

    Returns
    -------
    Schedule; it has no end.

    >>> IdentityScheduler(base_lr=0.5)
    constant(lr=0.5)
    """
    return constant(lr=base_lr)


@foreign(
    "pytorch_scheduler",
    "LinearDecayScheduler",
    **_total(),
    **_warmup(),
    **_floor(),
    **_peak(),
)
def LinearDecayScheduler(
    total_steps: int,
    warmup_steps: int = 0,
    min_lr: float = 0.0,
    *,
    base_lr: float,
) -> Schedule:
    """Warm up linearly, then go down in a straight line.

        lr(t) = base_lr t / warmup_steps                        for t < warmup_steps
        lr(t) = base_lr + (min_lr - base_lr) p                  from there on

    where t is the step, and p = (t - warmup_steps) / (total_steps - warmup_steps).

    Returns
    -------
    Schedule; past `total_steps` it holds `min_lr`.

    >>> LinearDecayScheduler(100, warmup_steps=10, base_lr=0.5)
    warmup_linear(base_lr=0.5, min_lr=0.0, warmup_steps=10, total_steps=100, start_lr=0.0)
    """
    return warmup_linear(base_lr=base_lr, min_lr=min_lr, warmup_steps=warmup_steps, total_steps=total_steps)


@foreign(
    "pytorch_scheduler",
    "CosineWithWarmupScheduler",
    **_total(),
    **_warmup(),
    **_floor(),
    **_peak(),
)
def CosineWithWarmupScheduler(
    total_steps: int,
    warmup_steps: int = 0,
    min_lr: float = 0.0,
    *,
    base_lr: float,
) -> Schedule:
    """Warm up linearly, then decay along half a cosine wave.

        lr(t) = base_lr t / warmup_steps                                        for t < warmup_steps
        lr(t) = min_lr + (base_lr - min_lr) (1 + cos(pi p)) / 2                 from there on

    where t is the step, and p = (t - warmup_steps) / (total_steps - warmup_steps).

    Returns
    -------
    Schedule; past `total_steps` it holds `min_lr`.

    >>> CosineWithWarmupScheduler(100, warmup_steps=10, base_lr=0.5)
    warmup_cosine(base_lr=0.5, min_lr=0.0, warmup_steps=10, total_steps=100, start_lr=0.0)
    """
    return warmup_cosine(base_lr=base_lr, min_lr=min_lr, warmup_steps=warmup_steps, total_steps=total_steps)


@foreign(
    "pytorch_scheduler",
    "PolynomialScheduler",
    **_total(),
    power=exponent("the exponent", POSITIVE),
    **_floor(),
    **_warmup(),
    cycle=flag("whether the curve is repeated, its warmup too"),
    **_peak(),
)
def PolynomialScheduler(
    total_steps: int,
    power: float = 1.0,
    min_lr: float = 0.0,
    warmup_steps: int = 0,
    cycle: bool = False,
    *,
    base_lr: float,
) -> Schedule:
    """Warm up linearly, then decay as a power of the steps that remain, once or again and again.

        lr(t) = base_lr t / warmup_steps                                    for t < warmup_steps
        lr(t) = min_lr + (base_lr - min_lr) (1 - p)^power                   from there on

    where t is the step, and p = (t - warmup_steps) / (total_steps - warmup_steps).

    Returns
    -------
    Schedule; past `total_steps` it holds `min_lr`, or begins again.

    >>> PolynomialScheduler(100, power=2.0, warmup_steps=10, base_lr=0.5)
    warmup_polynomial(base_lr=0.5, min_lr=0.0, warmup_steps=10, total_steps=100, start_lr=0.0, power=2.0)
    """
    ends = {"base_lr": base_lr, "min_lr": min_lr, "power": power}
    curve = warmup_polynomial(**ends, warmup_steps=warmup_steps, total_steps=total_steps)
    return repeat(curve, period=total_steps) if cycle else curve


@foreign(
    "pytorch_scheduler",
    "InverseSqrtScheduler",
    warmup_steps=count("the steps of the warmup"),
    **_peak(),
)
def InverseSqrtScheduler(
    warmup_steps: int,
    *,
    base_lr: float,
) -> Schedule:
    """Warm up linearly, then decay with the inverse square root of the step.

        lr(t) = base_lr t / warmup_steps                      for t < warmup_steps
        lr(t) = base_lr sqrt(warmup_steps / t)                from there on

    where t is the step.

    Returns
    -------
    Schedule; it has no end.

    >>> InverseSqrtScheduler(10, base_lr=0.5)
    inverse_sqrt(base_lr=0.5, warmup_steps=10)
    """
    return inverse_sqrt(base_lr=base_lr, warmup_steps=warmup_steps)


@foreign(
    "pytorch_scheduler",
    "PowerDecayScheduler",
    **_total(),
    **_warmup(),
    alpha=exponent("the exponent", POSITIVE),
    min_lr=rate("the lowest rate", NON_NEGATIVE),
    **_peak(),
)
def PowerDecayScheduler(
    total_steps: int,
    warmup_steps: int = 0,
    alpha: float = 0.5,
    min_lr: float = 0.0,
    *,
    base_lr: float,
) -> Schedule:
    """Warm up linearly, then decay with a power of the step, down to a floor.

        lr(t) = base_lr t / warmup_steps                                     for t < warmup_steps
        lr(t) = max(min_lr, base_lr (warmup_steps / t)^alpha)                from there on
        lr(t) = max(min_lr, base_lr / (t + 1)^alpha)                         without a warmup

    where t is the step. `total_steps` bounds the warmup alone.

    Returns
    -------
    Schedule; it has no end.

    Raises
    ------
    ValueError if the warmup is as long as the run, or if min_lr is above base_lr.

    >>> PowerDecayScheduler(100, min_lr=0.125, base_lr=0.5)  # doctest: +NORMALIZE_WHITESPACE
    clipped(scaled(advance(power_law(base_lr=1.0, scale=1.0, exponent=0.5, max_lr=1.0), steps=1), factor=0.5,
                   offset=0.0), low=0.125)
    """
    _checks.less_than("warmup_steps", warmup_steps, "total_steps", total_steps)
    _checks.at_most("min_lr", min_lr, "base_lr", base_lr)
    powers = slower("alpha", alpha) if not warmup_steps else tail(warmup_steps, "alpha", alpha)
    curve = scaled(product(*powers) if len(powers) > 1 else powers[0], factor=base_lr)
    if min_lr:
        curve = clipped(curve, low=min_lr)
    if not warmup_steps:
        return curve
    line = linear(base_lr=0.0, end_lr=base_lr, total_steps=warmup_steps)
    return replace_after(line, step=warmup_steps, other=curve)


@foreign(
    "pytorch_scheduler",
    "RexScheduler",
    **_total(),
    **_peak(),
)
def RexScheduler(
    total_steps: int,
    *,
    base_lr: float,
) -> Schedule:
    """Go to 0 along a hyperbola that falls late (REX).

        lr(t) = base_lr (1 - u) / (1 - u / 2)

    where t is the step, and u = t / total_steps.

    Returns
    -------
    Schedule; past `total_steps` it holds 0.

    Source: Chen et al., REX, arXiv 2107.04197.

    >>> RexScheduler(100, base_lr=0.5)
    rex(base_lr=0.5, min_lr=0.0, total_steps=100, beta=0.5)
    """
    return rex(base_lr=base_lr, total_steps=total_steps)


@foreign(
    "pytorch_scheduler",
    "TanhDecayScheduler",
    **_total(),
    steepness=factor("how far the hyperbolic tangent goes to each side", POSITIVE),
    **_floor(),
    **_peak(),
)
def TanhDecayScheduler(
    total_steps: int,
    steepness: float = 3.0,
    min_lr: float = 0.0,
    *,
    base_lr: float,
) -> Schedule:
    """Decay along a hyperbolic tangent.

        lr(t) = min_lr + (base_lr - min_lr) (1 - tanh(steepness (2 u - 1))) / 2

    where t is the step, and u = t / total_steps.

    Returns
    -------
    Schedule; from `total_steps` on it holds `min_lr`.

    >>> TanhDecayScheduler(100, base_lr=0.5)
    tanh_decay(base_lr=0.5, min_lr=0.0, total_steps=100, low=-3.0, high=3.0)
    """
    ends = {"low": -steepness, "high": steepness}
    return tanh_decay(base_lr=base_lr, min_lr=min_lr, total_steps=total_steps, **ends)


@foreign(
    "pytorch_scheduler",
    "KDecayScheduler",
    **_total(),
    k=exponent("the exponent of the share that is done", POSITIVE),
    **_floor(),
    **_peak(),
)
def KDecayScheduler(
    total_steps: int,
    k: float = 1.0,
    min_lr: float = 0.0,
    *,
    base_lr: float,
) -> Schedule:
    """Decay along half a cosine wave, later or earlier than the plain one.

        lr(t) = min_lr + (base_lr - min_lr) (1 + cos(pi u^k)) / 2

    where t is the step, and u = t / total_steps.

    Returns
    -------
    Schedule; past `total_steps` it holds `min_lr`.

    Source: Zhang and Li, k-decay, arXiv 2004.05909.

    >>> KDecayScheduler(100, k=2.0, base_lr=0.5)
    cosine(base_lr=0.5, min_lr=0.0, total_steps=100, k=2.0)
    """
    return cosine(base_lr=base_lr, min_lr=min_lr, total_steps=total_steps, k=None if k == 1.0 else k)


@foreign(
    "pytorch_scheduler",
    "ChebyshevScheduler",
    **_total(),
    min_lr=rate("the rate that the wave goes to", NON_NEGATIVE),
    **_peak(),
)
def ChebyshevScheduler(
    total_steps: int,
    min_lr: float = 0.0,
    *,
    base_lr: float,
) -> Schedule:
    """Decay along half a cosine wave, half a step late.

        lr(t) = min_lr + (base_lr - min_lr) (1 + cos(pi (2 t + 1) / (2 total_steps))) / 2

    where t is the step.

    Returns
    -------
    Schedule; from total_steps - 1 on it holds the rate that it has there.

    >>> ChebyshevScheduler(100, base_lr=0.5)
    hold(stretched(advance(cosine(base_lr=0.5, min_lr=0.0, total_steps=200), steps=1), by=0.5), step=99)
    """
    wave = cosine(base_lr=base_lr, min_lr=min_lr, total_steps=2 * total_steps)
    return hold(stretched(advance(wave, steps=1), by=0.5), step=total_steps - 1)


@foreign(
    "pytorch_scheduler",
    "HyperbolicLRScheduler",
    **_total(),
    upper_bound=count("the steps of the longest run, at least `total_steps`"),
    min_lr=rate("the rate at step 0 of a warmup, and about the last one", NON_NEGATIVE),
    **_warmup(),
    **_peak(),
)
def HyperbolicLRScheduler(
    total_steps: int,
    upper_bound: int,
    min_lr: float = 1e-6,
    warmup_steps: int = 0,
    *,
    base_lr: float,
) -> Schedule:
    """Warm up linearly, then decay along a hyperbola that is about the same for runs of any length.

        lr(t) = min_lr + (base_lr - min_lr) t / warmup_steps             for t < warmup_steps
        lr(t) = base_lr - (base_lr - min_lr) (f(0) - f(s))               from there on
        f(s) = sqrt((n - s) (2 upper_bound - n - s)) / upper_bound

    where t is the step, s = t - warmup_steps, and n = total_steps - warmup_steps.

    Returns
    -------
    Schedule; past `total_steps` it holds the rate that it has there.

    Raises
    ------
    ValueError if the warmup is as long as the run, or if the run is longer than upper_bound.

    Source: Kim, HyperbolicLR, arXiv 2407.15200.

    >>> HyperbolicLRScheduler(100, 250, min_lr=0.0, base_lr=0.5)
    hyperbolic(base_lr=0.5, min_lr=0.0, total_steps=100, upper_bound=250)
    """
    _checks.less_than("warmup_steps", warmup_steps, "total_steps", total_steps)
    _checks.at_most("total_steps", total_steps, "upper_bound", upper_bound)
    steps = total_steps - warmup_steps
    curve = hyperbolic(base_lr=base_lr, min_lr=min_lr, total_steps=steps, upper_bound=upper_bound)
    return warmup(curve, steps=warmup_steps, start_lr=min_lr) if warmup_steps else curve


@foreign(
    "pytorch_scheduler",
    "SlantedTriangularScheduler",
    **_total(),
    cut_frac=share("the share of the steps up to the peak"),
    ratio=factor("the peak over the first rate and the last one", POSITIVE),
    **_peak(),
)
def SlantedTriangularScheduler(
    total_steps: int,
    cut_frac: float = 0.1,
    ratio: float = 32.0,
    *,
    base_lr: float,
) -> Schedule:
    """Go up in a straight line, then down in a flatter one.

        lr(t) = base_lr (1 + p (ratio - 1)) / ratio

    where t is the step, c = floor(total_steps cut_frac), p = t / c up to the peak at c, and behind it
    p = (total_steps - t) / (total_steps - c).

    Returns
    -------
    Schedule; past `total_steps` it holds base_lr / ratio.

    Raises
    ------
    ValueError if ratio is less than 1: the library cuts the curve off then.

    Source: Howard and Ruder, Universal Language Model Fine-tuning, arXiv 1801.06146.

    >>> SlantedTriangularScheduler(100, ratio=4.0, base_lr=1.0)
    warmup_linear(base_lr=1.0, min_lr=0.25, warmup_steps=10, total_steps=100, start_lr=0.25)
    """
    if ratio < 1.0:
        _checks.refuse_foreign("ratio", "be at least 1", ratio, "pytorch-scheduler cuts the curve off at base_lr")
    cut, foot = floor(total_steps * cut_frac), base_lr / ratio
    if cut == 0:
        line = linear(base_lr=base_lr, end_lr=foot, total_steps=total_steps)
        return replace_after(constant(lr=foot), step=1, other=line)
    ends = {"base_lr": base_lr, "min_lr": foot, "start_lr": foot}
    return warmup_linear(**ends, warmup_steps=cut, total_steps=total_steps)


@foreign(
    "pytorch_scheduler",
    "FlatCosineScheduler",
    **_total(),
    flat_fraction=other(SHARE, "the share of the steps that keep the rate, less than 1", _below_one),
    **_floor(),
    **_peak(),
)
def FlatCosineScheduler(
    total_steps: int,
    flat_fraction: float = 0.7,
    min_lr: float = 0.0,
    *,
    base_lr: float,
) -> Schedule:
    """Keep the rate, then decay along half a cosine wave.

        lr(t) = base_lr                                                    for t <= c
        lr(t) = min_lr + (base_lr - min_lr) (1 + cos(pi p)) / 2            from there on

    where t is the step, c = floor(total_steps flat_fraction), and p = (t - c) / (total_steps - c).

    Returns
    -------
    Schedule; past `total_steps` it holds `min_lr`.

    >>> FlatCosineScheduler(100, base_lr=0.5)  # doctest: +NORMALIZE_WHITESPACE
    warmup_stable_decay(base_lr=0.5, warmup_steps=0, decay_steps=30, total_steps=100, final_lr=0.0, warmup_start=0.5,
                        decay_shape='cosine')
    """
    steps = total_steps - floor(total_steps * flat_fraction)
    return _plateau(base_lr, 0, steps, total_steps, min_lr, "cosine")


@foreign(
    "pytorch_scheduler",
    "WSDScheduler",
    **_total(),
    **_warmup(),
    stable_steps=count("the steps of the plateau; with the warmup less than `total_steps`", least=0),
    **_floor(),
    decay_type=choice("the curve of the decay", ("cosine", "linear", "sqrt")),
    **_peak(),
)
def WSDScheduler(
    total_steps: int,
    warmup_steps: int,
    stable_steps: int,
    min_lr: float = 0.0,
    decay_type: str = "cosine",
    *,
    base_lr: float,
) -> Schedule:
    """Warm up linearly, stay on a plateau, and decay (warmup-stable-decay).

        lr(t) = base_lr t / warmup_steps                        for t < warmup_steps
        lr(t) = base_lr                                         on the plateau
        lr(t) = min_lr + (base_lr - min_lr) g(p)                in the decay

    where t is the step, p is the share of the decay that is done, and g(p) is (1 + cos(pi p)) / 2, 1 - p or 1 - sqrt(p)
    by `decay_type`.

    Returns
    -------
    Schedule; past `total_steps` it holds `min_lr`.

    Raises
    ------
    ValueError if the warmup and the plateau are as long as the run.

    Source: Hu et al., MiniCPM, arXiv 2404.06395.

    >>> WSDScheduler(100, 10, 70, base_lr=0.5)  # doctest: +NORMALIZE_WHITESPACE
    warmup_stable_decay(base_lr=0.5, warmup_steps=10, decay_steps=20, total_steps=100, final_lr=0.0, warmup_start=0.0,
                        decay_shape='cosine')
    """
    _checks.less_than("warmup_steps + stable_steps", warmup_steps + stable_steps, "total_steps", total_steps)
    steps = total_steps - warmup_steps - stable_steps
    shape = "1-sqrt" if decay_type == "sqrt" else decay_type
    return _plateau(base_lr, warmup_steps, steps, total_steps, min_lr, shape)


@foreign(
    "pytorch_scheduler",
    "WarmupHoldCosineScheduler",
    **_total(),
    **_warmup(),
    hold_steps=count("the steps of the plateau; with the warmup less than `total_steps`", least=0),
    **_floor(),
    **_peak(),
)
def WarmupHoldCosineScheduler(
    total_steps: int,
    warmup_steps: int = 0,
    hold_steps: int = 0,
    min_lr: float = 0.0,
    *,
    base_lr: float,
) -> Schedule:
    """Warm up linearly, stay on a plateau, and decay along half a cosine wave.

        lr(t) = base_lr t / warmup_steps                                        for t < warmup_steps
        lr(t) = base_lr                                                         on the plateau
        lr(t) = min_lr + (base_lr - min_lr) (1 + cos(pi p)) / 2                 in the decay

    where t is the step, and p is the share of the decay that is done.

    Returns
    -------
    Schedule; past `total_steps` it holds `min_lr`.

    Raises
    ------
    ValueError if the warmup and the plateau are as long as the run.

    >>> WarmupHoldCosineScheduler(100, 10, 70, base_lr=0.5)  # doctest: +NORMALIZE_WHITESPACE
    warmup_stable_decay(base_lr=0.5, warmup_steps=10, decay_steps=20, total_steps=100, final_lr=0.0, warmup_start=0.0,
                        decay_shape='cosine')
    """
    _checks.less_than("warmup_steps + hold_steps", warmup_steps + hold_steps, "total_steps", total_steps)
    steps = total_steps - warmup_steps - hold_steps
    return _plateau(base_lr, warmup_steps, steps, total_steps, min_lr, "cosine")


@foreign(
    "pytorch_scheduler",
    "TrapezoidalScheduler",
    **_total(),
    **_warmup(),
    decay_steps=count("the steps of the decay; with the warmup at most `total_steps`", least=0),
    **_floor(),
    **_peak(),
)
def TrapezoidalScheduler(
    total_steps: int,
    warmup_steps: int,
    decay_steps: int,
    min_lr: float = 0.0,
    *,
    base_lr: float,
) -> Schedule:
    """Warm up linearly, stay on a plateau, and go down in a straight line.

        lr(t) = base_lr t / warmup_steps                        for t < warmup_steps
        lr(t) = base_lr                                         on the plateau
        lr(t) = base_lr + (min_lr - base_lr) p                  in the decay

    where t is the step, and p is the share of the decay that is done.

    Returns
    -------
    Schedule; from `total_steps` on it holds `min_lr`.

    Raises
    ------
    ValueError if the warmup and the decay are longer than the run.

    >>> TrapezoidalScheduler(100, 10, 20, base_lr=0.5)  # doctest: +NORMALIZE_WHITESPACE
    warmup_stable_decay(base_lr=0.5, warmup_steps=10, decay_steps=20, total_steps=100, final_lr=0.0, warmup_start=0.0,
                        decay_shape='linear')
    """
    curve = _plateau(base_lr, warmup_steps, decay_steps, total_steps, min_lr, "linear")
    return curve if decay_steps else join([(total_steps, curve), constant(lr=min_lr)])


@foreign(
    "pytorch_scheduler",
    "WarmupScheduler",
    base_scheduler=schedule("the schedule behind the warmup, on a clock of its own"),
    **_warmup(),
    warmup_type=choice("the curve of the warmup; exponential is a square", ("linear", "cosine", "exponential")),
    **_peak(),
)
def WarmupScheduler(
    base_scheduler: Callable[[int], float],
    warmup_steps: int,
    warmup_type: str = "linear",
    *,
    base_lr: float,
) -> Schedule:
    """Warm up to the optimizer's rate, then run a schedule.

        lr(t) = base_lr f(t / warmup_steps)                for t < warmup_steps
        lr(t) = base_scheduler(t - warmup_steps)           from there on

    where t is the step, and by `warmup_type`

        linear         f(u) = u
        cosine         f(u) = (1 - cos(pi u)) / 2
        exponential    f(u) = u^2

    Returns
    -------
    Schedule; past its end it does what `base_scheduler` does past its own.

    Raises
    ------
    ValueError if `base_scheduler` was made with another rate. That of a composition does not show.

    >>> WarmupScheduler(RexScheduler(90, base_lr=0.5), 10, base_lr=0.5)  # doctest: +NORMALIZE_WHITESPACE
    join(((10, linear(base_lr=0.0, end_lr=0.5, total_steps=10)),
          rex(base_lr=0.5, min_lr=0.0, total_steps=90, beta=0.5)))
    """
    made_with = getattr(base_scheduler, "params", {})
    own = made_with.get("base_lr", made_with.get("lr", base_lr))
    if own != base_lr:
        why = "in the library both begin with the rate that the optimizer has"
        _checks.refuse_foreign("the base_lr of base_scheduler", f"be {base_lr}", own, why)
    if not warmup_steps:
        return join([base_scheduler])
    rises = {
        "linear": linear(base_lr=0.0, end_lr=base_lr, total_steps=warmup_steps),
        "cosine": cosine(base_lr=0.0, min_lr=base_lr, total_steps=warmup_steps),
        "exponential": warmup(constant(lr=base_lr), steps=warmup_steps, shape="polynomial", power=2.0),
    }
    return join([(warmup_steps, rises[warmup_type]), base_scheduler])


@foreign(
    "pytorch_scheduler",
    "CosineAnnealingWarmupRestarts",
    first_cycle_steps=count("the steps of the first cycle, more than `warmup_steps`"),
    warmup_steps=count("the steps of the warmup of each cycle", least=0),
    max_lr=rate("the first peak, at least `min_lr`", NON_NEGATIVE),
    min_lr=rate("the rate at the start of a cycle, and about its end", NON_NEGATIVE),
    cycle_mult=factor("the length of a cycle over that of the one before, at least 1", POSITIVE),
    gamma=factor("a peak over the one before", POSITIVE),
)
def CosineAnnealingWarmupRestarts(
    first_cycle_steps: int,
    warmup_steps: int = 0,
    max_lr: float = 0.1,
    min_lr: float = 0.001,
    cycle_mult: float = 1.0,
    gamma: float = 1.0,
) -> Schedule:
    """Warm up linearly and decay along half a cosine wave, again and again, to another peak each time.

        lr(t) = min_lr + (peak - min_lr) s / warmup_steps                                    for s < warmup_steps
        lr(t) = min_lr + (peak - min_lr) (1 + cos(pi (s - warmup_steps) / (n - warmup_steps))) / 2

    where t is the step, s counts the steps since cycle i began, n = floor(first_cycle_steps cycle_mult^i) is the length
    of the cycle, and peak = max_lr gamma^i. Without a warmup the first step of a cycle has `min_lr` too.

    Returns
    -------
    Schedule; it has no end.

    Raises
    ------
    ValueError if min_lr is above max_lr, if the warmup is as long as the first cycle, or if the cycles shrink.

    Source: Loshchilov and Hutter, SGDR, arXiv 1608.03983.

    >>> CosineAnnealingWarmupRestarts(100, 10, max_lr=1.0, min_lr=0.25)
    repeat(warmup_cosine(base_lr=1.0, min_lr=0.25, warmup_steps=10, total_steps=100, start_lr=0.25), period=100)
    """
    _checks.at_most("min_lr", min_lr, "max_lr", max_lr)
    _checks.less_than("warmup_steps", warmup_steps, "first_cycle_steps", first_cycle_steps)
    if cycle_mult == 1.0:
        steps = first_cycle_steps
        return alike(lambda peak, floor: _cycle(peak, floor, warmup_steps, steps), max_lr, min_lr, steps, gamma)
    if cycle_mult < 1.0:
        _checks.refuse_foreign("cycle_mult", "be at least 1", cycle_mult, "the library does not come to an end")

    def in_turn() -> Iterator[tuple[int, Schedule]]:
        for index in counted():
            steps = int(first_cycle_steps * cycle_mult**index)
            yield steps, _cycle(max_lr * gamma**index, min_lr, warmup_steps, steps)

    return growing(cycle_mult, in_turn())


def _cycle(peak: float, min_lr: float, warmup_steps: int, steps: int) -> Schedule:
    if warmup_steps:
        ends = {"base_lr": peak, "min_lr": min_lr, "start_lr": min_lr}
        return warmup_cosine(**ends, warmup_steps=warmup_steps, total_steps=steps)
    wave = cosine(base_lr=peak, min_lr=min_lr, total_steps=steps)
    return replace_after(constant(lr=min_lr), step=1, other=wave)
