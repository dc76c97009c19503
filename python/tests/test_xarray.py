"""xarray objects as tables, and results as xarray objects."""

from __future__ import annotations

import threading
from pathlib import Path

import cftime
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import xarray as xr

import graticule
from conftest import ZARR_FORMAT


def air(chunks: dict[str, int] | None = None) -> xr.Dataset:
    """A small grid with gaps, and latitudes that descend."""
    time = pd.date_range("2024-02-27", periods=10, freq="12h")
    values = np.random.default_rng(7).normal(280, 5, (10, 4, 6)).astype("f4")
    values[3, 1, 2] = np.nan
    dataset = xr.Dataset(
        {
            "t2m": (("time", "lat", "lon"), values, {"units": "K", "valid_min": 1.5, "note": "7"}),
            "rh": (("lat", "lon", "time"), np.arange(240).reshape(4, 6, 10)),
            "mask": (("lat", "lon"), values[0] > 280),
        },
        coords={
            "time": ("time", time, {"long_name": "time"}),
            "lat": ("lat", np.array([75, 25, -25, -75], "f4"), {"units": "degrees_north"}),
            "lon": ("lon", np.arange(6) * 60.0),
            "area": (("lat", "lon"), np.ones((4, 6))),
            "height": 2.0,
        },
    )
    dataset.time.encoding.update(units="hours since 1900-01-01", calendar="standard")
    return dataset.chunk(chunks) if chunks else dataset


class Recorder(xr.backends.BackendArray):
    """An array that notes which boxes were read."""

    def __init__(self, values: np.ndarray, read: list[tuple]) -> None:
        self.shape, self.dtype = values.shape, values.dtype
        self._values, self._read = values, read
        self._lock = threading.Lock()
        self.failure: BaseException | None = None

    def __getitem__(self, key: xr.core.indexing.ExplicitIndexer) -> np.ndarray:
        return xr.core.indexing.explicit_indexing_adapter(
            key, self.shape, xr.core.indexing.IndexingSupport.BASIC, self._raw
        )

    def _raw(self, key: tuple) -> np.ndarray:
        if self.failure is not None:
            raise self.failure
        with self._lock:
            self._read.append(tuple((part.start, part.stop) for part in key))
        return self._values[key]


def recorded(chunk: int = 4) -> tuple[xr.Dataset, dict[str, list[tuple]], Recorder]:
    read: dict[str, list[tuple]] = {"a": [], "b": []}
    arrays = {name: Recorder(np.arange(240.0).reshape(10, 4, 6), read[name]) for name in read}
    variables = {
        name: xr.Variable(("t", "y", "x"), xr.core.indexing.LazilyIndexedArray(array), encoding={"chunks": (chunk, 4, 6)})
        for name, array in arrays.items()
    }
    return xr.Dataset(variables, coords={"t": np.arange(10), "y": np.arange(4), "x": np.arange(6)}), read, arrays["a"]


# ---- in


def test_nothing_is_read_at_registration_and_only_what_a_query_needs_after_it(con) -> None:
    dataset, read, _ = recorded()
    con.register("d", dataset)
    relation = con.sql("SELECT a FROM d WHERE t >= 5 AND x = 2")
    assert relation.columns == ["a"] and "chunks" in relation.explain()
    assert con.sql("SELECT count(*), sum(t) FROM d").fetchall() == [(240, 1080)]
    assert read == {"a": [], "b": []}
    assert sorted(value for value, in relation.fetchall()) == sorted(np.arange(240.0).reshape(10, 4, 6)[5:, :, 2].ravel())
    assert read["b"] == [] and sorted(read["a"]) == [((5, 8), (0, 4), (2, 3)), ((8, 10), (0, 4), (2, 3))]
    relation.fetchall()
    assert len(read["a"]) == 4


