"""These tests are about the search for the largest errors: it covers all kinds, its long doubles are right, and it finds an
error."""

from __future__ import annotations

import math
from typing import Any

import longs
import numpy as np
import pytest
import search_ulp
from cases import FORMULAS
from each import each, of_kind
from kinds import RECORDS
from oracle import ulp_error
from record import KINDS, exact
from sieve import Space, spaces

import lrvec

SPACES = spaces()
ROUNDS = 3


@pytest.fixture(autouse=True)
def few_climbers(monkeypatch: pytest.MonkeyPatch) -> None:
    """The Python engine, too, is through with them in no time."""
    monkeypatch.setattr(search_ulp, "CLIMBERS", 32)


def test_every_kind_is_searched() -> None:
    """But for those whose errors are the errors of their parts."""
    of_parts = {
        *("join", "advance", "delay", "hold", "scaled", "total", "product", "minimum", "maximum", "clipped", "repeat"),
        *("cycles", "mirrored", "every", "strided", "stretched", "decay_from", "rewarm", "rebase", "replace_after"),
    }
    assert {space.kind for space in SPACES} == set(FORMULAS) - of_parts


@each(SPACES, of_kind)
def test_long_doubles_agree_with_mpmath(space: Space) -> None:
    """On candidates that are drawn and on their children, all of which obey the kind's rules."""
    rng = np.random.default_rng(0)
    with np.errstate(all="ignore"):
        table = search_ulp.drawn(rng, space, 8)
        table = np.concatenate([table, search_ulp.children_of(rng, space, table[:, :1])], axis=1)
        errors, _ = search_ulp.judged(space, table)
    for error, *column, step in zip(errors.tolist(), *table.tolist(), strict=True):
        if math.isnan(error):
            continue  # in doubt, where mpmath is asked
        case = space.case(np.array(column))
        wanted = ulp_error(case.make()(int(step)), exact(case, int(step)))
        assert error == pytest.approx(wanted, rel=search_ulp.DOUBTFUL, abs=search_ulp.DOUBTFUL), (case, step)


def space_of(kind: str) -> Space:
    return next(space for space in SPACES if space.kind == kind)


@pytest.mark.parametrize("kind", ["linear", "multi_step", "with_warmup", "sequential"])
def test_a_search_finds_nothing_above_the_promise(kind: str) -> None:
    found = search_ulp.search(space_of(kind), 0, range(ROUNDS))
    assert found.compared > ROUNDS * search_ulp.CLIMBERS * search_ulp.CHILDREN
    assert found.faults() == []
    assert 1.0 < found.worst[True].error < (3.0 if lrvec.engine == "compiled" else 4.0)
    assert found.doubts == 0


def test_a_search_finds_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 5 ulp and more at the end of lines of odd length."""

    def wrong(*, base_lr: Any, end_lr: Any, total_steps: Any) -> Any:
        return lrvec.linear(base_lr=base_lr, end_lr=end_lr * (1.0 - total_steps % 2 * 5 * 2.0**-52), total_steps=total_steps)

    monkeypatch.setattr(KINDS["linear"], "factory", wrong)
    found = search_ulp.search(space_of("linear"), 0, range(ROUNDS))
    assert found.worst[True].error >= 5.0
    assert found.worst[True].case.params["total_steps"] % 2 == 1
    assert str(found.worst[True]) in found.faults()


class Sevens:
    """In place of the Python engine's tables."""

    def __init__(self, segments: Any) -> None:
        pass

    def value(self, step: int) -> float:
        return 7.0


def test_what_the_search_relies_on_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Long doubles that say something else than mpmath, a sweep that has other bits, and a Python engine far away."""
    monkeypatch.setattr(longs, "HALF_PI", np.longdouble(1.57079632679489))
    found = search_ulp.search(space_of("cosine"), 0, range(0))
    assert any("the long doubles say" in fault for fault in found.faults())
    monkeypatch.undo()
    monkeypatch.setattr(lrvec, "pointwise", lambda sweep, steps, **_: sweep(0) if len(steps) > 1 else np.array([7.0]))
    found = search_ulp.search(space_of("constant"), 0, range(0))
    assert any("a sweep gives 7.0 in place of" in fault for fault in found.faults())
    monkeypatch.undo()
    monkeypatch.setattr(search_ulp, "Table", Sevens)
    found = search_ulp.search(space_of("constant"), 0, range(0))
    assert any("ulp from the compiled one" in fault for fault in found.faults())


def test_what_cannot_be_judged_goes_to_mpmath(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = RECORDS["constant"].value
    monkeypatch.setattr(longs, "plain", lambda value: longs.Value(value * np.nan, abs(value)))
    assert np.isnan(plain(np.longdouble([0]), np.longdouble([1])).value)
    found = search_ulp.search(space_of("constant"), 0, range(0))
    assert found.doubts == found.compared
    assert found.worst[True].error == 0.0
    assert found.faults() == []


def test_the_command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert search_ulp.main(["0", "constant", "linear", "--seed", "3"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "0.0 s for each of 2 spaces" in lines[0]
    assert sum(line.startswith("| linear | ") for line in lines) == 1
    assert "0 faults: errors above 3.5 ulp, or what must not be" in lines
    call = next(line for line in lines if line.startswith("- ") and "linear(" in line).split("ulp: ")[1]
    shown, got = call.split(" is ")
    assert repr(eval(shown.strip("`"), vars(lrvec))) == got.split(", exact")[0]
    monkeypatch.setattr(search_ulp, "ACCEPTED", 0.5)
    assert search_ulp.main(["0", "linear"]) == 1
    monkeypatch.setattr(longs, "BITS", 53)
    with pytest.raises(SystemExit, match="a long double must have 64 bits or more"):
        search_ulp.main(["0"])
    with pytest.raises(SystemExit):
        search_ulp.main(["0", "cosines"])
    assert "received cosines" in capsys.readouterr().err


def test_a_refusal_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def refusing(**_: Any) -> Any:
        raise ValueError("no")

    monkeypatch.setattr(KINDS["constant"], "factory", refusing)
    assert search_ulp.searched(SPACES.index(space_of("constant")), seed=0, seconds=0.0).faults() == ["ValueError: no"]
