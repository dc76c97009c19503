"""Cancelling, closing, threads, memory, and the start of Java."""

from __future__ import annotations

import dis
import gc
import os
import signal
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import FrameType

import numpy as np
import pyarrow as pa
import pytest

import graticule
from graticule import _java

ENDLESS = "SELECT sum(sqrt(range)) FROM range(1000000000000)"
SOURCE = str(Path(graticule.__file__).resolve().parents[1])


def python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs code in a Python of its own."""
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "PYTHONPATH": SOURCE, **environment},
    )


@pytest.fixture
def ctrl_c() -> Iterator[None]:
    """Ctrl-C raises, also where the tests were started in the background, which ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_ctrl_c_cancels_the_query(con, ctrl_c) -> None:
    threading.Timer(0.3, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        con.sql(ENDLESS).fetchall()
    assert time.monotonic() - start < 30
    assert not con._open_runs
    assert con.sql("SELECT 1").fetchall() == [(1,)]


def test_ctrl_c_while_a_file_is_written(con, ctrl_c, tmp_path: Path) -> None:
    threading.Timer(0.3, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        con.sql("SELECT range FROM range(1000000000000)").to_csv(tmp_path / "x.csv")
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_between_any_two_steps_leaves_nothing(con, monkeypatch) -> None:
    """As a signal's handler does it: where Python looks for signals, in each such place of this package in turn, from the start of a
    query to its end."""

    def interrupted_at(place: int) -> bool:
        left = place
        last: dict[FrameType, list[str]] = {}

        def trace(frame: FrameType, event: str, argument: object) -> Callable | None:
            nonlocal left
            if not frame.f_code.co_filename.startswith(SOURCE):
                return None
            frame.f_trace_opcodes = True
            if event == "opcode":
                before = last.setdefault(frame, ["", ""])
                # Not between a lock and its with.
                seen = before[1].startswith(("CALL", "JUMP_BACKWARD")) and before[0] != "LOAD_SPECIAL"
                last[frame] = [before[1], dis.opname[frame.f_code.co_code[frame.f_lasti]]]
            else:
                seen = event == "call"
            left -= seen
            if left < 0:
                raise KeyboardInterrupt
            return trace

        relation = con.sql("SELECT range FROM range(3)")
        sys.settrace(trace)
        try:
            assert relation.fetchall() == [(0,), (1,), (2,)]
        except KeyboardInterrupt:
            assert left < 0
        finally:
            sys.settrace(None)
            last.clear()
        return left < 0

    # Python drops what a signal's handler throws in a __del__. The hook of pytest would keep it, and by its frames a whole query.
    monkeypatch.setattr(sys, "unraisablehook", lambda dropped: None)
    engine = con._session.engine()
    places = 0
    while interrupted_at(places):
        places += 1
        if engine.allocatedBytes() != 0:
            gc.collect()
            assert engine.allocatedBytes() == 0, places
    assert places > 100
    assert not con._open_runs


def test_an_interruption_of_the_waiting_thread_alone_is_not_ctrl_c(con) -> None:
    """As a virtual machine that others started makes it, sooner or later than Python sees the signal."""
    query = con.sql("SELECT sum(sqrt(range)) FROM range(100000000)")
    expected = query.fetchall()
    waiting = _java.java("java.lang.Thread").currentThread()
    threading.Timer(0.05, waiting.interrupt).start()
    assert query.fetchall() == expected


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_signals_stay_those_of_python(name: str) -> None:
    ended = python(
        f"""
import os, signal, time
signal.signal(signal.{name}, lambda number, frame: print("handled", flush=True))
import graticule
con = graticule.connect()
con.sql("SELECT 1").fetchall()
os.kill(os.getpid(), signal.{name})
time.sleep(0.1)
print(con.sql("SELECT 2").fetchall())
"""
    )
    assert ended.stdout.split("\n") == ["handled", "[(2,)]", ""], ended.stderr
    assert ended.stderr == ""


def test_interrupt_from_another_thread(con) -> None:
    threading.Timer(0.3, con.interrupt).start()
    with pytest.raises(graticule.CancelledError):
        con.sql(ENDLESS).fetchall()


def test_close_ends_what_runs() -> None:
    con = graticule.connect()
    threading.Timer(0.3, con.close).start()
    with pytest.raises(graticule.CancelledError):
        con.sql(ENDLESS).fetchall()


def test_python_goes_on_while_the_engine_works(con) -> None:
    counted = 0
    running = True

    def count() -> None:
        nonlocal counted
        while running:
            counted += 1
            time.sleep(0.001)

    thread = threading.Thread(target=count)
    thread.start()
    threading.Timer(0.5, con.interrupt).start()
    with pytest.raises(graticule.CancelledError):
        con.sql(ENDLESS).fetchall()
    running = False
    thread.join()
    assert counted > 20


def test_many_threads_query_one_connection(con) -> None:
    table = pa.table({"n": np.arange(10_000)})
    con.register("t", table)
    con.register("f", lambda: pa.table({"n": np.arange(100)}))

    def ask(number: int) -> int:
        source = "t" if number % 2 else "f"
        return con.sql(f"SELECT sum(n) FROM {source} WHERE n >= ?", [number]).fetchall()[0][0]

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(40)))
    assert answers == [sum(range(number, 10_000 if number % 2 else 100)) for number in range(40)]


