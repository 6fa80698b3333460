"""These factories make decays behind a linear warmup that their `total_steps` includes.

The warmup may have no steps. In a sweep or a search some schedules may have one, and others none.
"""

from __future__ import annotations

from .._lowering.numbers import quotient
from .._lowering.segments import segment, shift
from .._registry import FINITE, POSITIVE, count, exponent, less_than, ordinary_ratio, rate
from .._values import kind
from .decays import _power_of_what_remains

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, overload

    from .._lowering.segments import Segment
    from .._registry import Range
    from .._values import Counts, Rates, Schedule, Sweep


def _parameters(within: Range = FINITE) -> dict[str, Any]:
    """Declares the parameters that all these kinds have. The rates between which they decay lie in a range."""
    return {
        "base_lr": rate("the rate at the end of the warmup", within),
        "min_lr": rate("the rate at the end", within),
        "warmup_steps": count("the steps of the warmup, less than `total_steps`", least=0),
        "total_steps": count("the step at which the last rate is reached; it counts the warmup too"),
        "start_lr": rate("the rate at step 0 of a warmup"),
    }


_WITHIN = less_than("total_steps", "warmup_steps")


if TYPE_CHECKING:

    @overload
    def warmup_cosine(
        *, base_lr: float, min_lr: float = 0.0, warmup_steps: int, total_steps: int, start_lr: float = 0.0
    ) -> Schedule: ...
    @overload
    def warmup_cosine(
        *, base_lr: Rates, min_lr: Rates = 0.0, warmup_steps: Counts, total_steps: Counts, start_lr: Rates = 0.0
    ) -> Sweep: ...


@kind(_WITHIN, **_parameters())
def warmup_cosine(
    *, base_lr: float, min_lr: float = 0.0, warmup_steps: int, total_steps: int, start_lr: float = 0.0
) -> list[Segment]:
    """Warm up linearly, then decay along half a cosine wave; `total_steps` includes the warmup.

        lr(t) = start_lr + (base_lr - start_lr) t / warmup_steps         for t < warmup_steps
        lr(t) = min_lr + (base_lr - min_lr) (1 + cos(pi p)) / 2          from there on

    where t is the step and p = (t - warmup_steps) / (total_steps - warmup_steps).

    Returns
    -------
    Schedule; past `total_steps` it holds `min_lr`.

    Raises
    ------
    ValueError if warmup_steps is not less than total_steps.

    Source: Loshchilov and Hutter, SGDR, arXiv 1608.03983; warmup: Goyal et al., arXiv 1706.02677.

    >>> warmup_cosine(base_lr=1.0, warmup_steps=2, total_steps=6)(range(8)).round(4).tolist()
    [0.0, 0.5, 1.0, 0.8536, 0.5, 0.1464, 0.0, 0.0]
    """
    return [
        segment(0, "line", start_lr, base_lr, warmup_steps),
        segment(warmup_steps, "half_cosine", base_lr, min_lr, total_steps - warmup_steps),
        segment(total_steps, "constant", min_lr),
    ]


if TYPE_CHECKING:

    @overload
    def warmup_linear(
        *, base_lr: float, min_lr: float = 0.0, warmup_steps: int, total_steps: int, start_lr: float = 0.0
    ) -> Schedule: ...
    @overload
    def warmup_linear(
        *, base_lr: Rates, min_lr: Rates = 0.0, warmup_steps: Counts, total_steps: Counts, start_lr: Rates = 0.0
    ) -> Sweep: ...


@kind(_WITHIN, **_parameters())
def warmup_linear(
    *, base_lr: float, min_lr: float = 0.0, warmup_steps: int, total_steps: int, start_lr: float = 0.0
) -> list[Segment]:
    """Warm up linearly, then decay linearly; `total_steps` includes the warmup.

        lr(t) = start_lr + (base_lr - start_lr) t / warmup_steps    for t < warmup_steps
        lr(t) = base_lr + (min_lr - base_lr) p                      from there on

    where t is the step and p = (t - warmup_steps) / (total_steps - warmup_steps).

    Returns
    -------
    Schedule; past `total_steps` it holds `min_lr`.

    Raises
    ------
    ValueError if warmup_steps is not less than total_steps.

    Source: Devlin et al., BERT, arXiv 1810.04805.

    >>> warmup_linear(base_lr=1.0, warmup_steps=2, total_steps=6)(range(8)).tolist()
    [0.0, 0.5, 1.0, 0.75, 0.5, 0.25, 0.0, 0.0]
    """
    return [
        segment(0, "line", start_lr, base_lr, warmup_steps),
        segment(warmup_steps, "line", base_lr, min_lr, total_steps - warmup_steps),
        segment(total_steps, "constant", min_lr),
    ]


