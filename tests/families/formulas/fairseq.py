from __future__ import annotations

from . import METRIC, Row

PROGRAM = "fairseq"

ROWS = [Row("ReduceLROnPlateau", note=METRIC)]
