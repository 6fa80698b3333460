"""These factories make decays from one rate to another, which they reach at a step and hold from there on."""

from __future__ import annotations

from .. import _checks
from .._lowering.numbers import is_exactly, quotient, where
from .._lowering.segments import Waiting, hold, segment
from .._registry import POSITIVE, count, exponent, factor, number, rate
from .._values import kind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, overload

    from .._lowering.segments import Segment
    from .._values import Counts, Rates, Schedule, Sweep

if TYPE_CHECKING:

    @overload
    def linear(*, base_lr: float, end_lr: float, total_steps: int) -> Schedule: ...
    @overload
    def linear(*, base_lr: Rates, end_lr: Rates, total_steps: Counts) -> Sweep: ...


@kind(
    base_lr=rate("the rate at step 0"),
    end_lr=rate("the rate at the end"),
    total_steps=count("the step at which the last rate is reached"),
)
def linear(*, base_lr: float, end_lr: float, total_steps: int) -> list[Segment]:
    """Go from `base_lr` to `end_lr` in a straight line.

        lr(t) = base_lr + (end_lr - base_lr) t / total_steps

    where t is the step.

    Returns
    -------
    Schedule; past `total_steps` it holds `end_lr`.

    >>> linear(base_lr=0.0, end_lr=1.0, total_steps=4)(range(6)).tolist()
    [0.0, 0.25, 0.5, 0.75, 1.0, 1.0]
    """
    return [
        segment(0, "line", base_lr, end_lr, total_steps),
        segment(total_steps, "constant", end_lr),
    ]


def _finite_ratios(parameters: dict[str, Any]) -> None:
    base_lr, end_lr = parameters["base_lr"], parameters["end_lr"]
    _checks.finite_quotient("base_lr", base_lr, "end_lr", end_lr)
    _checks.finite_quotient("end_lr", end_lr, "base_lr", base_lr)


if TYPE_CHECKING:

    @overload
    def exponential_to(*, base_lr: float, end_lr: float, total_steps: int) -> Schedule: ...
    @overload
    def exponential_to(*, base_lr: Rates, end_lr: Rates, total_steps: Counts) -> Sweep: ...


@kind(
    _finite_ratios,
    base_lr=rate("the rate at step 0", POSITIVE),
    end_lr=rate("the rate at the end", POSITIVE),
    total_steps=count("the step at which the last rate is reached"),
)
def exponential_to(*, base_lr: float, end_lr: float, total_steps: int) -> list[Segment]:
    """Go from `base_lr` to `end_lr` by one factor a step, up or down.

        lr(t) = base_lr (end_lr / base_lr)^(t / total_steps)

    where t is the step.

    Returns
    -------
    Schedule; past `total_steps` it holds `end_lr`.

    Raises
    ------
    ValueError if base_lr / end_lr or end_lr / base_lr is not finite.

    Source: the range test of Smith, Cyclical Learning Rates for Training Neural Networks, arXiv 1506.01186, as most
    libraries run it.

    >>> exponential_to(base_lr=1.0, end_lr=16.0, total_steps=4)(range(6)).tolist()
    [1.0, 2.0, 4.0, 8.0, 16.0, 16.0]
    """
    return [
        segment(0, "exponential", base_lr, quotient(end_lr, base_lr), total_steps),
        segment(total_steps, "constant", end_lr),
    ]


if TYPE_CHECKING:

    @overload
    def polynomial(*, base_lr: float, end_lr: float, total_steps: int, power: float) -> Schedule: ...
    @overload
    def polynomial(*, base_lr: Rates, end_lr: Rates, total_steps: Counts, power: Rates) -> Sweep: ...


