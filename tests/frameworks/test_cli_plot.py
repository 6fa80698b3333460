"""These tests read what `--plot` draws in the terminal, and the files that it writes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image

import lrvec
from lrvec.cli import run

Lines = Callable[..., list[str]]
STAIRS = ["step", "--base-lr", "1", "--drop", "0.5", "--step-size", "10", "--steps", "40"]
WARM = ["cosine", "--base-lr", "8e-5", "--min-lr", "8e-7", "--total-steps", "1192000", "--warmup-steps", "8000", "--start-lr", "0"]


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Lines:
    monkeypatch.setenv("COLUMNS", "80")

    def run_and_read(*argv: str) -> list[str]:
        assert run(list(argv)) == 0
        return capsys.readouterr().out.splitlines()

    return run_and_read


def dots(picture: list[str]) -> list[list[bool]]:
    """The dots of a picture in braille: four rows a line, the upper one first."""
    rows: list[list[bool]] = []
    for line in picture:
        codes = [ord(letter) - 0x2800 for letter in re.split("[│┤]", line)[1]]
        pairs = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
        rows += [[bool(code & bit) for code in codes for bit in pair] for pair in pairs]
    return rows


def test_a_schedule(lines: Lines) -> None:
    *picture, axis, ticks, phases = lines(*STAIRS, "--plot", "--width", "46", "--height", "9")
    assert [line[:5] for line in picture] == ["  1 ┤", *["    │"] * 4, "0.5 ┤", *["    │"] * 3]
    assert axis == "    └┬────────────────────┬───────────────────"
    assert ticks == "     0                   20"
    assert phases == "decay from 0"
    seen = dots(picture)
    assert (len(seen), len(seen[0])) == (36, 82)
    heights = {step: [row for row in range(36) if seen[row][round(step / 39 * 81)]] for step in range(40)}
    for step, rate in ((2, 1.0), (15, 0.5), (25, 0.25), (35, 0.125)):
        assert heights[step] == [round((1.0 - rate) / 0.875 * 35)]


def test_widths_and_heights(lines: Lines) -> None:
    drawn = lines(*STAIRS, "--plot")
    assert len(drawn) == 15 + 3
    assert {len(line) for line in drawn[:-2]} == {80}
    drawn = lines(*STAIRS, "--plot", "--width", "20", "--height", "2")
    assert len(drawn) == 2 + 3
    assert max(map(len, drawn)) == 20


def test_logarithms(lines: Lines) -> None:
    *picture, _, _, phases = lines(*WARM, "--steps", "1200001", "--plot", "--log", "--height", "21")
    labels = [line.split("┤")[0].strip() for line in picture if "┤" in line]
    assert labels == ["1e-5", "1e-6", "1e-7", "1e-8"]
    assert phases == "warmup from 0, decay from 8,000"


def test_a_curve_with_too_many_turns_is_filled(lines: Lines) -> None:
    picture = lines("triangular", "--min-lr", "0", "--max-lr", "1", "--step-size", "9", "--steps", str(10**12), "--plot")[:15]
    assert all(map(all, dots(picture)))


def test_a_sweep_stands_below_its_table(lines: Lines) -> None:
    drawn = lines("sweep", *WARM[:2], "1e-5,1e-4,1e-3", *WARM[3:], "--steps", "1200001", "--plot", "--top", "2", "--sort-by", "base-lr")
    assert [line.split()[0] for line in drawn[:3]] == ["base-lr", "0.001", "0.0001"]
    assert drawn[-3:] == ["base_lr", "⠤⠤ 0.001", "⠤⠤ 0.0001"]
    assert drawn[3].startswith("3,600,003 values, ")
    first = next(row for row in dots(drawn[4:19]) if any(row))
    assert first.index(True) <= 2


def test_large_steps_are_written_with_letters(lines: Lines) -> None:
    for steps, wanted in (("1000000000001", ["0", "500B", "1T"]), ("1000000000000:1000000000101", ["1T", "1.00000000005T", "1.0000000001T"])):
        drawn = lines(*WARM, "--steps", steps, "--plot", "--width", "60")
        assert drawn[16].split() == wanted


def test_colours_are_for_terminals(lines: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    argv = ["sweep", *WARM[:2], "1e-5,1e-4", *WARM[3:], "--steps", "100", "--plot"]
    assert "\x1b" not in "".join(lines(*argv))
    monkeypatch.setenv("FORCE_COLOR", "1")
    drawn = "".join(lines(*argv))
    assert "\x1b[38;5;33m" in drawn
    assert "\x1b[38;5;208m" in drawn


@pytest.mark.parametrize("argv", [[*WARM, "--log"], ["sweep", *WARM[:2], "1e-5,1e-4,1e-3", *WARM[3:]]])
def test_files(argv: list[str], lines: Lines, tmp_path: Path) -> None:
    for name in ("picture.svg", "picture.png"):
        lines(*argv, "--steps", "1200001", "--plot", str(tmp_path / name))
    root = ElementTree.parse(tmp_path / "picture.svg").getroot()
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    with Image.open(tmp_path / "picture.png") as image:
        assert image.size == (1080, 525)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["picture.png", "picture.svg"]


def test_a_file_is_replaced_by_force_only(lines: Lines, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes(b"mine")
    assert run([*STAIRS, "--plot", str(path)]) == 2
    message = f"lrvec: --plot must be a new file, unless --force is given, received {str(path)!r}, which exists\n"
    assert capsys.readouterr().err == message
    assert path.read_bytes() == b"mine"
    lines(*STAIRS, "--plot", str(path), "--force")
    assert path.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("argv", "lowest", "highest"),
    [
        (["linear", "--base-lr=-1.7e308", "--end-lr", "1.7e308", "--total-steps", "9"], "-1e308", "1e308"),
        (["constant", "--lr", "0.1"], "0.1", "0.1"),
        (["linear", "--base-lr", "0", "--end-lr", "5e-324", "--total-steps", "9"], "0", "4.941e-324"),
    ],
)
def test_rates_of_any_size(argv: list[str], lowest: str, highest: str, lines: Lines) -> None:
    labels = [line.split("┤")[0].strip() for line in lines(*argv, "--steps", "10", "--plot")[:15] if "┤" in line]
    assert (labels[0], labels[-1]) == (highest, lowest)


def test_rates_that_cannot_be_drawn(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["constant", "--lr", "0", "--steps", "9", "--plot", "--log"]) == 2
    assert capsys.readouterr().err == "lrvec: the rates must be positive somewhere with --log, received none that is\n"


def test_the_phases_are_those_of_the_schedule(tmp_path: Path, lines: Lines) -> None:
    wsd = lrvec.warmup_stable_decay(
        base_lr=1.0, warmup_steps=10, decay_steps=20, total_steps=100, final_lr=0.0, warmup_start=0.0, decay_shape="linear"
    )
    waves = lrvec.triangular(min_lr=0.0, max_lr=1.0, step_size=5)
    for schedule, steps, named in (
        (wsd, "121", "warmup from 0, hold from 10, decay from 80, hold from 100"),
        (wsd, "101", "warmup from 0, hold from 10, decay from 80"),
        (wsd, "50:91", "hold from 50, decay from 80"),
        (lrvec.strided(wsd, stride=7), "20", "warmup from 0, hold from 2, decay from 12, hold from 15"),
        (lrvec.constant(lr=1.0), "1", "hold from 0"),
        (waves, "3:25", "cycle 1 from 3, cycle 2 from 10, cycle 3 from 20"),
        (waves, "95", "cycle 1 from 0, cycle 2 from 10, cycle 3 from 20, cycle 4 from 30, cycle 5 from 40, cycle 6 from 50, cycle 7 from 60, cycle 8 from 70, and 2 more"),
    ):
        (tmp_path / "schedule.json").write_text(json.dumps(schedule.to_dict()))
        assert lines("eval", str(tmp_path / "schedule.json"), "--steps", steps, "--plot", "--width", "200")[-1] == named
