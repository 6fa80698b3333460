"""These tests are about lrvec.nemo: the scheduler's values, its state and its refusals. tests/peers compares it with NeMo's
own class."""

from __future__ import annotations

import copy
import inspect
import logging
import math
import pickle
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from each import each
from kinds import RECORDS
from oracle import LAST_STEP, Exact, mp, ulp_error

import lrvec
from lrvec.nemo import MissingKeyError, OptimizerParamScheduler, SettingError

nan, inf = math.nan, math.inf


class Optimizer:
    def __init__(self, *groups: dict[str, Any]) -> None:
        self.param_groups = [{"lr": 0.1}] if not groups else list(groups)


SETTINGS: dict[str, Any] = {
    "init_lr": 0.0,
    "max_lr": 0.1,
    "min_lr": 0.01,
    "lr_warmup_steps": 10,
    "lr_decay_steps": 100,
    "lr_decay_style": "linear",
    "start_wd": 0.01,
    "end_wd": 0.1,
    "wd_incr_steps": 50,
    "wd_incr_style": "linear",
    "wsd_decay_steps": None,
    "lr_wsd_decay_style": None,
}


def settings_with(**others: Any) -> dict[str, Any]:
    return {**SETTINGS, **others}


def scheduler_with(*groups: dict[str, Any], **others: Any) -> OptimizerParamScheduler:
    return OptimizerParamScheduler(Optimizer(*groups), **settings_with(**others))


def written(scheduler: OptimizerParamScheduler) -> list[tuple[float, float]]:
    return [(group["lr"], group["weight_decay"]) for group in scheduler.optimizer.param_groups]


def state_of(scheduler: OptimizerParamScheduler) -> Any:
    """Everything that a refusal must leave as it was."""
    attributes = {name: value for name, value in vars(scheduler).items() if name != "_curves"}
    return attributes, copy.deepcopy(scheduler.optimizer.param_groups)


STYLES: list[dict[str, Any]] = [
    *({"lr_decay_style": style} for style in ("constant", "linear", "cosine", "inverse-square-root")),
    *(
        {"lr_decay_style": "WSD", "wsd_decay_steps": steps, "lr_wsd_decay_style": style}
        for style, steps in (
            ("linear", 30),
            ("cosine", 0),
            ("exponential", 90),
            ("minus_sqrt", 100),
            ("exponential", 5000),
        )
    ),
    {"lr_decay_style": "cosine", "lr_warmup_steps": 0, "init_lr": -0.1},
    {"lr_decay_style": "inverse-square-root", "lr_warmup_steps": 0, "lr_decay_steps": 200},
    {"lr_decay_style": "inverse-square-root", "lr_warmup_steps": 1, "min_lr": 0.0},
    {"lr_decay_style": "linear", "max_lr": 0.01, "init_lr": 0.01},
    {"lr_decay_style": "cosine", "lr_warmup_steps": 2000, "lr_decay_steps": 10**6, "wd_incr_steps": 10**6},
    {"wd_incr_style": "cosine", "start_wd": 0.0},
    {"wd_incr_style": "constant", "start_wd": 0.1, "wd_incr_steps": 0},
]
GROUPS: list[list[dict[str, Any]]] = [
    [{"lr": 0.1}],
    [{"lr": 0.1, "weight_decay": 0.1}, {"lr": 0.07, "weight_decay": 0.0}, {"lr": 0.2, "weight_decay": 0.03}],
    [{"lr": 0.1, "max_lr": 0.3}, {"lr": 0.1, "min_lr": 0.03, "lr_mult": 0.7}, {"lr": 0.1}, {"lr": 0.1, "max_lr": 0.3}],
    [{"lr": 0.1, "max_lr": 0.02, "min_lr": 0.05}, {"lr": 0.1, "max_lr": 0.0, "min_lr": 0.0, "wd_mult": 3}],
]
STEPS = [
    0,
    1,
    5,
    9,
    10,
    11,
    12,
    40,
    54,
    55,
    70,
    71,
    85,
    98,
    99,
    100,
    101,
    102,
    150,
    199,
    200,
    201,
    1000,
    10**6,
    LAST_STEP,
]
of_table = each([(style, groups) for style in STYLES for groups in GROUPS], lambda made: str(made[0]))


def made_of(style: dict[str, Any], groups: list[dict[str, Any]]) -> OptimizerParamScheduler:
    return scheduler_with(*copy.deepcopy(groups), **style)


# ---- values ----


@of_table
def test_within_four_ulp_of_the_formulas(made: tuple[dict[str, Any], list[dict[str, Any]]]) -> None:
    style, groups = made
    settings = settings_with(**style)
    rate = {name: settings[name] for name in inspect.signature(lrvec.megatron_lr).parameters}
    weight_decay = {name: settings[name] for name in ("start_wd", "end_wd", "wd_incr_steps", "wd_incr_style")}
    scheduler = made_of(style, groups)
    for step in STEPS:
        scheduler.num_steps = step
        scheduler.step(0)
        for group in scheduler.optimizer.param_groups:
            own = {name: group.get(name, rate[name]) for name in ("max_lr", "min_lr")}
            value, size = RECORDS["megatron_lr"].exact(step, **{**rate, **own})
            assert ulp_error(scheduler.get_lr(group), Exact(value, size)) <= 4.0
            mult = mp.mpf(group.get("lr_mult", 1.0))
            assert ulp_error(group["lr"], Exact(value * mult, size * mult)) <= 5.0
            value, size = RECORDS["megatron_wd"].exact(step, **weight_decay)
            assert ulp_error(scheduler.get_wd(), Exact(value, size)) <= 4.0
            mult = mp.mpf(group["wd_mult"])
            assert ulp_error(group["weight_decay"], Exact(value * mult, size * mult)) <= 5.0


@of_table
def test_a_matrix_has_the_bits_of_step(made: tuple[dict[str, Any], list[dict[str, Any]]]) -> None:
    style, groups = made
    scheduler = made_of(style, groups)
    before = state_of(scheduler)
    steps = range(300)
    ways: dict[str, tuple[Any, list[int]]] = {
        "range": (steps, list(steps)),
        "downwards": (range(299, -1, -7), list(range(299, -1, -7))),
        "list": (STEPS, STEPS),
        "strided": (np.array(STEPS * 2, np.uint64)[::2], (STEPS * 2)[::2]),
        "two axes": (np.array(STEPS[:24]).reshape(4, 6), STEPS[:24]),
    }
    got = {name: (scheduler.lr_matrix(asked), scheduler.wd_matrix(asked)) for name, (asked, _) in ways.items()}
    alone = {step: (scheduler.lr_matrix(step), scheduler.wd_matrix(step)) for step in STEPS}
    assert state_of(scheduler) == before
    count = len(groups)
    for name, (asked, listed) in ways.items():
        for matrix in got[name]:
            assert matrix.shape == (count, *np.shape(asked))
            assert matrix.dtype == np.float64
        rows = [matrix.reshape(count, -1).T.tolist() for matrix in got[name]]
        for i, step in enumerate(listed):
            scheduler.num_steps = step
            scheduler.step(0)
            assert written(scheduler) == list(zip(rows[0][i], rows[1][i], strict=True)), step
            if step in alone:
                assert written(scheduler) == list(zip(*(matrix.tolist() for matrix in alone[step]), strict=True))


