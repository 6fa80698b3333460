"""
Many peak rates at once in JAX
==============================

A parameter of a schedule may be traced. So `jax.vmap` trains one model for each of 48 peak rates, in one compiled
function. It needs jax.
"""

import jax
import jax.numpy as jnp
import matplotlib.pyplot as plt

import lrvec

STEPS, WIDTH = 2000, 16
key = jax.random.key(0)
of_inputs, of_weights, of_noise, of_order = jax.random.split(key, 4)
scales = jnp.geomspace(0.1, 1.0, WIDTH)  # directions that need small rates, and others that need large ones
inputs = scales * jax.random.normal(of_inputs, (2048, WIDTH))
wanted = jax.random.normal(of_weights, (WIDTH,))
outputs = inputs @ wanted + jax.random.normal(of_noise, (2048,))
batches = jax.random.randint(of_order, (STEPS, 8), 0, 2048)
solution = jnp.linalg.lstsq(inputs, outputs)[0]


def loss_of(weights, batch):
    return jnp.mean((inputs[batch] @ weights - outputs[batch]) ** 2)


def trained(schedule):
    """Returns the weights after all steps of stochastic gradient descent."""

    def learn(weights, step):
        return weights - schedule(step) * jax.grad(loss_of)(weights, batches[step]), None

    return jax.lax.scan(learn, jnp.zeros(WIDTH), jnp.arange(STEPS))[0]


def cosine(peak):
    return lrvec.warmup_cosine(base_lr=peak, min_lr=0.0, warmup_steps=100, total_steps=STEPS)


def final_loss(peak, schedule):
    """Returns how far the loss at the end is above the least one."""
    everything = jnp.arange(2048)
    return loss_of(trained(schedule(peak)), everything) - loss_of(solution, everything)


# %%
# A constant rate and a falling one, at each peak:

peaks = jnp.geomspace(0.01, 1.0, 48)
schedules = {"falling": cosine, "constant": lambda peak: lrvec.constant(lr=peak)}
losses = {
    name: jax.jit(jax.vmap(lambda peak, schedule=schedule: final_loss(peak, schedule)))(peaks)
    for name, schedule in schedules.items()
}

figure, ax = plt.subplots(figsize=(7.2, 3.5), layout="constrained")
for name, found in losses.items():
    ax.loglog(peaks, jnp.where(found < 2.0, found, jnp.nan), "o-", markersize=3, label=name)
ax.set_xlabel("peak rate")
ax.set_ylabel("loss at the end, above the least one")
ax.legend()
assert jnp.nanmin(losses["falling"]) < jnp.nanmin(losses["constant"]) / 2

# %%
# The loss has a derivative with respect to the peak rate, through all steps. At the best of the peaks it is small:

slope = jax.jit(jax.grad(lambda peak: final_loss(peak, cosine)))
best = peaks[jnp.nanargmin(losses["falling"])]
print(f"at {best / 4:.3f}: {slope(best / 4):.3f}, at the best, {best:.3f}: {slope(best):.3f}")
assert abs(slope(best)) < abs(slope(best / 4))
