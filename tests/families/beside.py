"""The tests of all libraries share this: what a library's module says, calls that both sides can make, random numbers."""

from __future__ import annotations

import importlib.util
import random
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


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


def call(name: str, /, **given: Any) -> Call:
    return Call(name, given)


class Draw(random.Random):
    """Random numbers as schedules take them: ordinary ones, and those at the ends of their ranges."""

    def rate(self, low: float = 1e-3, high: float = 1.0) -> float:
        """A positive rate, up to three orders of magnitude below another one."""
        return self.choice([high, low, low * (high / low) ** self.random()])

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


def import_without_init(package: str) -> None:
    """Lets modules of a package be imported, without what the package itself imports: other packages, all its models."""
    spec = importlib.util.find_spec(package)
    assert spec is not None
    sys.modules[package] = importlib.util.module_from_spec(spec)
