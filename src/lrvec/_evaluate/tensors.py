"""This road evaluates tensors of torch. The kernels read those that lie in this process's memory where they lie; all
others are traced."""

from __future__ import annotations

from typing import Any
from weakref import WeakValueDictionary

import numpy
import torch
from numpy import array
from torch import float32, from_numpy, get_default_dtype, strided
from torch.compiler import is_dynamo_compiling

from .. import _checks
from .._checks import LAST_STEP
from .._engine.namespace import namespace_of
from .._frameworks import is_foreign, is_many, torch_is_compiling
from . import several, traced
from .outputs import FLOAT32, FLOAT64, new
from .steps import nearest_valid
from .tables import is_known

PLAIN = {torch.Tensor, torch.nn.Parameter}
_function = torch._C._functorch.peek_interpreter_stack
_modes = torch._C._len_torch_dispatch_stack
_is_tracing = torch._C._is_tracing
INTEGERS = {
    *(torch.int8, torch.int16, torch.int32, torch.int64),
    *(torch.uint8, torch.uint16, torch.uint32, torch.uint64),
}
REALS: dict[Any, Any] = {torch.float32: FLOAT32, torch.float64: FLOAT64}

LARGEST = float(numpy.finfo(FLOAT32).max)


def evaluate(value: Any, steps: Any, out: Any, dtype: Any, workers: int | None) -> Any:
    """Returns `out`, or a new tensor of torch's default type: the kernels' doubles, rounded once to it."""
    if is_dynamo_compiling():
        _checks.only_for_numpy(out=out, dtype=dtype, workers=workers)
        key = _key_of(value)
        if key:
            return _of_key(key, steps, *_inputs_of(value))
        return traced.evaluate(value, steps, None, None, None)
    if _is_plain(steps):
        if not steps.ndim and out is dtype is workers is None and getattr(value, "_is_ready", False):
            step = steps.item()
            if type(step) is int:
                return _scalar(value(step if 0 <= step <= LAST_STEP else min(max(0, step), LAST_STEP)))
        if steps.dtype in INTEGERS and not steps.is_nested and is_known(value):
            _checks.only_for_numpy(dtype=dtype)
            return _by_kernels(value, steps.numpy(), out, workers)
    return traced.evaluate(value, steps, out, dtype, workers)


def _by_kernels(value: Any, plain: Any, out: Any, workers: int | None) -> Any:
    """Returns `out`, or a new tensor: the rates at the steps of an array. It is no part of `evaluate`, since names that
    an inner function sees take longer to be read, and one step should not pay for that."""
    if out is not None:
        nearest_valid(lambda steps: several.evaluate(value, steps, _array_of(out), None, workers), plain)
        torch.autograd.graph.increment_version(out)
        return out
    real = FLOAT32 if get_default_dtype() is float32 else None
    return _tensor(nearest_valid(lambda steps: several.evaluate(value, steps, None, real, workers), plain))


def multiples(value: Any, factors: tuple[float, ...], steps: Any, out: Any) -> Any:
    """Returns a tensor with one row a factor: its multiple of the rates of a value."""
    if torch_is_compiling():
        _checks.only_for_numpy(out=out)
        return traced.multiples_of(evaluate(value, steps, None, None, None), factors)
    if not _is_for_kernels(value, steps):
        return traced.multiples(value, factors, steps, out)
    plain = steps.numpy()
    if out is not None:
        nearest_valid(lambda steps: several.multiples(value, factors, steps, _array_of(out)), plain)
        torch.autograd.graph.increment_version(out)
        return out
    real = FLOAT32 if get_default_dtype() is float32 else FLOAT64
    rows = new((len(factors), *getattr(value, "shape", ()), *plain.shape), real)
    return _tensor(nearest_valid(lambda steps: several.multiples(value, factors, steps, rows), plain))


def products(value: Any, factors: list[float], steps: Any) -> Any:
    """Returns the rates of a value with one axis of rows: those of row i times factor i."""
    if torch_is_compiling():
        return traced.products_of(evaluate(value, steps, None, None, None), factors)
    if not _is_for_kernels(value, steps):
        return traced.products(value, factors, steps)
    return _rounded(nearest_valid(lambda steps: several.products(value, factors, steps), steps.numpy()))


