"""The texts of flags are read by these functions. argparse prints what they raise, with the flag in front."""

from __future__ import annotations

from argparse import ArgumentTypeError
from decimal import Decimal, InvalidOperation

from .. import _checks
from .._checks import queries as checked
from .output import RefusedError, naming

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

MOST_DIGITS = 40
"""A whole number has so many digits at most: enough for one that is refused as too large for a step."""


def whole(text: str) -> int:
    """Reads a whole number, also one such as 1e6 or 1_000_000."""
    try:
        number = Decimal(text)
        if number.is_finite() and number.adjusted() < MOST_DIGITS and number == int(number):
            return int(number)
    except InvalidOperation:
        pass
    raise ArgumentTypeError(f"must be a whole number, such as 1000 or 1e3, received {_checks.shown(text)}")


def wholes(text: str) -> list[int]:
    """Reads whole numbers with commas between them, or none."""
    try:
        return [whole(part) for part in text.split(",")] if text else []
    except ArgumentTypeError:
        raise ArgumentTypeError(f"must be integers with commas between them, received {text!r}") from None


def places(text: str) -> list[int]:
    """Reads at least one step, with commas between several."""
    found = wholes(text)
    if not found:
        raise ArgumentTypeError("must be steps with commas between them, received none")
    return found


def span(text: str) -> int | tuple[int, int]:
    """Reads a number of steps, or START:STOP."""
    start, colon, stop = text.partition(":")
    return (whole(start), whole(stop)) if colon else whole(text)


def add_steps(group: argparse._ArgumentGroup, verb: str, *, required: bool) -> None:
    about = f"number of steps to {verb}, or the first one and the one behind the last"
    group.add_argument("--steps", type=span, metavar="N|START:STOP", required=required, help=about)


def steps_of(arguments: argparse.Namespace) -> range:
    """Returns the steps that --steps asks for."""
    given = arguments.steps
    if given is None:
        raise RefusedError("--steps must be given, received none")
    if isinstance(given, int):
        with naming({}):
            return range(_checks.positive_count("--steps", given))
    with naming({"start": "START of --steps", "stop": "STOP"}):
        return range(*checked.steps_between(*given))
