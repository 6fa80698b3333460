"""The registry holds every kind: its factory, and what the factory declares of its parameters.

The decorator of a factory declares the role and the range of each parameter, once. From that follow the check of a
value, the flags of the command line, the axes of a grid, what may be an array or a traced value, and whether a rate has
a derivative by the parameter.
"""

from __future__ import annotations

from . import _checks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import Any, TypeAlias

    Rule: TypeAlias = Callable[[dict[str, Any]], None]


INF = float("inf")


class Role:
    """A role says what a parameter is to its kind: a rate, a count of steps, a choice, and so on.

    `unit` is what the parameter is counted in. `reads` is the type that the text of a flag becomes, or None if no flag
    can give the parameter. `is_number` says whether an array may stand for the parameter, and so be an axis of a grid.
    `is_smooth` says whether a rate has a derivative by the parameter. `form` says in a docstring what the parameter is.
    """

    __slots__ = ("form", "is_number", "is_smooth", "name", "reads", "unit")

    def __init__(
        self,
        name: str,
        unit: str,
        reads: type | None,
        form: str,
        *,
        is_number: bool = True,
        is_smooth: bool = False,
    ) -> None:
        self.name, self.unit, self.reads, self.form = name, unit, reads, form
        self.is_number, self.is_smooth = is_number, is_smooth

    def __repr__(self) -> str:
        return self.name


RATE = Role("rate", "learning rate", float, "float or array", is_smooth=True)
FACTOR = Role("factor", "", float, "float or array", is_smooth=True)
EXPONENT = Role("exponent", "", float, "float or array", is_smooth=True)
NUMBER = Role("number", "", float, "float or array", is_smooth=True)
DIVISOR = Role("divisor", "", float, "float or array", is_smooth=True)
SHARE = Role("share", "", float, "float or array")
RATIO = Role("ratio", "", float, "int or float or array")
COUNT = Role("count", "steps", int, "int or array, in steps")
HOW_MANY = Role("count", "", int, "int or array")
LENGTH = Role("length", "steps", float, "int or float or array, in steps")
CHOICE = Role("choice", "", str, "one of some words", is_number=False)
FLAG = Role("flag", "", bool, "bool", is_number=False)
COUNTS = Role("counts", "steps", list, "sequence of ints, in steps", is_number=False)
SCHEDULE = Role("schedule", "", None, "schedule or callable")
SCHEDULES = Role("schedules", "", None, "sequence of schedules or callables", is_number=False)
TERMS = Role("terms", "", None, "schedules, callables or numbers", is_number=False)
LENGTHS = Role("lengths", "steps", list, "sequence of ints, in steps", is_number=False)
KNOTS = Role("knots", "", None, "sequence of ints, in steps", is_number=False)
REAL_KNOTS = Role("knots", "", None, "sequence of ints or floats or arrays, in steps", is_number=False)
CYCLES = Role("cycles", "steps", None, "sequence of ints or floats or arrays, in steps", is_number=False)
VALUES = Role("values", "", None, "sequence of floats or arrays", is_number=False)
PHASES = Role("phases", "", None, "sequence of pairs", is_number=False)
MULTIPLIERS = Role("multipliers", "", None, "mapping from names to floats", is_number=False)
NAMES = Role("names", "", None, "sequence of names", is_number=False)


class Range:
    """A range holds the numbers that a parameter may be, from `low` to `high`, and the words for them.

    `has_low` and `has_high` say whether the ends belong to the range.
    """

    __slots__ = ("has_high", "has_low", "high", "low", "text")

    def __init__(self, text: str, low: float, high: float, *, has_low: bool = False, has_high: bool = False) -> None:
        self.text, self.low, self.high, self.has_low, self.has_high = text, low, high, has_low, has_high

    def __repr__(self) -> str:
        return self.text


FINITE = Range("finite", -INF, INF)
POSITIVE = Range("positive", 0.0, INF)
NON_NEGATIVE = Range("non-negative", 0.0, INF, has_low=True)
UNIT = Range("between 0 and 1, both excluded", 0.0, 1.0)
UNIT_TO_ONE = Range("above 0 and at most 1", 0.0, 1.0, has_high=True)
CLOSED_UNIT = Range("between 0 and 1", 0.0, 1.0, has_low=True, has_high=True)


