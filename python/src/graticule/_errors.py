"""The engine's errors as Python exceptions: one class for each kind, with the message, the line and a caret."""

from __future__ import annotations

import re
from typing import Any, NoReturn


class Error(Exception):
    """An error of the engine.

    ``str()`` of it is the message and, where the error is about a place in the query, that line with a caret under the place.

    Attributes:
        message: what is wrong and what to do, in one or two sentences.
        sql: the text that ``line`` and ``column`` refer to, or None.
        line: the line of the place, from 1, or None.
        column: its column, from 1, counted in characters, or None.
    """

    def __init__(
        self,
        message: str,
        sql: str | None = None,
        line: int | None = None,
        column: int | None = None,
        length: int = 1,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.sql = sql
        self.line = line
        self.column = column
        self._length = length

    def __str__(self) -> str:
        return self.message + self._excerpt()

    def __reduce__(self) -> Any:
        return type(self), (self.message, self.sql, self.line, self.column, self._length)

    def _excerpt(self) -> str:
        if self.sql is None or self.line is None or self.column is None:
            return ""
        lines = re.split("\r\n|\n|\r", self.sql)
        if not 1 <= self.line <= len(lines):
            return ""
        text = re.sub(r"[\x00-\x1f\x7f]", " ", lines[self.line - 1])
        before = min(self.column - 1, len(text))
        start = max(0, before - 60) if len(text) > 100 else 0
        shown = text[start : start + 100]
        carets = "^" * max(1, min(self._length, len(shown) - (before - start)))
        return f"\n\nLINE {self.line}: {shown}\n{' ' * (len(f'LINE {self.line}: ') + before - start)}{carets}"


class SqlSyntaxError(Error):
    """The text is not SQL of this dialect."""


class BindingError(Error):
    """A name, type or use in the query does not fit the tables it speaks of."""


class UnsupportedError(Error):
    """The query is right, and this version cannot run it yet."""


class DataError(Error):
    """A value met while the query ran does not fit what the query does with it."""


class SourceError(Error):
    """A store, file, stream or producer failed or is damaged; a producer's own exception is the ``__cause__``."""


class ResourceError(Error):
    """Memory, disk or another limit is exhausted, or something that has to be installed is missing."""


class CancelledError(Error):
    """The query was cancelled."""


class InternalError(Error):
    """A defect of the engine."""


class Notice(UserWarning):
    """Something that is allowed in a query and probably not meant."""


KINDS: dict[str, type[Error]] = {
    "SYNTAX": SqlSyntaxError,
    "BINDING": BindingError,
    "UNSUPPORTED": UnsupportedError,
    "DATA": DataError,
    "SOURCE": SourceError,
    "RESOURCE": ResourceError,
    "CANCELLED": CancelledError,
    "INTERNAL": InternalError,
}


def translate(failure: BaseException, sql: str | None = None, lines_before: int = 0) -> BaseException:
    """The Python exception for something that a call of the engine threw, with the producer's own exception as its cause.

    ``sql`` is the user's text, and ``lines_before`` how many lines stood before it in what the engine was given.
    """
    from . import _java

    if not isinstance(failure, _java.throwable()):
        return failure
    origin = _java.python_cause(failure)
    if _java.is_known(failure):
        found: Error = KINDS[str(failure.kind())](_java.without_mark(str(failure.getMessage())))  # type: ignore[attr-defined]
        position = failure.position()  # type: ignore[attr-defined]
        if sql is not None and position.isPresent():
            place = position.get()
            line = int(place.line()) - lines_before
            if line >= 1:
                found.sql, found.line, found.column = sql, line, int(place.column())
                found._length = int(place.end()) - int(place.start())
    elif origin is not None:
        return origin
    elif isinstance(failure, _java.java("java.lang.InterruptedException")):
        found = CancelledError("The query was cancelled.")
    else:
        found = InternalError(f"{failure}. This is a defect of Graticule.")
    found.__cause__ = origin
    found.__suppress_context__ = True
    return found


def throw(failure: BaseException, sql: str | None = None, lines_before: int = 0) -> NoReturn:
    """Raises :func:`translate` of a failure."""
    found = translate(failure, sql, lines_before)
    if found is failure:
        raise failure
    raise found from found.__cause__