@pytest.mark.parametrize("style", STYLES, ids=str)
def test_values_are_those_of_the_schedules(style: dict[str, Any]) -> None:
    settings = settings_with(**style)
    rate = lrvec.megatron_lr(
        **{name: settings[name] for name in settings if "wd_incr" not in name and name not in ("start_wd", "end_wd")}
    )
    weight_decay = lrvec.megatron_wd(
        **{name: settings[name] for name in ("start_wd", "end_wd", "wd_incr_steps", "wd_incr_style")}
    )
    scheduler = scheduler_with(**style)
    assert scheduler.lr_matrix(STEPS).tolist() == [rate(STEPS).tolist()]
    assert scheduler.wd_matrix(STEPS).tolist() == [weight_decay(STEPS).tolist()]


def test_many_groups_with_rates_of_their_own() -> None:
    groups = [{"lr": 0.1 * i, "weight_decay": 0.1, "max_lr": 0.1 + 0.001 * (i % 200)} for i in range(300)]
    for style in STYLES[:6]:
        scheduler = scheduler_with(*copy.deepcopy(groups), **style)
        rates, weight_decays = scheduler.lr_matrix(range(103)), scheduler.wd_matrix(range(103))
        for step in range(103):
            assert written(scheduler) == list(
                zip(rates[:, step].tolist(), weight_decays[:, step].tolist(), strict=True)
            )
            if step % 10 == 0:
                assert scheduler.lr_matrix([step])[:, 0].tolist() == rates[:, step].tolist()
                assert scheduler.wd_matrix([step])[:, 0].tolist() == weight_decays[:, step].tolist()
            scheduler.step(1)


@pytest.mark.parametrize("min_lr", [0.0, 0.02, 0.05, 0.1 / 3, 0.0999, 0.1])
@pytest.mark.parametrize("warmup_steps", [0, 1, 7, 100])
def test_the_inverse_square_root_stays_above_its_floor(warmup_steps: int, min_lr: float) -> None:
    plain = {"init_lr": 0.0, "max_lr": 0.1, "lr_warmup_steps": warmup_steps, "lr_decay_style": "inverse-square-root"}
    rates = lrvec.megatron_lr(**plain, min_lr=min_lr, lr_decay_steps=20_000)(range(warmup_steps + 1, 20_001))
    free = lrvec.megatron_lr(**plain, min_lr=0.0, lr_decay_steps=20_000)(range(warmup_steps + 1, 20_001))
    assert (rates >= min_lr).all()
    assert (np.abs(rates - np.maximum(free, min_lr)) <= 2.0 * np.spacing(min_lr)).all()
    sweep = lrvec.megatron_lr(**{**plain, "lr_decay_steps": 20_000, "min_lr": [min_lr, 0.0]})
    assert (sweep(range(warmup_steps + 1, 20_001)) == [rates, free]).all()


@pytest.mark.parametrize("decay_steps", [10**6, 2**53 - 1, 2**53])
@pytest.mark.parametrize("ratio", [2.0**-24, 2.0**-20, 3e-8, 1e-5, 0.7])
def test_a_floor_met_late(decay_steps: int, ratio: float) -> None:
    schedule = lrvec.megatron_lr(
        init_lr=0.0,
        max_lr=0.1,
        min_lr=0.1 * ratio,
        lr_warmup_steps=9,
        lr_decay_steps=decay_steps,
        lr_decay_style="inverse-square-root",
    )
    crossing = min(int(9 / ratio**2), decay_steps)
    steps = np.unique(np.clip(crossing + np.arange(-40, 40), 10, LAST_STEP))
    for step, rate in zip(steps.tolist(), schedule(steps).tolist(), strict=True):
        exact = (
            max(mp.mpf(0.1) * 3 / mp.sqrt(step), mp.mpf(0.1 * ratio)) if step <= decay_steps else mp.mpf(0.1 * ratio)
        )
        assert ulp_error(rate, Exact(exact, exact)) <= 4.0
        assert rate >= 0.1 * ratio


# ---- multipliers ----


LR_MULTIPLIERS: list[tuple[list[Any], list[Any]]] = [
    ([0.1], [1.0]),
    ([0.5, 0.25, 2], [1.0, 0.5, 4.0]),
    ([0.3, 0.1], [1.0, 0.1 / 0.3]),
    ([0.0, 0.5], [1.0, 1.0]),
    ([None, 0.5], [1.0, 1.0]),
    ([0.5, None], [1.0, 1.0]),
    ([0.5, "0.25", "x"], [1.0, 0.5, 1.0]),
]
WD_MULTIPLIERS: list[tuple[list[dict[str, Any]], list[Any]]] = [
    ([{}], [1.0]),
    ([{}, {"weight_decay": 0.5}], [1.0, 1.0]),
    ([{"weight_decay": 0.5}, {"weight_decay": 0.0}, {}], [1.0, 0.0, 0.0]),
    ([{"weight_decay": 0.5}, {"weight_decay": None}, {"weight_decay": "0.25"}], [1.0, 1.0, 0.5]),
    ([{"weight_decay": 0.5}, {"weight_decay": 0.1, "wd_mult": 7}, {"weight_decay": 0.1}], [1.0, 7, 0.2]),
    ([{"weight_decay": 0.5, "max_lr": 0.2}, {"weight_decay": 0.25, "min_lr": 0.0}], [1.0, 0.5]),
]


@pytest.mark.parametrize(("rates", "multipliers"), LR_MULTIPLIERS, ids=str)
def test_rates_of_groups_become_multipliers(rates: list[Any], multipliers: list[Any]) -> None:
    groups = scheduler_with(*({"lr": rate} for rate in rates)).optimizer.param_groups
    assert [group["lr_mult"] for group in groups] == multipliers


@pytest.mark.parametrize(("groups", "multipliers"), WD_MULTIPLIERS, ids=str)
def test_weight_decays_of_groups_become_multipliers(groups: list[dict[str, Any]], multipliers: list[Any]) -> None:
    found = scheduler_with(*({"lr": 0.1, **group} for group in groups)).optimizer.param_groups
    assert [group["wd_mult"] for group in found] == multipliers


def test_groups_with_rates_or_multipliers_of_their_own_keep_them() -> None:
    groups = [{"lr": 0.5, "lr_mult": 3}, {"lr": 0.25}, {"lr": 0.1, "max_lr": 0.2}, {"lr": 0.1, "min_lr": 0.0}]
    found = scheduler_with(*groups).optimizer.param_groups
    assert [group.get("lr_mult") for group in found] == [3, 0.5, None, None]


