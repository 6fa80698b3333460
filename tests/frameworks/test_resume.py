"""These tests run the example of edits at a checkpoint: each edit goes on in a process of its own."""

import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import lrvec

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "resume.py"
PLANNED = runpy.run_path(str(EXAMPLE))["PLANNED"]


THEN = lrvec.cosine(base_lr=0.02, min_lr=0.0, total_steps=25)
EXTENDED = lrvec.rebase(PLANNED, step=60, total_steps=100)


def read(printed: str) -> tuple[list[tuple[int, float]], float]:
    """The steps with their rates, and the distance."""
    *rows, last = [line.split() for line in printed.splitlines()]
    return [(int(step), float(rate)) for step, rate in rows], float(last[1])


def test_a_run_goes_on_in_a_new_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """It does so with the same bits as a run that was not stopped, or with an edited schedule, which can be edited again."""

    def run_here(checkpoint: Path, steps: int) -> tuple[list[tuple[int, float]], float]:
        monkeypatch.setattr(sys, "argv", [str(EXAMPLE), str(checkpoint), "--until", str(steps)])
        runpy.run_path(str(EXAMPLE), run_name="__main__")
        return read(capsys.readouterr().out)

    rates, distance = run_here(tmp_path / "whole.pt", 90)
    assert rates == [(step, PLANNED(step)) for step in range(90)]
    assert run_here(tmp_path / "run.pt", 60)[0] == rates[:60]
    for words, schedule, start, stop in (
        ("--until 90", PLANNED, 60, 90),
        ("--rewarm 5 --for 30", lrvec.rewarm(PLANNED, step=60, warmup_steps=5, then=THEN), 60, 90),
        ("--extend 100", EXTENDED, 60, 100),
        ("--decay 10", lrvec.decay_from(EXTENDED, step=100, decay_steps=10), 100, 110),
    ):
        checkpoint = tmp_path / ("extended.pt" if start == 100 else "run.pt")
        copy = shutil.copy(checkpoint, tmp_path / ("extended.pt" if "extend" in words else "copy.pt"))
        done = subprocess.run([sys.executable, EXAMPLE, copy, *words.split()], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")
        seen, left = read(done.stdout)
        assert seen == [(step, schedule(step)) for step in range(start, stop)]
        assert schedule is not PLANNED or left == distance
