"""These tests are about sweeps: each row has the bits of its schedule alone, in every way of asking, and a sweep is a value.

The tables come from cases.py: all cases of a kind that differ in numbers alone are the rows of one sweep. PYTHON keeps
the sizes small for the Python engine.
"""

from __future__ import annotations

import copy
import itertools
import json
import pickle
import re
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import pytest
import zarr
from cases import CASES, FORMULAS, GROUPS, MOST, STACKS, shuffled, steps_of
from each import each
from oracle import LAST_STEP
from processes import python
from record import KINDS, Case, forms_of, in_form, made, words_of
from refusals import GOOD, broken_rules

import lrvec
from lrvec import _blocks, _engine
from lrvec._engine.operations import OPERATIONS
from lrvec._evaluate import sizes
from lrvec._evaluate.rows import Batches
from lrvec._lowering.segments import OPENED

PYTHON = lrvec.engine == "python"
MIB = 1 << 20


LISTS = ("knots", "values", "cycles")
"""The roles of lists of numbers, each of which may be an array."""


def takes_arrays(kind: str, name: str) -> bool:
    """Whether the parameter may differ from row to row."""
    role = KINDS[kind].parameters[name].role
    return role.is_number or role.name in ("phases", "terms", *LISTS)


class Swept(NamedTuple):
    """A sweep, and its rows in C order, made from numbers one by one; and steps where something happens in any row."""

    name: str
    make: Callable[[], Any]
    rows: Callable[[], list[Any]]
    steps: list[int]


def array_of(values: list[Any], place: int) -> Any:
    """The entries of all rows: an array, a list or a tuple of numbers, or a stack of schedules."""
    if callable(values[0]):
        return lrvec.stack(values)
    return [np.array(values), values, tuple(values)][place % 3]


def column(values: list[Any], place: int) -> Any:
    if isinstance(values[0], tuple):  # phases, terms or lists of numbers
        return tuple(column(list(items), place) for items in zip(*values, strict=True))
    return array_of(values, place)


def likeness(one: Case) -> tuple[Any, ...]:
    """What the rows of a sweep have in common."""
    within = [type(part) for name in ("phases", "schedules") for part in one.params.get(name, ())]
    lists = [len(one.params[name]) for name in one.params if KINDS[one.kind].parameters[name].role.name in LISTS]
    rest = [one.params[name] for name in one.params if not takes_arrays(one.kind, name)]
    return one.kind, *one.params, repr(within), *lists, *rest


