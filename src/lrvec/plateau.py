"""A rate falls when a metric has stopped getting better: a function makes a rate and a state of a state and a metric.

The state is a dict of plain numbers, so it goes into a checkpoint as JSON. In JAX the function can be compiled and
scanned over; its state is then a dict of arrays.

>>> from lrvec import reduce_on_plateau
>>> plateau = reduce_on_plateau(0.1, factor=0.5, patience=1, rules="torch")
>>> state, rates = plateau.init(), []
>>> for loss in [3.0, 2.0, 2.0, 2.0, 2.0]:
...     lr, state = plateau(state, loss)
...     rates.append(lr)
>>> rates
[0.1, 0.1, 0.1, 0.05, 0.05]
"""

from __future__ import annotations

from math import inf

from . import _checks
from ._frameworks import is_foreign, is_torch
from ._lowering.numbers import larger, smaller, where
from ._registry import kind_named

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    State = dict[str, Any]

__all__ = ["Plateau", "reduce_on_plateau"]

_COMMON = {"factor": 0.1, "patience": 10, "threshold": 1e-4, "cooldown": 0, "min_lr": 0.0, "accumulation_size": 1}

RULES: dict[str, dict[str, Any]] = {
    "torch": {**_COMMON, "mode": "min", "threshold_mode": "rel", "eps": 1e-8},
    "keras": {**_COMMON, "mode": "min", "threshold_mode": "abs", "eps": 0.0},
    "optax": {**_COMMON, "mode": "min", "threshold_mode": "rel", "eps": 0.0},
    "timm": {**_COMMON, "mode": "max", "threshold_mode": "rel", "eps": 1e-8},
}
"""The parameters by whose rules a library reduces a rate, with the library's own defaults."""

_STATE = {
    "step": 0,
    "scale": 1.0,
    "best": 0.0,
    "has_best": False,
    "bad": 0,
    "cooldown": 0,
    "count": 0,
    "mean": 0.0,
}


class Plateau:
    """A plateau is a function from a state and a metric to a rate and the next state. `reduce_on_plateau` makes it.

    Attributes
    ----------
    schedule : the schedule whose rates are reduced.
    rules : the library whose rules hold: "torch", "keras", "optax" or "timm".
    parameters : the numbers and words that these rules go by, each by its name.
    """

    __slots__ = ("_given", "_limit", "parameters", "rules", "schedule")

    def __init__(self, schedule: Any, rules: str, parameters: dict[str, Any], given: dict[str, Any]) -> None:
        self.schedule, self.rules, self.parameters, self._given = schedule, rules, parameters, given
        patience = parameters["patience"]
        self._limit = patience + 1 if rules in ("torch", "timm") else max(1, patience)

    def init(self) -> State:
        """Returns the state before the first metric."""
        return dict(_STATE)

    def rate(self, state: Mapping[str, Any]) -> Any:
        """Returns the rate at a state: before the first metric, that of step 0."""
        return self._reduced(self.schedule(state["step"]), state["scale"])

    def __call__(self, state: Mapping[str, Any], metric: Any) -> tuple[Any, State]:
        """Returns the rate of the next step and the next state, after a metric. A metric that is not a number is
        worse than any other."""
        _checks.plateau_state(state, _STATE)
        if not is_foreign(metric) or is_torch(metric):
            metric = float(metric)
        count = state["count"] + 1
        mean = (state["count"] * state["mean"] + metric) / count if self.parameters["accumulation_size"] > 1 else metric
        is_whole = count == self.parameters["accumulation_size"]
        judged = self._judged(state, mean)
        next_state = {name: where(is_whole, value, state[name]) for name, value in judged.items()}
        next_state |= {
            "count": where(is_whole, 0 * count, count),
            "mean": where(is_whole, 0.0 * state["mean"], mean),
            "step": state["step"] + 1,
        }
        next_state = {name: next_state[name] for name in _STATE}
        return self.rate(next_state), next_state

    def _judged(self, state: Mapping[str, Any], metric: Any) -> State:
        """Returns what a metric changes in the state."""
        given = self.parameters
        is_better = self._is_better(state, metric)
        is_cooling = state["cooldown"] > 0
        cooldown = where(is_cooling, state["cooldown"] - 1, state["cooldown"])
        is_ignored = cooldown > 0 if self.rules == "keras" else is_cooling
        bad = where(is_better | is_ignored, 0 * state["bad"], state["bad"] + 1)
        rate, scale = self.schedule(state["step"]), state["scale"] * given["factor"]
        before, after = self._reduced(rate, state["scale"]), self._reduced(rate, scale)
        is_late = bad >= self._limit
        is_reduced = is_late & (before - after > given["eps"])
        is_reset = is_reduced if self.rules == "keras" else is_late
        return {
            "scale": where(is_reduced, scale, state["scale"]),
            "best": where(is_better, metric, state["best"]),
            "has_best": state["has_best"] | is_better,
            "bad": where(is_reset, 0 * bad, bad),
            "cooldown": where(is_reset, 0 * cooldown + given["cooldown"], cooldown),
        }

    def _is_better(self, state: Mapping[str, Any], metric: Any) -> Any:
        given = self.parameters
        sign = 1.0 if given["mode"] == "min" else -1.0
        best, threshold = state["best"], given["threshold"]
        first = True if self.rules == "keras" else sign * metric < inf
        if given["threshold_mode"] == "rel":
            bar = best * (1.0 - sign * threshold)
            later = sign * metric < sign * bar
        elif self.rules == "keras":
            later = sign * (metric + sign * threshold) < sign * best
        else:
            later = sign * metric < sign * (best - sign * threshold)
        return (first & (state["has_best"] ^ True)) | (state["has_best"] & later)

    def _reduced(self, rate: Any, scale: Any) -> Any:
        """Returns the scaled rate. It is not below `min_lr`, unless the schedule's own rate is."""
        return larger(rate * scale, smaller(rate, self.parameters["min_lr"]))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Plateau):
            return NotImplemented
        return (self.schedule, self.rules, self.parameters) == (other.schedule, other.rules, other.parameters)

    def __hash__(self) -> int:
        return hash((self.schedule, self.rules, *self.parameters.values()))

    def __repr__(self) -> str:
        said = "".join(f", {name}={value!r}" for name, value in self._given.items())
        return f"reduce_on_plateau({self.schedule!r}, rules={self.rules!r}{said})"

    def __reduce__(self) -> tuple[Any, ...]:
        return _remake, (self.schedule, self.rules, self._given)


