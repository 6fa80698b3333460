"""What the schedule of torchtitan refuses: arguments, and the message."""

from __future__ import annotations

from typing import Any

REFUSED: dict[str, list[tuple[dict[str, Any], str]]] = {
    "LRSchedulersContainer": [
        (
            {"base_lr": 1.0},
            "total_steps or training_steps must be given for the end of the curve, received None",
        ),
        (
            {"base_lr": 1.0, "total_steps": 100, "decay_type": "exponential"},
            "decay_type must be one of ('linear', 'sqrt', 'cosine'), received 'exponential'",
        ),
        (
            {"base_lr": 1.0, "total_steps": 100, "decay_ratio": 1.5},
            "decay_ratio must satisfy 0 <= decay_ratio <= 1, received 1.5",
        ),
    ],
}
