"""These tests are about search spaces: what is suggested, drawn and configured lies in them, and what reaches outside a range
is refused."""

from __future__ import annotations

import doctest
import math
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import optuna
import pytest
from anything import ODD as ANYTHING
from anything import complaints
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.trial import FixedTrial
from record import KINDS
from spaces import (
    COUNT,
    DECADES,
    KINDS_OF_DECAY,
    NUMBER,
    ODD,
    RATE,
    SHARE,
    SPACES,
    TENTHS,
    WORD,
    asked_of,
    random_trial,
)

import lrvec
import lrvec.search
from lrvec.search import Family, draw, from_config, from_ranges, matrix, scaled, suggest, to_tune

ROOT = Path(__file__).parents[2]
optuna.logging.set_verbosity(optuna.logging.WARNING)

named = pytest.mark.parametrize("name", SPACES)


# ---- suggest ----


def test_a_trial_is_asked_for_each_distribution_as_it_is() -> None:
    trial = random_trial(0)
    schedule, asked = asked_of(*SPACES["one_cycle"], trial)
    assert asked == {"max_lr": RATE, "total_steps": ODD, "pct_start": TENTHS}
    assert schedule == lrvec.one_cycle(**trial.params, initial_div=25.0, final_div=1e4)
    trial = random_trial(0)
    schedule, asked = asked_of(*SPACES["cosine"], trial, "a/")
    assert asked == {"a/base_lr": RATE, "a/min_lr": NUMBER, "a/total_steps": DECADES}
    assert schedule == lrvec.cosine(**{name.removeprefix("a/"): value for name, value in trial.params.items()})


def test_only_the_chosen_kind_is_asked_for() -> None:
    found = {}
    for seed in range(40):
        trial = random_trial(seed)
        schedule, asked = asked_of(KINDS_OF_DECAY, {}, trial)
        assert asked.pop("kind") == CategoricalDistribution(("cosine", "polynomial", "warmup_stable_decay"))
        assert schedule.kind == trial.params["kind"]
        assert schedule.params["base_lr"] == trial.params["base_lr"]
        found[schedule.kind] = asked
    common = {"base_lr": RATE, "total_steps": ODD}
    assert found == {
        "cosine": {**common, "cosine.min_lr": NUMBER},
        "polynomial": {**common, "polynomial.power": TENTHS},
        "warmup_stable_decay": {
            **common,
            "warmup_stable_decay.decay_steps": COUNT,
            "warmup_stable_decay.decay_shape": WORD,
        },
    }


def test_names_within_parameters() -> None:
    values = {
        "x.schedule.kind": "polynomial",
        "x.schedule.base_lr": 0.5,
        "x.schedule.total_steps": 201,
        "x.schedule.polynomial.power": 0.3,
        "x.warmup_steps": 9,
    }
    factory, parameters = SPACES["warm kinds"]
    inner = lrvec.polynomial(base_lr=0.5, end_lr=0.0, total_steps=201, power=0.3)
    assert suggest(FixedTrial(values), factory, prefix="x.", **parameters) == lrvec.with_warmup(
        inner, warmup_steps=9, start_lr=0.0
    )

    factory, parameters = SPACES["phases"]
    values = {
        "phases[0][0]": 5,
        "phases[0][1].linear.end_lr": 0.5,
        "phases[1][0]": 301,
        "phases[1][1].kind": "cosine",
        "phases[1][1].base_lr": 0.5,
        "phases[1][1].cosine.min_lr": 1e-5,
        "phases[1][1].total_steps": 301,
    }
    phases = [
        (5, lrvec.linear(base_lr=0.0, end_lr=0.5, total_steps=64)),
        (301, lrvec.cosine(base_lr=0.5, min_lr=1e-5, total_steps=301)),
    ]
    assert suggest(FixedTrial(values), factory, **parameters) == lrvec.sequential(phases)

    groups = {"schedule": lrvec.constant(lr=1.0), "multipliers": {"body": 1.0, "head": SHARE}}
    assert suggest(FixedTrial({"multipliers.head": 0.5}), lrvec.scale_by_group, **groups)(0) == {
        "body": 1.0,
        "head": 0.5,
    }


