"""These tests look at what `lrvec.plot` puts into matplotlib's Axes: the data of the lines, labels, ticks and scales."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import matplotlib
import numpy
import pytest

import lrvec
from lrvec.nemo import OptimizerParamScheduler

matplotlib.use("agg")
from matplotlib import colors, pyplot

WARM = lrvec.with_warmup(
    lrvec.cosine(base_lr=8e-5, min_lr=8e-7, total_steps=1_192_000), warmup_steps=8_000, start_lr=0.0
)
STAIRS = lrvec.step_decay(base_lr=1.0, drop=0.5, step_size=10)


@pytest.fixture(autouse=True)
def _close() -> Iterator[None]:
    yield
    pyplot.close("all")


def data(line: Any) -> dict[int, float]:
    return dict(zip(line.get_xdata().tolist(), line.get_ydata().tolist(), strict=True))


def legend(ax: Any) -> list[str]:
    return [text.get_text() for text in ax.get_legend().get_texts()]


def ticks(ax: Any) -> tuple[list[str], list[str]]:
    """The ticks that are seen, of both axes."""
    ax.figure.canvas.draw()
    found = []
    for axis, (low, high) in ((ax.xaxis, ax.get_xlim()), (ax.yaxis, ax.get_ylim())):
        found.append([tick.label1.get_text() for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high])
    return found[0], found[1]


def phases(ax: Any) -> list[str]:
    """The names above the Axes."""
    (above,) = ax.child_axes
    return [text.get_text() for text in above.get_xticklabels()]


def overlapping(texts: list[Any]) -> list[tuple[str, str]]:
    """The pairs of neighbours that are drawn over each other."""
    boxes = [(text.get_text(), text.get_window_extent()) for text in texts if text.get_text()]
    return [(one, other) for (one, box), (other, behind) in pairwise(boxes) if box.x1 > behind.x0]


def test_a_schedule() -> None:
    ax = lrvec.plot(WARM)
    curve, hairline = ax.lines
    drawn = data(curve)
    assert drawn == {step: WARM(int(step)) for step in drawn}
    assert {0, 7_999, 8_000, 1_200_000} <= drawn.keys()
    assert len(drawn) < 100
    assert hairline.get_xdata() == [8_000, 8_000]
    assert ax.get_title(loc="left").split("\n") == [repr(WARM)[:69], "warmup_steps=8000, start_lr=0.0)"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("step", "learning rate")
    assert ax.get_legend() is None
    assert ticks(ax) == (
        ["0", "200k", "400k", "600k", "800k", "1M", "1.2M"],
        ["0", "2e-5", "4e-5", "6e-5", "8e-5"],
    )
    assert phases(ax) == ["warmup", "decay"]
    bare = lrvec.plot(WARM, phases=False)
    assert (len(bare.lines), bare.child_axes) == (1, [])


def test_a_drop_is_vertical() -> None:
    (line,) = lrvec.plot(STAIRS).lines
    drawn = data(line)
    assert {9: 1.0, 10: 0.5, 19: 0.5, 20: 0.25, 29: 0.25, 30: 0.125}.items() <= drawn.items()


def test_phases_have_names_that_have_room() -> None:
    ax = lrvec.plot(lrvec.cosine_restarts(base_lr=1.0, min_lr=0.0, period=100, t_mult=2))
    assert phases(ax) == ["cycle 1", "cycle 2", "cycle 3", "cycle 4"]
    assert [line.get_xdata()[0] for line in ax.lines[1:]] == [100, 300, 700]
    many = lrvec.plot(lrvec.triangular(min_lr=0.1, max_lr=1.0, step_size=10), steps=440)
    assert phases(many) == [f"cycle {number}" for number in range(1, 23, 3)]
    many.figure.canvas.draw()
    assert overlapping(many.child_axes[0].get_xticklabels()) == []
    wsd = lrvec.warmup_stable_decay(
        base_lr=6e-5, warmup_steps=8_000, decay_steps=120_000, total_steps=1_200_000, final_lr=0.0, warmup_start=0.0,
        decay_shape="1-sqrt",
    )  # fmt: skip
    whole = lrvec.plot(wsd)
    assert phases(whole) == ["warmup", "hold", "decay"]
    whole.figure.canvas.draw()
    assert whole.child_axes[0].get_xticklabels()[0].get_window_extent().x0 >= whole.get_window_extent().x0
    assert phases(lrvec.plot(wsd, steps=range(7_000, 9_000))) == ["warmup", "hold"]
    assert lrvec.plot(wsd, steps=range(1_000, 2_000)).child_axes == []


def test_phases_of_a_callable_have_lines_and_no_names() -> None:
    """It is asked for the steps that are drawn alone."""
    rates = [1.0] * 20
    ax = lrvec.plot(lrvec.with_warmup(lambda step: rates[step], warmup_steps=5, start_lr=0.0), steps=25)
    assert [line.get_xdata()[0] for line in ax.lines[1:]] == [5]
    assert ax.child_axes == []


def test_phases_that_are_calculated_have_lines_and_no_names() -> None:
    ax = lrvec.plot(lrvec.join([(20, STAIRS + WARM), STAIRS * WARM]))
    assert [line.get_xdata()[0] for line in ax.lines[1:]] == [20]
    assert ax.child_axes == []


def test_a_rate_that_is_held_on_is_one_phase() -> None:
    """A clock whose batch grows makes two phases of it, and so does a list of levels of which two are the same."""
    levels = lrvec.join([(400, lrvec.linear(base_lr=0.0, end_lr=1.0, total_steps=400)), (800, lrvec.constant(lr=1.0)), lrvec.constant(lr=0.5)])
    ax = lrvec.plot(lrvec.by_samples(lrvec.Clock(8, ramp=[(0, 4), (800, 8)]), levels), steps=300)
    assert [line.get_xdata()[0] for line in ax.lines[1:]] == [100, 250]
    assert phases(ax) == ["warmup", "hold", "hold"]


def test_axes_with_data_get_no_names_over_those_that_are_there() -> None:
    ax = lrvec.plot(WARM)
    lrvec.plot(lrvec.one_cycle(max_lr=1e-4, total_steps=1_000_000, pct_start=0.3, initial_div=25.0, final_div=1e4), ax=ax)
    assert phases(ax) == ["warmup", "decay"]


@pytest.mark.parametrize(
    ("clock", "unit", "label", "labels"),
    [
        (lrvec.Clock(2304, 4096), None, "tokens", ["0", "2T", "4T", "6T", "8T", "10T"]),
        (lrvec.Clock(2304, 4096), "samples", "samples", ["0", "500M", "1B", "1.5B", "2B", "2.5B"]),
        (lrvec.Clock(2304, steps_per_epoch=200_000), None, "epochs", ["0", "1", "2", "3", "4", "5", "6"]),
        (lrvec.Clock(2304), None, "samples", ["0", "500M", "1B", "1.5B", "2B", "2.5B"]),
    ],
)
def test_a_clock_gives_a_second_axis(clock: lrvec.Clock, unit: str | None, label: str, labels: list[str]) -> None:
    ax = lrvec.plot(WARM, WARM, clock=clock, unit=unit)
    (above,) = ax.child_axes
    assert above.get_xlabel() == label
    assert ticks(above)[0] == labels


def test_a_second_axis_stands_where_the_clock_does() -> None:
    """Each of its ticks lies at the step before which so much is seen; where the batch grows, they are not even."""
    clock = lrvec.Clock(3072, 8192, ramp=[(0, 768), ("250B tokens", 1536), ("500B tokens", 3072)])
    ax = lrvec.plot(lrvec.linear(base_lr=1.0, end_lr=0.0, total_steps=100_000), clock=clock)
    (above,) = ax.child_axes
    ax.figure.canvas.draw()
    found = {}
    for tick in above.xaxis.get_major_ticks():
        if tick.get_loc() > 0:
            pixels = above.transData.transform((tick.get_loc(), 0))[0]
            found[tick.label1.get_text() or tick.label2.get_text()] = ax.transData.inverted().transform((pixels, 0))[0]
    assert found.keys() >= {"250B", "500B", "1T"}
    assert found == {text: pytest.approx(clock.steps(f"{text} tokens"), abs=1.0) for text in found}


def test_names_and_a_second_axis_are_above_each_other() -> None:
    ax = lrvec.plot(WARM, clock=lrvec.Clock(2304, 4096))
    names, tokens = ax.child_axes
    ax.figure.canvas.draw()
    title = next(child for child in ax.get_children() if child.__class__.__name__ == "Text" and child.get_text() == ax.get_title(loc="left"))
    numbers = next(text for text in tokens.get_xticklabels() if text.get_text() == "2T")
    line = tokens.spines["top"]
    boxes = [part.get_window_extent() for part in (names.get_xticklabels()[0], line, numbers, tokens.xaxis.label, title)]
    assert all(below.y1 <= above.y0 for below, above in pairwise(boxes))
    assert boxes[-1].y1 < ax.figure.bbox.y1


def test_several_schedules_each_have_a_label() -> None:
    ax = lrvec.plot(WARM, STAIRS, lambda step: 0.25, labels=["warm", "stairs", "quarter"])
    assert legend(ax) == ["warm", "stairs", "quarter"]
    assert len({line.get_color() for line in ax.lines}) == 3
    assert [max(data(line)) for line in ax.lines] == [1_200_000] * 3
    assert set(data(ax.lines[2]).values()) == {0.25}
    assert legend(lrvec.plot(STAIRS, lrvec.constant(lr=1.0))) == [repr(STAIRS), "constant(lr=1.0)"]


def test_steps_are_a_number_or_a_range() -> None:
    for steps, ends in ((16, (0, 15)), (range(7, 17), (7, 16)), (1, (0, 0)), (range(2**53 - 9, 2**53 + 1), (2**53 - 9, 2**53))):
        line = lrvec.plot(STAIRS, steps=steps, phases=False).lines[0]
        assert (line.get_xdata()[0], line.get_xdata()[-1]) == ends


def test_a_single_step_is_a_dot() -> None:
    for step in (0, 15, 2**53):
        ax = lrvec.plot(STAIRS, steps=range(step, step + 1))
        assert ax.lines[0].get_marker() == "o"
        assert ticks(ax)[0] == [f"{step:,}"]


def test_given_axes_are_drawn_into_and_keep_their_title() -> None:
    _, (left, right) = pyplot.subplots(1, 2)
    assert lrvec.plot(STAIRS, ax=right) is right
    assert right.get_title(loc="left") == ""
    assert (len(left.lines), len(right.lines)) == (0, 1)
    assert len(pyplot.get_fignums()) == 1


def test_logarithms() -> None:
    """The axis is logarithmic, and a curve that leaves 0 is drawn from its first step above it."""
    ax = lrvec.plot(WARM, log=True)
    assert ax.get_yscale() == "log"
    assert {1, 2, 3} <= data(ax.lines[0]).keys()
    assert len(data(ax.lines[0])) > 60
    low, high = ax.get_ylim()
    assert low < 1e-8 < 8e-5 < high


def test_a_band_of_logarithms_lies_between_its_least_and_greatest_rates() -> None:
    """Where both are 0 there is none of it."""
    sweep = lrvec.with_warmup(lrvec.cosine(base_lr=[1e-3, 1e-2], min_lr=0.0, total_steps=90), warmup_steps=10, start_lr=0.0)
    ax = lrvec.plot(sweep, log=True)
    corners = ax.collections[0].get_paths()[0].vertices
    least = sweep(range(101))[sweep(range(101)) > 0.0].min()
    assert (corners[:, 0].min(), corners[:, 0].max()) == (1, 99)
    assert (corners[:, 1].min(), corners[:, 1].max()) == (least, 1e-2)
    wave = lrvec.plot(lrvec.triangular(min_lr=0.0, max_lr=1.0, step_size=10), steps=10**6, log=True)
    assert wave.collections[0].get_paths()[0].vertices[:, 1].min() > 0.0


def test_rates_that_have_no_logarithms_are_drawn_on_a_plain_axis() -> None:
    ax = lrvec.plot(lrvec.constant(lr=0.0), log=True)
    assert ax.get_yscale() == "linear"
    assert set(data(ax.lines[0]).values()) == {0.0}
    below = lrvec.plot(lrvec.triangular(min_lr=-1.0, max_lr=0.0, step_size=10), steps=10**6, log=True)
    heights = below.collections[0].get_paths()[0].vertices[:, 1]
    assert (heights.min(), heights.max()) == (-1.0, 0.0)


def test_a_sweep_has_an_envelope_and_rows_coloured_by_what_varies() -> None:
    rates = numpy.geomspace(2e-5, 3.2e-4, 64)
    sweep = lrvec.cosine(base_lr=rates, min_lr=8e-7, total_steps=1000)
    ax = lrvec.plot(sweep)
    edge, *rows = ax.lines
    assert len(rows) == 12
    assert len({colors.to_hex(row.get_color()) for row in rows}) == 12
    assert ax.get_legend().get_title().get_text() == "base_lr"
    assert legend(ax) == [f"{rates[63 * row // 11]:.4g}".replace("e-0", "e-") for row in range(12)]
    for row, line in enumerate(rows):
        drawn = data(line)
        assert drawn == {step: sweep[63 * row // 11](int(step)) for step in drawn}
    (band,) = ax.collections
    matrix = sweep(edge.get_xdata())
    assert (edge.get_ydata() == matrix.max(axis=0)).all()
    corners = band.get_paths()[0].vertices
    assert {tuple(corner) for corner in corners} >= set(zip(edge.get_xdata().tolist(), matrix.min(axis=0).tolist(), strict=True))


def test_many_long_labels_leave_room_for_the_curves() -> None:
    labels = [f"{number} " + "letters " * 7 for number in range(12)]
    ax = lrvec.plot(*(lrvec.constant(lr=float(number)) for number in range(12)), labels=labels)
    assert [text.split() for text in legend(ax)] == [label.split() for label in labels]
    ax.figure.draw_without_rendering()
    inside, whole, beside = ax.get_window_extent(), ax.figure.bbox, ax.get_legend().get_window_extent()
    assert inside.width > whole.width / 2 and inside.height > whole.height / 2
    assert beside.x1 <= whole.x1 and beside.y0 >= 0.0


def test_the_colour_of_a_row_is_the_place_of_its_parameter() -> None:
    """Where two parameters vary, the other one has line styles, if these are enough; else each row has a colour."""

    def rows(sweep: Any) -> list[tuple[str, str]]:
        return [(colors.to_hex(line.get_color()), line.get_linestyle()) for line in lrvec.plot(sweep).lines[1:]]

    low, middle, high = [colour for colour, _ in rows(lrvec.linear(base_lr=[1.0, 2.0, 3.0], end_lr=0.0, total_steps=10))]
    unsorted = lrvec.linear(base_lr=[3.0, 1.0, 2.0], end_lr=0.0, total_steps=10)
    assert rows(unsorted) == [(high, "-"), (low, "-"), (middle, "-")]
    pairs = lrvec.linear(base_lr=[[1.0], [2.0], [3.0]], end_lr=0.0, total_steps=[[5, 10]])
    assert rows(pairs) == [(colour, style) for colour in (low, middle, high) for style in ("-", "--")]
    for sweep in (
        lrvec.linear(base_lr=[1.0, 1.0, 2.0], end_lr=0.0, total_steps=10),
        lrvec.stack([STAIRS, WARM, STAIRS]),
        lrvec.linear(base_lr=[1.0] * 5 + [2.0], end_lr=0.0, total_steps=[5, 6, 7, 8, 9, 5]),
    ):
        found = rows(sweep)
        assert len(set(found)) == len(found)


def test_rows_of_sweeps_and_groups_among_several() -> None:
    sweep = lrvec.linear(base_lr=[1.0, 2.0], end_lr=0.0, total_steps=10)
    groups = lrvec.scale_by_group(STAIRS, multipliers={"head": 1.0, "body": 0.5})
    ax = lrvec.plot(sweep, groups, STAIRS, labels=["lines", "groups", "alone"])
    assert legend(ax) == ["lines: 1", "lines: 2", "groups: head", "groups: body", "alone"]
    assert [data(line)[0] for line in ax.lines] == [1.0, 2.0, 1.0, 0.5, 1.0]
    assert legend(lrvec.plot(groups)) == ["head", "body"]
    many = lrvec.plot(*[lrvec.constant(lr=float(i)) for i in range(13)])
    assert len({colors.to_hex(line.get_color()) for line in many.lines}) == 13


def test_long_labels_leave_room_for_the_curves() -> None:
    ax = lrvec.plot(lrvec.stack([WARM, lrvec.constant(lr=1e-5)]))
    assert legend(ax) == [repr(WARM)[:63] + "\N{HORIZONTAL ELLIPSIS}", "constant(lr=1e-05)"]
    ax.figure.canvas.draw()
    assert ax.get_window_extent().width > ax.figure.bbox.width * 0.7


def test_a_curve_with_too_many_turns_is_a_band() -> None:
    ax = lrvec.plot(lrvec.triangular(min_lr=0.25, max_lr=1.0, step_size=50), steps=10**12)
    (band,) = ax.collections
    heights = band.get_paths()[0].vertices[:, 1]
    assert (heights.min(), heights.max()) == (0.25, 1.0)
    assert len(heights) < 5000


class Optimizer:
    def __init__(self) -> None:
        self.param_groups = [{"lr": 0.1, "weight_decay": 0.01}, {"lr": 0.2, "weight_decay": 0.0, "max_lr": 2e-3}]


def test_a_scheduler_has_axes_for_rates_and_weight_decay() -> None:
    scheduler = OptimizerParamScheduler(
        Optimizer(), init_lr=0.0, max_lr=1e-3, min_lr=1e-4, lr_warmup_steps=100, lr_decay_steps=1000, lr_decay_style="cosine",
        start_wd=0.01, end_wd=0.1, wd_incr_steps=1000, wd_incr_style="linear",
    )  # fmt: skip
    above = lrvec.plot(scheduler)
    assert above.figure.axes[0] is above
    below = above.figure.axes[1]
    assert (above.get_ylabel(), below.get_ylabel()) == ("learning rate", "weight decay")
    assert (above.get_xlabel(), below.get_xlabel()) == ("", "step")
    assert above.get_shared_x_axes().joined(above, below)
    for ax, matrix in ((above, scheduler.lr_matrix), (below, scheduler.wd_matrix)):
        for group, line in enumerate(ax.lines):
            drawn = data(line)
            assert list(drawn.values()) == pytest.approx(matrix(list(map(int, drawn)))[group].tolist(), rel=1e-15)
            assert max(drawn) == 1001  # the first step after the decay
    assert legend(below) == ["group 0", "group 1"]
    with pytest.raises(ValueError, match=r"^schedules must hold a scheduler alone, received 2 values$"):
        lrvec.plot(scheduler, STAIRS)


def adam(*names: str, **entries: dict[str, float]) -> Any:
    """An optimizer of torch whose groups have these names."""
    import torch

    groups = [{"params": [torch.nn.Parameter(torch.zeros(1))], "name": name, **entries.get(name, {})} for name in names]
    return torch.optim.AdamW(groups)


def test_a_scheduler_of_torch_has_axes_for_all_that_it_sets() -> None:
    from lrvec.torch import LRScheduler

    optimizer = adam("matrices", "head", "norms", head={"lr_scale": 0.5})
    decays = {"matrices": lrvec.cosine(base_lr=0.04, min_lr=0.4, total_steps=1000), "head": 0.0, "norms": 0.0}
    momentum = lrvec.linear(base_lr=0.85, end_lr=0.95, total_steps=1000)
    rates = lrvec.warmup_cosine(base_lr=1e-3, min_lr=1e-5, warmup_steps=200, total_steps=1000)
    scheduler = LRScheduler(optimizer, rates, weight_decay=decays, momentum=momentum)
    above = lrvec.plot(scheduler, clock=lrvec.Clock(64, 1024))
    axes = above.figure.axes
    assert [ax.get_ylabel() for ax in axes] == ["learning rate", "weight decay", "momentum"]
    assert [ax.get_xlabel() for ax in axes] == ["", "", "step"]
    assert [len(ax.child_axes) for ax in axes] == [1, 0, 0]
    assert above.child_axes[0].get_xlabel() == "tokens"
    assert [legend(ax) for ax in axes[:2]] == [["matrices, norms", "head"], ["matrices", "head, norms"]]
    assert axes[2].get_legend() is None
    for ax, wanted in ((axes[0], [rates, 0.5 * rates]), (axes[1], [decays["matrices"], lrvec.constant(lr=0.0)]), (axes[2], [momentum])):
        for line, schedule in zip(ax.lines, wanted, strict=True):
            assert data(line) == {step: schedule(int(step)) for step in data(line)}


def test_a_scheduler_of_torch_with_one_group_names_the_phases() -> None:
    from lrvec.torch import LRScheduler

    rates = lrvec.warmup_cosine(base_lr=1e-3, min_lr=1e-5, warmup_steps=200, total_steps=1000)
    optimizer = adam("all")
    ax = lrvec.plot(LRScheduler(optimizer, rates, betas=(lrvec.linear(base_lr=0.85, end_lr=0.95, total_steps=9), 0.99)))
    assert phases(ax) == ["warmup", "decay"]
    assert [ax.get_ylabel() for ax in ax.figure.axes] == ["learning rate", "betas[0]", "betas[1]"]
    alone = lrvec.plot(LRScheduler(adam("one", "two"), weight_decay=lambda step: 0.1))
    assert (alone.get_ylabel(), alone.get_title(loc="left"), alone.get_legend()) == ("weight decay", "", None)


def test_many_groups_are_few_curves() -> None:
    from lrvec.torch import LRScheduler

    optimizer = adam(*[f"block {number}" for number in range(40)])
    rates = [lrvec.constant(lr=float(number // 2)) for number in range(40)]
    ax = lrvec.plot(LRScheduler(optimizer, rates))
    assert len(ax.lines) == 12
    assert ax.get_legend().get_title().get_text() == "16 more not shown"
    groups = lrvec.plot(lrvec.scale_by_group(STAIRS, multipliers={f"block {number}": 1.0 + number for number in range(40)}))
    assert (len(groups.lines), groups.get_legend().get_title().get_text()) == (12, "28 more not shown")


def test_zoom_shows_single_steps() -> None:
    ax = lrvec.plot.zoom(STAIRS, 10, width=3)
    line, middle = ax.lines
    assert data(line) == {7: 1.0, 8: 1.0, 9: 1.0, 10: 0.5, 11: 0.5, 12: 0.5, 13: 0.5}
    assert line.get_marker() == "o"
    assert middle.get_xdata() == [10, 10]
    assert ticks(ax)[0] == ["7", "8", "9", "10", "11", "12", "13"]
    assert list(data(lrvec.plot.zoom(STAIRS, 0).lines[0])) == list(range(11))
    assert list(data(lrvec.plot.zoom(STAIRS, 2**53, width=1).lines[0])) == [2**53 - 1, 2**53]
    _, own = pyplot.subplots()
    assert lrvec.plot.zoom(WARM, 8_000, ax=own, log=True) is own
    assert own.get_yscale() == "log"


def test_ticks_that_are_nearly_the_same_have_the_digits_that_tell_them_apart() -> None:
    labels = ticks(lrvec.plot(lrvec.linear(base_lr=1.0, end_lr=1.0 - 1e-9, total_steps=10)))[1]
    assert len(labels) > 3
    assert len(set(labels)) == len(labels)


def test_nothing_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pyplot, "show", None)
    lrvec.plot(STAIRS)


@pytest.mark.parametrize(
    ("schedules", "keywords", "error", "message"),
    [
        ((), {}, ValueError, "schedules must hold at least one, received none"),
        ((STAIRS, 3), {}, TypeError, "schedules[1] must be a schedule or another callable from a step to a rate, received 3"),
        ((STAIRS,), {"steps": 0}, ValueError, "steps must be a positive integer, received 0"),
        ((STAIRS,), {"steps": range(0, 10, 2)}, ValueError, "steps must be a number of steps or a range of consecutive steps, received range(0, 10, 2)"),
        ((STAIRS,), {"steps": range(3, 3)}, ValueError, "steps must be a number of steps or a range of consecutive steps, received range(3, 3)"),
        ((STAIRS,), {"steps": range(-1, 3)}, ValueError, "step at index 0 must be a non-negative integer, received -1"),
        ((STAIRS,), {"labels": ["a", "b"]}, ValueError, "labels must be 1 text, received ['a', 'b']"),
        ((STAIRS, WARM), {"labels": ["a", 2]}, ValueError, "labels must be 2 texts, received ['a', 2]"),
        ((STAIRS,), {"clock": 2304}, TypeError, "clock must be a lrvec.Clock, received 2304"),
        ((STAIRS,), {"unit": "tokens"}, TypeError, "clock must be a lrvec.Clock, received None"),
        ((STAIRS,), {"clock": lrvec.Clock(8), "unit": "tokens"}, ValueError, "sequence_length must be given to count tokens, received None"),
        ((STAIRS,), {"clock": lrvec.Clock(8), "unit": "days"}, ValueError, "unit must be one of ('tokens', 'epochs', 'samples'), received 'days'"),
    ],
)  # fmt: skip
def test_is_refused(schedules: Any, keywords: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        lrvec.plot(*schedules, **keywords)
    assert pyplot.get_fignums() == []


def test_zoom_refuses() -> None:
    with pytest.raises(ValueError, match=r"^step must be a non-negative integer, received -1"):
        lrvec.plot.zoom(STAIRS, -1)
    with pytest.raises(ValueError, match=r"^width must be a positive integer, received 0$"):
        lrvec.plot.zoom(STAIRS, 1, width=0)
    with pytest.raises(TypeError, match=r"^schedules\[0\] must be a schedule or another callable from a step to a rate, received None$"):
        lrvec.plot.zoom(None, 1)


def test_a_users_callable_may_fail() -> None:
    with pytest.raises(ValueError, match="math domain error"):
        lrvec.plot(lambda step: math.sqrt(500 - step))
