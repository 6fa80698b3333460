"""
The best schedule by a law of the loss
======================================

This program finds the schedule after which a language model has the least loss.

The multi-power law of Luo et al. (arXiv 2503.12811) predicts the loss of a model from all rates of its run::

    L = L0 + A S(0)^-alpha - B sum over k of (lr_(k-1) - lr_k) (1 - (C lr_k^-gamma S(k) + 1)^-beta)

where S(k) is the sum of the rates from step k on. The coefficients below are the published ones, of models of 25M, 100M
and 400M parameters. So a search that would take thousands of runs takes seconds. Its result is the paper's: a plateau
with a decay at the end is ahead of the best cosine.
"""

import time
from typing import Any

import numpy as np

import lrvec

LAW = {
    "25M": (3.04045406, 0.52468604, 0.50786857, 363.78751622, 2.06560812, 0.58279013, 0.64142257),
    "100M": (2.6514477, 0.60115152, 0.45295811, 437.9464276, 2.13245612, 0.59785199, 0.65523644),
    "400M": (2.37474466, 0.65421216, 0.42878731, 523.42464371, 2.02462735, 0.59350493, 0.63472457),
}
"""L0, A, alpha, B, C, beta and gamma of each model."""

STEPS, WARMUP, PEAK = 24_000, 2_160, 3e-4
BLOCK = 32
"""So many schedules are weighed at once: their rates then stay in the cache."""


def final_losses(sweep: Any) -> dict[str, Any]:
    """Returns the loss at the end of a run with each schedule of a sweep, for each model."""
    found: dict[str, list[Any]] = {model: [] for model in LAW}
    for start in range(0, len(sweep), BLOCK):
        rates = sweep[start : start + BLOCK](range(1, STEPS + 1), dtype=np.float32)
        left = np.cumsum(rates[:, ::-1], axis=1)[:, ::-1]
        drops, logarithms = rates[:, :-1] - rates[:, 1:], np.log(rates[:, 1:])
        for model, (least, scale, alpha, weight, c, beta, gamma) in LAW.items():
            reached = 1.0 - np.exp(-beta * np.log1p(c * np.exp(-gamma * logarithms) * left[:, 1:]))
            fallen = (drops * reached).sum(axis=1, dtype=float)
            found[model].append(least + scale * left[:, 0].astype(float) ** -alpha - weight * fallen)
    return {model: np.concatenate(parts) for model, parts in found.items()}


def main() -> None:
    ends = np.geomspace(1e-6, 1e-4, 64)
    cosines = lrvec.warmup_cosine(base_lr=PEAK, min_lr=ends, warmup_steps=WARMUP, total_steps=STEPS)
    decays, floors = np.meshgrid(np.linspace(500, 21_000, 56).astype(int), np.geomspace(1e-6, 1e-4, 8))
    plateaus = lrvec.warmup_stable_decay(
        base_lr=PEAK,
        warmup_steps=WARMUP,
        warmup_start=0.0,
        total_steps=STEPS,
        decay_steps=decays.ravel(),
        final_lr=floors.ravel(),
        decay_shape="1-sqrt",
    )
    began = time.perf_counter()
    losses = final_losses(cosines), final_losses(plateaus)
    seconds = time.perf_counter() - began
    print("model  best cosine  best plateau  its decay")
    for model in LAW:
        cosine, plateau = (of[model] for of in losses)
        best = plateaus[int(plateau.argmin())]
        print(f"{model:>5}  {cosine.min():11.3f}  {plateau.min():12.3f}  {best.params['decay_steps']:5,} steps")
    print(f"{len(cosines) + len(plateaus)} schedules of {STEPS:,} steps, {len(LAW)} models: {seconds:.1f} s")
    rates = cosines[int(losses[0]["400M"].argmin())], plateaus[int(losses[1]["400M"].argmin())]
    lrvec.plot(*rates, labels=["the best cosine for 400M", "the best plateau"])


if __name__ == "__main__":
    main()
