"""This road evaluates schedules in the arrays of JAX, of torch, or of any library of the array API standard.

The formulas of the shapes run on that library's own operations, so they can be compiled, mapped and differentiated.
Segments become a chain of `where`. In each link the step is first brought into the segment, so that a formula meets no
step outside its domain. The gradient of a branch that is not taken is then finite, and is multiplied by zero.

A known number becomes Python's float, which leaves an array its own type. A number that is an array, a column or a
traced one, gets the axes of the steps behind its own. A segment may be empty, since a traced length may be 0. It is
evaluated too, with a length of 1, so that nothing is divided by zero.
"""

from __future__ import annotations

from itertools import product
from math import copysign
from typing import TYPE_CHECKING, Any

from .. import _checks, _frameworks
from .._checks.columns import joint_shape
from .._engine.namespace import Namespace, library_of, namespace_of
from .._engine.operations import FRACTIONAL, OF_CLOCK, OF_VALUES, OPERATIONS
from .._engine.shapes import BEGIN, COUNTS, DIVISOR, END, FACTOR, FOLDED, INNER_LENGTH, LENGTH, PERIOD, SHAPES
from .._lowering.numbers import COLUMN, NEVER, PLAIN, TRACED, any_of, behind, sort_of, where
from .._lowering.placed import BETWEEN, slower
from .._lowering.segments import mapped, numbers, present, resolved, segments_of
from . import tables

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn

    from .._lowering.segments import Segment

    Limits = tuple[int, int]
    """The least of some steps, at least, and the greatest, at most. The least is below 0 where nothing is known."""


_EXACT = frozenset({FACTOR, DIVISOR, BEGIN, END})
"""Of these a formula takes known columns as they are, since it needs more digits of them than a real number has."""


def evaluate(value: Any, steps: Any, out: Any, dtype: Any, workers: int | None) -> Any:
    """Returns the rates of a value, with the axes of its rows first. A user's callable is called with the steps."""
    _checks.only_for_numpy(out=out, dtype=dtype, workers=workers)
    if not hasattr(value, "_lower"):
        return value(steps)
    shape = _shape_of(value)
    if shape and value._by_row:
        rows = [segments_of(value[index]) for index in product(*map(range, shape))]
        return _stacked([values(segments, steps) for segments in rows], shape)
    return values(value._lower(), steps, shape)


def pointwise(value: Any, steps: Any, workers: int | None) -> Any:
    """Returns the rate of row i at step i, for steps whose shape broadcasts with that of the rows."""
    _checks.only_for_numpy(workers=workers)
    if not hasattr(value, "_lower"):
        return value(steps)
    shape = _shape_of(value)
    if shape and value._by_row:
        steps = _within(steps)
        xp = namespace_of([steps])
        steps = _steps(xp, steps)
        _refuse_ragged(steps)
        return _row_by_row(xp, value, xp.xp.broadcast_to(steps, joint_shape(shape, tuple(steps.shape))))
    return values(value._lower(), steps, shape, pairwise=True)


def _row_by_row(xp: Namespace, value: Any, steps: Any) -> Any:
    """Returns the rate of row i at step i, for steps of the shape that both broadcast to, one row after another."""
    axis = next((axis for axis in range(-value.ndim, 0) if value.shape[axis] > 1), None)
    if axis is None:
        return values(segments_of(value[(0,) * value.ndim]), steps)
    parts = [(..., slice(row, row + 1), *[slice(None)] * (-1 - axis)) for row in range(value.shape[axis])]
    return xp.xp.concat([_row_by_row(xp, value[part], steps[part]) for part in parts], axis=axis)


def multiples(value: Any, factors: tuple[float, ...], steps: Any, out: Any) -> Any:
    """Returns an array with one row a factor: its multiple of the rates of a value."""
    _checks.only_for_numpy(out=out)
    return multiples_of(evaluate(value, steps, None, None, None), factors)


def multiples_of(rates: Any, factors: tuple[float, ...]) -> Any:
    return _stacked([rates * factor for factor in factors], (len(factors),))


def products(value: Any, factors: list[float], steps: Any) -> Any:
    """Returns the rates of a value with one axis of rows: those of row i times factor i."""
    return products_of(evaluate(value, steps, None, None, None), factors)


