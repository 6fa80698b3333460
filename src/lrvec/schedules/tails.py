"""These factories make curves without an end."""

from __future__ import annotations

from .. import _checks
from .._lowering.numbers import first_step_below, product
from .._lowering.segments import At, Waiting, segment
from .._registry import POSITIVE, UNIT_TO_ONE, count, divisor, exponent, factor, flag, how_many, rate
from .._values import kind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, overload

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
    decay_rate=factor("the factor of `decay_steps` steps; above 1 the rate grows", POSITIVE),
    decay_steps=count("the steps in which the rate changes by the factor"),
)
def exponential_decay(*, base_lr: float, decay_rate: float, decay_steps: int) -> list[Segment]:
    """Multiply the rate by `decay_rate` every `decay_steps` steps, continuously.

        lr(t) = base_lr decay_rate^(t / decay_steps)

    where t is the step.

    Returns
    -------
    Schedule; it has no end. A growing rate overflows to infinity.

    >>> exponential_decay(base_lr=1.0, decay_rate=0.25, decay_steps=100)([0, 50, 100]).tolist()
    [1.0, 0.5, 0.25]
    """
    return [segment(0, "exponential", base_lr, decay_rate, decay_steps)]


if TYPE_CHECKING:

    @overload
    def inverse_sqrt(
        *, base_lr: float, warmup_steps: int, timescale: int | None = None, shift: int | None = None
    ) -> Schedule: ...
    @overload
    def inverse_sqrt(
        *, base_lr: Rates, warmup_steps: Counts, timescale: Counts | None = None, shift: Counts | None = None
    ) -> Sweep: ...


@kind(
    base_lr=rate("the rate at the peak, if there is no `shift`"),
    warmup_steps=count("the step of the peak"),
    timescale=count("the steps past the peak at which half of the square is left; by default `warmup_steps`"),
    shift=count("the steps by which the decay has begun before the peak; by default 0", least=0),
)
def inverse_sqrt(
    *, base_lr: float, warmup_steps: int, timescale: int | None = None, shift: int | None = None
) -> list[Segment]:
    """Warm up linearly to the peak, then decay with the inverse square root of the step.

        lr(t) = lr(warmup_steps) t / warmup_steps                                      for t < warmup_steps
        lr(t) = base_lr sqrt(timescale / (timescale + shift + t - warmup_steps))       from there on

    where t is the step. By default that is base_lr sqrt(warmup_steps / t) past the peak.

    Returns
    -------
    Schedule; it has no end.

    Source: Vaswani et al., Attention Is All You Need, arXiv 1706.03762; the timescale stands in transformers, the shift
    in big_vision.

    >>> inverse_sqrt(base_lr=1.0, warmup_steps=4)([0, 2, 4, 16]).tolist()
    [0.0, 0.5, 1.0, 0.5]
    >>> inverse_sqrt(base_lr=1.0, warmup_steps=4, timescale=100)([2, 4, 304]).tolist()
    [0.5, 1.0, 0.5]
    """
    scale = warmup_steps if timescale is None else timescale
    reach = scale if shift is None else product(scale + shift, 1)  # what a double holds, as in a column
    tail = segment(warmup_steps, "tail", base_lr, 0.0, reach, 1.0, scale, 0.5)
    if shift is not None:
        return [segment(0, "line", 0.0, At([tail], warmup_steps, precise=True), warmup_steps), tail]
    return [
        segment(0, "line", 0.0, base_lr, warmup_steps),
        segment(warmup_steps, "constant", base_lr),
        segment(warmup_steps + 1, Waiting("tail"), *tail[3], origin=warmup_steps),
    ]


if TYPE_CHECKING:

    @overload
    def noam(*, model_dim: int, warmup_steps: int, factor: float = 1.0) -> Schedule: ...
    @overload
    def noam(*, model_dim: Counts, warmup_steps: Counts, factor: Rates = 1.0) -> Sweep: ...


@kind(
    model_dim=how_many("the width of the model"),
    warmup_steps=count("the step of the peak"),
    factor=rate("a multiple of the whole curve"),
)
def noam(*, model_dim: int, warmup_steps: int, factor: float = 1.0) -> list[Segment]:
    """Warm up linearly, then decay with the inverse square root of the step, at a height that the model's width gives.

        lr(t) = factor model_dim^(-1/2) min(t^(-1/2), t warmup_steps^(-3/2))

    where t is the step. At step 0 the rate is 0.

    Returns
    -------
    Schedule; it has no end.

    Source: Vaswani et al., Attention Is All You Need, arXiv 1706.03762.

    >>> noam(model_dim=64, warmup_steps=4)([0, 2, 4, 16]).tolist()
    [0.0, 0.03125, 0.0625, 0.03125]
    """
    begin = product(model_dim, warmup_steps)
    tail = segment(warmup_steps, "tail", factor, 0.0, begin, model_dim, 1.0, 0.5)
    return [segment(0, "line", 0.0, At([tail], warmup_steps, precise=True), warmup_steps), tail]


