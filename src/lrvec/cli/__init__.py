"""The command line prints the rates of a schedule, draws them, sums them up or saves them; or it compares a sweep's
rows.

A kind is a command if its parameters are numbers, words and lists of integers. The parameters are its flags. Steps are
evaluated block by block, so the memory in use does not grow with their number. numpy is imported with the first block.
"""

from __future__ import annotations

import argparse
import re
import signal
import sys
from itertools import takewhile

from .. import __version__, _checks
from .._evaluate import threads
from .._program import complain, discard
from .._registry import FLAG, KINDS, kinds
from ..schedules import with_warmup
from . import check_log, compare, curve, recipe, sweep
from .output import RefusedError, naming
from .texts import whole, wholes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any, NoReturn, TypeAlias

    from _typeshed import SupportsWrite

    from .._registry import Kind, Parameter
    from .._values import Schedule

    Readers: TypeAlias = Mapping[type | None, Callable[[str], Any]]


def run(argv: list[str]) -> int:
    """Do what the command line `argv` asks for, and return the exit status. `argv` has no program's name in front.

    The status is 0, or 1 if `compare` or `check-log` finds a difference, or 2 after one line on standard error that
    names the flag whose value is refused.

    Raises
    ------
    SystemExit, with status 2 for arguments that cannot be parsed, and with 0 after --help, as argparse does.

    >>> run(["triangular", "--min-lr", "1", "--max-lr", "0", "--step-size", "3", "--steps", "7", "--sparkline"])
    @*- -*@
    0
    """
    words = takewhile(lambda word: word == "--" or word[:1] != "-", argv)
    arguments = _parser(tuple([word for word in words if word != "--"])).parse_args(argv)
    try:
        with naming({}):
            threads.cap()
        status: int = arguments.produce(arguments) or 0
    except RefusedError as refusal:
        complain(f"lrvec: {refusal}")
        return 2
    return status


def main() -> int:
    """Run the command line with this process's arguments, and return the exit status.

    If the reader of standard output goes away, the user interrupts, or the process is asked to terminate, it ends
    without a message. Its status is then what a shell gives to a program that the signal ends: 141, 130 or 143.
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
        discard(sys.stdout)
        if isinstance(error, BrokenPipeError):
            return 128 + 13  # SIGPIPE, which not every system has
        complain(f"lrvec: standard output cannot be written: {error.strerror}")
        return 1


def _stop(number: int, _: object) -> None:
    """Ends the process by an exception, so that unfinished files are removed."""
    sys.exit(128 + number)


READERS: Readers = {float: float, int: whole, str: str, list: wholes}
"""A flag's text is read by one of these functions, which the role of its parameter chooses. A boolean has no text."""


def commands() -> dict[str, Kind]:
    """Returns the kinds whose parameters can all be read from flags, by the names of their commands."""
    return {
        kind.command: kind
        for kind in kinds().values()
        if all(parameter.role.reads for parameter in kind.parameters.values())
    }


def _aliases(kind: Kind) -> list[str]:
    """Returns the other names of a kind's command: its name in Python, and the same with hyphens."""
    names = dict.fromkeys([kind.name.replace("_", "-"), kind.name])
    return [name for name in names if name != kind.command]


def _flag(parameter: str) -> str:
    return "--" + parameter.replace("_", "-")


def _warmup_flags(kind: Kind) -> dict[str, str]:
    """Returns the flags of a warmup in front, by its parameters. If the kind has a parameter of one of the names, both
    flags begin with --with-."""
    parameters = KINDS["with_warmup"].keywords
    taken = set(parameters) & set(kind.parameters)
    return {name: _flag(f"with_{name}" if taken else name) for name in parameters}


def _flags(kind: Kind) -> dict[str, str]:
    """Returns the flags of all parameters, by the names under which argparse keeps their values."""
    warmup = {f"with_{name}": flag for name, flag in _warmup_flags(kind).items()}
    return {name: _flag(name) for name in kind.parameters} | warmup


class _Parser(argparse.ArgumentParser):
    """This parser takes flags in full only, and refuses in one line what cannot be parsed. It asks whether a command or
    a flag was meant that is spelled alike. The parser of a command that is not named is asked for nothing, and left
    blank: argparse takes 20 ms to make a hundred of them."""

    def __init__(self, *, is_named: bool = True, **options: Any) -> None:
        if not is_named:
            return
        super().__init__(**options, allow_abbrev=False)
        self._negative_number_matcher = re.compile(r"-\.?\d")  # -1e-3 too, which earlier Pythons take for a flag

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Refuses unknown flags first: one of them may be what a missing flag was meant to be. What stands behind the
        name of a command is for that command's parser."""
        is_own = (lambda word: word[:1] == "-") if self._subparsers else (lambda word: word != "--")
        words = [word.partition("=")[0] for word in takewhile(is_own, args or ()) if word[:2] == "--"]
        unknown = [word for word in words if word not in self._option_string_actions and " " not in word]
        if unknown:
            hint = _meant(unknown[0], self._option_string_actions, "--help has all flags")
            self.error(f"unknown flag {unknown[0]}; {hint}")
        return super().parse_known_args(args, namespace)

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if isinstance(action, argparse._SubParsersAction) and value not in action.choices:
            hint = _meant(value, action.choices, "lrvec list has all commands")
            raise argparse.ArgumentError(action, f"invalid choice: {value!r}; {hint}")
        super()._check_value(action, value)

    def error(self, message: str) -> NoReturn:
        complain(f"{self.prog}: {' '.join(message.splitlines())}")
        sys.exit(2)

    def print_help(self, file: SupportsWrite[str] | None = None) -> None:
        print(self.format_help(), end="", file=file)


