"""These tests are about the slopes of a monotone cubic curve: each is the double nearest to the exact one, alone and in columns."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from kinds.knots import pchip_slopes

from lrvec._lowering import slopes


def curves(seed: int) -> Iterator[tuple[list[int], list[float]]]:
    """Through five knots: smooth ones, flat ones, such as turn, and such as have simple numbers or hardly any rise."""
    rng = random.Random(seed)
    rates: list[Any] = [
        rng.random,
        lambda: rng.choice([0.0, 0.25, 0.5, 1.0]),
        lambda: rng.uniform(-1.0, 1.0) * 2.0 ** rng.randint(-1000, 1000),
        lambda: 1.0 + rng.randint(0, 9) * 2.0**-52,
        lambda: rng.randint(1, 99) * 2.0 ** rng.choice([-1074, -210, -195, 195, 210]),
    ]
    for _ in range(20):
        for rate in rates:
            steps = sorted(rng.sample(range(rng.choice([9, 1000, 2**53])), 5))
            values = [rate() for _ in steps]
            yield steps, sorted(values) if rng.random() < 0.5 else values


def nearest(steps: list[int], values: list[float]) -> list[float]:
    knots = pchip_slopes(tuple(steps), tuple(values))
    return [
        float(knot * (after - before)) for i, (before, after) in enumerate(pairwise(steps)) for knot in knots[i : i + 2]
    ]


def flat(found: Any) -> Any:
    return np.array([slope for both in found for slope in both])


@pytest.mark.parametrize("seed", range(3))
def test_each_slope_is_the_nearest_double(seed: int) -> None:
    given = list(curves(seed))
    wanted = np.array([nearest(*curve) for curve in given])
    for curve, row in zip(given, wanted, strict=True):
        assert np.array_equal(flat(slopes.monotone(*curve)), row), curve
    steps, values = (list(map(np.array, zip(*lists, strict=True))) for lists in zip(*given, strict=True))
    assert np.array_equal(flat(slopes.monotone(steps, values)).T, wanted)
    across = flat(slopes.monotone([step[:, None] for step in steps], values))
    assert np.array_equal(across.reshape(8, -1)[:, :: len(given) + 1], wanted.T)


def test_fractions_are_asked_where_pairs_do_not_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    exact = slopes._exact
    monkeypatch.setattr(slopes, "_exact", lambda *curve: asked.append(curve) or exact(*curve))
    slopes.monotone([0, 3, 10, 12], [1.0, 0.7, 0.6, 0.1])
    slopes.monotone([0, 3, 10, 12], [np.array([1.0, 2.0]), 0.7, 0.6, 0.1])
    assert not asked
    slopes.monotone([0, 3, 10, 12], [np.array([1.0, 1e300, 2.0]), 0.7, 0.6, 0.1])
    assert asked == [((0, 3, 10, 12), (1e300, 0.7, 0.6, 0.1))]
