"""These functions search for schedules in spaces that are made of Optuna's own distributions.

A space is a factory and its parameters. A parameter may be a constant, a distribution of `optuna.distributions`, or a
list or a mapping that holds such. In place of a factory or a schedule, a space may have a choice of kinds: a mapping
from the names of kinds to the parameters of each. A categorical distribution makes the choice. Whatever else the
mapping holds are parameters common to all these kinds:

    {"cosine": {"min_lr": 0.0}, "polynomial": {"end_lr": 0.0, "power": FloatDistribution(0.5, 3.0)}, "total_steps": 100}

Each distribution has a name. A distribution in place of a parameter has the parameter's name. In a choice of kinds, the
choice itself is called `kind`, and a parameter of one kind alone `polynomial.power`. A name inside the parameter
`schedule` begins with it, as in `schedule.polynomial.power`, and one inside a list has the index, as in `phases[0][1]`.
An Optuna trial and a configuration of Ray Tune have the same names.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from math import prod
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy
from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution

from . import _checks
from ._checks import columns as checked_columns
from ._evaluate import outputs, sizes
from ._registry import KINDS, KNOWN, kind_named
from ._values.sweep import Sweep
from .dialects.optlrschedule import FAMILIES
from .queries import blocks
from .schedules import constant, product

if TYPE_CHECKING:
    from numpy.typing import NDArray

Factory: TypeAlias = Callable[..., Any] | Mapping[str, Mapping[str, Any]]
Pick: TypeAlias = Callable[[str, BaseDistribution], Any]

__all__ = ["Family", "Scaled", "draw", "from_config", "from_ranges", "matrix", "scaled", "suggest", "to_tune"]

ALIGNMENT = 64
"""A matrix begins at a multiple of so many bytes, since JAX copies an array that does not."""


def suggest(trial: Any, factory: Factory, prefix: str = "", **parameters: Any) -> Any:
    """Make the schedule that an Optuna trial suggests.

    Parameters
    ----------
    trial : an Optuna trial of any sort.
    factory : a factory of schedules, or a choice of kinds; `parameters` are then common to all of these.
    prefix : a text in front of the name of each distribution, so that one trial can suggest several schedules.
    parameters : constants and distributions; in place of a schedule, a schedule or a choice of kinds.

    Returns
    -------
    Schedule, or whatever else the factory makes.

    Raises
    ------
    ValueError if a distribution reaches outside its parameter's range. The factory is tried at both ends for that,
    before the trial is asked for anything. Values that do not go together are refused when the trial suggests them.

    >>> from lrvec import cosine
    >>> from optuna.distributions import FloatDistribution
    >>> from optuna.trial import FixedTrial
    >>> trial = FixedTrial({"base_lr": 0.1})
    >>> suggest(trial, cosine, base_lr=FloatDistribution(1e-4, 1.0, log=True), min_lr=0.0, total_steps=100)
    cosine(base_lr=0.1, min_lr=0.0, total_steps=100)
    """
    _check(factory, prefix, parameters)

    def pick(name: str, distribution: BaseDistribution) -> Any:
        if isinstance(distribution, CategoricalDistribution):
            return trial.suggest_categorical(name, distribution.choices)
        suggest_number = trial.suggest_int if isinstance(distribution, IntDistribution) else trial.suggest_float
        return suggest_number(name, distribution.low, distribution.high, step=distribution.step, log=distribution.log)

    return _made(factory, prefix, parameters, pick)


def draw(factory: Factory, n: int, seed: int, **parameters: Any) -> Any:
    """Draw a sweep of schedules that are spread evenly over a space, by a scrambled Sobol sequence.

    Parameters
    ----------
    factory, parameters : a space, as `suggest` takes it, with at least one distribution.
    n : the number of schedules, positive; powers of two are spread best.
    seed : the seed of the scrambling, non-negative. With the same seed, a larger n only appends rows.

    Returns
    -------
    Sweep of shape (n,). It holds arrays if one of lrvec's factories makes all rows from numbers; else it is a `stack`
    of schedules made one by one.

    Raises
    ------
    ValueError for what `suggest` refuses, and if there is no distribution.

    >>> from lrvec import linear
    >>> from optuna.distributions import FloatDistribution, IntDistribution
    >>> draw(linear, 4, 0, base_lr=FloatDistribution(0.0, 1.0), end_lr=0.0, total_steps=IntDistribution(1, 9)).shape
    (4,)
    """
    from scipy.stats import qmc

    from .schedules import stack

    n, seed = _checks.single_count("n", n), _checks.single_count("seed", seed, 0)
    _check(factory, "", parameters)
    leaves = dict(_leaves(factory, "", parameters))
    if not leaves:
        raise ValueError("parameters must hold at least one distribution, received none")
    points = qmc.Sobol(len(leaves), bits=53, rng=seed).random_base2((n - 1).bit_length())[:n]
    columns = {name: _column(leaf, points[:, i]) for i, (name, leaf) in enumerate(leaves.items())}
    if _is_columnar(factory, parameters):
        return _made(factory, "", parameters, lambda name, _: columns[name])
    lists = {name: column.tolist() for name, column in columns.items()}

    def row(index: int) -> Any:
        return _made(factory, "", parameters, lambda name, _: lists[name][index])

    return stack([row(index) for index in range(n)])


def to_tune(factory: Factory, prefix: str = "", **parameters: Any) -> dict[str, Any]:
    """Translate a space for Ray Tune, which this call imports.

    Parameters
    ----------
    factory, prefix, parameters : a space, as `suggest` takes it.

    Returns
    -------
    A dict from the name of each distribution to a search space of `ray.tune`, to be put into a `param_space`. Tune
    draws the parameters of all kinds of a choice; `from_config` then takes those of the chosen kind. Tune knows only
    grids that hold 0: a distribution whose grid does not becomes a choice of its values.

    Raises
    ------
    ValueError for what `suggest` refuses.
    """
    _check(factory, prefix, parameters)
    return {name: _tune_domain(leaf) for name, leaf in _leaves(factory, prefix, parameters)}


def from_config(factory: Factory, config: Mapping[str, Any], prefix: str = "", **parameters: Any) -> Any:
    """Make the schedule of a configuration: one of Ray Tune, or the `best_params` of an Optuna study.

    Parameters
    ----------
    factory, prefix, parameters : a space, as `suggest` takes it.
    config : a value for each distribution, by its name; in a choice of kinds, the chosen kind's values are enough.

    Returns
    -------
    Schedule, or whatever else the factory makes.

    Raises
    ------
    ValueError if a value is missing, or if the factory refuses it.

    >>> from optuna.distributions import FloatDistribution
    >>> from_config({"linear": {"end_lr": 0.0}}, {"base_lr": 0.5}, base_lr=FloatDistribution(0.0, 1.0), total_steps=9)
    linear(base_lr=0.5, end_lr=0.0, total_steps=9)
    """

    config = _checks.mapping("config", config)

    def pick(name: str, _: BaseDistribution) -> Any:
        if name not in config:
            received = ", ".join(map(str, config)) or "none at all"
            raise ValueError(f"config must have a value for {name}, received {received:.{_checks.MOST_SHOWN}}")
        return config[name]

    return _made(factory, prefix, parameters, pick)


# ---- shapes, peak rates, and their matrix ----


class Family:
    """A family of schedules of optlrschedule, as a factory for search spaces.

    Parameters
    ----------
    config : the config of a family, with its `schedule_type`, as optlrschedule takes it.

    A call takes the parameters of a schedule, whose names begin with "p.", and `base_lr`, by default 1. It returns a
    schedule; with arrays in place of these parameters, a sweep.

    Raises
    ------
    ValueError or TypeError for a config without a known type; a call raises what the function of the family raises.

    Source: Naganuma et al., arXiv 2603.10301; `lrvec.dialects.optlrschedule` has the formulas.

    >>> family = Family({"schedule_type": "cosine", "total_steps": 4, "alpha": 0.0})
    >>> family(**{"p.exponent": [1.0, 2.0]})(range(5)).round(4).tolist()
    [[1.0, 0.8536, 0.5, 0.1464, 0.0], [1.0, 0.7286, 0.25, 0.0214, 0.0]]
    """

    def __init__(self, config: Mapping[str, Any]) -> None:
        self._config = dict(_checks.mapping("config", config))
        kind = _checks.needed("schedule_type", self._config.pop("schedule_type", None), "config")
        self._family = FAMILIES[_checks.one_of("schedule_type", kind, FAMILIES)]

    def __call__(self, *, base_lr: float = 1.0, **schedule_param: Any) -> Any:
        return self._family(self._config, schedule_param=schedule_param, base_lr=base_lr)


def from_ranges(ranges: Mapping[str, tuple[float, float]], log: Collection[str] = ()) -> dict[str, FloatDistribution]:
    """Translate the ranges of a search of optlrschedule into distributions.

    Parameters
    ----------
    ranges : the least and the greatest value of each parameter, as `schedule_param_range` has them.
    log : the parameters that are drawn on a logarithmic scale, as `log_scale_params` names them.

    Returns
    -------
    A dict from names to distributions of Optuna, for a `Family`. A name without the prefix "p." gets it.

    Raises
    ------
    ValueError if a range is no pair of finite numbers in ascending order, if one on a logarithmic scale is not
    positive, or if `log` names a parameter without a range.

    >>> from_ranges({"exponent": (0.5, 2.0)}, log=["exponent"])
    {'p.exponent': FloatDistribution(high=2.0, log=True, low=0.5, step=None)}
    """
    named = {_prefixed(name): bounds for name, bounds in _checks.mapping("ranges", ranges).items()}
    logarithmic = {_checks.one_of("log", _prefixed(name), named) for name in _checks.listed("log", log)}
    found = {}
    for name, bounds in named.items():
        low, high = (_checks.single_number(name, end) for end in _checks.two(name, bounds, "a low and a high end"))
        _checks.at_most(f"the low end of {name}", low, f"the high end of {name}", high)
        if name in logarithmic:
            _checks.positive(f"the low end of {name}", low)
        found[name] = FloatDistribution(low, high, log=name in logarithmic)
    return found


def _prefixed(name: str) -> str:
    return name if name.startswith("p.") else f"p.{name}"


class Scaled:
    """Every shape of a sweep with every peak rate; `scaled` makes it.

    Called with a range or an array of steps, it gives an array with the axes of the shapes, those of the peak rates,
    and the steps. It evaluates each shape once. `sweep` is the ordinary sweep of the same schedules, to look at one or
    to save it; the last bits of its values may differ.
    """

    def __init__(self, shapes: Any, base_lrs: NDArray[numpy.float64]) -> None:
        self._shapes, self._base_lrs = shapes, base_lrs
        self.shape = (*shapes.shape, *base_lrs.shape)

    @property
    def sweep(self) -> Any:
        places = (slice(None),) * len(self._shapes.shape) + (None,) * self._base_lrs.ndim
        return product(self._shapes[places], constant(lr=self._base_lrs))

    def __call__(self, steps: Any, *, out: Any = None, dtype: Any = None, workers: int | None = None) -> Any:
        steps, out = outputs.prepared(steps, self.shape, out, dtype)
        rows = out.reshape(prod(self._shapes.shape), self._base_lrs.size, -1)
        for shapes, part, values in blocks(self._shapes, steps, sizes.MATRIX_BYTES, workers=workers):
            for place, base_lr in enumerate(self._base_lrs.reshape(-1).tolist()):
                outputs.multiply(values, base_lr, rows[shapes, place, part])
        return out


def scaled(shapes: Any, base_lrs: Any) -> Scaled:
    """Combine every shape of a sweep with every peak rate, so that each shape is evaluated once.

        lr_ij(t) = base_lrs[j] shapes_i(t)

    where t is the step.

    Parameters
    ----------
    shapes : a sweep, whose schedules have the peak 1.
    base_lrs : the peak rates, an array or a sequence.

    Returns
    -------
    Scaled, of the shape of `shapes` and then of `base_lrs`. It can be called with steps, and has a `sweep`.

    Raises
    ------
    TypeError if `shapes` is no sweep; ValueError if a peak rate is not finite.

    >>> from lrvec import linear
    >>> shapes = linear(base_lr=1.0, end_lr=[0.0, 0.5], total_steps=2)
    >>> scaled(shapes, [0.5, 0.25])(range(3)).tolist()
    [[[0.5, 0.25, 0.0], [0.25, 0.125, 0.0]], [[0.5, 0.375, 0.25], [0.25, 0.1875, 0.125]]]
    """
    if not isinstance(shapes, Sweep):
        raise TypeError(f"shapes must be a sweep, received {_checks.shown(shapes)}")
    return Scaled(shapes, checked_columns.rates("base_lrs", base_lrs))


def matrix(
    schedules: Callable[..., Any], total_steps: int, *, dtype: Any = numpy.float32, workers: int | None = None
) -> NDArray[Any]:
    """Make the matrix of schedules over a run, which JAX and torch take without a copy.

    Parameters
    ----------
    schedules : a sweep, one schedule, or what `scaled` makes.
    total_steps : the steps 0 ... total_steps - 1 are the columns.
    dtype : float32 or float64.
    workers : the threads to use at most; by default the cores that the process may run on.

    Returns
    -------
    Array of shape (number of schedules, total_steps), in C order; of several axes of schedules the last one runs first.
    It begins at a multiple of 64 bytes, so `jax.numpy.from_dlpack` and `torch.from_dlpack` share its memory.

    Raises
    ------
    ValueError if `total_steps` is no positive integer; TypeError for another dtype.

    >>> from lrvec import linear
    >>> matrix(linear(base_lr=[1.0, 2.0], end_lr=0.0, total_steps=2), 3)
    array([[1. , 0.5, 0. ],
           [2. , 1. , 0. ]], dtype=float32)
    """
    steps = range(_checks.single_count("total_steps", total_steps))
    shape = (*getattr(schedules, "shape", ()), len(steps))
    wanted = outputs.float_dtype(dtype)
    room = outputs.new((prod(shape) + ALIGNMENT // wanted.itemsize,), wanted)
    begin = -room.ctypes.data % ALIGNMENT // wanted.itemsize
    made: NDArray[Any] = room[begin : begin + prod(shape)].reshape(shape)
    schedules(steps, out=made, workers=workers)
    return made.reshape(-1, len(steps))


# ---- spaces ----


def _branches(factory: Factory, prefix: str, parameters: Mapping[str, Any]) -> dict[str, tuple[Any, dict[str, Any]]]:
    """Returns for each kind of a choice what makes it, and the name and the space of each of its parameters. A factory
    counts as a choice of one kind, which is called ""."""
    named = {key: (prefix + key, space) for key, space in parameters.items()}
    if not isinstance(factory, Mapping):
        return {"": (lambda values: _checks.factory("factory", factory)(**values), named)}
    kinds = {kind: own for kind, own in factory.items() if isinstance(own, Mapping)}
    if not kinds:
        rule = "hold the parameters of at least one kind"
        raise ValueError(f"{prefix}factory must {rule}, received {_checks.shown(factory)}")
    named |= {key: (prefix + key, space) for key, space in factory.items() if key not in kinds}
    return {
        kind: (
            kind_named(_checks.one_of(f"{prefix}kind", kind, KNOWN)).make,
            named | {key: (f"{prefix}{kind}.{key}", space) for key, space in own.items()},
        )
        for kind, own in kinds.items()
    }


def _is_choice(space: Any) -> bool:
    return isinstance(space, Mapping) and any(isinstance(own, Mapping) for own in space.values())


def _kinds(branches: Mapping[str, Any]) -> CategoricalDistribution:
    return CategoricalDistribution(tuple(branches))


def _made(factory: Factory, prefix: str, parameters: Mapping[str, Any], pick: Pick) -> Any:
    """Makes a schedule of the values that `pick` returns for the distributions."""
    branches = _branches(factory, prefix, parameters)
    kind = pick(f"{prefix}kind", _kinds(branches)) if len(branches) > 1 else next(iter(branches))
    make, named = branches[_checks.one_of(f"{prefix}kind", kind, branches)]
    return make({key: _value(name, space, pick) for key, (name, space) in named.items()})


def _value(name: str, space: Any, pick: Pick, levels: int = 0) -> Any:
    _checks.depth(name, levels)
    if isinstance(space, BaseDistribution):
        return pick(name, space)
    if _is_choice(space):
        return _made(space, f"{name}.", {}, pick)
    if isinstance(space, Mapping):
        return {key: _value(f"{name}.{key}", item, pick, levels + 1) for key, item in space.items()}
    if isinstance(space, (list, tuple)):
        items = enumerate(_checks.listed(name, space))
        return tuple(_value(f"{name}[{index}]", item, pick, levels + 1) for index, item in items)
    return space


def _parts(name: str, space: Any, levels: int = 0) -> Iterator[tuple[str, Any]]:
    """Yields the distributions and the choices of kinds in the space of a parameter, by their names."""
    _checks.depth(name, levels)
    if isinstance(space, BaseDistribution) or _is_choice(space):
        yield name, space
    elif isinstance(space, Mapping):
        for key, item in space.items():
            yield from _parts(f"{name}.{key}", item, levels + 1)
    elif isinstance(space, (list, tuple)):
        for index, item in enumerate(_checks.listed(name, space)):
            yield from _parts(f"{name}[{index}]", item, levels + 1)


def _leaves(factory: Factory, prefix: str, parameters: Mapping[str, Any]) -> Iterator[tuple[str, BaseDistribution]]:
    """Yields all distributions by their names. A distribution that is common to several kinds comes once for each."""
    branches = _branches(factory, prefix, parameters)
    if len(branches) > 1:
        yield f"{prefix}kind", _kinds(branches)
    for _, named in branches.values():
        for name, part in _parts_of(named):
            if isinstance(part, BaseDistribution):
                yield name, part
            else:
                yield from _leaves(part, f"{name}.", {})


def _parts_of(named: Mapping[str, tuple[str, Any]]) -> list[tuple[str, Any]]:
    return [part for name, space in named.values() for part in _parts(name, space)]


# ---- checks ----


def _check(factory: Factory, prefix: str, parameters: Mapping[str, Any]) -> None:
    """Tries the factory, or each kind of a choice, with each distribution at both its ends.

    The other distributions are then all at their low or all at their high ends, and the factory must accept one of the
    two: whether drawn values go together, it says when they are drawn.
    """
    for make, named in _branches(factory, prefix, parameters).values():
        parts = _parts_of(named)
        for name, part in parts:
            if not isinstance(part, BaseDistribution):
                _check(part, f"{name}.", {})
        if refusal := _refusal(make, named, {}):
            raise refusal
        for name, part in parts:
            for end in _ends(part) if isinstance(part, BaseDistribution) else ():
                if refusal := _refusal(make, named, {name: end}):
                    raise ValueError(f"{name} must stay within its range, received {part}: {refusal}") from refusal


def _refusal(make: Any, named: Mapping[str, Any], fixed: Mapping[str, Any]) -> Exception | None:
    """Returns what the factory raises. Returns None if it takes the fixed values, with the others at their low ends or
    at their high ends."""

    def attempt(side: int) -> Exception | None:
        def pick(name: str, distribution: BaseDistribution) -> Any:
            return fixed[name] if name in fixed else _ends(distribution)[side]

        try:
            make({key: _value(name, space, pick) for key, (name, space) in named.items()})
        except (ValueError, TypeError) as error:
            return error
        return None

    refusal = attempt(0)
    return refusal if refusal and attempt(-1) else None


def _ends(distribution: Any) -> tuple[Any, ...]:
    if isinstance(distribution, CategoricalDistribution):
        return tuple(distribution.choices)
    return distribution.low, distribution.high


# ---- draws ----


def _is_columnar(factory: Any, parameters: Mapping[str, Any]) -> bool:
    """Tells whether one factory of lrvec makes all rows, and can take columns in place of numbers to make a sweep."""
    if isinstance(factory, Family):
        return all(isinstance(space, FloatDistribution | IntDistribution) for space in parameters.values())
    known = KINDS.get(getattr(factory, "__name__", ""))
    if not isinstance(factory, Mapping) and (known is None or known.factory is not factory):
        return False
    branches = list(_branches(factory, "", parameters).values())
    return len(branches) == 1 and all(_takes_column(space) for _, space in branches[0][1].values())


def _takes_column(space: Any) -> bool:
    if isinstance(space, CategoricalDistribution):
        return all(type(choice) in (int, float) for choice in space.choices)
    if _is_choice(space):
        return _is_columnar(space, {})
    return isinstance(space, BaseDistribution) or not any(_parts("", space))


def _column(distribution: Any, points: NDArray[numpy.float64]) -> NDArray[Any]:
    """Returns the values of a distribution at points from 0 to 1, as Optuna maps them: the range of integers on a log
    scale is wider by 1/2 at both ends."""
    if isinstance(distribution, CategoricalDistribution):
        choices = numpy.empty(len(distribution.choices), object)
        choices[:] = distribution.choices
        places = (points * len(choices)).astype(numpy.int64)
        return numpy.array(choices.tolist())[places] if _takes_column(distribution) else choices[places]
    low, high = distribution.low, distribution.high
    if distribution.log:
        margin = 0.5 if isinstance(distribution, IntDistribution) else 0.0
        first, last = numpy.log(low - margin), numpy.log(high + margin)
        values = numpy.exp(first + (last - first) * points)
    elif distribution.step is not None:
        values = low + distribution.step * (points * (round((high - low) / distribution.step) + 1)).astype(numpy.int64)
    else:
        values = low * (1.0 - points) + high * points  # a difference may overflow
    if isinstance(distribution, IntDistribution):
        values = numpy.rint(values).astype(numpy.int64)
    clipped: NDArray[Any] = numpy.clip(values, low, high)
    return clipped


# ---- Ray Tune ----


def _tune_domain(distribution: Any) -> Any:
    from ray import tune

    if isinstance(distribution, CategoricalDistribution):
        return tune.choice(list(distribution.choices))
    low, high, step = distribution.low, distribution.high, distribution.step
    if isinstance(distribution, IntDistribution) and step == 1:
        return (tune.lograndint if distribution.log else tune.randint)(low, high + 1)
    if step is None:
        return (tune.loguniform if distribution.log else tune.uniform)(low, high)
    if low / step != round(low / step):
        return tune.choice([low + step * index for index in range(round((high - low) / step) + 1)])
    return (tune.qrandint if isinstance(distribution, IntDistribution) else tune.quniform)(low, high, step)
