"""These functions let a value be a field of a model of pydantic. They import nothing: a core schema is plain dicts."""

from __future__ import annotations

from .. import _checks
from .nesting import from_dict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def core_schema(cls: Any) -> dict[str, Any]:
    """Returns how pydantic validates a value of a class, and how it writes one as JSON: as the dict of `to_dict`."""

    def validated(given: Any) -> Any:
        try:
            found = given if isinstance(given, cls) else from_dict(given)
        except TypeError as error:  # pydantic reports a ValueError at the field, and lets others through
            raise ValueError(f"{error}") from None
        if not isinstance(found, cls):
            raise ValueError(f"kind must be that of a {cls.__name__}, received {_checks.shown(found)}")
        return found

    return {
        "type": "function-plain",
        "function": {"type": "no-info", "function": validated},
        "serialization": {"type": "function-plain", "function": cls.to_dict, "when_used": "json"},
    }


def json_schema() -> dict[str, Any]:
    """Returns the JSON schema of the dict of `to_dict`."""
    properties = {"kind": {"type": "string"}, "params": {"type": "object"}}
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}
