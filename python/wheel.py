"""Builds the wheel of the package, of this source tree, and tries it in a virtual environment of its own.

    python3 python/wheel.py                      for this platform, with Java inside: pip install of it needs none
    python3 python/wheel.py --pure               for any platform, without Java: it looks for a JDK 25 where it is installed
    python3 python/wheel.py --platform TAG       another platform tag than manylinux_2_17 or that of this Python

Needs Maven, a JDK 25 with jlink (JAVA_HOME, or where the package looks for one) and Python 3.10 or later with venv; the packages that it
installs are those of requirements-test.txt. The wheel is left in python/target/wheel.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parent
TARGET = FOLDER / "target" / "wheel"

#: What the engine and its libraries need of Java: Arrow jdk.unsupported, Parquet's readers logging, management and jfr.
MODULES = (
    "java.base",
    "java.logging",
    "java.management",
    "jdk.incubator.vector",
    "jdk.jfr",
    "jdk.unsupported",
    "jdk.zipfs",
)
#: Jars with a library for each of many platforms.
MANY_PLATFORMS = ("lz4-java", "snappy-java", "zstd-jni")

#: The README's snippet; prints how long the import and the first query took.
TRIAL = """
import sys, time
start = time.perf_counter()
import graticule
imported = time.perf_counter()
first = graticule.connect().sql("SELECT latitude, avg(t2m) AS t FROM 'data/era5_v3.zarr' GROUP BY latitude").fetchall()
answered = time.perf_counter()
import xarray as xr
con = graticule.connect()
con.register("air", xr.open_zarr("data/era5_v3.zarr", consolidated=False), chunks={"time": 100})
means = con.sql("SELECT latitude, avg(t2m) AS t FROM air GROUP BY latitude").to_xarray()
assert means.t.dims == ("latitude",) and abs(float(means.t[0]) - 242.0296) < 1e-3, means
assert dict(first)[float(means.latitude[0])] == float(means.t[0])
print(f"import {imported - start:.2f} s, first query {answered - imported:.2f} s,"
      f" Java {graticule._java.find_java()}, Python {sys.version.split()[0]}")
