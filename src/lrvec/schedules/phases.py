"""These factories make policies of several phases."""

from __future__ import annotations

from itertools import accumulate

from .. import _checks
from .._lowering.numbers import quotient, rounded_share, smaller, where
from .._lowering.segments import Waiting, segment
from .._registry import (
    LENGTHS,
    NON_NEGATIVE,
    POSITIVE,
    choice,
    count,
    divisor,
    exponent,
    flag,
    given_if,
    other,
    rate,
    share,
    sum_at_most,
)
from .._values import kind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, overload

    from .._lowering.segments import Segment
    from .._values import Counts, Rates, Schedule, Sweep

_RAMPS = {"linear": "line", "cosine": "half_cosine"}
"""The rise and the fall of one_cycle have this shape for each choice."""

_DECAYS: dict[str, tuple[Any, ...]] = {
    "linear": ("line",),
    "cosine": ("half_cosine",),
    "exponential": ("geometric", 0.5),
    "1-sqrt": ("rise", 0.5),
    "1-square": ("rise", 2.0),
    "power": ("power",),
}
_WARMUPS: dict[str, tuple[Any, ...]] = {
    "linear": ("line",),
    "cosine": ("half_cosine",),
    "exponential": ("geometric", 2.0),
}
"""The decay and the warmup of warmup_stable_decay, and the decays of wsds, have this shape for each choice, with these
parameters behind its rates and its length."""


def _finite_ends(parameters: dict[str, Any]) -> None:
    for name in ("initial_div", "final_div"):
        _checks.finite_quotient("max_lr", parameters["max_lr"], name, parameters[name])


def _long_phases(parameters: dict[str, Any]) -> None:
    if parameters.get("three_phase"):
        _checks.three_phases(parameters["pct_start"], parameters["total_steps"])


if TYPE_CHECKING:

    @overload
    def one_cycle(
        *,
        max_lr: float,
        total_steps: int,
        pct_start: float,
        initial_div: float,
        final_div: float,
        anneal: str | None = None,
        three_phase: bool | None = None,
    ) -> Schedule: ...
    @overload
    def one_cycle(
        *,
        max_lr: Rates,
        total_steps: Counts,
        pct_start: Rates,
        initial_div: Rates,
        final_div: Rates,
        anneal: str | None = None,
        three_phase: bool | None = None,
    ) -> Sweep: ...


@kind(
    _finite_ends,
    _long_phases,
    max_lr=rate("the rate at the peak"),
    total_steps=count("the step at which the last rate is reached; three phases reach it one step before", least=2),
    pct_start=share("the share of the steps that the rise takes"),
    initial_div=divisor("the ratio of the peak to the first rate"),
    final_div=divisor("the ratio of the peak to the last rate"),
    anneal=choice("the curve of the rise and of the fall, by default a half cosine", _RAMPS),
    three_phase=flag("whether the rate goes back to the first one before it goes to the last one; by default not"),
)
def one_cycle(
    *,
    max_lr: float,
    total_steps: int,
    pct_start: float,
    initial_div: float,
    final_div: float,
    anneal: str | None = None,
    three_phase: bool | None = None,
) -> list[Segment]:
    """Go up to `max_lr` along half a cosine wave, and down along another one (the one-cycle policy).

        lr(t) = first + (max_lr - first) (1 - f(t / w))                       for t < w
        lr(t) = last + (max_lr - last) f((t - w) / (total_steps - w))         from there on

    where t is the step, first = max_lr / initial_div, last = max_lr / final_div, and w = round(pct_start total_steps),
    at least 1 and at most total_steps - 1. f(u) is (1 + cos(pi u)) / 2 for the `anneal` "cosine", and 1 - u for
    "linear".

    With `three_phase` the rate goes on such curves from first at step 0 to `max_lr` at p, back to first at 2 p, and to
    last at total_steps - 1, where p = pct_start total_steps - 1. These are the phases of torch's OneCycleLR. They may
    end between steps: no step then meets `max_lr`.

    Returns
    -------
    Schedule; past `total_steps` it holds max_lr / final_div.

    Raises
    ------
    ValueError if max_lr / initial_div or max_lr / final_div is not finite, or if one of three phases would have no
    length: if pct_start total_steps is at most 1, or 2 pct_start total_steps at least total_steps + 1.

    Source: Smith and Topin, Super-Convergence, arXiv 1708.07120; three phases: fast.ai's and torch's.

    >>> policy = one_cycle(max_lr=1.0, total_steps=10, pct_start=0.4, initial_div=4.0, final_div=8.0)
    >>> policy([0, 2, 4, 7, 10, 11]).tolist()
    [0.25, 0.625, 1.0, 0.5625, 0.125, 0.125]
    >>> one_cycle(max_lr=1.0, total_steps=12, pct_start=0.25, initial_div=2.0, final_div=8.0,
    ...           anneal="linear", three_phase=True)([0, 1, 2, 4, 11]).tolist()
    [0.5, 0.75, 1.0, 0.5, 0.125]
    """
    first, last = quotient(max_lr, initial_div), quotient(max_lr, final_div)
    ramp = _RAMPS[anneal or "cosine"]
    if three_phase:
        ramp, peak, end = f"placed_{ramp}", pct_start * total_steps - 1.0, total_steps - 1
        return [
            segment(0, ramp, first, max_lr, 0, peak),
            segment(peak, ramp, max_lr, first, peak, 2.0 * peak, origin=0),
            segment(2.0 * peak, ramp, first, last, 2.0 * peak, end, origin=0),
            segment(end, "constant", last),
        ]
    peak = rounded_share(pct_start, total_steps)
    return [
        segment(0, ramp, first, max_lr, peak),
        segment(peak, ramp, max_lr, last, total_steps - peak),
        segment(total_steps, "constant", last),
    ]


