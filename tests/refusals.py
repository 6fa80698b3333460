"""This module has the table of refusals: bad parameters of every kind, bad steps and bad calls, each with the exception and
its whole message.

A message names the parameter, states the rule and shows the value. Wherever lrsched raises too, the type is lrsched's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
from kinds import RECORDS
from oracle import LAST_STEP
from record import KINDS, Case, made
from rules import COUNT, LIMIT, NEGATIVE, TOO_LARGE, Rule, brief, inf, instead, nan, of_bits, rule_of

import lrvec


class Refusal(NamedTuple):
    """A call that must raise exactly this; `about` names the parameters that it is about."""

    name: str
    call: Callable[[], Any]
    exception: type[Exception]
    message: str
    about: tuple[str, ...] = ()


# ---- parameters ----

GOOD: dict[str, Case] = {kind: record.cases[0] for kind, record in RECORDS.items()}


def call(good: Case, **bad: Any) -> Callable[[], Any]:
    """The call of a good case with other parameters in place of some of its own."""
    parameters = {**good.params, **bad}
    return lambda: KINDS[good.kind].make({name: made(value) for name, value in parameters.items()})


def broken_rules() -> Iterator[tuple[str, Case, str, Rule]]:
    """For every parameter of every kind, and for each of its ranges: what the range is for, a good case, the parameter,
    and what breaks its rule."""
    for kind, record in RECORDS.items():
        for name, parameter in KINDS[kind].parameters.items():
            with_it, unless = [good for good in record.cases if name in good.params], parameter.unless
            if unless:
                wider = next(good for good in with_it if unless.holds(good.params))
                yield f"where {unless.name} is {unless.value} ", wider, name, rule_of(parameter, unless.range)
                with_it = [good for good in with_it if not unless.holds(good.params)]
            yield "", with_it[0], name, rule_of(parameter, parameter.range)


def by_rule() -> Iterator[Refusal]:
    for where, good, name, rule in broken_rules():
        for value, exception, rest in rule:
            bad = f"{good.kind} {where}{name}={brief(value)}"
            yield Refusal(bad, call(good, **{name: value}), exception, f"{name} {rest}", (name,))


def by_record() -> Iterator[Refusal]:
    for kind, record in RECORDS.items():
        for exception, message, bad in record.refusals():
            name = f"{kind} {', '.join(bad)}: {message}"
            yield Refusal(name, call(GOOD[kind], **bad), exception, message, tuple(bad))


REFUSALS: list[Refusal] = [*by_rule(), *by_record()]

# ---- steps ----

SCHEDULES = {
    "cosine": lambda: lrvec.cosine(base_lr=0.1, min_lr=0.0, total_steps=10),
    "callable": lambda: lrvec.with_warmup(lambda step: 1.0 / (step + 1), warmup_steps=3, start_lr=0.0),
}

NO_STEP = [
    -1,
    1.0,
    nan,
    inf,
    "3",
    b"3",
    None,
    1j,
    {},
    {1},
    np.float64(1.0),
    np.float32(1.0),
    np.True_,
    np.datetime64(1, "s"),
    np.int64,
]


def _steps() -> Iterator[tuple[str, Any, str]]:
    """A name, the bad steps and the message."""
    for value in NO_STEP:
        yield f"scalar {type(value).__name__} {value!r}", value, f"step must be a non-negative integer, received {value!r}{instead(value)}"
        if not isinstance(value, (bytes, str)):
            yield f"list of {type(value).__name__} {value!r}", [3, value], f"step at index 1 must be a non-negative integer, received {value!r}{instead(value)}"
    for value in NEGATIVE:
        said = f"must be a non-negative integer, received {of_bits(value)}"
        yield f"scalar {of_bits(value)}", value, f"step {said}"
        yield f"list {of_bits(value)}", (1, value, -1), f"step at index 1 {said}"
        yield f"range {of_bits(value)}", range(value, 3), f"step at index 0 {said}"
    for value, _, rest in TOO_LARGE:
        yield f"scalar {brief(value)}", value, f"step {rest}"
        yield f"list {brief(value)}", (1, value, -1), f"step at index 1 {rest}"
    yield "list of masked arrays", [np.ma.array([1, 2], mask=[0, 1])], "steps must be non-negative integers, received a list of masked arrays"
    for name, ragged in (("arrays", [np.array([1, 2]), np.array([3])]), ("an array and a step", [np.array([1, 2]), 3])):
        yield f"list of {name}", ragged, "steps must be non-negative integers, received a list of lists of different lengths"
    yield "list of arrays of one number", [np.array(1), np.array(1.0)], f"step at index 1 must be a non-negative integer, received {np.array(1.0)!r}: use int(1.0)"
    yield "nested list", [[1, 2], [3, -4]], "step at index (1, 1) must be a non-negative integer, received -4"
    yield "deep list", [[[1], [-2]], [[3], [-4]]], "step at index (0, 1, 0) must be a non-negative integer, received -2"
    no_steps = "steps must be non-negative integers, received"
    for dtype, shown in {
        "float64": "float64, with 1.0",
        "float32": "float32, with 1.0",
        "float16": "float16, with 1.0",
        "bool": "bool, with True",
        "complex128": "complex128, with (1+0j)",
        ">f8": ">f8, with 1.0",
    }.items():
        yield f"{dtype} array", np.ones((2, 2), dtype), f"{no_steps} an array of dtype {shown} at index 0"
        yield f"0-d {dtype} array", np.ones((), dtype), f"{no_steps} an array of dtype {shown} at index 0"
        yield f"empty {dtype} array", np.ones(0, dtype), f"{no_steps} an array of dtype {shown.split(',')[0]}"
    yield "NaN array", np.array([nan]), f"{no_steps} an array of dtype float64, with nan at index 0"
    for value in (None, object, 1.0, -1, np.True_):
        said = f"must be a non-negative integer, received {value!r}{instead(value)}"
        yield f"object array {value!r}", np.array([[1, 2], [3, value]], dtype=object), f"step at index (1, 1) {said}"
        yield f"0-d object array {value!r}", np.array(value, dtype=object), f"step {said}"
    yield "object array of arrays", np.array([np.zeros(2), None], dtype=object), f"{no_steps} an array of arrays"
    boolean = "must be a non-negative integer, not a boolean, received"
    for kind in (list, tuple, lambda values: np.array(values, dtype=object)):
        yield f"booleans in {kind([])!r}", kind([False, True]), f"step at index 0 {boolean} False"
        yield f"a boolean in {kind([])!r}", kind([1, True]), f"step at index 1 {boolean} True"
    for array in (
        np.zeros(2, [("a", np.int64), ("b", np.int64)]),
        np.array(["2020"], "M8[Y]"),
        np.array([1], "m8[s]"),
        np.array(["1"]),
        np.array([b"1"]),
        np.zeros(3, "V8"),
    ):
        yield f"{array.dtype} array", array, f"{no_steps} an array of dtype {array.dtype}"
    for mask in (False, True, [True, False]):
        yield f"masked array {mask}", np.ma.array([1, 2], mask=mask), f"{no_steps} a masked array"
    one_bad = np.arange(5000)
    one_bad[4321] = -7
    yield "int64 array", one_bad, "step at index 4321 must be a non-negative integer, received -7"
    for dtype in ("int8", "int16", "int32", ">i8", ">i4"):
        array = np.arange(120).astype(dtype)
        array[[77, 99]] = -7
        yield f"{dtype} array", array, "step at index 77 must be a non-negative integer, received -7"
    for value in (LAST_STEP + 1, 2**63 - 1):
        yield f"int64 array {value}", np.array([1, value, value]), f"step at index 1 must be {LIMIT} {value}"
    for value in (LAST_STEP + 1, 2**63, 2**64 - 1):
        for dtype in ("uint64", ">u8"):
            yield f"{dtype} array {value}", np.array([1, value], dtype), f"step at index 1 must be {LIMIT} {value}"
    matrix = np.arange(6).reshape(2, 3)
    matrix[1, 0] = matrix[0, 2] = -1
    at = "must be a non-negative integer, received -1"
    yield "C array", matrix, f"step at index (0, 2) {at}"
    yield "Fortran array", np.asfortranarray(matrix), f"step at index (0, 2) {at}"
    yield "transposed array", matrix.T, f"step at index (0, 1) {at}"
    yield "reversed array", matrix[::-1, ::-1], f"step at index (0, 2) {at}"
    yield "int32 matrix", np.asfortranarray(matrix.astype(np.int32)), f"step at index (0, 2) {at}"
    yield "sliced array", np.repeat(matrix, 2, axis=1)[:, ::2], f"step at index (0, 2) {at}"
    yield "0-d array", np.array(-1), f"step {at}"
    yield "range from below", range(-1, 3), f"step at index 0 {at}"
    yield "range to below", range(3, -3, -1), f"step at index 4 {at}"
    yield "range past the last", range(LAST_STEP - 1, LAST_STEP + 3), f"step at index 2 must be {LIMIT} {LAST_STEP + 1}"
    yield "range of far steps", range(0, 2**60, 2**50 + 1), f"step at index 8 must be {LIMIT} {2**53 + 8}"
    yield "range beyond int64", range(10**30, 10**30 + 1), f"step at index 0 must be {LIMIT} {10**30}"
    yield "range of any length", range(10**30), f"step at index {LAST_STEP + 1} must be {LIMIT} {LAST_STEP + 1}"
    yield "range down from beyond", range(2**70, -1, -1), f"step at index 0 must be {LIMIT} {2**70}"


STEP_REFUSALS: list[Refusal] = [
    Refusal(f"{name}, {kind}", lambda make=make, steps=steps: make()(steps), ValueError, message)
    for kind, make in SCHEDULES.items()
    for name, steps, message in _steps()
]


# ---- out, dtype, workers ----


def _read_only() -> Any:
    array = np.zeros(4)
    array.flags.writeable = False
    return array


def _calls() -> Iterator[tuple[str, Any, dict[str, Any], type[Exception], str]]:
    """A name, steps, keywords, the exception and the message."""
    steps = np.arange(4)
    shape = "out must have the shape of the result,"
    yield "read-only out", steps, {"out": _read_only()}, ValueError, "out must be writable, received a read-only array"
    broadcast = np.broadcast_to(np.zeros(1), 4)
    yield "broadcast out", steps, {"out": broadcast}, ValueError, "out must be writable, received a read-only array"
    for wrong in ((3,), (5,), (4, 1), (1, 4), (), (0,)):
        yield f"out of shape {wrong}", steps, {"out": np.zeros(wrong)}, ValueError, f"{shape} (4,), received {wrong}"
        yield (
            f"out of shape {wrong}, range",
            range(4),
            {"out": np.zeros(wrong)},
            ValueError,
            f"{shape} (4,), received {wrong}",
        )
    yield "out for a scalar", 3, {"out": np.zeros(1)}, ValueError, f"{shape} (), received (1,)"
    yield (
        "out for a matrix",
        np.ones((2, 3), int),
        {"out": np.zeros((3, 2))},
        ValueError,
        f"{shape} (2, 3), received (3, 2)",
    )
    for dtype in ("int64", "float16", ">f8", "complex128", "bool", "object", "M8[s]"):
        said = f"out must have dtype float64 or float32, received {np.dtype(dtype)}"
        yield f"out of {dtype}", steps, {"out": np.zeros(4, dtype)}, TypeError, said
    for out in ([0.0] * 4, "out", bytearray(32), 0.0, memoryview(np.zeros(4)), np.ma.zeros(4), np.zeros(4).view(np.recarray)):
        yield (
            f"out {type(out)}",
            steps,
            {"out": out},
            TypeError,
            f"out must be a numpy array, received {type(out).__name__}",
        )
    said = "out must have the dtype asked for, float32, received float64"
    yield "out and dtype", steps, {"out": np.zeros(4), "dtype": np.float32}, TypeError, said
    memory = np.arange(8)
    said = "out must not share memory with steps, received an array that does"
    for name, ours, theirs in (
        ("all", slice(4), slice(4)),
        ("one", slice(4), slice(3, 7)),
        ("between", slice(0, 8, 2), slice(4, 8)),
    ):
        yield f"out over {name} of the steps", memory[ours], {"out": memory.view(float)[theirs]}, ValueError, said
    small = np.arange(8, dtype=np.uint8)
    yield "out over small steps", small[:1], {"out": small.view(float)}, ValueError, said
    for dtype in (int, "x", 3, object, np.float16, "float128x", complex, bool, ">f8", "M8[s]", [("a", float)]):
        for kind, one in (("array", steps), ("scalar", 3), ("range", range(4)), ("list", [1])):
            said = f"dtype must be float64 or float32, received {dtype!r}"
            yield f"dtype {dtype!r}, {kind}", one, {"dtype": dtype}, TypeError, said
    for value, exception, rest in COUNT:
        if value is not None:
            for kind, one in (("array", steps), ("scalar", 3)):
                yield f"workers={brief(value)}, {kind}", one, {"workers": value}, exception, f"workers {rest}"
    too_many = 2**53
    said = f"steps must fit in memory, received {too_many} of them for values of {{}} bytes each"
    yield "range too long", range(too_many), {}, MemoryError, said.format(8)
    yield "range too long for float32", range(too_many), {"dtype": np.float32}, MemoryError, said.format(4)
    yield "range too long, downwards", range(too_many, 0, -1), {}, MemoryError, said.format(8)


CALL_REFUSALS: list[Refusal] = [
    Refusal(
        f"{name}, {kind}",
        lambda make=make, steps=steps, keywords=keywords: make()(steps, **keywords),
        exception,
        message,
        tuple(keywords),
    )
    for kind, make in SCHEDULES.items()
    for name, steps, keywords, exception, message in _calls()
]


def raised(refusal: Refusal) -> tuple[str, str]:
    """The name of the exception's type and its message, or what came instead."""
    try:
        value = refusal.call()
    except Exception as error:
        return type(error).__name__, str(error)
    return "no exception", repr(value)[:200]


ALL: list[Refusal] = [*REFUSALS, *STEP_REFUSALS, *CALL_REFUSALS]
