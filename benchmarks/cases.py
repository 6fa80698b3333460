"""Typical parameters of every kind, which its record for the tests gives: the rows of all benchmarks."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy
from kinds import RECORDS
from record import made

from lrvec._registry import KINDS


class Case(NamedTuple):
    label: str
    kind: str
    parameters: dict[str, Any]
    schedule: Any

    @property
    def parts(self) -> list[Any]:
        """The schedules whose values the kernels compute: several for a stack."""
        return list(self.parameters.get("schedules", [self.parameters["schedule"] if self.factors else self.schedule]))

    @property
    def factors(self) -> list[float]:
        """By which a group schedule multiplies these values; empty for others."""
        return list(self.parameters.get("multipliers", {}).values())

    def empty(self, steps: int) -> Any:
        """An array for the values at so many steps, with a row for each group or each schedule of a stack."""
        rows = max(len(self.factors), len(self.parts))
        return numpy.zeros((rows, steps) if rows > 1 else steps)

    def fill(self, steps: Any, out: Any) -> Any:
        return self.schedule.matrix(steps, out) if self.factors else self.schedule(steps, out=out)


def cases(steps: int) -> list[Case]:
    """All kinds with parameters that suit a run of so many steps."""
    table = {
        kind: [{name: made(value) for name, value in params.items()} for params in record.typical(steps)]
        for kind, record in RECORDS.items()
    }
    return [
        Case(label(name, parameters, table[name]), name, parameters, KINDS[name].make(parameters))
        for name in table
        for parameters in table[name]
    ]


def label(kind: str, parameters: dict[str, Any], siblings: list[dict[str, Any]]) -> str:
    """The kind, and in what the parameters differ from those of its other cases."""
    differing = [name for name in parameters if any(parameters[name] != other[name] for other in siblings)]
    return ", ".join([kind, *(f"{name} {parameters[name]}" for name in differing)])
