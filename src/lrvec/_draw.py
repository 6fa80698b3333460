"""These functions draw numbers as characters. They import nothing: the arrays bring their own methods."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray

BARS = " .:-=+*#%@"
"""Sparklines are drawn with these characters, from the lowest number to the highest."""

CHARACTERS = bytes.maketrans(bytes(range(len(BARS))), BARS.encode("ascii"))
"""This table gives the character of a bar for its height."""

LARGEST = 2.0**1022
"""A number beyond this is drawn as this number, so that the difference of two numbers is finite."""


def sampled(count: int, columns: int) -> list[int]:
    """Returns `columns` of the steps 0, 1, ... count - 1, spread evenly from the first to the last."""
    return [(count - 1) * column // (columns - 1) for column in range(columns)]


def bars(values: NDArray[Any], lowest: Any, highest: Any) -> str:
    """Draws one character for each value, by its height between the extremes. For the rows of a matrix, the extremes
    are columns with one number a row."""
    low, high = _drawable(lowest), _drawable(highest)
    heights = (_drawable(values) - low) / (high - low + (high == low)) * (len(BARS) - 1)
    return heights.astype("u1").tobytes().translate(CHARACTERS).decode("ascii")  # type: ignore[no-any-return]


def _drawable(number: Any) -> Any:
    return number.clip(-LARGEST, LARGEST) if hasattr(number, "clip") else max(-LARGEST, min(LARGEST, number))
