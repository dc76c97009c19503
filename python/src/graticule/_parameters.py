"""Python values as the engine takes them for parameters."""

from __future__ import annotations

import datetime
import decimal
from collections.abc import Mapping, Sequence
from typing import Any

import numpy

from . import _java
from ._errors import BindingError

Parameters = Sequence[Any] | Mapping[str, Any] | None


def bind(query: Any, parameters: Parameters) -> None:
    """Gives a query its parameters: a sequence for ``?`` and ``$1``, a mapping for ``$name``."""
    if parameters is None:
        return
    if isinstance(parameters, Mapping):
        for name, value in parameters.items():
            query.bindName(str(name), to_java(value, f"${name}"))
    elif isinstance(parameters, (str, bytes)) or not isinstance(parameters, (Sequence, numpy.ndarray)):
        raise TypeError(f"params must be a list or a dict, not {type(parameters).__name__}")
    else:
        for position, value in enumerate(parameters, 1):
            query.bindPosition(position, to_java(value, f"${position}"))


def to_java(value: Any, shown: str) -> Any:
    """The Java object of a parameter's value. A plain number counts as a literal: it takes the type of the column it meets."""
    java = _java.java
    if isinstance(value, numpy.ndarray) and value.ndim == 0:
        value = value[()]
    if type(value).__module__.split(".")[0] == "xarray" and getattr(value, "ndim", None) == 0:
        value = value.values[()]
    if isinstance(value, numpy.datetime64):
        if numpy.isnat(value):
            return None
        value = value.astype("datetime64[us]").item()
    elif isinstance(value, numpy.timedelta64):
        if numpy.isnat(value):
            return None
        value = value.astype("timedelta64[us]").item()
    elif isinstance(value, numpy.float32):
        return java("java.lang.Float").valueOf(str(value))
    elif isinstance(value, numpy.generic):
        value = value.item()
    if value is None or type(value).__name__ in ("NaTType", "NAType"):
        return None
    if isinstance(value, bool):
        return java("java.lang.Boolean").valueOf(value)
    if isinstance(value, int):
        if -(2**63) <= value < 2**63:
            return java("java.lang.Long").valueOf(str(value))
        return java("java.math.BigInteger")(str(value))
    if isinstance(value, float):
        return java("java.lang.Double").valueOf(repr(value).replace("nan", "NaN").replace("inf", "Infinity"))
    if isinstance(value, str):
        return java("java.lang.String")(value)
    if isinstance(value, (bytes, bytearray, memoryview)):
        import jpype

        return jpype.JArray(jpype.JByte)(numpy.frombuffer(bytes(value), dtype=numpy.int8))
    if isinstance(value, decimal.Decimal):
        return java("java.math.BigDecimal")(str(value))
    if isinstance(value, datetime.datetime):
        if value.tzinfo is not None:
            return java("java.time.OffsetDateTime").parse(value.isoformat())
        return java("java.time.LocalDateTime").parse(value.isoformat())
    if isinstance(value, datetime.date):
        return java("java.time.LocalDate").parse(value.isoformat())
    if isinstance(value, datetime.time):
        return java("java.time.LocalTime").parse(value.isoformat())
    if isinstance(value, datetime.timedelta):
        micros = (value.days * 86_400 + value.seconds) * 1_000_000 + value.microseconds
        return java("java.time.Duration").of(micros, java("java.time.temporal.ChronoUnit").MICROS)
    raise BindingError(
        f"Parameter {shown} is a {type(value).__module__}.{type(value).__qualname__}: bind a number, string, boolean, bytes, date,"
        " time, datetime, timedelta, a NumPy scalar or None."
    )
