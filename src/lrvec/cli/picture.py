"""The flag --plot draws a schedule or a sweep in the terminal by plotille, or into a file by matplotlib."""

from __future__ import annotations

import sys

from .._checks import fronts as checked
from .output import RefusedError, checked_output, save
from .texts import whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from typing import Any

FORMATS = (".svg", ".png")
"""A picture in a file has one of these suffixes."""

TERMINAL = ""
"""The value of --plot without a file."""

HEIGHT = 15
"""A picture in the terminal has so many lines, without its axis and texts."""

LEAST, MOST = 20, 1000
"""--width and --height are at most MOST; a picture is at least LEAST characters wide."""


def add_flags(group: argparse._ArgumentGroup, style: Any) -> None:
    style.add_argument(
        "--plot",
        nargs="?",
        const=TERMINAL,
        metavar="FILE",
        help=f"draw the curve in the terminal, or into a file: {' or '.join(FORMATS)}",
    )
    about = "characters across of --plot; by default the terminal's"
    group.add_argument("--width", type=whole, metavar="N", help=about)
    group.add_argument("--height", type=whole, metavar="N", help=f"lines of --plot; by default {HEIGHT}")
    group.add_argument("--log", action="store_true", help="draw --plot with a logarithmic axis of rates")


def check(arguments: argparse.Namespace) -> None:
    """Checks the flags of a picture, before anything is evaluated."""
    sizes = {"--width": arguments.width, "--height": arguments.height}
    given = [flag for flag, size in sizes.items() if size is not None]
    if arguments.plot is None:
        given += ["--log"] if arguments.log else []
        if given:
            raise RefusedError(f"{given[0]} must stand with --plot, received {given[0]} alone")
    elif arguments.plot != TERMINAL:
        checked_output(arguments.plot, FORMATS, arguments.force, "--plot")
        if given:
            raise RefusedError(f"{given[0]} must stand with --plot without a file, received --plot {arguments.plot}")
        _needs("matplotlib")
    else:
        for flag, size, least in (("--width", arguments.width, LEAST), ("--height", arguments.height, 2)):
            if size is not None and not least <= size <= MOST:
                raise RefusedError(f"{flag} must be an integer from {least} to {MOST}, received {size}")
        _needs("plotille")
        try:
            "\N{BRAILLE PATTERN DOTS-1}".encode(sys.stdout.encoding or "utf-8")
        except UnicodeEncodeError:
            rule = "--plot must be printed in an encoding that has braille, such as UTF-8"
            raise RefusedError(f"{rule}, received {sys.stdout.encoding}") from None


def _needs(library: str) -> None:
    try:
        __import__(library)
    except ImportError:
        try:
            checked.refuse_without("--plot", library, "plot")
        except ImportError as error:
            raise RefusedError(str(error)) from None


def produce(arguments: argparse.Namespace, value: Any, steps: range) -> None:
    """Draws a schedule or a sweep as the flags ask for."""
    if arguments.plot != TERMINAL:
        save(arguments.plot, [_file(value, arguments, steps)], arguments.force, "--plot")
        return
    from .terminal import lines

    width = arguments.width
    if width is None:
        import shutil

        width = max(LEAST, min(shutil.get_terminal_size().columns, MOST))
    for line in lines(value, steps, width, arguments.height or HEIGHT, arguments.log):
        print(line)


def _file(value: Any, arguments: argparse.Namespace, steps: range) -> bytes:
    import io

    from matplotlib import pyplot

    from .._plot import plot

    pyplot.switch_backend("agg")
    written = io.BytesIO()
    plot(value, steps=steps, log=arguments.log)
    pyplot.savefig(written, format=arguments.plot[-3:], dpi=150)
    pyplot.close()
    return written.getvalue()
