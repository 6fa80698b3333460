"""The factories of schedules that go through their steps once; the periodic ones are in cyclical.py.

In the formulas t is the step. Rates are finite floats in the optimizer's unit, counts are integers of steps. Where
nothing else is said, ValueError is raised for a number that breaks its parameter's rule, and TypeError for a rate
that is no number.
"""

from __future__ import annotations

from . import _checks
from ._schedule import Schedule, kind, make
from ._segments import hold, is_exactly, rounded_between, segment, where
from .cyclical import cosine_restarts as cosine_restarts  # lrsched's place for it

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from ._segments import Segment

DECAY_SHAPES = {"linear": "line", "1-sqrt": "one_minus_sqrt"}
"""Of warmup_stable_decay: the shape for each choice."""


@kind
def constant(*, lr: float) -> Schedule:
    """A flat rate.

        lr(t) = lr

    Parameters
    ----------
    lr : the rate, finite.

    Returns
    -------
    Schedule, the same at every step.

    >>> constant(lr=0.1)(1000)
    0.1
    """
    lr = _checks.finite("lr", lr)
    return make("constant", {"lr": lr}, lambda: [segment(0, "constant", lr)])


@kind(command="step")
def step_decay(*, base_lr: float, drop: float | None = None, step_size: int, gamma: float | None = None) -> Schedule:
    """Multiply the rate by a factor every `step_size` steps.

        lr(t) = base_lr drop^floor(t / step_size)

    Parameters
    ----------
    base_lr : the rate at step 0, positive with `drop`, finite with `gamma`.
    drop : the factor, 0 < drop <= 1.
    step_size : steps between two drops, positive.
    gamma : in place of `drop`, any finite factor: a negative one alternates the sign, and 0^0 = 1.

    Returns
    -------
    Schedule; it has no end.

    Raises
    ------
    TypeError if both or neither of `drop` and `gamma` are given.

    >>> step_decay(base_lr=0.1, drop=0.5, step_size=30)([0, 29, 30, 60]).tolist()
    [0.1, 0.1, 0.05, 0.025]
    """
    _checks.exactly_one(drop=drop, gamma=gamma)
    parameters: dict[str, float]
    if drop is not None:
        base_lr, factor = _checks.positive("base_lr", base_lr), _checks.between("drop", drop, 0.0, 1.0, closed=True)
        step_size = _checks.positive_count("step_size", step_size)
        parameters = {"base_lr": base_lr, "drop": factor, "step_size": step_size}
    else:
        base_lr, factor = _checks.finite("base_lr", base_lr), _checks.finite("gamma", gamma)
        step_size = _checks.positive_count("step_size", step_size)
        parameters = {"base_lr": base_lr, "step_size": step_size, "gamma": factor}
    return make("step_decay", parameters, lambda: [segment(0, "staircase", base_lr, factor, step_size)])


@kind
def multi_step(*, base_lr: float, milestones: Iterable[int], gamma: float) -> Schedule:
    """Multiply the rate by `gamma` at each milestone.

        lr(t) = base_lr gamma^n, where n counts the milestones m with m <= t

    Parameters
    ----------
    base_lr : the rate before the first milestone, finite.
    milestones : steps, positive, in any order; one that stands twice counts twice; none at all is a flat rate.
    gamma : the factor, finite.

    Returns
    -------
    Schedule; past the last milestone it holds.

    >>> multi_step(base_lr=0.1, milestones=[30, 60], gamma=0.5)([29, 30, 60]).tolist()
    [0.1, 0.05, 0.025]
    """
    base_lr, gamma = _checks.finite("base_lr", base_lr), _checks.finite("gamma", gamma)
    listed = _checks.ascending("milestones", milestones)
    steps = tuple(_checks.positive_count("milestone", milestone) for milestone in listed)

    def lower() -> list[Segment]:
        powers = [segment(0, "exponential", base_lr, gamma, 1)]
        counts = {0: 0} | {milestone: count for count, milestone in enumerate(steps, 1)}
        return [hold(powers, count, milestone) for milestone, count in counts.items()]

    return make("multi_step", {"base_lr": base_lr, "milestones": steps, "gamma": gamma}, lower)


