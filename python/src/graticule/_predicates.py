"""The engine's simple predicates as pyarrow expressions that reject no row that the predicate accepts."""

from __future__ import annotations

from typing import Any

import pyarrow
import pyarrow.compute



def _value(value: Any, kind: pyarrow.DataType) -> pyarrow.Scalar | None:
    """A Java value of a column's type."""
    types = pyarrow.types
    if types.is_boolean(kind):
        return pyarrow.scalar(bool(value.booleanValue()), kind)
    if types.is_signed_integer(kind):
        return pyarrow.scalar(int(value.longValue()), kind)
    if types.is_floating(kind) and kind.bit_width >= 32:
        return pyarrow.scalar(float(value.doubleValue()), kind)
    if types.is_string(kind) or types.is_large_string(kind):
        return pyarrow.scalar(str(value), kind)
    if types.is_date32(kind) or (types.is_timestamp(kind) and kind.tz is None):
        return pyarrow.scalar(int(value.longValue()), pyarrow.int32() if types.is_date32(kind) else pyarrow.int64()).cast(kind)
    return None


def expression(predicate: Any, schema: pyarrow.Schema) -> Any | None:
    """The expression, or None where there is none that means the same."""
    field = schema.field(int(predicate.column()))
    column = pyarrow.compute.field(int(predicate.column()))
    kind = str(predicate.getClass().getSimpleName())
    if kind == "NullCheck":
        return column.is_null() if bool(predicate.isNull()) else column.is_valid()
    if kind == "OneOf":
        found = [_value(each, field.type) for each in predicate.values()]
        if any(each is None or _is_nan(each) for each in found):
            return None
        condition = None
        for each in found[:64] if len(found) <= 64 else []:
            equal = column == each
            condition = equal if condition is None else condition | equal
        return condition
    if kind != "Range":
        return None
    condition = None
    if predicate.lower() is not None:
        lower = _value(predicate.lower(), field.type)
        if lower is None:
            return None
        condition = column > lower if bool(predicate.lowerOpen()) else column >= lower
        if pyarrow.types.is_floating(field.type):
            # NaN is greater than every number here.
            condition = condition | pyarrow.compute.is_nan(column)
    if predicate.upper() is not None:
        upper = _value(predicate.upper(), field.type)
        if upper is None or _is_nan(upper):
            return None
        below = column < upper if bool(predicate.upperOpen()) else column <= upper
        condition = below if condition is None else condition & below
    return condition


def _is_nan(value: pyarrow.Scalar) -> bool:
    return isinstance(found := value.as_py(), float) and found != found


