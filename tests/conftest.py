"""What every test may rely on."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import typer.main
import typer.testing
from hypothesis import HealthCheck, settings

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
def _commands_once() -> Iterator[None]:
    """Typer builds its commands once instead of at each call from a test, a seventh of the time of filling."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(typer.testing, "_get_command", cache(typer.main.get_command))
        yield


@pytest.fixture(autouse=True, scope="session")
def _patterns_once() -> Iterator[None]:
    """The pattern of a template is worked out once, as long as its files have the same bytes.

    That is most of the time of verifying or reading one document, which hundreds of tests do.
    """
    from conventool.returned import documents

    made: dict[tuple[str, str, bytes], Any] = {}
    work_out = documents._patterns_of

    def remembered(folder: Path) -> Any:
        files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
        content = sha256(b"".join(b"%d %s" % (len(data := path.read_bytes()), data) for path in files)).digest()
        key = str(folder), str(Path.cwd()), content
        if key not in made:
            made[key] = work_out(folder)
        return made[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(documents, "_patterns_of", remembered)
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
