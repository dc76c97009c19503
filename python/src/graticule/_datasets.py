"""Results as labelled arrays: rows are placed in a grid, by blocks where they come as one, else by their coordinates."""

from __future__ import annotations

import itertools
import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy
import pyarrow
import pyarrow.compute

from ._errors import BindingError, DataError, ResourceError
from ._fetching import durations, to_numpy

if TYPE_CHECKING:
    import xarray

#: Attributes that tell how the source stores values, not what they are.
_STORAGE = re.compile(r"zarr\..*|_FillValue|missing_value|scale_factor|add_offset|_Unsigned|dtype|_ARRAY_DIMENSIONS|coordinates")
_TIME_UNITS = re.compile(r"\s*\w+\s+since\s+.*", re.IGNORECASE)


@dataclass
class Dimension:
    """A dimension of a result.

    Attributes:
        column: the number of its column.
        coordinates: its values in their order, none twice unless the source has them so; None where those that occur are wanted.
        order: the order of those that occur, where it is not ascending.
        indices: the index along the source's axis of each, where it is one.
        axis: the number of that axis in the source, or None.
        block: how many indices of it lie in a block of the source's rows.
        attributes: of the coordinate, or None for those of the column.
        encoding: of the coordinate.
    """

    column: int
    name: str
    coordinates: pyarrow.Array | None = None
    order: pyarrow.Array | None = None
    indices: numpy.ndarray[Any, Any] | None = None
    axis: int | None = None
    block: int = 1
    attributes: Mapping[Any, Any] | None = None
    encoding: Mapping[Any, Any] = field(default_factory=dict)

    def descends(self) -> bool:
        """Whether its first coordinate is greater than its last."""
        if self.coordinates is None or len(self.coordinates) < 2:
            return False
        ends = [self.coordinates[0].as_py(), self.coordinates[-1].as_py()]
        return bool(ends[0] > ends[1])


def to_dataset(
    result: Any,
    dims: Sequence[str] | None = None,
    template: xarray.Dataset | xarray.DataArray | None = None,
    fill_value: Any = None,
    chunks: Any = None,
    max_result_bytes: int | None = None,
) -> xarray.Dataset:
    """An xarray Dataset of any Arrow result.

    Args:
        result: a :class:`Relation`, whose axes are known, a pyarrow Table, or anything with ``__arrow_c_stream__``.
        dims: the columns that are dimensions, in that order; needed where neither the result nor the template tells.
        template: a Dataset with the dimensions, the order of coordinates, and the attributes.
        fill_value: what stands where there is no value, instead of NaN (NaT for times).
        chunks: of the result, as ``Dataset.chunk`` takes them.
        max_result_bytes: a larger result is an error before it is made.

    Raises:
        BindingError: no column is a dimension.
        DataError: two rows for one cell, or NULL in a dimension.
        ResourceError: the result would have more than max_result_bytes.
    """
    if hasattr(result, "to_xarray") and hasattr(result, "_grid"):
        return result.to_xarray(dims, template, fill_value, chunks, max_result_bytes)
    table = result if isinstance(result, pyarrow.Table) else pyarrow.table(result)
    return dataset_of(table, choose(table.schema, [], dims, template), template, fill_value, chunks, max_result_bytes)


def choose(
    schema: pyarrow.Schema,
    known: Sequence[Dimension],
    dims: Sequence[str] | None,
    template: Any,
    axes: Sequence[str] = (),
) -> list[Dimension]:
    """The dimensions that were told, else those that are known, else those of the template."""
    if isinstance(dims, str):
        raise TypeError(f"dims is a list of columns: dims=[{dims!r}]")
    by_name = {each.name: each for each in known}
    if dims is not None:
        for name in dims:
            if schema.get_field_index(name) < 0:
                raise BindingError(f"dims names {name!r}, and the result has no such column; it has {', '.join(schema.names)}.")
        if len(set(dims)) < len(dims):
            raise BindingError(f"dims names a column twice: {list(dims)}.")
        chosen = [by_name.get(name) or Dimension(schema.get_field_index(name), name) for name in dims]
    else:
        chosen = list(known)
        if template is not None:
            order = [str(dim) for dim in template.dims]
            if not chosen:
                chosen = [Dimension(schema.get_field_index(dim), dim) for dim in order if schema.get_field_index(dim) >= 0]
            chosen.sort(key=lambda each: order.index(each.name) if each.name in order else len(order))
    for each in chosen:
        if schema.names.count(each.name) > 1:
            raise BindingError(f"Two columns are called {each.name}: name them apart with AS.")
        if template is not None and each.name in template.coords and template.coords[each.name].dims == (each.name,):
            coordinate = template.coords[each.name]
            each.attributes, each.encoding = dict(coordinate.attrs), dict(coordinate.encoding)
    if not chosen and dims is None and schema.names:
        add = ", ".join(axes) if axes else "the axis columns"
        raise BindingError(f"No axis column in the result; add {add} to SELECT or pass dims=[...].")
    return chosen


