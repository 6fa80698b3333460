"""These factories make schedules of other schedules: joined, moved, scaled, added, multiplied, bounded and repeated.

In place of a schedule they take any other callable from a step to a rate, and call it step by step, in Python; sums,
products and bounds also take a number. Sums, products, bounds and clocks go no deeper than 100 within each other; a
sum of any number of schedules counts once.
"""

from __future__ import annotations

from .. import _checks
from .._lowering import algebra, copies
from .._lowering.numbers import TRACED, is_whole, sort_of
from .._lowering.placed import on_clock, slower
from .._lowering.segments import Joined, earlier_by, in_turn, segment
from .._lowering.segments import hold as hold_segment
from .._registry import CYCLES, TERMS, count, factor, how_many, kind_named, length, other, phases, rate, ratio, schedule
from .._values import kind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any, overload

    from .._lowering.segments import Segment
    from .._values import Counts, Lowering, Rates, Schedule, Sweep


def _operation(
    name: str, parts: tuple[Any, ...], join: Callable[..., list[Segment]], *, operations: int = 1
) -> Joined:
    """Lowers a composition that takes an operation, or several within each other."""
    lowering = Joined(parts, join, operations=operations)
    _checks.few_operations(name, lowering.depth)
    return lowering


def _fractional(lowering: Joined, size: Any) -> Joined:
    """Returns a lowering. If its size is no integer it is tried, which refuses a schedule that has no values between
    steps. A sweep without columns is tried row by row, when its rows are made."""
    if not is_whole(size) and not any(getattr(part, "_by_row", False) for part in lowering.parts):
        is_traced = sort_of(size) is TRACED or any(hasattr(part, "_is_traced") for part in lowering.parts)
        lowering.attempt(keep=not is_traced)
    return lowering


def _terms(name: str, value: Any) -> tuple[Any, ...]:
    """Checks terms. A number becomes a constant schedule."""
    return _checks.terms(name, value, lambda lr: kind_named("constant").factory(lr=lr))


if TYPE_CHECKING:

    @overload
    def join(phases: Sequence[tuple[int, Callable[[int], float]] | Callable[[int], float]]) -> Schedule: ...
    @overload
    def join(
        phases: Sequence[tuple[Counts, Sweep | Callable[[int], float]] | Sweep | Callable[[int], float]],
    ) -> Sweep: ...


@kind(
    phases=phases(
        "pairs of a duration in steps, which may be 0, and a schedule or another callable; the last one may be a "
        "schedule without a duration",
        _checks.joined,
        least=0,
    )
)
def join(phases: Sequence[Any]) -> Lowering:
    """Run schedules one after another, each on a clock of its own, and let the last one go on for ever.

        lr(t) = schedule_i(t - s_i)    for s_i <= t < s_i + duration_i

    where t is the step, and phase i starts at s_i = duration_0 + ... + duration_(i-1). A last schedule without a
    duration has no end.

    Returns
    -------
    Schedule; behind a last phase with a duration it holds what its schedule gives at that step, schedule(duration). So
    a curve with `total_steps` = duration is seen to its end, unlike in `sequential`.

    Raises
    ------
    ValueError if there is no phase, or if a duration is no integer of at least 0.
    TypeError if `phases` is no sequence of pairs of a duration and a schedule.

    >>> from lrvec import constant, linear
    >>> join([(2, constant(lr=1.0)), linear(base_lr=1.0, end_lr=0.0, total_steps=4)])(range(7)).tolist()
    [1.0, 1.0, 1.0, 0.75, 0.5, 0.25, 0.0]
    """

    def joined(*parts: list[Segment]) -> list[Segment]:
        segments, end = in_turn(phases, parts)
        if isinstance(phases[-1], tuple):
            segments.append(hold_segment(parts[-1], phases[-1][0], end))
        return segments

    return Joined(tuple([phase[1] if isinstance(phase, tuple) else phase for phase in phases]), joined)


if TYPE_CHECKING:

    @overload
    def advance(schedule: Sweep, *, steps: Counts) -> Sweep: ...
    @overload
    def advance(schedule: Callable[[int], float], *, steps: int) -> Schedule: ...
    @overload
    def advance(schedule: Callable[[int], float], *, steps: Counts) -> Sweep: ...


