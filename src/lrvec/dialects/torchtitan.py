"""This is the schedule of torchtitan by its own name, with the fields of its config."""

from __future__ import annotations

from .. import _checks
from .._registry import CLOSED_UNIT, NON_NEGATIVE, choice, count, factor, rate
from ..schedules import warmup_stable_decay
from ._foreign import foreign

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .._values import Schedule

__all__ = ["LRSchedulersContainer"]

_SHAPES = {"linear": "linear", "sqrt": "1-sqrt", "cosine": "cosine"}
"""The decay of warmup_stable_decay for each of torchtitan's."""


@foreign(
    "torchtitan",
    "components.optimizer.lr_scheduler.LRSchedulersContainer.Config",
    warmup_steps=count("the steps of the warmup; where the run is shorter, the run", least=0),
    total_steps=count("the steps of the curve, by default those of the run"),
    decay_ratio=factor("the share of the steps that decay; by default all behind the warmup", CLOSED_UNIT),
    decay_type=choice("the curve of the decay", _SHAPES),
    min_lr_factor=factor("the rate at the end over `base_lr`", CLOSED_UNIT),
    base_lr=rate("the rate that the optimizer has", NON_NEGATIVE),
    training_steps=count("the steps of the run, which only a missing `total_steps` needs"),
)
def LRSchedulersContainer(
    warmup_steps: int = 200,
    total_steps: int | None = None,
    decay_ratio: float | None = None,
    decay_type: str = "linear",
    min_lr_factor: float = 0.0,
    *,
    base_lr: float,
    training_steps: int | None = None,
) -> Schedule:
    """Warm up linearly, stay on a plateau, and decay at the very end (warmup-stable-decay).

        lr(t) = base_lr (t + 1) / W                                              for t < W
        lr(t) = base_lr                                                          for t <= T - D
        lr(t) = base_lr (min_lr_factor + (1 - min_lr_factor) g(p))               from there on

    where t is the step, W = warmup_steps, T = total_steps, D is round(decay_ratio T) and at most T - W, p = (t - T + D)
    / D, and by `decay_type`

        linear    g(p) = 1 - p
        sqrt      g(p) = 1 - sqrt(p)
        cosine    g(p) = (1 + cos(pi p)) / 2

    The rate of torchtitan's last step, T - 1, is one step above the end.

    Returns
    -------
    Schedule; past `total_steps` it holds base_lr min_lr_factor.

    Raises
    ------
    TypeError if neither `total_steps` nor `training_steps` is given.

    Source: Hu et al., MiniCPM, arXiv 2404.06395.

    >>> LRSchedulersContainer(warmup_steps=10, total_steps=100, base_lr=0.5)  # doctest: +NORMALIZE_WHITESPACE
    warmup_stable_decay(base_lr=0.5, warmup_steps=9, decay_steps=90, total_steps=100, final_lr=0.0, warmup_start=0.05,
                        decay_shape='linear')
    """
    total = training_steps if total_steps is None else total_steps
    total = _checks.needed("total_steps or training_steps", total, "the end of the curve")
    rise = min(warmup_steps, total)
    fall = total - rise if decay_ratio is None else min(round(total * decay_ratio), total - rise)
    return warmup_stable_decay(
        base_lr=base_lr,
        warmup_steps=max(rise - 1, 0),
        decay_steps=fall,
        total_steps=total,
        final_lr=base_lr * min_lr_factor,
        warmup_start=base_lr / max(rise, 1),
        decay_shape=_SHAPES[decay_type],
    )
