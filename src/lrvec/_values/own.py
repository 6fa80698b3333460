"""A function of a user's own becomes a kind: it gets a factory, and its name stands in the registry."""

from __future__ import annotations

import copy
import functools

from .._checks import own as checked
from .._lowering.segments import Joined
from .._registry import FLAG, HOMES, KNOWN, SCHEDULE, Kind, Parameter, kinds
from . import entered
from .schedule import Schedule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar, overload

    from .._registry import Rule
    from . import Lowering

    Function = TypeVar("Function", bound=Callable[..., Any])

__all__ = ["kind"]

_FLAGS = (
    *("at", "first_below", "force", "height", "help", "log", "out", "plot", "sort_by", "sparkline", "steps", "sum"),
    *("summary", "top", "width", "workers"),
)
"""The command line has these flags for all kinds."""

_COMMANDS = ("check-log", "compare", "eval", "list", "sweep")
"""The command line has these commands besides the kinds."""


if TYPE_CHECKING:

    @overload
    def kind(function: Function, /) -> Function: ...
    @overload
    def kind(*rules: Rule, command: str | None = None, **parameters: Parameter) -> Callable[[Function], Function]: ...


def kind(*rules: Any, command: str | None = None, **parameters: Any) -> Any:
    """Make a kind of a function of your own that returns a composition of schedules.

    Parameters
    ----------
    rules : rules between parameters, as `lrvec.roles` makes them.
    command : the kind's name on the command line; by itself the function's name with hyphens.
    parameters : what each parameter of the function is, declared by a function of `lrvec.roles`.

    Returns
    -------
    Decorator. It makes a factory of the function, with its name and its signature. What the factory returns is a
    schedule of the new kind: it prints, compares, pickles and is described by its own name and parameters, and
    `lrvec.from_dict` makes it again where the kind is defined. An array in place of a number makes a sweep, for whose
    rows the function is called one by one. The kind is in `lrvec.kinds()`, on the command line that `lrvec.cli.run`
    reads, and in the spaces of `lrvec.search`.

    The function is called when a schedule is made, with checked parameters, and must return the same for the same ones.
    Numbers and words must be keyword-only. Schedules, which `roles.schedule` declares, stand before them. A default
    other than None is filled in.

    Raises
    ------
    ValueError if a kind or a command of this name is there already, or if a parameter has the name of a flag.
    TypeError if a parameter is not declared or is no keyword. The factory raises it if the function returns no
        schedule.

    >>> import lrvec
    >>> from lrvec import roles
    >>> @lrvec.kind(peak=roles.rate("the rate of the plateau"), length=roles.count("the steps of the plateau"))
    ... def plateau_then_zero(*, peak, length=100):
    ...     "Keep a rate for some steps, then go to 0."
    ...     return lrvec.join([(length, lrvec.constant(lr=peak)), lrvec.constant(lr=0.0)])
    >>> schedule = plateau_then_zero(peak=0.5, length=2)
    >>> schedule, schedule(range(4)).tolist()
    (plateau_then_zero(peak=0.5, length=2), [0.5, 0.5, 0.0, 0.0])
    >>> lrvec.from_dict(schedule.to_dict()) == schedule
    True
    """
    if len(rules) == 1 and command is None and not parameters:  # as a decorator without a call
        return _entered(rules[0], None, {}, ())
    return lambda function: _entered(function, command, parameters, rules)


def _entered(function: Any, command: str | None, parameters: dict[str, Any], rules: tuple[Any, ...]) -> Any:
    checked.own_name(checked.own_function(function).__name__, KNOWN)
    checked.own_signature(function)
    entry = OwnKind(function, command, parameters, rules)
    checked.own_word(entry.name)
    known = kinds().values()
    names = (name for other in known for name in (other.command, other.name, other.name.replace("_", "-")))
    checked.own_command(entry.name, entry.command, {*_COMMANDS, *names})
    factory = entered(entry)
    HOMES[entry.name] = function.__module__
    return factory


class OwnKind(Kind):
    """An own kind lowers its parameters to what the schedule that its function returns is lowered to."""

    __slots__ = ()

    is_own = True

    def __init__(
        self,
        function: Callable[..., Any],
        command: str | None,
        parameters: dict[str, Any],
        rules: tuple[Any, ...],
    ) -> None:
        name = function.__name__
        has_command = not any(getattr(one, "role", None) is SCHEDULE for one in parameters.values())
        switches = [f"no_{key}" for key, one in parameters.items() if getattr(one, "role", None) is FLAG]
        for key, one in parameters.items():
            checked.own_parameter(name, key, one, Parameter, (*_FLAGS, *switches) if has_command else ())
        super().__init__(function, command, {key: copy.copy(one) for key, one in parameters.items()}, rules)
        for key, one in self.parameters.items():
            checked.own_positions(name, key, key in self.positional, one.role is SCHEDULE)

        @functools.wraps(function)
        def lower(*schedules: Any, **given: Any) -> Lowering:
            made = checked.own_schedule(name, function(*schedules, **given), Schedule)
            return Joined((made,), lambda segments: segments)

        lower.__annotations__ = {**function.__annotations__}
        self.function, self.returns, self.gives_segments = lower, "Lowering", True
