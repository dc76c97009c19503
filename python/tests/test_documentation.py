"""docs/python.md is a notebook: its code runs, and gives what it says."""

from __future__ import annotations

import contextlib
import io
import re
from typing import Any

import pytest

from conftest import ROOT, ZARR_FORMAT

PAGE = ROOT / "docs" / "python.md"
CELL = re.compile(r"^```python\n(.*?)^```\n(?:```text\n(.*?)^```\n)?", re.MULTILINE | re.DOTALL)


def test_the_page_gives_what_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    text = PAGE.read_text(encoding="utf-8").replace("era5_v3.zarr", f"era5_v{ZARR_FORMAT}.zarr")
    cells = list(CELL.finditer(text))
    assert len(cells) == text.count("```python") and sum(cell[2] is not None for cell in cells) == text.count("```text")
    monkeypatch.chdir(ROOT)
    variables: dict[str, Any] = {"__name__": "page"}
    for cell in cells:
        line = text.count("\n", 0, cell.start(1))
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            # The blank lines have errors tell the line of the page.
            exec(compile("\n" * line + cell[1], str(PAGE), "exec"), variables)
        assert printed.getvalue() == (cell[2] or ""), f"{PAGE.name}, line {line + 1}"
