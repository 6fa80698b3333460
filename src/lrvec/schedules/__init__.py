"""A factory makes schedules of one kind. It declares the kind's parameters, and lowers them to segments.

Rates are finite floats in the optimizer's unit; counts are integers of steps. A message of an error names the
parameter, states its rule and shows the value. An array in place of a number gives a sweep.
"""

from . import compose, cycles, decays, knots, phases, tails
from .compose import *
from .cycles import *
from .decays import *
from .knots import *
from .phases import *
from .tails import *

TYPE_CHECKING = False
if not TYPE_CHECKING:  # mypy reads the public names from the imports: it cannot read a list that is put together
    __all__ = [
        *compose.__all__,
        *cycles.__all__,
        *decays.__all__,
        *knots.__all__,
        *phases.__all__,
        *tails.__all__,
    ]
