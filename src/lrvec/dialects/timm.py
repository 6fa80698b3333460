"""These are the schedulers of timm by their own names, as functions of the step.

A scheduler of timm multiplies the rate that the optimizer has, which is the keyword `base_lr` here. All other
parameters are timm's. A step is an update or an epoch, whichever the scheduler is told of; `t_in_epochs` and
`initialize` change no rate. Noise is refused: it is drawn by torch, step by step. Until it is told of step 0, a
scheduler without a warmup leaves the optimizer's own rate there.
"""

from __future__ import annotations

from .. import _checks
from .._registry import (
    LENGTH,
    NON_NEGATIVE,
    POSITIVE,
    RATIO,
    UNIT,
    Role,
    choice,
    count,
    exponent,
    factor,
    flag,
    how_many,
    length,
    number,
    other,
    rate,
)
from ..schedules import (
    advance,
    clipped,
    constant,
    cosine,
    cycles,
    every,
    exponential,
    join,
    linear,
    multi_step,
    polynomial,
    product,
    repeat,
    replace_after,
    root_decay,
    scaled,
    step_decay,
    stretched,
    tanh_decay,
    warmup,
    warmup_stable_decay,
)
from ._foreign import explained, foreign, renaming
from ._powers import slower

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from .._registry import Parameter
    from .._values import Schedule

__all__ = [
    "CosineLRScheduler",
    "MultiStepLRScheduler",
    "PolyLRScheduler",
    "StepLRScheduler",
    "TanhLRScheduler",
    "WSDLRScheduler",
    "create_scheduler_v2",
]

_NOISE = Role("noise", "", None, "None", is_number=False)
_MILESTONES = Role("milestones", "steps", None, "sequence of ints, in steps", is_number=False)


def _peak() -> Parameter:
    return rate("the rate that the optimizer has")


def _no_noise(name: str, value: Any) -> None:
    _checks.refuse_foreign(name, "be None", value, "timm draws noise from a generator of torch at each step")


def _noise(name: str = "noise_range_t") -> dict[str, Parameter]:
    return {
        name: other(_NOISE, "nothing but None: where timm adds noise", _no_noise),
        "noise_pct": number("a bound of the noise"),
        "noise_std": number("the size of the noise"),
        "noise_seed": number("the seed of the noise"),
    }


def _warmups() -> dict[str, Parameter]:
    return {
        "warmup_t": count("the steps of the warmup", least=0),
        "warmup_lr_init": rate("the rate at step 0, if there is a warmup", NON_NEGATIVE),
        "warmup_prefix": flag("whether the clock of the curve starts behind the warmup, or at step 0"),
    }


def _flags() -> dict[str, Parameter]:
    return {
        "t_in_epochs": flag("whether a step is an epoch or an update"),
        "initialize": flag("whether the optimizer's rate is noted in its groups"),
    }


def _ratio_of_lengths(name: str, value: Any) -> float:
    checked = _checks.ratio(name, value)
    if checked < 1:
        why = "timm has no rate from step t_initial / (1 - cycle_mul) on"
        _checks.refuse_foreign(name, "be at least 1", value, why)
    return checked


def _cycles() -> dict[str, Parameter]:
    return {
        "t_initial": count("the steps of the first cycle"),
        "lr_min": rate("the rate at the end of a cycle", NON_NEGATIVE),
        "cycle_mul": other(RATIO, "the length of a cycle over that of the one before, at least 1", _ratio_of_lengths),
        "cycle_decay": factor("the peak of a cycle over that of the one before", NON_NEGATIVE),
        "cycle_limit": how_many("the cycles; from their end on the rate is `lr_min`", least=0),
    }


def _k_decay() -> Parameter:
    return explained(
        exponent("the exponent of the share of the cycle that is done", POSITIVE),
        "for 0 the rate of timm is `lr_min` at once",
    )


def _warmed(curve: Schedule, base_lr: float, warmup_t: int, warmup_lr_init: float, warmup_prefix: bool) -> Schedule:
    """Puts a warmup in front of a curve, or over its first steps."""
    if not warmup_t:
        return curve
    line = linear(base_lr=warmup_lr_init, end_lr=base_lr, total_steps=warmup_t)
    return join([(warmup_t, line), curve]) if warmup_prefix else replace_after(line, step=warmup_t, other=curve)


