"""A template filled as a person fills it in Word, without any part of the program under test.

The oracle of what is read back is what the person typed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
CONVENTION = Path(__file__).parents[1] / "templates" / "convention-services-numeriques"

__all__ = ["CONVENTION", "SPACE", "Opened", "W", "filled_in_word", "flattened", "stripped_of_names", "typed_over"]


class Opened:
    """A document whose parts can be changed."""

    def __init__(self, parts: Mapping[str, bytes]) -> None:
        self.parts = dict(parts)

    @classmethod
    def of(cls, data: bytes) -> Opened:
        with ZipFile(BytesIO(data)) as archive:
            return cls({name: archive.read(name) for name in archive.namelist()})

    def root(self, part: str = "word/document.xml") -> etree._Element:
        return etree.fromstring(self.parts[part])

    def put(self, root: etree._Element, part: str = "word/document.xml") -> None:
        self.parts[part] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)

    def change(self, how: Callable[[etree._Element], None], part: str = "word/document.xml") -> Opened:
        root = self.root(part)
        how(root)
        self.put(root, part)
        return self

    def data(self) -> bytes:
        out = BytesIO()
        with ZipFile(out, "w", ZIP_DEFLATED) as archive:
            for name, data in self.parts.items():
                archive.writestr(name, data)
        return out.getvalue()

    def saved(self, path: Path) -> Path:
        path.write_bytes(self.data())
        return path


def _runs(text: str, like: etree._Element) -> list[etree._Element]:
    """What Word leaves of a text that was typed and corrected: runs with rsids, marks of its spelling checker."""
    pieces = [text[: len(text) // 2], text[len(text) // 2 :]] if len(text) > 3 else [text]
    made = [etree.Element(f"{W}proofErr", {f"{W}type": "spellStart"})]
    for rank, piece in enumerate(pieces):
        run = etree.Element(f"{W}r", {f"{W}rsidR": f"00A1B2C{rank}", f"{W}rsidRPr": "00D4E5F6"})
        look = like.find(f"{W}rPr")
        if look is not None:
            run.append(deepcopy(look))
        t = etree.SubElement(run, f"{W}t", {SPACE: "preserve"})
        t.text = piece
        made.append(run)
        if not rank:
            made.append(etree.Element(f"{W}bookmarkStart", {f"{W}id": "77", f"{W}name": "_GoBack"}))
            made.append(etree.Element(f"{W}bookmarkEnd", {f"{W}id": "77"}))
    return [*made, etree.Element(f"{W}proofErr", {f"{W}type": "spellEnd"})]


def filled_in_word(values: Mapping[str, str], dates: Mapping[str, str]) -> Callable[[etree._Element], None]:
    """Click into each control and type: the prompt's flag and look go, a date notes its day in full.

    Args:
        values: by tag, what is typed.
        dates: by tag, the day that is chosen, in ISO 8601.
    """

    def fill(root: etree._Element) -> None:
        for sdt in root.iter(f"{W}sdt"):
            properties, content = sdt.find(f"{W}sdtPr"), sdt.find(f"{W}sdtContent")
            assert properties is not None
            assert content is not None
            tag = properties.find(f"{W}tag")
            name = str(tag.get(f"{W}val")) if tag is not None else ""
            if name not in values:
                continue
            flag = properties.find(f"{W}showingPlcHdr")
            if flag is not None:
                properties.remove(flag)
            if name in dates:
                date = properties.find(f"{W}date")
                assert date is not None
                date.set(f"{W}fullDate", f"{dates[name]}T00:00:00Z")
            run = content.find(f"{W}r")
            assert run is not None
            for style in run.iter(f"{W}rStyle"):
                parent = style.getparent()
                assert parent is not None
                parent.remove(style)
            content[:] = _runs(values[name], run)

    return fill


def stripped_of_names(root: etree._Element) -> None:
    """Controls as most forms have them: without tags, without titles."""
    for properties in root.iter(f"{W}sdtPr"):
        for name in ("tag", "alias"):
            for named in properties.findall(f"{W}{name}"):
                properties.remove(named)


def flattened(root: etree._Element) -> None:
    """The controls gone, their text left as it is."""
    for sdt in list(root.iter(f"{W}sdt")):
        content, parent = sdt.find(f"{W}sdtContent"), sdt.getparent()
        assert content is not None
        assert parent is not None
        at = parent.index(sdt)
        parent[at : at + 1] = list(content)


def typed_over(changes: Mapping[str, str]) -> Callable[[etree._Element], None]:
    """Type over words of the text, the first place where they stand; runs and styles stay."""

    def type_over(root: etree._Element) -> None:
        for old, new in changes.items():
            t = next(t for t in root.iter(f"{W}t") if old in (t.text or ""))
            t.text = (t.text or "").replace(old, new, 1)
            t.set(SPACE, "preserve")

    return type_over
