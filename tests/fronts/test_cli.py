"""These tests are about the command line: what it prints, what it saves, what it refuses, and how it ends."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import functools
import io
import json
import math
import os
import resource
import signal
import stat
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import lrsched.cli
import lrsched.compose
import lrsched.schedules
import numpy
import pytest
from cases import CASES, SOME
from each import each, of_kind
from record import KINDS, Case

import lrvec
from lrvec import cli
from lrvec._evaluate import sizes
from lrvec.cli import curve, run

Lines = Callable[..., list[str]]

RISE = ["linear", "--base-lr", "0", "--end-lr", "1", "--total-steps", "8"]
RISE_VALUES = [0.0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1.0, 1.0]
ENDLESS = str(2**53)


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Lines:
    """The lines that a successful run prints."""

    def run_and_read(*argv: str) -> list[str]:
        assert run(list(argv)) == 0
        printed = capsys.readouterr()
        assert printed.err == ""
        assert printed.out == "" or printed.out.endswith("\n")
        return printed.out.split("\n")[:-1]

    return run_and_read


@pytest.fixture
def refusal(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """The one line that a refused run prints."""

    def run_and_read(*argv: str) -> str:
        assert run(list(argv)) == 2
        printed = capsys.readouterr()
        assert printed.out == ""
        assert printed.err.startswith("lrvec: ")
        assert printed.err.index("\n") == len(printed.err) - 1
        return printed.err.removeprefix("lrvec: ").removesuffix("\n")

    return run_and_read


@pytest.fixture
def _one_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    """The runs of a test that name the same command share one parser: making it takes longer than everything else."""
    monkeypatch.setattr(cli, "_parser", functools.cache(cli._parser))


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sizes, "BLOCK", 4)


def command(*argv: str) -> list[str]:
    return [sys.executable, "-m", "lrvec", *argv]


def listed(values: list[float]) -> list[str]:
    return [f"{step}\t{value:.8g}" for step, value in enumerate(values)]


def flags_of(case: Case) -> list[str]:
    """The command line that makes a case's schedule."""
    return [
        KINDS[case.kind].command,
        *(flag_of(name.replace("_", "-"), value) for name, value in case.params.items()),
    ]


def flag_of(name: str, value: object) -> str:
    if isinstance(value, bool):
        return f"--{name}" if value else f"--no-{name}"
    return f"--{name}={text_of(value)}"


