"""Drawings of numbers. Nothing is imported: arrays bring what is done with them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray

BARS = " .:-=+*#%@"
"""What sparklines are drawn with, from the lowest number to the highest."""

CHARACTERS = bytes.maketrans(bytes(range(len(BARS))), BARS.encode("ascii"))
"""Makes the character of a bar from its height."""

LARGEST = 2.0**1022
"""Numbers beyond this are drawn as if they were this, so that the difference of two is finite."""


def sampled(count: int, columns: int) -> list[int]:
    """So many of the steps 0, 1, ... count - 1, from the first to the last."""
    return [(count - 1) * column // (columns - 1) for column in range(columns)]


def bars(values: NDArray[Any], lowest: Any, highest: Any) -> str:
    """One character for each value: its height between the extremes, which are floats, or arrays of one a row."""
    low, high = _drawable(lowest), _drawable(highest)
    heights = (_drawable(values) - low) / (high - low + (high == low)) * (len(BARS) - 1)
    return heights.astype("u1").tobytes().translate(CHARACTERS).decode("ascii")  # type: ignore[no-any-return]


def _drawable(number: Any) -> Any:
    return number.clip(-LARGEST, LARGEST) if hasattr(number, "clip") else max(-LARGEST, min(LARGEST, number))
