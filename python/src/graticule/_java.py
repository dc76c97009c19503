"""The Java virtual machine inside this process: finding it, starting it, and the few things that all calls into it share."""

from __future__ import annotations

import atexit
import contextlib
import os
import re
import shlex
import shutil
import sys
import tempfile
import threading
import weakref
import zipfile
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from ._errors import ResourceError

NEEDED = 25
_PACKAGE = Path(__file__).resolve().parent
_HARMLESS = re.compile(rb"WARNING: Using incubator modules: |(NOTE: )?Picked up J[A-Z_]+: ")

_starting = threading.Lock()
_started_by: int | None = None
_sessions: weakref.WeakSet[Any] = weakref.WeakSet()
_thread = threading.local()


# ---- what to start


def version_of(home: Path) -> int | None:
    """The major version of the Java whose folder this is, or None where it is none. Starts no process."""
    try:
        text = (home / "release").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    found = re.search(r'^JAVA_VERSION="?(\d+)', text, re.MULTILINE)
    return int(found.group(1)) if found and library_of(home) else None


def library_of(home: Path) -> Path | None:
    """The file of the virtual machine in a Java's folder."""
    for place in ("lib/server/libjvm.so", "lib/server/libjvm.dylib", "bin/server/jvm.dll"):
        if (home / place).is_file():
            return home / place
    return None


def _candidates() -> Iterator[Path]:
    if home := os.environ.get("JAVA_HOME"):
        yield Path(home)
    if java := shutil.which("java"):
        yield Path(java).resolve().parent.parent
    user = Path.home()
    toolchains = user / ".m2" / "toolchains.xml"
    if toolchains.is_file():
        text = toolchains.read_text(encoding="utf-8", errors="replace")
        yield from (Path(found) for found in re.findall(r"<jdkHome>\s*(.*?)\s*</jdkHome>", text))
    for folder, pattern in (
        ("/usr/lib/jvm", "*"),
        ("/usr/java", "*"),
        ("/opt", "*"),
        ("/opt", "*/*"),
        (user / ".sdkman/candidates/java", "*"),
        (user / ".jdks", "*"),
        (user / ".local/share/mise/installs/java", "*"),
        (user / ".asdf/installs/java", "*"),
        ("/Library/Java/JavaVirtualMachines", "*/Contents/Home"),
        (user / "Library/Java/JavaVirtualMachines", "*/Contents/Home"),
        ("/opt/homebrew/opt", "openjdk*/libexec/openjdk.jdk/Contents/Home"),
        ("C:/Program Files/Java", "*"),
        ("C:/Program Files/Eclipse Adoptium", "*"),
    ):
        if Path(folder).is_dir():
            yield from sorted(Path(folder).glob(pattern))


def find_java() -> Path:
    """The folder of the Java to start: the one in this package, else the one that GRATICULE_JAVA names, else the first that is new
    enough in JAVA_HOME, on the PATH and in the usual places.

    Raises:
        ResourceError: that says what is missing and how to help.
    """
    inside = _PACKAGE / "runtime"
    if version_of(inside) is not None:
        return inside
    if told := os.environ.get("GRATICULE_JAVA"):
        home = Path(re.sub(r"/bin/java$", "", told.rstrip("/")))
        if (version_of(home) or 0) < NEEDED:
            raise ResourceError(f"GRATICULE_JAVA={told} is not a JDK {NEEDED} or later.")
        return home
    older: list[str] = []
    for home in _candidates():
        version = version_of(home)
        if version is not None and version >= NEEDED:
            return home
        if version is not None:
            older.append(f"{home} ({version})")
    seen = f" Found, and too old: {', '.join(dict.fromkeys(older))}." if older else ""
    raise ResourceError(
        f"Graticule needs a JDK {NEEDED} or later, and found none in JAVA_HOME, on the PATH or in the usual folders.{seen} Install"
        " one (for example Eclipse Temurin 25), or say where it is: GRATICULE_JAVA=/path/to/jdk."
    )


def find_jars() -> list[Path]:
    """The class path: the jars in this package, else those that were built in the source tree that it lies in."""
    inside = sorted((_PACKAGE / "jars").glob("*.jar"))
    if inside:
        return inside
    root = _PACKAGE.parents[2]
    built = sorted((root / "python-bridge" / "target" / "dist" / "lib").glob("*.jar"))
    if not built:
        raise ResourceError(
            f"The Java part of Graticule is missing: there are no jars in {_PACKAGE / 'jars'}"
            + (
                f". Build them in {root}: mvn -q -pl python-bridge -am -Dmaven.test.skip=true package."
                if (root / "python-bridge" / "pom.xml").is_file()
                else ": install the package anew."
            )
        )
    return built


