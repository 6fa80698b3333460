"""A clock counts a run in steps, samples, tokens and epochs. It turns one into another, and schedules over tokens,
samples or epochs into schedules over steps.

Counts are exact integers. A quantity is a text such as "10T tokens", "5 epochs" or "3%"; Composer's units ba, sp, tok,
ep and dur are understood too.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from . import _checks
from ._checks import units
from .schedules import advance, join, stretched, strided

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

__all__ = ["Clock", "by_samples", "by_tokens"]

_NEEDED = {units.TOKENS: "sequence_length", units.EPOCHS: "steps_per_epoch"}
"""What a clock must know to count these."""

_GIVEN = ("batch_size", "sequence_length", "steps_per_epoch", "accumulation", "processes", "ramp")


class Clock:
    """A clock knows how many samples and tokens each step of a run takes, and how many steps an epoch has.

    A step of the optimizer takes batch_size * accumulation * processes samples, of sequence_length tokens each. With a
    `ramp` the first steps take fewer samples: a step takes what the ramp says for the samples seen before it.

    Parameters
    ----------
    batch_size : the samples that one process takes at once; a positive integer.
    sequence_length : the tokens of a sample; without it tokens cannot be counted.
    steps_per_epoch : the steps of an epoch, which need not be whole; it cannot be given together with a ramp.
    accumulation : how often a process adds up gradients before a step.
    processes : how many processes take a batch each.
    ramp : three integers start, increment and samples, as Megatron's `--rampup-batch-size` has them: the samples of a
        step grow from `start` by `increment` at a time while `samples` samples are seen. Or pairs of a number of tokens
        and the samples that a step takes from there on; without a `sequence_length`, pairs of a number of samples and
        that. Numbers may be quantities such as "250B tokens".

    Raises
    ------
    ValueError if a number is no positive integer, or if a ramp goes back, does not begin at 0, or does not end with the
    samples of a step.

    >>> clock = Clock(512, 4096, accumulation=2, processes=4)
    >>> clock.batch(0), clock.tokens(1000), clock.steps("10T tokens")
    (4096, 16777216000, 596047)
    >>> Clock(192, ramp=(32, 32, 48_000)).samples(700)
    50880
    """

    __slots__ = ("_stages", "accumulation", "batch_size", "processes", "ramp", "sequence_length", "steps_per_epoch")

    batch_size: int
    sequence_length: int | None
    steps_per_epoch: int | float | None
    accumulation: int
    processes: int
    ramp: tuple[Any, ...] | None
    _stages: tuple[tuple[int, int, int], ...]

    def __init__(
        self,
        batch_size: int,
        sequence_length: int | None = None,
        steps_per_epoch: float | None = None,
        accumulation: int = 1,
        processes: int = 1,
        ramp: Sequence[Any] | None = None,
    ) -> None:
        def put(name: str, value: Any) -> None:
            object.__setattr__(self, name, value)

        put("batch_size", _checks.single_count("batch_size", batch_size))
        for name, value, check in (
            ("sequence_length", sequence_length, _checks.single_count),
            ("steps_per_epoch", steps_per_epoch, _checks.length),
        ):
            put(name, None if value is None else check(name, value))
        put("accumulation", _checks.single_count("accumulation", accumulation))
        put("processes", _checks.single_count("processes", processes))
        put("ramp", None if ramp is None else units.ramp(ramp))
        if ramp is not None and steps_per_epoch is not None:
            units.no_ramp(steps_per_epoch)
        put("_stages", self._staged())

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"Clock is immutable, {name} cannot be set")

    def __eq__(self, other: object) -> bool:
        return self._given() == other._given() if isinstance(other, Clock) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._given())

    def __repr__(self) -> str:
        first, *rest = self._given()
        named = zip(_GIVEN[1:], rest, strict=True)
        said = [f"{name}={one!r}" for name, one in named if one is not None and (one != 1 or name[0] == "s")]
        return f"Clock({', '.join([repr(first), *said])})"

    def __reduce__(self) -> tuple[Any, ...]:
        return Clock, self._given()

    def _given(self) -> tuple[Any, ...]:
        return tuple([getattr(self, name) for name in _GIVEN])

    # ---- from steps ----

    def batch(self, step: int) -> int:
        """Count the samples that a step takes.

        >>> Clock(192, ramp=(32, 32, 48_000)).batch(0)
        32
        """
        *_, size = self._stage(_checks.single_count("step", step, 0))
        return size

    def samples(self, step: int) -> int:
        """Count the samples that are seen before a step.

        >>> Clock(8, accumulation=4, processes=2).samples(10)
        640
        """
        step = _checks.single_count("step", step, 0)
        start, before, size = self._stage(step)
        return before + (step - start) * size

    def tokens(self, step: int) -> int:
        """Count the tokens that are seen before a step.

        Raises
        ------
        ValueError if the clock has no `sequence_length`.

        >>> Clock(2304, 4096).tokens(169_542)
        1599999049728
        """
        tokens: int = self.samples(step) * units.needed("sequence_length", self.sequence_length, units.TOKENS)
        return tokens

    # ---- to steps ----

    def steps(self, quantity: int | str, total: int | str | None = None, rounding: str = "up") -> int:
        """Count the steps of a quantity.

        Parameters
        ----------
        quantity : an integer of steps, or a text of a number and a unit. The number may have k, M, B or T behind it.
            The units are steps or ba, samples or sp, tokens or tok, epochs or ep; and % or dur, which are shares of
            `total`.
        total : the whole run, as an integer of steps or a text.
        rounding : "up" for the first step before which so much is seen, "down" for the last one before which no more
            is seen, "nearest" for the nearer of the two, and the later one of two that are equally near.

        Returns
        -------
        int, exact.

        Raises
        ------
        ValueError if the text has no number or an unknown unit, or if the clock does not know what the unit asks for.

        >>> clock = Clock(2304, 4096, steps_per_epoch=1000)
        >>> clock.steps("1.8T tokens", rounding="nearest"), clock.steps("5 epochs"), clock.steps("0.06dur", total="2ep")
        (190735, 5000, 120)
        """
        units.rounding(rounding)
        number, unit = units.quantity("quantity", quantity)
        if unit == units.SHARE:
            whole, unit = units.total(units.whole_run(total, quantity))
            number *= whole
        found = self._steps(number, unit)
        below = found.numerator // found.denominator
        if rounding == "nearest":
            below = (2 * found.numerator + found.denominator) // (2 * found.denominator)
        elif rounding == "up":
            below = -(-found.numerator // found.denominator)
        return units.count_of("quantity", below, quantity)

    def epochs(self, schedule: Callable[[int], float]) -> Any:
        """Make a schedule over steps of one that counts epochs, which pass in fractions.

            lr(t) = schedule(t / steps_per_epoch)

        where t is the step. For a schedule that stays the same for a whole epoch, use `lrvec.every`.

        >>> from lrvec import linear
        >>> Clock(256, steps_per_epoch=4).epochs(linear(base_lr=1.0, end_lr=0.0, total_steps=2))(range(9)).tolist()
        [1.0, 0.875, 0.75, 0.625, 0.5, 0.375, 0.25, 0.125, 0.0]
        """
        return stretched(schedule, by=units.needed("steps_per_epoch", self.steps_per_epoch, units.EPOCHS))

    def _scale(self, unit: str | None) -> tuple[str, Callable[[Any], Any], Callable[[Any], Any]]:
        """Returns what an axis beside that of the steps counts, and functions from arrays of steps to it and back."""
        import numpy

        known = {units.TOKENS: self.sequence_length, units.EPOCHS: self.steps_per_epoch, units.SAMPLES: 1}
        if unit is None:
            unit = next(name for name, size in known.items() if size is not None)
        size = float(units.needed(_NEEDED.get(units.scale(unit), ""), known[unit], unit))
        starts, before, sizes = (numpy.array(column, float) for column in zip(*self._stages, strict=True))

        def of_steps(steps: Any) -> Any:
            if unit == units.EPOCHS:
                return numpy.asarray(steps) / size
            place = numpy.maximum(numpy.searchsorted(starts, steps, "right") - 1, 0)
            return (before[place] + (steps - starts[place]) * sizes[place]) * size

        def to_steps(counts: Any) -> Any:
            if unit == units.EPOCHS:
                return numpy.asarray(counts) * size
            samples = numpy.asarray(counts) / size
            place = numpy.maximum(numpy.searchsorted(before, samples, "right") - 1, 0)
            return starts[place] + (samples - before[place]) / sizes[place]

        return unit, of_steps, to_steps

    # ---- stages: a first step, the samples seen before it, and the samples of each step from there on ----

    def _staged(self) -> tuple[tuple[int, int, int], ...]:
        size = self.batch_size * self.accumulation * self.processes
        stages: list[tuple[int, int, int]] = []
        for threshold, samples in self._thresholds(size):
            step = before = 0
            if stages:
                start, seen, last = stages[-1]
                more = max(0, math.ceil((threshold - seen) / last))
                step, before = start + more, seen + more * last
                if not more:
                    stages.pop()
            stages.append((step, before, samples))
        return tuple(stages)

    def _thresholds(self, size: int) -> Iterable[tuple[Fraction, int]]:
        """Returns pairs of the samples that are seen, and the samples of a step from there on."""
        if self.ramp is None:
            return [(Fraction(0), size)]
        if isinstance(self.ramp[0], int):
            start, increment, samples = self.ramp
            count = units.increments(start, increment, size)
            parts = max(count, 1)
            return [(Fraction(index * samples, parts), start + index * increment) for index in range(count + 1)]
        per = self.sequence_length or 1
        unit = units.SAMPLES if self.sequence_length is None else units.TOKENS
        return [(seen / per, samples) for seen, samples in units.pairs(self.ramp, unit, size)]

    def _steps(self, number: Fraction, unit: str) -> Fraction:
        """Returns the steps in which so much is seen."""
        if unit == units.STEPS:
            return number
        if unit == units.EPOCHS:
            return number * Fraction(units.needed("steps_per_epoch", self.steps_per_epoch, unit))
        if unit == units.TOKENS:
            number /= units.needed("sequence_length", self.sequence_length, unit)
        place = bisect_right([before for _, before, _ in self._stages], number)
        start, before, size = self._stages[place - 1]
        return start + (number - before) / size

    def _stage(self, step: int) -> tuple[int, int, int]:
        """Returns the stage of a step."""
        return self._stages[bisect_right([start for start, *_ in self._stages], step) - 1]


def by_samples(clock: Clock, schedule: Callable[[int], float]) -> Any:
    """Make a schedule over steps of one that counts samples.

        lr(t) = schedule(clock.samples(t))

    where t is the step. The values are the schedule's own, to the bit.

    Parameters
    ----------
    clock : the clock of the run.
    schedule : a schedule or a sweep whose clock counts samples.

    Returns
    -------
    Schedule or Sweep, made of `strided`, `advance` and, where the batch size changes, `join`.

    Raises
    ------
    TypeError if `clock` is no Clock.

    >>> from lrvec import linear
    >>> line = linear(base_lr=1.0, end_lr=0.0, total_steps=32)
    >>> by_samples(Clock(8, ramp=[(0, 4), (8, 8)]), line)(range(7)).tolist()
    [1.0, 0.875, 0.75, 0.5, 0.25, 0.0, 0.0]
    """
    _checks.clock("clock", clock)
    return _counting(clock, schedule, 1)


def by_tokens(clock: Clock, schedule: Callable[[int], float]) -> Any:
    """Make a schedule over steps of one that counts tokens.

        lr(t) = schedule(clock.tokens(t))

    where t is the step. The values are the schedule's own, to the bit.

    Parameters
    ----------
    clock : the clock of the run, with a `sequence_length`.
    schedule : a schedule or a sweep whose clock counts tokens.

    Returns
    -------
    Schedule or Sweep, made of `strided`, `advance` and, where the batch size changes, `join`.

    Raises
    ------
    TypeError if `clock` is no Clock; ValueError if it has no `sequence_length`.

    >>> from lrvec import linear
    >>> by_tokens(Clock(8, 16), linear(base_lr=1.0, end_lr=0.0, total_steps=1024))(range(0, 9, 4)).tolist()
    [1.0, 0.5, 0.0]
    """
    _checks.clock("clock", clock)
    return _counting(clock, schedule, units.needed("sequence_length", clock.sequence_length, units.TOKENS))


def _counting(clock: Clock, schedule: Callable[[int], float], per_sample: int) -> Any:
    """Returns a schedule over steps of one over units, of which a sample has so many."""
    stages = clock._stages
    phases: list[Any] = [
        strided(advance(schedule, steps=before * per_sample) if before else schedule, stride=size * per_sample)
        for _, before, size in stages
    ]
    durations = [after - start for (start, *_), (after, *_) in pairwise(stages)]
    return join([*zip(durations, phases, strict=False), phases[-1]]) if durations else phases[0]
