"""The ways to take rows, shared by relations and connections."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy
import pyarrow

from ._rows import Rows

if TYPE_CHECKING:
    import pandas
    import polars


def to_numpy(column: pyarrow.ChunkedArray) -> numpy.ndarray[Any, Any]:
    """The values of a column as one array: a masked one where there are NULLs."""
    kind = column.type
    if pyarrow.types.is_interval(kind):
        return to_numpy(durations(column))
    if column.null_count == 0:
        return column.to_numpy()
    mask = numpy.asarray(column.is_null())
    filler: Any = None
    if pyarrow.types.is_boolean(kind):
        filler = False
    elif pyarrow.types.is_integer(kind) or pyarrow.types.is_floating(kind):
        filler = pyarrow.scalar(0, type=kind)
    elif pyarrow.types.is_timestamp(kind) or pyarrow.types.is_duration(kind) or pyarrow.types.is_date(kind):
        return numpy.ma.masked_array(column.to_numpy(), mask=mask)
    if filler is not None:
        return numpy.ma.masked_array(column.fill_null(filler).to_numpy(), mask=mask)
    return numpy.ma.masked_array(column.to_numpy().astype(object), mask=mask)


def durations(column: pyarrow.ChunkedArray) -> pyarrow.ChunkedArray:
    """Intervals without months as durations of nanoseconds."""
    chunks = [
        pyarrow.array([None if each is None else _nanoseconds(each) for each in chunk.to_pylist()], pyarrow.duration("ns"))
        for chunk in column.chunks
    ]
    return pyarrow.chunked_array(chunks, pyarrow.duration("ns"))


def _nanoseconds(interval: Any) -> int:
    if interval.months:
        raise ValueError("An interval with months has no fixed length: CAST it or subtract dates instead.")
    return int(interval.days) * 86_400_000_000_000 + int(interval.nanoseconds)


class Fetching:
    """Rows in the forms that libraries want.

    ``fetchone`` and ``fetchmany`` go on where the last one stopped; everything else takes all rows that are left.
    """

    _cursor: Rows | None = None
    _buffer: Iterator[tuple[Any, ...]] | None = None

    def _open(self) -> Rows:
        raise NotImplementedError

    def _rest(self) -> Rows:
        """The open run, or a new one."""
        if self._cursor is None:
            return self._open()
        rows, self._cursor, self._buffer = self._cursor, None, None
        return rows

    # ---- Arrow

    def arrow(self) -> pyarrow.RecordBatchReader:
        """The rows as a reader that computes them while it is read; dropping it stops the query."""
        return self._rest().reader()

    def fetch_record_batch(self, rows_per_batch: int | None = None) -> pyarrow.RecordBatchReader:
        """As :meth:`arrow`, in batches of at most so many rows."""
        rows = self._rest()
        if rows_per_batch is None:
            return rows.reader()
        if rows_per_batch < 1:
            rows.close()
            raise ValueError("rows_per_batch must be at least 1")
        return pyarrow.RecordBatchReader.from_batches(rows.schema, _cut(rows, rows_per_batch))

    def to_arrow_table(self) -> pyarrow.Table:
        """All rows in memory."""
        return self._rest().table()

    fetch_arrow_table = to_arrow_table

    # ---- data frames and arrays

    def df(self) -> pandas.DataFrame:
        """The rows as a pandas DataFrame."""
        table = self._rest().table()
        for number, column in enumerate(table.columns):
            if pyarrow.types.is_interval(column.type):
                table = table.set_column(number, table.column_names[number], durations(column))
        return table.to_pandas(date_as_object=False)

    def fetchdf(self) -> pandas.DataFrame:
        """As :meth:`df`."""
        return self.df()

    def to_pandas(self) -> pandas.DataFrame:
        """As :meth:`df`."""
        return self.df()

    def pl(self) -> polars.DataFrame:
        """The rows as a polars DataFrame."""
        import polars

        return polars.DataFrame(self._rest().table())

    def fetchnumpy(self) -> dict[str, numpy.ndarray[Any, Any]]:
        """The columns as arrays, masked where there are NULLs. Of two columns with one name the last."""
        table = self._rest().table()
        return {name: to_numpy(column) for name, column in zip(table.column_names, table.columns)}

    # ---- Python objects

    def fetchone(self) -> tuple[Any, ...] | None:
        """The next row, or None when there is none any more; the one after that begins anew."""
        if self._buffer is None:
            self._cursor = rows = self._cursor or self._open()
            self._buffer = tuples(rows)
        try:
            row = next(self._buffer, None)
        except BaseException:
            self._forget()
            raise
        if row is None:
            self._forget()
        return row

    def fetchmany(self, size: int = 1) -> list[tuple[Any, ...]]:
        """The next rows, at most so many; none when there are none any more, and the ones after that begin anew."""
        found: list[tuple[Any, ...]] = []
        while len(found) < size and (row := self.fetchone()) is not None:
            found.append(row)
        if found and len(found) < size:
            # The end is told once more, by the next call.
            self._buffer = iter(())
        return found

    def fetchall(self) -> list[tuple[Any, ...]]:
        """All rows that are left."""
        if self._buffer is not None:
            buffer, self._buffer, self._cursor = self._buffer, None, None
            return list(buffer)
        return list(tuples(self._rest()))

    def _forget(self) -> None:
        if self._cursor is not None:
            self._cursor.close()
        self._cursor = self._buffer = None


def tuples(rows: Rows) -> Iterator[tuple[Any, ...]]:
    """The rows that are left, as Python objects."""
    for batch in rows.batches():
        columns = [column.to_pylist() for column in batch.columns]
        count = batch.num_rows
        del batch
        yield from zip(*columns) if columns else (() for _ in range(count))


def _cut(rows: Rows, most: int) -> Iterator[pyarrow.RecordBatch]:
    for batch in rows.batches():
        for start in range(0, batch.num_rows, most):
            yield batch.slice(start, most)
