"""These factories make schedules of other schedules.

In place of a schedule they take any other callable from a step to a rate, and call it step by step, in Python.
"""

from __future__ import annotations

from .. import _checks
from .._lowering.numbers import smaller
from .._lowering.segments import At, Joined, Waiting, hold, in_turn, segment, shift
from .._registry import (
    MULTIPLIERS,
    NAMES,
    POSITIVE,
    SCHEDULES,
    choice,
    count,
    exponent,
    factor,
    given_if,
    other,
    phases,
    rate,
    schedule,
)
from .._values import kind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any, overload

    from .._lowering.segments import Segment
    from .._values import Counts, GroupSchedule, Lowering, Rates, Schedule, Sweep

if TYPE_CHECKING:

    @overload
    def with_warmup(schedule: Sweep, *, warmup_steps: Counts, start_lr: Rates) -> Sweep: ...
    @overload
    def with_warmup(schedule: Callable[[int], float], *, warmup_steps: int, start_lr: float) -> Schedule: ...
    @overload
    def with_warmup(schedule: Callable[[int], float], *, warmup_steps: Counts, start_lr: Rates) -> Sweep: ...


@kind(
    schedule=schedule(
        "what follows the warmup, on a clock of its own; a callable that is no schedule is called with step 0 at once"
    ),
    warmup_steps=count(
        "the steps of the warmup; the `total_steps` of the schedule does not count them: for a run of N steps it is "
        "N - warmup_steps; `warmup` takes 0 too"
    ),
    start_lr=rate("the rate at step 0"),
)
def with_warmup(schedule: Callable[[int], float], *, warmup_steps: int, start_lr: float) -> Lowering:
    """Put a linear warmup in front of a schedule, whose own clock starts when the warmup ends.

        lr(t) = start_lr + (schedule(0) - start_lr) t / warmup_steps    for t < warmup_steps
        lr(t) = schedule(t - warmup_steps)                              from there on

    where t is the step.

    Returns
    -------
    Schedule; past its end it does what `schedule` does past its own.

    Source: Goyal et al., Accurate, Large Minibatch SGD, arXiv 1706.02677.

    >>> from lrvec import constant
    >>> with_warmup(constant(lr=1.0), warmup_steps=4, start_lr=0.0)(range(6)).tolist()
    [0.0, 0.25, 0.5, 0.75, 1.0, 1.0]
    """
    return _warmed(schedule, warmup_steps, start_lr, "line")


def _warmed(
    schedule: Callable[[int], float],
    steps: int,
    start_lr: float,
    shape: str,
    *bends: float,
    is_inner: bool = False,
    more: int = 0,
) -> Lowering:
    """Lowers a warmup along a shape, and the schedule behind it. The shape's length is `more` than the steps, and more
    parameters are behind it, the `bends`. An inner shape is not defined at step 0."""
    peak = None if hasattr(schedule, "_lower") else _checks.finite("schedule(0)", schedule(0))

    def join(after: list[Segment]) -> list[Segment]:
        end = At(after, 0, precise=True) if peak is None else peak
        begin = smaller(steps, 1) if is_inner else 0
        before = [segment(0, "constant", start_lr)] if is_inner else []
        name = Waiting(shape) if is_inner else shape
        rise = segment(begin, name, start_lr, end, steps + more if more else steps, *bends, origin=0)
        return [*before, rise, *shift(after, steps)]

    return Joined((schedule,), join)


if TYPE_CHECKING:

    @overload
    def sequential(phases: Sequence[tuple[int, Callable[[int], float]]]) -> Schedule: ...
    @overload
    def sequential(phases: Sequence[tuple[Counts, Sweep | Callable[[int], float]]]) -> Sweep: ...


