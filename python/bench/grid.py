"""Questions about a grid in SQL from Python, and in xarray and dask: the same ones, in turn, in one process.

Usage: PYTHONPATH=python/src python3 python/bench/grid.py benchmarks/generated/grid-240/raw.zarr [rounds] [questions]
The store is that of benchmarks/README.md: t2m and rh on time, latitude and longitude. Four ways:

    xarray    xarray and dask, which open the store and read it by its chunks
    store     SQL, where the engine reads the store itself
    blocks    SQL over the Dataset that xarray opened: each block comes through Python
    memory    SQL over the Dataset loaded into memory

Prints medians of seconds and of the process's CPU seconds after one round that does not count, and stops where the answers differ.
"""

from __future__ import annotations

import contextlib
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import dask
import numpy as np
import xarray as xr

import graticule

#: Each with what xarray says, in the rows' order.
QUESTIONS: dict[str, tuple[str, Callable[[xr.Dataset], Any]]] = {
    "mean": ("SELECT avg(t2m) FROM {}", lambda d: d.t2m.mean(dtype="f8")),
    "mean by latitude": (
        "SELECT avg(t2m) FROM {} GROUP BY latitude",
        lambda d: d.t2m.mean(["time", "longitude"], dtype="f8"),
    ),
    "mean by time": ("SELECT avg(t2m) FROM {} GROUP BY time", lambda d: d.t2m.mean(["latitude", "longitude"], dtype="f8")),
    "mean rh where t2m > 280": ("SELECT avg(rh) FROM {} WHERE t2m > 280", lambda d: d.rh.where(d.t2m > 280).mean(dtype="f8")),
    "mean of a box": (
        "SELECT avg(t2m) FROM {} WHERE latitude BETWEEN 40 AND 41 AND longitude BETWEEN 10 AND 11",
        lambda d: d.t2m.sel(latitude=slice(41, 40), longitude=slice(10, 11)).mean(dtype="f8"),
    ),
    "maximum by time in January": (
        "SELECT max(t2m) FROM {} WHERE month(time) = 1 GROUP BY time",
        lambda d: d.t2m.isel(time=np.flatnonzero(d.time.dt.month == 1)).max(["latitude", "longitude"]),
    ),
}


def main(store: str, rounds: str = "3", questions: str = "") -> None:
    con = graticule.connect()
    con.register("blocks", xr.open_zarr(store, consolidated=False)[["t2m", "rh"]])
    con.register("memory", xr.open_zarr(store, consolidated=False)[["t2m", "rh"]].load())

    def by_xarray(question: Callable[[xr.Dataset], Any]) -> Any:
        with contextlib.closing(xr.open_zarr(store, consolidated=False)) as dataset:
            return np.atleast_1d(question(dataset).compute().values)

    def by_sql(sql: str, table: str) -> Any:
        return con.sql(sql.format(table)).to_arrow_table().column(0).to_numpy()

    print(f"{Path(store).name}: seconds (CPU seconds), xarray {xr.__version__}, dask {dask.__version__}\n")
    print("| question | xarray | store | blocks | memory | xarray : store | xarray : blocks |")
    print("| --- | --: | --: | --: | --: | --: | --: |")
    for name, (sql, question) in QUESTIONS.items():
        if questions and name not in questions.split(","):
            continue
        ways: dict[str, Callable[[], Any]] = {
            "xarray": lambda: by_xarray(question),
            "store": lambda: by_sql(sql, f"'{store}'"),
            "blocks": lambda: by_sql(sql, "blocks"),
            "memory": lambda: by_sql(sql, "memory"),
        }
        spent: dict[str, list[tuple[float, float]]] = {way: [] for way in ways}
        for _ in range(int(rounds) + 1):
            answers = []
            for way, ask in ways.items():
                start, before = time.perf_counter(), time.process_time()
                answers.append(ask())
                spent[way].append((time.perf_counter() - start, time.process_time() - before))
            for answer in answers[1:]:
                np.testing.assert_allclose(answer, answers[0], rtol=1e-6, err_msg=name)
        medians = {way: [statistics.median(column) for column in zip(*each[1:])] for way, each in spent.items()}
        cells = [f"{seconds:.3f} ({cpu:.3f})" for seconds, cpu in medians.values()]
        ratios = [f"{medians['xarray'][0] / medians[way][0]:.1f}" for way in ("store", "blocks")]
        print(f"| {name} | {' | '.join(cells + ratios)} |", flush=True)
    con.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