def test_multipliers_stay() -> None:
    """A second scheduler on the same groups finds rates that the first one wrote, and multipliers to go by."""
    optimizer = Optimizer({"lr": 0.5, "weight_decay": 0.1}, {"lr": 0.25, "weight_decay": 0.0})
    for _ in range(2):
        scheduler = OptimizerParamScheduler(optimizer, **SETTINGS)
        scheduler.step(5)
        assert [(group["lr_mult"], group["wd_mult"]) for group in optimizer.param_groups] == [(1.0, 1.0), (0.5, 0.0)]
        assert optimizer.param_groups[1]["lr"] == 0.5 * optimizer.param_groups[0]["lr"]


# ---- changes in the middle of a run ----

CHANGES: list[dict[str, Any]] = [
    {"num_steps": 70},
    {"max_lr": 0.5},
    {"min_lr": 0.05},
    {"min_lr": 0.5},
    {"init_lr": 0.05, "num_steps": 5},
    {"lr_warmup_steps": 40},
    {"lr_warmup_steps": 200, "num_steps": 150},
    {"lr_decay_steps": 30},
    {"lr_decay_style": "cosine"},
    {"lr_decay_style": "WSD", "wsd_decay_steps": 80, "lr_wsd_decay_style": "exponential"},
    {"start_wd": 0.05},
    {"end_wd": 0.5},
    {"wd_incr_steps": 1000},
    {"wd_incr_style": "cosine"},
]


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_an_attribute_takes_effect(change: dict[str, Any]) -> None:
    groups = GROUPS[2]
    scheduler = made_of({}, groups)
    scheduler.step(30)
    before = written(scheduler)
    for name, value in change.items():
        setattr(scheduler, name, value)
    assert written(scheduler) == before
    assert [getattr(scheduler, name) for name in change] == list(change.values())
    num_steps = change.get("num_steps", 30)
    matrices = scheduler.lr_matrix([num_steps, num_steps + 1]), scheduler.wd_matrix([num_steps, num_steps + 1])
    rates = [scheduler.get_lr(group) * group.get("lr_mult", 1.0) for group in scheduler.optimizer.param_groups]
    assert rates == matrices[0][:, 0].tolist()
    scheduler.step(1)
    assert scheduler.num_steps == num_steps + 1
    assert written(scheduler) == list(zip(*(matrix[:, 1].tolist() for matrix in matrices), strict=True))
    assert written(scheduler) != before
    if change not in ({"min_lr": 0.5}, {"lr_warmup_steps": 200, "num_steps": 150}):  # which no construction takes
        fresh = made_of({name: value for name, value in change.items() if name != "num_steps"}, groups)
        fresh.step(num_steps + 1)
        assert written(fresh) == written(scheduler)


def test_another_optimizer_takes_effect() -> None:
    scheduler = scheduler_with()
    scheduler.optimizer = Optimizer({"lr": 7.0, "lr_mult": 2.0}, {"max_lr": 1.0})
    scheduler.step(10)
    assert [group["lr"] for group in scheduler.optimizer.param_groups] == [0.2, 1.0]


@pytest.mark.parametrize(
    ("change", "rates"),
    [
        (lambda groups: groups[0].update(lr_mult=0.5), [0.05, 0.1]),
        (lambda groups: groups[0].update(lr_mult=0), [0.0, 0.1]),
        (lambda groups: groups[0].update(lr_mult=np.float64(0.5)), [0.05, 0.1]),
        (lambda groups: groups[1].pop("lr_mult"), [0.1, 0.1]),
        (lambda groups: groups[1].update(max_lr=0.4), [0.1, 0.4]),
        (lambda groups: groups[1].update(max_lr="0.4"), [0.1, 0.4]),
        (lambda groups: groups[1].update(max_lr=np.float32(0.5)), [0.1, 0.5]),
        (lambda groups: groups[1].update(max_lr=1), [0.1, 1.0]),
        (lambda groups: groups.append({"lr": 5.0}), [0.1, 0.1, 0.1]),
        (lambda groups: groups.append({"max_lr": 0.3, "lr_mult": 2.0}), [0.1, 0.1, 0.6]),
        (lambda groups: groups.insert(0, {"max_lr": 0.3, "lr_mult": 2.0}), [0.6, 0.1, 0.1]),
        (lambda groups: groups.pop(), [0.1]),
        (lambda groups: groups.clear(), []),
        (lambda groups: groups.reverse(), [0.1, 0.1]),
    ],
)
def test_a_change_of_the_groups_takes_effect(
    change: Callable[[list[dict[str, Any]]], None], rates: list[float]
) -> None:
    scheduler = scheduler_with({"lr": 0.1}, {"lr": 0.1})
    groups = scheduler.optimizer.param_groups
    scheduler.step(9)
    change(groups)
    scheduler.step(1)
    assert [group["lr"] for group in groups] == rates
    for group in groups:
        group.update(max_lr=0.1, lr_mult=1.0)
    scheduler.step(0)
    assert [group["lr"] for group in groups] == [0.1] * len(groups)
    for group in groups:
        del group["max_lr"]
    scheduler.max_lr = 0.2
    scheduler.step(0)
    assert [group["lr"] for group in groups] == [0.2] * len(groups)


class Number:
    """One that changes in place, as a tensor does."""

    def __init__(self, value: float) -> None:
        self.value = value

    def __float__(self) -> float:
        return self.value

    def __rmul__(self, other: float) -> float:
        return other * self.value


def test_numbers_that_change_in_place_take_effect() -> None:
    rate, multiplier = Number(0.4), Number(1.0)
    scheduler = scheduler_with({"lr": 0.1}, {"lr": 0.1, "max_lr": rate, "lr_mult": multiplier}, {"lr": 0.1})
    scheduler.num_steps = 10
    for value, factor in ((0.4, 1.0), (0.2, 1.0), (0.2, 3.0), (0.5, 0.5)):
        rate.value, multiplier.value = value, factor
        scheduler.step(0)
        assert [group["lr"] for group in scheduler.optimizer.param_groups] == [0.1, value * factor, 0.1]


class Groups(dict):  # type: ignore[type-arg]
    """A dict of a class of its own."""


def test_groups_of_a_class_of_their_own() -> None:
    scheduler = scheduler_with(Groups(lr=0.1), {"lr": 0.2}, Groups(lr=0.1, max_lr=0.3))
    scheduler.step(10)
    assert [group["lr"] for group in scheduler.optimizer.param_groups] == [0.1, 0.2, 0.3]


