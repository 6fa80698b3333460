"""These factories make decays without an end."""

from __future__ import annotations

from .._lowering.segments import segment
from .._registry import POSITIVE, UNIT, count, factor, rate
from .._values import kind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import overload

    from .._lowering.segments import Segment
    from .._values import Counts, Rates, Schedule, Sweep

if TYPE_CHECKING:

    @overload
    def exponential(*, base_lr: float, gamma: float) -> Schedule: ...
    @overload
    def exponential(*, base_lr: Rates, gamma: Rates) -> Sweep: ...


@kind(
    base_lr=rate("the rate at step 0"),
    gamma=factor("the factor of a step; a negative one alternates the sign, and 0^0 = 1"),
)
def exponential(*, base_lr: float, gamma: float) -> list[Segment]:
    """Multiply the rate by `gamma` at each step.

        lr(t) = base_lr gamma^t

    where t is the step.

    Returns
    -------
    Schedule; it has no end. A growing rate overflows to infinity.

    >>> exponential(base_lr=1.0, gamma=0.5)(3)
    0.125
    """
    return [segment(0, "exponential", base_lr, gamma, 1)]


if TYPE_CHECKING:

    @overload
    def exponential_decay(*, base_lr: float, decay_rate: float, decay_steps: int) -> Schedule: ...
    @overload
    def exponential_decay(*, base_lr: Rates, decay_rate: Rates, decay_steps: Counts) -> Sweep: ...


@kind(
    base_lr=rate("the rate at step 0", POSITIVE),
    decay_rate=factor("the factor of `decay_steps` steps", UNIT),
    decay_steps=count("the steps in which the rate falls by the factor"),
)
def exponential_decay(*, base_lr: float, decay_rate: float, decay_steps: int) -> list[Segment]:
    """Multiply the rate by `decay_rate` every `decay_steps` steps, continuously.

        lr(t) = base_lr decay_rate^(t / decay_steps)

    where t is the step.

    Returns
    -------
    Schedule; it has no end.

    >>> exponential_decay(base_lr=1.0, decay_rate=0.25, decay_steps=100)([0, 50, 100]).tolist()
    [1.0, 0.5, 0.25]
    """
    return [segment(0, "exponential", base_lr, decay_rate, decay_steps)]


if TYPE_CHECKING:

    @overload
    def inverse_sqrt(*, base_lr: float, warmup_steps: int) -> Schedule: ...
    @overload
    def inverse_sqrt(*, base_lr: Rates, warmup_steps: Counts) -> Sweep: ...


@kind(
    base_lr=rate("the rate at the peak"),
    warmup_steps=count("the step of the peak"),
)
def inverse_sqrt(*, base_lr: float, warmup_steps: int) -> list[Segment]:
    """Warm up linearly to `base_lr`, then decay with the inverse square root of the step.

        lr(t) = base_lr t / warmup_steps              for t < warmup_steps
        lr(t) = base_lr sqrt(warmup_steps / t)        from there on

    where t is the step.

    Returns
    -------
    Schedule; it has no end.

    Source: Vaswani et al., Attention Is All You Need, arXiv 1706.03762.

    >>> inverse_sqrt(base_lr=1.0, warmup_steps=4)([0, 2, 4, 16]).tolist()
    [0.0, 0.5, 1.0, 0.5]
    """
    return [
        segment(0, "line", 0.0, base_lr, warmup_steps),
        segment(warmup_steps, "constant", base_lr),
        segment(warmup_steps + 1, "tail", base_lr, 0.0, warmup_steps, 1.0, warmup_steps, 0.5, origin=warmup_steps),
    ]