@kind
def exponential(*, base_lr: float, gamma: float) -> Schedule:
    """Multiply the rate by `gamma` at each step.

        lr(t) = base_lr gamma^t

    Parameters
    ----------
    base_lr : the rate at step 0, finite.
    gamma : the factor, finite: a negative one alternates the sign, and 0^0 = 1.

    Returns
    -------
    Schedule; it has no end, and goes on to 0 or to infinity.

    >>> exponential(base_lr=1.0, gamma=0.5)(3)
    0.125
    """
    base_lr, gamma = _checks.finite("base_lr", base_lr), _checks.finite("gamma", gamma)
    parameters = {"base_lr": base_lr, "gamma": gamma}
    return make("exponential", parameters, lambda: [segment(0, "exponential", base_lr, gamma, 1)])


@kind
def exponential_decay(*, base_lr: float, decay_rate: float, decay_steps: int) -> Schedule:
    """Multiply the rate by `decay_rate` every `decay_steps` steps, continuously.

        lr(t) = base_lr decay_rate^(t / decay_steps)

    Parameters
    ----------
    base_lr : the rate at step 0, positive.
    decay_rate : the factor, 0 < decay_rate < 1.
    decay_steps : steps in which the factor is reached, positive.

    Returns
    -------
    Schedule; it has no end.

    >>> exponential_decay(base_lr=1.0, decay_rate=0.25, decay_steps=100)([0, 50, 100]).tolist()
    [1.0, 0.5, 0.25]
    """
    base_lr = _checks.positive("base_lr", base_lr)
    decay_rate = _checks.between("decay_rate", decay_rate, 0.0, 1.0)
    decay_steps = _checks.positive_count("decay_steps", decay_steps)
    parameters = {"base_lr": base_lr, "decay_rate": decay_rate, "decay_steps": decay_steps}
    return make(
        "exponential_decay", parameters, lambda: [segment(0, "exponential", base_lr, decay_rate, decay_steps)]
    )


@kind
def linear(*, base_lr: float, end_lr: float, total_steps: int) -> Schedule:
    """Go from `base_lr` to `end_lr` in a straight line.

        lr(t) = base_lr + (end_lr - base_lr) t / total_steps

    Parameters
    ----------
    base_lr, end_lr : the rates at both ends, finite.
    total_steps : the step at which `end_lr` is reached, positive.

    Returns
    -------
    Schedule; past `total_steps` it holds `end_lr`.

    >>> linear(base_lr=0.0, end_lr=1.0, total_steps=4)(range(6)).tolist()
    [0.0, 0.25, 0.5, 0.75, 1.0, 1.0]
    """
    base_lr, end_lr = _checks.finite("base_lr", base_lr), _checks.finite("end_lr", end_lr)
    total_steps = _checks.positive_count("total_steps", total_steps)
    parameters = {"base_lr": base_lr, "end_lr": end_lr, "total_steps": total_steps}
    return make("linear", parameters, lambda: [
            segment(0, "line", base_lr, end_lr, total_steps),
            segment(total_steps, "constant", end_lr),
        ])


@kind
def polynomial(*, base_lr: float, end_lr: float, total_steps: int, power: float) -> Schedule:
    """Go from `base_lr` to `end_lr` as a power of the steps that remain.

        lr(t) = end_lr + (base_lr - end_lr) (1 - t / total_steps)^power

    Parameters
    ----------
    base_lr, end_lr : the rates at both ends, finite.
    total_steps : the step at which `end_lr` is reached, positive.
    power : the exponent, non-negative; with 0 the rate stays at `base_lr`.

    Returns
    -------
    Schedule; past `total_steps` it holds `end_lr`.

    >>> polynomial(base_lr=1.0, end_lr=0.0, total_steps=4, power=2.0)(range(6)).tolist()
    [1.0, 0.5625, 0.25, 0.0625, 0.0, 0.0]
    """
    base_lr, end_lr = _checks.finite("base_lr", base_lr), _checks.finite("end_lr", end_lr)
    total_steps, power = _checks.positive_count("total_steps", total_steps), _checks.non_negative("power", power)
    parameters = {"base_lr": base_lr, "end_lr": end_lr, "total_steps": total_steps, "power": power}
    return make("polynomial", parameters, lambda: _power_of_what_remains(base_lr, end_lr, total_steps, power))


