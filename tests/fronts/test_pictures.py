"""These tests read the SVG pictures of schedules, sweeps and groups, and look at the points that all pictures have."""

from __future__ import annotations

import itertools
import math
import random
import sys
from typing import Any
from xml.etree import ElementTree

import numpy
import pytest
from cases import CASES, FORMULAS, GROUPS, STACKS
from each import each
from record import RECORDS, Case, ends_of, marks_of

import lrvec
from lrvec._evaluate.points import envelope_of, points_of, span_of
from lrvec._lowering.marks import Marks
from lrvec._values.schedule import TracedSchedule
from lrvec.cli import run

SVG = "{http://www.w3.org/2000/svg}"
WARM = lrvec.with_warmup(
    lrvec.cosine(base_lr=8e-5, min_lr=8e-7, total_steps=1_192_000), warmup_steps=8_000, start_lr=0.0
)
WSD = lrvec.warmup_stable_decay(
    base_lr=1.0, warmup_steps=10, decay_steps=20, total_steps=100, final_lr=0.0, warmup_start=0.0, decay_shape="linear"
)
TYPICAL = [Case(kind, params) for kind, record in RECORDS.items() if kind in FORMULAS for params in record.typical(10_000)]


def drawn(value: Any) -> ElementTree.Element:
    """The picture, after a look at what holds of all of them."""
    text = value._repr_svg_()
    assert len(text.encode()) <= 4000
    root = ElementTree.fromstring(text)
    assert root.tag == f"{SVG}svg"
    left, top, width, height = map(float, root.attrib["viewBox"].split())
    assert (left, top) == (0.0, 0.0)
    for line in (*root.iter(f"{SVG}polyline"), *root.iter(f"{SVG}polygon")):
        points = [tuple(map(float, point.split(","))) for point in line.attrib["points"].split()]
        assert points
        assert all(0.0 <= x <= width and 0.0 <= y <= height for x, y in points)
    return root


def texts(root: ElementTree.Element) -> list[str]:
    return [one.text or "" for one in root.iter(f"{SVG}text")]


def lines(root: ElementTree.Element) -> list[list[tuple[float, float]]]:
    return [
        [(float(x), float(y)) for x, y in (point.split(",") for point in line.attrib["points"].split())]
        for line in root.iter(f"{SVG}polyline")
    ]


@pytest.mark.parametrize("kind", sorted({case.kind for case in [*CASES, *GROUPS, *STACKS]}))
def test_every_case_has_a_picture(kind: str) -> None:
    for case in [*CASES, *GROUPS, *STACKS]:
        if case.kind == kind:
            drawn(case.make())


def test_a_picture_says_where_the_curve_begins_peaks_and_ends() -> None:
    root = drawn(WARM)
    assert texts(root)[1:] == ["8e-5 at 8,000", "0 at 0", "8e-7 at 1,200,000"]
    assert root.find(f"{SVG}title").text == repr(WARM)  # type: ignore[union-attr]
    (line,) = lines(root)
    foot, top = max(y for _, y in line), min(y for _, y in line)
    peak = 4 + round((440 - 8) * 8_000 / 1_200_000, 1)
    assert line[0] == (4.0, foot)
    assert (peak, top) in line
    assert line[-1] == (436.0, round(top + (foot - top) * 0.99, 1))
    (hairline,) = [one.attrib["d"] for one in root.iter(f"{SVG}path")]
    assert f"M{peak} " in hairline


def test_a_drop_is_vertical() -> None:
    root = drawn(lrvec.step_decay(base_lr=1.0, drop=0.5, step_size=10_000))
    (line,) = lines(root)
    assert line == [(4.0, 34.0), (112.0, 34.0), (112.0, 88.9), (220.0, 88.9), (220.0, 116.3), (328.0, 116.3), (328.0, 130.0), (436.0, 130.0)]


def test_a_picture_of_a_sweep_has_an_envelope_and_rows_with_their_values() -> None:
    sweep = lrvec.linear(base_lr=[1.0, 2.0, 4.0], end_lr=0.0, total_steps=10)
    root = drawn(sweep)
    assert texts(root) == ["linear: 3 schedules", "4 at 0", "0", "10", "base_lr", "1", "2", "4"]
    assert len(lines(root)) == 3
    (band,) = root.iter(f"{SVG}polygon")
    corners = band.attrib["points"].split()
    assert (corners[0], corners[-1]) == ("4.0,34.0", "4.0,106.0")
    many = lrvec.grid(lrvec.cosine, base_lr=numpy.geomspace(1e-5, 1e-2, 50), min_lr=0.0, total_steps=range(10, 500, 10))
    root = drawn(many)
    assert texts(root)[0] == "cosine: 50 x 49 schedules"
    assert texts(root)[4] == "base_lr, total_steps"
    assert texts(root)[5] == "1e-5, 10"
    assert texts(root)[-1] == "0.01, 490"
    assert len(lines(root)) == 12
    assert len({line.attrib["stroke"] for line in root.iter(f"{SVG}polyline")}) == 12


