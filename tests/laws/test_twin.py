"""These tests compare the two engines: names, signatures, values and refusals, in both directions."""

from __future__ import annotations

import ast
import copy
import importlib
import inspect
import math
import os
import random
import re
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from cases import GROUPS, MOST, SOME, WITNESSES, limit, steps_of
from each import each, of_kind
from oracle import HUGE, Exact, mp, ulp_error
from processes import ask, run
from record import Case, exact
from refusals import ALL, Refusal, raised

import lrvec
from lrvec import _engine
from lrvec._engine import reference as _reference
from lrvec._engine.shapes import SHAPES as FORMULAS
from lrvec._evaluate.tables import values_of
from lrvec._lowering.cycles import known
from lrvec._lowering.segments import At, Waiting

ENGINES = ("python",) if os.environ.get("LRVEC_ENGINE") == "python" else ("compiled", "python")
MODULES = {"python": _reference}
if "compiled" in ENGINES:  # which must be there
    MODULES["compiled"] = importlib.import_module("lrvec._engine._kernels")

ONLY_COMPILED = {"widths", "choose_width"}
"""What only an engine with vector widths has."""


def stub() -> ast.Module:
    """The declaration that mypy holds against everything that uses an engine."""
    return ast.parse((Path(lrvec.__file__).parent / "_engine" / "_kernels.pyi").read_text())


