"""These tests compare lrvec's OptimizerParamScheduler with NeMo Automodel's own, on random settings, every group, every step.

LRVEC_NEMO_WHEEL is the directory that the wheel of nemo-automodel 0.7.0 was unpacked to. Nothing else of NeMo is
needed: the class is taken from its file, and where torch is missing, an empty module stands in for it meanwhile.
"""

from __future__ import annotations

import copy
import importlib.util
import inspect
import logging
import math
import os
import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import lrvec.nemo

Ours = lrvec.nemo.OptimizerParamScheduler
FILE = Path(os.environ["LRVEC_NEMO_WHEEL"], "nemo_automodel/components/optim/scheduler.py")
TORCH = ("torch", "torch.optim", "torch.optim.optimizer")


def theirs() -> ModuleType:
    stubs = {} if importlib.util.find_spec("torch") else {name: ModuleType(name) for name in TORCH}
    if stubs:
        stubs["torch.optim.optimizer"].Optimizer = object  # type: ignore[attr-defined]
    spec = importlib.util.spec_from_file_location("nemo_scheduler", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules.update(stubs)
    try:
        spec.loader.exec_module(module)
    finally:
        for name in stubs:
            del sys.modules[name]
    return module


NEMO = theirs()
Theirs = NEMO.OptimizerParamScheduler

LR_STYLES = ["constant", "linear", "cosine", "inverse-square-root", "WSD"]
WSD_STYLES = ["linear", "cosine", "exponential", "minus_sqrt"]
WD_STYLES = ["constant", "linear", "cosine"]


class Optimizer:
    def __init__(self, groups: list[dict[str, Any]]) -> None:
        self.param_groups = groups


def random_settings(rng: random.Random) -> dict[str, Any]:
    """That NeMo takes and runs."""
    warmup = rng.choice([0, 0, 1, 2, rng.randint(0, 40), rng.randint(-20, 0), rng.uniform(0.0, 20.0)])
    decay = max(0, math.floor(warmup)) + rng.choice([1, 2, rng.randint(1, 100), rng.uniform(1.0, 100.0)])
    min_lr = rng.choice([0.0, 0.0, 10.0 ** rng.uniform(-7, -2)])
    max_lr = min_lr + rng.choice([0.0, 10.0 ** rng.uniform(-5, 0)])
    start_wd = rng.choice([0.0, rng.random()])
    wd_style = rng.choice(WD_STYLES)
    settings = {
        "init_lr": rng.choice([0.0, 0, max_lr, rng.random() * max_lr, -0.1]),
        "max_lr": max_lr,
        "min_lr": min_lr,
        "lr_warmup_steps": warmup,
        "lr_decay_steps": decay,
        "lr_decay_style": rng.choice(LR_STYLES),
        "start_wd": start_wd,
        "end_wd": start_wd if wd_style == "constant" else start_wd + rng.choice([0.0, rng.random()]),
        "wd_incr_steps": rng.choice([decay, rng.randint(1, 200), rng.uniform(0.5, 50.0), -1])
        if wd_style != "constant"
        else 0,
        "wd_incr_style": wd_style,
        "wsd_decay_steps": rng.choice([0, 1, -3, rng.randint(0, 50), rng.randint(0, 300), rng.uniform(0.0, 60.0)]),
        "lr_wsd_decay_style": rng.choice(WSD_STYLES),
    }
    if settings["lr_decay_style"] != "WSD" and rng.random() < 0.5:
        settings["wsd_decay_steps"] = settings["lr_wsd_decay_style"] = None
    return settings


def random_groups(rng: random.Random) -> list[dict[str, Any]]:
    groups = []
    for _ in range(rng.choice([1, 1, 2, 5])):
        group: dict[str, Any] = {"params": [], "lr": rng.choice([0.1, 0.1, 0.0, None, "0.3", rng.random(), 1])}
        for key, values in {
            "weight_decay": [0.0, 0.1, rng.random(), None, 0],
            "max_lr": [rng.random(), 0.1, 1, "0.2", -0.1],
            "min_lr": [0.0, rng.random(), 0.1],
            "lr_mult": [2, 0.0, rng.random()],
            "wd_mult": [0, 0.5, rng.random()],
        }.items():
            if rng.random() < (0.7 if key == "weight_decay" else 0.15):
                group[key] = rng.choice(values)
        groups.append(group)
    return groups


class Pair:
    """Both schedulers on optimizers with equal groups."""

    def __init__(self, settings: dict[str, Any], groups: list[dict[str, Any]]) -> None:
        self.ours = Ours(Optimizer(copy.deepcopy(groups)), **settings)
        self.theirs = Theirs(Optimizer(copy.deepcopy(groups)), **settings)

    def step(self, increment: int) -> None:
        self.ours.step(increment)
        self.theirs.step(increment)

    def check(self) -> None:
        """NeMo's own rounding is a few ulp of the largest number in its formulas."""
        ours, theirs = self.ours, self.theirs
        assert ours.num_steps == theirs.num_steps
        assert ours.state_dict() == theirs.state_dict()
        assert list(ours.state_dict()) == list(theirs.state_dict())
        assert repr(ours) == repr(theirs)
        weight_decay = max(ours.start_wd, ours.end_wd)
        near(ours.get_wd(), theirs.get_wd(), weight_decay)
        for mine, other in zip(ours.optimizer.param_groups, theirs.optimizer.param_groups, strict=True):
            assert list(mine) == list(other)
            same = set(mine) - {"lr", "weight_decay"}
            assert {key: mine[key] for key in same} == {key: other[key] for key in same}
            size = max(
                abs(ours.init_lr), *(abs(float(mine.get(name, getattr(ours, name)))) for name in ("max_lr", "min_lr"))
            )
            near(ours.get_lr(mine), theirs.get_lr(other), size)
            near(mine["lr"], other["lr"], size * abs(mine.get("lr_mult", 1.0)))
            near(mine["weight_decay"], other["weight_decay"], weight_decay * abs(mine.get("wd_mult", 1.0)))


def near(ours: float, theirs: float, size: float) -> None:
    assert abs(ours - theirs) <= 2e-15 * size


SETTINGS = 400
"""How many settings each test draws; those of the refusals draw ten times as many."""


def draws(name: str, count: int = SETTINGS) -> Iterator[random.Random]:
    return (random.Random(f"{name} {seed}") for seed in range(count))


def test_parameters_methods_and_attributes_have_the_same_names() -> None:
    for name, method in vars(Theirs).items():
        if callable(method) and (name == "__init__" or not name.startswith("_")):
            ours, theirs = (inspect.signature(getattr(one, name)).parameters.values() for one in (Ours, Theirs))
            assert [(one.name, one.kind, one.default) for one in ours] == [
                (one.name, one.kind, one.default) for one in theirs
            ]
    pair = Pair(random_settings(random.Random(1)), [{"lr": 0.1}])
    assert set(attributes(pair.ours)) == set(vars(pair.theirs))


def test_every_group_at_every_step() -> None:
    for rng in draws("step"):
        settings, groups = random_settings(rng), random_groups(rng)
        pair = Pair(settings, groups)
        pair.check()
        while pair.ours.num_steps <= settings["lr_decay_steps"] + 3:
            pair.step(rng.choice([0, 1, 1, 1, 2, 7]))
            pair.check()
        pair.step(-min(5, pair.ours.num_steps))
        pair.check()


def raised_by(action: Callable[[], Any]) -> Exception | None:
    try:
        action()
    except Exception as error:
        return error
    return None


def attributes(scheduler: Any) -> dict[str, Any]:
    return {name: value for name, value in vars(scheduler).items() if name != "_curves"}


def test_attributes_and_groups_that_change() -> None:
    for rng in draws("change", 100):
        pair = Pair(random_settings(rng), random_groups(rng))
        for _ in range(30):
            name, value = rng.choice([*random_settings(rng).items(), ("num_steps", rng.randint(0, 100))])
            index, groups = rng.randrange(len(pair.ours.optimizer.param_groups)), random_groups(rng)
            errors = []
            for scheduler in (pair.ours, pair.theirs):
                before = attributes(scheduler), [dict(group) for group in scheduler.optimizer.param_groups]
                setattr(scheduler, name, value)
                scheduler.optimizer.param_groups[index].update(copy.deepcopy(groups[0]))
                scheduler.optimizer.param_groups.extend(copy.deepcopy(groups[2:]))
                errors.append(raised_by(lambda scheduler=scheduler: scheduler.step(1)))
                if errors[0]:  # both go back, for NeMo may come upon it later
                    for attribute, earlier in before[0].items():
                        setattr(scheduler, attribute, earlier)
                    scheduler.optimizer.param_groups[:] = before[1]
            assert errors[0] or not errors[1], (errors, name, value)
            pair.check()


# ---- refusals ----

ODD_NUMBERS = [0, 1, -1, 0.1, 0.5, 1.5, 7, 20, 20.5, math.nan, math.inf, -math.inf, None, "0.1", "x", 10**30, True, [1]]
ODD_STYLES = ["linear", "WSD", "exponential", "x", None, 1]
ODD: dict[str, list[Any]] = {
    **dict.fromkeys(("init_lr", "max_lr", "min_lr", "start_wd", "end_wd"), ODD_NUMBERS),
    **dict.fromkeys(("lr_warmup_steps", "lr_decay_steps", "wd_incr_steps", "wsd_decay_steps"), ODD_NUMBERS),
    **dict.fromkeys(("lr_decay_style", "lr_wsd_decay_style", "wd_incr_style"), ODD_STYLES),
    "override_opt_param_scheduler": [True, False, None],
    "use_checkpoint_opt_param_scheduler": [True, False, None],
}
FINITE = ("init_lr", "max_lr", "min_lr", "start_wd", "end_wd", "lr_warmup_steps", "wsd_decay_steps")


def run_through(settings: dict[str, Any]) -> None:
    scheduler = Theirs(Optimizer([{"lr": 0.1}]), **settings)
    for _ in range(400):
        scheduler.step(1)


def is_infinite(settings: dict[str, Any]) -> bool:
    """Numbers that NeMo turns into infinite rates, or that are no numbers: lrvec refuses them all."""
    numbers = [value for value in settings.values() if isinstance(value, float)]
    infinite = [settings[name] for name in FINITE if isinstance(settings[name], float) and math.isinf(settings[name])]
    return bool(infinite) or any(map(math.isnan, numbers))


def test_refused_is_what_nemo_would_find_sooner_or_later() -> None:
    count = 0
    for rng in draws("refuse", 10 * SETTINGS):
        settings = random_settings(rng)
        for name in rng.sample(list(ODD), rng.randint(1, 2)):
            settings[name] = rng.choice(ODD[name])
        theirs = raised_by(lambda settings=settings: run_through(settings))
        groups = [{"lr": 0.1}]
        ours = raised_by(lambda settings=settings, groups=groups: Ours(Optimizer(groups), **settings))
        count += ours is not None
        if ours is None:
            assert theirs is None, (theirs, settings)
            continue
        assert groups == [{"lr": 0.1}]
        assert theirs is not None or is_infinite(settings), (ours, settings)
        assert isinstance(ours, TypeError) or (isinstance(ours, ValueError) and isinstance(ours, AssertionError))
        if type(theirs) in (Exception, AssertionError):  # with its wording, if it has one for what comes first
            assert str(theirs) in str(ours) or str(ours).partition(" ")[0] in settings, (ours, theirs)
    assert SETTINGS < count < 9 * SETTINGS


# ---- checkpoints ----


def renamed(state: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    """With older names for some of the keys, and sometimes without those of the weight decay."""
    older = {
        "max_lr": ["start_lr"],
        "lr_warmup_steps": ["warmup_iter", "warmup_steps"],
        "lr_decay_steps": ["end_iter", "decay_steps"],
        "lr_decay_style": ["decay_style"],
        "num_steps": ["num_iters"],
    }
    dropped = {"start_wd", "end_wd", "wd_incr_steps", "wd_incr_style"} if rng.random() < 0.2 else set()
    return {rng.choice([key, *older.get(key, [])]): value for key, value in state.items() if key not in dropped}


@pytest.mark.parametrize("policy", ["use", "override", "neither"])
def test_checkpoints_cross_both_ways(policy: str, caplog: pytest.LogCaptureFixture) -> None:
    policies = {
        "use_checkpoint_opt_param_scheduler": policy == "use",
        "override_opt_param_scheduler": policy == "override",
    }
    caplog.set_level(logging.INFO)
    outcomes = set()
    for rng in draws(policy):
        settings, groups = random_settings(rng), random_groups(rng)
        saved = Pair(settings, groups)
        saved.step(rng.randint(0, 150))
        loading = Pair({**(random_settings(rng) if rng.random() < 0.5 else settings), **policies}, groups)
        loading.step(rng.randint(0, 9))
        seed = rng.random()
        errors, logs = [], []
        for scheduler, source in ((loading.ours, saved.theirs), (loading.theirs, saved.ours)):
            caplog.clear()
            state = renamed(source.state_dict(), random.Random(seed))
            before = attributes(scheduler), copy.deepcopy(scheduler.optimizer.param_groups)
            errors.append(raised_by(lambda scheduler=scheduler, state=state: scheduler.load_state_dict(state)))
            logs.append([(record.levelname, record.getMessage()) for record in caplog.records])
            if errors[0] and scheduler is loading.ours:
                assert (attributes(scheduler), scheduler.optimizer.param_groups) == before
            elif not errors[-1]:
                scheduler.load_state_dict(state)
        ours, theirs = errors
        outcomes.add((ours is None, theirs is None))
        if ours is None:
            assert theirs is None
            assert logs[0] == logs[1]
            for _ in range(20):
                loading.check()
                loading.step(3)
        elif theirs is None:  # then NeMo comes upon it later, or would have earlier
            assert raised_by(lambda loading=loading: at_all_steps(loading.theirs)) is not None
        elif isinstance(theirs, AssertionError) and str(theirs):
            assert str(ours) == str(theirs)
    assert (True, True) in outcomes
    assert ((False, False) in outcomes) == (policy != "override")
    assert ((False, True) in outcomes) == (policy == "use")


def at_all_steps(scheduler: Any) -> None:
    for num_steps in range(400):
        scheduler.num_steps = num_steps
        scheduler.step(0)


def test_the_log_of_the_construction(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    settings = random_settings(random.Random(1))
    messages = []
    for scheduler in (Ours, Theirs):
        caplog.clear()
        scheduler(Optimizer([{"lr": 0.1}]), **settings)
        messages.append([(record.levelname, record.getMessage()) for record in caplog.records])
    assert messages[0] == messages[1]
    assert len(messages[0]) == 1
