"""A case is a kind with typical parameters, which its record for the tests gives. All benchmarks have a row for
each."""

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
        """Returns the schedules whose values the kernels compute: several for a stack."""
        if self.kind == "stack":
            return list(self.parameters["schedules"])
        return [self.parameters["schedule"] if self.factors else self.schedule]

    @property
    def factors(self) -> list[float]:
        """Returns the multipliers of a group schedule; an empty list for other kinds."""
        return list(self.parameters.get("multipliers", {}).values())

    @property
    def rows(self) -> int:
        """Returns how many values there are at a step: one for each group or each schedule of a stack."""
        return max(len(self.factors), len(self.parts))

    def empty(self, steps: int) -> Any:
        """Returns an array for the values at `steps` steps, with a row for each value of a step."""
        return numpy.zeros((self.rows, steps) if self.rows > 1 else steps)

    def fill(self, steps: Any, out: Any) -> Any:
        return self.schedule.matrix(steps, out) if self.factors else self.schedule(steps, out=out)


def cases(steps: int) -> list[Case]:
    """Returns all kinds with parameters that suit a run of `steps` steps."""
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
    """Returns the kind's name, and the parameters that differ from those of its other cases."""
    differing = [name for name in parameters if any(parameters[name] != other.get(name) for other in siblings)]
    return ", ".join([kind, *(f"{name} {parameters[name]}" for name in differing)])
