"""These functions ask for grids of schedules, for lists and matrices of values, and for summaries.

A factory that is called with arrays in place of numbers returns a sweep. Its shape is the one that the arrays broadcast
to. Its rows are its schedules, in C order if it has more than one axis.
"""

from __future__ import annotations

from . import _checks, _evaluate
from ._checks import queries as checked
from ._evaluate.memory import check_memory
from ._registry import kind_of
from ._values.groups import GroupSchedule
from ._values.schedule import Schedule, road_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any, overload

    import numpy
    from numpy.typing import NDArray

    from ._evaluate.comparison import Comparison
    from ._evaluate.summary import Summary
    from ._values import Counts, Rates, Sweep
    from ._values.value import Array


__all__ = [
    "annealing_area",
    "blocks",
    "compare",
    "first_step",
    "grid",
    "integral",
    "peak",
    "pointwise",
    "sample",
    "step_of_sum",
    "summarize",
]


def grid(factory: Callable[..., Any], **parameters: Any) -> Sweep:
    """Make the sweep of all combinations, with one axis for each parameter that is given as a sequence, in their order.

    Parameters
    ----------
    factory : a factory of schedules or compositions.
    parameters : its parameters. Each may be a number or a schedule, or a sequence of one dimension of them; a sweep in
        place of a schedule adds all its own axes. A parameter that is a list by its nature, such as `milestones`, is no
        axis.

    Returns
    -------
    Sweep of as many axes as there are sequences; a Schedule if there is none.

    Raises
    ------
    TypeError if `factory` is not callable, and whatever the factory raises.

    >>> from lrvec import cosine
    >>> grid(cosine, base_lr=[0.1, 0.2, 0.3], min_lr=0.0, total_steps=[10, 100]).shape
    (3, 2)
    """
    _checks.factory("factory", factory)
    kind = kind_of(factory)
    declared = kind.parameters if kind else {}
    axes = {
        name: value
        for name, value in parameters.items()
        if (name not in declared or declared[name].role.is_number) and _is_sequence(value)
    }
    if axes:
        from ._values.sweep import along_axes

        parameters |= along_axes(axes)
    sweep: Sweep = kind.make(parameters) if kind and kind.factory is factory else factory(**parameters)
    return sweep


def _is_sequence(value: Any) -> bool:
    return (
        isinstance(value, range) or _checks.is_array(value) or (callable(value) and bool(getattr(value, "shape", ())))
    )


if TYPE_CHECKING:

    @overload
    def pointwise(
        sweep: Sweep | Schedule, steps: int | Sequence[Any] | NDArray[Any], *, workers: int | None = None
    ) -> NDArray[numpy.float64]: ...
    @overload
    def pointwise(sweep: Sweep | Schedule, steps: Array, *, workers: int | None = None) -> Any: ...


def pointwise(sweep: Sweep | Schedule, steps: Any, *, workers: int | None = None) -> Any:
    """Evaluate schedule i at step i, for schedules that stand at different steps.

    Parameters
    ----------
    sweep : a sweep, or one schedule.
    steps : an array of steps whose shape broadcasts with the sweep's: whatever `sweep(steps)` takes.
    workers : the threads to use at most; by default the cores that the process may run on.

    Returns
    -------
    float64 array of the shape that both broadcast to. Steps of another library give that library's array, by its own
    operations, as `sweep(steps)` does: traced arrays too, and a dask array stays lazy. Labels stay, but for those along
    an axis that broadcasting makes longer; a Series that does so gives a plain array.

    Raises
    ------
    ValueError if a step is no integer from 0 to 2**53, or if the shapes do not broadcast.

    >>> from lrvec import linear
    >>> pointwise(linear(base_lr=[1.0, 2.0], end_lr=0.0, total_steps=4), [1, 2]).tolist()
    [0.75, 1.0]
    """
    _checks.schedule("sweep", sweep)
    return road_of(sweep, steps).pointwise(sweep, steps, workers)


if TYPE_CHECKING:

    @overload
    def integral(schedule: Schedule, start: int, stop: int, *, workers: int | None = None) -> float: ...
    @overload
    def integral(schedule: Sweep | Schedule, start: Counts, stop: Counts, *, workers: int | None = None) -> Any: ...


