"""What the schedules of thinc refuse, by their names: arguments, and the message."""

from __future__ import annotations

from typing import Any

REFUSED: dict[str, list[tuple[dict[str, Any], str]]] = {
    "constant": [({"rate": float("inf")}, "rate must be a finite number, received inf")],
    "constant_then": [
        (
            {"rate": 1.0, "steps": 3, "schedule": 0.5},
            "schedule must be a schedule or another callable from a step to a rate, received 0.5",
        ),
    ],
    "decaying": [
        (
            {"base_rate": 1.0, "decay": -0.1},
            "decay must be non-negative, received -0.1; below 0 the divisor of thinc meets 0",
        ),
    ],
    "compounding": [
        ({"start": 1.0, "stop": 2.0, "compound": 0.0}, "compound must be a positive number, received 0.0"),
        (
            {"start": 1.0, "stop": 2.0, "compound": 2.0, "t": 1024.0},
            "t must keep start compound^t finite, received 1024.0; thinc raises an OverflowError",
        ),
    ],
    "slanted_triangular": [
        (
            {"max_rate": 1.0, "num_steps": 5},
            "cut_frac must give at least one step up to the peak, received 0.1; it is 5 cut_frac steps",
        ),
        (
            {"max_rate": 1.0, "num_steps": 50, "t": 0.5},
            "t must be whole, received 0.5; the slant would begin between steps",
        ),
    ],
    "warmup_linear": [
        (
            {"initial_rate": 1.0, "warmup_steps": 10, "total_steps": 10},
            "warmup_steps must be less than total_steps, received 10; it leaves thinc no step to decay in",
        ),
    ],
    "cyclic_triangular": [
        ({"min_lr": 0.1, "max_lr": 1.0, "period": 0}, "period must be a positive integer, received 0"),
    ],
}
