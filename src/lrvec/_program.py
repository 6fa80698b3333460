"""The program `lrvec` ends with these functions if it cannot go on, even where the package cannot be imported."""

from __future__ import annotations

import os
import re
import sys
from typing import TextIO


def complain(line: str) -> None:
    """Prints one line on standard error, if there is one and it can be written."""
    if sys.stderr is not None:  # print would take None for standard output
        try:
            print(line, file=sys.stderr)
        except OSError:
            discard(sys.stderr)


def discard(stream: TextIO) -> None:
    """Throws away what is still buffered: to write it would fail again when the interpreter shuts down."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def end_command(refusal: object) -> None:
    """Ends the process with status 2 and one line, if it is the program `lrvec` or `python -m lrvec`."""
    program, *others = getattr(sys, "argv", None) or [""]
    if program == "-m":  # Python puts the name of the module's file here only later
        is_ours = re.fullmatch(r"(-\w*m)?lrvec", sys.orig_argv[-1 - len(others)])
    else:
        is_ours = re.fullmatch(r"lrvec(\.exe)?", os.path.basename(program))
    if is_ours:
        complain(f"lrvec: {refusal}")
        sys.exit(2)