# ---- coordinates


def _occurring(column: pyarrow.ChunkedArray, name: str, template: Any, order: pyarrow.Array | None) -> pyarrow.Array:
    """The values of a column, each once: in the order of the template's coordinate, else in one that is known, else ascending."""
    values = first_occurrences(column)
    if pyarrow.types.is_dictionary(values.type):
        values = values.cast(values.type.value_type)
    if pyarrow.types.is_interval(values.type):
        values = durations(pyarrow.chunked_array([values])).combine_chunks()
    if order is not None and order.type == values.type:
        ordered = order.filter(pyarrow.compute.is_in(order, value_set=values))
    else:
        ordered = values.take(pyarrow.compute.sort_indices(values))
    if template is not None and name in template.coords and template.coords[name].ndim == 1:
        told = numpy.asarray(template.coords[name].values)
        own = _values(pyarrow.chunked_array([ordered]), None)
        places = {value: number for number, value in reversed(list(enumerate(told.tolist())))}
        if told.dtype.kind == "M":
            places = {value: number for number, value in reversed(list(enumerate(told.astype("M8[us]").tolist())))}
            own = own.astype("M8[us]")
        rank = [places.get(value, len(places) + number) for number, value in enumerate(own.tolist())]
        ordered = ordered.take(pyarrow.array(numpy.argsort(rank, kind="stable")))
    return ordered


def first_occurrences(column: pyarrow.ChunkedArray) -> pyarrow.Array:
    """The values of a column, each once, in the order in which they come."""
    unique = pyarrow.compute.unique(column)
    return unique.combine_chunks() if isinstance(unique, pyarrow.ChunkedArray) else unique


def _codes(column: pyarrow.ChunkedArray, coordinates: pyarrow.Array, name: str) -> numpy.ndarray[Any, Any]:
    """The place of each row's value among the coordinates."""
    if column.null_count:
        raise DataError(f"NULL in {name}, which is a dimension: add WHERE {name} IS NOT NULL.")
    if pyarrow.types.is_interval(column.type):
        column = durations(column)
    if pyarrow.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    found = pyarrow.compute.index_in(column, value_set=coordinates)
    if found.null_count:
        row = int(numpy.flatnonzero(numpy.asarray(found.is_null()))[0])
        raise DataError(f"{name} = {column[row].as_py()!r} is not among the coordinates of the axis.")
    return found.to_numpy().astype(numpy.int64)


# ---- placing


