"""These tests are about Dask: the bits of every chunk are those in memory, on every scheduler, and if a worker is killed."""

from __future__ import annotations

import doctest
import math
import os
import pickle
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import dask
import dask.array as da
import distributed
import numpy as np
import pytest
from cases import CASES, GROUPS, STACKS, shuffled, steps_of
from distributed import Client, LocalCluster
from traces import scheduler_of_two_groups

import lrvec
import lrvec.dask
from lrvec._evaluate import sizes

PYTHON = lrvec.engine == "python"
PAGE = Path(__file__).parents[2] / "docs" / "larger-than-a-machine.md"
ONE_OF_A_KIND = {case.kind: case for case in [*GROUPS, *STACKS, *CASES]}

COSINES = lrvec.cosine(base_lr=np.geomspace(1e-5, 1e-2, 23), min_lr=0.0, total_steps=np.arange(23) * 5 + 1)
GRID = lrvec.grid(lrvec.cosine, base_lr=[0.1, 0.2, 0.3], min_lr=[0.0, 0.01], total_steps=[1, 10, 100, 1000])
MIXED = lrvec.stack(
    [lrvec.linear(base_lr=0.5, end_lr=0.0, total_steps=50), lrvec.constant(lr=0.25), lambda step: step / 7]
)
SWEEPS = {
    "schedule": lrvec.cosine(base_lr=1.0, min_lr=0.0, total_steps=100),
    "row of one": lrvec.exponential(base_lr=[0.5], gamma=0.99),
    "columns": COSINES,
    "grid": GRID,
    "warm grid": lrvec.with_warmup(GRID, warmup_steps=[3, 5, 7, 20], start_lr=0.0),
    "rows of a grid": GRID[1:, ::-1, 2],
    "stack": MIXED,
}


def same_bits(one: Any, other: Any) -> bool:
    one, other = np.asarray(one), np.asarray(other)
    return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()


def computed(lazy: Any, **options: Any) -> Any:
    return dask.compute(lazy, **{"scheduler": "synchronous", **options})[0]


def summaries_agree(lazy: lrvec.Summary, known: lrvec.Summary, **options: Any) -> bool:
    assert isinstance(lazy, lrvec.Summary)
    assert all(isinstance(field, da.Array) for field in lazy)
    found = computed(lazy, **options)
    for one, announced in zip(found, lazy, strict=True):
        assert (one.dtype, one.shape) == (announced.dtype, announced.shape)
    return all(same_bits(one, other) for one, other in zip(found, known, strict=True))


# ---- calling a schedule with a dask array ----


