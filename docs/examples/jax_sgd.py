"""
A linear regression in JAX
==========================

`python docs/examples/jax_sgd.py` trains a linear regression in minibatches, in JAX.

It needs jax. One compiled function trains: a `lax.scan` over the batches of an epoch lies within a `lax.scan` over the
epochs. The rate comes from `lrvec.as_schedule`, which gives one form to three sorts of schedules:

    stairs      a Schedule: half the rate every six epochs
    decay       a function of the step: exp(-0.01 step)
    doubling    a function with a state: half the rate after 1, 2, 4, 8 ... epochs

The program prints the mean loss of each epoch.
"""

from functools import partial

import jax
import jax.numpy as jnp

import lrvec

SAMPLES, FEATURES, BATCH, EPOCHS = 512, 8, 32, 24
BATCHES = SAMPLES // BATCH  # in an epoch
RATE = 0.1


def make_data(key):
    """Makes inputs, and targets that are linear in the inputs, with noise of variance 1/4."""
    of_inputs, of_weights, of_noise = jax.random.split(key, 3)
    inputs = jax.random.normal(of_inputs, (SAMPLES, FEATURES))
    weights = jax.random.normal(of_weights, (FEATURES,))
    return inputs, inputs @ weights + 2.0 + 0.5 * jax.random.normal(of_noise, (SAMPLES,))


def loss_of(parameters, inputs, targets):
    return jnp.mean((inputs @ parameters["weights"] + parameters["bias"] - targets) ** 2)


def doubling(step, state):
    """Halves the rate when the step `due` is reached, and doubles `due`."""
    is_due = step >= state["due"]
    rate = jnp.where(is_due, 0.5 * state["rate"], state["rate"])
    return rate, {"rate": rate, "due": jnp.where(is_due, 2 * state["due"], state["due"])}


@partial(jax.jit, static_argnums=0)
def train(schedule, state, inputs, targets):
    """Trains, and returns the mean loss of each epoch."""

    def learn(carry, batch):
        parameters, step, state = carry
        rate, state = schedule(step, state)
        loss, slopes = jax.value_and_grad(loss_of)(parameters, *batch)
        parameters = jax.tree.map(lambda parameter, slope: parameter - rate * slope, parameters, slopes)
        return (parameters, step + 1, state), loss

    def epoch(carry, key):
        order = jax.random.permutation(key, SAMPLES).reshape(BATCHES, BATCH)
        carry, losses = jax.lax.scan(learn, carry, (inputs[order], targets[order]))
        return carry, losses.mean()

    start = {"weights": jnp.zeros(FEATURES), "bias": jnp.float32(0.0)}
    return jax.lax.scan(epoch, (start, 0, state), jax.random.split(jax.random.key(1), EPOCHS))[1]


SCHEDULES = {
    "stairs": lrvec.as_schedule(lrvec.step_lr(RATE, 6 * BATCHES, gamma=0.5)),
    "decay": lrvec.as_schedule(lrvec.lambda_lr(lambda step: RATE * jnp.exp(-0.01 * step))),
    "doubling": lrvec.as_schedule(doubling, {"rate": jnp.float32(RATE), "due": BATCHES}),
}

if __name__ == "__main__":
    data = make_data(jax.random.key(0))
    losses = {name: train(*schedule, *data) for name, schedule in SCHEDULES.items()}
    print("epoch", *(f"{name:>9}" for name in losses))
    for number, row in enumerate(zip(*losses.values(), strict=True), 1):
        print(f"{number:5}", *(f"{loss:9.5f}" for loss in row))
