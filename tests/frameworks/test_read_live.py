"""These tests read schedules from live schedulers of torch and from the TrainingArguments of transformers, and run both."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch.optim import lr_scheduler as theirs

import lrvec
from lrvec import read
from lrvec.torch import LRScheduler

STEPS = 30

SCHEDULERS: dict[str, Callable[[Any], Any]] = {
    "StepLR": lambda o: theirs.StepLR(o, 7, 0.5),
    "MultiStepLR": lambda o: theirs.MultiStepLR(o, [20, 5, 5], 0.5),
    "ConstantLR": lambda o: theirs.ConstantLR(o, 0.25, 6),
    "LinearLR": lambda o: theirs.LinearLR(o, 0.25, 0.75, 6),
    "ExponentialLR": lambda o: theirs.ExponentialLR(o, 0.9),
    "PolynomialLR": lambda o: theirs.PolynomialLR(o, 20, 2.0),
    "CosineAnnealingLR": lambda o: theirs.CosineAnnealingLR(o, 11, 0.01),
    "CosineAnnealingWarmRestarts": lambda o: theirs.CosineAnnealingWarmRestarts(o, 4, 2, 0.01),
    "CyclicLR": lambda o: theirs.CyclicLR(o, 0.1, 0.9, 3, 4, "triangular2"),
    "CyclicLR exp_range": lambda o: theirs.CyclicLR(o, 0.1, 0.9, 3, mode="exp_range", gamma=0.9, cycle_momentum=False),
    "OneCycleLR": lambda o: theirs.OneCycleLR(o, 0.9, STEPS, pct_start=0.37),
    "OneCycleLR three phases": lambda o: theirs.OneCycleLR(
        o, 0.9, STEPS, anneal_strategy="linear", div_factor=7.0, final_div_factor=30.0, three_phase=True, cycle_momentum=False
    ),
    "LambdaLR": lambda o: theirs.LambdaLR(o, lambda step: 1.0 / (1 + step)),
    "SWALR": lambda o: torch.optim.swa_utils.SWALR(o, 0.05, 8, "linear"),
    "SequentialLR": lambda o: theirs.SequentialLR(o, [theirs.LinearLR(o, 0.1, 1.0, 5), theirs.CosineAnnealingLR(o, 20)], [5]),
    "ChainedScheduler": lambda o: theirs.ChainedScheduler([theirs.ExponentialLR(o, 0.9), theirs.StepLR(o, 7, 0.5)]),
    "lrvec's": lambda o: LRScheduler(o, lrvec.linear(base_lr=0.3, end_lr=0.0, total_steps=9)),
}


def sgd(*rates: float) -> torch.optim.Optimizer:
    groups = [{"params": [torch.nn.Parameter(torch.zeros(1))], "lr": rate} for rate in rates]
    return torch.optim.SGD(groups, lr=rates[0], momentum=0.5)


@pytest.mark.parametrize("name", SCHEDULERS)
@pytest.mark.parametrize("read_at", [0, 9])
def test_a_live_scheduler_gives_its_schedule_wherever_it_stands(name: str, read_at: int) -> None:
    optimizer = sgd(0.7, 0.7)
    scheduler = SCHEDULERS[name](optimizer)
    rates = []
    for step in range(STEPS):
        if step == read_at:
            schedule = read.torch(scheduler)
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    assert schedule(range(STEPS)).tolist() == pytest.approx(rates, rel=1e-12, abs=1e-14)


def test_a_schedule_as_the_factor_stays_a_schedule() -> None:
    factor = lrvec.cosine(base_lr=1.0, min_lr=0.0, total_steps=20)
    assert read.torch(theirs.LambdaLR(sgd(0.5), factor)) == 0.5 * factor


REFUSED: dict[str, tuple[Callable[[], Any], str]] = {
    "two rates": (lambda: theirs.StepLR(sgd(0.5, 0.6), 7), "scheduler must have the same schedule for all groups, received step_decay(base_lr=0.6"),
    "a metric": (lambda: theirs.ReduceLROnPlateau(sgd(0.5)), "scheduler must be a LRScheduler of lrvec or one of"),
    "a running product": (lambda: theirs.MultiplicativeLR(sgd(0.5), lambda step: 0.9), "scheduler must be a LRScheduler of lrvec or one of"),
    "a class of one's own": (lambda: type("StepLR", (theirs.StepLR,), {})(sgd(0.5), 7), "scheduler must be a LRScheduler of lrvec or one of"),
    "a list of schedules": (
        lambda: LRScheduler(sgd(0.5, 0.6), [lrvec.constant(lr=1.0), lrvec.constant(lr=2.0)]),
        "scheduler must be a LRScheduler of lrvec or one of",
    ),
    "a scale of one's own": (lambda: theirs.CyclicLR(sgd(0.5), 0.1, 0.9, 3, scale_fn=math.exp), "scale_fn must be None"),
    "an affine chain": (
        lambda: theirs.ChainedScheduler([theirs.CosineAnnealingLR(sgd(0.5), 9)]),
        "schedulers[0] must be StepLR, MultiStepLR, ConstantLR",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_schedulers_that_are_no_functions_are_refused(name: str) -> None:
    make, message = REFUSED[name]
    with pytest.raises((TypeError, ValueError)) as refusal:
        read.torch(make())
    assert str(refusal.value).startswith(message)


ARGUMENTS: list[dict[str, Any]] = [
    {},
    {"lr_scheduler_type": "cosine", "warmup_steps": 5},
    {"lr_scheduler_type": "constant_with_warmup", "warmup_steps": 0.11},
    {"lr_scheduler_type": "inverse_sqrt", "warmup_steps": 4, "lr_scheduler_kwargs": {"timescale": 9}},
    {"lr_scheduler_type": "polynomial", "lr_scheduler_kwargs": {"power": 2.0, "lr_end": 1e-6}},
    {"lr_scheduler_type": "cosine_with_min_lr", "warmup_steps": 0.2, "lr_scheduler_kwargs": '{"min_lr_rate": 0.1}'},
    {"lr_scheduler_type": "warmup_stable_decay", "warmup_steps": 3, "lr_scheduler_kwargs": {"num_decay_steps": 10}},
]


@pytest.mark.parametrize("given", ARGUMENTS, ids=str)
def test_training_arguments_give_the_schedule_of_the_trainer(given: dict[str, Any]) -> None:
    """Before the first step and behind each one, the Trainer's own scheduler has the schedule's rate."""
    from transformers import TrainingArguments, get_scheduler

    arguments = TrainingArguments(output_dir="unused", max_steps=STEPS, use_cpu=True, learning_rate=3e-4, **given)
    optimizer = sgd(arguments.learning_rate)
    scheduler = get_scheduler(
        arguments.lr_scheduler_type,
        optimizer,
        arguments.get_warmup_steps(STEPS),
        STEPS,
        scheduler_specific_kwargs=arguments.lr_scheduler_kwargs,
    )
    rates = []
    for _ in range(STEPS + 1):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    for source in (arguments, arguments.to_dict()):
        assert read.training_args(source)(range(STEPS + 1)).tolist() == pytest.approx(rates, rel=1e-12, abs=1e-16)


def test_the_settings_of_transformers_about_the_rate_are_known() -> None:
    """A setting that a new version adds is to be read, or it is refused wherever it is on."""
    from transformers import TrainingArguments

    names = inspect.signature(TrainingArguments).parameters
    assert {name for name in names if read._WORDS.search(name)} <= set(read._OF_TRAINER)
