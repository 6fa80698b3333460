"""These are the schedulers of OLMo-core by their own names.

A scheduler of OLMo-core multiplies the rate that the optimizer has, and asks the trainer for the end of the run: the
keywords `base_lr` and `total_steps` here. All other parameters are OLMo-core's, less the names of the groups' fields
and the unit; steps may as well be tokens. A number of steps may be given as a share of the run, which is rounded to a
step. Past the run, where some of its schedulers go on below 0, each schedule holds its last rate, unless it says
otherwise.
"""

from __future__ import annotations

from .. import _checks
from .._registry import (
    CLOSED_UNIT,
    FACTOR,
    NON_NEGATIVE,
    POSITIVE,
    Role,
    count,
    factor,
    other,
    rate,
)
from ..schedules import (
    advance,
    constant,
    cosine,
    decay_from,
    exponential_to,
    inverse_sqrt,
    join,
    linear,
    product,
    replace_after,
    scaled,
    warmup_cosine,
    warmup_linear,
    warmup_stable_decay,
    wsds,
)
from ._foreign import explained, foreign, renaming, room_to_decay
from ._powers import tail
from ._turns import checked_periods, warmed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from .._registry import Parameter
    from .._values import Schedule

__all__ = [
    "WSD",
    "WSDS",
    "ComposableScheduler",
    "ConstantScheduler",
    "ConstantWithWarmup",
    "CosWithWarmup",
    "CosWithWarmupAndLinearDecay",
    "ExponentialScheduler",
    "HalfCosWithWarmup",
    "InvSqrtWithWarmup",
    "LinearWithWarmup",
    "PowerLR",
    "SequentialScheduler",
]

_PERIODS = Role("periods", "steps", None, "sequence of ints, in steps", is_number=False)
_FACTORS = Role("factors", "", None, "sequence of floats", is_number=False)
_STAGES = Role("stages", "", None, "sequence of dicts", is_number=False)
_SCHEDULERS = Role("schedulers", "", None, "sequence of dicts", is_number=False)
_STAGE = Role("stage", "", None, "dict", is_number=False)


def _run() -> dict[str, Parameter]:
    return {
        "base_lr": rate("the rate that the optimizer has", POSITIVE),
        "total_steps": count("the steps of the run"),
    }


def _warmups() -> dict[str, Parameter]:
    return {
        "warmup": count("the steps of the warmup", least=0),
        "warmup_steps": count("the same, by its former name", least=0),
        "warmup_fraction": factor("the share of the run in their place", CLOSED_UNIT),
    }


def _first() -> dict[str, Parameter]:
    return {"warmup_min_lr": rate("the rate at step 0 of a warmup, less than its peak", NON_NEGATIVE)}


def _decays() -> dict[str, Parameter]:
    return {
        "decay": count("the steps of the decay; then `decay_fraction` must be None"),
        "decay_steps": count("the same, by its former name"),
        "decay_fraction": other(
            FACTOR, "the share of the run in their place, between 0 and 1, or None", _share_or_none
        ),
        "decay_min_lr": rate("the rate at the end, less than at the start of the decay", NON_NEGATIVE),
    }


def _share_or_none(name: str, value: Any) -> float | None:
    return None if value is None else _checks.up_to_one(name, value)


def _warmup_steps(total: int, given: tuple[int | None, int | None, float | None], least: int) -> int:
    """Returns the steps of the warmup. Some schedulers of OLMo-core divide by them at step 0."""
    _checks.exactly_one(warmup=given[0], warmup_steps=given[1], warmup_fraction=given[2])
    return _steps("warmup", total, given, least)


def _decay_steps(total: int, given: tuple[int | None, int | None, float | None]) -> int:
    _checks.exactly_one(decay=given[0], decay_steps=given[1], decay_fraction=given[2])
    return _steps("decay", total, given, 1)


def _steps(name: str, total: int, given: tuple[int | None, int | None, float | None], least: int) -> int:
    steps, former, share = given
    if share is not None:
        steps = round(total * share)
    found = former if steps is None else steps
    if found is not None and found < least:
        _checks.refuse_foreign(name, "have at least one step", found, "OLMo-core divides by it")
    return found  # type: ignore[return-value]


@foreign("olmo_core", "optim.scheduler.ConstantScheduler", **_run())
def ConstantScheduler(*, base_lr: float, total_steps: int) -> Schedule:
    """Keep the rate.

        lr(t) = base_lr

    where t is the step.

    Returns
    -------
    Schedule; it has no end.

    >>> ConstantScheduler(base_lr=0.5, total_steps=100)
    constant(lr=0.5)
    """
    return constant(lr=base_lr)