@kind(schedule=schedule("the schedule that is under way"), steps=count("how many steps it is ahead", least=0))
def advance(schedule: Callable[[int], float], *, steps: int) -> Lowering:
    """Begin a schedule in its middle.

        lr(t) = schedule(min(t + steps, 2^53))

    where t is the step.

    Returns
    -------
    Schedule; past its end it does what `schedule` does past its own.

    >>> from lrvec import linear
    >>> advance(linear(base_lr=1.0, end_lr=0.0, total_steps=4), steps=2)(range(3)).tolist()
    [0.5, 0.25, 0.0]
    """
    return Joined((schedule,), lambda segments: earlier_by(segments, steps))


if TYPE_CHECKING:

    @overload
    def delay(schedule: Sweep, *, steps: Counts) -> Sweep: ...
    @overload
    def delay(schedule: Callable[[int], float], *, steps: int) -> Schedule: ...
    @overload
    def delay(schedule: Callable[[int], float], *, steps: Counts) -> Sweep: ...


@kind(schedule=schedule("the schedule that begins later"), steps=count("how many steps later", least=0))
def delay(schedule: Callable[[int], float], *, steps: int) -> Lowering:
    """Begin a schedule later, and hold its first value until then.

        lr(t) = schedule(max(0, t - steps))

    where t is the step.

    Returns
    -------
    Schedule; past its end it does what `schedule` does past its own.

    >>> from lrvec import linear
    >>> delay(linear(base_lr=1.0, end_lr=0.0, total_steps=2), steps=2)(range(5)).tolist()
    [1.0, 1.0, 1.0, 0.5, 0.0]
    """
    return Joined((schedule,), lambda segments: algebra.later_by(segments, steps))


if TYPE_CHECKING:

    @overload
    def hold(schedule: Sweep, *, step: Counts) -> Sweep: ...
    @overload
    def hold(schedule: Callable[[int], float], *, step: int) -> Schedule: ...
    @overload
    def hold(schedule: Callable[[int], float], *, step: Counts) -> Sweep: ...


@kind(schedule=schedule("the schedule up to the step"), step=count("the step whose value is kept, from 0 on", least=0))
def hold(schedule: Callable[[int], float], *, step: int) -> Lowering:
    """Keep the value that a schedule has at a step, from there on.

        lr(t) = schedule(min(t, step))

    where t is the step that is asked for.

    Returns
    -------
    Schedule; it has no end but `step`.

    >>> from lrvec import linear
    >>> hold(linear(base_lr=1.0, end_lr=0.0, total_steps=4), step=2)(range(5)).tolist()
    [1.0, 0.75, 0.5, 0.5, 0.5]
    """
    return Joined((schedule,), lambda segments: algebra.held(segments, step))


if TYPE_CHECKING:

    @overload
    def scaled(schedule: Sweep, *, factor: Rates, offset: Rates = 0.0) -> Sweep: ...
    @overload
    def scaled(schedule: Callable[[int], float], *, factor: float, offset: float = 0.0) -> Schedule: ...
    @overload
    def scaled(schedule: Callable[[int], float], *, factor: Rates, offset: Rates = 0.0) -> Sweep: ...


@kind(
    schedule=schedule("the schedule that is scaled"),
    factor=factor("what each rate is multiplied by"),
    offset=rate("what is added to each product"),
)
def scaled(schedule: Callable[[int], float], *, factor: float, offset: float = 0.0) -> Lowering:
    """Multiply a schedule by a number, and add another one. `2.0 * schedule + 0.1` is such a schedule.

        lr(t) = factor schedule(t) + offset

    where t is the step.

    Returns
    -------
    Schedule; past its end it does what `schedule` does past its own.

    >>> from lrvec import linear
    >>> scaled(linear(base_lr=1.0, end_lr=0.0, total_steps=2), factor=2.0, offset=1.0)(range(3)).tolist()
    [3.0, 2.0, 1.0]
    """
    return Joined((schedule,), lambda segments: algebra.scaled(segments, factor, offset))


