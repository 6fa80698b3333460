from __future__ import annotations

from . import FUNCTION, METRIC, Row

PROGRAM = "paddle"
ROWS = [
    Row("MultiplicativeDecay", note=f"{FUNCTION}, and multiplies the rate of each step by its result"),
    Row("CyclicLR with scale_fn", note=FUNCTION),
    Row("ReduceOnPlateau", note=METRIC),
]
