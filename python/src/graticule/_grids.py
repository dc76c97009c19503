"""xarray Datasets as grids: axes and variables, whose blocks NumPy makes when a query asks for them."""

from __future__ import annotations

import json
import threading
from collections.abc import Hashable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy

from . import _java
from ._errors import BindingError, UnsupportedError

if TYPE_CHECKING:
    import xarray

Chunks = Mapping[Any, int] | int | None
USUAL_CHUNK = 1 << 20
NAT = numpy.iinfo(numpy.int64).min

_NUMBERS = {
    "i1": "TINYINT",
    "i2": "SMALLINT",
    "i4": "INTEGER",
    "i8": "BIGINT",
    "u1": "UTINYINT",
    "u2": "USMALLINT",
    "u4": "UINTEGER",
    "u8": "UBIGINT",
    "f4": "REAL",
    "f8": "DOUBLE",
}


def as_dataset(name: str, obj: Any) -> xarray.Dataset:
    """A Dataset as it is now; of a DataArray the Dataset with it as the variable, called by its own name or else by that of the
    table."""
    import xarray

    if isinstance(obj, xarray.DataArray):
        called = obj.name if obj.name is not None and obj.name not in obj.coords else name
        return obj.to_dataset(name=called if called not in obj.coords else "value")
    return obj.copy(deep=False)


# ---- what a variable is in SQL


class _Column:
    """How a variable's values become those of a column: the SQL type, and what is done to a block."""

    def __init__(self, variable: xarray.Variable) -> None:
        dtype = variable.dtype
        self.missing: int | None = None
        self.problem: str | None = None
        key = dtype.kind + str(dtype.itemsize)
        if dtype.kind == "b":
            self.sql = "BOOLEAN"
        elif key in _NUMBERS:
            self.sql = _NUMBERS[key]
        elif dtype.kind == "f":
            self.sql = "REAL" if dtype.itemsize < 4 else "DOUBLE"
        elif dtype.kind == "M":
            self.sql, self.missing = "TIMESTAMP", NAT
        elif dtype.kind == "m":
            self.sql = "INTERVAL"
        elif dtype.kind in "OUST":
            self.sql = "VARCHAR"
        else:
            self.sql = "VARCHAR"
            self.problem = f"dtype {dtype} has no SQL type"
        self.dtype = dtype

    def java_type(self) -> Any:
        return getattr(_java.java("dev.graticule.type.SqlType"), self.sql)

    def is_direct(self) -> bool:
        """Whether NumPy's memory is that of the column's values."""
        return self.sql == "BOOLEAN" or self.dtype.kind + str(self.dtype.itemsize) in _NUMBERS and self.dtype.isnative

    def convert(self, values: numpy.ndarray[Any, Any]) -> numpy.ndarray[Any, Any]:
        """A block in the memory layout of the column."""
        if self.is_direct():
            return values
        if self.sql == "REAL":
            return values.astype("<f4")
        if self.sql == "DOUBLE":
            return values.astype("<f8")
        if self.sql == "TIMESTAMP":
            return microseconds(values)
        if self.sql == "INTERVAL":
            return intervals(values)
        return values.astype(values.dtype.newbyteorder("="))


def microseconds(values: numpy.ndarray[Any, Any]) -> numpy.ndarray[Any, Any]:
    """Times as counts of microseconds since 1970, rounded; NaT stays the least number."""
    unit, step = numpy.datetime_data(values.dtype)
    if unit in ("ns", "ps", "fs", "as") or step != 1:
        if unit == "ns" and step == 1:
            counts = values.astype("<i8", copy=False).view("<i8") if values.dtype.isnative else values.astype("<M8[ns]").view("<i8")
            rounded = counts // 1000 + ((counts % 1000) >= 500)
            return numpy.where(counts == NAT, NAT, rounded)
    return values.astype("<M8[us]").astype("<i8")


def intervals(values: numpy.ndarray[Any, Any]) -> numpy.ndarray[Any, Any]:
    """Durations as intervals of months, days and nanoseconds."""
    counts = values.astype("<m8[ns]").astype("<i8")
    if (counts == NAT).any():
        raise UnsupportedError("NaT in a timedelta variable: only time axes and datetime variables can have missing values.")
    found = numpy.zeros(values.shape, dtype=[("months", "<i4"), ("days", "<i4"), ("nanoseconds", "<i8")])
    found["nanoseconds"] = counts
    return found


def text_of(value: Any) -> str | None:
    """A cell of strings; None, NaN and NA are NULL."""
    if value is None or value != value or type(value).__name__ in ("NAType", "NaTType"):
        return None
    return value.decode() if isinstance(value, bytes) else str(value)


# ---- axes