def _in_cycles(
    curve: Callable[[float, int], Schedule],
    between: Callable[[float, float], Schedule] | None,
    base_lr: float,
    t_initial: int,
    lr_min: float,
    cycle_mul: float,
    cycle_decay: float,
    cycle_limit: int,
) -> Schedule:
    """Makes cycles of a curve, which is given its peak and its length, and ends at `lr_min`.

    `between` makes the first one of cycles that begin between steps, by its two ends, if the curve has values there.
    """
    if cycle_limit == 1:
        return curve(base_lr, t_initial)
    if cycle_limit and not isinstance(cycle_mul, int):
        if between is None:
            why = "the cycles of timm begin between steps, where lrvec has no values of this curve"
            _checks.refuse_foreign("cycle_mul", "be whole", cycle_mul, why)
        longer: dict[str, Any] = {"length": t_initial, "t_mult": cycle_mul, "count": cycle_limit}
        if cycle_decay == 1.0 or lr_min == 0.0:
            return cycles(between(base_lr, lr_min), peak_factor=cycle_decay, **longer)
        return cycles(between(base_lr, 0.0), peak_factor=cycle_decay, **longer) + cycles(between(0.0, lr_min), **longer)
    if cycle_mul == cycle_decay == 1 and cycle_limit:
        return repeat(curve(base_lr, t_initial), period=t_initial, count=cycle_limit, then=constant(lr=lr_min))
    phases: list[Any] = []
    begin, steps, ratio = 0, t_initial, int(cycle_mul)
    for cycle in range(cycle_limit):
        peak = base_lr * cycle_decay**cycle
        if begin + steps > _checks.LAST_STEP:
            return join([*phases, stretched(curve(peak, steps // ratio), by=ratio) if phases else curve(peak, steps)])
        phases.append((steps, curve(peak, steps)))
        begin, steps = begin + steps, steps * ratio
    return join([*phases, constant(lr=lr_min)])


@foreign(
    "timm",
    "scheduler.CosineLRScheduler",
    **_cycles(),
    **_warmups(),
    **_noise(),
    k_decay=_k_decay(),
    **_flags(),
    base_lr=_peak(),
)
def CosineLRScheduler(
    t_initial: int,
    lr_min: float = 0.0,
    cycle_mul: float = 1.0,
    cycle_decay: float = 1.0,
    cycle_limit: int = 1,
    warmup_t: int = 0,
    warmup_lr_init: float = 0.0,
    warmup_prefix: bool = False,
    t_in_epochs: bool = True,
    noise_range_t: None = None,
    noise_pct: float = 0.67,
    noise_std: float = 1.0,
    noise_seed: int = 42,
    k_decay: float = 1.0,
    initialize: bool = True,
    *,
    base_lr: float,
) -> Schedule:
    """Decay along half a cosine wave, once or in cycles, behind or under a linear warmup.

        lr(t) = warmup_lr_init + (base_lr - warmup_lr_init) t / warmup_t             for t < warmup_t
        lr(t) = lr_min + (base_lr cycle_decay^i - lr_min) (1 + cos(pi u^k)) / 2      from there on

    where t is the step, k is k_decay, u is the share of cycle i that is done, and the cycles begin at step `warmup_t`
    if `warmup_prefix` is true. By itself it is false: the first cycle begins at step 0, under the warmup, and the rate
    jumps down behind the warmup. Where `cycle_mul` is not 1, timm finds the cycle by a rounded logarithm, and may be
    one cycle off at its first step; here a cycle begins where it should.

    Returns
    -------
    Schedule; behind the last cycle it holds `lr_min`.

    Raises
    ------
    ValueError if there are several cycles, and neither cycle_mul is whole nor k_decay is 1.

    Source: Loshchilov and Hutter, SGDR, arXiv 1608.03983; k_decay: Zhang and Li, arXiv 2004.05909.

    >>> CosineLRScheduler(100, warmup_t=5, warmup_prefix=True, base_lr=0.5)
    join(((5, linear(base_lr=0.0, end_lr=0.5, total_steps=5)), cosine(base_lr=0.5, min_lr=0.0, total_steps=100)))
    """

    def curve(peak: float, steps: int) -> Schedule:
        return cosine(base_lr=peak, min_lr=lr_min, total_steps=steps, k=None if k_decay == 1.0 else k_decay)

    def between(first: float, last: float) -> Schedule:
        return cosine(base_lr=first, min_lr=last, total_steps=t_initial)

    run = (base_lr, t_initial, lr_min, cycle_mul, cycle_decay, cycle_limit)
    waves = _in_cycles(curve, between if k_decay == 1.0 else None, *run)
    return _warmed(waves, base_lr, warmup_t, warmup_lr_init, warmup_prefix)


@foreign(
    "timm",
    "scheduler.TanhLRScheduler",
    lb=number("the argument of the hyperbolic tangent at the start of a cycle, less than `ub`"),
    ub=number("its argument at the end of a cycle"),
    **_cycles(),
    **_warmups(),
    **_noise(),
    **_flags(),
    base_lr=_peak(),
)
def TanhLRScheduler(
    t_initial: int,
    lb: float = -7.0,
    ub: float = 3.0,
    lr_min: float = 0.0,
    cycle_mul: float = 1.0,
    cycle_decay: float = 1.0,
    cycle_limit: int = 1,
    warmup_t: int = 0,
    warmup_lr_init: float = 0.0,
    warmup_prefix: bool = False,
    t_in_epochs: bool = True,
    noise_range_t: None = None,
    noise_pct: float = 0.67,
    noise_std: float = 1.0,
    noise_seed: int = 42,
    initialize: bool = True,
    *,
    base_lr: float,
) -> Schedule:
    """Decay along a hyperbolic tangent, once or in cycles, behind or under a linear warmup.

        lr(t) = warmup_lr_init + (top - warmup_lr_init) t / warmup_t                                  for t < warmup_t
        lr(t) = lr_min + (base_lr cycle_decay^i - lr_min) (1 - tanh(lb (1 - u) + ub u)) / 2          from there on

    where t is the step, and u is the share of cycle i that is done. If `warmup_prefix` is true, the cycles begin at
    step `warmup_t`, and top is base_lr; if not, they begin at step 0, and top is what they give at step `warmup_t`.

    Returns
    -------
    Schedule; behind the last cycle it holds `lr_min`.

    Raises
    ------
    ValueError if there are several cycles, and cycle_mul is not whole.

    Source: Hsueh, Li and Wu, Stochastic Gradient Descent with Hyperbolic-Tangent Decay, arXiv 1806.01593.

    >>> TanhLRScheduler(100, base_lr=0.5)
    tanh_decay(base_lr=0.5, min_lr=0.0, total_steps=100, low=-7.0, high=3.0)
    """
    _checks.less_than("lb", lb, "ub", ub)

    def curve(peak: float, steps: int) -> Schedule:
        return tanh_decay(base_lr=peak, min_lr=lr_min, total_steps=steps, low=lb, high=ub)

    falls = _in_cycles(curve, None, base_lr, t_initial, lr_min, cycle_mul, cycle_decay, cycle_limit)
    if warmup_t and not warmup_prefix:
        return warmup(advance(falls, steps=warmup_t), steps=warmup_t, start_lr=warmup_lr_init)
    return _warmed(falls, base_lr, warmup_t, warmup_lr_init, warmup_prefix)


@foreign(
    "timm",
    "scheduler.PolyLRScheduler",
    power=explained(
        exponent("the exponent of the curve", POSITIVE), "for 0 the rate of timm falls behind the last step"
    ),
    **_cycles(),
    **_warmups(),
    **_noise(),
    k_decay=_k_decay(),
    **_flags(),
    base_lr=_peak(),
)
def PolyLRScheduler(
    t_initial: int,
    power: float = 0.5,
    lr_min: float = 0.0,
    cycle_mul: float = 1.0,
    cycle_decay: float = 1.0,
    cycle_limit: int = 1,
    warmup_t: int = 0,
    warmup_lr_init: float = 0.0,
    warmup_prefix: bool = False,
    t_in_epochs: bool = True,
    noise_range_t: None = None,
    noise_pct: float = 0.67,
    noise_std: float = 1.0,
    noise_seed: int = 42,
    k_decay: float = 1.0,
    initialize: bool = True,
    *,
    base_lr: float,
) -> Schedule:
    """Decay as a power of what remains, once or in cycles, behind or under a linear warmup.

        lr(t) = warmup_lr_init + (base_lr - warmup_lr_init) t / warmup_t             for t < warmup_t
        lr(t) = lr_min + (base_lr cycle_decay^i - lr_min) (1 - u^k)^power            from there on

    where t is the step, k is k_decay, u is the share of cycle i that is done, and the cycles begin at step `warmup_t`
    if `warmup_prefix` is true, and otherwise at step 0.

    Returns
    -------
    Schedule; behind the last cycle it holds `lr_min`.

    Raises
    ------
    ValueError if k_decay is neither 1 nor 2 and the power is not whole: lrvec has no such curve. ValueError too if
    there are several cycles, cycle_mul is not whole, and the curve is no line.

    Source: k_decay: Zhang and Li, arXiv 2004.05909.

    >>> PolyLRScheduler(100, power=2.0, base_lr=0.5)
    polynomial(base_lr=0.5, end_lr=0.0, total_steps=100, power=2.0)
    """
    if k_decay not in (1.0, 2.0) and power % 1.0:
        rule = "be whole where k_decay is neither 1 nor 2"
        _checks.refuse_foreign("power", rule, power, "lrvec has no other curve of 1 - u^k")

    def curve(peak: float, steps: int) -> Schedule:
        if k_decay == 1.0:
            return polynomial(base_lr=peak, end_lr=lr_min, total_steps=steps, power=power)
        if k_decay == 2.0:
            return root_decay(base_lr=peak, min_lr=lr_min, total_steps=steps, power=power)
        one = warmup(constant(lr=0.0), steps=steps, start_lr=1.0, shape="polynomial", power=k_decay)
        return scaled(product(*[one] * int(power)), factor=peak - lr_min, offset=lr_min)

    def between(first: float, last: float) -> Schedule:
        return linear(base_lr=first, end_lr=last, total_steps=t_initial)

    run = (base_lr, t_initial, lr_min, cycle_mul, cycle_decay, cycle_limit)
    falls = _in_cycles(curve, between if power == k_decay == 1.0 else None, *run)
    return _warmed(falls, base_lr, warmup_t, warmup_lr_init, warmup_prefix)


@foreign(
    "timm",
    "scheduler.StepLRScheduler",
    decay_t=length("the steps between two drops"),
    decay_rate=factor("the factor of a drop"),
    **_warmups(),
    **_noise(),
    **_flags(),
    base_lr=_peak(),
)
def StepLRScheduler(
    decay_t: float,
    decay_rate: float = 1.0,
    warmup_t: int = 0,
    warmup_lr_init: float = 0.0,
    warmup_prefix: bool = True,
    t_in_epochs: bool = True,
    noise_range_t: None = None,
    noise_pct: float = 0.67,
    noise_std: float = 1.0,
    noise_seed: int = 42,
    initialize: bool = True,
    *,
    base_lr: float,
) -> Schedule:
    """Multiply the rate by `decay_rate` every `decay_t` steps, behind or under a linear warmup.

        lr(t) = warmup_lr_init + (base_lr - warmup_lr_init) t / warmup_t    for t < warmup_t
        lr(t) = base_lr decay_rate^floor(s / decay_t)                       from there on

    where t is the step, and s = t - warmup_t if `warmup_prefix` is true, and otherwise s = t. The drops may be any real
    number of steps apart.

    Returns
    -------
    Schedule; it has no end.

    >>> StepLRScheduler(30, decay_rate=0.5, base_lr=1.0)
    step_decay(base_lr=1.0, step_size=30, gamma=0.5)
    """
    if isinstance(decay_t, int):
        stairs = step_decay(base_lr=base_lr, step_size=decay_t, gamma=decay_rate)
    else:
        stairs = every(exponential(base_lr=base_lr, gamma=decay_rate), steps=decay_t)
    return _warmed(stairs, base_lr, warmup_t, warmup_lr_init, warmup_prefix)


def _milestones(name: str, value: Any) -> list[int]:
    steps = _checks.counts(name, value, 0)
    if steps != sorted(steps):
        _checks.refuse_foreign(name, "be in ascending order", steps, "timm looks for the step by bisection")
    return steps


@foreign(
    "timm",
    "scheduler.MultiStepLRScheduler",
    decay_t=other(_MILESTONES, "the milestones in ascending order: the rate drops a step before each", _milestones),
    decay_rate=factor("the factor of a drop"),
    **_warmups(),
    **_noise(),
    **_flags(),
    base_lr=_peak(),
)
def MultiStepLRScheduler(
    decay_t: Sequence[int],
    decay_rate: float = 1.0,
    warmup_t: int = 0,
    warmup_lr_init: float = 0.0,
    warmup_prefix: bool = True,
    t_in_epochs: bool = True,
    noise_range_t: None = None,
    noise_pct: float = 0.67,
    noise_std: float = 1.0,
    noise_seed: int = 42,
    initialize: bool = True,
    *,
    base_lr: float,
) -> Schedule:
    """Multiply the rate by `decay_rate` one step before each milestone, behind or under a linear warmup.

        lr(t) = warmup_lr_init + (base_lr - warmup_lr_init) t / warmup_t    for t < warmup_t
        lr(t) = base_lr decay_rate^n                                        from there on

    where t is the step, n counts the milestones m with m <= s + 1, and s = t - warmup_t if `warmup_prefix` is true, and
    otherwise s = t. timm keeps the one step for the sake of earlier runs.

    Returns
    -------
    Schedule; past the last milestone it holds the rate that it has there.

    >>> MultiStepLRScheduler([30, 60], decay_rate=0.5, base_lr=1.0)
    multi_step(base_lr=1.0, milestones=(29, 59), gamma=0.5)
    """
    later = [milestone - 1 for milestone in decay_t if milestone > 1]
    first = base_lr * decay_rate ** (len(decay_t) - len(later))
    stairs = multi_step(base_lr=first, milestones=later, gamma=decay_rate)
    return _warmed(stairs, base_lr, warmup_t, warmup_lr_init, warmup_prefix)


_DECAYS = ("linear", "1-sqrt", "cosine", "power", "exp")


def _fall(decay_fn: str, first: float, last: float, steps: int, decay_power: float, decay_ratio: float) -> Schedule:
    """Makes the decay of WSDLRScheduler: a warmup downwards, for the shapes of a warmup are the very ones."""
    shapes: dict[str, dict[str, Any]] = {
        "linear": {"shape": "linear"},
        "1-sqrt": {"shape": "sqrt"},
        "cosine": {"shape": "cosine"},
        "power": {"shape": "polynomial", "power": decay_power},
        "exp": {"shape": "exponential", "ratio": decay_ratio},
    }
    return warmup(constant(lr=last), steps=steps, start_lr=first, **shapes[decay_fn])


@foreign(
    "timm",
    "scheduler.WSDLRScheduler",
    t_initial=count("the steps of the plateau and the decay"),
    decay_t=count("the steps of the decay, at most `t_initial`"),
    lr_min=rate("the rate at the end, at most `base_lr`", NON_NEGATIVE),
    stable_fn=choice("the curve before the decay", ("constant", "rsqrt", "power")),
    stable_timescale=other(LENGTH, "the unit of that curve's clock, by default `warmup_t`", _checks.positive),
    stable_power=exponent("the exponent of the curve before the decay, if that is a power", POSITIVE),
    decay_fn=choice("the curve of the decay", _DECAYS),
    decay_power=exponent("the exponent of the decay, if that is a power", POSITIVE),
    decay_ratio=factor("what an exponential decay would go to, over what it starts from", UNIT),
    warmup_t=count("the steps of the warmup", least=0),
    warmup_lr_init=rate("the rate at step 0, if there is a warmup", NON_NEGATIVE),
    **_noise(),
    **_flags(),
    base_lr=rate("the rate that the optimizer has", NON_NEGATIVE),
)
def WSDLRScheduler(
    t_initial: int,
    decay_t: int,
    lr_min: float = 0.0,
    stable_fn: str = "constant",
    stable_timescale: float | None = None,
    stable_power: float = 0.5,
    decay_fn: str = "1-sqrt",
    decay_power: float = 0.5,
    decay_ratio: float = 0.1,
    warmup_t: int = 0,
    warmup_lr_init: float = 0.0,
    t_in_epochs: bool = True,
    noise_range_t: None = None,
    noise_pct: float = 0.67,
    noise_std: float = 1.0,
    noise_seed: int = 42,
    initialize: bool = True,
    *,
    base_lr: float,
) -> Schedule:
    """Warm up, stay on a plateau or on a slow tail, and decay at the very end (warmup-stable-decay).

        lr(t) = warmup_lr_init + (base_lr - warmup_lr_init) t / warmup_t    for t < warmup_t
        lr(t) = max(base_lr f(s), lr_min)                                   up to the decay
        lr(t) = lr_min + (max(base_lr f(s), lr_min) - lr_min) g(u)          in the decay

    where t is the step, s = t - warmup_t, u is the share of the decay that is done, and by `stable_fn` and `decay_fn`

        constant    f(s) = 1                                      linear    g(u) = 1 - u
        rsqrt       f(s) = 1 / sqrt(1 + s / timescale)            1-sqrt    g(u) = 1 - sqrt(u)
        power       f(s) = (1 + s / timescale)^-stable_power      cosine    g(u) = (1 + cos(pi u)) / 2
                                                                  power     g(u) = 1 - u^decay_power
                                                                  exp       g(u) = (r^u - r) / (1 - r), r = decay_ratio

    A tail goes on during the decay.

    Returns
    -------
    Schedule; from warmup_t + t_initial on it holds `lr_min`.

    Raises
    ------
    ValueError if the decay is longer than t_initial, or if lr_min is above base_lr.
    TypeError if a tail has neither a timescale nor a warmup.

    Source: Hu et al., MiniCPM, arXiv 2404.06395; Haegele et al., arXiv 2405.18392.

    >>> WSDLRScheduler(100, 20, warmup_t=5, base_lr=0.5)  # doctest: +NORMALIZE_WHITESPACE
    warmup_stable_decay(base_lr=0.5, warmup_steps=5, decay_steps=20, total_steps=105, final_lr=0.0, warmup_start=0.0,
                        decay_shape='1-sqrt')
    """
    _checks.at_most("decay_t", decay_t, "t_initial", t_initial)
    _checks.at_most("lr_min", lr_min, "base_lr", base_lr)
    flat = t_initial - decay_t
    if stable_fn == "constant" and decay_fn in ("linear", "1-sqrt", "cosine"):
        return warmup_stable_decay(
            base_lr=base_lr,
            warmup_steps=warmup_t,
            decay_steps=decay_t,
            total_steps=warmup_t + t_initial,
            final_lr=lr_min,
            warmup_start=warmup_lr_init if warmup_t else base_lr,
            decay_shape=decay_fn,
        )
    if stable_fn == "constant":
        fall = _fall(decay_fn, base_lr, lr_min, decay_t, decay_power, decay_ratio)
        curve = join([(flat, constant(lr=base_lr)), fall])
    else:
        timescale = _checks.needed("stable_timescale", stable_timescale or warmup_t or None, "a tail without a warmup")
        powers = slower("stable_power", 0.5 if stable_fn == "rsqrt" else stable_power)
        tail = scaled(stretched(product(*powers), by=timescale), factor=base_lr)
        fall = join([(flat, constant(lr=1.0)), _fall(decay_fn, 1.0, 0.0, decay_t, decay_power, decay_ratio)])
        curve = product(clipped(tail, low=lr_min) - lr_min, fall) + lr_min if lr_min else product(tail, fall)
    return _warmed(curve, base_lr, warmup_t, warmup_lr_init, warmup_prefix=True)


_NAMES = ("cosine", "tanh", "step", "constant", "multistep", "poly", "wsd", "rsqrt", "none")


@foreign(
    "timm",
    "scheduler.create_scheduler_v2",
    sched=choice("the name", _NAMES),
    num_epochs=count("the epochs of the schedule"),
    decay_epochs=other(
        LENGTH,
        "the epochs between two drops, by default 90, or of the decay of wsd and rsqrt; there a number below 1 is its "
        "share of the run, by default 0.2",
        _checks.positive,
    ),
    decay_milestones=other(_MILESTONES, "the epochs of multistep, in ascending order", _milestones),
    cooldown_epochs=count("the epochs that are trained behind the end", least=0),
    patience_epochs=count("what only a plateau uses", least=0),
    decay_rate=factor("the factor of a drop, or the exponent of poly"),
    min_lr=rate("the rate at the end", NON_NEGATIVE),
    warmup_lr=rate("the rate at step 0, if there is a warmup", NON_NEGATIVE),
    warmup_epochs=count("the epochs of the warmup", least=0),
    warmup_prefix=flag("whether the curve begins behind the warmup, or at step 0"),
    **_noise("noise"),
    cycle_mul=other(RATIO, "the length of a cycle over that of the one before, at least 1", _ratio_of_lengths),
    cycle_decay=factor("the peak of a cycle over that of the one before", NON_NEGATIVE),
    cycle_limit=how_many("the cycles", least=0),
    k_decay=_k_decay(),
    decay_fn=choice("the decay of wsd and rsqrt, by default 1-sqrt and linear", _DECAYS),
    stable_timescale=other(LENGTH, "the epochs in the unit of the tail's clock", _checks.positive),
    plateau_mode=choice("what only a plateau uses", ("max", "min")),
    step_on_epochs=flag("whether a step is an epoch, or an update"),
    updates_per_epoch=count("the updates of an epoch, if a step is an update", least=0),
    base_lr=_peak(),
)
def create_scheduler_v2(
    sched: str = "cosine",
    num_epochs: int = 300,
    decay_epochs: float | None = None,
    decay_milestones: Sequence[int] = (90, 180, 270),
    cooldown_epochs: int = 0,
    patience_epochs: int = 10,
    decay_rate: float = 0.1,
    min_lr: float = 0.0,
    warmup_lr: float = 1e-5,
    warmup_epochs: int = 0,
    warmup_prefix: bool = False,
    noise: None = None,
    noise_pct: float = 0.67,
    noise_std: float = 1.0,
    noise_seed: int = 42,
    cycle_mul: float = 1.0,
    cycle_decay: float = 0.1,
    cycle_limit: int = 1,
    k_decay: float = 1.0,
    decay_fn: str | None = None,
    stable_timescale: float | None = None,
    plateau_mode: str = "max",
    step_on_epochs: bool = True,
    updates_per_epoch: int = 0,
    *,
    base_lr: float,
) -> Schedule:
    """Make the schedule of a name, as timm's training script does. The functions of this module have the formulas.

    The name "none" leaves the optimizer's rate as it is. The name plateau follows a metric, and is no schedule: see
    `lrvec.reduce_on_plateau`.

    Returns
    -------
    Schedule; past its end it does what the function of that name says.

    Raises
    ------
    ValueError if a step is an update and `updates_per_epoch` is 0, or if the decay of wsd or rsqrt does not fit.

    >>> create_scheduler_v2(num_epochs=100, base_lr=0.5)
    cosine(base_lr=0.5, min_lr=0.0, total_steps=100)
    """
    updates = 1
    if not step_on_epochs:
        updates = _checks.positive_count("updates_per_epoch", updates_per_epoch)
    steps, warmup_t = num_epochs * updates, warmup_epochs * updates
    warmed: dict[str, Any] = {"warmup_t": warmup_t, "warmup_lr_init": warmup_lr, "base_lr": base_lr}
    cycles: dict[str, Any] = {"cycle_mul": cycle_mul, "cycle_decay": cycle_decay, "cycle_limit": cycle_limit}
    cycles["lr_min"] = min_lr
    if sched == "none":
        return constant(lr=base_lr)
    if sched == "cosine":
        return CosineLRScheduler(steps, k_decay=k_decay, warmup_prefix=warmup_prefix, **cycles, **warmed)
    if sched == "tanh":
        return TanhLRScheduler(steps, warmup_prefix=warmup_prefix, **cycles, **warmed)
    if sched == "poly":
        cycles |= {"power": decay_rate, "k_decay": k_decay}
        with renaming({"power": "decay_rate"}):
            return PolyLRScheduler(steps, warmup_prefix=warmup_prefix, **cycles, **warmed)
    if sched == "constant":
        return StepLRScheduler(1, warmup_prefix=warmup_prefix, **warmed)
    if sched == "step":
        decay_t = (90 if decay_epochs is None else decay_epochs) * updates
        return StepLRScheduler(decay_t, decay_rate=decay_rate, warmup_prefix=warmup_prefix, **warmed)
    if sched == "multistep":
        milestones = [milestone * updates for milestone in decay_milestones]
        return MultiStepLRScheduler(milestones, decay_rate=decay_rate, warmup_prefix=warmup_prefix, **warmed)
    if not warmup_prefix:
        _checks.less_than("warmup_epochs", warmup_epochs, "num_epochs", num_epochs)
    run = steps if warmup_prefix else steps - warmup_t
    decay = 0.2 if decay_epochs is None else decay_epochs
    decay_t = round(decay * run if decay < 1 else decay * updates)
    if not 1 <= decay_t <= run:
        _checks.refuse_foreign(
            "decay_epochs", f"give a decay of 1 to {run} steps", decay, f"it would be {decay_t} long"
        )
    is_tail = sched == "rsqrt"
    return WSDLRScheduler(
        run,
        decay_t,
        lr_min=min_lr,
        stable_fn="rsqrt" if is_tail else "constant",
        stable_timescale=None if stable_timescale is None else stable_timescale * updates,
        decay_fn=decay_fn or ("linear" if is_tail else "1-sqrt"),
        **warmed,
    )
