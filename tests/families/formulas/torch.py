from __future__ import annotations

from . import FUNCTION, METRIC, Row

PROGRAM = "torch"
ROWS = [
    Row("MultiplicativeLR", note=f"{FUNCTION}, and multiplies what it gives from step to step"),
    Row("CyclicLR with scale_fn", note=FUNCTION),
    Row("ChainedScheduler of CosineAnnealingLR and others", note="each goes on from the rate that the others leave"),
    Row("ReduceLROnPlateau", note=METRIC),
]
