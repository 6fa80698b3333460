"""These tests give bad input. It is refused with the right type and the whole message, and leaves everything as it was."""

from __future__ import annotations

import re

import numpy as np
import pytest
from each import each
from oracle import LAST_STEP
from record import KINDS
from refusals import ALL, CALL_REFUSALS, GOOD, REFUSALS, SCHEDULES, STEP_REFUSALS, Refusal

import lrvec


def test_every_refusal_has_a_name_of_its_own() -> None:
    names = [refusal.name for refusal in ALL]
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_every_parameter_of_every_kind_is_refused_something() -> None:
    refused = {(refusal.name.split()[0], name) for refusal in REFUSALS for name in refusal.about}
    assert refused == {(kind.name, name) for kind in KINDS.values() for name in kind.parameters}


@each(ALL, lambda refusal: refusal.name.split()[0])
def test_is_refused(refusal: Refusal) -> None:
    with pytest.raises((ValueError, TypeError), match=f"^{re.escape(refusal.message)}$") as caught:
        refusal.call()
    assert issubclass(caught.type, refusal.exception)


TAKE_ANY_NUMBER = {"total", "product", "minimum", "maximum"}
MADE_OF_SCHEDULES = {
    *("with_warmup", "warmup", "sequential", "scale_by_group", "stack", "join", "advance", "delay", "hold", "scaled"),
    *("clipped", "repeat", "cycles", "mirrored", "every", "strided", "stretched", "decay_from", "rewarm"),
    *("rebase", "replace_after"),
}
"""These take what they are made of by position, too."""

ENOUGH_WITHOUT = {("clipped", "low"), ("clipped", "high")}
"""One of two bounds is enough."""


@pytest.mark.parametrize("kind", KINDS)
def test_other_parameters_are_refused(kind: str) -> None:
    good = GOOD[kind].make()._parameters
    with pytest.raises(TypeError, match="momentum"):
        getattr(lrvec, kind)(**good, momentum=0.9)
    for name in [name for name in good if not KINDS[kind].parameters[name].is_optional]:
        fewer = {other: value for other, value in good.items() if other != name}
        default = KINDS[kind].parameters[name].default
        if default is not None:
            assert getattr(lrvec, kind)(**fewer) == getattr(lrvec, kind)(**good | {name: default})
        elif (kind, name) not in ENOUGH_WITHOUT:
            with pytest.raises(ValueError if kind in TAKE_ANY_NUMBER else TypeError, match=name):
                getattr(lrvec, kind)(**fewer)


@pytest.mark.parametrize("kind", KINDS)
def test_parameters_are_keywords(kind: str) -> None:
    """All but the first of those kinds that are made of schedules."""
    good = GOOD[kind].make()._parameters
    if kind in TAKE_ANY_NUMBER:
        assert getattr(lrvec, kind)(*good["schedules"], *good["schedules"]).params["schedules"] == 2 * good["schedules"]
        return
    positional = 1 if kind in MADE_OF_SCHEDULES else 0
    with pytest.raises(TypeError, match="positional argument"):
        getattr(lrvec, kind)(*[*good.values(), None][: positional + 1])


@pytest.mark.parametrize("make", SCHEDULES.values(), ids=SCHEDULES)
def test_out_is_untouched_by_a_refusal(make: object) -> None:
    schedule = make()
    bad = np.arange(5000)
    bad[4999] = -1
    for steps in (
        bad,
        bad.astype(np.int32),
        bad[::-1],
        bad.tolist(),
        range(5000 - 1, -2, -1)[:5000],
        bad.astype(float),
    ):
        steps = range(4998, -2, -1) if isinstance(steps, range) else steps
        for out in (np.full(5000, 7.0), np.full(5000, 7.0, np.float32), np.full(10000, 7.0)[::2]):
            with pytest.raises(ValueError, match=r"^steps? "):
                schedule(steps, out=out)
            assert (out == 7.0).all()
    with pytest.raises(ValueError, match="shape"):
        schedule(np.arange(4999), out=(out := np.full(5000, 7.0)))
    assert (out == 7.0).all()
    with pytest.raises(TypeError, match="dtype"):
        schedule(np.arange(5000), out=out, dtype=np.float32)
    assert (out == 7.0).all()
    memory = np.arange(8)
    with pytest.raises(ValueError, match="share memory"):
        schedule(memory[:4], out=memory[2:6].view(float))
    assert memory.tolist() == list(range(8))


