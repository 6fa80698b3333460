"""
The schedule of DeepSeek-V3, beside its paper
=============================================

`lrvec.recipes` has the schedules of published runs. Section 4.2 of the paper (arXiv 2412.19437) says:

    We first linearly increase it from 0 to 2.2e-4 during the first 2K steps. Then, we keep a constant learning rate of
    2.2e-4 until the model consumes 10T training tokens. Subsequently, we gradually decay the learning rate to 2.2e-5 in
    4.3T tokens, following a cosine decay curve. During the training of the final 500B tokens, we keep a constant
    learning rate of 2.2e-5 in the first 333B tokens, and switch to another constant learning rate of 7.3e-6 in the
    remaining 167B tokens.

The batch grows from 3072 to 15360 in the first 469B tokens, so that a step is not always as many tokens.
"""

import lrvec
from lrvec.recipes import deepseek_v3

clock = deepseek_v3.defaults["clock"]
schedule = deepseek_v3()
lrvec.plot(schedule, steps=deepseek_v3.steps + 1, clock=clock, labels=["DeepSeek-V3"])

# %%
# Each sentence of the paper, as a question to the schedule:


def rate(tokens):
    """Returns the rate of the first step before which the model has seen so many tokens."""
    return schedule(clock.steps(tokens))


assert schedule(0) == 0.0
assert schedule(2_000) == 2.2e-4
assert rate("9.99T tokens") == 2.2e-4
assert 2.2e-5 < rate("10.01T tokens") < 2.2e-4
assert abs(rate("12.15T tokens") - (2.2e-4 + 2.2e-5) / 2) < 1e-8  # the middle of the cosine
assert rate("14.3T tokens") == rate("14.63T tokens") == 2.2e-5
assert rate("14.64T tokens") == schedule(deepseek_v3.steps) == 7.3e-6

# %%
# What the paper leaves open is at the start: how the batch grows. It is as large as it gets where this picture ends:

lrvec.plot(schedule, steps=clock.steps("469B tokens") + 1, clock=clock, labels=["its start"])
print(f"left open: {deepseek_v3.chosen['clock']}")
