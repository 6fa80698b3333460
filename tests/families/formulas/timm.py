from __future__ import annotations

from . import METRIC, Row

PROGRAM = "timm"
ROWS = [
    Row("any scheduler with noise", note="it is drawn from a generator of torch at each step"),
    Row("PlateauLRScheduler", note=METRIC),
]
