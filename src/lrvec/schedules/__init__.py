"""A factory makes schedules of one kind. It declares the kind's parameters, and lowers them to segments.

Rates are finite floats in the optimizer's unit; counts are integers of steps. A message of an error names the
parameter, states its rule and shows the value. An array in place of a number gives a sweep.
"""

from __future__ import annotations

from .._registry import HOMES, kind_named

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .compose import *
    from .cycles import *
    from .decays import *
    from .knots import *
    from .phases import *
    from .tails import *

if not TYPE_CHECKING:  # mypy reads the public names from the imports
    __all__ = [name for name, home in HOMES.items() if home.startswith(f"{__name__}.")]

    def __getattr__(name: str) -> Any:
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        globals()[name] = factory = kind_named(name).factory
        return factory

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
