"""Workbooks that announce more than they hold, made by hand: cells at the far corner, repetitions, endless texts."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

__all__ = ["WORKBOOKS", "ods", "xlsb", "xlsx"]

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def _zipped(parts: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def _relations(*targets: tuple[str, str]) -> bytes:
    listed = "".join(
        f'<Relationship Id="r{rank}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for rank, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_RELATIONS}">{listed}</Relationships>'.encode()


def xlsx(rows: str, *, before: str = "", texts: str = "", styles: str = "") -> bytes:
    """A workbook of one sheet, its rows as XML."""
    sheet = f'<worksheet xmlns="{_MAIN}">{before}<sheetData>{rows}</sheetData></worksheet>'
    book = (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="Liste" sheetId="1" r:id="r1"/></sheets>'
        "</workbook>"
    )
    more = {"xl/sharedStrings.xml": f'<sst xmlns="{_MAIN}">{texts}</sst>'.encode()} if texts else {}
    more |= {"xl/styles.xml": f'<styleSheet xmlns="{_MAIN}">{styles}</styleSheet>'.encode()} if styles else {}
    targets = [("worksheet", "sheet1.xml"), *((name[3:-4], name[3:]) for name in more)]
    return _zipped({
        "_rels/.rels": _relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": book.encode(),
        "xl/_rels/workbook.xml.rels": _relations(*targets),
        "xl/sheet1.xml": sheet.encode(),
        **more,
    })  # fmt: skip


def ods(rows: str) -> bytes:
    """The same for LibreOffice."""
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    body = f'<office:body><office:spreadsheet><table:table table:name="Liste">{rows}</table:table>'
    content = f"<office:document-content {spaces}>{body}</office:spreadsheet></office:body></office:document-content>"
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    return _zipped({"mimetype": kind, "content.xml": content.encode()})


def xlsb(cells: list[tuple[int, int, float]]) -> bytes:
    """The same in binary ([MS-XLSB], 2.1.4): records of a number, a length and their data."""

    def record(number: int, data: bytes = b"") -> bytes:
        written = bytes([number]) if number < 128 else bytes([number & 0x7F | 0x80, number >> 7])
        length, rest = b"", len(data)
        while True:
            length += bytes([rest & 0x7F | (0x80 if rest > 127 else 0)])
            rest >>= 7
            if not rest:
                return written + length + data

    def text(value: str) -> bytes:
        return struct.pack("<I", len(value)) + value.encode("utf-16-le")

    def rows() -> Iterator[bytes]:
        for row, column, value in cells:
            yield record(0, struct.pack("<II", row, 0) + b"\0" * 9)
            yield record(5, struct.pack("<IId", column, 0, value))

    corner = max(row for row, _, _ in cells), max(column for _, column, _ in cells)
    sheet = record(129) + record(148, struct.pack("<IIII", 0, corner[0], 0, corner[1])) + record(145)
    sheet += b"".join(rows()) + record(146) + record(130)
    book = record(131) + record(143) + record(156, struct.pack("<II", 0, 1) + text("r1") + text("Liste"))
    return _zipped({
        "_rels/.rels": _relations(("officeDocument", "xl/workbook.bin")),
        "xl/workbook.bin": book + record(144) + record(132),
        "xl/_rels/workbook.bin.rels": _relations(("worksheet", "worksheets/sheet1.bin")),
        "xl/worksheets/sheet1.bin": sheet,
    })  # fmt: skip


def _far_xls() -> bytes:
    """A real one whose first text is moved to the last row and column ([MS-XLS], 2.4.149, LabelSst)."""
    data = bytearray((Path(__file__).parent / "data" / "adherents.xls").read_bytes())
    at = data.index(b"\xfd\x00\x0a\x00")
    data[at + 4 : at + 8] = struct.pack("<HH", 65_535, 255)
    return bytes(data)


def _cell(reference: str, text: str = "x") -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


_HEAD = f'<row r="1">{_cell("A1", "Nom")}{_cell("B1", "SIRET")}{_cell("C1", "Adresse")}</row>'
_CELL = '<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell>'
_MANY = "999999999999"


def _repeated(what: str, inside: str) -> str:
    return f'<table:table-{what} table:number-{what}s-repeated="{_MANY}">{inside}</table:table-{what}>'


def _line(inside: str) -> str:
    return f"<table:table-row>{inside}</table:table-row>"


_BLOCK = (
    '<table:table-row table:number-rows-repeated="900"><table:table-cell table:number-columns-repeated="16384"'
    ' office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>'
)

WORKBOOKS: dict[str, Callable[[], bytes]] = {
    "corner.xlsx": lambda: xlsx(f'{_HEAD}<row r="1048576">{_cell("XFD1048576")}</row>'),
    "announced.xlsx": lambda: xlsx(_HEAD, before='<dimension ref="A1:XFD1048576"/>'),
    "each-row-far.xlsx": lambda: xlsx(_HEAD + "".join(f'<row>{_cell(f"XFD{n}")}</row>' for n in range(2, 9_000))),
    "beyond.xlsx": lambda: xlsx(f'{_HEAD}<row r="99999999999">{_cell("ZZZZZZ99999999999")}</row>'),
    "one-row.xlsx": lambda: xlsx(f'{_HEAD}<row r="2">{"<c/>" * 3_000_000}</row>'),
    "before-rows.xlsx": lambda: xlsx(_HEAD, before="<x/>" * 3_000_000),
    "one-text.xlsx": lambda: xlsx(f'{_HEAD}<row r="2">{_cell("A2", "x" * 60_000_000)}</row>'),
    "texts.xlsx": lambda: xlsx(_HEAD, texts="<si><t>ab1</t></si>" * 6_000_000),
    "runs.xlsx": lambda: xlsx(_HEAD, texts=f"<si>{'<r><t>a</t></r>' * 1_000_000}</si>"),
    "styles.xlsx": lambda: xlsx(_HEAD, styles=f"<cellXfs>{'<xf/>' * 6_000_000}</cellXfs>"),
    "rows.ods": lambda: ods(_repeated("row", _CELL)),
    "empty-rows.ods": lambda: ods(_line(_CELL) + _repeated("row", "<table:table-cell/>")),
    "columns.ods": lambda: ods(_line(_repeated("cell", "").replace("number-cells", "number-columns"))),
    "block.ods": lambda: ods(_BLOCK * 50),
    "spaces.ods": lambda: ods(
        f'<table:table-row><table:table-cell office:value-type="string"><text:p>x<text:s text:c="{_MANY}"/>y</text:p>'
        "</table:table-cell></table:table-row>"
    ),
    "one-row.ods": lambda: ods(f"<table:table-row>{'<table:table-cell/>' * 3_000_000}</table:table-row>"),
    "corner.xlsb": lambda: xlsb([(0, 0, 1.0), (1_048_575, 16_383, 2.0)]),
    "column.xlsb": lambda: xlsb([(0, 0, 1.0), (1_048_575, 30, 2.0)]),
    "corner.xls": _far_xls,
}  # fmt: skip
"""By name, what makes each workbook."""
