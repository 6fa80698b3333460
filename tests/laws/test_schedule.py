"""These tests are about Schedule and GroupSchedule as values: immutable, equal, printable; what a call returns; what is
imported when."""

from __future__ import annotations

import ast
import collections
import contextlib
import copy
import importlib
import inspect
import itertools
import json
import pickle
import pkgutil
import re
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest
from cases import CASES, GROUPS
from processes import python
from record import KINDS, Case

import lrvec
from lrvec import _evaluate, _registry
from lrvec._values import nesting
from lrvec.schedules import algebra

SCHEDULES = [*{case.kind: case for case in reversed(CASES)}.values()]
"""One of each kind."""

COSINE = {"base_lr": 0.1, "min_lr": 0.001, "total_steps": 100}


def cosine(**other: Any) -> Any:
    return lrvec.cosine(**{**COSINE, **other})


# ---- names ----


def test_all_is_what_there_is() -> None:
    """Every public name of the package, but for its modules, stands in __all__; and nothing else does."""
    public = {name for name in dir(lrvec) if name[0] != "_" and not inspect.ismodule(getattr(lrvec, name))}
    assert public - {"annotations"} == set(lrvec.__all__) - {"__version__"}
    assert lrvec.__all__ == sorted(lrvec.__all__)
    namespace: dict[str, Any] = {}
    exec("from lrvec import *", namespace)
    assert set(lrvec.__all__) <= set(namespace)


def test_a_module_is_there_when_it_is_asked_for() -> None:
    """As `lrvec.torch.LRScheduler` stands on the pages, behind `import lrvec` alone."""
    printed = python("import lrvec, sys; print('lrvec.nemo' in sys.modules, lrvec.nemo.OptimizerParamScheduler.__name__)")
    assert printed == "False OptimizerParamScheduler\n"


def test_modules_imported_later_have_the_names_that_are_asked_for() -> None:
    for module, names in lrvec._LATER.items():
        there = vars(importlib.import_module(f"lrvec.{module}"))
        assert set(names) <= set(there)
        assert set(there.get("__all__", names)) == set(names)
    printed = python("import lrvec; print(lrvec.queries.sample is lrvec.sample, 'sample' in vars(lrvec), lrvec.dialects.__name__)")
    assert printed == "True True lrvec.dialects\n"
    assert python("import lrvec; print(lrvec.schedules.cosine is lrvec.cosine)") == "True\n"
    for module in (lrvec, lrvec.schedules):
        with pytest.raises(AttributeError, match=re.escape(f"module {module.__name__!r} has no attribute 'nothing'")):
            _ = module.nothing


def test_kinds_are_imported_when_they_are_asked_for() -> None:
    """The registry knows the modules of all kinds. A question for one kind imports no other module of kinds."""
    assert _registry.HOMES.keys() <= set(KINDS)
    for name, home in _registry.HOMES.items():
        assert KINDS[name].function.__module__ == home
    found = {f"lrvec.schedules.{module.name}" for module in pkgutil.iter_modules(lrvec.schedules.__path__)}
    assert found == {home for home in _registry.HOMES.values() if home.startswith("lrvec.schedules.")}
    assert set(lrvec.schedules.__all__) == KINDS.keys() - {"megatron_lr", "megatron_wd"} <= set(dir(lrvec.schedules))
    assert all(getattr(lrvec.schedules, name) is getattr(lrvec, name) for name in lrvec.schedules.__all__)
    listed = str(list(KINDS))
    warm = lrvec.with_warmup(cosine(), warmup_steps=2, start_lr=0.0)
    imported = "print(sorted(name[6:] for name in sys.modules if name.startswith(('lrvec.schedules.', 'lrvec.dialects.'))))"
    for asked, modules in {
        "lrvec.engine": [],
        "lrvec.cosine": ["schedules.decays"],
        "from lrvec.schedules import constant": ["schedules.knots"],
        "lrvec.megatron_wd": ["dialects.megatron"],
        f"lrvec.from_dict({warm.to_dict()})": ["schedules.compose", "schedules.decays"],
        f"import pickle; pickle.loads({pickle.dumps(warm)})": ["schedules.compose", "schedules.decays"],
    }.items():
        printed = python(f"import sys, lrvec; {asked}\n{imported}\nprint(list(lrvec.kinds()))")
        assert printed.splitlines() == [str(modules), listed]


def test_a_kind_that_no_table_names_is_found() -> None:
    code = "import lrvec; lrvec._registry.HOMES.clear(); print(lrvec.cosine.__name__, 'cosine' in lrvec.schedules.__all__)"
    assert python(code) == "cosine True\n"
    warm = lrvec.with_warmup(cosine(), warmup_steps=2, start_lr=0.0)
    for made in (cosine(), warm, lrvec.cosine(base_lr=[1.0, 2.0], min_lr=0.0, total_steps=4)):
        for asked in (f"lrvec.from_dict({made.to_dict()})", f"pickle.loads({pickle.dumps(made)})"):
            assert python(f"import pickle, lrvec; lrvec._registry.HOMES.clear(); print({asked})") == f"{made}\n"


def test_the_module_is_pickled_by_its_name() -> None:
    assert pickle.loads(pickle.dumps(lrvec)) is lrvec


def test_the_dict_of_the_module_has_all_kinds() -> None:
    code = "import lrvec; print(eval('constant(lr=1.0)', vars(lrvec))(0), lrvec.kinds().keys() <= vars(lrvec).keys())"
    assert python(code) == "1.0 True\n"


def test_every_kind_is_public_under_its_own_name() -> None:
    for name, kind in KINDS.items():
        assert name in lrvec.__all__
        assert getattr(lrvec, name) is kind.factory
        assert kind.name == name == kind.factory.__name__
        assert tuple(kind.parameters) == tuple(inspect.signature(kind.factory).parameters)