def _remake(schedule: Any, rules: str, given: dict[str, Any]) -> Plateau:
    return reduce_on_plateau(schedule, rules=rules, **given)


def _factor(name: str, value: Any) -> float:
    return _checks.between(name, _checks.single_number(name, value), 0.0, 1.0)


def _size(name: str, value: Any) -> float:
    return _checks.non_negative(name, _checks.single_number(name, value))


def _count(name: str, value: Any) -> int:
    return _checks.single_count(name, value, 0)


def _word(*choices: str) -> Callable[[str, Any], str]:
    return lambda name, value: _checks.one_of(name, value, choices)


_CHECKS: dict[str, Callable[[str, Any], Any]] = {
    "factor": _factor,
    "patience": _count,
    "threshold": _size,
    "threshold_mode": _word("rel", "abs"),
    "cooldown": _count,
    "min_lr": _size,
    "mode": _word("min", "max"),
    "eps": _size,
    "accumulation_size": _checks.single_count,
}


def reduce_on_plateau(
    schedule: Callable[[Any], Any] | float,
    *,
    rules: str = "torch",
    factor: float | None = None,
    patience: int | None = None,
    threshold: float | None = None,
    threshold_mode: str | None = None,
    cooldown: int | None = None,
    min_lr: float | None = None,
    mode: str | None = None,
    eps: float | None = None,
    accumulation_size: int | None = None,
) -> Plateau:
    """Multiply a schedule by a factor each time that a metric has stopped getting better.

        lr(t) = max(schedule(t) factor^n, min(schedule(t), min_lr))

    where t counts the metrics, and n how often the rate has been reduced. A metric m is better than the best one b if

        m < b (1 - threshold)    with the threshold_mode "rel"
        m < b - threshold        with "abs"

    in the mode "min"; in the mode "max" the signs are turned. Every other metric is bad. During a cooldown, bad metrics
    are not counted.

    Parameters
    ----------
    schedule : a schedule, another callable from a step to a rate, or one rate for all steps.
    rules : "torch", "keras", "optax" or "timm", default "torch". What is not given has this library's default, and its
        rules hold: torch and timm reduce the rate at more than `patience` bad metrics in a row, Keras and optax at
        `patience` of them. In Keras the last metric of a cooldown counts, and a rate at `min_lr` starts no cooldown.
    factor : float, between 0 and 1, both excluded; default 0.1.
    patience : int, not negative, and positive with the rules of optax; default 10.
    threshold : float, not negative; default 1e-4.
    threshold_mode : "rel" or "abs", default "abs" in Keras and "rel" in the others.
    cooldown : int, the metrics after a reduction during which bad ones are not counted; default 0.
    min_lr : float, not negative; default 0.0.
    mode : "min" or "max", default "max" in timm and "min" in the others.
    eps : float, not negative: a reduction by no more than this is left out; default 1e-8 in torch and timm, else 0.0.
    accumulation_size : int, positive: the mean of so many metrics is judged at a time; default 1.

    Returns
    -------
    Plateau. `plateau.init()` is the first state, `plateau(state, metric)` returns a rate and the next state, and
    `plateau.rate(state)` is the rate at a state. A state is a dict of ints, floats and a bool.

    Raises
    ------
    ValueError if a number is outside its range or a word is none of those. TypeError if a number is none, or if
        `schedule` is neither callable nor a number.

    >>> plateau = reduce_on_plateau(1.0, rules="optax", patience=2, factor=0.5)
    >>> lr, state = plateau(plateau.init(), 3.0)
    >>> lr, state["best"], state["bad"]
    (1.0, 3.0, 0)
    """
    rules = _checks.one_of("rules", rules, RULES)
    values = {
        "factor": factor,
        "patience": patience,
        "threshold": threshold,
        "threshold_mode": threshold_mode,
        "cooldown": cooldown,
        "min_lr": min_lr,
        "mode": mode,
        "eps": eps,
        "accumulation_size": accumulation_size,
    }
    given = {name: _CHECKS[name](name, value) for name, value in values.items() if value is not None}
    if rules == "optax" and "patience" in given:
        _checks.single_count("patience", patience)
    if not callable(schedule):
        schedule = kind_named("constant").factory(lr=_checks.single_number("schedule", schedule))
    return Plateau(_checks.schedule("schedule", schedule), rules, {**RULES[rules], **given}, given)
