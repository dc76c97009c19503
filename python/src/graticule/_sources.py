"""Python objects as tables: what streams Arrow, data frames, paths, functions. Grids are in :mod:`graticule._grids`."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any

import pyarrow

from . import _java
from ._errors import BindingError, SourceError
from ._rows import Struct

ONCE = (
    "This stream can be read only once, and a query has read it already. Register a function that starts it anew, or a copy of its"
    " rows (for example a pyarrow Table)."
)


def _is_a(obj: Any, module: str, *names: str) -> bool:
    """Whether an object is of one of a library's classes, without importing the library."""
    library = sys.modules.get(module)
    return library is not None and any(isinstance(obj, kind) for name in names if (kind := getattr(library, name, None)))


def is_xarray(obj: Any) -> bool:
    return _is_a(obj, "xarray", "Dataset", "DataArray")


class GridTable:
    """A Dataset with its chunks, as a table of its cells that can be read any number of times. The engine takes it as the grid that
    it is; to others it is anything with ``__arrow_c_stream__``. Nothing is read before somebody asks for rows."""

    def __init__(self, dataset: Any, chunks: Any = None) -> None:
        from ._grids import as_dataset, check_chunks

        check_chunks(dataset, chunks)
        self.dataset = as_dataset("dataset", dataset)
        self.chunks = chunks

    @cached_property
    def _connection(self) -> Any:
        """For those who read the rows by themselves."""
        from ._connection import Connection

        return Connection(python_variables=False).register("dataset", self.dataset, chunks=self.chunks)

    def rows(self) -> Any:
        """All rows, as a query."""
        return self._connection.table("dataset")

    @property
    def schema(self) -> pyarrow.Schema:
        """The columns: axes, coordinates, variables."""
        return self.rows().schema

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """All rows, from the first one."""
        return self.rows().__arrow_c_stream__(requested_schema)


def is_source(obj: Any) -> bool:
    """Whether a Python variable can be a table."""
    return (
        is_xarray(obj)
        or _is_a(obj, "pandas", "DataFrame")
        or _is_a(obj, "polars", "DataFrame", "LazyFrame")
        or _is_a(obj, "pyarrow.dataset", "Dataset")
        or isinstance(obj, (pyarrow.Table, pyarrow.RecordBatch, pyarrow.RecordBatchReader))
        or (hasattr(type(obj), "__arrow_c_stream__") and not isinstance(obj, type))
    )


def register(engine: Any, name: str, obj: Any, options: Mapping[str, Any]) -> None:
    """Makes an object known under a name; reads nothing."""
    if not isinstance(name, str) or not name:
        raise TypeError("the name of a table is a string")
    _java.collect_later()
    if isinstance(obj, (str, os.PathLike)):
        _register_path(engine, name, obj, options)
    else:
        if is_xarray(obj):
            from ._grids import as_dataset, check_chunks

            check_chunks(obj, options.get("chunks"))
            obj = as_dataset(name, obj)
        engine.registerSupplier(name, _supplier(_later(name, obj, options)))


def _register_path(engine: Any, name: str, path: str | os.PathLike[str], options: Mapping[str, Any]) -> None:
    from ._connection import _literal

    location = os.fspath(path)
    format_ = options.get("format")
    rest = ", ".join(f"{key} {_literal(value)}" for key, value in options.items() if key != "format" and value is not None)
    quoted = '"' + name.replace('"', '""') + '"'
    engine.query(
        f"CREATE OR REPLACE EXTERNAL TABLE {quoted}"
        + (f" STORED AS {format_}" if format_ else "")
        + f" LOCATION {_literal(location)}"
        + (f" OPTIONS ({rest})" if rest else "")
    ).run().close()


def lookup_of(variables: Mapping[str, Any]) -> Any:
    """Python variables, for one query."""
    import jpype

    made = {name: _later(name, obj, {}) for name, obj in variables.items()}
    find = _java.callback(lambda name: made[str(name)]() if str(name) in made else None)
    return jpype.JProxy(_java.bridge("NamedObjects"), dict={"find": find})


