"""What every test may rely on."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

import once
from conventool.core.errors import ProgramError
from conventool.pdf.office import Office, find_office

# A shell that starts the tests in the background lets them ignore Ctrl-C, and their children with them; some tests are
# about Ctrl-C.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# How fast a machine is that others use must not decide: neither how long an example takes, nor how long its making.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")


@pytest.fixture(autouse=True, scope="session")
def _worked_out_once() -> Iterator[None]:
    """What hundreds of tests ask for again is worked out once: Typer's commands, patterns of templates, judgements."""
    with pytest.MonkeyPatch.context() as patch:
        once.remember(patch)
        yield


@pytest.fixture(autouse=True, scope="session")
def _compiled_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Where Python is not to write bytecode beside the sources, the processes that tests start share a folder of it."""
    with pytest.MonkeyPatch.context() as patch:
        if sys.dont_write_bytecode:
            patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
            patch.setenv("PYTHONPYCACHEPREFIX", str(tmp_path_factory.mktemp("bytecode")))
        yield


@pytest.fixture(scope="session")
def confined_office() -> Office:
    """LibreOffice, kept by the system from the network and from all files but its own."""
    try:
        office = find_office()
    except ProgramError as error:
        pytest.skip(str(error))
    if office.confinement.name != "bubblewrap":
        pytest.skip("this system confines no files")
    return office