def integral(schedule: Sweep | Schedule, start: Any, stop: Any, *, workers: int | None = None) -> Any:
    """Sum the values up over a range of steps, from few of the values.

    The sum is within 8 ulp of the exact sum of the exact values, or of the sum of their sizes where signs differ. A
    smooth piece takes some hundreds of values, however long it is, and a curve that repeats itself takes those of one
    cycle. All values are added up where pieces are short, where curves that go up and down are multiplied, and where
    the least or the greatest of several curves is not clear of the others. A callable that is no schedule is called at
    every step.

    Parameters
    ----------
    schedule : a schedule or a sweep.
    start, stop : the steps start ... stop - 1 are summed up; integers, or arrays that broadcast with the sweep's shape.
    workers : the threads to use at most; by default the cores that the process may run on.

    Returns
    -------
    float; for a sweep or for arrays a float64 array of the shape that all broadcast to. A sum beyond the doubles is
    infinite, or no number.

    Raises
    ------
    ValueError if `start` is not less than `stop`, or if one is no integer from 0 to 2**53.

    >>> from lrvec import linear
    >>> integral(linear(base_lr=1.0, end_lr=0.0, total_steps=4), 0, 4)
    2.5
    >>> integral(linear(base_lr=[1.0, 2.0], end_lr=0.0, total_steps=10**9), 0, 10**9).round(3).tolist()
    [500000000.5, 1000000001.0]
    """
    _checks.schedule("schedule", schedule)
    start, stop = checked.steps_between(start, _checks.non_negative_count("stop", stop))
    from ._evaluate import questions

    return questions.integral(schedule, start, stop, workers)


if TYPE_CHECKING:

    @overload
    def peak(schedule: Schedule, start: int = 0, stop: int | None = None) -> tuple[int, float]: ...
    @overload
    def peak(schedule: Sweep, start: int = 0, stop: int | None = None) -> tuple[Any, Any]: ...


def peak(schedule: Sweep | Schedule, start: int = 0, stop: int | None = None) -> tuple[Any, Any]:
    """Find the highest value, and the step at which it is first met.

    Parameters
    ----------
    schedule : a schedule or a sweep.
    start, stop : the steps start ... stop - 1 are looked at, by default all steps up to 2**53.

    Returns
    -------
    tuple of the step and the value, for a sweep of arrays.

    Raises
    ------
    ValueError if `start` is not less than `stop`, or if a callable that is no schedule comes without a `stop`.

    >>> from lrvec import one_cycle
    >>> peak(one_cycle(max_lr=0.5, total_steps=1000, pct_start=0.25, initial_div=25.0, final_div=1e4))
    (250, 0.5)
    """
    _checks.schedule("schedule", schedule)
    start = _checks.single_count("start", start, least=0)
    start, stop = checked.steps_between(start, stop if stop is None else _checks.single_count("stop", stop))
    from ._evaluate import summary

    return summary.peak(schedule, start, stop)


if TYPE_CHECKING:

    @overload
    def first_step(
        schedule: Schedule,
        *,
        below: float | None = None,
        at_most: float | None = None,
        above: float | None = None,
        at_least: float | None = None,
        start: int = 0,
        stop: int | None = None,
        workers: int | None = None,
    ) -> int | None: ...
    @overload
    def first_step(
        schedule: Sweep | Schedule,
        *,
        below: Rates | None = None,
        at_most: Rates | None = None,
        above: Rates | None = None,
        at_least: Rates | None = None,
        start: Counts = 0,
        stop: Counts | None = None,
        workers: int | None = None,
    ) -> Any: ...


