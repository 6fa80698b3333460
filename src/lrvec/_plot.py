"""This module draws schedules with matplotlib, which is imported with the first picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from . import _checks
from ._draw import GREY, cut, ramp, short
from ._evaluate import evaluate
from ._evaluate.picture import MOST_PHASES, MOST_ROWS, shown_rows
from ._evaluate.points import Points, envelope_of, points_of, span_of
from ._evaluate.tables import has_rows
from ._lowering.marks import starts
from ._lowering.segments import segments_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import ParamSpec, Protocol

    from matplotlib.axes import Axes

    Given = ParamSpec("Given")

    class Plot(Protocol[Given]):
        """What type checkers know of `plot`: it can be called, and has a function `zoom`."""

        zoom: Callable[..., Axes]

        def __call__(self, *given: Given.args, **named: Given.kwargs) -> Axes: ...


__all__ = ["plot"]

POINTS = 2000
"""A curve has so many points at most, or some more."""

TOLERANCE = 1.0 / 2000.0
"""Lines between the points may miss the curve by this share of the height."""

LETTERS = 64
"""A label has so many letters at most."""


class Curve(NamedTuple):
    """A curve is a schedule with a label, and a colour unless matplotlib is to choose it."""

    label: str
    value: Any
    colour: str | None = None


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
            below.plot(steps, rates, "o-", markersize=4, linewidth=0.8, color=curve.colour, label=curve.label)
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
) -> Axes:
    """Draw schedules over each other with matplotlib. Nothing is shown: the caller does that, or a notebook.

    Every step where a curve may jump or turn is a point of its line, and so is the step before it; others are added
    where the curve bends. So a drop is vertical, and 10^12 steps are drawn as fast as 1,000. A curve that turns more
    often than a picture can show is a band.

    Parameters
    ----------
    schedules : schedules, sweeps, groups, other callables from a step to a rate, or one scheduler of an optimizer. Of a
        sweep the envelope is drawn, and up to twelve rows in colours by what varies. A scheduler has an axis each for
        rates, weight decay and momentum, below each other.
    steps : the steps to draw: a number of them, or a range of consecutive ones; by default up to the end of all curves,
        or of some cycles of a curve without an end.
    ax : the Axes to draw into; a new figure by default.
    log : whether the axis of rates is logarithmic.
    phases : whether a single schedule has lines where its phases begin.
    labels : a text for each of the schedules.

    Returns
    -------
    Axes of matplotlib, `ax` if it is given. `plot.zoom(schedule, step)` shows single steps.

    Raises
    ------
    ValueError if there is no schedule, if `steps` are not consecutive, or if there are more or fewer labels than
    schedules; TypeError for what is no schedule or has traced parameters; ImportError without matplotlib.

    >>> from lrvec import cosine, linear, plot
    >>> shape = {"total_steps": 1_000_000}
    >>> ax = plot(cosine(base_lr=1.0, min_lr=0.0, **shape), linear(base_lr=1.0, end_lr=0.0, **shape))  # doctest: +SKIP
    """
    shown = None if steps is None else _checks.shown_steps("steps", steps)
    ax, panels = _prepared(schedules, labels, ax)
    if shown is None:
        shown = range(max(span_of(curve.value) for panel in panels for curve in panel.curves) + 1)
    for below, panel in _placed(ax, panels):
        _draw(below, panel, shown, log)
        if phases and len(panel.curves) == 1:
            for start in starts(segments_of(panel.curves[0].value), shown[0], shown[-1], MOST_PHASES):
                below.axvline(start, color=GREY, linewidth=0.8, alpha=0.6, zorder=0)
        _finish(below, panel, shown, log)
    return ax


def _prepared(schedules: Iterable[Any], labels: Any, ax: Any) -> tuple[Any, list[Panel]]:
    """Returns the Axes and what is drawn in them, after all checks."""
    panels = _panels(_checks.drawn(schedules), labels)
    if ax is None:
        _, ax = _pyplot().subplots(figsize=(7.2, 1.2 + 2.3 * len(panels)), layout="constrained")
        if len(panels) == 1 and len(panels[0].curves) == 1:
            ax.set_title(panels[0].curves[0].label, fontsize="medium", loc="left")
    return ax, panels


def _pyplot() -> Any:
    try:
        from matplotlib import pyplot
    except ImportError:
        _checks.refuse_without("lrvec.plot", "matplotlib", "plot")
    return pyplot


def _panels(schedules: Sequence[Any], labels: Any) -> list[Panel]:
    texts = [None] * len(schedules) if labels is None else _checks.texts("labels", labels, len(schedules))
    if len(schedules) == 1 and hasattr(schedules[0], "_curves_by_name"):
        found = schedules[0]._curves_by_name()
        return [Panel(name, [Curve(label, value) for label, value in curves]) for name, curves in found.items()]
    if len(schedules) == 1 and has_rows(schedules[0]):
        names, rows = shown_rows(schedules[0])
        curves = [Curve(label, row, ramp(place, len(rows))) for place, (label, row) in enumerate(rows)]
        return [Panel("learning rate", curves, schedules[0], ", ".join(names))]
    curves = []
    for schedule, text in zip(schedules, texts, strict=True):
        curves += _curves(schedule, text)
    return [Panel("learning rate", curves)]


def _curves(schedule: Any, text: str | None) -> list[Curve]:
    """Returns the curves of one of several schedules: rows and groups each have their own."""
    front = "" if text is None else f"{text}: "
    if has_rows(schedule):
        return [Curve(f"{front}{label}", row) for label, row in shown_rows(schedule)[1]]
    if hasattr(schedule, "matrix"):
        return [Curve(f"{front}{name}", row) for name, row in schedule.items()[:MOST_ROWS]]
    return [Curve(cut(repr(schedule), LETTERS) if text is None else text, schedule)]


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
    if panel.sweep is not None:
        _draw_points(ax, envelope_of(panel.sweep, found), GREY, None, 0.2)
    for curve, points in zip(panel.curves, found, strict=True):
        _draw_points(ax, points, curve.colour, curve.label, 0.5)


def _draw_points(ax: Any, points: Points, colour: str | None, label: str | None, alpha: float) -> None:
    if points.upper is None:
        ax.plot(points.steps, points.rates, color=colour, linewidth=1.5, label=label)
    else:
        (edge,) = ax.plot(points.steps, points.upper, color=colour, linewidth=0.8, label=label)
        ax.fill_between(points.steps, points.rates, points.upper, color=edge.get_color(), alpha=alpha)


def _finish(ax: Any, panel: Panel, steps: range, log: bool) -> None:
    """Gives the Axes their scales, ticks, labels and legend."""
    from matplotlib import ticker

    class Rates(ticker.Formatter):
        """Writes ticks with as few digits as tell them apart."""

        def __call__(self, value: float, position: int | None = None) -> str:
            return short(value)

        def format_ticks(self, values: Sequence[float]) -> list[str]:
            for digits in range(3, 17):
                texts = [short(value, digits) for value in values]
                if len(set(texts)) == len(texts):
                    break
            return texts

    if log:
        ax.set_yscale("log", nonpositive="mask")
    else:
        ax.yaxis.set_major_formatter(Rates())
    ax.xaxis.set_major_locator(ticker.MaxNLocator(nbins=7, integer=True, steps=[1, 2, 2.5, 5, 10]))
    is_wide = len(steps) > 10_000
    ax.xaxis.set_major_formatter(ticker.EngFormatter(sep="") if is_wide else ticker.StrMethodFormatter("{x:,.0f}"))
    ax.set_ylabel(panel.name)
    if ax.get_subplotspec() is None or ax.get_subplotspec().is_last_row():
        ax.set_xlabel("step")
    if len(panel.curves) > 1:
        many = len(panel.curves) > 6
        place: dict[str, Any] = {"loc": "upper left", "bbox_to_anchor": (1.0, 1.0)} if many else {"loc": "best"}
        ax.legend(title=panel.heading or None, fontsize="small", title_fontsize="small", frameon=not many, **place)
