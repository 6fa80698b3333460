"""This test runs the search by the multi-power law, and holds what it finds against the paper's curves."""

import re
import subprocess
import sys
from pathlib import Path

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "plot_power_law_search.py"

MEASURED = {"25M": 3.304, "100M": 2.979, "400M": 2.740}
"""The losses at the end of the paper's runs with a cosine of 24,000 steps."""


def test_a_plateau_with_a_decay_is_ahead_of_the_best_cosine() -> None:
    run = subprocess.run([sys.executable, EXAMPLE], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    _, *rows, last = run.stdout.splitlines()
    for row, (model, measured) in zip(rows, MEASURED.items(), strict=True):
        found = re.fullmatch(rf" *{model} +(\d\.\d{{3}}) +(\d\.\d{{3}}) +([\d,]+) steps", row)
        assert found, row
        cosine, plateau, decay = (float(one.replace(",", "")) for one in found.groups())
        assert abs(cosine / measured - 1.0) < 0.01
        assert plateau < cosine - 0.05
        assert 2000 <= decay <= 3200
    assert re.fullmatch(r"512 schedules of 24,000 steps, 3 models: [\d.]+ s", last)