def test_the_names_of_the_drop_in() -> None:
    wanted = """constant step_decay multi_step exponential exponential_decay linear polynomial polynomial_decay cosine
        cosine_restarts inverse_sqrt one_cycle triangular triangular2 exp_range warmup_stable_decay with_warmup
        sequential sample scale_by_group Schedule GroupSchedule from_dict engine simd __version__ install_as_lrsched"""
    assert set(wanted.split()) <= set(lrvec.__all__)
    assert isinstance(lrvec.engine, str)
    assert isinstance(lrvec.simd, str)
    assert isinstance(lrvec.__version__, str)


@pytest.mark.parametrize("kind", KINDS)
def test_docstrings_are_whole(kind: str) -> None:
    """A docstring has a sentence, the formula, the parameters by name, what is returned, what is raised, and an example, in
    this order."""
    text = inspect.getdoc(KINDS[kind].factory) or ""
    assert text.split("\n")[0].endswith(".")
    parts = ["(t) = ", "Parameters\n----------", "Returns\n-------", "Raises\n------", ">>> "]
    assert [text.count(part) for part in parts[1:4]] == [1, 1, 1]
    assert sorted(map(text.index, parts)) == list(map(text.index, parts))
    raised = text[text.index(parts[3]) : text.index(parts[4])]
    assert "a parameter is missing or unknown." in raised
    assert "Source: " not in text or "\n\nSource: " in raised
    for name in KINDS[kind].parameters:
        assert name in text, name


def parameters_of(function: ast.FunctionDef) -> str:
    """The parameters of a function with their defaults, without their types."""
    parameters = copy.deepcopy(function.args)
    for one in ast.walk(parameters):
        if isinstance(one, ast.arg):
            one.annotation = None
    return ast.unparse(parameters)


@pytest.mark.parametrize("kind", [name for name, kind in KINDS.items() if kind.gives_segments])
def test_a_factory_is_overloaded(kind: str) -> None:
    """Type checkers know from overloads alone that numbers make a Schedule, and arrays a Sweep."""
    tree = ast.parse(inspect.getsource(sys.modules[KINDS[kind].factory.__module__]))
    found = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == kind]
    overloads = [one for one in found if [ast.unparse(by) for by in one.decorator_list] == ["overload"]]
    function = next(one for one in found if one in tree.body)
    assert {ast.unparse(one.returns) for one in overloads if one.returns} == {"Schedule", "Sweep"}
    assert {parameters_of(one) for one in overloads} == {parameters_of(function)}


# ---- a value ----


@pytest.mark.parametrize("case", SCHEDULES, ids=lambda case: case.kind)
def test_parameters_can_be_read_and_not_written(case: Case) -> None:
    schedule = case.make()
    assert schedule.kind == case.kind
    assert isinstance(schedule.params, MappingProxyType)
    defaults = {name: one.default for name, one in inspect.signature(KINDS[case.kind].factory).parameters.items()}
    given = [name for name in defaults if name in case.params or defaults[name] not in (None, inspect.Parameter.empty)]
    assert list(schedule.params) == given
    name = next(iter(schedule.params))
    with pytest.raises(TypeError):
        schedule.params[name] = 1
    with pytest.raises(TypeError):
        del schedule.params[name]
    for attribute in ("kind", "params", "lr", "_lower", "_parameters", "__class__"):
        with pytest.raises((AttributeError, TypeError)):
            setattr(schedule, attribute, None)
    for attribute in ("kind", "params", "_lower"):
        with pytest.raises((AttributeError, TypeError)):
            delattr(schedule, attribute)
    assert vars(schedule) == {}
    assert schedule == case.make()


def test_groups_can_be_read_and_not_written() -> None:
    multipliers = {"head": 1.0, "backbone": 0.1}
    groups = lrvec.scale_by_group(cosine(), multipliers=multipliers)
    multipliers["head"] = 7.0
    multipliers["tail"] = 3.0
    assert groups.names == ("head", "backbone")
    assert groups(0) == {"head": 0.1, "backbone": 0.1 * 0.1}
    assert groups.kind == "scale_by_group"
    assert groups.params["schedule"] == cosine()
    assert dict(groups.params["multipliers"]) == {"head": 1.0, "backbone": 0.1}
    with pytest.raises(TypeError):
        groups.params["schedule"] = None
    with pytest.raises(TypeError):
        groups.params["multipliers"]["head"] = 2.0
    for attribute in ("names", "kind", "params", "_multipliers", "new"):
        with pytest.raises(AttributeError):
            setattr(groups, attribute, None)
    with pytest.raises(AttributeError):
        del groups._schedule
    groups(0)["head"] = 5.0
    assert groups(0)["head"] == 0.1


def test_parameters_are_what_the_schedule_computes_with() -> None:
    """Numbers of other types become floats and ints; sequences become tuples that the caller cannot change."""
    schedule = lrvec.linear(base_lr=1, end_lr=np.float32(0.5), total_steps=np.int64(4))
    assert dict(schedule.params) == {"base_lr": 1.0, "end_lr": 0.5, "total_steps": 4}
    assert [type(value) for value in schedule.params.values()] == [float, float, int]
    assert schedule == lrvec.linear(base_lr=1.0, end_lr=0.5, total_steps=4)
    assert lrvec.linear(base_lr=True, end_lr=False, total_steps=True).params == {
        "base_lr": 1.0,
        "end_lr": 0.0,
        "total_steps": 1,
    }
    milestones = [9, 3, 3]
    steps = lrvec.multi_step(base_lr=1.0, milestones=milestones, gamma=0.5)
    milestones.append(1)
    assert steps.params["milestones"] == (3, 3, 9)
    assert lrvec.multi_step(base_lr=1.0, milestones=iter([3, 9, 3]), gamma=0.5) == steps
    assert lrvec.multi_step(base_lr=1.0, milestones=np.array([9, 3, 3]), gamma=0.5) == steps
    phases = [[3, cosine()], (4, cosine())]
    schedule = lrvec.sequential(phases)
    phases.append((1, cosine()))
    assert schedule.params["phases"] == ((3, cosine()), (4, cosine()))


