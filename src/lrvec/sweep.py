"""An earlier place of what is in lrvec.schedules.compose."""

from .queries import blocks as blocks
from .queries import grid as grid
from .queries import pointwise as pointwise
from .queries import summarize as summarize
from .schedules.compose import stack as stack
