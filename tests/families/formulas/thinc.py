from __future__ import annotations

from . import METRIC, Row

PROGRAM = "thinc"
ROWS = [Row("plateau", note=METRIC)]