def test_equality() -> None:
    assert cosine() == cosine()
    assert (cosine() != cosine()) is False
    assert cosine() != cosine(total_steps=101)
    assert cosine() != cosine(min_lr=0.0010000000000000002)
    assert cosine() != lrvec.linear(base_lr=0.1, end_lr=0.001, total_steps=100)
    assert cosine() != 0.1
    assert cosine() != "cosine(base_lr=0.1, min_lr=0.001, total_steps=100)"
    assert cosine() is not None
    assert lrvec.with_warmup(cosine(), warmup_steps=3, start_lr=0.0) != lrvec.with_warmup(
        cosine(total_steps=7), warmup_steps=3, start_lr=0.0
    )
    first = {"a": 1.0, "b": 2.0}
    groups = lrvec.scale_by_group(cosine(), multipliers=first)
    assert groups == lrvec.scale_by_group(cosine(), multipliers=dict(first))
    assert groups != lrvec.scale_by_group(cosine(), multipliers={"a": 1.0, "b": 2.5})
    assert groups != lrvec.scale_by_group(cosine(min_lr=0.0), multipliers=first)
    assert groups != lrvec.scale_by_group(cosine(), multipliers={"b": 2.0, "a": 1.0})  # its matrix has other rows
    assert groups != cosine()
    assert cosine() != groups


def test_equal_schedules_hash_alike() -> None:
    made = [case.make() for case in (*CASES, *GROUPS) for _ in range(2) if str(case) != "constant(lr=-0.0)"]  # == 0.0
    found = collections.Counter(made)
    assert set(found.values()) == {2}
    assert len({hash(schedule) for schedule in made}) > 0.9 * len(found)


def test_a_callable_makes_equal_schedules_only_with_itself() -> None:
    def one(step: int) -> float:
        return 1.0

    def other(step: int) -> float:
        return 1.0

    def warm(schedule: Any) -> Any:
        return lrvec.with_warmup(schedule, warmup_steps=3, start_lr=0.0)

    assert warm(one) == warm(one)
    assert hash(warm(one)) == hash(warm(one))
    assert warm(one) != warm(other)
    with pytest.raises(TypeError, match=r"^schedule must be made of schedules to become a dict: use @lrvec.kind for a function that makes some, received <function"):
        warm(one).to_dict()
    with pytest.raises(TypeError, match=r"^phases must be made of schedules to become a dict: use @lrvec.kind for a function that makes some, received <function"):
        lrvec.sequential([(3, cosine()), (3, one)]).to_dict()
    with pytest.raises(TypeError, match=r"^schedule must be made of schedules to become a dict: use @lrvec.kind for a function that makes some, received <function"):
        lrvec.scale_by_group(one, multipliers={"a": 1.0}).to_dict()


# ---- text and bytes ----


def test_repr_is_the_call() -> None:
    assert repr(cosine()) == "cosine(base_lr=0.1, min_lr=0.001, total_steps=100)"
    assert (
        repr(lrvec.step_decay(base_lr=0.1, gamma=-0.5, step_size=3))
        == "step_decay(base_lr=0.1, step_size=3, gamma=-0.5)"
    )
    assert (
        repr(lrvec.step_decay(base_lr=0.1, drop=0.5, step_size=3)) == "step_decay(base_lr=0.1, drop=0.5, step_size=3)"
    )
    warm = lrvec.with_warmup(cosine(), warmup_steps=3, start_lr=0.0)
    assert repr(warm) == f"with_warmup({cosine()!r}, warmup_steps=3, start_lr=0.0)"
    assert repr(lrvec.sequential([(3, warm)])) == f"sequential(((3, {warm!r}),))"
    assert (
        repr(lrvec.scale_by_group(warm, multipliers={"a": 2})) == f"scale_by_group({warm!r}, multipliers={{'a': 2.0}})"
    )
    assert str(warm) == f"{warm}" == repr(warm)


def test_dicts_are_plain_json() -> None:
    warm = lrvec.with_warmup(cosine(), warmup_steps=3, start_lr=0.0)
    groups = lrvec.scale_by_group(lrvec.sequential([(3, warm), (4, cosine())]), multipliers={"a": 0.5})
    own = {"kind": "cosine", "params": {"base_lr": 0.1, "min_lr": 0.001, "total_steps": 100}}
    warmed = {"kind": "with_warmup", "params": {"schedule": own, "warmup_steps": 3, "start_lr": 0.0}}
    assert groups.to_dict() == {
        "kind": "scale_by_group",
        "params": {
            "schedule": {"kind": "sequential", "params": {"phases": [[3, warmed], [4, own]]}},
            "multipliers": {"a": 0.5},
        },
    }
    assert lrvec.from_dict(json.loads(json.dumps(groups.to_dict()))) == groups
    copied = groups.to_dict()
    copied["params"]["multipliers"]["a"] = 9.0
    assert groups(0) == {"a": 0.0}
    milestones = lrvec.multi_step(base_lr=1.0, milestones=(5, 2), gamma=0.5).to_dict()
    assert milestones["params"]["milestones"] == [2, 5]