@kind(
    phases=phases("pairs of a duration in steps, positive, and a schedule or another callable", _checks.phases, least=1)
)
def sequential(phases: Sequence[tuple[int, Callable[[int], float]]]) -> Lowering:
    """Run schedules one after another, each on a clock of its own that starts with its phase.

        lr(t) = schedule_i(t - s_i)    for s_i <= t < s_i + duration_i

    where t is the step, and phase i starts at s_i = duration_0 + ... + duration_(i-1).

    Returns
    -------
    Schedule; past the last phase it holds the value at that phase's last step, schedule(duration - 1). A curve with
    `total_steps` = duration reaches its end one step later, so the phase does not show it: give it one step more.

    Raises
    ------
    ValueError if there is no phase, or if a duration is no positive integer.
    TypeError if `phases` is no sequence of pairs of a duration and a schedule.

    >>> from lrvec import constant, linear
    >>> sequential([(2, constant(lr=1.0)), (4, linear(base_lr=1.0, end_lr=0.0, total_steps=4))])(range(8)).tolist()
    [1.0, 1.0, 1.0, 0.75, 0.5, 0.25, 0.25, 0.25]
    """

    def join(*parts: list[Segment]) -> list[Segment]:
        segments, end = in_turn(phases, parts)
        return [*segments, hold(parts[-1], phases[-1][0] - 1, end)]

    return Joined(tuple([part for _, part in phases]), join)


@kind(
    schedule=schedule("the schedule of all groups"),
    multipliers=other(
        MULTIPLIERS,
        "the factor of each group by its name, positive and finite; at least one",
        lambda _, value: _checks.multipliers(value),
    ),
)
def scale_by_group(schedule: Callable[[int], float], *, multipliers: Mapping[str, float]) -> GroupSchedule:
    """Give each named group its own multiple of a schedule's rate.

        lr_g(t) = multiplier_g schedule(t)

    where t is the step and g a group.

    Returns
    -------
    GroupSchedule; past its end it does what `schedule` does past its own.

    Raises
    ------
    ValueError if `multipliers` is empty, or if one is not positive and finite.
    TypeError if `multipliers` is no mapping to numbers.

    >>> from lrvec import constant
    >>> scale_by_group(constant(lr=0.5), multipliers={"backbone": 0.5, "head": 1.0})(0)
    {'backbone': 0.25, 'head': 0.5}
    """
    import lrvec._values.groups as groups  # in this form, a fifth of the time that `from` takes

    return groups.GroupSchedule(schedule, dict(multipliers))


if TYPE_CHECKING:

    @overload
    def stack(schedules: Sequence[Any], *, names: None = None) -> Sweep: ...
    @overload
    def stack(schedules: Sequence[Any], *, names: Sequence[str]) -> GroupSchedule: ...


@kind(
    schedules=other(
        SCHEDULES,
        "schedules, or other callables from a step to a rate, at least one; sequences of them, all of one length, give "
        "a sweep of several axes",
        lambda _, value: value,
    ),
    names=other(NAMES, "a name for each, all different", lambda _, value: value),
)
def stack(schedules: Sequence[Callable[[int], float]], *, names: Sequence[str] | None = None) -> Sweep | GroupSchedule:
    """Make schedules of any kinds the rows of one sweep or, with names, the groups of a GroupSchedule.

        lr_i(t) = schedule_i(t)

    where t is the step and i a row or a group.

    Returns
    -------
    Sweep of shape (len(schedules),), or GroupSchedule; past its end each schedule does what it does alone.

    Raises
    ------
    ValueError if there is no schedule, if sequences differ in length, or if `names` are not as many different names.
    TypeError if `schedules` is no sequence of callables.

    >>> from lrvec import constant, linear
    >>> stack([constant(lr=1.0), linear(base_lr=1.0, end_lr=0.0, total_steps=2)])(range(3)).tolist()
    [[1.0, 1.0, 1.0], [1.0, 0.5, 0.0]]
    """
    import lrvec._values.sweep as sweep

    rows = sweep.Stack(schedules)
    if names is None:
        return rows
    import lrvec._values.groups as groups

    return groups.StackedGroups(rows, _checks.names("names", names, len(rows)))


