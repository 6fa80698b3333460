"""The Python engine runs where the compiled one is missing, and is its twin in the tests: it has the same names and
signatures."""

from __future__ import annotations

import math

from .. import _checks
from . import pieces, sums
from .operations import OF_CLOCK, OF_VALUES
from .operations import OPERATIONS as OPERATIONS
from .shapes import RATE, Scalars, exact_sum
from .shapes import SHAPES as FORMULAS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any

    Segment = tuple[Any, Any, str, tuple[Any, ...]]

LAST_STEP = _checks.LAST_STEP
BLOCK = 1024
"""So many values are made at a time. A summary's sum is made of the sums of such blocks."""

LARGE = 2.0**64
"""This is the unit of sums that are too large for a double."""

SHAPES: dict[str, dict[str, str]] = {name: shape.parameters for name, shape in FORMULAS.items()}


def shape_value(shape: str, parameters: tuple[float, ...], step: int) -> float:
    entry = FORMULAS[shape]
    is_rate = [role is RATE for role in entry.parameters.values()]
    value = float(entry.formula(Scalars, step, *parameters))
    if math.isfinite(value) or all(not rates or abs(x) < 1e300 for x, rates in zip(parameters, is_rate, strict=True)):
        return value
    # A quarter of each rate makes a quarter of the value, and the differences of such quarters are finite.
    quarters = (number / 4.0 if rates else number for number, rates in zip(parameters, is_rate, strict=True))
    return 4.0 * float(entry.formula(Scalars, step, *quarters))


def operation_value(name: str, parameters: tuple[Any, ...], step: int) -> float:
    """Returns an operation's value at a step of its own clock. Tables are among its parameters."""
    if name in OF_CLOCK:
        table, size = parameters
        value: float = table.value(OF_CLOCK[name](Scalars, step, size))
        return value
    value, *others = [table.value(step) for table in parameters]
    for other in others:
        value = OF_VALUES[name](Scalars, value, other)
    return value


precise_value = shape_value
"""The formulas leave no digit that a second way could add, short of longer numbers."""


def first_invalid(steps: Any) -> int:
    """Returns the index of the first step outside 0 ... LAST_STEP in a contiguous array of int64, or -1."""
    for index, step in enumerate(steps.reshape(-1).tolist()):
        if not 0 <= step <= LAST_STEP:
            return index
    return -1


def run_start(steps: Any) -> int:
    """Returns the first step of a contiguous array of int64 if it holds valid, consecutive steps, at least one;
    else -1."""
    listed: list[int] = steps.reshape(-1).tolist()
    if not listed or not _are_valid(listed):
        return -1
    return listed[0] if all(step == expected for expected, step in enumerate(listed, listed[0])) else -1


def _are_valid(steps: list[int]) -> bool:
    return not steps or (min(steps) >= 0 and max(steps) <= LAST_STEP)


def _check_segments(segments: list[Any]) -> None:
    for _, _, name, parameters in segments:
        if name in OPERATIONS:
            tables, numbers = sum(isinstance(one, list) for one in parameters), int(OPERATIONS[name])
            if len(parameters) - tables != numbers or tables < 1 or (numbers and tables > 1):
                _checks.refuse_parameters(name, 1 + numbers, len(parameters))
        elif len(parameters) != len(SHAPES[name]):
            _checks.refuse_parameters(name, len(SHAPES[name]), len(parameters))


