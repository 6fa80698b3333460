"""These are the schedules of mlx.optimizers by their own names, with its parameters.

MLX computes with float32; these give the rule itself.
"""

from __future__ import annotations

from .._registry import count, factor, rate
from ..schedules import cosine, exponential, linear
from ..schedules import step_decay as _step_decay
from ._foreign import foreign
from ._turns import beginnings, in_turn
from ._turns import schedules as _schedules

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .._values import Schedule

__all__ = ["cosine_decay", "exponential_decay", "join_schedules", "linear_schedule", "step_decay"]


@foreign(
    "mlx",
    "optimizers.exponential_decay",
    init=rate("the rate at step 0"),
    decay_rate=factor("the factor of a step"),
)
def exponential_decay(init: float, decay_rate: float) -> Schedule:
    """Multiply the rate by `decay_rate` at each step.

        lr(t) = init decay_rate^t

    where t is the step.

    Returns
    -------
    Schedule; it has no end.

    >>> exponential_decay(1.0, 0.5)
    exponential(base_lr=1.0, gamma=0.5)
    """
    return exponential(base_lr=init, gamma=decay_rate)


@foreign(
    "mlx",
    "optimizers.step_decay",
    init=rate("the rate at step 0"),
    decay_rate=factor("the factor of a drop"),
    step_size=count("the steps between two drops"),
)
def step_decay(init: float, decay_rate: float, step_size: int) -> Schedule:
    """Multiply the rate by `decay_rate` every `step_size` steps.

        lr(t) = init decay_rate^floor(t / step_size)

    where t is the step.

    Returns
    -------
    Schedule; it has no end.

    >>> step_decay(1.0, 0.5, 30)
    step_decay(base_lr=1.0, step_size=30, gamma=0.5)
    """
    return _step_decay(base_lr=init, step_size=step_size, gamma=decay_rate)


@foreign(
    "mlx",
    "optimizers.cosine_decay",
    init=rate("the rate at step 0"),
    decay_steps=count("the step at which the last rate is reached"),
    end=rate("the last rate"),
)
def cosine_decay(init: float, decay_steps: int, end: float = 0.0) -> Schedule:
    """Go from one rate to another along half a cosine wave.

        lr(t) = end + (init - end) (1 + cos(pi t / decay_steps)) / 2

    where t is the step.

    Returns
    -------
    Schedule; past `decay_steps` it holds `end`.

    >>> cosine_decay(1.0, 100)
    cosine(base_lr=1.0, min_lr=0.0, total_steps=100)
    """
    return cosine(base_lr=init, min_lr=end, total_steps=decay_steps)


@foreign(
    "mlx",
    "optimizers.join_schedules",
    schedules=_schedules(),
    boundaries=beginnings("MLX"),
)
def join_schedules(schedules: Sequence[Callable[[int], float]], boundaries: Sequence[int]) -> Schedule:
    """Run schedules one after another, each on a clock of its own.

        lr(t) = schedules[i](t - boundaries[i - 1])    for boundaries[i - 1] <= t < boundaries[i]

    where t is the step, and the first schedule begins at step 0.

    Returns
    -------
    Schedule; past the last boundary the last schedule goes on.

    Raises
    ------
    ValueError if there is not one boundary less than schedules.

    >>> join_schedules([linear_schedule(0.0, 1.0, 10), cosine_decay(1.0, 90)], [10])
    join(((10, linear(base_lr=0.0, end_lr=1.0, total_steps=10)), cosine(base_lr=1.0, min_lr=0.0, total_steps=90)))
    """
    return in_turn("schedules", schedules, "boundaries", boundaries)


@foreign(
    "mlx",
    "optimizers.linear_schedule",
    init=rate("the rate at step 0"),
    end=rate("the last rate"),
    steps=count("the step at which the last rate is reached"),
)
def linear_schedule(init: float, end: float, steps: int) -> Schedule:
    """Go from one rate to another in a straight line.

        lr(t) = init + (end - init) t / steps

    where t is the step.

    Returns
    -------
    Schedule; past `steps` it holds `end`.

    >>> linear_schedule(0.0, 1.0, 10)
    linear(base_lr=0.0, end_lr=1.0, total_steps=10)
    """
    return linear(base_lr=init, end_lr=end, total_steps=steps)
