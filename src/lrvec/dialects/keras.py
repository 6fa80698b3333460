"""These are the schedules of Keras by their own names, with its parameters.

Keras computes in float32 unless it is told otherwise, and so is within 1e-6 of the largest rate of what these give. A
`name` is the label that Keras gives to its operations, and stands in the dict of `get_config`; it changes no rate.
"""

from __future__ import annotations

from .. import _checks
from .._registry import KNOTS, NON_NEGATIVE, POSITIVE, RATIO, VALUES, Role, count, exponent, factor, flag, other, rate
from ..schedules import (
    advance,
    constant,
    cosine,
    cosine_restarts,
    every,
    exponential_decay,
    inverse_time,
    join,
    piecewise,
    polynomial,
    product,
    repeat,
    scaled,
    step_decay,
    warmup,
)
from ._foreign import explained, foreign, renaming
from ._powers import slower

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from .._registry import Parameter
    from .._values import Schedule

__all__ = [
    "CosineDecay",
    "CosineDecayRestarts",
    "ExponentialDecay",
    "InverseTimeDecay",
    "PiecewiseConstantDecay",
    "PolynomialDecay",
]

_TEXT = Role("text", "", None, "str", is_number=False)


def _name() -> Parameter:
    return other(_TEXT, "a label, which changes no rate", _checks.text)


@foreign(
    "keras",
    "optimizers.schedules.ExponentialDecay",
    initial_learning_rate=rate("the rate at step 0", POSITIVE),
    decay_steps=count("the steps in which the rate changes by the factor"),
    decay_rate=explained(
        factor("the factor of `decay_steps` steps", POSITIVE),
        "below 0 Keras has no rate between multiples of decay_steps",
    ),
    staircase=flag("whether the rate changes every `decay_steps` steps only"),
    name=_name(),
)
def ExponentialDecay(
    initial_learning_rate: float,
    decay_steps: int,
    decay_rate: float,
    staircase: bool = False,
    name: str = "ExponentialDecay",
) -> Schedule:
    """Multiply the rate by one factor every `decay_steps` steps, continuously or at once.

        lr(t) = initial_learning_rate decay_rate^p

    where t is the step, and p = t / decay_steps, rounded down if `staircase` is true.

    Returns
    -------
    Schedule; it has no end.

    >>> ExponentialDecay(0.5, decay_steps=100, decay_rate=0.25)
    exponential_decay(base_lr=0.5, decay_rate=0.25, decay_steps=100)
    """
    if staircase:
        return step_decay(base_lr=initial_learning_rate, step_size=decay_steps, gamma=decay_rate)
    return exponential_decay(base_lr=initial_learning_rate, decay_rate=decay_rate, decay_steps=decay_steps)


@foreign(
    "keras",
    "optimizers.schedules.PiecewiseConstantDecay",
    boundaries=other(KNOTS, "the last step of each rate but the last one, in ascending order", _checks.knots),
    values=other(VALUES, "the rates, one more", _checks.knot_values),
    name=_name(),
)
def PiecewiseConstantDecay(
    boundaries: Sequence[int], values: Sequence[float], name: str = "PiecewiseConstant"
) -> Schedule:
    """Keep a rate up to a step, then another one, and so on.

        lr(t) = values[i]    for boundaries[i - 1] < t <= boundaries[i]

    where t is the step. A boundary belongs to the rate before it, unlike in optax.

    Returns
    -------
    Schedule; past the last boundary it holds the last rate.

    >>> PiecewiseConstantDecay([30, 60], [1.0, 0.5, 0.25])
    piecewise(steps=(0, 31, 61), values=(1.0, 0.5, 0.25), interpolation='step')
    """
    _checks.one_less("boundaries", boundaries, "values", values)
    return piecewise(steps=[0, *[one + 1 for one in boundaries]], values=values, interpolation="step")


