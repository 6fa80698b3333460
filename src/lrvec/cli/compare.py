"""The command `compare` says where the schedules of two files differ."""

from __future__ import annotations

from ..queries import compare
from .files import schedule_in
from .output import naming
from .texts import span, steps_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from typing import Any


def add_command(subparsers: argparse._SubParsersAction[Any]) -> None:
    sentence = "Say where the schedules of two files differ. The exit status is 1 if a value differs."
    parser = subparsers.add_parser("compare", help=sentence, description=sentence)
    parser.add_argument("a", metavar="A.json", help="a schedule's dict, as to_dict gives it; - is standard input")
    parser.add_argument("b", metavar="B.json", help="another one")
    about = "number of steps to look at, or the first one and the one behind the last"
    about += "; by default all up to the one from which both hold their values"
    parser.add_argument("--steps", type=span, metavar="N|START:STOP", help=about)
    parser.set_defaults(produce=_produce)


def _produce(arguments: argparse.Namespace) -> int:
    a, b = schedule_in(arguments.a), schedule_in(arguments.b)
    steps = None if arguments.steps is None else steps_of(arguments)
    with naming({"steps": "--steps"}):
        found = compare(a, b, steps)
    print(found)
    return 1 if found.differing else 0
