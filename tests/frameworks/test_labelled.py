"""These tests give arrays with labels as steps: xarray's, pandas' and polars'. The rates are the kernels', with the labels."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import array_api_strict
import dask.array
import numpy as np
import pandas
import polars
import polars.testing
import pytest
import torch
import xarray

import lrvec

LINE = lrvec.linear(base_lr=1.0, end_lr=0.0, total_steps=4)
SWEEP = lrvec.linear(base_lr=[1.0, 2.0], end_lr=0.0, total_steps=4)
GRID = lrvec.grid(lrvec.linear, base_lr=[1.0, 2.0], end_lr=[0.0], total_steps=4)
MULTIPLES = lrvec.scale_by_group(LINE, multipliers={"a": 1.0, "b": 0.5})
STACKED = lrvec.stack([LINE, lrvec.constant(lr=3.0)], names=["a", "b"])
ROWS_OF_GROUPS = {MULTIPLES: [[0.75, 0.5], [0.375, 0.25]], STACKED: [[0.75, 0.5], [3.0, 3.0]]}

COORDS = {"run": ["u"], "step": [10, 20], "seed": 7}
TABLE = xarray.DataArray([[1, 2]], COORDS, ("run", "step"), "n", attrs={"units": "steps"})
SERIES = pandas.Series([1, 2], index=["u", "v"], name="n")
COLUMN = polars.Series("n", [1, 2])


def rates_of(values: Any) -> xarray.DataArray:
    return xarray.DataArray([values], COORDS, ("run", "step"), "n")


# ---- xarray ----


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_dims_and_coordinates_stay(dtype: Any) -> None:
    found = LINE(TABLE, dtype=dtype)
    xarray.testing.assert_identical(found, rates_of([0.75, 0.5]).astype(dtype))


def test_an_array_of_dask_within_is_not_computed() -> None:
    found = LINE(TABLE.chunk(1))
    assert isinstance(found.data, dask.array.Array)
    xarray.testing.assert_identical(found.compute(scheduler="synchronous"), rates_of([0.75, 0.5]))


def test_any_array_within_takes_its_own_road() -> None:
    found = LINE(xarray.DataArray(array_api_strict.asarray([1, 2]), dims="step"))
    assert isinstance(found.data, type(array_api_strict.asarray(0)))
    assert (found.dims, np.asarray(found.data).tolist()) == (("step",), [0.75, 0.5])


def test_no_axes() -> None:
    xarray.testing.assert_identical(LINE(xarray.DataArray(3, {"seed": 7})), xarray.DataArray(0.25, {"seed": 7}))


def test_the_axes_of_a_sweep_come_first() -> None:
    rows = [[[0.75, 0.5]], [[1.5, 1.0]]]
    xarray.testing.assert_identical(SWEEP(TABLE), xarray.DataArray(rows, COORDS, ("row_0", "run", "step"), "n"))
    grid = xarray.DataArray([[row] for row in rows], COORDS, ("row_0", "row_1", "run", "step"), "n")
    xarray.testing.assert_identical(GRID(TABLE), grid)


def test_an_axis_of_a_sweep_has_a_name_of_its_own() -> None:
    steps = xarray.DataArray([1, 2], {"row_1": 7}, "row_0")
    assert SWEEP(steps).dims == ("row_2", "row_0")
    assert GRID(steps).dims == ("row_2", "row_3", "row_0")


def test_an_axis_that_the_rows_make_longer_has_no_coordinates() -> None:
    found = lrvec.pointwise(GRID, TABLE)
    left = {"step": [10, 20], "seed": 7}
    xarray.testing.assert_identical(found, xarray.DataArray([[0.75, 0.5], [1.5, 1.0]], left, ("run", "step"), "n"))
    whole = lrvec.pointwise(GRID[:1], TABLE)
    xarray.testing.assert_identical(whole, rates_of([0.75, 0.5]))


def test_a_step_for_each_row_of_dask_s_array_within() -> None:
    found = lrvec.pointwise(SWEEP, TABLE.chunk(1))
    assert isinstance(found.data, dask.array.Array)
    xarray.testing.assert_identical(found.compute(scheduler="synchronous"), rates_of([0.75, 1.0]))
    lazy = lrvec.summarize(SWEEP, TABLE.chunk(1))
    assert isinstance(lazy.sum, dask.array.Array)
    assert lazy.sum.compute(scheduler="synchronous").tolist() == [1.25, 2.5]


@pytest.mark.parametrize("groups", ROWS_OF_GROUPS, ids=["scale_by_group", "stack"])
@pytest.mark.parametrize("steps", [TABLE, TABLE.chunk(1)], ids=["in memory", "dask"])
def test_groups_of_xarray(groups: Any, steps: Any) -> None:
    for rates, row in zip(groups(steps).values(), ROWS_OF_GROUPS[groups], strict=True):
        xarray.testing.assert_identical(rates.compute(scheduler="synchronous"), rates_of(row))


# ---- pandas ----


@pytest.mark.parametrize("dtype", ["int64", "uint8", "Int64", "object", "category"])
def test_the_index_stays(dtype: str) -> None:
    wanted = pandas.Series([0.75, 0.5], index=["u", "v"], name="n")
    pandas.testing.assert_series_equal(LINE(SERIES.astype(dtype)), wanted)
    pandas.testing.assert_series_equal(LINE(SERIES.astype(dtype), dtype=np.float32), wanted.astype(np.float32))


@pytest.mark.parametrize("index", [pandas.Index([1, 2], name="step"), pandas.RangeIndex(1, 3, name="step")], ids=repr)
def test_the_rates_of_an_index_are_indexed_by_it(index: Any) -> None:
    pandas.testing.assert_series_equal(LINE(index), pandas.Series([0.75, 0.5], index=index), check_index_type="exact")


@pytest.mark.parametrize("groups", ROWS_OF_GROUPS, ids=["scale_by_group", "stack"])
def test_groups_of_pandas(groups: Any) -> None:
    for rates, row in zip(groups(SERIES).values(), ROWS_OF_GROUPS[groups], strict=True):
        pandas.testing.assert_series_equal(rates, pandas.Series(row, index=["u", "v"], name="n"))


ARRAYS = [pandas.array([1, 2]), pandas.array([1, 2], "Int64"), pandas.array(np.array([1, 2])), pandas.Categorical([1, 2])]


@pytest.mark.parametrize("array", ARRAYS, ids=lambda array: type(array).__name__)
def test_arrays_of_pandas_itself(array: Any) -> None:
    """They have no labels, so the rates are plain; but xarray's may hold one."""
    rates = LINE(array)
    assert type(rates) is np.ndarray
    assert rates.tolist() == [0.75, 0.5]
    xarray.testing.assert_identical(LINE(xarray.DataArray(array, dims="step")), xarray.DataArray([0.75, 0.5], dims="step"))


