from __future__ import annotations

from . import FUNCTION, METRIC, Row

PROGRAM = "paddle"
ROWS = [
    Row("MultiplicativeDecay", note=f"{FUNCTION}, and multiplies what it gives from step to step"),
    Row("CyclicLR with scale_fn", note=FUNCTION),
    Row("ReduceOnPlateau", note=METRIC),
]