@kind(
    base_lr=rate("the rate at step 0"),
    end_lr=rate("the rate at the end"),
    total_steps=count("the step at which the last rate is reached"),
    power=exponent("the exponent; with 0 the rate stays at `base_lr`"),
)
def polynomial(*, base_lr: float, end_lr: float, total_steps: int, power: float) -> list[Segment]:
    """Go from `base_lr` to `end_lr` as a power of the steps that remain.

        lr(t) = end_lr + (base_lr - end_lr) (1 - t / total_steps)^power

    where t is the step.

    Returns
    -------
    Schedule; past `total_steps` it holds `end_lr`.

    >>> polynomial(base_lr=1.0, end_lr=0.0, total_steps=4, power=2.0)(range(6)).tolist()
    [1.0, 0.5625, 0.25, 0.0625, 0.0, 0.0]
    """
    return _power_of_what_remains(base_lr, end_lr, total_steps, power)


if TYPE_CHECKING:

    @overload
    def polynomial_decay(*, start_lr: float, end_lr: float, total_steps: int, power: float) -> Schedule: ...
    @overload
    def polynomial_decay(*, start_lr: Rates, end_lr: Rates, total_steps: Counts, power: Rates) -> Sweep: ...


@kind(
    start_lr=rate("the rate at step 0"),
    end_lr=rate("the rate at the end"),
    total_steps=count("the step at which the last rate is reached"),
    power=exponent("the exponent", POSITIVE),
)
def polynomial_decay(*, start_lr: float, end_lr: float, total_steps: int, power: float) -> list[Segment]:
    """Go from `start_lr` to `end_lr` as a positive power of the steps that remain.

        lr(t) = end_lr + (start_lr - end_lr) (1 - t / total_steps)^power

    where t is the step. The kind `polynomial` has the same curve: it calls the first rate `base_lr`, and takes a power
    of 0 too.

    Returns
    -------
    Schedule; past `total_steps` it holds `end_lr`.

    >>> polynomial_decay(start_lr=1.0, end_lr=0.5, total_steps=2, power=1.0)(range(4)).tolist()
    [1.0, 0.75, 0.5, 0.5]
    """
    return _power_of_what_remains(start_lr, end_lr, total_steps, power)


def _power_of_what_remains(first: float, last: float, length: int, power: float) -> list[Segment]:
    is_line = is_exactly(power, 1.0)
    return [
        segment(0, "constant", first),
        segment(1, Waiting("power"), first, last, length, power, origin=0),
        segment(where(is_line, 1, length), Waiting("line"), first, last, length, origin=where(is_line, 0, length)),
        segment(length, "constant", where(power == 0.0, first, last)),
    ]


if TYPE_CHECKING:

    @overload
    def cosine(
        *, base_lr: float, min_lr: float, total_steps: int, exponent: float | None = None, k: float | None = None
    ) -> Schedule: ...
    @overload
    def cosine(
        *, base_lr: Rates, min_lr: Rates, total_steps: Counts, exponent: Rates | None = None, k: Rates | None = None
    ) -> Sweep: ...


@kind(
    base_lr=rate("the rate at step 0"),
    min_lr=rate("the rate at the end"),
    total_steps=count("the step at which the last rate is reached"),
    exponent=exponent("the exponent of the wave, by default 1", POSITIVE),
    k=exponent("the exponent of the share of the steps that are done, by default 1", POSITIVE),
)
def cosine(
    *, base_lr: float, min_lr: float, total_steps: int, exponent: float | None = None, k: float | None = None
) -> list[Segment]:
    """Go from `base_lr` to `min_lr` along half a cosine wave (cosine annealing).

        lr(t) = min_lr + (base_lr - min_lr) ((1 + cos(pi (t / total_steps)^k)) / 2)^exponent

    where t is the step.

    Returns
    -------
    Schedule; past `total_steps` it holds `min_lr`.

    Source: Loshchilov and Hutter, SGDR, arXiv 1608.03983; k: Zhang and Li, k-decay, arXiv 2004.05909.

    >>> cosine(base_lr=1.0, min_lr=0.0, total_steps=4)([0, 2, 4, 100]).tolist()
    [1.0, 0.5, 0.0, 0.0]
    """
    end = segment(total_steps, "constant", min_lr)
    is_plain: Any = exponent is None and k is None
    if not is_plain:
        exponent, k = 1.0 if exponent is None else exponent, 1.0 if k is None else k
        is_plain = is_exactly(exponent, 1.0) & is_exactly(k, 1.0)
    if is_plain is True:
        return [segment(0, "half_cosine", base_lr, min_lr, total_steps), end]
    return [
        segment(0, "constant", base_lr),
        segment(1, Waiting("curved_cosine"), base_lr, min_lr, total_steps, k, exponent, origin=0),
        segment(
            where(is_plain, 1, total_steps),
            Waiting("half_cosine"),
            *(base_lr, min_lr, total_steps),
            origin=where(is_plain, 0, total_steps),
        ),
        end,
    ]


