"""These functions check cycles that follow each other: their number, the length of each and its height."""

from __future__ import annotations

import math

from .._frameworks import is_traced
from .numbers import LAST_STEP, listed, shown
from .parameters import length

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MOST_SEGMENTS = 100_000
"""A schedule has so many segments at most: more would take too much memory before anybody sees a value."""

_OCTAVES = 1024.0
"""Doubles end at two to this power."""


def few_segments(name: str, count: int) -> None:
    """Checks that a schedule does not unroll to too many segments."""
    if count > MOST_SEGMENTS:
        raise ValueError(f"{name} must have at most {MOST_SEGMENTS} segments, received {count}")


def cycles(
    name: str, length: Any, t_mult: Any, peak_factor: Any, count: Any, floor_name: str, floor: Any
) -> None:
    """Checks cycles whose lengths and heights grow or shrink by factors. The first one has the length that the
    parameter `name` says, and heights are counted from what `floor_name` says. A count of None stands for no end."""
    numbers = (length, t_mult, peak_factor, count, floor)
    if any(map(is_traced, numbers)):
        return
    if not any(hasattr(number, "shape") for number in numbers):
        _cycles((name, floor_name), "", *numbers)
        return
    from . import columns

    holds = _are_few(t_mult) & _stay_finite(peak_factor)
    columns.row_by_row(lambda at, *row: _cycles((name, floor_name), at, *row), holds, *numbers)


def _are_few(t_mult: Any) -> Any:
    """Tells of which cycles it is plain that there are not too many, none of them too short: those of one length, and
    those that grow by a thousandth at least, of which there are 30,000 up to the last step."""
    return (t_mult == 1) | ((t_mult >= 1.001) & (t_mult <= LAST_STEP))


def _stay_finite(peak_factor: Any) -> Any:
    """Tells of which factors it is plain that all heights are finite."""
    return (peak_factor >= 0.0) & (peak_factor <= 1.0)


def _cycles(
    names: tuple[str, str],
    at: str,
    length: float,
    t_mult: float,
    peak_factor: float,
    count: int | None,
    floor: float,
) -> None:
    name, floor_name = names
    if t_mult > LAST_STEP:
        raise ValueError(f"t_mult{at} must be at most 2**53 = {LAST_STEP}, received {shown(t_mult)}")
    if count is None and t_mult < 1:
        raise ValueError(f"count must be given where t_mult{at} is below 1, received t_mult={shown(t_mult)}")
    if count is None and t_mult == 1 and abs(peak_factor) > 1.0:
        said = f"received t_mult=1 and peak_factor={shown(peak_factor)}"
        raise ValueError(f"count must be given where peak_factor{at} grows for ever, {said}")
    number = _number(length, t_mult, count)
    if t_mult < 1 and length * t_mult ** (number - 1) < 1.0:
        said = f"received {shown(t_mult)} for {number} cycles from {name}={shown(length)} on"
        raise ValueError(f"t_mult{at} must keep every cycle at least 1 step long, {said}")
    _heights(at, peak_factor, number, floor_name, floor)
    if t_mult != 1:
        few_segments("cycles", number)


def _number(length: float, t_mult: float, count: int | None) -> int:
    """Returns how many cycles start at a step; of an endless number that keep their length, 1."""
    if t_mult <= 1:
        return 1 if count is None else count
    served = math.ceil(math.log1p(LAST_STEP * (t_mult - 1) / length) / math.log(t_mult)) + 1
    return served if count is None else min(count, served)


def _heights(at: str, peak_factor: float, number: int, floor_name: str, floor: float) -> None:
    """Checks that the powers of the factor are finite, and the floor times such a power or times 1 less it."""
    octaves = (number - 1) * math.log2(abs(peak_factor)) if abs(peak_factor) > 1.0 else 0.0
    if octaves >= _OCTAVES:
        said = f"received {shown(peak_factor)} for {number} cycles"
        raise ValueError(f"peak_factor{at} must keep the height of every cycle finite, {said}")
    if _stay_finite(peak_factor):
        return
    largest = 2.0**octaves if octaves else abs(peak_factor)
    if math.isinf(floor * (largest if peak_factor > 0.0 else largest + 1.0)):
        said = f"received {shown(peak_factor)} above {floor_name}={shown(floor)}"
        raise ValueError(f"peak_factor{at} must keep the height of every cycle finite, {said}")


def lengths(name: str, value: Any) -> tuple[Any, ...]:
    """Checks the lengths of cycles: at least one, each at least 1 step, which may be an array."""
    items = listed(name, value)
    if not items:
        raise ValueError(f"{name} must hold at least one length, received none")
    few_segments("cycles", len(items))
    return tuple([length(f"{name}[{index}]", item) for index, item in enumerate(items)])


def of_lengths(lengths: Any, t_mult: Any, peak_factor: Any, count: Any, floor: Any) -> None:
    """Checks that what given lengths say is not said twice."""
    if count is not None:
        raise TypeError(f"count must not be given with lengths, received count={shown(count)}")
    if is_traced(t_mult) or (t_mult != 1 if not hasattr(t_mult, "shape") else (t_mult != 1).any()):
        raise TypeError(f"t_mult must not be given with lengths, received t_mult={shown(t_mult)}")
    if is_traced(peak_factor) or is_traced(floor):
        return
    if not hasattr(peak_factor, "shape") and not hasattr(floor, "shape"):
        _heights("", peak_factor, len(lengths), "floor", floor)
        return
    from . import columns

    def check(at: str, factor: float, low: float) -> None:
        _heights(at, factor, len(lengths), "floor", low)

    columns.row_by_row(check, _stay_finite(peak_factor), peak_factor, floor)
