"""These tests compare curves: the first step that differs, the largest differences, and the phases."""

from __future__ import annotations

import json
import math
import random
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy
import pytest

import lrvec
from lrvec._evaluate import sizes
from lrvec.cli import run

FALL = lrvec.with_warmup(lrvec.cosine(base_lr=1.0, min_lr=0.1, total_steps=200), warmup_steps=20, start_lr=0.0)
OTHER = lrvec.with_warmup(lrvec.cosine(base_lr=1.0, min_lr=0.1, total_steps=201), warmup_steps=20, start_lr=0.0)


def measured(a: float, b: float) -> tuple[float, float, float]:
    """How far two finite values that differ are apart, in exact arithmetic until the end."""
    absolute, larger = abs(Fraction(a) - Fraction(b)), max(abs(a), abs(b))
    return float(absolute), float(absolute / Fraction(larger)), float(absolute / Fraction(math.ulp(larger)))


@pytest.mark.parametrize("steps", [range(300), range(290, 30, -7), numpy.arange(250, dtype=numpy.int16).reshape(50, 5), [220, 21, 4]])
@pytest.mark.parametrize("piece", [7, sizes.PIECE])
def test_the_largest_differences_are_those_of_all_steps(steps: Any, piece: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sizes, "PIECE", piece)
    found = lrvec.compare(FALL, OTHER, steps)
    flat = numpy.asarray(steps).reshape(-1).tolist()
    apart = [(step, FALL(step), OTHER(step)) for step in flat if FALL(step) != OTHER(step)]
    assert (found.compared, found.differing) == (len(flat), len(apart))
    assert found.first is not None
    assert found.first[:3] == apart[0]
    for measure, largest in enumerate((found.absolute, found.relative, found.ulp)):
        assert largest is not None
        sizes_of = [measured(a, b)[measure] for _, a, b in apart]
        assert largest[:3] == apart[sizes_of.index(max(sizes_of))]
        assert largest[3:] == pytest.approx(measured(*largest[1:3]), rel=1e-15)


def test_what_is_equal_has_no_differences() -> None:
    found = lrvec.compare(FALL, lambda step: FALL(step), range(50))
    assert found == (50, 0, None, None, None, None, None)
    assert lrvec.compare(lrvec.constant(lr=0.0), lrvec.constant(lr=-0.0)) == (1, 0, None, None, None, None, [])
    assert str(lrvec.compare(FALL, FALL)) == "differing  0 of 221 steps"


def test_one_last_place_is_one_ulp() -> None:
    rng = random.Random(0)
    for _ in range(20):
        value = rng.uniform(0.5, 1.0) * 2.0 ** rng.randint(-1000, 1000)
        found = lrvec.compare(lrvec.constant(lr=value), lrvec.constant(lr=math.nextafter(value, 0.0)))
        assert found.ulp is not None
        assert found.ulp.ulp == 1.0


@pytest.mark.parametrize(("a", "b"), [(math.inf, 1.0), (-math.inf, math.inf), (math.nan, 1.0), (1.0, math.nan)])
def test_what_is_not_finite_is_infinitely_far_apart(a: float, b: float) -> None:
    found = lrvec.compare(lambda step: a if step == 3 else 0.5, lambda step: b if step == 3 else 0.5, range(9))
    assert (found.differing, found.phases) == (1, None)
    assert found.first is not None
    assert found.first.step == 3
    assert found.first[3:] == (math.inf, math.inf, math.inf)
    assert lrvec.compare(lambda step: a, lambda step: a, range(2)).differing == 0


def test_phases_that_share_steps_are_set_side_by_side() -> None:
    decay = lrvec.linear(base_lr=1.0, end_lr=0.0, total_steps=10)
    a, b = lrvec.warmup(decay, steps=4), lrvec.warmup(2.0 * decay, steps=6)
    found = lrvec.compare(a, b)
    assert found.compared == 17
    named = [[f"{phase.name} {phase.start} {phase.stop}" for phase in pair] for pair in found.phases or []]
    assert named == [
        ["warmup 0 4", "warmup 0 6"],
        ["decay 4 14", "warmup 0 6"],
        ["decay 4 14", "decay 6 16"],
        ["hold 14 17", "decay 6 16"],
        ["hold 14 17", "hold 16 17"],
    ]
    later = lrvec.compare(a, b, range(5, 14)).phases
    assert later is not None
    assert [[phase.name for phase in pair] for pair in later] == [["decay", "warmup"], ["decay", "decay"]]
    assert lrvec.compare(a, 3.0 * a).phases == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((FALL, 3.0), "b must be a schedule or another callable from a step to a rate, received 3.0"),
        ((lrvec.constant(lr=[1.0, 2.0]), FALL), "a must be one schedule, such as a row of a sweep, received <Sweep"),
        ((FALL, lrvec.exponential(base_lr=1.0, gamma=0.5)), "steps must be given where a curve has no end, received none for b = expo"),
        ((FALL, math.sqrt), "steps must be given where a curve has no end, received none for b = <built-in"),
        ((FALL, OTHER, range(3, 3)), "steps must hold at least one step, received none"),
        ((FALL, OTHER, [3, -1]), "step at index 1 must be a non-negative integer, received -1"),
    ],
)
def test_what_cannot_be_compared_is_refused(arguments: Any, message: str) -> None:
    with pytest.raises((TypeError, ValueError)) as refusal:
        lrvec.compare(*arguments)
    assert str(refusal.value).startswith(message)


# ---- the command line ----


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    rows = lrvec.constant(lr=[1.0, 2.0]).to_dict()
    texts = {"a": json.dumps(FALL.to_dict()), "b": json.dumps(OTHER.to_dict()), "rows": json.dumps(rows), "none": "{"}
    texts["kind"] = '{"kind": "nothing", "params": {}}'
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    return {name: str(tmp_path / name) for name in [*texts, "missing"]}


def test_files_are_compared(files: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["compare", files["a"], files["b"]]) == 1
    assert capsys.readouterr() == (f"{lrvec.compare(FALL, OTHER)}\n", "")
    assert run(["compare", files["a"], files["b"], "--steps", "20"]) == 0
    assert capsys.readouterr() == ("differing  0 of 20 steps\n", "")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("a missing", "{missing} must be a file of text that can be read: No such file or directory"),
        ("none a", "{none} must hold JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
        ("rows a", "{rows}: it must describe one schedule, received <Sweep of shape (2,): constant("),
        ("a kind", "{kind}: kind must be one of"),
        ("a b --steps 0", "--steps must be a positive integer, received 0"),
    ],
)
def test_files_that_hold_no_schedule_are_refused(
    words: str, message: str, files: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["compare", *(files.get(word, word) for word in words.split())]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(f"lrvec: {message.format(**files)}")
