"""Thousands of schedules at once: grids and stacks of them, one step for each, and what each amounts to.

Any factory called with arrays in place of numbers returns a sweep, whose shape is what the arrays broadcast to. Rows
are its schedules, in C order where it has more than one axis.
"""

from __future__ import annotations

from . import _checks
from ._schedule import KINDS, kind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    import numpy
    from numpy.typing import NDArray

    from ._schedule import Schedule
    from ._summary import Summary
    from ._sweeps import Sweep


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
    annotations = getattr(factory, "__annotations__", {})
    lists = {name for name, text in annotations.items() if str(text).startswith(("Iterable", "Sequence", "Mapping"))}
    axes = {name: value for name, value in parameters.items() if name not in lists and _is_sequence(value)}
    if axes:
        from ._sweeps import along_axes

        parameters |= along_axes(axes)
    known = KINDS.get(getattr(factory, "__name__", ""))
    sweep: Sweep = known.make(parameters) if known and known.factory is factory else factory(**parameters)
    return sweep


def _is_sequence(value: Any) -> bool:
    return (
        isinstance(value, range) or _checks.is_array(value) or (callable(value) and bool(getattr(value, "shape", ())))
    )


@kind
def stack(schedules: Sequence[Callable[[int], float]], *, names: Sequence[str] | None = None) -> Any:
    """Schedules of any kinds as the rows of one sweep; or, with names, as the groups of a GroupSchedule.

    Parameters
    ----------
    schedules : schedules, or other callables from a step to a rate; at least one. Sequences of them, all of one length,
        give a sweep of several axes.
    names : a name for each, all different.

    Returns
    -------
    Sweep of shape (len(schedules),), or GroupSchedule.

    >>> from lrvec import constant, linear
    >>> stack([constant(lr=1.0), linear(base_lr=1.0, end_lr=0.0, total_steps=2)])(range(3)).tolist()
    [[1.0, 1.0, 1.0], [1.0, 0.5, 0.0]]
    """
    from ._sweeps import Stack

    rows = Stack(schedules)
    if names is None:
        return rows
    from .groups import StackedGroups

    return StackedGroups(rows.params["schedules"], _checks.names("names", names, len(rows)))


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
    from . import _sweeps

    return _sweeps.pointwise_of(sweep, steps, workers)


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
    blocks. Where that sum is too large for a double, `sum` may be infinite or not a number.

    >>> from lrvec import linear
    >>> summarize(linear(base_lr=1.0, end_lr=0.0, total_steps=4), range(5))
    Summary(sum=2.5, mean=0.5, min=0.0, max=1.0, min_step=4, max_step=0, first=1.0, last=0.0)
    """
    from . import _summary

    return _summary.summarize(schedule, steps, workers)


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
    from . import _sweeps

    return _sweeps.blocks(sweep, steps, max_bytes, workers, progress)
