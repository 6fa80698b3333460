"""This package has the records of all kinds. Every module in it is found by itself."""

import importlib
import pkgutil

from record import KINDS, Record
from record import RECORDS as _FOUND

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")

RECORDS: dict[str, type[Record]] = {kind: _FOUND[kind] for kind in sorted(_FOUND, key=[*KINDS].index)}
"""By the name of the kind, in the order of the registry."""