if TYPE_CHECKING:

    @overload
    def tanh_decay(
        *, base_lr: float, min_lr: float = 0.0, total_steps: int, low: float = -6.0, high: float = 3.0
    ) -> Schedule: ...
    @overload
    def tanh_decay(
        *, base_lr: Rates, min_lr: Rates = 0.0, total_steps: Counts, low: Rates = -6.0, high: Rates = 3.0
    ) -> Sweep: ...


@kind(
    base_lr=rate("the rate that the curve begins near to, if `low` is well below 0"),
    min_lr=rate("the rate at the end"),
    total_steps=count("the step at which the last rate is reached"),
    low=number("the argument of the hyperbolic tangent at step 0"),
    high=number("the argument of the hyperbolic tangent that `total_steps` would have"),
)
def tanh_decay(
    *, base_lr: float, min_lr: float = 0.0, total_steps: int, low: float = -6.0, high: float = 3.0
) -> list[Segment]:
    """Go from near `base_lr` towards `min_lr` along a hyperbolic tangent.

        lr(t) = min_lr + (base_lr - min_lr) (1 - tanh(low (1 - u) + high u)) / 2    for t < total_steps

    where t is the step and u = t / total_steps. The curve itself does not reach the two rates. `low` and `high` are by
    default those of the paper; timm has -7 in place of -6.

    Returns
    -------
    Schedule; from `total_steps` on it holds `min_lr`.

    Source: Hsueh, Li and Wu, Stochastic Gradient Descent with Hyperbolic-Tangent Decay, arXiv 1806.01593.

    >>> tanh_decay(base_lr=1.0, min_lr=0.0, total_steps=4, low=-3.0, high=3.0)([2, 3, 4]).round(4).tolist()
    [0.5, 0.0474, 0.0]
    """
    return [
        segment(0, "logistic", base_lr, min_lr, total_steps, low, high),
        segment(total_steps, "constant", min_lr),
    ]


if TYPE_CHECKING:

    @overload
    def rex(*, base_lr: float, min_lr: float = 0.0, total_steps: int, beta: float = 0.5) -> Schedule: ...
    @overload
    def rex(*, base_lr: Rates, min_lr: Rates = 0.0, total_steps: Counts, beta: Rates = 0.5) -> Sweep: ...


@kind(
    base_lr=rate("the rate at step 0"),
    min_lr=rate("the rate at the end"),
    total_steps=count("the step at which the last rate is reached"),
    beta=factor("how steep the curve begins, in slopes of a straight line; with 1 it is one", POSITIVE),
)
def rex(*, base_lr: float, min_lr: float = 0.0, total_steps: int, beta: float = 0.5) -> list[Segment]:
    """Go from `base_lr` to `min_lr` along a hyperbola that falls late (REX, reflected exponential).

        lr(t) = min_lr + (base_lr - min_lr) (1 - u) / (1 - u + beta u)

    where t is the step and u = t / total_steps. The paper has a `beta` of 1/2, Axolotl of 0.1.

    Returns
    -------
    Schedule; past `total_steps` it holds `min_lr`.

    Source: Chen, Wolfe and Kyrillidis, REX: Revisiting Budgeted Training with an Improved Schedule, arXiv 2107.04197.

    >>> rex(base_lr=1.0, min_lr=0.0, total_steps=4)(range(6)).round(4).tolist()
    [1.0, 0.8571, 0.6667, 0.4, 0.0, 0.0]
    """
    return [
        segment(0, "rex", base_lr, min_lr, total_steps, beta),
        segment(total_steps, "constant", min_lr),
    ]