def _supplier(give: Callable[[], Any]) -> Any:
    import jpype

    return jpype.JProxy(_java.java("java.util.function.Supplier"), dict={"get": _java.callback(give)})


def _later(name: str, obj: Any, options: Mapping[str, Any]) -> Callable[[], Any]:
    """What gives an object as a dataset, at each statement that names it."""
    if isinstance(obj, GridTable):
        obj, options = obj.dataset, {"chunks": obj.chunks, **options}
    if is_xarray(obj):
        return _once(lambda: _dataset(name, obj, options))
    if callable(obj) and not is_source(obj):
        return _Function(name, obj, options)
    if not is_source(obj):
        raise BindingError(
            f"{name}: a {type(obj).__module__}.{type(obj).__qualname__} cannot be a table. Register a path, an xarray Dataset, a"
            " pyarrow Table, Dataset or RecordBatchReader, a DataFrame, something with __arrow_c_stream__, or a function that gives"
            " one of these."
        )
    _known_options(options, "schema")
    return _once(lambda: _stream_table(name, _frame(obj)))


def _known_options(options: Mapping[str, Any], *known: str) -> None:
    for option in options:
        if option not in known:
            raise TypeError(f"register() got an unexpected argument {option!r} for such an object")


def _once(make: Callable[[], Any]) -> Callable[[], Any]:
    lock = threading.Lock()
    made: list[Any] = []

    def get() -> Any:
        with lock:
            if not made:
                made.append(make())
            return made[0]

    return get


def _dataset(name: str, obj: Any, options: Mapping[str, Any]) -> Any:
    """Whatever can be a table, as a dataset."""
    if is_xarray(obj):
        from ._grids import grid_dataset

        _known_options(options, "chunks", "table_names")
        return grid_dataset(name, obj, **options)
    return _stream_table(name, _frame(obj))


class _Function:
    """A function that gives a table anew for each query. It is first called when a statement first names it, unless its schema was
    told; what it gave then is what that statement reads."""

    def __init__(self, name: str, function: Callable[[], Any], options: Mapping[str, Any]) -> None:
        self._name = name
        self._function = function
        self._options = dict(options)
        self._schema: pyarrow.Schema | None = self._options.pop("schema", None)
        self._lock = threading.Lock()
        self._table: Any = None
        self._first: Any = None

    def __call__(self) -> Any:
        with self._lock:
            if self._table is None:
                if self._schema is None:
                    given = self._function()
                    if is_xarray(given):
                        return _dataset(self._name, given, self._options)
                    _known_options(self._options)
                    self._first = _frame(given)
                    self._schema = self._first.schema()
                frame = _Called(self, self._schema)
                self._table = _stream_table(self._name, frame)
            return self._table

    def anew(self) -> Any:
        with self._lock:
            first, self._first = self._first, None
        return first if first is not None else _frame(self._function())


# ---- what gives streams


class _Frame:
    """Something with rows: its schema, and streams of them."""

    may_fail = True

    def schema(self) -> pyarrow.Schema:
        raise NotImplementedError

    def understands(self, predicate: Any) -> bool:
        return False

    def stream(self, columns: list[int], predicates: list[Any], limit: int | None) -> Any:
        """Something with ``__arrow_c_stream__``, with these columns or all of them."""
        raise NotImplementedError


def _frame(obj: Any) -> _Frame:
    if isinstance(obj, pyarrow.RecordBatchReader):
        return _Single(obj)
    if isinstance(obj, pyarrow.RecordBatch):
        return _Table(pyarrow.Table.from_batches([obj]))
    if isinstance(obj, pyarrow.Table):
        return _Table(obj)
    if _is_a(obj, "pyarrow.dataset", "Dataset"):
        return _Dataset(obj)
    if _is_a(obj, "pandas", "DataFrame"):
        return _Pandas(obj)
    if _is_a(obj, "polars", "LazyFrame", "DataFrame"):
        return _Polars(obj)
    if hasattr(type(obj), "__arrow_c_stream__"):
        return _Capsules(obj)
    raise SourceError(
        f"The function gave a {type(obj).__module__}.{type(obj).__qualname__}; expected a pyarrow Table, Dataset or"
        " RecordBatchReader, a DataFrame, an xarray Dataset, or something with __arrow_c_stream__."
    )