if TYPE_CHECKING:

    @overload
    def total(*schedules: Callable[[int], float] | float) -> Schedule: ...
    @overload
    def total(*schedules: Sweep | Callable[[int], float] | Rates) -> Sweep: ...


@kind(schedules=other(TERMS, "at least one; a number stands for a constant schedule", _terms))
def total(*schedules: Any) -> Lowering:
    """Add schedules. `one + other` is such a schedule.

        lr(t) = schedule_0(t) + schedule_1(t) + ...

    where t is the step. The terms are added in this order.

    Returns
    -------
    Schedule; past its end each schedule does what it does alone.

    >>> from lrvec import linear
    >>> total(linear(base_lr=1.0, end_lr=0.0, total_steps=2), 0.5)(range(3)).tolist()
    [1.5, 1.0, 0.5]
    """
    return _operation("total", schedules, lambda *parts: algebra.added(parts))


if TYPE_CHECKING:

    @overload
    def product(*schedules: Callable[[int], float] | float) -> Schedule: ...
    @overload
    def product(*schedules: Sweep | Callable[[int], float] | Rates) -> Sweep: ...


@kind(schedules=other(TERMS, "at least one; a number stands for a constant schedule", _terms))
def product(*schedules: Any) -> Lowering:
    """Multiply schedules. `one * other` is such a schedule.

        lr(t) = schedule_0(t) schedule_1(t) ...

    where t is the step. The factors are multiplied in this order.

    Returns
    -------
    Schedule; past its end each schedule does what it does alone.

    >>> from lrvec import linear
    >>> line = linear(base_lr=1.0, end_lr=0.0, total_steps=2)
    >>> product(line, line)(range(3)).tolist()
    [1.0, 0.25, 0.0]
    """
    return _operation("product", schedules, lambda *parts: algebra.multiplied(parts))


if TYPE_CHECKING:

    @overload
    def minimum(*schedules: Callable[[int], float] | float) -> Schedule: ...
    @overload
    def minimum(*schedules: Sweep | Callable[[int], float] | Rates) -> Sweep: ...


@kind(schedules=other(TERMS, "at least one; a number stands for a constant schedule", _terms))
def minimum(*schedules: Any) -> Lowering:
    """Take the least of several schedules at each step.

        lr(t) = min(schedule_0(t), schedule_1(t), ...)

    where t is the step.

    Returns
    -------
    Schedule; past its end each schedule does what it does alone.

    >>> from lrvec import linear
    >>> minimum(linear(base_lr=1.0, end_lr=0.0, total_steps=4), 0.5)(range(5)).tolist()
    [0.5, 0.5, 0.5, 0.25, 0.0]
    """
    return _operation("minimum", schedules, lambda *parts: algebra.combined("minimum", parts))


if TYPE_CHECKING:

    @overload
    def maximum(*schedules: Callable[[int], float] | float) -> Schedule: ...
    @overload
    def maximum(*schedules: Sweep | Callable[[int], float] | Rates) -> Sweep: ...


@kind(schedules=other(TERMS, "at least one; a number stands for a constant schedule", _terms))
def maximum(*schedules: Any) -> Lowering:
    """Take the greatest of several schedules at each step.

        lr(t) = max(schedule_0(t), schedule_1(t), ...)

    where t is the step.

    Returns
    -------
    Schedule; past its end each schedule does what it does alone.

    >>> from lrvec import linear
    >>> maximum(linear(base_lr=1.0, end_lr=0.0, total_steps=4), 0.5)(range(5)).tolist()
    [1.0, 0.75, 0.5, 0.5, 0.5]
    """
    return _operation("maximum", schedules, lambda *parts: algebra.combined("maximum", parts))


def _bounds(parameters: dict[str, Any]) -> None:
    _checks.bounds(low=parameters.get("low"), high=parameters.get("high"))


if TYPE_CHECKING:

    @overload
    def clipped(schedule: Sweep, *, low: Rates | None = None, high: Rates | None = None) -> Sweep: ...
    @overload
    def clipped(
        schedule: Callable[[int], float], *, low: float | None = None, high: float | None = None
    ) -> Schedule: ...
    @overload
    def clipped(schedule: Callable[[int], float], *, low: Rates | None = None, high: Rates | None = None) -> Sweep: ...


