"""Check the PDF that LibreOffice made, and complete it: annexes, title, language, dates, identifiers.

LibreOffice's exit status says nothing, and a PDF may be there that is not what was asked: each one is opened and looked
into before it counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO

import pikepdf

from conventool.core.problems import Place, Problem, Severity
from conventool.pdf.annexes import append_annexes, breaks
from conventool.pdf.artifacts import mark_artifacts
from conventool.pdf.fonts import Font, font_objects, font_problems, fonts_of
from conventool.pdf.jobs import Job
from conventool.pdf.left_out import left_out
from conventool.pdf.metadata import Claims, claimed_part, date_to_tell, describe
from conventool.pdf.profiles import Profile
from conventool.pdf.renewal import is_renewed
from conventool.pdf.signature_fields import add_fields, has_other_fields
from conventool.pdf.signature_places import NoPlaceError
from conventool.pdf.signs import sign_problems
from conventool.text.numbers import plural
from conventool.word.print_copy import PrintCopy

__all__ = ["Finished", "UnfitDocumentError", "UnfitError", "finish", "opened"]


class UnfitError(Exception):
    """What LibreOffice made is not what was asked; the reason is in French."""


class UnfitDocumentError(UnfitError):
    """LibreOffice did its work, and the document cannot become what was asked."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A PDF that may be put in place.

    Attributes:
        data: its bytes.
        pages: how many pages it has, annexes included.
        problems: what a person should look at.
    """

    data: bytes
    pages: int
    problems: tuple[Problem, ...]


def finish(pdf: pikepdf.Pdf, made: bytes, job: Job, copy: PrintCopy, profile: Profile) -> Finished:
    """Check what LibreOffice made, and complete it.

    The same document gives the same bytes, with the same LibreOffice and the same fonts.

    Args:
        pdf: as LibreOffice wrote it, with the mark of this copy; it is changed.
        made: the bytes that LibreOffice wrote.
        job: what was asked.
        copy: what was converted.
        profile: the kind of PDF.

    Raises:
        UnfitError: it is not what was asked.
    """
    objects = font_objects(pdf)
    fonts = list(fonts_of(objects))
    unplaced = _sign(pdf, made, job)
    _check(pdf, fonts, job, profile)
    problems = [
        *unplaced,
        *_doubts(pdf, job, copy),
        *left_out(pdf, copy.undrawn, job.name),
        *font_problems(fonts, copy.families, job.name),
        *sign_problems(objects, copy.families, job.name),
    ]
    if profile.accessible:
        mark_artifacts(pdf)
    data, doubts = _completed(pdf, job, copy, profile)
    return Finished(data, len(pdf.pages), (*problems, *doubts))


def _sign(pdf: pikepdf.Pdf, made: bytes, job: Job) -> list[Problem]:
    """Put the signature fields on the pages; a warning if the document has no block of signatures."""
    try:
        if not job.fields or add_fields(pdf, made, job.fields):
            return []
    except NoPlaceError as error:
        raise UnfitDocumentError(str(error)) from error
    texts = ", ".join(f"« {field.text} »" for field in job.fields)
    message = f"Ce document n’a pas de bloc de signature ({texts}) : son PDF est fait sans champs."
    place = Place(file=job.name)
    return [Problem("no-signature-block", message, place=place, severity=Severity.WARNING)]


@contextmanager
def opened(data: bytes) -> Iterator[pikepdf.Pdf]:
    """A PDF that LibreOffice wrote.

    Raises:
        UnfitError: it is none, or turns out to be damaged.
    """
    try:
        with pikepdf.open(BytesIO(data)) as pdf:
            yield pdf
    except pikepdf.PdfError as error:
        raise UnfitError(f"ce n’est pas un PDF lisible ({error})") from error


def _completed(pdf: pikepdf.Pdf, job: Job, copy: PrintCopy, profile: Profile) -> tuple[bytes, list[Problem]]:
    """The bytes of a PDF with its annexes and what it says of itself; what a whole claims is checked on the whole."""
    title = job.title or str(pdf.docinfo.get("/Title", "")) or job.target.stem
    date = date_to_tell(copy.modified)
    claims, joined, doubts = append_annexes(pdf, job, title, profile)
    describe(pdf, title, date, claims)
    data = _saved(pdf)
    if joined and claims.part is not None:
        broken = breaks(pdf, data, claims.part, joined)
        if broken:
            doubts.append(broken)
            describe(pdf, title, date, Claims(None, accessible=False))
            data = _saved(pdf)
    return data, doubts


def _saved(pdf: pikepdf.Pdf) -> bytes:
    out = BytesIO()
    # compressed objects take a third off the size; ISO 19005-2 allows them
    mode = pikepdf.ObjectStreamMode.generate
    pdf.save(out, object_stream_mode=mode, deterministic_id=True, fix_metadata_version=False)
    return _unambiguous(out.getvalue())


def _check(pdf: pikepdf.Pdf, fonts: Iterable[Font], job: Job, profile: Profile) -> None:
    pages = len(pdf.pages)
    if pages != (job.pages or pages) or not pages:
        raise UnfitDocumentError(f"il a {pages} {plural(pages, 'page')} au lieu de {job.pages or 1}")
    if has_other_fields(pdf):
        raise UnfitError("il contient des champs de formulaire")
    if profile.part is not None and claimed_part(pdf) != profile.part:
        raise UnfitError(f"il n’est pas au format PDF/A-{profile.part}")
    if "/StructTreeRoot" not in pdf.Root:
        raise UnfitError("il n’est pas balisé")
    loose = sorted(font.name for font in fonts if not font.embedded)
    if loose:
        raise UnfitError(f"des polices n’y sont pas incorporées : {', '.join(loose)}")


def _unambiguous(data: bytes) -> bytes:
    """Where compressed data ends in CR, end its line with CR too: validators take CR LF for one end of line.

    The length of the stream then seems wrong by one (ISO 19005-2, 6.1.7.1); CR alone is an end of line as good.
    """
    return data.replace(b"\r\nendstream", b"\r\rendstream")


def _doubts(pdf: pikepdf.Pdf, job: Job, copy: PrintCopy) -> Iterator[Problem]:
    """What a person should look at: prompts, references, tracked changes, fields that show what Word made of them."""
    place, severity = Place(file=job.name), Severity.WARNING
    if copy.prompts:
        prompts = ", ".join(f"« {prompt} »" for prompt in dict.fromkeys(copy.prompts))
        message = f"Des champs ne sont pas remplis ; leur texte d’espace réservé n’est pas imprimé : {prompts}."
        hint = "Remplissez-les, puis convertissez de nouveau."
        yield Problem("leftover-placeholder", message, hint, place=place, severity=severity)
    if copy.removed:
        message = f"Ce document renvoie hors de lui-même ; n’est pas imprimé, ou autrement : {', '.join(copy.removed)}."
        hint = "Mettez dans le document ce qu’il doit montrer (image, texte), puis convertissez de nouveau."
        yield Problem("outside-reference", message, hint, place=place, severity=severity)
    if copy.revised:
        message = "Ce document contient des modifications suivies ; il est imprimé comme si elles étaient acceptées."
        hint = "Dans Word, onglet Révision, acceptez-les ou refusez-les, puis convertissez de nouveau."
        yield Problem("tracked-change", message, hint, place=place, severity=severity)
    if kinds := list(copy.old) if is_renewed(pdf) or not copy.tables else sorted({*copy.old, "TOC"}):
        message = f"Le PDF montre ces champs tels que Word les a mis à jour en dernier : {', '.join(kinds)}."
        hint = "S’ils ont changé depuis : dans Word, Ctrl+A puis F9, enregistrez, puis convertissez de nouveau."
        yield Problem("stale-field", message, hint, place=place, severity=Severity.NOTICE)