def test_a_limit_leaves_chunks_unread(con) -> None:
    dataset, read, _ = recorded(chunk=1)
    con.register("d", dataset)
    con.sql("SET threads = 1")
    assert len(con.sql("SELECT a FROM d LIMIT 5").fetchall()) == 5
    assert len(read["a"]) < 10
    read["a"].clear()
    assert con.sql("SELECT a FROM d LIMIT 0").fetchall() == []
    assert read["a"] == []


def test_chunks_cut_the_blocks(con) -> None:
    dataset, read, _ = recorded()
    con.register("d", dataset, chunks={"t": 5, "y": 2})
    con.sql("SELECT sum(a) FROM d").fetchall()
    assert sorted(read["a"]) == [((t, t + 5), (y, y + 2), (0, 6)) for t in (0, 5) for y in (0, 2)]
    with pytest.raises(graticule.BindingError, match="no dimension"):
        con.register("e", dataset, chunks={"z": 1})
    with pytest.raises(graticule.BindingError):
        con.register("e", dataset, chunks={"t": 0})
    with pytest.raises(TypeError):
        con.register("e", dataset, chunks="auto")


def test_an_error_while_a_block_is_read(con) -> None:
    dataset, _, array = recorded()
    array.failure = OSError("the tape is torn")
    con.register("d", dataset)
    with pytest.raises(graticule.SourceError, match="'a'.*the tape is torn") as caught:
        con.sql("SELECT sum(a) FROM d").fetchall()
    assert caught.value.__cause__ is array.failure
    assert con.sql("SELECT count(b) FROM d").fetchall() == [(240,)]


@pytest.mark.parametrize("chunks", [None, {"time": 3}, {"time": 4, "lat": 3, "lon": 4}], ids=["memory", "time", "all"])
def test_the_answers_are_xarray_s(con, chunks) -> None:
    dataset = air(chunks)
    con.register("air", dataset)
    means = con.sql("SELECT lat, avg(t2m) AS t FROM air GROUP BY lat").to_xarray()
    np.testing.assert_allclose(means.t, dataset.t2m.mean(["time", "lon"], dtype="f8"))
    xr.testing.assert_equal(
        con.sql("SELECT time, lat, lon, t2m FROM air").to_xarray().t2m.drop_vars([]),
        dataset.t2m.drop_vars(["area", "height"]).compute(),
    )
    assert con.sql("SELECT sum(rh), count(t2m), count(*) FROM air").fetchall() == [(28680, 239, 240)]
    warm = con.sql("SELECT count(*) FROM air WHERE mask AND time > '2024-02-28'").fetchall()[0][0]
    assert warm == int(dataset.mask.sum()) * 7


