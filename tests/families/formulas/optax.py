from __future__ import annotations

from . import METRIC, Row

PROGRAM = "optax"
ROWS = [Row("contrib.reduce_on_plateau", note=METRIC)]
