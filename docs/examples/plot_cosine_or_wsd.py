"""
A cosine, or a plateau and a decay
==================================

A cosine must know the length of the run. A plateau goes on until you decide to stop: `decay_from` then makes a branch
of it, and the steps before the branch keep their bits.
"""

import lrvec

STEPS = 100_000
cosine = lrvec.warmup_cosine(base_lr=6e-4, min_lr=6e-5, warmup_steps=2_000, total_steps=STEPS)
plateau = lrvec.warmup(lrvec.constant(lr=6e-4), steps=2_000)
branches = lrvec.decay_from(plateau, step=[40_000, 60_000, 80_000], decay_steps=20_000, shape="1-sqrt")

lrvec.plot(cosine, branches, steps=STEPS + 1, labels=["cosine", "decay from"])

# %%
# A branch keeps all rates of the plateau:

assert (branches[0](range(40_000)) == plateau(range(40_000))).all()

# %%
# The boundary, step by step:

lrvec.plot.zoom(branches[0], 40_000)
