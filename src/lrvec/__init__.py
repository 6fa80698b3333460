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
from . import _registry
from ._registry import kinds as kinds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from . import cli as cli
    from . import dask as dask
    from . import keras as keras
    from . import nemo as nemo
    from . import read as read
    from . import recipes as recipes
    from . import roles as roles
    from . import search as search
    from . import torch as torch
    from . import transformers as transformers
    from ._evaluate.comparison import Comparison as Comparison
    from ._evaluate.comparison import Difference as Difference
    from ._evaluate.phases import Phase as Phase
    from ._evaluate.summary import Summary as Summary
    from ._plot import plot as plot
    from ._values.groups import GroupSchedule as GroupSchedule
    from ._values.nesting import from_dict as from_dict
    from ._values.own import kind as kind
    from ._values.schedule import Schedule as Schedule
    from ._values.sweep import Sweep as Sweep
    from .clocks import Clock as Clock
    from .clocks import by_samples as by_samples
    from .clocks import by_tokens as by_tokens
    from .dialects.megatron import *
    from .dialects.nano_optax import *
    from .plateau import Plateau as Plateau
    from .plateau import reduce_on_plateau as reduce_on_plateau
    from .queries import *
    from .schedules import *

__version__ = "1.0.0"

_LATER = {
    "_evaluate.comparison": ("Comparison", "Difference"),
    "_evaluate.phases": ("Phase",),
    "_evaluate.summary": ("Summary",),
    "_plot": ("plot",),
    "_values.groups": ("GroupSchedule",),
    "_values.nesting": ("from_dict",),
    "_values.own": ("kind",),
    "_values.schedule": ("Schedule",),
    "_values.sweep": ("Sweep",),
    "clocks": ("Clock", "by_samples", "by_tokens"),
    "dialects.nano_optax": ("as_schedule", "constant_lr", "lambda_lr", "scan", "step_lr"),
    "plateau": ("Plateau", "reduce_on_plateau"),
    "queries": (
        *("annealing_area", "blocks", "compare", "first_step", "grid", "integral", "peak", "pointwise", "sample"),
        *("step_of_sum", "summarize"),
    ),
}
"""The modules that are imported when one of these names is asked for: `import lrvec` need not wait for them. The
registry has such a table for kinds."""

_HOMES = {name: module for module, names in _LATER.items() for name in names}
_MODULES = (
    *("cli", "clocks", "dask", "dialects", "keras", "nemo", "plateau", "queries", "read", "recipes", "roles"),
    *("schedules", "search", "torch", "transformers"),
    *("compose", "cyclical", "groups", "megatron", "stateful", "sweep"),  # earlier places
)
"""The modules that are imported when one of them is asked for, and a framework with them."""


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
        if name in _HOMES or name in _MODULES:
            # importlib.import_module would import importlib first
            module = __import__(f"{__name__}.{_HOMES.get(name, name)}", fromlist=["__name__"])
            found = getattr(module, name) if name in _HOMES else module
        elif name == "__all__":  # mypy reads the public names from the imports
            own = ["__version__", "engine", "install_as_lrsched", "kinds", "simd"]
            found = sorted([*own, *_HOMES, *_registry.names()])
        else:
            found = _registry.factory_named(name, __name__)
        globals()[name] = found
        return found

    def __dir__() -> list[str]:
        return sorted({*globals(), *__getattr__("__all__")})

    class _Module(type(_registry)):
        """A module whose dict has all kinds, once somebody asks for it: eval(repr(schedule), vars(lrvec))."""

        @property
        def __dict__(self) -> dict[str, Any]:
            for name in _registry.names():
                getattr(self, name)
            return globals()

        def __reduce__(self) -> tuple[Any, ...]:
            """Cloudpickle takes plain modules by their names, and asks others."""
            from importlib import import_module

            return import_module, (__name__,)

    __import__("sys").modules[__name__].__class__ = _Module

    del TYPE_CHECKING
