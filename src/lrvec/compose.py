"""This module keeps an earlier import path, which lrsched has too: what it names is in `lrvec.schedules.compose`."""

from .queries import sample as sample
from .schedules.compose import sequential as sequential
from .schedules.compose import with_warmup as with_warmup
