"""These are the schedules of fairseq by the names of its classes, with the options of their configs.

`lr` is the option of that name: the peak rate. fairseq asks for the rate of an update before it makes the update, and
counts from 0.
"""

from __future__ import annotations

import ast
import re
from itertools import count as counted

from .. import _checks
from .._checks import shown
from .._registry import (
    CLOSED_UNIT,
    COUNT,
    NON_NEGATIVE,
    POSITIVE,
    RATIO,
    VALUES,
    Role,
    count,
    exponent,
    factor,
    flag,
    other,
    rate,
)
from ..schedules import (
    clipped,
    constant,
    cosine,
    cycles,
    every,
    exponential,
    exponential_to,
    inverse_sqrt,
    join,
    linear,
    piecewise,
    product,
    repeat,
    replace_after,
    step_decay,
    warmup,
    warmup_polynomial,
)
from ._cycles import growing, shrunk
from ._foreign import explained, foreign, room_to_decay
from ._turns import warmed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from .._registry import Parameter
    from .._values import Schedule

__all__ = [
    "CosineLRSchedule",
    "FixedLRSchedule",
    "InverseSquareRootSchedule",
    "ManualSchedule",
    "PolynomialDecayLRSchedule",
    "StepLRSchedule",
    "TriStageLRSchedule",
    "TriangularLRSchedule",
]

_TABLE = Role("table", "", None, "dict or its text", is_number=False)
_RATIOS = Role("ratios", "", None, "three floats", is_number=False)
_NOTHING = Role("nothing", "", None, "None", is_number=False)


def _warmups(least: int = 0) -> dict[str, Parameter]:
    return {
        "warmup_updates": count("the updates of the warmup", least),
        "warmup_init_lr": rate("the rate at update 0 of a warmup; a negative one stands for the lowest rate"),
    }


def _peak() -> Parameter:
    return rate("the rate behind the warmup", NON_NEGATIVE)


def _period(name: str, value: Any) -> int | None:
    """Checks the updates of a period. A negative number stands for none."""
    if _checks.single_number(name, value) < 0:
        return None
    return _checks.single_count(name, value)


def _ratio_of_lengths(name: str, value: Any) -> float:
    checked = _checks.ratio(name, value)
    if checked < 1:
        why = "fairseq has no rate behind the periods of a shrinking length"
        _checks.refuse_foreign(name, "be at least 1", value, why)
    return checked


@foreign(
    "fairseq",
    "optim.lr_scheduler.cosine_lr_scheduler.CosineLRScheduleConfig",
    **_warmups(),
    min_lr=rate("the rate at the end of the first period, less than `lr`", NON_NEGATIVE),
    t_mult=other(RATIO, "the length of a period over that of the one before, at least 1", _ratio_of_lengths),
    lr_period_updates=other(COUNT, "the updates of the first period; -1 for all behind the warmup", _period),
    lr_shrink=factor("the rates of a period over those of the one before", NON_NEGATIVE),
    lr=_peak(),
    max_update=count("the updates of the run, which only a missing `lr_period_updates` needs"),
)
def CosineLRSchedule(
    warmup_updates: int = 0,
    warmup_init_lr: float = -1,
    min_lr: float = 0.0,
    t_mult: float = 1.0,
    lr_period_updates: int | None = -1,
    lr_shrink: float = 0.1,
    *,
    lr: float,
    max_update: int | None = None,
) -> Schedule:
    """Warm up linearly, then decay along half a cosine wave, again and again, each time from a lower peak.

        lr(t) = warmup_init_lr + (lr - warmup_init_lr) t / warmup_updates               for t < warmup_updates
        lr(t) = lr_shrink^i (min_lr + (lr - min_lr) (1 + cos(pi s / n)) / 2)            from there on

    where t is the update, s counts the updates since period i began, and n = lr_period_updates t_mult^i is its length.
    Where `t_mult` is not 1, fairseq finds the period by a rounded logarithm, and may be one period off at its first
    update; here a period begins where it should.

    Returns
    -------
    Schedule; it has no end.

    Raises
    ------
    ValueError if the run is not longer than its warmup, or if min_lr is not below lr.
    TypeError if neither `lr_period_updates` nor `max_update` is given.

    Source: Loshchilov and Hutter, SGDR, arXiv 1608.03983.

    >>> CosineLRSchedule(lr_period_updates=100, lr_shrink=1.0, lr=0.5)
    repeat(cosine(base_lr=0.5, min_lr=0.0, total_steps=100), period=100)
    """
    _checks.less_than("min_lr", min_lr, "lr", lr)
    if lr_period_updates is None:
        total = _checks.needed("lr_period_updates or max_update", max_update, "the length of a period")
        room_to_decay("warmup_updates", warmup_updates, "max_update", total, "fairseq")
        lr_period_updates = total - warmup_updates
    waves = _waves(lr, min_lr, lr_period_updates, t_mult, lr_shrink)
    return warmed(waves, warmup_updates, min_lr if warmup_init_lr < 0 else warmup_init_lr)


