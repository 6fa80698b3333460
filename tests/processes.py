"""These functions run Python in a process of its own, with other settings of the library."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

WORKER = str(Path(__file__).with_name("worker.py"))


def run(*arguments: str, **settings: str | None) -> subprocess.CompletedProcess[str]:
    """The interpreter with these arguments; a setting of None removes a variable of the environment."""
    environment = {**os.environ, **settings}
    environment = {name: value for name, value in environment.items() if value is not None}
    return subprocess.run(
        [sys.executable, *arguments], env=environment, capture_output=True, text=True, timeout=300, check=False
    )


def ask(*tasks: str, **settings: str | None) -> Any:
    """What worker.py prints for a task; of several, a list."""
    done = run(WORKER, *tasks, **settings)
    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]
    return found if len(tasks) > 1 else found[0]


def python(code: str, **settings: str | None) -> str:
    """What a program prints."""
    done = run("-W", "error", "-c", code, **settings)
    assert done.returncode == 0, done.stderr
    return done.stdout