def test_what_others_wrote_is_overwritten() -> None:
    scheduler = scheduler_with(
        {"lr": 0.1, "max_lr": 0.0}, lr_decay_style="constant", wd_incr_style="constant", start_wd=0.1
    )
    for lr, weight_decay in ((1.0, 1.0), (-0.0, 0.1), (0, None), ("x", nan), (True, np.float64(0.1))):
        scheduler.optimizer.param_groups[0].update(lr=lr, weight_decay=weight_decay)
        scheduler.step(20)
        assert repr(written(scheduler)) == "[(0.0, 0.1)]"
        del scheduler.optimizer.param_groups[0]["lr"]
        scheduler.step(20)
        assert repr(written(scheduler)) == "[(0.0, 0.1)]"


def test_settings_that_will_not_do_are_refused_at_the_next_use() -> None:
    scheduler = scheduler_with(*GROUPS[2])
    scheduler.step(20)
    for name, bad, exception, message in (
        ("max_lr", nan, SettingError, "max_lr must be a finite number, received nan"),
        ("min_lr", None, TypeError, "min_lr must be a finite number, received None"),
        ("lr_decay_style", "linaer", SettingError, "linaer decay style is not supported. "),
        ("wd_incr_style", "up", SettingError, "up weight decay increment style is not supported. "),
    ):
        good = getattr(scheduler, name)
        setattr(scheduler, name, bad)
        before = state_of(scheduler)
        for use in (
            lambda: scheduler.step(1),
            lambda: scheduler.get_lr({}),
            scheduler.get_wd,
            lambda: scheduler.lr_matrix([1]),
        ):
            with pytest.raises(exception) as caught:
                use()
            assert str(caught.value).startswith(message)
        assert repr(state_of(scheduler)) == repr(before)  # nan is not nan
        setattr(scheduler, name, good)
    scheduler.step(1)
    assert scheduler.num_steps == 21


@pytest.mark.parametrize(
    ("key", "bad", "exception", "message"),
    [
        ("lr_mult", "x", TypeError, "lr_mult of param_groups[1] must be a number, received 'x'"),
        ("wd_mult", None, TypeError, "wd_mult of param_groups[1] must be a number, received None"),
        ("max_lr", None, TypeError, "max_lr of param_groups[1] must be a finite number, received None"),
        ("max_lr", "fast", SettingError, "max_lr of param_groups[1] must be a finite number, received 'fast'"),
        ("min_lr", nan, SettingError, "min_lr of param_groups[1] must be a finite number, received nan"),
        ("min_lr", -inf, SettingError, "min_lr of param_groups[1] must be a finite number, received -inf"),
    ],
)
def test_a_group_that_will_not_do_leaves_all_as_it_was(
    key: str, bad: Any, exception: type[Exception], message: str
) -> None:
    scheduler = scheduler_with({"lr": 0.1}, {"lr": 0.1}, {"lr": 0.1})
    scheduler.step(20)
    scheduler.optimizer.param_groups[0]["lr"] = 7.0
    scheduler.optimizer.param_groups[1][key] = bad
    before = repr(state_of(scheduler))
    for use in (lambda: scheduler.step(5), lambda: scheduler.lr_matrix([1]), lambda: scheduler.wd_matrix(3)):
        with pytest.raises(exception) as caught:
            use()
        assert str(caught.value) == message
        assert repr(state_of(scheduler)) == before
    with pytest.raises(exception) as caught:
        OptimizerParamScheduler(scheduler.optimizer, **SETTINGS)
    assert str(caught.value) == message
    assert repr(state_of(scheduler)) == before


# ---- steps ----


def test_increments() -> None:
    scheduler = scheduler_with()
    for increment, num_steps in (
        (3, 3),
        (np.int32(4), 7),
        (True, 8),
        (2.0, 10),
        (-4, 6),
        (0, 6),
        (-6, 0),
        (LAST_STEP, LAST_STEP),
    ):
        scheduler.step(increment)
        assert scheduler.num_steps == num_steps
        assert type(scheduler.num_steps) is int
        assert written(scheduler) == [(scheduler.get_lr({}), scheduler.get_wd())]


@pytest.mark.parametrize(
    ("increment", "message"),
    [
        (-6, "increment must keep num_steps in 0 ... 2**53, received -6 at num_steps=5"),
        (2**53, f"increment must keep num_steps in 0 ... 2**53, received {2**53} at num_steps=5"),
        (0.5, "increment must be an integer, received 0.5"),
        (nan, "increment must be an integer, received nan"),
        ("1", "increment must be an integer, received '1'"),
        (None, "increment must be an integer, received None"),
        ([1], "increment must be an integer, received [1]"),
    ],
)
def test_increments_that_are_refused(increment: Any, message: str) -> None:
    scheduler = scheduler_with()
    scheduler.step(5)
    before = state_of(scheduler)
    with pytest.raises(SettingError) as caught:
        scheduler.step(increment)
    assert str(caught.value) == message
    assert state_of(scheduler) == before


@pytest.mark.parametrize("value", [-1, 2**53 + 1, 0.5, nan, "3", None])
def test_a_step_that_is_none_cannot_be_assigned(value: Any) -> None:
    scheduler = scheduler_with()
    with pytest.raises(SettingError, match=r"^num_steps must be "):
        scheduler.num_steps = value
    assert scheduler.num_steps == 0


def test_steps_of_matrices_are_checked() -> None:
    scheduler = scheduler_with(*GROUPS[2])
    for matrix in (scheduler.lr_matrix, scheduler.wd_matrix):
        for bad in (-1, [1, -1], range(-1, 3), 2**53 + 1, np.zeros(3), "3", None, 1.5):
            with pytest.raises(ValueError, match=r"^steps? "):
                matrix(bad)
        assert matrix([]).shape == (4, 0)


# ---- construction ----

