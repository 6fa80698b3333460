"""
Another plan at a checkpoint
============================

A run of torch is stopped, and goes on in new processes with edited schedules.

    python docs/examples/resume.py run.pt --until 600             train for 600 of the 1,000 planned steps
    python docs/examples/resume.py run.pt --extend 1500           go on, to 1,500 steps in place of 1,000
    python docs/examples/resume.py run.pt --decay 100             branch off: decay to 0 in 100 steps
    python docs/examples/resume.py run.pt --rewarm 50 --for 300   train on: warm up again, then another cosine

The checkpoint has the schedule in the scheduler's state, as plain data. An edit keeps the rates of all steps before it,
to the bit, so no edit needs to know what was planned. Each command prints the steps and the rates that the optimizer
saw, and how far the weights are from the solution.
"""

from __future__ import annotations

import argparse
import os
from typing import Any

import torch

import lrvec
from lrvec.torch import LRScheduler

PLANNED = lrvec.warmup_cosine(base_lr=0.05, min_lr=0.001, warmup_steps=50, total_steps=1_000)
SOLUTION = torch.linspace(-1.0, 1.0, 8)


def edited(schedule: lrvec.Schedule, step: int, given: argparse.Namespace) -> tuple[lrvec.Schedule, int]:
    """Returns the schedule to go on with, and the step to stop at."""
    if given.extend:
        return lrvec.rebase(schedule, step=step, total_steps=given.extend), given.extend
    if given.decay:
        return lrvec.decay_from(schedule, step=step, decay_steps=given.decay), step + given.decay
    if given.rewarm:
        then = lrvec.cosine(base_lr=0.02, min_lr=0.0, total_steps=given.steps - given.rewarm)
        return lrvec.rewarm(schedule, step=step, warmup_steps=given.rewarm, then=then), step + given.steps
    return schedule, given.until


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n    python")[0])
    parser.add_argument("checkpoint")
    parser.add_argument("--until", type=int, default=1_000)
    parser.add_argument("--extend", type=int)
    parser.add_argument("--decay", type=int)
    parser.add_argument("--rewarm", type=int)
    parser.add_argument("--for", type=int, default=300, dest="steps")
    given = parser.parse_args()

    weights = torch.nn.Parameter(torch.zeros(8))
    optimizer = torch.optim.SGD([weights], lr=1.0, momentum=0.5)
    schedule, step = PLANNED, 0
    if os.path.exists(given.checkpoint):
        saved: dict[str, Any] = torch.load(given.checkpoint, weights_only=True)
        weights.data.copy_(saved["weights"])
        optimizer.load_state_dict(saved["optimizer"])
        schedule, step = lrvec.from_dict(saved["scheduler"]["schedules"]["lr"]), saved["scheduler"]["last_epoch"]

    schedule, stop = edited(schedule, step, given)
    scheduler = LRScheduler(optimizer, schedule, last_epoch=step - 1)
    for now in range(step, stop):
        print(now, optimizer.param_groups[0]["lr"])
        inputs = torch.randn(8, generator=torch.Generator().manual_seed(now))
        optimizer.zero_grad()
        ((weights - SOLUTION) @ inputs).square().backward()
        optimizer.step()
        scheduler.step()
    print("distance", (weights - SOLUTION).norm().item())

    state = {"weights": weights.data, "optimizer": optimizer.state_dict(), "scheduler": scheduler.state_dict()}
    torch.save(state, given.checkpoint)


if __name__ == "__main__":
    main()
