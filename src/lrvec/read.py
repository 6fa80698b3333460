"""These functions read schedules from the settings of training programs, which are dicts or files.

They import none of these programs. A setting about the learning rate that cannot be followed is an error that names it.

>>> from lrvec import read
>>> read.training_args({"learning_rate": 0.5, "lr_scheduler_type": "linear", "warmup_ratio": 0.1, "max_steps": 100})
warmup_linear(base_lr=0.5, min_lr=0.0, warmup_steps=10, total_steps=100, start_lr=0.0)
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from . import _checks
from ._checks import shown
from ._frameworks import has
from ._logs import LogCheck as LogCheck
from ._logs import check, found_in, log_in, settings_in
from ._values import Schedule
from .dialects import megatron as megatron_dialect
from .dialects._foreign import renaming
from .dialects.transformers import get_scheduler

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from .dialects._foreign import Foreign

__all__ = ["LogCheck", "RateAndDecay", "check_log", "deepspeed", "megatron", "torch", "trainer_state", "training_args"]


class RateAndDecay(NamedTuple):
    """A learning rate and a weight decay, both schedules."""

    lr: Schedule
    weight_decay: Schedule


_WORDS = re.compile(r"(^|_)(lr|learning_rate|warmup|scheduler|schedule|wsd)(_|$)")
"""A setting is about the learning rate if one of these words is in its name."""


def _refuse_others(settings: Mapping[str, Any], known: Collection[str], program: str) -> None:
    """Refuses settings about the learning rate that the reader does not know, unless they are off."""
    for name, value in settings.items():
        if _WORDS.search(name) and name not in known and value not in (None, False):
            raise ValueError(f"{name} must be absent, for lrvec cannot follow it in {program}, received {shown(value)}")


# ---- transformers ----

_OF_TRAINER = ("learning_rate", "lr_scheduler_type", "lr_scheduler_kwargs", "warmup_steps", "warmup_ratio")


def training_args(source: Any, *, total_steps: int | None = None) -> Schedule:
    """Read the schedule of a Trainer of transformers from its TrainingArguments.

    Parameters
    ----------
    source : a dict, a file of JSON, or the TrainingArguments. `learning_rate`, `lr_scheduler_type`,
        `lr_scheduler_kwargs`, `warmup_steps`, `warmup_ratio` and `max_steps` are read, with the Trainer's defaults. A
        `warmup_steps` below 1 is a ratio; a ratio of the steps is rounded up.
    total_steps : the number of training steps, if `max_steps` does not say so.

    Returns
    -------
    Schedule; `lrvec.dialects.transformers.get_scheduler` makes it.

    Raises
    ------
    ValueError or TypeError that names the setting: for what `get_scheduler` refuses, for any other setting about the
    learning rate, for a DeepSpeed configuration with a scheduler of its own, and if the number of steps is needed but
    not known.

    >>> training_args({"learning_rate": 0.5, "lr_scheduler_type": "constant_with_warmup", "warmup_steps": 10})
    warmup(constant(lr=0.5), steps=10, start_lr=0.0, shape='linear')
    """
    settings = settings_in("source", source)
    _refuse_others(settings, _OF_TRAINER, "transformers")
    _refuse_own_scheduler(settings.get("deepspeed"))
    given = {name: value for name, value in settings.items() if value is not None}
    is_ratio = given.get("warmup_ratio") and not given.get("warmup_steps")
    names = {
        "name": "lr_scheduler_type",
        "lr": "learning_rate",
        "num_warmup_steps": "warmup_ratio" if is_ratio else "warmup_steps",
        "num_training_steps": "max_steps" if total_steps is None else "total_steps",
    }
    total_steps = _training_steps(given.get("max_steps", -1), total_steps)
    name = given.get("lr_scheduler_type", "linear")
    name = getattr(name, "value", name)
    if name in ("reduce_lr_on_plateau", "greedy"):
        raise ValueError(f"lr_scheduler_type must not follow a metric: see reduce_on_plateau, received {name!r}")
    arguments = given.get("lr_scheduler_kwargs") or None
    if isinstance(arguments, str):
        arguments = settings_in("lr_scheduler_kwargs", arguments, is_text=True)
    rate = _checks.finite("learning_rate", given.get("learning_rate", 5e-5))
    warmup_steps = _warmup_steps(given, total_steps)
    with renaming(names):
        return get_scheduler(name, warmup_steps, total_steps, arguments, lr=rate)


def _training_steps(max_steps: Any, total_steps: int | None) -> int | None:
    if total_steps is not None:
        total_steps = _checks.single_count("total_steps", total_steps)
    if isinstance(max_steps, (int, float)) and max_steps <= 0:
        return total_steps
    found = _checks.single_count("max_steps", max_steps)
    if total_steps is not None:
        _checks.equal("total_steps", total_steps, "max_steps", found, "where that is set")
    return found


def _warmup_steps(given: Mapping[str, Any], total_steps: int | None) -> int:
    """Returns the steps of the warmup. Steps go before a ratio, as in the versions of transformers that have both."""
    steps = _checks.non_negative("warmup_steps", given.get("warmup_steps", 0))
    if steps >= 1.0:
        return int(steps)
    name, ratio = ("warmup_steps", steps) if steps else ("warmup_ratio", given.get("warmup_ratio", 0.0))
    ratio = _checks.up_to_one(name, ratio)
    if not ratio:
        return 0
    if total_steps is None:
        rule = f"be positive, or total_steps be given, if {name} is a ratio"
        raise ValueError(f"max_steps must {rule}, received {given.get('max_steps', -1)}")
    return math.ceil(total_steps * ratio)


def _refuse_own_scheduler(config: Any) -> None:
    if config and "scheduler" in settings_in("deepspeed", config):
        rule = "have no scheduler, which goes before the Trainer's: lrvec.read.deepspeed reads it"
        raise ValueError(f"deepspeed must {rule}, received {shown(config)}")


def trainer_state(source: Any, args: Any = None) -> Schedule:
    """Read the schedule of a Trainer of transformers from its trainer_state.json.

    Parameters
    ----------
    source : a dict, or the file; the number of training steps is its `max_steps`.
    args : what `training_args` takes. None looks for the schedule in the log: for the one of the names constant,
        constant_with_warmup, linear, cosine and inverse_sqrt, with some warmup and some rate, whose values were logged
        before each step, as by transformers 5, or behind it. A log with few entries may show several; the first counts.

    Returns
    -------
    Schedule; what `training_args` makes, or what the log shows.

    Raises
    ------
    ValueError if the log shows none of these, and what `training_args` raises.

    >>> rates = [0.0, 0.25, 0.5, 0.375, 0.25, 0.125]
    >>> history = [{"step": step + 1, "learning_rate": rate} for step, rate in enumerate(rates)]
    >>> trainer_state({"max_steps": 6, "log_history": history})
    warmup_linear(base_lr=0.5, min_lr=0.0, warmup_steps=2, total_steps=6, start_lr=0.0)
    """
    settings = settings_in("source", source)
    total_steps = _checks.single_count("max_steps", settings.get("max_steps"))
    if args is not None:
        return training_args(args, total_steps=total_steps)
    found: Schedule = found_in(log_in("source", settings), total_steps)
    return found


def check_log(source: Any, schedule: Any = None) -> LogCheck:
    """Check that the learning rates in a log are those of a schedule.

    Parameters
    ----------
    source : a trainer_state.json or its dict; a file of JSON lines or of CSV with a column of steps and one of learning
        rates; or pairs of a step and a rate.
    schedule : the schedule, or another callable from a step to a rate. None takes the one that `trainer_state` finds in
        a trainer_state.json.

    Returns
    -------
    LogCheck, a named tuple of `entries, shift, lags, misfit`. `print` shows it as a report.

    Raises
    ------
    ValueError for a log without two such columns or without an entry, and what `trainer_state` raises.

    >>> from lrvec import linear
    >>> log = [(1, 1.0), (2, 0.75), (3, 0.5), (4, 0.5), (5, 0.25)]
    >>> print(check_log(log, linear(base_lr=1.0, end_lr=0.0, total_steps=4)))
    entries    5, at the steps 1 ... 5
    clock      the rate at step n is schedule(n - 1)
    lag        from step 4 on 1 behind that
    misfit     none
    """
    if schedule is not None:
        return check(log_in("source", source), _checks.schedule("schedule", schedule))
    settings = settings_in("source", source)
    return check(log_in("source", settings), trainer_state(settings))


# ---- Megatron ----

_OF_MEGATRON = (
    "lr",
    "min_lr",
    "lr_decay_style",
    "lr_decay_iters",
    "lr_decay_samples",
    "lr_warmup_iters",
    "lr_warmup_samples",
    "lr_warmup_fraction",
    "lr_warmup_init",
    "lr_wsd_decay_style",
    "lr_wsd_decay_iters",
    "lr_wsd_decay_samples",
    "override_opt_param_scheduler",
    "use_checkpoint_opt_param_scheduler",
)


def megatron(args: Any) -> RateAndDecay:
    """Read the learning rate and the weight decay from the arguments of Megatron-LM.

    Parameters
    ----------
    args : a dict, a file of JSON, or the Namespace of its parser: `lr`, `min_lr`, `lr_decay_style`, `lr_warmup_init`,
        `lr_warmup_fraction`, `lr_wsd_decay_style`, `weight_decay`, `start_weight_decay`, `end_weight_decay`,
        `weight_decay_incr_style`, and either `train_iters` or `train_samples`, with `lr_decay_`, `lr_warmup_` and
        `lr_wsd_decay_` of the same unit. Megatron's defaults fill up what is absent or None.

    Returns
    -------
    RateAndDecay: `lrvec.megatron_lr` and `lrvec.megatron_wd`, as functions of the iteration if `train_iters` is given,
    and of the samples seen so far if `train_samples` is.

    Raises
    ------
    ValueError or TypeError that names the argument: for what these kinds or Megatron refuse, for a warmup that is no
    whole number of steps, and for any other argument about the learning rate.

    >>> args = {"lr": 0.5, "lr_decay_style": "cosine", "train_iters": 100, "lr_warmup_fraction": 0.1}
    >>> megatron(args | {"weight_decay": 0.125}).weight_decay
    megatron_wd(start_wd=0.125, end_wd=0.125, wd_incr_steps=100, wd_incr_style='constant')
    """
    settings = settings_in("args", args)
    _refuse_others(settings, _OF_MEGATRON, "Megatron")
    given = {name: value for name, value in settings.items() if value not in (None, False)}
    if "use_checkpoint_opt_param_scheduler" in given:
        name = "use_checkpoint_opt_param_scheduler"
        raise ValueError(f"{name} must be off, or a checkpoint's settings count, received {shown(given[name])}")
    _checks.exactly_one(train_iters=given.get("train_iters"), train_samples=given.get("train_samples"))
    unit, other = ("iters", "samples") if "train_iters" in given else ("samples", "iters")
    for name in (f"lr_decay_{other}", f"lr_warmup_{other}", f"lr_wsd_decay_{other}"):
        if given.get(name):
            raise ValueError(f"{name} must be absent with train_{unit}, received {shown(given[name])}")
    if unit == "iters" and "rampup_batch_size" in given:
        rule = "be absent with train_iters, as Megatron asks"
        raise ValueError(f"rampup_batch_size must {rule}, received {shown(given['rampup_batch_size'])}")
    train_steps = _checks.single_count(f"train_{unit}", given[f"train_{unit}"])
    decay_steps = _checks.single_count(f"lr_decay_{unit}", given.get(f"lr_decay_{unit}", train_steps))
    if "lr" not in given:
        raise ValueError("lr must be given, received None")
    style = given.get("lr_decay_style", "linear")
    warmup_steps = _megatron_warmup(given, unit, decay_steps)
    names = {
        "init_lr": "lr_warmup_init",
        "max_lr": "lr",
        "lr_warmup_steps": "lr_warmup_fraction" if "lr_warmup_fraction" in given else f"lr_warmup_{unit}",
        "lr_decay_steps": f"lr_decay_{unit}" if f"lr_decay_{unit}" in given else f"train_{unit}",
        "wsd_decay_steps": f"lr_wsd_decay_{unit}",
    }
    with renaming(names):
        rate = megatron_dialect.megatron_lr(
            init_lr=given.get("lr_warmup_init", 0.0),
            max_lr=given["lr"],
            min_lr=given.get("min_lr", 0.0),
            lr_warmup_steps=warmup_steps,
            lr_decay_steps=decay_steps,
            lr_decay_style=style,
            wsd_decay_steps=given.get(f"lr_wsd_decay_{unit}") if style == "WSD" else None,
            lr_wsd_decay_style=given.get("lr_wsd_decay_style", "exponential") if style == "WSD" else None,
        )
    return RateAndDecay(rate, _megatron_decay(given, train_steps))


def _megatron_warmup(given: Mapping[str, Any], unit: str, decay_steps: int) -> int:
    name = f"lr_warmup_{unit}"
    if "lr_warmup_fraction" not in given:
        return _checks.single_count(name, given.get(name, 0), least=0)
    if given.get(name):
        raise ValueError(f"{name} must be absent with lr_warmup_fraction, received {shown(given[name])}")
    fraction = _checks.up_to_one("lr_warmup_fraction", given["lr_warmup_fraction"])
    steps = fraction * decay_steps
    if abs(steps - round(steps)) > 1e-9 * steps:
        rule = f"make a whole number of the {decay_steps} steps of the decay"
        raise ValueError(f"lr_warmup_fraction must {rule}, received {shown(fraction)}")
    return round(steps)


def _megatron_decay(given: Mapping[str, Any], train_steps: int) -> Schedule:
    style = given.get("weight_decay_incr_style", "constant")
    both = given.get("weight_decay", 0.01)
    if style == "constant":
        for name in ("start_weight_decay", "end_weight_decay"):
            if given.get(name, both) != both:
                rule = "be weight_decay where weight_decay_incr_style is 'constant'"
                raise ValueError(f"{name} must {rule}, received {shown(given[name])}")
        start, end = both, both
        names = dict.fromkeys(("start_wd", "end_wd"), "weight_decay")
    else:
        start, end = (given.get(name) for name in ("start_weight_decay", "end_weight_decay"))
        _checks.needed("start_weight_decay", start, f"the style {style}")
        _checks.needed("end_weight_decay", end, f"the style {style}")
        names = {"start_wd": "start_weight_decay", "end_wd": "end_weight_decay"}
    with renaming({**names, "wd_incr_style": "weight_decay_incr_style"}):
        made: Schedule = megatron_dialect.megatron_wd(
            start_wd=start, end_wd=end, wd_incr_steps=train_steps, wd_incr_style=style
        )
    return made


# ---- torch ----


def torch(scheduler: Any) -> Schedule:
    """Read the schedule of a live scheduler of torch, from step 0 on, wherever the scheduler stands.

    Parameters
    ----------
    scheduler : a scheduler whose class is in `lrvec.dialects.torch`, or a `lrvec.torch.LRScheduler`. All groups of its
        optimizer must have one schedule.

    Returns
    -------
    Schedule; the function of `lrvec.dialects.torch` with the name of the class makes it.

    Raises
    ------
    TypeError for any other class: what follows a metric, multiplies rates by a function again and again, or is a
    user's own. ValueError if the groups have different schedules, and what the function of the dialect refuses.

    >>> import torch as pytorch
    >>> optimizer = pytorch.optim.SGD([pytorch.nn.Parameter(pytorch.zeros(1))], lr=0.5)
    >>> torch(pytorch.optim.lr_scheduler.StepLR(optimizer, 30))
    step_decay(base_lr=0.5, step_size=30, gamma=0.1)
    """
    found = [_of_group(scheduler, index) for index in range(_count_of_groups(scheduler))]
    for index, one in enumerate(found):
        if one != found[0]:
            rule = "have the same schedule for all groups"
            raise ValueError(f"scheduler must {rule}, received {shown(one)} for group {index}")
    schedule: Schedule = found[0]
    return schedule


def _count_of_groups(scheduler: Any) -> int:
    if not has(scheduler, "optimizer") or not has(scheduler.optimizer, "param_groups"):
        raise TypeError(f"scheduler must be one of torch's with its optimizer, received {shown(scheduler)}")
    return len(scheduler.optimizer.param_groups)


def _of_group(scheduler: Any, index: int) -> Schedule:
    """Makes the schedule of one group."""
    cls = type(scheduler)
    if cls.__module__ == "lrvec.torch" and isinstance(scheduler.schedule, Schedule):
        own: Schedule = scheduler.schedule
        return own
    entry = _foreign("torch").get(cls.__name__) if cls.__module__.startswith("torch.optim.") else None
    if entry is None:
        names = ", ".join(_foreign("torch"))
        raise TypeError(f"scheduler must be a LRScheduler of lrvec or one of {names}, received {shown(scheduler)}")
    return _made(entry, dict(_values_of(scheduler, index, entry)))


def _values_of(scheduler: Any, index: int, entry: Foreign) -> Iterator[tuple[str, Any]]:
    """Yields the parameters of a function of the dialect, from the attributes of a scheduler."""
    group = scheduler.optimizer.param_groups[index]
    special = _SPECIAL.get(entry.name, {})
    for name in entry.parameters:
        if name in special:
            yield name, special[name](scheduler, index)
        elif name == "base_lr":
            yield name, scheduler.base_lrs[index] if has(scheduler, "base_lrs") else group["initial_lr"]
        else:
            yield name, getattr(scheduler, name)


def _parts(scheduler: Any, index: int) -> list[Schedule]:
    return [_of_group(one, index) for one in scheduler._schedulers]


def _ratio(scheduler: Any, index: int, one: str, other: str) -> float:
    group = scheduler.optimizer.param_groups[index]
    found: float = group[one] / group[other]
    return found


_SPECIAL: dict[str, dict[str, Any]] = {
    "LambdaLR": {"lr_lambda": lambda scheduler, index: scheduler.lr_lambdas[index]},
    "MultiStepLR": {"milestones": lambda scheduler, _: sorted(scheduler.milestones.elements())},
    "CyclicLR": {
        "max_lr": lambda scheduler, index: scheduler.max_lrs[index],
        "step_size_up": lambda scheduler, _: round(scheduler.total_size * scheduler.step_ratio),
        "step_size_down": lambda scheduler, _: round(scheduler.total_size * (1.0 - scheduler.step_ratio)),
        "scale_fn": lambda scheduler, _: scheduler._scale_fn_custom,
        "base_momentum": lambda scheduler, _: 0.0,  # the rate does not depend on the momentum
        "max_momentum": lambda scheduler, _: 0.0,
    },
    "OneCycleLR": {
        "max_lr": lambda scheduler, index: scheduler.optimizer.param_groups[index]["max_lr"],
        "epochs": lambda *_: None,
        "steps_per_epoch": lambda *_: None,
        "pct_start": lambda scheduler, _: (scheduler._schedule_phases[0]["end_step"] + 1.0) / scheduler.total_steps,
        "anneal_strategy": lambda scheduler, _: scheduler._anneal_func_type,
        "base_momentum": lambda *_: 0.0,
        "max_momentum": lambda *_: 0.0,
        "div_factor": lambda scheduler, index: _ratio(scheduler, index, "max_lr", "initial_lr"),
        "final_div_factor": lambda scheduler, index: _ratio(scheduler, index, "initial_lr", "min_lr"),
        "three_phase": lambda scheduler, _: len(scheduler._schedule_phases) == 3,
    },
    "SWALR": {
        "swa_lr": lambda scheduler, index: scheduler.optimizer.param_groups[index]["swa_lr"],
        "anneal_strategy": lambda scheduler, _: scheduler._anneal_strategy,
    },
    "SequentialLR": {"schedulers": _parts, "milestones": lambda scheduler, _: scheduler._milestones},
    "ChainedScheduler": {"schedulers": _parts},
}
"""Where torch keeps a parameter elsewhere than at an attribute of its name, a function of the scheduler and a group
finds it."""


# ---- DeepSpeed ----


def deepspeed(config: Any) -> Schedule:
    """Read the schedule from the configuration of DeepSpeed.

    Parameters
    ----------
    config : a dict, or its file of JSON: the block `scheduler` with a `type` and `params`. A type that needs the
        optimizer's rate takes it from `lr` in the `params` of the block `optimizer`.

    Returns
    -------
    Schedule; the function of `lrvec.dialects.deepspeed` with the name of the type makes it, at what the optimizer sees.
    The momentum of OneCycle is `lrvec.dialects.deepspeed.OneCycleMomentum` of the same parameters.

    Raises
    ------
    ValueError or TypeError that names the key: if a block or a key is missing, for another type or another parameter,
    for the value "auto", which transformers fills in, and for what the function of the dialect refuses.

    >>> block = {"type": "WarmupLR", "params": {"warmup_max_lr": 0.5, "warmup_num_steps": 4, "warmup_type": "linear"}}
    >>> deepspeed({"scheduler": block})([0, 1, 2, 3]).tolist()
    [0.0, 0.0, 0.125, 0.25]
    """
    settings = settings_in("config", config)
    block = settings_in("scheduler", settings.get("scheduler"))
    unknown = sorted(set(block) - {"type", "params"})
    if unknown:
        raise ValueError(f"scheduler must have no keys but type and params, received {', '.join(unknown)}")
    known = _foreign("deepspeed")
    entry = known[_checks.one_of("scheduler.type", block.get("type"), known)]
    params = dict(settings_in("scheduler.params", block.get("params", {})))
    parameters = [name for name in entry.parameters if name != "base_lr"]  # that is the optimizer's
    unknown = sorted(set(params) - set(parameters))
    if unknown:
        rule = f"be parameters of {entry.name}, {', '.join(parameters)}"
        raise ValueError(f"scheduler.params must {rule}, received {', '.join(unknown)}")
    for name, value in params.items():
        if value == "auto":
            raise ValueError(f"scheduler.params.{name} must be a value, which transformers fills in, received 'auto'")
    if "base_lr" in entry.parameters and "optimizer" in settings:
        optimizer = settings_in("optimizer", settings["optimizer"])
        params["base_lr"] = settings_in("optimizer.params", optimizer.get("params", {})).get("lr")
    with renaming({"base_lr": "optimizer.params.lr"}):
        return _made(entry, params)


def _made(entry: Foreign, given: dict[str, Any]) -> Schedule:
    """Calls a function of a dialect."""
    found: Schedule = entry.function(**entry.checked((), given))
    return found


def _foreign(library: str) -> dict[str, Foreign]:
    """Returns the functions of a dialect by the names of the originals, of which some have another function too."""
    from .dialects import _foreign, names

    entries = [_foreign.FOREIGN[one] for one in names(library)]
    return {entry.name: entry for entry in entries if entry.original.rpartition(".")[2] == entry.name}