def test_a_count_of_no_steps_has_no_unit() -> None:
    counts = {(kind, name): one for kind, own in KINDS.items() for name, one in own.parameters.items() if one.role.name == "count"}
    assert {place for place, one in counts.items() if one.unit != "steps"} == {
        ("cosine_restarts", "count"),
        ("cycles", "count"),
        ("noam", "model_dim"),
        ("repeat", "count"),
        ("strided", "stride"),
    }
    for (kind, name), one in counts.items():
        assert ("in steps" in one.text) is (one.unit == "steps")
        assert f"{name} : {one.text}\n" in (KINDS[kind].factory.__doc__ or "")


def test_another_thread_may_enter_a_kind_while_the_kinds_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    known = dict(lrvec.kinds())
    entered: dict[str, Any] = {**_registry.KINDS}
    monkeypatch.setattr(_registry, "KINDS", entered)

    class Looked:
        """Whoever looks at this kind finds that one more has been entered."""

        @property
        def is_own(self) -> bool:
            entered[f"late_{len(entered)}"] = entered["linear"]
            return False

        @property
        def function(self) -> Any:
            return self.is_own or entered["linear"].function

    entered["looked_at"] = Looked()
    entered["last"] = entered["linear"]
    assert set(known) < set(_registry.names())
    assert set(known) < set(lrvec.kinds())


WHILE_IMPORTED = """
import sys, threading
import lrvec
from lrvec import _registry

kind, params = {kind!r}, {params!r}
entered, asked = threading.Event(), threading.Event()

def stop_behind_the_kind(frame, event, arg):
    if event == "line" and kind in _registry.KINDS and not entered.is_set():
        entered.set()
        asked.wait(1.0)
    return stop_behind_the_kind

def in_its_module(frame, event, arg):
    if frame.f_code.co_name == "<module>" and frame.f_globals["__name__"] == _registry.HOMES[kind]:
        return stop_behind_the_kind

def first():
    sys.settrace(in_its_module)
    __import__(_registry.HOMES[kind])

importing = threading.Thread(target=first)
importing.start()
assert entered.wait(60.0)
rate = lrvec.from_dict({{"kind": kind, "params": params}})(2)  # waits for the import
asked.set()
importing.join()
print(rate)
"""


@pytest.mark.parametrize(
    ("kind", "params", "rate"),
    [
        ("polynomial", {"base_lr": 1.0, "end_lr": 0.0, "total_steps": 4, "power": 2.0}, 0.25),
        ("cosine_restarts", {"base_lr": 1.0, "min_lr": 0.0, "period": 4, "t_mult": 2}, 0.5),
        ("megatron_wd", {"start_wd": 0.0, "end_wd": 1.0, "wd_incr_steps": 4, "wd_incr_style": "linear"}, 0.5),
    ],
)
def test_a_kind_waits_for_the_thread_that_imports_it(kind: str, params: dict[str, Any], rate: float) -> None:
    """A kind is entered in the middle of its module, before the functions exist that stand below it there."""
    assert python(WHILE_IMPORTED.format(kind=kind, params=params)) == f"{rate}\n"


def test_a_list_may_hold_arrays_of_one_step() -> None:
    assert cosine()([np.array(3), 4, np.array(5, np.uint8)]).tolist() == cosine()([3, 4, 5]).tolist()


@pytest.mark.parametrize("name", [1, 1.5, None, True, ("a", 1), b"a"])
def test_a_dict_of_groups_has_names_of_text(name: Any) -> None:
    """JSON would make text of 1, and refuse a tuple in words of its own."""
    groups = lrvec.scale_by_group(cosine(), multipliers={"a": 1.0, name: 2.0})
    assert groups(0)[name] == 2.0 * groups(0)["a"]
    with pytest.raises(TypeError) as refusal:
        groups.to_dict()
    assert str(refusal.value) == f"multipliers must have names that are text to become a dict, received {name!r}"


def test_a_dict_of_a_stack_has_names_of_json() -> None:
    groups = lrvec.stack([cosine(), cosine()], names=[1, None])
    assert lrvec.from_dict(json.loads(json.dumps(groups.to_dict()))) == groups
    with pytest.raises(TypeError, match=r"^names must have names that JSON can hold to become a dict, received b'a'$"):
        lrvec.stack([cosine(), cosine()], names=[b"a", "b"]).to_dict()


def test_a_group_may_be_named_kind() -> None:
    """A dict of multipliers with that key is still one of multipliers."""
    for multipliers in ({"kind": 1.0}, {"kind": 1.0, "params": 2.0}, {"params": 1.0}):
        groups = lrvec.scale_by_group(cosine(), multipliers=multipliers)
        assert lrvec.from_dict(groups.to_dict()) == groups


def test_copies_share_what_cannot_change() -> None:
    for schedule in (cosine(), lrvec.scale_by_group(cosine(), multipliers={"a": 1.0})):
        assert copy.copy(schedule) is schedule
        assert copy.deepcopy(schedule) == schedule
        assert copy.deepcopy([schedule])[0] == schedule


def test_pickles_are_made_of_names_and_numbers() -> None:
    """What is lowered stays here: a schedule's pickle is small, and the same after it was used."""
    thousands = lrvec.cosine_restarts(base_lr=0.1, min_lr=0.0, period=1, t_mult=2)
    before = pickle.dumps(thousands)
    thousands(range(1000))
    assert pickle.dumps(thousands) == before
    assert len(before) < 300
    with pytest.raises((AttributeError, pickle.PicklingError)):
        pickle.dumps(lrvec.with_warmup(lambda step: 1.0, warmup_steps=3, start_lr=0.0))


# ---- roads ----