@kind
def polynomial_decay(*, start_lr: float, end_lr: float, total_steps: int, power: float) -> Schedule:
    """The curve of `polynomial`, under the names of its other tradition; `power` must be positive.

        lr(t) = end_lr + (start_lr - end_lr) (1 - t / total_steps)^power

    Parameters
    ----------
    start_lr, end_lr : the rates at both ends, finite.
    total_steps : the step at which `end_lr` is reached, positive.
    power : the exponent, positive.

    Returns
    -------
    Schedule; past `total_steps` it holds `end_lr`.

    >>> polynomial_decay(start_lr=1.0, end_lr=0.5, total_steps=2, power=1.0)(range(4)).tolist()
    [1.0, 0.75, 0.5, 0.5]
    """
    start_lr, end_lr = _checks.finite("start_lr", start_lr), _checks.finite("end_lr", end_lr)
    total_steps, power = _checks.positive_count("total_steps", total_steps), _checks.positive("power", power)
    parameters = {"start_lr": start_lr, "end_lr": end_lr, "total_steps": total_steps, "power": power}
    return make(
        "polynomial_decay", parameters, lambda: _power_of_what_remains(start_lr, end_lr, total_steps, power)
    )


def _power_of_what_remains(first: float, last: float, length: int, power: float) -> list[Segment]:
    return [
        segment(0, "constant", first),
        segment(1, "power", first, last, length, power, origin=0),
        segment(where(is_exactly(power, 1.0), 1, length), "line", first, last, length, origin=0),
        segment(length, "constant", where(power == 0.0, first, last)),
    ]


@kind
def cosine(*, base_lr: float, min_lr: float, total_steps: int) -> Schedule:
    """Cosine annealing: half a cosine wave from `base_lr` down to `min_lr`.

        lr(t) = min_lr + (base_lr - min_lr) (1 + cos(pi t / total_steps)) / 2

    Parameters
    ----------
    base_lr, min_lr : the rates at both ends, finite.
    total_steps : the step at which `min_lr` is reached, positive.

    Returns
    -------
    Schedule; past `total_steps` it holds `min_lr`.

    Source: Loshchilov and Hutter, SGDR, arXiv 1608.03983.

    >>> cosine(base_lr=1.0, min_lr=0.0, total_steps=4)([0, 2, 4, 100]).tolist()
    [1.0, 0.5, 0.0, 0.0]
    """
    base_lr, min_lr = _checks.finite("base_lr", base_lr), _checks.finite("min_lr", min_lr)
    total_steps = _checks.positive_count("total_steps", total_steps)
    return make(
        "cosine",
        {"base_lr": base_lr, "min_lr": min_lr, "total_steps": total_steps},
        lambda: [
            segment(0, "half_cosine", base_lr, min_lr, total_steps),
            segment(total_steps, "constant", min_lr),
        ],
    )


@kind
def inverse_sqrt(*, base_lr: float, warmup_steps: int) -> Schedule:
    """A linear warmup to `base_lr`, then a decay with the inverse square root of the step.

        lr(t) = base_lr t / warmup_steps              for t < warmup_steps
        lr(t) = base_lr sqrt(warmup_steps / t)        from there on

    Parameters
    ----------
    base_lr : the rate at the peak, finite.
    warmup_steps : the step of the peak, positive.

    Returns
    -------
    Schedule; it has no end.

    Source: Vaswani et al., Attention Is All You Need, arXiv 1706.03762.

    >>> inverse_sqrt(base_lr=1.0, warmup_steps=4)([0, 2, 4, 16]).tolist()
    [0.0, 0.5, 1.0, 0.5]
    """
    base_lr, warmup_steps = _checks.finite("base_lr", base_lr), _checks.positive_count("warmup_steps", warmup_steps)
    return make(
        "inverse_sqrt",
        {"base_lr": base_lr, "warmup_steps": warmup_steps},
        lambda: [
            segment(0, "line", 0.0, base_lr, warmup_steps),
            segment(warmup_steps, "constant", base_lr),
            segment(warmup_steps + 1, "inverse_sqrt", base_lr, warmup_steps, origin=0),
        ],
    )