def text_of(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


# ---- commands and flags ----


def test_commands_are_all_kinds_but_those_made_of_schedules_and_of_knots() -> None:
    names = {kind.name for kind in cli.commands().values()}
    made_of_schedules = {kind.name for kind in KINDS.values() if kind.positional}
    assert made_of_schedules >= {"with_warmup", "sequential", "scale_by_group"}
    assert names == set(KINDS) - made_of_schedules - {"piecewise"}
    assert {"step", "one-cycle", "wsd", "cosine-restarts", "exp-range"} <= set(cli.commands())


def test_cases_cover_all_commands() -> None:
    assert {kind.name for kind in cli.commands().values()} <= {case.kind for case in CASES}


@pytest.mark.usefixtures("_one_parser")
@each([case for case in SOME if KINDS[case.kind].command in cli.commands()], of_kind)
def test_each_parameter_is_a_flag(case: Case, lines: Lines) -> None:
    assert lines(*flags_of(case), "--steps=9") == listed(case.make()(range(9)).tolist())


@pytest.mark.parametrize("name", cli.commands())
def test_help_has_the_docstring_and_the_flags(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run([name, "--help"])
    assert ended.value.code == 0
    printed = capsys.readouterr().out
    kind, warmup = cli.commands()[name], KINDS["with_warmup"].keywords
    prefix = "--with-" if set(kind.parameters) & set(warmup) else "--"
    assert all(f"{prefix}{parameter.replace('_', '-')} {parameter.upper()}" in printed for parameter in warmup)
    page = kind.factory.__doc__ or ""
    assert unwrapped(page.partition("\n")[0]) in unwrapped(printed)
    for name, parameter in kind.parameters.items():
        flag, value = name.replace("_", "-"), f"{{{','.join(parameter.choices)}}}" if parameter.choices else name.upper()
        shown = f"--{flag}, --no-{flag}" if parameter.role.name == "flag" else f"--{flag} {value}"
        assert unwrapped(f"{shown} {parameter.about}") in unwrapped(printed)
        assert unwrapped(f"{name} : {parameter.text} {parameter.about}").lower() in unwrapped(page).lower()


def unwrapped(text: str) -> str:
    return "".join(text.split())


def test_no_milestones_at_all(lines: Lines) -> None:
    flat = ["multi-step", "--base-lr", "0.5", "--milestones", "", "--gamma", "0.1", "--steps", "2"]
    assert lines(*flat) == ["0\t0.5", "1\t0.5"]


# ---- beside lrsched ----

LRSCHED = [
    "cosine --base-lr 1.0 --min-lr 0.0 --total-steps 10 --steps 12",
    "cosine --base-lr 8e-5 --min-lr 8e-7 --total-steps 97 --steps 150",
    "cosine --base-lr=-0.1 --min-lr 0.3 --total-steps 1 --steps 3",
    "linear --base-lr 0.1 --end-lr 0.001 --total-steps 7 --steps 20",
    "linear --base-lr 0 --end-lr 3e-4 --total-steps 64 --steps 65",
    "exponential --base-lr 0.1 --gamma 0.95 --steps 100",
    "exponential --base-lr 1 --gamma -0.5 --steps 20",
    "exponential --base-lr 3 --gamma 0 --steps 3",
    "step --base-lr 0.1 --drop 0.5 --step-size 3 --steps 30",
    "step --base-lr 1e-3 --drop 0.97 --step-size 10 --steps 99",
    "triangular --min-lr 0 --max-lr 1 --step-size 5 --steps 20",
    "triangular --min-lr 1e-5 --max-lr 6e-3 --step-size 16 --steps 100",
    "wsd --base-lr 1.0 --warmup-steps 10 --decay-steps 10 --total-steps 30 --final-lr 0.0 --warmup-start 0.0"
    " --decay-shape 1-sqrt --steps 40",
    "wsd --base-lr 3e-4 --warmup-steps 0 --decay-steps 20 --total-steps 50 --final-lr 1e-5 --warmup-start 1e-6"
    " --decay-shape linear --steps 60",
    "one-cycle --max-lr 1.0 --total-steps 100 --pct-start 0.3 --initial-div 25 --final-div 1000 --steps 100",
    "one-cycle --max-lr 0.01 --total-steps 33 --pct-start 0.5 --initial-div 10 --final-div 1e4 --steps 50",
]


@pytest.mark.parametrize("style", [[], ["--sparkline"]], ids=["lines", "sparkline"])
@pytest.mark.parametrize("words", LRSCHED)
def test_prints_what_lrsched_prints(words: str, style: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert lrsched.cli is not cli
    argv = [*words.split(), *style]
    assert lrsched.cli.run(argv) == 0
    theirs = capsys.readouterr().out
    assert run(argv) == 0
    assert capsys.readouterr().out == theirs


def test_stands_in_for_lrsched() -> None:
    program = "import lrvec; lrvec.install_as_lrsched(); import lrsched.cli, lrvec.cli; print(lrsched.cli is lrvec.cli)"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
    assert ended.stdout == "True\n"


# ---- lines and sparklines ----


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("count", [1, 3, 4, 5, 8, 10])
def test_lines_and_bars_go_on_from_block_to_block(count: int, lines: Lines) -> None:
    assert lines(*RISE, "--steps", str(count)) == listed(RISE_VALUES[:count])
    heights = [round(value * 8) * 9 // max(1, min(count - 1, 8)) for value in RISE_VALUES[:count]]
    assert lines(*RISE, "--steps", str(count), "--sparkline") == ["".join(" .:-=+*#%@"[height] for height in heights)]


def test_sparkline_of_a_flat_rate(lines: Lines) -> None:
    assert lines("constant", "--lr", "0.1", "--steps", "5", "--sparkline") == ["     "]


def test_sparkline_of_infinite_rates(lines: Lines) -> None:
    grows = ["exponential", "--base-lr", "1", "--gamma", "1e200", "--steps", "4", "--sparkline"]
    swings = ["exponential", "--base-lr", "1", "--gamma=-1e200", "--steps", "4", "--sparkline"]
    assert lines(*grows) == ["  @@"]
    assert lines(*swings) == ["==@ "]


def test_sparkline_of_rates_whose_difference_is_infinite(lines: Lines) -> None:
    flips = ["step", "--base-lr", "1.7e308", "--gamma", "-1", "--step-size", "2", "--steps", "5", "--sparkline"]
    assert lines(*flips) == ["@@  @"]


# ---- a warmup in front ----


def test_warmup_in_front_of_any_kind(lines: Lines) -> None:
    shown = lines(*RISE, "--warmup-steps", "2", "--start-lr", "-0.5", "--steps", "12")
    assert shown == listed([-0.5, -0.25, *RISE_VALUES])


@pytest.mark.parametrize(
    "words",
    [
        "inverse-sqrt --base-lr 1 --warmup-steps 4",
        "polynomial-decay --start-lr 1 --end-lr 0 --total-steps 8 --power 2",
        "wsd --base-lr 1 --warmup-steps 4 --decay-steps 2 --total-steps 8 --final-lr 0 --warmup-start 1"
        " --decay-shape linear",
    ],
)
def test_flags_of_the_warmup_give_way_to_the_kind_s_own(words: str, lines: Lines) -> None:
    alone = lines(*words.split(), "--steps", "10")
    warmed = lines(*words.split(), "--steps", "11", "--with-warmup-steps", "1", "--with-start-lr", "7")
    assert warmed == ["0\t7", *(f"{step + 1}\t{line.split()[1]}" for step, line in enumerate(alone))]


# ---- summaries ----

SUMMARY = """\
schedule   triangular(min_lr=0.25, max_lr=1.0, step_size=3)
steps      15
first      0.25
last       0.75
minimum    0.25 at step 0
maximum    1 at step 3
mean       0.6
engine     {engine}, {simd}
sparkline       ----*****@@@@*****----     ----*****@@@@*****----     ----*
"""


@pytest.mark.usefixtures("small_blocks")
def test_summary(lines: Lines) -> None:
    shown = lines("triangular", "--min-lr", "0.25", "--max-lr", "1", "--step-size", "3", "--steps", "15", "--summary")
    label, number, unit = shown.pop(7).split()
    assert (label, unit) == ("time", "ms")
    assert 0.0 <= float(number) < math.inf
    assert shown == SUMMARY.format(engine=lrvec.engine, simd=lrvec.simd).splitlines()


def summary(lines: Lines, *argv: str) -> dict[str, str]:
    return {line[:11].rstrip(): line[11:] for line in lines(*argv, "--summary")}


@pytest.mark.usefixtures("small_blocks")
def test_summary_names_the_first_of_equal_extremes(lines: Lines) -> None:
    waves = ["cosine-restarts", "--base-lr", "1", "--min-lr", "0", "--period", "5", "--t-mult", "1"]
    shown = summary(lines, *waves, "--steps", "20")
    assert shown["maximum"] == "1 at step 0"
    assert shown["minimum"] == f"{lrvec.cosine(base_lr=1.0, min_lr=0.0, total_steps=5)(4):.8g} at step 4"


@pytest.mark.usefixtures("small_blocks")
def test_summary_finds_extremes_in_later_blocks(lines: Lines) -> None:
    assert summary(lines, *RISE, "--steps", "10")["maximum"] == "1 at step 8"
    assert summary(lines, *RISE, "--base-lr", "2", "--steps", "10")["minimum"] == "1 at step 8"


def test_summary_of_one_step(lines: Lines) -> None:
    shown = summary(lines, *RISE, "--steps", "1")
    assert (shown["steps"], shown["first"], shown["last"], shown["mean"]) == ("1", "0", "0", "0")
    assert shown["sparkline"] == " " * 64


def test_summary_of_a_training_schedule(lines: Lines) -> None:
    words = "cosine --base-lr 8e-5 --min-lr 8e-7 --total-steps 11920 --warmup-steps 80 --start-lr 0 --steps 12001"
    shown = summary(lines, *words.split())
    cosine = lrsched.schedules.cosine(base_lr=8e-5, min_lr=8e-7, total_steps=11920)
    peer = lrsched.compose.with_warmup(cosine, warmup_steps=80, start_lr=0.0)
    assert shown["schedule"] == (
        "with_warmup(cosine(base_lr=8e-05, min_lr=8e-07, total_steps=11920), warmup_steps=80, start_lr=0.0)"
    )
    assert (shown["first"], shown["last"]) == ("0", "8e-07")
    assert (shown["minimum"], shown["maximum"]) == ("0 at step 0", "8e-05 at step 80")
    assert shown["mean"] == f"{math.fsum(map(peer, range(12001))) / 12001:.8g}"


@pytest.mark.parametrize(
    ("base_lr", "gamma", "mean"), [("1.7e308", "1", "1.7e+308"), ("1", "1e200", "inf"), ("1", "-1e200", "nan")]
)
def test_mean_of_huge_and_infinite_rates(base_lr: str, gamma: str, mean: str, lines: Lines) -> None:
    assert summary(lines, "exponential", "--base-lr", base_lr, f"--gamma={gamma}", "--steps", "99")["mean"] == mean


def test_the_time_is_that_of_the_summary_once_all_is_prepared(monkeypatch: pytest.MonkeyPatch, lines: Lines) -> None:
    clock, asked = 0.0, []

    def summarize(schedule: lrvec.Schedule, steps: range) -> lrvec.Summary:
        nonlocal clock
        clock += 0.5 if asked else 100.0
        asked.append(steps)
        return lrvec.summarize(schedule, steps)

    monkeypatch.setattr(curve, "perf_counter", lambda: clock)
    monkeypatch.setattr(curve, "summarize", summarize)
    assert summary(lines, *RISE, "--steps", "10")["time"] == "500 ms"
    assert asked == [range(1), range(10)]


# ---- questions ----


def test_steps_from_a_start_on(tmp_path: Path, lines: Lines) -> None:
    assert lines(*RISE, "--steps", "3:6") == ["3\t0.375", "4\t0.5", "5\t0.625"]
    assert lines(*RISE, "--steps", "3:6", "--sparkline") == [" =@"]
    shown = summary(lines, *RISE, "--steps", "3:1e1", "--out", str(tmp_path / "rates.csv"))
    assert (shown["steps"], shown["first"], shown["maximum"]) == ("3:10", "0.375", "1 at step 8")
    assert (tmp_path / "rates.csv").read_text().startswith("step,lr\n3,0.375\n")


def test_questions_for_few_steps(lines: Lines) -> None:
    assert lines(*RISE, "--at", "1e1,2_000,3") == ["10\t1", "2000\t1", "3\t0.375"]
    assert lines(*RISE, "--sum", "--steps", "0:4") == ["0.75"]
    fall = ["linear", "--base-lr", "1", "--end-lr", "0", "--total-steps", "1e15"]
    assert lines(*fall, "--first-below", "0.25") == ["750000000000001\t0.25"]
    assert lines(*fall, "--first-below", "0.25", "--steps", "8") == ["none"]
    assert lines(*fall, "--first-below", "1", "--steps", "7:9") == ["7\t1"]


def test_names_of_python_are_commands_too(lines: Lines, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("warmup_stable_decay", "warmup-stable-decay", "wsd"):
        words = "--base-lr 1 --warmup-steps 2 --decay-steps 2 --total-steps 6 --final-lr 0 --warmup-start 0"
        assert lines(name, *words.split(), "--decay-shape", "linear", "--at", "1,3,5") == ["1\t0.5", "3\t1", "5\t0.5"]
    listed = lines("list")
    described = {line.split("  ")[0].rstrip(): line for line in listed if line}
    for kind in KINDS.values():
        name = kind.command if kind.command in cli.commands() else kind.name
        assert described[name].endswith(f"  {kind.sentence}")
    assert len(described) == len(KINDS) + 1
    with pytest.raises(SystemExit) as ended:
        run(["--version"])
    assert (ended.value.code, capsys.readouterr().out) == (0, f"lrvec {lrvec.__version__}\n")


def test_a_schedule_from_a_file(tmp_path: Path, lines: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    schedule = lrvec.repeat(2.0 * lrvec.linear(base_lr=1.0, end_lr=0.0, total_steps=4), period=3)
    text = json.dumps(schedule.to_dict())
    (tmp_path / "curve.json").write_text(text)
    assert lines("eval", str(tmp_path / "curve.json"), "--steps", "4") == listed(schedule(range(4)).tolist())
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))
    assert lines("eval", "-", "--sum", "--steps", "1:4e0") == [repr(lrvec.integral(schedule, 1, 4))]


# ---- files ----


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("count", [1, 4, 10])
def test_npy(count: int, tmp_path: Path, lines: Lines) -> None:
    numpy.save(tmp_path / "theirs.npy", numpy.array(RISE_VALUES[:count]))
    assert lines(*RISE, "--steps", str(count), "--out", str(tmp_path / "ours.npy")) == []
    assert (tmp_path / "ours.npy").read_bytes() == (tmp_path / "theirs.npy").read_bytes()


@pytest.mark.usefixtures("small_blocks")
def test_csv(tmp_path: Path, lines: Lines) -> None:
    path = tmp_path / "rates.csv"
    assert lines("exponential", "--base-lr", "0.1", "--gamma", "0.7", "--steps", "9", "--out", str(path)) == []
    values = lrvec.exponential(base_lr=0.1, gamma=0.7)(range(9)).tolist()
    rows = [f"{step},{value!r}\n" for step, value in enumerate(values)]
    assert path.read_bytes().decode() == "".join(["step,lr\n", *rows])


def test_out_beside_a_sparkline_and_a_summary(tmp_path: Path, lines: Lines) -> None:
    assert lines(*RISE, "--steps", "9", "--sparkline", "--out", str(tmp_path / "a.npy")) == [" .:-=+*#@"]
    assert summary(lines, *RISE, "--steps", "9", "--out", str(tmp_path / "b.npy"))["mean"] == "0.5"
    assert numpy.load(tmp_path / "a.npy").tolist() == numpy.load(tmp_path / "b.npy").tolist() == RISE_VALUES[:9]


def test_a_file_is_replaced_only_by_force(tmp_path: Path, lines: Lines, refusal: Callable[..., str]) -> None:
    path = tmp_path / "rates.csv"
    path.write_text("kept")
    shown = refusal(*RISE, "--steps", "2", "--out", str(path))
    assert shown == f"--out must be a new file, unless --force is given, received {str(path)!r}, which exists"
    assert path.read_text() == "kept"
    assert lines(*RISE, "--steps", "2", "--out", str(path), "--force") == []
    assert path.read_text() == "step,lr\n0,0.0\n1,0.125\n"


def at_blocks(monkeypatch: pytest.MonkeyPatch, act: Callable[[range], object]) -> None:
    """Acts whenever a block of steps has been evaluated."""
    blocks = curve._blocks

    def watched(schedule: lrvec.Schedule, count: int) -> Iterator[curve.Block]:
        for block in blocks(schedule, count):
            act(block[0])
            yield block

    monkeypatch.setattr(curve, "_blocks", watched)


EXISTS = "--out must be a new file, unless --force is given, received {!r}, which exists"


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("name", ["rates.npy", "rates.csv"])
@pytest.mark.parametrize("links", [True, False])
def test_a_file_that_appears_during_the_run_is_kept(
    links: bool, name: str, tmp_path: Path, refusal: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / name
    at_blocks(monkeypatch, lambda steps: path.write_text("theirs"))
    if not links:
        monkeypatch.setattr(os, "link", fail_as(errno.EPERM))
    assert refusal(*RISE, "--steps", "10", "--out", str(path)) == EXISTS.format(str(path))
    assert path.read_text() == "theirs"
    assert os.listdir(tmp_path) == [name]


def fail_as(number: int) -> Callable[..., None]:
    def fail(*_: object, **options: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


def test_one_of_several_runs_at_once_succeeds(tmp_path: Path) -> None:
    """Whether the others find its file at their start or at their end."""
    path = tmp_path / "rates.csv"
    argv = command(*RISE, "--steps", "300000", "--out", str(path))
    runs = [subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(6)]
    printed = [process.communicate() for process in runs]
    assert sorted(process.returncode for process in runs) == [0, 2, 2, 2, 2, 2]
    assert sorted(printed) == [("", ""), *[("", f"lrvec: {EXISTS.format(str(path))}\n")] * 5]
    assert os.listdir(tmp_path) == ["rates.csv"]
    assert path.read_text().count("\n") == 300_001


def test_a_file_system_without_hard_links(tmp_path: Path, lines: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "link", fail_as(errno.EPERM))
    lines(*RISE, "--steps", "1", "--out", str(tmp_path / "rates.csv"))
    assert os.listdir(tmp_path) == ["rates.csv"]
    assert (tmp_path / "rates.csv").read_text() == "step,lr\n0,0.0\n"


@pytest.mark.parametrize("call", ["fsync", "replace"])
@pytest.mark.parametrize("force", [[], ["--force"]])
def test_nothing_is_written_if_the_last_call_fails(
    force: list[str], call: str, tmp_path: Path, refusal: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "rates.csv"
    if force:
        path.write_text("kept")
    monkeypatch.setattr(os, "link", fail_as(errno.EOPNOTSUPP))
    monkeypatch.setattr(os, call, fail_as(errno.ENOSPC))
    shown = refusal(*RISE, "--steps", "10", "--out", str(path), *force)
    assert shown == f"--out must be a file that can be written, received {str(path)!r}: No space left on device"
    assert [entry.read_text() for entry in tmp_path.iterdir()] == ["kept"] * len(force)


@pytest.mark.parametrize("force", [[], ["--force"]])
def test_what_is_written_is_on_the_disk(
    force: list[str], tmp_path: Path, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The content first, so that the name never leads to less; then the name."""
    path, synced, sync = tmp_path / "rates.csv", [], os.fsync

    def spy(descriptor: int) -> None:
        found = os.fstat(descriptor)
        synced.append((found.st_ino, found.st_size if stat.S_ISREG(found.st_mode) else None, path.exists()))
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", spy)
    lines(*RISE, "--steps", "9", "--out", str(path), *force)
    number, size = path.stat().st_ino, path.stat().st_size
    assert synced == [(number, size, False), (tmp_path.stat().st_ino, None, True)]


@pytest.mark.parametrize("number", [errno.EINVAL, errno.EIO])
def test_a_directory_that_cannot_be_synced(
    number: int, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some have no need of it, and say that the call is invalid."""
    sync = os.fsync

    def fsync(descriptor: int) -> None:
        (sync if stat.S_ISREG(os.fstat(descriptor).st_mode) else fail_as(number))(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    status = run([*RISE, "--steps", "1", "--out", str(tmp_path / "rates.csv")])
    assert (status, "Input/output error" in capsys.readouterr().err) == ((0, False), (2, True))[number == errno.EIO]


@pytest.fixture
def endless(tmp_path: Path) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Runs that are writing and do not end."""
    with contextlib.ExitStack() as ended:

        def start() -> subprocess.Popen[bytes]:
            before = set(tmp_path.iterdir())
            argv = command(*RISE, "--steps", ENDLESS, "--out", str(tmp_path / "endless.csv"))
            process = ended.enter_context(subprocess.Popen(argv))
            ended.callback(process.kill)
            while not any(entry.stat().st_size for entry in set(tmp_path.iterdir()) - before):
                assert process.poll() is None
                time.sleep(0.01)
            return process

        yield start


def test_what_a_killed_run_leaves_is_removed_by_the_next(
    tmp_path: Path, lines: Lines, endless: Callable[[], subprocess.Popen[bytes]]
) -> None:
    """But not what a run that lives is writing, nor what has another name."""
    for name in (".lrvec-0123456789abcdef.tmp.npy", ".lrvec-0123.tmp", "lrvec-0123456789abcdef.tmp"):
        (tmp_path / name).touch()
    others = set(tmp_path.iterdir())
    killed = endless()
    (left,) = set(tmp_path.iterdir()) - others
    live = endless()
    assert left.exists()
    killed.kill()
    killed.wait()
    (unfinished,) = set(tmp_path.iterdir()) - others - {left}
    lines(*RISE, "--steps", "1", "--out", str(tmp_path / "rates.csv"))
    assert set(tmp_path.iterdir()) == others | {unfinished, tmp_path / "rates.csv"}
    live.terminate()
    live.wait()
    assert set(tmp_path.iterdir()) == others | {tmp_path / "rates.csv"}


def test_an_unfinished_file_may_be_removed_before_it_is_locked(
    tmp_path: Path, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    removed, lock = [], fcntl.flock

    def flock(descriptor: int, how: int) -> None:
        if not removed:
            removed.extend(tmp_path.iterdir())
            removed[0].unlink()
        lock(descriptor, how)

    monkeypatch.setattr(fcntl, "flock", flock)
    lines(*RISE, "--steps", "1", "--out", str(tmp_path / "rates.csv"))
    assert len(removed) == 1
    assert [entry.name for entry in tmp_path.iterdir()] == ["rates.csv"]


def test_without_locks_nothing_is_removed(tmp_path: Path, lines: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another run may be writing it."""
    monkeypatch.setattr(fcntl, "flock", fail_as(errno.ENOLCK))
    (tmp_path / ".lrvec-0123456789abcdef.tmp").touch()
    lines(*RISE, "--steps", "1", "--out", str(tmp_path / "rates.csv"))
    assert sorted(os.listdir(tmp_path)) == [".lrvec-0123456789abcdef.tmp", "rates.csv"]


def test_a_file_has_the_permissions_of_any_new_file(tmp_path: Path, lines: Lines) -> None:
    (tmp_path / "other").touch()
    lines(*RISE, "--steps", "2", "--out", str(tmp_path / "rates.npy"))
    assert stat.S_IMODE((tmp_path / "rates.npy").stat().st_mode) == stat.S_IMODE((tmp_path / "other").stat().st_mode)


def test_a_link_is_followed(tmp_path: Path, lines: Lines) -> None:
    (tmp_path / "link.csv").symlink_to(tmp_path / "rates.csv")
    lines(*RISE, "--steps", "1", "--out", str(tmp_path / "link.csv"))
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "rates.csv").read_text() == "step,lr\n0,0.0\n"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("rates.txt", "--out must end in .npy or .csv, received {path!r}"),
        ("rates", "--out must end in .npy or .csv, received {path!r}"),
        ("missing/rates.npy", "--out must be a file that can be written, received {path!r}: No such file or directory"),
        ("file/rates.npy", "--out must be a file that can be written, received {path!r}: Not a directory"),
        ("directory.csv", "--out must be a regular file, received {path!r}"),
    ],
)
def test_places_that_will_not_do(
    name: str, message: str, tmp_path: Path, refusal: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "directory.csv").mkdir()
    monkeypatch.setattr(curve, "_blocks", None)  # nothing is evaluated
    path = str(tmp_path / name)
    assert refusal(*RISE, "--steps", "2", "--force", "--out", path) == message.format(path=path)
    assert sorted(os.listdir(tmp_path)) == ["directory.csv", "file"]


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("suffix", [".npy", ".csv"])
@pytest.mark.parametrize("failure", [KeyboardInterrupt, MemoryError])
def test_a_failed_run_leaves_everything_as_it_was(
    failure: type[BaseException], suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(steps: range) -> None:
        if steps.start:
            assert len(os.listdir(tmp_path)) == 2
            raise failure

    at_blocks(monkeypatch, fail)
    path = tmp_path / f"rates{suffix}"
    path.write_text("kept")
    with pytest.raises(failure):
        run([*RISE, "--steps", "10", "--out", str(path), "--force"])
    assert os.listdir(tmp_path) == [path.name]
    assert path.read_text() == "kept"


@pytest.mark.parametrize("suffix", [".npy", ".csv"])
def test_a_full_disk_leaves_everything_as_it_was(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"rates{suffix}"
    path.write_text("kept")
    ended = subprocess.run(
        command(*RISE, "--steps", ENDLESS, "--out", str(path), "--force"),
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)),
    )
    message = f"lrvec: --out must be a file that can be written, received {str(path)!r}: File too large\n"
    assert (ended.returncode, ended.stdout, ended.stderr) == (2, "", message)
    assert os.listdir(tmp_path) == [path.name]
    assert path.read_text() == "kept"


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_ended_run_leaves_nothing_behind(number: signal.Signals, status: int, tmp_path: Path) -> None:
    program = (
        "import signal, sys; from lrvec.cli import main; "
        "signal.signal(signal.SIGINT, signal.default_int_handler); sys.exit(main())"
    )
    argv = [*RISE, "--steps", ENDLESS, "--out", str(tmp_path / "rates.csv")]
    with subprocess.Popen([sys.executable, "-c", program, *argv], stderr=subprocess.PIPE) as process:
        while not any(entry.stat().st_size for entry in tmp_path.iterdir()):
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(number)
        assert process.communicate() == (None, b"")
    assert process.returncode == status
    assert list(tmp_path.iterdir()) == []


# ---- memory and pipes ----


@pytest.mark.parametrize("how", [[], ["--sparkline"], ["--summary"], ["--out", "rates.npy"], ["--out", "rates.csv"]])
def test_memory_does_not_grow_with_the_number_of_steps(
    how: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sizes, "BLOCK", 256)

    def peak(count: int) -> int:
        with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
            tracemalloc.start()
            run([*RISE, "--steps", str(count), *how, *(["--force"] if "--out" in how else [])])
            used = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        return used

    few, many = 2 * 256, 256 * 256
    peak(few)  # what is imported and cached once
    assert peak(many) < peak(few) + many  # a list or an array of the values takes 8 bytes a step


def test_a_reader_that_has_enough_ends_it_quietly() -> None:
    endless = command(*RISE, "--steps", ENDLESS)
    with subprocess.Popen(endless, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert [process.stdout.readline() for _ in range(2)] == [b"0\t0\n", b"1\t0.125\n"]
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("argv", [["--help"], [*RISE, "--steps", "2"], [*RISE, "--steps", "2", "--summary"]])
def test_a_pipe_closed_from_the_start(argv: list[str], unbuffered: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    environment = os.environ | {"PYTHONUNBUFFERED": unbuffered}
    with os.fdopen(writing, "wb") as pipe:
        ended = subprocess.run(command(*argv), stdout=pipe, stderr=subprocess.PIPE, env=environment)
    assert ended.stderr == b""
    assert ended.returncode == 141 or argv == ["--help"]  # some argparse drops the error itself


def test_standard_output_that_is_full() -> None:
    with open("/dev/full", "wb") as full:
        ended = subprocess.run(command(*RISE, "--steps", "2"), stdout=full, stderr=subprocess.PIPE)
    message = b"lrvec: standard output cannot be written: No space left on device\n"
    assert (ended.returncode, ended.stderr) == (1, message)


@pytest.mark.parametrize("argv", [[*RISE, "--steps", "2"], ["--help"], ["linear", "--help"]])
def test_standard_output_that_is_not_there(argv: list[str]) -> None:
    ended = subprocess.run(["sh", "-c", 'exec "$@" >&-', "sh", *command(*argv)], stderr=subprocess.PIPE)
    assert (ended.returncode, ended.stderr) == (0, b"")


@pytest.mark.parametrize("errors", ["2>&-", "2>/dev/full"])
@pytest.mark.parametrize(
    ("argv", "output", "status"),
    [
        ([*RISE, "--steps", "0"], "", 2),
        ([*RISE, "--steps", "two"], "", 2),
        (["sweep"], "", 2),
        ([*RISE, "--steps", "2"], "0\t0\n1\t0.125\n", 0),
    ],
)
def test_standard_error_that_takes_nothing(argv: list[str], output: str, status: int, errors: str) -> None:
    program = ["sh", "-c", f'exec "$@" {errors}', "sh", *command(*argv)]
    ended = subprocess.run(program, stdout=subprocess.PIPE, text=True)
    assert (ended.returncode, ended.stdout) == (status, output)
    full = ["sh", "-c", f'exec "$@" >/dev/full {errors}', "sh", *command(*argv)]
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}  # else a write of nothing fails too
    assert subprocess.run(full, env=buffered).returncode == (status or 1)


# ---- refusals ----

RATES = "cosine --base-lr 1 --min-lr 0 --total-steps 9"
COSINE = f"{RATES} --steps 3"
WSD = "wsd --base-lr 1 --decay-steps 6 --total-steps 9 --final-lr 0 --warmup-start 0 --decay-shape linear --steps 3"
REFUSALS = [
    (COSINE + " --base-lr nan", "--base-lr must be a finite number, received nan"),
    (COSINE + " --min-lr=-inf", "--min-lr must be a finite number, received -inf"),
    (COSINE + " --base-lr 1e999", "--base-lr must be a finite number, received inf"),
    (COSINE + " --total-steps 0", "--total-steps must be a positive integer, received 0"),
    (COSINE + f" --total-steps {2**53 + 1}", f"--total-steps must be at most 2**53 = {2**53}, received {2**53 + 1}"),
    (COSINE + " --steps 5:5", "START of --steps must be less than STOP, received 5 and 5"),
    (COSINE + " --steps 7:3", "START of --steps must be less than STOP, received 7 and 3"),
    (COSINE + " --steps=-1:3", "START of --steps must be a non-negative integer, received -1"),
    (COSINE + f" --steps 0:{2**53 + 2}", f"STOP must be at most 2**53 = {2**53}, received {2**53 + 2}"),
    (COSINE + " --at 3", "--at must stand without --steps, received both"),
    (RATES + " --at 3,-4", "--at at index 1 must be a non-negative integer, received -4"),
    (RATES + " --first-below nan", "--first-below must be a finite number, received nan"),
    (RATES + " --sum", "--steps must be given, received none"),
    (RATES + " --at 3 --out a.npy", "--steps must be given, received none"),
    ("eval missing.json --at 3", "missing.json must be a file of text that can be read: No such file or directory"),
    (COSINE + " --steps 0", "--steps must be a positive integer, received 0"),
    (COSINE + " --steps -3", "--steps must be a positive integer, received -3"),
    (COSINE + f" --steps {2**53 + 1}", f"--steps must be at most 2**53 = {2**53}, received {2**53 + 1}"),
    ("constant --lr nan --steps 1", "--lr must be a finite number, received nan"),
    (
        "multi-step --base-lr 1 --milestones 3,0 --gamma 1 --steps 1",
        "--milestones must be a positive integer, received 0",
    ),
    (
        "step --base-lr 1 --step-size 2 --steps 1",
        "exactly one of --drop and --gamma must be given, received neither",
    ),
    (
        "step --base-lr 1 --step-size 2 --drop 0.5 --gamma 2 --steps 1",
        "exactly one of --drop and --gamma must be given, received --drop and --gamma",
    ),
    (
        "one-cycle --max-lr 1 --total-steps 9 --pct-start 1 --initial-div 2 --final-div 2 --steps 1",
        "--pct-start must satisfy 0 < --pct-start < 1, received 1.0",
    ),
    (
        WSD + " --warmup-steps 4",
        "--warmup-steps + --decay-steps must not exceed --total-steps, "
        "received --warmup-steps=4, --decay-steps=6, --total-steps=9",
    ),
    (COSINE + " --warmup-steps 0 --start-lr 0", "--warmup-steps must be a positive integer, received 0"),
    (COSINE + " --warmup-steps 5 --start-lr nan", "--start-lr must be a finite number, received nan"),
    (
        COSINE + " --warmup-steps 5",
        "--warmup-steps and --start-lr must be given together, received only --warmup-steps",
    ),
    (
        COSINE + " --start-lr 0",
        "--warmup-steps and --start-lr must be given together, received only --start-lr",
    ),
    (
        WSD + " --warmup-steps 0 --with-warmup-steps 0 --with-start-lr 0",
        "--with-warmup-steps must be a positive integer, received 0",
    ),
    (
        WSD + " --warmup-steps 0 --with-start-lr 0",
        "--with-warmup-steps and --with-start-lr must be given together, received only --with-start-lr",
    ),
]


@pytest.mark.parametrize(("words", "message"), REFUSALS)
def test_refusals_name_the_flag(words: str, message: str, refusal: Callable[..., str]) -> None:
    assert refusal(*words.split()) == message


@pytest.mark.parametrize(
    ("text", "received"),
    [("two", "'two'"), ("0", "0"), ("-1", "'-1'"), ("1.5", "'1.5'"), ("9" * 5000, f"'{'9' * 195} ...")],
    ids=lambda text: text[:9],
)
@pytest.mark.parametrize("words", [COSINE, f"sweep {COSINE}", f"{COSINE} --summary"])
def test_a_number_of_threads_that_is_none(
    words: str, text: str, received: str, refusal: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LRVEC_NUM_THREADS", text)
    assert refusal(*words.split()) == f"LRVEC_NUM_THREADS must be a positive integer, received {received}"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("", "the following arguments are required: KIND or COMMAND"),
        ("with-warmup", "invalid choice: 'with-warmup'"),
        ("cosine --steps 1 --min-lr 0 --total-steps 9", "the following arguments are required: --base-lr"),
        (COSINE + " --summary --sparkline", "argument --sparkline: not allowed with argument --summary"),
        (COSINE + " --steps 1.5", "argument --steps: must be a whole number, such as 1000 or 1e3, received '1.5'"),
        (COSINE + " --steps 1e999999999", "argument --steps: must be a whole number, such as 1000 or 1e3, received"),
        (COSINE + " --steps 1:2:3", "argument --steps: must be a whole number, such as 1000 or 1e3, received '2:3'"),
        (COSINE + " --at 3,x", "argument --at: must be integers with commas between them, received '3,x'"),
        (COSINE + " --at=", "argument --at: must be steps with commas between them, received none"),
        (COSINE + " --at 3 --sum", "argument --sum: not allowed with argument --at"),
        (COSINE + " --first-below x", "argument --first-below: invalid float value: 'x'"),
        ("cosin", "invalid choice: 'cosin'; did you mean cosine or cosine-restarts"),
        ("sweep one_cicle", "invalid choice: 'one_cicle'; did you mean one_cycle or one-cycle"),
        ("zzz", "invalid choice: 'zzz'; lrvec list has all commands"),
        (COSINE + " --base-lr one", "argument --base-lr: invalid float value: 'one'"),
        (COSINE + " --warmup-steps 3 --start 95", "lrvec cosine: unknown flag --start; did you mean --start-lr?"),
        ("sweep " + COSINE + " --warmup-steps 3 --start 95", "unknown flag --start; did you mean --start-lr?"),
        (COSINE + " --summ", "unknown flag --summ; did you mean --summary?"),
        (COSINE + " --with-warmup-steps 5", "unknown flag --with-warmup-steps; did you mean --warmup-steps or --total-steps?"),
        ("cosine --steps 1 --min_lr=0 --total-steps 9", "unknown flag --min_lr; did you mean --min-lr?"),
        (COSINE + " --qqqq", "unknown flag --qqqq; --help has all flags"),
        (COSINE + " -- --summ", "unrecognized arguments: "),
        ("--versio", "lrvec: unknown flag --versio; did you mean --version?"),
        ("--versio cosine", "lrvec: unknown flag --versio; did you mean --version?"),
        (WSD + " --warmup-steps 0 --decay-shape bent", "argument --decay-shape: invalid choice: 'bent'"),
        (
            "multi-step --base-lr 1 --milestones 3,,4 --gamma 1 --steps 1",
            "argument --milestones: must be integers with commas between them, received '3,,4'",
        ),
    ],
)
def test_what_cannot_be_parsed_ends_with_one_line(words: str, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(words.split())
    assert ended.value.code == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("lrvec")
    assert message in printed.err
    assert printed.err.index("\n") == len(printed.err) - 1


def test_what_cannot_be_parsed_is_shown_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run([*COSINE.split(), "two\nlines"])
    assert capsys.readouterr().err == "lrvec: unrecognized arguments: two lines\n"


# ---- the program ----


def test_main_takes_the_process_s_arguments(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.setattr(sys, "argv", ["lrvec", *RISE, "--steps", "2"])
    assert cli.main() == 0
    assert capsys.readouterr().out == "0\t0\n1\t0.125\n"


def test_module_gives_its_status_to_the_shell() -> None:
    good = subprocess.run(command(*RISE, "--steps", "1"), capture_output=True, text=True)
    bad = subprocess.run(command(*RISE, "--steps", "0"), capture_output=True, text=True)
    assert (good.returncode, good.stdout, good.stderr) == (0, "0\t0\n", "")
    assert (bad.returncode, bad.stdout) == (2, "")
    assert bad.stderr == "lrvec: --steps must be a positive integer, received 0\n"


def test_import_is_light() -> None:
    program = "import sys, lrvec; print('lrvec.cli' in sys.modules); import lrvec.cli; print('numpy' in sys.modules)"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
    assert ended.stdout == "False\nFalse\n"