@kind(
    _bounds,
    schedule=schedule("the schedule that is bounded"),
    low=rate("the least rate"),
    high=rate("the greatest rate"),
)
def clipped(schedule: Callable[[int], float], *, low: float | None = None, high: float | None = None) -> Lowering:
    """Keep a schedule between two rates, or on one side of one.

        lr(t) = min(max(schedule(t), low), high)

    where t is the step. A bound that is not given does nothing.

    Returns
    -------
    Schedule; past its end it does what `schedule` does past its own, within the bounds.

    Raises
    ------
    ValueError if `low` is above `high`.
    TypeError if neither is given.

    >>> from lrvec import linear
    >>> clipped(linear(base_lr=1.0, end_lr=0.0, total_steps=4), low=0.25, high=0.75)(range(5)).tolist()
    [0.75, 0.75, 0.5, 0.25, 0.25]
    """
    return _operation("clipped", (schedule,), lambda segments: algebra.bounded(segments, low, high))


if TYPE_CHECKING:

    @overload
    def repeat(
        schedule: Callable[[int], float],
        *,
        period: float,
        count: int | None = None,
        then: Callable[[int], float] | None = None,
    ) -> Schedule: ...
    @overload
    def repeat(
        schedule: Sweep | Callable[[int], float],
        *,
        period: Rates,
        count: Counts | None = None,
        then: Sweep | Callable[[int], float] | None = None,
    ) -> Sweep: ...


@kind(
    schedule=schedule("the schedule that is repeated"),
    period=length("the steps of each copy, which need not be whole"),
    count=how_many("how many copies there are; for ever, if it is not given"),
    then=schedule("what follows the last copy, on a clock of its own"),
)
def repeat(
    schedule: Callable[[int], float],
    *,
    period: float,
    count: int | None = None,
    then: Callable[[int], float] | None = None,
) -> Lowering:
    """Run the first steps of a schedule again and again.

        lr(t) = schedule(t mod period)              for t < period count, or for ever
        lr(t) = then(t - ceil(period count))        from there on

    where t is the step. With a period that is no integer the clock of the copies shows fractions. Then `schedule` may
    be made of constants, lines and half cosines, which have values between steps, and of what repeats, adds,
    multiplies or bounds them.

    Returns
    -------
    Schedule; behind the last copy, without `then`, it holds the end of that copy, schedule(period).

    Raises
    ------
    ValueError if `period` is no integer, and `schedule` has no values between steps.
    TypeError if `then` is given without `count`.

    >>> from lrvec import linear
    >>> repeat(linear(base_lr=1.0, end_lr=0.0, total_steps=2), period=2, count=2)(range(6)).tolist()
    [1.0, 0.5, 1.0, 0.5, 0.0, 0.0]
    """
    if count is None and then is not None:
        _checks.refuse_alone("then", then, "count")

    def join(segments: list[Segment], *after: list[Segment]) -> list[Segment]:
        return algebra.repeated(segments, period, count, *after)

    return _fractional(_operation("repeat", (schedule,) if then is None else (schedule, then), join), period)


def _growth(parameters: dict[str, Any]) -> None:
    numbers = (parameters["t_mult"], parameters["peak_factor"], parameters.get("count"))
    if "lengths" in parameters:
        _checks.of_lengths(parameters["lengths"], *numbers, parameters["floor"])
    else:
        _checks.cycles("length", parameters["length"], *numbers, "floor", parameters["floor"])


if TYPE_CHECKING:

    @overload
    def cycles(
        schedule: Sweep,
        *,
        length: Rates,
        t_mult: Rates = 1.0,
        peak_factor: Rates = 1.0,
        floor: Rates = 0.0,
        count: Counts | None = None,
        lengths: Sequence[Rates] | None = None,
    ) -> Sweep: ...
    @overload
    def cycles(
        schedule: Callable[[int], float],
        *,
        length: float,
        t_mult: float = 1.0,
        peak_factor: float = 1.0,
        floor: float = 0.0,
        count: int | None = None,
        lengths: Sequence[float] | None = None,
    ) -> Schedule: ...
    @overload
    def cycles(
        schedule: Callable[[int], float],
        *,
        length: Rates,
        t_mult: Rates = 1.0,
        peak_factor: Rates = 1.0,
        floor: Rates = 0.0,
        count: Counts | None = None,
        lengths: Sequence[Rates] | None = None,
    ) -> Sweep: ...


