"""These tests are about `lrvec sweep`: what its flags take, the table, the matrix in a file, and what it refuses."""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from itertools import product
from pathlib import Path

import numpy
import pytest
import test_cli
from cases import SOME
from each import each, of_kind
from record import KINDS, Case
from test_cli import ENDLESS, Lines, command, flags_of

import lrvec
from lrvec import cli
from lrvec._evaluate import sizes
from lrvec.cli import run, sweep
from lrvec.cli.sweep import SUMMARY, values
from lrvec.cli.texts import whole

every_line, refusal, _one_parser = test_cli.lines, test_cli.refusal, test_cli._one_parser

FALL = ["sweep", "linear", "--end-lr", "0", "--total-steps", "4", "--steps", "5"]
CALLED = [case for case in SOME if KINDS[case.kind].command in cli.commands()]
FIRST = {case.kind: case for case in reversed(CALLED)}
NUMERIC = [
    (kind, name)
    for kind, case in sorted(FIRST.items())
    for name, value in case.params.items()
    if isinstance(value, (int, float))
]
LARGEST = sys.float_info.max
EACH = (
    "must be a number, numbers with commas between them, or start:stop:count[:log] with finite ends, positive for log, "
    "and a count from 2 to 1048576, received "
)


TOLD = r"([\d,]+) values, ([\d,]+) rows? of ([\d,]+) steps?, summed up in [\d.e+-]+ ms(?:; sorted by (\S+), largest first)?"


@pytest.fixture
def lines(every_line: Lines) -> Lines:
    """The lines of the table that a successful run prints, after a look at the line behind the table."""

    def run_and_read(*argv: str) -> list[str]:
        shown = every_line(*argv)
        if argv[0] == "sweep":
            assert re.fullmatch(TOLD, shown.pop())
        return shown

    return run_and_read


def row_of(schedule: Callable[..., object], count: int) -> list[str]:
    summary = lrvec.summarize(schedule, range(count))
    return [f"{getattr(summary, name):.8g}" for name in SUMMARY]


def table(shown: list[str]) -> tuple[list[str], list[list[str]], list[str]]:
    """The headings, the numbers and the sparklines, after a look at how they are aligned."""
    heading, *rows = shown
    width = heading.index("sparkline")
    assert {len(row) for row in rows} == {width + sweep.COLUMNS}
    names = heading.split()
    ends = [heading[:width].index(f" {name} ") + len(name) + 1 for name in names[1:-1]]
    assert all(row[end - 1] != " " == row[end] == row[end + 1] for row in rows for end in ends)
    return names, [row[:width].split() for row in rows], [row[width:] for row in rows]


# ---- flags ----


