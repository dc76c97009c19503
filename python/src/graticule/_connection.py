"""A connection: an engine of its own, with the names that it knows."""

from __future__ import annotations

import contextlib
import inspect
import os
import sys
import threading
import weakref
from collections.abc import Iterator, Mapping
from types import FrameType, TracebackType
from typing import Any

from . import _java
from ._errors import BindingError, throw
from ._fetching import Fetching
from ._parameters import Parameters
from ._relation import Relation
from ._rows import Rows


class Connection(Fetching):
    """An engine of its own, and the names of its tables.

    Any number of threads may query one connection at once. ``with connect() as con`` closes it; one that is forgotten is closed when
    it is collected.

    Args:
        python_variables: whether a query may name Python variables in FROM.
        settings: of the engine, as SET has them: ``threads=4, memory_limit="4GB"``.
    """

    def __init__(self, *, python_variables: bool = True, **settings: Any) -> None:
        _java.start()
        self._python_variables = python_variables
        try:
            self._session = _java.bridge("PythonSession")()
        except BaseException as failure:
            throw(failure)
        self._finalizer = weakref.finalize(self, _java.end, self._session.close)
        self._finalizer.atexit = False
        _java.close_at_exit(self)
        self._lock = threading.Lock()
        self._open_runs: weakref.WeakSet[Any] = weakref.WeakSet()
        self._last: Relation | None = None
        self._grids: dict[str, Any] = {}
        for name, value in settings.items():
            self._set(name, value)

    def _set(self, name: str, value: Any) -> None:
        from ._parameters import to_java

        try:
            self._session.engine().set(name, to_java(value, name))
        except BaseException as failure:
            self.close()
            throw(failure)

    # ---- queries

    def sql(self, query: str, params: Parameters = None) -> Relation:
        """A query. It is parsed now and runs whenever it is read, anew each time: see :class:`Relation`. A statement that changes or
        writes something (CREATE, SET, COPY, ...) is run at once, and its result can be read once.

        Args:
            query: one statement.
            params: a list for ``?`` and ``$1``, a dict for ``$name``.

        Raises:
            SqlSyntaxError: the text is not a statement.
        """
        return self._sql(query, params, sys._getframe(1))

    query = sql

    def _sql(self, query: str, params: Parameters, frame: FrameType | Mapping[str, Any] | None) -> Relation:
        """As :meth:`sql`, for the code whose frame or variables these are."""
        try:
            parsed = _java.bridge("StatementText").of(self._session.engine(), query)
        except BaseException as failure:
            throw(failure, query)
        names = [str(name) for name in parsed.tables()]
        relation = Relation(
            self,
            query,
            params,
            self._variables(names, frame),
            kind=str(parsed.kind().name()),
            text=str(parsed.text()),
            tables=names,
        )
        if relation._kind == "EFFECT":
            relation._cursor = relation._open()
        return relation

    def _variables(self, names: list[str], frame: FrameType | Mapping[str, Any] | None) -> dict[str, Any]:
        """The variables of the code that asks, of those names, that can be tables."""
        if not self._python_variables or frame is None:
            return {}
        from ._sources import is_source

        if isinstance(frame, Mapping):
            return {name: frame[name] for name in names if name in frame and is_source(frame[name])}
        code = frame.f_code
        local = {*code.co_varnames, *code.co_cellvars, *code.co_freevars}
        found = {}
        for name in names:
            # f_locals of a function is a copy that keeps all its variables alive: it is made only where one is named.
            scope = frame.f_locals if name in local or not code.co_flags & inspect.CO_NEWLOCALS else frame.f_globals
            value = scope.get(name, frame.f_globals.get(name))
            if value is not None and is_source(value):
                found[name] = value
        return found

    def _java_query(self, text: str, variables: Mapping[str, Any]) -> Any:
        lookup = None
        if variables:
            from ._sources import lookup_of

            lookup = lookup_of(variables)
        return self._session.query(text, lookup)

    def execute(self, query: str, params: Parameters = None) -> Connection:
        """Begins a query whose rows are then taken from this connection: ``con.execute("...").fetchall()``. It is bound now, so that
        errors in its text are raised here."""
        return self._execute(query, params, sys._getframe(1))

    def _execute(self, query: str, params: Parameters, frame: FrameType) -> Connection:
        relation = self._sql(query, params, frame)
        self._forget()
        self._last = relation
        self._cursor = relation._rest()
        return self

    def _open(self) -> Rows:
        if self._last is None:
            raise BindingError("There is no result: execute a query first.")
        return self._last._open()

    @property
    def description(self) -> list[tuple[Any, ...]] | None:
        """Name and type of each column of what was executed last, as the Python database API has them."""
        if self._cursor is not None:
            return [
                (name, kind, None, None, None, None, True)
                for name, kind in zip(self._cursor.schema.names, self._cursor.types())
            ]
        return None if self._last is None else self._last.description

    def table(self, name: str) -> Relation:
        """All rows of a table: ``SELECT * FROM name``, the name in the spelling it has, or ``schema.name``."""
        return self._table(name, sys._getframe(1))

    def _table(self, name: str, frame: FrameType) -> Relation:
        quoted = ".".join('"' + part.replace('"', '""') + '"' for part in name.split("."))
        return self._sql(f"SELECT * FROM {quoted}", None, frame)

    def _read(self, format_: str, path: Any, options: Mapping[str, Any]) -> Relation:
        paths = [path] if isinstance(path, (str, os.PathLike)) else list(path)
        shown = ", ".join(_literal(os.fspath(each)) for each in paths)
        arguments = shown if len(paths) == 1 else f"[{shown}]"
        arguments += "".join(f", {key} => {_literal(value)}" for key, value in options.items() if value is not None)
        return self._sql(f"SELECT * FROM read_{format_}({arguments})", None, None)

    def read_zarr(self, path: str | os.PathLike[str], **options: Any) -> Relation:
        """A Zarr store; options are those of ``read_zarr`` in SQL: ``table``, ``variables``, ``group``, ``dims``, ``decode_times``, ..."""
        return self._read("zarr", path, options)

    def read_parquet(self, path: Any, **options: Any) -> Relation:
        """Parquet files: a path, a pattern or a list of them."""
        return self._read("parquet", path, options)

    def read_csv(self, path: Any, **options: Any) -> Relation:
        """CSV files: a path, a pattern or a list of them; options are those of ``read_csv`` in SQL."""
        return self._read("csv", path, options)

    # ---- names

    def tables(self) -> list[str]:
        """The names of all tables, datasets and views, in order."""
        return [str(name) for name in self._session.engine().tables()]

    def register(self, name: str, obj: Any, **options: Any) -> Connection:
        """Makes something known as a table, or as a schema of tables. Nothing is read.

        Args:
            name: what queries call it; a name that is known already means this from now on.
            obj: the path of a store or a file; an xarray Dataset or DataArray; a pyarrow Table, Dataset or RecordBatchReader; a pandas
                or polars DataFrame; anything with ``__arrow_c_stream__``; or a function without arguments that gives one of these,
                which every query calls anew.
            options: for xarray ``chunks={"time": 100}`` and ``table_names={("time", "lat"): "zonal"}``, ``schema=`` for a function.
        """
        from ._sources import GridTable, is_xarray, register

        if isinstance(obj, GridTable):
            obj, options = obj.dataset, {"chunks": obj.chunks, **options}
        try:
            register(self._session.engine(), name, obj, options)
        except BaseException as failure:
            throw(failure)
        self._grids.pop(name, None)
        if is_xarray(obj):
            self._grids[name] = obj
        return self

    def _coordinate(self, axis: str, tables: list[str], variables: Mapping[str, Any]) -> Any:
        """The coordinate of an axis as an xarray object has it that is one of these tables; None where there is none, or several."""
        from ._sources import GridTable, is_xarray

        found = []
        for name in tables:
            grid: Any = self._grids.get(name, variables.get(name))
            if isinstance(grid, GridTable):
                grid = grid.dataset
            if is_xarray(grid) and axis in grid.coords and grid.coords[axis].dims == (axis,):
                found.append(grid.coords[axis].variable)
        return found[0] if len(found) == 1 else None

    def from_xarray(self, name: str, obj: Any, **options: Any) -> Connection:
        """Makes an xarray Dataset or DataArray known, as :meth:`register` does."""
        from ._sources import is_xarray

        if not is_xarray(obj):
            raise TypeError(f"from_xarray takes an xarray Dataset or DataArray, not {type(obj).__name__}")
        return self.register(name, obj, **options)

    def unregister(self, name: str) -> Connection:
        """Forgets a name. Queries that run already are not disturbed."""
        self._session.engine().unregister(name)
        self._grids.pop(name, None)
        _java.collect_later()
        return self

    # ---- ending things

    def _began(self, run: Any) -> None:
        with self._lock:
            self._open_runs.add(run)

    def _ended(self, run: Any) -> None:
        with self._lock:
            self._open_runs.discard(run)

    @contextlib.contextmanager
    def _running(self, query: Any) -> Iterator[None]:
        run = _Cancellable(query)
        self._began(run)
        try:
            yield
        finally:
            self._ended(run)

    def interrupt(self) -> None:
        """Cancels everything that runs on this connection; from any thread."""
        with self._lock:
            runs = list(self._open_runs)
        for run in runs:
            run.cancel()

    def close(self) -> None:
        """Stops what runs and frees everything; rows that were read stay."""
        self._forget()
        self._last = None
        self._grids.clear()
        self.interrupt()
        if self._finalizer.alive:
            _java.end(self._session.close)
            # Not before: Ctrl-C may have ended this.
            self._finalizer.detach()
        _java.collect_later()

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


class _Cancellable:
    def __init__(self, query: Any) -> None:
        self._query = query

    def cancel(self) -> None:
        self._query.cancel()


def _literal(value: Any) -> str:
    """A value as SQL."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_literal(each) for each in value) + "]"
    return "'" + str(value).replace("'", "''") + "'"
