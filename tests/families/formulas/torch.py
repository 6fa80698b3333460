from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from beside import stepped
from mpmath import mp

from . import FUNCTION, METRIC, Row

PROGRAM = "torch"
PACKAGE = "torch"


def chained(steps: int, base_lr: float, eta_min: float, half: int, step_size: int, gamma: float) -> list[float]:
    """What torch's two recursions leave, of CosineAnnealingLR, whose T_max is half a wave, and then StepLR."""
    with mp.workprec(200):
        rate, found = mp.mpf(base_lr), [base_lr]
        for step in range(1, steps):
            if (step - 1 - half) % (2 * half) == 0:
                rate += (mp.mpf(base_lr) - eta_min) * (1 - mp.cospi(mp.mpf(1) / half)) / 2
            else:
                wave, before = (1 + mp.cospi(mp.mpf(one) / half) for one in (step, step - 1))
                rate = wave / before * (rate - eta_min) + eta_min
            rate *= gamma if step % step_size == 0 else 1
            found.append(float(rate))
        return found


def run(steps: int, base_lr: float, eta_min: float, half: int, step_size: int, gamma: float, peaks: Any) -> Sequence[float]:
    import torch
    from torch.optim.lr_scheduler import ChainedScheduler, CosineAnnealingLR, StepLR

    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=base_lr)
    parts = [CosineAnnealingLR(optimizer, half, eta_min), StepLR(optimizer, step_size, gamma)]
    return stepped(optimizer, ChainedScheduler(parts), steps)


def with_peaks(**given: Any) -> dict[str, Any]:
    """The wave of each step_size steps is that between eta_min and a peak of its own, which the rate there gives."""
    starts = range(0, 130, given["step_size"])
    rates = chained(starts[-1] + 1, **given)
    with mp.workprec(200):
        heights = [(1 + mp.cospi(mp.mpf(start) / given["half"])) / 2 for start in starts]
        peaks = [given["eta_min"] + (rates[start] - given["eta_min"]) / height for start, height in zip(starts, heights, strict=True)]
        return {**given, "peaks": [float(peak) for peak in peaks]}


ROWS = [
    Row("MultiplicativeLR", note=f"{FUNCTION}, and multiplies the rate of each step by its result"),
    Row("CyclicLR with scale_fn", note=FUNCTION),
    Row(
        "ChainedScheduler of CosineAnnealingLR and StepLR",
        "join([(step_size, advance(mirrored(cosine(base_lr=peak, min_lr=eta_min, total_steps=half), length=half), "
        "steps=number * step_size)) for number, peak in enumerate(peaks)])",
        lambda t, peaks, **given: chained(t + 1, **given)[t],
        [
            with_peaks(base_lr=1.0, eta_min=0.1, half=150, step_size=20, gamma=0.5),
            with_peaks(base_lr=0.1, eta_min=0.0, half=131, step_size=7, gamma=0.9),
        ],
        note="half is T_max, and the expression holds up to it; the rate at the start of every step_size steps gives the peak of "
        "their wave",
        run=run,
    ),
    Row(
        "ChainedScheduler of CosineAnnealingLR and a curve",
        note="each goes on from the rate that the other leaves, so a rate is a sum over all steps before",
    ),
    Row("ReduceLROnPlateau", note=METRIC),
]
