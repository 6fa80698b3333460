from __future__ import annotations

from . import METRIC, Row

PROGRAM = "fairseq"


def from_table(t: int, update2lr: dict[int, float]) -> float:
    return update2lr[max(update for update in update2lr if update <= t)]


def from_epochs(t: int, epoch2lr: dict[int, float], updates_per_epoch: int) -> float:
    epoch = 1 + t // updates_per_epoch
    return epoch2lr[max(one for one in epoch2lr if one <= epoch)]


ROWS = [
    Row(
        "ManualSchedule, update2lr",
        'piecewise(steps=sorted(update2lr), values=[update2lr[one] for one in sorted(update2lr)], interpolation="step")',
        from_table,
        [{"update2lr": {0: 0.1, 10: 0.5, 60: 0.01}}, {"update2lr": {0: 1.0}}],
        note="with a rate for update 0",
    ),
    Row(
        "ManualSchedule, epoch2lr",
        "every(piecewise(steps=[one - 1 for one in sorted(epoch2lr)], "
        'values=[epoch2lr[one] for one in sorted(epoch2lr)], interpolation="step"), steps=updates_per_epoch)',
        from_epochs,
        [
            {"epoch2lr": {1: 0.1, 3: 0.5, 9: 0.01}, "updates_per_epoch": 11},
            {"epoch2lr": {1: 1.0, 2: 0.1}, "updates_per_epoch": 1},
        ],
        note="with a rate for epoch 1",
    ),
    Row("ReduceLROnPlateau", note=METRIC),
]