AT_LEAST_1 = Range("at least 1", 1.0, INF, has_low=True)


class Unless:
    """A parameter has a wider range if the parameter `name` has `value`; None stands for one that is not given."""

    __slots__ = ("check", "name", "range", "value")

    def __init__(self, name: str, value: Any, check: Callable[[str, Any], Any], within: Range) -> None:
        self.name, self.value, self.check, self.range = name, value, check, within

    def holds(self, given: Mapping[str, Any]) -> bool:
        other = given.get(self.name)
        return other is self.value or (isinstance(other, str) and other == self.value)


class Parameter:
    """A parameter has a role, a range or choices, and a text on what it is about. Its kind declares them.

    `check` takes the name and what the user gave, and returns the value or raises. `unless` may widen the range. An
    optional parameter that is left out is `default`, or has no value where that is None. `least` is the least duration
    of phases.
    """

    __slots__ = ("about", "check", "choices", "default", "is_optional", "least", "name", "range", "role", "unless")

    def __init__(
        self,
        role: Role,
        about: str,
        check: Callable[[str, Any], Any],
        *,
        within: Range | None = None,
        choices: tuple[str, ...] = (),
        unless: Unless | None = None,
        least: int = 0,
    ) -> None:
        self.name, self.is_optional, self.default = "", False, None
        self.role, self.about, self.check = role, about, check
        self.range, self.choices, self.unless, self.least = within, choices, unless, least

    @property
    def unit(self) -> str:
        """The unit is "steps", "learning rate" or "", for a pure number or no number."""
        return self.role.unit

    @property
    def help(self) -> str:
        """The command line shows this text for the parameter's flag."""
        return f"{self.about}, {self.range}" if self.range else self.about

    def __repr__(self) -> str:
        said = [self.role.name, *([repr(self.range)] if self.range else []), *self.choices]
        return f"<parameter {self.name}: {', '.join(said)}>"

    @property
    def text(self) -> str:
        """The docstring of the factory says with this text what the parameter may be."""
        form = " or ".join(f'"{choice}"' for choice in self.choices) or self.role.form
        said = f"{form}, {self.range}" if self.range else form
        if self.default is not None:
            return f"{said}, default {self.default!r}"
        return f"{said}, optional" if self.is_optional else said

    @property
    def may_be_none(self) -> bool:
        """Tells whether the parameter may be None, which stands for one that is not given."""
        return self.is_optional and self.default is None


_CHECKS = {
    FINITE: _checks.finite,
    POSITIVE: _checks.positive,
    NON_NEGATIVE: _checks.non_negative,
    UNIT: lambda name, value: _checks.between(name, value, 0.0, 1.0),
    CLOSED_UNIT: _checks.up_to_one,
    UNIT_TO_ONE: lambda name, value: _checks.between(name, value, 0.0, 1.0, closed=True),
}


def _number(role: Role, about: str, within: Range) -> Parameter:
    return Parameter(role, about, _CHECKS[within], within=within)


def rate(about: str, within: Range = FINITE, finite_without: str | None = None) -> Parameter:
    """Declares a rate, or another value of the schedule such as a weight decay. It may be any finite number if the
    parameter `finite_without` is not given."""
    declared = _number(RATE, about, within)
    if finite_without:
        declared.unless = Unless(finite_without, None, _checks.finite, FINITE)
    return declared


def factor(about: str, within: Range = FINITE) -> Parameter:
    """Declares a number that rates are multiplied by."""
    return _number(FACTOR, about, within)


def exponent(about: str, within: Range = NON_NEGATIVE) -> Parameter:
    """Declares an exponent."""
    return _number(EXPONENT, about, within)


def number(about: str) -> Parameter:
    """Declares a pure number of any size and sign."""
    return _number(NUMBER, about, FINITE)


def divisor(about: str) -> Parameter:
    """Declares a positive number that rates are divided by."""
    return _number(DIVISOR, about, POSITIVE)


def share(about: str) -> Parameter:
    """Declares a share of the steps, between 0 and 1."""
    return _number(SHARE, about, UNIT)