@kind(
    _growth,
    schedule=schedule("the schedule whose first steps are copied"),
    length=length("the steps of the schedule that are copied, which need not be whole"),
    t_mult=ratio("the length of a cycle over that of the one before"),
    peak_factor=factor("the height of a cycle above `floor` over that of the one before"),
    floor=rate("the rate from which heights are counted"),
    count=how_many("how many cycles there are; for ever, if it is not given"),
    lengths=other(CYCLES, "the steps of each cycle, in place of `t_mult` and `count`", _checks.lengths),
)
def cycles(
    schedule: Callable[[int], float],
    *,
    length: float,
    t_mult: float = 1.0,
    peak_factor: float = 1.0,
    floor: float = 0.0,
    count: int | None = None,
    lengths: Sequence[float] | None = None,
) -> Lowering:
    """Run the first steps of a schedule again and again, each time slower or faster, and higher or lower.

        lr(t) = floor + peak_factor^i (schedule((t - s_i) length / n_i) - floor)    for s_i <= t < s_i + n_i

    where t is the step, n_i = length t_mult^i or lengths[i] is the length of cycle i, and s_i = n_0 + ... + n_(i-1) is
    its start. Lengths need not be whole. A start is the double nearest to its sum. With `t_mult` 1 it is `repeat` times
    a staircase; else `schedule` must have values between steps where a length is no multiple of `length`, as in
    `stretched`.

    Returns
    -------
    Schedule; behind the last cycle it holds the end of that cycle, floor + peak_factor^i (schedule(length) - floor).

    Raises
    ------
    ValueError if a cycle has less than 1 step or no finite height, if the cycles have more than 100,000 segments, if
        `count` is needed, since the cycles shrink or their heights grow for ever, or if the schedule needs values
        between steps and has none.
    TypeError if `t_mult` or `count` is given with `lengths`.

    Source: Loshchilov and Hutter, SGDR, arXiv 1608.03983; for `peak_factor` the m_mul of Keras' CosineDecayRestarts.

    >>> from lrvec import linear
    >>> line = linear(base_lr=1.0, end_lr=0.0, total_steps=2)
    >>> cycles(line, length=2, t_mult=2.5, peak_factor=0.5, count=2)(range(8)).tolist()
    [1.0, 0.5, 0.5, 0.4, 0.3, 0.2, 0.1, 0.0]
    >>> cycles(line, length=2, lengths=[1, 4])(range(6)).tolist()
    [1.0, 1.0, 0.75, 0.5, 0.25, 0.0]
    """

    def join(segments: list[Segment]) -> list[Segment]:
        if lengths is not None:
            return copies.listed(segments, length, lengths, peak_factor, floor)
        return copies.grown(segments, length, t_mult, peak_factor, floor, count)

    return _fractional(_operation("cycles", (schedule,), join, operations=3), 0.5)


if TYPE_CHECKING:

    @overload
    def mirrored(schedule: Sweep, *, length: Rates) -> Sweep: ...
    @overload
    def mirrored(schedule: Callable[[int], float], *, length: float) -> Schedule: ...
    @overload
    def mirrored(schedule: Callable[[int], float], *, length: Rates) -> Sweep: ...


@kind(
    schedule=schedule("the schedule that goes and comes back"),
    length=length("how far it goes, in steps that need not be whole"),
)
def mirrored(schedule: Callable[[int], float], *, length: float) -> Lowering:
    """Run a schedule to a step and back, for ever.

        lr(t) = schedule(length - abs(t mod (2 length) - length))

    where t is the step. With a length that is no integer, `schedule` must have values between steps, as in `repeat`.

    Returns
    -------
    Schedule; it has no end.

    Raises
    ------
    ValueError if `length` is no integer, and `schedule` has no values between steps.

    Source: CosineAnnealingLR of torch, which does so past its `T_max`.

    >>> from lrvec import linear
    >>> mirrored(linear(base_lr=1.0, end_lr=0.0, total_steps=2), length=2)(range(7)).tolist()
    [1.0, 0.5, 0.0, 0.5, 1.0, 0.5, 0.0]
    """
    return _fractional(
        _operation("mirrored", (schedule,), lambda segments: on_clock("mirror", segments, "length", length)), length
    )


