"""A choice tells at each step which of many segments serves it, and takes that segment's numbers out of tables.

A formula over these numbers then stands once, however many segments have its shape.
"""

from __future__ import annotations

import sys
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy

if TYPE_CHECKING:
    from typing import Any

FEW = 8
"""A compiler makes faster code of so many segments one after another than of tables."""

COMPARED = 128
"""Among so many starts a step's place is found faster by a comparison with each than by a search."""

KEPT = 512
"""So many tables of torch's are kept."""


class JaxChoice:
    """A choice for JAX has its tables as constants of what JAX compiles."""

    def __init__(self, xp: Any, steps: Any, starts: list[int]) -> None:
        self._xp = xp
        method = "compare_all" if len(starts) <= COMPARED else "scan"
        self._place = xp.searchsorted(xp.asarray(starts[1:], dtype=steps.dtype), steps, side="right", method=method)

    def of(self, column: Any, dtype: Any) -> Any:
        """Returns at each step the number of its segment, out of a column of numpy with a number for each."""
        return self._xp.take(self._xp.asarray(column, dtype=dtype), self._place, mode="clip")


class TorchChoice:
    """A choice for torch, which runs one operation after another, makes its tables on the device by operations on
    Python's numbers, and keeps them: to bring an array there costs a copy, for which the device must wait."""

    def __init__(self, torch: Any, steps: Any, starts: list[int], stream: Any) -> None:
        self._torch, self._place_of_tables = torch, (steps.device, stream)
        table = self._table(numpy.asarray(starts[1:]), steps.dtype)
        self._place = torch.searchsorted(table, steps.contiguous(), right=True)

    def of(self, column: Any, dtype: Any) -> Any:
        """Returns at each step the number of its segment, out of a column of numpy with a number for each."""
        return self._torch.take(self._table(column, dtype), self._place)

    def _table(self, column: Any, dtype: Any) -> Any:
        return _tensor(column.tobytes(), column.dtype, dtype, *self._place_of_tables)


@lru_cache(maxsize=KEPT)
def _tensor(column: bytes, kind: Any, dtype: Any, device: Any, stream: Any) -> Any:
    """Returns a tensor of a column's numbers, which no mode of torch's has a part in. One that a stream of the device
    has made is for that stream alone. Columns are told apart by their bits, since 0.0 and -0.0 are equal."""
    torch: Any = sys.modules["torch"]
    numbers = numpy.frombuffer(column, kind).tolist()
    with torch.utils._python_dispatch._disable_current_modes():
        return torch.stack([torch.full((), number, dtype=dtype, device=device) for number in numbers])


def choice_of_torch(steps: Any, starts: list[int]) -> TorchChoice | None:
    """Returns a choice, unless tables cannot be kept: torch.compile, torch.func and the like have tensors that are
    theirs alone, and a CUDA graph would go on reading a table that is no longer kept."""
    torch: Any = sys.modules["torch"]
    if type(steps) is not torch.Tensor or torch.compiler.is_compiling() or torch.jit.is_tracing():
        return None
    if torch._C._functorch.peek_interpreter_stack() is not None:
        return None
    stream: Any = None
    own: Any = getattr(torch, steps.device.type, None)
    if hasattr(own, "current_stream"):
        if hasattr(own, "is_current_stream_capturing") and own.is_current_stream_capturing():
            return None
        stream = own.current_stream(steps.device)
    return TorchChoice(torch, steps, starts, stream)
