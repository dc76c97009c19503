"""Queries and the forms in which their rows come."""

from __future__ import annotations

import datetime
import decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zarr

import graticule
from conftest import ZARR_FORMAT

FIVE = "SELECT range AS n, range * 0.5::DOUBLE AS half, CASE WHEN range <> 2 THEN 'r' || range END AS name FROM range(5)"


def test_a_query_over_a_path_of_the_readme(con, stores: Path) -> None:
    rows = con.sql(
        f"SELECT latitude, avg(t2m) AS mean FROM '{stores}/era5_v3.zarr' GROUP BY latitude ORDER BY latitude DESC LIMIT 2"
    ).fetchall()
    assert [latitude for latitude, _ in rows] == [90, 80]
    assert [mean for _, mean in rows] == pytest.approx([242.0296, 243.6955], abs=1e-4)


def test_every_form_has_the_same_rows(con) -> None:
    five = con.sql(FIVE)
    expected = [(n, n / 2, None if n == 2 else f"r{n}") for n in range(5)]
    assert five.fetchall() == expected
    assert five.to_arrow_table().to_pylist() == [dict(zip(("n", "half", "name"), row)) for row in expected]
    assert five.arrow().read_all() == five.to_arrow_table() == pa.table(five) == five.fetch_arrow_table()
    assert [batch.num_rows for batch in five.fetch_record_batch(2)] == [2, 2, 1]
    frame = five.df()
    assert list(frame.n) == list(range(5)) and frame.name.isna().sum() == 1
    pd.testing.assert_frame_equal(frame, five.fetchdf())
    pd.testing.assert_frame_equal(frame, five.to_pandas())
    assert five.pl().rows() == expected
    arrays = five.fetchnumpy()
    assert arrays["half"].tolist() == [0, 0.5, 1, 1.5, 2] and arrays["name"].mask.tolist() == [False, False, True, False, False]
    assert len(five) == 5 and five.shape == (5, 3)
    assert five.columns == ["n", "half", "name"] and five.types == ["BIGINT", "DOUBLE", "VARCHAR"]
    assert five.schema.field("half").type == pa.float64()
    assert five.description[0][:2] == ("n", "BIGINT")


def test_rows_are_fetched_one_after_the_other(con) -> None:
    five = con.sql(FIVE)
    assert five.fetchone()[0] == 0
    assert [row[0] for row in five.fetchmany(2)] == [1, 2]
    assert [row[0] for row in five.fetchall()] == [3, 4]
    assert len(five.fetchall()) == 5
    assert [len(five.fetchmany(3)) for _ in range(4)] == [3, 2, 0, 3]
    five._forget()
    assert five.fetchmany(9)[-1][0] == 4 and five.fetchone() is None
    assert five.fetchone()[0] == 0
    five._forget()


def test_a_query_is_lazy_and_runs_anew_each_time(con) -> None:
    con.sql("CREATE VIEW v AS SELECT 1 AS x")
    relation = con.sql("SELECT x FROM v")
    assert relation.fetchall() == [(1,)]
    con.sql("CREATE OR REPLACE VIEW v AS SELECT 2 AS x")
    assert relation.fetchall() == [(2,)]
    con.sql("DROP VIEW v")
    with pytest.raises(graticule.BindingError):
        relation.fetchall()


def test_a_stream_that_is_dropped_stops_the_query(con) -> None:
    reader = con.sql("SELECT range FROM range(100000000000)").arrow()
    assert reader.read_next_batch().num_rows > 0
    del reader
    assert not con._open_runs


def test_rows_outlive_the_connection() -> None:
    with graticule.connect() as con:
        table = con.sql(FIVE).to_arrow_table()
        array = con.sql("SELECT range AS n FROM range(1000)").fetchnumpy()["n"]
    assert table.column("n").to_pylist() == list(range(5)) and array.sum() == 499500


@pytest.mark.parametrize(
    ("value", "type_", "back"),
    [
        (True, "BOOLEAN", True),
        (7, "INTEGER", 7),
        (2**40, "BIGINT", 2**40),
        (2**70, "DECIMAL(22,0)", decimal.Decimal(2**70)),
        (1.5, "DOUBLE", 1.5),
        (float("inf"), "DOUBLE", float("inf")),
        ("Zürich", "VARCHAR", "Zürich"),
        (b"\x00\xff", "BLOB", b"\x00\xff"),
        (None, "NULL", None),
        (np.float32(0.1), "DOUBLE", 0.1),
        (np.int16(-3), "INTEGER", -3),
        (decimal.Decimal("1.25"), "DECIMAL(3,2)", decimal.Decimal("1.25")),
        (datetime.date(2024, 2, 29), "DATE", datetime.date(2024, 2, 29)),
        (datetime.time(1, 2, 3, 4), "TIME", datetime.time(1, 2, 3, 4)),
        (datetime.datetime(2024, 2, 29, 1, 2, 3, 4), "TIMESTAMP", datetime.datetime(2024, 2, 29, 1, 2, 3, 4)),
        (np.datetime64("2024-02-29T01:00"), "TIMESTAMP", datetime.datetime(2024, 2, 29, 1)),
        (pd.Timestamp("2024-02-29 01:00"), "TIMESTAMP", datetime.datetime(2024, 2, 29, 1)),
    ],
)
def test_python_values_as_parameters(con, value: object, type_: str, back: object) -> None:
    for relation in (con.sql("SELECT ?", [value]), con.sql("SELECT $x", {"x": value}), con.sql("SELECT $1", (value,))):
        assert relation.types == [type_]
        assert relation.fetchone()[0] == back
        relation._forget()