class Table:
    """A table is made from segments, given as (start, origin, shape, parameters) in the order of their starts. A
    segment that starts after the last step is left out."""

    __slots__ = ("segments",)

    def __init__(self, segments: list[Segment]) -> None:
        _check_segments(segments)
        self.segments: list[tuple[Any, Any, str, tuple[Any, ...]]] = [
            (start, origin, name, tuple([Table(one) if isinstance(one, list) else one for one in parameters]))
            for start, origin, name, parameters in segments
            if start <= LAST_STEP
        ]

    def value(self, step: int) -> float:
        _, origin, name, parameters = self.segments[pieces.place_of(self, step)]
        if name in OPERATIONS:
            return operation_value(name, parameters, step - origin)
        return shape_value(name, parameters, step - origin)

    def sample(self, count: int) -> list[float]:
        return [self.value(step) for step in range(count)]

    def sample_products(self, count: int, factors: dict[str, float]) -> list[dict[str, float]]:
        """Returns a dict for each of the steps 0, 1, ... count - 1: the products of its value with the factors, floats,
        by their names."""
        return [products(self.value(step), factors) for step in range(count)]

    def fill_range(self, first: int, stride: int, out: Any) -> None:
        self._fill(lambda start, stop: list(range(first + start * stride, first + stop * stride, stride)), out)

    def fill_array(self, steps: Any, out: Any) -> bool:
        flat = steps.reshape(-1)
        return self._fill(lambda start, stop: flat[start:stop].tolist(), out)

    def _fill(self, part: Callable[[int, int], list[int]], out: Any) -> bool:
        """Writes the values a block at a time, until a step is invalid. `part` gives the steps from one place to
        another."""
        import numpy

        flat = out.reshape(-1)
        for start in range(0, flat.size, BLOCK):
            stop = min(start + BLOCK, flat.size)
            steps = part(start, stop)
            if not _are_valid(steps):
                return False
            with numpy.errstate(over="ignore", under="ignore"):  # a value beyond float32 becomes infinite, as in C
                flat[start:stop] = [self.value(step) for step in steps]
        return True

    def first_step(self, relation: int, threshold: float, start: int, stop: int) -> int:
        """Returns the first of the steps start ... stop - 1 at which the value is in this relation to the threshold,
        one of RELATIONS by its place there; or -1."""
        return pieces.first_step(self, relation, threshold, start, stop)

    def integral(self, start: int, stop: int) -> float:
        """Returns the sum of the values at the steps start ... stop - 1."""
        is_short = stop - start <= sums.WALK
        return integral_of(self.summarize_range(start, 1, stop - start) if is_short else self._sum(start, stop))

    def _sum(self, start: int, stop: int) -> tuple[float, float, float]:
        """Returns the sum over many steps, its rest, and their unit."""
        total, unit = sums.sum_of_run(self, start, stop), 1.0
        if math.isinf(float(total)) and total.is_finite():
            total, unit = sums.EXACT.divide(total, int(LARGE)), LARGE
        found = float(total)
        if not math.isfinite(found):
            return found, 0.0, unit
        return found, float(sums.EXACT.subtract(total, sums.EXACT.create_decimal_from_float(found))), unit

    def summarize_run(self, start: int, count: int) -> tuple[float, ...]:
        """Returns the summary over consecutive steps. It looks at few of them, if they are many."""
        if count <= sums.WALK:
            return self.summarize_range(start, 1, count)
        least, least_at = pieces.extreme(self, start, start + count, False)
        greatest, greatest_at = pieces.extreme(self, start, start + count, True)
        ends = self.value(start), self.value(start + count - 1)
        return (*self._sum(start, start + count), least, greatest, *ends, least_at - start, greatest_at - start)

    def peak(self, start: int, count: int) -> tuple[float, ...]:
        """Returns a summary over consecutive steps, of which only the greatest value and its place count. It looks at
        few of the steps."""
        greatest, step = pieces.extreme(self, start, start + count, True)
        return 0.0, 0.0, 1.0, greatest, greatest, greatest, greatest, 0, step - start

    def summarize_range(self, first: int, stride: int, count: int) -> tuple[float, ...]:
        """Returns the summary over a range: the numbers that `FIELDS` of _evaluate/summary.py names."""
        return self._summary(range(first, first + count * stride, stride))

    def summarize_array(self, steps: Any) -> tuple[float, ...] | None:
        listed: list[int] = steps.reshape(-1).tolist()
        return self._summary(listed) if _are_valid(listed) else None

    def _summary(self, steps: Sequence[int]) -> tuple[float, ...]:
        """Sums up the values at the steps, of which it makes one block at a time."""
        first = least = greatest = 0.0
        total, rest, unit, least_at, greatest_at = 0.0, 0.0, 1.0, 0, 0
        for start in range(0, len(steps), BLOCK):
            values = [self.value(step) for step in steps[start : start + BLOCK]]
            if not start:
                first = least = greatest = values[0]
            if min(values) < least:
                least, least_at = min(values), start + values.index(min(values))
            if max(values) > greatest:
                greatest, greatest_at = max(values), start + values.index(max(values))
            part = _sum_in(unit, values)
            if unit == 1.0 and not math.isfinite(total + part):
                total, rest, unit = total / LARGE, rest / LARGE, LARGE
                part = _sum_in(unit, values)
            total, low = exact_sum(total, part)
            rest += low
        return total, rest, unit, least, greatest, first, values[-1], least_at, greatest_at