@pytest.mark.parametrize("kind", ONE_OF_A_KIND)
def test_every_kind_takes_a_dask_array(kind: str) -> None:
    case = ONE_OF_A_KIND[kind]
    schedule = case.make()
    inner = (
        case.params["schedules"][0]
        if kind == "stack"
        else case.params["schedule"]
        if kind == "scale_by_group"
        else case
    )
    steps = np.array(steps_of(inner)[:240:2])
    for shape, chunks in ((-1, 7), ((4, -1), (3, 11)), ((2, 3, -1), (2, 1, 5))):
        array = steps[: len(steps) // 24 * 24].reshape(shape)
        lazy, known = schedule(da.from_array(array, chunks=chunks)), schedule(array)
        if isinstance(known, dict):
            assert lazy.keys() == known.keys()
            assert all(same_bits(computed(lazy[name]), known[name]) for name in known)
            rows = schedule.matrix(da.from_array(array, chunks=chunks))
            assert same_bits(computed(rows), schedule.matrix(array))
        else:
            assert isinstance(lazy, da.Array)
            assert lazy.shape == known.shape
            assert same_bits(computed(lazy), known)


@pytest.mark.parametrize("name", SWEEPS)
def test_a_sweep_gives_its_shape_and_that_of_the_steps(name: str) -> None:
    sweep = SWEEPS[name]
    steps = da.from_array(np.array(shuffled(range(60), name)).reshape(6, 10), chunks=(4, 3))
    lazy = sweep(steps)
    assert lazy.chunks == (*((length,) for length in getattr(sweep, "shape", ())), (4, 2), (3, 3, 3, 1))
    assert same_bits(computed(lazy), sweep(steps.compute(scheduler="synchronous")))


@pytest.mark.parametrize("dtype", ["b", "B", "h", ">i4", "u4", "<i8", ">i8", "u8"])
def test_steps_of_any_integer_type(dtype: str) -> None:
    steps = np.arange(100).astype(dtype)
    assert same_bits(computed(COSINES(da.from_array(steps, chunks=9))), COSINES(np.arange(100)))


def test_values_as_float32() -> None:
    steps = da.arange(100, chunks=30)
    for schedule in (SWEEPS["schedule"], GRID):
        lazy = schedule(steps, dtype=np.float32, workers=2)
        assert lazy.dtype == np.float32
        assert same_bits(computed(lazy), schedule(range(100), dtype=np.float32))


def test_no_steps_and_one_step_and_blocks_of_unknown_size() -> None:
    schedule = SWEEPS["schedule"]
    assert computed(GRID(da.zeros(0, dtype=int, chunks=3))).shape == (3, 2, 4, 0)
    assert same_bits(computed(schedule(da.from_array(np.array(7)))), np.array(schedule(7)))
    steps = da.arange(100, chunks=9)
    assert same_bits(computed(schedule(steps[steps % 3 == 1])), schedule(range(1, 100, 3)))


@pytest.mark.parametrize("name", SWEEPS)
def test_a_step_for_each_row(name: str) -> None:
    """In chunks across the rows, in chunks of steps for all rows, and with one step for all."""
    sweep = SWEEPS[name]
    shape = getattr(sweep, "shape", ())
    ones = (1,) * len(shape)
    for form in (shape, ones, (4, *shape), (5, *ones), (*shape[:-1], 1), shape[1:]):
        steps = np.array(shuffled(range(math.prod(form)), name), np.int64).reshape(form)
        known = lrvec.pointwise(sweep, steps)
        for chunks in (2, 1000):
            lazy = lrvec.pointwise(sweep, da.from_array(steps, chunks=chunks), workers=2)
            assert isinstance(lazy, da.Array)
            assert (lazy.shape, lazy.dtype) == (known.shape, np.float64)
            assert same_bits(computed(lazy), known)
            if shape:
                assert same_bits(computed(lazy[..., -1:]), known[..., -1:])


@pytest.mark.parametrize("name", SWEEPS)
def test_a_summary_of_a_dask_array_is_one_of_dask_arrays(name: str) -> None:
    steps = np.array(shuffled(range(600), name)).reshape(20, 30)
    known = lrvec.summarize(SWEEPS[name], steps)
    for chunks in (7, 1000):
        assert summaries_agree(lrvec.summarize(SWEEPS[name], da.from_array(steps, chunks=chunks), workers=2), known)


@pytest.mark.parametrize("own", [{}, {"max_lr": 0.7, "lr_mult": 0.3}], ids=["alike", "own rates"])
def test_matrices_of_an_optimizer_s_groups(own: dict[str, float]) -> None:
    """Also after the graph has travelled."""
    scheduler = scheduler_of_two_groups(own)
    for matrix in (scheduler.lr_matrix, scheduler.wd_matrix):
        lazy = pickle.loads(pickle.dumps(matrix(da.arange(48, chunks=10))))
        assert isinstance(lazy, da.Array)
        assert same_bits(computed(lazy), matrix(range(48)))


def test_questions_that_are_refused_at_once() -> None:
    steps = da.arange(10, chunks=5)
    unknown = "steps must have chunks of known sizes, received a dask array of others, which compute_chunk_sizes() finds"
    for ask in (lrvec.pointwise, lrvec.summarize):
        with pytest.raises(ValueError, match="^steps must be non-negative integers, received a dask array of dtype float64$"):
            ask(COSINES, steps.astype(float))
        with pytest.raises(ValueError, match=r"^workers must be a positive integer, received 0$"):
            ask(COSINES, steps, workers=0)
        with pytest.raises(ValueError, match=f"^{re.escape(unknown)}$"):
            ask(COSINES, steps[steps > 3])
    with pytest.raises(ValueError, match=r"^steps must broadcast with the sweep's shape \(23,\), received shape \(10,\)$"):
        lrvec.pointwise(COSINES, steps)
    with pytest.raises(ValueError, match="^steps must hold at least one step, received none$"):
        lrvec.summarize(COSINES, steps[:0])


def test_nothing_is_computed_before_it_is_asked_for() -> None:
    asked: list[int] = []
    counted = lrvec.stack([lrvec.constant(lr=1.0), lrvec.sequential([(50, lambda step: asked.append(step) or 0.5)])])

    def refuse(block: Any) -> Any:
        raise AssertionError("a block of steps was computed")

    steps = da.arange(40, chunks=10)
    lazy = [
        counted(steps),
        lrvec.dask.matrix(counted, range(40), (1, 10)),
        lrvec.dask.summarize(counted, range(40), (1, 10)).sum,
    ]
    unborn = steps.map_blocks(refuse, dtype=int)
    counted(unborn)
    lrvec.pointwise(counted, unborn[:2])
    lrvec.summarize(counted, unborn)
    lrvec.dask.matrix(counted, unborn, (1, 10))
    lrvec.dask.summarize(counted, unborn, (1, 10))
    assert asked == []
    for one in lazy:
        assert one.shape[0] == 2
        computed(one)
        assert sorted(asked) == [*range(40)]
        asked.clear()


def test_what_is_refused_at_once() -> None:
    steps = da.arange(10, chunks=5)
    for schedule in (SWEEPS["schedule"], COSINES):
        with pytest.raises(TypeError, match=r"^out must be None "):
            schedule(steps, out=np.empty(10))
        with pytest.raises(ValueError, match=r"^workers must be a positive integer, received 0$"):
            schedule(steps, workers=0)
        with pytest.raises(TypeError, match=r"^dtype must be float64 or float32, received 'int8'$"):
            schedule(steps, dtype="int8")
        for call in (schedule, lambda steps, sweep=schedule: lrvec.dask.matrix(sweep, steps, (1, 1))):
            for dtype in (float, bool, complex):
                message = f"steps must be non-negative integers, received a dask array of dtype {np.dtype(dtype)}"
                with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
                    call(steps.astype(dtype))


@pytest.mark.parametrize("scheduler", ["synchronous", "threads"])
def test_a_bad_step_is_named_by_its_index_within_the_block(scheduler: str) -> None:
    steps = np.arange(30)
    steps[17] = -4
    for call in (
        SWEEPS["schedule"],
        COSINES,
        lambda steps: lrvec.dask.matrix(COSINES, steps, (4, 10)),
        lambda steps: lrvec.dask.summarize(COSINES, steps, (4, 10)).max,
    ):
        lazy = call(da.from_array(steps, chunks=10))
        index = 17 if lazy.shape == (23,) else 7  # the summary of so few steps is one block
        with pytest.raises(ValueError, match=f"^step at index {index} must be a non-negative integer, received -4$"):
            lazy.compute(scheduler=scheduler)
    assert same_bits(computed(COSINES(da.arange(10, chunks=5))), COSINES(range(10)))


# ---- the matrix ----


@pytest.mark.parametrize("name", SWEEPS)
@pytest.mark.parametrize("steps", [range(60), range(7, 60, 9), range(90, -1, -7), range(0), range(5, 6)], ids=str)
def test_the_matrix_has_the_bits_of_the_one_in_memory(name: str, steps: range) -> None:
    sweep = SWEEPS[name]
    known = sweep(steps)
    for rows in (1, 2, 3, 5, 8, 23, 1000):
        for columns in (1, 4, 60, 1000) if rows == 3 else (7,):
            lazy = lrvec.dask.matrix(sweep, steps, (rows, columns))
            assert (lazy.shape, lazy.dtype) == (known.shape, np.float64)
            assert max(lazy.chunks[-1], default=0) <= columns
            assert math.prod(max(sizes) for sizes in lazy.chunks[:-1]) <= rows
            assert same_bits(computed(lazy), known)


def test_blocks_are_as_large_as_they_may_be() -> None:
    def chunks(sweep: Any, rows: int) -> Any:
        return lrvec.dask.matrix(sweep, range(10), (rows, 4)).chunks

    assert chunks(SWEEPS["schedule"], 5) == ((4, 4, 2),)
    assert chunks(COSINES, 10) == ((10, 10, 3), (4, 4, 2))
    assert chunks(GRID, 1) == ((1, 1, 1), (1, 1), (1, 1, 1, 1), (4, 4, 2))
    assert chunks(GRID, 3) == ((1, 1, 1), (1, 1), (3, 1), (4, 4, 2))
    assert chunks(GRID, 7) == ((1, 1, 1), (1, 1), (4,), (4, 4, 2))
    assert chunks(GRID, 16) == ((2, 1), (2,), (4,), (4, 4, 2))
    assert chunks(GRID, 24) == ((3,), (2,), (4,), (4, 4, 2))


def test_steps_in_arrays_and_lists() -> None:
    steps = np.array(shuffled(range(200), "steps"))
    known = COSINES(steps)
    for form in (steps, steps.tolist(), steps.astype(">u2"), np.repeat(steps, 2)[::2], da.from_array(steps, chunks=33)):
        assert same_bits(computed(lrvec.dask.matrix(COSINES, form, (5, 17))), known)


def test_a_graph_is_small_and_holds_each_part_once() -> None:
    sweep = lrvec.cosine(base_lr=np.linspace(0.1, 1.0, 10_000), min_lr=0.0, total_steps=10**4)
    room = 8 * sweep.size + (10 + 100) * 1024  # the rates, and a KiB for each part of the rows or of the steps
    lazy = lrvec.dask.matrix(sweep, range(10**4), (1000, 100))
    assert len(dict(lazy.__dask_graph__())) == 10 * 100 + 10 + 100
    assert len(pickle.dumps(lazy.__dask_graph__())) < room
    assert same_bits(computed(lazy[2345, -3:]), sweep[2345](range(10**4 - 3, 10**4)))
    summary = lrvec.dask.summarize(sweep, range(10**9), (1000, 10**9))
    assert len(dict(summary.sum.__dask_graph__())) == 10 + 1 + 3 * 10
    assert len(pickle.dumps(summary.sum.__dask_graph__())) < room


def test_one_sweep_has_one_name() -> None:
    def name(sweep: Any, *arguments: Any) -> str:
        return lrvec.dask.matrix(sweep, *arguments).name

    again = lrvec.cosine(**COSINES.params)
    assert name(COSINES, range(9), (2, 3)) == name(again, range(9), (2, 3))
    others = [
        (COSINES[1:], range(9), (2, 3)),
        (COSINES, range(8), (2, 3)),
        (COSINES, range(9), (3, 3)),
        (COSINES, range(9), (2, 4)),
    ]
    assert len({name(*other) for other in [*others, (COSINES, range(9), (2, 3))]}) == 5


# ---- the summary ----


@pytest.fixture(params=[2048] if PYTHON else [2048, sizes.SPAN])
def span(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(sizes, "SPAN", request.param)
    return request.param


@pytest.mark.parametrize("name", SWEEPS)
def test_the_summary_has_the_bits_of_the_one_in_memory(name: str) -> None:
    sweep = SWEEPS[name]
    for steps in (range(60), range(7, 900, 9), range(90, -1, -7), range(5, 6), np.arange(40).reshape(5, 8)):
        known = lrvec.summarize(sweep, steps)
        for chunks in ((1, 1), (3, 5), (8, 10**6), (1000, 1000)):
            assert summaries_agree(lrvec.dask.summarize(sweep, steps, chunks), known)


def test_a_sum_of_many_spans_does_not_depend_on_chunks(span: int) -> None:
    steps = range(1, 5 * span + 99, 1)
    sweep = lrvec.stack(
        [
            lrvec.cosine(base_lr=0.1, min_lr=1e-7, total_steps=4 * span),
            lrvec.triangular(min_lr=0.1, max_lr=0.3, step_size=span // 2),
            lrvec.exponential(base_lr=1e-300, gamma=1.001),
        ]
    )
    known = lrvec.summarize(sweep, steps)
    assert known.min_step.tolist() == [4 * span, span, 1]
    assert math.isinf(known.sum[2]) == (span > 2048)
    for chunks in ((1, 1), (2, 2 * span), (1, 3 * span - 1), (3, 100 * span)):
        lazy = lrvec.dask.summarize(sweep, steps, chunks)
        assert summaries_agree(lazy, known)
    assert summaries_agree(lrvec.dask.summarize(sweep, steps[::-1], (1, 1)), lrvec.summarize(sweep, steps[::-1]))


def test_the_steps_of_extremes_are_those_of_arrays() -> None:
    steps = np.array(shuffled(range(5000), "extremes"))
    for form in (
        steps,
        steps.astype(">i4"),
        da.from_array(steps, chunks=777),
        da.from_array(steps.reshape(50, 100), chunks=(50, 100)),
    ):
        assert summaries_agree(lrvec.dask.summarize(COSINES, form, (4, 1)), lrvec.summarize(COSINES, steps))


def test_the_first_of_equal_extremes_in_arrays_of_many_spans(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sizes, "SPAN", 1024)
    steps = np.array(shuffled(range(5000), "spans"))
    sweep = lrvec.triangular(min_lr=[0.0, 0.1, 0.5], max_lr=[1.0, 0.2, 0.5], step_size=[1, 7, 600])
    for form in (steps, da.from_array(steps, chunks=500)):
        for width in (1, 2048, 10**6):
            assert summaries_agree(lrvec.dask.summarize(sweep, form, (2, width)), lrvec.summarize(sweep, steps))


def test_a_block_is_computed_once_for_all_fields() -> None:
    asked: list[int] = []
    counted = lrvec.stack([lambda step: asked.append(step) or 0.5] * 3)
    computed(lrvec.dask.summarize(counted, range(10), (1, 10)))
    assert len(asked) == 30


# ---- bad input ----


@pytest.mark.parametrize(
    ("chunks", "message"),
    [
        ((0, 5), "chunks[0] must be a positive integer, received 0"),
        ((5, 0), "chunks[1] must be a positive integer, received 0"),
        ((-1, 5), "chunks[0] must be a positive integer, received -1"),
        ((5, 2.5), "chunks[1] must be a positive integer, received 2.5"),
        (("auto", 5), "chunks[0] must be a positive integer, received 'auto'"),
        *(
            (chunks, f"chunks must be two integers, the rows and the steps of a block, received {chunks!r}")
            for chunks in (0, None, "auto", (5,), (), (1, 2, 3), ((1, 2), (3,)), [[4], 4])
        ),
    ],
    ids=str,
)
def test_chunks_that_are_refused(chunks: Any, message: str) -> None:
    for call in (lrvec.dask.matrix, lrvec.dask.summarize):
        with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
            call(COSINES, range(10), chunks)


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        (range(-1, 5), "step at index 0 must be a non-negative integer, received -1"),
        ([3, 4, -5], "step at index 2 must be a non-negative integer, received -5"),
        (np.array([3, 2**60]), f"step at index 1 must be at most 2**53 = {2**53}, received {2**60}"),
        (
            np.array([0.5]),
            "steps must be non-negative integers, received an array of dtype float64, with 0.5 at index 0",
        ),
        (7, "steps must be a range or an array of one dimension, received 0 dimensions"),
        ("7", "step must be a non-negative integer, received '7'"),
        (np.zeros((2, 3), int), "steps must be a range or an array of one dimension, received 2 dimensions"),
        (da.zeros((2, 3), dtype=int), "steps must be a range or an array of one dimension, received 2 dimensions"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_steps_that_are_refused(steps: Any, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        lrvec.dask.matrix(COSINES, steps, (5, 5))


def test_other_arguments_that_are_refused() -> None:
    for steps in (range(0), np.zeros((3, 0), int), da.zeros(0, dtype=int)):
        with pytest.raises(ValueError, match=r"^steps must hold at least one step, received none$"):
            lrvec.dask.summarize(COSINES, steps, (5, 5))
    for call in (lrvec.dask.matrix, lrvec.dask.summarize):
        with pytest.raises(
            TypeError, match=r"^sweep must be a schedule or another callable from a step to a rate, received 0.1$"
        ):
            call(0.1, range(5), (5, 5))


# ---- schedulers ----


@pytest.mark.parametrize("scheduler", ["synchronous", "threads", "processes"])
def test_schedulers(scheduler: str) -> None:
    warm = SWEEPS["warm grid"]
    options = {"scheduler": scheduler, "num_workers": 2}
    assert same_bits(computed(lrvec.dask.matrix(warm, range(50), (4, 20)), **options), warm(range(50)))
    assert summaries_agree(
        lrvec.dask.summarize(MIXED, range(50), (2, 20)), lrvec.summarize(MIXED, range(50)), **options
    )
    assert same_bits(computed(COSINES(da.arange(50, chunks=20)), **options), COSINES(range(50)))


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    """Of four workers, each a process with one thread. Three of them are killed, and nobody waits for those that take their
    places: Dask gives up where it cannot start one."""
    with (
        LocalCluster(
            n_workers=4,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            scheduler_kwargs={"dashboard": False},
        ) as cluster,
        Client(cluster) as client,
    ):
        yield client
        with suppress(distributed.TimeoutError):
            client.wait_for_workers(4, timeout=60)  # to close a worker that is being started may take for ever


def test_a_cluster_of_processes(client: Client) -> None:
    workers = set(client.run(os.getpid).values())
    assert len(workers | {os.getpid()}) == 5
    for sweep in SWEEPS.values():
        lazy = [
            lrvec.dask.matrix(sweep, range(50), (4, 20)),
            lrvec.dask.summarize(sweep, range(50), (4, 20)),
            sweep(da.arange(50, chunks=20)),
        ]
        matrix, summary, called = computed(lazy, scheduler=client)
        assert same_bits(matrix, sweep(range(50)))
        assert same_bits(called, matrix)
        assert all(same_bits(one, other) for one, other in zip(summary, lrvec.summarize(sweep, range(50)), strict=True))


def waits_for(path: Path, name: str) -> Callable[[int], float]:
    """A schedule that tells which process runs it, and goes on when it is told to."""

    def schedule(step: int) -> float:
        (path / f"{name} {os.getpid()}").touch()
        while not (path / "go").exists():
            time.sleep(0.01)
        return 1.0 / (step + 3)

    return schedule


def until(condition: Callable[[], Any]) -> Any:
    for _ in range(12_000):
        if found := condition():
            return found
        time.sleep(0.01)
    raise AssertionError("it does not come about")


@pytest.mark.parametrize("form", ["matrix", "summary", "array"])
def test_a_worker_that_is_killed_at_its_work(client: Client, tmp_path: Path, form: str) -> None:
    fast: list[Callable[[int], float]] = [row for row in COSINES if isinstance(row, lrvec.Schedule)]
    known = lrvec.stack([*fast, *[lambda step: 1.0 / (step + 3)] * 2, *fast])
    sweep = lrvec.stack([*fast, waits_for(tmp_path, "one"), waits_for(tmp_path, "other"), *fast])
    steps = range(90)
    forms: dict[str, Callable[[], Any]] = {
        "matrix": lambda: lrvec.dask.matrix(sweep, steps, (1, 30)),
        "summary": lambda: dask.delayed(lrvec.dask.summarize(sweep, steps, (1, 90))),
        "array": lambda: lrvec.dask.matrix(sweep, da.arange(90, chunks=30), (1, 30)),
    }
    future = client.compute(forms[form]())
    pids = until(lambda: [int(path.name.split()[1]) for path in tmp_path.iterdir()])
    before = set(client.run_on_scheduler(lambda dask_scheduler: list(dask_scheduler.workers)))
    assert not future.done()
    os.kill(pids[0], signal.SIGKILL)
    until(lambda: set(client.run_on_scheduler(lambda dask_scheduler: list(dask_scheduler.workers))) != before)
    assert not future.done()
    (tmp_path / "go").touch()
    found = future.result(timeout=300)
    if form == "summary":
        assert all(same_bits(one, other) for one, other in zip(found, lrvec.summarize(known, steps), strict=True))
    else:
        assert same_bits(found, known(steps))
    assert pids[0] not in client.run(os.getpid).values()


# ---- the page ----


def test_the_page_and_the_docstrings_say_what_is_so() -> None:
    for results in (doctest.testmod(lrvec.dask), doctest.testfile(str(PAGE), module_relative=False)):
        assert results.attempted > 5
        assert results.failed == 0
