"""This package holds the values that factories return, and the decorator that makes a factory of a function."""

from __future__ import annotations

from .._engine import PlainNumbers
from .._registry import KINDS, Kind
from .schedule import Schedule as Schedule
from .schedule import TracedSchedule, is_traced, others

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any, Protocol, TypeAlias, TypeVar, overload

    import numpy
    from numpy.typing import NDArray

    from .._lowering.segments import Segment
    from .._registry import Parameter, Rule
    from .groups import GroupSchedule as GroupSchedule
    from .sweep import Sweep as Sweep

    Lowering: TypeAlias = Callable[[], list[Segment]]

    Rates: TypeAlias = float | Sequence[float] | Sequence[Sequence[float]] | NDArray[numpy.number[Any]]
    """These types stand for a rate, a factor or another real number in a sweep."""

    Counts: TypeAlias = int | Sequence[int] | Sequence[Sequence[int]] | NDArray[numpy.integer[Any]]
    """These types stand for a number of steps in a sweep."""


    Function = TypeVar("Function", bound=Callable[..., Any])

    class Enter(Protocol):
        """The decorator turns a function that gives segments into a factory. A function that gives a value keeps its
        type."""

        @overload
        def __call__(self, function: Callable[..., list[Segment]] | Callable[..., Lowering]) -> Any: ...
        @overload
        def __call__(self, function: Function) -> Function: ...


def kind(*rules: Rule, command: str | None = None, **parameters: Parameter) -> Enter:
    """Makes a kind of a function from checked parameters to segments. Its factory checks and returns the value.

    The function's annotation says what it returns. Segments are asked for at the first evaluation. A `Lowering` is
    made with the value and called at the first evaluation, so a user's callable can be asked for a rate at once.
    Anything else is the value itself.

    `parameters` declare each parameter of the function, and `rules` what they must be to each other. `command` is the
    kind's name on the command line; by itself it is the function's name with hyphens.
    """

    def enter(function: Callable[..., Any]) -> Any:
        entry = Kind(function, command, parameters, rules)

        declared = entry.bounds(Schedule)
        plain = None if declared is None else PlainNumbers(declared, len(entry.positional))
        name, lowering = entry.name, lowering_of(entry)

        def factory(*arguments: Any, **given: Any) -> Any:
            if plain is not None:
                parameters = plain.read(arguments, given)
                if parameters is not None:
                    for rule in rules:
                        rule(parameters)
                    return Schedule(name, parameters, lowering(**parameters))
            return make(entry, entry.checked(arguments, given))

        _dress(factory, entry)
        entry.factory = factory
        KINDS[entry.name] = entry
        return factory

    return enter


def _dress(factory: Callable[..., Any], entry: Kind) -> None:
    """Gives the factory the function's name, signature and docstring, with a section on the declared parameters."""
    function = entry.function
    if entry.returns in ("list[Segment]", "Lowering"):
        function.__annotations__["return"] = "Schedule"
    function.__doc__ = entry.documented(function.__doc__ or "")
    for name in ("__module__", "__name__", "__qualname__", "__doc__", "__annotations__"):
        setattr(factory, name, getattr(function, name))
    factory.__wrapped__ = function  # type: ignore[attr-defined]


def lowering_of(entry: Kind) -> Callable[..., Lowering]:
    """Returns a function that takes the kind's parameters and returns a lowering."""
    function = entry.function
    return function if entry.returns == "Lowering" else lambda **parameters: lambda: function(**parameters)


def make(entry: Kind, parameters: dict[str, Any]) -> Any:
    """Makes the value of a kind from checked parameters: a schedule, or a sweep where a parameter is an array or a
    sweep."""
    if entry.returns not in ("list[Segment]", "Lowering"):
        return entry.function(**parameters)
    lower = lowering_of(entry)(**parameters)
    rest = others(parameters.values())
    if not rest:
        return Schedule(entry.name, parameters, lower)
    if any(map(is_traced, rest)):
        return TracedSchedule(entry.name, parameters, lower)
    if any(getattr(value, "shape", ()) for value in rest):
        from .sweep import Sweep

        return Sweep(entry.name, parameters, lower)
    return Schedule(entry.name, parameters, lower)
