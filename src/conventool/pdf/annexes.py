"""Put annexes behind a document, each with its bookmark; only what they show comes along."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path

import pikepdf

import page as pdf_standards
from conventool.core.problems import Place, Problem, Severity
from conventool.pdf.jobs import Annex, Job
from conventool.pdf.limits import open_pdf
from conventool.pdf.metadata import Claims, claimed_part, describe
from conventool.pdf.passive import make_passive
from conventool.pdf.profiles import Profile

__all__ = ["Joined", "append_annexes", "breaks"]

_REMEMBERED = 16  # annexes: most are the same for all documents


@dataclass(frozen=True, slots=True)
class Joined:
    """An annex behind a document.

    Attributes:
        annex: the annex.
        start: the rank of its first page in the whole, from 0.
        pages: how many pages it has.
    """

    annex: Annex
    start: int
    pages: int


@dataclass(frozen=True, slots=True)
class _Prepared:
    """An annex made ready: its pages as a PDF, what acted in it, the part of ISO 19005 it claims, its colours."""

    data: bytes
    gone: tuple[str, ...]
    part: int | None
    channels: tuple[int, ...]

    def fits(self, part: int | None) -> bool:
        """May a whole of this part hold it? Its colours must be those of a screen, as the document's are (6.2.4)."""
        return part is not None and self.part is not None and self.part <= part and set(self.channels) <= {3}


def append_annexes(
    pdf: pikepdf.Pdf, job: Job, title: str, profile: Profile
) -> tuple[Claims, list[Joined], list[Problem]]:
    """Append the annexes that can be.

    A whole may claim PDF/A where each of its pieces does, of a part no later than its own (ISO 19005-3 allows more
    than 19005-2, which allows more than 19005-1), and where it is: see ``breaks``. It can claim PDF/UA only alone: an
    annex's tags do not come with it.

    Args:
        pdf: the document; the pages are added to it.
        job: names the annexes.
        title: the document's bookmark.
        profile: what was asked.

    Returns:
        What the whole may claim, the annexes that are in it, and a warning for each that is absent, unreadable, costs
        a claim or lost something.
    """
    claims = Claims(profile.part, profile.accessible)
    problems: list[Problem] = []
    joined: list[Joined] = []
    for annex in job.annexes:
        try:
            prepared = _prepared(annex.path, annex.links, *_version(annex.path))
            problems += _doubts(annex, prepared, claims)
            with pikepdf.open(BytesIO(prepared.data)) as added:
                joined.append(Joined(annex, len(pdf.pages), len(added.pages)))
                pdf.pages.extend(added.pages)
            claims = Claims(claims.part if prepared.fits(claims.part) else None, accessible=False)
        except (OSError, pikepdf.PdfError, pikepdf.PasswordError) as error:
            problems.append(_absent(annex, job, error))
    if joined:
        _bookmark(pdf, title, joined)
    return claims, joined, problems


def breaks(pdf: pikepdf.Pdf, data: bytes, part: int, joined: Sequence[Joined]) -> Problem | None:
    """Check that a whole is what it claims; a warning that names the annexes at fault if it is not.

    Args:
        pdf: the whole.
        data: its bytes.
        part: of ISO 19005.
        joined: the annexes in it.
    """
    if _is_sound(data, part):
        return None
    at_fault = [one for one in joined if not _is_sound(_alone(pdf, one, part), part)]
    return _not_pdfa([one.annex for one in at_fault or joined], part)


def _is_sound(data: bytes, part: int) -> bool:
    try:
        return pdf_standards.validate_pdf_bytes(data, profile=f"{part}b").is_compliant
    except pdf_standards.PageError:  # out of its bounds: nothing is known, so nothing is claimed
        return False


def _alone(pdf: pikepdf.Pdf, one: Joined, part: int) -> bytes:
    """The pages of an annex, with the whole's colours and claim."""
    out = BytesIO()
    with pikepdf.new() as pages:
        pages.pages.extend(pdf.pages[one.start : one.start + one.pages])
        if "/OutputIntents" in pdf.Root:
            pages.Root.OutputIntents = pages.copy_foreign(pdf.make_indirect(pdf.Root.OutputIntents))
        describe(pages, one.annex.title, None, Claims(part, accessible=False))
        pages.save(out, deterministic_id=True, fix_metadata_version=False)
    return out.getvalue()