def first_step(
    schedule: Sweep | Schedule,
    *,
    below: Any = None,
    at_most: Any = None,
    above: Any = None,
    at_least: Any = None,
    start: Any = 0,
    stop: Any = None,
    workers: int | None = None,
) -> Any:
    """Find the first step at which a schedule is below a threshold, or above one.

    The answer is exact: the value at the step, as a call gives it, is there, and the value at no step before it. A
    curve that goes one way is halved, so the time does not grow with the steps. A product or a sum of curves that go
    different ways is looked at step by step, and so is a callable that is no schedule: for these give a `stop`.

    Parameters
    ----------
    schedule : a schedule or a sweep.
    below, at_most, above, at_least : the threshold, exactly one of these; a finite number, or an array of them that
        broadcasts with the sweep's shape.
    start, stop : the steps start ... stop - 1 are looked at, by default all steps up to 2**53; integers, or arrays that
        broadcast too.
    workers : the threads to use at most; by default the cores that the process may run on.

    Returns
    -------
    int, or None if there is no such step. For a sweep or for arrays an int64 array of the shape that all broadcast to,
    with -1 where there is no such step.

    Raises
    ------
    TypeError if not exactly one threshold is given, or if it is no number; ValueError if the threshold is not finite,
    if `start` is not less than `stop`, or if a callable that is no schedule comes without a `stop`.

    >>> from lrvec import cosine
    >>> first_step(cosine(base_lr=1.0, min_lr=0.0, total_steps=1000), at_most=0.5)
    500
    >>> first_step(cosine(base_lr=[1.0, 0.25], min_lr=0.0, total_steps=1000), below=0.1).tolist()
    [796, 565]
    """
    _checks.schedule("schedule", schedule)
    name, threshold = checked.relation(below=below, at_most=at_most, above=above, at_least=at_least)
    start, stop = checked.steps_between(start, stop)
    from ._evaluate import questions

    return questions.first_step(schedule, name, threshold, start, stop, workers)


if TYPE_CHECKING:

    @overload
    def step_of_sum(
        schedule: Schedule, total: float, start: int = 0, stop: int | None = None, *, workers: int | None = None
    ) -> int | None: ...
    @overload
    def step_of_sum(
        schedule: Sweep | Schedule,
        total: Rates,
        start: Counts = 0,
        stop: Counts | None = None,
        *,
        workers: int | None = None,
    ) -> Any: ...


def step_of_sum(
    schedule: Sweep | Schedule, total: Any, start: Any = 0, stop: Any = None, *, workers: int | None = None
) -> Any:
    """Find the first step n for which `integral(schedule, start, n)` reaches a total.

    The sums are halved, so the time does not grow with the steps where `integral` takes few values.

    Parameters
    ----------
    schedule : a schedule or a sweep, of no negative values up to n.
    total : what the values are to add up to: a positive number, or an array of them that broadcasts with the sweep's
        shape.
    start, stop : the sum begins at `start`, and n is `stop` at most, by default 2**53 + 1; integers, or arrays that
        broadcast too.
    workers : the threads to use at most; by default the cores that the process may run on.

    Returns
    -------
    int, or None if there is no such step. For a sweep or for arrays an int64 array of the shape that all broadcast to,
    with -1 where there is no such step.

    Raises
    ------
    ValueError if a total is not positive and finite, if `start` is not less than `stop`, if a value is negative before
    the sum reaches the total, or if a callable that is no schedule comes without a `stop`.

    >>> from lrvec import linear
    >>> step_of_sum(linear(base_lr=1.0, end_lr=0.0, total_steps=4), 2.25)
    3
    >>> step_of_sum(linear(base_lr=[1.0, 0.5], end_lr=0.0, total_steps=10**9), 2e8).tolist()
    [225403331, 552786404]
    """
    _checks.schedule("schedule", schedule)
    _checks.untraced("total", total)
    total = _checks.positive("total", total)
    if stop is None and not _is_known(schedule):
        _checks.refuse_endless("stop")
    start, stop = checked.steps_between(start, stop)
    from ._evaluate import questions

    return questions.step_of_sum(schedule, total, start, stop, workers)


def _is_known(schedule: Any) -> bool:
    from ._evaluate.tables import is_known

    return is_known(schedule)


if TYPE_CHECKING:

    @overload
    def annealing_area(
        schedule: Schedule, start: int, stop: int, decay: float, *, workers: int | None = None
    ) -> float: ...
    @overload
    def annealing_area(schedule: Sweep, start: int, stop: int, decay: float, *, workers: int | None = None) -> Any: ...


