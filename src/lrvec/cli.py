"""The command line: prints a schedule's rates, draws them, sums them up or saves them; or compares a sweep's rows.

Every kind whose parameters are numbers, words and lists of integers is a command, and its parameters are the flags. The
steps are evaluated block by block: however many they are, the memory in use stays the same. numpy is imported when the
first block is.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from math import isfinite
from operator import itemgetter
from time import perf_counter

from . import _checks, _cli_sweep, _parallel
from ._cli_output import RefusedError, bars, checked_output, complain, naming, npy_header, sampled, save
from ._engine import engine, simd
from ._schedule import KINDS
from .compose import with_warmup
from .megatron import LR_STYLES, WD_SHAPES, WSD_RAMPS
from .schedules import DECAY_SHAPES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any, NoReturn, TypeAlias

    from _typeshed import SupportsWrite
    from numpy import float64
    from numpy.typing import NDArray

    from ._schedule import Kind, Schedule

    Block: TypeAlias = tuple[range, NDArray[float64]]
    """Steps, and the place of their values: the same memory in every block."""

BLOCK = 65536
"""Steps at a time."""

COLUMNS = 64
"""The width of a summary's sparkline."""


def run(argv: list[str]) -> int:
    """Does what the command line `argv` asks for, without the program's name in front, and returns the exit status.

    The status is 0, or 2 after one line on standard error that names the flag whose value will not do.

    Raises
    ------
    SystemExit as argparse does: with status 2 for arguments that cannot be parsed, with 0 after --help.

    >>> run(["triangular", "--min-lr", "1", "--max-lr", "0", "--step-size", "3", "--steps", "7", "--sparkline"])
    @*- -*@
    0
    """
    arguments = _parser().parse_args(argv)
    try:
        with naming({}):
            _parallel.cap()
        arguments.produce(arguments)
    except RefusedError as refusal:
        complain(f"lrvec: {refusal}")
        return 2
    return 0


def main() -> int:
    """`run` with this process's arguments, for a program of its own.

    When the reader of standard output goes away, or the user interrupts, it ends quietly, with the status that a shell
    gives to a program ended by the signal: 141, 130, or 143 where it is asked to terminate.
    """
    signal.signal(signal.SIGTERM, _stop)
    try:
        try:
            return run(sys.argv[1:])
        finally:
            print(end="", flush=True)
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    except OSError as error:
        _discard_output()
        if isinstance(error, BrokenPipeError):
            return 128 + 13  # SIGPIPE, which not every system has
        complain(f"lrvec: standard output cannot be written: {error.strerror}")
        return 1


def _stop(number: int, _: object) -> None:
    """Leaves by an exception, so that no unfinished file is left behind."""
    sys.exit(128 + number)


def _discard_output() -> None:
    """What is still buffered would fail once more when the interpreter shuts down."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _integers(text: str) -> list[int]:
    try:
        return [int(part) for part in text.split(",")] if text else []
    except ValueError:
        raise argparse.ArgumentTypeError(f"must be integers with commas between them, received {text!r}") from None


READERS: dict[str, Callable[[str], Any]] = {"float": float, "int": int, "str": str, "Iterable[int]": _integers}
"""How the text of a flag is read, by the annotation of its parameter."""

CHOICES = {
    "decay_shape": tuple(DECAY_SHAPES),
    "lr_decay_style": LR_STYLES,
    "lr_wsd_decay_style": tuple(WSD_RAMPS),
    "wd_incr_style": tuple(WD_SHAPES),
}


def commands() -> dict[str, Kind]:
    """The kinds whose parameters can all be read from flags, by the names of their commands."""
    return {
        kind.command: kind
        for kind in KINDS.values()
        if all(_annotation(kind, name) in READERS for name in kind.parameters)
    }


def _annotation(kind: Kind, parameter: str) -> str:
    annotation: str = kind.factory.__annotations__[parameter]
    return annotation.removesuffix(" | None")


def _flag(parameter: str) -> str:
    return "--" + parameter.replace("_", "-")


def _warmup_flags(kind: Kind) -> dict[str, str]:
    """The flags of a warmup in front, by its parameters; where the kind owns one of the names, both give way."""
    parameters = KINDS["with_warmup"].keywords
    taken = set(parameters) & set(kind.parameters)
    return {name: _flag(f"with_{name}" if taken else name) for name in parameters}


def _flags(kind: Kind) -> dict[str, str]:
    """The flags of all parameters, by the names under which their values are kept."""
    warmup = {f"with_{name}": flag for name, flag in _warmup_flags(kind).items()}
    return {name: _flag(name) for name in kind.parameters} | warmup


class _Parser(argparse.ArgumentParser):
    """Takes flags in full only, and says in one line what cannot be parsed."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, allow_abbrev=False)

    def error(self, message: str) -> NoReturn:
        complain(f"{self.prog}: {' '.join(message.splitlines())}")
        sys.exit(2)

    def print_help(self, file: SupportsWrite[str] | None = None) -> None:
        print(self.format_help(), end="", file=file)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="lrvec", description="Print, draw, sum up or save a learning-rate schedule.")
    subparsers = parser.add_subparsers(dest="schedule", required=True)
    _add_kinds(subparsers, READERS, _produce, _add_output)
    sentence = "Sum up and draw all combinations of parameters that are given several values."
    kinds = subparsers.add_parser("sweep", help=sentence, description=sentence).add_subparsers(
        dest="schedule", required=True
    )
    swept = {
        annotation: _cli_sweep.values(read) if read in (float, int) else read for annotation, read in READERS.items()
    }
    _add_kinds(kinds, swept, _produce_sweep, _cli_sweep.add_output)
    return parser