@kind(command="one-cycle")
def one_cycle(*, max_lr: float, total_steps: int, pct_start: float, initial_div: float, final_div: float) -> Schedule:
    """The one-cycle policy: half a cosine wave up to `max_lr`, and half a one down.

    With w = round(pct_start total_steps), at least 1 and at most total_steps - 1:

        from max_lr / initial_div at step 0 to max_lr at step w, then to max_lr / final_div at total_steps

    Parameters
    ----------
    max_lr : the rate at the peak, finite.
    total_steps : the step at which the last rate is reached, at least 2.
    pct_start : the share of the steps in the rise, 0 < pct_start < 1.
    initial_div, final_div : `max_lr` over the first and over the last rate, positive.

    Returns
    -------
    Schedule; past `total_steps` it holds max_lr / final_div.

    Source: Smith and Topin, Super-Convergence, arXiv 1708.07120.

    >>> policy = one_cycle(max_lr=1.0, total_steps=10, pct_start=0.4, initial_div=4.0, final_div=8.0)
    >>> policy([0, 2, 4, 7, 10, 11]).tolist()
    [0.25, 0.625, 1.0, 0.5625, 0.125, 0.125]
    """
    max_lr = _checks.finite("max_lr", max_lr)
    total_steps = _checks.positive_count("total_steps", total_steps)
    pct_start = _checks.between("pct_start", pct_start, 0.0, 1.0)
    initial_div = _checks.positive("initial_div", initial_div)
    final_div = _checks.positive("final_div", final_div)
    _checks.at_least("total_steps", total_steps, 2)
    first = _checks.quotient("max_lr", max_lr, "initial_div", initial_div)
    last = _checks.quotient("max_lr", max_lr, "final_div", final_div)
    parameters = {
        "max_lr": max_lr,
        "total_steps": total_steps,
        "pct_start": pct_start,
        "initial_div": initial_div,
        "final_div": final_div,
    }

    def lower() -> list[Segment]:
        peak = rounded_between(1, pct_start * total_steps, total_steps - 1)
        return [
            segment(0, "half_cosine", first, max_lr, peak),
            segment(peak, "half_cosine", max_lr, last, total_steps - peak),
            segment(total_steps, "constant", last),
        ]

    return make("one_cycle", parameters, lower)


@kind(command="wsd")
def warmup_stable_decay(
    *,
    base_lr: float,
    warmup_steps: int,
    decay_steps: int,
    total_steps: int,
    final_lr: float,
    warmup_start: float,
    decay_shape: str,
) -> Schedule:
    """Warmup-stable-decay, or trapezoidal: a linear warmup, a plateau, and a decay at the very end.

        lr(t) = warmup_start + (base_lr - warmup_start) t / warmup_steps    for t < warmup_steps
        lr(t) = base_lr                                                     for t < total_steps - decay_steps
        lr(t) = final_lr + (base_lr - final_lr) f(p)                        from there on

    where p = (t - total_steps + decay_steps) / decay_steps, and f(p) = 1 - p or 1 - sqrt(p).

    Parameters
    ----------
    base_lr, final_lr, warmup_start : the rates of the plateau and of both ends, non-negative.
    warmup_steps, decay_steps : steps of the first and the last phase, non-negative, together at most `total_steps`.
    total_steps : the step at which `final_lr` is reached, positive.
    decay_shape : "linear" or "1-sqrt".

    Returns
    -------
    Schedule; past `total_steps` it holds `final_lr`, or `base_lr` where there is no decay.

    Source: Hu et al., MiniCPM, arXiv 2404.06395; 1-sqrt: Haegele et al., arXiv 2405.18392.

    >>> wsd = warmup_stable_decay(base_lr=1.0, warmup_steps=2, decay_steps=4, total_steps=10,
    ...                           final_lr=0.0, warmup_start=0.0, decay_shape="1-sqrt")
    >>> wsd([0, 1, 2, 6, 7, 10]).tolist()
    [0.0, 0.5, 1.0, 1.0, 0.5, 0.0]
    """
    parameters: dict[str, float | str] = {
        "base_lr": _checks.non_negative("base_lr", base_lr),
        "warmup_steps": _checks.non_negative_count("warmup_steps", warmup_steps),
        "decay_steps": _checks.non_negative_count("decay_steps", decay_steps),
        "total_steps": _checks.positive_count("total_steps", total_steps),
        "final_lr": _checks.non_negative("final_lr", final_lr),
        "warmup_start": _checks.non_negative("warmup_start", warmup_start),
        "decay_shape": _checks.one_of("decay_shape", decay_shape, DECAY_SHAPES),
    }
    base_lr, warmup_steps, decay_steps, total_steps, final_lr, warmup_start, _ = parameters.values()  # type: ignore[assignment]
    _checks.sum_at_most("total_steps", total_steps, warmup_steps=warmup_steps, decay_steps=decay_steps)

    def lower() -> list[Segment]:
        return [
            segment(0, "line", warmup_start, base_lr, warmup_steps),
            segment(warmup_steps, "constant", base_lr),
            segment(total_steps - decay_steps, DECAY_SHAPES[decay_shape], base_lr, final_lr, decay_steps),
            segment(total_steps, "constant", where(decay_steps == 0, base_lr, final_lr)),
        ]

    return make("warmup_stable_decay", parameters, lower)
