"""This module draws schedules with matplotlib, which is imported with the first picture."""

from __future__ import annotations

import math
import textwrap
from typing import TYPE_CHECKING, Any, NamedTuple

from . import _checks
from ._checks import fronts as checked
from ._draw import GREY, counted, cut, ramp, short
from ._evaluate import evaluate
from ._evaluate.phases import CALCULATED
from ._evaluate.phases import phases as phases_of
from ._evaluate.picture import MOST_PHASES, MOST_ROWS, ranks, shown_rows
from ._evaluate.points import Points, envelope_of, points_of, span_of
from ._evaluate.tables import has_rows, is_known
from ._lowering.marks import starts
from ._lowering.segments import segments_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import ParamSpec, Protocol

    from matplotlib.axes import Axes

    from .clocks import Clock

    Given = ParamSpec("Given")

    class Plot(Protocol[Given]):
        """A plot is what type checkers know of `plot`: it can be called, and has a function `zoom`."""

        zoom: Callable[..., Axes]

        def __call__(self, *given: Given.args, **named: Given.kwargs) -> Axes: ...


__all__ = ["plot"]

POINTS = 2000
"""A curve has so many points at most, or some more."""

TOLERANCE = 1.0 / 2000.0
"""Lines between the points may miss the curve by this share of the height."""

LETTERS, NAMES, TITLE = 64, 28, 80
"""A label has so many letters at most, the names of several groups together, and each of the two lines of a title."""

MOST_LINES = 16
"""A legend beside the Axes has smaller letters where it has more lines: they are to fit in."""

LETTER = 4.8
"""A letter of a phase's name is so wide, in points, or narrower."""

MOST_COLOURS = 10
"""matplotlib has so many colours. More curves have those of a ramp."""

STYLES = ("-", "--", ":", "-.")
"""Rows of a sweep that have one colour have different lines."""


class Curve(NamedTuple):
    """A curve is a schedule with a label, a line style, and a colour unless matplotlib is to choose it."""

    label: str
    value: Any
    colour: str | None = None
    style: str = "-"


class Panel(NamedTuple):
    """A panel has curves over each other, in front of the envelope of a sweep if there is one. `heading` stands above
    the labels."""

    name: str
    curves: list[Curve]
    sweep: Any = None
    heading: str = ""


def zoom(schedule: Any, step: int, *, width: int = 10, ax: Axes | None = None, log: bool = False) -> Axes:
    """Draw every single step around one, with a dot for its rate.

    Parameters
    ----------
    schedule : whatever `plot` takes.
    step : the step in the middle, from 0 to 2**53.
    width : the steps to each side of it, positive.
    ax : the Axes to draw into; a new figure by default.
    log : whether the axis of rates is logarithmic.

    Returns
    -------
    Axes of matplotlib. The line of each curve has the rates at these steps.

    Raises
    ------
    ValueError if `step` is no integer from 0 to 2**53, or if `width` is no positive integer; ImportError without
    matplotlib.

    >>> from lrvec import plot, step_decay
    >>> ax = plot.zoom(step_decay(base_lr=1.0, drop=0.5, step_size=10), 10, width=2)  # doctest: +SKIP
    """
    step = _checks.step(step)
    width = _checks.single_count("width", width)
    ax, panels = _prepared([schedule], None, ax)
    steps = range(max(step - width, 0), min(step + width, _checks.LAST_STEP) + 1)
    for below, panel in _placed(ax, panels):
        for curve in panel.curves:
            rates = evaluate(curve.value, steps)
            dots: dict[str, Any] = {"marker": "o", "markersize": 4, "linewidth": 0.8, "linestyle": curve.style}
            below.plot(steps, rates, color=curve.colour, label=curve.label, **dots)
        below.axvline(step, color=GREY, linewidth=0.8, alpha=0.6, zorder=0)
        _finish(below, panel, steps, log)
    return ax


def _with_zoom(function: Callable[Given, Axes]) -> Plot[Given]:
    function.zoom = zoom  # type: ignore[attr-defined]
    return function  # type: ignore[return-value]


