"""These functions read settings and the logs of training runs, and check the rates that were logged against a schedule.

A log may be off by a step, because a program may log before the optimizer's step or behind it. It may lag, because a
scheduler does not go on where an optimizer skips a step. It has as many digits as its program writes.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy

from . import _checks, _evaluate
from ._checks import shown
from ._frameworks import has
from .dialects.transformers import get_scheduler

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

TOLERANCE = 1e-6
"""A logged rate may be so far from the schedule's, as a share of it: some libraries compute in float32."""

SHIFTS = (0, -1, 1)
"""The rate that is logged at step n may be that of the step n, n - 1 or n + 1."""

MOST_LAG = 1 << 20
"""So many skipped steps are looked for at most."""

STEPS = ("step", "global_step", "steps", "iteration", "iter", "iterations", "_step")
RATES = ("learning_rate", "learning rate", "lr", "rate", "lr-adamw", "lr-adam", "lr-sgd")
"""A column of a log has one of these names, in small letters and without what stands before a slash."""


class Log(NamedTuple):
    """The entries of a log: their steps, the rates there, and how far a rate may be from what was rounded to it."""

    steps: NDArray[numpy.int64]
    rates: NDArray[numpy.float64]
    rounding: NDArray[numpy.float64]


class LogCheck(NamedTuple):
    """A log check is what a log says about a schedule.

    The rate that is logged at step n is schedule(n + `shift` - lag). `lags` has pairs of a step and the lag from there
    on: the optimizer skipped steps before. `entries` are the logged steps. `misfit` is the first entry that does not
    fit, a tuple of its step, its rate and the schedule's, or None.
    """

    entries: list[int]
    shift: int
    lags: list[tuple[int, int]]
    misfit: tuple[int, float, float] | None

    def __str__(self) -> str:
        first, last = self.entries[0], self.entries[-1]
        clock = f"n {'-' if self.shift < 0 else '+'} {abs(self.shift)}" if self.shift else "n"
        lags = ", ".join([f"from step {step} on {lag} behind that" for step, lag in self.lags])
        misfit = "none"
        if self.misfit:
            step, rate, own = self.misfit
            misfit = f"step {step}: the log has {rate!r}, the schedule {own!r}"
        rows = {
            "entries": f"{len(self.entries)}, at the steps {first} ... {last}",
            "clock": f"the rate at step n is schedule({clock})",
            "lag": lags or "none",
            "misfit": misfit,
        }
        return "\n".join(f"{name:<11}{text}" for name, text in rows.items())


# ---- reading ----


def settings_in(name: str, source: Any, *, is_text: bool = False) -> Mapping[str, Any]:
    """Returns the settings of a mapping, of an object with attributes, or of a file of JSON."""
    if isinstance(source, Mapping):
        return source
    if isinstance(source, (str, os.PathLike)):
        return dict(_checks.dictionary(name, _json(name, source if is_text else _text(name, source))))
    if has(source, "to_dict"):
        return dict(_checks.dictionary(name, source.to_dict()))
    if has(source, "__dict__"):
        return dict(vars(source))
    raise TypeError(f"{name} must be a mapping or the path of a file of JSON, received {shown(source)}")


def _text(name: str, path: Any) -> str:
    try:
        with open(path, encoding="utf-8-sig") as file:  # spreadsheets put a mark in front
            return file.read()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ValueError(f"{name} must be a file of text that can be read, received {shown(path)}: {reason}") from None


def _json(name: str, text: Any) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{name} must hold JSON, received {shown(text)}: {error}") from None


def log_in(name: str, source: Any) -> Log:
    """Returns the entries of a log that have a step and a rate."""
    if isinstance(source, Mapping):
        pairs = list(_of_rows(name, _checks.listed("log_history", source.get("log_history"))))
    elif isinstance(source, (str, os.PathLike)):
        pairs = list(_of_file(name, source))
    else:
        entries = enumerate(_checks.listed(name, source))
        pairs = [_checks.two(f"{name}[{index}]", one, "a step and a learning rate") for index, one in entries]
    if not pairs:
        raise ValueError(f"{name} must have an entry with a step and a learning rate, received none")
    steps = [_checks.single_count("step", _whole(step), least=0) for step, _ in pairs]
    numbers = [_decimal(name, rate) for _, rate in pairs]
    order = sorted(range(len(steps)), key=steps.__getitem__)
    rates = numpy.array([float(numbers[index]) for index in order])
    return Log(numpy.array([steps[index] for index in order]), rates, _rounding(numbers, rates))


def _of_file(name: str, path: Any) -> Iterator[tuple[Any, Any]]:
    """Yields the pairs of a file: a trainer_state.json, JSON lines, or CSV."""
    text = _text(name, path)
    if text.lstrip()[:1] in ("{", "["):
        try:
            found = [json.loads(line) for line in text.splitlines() if line.strip()]
        except ValueError:
            found = [_json(name, text)]
        whole = found[0] if len(found) == 1 else found
        if isinstance(whole, dict) and "log_history" in whole:
            whole = whole["log_history"]
        return _of_rows(name, whole if isinstance(whole, list) else [whole])
    import csv

    return _of_rows(name, list(csv.DictReader(text.splitlines())))


