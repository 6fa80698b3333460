"""The command `lrvec sweep` prints a table of all combinations of parameters, and saves their matrix."""

from __future__ import annotations

import argparse
import contextlib
import re
from math import isfinite, prod
from time import perf_counter

from .. import _checks
from .._draw import bars, sampled
from .._evaluate import sizes
from ..queries import blocks, grid, summarize
from ..schedules import stack
from . import picture
from .output import RefusedError, checked_output, naming, npy_header, save
from .texts import add_steps, steps_of, whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

    from numpy.typing import NDArray

    from .._values import Sweep

SUMMARY = ("first", "last", "min", "max", "mean")
"""The table shows these fields of `lrvec.summarize` for each row."""

COLUMNS = 32
"""The sparkline of a row has so many characters."""

MOST_ROWS = 2**20
"""A sweep may have so many rows, since all their summaries are kept at once."""


MOST_VALUES = 2**44
"""A matrix in a file may have so many values, rows times steps."""


def values(read: Callable[[str], Any]) -> Callable[[str], Any]:
    """Makes the function that reads the text of a flag with one value or several. Several values become a tuple."""

    def read_all(text: str) -> Any:
        try:
            if ":" in text:
                return _spread(read, *text.split(":"))
            first, *others = [read(part) for part in text.split(",")]
        except (TypeError, ValueError, OverflowError, argparse.ArgumentTypeError):
            raise argparse.ArgumentTypeError(
                "must be a number, numbers with commas between them, or start:stop:count[:log] with finite ends, "
                f"positive for log, and a count from 2 to {MOST_ROWS}, received {text!r}"
            ) from None
        return (first, *others) if others else first

    return read_all


def _spread(read: Callable[[str], Any], start: str, stop: str, count: str, scale: str | None = None) -> tuple[Any, ...]:
    """Returns the values from start to stop, ends included, at equal distances or, for the scale `log`, at equal
    ratios."""
    import numpy

    low, high, number = read(start), read(stop), whole(count)
    if not (isfinite(low) and isfinite(high) and 2 <= number <= MOST_ROWS):
        raise ValueError
    if scale not in (None, "log") or (scale and min(low, high) <= 0):
        raise ValueError
    unit = 1.0 if isfinite(high - low) else 2.0  # so that the difference is finite in this unit
    with numpy.errstate(all="ignore"):
        between = (numpy.geomspace if scale else numpy.linspace)(low / unit, high / unit, number)[1:-1] * unit
        found = between.tolist()
    return (low, *(map(round, found) if isinstance(low, int) else found), high)


