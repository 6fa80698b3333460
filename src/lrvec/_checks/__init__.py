"""This package holds every check of a value that a user gives, and every message about such a value.

`numbers` checks single numbers, `columns` checks the arrays of a sweep, and `parameters` takes either. `sequences`
checks lists, and `cycles` how the cycles of a curve grow. Whoever needs them imports the others by name: `units` of
clocks, `own` for kinds of the user's, `nesting` for what a schedule is read from, `queries`, and `fronts`.
"""

from .cycles import cycles as cycles
from .cycles import few_segments as few_segments
from .cycles import lengths as lengths
from .cycles import of_lengths as of_lengths
from .numbers import LAST_STEP as LAST_STEP
from .numbers import MOST_SHOWN as MOST_SHOWN
from .numbers import MemoryValueError as MemoryValueError
from .numbers import are_whole as are_whole
from .numbers import factory as factory
from .numbers import integer as integer
from .numbers import is_array as is_array
from .numbers import iterable as iterable
from .numbers import listed as listed
from .numbers import refuse_size as refuse_size
from .numbers import schedule as schedule
from .numbers import shown as shown
from .parameters import *
from .sequences import *