@foreign("olmo_core", "optim.scheduler.ConstantWithWarmup", **_warmups(), **_first(), **_run())
def ConstantWithWarmup(
    warmup: int | None = None,
    warmup_steps: int | None = None,
    warmup_fraction: float | None = None,
    warmup_min_lr: float = 0.0,
    *,
    base_lr: float,
    total_steps: int,
) -> Schedule:
    """Warm up linearly, and keep the rate.

        lr(t) = warmup_min_lr + (base_lr - warmup_min_lr) t / warmup    for t < warmup
        lr(t) = base_lr                                                 from there on

    where t is the step.

    Returns
    -------
    Schedule; it has no end.

    Raises
    ------
    TypeError if not exactly one of `warmup`, `warmup_steps` and `warmup_fraction` is given.

    >>> ConstantWithWarmup(10, base_lr=0.5, total_steps=100)
    warmup(constant(lr=0.5), steps=10, start_lr=0.0, shape='linear')
    """
    steps = _warmup_steps(total_steps, (warmup, warmup_steps, warmup_fraction), 1)
    _checks.less_than("warmup_min_lr", warmup_min_lr, "base_lr", base_lr)
    return warmed(constant(lr=base_lr), steps, warmup_min_lr)


@foreign(
    "olmo_core",
    "optim.scheduler.WSD",
    **_warmups(),
    **_decays(),
    **_first(),
    **_run(),
)
def WSD(
    warmup: int | None = None,
    warmup_steps: int | None = None,
    warmup_fraction: float | None = None,
    decay: int | None = None,
    decay_steps: int | None = None,
    decay_fraction: float | None = 0.1,
    warmup_min_lr: float = 0.0,
    decay_min_lr: float = 0.0,
    *,
    base_lr: float,
    total_steps: int,
) -> Schedule:
    """Warm up, stay on a plateau, and decay in a straight line at the very end (warmup-stable-decay).

        lr(t) = warmup_min_lr + (base_lr - warmup_min_lr) t / warmup                   for t < warmup
        lr(t) = base_lr                                                                for t < total_steps - decay
        lr(t) = decay_min_lr + (base_lr - decay_min_lr) (total_steps - t) / decay      from there on

    where t is the step.

    Returns
    -------
    Schedule; past `total_steps` it holds `decay_min_lr`.

    Raises
    ------
    TypeError if not exactly one of `warmup`, `warmup_steps` and `warmup_fraction` is given, or of `decay`,
    `decay_steps` and `decay_fraction`.
    ValueError if the warmup and the decay are longer than the run.

    Source: Hu et al., MiniCPM, arXiv 2404.06395.

    >>> WSD(10, base_lr=0.5, total_steps=100)  # doctest: +NORMALIZE_WHITESPACE
    warmup_stable_decay(base_lr=0.5, warmup_steps=10, decay_steps=10, total_steps=100, final_lr=0.0, warmup_start=0.0,
                        decay_shape='linear')
    """
    rise = _warmup_steps(total_steps, (warmup, warmup_steps, warmup_fraction), 1)
    fall = _decay_steps(total_steps, (decay, decay_steps, decay_fraction))
    _checks.less_than("warmup_min_lr", warmup_min_lr, "base_lr", base_lr)
    _checks.less_than("decay_min_lr", decay_min_lr, "base_lr", base_lr)
    return warmup_stable_decay(
        base_lr=base_lr,
        warmup_steps=rise,
        decay_steps=fall,
        total_steps=total_steps,
        final_lr=decay_min_lr,
        warmup_start=warmup_min_lr,
        decay_shape="linear",
    )


