"""These tests run every schedule of another library beside the one that lrvec gives by its name.

A library has a module `peer_LIBRARY` here. Where it is not installed, its table stands in for it; without one it is left
out. Each schedule is drawn with random parameters and followed over all its boundaries and past its end.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from beside import Call, Peer, leave_out

import lrvec
from lrvec.dialects._foreign import FOREIGN

NAMES = lrvec.dialects.names()


def peer(name: str) -> Peer:
    found = Peer(name)
    if not found.is_there:
        leave_out(name)
    return found


def ours(library: str, call: Call) -> Any:
    dialect = getattr(lrvec.dialects, library)
    return call.made(lambda name, given: getattr(dialect, name)(**given))


@pytest.mark.parametrize("name", sorted({library for library, _ in NAMES}))
def test_every_schedule_is_drawn(name: str) -> None:
    assert peer(name).library.draws.keys() == {own for _, own in lrvec.dialects.names(name)}


@pytest.mark.parametrize(("name", "schedule"), NAMES)
def test_the_rates_are_the_librarys(name: str, schedule: str) -> None:
    """The schedules are values of native kinds, and their rates are those of the library."""
    library = peer(name).library
    for call, rates in peer(name).calls(schedule):
        made = ours(name, call)
        assert lrvec.from_dict(made.to_dict()) == made
        assert eval(repr(made), vars(lrvec)) == made
        wanted = np.array(rates, np.float64)
        found = made(range(len(wanted)))
        off = np.abs(found - wanted) / max(np.max(np.abs(wanted)), 1e-300)
        off[sorted(library.departs(call))] = 0.0
        assert np.max(off) <= library.tolerance, f"{call} at step {np.argmax(off)}: {found[np.argmax(off)]!r}"


@pytest.mark.parametrize(("name", "schedule"), NAMES)
def test_the_parameters_are_the_originals(name: str, schedule: str) -> None:
    """In their order, and with their defaults. What the optimizer has is keyword-only."""
    entry = FOREIGN[name, schedule]
    own = entry.signature.parameters.values()
    positional = [
        (one.name, "required" if one.default is one.empty else one.default)
        for one in own
        if one.kind is not one.KEYWORD_ONLY
    ]
    assert positional == peer(name).parameters(schedule, entry.original)