if TYPE_CHECKING:

    @overload
    def warmup_stable_decay(
        *,
        base_lr: float,
        warmup_steps: int,
        decay_steps: int,
        total_steps: int,
        final_lr: float,
        warmup_start: float,
        decay_shape: str,
        warmup_shape: str | None = None,
        power: float | None = None,
    ) -> Schedule: ...
    @overload
    def warmup_stable_decay(
        *,
        base_lr: Rates,
        warmup_steps: Counts,
        decay_steps: Counts,
        total_steps: Counts,
        final_lr: Rates,
        warmup_start: Rates,
        decay_shape: str,
        warmup_shape: str | None = None,
        power: Rates | None = None,
    ) -> Sweep: ...


@kind(
    sum_at_most("total_steps", "warmup_steps", "decay_steps"),
    given_if("power", "decay_shape", "power"),
    base_lr=rate("the rate of the plateau", NON_NEGATIVE),
    warmup_steps=count("the steps of the warmup", least=0),
    decay_steps=count("the steps of the decay; with the warmup at most `total_steps`", least=0),
    total_steps=count("the step at which the last rate is reached"),
    final_lr=rate("the rate at the end", NON_NEGATIVE),
    warmup_start=rate("the rate at step 0", NON_NEGATIVE),
    decay_shape=choice("the curve of the decay", _DECAYS),
    warmup_shape=choice("the curve of the warmup, by default a line", _WARMUPS),
    power=exponent("the exponent of the decay shape \"power\", which needs one", POSITIVE),
    command="wsd",
)
def warmup_stable_decay(
    *,
    base_lr: float,
    warmup_steps: int,
    decay_steps: int,
    total_steps: int,
    final_lr: float,
    warmup_start: float,
    decay_shape: str,
    warmup_shape: str | None = None,
    power: float | None = None,
) -> list[Segment]:
    """Warm up, stay on a plateau, and decay at the very end (warmup-stable-decay, or trapezoidal).

        lr(t) = base_lr + (warmup_start - base_lr) f(t / warmup_steps)    for t < warmup_steps
        lr(t) = base_lr                                                   for t < total_steps - decay_steps
        lr(t) = final_lr + (base_lr - final_lr) g(p)                      from there on

    where t is the step, p = (t - total_steps + decay_steps) / decay_steps, and by `warmup_shape` and `decay_shape`

        linear         f(u) = g(u) = 1 - u
        cosine         f(u) = g(u) = (1 + cos(pi u)) / 2
        exponential    f(u) = 2 - 2^u and g(u) = 2^(1 - u) - 1
        1-sqrt         g(u) = 1 - sqrt(u)
        1-square       g(u) = 1 - u^2
        power          g(u) = (1 - u)^power

    Returns
    -------
    Schedule; past `total_steps` it holds `final_lr`, or `base_lr` if the decay has no steps.

    Raises
    ------
    ValueError if warmup_steps + decay_steps is above total_steps.
    TypeError if `power` is given with another decay shape, or not with this one.

    Source: Hu et al., MiniCPM, arXiv 2404.06395; 1-sqrt: Haegele et al., arXiv 2405.18392.

    >>> wsd = warmup_stable_decay(base_lr=1.0, warmup_steps=2, decay_steps=4, total_steps=10,
    ...                           final_lr=0.0, warmup_start=0.0, decay_shape="1-sqrt")
    >>> wsd([0, 1, 2, 6, 7, 10]).tolist()
    [0.0, 0.5, 1.0, 1.0, 0.5, 0.0]
    """
    rise, *rise_bends = _WARMUPS[warmup_shape or "linear"]
    fall, *fall_bends = _DECAYS[decay_shape] if power is None else (*_DECAYS[decay_shape], power)
    start = total_steps - decay_steps
    begin = smaller(start + 1, total_steps)
    return [
        segment(0, rise, warmup_start, base_lr, warmup_steps, *rise_bends),
        segment(warmup_steps, "constant", base_lr),
        segment(begin, Waiting(fall), base_lr, final_lr, decay_steps, *fall_bends, origin=start),
        segment(total_steps, "constant", where(decay_steps == 0, base_lr, final_lr)),
    ]


