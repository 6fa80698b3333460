"""Schedules made of schedules, and lists of their values.

Wherever a schedule is taken, so is any other callable from a step to a rate. It is called step by step, in Python.
"""

from __future__ import annotations

from . import _arrays, _checks
from ._schedule import Schedule, kind, make
from ._segments import Joined, cut, hold, segment, shift, value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ._segments import Segment


@kind
def with_warmup(schedule: Callable[[int], float], *, warmup_steps: int, start_lr: float) -> Schedule:
    """Put a linear warmup in front of a schedule, whose own clock starts when the warmup ends.

        lr(t) = start_lr + (schedule(0) - start_lr) t / warmup_steps    for t < warmup_steps
        lr(t) = schedule(t - warmup_steps)                              from there on

    Parameters
    ----------
    schedule : a schedule, or another callable from a step to a rate, which is asked for step 0 at once.
    warmup_steps : the step at which the schedule starts, positive. The schedule's own `total_steps` does not count
        them: for a run of N steps it is N - warmup_steps.
    start_lr : the rate at step 0, finite.

    Returns
    -------
    Schedule; it ends as `schedule` does.

    Source: Goyal et al., Accurate, Large Minibatch SGD, arXiv 1706.02677.

    >>> from lrvec import constant
    >>> with_warmup(constant(lr=1.0), warmup_steps=4, start_lr=0.0)(range(6)).tolist()
    [0.0, 0.25, 0.5, 0.75, 1.0, 1.0]
    """
    _checks.schedule("schedule", schedule)
    warmup_steps, start_lr = _checks.positive_count("warmup_steps", warmup_steps), _checks.finite("start_lr", start_lr)
    peak = None if hasattr(schedule, "_lower") else _checks.finite("schedule(0)", schedule(0))

    def join(after: list[Segment]) -> list[Segment]:
        end = value(after, 0) if peak is None else peak
        return [segment(0, "line", start_lr, end, warmup_steps), *shift(after, warmup_steps)]

    parameters = {"schedule": schedule, "warmup_steps": warmup_steps, "start_lr": start_lr}
    return make("with_warmup", parameters, Joined((schedule,), join))


@kind
def sequential(phases: Sequence[tuple[int, Callable[[int], float]]]) -> Schedule:
    """Run schedules one after another, each on a clock of its own that starts with its phase.

        lr(t) = schedule_i(t - s_i) in phase i, which starts at s_i = duration_0 + ... + duration_(i-1)

    Parameters
    ----------
    phases : pairs of a duration in steps, positive, and a schedule or another callable from a step to a rate.

    Returns
    -------
    Schedule; past the last phase it holds that phase's last value, schedule(duration - 1). A curve that reaches its end
    at `total_steps` = duration is so never seen there: give the phase one step more to end on it.

    >>> from lrvec import constant, linear
    >>> sequential([(2, constant(lr=1.0)), (4, linear(base_lr=1.0, end_lr=0.0, total_steps=4))])(range(8)).tolist()
    [1.0, 1.0, 1.0, 0.75, 0.5, 0.25, 0.25, 0.25]
    """
    pairs = _checks.phases(phases)

    def join(*parts: list[Segment]) -> list[Segment]:
        segments: list[Segment] = []
        start = 0
        for (duration, _), own in zip(pairs, parts, strict=True):
            segments += shift(cut(own, duration), start)
            start = start + duration  # a new array, where it is one: segments hold the old
        return [*segments, hold(own, duration - 1, start)]

    return make("sequential", {"phases": pairs}, Joined(tuple(schedule for _, schedule in pairs), join))


def sample(schedule: Callable[[int], float], *, num_steps: int) -> list[float]:
    """The values at the steps 0, 1, ... num_steps - 1.

    Parameters
    ----------
    schedule : a schedule, or another callable from a step to a rate.
    num_steps : how many, positive.

    Returns
    -------
    A list of `num_steps` floats.

    >>> from lrvec import linear
    >>> sample(linear(base_lr=1.0, end_lr=0.0, total_steps=4), num_steps=3)
    [1.0, 0.75, 0.5]
    """
    if not callable(schedule):
        _checks.schedule("schedule", schedule)  # which refuses it
    _checks.untraced("num_steps", num_steps)
    num_steps = _checks.single_count("num_steps", num_steps)
    _arrays.check_memory(num_steps, 32)  # a float and its place in the list
    if isinstance(schedule, Schedule):
        values: list[float] = schedule._table.sample(num_steps)
        return values
    return [schedule(step) for step in range(num_steps)]
