"""These are the schedules of DeepSpeed by their own names, at what the optimizer sees.

DeepSpeed's engine steps the optimizer first and the schedule then, and most of its schedules count their own calls. So
they are one step behind: the rates here are those with which the optimizer makes its step t, from 0 on.
"""

from __future__ import annotations

from .. import _checks
from .._registry import NON_NEGATIVE, choice, count, factor, flag, how_many, rate
from ..schedules import (
    advance,
    constant,
    cosine,
    delay,
    every,
    inverse_time,
    join,
    linear,
    log_warmup,
    piecewise,
    replace_after,
    warmup,
)
from ._foreign import explained, foreign, room_to_decay

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .._registry import Parameter
    from .._values import Schedule

__all__ = [
    "LRRangeTest",
    "OneCycle",
    "OneCycleMomentum",
    "WarmupCosineLR",
    "WarmupDecayLR",
    "WarmupLR",
]


def _rate(about: str) -> Parameter:
    """Declares a rate. DeepSpeed takes any, past the check that the optimizer makes of its own."""
    return explained(rate(about, NON_NEGATIVE), "with a negative rate of DeepSpeed's, the optimizer climbs")


def _line(first: float, rise: float) -> Schedule:
    """Makes a line without an end, which rises by `rise` a step."""
    steps = _checks.LAST_STEP
    return linear(
        base_lr=first, end_lr=_checks.finite("the rate at step 2**53", first + rise * steps), total_steps=steps
    )


@foreign(
    "deepspeed",
    "runtime.lr_schedules.LRRangeTest",
    lr_range_test_min_lr=_rate("the rate at step 0"),
    lr_range_test_step_size=count("the steps in which the rate grows by `lr_range_test_step_rate`"),
    lr_range_test_step_rate=factor("how much the rate grows in these, over the first rate", NON_NEGATIVE),
    lr_range_test_staircase=flag("whether the rate changes every `lr_range_test_step_size` steps only"),
)
def LRRangeTest(
    lr_range_test_min_lr: float = 1e-3,
    lr_range_test_step_size: int = 2000,
    lr_range_test_step_rate: float = 1.0,
    lr_range_test_staircase: bool = False,
) -> Schedule:
    """Raise the rate without end, to find the rate at which training fails.

        lr(t) = lr_range_test_min_lr (1 + lr_range_test_step_rate p)

    where t is the step, and p = t / lr_range_test_step_size, rounded down if `lr_range_test_staircase` is true.

    Returns
    -------
    Schedule; it has no end.

    Source: Smith, A Disciplined Approach to Neural Network Hyper-Parameters, arXiv 1803.09820.

    >>> LRRangeTest(0.5, lr_range_test_step_size=4, lr_range_test_step_rate=2.0)
    linear(base_lr=0.5, end_lr=2251799813685248.5, total_steps=9007199254740992)
    """
    rise = lr_range_test_min_lr * lr_range_test_step_rate
    if lr_range_test_staircase:
        return every(_line(lr_range_test_min_lr, rise), steps=lr_range_test_step_size)
    return _line(lr_range_test_min_lr, rise / lr_range_test_step_size)


def _cycle_parameters() -> dict[str, Parameter]:
    """Declares what OneCycle takes, for its rate and for its momentum."""
    return {
        "cycle_min_lr": _rate("the rate at the feet of the cycle"),
        "cycle_max_lr": _rate("the rate at its peak"),
        "decay_lr_rate": explained(
            factor("behind the cycle, what the divisor grows by in `decay_step_size` steps", NON_NEGATIVE),
            "below 0 the divisor of DeepSpeed meets 0",
        ),
        "cycle_first_step_size": count("the steps up to the peak"),
        "cycle_second_step_size": count("the steps down; by default `cycle_first_step_size`", least=0),
        "cycle_first_stair_count": how_many("the stairs up, or 0 for a line", least=0),
        "cycle_second_stair_count": how_many("the stairs down; by default `cycle_first_stair_count`", least=0),
        "decay_step_size": count("the steps in which the divisor grows, or 0 for no decay", least=0),
        "cycle_momentum": flag("whether the first beta goes the other way: `OneCycleMomentum` gives it"),
        "cycle_min_mom": rate("the first beta at the peak"),
        "cycle_max_mom": rate("the first beta at the feet"),
        "decay_mom_rate": factor("behind the cycle, how much it grows in `decay_step_size` steps"),
    }


