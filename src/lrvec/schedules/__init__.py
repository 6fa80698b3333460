"""The factories of schedules: of each kind its parameters, and the segments that it is made of.

In the formulas t is the step. Rates are finite floats in the optimizer's unit, counts are integers of steps. Where
nothing else is said, ValueError is raised for a number that breaks its parameter's rule, and TypeError for a rate
that is no number. An array in place of any number gives a sweep.
"""

from . import compose, cycles, decays, knots, phases, tails
from .compose import *
from .cycles import *
from .decays import *
from .knots import *
from .phases import *
from .tails import *

TYPE_CHECKING = False
if not TYPE_CHECKING:  # mypy knows what is public from the imports, and no list that is put together
    __all__ = [
        *compose.__all__,
        *cycles.__all__,
        *decays.__all__,
        *knots.__all__,
        *phases.__all__,
        *tails.__all__,
    ]
