"""What the program `lrvec` says where it cannot go on, also before the package is there to be imported."""

from __future__ import annotations

import contextlib
import os
import re
import sys


def complain(line: str) -> None:
    """Says one line on standard error, if that is there and takes it."""
    if sys.stderr is not None:  # which print would take for standard output
        with contextlib.suppress(OSError):
            print(line, file=sys.stderr)


def end_command(refusal: object) -> None:
    """Ends the process as for a flag that will not do, if it is the program `lrvec` or `python -m lrvec`."""
    program, *others = getattr(sys, "argv", None) or [""]
    if program == "-m":  # and not yet the name of the module's file
        is_ours = re.fullmatch(r"(-\w*m)?lrvec", sys.orig_argv[-1 - len(others)])
    else:
        is_ours = re.fullmatch(r"lrvec(\.exe)?", os.path.basename(program))
    if is_ours:
        complain(f"lrvec: {refusal}")
        sys.exit(2)