class Wrapper:
    """Steps that are what their maker says: one number, or an array of another library."""

    def __init__(self, **attributes: Any) -> None:
        vars(self).update(attributes)

    def __index__(self) -> int:
        return 3


class Steps(list[int]):
    pass


@pytest.mark.parametrize(
    ("steps", "road"),
    [
        (3, "single"),
        (True, "single"),
        (3.0, "single"),
        (None, "single"),
        (np.int64(3), "single"),
        (range(3), "several"),
        ([3], "several"),
        ((3,), "several"),
        (Steps([3]), "several"),
        (np.arange(3), "several"),
        (np.ma.masked_array([3]), "several"),
        (Wrapper(), "single"),
        (Wrapper(__array_namespace__=None), "traced"),
    ],
)
def test_the_road_of_steps(steps: Any, road: str) -> None:
    """Also when others of their class have been met."""
    for _ in range(2):
        assert _evaluate.road_of(steps).__name__ == f"lrvec._evaluate.{road}"


def test_wrappers_of_one_class_are_asked_themselves() -> None:
    schedule = cosine()
    assert schedule(Wrapper()) == schedule(3)
    with pytest.raises(TypeError, match=r"^steps and parameters must be arrays of one library of the array API, received test_schedule\.Wrapper$"):
        schedule(Wrapper(__array_namespace__=None))
    assert schedule(Wrapper()) == schedule(3)


# ---- schedules within schedules ----

DEPTH = 1200  # beyond what Python's stack holds


def nested(inner: Any, depth: int = DEPTH) -> Any:
    for level in range(depth):
        inner = lrvec.sequential([(1, inner)]) if level % 3 == 2 else lrvec.with_warmup(inner, warmup_steps=1, start_lr=0.5)
    return inner


NESTED = {
    "schedule": lambda last: lrvec.linear(base_lr=1.0, end_lr=0.0, total_steps=last),
    "sweep": lambda last: lrvec.linear(base_lr=[1.0, 2.0], end_lr=0.0, total_steps=last),
    "stack": lambda last: lrvec.stack([cosine(), lrvec.constant(lr=float(last))]),
    "groups": lambda last: lrvec.constant(lr=float(last)),
}


@contextlib.contextmanager
def short_stack(frames: int) -> Iterator[None]:
    """Python refuses to go so many frames deeper from here."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack()) + frames)
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)


def test_too_many_levels_are_refused_when_they_are_made() -> None:
    deepest = nested(cosine(), 2000)
    with pytest.raises(ValueError, match="^schedule must hold at most 2000 compositions within each other, received 2001$"):
        lrvec.hold(deepest, step=3)


def test_levels_that_scale_share_what_they_depend_on() -> None:
    """Each level depends on the one below in two places. Taken apart, 60 levels would be 2^60 numbers."""
    schedule = lrvec.constant(lr=1.0)
    for _ in range(60):
        schedule = 0.5 * lrvec.with_warmup(schedule, warmup_steps=1, start_lr=0.25)
    assert schedule(range(62)).tolist() == [0.125 * 0.5**step for step in range(60)] + [0.5**60] * 2


@pytest.mark.parametrize("name", NESTED)
def test_no_depth_is_too_much(name: str) -> None:
    def make(last: int, depth: int = DEPTH) -> Any:
        deep = nested(NESTED[name](last), depth)
        return lrvec.scale_by_group(deep, multipliers={"a": 1.0}) if name == "groups" else deep

    one, same, other = make(7), make(7), make(8)
    assert one == same
    assert one != other
    assert one != make(7, DEPTH - 3)
    assert hash(one) == hash(same)
    assert repr(one).count("with_warmup(") == DEPTH * 2 // 3
    assert repr(one) == repr(same)
    assert lrvec.from_dict(one.to_dict()) == one
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(one, protocol)) == one
    assert copy.deepcopy(one) == one
    few = make(7, 200)  # the time for the first values of a sweep grows with the cube
    with short_stack(150):
        values = few(range(9))
    assert repr(values) == repr(make(7, 9)(range(9)))
    if name in ("sweep", "stack"):
        assert one[1] == nested(NESTED[name](7)[1])
        assert one[::-1][1] == one[0]


@pytest.mark.parametrize("name", NESTED)
def test_short_and_flat_comparisons_agree(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is nested to few levels is compared and hashed by recursion, all else by a flat list: to the same end."""

    def values(last: int) -> list[Any]:
        inner = NESTED[name](last)
        own = [nested(inner, depth) for depth in range(nesting.LEVELS + 4)]
        return [lrvec.scale_by_group(one, multipliers={"a": 1.0}) for one in own] if name == "groups" else own

    ones, sames, others = values(7), values(7), values(8)
    hashes = [*map(hash, ones)]
    if name == "schedule":  # the lists of the others are flat at any depth
        assert [one._is_deep() for one in ones].count(True) in (3, 4)
    for levels in (nesting.LEVELS, 0):
        monkeypatch.setattr(nesting, "LEVELS", levels)
        assert ones == sames
        assert all(one != other for one, other in zip(ones, others, strict=True))
        assert all(one != deeper for one, deeper in itertools.pairwise(ones))
        assert [*map(hash, ones)] == [*map(hash, sames)] == hashes


def test_values_of_different_classes_are_not_equal() -> None:
    one, two = cosine(), cosine(base_lr=[0.1, 0.1])
    for value in (one, two, lrvec.stack([one, one]), lrvec.scale_by_group(two, multipliers={"a": 1.0})):
        assert [value == other for other in (one, two, None, 0.1, "cosine", COSINE)].count(True) == (value in (one, two))
    assert lrvec.stack([one, one]) != lrvec.stack([one, one], names=["a", "b"])
    assert lrvec.with_warmup(one, warmup_steps=1, start_lr=0.0) != lrvec.with_warmup(two, warmup_steps=1, start_lr=0.0)


