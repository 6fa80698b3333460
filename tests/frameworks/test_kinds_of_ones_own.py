"""These tests take kinds of a user's own into JAX, and into search spaces, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SCRIPT = """
import jax, jax.numpy as jnp, own_kinds, lrvec.search
from own_kinds import own_ramp
from optuna.distributions import FloatDistribution, IntDistribution
from optuna.trial import FixedTrial
ramp = own_ramp(base_lr=1.0, warmup_steps=2, total_steps=6)
print(jax.jit(ramp)(jnp.arange(8)).tolist())
print(float(jax.grad(lambda rate: own_ramp(base_lr=rate, warmup_steps=2, total_steps=6)(3))(1.0)))
print(own_ramp(base_lr=[1.0, 2.0], warmup_steps=2, total_steps=6)(jnp.arange(4)).tolist())
print(lrvec.search.suggest(FixedTrial({"base_lr": 0.5}), own_ramp, base_lr=FloatDistribution(0.1, 1.0), warmup_steps=0))
space = {"base_lr": FloatDistribution(0.1, 1.0), "warmup_steps": IntDistribution(0, 5), "total_steps": 9}
print(lrvec.search.draw(own_ramp, 4, 0, **space).shape)
drawn = lrvec.search.draw({"own_ramp": {}, "warmup_linear": {}}, 4, 0, **space)
print(sorted({one.kind for one in drawn}))
try:
    lrvec.search.draw(own_ramp, 4, 0, base_lr=FloatDistribution(0.0, 1.0), warmup_steps=0)
except ValueError as error:
    print(str(error).partition(": ")[2])
"""


def test_in_jax_and_in_search_spaces() -> None:
    tests = Path(__file__).parent.parent
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(tests)},
        timeout=300,
    )
    assert done.stdout.splitlines() == [
        "[0.0, 0.5, 1.0, 0.75, 0.5, 0.25, 0.0, 0.0]",
        "0.75",
        "[[0.0, 0.5, 1.0, 0.75], [0.0, 1.0, 2.0, 1.5]]",
        "own_ramp(base_lr=0.5, warmup_steps=0, total_steps=100, decay='linear')",
        "(4,)",
        "['own_ramp', 'warmup_linear']",
        "base_lr must be a positive number, received 0.0",
    ], done.stderr