def _stairs(first: float, last: float, steps: int, stairs: int, downwards: bool) -> Schedule:
    """Makes one side of the cycle. The height above the lower end is rounded down to whole stairs."""
    if not stairs:
        return linear(base_lr=first, end_lr=last, total_steps=steps)
    if downwards:
        starts = {0: 0} | {steps + 1 - -(-(stairs - n + 1) * steps // stairs): n for n in range(1, stairs + 1)}
    else:
        starts = {-(-n * steps // stairs): n for n in range(stairs + 1)}
    values = [first + (last - first) * (n / stairs) for n in starts.values()]
    return piecewise(steps=list(starts), values=values, interpolation="step")


def _cycle(
    foot: float,
    peak: float,
    first: int,
    second: int | None,
    first_stairs: int,
    second_stairs: int | None,
    then: Schedule,
) -> Schedule:
    """Makes the cycle with what follows it."""
    down = first if second is None else second
    up_side = _stairs(foot, peak, first, first_stairs, downwards=False)
    phases: list[tuple[int, Schedule]] = [(first, up_side)]
    if down:
        stairs = first_stairs if second_stairs is None else second_stairs
        phases.append((down, _stairs(peak, foot, down, stairs, downwards=True)))
    return join([*phases, then])


@foreign("deepspeed", "runtime.lr_schedules.OneCycle", **_cycle_parameters())
def OneCycle(
    cycle_min_lr: float,
    cycle_max_lr: float,
    decay_lr_rate: float = 0.0,
    cycle_first_step_size: int = 2000,
    cycle_second_step_size: int | None = None,
    cycle_first_stair_count: int = 0,
    cycle_second_stair_count: int | None = None,
    decay_step_size: int = 0,
    cycle_momentum: bool = True,
    cycle_min_mom: float = 0.8,
    cycle_max_mom: float = 0.9,
    decay_mom_rate: float = 0.0,
) -> Schedule:
    """Go up to a peak and down again, each in a straight line or in stairs, then decay.

        lr(t) = cycle_min_lr + (cycle_max_lr - cycle_min_lr) h(t)          for t <= n
        lr(t) = cycle_min_lr / (1 + decay_lr_rate (t - n) / decay_step_size)    from there on

    where t is the step, and h goes from 0 to 1 in `cycle_first_step_size` steps and back in `cycle_second_step_size`, n
    steps together. With stairs, h is rounded down to a multiple of 1 / cycle_first_stair_count, or on the way down
    1 / cycle_second_stair_count.

    Returns
    -------
    Schedule; with a decay it has no end, and without one it holds `cycle_min_lr` behind the cycle.

    Source: Smith, A Disciplined Approach to Neural Network Hyper-Parameters, arXiv 1803.09820.

    >>> OneCycle(0.25, 1.0, cycle_first_step_size=4)  # doctest: +NORMALIZE_WHITESPACE
    join(((4, linear(base_lr=0.25, end_lr=1.0, total_steps=4)), (4, linear(base_lr=1.0, end_lr=0.25, total_steps=4)),
          constant(lr=0.25)))
    """
    tail = constant(lr=cycle_min_lr)
    if decay_step_size and decay_lr_rate:
        tail = inverse_time(base_lr=cycle_min_lr, decay_rate=decay_lr_rate, decay_steps=decay_step_size)
    stairs = (cycle_first_stair_count, cycle_second_stair_count)
    return _cycle(cycle_min_lr, cycle_max_lr, cycle_first_step_size, cycle_second_step_size, *stairs, tail)


@foreign("deepspeed", "runtime.lr_schedules.OneCycle", **_cycle_parameters())
def OneCycleMomentum(
    cycle_min_lr: float,
    cycle_max_lr: float,
    decay_lr_rate: float = 0.0,
    cycle_first_step_size: int = 2000,
    cycle_second_step_size: int | None = None,
    cycle_first_stair_count: int = 0,
    cycle_second_stair_count: int | None = None,
    decay_step_size: int = 0,
    cycle_momentum: bool = True,
    cycle_min_mom: float = 0.8,
    cycle_max_mom: float = 0.9,
    decay_mom_rate: float = 0.0,
) -> Schedule:
    """Let the first beta go down and up while `OneCycle`, which has the same parameters, goes up and down.

        beta(0) = cycle_min_mom
        beta(t) = cycle_max_mom - (cycle_max_mom - cycle_min_mom) h(t)                  for t <= n
        beta(t) = cycle_max_mom (1 + decay_mom_rate (t - n) / decay_step_size)          from there on

    where t is the step, and h and n are as there. At its first step DeepSpeed has the beta of the peak.

    Returns
    -------
    Schedule; with a decay it has no end, and without one it holds `cycle_max_mom` behind the cycle.

    Raises
    ------
    ValueError if cycle_momentum is false: DeepSpeed then leaves the betas alone.

    Source: Smith, A Disciplined Approach to Neural Network Hyper-Parameters, arXiv 1803.09820.

    >>> OneCycleMomentum(0.25, 1.0, cycle_first_step_size=4)  # doctest: +NORMALIZE_WHITESPACE
    replace_after(constant(lr=0.8), step=1,
                  other=join(((4, linear(base_lr=0.9, end_lr=0.8, total_steps=4)),
                              (4, linear(base_lr=0.8, end_lr=0.9, total_steps=4)), constant(lr=0.9))))
    """
    if not cycle_momentum:
        _checks.refuse_foreign("cycle_momentum", "be True", cycle_momentum, "DeepSpeed then leaves the betas alone")
    tail = constant(lr=cycle_max_mom)
    if decay_step_size and decay_mom_rate:
        tail = _line(cycle_max_mom, cycle_max_mom * decay_mom_rate / decay_step_size)
    stairs = (cycle_first_stair_count, cycle_second_stair_count)
    cycle = _cycle(cycle_max_mom, cycle_min_mom, cycle_first_step_size, cycle_second_step_size, *stairs, tail)
    return replace_after(constant(lr=cycle_min_mom), step=1, other=cycle)


def _warmups() -> dict[str, Parameter]:
    return {
        "warmup_num_steps": count("the steps of the warmup; 1 is 2 to DeepSpeed"),
        "warmup_type": choice("the curve of the warmup", ("log", "linear")),
    }


def _risen(first: float, last: float, steps: int, warmup_type: str, then: Schedule) -> Schedule:
    """Puts the warmup in front of a curve. A logarithm reaches its end a step early."""
    if warmup_type == "linear":
        return join([(steps, linear(base_lr=first, end_lr=last, total_steps=steps)), then])
    return join([(steps, log_warmup(base_lr=last, warmup_steps=steps, start_lr=first)), then])


@foreign(
    "deepspeed",
    "runtime.lr_schedules.WarmupLR",
    warmup_min_lr=_rate("the rate at the first two steps"),
    warmup_max_lr=_rate("the rate behind the warmup, by default the optimizer's"),
    **_warmups(),
    base_lr=_rate("the rate that the optimizer has, which only a missing `warmup_max_lr` needs"),
)
def WarmupLR(
    warmup_min_lr: float = 0.0,
    warmup_max_lr: float | None = None,
    warmup_num_steps: int = 1000,
    warmup_type: str = "log",
    *,
    base_lr: float | None = None,
) -> Schedule:
    """Warm up in a straight line or with a logarithm, and stay there. The curve is one step behind.

        lr(t) = warmup_min_lr + (warmup_max_lr - warmup_min_lr) f(s)    for s < W
        lr(t) = warmup_max_lr                                           from there on

    where t is the step, s = max(0, t - 1), W is warmup_num_steps, and by `warmup_type`

        linear    f(s) = s / W
        log       f(s) = ln(1 + s) / ln(W)

    Returns
    -------
    Schedule; it has no end.

    Raises
    ------
    TypeError if neither `warmup_max_lr` nor `base_lr` is given.

    >>> WarmupLR(0.0, 0.5, warmup_num_steps=10)
    delay(log_warmup(base_lr=0.5, warmup_steps=10, start_lr=0.0), steps=1)
    """
    peak = base_lr if warmup_max_lr is None else warmup_max_lr
    peak = _checks.needed("warmup_max_lr or base_lr", peak, "the rate behind the warmup")
    steps = max(2, warmup_num_steps)
    if warmup_type == "log":
        return delay(log_warmup(base_lr=peak, warmup_steps=steps, start_lr=warmup_min_lr), steps=1)
    return delay(warmup(constant(lr=peak), steps=steps, start_lr=warmup_min_lr), steps=1)


@foreign(
    "deepspeed",
    "runtime.lr_schedules.WarmupDecayLR",
    total_num_steps=count("the steps of the run, with the warmup"),
    warmup_min_lr=_rate("the rate at the first two steps, and at the end"),
    warmup_max_lr=_rate("the rate behind the warmup"),
    **_warmups(),
)
def WarmupDecayLR(
    total_num_steps: int,
    warmup_min_lr: float = 0.0,
    warmup_max_lr: float = 0.001,
    warmup_num_steps: int = 1000,
    warmup_type: str = "log",
) -> Schedule:
    """Warm up in a straight line or with a logarithm, and go down in a straight line. The curve is one step behind.

        lr(t) = warmup_min_lr + (warmup_max_lr - warmup_min_lr) f(s)          for s < W
        lr(t) = warmup_min_lr + (warmup_max_lr - warmup_min_lr) (1 - p)       from there on

    where t is the step, s = max(0, t - 1), W is warmup_num_steps, p = (s - W) / (total_num_steps - W), and f is as in
    `WarmupLR`.

    Returns
    -------
    Schedule; past total_num_steps + 1 it holds `warmup_min_lr`.

    Raises
    ------
    ValueError if the warmup is as long as the run.

    >>> WarmupDecayLR(100, 0.0, 0.5, warmup_num_steps=10, warmup_type="linear")  # doctest: +NORMALIZE_WHITESPACE
    delay(join(((10, linear(base_lr=0.0, end_lr=0.5, total_steps=10)),
                linear(base_lr=0.5, end_lr=0.0, total_steps=90))), steps=1)
    """
    steps = max(2, warmup_num_steps)
    room_to_decay("warmup_num_steps", steps, "total_num_steps", total_num_steps, "DeepSpeed")
    fall = linear(base_lr=warmup_max_lr, end_lr=warmup_min_lr, total_steps=total_num_steps - steps)
    return delay(_risen(warmup_min_lr, warmup_max_lr, steps, warmup_type, fall), steps=1)


@foreign(
    "deepspeed",
    "runtime.lr_schedules.WarmupCosineLR",
    total_num_steps=count("the steps of the run, with the warmup"),
    warmup_min_ratio=factor("the rate at step 1 over the optimizer's", NON_NEGATIVE),
    warmup_num_steps=count("the steps of the warmup; 1 is 2 to DeepSpeed"),
    cos_min_ratio=factor("the rate at the end over the optimizer's", NON_NEGATIVE),
    warmup_type=choice("the curve of the warmup", ("log", "linear")),
    base_lr=_rate("the rate that the optimizer has"),
)
def WarmupCosineLR(
    total_num_steps: int,
    warmup_min_ratio: float = 0.0,
    warmup_num_steps: int = 1000,
    cos_min_ratio: float = 0.0001,
    warmup_type: str = "log",
    *,
    base_lr: float,
) -> Schedule:
    """Warm up in a straight line or with a logarithm, and go down along half a cosine wave from its second step on.

        lr(0) = 0
        lr(t) = base_lr (warmup_min_ratio + (1 - warmup_min_ratio) f(s))            for s < W
        lr(t) = base_lr (cos_min_ratio + (1 - cos_min_ratio) (1 + cos(pi p)) / 2)   from there on

    where t is the step, s = t - 1, W is warmup_num_steps, p = (s - W + 1) / (total_num_steps - W), and f is as in
    `WarmupLR`. A linear warmup does not reach `base_lr`.

    Returns
    -------
    Schedule; from `total_num_steps` on it holds base_lr cos_min_ratio.

    Raises
    ------
    ValueError if the warmup is as long as the run.

    >>> WarmupCosineLR(100, warmup_num_steps=10, base_lr=0.5)  # doctest: +NORMALIZE_WHITESPACE
    join(((1, constant(lr=0.0)),
          join(((10, log_warmup(base_lr=0.5, warmup_steps=10, start_lr=0.0)),
                advance(cosine(base_lr=0.5, min_lr=5e-05, total_steps=90), steps=1)))))
    """
    steps = max(2, warmup_num_steps)
    room_to_decay("warmup_num_steps", steps, "total_num_steps", total_num_steps, "DeepSpeed")
    wave = cosine(base_lr=base_lr, min_lr=base_lr * cos_min_ratio, total_steps=total_num_steps - steps)
    risen = _risen(base_lr * warmup_min_ratio, base_lr, steps, warmup_type, advance(wave, steps=1))
    return join([(1, constant(lr=0.0)), risen])
