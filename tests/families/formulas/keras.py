from __future__ import annotations

from . import FUNCTION, METRIC, Row

PROGRAM = "Keras"
ROWS = [
    Row("callbacks.LearningRateScheduler", note=FUNCTION),
    Row("callbacks.ReduceLROnPlateau", note=METRIC),
]
