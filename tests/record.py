"""A record holds what the tests must know of a kind and its declared parameters do not say.

Everything else follows from what the registry declares: random parameters, what must be refused, what may be an array or
traced, by which parameters a rate has a derivative. The records stand in the modules of `kinds`, which finds them by itself.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from types import FunctionType
from typing import Any

from oracle import LAST_STEP, Exact, mp

import lrvec
from lrvec._registry import Parameter, Range

KINDS = lrvec.kinds()

RECORDS: dict[str, type[Record]] = {}
"""Every record by the name of its kind."""


@dataclass(frozen=True)
class Case:
    """A kind and the parameters of one call; where a schedule belongs, another case."""

    kind: str
    params: dict[str, Any]

    def make(self) -> Any:
        return KINDS[self.kind].make({name: made(value) for name, value in self.params.items()})

    def __str__(self) -> str:
        return f"{self.kind}({', '.join(f'{name}={_shown(value)}' for name, value in self.params.items())})"


def case(kind: str, **params: Any) -> Case:
    return Case(kind, params)


def made(value: Any) -> Any:
    """A parameter of a case as the factory takes it."""
    if isinstance(value, Case):
        return value.make()
    return tuple(made(item) for item in value) if isinstance(value, tuple) else value


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        shown = [_shown(item) for item in value[:6]] + (["..."] if len(value) > 6 else [])
        return f"({', '.join(shown)})"
    return str(value) if isinstance(value, Case) else repr(value)


Params = dict[str, Any]
Bad = tuple[type[Exception], str, Params]


class Record:
    """What every record may say. The functions take the parameters of a case by name, and no `self`: each subclass
    makes static methods of its own."""

    kind: str

    cases: list[Case] = []
    """The kind's rows of the table: two of each form, at least, and several values of each parameter."""

    witnesses: list[tuple[Case, int]] = []
    """The hardest values that were met, in a search of two billion of them in extended precision."""

    exact: Callable[..., Exact] | None = None
    """The exact value at step t; None for a kind whose values are those of several schedules."""

    goes: tuple[str, str] | None = None
    """The names of the rate at step 0 and of the one that is held, for a kind that goes from one to the other."""

    forms: list[Params] | None = None
    """The ways to call the kind: its choices and flags made, and None for what is left out. By default all that there are."""

    likely: dict[str, tuple[Any, ...]] = {}
    """Values that random numbers would seldom meet."""

    smooth: list[Case] | None = None
    """The cases whose derivatives are looked at. By default those of the typical parameters of 50 steps."""

    grids: list[Params] = []
    """Axes of grids, beside those that are made of each form."""

    @staticmethod
    def marks(**params: Any) -> Iterable[int]:
        """The steps where something begins or ends."""
        return (0,)

    @staticmethod
    def ends(**params: Any) -> Iterable[int]:
        """The marks where a rate that was given is met exactly, and must be in the result too."""
        return (0,)

    @staticmethod
    def held_from(**params: Any) -> int | None:
        """The step from which on the value stays the same, if there is one."""
        return None

    bounds: Callable[..., Iterable[float]] | None = None
    """The rates between which all values are, of the schedule's own parameters. By default those that it goes between."""

    phases: Callable[..., Iterable[tuple[int, int, float, float]]] | None = None
    """The phases in which the schedule goes one way only, of its own parameters: first and last step, and the rates
    there. By default the one in which it goes from rate to rate."""

    @staticmethod
    def mend(params: Params) -> None:
        """Changes random numbers, which may be columns of a table too, to what the kind's rules allow."""

    value: Callable[..., Any] | None = None
    """The value at steps t in long doubles, of columns of numbers: a `longs.Value`."""

    @staticmethod
    def clocks(**columns: Any) -> list[tuple[Any, Any]]:
        """The begin and the length of phases, of columns of numbers."""
        return [(0.0, 100.0)]

    @staticmethod
    def typical(steps: int) -> Iterable[Params]:
        """Parameters that suit a run of so many steps, which the benchmarks take too."""
        raise NotImplementedError

    @staticmethod
    def refusals() -> Iterator[Bad]:
        """What is refused beside what breaks the rule of a single parameter: the exception, its message, and the
        parameters in place of those of the first case."""
        return iter(())

    def __init_subclass__(cls, kind: str | None = None) -> None:
        for name, value in list(vars(cls).items()):
            if isinstance(value, FunctionType) and not name.startswith("_"):
                setattr(cls, name, staticmethod(value))
        if kind is None:
            return
        cls.kind = kind
        if cls.goes:
            first, last = cls.goes
            if cls.bounds is None:
                cls.bounds = staticmethod(lambda **params: (params[first], params[last]))
            if cls.phases is None:
                cls.phases = staticmethod(lambda **p: [(0, cls.held_from(**p), p[first], p[last])])
        RECORDS[kind] = cls


# ---- of a case ----


def real(t: int | Fraction) -> Any:
    """A step, or a fraction between two, as a number of mpmath."""
    return mp.mpf(t.numerator) / t.denominator