@pytest.mark.parametrize("make", SCHEDULES.values(), ids=SCHEDULES)
def test_out_must_not_share_memory_with_itself(make: object) -> None:
    out = np.lib.stride_tricks.as_strided(np.full(1, 7.0), (4,), (0,))
    with pytest.raises(ValueError, match=r"^out must "):
        make()(np.arange(4), out=out)
    assert (out == 7.0).all()


def test_lists_of_different_lengths_are_refused() -> None:
    for steps in ([[1], [2, 3]], [1, [2]], [[1, 2], 3], [[[1]], [[2], [3]]]):
        with pytest.raises(ValueError, match=r"^steps? .*must be .*non-negative integer"):
            lrvec.constant(lr=1.0)(steps)


def test_a_refusal_at_a_step_is_not_remembered() -> None:
    schedule = lrvec.cosine(base_lr=1.0, min_lr=0.0, total_steps=4)
    for refusal in (*STEP_REFUSALS, *CALL_REFUSALS):
        if "cosine" in refusal.name:
            with pytest.raises((ValueError, TypeError)):
                refusal.call()
    assert schedule(range(6)).tolist() == [schedule(step) for step in range(6)]


@pytest.mark.parametrize(
    "steps", [[], (), [[]], [[], []], range(0), range(5, 0), np.zeros(0, int), np.zeros((3, 0), np.uint8)], ids=repr
)
@pytest.mark.parametrize("make", SCHEDULES.values(), ids=SCHEDULES)
def test_no_steps_give_no_values(make: object, steps: object) -> None:
    values = make()(steps)
    assert values.shape == np.shape(steps)
    assert values.dtype == np.float64
    assert make()(steps, out=values) is values
    assert make()(steps, dtype=np.float32).dtype == np.float32


def test_groups_refuse_what_schedules_refuse() -> None:
    groups = lrvec.scale_by_group(lrvec.constant(lr=1.0), multipliers={"a": 1.0, "b": 2.0})
    for refusal, steps in (
        ("step", -1),
        ("step at index 1", [1, -1]),
        ("steps", np.zeros(3)),
        ("step at index 0", range(-1, 2)),
    ):
        for call in (groups, groups.matrix):
            with pytest.raises(ValueError, match=f"^{refusal} must be "):
                call(steps)
    for shape in ((3,), (3, 2), (1, 3), (2, 3, 1)):
        with pytest.raises(
            ValueError, match=rf"^out must have the shape of the result, \(2, 3\), received {re.escape(str(shape))}$"
        ):
            groups.matrix(range(3), out=np.zeros(shape))
    with pytest.raises(TypeError, match=r"^out must have dtype float64 or float32, received int64$"):
        groups.matrix(range(3), out=np.zeros((2, 3), np.int64))
    with pytest.raises(ValueError, match="fit in memory"):
        groups.matrix(range(2**53))
    out = np.full((2, 3), 7.0)
    with pytest.raises(ValueError, match=r"^step at index 2 "):
        groups.matrix(np.array([0, 1, -1]), out=out)
    assert (out == 7.0).all()
    memory = np.arange(12).reshape(3, 4)
    with pytest.raises(ValueError, match=r"^out must not share memory with steps, received an array that does$"):
        groups.matrix(memory[0], out=memory[:2].view(float))


@pytest.mark.parametrize("num_steps", [0, -1, 1.0, "3", None, 2**53 + 1, [2], (2, 3)])
def test_sample_refuses_counts(num_steps: object) -> None:
    for schedule in (lrvec.constant(lr=1.0), lambda step: 1.0):
        with pytest.raises(ValueError, match=r"^num_steps must be "):
            lrvec.sample(schedule, num_steps=num_steps)


def test_sample_refuses_what_does_not_fit_in_memory() -> None:
    for schedule in (lrvec.constant(lr=1.0), lambda step: 1.0):
        with pytest.raises((ValueError, MemoryError), match="fit in memory"):
            lrvec.sample(schedule, num_steps=LAST_STEP)


def test_sample_refuses_what_is_no_schedule() -> None:
    with pytest.raises(TypeError):
        lrvec.sample(0.1, num_steps=3)


GOOD_DICT = {"kind": "constant", "params": {"lr": 0.1}}