def plain_table(segments: list[Segment], at: type) -> Table | None:
    """Returns a table of segments whose shapes the engine knows and whose parameters are numbers, or None for others:
    whoever asks resolves them first."""
    for _, _, name, parameters in segments:
        if name not in SHAPES or not all(isinstance(one, (float, int)) for one in parameters):
            return None
    return Table(segments)


def in_turn(phases: Sequence[Any], curves: Sequence[list[Segment]]) -> None:
    """Returns None: in Python, the way that in_turn of _lowering/segments.py has for all curves is the short one."""


def _sum_in(unit: float, values: list[float]) -> float:
    """Returns the sum of values in a unit. It is rounded once, unless it is infinite or no number."""
    try:
        return math.fsum(value / unit for value in values)
    except (OverflowError, ValueError):  # a sum on the way is too large, or there are infinities of both signs
        return sum(value / unit for value in values)


def fill_ranges(tables: Iterable[Any], first: int, stride: int, out: Any) -> None:
    """Does what Table.fill_range does, for a list of tables and a matrix with a row for each."""
    for table, row in zip(tables, out, strict=True):
        table.fill_range(first, stride, row)


def fill_arrays(tables: Iterable[Any], steps: Any, out: Any) -> bool:
    """Does what Table.fill_array does, for a list of tables and a matrix with a row for each."""
    return all(table.fill_array(steps, row) for table, row in zip(tables, out, strict=True))


def integral_of(summary: tuple[float, ...]) -> float:
    """Returns the sum that a summary has in parts."""
    total, rest, unit, *_ = summary
    return (total + rest if math.isfinite(total) else total) * unit


def _segments_of(segments: list[Any], row: int) -> list[Any]:
    """Returns the segments of one row."""

    def entry(value: Any) -> Any:
        return float(value[row]) if getattr(value, "shape", ()) else value

    def step(value: Any) -> Any:
        number = entry(value)
        return int(number) if number == int(number) else number

    return [
        (
            step(start),
            step(origin),
            name,
            tuple([_segments_of(one, row) if isinstance(one, list) else entry(one) for one in parameters]),
        )
        for start, origin, name, parameters in segments
    ]


class Rows:
    """Rows are `count` tables, made from segments as Table takes them, but an array of that length may stand in place
    of any number: of float64, or of int64, each of which is the double nearest to it. Each method works on the rows
    from `begin` to `end`, and its arrays have one row for each of these."""

    def __init__(self, segments: list[Any], count: int) -> None:
        _check_segments(segments)
        self._segments, self.count = segments, count

    def _between(self, begin: int, end: int) -> Iterable[Any]:
        """Returns the tables of the rows from `begin` to `end`."""
        return (Table(_segments_of(self._segments, row)) for row in range(begin, end))

    def fill_range(self, begin: int, end: int, first: int, stride: int, out: Any) -> None:
        fill_ranges(self._between(begin, end), first, stride, out)

    def fill_array(self, begin: int, end: int, steps: Any, out: Any) -> bool:
        return fill_arrays(self._between(begin, end), steps, out)

    def pointwise(self, begin: int, end: int, steps: Any, out: Any) -> bool:
        """Writes the value of each row at its step, or at the one step for all. Returns whether the steps were
        valid."""
        listed: list[int] = steps.reshape(-1).tolist()
        if not _are_valid(listed):
            return False
        for i, table in enumerate(self._between(begin, end)):
            out[i] = table.value(listed[i % len(listed)])
        return True

    precise = pointwise

    def first_steps(
        self, begin: int, end: int, relation: int, thresholds: Any, starts: Any, stops: Any, out: Any
    ) -> None:
        """Writes the first step of each row, as Table.first_step has it, to `out`. All four are contiguous, one entry a
        row: float64 thresholds, and int64."""
        numbers = zip(thresholds.tolist(), starts.tolist(), stops.tolist(), strict=True)
        for i, (table, (threshold, start, stop)) in enumerate(zip(self._between(begin, end), numbers, strict=True)):
            out[i] = table.first_step(relation, threshold, start, stop)

    def integrals(self, begin: int, end: int, starts: Any, stops: Any, out: Any) -> None:
        """Writes the sum of each row's values, as Table.integral has it, to `out`. All three are contiguous, one entry
        a row: int64 bounds, and float64."""
        tables = self._between(begin, end)
        for i, (table, start, stop) in enumerate(zip(tables, starts.tolist(), stops.tolist(), strict=True)):
            out[i] = table.integral(start, stop)

    def summarize_run(self, begin: int, end: int, start: int, count: int, out: Any) -> None:
        """Writes the summary of each row over consecutive steps, as Table.summarize_run has it, to the rows of
        `out`."""
        for i, table in enumerate(self._between(begin, end)):
            out[i] = table.summarize_run(start, count)

    def peaks(self, begin: int, end: int, start: int, count: int, out: Any) -> None:
        """Writes what Table.peak returns of each row to the rows of `out`."""
        for i, table in enumerate(self._between(begin, end)):
            out[i] = table.peak(start, count)

    def summarize_range(self, begin: int, end: int, first: int, stride: int, count: int, out: Any) -> None:
        for i, table in enumerate(self._between(begin, end)):
            out[i] = table.summarize_range(first, stride, count)

    def summarize_array(self, begin: int, end: int, steps: Any, out: Any) -> bool:
        """Writes the summary of each row over the steps. Returns whether all of these were valid."""
        for i, table in enumerate(self._between(begin, end)):
            summary = table.summarize_array(steps)
            if summary is None:
                return False
            out[i] = summary
        return True