def test_a_sweep_of_sweeps_numbers_what_has_the_same_name() -> None:
    first, second = lrvec.constant(lr=[1.0, 2.0]), lrvec.constant(lr=[3.0, 4.0])
    assert texts(drawn(lrvec.total(first, second)))[4:] == ["lr[0], lr[1]", "1, 3", "2, 4"]


def test_a_picture_of_groups_has_their_names() -> None:
    root = drawn(lrvec.scale_by_group(WARM, multipliers={"a<b>": 0.5, "c & d": 1.0, "\x00": 0.25}))
    assert texts(root)[-3:] == ["a<b>", "c & d", "?"]
    tops = [min(y for _, y in line) for line in lines(root)]
    assert tops == [82.0, 34.0, 106.0]
    names = [f"transformer.layers.{i}.attention" for i in range(30)]
    many = drawn(lrvec.scale_by_group(WARM, multipliers={name: 1.0 + i for i, name in enumerate(names)}))
    assert texts(many)[-13:] == [*names[:12], "and 18 more"]
    assert len({line.attrib["stroke"] for line in many.iter(f"{SVG}polyline")}) == 12
    assert lrvec.scale_by_group(lrvec.constant(lr=[1.0, 2.0]), multipliers={"a": 1.0})._repr_svg_() is None


@pytest.mark.parametrize("letter", ["&", "\N{CJK UNIFIED IDEOGRAPH-5B66}", "a"])
def test_long_names_leave_a_picture_small(letter: str) -> None:
    drawn(lrvec.scale_by_group(WARM, multipliers={letter * 60 + str(i): 0.8**i for i in range(20)}))


def test_a_users_callable_is_drawn_and_seldom_called() -> None:
    calls = []

    def wave(step: int) -> float:
        calls.append(step)
        return math.sin(step / 1e11)

    root = drawn(lrvec.sequential([(10**12, wave), (10**12, lrvec.constant(lr=0.5))]))
    assert texts(root)[-1] == "0.5 at 2,000,000,000,000"
    assert len(calls) < 1000


def test_there_is_no_picture_without_values() -> None:
    """A schedule with traced parameters has none."""
    assert TracedSchedule("constant", {"lr": None}, list)._repr_svg_() is None


# ---- the points ----


@each(itertools.product(TYPICAL, [400, 2000]), lambda asked: asked[0].kind)
def test_points_have_the_curves_own_values_and_all_marks(asked: tuple[Case, int]) -> None:
    """Straight lines between the points stay near the curve. They meet it where it has a given rate, and on both sides
    of a drop."""
    case, most = asked
    schedule = case.make()
    last = span_of(schedule)
    points = points_of(schedule, 0, last, most, 1e-3)
    assert points.upper is None
    assert len(points.steps) <= most + 1
    assert (points.rates == schedule(points.steps)).all()
    found, height = set(points.steps.tolist()), points.rates.max() - points.rates.min()
    ends = [end for end in ends_of(case) if end <= last]
    assert numpy.interp(ends, points.steps, points.rates).tolist() == [schedule(end) for end in ends]
    marks = [mark for mark in marks_of(case) if 0 < mark <= last]
    drops = [mark for mark in marks if abs(schedule(mark) - schedule(mark - 1)) > height / 20]
    assert {step for drop in drops for step in (drop, drop - 1)} <= found
    rng = random.Random(str(case))
    steps = numpy.array(sorted(rng.randint(0, last) for _ in range(2000)))
    misses = numpy.abs(numpy.interp(steps, points.steps, points.rates) - schedule(steps))
    assert misses.max() <= 4e-3 * height


@pytest.mark.parametrize("log", [False, True])
def test_points_follow_logarithms(log: bool) -> None:
    schedule = lrvec.cosine(base_lr=1.0, min_lr=1e-9, total_steps=10**9)
    points = points_of(schedule, 0, 10**9, 1000, 1e-3, log=log)
    steps = numpy.linspace(0, 10**9, 5000).astype(int)
    misses = numpy.interp(steps, points.steps, numpy.log(points.rates)) - numpy.log(schedule(steps))
    assert bool(numpy.abs(misses).max() <= 4e-3 * math.log(1e9)) is log