def add_output(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("output")
    add_steps(group, "sum up", required=True)
    group.add_argument("--sort-by", metavar="COLUMN", help="order the rows by a column of the table, largest first")
    group.add_argument("--top", type=whole, metavar="N", help="keep the first N rows only")
    group.add_argument("--workers", type=whole, metavar="N", help="threads to use at most; by default all cores")
    group.add_argument("--out", metavar="FILE", help="save the matrix too, a row for each of the table: .npy")
    picture.add_flags(group, group)
    group.add_argument("--force", action="store_true", help="let --out or --plot replace a file")


def produce(
    arguments: argparse.Namespace,
    given: Mapping[str, Any],
    flags: Mapping[str, str],
    make: Callable[[Mapping[str, Any]], Any],
) -> None:
    """Prints the table of the sweep, and saves its matrix.

    `given` has the parameters in the order of the command line, with a tuple for a flag with several values. `flags`
    has the flags of all parameters. `make` makes a schedule or a sweep from parameters.
    """
    axes = {name: value for name, value in given.items() if isinstance(value, tuple)}
    by_flag = {flags[name]: value for name, value in axes.items()}
    steps = _checked(arguments, by_flag)
    with _naming_places(list(by_flag)):
        sweep = grid(lambda **swept: make({**given, **swept}), **axes)
    table, rows, told = _table(sweep if axes else stack([sweep]), by_flag, steps, arguments)
    if arguments.out is not None:
        save(arguments.out, _matrix(rows, steps, arguments.workers), arguments.force)
    _print_table(table, rows, steps)
    print(told)
    if arguments.plot is not None:
        picture.produce(arguments, rows, steps)


def _checked(arguments: argparse.Namespace, axes: Mapping[str, tuple[Any, ...]]) -> range:
    """Checks all flags but the parameters, before anything is evaluated, and returns the steps."""
    steps = steps_of(arguments)
    with naming({}):
        for flag, number in (("--top", arguments.top), ("--workers", arguments.workers)):
            if number is not None:
                _checks.positive_count(flag, number)
        if arguments.sort_by is not None:
            _checks.one_of("--sort-by", arguments.sort_by, (*map(_heading, axes), *SUMMARY))
    if arguments.out is not None:
        checked_output(arguments.out, (".npy",), arguments.force)
    picture.check(arguments)
    rows = prod(map(len, axes.values()))
    if rows > MOST_ROWS:
        raise RefusedError(f"{' and '.join(axes)} must span at most {MOST_ROWS} rows, received {rows}")
    if arguments.out is not None and rows * len(steps) > MOST_VALUES:
        raise RefusedError(f"--steps must be at most {MOST_VALUES // rows} for {rows} rows, received {len(steps)}")
    return steps


@contextlib.contextmanager
def _naming_places(flags: list[str]) -> Iterator[None]:
    """Turns an index of the grid in a refusal into the index among the flag's own values."""

    def own(found: re.Match[str]) -> str:
        index = found[2].split(", ")
        return f"{found[1]} at index {index[flags.index(found[1])]}" if found[1] in flags else found[0]

    try:
        yield
    except RefusedError as refusal:
        raise RefusedError(re.sub(r"^(\S+) at index \(([\d, ]+)\)", own, str(refusal))) from None


def _heading(flag: str) -> str:
    return flag.removeprefix("--")


def _table(
    sweep: Sweep, axes: Mapping[str, tuple[Any, ...]], steps: range, arguments: argparse.Namespace
) -> tuple[dict[str, NDArray[Any]], Sweep, str]:
    """Returns the columns of numbers; the rows as a sweep of one axis, those to be kept, in their order; and a line
    about both."""
    import numpy

    began = perf_counter()
    summary = summarize(sweep, steps, workers=arguments.workers)
    told = f"{sweep.size * len(steps):,} values, {sweep.size:,} rows of {len(steps):,} steps, summed up in "
    told += f"{1e3 * (perf_counter() - began):.3g} ms"
    order = numpy.arange(sweep.size)
    places = numpy.unravel_index(order, sweep.shape)
    columns = {
        _heading(flag): numpy.array(values)[place]
        for (flag, values), place in zip(axes.items(), places, strict=False)  # without axes there is one row
    }
    columns |= {name: getattr(summary, name).reshape(-1) for name in SUMMARY}
    if arguments.sort_by is not None:
        order = numpy.argsort(-columns[arguments.sort_by], kind="stable")
        told += f"; sorted by {arguments.sort_by}, largest first"
    order = order[: arguments.top]
    kept = sweep[tuple(place[order] for place in places)]
    return {name: column[order] for name, column in columns.items()}, kept, told


def _matrix(rows: Sweep, steps: range, workers: int | None) -> Iterator[bytes]:
    yield npy_header((len(rows), len(steps)))
    for _, _, values in blocks(rows, steps, sizes.MATRIX_BYTES, workers=workers):  # in the order of the file
        yield values.tobytes()


def _print_table(table: Mapping[str, NDArray[Any]], rows: Sweep, steps: range) -> None:
    widths = {name: max(len(name), max(map(len, map(_shown, column)))) for name, column in table.items()}
    print(*(name.rjust(width) for name, width in widths.items()), "sparkline", sep="  ")
    places = sampled(steps, COLUMNS)
    for begin in range(0, len(rows), sizes.DRAWN_ROWS):
        drawn = slice(begin, begin + sizes.DRAWN_ROWS)
        part = {name: column[drawn] for name, column in table.items()}
        lines = bars(rows[drawn](places), part["min"][:, None], part["max"][:, None])
        for row, numbers in enumerate(zip(*part.values(), strict=True)):
            shown = [_shown(number).rjust(width) for number, width in zip(numbers, widths.values(), strict=True)]
            print(*shown, lines[row * COLUMNS : (row + 1) * COLUMNS], sep="  ")


def _shown(number: Any) -> str:
    return f"{number:.8g}" if isinstance(number, float) else str(number)