@foreign(
    "olmo_core",
    "optim.scheduler.PowerLR",
    b=explained(
        other(FACTOR, "the exponent of the step, less than 0", _checks.finite), "the rate falls with one below 0"
    ),
    **_warmups(),
    **_first(),
    **_decays(),
    **_run(),
)
def PowerLR(
    b: float = -0.51,
    warmup: int | None = None,
    warmup_steps: int | None = None,
    warmup_fraction: float | None = None,
    warmup_min_lr: float = 0.0,
    decay: int | None = None,
    decay_steps: int | None = None,
    decay_fraction: float | None = 0.1,
    decay_min_lr: float = 0.0,
    *,
    base_lr: float,
    total_steps: int,
) -> Schedule:
    """Warm up, decay with a power of the step, and at the very end in a straight line.

        lr(t) = warmup_min_lr + (base_lr - warmup_min_lr) t / warmup             for t < warmup
        lr(t) = base_lr (t / warmup)^b                                           for t < total_steps - decay
        lr(t) = decay_min_lr + (last - decay_min_lr) (total_steps - t) / decay   from there on

    where t is the step, and last is what the power has at step total_steps - decay.

    Returns
    -------
    Schedule; past `total_steps` it holds `decay_min_lr`.

    Raises
    ------
    TypeError if not exactly one of `warmup`, `warmup_steps` and `warmup_fraction` is given, or of `decay`,
    `decay_steps` and `decay_fraction`.
    ValueError if b is not below 0, or if the warmup and the decay are longer than the run.

    Source: Shen et al., Power Scheduler, arXiv 2408.13359.

    >>> PowerLR(-0.5, warmup=10, base_lr=0.5, total_steps=100)  # doctest: +NORMALIZE_WHITESPACE
    decay_from(replace_after(linear(base_lr=0.0, end_lr=0.5, total_steps=10), step=10,
                             other=scaled(power_law(base_lr=1.0, scale=10.0, exponent=0.5, max_lr=1.0), factor=0.5,
                                          offset=0.0)), step=90, decay_steps=10, final_lr=0.0, shape='linear')
    """
    if b >= 0.0:
        raise ValueError(f"b must be less than 0, received {b}")
    rise = _warmup_steps(total_steps, (warmup, warmup_steps, warmup_fraction), 1)
    fall = _decay_steps(total_steps, (decay, decay_steps, decay_fraction))
    _checks.sum_at_most("total_steps", total_steps, warmup=rise, decay=fall)
    _checks.less_than("warmup_min_lr", warmup_min_lr, "base_lr", base_lr)
    _checks.less_than("decay_min_lr", decay_min_lr, "base_lr", base_lr)
    powers = tail(rise, "b", -b)
    curve = scaled(product(*powers) if len(powers) > 1 else powers[0], factor=base_lr)
    line = linear(base_lr=warmup_min_lr, end_lr=base_lr, total_steps=rise)
    curve = replace_after(line, step=rise, other=curve)
    return decay_from(curve, step=total_steps - fall, decay_steps=fall, final_lr=decay_min_lr)


def _end_and_warmup(
    total_steps: int, t_max: int | None, given: tuple[int | None, int | None, float | None]
) -> tuple[int, int]:
    """Returns the end of a decay, and the steps of the warmup, which leaves it some."""
    name, end = ("total_steps", total_steps) if t_max is None else ("t_max", t_max)
    steps = _warmup_steps(end, given, 0)
    room_to_decay("warmup", steps, name, end, "OLMo-core")
    return end, steps


def _own_end() -> Parameter:
    return count("the step at which the last rate is reached; by default the end of the run")


@foreign(
    "olmo_core",
    "optim.scheduler.LinearWithWarmup",
    alpha_f=factor("the last rate over `base_lr`"),
    t_max=_own_end(),
    **_warmups(),
    **_first(),
    **_run(),
)
def LinearWithWarmup(
    alpha_f: float = 0.1,
    t_max: int | None = None,
    warmup: int | None = None,
    warmup_steps: int | None = None,
    warmup_fraction: float | None = None,
    warmup_min_lr: float = 0.0,
    *,
    base_lr: float,
    total_steps: int,
) -> Schedule:
    """Warm up linearly, then go down in a straight line.

        lr(t) = warmup_min_lr + (base_lr - warmup_min_lr) t / warmup    for t < warmup
        lr(t) = base_lr (1 - (1 - alpha_f) p)                           from there on

    where t is the step, and p = (t - warmup) / (t_max - warmup).

    Returns
    -------
    Schedule; past `t_max` it holds base_lr alpha_f.

    Raises
    ------
    TypeError if not exactly one of `warmup`, `warmup_steps` and `warmup_fraction` is given.

    >>> LinearWithWarmup(warmup=10, alpha_f=0.25, base_lr=1.0, total_steps=100)
    warmup_linear(base_lr=1.0, min_lr=0.25, warmup_steps=10, total_steps=100, start_lr=0.0)
    """
    total, steps = _end_and_warmup(total_steps, t_max, (warmup, warmup_steps, warmup_fraction))
    _checks.less_than("warmup_min_lr", warmup_min_lr, "base_lr", base_lr)
    ends = {"base_lr": base_lr, "min_lr": base_lr * alpha_f, "start_lr": warmup_min_lr}
    return warmup_linear(**ends, warmup_steps=steps, total_steps=total)


