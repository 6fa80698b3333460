"""
A training loop
===============

A linear regression in numpy, with steps on one sample at a time: at a constant rate, and at a rate that
warms up and then falls. The noise of single samples keeps the constant rate away from the solution. The falling rate
comes closer to it.
"""

import matplotlib.pyplot as plt
import numpy

import lrvec

STEPS = 4000
rng = numpy.random.default_rng(0)
inputs = rng.normal(size=(STEPS, 8))
wanted = rng.normal(size=8)
outputs = inputs @ wanted + rng.normal(size=STEPS)


def train(schedule):
    """Returns the distance to the solution after each step."""
    weights = numpy.zeros(8)
    distances = []
    for step in range(STEPS):
        error = inputs[step] @ weights - outputs[step]
        weights -= schedule(step) * error * inputs[step]
        distances.append(numpy.linalg.norm(weights - wanted))
    return distances


falling = lrvec.warmup_cosine(base_lr=0.04, min_lr=0.0, warmup_steps=200, total_steps=STEPS)
constant = lrvec.constant(lr=0.04)

# %%
# The two schedules:

lrvec.plot(falling, constant, labels=["falling", "constant"])

# %%
# The distance to the solution:

figure, ax = plt.subplots(figsize=(7.2, 3.5), layout="constrained")
runs = {"falling": train(falling), "constant": train(constant)}
for name, distances in runs.items():
    ax.semilogy(distances, label=name)
ax.set_xlabel("step")
ax.set_ylabel("distance")
ax.legend()
assert runs["falling"][-1] < runs["constant"][-1] / 2