"""


def run(*command: str | Path, **environment: str) -> None:
    subprocess.run([str(part) for part in command], check=True, cwd=ROOT, env={**os.environ, **environment})


def new_environment(folder: Path) -> Path:
    """A new virtual environment; gives its Python."""
    shutil.rmtree(folder, ignore_errors=True)
    run(sys.executable, "-m", "venv", folder)
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def install(python: Path, *packages: str | Path) -> None:
    run(
        python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary", ":all:",
        "--constraint", FOLDER / "requirements-test.txt", *packages,
    )  # fmt: skip


def version_of(jars: list[Path]) -> str:
    """The version of the build, as Python writes versions: 0.0.0-dev.7-g0a1b2c3 is 0.0.0.dev7+g0a1b2c3."""
    (told,) = (found[1] for jar in jars if (found := re.fullmatch(r"python-bridge-(.+)\.jar", jar.name)))
    return re.sub(r"-dev\.(\d+)-", r".dev\1+", told)


def without_other_platforms(jar: Path, target: Path) -> None:
    """Copies a jar without the native libraries of other platforms than this one."""
    system = {"Darwin": ("darwin", "mac"), "Windows": ("windows", "win")}.get(platform.system(), ("linux",))
    machine = {"x86_64": ("amd64", "x86_64"), "arm64": ("aarch64",)}.get(platform.machine(), (platform.machine().lower(),))
    with zipfile.ZipFile(jar) as read, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as written:
        for entry in read.infolist():
            parts = entry.filename.lower().split("/")
            native = parts[-1].rpartition(".")[2] in ("a", "dll", "dylib", "jnilib", "so")
            if not native or (set(system) & set(parts) and set(machine) & set(parts)):
                written.writestr(entry, read.read(entry))


def add_jars(package: Path, jars: list[Path], pure: bool) -> None:
    (package / "jars").mkdir()
    for jar in jars:
        if pure or not jar.name.startswith(MANY_PLATFORMS):
            shutil.copy(jar, package / "jars")
        else:
            without_other_platforms(jar, package / "jars" / jar.name)


def add_java(package: Path, python: Path) -> None:
    """A run-time image, and the cache of loaded classes that goes with these jars and this version of JPype."""
    found = subprocess.run(
        [python, "-c", "from graticule import _java; print(_java.find_java())"], check=True, text=True, stdout=subprocess.PIPE
    ).stdout.strip()
    run(
        Path(found) / "bin" / "jlink", "--output", package / "runtime", "--add-modules", ",".join(MODULES),
        "--strip-debug", "--no-man-pages", "--no-header-files", "--compress", "zip-6",
    )  # fmt: skip
    cache = subprocess.run(
        [python, "-c", "from pathlib import Path; from graticule import _java; print(_java.cache_of(Path()).name)"],
        check=True,
        text=True,
        stdout=subprocess.PIPE,
    ).stdout.strip()
    with open(TARGET / "training.log", "wb") as log:
        subprocess.run(
            [python, FOLDER / "wheel_training.py", ROOT / "data" / "era5_v3.zarr"],
            check=True,
            cwd=ROOT,
            stdout=log,
            stderr=log,
            env={**os.environ, "GRATICULE_JAVA_OPTIONS": f"-XX:AOTCacheOutput={package / 'runtime' / 'lib' / cache}"},
        )
    if not (package / "runtime" / "lib" / cache).is_file():
        sys.exit(f"The training left no cache: see {TARGET / 'training.log'}")


def tag(told: str | None) -> str:
    if told:
        return told
    if platform.system() == "Linux" and platform.libc_ver()[0] == "glibc":
        return f"manylinux_2_17_{platform.machine()}"
    return re.sub(r"[-.]", "_", sysconfig.get_platform())


def main() -> None:
    arguments = argparse.ArgumentParser(description="Builds the wheel of the package.")
    arguments.add_argument("--pure", action="store_true", help="without Java")
    arguments.add_argument("--platform", metavar="TAG", help="the wheel's platform tag")
    chosen = arguments.parse_args()

    run(
        os.environ.get("GRATICULE_MAVEN", "mvn"), "-q", "-B", "-pl", "python-bridge", "-am", "-Dmaven.test.skip=true", "package"
    )
    jars = sorted((ROOT / "python-bridge" / "target" / "dist" / "lib").glob("*.jar"))
    shutil.rmtree(TARGET, ignore_errors=True)
    python = new_environment(TARGET / "environment")
    install(python, "JPype1", "numpy", "pyarrow", "setuptools>=77")

    # The training sees the package as it will be installed: the cache remembers how its jars lie to JPype's.
    places = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], check=True, text=True, stdout=subprocess.PIPE
    )
    package = Path(places.stdout.strip()) / "graticule"
    shutil.copytree(FOLDER / "src" / "graticule", package, ignore=shutil.ignore_patterns("__pycache__"))
    add_jars(package, jars, chosen.pure)
    if not chosen.pure:
        add_java(package, python)

    source = TARGET / "source"
    source.mkdir()
    shutil.copytree(package, source / "src" / "graticule", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("LICENSE", "NOTICE"):
        shutil.copy(ROOT / name, source)
    project = (FOLDER / "pyproject.toml").read_text(encoding="utf-8")
    (source / "pyproject.toml").write_text(project.replace('version = "0.0.0"', f'version = "{version_of(jars)}"'), encoding="utf-8")
    platform_tag = [] if chosen.pure else [f"--config-settings=--build-option=--plat-name={tag(chosen.platform)}"]
    run(
        python, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-build-isolation",
        "--wheel-dir", TARGET, *platform_tag, source,
    )  # fmt: skip
    shutil.rmtree(source)
    shutil.rmtree(TARGET / "environment")
    (wheel,) = TARGET.glob("*.whl")

    trial = new_environment(TARGET / "trial")
    install(trial, f"graticule[xarray] @ {wheel.as_uri()}", "zarr")
    nothing = {} if chosen.pure else {"PATH": str(TARGET / "nothing"), "JAVA_HOME": "", "GRATICULE_JAVA": ""}
    for _ in range(2):
        run(trial, "-I", "-c", TRIAL, **nothing)
    shutil.rmtree(TARGET / "trial")
    print(f"{wheel} ({wheel.stat().st_size / 1e6:.1f} MB)")


if __name__ == "__main__":
    main()
