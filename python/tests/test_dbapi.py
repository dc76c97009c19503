"""The Python database API 2.0, and pandas on top of it."""

from __future__ import annotations

import datetime
import inspect
import warnings

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import graticule
from graticule import dbapi

FIVE = "SELECT range AS n, 'r' || range AS name FROM range(5)"


def test_the_module_tells_what_pep_249_wants() -> None:
    assert (dbapi.apilevel, dbapi.threadsafety, dbapi.paramstyle) == ("2.0", 2, "qmark")
    tree = {
        "InterfaceError": dbapi.Error,
        "DatabaseError": dbapi.Error,
        **dict.fromkeys(
            ["DataError", "OperationalError", "IntegrityError", "InternalError", "ProgrammingError", "NotSupportedError"],
            dbapi.DatabaseError,
        ),
    }
    for name, parent in tree.items():
        assert getattr(dbapi, name).__mro__[1] is parent
        assert getattr(dbapi.Connection, name) is getattr(dbapi, name)
    assert issubclass(dbapi.Warning, Exception) and issubclass(dbapi.Error, Exception)


def test_each_kind_of_error_has_its_class() -> None:
    kinds = {
        kind
        for kind in vars(graticule).values()
        if inspect.isclass(kind) and issubclass(kind, graticule.Error) and kind is not graticule.Error
    }
    assert set(dbapi._KINDS) == kinds


def test_rows_come_as_they_are_fetched(con) -> None:
    with dbapi.connect(con) as connection, connection.cursor() as cursor:
        with pytest.raises(dbapi.ProgrammingError, match="execute"):
            cursor.fetchone()
        assert cursor.description is None and cursor.rowcount == -1
        assert cursor.execute(FIVE) is cursor
        assert cursor.description == [("n", "BIGINT", *[None] * 5), ("name", "VARCHAR", *[None] * 5)]
        assert cursor.fetchone() == (0, "r0")
        assert cursor.fetchmany() == [(1, "r1")]
        assert cursor.fetchmany(2) == [(2, "r2"), (3, "r3")]
        assert cursor.fetchall() == [(4, "r4")]
        assert cursor.fetchone() is None and cursor.fetchmany(3) == [] and cursor.fetchall() == []
        assert [n for n, _ in connection.execute(FIVE)] == [0, 1, 2, 3, 4]


def test_cursors_of_a_connection_do_not_disturb_each_other(con) -> None:
    with dbapi.connect(con) as connection:
        left, right = connection.cursor().execute(FIVE), connection.cursor().execute(FIVE)
        assert left.fetchone() == right.fetchone() == (0, "r0")
        left.close()
        assert right.fetchone() == (1, "r1")


def test_parameters(con) -> None:
    with dbapi.connect(con) as connection:
        assert connection.execute("SELECT ? + 1, ?", [41, "x"]).fetchall() == [(42, "x")]
        assert connection.execute("SELECT $b, $a", {"a": 1, "b": None}).fetchall() == [(None, 1)]
        assert connection.execute("SELECT 1", ()).fetchall() == [(1,)]
        day = dbapi.Date(2024, 2, 29)
        assert connection.execute("SELECT ?", [day]).fetchall() == [(day,)]
        cursor = connection.cursor()
        cursor.executemany("SELECT ?", [[1], [2]])
        with pytest.raises(dbapi.ProgrammingError):
            cursor.fetchone()


def test_type_codes_equal_the_type_objects_of_their_kind(con) -> None:
    with dbapi.connect(con) as connection:
        cursor = connection.execute(
            "SELECT 1, 1.5, 2.5::DOUBLE, true, 'x', DATE '2024-01-01', TIMESTAMP '2024-01-01', 1::UTINYINT, 'x'::BLOB"
        )
        codes = [column[1] for column in cursor.description]
        kinds = [dbapi.NUMBER] * 4 + [dbapi.STRING] + [dbapi.DATETIME] * 2 + [dbapi.NUMBER, dbapi.BINARY]
        everything = [dbapi.STRING, dbapi.BINARY, dbapi.NUMBER, dbapi.DATETIME, dbapi.ROWID]
        for code, kind in zip(codes, kinds):
            assert [each for each in everything if code == each] == [kind], code
    assert len({*everything, dbapi.NUMBER}) == 5
    ticks = datetime.datetime(2024, 2, 29, 12, 30, 1).timestamp()
    assert dbapi.TimestampFromTicks(ticks) == dbapi.Timestamp(2024, 2, 29, 12, 30, 1)
    assert dbapi.DateFromTicks(ticks) == dbapi.Date(2024, 2, 29) and dbapi.TimeFromTicks(ticks) == dbapi.Time(12, 30, 1)
    assert dbapi.Binary(b"x") == b"x"