def _without_columns(rows: int) -> pyarrow.RecordBatchReader:
    """A stream of so many rows that have no columns."""
    empty = pyarrow.schema([])

    def batches() -> Any:
        left = rows
        while left > 0:
            count = min(left, 1 << 20)
            yield pyarrow.RecordBatch.from_struct_array(
                pyarrow.Array.from_buffers(pyarrow.struct([]), count, [None], null_count=0)
            )
            left -= count

    return pyarrow.RecordBatchReader.from_batches(empty, batches())


class _Table(_Frame):
    """A table in memory."""

    may_fail = False

    def __init__(self, table: pyarrow.Table) -> None:
        self._table = table

    def schema(self) -> pyarrow.Schema:
        return self._table.schema

    def stream(self, columns: list[int], predicates: list[Any], limit: int | None) -> Any:
        table = self._table if limit is None or predicates else self._table.slice(0, limit)
        return table.select(columns).to_reader() if columns else _without_columns(table.num_rows)


class _Single(_Frame):
    """A reader, which is there once."""

    def __init__(self, reader: pyarrow.RecordBatchReader) -> None:
        self._reader: pyarrow.RecordBatchReader | None = reader
        self._schema = reader.schema
        self._lock = threading.Lock()

    def schema(self) -> pyarrow.Schema:
        return self._schema

    def stream(self, columns: list[int], predicates: list[Any], limit: int | None) -> Any:
        with self._lock:
            reader, self._reader = self._reader, None
        if reader is None:
            raise SourceError(ONCE)
        return reader


class _Capsules(_Frame):
    """Anything with ``__arrow_c_stream__``. Its first stream tells the schema, and is the first query's."""

    def __init__(self, obj: Any) -> None:
        self._obj = obj
        self._first: pyarrow.RecordBatchReader | None = None
        self._schema: pyarrow.Schema | None = None
        self._lock = threading.Lock()

    def _open(self) -> pyarrow.RecordBatchReader:
        return pyarrow.RecordBatchReader.from_stream(self._obj)

    def schema(self) -> pyarrow.Schema:
        with self._lock:
            if self._schema is None:
                if isinstance(known := getattr(self._obj, "schema", None), pyarrow.Schema):
                    self._schema = known
                else:
                    self._first = self._open()
                    self._schema = self._first.schema
            return self._schema

    def stream(self, columns: list[int], predicates: list[Any], limit: int | None) -> Any:
        with self._lock:
            first, self._first = self._first, None
        return first if first is not None else self._obj


class _Pandas(_Frame):
    """A DataFrame's columns; its index is left out."""

    may_fail = False

    def __init__(self, frame: Any) -> None:
        self._frame = frame
        self._schema: pyarrow.Schema | None = None

    def schema(self) -> pyarrow.Schema:
        if self._schema is None:
            self._schema = pyarrow.Schema.from_pandas(self._frame, preserve_index=False).remove_metadata()
        return self._schema

    def stream(self, columns: list[int], predicates: list[Any], limit: int | None) -> Any:
        frame = self._frame if limit is None or predicates else self._frame.iloc[:limit]
        if not columns:
            return _without_columns(len(frame))
        schema = self.schema()
        wanted = pyarrow.schema([schema.field(number) for number in columns])
        arrays = [
            pyarrow.Array.from_pandas(frame.iloc[:, number], type=field.type) for number, field in zip(columns, wanted)
        ]
        return pyarrow.Table.from_arrays(arrays, schema=wanted).to_reader()


