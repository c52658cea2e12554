"""Electronic signatures that come back: who, when, over what; and every change of the file after them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from conventool.commands.read import ReadOptions, read
from conventool.commands.verify import VerifyOptions, verify
from conventool.core.problems import Problem, Severity
from conventool.core.watch import NOBODY
from conventool.returned.signatures import signature_problems, signatures_of, signed_days
from signing import BODY, SIGNATORIES, signed, with_fields
from test_returned_hiding import DATA, PDF

Change = Callable[[bytes], bytes]


@cache
def empty() -> bytes:
    return with_fields(PDF)


@cache
def by_all() -> bytes:
    return signed(empty())


@pytest.fixture
def without_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if pyHanko was not installed, once everything is signed."""
    signed(empty(), ["1_collectivite"])
    by_all()
    monkeypatch.setitem(sys.modules, "pyhanko.pdf_utils.reader", None)


def verdict(tmp_path: Path, data: bytes) -> tuple[str, list[Problem]]:
    path = tmp_path / "retour.pdf"
    path.write_bytes(data)
    report = verify([path], VerifyOptions(data=DATA, jobs=1))
    (status,) = (document.status for document in report.documents)
    return status, list(report.problems)


def codes(problems: list[Problem]) -> list[str]:
    return [problem.code for problem in problems]


def test_empty_fields_are_no_alarm(tmp_path: Path) -> None:
    assert verdict(tmp_path, empty()) == ("intact", [])


@pytest.mark.slow
def test_fields_are_no_data(tmp_path: Path) -> None:
    """``read`` reads what it reads without them, empty or signed."""
    without = read([PDF], ReadOptions(), NOBODY)
    for data in (empty(), by_all()):
        (tmp_path / "retour.pdf").write_bytes(data)
        with_them = read([tmp_path / "retour.pdf"], ReadOptions(), NOBODY)
        assert (with_them.exit_code, with_them.data) == (without.exit_code, without.data)


def test_who_signed_when_and_over_what(tmp_path: Path) -> None:
    """Of three signatories each; the document is intact, for nothing but signatures was added."""
    status, problems = verdict(tmp_path, by_all())
    told = [problem.message for problem in problems if problem.code == "signed"]
    assert (status, len(told)) == ("intact", 3)
    assert {problem.severity for problem in problems} == {Severity.NOTICE}
    for message, (field, who) in zip(told, SIGNATORIES.items(), strict=True):
        assert f"champ « {field} » : signé par « {who} ({BODY}) » le " in message
        assert "à l’heure qu’il déclare" in message
        assert "Le certificat n’est pas jugé" in message
    assert [("tout le fichier" in message, "tel qu’il était alors" in message) for message in told] == [
        (False, True), (False, True), (True, False),
    ]  # fmt: skip


def test_pyhanko_itself_agrees(tmp_path: Path) -> None:
    """What the fields hold are signatures that another reader validates, the trust in who signed left aside."""
    path = tmp_path / "retour.pdf"
    path.write_bytes(by_all())
    from pyhanko.pdf_utils.reader import PdfFileReader

    with path.open("rb") as file:
        found = PdfFileReader(file).embedded_signatures
        assert len(found) == 3
        for one in found:
            context = ValidationContext(trust_roots=[one.signer_cert], allow_fetching=False)
            status = validate_pdf_signature(one, context)
            assert status.intact
            assert status.valid


def test_a_time_stamp_is_told(tmp_path: Path) -> None:
    stamp = datetime(2026, 4, 2, 10, 32, tzinfo=UTC)
    path = tmp_path / "retour.pdf"
    path.write_bytes(signed(empty(), ["1_collectivite"], stamped=stamp))
    found = signatures_of(path)
    (problem,) = signature_problems(path, found)
    assert "le 2 avril 2026 à 10:32 (UTC), d’après l’horodatage joint" in problem.message.replace("\u00a0", " ")
    assert signed_days(found) == {"collectivite": "2026-04-02"}


# --- Changed after the signature ---------------------------------------------------------------------------


def other_page(data: bytes) -> bytes:
    """An incremental update that draws the second page as the third."""
    writer = IncrementalPdfFileWriter(BytesIO(data))
    pages = writer.root["/Pages"]["/Kids"]
    pages[1][generic.NameObject("/Contents")] = pages[2].raw_get("/Contents")
    writer.update_container(pages[1])
    return written(writer)


def overdrawn(data: bytes) -> bytes:
    """An incremental update that draws a white box over some words."""
    writer = IncrementalPdfFileWriter(BytesIO(data))
    page = writer.root["/Pages"]["/Kids"][3]
    content = generic.StreamObject(stream_data=page["/Contents"].data + b"\nq 1 g 100 400 200 60 re f Q\n")
    page[generic.NameObject("/Contents")] = writer.add_object(content)
    writer.update_container(page)
    return written(writer)


