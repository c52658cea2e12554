"""Whatever the file, it ends in success or in a TemplateError that says what is wrong; never in anything else."""

from __future__ import annotations

import io
import random
import re
import struct
import time
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from lxml import etree

from conventool import FillError, Template, TemplateError
from conventool.core.errors import ExitCode
from conventool.word import package
from documents.flat import flat
from documents.judges import entries_of, texts_of
from documents.make import docx, files_of, p, prompt, r, rezip, row, sdt, story, table, zip_of
from documents.zoo import FRENCH_DATE, ITEM, RICH, SECTION, TEXT, ZOO

SOUND = docx(
    p(sdt(prompt(), TEXT, tag="a", showing=True) + sdt(prompt(), FRENCH_DATE, tag="d"))
    + table(row(sdt("<w:tc><w:p/></w:tc>", RICH, tag="c")))
    + sdt(sdt(p(sdt(r("x"), TEXT, tag="n")), ITEM), SECTION, tag="s"),
    {"word/header1.xml": story("header", p(r("en-tête")))},
)
MAIN = "word/document.xml"


def refused(data: bytes, code: str = "unreadable") -> str:
    """The message of the refusal."""
    with pytest.raises(TemplateError) as caught:
        Template.from_bytes(data, "modèle.docx")
    (problem,) = caught.value.problems
    assert problem.code == code
    assert problem.place.file == "modèle.docx"
    assert problem.hint
    assert caught.value.exit_code == ExitCode.UNREADABLE
    return problem.message


def used(data: bytes) -> bool:
    """Is the file refused, or else can all be done with it? Anything else that is raised fails the test."""
    try:
        template = Template.from_bytes(data)
        _ = template.warnings, flat(data), template.signed
        values = {"date": date(2026, 3, 1), "text": "<é>\n", "rich": "r", "checkbox": True}
        for control in template.controls:
            try:
                given = [{}] if control.kind == "repeat" else values.get(control.kind, "x")
                zipped = template.fill({control.address: given}, "unwrap")  # type: ignore[dict-item]
            except FillError:
                continue
            entries_of(zipped)
    except TemplateError:
        return False
    return True


def test_the_sound_document_is_sound() -> None:
    """The tests below change one thing of a file that is taken."""
    assert used(SOUND)


# ------------------------------------------------------------------------------------------- document types

DOCTYPES = {
    "plain": b"<!DOCTYPE a>",
    "bomb": b'<!DOCTYPE a [<!ENTITY a "lol"><!ENTITY b "&a;&a;">]>',
    "external": b'<!DOCTYPE a SYSTEM "file:///etc/passwd">',
    "after a comment": b"<!-- <a> --><?x y?> <!DOCTYPE a>",
    "after a long comment": b"<!--" + b" <!-- -" * 50_000 + b"--><!DOCTYPE a>",
}


@pytest.mark.parametrize("part", [MAIN, "word/header1.xml", "word/styles.xml", "docProps/core.xml", "_rels/.rels",
                                  "word/_rels/document.xml.rels", "[Content_Types].xml"])  # fmt: skip
@pytest.mark.parametrize("doctype", DOCTYPES.values(), ids=DOCTYPES.keys())
def test_no_part_may_declare_a_document_type(part: str, doctype: bytes) -> None:
    """Read or not read, relationships and content types included."""
    original = files_of(SOUND)[part]
    at = original.index(b"?>") + 2

    assert part in refused(rezip(SOUND, {part: original[:at] + doctype + original[at:]}), "unsafe-document")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("part", [MAIN, "docProps/core.xml"])
def test_utf_16_hides_no_document_type(part: str, encoding: str) -> None:
    """With a byte order mark or without."""
    text = (
        files_of(SOUND)[part]
        .decode()
        .replace("UTF-8", "UTF-16")
        .replace("?>", "?><!-- \u2d2d\u3e2d --><!DOCTYPE a>", 1)
    )

    refused(rezip(SOUND, {part: text.encode(encoding)}), "unsafe-document")


@pytest.mark.parametrize("encoding", ["utf-7", "cp037", "utf-32", "utf-32-le", "utf-8-sig"])
def test_no_other_encoding_hides_one(encoding: str) -> None:
    """Encodings that do not spell ``<!DOCTYPE`` in ASCII are refused altogether."""
    xml = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE a><a/>'
    written = xml.replace("<!", "+ADwAIQ-").encode() if encoding == "utf-7" else xml.encode(encoding)

    refused(rezip(SOUND, {"docProps/core.xml": written}), "unsafe-document" if "sig" in encoding else "unreadable")


