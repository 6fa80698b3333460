"""Value is the base of all that factories return: schedules, sweeps and groups."""

from __future__ import annotations

from .._registry import KINDS
from . import nesting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any, Protocol

    from typing_extensions import Self

    class Array(Protocol):
        """An array has what type checkers ask of the steps of JAX, of torch or of another library."""

        @property
        def shape(self) -> Any: ...
        @property
        def dtype(self) -> Any: ...


class Value:
    """A value is immutable, and has a kind and parameters. By these it compares, hashes, prints, pickles, is described.

    A subclass says what is done with steps. `_public` is the name of the class that users know; values of two public
    classes are never equal.
    """

    __slots__ = ()

    _public: str

    if TYPE_CHECKING:

        @property
        def kind(self) -> str: ...
        @property
        def _parameters(self) -> dict[str, Any]: ...

    @property
    def _torchdynamo_orig_callable(self) -> Any:
        """torch.compile takes this in place of the value, if `_torchdynamo_wrapper_id` is the value's id."""
        from .._evaluate import tensors

        return tensors.function_of(self)

    @property
    def _torchdynamo_wrapper_id(self) -> int:
        return id(self)

    def _tensors(self) -> list[Any]:
        """Returns the tensors of torch among the parameters, also those of values within."""
        return nesting.tensors_of(self)

    def _with_tensors(self, tensors: Iterable[Any]) -> Any:
        """Returns a copy with other tensors in place of these."""
        return nesting.with_tensors(self, tensors)

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"{self._public} is immutable, {name} cannot be set")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{self._public} is immutable, {name} cannot be deleted")

    @property
    def params(self) -> Mapping[str, Any]:
        """Returns the parameters by name. They are read-only, as arrays and dicts among them are."""
        from types import MappingProxyType

        return MappingProxyType(
            {name: MappingProxyType(one) if type(one) is dict else one for name, one in self._parameters.items()}
        )

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if type(other) is not type(self) and (not isinstance(other, Value) or other._public != self._public):
            return NotImplemented
        return self.kind == other.kind and nesting.flat_equal(self, other)

    def __hash__(self) -> int:
        return nesting.flat_hash(self)

    def __repr__(self) -> str:
        return nesting.call_text(self)

    def _repr_svg_(self) -> str | None:
        """Returns the picture that a notebook shows, or None where there is none."""
        from .._evaluate.picture import of_schedule

        return of_schedule(self)

    def __copy__(self) -> Self:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return nesting.reduced(self)

    def replace(self, **parameters: Any) -> Any:
        """Returns a copy with other values of some parameters. The factory checks them as in a call of its own.

        None takes an optional parameter away. A copy with arrays is a sweep."""
        return KINDS[self.kind].factory(**{**self._parameters, **parameters})

    __replace__ = replace  # for copy.replace of Python 3.13

    def to_dict(self) -> dict[str, Any]:
        """Returns plain JSON types: {"kind": ..., "params": {...}}, with lists for arrays and such dicts for schedules.

        A value that is made of a user's callable is a TypeError, and so are groups whose names JSON cannot keep.
        `lrvec.from_dict` is the way back."""
        return nesting.dict_of(self)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> dict[str, Any]:
        from . import fields

        return fields.core_schema(cls)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> dict[str, Any]:
        from . import fields

        return fields.json_schema()
