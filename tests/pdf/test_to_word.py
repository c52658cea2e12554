"""Documents of other word processors are read where nothing that they name outside themselves can be."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from conventool.pdf import to_word
from conventool.pdf.confinement import Confinement
from conventool.pdf.office import Office, find_office

NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in {
        "office": "office", "text": "text", "draw": "drawing", "svg": "svg-compatible", "form": "form",
    }.items()
) + ' xmlns:xlink="http://www.w3.org/1999/xlink"'  # fmt: skip
MANIFEST = """<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">
<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.text"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>"""
FRAME = '<text:p><draw:frame text:anchor-type="as-char" svg:width="3cm" svg:height="3cm">{}</draw:frame></text:p>'
LINK = 'xlink:href="{}" xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"'
OF_ODT = {
    "picture": FRAME.format(f"<draw:image {LINK}/>"),
    "object": FRAME.format(f"<draw:object {LINK}/>"),
    "frame": FRAME.format(f"<draw:floating-frame {LINK}/>"),
    "section": f'<text:section text:name="S"><text:section-source {LINK}/><text:p/></text:section>',
}
OF_RTF = ("INCLUDEPICTURE", "INCLUDETEXT", "LINK Word.Document.8", "DDEAUTO soffice")


def write_odt(path: Path, body: str) -> None:
    content = f"<office:document-content {NAMESPACES}><office:body><office:text>{body}</office:text></office:body>"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        package.writestr("META-INF/manifest.xml", MANIFEST)
        package.writestr("content.xml", f"{content}</office:document-content>")


def documents(folder: Path, name: str, target: str, path: str) -> list[Path]:
    folder.mkdir(exist_ok=True)
    for kind, body in OF_ODT.items():
        write_odt(folder / f"{name}-{kind}.odt", body.format(target))
    for rank, code in enumerate(OF_RTF):
        field = rf'{{\field{{\*\fldinst {code} "{path}"}}{{\fldrslt old}}}}'
        (folder / f"{name}-{rank}.rtf").write_text(rf"{{\rtf1\ansi Before {field} after\par}}", encoding="ascii")
    return sorted(folder.iterdir())


def holds_a_canary(file: Path, picture: bytes) -> bool:
    with zipfile.ZipFile(file) as package:
        parts = [package.read(name) for name in package.namelist()]
    return any(part == picture or b"CANARI" in part for part in parts)


@pytest.mark.slow
def test_what_such_a_document_names_is_not_read(
    confined_office: Office, canaries: Path, tmp_path: Path, listener: tuple[str, list[object]]
) -> None:
    address, callers = listener
    documents(tmp_path / "given", "remote", address, address)
    for name in ("canari.png", "canari.txt"):
        files = documents(tmp_path / "given", name, (canaries / name).as_uri(), str(canaries / name))
    with to_word.as_word(files) as found:
        assert len(found) == len(files) == 24
        picture = (canaries / "canari.png").read_bytes()
        assert [file.name for file, made in found.items() if holds_a_canary(made, picture)] == []
    assert callers == []


def test_none_is_read_where_libreoffice_could_read_other_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    try:
        office = find_office()
    except Exception as error:
        pytest.skip(str(error))
    monkeypatch.setattr(
        "conventool.pdf.office.find_office", lambda: replace(office, confinement=Confinement("unshare"))
    )
    with to_word.as_word(documents(tmp_path / "given", "local", "", "")) as found:
        assert found == {}