def test_a_forgotten_connection_is_closed() -> None:
    def use() -> tuple:
        con = graticule.connect()
        con.register("t", lambda: pa.table({"n": [1]}))
        mine = pa.table({"n": [1]})
        rows = con.sql("SELECT t.n FROM t").fetchall() + con.sql("SELECT n FROM mine").fetchall()
        assert rows == [(1,), (1,)] and mine is not None
        con.sql("SELECT range FROM range(100000000)").fetchone()
        return weakref.ref(con), con._session

    gone, session = use()
    gc.collect()
    assert gone() is None
    with pytest.raises(Exception, match="closed"):
        session.engine().query("SELECT 1").run()


def test_arrays_are_let_go_when_their_name_is(con) -> None:
    xarray = pytest.importorskip("xarray")
    # xarray keeps the frames of the first array that it ever sees.
    xarray.Dataset({"v": ("x", np.zeros(1))})
    array = np.zeros((100, 1000, 100))
    gone = weakref.ref(array)
    con.register("a", xarray.Dataset({"v": (("t", "y", "x"), array)}))
    assert con.sql("SELECT count(v) FROM a").fetchall() == [(10_000_000,)]
    del array
    con.unregister("a")
    for _ in range(100):
        if gone() is None:
            break
        gc.collect()
        _java.java("java.lang.System").gc()
        time.sleep(0.02)
    assert gone() is None


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs /proc")
def test_a_hundred_registrations_and_queries_do_not_grow_the_process(con) -> None:
    xarray = pytest.importorskip("xarray")

    def once() -> None:
        values = np.random.default_rng(1).random((20, 200, 250))
        con.register("a", xarray.Dataset({"v": (("t", "y", "x"), values)}))
        con.register("b", pa.table({"v": values.ravel()}))
        assert con.sql("SELECT sum(v) FROM a").fetchall()[0][0] == pytest.approx(values.sum())
        assert con.sql("SELECT count(*) FROM b WHERE v > 2").fetchall() == [(0,)]
        con.sql("SELECT t, avg(v) FROM a GROUP BY t").to_arrow_table()

    for _ in range(30):
        once()
    before = resident()
    for _ in range(100):
        once()
    # 100 rounds make 800 MB of arrays twice; the bound leaves room for those that Java has not found yet.
    assert resident() - before < 300 << 20


# ---- Java


def test_nothing_is_printed_at_start_or_end() -> None:
    ran = python(
        "import graticule, threading\n"
        "con = graticule.connect()\n"
        "table = con.sql('SELECT range FROM range(10)').to_arrow_table()\n"
        "reader = con.sql('SELECT range FROM range(100000000)').arrow()\n"
        "reader.read_next_batch()\n"
        "print(table.num_rows)"
    )
    assert (ran.stdout, ran.stderr, ran.returncode) == ("10\n", "", 0)


def test_a_fork_says_what_to_do_instead() -> None:
    ran = python(
        "import graticule, os\n"
        "graticule.connect()\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        "    try:\n"
        "        graticule.connect()\n"
        "    except graticule.ResourceError as error:\n"
        "        print(error, flush=True)\n"
        "    os._exit(0)\n"
        "os.waitpid(child, 0)"
    )
    assert "spawn" in ran.stdout, ran.stderr


def test_the_wheel_s_cache_of_classes_is_used_with_the_jpype_it_was_made_with(tmp_path: Path) -> None:
    jars = [tmp_path / "engine.jar"]
    assert _java._cache_flags(tmp_path, jars) == []
    other = tmp_path / "lib" / "graticule-jpype-0.1.aot"
    other.parent.mkdir()
    other.touch()
    assert _java._cache_flags(tmp_path, jars) == []
    _java.cache_of(tmp_path).touch()
    assert _java._cache_flags(tmp_path, jars)[0] == f"-XX:AOTCache={_java.cache_of(tmp_path)}"
    assert _java._cache_flags(tmp_path, [tmp_path / "größer.jar"]) == []


def test_without_java_the_message_says_what_is_missing(tmp_path: Path) -> None:
    old = tmp_path / "jdk-17"
    (old / "lib" / "server").mkdir(parents=True)
    (old / "lib" / "server" / "libjvm.so").touch()
    (old / "release").write_text('JAVA_VERSION="17.0.1"\n')
    code = (
        "import graticule._java as j\n"
        f"j._candidates = lambda: iter([j.Path({str(old)!r})])\n"
        "try:\n    j.find_java()\nexcept Exception as error:\n    print(type(error).__name__, error)"
    )
    said = python(code, GRATICULE_JAVA="").stdout
    assert "ResourceError Graticule needs a JDK 25 or later" in said and f"too old: {old} (17)" in said
    said = python("import graticule\ngraticule.connect()", GRATICULE_JAVA=str(old)).stderr
    assert f"GRATICULE_JAVA={old} is not a JDK 25 or later." in said


def test_the_flags_are_those_of_the_engine_s_list() -> None:
    listed = (Path(SOURCE).parents[1] / "engine/src/main/resources/dev/graticule/jvm-flags.txt").read_text().split()
    assert _java.jvm_flags(_java.find_jars()) == listed


def test_a_virtual_machine_that_runs_already_is_used() -> None:
    ran = python(
        "import graticule, jpype\n"
        "from graticule import _java\n"
        "home = _java.find_java()\n"
        "jpype.startJVM(*_java.jvm_flags(_java.find_jars()), jvmpath=str(_java.library_of(home)))\n"
        "print(graticule.sql('SELECT 42').fetchall())"
    )
    assert ran.stdout == "[(42,)]\n", ran.stderr
    ran = python(
        "import graticule, jpype\n"
        "from graticule import _java\n"
        "jpype.startJVM(jvmpath=str(_java.library_of(_java.find_java())))\n"
        "try:\n    graticule.connect()\nexcept graticule.ResourceError as error:\n    print(error)"
    )
    assert "--add-modules=jdk.incubator.vector" in ran.stdout, ran.stderr
