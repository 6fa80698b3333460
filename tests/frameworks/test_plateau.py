"""These tests run `reduce_on_plateau` beside the code of torch and optax and beside Keras's rules, on random metrics."""

from __future__ import annotations

import itertools
import json
import math
import random
from collections.abc import Iterator
from typing import Any

import jax
import jax.numpy as jnp
import optax.contrib
import pytest
import torch

import lrvec

nan, inf = math.nan, math.inf


def metrics_of(rng: random.Random, count: int = 120) -> list[float]:
    """Values that get better, stay, get worse, and meet the threshold."""
    found, level = [], rng.uniform(-2.0, 2.0)
    for _ in range(count):
        level *= rng.choice([1.0, 1.0, 1.0, 0.9, 0.999, 0.9999, 0.99995, 1.1, 1.0001])
        level += rng.choice([0.0, 0.0, 0.0, -0.1, -1e-4, -1e-5, 1e-4, 0.05])
        found.append(level)
    return found


SETTINGS = [
    dict(zip(("factor", "patience", "threshold", "threshold_mode", "cooldown", "min_lr", "mode"), values, strict=True))
    for values in itertools.product(
        (0.5, 0.1), (1, 3), (1e-4, 0.02), ("rel", "abs"), (0, 1, 4), (0.0, 0.004), ("min", "max")
    )
]


def ours(metrics: list[Any], schedule: Any = 0.1, **settings: Any) -> list[float]:
    plateau = lrvec.reduce_on_plateau(schedule, **settings)
    state, rates = plateau.init(), []
    for metric in metrics:
        state = json.loads(json.dumps(state))
        rate, state = plateau(state, metric)
        assert rate == plateau.rate(state)
        rates.append(rate)
    return rates


def torchs(metrics: list[float], **settings: Any) -> list[float]:
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
    scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, **settings)
    rates = []
    for metric in metrics:
        scheduler.step(metric)
        rates.append(optimizer.param_groups[0]["lr"])
    return rates


def kerass(
    metrics: list[float],
    factor: float,
    patience: int,
    threshold: float,
    cooldown: int,
    min_lr: float,
    mode: str,
) -> list[float]:
    """The rules of keras 3.15.1, callbacks/reduce_lr_on_plateau.py and monitor_callback.py, in doubles."""
    rate, best, counter, wait, rates = 0.1, None, 0, 0, []
    delta = -threshold if mode == "min" else threshold
    for metric in metrics:
        if counter > 0:
            counter -= 1
            wait = 0
        if best is None or (metric - delta < best if mode == "min" else metric - delta > best):
            best, wait = metric, 0
        elif not counter > 0:
            wait += 1
            if wait >= patience and rate > min_lr:
                rate = max(rate * factor, min_lr)
                counter, wait = cooldown, 0
        rates.append(rate)
    return rates


def close(ours: list[float], theirs: list[float]) -> bool:
    return all(abs(one - other) <= 1e-14 * abs(other) for one, other in zip(ours, theirs, strict=True))


@pytest.mark.parametrize("settings", SETTINGS, ids=lambda settings: " ".join(map(str, settings.values())))
def test_like_torch_and_keras(settings: dict[str, Any]) -> None:
    rng = random.Random(str(settings))
    changes = 0
    for _ in range(4):
        metrics = metrics_of(rng)
        theirs = torchs(metrics, **settings)
        assert close(ours(metrics, **settings), theirs)
        changes += len(set(theirs)) > 1
        if settings["threshold_mode"] == "abs":
            rest = {name: value for name, value in settings.items() if name != "threshold_mode"}
            assert close(ours(metrics, rules="keras", **rest), kerass(metrics, **rest))
    assert changes


@pytest.mark.parametrize("eps", [0.0, 1e-8, 0.03])
def test_small_reductions_are_left_out_as_in_torch(eps: float) -> None:
    metrics = [1.0] * 200
    settings: dict[str, Any] = {"patience": 0, "factor": 0.5, "eps": eps}
    theirs = torchs(metrics, **settings)
    assert close(ours(metrics, **settings), theirs)
    assert len(set(theirs)) > 1


@pytest.mark.parametrize("rules", ["torch", "timm"])
def test_the_defaults_are_the_librarys(rules: str) -> None:
    metrics = metrics_of(random.Random(rules), 400)
    theirs = torchs(metrics, **({"mode": "max"} if rules == "timm" else {}))
    assert close(ours(metrics, rules=rules), theirs)
    assert len(set(theirs)) > 1


@pytest.mark.parametrize("odd", [nan, inf, -inf])
def test_metrics_that_are_not_finite(odd: float) -> None:
    for mode, place in itertools.product(("min", "max"), (0, 3)):
        metrics = [1.0, 0.5, 0.4, 0.3, 0.3, 0.2, 0.2, 0.2, 0.2]
        metrics.insert(place, odd)
        plateau = lrvec.reduce_on_plateau(0.1, patience=1, mode=mode)
        state, rates = plateau.init(), []
        for metric in metrics:
            rate, state = plateau(state, metric)
            rates.append(rate)
        assert close(rates, torchs(metrics, patience=1, mode=mode))


def optaxs(metrics: list[float], **settings: Any) -> list[float]:
    transform = optax.contrib.reduce_on_plateau(**settings)
    state: Any = transform.init(jnp.zeros(1))
    update = jax.jit(lambda state, metric: transform.update(jnp.zeros(1), state, value=metric)[1])
    rates = []
    for metric in metrics:
        state = update(state, metric)
        rates.append(0.1 * float(state.scale))
    return rates