def _add_kinds(
    subparsers: argparse._SubParsersAction[Any],
    readers: Mapping[str, Callable[[str], Any]],
    produce: Callable[[argparse.Namespace], None],
    add_output: Callable[[argparse.ArgumentParser], None],
) -> None:
    for command, kind in commands().items():
        sentence = (kind.factory.__doc__ or "").partition("\n")[0]
        subparser = subparsers.add_parser(command, help=sentence, description=sentence)
        subparser.set_defaults(produce=produce)
        _add_parameters(subparser, kind, readers)
        add_output(subparser)


def _add_parameters(parser: argparse.ArgumentParser, kind: Kind, readers: Mapping[str, Callable[[str], Any]]) -> None:
    optional = kind.factory.__kwdefaults__ or {}
    several = None if readers is READERS else "each a number, a list as in 1,2,5, or start:stop:count[:log]"
    group = parser.add_argument_group("parameters", several)
    for name in kind.parameters:
        read = readers[_annotation(kind, name)]
        _add_parameter(group, kind, name, _flag(name), name, read, name not in optional)
    group = parser.add_argument_group("linear warmup in front", "both or neither of:")
    warmup = KINDS["with_warmup"]
    for name, flag in _warmup_flags(kind).items():
        _add_parameter(group, warmup, name, flag, f"with_{name}", readers[_annotation(warmup, name)], False)


def _add_parameter(
    group: argparse._ArgumentGroup,
    kind: Kind,
    name: str,
    flag: str,
    destination: str,
    read: Callable[[str], Any],
    required: bool,
) -> None:
    group.add_argument(
        flag,
        dest=destination,
        default=argparse.SUPPRESS,  # what is given is kept in the order in which it is given
        type=read,
        choices=CHOICES.get(name),
        metavar=None if name in CHOICES else name.upper(),
        required=required,
        help=_described(kind, name),
    )


def _described(kind: Kind, parameter: str) -> str | None:
    """What the factory's docstring says of a parameter."""
    for line in (kind.factory.__doc__ or "").splitlines():
        names, _, text = line.strip().partition(" : ")
        if text and parameter in names.split(", "):
            return text
    return None


