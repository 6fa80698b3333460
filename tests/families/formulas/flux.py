from __future__ import annotations

from . import Row

PROGRAM = "Flux, its old Optimise module"


def exp_decay(t: int, eta: float, decay: float, step: int, clip: float, start: int) -> float:
    for update in range(1, t + 2):
        if update > start and update % step == 0:
            eta = max(eta * decay, clip)
    return eta


ROWS = [
    Row(
        "ExpDecay",
        "clipped(advance(delay(step_decay(base_lr=eta, step_size=step, gamma=decay), steps=start // step * step), "
        "steps=1), low=clip)",
        exp_decay,
        [
            {"eta": 0.001, "decay": 0.5, "step": 12, "clip": 1e-4, "start": 0},
            {"eta": 1.0, "decay": 0.1, "step": 7, "clip": 1e-3, "start": 16},
            {"eta": 1.0, "decay": 0.9, "step": 1, "clip": 0.0, "start": 3},
        ],
        note="updates are counted from 1",
    ),
    Row(
        "InvDecay",
        "advance(inverse_time(base_lr=1.0, decay_rate=gamma, decay_steps=1), steps=1)",
        lambda t, gamma: 1.0 / (1.0 + gamma * (t + 1)),
        [{"gamma": 0.001}, {"gamma": 3.0}],
    ),
]
