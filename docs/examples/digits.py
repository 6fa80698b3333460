"""
Handwritten digits in numpy
===========================

`python docs/examples/digits.py` learns handwritten digits in plain numpy, at a scheduled rate and at a constant one.

It needs scikit-learn, which has the digits. The two runs start alike and see the same batches. One schedule drives both
groups of parameters, the hidden layer at half the rate of the output layer. The program prints the rates, and the
accuracy on the test set at the end of each epoch.
"""

import numpy as np
from sklearn.datasets import load_digits

import lrvec

EPOCHS, BATCH, HIDDEN, TEST = 20, 32, 32, 497
PEAK, MOMENTUM = 0.5, 0.9


def load():
    """Returns pixels from 0 to 1 and labels, shuffled: two arrays to train on, and two arrays to test on."""
    pixels, labels = load_digits(return_X_y=True)
    order = np.random.default_rng(0).permutation(len(labels))
    pixels, labels = pixels[order] / 16.0, labels[order]
    return pixels[TEST:], labels[TEST:], pixels[:TEST], labels[:TEST]


def forward(parameters, pixels):
    """Returns the activations of the hidden layer, and the probabilities of the ten digits."""
    hidden = np.maximum(pixels @ parameters["hidden"][:-1] + parameters["hidden"][-1], 0.0)
    scores = hidden @ parameters["output"][:-1] + parameters["output"][-1]
    scores = np.exp(scores - scores.max(axis=1, keepdims=True))
    return hidden, scores / scores.sum(axis=1, keepdims=True)


def gradients(parameters, pixels, labels):
    """Returns the gradients of the mean cross-entropy for both layers. The last row of each belongs to the biases."""
    hidden, error = forward(parameters, pixels)
    error[np.arange(len(labels)), labels] -= 1.0
    error /= len(labels)
    back = (error @ parameters["output"][:-1].T) * (hidden > 0.0)
    return {
        "hidden": np.vstack([pixels.T @ back, back.sum(axis=0)]),
        "output": np.vstack([hidden.T @ error, error.sum(axis=0)]),
    }


def train(rates, pixels, labels):
    """Trains by stochastic gradient descent with momentum, and yields the parameters after each epoch."""
    random = np.random.default_rng(1)
    shapes = {"hidden": (pixels.shape[1], HIDDEN), "output": (HIDDEN, 10)}
    parameters = {
        group: np.vstack([random.normal(scale=np.sqrt(2.0 / fan_in), size=(fan_in, width)), np.zeros(width)])
        for group, (fan_in, width) in shapes.items()
    }
    velocity = {group: np.zeros_like(values) for group, values in parameters.items()}
    step = 0
    for _ in range(EPOCHS):
        order = random.permutation(len(labels))
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            rate = rates(step)
            for group, gradient in gradients(parameters, pixels[batch], labels[batch]).items():
                velocity[group] = MOMENTUM * velocity[group] - rate[group] * gradient
                parameters[group] += velocity[group]
            step += 1
        yield parameters


def accuracy(parameters, pixels, labels):
    return np.mean(forward(parameters, pixels)[1].argmax(axis=1) == labels)


pixels, labels, test_pixels, test_labels = load()
steps = -(-len(labels) // BATCH)  # in an epoch
warmup = 2 * steps
annealed = lrvec.cosine(base_lr=PEAK, min_lr=0.0, total_steps=EPOCHS * steps - warmup)
multipliers = {"hidden": 0.5, "output": 1.0}
scheduled = lrvec.scale_by_group(
    lrvec.with_warmup(annealed, warmup_steps=warmup, start_lr=0.0), multipliers=multipliers
)
constant = lrvec.scale_by_group(lrvec.constant(lr=PEAK), multipliers=multipliers)

print("epoch  hidden rate  output rate  scheduled  constant")
runs = zip(train(scheduled, pixels, labels), train(constant, pixels, labels), strict=True)
for epoch, both in enumerate(runs, 1):
    rate = scheduled(epoch * steps)
    correct = [accuracy(parameters, test_pixels, test_labels) for parameters in both]
    print(f"{epoch:5}  {rate['hidden']:11.6f}  {rate['output']:11.6f}  {correct[0]:9.1%}  {correct[1]:8.1%}")
