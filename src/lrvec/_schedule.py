"""Schedule: the value that every factory returns, and the registry of the factories."""

from __future__ import annotations

from . import _arrays, _checks, _engine, _segments

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any, TypeVar, overload

    import numpy
    from numpy.typing import NDArray

    Factory = TypeVar("Factory", bound=Callable[..., Any])


class Kind:
    """What the registry knows of a factory: its name, its name on the command line, its parameters, and whether it is
    made of schedules, which are what factories take by position."""

    __slots__ = ("command", "factory", "is_composition", "keywords", "name", "positional")

    def __init__(self, factory: Callable[..., Any], command: str | None) -> None:
        code = factory.__code__
        count = code.co_argcount
        self.factory = factory
        self.name = factory.__name__
        self.command = command or self.name.replace("_", "-")
        self.positional = code.co_varnames[:count]
        self.is_composition = count > 0
        self.keywords = code.co_varnames[count : count + code.co_kwonlyargcount]

    @property
    def parameters(self) -> tuple[str, ...]:
        return self.positional + self.keywords

    def make(self, parameters: Mapping[str, Any]) -> Any:
        """Calls the factory, which checks everything again."""
        _checks.parameter_names(self.name, parameters, self.parameters)
        positional = [parameters[name] for name in self.positional if name in parameters]
        return self.factory(*positional, **{name: parameters[name] for name in self.keywords if name in parameters})


KINDS: dict[str, Kind] = {}
"""Every kind by its name, in the order of definition."""


if TYPE_CHECKING:

    @overload
    def kind(factory: Factory) -> Factory: ...
    @overload
    def kind(factory: None = None, *, command: str | None) -> Callable[[Factory], Factory]: ...


def kind(factory: Any = None, *, command: str | None = None) -> Any:
    """Registers a factory as a kind: so from_dict, the command line, the tests and the benchmarks know of it."""
    if factory is None:
        return lambda factory: kind(factory, command=command)
    KINDS[factory.__name__] = Kind(factory, command)
    return factory


class Schedule(_engine.Evaluator):
    """A function from a step to a learning rate, or to any other scalar: an immutable value, made by a factory.

    Call it with an int for a float; with a range, an integer array of any shape or a list of ints for a float64 array
    of that shape. `out` takes the result instead, a writable float64 or float32 array; `dtype=numpy.float32` rounds
    once, at the store; `workers` is the number of threads to use at most. Steps are integers from 0 to 2**53;
    anything else is a ValueError that names the first offending index, and then `out` is as it was. An `out` that lies
    in a map of a file has its room on the disk set aside first; an OSError says that there is none.

    Steps that are an array of JAX, of torch or of another library of the array API standard give that library's array,
    by its own operations: they can be compiled, mapped and differentiated. `out`, `dtype` and `workers` are not for
    them.

    A value has the same 64 bits however its step is asked for. Schedules compare and hash by kind and parameters,
    print as the call that makes them, and can be pickled.
    """

    __slots__ = ("__dict__",)  # empty: torch's LambdaLR saves and restores what it finds there

    if TYPE_CHECKING:

        @overload
        def __call__(self, steps: int | numpy.integer[Any], *, workers: int | None = None) -> float: ...
        @overload
        def __call__(
            self,
            steps: int | numpy.integer[Any],
            *,
            out: None = None,
            dtype: Any,
            workers: int | None = None,
        ) -> float: ...
        @overload
        def __call__(
            self,
            steps: range | Sequence[Any] | NDArray[numpy.integer[Any]],
            *,
            out: NDArray[numpy.floating[Any]] | None = None,
            dtype: Any = None,
            workers: int | None = None,
        ) -> NDArray[numpy.floating[Any]]: ...

    def __call__(self, steps: Any, *, out: Any = None, dtype: Any = None, workers: int | None = None) -> Any:
        return self._evaluate(steps, out, dtype, workers)

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"{type(self).__name__} is immutable, {name} cannot be set")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} is immutable, {name} cannot be deleted")

    def _tabulate(self) -> Any:
        return _segments.tabulate(self._lower())

    def _evaluate(self, steps: Any, out: Any, dtype: Any, workers: int | None) -> Any:
        if _arrays.is_lazy(steps):
            from . import dask

            return dask.evaluate(self, steps, out, dtype, workers)
        if _arrays.is_foreign(steps):
            from . import _traced

            _checks.only_for_numpy(out=out, dtype=dtype, workers=workers)
            return _traced.evaluate(self._lower(), steps)
        return _arrays.evaluate(self._table, steps, out, dtype, workers)

    @property
    def params(self) -> Mapping[str, Any]:
        """The parameters by name, as numbers, strings, tuples and schedules; read-only."""
        from types import MappingProxyType

        return MappingProxyType(self._parameters)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Schedule):
            return NotImplemented
        if self.kind != other.kind or not KINDS[self.kind].is_composition:
            return self.kind == other.kind and bool(self._parameters == other._parameters)
        return self is other or flattened(self) == flattened(other)

    def __hash__(self) -> int:
        if not KINDS[self.kind].is_composition:
            return hash((self.kind, *self._parameters.values()))
        return hash_of(self)

    def __repr__(self) -> str:
        return call_text(self)

    def __copy__(self) -> Schedule:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return reduced(self)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types: {"kind": ..., "params": {...}}, schedules within as such dicts. TypeError for a schedule
        made from a user's callable. `from_dict` is the way back."""
        return dict_of(self)