ONE_OF_THE_STYLES = "lr_decay_style must be one of ('constant', 'linear', 'cosine', 'inverse-square-root', 'WSD')"
ONE_OF_THE_WSD_STYLES = "lr_wsd_decay_style must be one of ('linear', 'cosine', 'exponential', 'minus_sqrt')"
REFUSED: list[tuple[dict[str, Any], type[Exception], str]] = [
    ({"min_lr": -0.1}, SettingError, "min_lr must be non-negative, received -0.1"),
    ({"min_lr": nan}, SettingError, "min_lr must be a finite number, received nan"),
    ({"min_lr": 0.2}, SettingError, "max_lr must be at least min_lr, received max_lr=0.1, min_lr=0.2"),
    ({"init_lr": 0.2}, SettingError, "init_lr must be at most max_lr, received init_lr=0.2, max_lr=0.1"),
    ({"init_lr": None}, TypeError, "init_lr must be a finite number, received None"),
    ({"init_lr": "0.1"}, TypeError, "init_lr must be a finite number, received '0.1'"),
    ({"max_lr": "fast"}, SettingError, "max_lr must be a finite number, received 'fast'"),
    ({"max_lr": inf}, SettingError, "max_lr must be a finite number, received inf"),
    ({"max_lr": [0.1]}, TypeError, "max_lr must be a finite number, received [0.1]"),
    ({"lr_decay_steps": 0}, SettingError, "lr_decay_steps must be positive, received 0"),
    ({"lr_decay_steps": nan}, SettingError, "lr_decay_steps must be a number of steps, received nan"),
    ({"lr_decay_steps": "100"}, TypeError, "lr_decay_steps must be a number of steps, received '100'"),
    (
        {"lr_decay_steps": 10},
        SettingError,
        "lr_warmup_steps must be less than lr_decay_steps, received lr_warmup_steps=10, lr_decay_steps=10",
    ),
    ({"lr_warmup_steps": -inf}, SettingError, "lr_warmup_steps must be finite, received -inf"),
    (
        {"lr_decay_style": "linaer"},
        SettingError,
        f"linaer decay style is not supported. {ONE_OF_THE_STYLES}, received 'linaer'",
    ),
    ({"lr_decay_style": None}, SettingError, f"None decay style is not supported. {ONE_OF_THE_STYLES}, received None"),
    (
        {"lr_decay_style": "WSD"},
        SettingError,
        "wsd_decay_steps must be given where lr_decay_style is 'WSD', received None",
    ),
    (
        {"lr_decay_style": "WSD", "wsd_decay_steps": nan},
        SettingError,
        "wsd_decay_steps must be a number of steps, received nan",
    ),
    ({"lr_decay_style": "WSD", "wsd_decay_steps": inf}, SettingError, "wsd_decay_steps must be finite, received inf"),
    (
        {"lr_decay_style": "WSD", "wsd_decay_steps": 5},
        SettingError,
        f"{ONE_OF_THE_WSD_STYLES}, received None",
    ),
    (
        {"lr_decay_style": "WSD", "wsd_decay_steps": 5, "lr_wsd_decay_style": "sqrt"},
        SettingError,
        f"{ONE_OF_THE_WSD_STYLES}, received 'sqrt'",
    ),
    ({"start_wd": -0.1}, SettingError, "start_wd must be non-negative, received -0.1"),
    ({"end_wd": 0.001}, SettingError, "end_wd must be at least start_wd, received end_wd=0.001, start_wd=0.01"),
    ({"end_wd": inf}, SettingError, "end_wd must be a finite number, received inf"),
    (
        {"wd_incr_style": "constant"},
        SettingError,
        "start_wd and end_wd must be the same where wd_incr_style is 'constant', received start_wd=0.01, end_wd=0.1",
    ),
    (
        {"wd_incr_style": "up"},
        SettingError,
        "up weight decay increment style is not supported. "
        "wd_incr_style must be one of ('constant', 'linear', 'cosine'), received 'up'",
    ),
    ({"wd_incr_steps": 0}, SettingError, "wd_incr_steps must be positive where wd_incr_style is 'linear', received 0"),
    ({"wd_incr_steps": None}, TypeError, "wd_incr_steps must be a number of steps, received None"),
    (
        {"override_opt_param_scheduler": True},
        SettingError,
        "both override and use-checkpoint are set. At most one may be, received override_opt_param_scheduler=True, "
        "use_checkpoint_opt_param_scheduler=True",
    ),
]


@pytest.mark.parametrize(("settings", "exception", "message"), REFUSED, ids=str)
def test_settings_that_are_refused(settings: dict[str, Any], exception: type[Exception], message: str) -> None:
    optimizer = Optimizer({"lr": 0.1, "weight_decay": 0.1}, {"lr": 0.2})
    policies = {"use_checkpoint_opt_param_scheduler": True, "override_opt_param_scheduler": False}
    with pytest.raises(exception) as caught:
        OptimizerParamScheduler(optimizer, **{**SETTINGS, **policies, **settings})
    assert str(caught.value) == message
    assert optimizer.param_groups == [{"lr": 0.1, "weight_decay": 0.1}, {"lr": 0.2}]


