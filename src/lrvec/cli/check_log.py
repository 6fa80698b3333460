"""The command `check-log` says whether the learning rates in a log are those of a schedule."""

from __future__ import annotations

from .files import schedule_in
from .output import naming

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from typing import Any


def add_command(subparsers: argparse._SubParsersAction[Any]) -> None:
    sentence = "Check the learning rates in a log against a schedule. The exit status is 1 if one does not fit."
    parser = subparsers.add_parser("check-log", help=sentence, description=sentence)
    about = "a trainer_state.json, or JSON lines or CSV with a column of steps and one of learning rates"
    parser.add_argument("log", metavar="LOG", help=about)
    about = "the schedule's dict, as to_dict gives it; by default what trainer_state.json shows"
    parser.add_argument("--schedule", metavar="S.json", help=about)
    parser.set_defaults(produce=_produce)


def _produce(arguments: argparse.Namespace) -> int:
    from ..read import check_log  # it needs numpy, which the other commands import with their first block

    schedule = None if arguments.schedule is None else schedule_in(arguments.schedule)
    with naming({"source": "LOG"}):
        found = check_log(arguments.log, schedule)
    print(found)
    return 1 if found.misfit else 0