def _waves(lr: float, min_lr: float, period: int, t_mult: float, lr_shrink: float) -> Schedule:
    wave = cosine(base_lr=lr, min_lr=min_lr, total_steps=period)
    if t_mult == 1:
        waves = repeat(wave, period=period)
        return waves if lr_shrink == 1.0 else shrunk(waves, lr_shrink, period)
    if not isinstance(t_mult, int):
        return cycles(wave, length=period, t_mult=t_mult, peak_factor=lr_shrink)

    def in_turn() -> Iterator[tuple[int, Schedule]]:
        for index in counted():
            steps, height = period * t_mult**index, lr_shrink**index
            yield steps, cosine(base_lr=lr * height, min_lr=min_lr * height, total_steps=steps)

    return growing(t_mult, in_turn())


def _rates(name: str, value: Any) -> tuple[float, ...]:
    return _checks.knot_values(name, value)


@foreign(
    "fairseq",
    "optim.lr_scheduler.fixed_schedule.FixedLRScheduleConfig",
    force_anneal=count("the epoch, counted from 1, from which the rate shrinks each epoch"),
    lr_shrink=factor("the factor of such an epoch", NON_NEGATIVE),
    warmup_updates=count("the updates of the warmup", least=0),
    lr=other(VALUES, "the rates of the epochs; the last one goes on", _rates),
    updates_per_epoch=count("the updates of an epoch"),
)
def FixedLRSchedule(
    force_anneal: int | None = None,
    lr_shrink: float = 0.1,
    warmup_updates: int = 0,
    *,
    lr: Sequence[float],
    updates_per_epoch: int,
) -> Schedule:
    """Take the rate of each epoch from a list, and multiply it by a linear warmup.

        lr(t) = min(1, (t + 1) / warmup_updates) r(e)

    where t is the update, e = 1 + floor(t / updates_per_epoch) is its epoch, and r(e) is lr[e - 1], or the last rate
    from the end of the list on; from epoch `force_anneal` on it is the last rate times
    lr_shrink^(e + 1 - force_anneal).

    Returns
    -------
    Schedule; it has no end.

    >>> FixedLRSchedule(lr=[1.0, 0.5], updates_per_epoch=10)
    every(piecewise(steps=(0, 1), values=(1.0, 0.5), interpolation='step'), steps=10)
    """
    table = piecewise(steps=range(len(lr)), values=lr, interpolation="step")
    if force_anneal is not None:
        tail = exponential(base_lr=lr[-1] * lr_shrink, gamma=lr_shrink)
        table = join([(force_anneal - 1, table), tail])
    epochs = every(table, steps=updates_per_epoch)
    if warmup_updates < 2:
        return epochs
    return product(warmup(constant(lr=1.0), steps=warmup_updates - 1, start_lr=1.0 / warmup_updates), epochs)


def _table(name: str, value: Any) -> dict[int, float]:
    """Reads a table of rates. A key is a number, several of them with commas between, or a range such as 3-5."""
    rule = "be a dict from numbers, written as '3', '3,5' or '3-5', to rates"
    try:
        given = dict(ast.literal_eval(value.replace(" ", "")) if isinstance(value, str) else value)
    except (AttributeError, SyntaxError, TypeError, ValueError):
        raise ValueError(f"{name} must {rule}, received {shown(value)}") from None
    found: dict[int, float] = {}
    for key, one in given.items():
        parts = re.fullmatch(r"(\d+)(?:-(\d+))?", key) if isinstance(key, str) and "," not in key else None
        if parts:
            first, last = int(parts[1]), int(parts[2] or parts[1])
            numbers: Sequence[int] = range(first, last + 1)
        elif isinstance(key, str) and re.fullmatch(r"\d+(,\d+)+", key):
            numbers = [int(part) for part in key.split(",")]
        else:
            raise ValueError(f"{name} must {rule}, received the key {shown(key)}")
        if len(numbers) > _checks.MOST_KNOTS:
            raise ValueError(f"{name} must have ranges of at most {_checks.MOST_KNOTS} numbers, received {shown(key)}")
        found |= dict.fromkeys(numbers, _checks.single_number(f"{name}[{key!r}]", one))
    return found