def holds_numbers(groups: Iterable[Any], keys: tuple[str, ...]) -> bool:
    """Tells whether every one of `groups` is a plain dict that holds a float or an int at each of the keys."""
    return all(type(one) is dict and all(isinstance(one.get(key), (float, int)) for key in keys) for one in groups)


class Products:
    """Products are what a step writes into dicts: values of tables, times entries of the dicts themselves.

    Each of `columns` is (key, factor). `tables` has a table for each, dict by dict. What the table gives at the step,
    times the dict's entry at `factor` if there is one, becomes the dict's entry at `key`.

    `known` are keys. `objects` has an object for each, dict by dict: the one that a dict holds there, or an ellipsis
    where it holds none."""

    def __init__(
        self, known: tuple[str, ...], columns: tuple[tuple[str, str], ...], objects: list[Any], tables: list[Any]
    ) -> None:
        self._known, self._columns = known, columns
        self.objects, self.tables = objects, tables

    def write(self, groups: Iterable[Any], step: int) -> bool:
        """Writes the products of a step into the dicts, the `groups`, and returns whether it has done so.

        Nothing is written unless every dict is a plain one that holds the very objects at the known keys, and every
        factor is a float or an int that a double can hold."""
        dicts = tuple(groups)
        if len(self.objects) != len(dicts) * len(self._known) or len(self.tables) != len(dicts) * len(self._columns):
            return False
        objects, tables = iter(self.objects), iter(self.tables)
        values: dict[int, float] = {}
        products = []
        for entries in dicts:
            if type(entries) is not dict or any(entries.get(key, ...) is not next(objects) for key in self._known):
                return False
            for key, factor in self._columns:
                table, number = next(tables), entries.get(factor, 1.0)
                if not isinstance(number, (float, int)):
                    return False
                if id(table) not in values:
                    values[id(table)] = table.value(step)
                try:
                    products.append((entries, key, values[id(table)] * float(number)))
                except OverflowError:
                    return False
        for entries, key, product in products:
            entries[key] = product
        return True


def products(value: float, factors: dict[str, float]) -> dict[str, float]:
    """Returns a dict of the value's products with the factors, by their names."""
    return {name: value * factor for name, factor in factors.items()}


def rows_of(row: dict[str, Any], columns: list[list[Any]]) -> list[dict[str, Any]]:
    """Returns a dict for each place in the columns, which are lists as long as each other: what stands there, by the
    names of `row`."""
    return [dict(zip(row, place, strict=True)) for place in zip(*columns, strict=True)]


