"""This module has a mixin for the Trainer of transformers, which gives it a schedule of lrvec."""

from __future__ import annotations

from numbers import Number
from typing import Any, ClassVar

from . import torch as lrvec_torch
from ._checks import shown
from ._frameworks import has

__all__ = ["ScheduleMixin"]


class ScheduleMixin:
    """The mixin makes a Trainer set its rates by a schedule: `class OwnTrainer(ScheduleMixin, Trainer)`.

    The Trainer makes its optimizer as ever, and the scheduler is a `lrvec.torch.LRScheduler`. The Trainer's own
    `lr_scheduler_type`, `warmup_steps` and `learning_rate` count for nothing.

    Attributes
    ----------
    schedule : what `LRScheduler` takes as its schedule; or a method, or another callable, from the number of training
        steps to that, unless it is a rate.
    quantities : what `LRScheduler` takes for other keys of the groups, such as {"weight_decay": ...}.

    Raises
    ------
    ValueError if `schedule` is None and there are no `quantities`, and what `LRScheduler` raises.
    TypeError if `schedule` gives a rate for the number of training steps: it is then a function of the step.
    """

    schedule: Any = None
    quantities: ClassVar[dict[str, Any]] = {}
    optimizer: Any
    lr_scheduler: Any

    def create_scheduler(self, num_training_steps: int, optimizer: Any = None) -> Any:
        """Make the scheduler, unless there is one, and return it. The Trainer calls this."""
        if self.lr_scheduler is None:
            schedule = self.schedule
            if callable(schedule) and not has(schedule, "to_dict"):
                schedule = self._made(num_training_steps)
            own = self.optimizer if optimizer is None else optimizer
            self.lr_scheduler = lrvec_torch.LRScheduler(own, schedule, **self.quantities)
            self._created_lr_scheduler = True
        return self.lr_scheduler

    def _made(self, num_training_steps: int) -> Any:
        """Returns what `schedule` gives for a number of training steps."""
        found = self.schedule(num_training_steps)
        if isinstance(found, Number):
            rule = "give a schedule for the number of training steps, and no rate"
            raise TypeError(f"schedule must {rule}, received {shown(found)} for {num_training_steps} steps")
        return found
