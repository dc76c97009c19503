"""The functions that this project began with: Datasets as Arrow streams of their cells."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pyarrow

from ._connection import Connection
from ._context import read_xarray_table
from ._errors import BindingError, SourceError
from ._grids import Chunks, as_dataset, check_chunks
from ._sources import ONCE, GridTable

if TYPE_CHECKING:
    import pandas
    import xarray

__all__ = ["LazyStream", "block_slices", "parse_schema", "pivot", "read_xarray_lazy"]


class LazyStream:
    """The rows of a Dataset, for one query. Whoever needs more than one has :func:`graticule.read_xarray_table`."""

    def __init__(self, table: GridTable) -> None:
        self.schema: pyarrow.Schema = table.schema
        self._table: GridTable | None = table
        self._lock = threading.Lock()

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The rows, computed while they are read.

        Raises:
            SourceError: they were asked for before.
        """
        with self._lock:
            table, self._table = self._table, None
        if table is None:
            raise SourceError(ONCE)
        return table.__arrow_c_stream__(requested_schema)


def read_xarray_lazy(ds: xarray.Dataset, chunks: Chunks = None) -> LazyStream:
    """A Dataset as a stream of its cells that can be read by one query; nothing is read before that.

    Args:
        chunks: how many indices a block has along each dimension; for those that are not named, the Dataset's own.
    """
    return LazyStream(read_xarray_table(ds, chunks))


def parse_schema(ds: xarray.Dataset) -> pyarrow.Schema:
    """The columns of a Dataset's table, from its dtypes and attributes alone: axes, coordinates, variables."""
    return read_xarray_table(ds).schema


def block_slices(ds: xarray.Dataset, chunks: Chunks = None) -> Iterator[dict[str, slice]]:
    """The blocks of a Dataset, each as a slice of every dimension, the last dimension first to move on. Only lengths are looked at.

    Args:
        chunks: how many indices a block has along each dimension, -1 for all; for those that are not named, the Dataset's own chunks,
            and where it has none the whole dimension.

    Raises:
        BindingError: neither tells of chunks.
    """
    dataset = as_dataset("dataset", ds)
    check_chunks(dataset, chunks)
    lengths = {str(dim): int(length) for dim, length in dataset.sizes.items()}
    told: dict[str, int] = {}
    if isinstance(chunks, Mapping):
        told = {str(dim): int(length) for dim, length in chunks.items()}
    elif chunks is not None:
        told = dict.fromkeys(lengths, int(chunks))
    own = {str(dim): tuple(sizes) for dim, sizes in dataset.chunksizes.items()}
    if not told and not own:
        raise BindingError("The Dataset has no chunks: pass chunks, such as {'time': 100}.")
    cuts = []
    for dim, length in lengths.items():
        if dim in told:
            step = told[dim] if told[dim] > 0 else max(1, length)
            starts = range(0, length, step) if length else [0]
            cuts.append([slice(start, min(start + step, length)) for start in starts])
        else:
            ends = list(itertools.accumulate(own.get(dim, (length,))))
            cuts.append([slice(start, end) for start, end in zip([0, *ends], ends)])
    return (dict(zip(lengths, block)) for block in itertools.product(*cuts))


def pivot(ds: xarray.Dataset) -> pandas.DataFrame:
    """The cells of a Dataset as the rows of a DataFrame: its dimensions, its coordinates and its variables as columns, those on fewer
    dimensions repeated."""
    dataset = as_dataset("dataset", ds)
    names: list[Any] = list(dataset.sizes)
    names += [key for key in [*dataset.coords, *dataset.data_vars] if key not in names]
    columns = ", ".join('"' + str(name).replace('"', '""') + '"' for name in names)
    with Connection(python_variables=False).register("dataset", dataset) as connection:
        return connection.sql(f"SELECT {columns} FROM dataset").df()
