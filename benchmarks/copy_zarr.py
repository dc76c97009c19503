"""COPY to Zarr beside xarray's to_zarr: the CPU seconds of this process for each, in turn, where xarray, dask and the package graticule are
installed.

Usage: PYTHONPATH=python/src python3 benchmarks/copy_zarr.py benchmarks/generated/copy [rounds]
Makes a store of 72 x 721 x 1440 REAL values (299 MB) there once, in uncompressed chunks of one time step, version 3, and copies it to the
same chunks. Prints medians after the first round, which is told by itself: in it the virtual machine compiles.
"""

import os
import shutil
import statistics
import sys
import time

import numpy as np
import xarray as xr
import zarr

import graticule

SHAPE = (72, 721, 1440)
CHUNKS = (1, 721, 1440)
CODECS = {"zstd": zarr.codecs.ZstdCodec(level=3), "none": None}


def make(store):
    """Fields as smooth as a temperature's, in steps of 1/64 K, with some noise."""
    noise = np.random.default_rng(1)
    waves = np.sin(np.linspace(0, 9, SHAPE[1]))[:, None] * np.cos(np.linspace(0, 20, SHAPE[2]))[None, :]
    hours = np.arange(SHAPE[0])[:, None, None]
    values = 280 + 20 * waves[None] + 3 * np.sin(hours / 4) + noise.normal(0, 0.1, SHAPE)
    dataset = xr.Dataset(
        {"t2m": (("time", "latitude", "longitude"), (np.round(values * 64) / 64).astype("f4"))},
        {"time": np.arange(SHAPE[0]), "latitude": np.linspace(90, -90, SHAPE[1]), "longitude": np.arange(SHAPE[2]) * 0.25},
    )
    dataset.to_zarr(store, mode="w", zarr_format=3, consolidated=False,
                    encoding={"t2m": {"chunks": CHUNKS, "compressors": None}})


def cpu_seconds(work, target):
    shutil.rmtree(target, ignore_errors=True)
    start = time.process_time()
    work()
    return time.process_time() - start


def main(folder, rounds="5"):
    big = os.path.join(folder, "big.zarr")
    target = os.path.join(folder, "out.zarr")
    if not os.path.exists(big):
        make(big)
    connection = graticule.connect()

    def here(codec):
        connection.execute(f"COPY (SELECT * FROM '{big}') TO '{target}' (CODEC {codec})").fetchall()

    def there(codec):
        encoding = {"t2m": {"chunks": CHUNKS, "compressors": CODECS[codec]}}
        with xr.open_zarr(big, consolidated=False) as dataset:
            dataset.drop_encoding().to_zarr(target, zarr_format=3, consolidated=False, encoding=encoding)

    print("| codec | here, CPU s | xarray, CPU s | ratio | spread | first round |")
    print("| --- | --: | --: | --: | --: | --: |")
    for codec in CODECS:
        ours, theirs = [], []
        for _ in range(int(rounds) + 1):
            ours.append(cpu_seconds(lambda: here(codec), target))
            theirs.append(cpu_seconds(lambda: there(codec), target))
        ratios = [mine / other for mine, other in zip(ours[1:], theirs[1:])]
        print(f"| {codec} | {statistics.median(ours[1:]):.2f} | {statistics.median(theirs[1:]):.2f} | "
              f"{statistics.median(ratios):.2f} | {min(ratios):.2f}..{max(ratios):.2f} | {ours[0]:.2f}, {theirs[0]:.2f} |", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
