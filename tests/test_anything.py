"""Whatever is given in place of a number, a list, a choice or a schedule is taken or refused by name: by a ValueError
or a TypeError that says which parameter it is, in a message of bounded length."""

from __future__ import annotations

import decimal
import fractions
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from refusals import GOOD

import lrvec.nemo
from lrvec._schedule import KINDS

LONGEST = 700
"""Characters of a message at most: one value is shown by some 200, and some messages show two or list the kinds."""


class Broken:
    """Every use fails, and so does its repr."""

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError("broken")

    def __repr__(self) -> str:
        raise RuntimeError("broken")


class BrokenNumber:
    """A number whose conversions fail, each with an error of its own."""

    def __float__(self) -> float:
        raise ZeroDivisionError("broken")

    def __index__(self) -> int:
        raise KeyError("broken")

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise RuntimeError("broken")

    def __iter__(self) -> Iterator[Any]:
        raise LookupError("broken")

    def __eq__(self, other: object) -> bool:
        raise OSError("broken")

    __hash__ = None  # type: ignore[assignment]


class BrokenList(list[Any]):
    def __iter__(self) -> Iterator[Any]:
        raise RuntimeError("broken")


class Text(str):
    __hash__ = None  # type: ignore[assignment]


def _holds_itself() -> list[Any]:
    items: list[Any] = []
    items.append(items)
    return items


def _deep(depth: int) -> list[Any]:
    items: list[Any] = []
    for _ in range(depth):
        items = [items]
    return items


HUGE = 10**5000  # more digits than str() writes

ODD: dict[str, Any] = {
    "huge": HUGE,
    "minus huge": -HUGE,
    "beyond doubles": 10**400,
    "beyond int64": 2**70,
    "nan": float("nan"),
    "inf": float("inf"),
    "zero": 0,
    "a half": 0.5,
    "none": None,
    "true": True,
    "text": "1",
    "long text": "x" * 10**4,
    "odd text": Text("linear"),
    "bytes": b"1",
    "long bytes": bytes(10**4),
    "bytearray": bytearray(b"1"),
    "memoryview": memoryview(b"12345678"),
    "complex": 1j,
    "fraction": fractions.Fraction(1, 3),
    "huge fraction": fractions.Fraction(HUGE),
    "tiny fraction": fractions.Fraction(1, HUGE),
    "decimal": decimal.Decimal("0.1"),
    "signalling nan": decimal.Decimal("sNaN"),
    "huge decimal": decimal.Decimal(10) ** 400,
    "object": object(),
    "type": int,
    "ellipsis": ...,
    "not implemented": NotImplemented,
    "slice": slice(3),
    "function": lambda step: 1.0,
    "generator": (item for item in ()),
    "dict": {},
    "set": {1},
    "range": range(3),
    "empty range": range(0),
    "huge range": range(HUGE, HUGE + 3),
    "endless range": range(HUGE),
    "broken": Broken(),
    "broken number": BrokenNumber(),
    "broken list": BrokenList([1]),
    "masked": np.ma.masked,
    "masked array": np.ma.array([1, 2], mask=[0, 1]),
    "void": np.void(b"1234"),
    "record": np.zeros((), [("a", float)])[()],
    "datetime": np.datetime64(1, "s"),
    "no time": np.datetime64("NaT"),
    "timedelta": np.timedelta64(1, "s"),
    "long double": np.longdouble("1e4000"),
    "float16": np.float16(0.5),
    "numpy bool": np.True_,
    "numpy text": np.str_("linear"),
    "complex64": np.complex64(1),
    "0-d": np.array(0.5),
    "0-d object": np.array(fractions.Fraction(1, 2), object),
    "0-d record": np.zeros((), [("a", float)]),
    "0-d datetime": np.array(1, "M8[s]"),
    "0-d text": np.array("linear"),
    "0-d none": np.array(None),
    "0-d list": np.array([1], object).reshape(()),
    "empty list": [],
    "empty lists": [[], []],
    "ragged": [[1], [1, 2]],
    "ragged deep": [[[1]], [2]],
    "itself": _holds_itself(),
    "deep": _deep(5000),
    "empty array": np.zeros((0, 3)),
    "records": np.zeros(2, [("a", float), ("b", int)]),
    "subarrays": np.zeros(2, [("a", float, 3)]),
    "datetimes": np.array([1, 2], "M8[s]"),
    "timedeltas": np.array([1, 2], "m8[s]"),
    "complexes": np.array([1j, 2]),
    "texts": np.array(["linear", "1"]),
    "byte texts": np.array([b"1", b"2"]),
    "voids": np.zeros(2, "V8"),
    "objects": np.array([object(), None]),
    "long doubles": np.array(["1e4000", "1"], np.longdouble),
    "float16s": np.array([0.5, 0.25], np.float16),
    "unsigned": np.array([2**64 - 1], np.uint64),
    "bools": np.array([True, False]),
    "many": list(range(2000)),
    "many texts": ["x" * 1000] * 300,
    "arrays of lengths": [np.array([1, 2]), np.array([3])],
    "an array and a number": [np.array([1, 2]), 3],
    "list of masked": [np.ma.array([1, 2], mask=[0, 1])],
    "wide object array": np.array([[None] * 3] * 3, object),
    "array in an array": np.array([None, np.zeros(2)], object),
}
ODD |= {
    f"{name} in a {kind}": [value] if kind == "list" else (0.5, value)
    for name, value in ODD.items()
    for kind in ("list", "tuple")
    if not issubclass(type(value), (list, tuple, np.ndarray, range))
}
ODD["huge in an array"] = np.array([HUGE, 1], object)
ODD["decimals in an array"] = np.array([decimal.Decimal("0.5"), decimal.Decimal(2)], object)
ODD["fractions in a list"] = [fractions.Fraction(3, 2), fractions.Fraction(1, 2)]
ODD["broken in an array"] = np.empty(2, object)
for place, item in enumerate((Broken(), BrokenNumber())):
    ODD["broken in an array"][place] = item

