"""Changes planted in a Word document, part by part."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path

TEMPLATE = Path(__file__).parents[1] / "templates" / "convention-services-numeriques"
DOCUMENT = TEMPLATE / "convention.docx"
MAIN = "word/document.xml"
FOOTER = "word/footer1.xml"


def parts(data: bytes | Path) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data) if isinstance(data, bytes) else data) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rezipped(files: Mapping[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def edited(path: Path, change: Callable[[str], str], part: str = MAIN) -> bytes:
    """The document with one part changed; a change that changes nothing is a mistake of the test."""
    files = parts(path)
    before = files[part].decode("utf-8")
    after = change(before)
    assert after != before
    return rezipped(files | {part: after.encode("utf-8")})


def minimal(body: str) -> bytes:
    """The smallest document around the blocks of ``body``."""
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    rels = "http://schemas.openxmlformats.org/package/2006/relationships"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    files = {
        "[Content_Types].xml": f'<Types xmlns="{types}"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/word/document.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{rels}"><Relationship Id="rId1" Type="{office}/officeDocument" '
        'Target="word/document.xml"/></Relationships>',
        MAIN: f'<w:document xmlns:w="{word}" xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
        f'xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml">'
        f"<w:body>{body}<w:sectPr/></w:body></w:document>",
    }
    return rezipped({name: text.encode("utf-8") for name, text in files.items()})


def paragraph(*pieces: str) -> str:
    """A paragraph; a piece that is no XML becomes a run."""
    runs = (p if p.startswith("<") else f'<w:r><w:t xml:space="preserve">{p}</w:t></w:r>' for p in pieces)
    return f"<w:p>{''.join(runs)}</w:p>"


def control(kind: str, text: str, *, tag: str = "", properties: str = "", prompt: bool = True) -> str:
    """A control in a paragraph that shows ``text``."""
    named = f'<w:tag w:val="{tag}"/>' if tag else ""
    shown = "<w:showingPlcHdr/>" if prompt else ""
    return (
        f"<w:sdt><w:sdtPr>{named}{shown}{properties}{kind}</w:sdtPr><w:sdtContent>"
        f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:sdtContent></w:sdt>'
    )
