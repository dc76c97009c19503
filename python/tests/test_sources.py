"""Python objects as tables."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

import graticule

TABLE = pa.table({"n": [1, 2, 3], "s": ["a", None, "c"], "x": [0.5, None, float("nan")]})


def rows(con: graticule.Connection, sql: str) -> list[tuple]:
    return con.sql(sql).fetchall()


@pytest.mark.parametrize(
    "obj",
    [
        TABLE,
        TABLE.to_batches()[0],
        TABLE.to_pandas(),
        pl.DataFrame(TABLE),
        pl.DataFrame(TABLE).lazy(),
        lambda: TABLE,
        lambda: TABLE.to_reader(),
        lambda: TABLE.to_pandas(),
    ],
    ids=["Table", "RecordBatch", "pandas", "polars", "LazyFrame", "function", "function of readers", "function of frames"],
)
def test_what_can_be_read_many_times(con, obj: object) -> None:
    con.register("t", obj)
    for _ in range(3):
        assert rows(con, "SELECT n, s FROM t ORDER BY n") == [(1, "a"), (2, None), (3, "c")]
        assert rows(con, "SELECT count(*), count(s) FROM t") == [(3, 2)]
        assert rows(con, "SELECT s, n FROM t WHERE n > 1 LIMIT 1") == [(None, 2)]
        assert rows(con, "SELECT n FROM t LIMIT 2") == [(1,), (2,)]


def test_a_reader_is_read_once_and_the_second_query_says_so(con) -> None:
    con.register("t", TABLE.to_reader())
    assert con.sql("SELECT * FROM t").columns == ["n", "s", "x"]
    assert rows(con, "SELECT sum(n) FROM t") == [(6,)]
    with pytest.raises(graticule.SourceError, match="only once"):
        rows(con, "SELECT sum(n) FROM t")


class Stream:
    """Something of another library."""

    def __init__(self) -> None:
        self.calls = 0

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        self.calls += 1
        return TABLE.__arrow_c_stream__(requested_schema)


def test_anything_with_a_stream_is_asked_at_each_query_and_not_before(con) -> None:
    stream = Stream()
    con.register("t", stream)
    assert stream.calls == 0
    for number in range(1, 4):
        assert rows(con, "SELECT sum(n) FROM t") == [(6,)]
        assert stream.calls == number


def test_a_function_is_called_at_each_query_and_not_before(con) -> None:
    calls = []

    def give() -> pa.Table:
        calls.append(1)
        return pa.table({"n": [len(calls)]})

    con.register("t", give)
    assert not calls
    for number in range(1, 4):
        assert rows(con, "SELECT n FROM t") == [(number,)]
        assert len(calls) == number


def test_a_schema_spares_the_first_call(con) -> None:
    calls = []
    con.register("t", lambda: calls.append(1) or TABLE, schema=TABLE.schema)
    assert con.sql("SELECT * FROM t").columns == ["n", "s", "x"]
    assert "t" in con.sql("SELECT * FROM t").explain()
    assert not calls


def test_a_limit_stops_the_producer(con) -> None:
    given, closed = [], []

    def batches():
        try:
            for number in range(10_000):
                given.append(number)
                yield pa.record_batch({"n": np.arange(1000)})
        finally:
            closed.append(1)

    schema = pa.schema({"n": pa.int64()})
    con.register("t", lambda: pa.RecordBatchReader.from_batches(schema, batches()), schema=schema)
    assert len(rows(con, "SELECT n FROM t LIMIT 5")) == 5
    assert len(given) < 1000 and closed == [1]
    assert rows(con, "SELECT n FROM t LIMIT 0") == []
    assert closed == [1]


def test_only_the_columns_that_a_query_needs_are_converted(con) -> None:
    frame = pd.DataFrame({"n": [1, 2], "bad": pd.Series([object(), object()], dtype=object)})
    with pytest.raises(graticule.SourceError):
        con.sql("SELECT bad FROM frame").fetchall()


def test_a_pyarrow_dataset_leaves_out_columns_and_rows(con, tmp_path) -> None:
    table = pa.table({
        "n": pa.array([*range(999), None], pa.int64()),
        "x": [float("nan") if i % 100 == 0 else i / 2 for i in range(1000)],
        "s": [f"s{i % 7}" for i in range(1000)],
        "d": pa.array(range(1000), pa.date32()),
        "t": pa.array(range(1000), pa.timestamp("us")),
        "f": pa.array(range(1000), pa.float32()),
        "u": pa.array(range(1000), pa.uint16()),
        "b": [i % 2 == 0 for i in range(1000)],
    })
    pq.write_table(table, tmp_path / "t.parquet", row_group_size=100)
    con.register("d", ds.dataset(tmp_path / "t.parquet"))
    con.register("m", table)
    for condition in (
        "n > 500",
        "n >= 10 AND n < 20",
        "x > 400",
        "x <= 3",
        "x = 5",
        "x BETWEEN 2 AND 400 OR n = 3",
        "s = 's3'",
        "s IN ('s1', 's2') AND n < 50",
        "s > 's5'",
        "n IS NULL",
        "n IS NOT NULL AND x > 490",
        "d < DATE '1970-02-01'",
        "t >= TIMESTAMP '1970-01-01 00:00:00.000500'",
        "f > 0.5 AND f < 3",
        "u < 7",
        "b",
        "x = 'NaN'::DOUBLE",
        "x < 'NaN'::DOUBLE",
    ):
        sql = f"SELECT count(*), sum(n), count(s) FROM %s WHERE {condition}"
        assert rows(con, sql % "d") == rows(con, sql % "m"), condition
    assert rows(con, "SELECT count(*) FROM d") == [(1000,)]


def test_python_variables_are_tables(con) -> None:
    local = TABLE
    relation = con.sql("SELECT sum(n) FROM local")
    local = pa.table({"n": [100]})
    assert relation.fetchall() == [(6,)]
    del local
    assert con.sql("WITH a AS (SELECT n FROM relation_of_tests) SELECT count(*) FROM a").fetchall() == [(3,)]
    con.register("relation_of_tests", pa.table({"n": [1]}))
    assert con.sql("SELECT count(*) FROM relation_of_tests").fetchall() == [(1,)]
    assert "relation_of_tests" in con.tables() and "local" not in con.tables()


relation_of_tests = TABLE


def test_a_relation_is_a_table_too(con) -> None:
    numbers = con.sql("SELECT range AS n FROM range(2000000)")
    evens = con.sql("SELECT n FROM numbers WHERE n % 2 = 0")
    assert con.sql("SELECT count(*), sum(n) FROM evens").fetchall() == [(1_000_000, 999_999_000_000)]
    assert con.sql("SELECT n FROM evens LIMIT 2").fetchall() == [(0,), (2,)]


def test_variables_can_be_turned_off() -> None:
    mine = TABLE
    with graticule.connect(python_variables=False) as con:
        with pytest.raises(graticule.BindingError, match="No table named mine"):
            con.sql("SELECT * FROM mine").fetchall()
    assert mine is TABLE


def test_variables_that_are_no_tables_are_not_found(con) -> None:
    number = 5
    with pytest.raises(graticule.BindingError, match="No table named number"):
        con.sql("SELECT * FROM number").fetchall()
    assert number == 5


def test_what_cannot_be_registered(con) -> None:
    with pytest.raises(graticule.BindingError, match="cannot be a table"):
        con.register("t", object.__new__(object))
    with pytest.raises(graticule.BindingError, match="cannot be a table"):
        con.register("t", 5)
    with pytest.raises(TypeError):
        con.register("t", TABLE, chunks={"x": 1})
    with pytest.raises(graticule.SourceError, match="gave a builtins.int"):
        con.register("t", lambda: 5)
        rows(con, "SELECT * FROM t")
    with pytest.raises(graticule.SourceError, match="No such path"):
        con.register("t", "/no/such/store.zarr")


def test_names(con) -> None:
    con.register("a name", TABLE).register("B", TABLE)
    assert con.tables() == ["B", "a name"]
    assert con.table("a name").shape == (3, 3)
    assert rows(con, "SELECT count(*) FROM b") == [(3,)]
    con.unregister("B")
    with pytest.raises(graticule.BindingError):
        rows(con, "SELECT count(*) FROM b")
    con.register("a name", pa.table({"z": [1]}))
    assert con.table("a name").columns == ["z"]


@pytest.mark.parametrize(
    "array",
    [
        pa.array(["x", None, "y"]).dictionary_encode(),
        pa.array(["x", None, "y"], pa.large_string()),
        pa.array(["x", None, "y"], pa.string_view()),
    ],
    ids=["dictionary", "large", "view"],
)
def test_kinds_of_strings(con, array: pa.Array) -> None:
    con.register("t", pa.table({"s": array}))
    assert rows(con, "SELECT s FROM t WHERE s IS NULL OR s = 'y'") == [(None,), ("y",)]


def test_no_copies_of_large_tables(con) -> None:
    column = np.arange(2_000_000, dtype=np.float64)
    con.register("t", pa.table({"x": column}))
    before = int(con._session.engine().allocatedBytes())
    reader = con.sql("SELECT x FROM t").arrow()
    first = reader.read_next_batch()
    assert first.column(0).to_numpy().base is not None
    del first, reader
    assert int(con._session.engine().allocatedBytes()) <= before + (64 << 20)


def test_a_batch_that_nobody_waits_for_any_more_is_released(con) -> None:
    numbers = con.sql("SELECT range AS n FROM range(2000000)")
    for _ in range(20):
        assert con.sql("SELECT n FROM numbers LIMIT 2").fetchall() == [(0,), (1,)]