@pytest.mark.parametrize("name", cli.commands())
def test_each_kind_has_the_flags_of_its_own_command(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    parameters = []
    for argv in ([name], ["sweep", name]):
        with pytest.raises(SystemExit) as ended:
            run([*argv, "--help"])
        assert ended.value.code == 0
        shown = capsys.readouterr().out
        options = shown[shown.index("\nparameters:") : shown.index("\noutput:")]
        parameters.append([word for word in options.split() if word.startswith("--")])
    assert parameters[0] == parameters[1] != []


@pytest.mark.usefixtures("_one_parser")
@each(CALLED, of_kind)
def test_one_value_for_each_flag_is_one_row(case: Case, lines: Lines) -> None:
    headings, rows, sparklines = table(lines("sweep", *flags_of(case), "--steps=9"))
    assert headings == [*SUMMARY, "sparkline"]
    assert rows == [row_of(case.make(), 9)]
    (bars,) = lines(*flags_of(case), "--steps=9", "--sparkline")
    assert sparklines == ["".join(bars[8 * column // 31] for column in range(32))]


@pytest.mark.usefixtures("_one_parser")
@each(NUMERIC, lambda one: one[0])
def test_each_flag_of_a_number_takes_several(one: tuple[str, str], lines: Lines) -> None:
    kind, name = one
    case = FIRST[kind]
    flag = "--" + name.replace("_", "-")
    argv = [word for word in flags_of(case) if not word.startswith(flag + "=")]
    value = case.params[name]
    headings, rows, sparklines = table(lines("sweep", *argv, f"{flag}={value},{value}", "--steps=9"))
    assert headings == [flag[2:], *SUMMARY, "sparkline"]
    shown = f"{value:.8g}" if KINDS[kind].parameters[name].role.reads is float else str(value)
    assert rows == [[shown, *row_of(case.make(), 9)]] * 2
    assert sparklines[0] == sparklines[1]


@pytest.mark.parametrize(
    ("read", "text", "expected"),
    [
        (float, "3e-4", 3e-4),
        (float, "1e-4,3e-4,-1", (1e-4, 3e-4, -1.0)),
        (float, "nan", None),
        (float, "0:1:5", (0.0, 0.25, 0.5, 0.75, 1.0)),
        (float, "3:-1:3", (3.0, 1.0, -1.0)),
        (float, "0.1:0.3:2", (0.1, 0.3)),
        (float, "1e-5:1e-2:4:log", tuple(numpy.geomspace(1e-5, 1e-2, 4).tolist())),
        (float, "5e-324:1.7e308:2:log", (5e-324, 1.7e308)),
        (float, "-1.5e308:1.5e308:4", (-1.5e308, -0.5e308, 0.5e308, 1.5e308)),
        (float, f"{LARGEST}:-{LARGEST}:3", (LARGEST, 0.0, -LARGEST)),
        (whole, "7", 7),
        (whole, "7,8", (7, 8)),
        (whole, "1:10:4", (1, 4, 7, 10)),
        (whole, "1:4:3", (1, 2, 4)),
        (whole, "10:1000:3:log", (10, 100, 1000)),
        (whole, "1:8:3:log", (1, 3, 8)),
        (whole, "1e3:1_000_000:2e0:log", (1000, 1_000_000)),
        (whole, "1e3,1.5e3", (1000, 1500)),
        (whole, f"{2**53 - 3}:{2**53 - 1}:3", (2**53 - 3, 2**53 - 2, 2**53 - 1)),
    ],
)
def test_values_of_a_flag(read: Callable[[str], object], text: str, expected: object) -> None:
    found = values(read)(text)
    if expected is None:
        assert found != found
        return
    assert found == expected
    listed = found if isinstance(found, tuple) else [found]
    assert {type(value) for value in listed} == {int if read is whole else float}


def test_lists_stay_lists(lines: Lines) -> None:
    stairs = ["sweep", "multi-step", "--milestones", "1,2", "--base-lr", "4,8", "--gamma", "0.5", "--steps", "3"]
    headings, rows, _ = table(lines(*stairs))
    assert headings[0] == "base-lr"
    assert [row[:3] for row in rows] == [["4", "4", "1"], ["8", "8", "2"]]


# ---- the table ----


def test_the_first_flag_of_several_values_changes_slowest(lines: Lines) -> None:
    words = "--warmup-steps 2,4 --base-lr 4:8:2 --end-lr 0 --total-steps 4 --start-lr 0 --steps 5"
    headings, rows, sparklines = table(lines("sweep", "linear", *words.split()))
    assert headings == ["warmup-steps", "base-lr", *SUMMARY, "sparkline"]
    for (warmup_steps, base_lr), row, sparkline in zip(product((2, 4), (4, 8)), rows, sparklines, strict=True):
        line = lrvec.linear(base_lr=base_lr, end_lr=0, total_steps=4)
        schedule = lrvec.with_warmup(line, warmup_steps=warmup_steps, start_lr=0)
        assert row == [str(warmup_steps), str(base_lr), *row_of(schedule, 5)]
        heights = [int(schedule(4 * column // 31) / base_lr * 9) for column in range(32)]
        assert sparkline == "".join(" .:-=+*#%@"[height] for height in heights)


def test_a_table_to_the_letter(lines: Lines) -> None:
    assert lines(*FALL, "--base-lr", "1,-12.5", "--total-steps", "8") == [
        "base-lr  first   last    min    max    mean  sparkline",
        "      1      1    0.5    0.5      1    0.75  @@@@@@@@********========::::::: ",
        "  -12.5  -12.5  -6.25  -12.5  -6.25  -9.375          ::::::::========*******@",
    ]


def test_the_warmup_gives_way_to_the_kind_s_own_flags(lines: Lines) -> None:
    words = "--base-lr 1 --warmup-steps 2,4 --with-start-lr 0,1 --with-warmup-steps 3 --steps 9"
    headings, rows, _ = table(lines("sweep", "inverse-sqrt", *words.split()))
    assert headings[:2] == ["warmup-steps", "with-start-lr"]
    expected = [
        lrvec.with_warmup(lrvec.inverse_sqrt(base_lr=1, warmup_steps=own), warmup_steps=3, start_lr=start)
        for own, start in product((2, 4), (0, 1))
    ]
    assert [row[2:] for row in rows] == [row_of(schedule, 9) for schedule in expected]


def test_rows_are_drawn_in_parts(lines: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    argv = ["sweep", "linear", "--end-lr", "0,1", "--base-lr", "1,2,3", "--total-steps", "4", "--steps", "40"]
    whole = lines(*argv)
    monkeypatch.setattr(sizes, "DRAWN_ROWS", 4)
    assert lines(*argv) == whole
    assert len(whole) == 7


@pytest.mark.parametrize(
    ("words", "order"),
    [
        ("", "1221"),
        ("--sort-by base-lr", "2211"),
        ("--sort-by mean --top 3", "221"),
        ("--sort-by last", "1221"),
        ("--top 3", "122"),
        ("--top 99", "1221"),
    ],
)
def test_order_and_top(words: str, order: str, lines: Lines) -> None:
    _, rows, _ = table(lines(*FALL, "--base-lr", "1,2,2,1", *words.split()))
    assert [row[0] for row in rows] == list(order)


def test_what_is_told_behind_the_table(every_line: Lines) -> None:
    stop = 10**12 if lrvec.engine != "python" else 2000
    words = f"cosine --base-lr 1,2,3 --min-lr 0 --total-steps 1e9,1e3 --steps 1000:{stop} --sort-by mean --top 2"
    *shown, told = every_line("sweep", *words.split())
    assert [row[:2] for row in table(shown)[1]] == [["3", "1000000000"], ["2", "1000000000"]]
    assert re.fullmatch(TOLD, told).groups() == (f"{6 * (stop - 1000):,}", "6", f"{stop - 1000:,}", "mean")


def test_steps_from_a_start_on(every_line: Lines, tmp_path: Path) -> None:
    words = ["sweep", "linear", "--base-lr", "8,4", "--end-lr", "0", "--total-steps", "8", "--steps", "2:7"]
    _, rows, sparklines = table(every_line(*words, "--out", str(tmp_path / "rates.npy"))[:-1])
    assert [row[1:] for row in rows] == [["6", "2", "2", "6", "4"], ["3", "1", "1", "3", "2"]]
    assert sparklines[0] == sparklines[1] == "@" * 8 + "*" * 8 + "=" * 8 + "::::::: "
    assert numpy.load(tmp_path / "rates.npy").tolist() == [[6.0, 5.0, 4.0, 3.0, 2.0], [3.0, 2.5, 2.0, 1.5, 1.0]]


def test_equal_rows_keep_the_order_of_the_grid(lines: Lines) -> None:
    _, rows, _ = table(lines(*FALL, "--base-lr", "1,2", "--total-steps", "4,8", "--sort-by", "first"))
    assert [row[:2] for row in rows] == [["4", "2"], ["8", "2"], ["4", "1"], ["8", "1"]]


def test_infinite_rates(lines: Lines) -> None:
    words = "exponential --base-lr 1 --gamma=1,-1e200,1e200 --steps 4 --sort-by mean"
    _, rows, sparklines = table(lines("sweep", *words.split()))
    assert [(row[0], row[-1]) for row in rows] == [("1e+200", "inf"), ("1", "1"), ("-1e+200", "nan")]
    assert [set(sparkline) for sparkline in sparklines] == [{" ", "@"}, {" "}, {"=", "@", " "}]


# ---- the matrix ----

SWEPT = ["sweep", "cosine", "--min-lr", "0", "--total-steps", "7,90", "--base-lr", "1:3:3", "--steps", "101"]


def matrix() -> numpy.ndarray:
    schedules = [lrvec.cosine(base_lr=base_lr, min_lr=0, total_steps=n) for n in (7, 90) for base_lr in (1, 2, 3)]
    return numpy.array([schedule(range(101)) for schedule in schedules])


@pytest.mark.parametrize("size", [8, 808, 2000, 1 << 24])
@pytest.mark.parametrize("workers", [[], ["--workers", "1"], ["--workers", "2"]])
def test_out(size: int, workers: list[str], tmp_path: Path, lines: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sizes, "MATRIX_BYTES", size)
    path = tmp_path / "rates.npy"
    assert lines(*SWEPT, *workers, "--out", str(path)) == lines(*SWEPT)
    numpy.save(tmp_path / "expected.npy", matrix())
    assert path.read_bytes() == (tmp_path / "expected.npy").read_bytes()


def test_out_has_the_rows_of_the_table(tmp_path: Path, lines: Lines) -> None:
    path = tmp_path / "rates.npy"
    _, rows, _ = table(lines(*SWEPT, "--sort-by", "mean", "--top", "4", "--out", str(path)))
    saved = numpy.load(path)
    assert [row[:2] for row in rows] == [["90", "3"], ["90", "2"], ["90", "1"], ["7", "3"]]
    assert saved.tolist() == matrix()[[5, 4, 3, 2]].tolist()


def test_out_of_one_row(tmp_path: Path, lines: Lines) -> None:
    lines(*FALL, "--base-lr", "1", "--out", str(tmp_path / "rates.npy"))
    assert numpy.load(tmp_path / "rates.npy").tolist() == [[1.0, 0.75, 0.5, 0.25, 0.0]]


def test_workers_are_passed_on(lines: Lines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    for name in ("summarize", "blocks"):
        function = getattr(lrvec, name)

        def spy(*arguments: object, workers: int | None, function: Callable[..., object] = function) -> object:
            asked.append((function.__name__, workers))
            return function(*arguments, workers=workers)

        monkeypatch.setattr(sweep, name, spy)
    lines(*SWEPT, "--workers", "2", "--out", str(tmp_path / "rates.npy"))
    assert asked == [("summarize", 2), ("blocks", 2)]


def test_a_file_is_replaced_only_by_force(tmp_path: Path, lines: Lines, refusal: Callable[..., str]) -> None:
    path = tmp_path / "rates.npy"
    path.write_text("kept")
    message = f"--out must be a new file, unless --force is given, received {str(path)!r}, which exists"
    assert refusal(*SWEPT, "--out", str(path)) == message
    assert path.read_text() == "kept"
    lines(*SWEPT, "--out", str(path), "--force")
    assert numpy.load(path).shape == (6, 101)


def test_a_file_that_appears_during_the_run_is_kept(
    tmp_path: Path, refusal: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "rates.npy"

    def blocks(*arguments: object, **options: object) -> object:
        path.write_text("theirs")
        return iter(())

    monkeypatch.setattr(sweep, "blocks", blocks)
    message = f"--out must be a new file, unless --force is given, received {str(path)!r}, which exists"
    assert refusal(*SWEPT, "--out", str(path)) == message
    assert path.read_text() == "theirs"
    assert os.listdir(tmp_path) == ["rates.npy"]


def test_a_failed_run_leaves_everything_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object, **options: object) -> object:
        assert len(os.listdir(tmp_path)) == 2
        raise KeyboardInterrupt

    monkeypatch.setattr(sweep, "blocks", fail)
    path = tmp_path / "rates.npy"
    path.write_text("kept")
    with pytest.raises(KeyboardInterrupt):
        run([*SWEPT, "--out", str(path), "--force"])
    assert os.listdir(tmp_path) == ["rates.npy"]
    assert path.read_text() == "kept"


def test_a_full_disk_leaves_everything_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "rates.npy"
    path.write_text("kept")
    ended = subprocess.run(
        command(*FALL, "--base-lr", "1:2:99", "--steps", "9999", "--out", str(path), "--force"),
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)),
    )
    message = f"lrvec: --out must be a file that can be written, received {str(path)!r}: File too large\n"
    assert (ended.returncode, ended.stdout, ended.stderr) == (2, "", message)
    assert os.listdir(tmp_path) == ["rates.npy"]
    assert path.read_text() == "kept"


def test_memory_does_not_grow_with_the_matrix(tmp_path: Path, lines: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sizes, "MATRIX_BYTES", 1 << 16)
    path = tmp_path / "rates.npy"
    argv = [*FALL, "--base-lr", "1:2:64", "--steps", str(1 << 12), "--out", str(path), "--force"]
    lines(*argv)  # what is imported and cached once
    tracemalloc.start()
    lines(*argv)
    used = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert path.stat().st_size == 128 + (2 << 20)
    assert used < 1 << 20


# ---- refusals ----

COSINE = "cosine --base-lr 1 --min-lr 0 --total-steps 9 --steps 3"
REFUSALS = [
    (COSINE + " --base-lr nan", "--base-lr must be a finite number, received nan"),
    (COSINE + " --base-lr 1,2,nan", "--base-lr at index 2 must be a finite number, received nan"),
    (COSINE + " --base-lr 1,2,inf --min-lr 0,1", "--base-lr at index 2 must be a finite number, received inf"),
    (COSINE + " --min-lr 0,1 --total-steps 5,6,0", "--total-steps at index 2 must be a positive integer, received 0"),
    (
        COSINE + f" --total-steps 1:{2**53 + 1}:3",
        f"--total-steps at index 2 must be at most 2**53 = {2**53}, received {2**53 + 1}",
    ),
    (
        COSINE + " --min-lr 0,1 --warmup-steps 4,0 --start-lr 0",
        "--warmup-steps at index 1 must be a positive integer, received 0",
    ),
    (
        COSINE + " --warmup-steps 4,5",
        "--warmup-steps and --start-lr must be given together, received only --warmup-steps",
    ),
    (
        "wsd --base-lr 1 --warmup-steps 1,5 --decay-steps 1,5 --total-steps 8 --final-lr 0 --warmup-start 0"
        " --decay-shape linear --steps 9",
        "--warmup-steps + --decay-steps at index (1, 1) must not exceed --total-steps, received 10",
    ),
    (
        "one-cycle --max-lr 1 --total-steps 9 --pct-start 0.5,1 --initial-div 2 --final-div 2,3 --steps 1",
        "--pct-start at index 1 must satisfy 0 < --pct-start < 1, received 1.0",
    ),
    (
        "step --base-lr 1,2 --step-size 2 --steps 1",
        "exactly one of --drop and --gamma must be given, received neither",
    ),
    (COSINE + " --steps 0", "--steps must be a positive integer, received 0"),
    (COSINE + " --top 0", "--top must be a positive integer, received 0"),
    (COSINE + " --workers 0", "--workers must be a positive integer, received 0"),
    (
        COSINE + " --min-lr 0,1 --sort-by base-lr",
        "--sort-by must be one of ('min-lr', 'first', 'last', 'min', 'max', 'mean'), received 'base-lr'",
    ),
    (COSINE + " --out rates.csv", "--out must end in .npy, received 'rates.csv'"),
    (
        COSINE + " --base-lr 1:2:1048576 --min-lr 0,1",
        "--base-lr and --min-lr must span at most 1048576 rows, received 2097152",
    ),
    (COSINE + " --steps 5:5", "START of --steps must be less than STOP, received 5 and 5"),
    (COSINE + f" --min-lr 0,1 --steps {ENDLESS} --out a.npy", f"--steps must be at most {2**43} for 2 rows, received {ENDLESS}"),
]


@pytest.mark.parametrize(("words", "message"), REFUSALS)
def test_refusals_name_the_flag(
    words: str, message: str, refusal: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "summarize", None)  # nothing is evaluated
    assert refusal("sweep", *words.split()) == message


@pytest.mark.parametrize("name", ["missing/rates.npy", "directory.npy"])
def test_places_that_will_not_do(name: str, tmp_path: Path, refusal: Callable[..., str]) -> None:
    (tmp_path / "directory.npy").mkdir()
    path = str(tmp_path / name)
    message = {
        "missing/rates.npy": f"--out must be a file that can be written, received {path!r}: No such file or directory",
        "directory.npy": f"--out must be a regular file, received {path!r}",
    }
    assert refusal(*SWEPT, "--force", "--out", path) == message[name]
    assert os.listdir(tmp_path) == ["directory.npy"]


@pytest.mark.parametrize("flag", ["--base-lr", "--total-steps"])
@pytest.mark.parametrize(
    "text",
    [
        *("", "one", "1,", "1,,2", "1,x", "1:2", "1:2:", "1:2:1", "1:2:1048577", "1:2:2.5", "1:2:3:lin", "1:2:3:log:4"),
        *("0:1:3:log", "-1:1:3:log", "nan:1:3", "1:inf:3", "1e999:1:3", "1:2:3,4", f"1:{10**400}:3"),
    ],
)
def test_values_that_cannot_be_read(flag: str, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(["sweep", *COSINE.split(), f"{flag}={text}"])
    assert ended.value.code == 2
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", f"lrvec sweep cosine: argument {flag}: {EACH}{text!r}\n")


def test_a_kind_is_required(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(["sweep"])
    assert ended.value.code == 2
    assert capsys.readouterr().err == "lrvec sweep: the following arguments are required: schedule\n"