def exact(case: Case, t: int | Fraction) -> Exact:
    """The exact value at step t, or between two steps."""
    if isinstance(t, Fraction):
        if t.denominator == 1:
            t = int(t)
        elif not KINDS[case.kind].is_composition:
            t = real(t)
    found: Exact = RECORDS[case.kind].exact(t, **case.params)
    return found


def marks_of(case: Case) -> list[int]:
    return sorted({mark for mark in RECORDS[case.kind].marks(**case.params) if 0 <= mark <= LAST_STEP})


def ends_of(case: Case) -> list[int]:
    return sorted({end for end in RECORDS[case.kind].ends(**case.params) if 0 <= end <= LAST_STEP})


def held_from(case: Case) -> int | None:
    return RECORDS[case.kind].held_from(**case.params)


# ---- of a kind ----


def words_of(parameter: Parameter) -> tuple[Any, ...]:
    """What a parameter may be, if it is a choice or a flag."""
    return (True, False) if parameter.role.name == "flag" else parameter.choices


def forms_of(kind: str) -> list[Params]:
    """The ways to call it: for each choice and flag what is chosen, and None for a parameter that is left out."""
    record = RECORDS[kind]
    if record.forms is not None:
        return record.forms
    ways = [
        [*({name: word} for word in words_of(one)), *([{}] if not words_of(one) else []), *([{name: None}] * one.may_be_none)]
        for name, one in KINDS[kind].parameters.items()
    ]
    return [{name: value for part in parts for name, value in part.items()} for parts in itertools.product(*ways)]


def range_of(parameter: Parameter, form: Params) -> Range | None:
    """The parameter's range in a form."""
    unless = parameter.unless
    return unless.range if unless and unless.name in form and unless.holds(form) else parameter.range


def in_form(kind: str, form: Params, number: Callable[[Parameter, Range | None], Any]) -> Params:
    """Parameters of a form whose numbers are given by a function of what is declared and of the range."""
    declared = KINDS[kind].parameters.items()
    params = {name: form[name] if name in form else number(one, range_of(one, form)) for name, one in declared}
    return mended(kind, {name: value for name, value in params.items() if value is not None})


def mended(kind: str, params: Params) -> Params:
    """Parameters that obey the kind's rules, as like to these as its record makes them."""
    params = dict(params)
    RECORDS[kind].mend(params)
    return {name: value.item() if hasattr(value, "item") else value for name, value in params.items()}


# ---- what many records share ----

RATES = [
    (0.1, 0.0),
    (8e-5, 8e-7),
    (0.1, 0.1),
    (1e-6, 0.1),
    (0.0, 3e-4),
    (0.0, 0.0),
    (1.0, 1.0 - 2.0**-53),
    (1e-300, 0.0),
    (1e-300, 3e-310),
    (0.0, 5e-324),
    (-0.1, -0.001),
    (-0.3, 0.1),
    (1e308, 1e-308),
    (1.7e308, -1.7e308),
]
LENGTHS = [1, 2, 3, 4, 7, 1000, 1_200_000, 2**26 + 1, 2**27 + 1, 3_000_000_000, 2**52 + 1, 2**53 - 1, 2**53]
FACTORS = (0.5, 0.999, 0.9999999, 1.0, -1.0, -0.97, 0.0, 1.001, -1.5, 2.0, 1e-3, 1e-200, 1e200, 1.0 - 2.0**-53, 5e-324)
GROWING = [(0.1, factor) for factor in FACTORS] + [
    (1e-300, 2.0),
    (1e-300, 0.9),
    (1e300, 0.5),
    (1e300, 1.1),
    (-0.1, 0.9),
    (-1e-3, -0.9),
    (0.0, 0.5),
    (0.0, 2.0),
    (5e-324, 3.0),
]
SOME = [0.1, -0.2, 0.0]


def spans(kind: str, first: str, last: str, length: str, rest: Iterable[Params] = ({},)) -> list[Case]:
    """Every pair of rates, every length and every one of the rest at least once, each with some of the others."""
    rest = list(rest)
    count = max(2 * len(LENGTHS), len(rest))
    return [
        case(
            kind,
            **{first: RATES[i % len(RATES)][0], last: RATES[i % len(RATES)][1]},
            **{length: LENGTHS[(i + i // len(RATES)) % len(LENGTHS)]},
            **rest[i % len(rest)],
        )
        for i in range(count)
    ]


def vanishing(first: float, factor: float, width: int = 1) -> Iterator[int]:
    """Where first factor^(t / width) leaves the normal doubles, and where it leaves all doubles."""
    if first and factor and abs(factor) != 1.0:
        for exponent in (-1022, -1075, 1024):
            t = (exponent - math.log2(abs(first))) / math.log2(abs(factor)) * width
            if 0 <= t < LAST_STEP:
                yield int(t)


def period_of(steps: int) -> int:
    """The length of a typical warmup or cycle in a run."""
    return max(10, min(10_000, steps // 10))