@_with_zoom
def plot(
    *schedules: Any,
    steps: int | range | None = None,
    ax: Axes | None = None,
    log: bool = False,
    phases: bool = True,
    labels: Sequence[str] | None = None,
    clock: Clock | None = None,
    unit: str | None = None,
) -> Axes:
    """Draw schedules over each other with matplotlib. Nothing is shown: the caller does that, or a notebook.

    Every step where a curve may jump or turn is a point of its line, and so is the step before it; others are added
    where the curve bends. So a drop is vertical, and 10^12 steps are drawn as fast as 1,000. A curve that turns more
    often than a picture can show is a band.

    Parameters
    ----------
    schedules : schedules, sweeps, groups, other callables from a step to a rate, or one scheduler of `lrvec.torch` or
        `lrvec.nemo`. Of a sweep the envelope is drawn, and up to twelve rows in colours by the parameter that varies. A
        scheduler has Axes below each other for rates, weight decay and whatever else it sets; groups that go the same
        way are one curve.
    steps : the steps to draw: a number of them, or a range of consecutive ones; by default up to the end of all curves,
        or of some cycles of a curve without an end.
    ax : the Axes to draw into; a new figure by default. A figure with the layout "constrained" makes room above them.
    log : whether the axis of rates is logarithmic; it stays linear where no rate is positive.
    phases : whether a curve that is alone in its Axes has lines where its phases begin, and their names above.
    labels : a text for each of the schedules.
    clock : a `lrvec.Clock` for a second axis above the curves.
    unit : what this axis counts: "tokens", "epochs" or "samples"; by default the first of these that the clock
        knows.

    Returns
    -------
    Axes of matplotlib, `ax` if it is given. `plot.zoom(schedule, step)` shows single steps.

    Raises
    ------
    ValueError if there is no schedule, if `steps` are not consecutive, if there are more or fewer labels than
    schedules, or if the clock does not know the unit; TypeError for what is no schedule or has traced parameters;
    ImportError without matplotlib.

    >>> from lrvec import cosine, linear, plot
    >>> shape = {"total_steps": 1_000_000}
    >>> ax = plot(cosine(base_lr=1.0, min_lr=0.0, **shape), linear(base_lr=1.0, end_lr=0.0, **shape))  # doctest: +SKIP
    """
    shown = None if steps is None else checked.shown_steps("steps", steps)
    scale = None if clock is None and unit is None else _checks.clock("clock", clock)._scale(unit)
    ax, panels = _prepared(schedules, labels, ax, 0.0 if scale is None else 0.5)
    if shown is None:
        shown = range(span_of(*(curve.value for panel in panels for curve in panel.curves)) + 1)
    for below, panel in _placed(ax, panels):
        is_empty = not below.has_data()
        _draw(below, panel, shown, log)
        _finish(below, panel, shown, log)
        if phases and len(panel.curves) == 1:
            _draw_phases(below, panel.curves[0].value, shown, is_empty)
    if scale is not None:
        _draw_scale(ax, *scale)
    return ax


def _prepared(schedules: Iterable[Any], labels: Any, ax: Any, room: float = 0.0) -> tuple[Any, list[Panel]]:
    """Returns the Axes and what is drawn in them, after all checks. A new figure is `room` inches higher."""
    panels = _panels(checked.drawn(schedules), labels)
    if ax is None:
        _, ax = _pyplot().subplots(figsize=(7.2, 1.2 + 2.3 * len(panels) + room), layout="constrained")
        if len(panels) == 1 and len(panels[0].curves) == 1:
            ax.set_title(panels[0].curves[0].label, fontsize="medium", loc="left")
    return ax, panels


def _pyplot() -> Any:
    try:
        from matplotlib import pyplot
    except ImportError:
        checked.refuse_without("lrvec.plot", "matplotlib", "plot")
    return pyplot


def _panels(schedules: Sequence[Any], labels: Any) -> list[Panel]:
    texts = [None] * len(schedules) if labels is None else checked.texts("labels", labels, len(schedules))
    if len(schedules) == 1 and hasattr(schedules[0], "_curves_by_name"):
        found = schedules[0]._curves_by_name()
        return [_merged(name, curves) for name, curves in found.items()]
    if len(schedules) == 1 and has_rows(schedules[0]):
        names, rows = shown_rows(schedules[0])
        colours, styles = ranks(schedules[0], len(STYLES))
        curves = [
            Curve(cut(label, LETTERS), row, ramp(colour, max(colours) + 1), STYLES[style])
            for (label, row), colour, style in zip(rows, colours, styles, strict=True)
        ]
        return [Panel("learning rate", curves, schedules[0], ", ".join(names))]
    curves = []
    for schedule, text in zip(schedules, texts, strict=True):
        curves += _curves(schedule, text, len(schedules) == 1)
    hidden = len(schedules[0]) - MOST_ROWS if len(schedules) == 1 and hasattr(schedules[0], "matrix") else 0
    return [Panel("learning rate", _distinct(curves), heading=_all_but(hidden))]


