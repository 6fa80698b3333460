from __future__ import annotations

from . import Row

PROGRAM = "pytorch-scheduler"
ROWS = [
    Row(
        "ExpHyperbolicLRScheduler", note="the exponential of a hyperbola is no curve of lrvec's, nor made of its curves"
    ),
]
