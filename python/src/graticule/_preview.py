"""The first rows of a result as a person reads them."""

from __future__ import annotations

import html
import unicodedata
from typing import Any

import pyarrow

WIDEST = 40


def _cell(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, bytes):
        return "".join(f"\\x{byte:02X}" for byte in value[:WIDEST])
    return str(value).replace("\n", "\\n").replace("\t", "\\t")


def _texts(table: pyarrow.Table) -> list[list[str]]:
    """The cells of each column; REAL as NumPy prints a float32, which tells it in the digits that it needs."""
    found = []
    for column in table.columns:
        if pyarrow.types.is_float32(column.type):
            import numpy

            found.append([
                "NULL" if value is None else str(numpy.float32(value)) for value in column.to_pylist()
            ])
        else:
            found.append([_cell(value) for value in column.to_pylist()])
    return found


def _width(text: str) -> int:
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _shorten(text: str) -> str:
    return text if len(text) <= WIDEST else text[: WIDEST - 1] + "…"


def _footer(table: pyarrow.Table, more: bool) -> str:
    count = f"first {table.num_rows} rows" if more else f"{table.num_rows} row{'' if table.num_rows == 1 else 's'}"
    return f"{count}, {table.num_columns} column{'' if table.num_columns == 1 else 's'}"


def as_text(table: pyarrow.Table, types: list[str], more: bool) -> str:
    """A table in a frame, numbers to the right."""
    if table.num_columns == 0:
        return _footer(table, more)
    columns = [
        [name, kind.lower(), *map(_shorten, cells)] for name, kind, cells in zip(table.column_names, types, _texts(table))
    ]
    widths = [max(map(_width, column)) for column in columns]
    right = [
        pyarrow.types.is_integer(field.type) or pyarrow.types.is_floating(field.type) or pyarrow.types.is_decimal(field.type)
        for field in table.schema
    ]

    def line(number: int) -> str:
        cells = []
        for column, width, to_right in zip(columns, widths, right):
            blanks = " " * (width - _width(column[number]))
            cells.append(blanks + column[number] if to_right and number > 1 else column[number] + blanks)
        return "│ " + " │ ".join(cells) + " │"

    def rule(left: str, middle: str, end: str) -> str:
        return left + middle.join("─" * (width + 2) for width in widths) + end

    lines = [rule("┌", "┬", "┐"), line(0), line(1), rule("├", "┼", "┤")]
    lines += [line(number + 2) for number in range(table.num_rows)]
    lines += [rule("└", "┴", "┘"), _footer(table, more)]
    return "\n".join(lines)


def as_html(table: pyarrow.Table, types: list[str], more: bool) -> str:
    """The same for a notebook."""
    heads = "".join(
        f"<th>{html.escape(name)}<br><small>{html.escape(kind.lower())}</small></th>"
        for name, kind in zip(table.column_names, types)
    )
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in zip(*_texts(table))
    )
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table><p>{html.escape(_footer(table, more))}</p>"
