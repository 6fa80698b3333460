"""An earlier place of what is in lrvec.schedules.cycles."""

from .schedules.cycles import cosine_restarts as cosine_restarts
from .schedules.cycles import exp_range as exp_range
from .schedules.cycles import triangular as triangular
from .schedules.cycles import triangular2 as triangular2
