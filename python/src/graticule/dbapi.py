"""The Python database API 2.0 (PEP 249), for ``pandas.read_sql`` and other tools that know only that.

    from graticule import dbapi
    with dbapi.connect(con) as connection:
        frame = pandas.read_sql("SELECT * FROM air WHERE lat > ?", connection, params=[60])

Parameters are ``?``; the engine takes ``$1`` and ``$name`` as well, the last with a mapping. There are no transactions: each
statement is whole by itself when it has run.
"""

from __future__ import annotations

import contextlib
import datetime
import time
import weakref
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Any

import graticule

from . import _errors
from ._fetching import tuples
from ._parameters import Parameters
from ._rows import Rows

apilevel = "2.0"
#: Threads may share the module and its connections, not cursors.
threadsafety = 2
paramstyle = "qmark"


# ---- errors


class Warning(Exception):  # noqa: A001
    """Part of the interface; what the engine notices is a :class:`graticule.Notice`, which Python warns of."""


class Error(Exception):
    """Any error. Those of the engine have its exception as ``__cause__``, and its text."""


class InterfaceError(Error):
    """A connection or a cursor is used that is closed."""


class DatabaseError(Error):
    """Any error of the engine."""


class DataError(DatabaseError):
    """A value met while the query ran does not fit."""


class OperationalError(DatabaseError):
    """A source failed, a resource is exhausted, or the query was cancelled."""


class IntegrityError(DatabaseError):
    """Part of the interface; never raised, as there are no constraints."""


class InternalError(DatabaseError):
    """A defect of the engine."""


class ProgrammingError(DatabaseError):
    """The text is no SQL, a name or type does not fit, or a row is asked for where nothing was executed."""


class NotSupportedError(DatabaseError):
    """The query is right, and this version cannot run it yet."""


_KINDS: dict[type[_errors.Error], type[DatabaseError]] = {
    _errors.SqlSyntaxError: ProgrammingError,
    _errors.BindingError: ProgrammingError,
    _errors.UnsupportedError: NotSupportedError,
    _errors.DataError: DataError,
    _errors.SourceError: OperationalError,
    _errors.ResourceError: OperationalError,
    _errors.CancelledError: OperationalError,
    _errors.InternalError: InternalError,
}


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except _errors.Error as failure:
        raise _KINDS.get(type(failure), DatabaseError)(str(failure)) from failure


# ---- types


class _Kind:
    """Equal to the type codes of a description that are of its kind."""

    def __init__(self, name: str, *types: str) -> None:
        self._name = name
        self._types = frozenset(types)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, str):
            return other.split("(")[0].strip() in self._types and not other.endswith("]")
        return self is other

    def __hash__(self) -> int:
        return hash(self._name)

    def __repr__(self) -> str:
        return self._name


STRING = _Kind("STRING", "VARCHAR")
BINARY = _Kind("BINARY", "BLOB", "VARBINARY", "BINARY")
NUMBER = _Kind(
    "NUMBER",
    *("BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"),
    *("REAL", "DOUBLE", "DECIMAL"),
)
DATETIME = _Kind("DATETIME", "DATE", "TIME", "TIMESTAMP", "TIMESTAMPTZ", "TIMESTAMP WITH TIME ZONE")
#: Nothing has this type: rows have no numbers of their own.
ROWID = _Kind("ROWID")

Date = datetime.date
Time = datetime.time
Timestamp = datetime.datetime
Binary = bytes


def DateFromTicks(ticks: float) -> datetime.date:  # noqa: N802
    """The local date, so many seconds after 1970 began in UTC."""
    return Date(*time.localtime(ticks)[:3])


def TimeFromTicks(ticks: float) -> datetime.time:  # noqa: N802
    """The local time of day, so many seconds after 1970 began in UTC."""
    return Time(*time.localtime(ticks)[3:6])


def TimestampFromTicks(ticks: float) -> datetime.datetime:  # noqa: N802
    """The local date and time, so many seconds after 1970 began in UTC."""
    return Timestamp(*time.localtime(ticks)[:6])


# ---- connections


def connect(connection: graticule.Connection | None = None, **settings: Any) -> Connection:
    """A connection as the interface has it.

    Args:
        connection: the one whose tables are meant, which closing leaves open; None makes one, which is closed with this.
        settings: of the new one, as :func:`graticule.connect` takes them.
    """
    if connection is not None:
        if settings:
            raise TypeError("settings are those of a new connection")
        return Connection(connection, owned=False)
    with _translated():
        return Connection(graticule.Connection(python_variables=False, **settings), owned=True)