@foreign(
    "keras",
    "optimizers.schedules.PolynomialDecay",
    initial_learning_rate=rate("the rate at step 0"),
    decay_steps=count("the steps from the first rate to the last one"),
    end_learning_rate=rate("the rate at the end"),
    power=exponent("the exponent; with 0 the first rate stays"),
    cycle=flag("whether the rate jumps up behind the end, and comes down again, ever slower"),
    name=_name(),
)
def PolynomialDecay(
    initial_learning_rate: float,
    decay_steps: int,
    end_learning_rate: float = 0.0001,
    power: float = 1.0,
    cycle: bool = False,
    name: str = "PolynomialDecay",
) -> Schedule:
    """Go from one rate to another as a power of the steps that remain, once or in cycles.

        lr(t) = end_learning_rate + (initial_learning_rate - end_learning_rate) (1 - t / T)^power

    where t is the step, and T is decay_steps. In cycles T is the first multiple of decay_steps that is at least t, so
    cycle i, counted from 1, begins at the height 1 / i.

    Returns
    -------
    Schedule; past `decay_steps` it holds `end_learning_rate`, or goes on in cycles.

    >>> PolynomialDecay(1.0, decay_steps=100, end_learning_rate=0.0, power=2.0)
    polynomial(base_lr=1.0, end_lr=0.0, total_steps=100, power=2.0)
    """
    if not cycle or power == 0.0:
        return polynomial(base_lr=initial_learning_rate, end_lr=end_learning_rate, total_steps=decay_steps, power=power)
    remains = advance(polynomial(base_lr=1.0, end_lr=0.0, total_steps=decay_steps, power=power), steps=1)
    heights = [every(one, steps=decay_steps) for one in slower("power", power)]
    curve = product(repeat(remains, period=decay_steps), *heights)
    height = initial_learning_rate - end_learning_rate
    return join([(1, constant(lr=initial_learning_rate)), scaled(curve, factor=height, offset=end_learning_rate)])


@foreign(
    "keras",
    "optimizers.schedules.InverseTimeDecay",
    initial_learning_rate=rate("the rate at step 0"),
    decay_steps=count("the steps in which the divisor grows by `decay_rate`"),
    decay_rate=explained(
        factor("what the divisor grows by in `decay_steps` steps", NON_NEGATIVE), "below 0 the divisor of Keras meets 0"
    ),
    staircase=flag("whether the rate changes every `decay_steps` steps only"),
    name=_name(),
)
def InverseTimeDecay(
    initial_learning_rate: float,
    decay_steps: int,
    decay_rate: float,
    staircase: bool = False,
    name: str = "InverseTimeDecay",
) -> Schedule:
    """Divide the rate by a number that grows with the step, continuously or at once.

        lr(t) = initial_learning_rate / (1 + decay_rate p)

    where t is the step, and p = t / decay_steps, rounded down if `staircase` is true.

    Returns
    -------
    Schedule; it has no end.

    >>> InverseTimeDecay(1.0, decay_steps=100, decay_rate=0.5)
    inverse_time(base_lr=1.0, decay_rate=0.5, decay_steps=100)
    """
    if decay_rate == 0.0:
        return constant(lr=initial_learning_rate)
    return inverse_time(
        base_lr=initial_learning_rate, decay_rate=decay_rate, decay_steps=decay_steps, staircase=staircase or None
    )


