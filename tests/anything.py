"""This module has odd values of all sorts, and a function that says what is wrong with a refusal of one of them."""

from __future__ import annotations

import decimal
import fractions
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

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
    "no time": np.datetime64("NaT", "s"),
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