class Connection:
    """A connection as the interface has it; ``graticule`` is the one behind it, for ``register`` and the like."""

    Warning = Warning
    Error = Error
    InterfaceError = InterfaceError
    DatabaseError = DatabaseError
    DataError = DataError
    OperationalError = OperationalError
    IntegrityError = IntegrityError
    InternalError = InternalError
    ProgrammingError = ProgrammingError
    NotSupportedError = NotSupportedError

    def __init__(self, connection: graticule.Connection, *, owned: bool) -> None:
        self.graticule = connection
        self._owned = owned
        self._closed = False
        self._cursors: weakref.WeakSet[Cursor] = weakref.WeakSet()

    def _require_open(self) -> None:
        if self._closed:
            raise InterfaceError("This connection is closed.")

    def cursor(self) -> Cursor:
        """A new cursor; those of one connection do not disturb each other."""
        self._require_open()
        found = Cursor(self)
        self._cursors.add(found)
        return found

    def execute(self, operation: str, parameters: Parameters = None) -> Cursor:
        """A new cursor that has executed this."""
        return self.cursor().execute(operation, parameters)

    def commit(self) -> None:
        """Does nothing: a statement's effect is there when it has run."""
        self._require_open()

    def rollback(self) -> None:
        """Does nothing: there are no transactions, and a statement that failed has left nothing behind."""
        self._require_open()

    def close(self) -> None:
        """Closes its cursors, and the connection behind it if :func:`connect` made that."""
        if self._closed:
            return
        self._closed = True
        for cursor in list(self._cursors):
            cursor.close()
        if self._owned:
            self.graticule.close()

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


class Cursor:
    """Executes statements and gives the rows of the last one, which are computed while they are fetched."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.arraysize = 1
        self._closed = False
        self._rows: Rows | None = None
        self._tuples: Iterator[tuple[Any, ...]] | None = None
        self._description: list[tuple[Any, ...]] | None = None

    @property
    def description(self) -> list[tuple[Any, ...]] | None:
        """Name and type of each column and five times what the engine does not tell; None where there are no columns."""
        return self._description

    @property
    def rowcount(self) -> int:
        """-1: rows are counted by fetching them."""
        return -1

    def _require_open(self) -> None:
        self.connection._require_open()
        if self._closed:
            raise InterfaceError("This cursor is closed.")

    def _stop(self) -> None:
        if self._rows is not None:
            self._rows.close()
        self._rows = self._tuples = self._description = None

    def execute(self, operation: str, parameters: Parameters = None) -> Cursor:
        """Begins a statement; one that changes or writes something has done so when this returns."""
        self._require_open()
        self._stop()
        with _translated():
            # An empty sequence is what tools give that have no parameters.
            bound = parameters if parameters is not None and len(parameters) else None
            relation = self.connection.graticule._sql(operation, bound, None)
            self._rows = rows = relation._rest()
            self._description = [
                (name, kind, None, None, None, None, None) for name, kind in zip(rows.schema.names, rows.types())
            ] or None
            self._tuples = tuples(rows)
        return self

    def executemany(self, operation: str, seq_of_parameters: Sequence[Parameters]) -> Cursor:
        """Runs a statement once for each set of parameters; rows that it gives are dropped."""
        self._require_open()
        for parameters in seq_of_parameters:
            for _ in self.execute(operation, parameters):
                pass
        self._stop()
        return self

    def _next(self) -> tuple[Any, ...] | None:
        self._require_open()
        if self._tuples is None:
            raise ProgrammingError("There is no result: execute a query first.")
        try:
            with _translated():
                return next(self._tuples, None)
        except BaseException:
            # Rows that were not computed must not look like rows that do not exist.
            self._stop()
            raise

    def fetchone(self) -> tuple[Any, ...] | None:
        """The next row, or None where there is none any more."""
        return self._next()

    def fetchmany(self, size: int | None = None) -> list[tuple[Any, ...]]:
        """The next rows, at most so many, or ``arraysize``."""
        found: list[tuple[Any, ...]] = []
        most = self.arraysize if size is None else size
        while len(found) < most and (row := self._next()) is not None:
            found.append(row)
        return found

    def fetchall(self) -> list[tuple[Any, ...]]:
        """All rows that are left."""
        return list(self)

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        while (row := self._next()) is not None:
            yield row

    def setinputsizes(self, sizes: Sequence[Any]) -> None:
        """Does nothing: parameters need no room that is set aside."""

    def setoutputsize(self, size: int, column: int | None = None) -> None:
        """Does nothing: values may be of any size."""

    def close(self) -> None:
        """Stops the query; rows that were fetched stay."""
        self._stop()
        self._closed = True

    def __enter__(self) -> Cursor:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()