@foreign(
    "olmo_core",
    "optim.scheduler.InvSqrtWithWarmup",
    alpha_f=factor("the rate that the curve falls to in the end, over `base_lr`"),
    **_warmups(),
    **_first(),
    **_run(),
)
def InvSqrtWithWarmup(
    alpha_f: float = 0.1,
    warmup: int | None = None,
    warmup_steps: int | None = None,
    warmup_fraction: float | None = None,
    warmup_min_lr: float = 0.0,
    *,
    base_lr: float,
    total_steps: int,
) -> Schedule:
    """Warm up linearly, then decay with the inverse square root of the step towards a floor.

        lr(t) = warmup_min_lr + (base_lr - warmup_min_lr) t / warmup           for t < warmup
        lr(t) = base_lr (alpha_f + (1 - alpha_f) sqrt(warmup / t))             from there on

    where t is the step.

    Returns
    -------
    Schedule; it has no end.

    Raises
    ------
    TypeError if not exactly one of `warmup`, `warmup_steps` and `warmup_fraction` is given.

    >>> InvSqrtWithWarmup(0.0, warmup=10, base_lr=0.5, total_steps=100)  # doctest: +NORMALIZE_WHITESPACE
    replace_after(linear(base_lr=0.0, end_lr=0.5, total_steps=10), step=10,
                  other=scaled(inverse_sqrt(base_lr=1.0, warmup_steps=10), factor=0.5, offset=0.0))
    """
    steps = _warmup_steps(total_steps, (warmup, warmup_steps, warmup_fraction), 1)
    _checks.less_than("warmup_min_lr", warmup_min_lr, "base_lr", base_lr)
    floor = base_lr * alpha_f
    decay = scaled(inverse_sqrt(base_lr=1.0, warmup_steps=steps), factor=base_lr - floor, offset=floor)
    line = linear(base_lr=warmup_min_lr, end_lr=base_lr, total_steps=steps)
    return replace_after(line, step=steps, other=decay)


def _cosines() -> dict[str, Parameter]:
    return {**_warmups(), "alpha_f": factor("the last rate over `base_lr`"), "t_max": _own_end(), **_first()}


@foreign("olmo_core", "optim.scheduler.CosWithWarmup", **_cosines(), **_run())
def CosWithWarmup(
    warmup: int | None = None,
    warmup_steps: int | None = None,
    warmup_fraction: float | None = None,
    alpha_f: float = 0.1,
    t_max: int | None = None,
    warmup_min_lr: float = 0.0,
    *,
    base_lr: float,
    total_steps: int,
) -> Schedule:
    """Warm up linearly, then decay along half a cosine wave.

        lr(t) = warmup_min_lr + (base_lr - warmup_min_lr) t / warmup                 for t < warmup
        lr(t) = base_lr (alpha_f + (1 - alpha_f) (1 + cos(pi p)) / 2)                from there on

    where t is the step, and p = (t - warmup) / (t_max - warmup).

    Returns
    -------
    Schedule; past `t_max` it holds base_lr alpha_f.

    Raises
    ------
    TypeError if not exactly one of `warmup`, `warmup_steps` and `warmup_fraction` is given.

    Source: Loshchilov and Hutter, SGDR, arXiv 1608.03983.

    >>> CosWithWarmup(10, alpha_f=0.25, base_lr=1.0, total_steps=100)
    warmup_cosine(base_lr=1.0, min_lr=0.25, warmup_steps=10, total_steps=100, start_lr=0.0)
    """
    total, steps = _end_and_warmup(total_steps, t_max, (warmup, warmup_steps, warmup_fraction))
    _checks.less_than("warmup_min_lr", warmup_min_lr, "base_lr", base_lr)
    ends = {"base_lr": base_lr, "min_lr": base_lr * alpha_f, "start_lr": warmup_min_lr}
    return warmup_cosine(**ends, warmup_steps=steps, total_steps=total)


