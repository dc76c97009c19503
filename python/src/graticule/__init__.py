"""SQL on gridded arrays, at array speed: hand over a Dataset, ask in SQL, get a Dataset back.

    import graticule, xarray as xr
    con = graticule.connect()
    con.register("air", xr.open_zarr("data/era5_v3.zarr"), chunks={"time": 100})
    con.sql("SELECT latitude, avg(t2m) AS t FROM air GROUP BY latitude").to_xarray()
"""

from __future__ import annotations

import os
import sys
import threading
from typing import Any

from ._connection import Connection
from ._context import Context, read_xarray, read_xarray_table
from ._datasets import to_dataset
from ._errors import (
    BindingError,
    CancelledError,
    DataError,
    Error,
    InternalError,
    Notice,
    ResourceError,
    SourceError,
    SqlSyntaxError,
    UnsupportedError,
)
from ._parameters import Parameters
from ._relation import Relation

__all__ = [
    "BindingError",
    "CancelledError",
    "Connection",
    "Context",
    "DataError",
    "Error",
    "InternalError",
    "Notice",
    "Relation",
    "ResourceError",
    "SourceError",
    "SqlSyntaxError",
    "UnsupportedError",
    "connect",
    "default_connection",
    "execute",
    "from_xarray",
    "interrupt",
    "query",
    "read_csv",
    "read_parquet",
    "read_xarray",
    "read_xarray_table",
    "read_zarr",
    "register",
    "sql",
    "table",
    "to_dataset",
    "unregister",
]

_default: Connection | None = None
_default_lock = threading.Lock()


def connect(*, python_variables: bool = True, **settings: Any) -> Connection:
    """A new connection with an engine of its own: see :class:`Connection`."""
    return Connection(python_variables=python_variables, **settings)


def default_connection() -> Connection:
    """The connection of the functions of this module, made when it is first asked for."""
    global _default
    with _default_lock:
        if _default is None:
            _default = Connection()
        return _default


def sql(query: str, params: Parameters = None) -> Relation:
    """As :meth:`Connection.sql`, on the default connection."""
    return default_connection()._sql(query, params, sys._getframe(1))


query = sql


def execute(query: str, params: Parameters = None) -> Connection:
    """As :meth:`Connection.execute`, on the default connection."""
    return default_connection()._execute(query, params, sys._getframe(1))


def register(name: str, obj: Any, **options: Any) -> Connection:
    """As :meth:`Connection.register`, on the default connection."""
    return default_connection().register(name, obj, **options)


def from_xarray(name: str, obj: Any, **options: Any) -> Connection:
    """As :meth:`Connection.from_xarray`, on the default connection."""
    return default_connection().from_xarray(name, obj, **options)


def unregister(name: str) -> Connection:
    """As :meth:`Connection.unregister`, on the default connection."""
    return default_connection().unregister(name)


def table(name: str) -> Relation:
    """As :meth:`Connection.table`, on the default connection."""
    return default_connection()._table(name, sys._getframe(1))


def read_zarr(path: str | os.PathLike[str], **options: Any) -> Relation:
    """As :meth:`Connection.read_zarr`, on the default connection."""
    return default_connection().read_zarr(path, **options)


def read_parquet(path: Any, **options: Any) -> Relation:
    """As :meth:`Connection.read_parquet`, on the default connection."""
    return default_connection().read_parquet(path, **options)


def read_csv(path: Any, **options: Any) -> Relation:
    """As :meth:`Connection.read_csv`, on the default connection."""
    return default_connection().read_csv(path, **options)


def interrupt() -> None:
    """As :meth:`Connection.interrupt`, on the default connection."""
    default_connection().interrupt()


def load_ipython_extension(shell: Any) -> None:
    """What ``%load_ext graticule`` calls: makes the cell magic ``%%graticule`` known."""
    from ._magic import GraticuleMagics

    shell.register_magics(GraticuleMagics)
