"""Random Datasets and random queries: the Python path, the engine's own reader of the same data, its Parquet output and NumPy agree."""

from __future__ import annotations

import contextlib
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cftime
import hypothesis
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import xarray as xr
from hypothesis import strategies as st

import graticule
from conftest import ZARR_FORMAT

TOLERANCE = 1e-9
NAMES = ("time", "lat", "lon", "level")

#: What a query may legitimately raise, alike on all paths.
ALLOWED = (graticule.DataError,)


# ---- random grids


@dataclass
class Grid:
    dataset: xr.Dataset
    chunks: dict[str, int] | None
    dask: dict[str, int] | None


def coordinate(draw: st.DrawFn, name: str, length: int) -> Any:
    if name == "time":
        kind = draw(st.sampled_from(["datetime", "cftime"]))
        steps = np.cumsum(draw(st.lists(st.integers(1, 50), min_size=length, max_size=length)))
        if kind == "cftime":
            return cftime.num2date(steps, "hours since 2000-02-28", calendar="proleptic_gregorian")
        return np.datetime64("2000-02-28", "ns") + steps.astype("m8[h]")
    kind = draw(st.sampled_from(["ascending", "descending", "irregular", "integers"]))
    if kind == "integers":
        return np.arange(length, dtype=draw(st.sampled_from(["i2", "i4", "i8"]))) * 10
    values = np.linspace(-60, 60, length)
    if kind == "irregular":
        values = np.cumsum(draw(st.lists(st.floats(0.125, 9, width=16), min_size=length, max_size=length)))
    values = values.astype(draw(st.sampled_from(["f4", "f8"])))
    return values[::-1].copy() if kind == "descending" else values


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    dims = NAMES[: draw(st.integers(1, 4))]
    lengths = [draw(st.integers(1, 6)) for _ in dims]
    coordinates = {
        name: coordinate(draw, name, length) for name, length in zip(dims, lengths) if draw(st.integers(0, 4)) > 0
    }
    seed = np.random.default_rng(draw(st.integers(0, 2**32)))
    variables = {}
    for number in range(draw(st.integers(1, 3))):
        dtype = np.dtype(draw(st.sampled_from(["f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2"])))
        own = list(dims) if number == 0 else [dim for dim in dims if draw(st.booleans())]
        own = draw(st.permutations(own))
        values = seed.integers(0, 100, [lengths[dims.index(dim)] for dim in own])
        values = (values + seed.random(values.shape)).astype(dtype)
        if dtype.kind == "f" and draw(st.booleans()):
            values = np.where(seed.random(values.shape) < 0.3, np.nan, values).astype(dtype)
        variables[f"v{number}"] = (own, np.asarray(values))
    dataset = xr.Dataset(variables, coords=coordinates)
    cut = st.one_of(st.none(), st.fixed_dictionaries({dim: st.integers(1, 6) for dim in dims}))
    return Grid(dataset, draw(cut), draw(cut))


# ---- random queries


@dataclass
class Asked:
    """A query, and what xarray says to it."""

    sql: str
    dims: list[str]
    expected: xr.DataArray


def times_of(dataset: xr.Dataset) -> xr.Dataset:
    """The Dataset with datetime64 in the place of cftime."""
    if "time" in dataset.coords and dataset.time.dtype == object:
        return dataset.assign_coords(time=[np.datetime64(each.isoformat(), "ns") for each in dataset.time.values])
    return dataset


@st.composite
def questions(draw: st.DrawFn, dataset: xr.Dataset) -> Asked:
    plain = times_of(dataset)
    array = plain.v0
    conditions = []
    for dim in array.dims:
        if dim in plain.coords and draw(st.booleans()):
            values = plain[dim].values
            bound = values[draw(st.integers(0, len(values) - 1))]
            operator = draw(st.sampled_from(["<=", ">=", "<", ">", "="]))
            text = f"TIMESTAMP '{str(bound.astype('M8[us]')).replace('T', ' ')}'" if values.dtype.kind == "M" else repr(bound.item())
            conditions.append(f"{dim} {operator} {text}")
            kept = {
                "<=": values <= bound, ">=": values >= bound, "<": values < bound, ">": values > bound, "=": values == bound,
            }[operator]  # fmt: skip
            array = array.isel({dim: np.flatnonzero(kept)})
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    dims = [str(dim) for dim in array.dims]
    if draw(st.booleans()):
        order = draw(st.permutations(dims))
        return Asked(f"SELECT {', '.join(order)}, v0 AS r FROM {{}}{where}", order, array.transpose(*order))
    keys = [dim for dim in dims if draw(st.booleans())] or dims[:1]
    function = draw(st.sampled_from(["sum", "avg", "min", "max", "count"]))
    rest = [dim for dim in dims if dim not in keys]
    return Asked(
        f"SELECT {', '.join(keys)}, {function}(v0) AS r FROM {{}}{where} GROUP BY {', '.join(keys)}",
        keys,
        reduced(array, function, keys, rest),
    )


