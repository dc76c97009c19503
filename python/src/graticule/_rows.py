"""One run of a query, batch by batch."""

from __future__ import annotations

import ctypes
import sys
import warnings
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow

from . import _java
from ._errors import CancelledError, Notice, throw

if TYPE_CHECKING:
    from ._connection import Connection

_HERE = str(Path(__file__).resolve().parent)


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
    """Room for a C struct of the Arrow C Data Interface: one that lies in it and was not taken is released with it.

    Args:
        words: the size of the struct, in words of 8 bytes; its last two are always ``release`` and ``private_data``.
    """

    #: Where it has no room yet.
    _words: Any = (None, None)

    def __init__(self, words: int) -> None:
        self._words = (ctypes.c_void_p * words)()
        self.address: int = ctypes.addressof(self._words)

    @classmethod
    def schema(cls) -> Struct:
        return cls(9)

    @classmethod
    def array(cls) -> Struct:
        return cls(10)

    @classmethod
    def stream(cls) -> Struct:
        return cls(5)

    def release(self) -> None:
        """Releases what was not taken."""
        if release := self._words[-2]:
            ctypes.CFUNCTYPE(None, ctypes.c_void_p)(release)(self.address)

    def __enter__(self) -> Struct:
        return self

    def __exit__(self, *unused: object) -> None:
        self.release()

    def __del__(self) -> None:
        # Ctrl-C may come at the door.
        self.release()


class Rows:
    """A run of a query. Nothing is computed before the first batch is asked for. Used by one thread at a time, but for close().

    Args:
        connection: kept alive as long as the run.
        query: a ``PythonQuery``.
        stream: its ``ResultStream`` that is not open yet.
        sql: the user's text.
        lines_before: how many lines stand before it in the query's.
    """

    def __init__(self, connection: Connection, query: Any, stream: Any, sql: str, lines_before: int = 0) -> None:
        self._connection = connection
        self._query = query
        self._stream = stream
        self._sql = sql
        self._lines_before = lines_before
        self._told: set[str] = set()
        self._closed = False
        # What is closed is there before it is opened: Ctrl-C may come between any two steps.
        self._finalizer = weakref.finalize(self, _java.end, stream.close)
        self._finalizer.atexit = False
        try:
            connection._began(self)
            _java.wait(stream.open(), query.cancel)
            with Struct.schema() as room:
                stream.exportSchema(room.address)
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
        try:
            with Struct.array() as room:
                found = _java.wait(self._stream.next(room.address), self._query.cancel)
                batch = pyarrow.RecordBatch._import_from_c(room.address, self.schema) if found else None
        except BaseException as failure:
            self.close()
            throw(failure, self._sql, self._lines_before)
        self._tell()
        if batch is None:
            self.close()
        return batch

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
                # It is let go before the next is computed.
                del batch
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
        self._closed = True
        if self._finalizer.alive:
            self._connection._ended(self)
            _java.end(self._stream.close)
            # Not before: Ctrl-C may have ended this, and the next one to close it begins anew.
            self._finalizer.detach()
