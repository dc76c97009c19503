"""Errors are the engine's: a class for each kind, the place, and what the producer threw."""

from __future__ import annotations

import pickle
import warnings

import pyarrow as pa
import pytest

import graticule


def test_a_class_for_each_kind(con) -> None:
    def boom() -> pa.Table:
        raise OSError("no such satellite")

    con.register("broken", boom)
    for kind, sql in {
        graticule.SqlSyntaxError: "SELEC 1",
        graticule.BindingError: "SELECT nope FROM range(3)",
        graticule.UnsupportedError: "SELECT rank() OVER () FROM range(3)",
        graticule.DataError: "SELECT CAST('x' || range AS INTEGER) FROM range(3)",
        graticule.SourceError: "SELECT * FROM broken",
    }.items():
        with pytest.raises(kind) as caught:
            con.sql(sql).fetchall()
        assert type(caught.value) is kind and isinstance(caught.value, graticule.Error)
    with pytest.raises(graticule.ResourceError):
        with graticule.connect(memory_limit="1MB") as small:
            small.sql("SELECT range FROM range(10000000) ORDER BY -range").fetchall()


def test_the_place_of_an_error(con) -> None:
    with pytest.raises(graticule.BindingError) as caught:
        con.sql("SELECT range,\n       nope\nFROM range(3)").fetchall()
    assert (caught.value.line, caught.value.column) == (2, 8)
    assert str(caught.value).splitlines()[-2:] == ["LINE 2:        nope", "               ^^^^"]
    assert str(caught.value).startswith(caught.value.message)


def test_the_place_is_that_of_the_user_s_text_where_it_is_part_of_another(con) -> None:
    relation = con.sql("SELECT 1,\n nope")
    for read in (lambda: relation.limit(1).fetchall(), lambda: repr(relation), relation.explain, lambda: len(relation)):
        with pytest.raises(graticule.BindingError) as caught:
            read()
        assert (caught.value.line, caught.value.column, caught.value.sql) == (2, 2, "SELECT 1,\n nope")


def test_the_producer_s_own_exception_is_the_cause(con) -> None:
    mine = KeyError("mine")

    def factory() -> pa.Table:
        raise mine

    con.register("factory", factory)
    with pytest.raises(graticule.SourceError, match="KeyError: 'mine'") as caught:
        con.sql("SELECT * FROM factory").fetchall()
    assert caught.value.__cause__ is mine


@pytest.mark.parametrize("before", [0, 1, 3])
def test_an_error_before_between_and_after_batches(con, before: int) -> None:
    mine = ValueError("the disk is gone")

    def batches():
        for number in range(before):
            yield pa.record_batch({"n": [number]})
        raise mine

    schema = pa.schema({"n": pa.int64()})
    con.register("t", lambda: pa.RecordBatchReader.from_batches(schema, batches()), schema=schema)
    for sql in ("SELECT sum(n) FROM t", "SELECT n FROM t"):
        with pytest.raises(graticule.SourceError, match="the disk is gone") as caught:
            con.sql(sql).fetchall()
        assert caught.value.__cause__ is mine
        assert "RuntimeError" not in str(caught.value) and "python exception" not in str(caught.value)


def test_an_error_of_the_package_in_a_function_keeps_its_kind(con) -> None:
    inner = con.sql("SELECT CAST('x' || range AS INTEGER) AS n FROM range(3)")
    con.register("t", lambda: inner.to_arrow_table())
    with pytest.raises(graticule.DataError) as caught:
        con.sql("SELECT * FROM t").fetchall()
    assert isinstance(caught.value.__cause__, graticule.DataError)


def test_a_stream_of_another_schema(con) -> None:
    con.register("t", lambda: pa.table({"b": [1]}), schema=pa.schema({"a": pa.int64()}))
    with pytest.raises(graticule.SourceError, match="a: Int.*b: Int|b: Int.*a: Int"):
        con.sql("SELECT * FROM t").fetchall()


def test_errors_can_be_pickled() -> None:
    error = graticule.BindingError("no", "SELECT a", 1, 8)
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_notices_are_warnings_at_the_user_s_line(con) -> None:
    with pytest.warns(graticule.Notice, match="0 rows|divi") as caught:
        con.sql("SELECT count(*) / 2 FROM range(3)").fetchall()
    assert caught[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(graticule.Notice):
            con.sql("SELECT count(*) / 2 FROM range(3)").fetchall()
    assert not con._open_runs


def test_a_connection_that_is_closed_says_so() -> None:
    con = graticule.connect()
    relation = con.sql("SELECT 1")
    con.close()
    con.close()
    with pytest.raises(graticule.BindingError, match="closed"):
        relation.fetchall()
