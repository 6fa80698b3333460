"""How the tests draw and run the scheduler of Megatron-core: on a stand-in for its optimizer."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from beside import Call, Draw, Library, call, import_without_init, stand_in


def prepare() -> Any:
    """Imports the one module, without the models."""
    import_without_init("megatron.core")
    stand_in("megatron.core.utils", log_single_rank=lambda *arguments: None)
    import megatron.core.optimizer_param_scheduler as scheduler

    return scheduler


def rates(one: Call, steps: int) -> Sequence[float]:
    group: dict[str, float] = {}
    scheduler = prepare().OptimizerParamScheduler(SimpleNamespace(param_groups=[group]), **one.given)
    found = []
    for _ in range(steps):
        found.append(group["weight_decay" if one.name.endswith("WeightDecay") else "lr"])
        scheduler.step(1)
    return found


def given(draw: Draw) -> dict[str, Any]:
    max_lr, warmup, start_wd = draw.rate(0.01), draw.count(0, 20), draw.rate()
    style = draw.choice(["constant", "linear", "cosine", "inverse-square-root", "WSD", "WSD", "WSD"])
    decay = draw.choice(["linear", "cosine", "exponential", "minus_sqrt"])
    wd_style = draw.choice(["constant", "linear", "cosine"])
    return {
        "init_lr": max_lr * draw.choice([0.0, draw.random()]),
        "max_lr": max_lr,
        "min_lr": max_lr * draw.choice([0.0, 1.0, draw.random()]),
        "lr_warmup_steps": warmup,
        "lr_decay_steps": warmup + draw.count(1, 40),
        "lr_decay_style": style,
        "start_wd": start_wd,
        "end_wd": start_wd if wd_style == "constant" else start_wd + draw.rate(),
        "wd_incr_steps": draw.count(1, 60),
        "wd_incr_style": wd_style,
        **({"wsd_decay_steps": draw.count(0, 30), "lr_wsd_decay_style": decay} if style == "WSD" else {}),
        **draw.maybe(use_checkpoint_opt_param_scheduler=False),
    }


LIBRARY = Library(
    {
        "OptimizerParamScheduler": lambda draw: call("OptimizerParamScheduler", **given(draw)),
        "OptimizerParamSchedulerWeightDecay": lambda draw: call("OptimizerParamSchedulerWeightDecay", **given(draw)),
    },
    rates,
    calls=24,
    steps=80,
    without=("optimizer",),
    prepare=prepare,
    package="megatron.core",
)