@pytest.mark.parametrize("size", [1, 3])
@pytest.mark.parametrize("cooldown", [0, 2])
@pytest.mark.parametrize("patience", [1, 3])
def test_like_optax(patience: int, cooldown: int, size: int) -> None:
    """Metrics are multiples of 1/64, so that the means of float32 decide as those of float64."""
    rng = random.Random(f"{patience} {cooldown} {size}")
    settings: dict[str, Any] = {"factor": 0.5, "patience": patience, "cooldown": cooldown, "accumulation_size": size}
    for _ in range(2):
        metrics = [rng.choice([40, 41, 30, 30, 25, 20]) / 64 + rng.choice([0, 0, 1]) for _ in range(80)]
        theirs = optaxs(metrics, rtol=0.25, **settings)
        assert ours(metrics, rules="optax", threshold=0.25, **settings) == pytest.approx(theirs, rel=1e-6)
        theirs = optaxs(metrics, rtol=0.0, atol=0.125, **settings)
        assert ours(metrics, rules="optax", threshold=0.125, threshold_mode="abs", **settings) == pytest.approx(theirs, rel=1e-6)
        assert len(set(theirs)) > 1


@pytest.mark.parametrize("rules", ["torch", "keras", "optax", "timm"])
def test_in_jax(rules: str) -> None:
    """Compiled and scanned over it gives the rates of the plain function, in float32."""
    schedule = lrvec.warmup_cosine(base_lr=0.1, warmup_steps=5, total_steps=60)
    settings: dict[str, Any] = {"rules": rules, "factor": 0.5, "patience": 2, "cooldown": 1, "accumulation_size": 2, "min_lr": 0.01}
    plateau = lrvec.reduce_on_plateau(schedule, **settings)
    rng = random.Random(rules)
    metrics = [rng.choice([64, 63, 60, 60, 32]) / 64 for _ in range(60)]

    def step(state: Any, metric: Any) -> Any:
        rate, state = plateau(state, metric)
        return state, rate

    state, rates = jax.jit(lambda values: jax.lax.scan(step, plateau.init(), values))(jnp.array(metrics))
    plain = ours(metrics, schedule, **settings)
    assert rates.tolist() == pytest.approx(plain, rel=2e-6, abs=1e-8)
    assert float(state["scale"]) < 1.0
    assert {name: jnp.asarray(value).item() for name, value in state.items()}.keys() == plateau.init().keys()


def test_a_tensor_is_a_metric() -> None:
    metrics = [1.0, 1.0, 1.0, 1.0]
    assert ours([torch.tensor(one) for one in metrics], patience=1) == ours(metrics, patience=1)


def test_the_rate_is_the_schedules_times_the_scale() -> None:
    schedule = lrvec.linear(base_lr=1.0, end_lr=0.0, total_steps=10)
    rates = ours([1.0] * 10, schedule, patience=2, factor=0.5, min_lr=0.3)
    #        a best one, two bad ones, then halved at the third, held at the floor, and below it where the schedule is
    assert rates == [0.9, 0.8, 0.7, 0.3, 0.3, 0.3, 0.3, pytest.approx(0.2), pytest.approx(0.1), 0.0]


def refusals() -> Iterator[tuple[dict[str, Any], type[Exception], str]]:
    yield {"rules": "paddle"}, ValueError, r"rules must be one of \('torch', 'keras', 'optax', 'timm'\), received 'paddle'"
    yield {"mode": "auto"}, ValueError, "mode must be one of"
    yield {"threshold_mode": "relative"}, ValueError, "threshold_mode must be one of"
    for factor in (0.0, 1.0, 2.0):
        yield {"factor": factor}, ValueError, f"factor must satisfy 0 < factor < 1, received {factor}"
    yield {"factor": [0.5, 0.1]}, TypeError, "factor must be a finite number, received"
    yield {"patience": -1}, ValueError, "patience must be a non-negative integer, received -1"
    yield {"patience": 3.0}, ValueError, r"patience must be a non-negative integer, received 3.0: use int\(3.0\)"
    yield {"patience": 0, "rules": "optax"}, ValueError, "patience must be a positive integer, received 0"
    yield {"cooldown": -1}, ValueError, "cooldown must be a non-negative integer, received -1"
    yield {"threshold": -1e-4}, ValueError, "threshold must be non-negative, received -0.0001"
    yield {"min_lr": -1.0}, ValueError, "min_lr must be non-negative, received -1.0"
    yield {"eps": nan}, ValueError, "eps must be a finite number, received nan"
    yield {"accumulation_size": 0}, ValueError, "accumulation_size must be a positive integer, received 0"
    yield {"schedule": "fast"}, TypeError, "schedule must be a finite number, received 'fast'"


@pytest.mark.parametrize(("bad", "exception", "message"), [*refusals()])
def test_is_refused(bad: dict[str, Any], exception: type[Exception], message: str) -> None:
    with pytest.raises(exception, match=f"^{message}"):
        lrvec.reduce_on_plateau(**{"schedule": 0.1, **bad})


@pytest.mark.parametrize("state", [None, {}, {"step": 0}, [0]])
def test_a_bad_state_is_refused(state: Any) -> None:
    with pytest.raises(ValueError, match="^state must be a dict of step, scale, best, has_best, bad, cooldown, count, mean, received"):
        lrvec.reduce_on_plateau(0.1)(state, 1.0)


def test_it_is_a_value() -> None:
    import pickle

    plateau = lrvec.reduce_on_plateau(0.1, rules="optax", patience=3)
    assert repr(plateau) == "reduce_on_plateau(constant(lr=0.1), rules='optax', patience=3)"
    assert eval(repr(plateau), vars(lrvec)) == plateau == pickle.loads(pickle.dumps(plateau))
    assert hash(plateau) == hash(lrvec.reduce_on_plateau(0.1, rules="optax", patience=3))
    assert plateau != lrvec.reduce_on_plateau(0.1, rules="optax", patience=4)