def products_of(rates: Any, factors: list[float]) -> Any:
    from .outputs import column

    return rates * namespace_of([rates]).real(column(factors, rates.ndim))


def summarize(value: Any, steps: Any, workers: int | None) -> Any:
    """Returns a Summary, made by the kernels. The library itself gives its steps to numpy."""
    from . import summary
    from .steps import nearest_valid

    namespace_of([steps]).check_steps(steps)
    return nearest_valid(lambda steps: summary.summarize(value, steps, workers), _on_host(steps))


def refuse_to_sum_up() -> NoReturn:
    """Refuses a summary over traced steps."""
    _checks.refuse_traced("steps", "sum up over a range, or outside of what traces it")


def _on_host(steps: Any) -> Any:
    """Returns steps as an array of numpy."""
    import numpy

    try:
        return steps.get() if _frameworks.is_one_of(type(steps), _frameworks.CUPY) else numpy.asarray(steps)
    except MemoryError:
        raise
    except Exception:  # the library traces the steps, and says so in its own way
        refuse_to_sum_up()


def values(segments: list[Segment], steps: Any, shape: tuple[int, ...] = (), pairwise: bool = False) -> Any:
    """Returns the values of segments at `steps`, in the library of the steps or of the parameters. If parameters are
    arrays, these broadcast to `shape`, and their axes come first; or `pairwise`, their axes are those of the steps, and
    each has a step of its own."""
    steps, given = _within(steps), numbers(segments)
    if _frameworks.is_lazy(steps):
        _checks.refuse_libraries([steps, *filter(_frameworks.is_foreign, given)])
    xp = namespace_of([steps, *given])
    steps = _steps(xp, steps)
    segments = resolved(segments, values_of)
    shapes = {shape, *(tuple(map(int, one.shape)) for one in numbers(segments) if hasattr(one, "shape"))}
    if not any(shapes):
        return _chain(xp, segments, steps)
    _refuse_ragged(steps)
    import numpy

    rows, own = numpy.broadcast_shapes(*shapes), tuple(steps.shape)
    whole = joint_shape(rows, own) if pairwise else rows + own
    steps = xp.xp.reshape(steps, (1,) * (len(whole) - len(own)) + own)  # JAX can be told to insist on one rank
    columns = _columns(segments, 0 if pairwise else len(own), len(whole))
    return xp.xp.broadcast_to(_chain(xp, columns, steps), whole)


def _shape_of(value: Any) -> tuple[int, ...]:
    """Returns the shape of a value's rows. A schedule has the shape ()."""
    shape: tuple[int, ...] = value.shape if tables.has_rows(value) else ()
    return shape


def _stacked(rows: list[Any], shape: tuple[int, ...]) -> Any:
    """Stacks arrays of one shape to an array with the axes of `shape` in front."""
    _refuse_ragged(rows[0])
    xp, _ = library_of(rows)
    return xp.reshape(xp.stack(rows), shape + tuple(rows[0].shape))


def _refuse_ragged(steps: Any) -> None:
    """Refuses steps whose rows have lengths of their own. Torch has no tensor of such rows with another axis in
    front."""
    if _frameworks.is_torch(steps) and steps.is_nested:
        _checks.refuse_ragged(f"a nested tensor of layout {steps.layout}")


def values_of(segments: list[Segment], steps: list[Any], precise: bool) -> list[Any]:
    """Returns the values of segments at some steps; where a number is a column, the value of each row at its step."""
    given = numbers(segments)
    sort = sort_of(*steps, *given)
    if sort is TRACED:
        return [_value_of(segments, given, step, precise) for step in steps]
    if sort is COLUMN:
        from . import rows

        return rows.values_of(segments, steps, precise)
    return tables.values_of(segments, steps, precise)


def _value_of(segments: list[Segment], given: list[Any], step: Any, precise: bool) -> Any:
    if sort_of(step, *given) is not TRACED:
        return values_of(segments, [step], precise)[0]
    xp = namespace_of([step, *given])
    return _chain(xp, segments, _steps(xp, step))


def _within(steps: Any) -> Any:
    """Returns the array within an array with labels. These have no place beside parameters of another library."""
    if not _frameworks.has_labels(steps):
        return steps
    from .labels import held

    return held(steps)


