"""An earlier place of what is in lrvec.schedules.compose."""

from .queries import sample as sample
from .schedules.compose import sequential as sequential
from .schedules.compose import with_warmup as with_warmup
