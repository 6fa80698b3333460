"""A factory makes schedules of one kind. It declares the kind's parameters, and lowers them to segments.

Rates are finite floats in the optimizer's unit; counts are integers of steps. A message of an error names the
parameter, states its rule and shows the value. An array in place of a number gives a sweep.
"""

from __future__ import annotations

from .._registry import factory_named, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .algebra import *
    from .compose import *
    from .continual import *
    from .decays import *
    from .edits import *
    from .knots import *
    from .phases import *
    from .tails import *
    from .warmups import *
    from .waves import *

if not TYPE_CHECKING:  # mypy reads the public names from the imports

    def __getattr__(name: str) -> Any:
        found = names(f"{__name__}.") if name == "__all__" else factory_named(name, __name__)
        globals()[name] = found
        return found

    def __dir__() -> list[str]:
        return sorted({*globals(), *__getattr__("__all__")})