def jvm_flags(jars: list[Path]) -> list[str]:
    """The flags that the engine needs, from the one list of them."""
    for jar in jars:
        if jar.name.startswith("engine"):
            with zipfile.ZipFile(jar) as archive:
                text = archive.read("dev/graticule/jvm-flags.txt").decode()
            return [line.strip() for line in text.splitlines() if line.strip().startswith("-")]
    raise ResourceError("The Java part of Graticule is damaged: there is no engine among its jars.")


def cache_of(home: Path) -> Path:
    """Where the wheel has its cache of loaded classes, in its Java's folder: it holds JPype's too, as they are in one version of it."""
    import jpype

    return home / "lib" / f"graticule-jpype-{jpype.__version__}.aot"


def _cache_flags(home: Path, jars: list[Path]) -> list[str]:
    """The flags for that cache, where there is one; it says nothing where it does not fit, as beside other options for memory."""
    cache = cache_of(home)
    # JPype turns it off for other class paths.
    if not cache.is_file() or not all(str(jar).isascii() for jar in jars):
        return []
    return [f"-XX:AOTCache={cache}", "-Xlog:aot*=off", "-Xlog:cds*=off"]


# ---- starting it


class _QuietStart:
    """Sets standard error aside while the virtual machine starts, and passes on all of it but the known harmless notices."""

    def __enter__(self) -> None:
        sys.stderr.flush() if sys.stderr else None
        try:
            self._saved: int | None = os.dup(2)
        except OSError:
            self._saved = None
            return
        self._aside = tempfile.TemporaryFile()
        os.dup2(self._aside.fileno(), 2)

    def __exit__(self, *unused: object) -> None:
        if self._saved is None:
            return
        os.dup2(self._saved, 2)
        os.close(self._saved)
        self._aside.seek(0)
        rest = b"".join(line for line in self._aside.read().splitlines(True) if not _HARMLESS.match(line))
        self._aside.close()
        if rest:
            os.write(2, rest)


def start() -> None:
    """Starts the virtual machine, or makes the classes known to the one that runs in this process already. Thread-safe.

    Raises:
        ResourceError: where there is no Java, or the process is a fork of the one that started it.
    """
    global _started_by
    if _started_by == os.getpid():
        return
    with _starting:
        if _started_by is not None and _started_by != os.getpid():
            raise ResourceError(
                "Graticule was used before this process was forked, and Java does not live on in a fork. Use multiprocessing's"
                ' "spawn" or "forkserver".'
            )
        if _started_by is None:
            import jpype
            import jpype.config

            jars = find_jars()
            if jpype.isJVMStarted():
                for jar in jars:
                    jpype.addClassPath(str(jar))
            else:
                home = find_java()
                options = shlex.split(os.environ.get("GRATICULE_JAVA_OPTIONS", ""))
                if not any(option.startswith("-XX:+Use") and option.endswith("GC") for option in options):
                    options.insert(0, "-XX:+UseSerialGC")
                with _QuietStart():
                    jpype.startJVM(
                        *jvm_flags(jars),
                        # Signals, Ctrl-C among them, stay Python's; interrupt=True keeps JPype from handling them.
                        "-Xrs",
                        *_cache_flags(home, jars),
                        *options,
                        jvmpath=str(library_of(home)),
                        classpath=[str(jar) for jar in jars],
                        convertStrings=False,
                        interrupt=True,
                    )
                # The virtual machine ends with the process, not before: until then results give their memory back to it.
                jpype.config.destroy_jvm = False
                atexit.register(_let_go)
            # Runs before that, and before JPype's own.
            atexit.register(_close_sessions)
            _started_by = os.getpid()


def _close_sessions() -> None:
    for session in list(_sessions):
        session.close()


def _let_go() -> None:
    """Stops the thread that gives back what Java does not refer to any more: it must not meet an interpreter that has ended."""
    java("org.jpype.ref.JPypeReferenceQueue").getInstance().stop()


def close_at_exit(session: Any) -> None:
    """Has ``session.close()`` called before the virtual machine ends, if it lives until then."""
    _sessions.add(session)


@lru_cache(maxsize=None)
def java(name: str) -> Any:
    """A Java class."""
    import jpype

    return jpype.JClass(name)


def bridge(name: str) -> Any:
    """A class of the module python-bridge."""
    return java("dev.graticule.python." + name)


@lru_cache(maxsize=None)
def throwable() -> Any:
    return java("java.lang.Throwable")


def is_known(failure: BaseException) -> bool:
    """Whether a Java exception is one of the engine's own."""
    return isinstance(failure, java("dev.graticule.GraticuleException"))