def _of_rows(name: str, rows: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    """Yields the step and the rate of the rows that have both."""
    columns = {key: None for row in rows if isinstance(row, Mapping) for key in row if isinstance(key, str)}
    step = _column(name, list(columns), STEPS, "steps")
    rate = _column(name, list(columns), RATES, "learning rates")
    for row in rows:
        if isinstance(row, Mapping) and row.get(step) not in (None, "") and row.get(rate) not in (None, ""):
            yield row[step], row[rate]


def _column(name: str, columns: list[str], words: tuple[str, ...], what: str) -> str:
    found = [one for word in words for one in columns if one.strip().lower().rpartition("/")[2] == word]
    if not found:
        rule = f"have a column of {what}, such as {words[0]}"
        raise ValueError(f"{name} must {rule}, received {', '.join(columns) or 'no columns'}")
    return found[0]


def _whole(step: Any) -> Any:
    """Returns a step as an integer, where text or a number says that it is one."""
    try:
        number = Decimal(str(step).strip())
        return int(number) if number == number.to_integral_value() else step
    except (InvalidOperation, ValueError, OverflowError):
        return step


def _decimal(name: str, rate: Any) -> Decimal:
    """Returns a rate with the digits that it is written with."""
    try:
        number = Decimal(str(rate).strip())
    except InvalidOperation:
        number = Decimal("nan")
    if not number.is_finite():
        raise ValueError(f"learning rate in {name} must be a finite number, received {shown(rate)}")
    return number


def _rounding(numbers: list[Decimal], rates: NDArray[numpy.float64]) -> NDArray[numpy.float64]:
    """Returns half a unit of the last digit of each rate. All rates have as many digits as the one that has most, or as
    many decimals, if none has an exponent."""
    exponents = [int(number.as_tuple().exponent) for number in numbers if number]
    digits = max((len(number.as_tuple().digits) for number in numbers if number), default=17)
    places = numpy.floor(numpy.log10(numpy.where(rates == 0.0, 1.0, abs(rates)))) - (digits - 1)
    relative = 0.5 * 10.0**places
    return numpy.maximum(relative, 0.5 * 10.0 ** min(exponents, default=-17))


# ---- checking ----


def check(log: Log, schedule: Callable[[int], float]) -> LogCheck:
    """Checks the entries of a log by each shift, and returns what fits the most of them, with the least lag."""
    found = [_walk(log, schedule, shift) for shift in SHIFTS]
    best = max(found, key=lambda one: (one[0], -(one[1].lags[-1][1] if one[1].lags else 0)))
    return best[1]


def _values(schedule: Any, steps: Any) -> NDArray[numpy.float64]:
    values: NDArray[numpy.float64] = _evaluate.evaluate(schedule, steps)
    return values


def _fits(rates: Any, values: Any, rounding: Any, peak: float) -> Any:
    return abs(rates - values) <= 1.001 * rounding + TOLERANCE * abs(values) + 1e-12 * peak


def _walk(log: Log, schedule: Any, shift: int) -> tuple[int, LogCheck]:
    """Walks along the entries, and returns how many fit before the first that does not."""
    peak = float(abs(log.rates).max())
    clock = numpy.maximum(log.steps + shift, 0)
    lag, begun = 0, 0
    lags: list[tuple[int, int]] = []
    entries = log.steps.tolist()
    while True:
        values = _values(schedule, numpy.maximum(clock[begun:] - lag, 0))
        wrong = numpy.flatnonzero(~_fits(log.rates[begun:], values, log.rounding[begun:], peak))
        if not len(wrong):
            return len(entries), LogCheck(entries, shift, lags, None)
        place = begun + int(wrong[0])
        more = _lag_at(log, schedule, int(clock[place]), place, lag, peak)
        if more is None:
            misfit = (entries[place], float(log.rates[place]), float(values[wrong[0]]))
            return place, LogCheck(entries, shift, lags, misfit)
        lag, begun = more, place
        lags.append((entries[place], lag))


def _lag_at(log: Log, schedule: Any, step: int, place: int, lag: int, peak: float) -> int | None:
    """Returns the least lag above the one so far with which an entry fits."""
    furthest = min(step, lag + MOST_LAG, int(log.steps[place]) - 1)
    if furthest <= lag:
        return None
    values = _values(schedule, range(step - lag - 1, step - furthest - 1, -1))
    fitting = numpy.flatnonzero(_fits(log.rates[place], values, log.rounding[place], peak))
    return lag + 1 + int(fitting[0]) if len(fitting) else None


# ---- finding ----


def found_in(log: Log, total_steps: int) -> Any:
    """Finds the schedule of transformers that a log shows, without parameters of its own but a warmup and a rate."""
    top = int(log.rates.argmax())
    low = int(log.steps[top - 1]) - 1 if top else 0
    high = min(int(log.steps[min(top + 1, len(log.steps) - 1)]) + 1, total_steps - 1)
    for shift in (-1, 0):
        for name in ("constant", "constant_with_warmup", "linear", "cosine", "inverse_sqrt"):
            for warmup in range(max(low, 0), high + 1) if name != "constant" else (0,):
                found = _fitted(log, name, warmup, total_steps, shift)
                if found is not None:
                    return found
    rule = "show a schedule of transformers that a warmup and a rate describe: give the arguments"
    raise ValueError(f"log_history must {rule}, received {len(log.steps)} rates that show none")


def _fitted(log: Log, name: str, warmup: int, total_steps: int, shift: int) -> Any:
    """Returns the schedule of a name and a warmup, with the rate that makes it fit a log; or None."""
    unit = get_scheduler(name, warmup, total_steps, lr=1.0)
    steps = numpy.maximum(log.steps + shift, 0)
    values = _values(unit, steps)
    top = int(values.argmax())
    if values[top] <= 0.0:
        return None
    rate = float(f"{log.rates[top] / values[top]:.12g}")
    peak = float(abs(log.rates).max())
    if not _fits(log.rates, rate * values, log.rounding, peak).all():
        return None
    return get_scheduler(name, warmup, total_steps, lr=rate)