# ---- polars ----


@pytest.mark.parametrize("dtype", [polars.Int64, polars.UInt8, polars.Int16, polars.Int128])
def test_polars_gives_a_series(dtype: Any) -> None:
    polars.testing.assert_series_equal(LINE(COLUMN.cast(dtype)), polars.Series("n", [0.75, 0.5]))
    rounded = polars.Series("n", [0.75, 0.5], dtype=polars.Float32)
    polars.testing.assert_series_equal(LINE(COLUMN.cast(dtype), dtype=np.float32), rounded)


@pytest.mark.parametrize("groups", ROWS_OF_GROUPS, ids=["scale_by_group", "stack"])
def test_groups_of_polars(groups: Any) -> None:
    for rates, row in zip(groups(COLUMN).values(), ROWS_OF_GROUPS[groups], strict=True):
        polars.testing.assert_series_equal(rates, polars.Series("n", row))


# ---- all ----

FLAT = {"xarray": TABLE[0], "pandas": SERIES, "an index": pandas.Index([1, 2]), "polars": COLUMN}
flat = pytest.mark.parametrize("steps", FLAT.values(), ids=FLAT)


def test_the_classes_are_those_that_are_known() -> None:
    assert {type(steps) for steps in FLAT.values()} == {xarray.DataArray, pandas.Series, pandas.Index, polars.Series}


@flat
def test_a_step_for_each_row_keeps_the_labels(steps: Any) -> None:
    """But where the rows make the axis longer: the labels are those of a shorter one."""
    found = lrvec.pointwise(SWEEP, steps)
    assert type(found) is type(LINE(steps))
    assert np.asarray(found).tolist() == [0.75, 1.0]
    assert np.asarray(lrvec.pointwise(SWEEP, steps[:1])).tolist() == [0.75, 1.5]


@flat
@pytest.mark.parametrize("groups", ROWS_OF_GROUPS, ids=["scale_by_group", "stack"])
def test_matrices_of_groups(steps: Any, groups: Any) -> None:
    """They have an axis more, so xarray alone has a place for the labels."""
    found = groups.matrix(steps)
    assert np.asarray(found).tolist() == ROWS_OF_GROUPS[groups]
    if isinstance(steps, xarray.DataArray):
        assert (found.dims, found.name) == (("row_0", "step"), "n")
        xarray.testing.assert_equal(found.coords["step"], steps.coords["step"])
    else:
        assert type(found) is np.ndarray
    out = np.empty((2, 2))
    assert groups.matrix(steps, out=out) is out
    assert out.tolist() == ROWS_OF_GROUPS[groups]