_engine.call_fast(Schedule)


def table_of(schedule: Any) -> Any:
    """A schedule's table, which it keeps; of any other callable a new one."""
    if isinstance(schedule, Schedule):
        return schedule._table
    return _segments.tabulate(_segments.segments_of(schedule))


_PLAIN = {float, int, str, Schedule}


def make(name: str, parameters: dict[str, Any], lower: Callable[[], list[_segments.Segment]]) -> Schedule:
    """The schedule of a kind; or, where a parameter is an array or a sweep, the sweep."""
    others = _others(parameters.values())
    if any(map(_is_traced, others)):
        from ._traced import TracedSchedule

        return TracedSchedule(name, parameters, lower)
    if any(getattr(value, "shape", ()) for value in others):
        from ._sweeps import Sweep

        return Sweep(name, parameters, lower)  # type: ignore[return-value]
    return Schedule(name, parameters, lower)


def _others(values: Iterable[Any]) -> list[Any]:
    """The values, those within tuples too, that are neither plain nor schedules."""
    found = []
    for value in values:
        if type(value) is tuple:
            found += _others(value)
        elif type(value) not in _PLAIN:
            found.append(value)
    return found


def is_traced(parameter: Any) -> bool:
    """Whether it is traced, or a schedule with parameters that are, or a tuple with one of these in it."""
    return any(map(_is_traced, _others((parameter,))))


def _is_traced(value: Any) -> bool:
    return _checks.is_traced(value) or hasattr(value, "_is_traced")


# ---- schedules within schedules: to any depth, and so by lists in place of recursion ----


class _Within:
    """Stands for a schedule within another one, which has gone before it in a flat list."""

    __slots__ = ()

    def __reduce__(self) -> str:
        return "WITHIN"


WITHIN = _Within()


class Made:
    """What has been made of a schedule within, in its place: a text, a dict or another schedule."""

    __slots__ = ("result",)

    def __init__(self, result: Any) -> None:
        self.result = result

    def __repr__(self) -> str:
        return str(self.result)


def flattened(value: Any, is_part: Callable[[Any], bool] | None = None) -> list[tuple[str, dict[str, Any]]]:
    """A schedule, a sweep or groups, and all that are within: each one's kind and parameters, in which WITHIN stands
    for the latest of those before it that nothing else has taken. `is_part` says what counts as one that is within."""
    is_part = is_part or _has_parameters
    order: list[tuple[str, dict[str, Any]]] = []
    waiting = [value]
    while waiting:
        part = waiting.pop()
        kind, parameters = part.kind, part._parameters
        if KINDS[kind].is_composition:
            within: list[Any] = []
            parameters = {name: _parted(one, is_part, within) for name, one in parameters.items()}
            waiting += within
        order.append((kind, parameters))
    order.reverse()
    return order


def _has_parameters(value: Any) -> bool:
    return hasattr(type(value), "_parameters")


_NUMBERS = {float, int}


def _parted(value: Any, is_part: Callable[[Any], bool], within: list[Any]) -> Any:
    if type(value) is tuple:
        return tuple([_parted(item, is_part, within) for item in value])
    if type(value) in _NUMBERS or not is_part(value):
        return value
    within.append(value)
    return WITHIN


def folded(parts: Iterable[tuple[str, dict[str, Any]]], combine: Callable[[str, dict[str, Any]], Any]) -> Any:
    """The result for the whole of a flat list: of each kind and its parameters, with results in place of what is
    within."""
    results: list[Any] = []
    for kind, parameters in parts:
        if KINDS[kind].is_composition:
            filled = {name: _filled(value, results) for name, value in reversed(parameters.items())}
            parameters = {name: filled[name] for name in parameters}
        results.append(combine(kind, parameters))
    _checks.one_whole(len(results))
    return results[0]