def test_a_callable_may_be_as_deep() -> None:
    seen: list[int] = []

    def rate(step: int) -> float:
        seen.append(step)
        return 2.0

    deep: Any = rate
    for _ in range(DEPTH):
        deep = lrvec.sequential([(1, deep)])
    assert deep(5) == 2.0
    assert seen == [0]
    assert deep != lrvec.sequential([(1, deep)])


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        (("sine", {}), "kind must be one of with_warmup, sequential, "),
        ((None, {}), "kind must be one of with_warmup, sequential, "),
        ((["cosine"], {}), "kind must be one of with_warmup, sequential, "),
        (("constant", []), "params must be a dict, received []"),
        (("constant", {"lr": "x"}), "lr must be a finite number, received 'x'"),
        (("constant", {"rate": 1.0}), "parameters of constant must be among lr, received rate"),
        (("constant", {5: 1.0}), "parameters of constant must be among lr, received 5"),
        (("cosine", {**COSINE, "total_steps": 0}), "total_steps must be a positive integer, received 0"),
    ],
)
def test_a_pickle_is_checked(parts: Any, message: str) -> None:
    function, _ = cosine().__reduce__()
    with pytest.raises((ValueError, TypeError), match=f"^{re.escape(message)}"):
        function(*parts)
    function, (flat,) = lrvec.with_warmup(cosine(), warmup_steps=3, start_lr=0.0).__reduce__()
    with pytest.raises((ValueError, TypeError), match=re.escape(message.removeprefix("params"))):
        function([parts, flat[1]])


def test_a_pickle_of_parts_is_checked() -> None:
    function, (parts,) = lrvec.with_warmup(cosine(), warmup_steps=3, start_lr=0.0).__reduce__()
    assert function(parts) == lrvec.with_warmup(cosine(), warmup_steps=3, start_lr=0.0)
    for bad, message in (
        (None, "parts must be a sequence, received None"),
        ([parts[0], None], "parts[1] must be a pair of a kind and a dict, received None"),
        ([("cosine", 3)], "parts[0][1] must be a dict, received 3"),
        (parts[1:], "parts must hold each schedule before what it is within, received one too few"),
        ([], "parts must make one schedule, received 0"),
        ([parts[0], *parts], "parts must make one schedule, received 2"),
    ):
        with pytest.raises((ValueError, TypeError), match=f"^{re.escape(message)}$"):
            function(bad)


def test_data_that_holds_itself() -> None:
    data = lrvec.with_warmup(cosine(), warmup_steps=3, start_lr=0.0).to_dict()
    data["params"]["schedule"] = data
    with pytest.raises(ValueError, match=r"^data must not hold itself, received a dict or a list that does$"):
        lrvec.from_dict(data)
    shared = cosine().to_dict()
    twice = {"kind": "stack", "params": {"schedules": [shared, shared]}}
    assert lrvec.from_dict(twice) == lrvec.stack([cosine(), cosine()])


# ---- calls ----


@pytest.mark.parametrize("case", SCHEDULES, ids=lambda case: case.kind)
def test_what_a_call_returns(case: Case) -> None:
    schedule = case.make()
    assert isinstance(schedule, lrvec.Schedule)
    assert callable(schedule)
    for step in (3, True, np.int64(3), np.uint8(3), np.int32(3)):
        assert type(schedule(step)) is float
        assert type(schedule(step, dtype=np.float32)) is float
        assert type(schedule(step, workers=1)) is float
    for steps, shape in (
        (range(5), (5,)),
        ([1, 2], (2,)),
        (np.arange(6).reshape(2, 3), (2, 3)),
        ([[1], [2]], (2, 1)),
        (np.array(3), ()),
        (np.array([[1, np.int8(2)]], dtype=object), (1, 2)),
    ):
        got = schedule(steps)
        assert type(got) is np.ndarray
        assert (got.dtype, got.shape) == (np.float64, shape)
        assert got.flags.c_contiguous
        assert got.flags.writeable
        assert got.base is None
        assert schedule(steps, dtype=np.float32).dtype == np.float32
        assert schedule(steps, dtype="float64").dtype == np.float64
    steps = np.arange(5)
    kept = steps.copy()
    out = np.empty(5)
    assert schedule(steps, out=out) is out
    assert (steps == kept).all()
    assert schedule(steps) is not schedule(steps)


def test_steps_that_cannot_be_written_are_read() -> None:
    steps = np.arange(10)
    steps.flags.writeable = False
    assert cosine()(steps).tolist() == cosine()(range(10)).tolist()
    assert cosine()(np.frombuffer(np.arange(10).tobytes(), np.int64)).tolist() == cosine()(range(10)).tolist()


def test_subclasses_of_arrays_and_integers() -> None:
    class Steps(np.ndarray):
        pass

    class Count(int):
        pass

    class Index:
        def __index__(self) -> int:
            return 5

    assert cosine()(np.arange(4).view(Steps)).tolist() == cosine()(range(4)).tolist()
    assert cosine()(Count(5)) == cosine()(Index()) == cosine()(5)
    assert cosine()([Count(5), Index()]).tolist() == [cosine()(5)] * 2


def test_calls_do_not_grow() -> None:
    """Evaluating into `out` allocates no more than the blocks that it works on; the Python engine, an int a step."""
    count, most = (1_000_000, 2_000_000) if lrvec.engine == "compiled" else (50_000, 60 * 50_000)
    steps, out = np.arange(count), np.empty(count)
    schedule = cosine()
    schedule(steps[:1], out=out[:1])
    for given in (range(count), steps, steps[::-1], steps.astype(np.int32)):
        tracemalloc.start()
        schedule(given, out=out)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < most