def annotated(data: bytes) -> bytes:
    """An incremental update that lays a text over a page."""
    writer = IncrementalPdfFileWriter(BytesIO(data))
    page = writer.root["/Pages"]["/Kids"][3]
    note = generic.DictionaryObject()  # type: ignore[no-untyped-call]
    note |= {
        generic.NameObject("/Type"): generic.NameObject("/Annot"),
        generic.NameObject("/Subtype"): generic.NameObject("/FreeText"),
        generic.NameObject("/Rect"): generic.ArrayObject(map(generic.NumberObject, (100, 100, 300, 140))),
        generic.NameObject("/Contents"): generic.TextStringObject("cinq euros"),
        generic.NameObject("/DA"): generic.TextStringObject("/Helv 12 Tf 0 g"),
    }
    page[generic.NameObject("/Annots")] = generic.ArrayObject([writer.add_object(note)])
    writer.update_container(page)
    return written(writer)


def moved_signature(data: bytes) -> bytes:
    """An incremental update that moves a signed field over the text."""
    writer = IncrementalPdfFileWriter(BytesIO(data))
    field = writer.root["/AcroForm"]["/Fields"][0]
    field[generic.NameObject("/Rect")] = generic.ArrayObject(map(generic.NumberObject, (80, 600, 500, 700)))
    writer.update_container(field)
    return written(writer)


def written(writer: IncrementalPdfFileWriter) -> bytes:
    out = BytesIO()
    writer.write(out)  # type: ignore[no-untyped-call]
    return out.getvalue()


def other_word(data: bytes) -> bytes:
    """A byte of what was signed, in its text: the author of the file is called otherwise."""
    at = data.index(b"/Title") if b"/Title" in data else data.index(b"endstream") - 20
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def saved_again(data: bytes) -> bytes:
    with pikepdf.open(BytesIO(data)) as pdf:
        out = BytesIO()
        pdf.save(out)
    return out.getvalue()


AFTER: dict[Change, str] = {
    other_page: "changed-after-signature",
    overdrawn: "changed-after-signature",
    annotated: "changed-after-signature",
    moved_signature: "changed-after-signature",
    other_word: "signature-broken",
    saved_again: "signature-broken",
}


@pytest.mark.parametrize("change", AFTER, ids=lambda change: change.__name__)
def test_a_change_after_signatures_is_found(tmp_path: Path, change: Change) -> None:
    """Each signature tells it, whatever it changes to see."""
    path = tmp_path / "retour.pdf"
    path.write_bytes(change(by_all()))
    assert codes(list(signature_problems(path, signatures_of(path)))) == [AFTER[change]] * 3


@pytest.mark.slow
@pytest.mark.parametrize("change", AFTER, ids=lambda change: change.__name__)
def test_nobody_takes_it_for_intact(tmp_path: Path, change: Change) -> None:
    status, problems = verdict(tmp_path, change(signed(empty(), ["1_collectivite"])))
    assert status == "altered"
    assert AFTER[change] in codes(problems)
    assert "signed" not in codes(problems)


@pytest.mark.slow
@pytest.mark.parametrize("change", [other_page, overdrawn, annotated, moved_signature], ids=lambda one: one.__name__)
def test_what_is_drawn_is_judged_without_the_extra_too(tmp_path: Path, change: Change, without_extra: None) -> None:
    """An update that changes what a reader sees is found by what the pages show."""
    status, problems = verdict(tmp_path, change(signed(empty(), ["1_collectivite"])))
    assert status in {"altered", "doubtful"}
    assert "signature-unread" in codes(problems)


def test_what_others_sign_after_a_change_does_not_mend_it(tmp_path: Path) -> None:
    """The first signature is changed after; the second covers the change, and is sound."""
    path = tmp_path / "retour.pdf"
    path.write_bytes(signed(overdrawn(signed(empty(), ["1_collectivite"])), ["2_cdg59"]))
    assert codes(list(signature_problems(path, signatures_of(path)))) == ["changed-after-signature", "signed"]


def test_a_field_that_only_looks_signed_is_told(tmp_path: Path) -> None:
    with pikepdf.open(BytesIO(empty())) as pdf:
        pdf.Root.AcroForm.Fields[0].V = pikepdf.Dictionary(Type=pikepdf.Name.Sig, Name="Jeanne MARTIN")
        out = BytesIO()
        pdf.save(out)
    path = tmp_path / "retour.pdf"
    path.write_bytes(out.getvalue())
    assert codes(list(signature_problems(path, signatures_of(path)))) == ["signature-broken"]


def test_without_the_extra_it_is_said_in_words(tmp_path: Path, without_extra: None) -> None:
    """What is drawn is judged as ever, and how to read the signatures is told."""
    status, problems = verdict(tmp_path, by_all())
    assert status == "intact"
    (unread,) = (problem for problem in problems if problem.code == "signature-unread")
    assert 'pip install "conventool[signature]"' in (unread.hint or "")
    assert unread.severity is Severity.NOTICE


def test_a_signed_pdf_tells_the_dossier_when(tmp_path: Path) -> None:
    """The day of a sound signature in a field of ours is that of its party; of a broken one nothing is known."""
    path = tmp_path / "retour.pdf"
    path.write_bytes(by_all())
    assert set(signed_days(signatures_of(path))) == {"collectivite", "cdg59", "fibre"}
    path.write_bytes(overdrawn(by_all()))
    assert signed_days(signatures_of(path)) == {}