def test_what_is_raised_is_what_code_for_nemo_catches() -> None:
    assert issubclass(SettingError, ValueError)
    assert issubclass(SettingError, AssertionError)
    assert issubclass(MissingKeyError, ValueError)
    assert issubclass(MissingKeyError, KeyError)
    code = "\n".join(
        (
            "from lrvec.nemo import OptimizerParamScheduler",
            "class Optimizer: param_groups = [{'lr': 0.1}]",
            "try: OptimizerParamScheduler(Optimizer, 0.0, 0.1, 0.2, 1, 9, 'linear', 0.1, 0.1, 1, 'constant')",
            "except AssertionError as error: print(error)",
        )
    )
    run = subprocess.run([sys.executable, "-O", "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "max_lr must be at least min_lr, received max_lr=0.1, min_lr=0.2\n"


ACCEPTED: list[tuple[dict[str, Any], dict[int, tuple[float, float]]]] = [
    # what is never asked for may be anything
    ({"wd_incr_steps": -1, "wd_incr_style": "up"}, {0: (0.0, 0.1), 55: (0.055, 0.1)}),
    ({"wd_incr_steps": 0, "wd_incr_style": "constant", "start_wd": 0.1}, {0: (0.0, 0.1)}),
    ({"wsd_decay_steps": "x", "lr_wsd_decay_style": "x"}, {55: (0.055, 0.1)}),
    ({"lr_decay_style": "WSD", "wsd_decay_steps": 0, "lr_wsd_decay_style": "x"}, {100: (0.1, 0.1), 101: (0.01, 0.1)}),
    ({"lr_decay_style": "WSD", "wsd_decay_steps": -7}, {100: (0.1, 0.1), 101: (0.01, 0.1)}),
    ({"lr_decay_style": "x", "lr_warmup_steps": 0.5, "lr_decay_steps": 0.75}, {0: (0.0, 0.01), 1: (0.01, 0.0118)}),
    # numbers of all sorts
    ({"max_lr": "0.1", "init_lr": 0, "min_lr": True, "lr_decay_style": "constant"}, {}),
    ({"lr_warmup_steps": np.int64(10), "lr_decay_steps": 1e2, "max_lr": np.float64(0.1)}, {55: (0.055, 0.1)}),
    ({"lr_warmup_steps": 0, "init_lr": -3.0}, {0: (0.1, 0.01), 50: (0.055, 0.1)}),
    ({"lr_warmup_steps": -100}, {0: (0.055, 0.01), 50: (0.0325, 0.1)}),
    (
        {"lr_warmup_steps": 2.5, "lr_decay_steps": 4.5},
        {1: (0.04, 0.0118), 3: (0.0775, 0.0154), 4: (0.0325, 0.0172), 5: (0.01, 0.019)},
    ),
    (
        {"lr_decay_style": "WSD", "wsd_decay_steps": 1.5, "lr_wsd_decay_style": "linear"},
        {98: (0.1, 0.1), 99: (0.07, 0.1)},
    ),
    (
        {"lr_decay_style": "WSD", "wsd_decay_steps": 400, "lr_wsd_decay_style": "linear"},
        {11: (0.030025, 0.0298), 60: (0.019, 0.1)},
    ),
    ({"lr_decay_steps": inf, "wd_incr_steps": inf}, {5: (0.05, 0.01), LAST_STEP: (0.1, 0.01)}),
    ({"lr_decay_steps": 10**400, "wd_incr_steps": sys.maxsize}, {5: (0.05, 0.01), 10**9: (0.1, 0.01)}),
    ({"lr_decay_steps": inf, "lr_decay_style": "inverse-square-root"}, {40: (0.05, 0.082), 10**9: (0.01, 0.1)}),
]


@pytest.mark.parametrize(("settings", "values"), ACCEPTED, ids=str)
def test_what_nemo_accepts_and_runs_is_not_refused(
    settings: dict[str, Any], values: dict[int, tuple[float, float]]
) -> None:
    settings = {**settings, "max_lr": 2.0} if settings.get("min_lr") is True else settings
    scheduler = scheduler_with(**settings)
    for step, (lr, weight_decay) in values.items():
        scheduler.num_steps = step
        assert scheduler.get_lr({}) == pytest.approx(lr, rel=1e-14, abs=0.0)
        assert scheduler.get_wd() == pytest.approx(weight_decay, rel=1e-7 if step == 10**9 else 1e-14, abs=0.0)
        scheduler.step(0)
        assert written(scheduler) == [(scheduler.lr_matrix(step)[0], scheduler.wd_matrix([step])[0, 0])]


def test_fractions_of_steps_have_one_set_of_bits() -> None:
    groups = [{"lr": 0.1}, {"lr": 0.1, "max_lr": 0.3}]
    for style in STYLES[:9]:
        scheduler = made_of({**style, "lr_warmup_steps": 10.3, "lr_decay_steps": 1000.7, "wd_incr_steps": 70.1}, groups)
        if scheduler.wsd_decay_steps:
            scheduler.wsd_decay_steps += 0.1
        rates, weight_decays = scheduler.lr_matrix(range(1010)), scheduler.wd_matrix(range(1010))
        for step in range(1010):
            scheduler.num_steps = step
            scheduler.step(0)
            assert written(scheduler) == list(
                zip(rates[:, step].tolist(), weight_decays[:, step].tolist(), strict=True)
            )
            if step % 10 == 0:
                assert scheduler.lr_matrix([step])[:, 0].tolist() == rates[:, step].tolist()
                assert scheduler.wd_matrix([step])[:, 0].tolist() == weight_decays[:, step].tolist()


class Bare:
    pass


def test_what_is_no_optimizer() -> None:
    for optimizer in (None, Bare(), [{"lr": 0.1}], Optimizer):
        with pytest.raises(TypeError, match=r"^optimizer must have param_groups, a list of dicts, received "):
            OptimizerParamScheduler(optimizer, **SETTINGS)
    for groups, exception, message in (
        ([], SettingError, "param_groups of the optimizer must hold at least one group, received none"),
        ([{"lr": 0.1}, None], TypeError, "param_groups[1] must be a dict, received None"),
        ([{"lr": 0.1}, {"params": []}], MissingKeyError, "param_groups[1] must have the key 'lr', received ['params']"),
    ):
        optimizer = Bare()
        optimizer.param_groups = copy.deepcopy(groups)  # type: ignore[attr-defined]
        with pytest.raises(exception) as caught:
            OptimizerParamScheduler(optimizer, **SETTINGS)
        assert str(caught.value) == message
        assert optimizer.param_groups == groups  # type: ignore[attr-defined]
    optimizer = Bare()
    optimizer.param_groups = ({"lr": 0.1}, {"lr": 0.2})  # type: ignore[attr-defined]
    scheduler = OptimizerParamScheduler(optimizer, **SETTINGS)
    scheduler.step(10)
    assert [group["lr"] for group in optimizer.param_groups] == [0.1, 0.2]  # type: ignore[attr-defined]


def test_get_lr_and_get_wd_are_not_to_be_overridden() -> None:
    for name in ("get_lr", "get_wd"):
        with pytest.raises(
            TypeError, match=f"^{name} must stay as it is, for step does not call it, received one of Own$"
        ):
            type("Own", (OptimizerParamScheduler,), {name: lambda self, group=None: 0.0})
    own = type("Own", (OptimizerParamScheduler,), {"step": lambda self, increment: None})
    assert own(Optimizer(), **SETTINGS).num_steps == 0


def test_repr() -> None:
    scheduler = scheduler_with(lr_decay_style="WSD", wsd_decay_steps=7, lr_wsd_decay_style="cosine")
    scheduler.step(3)
    assert repr(scheduler).splitlines() == [
        "OptimizerParamScheduler(",
        "    optimizer: Optimizer",
        "    learning_rate:",
        "        init_lr: 0.0",
        "        max_lr: 0.1",
        "        min_lr: 0.01",
        "        warmup_steps: 10",
        "        decay_steps: 100",
        "        decay_style: WSD",
        "        wsd_decay_steps: 7",
        "        lr_wsd_decay_style: cosine",
        "    weight_decay:",
        "        start_wd: 0.01",
        "        end_wd: 0.1",
        "        incr_steps: 50",
        "        incr_style: linear",
        "    current_step: 3",
        ")",
    ]
    scheduler.lr_decay_style = "linear"
    assert "wsd" not in repr(scheduler)


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda scheduler: pickle.loads(pickle.dumps(scheduler))])
def test_copies_go_on_by_themselves(duplicate: Callable[[Any], Any]) -> None:
    scheduler = scheduler_with(*copy.deepcopy(GROUPS[2]))
    scheduler.step(20)
    other = duplicate(scheduler)
    assert state_of(other)[1] == state_of(scheduler)[1]
    before = state_of(scheduler)
    other.step(7)
    assert state_of(scheduler) == before
    scheduler.step(7)
    assert written(scheduler) == written(other)


