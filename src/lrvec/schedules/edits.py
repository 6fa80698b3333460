"""These factories edit a schedule that is under way: a decay from a step on, a second warmup, another end or schedule.

Up to the step of the edit the values are the schedule's own, to the bit. In place of a schedule they take any other
callable from a step to a rate, and call it step by step, in Python.
"""

from __future__ import annotations

from .._lowering.numbers import larger, smaller
from .._lowering.placed import rebased
from .._lowering.segments import At, Joined, Waiting, cut, segment, shift
from .._lowering.segments import hold as hold_segment
from .._registry import choice, count, exactly_one, less_than, rate, schedule
from .._values import kind
from .algebra import _fractional
from .phases import _DECAYS as _ALL_DECAYS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, overload

    from .._lowering.segments import Segment
    from .._values import Counts, Lowering, Rates, Schedule, Sweep


_DECAYS = {name: curve for name, curve in _ALL_DECAYS.items() if name != "power"}
"""The decay of decay_from has this shape for each choice: those of warmup_stable_decay that need no exponent."""


def _leaving(segments: list[Segment], step: Any, steps: Any, shape: str, last: Any, *bends: float) -> list[Segment]:
    """Returns a curve that goes from its value at a step to a rate. The step itself has the curve's own value."""
    start = smaller(step + 1, step + steps)
    curve = segment(start, Waiting(shape), At(segments, step, precise=True), last, steps, *bends, origin=step)
    return [*cut(segments, step), hold_segment(segments, step, step), curve]


if TYPE_CHECKING:

    @overload
    def decay_from(
        schedule: Sweep, *, step: Counts, decay_steps: Counts, final_lr: Rates = 0.0, shape: str = "linear"
    ) -> Sweep: ...
    @overload
    def decay_from(
        schedule: Callable[[int], float], *, step: int, decay_steps: int, final_lr: float = 0.0, shape: str = "linear"
    ) -> Schedule: ...
    @overload
    def decay_from(
        schedule: Callable[[int], float],
        *,
        step: Counts,
        decay_steps: Counts,
        final_lr: Rates = 0.0,
        shape: str = "linear",
    ) -> Sweep: ...


@kind(
    schedule=schedule("the schedule that is under way"),
    step=count("the step from whose rate the decay goes down", least=0),
    decay_steps=count("the steps of the decay; with 0 the rate is `final_lr` from `step` on", least=0),
    final_lr=rate("the rate at the end"),
    shape=choice("the curve of the decay", _DECAYS),
)
def decay_from(
    schedule: Callable[[int], float], *, step: int, decay_steps: int, final_lr: float = 0.0, shape: str = "linear"
) -> Lowering:
    """Follow a schedule to a step, and decay from the rate that it has there: a decay branch of a run.

        lr(t) = schedule(t)                                        for t < step
        lr(t) = final_lr + (schedule(step) - final_lr) g(p)        from there on

    where t is the step, p = (t - step) / decay_steps, and by `shape`

        linear         g(u) = 1 - u
        cosine         g(u) = (1 + cos(pi u)) / 2
        exponential    g(u) = 2^(1 - u) - 1
        1-sqrt         g(u) = 1 - sqrt(u)
        1-square       g(u) = 1 - u^2

    A sequence of steps gives a sweep with a branch from each of them.

    Returns
    -------
    Schedule; past step + decay_steps it holds `final_lr`.

    Source: OverrideDecay of OLMo-core; Hu et al., MiniCPM, arXiv 2404.06395; Haegele et al., arXiv 2405.18392.

    >>> from lrvec import constant
    >>> decay_from(constant(lr=1.0), step=2, decay_steps=4)(range(8)).tolist()
    [1.0, 1.0, 1.0, 0.75, 0.5, 0.25, 0.0, 0.0]
    >>> decay_from(constant(lr=1.0), step=[0, 1, 2], decay_steps=2)(range(5)).tolist()
    [[1.0, 0.5, 0.0, 0.0, 0.0], [1.0, 1.0, 0.5, 0.0, 0.0], [1.0, 1.0, 1.0, 0.5, 0.0]]
    """
    curve, *bends = _DECAYS[shape]

    def join(segments: list[Segment]) -> list[Segment]:
        decay = _leaving(segments, step, decay_steps, curve, final_lr, *bends)
        return [*decay, segment(step + decay_steps, "constant", final_lr)]

    return Joined((schedule,), join)


if TYPE_CHECKING:

    @overload
    def rewarm(
        schedule: Sweep,
        *,
        step: Counts,
        warmup_steps: Counts,
        peak: Rates | None = None,
        then: Callable[[int], float] | None = None,
    ) -> Sweep: ...
    @overload
    def rewarm(
        schedule: Callable[[int], float],
        *,
        step: int,
        warmup_steps: int,
        peak: float | None = None,
        then: Callable[[int], float] | None = None,
    ) -> Schedule: ...
    @overload
    def rewarm(
        schedule: Callable[[int], float],
        *,
        step: Counts,
        warmup_steps: Counts,
        peak: Rates | None = None,
        then: Callable[[int], float] | None = None,
    ) -> Sweep: ...


