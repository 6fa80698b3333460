"""This module keeps an earlier import path, which lrsched calls `clr`: what it names is in `lrvec.schedules.cycles`."""

from .schedules.cycles import cosine_restarts as cosine_restarts
from .schedules.cycles import exp_range as exp_range
from .schedules.cycles import triangular as triangular
from .schedules.cycles import triangular2 as triangular2
