"""A Sweep is a schedule whose parameters are arrays."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

import numpy

from .. import _checks
from .._checks import columns
from .._evaluate import evaluate, road_anew, sizes
from .._evaluate.memory import check_memory
from .._evaluate.rows import Batches, Tables, row_size, rows_of
from .._evaluate.tables import table_of
from .._frameworks import torch_is_compiling
from .._registry import KINDS, Kind
from . import nesting
from .curve import Curve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import overload

    from numpy.typing import NDArray

    from .._lowering.segments import Segment
    from .value import Array


class Sweep(Curve):
    """A sweep is many schedules of one kind. A factory that is called with an array or a sequence in place of any
    number returns one. The arrays broadcast to the sweep's shape.

    A sweep of shape P, called with steps of shape S, gives an array of shape P + S, or fills `out` (a numpy.memmap
    too). Each row has the very bits that its schedule alone gives. Indexing gives sweeps and schedules, as with an
    array of shape P. `workers` is the number of threads to use at most; by itself it is the cores that the process may
    run on.
    """

    __slots__ = ("__weakref__", "_lower", "_made", "_parameters", "kind", "shape")

    _public = "Sweep"
    kind: str
    shape: tuple[int, ...]
    _lower: Callable[[], list[Segment]]
    _made: list[Any]
    _parameters: dict[str, Any]

    def __init__(self, kind: str, parameters: dict[str, Any], lower: Callable[[], list[Segment]] | None) -> None:
        shape = columns.shape_of(dict(_swept_parts(parameters)))
        frozen = {name: _frozen(value) for name, value in parameters.items()}
        for name, value in (("kind", kind), ("_parameters", frozen), ("shape", shape), ("_made", [])):
            object.__setattr__(self, name, value)
        object.__setattr__(self, "_lower", lower)
        if lower is None:  # the function of a user's own kind makes each row, and refuses now what it does not take
            self._made.append(self._tabulate())

    @property
    def ndim(self) -> int:
        return len(self.shape)

    @property
    def size(self) -> int:
        """Returns the number of schedules."""
        return prod(self.shape)

    def __len__(self) -> int:
        return self.shape[0]

    def __iter__(self) -> Iterator[Any]:
        return (self[i] for i in range(len(self)))

    def __getitem__(self, index: Any) -> Any:
        """Returns a schedule for a full index, and a sweep for any other index that numpy knows."""
        numpy.empty(self.shape, numpy.void)[index]  # numpy's IndexError, if the index does not fit

        return self._indexed(index, Kind.make)

    def _part(self, index: Any) -> Sweep:
        """Returns rows as a sweep, without a second check of their parameters. In the columns that indexing gives,
        numbers that are whole may be integers; here they are what they were."""
        part: Sweep = self._indexed(index, of_columns)
        return part

    def _indexed(self, index: Any, make: Callable[[Kind, dict[str, Any]], Any]) -> Any:
        def taken(kind: str, parameters: dict[str, Any]) -> Any:
            found = {name: _taken(value, index, self.shape) for name, value in parameters.items()}
            return nesting.Made(make(KINDS[kind], found))

        return nesting.folded(nesting.flattened(self, _has_columns), taken).result

    if TYPE_CHECKING:

        @overload
        def __call__(
            self,
            steps: int | range | Sequence[Any] | numpy.integer[Any] | NDArray[numpy.integer[Any]],
            *,
            out: NDArray[numpy.floating[Any]] | None = None,
            dtype: Any = None,
            workers: int | None = None,
        ) -> NDArray[numpy.floating[Any]]: ...
        @overload
        def __call__(self, steps: Array) -> Any: ...

    def __call__(self, steps: Any, *, out: Any = None, dtype: Any = None, workers: int | None = None) -> Any:
        if torch_is_compiling():
            return road_anew(steps).evaluate(self, steps, out, dtype, workers)
        return evaluate(self, steps, out, dtype, workers)

    @property
    def _rows(self) -> Any:
        made = self._made
        if not made:
            made.append(self._tabulate())
        return made[0]

    def _tabulate(self) -> Any:
        if self._by_row:
            check_memory(self.size, sizes.TABLE, "schedules", "tables")
            return Tables([table_of(self[index]) for index in numpy.ndindex(*self.shape)])
        if self.size > sizes.BATCH and (each := row_size(self)) * self.size > sizes.LOWERED:
            return Batches(self, self.shape, each)
        return rows_of(self._lower(), self.shape)

    @property
    def _by_row(self) -> bool:
        """Tells whether a user's callable, a kind of the user's own or a stack is within, for which there are no
        columns."""
        entry = KINDS[self.kind]
        return entry.is_own or (
            entry.is_composition
            and any(
                kind == "stack" or KINDS[kind].is_own or any(map(_is_called, parameters.values()))
                for kind, parameters in nesting.flattened(self)
            )
        )

    def _repr_svg_(self) -> str:
        from .._evaluate.picture import of_sweep

        return of_sweep(self)

    def __repr__(self) -> str:
        return f"<Sweep of shape {self.shape}: {super().__repr__()}>"


class Stack(Sweep):
    """A stack is a sweep made of schedules of any kinds."""

    __slots__ = ("_schedules",)

    _schedules: NDArray[numpy.object_]

    def __init__(self, schedules: Sequence[Any], name: str = "schedules") -> None:
        array = columns.schedules(name, schedules)
        enter = object.__setattr__
        enter(self, "kind", "stack")
        enter(self, "_parameters", {"schedules": _tuples(array.tolist())})
        enter(self, "_schedules", array)
        enter(self, "shape", array.shape)
        enter(self, "_made", [])
        enter(self, "_lower", None)

    def __getitem__(self, index: Any) -> Any:
        return self._at(index, self.shape)

    def _part(self, index: Any) -> Any:
        return self[index]

    def _at(self, index: Any, shape: tuple[int, ...]) -> Any:
        taken = numpy.broadcast_to(self._schedules, shape)[index]
        return Stack(taken.tolist()) if isinstance(taken, numpy.ndarray) else taken

    def _tabulate(self) -> Any:
        return Tables([table_of(part) for part in self._schedules.reshape(-1)])

    @property
    def _by_row(self) -> bool:
        return True


def _tuples(value: Any) -> Any:
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value


def along_axes(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Gives each sequence an axis of its own, in this order. A sweep keeps as many axes as it has."""
    arrays = {name: _sequence(name, value) for name, value in parameters.items()}
    axes, before = sum(array.ndim for array in arrays.values()), 0
    columns.few_axes("the grid", axes)
    for name, array in arrays.items():
        after = axes - before - array.ndim
        arrays[name] = array[(None,) * before + (slice(None),) * array.ndim + (None,) * after]
        before += array.ndim
    return arrays