@foreign("olmo_core", "optim.scheduler.HalfCosWithWarmup", **_cosines(), **_run())
def HalfCosWithWarmup(
    warmup: int | None = None,
    warmup_steps: int | None = None,
    warmup_fraction: float | None = None,
    alpha_f: float = 0.1,
    t_max: int | None = None,
    warmup_min_lr: float = 0.0,
    *,
    base_lr: float,
    total_steps: int,
) -> Schedule:
    """Warm up linearly to the middle of half a cosine wave, and go down its second half.

        lr(t) = warmup_min_lr + (top - warmup_min_lr) t / warmup                       for t < warmup
        lr(t) = base_lr (alpha_f + (1 - alpha_f) (1 + cos(pi (1 + p) / 2)) / 2)        from there on

    where t is the step, p = (t - warmup) / (t_max - warmup), and top = base_lr (1 + alpha_f) / 2.

    Returns
    -------
    Schedule; past `t_max` it holds base_lr alpha_f.

    Raises
    ------
    TypeError if not exactly one of `warmup`, `warmup_steps` and `warmup_fraction` is given.

    >>> HalfCosWithWarmup(10, alpha_f=0.25, base_lr=1.0, total_steps=100)  # doctest: +NORMALIZE_WHITESPACE
    warmup(advance(cosine(base_lr=1.0, min_lr=0.25, total_steps=180), steps=90), steps=10, start_lr=0.0,
           shape='linear')
    """
    total, steps = _end_and_warmup(total_steps, t_max, (warmup, warmup_steps, warmup_fraction))
    _checks.less_than("warmup_min_lr", warmup_min_lr, "the warmup's peak", base_lr * (1.0 + alpha_f) / 2.0)
    wave = cosine(base_lr=base_lr, min_lr=base_lr * alpha_f, total_steps=2 * (total - steps))
    return warmed(advance(wave, steps=total - steps), steps, warmup_min_lr)


@foreign("olmo_core", "optim.scheduler.CosWithWarmupAndLinearDecay", **_cosines(), **_decays(), **_run())
def CosWithWarmupAndLinearDecay(
    warmup: int | None = None,
    warmup_steps: int | None = None,
    warmup_fraction: float | None = None,
    alpha_f: float = 0.1,
    t_max: int | None = None,
    warmup_min_lr: float = 0.0,
    decay: int | None = None,
    decay_steps: int | None = None,
    decay_fraction: float | None = 0.1,
    decay_min_lr: float = 0.0,
    *,
    base_lr: float,
    total_steps: int,
) -> Schedule:
    """Follow `CosWithWarmup`, and decay in a straight line at the very end of the run.

        lr(t) = CosWithWarmup(t)                                                     for t < total_steps - decay
        lr(t) = decay_min_lr + (last - decay_min_lr) (total_steps - t) / decay       from there on

    where t is the step, and last is the rate at step total_steps - decay.

    Returns
    -------
    Schedule; past `total_steps` it holds `decay_min_lr`.

    Raises
    ------
    TypeError if not exactly one of `warmup`, `warmup_steps` and `warmup_fraction` is given, or of `decay`,
    `decay_steps` and `decay_fraction`.
    ValueError if the decay is longer than the run.

    >>> CosWithWarmupAndLinearDecay(10, alpha_f=0.25, base_lr=1.0, total_steps=100)  # doctest: +NORMALIZE_WHITESPACE
    decay_from(warmup_cosine(base_lr=1.0, min_lr=0.25, warmup_steps=10, total_steps=100, start_lr=0.0), step=90,
               decay_steps=10, final_lr=0.0, shape='linear')
    """
    rise = {"warmup": warmup, "warmup_steps": warmup_steps, "warmup_fraction": warmup_fraction}
    ends = {"alpha_f": alpha_f, "t_max": t_max, "warmup_min_lr": warmup_min_lr}
    curve = CosWithWarmup(**rise, **ends, base_lr=base_lr, total_steps=total_steps)  # type: ignore[arg-type]
    fall = _decay_steps(total_steps, (decay, decay_steps, decay_fraction))
    _checks.at_most("decay", fall, "total_steps", total_steps)
    return decay_from(curve, step=total_steps - fall, decay_steps=fall, final_lr=decay_min_lr)


_SHAPES = ("linear", "cosine")


def _end_of(name: str, stage: Mapping[str, Any], more: tuple[str, ...]) -> dict[str, Any]:
    """Checks a stage, or the decay that overrides the stages."""
    given = _checks.dictionary(name, stage)
    _checks.parameter_names(name, given, ("duration", "shape", "end_lr", "end_lr_fraction", *more))
    found = {"shape": "linear", **given}
    found["duration"] = _checks.single_count(f"{name}['duration']", found.get("duration"))
    found["shape"] = _checks.one_of(f"{name}['shape']", found["shape"], _SHAPES)
    for key in ("end_lr", "end_lr_fraction", "start_lr", "start_lr_fraction"):
        if found.get(key) is not None:
            found[key] = _checks.non_negative(f"{name}[{key!r}]", found[key])
    _checks.exactly_one(**{f"{name}['{key}']": found.get(key) for key in ("end_lr", "end_lr_fraction")})
    return found


def _stages(name: str, value: Any) -> list[dict[str, Any]]:
    stages = _checks.listed(name, value)
    if not stages:
        raise ValueError(f"{name} must hold at least one stage, received none")
    return [_end_of(f"{name}[{i}]", one, ("start_lr", "start_lr_fraction")) for i, one in enumerate(stages)]


