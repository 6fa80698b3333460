"""These tests run every schedule of another library beside the one that lrvec gives by its name.

A library has a module `peer_LIBRARY` here, and is left out where it is not installed. Each schedule is drawn with
random parameters and followed over all its boundaries and past its end.
"""

from __future__ import annotations

import importlib
import importlib.util
import inspect
from typing import Any

import numpy as np
import pytest
from beside import Call, Draw, Library

import lrvec
from lrvec.dialects._foreign import FOREIGN

NAMES = lrvec.dialects.names()


def library(name: str) -> Library:
    if importlib.util.find_spec(name) is None:
        pytest.skip(f"{name} is not installed")
    found: Library = importlib.import_module(f"peer_{name}").LIBRARY
    return found


def ours(library: str, call: Call) -> Any:
    dialect = getattr(lrvec.dialects, library)
    return call.made(lambda name, given: getattr(dialect, name)(**given))


@pytest.mark.parametrize("name", sorted({library for library, _ in NAMES}))
def test_every_schedule_is_drawn(name: str) -> None:
    assert library(name).draws.keys() == {own for _, own in lrvec.dialects.names(name)}


@pytest.mark.parametrize(("name", "schedule"), NAMES)
def test_the_rates_are_the_librarys(name: str, schedule: str) -> None:
    peer = library(name)
    draw = Draw(f"{name} {schedule}")
    for _ in range(peer.calls):
        call = peer.draws[schedule](draw)
        wanted = np.array(peer.rates(call, peer.steps), np.float64)
        found = ours(name, call)(range(peer.steps))
        off = np.abs(found - wanted) / max(np.max(np.abs(wanted)), 1e-300)
        off[sorted(peer.departs(call))] = 0.0
        assert np.max(off) <= peer.tolerance, f"{call} at step {np.argmax(off)}: {found[np.argmax(off)]!r}"


@pytest.mark.parametrize(("name", "schedule"), NAMES)
def test_it_is_a_value_of_native_kinds(name: str, schedule: str) -> None:
    peer = library(name)
    draw = Draw(f"{name} {schedule}")
    for _ in range(peer.calls):
        made = ours(name, peer.draws[schedule](draw))
        assert lrvec.from_dict(made.to_dict()) == made
        assert eval(repr(made), vars(lrvec)) == made


@pytest.mark.parametrize(("name", "schedule"), NAMES)
def test_the_parameters_are_the_originals(name: str, schedule: str) -> None:
    """In their order, and with their defaults. What the optimizer has is keyword-only."""
    peer = library(name)
    entry = FOREIGN[name, schedule]
    original: Any = importlib.import_module(name)
    for part in entry.original.split("."):
        original = getattr(original, part)
    own = inspect.signature(entry.function).parameters.values()
    theirs = [one for one in inspect.signature(original).parameters.values() if one.name not in peer.without]
    positional = [(one.name, one.default) for one in own if one.kind is not one.KEYWORD_ONLY]
    assert positional == [(one.name, one.default) for one in theirs]