COMPOSED = {
    "repeat": (lrvec.repeat(lrvec.multi_step(base_lr=1.0, milestones=[3, 7], gamma=0.5), period=10), [0, 3, 7, 10, 13, 17, 20]),
    "mirrored": (lrvec.mirrored(lrvec.multi_step(base_lr=1.0, milestones=[3], gamma=0.5), length=10), [0, 3, 10, 17, 20]),
    "every": (lrvec.every(lrvec.constant(lr=1.0), steps=8), [0, 8, 16]),
    "advance": (lrvec.advance(lrvec.multi_step(base_lr=1.0, milestones=[3, 7], gamma=0.5), steps=5), [0, 2]),
    "total": (
        lrvec.total(
            lrvec.multi_step(base_lr=1.0, milestones=[4], gamma=0.5), lrvec.multi_step(base_lr=1.0, milestones=[9], gamma=0.5)
        ),
        [0, 4, 9],
    ),
    "delayed total": (
        lrvec.delay(
            lrvec.product(
                lrvec.triangular(min_lr=0.0, max_lr=1.0, step_size=6), lrvec.multi_step(base_lr=1.0, milestones=[9], gamma=0.5)
            ),
            steps=2,
        ),
        [0, 2, 8, 11, 14, 20],
    ),
    "alternating": (lrvec.exponential(base_lr=1.0, gamma=-0.5), list(range(21))),
}


@pytest.mark.parametrize("name", COMPOSED)
def test_marks_of_compositions(name: str) -> None:
    schedule, wanted = COMPOSED[name]
    marks = Marks(schedule._lower(), 0, 20, 100)
    assert marks.are_all
    assert marks.steps == wanted


@pytest.mark.parametrize(
    "schedule",
    [
        lrvec.triangular(min_lr=-1.0, max_lr=1.0, step_size=7),
        lrvec.repeat(lrvec.linear(base_lr=-1.0, end_lr=1.0, total_steps=100), period=101),
        lrvec.cosine_restarts(base_lr=1.0, min_lr=-1.0, period=50, t_mult=1),
        lrvec.exponential(base_lr=1.0, gamma=-1.0),
        lrvec.repeat(lrvec.multi_step(base_lr=1.0, milestones=range(1, 1000, 2), gamma=-1.0), period=1000),
    ],
    ids=repr,
)
@pytest.mark.parametrize("last", [10**6, 10**12])
def test_a_curve_with_too_many_turns_is_a_band(schedule: Any, last: int) -> None:
    points = points_of(schedule, 0, last, 2000, 1e-3)
    assert points.upper is not None
    assert len(points.steps) == 1001
    assert points.steps[-1] == last
    assert points.rates.min() >= -1.0
    assert points.rates.max() < -0.9
    assert points.upper.min() > 0.9
    assert points.upper.max() <= 1.0


def test_an_envelope_has_the_extremes_of_all_rows() -> None:
    sweep = lrvec.with_warmup(
        lrvec.cosine(base_lr=numpy.linspace(1.0, -1.0, 101), min_lr=0.0, total_steps=list(range(100, 201))), warmup_steps=10, start_lr=0.0
    )
    rows = [points_of(sweep[row], 0, 300, 100, 1e-3) for row in (0, 50, 100)]
    envelope = envelope_of(sweep, rows)
    assert set(envelope.steps.tolist()) == {step for points in rows for step in points.steps.tolist()}
    matrix = sweep(envelope.steps)
    assert (envelope.rates == matrix.min(axis=0)).all()
    assert envelope.upper is not None
    assert (envelope.upper == matrix.max(axis=0)).all()


