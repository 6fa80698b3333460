"""The command of a kind prints, draws, sums up or saves the values of one schedule, block by block."""

from __future__ import annotations

from time import perf_counter

from .._draw import bars, sampled
from .._engine import engine, simd
from .._evaluate import sizes
from ..queries import first_step, integral, summarize
from . import picture
from .files import schedule_in
from .output import RefusedError, checked_output, naming, npy_header, save
from .texts import add_steps, places, steps_of

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


def add_command(subparsers: argparse._SubParsersAction[Any]) -> None:
    sentence = "Print, draw, sum up or save the schedule that a file describes."
    parser = subparsers.add_parser("eval", help=sentence, description=sentence)
    parser.add_argument("file", metavar="FILE.json", help="a schedule's dict, as to_dict gives it; - is standard input")
    add_output(parser)
    parser.set_defaults(produce=lambda arguments: produce(arguments, schedule_in(arguments.file)))


def add_output(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("output")
    add_steps(group, "sample", required=False)
    style = group.add_mutually_exclusive_group()
    style.add_argument("--sparkline", action="store_true", help="print a sparkline, not values")
    style.add_argument("--summary", action="store_true", help="print ends, extremes, mean and time, not values")
    style.add_argument("--sum", action="store_true", help="print the sum of the values, not the values")
    style.add_argument("--at", type=places, metavar="STEP[,STEP]", help="print the values at these steps alone")
    about = "print the first step whose value is below X, of --steps or of all, or none"
    style.add_argument("--first-below", type=float, metavar="X", help=about)
    picture.add_flags(group, style)
    group.add_argument("--out", metavar="FILE", help=f"save the values, do not print them: {' or '.join(FORMATS)}")
    group.add_argument("--force", action="store_true", help="let --out or --plot replace a file")


def produce(arguments: argparse.Namespace, schedule: Schedule) -> None:
    """Saves and prints the values of a schedule as the flags ask for."""
    picture.check(arguments)
    if arguments.out is None and arguments.steps is None:
        if arguments.first_below is not None:
            _print_first_below(schedule, arguments.first_below, 0, None)
            return
        if arguments.at is not None:
            _print_at(schedule, arguments.at)
            return
    steps = steps_of(arguments)
    if arguments.at is not None:
        raise RefusedError("--at must stand without --steps, received both")
    if arguments.out is not None:
        suffix = checked_output(arguments.out, tuple(FORMATS), arguments.force)
        save(arguments.out, FORMATS[suffix](schedule, steps), arguments.force)
    if arguments.summary:
        print(_summary(schedule, steps))
    elif arguments.sum:
        print(repr(integral(schedule, steps.start, steps.stop)))
    elif arguments.first_below is not None:
        _print_first_below(schedule, arguments.first_below, steps.start, steps.stop)
    elif arguments.plot is not None:
        picture.produce(arguments, schedule, steps)
    elif arguments.sparkline:
        _print_sparkline(schedule, steps)
    elif arguments.out is None:
        _print_lines(schedule, steps)


def _blocks(schedule: Schedule, steps: range) -> Iterator[Block]:
    """Yields the steps in ranges of at most sizes.BLOCK, each with its values."""
    import numpy

    room = numpy.empty(min(len(steps), sizes.BLOCK))
    for start in range(0, len(steps), sizes.BLOCK):
        part = steps[start : start + sizes.BLOCK]
        yield part, schedule(part, out=room[: len(part)])


def _line(step: int, value: float) -> str:
    return f"{step}\t{value:.8g}\n"


def _print_lines(schedule: Schedule, steps: range) -> None:
    for part, values in _blocks(schedule, steps):
        print("".join(map(_line, part, values.tolist())), end="")


def _print_at(schedule: Schedule, steps: list[int]) -> None:
    with naming({"step": "--at"}):
        values = schedule(steps).tolist()
    print("".join(map(_line, steps, values)), end="")


def _print_first_below(schedule: Schedule, limit: float, start: int, stop: int | None) -> None:
    with naming({"below": "--first-below"}):
        found = first_step(schedule, below=limit, start=start, stop=stop)
    print("none\n" if found is None else _line(found, schedule(found)), end="")


def _timed_summary(schedule: Schedule, steps: range) -> tuple[Summary, float]:
    """Returns the summary, and the seconds that it took. A first summary of one step prepares everything."""
    summarize(schedule, range(1))
    began = perf_counter()
    summary = summarize(schedule, steps)
    return summary, perf_counter() - began


def _summary(schedule: Schedule, steps: range) -> str:
    found, seconds = _timed_summary(schedule, steps)
    rows = {
        "schedule": f"{schedule!r}",
        "steps": f"{steps.start}:{steps.stop}" if steps.start else f"{steps.stop}",
        "first": f"{found.first:.8g}",
        "last": f"{found.last:.8g}",
        "minimum": f"{found.min:.8g} at step {found.min_step}",
        "maximum": f"{found.max:.8g} at step {found.max_step}",
        "mean": f"{found.mean:.8g}",
        "time": f"{1e3 * seconds:.3g} ms",
        "engine": f"{engine}, {simd}",
        "sparkline": bars(schedule(sampled(steps, COLUMNS)), found.min, found.max),
    }
    return "\n".join(f"{name:<11}{text}" for name, text in rows.items())


def _print_sparkline(schedule: Schedule, steps: range) -> None:
    found = summarize(schedule, steps)
    for _, values in _blocks(schedule, steps):
        print(bars(values, found.min, found.max), end="")
    print()


def _npy(schedule: Schedule, steps: range) -> Iterator[bytes]:
    yield npy_header((len(steps),))
    for _, values in _blocks(schedule, steps):
        yield values.tobytes()


def _csv(schedule: Schedule, steps: range) -> Iterator[bytes]:
    yield b"step,lr\n"
    for part, values in _blocks(schedule, steps):
        lines = [f"{step},{value!r}\n" for step, value in zip(part, values.tolist(), strict=True)]
        yield "".join(lines).encode("ascii")


FORMATS = {".npy": _npy, ".csv": _csv}
"""A file with one of these suffixes gets its content, part by part, from the function beside it."""