def _meant(word: str, known: Iterable[str], otherwise: str) -> str:
    """Returns a question for the known words that are nearest to a word, or something else if there are none."""
    near = _checks.nearest(word, known)
    return f"did you mean {' or '.join(near)}?" if near else otherwise


def _parser(named: tuple[str, ...]) -> argparse.ArgumentParser:
    """Makes the parser of all commands, with the flags of those kinds and recipes that are named."""
    parser = _Parser(prog="lrvec", description="Print, draw, sum up or save a learning-rate schedule.")
    parser.add_argument("--version", action="version", version=f"lrvec {__version__}")
    subparsers = parser.add_subparsers(dest="schedule", required=True, metavar="KIND or COMMAND")
    _add_kinds(subparsers, named, READERS, _produce, curve.add_output)
    sentence = "Sum up and draw all combinations of parameters that are given several values."
    kinds = subparsers.add_parser("sweep", help=sentence, description=sentence).add_subparsers(
        dest="schedule", required=True
    )
    curve.add_command(subparsers)
    sentence = "List all kinds of schedules."
    subparsers.add_parser("list", help=sentence, description=sentence).set_defaults(produce=_list)
    compare.add_command(subparsers)
    check_log.add_command(subparsers)
    recipe.add_command(subparsers, named)
    swept = {reads: sweep.values(read) if reads in (float, int) else read for reads, read in READERS.items()}
    _add_kinds(kinds, named, swept, _produce_sweep, sweep.add_output)
    return parser


def _add_kinds(
    subparsers: argparse._SubParsersAction[Any],
    named: tuple[str, ...],
    readers: Readers,
    produce: Callable[[argparse.Namespace], None],
    add_output: Callable[[argparse.ArgumentParser], None],
) -> None:
    for command, kind in commands().items():
        sentence = kind.sentence
        aliases = _aliases(kind)
        is_named = not {command, *aliases}.isdisjoint(named)
        subparser = subparsers.add_parser(
            command, aliases=aliases, help=sentence.replace("%", "%%"), description=sentence, is_named=is_named
        )
        if is_named:
            subparser.set_defaults(produce=produce, kind=kind)
            _add_parameters(subparser, kind, readers)
            add_output(subparser)


def _add_parameters(parser: argparse.ArgumentParser, kind: Kind, readers: Readers) -> None:
    several = None if readers is READERS else "each a number, a list as in 1,2,5, or start:stop:count[:log]"
    group = parser.add_argument_group("parameters", several)
    for name, parameter in kind.parameters.items():
        _add_parameter(group, parameter, _flag(name), name, readers, not parameter.is_optional)
    group = parser.add_argument_group("linear warmup in front", "both or neither of:")
    for name, flag in _warmup_flags(kind).items():
        parameter = KINDS["with_warmup"].parameters[name]
        _add_parameter(group, parameter, flag, f"with_{name}", readers, False)


def _add_parameter(
    group: argparse._ArgumentGroup,
    parameter: Parameter,
    flag: str,
    destination: str,
    readers: Readers,
    required: bool,
) -> None:
    how: dict[str, Any] = {"action": argparse.BooleanOptionalAction}  # for True; --no- in front stands for False
    if parameter.role is not FLAG:
        metavar = None if parameter.choices else parameter.name.upper()
        how = {"type": readers[parameter.role.reads], "choices": parameter.choices or None, "metavar": metavar}
    group.add_argument(
        flag,
        dest=destination,
        default=argparse.SUPPRESS,  # so argparse keeps the given flags alone, in the order of the command line
        required=required,
        help=parameter.help.replace("%", "%%"),
        **how,
    )


def _schedule(kind: Kind, given: Mapping[str, Any]) -> Schedule:
    """Makes the schedule from the values of the given flags; it is a sweep if one of the values is an array."""
    with naming({name: _flag(name) for name in kind.parameters}):
        schedule: Schedule = kind.make({name: given[name] for name in kind.parameters if name in given})
    flags = _warmup_flags(kind)
    warmup: dict[str, Any] = {name: given.get(f"with_{name}") for name in flags}
    with naming(flags):
        return with_warmup(schedule, **warmup) if _checks.all_or_none(**warmup) else schedule


def _given(arguments: argparse.Namespace) -> tuple[Kind, dict[str, Any]]:
    """Returns the kind and the parameters that the command line has."""
    kind = arguments.kind
    flags = _flags(kind)
    return kind, {name: value for name, value in vars(arguments).items() if name in flags}


def _list(_: argparse.Namespace) -> None:
    """Prints each command, and each kind that only a file can describe, with its sentence."""
    by_flags = {name: kind.sentence for name, kind in commands().items()}
    by_file = {kind.name: kind.sentence for kind in kinds().values() if kind.command not in by_flags}
    width = max(map(len, (*by_flags, *by_file)))
    print(*(f"{name:<{width}}  {sentence}" for name, sentence in by_flags.items()), sep="\n")
    print("\nmade of schedules or of lists, in files for lrvec eval:")
    print(*(f"{name:<{width}}  {sentence}" for name, sentence in by_file.items()), sep="\n")


def _produce(arguments: argparse.Namespace) -> None:
    curve.produce(arguments, _schedule(*_given(arguments)))


def _produce_sweep(arguments: argparse.Namespace) -> None:
    kind, given = _given(arguments)
    sweep.produce(arguments, given, _flags(kind), lambda values: _schedule(kind, values))
