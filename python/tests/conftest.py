"""What all tests share."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import graticule

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def con() -> Iterator[graticule.Connection]:
    """A connection; when the test is over, nothing that it allocated may be left."""
    with graticule.connect() as connection:
        engine = connection._session.engine()
        yield connection
        connection._forget()
        for _ in range(200):
            if engine.allocatedBytes() == 0:
                break
            gc.collect()
            time.sleep(0.01)
        assert engine.allocatedBytes() == 0


@pytest.fixture
def stores() -> Path:
    """The folder of small Zarr stores."""
    return ROOT / "data"