def _curves(schedule: Any, text: str | None, is_alone: bool) -> list[Curve]:
    """Returns the curves of a schedule; rows and groups each have their own. Of one that is alone the label is a
    title."""
    front = "" if text is None else f"{text}: "
    if has_rows(schedule):
        return [Curve(front + cut(label, LETTERS), row) for label, row in shown_rows(schedule)[1]]
    if hasattr(schedule, "matrix"):
        return [Curve(f"{front}{name}", row) for name, row in schedule.items()[:MOST_ROWS]]
    if text is None:
        text = _title(repr(schedule)) if is_alone else cut(repr(schedule), LETTERS)
    return [Curve(text, schedule)]


def _title(text: str) -> str:
    """Returns a text in two lines at most."""
    import textwrap

    lines = textwrap.wrap(text, TITLE, break_on_hyphens=False)
    return "\n".join([*lines[:1], *([cut(" ".join(lines[1:]), TITLE)] if lines[1:] else [])])


def _distinct(curves: list[Curve]) -> list[Curve]:
    """Returns curves whose colours differ, however many they are."""
    if len(curves) <= MOST_COLOURS:
        return curves
    return [curve._replace(colour=ramp(place, len(curves))) for place, curve in enumerate(curves)]


def _merged(name: str, curves: Sequence[tuple[str, Any]]) -> Panel:
    """Returns a panel with the curves of groups and their names. Groups whose curves are the same share one."""
    found: list[tuple[list[str], Any, Any]] = []
    hidden = 0
    for label, value in curves:
        segments = segments_of(value)
        for labels, _, other in found:
            if segments == other:
                labels.append(label)
                break
        else:
            if len(found) < MOST_ROWS:
                found.append(([label], value, segments))
            else:
                hidden += 1
    shown = [Curve(cut(", ".join(labels), NAMES) if found[1:] else "", value) for labels, value, _ in found]
    return Panel(name, _distinct(shown), heading=_all_but(hidden))


def _all_but(hidden: int) -> str:
    return f"{hidden} more not shown" if hidden > 0 else ""


def _placed(ax: Any, panels: Sequence[Panel]) -> list[tuple[Any, Panel]]:
    """Returns the panels with their Axes: the given one, divided if there are several."""
    if len(panels) == 1:
        return [(ax, panels[0])]
    parts = ax.get_subplotspec().subgridspec(len(panels), 1)
    ax.set_subplotspec(parts[0])
    others = [ax.figure.add_subplot(parts[place], sharex=ax) for place in range(1, len(panels))]
    for above in (ax, *others[:-1]):
        above.tick_params(labelbottom=False)
    return list(zip((ax, *others), panels, strict=True))


def _draw(ax: Any, panel: Panel, shown: range, log: bool) -> None:
    first, last = shown[0], shown[-1]
    found = [points_of(curve.value, first, last, POINTS, TOLERANCE, log=log) for curve in panel.curves]
    least = min(part[part > 0.0].min(initial=math.inf) for points in found for part in points[1:] if part is not None)
    floor = least if log and least < math.inf else -math.inf  # there is no place for 0 among logarithms
    if panel.sweep is not None:
        _draw_points(ax, envelope_of(panel.sweep, found), GREY, None, 0.2, floor)
    for curve, points in zip(panel.curves, found, strict=True):
        _draw_points(ax, points, curve.colour, curve.label, 0.5, floor, curve.style)


def _draw_points(
    ax: Any, points: Points, colour: str | None, label: str | None, alpha: float, floor: float, style: str = "-"
) -> None:
    steps, lower, upper = points
    if upper is None:
        marker = "o" if len(steps) == 1 else None
        ax.plot(steps, lower, color=colour, linewidth=1.5, linestyle=style, marker=marker, label=label)
        return
    (edge,) = ax.plot(steps, upper, color=colour, linewidth=0.8, label=label)
    is_seen = upper >= floor
    ax.fill_between(steps[is_seen], lower[is_seen].clip(floor), upper[is_seen], color=edge.get_color(), alpha=alpha)


def _draw_phases(ax: Any, value: Any, shown: range, are_named: bool) -> None:
    """Draws lines where phases begin, and their names above the Axes. Around a user's callable there are no names."""
    first, end = shown[0], shown[-1] + 1
    if not is_known(value):
        for start in starts(segments_of(value), first, end - 1, MOST_PHASES):
            ax.axvline(start, color=GREY, linewidth=0.8, alpha=0.6, zorder=0)
        return
    spans: list[tuple[int, int, str]] = []
    held = None
    for start, stop, name, _, rate, after in phases_of(value, end):
        begin, behind = max(start, first), stop or end
        if name == "hold" and rate == held and spans:  # the rate is held on
            begin = spans.pop()[0]
        held = after if name == "hold" else None
        if behind - begin > 1:
            spans.append((begin, behind, name))
    if not 1 < len(spans) <= MOST_PHASES:
        return
    for start, _, _ in spans[1:]:
        ax.axvline(start, color=GREY, linewidth=0.8, alpha=0.6, zorder=0)
    named = [span for span in spans if span[2] != CALCULATED]
    if are_named and named:
        above = ax.secondary_xaxis("top")  # a title moves above its labels
        above.set_xticks(*_placed_names(ax, named))
        above.tick_params(length=0, pad=2, labelsize="small", labelcolor=GREY)