if TYPE_CHECKING:

    @overload
    def root_decay(*, base_lr: float, min_lr: float = 0.0, total_steps: int, power: float = 0.5) -> Schedule: ...
    @overload
    def root_decay(*, base_lr: Rates, min_lr: Rates = 0.0, total_steps: Counts, power: Rates = 0.5) -> Sweep: ...


@kind(
    base_lr=rate("the rate at step 0"),
    min_lr=rate("the rate at the end"),
    total_steps=count("the step at which the last rate is reached"),
    power=exponent("the exponent; with 0 the rate stays at `base_lr`"),
)
def root_decay(*, base_lr: float, min_lr: float = 0.0, total_steps: int, power: float = 0.5) -> list[Segment]:
    """Go from `base_lr` to `min_lr` along a quarter of an ellipse, or a power of it.

        lr(t) = min_lr + (base_lr - min_lr) (1 - u^2)^power

    where t is the step and u = t / total_steps.

    Returns
    -------
    Schedule; past `total_steps` it holds `min_lr`.

    Source: the schedule `sqrt` of optlrschedule in init2winit, whose alpha is twice the power.

    >>> root_decay(base_lr=1.0, min_lr=0.0, total_steps=5)(range(7)).round(4).tolist()
    [1.0, 0.9798, 0.9165, 0.8, 0.6, 0.0, 0.0]
    """
    return [
        segment(0, "constant", base_lr),
        segment(1, Waiting("arc"), base_lr, min_lr, total_steps, power, origin=0),
        segment(total_steps, "constant", where(power == 0.0, base_lr, min_lr)),
    ]


def _bounded(parameters: dict[str, Any]) -> None:
    _checks.at_most("total_steps", parameters["total_steps"], "upper_bound", parameters["upper_bound"])


if TYPE_CHECKING:

    @overload
    def hyperbolic(*, base_lr: float, min_lr: float = 0.0, total_steps: int, upper_bound: int) -> Schedule: ...
    @overload
    def hyperbolic(*, base_lr: Rates, min_lr: Rates = 0.0, total_steps: Counts, upper_bound: Counts) -> Sweep: ...


@kind(
    _bounded,
    base_lr=rate("the rate at step 0"),
    min_lr=rate("the rate that a run of `upper_bound` steps ends with"),
    total_steps=count("the last step of the decay, at most `upper_bound`"),
    upper_bound=count("the steps of the longest run that is to begin alike"),
)
def hyperbolic(*, base_lr: float, min_lr: float = 0.0, total_steps: int, upper_bound: int) -> list[Segment]:
    """Go down from `base_lr` along a hyperbola, whose beginning depends little on `total_steps`.

        lr(t) = base_lr - (base_lr - min_lr) (f(0) - f(t))
        f(t) = sqrt((total_steps - t) (2 upper_bound - total_steps - t)) / upper_bound

    where t is the step.

    Returns
    -------
    Schedule; past `total_steps` it holds base_lr - (base_lr - min_lr) f(0), which is `min_lr` if `total_steps` is
    `upper_bound`.

    Raises
    ------
    ValueError if total_steps is above upper_bound.

    Source: Kim, HyperbolicLR: Epoch insensitive learning rate scheduler, arXiv 2407.15200.

    >>> hyperbolic(base_lr=1.0, min_lr=0.0, total_steps=8, upper_bound=10)([0, 4, 8, 9]).round(4).tolist()
    [1.0, 0.5859, 0.0202, 0.0202]
    """
    curve = [
        segment(0, "constant", base_lr),
        segment(1, Waiting("hyperbola"), base_lr, min_lr, total_steps, upper_bound, origin=0),
    ]
    return [*curve, hold(curve, total_steps, total_steps)]