ALSO_CALLED = {
    "milestones": "milestone",
    "phases": "phase",
    "multipliers": "multiplier",
    "schedules": "schedules",
}
"""What else a message calls a parameter that holds several."""


def complaint(attempt: Callable[[], Any], *names: str) -> str:
    """What is wrong with a refusal, which must name one of these; nothing if what was given is taken."""
    try:
        attempt()
    except (ValueError, TypeError) as error:
        message = str(error)
        said = [message[:200]] * (not any(one in message for one in names))
        said += [f"{len(message)} characters"] * (len(message) > LONGEST)
        return ", ".join(said)
    except Exception as error:
        return repr(error)[:200]
    return ""


def complaints(attempts: dict[str, tuple[Callable[[], Any], tuple[str, ...]]]) -> dict[str, str]:
    found = {name: complaint(attempt, *names) for name, (attempt, names) in attempts.items()}
    return {name: said for name, said in found.items() if said}


PLACES = [(kind.name, parameter) for kind in KINDS.values() for parameter in kind.parameters]


@pytest.mark.parametrize(("kind", "parameter"), PLACES, ids=str)
def test_of_every_kind(kind: str, parameter: str) -> None:
    good = GOOD[kind].make()._parameters
    names = (parameter, ALSO_CALLED.get(parameter, parameter))

    def attempt(value: Any) -> Callable[[], Any]:
        return lambda: KINDS[kind].make({**good, parameter: value})

    assert complaints({name: (attempt(value), names) for name, value in ODD.items()}) == {}


COSINE = lrvec.cosine(base_lr=1.0, min_lr=0.0, total_steps=9)
SWEEP = lrvec.cosine(base_lr=[1.0, 2.0], min_lr=0.0, total_steps=9)
CALLED = lrvec.sequential([(3, COSINE), (3, lambda step: 0.5)])
GROUPS = lrvec.scale_by_group(COSINE, multipliers={"a": 1.0})

TAKERS: dict[str, tuple[Callable[[Any], Any], tuple[str, ...]]] = {
    **{
        f"{name} steps": (call, ("step",))
        for name, call in {
            "schedule": COSINE,
            "sweep": SWEEP,
            "callable": CALLED,
            "groups": GROUPS,
            "stacked groups": lrvec.stack([COSINE, CALLED], names=["a", "b"]),
            "matrix": GROUPS.matrix,
            "pointwise": lambda value: lrvec.pointwise(COSINE, value),
            "pointwise sweep": lambda value: lrvec.pointwise(SWEEP, value),
            "summarize": lambda value: lrvec.summarize(COSINE, value),
            "summarize sweep": lambda value: lrvec.summarize(SWEEP, value),
            "blocks": lambda value: list(lrvec.blocks(SWEEP, value, 10**6)),
        }.items()
    },
    "max_bytes": (lambda value: list(lrvec.blocks(SWEEP, range(3), value)), ("max_bytes",)),
    **{
        f"{name} {option}": (lambda value, call=call, option=option: call(**{option: value}), (option,))
        for option in ("out", "dtype", "workers")
        for name, call in {
            "one step,": lambda **options: COSINE(3, **options),
            "range,": lambda **options: COSINE(range(3), **options),
            "array,": lambda **options: COSINE(np.arange(3), **options),
            "sweep,": lambda **options: SWEEP(range(3), **options),
        }.items()
    },
    "pointwise workers": (lambda value: lrvec.pointwise(SWEEP, 3, workers=value), ("workers",)),
    "summarize workers": (lambda value: lrvec.summarize(SWEEP, [3], workers=value), ("workers",)),
    "blocks workers": (lambda value: list(lrvec.blocks(SWEEP, [3], 99, workers=value)), ("workers",)),
    "pointwise": (lambda value: lrvec.pointwise(value, 3), ("sweep",)),
    "summarize": (lambda value: lrvec.summarize(value, [3]), ("schedule",)),
    "blocks": (lambda value: list(lrvec.blocks(value, [3], 99)), ("schedule", "sweep")),
    "sample": (lambda value: lrvec.sample(value, num_steps=3), ("schedule",)),
    "num_steps": (lambda value: lrvec.sample(COSINE, num_steps=value), ("num_steps",)),
    "out of groups": (lambda value: GROUPS.matrix(range(3), out=value), ("out",)),
    "factory of a grid": (lambda value: lrvec.grid(value), ("factory", "argument")),
    "rate of a grid": (lambda value: lrvec.grid(lrvec.constant, lr=value), ("lr",)),
    "count of a grid": (
        lambda value: lrvec.grid(lrvec.cosine, base_lr=[1.0, 2.0], min_lr=0.0, total_steps=value),
        ("total_steps",),
    ),
    "schedule of a grid": (
        lambda value: lrvec.grid(lrvec.with_warmup, schedule=value, warmup_steps=[1, 2], start_lr=0.0),
        ("schedule",),
    ),
    "data": (lrvec.from_dict, ("data", "kind")),
    "kind": (lambda value: lrvec.from_dict({"kind": value, "params": {}}), ("kind",)),
    "params": (lambda value: lrvec.from_dict({"kind": "constant", "params": value}), ("params", "lr")),
    "lr": (lambda value: lrvec.from_dict({"kind": "constant", "params": {"lr": value}}), ("lr", "data")),
    "constant_lr": (lrvec.constant_lr, ("lr",)),
    "lambda_lr": (lrvec.lambda_lr, ("lr_lambda",)),
    "step_lr": (lambda value: lrvec.step_lr(1.0, value), ("step_size",)),
    "as_schedule": (lrvec.as_schedule, ("lr", "schedule_state")),
    "steps of a scan": (
        lambda value: value is ODD["endless range"] or lrvec.scan(lambda step, state: (1.0, state), 0, value),
        ("step",),
    ),
}