class _Polars(_Frame):
    """A DataFrame, or a LazyFrame that is collected by each query."""

    may_fail = False

    def __init__(self, frame: Any) -> None:
        self._frame = frame
        self._schema: pyarrow.Schema | None = None

    def _lazy(self) -> bool:
        return type(self._frame).__name__ == "LazyFrame"

    def _head(self) -> Any:
        if not self._lazy():
            return self._frame.head(0)
        return self._frame.collect_schema().to_frame()

    def schema(self) -> pyarrow.Schema:
        if self._schema is None:
            self._schema = pyarrow.RecordBatchReader.from_stream(self._head()).schema
        return self._schema

    def stream(self, columns: list[int], predicates: list[Any], limit: int | None) -> Any:
        frame = self._frame if limit is None or predicates else self._frame.head(limit)
        names = self.schema().names
        if columns:
            frame = frame.select([names[number] for number in columns])
            return frame.collect() if self._lazy() else frame
        if self._lazy():
            import polars

            return _without_columns(int(frame.select(polars.len()).collect().item()))
        return _without_columns(frame.height)


class _Dataset(_Frame):
    """A pyarrow Dataset, which leaves out columns and rows by itself."""

    def __init__(self, dataset: Any) -> None:
        self._dataset = dataset

    def schema(self) -> pyarrow.Schema:
        return self._dataset.schema

    def understands(self, predicate: Any) -> bool:
        from ._predicates import expression

        return expression(predicate, self.schema()) is not None

    def stream(self, columns: list[int], predicates: list[Any], limit: int | None) -> Any:
        from ._predicates import expression

        schema = self.schema()
        if len(set(schema.names)) < len(schema.names):
            return self._dataset.scanner().to_reader()
        wanted = [expression(each, schema) for each in predicates]
        condition = None
        for each in wanted:
            if each is not None:
                condition = each if condition is None else condition & each
        if not columns:
            return _without_columns(self._dataset.count_rows(filter=condition))
        return self._dataset.scanner(columns=[schema.names[number] for number in columns], filter=condition).to_reader()


class _Called(_Frame):
    """What a function gives for each query."""

    def __init__(self, function: _Function, schema: pyarrow.Schema) -> None:
        self._function = function
        self._schema = schema

    def schema(self) -> pyarrow.Schema:
        return self._schema

    def stream(self, columns: list[int], predicates: list[Any], limit: int | None) -> Any:
        frame = self._function.anew()
        if frame.schema().names != self._schema.names:
            # The engine names both schemas.
            return frame.stream(list(range(len(frame.schema()))), [], None)
        return frame.stream(columns, [], None if predicates else limit)


def _watched(reader: pyarrow.RecordBatchReader) -> Iterator[pyarrow.RecordBatch]:
    """The batches of a reader, whose exceptions are found again when the engine tells of them."""
    try:
        while True:
            try:
                batch = reader.read_next_batch()
            except StopIteration:
                return
            except BaseException as failure:
                raise _java.marked(failure) from None
            yield batch
            del batch
    finally:
        with contextlib.suppress(pyarrow.ArrowInvalid):
            reader.close()


def _stream_table(name: str, frame: _Frame) -> Any:
    """A dataset of one table over a frame's streams."""
    import jpype

    def export(address: int, columns: Any, predicates: Any, limit: int) -> None:
        wanted = [int(number) for number in columns]
        most = int(limit) if int(limit) < 2**62 else None
        found = frame.stream(wanted, list(predicates), most)
        reader = found if isinstance(found, pyarrow.RecordBatchReader) else pyarrow.RecordBatchReader.from_stream(found)
        if frame.may_fail:
            reader = pyarrow.RecordBatchReader.from_batches(reader.schema, _watched(reader))
        reader._export_to_c(int(address))

    producer = jpype.JProxy(
        _java.bridge("StreamProducer"),
        dict={
            "exportStream": _java.callback(export),
            "understands": _java.callback(lambda predicate: frame.understands(predicate)),
        },
    )
    with Struct.stream() as room:
        pyarrow.RecordBatchReader.from_batches(frame.schema(), [])._export_to_c(room.address)
        return _java.bridge("StreamTable").of(name, room.address, producer)
