"""The questions of CompareGrid, asked of the same stores in xarray and dask, where those are installed.

Usage: python3 benchmarks/xarray_dask.py benchmarks/generated/grid-240 [layouts] [questions] [rounds]
For example ... raw,zstd 1,7 5; "all" stands for all. Prints medians of seconds after one round that does not count, and the answer's first number,
which CompareGrid's answers can be checked with.
"""

import os
import statistics
import sys
import time

import dask
import numpy as np
import xarray as xr

BOX = {"latitude": slice(41, 40), "longitude": slice(10, 11)}


def cells_and_hours(d):
    return d.t2m.groupby("time.hour").mean()


def zones(d):
    return np.floor(d.latitude / 10).rename("zone")


def hottest(d):
    celsius = (d.t2m - np.float32(273.15)).where((d.t2m > 300) & (d.rh < 30), -np.inf)
    return dask.array.topk(celsius.data.ravel(), 10)


def moments(d):
    day = d.t2m.sel(time="2020-01-31")
    along = ["time", "longitude"]
    return dask.compute(day.count(along), day.min(along), day.max(along), day.mean(along), day.std(along, ddof=1))


QUESTIONS = {
    "1": lambda d: d.t2m.mean(dtype="f8"),
    "2": lambda d: d.t2m.mean(["time", "longitude"], dtype="f8"),
    "3": lambda d: d.t2m.mean(["latitude", "longitude"], dtype="f8"),
    "4": lambda d: cells_and_hours(d).mean(dtype="f8"),
    "4b": cells_and_hours,
    "5": lambda d: d.rh.where(d.t2m > 280).mean(dtype="f8"),
    "6": moments,
    "7": lambda d: d.t2m.sel(BOX).mean(dtype="f8"),
    "8": lambda d: d.t2m.max("longitude").groupby("time.month").max().groupby(zones(d)).max(),
    "9": lambda d: d.t2m.weighted(np.cos(np.deg2rad(d.latitude))).mean(["latitude", "longitude"]),
    "10": hottest,
    "11": lambda d: np.int64((d.latitude > 60).sum() * d.sizes["time"] * d.sizes["longitude"]),
    "12": lambda d: (d.rh > 90).mean("longitude").groupby("time.hour").mean().groupby(zones(d)).mean(),
}


def ask(question, store):
    """Opens the store and computes the answer, as one who has a question does."""
    with xr.open_zarr(store, consolidated=False) as dataset:
        answer = question(dataset)
        return answer.compute() if hasattr(answer, "compute") else answer


def first_number(answer):
    while isinstance(answer, tuple):
        answer = answer[0]
    return float(np.asarray(answer).ravel()[0])


def main(folder, layouts="all", questions="all", rounds="3"):
    stores = sorted(name for name in os.listdir(folder) if name.endswith(".zarr") and name != "mixed.zarr")
    if layouts != "all":
        stores = [layout + ".zarr" for layout in layouts.split(",")]
    numbers = list(QUESTIONS) if questions == "all" else questions.split(",")
    threads = os.cpu_count()
    print(f"xarray {xr.__version__}, dask {dask.__version__}, {threads} threads, medians of {rounds}\n")
    print("| question | layout | seconds | spread | first number |")
    print("| --- | --- | --: | --: | --: |")
    with dask.config.set(scheduler="threads", num_workers=threads):
        for store in stores:
            for number in numbers:
                seconds = []
                for _ in range(int(rounds) + 1):
                    start = time.perf_counter()
                    answer = ask(QUESTIONS[number], os.path.join(folder, store))
                    seconds.append(time.perf_counter() - start)
                counted = seconds[1:]
                print(f"| {number} | {store.removesuffix('.zarr')} | {statistics.median(counted):.3f} | "
                      f"{min(counted):.3f}..{max(counted):.3f} | {first_number(answer):.10g} |", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
