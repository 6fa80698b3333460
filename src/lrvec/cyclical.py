"""This module keeps an earlier import path, which lrsched calls `clr`: what it names is in `lrvec.schedules.waves`."""

from .schedules.waves import cosine_restarts as cosine_restarts
from .schedules.waves import exp_range as exp_range
from .schedules.waves import triangular as triangular
from .schedules.waves import triangular2 as triangular2