if TYPE_CHECKING:

    @overload
    def every(schedule: Sweep, *, steps: Rates) -> Sweep: ...
    @overload
    def every(schedule: Callable[[int], float], *, steps: float) -> Schedule: ...
    @overload
    def every(schedule: Callable[[int], float], *, steps: Rates) -> Sweep: ...


@kind(
    schedule=schedule("the schedule that counts in units of several steps"),
    steps=length("the steps of a unit, which need not be whole"),
)
def every(schedule: Callable[[int], float], *, steps: float) -> Lowering:
    """Let a schedule count epochs, or other units of several steps.

        lr(t) = schedule(floor(t / steps))

    where t is the step.

    Returns
    -------
    Schedule; past its end it does what `schedule` does past its own.

    >>> from lrvec import linear
    >>> every(linear(base_lr=1.0, end_lr=0.0, total_steps=2), steps=2)(range(6)).tolist()
    [1.0, 1.0, 0.5, 0.5, 0.0, 0.0]
    """
    return _operation("every", (schedule,), lambda segments: on_clock("every", segments, "steps", steps))


if TYPE_CHECKING:

    @overload
    def strided(schedule: Sweep, *, stride: Counts) -> Sweep: ...
    @overload
    def strided(schedule: Callable[[int], float], *, stride: int) -> Schedule: ...
    @overload
    def strided(schedule: Callable[[int], float], *, stride: Counts) -> Sweep: ...


@kind(
    schedule=schedule("the schedule that counts in smaller units, such as tokens"),
    stride=how_many("how many of its units a step takes"),
)
def strided(schedule: Callable[[int], float], *, stride: int) -> Lowering:
    """Let a schedule count tokens, or other units of which a step takes several.

        lr(t) = schedule(min(t stride, 2^53))

    where t is the step. For batches that grow, and for samples that were seen before, see `by_tokens`.

    Returns
    -------
    Schedule; past its end it does what `schedule` does past its own.

    >>> from lrvec import linear
    >>> strided(linear(base_lr=1.0, end_lr=0.0, total_steps=10), stride=4)(range(4)).round(1).tolist()
    [1.0, 0.6, 0.2, 0.0]
    """
    return _operation("strided", (schedule,), lambda segments: [segment(0, "stride", segments, stride)])


if TYPE_CHECKING:

    @overload
    def stretched(schedule: Sweep, *, by: Rates) -> Sweep: ...
    @overload
    def stretched(schedule: Callable[[int], float], *, by: float) -> Schedule: ...
    @overload
    def stretched(schedule: Callable[[int], float], *, by: Rates) -> Sweep: ...


@kind(schedule=schedule("the schedule that becomes slower"), by=ratio("how many times as slow it becomes"))
def stretched(schedule: Callable[[int], float], *, by: float) -> Lowering:
    """Run a schedule slower, or faster with a number below 1.

        lr(t) = schedule(min(t / by, 2^53))

    where t is the step. Between its steps `schedule` has the values of its formula; what takes over at a step takes
    over there. Lines, half cosines, exponentials and powers of the step may begin and end between steps, at the nearest
    double, and so may staircases, cycles that begin at whole steps, and what adds, multiplies or bounds all these. The
    lengths of all other curves must stay whole.

    Returns
    -------
    Schedule; past its end it does what `schedule` does past its own.

    Raises
    ------
    ValueError if the length of a curve that has no values between steps does not stay whole.
    TypeError if `schedule` is a callable that lrvec has not made.

    >>> from lrvec import linear
    >>> stretched(linear(base_lr=1.0, end_lr=0.0, total_steps=2), by=1.25)(range(4)).tolist()
    [1.0, 0.6, 0.2, 0.0]
    """
    return _fractional(Joined((schedule,), lambda segments: slower(segments, by)), 0.5)