def test_nothing_heavy_is_imported() -> None:
    code = "\n".join(
        (
            "import sys",
            "from lrvec.nemo import OptimizerParamScheduler",
            "class Optimizer: param_groups = [{'lr': 0.1}]",
            "s = OptimizerParamScheduler(Optimizer, 0.0, 0.1, 0.01, 1, 9, 'inverse-square-root', 0.0, 0.1, 1, 'linear')",
            "s.step(3); s.load_state_dict(s.state_dict())",
            "print({'numpy', 'torch', 'jax'} & set(sys.modules))",
        )
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "set()\n"


# ---- checkpoints ----

KEYS = [
    "max_lr",
    "lr_warmup_steps",
    "num_steps",
    "lr_decay_style",
    "lr_decay_steps",
    "min_lr",
    "start_wd",
    "end_wd",
    "wd_incr_style",
    "wd_incr_steps",
]
OLDER = {
    "start_lr": "max_lr",
    "warmup_iter": "lr_warmup_steps",
    "warmup_steps": "lr_warmup_steps",
    "end_iter": "lr_decay_steps",
    "decay_steps": "lr_decay_steps",
    "decay_style": "lr_decay_style",
    "num_iters": "num_steps",
}
LOGGED = {
    "max_lr": "learning rate",
    "min_lr": "minimum learning rate",
    "lr_warmup_steps": "warmup iterations",
    "lr_decay_steps": "total number of iterations",
    "lr_decay_style": "learning rate decay style",
    "start_wd": "start weight decay",
    "end_wd": "end weight decay",
    "wd_incr_steps": "total number of weight decay iterations",
    "wd_incr_style": "weight decay incr style",
}
OTHER = {
    "max_lr": 0.7,
    "min_lr": 0.3,
    "lr_warmup_steps": 4,
    "lr_decay_steps": 60,
    "lr_decay_style": "cosine",
    "start_wd": 0.2,
    "end_wd": 0.4,
    "wd_incr_steps": 80,
    "wd_incr_style": "cosine",
}
USE = {"use_checkpoint_opt_param_scheduler": True, "override_opt_param_scheduler": False}
OVERRIDE = {"use_checkpoint_opt_param_scheduler": False, "override_opt_param_scheduler": True}
NEITHER = {"use_checkpoint_opt_param_scheduler": False, "override_opt_param_scheduler": False}


def saved_at(step: int) -> tuple[OptimizerParamScheduler, dict[str, Any]]:
    scheduler = scheduler_with(*copy.deepcopy(GROUPS[1]), **OTHER)
    scheduler.step(step)
    return scheduler, scheduler.state_dict()


def test_a_state_has_the_keys_and_values_of_nemo() -> None:
    _, state = saved_at(33)
    assert list(state) == KEYS
    assert state == {**OTHER, "num_steps": 33}


@pytest.mark.parametrize("older", [None, *OLDER])
def test_a_checkpoint_is_restored_before_the_groups_are_written(older: str | None) -> None:
    source, state = saved_at(33)
    if older is not None:
        state = {older if key == OLDER[older] else key: value for key, value in state.items()}
    scheduler = scheduler_with(*copy.deepcopy(GROUPS[1]), **USE)
    scheduler.step(7)
    for _ in range(2):
        scheduler.load_state_dict(state)
        assert scheduler.state_dict() == source.state_dict()
        assert written(scheduler) == written(source)
    for _ in range(40):
        scheduler.step(1)
        source.step(1)
        assert written(scheduler) == written(source)


def test_older_keys_come_first() -> None:
    scheduler = scheduler_with()
    state = {**scheduler.state_dict(), "start_lr": 0.3, "warmup_steps": 20, "warmup_iter": 21, "num_iters": 5}
    scheduler.load_state_dict(state)
    assert (scheduler.max_lr, scheduler.lr_warmup_steps, scheduler.num_steps) == (0.3, 21, 5)


def test_the_weight_decay_may_be_absent() -> None:
    _, state = saved_at(33)
    scheduler = scheduler_with()
    scheduler.load_state_dict({key: value for key, value in state.items() if "wd" not in key})
    assert (scheduler.start_wd, scheduler.end_wd, scheduler.wd_incr_steps) == (0.01, 0.1, 50)
    assert (scheduler.max_lr, scheduler.num_steps) == (0.7, 33)


def test_a_checkpoint_may_be_overridden(caplog: pytest.LogCaptureFixture) -> None:
    _, state = saved_at(33)
    scheduler = scheduler_with(*copy.deepcopy(GROUPS[1]), **OVERRIDE)
    kept = scheduler.state_dict()
    with caplog.at_level(logging.INFO):
        scheduler.load_state_dict(state)
    assert scheduler.state_dict() == {**kept, "num_steps": 33}
    assert written(scheduler) == list(
        zip(scheduler.lr_matrix(33).tolist(), scheduler.wd_matrix(33).tolist(), strict=True)
    )
    assert [record.getMessage() for record in caplog.records] == [
        f"overriding {label} value to {kept[name]}" for name, label in LOGGED.items()
    ]


def test_what_the_log_says(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        scheduler = scheduler_with(**USE)
    assert [record.getMessage() for record in caplog.records] == ["learning rate decay style: linear"]
    caplog.clear()
    _, state = saved_at(33)
    caplog.clear()
    with caplog.at_level(logging.INFO):
        scheduler.load_state_dict(state)
    assert {(record.name, record.levelname) for record in caplog.records} == {("lrvec.nemo", "INFO")}
    assert [record.getMessage() for record in caplog.records] == [
        f"using checkpoint value {OTHER[name]} for {label}" for name, label in LOGGED.items()
    ]


@pytest.mark.parametrize("name", LOGGED)
def test_with_neither_policy_both_must_be_the_same(name: str) -> None:
    scheduler = scheduler_with(**OTHER, **NEITHER)
    _, state = saved_at(33)
    scheduler.load_state_dict(state)
    assert scheduler.num_steps == 33
    before = state_of(scheduler)
    state[name] = "linear" if name.endswith("style") else 70 if name.endswith("steps") else 0.35
    with pytest.raises(SettingError) as caught:
        scheduler.load_state_dict({**state, "num_steps": 12})
    assert str(caught.value) == (
        f"OptimizerParamScheduler: class input value {OTHER[name]} and checkpointvalue {state[name]} "
        f"for {LOGGED[name]} do not match"
    )
    assert state_of(scheduler) == before


NO_RATE = [
    *((value, SettingError, f"must be a finite number, received {value!r}") for value in (nan, inf, -inf)),
    *((value, TypeError, f"must be a finite number, received {value!r}") for value in ("0.1", None, [0.1], {})),
]
NO_COUNT = [
    (nan, SettingError, "must be a number of steps, received nan"),
    *((value, TypeError, f"must be a number of steps, received {value!r}") for value in ("7", None, [7], {})),
]
NO_STYLE = [(value, TypeError, f"must be a string, received {value!r}") for value in (None, 1, ["linear"], b"linear")]
NO_STEP = [
    *((value, SettingError, f"must be an integer, received {value!r}") for value in (nan, 0.5, "7", None, [7])),
    *((value, SettingError, f"must be in 0 ... 2**53, received {value!r}") for value in (-1, 2**53 + 1)),
]


@pytest.mark.parametrize("policy", [USE, OVERRIDE, NEITHER], ids=["use", "override", "neither"])
@pytest.mark.parametrize("key", [*KEYS, *OLDER])
def test_a_checkpoint_with_a_bad_value(key: str, policy: dict[str, bool]) -> None:
    name = OLDER.get(key, key)
    bad_values = (
        NO_STEP
        if name == "num_steps"
        else NO_STYLE
        if name.endswith("style")
        else NO_COUNT
        if name.endswith("steps")
        else NO_RATE
    )
    _, state = saved_at(33)
    scheduler = scheduler_with(*copy.deepcopy(GROUPS[1]), **OTHER, **policy)
    scheduler.step(5)
    before = state_of(scheduler)
    for bad, exception, rest in bad_values:
        with pytest.raises(exception) as caught:
            scheduler.load_state_dict({**state, key: bad})
        assert str(caught.value) == f"state_dict[{key!r}] {rest}"
        assert state_of(scheduler) == before


def test_a_checkpoint_of_other_keys() -> None:
    _, state = saved_at(33)
    scheduler = scheduler_with(*copy.deepcopy(GROUPS[1]), **USE)
    before = state_of(scheduler)
    for key in KEYS:
        with pytest.raises(MissingKeyError) as missing:
            scheduler.load_state_dict({name: value for name, value in state.items() if name != key})
        assert str(missing.value).startswith(f"state_dict must have the key {key!r}, received [")
        assert state_of(scheduler) == before
    with pytest.raises(
        ValueError, match=r"^keys of state_dict must be among start_lr, max_lr, .* received 'speed', 3$"
    ):
        scheduler.load_state_dict({**state, "speed": 1.0, 3: 1})
    for bad in (None, [], "state", 3):
        with pytest.raises(TypeError, match=r"^state_dict must be a dict, received "):
            scheduler.load_state_dict(bad)
    assert state_of(scheduler) == before


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"lr_decay_style": "linaer"}, f"linaer decay style is not supported. {ONE_OF_THE_STYLES}, received 'linaer'"),
        ({"lr_decay_style": "WSD"}, "wsd_decay_steps must be given where lr_decay_style is 'WSD', received None"),
        (
            {"wd_incr_style": "constant"},
            "start_wd and end_wd must be the same where wd_incr_style is 'constant', received start_wd=0.2, end_wd=0.4",
        ),
        ({"wd_incr_steps": 0}, "wd_incr_steps must be positive where wd_incr_style is 'cosine', received 0"),
    ],
)
def test_a_checkpoint_that_would_fail_in_the_middle_of_a_run(changes: dict[str, Any], message: str) -> None:
    _, state = saved_at(33)
    scheduler = scheduler_with(*copy.deepcopy(GROUPS[1]), **USE)
    before = state_of(scheduler)
    with pytest.raises(SettingError) as caught:
        scheduler.load_state_dict({**state, **changes})
    assert str(caught.value) == message
    assert state_of(scheduler) == before