def count(about: str, least: int = 1, zero_if: tuple[str, str] | None = None, role: Role = COUNT) -> Parameter:
    """Declares a number of steps of at least `least`. `zero_if` names a choice and one of its words: with that word,
    the number may also be 0."""
    if least < 2:
        check = (_checks.non_negative_count, _checks.positive_count)[least]
        unless = Unless(*zero_if, _checks.non_negative_count, NON_NEGATIVE) if zero_if else None
        return Parameter(role, about, check, within=(NON_NEGATIVE, POSITIVE)[least], unless=unless)

    def at_least(name: str, value: Any) -> int:
        checked = _checks.positive_count(name, value)
        _checks.at_least(name, checked, least)
        return checked

    return Parameter(role, about, at_least, within=Range(f"at least {least}", least, INF, has_low=True))


def how_many(about: str, least: int = 1) -> Parameter:
    """Declares a whole number that counts no steps, but copies or cycles, or how wide a model is."""
    return count(about, least, role=HOW_MANY)


def length(about: str) -> Parameter:
    """Declares a number of steps of at least 1, which need not be whole."""
    return Parameter(LENGTH, about, _checks.length, within=AT_LEAST_1)


def ratio(about: str) -> Parameter:
    """Declares the ratio of two numbers of steps."""
    return Parameter(RATIO, about, _checks.ratio, within=POSITIVE)


def choice(about: str, choices: Iterable[str]) -> Parameter:
    """Declares a choice among some words."""
    listed = tuple(choices)
    return Parameter(CHOICE, about, lambda name, value: _checks.one_of(name, value, listed), choices=listed)


def flag(about: str) -> Parameter:
    """Declares a parameter that is True or False."""
    return Parameter(FLAG, about, _checks.flag)


def counts(about: str) -> Parameter:
    """Declares a list of steps, which may be given in any order and are kept in ascending order."""
    return Parameter(COUNTS, about, _checks.milestones, within=POSITIVE)


def schedule(about: str) -> Parameter:
    """Declares a schedule, or another callable from a step to a rate."""
    return Parameter(SCHEDULE, about, _checks.schedule)


def phases(about: str, check: Callable[[Any], Any], least: int) -> Parameter:
    """Declares phases: pairs of a duration, which is at least `least`, and a schedule or another callable. If `least`
    is 0, the last schedule may be without a duration."""
    return Parameter(PHASES, about, lambda _, value: check(value), least=least)


def other(role: Role, about: str, check: Callable[[str, Any], Any]) -> Parameter:
    """Declares a parameter whose role belongs to one kind alone."""
    return Parameter(role, about, check)


# ---- rules between parameters: a rule takes all checked parameters, and raises if they do not go together ----


def exactly_one(*names: str) -> Rule:
    """Makes the rule that exactly one of the parameters is given."""
    return lambda parameters: _checks.exactly_one(**{name: parameters.get(name) for name in names})


def given_if(name: str, choice: str, word: str) -> Rule:
    """Makes the rule that a parameter is given exactly if a choice is a certain word."""
    return lambda parameters: _checks.given_if(name, parameters.get(name), choice, parameters.get(choice), word)


def sum_at_most(limit: str, *parts: str) -> Rule:
    """Makes the rule that some parameters together are at most another one."""

    def rule(parameters: dict[str, Any]) -> None:
        _checks.sum_at_most(limit, parameters[limit], **{part: parameters[part] for part in parts})

    return rule


def ordinary_ratio(name: str, other: str) -> Rule:
    """Makes the rule that a double holds the ratio of two parameters with all its digits."""

    def rule(parameters: dict[str, Any]) -> None:
        _checks.quotient_at_least(name, parameters[name], other, parameters[other], 2.0**-1022)

    return rule


def less_than(limit: str, name: str) -> Rule:
    """Makes the rule that a parameter is less than another one."""
    return lambda parameters: _checks.less_than(name, parameters[name], limit, parameters[limit])


