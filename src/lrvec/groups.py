"""This module keeps an earlier import path, which lrsched has too: what it names is in `lrvec.schedules.compose`."""

from ._values.groups import GroupSchedule as GroupSchedule
from .schedules.compose import scale_by_group as scale_by_group
