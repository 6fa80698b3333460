"""This is the scheduler of Megatron-core by its own name, once for the learning rate and once for the weight decay.

The kinds `megatron_lr` and `megatron_wd` have its formulas. What a checkpoint overrides is no matter of a schedule, so
`use_checkpoint_opt_param_scheduler` and `override_opt_param_scheduler` change no value.
"""

from __future__ import annotations

from .._registry import choice, count, flag, rate
from ._foreign import foreign
from .megatron import LR_STYLES, WD_SHAPES, WSD_RAMPS, megatron_lr, megatron_wd

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .._registry import Parameter
    from .._values import Schedule

__all__ = ["OptimizerParamScheduler", "OptimizerParamSchedulerWeightDecay"]


def _parameters() -> dict[str, Parameter]:
    return {
        "init_lr": rate("the rate at step 0 of a warmup, at most `max_lr`"),
        "max_lr": rate("the rate at the peak, at least `min_lr`"),
        "min_lr": rate("the rate at the end"),
        "lr_warmup_steps": count("the steps of the warmup, less than `lr_decay_steps`", least=0),
        "lr_decay_steps": count("the last step of the decay"),
        "lr_decay_style": choice("the style of the decay", LR_STYLES),
        "start_wd": rate("the weight decay at step 0"),
        "end_wd": rate("the weight decay at the end, at least `start_wd`"),
        "wd_incr_steps": count("the step at which `end_wd` is reached", least=0),
        "wd_incr_style": choice("the style of the rise", WD_SHAPES),
        "use_checkpoint_opt_param_scheduler": flag("whether a checkpoint's values are used"),
        "override_opt_param_scheduler": flag("whether a checkpoint's values are overridden"),
        "wsd_decay_steps": count("the steps of the decay of the style WSD", least=0),
        "lr_wsd_decay_style": choice("the style of the decay of the style WSD", WSD_RAMPS),
    }


def _both(
    *,
    start_wd: float,
    end_wd: float,
    wd_incr_steps: int,
    wd_incr_style: str,
    use_checkpoint_opt_param_scheduler: bool,
    override_opt_param_scheduler: bool,
    **rate: Any,
) -> tuple[Schedule, Schedule]:
    """Makes the learning rate and the weight decay: Megatron-core refuses what either of them does not take."""
    if use_checkpoint_opt_param_scheduler and override_opt_param_scheduler:
        rule = "be False where use_checkpoint_opt_param_scheduler is True, as Megatron-core asks"
        raise ValueError(f"override_opt_param_scheduler must {rule}, received True")
    decay = megatron_wd(start_wd=start_wd, end_wd=end_wd, wd_incr_steps=wd_incr_steps, wd_incr_style=wd_incr_style)
    return megatron_lr(**rate), decay


@foreign("megatron_core", "optimizer_param_scheduler.OptimizerParamScheduler", **_parameters())
def OptimizerParamScheduler(
    init_lr: float,
    max_lr: float,
    min_lr: float,
    lr_warmup_steps: int,
    lr_decay_steps: int,
    lr_decay_style: str,
    start_wd: float,
    end_wd: float,
    wd_incr_steps: int,
    wd_incr_style: str,
    use_checkpoint_opt_param_scheduler: bool = True,
    override_opt_param_scheduler: bool = False,
    wsd_decay_steps: int | None = None,
    lr_wsd_decay_style: str | None = None,
) -> Schedule:
    """Give the learning rate: a linear warmup, then a decay in one of five styles. `megatron_lr` has the formula.

    Returns
    -------
    Schedule; past `lr_decay_steps` it holds `min_lr`, or `max_lr` if the style is constant.

    Source: Shoeybi et al., Megatron-LM, arXiv 1909.08053.

    >>> OptimizerParamScheduler(0.0, 1.0, 0.25, 10, 100, "cosine", 0.0, 0.5, 100, "linear")
    megatron_lr(init_lr=0.0, max_lr=1.0, min_lr=0.25, lr_warmup_steps=10, lr_decay_steps=100, lr_decay_style='cosine')
    """
    return _both(**locals())[0]


@foreign("megatron_core", "optimizer_param_scheduler.OptimizerParamScheduler", **_parameters())
def OptimizerParamSchedulerWeightDecay(
    init_lr: float,
    max_lr: float,
    min_lr: float,
    lr_warmup_steps: int,
    lr_decay_steps: int,
    lr_decay_style: str,
    start_wd: float,
    end_wd: float,
    wd_incr_steps: int,
    wd_incr_style: str,
    use_checkpoint_opt_param_scheduler: bool = True,
    override_opt_param_scheduler: bool = False,
    wsd_decay_steps: int | None = None,
    lr_wsd_decay_style: str | None = None,
) -> Schedule:
    """Give the weight decay: a rise in one of three styles. `megatron_wd` has the formula.

    Returns
    -------
    Schedule; past `wd_incr_steps` it holds `end_wd`.

    >>> OptimizerParamSchedulerWeightDecay(0.0, 1.0, 0.25, 10, 100, "cosine", 0.0, 0.5, 100, "linear")
    megatron_wd(start_wd=0.0, end_wd=0.5, wd_incr_steps=100, wd_incr_style='linear')
    """
    return _both(**locals())[1]
