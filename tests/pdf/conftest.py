from __future__ import annotations

import os
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Thread

import pytest
from PIL import Image

from conventool.pdf.office import VARIABLE, Office, find_office

MAGENTA = (255, 0, 255)
WORD = "CANARI"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TYPES = """<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/word/document.xml"
 ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>
<Override PartName="/word/styles.xml"
 ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/>
<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>
</Types>"""
OFFICE_RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"


def make_docx(body: str, styles: str = "", modified: str = "2026-03-01T10:00:00Z") -> bytes:
    """A Word document: ``body`` in its body, ``styles`` among its styles."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{PACKAGE_RELS}">'
            f'<Relationship Id="rId1" Type="{OFFICE_RELS}/officeDocument" Target="word/document.xml"/>'
            f'<Relationship Id="rId2" Type="{PACKAGE_RELS}/metadata/core-properties" Target="docProps/core.xml"/>'
            "</Relationships>",
        )
        archive.writestr(
            "word/_rels/document.xml.rels",
            f'<Relationships xmlns="{PACKAGE_RELS}">'
            f'<Relationship Id="rId1" Type="{OFFICE_RELS}/styles" Target="styles.xml"/></Relationships>',
        )
        archive.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
        archive.writestr("word/styles.xml", f"<w:styles {W}>{styles}</w:styles>")
        archive.writestr(
            "docProps/core.xml",
            '<cp:coreProperties xmlns:dcterms="http://purl.org/dc/terms/" '
            'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties">'
            f"<dcterms:modified>{modified}</dcterms:modified></cp:coreProperties>",
        )
    return out.getvalue()


def paragraph(text: str) -> str:
    return f'<w:p><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


@dataclass
class FakeOffice:
    """The fake, and what it noted."""

    office: Office
    state: Path

    @property
    def calls(self) -> list[tuple[str, int]]:
        """For each call the profile it was given, and how many documents."""
        lines = (self.state / "calls").read_text().splitlines() if (self.state / "calls").exists() else []
        return [(line.split()[0], int(line.split()[1])) for line in lines]

    def left_behind(self) -> list[str]:
        """The command lines of processes it started that still live, a moment later."""
        until = time.monotonic() + 5
        while time.monotonic() < until and commands_naming(self.state):
            time.sleep(0.05)
        return commands_naming(self.state)


def commands_naming(folder: Path) -> list[str]:
    """The command lines of running processes that name a folder, whatever process numbers they see themselves."""
    if not Path("/proc/self/cmdline").exists():
        pytest.skip("this system does not tell of processes in /proc")
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            found.append(path.read_text(encoding="utf-8", errors="replace").replace("\0", " "))
    return [line for line in found if str(folder) in line]


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeOffice:
    """A LibreOffice that fails on demand, and is held to hang after three seconds."""
    if sys.platform == "win32":
        pytest.skip("the fake is a script with a shebang")
    state = tmp_path / "state"
    state.mkdir()
    program = tmp_path / "soffice"
    source = Path(__file__).with_name("fake_soffice.py").read_text(encoding="utf-8")
    program.write_text(f"#!{sys.executable}\n{source}", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv(VARIABLE, str(program))
    monkeypatch.setenv("FAKE_STATE", str(state))
    return FakeOffice(replace(find_office(), timeout=3), state)


@pytest.fixture
def scratch_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The temporary folder that the converter will use."""
    root = tmp_path / "scratch"
    root.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(root))
    return root


@pytest.fixture
def canaries(tmp_path: Path) -> Path:
    """A folder of files that no PDF may show; each was last read long ago."""
    from .links import embedded, svg  # which imports this module

    folder = tmp_path / "canaris"
    folder.mkdir()
    Image.new("RGB", (300, 200), MAGENTA).save(folder / "canari.png")
    drawn = f'<g id="g"><rect width="300" height="200" fill="#ff00ff"/><text y="50">{WORD}</text></g>'
    (folder / "canari.svg").write_bytes(svg(drawn))
    (folder / "canari.txt").write_text(WORD, encoding="utf-8")
    (folder / "canari.html").write_text(f"<p>{WORD}</p>", encoding="utf-8")
    (folder / "canari.docx").write_bytes(embedded((folder / "canari.png").read_bytes(), "image.png"))
    for file in folder.iterdir():
        os.utime(file, (1, file.stat().st_mtime))
    return folder


@pytest.fixture
def listener() -> Iterator[tuple[str, list[object]]]:
    """An address, and who called it."""
    callers: list[object] = []

    class Stranger(BaseRequestHandler):
        def handle(self) -> None:
            callers.append(self.client_address)

    with ThreadingTCPServer(("127.0.0.1", 0), Stranger) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}", callers
        server.shutdown()
