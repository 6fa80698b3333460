from __future__ import annotations

from . import METRIC, Row

PROGRAM = "timm"
ROWS = [
    Row("any scheduler with noise", note="a generator of torch draws the noise at each step"),
    Row("PlateauLRScheduler", note=METRIC),
]
