"""These tests hold piecewise beside scipy's PchipInterpolator."""

from __future__ import annotations

import random

import numpy as np
import pytest
from scipy.interpolate import PchipInterpolator

import lrvec


@pytest.mark.parametrize("longest", [20, 1000, 10**6])
def test_pchip(longest: int) -> None:
    """Through knots at random, two and more: flat ones, and such as go up and down."""
    rng = random.Random(longest)
    for _ in range(300):
        steps = sorted(rng.sample(range(longest), rng.randint(2, 9)))
        values = [rng.choice([0.5, rng.random(), 10.0 ** rng.uniform(-6.0, 0.0)]) for _ in steps]
        at = np.array([*steps, *(rng.randint(steps[0], steps[-1]) for _ in range(40))])
        ours = lrvec.piecewise(steps=steps, values=values, interpolation="pchip")(at)
        assert np.abs(ours - PchipInterpolator(steps, values)(at)).max() <= 1e-15 * max(values)
