"""These tests change copies of values, and take groups apart."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest
from kinds import RECORDS
from record import KINDS

import lrvec


def wave() -> Any:
    return lrvec.cosine(base_lr=0.1, min_lr=0.01, total_steps=90)


def groups() -> Any:
    return lrvec.scale_by_group(wave(), multipliers={"backbone": 0.1, "head": 1.0})


def outcome(call: Any, parameters: dict[str, Any]) -> Any:
    """The value, or the refusal."""
    try:
        return call(**parameters)
    except (ValueError, TypeError) as refusal:
        return type(refusal), str(refusal)


@pytest.mark.parametrize("kind", RECORDS)
def test_a_copy_without_changes_is_equal(kind: str) -> None:
    for case in RECORDS[kind].cases[:3]:
        assert case.make().replace() == case.make()


@pytest.mark.parametrize("kind", RECORDS)
def test_each_parameter_can_be_replaced(kind: str) -> None:
    """The copy is what the factory makes of the parameters of one case and one parameter of another."""
    one, *others = (case.make() for case in RECORDS[kind].cases[:12])
    changed = 0
    for other in others:
        for name in one._parameters.keys() & other._parameters.keys():
            merged = {**one._parameters, name: other._parameters[name]}
            found = outcome(one.replace, {name: merged[name]})
            assert found == outcome(KINDS[kind].factory, merged)
            changed += found != one
    assert changed or not others


def test_the_original_stays() -> None:
    schedule = wave()
    assert repr(schedule.replace(total_steps=5)) == "cosine(base_lr=0.1, min_lr=0.01, total_steps=5)"
    assert schedule == wave()


def test_replace_checks_as_the_factory_checks() -> None:
    with pytest.raises(ValueError, match=r"^total_steps must be a positive integer, received 100000.0: use int\(100000.0\)$"):
        wave().replace(total_steps=1e5)
    with pytest.raises(TypeError, match="momentum"):
        wave().replace(momentum=0.9)
    with pytest.raises(TypeError):
        wave().replace(0.1)


def test_an_optional_parameter_goes_away() -> None:
    stairs = lrvec.step_decay(base_lr=0.1, drop=0.5, step_size=30)
    assert stairs.replace(drop=None, gamma=2.0) == lrvec.step_decay(base_lr=0.1, gamma=2.0, step_size=30)
    with pytest.raises(TypeError, match="exactly one of drop and gamma must be given, received drop and gamma"):
        stairs.replace(gamma=2.0)


def test_arrays_come_and_go() -> None:
    sweep = wave().replace(base_lr=[0.1, 0.2])
    assert sweep == lrvec.cosine(base_lr=[0.1, 0.2], min_lr=0.01, total_steps=90)
    assert sweep.replace(base_lr=[0.3, 0.4, 0.5]).shape == (3,)
    assert sweep.replace(base_lr=0.1) == wave()
    with pytest.raises(ValueError, match="shapes of the parameters must broadcast"):
        sweep.replace(total_steps=[1, 2, 3])
    rows = lrvec.stack([wave(), lrvec.constant(lr=1.0)])
    assert rows.replace(schedules=[wave()]) == lrvec.stack([wave()])


@pytest.mark.skipif(sys.version_info < (3, 13), reason="copy.replace is new in Python 3.13")
def test_copy_replace() -> None:
    import copy

    assert copy.replace(wave(), total_steps=5) == wave().replace(total_steps=5)  # type: ignore[attr-defined]


# ---- groups ----


def test_a_group_is_a_schedule() -> None:
    assert groups()["head"] == wave()
    assert groups()["backbone"] == lrvec.scaled(wave(), factor=0.1)
    steps = range(100)
    together, alone = groups()(steps)["backbone"], groups()["backbone"](steps)
    apart = 2 if lrvec.engine == "compiled" else 4  # the Python engine's values are up to 4 ulp from the exact ones
    assert (abs(together - alone) <= apart * np.spacing(together)).all()
    assert lrvec.from_dict(groups()["backbone"].to_dict()) == groups()["backbone"]
    assert isinstance(groups()["backbone"], lrvec.Schedule)


def test_a_group_of_a_sweep_is_a_sweep() -> None:
    swept = lrvec.scale_by_group(wave().replace(base_lr=[0.1, 0.2]), multipliers={"a": 0.5, "b": 1.0})
    assert swept["a"].shape == (2,)
    assert np.array_equal(swept["a"](7), swept(7)["a"])


def test_groups_are_like_a_mapping() -> None:
    schedules = groups()
    assert list(schedules) == list(schedules.keys()) == ["backbone", "head"]
    assert len(schedules) == 2
    assert "head" in schedules
    assert "tail" not in schedules
    assert [] not in schedules
    assert dict(schedules) == dict(schedules.items()) == {"backbone": schedules["backbone"], "head": wave()}
    assert schedules.values() == [schedules["backbone"], wave()]


def test_stacked_groups_have_their_own_schedules() -> None:
    own = {"encoder": wave(), "decoder": lrvec.constant(lr=1.0)}
    stacked = lrvec.stack(own.values(), names=own.keys())
    assert dict(stacked) == own
    assert stacked.replace(names=["a", "b"])["b"] == own["decoder"]


@pytest.mark.parametrize("name", ["tail", 0, ["head"], None])
def test_an_unknown_group_is_refused(name: Any) -> None:
    for schedules in (groups(), lrvec.stack([wave()] * 2, names=["backbone", "head"])):
        with pytest.raises(KeyError) as caught:
            schedules[name]
        assert caught.value.args == (f"group must be one of backbone, head, received {name!r}",)


def test_groups_can_be_replaced() -> None:
    assert groups().replace(multipliers={"all": 2.0}).names == ("all",)
    assert groups().replace(schedule=lrvec.constant(lr=1.0))["head"] == lrvec.constant(lr=1.0)
    with pytest.raises(ValueError, match="multiplier for group 'all' must be a positive number"):
        groups().replace(multipliers={"all": 0.0})
