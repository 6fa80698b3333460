"""These tests compare expressions of lrvec with the closed forms of schedules that have no function in `lrvec.dialects`."""

from __future__ import annotations

import importlib.util
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from beside import leave_out
from formulas import Row, programs

import lrvec

ROWS = [
    pytest.param(module, row, id=f"{module.PROGRAM}-{row.schedule}") for module in programs() for row in module.ROWS
]


def rates(made: Any, steps: int) -> Any:
    return made.matrix(range(steps)).T if isinstance(made, lrvec.GroupSchedule) else made(range(steps))


def off(found: Any, wanted: Any) -> float:
    return float(np.max(np.abs(found - wanted)) / np.max(np.abs(wanted)))


@pytest.mark.parametrize(("program", "row"), [one for one in ROWS if one.values[1].native])
def test_an_expression_has_the_rates_of_the_closed_form(program: ModuleType, row: Row) -> None:
    """The numbers bring every boundary, and steps past the end."""
    assert row.rate is not None
    assert row.numbers
    for numbers in row.numbers:
        made = row.made(numbers)
        assert lrvec.from_dict(made.to_dict()) == made
        wanted = np.array([row.rate(step, **numbers) for step in range(row.steps)])
        assert off(rates(made, row.steps), wanted) <= 1e-12, numbers


@pytest.mark.filterwarnings("ignore:`torch.jit")
@pytest.mark.parametrize(("program", "row"), [one for one in ROWS if one.values[1].run])
def test_an_expression_has_the_rates_of_the_program(program: ModuleType, row: Row) -> None:
    if importlib.util.find_spec(program.PACKAGE) is None:
        leave_out(program.PACKAGE)
    assert row.run is not None
    for numbers in row.numbers:
        wanted = np.array(row.run(row.steps, **numbers))
        assert off(rates(row.made(numbers), row.steps), wanted) <= 1e-12, numbers


def test_a_row_stands_once_and_says_why_it_has_no_expression() -> None:
    assert len({one.id for one in ROWS}) == len(ROWS)
    assert all(one.values[1].native or one.values[1].note for one in ROWS)