def _axis(builder: Any, name: str, variable: xarray.Variable | None, length: int) -> _Column | None:
    """Declares an axis with its coordinate, or without one; gives how the coordinate is read."""
    import jpype

    if variable is None:
        builder.axis(name, jpype.JInt(length))
        return None
    values = variable.values
    column = _Column(variable)
    if values.dtype == object and len(values) and _is_cftime(values[0]):
        values = _real_times(name, values)
        column.sql, column.missing, column.dtype = "TIMESTAMP", NAT, values.dtype
    elif values.dtype == object and len(values) and isinstance(values[0], tuple):
        # A MultiIndex: its levels are coordinates of their own.
        builder.axis(name, jpype.JInt(length))
        return None
    if column.problem:
        raise UnsupportedError(f"The coordinate {name!r} cannot be an axis: {column.problem}. Register ds.drop_vars({name!r}).")
    builder.axis(name, column.java_type(), _java_array(column, values))
    return column


def _java_array(column: _Column, values: numpy.ndarray[Any, Any]) -> Any:
    import jpype

    if column.sql == "VARCHAR":
        return jpype.JArray(jpype.JString)([text_of(value) for value in values.tolist()])
    if column.sql == "INTERVAL":
        raise UnsupportedError("A timedelta coordinate cannot be an axis yet.")
    values = numpy.ascontiguousarray(column.convert(values))
    kinds = {1: jpype.JByte, 2: jpype.JShort, 4: jpype.JInt, 8: jpype.JLong}
    if column.sql == "BOOLEAN":
        return jpype.JArray(jpype.JBoolean)(values)
    if values.dtype.kind == "f":
        return jpype.JArray(jpype.JFloat if values.dtype.itemsize == 4 else jpype.JDouble)(values)
    return jpype.JArray(kinds[values.dtype.itemsize])(values.view(f"=i{values.dtype.itemsize}"))


def _is_cftime(value: Any) -> bool:
    return type(value).__module__.split(".")[0] == "cftime"


def _real_times(name: str, values: numpy.ndarray[Any, Any]) -> numpy.ndarray[Any, Any]:
    """cftime dates of a real-world calendar as datetime64."""
    calendar = getattr(values[0], "calendar", "")
    if calendar not in ("standard", "gregorian", "proleptic_gregorian", "julian"):
        raise UnsupportedError(
            f"The times of {name!r} are of the calendar {calendar}, which this version cannot compare with dates. For numbers register"
            f" ds.assign_coords({name}=cftime.date2num(ds[{name!r}], units, {calendar!r})), or convert it:"
            f" ds.convert_calendar('standard')."
        )
    import cftime

    micros = cftime.date2num(values, "microseconds since 1970-01-01", calendar="standard" if calendar != "julian" else "julian")
    if calendar == "julian":
        # Days are the same days under other names: 1970-01-01 of the Julian calendar is 1970-01-14.
        micros = numpy.asarray(micros) + 13 * 86_400_000_000
    return numpy.asarray(micros, dtype="int64").view("datetime64[us]")


# ---- blocks


class _Blocks:
    """Gives blocks of variables, and keeps what it lent."""

    def __init__(self, variables: Mapping[str, tuple[xarray.Variable, _Column]]) -> None:
        self._variables = variables
        self._lock = threading.Lock()
        self._lent: dict[int, Any] = {}
        self._next = 0

    def _box(self, name: Any, origin: Any, shape: Any) -> tuple[_Column, numpy.ndarray[Any, Any]]:
        variable, column = self._variables[str(name)]
        if column.problem:
            raise UnsupportedError(f"{name}: {column.problem}.")
        box = tuple(slice(int(first), int(first) + int(count)) for first, count in zip(origin, shape))
        return column, numpy.asarray(variable[box].values)

    def read(self, name: Any, origin: Any, shape: Any) -> Any:
        column, values = self._box(name, origin, shape)
        values = column.convert(values)
        size = values.dtype.itemsize
        if values.ctypes.data % size and size <= 8 or any(stride % size for stride in values.strides):
            values = numpy.ascontiguousarray(values)
        with self._lock:
            self._next += 1
            number = self._next
            self._lent[number] = values
        import jpype

        return jpype.JArray(jpype.JLong)([values.ctypes.data, number, *values.strides])

    def read_strings(self, name: Any, origin: Any, shape: Any) -> Any:
        import jpype

        _, values = self._box(name, origin, shape)
        return jpype.JArray(jpype.JString)([text_of(value) for value in values.ravel().tolist()])

    def release(self, number: Any) -> None:
        with self._lock:
            self._lent.pop(int(number), None)


