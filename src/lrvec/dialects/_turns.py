"""Schedules that run in turn stand in several libraries, as lists of schedules and of the steps where these begin."""

from __future__ import annotations

from itertools import pairwise

from .. import _checks
from .._registry import SCHEDULES, Role, other
from ..schedules import join, warmup

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from .._registry import Parameter
    from .._values import Schedule

_BEGINNINGS = Role("beginnings", "steps", None, "sequence of ints, in steps", is_number=False)


def schedules() -> Parameter:
    """Declares schedules that run in turn."""
    return other(SCHEDULES, "the schedules in their order, at least one", _checks.listed)


def beginnings(library: str) -> Parameter:
    """Declares the steps where all but the first of some schedules begin, as `library` takes them."""

    def check(name: str, value: Any) -> list[int]:
        steps = _checks.counts(name, value, 0)
        for before, after in pairwise(steps):
            if before > after:
                why = f"{library} would leave a schedule out"
                _checks.refuse_foreign(name, "be in ascending order", steps, why)
        return steps

    return other(_BEGINNINGS, "the steps at which all but the first one begin, in ascending order", check)


def checked_periods(name: str, value: Any) -> list[int]:
    """Checks the steps of periods, at least one."""
    found = _checks.counts(name, value)
    if not found:
        raise ValueError(f"{name} must hold at least one period, received none")
    return found


def warmed(schedule: Schedule, steps: int, start_lr: float = 0.0) -> Schedule:
    """Puts a linear warmup in front of a schedule, or nothing if it has no steps."""
    return warmup(schedule, steps=steps, start_lr=start_lr) if steps else schedule


def in_turn(name: str, schedules: Sequence[Callable[[int], float]], begin_name: str, begin: Sequence[int]) -> Schedule:
    """Runs schedules in turn, each on a clock of its own. The two names are those of the user's parameters."""
    _checks.one_less(begin_name, begin, name, schedules)
    durations = [after - before for before, after in pairwise([0, *begin])]
    return join([*zip(durations, schedules, strict=False), schedules[-1]])
