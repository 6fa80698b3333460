"""Schedules of programs whose schedules have no function in `lrvec.dialects`, as expressions of lrvec beside closed forms.

Each module is about one program: `PROGRAM` is its name, and `ROWS` has its schedules. `docs/families.py` prints them.
"""

from __future__ import annotations

import importlib
import math
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import lrvec

METRIC = "its rate depends on a metric: see `lrvec.reduce_on_plateau`"
FUNCTION = "it takes a function of your own, which is no value of lrvec's"
"""Why some schedules have no expression."""


@dataclass(frozen=True)
class Row:
    """A schedule of a program: its name there, lrvec's expression in the program's own words, and the closed form.

    `rate` takes a step and numbers by their names, and gives the rate, or a rate for each group. `numbers` has several
    sets of these. `run` is the program's own code, where a package has it: it gives the rates of the first steps.
    Without an expression, `note` says why there is none.
    """

    schedule: str
    native: str = ""
    rate: Callable[..., Any] | None = None
    numbers: Sequence[Mapping[str, Any]] = ()
    note: str = ""
    steps: int = 130
    run: Callable[..., Sequence[float]] | None = None

    def made(self, numbers: Mapping[str, Any]) -> Any:
        """What the expression makes with some numbers."""
        ours = {name: getattr(lrvec.schedules, name) for name in lrvec.schedules.__all__}
        return eval(self.native, {"math": math, **ours, **numbers})


def programs() -> list[ModuleType]:
    """The modules of the programs."""
    return [importlib.import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__)]
