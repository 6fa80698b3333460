"""This package holds the values that factories return, and the decorator that makes a factory of a function."""

from __future__ import annotations

from .._engine import Reader
from .._registry import COUNTS, FLAG, KINDS, PHASES, SCHEDULE, Kind
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
        return entered(Kind(function, command, parameters, rules))

    return enter


def entered(entry: Kind) -> Callable[..., Any]:
    """Makes the factory of a kind, and enters the kind in the registry."""
    reader = Reader(entry.accepted(Schedule), len(entry.positional))
    name, are_plain, defaults = entry.name, _are_plain(entry), entry.defaults
    rules, function, gives_lowering = entry.rules, entry.function, entry.returns == "Lowering"

    def factory(*arguments: Any, **given: Any) -> Any:
        if defaults:
            given = {**defaults, **given}
        parameters = reader.read(arguments, given)
        if parameters is None:
            return make(entry, entry.checked(arguments, given))
        for rule in rules:
            rule(parameters)
        if not are_plain:
            return make(entry, parameters)
        return Schedule(name, parameters, function(**parameters) if gives_lowering else lambda: function(**parameters))

    if entry.variable is not None:
        of_keywords = factory

        def factory(*arguments: Any, **given: Any) -> Any:
            return of_keywords(**entry.bound(arguments, given))

    _dress(factory, entry)
    entry.factory = factory
    KINDS[entry.name] = entry
    return factory


_NOT_COMPILED = {
    "_torchdynamo_disable": True,
    "_torchdynamo_disable_msg": "a schedule of lrvec is made here: make it outside of what is compiled",
}
"""These attributes tell torch.compile to call a factory as it is, and to say so where its graph must be whole."""


def _dress(factory: Callable[..., Any], entry: Kind) -> None:
    """Gives the factory the function's name, signature and docstring, with a section on the declared parameters."""
    function = entry.function
    if entry.gives_segments:
        function.__annotations__["return"] = "Schedule"
    function.__doc__ = entry.documented(function.__doc__ or "")
    for name in ("__module__", "__name__", "__qualname__", "__doc__", "__annotations__"):
        setattr(factory, name, getattr(function, name))
    factory.__wrapped__ = function  # type: ignore[attr-defined]
    vars(factory).update(_NOT_COMPILED)


def _are_plain(entry: Kind) -> bool:
    """Tells whether what a reader reads makes a schedule: whether no parameter may hold arrays or sweeps that a reader
    does not know."""
    return entry.gives_segments and all(
        one.range or one.choices or one.role in (COUNTS, FLAG, SCHEDULE, PHASES) for one in entry.parameters.values()
    )


def make(entry: Kind, parameters: dict[str, Any]) -> Any:
    """Makes the value of a kind from checked parameters: a schedule, or a sweep where a parameter is an array or a
    sweep."""
    if not entry.gives_segments:
        return entry.call(parameters)
    rest = others(parameters.values())
    if not rest:
        return Schedule(entry.name, parameters, entry.lowering(parameters))
    if any(map(is_traced, rest)):
        return TracedSchedule(entry.name, parameters, entry.lowering(parameters))
    if any(getattr(value, "shape", ()) for value in rest):
        from .sweep import of_columns

        return of_columns(entry, parameters)
    return Schedule(entry.name, parameters, entry.lowering(parameters))