@foreign(
    "fairseq",
    "optim.lr_scheduler.manual_lr_scheduler.ManualSchedule",
    epoch2lr=other(_TABLE, "the rates by the first of their epochs, which count from 1", _table),
    update2lr=other(_TABLE, "the rates by the first of their updates, in place of `epoch2lr`", _table),
    lr=_peak(),
    updates_per_epoch=count("the updates of an epoch, which only `epoch2lr` needs"),
)
def ManualSchedule(
    *,
    epoch2lr: str | Mapping[str, float] = "{}",
    update2lr: str | Mapping[str, float] = "{}",
    lr: float,
    updates_per_epoch: int | None = None,
) -> Schedule:
    """Take the rates from a table.

        lr(t) = update2lr[k]    for the largest k <= t
        lr(t) = epoch2lr[k]     for the largest k <= e, if that is the table

    where t is the update, and e = 1 + floor(t / updates_per_epoch) is its epoch. Before the first k the rate is `lr`,
    or update2lr[1] if there is one.

    Returns
    -------
    Schedule; it has no end.

    Raises
    ------
    ValueError for both tables: from the first update of `update2lr` on, fairseq takes an epoch's rate for one update.

    >>> ManualSchedule(update2lr="{'0': 1.0, '10-20': 0.5}", lr=1.0)
    piecewise(steps=(0, 10), values=(1.0, 0.5), interpolation='step')
    """
    epochs: Any = epoch2lr  # the check has made dicts of both
    updates: Any = update2lr
    if epochs and updates:
        why = "fairseq would take an epoch's rate for one update"
        _checks.refuse_foreign("epoch2lr", "be empty where update2lr is not", epochs, why)
    if epochs:
        steps = _checks.needed("updates_per_epoch", updates_per_epoch, "epoch2lr")
        return every(_stairs({max(0, epoch - 1): epochs[epoch] for epoch in sorted(epochs)}, lr), steps=steps)
    return _stairs(updates, updates.get(1, lr))


def _stairs(table: Mapping[int, float], before: float) -> Schedule:
    """Goes from rate to rate at the steps of a table."""
    rates, steps = {0: before, **table}, [0]
    for step in sorted(rates):
        if rates[step] != rates[steps[-1]]:
            steps.append(step)
    return piecewise(steps=steps, values=[rates[step] for step in steps], interpolation="step")


@foreign(
    "fairseq",
    "optim.lr_scheduler.inverse_square_root_schedule.InverseSquareRootLRScheduleConfig",
    **_warmups(1),
    lr=_peak(),
)
def InverseSquareRootSchedule(warmup_updates: int = 4000, warmup_init_lr: float = -1, *, lr: float) -> Schedule:
    """Warm up linearly, then decay with the inverse square root of the update.

        lr(t) = warmup_init_lr + (lr - warmup_init_lr) t / warmup_updates    for t < warmup_updates
        lr(t) = lr sqrt(warmup_updates / t)                                  from there on

    where t is the update; a negative `warmup_init_lr` is 0.

    Returns
    -------
    Schedule; it has no end.

    Source: Vaswani et al., Attention Is All You Need, arXiv 1706.03762.

    >>> InverseSquareRootSchedule(4000, lr=0.5)
    inverse_sqrt(base_lr=0.5, warmup_steps=4000)
    """
    tail = inverse_sqrt(base_lr=lr, warmup_steps=warmup_updates)
    if warmup_init_lr <= 0.0:
        return tail
    line = linear(base_lr=warmup_init_lr, end_lr=lr, total_steps=warmup_updates)
    return replace_after(line, step=warmup_updates, other=tail)


def _no_annealing(name: str, value: Any) -> None:
    why = "fairseq goes on from the rate that it has then, so the rate is no function of the update alone"
    _checks.refuse_foreign(name, "be None", value, why)


