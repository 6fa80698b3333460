"""These modules give the schedules of other libraries by their own names, as values of lrvec.

No module imports the library whose names it has.

>>> from lrvec.dialects.optax import cosine_decay_schedule
>>> cosine_decay_schedule(1.0, decay_steps=100, alpha=0.125)
cosine(base_lr=1.0, min_lr=0.125, total_steps=100)
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["names"]


def names(library: str | None = None) -> list[tuple[str, str]]:
    """List the schedules of other libraries that there are by their own names.

    Parameters
    ----------
    library : the name of a library, or None for all of them.

    Returns
    -------
    Pairs of a library and a name: `lrvec.dialects.LIBRARY.NAME` makes the schedule.

    Raises
    ------
    ValueError if no dialect is that library's.

    >>> ("optax", "cosine_decay_schedule") in names("optax")
    True
    """
    from .. import _checks
    from ._foreign import FOREIGN

    for module in _modules():
        __import__(f"{__name__}.{module}")
    libraries = sorted({library for library, _ in FOREIGN})
    if library is not None:
        libraries = [_checks.one_of("library", library, libraries)]
    return [pair for one in libraries for pair in FOREIGN if pair[0] == one]


def _modules() -> list[str]:
    import pkgutil

    return [module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_")]


def __getattr__(name: str) -> Any:
    if name.startswith("_") or name not in _modules():
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return __import__(f"{__name__}.{name}", fromlist=["__name__"])


def __dir__() -> list[str]:
    return sorted({*globals(), *_modules()})