def _override(name: str, value: Any) -> dict[str, Any]:
    found = _end_of(name, value, ("start",))
    found["start"] = _checks.single_count(f"{name}['start']", found.get("start"), 0)
    return found


def _of(stage: Mapping[str, Any], end: str, base_lr: float) -> Any:
    """Returns the rate at one end of a stage, or None if the stage does not say it."""
    share = stage.get(f"{end}_fraction")
    return stage.get(end) if share is None else base_lr * share


@foreign(
    "olmo_core",
    "optim.scheduler.ComposableScheduler",
    stages=other(
        _STAGES,
        "the stages: dicts of a `duration` in steps, of `end_lr` or `end_lr_fraction`, and if need be of `start_lr` or "
        "`start_lr_fraction` and of the `shape`, linear or cosine",
        _stages,
    ),
    override_decay=other(
        _STAGE, "a decay in place of the stages: a dict as theirs, with the step `start` and no rate there", _override
    ),
    **_run(),
)
def ComposableScheduler(
    stages: Sequence[Mapping[str, Any]],
    override_decay: Mapping[str, Any] | None = None,
    *,
    base_lr: float,
    total_steps: int,
) -> Schedule:
    """Go from rate to rate, in straight lines or along half cosine waves.

        lr(t) = end_i + (start_i - end_i) f((t - s_i) / duration_i)    in stage i

    where t is the step, stage i begins at step s_i, f(u) is 1 - u or (1 + cos(pi u)) / 2, and a stage that has no
    start begins with the last rate of the one before, or with base_lr.

    Returns
    -------
    Schedule; behind the last stage, or behind the decay in their place, it holds the last rate.

    Raises
    ------
    TypeError if a stage has not exactly one of `end_lr` and `end_lr_fraction`.

    >>> ComposableScheduler([{"duration": 10, "start_lr": 0.0, "end_lr": 0.5}, {"duration": 90, "end_lr": 0.0}],
    ...                     base_lr=0.5, total_steps=100)  # doctest: +NORMALIZE_WHITESPACE
    join(((10, linear(base_lr=0.0, end_lr=0.5, total_steps=10)), linear(base_lr=0.5, end_lr=0.0, total_steps=90)))
    """
    phases, last = [], base_lr
    for stage in stages:
        start = _of(stage, "start_lr", base_lr)
        first, last = last if start is None else start, _of(stage, "end_lr", base_lr)
        if stage["shape"] == "linear":
            curve = linear(base_lr=first, end_lr=last, total_steps=stage["duration"])
        else:
            curve = cosine(base_lr=first, min_lr=last, total_steps=stage["duration"])
        phases.append((stage["duration"], curve))
    whole = join([*phases[:-1], phases[-1][1]])
    if override_decay is None:
        return whole
    fall = {"step": override_decay["start"], "decay_steps": override_decay["duration"]}
    return decay_from(whole, **fall, final_lr=_of(override_decay, "end_lr", base_lr), shape=override_decay["shape"])


def _multipliers(name: str, value: Any) -> list[float]:
    return [_checks.positive(f"{name}[{i}]", one) for i, one in enumerate(_checks.listed(name, value))]