def test_a_number_takes_the_type_of_the_column_it_meets(con, stores: Path) -> None:
    relation = con.sql(f"SELECT count(*) FROM '{stores}/synthetic_v3.zarr' WHERE lat > ?", [0.1])
    assert relation.fetchone()[0] > 0
    relation._forget()


def test_parameters_that_cannot_be(con) -> None:
    with pytest.raises(graticule.BindingError, match=r"Parameter \$x is a builtins.object"):
        con.sql("SELECT $x", {"x": object()}).fetchall()
    with pytest.raises(TypeError):
        con.sql("SELECT ?", "text").fetchall()
    with pytest.raises(graticule.BindingError, match="has no value"):
        con.sql("SELECT ?").fetchall()


def test_limit_explain_and_repr(con, stores: Path) -> None:
    con.register("era5", stores / "era5_v3.zarr")
    relation = con.sql("SELECT time, t2m FROM era5 -- a comment")
    assert relation.limit(3).fetchall() == relation.fetchall()[:3]
    assert relation.limit(2, offset=1).fetchall() == relation.fetchall()[1:3]
    assert "grid scan" in relation.explain() and "rows" in relation.explain(analyze=True)
    assert repr(relation).splitlines()[-1] == "first 20 rows, 2 columns"
    assert "<td>2024-02-28 00:00:00</td>" in relation._repr_html_()
    assert "TIMESTAMP" in repr(con.sql("DESCRIBE era5"))
    assert repr(con.sql("SELECT 1 AS a, NULL AS b, 'x<y' AS c;")) == "\n".join([
        "┌─────────┬──────┬─────────┐",
        "│ a       │ b    │ c       │",
        "│ integer │ null │ varchar │",
        "├─────────┼──────┼─────────┤",
        "│       1 │ NULL │ x<y     │",
        "└─────────┴──────┴─────────┘",
        "1 row, 3 columns",
    ])
    assert "x&lt;y" in con.sql("SELECT 'x<y'")._repr_html_()
    with pytest.raises(graticule.BindingError):
        con.sql("SHOW TABLES").limit(1)


def test_show_prints(con, capsys: pytest.CaptureFixture[str]) -> None:
    con.sql(FIVE).show(max_rows=1)
    assert capsys.readouterr().out.endswith("first 1 rows, 3 columns\n")


def test_files(con, stores: Path, tmp_path: Path) -> None:
    means = con.sql(f"SELECT latitude, longitude, avg(t2m) AS t2m FROM '{stores}/era5_v3.zarr' GROUP BY latitude, longitude")
    assert means.to_parquet(tmp_path / "means.parquet") == 684
    assert pq.read_table(tmp_path / "means.parquet").num_rows == 684
    assert means.to_csv(str(tmp_path / "means.csv"), header=True) == 684
    assert len(pd.read_csv(tmp_path / "means.csv")) == 684
    assert means.to_zarr(tmp_path / "means.zarr", chunks={"latitude": 10}, version=ZARR_FORMAT) == 684
    assert zarr.open_array(str(tmp_path / "means.zarr" / "t2m"), mode="r").chunks == (10, 36)
    assert con.read_parquet(tmp_path / "means.parquet").shape == (684, 3)
    assert con.read_csv(tmp_path / "means.csv").columns == ["latitude", "longitude", "t2m"]
    assert con.read_zarr(tmp_path / "means.zarr", variables=["t2m"]).shape == (684, 3)
    with pytest.raises(graticule.Error):
        means.to_csv(tmp_path / "no" / "folder.csv")


def test_execute_and_the_default_connection(stores: Path) -> None:
    assert graticule.execute("SELECT ? + 1", [1]).fetchone() == (2,)
    assert graticule.default_connection().description[0][1] in ("INTEGER", "BIGINT")
    graticule.register("e", stores / "era5_v3.zarr")
    assert graticule.table("e").columns[:3] == ["time", "latitude", "longitude"]
    assert graticule.sql("SELECT count(*) FROM e").fetchone()[0] == 32832
    graticule.unregister("e")
    with pytest.raises(graticule.BindingError):
        graticule.execute("SELECT * FROM e")


def test_statements_that_change_something_run_at_once(con) -> None:
    con.sql("SET threads = 1")
    assert con.sql("SHOW threads").fetchall()[0][0] in (1, "1")
    assert con.tables() == []
    con.execute("CREATE VIEW v AS SELECT 1 AS x")
    assert con.tables() == ["v"]


def test_settings_of_a_connection() -> None:
    with graticule.connect(threads=1) as con:
        assert con.sql("SHOW threads").fetchall()[0][0] in (1, "1")
    with pytest.raises(graticule.BindingError):
        graticule.connect(nonsense=1)


def test_types_that_come_back(con) -> None:
    row = con.sql(
        "SELECT 1::TINYINT, 2::UBIGINT, 1.5::REAL, 1.25::DECIMAL(5,2), DATE '2024-02-29', TIME '01:02:03',"
        " TIMESTAMP '2024-02-29 01:02:03.000004', INTERVAL '2 days', true, 'x', NULL"
    ).fetchone()
    assert row[:7] == (
        1,
        2,
        1.5,
        decimal.Decimal("1.25"),
        datetime.date(2024, 2, 29),
        datetime.time(1, 2, 3),
        datetime.datetime(2024, 2, 29, 1, 2, 3, 4),
    )
    assert row[8:] == (True, "x", None)
    assert con.sql("SELECT INTERVAL '36 hours' AS d").fetchnumpy()["d"][0] == np.timedelta64(36, "h")
    assert con.sql("SELECT INTERVAL '36 hours' AS d").df().d[0] == pd.Timedelta(hours=36)