def _sequence(name: str, value: Any) -> Any:
    if isinstance(value, Sweep):
        return value
    if isinstance(value, (list, tuple)) and any(callable(item) for item in _checks.listed(name, value)):
        return Stack(value, name)
    array = columns.array(name, _listed(name, value) if isinstance(value, range) else value)
    if array.ndim != 1:
        raise ValueError(f"{name} must be a sequence of one dimension, received one of shape {array.shape}")
    return array if array.dtype.kind in "biuf" else numpy.array(value, dtype=object)


def _listed(name: str, numbers: range) -> Any:
    """Returns the numbers of a range as an array, or the range itself where its numbers fit in no array."""
    if numbers and max(abs(numbers[0]), abs(numbers[-1])) <= _checks.LAST_STEP:
        check_memory(len(numbers), 8, name)
        return numpy.arange(numbers.start, numbers.stop, numbers.step)
    return numbers


# ---- parameters ----


def _is_called(value: Any) -> bool:
    """Tells whether a parameter of a flat list is a user's callable, or phases with one of them."""
    return any(map(_is_called, value)) if isinstance(value, tuple) else callable(value)


def _has_columns(value: Any) -> bool:
    """Tells whether a value is a sweep that is indexed by its parameters."""
    return isinstance(value, Sweep) and not isinstance(value, Stack)


def of_columns(entry: Kind, parameters: dict[str, Any]) -> Any:
    """Makes a sweep of parameters that are checked."""
    if not entry.gives_segments:
        return entry.call(parameters)
    return Sweep(entry.name, parameters, None if entry.is_own else entry.lowering(parameters))


def _swept_parts(parameters: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yields every parameter that may be an array or a sweep, also those within tuples, as phases are."""
    for name, value in parameters.items():
        if type(value) is tuple:
            yield from _swept_parts({f"{name}[{index}]": one for index, one in enumerate(value)})
        else:
            yield name, value


def _frozen(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(map(_frozen, value))
    if isinstance(value, numpy.ndarray):
        value.flags.writeable = False  # the array is a copy of the user's, made by its check
    return value


def _taken(value: Any, index: Any, shape: tuple[int, ...]) -> Any:
    """Returns what a parameter is at an index of a sweep of this shape."""
    if isinstance(value, tuple):
        return tuple(_taken(item, index, shape) for item in value)
    if isinstance(value, nesting.Made):
        return value.result
    if isinstance(value, Stack):
        return value._at(index, shape)
    if isinstance(value, numpy.ndarray):
        taken = numpy.broadcast_to(value, shape)[index]
        return taken.item() if not taken.shape else taken
    return value