def _filled(value: Any, results: list[Any]) -> Any:
    """The value, its last schedule being the latest result."""
    if value is WITHIN:
        _checks.some_part(len(results))
        return results.pop()
    if type(value) is tuple:
        return tuple([_filled(item, results) for item in reversed(value)][::-1])
    return value


def hash_of(value: Any) -> int:
    found: int = folded(flattened(value), _hash)
    return found


def _hash(name: str, parameters: Mapping[str, Any]) -> int:
    return hash((name, *map(_hashable, parameters.values())))


def _hashable(value: Any) -> Any:
    if type(value) is tuple:
        return tuple(map(_hashable, value))
    if hasattr(value, "tobytes"):
        return value.shape, (value + 0).tobytes()  # -0.0 equals 0.0
    return value


def reduced(value: Any) -> tuple[Any, ...]:
    """For pickle: a function, and what it makes the value again from."""
    if not KINDS[value.kind].is_composition:
        return remake, (value.kind, value._parameters)
    return remake_all, (flattened(value),)


def remake(name: str, parameters: Mapping[str, Any]) -> Any:
    """The schedule of this kind and these parameters, through its factory."""
    return KINDS[_checks.known_kind(name, KINDS)].make(_checks.dictionary("params", parameters))


def remake_all(parts: Iterable[tuple[str, dict[str, Any]]]) -> Any:
    """The schedule of a flat list, through all the factories."""
    return folded(_checks.kinds_and_parameters(parts, KINDS), remake)


def call_text(value: Any) -> str:
    """The call of a kind's factory, as it is written."""
    found: str = folded(flattened(value), _written).result
    return found


def _written(name: str, parameters: Mapping[str, Any]) -> Made:
    positional = KINDS[name].positional
    return Made(f"{name}({', '.join(repr(v) if n in positional else f'{n}={v!r}' for n, v in parameters.items())})")


def dict_of(value: Any) -> dict[str, Any]:
    def described(name: str, parameters: Mapping[str, Any]) -> Made:
        return Made({"kind": name, "params": {key: _plain(key, one) for key, one in parameters.items()}})

    found: dict[str, Any] = folded(flattened(value), described).result
    return found


def _plain(name: str, value: Any) -> Any:
    if value is None or isinstance(value, (int, float, str)):
        return value
    if isinstance(value, Made):
        return value.result
    if isinstance(value, tuple):
        return [_plain(name, item) for item in value]
    if isinstance(value, dict):
        return dict(value)
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"{name} must be made of schedules to become a dict, received {_checks.shown(value)}")


def from_dict(data: Mapping[str, Any]) -> Any:
    """The schedule, or the group schedule, that a dict of `to_dict` describes.

    Every parameter is checked as in the factory's own call. ValueError for a dict of another form, an unknown kind or
    an unknown parameter; TypeError for a missing one.

    >>> import lrvec
    >>> lrvec.from_dict({"kind": "linear", "params": {"base_lr": 0.1, "end_lr": 0.0, "total_steps": 4}})
    linear(base_lr=0.1, end_lr=0.0, total_steps=4)
    """
    _checks.described(data, KINDS)
    whole: list[Any] = [data]
    found: list[tuple[Any, Any, str | None, Any]] = []  # holder, key, kind or none of a list, what is within
    around: set[int] = set()
    waiting: list[tuple[Any, Any, Any]] = [(whole, 0, data)]
    while waiting:
        holder, key, value = waiting.pop()
        if holder is None:
            around.remove(key)  # all within it is found
            continue
        parts = _parts_of(value)
        if parts is not None:
            _checks.not_within_itself("data", id(value) in around)
            around.add(id(value))
            waiting.append((None, id(value), None))
            found.append((holder, key, value["kind"] if isinstance(value, dict) else None, parts))
            waiting += [(parts, *item) for item in (parts.items() if isinstance(parts, dict) else enumerate(parts))]
    for holder, key, kind, parts in reversed(found):
        holder[key] = tuple(parts) if kind is None else KINDS[kind].make(parts)
    return whole[0]


def _parts_of(value: Any) -> Any:
    """A copy of what is within a list, or within the description of a schedule; of nothing else."""
    if isinstance(value, list):
        return list.copy(value)
    if isinstance(value, dict) and value.keys() == {"kind", "params"} and isinstance(value["kind"], str):
        _checks.described(value, KINDS)
        return dict(value["params"])
    return None