def declared_names() -> set[str]:
    """Functions, classes and constants."""
    body = stub().body
    names = {node.name for node in body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    return names | {node.target.id for node in body if isinstance(node, ast.AnnAssign) and node.value is None}


def declared_signatures(body: list[ast.stmt]) -> dict[str, list[str]]:
    """The parameters of every function of a module's or a class's body; of no property."""
    return {
        node.name: [argument.arg for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
        for node in body
        if isinstance(node, ast.FunctionDef) and not node.decorator_list and not node.name.startswith("_")
    }


def public(module: ModuleType) -> set[str]:
    """What a module offers: its functions, classes and constants without an underscore, and nothing imported."""
    return {
        name
        for name, value in vars(module).items()
        if not name.startswith("_") and (name.isupper() or getattr(value, "__module__", "") == module.__name__)
    }


def signature(function: Any) -> list[str]:
    return list(inspect.signature(function).parameters)


# ---- names and signatures ----


def test_the_engines_have_the_same_names() -> None:
    assert declared_names() - ONLY_COMPILED <= public(_reference)
    if "compiled" in MODULES:
        assert public(MODULES["compiled"]) == declared_names()


def test_the_engine_in_use_is_all_of_one_module() -> None:
    taken = declared_names() & set(vars(_engine))
    assert taken >= {"Evaluator", "Table", "call_fast", "first_invalid", "precise_value", "run_start", "shape_value"}
    for name in taken:
        assert getattr(_engine, name) is getattr(MODULES[lrvec.engine], name), name


@pytest.mark.parametrize("engine", ENGINES)
def test_the_engines_have_the_same_signatures(engine: str) -> None:
    for name, parameters in declared_signatures(stub().body).items():
        if name not in ONLY_COMPILED:
            assert signature(getattr(MODULES[engine], name)) == parameters, name
    for node in stub().body:
        if isinstance(node, ast.ClassDef):
            for name, parameters in declared_signatures(node.body).items():
                assert signature(getattr(getattr(MODULES[engine], node.name), name)) == parameters, (node.name, name)


def test_the_engines_have_the_same_shapes_and_limits() -> None:
    shapes = [(name, list(shape.parameters.items())) for name, shape in FORMULAS.items()]
    for module in MODULES.values():
        assert [(name, list(roles.items())) for name, roles in module.SHAPES.items()] == shapes
        assert module.LAST_STEP == 2**53


def test_the_engines_have_the_same_operations() -> None:
    header = (Path(__file__).parents[2] / "csrc" / "operations.h").read_text()
    rows = re.findall(r"^    OF_(VALUES|CLOCK)\((\w+),", header, re.MULTILINE)
    for module in MODULES.values():
        assert list(module.OPERATIONS.items()) == [(name, of == "CLOCK") for of, name in rows]


@pytest.mark.parametrize("engine", ENGINES)
def test_an_operation_has_tables_and_a_clock_its_size(engine: str) -> None:
    one = [(0, 0, "constant", (1.0,))]
    wrong = {"add": [(), (1.0,), (one, 1.0)], "repeat": [(), (one,), (2.0,), (one, one, 2.0)]}
    for name, choices in wrong.items():
        for parameters in choices:
            refusal = f"{name} must have {2 if name == 'repeat' else 1} parameters, received {len(parameters)}"
            with pytest.raises(ValueError, match=refusal):
                MODULES[engine].Table([(0, 0, name, parameters)])
            with pytest.raises(ValueError, match=refusal):
                MODULES[engine].Rows([(0, 0, name, parameters)], 1)


def test_the_header_has_the_same_shapes() -> None:
    """Also where only the Python engine runs."""
    header = Path(__file__).parents[2] / "csrc" / "shapes.h"
    roles = dict(re.findall(r'ROLE\((\w+), "([\w ]+)"\)', header.read_text()))
    rows = re.findall(r"^    SHAPE\((\w+), +((?:\w+\(\w+\) ?)+),", header.read_text(), re.MULTILINE)
    shapes = [(name, re.findall(r"(\w+)\((\w+)\)", parameters)) for name, parameters in rows]
    assert [(name, [(parameter, roles[role]) for role, parameter in parameters]) for name, parameters in shapes] == [
        (name, list(parameters.items())) for name, parameters in _reference.SHAPES.items()
    ]


# ---- values ----


def ulp_between(one: float, other: float, size: Any) -> float:
    """The distance of two results in ulp of what the exact value is measured in."""
    if one == other or math.isnan(other):
        return 0.0 if one == other else math.inf
    return ulp_error(one, Exact(mp.mpf(other) if math.isfinite(other) else math.copysign(1, other) * HUGE, size))


def values(case: Case) -> list[float]:
    """In the order of worker.values, by the engine that runs here."""
    made = case.make()
    if case in GROUPS:
        steps = steps_of(case.params["schedule"])
        return [value for row in made.matrix(steps).tolist() for value in row]
    return [made(step) for step in steps_of(case)]


@pytest.mark.parametrize("engine", ENGINES)
def test_values_agree(engine: str) -> None:
    """Within 4 ulp of those of the engine that runs here, and the same bits if it is that one."""
    settings = {"LRVEC_ENGINE": engine, "LRVEC_SIMD": None, "LRVEC_EXAMPLES": str(MOST)}
    (name, _), theirs = ask("engine", "values", **settings)
    assert name == engine
    assert set(theirs) == {str(case) for case in (*SOME, *GROUPS)}
    apart = {}
    for case in SOME:
        ours = values(case)
        found = [float.fromhex(text) for text in theirs[str(case)]]
        if engine == lrvec.engine:
            assert [value.hex() for value in ours] == theirs[str(case)]
            continue
        for step, one, other in zip(steps_of(case), ours, found, strict=True):
            if one != other and ulp_between(one, other, exact(case, step).size) > limit(case):
                apart.setdefault(str(case), (step, one, other))
    for case in GROUPS:
        base, multipliers = case.params["schedule"], case.params["multipliers"].values()
        sizes = [exact(base, step).size * multiplier for multiplier in multipliers for step in steps_of(base)]
        found = [float.fromhex(text) for text in theirs[str(case)]]
        for one, other, size in zip(values(case), found, sizes, strict=True):
            assert ulp_between(one, other, size) <= limit(base) * (engine != lrvec.engine), str(case)
    assert apart == {}


@each(SOME, of_kind)
def test_tables_agree(case: Case) -> None:
    """Both engines over one and the same lowering, by each way into a table."""
    segments = [part for part in known(case.make()._lower(), values_of) if part[0] <= 2**53]
    steps = steps_of(case, near=1, anywhere=4)
    first_engine = MODULES[ENGINES[0]].Table(segments)
    for table in [module.Table(segments) for module in MODULES.values()]:
        value = np.array([table.value(step) for step in steps])
        into = np.empty(len(steps))
        table.fill_array(np.array(steps), into)
        assert into.tobytes() == value.tobytes()
        few = np.empty(20)
        table.fill_range(3, 2, few)
        assert few.tobytes() == np.array([table.value(step) for step in range(3, 43, 2)]).tobytes()
        sample = table.sample(20)
        assert np.array(sample).tobytes() == np.array([table.value(step) for step in range(20)]).tobytes()
        factors = {"b": 1.5, "a": -0.0}
        products = [{"b": rate * 1.5, "a": rate * -0.0} for rate in sample]
        assert repr(table.sample_products(20, factors)) == repr(products)
        for step, one in zip(steps, value.tolist(), strict=True):
            other = first_engine.value(step)
            assert one == other or ulp_between(one, other, exact(case, step).size) <= limit(case), step


@each(SOME, of_kind)
def test_a_plain_table_is_that_of_resolved_segments(case: Case) -> None:
    segments, steps = case.make()._lower(), steps_of(case, near=1, anywhere=4)
    plain = MODULES[ENGINES[0]].plain_table(segments, At)
    if plain is not None:
        resolved = MODULES[ENGINES[0]].Table(known(segments, values_of))
        assert [plain.value(step).hex() for step in steps] == [resolved.value(step).hex() for step in steps]


@each(SOME, of_kind)
def test_curves_in_turn_are_cut_and_moved(case: Case) -> None:
    curve = case.make()._lower()
    starts = sorted({0, *(start for start, *_ in curve if type(start) is int and start <= 2**53)})
    for length in (starts[-1], starts[-1] + 1, 2**53):
        found = MODULES[ENGINES[0]].in_turn([(length, None), (3, None), None], [curve, curve, curve])
        if found is None:
            continue
        wanted = []
        for move, end in ((0, length), (length, 3), (length + 3, math.inf)):
            wanted += [(start + move, origin + move, *rest) for start, origin, *rest in curve if start < end]
        assert found == (wanted, length + 3)


@pytest.mark.parametrize("engine", ENGINES)
def test_curves_in_turn_are_of_integers(engine: str) -> None:
    curve = [(0, 0, "constant", (1.0,)), (4, 4, "line", (1.0, 0.0, 8))]
    found = MODULES[engine].in_turn([(6, "a"), (0, "b"), "c"], [curve, curve, curve])
    if engine == "compiled":
        assert found == ([*curve, (6, 6, "constant", (1.0,)), (10, 10, "line", (1.0, 0.0, 8))], 6)
    else:
        assert found is None
    for number in (True, 4.0, np.int64(4), np.array([4]), 2**60, 2**64):
        for one in ((number, 4), (4, number)):
            assert MODULES[engine].in_turn(["c"], [[(*one, "constant", (1.0,))]]) is None
        assert MODULES[engine].in_turn([(number, "a")], [curve]) is None
    assert MODULES[engine].in_turn([(4, "a")], [[(0, 0, "constant", (1.0,)), (4, 4, Waiting("log_ramp"), (1.0, 0.0, 8))]]) is None
    assert MODULES[engine].in_turn([(2**59, "a")] * 9, [curve] * 9) is None


@pytest.mark.parametrize("engine", ENGINES)
def test_a_plain_table_is_of_numbers_and_of_segments_at_steps(engine: str) -> None:
    curve = [(0, 0, "half_cosine", (1.0, 0.0, 8))]
    for at in (At(curve, 2), At(curve, 2, precise=True)):
        plain = MODULES[engine].plain_table([(0, 0, "line", (0.0, at, 4))], At)
        if engine == "compiled":
            value = MODULES[engine].precise_value if at.precise else MODULES[engine].shape_value
            assert plain.value(4) == value("half_cosine", (1.0, 0.0, 8), 2)
        else:
            assert plain is None
    assert MODULES[engine].plain_table(curve, At).value(8) == 0.0
    several = At([(0, 0, "constant", (1.0,)), (1.5, 1.5, "constant", (2.0,))], 2)
    operation = ("add", (curve, curve))
    for name, parameters in (
        *(("call", (float,)), operation),
        *(("constant", (number,)) for number in (np.float32(1.0), several, At(curve, 2.0), At(curve, np.int64(2)))),
        *(("constant", (At([(0, 0, *part)], 2),)) for part in (operation, ("constant", (At(curve, 2),)))),
    ):
        assert MODULES[engine].plain_table([(0, 0, name, parameters)], At) is None, (name, parameters)
    with pytest.raises(ValueError, match="constant must have 1 parameters, received 2"):
        MODULES[engine].plain_table([(0, 0, "constant", (1.0, 2.0))], At)


@each(WITNESSES, lambda witness: witness[0].kind)
def test_the_hardest_values_agree(witness: tuple[Case, int]) -> None:
    case, step = witness
    segments = [part for part in known(case.make()._lower(), values_of) if part[0] <= 2**53]
    found = [module.Table(segments).value(step) for module in MODULES.values()]
    assert ulp_between(found[0], found[-1], exact(case, step).size) <= limit(case)


def test_first_invalid_agrees() -> None:
    steps = np.arange(3000)
    for module in MODULES.values():
        assert module.first_invalid(steps) == -1
        assert module.first_invalid(steps[:0]) == -1
        for place in (0, 1, 1023, 1024, 2047, 2999):
            for value in (-1, -(2**63), 2**53 + 1, 2**63 - 1):
                bad = steps.copy()
                bad[place:][::7] = value
                assert module.first_invalid(bad) == place
        assert module.first_invalid(np.array([2**53, 0, 2**53])) == -1
        short = np.full(3000, 2**31 - 1, np.int32)
        assert module.first_invalid(short) == -1
        short[2100:] = -1
        assert module.first_invalid(short) == 2100


def test_run_start_agrees() -> None:
    for module in MODULES.values():
        for steps in (np.arange(1), np.arange(7, 3007), np.arange(2**53 - 2999, 2**53 + 1)):
            assert module.run_start(steps) == steps[0]
            assert module.run_start(steps[:0]) == -1
            assert module.run_start(steps - 2**53) == -1
            assert module.run_start(steps + 2**53 + 1) == -1
            assert module.run_start(np.append(steps, steps[-1])) == -1
            for place in (1, 1023, 1024, 1025, 2999):
                for by in (1, -1, 2**40, -(2**63)) if place < len(steps) - 1 else ():
                    assert module.run_start(np.concatenate([steps[:place], [steps[place] + by], steps[place + 1 :]])) == -1
        short = np.arange(2**31 - 3000, 2**31).astype(np.int32)
        assert module.run_start(short) == 2**31 - 3000
        assert module.run_start(np.append(short, short[:1] - 1)) == -1
        assert module.run_start(np.append(short[:1], short[2:])) == -1
        assert module.run_start(np.array([2**31 - 1, -(2**31)], np.int32)) == -1
        assert module.run_start(np.array([0, 0, 2])) == -1
        assert module.run_start(np.array([2**63 - 1, -(2**63)])) == -1


class OwnDict(dict[str, Any]):
    pass


@pytest.mark.parametrize(
    ("dicts", "wanted"),
    [
        ([], True),
        ([{"lr": 0.5, "wd": 1}, {"lr": True, "wd": np.float64(0.5)}], True),
        ([{"lr": 0.5, "wd": 1}, {"lr": 0.5}], False),
        ([{"lr": 0.5, "wd": None}], False),
        ([{"lr": 0.5, "wd": np.float32(0.5)}], False),
        ([{"lr": np.zeros(()), "wd": 0.5}], False),
        ([OwnDict(lr=0.5, wd=0.5)], False),
    ],
)
def test_both_find_numbers_in_dicts(dicts: list[Any], wanted: bool) -> None:
    assert [module.holds_numbers(iter(dicts), ("lr", "wd")) for module in MODULES.values()] == [wanted] * len(MODULES)


def test_both_make_dicts_of_columns() -> None:
    """A dict holds the very objects of the columns."""
    row = {"b": 0.0, "a": 0.0}
    columns = [[0.5 * (i // 3) for i in range(2500)], [float(i) for i in range(2500)]]
    wanted = [{"b": b, "a": a} for b, a in zip(*columns, strict=True)]
    for module in MODULES.values():
        found = module.rows_of(row, columns)
        assert repr(found) == repr(wanted)
        assert all(one["b"] is b and one["a"] is a for one, b, a in zip(found, *columns, strict=True))
        assert len({*map(id, found)}) == 2500
        assert row == {"b": 0.0, "a": 0.0}
        assert module.rows_of(row, [[], []]) == module.rows_of({}, []) == []
        for wrong in ([[1.0]], [[1.0], [1.0, 2.0]], [[1.0, 2.0], [1.0]], [[1.0]] * 3):
            with pytest.raises(ValueError, match=r"^(an array must have room for [12] entries, received one of [123]|zip\(\) .*)$"):
                module.rows_of(row, wrong)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_several_tables_fill_a_row_each(dtype: Any) -> None:
    """Also rows with gaps in between. A step that is invalid for one is so for all."""
    segments = [lrvec.linear(base_lr=0.7, end_lr=0.0, total_steps=length)._lower() for length in (5, 64, 900)]
    steps = np.array([3, 901, 0, 64, 5])
    for module in MODULES.values():
        tables = [module.Table(one) for one in segments]
        out = np.full((6, 5), 9.0, dtype)[::2]
        module.fill_ranges(tables, 2, 3, out)
        assert out.tolist() == [[dtype(table.value(step)) for step in range(2, 17, 3)] for table in tables]
        assert module.fill_arrays(tables, steps, out) is True
        assert out.tolist() == [[dtype(table.value(step)) for step in steps.tolist()] for table in tables]
        assert module.fill_arrays(tables, steps - 1, out) is False
        assert (out.base[1::2] == 9.0).all()
        with pytest.raises(ValueError, match=r"^(an array must have room for 2 entries, received one of 3|zip\(\) .*)$"):
            module.fill_ranges(tables[:2], 0, 1, out)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("dtype", [np.int64, np.float64])
def test_rows_of_late_cycles_are_asked_for_steps(engine: str, dtype: Any) -> None:
    """So late the triangles are next to flat, and all steps of a cycle are looked at."""
    rows = MODULES[engine].Rows([(0, 0, "halving_triangle", (1.0, 0.53961745, np.array([4, 3], dtype)))], 2)
    summaries, found = np.empty((2, 9)), np.empty(2, np.int64)
    rows.peaks(0, 2, 538728, 60, summaries)
    assert summaries[:, [4, 8]].tolist() == [[1.0, 0.0], [1.0, 0.0]]
    rows.first_steps(0, 2, _engine.RELATIONS.index("above"), np.ones(2), np.full(2, 538729), np.full(2, 538788), found)
    assert found.tolist() == [-1, -1]


def test_the_products_of_one_value_agree() -> None:
    factors = {"a": 1.0, "b": 1e200, "c": -0.0}
    for module in MODULES.values():
        assert repr(module.products(1e200, factors)) == "{'a': 1e+200, 'b': inf, 'c': -0.0}"
        assert factors == {"a": 1.0, "b": 1e200, "c": 0.0}
        assert module.products(0.5, {}) == {}


def test_products_agree() -> None:
    """On dicts that are changed at random in between, and on what is left as it is."""
    segments = lrvec.linear(base_lr=0.5, end_lr=0.0, total_steps=64)._lower()
    half = lrvec.constant(lr=0.5)._lower()
    found = []
    for module in MODULES.values():
        rng, tables = random.Random("products"), (module.Table(segments), module.Table(half))
        dicts: list[Any] = [{"lr_mult": 2.0**i} for i in range(5)]
        given = [table for i in range(5) for table in (tables[i % 2], tables[0])]

        def write(dicts: list[Any], held: list[Any], step: int, given: list[Any] = given, module: Any = module) -> bool:
            columns = (("lr", "lr_mult"), ("weight_decay", "wd_mult"))
            wrote: bool = module.Products(("max_lr", "min_lr"), columns, held, given).write(iter(dicts), step)
            return wrote

        held = held_in(dicts)
        written: list[Any] = [write(dicts, held, 0), copy.deepcopy(dicts)]
        for _ in range(2000):
            entries = rng.choice(dicts)
            key = rng.choice(["lr", "weight_decay", "max_lr", "min_lr", "lr_mult", "wd_mult", "betas"])
            if rng.random() < 0.5:
                entries[key] = rng.choice([0.5, 3, True, np.float64(0.25), 0.0, -0.0])
            else:
                entries.pop(key, None)
            if rng.random() < 0.1:
                rng.shuffle(dicts)
            written += [write(dicts, held, rng.randrange(70)), copy.deepcopy(dicts)]
            held = held_in(dicts)
            assert write(dicts, held, rng.randrange(70))
            written += copy.deepcopy(dicts)
        assert {type(entries[key]) for entries in dicts for key in ("lr", "weight_decay")} == {float}
        misfits: list[Any] = [
            {"lr_mult": "2"},
            {"wd_mult": None},
            {"wd_mult": 10**400},
            {"max_lr": None},
            {"min_lr": object},
        ]
        for misfit in (Groups(lr_mult=1.0), 3, *misfits):
            others = [*dicts[:4], misfit]
            before = copy.deepcopy(others)
            assert not write(others, held, 5)
            assert not write(dicts[:4], held, 5)
            assert not write(dicts[:4], held[:8], 5)
            assert repr(others) == repr(before)
            assert write(dicts[:4], held[:8], 5, given[:8])
        assert write(dicts * 3, held * 3, 6, given * 3)
        written += copy.deepcopy(dicts)
        found.append(repr(written))
    assert len(set(found)) == 1


def held_in(dicts: list[Any]) -> list[Any]:
    return [entries.get(key, ...) for entries in dicts for key in ("max_lr", "min_lr")]


class Groups(dict):  # type: ignore[type-arg]
    """A dict of a class of its own."""


DECLARED = [
    ("part", False, Fraction),
    ("rate", False, False, 0.0, math.inf, True, False),
    ("count", False, True, 0.0, 2.0**53, False, True),
    ("word", True, ("one", "two")),
    ("steps", True, lambda name, value: (name, *value)),
]
PART = Fraction(1, 2)
GIVEN = {"part": PART, "rate": 0.5, "count": 3, "word": "two", "steps": [1]}

READ: list[tuple[tuple[Any, ...], dict[str, Any], dict[str, Any] | None]] = [
    ((), GIVEN, {**GIVEN, "steps": ("steps", 1)}),
    ((PART,), {"count": 1, "rate": 0.0}, {"part": PART, "rate": 0.0, "count": 1}),
    ((PART,), {"count": 2**53, "rate": 0.0, "word": None, "steps": None}, {"part": PART, "rate": 0.0, "count": 2**53}),
    ((PART,), GIVEN, None),
    ((PART, 0.5), {"count": 1}, None),
    ((), {}, None),
    *(
        ((), GIVEN | other, None)
        for other in (
            *({"part": part} for part in (0.5, None)),
            *({"rate": rate} for rate in (1, -0.5, math.inf, math.nan, np.float64(0.5), None)),
            *({"count": count} for count in (0, -1, 2**53 + 1, 2**64, True, 1.0, np.int64(1), None)),
            *({"word": word} for word in ("three", "", np.str_("one"), ["one"])),
            {"other": 1.0},
        )
    ),
]
"""What a call gives by position and by name, and what is read of it."""


@pytest.mark.parametrize("engine", ENGINES)
def test_readers_agree(engine: str) -> None:
    reader = MODULES[engine].Reader(DECLARED, 1)
    for arguments, given, wanted in READ:
        found = reader.read(arguments, dict(given))
        assert found == wanted, (arguments, given)
        assert list(found or ()) == list(wanted or ())


PHASES: list[tuple[int, Any, bool]] = [
    (1, [(1, PART), (2**53, PART)], True),
    (1, ((1, PART),), True),
    (0, [(0, PART), PART], True),
    (0, (PART,), True),
    *((1, one, False) for one in ([(1, PART), PART], [(0, PART)], [])),
    *((0, one, False) for one in ([], (), [PART, (1, PART)], [(0, PART), PART, PART], iter([(1, PART)]), PART, {1: PART})),
    *((0, [one], False) for one in ((1, PART, PART), [1, PART], (1, 0.5), (1, None), 0.5, ())),
    *((0, [(length, PART)], False) for length in (-1, 2**53 + 1, 2**64, True, 1.0, np.int64(1), "1", None)),
]
"""The least duration, phases, and whether a reader reads them."""


@pytest.mark.parametrize("engine", ENGINES)
def test_readers_agree_on_phases(engine: str) -> None:
    for least, phases, is_read in PHASES:
        found = MODULES[engine].Reader([("phases", False, Fraction, least)], 1).read((phases,), {})
        assert found == ({"phases": tuple(phases)} if is_read else None), (least, phases)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_reader_leaves_an_iterator_to_whoever_checks_the_rest(engine: str) -> None:
    steps = iter([1, 2])
    assert MODULES[engine].Reader(DECLARED, 1).read((), {**GIVEN, "steps": steps, "other": 1}) is None
    assert list(steps) == [1, 2]


@pytest.mark.parametrize("engine", ENGINES)
def test_others_agree(engine: str) -> None:
    values = (1, True, (2.0, ("three", PART), []), None)
    assert MODULES[engine].others(values, {int, float, str}) == [True, PART, [], None]


# ---- refusals ----


@pytest.mark.parametrize("engine", ENGINES)
def test_refusals_agree(engine: str) -> None:
    theirs = ask("refusals", LRVEC_ENGINE=engine, LRVEC_SIMD=None)
    assert {name: tuple(found) for name, found in theirs.items()} == {refusal.name: raised(refusal) for refusal in ALL}


@pytest.mark.parametrize("good", [Refusal("not refused", lambda: lrvec.constant(lr=1.0), ValueError, "")])
def test_what_is_not_refused_shows(good: Refusal) -> None:
    assert raised(good) == ("no exception", "constant(lr=1.0)")


# ---- the choice ----


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"LRVEC_ENGINE": "fortran"}, "LRVEC_ENGINE must be one of .*python here, received 'fortran'"),
        ({"LRVEC_ENGINE": "Python"}, "LRVEC_ENGINE must be one of .*python here, received 'Python'"),
        ({"LRVEC_SIMD": "mmx"}, "LRVEC_SIMD must be one of baseline.* here, received 'mmx'"),
        ({"LRVEC_ENGINE": "python", "LRVEC_SIMD": "avx2"}, "LRVEC_SIMD must be one of baseline here, received 'avx2'"),
    ],
    ids=str,
)
def test_an_unknown_engine_or_width_is_refused(settings: dict[str, str], message: str) -> None:
    done = run("-c", "import lrvec", **{"LRVEC_SIMD": None, **settings})
    assert done.returncode == 1
    assert re.search(f"ImportError: {message}", done.stderr.strip().splitlines()[-1])


@pytest.mark.parametrize("engine", ENGINES)
def test_an_empty_setting_is_none(engine: str) -> None:
    """As `LRVEC_SIMD= command` sets it in a shell."""
    assert ask("engine", LRVEC_ENGINE=engine, LRVEC_SIMD="")[0] == engine


@pytest.mark.parametrize(
    ("base_lr", "min_lr", "total_steps", "beta", "step"),
    [
        (0.00488313040747539, 0.9669866396516926, 2**53, 0.0010521052222316725, 8997732693186245),
        (0.2860801656072691, 5.209977007906816e-06, 4866668889994367, 61.86070318165814, 2690946256513388),
        (0.3, 0.1, 1000, 1e300, 1),
    ],
)
def test_the_python_engine_rounds_rex_once(
    base_lr: float, min_lr: float, total_steps: int, beta: float, step: int
) -> None:
    """So that it is within 4 ulp of the compiled one, whose own error is up to 3."""
    case = Case("rex", {"base_lr": base_lr, "min_lr": min_lr, "total_steps": total_steps, "beta": beta})
    assert ulp_error(_reference.Table(case.make()._lower()).value(step), exact(case, step)) <= 0.5