# ---- calls from Java into Python


class _Failures:
    """The exceptions that Python code threw at the engine, until they come back as causes of its own; the latest few of them."""

    KEPT = 256

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[int, BaseException] = {}
        self._next = 0

    def keep(self, failure: BaseException) -> int:
        with self._lock:
            self._next += 1
            self._known[self._next] = failure
            while len(self._known) > self.KEPT:
                self._known.pop(next(iter(self._known)))
            return self._next

    def find(self, key: int) -> BaseException | None:
        with self._lock:
            return self._known.get(key)


_failures = _Failures()


def in_callback() -> bool:
    """Whether this thread is one of the engine's, in a call that it made into Python: it must not wait for the engine."""
    return getattr(_thread, "depth", 0) > 0


def callback(method: Callable[..., Any]) -> Callable[..., Any]:
    """A method that Java calls: what it throws reaches the user as the cause of the engine's exception."""

    def called(*arguments: Any) -> Any:
        _thread.depth = getattr(_thread, "depth", 0) + 1
        try:
            return method(*arguments)
        except throwable():
            raise
        except BaseException as failure:
            raise _known(failure) from None
        finally:
            _thread.depth -= 1

    called.__name__ = getattr(method, "__name__", "called")
    return called


def message_of(failure: BaseException) -> str:
    """A Python exception as part of a message."""
    from ._errors import Error

    if isinstance(failure, Error):
        return failure.message
    text = str(failure)
    return f"{type(failure).__name__}: {text}" if text else type(failure).__name__


def _known(failure: BaseException) -> Any:
    """A Python exception as one of the engine's, of its own kind or else of a source that failed."""
    from ._errors import KINDS

    names = [name for name, kind in KINDS.items() if type(failure) is kind]
    kind = getattr(java("dev.graticule.ErrorKind"), names[0] if names else "SOURCE")
    message = message_of(failure)
    cause = bridge("PythonFailure")(message, _failures.keep(failure))
    return java("dev.graticule.GraticuleException").of(kind, None, message, cause)


_MARK = re.compile(r"\s*\[python exception (\d+)\](.*)", re.DOTALL)


def marked(failure: BaseException) -> RuntimeError:
    """A Python exception on its way through an Arrow stream, where only text gets through."""
    return RuntimeError(f"{message_of(failure)} [python exception {_failures.keep(failure)}]")


def without_mark(message: str) -> str:
    """A message without what :func:`marked` added, and without what others added behind that."""
    return re.sub(r"\bUnknown error: (RuntimeError: )?", "", _MARK.sub("", message)) if _MARK.search(message) else message


def python_cause(failure: Any) -> BaseException | None:
    """The Python exception that a Java exception, or one of its causes, stands for."""
    kind = bridge("PythonFailure")
    for _ in range(32):
        if failure is None:
            return None
        if isinstance(failure, kind):
            return _failures.find(int(failure.key()))
        if mark := _MARK.search(str(failure.getMessage())):
            return _failures.find(int(mark.group(1)))
        failure = failure.getCause()
    return None


# ---- waiting


def wait(pending: Any, cancel: Callable[[], None] | None = None) -> Any:
    """The result of pending work, which begins here. On Python's main thread Ctrl-C, or whatever a signal's handler throws, ends the
    waiting, and so does an interruption of one of the engine's threads: the work is cancelled, and has ended when this throws, however
    often Ctrl-C comes. It may have succeeded all the same: what it gives to keep is held by something that the caller had before."""
    main = threading.current_thread() is threading.main_thread()
    try:
        while not (pending.isEndedWithin(20) if main else pending.within(3_600_000)):
            pass
    except BaseException:
        ended = False
        while not ended:
            with contextlib.suppress(KeyboardInterrupt):
                pending.giveUp()
                # Again and again: it may not have looked yet for what to cancel.
                if cancel is not None:
                    cancel()
                ended = pending.isEndedWithin(100)
        raise
    return pending.result()


def end(close: Callable[[], Any]) -> None:
    """Closes something of the engine's that does so beside; in a call from the engine without waiting, as it may wait for this one."""
    pending = close()
    if not in_callback():
        wait(pending)


# ---- memory


_held = 0
_held_lock = threading.Lock()


def holds(bytes_: int) -> None:
    """Counts bytes of Python's that live as long as something in Java refers to them."""
    global _held
    with _held_lock:
        _held += bytes_


def collect_later() -> None:
    """Has Java find out which Python objects it does not refer to any more, where these may hold much memory."""
    global _held
    with _held_lock:
        much, _held = _held > 64 << 20, 0 if _held > 64 << 20 else _held
    if much:
        java("java.lang.System").gc()