@flat
def test_beside_a_parameter_of_another_library(steps: Any) -> None:
    """The rates are arrays of that library, which have no labels."""
    traced = lrvec.linear(base_lr=torch.tensor(1.0), end_lr=0.0, total_steps=4)
    for rates in (traced(steps), lrvec.pointwise(traced, steps)):
        assert rates.tolist() == [0.75, 0.5]


@flat
def test_out_and_workers(steps: Any) -> None:
    out = np.zeros(2)
    assert LINE(steps, out=out, workers=2) is out
    assert out.tolist() == [0.75, 0.5]


@flat
def test_a_callable_is_asked_step_by_step(steps: Any) -> None:
    called = lrvec.sequential([(9, lambda step: step / 8)])
    assert np.asarray(called(steps)).tolist() == [0.125, 0.25]
    assert type(called(steps)) is type(LINE(steps))


@flat
def test_questions_take_the_array_within(steps: Any) -> None:
    assert lrvec.summarize(LINE, steps) == lrvec.summarize(LINE, [1, 2])
    assert [values.tolist() for *_, values in lrvec.blocks(SWEEP, steps, 10**6)] == [[[0.75, 0.5], [1.5, 1.0]]]
    assert lrvec.multi_step(base_lr=1.0, milestones=np.asarray(steps), gamma=0.5)(2) == 0.25


@pytest.mark.parametrize("steps", [SERIES, pandas.Index([1, 2]), COLUMN], ids=lambda steps: type(steps).__module__)
def test_a_series_has_no_axes_for_rows(steps: Any) -> None:
    found = SWEEP(steps)
    assert type(found) is np.ndarray
    assert found.tolist() == [[0.75, 0.5], [1.5, 1.0]]


@pytest.mark.parametrize("steps", [SERIES, COLUMN], ids=["pandas", "polars"])
def test_milestones_are_a_series_s_values(steps: Any) -> None:
    assert lrvec.multi_step(base_lr=1.0, milestones=steps, gamma=0.5).params["milestones"] == (1, 2)


ONE_BY_ONE = "must be a non-negative integer, received"
WHOLE = "steps must be non-negative integers, received an array of"
MAKERS: dict[str, Callable[..., Any]] = {
    "xarray": lambda values: xarray.DataArray(np.array(values)),
    "pandas": pandas.Series,
    "an index": pandas.Index,
    "polars": polars.Series,
}


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([3, -1], f"step at index 1 {ONE_BY_ONE} -1"),
        ([True, False], f"{WHOLE} dtype bool, with True at index 0"),
        ([1.5, 2.0], f"{WHOLE} dtype float64, with 1.5 at index 0"),
    ],
    ids=str,
)
def test_is_refused_as_the_array_within(make: Callable[..., Any], values: Any, said: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(said)}$"):
        LINE(make(values))


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        (pandas.Series([1, None], dtype="Int64"), f"step at index 1 {ONE_BY_ONE} <NA>"),
        (pandas.Index([1, None, 3]), f"{WHOLE} dtype float64, with 1.0 at index 0"),
        (pandas.Series(["1"]), f"step at index 0 {ONE_BY_ONE} '1'"),
        (pandas.MultiIndex.from_tuples([(1, 2)]), f"{WHOLE} arrays"),
        (pandas.array([1, None]), f"step at index 1 {ONE_BY_ONE} <NA>"),
        (xarray.DataArray(pandas.array([1, None])), f"step at index 1 {ONE_BY_ONE} <NA>"),
        (polars.Series([1, None]), f"step at index 1 {ONE_BY_ONE} None"),
        (polars.Series([1, -1], dtype=polars.Int128), f"step at index 1 {ONE_BY_ONE} -1"),
        (polars.Series(["1"]), f"step at index 0 {ONE_BY_ONE} '1'"),
        (polars.Series([[1], [2, 3]]), f"{WHOLE} arrays"),
        (xarray.DataArray(dask.array.ones(2)), "steps must be non-negative integers, received a dask array of dtype float64"),
        (pandas.DataFrame({"n": [1]}), f"step {ONE_BY_ONE} a DataFrame of pandas"),
        (polars.DataFrame({"n": [1]}), f"step {ONE_BY_ONE} a DataFrame of polars"),
        (TABLE.to_dataset(), f"step {ONE_BY_ONE} a Dataset of xarray"),
    ],
    ids=lambda value: type(value).__module__,
)
def test_is_refused(steps: Any, said: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(said)}$"):
        LINE(steps)


def test_out_is_untouched_by_a_refusal() -> None:
    for make in MAKERS.values():
        out = np.full(2, 7.0)
        with pytest.raises(ValueError, match=r"^step at index 1 "):
            LINE(make([3, -1]), out=out)
        assert out.tolist() == [7.0, 7.0]
