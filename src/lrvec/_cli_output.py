"""What the commands share: refusals, sparklines, files."""

from __future__ import annotations

import contextlib
import os
import re

from . import _checks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any

    from numpy.typing import NDArray

BARS = b" .:-=+*#%@"
"""What sparklines are drawn with, from the lowest rate to the highest."""

LARGEST_DRAWN = 2.0**1022
"""Rates beyond this are drawn as if they were this, so that the difference of two is finite."""


class RefusedError(Exception):
    """A message for the user: what a flag must be, and what was received."""


@contextlib.contextmanager
def naming(flags: Mapping[str, str]) -> Iterator[None]:
    """Refusals of parameters become refusals of flags."""

    def named(word: re.Match[str]) -> str:
        return flags.get(word[0]) or flags.get(f"{word[0]}s") or word[0]  # of `milestones` a check names one

    try:
        yield
    except (TypeError, ValueError) as error:
        raise RefusedError(re.sub(r"\w+", named, str(error))) from None


def sampled(count: int, columns: int) -> list[int]:
    """So many of the steps 0, 1, ... count - 1, from the first to the last."""
    return [(count - 1) * column // (columns - 1) for column in range(columns)]


def bars(values: NDArray[Any], lowest: Any, highest: Any) -> str:
    """One character a value: its height between the extremes."""
    import numpy

    low, high, drawn = (numpy.clip(part, -LARGEST_DRAWN, LARGEST_DRAWN) for part in (lowest, highest, values))
    heights = (drawn - low) / numpy.where(high == low, 1.0, high - low) * (len(BARS) - 1)
    characters: bytes = numpy.frombuffer(BARS, numpy.uint8)[heights.astype(numpy.intp)].tobytes()
    return characters.decode("ascii")


def npy_header(shape: tuple[int, ...]) -> bytes:
    import io

    import numpy
    from numpy.lib import format as npy

    header = io.BytesIO()
    description = {"descr": npy.dtype_to_descr(numpy.dtype(float)), "fortran_order": False, "shape": shape}
    npy.write_array_header_1_0(header, description)
    return header.getvalue()


def checked_output(path: str, suffixes: tuple[str, ...], force: bool) -> str:
    """The suffix."""
    with naming({}):
        return _checks.output_file("--out", path, suffixes, force)


def save(path: str, pieces: Iterable[bytes]) -> None:
    try:
        _write_at_once(os.path.realpath(path), pieces)
    except (OSError, ValueError) as error:  # a name may hold what no file's name can
        reason = getattr(error, "strerror", None) or error
        raise RefusedError(f"--out must be a file that can be written, received {path!r}: {reason}") from None


def _write_at_once(path: str, pieces: Iterable[bytes]) -> None:
    """Under another name first, in the same directory: at `path` the whole file appears, or nothing changes."""
    unfinished = os.path.join(os.path.dirname(path), f".lrvec-{os.urandom(8).hex()}.tmp")
    try:
        with open(unfinished, "xb") as file:
            file.writelines(pieces)
        os.replace(unfinished, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(unfinished)
        raise