def test_a_kind_overrides_what_is_common() -> None:
    space = {"linear": {"base_lr": SHARE}, "cosine": {"min_lr": 0.0, "end_lr": 0.5}, "base_lr": RATE, "total_steps": 9}
    with pytest.raises(
        ValueError, match=r"^parameters of cosine must be among base_lr, min_lr, total_steps, exponent, k, received end_lr$"
    ):
        suggest(None, space, end_lr=0.0)
    trial = FixedTrial({"kind": "linear", "linear.base_lr": 0.5})
    del space["cosine"]["end_lr"]
    space["linear"]["end_lr"] = 0.0
    assert suggest(trial, space) == lrvec.linear(base_lr=0.5, end_lr=0.0, total_steps=9)


def test_constants_are_enough() -> None:
    schedule = lrvec.constant(lr=0.5)
    assert suggest(None, lrvec.constant, lr=0.5) == schedule
    assert suggest(None, {"constant": {"lr": 0.5}}) == schedule
    assert suggest(None, lrvec.with_warmup, schedule=schedule, warmup_steps=3, start_lr=0.0) == lrvec.with_warmup(
        schedule, warmup_steps=3, start_lr=0.0
    )


@pytest.mark.parametrize("storage", ["memory", "sqlite", "journal"])
def test_a_study_keeps_schedules_in_its_trials(storage: str, tmp_path: Path) -> None:
    kept: dict[str, Callable[[], Any]] = {
        "memory": lambda: None,
        "sqlite": lambda: f"sqlite:///{tmp_path}/study.db",
        "journal": lambda: optuna.storages.JournalStorage(
            optuna.storages.journal.JournalFileBackend(f"{tmp_path}/study.log")
        ),
    }
    factory, parameters = SPACES["phases"]
    schedules = []

    def objective(trial: optuna.Trial) -> float:
        schedules.append(suggest(trial, factory, **parameters))
        trial.set_user_attr("schedule", schedules[-1].to_dict())
        return float(abs(schedules[-1](range(500)).sum() - 1.0))

    study = optuna.create_study(
        study_name="phases", storage=kept[storage](), sampler=optuna.samplers.TPESampler(seed=0)
    )
    study.optimize(objective, n_trials=12)
    if storage != "memory":
        study = optuna.load_study(study_name="phases", storage=kept[storage]())
    assert [lrvec.from_dict(trial.user_attrs["schedule"]) for trial in study.trials] == schedules
    assert [from_config(factory, trial.params, **parameters) for trial in study.trials] == schedules
    assert from_config(factory, study.best_params, **parameters) == schedules[study.best_trial.number]


# ---- draw ----


def in_space(schedule: Any, name: str, values: dict[str, Any]) -> bool:
    """Whether an Optuna trial with these values, which it checks against their distributions, gives the schedule."""
    factory, parameters = SPACES[name]
    return bool(suggest(FixedTrial(values), factory, **parameters) == schedule)


def entries(column: Any) -> list[float]:
    return sorted(column.tolist())


@pytest.mark.parametrize("m", range(8))
def test_every_share_of_a_scale_is_drawn_once(m: int) -> None:
    """The law of a scrambled Sobol sequence: of 2^m points one lies in each of 2^m equal parts of every axis."""
    n = 2**m
    sweep = draw(
        lrvec.cosine,
        n,
        5,
        base_lr=FloatDistribution(2.0**-20, 2.0**20, log=True),
        min_lr=FloatDistribution(-3.0, 5.0),
        total_steps=IntDistribution(1, n),
    )
    rates, floors, steps = (sweep.params[name] for name in ("base_lr", "min_lr", "total_steps"))
    assert entries(np.floor((np.log2(rates) + 20.0) / 40.0 * n)) == [*range(n)]
    assert entries(np.floor((floors + 3.0) / 8.0 * n)) == [*range(n)]
    assert entries(steps) == [*range(1, n + 1)]