class Reader:
    """A reader knows what is declared of a kind's parameters, and reads those that are Python's own numbers and within
    their ranges. A kind's checks see to all others.

    A number is declared as (name, is_optional, is_count, low, high, has_low, has_high), and phases as (name,
    is_optional, type, least): a list of pairs of a duration, which is at least `least`, and a value of this very type.
    If `least` is 0, the last value may be without a duration. Anything else is declared as (name, is_optional,
    accepted): a type, whose very own values are taken as they are; a tuple of words; or a function that checks a name
    and a value, and returns the value. The first `positional` parameters may come without their names.
    """

    def __init__(self, declared: list[tuple[Any, ...]], positional: int) -> None:
        self._declared, self._positional = declared, positional

    def read(self, arguments: tuple[Any, ...], given: dict[str, Any]) -> dict[str, Any] | None:
        """Returns the parameters in their order, without optional ones that are not given; or None, where they need
        another check."""
        if len(arguments) > self._positional:
            return None
        named = {entry[0]: value for entry, value in zip(self._declared, arguments, strict=False)}
        if named.keys() & given:
            return None
        given = {**named, **given}
        if not given.keys() <= {entry[0] for entry in self._declared}:
            return None
        found: dict[str, Any] = {}
        checks: dict[str, Callable[[str, Any], Any]] = {}
        for name, is_optional, accepted, *limits in self._declared:
            value = given.get(name)
            if value is None and is_optional:
                continue
            if len(limits) == 1:
                value = tuple(value or ()) if type(value) in (list, tuple) else ()
                is_read = _are_phases(value, accepted, *limits)
            elif limits:
                is_read = _is_within(value, accepted, *limits)
            elif isinstance(accepted, type):
                is_read = type(value) is accepted
            elif isinstance(accepted, tuple):
                is_read = type(value) is str and value in accepted
            else:
                checks[name], is_read = accepted, name in given
            if not is_read:
                return None
            found[name] = value
        # The checks come last, since whoever checks the parameters again may not find the same in an iterator.
        return {name: checks[name](name, value) if name in checks else value for name, value in found.items()}


def _are_phases(value: tuple[Any, ...], part: type, least: int) -> bool:
    """Tells whether phases are pairs of a duration from `least` to the last step and a value of the very type `part`.
    If a duration may be 0, the last value may be without one."""
    *others, last = value or [None]
    pairs = others if least == 0 and type(last) is part else value
    return bool(value) and all(
        type(one) is tuple
        and len(one) == 2
        and _is_within(one[0], True, least, _checks.LAST_STEP, True, True)
        and type(one[1]) is part
        for one in pairs
    )


def _is_within(value: Any, is_count: bool, low: float, high: float, has_low: bool, has_high: bool) -> bool:
    """Tells whether a value is a number of Python's own, from `low` to `high`."""
    if type(value) is not (int if is_count else float):
        return False
    return bool((low <= value if has_low else low < value) and (value <= high if has_high else value < high))


def others(values: Iterable[Any], types: set[type]) -> list[Any]:
    """Returns the values, those within tuples too, that are of none of these very types."""
    found = []
    for value in values:
        if type(value) is tuple:
            found += others(value, types)
        elif type(value) not in types:
            found.append(value)
    return found


class Evaluator:
    """An evaluator holds a kind, its parameters, and the function that lowers them to segments at the first
    evaluation."""

    __slots__ = ("__weakref__", "_lower", "_made", "_parameters", "kind")

    if TYPE_CHECKING:
        _made: list[Any]

        @property
        def kind(self) -> str: ...
        @property
        def _parameters(self) -> dict[str, Any]: ...
        def _tabulate(self) -> Any: ...
        def _evaluate(self, steps: Any, out: Any, dtype: Any, workers: Any) -> Any: ...

    def __init__(self, kind: str, parameters: dict[str, Any], lower: Callable[[], list[Segment]]) -> None:
        for name, value in (("kind", kind), ("_parameters", parameters), ("_lower", lower), ("_made", [])):
            object.__setattr__(self, name, value)

    def _is_like(self, other: Any) -> bool:
        """Tells whether another evaluator has the same kind and equal parameters."""
        return bool(self.kind == other.kind and self._parameters == other._parameters)

    @property
    def _table(self) -> Any:
        made = self._made
        if not made:
            made.append(self._tabulate())
        return made[0]

    @property
    def _is_ready(self) -> bool:
        """Tells whether there is a table already, and it is one of the engine's."""
        return bool(self._made) and type(self._made[0]) is Table

    def __call__(self, steps: Any, *, out: Any = None, dtype: Any = None, workers: Any = None) -> Any:
        return self._evaluate(steps, out, dtype, workers)


def call_fast(cls: type) -> type:
    return cls
