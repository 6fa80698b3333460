"""These tests give any object in place of a number, a list, a choice or a schedule. It is taken, or refused by a ValueError or
a TypeError that names the parameter, in a message of bounded length."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from anything import ODD, complaints
from each import each
from record import KINDS
from refusals import GOOD

import lrvec.nemo

ALSO_CALLED = {
    "milestones": "milestone",
    "phases": "phase",
    "multipliers": "multiplier",
    "three_phase": "pct_start",  # which three phases of the good case would be too short for
    "schedules": "schedules",
}
"""What else a message may name: what one of several is called, or a parameter that does not go with the value."""


PLACES = [(kind.name, parameter) for kind in KINDS.values() for parameter in kind.parameters]


@each(PLACES, lambda place: place[0])
def test_of_every_kind(place: tuple[str, str]) -> None:
    kind, parameter = place
    good = GOOD[kind].make()._parameters
    names = (parameter, ALSO_CALLED.get(parameter, parameter))

    def attempt(value: Any) -> Callable[[], Any]:
        return lambda: KINDS[kind].make({**good, parameter: value})

    assert complaints({name: (attempt(value), names) for name, value in ODD.items()}) == {}


COSINE = lrvec.cosine(base_lr=1.0, min_lr=0.0, total_steps=9)
SWEEP = lrvec.cosine(base_lr=[1.0, 2.0], min_lr=0.0, total_steps=9)
CALLED = lrvec.sequential([(3, COSINE), (3, lambda step: 0.5)])
GROUPS = lrvec.scale_by_group(COSINE, multipliers={"a": 1.0})

TAKERS: dict[str, tuple[Callable[[Any], Any], tuple[str, ...]]] = {
    **{
        f"{name} steps": (call, ("step",))
        for name, call in {
            "schedule": COSINE,
            "sweep": SWEEP,
            "callable": CALLED,
            "groups": GROUPS,
            "stacked groups": lrvec.stack([COSINE, CALLED], names=["a", "b"]),
            "matrix": GROUPS.matrix,
            "pointwise": lambda value: lrvec.pointwise(COSINE, value),
            "pointwise sweep": lambda value: lrvec.pointwise(SWEEP, value),
            "summarize": lambda value: lrvec.summarize(COSINE, value),
            "summarize sweep": lambda value: lrvec.summarize(SWEEP, value),
            "blocks": lambda value: list(lrvec.blocks(SWEEP, value, 10**6)),
        }.items()
    },
    "max_bytes": (lambda value: list(lrvec.blocks(SWEEP, range(3), value)), ("max_bytes",)),
    **{
        f"{name} {option}": (lambda value, call=call, option=option: call(**{option: value}), (option,))
        for option in ("out", "dtype", "workers")
        for name, call in {
            "one step,": lambda **options: COSINE(3, **options),
            "range,": lambda **options: COSINE(range(3), **options),
            "array,": lambda **options: COSINE(np.arange(3), **options),
            "sweep,": lambda **options: SWEEP(range(3), **options),
        }.items()
    },
    "pointwise workers": (lambda value: lrvec.pointwise(SWEEP, 3, workers=value), ("workers",)),
    "summarize workers": (lambda value: lrvec.summarize(SWEEP, [3], workers=value), ("workers",)),
    "blocks workers": (lambda value: list(lrvec.blocks(SWEEP, [3], 99, workers=value)), ("workers",)),
    "pointwise": (lambda value: lrvec.pointwise(value, 3), ("sweep",)),
    "summarize": (lambda value: lrvec.summarize(value, [3]), ("schedule",)),
    "blocks": (lambda value: list(lrvec.blocks(value, [3], 99)), ("schedule", "sweep")),
    "sample": (lambda value: lrvec.sample(value, num_steps=3), ("schedule",)),
    "num_steps": (lambda value: lrvec.sample(COSINE, num_steps=value), ("num_steps",)),
    "out of groups": (lambda value: GROUPS.matrix(range(3), out=value), ("out",)),
    "factory of a grid": (lambda value: lrvec.grid(value), ("factory", "argument")),
    "rate of a grid": (lambda value: lrvec.grid(lrvec.constant, lr=value), ("lr",)),
    "count of a grid": (
        lambda value: lrvec.grid(lrvec.cosine, base_lr=[1.0, 2.0], min_lr=0.0, total_steps=value),
        ("total_steps",),
    ),
    "schedule of a grid": (
        lambda value: lrvec.grid(lrvec.with_warmup, schedule=value, warmup_steps=[1, 2], start_lr=0.0),
        ("schedule",),
    ),
    "data": (lrvec.from_dict, ("data", "kind")),
    "kind": (lambda value: lrvec.from_dict({"kind": value, "params": {}}), ("kind",)),
    "params": (lambda value: lrvec.from_dict({"kind": "constant", "params": value}), ("params", "lr")),
    "lr": (lambda value: lrvec.from_dict({"kind": "constant", "params": {"lr": value}}), ("lr", "data")),
    "constant_lr": (lrvec.constant_lr, ("lr",)),
    "lambda_lr": (lrvec.lambda_lr, ("lr_lambda",)),
    "step_lr": (lambda value: lrvec.step_lr(1.0, value), ("step_size",)),
    "as_schedule": (lrvec.as_schedule, ("lr", "schedule_state")),
    "steps of a scan": (
        lambda value: value is ODD["endless range"] or lrvec.scan(lambda step, state: (1.0, state), 0, value),
        ("step",),
    ),
}


@pytest.mark.parametrize("taker", TAKERS)
def test_of_every_call(taker: str) -> None:
    call, names = TAKERS[taker]
    assert complaints({name: (lambda value=value: call(value), names) for name, value in ODD.items()}) == {}


def test_of_every_index() -> None:
    """An index is numpy's to refuse; an object that fails by itself does so there too."""
    known = ("IndexError", "RuntimeError('broken')")
    found = complaints({name: (lambda value=value: SWEEP[value], ("",)) for name, value in ODD.items()})
    assert {name: said for name, said in found.items() if not said.startswith(known)} == {}