def _steps(xp: Namespace, steps: Any) -> Any:
    """Returns steps as an array of the library. Steps that are such an array may have no values yet, so only their type
    is checked."""
    if _frameworks.is_foreign(steps):
        xp.check_steps(steps)
        return xp.steps(steps)
    if _frameworks.torch_is_compiling() and isinstance(steps, int):  # which may have no value yet
        return xp.full(steps)
    if _frameworks.is_many(steps):
        from .steps import as_array, checked

        steps = as_array(checked(steps))
        largest = int(steps.max()) if steps.size else 0
    else:
        steps = largest = _checks.step(steps)
    _checks.fits("step", largest, int(xp.xp.iinfo(xp.integer_dtype).max))
    return xp.array(steps, xp.integer_dtype)


def _columns(segments: list[Segment], axes: int, rank: int) -> list[Segment]:
    """Adds `axes` axes at the end of every array in the segments, and others in front, up to a rank."""

    def column(number: Any) -> Any:
        shape = tuple(getattr(number, "shape", ()))
        return number.reshape((1,) * (rank - axes - len(shape)) + shape + (1,) * axes) if shape else number

    return mapped(segments, column, column)


def _chain(xp: Namespace, segments: list[Segment], steps: Any, limits: Limits | None = None) -> Any:
    """Returns the values of segments at steps, within limits if these are known."""
    limits = limits or _limits_of(xp, steps)
    segments = [(xp.ceiled(start), *part) for start, *part in segments]
    parts = present(segments, limits[1])
    ends = [*(start for start, *_ in parts[1:]), NEVER]
    alike = _fewer_shapes(parts)
    curves = _curves(alike)
    choice = xp.choice(steps, [start for start, *_ in parts]) if len(curves) + 1 < len(parts) else None
    if choice is not None:
        return _chosen(xp.choosing(choice), alike, ends, curves, steps, limits)
    chain: Any = None
    for (start, origin, shape, parameters), end in zip(parts, ends, strict=True):
        if chain is not None and shape == "constant" and not getattr(parameters[0], "shape", ()):
            here = parameters[0]  # a library chooses a number without an array of it
        else:
            here = _shape_value(xp, shape, parameters, *_inside(xp, steps, start, end, limits), origin)
        chain = here if chain is None else xp.where(_has_begun(xp, steps, start), here, chain)
    return chain


def _fewer_shapes(parts: list[Segment]) -> list[Segment]:
    """Returns segments that lie between positions wherever others of their curve do, so that they have its formula."""
    shapes = {shape for _, _, shape, _ in parts}
    alike = {whole: placed for whole, placed in BETWEEN.items() if shapes.issuperset((whole, placed))}
    found = []
    for start, origin, shape, parameters in parts:
        if shape in alike and sort_of(origin, *parameters) is PLAIN:
            first, last, length = parameters
            origin, shape, parameters = 0, alike[shape], (first, last, origin, behind(origin, length))
        found.append((start, origin, shape, parameters))
    return found


def _curves(parts: list[Segment]) -> list[list[int]]:
    """Returns the places of the segments of each shape; of every segment by itself, unless all numbers are plain."""
    if sort_of(*(start for start, *_ in parts)) is not PLAIN:
        return [[place] for place in range(len(parts))]
    curves: dict[Any, list[int]] = {}
    for place, (_, origin, shape, parameters) in enumerate(parts):
        is_plain = shape in SHAPES and sort_of(origin, *parameters) is PLAIN
        curves.setdefault(shape if is_plain else place, []).append(place)
    return list(curves.values())