def test_group_calls() -> None:
    groups = lrvec.scale_by_group(cosine(), multipliers={"b": 0.5, "a": 2})
    assert isinstance(groups, lrvec.GroupSchedule)
    base = cosine()
    assert groups(7) == {"b": base(7) * 0.5, "a": base(7) * 2.0}
    assert list(groups(7)) == ["b", "a"]
    assert {type(rate) for rate in groups(np.int64(7)).values()} == {float}
    for steps in (range(6), np.arange(6).reshape(2, 3), [[1, 2], [3, 4]], np.array(4), np.zeros((0, 2), int)):
        rates = groups(steps)
        shape = np.shape(steps)
        assert list(rates) == ["b", "a"]
        matrix = groups.matrix(steps)
        assert matrix.shape == (2, *shape)
        assert matrix.dtype == np.float64
        for row, name in zip(matrix, groups.names, strict=True):
            assert type(rates[name]) is np.ndarray
            assert rates[name].shape == shape
            assert rates[name].tobytes() == row.tobytes()
        for dtype in (np.float64, np.float32):
            out = np.empty((2, *shape), dtype)
            assert groups.matrix(steps, out=out) is out
            assert out.tobytes() == matrix.astype(dtype).tobytes()
        out = np.empty((*shape[::-1], 2)).T
        assert groups.matrix(steps, out=out) is out
        assert out.tobytes() == matrix.tobytes()
    assert groups.matrix(7).tolist() == [base(7) * 0.5, base(7) * 2.0]


def test_groups_ask_their_base_once() -> None:
    seen: list[int] = []

    def watched(step: int) -> float:
        seen.append(step)
        return 1.0 / (step + 1)

    groups = lrvec.scale_by_group(watched, multipliers={str(n): 1.0 + n for n in range(10)})
    assert seen == []
    groups(3)
    assert seen == [3]
    groups.matrix([4, 5])
    assert seen == [3, 4, 5]
    groups(range(2))
    assert seen == [3, 4, 5, 0, 1]


def test_a_multiplier_of_one_is_the_schedule() -> None:
    groups = lrvec.scale_by_group(cosine(), multipliers={"": 1.0})
    assert groups.matrix(range(200))[0].tobytes() == cosine()(range(200)).tobytes()


def test_samples() -> None:
    assert lrvec.sample(cosine(), num_steps=200) == cosine()(range(200)).tolist()
    assert lrvec.sample(cosine(), num_steps=np.int64(1)) == [0.1]
    assert lrvec.sample(lambda step: step * 0.5, num_steps=3) == [0.0, 0.5, 1.0]
    first, second = lrvec.sample(cosine(), num_steps=2), lrvec.sample(cosine(), num_steps=2)
    first.append(1.0)
    assert len(second) == 2
    called = lrvec.join([(3, lambda step: 1 / (1 + step)), (0, lambda step: 7), (1000, cosine()), (40, int), lambda step: step])
    for count in (1, 2, 3, 4, 1002, 1003, 1004, 1043, 1044):
        assert repr(lrvec.sample(called, num_steps=count)) == repr([called(step) for step in range(count)])
    names = [f"group {i}" for i in range(40)]
    for groups in (
        lrvec.scale_by_group(cosine(), multipliers={"b": 1.0, "a": 0.1}),
        lrvec.scale_by_group(cosine(), multipliers={name: 0.1 + i for i, name in enumerate(names)}),
        lrvec.scale_by_group(lambda step: step * 0.5, multipliers={"a": 0.1, "b": 1.0}),
        lrvec.scale_by_group(called, multipliers={"a": 0.1}),
        lrvec.scale_by_group(cosine(), multipliers={Name("b"): 1.0, 7: 0.1}),  # type: ignore[dict-item]
        lrvec.stack([cosine(), lrvec.constant(lr=0.5)], names=["b", "a"]),
        lrvec.stack([cosine(), lambda step: step * 0.5, called], names=["c", "b", "a"]),
    ):
        rows = lrvec.sample(groups, num_steps=1030)
        assert [repr(row) for row in rows] == [repr(groups(step)) for step in range(1030)]
        assert {*map(type, rows)} == {dict}
        assert {*map(type, rows[-1].values())} == {float}
        assert [*map(type, rows[-1])] == [*map(type, groups.names)]
        rows[-1].clear()
        assert rows[-2] == groups(1028)  # though it holds what the last one held


class Name(str):
    __slots__ = ()


@pytest.mark.parametrize("count", [1, 2, 5, 6, 29, 30])
@pytest.mark.parametrize("kind", ["scale_by_group", "stack"])
def test_the_dicts_of_a_sample_change_one_by_one(kind: str, count: int) -> None:
    """They may share the table of their keys, but that nobody sees."""
    names = [f"group {i}" for i in range(count)]
    if kind == "stack":
        groups = lrvec.stack([cosine() for _ in names], names=names)
    else:
        groups = lrvec.scale_by_group(cosine(), multipliers={name: 0.1 + i for i, name in enumerate(names)})
    rows, wanted = lrvec.sample(groups, num_steps=1000), [groups(step) for step in range(1000)]
    changes: list[Callable[[dict[str, float]], Any]] = [
        lambda row: row.pop(names[0]),
        lambda row: row.popitem(),
        lambda row: row.update(more=1.0),
        lambda row: row.update({names[-1]: 2.0, "another": 3.0}),
        lambda row: row.setdefault("third", 4.0),
        lambda row: [row.pop(name) for name in names],
        lambda row: row.update({names[0]: row.pop(names[0])}),  # which is the last one now
    ]
    for step, change in enumerate(changes):
        for one in (rows[100 * step], wanted[100 * step]):
            change(one)
    assert [repr(row) for row in rows] == [repr(row) for row in wanted]
    again = lrvec.sample(groups, num_steps=1000)
    assert [list(row) for row in again] == [names] * 1000