def _within_periods(parameters: dict[str, Any]) -> None:
    """Checks that the decay fits into each period, and behind the warmup into the first one."""
    lengths, decay_steps = parameters["period_lengths"], parameters["decay_steps"]
    _checks.sum_at_most(
        "period_lengths[0]", lengths[0], warmup_steps=parameters.get("warmup_steps", 0), decay_steps=decay_steps
    )
    shortest = lengths.index(min(lengths))
    _checks.sum_at_most(f"period_lengths[{shortest}]", lengths[shortest], decay_steps=decay_steps)


if TYPE_CHECKING:

    @overload
    def wsds(
        *,
        base_lr: float,
        period_lengths: Sequence[int],
        decay_steps: int,
        min_lr: float = 0.0,
        warmup_steps: int = 0,
        start_lr: float = 0.0,
        decay_shape: str = "linear",
        power: float | None = None,
    ) -> Schedule: ...
    @overload
    def wsds(
        *,
        base_lr: Rates,
        period_lengths: Sequence[int],
        decay_steps: Counts,
        min_lr: Rates = 0.0,
        warmup_steps: Counts = 0,
        start_lr: Rates = 0.0,
        decay_shape: str = "linear",
        power: Rates | None = None,
    ) -> Sweep: ...


@kind(
    _within_periods,
    given_if("power", "decay_shape", "power"),
    base_lr=rate("the rate of the plateaus"),
    period_lengths=other(LENGTHS, "the steps of each period; the first one has the warmup too", _checks.period_lengths),
    decay_steps=count("the steps of each decay; with the warmup at most the first period, alone at most each"),
    min_lr=rate("the rate at the end of each period"),
    warmup_steps=count("the steps of the warmup", least=0),
    start_lr=rate("the rate at step 0 of a warmup"),
    decay_shape=choice("the curve of the decays", _DECAYS),
    power=exponent("the exponent of the decay shape \"power\", which needs one", POSITIVE),
)
def wsds(
    *,
    base_lr: float,
    period_lengths: Sequence[int],
    decay_steps: int,
    min_lr: float = 0.0,
    warmup_steps: int = 0,
    start_lr: float = 0.0,
    decay_shape: str = "linear",
    power: float | None = None,
) -> list[Segment]:
    """Warm up once, then decay at the end of each period and go on at the peak in the next one (WSD-S).

        lr(t) = start_lr + (base_lr - start_lr) t / warmup_steps    for t < warmup_steps
        lr(t) = base_lr                                             for t <= e - decay_steps
        lr(t) = min_lr + (base_lr - min_lr) g(p)                    for e - decay_steps < t <= e

    where t is the step, e is the end of its period, which is the sum of the lengths up to this one, and
    p = (t - e + decay_steps) / decay_steps. So the end of a period has `min_lr`, which suits a checkpoint, and the step
    behind it belongs to the next period. g(p) is by `decay_shape` what it is in `warmup_stable_decay`.

    Returns
    -------
    Schedule; from the end of the last period on it holds `min_lr`.

    Raises
    ------
    ValueError if there is no period or more than 100,000, if `decay_steps` is above a period, or together with
    `warmup_steps` above the first one, or if the periods are longer than 2^53 steps.
    TypeError if `power` is given with another decay shape, or not with this one.

    Source: Wen et al., Understanding Warmup-Stable-Decay Learning Rates, arXiv 2410.05192; the boundaries and the line
    are those of OLMo-core.

    >>> wsds(base_lr=1.0, period_lengths=[6, 4], decay_steps=2, warmup_steps=2)(range(12)).tolist()
    [0.0, 0.5, 1.0, 1.0, 1.0, 0.5, 0.0, 1.0, 1.0, 0.5, 0.0, 0.0]
    """
    fall, *bends = _DECAYS[decay_shape] if power is None else (*_DECAYS[decay_shape], power)
    phases = [segment(0, "line", start_lr, base_lr, warmup_steps)]
    begin = warmup_steps
    for end in accumulate(period_lengths):
        decay = end - decay_steps
        phases.append(segment(begin, "constant", base_lr))
        phases.append(segment(decay + 1, Waiting(fall), base_lr, min_lr, decay_steps, *bends, origin=decay))
        phases.append(segment(end, "constant", min_lr))
        begin = end + 1
    return phases
