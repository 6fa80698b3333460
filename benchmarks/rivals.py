"""Rivals are the libraries that lrvec is measured against, each at its best.

A rival takes a formula, an int64 array of the steps 0, 1, ... and an array for the values, which it may write to. It
gives two calls: one evaluates the formula at the array, the other at as many steps from 0 on, which it makes in its own
way. The first call compiles the formula.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, NamedTuple

import numpy

from .formulas import Function, formula_of

NAMES = ("abs", "cos", "floor", "log", "maximum", "minimum", "sqrt", "where")
"""The formulas take these from a namespace, and `full`, `before` and `function`, which compiles a part of a formula."""


class Rival(NamedTuple):
    xp: Any
    calls: Callable[[Function, Any, Any], tuple[Callable[[], Any], Callable[[], Any]]]


def namespace(module: Any, full: Callable[[Any, float], Any]) -> Any:
    """Makes the namespace of a library for whole arrays, which computes both sides of a boundary everywhere."""
    xp = SimpleNamespace(**{name: getattr(module, name) for name in NAMES})
    xp.full, xp.function = full, lambda function: function
    xp.before = lambda boundary, first, second: lambda t: xp.where(t < boundary, first(t), second(t))
    return xp


def with_numpy() -> Rival:
    xp = namespace(numpy, lambda t, value: numpy.full(numpy.shape(t), value))
    return Rival(xp, lambda value, steps, out: (lambda: value(steps), lambda: value(numpy.arange(len(steps)))))


def with_numexpr() -> Rival:
    import numexpr
    from numexpr import expressions

    def calls(value: Function, steps: Any, out: Any) -> tuple[Callable[[], Any], Callable[[], Any]]:
        expressions._context.set_new_context({"optimization": "aggressive", "truediv": True})  # as `evaluate` does
        traced = value(expressions.VariableNode("t", "long"))
        program = numexpr.NumExpr(traced, signature=[("t", numpy.int64)])
        return (
            lambda: program(steps, out=out, ex_uses_vml=False),
            lambda: program(numpy.arange(len(steps)), out=out, ex_uses_vml=False),
        )

    functions = SimpleNamespace(**expressions.functions)
    return Rival(namespace(functions, lambda t, value: value + 0.0 * t), calls)


def with_numba() -> Rival:
    import numba

    def function(function: Function) -> Function:
        return function if hasattr(function, "py_func") else numba.njit(function, error_model="numpy")

    def before(boundary: int, first: Function, second: Function) -> Function:
        """Computes one side of the boundary only."""
        first, second = function(first), function(second)
        return function(lambda t: first(t) if t < boundary else second(t))

    def calls(value: Function, steps: Any, out: Any) -> tuple[Callable[[], Any], Callable[[], Any]]:
        @numba.njit
        def over_array(steps: Any, out: Any) -> Any:
            for i in range(len(steps)):
                out[i] = value(steps[i])
            return out

        @numba.njit
        def over_range(out: Any) -> Any:
            for i in range(len(out)):
                out[i] = value(i)
            return out

        return lambda: over_array(steps, out), lambda: over_range(out)

    xp = ModuleType("scalars")  # a module is the one namespace that numba looks into
    vars(xp).update(abs=abs, cos=math.cos, floor=math.floor, log=math.log, maximum=max, minimum=min, sqrt=math.sqrt)
    vars(xp).update(full=function(lambda t, value: value), before=before, function=function)
    return Rival(xp, calls)


def with_jax() -> Rival:
    import jax

    jax.config.update("jax_enable_x64", True)

    def calls(value: Function, steps: Any, out: Any) -> tuple[Callable[[], Any], Callable[[], Any]]:
        over_array, there = jax.jit(value), jax.numpy.asarray(steps)
        over_range = jax.jit(lambda: value(jax.numpy.arange(len(steps))))
        return lambda: over_array(there).block_until_ready(), lambda: over_range().block_until_ready()

    return Rival(namespace(jax.numpy, lambda t, value: jax.numpy.full(t.shape, value)), calls)


RIVALS = {"numpy": with_numpy, "numexpr": with_numexpr, "numba": with_numba, "jax": with_jax}


def installed() -> dict[str, Rival]:
    return {name: make() for name, make in RIVALS.items() if find_spec(name)}


def calls_of(rival: Rival, case: Any, steps: Any, out: Any) -> list[Callable[[], Any]]:
    """Returns the rival's two calls for a case. Values in memory of the rival's own are copied only if they are one of
    several rows. Several groups are numpy's outer product of their multipliers and the values."""
    rows = [numpy.zeros(len(steps))] if case.factors else [out] if len(case.parts) == 1 else list(out)
    pairs = [rival.calls(formula_of(part, rival.xp), steps, row) for part, row in zip(case.parts, rows, strict=True)]

    def together(calls: tuple[Callable[[], Any], ...]) -> Callable[[], Any]:
        def call() -> Any:
            for row, part in zip(rows, calls, strict=True):
                values = numpy.asarray(part())
                if not numpy.may_share_memory(values, row):
                    row[...] = values
            return out

        if case.factors:
            return lambda: numpy.multiply.outer(case.factors, calls[0](), out=out)
        return calls[0] if len(calls) == 1 else call

    return [together(calls) for calls in zip(*pairs, strict=True)]


def nemo_scheduler() -> Any:
    """Returns NeMo Automodel's own class, if LRVEC_NEMO_WHEEL says where its wheel was unpacked. It needs one name of
    torch."""
    if "LRVEC_NEMO_WHEEL" not in os.environ:
        return None
    file = Path(os.environ["LRVEC_NEMO_WHEEL"], "nemo_automodel/components/optim/scheduler.py")
    module = ModuleType("nemo_scheduler")
    exec(file.read_text().replace("from torch.optim.optimizer import Optimizer", "Optimizer = object"), vars(module))
    return module.OptimizerParamScheduler