def reduced(array: xr.DataArray, function: str, keys: list[str], rest: list[str]) -> xr.DataArray:
    """What an aggregate is over some dimensions: missing where it has no value, or no row."""
    if any(array.sizes[dim] == 0 for dim in rest):
        coords = {dim: array[dim] for dim in keys if dim in array.coords}
        return xr.DataArray(np.full([array.sizes[dim] for dim in keys], np.nan), dims=keys, coords=coords)
    if function == "count":
        return array.count(rest).transpose(*keys)
    wide = array.astype("f8").transpose(*keys, *rest)
    if not rest:
        return wide
    method = {"sum": wide.sum, "avg": wide.mean, "min": wide.min, "max": wide.max}[function]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return method(rest, skipna=True).where(~wide.isnull().all(rest))


# ---- the law


def answer(relation: graticule.Relation) -> pa.Table | type[BaseException]:
    try:
        return relation.to_arrow_table()
    except ALLOWED as failure:
        return type(failure)


def agree(left: pa.Table, right: pa.Table, tolerance: float) -> None:
    """The same rows, in any order."""
    assert left.column_names == right.column_names and left.num_rows == right.num_rows
    keys = [(name, "ascending") for name in left.column_names]
    for one, other in zip(left.sort_by(keys).columns, right.sort_by(keys).columns):
        one_, other_ = one.to_numpy(zero_copy_only=False), other.to_numpy(zero_copy_only=False)
        if one_.dtype.kind in "fiu":
            np.testing.assert_allclose(one_.astype("f8"), other_.astype("f8"), rtol=tolerance, atol=tolerance)
        else:
            np.testing.assert_array_equal(one_, other_)


def check(grid: Grid, asked: Asked, connection: graticule.Connection, folder: Path, tolerance: float = TOLERANCE) -> None:
    dataset = grid.dataset if grid.dask is None else grid.dataset.chunk(grid.dask)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        connection.register("python", dataset, chunks=grid.chunks)
        relation = connection.sql(asked.sql.format("python"))
        ours = answer(relation)
        if isinstance(ours, type):
            return
        # The labelled result is xarray's.
        found = relation.to_xarray().r
        assert found.dims == tuple(asked.dims)
        np.testing.assert_allclose(
            found.values.astype("f8"), asked.expected.values.astype("f8"), rtol=tolerance, atol=tolerance
        )
        for dim in asked.dims:
            if dim in asked.expected.coords:
                np.testing.assert_array_equal(found[dim].values, asked.expected[dim].values)
        # Parquet holds the rows.
        relation.to_parquet(folder / "rows.parquet")
        agree(ours, pq.read_table(folder / "rows.parquet"), tolerance)
        # The engine's own reader of the same data gives the same rows.
        stored = grid.dataset.copy()
        for name, variable in stored.data_vars.items():
            if variable.dtype.kind in "iu":
                # Zarr's fill value would mask zeros in version 2 only.
                variable.encoding["_FillValue"] = None
        stored.to_zarr(folder / "store.zarr", mode="w", consolidated=False, **({"zarr_format": 3} if ZARR_FORMAT == 3 else {}))
        agree(ours, connection.sql(asked.sql.format(f"'{folder / 'store.zarr'}'")).to_arrow_table(), tolerance)


@hypothesis.settings(
    max_examples=40, deadline=None, suppress_health_check=list(hypothesis.HealthCheck), derandomize=True, database=None
)
@hypothesis.given(st.data())
def test_all_paths_agree(data: st.DataObject) -> None:
    grid = data.draw(grids())
    asked = data.draw(questions(grid.dataset))
    with tempfile.TemporaryDirectory() as folder, contextlib.closing(graticule.connect()) as connection:
        check(grid, asked, connection, Path(folder))