def pointwise(value: Any, steps: Any, workers: int | None) -> Any:
    """Returns the rate of row i at step i, for steps whose shape broadcasts with that of the rows."""
    if torch_is_compiling():
        _checks.only_for_numpy(workers=workers)
        key = _key_of(value)
        if key:
            return _pairs_of_key(key, steps, *_inputs_of(value))
        return traced.pointwise(value, steps, None)
    if not _is_for_kernels(value, steps):
        return traced.pointwise(value, steps, workers)
    return _rounded(nearest_valid(lambda steps: several.pointwise(value, steps, workers), steps.numpy()))


def summarize(value: Any, steps: Any, workers: int | None) -> Any:
    """Returns a Summary, made by the kernels. Steps on another device are copied from there."""
    namespace_of([steps]).check_steps(steps)
    if torch_is_compiling() or steps.is_meta or not _is_concrete(here := steps.cpu()):
        traced.refuse_to_sum_up()
    return nearest_valid(lambda steps: several.summarize(value, steps, workers), here.numpy())


def function_of(value: Any) -> Any:
    """Returns a function that calls a value, for torch.compile. Its graphs are kept by the code, eight of them at most,
    but there is one code for all objects that are no functions: so it has code of its own.

    torch.compile does not follow the function itself, but one within. There a step is always a tensor, since each int
    would have a graph. What is refused is refused by Python, with its message."""

    def rates(steps: Any, **options: Any) -> Any:
        return value(steps, **options)

    def entry(steps: Any, **options: Any) -> Any:
        if is_dynamo_compiling():  # the function is within another one that is compiled
            return rates(steps, **options)
        return rates(_as_tensor(value, steps, options), **options)

    for function in (rates, entry):
        function.__code__ = function.__code__.replace()
    torch._dynamo.eval_frame.skip_code(entry.__code__)
    return entry


@torch._dynamo.disable  # type: ignore[untyped-decorator]
def _as_tensor(value: Any, steps: Any, options: dict[str, Any]) -> Any:
    """Returns the steps that a value is compiled for. An int becomes a tensor, on the device of the value's own
    tensors."""
    _checks.only_for_numpy(**{name: options.get(name) for name in ("out", "dtype", "workers")})
    if is_foreign(steps) or is_many(steps):
        return steps
    return _of_step(_checks.step(steps), _device_of(value))


def at(value: Any, step: int) -> Any:
    """Returns the rate at one step that torch.compile follows, which may have no value yet: so it is a tensor."""
    return evaluate(value, _of_step(step, _device_of(value)), None, None, None)


def _of_step(step: int, device: str | None) -> Any:
    return torch.full((), step, dtype=torch.int64, device=device)


_followed: WeakValueDictionary[int, Any] = WeakValueDictionary()
"""The values that torch.compile has met, by their ids."""


@torch._dynamo.assume_constant_result  # type: ignore[untyped-decorator]
def _key_of(value: Any) -> int:
    """Returns the key of a value, or 0 for another callable. The guard of torch.compile on such a result is that the
    value is the same object. So it meets no number of a schedule, which it might take for one that changes from call to
    call, and the graphs of two schedules do not count as recompilations of one."""
    if hasattr(value, "_parameters"):
        _followed[id(value)] = value
        return id(value)
    return 0


@torch._dynamo.assume_constant_result  # type: ignore[untyped-decorator]
def _count_of(value: Any) -> int:
    """Returns the number of tensors among the parameters of a value."""
    return len(_tensors_of(value))


@torch._dynamo.assume_constant_result  # type: ignore[untyped-decorator]
def _tensor_of(value: Any, place: int) -> Any:
    """Returns one of these tensors. It is a constant of the graph, and is read whenever the graph runs."""
    return _tensors_of(value)[place]