def _add_output(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("output")
    group.add_argument("--steps", type=int, required=True, help="number of steps to sample")
    style = group.add_mutually_exclusive_group()
    style.add_argument("--sparkline", action="store_true", help="print a sparkline, not values")
    style.add_argument("--summary", action="store_true", help="print ends, extremes, mean and speed, not values")
    group.add_argument("--out", metavar="FILE", help=f"save the values, do not print them: {' or '.join(FORMATS)}")
    group.add_argument("--force", action="store_true", help="let --out replace a file")


def _schedule(kind: Kind, given: Mapping[str, Any]) -> Schedule:
    """From the values of the flags that were given; a sweep, if one of the values is an array."""
    with naming({name: _flag(name) for name in kind.parameters}):
        schedule: Schedule = kind.make({name: given[name] for name in kind.parameters if name in given})
    flags = _warmup_flags(kind)
    warmup: dict[str, Any] = {name: given.get(f"with_{name}") for name in flags}
    with naming(flags):
        return with_warmup(schedule, **warmup) if _checks.all_or_none(**warmup) else schedule


def _given(arguments: argparse.Namespace) -> tuple[Kind, dict[str, Any]]:
    """The kind and the parameters of the command line."""
    kind = commands()[arguments.schedule]
    flags = _flags(kind)
    return kind, {name: value for name, value in vars(arguments).items() if name in flags}


def _produce(arguments: argparse.Namespace) -> None:
    schedule = _schedule(*_given(arguments))
    with naming({"steps": "--steps"}):
        count = _checks.positive_count("steps", arguments.steps)
    if arguments.out is None and not arguments.summary and not arguments.sparkline:
        _print_lines(schedule, count)
        return
    survey = _Survey(schedule, count)
    if arguments.out is None:
        survey.finish()
    else:
        suffix = checked_output(arguments.out, tuple(FORMATS), arguments.force)
        save(arguments.out, FORMATS[suffix](survey), arguments.force)
    if arguments.summary:
        print(_summary(survey))
    if arguments.sparkline:
        _print_sparkline(survey)


def _produce_sweep(arguments: argparse.Namespace) -> None:
    kind, given = _given(arguments)
    _cli_sweep.produce(arguments, given, _flags(kind), lambda values: _schedule(kind, values))


def _blocks(count: int) -> Iterator[Block]:
    """The steps 0, 1, ... count - 1 in ranges of at most BLOCK."""
    import numpy

    room = numpy.full(min(count, BLOCK), 0.0)  # touches the memory before the clock runs
    for start in range(0, count, BLOCK):
        steps = range(start, min(start + BLOCK, count))
        yield steps, room[: len(steps)]


def _print_lines(schedule: Schedule, count: int) -> None:
    for steps, room in _blocks(count):
        values = schedule(steps, out=room).tolist()
        print("".join([f"{step}\t{value:.8g}\n" for step, value in zip(steps, values, strict=True)]), end="")


class _Survey:
    """A schedule's values at the steps 0, 1, ... count - 1, evaluated once, block by block, and what was seen."""

    def __init__(self, schedule: Schedule, count: int) -> None:
        self.schedule = schedule
        self.count = count
        self.first = self.last = float(schedule(range(1))[0])  # and what is prepared once is prepared
        self.minimum = self.maximum = (self.first, 0)
        self.seconds = 0.0
        self._mean = self._lost = 0.0

    def __iter__(self) -> Iterator[Block]:
        for steps, room in _blocks(self.count):
            began = perf_counter()
            self.schedule(steps, out=room)
            self.seconds += perf_counter() - began
            self._see(steps, room)
            yield steps, room

    def finish(self) -> None:
        for _ in self:
            pass

    def _see(self, steps: range, values: NDArray[float64]) -> None:
        low, high = int(values.argmin()), int(values.argmax())
        self.minimum = min(self.minimum, (float(values[low]), steps[low]), key=itemgetter(0))
        self.maximum = max(self.maximum, (float(values[high]), steps[high]), key=itemgetter(0))
        self.last = float(values[-1])
        self._add_to_mean(values)

    def _add_to_mean(self, values: NDArray[float64]) -> None:
        """Divides before it adds, so that no sum of finite rates overflows, and keeps what each addition rounds off."""
        import numpy

        with numpy.errstate(invalid="ignore"):
            part = float((values / self.count).sum())
        mean = self._mean + part
        taken = mean - self._mean
        self._lost += (self._mean - (mean - taken)) + (part - taken)
        self._mean = mean

    @property
    def mean(self) -> float:
        whole = self._mean + self._lost
        return whole if isfinite(whole) else self._mean  # what an infinity rounds off is not a number


def _summary(survey: _Survey) -> str:
    (low, lowest), (high, highest) = survey.minimum, survey.maximum
    rows = {
        "schedule": f"{survey.schedule!r}",
        "steps": f"{survey.count}",
        "first": f"{survey.first:.8g}",
        "last": f"{survey.last:.8g}",
        "minimum": f"{low:.8g} at step {lowest}",
        "maximum": f"{high:.8g} at step {highest}",
        "mean": f"{survey.mean:.8g}",
        "speed": f"{survey.count / max(survey.seconds, 1e-9):.3g} steps per second",
        "engine": f"{engine}, {simd}",
        "sparkline": bars(survey.schedule(sampled(survey.count, COLUMNS)), low, high),
    }
    return "\n".join(f"{name:<11}{text}" for name, text in rows.items())


def _print_sparkline(survey: _Survey) -> None:
    low, high = survey.minimum[0], survey.maximum[0]
    for steps, room in _blocks(survey.count):
        print(bars(survey.schedule(steps, out=room), low, high), end="")
    print()


def _npy(survey: _Survey) -> Iterator[bytes]:
    yield npy_header((survey.count,))
    for _, values in survey:
        yield values.tobytes()


def _csv(survey: _Survey) -> Iterator[bytes]:
    yield b"step,lr\n"
    for steps, values in survey:
        lines = [f"{step},{value!r}\n" for step, value in zip(steps, values.tolist(), strict=True)]
        yield "".join(lines).encode("ascii")


FORMATS = {".npy": _npy, ".csv": _csv}
"""The content of a file, piece by piece, by its suffix."""
