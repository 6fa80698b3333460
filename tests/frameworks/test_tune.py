"""These tests are about Ray Tune: a space becomes the ranges of `ray.tune`, and a sample of these becomes a schedule."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from optuna.distributions import FloatDistribution, IntDistribution
from optuna.trial import FixedTrial
from ray import tune
from spaces import COUNT, DECADES, KINDS_OF_DECAY, ODD, RATE, SHARE, SPACES, WORD, asked_of, random_trial

import lrvec
from lrvec.search import from_config, suggest, to_tune

PAGE = Path(__file__).parents[2] / "docs" / "search-spaces.md"


@pytest.mark.parametrize("name", SPACES)
def test_what_tune_samples_lies_in_the_space(name: str) -> None:
    factory, parameters = SPACES[name]
    space = to_tune(factory, "s.", **parameters)
    assert all(isinstance(domain, tune.search.sample.Domain) for domain in space.values())
    assert space.keys() == {"s." + other for other in names_of(name)}
    for _ in range(30):
        config = {other: domain.sample() for other, domain in space.items()}
        schedule = from_config(factory, {**config, "batch_size": 8}, "s.", **parameters)
        assert schedule == suggest(FixedTrial(config), factory, "s.", **parameters)
        assert lrvec.from_dict(json.loads(json.dumps(schedule.to_dict()))) == schedule


def names_of(name: str) -> set[str]:
    """Of all distributions that some trial is asked for."""
    return {other for seed in range(60) for other in asked_of(*SPACES[name], random_trial(seed))[1]}


def test_tune_gets_the_very_ranges() -> None:
    space = to_tune(
        lambda **_: lrvec.constant(lr=1.0),
        even=IntDistribution(10, 20, step=2),
        odd=ODD,
        tenths=FloatDistribution(0.5, 2.0, step=0.25),
        between=FloatDistribution(0.3, 0.7, step=0.2),
        count=COUNT,
        decades=DECADES,
        rate=RATE,
        share=SHARE,
        word=WORD,
    )
    known = {
        "even": tune.qrandint(10, 20, 2),
        "odd": tune.choice(list(range(101, 1000, 2))),
        "tenths": tune.quniform(0.5, 2.0, 0.25),
        "between": tune.choice([0.3, 0.3 + 0.2, 0.3 + 0.2 * 2]),
        "count": tune.randint(1, 65),
        "decades": tune.lograndint(1, 10_001),
        "rate": tune.loguniform(1e-4, 1.0),
        "share": tune.uniform(0.25, 0.75),
        "word": tune.choice(["linear", "1-sqrt"]),
    }
    assert {name: described(domain) for name, domain in space.items()} == {
        name: described(domain) for name, domain in known.items()
    }


def described(domain: Any) -> tuple[Any, ...]:
    sampler = domain.get_sampler()
    bounds = domain.categories if hasattr(domain, "categories") else (domain.lower, domain.upper)
    return type(domain), bounds, type(sampler), getattr(sampler, "q", None), type(getattr(sampler, "sampler", None))


def test_the_page_s_search_by_tune() -> None:
    (block,) = re.findall(r"```python\n((?!>>>).*?)```", PAGE.read_text(), re.DOTALL)
    warm = {"schedule": KINDS_OF_DECAY, "warmup_steps": COUNT, "start_lr": 0.0}
    names = {"lrvec": lrvec, "from_config": from_config, "warm": warm}
    exec(block, names)
    assert isinstance(names["tuner"], tune.Tuner)
    space = names["param_space"]
    assert space.pop("batch_size") == 32
    assert names["train"]({name: domain.sample() for name, domain in space.items()})["loss"] >= 0.0