SETTINGS: dict[str, Any] = {
    "init_lr": 0.0,
    "max_lr": 1.0,
    "min_lr": 0.0,
    "lr_warmup_steps": 2,
    "lr_decay_steps": 10,
    "lr_decay_style": "WSD",
    "start_wd": 0.1,
    "end_wd": 0.1,
    "wd_incr_steps": 10,
    "wd_incr_style": "constant",
    "use_checkpoint_opt_param_scheduler": True,
    "override_opt_param_scheduler": False,
    "wsd_decay_steps": 4,
    "lr_wsd_decay_style": "linear",
}


def scheduler(group: dict[str, Any] | None = None, **other: Any) -> Any:
    groups = [{"lr": 0.1, "weight_decay": 0.1, **(group or {})}]
    optimizer = type("Optimizer", (), {"param_groups": groups})
    return lrvec.nemo.OptimizerParamScheduler(**{"optimizer": optimizer, **SETTINGS, **other})


def _assigned(name: str, value: Any) -> None:
    made = scheduler()
    setattr(made, name, value)
    made.step(1)


def _loaded(name: str, value: Any) -> None:
    made = scheduler()
    made.load_state_dict({**made.state_dict(), name: value})


NEMO: dict[str, tuple[Callable[[Any], Any], tuple[str, ...]]] = {
    **{name: (lambda value, name=name: scheduler(**{name: value}), (name,)) for name in SETTINGS},
    **{f"{name}, set": (lambda value, name=name: _assigned(name, value), (name,)) for name in SETTINGS},
    **{
        f"{name} of a group": (lambda value, name=name: scheduler({name: value}), (name,))
        for name in ("lr", "weight_decay", "lr_mult", "wd_mult", "max_lr", "min_lr")
    },
    **{
        f"{name}, loaded": (lambda value, name=name: _loaded(name, value), (name,)) for name in scheduler().state_dict()
    },
    "optimizer": (lambda value: scheduler(optimizer=value), ("optimizer",)),
    "groups": (
        lambda value: scheduler(optimizer=type("Optimizer", (), {"param_groups": value})),
        ("optimizer", "param_groups"),
    ),
    "state_dict": (lambda value: scheduler().load_state_dict(value), ("state_dict",)),
    "increment": (lambda value: scheduler().step(value), ("increment",)),
    "num_steps": (lambda value: setattr(scheduler(), "num_steps", value), ("num_steps",)),
    "lr_matrix": (lambda value: scheduler().lr_matrix(value), ("step",)),
    "wd_matrix": (lambda value: scheduler().wd_matrix(value), ("step",)),
}


@pytest.mark.parametrize("taker", NEMO)
def test_of_the_stand_in_for_nemo(taker: str) -> None:
    call, names = NEMO[taker]
    assert complaints({name: (lambda value=value: call(value), names) for name, value in ODD.items()}) == {}