@foreign(
    "olmo_core",
    "optim.scheduler.WSDS",
    period_lengths=other(_PERIODS, "the steps of each period, the warmup within the first", checked_periods),
    period_lr_multipliers=other(_FACTORS, "the peak of each period over `base_lr`, by default 1", _multipliers),
    warmup=count("the steps of the warmup", least=0),
    warmup_fraction=factor("the share of the first period in their place", CLOSED_UNIT),
    decay=count("the steps of the decay of each period"),
    decay_fraction=factor("the share of its period in their place", CLOSED_UNIT),
    **_first(),
    decay_min_lr=rate("the rate at the end of a period", NON_NEGATIVE),
    **_run(),
)
def WSDS(
    period_lengths: Sequence[int],
    period_lr_multipliers: Sequence[float] | None = None,
    warmup: int | None = None,
    warmup_fraction: float | None = None,
    decay: int | None = None,
    decay_fraction: float | None = None,
    warmup_min_lr: float = 0.0,
    decay_min_lr: float = 0.0,
    *,
    base_lr: float,
    total_steps: int,
) -> Schedule:
    """Warm up, then stay on a plateau and decay in a straight line, again in each period (WSD-S).

        lr(t) = warmup_min_lr + (peak_0 - warmup_min_lr) t / warmup                  for t < warmup
        lr(t) = peak_i                                                               for e_i - D_i > t
        lr(t) = decay_min_lr + (peak_i - decay_min_lr) (e_i - t) / D_i               for e_i >= t

    where t is the step, period i ends with step e_i and with a decay of D_i steps, and peak_i is base_lr times its
    multiplier. A period has the floor at its last step, and the next one has its peak a step later.

    Returns
    -------
    Schedule; behind the last period it holds `decay_min_lr`.

    Raises
    ------
    TypeError if not exactly one of `warmup` and `warmup_fraction` is given, or of `decay` and `decay_fraction`.
    ValueError if a period is shorter than its decay, the first with its warmup, or if there are not as many
    multipliers as periods.

    Source: Wen et al., Understanding Warmup-Stable-Decay Learning Rates, arXiv 2410.05192.

    >>> WSDS([60, 40], warmup=10, decay=20, base_lr=0.5, total_steps=100)  # doctest: +NORMALIZE_WHITESPACE
    wsds(base_lr=0.5, period_lengths=(60, 40), decay_steps=20, min_lr=0.0, warmup_steps=10, start_lr=0.0,
         decay_shape='linear')
    """
    _checks.exactly_one(warmup=warmup, warmup_fraction=warmup_fraction)
    _checks.exactly_one(decay=decay, decay_fraction=decay_fraction)
    multipliers = [1.0] * len(period_lengths) if period_lr_multipliers is None else period_lr_multipliers
    _checks.as_many("period_lr_multipliers", multipliers, "period_lengths", period_lengths)
    rise = _steps("warmup", period_lengths[0], (warmup, None, warmup_fraction), 0)
    start = warmup_min_lr if rise else 0.0
    peaks = [base_lr * multiplier for multiplier in multipliers]
    falls = [_steps("decay", length, (decay, None, decay_fraction), 1) for length in period_lengths]
    for index, (length, peak, fall) in enumerate(zip(period_lengths, peaks, falls, strict=True)):
        steps = {"decay": fall} if index else {"warmup": rise, "decay": fall}
        _checks.sum_at_most(f"period_lengths[{index}]", length, **steps)
        _checks.less_than("decay_min_lr", decay_min_lr, "the peak of a period", peak)
    if rise:
        _checks.less_than("warmup_min_lr", warmup_min_lr, "the peak of the first period", peaks[0])
    ends: dict[str, Any] = {"min_lr": decay_min_lr, "start_lr": start}
    if len(set(peaks)) == len(set(falls)) == 1:
        lengths: dict[str, Any] = {"period_lengths": period_lengths, "decay_steps": falls[0], "warmup_steps": rise}
        return wsds(base_lr=peaks[0], **lengths, **ends)
    phases: list[Any] = []
    for length, peak, fall in zip(period_lengths, peaks, falls, strict=True):
        if phases:
            curve = wsds(base_lr=peak, period_lengths=[length], decay_steps=fall, min_lr=decay_min_lr)
            phases.append((length, advance(curve, steps=1)))
        else:
            curve = wsds(base_lr=peak, period_lengths=[length], decay_steps=fall, warmup_steps=rise, **ends)
            phases.append((length + 1, curve))
    return join([*phases[:-1], phases[-1][1]])


@foreign(
    "olmo_core",
    "optim.scheduler.ExponentialScheduler",
    lr_min=rate("the rate at step 0", POSITIVE),
    **_run(),
)
def ExponentialScheduler(lr_min: float = 1e-9, *, base_lr: float, total_steps: int) -> Schedule:
    """Raise the rate by one factor a step, to find the rate at which training fails.

        lr(t) = lr_min (base_lr / lr_min)^(t / total_steps)

    where t is the step.

    Returns
    -------
    Schedule; past `total_steps` it holds `base_lr`.

    >>> ExponentialScheduler(0.125, base_lr=0.5, total_steps=100)
    exponential_to(base_lr=0.125, end_lr=0.5, total_steps=100)
    """
    return exponential_to(base_lr=lr_min, end_lr=base_lr, total_steps=total_steps)


_TYPES: dict[str, Callable[..., Schedule]] = {
    "constant": ConstantScheduler,
    "constant_with_warmup": ConstantWithWarmup,
    "wsd": WSD,
    "power_lr": PowerLR,
    "linear_with_warmup": LinearWithWarmup,
    "inv_sqrt_with_warmup": InvSqrtWithWarmup,
    "cos_with_warmup": CosWithWarmup,
    "half_cos_with_warmup": HalfCosWithWarmup,
    "cos_with_warmup_and_linear_decay": CosWithWarmupAndLinearDecay,
    "composable": ComposableScheduler,
    "wsds": WSDS,
    "exponential": ExponentialScheduler,
}
"""OLMo-core's configs name the schedulers so."""