@pytest.mark.parametrize("taker", TAKERS)
def test_of_every_call(taker: str) -> None:
    call, names = TAKERS[taker]
    assert complaints({name: (lambda value=value: call(value), names) for name, value in ODD.items()}) == {}


def test_of_every_index() -> None:
    """An index is numpy's to refuse; an object that fails by itself does so there too."""
    known = ("IndexError", "RuntimeError('broken')")
    found = complaints({name: (lambda value=value: SWEEP[value], ("",)) for name, value in ODD.items()})
    assert {name: said for name, said in found.items() if not said.startswith(known)} == {}


SETTINGS: dict[str, Any] = {
    "init_lr": 0.0,
    "max_lr": 1.0,
    "min_lr": 0.0,
    "lr_warmup_steps": 2,
    "lr_decay_steps": 10,
    "lr_decay_style": "WSD",
    "start_wd": 0.1,
    "end_wd": 0.1,
    "wd_incr_steps": 10,
    "wd_incr_style": "constant",
    "use_checkpoint_opt_param_scheduler": True,
    "override_opt_param_scheduler": False,
    "wsd_decay_steps": 4,
    "lr_wsd_decay_style": "linear",
}


def scheduler(group: dict[str, Any] | None = None, **other: Any) -> Any:
    groups = [{"lr": 0.1, "weight_decay": 0.1, **(group or {})}]
    optimizer = type("Optimizer", (), {"param_groups": groups})
    return lrvec.nemo.OptimizerParamScheduler(**{"optimizer": optimizer, **SETTINGS, **other})


def _assigned(name: str, value: Any) -> None:
    made = scheduler()
    setattr(made, name, value)
    made.step(1)


def _loaded(name: str, value: Any) -> None:
    made = scheduler()
    made.load_state_dict({**made.state_dict(), name: value})


NEMO: dict[str, tuple[Callable[[Any], Any], tuple[str, ...]]] = {
    **{name: (lambda value, name=name: scheduler(**{name: value}), (name,)) for name in SETTINGS},
    **{f"{name}, set": (lambda value, name=name: _assigned(name, value), (name,)) for name in SETTINGS},
    **{
        f"{name} of a group": (lambda value, name=name: scheduler({name: value}), (name,))
        for name in ("lr", "weight_decay", "lr_mult", "wd_mult", "max_lr", "min_lr")
    },
    **{
        f"{name}, loaded": (lambda value, name=name: _loaded(name, value), (name,)) for name in scheduler().state_dict()
    },
    "optimizer": (lambda value: scheduler(optimizer=value), ("optimizer",)),
    "groups": (
        lambda value: scheduler(optimizer=type("Optimizer", (), {"param_groups": value})),
        ("optimizer", "param_groups"),
    ),
    "state_dict": (lambda value: scheduler().load_state_dict(value), ("state_dict",)),
    "increment": (lambda value: scheduler().step(value), ("increment",)),
    "num_steps": (lambda value: setattr(scheduler(), "num_steps", value), ("num_steps",)),
    "lr_matrix": (lambda value: scheduler().lr_matrix(value), ("step",)),
    "wd_matrix": (lambda value: scheduler().wd_matrix(value), ("step",)),
}


@pytest.mark.parametrize("taker", NEMO)
def test_of_the_stand_in_for_nemo(taker: str) -> None:
    call, names = NEMO[taker]
    assert complaints({name: (lambda value=value: call(value), names) for name, value in ODD.items()}) == {}
