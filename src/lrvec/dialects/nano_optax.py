"""These are nano-optax's helpers. They make schedules, and schedules with a state: (step, state) -> (lr, new_state)."""

from __future__ import annotations

from .. import _checks, _frameworks
from ..schedules import constant, step_decay

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any, TypeAlias

    import numpy
    from numpy.typing import NDArray

    from .._values import Schedule

    StatefulSchedule: TypeAlias = Callable[[Any, Any], tuple[Any, Any]]


__all__ = ["as_schedule", "constant_lr", "lambda_lr", "scan", "step_lr"]


def constant_lr(lr: float) -> Schedule:
    """Keep one rate at every step: this is `constant` by nano-optax's name.

        lr(t) = lr

    where t is the step.

    Parameters
    ----------
    lr : the rate, finite; it may be traced.

    Returns
    -------
    Schedule; it has no end.

    Raises
    ------
    ValueError if `lr` is not finite; TypeError if it is no number.

    >>> constant_lr(0.1)(7)
    0.1
    """
    return constant(lr=lr)


def lambda_lr(lr_lambda: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Make a schedule of the user's own function.

        lr(t) = lr_lambda(t)

    where t is the step.

    Parameters
    ----------
    lr_lambda : a callable from a step to a rate. It gets each step as it is, and what it returns is returned as it is.

    Returns
    -------
    A callable from a step to a rate.

    Raises
    ------
    TypeError if `lr_lambda` is not callable.

    >>> lambda_lr(lambda step: 0.5 ** step)(2)
    0.25
    """
    _checks.schedule("lr_lambda", lr_lambda)

    def schedule(step: Any) -> Any:
        return lr_lambda(step)

    return schedule


def step_lr(base_lr: float, step_size: int, gamma: float = 0.1) -> Schedule:
    """Multiply the rate by `gamma` every `step_size` steps: this is `step_decay` by nano-optax's name.

        lr(t) = base_lr gamma^floor(t / step_size)

    where t is the step.

    Parameters
    ----------
    base_lr : the rate at step 0, finite; it may be traced.
    step_size : the steps between two drops, positive.
    gamma : the factor of a drop, finite; it may be traced.

    Returns
    -------
    Schedule; it has no end.

    Raises
    ------
    ValueError if a number is outside its range; TypeError if `base_lr` or `gamma` is no number.

    >>> step_lr(0.1, 10, gamma=0.5)([9, 10]).tolist()
    [0.1, 0.05]
    """
    return step_decay(base_lr=base_lr, step_size=step_size, gamma=gamma)


def as_schedule(lr: Any, schedule_state: Any = None) -> tuple[StatefulSchedule, Any]:
    """Make one pure function (step, state) -> (lr, new_state) of anything that gives a rate.

    Parameters
    ----------
    lr : a number or an array; a schedule or another callable step -> lr; or, with a state, a callable
        (step, state) -> (lr, new_state).
    schedule_state : the initial state of such a callable, any pytree of JAX.

    Returns
    -------
    The function and the initial state. JAX can compile and scan the function if it can do that with `lr`. If `lr` has
    no state, the function returns the state that it is given.

    Raises
    ------
    ValueError if `lr` needs a state and none is given; TypeError if `lr` is neither a number nor callable. The function
    raises a TypeError if a callable with a state does not return a pair, or changes the structure of the state.

    >>> schedule, state = as_schedule(lambda step, rate: (rate, rate / 2), 1.0)
    >>> schedule(0, state)
    (1.0, 0.5)
    """
    if not callable(lr):
        return _without_state(lr if _frameworks.is_foreign(lr) else constant(lr=lr)), schedule_state
    if not _takes_state(lr):
        return _without_state(lr), schedule_state
    if schedule_state is None:
        raise ValueError("schedule_state must be given for a schedule (step, state) -> (lr, new_state), received None")

    def schedule(step: Any, state: Any) -> tuple[Any, Any]:
        return _stepped(lr, step, state)

    return schedule, schedule_state


def _stepped(schedule_fn: StatefulSchedule, step: Any, state: Any) -> tuple[Any, Any]:
    """Calls a schedule with a state, and checks that the new state has the structure of the old one."""
    name = getattr(schedule_fn, "__name__", repr(schedule_fn))
    rate, after = _checks.pair(f"the result of {name}", schedule_fn(step, state))
    _checks.same_structure(f"the state that {name} returns", state, after)
    return rate, after


def _without_state(lr: Any) -> StatefulSchedule:
    if not callable(lr):
        return lambda step, state: (lr, state)
    return lambda step, state: (lr(step), state)


def _takes_state(function: Any) -> bool:
    """Tells whether a callable has a state: whether at least two of its parameters must be given by position."""
    if hasattr(function, "_lower"):
        return False
    import inspect

    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return False
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    needed = [one for one in parameters if one.kind in positional and one.default is one.empty]
    return len(needed) >= 2


def scan(schedule_fn: StatefulSchedule, state: Any, steps: Iterable[int]) -> tuple[NDArray[numpy.float64], Any]:
    """Evaluate a schedule with a state at known steps, one after another, outside JAX.

    Parameters
    ----------
    schedule_fn : (step, state) -> (lr, new_state), as `as_schedule` returns it.
    state : the initial state.
    steps : integers.

    Returns
    -------
    The values as a float64 array of the length of `steps`, and the final state.

    Raises
    ------
    ValueError if a step is no integer from 0 to 2**53; TypeError if the function does not return a pair, or changes the
    structure of the state.

    >>> values, state = scan(lambda step, rate: (rate, rate / 2), 1.0, range(3))
    >>> values.tolist(), state
    ([1.0, 0.5, 0.25], 0.125)
    """
    import numpy

    values = []
    for index, step in enumerate(_checks.iterable("steps", steps)):
        rate, state = _stepped(schedule_fn, _checks.step_at(index, step), state)
        values.append(float(rate))
    return numpy.array(values, numpy.float64), state