class Kind:
    """A kind is a factory with its name, its command, and what it declares of its parameters.

    `function` is what the decorator was given: it lowers checked parameters to segments, or makes the value itself, as
    its annotation `returns` says, and `gives_segments` tells. `factory` is what users call. `positional` are the
    parameters that they may give by position: schedules, of which the kind is then a composition. `variable` is the one
    that takes all arguments by position, or None. `defaults` has the values of parameters that are left out.
    """

    __slots__ = (
        "command",
        "defaults",
        "factory",
        "function",
        "gives_segments",
        "is_composition",
        "name",
        "parameters",
        "positional",
        "returns",
        "rules",
        "variable",
    )

    is_own = False
    """Whether a user has made the kind. A sweep of such a kind has no columns: its rows are made one by one."""

    def __init__(
        self,
        function: Callable[..., Any],
        command: str | None,
        parameters: Mapping[str, Parameter],
        rules: tuple[Rule, ...],
    ) -> None:
        code = function.__code__
        takes_all = bool(code.co_flags & 0x04)  # inspect.CO_VARARGS
        names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount + takes_all]
        self.variable = names[-1] if takes_all else None
        _checks.declared(function.__name__, parameters, names)
        self.function, self.rules = function, rules
        self.returns: str = function.__annotations__.get("return", "")
        self.gives_segments = self.returns in ("list[Segment]", "Lowering")
        self.factory: Callable[..., Any] = function
        self.name = function.__name__
        self.command = command or self.name.replace("_", "-")
        self.positional = names[-1:] if takes_all else names[: code.co_argcount]
        self.is_composition = bool(self.positional)
        self.parameters = {name: parameters[name] for name in names}
        optional = function.__kwdefaults__ or {}
        self.defaults = {name: value for name, value in optional.items() if value is not None}
        for name, parameter in self.parameters.items():
            parameter.name, parameter.is_optional, parameter.default = name, name in optional, optional.get(name)

    def accepted(self, schedule: type) -> list[tuple[Any, ...]]:
        """Returns what an engine needs to read parameters by itself: for each its name, whether it may be None, and its
        range, or the class `schedule`, which phases have with their least duration, or its choices, or its check."""
        declared: list[tuple[Any, ...]] = []
        for name, one in self.parameters.items():
            if one.role is PHASES:
                declared.append((name, one.may_be_none, schedule, one.least))
                continue
            within, is_count = one.range, one.role in (COUNT, HOW_MANY, LENGTH, RATIO)
            if within is None or one.role is COUNTS:
                accepted = schedule if one.role is SCHEDULE else one.choices or one.check
                declared.append((name, one.may_be_none, accepted))
                continue
            high, has_high = (float(_checks.LAST_STEP), True) if is_count else (within.high, within.has_high)
            declared.append((name, one.may_be_none, is_count, within.low, high, within.has_low, has_high))
        return declared

    def __repr__(self) -> str:
        return f"<kind {self.name}: {', '.join(self.parameters)}>"

    @property
    def keywords(self) -> tuple[str, ...]:
        return tuple(name for name in self.parameters if name not in self.positional)

    @property
    def sentence(self) -> str:
        """The sentence is the first line of the factory's docstring."""
        return (self.factory.__doc__ or "").partition("\n")[0]

    def documented(self, page: str) -> str:
        """Returns a docstring with two more sections: on the parameters before `Returns`, and on what is raised behind
        it.

        A section `Raises` that the docstring has goes on behind the sentences made here.
        """
        before, title, after = page.partition("Returns\n")
        if not title:
            return page
        indent = before[before.rfind("\n") + 1 :]
        parameters = described(self.parameters, indent)
        raises = f"\n{indent}".join(self._raises())
        returned, has_raises, rest = after.partition(f"\n\n{indent}Raises\n{indent}------\n")
        if not has_raises:
            returned, _, rest = after.partition("\n\n")
            rest = f"\n{rest}"
        return f"{before}{parameters}\n\n{indent}{title}{returned}\n\n{indent}{raises}\n{rest}"

    def _raises(self) -> list[str]:
        """Returns the section on what the checks of the declared parameters raise."""
        reals, others = [], []
        ranges = numbers = counts = choices = 0
        for name, one in self.parameters.items():
            role = one.role
            ranges += one.range is not None
            numbers += one.range is not None and role.is_number
            counts += role.unit == "steps" and role is not LENGTH
            choices += one.choices != ()
            if role.reads is float:
                reals.append(f"`{name}`")
            elif role in (COUNTS, LENGTHS):
                others.append(f"`{name}` is no sequence")
            elif role is FLAG:
                others.append(f"`{name}` is neither True nor False")
            elif role is SCHEDULE:
                others.append(f"`{name}` is not callable")
            elif role is TERMS:
                others.append("an argument is neither a schedule nor another callable nor a number")
        wrong_values = ["a number is outside its range"] if ranges else []
        wrong_values += ["a count is no integer"] if counts else []
        wrong_values += ["a choice is none of its words"] if choices else []
        wrong_values += ["there is no schedule"] if self.variable else []
        wrong_values += ["the shapes of arrays do not broadcast"] if numbers > 1 else []
        wrong_types = [f"{_either(reals, ' or ')} is no number"] if reals else []
        wrong_types += [*others, "a parameter is missing or unknown"]
        sentences = [f"ValueError if {_either(wrong_values)}."] if wrong_values else []
        return ["Raises", "------", *sentences, f"TypeError if {_either(wrong_types)}."]

    def checked(self, arguments: tuple[Any, ...], given: dict[str, Any]) -> dict[str, Any]:
        """Checks the arguments of a call. Returns the parameters in their order, each as its check returns it, without
        optional ones that are not given."""
        if arguments:
            given = self.bound(arguments, given)
        parameters, missing = {}, len(given)
        for name, parameter in self.parameters.items():
            if name in given:
                missing -= 1
                value = given[name]
                if value is None and parameter.may_be_none:
                    continue
                check = parameter.check
                unless = parameter.unless
                if unless and unless.holds(given):
                    check = unless.check
                parameters[name] = check(name, value)
            elif not parameter.may_be_none:
                missing = 1
                break
        if missing:
            self.call(given)  # raises Python's own TypeError for these arguments
        for rule in self.rules:
            rule(parameters)
        return parameters

    def call(self, parameters: dict[str, Any]) -> Any:
        """Calls the function with checked parameters."""
        if self.variable is None:
            return self.function(**parameters)
        return self.function(*parameters[self.variable], **{n: v for n, v in parameters.items() if n != self.variable})

    def lowering(self, parameters: dict[str, Any]) -> Callable[[], list[Any]]:
        """Returns what lowers a value to segments, from checked parameters."""
        if self.returns == "Lowering":
            lower: Callable[[], list[Any]] = self.call(parameters)
            return lower
        function = self.function
        return lambda: function(**parameters)

    def bound(self, arguments: tuple[Any, ...], given: dict[str, Any]) -> dict[str, Any]:
        """Puts the arguments that a call gave by position among those that it gave by keyword."""
        if self.variable is not None:
            return {self.variable: arguments, **given}
        if len(arguments) > len(self.positional):
            self.function(*arguments, **given)  # raises Python's own TypeError for these arguments
        for name, value in zip(self.positional, arguments, strict=False):
            if name in given:
                self.function(*arguments, **given)
            given[name] = value
        return given

    def make(self, parameters: Mapping[str, Any]) -> Any:
        """Calls the factory with parameters that someone else kept, in a dict or a pickle. The factory checks them."""
        _checks.parameter_names(self.name, parameters, tuple(self.parameters))
        return self.factory(**parameters)