def _chosen(
    xp: Namespace, parts: list[Segment], ends: list[Any], curves: list[list[int]], steps: Any, limits: Limits
) -> Any:
    """Returns the values of segments whose starts are plain. The formula of a shape stands once: a number in which its
    segments differ is a column with a number for each segment, and the namespace chooses among these."""
    count = len(parts)
    chain: Any = None
    for places in curves:
        starts, origins, (shape, *_), parameters = zip(*[parts[place] for place in places], strict=True)
        numbers = [_column(places, own, count) for own in zip(*parameters, strict=True)]
        if shape == "constant":
            has_form = chain is not None or hasattr(numbers[0], "shape")
            here = xp.real(numbers[0]) if has_form else _shape_value(xp, shape, numbers, steps, limits, 0)
        else:
            begin, end = starts[0], ends[places[-1]]
            if places[-1] - places[0] >= len(places):  # others stand between
                begin, end = _column(places, starts, count), _column(places, [ends[place] for place in places], count)
            own, within = _inside(xp, steps, begin, end, limits)
            here = _shape_value(xp, shape, numbers, own, within, _column(places, origins, count))
        if chain is None:
            chain = here
        else:
            serving = set(places)
            serves = _column(range(count), [place in serving for place in range(count)], count)
            chain = xp.where(xp.array(serves, None), here, chain)
    return chain


def _column(places: Sequence[int], numbers: Sequence[Any], count: int) -> Any:
    """Returns a column of the numbers of the segments at these places, or the number that all of them have. Each of the
    other segments has that of the one before it."""
    first = numbers[0]
    if all(number == first and copysign(1.0, number) == copysign(1.0, first) for number in numbers):
        return first
    import numpy

    column = numpy.asarray(numbers)
    column = column if column.dtype.kind in "bi" else column.astype(float)  # of integers beyond those of numpy, too
    return column[numpy.searchsorted(places, numpy.arange(count), side="right").clip(1) - 1]


def _fractional_chain(xp: Namespace, segments: list[Segment], clock: Any) -> Any:
    """Returns the values of segments on a clock that shows fractions. Of shapes that such a clock may have, each gives
    a number at any time."""
    chain: Any = None
    for start, origin, name, parameters in segments:
        own = clock - xp.mixed(origin)
        if name in OPERATIONS:
            here = _operation_value(xp, name, parameters, own, None)
        else:
            shape = SHAPES[name]
            given = zip(shape.parameters.values(), parameters, strict=True)
            here = shape.formula(xp, own, *(_parameter(xp, *one, None) for one in given))
        chain = here if chain is None else xp.where(clock >= xp.mixed(start), here, chain)
    return chain


def _limits_of(xp: Namespace, steps: Any) -> Limits:
    """Returns the limits of steps that nothing but the type is known of."""
    least = 0 if xp.xp.isdtype(steps.dtype, "unsigned integer") else -1
    return least, min(xp.last(steps.dtype), _checks.LAST_STEP)


def _inside(xp: Namespace, steps: Any, start: Any, end: Any, limits: Limits) -> tuple[Any, Limits]:
    """Moves the steps that lie outside of a segment to its edge, and returns their limits too. A negative step, which a
    counter that has wrapped around gives, becomes 0."""
    least, most = limits
    if hasattr(end, "shape"):
        last = None
        steps = xp.xp.minimum(steps, xp.integer(end - 1, steps.dtype))
    else:
        last = end - 1 if end <= most else None
    if hasattr(start, "shape"):
        steps = steps if last is None else xp.xp.clip(steps, None, last)
        return xp.xp.maximum(steps, xp.integer(start, steps.dtype)), _limits_of(xp, steps)
    first = start if start > least else None
    within = (least if first is None else first, most if last is None else last)
    return steps if first is last is None else xp.xp.clip(steps, first, last), within


def _has_begun(xp: Namespace, steps: Any, start: Any) -> Any:
    begun = steps >= xp.integer(start, steps.dtype)
    if hasattr(start, "shape") and not _frameworks.is_foreign(start):
        begun = begun & xp.array(start <= xp.last(steps.dtype), None)
    return begun


def _shape_value(xp: Namespace, name: str, parameters: Sequence[Any], steps: Any, limits: Limits, origin: Any) -> Any:
    if name == "call":
        own = _since(xp, steps, origin, whole=False)
        return xp.xp.broadcast_to(xp.array(parameters[0](own), xp.real_dtype), own.shape)
    within = _limits_since(xp, steps, limits, origin)
    if name in OPERATIONS:
        return _operation_value(xp, name, parameters, _since(xp, steps, origin, whole=True), within)
    shape = SHAPES.get(name) or FOLDED[name]
    given = list(zip(shape.parameters.values(), parameters, strict=True))
    ends = [xp.holds(number, steps.dtype) for role, number in given if role in (LENGTH, INNER_LENGTH)]
    whole = shape.whole_steps or (bool(ends) and all(ends))
    own = _since(xp, steps, origin, whole)
    own, kind = (own, steps.dtype) if whole else (xp.mixed(own), None)
    return xp.up_to(within[1]).once(shape.formula, own, *(_parameter(xp, *one, kind) for one in given))