@kind(
    exactly_one("peak", "then"),
    schedule=schedule("the schedule that is under way"),
    step=count("the step from whose rate the second warmup goes up", least=0),
    warmup_steps=count("the steps of the second warmup", least=0),
    peak=rate("the rate that the warmup goes to, and that is held; or `then`"),
    then=schedule("the schedule that the warmup leads to, on a clock of its own; or `peak`"),
)
def rewarm(
    schedule: Callable[[int], float],
    *,
    step: int,
    warmup_steps: int,
    peak: float | None = None,
    then: Callable[[int], float] | None = None,
) -> Lowering:
    """Follow a schedule to a step, and warm up again from the rate that it has there: to train on with new data.

        lr(t) = schedule(t)                                                   for t < step
        lr(t) = schedule(step) + (peak - schedule(step)) p                    for t < step + warmup_steps
        lr(t) = peak, or then(t - step - warmup_steps)                        from there on

    where t is the step, p = (t - step) / warmup_steps, and peak is then(0) if `then` is given.

    Returns
    -------
    Schedule; past the warmup it holds `peak`, or does what `then` does.

    Raises
    ------
    TypeError if both or neither of `peak` and `then` are given.

    Source: Ibrahim et al., Simple and Scalable Strategies to Continually Pre-train Large Language Models, arXiv
    2403.08763.

    >>> from lrvec import linear
    >>> first = linear(base_lr=1.0, end_lr=0.0, total_steps=4)
    >>> rewarm(first, step=4, warmup_steps=2, peak=0.5)(range(8)).tolist()
    [1.0, 0.75, 0.5, 0.25, 0.0, 0.25, 0.5, 0.5]
    >>> rewarm(first, step=4, warmup_steps=1, then=first)(range(8)).tolist()
    [1.0, 0.75, 0.5, 0.25, 0.0, 1.0, 0.75, 0.5]
    """

    def join(segments: list[Segment], *after: list[Segment]) -> list[Segment]:
        following = after[0] if after else [segment(0, "constant", peak)]
        top = At(following, 0, precise=True) if after else peak
        rise = _leaving(segments, step, warmup_steps, "line", top)
        return [*rise, *shift(following, step + warmup_steps)]

    return Joined((schedule,) if then is None else (schedule, then), join)


if TYPE_CHECKING:

    @overload
    def rebase(schedule: Sweep, *, step: Counts, total_steps: Counts) -> Sweep: ...
    @overload
    def rebase(schedule: Callable[[int], float], *, step: int, total_steps: int) -> Schedule: ...
    @overload
    def rebase(schedule: Callable[[int], float], *, step: Counts, total_steps: Counts) -> Sweep: ...


@kind(
    less_than("total_steps", "step"),
    schedule=schedule("the schedule that is under way; it must hold its last value from some step on, its end"),
    step=count("the step from which on the rest is stretched; it is before the schedule's end", least=0),
    total_steps=count("the step at which the schedule is to end"),
)
def rebase(schedule: Callable[[int], float], *, step: int, total_steps: int) -> Lowering:
    """Give a schedule that is under way another end: what is left of it is stretched, or pressed, to reach to there.

        lr(t) = schedule(t)                                                  for t <= step
        lr(t) = schedule(step + (t - step) (end - step) / (total_steps - step))    from there on

    where t is the step, and end is the step from which on the schedule holds its last value. The rate has no jump at
    `step`. Between its steps the schedule has the values that it has in `stretched`; curves that have none must keep
    whole lengths.

    Returns
    -------
    Schedule; past `total_steps` it holds the schedule's last value.

    Raises
    ------
    ValueError if `step` is not less than total_steps and than the schedule's end, if the schedule has no end, or if the
    length of a curve that has no values between steps does not stay whole.
    TypeError if `schedule` is a callable that lrvec has not made.

    Source: OLMo-core, HalfCosWithWarmup, which gave a run of OLMo 3 another length when half of it was done.

    >>> from lrvec import linear
    >>> rebase(linear(base_lr=1.0, end_lr=0.0, total_steps=4), step=2, total_steps=6)(range(8)).tolist()
    [1.0, 0.75, 0.5, 0.375, 0.25, 0.125, 0.0, 0.0]
    """
    return _fractional(Joined((schedule,), lambda segments: rebased(segments, step, total_steps)), 0.5)


if TYPE_CHECKING:

    @overload
    def replace_after(schedule: Sweep, *, step: Counts, other: Callable[[int], float]) -> Sweep: ...
    @overload
    def replace_after(
        schedule: Callable[[int], float], *, step: int, other: Callable[[int], float]
    ) -> Schedule: ...
    @overload
    def replace_after(schedule: Callable[[int], float], *, step: Counts, other: Callable[[int], float]) -> Sweep: ...


@kind(
    schedule=schedule("the schedule that is under way"),
    step=count("the first step of the other schedule", least=0),
    other=schedule("the schedule that takes over, on the same clock"),
)
def replace_after(schedule: Callable[[int], float], *, step: int, other: Callable[[int], float]) -> Lowering:
    """Follow a schedule to a step, and another one from there on, both on the clock of the run.

        lr(t) = schedule(t)    for t < step
        lr(t) = other(t)       from there on

    where t is the step. If the other schedule is to begin at its own step 0, use `join`.

    Returns
    -------
    Schedule; past its end it does what `other` does past its own.

    >>> from lrvec import linear
    >>> short = linear(base_lr=1.0, end_lr=0.0, total_steps=4)
    >>> replace_after(short, step=2, other=short.replace(total_steps=8))(range(9)).tolist()
    [1.0, 0.75, 0.75, 0.625, 0.5, 0.375, 0.25, 0.125, 0.0]
    """

    def join(segments: list[Segment], after: list[Segment]) -> list[Segment]:
        return [*cut(segments, step), *[(larger(start, step), *part) for start, *part in after]]

    return Joined((schedule, other), join)
