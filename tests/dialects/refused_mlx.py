"""What the schedules of MLX refuse, by their names: arguments, and the message."""

from __future__ import annotations

import math
from typing import Any

REFUSED: dict[str, list[tuple[dict[str, Any], str]]] = {
    "exponential_decay": [
        ({"init": 1.0, "decay_rate": math.nan}, "decay_rate must be a finite number, received nan"),
    ],
    "step_decay": [
        ({"init": 1.0, "decay_rate": 0.5, "step_size": 0}, "step_size must be a positive integer, received 0"),
    ],
    "cosine_decay": [
        ({"init": 1.0, "decay_steps": 0}, "decay_steps must be a positive integer, received 0"),
    ],
    "join_schedules": [
        ({"schedules": [], "boundaries": []}, "boundaries must have one item less than schedules, received 0 for 0"),
        (
            {"schedules": [abs, abs], "boundaries": []},
            "boundaries must have one item less than schedules, received 0 for 2",
        ),
        (
            {"schedules": [abs, abs, abs], "boundaries": [5, 4]},
            "boundaries must be in ascending order, received [5, 4]; MLX would leave a schedule out",
        ),
    ],
    "linear_schedule": [
        ({"init": 1.0, "end": 0.0, "steps": 0}, "steps must be a positive integer, received 0"),
    ],
}