if TYPE_CHECKING:

    @overload
    def inverse_time(
        *, base_lr: float, decay_rate: float, decay_steps: int, staircase: bool | None = None
    ) -> Schedule: ...
    @overload
    def inverse_time(
        *, base_lr: Rates, decay_rate: Rates, decay_steps: Counts, staircase: bool | None = None
    ) -> Sweep: ...


@kind(
    base_lr=rate("the rate at step 0"),
    decay_rate=factor("what the divisor grows by in `decay_steps` steps", POSITIVE),
    decay_steps=count("the steps in which the divisor grows by `decay_rate`"),
    staircase=flag("whether the rate changes every `decay_steps` steps only; by default it does not"),
)
def inverse_time(
    *, base_lr: float, decay_rate: float, decay_steps: int, staircase: bool | None = None
) -> list[Segment]:
    """Divide the rate by a number that grows with the step.

        lr(t) = base_lr / (1 + decay_rate p)

    where t is the step, and p = t / decay_steps, rounded down if `staircase` is true.

    Returns
    -------
    Schedule; it has no end.

    Source: InverseTimeDecay of Keras.

    >>> inverse_time(base_lr=1.0, decay_rate=0.5, decay_steps=10)([0, 20, 60]).tolist()
    [1.0, 0.5, 0.25]
    >>> inverse_time(base_lr=1.0, decay_rate=1.0, decay_steps=2, staircase=True)(range(5)).round(4).tolist()
    [1.0, 1.0, 0.5, 0.5, 0.3333]
    """
    size = 1 if staircase else decay_steps
    curve = [
        segment(0, "constant", base_lr),
        segment(1, Waiting("tail"), base_lr, 0.0, size, decay_rate, size, 1.0, origin=0),
    ]
    return [segment(0, "every", curve, decay_steps)] if staircase else curve


def _apart(parameters: dict[str, Any]) -> None:
    _checks.finite_quotient("base_lr", parameters["base_lr"], "max_lr", parameters["max_lr"])


if TYPE_CHECKING:

    @overload
    def power_law(*, base_lr: float, scale: float, exponent: float = 0.51, max_lr: float) -> Schedule: ...
    @overload
    def power_law(*, base_lr: Rates, scale: Rates, exponent: Rates = 0.51, max_lr: Rates) -> Sweep: ...


@kind(
    _apart,
    base_lr=rate("the rate of the power law at `scale` steps", POSITIVE),
    scale=divisor("the steps, a real number, at which the power law has the rate `base_lr`"),
    exponent=exponent("the exponent", UNIT_TO_ONE),
    max_lr=rate("the rate that none is above", POSITIVE),
)
def power_law(*, base_lr: float, scale: float, exponent: float = 0.51, max_lr: float) -> list[Segment]:
    """Hold `max_lr`, then decay with a power of the step (the power scheduler, before its last decay).

        lr(t) = min(max_lr, base_lr (scale / t)^exponent)

    where t is the step. The paper counts tokens and has base_lr = 4.6 batch_size and the exponent that is the default:
    `scale` is then 1 over the tokens of a step.

    Returns
    -------
    Schedule; it has no end.

    Raises
    ------
    ValueError if base_lr / max_lr is not finite.

    Source: Shen et al., Power Scheduler, arXiv 2408.13359.

    >>> power_law(base_lr=1.0, scale=100.0, exponent=0.5, max_lr=2.0)([0, 25, 100, 400]).tolist()
    [2.0, 2.0, 1.0, 0.5]
    """
    start = first_step_below(base_lr, max_lr, scale, exponent)
    return [
        segment(0, "constant", max_lr),
        segment(start, "tail", base_lr, 0.0, 1.0, 1.0, scale, exponent, origin=1),
    ]


if TYPE_CHECKING:

    @overload
    def log_warmup(*, base_lr: float, warmup_steps: int, start_lr: float = 0.0) -> Schedule: ...
    @overload
    def log_warmup(*, base_lr: Rates, warmup_steps: Counts, start_lr: Rates = 0.0) -> Sweep: ...


@kind(
    base_lr=rate("the rate after the warmup"),
    warmup_steps=count("the steps of the warmup; its last one has `base_lr` already", least=2),
    start_lr=rate("the rate at step 0"),
)
def log_warmup(*, base_lr: float, warmup_steps: int, start_lr: float = 0.0) -> list[Segment]:
    """Warm up with the logarithm of the step, and stay at `base_lr`.

        lr(t) = start_lr + (base_lr - start_lr) ln(1 + t) / ln(warmup_steps)    for t < warmup_steps
        lr(t) = base_lr                                                         from there on

    where t is the step.

    Returns
    -------
    Schedule; from `warmup_steps` - 1 on it holds `base_lr`.

    Source: the logarithmic warmup of DeepSpeed's WarmupLR, https://www.deepspeed.ai/docs/config-json/.

    >>> log_warmup(base_lr=1.0, warmup_steps=16)([0, 1, 3, 15, 16]).tolist()
    [0.0, 0.25, 0.5, 1.0, 1.0]
    """
    return [
        segment(0, "constant", start_lr),
        segment(1, Waiting("log_ramp"), start_lr, base_lr, warmup_steps, origin=0),
        segment(warmup_steps - 1, "constant", base_lr),
    ]