def _held(variable: xarray.Variable, column: _Column) -> numpy.ndarray[Any, Any] | None:
    """The array of a variable that is in memory in the layout of its column."""
    if not column.is_direct() or not getattr(variable, "_in_memory", False):
        return None
    values = variable.values
    size = values.dtype.itemsize
    aligned = values.ctypes.data % size == 0 and not any(stride % size for stride in values.strides)
    small = all(abs(stride) // size < 2**31 for stride in values.strides)
    return values if aligned and small else None


# ---- the dataset


def grid_dataset(
    name: str, obj: Any, chunks: Chunks = None, table_names: Mapping[Any, str] | None = None
) -> Any:
    """An xarray Dataset or DataArray as a dataset of the engine: a table for each set of axes.

    Args:
        chunks: how many indices a block has along each dimension; for those that are not named, the Dataset's own chunks.
        table_names: what the tables are called, by the tuple of their dimensions.
    """
    dataset = as_dataset(name, obj)
    lengths = {str(dim): int(length) for dim, length in dataset.sizes.items()}
    builder = _java.java("dev.graticule.GridTable").named(name)
    left_out = _bounds(dataset)
    for dim in axis_order(dataset, left_out):
        index = dataset.variables[dim] if dim in dataset.coords and dataset.variables[dim].dims == (dim,) else None
        column = _axis(builder, dim, index, lengths[dim])
        if column is not None and index is not None:
            _describe(builder, dim, index, column)
    asked: dict[str, tuple[Any, _Column]] = {}
    held: dict[str, numpy.ndarray[Any, Any]] = {}
    for key, variable in dataset.variables.items():
        if key in lengths or key in left_out or not isinstance(key, str):
            continue
        column = _Column(variable)
        array = _held(variable, column)
        if array is not None:
            held[key] = array
        asked[key] = (variable, column)
    producer, keeper = _proxies(asked, held)
    cut = {dim for key, (variable, _) in asked.items() if key not in held for dim in variable.dims}
    lengths_of_chunks = _chunks(dataset, chunks, lengths, cut)
    if lengths_of_chunks:
        builder.chunks(_integers(lengths_of_chunks))
    coordinates = [key for key in dataset.coords if key in asked]
    for key in [*coordinates, *sorted(key for key in asked if key not in dataset.coords)]:
        variable, column = asked[key]
        _variable(builder, key, variable, column, key in dataset.coords, held.get(key), producer, keeper)
        _describe(builder, key, variable, column)
    for dims, table in (table_names or {}).items():
        builder.tableName(_texts((dims,) if isinstance(dims, str) else dims), table)
    return builder.build()


def _proxies(asked: Mapping[str, Any], held: Mapping[str, Any]) -> tuple[Any, Any]:
    import jpype

    blocks = _Blocks(asked)
    producer = jpype.JProxy(
        _java.bridge("BlockProducer"),
        dict={
            "read": _java.callback(blocks.read),
            "readStrings": _java.callback(blocks.read_strings),
            "release": _java.callback(blocks.release),
        },
    )
    _java.holds(sum(array.nbytes for array in held.values()))
    kept = dict(held)
    keeper = jpype.JProxy(_java.java("java.lang.Runnable"), dict={"run": lambda: kept.clear()})
    return producer, keeper


def _variable(
    builder: Any,
    name: str,
    variable: xarray.Variable,
    column: _Column,
    is_coordinate: bool,
    array: numpy.ndarray[Any, Any] | None,
    producer: Any,
    keeper: Any,
) -> None:
    import jpype

    blocks = _java.bridge("NumpyBlocks")
    type_ = column.java_type()
    if array is not None:
        strides = jpype.JArray(jpype.JLong)(list(array.strides))
        reader = blocks.held(int(array.ctypes.data), strides, type_, keeper)
    else:
        reader = blocks.made(producer, type_)
    (builder.coordinate if is_coordinate else builder.variable)(name, type_, _texts(variable.dims), reader)


def _describe(builder: Any, name: str, variable: xarray.Variable, column: _Column) -> None:
    if column.missing is not None:
        builder.missing(name, _java.java("java.lang.Long").valueOf(str(column.missing)))
    texts = attribute_texts(variable)
    if texts:
        attributes = _java.java("java.util.HashMap")()
        for key, text in texts.items():
            attributes.put(_java.java("java.lang.String")(key), _java.java("java.lang.String")(text))
        builder.attributes(name, attributes)


def attribute_texts(variable: xarray.Variable) -> dict[str, str]:
    """A variable's attributes as texts, and of times the units and calendar that they were stored in."""
    found = dict(variable.attrs)
    if variable.dtype.kind in "MO":
        for key in ("units", "calendar"):
            if key in variable.encoding:
                found.setdefault(key, variable.encoding[key])
    texts = {str(key): _text(value) for key, value in found.items()}
    ambiguous = [str(key) for key, value in found.items() if isinstance(value, str) and _looks_like_json(value)]
    if ambiguous:
        # As the engine's Zarr reader tells that "1.0" is a text.
        texts["zarr.texts"] = " ".join(ambiguous)
    return texts


def _looks_like_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, (numpy.ndarray, numpy.generic)):
        value = value.tolist()
    try:
        return json.dumps(value)
    except (TypeError, ValueError):
        return str(value)


