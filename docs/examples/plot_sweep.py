"""
A sweep
=======

Arrays in place of numbers make many schedules in one value. One call evaluates them all.
"""

import numpy

import lrvec

sweep = lrvec.warmup_cosine(base_lr=numpy.geomspace(1e-4, 1e-2, 64), min_lr=1e-5, warmup_steps=500, total_steps=10_000)
lrvec.plot(sweep, log=True)

# %%
# The row whose rates have the sum that is nearest to 5:

sums = lrvec.integral(sweep, 0, 10_000)
best = sweep[int(abs(sums - 5.0).argmin())]
print(best)
lrvec.plot(best)
