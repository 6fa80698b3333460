"""The command of a kind prints, draws, sums up or saves the values of one schedule, block by block."""

from __future__ import annotations

from time import perf_counter

from .. import _checks
from .._draw import bars, sampled
from .._engine import engine, simd
from .._evaluate import sizes
from ..queries import summarize
from . import picture
from .output import checked_output, naming, npy_header, save

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator
    from typing import Any, TypeAlias

    from numpy.typing import NDArray

    from .. import Schedule, Summary

    Block: TypeAlias = tuple[range, NDArray[Any]]
    """A block is steps and their values. The values of all blocks lie in the same memory."""

COLUMNS = 64
"""The sparkline of a summary has so many characters."""


def add_output(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("output")
    group.add_argument("--steps", type=int, required=True, help="number of steps to sample")
    style = group.add_mutually_exclusive_group()
    style.add_argument("--sparkline", action="store_true", help="print a sparkline, not values")
    style.add_argument("--summary", action="store_true", help="print ends, extremes, mean and speed, not values")
    picture.add_flags(group, style)
    group.add_argument("--out", metavar="FILE", help=f"save the values, do not print them: {' or '.join(FORMATS)}")
    group.add_argument("--force", action="store_true", help="let --out or --plot replace a file")


def produce(arguments: argparse.Namespace, schedule: Schedule) -> None:
    """Saves and prints the values of a schedule as the flags ask for."""
    with naming({"steps": "--steps"}):
        count = _checks.positive_count("steps", arguments.steps)
    picture.check(arguments)
    if arguments.out is not None:
        suffix = checked_output(arguments.out, tuple(FORMATS), arguments.force)
        save(arguments.out, FORMATS[suffix](schedule, count), arguments.force)
    if arguments.summary:
        print(_summary(schedule, count))
    elif arguments.plot is not None:
        picture.produce(arguments, schedule)
    elif arguments.sparkline:
        _print_sparkline(schedule, count)
    elif arguments.out is None:
        _print_lines(schedule, count)


def _blocks(schedule: Schedule, count: int) -> Iterator[Block]:
    """Yields the steps 0, 1, ... count - 1 in ranges of at most sizes.BLOCK, each with its values."""
    import numpy

    room = numpy.empty(min(count, sizes.BLOCK))
    for start in range(0, count, sizes.BLOCK):
        steps = range(start, min(start + sizes.BLOCK, count))
        yield steps, schedule(steps, out=room[: len(steps)])


def _print_lines(schedule: Schedule, count: int) -> None:
    for steps, values in _blocks(schedule, count):
        lines = [f"{step}\t{value:.8g}\n" for step, value in zip(steps, values.tolist(), strict=True)]
        print("".join(lines), end="")


def _timed_summary(schedule: Schedule, count: int) -> tuple[Summary, float]:
    """Returns the summary, and the seconds that it took. A first summary of one step prepares everything."""
    summarize(schedule, range(1))
    began = perf_counter()
    summary = summarize(schedule, range(count))
    return summary, perf_counter() - began


def _summary(schedule: Schedule, count: int) -> str:
    found, seconds = _timed_summary(schedule, count)
    rows = {
        "schedule": f"{schedule!r}",
        "steps": f"{count}",
        "first": f"{found.first:.8g}",
        "last": f"{found.last:.8g}",
        "minimum": f"{found.min:.8g} at step {found.min_step}",
        "maximum": f"{found.max:.8g} at step {found.max_step}",
        "mean": f"{found.mean:.8g}",
        "speed": f"{count / max(seconds, 1e-9):.3g} steps per second",
        "engine": f"{engine}, {simd}",
        "sparkline": bars(schedule(sampled(count, COLUMNS)), found.min, found.max),
    }
    return "\n".join(f"{name:<11}{text}" for name, text in rows.items())


def _print_sparkline(schedule: Schedule, count: int) -> None:
    found = summarize(schedule, range(count))
    for _, values in _blocks(schedule, count):
        print(bars(values, found.min, found.max), end="")
    print()


def _npy(schedule: Schedule, count: int) -> Iterator[bytes]:
    yield npy_header((count,))
    for _, values in _blocks(schedule, count):
        yield values.tobytes()


def _csv(schedule: Schedule, count: int) -> Iterator[bytes]:
    yield b"step,lr\n"
    for steps, values in _blocks(schedule, count):
        lines = [f"{step},{value!r}\n" for step, value in zip(steps, values.tolist(), strict=True)]
        yield "".join(lines).encode("ascii")


FORMATS = {".npy": _npy, ".csv": _csv}
"""A file with one of these suffixes gets its content, part by part, from the function beside it."""