if TYPE_CHECKING:

    @overload
    def warmup_polynomial(
        *,
        base_lr: float,
        min_lr: float = 0.0,
        warmup_steps: int,
        total_steps: int,
        start_lr: float = 0.0,
        power: float = 1.0,
    ) -> Schedule: ...
    @overload
    def warmup_polynomial(
        *,
        base_lr: Rates,
        min_lr: Rates = 0.0,
        warmup_steps: Counts,
        total_steps: Counts,
        start_lr: Rates = 0.0,
        power: Rates = 1.0,
    ) -> Sweep: ...


@kind(_WITHIN, **_parameters(), power=exponent("the exponent; with 0 the rate stays at `base_lr`"))
def warmup_polynomial(
    *,
    base_lr: float,
    min_lr: float = 0.0,
    warmup_steps: int,
    total_steps: int,
    start_lr: float = 0.0,
    power: float = 1.0,
) -> list[Segment]:
    """Warm up linearly, then decay as a power of the steps that remain; `total_steps` includes the warmup.

        lr(t) = start_lr + (base_lr - start_lr) t / warmup_steps    for t < warmup_steps
        lr(t) = min_lr + (base_lr - min_lr) (1 - p)^power           from there on

    where t is the step and p = (t - warmup_steps) / (total_steps - warmup_steps).

    Returns
    -------
    Schedule; past `total_steps` it holds `min_lr`.

    Raises
    ------
    ValueError if warmup_steps is not less than total_steps.

    >>> warmup_polynomial(base_lr=1.0, warmup_steps=2, total_steps=6, power=2.0)(range(8)).tolist()
    [0.0, 0.5, 1.0, 0.5625, 0.25, 0.0625, 0.0, 0.0]
    """
    decay = _power_of_what_remains(base_lr, min_lr, total_steps - warmup_steps, power)
    return [segment(0, "line", start_lr, base_lr, warmup_steps), *shift(decay, warmup_steps)]


if TYPE_CHECKING:

    @overload
    def warmup_exponential(
        *, base_lr: float, min_lr: float, warmup_steps: int, total_steps: int, start_lr: float = 0.0
    ) -> Schedule: ...
    @overload
    def warmup_exponential(
        *, base_lr: Rates, min_lr: Rates, warmup_steps: Counts, total_steps: Counts, start_lr: Rates = 0.0
    ) -> Sweep: ...


@kind(_WITHIN, ordinary_ratio("min_lr", "base_lr"), **_parameters(POSITIVE))
def warmup_exponential(
    *, base_lr: float, min_lr: float, warmup_steps: int, total_steps: int, start_lr: float = 0.0
) -> list[Segment]:
    """Warm up linearly, then decay by the same factor at each step; `total_steps` includes the warmup.

        lr(t) = start_lr + (base_lr - start_lr) t / warmup_steps    for t < warmup_steps
        lr(t) = base_lr (min_lr / base_lr)^p                        from there on

    where t is the step and p = (t - warmup_steps) / (total_steps - warmup_steps).

    Returns
    -------
    Schedule; past `total_steps` it holds `min_lr`.

    Raises
    ------
    ValueError if warmup_steps is not less than total_steps, or if min_lr / base_lr is no ordinary double.

    >>> warmup_exponential(base_lr=1.0, min_lr=0.0625, warmup_steps=2, total_steps=6)(range(8)).tolist()
    [0.0, 0.5, 1.0, 0.5, 0.25, 0.125, 0.0625, 0.0625]
    """
    return [
        segment(0, "line", start_lr, base_lr, warmup_steps),
        segment(warmup_steps, "exponential", base_lr, quotient(min_lr, base_lr), total_steps - warmup_steps),
        segment(total_steps, "constant", min_lr),
    ]
