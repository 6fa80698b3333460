"""An earlier place of what is in lrvec.schedules.compose."""

from ._values.groups import GroupSchedule as GroupSchedule
from .schedules.compose import scale_by_group as scale_by_group
