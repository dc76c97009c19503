"""What all tests share."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import zarr

import graticule

#: The newest format that the Zarr library here reads: for Python 3.10 there is none for version 3.
ZARR_FORMAT = 3 if zarr.__version__ >= "3" else 2
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def con() -> Iterator[graticule.Connection]:
    """A connection; when the test is over, nothing that it allocated may be left."""
    with graticule.connect() as connection:
        engine = connection._session.engine()
        yield connection
        connection._forget()
        # What is dropped is closed beside; a busy machine may take its time for that.
        deadline = time.monotonic() + 30
        while engine.allocatedBytes() != 0 and time.monotonic() < deadline:
            gc.collect()
            time.sleep(0.01)
        assert engine.allocatedBytes() == 0


@pytest.fixture
def stores() -> Path:
    """The folder of small Zarr stores."""
    return ROOT / "data"