@pytest.mark.parametrize(
    ("schedule", "last"),
    [
        (lrvec.constant(lr=1.0), 100),
        (WARM, 1_200_000),
        (lrvec.cosine(base_lr=1.0, min_lr=0.0, total_steps=2**53), 2**53),
        (lrvec.triangular(min_lr=0.0, max_lr=1.0, step_size=7), 56),
        (lrvec.step_decay(base_lr=1.0, drop=0.5, step_size=10), 39),
        (lrvec.cosine_restarts(base_lr=1.0, min_lr=0.0, period=10, t_mult=2), 149),
        (lrvec.cosine_restarts(base_lr=1.0, min_lr=0.0, period=2**52, t_mult=3), 2**53),
        (lrvec.repeat(WARM, period=10), 39),
        (lrvec.mirrored(WARM, length=10), 40),
        (lrvec.every(lrvec.linear(base_lr=1.0, end_lr=0.0, total_steps=7), steps=3), 21),
        (lrvec.minimum(lrvec.linear(base_lr=1.0, end_lr=0.0, total_steps=7), lrvec.constant(lr=0.5)), 7),
        (lrvec.sequential([(5, math.sqrt)]), 5),
        (lrvec.with_warmup(math.exp, warmup_steps=5, start_lr=0.0), 1005),
        (lrvec.exponential(base_lr=1.0, gamma=1.0), 1000),
        (lrvec.exponential(base_lr=0.0, gamma=0.5), 1000),
        (lrvec.exponential(base_lr=1.0, gamma=0.1), 10),
        (lrvec.cosine_restarts(base_lr=1.0, min_lr=0.0, period=100, t_mult=1.5), 812),
        (lrvec.cosine_restarts(base_lr=1.0, min_lr=0.0, period=10, t_mult=2, peak_factor=0.8), 149),
        (lrvec.cosine_restarts(base_lr=1.0, min_lr=0.0, period=10, t_mult=1, peak_factor=0.8), 39),
        (lrvec.with_warmup(lrvec.cosine_restarts(base_lr=1.0, min_lr=0.0, period=10, t_mult=2.5), warmup_steps=7, start_lr=0.0), 260),
        (lrvec.cycles(WSD, length=100, t_mult=2, peak_factor=0.5), 1499),
        (lrvec.cycles(lrvec.multi_step(base_lr=1.0, milestones=[30, 60], gamma=0.5), length=100, t_mult=2), 1499),
        (lrvec.multi_step(base_lr=1.0, milestones=[30, 60, 80], gamma=0.5), 100),
        (lrvec.multi_step(base_lr=1.0, milestones=[1, 2, 4, 8, 16, 32], gamma=0.5), 40),
        (lrvec.with_warmup(lrvec.constant(lr=1.0), warmup_steps=100, start_lr=0.0), 125),
        (lrvec.sequential([(5, lrvec.constant(lr=1.0)), (3, lrvec.constant(lr=0.5))]), 8),
    ],
    ids=str,
)
def test_the_span_of_a_picture(schedule: Any, last: int) -> None:
    assert span_of(schedule) == last


def test_curves_over_each_other_end_with_the_last_of_them() -> None:
    """A rate that is held behind the end is shown only if each of those that last longest would be."""
    falling, rising = lrvec.linear(base_lr=1.0, end_lr=0.0, total_steps=100), lrvec.linear(base_lr=0.0, end_lr=1.0, total_steps=100)
    assert (span_of(rising), span_of(rising, falling), span_of(rising, rising)) == (125, 100, 125)
    assert span_of(rising, lrvec.linear(base_lr=1.0, end_lr=0.0, total_steps=60)) == 125


def test_a_curve_without_an_end_is_shown_until_it_has_fallen() -> None:
    schedule = lrvec.inverse_sqrt(base_lr=1.0, warmup_steps=100)
    last = span_of(schedule)
    assert 0.15 < schedule(last) <= 0.2


# ---- lrvec.plot, where matplotlib is not needed ----


@pytest.mark.parametrize("draw", [lambda: lrvec.plot(WARM), lambda: lrvec.plot.zoom(WARM, 8_000)])
def test_without_matplotlib_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch, draw: Any) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError) as caught:
        draw()
    assert str(caught.value) == "lrvec.plot needs matplotlib, which `pip install 'lrvec[plot]'` installs"
    assert caught.value.name == "matplotlib"


def test_a_traced_schedule_is_not_drawn() -> None:
    traced = TracedSchedule("constant", {"lr": None}, list)
    with pytest.raises(TypeError, match=r"^the parameters of schedules\[0\] must be known at this point, received a traced value$"):
        lrvec.plot(traced)


# ---- the command line, where neither library is needed ----


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--width", "9"], "--width must stand with --plot, received --width alone"),
        (["--height", "9", "--log"], "--height must stand with --plot, received --height alone"),
        (["--log"], "--log must stand with --plot, received --log alone"),
        (["--plot", "--width", "19"], "--width must be an integer from 20 to 1000, received 19"),
        (["--plot", "--height", "1"], "--height must be an integer from 2 to 1000, received 1"),
        (["--plot", "a.gif"], "--plot must end in .svg or .png, received 'a.gif'"),
        (["--plot", "a.svg", "--width", "80"], "--width must stand with --plot without a file, received --plot a.svg"),
        (["--plot"], "--plot needs plotille, which `pip install 'lrvec[plot]'` installs"),
        (["--plot", "a.svg"], "--plot needs matplotlib, which `pip install 'lrvec[plot]'` installs"),
    ],
)
@pytest.mark.parametrize("command", [["constant"], ["sweep", "constant"]], ids=" ".join)
def test_flags_are_refused(
    command: list[str], flags: list[str], message: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for library in ("plotille", "matplotlib"):
        monkeypatch.setitem(sys.modules, library, None)
    assert run([*command, "--lr", "1", "--steps", "9", *flags]) == 2
    assert capsys.readouterr() == ("", f"lrvec: {message}\n")