def test_words_that_speak_of_a_document_type_are_no_document_type() -> None:
    """Only what stands before the root element counts."""
    text = "<a><![CDATA[<!DOCTYPE html>]]><!-- <!DOCTYPE x> --></a>"

    assert used(rezip(SOUND, {"customXml/item9.xml": text.encode()}))


def test_a_part_with_another_suffix_is_read_no_more_loosely() -> None:
    """The main part may be called anything; its entities are not read."""
    files = files_of(SOUND)
    document = files.pop(MAIN).replace(b"?>", b'?><!DOCTYPE a [<!ENTITY e "x">]>', 1)
    files = {name: data.replace(b"document.xml", b"document.bin") for name, data in files.items()}

    refused(zip_of({**files, "word/document.bin": document}), "unsafe-document")


# ------------------------------------------------------------------------------------------------------ zips


def with_header(data: bytes, name: bytes, offset: int, form: str, value: int) -> bytes:
    """The zip with a number of an entry's line in the directory changed."""
    at = data.rindex(name, 0, data.rindex(b"PK\5\6")) - 46
    assert data[at : at + 4] == b"PK\1\2"
    out = bytearray(data)
    struct.pack_into(form, out, at + offset, value)
    return bytes(out)


@pytest.mark.parametrize("size", [0, 1, 100, 0x7FFFFFFF, 0xFFFFFFFE])
def test_a_size_that_lies_is_refused(size: int) -> None:
    """Less than there is, or more."""
    with pytest.raises(TemplateError):
        Template.from_bytes(with_header(SOUND, b"word/styles.xml", 24, "<L", size))


def test_a_wrong_checksum_is_refused() -> None:
    """Whether the part is read or not."""
    refused(with_header(SOUND, b"docProps/core.xml", 16, "<L", 1))


def bomb(megabytes: int) -> bytes:
    """A part that inflates to so many megabytes."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    return b"".join(deflate.compress(bytes(1 << 20)) for _ in range(megabytes)) + deflate.flush()


@pytest.mark.parametrize("name", ["word/media/image1.png", "word/extra.xml"])
def test_what_inflates_beyond_measure_is_refused_quickly_and_in_little_memory(name: str) -> None:
    """Declared or not."""
    data = rezip(SOUND, {name: bytes(200 << 20)})
    tracemalloc.start()
    start = time.perf_counter()

    refused(data, "unsafe-document")
    lying = with_header(data, name.encode(), 24, "<L", 1000)
    refused(lying)

    assert time.perf_counter() - start < 5
    assert tracemalloc.get_traced_memory()[1] < 20 << 20
    tracemalloc.stop()


def test_many_parts_that_are_big_together_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sum counts."""
    monkeypatch.setattr(package, "MAX_TOTAL_SIZE", 1 << 20)

    refused(
        rezip(SOUND, {f"word/media/{n}.png": random.Random(n).randbytes(100_000) for n in range(20)}), "unsafe-document"
    )


def test_a_zip_in_a_zip_is_only_bytes() -> None:
    """What is embedded is copied, never opened."""
    inner = zip_of({"a": bytes(50 << 20)})
    for _ in range(5):
        inner = zip_of({"a.zip": inner})

    assert used(rezip(SOUND, {"word/embeddings/oleObject1.bin": inner}))


def test_entries_that_overlap_are_refused() -> None:
    """A few bytes listed ten thousand times."""
    data = bytearray(SOUND)
    end = data.rindex(b"PK\5\6")
    directory = struct.unpack_from("<L", data, end + 16)[0]
    first = data.index(b"PK\1\2", directory)
    second = data.index(b"PK\1\2", first + 4)
    line = bytes(data[first:second])
    lines = b"".join(re.sub(rb"\[Content", b"[C%06x" % n, line) for n in range(4000))
    lines = b"".join(line.replace(b"[Content_", b"[%08d" % n) for n in range(4000)) + bytes(data[directory:end])
    tail = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 4007, 4007, len(lines), directory, 0)

    refused(bytes(data[:directory]) + lines + tail)


def test_a_huge_number_of_entries_is_refused_quickly() -> None:
    """Sixty thousand empty parts."""
    start = time.perf_counter()

    refused(rezip(SOUND, {f"x/{n}": b"" for n in range(60_000)}), "unsafe-document")

    assert time.perf_counter() - start < 15


@pytest.mark.parametrize(
    "name", ["../x.xml", "word/../../x", "/abs", "C:\\x", "C:/x", "word\\x.xml", "a/..", "x\0.xml"]
)
def test_dangerous_names_are_refused(name: str) -> None:
    """Though nothing is ever extracted."""
    placeholder = "z" * len(name)
    data = rezip(SOUND, {placeholder: b"<x/>"}).replace(placeholder.encode(), name.encode())

    assert "nom" in refused(data, "unsafe-document")