@torch._dynamo.assume_constant_result  # type: ignore[untyped-decorator]
def _device_of(value: Any) -> str | None:
    """Returns the device of a value's tensors, or None if it has none."""
    return next((str(one.device) for one in _tensors_of(value)), None)


def _inputs_of(value: Any) -> list[Any]:
    """Returns the tensors that an operation of the graph takes beside the steps."""
    return [_tensor_of(value, place) for place in range(_count_of(value))]


def _tensors_of(value: Any) -> list[Any]:
    return value._tensors() if hasattr(value, "_tensors") else []


def _valued(key: int, tensors: tuple[Any, ...]) -> Any:
    """Returns the value with a key, with these tensors in place of its own."""
    value = _followed[key]
    return value._with_tensors(tensors) if tensors else value


@torch._dynamo.allow_in_graph  # type: ignore[untyped-decorator]
def _of_key(key: int, steps: Any, *tensors: Any) -> Any:
    """Returns the rates of the value with this key and these tensors: one operation for torch.compile, which traces
    what is in it. A tensor that it did not get would have no gradient."""
    return traced.evaluate(_valued(key, tensors), steps, None, None, None)


@torch._dynamo.allow_in_graph  # type: ignore[untyped-decorator]
def _pairs_of_key(key: int, steps: Any, *tensors: Any) -> Any:
    """Returns the rate of row i of the value with this key at step i, as one operation too."""
    return traced.pointwise(_valued(key, tensors), steps, None)


def _is_for_kernels(value: Any, steps: Any) -> bool:
    return not torch_is_compiling() and _is_concrete(steps) and is_known(value)


def _is_concrete(steps: Any) -> bool:
    """Tells whether the steps are integers in memory that nobody follows."""
    return _is_plain(steps) and steps.dtype in INTEGERS and not steps.is_nested


def _is_plain(steps: Any) -> bool:
    """Tells whether a tensor lies in memory and nobody follows it: no mode, no tracer, and not torch.func, under which
    no tensor has memory."""
    return (
        type(steps) in PLAIN
        and _function() is None
        and not _modes()
        and not _is_tracing()
        and steps.is_cpu
        and steps.layout is strided
    )


def _scalar(value: float) -> Any:
    """Returns a number as a tensor of torch's default type: by way of numpy, which is faster than torch itself."""
    if get_default_dtype() is float32 and -LARGEST <= value <= LARGEST:
        return from_numpy(array(value, FLOAT32))
    with numpy.errstate(over="ignore"):
        return _tensor(array(value, REALS.get(get_default_dtype(), FLOAT64)))


def _tensor(values: Any) -> Any:
    """Returns an array's values as a tensor of torch's default type."""
    kind = get_default_dtype()
    return from_numpy(values) if kind in REALS else from_numpy(_odd(values)).to(kind)


def _rounded(values: Any) -> Any:
    """Returns doubles as a tensor of torch's default type, each of them rounded once."""
    if get_default_dtype() is float32:
        with numpy.errstate(over="ignore", under="ignore"):
            values = values.astype(FLOAT32)
    return _tensor(values)


def _odd(values: Any) -> Any:
    """Rounds doubles to float32 so that what rounds these to fewer digits gives what one rounding would: towards zero,
    and then to a number whose last bit is 1 where that was not exact."""
    with numpy.errstate(over="ignore", under="ignore"):
        short = values.astype(numpy.float32)
    bits = short.view(numpy.uint32)
    bits -= numpy.abs(short) > numpy.abs(values)
    bits |= short != values
    return short


def _array_of(out: Any) -> Any:
    """Returns the user's tensor as an array over the same memory."""
    if type(out) not in PLAIN:
        raise TypeError(f"out must be a tensor of torch for its steps, received {type(out).__name__}")
    if not out.is_cpu or out.layout is not strided:
        raise ValueError(f"out must be a dense tensor on the steps' device, received one on {out.device}")
    if out.dtype not in REALS:
        raise TypeError(f"out must have dtype float64 or float32, received {out.dtype}")
    if out.requires_grad:
        raise ValueError("out must not require a gradient, received a tensor that does")
    return out.numpy()
