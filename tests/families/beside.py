"""The tests of all libraries share this: what a library's module says, calls that both sides can make, random numbers.

A library that is heavy has a table in `tables/`, which `tables.py` writes where the library is installed. It holds calls
with the rates that the library gave, and the parameters of the originals. Where the library is not installed, the tests
compare with its table.
"""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import json
import os
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

import pytest


@dataclass(frozen=True)
class Call:
    """A call of a schedule by its own name. Other calls may stand within its arguments."""

    name: str
    given: dict[str, Any]

    def made(self, make: Callable[[str, dict[str, Any]], Any]) -> Any:
        """What `make` makes of the name and the arguments, the inner calls first."""

        def resolved(value: Any) -> Any:
            if isinstance(value, Call):
                return value.made(make)
            return [resolved(one) for one in value] if isinstance(value, list) else value

        return make(self.name, {name: resolved(value) for name, value in self.given.items()})

    @classmethod
    def read(cls, data: Any) -> Any:
        """What JSON made of a call, as a call again."""
        if isinstance(data, dict) and data.keys() == {"name", "given"}:
            return cls(data["name"], {name: cls.read(value) for name, value in data["given"].items()})
        return [cls.read(one) for one in data] if isinstance(data, list) else data


def call(name: str, /, **given: Any) -> Call:
    return Call(name, given)


class Draw(random.Random):
    """Random numbers as schedules take them: ordinary ones, and those at the ends of their ranges."""

    def rate(self, low: float = 1e-3, high: float = 1.0) -> float:
        """A positive rate, up to three orders of magnitude below another one."""
        return self.choice([high, low, low * (high / low) ** self.random()])

    def flag(self) -> bool:
        return self.random() < 0.5

    def count(self, low: int = 1, high: int = 30) -> int:
        return self.choice([low, self.randint(low, high)])

    def maybe(self, **given: Any) -> dict[str, Any]:
        """Each of some arguments that have a default, or not."""
        return {name: value for name, value in given.items() if self.random() < 0.6}


@dataclass(frozen=True)
class Library:
    """What the tests know of a library.

    `draws` has for each schedule a function that draws a call. `rates` runs the library itself: it gives the rates of
    a call from step 0 on. Ours may differ by `tolerance` of the largest of these.
    """

    draws: dict[str, Callable[[Draw], Call]]
    rates: Callable[[Call, int], Sequence[float]]
    tolerance: float = 1e-12
    calls: int = 40
    steps: int = 120
    without: tuple[str, ...] = ()
    """The originals' parameters that a schedule has no use for, such as the optimizer."""
    departs: Callable[[Call], set[int]] = lambda call: set()
    """The steps at which the library's rounding leaves its own rule."""
    prepare: Callable[[], object] = lambda: None
    """Imports those modules of the library that have its schedules, where the library does not do so by itself."""
    package: str = ""
    """The package that the library is imported as, if its name is another one."""


def import_without_init(package: str) -> None:
    """Lets modules of a package be imported, without what the package itself imports: other packages, all its models."""
    if package not in sys.modules:
        spec = importlib.util.find_spec(package)
        if spec is None:
            raise ModuleNotFoundError(f"{package} is not installed", name=package)
        sys.modules[package] = importlib.util.module_from_spec(spec)
        parent, _, name = package.rpartition(".")
        if parent:
            setattr(sys.modules[parent], name, sys.modules[package])


def stand_in(module: str, **attributes: Any) -> None:
    """Puts a module with a few attributes in the place of one that would import the rest of a library."""
    if module not in sys.modules:
        sys.modules[module] = ModuleType(module)
        vars(sys.modules[module]).update(attributes)


def parameters(original: Any, without: Sequence[str]) -> list[tuple[str, Any]]:
    """The parameters of a library's schedule by name, each with its default or "required".

    A dataclass shows "<factory>" for a list that is empty without the user's own, which nobody can use, and omegaconf has
    "???" for what is needed.
    """
    taken = [one for one in inspect.signature(original).parameters.values() if one.name not in without]
    needed = [one.default in (one.empty, "???") or repr(one.default) == "<factory>" for one in taken]
    return [(one.name, "required" if no else one.default) for one, no in zip(taken, needed, strict=True)]


def stepped(optimizer: Any, scheduler: Any, steps: int, quantity: str = "lr") -> list[float]:
    """The rates, or another quantity of the first group, that a scheduler of torch's kind gives before each of some steps: one of
    the optimizer, and then one of the scheduler."""
    found = []
    for _ in range(steps):
        found.append(float(optimizer.param_groups[0][quantity]))
        optimizer.step()
        scheduler.step()
    return found


def leave_out(package: str) -> NoReturn:
    """Skips a test for want of a package. Where all of them are to be there, with LRVEC_ALL_LIBRARIES, it fails."""
    if "LRVEC_ALL_LIBRARIES" in os.environ:
        pytest.fail(f"{package} is not installed")
    pytest.skip(f"{package} is not installed")


class Peer:
    """A library as the tests see it: installed, or its table. It is None where there is neither."""

    def __init__(self, name: str) -> None:
        self.name, self.path = name, Path(__file__).parent / "tables" / f"{name}.json"
        try:
            self.library: Library = importlib.import_module(f"peer_{name}").LIBRARY
            self.package = self.library.package or name
            self.is_installed = self.package in sys.modules or importlib.util.find_spec(self.package) is not None
        except ModuleNotFoundError:
            self.is_installed = False

    @property
    def is_there(self) -> bool:
        return self.is_installed or self.path.exists()

    def calls(self, schedule: str) -> Iterator[tuple[Call, Sequence[float]]]:
        """Yields random calls of a schedule with the rates that the library gives."""
        if not self.is_installed:
            for data, rates in self.table["calls"][schedule]:
                yield Call.read(data), rates
            return
        draw = Draw(f"{self.name} {schedule}")
        for _ in range(self.library.calls):
            call = self.library.draws[schedule](draw)
            yield call, self.library.rates(call, self.library.steps)

    def parameters(self, schedule: str, original: str) -> list[tuple[str, Any]]:
        """The parameters of the original, by its path in the library."""
        if not self.is_installed:
            taken = self.table["parameters"][schedule]
            return [(own, tuple(default) if isinstance(default, list) else default) for own, default in taken]
        self.library.prepare()
        found: Any = importlib.import_module(self.package)
        for part in original.split("."):
            found = getattr(found, part)
        return parameters(found, self.library.without)

    @property
    def table(self) -> Any:
        return json.loads(self.path.read_text())
