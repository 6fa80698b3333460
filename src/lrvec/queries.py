"""Questions about schedules: their values as a list, grids of them, one step for each, and what each amounts to.

Any factory called with arrays in place of numbers returns a sweep, whose shape is what the arrays broadcast to. Rows
are its schedules, in C order where it has more than one axis.
"""

from __future__ import annotations

from . import _checks
from ._evaluate.memory import check_memory
from ._registry import kind_of
from ._values.schedule import Schedule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    import numpy
    from numpy.typing import NDArray

    from ._evaluate.summary import Summary
    from ._values import Sweep


__all__ = ["blocks", "grid", "pointwise", "sample", "summarize"]


def grid(factory: Callable[..., Any], **parameters: Any) -> Sweep:
    """The sweep over all combinations: one axis for each parameter given as a sequence, in the order given.

    Parameters
    ----------
    factory : a factory of schedules or compositions.
    parameters : its parameters; each may be a number or a schedule, or a sequence of them of one dimension; a sweep has
        as many axes as it has by itself. A parameter that is a list by its nature, such as `milestones`, is no axis.

    Returns
    -------
    Sweep of as many axes as there are sequences; a Schedule if there is none.

    >>> from lrvec import cosine
    >>> grid(cosine, base_lr=[0.1, 0.2, 0.3], min_lr=0.0, total_steps=[10, 100]).shape
    (3, 2)
    """
    _checks.schedule("factory", factory)
    kind = kind_of(factory)
    declared = kind.parameters if kind else {}
    axes = {
        name: value
        for name, value in parameters.items()
        if (name not in declared or declared[name].may_be_axis) and _is_sequence(value)
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


def pointwise(sweep: Sweep | Schedule, steps: Any, *, workers: int | None = None) -> NDArray[numpy.float64]:
    """Schedule i at step i, for schedules that stand at different steps.

    Parameters
    ----------
    sweep : a sweep, or one schedule.
    steps : an array of steps of a shape that broadcasts with the sweep's.
    workers : threads to use at most; by default the cores that the process may run on.

    Returns
    -------
    float64 array of the shape that both broadcast to.

    >>> from lrvec import linear
    >>> pointwise(linear(base_lr=[1.0, 2.0], end_lr=0.0, total_steps=4), [1, 2]).tolist()
    [0.75, 1.0]
    """
    from ._evaluate import matrix

    return matrix.pointwise_of(sweep, steps, workers)


def summarize(schedule: Sweep | Schedule, steps: Any, *, workers: int | None = None) -> Summary:
    """What each schedule amounts to over the steps, without the matrix.

    Parameters
    ----------
    schedule : a sweep, or one schedule.
    steps : a range, or an array of steps; at least one.
    workers : threads to use at most; by default the cores that the process may run on.

    Returns
    -------
    Summary, a named tuple of `sum, mean, min, max, min_step, max_step, first, last`: floats and ints for a schedule,
    arrays of the sweep's shape for a sweep. The two steps are those at which an extreme is first met. The bits depend
    on neither workers nor blocks. The error of `sum` is at most (45 u + n u^2) times the sum of the values' sizes,
    with u = 2^-53 and n steps: 32 additions in each lane of a block of 1024 values, and compensated sums of the
    blocks. Where that sum is too large for a double, `sum` may be infinite or not a number; `mean` is as good as ever
    where the values are finite.

    >>> from lrvec import linear
    >>> summarize(linear(base_lr=1.0, end_lr=0.0, total_steps=4), range(5))
    Summary(sum=2.5, mean=0.5, min=0.0, max=1.0, min_step=4, max_step=0, first=1.0, last=0.0)
    """
    from ._evaluate import summary

    return summary.summarize(schedule, steps, workers)


def blocks(
    sweep: Sweep | Schedule, steps: Any, max_bytes: int, *, workers: int | None = None, progress: bool = False
) -> Iterator[tuple[slice, slice, NDArray[numpy.float64]]]:
    """The matrix in parts, for one that is larger than memory.

    Parameters
    ----------
    sweep : a sweep, or one schedule.
    steps : a range, or an array of steps.
    max_bytes : the size of a part at most, in bytes, at least 8.
    workers : threads to use at most; by default the cores that the process may run on.
    progress : show a bar; needs tqdm.

    Yields
    ------
    A slice of the rows, a slice of the steps, and the float64 array of their values.

    >>> from lrvec import linear
    >>> for rows, columns, values in blocks(linear(base_lr=[1.0, 2.0], end_lr=0.0, total_steps=4), range(4), 32):
    ...     print(rows, columns, values.tolist())
    slice(0, 1, None) slice(0, 4, None) [[1.0, 0.75, 0.5, 0.25]]
    slice(1, 2, None) slice(0, 4, None) [[2.0, 1.5, 1.0, 0.5]]
    """
    from ._evaluate import matrix

    return matrix.blocks(sweep, steps, max_bytes, workers, progress)


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
    check_memory(num_steps, 32)  # a float and its place in the list
    if isinstance(schedule, Schedule):
        values: list[float] = schedule._table.sample(num_steps)
        return values
    return [schedule(step) for step in range(num_steps)]
