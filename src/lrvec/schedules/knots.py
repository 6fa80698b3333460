"""These factories make rates that are flat between some steps, and change at those."""

from __future__ import annotations

from .._lowering.segments import At, segment
from .._registry import POSITIVE, UNIT_TO_ONE, count, counts, exactly_one, factor, rate
from .._values import kind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import overload

    from .._lowering.segments import Segment
    from .._values import Counts, Rates, Schedule, Sweep

if TYPE_CHECKING:

    @overload
    def constant(*, lr: float) -> Schedule: ...
    @overload
    def constant(*, lr: Rates) -> Sweep: ...


@kind(
    lr=rate("the rate"),
)
def constant(*, lr: float) -> list[Segment]:
    """Keep one rate at every step.

        lr(t) = lr

    where t is the step.

    Returns
    -------
    Schedule; it has no end.

    >>> constant(lr=0.1)(1000)
    0.1
    """
    return [segment(0, "constant", lr)]


if TYPE_CHECKING:

    @overload
    def step_decay(
        *, base_lr: float, drop: float | None = None, step_size: int, gamma: float | None = None
    ) -> Schedule: ...
    @overload
    def step_decay(
        *, base_lr: Rates, drop: Rates | None = None, step_size: Counts, gamma: Rates | None = None
    ) -> Sweep: ...


@kind(
    exactly_one("drop", "gamma"),
    base_lr=rate("the rate at step 0; with `gamma` any finite one", POSITIVE, finite_without="drop"),
    drop=factor("the factor of a drop", UNIT_TO_ONE),
    step_size=count("the steps between two drops"),
    gamma=factor("any factor, in place of `drop`; a negative one alternates the sign, and 0^0 = 1"),
    command="step",
)
def step_decay(
    *, base_lr: float, drop: float | None = None, step_size: int, gamma: float | None = None
) -> list[Segment]:
    """Multiply the rate by a factor every `step_size` steps.

        lr(t) = base_lr drop^floor(t / step_size)

    where t is the step, and `gamma` may stand in place of `drop`.

    Returns
    -------
    Schedule; it has no end.

    Raises
    ------
    TypeError if both of `drop` and `gamma` are given, or neither.

    >>> step_decay(base_lr=0.1, drop=0.5, step_size=30)([0, 29, 30, 60]).tolist()
    [0.1, 0.1, 0.05, 0.025]
    """
    return [segment(0, "staircase", base_lr, gamma if drop is None else drop, step_size)]


if TYPE_CHECKING:

    @overload
    def multi_step(*, base_lr: float, milestones: Iterable[int], gamma: float) -> Schedule: ...
    @overload
    def multi_step(*, base_lr: Rates, milestones: Iterable[int], gamma: Rates) -> Sweep: ...


@kind(
    base_lr=rate("the rate before the first milestone"),
    milestones=counts("the steps of the drops, in any order; a step that stands twice counts twice"),
    gamma=factor("the factor of a drop"),
)
def multi_step(*, base_lr: float, milestones: Iterable[int], gamma: float) -> list[Segment]:
    """Multiply the rate by `gamma` at each milestone.

        lr(t) = base_lr gamma^n

    where t is the step, and n counts the milestones m with m <= t.

    Returns
    -------
    Schedule; past the last milestone it holds the rate that it has there.

    >>> multi_step(base_lr=0.1, milestones=[30, 60], gamma=0.5)([29, 30, 60]).tolist()
    [0.1, 0.05, 0.025]
    """
    powers = [segment(0, "exponential", base_lr, gamma, 1)]
    factors = {0: 0} | {milestone: count for count, milestone in enumerate(milestones, 1)}
    return [segment(milestone, "constant", At(powers, count)) for milestone, count in factors.items()]
