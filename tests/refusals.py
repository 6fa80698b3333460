"""The table of refusals: bad parameters of every kind, bad steps, bad calls; with the exception and its whole message.

A message names the parameter, states the rule and shows the value. Wherever lrsched raises too, the type is lrsched's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
from cases import CASES, GROUPS, LAST_STEP, STACKS, Case, _made

import lrvec
from lrvec._schedule import KINDS

nan, inf = float("nan"), float("inf")
BEYOND = 10**400  # an integer, and larger than every double
NEGATIVE = (-BEYOND, -(10**5000))  # the second has more digits than Python writes
LIMIT = f"at most 2**53 = {LAST_STEP}, received"


class Refusal(NamedTuple):
    """A call that must raise exactly this; `about` names the parameters that it is about."""

    name: str
    call: Callable[[], Any]
    exception: type[Exception]
    message: str
    about: tuple[str, ...] = ()




def of_bits(value: int) -> str:
    return f"a{'n' if value > 0 else ' negative'} integer of {value.bit_length()} bits"


def brief(value: Any) -> str:
    return of_bits(value) if type(value) is int and value.bit_length() > 200 else f"{value!r:.30}"


# ---- parameters: for each rule, bad values with what is said of them after the parameter's name ----

FINITE = [
    *((value, ValueError, f"must be a finite number, received {value!r}") for value in (nan, inf, -inf)),
    *(
        (value, OverflowError, f"must be a finite number, received {of_bits(value)}")
        for value in (BEYOND, 10**5000, *NEGATIVE)
    ),
    (Fraction(10**400), OverflowError, f"must be a finite number, received {Fraction(10**400)!r:.196} ..."),
    *(
        (value, TypeError, f"must be a finite number, received {value!r}")
        for value in ("0.1", None, 1j, {}, b"1", np.complex128(2.0), np.complex64(3.0), np.void(b"12"), np.array("1", object))
    ),
]
POSITIVE = [
    *FINITE,
    *((value, ValueError, f"must be a positive number, received {value!r}") for value in (0, 0.0, -1e-300)),
]
NON_NEGATIVE = [*FINITE, *((value, ValueError, f"must be non-negative, received {value!r}") for value in (-1, -1e-300))]
NO_COUNT = (-1, 1.0, 2.5, nan, inf, "7", None, 1j, {}, np.float64(3.0))
TOO_LARGE = [
    (LAST_STEP + 1, ValueError, f"must be {LIMIT} {LAST_STEP + 1}"),
    (np.uint64(2**64 - 1), ValueError, f"must be {LIMIT} {2**64 - 1}"),
    *((value, ValueError, f"must be {LIMIT} {of_bits(value)}") for value in (BEYOND, 10**5000)),
]
COUNT = [
    *((value, ValueError, f"must be a positive integer, received {value!r}") for value in (0, False, *NO_COUNT)),
    *((value, ValueError, f"must be a positive integer, received {of_bits(value)}") for value in NEGATIVE),
    *TOO_LARGE,
]
COUNT_OR_ZERO = [
    *((value, ValueError, f"must be a non-negative integer, received {value!r}") for value in NO_COUNT),
    *((value, ValueError, f"must be a non-negative integer, received {of_bits(value)}") for value in NEGATIVE),
    *TOO_LARGE,
]
SCHEDULE = [
    (value, TypeError, f"must be a schedule or another callable from a step to a rate, received {value!r}")
    for value in (
        0.1,
        None,
        "cosine",
        {"kind": "constant", "params": {"lr": 0.1}},
        lrvec.scale_by_group(lrvec.constant(lr=0.1), multipliers={"a": 1.0}),
    )
]


def unlike(rule: list[Any], *values: Any) -> list[Any]:
    """The rule without these bad values, which mean something else for a parameter."""
    return [entry for entry in rule if not any(entry[0] is value for value in values)]


def satisfying(name: str, low: float, relation: str, high: float, *values: float) -> list[Any]:
    text = f"must satisfy {low:g} < {name} {relation} {high:g}, received"
    return [*FINITE, *((value, ValueError, f"{text} {value!r}") for value in values)]


RULES: dict[str, list[Any]] = {
    **dict.fromkeys(("lr", "base_lr", "min_lr", "max_lr", "end_lr", "start_lr", "gamma", "init_lr"), FINITE),
    **dict.fromkeys(("total_steps", "step_size", "period", "t_mult", "warmup_steps", "decay_steps"), COUNT),
    **dict.fromkeys(("lr_decay_steps", "wd_incr_steps"), COUNT),
    **dict.fromkeys(("start_wd", "end_wd"), NON_NEGATIVE),
    "lr_warmup_steps": COUNT_OR_ZERO,
    **dict.fromkeys(("initial_div", "final_div"), POSITIVE),
    "decay_rate": satisfying("decay_rate", 0, "<", 1, 0.0, 1.0, -0.5, 1.5),
    "drop": unlike(satisfying("drop", 0, "<=", 1, 0.0, -0.5, 1.0 + 2.0**-52), None),
    "pct_start": satisfying("pct_start", 0, "<", 1, 0.0, 1.0, -0.5, 1.5),
    "schedule": SCHEDULE,
}
OF_ONE_KIND: dict[tuple[str, str], list[Any]] = {
    ("step_decay", "base_lr"): POSITIVE,
    ("exponential_decay", "base_lr"): POSITIVE,
    ("polynomial", "power"): NON_NEGATIVE,
    ("polynomial_decay", "power"): POSITIVE,
    ("megatron_lr", "min_lr"): NON_NEGATIVE,
    **{("warmup_stable_decay", name): NON_NEGATIVE for name in ("base_lr", "final_lr", "warmup_start")},
    **{("warmup_stable_decay", name): COUNT_OR_ZERO for name in ("warmup_steps", "decay_steps")},
}
GOOD: dict[str, Case] = {case.kind: case for case in reversed([*CASES, *GROUPS, *STACKS])}


def call(good: Case, **bad: Any) -> Callable[[], Any]:
    """The call of a good case with other parameters in place of some of its own."""
    parameters = {**good.params, **bad}
    return lambda: KINDS[good.kind].make({name: _made(value) for name, value in parameters.items()})


def by_rule() -> Iterator[Refusal]:
    for good in GOOD.values():
        for name in good.params:
            for value, exception, rest in OF_ONE_KIND.get((good.kind, name), RULES.get(name, [])):
                yield Refusal(
                    f"{good.kind} {name}={brief(value)}",
                    call(good, **{name: value}),
                    exception,
                    f"{name} {rest}",
                    (name,),
                )


def of_kind(kind: str, exception: type[Exception], message: str, **bad: Any) -> Refusal:
    return Refusal(f"{kind} {', '.join(bad)}: {message}", call(GOOD[kind], **bad), exception, message, tuple(bad))


def _unlisted() -> Iterator[Refusal]:
    said = "lr must be a finite number, received Decimal('sNaN')"
    yield of_kind("constant", ValueError, said, lr=Decimal("sNaN"))
    milestones = {"base_lr": 0.1, "gamma": 0.5}
    for value, exception, rest in COUNT:
        yield of_kind("multi_step", exception, f"milestone {rest}", milestones=[value], **milestones)
    for value in ([30, 60], (30,), np.array([30, 60])):
        said = f"milestone must be a positive integer, received {value!r}"
        yield of_kind("multi_step", ValueError, said, milestones=[value, value], **milestones)
    yield of_kind("multi_step", TypeError, "milestones must be a sequence, received 30", milestones=30)
    yield of_kind("multi_step", TypeError, "milestones must be a sequence, received None", milestones=None)
    factors = {30: 0.5, 60: 0.2}
    said = f"milestones must be a sequence of steps, not a mapping, received {factors!r}"
    yield of_kind("multi_step", TypeError, said, milestones=factors)
    steps = {"base_lr": -0.1, "drop": None, "gamma": 0.5}
    for value, exception, rest in unlike(FINITE, None):
        yield of_kind("step_decay", exception, f"gamma {rest}", **{**steps, "gamma": value})
        yield of_kind("step_decay", exception, f"base_lr {rest}", **{**steps, "base_lr": value})
    for drop, gamma, said in ((None, None, "neither"), (0.5, 0.5, "drop and gamma")):
        yield of_kind(
            "step_decay",
            TypeError,
            f"exactly one of drop and gamma must be given, received {said}",
            drop=drop,
            gamma=gamma,
        )
    yield of_kind("one_cycle", ValueError, "total_steps must be at least 2, received 1", total_steps=1)
    for name in ("initial_div", "final_div"):
        said = f"max_lr / {name} must be a finite number, received inf"
        yield of_kind("one_cycle", ValueError, said, max_lr=1e300, **{name: 1e-300})
    said = (
        "warmup_steps + decay_steps must not exceed total_steps, received warmup_steps=6, decay_steps=5, total_steps=10"
    )
    yield of_kind("warmup_stable_decay", ValueError, said, warmup_steps=6, decay_steps=5, total_steps=10)
    for value in ("cosine", "Linear", None, 1, b"linear"):
        said = f"decay_shape must be one of ('linear', '1-sqrt'), received {value!r}"
        yield of_kind("warmup_stable_decay", ValueError, said, decay_shape=value)
    yield from _of_megatron()
    yield of_kind(
        "with_warmup", ValueError, "schedule(0) must be a finite number, received nan", schedule=lambda _: nan
    )
    said = "schedule(0) must be a finite number, received 'fast'"
    yield of_kind("with_warmup", TypeError, said, schedule=lambda _: "fast")
    flat = lrvec.constant(lr=1.0)
    yield of_kind("sequential", ValueError, "sequential requires at least one phase, received none", phases=[])
    yield of_kind("sequential", TypeError, "phases must be a sequence, received None", phases=None)
    for value, exception, rest in COUNT:
        yield of_kind("sequential", exception, f"phase duration {rest}", phases=[(3, flat), (value, flat)])
    for phase, exception in ((flat, TypeError), (3, TypeError), ((3, flat, flat), ValueError), ((3,), ValueError)):
        said = f"phase 1 must be a pair of a duration and a schedule, received {phase!r}"
        yield of_kind("sequential", exception, said, phases=[(3, flat), phase])
    for value, exception, rest in SCHEDULE:
        yield of_kind("sequential", exception, f"schedule of phase 1 {rest}", phases=[(3, flat), (3, value)])
    yield of_kind("scale_by_group", ValueError, "multipliers must not be empty, received no group", multipliers={})
    for value in (None, 3, [("a", 1.0)], "a"):
        said = f"multipliers must be a mapping from group names to numbers, received {value!r}"
        yield of_kind("scale_by_group", TypeError, said, multipliers=value)
    for value, exception, rest in POSITIVE:
        yield of_kind(
            "scale_by_group", exception, f"multiplier for group 'b' {rest}", multipliers={"a": 1.0, "b": value}
        )
    for value in ([1.0, 2.0], np.array([1.0])):
        said = f"multiplier for group 'a' must be a positive number, received {value!r}"
        yield of_kind("scale_by_group", TypeError, said, multipliers={"a": value})
    yield of_kind("stack", ValueError, "schedules must hold at least one schedule, received none", schedules=[])
    yield of_kind("stack", TypeError, "schedules must be a sequence, received None", schedules=None)
    for value, exception, rest in SCHEDULE:
        yield of_kind("stack", exception, f"schedules[1] {rest}", schedules=[flat, value])
    yield of_kind("stack", TypeError, "names must be a sequence, received 3", names=3)


def _of_megatron() -> Iterator[Refusal]:
    wsd = {"lr_decay_style": "WSD", "wsd_decay_steps": 5, "lr_wsd_decay_style": "linear"}
    for value, exception, rest in COUNT_OR_ZERO:
        yield of_kind("megatron_lr", exception, f"wsd_decay_steps {rest}", **{**wsd, "wsd_decay_steps": value})
    for kind, name, others, choices in (
        ("megatron_lr", "lr_decay_style", {}, ("constant", "linear", "cosine", "inverse-square-root", "WSD")),
        ("megatron_lr", "lr_wsd_decay_style", wsd, ("linear", "cosine", "exponential", "minus_sqrt")),
        ("megatron_wd", "wd_incr_style", {}, ("constant", "linear", "cosine")),
    ):
        for value in ("sine", "Linear", None, 1, b"linear"):
            said = f"{name} must be one of {choices}, received {value!r}"
            yield of_kind(kind, ValueError, said, **{**others, name: value})
    for name in ("init_lr", "min_lr"):
        said = f"{name} must not exceed max_lr, received {name}=0.2, max_lr=0.1"
        yield of_kind("megatron_lr", ValueError, said, **{name: 0.2, "max_lr": 0.1})
    said = "lr_warmup_steps must be less than lr_decay_steps, received 9"
    yield of_kind("megatron_lr", ValueError, said, lr_warmup_steps=9, lr_decay_steps=9)
    said = "start_wd must not exceed end_wd, received start_wd=0.2, end_wd=0.1"
    yield of_kind("megatron_wd", ValueError, said, start_wd=0.2, end_wd=0.1)
    said = "start_wd must equal end_wd where wd_incr_style is 'constant', received 0.1"
    yield of_kind("megatron_wd", ValueError, said, start_wd=0.1, end_wd=0.2, wd_incr_style="constant")


REFUSALS: list[Refusal] = [*by_rule(), *_unlisted()]

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
]


def _steps() -> Iterator[tuple[str, Any, str]]:
    """A name, the bad steps and the message."""
    for value in NO_STEP:
        yield f"scalar {type(value).__name__} {value!r}", value, f"step must be a non-negative integer, received {value!r}"
        if not isinstance(value, (bytes, str)):
            yield f"list of {type(value).__name__} {value!r}", [3, value], f"step at index 1 must be a non-negative integer, received {value!r}"
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
    for values in ([1, 2], [1, None], [object]):
        array = np.array(values, dtype=object)
        yield f"object array {values}", array, f"{no_steps} an array of dtype object, with {values[0]!r} at index 0"
    yield "0-d object array", np.array(3, dtype=object), f"{no_steps} an array of dtype object, with 3 at index 0"
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