@foreign(
    "keras",
    "optimizers.schedules.CosineDecay",
    initial_learning_rate=rate("the rate at step 0"),
    decay_steps=count("the steps of the decay; they do not count the warmup"),
    alpha=factor("the last rate over the one that the decay begins with"),
    name=_name(),
    warmup_target=rate("the rate at the end of the warmup; without it there is none"),
    warmup_steps=count("the steps of the warmup", least=0),
)
def CosineDecay(
    initial_learning_rate: float,
    decay_steps: int,
    alpha: float = 0.0,
    name: str = "CosineDecay",
    warmup_target: float | None = None,
    warmup_steps: int = 0,
) -> Schedule:
    """Warm up linearly if there is a target, then decay along half a cosine wave; `decay_steps` excludes the warmup.

        lr(t) = initial_learning_rate + (peak - initial_learning_rate) t / warmup_steps    for t < warmup_steps
        lr(t) = peak (alpha + (1 - alpha) (1 + cos(pi p)) / 2)                             from there on

    where t is the step, p = (t - warmup_steps) / decay_steps, and peak is `warmup_target` or, without a warmup, the
    initial rate.

    Returns
    -------
    Schedule; past the decay it holds alpha peak.

    Raises
    ------
    ValueError if `warmup_steps` are given without a target: Keras would have no warmup then.

    Source: Loshchilov and Hutter, SGDR, arXiv 1608.03983.

    >>> CosineDecay(0.5, decay_steps=100, alpha=0.25)
    cosine(base_lr=0.5, min_lr=0.125, total_steps=100)
    """
    if warmup_target is None:
        if warmup_steps:
            rule, why = "be 0 without a warmup_target", "Keras would have no warmup"
            _checks.refuse_foreign("warmup_steps", rule, warmup_steps, why)
        return cosine(base_lr=initial_learning_rate, min_lr=alpha * initial_learning_rate, total_steps=decay_steps)
    wave = cosine(base_lr=warmup_target, min_lr=alpha * warmup_target, total_steps=decay_steps)
    return warmup(wave, steps=warmup_steps, start_lr=initial_learning_rate)


def _growing(name: str, value: Any) -> float:
    number = _checks.ratio(name, value)
    if number < 1:
        why = "Keras has no rate behind the cycles of a shrinking length"
        _checks.refuse_foreign(name, "be at least 1", value, why)
    return number


@foreign(
    "keras",
    "optimizers.schedules.CosineDecayRestarts",
    initial_learning_rate=rate("the rate at step 0"),
    first_decay_steps=count("the steps of the first cycle"),
    t_mul=other(RATIO, "the length of a cycle over that of the one before, at least 1", _growing),
    m_mul=factor("the height of a cycle over that of the one before"),
    alpha=factor("the rate at the end of a cycle over the first rate"),
    name=_name(),
)
def CosineDecayRestarts(
    initial_learning_rate: float,
    first_decay_steps: int,
    t_mul: float = 2.0,
    m_mul: float = 1.0,
    alpha: float = 0.0,
    name: str = "SGDRDecay",
) -> Schedule:
    """Decay along half a cosine wave again and again, in cycles that become longer and lower.

        lr(t) = initial_learning_rate (alpha + (1 - alpha) m_mul^i (1 + cos(pi s / n)) / 2)

    where t is the step, s counts the steps since the start of cycle i, and n = first_decay_steps t_mul^i is the length
    of this cycle, which need not be whole. Keras finds the cycle by a logarithm in float32, which may give the end of
    the cycle before at a step where a cycle starts.

    Returns
    -------
    Schedule; it has no end.

    Source: Loshchilov and Hutter, SGDR, arXiv 1608.03983.

    >>> CosineDecayRestarts(0.5, 100, t_mul=1.5, m_mul=0.5, alpha=0.25)
    cosine_restarts(base_lr=0.5, min_lr=0.125, period=100, t_mult=1.5, peak_factor=0.5)
    """
    if t_mul == 1.0 and abs(m_mul) > 1.0:
        why = "the cycles of Keras become higher for ever"
        _checks.refuse_foreign("m_mul", "be from -1 to 1 where t_mul is 1", m_mul, why)
    with renaming({"t_mult": "t_mul", "peak_factor": "m_mul"}):
        return cosine_restarts(
            base_lr=initial_learning_rate,
            min_lr=alpha * initial_learning_rate,
            period=first_decay_steps,
            t_mult=t_mul,
            peak_factor=None if m_mul == 1.0 else m_mul,
        )