def described(parameters: Mapping[str, Parameter], indent: str) -> str:
    """Returns the section of a docstring on declared parameters. Its lines are indented, but for the first one."""
    said = [
        f"{name} : {one.text}\n{indent}    {one.about[0].upper()}{one.about[1:]}." for name, one in parameters.items()
    ]
    return f"\n{indent}".join(["Parameters", "----------", *said])


def _either(words: list[str], before_last: str = ", or ") -> str:
    """Writes words as a list, with "or" before the last one."""
    *most, last = words
    return f"{', '.join(most)}{before_last}{last}" if most else last


_MODULES = {
    "schedules.compose": ("with_warmup", "sequential", "scale_by_group", "stack", "warmup"),
    "schedules.algebra": (
        *("join", "advance", "delay", "hold", "scaled", "total", "product", "minimum", "maximum", "clipped"),
        *("repeat", "cycles", "mirrored", "every", "strided", "stretched"),
    ),
    "schedules.edits": ("decay_from", "rewarm", "rebase", "replace_after"),
    "schedules.continual": ("infinite",),
    "schedules.waves": ("triangular", "triangular2", "exp_range", "cyclic", "cosine_restarts"),
    "schedules.decays": (
        *("linear", "exponential_to", "polynomial", "polynomial_decay", "cosine", "tanh_decay"),
        *("rex", "root_decay", "hyperbolic"),
    ),
    "schedules.knots": ("constant", "step_decay", "multi_step", "piecewise"),
    "schedules.phases": ("one_cycle", "warmup_stable_decay", "wsds"),
    "schedules.tails": (
        *("exponential", "exponential_decay", "inverse_sqrt", "noam"),
        *("inverse_time", "power_law", "log_warmup"),
    ),
    "schedules.warmups": ("warmup_cosine", "warmup_linear", "warmup_polynomial", "warmup_exponential"),
    "dialects.megatron": ("megatron_lr", "megatron_wd"),
}
"""The modules of the kinds, in the order in which kinds are listed. They are imported when one of their kinds is asked
for: `import lrvec` need not wait for kinds that nobody uses. A kind that its module's line does not name is found too,
once all modules are imported."""