def test_steps_and_choices_are_drawn_equally_often() -> None:
    sweep = draw(
        lrvec.cosine_restarts,
        640 - 128,
        1,
        base_lr=FloatDistribution(0.5, 2.25, step=0.25),
        min_lr=CategoricalDistribution([0.0, 0.125]),
        period=IntDistribution(3, 27, step=8),
        t_mult=CategoricalDistribution([1, 2]),
    )
    for name, values in {
        "base_lr": [0.5 + 0.25 * i for i in range(8)],
        "min_lr": [0.0, 0.125],
        "period": [3, 11, 19, 27],
        "t_mult": [1, 2],
    }.items():
        assert entries(sweep.params[name]) == sorted(values * (512 // len(values)))


def test_integers_on_a_log_scale() -> None:
    """k is drawn as often as the logarithms from k - 1/2 to k + 1/2 make up of the whole."""
    n = 4096
    steps = draw(lrvec.linear, n, 2, base_lr=1.0, end_lr=0.0, total_steps=IntDistribution(1, 9, log=True)).params[
        "total_steps"
    ]
    for k in range(1, 10):
        share = math.log((k + 0.5) / (k - 0.5)) / math.log(9.5 / 0.5)
        assert abs((steps == k).sum() - n * share) <= 2.0
    assert (
        draw(lrvec.linear, 3, 2, base_lr=1.0, end_lr=0.0, total_steps=IntDistribution(2**53, 2**53))
        .params["total_steps"]
        .tolist()
        == [2**53] * 3
    )


def test_ends_are_not_passed() -> None:
    high = 0.1 + 0.2
    for distribution in (
        FloatDistribution(0.1, high, log=True),
        FloatDistribution(0.1, high),
        FloatDistribution(0.1, 0.3, step=0.1),
        FloatDistribution(high, high),
        FloatDistribution(high, high, log=True),
        FloatDistribution(0.3, high),
    ):
        drawn = draw(lrvec.constant, 1000, 0, lr=distribution).params["lr"]
        assert ((drawn >= distribution.low) & (drawn <= distribution.high)).all()


@named
def test_a_draw_lies_in_its_space_and_is_the_same_again(name: str) -> None:
    factory, parameters = SPACES[name]
    sweep = draw(factory, 50, 3, **parameters)
    assert sweep.shape == (50,)
    assert isinstance(sweep, lrvec.Sweep)
    assert (sweep.kind == "stack") == (name not in ("cosine", "one_cycle", "a kind alone", "warm"))
    assert [*draw(factory, 50, 3, **parameters)] == [*sweep]
    assert [*draw(factory, 77, 3, **parameters)][:50] == [*sweep]
    assert [*draw(factory, 50, 4, **parameters)] != [*sweep]
    assert len({*sweep}) == 50
    for row in sweep:
        assert in_space(row, name, values_of(name, row))


def values_of(name: str, row: Any) -> dict[str, Any]:
    """What a trial must have had to suggest this row."""
    if name == "multi_step":
        first, _, last = row.params["milestones"]
        return {
            "base_lr": row.params["base_lr"],
            "gamma": row.params["gamma"],
            "milestones[0]": first,
            "milestones[2]": last,
        }
    if name == "warm":
        return {"warmup_steps": row.params["warmup_steps"], **inside("schedule.linear.", row.params["schedule"])}
    if name == "a kind alone":
        return {**inside("", row), "linear.end_lr": row.params["end_lr"]}
    if name == "kinds":
        return of_kinds("", row)
    if name == "warm kinds":
        return {"warmup_steps": row.params["warmup_steps"], **of_kinds("schedule.", row.params["schedule"])}
    if name == "phases":
        (first, line), (second, rest) = row.params["phases"]
        return {
            "phases[0][0]": first,
            **inside("phases[0][1].linear.", line),
            "phases[1][0]": second,
            **of_kinds("phases[1][1].", rest),
        }
    if name == "a factory of one's own":
        shares = (row.params["min_lr"] / row.params["base_lr"], row.params["total_steps"] / 1000)
        return {"peak": row.params["base_lr"], "share": max(shares)}
    return inside("", row)


def inside(prefix: str, row: Any) -> dict[str, Any]:
    return {prefix + name: value for name, value in row.params.items()}


def of_kinds(prefix: str, row: Any) -> dict[str, Any]:
    own = {
        f"{prefix}{row.kind}.{name}": value
        for name, value in row.params.items()
        if name not in ("base_lr", "total_steps")
    }
    return {
        f"{prefix}kind": row.kind,
        f"{prefix}base_lr": row.params["base_lr"],
        f"{prefix}total_steps": row.params["total_steps"],
        **own,
    }


def test_kinds_are_drawn_equally_often_and_evaluate_as_a_sweep() -> None:
    cycles = {"triangular": {}, "triangular2": {"min_lr": 0.5}, "exp_range": {"gamma": SHARE}}
    sweep = draw({**cycles, "max_lr": RATE}, 3 * 32, 0, min_lr=0.0, step_size=3)
    kinds = [row.kind for row in sweep]
    assert all(31 <= kinds.count(kind) <= 33 for kind in cycles)
    assert {row.params["min_lr"] for row in sweep if row.kind == "triangular2"} == {0.5}
    assert np.array_equal(sweep(range(20)), [row(range(20)) for row in sweep])


# ---- what is refused ----


STAIRS = {"base_lr": 0.5, "drop": 0.5, "step_size": 3}
WARM = {"warmup_steps": 3, "start_lr": 0.0}
REFUSED = [
    (
        lrvec.step_decay,
        STAIRS,
        "base_lr",
        FloatDistribution(-0.5, 0.5),
        "base_lr must be a positive number, received -0.5",
    ),
    (
        lrvec.step_decay,
        STAIRS,
        "base_lr",
        FloatDistribution(0.0, 0.5),
        "base_lr must be a positive number, received 0.0",
    ),
    (lrvec.step_decay, STAIRS, "drop", FloatDistribution(0.5, 1.5), "drop must satisfy 0 < drop <= 1, received 1.5"),
    (lrvec.step_decay, STAIRS, "step_size", IntDistribution(0, 9), "step_size must be a positive integer, received 0"),
    (
        lrvec.step_decay,
        STAIRS,
        "step_size",
        IntDistribution(1, 2**60),
        f"step_size must be at most 2**53 = {2**53}, received {2**60}",
    ),
    (
        lrvec.step_decay,
        STAIRS,
        "step_size",
        CategoricalDistribution([1, 2.0, 3]),
        "step_size must be a positive integer, received 2.0: use int(2.0)",
    ),
    (lrvec.constant, {}, "lr", FloatDistribution(0.0, math.inf), "lr must be a finite number, received inf"),
    (lrvec.constant, {}, "lr", CategoricalDistribution([0.5, "high"]), "lr must be a finite number, received 'high'"),
    (
        lrvec.multi_step,
        {"base_lr": 0.5, "gamma": 0.5},
        "milestones",
        [3, IntDistribution(-1, 7)],
        "milestone must be a positive integer, received -1",
    ),
    (
        lrvec.with_warmup,
        WARM,
        "schedule",
        {"step_decay": {**STAIRS, "drop": FloatDistribution(0.5, 1.5)}},
        "drop must satisfy 0 < drop <= 1, received 1.5",
    ),
    (
        {"constant": {"lr": 0.5}, "step_decay": STAIRS},
        {},
        "step_decay",
        {**STAIRS, "drop": FloatDistribution(0.0, 0.5)},
        "drop must satisfy 0 < drop <= 1, received 0.0",
    ),
]


@pytest.mark.parametrize(("factory", "parameters", "name", "space", "why"), REFUSED, ids=lambda value: getattr(value, "__name__", str(value)[:50]))
def test_a_distribution_that_reaches_outside_a_range(
    factory: Any, parameters: dict[str, Any], name: str, space: Any, why: str
) -> None:
    if isinstance(factory, dict):
        factory, parameters = {**factory, name: space}, {}
    else:
        parameters = {**parameters, name: space}
    found = dict(lrvec.search._leaves(factory, "", parameters))
    (distribution,) = (leaf for other, leaf in found.items() if other != "kind")
    (full_name,) = (other for other in found if other != "kind")
    for prefix, call in (
        ("a.", lambda: suggest(None, factory, "a.", **parameters)),
        ("", lambda: draw(factory, 8, 0, **parameters)),
        ("", lambda: to_tune(factory, **parameters)),
    ):
        message = f"{prefix}{full_name} must stay within its range, received {distribution}: {why}"
        with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
            call()


def test_a_distribution_that_lies_outside_throughout_is_the_factory_s_to_tell() -> None:
    for distribution, end in ((FloatDistribution(-3.0, -1.0), -3.0), (IntDistribution(-2, 0), -2)):
        with pytest.raises(ValueError, match=f"^base_lr must be a positive number, received {end}$"):
            suggest(None, lrvec.step_decay, base_lr=distribution, drop=0.5, step_size=3)


def test_what_is_wrong_with_constants_is_the_factory_s_to_tell() -> None:
    for call in (
        lambda **parameters: suggest(None, lrvec.step_decay, **parameters),
        lambda **parameters: draw(lrvec.step_decay, 8, 0, **parameters),
    ):
        with pytest.raises(ValueError, match=r"^base_lr must be a positive number, received -0\.5$"):
            call(base_lr=-0.5, drop=FloatDistribution(0.5, 1.5), step_size=3)
        with pytest.raises(TypeError, match="momentum"):
            call(base_lr=0.5, drop=FloatDistribution(0.5, 1.0), step_size=3, momentum=0.9)
        with pytest.raises(TypeError, match="step_size"):
            call(base_lr=0.5, drop=FloatDistribution(0.5, 1.0))


def test_what_parameters_forbid_each_other_is_for_a_draw_to_tell() -> None:
    space = {
        **SPACES["words"][1],
        "warmup_steps": IntDistribution(0, 600),
        "decay_steps": IntDistribution(0, 600),
        "total_steps": 1000,
    }
    good = {"base_lr": 0.5, "warmup_steps": 600, "decay_steps": 400, "decay_shape": "linear"}
    assert suggest(FixedTrial(good), lrvec.warmup_stable_decay, **space).params["decay_steps"] == 400
    message = r"^warmup_steps \+ decay_steps must not exceed total_steps, received "
    with pytest.raises(ValueError, match=message):
        suggest(FixedTrial({**good, "decay_steps": 401}), lrvec.warmup_stable_decay, **space)
    with pytest.raises(ValueError, match=message):
        draw(lrvec.warmup_stable_decay, 64, 0, **space)


@pytest.mark.parametrize(
    ("call", "exception", "message"),
    [
        (lambda: suggest(None, {}), ValueError, "factory must hold the parameters of at least one kind, received {}"),
        (
            lambda: suggest(None, {"cosine": 3}),
            ValueError,
            "factory must hold the parameters of at least one kind, received {'cosine': 3}",
        ),
        (
            lambda: suggest(None, 0.1, lr=RATE),
            TypeError,
            "factory must be a function that makes a schedule, received 0.1",
        ),
        (
            lambda: draw(lrvec.constant, 8, 0, lr=0.1),
            ValueError,
            "parameters must hold at least one distribution, received none",
        ),
        (lambda: draw(lrvec.constant, 0, 0, lr=RATE), ValueError, "n must be a positive integer, received 0"),
        (lambda: draw(lrvec.constant, 8, -1, lr=RATE), ValueError, "seed must be a non-negative integer, received -1"),
        (
            lambda: draw(lrvec.constant, 8, 0.5, lr=RATE),
            ValueError,
            "seed must be a non-negative integer, received 0.5",
        ),
        (
            lambda: from_config(lrvec.constant, {}, lr=RATE),
            ValueError,
            "config must have a value for lr, received none at all",
        ),
        (
            lambda: from_config(lrvec.constant, {"rate": 1, "x": 2}, "a.", lr=RATE),
            ValueError,
            "config must have a value for a.lr, received rate, x",
        ),
        (
            lambda: from_config(lrvec.constant, {"lr": math.nan}, lr=RATE),
            ValueError,
            "lr must be a finite number, received nan",
        ),
        (
            lambda: from_config(KINDS_OF_DECAY, {"kind": "linear"}),
            ValueError,
            "kind must be one of ('cosine', 'polynomial', 'warmup_stable_decay'), received 'linear'",
        ),
    ],
    ids=lambda value: str(value)[:50],
)
def test_what_is_refused(call: Callable[[], Any], exception: type[Exception], message: str) -> None:
    with pytest.raises(exception, match=f"^{re.escape(message)}$"):
        call()


def test_kinds_that_are_refused() -> None:
    for name, call in (
        ("kind", lambda: suggest(None, {"sine": {}})),
        ("a.schedule.kind", lambda: suggest(None, lrvec.with_warmup, "a.", schedule={"sine": {}}, **WARM)),
    ):
        with pytest.raises(
            ValueError, match=f"^{re.escape(f'{name} must be one of {tuple(KINDS)}, received')} 'sine'$"
        ):
            call()


# ---- the example and the page ----


def test_the_example_finds_what_sgd_confirms(tmp_path: Path) -> None:
    picture = tmp_path / "search.png"
    command = [
        sys.executable,
        ROOT / "docs" / "examples" / "search.py",
        "--candidates",
        "256",
        "--trials",
        "12",
        "--picture",
        picture,
    ]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    first, _, *rows, runs, last = run.stdout.splitlines()
    assert first == "256 candidates, 500 steps of 8; loss of the solution 0.241126"
    assert last == f"picture: {picture}"
    assert picture.read_bytes().startswith(b"\x89PNG")
    table = [re.fullmatch(r"([\w ]+?) +(0\.\d{6})  base_lr=.*", row).groups() for row in rows]
    assert {name for name, _ in table} == {
        "cosine",
        "linear",
        "polynomial",
        "exponential_decay",
        "warmup_stable_decay",
        "after the study",
    }
    losses = [float(loss) for _, loss in table]
    assert losses[:-1] == sorted(losses[:-1])
    assert losses[-1] <= losses[0]
    mean, error = map(float, re.fullmatch(r"4000 runs of SGD with it: (0\.\d{6}) \+- (0\.\d{6})", runs).groups())
    assert abs(mean - losses[-1]) < 5.0 * error


# ---- optlrschedule's families, and the matrix ----

CONFIG = {"schedule_type": "cosine", "total_steps": 100, "alpha": 0.0, "warmup_type": "exponential", "warmup_config": {"exp_growth_rate": 2.0}}
RANGES = from_ranges({"warmup_steps": (0, 20), "p.exponent": (0.5, 4.0)}, log=["exponent"])


def test_a_family_is_drawn_in_columns_and_suggested() -> None:
    assert list(RANGES) == ["p.warmup_steps", "p.exponent"]
    assert [RANGES[name] for name in RANGES] == [FloatDistribution(0.0, 20.0), FloatDistribution(0.5, 4.0, log=True)]
    shapes = draw(Family(CONFIG), 16, 0, **RANGES)
    assert type(shapes).__name__ == "Sweep"  # no stack of schedules that were made one by one
    points = draw(lrvec.linear, 16, 0, base_lr=RANGES["p.warmup_steps"], end_lr=RANGES["p.exponent"], total_steps=1)
    for row, at in zip(shapes, points, strict=True):
        given = {"p.warmup_steps": at.params["base_lr"], "p.exponent": at.params["end_lr"]}
        assert suggest(FixedTrial(given), Family(CONFIG), **RANGES)(range(100)).tolist() == row(range(100)).tolist()
        assert from_config(Family(CONFIG), given, **RANGES)(99) == row(99)


def test_scaled_evaluates_a_shape_once_and_has_the_values_of_its_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    shapes, base_lrs = draw(Family(CONFIG), 8, 0, **RANGES), np.array([0.1, 0.5, 3.0])
    both = scaled(shapes, base_lrs)
    alone, values = shapes(range(100)), both(range(100))
    assert both.shape == both.sweep.shape == (8, 3)
    assert np.array_equal(values, alone[:, None, :] * base_lrs[:, None])
    np.testing.assert_array_max_ulp(values, both.sweep(range(100)), maxulp=4)
    made = []
    monkeypatch.setattr(lrvec.search, "blocks", lambda sweep, *given, **named: made.append(sweep) or lrvec.blocks(sweep, *given, **named))
    matrix(both, 100)
    assert made == [shapes]
    out = np.empty((8, 3, 2), np.float32)
    assert both([0, 50], out=out) is out
    assert np.array_equal(out, values[..., [0, 50]].astype(np.float32))
    assert both(7).tolist() == values[..., 7].tolist()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_matrix_is_handed_on_without_a_copy(dtype: Any) -> None:
    import jax
    import torch

    both = scaled(draw(Family(CONFIG), 7, 0, **RANGES), [0.1, 0.5])
    found = matrix(both, 99, dtype=dtype)
    assert (found.shape, found.dtype, found.flags.c_contiguous) == ((14, 99), dtype, True)
    assert np.array_equal(found, both(range(99)).reshape(14, 99).astype(dtype))
    there: Any = torch.from_dlpack(found)
    assert there.data_ptr() == found.ctypes.data
    if dtype is np.float32:  # JAX makes float32 of float64
        assert jax.numpy.from_dlpack(found).unsafe_buffer_pointer() == found.ctypes.data
    assert np.array_equal(matrix(lrvec.linear(base_lr=1.0, end_lr=0.0, total_steps=9), 9)[0], there.new_tensor([1 - i / 9 for i in range(9)]).float().numpy())


def test_what_the_families_and_the_matrix_refuse() -> None:
    shapes = lrvec.linear(base_lr=[1.0, 1.0], end_lr=0.0, total_steps=9)
    for call, message in (
        (lambda: Family({"total_steps": 9}), "schedule_type must be given for config, received None"),
        (lambda: Family({**CONFIG, "schedule_type": "wsd"}), "schedule_type must be one of ('constant', "),
        (lambda: Family(CONFIG)(**{"p.beta": 1.0}), "parameters of schedule_param must be among p.warmup_steps, p.exponent, received p.beta"),
        (lambda: draw(Family(CONFIG), 4, 0, **from_ranges({"beta": (1, 2)})), "parameters of schedule_param must be among"),
        (lambda: from_ranges({"x0": (0.5, 0.25)}), "the low end of p.x0 must not exceed the high end of p.x0, received "),
        (lambda: from_ranges({"x0": (0.5, math.nan)}), "p.x0 must be a finite number, received nan"),
        (lambda: from_ranges({"x0": 0.5}), "p.x0 must be a pair of a low and a high end, received 0.5"),
        (lambda: from_ranges({"x0": (0.0, 1.0)}, log=["x0"]), "the low end of p.x0 must be a positive number, received 0.0"),
        (lambda: from_ranges({"x0": (0.0, 1.0)}, log=["x1"]), "log must be one of ('p.x0',), received 'p.x1'"),
        (lambda: scaled(shapes[0], [0.1]), "shapes must be a sweep, received "),
        (lambda: scaled(shapes, [0.1, math.inf]), "base_lrs at index 1 must be a finite number, received inf"),
        (lambda: matrix(shapes, 0), "total_steps must be a positive integer, received 0"),
        (lambda: matrix(shapes, 9, dtype=np.float16), "dtype must be float64 or float32, received "),
    ):
        with pytest.raises((ValueError, TypeError)) as refusal:
            call()
        assert message in str(refusal.value)


PAGE = ROOT / "docs" / "search-spaces.md"


def test_the_page_and_the_docstrings_say_what_is_so() -> None:
    for results in (doctest.testmod(lrvec.search), doctest.testfile(str(PAGE), module_relative=False)):
        assert results.attempted > 5
        assert results.failed == 0


UNIT = FloatDistribution(0.1, 1.0)
HALF = FixedTrial({"lr": 0.5})
TAKERS: dict[str, tuple[Callable[[Any], Any], tuple[str, ...]]] = {
    "n": (lambda value: draw(lrvec.constant, value, 0, lr=UNIT), ("n must",)),
    "seed": (lambda value: draw(lrvec.constant, 2, value, lr=UNIT), ("seed",)),
    "factory": (lambda value: draw(value, 2, 0, lr=UNIT), ("factory", "argument")),
    "factory of a trial": (lambda value: suggest(HALF, value, lr=UNIT), ("factory", "argument")),
    "parameter": (lambda value: draw(lrvec.linear, 2, 0, base_lr=UNIT, end_lr=value, total_steps=5), ("end_lr",)),
    "parameter of a trial": (
        lambda value: suggest(FixedTrial({"base_lr": 0.5}), lrvec.linear, base_lr=UNIT, end_lr=value, total_steps=5),
        ("end_lr",),
    ),
    "config": (lambda value: from_config(lrvec.constant, value, lr=UNIT), ("config", "lr")),
    "value": (lambda value: from_config(lrvec.constant, {"lr": value}, lr=UNIT), ("lr",)),
    "kind": (
        lambda value: from_config({"constant": {}, "exponential": {"gamma": 0.5}}, {"kind": value}, base_lr=0.1),
        ("kind", "parameters of constant", "argument"),
    ),
}


@pytest.mark.parametrize("taker", TAKERS)
def test_whatever_is_given_is_taken_or_refused_by_name(taker: str) -> None:
    call, names = TAKERS[taker]
    assert complaints({name: (lambda value=value: call(value), names) for name, value in ANYTHING.items()}) == {}