def _typed(name: str, value: Any) -> list[dict[str, Any]]:
    """Checks schedulers that are dicts."""
    found = []
    for index, one in enumerate(_checks.listed(name, value)):
        given = _checks.dictionary(f"{name}[{index}]", one)
        found.append({**given, "type": _checks.one_of(f"{name}[{index}]['type']", given.get("type"), _TYPES)})
    if not found:
        raise ValueError(f"{name} must hold at least one scheduler, received none")
    return found


def _lengths(about: str) -> Parameter:
    return other(_PERIODS, about, _checks.counts)


@foreign(
    "olmo_core",
    "optim.scheduler.SequentialScheduler",
    schedulers=other(
        _SCHEDULERS,
        "the schedulers in their order: dicts of the `type`, by its name in OLMo-core's configs, and of its parameters",
        _typed,
    ),
    schedulers_max=_lengths("the steps of each scheduler but the last one; one for that, too, counts for nothing"),
    schedulers_max_steps=_lengths("the same, by its former name"),
    override_decay=other(
        _STAGE, "a decay in place of them: a dict as a stage of ComposableScheduler, with its step `start`", _override
    ),
    **_run(),
)
def SequentialScheduler(
    schedulers: Sequence[Mapping[str, Any]],
    schedulers_max: Sequence[int] | None = None,
    schedulers_max_steps: Sequence[int] | None = None,
    override_decay: Mapping[str, Any] | None = None,
    *,
    base_lr: float,
    total_steps: int,
) -> Schedule:
    """Run schedulers in turn, each from the rate that the one before it ends with.

        lr(t) = curve_i(t - s_i)    for s_i < t <= s_i + steps_i

    where t is the step, s_i is the sum of the steps before, and curve_i is a scheduler whose `base_lr` is
    curve_(i-1)(steps_(i-1)) and whose `total_steps` are steps_i; the last one has the rest of the run.

    Returns
    -------
    Schedule; past `total_steps` it does what the last scheduler does there, and behind the decay in their place it
    holds the last rate.

    Raises
    ------
    TypeError if not exactly one of `schedulers_max` and `schedulers_max_steps` is given.
    ValueError if the steps are not those of all schedulers but the last one, if they leave that no step of the run, or
    if a scheduler ends at 0 or below.

    >>> SequentialScheduler([{"type": "constant_with_warmup", "warmup": 10}, {"type": "cos_with_warmup", "warmup": 0}],
    ...                     [20], base_lr=1.0, total_steps=100)  # doctest: +NORMALIZE_WHITESPACE
    join(((21, warmup(constant(lr=1.0), steps=10, start_lr=0.0, shape='linear')),
          advance(warmup_cosine(base_lr=1.0, min_lr=0.1, warmup_steps=0, total_steps=80, start_lr=0.0), steps=1)))
    """
    _checks.exactly_one(schedulers_max=schedulers_max, schedulers_max_steps=schedulers_max_steps)
    name = "schedulers_max_steps" if schedulers_max is None else "schedulers_max"
    lengths = [*(schedulers_max or schedulers_max_steps or ())]
    if len(lengths) == len(schedulers):
        lengths.pop()
    _checks.one_less(name, lengths, "schedulers", schedulers)
    rest = total_steps - sum(lengths)
    if rest < 1:
        why = "the last scheduler of OLMo-core would never run"
        _checks.refuse_foreign(name, "sum to less than total_steps", lengths, why)
    phases: list[tuple[int, Schedule]] = []
    rate_there = base_lr
    for index, (given, steps) in enumerate(zip(schedulers, [*lengths, rest], strict=True)):
        if rate_there <= 0.0:
            why = "the next one begins there"
            _checks.refuse_foreign(f"schedulers[{index - 1}]", "end with a positive rate", rate_there, why)
        places = {key: f"schedulers[{index}][{key!r}]" for key in given}
        with renaming({**places, "total_steps": f"{name}[{index}]" if index < len(schedulers) - 1 else "total_steps"}):
            options = {key: value for key, value in given.items() if key != "type"}
            curve = _TYPES[given["type"]](**options, base_lr=rate_there, total_steps=steps)
        phases.append((steps, advance(curve, steps=1)) if index else (steps + 1, curve))
        rate_there = curve(steps)
    whole = join([*phases[:-1], phases[-1][1]]) if len(phases) > 1 else phases[0][1]
    if override_decay is None:
        return whole
    fall = {"step": override_decay["start"], "decay_steps": override_decay["duration"]}
    return decay_from(whole, **fall, final_lr=_of(override_decay, "end_lr", base_lr), shape=override_decay["shape"])
