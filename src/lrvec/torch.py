"""This module has a scheduler of torch that writes the rates of schedules into an optimizer's parameter groups."""

from __future__ import annotations

import warnings
import weakref
from typing import Any

import torch

from . import _adapters, _checks
from ._checks import shown

__all__ = ["LRScheduler"]

VERSION = 1
"""The form of what `state_dict` returns."""


class LRScheduler(torch.optim.lr_scheduler.LRScheduler):  # type: ignore[misc]
    """The scheduler sets the learning rate, and any other number of the parameter groups, to a schedule's value.

        group["lr"] = group["lr_scale"] schedule(t)

    where t is `last_epoch`, the number of calls of `step` so far, and `lr_scale` is 1 in a group that has none. Rates
    are absolute: the optimizer's own `lr` counts for nothing.

    Parameters
    ----------
    optimizer : torch.optim.Optimizer
    schedule : what gives the learning rate: a schedule, a number, any callable of an int, or a dict of `to_dict()`; or
        one of these for each group, as a list, or as a mapping from the groups' `name`, such as `lrvec.scale_by_group`
        and `lrvec.stack` make. None leaves the learning rate as it is.
    last_epoch : the step before the first one, -1 for a new run. The groups need no `initial_lr`.
    quantities : the same for other keys of the groups, such as `weight_decay`. `momentum` is the first of `betas` in a
        group that has these in place of a momentum. `betas` takes a tuple of schedules or numbers; `lr` is another name
        for `schedule`. A group that lacks a key is left as it is.

    Where a group holds a tensor, it is filled, so that a compiled step is not compiled again; it rounds a number to its
    own type. Anything else becomes a float, with all bits of `schedule(t)`. A group that is added later gets its
    numbers with the next step.

    Raises
    ------
    ValueError if there is nothing to write, if no group has a key, or if a list or a mapping does not fit the groups.
    TypeError if `optimizer` is none of torch's, or for what is no schedule.

    >>> import lrvec
    >>> model = torch.nn.Linear(2, 1)
    >>> optimizer = torch.optim.AdamW(model.parameters())
    >>> schedule = lrvec.linear(base_lr=0.5, end_lr=0.0, total_steps=4)
    >>> scheduler = LRScheduler(optimizer, schedule, weight_decay=lrvec.cosine(base_lr=0.0, min_lr=0.5, total_steps=2))
    >>> for step in range(3):
    ...     print(optimizer.param_groups[0]["lr"], optimizer.param_groups[0]["weight_decay"])
    ...     optimizer.step()
    ...     scheduler.step()
    0.5 0.0
    0.375 0.25
    0.25 0.5
    """

    optimizer: Any
    last_epoch: int
    _step_count: int
    _last_lr: list[Any]

    def __init__(self, optimizer: Any, schedule: Any = None, *, last_epoch: int = -1, **quantities: Any) -> None:
        if not isinstance(optimizer, torch.optim.Optimizer):
            raise TypeError(f"optimizer must be a torch.optim.Optimizer, received {shown(optimizer)}")
        if schedule is not None:
            if "lr" in quantities:
                raise ValueError(f"schedule and lr must not both be given, received {shown(quantities['lr'])} for lr")
            quantities = {"lr": schedule, **quantities}
        if not quantities:
            raise ValueError("schedule must be given, or another quantity, received None")
        groups = optimizer.param_groups
        self._quantities = {name: _adapters.Quantity(name, given) for name, given in quantities.items()}
        for quantity in self._quantities.values():
            quantity.check(groups)
        if {"momentum", "betas"} <= quantities.keys() and any("momentum" not in group for group in groups):
            raise ValueError("momentum must not be given with betas, of which it is the first, received both")
        self._writer = _adapters.Writer(list(self._quantities.values()))
        self._loaded_at: int | None = None
        if last_epoch != -1:
            last_epoch = _step("last_epoch", last_epoch)
            for group in groups:
                group.setdefault("initial_lr", group["lr"])
        super().__init__(optimizer, last_epoch)
        loaded = optimizer
        while not hasattr(loaded, "_optimizer_load_state_dict_post_hooks"):  # Accelerate's wrapper has its optimizer's
            loaded = loaded.optimizer
        loaded.register_load_state_dict_post_hook(_rewriting(weakref.ref(self)))

    @property
    def schedule(self) -> Any:
        """Returns what gives the learning rate: a schedule, or a list or a dict of them; None if nothing does."""
        return self._quantities["lr"].found if "lr" in self._quantities else None

    def step(self, epoch: int | None = None) -> None:
        """Go on by one step, or to step `epoch`, and write that step's numbers into the groups.

        Call it after the optimizer's own step, as with torch's schedulers."""
        is_watched = self._step_count == 1 and hasattr(self.optimizer.step, "_wrapped_by_lr_sched")
        if is_watched and epoch is None and not getattr(self.optimizer, "_opt_called", False):
            message = "step of the scheduler must come after that of the optimizer, or the first rate is never used"
            warnings.warn(message, UserWarning, stacklevel=2)
        self._step_count += 1
        self._update_lr(epoch)

    def set_step(self, step: int) -> None:
        """Go to a step, and write its numbers into the groups."""
        self.step(_step("step", step))

    def _update_lr(self, epoch: int | None = None) -> None:
        step = self.last_epoch + 1 if epoch is None else _step("epoch", epoch)
        self._write(step)
        self.last_epoch = step

    def _write(self, step: int) -> None:
        groups = self.optimizer.param_groups
        are_plain = self._writer.write(groups, step)
        rates = [group["lr"] for group in groups]
        self._last_lr = rates if are_plain else [lr.clone() if isinstance(lr, torch.Tensor) else lr for lr in rates]

    def _curves_by_name(self) -> dict[str, list[tuple[str, Any]]]:
        """Returns what a picture shows of the scheduler: the curves of all groups, by what they set."""
        groups = self.optimizer.param_groups
        return {name: one for own in self._quantities.values() for name, one in own.drawn(groups).items()}

    def get_lr(self) -> list[Any]:
        """Return the learning rate of each group at `last_epoch`."""
        return self._writer.values(self.optimizer.param_groups, "lr", max(0, self.last_epoch))

    _get_closed_form_lr = get_lr

    def state_dict(self) -> dict[str, Any]:
        """Return the step and the schedules' dicts, in plain types, which `torch.load(weights_only=True)` takes.

        A callable that is no schedule is described by its name alone. `overwritten` stands there if another scheduler
        has written other rates since."""
        schedules = {name: quantity.described() for name, quantity in self._quantities.items()}
        state = {"version": VERSION, "last_epoch": self.last_epoch, "schedules": schedules}
        now = [float(group["lr"]) for group in self.optimizer.param_groups]
        if now[: len(self._last_lr)] != [float(lr) for lr in self._last_lr]:
            state["overwritten"] = True
        return state

    def load_state_dict(self, state_dict: dict[str, Any], strict: bool = False) -> None:
        """Take the step of a checkpoint, and write its numbers into the groups at once.

        The optimizer may be loaded before or after. The scheduler keeps its own schedules. If the checkpoint's are
        others, it warns, or raises a ValueError if `strict`.

        Parameters
        ----------
        state_dict : what `state_dict` returned, or the state of any other scheduler with `last_epoch`, which all of
            torch have, or with `num_steps`, as in Megatron.
        strict : whether other schedules are an error.

        Raises
        ------
        ValueError for a state without a step or of a later version, and for what is no dict. Scheduler and optimizer
        are then unchanged.
        """
        _checks.dictionary("state_dict", state_dict)
        key = next((key for key in ("last_epoch", "num_steps") if key in state_dict), None)
        if key is None:
            received = shown(list(state_dict))
            raise ValueError(f"state_dict must have the key 'last_epoch' or 'num_steps', received {received}")
        step = -1 if state_dict[key] == -1 else _step(key, state_dict[key])
        if "schedules" in state_dict:
            version = state_dict.get("version")
            if version != VERSION:
                raise ValueError(f"version of state_dict must be {VERSION}, received {shown(version)}")
            self._compare(_checks.dictionary("schedules of state_dict", state_dict["schedules"]), strict)
        is_written = step >= 0 and not state_dict.get("overwritten", False)
        if is_written:
            self._write(step)
        self.last_epoch, self._step_count = step, step + 1
        self._loaded_at = step if is_written else None
        if not is_written:
            self._last_lr = self.get_lr()

    def _compare(self, saved: dict[str, Any], strict: bool) -> None:
        for name in [*self._quantities, *(name for name in saved if name not in self._quantities)]:
            own = self._quantities[name].described() if name in self._quantities else None
            if own == saved.get(name):
                continue
            label = "schedule" if name == "lr" else name
            both = f"{_text(saved.get(name))}, and the scheduler has {_text(own)}"
            if strict:
                raise ValueError(f"{label} must be that of the checkpoint, which is {both}")
            warnings.warn(f"{label} is kept as it is: the checkpoint has {both}", UserWarning, stacklevel=3)

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_writer": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state, _writer=_adapters.Writer(list(state["_quantities"].values())))


def _rewriting(scheduler: Any) -> Any:
    """Returns the function that torch calls when an optimizer has loaded its state. Until the next step, the rates that
    the scheduler has loaded count, and not those of the optimizer."""

    def rewrite(optimizer: Any) -> None:
        own = scheduler()
        if own is not None and own._loaded_at is not None and own._loaded_at == own.last_epoch:
            own._write(own.last_epoch)

    return rewrite


def _step(name: str, value: Any) -> int:
    """Checks a step, and returns it as a plain int: a state holds it."""
    is_one = isinstance(value, torch.Tensor) and value.numel() == 1
    return _checks.single_count(name, value.item() if is_one else value, least=0)


def _text(described: Any) -> str:
    """Writes the dict of a schedule as the call that makes it, and all else as it is."""
    try:
        return repr(_adapters.curve("schedule", described))
    except Exception:
        return repr(described)
