"""A query that runs when it is read."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pyarrow

from . import _java
from ._errors import BindingError, throw
from ._fetching import Fetching
from ._parameters import Parameters, bind
from ._preview import as_html, as_text
from ._rows import Rows, tell

if TYPE_CHECKING:
    from ._connection import Connection

PREVIEW_ROWS = 20


class Relation(Fetching):
    """A query of a connection.

    It is lazy: nothing runs before rows are asked for. And it runs anew each time, with what its tables hold then: whoever needs the
    same rows twice keeps what was read, for example ``to_arrow_table()``. Only the Python variables that it names are those of the
    moment when it was made. Not for use by several threads at once; make one for each.
    """

    def __init__(
        self,
        connection: Connection,
        sql: str,
        parameters: Parameters,
        variables: Mapping[str, Any],
        *,
        kind: str,
        text: str,
        head: str = "",
        tail: str = "",
    ) -> None:
        self._connection = connection
        self._user_sql = sql
        self._parameters = parameters
        self._variables = dict(variables)
        self._kind = kind
        self._text = text
        self._head = head
        self._tail = tail

    # ---- running

    @property
    def sql_query(self) -> str:
        """The SQL that runs."""
        return self._head + self._text + self._tail

    @property
    def _lines_before(self) -> int:
        return self._head.count("\n")

    def _query(self, head: str = "", tail: str = "") -> tuple[Any, int]:
        """The Java query and how many lines stand before the user's text in it."""
        text = head + self.sql_query + tail
        lines = head.count("\n") + self._lines_before
        try:
            query = self._connection._java_query(text, self._variables)
            bind(query, self._parameters)
        except BaseException as failure:
            throw(failure, self._user_sql, lines)
        return query, lines

    def _rows(self, head: str = "", tail: str = "") -> Rows:
        query, lines = self._query(head, tail)
        return Rows(self._connection, query, self._user_sql, lines)

    def _open(self) -> Rows:
        return self._rows()

    def _derived(self, head: str, tail: str) -> Relation:
        if self._kind != "QUERY":
            raise BindingError("Only a SELECT can be part of another query; this statement's rows can be read alone.")
        return Relation(
            self._connection,
            self._user_sql,
            self._parameters,
            self._variables,
            kind="QUERY",
            text=self._text,
            head=head + self._head,
            tail=self._tail + tail,
        )

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """A new run, as a stream of the Arrow C Data Interface."""
        return self._open().reader().__arrow_c_stream__(requested_schema)

    # ---- what it is

    @property
    def _described(self) -> tuple[pyarrow.Schema, list[str]]:
        rows = self._open()
        try:
            return rows.schema, rows.types()
        finally:
            rows.close()

    @property
    def schema(self) -> pyarrow.Schema:
        """The Arrow schema of the rows. Binds the query, and computes nothing."""
        return self._described[0]

    @property
    def columns(self) -> list[str]:
        """The names of the columns. Binds the query, and computes nothing."""
        return list(self.schema.names)

    @property
    def types(self) -> list[str]:
        """The names of the columns' SQL types. Binds the query, and computes nothing."""
        return self._described[1]

    dtypes = types

    @property
    def description(self) -> list[tuple[Any, ...]]:
        """Name and type of each column, as the Python database API has them."""
        schema, types = self._described
        return [(name, kind, None, None, None, None, True) for name, kind in zip(schema.names, types)]

    @property
    def shape(self) -> tuple[int, int]:
        """The numbers of rows, which are counted by a query, and of columns."""
        return len(self), len(self.columns)

    def __len__(self) -> int:
        if self._kind != "QUERY":
            return self._open().table().num_rows
        rows = self._rows("SELECT count(*) FROM (\n", "\n)")
        return int(rows.table().column(0)[0].as_py())

    def explain(self, analyze: bool = False) -> str:
        """How the query is going to run: exact rows, chunks and bytes. With ``analyze`` it runs, and says what was really read."""
        rows = self._rows("EXPLAIN ANALYZE\n" if analyze else "EXPLAIN\n")
        return "\n".join(str(line) for line in rows.table().column(0).to_pylist())

    def limit(self, n: int, offset: int = 0) -> Relation:
        """The first rows of it, or so many after the first ``offset``."""
        return self._derived("SELECT * FROM (\n", f"\n) LIMIT {int(n)}" + (f" OFFSET {int(offset)}" if offset else ""))

    # ---- looking at it

    def _preview(self, most: int) -> tuple[pyarrow.Table, list[str], bool]:
        """The first rows, the names of the types, and whether there are more."""
        if self._kind == "QUERY":
            rows = self._rows("SELECT * FROM (\n", f"\n) LIMIT {most + 1}")
        else:
            rows = self._open()
        types = rows.types()
        table = rows.table()
        return table.slice(0, most), types, table.num_rows > most

    def show(self, max_rows: int = PREVIEW_ROWS) -> None:
        """Prints the first rows."""
        print(as_text(*self._preview(max_rows)))

    def __repr__(self) -> str:
        return as_text(*self._preview(PREVIEW_ROWS))

    def _repr_html_(self) -> str:
        return as_html(*self._preview(PREVIEW_ROWS))

    # ---- files

    def _copy(self, path: str | os.PathLike[str], format_: str, options: Mapping[str, Any]) -> int:
        query, lines = self._query()
        chosen = {"format": format_} | {key.lower(): value for key, value in options.items() if value is not None}
        with self._connection._running(query):
            try:
                count = _java.wait(query.copyTo(os.fspath(path), _options(chosen)), query.cancel)
            except BaseException as failure:
                throw(failure, self._user_sql, lines)
        tell([str(notice) for notice in query.notices()])
        return int(count)

    def to_parquet(self, path: str | os.PathLike[str], **options: Any) -> int:
        """Writes the rows to a Parquet file, whole or not at all; gives their number. Options are those of COPY."""
        return self._copy(path, "parquet", options)

    def to_csv(self, path: str | os.PathLike[str], **options: Any) -> int:
        """Writes the rows to a CSV file, whole or not at all; gives their number. Options are those of COPY."""
        return self._copy(path, "csv", options)

    def to_zarr(self, path: str | os.PathLike[str], **options: Any) -> int:
        """Writes the rows as a Zarr store, whole or not at all; gives their number. Options are those of COPY: ``dims``, ``chunks``,
        ``shards``, ``codec``, ``level``, ``version``, ``overwrite``."""
        return self._copy(path, "zarr", options)


def _options(values: Mapping[str, Any]) -> Any:
    found = _java.java("java.util.HashMap")()
    for key, value in values.items():
        found.put(key, _option(value))
    return found


def _option(value: Any) -> Any:
    java = _java.java
    if isinstance(value, bool):
        return java("java.lang.Boolean").valueOf(value)
    if isinstance(value, int):
        return java("java.lang.Long").valueOf(str(value))
    if isinstance(value, float):
        return java("java.lang.Double").valueOf(repr(value))
    if isinstance(value, Mapping):
        found = java("java.util.LinkedHashMap")()
        for key, each in value.items():
            found.put(str(key), _option(each))
        return found
    if isinstance(value, (list, tuple)):
        many = java("java.util.ArrayList")()
        for each in value:
            many.add(_option(each))
        return many
    return java("java.lang.String")(os.fspath(value) if isinstance(value, os.PathLike) else str(value))