def _version(path: Path) -> tuple[int, int]:
    status = os.stat(path)  # noqa: PTH116 (a path of the user's, as it is)
    return status.st_mtime_ns, status.st_size


@lru_cache(_REMEMBERED)
def _prepared(path: Path, links: bool, _modified: int, _size: int) -> _Prepared:
    """An annex whose pages only show.

    Raises:
        OSError, pikepdf.PdfError, pikepdf.PasswordError: it cannot be read, or is out of all measure.
    """
    with open_pdf(path) as pdf:
        part = claimed_part(pdf)
        intents = pdf.Root.get("/OutputIntents", pikepdf.Array())
        profiles = [intent.DestOutputProfile for intent in intents if "/DestOutputProfile" in intent]
        channels = tuple(int(profile.get("/N", 0)) for profile in profiles)
        gone = tuple(make_passive(pdf, links=links))
        out = BytesIO()
        with pikepdf.new() as pages:
            pages.pages.extend(pdf.pages)
            pages.save(out)
    return _Prepared(out.getvalue(), gone, part, channels)


def _bookmark(pdf: pikepdf.Pdf, title: str, joined: Iterable[Joined]) -> None:
    with pdf.open_outline() as outline:
        document = pikepdf.OutlineItem(title, 0, "Fit")
        document.children.extend(outline.root)
        document.is_closed = True
        outline.root[:] = [document, *(pikepdf.OutlineItem(one.annex.title, one.start, "Fit") for one in joined)]


def _doubts(annex: Annex, prepared: _Prepared, claims: Claims) -> Iterator[Problem]:
    place = Place(file=str(annex.path))
    if prepared.gone:
        message = f"De l’annexe « {annex.title} » seules les pages sont jointes, sans : {', '.join(prepared.gone)}."
        yield Problem("annex-passive", message, place=place, severity=Severity.WARNING)
    if claims.part is not None and not prepared.fits(claims.part):
        yield _not_pdfa([annex], claims.part)
    if claims.accessible:
        message = f"Avec l’annexe « {annex.title} », le dossier complet ne peut plus se dire PDF/UA."
        hint = "Joignez l’annexe à part si le PDF doit être accessible."
        yield Problem("annex-not-accessible", message, hint, place=place, severity=Severity.WARNING)


def _not_pdfa(annexes: Sequence[Annex], part: int) -> Problem:
    titles = ", ".join(f"« {annex.title} »" for annex in annexes)
    which = f"L’annexe {titles} n’est" if len(annexes) == 1 else f"L’une des annexes {titles} n’est"
    message = f"{which} pas au format PDF/A-{part} : le dossier complet ne l’est plus."
    hint = f"Enregistrez l’annexe au format PDF/A-{part}b, ou archivez-la à part."
    place = Place(file=str(annexes[0].path))
    return Problem("annex-not-pdfa", message, hint, place=place, severity=Severity.WARNING)


def _absent(annex: Annex, job: Job, error: Exception) -> Problem:
    place = Place(file=str(annex.path))
    if isinstance(error, FileNotFoundError):
        message = f"L’annexe « {annex.title} » est absente ; « {job.target.name} » est fait sans elle."
        hint = "Mettez ce fichier en place, puis convertissez de nouveau."
        return Problem("annex-missing", message, hint, place=place, severity=Severity.WARNING)
    why = "une fois décompressée elle serait démesurée" if "limit exceeded" in str(error) else str(error)
    message = f"L’annexe « {annex.title} » ne peut pas être lue ; « {job.target.name} » est fait sans elle ({why})."
    hint = "Donnez un PDF intact et sans mot de passe, puis convertissez de nouveau."
    return Problem("annex-unreadable", message, hint, place=place, severity=Severity.WARNING)
