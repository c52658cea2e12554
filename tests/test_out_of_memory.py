"""Where the memory runs out: said in words, exit code 3, and nothing waits."""

from __future__ import annotations

import subprocess
import sys
import threading
from functools import partial
from pathlib import Path

import pytest

from conventool.core import threads
from conventool.core.errors import lacks_memory
from conventool.core.threads import Call

EXAMPLE = Path(__file__).parents[1] / "examples" / "adherent.yaml"
needs_limits = pytest.mark.skipif(sys.platform != "linux", reason="memory is bounded otherwise")


@needs_limits
@pytest.mark.parametrize("megabytes", [40, 64, 84])
def test_too_little_memory_to_begin_with_is_said(megabytes: int, tmp_path: Path) -> None:
    words = ["fill", str(EXAMPLE), "-o", str(tmp_path / "out")]
    bounded = f"import resource; resource.setrlimit(resource.RLIMIT_AS, ({megabytes << 20}, {megabytes << 20}))"
    begun = "import sys; from conventool.__main__ import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", f"{bounded}; {begun}", *words], check=False, capture_output=True, text=True
    )
    assert (done.returncode, "La mémoire ne suffit pas" in done.stderr) == (3, True), done.stderr
    assert not (tmp_path / "out").exists()


@needs_limits
def test_a_thread_that_could_not_begin_is_not_waited_for() -> None:
    pages = "int(open('/proc/self/statm').read().split()[0])"
    bounded = f"import resource as r; m = {pages} * r.getpagesize() + (12 << 20); r.setrlimit(r.RLIMIT_AS, (m, m))"
    begun = "from conventool.core.threads import Call"
    done = subprocess.run(
        [sys.executable, "-c", f"{begun}; {bounded}; Call(int)"], check=False, capture_output=True, timeout=60
    )
    assert done.stderr.splitlines()[-1] == b"MemoryError"


def test_no_more_threads_are_as_no_more_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refused)
    with pytest.raises(MemoryError):
        Call(int)


def test_a_thread_that_ends_before_it_calls_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads.Call, "_call", lambda _: None)
    with pytest.raises(MemoryError):
        Call(int).result()


def test_what_ends_a_call_is_raised_where_it_is_waited_for() -> None:
    assert Call(partial(int, "12")).result() == 12
    with pytest.raises(ValueError, match="zwölf"):
        Call(partial(int, "zwölf")).result()


@pytest.mark.parametrize(
    ("error", "is_so"),
    [
        (MemoryError(), True),
        (OSError(12, "Cannot allocate memory"), True),
        (ImportError("etree.so: failed to map segment from shared object"), True),
        (ImportError("libxml2.so: cannot allocate memory in static TLS block"), True),
        (ImportError("No module named 'lxml'"), False),
        (OSError(28, "No space left on device"), False),
        (ValueError(), False),
    ],
)
def test_what_fails_for_want_of_memory(error: Exception, is_so: bool) -> None:
    assert lacks_memory(error) is is_so