def _operation_value(xp: Namespace, name: str, parameters: Sequence[Any], steps: Any, limits: Limits | None) -> Any:
    if name in OF_CLOCK:
        table, size = parameters
        if name == "stride" and xp.last(steps.dtype) < _checks.LAST_STEP:  # such integers cannot count so far
            return _chain(xp, resolved(slower(table, 1.0 / size), values_of), steps, limits)
        clock = OF_CLOCK[name](xp if limits is None else xp.up_to(limits[1]), steps, size)
        return _of_table(xp, table, clock, limits and _limits_on(xp, name, size, steps, limits))
    xp, (first, *others) = xp.remembering(), parameters
    value = _of_table(xp, first, steps, limits)
    for other in others:
        number = _number_of(other)
        value = OF_VALUES[name](xp, value, _of_table(xp, other, steps, limits) if number is None else number)
    return value


def _of_table(xp: Namespace, table: list[Segment], clock: Any, limits: Limits | None) -> Any:
    """Returns the values of a table of an operation, on a clock that may show fractions."""
    if xp.xp.isdtype(clock.dtype, "real floating"):
        return _fractional_chain(xp, table, clock)
    return _chain(xp, table, clock, limits)


def _number_of(table: list[Segment]) -> float | None:
    """Returns the one plain number that is the value of a table, or None."""
    (_, _, shape, parameters), *more = table
    return parameters[0] if shape == "constant" and not more and sort_of(*parameters) is PLAIN else None


def _limits_since(xp: Namespace, steps: Any, limits: Limits, origin: Any) -> Limits:
    """Returns the limits of steps on a segment's own clock."""
    if hasattr(origin, "shape"):
        return _limits_of(xp, steps)
    least, most = limits
    return least - origin, max(min(most - origin, xp.last(steps.dtype)), 0)


def _limits_on(xp: Namespace, name: str, size: Any, steps: Any, limits: Limits) -> Limits:
    """Returns the limits of the steps that a clock shows."""
    least, most = limits
    if least < 0 or name in ("stride", *FRACTIONAL) or sort_of(size) is not PLAIN or size < 1:
        return min(max(least, -1), 0), _limits_of(xp, steps)[1]
    if name in ("every", "real_every"):
        return 0, int(most // size) + 1
    return 0, min(most, size)


def _since(xp: Namespace, steps: Any, origin: Any, whole: bool) -> Any:
    """Returns the steps on a segment's own clock. A clock that began before step 0 may show more than their type
    holds; but if its shape asks for `whole` steps, it stops at the last integer of that type."""
    if not hasattr(origin, "shape") and not origin:
        return steps
    known = not _frameworks.is_foreign(origin) and not _frameworks.torch_is_compiling()
    if known and not whole and any_of(origin < 0):
        return xp.real(steps) - xp.real(origin)
    if not hasattr(origin, "shape") and origin < 0:
        last = xp.last(steps.dtype)
        ahead = min(-origin, last)
        return xp.xp.clip(steps, None, last - ahead) + ahead
    return steps - xp.integer(origin, steps.dtype)


def _parameter(xp: Namespace, role: str, number: Any, whole: Any) -> Any:
    """Returns a parameter as a formula takes it. `whole` is the type of steps that are integers."""
    known = not _frameworks.is_foreign(number)
    is_end = whole and role in (LENGTH, INNER_LENGTH)
    if not hasattr(number, "shape"):
        return number if is_end or role in (PERIOD, FACTOR) else float(number)
    if known and role in COUNTS:
        number = where(number > 0, number, 1)
    if is_end and xp.holds(number, whole):
        return xp.integer(number, whole)
    if role is PERIOD or (role is INNER_LENGTH and whole) or (role in _EXACT and known):
        return number
    number = xp.real(number)
    return xp.where(number > 0.0, number, 1.0) if role in COUNTS and not known else number