@foreign(
    "fairseq",
    "optim.lr_scheduler.polynomial_decay_schedule.PolynomialDecayLRScheduleConfig",
    warmup_updates=count("the updates of the warmup", least=0),
    force_anneal=other(_NOTHING, "nothing but None: an epoch in fairseq", _no_annealing),
    end_learning_rate=rate("the rate at the end"),
    power=explained(exponent("the exponent", POSITIVE), "for 0 the rate of fairseq falls behind the last update"),
    lr=_peak(),
    total_num_update=count("the update at which the end is reached"),
)
def PolynomialDecayLRSchedule(
    warmup_updates: int = 0,
    force_anneal: None = None,
    end_learning_rate: float = 0.0,
    power: float = 1.0,
    *,
    lr: float,
    total_num_update: int,
) -> Schedule:
    """Warm up linearly, then decay as a power of the updates that remain.

        lr(t) = lr t / warmup_updates                                             for t < warmup_updates
        lr(t) = end_learning_rate + (lr - end_learning_rate) (1 - p)^power        from there on

    where t is the update, and p = (t - warmup_updates) / (total_num_update - warmup_updates).

    Returns
    -------
    Schedule; past `total_num_update` it holds `end_learning_rate`.

    >>> PolynomialDecayLRSchedule(10, lr=0.5, total_num_update=100)
    warmup_polynomial(base_lr=0.5, min_lr=0.0, warmup_steps=10, total_steps=100, start_lr=0.0, power=1.0)
    """
    room_to_decay("warmup_updates", warmup_updates, "total_num_update", total_num_update, "fairseq")
    ends = {"base_lr": lr, "min_lr": end_learning_rate, "power": power}
    return warmup_polynomial(**ends, warmup_steps=warmup_updates, total_steps=total_num_update)


@foreign(
    "fairseq",
    "optim.lr_scheduler.step_lr_scheduler.StepLRScheduleConfig",
    **_warmups(),
    min_lr=rate("the lowest rate, less than `lr`", NON_NEGATIVE),
    lr_deacy_period=count("the updates between two drops, by fairseq's own name"),
    lr_decay=factor("the factor of a drop", CLOSED_UNIT),
    lr=_peak(),
)
def StepLRSchedule(
    warmup_updates: int = 0,
    warmup_init_lr: float = -1,
    min_lr: float = 0.0,
    lr_deacy_period: int = 25000,
    lr_decay: float = 0.5,
    *,
    lr: float,
) -> Schedule:
    """Warm up linearly, then multiply the rate by a factor at even distances, down to a floor.

        lr(t) = warmup_init_lr + (lr - warmup_init_lr) t / warmup_updates                  for t < warmup_updates
        lr(t) = max(min_lr, lr lr_decay^floor((t - warmup_updates) / lr_deacy_period))     from there on

    where t is the update; a negative `warmup_init_lr` is min_lr.

    Returns
    -------
    Schedule; it has no end.

    >>> StepLRSchedule(min_lr=0.125, lr_deacy_period=100, lr=0.5)
    clipped(step_decay(base_lr=0.5, step_size=100, gamma=0.5), low=0.125)
    """
    _checks.less_than("min_lr", min_lr, "lr", lr)
    stairs = clipped(step_decay(base_lr=lr, step_size=lr_deacy_period, gamma=lr_decay), low=min_lr)
    return warmed(stairs, warmup_updates, min_lr if warmup_init_lr < 0 else warmup_init_lr)


def _phase_ratio(name: str, value: Any) -> list[float]:
    shares = [_checks.up_to_one(f"{name}[{i}]", one) for i, one in enumerate(_checks.listed(name, value))]
    if len(shares) != 3 or sum(shares) != 1.0:
        raise ValueError(f"{name} must be three numbers that sum to 1, received {shares}")
    return shares