@pytest.mark.parametrize(
    ("data", "exception", "message"),
    [
        (None, ValueError, "data must be a dict of 'kind' and a dict of 'params', received None"),
        ([], ValueError, "data must be a dict of 'kind' and a dict of 'params', received []"),
        ({}, ValueError, "data must be a dict of 'kind' and a dict of 'params', received {}"),
        ({"kind": "constant"}, ValueError, "data must be a dict of 'kind' and a dict of 'params'"),
        ({"kind": "constant", "params": []}, ValueError, "data must be a dict of 'kind' and a dict of 'params'"),
        ({**GOOD_DICT, "version": 1}, ValueError, "data must be a dict of 'kind' and a dict of 'params'"),
        ({"kind": "sine", "params": {}}, ValueError, "kind must be one of with_warmup, sequential, "),
        ({"kind": None, "params": {}}, ValueError, "kind must be one of "),
        (
            {"kind": "constant", "params": {"rate": 0.1}},
            ValueError,
            "parameters of constant must be among lr, received rate",
        ),
        (
            {"kind": "constant", "params": {"lr": 1.0, "z": 1, "a": 1}},
            ValueError,
            "parameters of constant must be among lr, received a, z",
        ),
        ({"kind": "constant", "params": {}}, TypeError, "constant() missing 1 required keyword-only argument: 'lr'"),
        ({"kind": "constant", "params": {"lr": nan}}, ValueError, "lr must be a finite number, received nan")
        if (nan := float("nan"))
        else (),
        ({"kind": "constant", "params": {"lr": "x"}}, TypeError, "lr must be a finite number, received 'x'"),
        (
            {
                "kind": "with_warmup",
                "params": {"schedule": {"kind": "sine", "params": {}}, "warmup_steps": 1, "start_lr": 0.0},
            },
            ValueError,
            "kind must be one of ",
        ),
        (
            {"kind": "sequential", "params": {"phases": [[3, {"kind": "constant", "params": {"lr": None}}]]}},
            TypeError,
            "lr must be a finite number, received None",
        ),
    ],
    ids=lambda value: str(value)[:60],
)
def test_from_dict_refuses(data: object, exception: type[Exception], message: str) -> None:
    with pytest.raises(exception, match=f"^{re.escape(message)}"):
        lrvec.from_dict(data)


@pytest.mark.parametrize(
    ("kind", "meant"),
    [
        ("cosin", "; did you mean cosine or cosine_restarts?"),
        ("OneCycle", "; did you mean one_cycle?"),
        ("xyz", ""),
        ("z" * 10_000, ""),
    ],
    ids=["beginning", "spelling", "nothing near", "long"],
)
def test_an_unknown_kind_is_told_what_was_meant(kind: str, meant: str) -> None:
    with pytest.raises(ValueError, match="^kind must be one of ") as refused:
        lrvec.from_dict({"kind": kind, "params": {}})
    assert str(refused.value).partition(", received ")[2].partition("'; ")[2] == meant.removeprefix("; ")
    assert len(str(refused.value)) < 1000


BOOLEANS = {
    "alone": (np.True_, "lr must be a finite number, not a boolean, received "),
    "an array of no axis": (np.array(True), "lr must be a finite number, not a boolean, received "),
    "an array": (np.array([True, False]), "lr must be a finite number, not a boolean, received "),
    "in a list": ([0.5, np.True_], "lr at index 1 must be a finite number, not a boolean, received "),
    "Python's in a list": ([[0.5], [True]], r"lr at index \(1, 0\) must be a finite number, not a boolean, received True$"),
    "in an array of objects": (np.array([0.5, np.True_], object), "lr at index 1 must be a finite number, not a boolean, received "),
}


@pytest.mark.parametrize("name", BOOLEANS)
def test_booleans_are_no_rates(name: str) -> None:
    """Python's own is, alone: it is a number there, as it is for lrsched."""
    wrong, message = BOOLEANS[name]
    with pytest.raises(ValueError, match=f"^{message}"):
        lrvec.constant(lr=wrong)
    assert lrvec.constant(lr=True) == lrvec.constant(lr=1.0)


def test_booleans_of_numpy_are_no_numbers_within_others() -> None:
    one = lrvec.constant(lr=1.0)
    for make in (
        lambda: lrvec.piecewise(steps=[1, 2], values=[np.True_, 0.5], interpolation="linear"),
        lambda: lrvec.scaled(one, factor=np.True_),
        lambda: lrvec.repeat(one, period=np.True_),
        lambda: lrvec.scale_by_group(one, multipliers={"head": np.True_}),
    ):
        with pytest.raises(ValueError, match="not a boolean, received "):
            make()
