"""One run of a query, batch by batch."""

from __future__ import annotations

import sys
import threading
import warnings
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow

from . import _java
from ._errors import CancelledError, Notice, throw

if TYPE_CHECKING:
    from ._connection import Connection

_HERE = str(Path(__file__).resolve().parent)


def _close(stream: Any) -> None:
    """Closes a stream; in a call from the engine not on this thread, which the stream may be waiting for."""
    if _java.in_callback():
        stream.closeBeside()
    else:
        _java.wait(stream.closeBeside)


def tell(notices: list[str]) -> None:
    """Makes warnings of the engine's notices, at the line of the user's code."""
    if not notices:
        return
    frame = sys._getframe(1)
    level = 2
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_HERE):
        frame = frame.f_back
        level += 1
    for notice in notices:
        warnings.warn(notice, Notice, stacklevel=level)


class Struct:
    """Room for a C struct of the Arrow C Data Interface."""

    def __init__(self, bytes_: int) -> None:
        import numpy

        self._room = numpy.zeros(bytes_ // 8, dtype=numpy.int64)
        self.address: int = int(self._room.ctypes.data)


class Rows:
    """A run of a query. Nothing is computed before the first batch is asked for. Used by one thread at a time, but for close().

    Args:
        connection: kept alive as long as the run.
        query: a ``PythonQuery``.
        sql: the user's text.
        lines_before: how many lines stand before it in the query's.
    """

    def __init__(
        self,
        connection: Connection,
        query: Any,
        sql: str,
        lines_before: int = 0,
        start: Callable[[Any], Any] | None = None,
    ) -> None:
        self._connection = connection
        self._query = query
        self._sql = sql
        self._lines_before = lines_before
        self._told: set[str] = set()
        self._lock = threading.Lock()
        self._closed = False
        connection._began(self)
        try:
            self._stream = _java.wait(
                lambda: start(query) if start else query.run(), query.cancel, lambda stream: stream.closeBeside()
            )
        except BaseException as failure:
            connection._ended(self)
            throw(failure, sql, lines_before)
        self._finalizer = weakref.finalize(self, _close, self._stream)
        self._finalizer.atexit = False
        try:
            room = Struct(72)
            self._stream.exportSchema(room.address)
            self.schema: pyarrow.Schema = pyarrow.Schema._import_from_c(room.address)
        except BaseException as failure:
            self.close()
            throw(failure, sql, lines_before)

    def types(self) -> list[str]:
        """The names of the columns' SQL types."""
        return [str(name) for name in self._stream.types()]

    def next(self) -> pyarrow.RecordBatch | None:
        """The next batch, or None at the end, when the run is closed."""
        if self._closed:
            raise CancelledError("This result was closed.")
        room = Struct(80)
        try:
            found = _java.wait(
                lambda: self._stream.next(room.address),
                self._query.cancel,
                lambda found: self._drop(room) if found else None,
            )
        except BaseException as failure:
            self.close()
            throw(failure, self._sql, self._lines_before)
        batch = pyarrow.RecordBatch._import_from_c(room.address, self.schema) if found else None
        self._tell()
        if batch is None:
            self.close()
        return batch

    def _drop(self, room: Struct) -> None:
        """Releases a batch that nobody waits for any more."""
        pyarrow.RecordBatch._import_from_c(room.address, self.schema)

    def _tell(self) -> None:
        new = [str(notice) for notice in self._query.notices() if str(notice) not in self._told]
        self._told.update(new)
        try:
            tell(new)
        except BaseException:
            self.close()
            raise

    def batches(self) -> Iterator[pyarrow.RecordBatch]:
        """All batches that are left; the run is closed when the iterator is."""
        try:
            while (batch := self.next()) is not None:
                yield batch
        finally:
            self.close()

    def reader(self) -> pyarrow.RecordBatchReader:
        """All batches that are left, as a reader that closes the run at its end or when it is dropped."""
        return pyarrow.RecordBatchReader.from_batches(self.schema, self.batches())

    def table(self) -> pyarrow.Table:
        """All rows that are left."""
        return pyarrow.Table.from_batches(list(self.batches()), schema=self.schema)

    def cancel(self) -> None:
        """Stops the run; from any thread. Whoever waits for it gets a CancelledError."""
        self._query.cancel()

    def close(self) -> None:
        """Stops the run and frees what it holds; batches that were given stay. From any thread, as often as one likes."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
        self._connection._ended(self)
        self._finalizer()