def test_errors_are_those_of_the_interface_and_tell_the_place(con) -> None:
    with dbapi.connect(con) as connection:
        for text, kind, cause in [
            ("SELEC 1", dbapi.ProgrammingError, graticule.SqlSyntaxError),
            ("SELECT nothing FROM range(1)", dbapi.ProgrammingError, graticule.BindingError),
            ("SELECT CAST('x' || range AS INTEGER) FROM range(2)", dbapi.DataError, graticule.DataError),
            ("SELECT * FROM 'no/such.zarr'", dbapi.DatabaseError, graticule.Error),
        ]:
            with pytest.raises(kind) as caught:
                connection.execute(text).fetchall()
            assert isinstance(caught.value.__cause__, cause) and str(caught.value) == str(caught.value.__cause__)
        with pytest.raises(dbapi.ProgrammingError, match="LINE 1"):
            connection.execute("SELECT nothing FROM range(1)")


def test_after_an_error_there_is_no_result_that_looks_complete(con) -> None:
    with dbapi.connect(con) as connection:
        cursor = connection.execute("SELECT CAST('x' || range AS INTEGER) FROM range(2)")
        for kind in (dbapi.DataError, dbapi.ProgrammingError):
            with pytest.raises(kind):
                cursor.fetchall()
        assert cursor.execute("SELECT 1").fetchall() == [(1,)]


def test_a_closed_connection_closes_its_cursors_and_only_what_it_made(con) -> None:
    connection = dbapi.connect(con)
    cursor = connection.cursor().execute("SELECT range FROM range(100000000000)")
    cursor.fetchone()
    connection.close()
    connection.close()
    for use in (cursor.fetchone, lambda: cursor.execute("SELECT 1"), connection.cursor, connection.commit, connection.rollback):
        with pytest.raises(dbapi.InterfaceError, match="closed"):
            use()
    assert not con._open_runs and con.sql("SELECT 1").fetchall() == [(1,)]
    with dbapi.connect(threads=1) as own:
        assert own.execute("SELECT 1").fetchall() == [(1,)]
        own.commit()
    with pytest.raises(TypeError):
        dbapi.connect(con, threads=1)


def test_statements_with_an_effect(con) -> None:
    with dbapi.connect(con) as connection:
        connection.execute("CREATE VIEW v AS SELECT 7 AS x")
        assert connection.execute("SELECT x FROM v").fetchall() == [(7,)]
        connection.rollback()
        assert connection.execute("SELECT x FROM v").fetchall() == [(7,)]


def test_pandas_reads_queries(con) -> None:
    con.register("air", xr.Dataset({"t": (("y", "x"), np.arange(6.0).reshape(2, 3))}, coords={"y": [10, 20]}))
    with dbapi.connect(con) as connection, warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="pandas only supports SQLAlchemy")
        frame = pd.read_sql("SELECT y, avg(t) AS t FROM air WHERE y > ? GROUP BY y", connection, params=[10])
        pd.testing.assert_frame_equal(frame, pd.DataFrame({"y": [20], "t": [4.0]}))
        parts = list(pd.read_sql("SELECT t FROM air ORDER BY t", connection, chunksize=4))
        assert [list(part.t) for part in parts] == [[0, 1, 2, 3], [4, 5]]
        # From version 3.1 on pandas leaves the errors of drivers as they are.
        with pytest.raises((pd.errors.DatabaseError, dbapi.DatabaseError), match="nothing"):
            pd.read_sql("SELECT nothing FROM air", connection)