def annealing_area(
    schedule: Sweep | Schedule, start: Any, stop: Any, decay: Any, *, workers: int | None = None
) -> Any:
    """Sum up how far the values have fallen, with momentum: the annealing area of a scaling law.

    With s(t) the values, m(start) = 0 and m(t) = decay m(t - 1) + s(t - 1) - s(t), the area is the sum of m(t) over the
    steps start ... stop - 1. Only the first value and the last 45 / (1 - decay) ones are looked at: what fell before
    has reached its full weight.

    Parameters
    ----------
    schedule : a schedule or a sweep.
    start, stop : the steps start ... stop - 1 count; integers.
    decay : the share of the momentum that is kept at each step, 0 <= decay < 1. The paper takes 0.99 to 0.9999.
    workers : the threads to use at most; by default the cores that the process may run on.

    Returns
    -------
    float; for a sweep a float64 array of its shape. The error is some ulp of the largest value, over 1 - decay.

    Raises
    ------
    ValueError if `start` is not less than `stop`, or if `decay` is out of its range.

    Tissue et al., "Scaling Law with Learning Rate Annealing", arXiv 2408.11029: S2 of L(s) = L0 + A S1^-alpha - C S2,
    where S1 is `integral`.

    >>> from lrvec import linear
    >>> annealing_area(linear(base_lr=1.0, end_lr=0.0, total_steps=4), 0, 4, decay=0.5)
    1.0625
    """
    _checks.schedule("schedule", schedule)
    start = _checks.single_count("start", start, least=0)
    start, stop = checked.steps_between(start, _checks.single_count("stop", stop))
    decay = checked.momentum("decay", decay)
    from ._evaluate import questions

    return questions.annealing_area(schedule, start, stop, decay, workers)


def summarize(schedule: Sweep | Schedule, steps: Any, *, workers: int | None = None) -> Summary:
    """Sum up each schedule over the steps, without making the matrix; over a range from few of its values.

    Parameters
    ----------
    schedule : a sweep, or one schedule.
    steps : a range, or an array of steps, of any library whose arrays a schedule takes; at least one step.
    workers : the threads to use at most; by default the cores that the process may run on.

    Returns
    -------
    Summary, a named tuple of `sum, mean, min, max, min_step, max_step, first, last`: floats and ints for a schedule,
    arrays of the sweep's shape for a sweep. `min_step` and `max_step` are the steps at which the extremes are first
    met. The number of workers does not change a bit. The steps of other libraries are read by the kernels, from
    wherever they lie; a step below 0 counts as 0 there. A dask array gives a Summary of dask arrays.

    Over a range of consecutive steps, `sum` is what `integral` gives, and the extremes and their steps are those of all
    values, to the bit. Neither time nor memory grows with the range. All values are gone through, block by block, of
    products and sums of curves that go different ways, of callables that are no schedule, and over arrays and ranges
    with strides.

    The error of a sum of all values is at most (45 u + n u^2) times the sum of their absolute values, with u = 2^-53
    and n steps: each lane of a block of 1,024 values makes 32 additions, and the sums of the blocks are added with
    compensation. If the sum of the absolute values is too large for a double, `sum` may be infinite or not a number;
    `mean` stays right as long as the values are finite.

    Raises
    ------
    ValueError if there is no step, or if a step is no integer from 0 to 2**53; TypeError if the steps are traced, since
    they have no values yet.

    >>> from lrvec import linear
    >>> summarize(linear(base_lr=1.0, end_lr=0.0, total_steps=4), range(5))
    Summary(sum=2.5, mean=0.5, min=0.0, max=1.0, min_step=4, max_step=0, first=1.0, last=0.0)
    """
    _checks.schedule("schedule", schedule)
    summary: Summary = _evaluate.road_of(steps).summarize(schedule, steps, workers)
    return summary