def test_a_group_that_will_not_do_stops_a_checkpoint() -> None:
    _, state = saved_at(33)
    scheduler = scheduler_with({"lr": 0.1}, {"lr": 0.1})
    scheduler.optimizer.param_groups[1]["lr_mult"] = "x"
    before = state_of(scheduler)
    with pytest.raises(TypeError, match=r"^lr_mult of param_groups\[1\] must be a number, received 'x'$"):
        scheduler.load_state_dict(state)
    assert state_of(scheduler) == before


# ---- numbers at the edge ----

HUGE_GROUPS = ({"lr": 0.1, "max_lr": 1.7e308, "min_lr": -1.7e308}, {"lr": 0.1, "max_lr": 1.0})


def steps_written(scheduler: OptimizerParamScheduler, count: int) -> list[list[tuple[float, float]]]:
    """What `step` writes at step 0, 1, ..."""
    found = [written(scheduler)]
    for _ in range(count - 1):
        scheduler.step(1)
        found.append(written(scheduler))
    return found


@pytest.mark.parametrize("style", ["constant", "linear", "cosine", "inverse-square-root"])
@pytest.mark.parametrize("max_lrs", [(0.0, -0.0), (-0.0, 0.0), (-0.0, -0.0)])
def test_zeros_of_both_signs(style: str, max_lrs: tuple[float, float]) -> None:
    groups = [{"lr": 0.1, "max_lr": max_lr, "min_lr": max_lr} for max_lr in max_lrs]
    scheduler = scheduler_with(*groups, lr_decay_style=style, lr_warmup_steps=2, lr_decay_steps=5, max_lr=1.0, min_lr=0.0)
    matrix = scheduler.lr_matrix(range(8))
    rates = np.array([[lr for lr, _ in row] for row in steps_written(scheduler, 8)]).T
    assert matrix.tobytes() == np.ascontiguousarray(rates).tobytes()
    ends = [lrvec.constant(lr=max_lr)(6) for max_lr in max_lrs]  # the Python engine has no -0.0 there
    assert [math.copysign(1.0, rate) for rate in matrix[:, 6]] == [math.copysign(1.0, end) for end in ends]


@pytest.mark.parametrize("warmup_steps", [5e-324, 1e-300, 0.5, 1.0 - 2.0**-53])
@pytest.mark.parametrize("style", ["constant", "linear", "cosine", "inverse-square-root"])
def test_a_ramp_of_less_than_a_step_is_its_first_value(style: str, warmup_steps: float) -> None:
    scheduler = scheduler_with(
        *HUGE_GROUPS,
        init_lr=-1.7e308,
        lr_warmup_steps=warmup_steps,
        lr_decay_style=style,
        start_wd=0.0,
        end_wd=1.7e308,
        wd_incr_steps=warmup_steps,
        wd_incr_style="linear" if style == "linear" else "cosine",
    )
    rates, weight_decays = scheduler.lr_matrix(range(4)), scheduler.wd_matrix(range(4))
    assert np.isfinite(rates).all()
    assert rates[:, 0].tolist() == [-1.7e308] * 2
    assert weight_decays.tolist() == [[0.0, 1.7e308, 1.7e308, 1.7e308]] * 2
    for step, row in enumerate(steps_written(scheduler, 4)):
        assert row == list(zip(rates[:, step].tolist(), weight_decays[:, step].tolist(), strict=True))


@pytest.mark.parametrize("style", ["constant", "linear", "cosine", "inverse-square-root"])
def test_a_warmup_without_an_end(style: str) -> None:
    scheduler = scheduler_with(
        {"lr": 0.1}, {"lr": 0.1, "max_lr": 2.0}, init_lr=-1.0, max_lr=0.5, lr_warmup_steps=1e300, lr_decay_steps=math.inf, lr_decay_style=style
    )
    assert scheduler.lr_matrix([0, 1, LAST_STEP]).tolist() == [[-1.0] * 3] * 2
    assert [lr for lr, _ in written(scheduler)] == [-1.0, -1.0]


def test_an_inverse_square_root_without_an_end() -> None:
    scheduler = scheduler_with(
        {"lr": 0.1, "max_lr": 1.0},
        {"lr": 0.1, "max_lr": 2.0, "min_lr": 1.0},
        lr_warmup_steps=4,
        lr_decay_steps=math.inf,
        lr_decay_style="inverse-square-root",
        min_lr=0.0,
    )
    assert scheduler.lr_matrix([0, 2, 4, 16, 64, 2**52]).tolist() == [
        [0.0, 0.5, 1.0, 0.5, 0.25, 2.0**-25],
        [0.0, 1.0, 2.0, 1.0, 1.0, 1.0],
    ]
