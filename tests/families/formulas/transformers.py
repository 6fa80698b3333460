from __future__ import annotations

import math

from . import METRIC, Row

PROGRAM = "transformers"


def relative(t: int, warmup_init: bool) -> float:
    update = t + 1
    return min(1e-6 * update if warmup_init else 1e-2, 1.0 / math.sqrt(update))


def run(steps: int, warmup_init: bool) -> list[float]:
    from transformers.optimization import Adafactor

    group = {"lr": None, "relative_step": True, "warmup_init": warmup_init, "scale_parameter": False}
    return [Adafactor._get_lr(group, {"step": update}) for update in range(1, steps + 1)]


PACKAGE = "transformers"
ROWS = [
    Row(
        "Adafactor with relative_step",
        "advance(power_law(base_lr=1.0, scale=1.0, exponent=0.5, max_lr=1e-2), steps=1)",
        lambda t: relative(t, False),
        [{}],
        note="without scale_parameter, which reads the weights",
        steps=10_100,
        run=lambda steps: run(steps, False),
    ),
    Row(
        "Adafactor with relative_step and warmup_init",
        "advance(minimum(linear(base_lr=0.0, end_lr=1e-6 * 2**53, total_steps=2**53), "
        "power_law(base_lr=1.0, scale=1.0, exponent=0.5, max_lr=1.0)), steps=1)",
        lambda t: relative(t, True),
        [{}],
        note="without scale_parameter, which reads the weights",
        steps=10_100,
        run=lambda steps: run(steps, True),
    ),
    Row("reduce_lr_on_plateau", note=METRIC),
    Row("GreedyLR", note="its rate depends on a metric, and may rise too"),
]
