"""This module has the table of frameworks whose arrays schedules take: one entry for a library and a type of its real numbers.

LRVEC_TEST_DEVICE is the device of torch's tensors and of JAX's arrays, `cuda` or `cpu`. If it is set, the table has these two
libraries alone.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import os
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import jax
import jax.numpy
import numpy as np
import torch
from torch.utils._python_dispatch import TorchDispatchMode

DEVICE = os.environ.get("LRVEC_TEST_DEVICE")

LIMIT = 4.0
"""ulp at most between a framework's value and the compiled one, of the framework's type and relative to the peak."""

INTEGERS = ("int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Framework:
    """What the laws must be told of a library of arrays. `str` of it is its name in the tests' names."""

    library: Any
    """The module with `arange`, `astype` and the names of the types."""
    array_type: type
    real: type
    """The type of the rates, as numpy's."""
    array: Callable[[Any], Any]
    """An array of the library: of a number in the type that the library gives it, of numpy's array in its own."""
    host: Callable[[Any], Any] = lambda array: array
    """The array where numpy can read it."""
    precision: Callable[[], contextlib.AbstractContextManager[None]] = contextlib.nullcontext
    """In which the library's real numbers are of that type."""
    integers: tuple[str, ...] = INTEGERS
    """The types that steps may have."""
    compiled: Callable[[Callable[..., Any]], Callable[..., Any]] | None = None
    """The function as the library runs it, where it is not called as it is."""
    in_memory: bool = False
    """Whether the kernels evaluate arrays that are not traced."""
    traces: bool = False
    """Whether parameters that are arrays have no values to be looked at."""
    vmap: Callable[[Callable[..., Any]], Callable[..., Any]] | None = None
    """The function of one more axis in each argument."""
    slopes: Callable[..., Any] | None = None
    """Of `function(numbers, step, *others)`, `numbers`, `steps` and `others`: the derivatives by each number, one row
    a step."""
    cases: int = 1000
    """Of a kind at most, where all are compiled or slow."""
    limits: Mapping[str, float] = dataclasses.field(default_factory=dict)
    """ulp at most of kinds for which the library's own functions are off by more than LIMIT."""

    def __str__(self) -> str:
        return f"{self.name}-{self.real.__name__}"

    @property
    def name(self) -> str:
        return self.library.__name__.partition(".")[0]

    @property
    def largest(self) -> int:
        """The largest step that both lrvec and the library's integers hold."""
        return 2**53 if "int64" in self.integers else 2**31 - 1

    def arrays(self, given: Any) -> Any:
        """All numbers in lists, tuples and dicts as arrays."""
        if isinstance(given, dict):
            return {key: self.arrays(value) for key, value in given.items()}
        if isinstance(given, (list, tuple)):
            return type(given)(self.arrays(value) for value in given)
        return given if isinstance(given, self.array_type) else self.array(given)

    def on_host(self, found: Any) -> Any:
        """All arrays in lists, tuples and dicts where numpy can read them."""
        if isinstance(found, dict):
            return {key: self.on_host(value) for key, value in found.items()}
        if isinstance(found, (list, tuple)):
            return type(found)(self.on_host(value) for value in found)
        return self.host(found) if isinstance(found, self.array_type) else found

    def run(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """The function of arrays, and its arrays on the host; traced and compiled, where the library does this."""
        return self.on_host((self.compiled or (lambda plain: plain))(function)(*self.arrays(arguments)))

    def reals(self, values: Any) -> Any:
        """Integers, one or an array, as numbers of the type of the rates."""
        if isinstance(values, self.array_type):
            return self.library.asarray(values, dtype=getattr(self.library, self.real.__name__))
        return float(values)

    def limit_of(self, kind: str) -> float:
        return self.limits.get(kind, LIMIT)


# ---- JAX ----

if DEVICE:
    jax.config.update("jax_platforms", DEVICE)


@contextlib.contextmanager
def jax_in_double_precision() -> Iterator[None]:
    jax.config.update("jax_enable_x64", True)
    try:
        yield
    finally:
        jax.config.update("jax_enable_x64", False)


def slopes_of_jax(function: Callable[..., Any], numbers: list[float], steps: Any, *others: Any) -> Any:
    """By grad, vmap and jit at once."""
    mapped = jax.vmap(jax.grad(function), in_axes=(None, 0, *(None for _ in others)))
    return np.stack(jax.jit(mapped)(numbers, np.asarray(steps), *others), axis=1)


JAX = {
    "library": jax.numpy,
    "array_type": jax.Array,
    "array": jax.numpy.asarray,
    "compiled": jax.jit,
    "traces": True,
    "vmap": jax.vmap,
    "slopes": slopes_of_jax,
    "cases": 3,
}

# ---- torch ----

tensor = functools.partial(torch.tensor, device=DEVICE)


@contextlib.contextmanager
def torch_in_double_precision() -> Iterator[None]:
    torch.set_default_dtype(torch.float64)
    try:
        yield
    finally:
        torch.set_default_dtype(torch.float32)


class Followed(TorchDispatchMode):
    """A mode that sees every operation on tensors, so that no kernel evaluates them."""

    def __torch_dispatch__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        return function(*args, **(kwargs or {}))


def followed(function: Callable[..., Any]) -> Callable[..., Any]:
    def run(*arguments: Any) -> Any:
        with Followed():
            return function(*arguments)

    return run


def slopes_of_torch(function: Callable[..., Any], numbers: list[float], steps: Any, *others: Any) -> Any:
    """By grad and vmap of torch.func."""
    mapped = torch.func.vmap(torch.func.grad(function), in_dims=(None, 0, *(None for _ in others)))
    return mapped(tensor(numbers), tensor(steps), *map(tensor, others)).cpu()


TORCH = {
    "library": torch,
    "array_type": torch.Tensor,
    "array": tensor,
    "host": torch.Tensor.cpu,
    "compiled": followed,
    "in_memory": True,
    "traces": True,
    "vmap": torch.func.vmap,
    "slopes": slopes_of_torch,
}

FRAMEWORKS = [
    Framework(**JAX, real=np.float32, integers=INTEGERS[:6]),
    Framework(**JAX, real=np.float64, precision=jax_in_double_precision),
    Framework(**TORCH, real=np.float32),
    Framework(**TORCH, real=np.float64, precision=torch_in_double_precision),
]
if not DEVICE:
    import array_api_strict
    import mlx.core

    def slopes_of_mlx(function: Callable[..., Any], numbers: list[float], steps: Any, *others: Any) -> Any:
        """By grad and vmap of MLX. It has no slopes by integers, so the others are not mapped."""
        slopes = mlx.core.grad(lambda numbers, step: function(numbers, step, *map(mlx.core.array, others)))
        return np.array(mlx.core.vmap(slopes, in_axes=(None, 0))(mlx.core.array(numbers), mlx.core.array(steps)))

    FRAMEWORKS += [
        Framework(
            library=array_api_strict,
            array_type=type(array_api_strict.asarray(0)),
            real=np.float64,
            array=array_api_strict.asarray,
            cases=20,
        ),
        Framework(
            library=mlx.core,
            array_type=mlx.core.array,
            real=np.float32,
            array=mlx.core.array,
            traces=True,
            vmap=mlx.core.vmap,
            slopes=slopes_of_mlx,
            cases=20,
            # Factors above 1 are among the cases of these. For large arguments MLX's own exp is off by up to 32 ulp.
            limits={
                **dict.fromkeys(("step_decay", "exponential", "exponential_decay", "exp_range"), 64.0),
                "exponential_to": 8.0,
            },
        ),
    ]
TRACING = [one for one in FRAMEWORKS if one.traces]
NOT_TRACING = [one for one in FRAMEWORKS if one.name not in ("torch", "mlx")]
DIFFERENTIABLE = [one for one in FRAMEWORKS if one.slopes]
MAPPING = [one for one in FRAMEWORKS if one.vmap]