@foreign(
    "fairseq",
    "optim.lr_scheduler.tri_stage_lr_scheduler.TriStageLRScheduleConfig",
    warmup_steps=count("the updates of the warmup", least=0),
    hold_steps=count("the updates of the plateau", least=0),
    decay_steps=count("the updates of the decay", least=0),
    phase_ratio=other(_RATIOS, "the shares of `max_update` in place of these numbers, which sum to 1", _phase_ratio),
    init_lr_scale=factor("the rate at update 0 of a warmup over `lr`"),
    final_lr_scale=factor("the rate at the end over `lr`", POSITIVE),
    lr=rate("the rate of the plateau", POSITIVE),
    max_update=count("the updates of the run, which only `phase_ratio` needs"),
)
def TriStageLRSchedule(
    warmup_steps: int = 0,
    hold_steps: int = 0,
    decay_steps: int = 0,
    phase_ratio: Sequence[float] | None = None,
    init_lr_scale: float = 0.01,
    final_lr_scale: float = 0.01,
    *,
    lr: float,
    max_update: int | None = None,
) -> Schedule:
    """Warm up linearly, stay on a plateau, and decay exponentially.

        lr(t) = lr (init_lr_scale + (1 - init_lr_scale) t / warmup_steps)    for t < warmup_steps
        lr(t) = lr                                                           on the plateau
        lr(t) = lr final_lr_scale^(s / decay_steps)                          in the decay

    where t is the update, and s counts the updates of the decay.

    Returns
    -------
    Schedule; behind the decay it holds lr final_lr_scale.

    Raises
    ------
    ValueError if the decay has no update: fairseq divides by their number.
    TypeError if `phase_ratio` is given without `max_update`.

    Source: Park et al., SpecAugment, arXiv 1904.08779.

    >>> TriStageLRSchedule(10, 20, 70, final_lr_scale=0.25, lr=1.0)  # doctest: +NORMALIZE_WHITESPACE
    join(((10, linear(base_lr=0.01, end_lr=1.0, total_steps=10)), (20, constant(lr=1.0)),
          exponential_to(base_lr=1.0, end_lr=0.25, total_steps=70)))
    """
    if phase_ratio is not None:
        total = _checks.needed("max_update", max_update, "phase_ratio")
        warmup_steps, hold_steps, decay_steps = (int(total * share) for share in phase_ratio)
    if decay_steps == 0:
        _checks.refuse_foreign("decay_steps", "be positive", decay_steps, "fairseq divides by it")
    phases: list[Any] = [(hold_steps, constant(lr=lr))] if hold_steps else []
    if warmup_steps:
        line = linear(base_lr=lr * init_lr_scale, end_lr=lr, total_steps=warmup_steps)
        phases.insert(0, (warmup_steps, line))
    return join([*phases, exponential_to(base_lr=lr, end_lr=lr * final_lr_scale, total_steps=decay_steps)])


@foreign(
    "fairseq",
    "optim.lr_scheduler.triangular_lr_scheduler.TriangularLRScheduleConfig",
    max_lr=rate("the first peak, more than `lr`"),
    lr_period_updates=count("the updates of a period, an odd one less", least=2),
    lr_shrink=factor("a peak over the one before"),
    shrink_min=flag("whether the feet shrink as the peaks do"),
    lr=rate("the rate at the feet"),
)
def TriangularLRSchedule(
    max_lr: float, lr_period_updates: int = 5000, lr_shrink: float = 0.1, shrink_min: bool = False, *, lr: float
) -> Schedule:
    """Go up and down in straight lines, to a lower peak each time.

        lr(t) = foot + (lr_shrink^c max_lr - foot) h(t)

    where t is the update, h goes from 0 to 1 and back in each period, c counts the periods from 0 on, and foot is lr,
    or lr_shrink^c lr if `shrink_min` is true. A peak shrinks itself, not its height, so it may come to lie below a
    foot.

    Returns
    -------
    Schedule; it has no end.

    Raises
    ------
    ValueError if max_lr is not above lr.

    Source: Smith, Cyclical Learning Rates for Training Neural Networks, arXiv 1506.01186.

    >>> TriangularLRSchedule(1.0, lr_period_updates=8, lr_shrink=0.5, lr=0.0)  # doctest: +NORMALIZE_WHITESPACE
    product(repeat(piecewise(steps=(0, 4, 8), values=(0.0, 1.0, 0.0), interpolation='linear'), period=8),
            every(exponential(base_lr=1.0, gamma=0.5), steps=8))
    """
    _checks.less_than("lr", lr, "max_lr", max_lr)
    side = lr_period_updates // 2

    def triangles(foot: float, peak: float) -> Schedule:
        return repeat(piecewise(steps=[0, side, 2 * side], values=[foot, peak, foot]), period=2 * side)

    if shrink_min or lr == 0.0:
        return shrunk(triangles(lr, max_lr), lr_shrink, 2 * side)
    return shrunk(triangles(0.0, max_lr), lr_shrink, 2 * side) + triangles(lr, 0.0)