def test_every_dtype(con) -> None:
    dtypes = ["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "?", ">i4", ">f8"]
    dataset = xr.Dataset({f"v{number}": ("x", np.array([0, 1, 1], dtype)) for number, dtype in enumerate(dtypes)})
    con.register("d", dataset)
    con.register("e", dataset.chunk({"x": 2}))
    for name in ("d", "e"):
        relation = con.sql("SELECT " + ", ".join(f"v{number}" for number in range(len(dtypes))) + f" FROM {name}")
        assert relation.types == [
            "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT",
            "REAL", "REAL", "DOUBLE", "BOOLEAN", "INTEGER", "DOUBLE",
        ]  # fmt: skip
        assert [tuple(map(int, row)) for row in relation.fetchall()] == [(0,) * 14, (1,) * 14, (1,) * 14]


def test_memory_of_any_layout_is_read_where_it_is(con) -> None:
    base = np.arange(240).reshape(10, 4, 6)
    views = {
        "fortran": np.asfortranarray(base),
        "reversed": base[::-1, :, ::-1],
        "strided": np.arange(480).reshape(10, 4, 12)[:, :, ::2],
        "broadcast": np.broadcast_to(np.arange(6), (10, 4, 6)),
        "flags": np.asfortranarray(base % 3 == 0)[::-1],
        "unaligned": np.frombuffer(b"\0" + base.astype("i8").tobytes(), "i8", offset=1).reshape(10, 4, 6),
    }
    dataset = xr.Dataset({name: (("t", "y", "x"), values) for name, values in views.items()})
    for number, each in enumerate((dataset, dataset.chunk({"t": 3}))):
        con.register(f"d{number}", each)
        for name, values in views.items():
            found = con.sql(f"SELECT {name} FROM d{number} WHERE t BETWEEN 2 AND 8 AND x <> 1").fetchnumpy()[name]
            expected = values[2:9][:, :, [0, 2, 3, 4, 5]].ravel()
            assert sorted(found.tolist()) == sorted(expected.tolist()), name
            if number == 0:
                np.testing.assert_array_equal(found, expected)


def test_times_and_durations(con) -> None:
    dataset = xr.Dataset(
        {
            "moment": ("x", np.array(["2020-01-01T00:00:00.000001499", "NaT", "1900-01-01"], "M8[ns]")),
            "seconds": ("x", np.array(["2020-01-01", "2021-01-01", "NaT"], "M8[s]")),
            "span": ("x", np.array([1, 48, -1], "m8[h]").astype("m8[ns]")),
        }
    )
    con.register("d", dataset)
    frame = con.sql("SELECT * FROM d").df()
    assert frame.moment[0] == pd.Timestamp("2020-01-01 00:00:00.000001") and frame.moment.isna().tolist() == [False, True, False]
    assert frame.seconds.isna().tolist() == [False, False, True]
    assert frame.span.tolist() == [pd.Timedelta(hours=1), pd.Timedelta(hours=48), pd.Timedelta(hours=-1)]
    back = con.sql("SELECT x, moment, span FROM d").to_xarray()
    np.testing.assert_array_equal(back.span, dataset.span)
    assert np.isnat(back.moment[1]) and back.moment[2] == dataset.moment[2]


def test_strings_scalars_and_other_coordinates(con) -> None:
    dataset = xr.Dataset(
        {"v": (("station", "n"), np.arange(6.0).reshape(3, 2)), "code": ("station", np.array(["é", None, ""], object))},
        coords={"station": ["Bern", "Zürich", "Genève"], "height": 2.5, "name": "all", "lat2": (("station", "n"), np.ones((3, 2)))},
    )
    con.register("d", dataset)
    assert con.sql("SELECT station, sum(v) FROM d GROUP BY station").fetchall() == [("Bern", 1), ("Zürich", 5), ("Genève", 9)]
    assert con.sql("SELECT code, height, name, lat2, v FROM d.station_n WHERE station >= 'Z' AND n = 1").fetchall() == [
        (None, 2.5, "all", 1.0, 3.0)
    ]
    assert con.sql("SELECT count(*), count(code) FROM d.station").fetchall() == [(3, 2)]
    back = con.sql("SELECT station, n, v FROM d").to_xarray()
    xr.testing.assert_equal(back.v, dataset.v.drop_vars(["height", "name", "lat2"]).assign_coords(n=[0, 1]))


def test_real_calendars_of_cftime_are_times_and_others_say_what_to_do(con) -> None:
    for calendar in ("standard", "proleptic_gregorian", "julian"):
        times = cftime.num2date(np.arange(3), "days since 2000-02-28", calendar=calendar)
        con.register("d", xr.Dataset({"v": ("time", np.arange(3))}, coords={"time": times}))
        assert con.sql("SELECT count(*) FROM d WHERE time >= '2000-02-28'").fetchall() == [(3,)]
    dates = con.sql("SELECT time FROM d").fetchnumpy()["time"]
    # 28 February 2000 of the Julian calendar is 12 March 2000.
    assert dates[0] == np.datetime64("2000-03-12")
    # On Python 3.10 JPype never lets go of the callers of what threw a Java exception, and so of their variables.
    del dates
    times = cftime.num2date(np.arange(3), "days since 2000-02-28", calendar="360_day")
    con.register("d", xr.Dataset({"v": ("time", np.arange(3))}, coords={"time": times}))
    with pytest.raises(graticule.UnsupportedError, match="calendar 360_day"):
        con.sql("SELECT * FROM d").fetchall()


def test_several_sets_of_axes_are_several_tables(con) -> None:
    dataset = air()
    con.register("air", dataset)
    with pytest.warns(graticule.Notice, match="air holds 2 tables"):
        assert con.sql("SELECT count(*) FROM air").fetchall() == [(240,)]
    assert con.sql("SELECT count(*) FROM air.lat_lon").fetchall() == [(24,)]
    assert con.sql("SELECT * FROM air.time_lat_lon").columns == ["time", "lat", "lon", "area", "height", "rh", "t2m"]
    metadata = con.sql("SELECT t2m, time FROM air").schema
    assert metadata.field("t2m").metadata[b"units"] == b"K"
    assert metadata.field("time").metadata[b"calendar"] == b"standard"


def test_a_multi_index_keeps_its_levels(con) -> None:
    stacked = air()[["t2m"]].isel(time=0, drop=True).stack(place=("lat", "lon"))
    con.register("s", stacked)
    assert con.sql("SELECT lat, lon, t2m FROM s LIMIT 1").fetchall() == [(75.0, 0.0, float(stacked.t2m[0]))]


def test_a_data_array_and_a_variable_and_a_function(con) -> None:
    warmth = air().t2m
    assert con.sql("SELECT count(t2m) FROM warmth").fetchall() == [(239,)]
    con.from_xarray("unnamed", warmth.rename(None))
    assert con.sql("SELECT count(unnamed) FROM unnamed").fetchall() == [(239,)]
    con.register("f", lambda: air())
    assert con.sql("SELECT count(t2m) FROM f").fetchall() == [(239,)]
    with pytest.raises(TypeError):
        con.from_xarray("t", pa.table({"a": [1]}))


def test_bounds_are_left_out_and_what_has_no_type_fails_alone(con) -> None:
    dataset = air()[["t2m"]]
    dataset["time_bounds"] = (("time", "two"), np.zeros((10, 2)))
    dataset.time.attrs["bounds"] = "time_bounds"
    dataset["odd"] = ("lat", np.zeros(4, complex))
    con.register("d", dataset)
    assert con.sql("SELECT count(t2m) FROM d").fetchall() == [(239,)]
    with pytest.raises(graticule.BindingError):
        con.sql("SELECT time_bounds FROM d").fetchall()
    with pytest.raises(graticule.UnsupportedError, match="complex"):
        con.sql("SELECT odd FROM d").fetchall()


def test_a_lazy_store_and_the_engine_s_reader_agree(con, stores: Path) -> None:
    dataset = xr.open_zarr(stores / f"era5_v{ZARR_FORMAT}.zarr", consolidated=False)
    con.register("python", dataset, chunks={"time": 7})
    con.register("engine", stores / f"era5_v{ZARR_FORMAT}.zarr")
    for sql in (
        "SELECT latitude, avg(t2m) AS t, max(rh) FROM {} GROUP BY latitude",
        "SELECT time, latitude, longitude, t2m FROM {} WHERE longitude < 40 AND time >= '2024-02-29'",
        "SELECT hour(time) AS h, count(*) AS n, sum(lsm) AS s FROM {} WHERE latitude BETWEEN -30 AND 30 GROUP BY 1",
    ):
        xr.testing.assert_allclose(
            con.sql(sql.format("python")).to_xarray(), con.sql(sql.format("engine")).to_xarray(), rtol=1e-12
        )


def test_many_threads_read_one_lazy_dataset(con) -> None:
    con.register("air", air({"time": 1, "lat": 2}))
    expected = con.sql("SELECT sum(rh) FROM air").fetchall()
    answers = []
    threads = [
        threading.Thread(target=lambda: answers.append(con.sql("SELECT sum(rh) FROM air").fetchall())) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [expected] * 8


# ---- out


def test_dims_are_the_axes_and_keys_and_coordinates_keep_what_the_source_says(con) -> None:
    dataset = air()
    con.register("air", dataset)
    found = con.sql("SELECT lat, month(time) AS month, avg(t2m) AS t FROM air GROUP BY lat, month").to_xarray()
    assert found.t.dims == ("lat", "month") and found.month.values.tolist() == [2, 3]
    assert found.lat.values.tolist() == [75, 25, -25, -75] and found.lat.attrs == {"units": "degrees_north"}
    assert "units" not in found.month.attrs
    whole = con.sql("SELECT lon, time, lat, t2m FROM air").to_dataset()
    assert whole.t2m.dims == ("lon", "time", "lat")
    assert whole.t2m.attrs == {"units": "K", "valid_min": 1.5, "note": "7"}
    assert whole.time.encoding["units"] == "hours since 1900-01-01" and whole.time.attrs == {"long_name": "time"}
    xr.testing.assert_equal(whole.t2m.transpose("time", "lat", "lon"), dataset.t2m.drop_vars(["area", "height"]))


def test_cells_without_a_row_are_missing(con) -> None:
    dataset = air()
    con.register("air", dataset)
    warm = con.sql("SELECT time, lat, lon, t2m, rh, mask FROM air WHERE t2m > 285").to_xarray()
    xr.testing.assert_equal(warm.t2m, dataset.t2m.where(dataset.t2m > 285).drop_vars(["area", "height"]))
    assert warm.rh.dtype == np.float64 and int(warm.rh.count()) == int((dataset.t2m > 285).sum())
    filled = con.sql("SELECT time, lat, lon, rh FROM air WHERE t2m > 285").to_xarray(fill_value=-1)
    assert filled.rh.dtype == np.int64 and int((filled.rh >= 0).sum()) == int((dataset.t2m > 285).sum())


def test_conditions_on_axes_make_the_grid_smaller_and_a_limit_keeps_what_occurs(con) -> None:
    con.register("air", air())
    part = con.sql("SELECT time, lat, lon, t2m FROM air WHERE lat > 0 AND lon IN (0, 120, 300)").to_xarray()
    assert dict(part.sizes) == {"time": 10, "lat": 2, "lon": 3}
    few = con.sql("SELECT time, lat, lon, t2m FROM air LIMIT 8").to_xarray()
    assert dict(few.sizes) == {"time": 1, "lat": 2, "lon": 6} and few.lat.values.tolist() == [75, 25]


@pytest.mark.parametrize("chunks", [None, {"time": 3, "lat": 2}, {"time": 4, "lat": 3, "lon": 4}])
@pytest.mark.parametrize("where", ["", " WHERE lat < 50 AND (lon < 70 OR lon > 200)", " WHERE lat = 25"])
def test_rows_in_blocks_are_placed_by_blocks(con, chunks, where, monkeypatch) -> None:
    from graticule import _datasets

    monkeypatch.setattr(_datasets.Places, "_place", lambda *unused: pytest.fail("rows were placed one by one"))
    dataset = air()
    con.register("air", dataset, chunks=chunks)
    found = con.sql("SELECT lon, lat, time, t2m, rh FROM air" + where).to_xarray()
    wanted = dataset[["t2m", "rh"]].drop_vars(["area", "height"])
    if "lon" in where:
        wanted = wanted.sel(lat=wanted.lat < 50, lon=(wanted.lon < 70) | (wanted.lon > 200))
    elif where:
        wanted = wanted.sel(lat=[25])
    xr.testing.assert_equal(found, wanted.transpose("lon", "lat", "time"))


def test_the_two_errors(con) -> None:
    con.register("air", air())
    with pytest.raises(
        graticule.BindingError, match=r"^No axis column in the result; add time, lat, lon to SELECT or pass dims=\[\.\.\.\]\.$"
    ):
        con.sql("SELECT t2m FROM air").to_xarray()
    with pytest.raises(
        graticule.DataError,
        match=r"^2 rows for \(month=2, lat=75\): dims \['lat'\] don't identify a row; add 'month'\.$",
    ):
        con.sql("SELECT month(time) AS month, lat, avg(t2m) AS t FROM air GROUP BY month, lat").to_xarray(dims=["lat"])
    with pytest.raises(graticule.DataError, match="add 'time'"):
        con.sql("SELECT time, lat, lon, t2m FROM air").to_xarray(dims=["lat", "lon"])


def test_other_refusals(con) -> None:
    con.register("air", air())
    relation = con.sql("SELECT time, lat, lon, t2m FROM air")
    with pytest.raises(graticule.ResourceError, match=r"960 bytes \(time 10 x lat 4 x lon 6\)"):
        relation.to_xarray(max_result_bytes=959)
    assert relation.to_xarray(max_result_bytes=960).t2m.shape == (10, 4, 6)
    with pytest.raises(graticule.BindingError, match="no such column"):
        relation.to_xarray(dims=["latitude"])
    with pytest.raises(TypeError):
        relation.to_xarray(dims="lat")
    with pytest.raises(graticule.DataError, match="NULL in t2m"):
        relation.to_xarray(dims=["t2m", "time"])


def test_one_cell_needs_no_dims(con) -> None:
    con.register("air", air())
    assert con.sql("SELECT count(t2m) AS n FROM air").to_xarray().n.item() == 239


def test_template_chunks_and_results_of_others(con) -> None:
    dataset = air()
    con.register("air", dataset)
    shuffled = con.sql("SELECT t2m, lon, time, lat FROM air ORDER BY t2m")
    found = shuffled.to_xarray(template=dataset)
    assert found.t2m.dims == ("time", "lat", "lon")
    table = shuffled.to_arrow_table().replace_schema_metadata()
    plain = pa.Table.from_arrays(table.columns, names=table.column_names)
    back = graticule.to_dataset(plain, template=dataset)
    xr.testing.assert_identical(back.t2m, dataset.t2m.drop_vars(["area", "height"]))
    assert back.time.encoding["units"] == "hours since 1900-01-01"
    assert graticule.to_dataset(plain, dims=["lat", "lon", "time"]).lat.values.tolist() == [-75, -25, 25, 75]
    with pytest.raises(graticule.BindingError, match=r"No axis column in the result"):
        graticule.to_dataset(plain)
    chunked = shuffled.to_xarray(chunks={"time": 5})
    assert chunked.t2m.chunksizes["time"] == (5, 5)
    assert graticule.to_dataset(shuffled).t2m.dims == ("lon", "time", "lat")


def test_numpy_where_the_rows_are_the_array(con) -> None:
    dataset = air()
    con.register("air", dataset)
    con.register("cut", dataset, chunks={"lat": 2})
    np.testing.assert_array_equal(con.sql("SELECT time, lat, lon, t2m FROM air").numpy(), dataset.t2m)
    ordered = con.sql("SELECT time, lat, lon, t2m FROM cut ORDER BY time, lat DESC, lon").numpy()
    np.testing.assert_array_equal(ordered, dataset.t2m)
    with pytest.raises(graticule.BindingError, match="write ORDER BY time, lat DESC, lon"):
        con.sql("SELECT time, lat, lon, t2m FROM cut").numpy()
    with pytest.raises(graticule.BindingError, match="no row"):
        con.sql("SELECT time, lat, lon, t2m FROM air WHERE t2m > 280").numpy()
    with pytest.raises(graticule.BindingError, match="numpy.. gives one column"):
        con.sql("SELECT time, lat, lon, t2m, rh FROM air").numpy()


def test_a_store_that_was_written_is_what_was_asked_for(con, tmp_path: Path) -> None:
    con.register("air", air())
    means = con.sql("SELECT lat, lon, avg(t2m) AS t FROM air GROUP BY lat, lon")
    means.to_zarr(tmp_path / "m.zarr", version=ZARR_FORMAT)
    written = xr.open_zarr(tmp_path / "m.zarr", consolidated=False)
    xr.testing.assert_allclose(written.compute(), means.to_xarray())