_RISES: dict[str, tuple[str, tuple[float, ...], dict[str, Any]]] = {
    "linear": ("line", (), {}),
    "cosine": ("half_cosine", (), {}),
    "exponential": ("geometric", (), {}),
    "polynomial": ("rise", (), {"is_inner": True}),
    "sqrt": ("rise", (0.5,), {"is_inner": True}),
    "log": ("log_ramp", (), {"is_inner": True, "more": 1}),
}
"""The warmup has this shape for each choice, with these parameters behind its length, and the other arguments of
_warmed."""

if TYPE_CHECKING:

    @overload
    def warmup(
        schedule: Sweep,
        *,
        steps: Counts,
        start_lr: Rates = 0.0,
        shape: str = "linear",
        power: Rates | None = None,
        ratio: Rates | None = None,
    ) -> Sweep: ...
    @overload
    def warmup(
        schedule: Callable[[int], float],
        *,
        steps: int,
        start_lr: float = 0.0,
        shape: str = "linear",
        power: float | None = None,
        ratio: float | None = None,
    ) -> Schedule: ...
    @overload
    def warmup(
        schedule: Callable[[int], float],
        *,
        steps: Counts,
        start_lr: Rates = 0.0,
        shape: str = "linear",
        power: Rates | None = None,
        ratio: Rates | None = None,
    ) -> Sweep: ...


@kind(
    given_if("power", "shape", "polynomial"),
    given_if("ratio", "shape", "exponential"),
    schedule=schedule(
        "what follows the warmup, on a clock of its own; a callable that is no schedule is called with step 0 at once"
    ),
    steps=count(
        "the steps of the warmup, which may be 0; the `total_steps` of the schedule does not count them", least=0
    ),
    start_lr=rate("the rate at step 0"),
    shape=choice("the curve of the warmup", _RISES),
    power=exponent("the exponent of the shape \"polynomial\", which needs one", POSITIVE),
    ratio=factor("how much faster the shape \"exponential\" grows at its end than at its start", POSITIVE),
)
def warmup(
    schedule: Callable[[int], float],
    *,
    steps: int,
    start_lr: float = 0.0,
    shape: str = "linear",
    power: float | None = None,
    ratio: float | None = None,
) -> Lowering:
    """Put a warmup of any number of steps in front of a schedule, whose own clock starts when the warmup ends.

        lr(t) = start_lr + (schedule(0) - start_lr) f(t / steps)    for t < steps
        lr(t) = schedule(t - steps)                                 from there on

    where t is the step, and by `shape`

        linear         f(u) = u
        cosine         f(u) = (1 - cos(pi u)) / 2
        exponential    f(u) = (ratio^u - 1) / (ratio - 1); from a rate above 0 by one factor a step, if `ratio` is
                       schedule(0) / start_lr
        polynomial     f(u) = u^power
        sqrt           f(u) = sqrt(u)
        log            f(t / steps) = ln(1 + t) / ln(1 + steps)

    The kind `with_warmup` is the linear case of at least one step.

    Returns
    -------
    Schedule; past its end it does what `schedule` does past its own.

    Raises
    ------
    TypeError if `power` or `ratio` is given with another shape, or not with its own.

    Source: Goyal et al., Accurate, Large Minibatch SGD, arXiv 1706.02677.

    >>> from lrvec import constant
    >>> warmup(constant(lr=1.0), steps=4, shape="cosine")([0, 2, 4]).tolist()
    [0.0, 0.5, 1.0]
    >>> warmup(constant(lr=1.0), steps=[0, 2])(range(3)).tolist()
    [[1.0, 1.0, 1.0], [0.0, 0.5, 1.0]]
    """
    name, bends, rest = _RISES[shape]
    given = [one for one in (power, ratio) if one is not None]
    return _warmed(schedule, steps, start_lr, name, *bends, *given, **rest)