class Places:
    """Where the rows of a table lie in the grid: all cells in C order, in blocks, or wherever their coordinates say."""

    def __init__(self, table: pyarrow.Table, dimensions: Sequence[Dimension], shape: tuple[int, ...]) -> None:
        self._table = table
        self._dimensions = dimensions
        self.shape = shape
        self.is_whole = table.num_rows == math.prod(shape)
        self._blocks: list[tuple[int, tuple[slice, ...], tuple[int, ...]]] | None = None
        self._flat: numpy.ndarray[Any, Any] | None = None
        self._mask: numpy.ndarray[Any, Any] | None = None
        columns = [table.column(each.column) for each in dimensions]
        if self.is_whole and not any(column.null_count for column in columns):
            self._blocks = self._as_blocks(columns)
        if self._blocks is None:
            self._place(columns)

    @property
    def is_c_order(self) -> bool:
        """Whether the rows are the cells in the order of the array."""
        return self._blocks is not None and len(self._blocks) == 1 and self._blocks[0][2] == tuple(range(len(self.shape)))

    def _orders(self) -> Iterator[tuple[int, ...]]:
        """The orders of dimensions that the rows may have: as they stand, and as the source's axes do."""
        count = len(self.shape)
        yield tuple(range(count))
        if all(each.axis is not None for each in self._dimensions):
            order = tuple(sorted(range(count), key=lambda number: self._dimensions[number].axis or 0))
            if order != tuple(range(count)):
                yield order

    def _as_blocks(self, columns: list[pyarrow.ChunkedArray]) -> list[tuple[int, tuple[slice, ...], tuple[int, ...]]] | None:
        arrays = [_comparable(column) for column in columns]
        expected = [_comparable(pyarrow.chunked_array([each.coordinates])) for each in self._dimensions]
        for order in self._orders():
            whole = [(0, tuple(slice(0, length) for length in self.shape), order)]
            for blocks in (whole, self._block_grid(order)):
                if blocks is not None and all(_agrees(arrays, expected, *block) for block in blocks):
                    return blocks
        return None

    def _block_grid(self, order: tuple[int, ...]) -> list[tuple[int, tuple[slice, ...], tuple[int, ...]]] | None:
        """The blocks of the source's rows, as far as they are selected, in C order of their grid."""
        ranges = []
        for number in order:
            each = self._dimensions[number]
            if each.indices is None:
                return None
            starts = numpy.flatnonzero(numpy.diff(each.indices // each.block, prepend=-1))
            ranges.append([slice(int(a), int(b)) for a, b in zip(starts, [*starts[1:], len(each.indices)])])
        blocks = []
        row = 0
        for box in itertools.product(*ranges):
            slices = [slice(0)] * len(order)
            for number, piece in zip(order, box):
                slices[number] = piece
            blocks.append((row, tuple(slices), order))
            row += math.prod(piece.stop - piece.start for piece in box)
        return blocks

    def _place(self, columns: list[pyarrow.ChunkedArray]) -> None:
        flat = numpy.zeros(self._table.num_rows, dtype=numpy.int64)
        for each, column, length in zip(self._dimensions, columns, self.shape):
            assert each.coordinates is not None
            flat *= length
            flat += _codes(column, each.coordinates, each.name)
        seen = numpy.zeros(math.prod(self.shape), dtype=bool)
        seen[flat] = True
        if int(numpy.count_nonzero(seen)) < len(flat):
            self._refuse(flat)
        self._flat, self._mask = flat, seen
        self.is_whole = bool(len(flat) == len(seen))

    def _refuse(self, flat: numpy.ndarray[Any, Any]) -> None:
        order = numpy.argsort(flat, kind="stable")
        again = numpy.flatnonzero(numpy.diff(flat[order]) == 0)
        cell = flat[order[again[0]]]
        rows = numpy.flatnonzero(flat == cell)
        first = int(rows[0])
        names = [each.name for each in self._dimensions]
        add = self._what_tells_apart(rows, {each.column for each in self._dimensions})
        shown = [*([add] if add else []), *names]
        told = ", ".join(f"{name}={_shown(self._table.column(name)[first])}" for name in shown)
        raise DataError(
            f"{len(rows)} rows for ({told}): dims {names} don't identify a row" + (f"; add {add!r}." if add else ".")
        )

    def _what_tells_apart(self, rows: numpy.ndarray[Any, Any], used: set[int]) -> str:
        """The first column that is no value and tells the rows of a cell apart."""
        part = self._table.take(pyarrow.array(rows[:1000]))
        best = ""
        for number, (name, column) in enumerate(zip(part.column_names, part.columns)):
            if number in used:
                continue
            if pyarrow.compute.count_distinct(column, mode="all").as_py() == part.num_rows:
                if not pyarrow.types.is_floating(column.type):
                    return name
                best = best or name
        return best

    def array(self, column: pyarrow.ChunkedArray, fill_value: Any) -> numpy.ndarray[Any, Any]:
        """The values of a column in the grid."""
        values = _values(column, fill_value)
        if self._blocks is not None:
            if len(self._blocks) == 1:
                _, _, order = self._blocks[0]
                placed = values.reshape([self.shape[number] for number in order])
                return placed.transpose([order.index(number) for number in range(len(order))])
            found = numpy.empty(self.shape, dtype=values.dtype)
            for start, box, order in self._blocks:
                lengths = [box[number].stop - box[number].start for number in order]
                part = values[start : start + math.prod(lengths)].reshape(lengths)
                found[box] = part.transpose([order.index(number) for number in range(len(order))])
            return found
        assert self._flat is not None
        if not self.is_whole:
            values, missing = _with_missing(values, fill_value)
            found = numpy.full(math.prod(self.shape), missing, dtype=values.dtype)
        else:
            found = numpy.empty(math.prod(self.shape), dtype=values.dtype)
        found[self._flat] = values
        return found.reshape(self.shape)


def _comparable(column: pyarrow.ChunkedArray) -> numpy.ndarray[Any, Any]:
    """Values that are equal exactly where those of the column are."""
    if pyarrow.types.is_interval(column.type):
        column = durations(column)
    if pyarrow.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pyarrow.types.is_timestamp(column.type) and column.type.tz is not None:
        column = column.cast(pyarrow.int64())
    return column.to_numpy()


def _agrees(
    arrays: list[numpy.ndarray[Any, Any]],
    expected: list[numpy.ndarray[Any, Any]],
    start: int,
    box: tuple[slice, ...],
    order: tuple[int, ...],
) -> bool:
    """Whether the rows from one on are the cells of a box, in C order of its dimensions in an order."""
    lengths = [box[number].stop - box[number].start for number in order]
    size = math.prod(lengths)
    for place, number in enumerate(order):
        wanted = expected[number][box[number]]
        found = arrays[number][start : start + size].reshape(lengths)
        wanted = wanted.reshape([-1 if at == place else 1 for at in range(len(order))])
        equal = found == wanted
        if wanted.dtype.kind == "f" and numpy.isnan(wanted).any():
            equal |= numpy.isnan(found) & numpy.isnan(wanted)
        if not numpy.all(equal):
            return False
    return True


# ---- values


def _values(column: pyarrow.ChunkedArray, fill_value: Any) -> numpy.ndarray[Any, Any]:
    """A column as xarray has such values: NULL is NaN, or the fill value."""
    kind = column.type
    if pyarrow.types.is_dictionary(kind):
        column, kind = column.cast(kind.value_type), kind.value_type
    if pyarrow.types.is_decimal(kind):
        column = column.cast(pyarrow.float64())
    if pyarrow.types.is_timestamp(kind) and kind.tz is not None:
        column = column.cast(pyarrow.timestamp(kind.unit))
    values = to_numpy(column)
    mask = numpy.ma.getmaskarray(values) if isinstance(values, numpy.ma.MaskedArray) else None
    values = numpy.ma.getdata(values) if mask is not None else values
    if values.dtype.kind == "M":
        values = _nanoseconds(values)
    if mask is not None and mask.any():
        values, missing = _with_missing(values, fill_value)
        values = values.copy()
        values[mask] = missing
    return values


def _nanoseconds(times: numpy.ndarray[Any, Any]) -> numpy.ndarray[Any, Any]:
    """Times in nanoseconds, as xarray has them, where their years allow it."""
    counts = times.astype("M8[us]")
    known = counts[~numpy.isnat(counts)]
    if len(known) and (known.min() < numpy.datetime64("1677-09-22", "us") or known.max() > numpy.datetime64("2262-04-11", "us")):
        return counts
    return counts.astype("M8[ns]")


def _with_missing(values: numpy.ndarray[Any, Any], fill_value: Any) -> tuple[numpy.ndarray[Any, Any], Any]:
    """Values of a type that has a missing one too, and that one."""
    kind = values.dtype.kind
    if fill_value is not None:
        return values, numpy.asarray(fill_value).astype(values.dtype) if kind not in "OMm" else fill_value
    if kind == "M":
        return values, numpy.datetime64("NaT")
    if kind == "m":
        return values, numpy.timedelta64("NaT")
    if kind in "iu":
        return values.astype(numpy.float64), numpy.nan
    if kind == "b":
        return values.astype(object), numpy.nan
    return values, numpy.nan


def _shown(value: pyarrow.Scalar) -> str:
    found = value.as_py()
    if isinstance(found, float) and pyarrow.types.is_float32(value.type):
        return str(numpy.float32(found)).removesuffix(".0")
    return str(found).removesuffix(".0") if isinstance(found, float) else str(found)


def attributes_of(described: pyarrow.Field) -> dict[str, Any]:
    """The attributes that a column brings, numbers and lists as such; not those that tell how the source stores values."""
    found: dict[str, Any] = {}
    texts = {key.decode(): value.decode() for key, value in (described.metadata or {}).items()}
    plain = texts.get("zarr.texts", "").split(" ")
    for key, text in texts.items():
        if _STORAGE.fullmatch(key) or key.startswith("ARROW:"):
            continue
        found[key] = text
        if key not in plain and re.match(r"[\[{\"0-9+-]|(true|false|null|NaN|-?Infinity)$", text):
            try:
                found[key] = json.loads(text)
            except ValueError:
                pass
    return found


# ---- the dataset


def dataset_of(
    table: pyarrow.Table,
    dimensions: Sequence[Dimension],
    template: Any,
    fill_value: Any,
    chunks: Any,
    max_result_bytes: int | None,
) -> xarray.Dataset:
    """The rows of a table as a Dataset over dimensions."""
    import xarray

    used = {each.column for each in dimensions}
    names = [name for number, name in enumerate(table.column_names) if number not in used]
    for name in names:
        if table.column_names.count(name) > 1:
            raise BindingError(f"Two columns are called {name}: name them apart with AS.")
    for each in dimensions:
        if each.coordinates is None:
            column = table.column(each.column)
            if column.null_count:
                raise DataError(f"NULL in {each.name}, which is a dimension: add WHERE {each.name} IS NOT NULL.")
            each.coordinates = _occurring(column, each.name, template, each.order)
    shape = tuple(len(each.coordinates) for each in dimensions if each.coordinates is not None)
    require_room(table.schema, dimensions, max_result_bytes)
    if not dimensions and table.num_rows != 1:
        raise BindingError(f"{table.num_rows} rows cannot be one cell: pass dims=[...].")
    places = Places(table, dimensions, shape)
    variables = {}
    for number, name in enumerate(table.column_names):
        if number in used:
            continue
        values = places.array(table.column(number), fill_value)
        attributes, encoding = _attributes(table.schema.field(number), values)
        if template is not None and name in getattr(template, "variables", {}):
            attributes = {**attributes, **template.variables[name].attrs}
        elif template is not None and getattr(template, "name", None) == name:
            attributes = {**attributes, **template.attrs}
        variables[name] = xarray.Variable(tuple(each.name for each in dimensions), values, attributes, encoding)
    coordinates = {}
    for each in dimensions:
        values = _values(pyarrow.chunked_array([each.coordinates]), None)
        attributes, encoding = _attributes(table.schema.field(each.column), values)
        if each.attributes is not None:
            attributes = dict(each.attributes)
        coordinates[each.name] = xarray.Variable((each.name,), values, attributes, {**encoding, **each.encoding})
    dataset = xarray.Dataset(variables, coords=coordinates)
    return dataset if chunks is None else dataset.chunk(chunks)


def _attributes(described: pyarrow.Field, values: numpy.ndarray[Any, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Attributes and encoding: the units of times are how they are stored, to xarray."""
    attributes = attributes_of(described)
    encoding: dict[str, Any] = {}
    if values.dtype.kind in "Mm":
        for key in ("units", "calendar"):
            if key in attributes:
                encoding[key] = attributes.pop(key)
    elif _TIME_UNITS.fullmatch(str(attributes.get("units", ""))):
        # What was made of times is none any more, such as month(time).
        attributes.pop("units")
        attributes.pop("calendar", None)
    return attributes, encoding


def require_room(schema: pyarrow.Schema, dimensions: Sequence[Dimension], most: int | None) -> None:
    """Refuses a result that would have more bytes, where the lengths of its dimensions are known."""
    if most is None or any(each.coordinates is None for each in dimensions):
        return
    shape = [len(each.coordinates) for each in dimensions if each.coordinates is not None]
    cells = math.prod(shape)
    used = {each.column for each in dimensions}
    width = 0
    for number, each in enumerate(schema):
        if number not in used:
            try:
                width += max(1, each.type.bit_width // 8)
            except ValueError:
                # The values of strings and lists are objects.
                width += 8
    if cells * width > most:
        told = " x ".join(f"{each.name} {length}" for each, length in zip(dimensions, shape))
        raise ResourceError(
            f"The result would have {cells * width:,} bytes ({told}), and max_result_bytes is {most:,}: select less of an axis, or"
            " aggregate over one."
        )
