"""A query that runs when it is read."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy
import pyarrow

from . import _java
from ._datasets import Dimension, Places, choose, dataset_of, first_occurrences, require_room
from ._errors import BindingError, throw
from ._fetching import Fetching
from ._parameters import Parameters, bind
from ._preview import as_html, as_text
from ._rows import Rows, tell

if TYPE_CHECKING:
    import xarray

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
        tables: Sequence[str] = (),
        head: str = "",
        tail: str = "",
    ) -> None:
        self._connection = connection
        self._user_sql = sql
        self._parameters = parameters
        self._variables = dict(variables)
        self._kind = kind
        self._text = text
        self._tables = list(tables)
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
        return Rows(self._connection, query, query.run(), self._user_sql, lines)

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
            tables=self._tables,
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

    # ---- labelled arrays

    def _grid(self) -> tuple[list[Dimension], list[str], Rows]:
        """The columns that are axes or keys of a GROUP BY with what is known of them, the names of the axes of the grid that the rows
        come from, and the rows, of which none is computed yet: all of one binding of the query."""
        query, lines = self._query()
        with self._connection._running(query):
            try:
                columns = _java.wait(query.columns(), query.cancel)
            except BaseException as failure:
                throw(failure, self._user_sql, lines)
        rows = Rows(self._connection, query, columns.rows(), self._user_sql, lines)
        try:
            axes = [str(name) for name in columns.axes()]
            found = []
            for number, name in enumerate(rows.schema.names):
                role = str(columns.role(number))
                if role:
                    found.append(Dimension(number, name))
                if role in ("axis", "computed"):
                    told = Rows(
                        self._connection, query, columns.coordinates(number), self._user_sql, lines
                    ).table()
                    self._know(found[-1], columns, told, role, axes)
        except BaseException as failure:
            rows.close()
            throw(failure, self._user_sql, lines)
        return found, axes, rows

    def _know(self, dimension: Dimension, columns: Any, told: pyarrow.Table, role: str, axes: list[str]) -> None:
        """Notes where a dimension comes from, and its coordinates where no LIMIT may take some away."""
        values = told.column(0).combine_chunks()
        unique = values.null_count == 0 and len(values.unique()) == len(values)
        name = str(columns.axisName(dimension.column))
        if role == "axis":
            dimension.axis = axes.index(name) if name in axes else None
            source = self._connection._coordinate(name, self._tables, self._variables)
            if source is not None:
                dimension.attributes, dimension.encoding = dict(source.attrs), dict(source.encoding)
        if unique and bool(columns.isLimited()):
            dimension.order = values
        elif unique:
            dimension.coordinates = values
            if role == "axis":
                dimension.indices = told.column(1).to_numpy()
                dimension.block = int(columns.blockLength(dimension.column))

    def to_xarray(
        self,
        dims: Sequence[str] | None = None,
        template: Any = None,
        fill_value: Any = None,
        chunks: Any = None,
        max_result_bytes: int | None = None,
    ) -> xarray.Dataset:
        """The rows as an xarray Dataset. Its dimensions are the result's axes and the keys of its GROUP BY, all of them, in the order
        of the columns; an axis has the coordinates that conditions on it leave, in the source's order. Cells without a row are NaN.

        Args:
            dims: the columns that are dimensions, in that order, where the result does not tell or they shall be others.
            template: a Dataset whose order of dimensions and coordinates and whose attributes the result takes.
            fill_value: what stands where there is no value, instead of NaN (NaT for times).
            chunks: of the result, as ``Dataset.chunk`` takes them.
            max_result_bytes: a larger result is an error before it is made.

        Raises:
            BindingError: no column is a dimension.
            DataError: two rows for one cell, or NULL in a dimension.
            ResourceError: the result would have more than max_result_bytes.
        """
        known, axes, rows = self._grid()
        try:
            # A single cell needs no dimension: SELECT avg(t2m).
            single = not known and dims is None and template is None
            table = rows.table() if single else None
            one = table is not None and table.num_rows == 1
            chosen = [] if one else choose(rows.schema, known, dims, template, axes)
            require_room(rows.schema, chosen, max_result_bytes)
            return dataset_of(table or rows.table(), chosen, template, fill_value, chunks, max_result_bytes)
        finally:
            rows.close()

    to_dataset = to_xarray

    def numpy(self) -> numpy.ndarray[Any, Any]:
        """The only column that is no dimension as an array over the others. It is given where the rows' order is the array's, and where
        there is a row for each cell.

        Raises:
            BindingError: where it is not, with what to write.
        """
        known, axes, rows = self._grid()
        try:
            names = rows.schema.names
            chosen = choose(rows.schema, known, None, None, axes)
            used = {each.column for each in chosen}
            others = [number for number in range(len(names)) if number not in used]
            if len(others) != 1:
                raise BindingError(
                    f"numpy() gives one column; besides its dimensions the result has {len(others)}. Write to_xarray()."
                )
            table = rows.table()
        finally:
            rows.close()
        for each in chosen:
            if each.coordinates is None:
                each.coordinates = first_occurrences(table.column(each.column))
        places = Places(table, chosen, tuple(len(each.coordinates) for each in chosen if each.coordinates is not None))
        if not places.is_c_order:
            order = ", ".join(names[each.column] + (" DESC" if each.descends() else "") for each in chosen)
            over = ", ".join(names[each.column] for each in chosen)
            raise BindingError(
                f"The rows are not an array over ({over}) in their order: write ORDER BY {order}, or to_xarray()"
                + ("." if places.is_whole else ", which marks the cells that have no row.")
            )
        return places.array(table.column(others[0]), None)

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