def swept_cases() -> Iterator[Swept]:
    for _, found in itertools.groupby(sorted(CASES, key=lambda one: repr(likeness(one))), likeness):
        cases = list(found)[: max(4, MOST // 2)]
        if not any(takes_arrays(cases[0].kind, name) for name in cases[0].params):
            continue

        def make(cases: list[Case] = cases) -> Any:
            return KINDS[cases[0].kind].make(
                {
                    name: column([made(one.params[name]) for one in cases], place) if takes_arrays(cases[0].kind, name) else value
                    for place, (name, value) in enumerate(cases[0].params.items())
                }
            )

        steps = {step for one in cases for step in steps_of(one, near=1, anywhere=4)}
        yield Swept(
            f"{cases[0].kind} {len(cases)}",
            make,
            lambda cases=cases: [one.make() for one in cases],
            some(sorted(steps), 40 if PYTHON else 400),
        )
    for one in STACKS:
        if "names" not in one.params:
            parts = one.params["schedules"]
            steps = {step for part in parts for step in steps_of(part, near=1, anywhere=4)}
            yield Swept("stack", one.make, lambda parts=parts: [part.make() for part in parts], sorted(steps))


def some(items: list[Any], count: int) -> list[Any]:
    return items[:: max(1, len(items) // count)]


OF_CASES = list(swept_cases())


def composed() -> Iterator[Swept]:
    """Sweeps of every kind within the compositions, with arrays for their own parameters; and in compositions of
    these."""
    largest = {entry.make().kind: entry for entry in sorted(OF_CASES, key=lambda entry: len(entry.rows()))}
    for name, make, rows, steps in largest.values():
        count = len(rows())
        lengths = [(7, 1, 40, 1000)[i % 4] for i in range(count)]
        starts = [(0.0, -1.0, 1e-3)[i % 3] for i in range(count)]
        later = sorted({*steps, *(step + length for step in steps for length in {1, 7, 1000} if step + length <= LAST_STEP)})
        later = some(later, 30 if PYTHON else 300)

        def warm(schedule: Any, lengths: Any, starts: Any) -> Any:
            return lrvec.with_warmup(schedule, warmup_steps=lengths, start_lr=starts)

        def phases(schedule: Any, lengths: Any, starts: Any) -> Any:
            line = lrvec.linear(base_lr=starts, end_lr=0.5, total_steps=lengths)
            return lrvec.sequential([(lengths, schedule), (5, line), (lengths, schedule), (3, lrvec.constant(lr=0.25))])

        def deep(schedule: Any, lengths: Any, starts: Any) -> Any:
            return warm(phases(warm(schedule, lengths, starts), lengths, starts), lengths, 0.125)

        for compose in (warm, phases, deep):
            yield Swept(
                f"{compose.__name__}, {name}",
                lambda compose=compose, make=make, lengths=lengths, starts=starts: compose(
                    make(), np.array(lengths), np.array(starts)
                ),
                lambda compose=compose, rows=rows, lengths=lengths, starts=starts: [
                    compose(*row) for row in zip(rows(), lengths, starts, strict=True)
                ],
                later,
            )


def kind_within(entry: Swept) -> str:
    return entry.name.split(", ")[-1].split(" ")[0]


ALL = [*OF_CASES, *composed()]
swept = each(ALL, kind_within)
of_cases = each(OF_CASES, kind_within)


def same(got: Any, wanted: Any) -> bool:
    """Arrays of one dtype, shape and content, -0.0 told from 0.0."""
    got, wanted = np.asarray(got), np.asarray(wanted)
    return (got.dtype, got.shape, got.tobytes()) == (wanted.dtype, wanted.shape, wanted.tobytes())


def matrix_of(rows: list[Any], steps: Any, dtype: Any = None) -> Any:
    return np.array([row(steps, dtype=dtype) for row in rows])


@pytest.fixture
def _tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in many pieces and batches, with small matrices too."""
    monkeypatch.setattr(_blocks, "BLOCK", 2)
    monkeypatch.setattr(sizes, "PIECE", 17)
    monkeypatch.setattr(sizes, "ROWS", 2)
    monkeypatch.setattr(sizes, "BATCH", 3)
    monkeypatch.setattr(sizes, "LOWERED", -1)


@pytest.mark.parametrize("lengths", [700, [700, 700, 701, 700, 255, 255], [700] * 6], ids=["one", "several", "equal"])
def test_waves_of_one_length_share_what_belongs_to_it_and_nothing_else(lengths: Any) -> None:
    """From row to row, and between a wave and a repeated one."""
    lengths = np.asarray(lengths)
    peaks, floors = np.geomspace(1e-5, 1e-2, 6), np.linspace(0.0, 1e-6, 6)
    once = lrvec.cosine(base_lr=peaks, min_lr=floors, total_steps=lengths)
    again = lrvec.cosine_restarts(base_lr=floors, min_lr=peaks, period=lengths, t_mult=1)
    sweep = lrvec.with_warmup(lrvec.sequential([(lengths, once), (3 * lengths, again)]), warmup_steps=[1, 2, 40, 3, 5, 1], start_lr=0.0)
    for steps in (range(2500) if not PYTHON else range(0, 2500, 40), range(1500, 100, -7), range(33, 66)):
        assert same(sweep(steps), np.array([[row(step) for step in steps] for row in sweep]))
        assert same(sweep(np.array(steps)), sweep(steps))
        summaries = [lrvec.summarize(row, steps) for row in sweep]
        assert same(np.array(lrvec.summarize(sweep, steps)), np.array(summaries).T)


def within(value: Any) -> Iterator[Any]:
    """The items of tuples within tuples, or the value alone."""
    if isinstance(value, tuple):
        for item in value:
            yield from within(item)
    else:
        yield value


def test_every_kind_and_every_parameter_is_swept() -> None:
    found = set()
    for entry in OF_CASES:
        made = entry.make()
        assert isinstance(made, lrvec.Sweep), entry.name
        for name, value in made.params.items():
            found |= {(made.kind, name) for part in within(value) if getattr(part, "shape", ())}
    of_rows = KINDS.keys() - {one.kind for one in GROUPS}  # which have tests of their own
    assert found == {(kind, name) for kind in of_rows for name in KINDS[kind].parameters if takes_arrays(kind, name)}
    assert {entry.make().kind for entry in OF_CASES} == of_rows



# ---- rows ----


def starts_fall(segments: list[Any]) -> bool:
    """Whether a segment starts before the one in front of it in any row, or so in the tables of an operation. Of those that
    start past the last step the order does not matter."""
    starts = [np.minimum(np.asarray(start, float), 2.0 * LAST_STEP) for start, *_ in segments]
    tables = [part for _, _, shape, parts in segments if shape in OPERATIONS for part in parts if isinstance(part, list)]
    return any((after < before).any() for before, after in itertools.pairwise(starts)) or any(map(starts_fall, tables))


@swept
def test_segments_start_one_after_another_in_each_row(entry: Swept) -> None:
    sweep = entry.make()
    assert sweep._by_row or not starts_fall(sweep._lower())


@swept
def test_rows_have_the_bits_of_single_schedules(entry: Swept) -> None:
    sweep, rows, steps = entry.make(), entry.rows(), entry.steps
    assert sweep.shape == (len(rows),)
    mixed = shuffled(steps, entry.name)
    for asked in (steps, mixed):
        array = np.array(asked)
        assert same(sweep(array), matrix_of(rows, array))
        assert same(sweep(array, dtype=np.float32), matrix_of(rows, array, np.float32))
    few = mixed[:6]
    assert same(sweep(few), matrix_of(rows, few))
    for step in few:
        assert same(sweep(step), np.array([row(step) for row in rows]))
        assert same(sweep(np.int64(step)), sweep(step))
        assert same(sweep([step]), sweep(step)[:, None])
        assert same(sweep(step, dtype=np.float32), sweep([step], dtype=np.float32)[:, 0])
    for step in few[:3]:
        for asked in (range(max(0, step - 20), step + 1), range(step, max(-1, step - 20), -1), range(step % 7, step, step // 20 + 1)):
            assert same(sweep(asked), matrix_of(rows, asked))


@pytest.mark.usefixtures("_tiny")
@swept
def test_pieces_and_batches_do_not_change_bits(entry: Swept) -> None:
    """Of some rows: two batches and a part of one."""
    count = len(entry.rows())
    places = shuffled(range(count), entry.name)[:8]
    whole = entry.make()
    sweep, rows = whole[places], [whole[place] for place in places]
    steps = np.array(shuffled(entry.steps, entry.name)[:40])
    wanted = matrix_of(rows, steps)
    assert isinstance(sweep._rows, Batches if len(rows) > 3 and not sweep._by_row else object)
    for workers in (1, 3):
        assert same(sweep(steps, workers=workers), wanted)
        assert same(sweep(steps.astype(">u8"), workers=workers), wanted)
        assert same(sweep(range(30), workers=workers), matrix_of(rows, range(30)))
        assert same(sweep(int(steps[0]), workers=workers), wanted[:, 0])
        mine = np.resize(steps, len(rows))
        assert same(lrvec.pointwise(sweep, mine, workers=workers), np.array([row(step) for row, step in zip(rows, mine, strict=True)]))
        joined = np.full(wanted.shape, np.nan)
        for part, columns, values in lrvec.blocks(sweep, steps, 8 * 50, workers=workers):
            joined[part, columns] = values
        assert same(joined, wanted)


def layouts(shape: tuple[int, ...], dtype: Any) -> Iterator[Any]:
    """Arrays of one shape, laid out in many ways."""
    yield np.empty(shape, dtype)
    yield np.empty(shape, dtype, order="F")
    yield np.empty((*shape, 3), dtype)[..., 1]
    yield np.empty((*shape[:-1], shape[-1] + 5), dtype)[..., 2:-3]
    for axis in range(len(shape)):
        before = (slice(None),) * axis
        yield np.repeat(np.empty(shape, dtype), 2, axis=axis)[(*before, slice(1, None, 2))]
        yield np.empty(shape, dtype)[(*before, slice(None, None, -1))]
    memory = bytearray(np.empty(shape, dtype).nbytes + 1)
    yield np.frombuffer(memory, dtype, offset=1).reshape(shape)


@pytest.mark.usefixtures("_tiny")
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_out_of_any_layout(dtype: Any) -> None:
    sweep = lrvec.grid(lrvec.cosine, base_lr=[0.1, 0.2, 0.3], min_lr=0.0, total_steps=[5, 40])
    for chosen in (sweep, sweep[1], sweep[:, 0], sweep[None]):
        for steps in (range(23), np.arange(24).reshape(4, 6)[::-1], np.arange(6).reshape(1, 6, 1), 3, [9]):
            wanted = chosen(steps, dtype=dtype)
            for out in layouts(wanted.shape, dtype):
                assert chosen(steps, out=out) is out
                assert same(out, wanted)


def test_out_leaves_its_surroundings_alone() -> None:
    sweep = lrvec.linear(base_lr=[1.0, 2.0, 3.0], end_lr=[0.0, 0.5, 0.25], total_steps=10)
    whole = np.full((9, 40), 7.0)
    for part in (np.s_[1:4, 3:33], np.s_[0:9:3, 0:30], np.s_[8:2:-2, 10:], np.s_[2:5, 39:9:-1]):
        whole[...] = 7.0
        sweep(range(30), out=whole[part])
        assert np.array_equal(whole[part], sweep(range(30)))
        whole[part] = 7.0
        assert (whole == 7.0).all()


def test_out_may_be_a_memmap(tmp_path: Any) -> None:
    sweep = lrvec.cosine(base_lr=np.geomspace(1e-5, 1e-2, 20), min_lr=0.0, total_steps=50)
    for dtype in ("<f8", "<f4"):
        out = np.lib.format.open_memmap(tmp_path / f"{dtype[1:]}.npy", "w+", dtype, (20, 60))
        assert sweep(range(60), out=out) is out
        out.flush()
        assert same(np.load(tmp_path / f"{dtype[1:]}.npy"), sweep(range(60), dtype=dtype))


def test_result_shape_is_the_sweeps_and_then_the_steps() -> None:
    sweep = lrvec.linear(base_lr=np.ones((2, 1, 3)), end_lr=np.zeros((4, 1)), total_steps=5)
    assert (sweep.shape, sweep.ndim, sweep.size, len(sweep)) == ((2, 4, 3), 3, 24, 2)
    for steps in (3, range(7), [], range(0), [[1, 2]], np.zeros((2, 0), int), np.ones((5, 2), np.uint8), np.array(7)):
        assert sweep(steps).shape == (2, 4, 3, *np.shape(steps))
        assert sweep(steps).dtype == np.float64
        assert sweep(steps, dtype=np.float32).dtype == np.float32


# ---- broadcasting ----


@of_cases
def test_parameters_broadcast(entry: Swept) -> None:
    """The first array along one axis, the others along another: every combination."""
    count = 3
    cases = entry.rows()[:count]
    if entry.make().kind == "stack":
        cases = [lrvec.with_warmup(row, warmup_steps=2, start_lr=0.5) for row in cases]
    kind = KINDS[cases[0].kind]
    arrays = [name for name in cases[0].params if takes_arrays(kind.name, name)]
    first = next(name for name in arrays if kind.parameters[name].role.name != "knots")  # which go up in each row
    across = {name: column([row.params[name] for row in cases], 0) for name in arrays}
    shared = {name: value for name, value in cases[0].params.items() if name not in arrays}
    several = isinstance(across[first], tuple)  # phases, terms or values
    if several:
        head, *rest = across[first]
        down = tuple(part[:, None] for part in head) if isinstance(head, tuple) else head[:, None]
        swept = {**shared, **across, first: (down, *rest)}
        singles = [
            [kind.make({**other.params, first: (one.params[first][0], *other.params[first][1:])}) for other in cases] for one in cases
        ]
    else:
        down = across[first][:, None]
        swept = {**shared, **across, first: down}
        singles = [[kind.make({**other.params, first: one.params[first]}) for other in cases] for one in cases]
    sweep = kind.make(swept)
    shape = (len(cases), len(cases) if len(across) > 1 or (several and len(across[first]) > 1) else 1)
    assert sweep.shape == shape
    steps = some(entry.steps, 20)
    wanted = np.array([[row(steps) for row in line] for line in singles])[:, : shape[1]]
    assert same(sweep(steps), wanted)
    assert [[sweep[i, j] == singles[i][j] for j in range(shape[1])] for i in range(shape[0])] == [[True] * shape[1]] * shape[0]


AXES: dict[str, list[Any]] = {
    "rate": [0.1, 0.0, -0.2],
    "factor": [0.5, 1.0, -0.9, 0.0, 1.5],
    "exponent": [1.0, 2.0, 0.5, 0.0, 20.0],
    "number": [0.5, -3.0, 0.0, 1e9],
    "divisor": [1, 25.0],
    "share": [0.3, 0.5, 0.9],
    "count": [9, 1, 2, 0],
    "length": [9, 6.5, 1],
    "ratio": [2, 1.5, 0.25],
    "schedule": [lrvec.cosine(base_lr=0.1, min_lr=0.0, total_steps=9), lrvec.constant(lr=2.0)],
    "counts": [(3, 3, 9)],
    "lengths": [(9, 20)],
}
"""Values of each role, the first one of any range."""

LONGEST_AXIS = 3


def accepted(kind: str, axes: dict[str, Any]) -> bool:
    try:
        lrvec.grid(KINDS[kind].factory, **axes)(0)  # which makes rows that are made one by one
    except ValueError:
        return False
    return True


def axes_of(kind: str, form: dict[str, Any]) -> dict[str, Any]:
    """For each number of a form some values: as many as the kind's rules allow to go together."""
    axes = in_form(kind, form, lambda parameter, _: AXES[parameter.role.name][0])
    for name, parameter in KINDS[kind].parameters.items():
        if name in axes and parameter.role.is_number:
            axes[name] = [axes[name]]
            for value in AXES[parameter.role.name]:
                longer = {**axes, name: [*axes[name], value]}
                if value not in axes[name] and len(axes[name]) < LONGEST_AXIS and accepted(kind, longer):
                    axes = longer
    return axes


MIXTURES = [(kind, axes) for kind, record in FORMULAS.items() for axes in record.grids] + [
    (kind, axes_of(kind, form))
    for kind in FORMULAS
    if all(one.role.name in AXES or words_of(one) for one in KINDS[kind].parameters.values())
    for form in forms_of(kind)
]


@each(MIXTURES, lambda mixture: mixture[0])
def test_grid_is_every_combination(mixture: tuple[str, dict[str, Any]]) -> None:
    """In rows whose cases differ: flat powers beside steep ones, phases of no length beside long ones."""
    kind, parameters = mixture
    factory = getattr(lrvec, kind)
    sweep = lrvec.grid(factory, **parameters)
    if any(one.role.name in ("phases", "terms", "knots") for one in KINDS[kind].parameters.values()):
        rows = list(sweep)
        assert sweep == factory(**parameters)
    else:
        axes = {name: value for name, value in parameters.items() if isinstance(value, list)}
        assert sweep.shape == tuple(map(len, axes.values()))
        rows = [
            KINDS[kind].make({**parameters, **dict(zip(axes, values, strict=True))}) for values in itertools.product(*axes.values())
        ]
    steps = [*range(14), 1000, 2**31, 2**40, LAST_STEP]
    rows = rows if not PYTHON else rows[:30]
    assert same(sweep(steps).reshape(-1, len(steps))[: len(rows)], matrix_of(rows, steps))
    indices = list(np.ndindex(*sweep.shape))[: len(rows)]
    assert [sweep[index] for index in indices] == rows


def test_mixtures_are_of_every_kind() -> None:
    assert {kind for kind, _ in MIXTURES} == FORMULAS.keys()


def test_axes_of_a_grid() -> None:
    cosine = lrvec.cosine
    assert lrvec.grid(cosine, total_steps=[1, 2], base_lr=(0.1, 0.2, 0.3), min_lr=0.0).shape == (2, 3)
    assert lrvec.grid(cosine, base_lr=np.ones(3), total_steps=[1, 2], min_lr=[0.0]).shape == (3, 2, 1)
    assert lrvec.grid(cosine, base_lr=1.0, total_steps=2, min_lr=0.0) == cosine(base_lr=1.0, total_steps=2, min_lr=0.0)
    assert lrvec.grid(lrvec.multi_step, base_lr=0.1, milestones=[1, 2, 3], gamma=0.5) == lrvec.multi_step(
        base_lr=0.1, milestones=[1, 2, 3], gamma=0.5
    )
    phases = [(3, cosine(base_lr=1.0, total_steps=2, min_lr=0.0))]
    assert lrvec.grid(lrvec.sequential, phases=phases) == lrvec.sequential(phases)
    assert lrvec.grid(lambda base_lr: cosine(base_lr=base_lr, min_lr=0.0, total_steps=[3, 4]), base_lr=[1.0, 2.0]).shape == (2,)
    inner = lrvec.grid(cosine, base_lr=[0.1, 0.2], min_lr=0.0, total_steps=[5, 6, 7])
    outer = lrvec.grid(lrvec.with_warmup, warmup_steps=[1, 2, 3, 4], schedule=inner, start_lr=0.0)
    assert outer.shape == (4, 2, 3)
    assert outer[3, 1, 2] == lrvec.with_warmup(inner[1, 2], warmup_steps=4, start_lr=0.0)
    groups = lrvec.grid(lrvec.scale_by_group, schedule=[inner[0, 0], lrvec.constant(lr=1.0)], multipliers={"a": 2.0})
    assert groups(0)["a"].tolist() == [0.2, 2.0]
    assert lrvec.grid(lrvec.stack, schedules=[inner[0, 0], inner[0, 1]]) == lrvec.stack([inner[0, 0], inner[0, 1]])


# ---- indices ----

INDICES = [
    0, -1, 2, np.int64(1), np.array(1), np.s_[:], np.s_[1:], np.s_[::-1], np.s_[-2:], np.s_[::2], ..., None, (None, 0), (..., None), [0],
    [2, 0, 0], np.array([-1, 1]), np.array([[0, 1], [2, 2]]), [True, False, True], np.array([False, True, True]), (slice(None), None), True,
]  # fmt: skip
INDICES_2D = [
    (0, 0), (-1, -2), (np.int64(1), 1), (0, ...), (..., 0), (slice(None), 1), (slice(1, None), slice(None, None, -1)), ([0, 2], [1, 0]),
    ([[0], [2]], [1, 0]), (None, 0, None), ([0, 2], slice(None)), (1, [1, 1, 0]), np.array([[True, False], [False, True], [True, True]]),
]  # fmt: skip


@pytest.mark.parametrize("index", [*INDICES, *INDICES_2D], ids=repr)
def test_indices_are_numpys(index: Any) -> None:
    rates, lengths = [0.1, 0.2, 0.3], [5, 9]
    lines = lrvec.linear(base_lr=rates, end_lr=0.0, total_steps=5)
    flat = lrvec.grid(lrvec.cosine, base_lr=rates, min_lr=0.0, total_steps=lengths)
    warm = lrvec.with_warmup(lines[:, None], warmup_steps=lengths, start_lr=[[1.0], [2.0], [3.0]])
    phases = lrvec.sequential([(lengths, lines[:, None]), (3, lrvec.stack([lines[0], lrvec.constant(lr=1.0)]))])
    nested = lrvec.stack([[lines[0], flat[1, 1]], [flat[0, 0], lines[2]], [lines[1], lambda step: 1.0 * step]])
    of_one_axis = any(index is one for one in INDICES)
    for sweep in [*([lines, lrvec.stack(list(lines))] if of_one_axis else []), flat, warm, phases, nested]:
        rows = np.empty(sweep.shape, object)
        for place in np.ndindex(sweep.shape):
            rows[place] = sweep[place]
            assert not isinstance(rows[place], lrvec.Sweep)
        wanted, got = rows[index], sweep[index]
        if isinstance(wanted, np.ndarray):
            assert got.shape == wanted.shape
            assert [got[place] == wanted[place] for place in np.ndindex(wanted.shape)] == [True] * wanted.size
            expected = np.array([row(3) for row in wanted.reshape(-1)]).reshape(wanted.shape)
            assert same(got(3), expected)
        else:
            assert got == wanted


def test_a_sweep_is_iterated_as_an_array() -> None:
    sweep = lrvec.grid(lrvec.linear, base_lr=[1.0, 2.0], end_lr=0.0, total_steps=[3, 4, 5])
    assert [row.shape for row in sweep] == [(3,), (3,)]
    assert [[schedule == sweep[i, j] for j, schedule in enumerate(row)] for i, row in enumerate(sweep)] == [[True] * 3] * 2
    assert all(type(schedule) is lrvec.Schedule for row in sweep for schedule in row)
    assert list(reversed(sweep)) == [sweep[1], sweep[0]]


@pytest.mark.parametrize("index", [6, -7, (0, 0), 1.0, "a", (slice(None), 2), [0, 9], [True] * 3, (0, "a"), [0.5]], ids=repr)
def test_other_indices_are_refused(index: Any) -> None:
    sweep = lrvec.linear(base_lr=np.arange(6.0), end_lr=0.0, total_steps=5)
    for indexed in (sweep, lrvec.stack(list(sweep))):
        with pytest.raises(IndexError):
            indexed[index]


@pytest.mark.parametrize("index", [np.s_[6:], [], np.zeros(6, bool), (slice(0), None)], ids=repr)
def test_an_index_must_leave_a_row(index: Any) -> None:
    sweep = lrvec.linear(base_lr=np.arange(6.0), end_lr=0.0, total_steps=5)
    with pytest.raises(ValueError, match=r"^base_lr must not have an empty axis, received an array of shape \(0,"):
        sweep[index]
    with pytest.raises(ValueError, match="^schedules must hold at least one schedule, received none$"):
        lrvec.stack(list(sweep))[index]


# ---- a value ----


@swept
def test_a_sweep_is_a_value(entry: Swept) -> None:
    sweep, again = entry.make(), entry.make()
    assert sweep == again
    assert hash(sweep) == hash(again)
    assert sweep == pickle.loads(pickle.dumps(sweep))
    assert copy.copy(sweep) is sweep
    assert copy.deepcopy(sweep) == sweep
    back = lrvec.from_dict(json.loads(json.dumps(sweep.to_dict())))
    assert back == sweep
    assert same(back(range(5)), sweep(range(5)))
    rows = entry.rows()
    assert list(sweep) == rows
    assert (sweep == rows[0]) is False
    assert sweep != 3
    assert repr(sweep).startswith(f"<Sweep of shape ({len(rows)},): {sweep.kind}(")
    if len(rows) > 1:
        part = sweep[1:]
        assert part != sweep
        assert pickle.loads(pickle.dumps(part)) == part
        pair = sweep[[[0, 1], [1, 0]]]
        assert pair.shape == (2, 2)
        assert pickle.loads(pickle.dumps(pair)) == pair
        assert lrvec.from_dict(json.loads(json.dumps(pair.to_dict()))) == pair
        assert pair != sweep[[0, 1, 1, 0]]


def test_equality_looks_at_every_entry() -> None:
    parameters: dict[str, Any] = {"base_lr": [0.1, 0.2], "min_lr": [[0.0], [0.01]], "total_steps": [5, 6]}
    sweep = lrvec.cosine(**parameters)
    for name, other in (("base_lr", [0.1, 0.3]), ("min_lr", [[0.0], [0.02]]), ("total_steps", [5, 7]), ("total_steps", 5), ("base_lr", 0.1)):
        assert lrvec.cosine(**{**parameters, name: other}) != sweep
    assert lrvec.cosine(base_lr=[0.1, 0.2], min_lr=0.0, total_steps=5) != lrvec.linear(base_lr=[0.1, 0.2], end_lr=0.0, total_steps=5)
    zero, negative = lrvec.constant(lr=[0.0, 1.0]), lrvec.constant(lr=[-0.0, 1.0])
    assert zero == negative
    assert hash(zero) == hash(negative)
    assert {zero: "found"}[negative] == "found"
    assert lrvec.constant(lr=[1, 2]) == lrvec.constant(lr=np.array([1.0, 2.0], ">f4"))


def test_params_hold_the_arrays() -> None:
    rates, lengths = np.array([0.1, 0.2]), [5, 6]
    sweep = lrvec.cosine(base_lr=rates, min_lr=0, total_steps=lengths)
    assert dict(sweep.params).keys() == {"base_lr", "min_lr", "total_steps"}
    assert same(sweep.params["base_lr"], np.array([0.1, 0.2]))
    assert same(sweep.params["total_steps"], np.array([5, 6]))
    assert sweep.params["min_lr"] == 0.0
    assert sweep[1].params == {"base_lr": 0.2, "min_lr": 0.0, "total_steps": 6}
    assert [type(value) for value in sweep[1].params.values()] == [float, float, int]
    before = sweep(range(9))
    rates[...] = 7.0
    lengths[0] = 1
    assert same(sweep(range(9)), before)
    assert same(lrvec.cosine(**sweep.params)(range(9)), before)
    with pytest.raises(ValueError, match="read-only"):
        sweep.params["base_lr"][0] = 1.0
    with pytest.raises(TypeError):
        sweep.params["base_lr"] = 1.0  # type: ignore[index]
    for name in ("kind", "shape", "_parameters", "x"):
        with pytest.raises(AttributeError, match=f"^Sweep is immutable, {name} cannot be set$"):
            setattr(sweep, name, 1)
        with pytest.raises(AttributeError, match=f"^Sweep is immutable, {name} cannot be deleted$"):
            delattr(sweep, name)


@pytest.mark.parametrize("given", [[1, 2, 3], (1, 2, 3), np.array([1, 2, 3], np.uint8), np.array([1, 2, 3], ">i8"), np.array([1, 2, 3], object), np.arange(1, 7)[::2] // 2 + 1], ids=repr)  # fmt: skip
def test_arrays_of_all_sorts(given: Any) -> None:
    wanted = lrvec.linear(base_lr=np.array([1.0, 2.0, 3.0]), end_lr=0.0, total_steps=np.array([1, 2, 3]))
    assert lrvec.linear(base_lr=given, end_lr=0.0, total_steps=given) == wanted
    rates = np.array(given, object).astype(np.float32)
    assert lrvec.linear(base_lr=rates, end_lr=0.0, total_steps=given) == wanted


# ---- numbers beside a schedule ----

BESIDE = {
    "+": (lambda line, numbers: line + numbers, lambda rate, number: rate + number),
    "-": (lambda line, numbers: line - numbers, lambda rate, number: rate - number),
    "*": (lambda line, numbers: line * numbers, lambda rate, number: rate * number),
    "/": (lambda line, numbers: line / numbers, lambda rate, number: rate / number),
    "r+": (lambda line, numbers: numbers + line, lambda rate, number: number + rate),
    "r-": (lambda line, numbers: numbers - line, lambda rate, number: number - rate),
    "r*": (lambda line, numbers: numbers * line, lambda rate, number: number * rate),
}
LINE = lrvec.linear(base_lr=1.0, end_lr=0.0, total_steps=4)


@pytest.mark.parametrize("of", [list, tuple, np.array])
@pytest.mark.parametrize("sign", BESIDE)
def test_several_numbers_beside_a_schedule_make_a_sweep(sign: str, of: Any) -> None:
    calculated, rate_with = BESIDE[sign]
    sweep = calculated(LINE, of([2.0, 4.0]))
    assert isinstance(sweep, lrvec.Sweep)
    assert sweep(range(5)).tolist() == [[rate_with(LINE(step), number) for step in range(5)] for number in (2.0, 4.0)]
    assert calculated(LINE, 2.0) == sweep[0]


@pytest.mark.parametrize(
    ("call", "exception", "message"),
    [
        (lambda: LINE / 0, ValueError, "divisor must not be 0, received 0"),
        (lambda: LINE / np.float64(0.0), ValueError, f"divisor must not be 0, received {np.float64(0.0)!r}"),
        (lambda: LINE / [1.0, 0.0], ValueError, "divisor at index 1 must not be 0, received 0.0"),
        (lambda: LINE / np.array([1.0, 0.0]), ValueError, "divisor at index 1 must not be 0, received 0.0"),
        (lambda: LINE / "2", TypeError, "divisor must be a finite number, received '2'"),
        (lambda: LINE - "2", TypeError, "offset must be a finite number, received '2'"),
        (lambda: LINE - [1.0, None], TypeError, "offset at index 1 must be a finite number, received None"),
    ],
)
def test_what_is_no_number_beside_a_schedule_is_refused(call: Any, exception: Any, message: str) -> None:
    with pytest.raises(exception) as refusal:
        call()
    assert str(refusal.value) == message


# ---- groups and stacks ----


@pytest.mark.parametrize("one", GROUPS, ids=str)
def test_groups_of_sweeps(one: Case) -> None:
    inner, multipliers = one.params["schedule"].make(), one.params["multipliers"]
    multipliers = dict(some(list(multipliers.items()), 4))
    sweep = lrvec.with_warmup(inner, warmup_steps=[3, 4], start_lr=[[0.0], [1.0], [2.0]])
    groups = lrvec.scale_by_group(sweep, multipliers=multipliers)
    for steps in (5, range(9), np.arange(6).reshape(2, 3)):
        found, base = groups(steps), sweep(steps)
        assert list(found) == list(multipliers)
        for name, factor in multipliers.items():
            assert same(found[name], base * factor)
        matrix = groups.matrix(steps)
        assert same(matrix, np.array(list(found.values())))
        assert matrix.shape == (len(multipliers), 3, 2, *np.shape(steps))
        out = np.empty(matrix.shape, np.float32)
        assert groups.matrix(steps, out=out) is out
        with np.errstate(over="ignore"):
            assert same(out, matrix.astype(np.float32))
    single = lrvec.scale_by_group(sweep[2, 1], multipliers=multipliers)
    assert [values[2, 1] for values in groups(5).values()] == list(single(5).values())
    assert pickle.loads(pickle.dumps(groups)) == groups
    assert lrvec.from_dict(json.loads(json.dumps(groups.to_dict()))) == groups
    assert hash(groups) == hash(lrvec.scale_by_group(sweep, multipliers=multipliers))


@pytest.mark.parametrize("one", [one for one in STACKS if "names" in one.params], ids=str)
def test_named_stacks_are_groups(one: Case) -> None:
    groups, names = one.make(), one.params["names"]
    rows = [part.make() for part in one.params["schedules"]]
    assert isinstance(groups, lrvec.GroupSchedule)
    assert groups.names == names
    assert groups(3) == {name: row(3) for name, row in zip(names, rows, strict=True)}
    assert {type(value) for value in groups(3).values()} == {float}
    for steps in (range(30), np.arange(8).reshape(2, 4)):
        assert all(same(values, row(steps)) for values, row in zip(groups(steps).values(), rows, strict=True))
        assert same(groups.matrix(steps), np.array([row(steps) for row in rows]))
        out = np.empty((*np.shape(steps), len(rows))).T
        if out.shape == groups.matrix(steps).shape:
            assert groups.matrix(steps, out=out) is out
            assert np.array_equal(out, groups.matrix(steps))
    assert groups.params == {"schedules": tuple(rows), "names": names}
    assert pickle.loads(pickle.dumps(groups)) == groups
    assert lrvec.from_dict(json.loads(json.dumps(groups.to_dict()))) == groups
    assert groups != lrvec.stack(rows, names=names[::-1])
    assert repr(groups) == f"stack({tuple(rows)!r}, names={names!r})"


def test_stacks_of_several_axes() -> None:
    lines = [lrvec.linear(base_lr=rate, end_lr=0.0, total_steps=4) for rate in (1.0, 2.0, 3.0, 4.0)]
    stack = lrvec.stack([lines[:2], tuple(lines[2:])])
    assert stack.shape == (2, 2)
    assert stack == lrvec.stack(lines)[np.arange(4).reshape(2, 2)]
    assert stack(0).tolist() == [[1.0, 2.0], [3.0, 4.0]]
    assert stack.params == {"schedules": ((lines[0], lines[1]), (lines[2], lines[3]))}
    assert pickle.loads(pickle.dumps(stack)) == stack
    for other in (lrvec.stack(lines), lrvec.stack([lines[2:], lines[:2]]), stack[:1], stack[None]):
        assert other != stack
        assert hash(other) != hash(stack)


def plain(step: int) -> float:
    return 1.0 / (step + 1)


def test_users_callables_in_sweeps() -> None:
    cosine = lrvec.cosine(base_lr=1.0, min_lr=0.0, total_steps=9)
    warm = lrvec.with_warmup(plain, warmup_steps=[1, 5], start_lr=[[0.5], [0.25], [0.0]])
    for index in np.ndindex(3, 2):
        single = lrvec.with_warmup(plain, warmup_steps=(1, 5)[index[1]], start_lr=(0.5, 0.25, 0.0)[index[0]])
        assert warm[index] == single
        assert same(warm(range(12))[index], single(range(12)))
    phases = lrvec.sequential([([2, 4], plain), (3, cosine), ([1, 2], lrvec.stack([plain, cosine]))])
    for i in range(2):
        single = lrvec.sequential([((2, 4)[i], plain), (3, cosine), ((1, 2)[i], (plain, cosine)[i])])
        assert same(phases(range(12))[i], single(range(12)))
        assert same(phases([[3, 1], [0, 9]])[i], single([[3, 1], [0, 9]]))
    mixed = lrvec.stack([plain, cosine, warm[0, 0], lambda step: step])
    assert same(mixed(range(5)), np.array([[row(step) for step in range(5)] for row in mixed], float))
    nested = lrvec.with_warmup(lrvec.sequential([(4, mixed), (2, warm[:, 0][[0, 1, 2, 0]])]), warmup_steps=[1, 2, 3, 4], start_lr=0.0)
    assert nested.shape == (4,)
    assert same(nested(range(12)), np.array([row(range(12)) for row in nested]))
    with pytest.raises(TypeError, match="must be made of schedules to become a dict"):
        nested.to_dict()
    assert lrvec.pointwise(mixed, [1, 2, 3, 4]).tolist() == [0.5, cosine(2), warm[0, 0](3), 4.0]
    assert lrvec.summarize(mixed, range(3)).sum.tolist()[3] == 3.0


@pytest.mark.parametrize("factor", [1e200, 1e100])
def test_a_height_that_a_row_does_not_have_is_no_warning(factor: float) -> None:
    line = lrvec.linear(base_lr=1.0, end_lr=0.0, total_steps=4)
    sweep = lrvec.cycles(line, length=4, t_mult=2, peak_factor=[1.0, factor], count=[9, 2])
    rows = [lrvec.cycles(line, length=4, t_mult=2, peak_factor=one, count=count) for one, count in ((1.0, 9), (factor, 2))]
    assert same(sweep(range(100)), np.array([row(range(100)) for row in rows]))


@pytest.mark.usefixtures("_tiny")
def test_users_callables_are_called_in_the_callers_thread() -> None:
    seen = set()

    def spy(step: int) -> float:
        seen.add(threading.get_ident())
        return float(step)

    sweep = lrvec.stack([spy, lrvec.constant(lr=1.0), spy, spy, spy])
    assert sweep(range(50), workers=3).tolist() == [list(range(50)), [1.0] * 50, *[list(range(50))] * 3]
    assert lrvec.pointwise(sweep, 7, workers=3).tolist() == [7.0, 1.0, 7.0, 7.0, 7.0]
    assert lrvec.summarize(sweep, range(50), workers=3).max.tolist() == [49.0, 1.0, 49.0, 49.0, 49.0]
    assert sum(values.sum() for *_, values in lrvec.blocks(sweep, range(50), 80, workers=3)) == 4 * 1225 + 50
    assert seen == {threading.get_ident()}


# ---- pointwise ----


@swept
def test_pointwise_is_a_step_for_each_row(entry: Swept) -> None:
    sweep, rows = entry.make(), entry.rows()
    steps = shuffled(entry.steps, f"{entry.name} pointwise")
    for start in range(0, 3 * len(rows), len(rows)):
        mine = [steps[(start + i) % len(steps)] for i in range(len(rows))]
        wanted = np.array([row(step) for row, step in zip(rows, mine, strict=True)])
        for given in (mine, np.array(mine), np.array(mine, ">u8"), np.repeat(np.array(mine), 2)[::2]):
            assert same(lrvec.pointwise(sweep, given), wanted)
    assert same(lrvec.pointwise(sweep, steps[0]), sweep(steps[0]))
    few = np.array(steps[:5])[:, None]
    assert same(lrvec.pointwise(sweep, few), np.array([[row(int(step)) for row in rows] for step in few[:, 0]]))
    assert same(lrvec.pointwise(rows[0], steps[:9]), rows[0](steps[:9]))


def test_power_laws_of_a_sweep_leave_the_highest_rate_where_each_alone_does() -> None:
    """Among them those that do so at an integer, next to one, never, and beyond what a double counts in ones."""
    rng = np.random.default_rng(0)
    peaks = np.exp(rng.uniform(-20.0, 60.0, 4000))
    scales = np.exp(rng.uniform(-3.0, 20.0, peaks.size))
    exponents = rng.uniform(0.02, 1.0, peaks.size)
    for first, (peak, exponent) in enumerate([(4.0, 0.5), (8.0, 1 / 3), (1.0, 0.7), (1e300, 0.01), (1e-300, 0.01)]):
        part = slice(200 * first, 200 * first + 200)
        peaks[part], exponents[part] = peak, exponent
        scales[part] = np.nextafter(np.arange(1.0, 201.0), rng.choice([0.0, 1e9], 200))
    sweep = lrvec.power_law(base_lr=peaks, max_lr=1.0, scale=scales, exponent=exponents)
    starts = sweep._lower()[1][0]
    alone = [
        lrvec.power_law(base_lr=peak, max_lr=1.0, scale=scale, exponent=exponent)._lower()[1][0]
        for peak, scale, exponent in zip(peaks.tolist(), scales.tolist(), exponents.tolist(), strict=True)
    ]
    assert starts.tolist() == alone
    assert {1, 2 * LAST_STEP} < {*alone}


def test_pointwise_broadcasts() -> None:
    sweep = lrvec.grid(lrvec.linear, base_lr=[1.0, 2.0], end_lr=0.0, total_steps=[4, 5, 6])
    steps = np.arange(6).reshape(2, 3)
    values = lrvec.pointwise(sweep, steps)
    assert values.tolist() == [[sweep[i, j](int(steps[i, j])) for j in range(3)] for i in range(2)]
    assert same(lrvec.pointwise(sweep, [[1], [2]]), lrvec.pointwise(sweep, [[1] * 3, [2] * 3]))
    assert same(lrvec.pointwise(sweep, range(3)), lrvec.pointwise(sweep, [[0, 1, 2]] * 2))
    assert same(lrvec.pointwise(sweep, np.arange(8).reshape(4, 2, 1)), np.array([sweep([k])[..., 0] for k in range(8)]).reshape(4, 2, 2, 3)[:, [0, 1], [0, 1]])  # fmt: skip
    assert same(lrvec.pointwise(sweep[:, 0], [[1, 2], [3, 4], [5, 6]]), np.array([[s(int(k)) for s, k in zip(sweep[:, 0], line, strict=True)] for line in [[1, 2], [3, 4], [5, 6]]]))  # fmt: skip
    single = sweep[0, 0]
    assert same(lrvec.pointwise(single, 3), np.array(single(3)))
    assert same(lrvec.pointwise(single, [[1, 2]]), single([[1, 2]]))
    assert same(lrvec.pointwise(plain, [[1, 2]]), np.array([[0.5, 1 / 3]]))
    assert lrvec.pointwise(sweep[0], np.zeros((0, 3), int)).shape == (0, 3)


@pytest.mark.parametrize(
    ("gammas", "most"),
    [((0.9, 1.1), 90), ((0.9999, 1.0001), 10**6), ((0.5, 2.0), 600), ((1 - 2e-6, 1 + 2e-6), 2**27 - 1), ((0.1, 3.0), 2000), ((0.99, 1.01), 2**30),
     ((-2.0, 2.0), 40), ((1e-3, 1e3), 60), ((5e-324, 1e-300), 3), ((1e300, 1.7e308), 3), ((0.5, 0.5), 1060), ((2.0, 2.0), 1060)],
)  # fmt: skip
def test_pointwise_of_exponentials_in_and_out_of_the_plain_range(gammas: tuple[float, float], most: int) -> None:
    count, random = 300 if not PYTHON else 20, np.random.default_rng(0)
    rates, factors = np.geomspace(1e-25, 1e25, count), np.linspace(*gammas, count)
    for steps in (np.linspace(0, most, count, dtype=int), np.linspace(most, 0, count, dtype=int)):
        agrees_with_its_rows(lrvec.exponential(base_lr=rates, gamma=factors), steps)
        for lengths in (random.integers(1, 100, count), np.where(random.random(count) < 0.1, 2, 1)):
            sweep = lrvec.exponential_decay(base_lr=rates, decay_rate=abs(factors) + 5e-324, decay_steps=lengths)
            agrees_with_its_rows(sweep, np.minimum(steps * lengths, LAST_STEP))


@pytest.mark.parametrize(("period", "warmup"), [(2**53, 1), (2**53 - 1, 2), (2**52, 2**52 + 1), (2**52, 2**52), (2**51, 3)])
def test_restarts_behind_a_warmup_at_the_last_step(period: int, warmup: int) -> None:
    """A start past the last step is none, even where a double would round it down to that."""
    waves = lrvec.cosine_restarts(base_lr=1.0, min_lr=0.0, period=[period, 7], t_mult=2)
    sweep = lrvec.with_warmup(waves, warmup_steps=warmup, start_lr=0.5)
    for step in (LAST_STEP, LAST_STEP - 1, warmup + period):
        agrees_with_its_rows(sweep, np.full(2, min(step, LAST_STEP)))


@pytest.mark.parametrize("bad", [-1, -(2**63), 2**53 + 1, 2**63 - 1])
@pytest.mark.parametrize("workers", [1, 3])
def test_pointwise_names_the_first_bad_step(bad: int, workers: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever block or piece of the kernels comes upon it."""
    monkeypatch.setattr(sizes, "BATCH", 256)
    sweep = lrvec.linear(base_lr=np.ones(1000), end_lr=0.0, total_steps=5)
    steps = np.full(1000, 2**53)
    assert not lrvec.pointwise(sweep, steps, workers=workers).any()
    for place in (999, 700, 256, 255, 64, 63, 0):
        steps[place] = bad
        rule = "be a non-negative integer" if bad < 0 else f"be at most 2**53 = {2**53}"
        with pytest.raises(ValueError, match=rf"^step at index {place} must {re.escape(rule)}, received {bad}$"):
            lrvec.pointwise(sweep, steps, workers=workers)
    with pytest.raises(ValueError, match=rf"^step at index 0 must {re.escape(rule)}, received {bad}$"):
        lrvec.pointwise(sweep, np.array([bad]), workers=workers)


def test_pointwise_calls_no_callable_where_a_step_is_bad() -> None:
    called = []

    def spy(step: int) -> float:
        called.append(step)
        return 0.5

    sweep = lrvec.with_warmup(spy, warmup_steps=[4, 5], start_lr=0.0)
    called.clear()
    with pytest.raises(ValueError, match=r"^step at index 1 must be a non-negative integer, received -1$"):
        lrvec.pointwise(sweep, np.array([9, -1]))
    assert called == []


RATES = {"usual": (1e-8, 1.0), "large": (2.0**98, 2.0**103), "far": (2.0**140, 2.0**140 + 2.0**92), "tiny": (5e-324, 1e-300), "near": (0.5, 0.5 + 2.0**-53)}
LENGTHS = {"usual": (300, 10**6), "short": (1, 300), "long": (2**26 - 200, 2**26 + 200), "last": (2**53 - 9, 2**53)}
POWERS = {"usual": (0.0, 3.0), "squares": (2.0, 2.0), "steep": (15.0, 17.0)}


@pytest.mark.parametrize("rates", RATES)
@pytest.mark.parametrize("lengths", LENGTHS)
def test_pointwise_in_and_out_of_the_short_ways(rates: str, lengths: str) -> None:
    """Blocks of usual parameters only, of others only, and of both."""
    count, random = 300 if not PYTHON else 20, np.random.default_rng(0)
    low, high = random.uniform(*RATES[rates], (2, count))
    total = random.integers(*LENGTHS[lengths], count, endpoint=True)
    low[::3], total[::5] = 1e-3, np.minimum(total[::5], 1000)
    steps = (random.uniform(0.0, 1.2, count) * total).astype(int).clip(0, 2**53)
    for part in (slice(None), slice(1, None, 3), slice(2, None, 15), slice(64)):
        few = {"base_lr": high[part], "total_steps": total[part]}
        agrees_with_its_rows(lrvec.cosine(**few, min_lr=low[part]), steps[part])
        for powers in POWERS.values():
            power = random.uniform(*powers, len(low[part]))
            agrees_with_its_rows(lrvec.polynomial(**few, end_lr=low[part], power=power), steps[part])
        half = total[part] // 2 + 1
        agrees_with_its_rows(lrvec.noam(model_dim=total[part], warmup_steps=half, factor=high[part]), steps[part])
        root = lrvec.inverse_sqrt(base_lr=high[part], warmup_steps=half, timescale=total[part], shift=half)
        agrees_with_its_rows(root, steps[part])


def agrees_with_its_rows(sweep: Any, steps: Any) -> None:
    alone = np.array([row(int(step)) for row, step in zip(sweep, steps, strict=True)])
    assert same(lrvec.pointwise(sweep, steps), alone)


# ---- blocks ----


@pytest.mark.parametrize("max_bytes", [8, 9, 80, 8 * 13, 8 * 26, 8 * 60, 10**9])
@pytest.mark.parametrize("steps", [range(13), range(30, 4, -2), np.arange(13)[::-1], np.arange(13, dtype=np.uint8), list(range(13)), 4])
def test_blocks_cover_the_matrix_once(max_bytes: int, steps: Any) -> None:
    sweep = lrvec.grid(lrvec.cosine, base_lr=[0.1, 0.2], min_lr=0.0, total_steps=[3, 40, 7])
    for schedule, count in ((sweep, 6), (sweep[1, 2], 1), (lrvec.stack([plain, sweep[0, 0]]), 2), (plain, 1)):
        wanted = np.array(schedule(steps) if schedule is not plain else [plain(step) for step in np.atleast_1d(steps)])
        wanted = wanted.reshape(count, -1)
        seen = np.zeros(wanted.shape, int)
        for rows, columns, values in lrvec.blocks(schedule, steps, max_bytes):
            assert values.nbytes <= max_bytes
            assert values.flags.c_contiguous
            assert same(values, wanted[rows, columns])
            seen[rows, columns] += 1
        assert (seen == 1).all()


def test_blocks_are_made_one_at_a_time() -> None:
    """However many there are."""
    sweep = lrvec.grid(lrvec.linear, base_lr=np.ones(10**6), end_lr=0.0, total_steps=np.arange(1, 10**6 + 1))
    blocks = lrvec.blocks(sweep, range(10**9), 8 * 100)
    rows, columns, values = next(blocks)
    assert (rows, columns) == (slice(0, 1), slice(0, 100))
    assert same(values, sweep[0, :1](range(100)))
    rows, columns, values = next(blocks)
    assert (rows, columns) == (slice(0, 1), slice(100, 200))


def test_blocks_into_zarr(tmp_path: Any) -> None:
    sweep = lrvec.cosine(base_lr=np.geomspace(1e-4, 1.0, 10), min_lr=0.0, total_steps=50)
    array = zarr.open_array(tmp_path / "matrix.zarr", mode="w", shape=(10, 60), chunks=(4, 25), dtype="float64")
    for rows, columns, values in lrvec.blocks(sweep, range(60), 8 * 100):
        array[rows, columns] = values
    assert same(zarr.open_array(tmp_path / "matrix.zarr", mode="r")[...], sweep(range(60)))


def test_blocks_show_progress_on_request(capfd: pytest.CaptureFixture[str]) -> None:
    sweep = lrvec.constant(lr=[1.0, 2.0, 3.0])
    assert len(list(lrvec.blocks(sweep, range(10), 80))) == 3
    assert capfd.readouterr() == ("", "")
    assert len(list(lrvec.blocks(sweep, range(10), 80, progress=True))) == 3
    shown = capfd.readouterr()
    assert shown.out == ""
    assert "3/3" in shown.err


LARGER_THAN_MEMORY = """
import resource, sys
import lrvec, numpy
sweep = lrvec.cosine(base_lr=numpy.geomspace(1e-5, 1e-2, {rows}), min_lr=0.0, total_steps={steps} // 2)
lrvec.summarize(sweep, range(2), workers=2)  # the pool's threads have their stacks
out = numpy.lib.format.open_memmap(sys.argv[1] + "/matrix.npy", "w+", float, ({rows}, {steps}))
with open("/proc/self/status") as status:
    used = next(int(line.split()[1]) << 10 for line in status if line.startswith("VmData"))
resource.setrlimit(resource.RLIMIT_DATA, (used + {allowed}, -1))  # the file's pages are not counted
for rows, columns, values in lrvec.blocks(sweep, range({steps}), {allowed} // 4):
    out[rows, columns] = values
assert not out[:, -1].any()
sweep(range({steps}), out=out[:, ::-1])
try:
    sweep(range({steps}))
except MemoryError:
    print("larger than memory")
"""


def test_a_matrix_larger_than_memory(tmp_path: Any) -> None:
    """Of four times what is allowed, by blocks and in one call; at once it is refused."""
    rows, steps = (256, 131_072) if not PYTHON else (16, 1024)
    allowed = 64 * MIB if not PYTHON else 8 * MIB
    program = LARGER_THAN_MEMORY.format(rows=rows, steps=steps, allowed=allowed)
    printed = python(program.replace("sys.argv[1]", repr(str(tmp_path))))
    assert printed == ("" if PYTHON else "larger than memory\n")
    matrix = np.load(tmp_path / "matrix.npy", mmap_mode="r")
    sweep = lrvec.cosine(base_lr=np.geomspace(1e-5, 1e-2, rows), min_lr=0.0, total_steps=steps // 2)
    assert same(matrix[rows // 3, ::-1], sweep[rows // 3](range(steps)))


@pytest.mark.parametrize("style", ["linear", "cosine", "exponential", "minus_sqrt"])
def test_a_warmup_to_a_curve_that_is_under_way(style: str) -> None:
    """The rows have the bits of their schedules. What holds the curve's value at step 0 has those of the curve."""
    lengths, rates = np.arange(2, 400), np.linspace(0.1, 2.0, 398)
    named = {"init_lr": 0.0, "min_lr": 1e-3, "lr_warmup_steps": 0, "lr_decay_steps": 1, "lr_decay_style": "WSD"}

    def decay(length: Any, rate: Any) -> Any:
        return lrvec.megatron_lr(max_lr=rate, wsd_decay_steps=length, lr_wsd_decay_style=style, **named)

    curves = decay(lengths, rates)
    sweep = lrvec.with_warmup(curves, warmup_steps=9, start_lr=1e-5)
    held = lrvec.sequential([(1, curves)])
    for row, length, rate in zip(range(398), lengths.tolist(), rates.tolist(), strict=True):
        single = decay(length, rate)
        alone = lrvec.with_warmup(single, warmup_steps=9, start_lr=1e-5)
        assert sweep[row](range(12)).tolist() == alone(range(12)).tolist(), length
        assert held[row](5) == single(0) == lrvec.sequential([(1, single)])(5), length
    assert sweep(range(12)).tolist() == [sweep[row](range(12)).tolist() for row in range(398)]
    assert held(range(7)).tolist() == [[value] * 7 for value in curves(0).tolist()]


def test_curves_that_begin_with_their_first_rate() -> None:
    """A warmup of many rows takes that rate as it is."""
    rates = [0.1, -0.0, 0.0, 5e-324, -1e-310, 1.7e308, -1.7e308, 1.0 - 2.0**-53]
    for first, last, length in itertools.product(rates, rates, (1, 2, 7, 1000, 2**40 + 1, 2**53)):
        given = {"constant": (first,), "half_cosine": (first, last, length)}
        assert given.keys() == set(OPENED)
        for shape, numbers in given.items():
            assert _engine.precise_value(shape, numbers, 0) == first, (shape, numbers)


@pytest.mark.parametrize("power", [[1.0, 1.0], [0.0, 0.0], [2.0, 3.0]])
def test_what_holds_of_all_rows_takes_no_column(power: list[float]) -> None:
    """Their segments are those of one row alone."""
    lengths = [3, 5]
    for make in (
        lambda power, length: lrvec.polynomial(base_lr=1.0, end_lr=0.5, total_steps=length, power=power),
        lambda power, length: lrvec.cosine(base_lr=1.0, min_lr=0.5, total_steps=length, exponent=power + 1.0, k=1.0),
    ):
        sweep, alone = make(np.array(power), lengths), make(power[0], lengths[0])
        assert [part[2] for part in sweep._lower()] == [part[2] for part in alone._lower()]
        assert len({id(part[0]) for part in sweep._lower() if hasattr(part[0], "shape")}) == 1


@pytest.mark.parametrize(
    "over",
    [
        lambda curve, length: lrvec.cycles(curve, length=length, count=2, t_mult=2),
        lambda curve, length: lrvec.cycles(curve, length=length, lengths=[5]),
        lambda curve, length: lrvec.repeat(curve, period=length, count=1),
    ],
)
def test_a_whole_length_beside_a_fractional_one_holds_the_same_end(over: Callable[[Any, Any], Any]) -> None:
    lengths = [1.5, 3, 7.25, 7, 11]
    for total in range(12, 40):
        curve = lrvec.cosine(base_lr=0.7, min_lr=0.1, total_steps=total)
        matrix = over(curve, lengths)(range(60))
        for row, length in zip(matrix, lengths, strict=True):
            assert row.tobytes() == over(curve, length)(range(60)).tobytes(), (total, length)


@pytest.mark.parametrize("t_mult", [[1, 1], [1, 2], [2, 2]])
def test_cycles_that_keep_their_height_beside_others_are_not_rounded(t_mult: list[int]) -> None:
    names = ("peak_factor", "floor", "count", "t_mult")
    mixed = list(itertools.product([1.0, 0.0, 0.3], [0.0, 0.7, -2.0], [1, 2, 3], t_mult))
    columns = dict(zip(names, map(list, zip(*mixed, strict=True)), strict=True))
    for curve in (
        lrvec.triangular(min_lr=0.0, max_lr=0.5887859330369928, step_size=2),
        lrvec.cosine(base_lr=0.1, min_lr=1e-150, total_steps=5),
        lrvec.constant(lr=-0.0),
    ):
        sweep = lrvec.cycles(curve, length=3, **columns)
        for row, numbers in zip(sweep(range(25)), mixed, strict=True):
            alone = lrvec.cycles(curve, length=3, **dict(zip(names, numbers, strict=True)))
            assert row.tobytes() == alone(range(25)).tobytes(), (curve, numbers)


def test_the_last_cycle_of_a_row_is_cut_where_its_schedule_ends() -> None:
    """Other rows have more cycles. The end of the last one, behind the end of all, stood before it: sums were 23 % too small."""
    peaks, periods = [1.0, 2.0, 3.0], [7, 1, 5]

    def pressed(peak: Any, period: Any) -> Any:
        endless = lrvec.advance(lrvec.cosine_restarts(base_lr=peak, min_lr=0.0, period=period, t_mult=2, peak_factor=0.8), steps=0)
        return lrvec.rebase(endless, step=0, total_steps=8)

    rows = pressed(peaks, periods)
    alone = [pressed(peak, period) for peak, period in zip(peaks, periods, strict=True)]
    assert rows(range(40)).tolist() == [schedule(range(40)).tolist() for schedule in alone]
    for stop in (8, 9, 19, 40):
        assert lrvec.integral(rows, 6, stop).tolist() == [lrvec.integral(schedule, 6, stop) for schedule in alone]


def test_a_constant_that_is_ahead_by_other_steps_in_each_row_is_bounded() -> None:
    """The origin is a column then, and raised an error."""
    ahead = lrvec.advance(lrvec.constant(lr=1.0), steps=[1, 2])
    assert lrvec.clipped(ahead, high=0.5)(range(2)).tolist() == [[0.5, 0.5], [0.5, 0.5]]
    assert lrvec.total(lrvec.advance(lrvec.total(ahead, lrvec.linear(base_lr=1.0, end_lr=0.0, total_steps=4)), steps=[0, 1]), ahead)(
        range(2)
    ).tolist() == [[3.0, 2.75], [2.75, 2.5]]


def test_a_branch_leaves_the_precise_value_beside_operations() -> None:
    """Where an operation was among the segments, a row began with the ordinary value, and a schedule alone with the precise one."""
    opening = lrvec.linear(base_lr=1.0, end_lr=0.5, total_steps=9) * lrvec.cosine(base_lr=1.0, min_lr=0.1, total_steps=9)
    curve = lrvec.join([(5, opening), lrvec.cosine(base_lr=1.0, min_lr=0.1, total_steps=700)])
    steps, asked = list(range(600)), range(0, 1000, 7)
    for row, values in enumerate(lrvec.decay_from(curve, step=steps, decay_steps=400)(asked)):
        assert values.tobytes() == lrvec.decay_from(curve, step=row, decay_steps=400)(asked).tobytes()
    growths = [1.0, 1.5, 2.5, 3.3]
    for step in range(0, 600, 20):
        branches = lrvec.decay_from(
            lrvec.cosine_restarts(base_lr=1.0, min_lr=0.1, period=617, t_mult=growths), step=step, decay_steps=400
        )
        for row, t_mult in enumerate(growths):
            alone = lrvec.cosine_restarts(base_lr=1.0, min_lr=0.1, period=617, t_mult=t_mult)
            assert branches(asked)[row].tobytes() == lrvec.decay_from(alone, step=step, decay_steps=400)(asked).tobytes()


def test_endless_cycles_are_held_at_the_last_step_beside_others_that_end_with_a_constant() -> None:
    curve = lrvec.join([(40, lrvec.constant(lr=2.0)), lrvec.linear(base_lr=1.0, end_lr=0.0, total_steps=20)])
    steps = [*range(LAST_STEP - 60, LAST_STEP + 1)]
    for ahead in (7, 25, 49):
        sweep = lrvec.advance(lrvec.cycles(curve, length=[7, 55, 60], t_mult=[1.5, 1.0, 1.0]), steps=[0, ahead, ahead + 1])
        assert sweep(steps).tobytes() == np.array([sweep[row](steps) for row in range(3)]).tobytes()


def test_even_cycles_beside_falling_ones_are_scaled_as_alone() -> None:
    """The factor of an edit goes into the rates of a curve that repeats itself, and not into those of a product."""
    curve = lrvec.cosine(base_lr=0.69, min_lr=0.13, total_steps=290)
    inner = lrvec.cycles(curve, length=6, peak_factor=[1.0, 0.8])
    rows = (inner * 0.7 + 1.1, lrvec.cycles(inner, length=28, floor=1.15, peak_factor=0.5, t_mult=2))
    for sweep in rows:
        assert sweep(range(400)).tobytes() == np.array([sweep[row](range(400)) for row in (0, 1)]).tobytes()


def test_periods_times_counts_beyond_the_last_step() -> None:
    curve = lrvec.cosine(base_lr=1.0, min_lr=0.25, total_steps=7)
    then = lrvec.linear(base_lr=3.0, end_lr=2.0, total_steps=9)
    pairs = list(itertools.product([1, 5, 167_661_092_685_266, LAST_STEP], [1, 2, 55_018, LAST_STEP]))
    periods, counts = zip(*pairs, strict=True)
    at = [0, 1, 5, 10, 11, 2**52, LAST_STEP - 1, LAST_STEP]
    for over in (
        lambda period, count: lrvec.repeat(curve, period=period, count=count),
        lambda period, count: lrvec.stretched(lrvec.repeat(curve, period=period, count=count, then=then), by=2),
        lambda period, count: lrvec.delay(lrvec.cycles(curve, length=period, count=count, peak_factor=0.5), steps=3),
    ):
        matrix = over(list(periods), list(counts))(at)
        for row, pair in zip(matrix, pairs, strict=True):
            assert row.tobytes() == over(*pair)(at).tobytes(), pair


def test_cycles_of_lengths_of_their_own_go_on_to_the_last_step() -> None:
    waves = lrvec.cosine_restarts(base_lr=1.0, min_lr=0.0, period=np.array([268_435_458, 7]), t_mult=5)
    sweep = lrvec.sequential([(np.array([LAST_STEP - 2, 5]), lrvec.constant(lr=2.0)), (3, waves)])
    for step in (LAST_STEP - 3, LAST_STEP - 2, LAST_STEP - 1, LAST_STEP):
        agrees_with_its_rows(sweep, np.full(2, step))


@pytest.mark.parametrize("t_mult", [2.5, 9, LAST_STEP])
def test_cycles_whose_length_no_column_of_integers_holds(t_mult: float) -> None:
    cycles = lrvec.cycles(lrvec.linear(base_lr=3.0, end_lr=1.0, total_steps=785), length=3, t_mult=t_mult, peak_factor=0.5)
    at = [0, 1, 5, 50, 1000, 2**40, LAST_STEP]
    steps = [0, 1, 5, 2**50]
    matrix = lrvec.stretched(lrvec.advance(cycles, steps=steps), by=2.5)(at)
    for row, count in zip(matrix, steps, strict=True):
        assert row.tobytes() == lrvec.stretched(lrvec.advance(cycles, steps=count), by=2.5)(at).tobytes(), count


def test_a_phase_that_starts_past_the_last_step() -> None:
    """As a double its start is that of the last step."""
    warm = lrvec.with_warmup(lrvec.constant(lr=1.0), warmup_steps=1, start_lr=0.25)
    for duration, rate in ((np.array([LAST_STEP, LAST_STEP]), 2.0), (LAST_STEP, [2.0, 3.0])):
        sweep = lrvec.sequential([(duration, lrvec.constant(lr=rate)), (5, warm)])
        assert sweep(LAST_STEP).tolist() == lrvec.pointwise(sweep, LAST_STEP).tolist() == [0.25, 0.25]
        assert [row(LAST_STEP) for row in sweep] == [0.25, 0.25]


# ---- memory ----


def peak_of(call: Callable[[], Any]) -> int:
    """Bytes of Python and numpy at the highest point of a call, beyond those before it."""
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


COUNT = 1_000_000 if not PYTHON else 500
MANY = np.arange(1, COUNT + 1)
FEWER = MANY[: COUNT // 5]
"""Lowered, these take 500 MiB and more for restarts."""
LONG = 3_000_000 if not PYTHON else 300


@pytest.mark.parametrize(
    "make",
    [
        lambda: lrvec.cosine(base_lr=1.0 / MANY, min_lr=0.0, total_steps=MANY),
        lambda: lrvec.polynomial(base_lr=1.0 / MANY, end_lr=0.0, total_steps=MANY, power=2.0 + 1.0 / MANY),
        lambda: lrvec.warmup_stable_decay(
            base_lr=1.0 / MANY, warmup_steps=MANY, decay_steps=MANY, total_steps=3 * MANY, final_lr=0.0, warmup_start=0.0,
            decay_shape="1-sqrt",
        ),
        lambda: lrvec.cosine_restarts(base_lr=1.0 / FEWER, min_lr=0.0, period=FEWER, t_mult=2),
        lambda: lrvec.with_warmup(
            lrvec.cosine(base_lr=1.0 / MANY, min_lr=0.0, total_steps=MANY), warmup_steps=MANY, start_lr=0.0
        ),
        lambda: lrvec.grid(
            lrvec.cosine_restarts, base_lr=FEWER[::100] / COUNT, min_lr=0.0, period=range(1, 51), t_mult=[1, 2]
        ),
    ],
    ids=["cosine", "polynomial", "wsd", "restarts", "warmup", "grid of restarts"],
)  # fmt: skip
def test_many_rows_take_their_result_and_64_mib(make: Callable[[], Any]) -> None:
    rows, count = 64 * MIB, make().size
    steps = (MANY[:count] % 1000).reshape(make().shape)
    for call, result in (
        (lambda sweep: sweep(3), 8 * count),
        (lambda sweep: sweep(range(4)), 32 * count),
        (lambda sweep: sweep([5, 1], out=np.empty((*sweep.shape, 2), np.float32)), 8 * count),
        (lambda sweep: lrvec.pointwise(sweep, steps), 8 * count),
        (lambda sweep: lrvec.summarize(sweep[: len(sweep) // 20 + 1], range(2)), 64 * count // 20),
    ):
        sweep = make()
        assert peak_of(lambda call=call, sweep=sweep: call(sweep)) <= result + rows


@pytest.mark.parametrize(("kind", "rows"), [("cosine", MANY), ("cosine_restarts", FEWER)])
def test_many_repeated_rows_take_their_result_and_64_mib(kind: str, rows: Any) -> None:
    named = {"total_steps": rows} if kind == "cosine" else {"period": rows, "t_mult": 2}
    sweep = KINDS[kind].factory(base_lr=1.0 / rows, min_lr=0.0, **named)
    assert peak_of(lambda: lrvec.pointwise(sweep, [[[[7]]], [[[8]]]])) <= 16 * rows.size + 64 * MIB


@pytest.mark.parametrize(
    "steps",
    [range(LONG), np.arange(LONG), np.arange(LONG)[::-1], np.arange(LONG, dtype=np.uint32), np.arange(LONG).reshape(2, -1).T],
    ids=["range", "array", "reversed", "uint32", "transposed"],
)
def test_long_rows_take_their_result_and_64_mib(steps: Any) -> None:
    sweep = lrvec.cosine(base_lr=[1.0, 2.0, 3.0], min_lr=0.0, total_steps=LONG // 2)
    shape = (3, *np.shape(steps))
    out = np.empty((*shape, 2))[..., 0]
    assert peak_of(lambda: sweep(steps)) <= 24 * LONG + 64 * MIB
    assert peak_of(lambda: sweep(steps, out=out)) <= 64 * MIB
    assert peak_of(lambda: lrvec.summarize(sweep, steps)) <= 64 * MIB
    assert same(out.copy(), sweep(steps))


def test_a_floor_of_zero_is_never_met() -> None:
    """A sweep's floors are at steps of their own, beyond the last one too."""
    settings = {"init_lr": 0.0, "max_lr": [1.0, 2.0, 4.0], "min_lr": [0.0, 0.5, 4.0], "lr_warmup_steps": 4}
    sweep = lrvec.megatron_lr(**settings, lr_decay_steps=2**53, lr_decay_style="inverse-square-root")
    expected = [[0.0, 0.5, 1.0, 0.5, 2.0**-25], [0.0, 1.0, 2.0, 1.0, 0.5], [0.0, 2.0, 4.0, 4.0, 4.0]]
    assert sweep([0, 2, 4, 16, 2**52]).tolist() == expected
    assert sweep(16).tolist() == [0.5, 1.0, 4.0]
    assert [row(range(100)).tolist() for row in sweep] == sweep(range(100)).tolist()


# ---- refusals ----


def bad_entries() -> Iterator[tuple[Case, str, Any, type[Exception], str]]:
    """Every rule of every parameter that may be an array, broken by its second entry."""
    for _, good, name, rule in broken_rules():
        role = KINDS[good.kind].parameters[name].role
        for value, exception, rest in rule if role.is_number and role.reads else ():
            if value is not False:
                is_rate = type(value) is int and value in (0, -1) and type(good.params.get(name, 0.0)) is float
                yield good, name, value, exception, f"{rest}.0" if is_rate else rest


@each(bad_entries(), lambda bad: bad[0].kind)
def test_a_bad_entry_names_its_parameter_and_index(bad_entry: tuple[Case, str, Any, type[Exception], str]) -> None:
    case, name, value, exception, rest = bad_entry
    kind = KINDS[case.kind]
    parameters = {other: made(item) for other, item in case.params.items()}
    good = parameters[name]
    said = f"^{name} at index 1 {re.escape(rest)}$"
    for bad in ([good, value, good], (good, value)):
        with pytest.raises(exception, match=said):
            kind.make({**parameters, name: bad})
    with pytest.raises(exception, match=said.replace("1", r"\(0, 1\)", 1)):
        kind.make({**parameters, name: [[good, value], [value, good]]})


CONSTANT = lrvec.constant(lr=[1.0, 2.0])
ONE_CYCLE, WSD, MEGATRON = (GOOD[kind].params for kind in ("one_cycle", "warmup_stable_decay", "megatron_lr"))


@pytest.mark.parametrize(
    ("call", "exception", "message"),
    [
        (lambda: lrvec.cosine(base_lr=[1.0, 2.0], min_lr=[0.0] * 3, total_steps=5), ValueError, "the shapes of the parameters must broadcast, received base_lr (2,), min_lr (3,)"),
        (lambda: lrvec.with_warmup(CONSTANT, warmup_steps=[1, 2, 3], start_lr=0.0), ValueError, "the shapes of the parameters must broadcast, received schedule (2,), warmup_steps (3,)"),
        (lambda: lrvec.sequential([([1, 2, 3], CONSTANT)]), ValueError, "the shapes of the parameters must broadcast, received phases[0][0] (3,), phases[0][1] (2,)"),
        (lambda: lrvec.sequential([(1, CONSTANT), (2, lrvec.constant(lr=[1.0] * 3))]), ValueError, "the shapes of the parameters must broadcast, received phases[0][1] (2,), phases[1][1] (3,)"),
        (lambda: lrvec.one_cycle(**{**ONE_CYCLE, "initial_div": [1.0, 2.0], "max_lr": [1.0, 2.0, 3.0]}), ValueError, "the shapes of the parameters must broadcast, received max_lr (3,), initial_div (2,)"),
        (lambda: lrvec.one_cycle(**{**ONE_CYCLE, "pct_start": [0.1, 0.2], "total_steps": [10, 20, 30]}), ValueError, "the shapes of the parameters must broadcast, received total_steps (3,), pct_start (2,)"),
        (lambda: lrvec.warmup_stable_decay(**{**WSD, "warmup_steps": [1, 2], "decay_steps": [1, 2, 3]}), ValueError, "the shapes of the parameters must broadcast, received warmup_steps (2,), decay_steps (3,)"),
        (lambda: lrvec.warmup_stable_decay(**{**WSD, "base_lr": [1.0, 2.0], "final_lr": [0.0, 0.1, 0.2]}), ValueError, "the shapes of the parameters must broadcast, received base_lr (2,), final_lr (3,)"),
        (lambda: lrvec.megatron_lr(**{**MEGATRON, "max_lr": [1.0, 2.0], "min_lr": [0.0, 0.1, 0.2]}), ValueError, "the shapes of the parameters must broadcast, received min_lr (3,), max_lr (2,)"),
        (lambda: lrvec.megatron_lr(**{**MEGATRON, "lr_warmup_steps": [1, 2], "lr_decay_steps": [10, 20, 30]}), ValueError, "the shapes of the parameters must broadcast, received lr_warmup_steps (2,), lr_decay_steps (3,)"),
        (lambda: lrvec.megatron_wd(start_wd=[0.1, 0.2], end_wd=[0.1, 0.2, 0.3], wd_incr_steps=5, wd_incr_style="linear"), ValueError, "the shapes of the parameters must broadcast, received start_wd (2,), end_wd (3,)"),
        (lambda: lrvec.grid(lrvec.megatron_wd, start_wd=0.1, end_wd=0.1, wd_incr_steps=5, wd_incr_style=["linear", "cosine"]), ValueError, "wd_incr_style must be one of ('constant', 'linear', 'cosine'), received ['linear', 'cosine']"),
        (lambda: lrvec.megatron_wd(start_wd=0.1, end_wd=0.1, wd_incr_steps=5, wd_incr_style=np.array(["linear", "cosine"])), ValueError, "wd_incr_style must be one of ('constant', 'linear', 'cosine'), received array(['linear', 'cosine'], dtype='<U6')"),
        (lambda: lrvec.step_decay(base_lr=1.0, drop=[2**70], step_size=5), ValueError, f"drop at index 0 must satisfy 0 < drop <= 1, received {2**70}"),
        (lambda: lrvec.step_decay(base_lr=1.0, drop=np.array([Fraction(1, 2), Fraction(3, 2)]), step_size=5), ValueError, "drop at index 1 must satisfy 0 < drop <= 1, received Fraction(3, 2)"),
        (lambda: lrvec.step_decay(base_lr=1.0, drop=[Decimal("1.5")], step_size=5), ValueError, "drop at index 0 must satisfy 0 < drop <= 1, received Decimal('1.5')"),
        (lambda: lrvec.cosine(base_lr=1.0, min_lr=0.0, total_steps=[5, -(10**5000)]), ValueError, "total_steps at index 1 must be a positive integer, received a negative integer of 16610 bits"),
        (lambda: lrvec.constant(lr=[]), ValueError, "lr must not have an empty axis, received an array of shape (0,)"),
        (lambda: lrvec.constant(lr=np.zeros((3, 0))), ValueError, "lr must not have an empty axis, received an array of shape (3, 0)"),
        (lambda: lrvec.linear(base_lr=0.1, end_lr=0.0, total_steps=[[], []]), ValueError, "total_steps must not have an empty axis, received an array of shape (2, 0)"),
        (lambda: lrvec.constant(lr=[[1.0], [1.0, 2.0]]), ValueError, "lr must be an array, received a list of lists of different lengths"),
        (lambda: lrvec.constant(lr=["a", 0.1]), TypeError, "lr at index 0 must be a finite number, received 'a'"),
        (lambda: lrvec.constant(lr=[0.1, "a"]), TypeError, "lr at index 1 must be a finite number, received 'a'"),
        (lambda: lrvec.constant(lr=np.array("0.1")), TypeError, f"lr must be a finite number, received {np.array('0.1')!r}"),
        (lambda: lrvec.constant(lr=np.array(["0.1"])), TypeError, f"lr at index 0 must be a finite number, received {np.str_('0.1')!r}"),
        (lambda: lrvec.constant(lr=np.array([1j], np.complex64)), TypeError, "lr at index 0 must be a finite number, received 1j"),
        (lambda: lrvec.constant(lr=np.array([3], "m8[s]")), TypeError, f"lr at index 0 must be a finite number, received {np.timedelta64(3, 's')!r}"),
        (lambda: lrvec.constant(lr=np.ma.array([1.0], mask=[True])), ValueError, "lr must be an array of numbers, received a masked array"),
        (lambda: lrvec.linear(base_lr=0.1, end_lr=0.0, total_steps=np.array([3.0])), ValueError, "total_steps at index 0 must be a positive integer, received 3.0: use int(3.0)"),
        (lambda: lrvec.linear(base_lr=0.1, end_lr=0.0, total_steps=[3, 4, 5.5]), ValueError, "total_steps at index 2 must be a positive integer, received 5.5"),
        (lambda: lrvec.linear(base_lr=0.1, end_lr=0.0, total_steps=np.array([True, False])), ValueError, f"total_steps at index 0 must be a positive integer, received {np.True_!r}"),
        (lambda: lrvec.linear(base_lr=0.1, end_lr=0.0, total_steps=[[2, 3], [4, True]]), ValueError, "total_steps at index (1, 1) must be a positive integer, not a boolean, received True"),
        (lambda: lrvec.linear(base_lr=0.1, end_lr=0.0, total_steps=np.array([5, 2**64 - 1], np.uint64)), ValueError, f"total_steps at index 1 must be at most 2**53 = {2**53}, received {2**64 - 1}"),
        (lambda: lrvec.linear(base_lr=0.1, end_lr=0.0, total_steps=[5, 10**30]), ValueError, f"total_steps at index 1 must be at most 2**53 = {2**53}, received {10**30}"),
        (lambda: lrvec.linear(base_lr=0.1, end_lr=0.0, total_steps=np.array([3], "m8[ns]")), ValueError, f"total_steps at index 0 must be a positive integer, received {np.timedelta64(3, 'ns')!r}"),
        (lambda: lrvec.one_cycle(max_lr=1.0, total_steps=[5, 1], pct_start=0.5, initial_div=2.0, final_div=2.0), ValueError, "total_steps at index 1 must be at least 2, received 1"),
        (lambda: lrvec.one_cycle(max_lr=[1.0, 1e300], total_steps=5, pct_start=0.5, initial_div=[2.0, 1e-300], final_div=2.0), ValueError, "max_lr / initial_div at index 1 must be a finite number, received inf"),
        (lambda: lrvec.warmup_stable_decay(base_lr=1.0, warmup_steps=[1, 6], decay_steps=5, total_steps=[[20], [10]], final_lr=0.0, warmup_start=0.0, decay_shape="linear"), ValueError, "warmup_steps + decay_steps at index (1, 1) must not exceed total_steps, received 11"),
        (lambda: lrvec.sequential([([3, 0], CONSTANT)]), ValueError, "phase duration at index 1 must be a positive integer, received 0"),
        (lambda: lrvec.with_warmup([lrvec.constant(lr=1.0)], warmup_steps=3, start_lr=0.0), TypeError, "schedule must be a schedule or another callable from a step to a rate, received [constant(lr=1.0)]"),
        (lambda: lrvec.grid(lrvec.constant, lr=[[1.0, 2.0]]), ValueError, "lr must be a sequence of one dimension, received one of shape (1, 2)"),
        (lambda: lrvec.grid(lrvec.constant, lr=[]), ValueError, "lr must not have an empty axis, received an array of shape (0,)"),
        (lambda: lrvec.grid(lrvec.constant, lr=[[1.0], [1.0, 2.0]]), ValueError, "lr must be an array, received a list of lists of different lengths"),
        (lambda: lrvec.grid(lrvec.constant, lr=[0.1, None]), TypeError, "lr at index 1 must be a finite number, received None"),
        (lambda: lrvec.grid(lrvec.constant, lr=[0.1], min_lr=0.1), ValueError, "parameters of constant must be among lr, received min_lr"),
        (lambda: lrvec.grid(3, lr=[0.1]), TypeError, "factory must be a function that makes a schedule, received 3"),
        (lambda: lrvec.stack([CONSTANT, CONSTANT[0]]), TypeError, f"schedules[0] must be one schedule, received {CONSTANT!r}"),
        (lambda: lrvec.stack([]), ValueError, "schedules must hold at least one schedule, received none"),
        (lambda: lrvec.stack([[plain], []]), ValueError, "schedules[1] must hold at least one schedule, received none"),
        (lambda: lrvec.stack([[plain], [3]]), TypeError, "schedules[1][0] must be a schedule or another callable from a step to a rate, received 3"),
        (lambda: lrvec.stack([[abs], [abs, abs]]), ValueError, f"schedules must hold schedules, or sequences of one length, received {[[abs], [abs, abs]]!r}"),
        (lambda: lrvec.stack([abs, [abs]]), ValueError, f"schedules must hold schedules, or sequences of one length, received {[abs, [abs]]!r}"),
        (lambda: lrvec.stack([abs, abs], names=["a", "a"]), ValueError, "names must be 2 different names, received ['a', 'a']"),
        (lambda: CONSTANT(range(3), out=np.zeros((3, 2))), ValueError, "out must have the shape of the result, (2, 3), received (3, 2)"),
        (lambda: CONSTANT(3, out=np.zeros(3)), ValueError, "out must have the shape of the result, (2,), received (3,)"),
        (lambda: CONSTANT(range(3), out=np.zeros((2, 3), int)), TypeError, "out must have dtype float64 or float32, received int64"),
        (lambda: CONSTANT(range(3), out=np.zeros((2, 3)), dtype=np.float32), TypeError, "out must have the dtype asked for, float32, received float64"),
        (lambda: CONSTANT(range(3), out=np.broadcast_to(1.0, (2, 3))), ValueError, "out must be writable, received a read-only array"),
        (lambda: CONSTANT(range(3), out=[[0.0] * 3] * 2), TypeError, "out must be a numpy array, received list"),
        (lambda: CONSTANT(range(3), dtype=int), TypeError, "dtype must be float64 or float32, received <class 'int'>"),
        (lambda: CONSTANT([1, -1]), ValueError, "step at index 1 must be a non-negative integer, received -1"),
        (lambda: CONSTANT([0.5]), ValueError, "step at index 0 must be a non-negative integer, received 0.5"),
        (lambda: CONSTANT(np.array([0.5])), ValueError, "steps must be non-negative integers, received an array of dtype float64, with 0.5 at index 0"),
        (lambda: CONSTANT(-1), ValueError, "step must be a non-negative integer, received -1"),
        (lambda: CONSTANT(range(3), workers=0), ValueError, "workers must be a positive integer, received 0"),
        (lambda: CONSTANT(range(2**50)), MemoryError, f"steps must fit in memory, received {2**51} of them for values of 8 bytes each"),
        (lambda: CONSTANT(range(2**50), dtype=np.float32), MemoryError, f"steps must fit in memory, received {2**51} of them for values of 4 bytes each"),
        (lambda: lrvec.grid(lrvec.linear, base_lr=np.ones(10**6), end_lr=0.0, total_steps=range(1, 10**6 + 1))(np.arange(9)), MemoryError, f"steps must fit in memory, received {9 * 10**12} of them for values of 8 bytes each"),
        (lambda: lrvec.pointwise(CONSTANT, [1, 2, 3]), ValueError, "steps must broadcast with the sweep's shape (2,), received shape (3,)"),
        (lambda: lrvec.pointwise(CONSTANT, [1, -2]), ValueError, "step at index 1 must be a non-negative integer, received -2"),
        (lambda: lrvec.pointwise(CONSTANT, 1.5), ValueError, "step must be a non-negative integer, received 1.5"),
        (lambda: lrvec.pointwise(CONSTANT, 1, workers=0), ValueError, "workers must be a positive integer, received 0"),
        (lambda: lrvec.pointwise(3, 1), TypeError, "sweep must be a schedule or another callable from a step to a rate, received 3"),
        (lambda: lrvec.summarize(CONSTANT, []), ValueError, "steps must hold at least one step, received none"),
        (lambda: lrvec.summarize(CONSTANT, range(3, 3)), ValueError, "steps must hold at least one step, received none"),
        (lambda: lrvec.summarize(CONSTANT, range(3), workers=0), ValueError, "workers must be a positive integer, received 0"),
        (lambda: lrvec.summarize(3, range(3)), TypeError, "schedule must be a schedule or another callable from a step to a rate, received 3"),
        (lambda: lrvec.blocks(CONSTANT, range(3), 0), ValueError, "max_bytes must be a positive integer, received 0"),
        (lambda: lrvec.blocks(CONSTANT, range(3), 7), ValueError, "max_bytes must be at least 8, received 7"),
        (lambda: lrvec.blocks(CONSTANT, range(3), 8.0), ValueError, "max_bytes must be a positive integer, received 8.0: use int(8.0)"),
        (lambda: lrvec.blocks(CONSTANT, [-1], 80), ValueError, "step at index 0 must be a non-negative integer, received -1"),
        (lambda: lrvec.blocks(CONSTANT, range(3), 80, workers=0), ValueError, "workers must be a positive integer, received 0"),
        (lambda: lrvec.blocks(3, range(3), 80), TypeError, "sweep must be a schedule or another callable from a step to a rate, received 3"),
    ],
)  # fmt: skip
def test_refusals(call: Callable[[], Any], exception: type[Exception], message: str) -> None:
    with pytest.raises(exception, match=f"^{re.escape(message)}$"):
        call()


@pytest.mark.parametrize(("bad", "rule"), [(np.nan, "be a finite number"), (-np.inf, "be a finite number"), (-0.5, "be non-negative")])
def test_one_bad_number_in_a_million_is_found(bad: float, rule: str) -> None:
    rates = np.ones(1_000_000)
    rates[999_999] = bad
    with pytest.raises(ValueError, match=f"^power at index 999999 must {rule}, received {bad}$"):
        lrvec.polynomial(base_lr=0.1, end_lr=0.0, total_steps=5, power=rates)
    with pytest.raises(ValueError, match=rf"^power at index \(999, 999\) must {rule}, received {bad}$"):
        lrvec.polynomial(base_lr=0.1, end_lr=0.0, total_steps=5, power=rates.reshape(1000, 1000))


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (0, "total_steps at index {} must be a positive integer, received 0"),
        (2**53 + 1, "total_steps at index {} must be at most 2**53 = 9007199254740992, received 9007199254740993"),
        (2**64 - 1, "total_steps at index {} must be at most 2**53 = 9007199254740992, received 18446744073709551615"),
    ],
)
@pytest.mark.parametrize("place", [0, 40_000, 99_999])
def test_one_bad_count_among_many_is_found(bad: int, message: str, place: int) -> None:
    lengths = np.ones(100_000, np.uint64)
    lengths[place] = bad
    with pytest.raises(ValueError, match=f"^{re.escape(message.format(place))}$"):
        lrvec.linear(base_lr=0.1, end_lr=0.0, total_steps=lengths)


def test_the_first_rule_that_is_broken_anywhere_is_named() -> None:
    """A number that is not finite comes before one that is out of range, and the first one of its sort before others."""
    rates, lengths = np.full(100_000, -1.0), np.full(100_000, 3)
    with pytest.raises(ValueError, match=r"^base_lr at index 0 must be a positive number, received -1\.0$"):
        lrvec.exponential_to(base_lr=rates, end_lr=1.0, total_steps=5)
    rates[[70_000, 99_999]] = np.nan, np.inf
    with pytest.raises(ValueError, match="^base_lr at index 70000 must be a finite number, received nan$"):
        lrvec.exponential_to(base_lr=rates, end_lr=1.0, total_steps=5)
    lengths[[60_000, 70_000]] = 2
    with pytest.raises(ValueError, match="^warmup_steps at index 60000 must be less than total_steps, received 2$"):
        lrvec.warmup_cosine(base_lr=1.0, warmup_steps=2, total_steps=lengths)
    lengths[[80_000, 90_000]] = 2**53 + 1, 0
    with pytest.raises(ValueError, match="^length at index 90000 must be at least 1, received 0$"):
        lrvec.mirrored(lrvec.linear(base_lr=1.0, end_lr=0.0, total_steps=5), length=lengths)


def test_a_refused_call_leaves_out_as_it_was() -> None:
    out = np.full((2, 4), 7.0)
    for steps in ([0, 1, 2, -1], np.array([0, 1, 2, 2**53 + 1]), range(2, -2, -1), np.zeros(4), range(5)):
        with pytest.raises(ValueError):  # noqa: PT011
            CONSTANT(steps, out=out)
        assert (out == 7.0).all()
    memory = np.arange(16)
    with pytest.raises(ValueError, match="^out must not share memory with steps, received an array that does$"):
        CONSTANT(memory[:4], out=memory[2:10].view(float).reshape(2, 4))
    assert memory.tolist() == list(range(16))


def test_an_error_of_a_users_callable_is_raised_as_it_is() -> None:
    def failing(step: int) -> float:
        if step == 3:
            raise LookupError("no rate for step 3")
        return 1.0

    sweep = lrvec.stack([CONSTANT[0], failing])
    for call in (sweep, lambda steps: lrvec.summarize(sweep, steps), lambda steps: list(lrvec.blocks(sweep, steps, 80))):
        with pytest.raises(LookupError, match="^no rate for step 3$"):
            call(range(5))
    assert sweep(range(3)).tolist() == [[1.0] * 3] * 2