@pytest.mark.parametrize("name", ["word/styles.xml", "WORD/Styles.xml"])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_the_same_part_twice_is_refused(name: str) -> None:
    """Case does not tell parts apart."""
    out = io.BytesIO(SOUND)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(name, b"<x/>")

    refused(out.getvalue())


def test_zips_of_every_honest_sort_are_taken() -> None:
    """Stored, streamed with descriptors, ZIP64, with folders, comments and something before."""
    files = files_of(SOUND)

    class Unseekable(io.RawIOBase):
        def __init__(self) -> None:
            self.data = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, chunk: object) -> int:
            self.data += bytes(chunk)  # type: ignore[call-overload]
            return len(bytes(chunk))  # type: ignore[call-overload]

    streamed = Unseekable()
    with zipfile.ZipFile(streamed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    big = io.BytesIO()
    with zipfile.ZipFile(big, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/", b"")
        archive.comment = b"un commentaire"
        for name, data in files.items():
            with archive.open(name, "w", force_zip64=True) as entry:
                entry.write(data)
    filled = Template.from_bytes(SOUND).fill({"a": "Z"})
    for data in (zip_of(files, zipfile.ZIP_STORED), bytes(streamed.data), big.getvalue(), b"PK" + SOUND):
        again = Template.from_bytes(data).fill({"a": "Z"})
        assert files_of(again) == files_of(filled)


def test_what_follows_a_deflate_stream_is_refused() -> None:
    """Bytes that nobody would ever look at."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, plain in files_of(SOUND).items():
            deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
            archive.writestr(name, deflate.compress(plain) + deflate.flush() + b"hidden")
    data = bytearray(out.getvalue())
    at = data.rindex(b"PK\5\6")
    directory = struct.unpack_from("<L", data, at + 16)[0]
    for plain in files_of(SOUND).values():
        name_length = struct.unpack_from("<H", data, directory + 28)[0]
        struct.pack_into("<H", data, directory + 10, 8)
        struct.pack_into("<L", data, directory + 16, zlib.crc32(plain))
        struct.pack_into("<L", data, directory + 24, len(plain))
        directory += 46 + name_length

    refused(bytes(data))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_compressions_are_refused(method: int) -> None:
    """Word writes none."""
    refused(zip_of(files_of(SOUND), method))


def test_an_encrypted_entry_is_refused() -> None:
    """By its flag."""
    refused(with_header(SOUND, b"word/document.xml", 8, "<H", 1))


def test_a_truncated_file_is_refused() -> None:
    """Cut at every fiftieth."""
    for part in range(50):
        refused(SOUND[: len(SOUND) * part // 50])


# ------------------------------------------------------------------------------------------------ other files


@pytest.mark.parametrize(("data", "words"), [
    (b"", "vide"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "mot de passe"),
    (b"Bonjour", "pas un document Word"),
    (b"PK", "tronqué"),
    (b"{\\rtf1 }", "pas un document Word"),
    (zip_of({"a": b"b"}), "archive zip"),
    (zip_of({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<x/>"}), "archive zip"),
])  # fmt: skip
def test_other_files_are_told_apart(data: bytes, words: str) -> None:
    """The message says what the file is."""
    assert words in refused(data)


@pytest.mark.parametrize(
    ("kind", "words"), [("spreadsheetml.sheet", "Excel"), ("presentationml.presentation", "PowerPoint")]
)
def test_other_office_files_are_told_apart(kind: str, words: str) -> None:
    """A renamed workbook, a renamed presentation."""
    types = files_of(SOUND)["[Content_Types].xml"].replace(b"wordprocessingml.document", kind.encode())

    assert words in refused(rezip(SOUND, {"[Content_Types].xml": types}))


def test_paths_that_are_no_document(tmp_path: Path) -> None:
    """Folder, lock file, nothing there, a name no system takes."""
    (tmp_path / "~$modèle.docx").write_bytes(b"x")
    for path, words in [
        (tmp_path, "dossier"),
        (tmp_path / "~$modèle.docx", "verrou"),
        (tmp_path / "absent.docx", "existe pas"),
        (tmp_path / ("x" * 300), "le nom ou le chemin est trop long"),
        (tmp_path / "a\0b.docx", "son nom est impossible"),
    ]:
        with pytest.raises(TemplateError, match=words):
            Template.open(path)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no device without end")
def test_a_device_without_end_is_no_document() -> None:
    """It is not read at all."""
    with pytest.raises(TemplateError, match="un périphérique ou un tube"):
        Template.open("/dev/zero")


@pytest.mark.parametrize(("part", "data", "words"), [
    (MAIN, None, "texte principal"),
    ("_rels/.rels", None, "texte principal"),
    ("[Content_Types].xml", b"<Types xmlns='x'/>", "autre document"),
    (MAIN, b"", "XML"),
    (MAIN, b"<w:document", "XML"),
    (MAIN, b"<a/>", "0 corps"),
    ("word/styles.xml", b"<a>&b;</a>", "XML"),
])  # fmt: skip
def test_documents_with_a_broken_part(part: str, data: bytes | None, words: str) -> None:
    """Missing, empty, torn, of another sort."""
    assert words in refused(rezip(SOUND, {part: data}))


def test_several_bodies_are_refused() -> None:
    """Which would be filled?"""
    twice = files_of(SOUND)[MAIN].replace(b"</w:body>", b"</w:body><w:body/>")

    assert "2 corps" in refused(rezip(SOUND, {MAIN: twice}))


# ------------------------------------------------------------------------------------------------------- XML


@pytest.mark.parametrize("depth", [40, 80, 120, 250, 300, 1000, 3000, 100_000])
@pytest.mark.parametrize("opening", ["<w:r>", "<w:sdt><w:sdtContent>", "<w:smartTag>"])
def test_deep_nesting_ends_well(opening: str, depth: int) -> None:
    """However deep: taken or refused."""
    closing = "".join(f"</{name}>" for name in reversed(re.findall(r"<([\w:]+)>", opening)))
    data = docx(p(sdt(opening * depth + r("x") + closing * depth, TEXT, tag="a")))

    assert used(data) or depth > 100


@pytest.mark.parametrize("length", [1_000_000, 20_000_000])
def test_enormous_attributes_and_texts_end_well(length: int) -> None:
    """Taken or refused."""
    used(docx(p(sdt(r("x"), TEXT, tag="a" * length))))
    used(docx(p(sdt(r("x" * length), TEXT, tag="a"))))


def test_many_controls_do_not_take_for_ever() -> None:
    """In one paragraph, and one inside the other's text box."""
    start = time.perf_counter()
    template = Template.from_bytes(docx(p("".join(sdt(r("x"), TEXT, tag=f"t{n}") for n in range(4000)))))

    assert len(template.controls) == 4000
    assert texts_of(template.fill({f"t{n}": "y" for n in range(4000)})).strip() == "y" * 4000
    assert time.perf_counter() - start < 60


def mutations(make: Callable[[], bytes], rounds: int) -> None:
    """Bytes of the zip, then bytes of its XML."""
    original = make()
    files = files_of(original)
    chance = random.Random(len(original))
    for _ in range(rounds):
        flipped = bytearray(original)
        for _ in range(chance.choice((1, 1, 2, 8))):
            flipped[chance.randrange(len(flipped))] = chance.randrange(256)
        used(bytes(flipped))
        name = chance.choice([n for n in files if n.endswith((".xml", ".rels"))])
        used(rezip(original, {name: mutated(files[name], chance)}))


def mutated(xml: bytes, chance: random.Random) -> bytes:
    """The XML with elements moved, dropped, doubled or renamed, attributes emptied, or bytes changed."""
    if chance.random() < 0.2:
        at = chance.randrange(len(xml))
        return xml[:at] + bytes([chance.randrange(256)]) + xml[at + chance.randrange(3) :]
    root = etree.fromstring(xml)
    for _ in range(chance.choice((1, 2, 5))):
        elements = list(root.iter(etree.Element))
        one, other = chance.choice(elements), chance.choice(elements)
        match chance.randrange(6):
            case 0 if one.getparent() is not None:
                one.getparent().remove(one)  # type: ignore[union-attr]
            case 1 if one is not root and one not in other.iterancestors() and one is not other:
                other.append(one)
            case 2 if one is not root:
                one.addnext(etree.fromstring(etree.tostring(one, with_tail=False, encoding="utf-8")))
            case 3 if one.attrib:
                one.set(
                    chance.choice(list(one.attrib)), chance.choice(["", "-1", "9" * 5000, "é/../x", "{}", "xmlns:"])
                )
            case 4 if one is not root:
                one.tag = other.tag
            case 5:
                one.text = chance.choice(["", "&\t<", "x" * 1000])
    return etree.tostring(root, encoding="utf-8")


@pytest.mark.parametrize("make", ZOO.values(), ids=ZOO.keys())
def test_mutations_end_well(make: Callable[[], bytes]) -> None:
    """Nothing but success or TemplateError, a dozen times for each animal."""
    mutations(make, 8)


@pytest.mark.slow
@pytest.mark.parametrize("make", ZOO.values(), ids=ZOO.keys())
def test_many_mutations_end_well(make: Callable[[], bytes]) -> None:
    """The same, many times."""
    mutations(make, 300)
