"""Learning-rate schedules as pure functions, compiled.

>>> import lrvec
>>> schedule = lrvec.with_warmup(lrvec.cosine(base_lr=1.0, min_lr=0.0, total_steps=4), warmup_steps=2, start_lr=0.0)
>>> schedule(1)
0.5
>>> schedule(range(8)).tolist()[::2]
[0.0, 1.0, 0.5, 0.0]
"""

from __future__ import annotations

try:
    from ._engine import engine as engine
    from ._engine import simd as simd
except ImportError as refusal:
    if (refusal.name or "").startswith("LRVEC_"):
        from ._program import end_command

        end_command(refusal)
    raise
from . import dialects, queries, schedules
from ._registry import kinds as kinds
from ._values import Schedule as Schedule
from ._values.groups import GroupSchedule as GroupSchedule
from ._values.nesting import from_dict as from_dict
from .dialects.megatron import *
from .dialects.nano_optax import *
from .queries import *
from .schedules import *

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._evaluate.summary import Summary as Summary
    from ._values.sweep import Sweep as Sweep

__version__ = "0.1.0"

def install_as_lrsched() -> None:
    """Make `import lrsched` and its modules give lrvec, from now on and in the whole process.

    >>> import lrvec
    >>> lrvec.install_as_lrsched()
    >>> from lrsched.clr import triangular
    >>> triangular is lrvec.triangular
    True
    """
    import importlib
    import sys

    here = sys.modules[__name__]
    sys.modules["lrsched"] = here
    for theirs, ours in (
        ("schedules", "schedules"),
        ("compose", "compose"),
        ("groups", "groups"),
        ("clr", "cyclical"),
        ("cli", "cli"),
    ):
        module = importlib.import_module(f".{ours}", __name__)
        sys.modules[f"lrsched.{theirs}"] = module
        setattr(here, theirs, module)


if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        """Imports the classes that need numpy when the first of them is asked for."""
        if name == "Sweep":
            from ._values.sweep import Sweep

            return Sweep
        if name == "Summary":
            from ._evaluate.summary import Summary

            return Summary
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    # mypy reads the public names from the imports: it cannot read a list that is put together.
    __all__ = ["GroupSchedule", "Schedule", "Summary", "Sweep", "__version__", "engine", "from_dict"]
    __all__ += ["install_as_lrsched", "kinds", "simd", *queries.__all__, *schedules.__all__]
    __all__ += [*dialects.megatron.__all__, *dialects.nano_optax.__all__]
    __all__.sort()

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})

    del TYPE_CHECKING
