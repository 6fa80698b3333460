"""A function of a dialect stands in for a schedule of another library. The decorator here declares its parameters."""

from __future__ import annotations

import contextlib
import functools
import inspect
import re

from .. import _checks
from .._registry import Parameter, described

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any, TypeVar

    Function = TypeVar("Function", bound=Callable[..., Any])


class Foreign:
    """This is a function of a dialect, which takes checked parameters and returns a schedule.

    `library` and `original` name the schedule that it stands in for. `parameters` are declared as those of kinds.
    """

    __slots__ = ("function", "library", "original", "parameters", "signature")

    def __init__(
        self, library: str, original: str, function: Callable[..., Any], parameters: dict[str, Parameter]
    ) -> None:
        self.library, self.original, self.function, self.parameters = library, original, function, parameters
        self.signature = inspect.signature(function)
        _checks.declared(self.name, parameters, self.signature.parameters)
        for name, taken in self.signature.parameters.items():
            parameter, has_default = parameters[name], taken.default is not taken.empty
            parameter.name, parameter.is_optional = name, has_default
            parameter.default = taken.default if has_default else None

    @property
    def name(self) -> str:
        return self.function.__name__

    def checked(self, arguments: tuple[Any, ...], given: dict[str, Any]) -> dict[str, Any]:
        """Checks the arguments of a call. Returns all parameters by name, each as its check returns it."""
        try:
            bound = self.signature.bind(*arguments, **given)
        except TypeError:
            self.function(*arguments, **given)  # raises Python's own TypeError for these arguments
            raise
        bound.apply_defaults()
        for name, value in bound.arguments.items():
            parameter = self.parameters[name]
            if value is None and parameter.may_be_none:
                continue
            if parameter.role.is_number:
                _checks.alone(name, value)
            bound.arguments[name] = parameter.check(name, value)
        return bound.arguments

    def documented(self, page: str) -> str:
        """Returns a docstring with a section on the parameters before `Returns`."""
        before, title, after = page.partition("Returns\n")
        indent = before[before.rfind("\n") + 1 :]
        section = described(self.parameters, indent).replace(" or array", "")
        return f"{before}{section}\n\n{indent}{title}{after}"


FOREIGN: dict[tuple[str, str], Foreign] = {}
"""The functions of the dialects whose modules are imported, by their library and their name."""


def foreign(library: str, original: str, **parameters: Parameter) -> Callable[[Function], Function]:
    """Enters a function of a dialect in the list of which tests and the page on other libraries are made.

    `original` is the name of the schedule in the library. The function has the original's parameters in its order and
    with its defaults, less the optimizer and the epoch to resume from, and returns a schedule of native kinds. Its
    docstring gets a section on the declared parameters; its first example shows a call, and the schedule by its repr.
    """

    def enter(function: Function) -> Function:
        entry = Foreign(library, original, function, parameters)
        function.__doc__ = entry.documented(function.__doc__ or "")

        @functools.wraps(function)
        def factory(*arguments: Any, **given: Any) -> Any:
            return function(**entry.checked(arguments, given))

        FOREIGN[library, entry.name] = entry
        return factory  # type: ignore[return-value]

    return enter


def room_to_decay(name: str, warmup: int, limit_name: str, limit: int, library: str) -> None:
    """Refuses a warmup that does not end before the decay does."""
    if warmup >= limit:
        _checks.refuse_foreign(name, f"be less than {limit_name}", warmup, f"it leaves {library} no step to decay in")


@contextlib.contextmanager
def renaming(names: Mapping[str, str]) -> Iterator[None]:
    """Turns refusals of some parameters into those of others: `names` has the user's name of each. A value that was
    received stays as it is."""

    def renamed(word: re.Match[str]) -> str:
        return names.get(word[0], word[0])

    try:
        yield
    except (TypeError, ValueError) as error:
        rule, received, value = str(error).partition(", received ")
        text = re.sub(r"\w+", renamed, rule) + received + re.sub(r"\w+(?==)", renamed, value)
        raise (TypeError if isinstance(error, TypeError) else ValueError)(text) from None


def no_function(name: str, value: Any) -> None:
    """Refuses a function of the user's own, which is no value."""
    rule = "be None, and the curve a product of schedules"
    _checks.refuse_foreign(name, rule, value, "a function of the user's own is no value")


def explained(parameter: Parameter, why: str) -> Parameter:
    """Adds to the message for a number outside its range what the library would make of one."""
    check = parameter.check

    def checked(name: str, value: Any) -> Any:
        try:
            return check(name, value)
        except ValueError as error:
            raise type(error)(f"{error}; {why}") from None

    parameter.check = checked
    return parameter