def _placed_names(ax: Any, spans: list[tuple[int, int, str]]) -> tuple[list[float], list[str]]:
    """Returns steps and the names that stand there, those that have room: in the middle of a phase, or near it."""
    low, high = ax.get_xlim()
    scale = (high - low) / (ax.get_position().width * ax.figure.get_figwidth() * 72.0)
    for every in range(1, len(spans) + 1):  # of many cycles every second one has a name, or every third one ...
        steps, names, taken, have_room = [], [], low, True
        for start, stop, name in spans:
            is_cycle = name.startswith("cycle ")
            if is_cycle and (int(name[6:]) - 1) % every:
                continue
            half = len(name) * LETTER * scale / 2.0
            middle = max(min((start + stop) / 2.0, high - half), taken + half)
            if middle - half <= stop and middle + half <= high:
                steps.append(middle)
                names.append(name)
                taken = middle + half + LETTER * scale
            else:
                have_room &= not is_cycle
        if have_room:
            break
    return steps, names


def _draw_scale(ax: Any, name: str, of_steps: Any, to_steps: Any) -> None:
    """Draws a second axis above the Axes, and above the names of phases if there are some."""
    is_named = bool(ax.child_axes)
    axis = ax.secondary_xaxis("top", functions=(of_steps, to_steps))
    if is_named:
        axis.spines["top"].set_position(("outward", 16))
    axis.set_xlabel(name)
    _number_steps(axis, counted)


def _number_steps(ax: Any, write: Callable[[float, int], str]) -> None:
    """Gives the Axes round steps, with as few digits as tell them apart."""
    from matplotlib import ticker

    whole = {"integer": True} if write is _grouped else {}
    ax.xaxis.set_major_locator(ticker.MaxNLocator(nbins=7, steps=[1, 2, 2.5, 5, 10], **whole))
    ax.xaxis.set_major_formatter(_formatter(write))


def _grouped(number: float, digits: int) -> str:
    return f"{number:,.0f}"


def _formatter(write: Callable[[float, int], str]) -> Any:
    """Returns a formatter that writes ticks with as few digits as tell them apart."""
    from matplotlib import ticker

    class Numbers(ticker.Formatter):
        """Calls `write` with a number and how many digits it is to have."""

        def __call__(self, value: float, position: int | None = None) -> str:
            return write(value, 4)

        def format_ticks(self, values: Sequence[float]) -> list[str]:
            for digits in range(3, 17):
                texts = [write(value, digits) for value in values]
                if len(set(texts)) == len(texts):
                    break
            return texts

    return Numbers()


def _finish(ax: Any, panel: Panel, steps: range, log: bool) -> None:
    """Gives the Axes their scales, ticks, labels and legend."""
    if log and math.isfinite(ax.dataLim.minposy):
        ax.set_yscale("log", nonpositive="mask")
    else:
        ax.yaxis.set_major_formatter(_formatter(short))
    _number_steps(ax, counted if len(steps) > 10_000 else _grouped)
    if len(steps) == 1:
        ax.set_xticks([steps[0]])
    ax.set_ylabel(panel.name)
    if ax.get_subplotspec() is None or ax.get_subplotspec().is_last_row():
        ax.set_xlabel("step")
    if len(panel.curves) > 1:
        many = len(panel.curves) > 6
        place: dict[str, Any] = {"loc": "upper left", "bbox_to_anchor": (1.0, 1.0)} if many else {"loc": "best"}
        handles, labels = ax.get_legend_handles_labels()
        size, between = "small", 0.5
        if many:  # beside the Axes, whose room long lines would take
            labels = ["\n".join(textwrap.wrap(label, LETTERS // 2)) for label in labels]
            if sum(label.count("\n") + 1 for label in labels) > MOST_LINES:
                size, between = "x-small", 0.2
        text: dict[str, Any] = {"title": panel.heading or None, "fontsize": size, "title_fontsize": size}
        ax.legend(handles, labels, frameon=not many, labelspacing=between, **text, **place)
