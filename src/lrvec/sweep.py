"""This module keeps an earlier import path: what it names is in `lrvec.queries` and `lrvec.schedules.compose`."""

from .queries import blocks as blocks
from .queries import grid as grid
from .queries import pointwise as pointwise
from .queries import summarize as summarize
from .schedules.compose import stack as stack
