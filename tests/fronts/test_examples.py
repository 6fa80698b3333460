"""These tests run the examples, which print what they promise."""

import math
import re
import subprocess
import sys
from pathlib import Path

from record import KINDS

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


def lines_of(name: str) -> list[str]:
    run = subprocess.run([sys.executable, EXAMPLES / name], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return run.stdout.splitlines()


def test_schedules_draws_kinds():
    curves = {}
    for line in lines_of("schedules.py"):
        name, curve, first, last = re.fullmatch(r" *([\w: ]+?)  (.{60})  (\d\.\d{3}) \.\.\. (\d\.\d{3})", line).groups()
        curves[name] = curve, first, last
    assert {name.partition(":")[0] for name in curves} <= set(KINDS)
    assert curves["constant"] == ("@" * 60, "1.000", "1.000")
    assert curves["step_decay"] == ("@" * 15 + "+" * 15 + ":" * 15 + "." * 15, "1.000", "0.125")
    assert curves["multi_step"] == ("@" * 20 + "=" * 25 + "." * 15, "1.000", "0.160")
    assert curves["linear"] == curves["stack: linear"]
    assert curves["linear"] == ("@" * 7 + "%" * 6 + "".join(c * 6 for c in "#*+=-:.") + " " * 5, "1.000", "0.017")
    assert curves["cosine"] == curves["stack: cosine"]
    assert curves["with_warmup"] == curves["scale_by_group: head"]
    assert set(curves["scale_by_group: backbone"][0]) == set(" .:-")
    peaks = [found.start() for found in re.finditer(r"(?<!@)@", curves["cosine_restarts"][0])]
    assert peaks == [0, 10, 30]
    up_and_down = curves["triangular"][0]
    assert up_and_down[:20] == up_and_down[20:40] == up_and_down[40:]
    assert up_and_down[1:20] == up_and_down[19:0:-1]


def test_digits_are_learnt_better_at_a_scheduled_rate():
    header, *rows = lines_of("digits.py")
    assert header.split() == ["epoch", "hidden", "rate", "output", "rate", "scheduled", "constant"]
    assert len(rows) == 20
    table = [row.split() for row in rows]
    assert [int(row[0]) for row in table] == list(range(1, 21))
    rates = [0.25, *(0.25 * (1.0 + math.cos(math.pi * epoch / 18)) for epoch in range(19))]
    assert [row[1:3] for row in table] == [[f"{rate / 2:.6f}", f"{rate:.6f}"] for rate in rates]
    scheduled, constant = ([float(row[column].rstrip("%")) for row in table] for column in (3, 4))
    assert all(0.0 <= percent <= 100.0 for percent in scheduled + constant)
    assert min(scheduled[-5:]) >= 95.0
    assert max(scheduled[-5:]) - min(scheduled[-5:]) <= 1.0
    assert scheduled[-1] > constant[-1]