def compare(a: Callable[[int], float], b: Callable[[int], float], steps: Any = None) -> Comparison:
    """Compare two curves: at which step they differ first, by how much at most, and in which phases.

    Parameters
    ----------
    a, b : schedules, or other callables from a step to a rate, such as another library's.
    steps : a range, or an array of steps; at least one step. By default all up to the one from which both curves hold
        their values.

    Returns
    -------
    Comparison, a named tuple of `compared, differing, first, absolute, relative, ulp, phases`. `print` shows it as a
    report.

    Raises
    ------
    ValueError if a step is no integer from 0 to 2**53, if there is none, or if none are given and a curve has no end;
    TypeError if `a` or `b` is a sweep, or cannot be called.

    >>> from lrvec import linear
    >>> ours, theirs = (linear(base_lr=1.0, end_lr=0.0, total_steps=steps) for steps in (4, 5))
    >>> print(compare(ours, theirs))
    differing  4 of 6 steps
    first      step 1: 0.75 and 0.8, 0.05 apart, 0.0625 of the larger, 4.5036e+14 ulp
    absolute   step 4: 0.0 and 0.2, 0.2 apart, 1 of the larger, 7.20576e+15 ulp
    relative   step 4: 0.0 and 0.2, 0.2 apart, 1 of the larger, 7.20576e+15 ulp
    ulp        step 4: 0.0 and 0.2, 0.2 apart, 1 of the larger, 7.20576e+15 ulp
    phases     decay by line at 0 ... 3 and decay by line at 0 ... 4
    phases     hold by constant at 4 ... 5 and decay by line at 0 ... 4
    phases     hold by constant at 4 ... 5 and hold by constant at 5 ... 5
    """
    from ._evaluate import comparison

    return comparison.compared(a, b, steps)


def blocks(
    sweep: Sweep | Schedule, steps: Any, max_bytes: int, *, workers: int | None = None, progress: bool = False
) -> Iterator[tuple[slice, slice, NDArray[numpy.float64]]]:
    """Yield the matrix of a sweep in parts, for a matrix that is larger than memory.

    Parameters
    ----------
    sweep : a sweep, or one schedule.
    steps : a range, or an array of steps.
    max_bytes : the size of a part at most, in bytes; at least 8.
    workers : the threads to use at most; by default the cores that the process may run on.
    progress : whether to show a bar; this needs tqdm.

    Yields
    ------
    A slice of the rows, a slice of the steps, and the float64 array of their values.

    Raises
    ------
    ValueError if a step is no integer from 0 to 2**53, or if `max_bytes` is below 8.

    >>> from lrvec import linear
    >>> for rows, columns, values in blocks(linear(base_lr=[1.0, 2.0], end_lr=0.0, total_steps=4), range(4), 32):
    ...     print(rows, columns, values.tolist())
    slice(0, 1, None) slice(0, 4, None) [[1.0, 0.75, 0.5, 0.25]]
    slice(1, 2, None) slice(0, 4, None) [[2.0, 1.5, 1.0, 0.5]]
    """
    from ._evaluate import matrix

    _checks.schedule("sweep", sweep)
    return matrix.blocks(sweep, steps, max_bytes, workers, progress)


if TYPE_CHECKING:

    @overload
    def sample(schedule: GroupSchedule, *, num_steps: int) -> list[dict[str, float]]: ...
    @overload
    def sample(schedule: Callable[[int], float], *, num_steps: int) -> list[float]: ...


def sample(schedule: Any, *, num_steps: int) -> Any:
    """List the values of a schedule at the steps 0, 1, ... num_steps - 1.

    Parameters
    ----------
    schedule : a schedule, or another callable from a step to a rate.
    num_steps : the number of steps, positive.

    Returns
    -------
    A list of `num_steps` floats; for groups, of dicts of rates.

    Raises
    ------
    ValueError if `num_steps` is no positive integer; TypeError if `schedule` is not callable.

    >>> from lrvec import linear
    >>> sample(linear(base_lr=1.0, end_lr=0.0, total_steps=4), num_steps=3)
    [1.0, 0.75, 0.5]
    """
    if not callable(schedule):
        _checks.schedule("schedule", schedule)  # refuses what is not callable
    _checks.untraced("num_steps", num_steps)
    num_steps = _checks.single_count("num_steps", num_steps)
    check_memory(num_steps, 32)  # a float takes 24 bytes, and its place in the list 8
    if isinstance(schedule, Schedule):
        return schedule._table.sample(num_steps)
    if isinstance(schedule, GroupSchedule):
        return schedule._sample(num_steps)
    return [schedule(step) for step in range(num_steps)]