HOMES = {name: f"{__package__}.{module}" for module, names in _MODULES.items() for name in names}
"""The module of each of these kinds and of the users' own, by the kind's name."""


KINDS: dict[str, Kind] = {}
"""The kinds whose modules are imported, by their names. The kind of every value is one of them."""


class _Names:
    """The names are those of all kinds. For one that the table of modules lacks, all modules are imported."""

    def __contains__(self, name: object) -> bool:
        return name in HOMES or name in KINDS or name in names()

    def __iter__(self) -> Iterator[str]:
        return iter([*HOMES, *(name for name in names() if name not in HOMES)])

    def __len__(self) -> int:
        return sum(1 for _ in self)


KNOWN = _Names()


_whole: set[str] = set()
"""The names of the kinds that `kind_named` has returned: their modules are imported to the end."""


def kind_named(name: str) -> Kind:
    """Returns a kind by its name, and imports the kind's module if nobody has done so before. Where another thread is
    at that, the import waits: a kind is entered before the functions exist that stand below it."""
    if name not in _whole:
        if name not in KINDS or not KINDS[name].is_own:
            if name in HOMES:
                __import__(HOMES[name])
            else:
                names()
        if name in KINDS:
            _whole.add(name)
    return KINDS[name]


def factory_named(name: str, module: str) -> Callable[..., Any]:
    """Returns the factory of a kind, for a module that was asked for the name."""
    if not name.startswith("_"):
        try:
            kind = kind_named(name)
        except KeyError:
            pass
        else:
            if not kind.is_own:
                return kind.factory
    raise AttributeError(f"module {module!r} has no attribute {name!r}")


def names(package: str = "") -> list[str]:
    """Imports the modules of all kinds. Returns the names of the kinds, or of those in a package, in their order."""
    modules = [f"{__package__}.{module}" for module in _MODULES]
    for module in modules:
        __import__(module)
    homes = [(name, kind.function.__module__) for name, kind in _entered()]
    return [name for module in modules if module.startswith(package) for name, home in homes if home == module]


def _entered() -> Iterable[tuple[str, Kind]]:
    """Returns the names and the kinds of this moment: another thread may enter one while the first ones are read."""
    return KINDS.copy().items()


def kinds() -> Mapping[str, Kind]:
    """List every kind by its name, with its factory, its command, and its parameters and their roles.

    Returns
    -------
    Read-only mapping from names to kinds. A kind has `name`, `factory`, `command` and `parameters`, a dict from names
    to what is declared: `role`, `range`, `unit`, `choices`, `is_optional`, `about`.

    >>> import lrvec
    >>> lrvec.kinds()["cosine"].parameters["total_steps"].role, lrvec.kinds()["cosine"].parameters["total_steps"].unit
    (count, 'steps')
    """
    from types import MappingProxyType

    own = [name for name, kind in _entered() if kind.is_own]
    return MappingProxyType({name: KINDS[name] for name in [*names(), *own]})


def kind_of(factory: Any) -> Kind | None:
    """Returns the kind that a factory belongs to, or None. A factory may be wrapped, or be a `functools.partial`."""
    while factory is not None:
        found = KINDS.get(getattr(factory, "__name__", ""))
        if found is not None and found.factory is factory:
            return found
        factory = getattr(factory, "__wrapped__", None) or getattr(factory, "func", None)
    return None