@pytest.mark.skipif(lrvec.engine == "python" or sys.implementation.name != "cpython", reason="those of CPython's kernels")
def test_the_dicts_of_a_sample_share_their_keys() -> None:
    """Two thirds of a small dict are its keys. A short sample does not repay what it takes to share them."""
    for groups in (
        lrvec.scale_by_group(cosine(), multipliers={"a": 1.0, "b": 0.1}),
        lrvec.stack([cosine(), cosine()], names=["a", "b"]),
    ):
        rows = lrvec.sample(groups, num_steps=1000)
        assert {row.__sizeof__() for row in rows} == {rows[0].__sizeof__()}
        assert rows[0].__sizeof__() <= groups(0).__sizeof__() / 2
        assert lrvec.sample(groups, num_steps=999)[0].__sizeof__() == groups(0).__sizeof__()


def test_the_registry_restores_from_the_public_call_alone() -> None:
    """from_dict checks everything again: a dict cannot make what the factory refuses."""
    data = cosine().to_dict()
    data["params"]["total_steps"] = 0
    with pytest.raises(ValueError, match=r"^total_steps must be a positive integer, received 0$"):
        lrvec.from_dict(data)


# ---- what is imported when ----


def test_importing_is_light() -> None:
    printed = python(
        "import sys, lrvec\n"
        "cosine = lrvec.cosine(base_lr=1.0, min_lr=0.0, total_steps=4)\n"
        "schedule = lrvec.with_warmup(cosine, warmup_steps=2, start_lr=0.0)\n"
        "assert schedule(1) == 0.5\n"
        "assert lrvec.sample(schedule, num_steps=3) == [0.0, 0.5, 1.0]\n"
        "assert lrvec.scale_by_group(schedule, multipliers={'a': 2.0})(1) == {'a': 1.0}\n"
        "assert lrvec.from_dict(schedule.to_dict()) == schedule and eval(repr(schedule), vars(lrvec)) == schedule\n"
        "try: schedule(-1)\n"
        "except ValueError: pass\n"
        "try: schedule(1.0)\n"
        "except ValueError: pass\n"
        "heavy = {'numpy', 'inspect', 'typing', 'dataclasses', 'argparse', 'json', 'pickle', 'threading'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
        "schedule(range(3))\n"
        "print('numpy' in sys.modules)\n",
        PYTHONSTARTUP=None,
    )
    assert printed.splitlines()[1] == "True"
    assert "numpy" not in printed.splitlines()[0]
    # what the interpreter itself imports at its start is not ours
    bare = python("import sys; print(sorted(sys.modules))")
    assert {name for name in eval(printed.splitlines()[0]) if f"'{name}'" not in bare} == set()


def test_importing_starts_nothing() -> None:
    printed = python(
        "import sys, lrvec\n"
        "lrvec.cosine(base_lr=1.0, min_lr=0.0, total_steps=4)(range(100_000))\n"
        "print(len(sys._current_frames()), any(name in sys.modules for name in ('jax', 'torch', 'dask', 'scipy')))"
    )
    assert printed == "1 False\n"


def test_evaluation_without_numpy_installed() -> None:
    """Integers need no numpy at all."""
    printed = python(
        "import sys; sys.modules['numpy'] = None\n"
        "import lrvec\n"
        "line = lrvec.linear(base_lr=1.0, end_lr=0.0, total_steps=4)\n"
        "print(line(1), lrvec.sample(line, num_steps=2))"
    )
    assert printed == "0.75 [1.0, 0.75]\n"


def test_steps_and_values_in_one_structured_array() -> None:
    """Fields lie between each other, and share no byte."""
    records = np.zeros(5, [("step", "i8"), ("lr", "f8")])
    records["step"] = range(5)
    schedule = lrvec.linear(base_lr=1.0, end_lr=0.0, total_steps=4)
    assert schedule(records["step"], out=records["lr"]).tolist() == [1.0, 0.75, 0.5, 0.25, 0.0]
    assert records["step"].tolist() == [0, 1, 2, 3, 4]


def test_bad_descriptions() -> None:
    for kind in ("cosin", ["cosine"], None):
        with pytest.raises(ValueError, match=r"^kind must be one of .*, received "):
            lrvec.from_dict({"kind": kind, "params": {}})
    with pytest.raises(ValueError, match=r"^names must be 1 different names, received \[\[\]\]$"):
        lrvec.stack([lrvec.constant(lr=1.0)], names=[[]])  # type: ignore[list-item]


def test_a_chain_of_slower_curves_is_lowered_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each level is tried when it is made, and the next one and the first call take over what was found. A part that is
    called on its own is lowered anew."""
    lowered = []
    slower = algebra.slower
    monkeypatch.setattr(algebra, "slower", lambda segments, by: lowered.append(by) or slower(segments, by))
    chain = [lrvec.cosine(base_lr=1.0, min_lr=0.1, total_steps=1000)]
    for _ in range(50):
        chain.append(lrvec.stretched(chain[-1], by=1.01))
    last = chain[-1](range(2000)).tolist()
    assert len(lowered) == 50
    assert last == pytest.approx(lrvec.stretched(chain[0], by=1.01**50)(range(2000)).tolist(), rel=1e-12)
    assert chain[2](range(900)).tolist() == lrvec.stretched(lrvec.stretched(chain[0], by=1.01), by=1.01)(range(900)).tolist()
    assert lrvec.from_dict(chain[-1].to_dict())(range(2000)).tolist() == last
