"""Context, read_xarray and graticule.compat: what users of xarray-sql and of this project's origin have in their hands."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import xarray as xr

import graticule
from graticule import compat


@pytest.fixture
def ctx() -> Iterator[graticule.Context]:
    with graticule.Context(threads=2) as context:
        yield context
        context._forget()


def air() -> xr.Dataset:
    return xr.Dataset(
        {"air": (("time", "lat", "lon"), np.arange(24.0).reshape(2, 3, 4)), "area": (("lat",), [1.0, 2.0, 3.0])},
        coords={
            "time": pd.date_range("2024-01-01", periods=2),
            "lat": ("lat", [50.0, 40.0, 30.0], {"units": "degrees_north"}),
            "lon": [0, 90, 180, 270],
        },
    )


def counted() -> tuple[xr.Dataset, list[int]]:
    """A Dataset of dask blocks, and a list that grows when one is computed."""
    import dask.array

    computed: list[int] = []

    def block(values: np.ndarray) -> np.ndarray:
        computed.append(values.size)
        return values

    values = dask.array.from_array(np.arange(12.0).reshape(4, 3), chunks=(2, 3)).map_blocks(block, dtype="f8", meta=np.empty((0, 0)))
    return xr.Dataset({"v": (("y", "x"), values)}), computed


def test_a_context_registers_datasets_and_answers(ctx) -> None:
    dataset = air().drop_vars("area")
    assert ctx.from_dataset("air", dataset, chunks={"time": 1}) is ctx
    means = ctx.sql('SELECT "lat", AVG("air") AS air FROM "air" WHERE lat > $least GROUP BY "lat"', param_values={"least": 35})
    back = means.to_dataset()
    xr.testing.assert_allclose(back, dataset.sel(lat=slice(50, 35)).mean(["time", "lon"]))
    assert back.lat.attrs == {"units": "degrees_north"}
    assert ctx.sql("SELECT count(*) FROM air WHERE lon = ?", [90]).fetchall() == [(6,)]
    with pytest.raises(TypeError):
        ctx.sql("SELECT ?", [1], param_values=[1])
    with pytest.raises(graticule.BindingError):
        ctx.sql("SELECT * FROM dataset").fetchall()
    with pytest.raises(TypeError, match="DataFrame"):
        ctx.from_dataset("d", pd.DataFrame())


def test_tables_of_a_dataset_are_called_as_told(ctx) -> None:
    ctx.from_dataset("usual", air())
    assert ctx.sql("SELECT count(air) FROM usual.time_lat_lon").fetchall() == [(24,)]
    ctx.from_dataset("told", air(), table_names={("time", "lat", "lon"): "surface", ("lat",): "rings"})
    assert ctx.sql("SELECT count(air) FROM told.surface").fetchall() == [(24,)]
    assert ctx.sql("SELECT sum(area) FROM told.rings").fetchall() == [(6,)]
    ctx.from_dataset("wrong", air(), table_names={("time", "lat"): "none"})
    with pytest.raises(graticule.BindingError, match=r"'none' alone: \[time, lat\]"):
        ctx.sql("SELECT count(air) FROM wrong").fetchall()
    ctx.from_dataset("unknown", air(), table_names={("level",): "none"})
    with pytest.raises(graticule.BindingError, match="no axis 'level'"):
        ctx.sql("SELECT count(air) FROM unknown").fetchall()


def test_read_xarray_is_a_reader_of_all_cells_that_computes_while_it_is_read() -> None:
    dataset, computed = counted()
    reader = graticule.read_xarray(dataset, {"y": 2})
    assert isinstance(reader, pa.RecordBatchReader) and reader.schema.names == ["y", "x", "v"] and computed == []
    assert reader.read_all().column("v").to_pylist() == list(range(12)) and sum(computed) == 12
    assert reader.read_all().num_rows == 0


def test_read_xarray_table_serves_many_queries_and_stays_a_grid(con) -> None:
    dataset, computed = counted()
    table = graticule.read_xarray_table(dataset, {"y": 2})
    assert table.schema.names == ["y", "x", "v"]
    con.register("d", table)
    assert computed == []
    for _ in range(2):
        assert con.sql("SELECT sum(v) FROM d WHERE y < 2").fetchall() == [(15,)]
        assert con.sql('SELECT sum(v) FROM "table" WHERE y < 2').fetchall() == [(15,)]
    # The blocks that the condition rejects were never computed.
    assert sum(computed) == 4 * 6
    assert con.sql("SELECT y, x, v FROM d").to_xarray().v.dims == ("y", "x")
    for _ in range(2):
        assert pa.table(table).column("v").to_pylist() == list(range(12))
    labelled = graticule.read_xarray_table(air().drop_vars("area"))
    con.register("e", labelled)
    assert con.sql("SELECT lat, avg(air) AS a FROM e GROUP BY lat").to_xarray().lat.attrs == {"units": "degrees_north"}
    with pytest.raises(TypeError):
        graticule.read_xarray_table(3)


def test_a_lazy_stream_is_for_one_query(con) -> None:
    dataset, computed = counted()
    stream = compat.read_xarray_lazy(dataset, {"y": 2})
    con.register("once", stream)
    assert stream.schema == compat.parse_schema(dataset) and computed == []
    assert con.sql("SELECT sum(v) FROM once").fetchall() == [(66,)]
    with pytest.raises(graticule.SourceError, match="only once"):
        con.sql("SELECT sum(v) FROM once").fetchall()
    other = compat.read_xarray_lazy(dataset, {"y": 2})
    assert pa.table(other).num_rows == 12
    with pytest.raises(graticule.SourceError, match="only once"):
        pa.table(other)


def test_the_schema_comes_from_dtypes_and_attributes() -> None:
    dataset, computed = counted()
    assert compat.parse_schema(dataset).remove_metadata() == graticule.read_xarray(dataset).schema.remove_metadata()
    assert computed == []
    schema = compat.parse_schema(air()[["area"]])
    assert schema.field("lat").type == pa.float64() and schema.field("lat").metadata[b"units"] == b"degrees_north"


@pytest.mark.parametrize("chunks", [{"y": 3}, {"y": 3, "x": 2}, {"x": -1, "y": 5}, {"y": 99}, 2])
def test_block_slices_are_the_blocks_that_dask_would_make(chunks) -> None:
    dataset = xr.Dataset({"v": (("y", "x"), np.arange(35).reshape(7, 5))})
    blocks = list(compat.block_slices(dataset, chunks))
    sizes = [dataset.isel(block).sizes for block in blocks]
    cut = dataset.chunk(chunks)
    assert sizes == [{"y": y, "x": x} for y in cut.chunksizes["y"] for x in cut.chunksizes["x"]]
    assert np.concatenate([dataset.v[block["y"], block["x"]].values.ravel() for block in blocks]).size == 35
    assert sorted(v for block in blocks for v in dataset.v.isel(block).values.ravel()) == list(range(35))


def test_block_slices_of_chunks_that_a_dataset_has() -> None:
    dataset = xr.Dataset({"v": (("y", "x"), np.zeros((7, 5)))})
    with pytest.raises(graticule.BindingError, match="pass chunks"):
        compat.block_slices(dataset)
    with pytest.raises(graticule.BindingError, match="no dimension"):
        compat.block_slices(dataset, {"z": 1})
    own = dataset.chunk({"y": (1, 4, 2)})
    assert [block["y"] for block in compat.block_slices(own)] == [slice(0, 1), slice(1, 5), slice(5, 7)]
    assert list(compat.block_slices(own, {"y": 7})) == [{"y": slice(0, 7), "x": slice(0, 5)}]
    empty = xr.Dataset({"v": (("y",), np.zeros(0))})
    assert list(compat.block_slices(empty, {"y": 2})) == [{"y": slice(0, 0)}]


def test_pivot_is_what_to_dataframe_gives() -> None:
    dataset = air().assign_coords(height=2.0, zone=("lat", ["a", "b", "c"]))
    dataset["air"][0, 0, 0] = np.nan
    expected = dataset.to_dataframe().reset_index()
    found = compat.pivot(dataset)
    pd.testing.assert_frame_equal(found[list(expected)], expected, check_dtype=False)
    assert len(found.columns) == len(expected.columns)