def _bounds(dataset: xarray.Dataset) -> set[Hashable]:
    """The variables that only tell the bounds of others' cells."""
    found: set[Hashable] = set()
    for variable in dataset.variables.values():
        for key in ("bounds", "climatology"):
            for told in (variable.attrs, variable.encoding):
                if isinstance(told.get(key), str):
                    found.add(told[key])
    return {key for key in found if key in dataset.variables and key not in dataset.sizes}


def axis_order(dataset: xarray.Dataset, left_out: set[Hashable]) -> list[str]:
    """The dimensions in the order that the variables with the most of them have."""
    order: list[str] = []
    known = [variable for key, variable in dataset.variables.items() if key not in left_out]
    for variable in sorted(known, key=lambda each: -each.ndim):
        order.extend(str(dim) for dim in variable.dims if str(dim) not in order)
    bounds_only = {dim for key in left_out for dim in dataset.variables[key].dims}
    order.extend(str(dim) for dim in dataset.sizes if str(dim) not in order and dim not in bounds_only)
    return order


def check_chunks(obj: Any, chunks: Chunks) -> None:
    """Raises where chunks= does not fit."""
    if chunks is None:
        return
    if isinstance(chunks, bool) or not isinstance(chunks, (int, Mapping)):
        raise TypeError("chunks must be a number or a dict of dimensions, such as {'time': 100}")
    for dim, length in chunks.items() if isinstance(chunks, Mapping) else [(None, chunks)]:
        if dim is not None and dim not in obj.sizes:
            raise BindingError(f"chunks names {dim!r}, which is no dimension; the dimensions are {list(map(str, obj.sizes))}.")
        if isinstance(length, bool) or not isinstance(length, (int, numpy.integer)) or length < 1 and length != -1:
            raise BindingError(f"A chunk of {dim if dim is not None else 'every dimension'} cannot be {length!r} long: give a number from 1 on.")


def _chunks(dataset: xarray.Dataset, chunks: Chunks, lengths: Mapping[str, int], cut: set[Hashable]) -> dict[str, int]:
    """How many indices a block has along each dimension; none where everything is in memory and nothing was told."""
    check_chunks(dataset, chunks)
    if isinstance(chunks, int):
        return {dim: chunks if chunks > 0 else max(1, length) for dim, length in lengths.items()}
    told = {str(dim): int(length) if length > 0 else max(1, lengths[str(dim)]) for dim, length in (chunks or {}).items()}
    if not cut and not told:
        return {}
    found: dict[str, int] = {}
    for variable in sorted(dataset.variables.values(), key=lambda each: -each.ndim):
        if variable.chunks is not None:
            own: Mapping[Any, Any] = {dim: sizes[0] for dim, sizes in variable.chunksizes.items() if sizes}
        elif "preferred_chunks" in variable.encoding:
            own = variable.encoding["preferred_chunks"]
        elif len(variable.encoding.get("chunks") or ()) == variable.ndim:
            own = dict(zip(variable.dims, variable.encoding.get("chunks") or ()))
        else:
            continue
        for dim, length in own.items():
            if dim in lengths:
                found.setdefault(str(dim), max(1, min(int(length), max(1, lengths[str(dim)]))))
    found.update(told)
    if not found:
        # Nothing says how it is stored: about a million cells, cut along the first axis.
        order = [dim for dim in axis_order(dataset, set()) if dim in cut]
        rest = 1
        for dim in order[1:]:
            rest *= max(1, lengths[dim])
        found = {order[0]: max(1, min(max(1, lengths[order[0]]), USUAL_CHUNK // rest or 1))} if order else {}
    for dim in cut:
        found.setdefault(str(dim), max(1, lengths[str(dim)]))
    return found


def _texts(values: Iterable[Hashable]) -> Any:
    found = _java.java("java.util.ArrayList")()
    for value in values:
        found.add(_java.java("java.lang.String")(str(value)))
    return found


def _integers(values: Mapping[str, int]) -> Any:
    found = _java.java("java.util.HashMap")()
    for key, value in values.items():
        found.put(_java.java("java.lang.String")(key), _java.java("java.lang.Integer").valueOf(value))
    return found
