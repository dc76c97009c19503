"""What users of xarray-sql have in their hands."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pyarrow

from ._connection import Connection
from ._grids import Chunks
from ._parameters import Parameters
from ._relation import Relation
from ._sources import GridTable, is_xarray

if TYPE_CHECKING:
    import xarray


class Context(Connection):
    """A connection in the words of xarray-sql. Queries name only what was registered, no Python variables.

    Args:
        settings: of the engine, as SET has them.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(python_variables=False, **settings)

    def from_dataset(
        self,
        name: str,
        ds: xarray.Dataset,
        *,
        chunks: Chunks = None,
        table_names: Mapping[tuple[str, ...], str] | None = None,
    ) -> Context:
        """Makes a Dataset known as a table, or as a schema of tables where its variables have several sets of dimensions. Nothing is
        read.

        Args:
            name: of the table or the schema.
            chunks: how many indices a block has along each dimension; for those that are not named, the Dataset's own.
            table_names: what tables of a schema are called, by the tuple of their dimensions, instead of ``time_lat_lon``.

        Raises:
            BindingError: no variable has exactly the dimensions of one of table_names, which is told by the first query.
        """
        _require_xarray(ds)
        self.register(name, ds, chunks=chunks, table_names=table_names)
        return self

    def sql(self, query: str, params: Parameters = None, *, param_values: Parameters = None) -> Relation:
        """As :meth:`Connection.sql`; param_values is another name of params."""
        if params is not None and param_values is not None:
            raise TypeError("params and param_values are the same: give one of them")
        return self._sql(query, params if param_values is None else param_values, sys._getframe(1))


def read_xarray_table(ds: xarray.Dataset, chunks: Chunks = None) -> GridTable:
    """A Dataset as a table for any number of queries: register it, name it in a query, or hand it to any library that reads Arrow
    streams. Nothing is read.

    Args:
        chunks: how many indices a block has along each dimension; for those that are not named, the Dataset's own.
    """
    _require_xarray(ds)
    return GridTable(ds, chunks)


def read_xarray(ds: xarray.Dataset, chunks: Chunks = None) -> pyarrow.RecordBatchReader:
    """The cells of a Dataset as rows, computed block by block while they are read, once.

    Args:
        chunks: how many indices a block has along each dimension; for those that are not named, the Dataset's own.
    """
    return read_xarray_table(ds, chunks).rows().arrow()


def _require_xarray(ds: Any) -> None:
    if not is_xarray(ds):
        raise TypeError(f"expected an xarray Dataset or DataArray, not {type(ds).__name__}")
