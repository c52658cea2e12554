"""Put annexes behind a document, each with its bookmark, and say which standards the whole may still claim."""

from __future__ import annotations

from collections.abc import Iterator

import pikepdf

from conventool.core.problems import Place, Problem, Severity
from conventool.pdf.jobs import Annex, Job
from conventool.pdf.metadata import Claims, claimed_part
from conventool.pdf.profiles import Profile

__all__ = ["append_annexes"]


def append_annexes(pdf: pikepdf.Pdf, job: Job, title: str, profile: Profile) -> tuple[Claims, list[Problem]]:
    """Append the annexes that can be.

    A whole may claim PDF/A where each of its pieces does, of a part no later than its own (ISO 19005-3 allows more
    than 19005-2, which allows more than 19005-1). It can claim PDF/UA only alone: an annex's tags do not come with it.

    Args:
        pdf: the document; the pages are added to it.
        job: names the annexes.
        title: the document's bookmark.
        profile: what was asked.

    Returns:
        What the whole may claim, and a warning for each annex that is absent, unreadable or costs a claim.
    """
    claims = Claims(profile.part, profile.accessible)
    problems: list[Problem] = []
    marks: list[tuple[str, int]] = []
    for annex in job.annexes:
        try:
            with pikepdf.open(annex.path) as added:
                problems += _doubts(annex, added, claims)
                claims = Claims(claims.part if _fits(added, claims.part) else None, accessible=False)
                marks.append((annex.title, len(pdf.pages)))
                _append(pdf, added)
        except (OSError, pikepdf.PdfError, pikepdf.PasswordError) as error:
            problems.append(_absent(annex, job, error))
    if marks:
        _bookmark(pdf, title, marks)
    return claims, problems


def _append(pdf: pikepdf.Pdf, added: pikepdf.Pdf) -> None:
    """Its pages as they print: fields become text, tags and actions stay behind."""
    if "/AcroForm" in added.Root:
        added.generate_appearance_streams()
        added.flatten_annotations("print")
    for page in added.pages:
        for key in ("/StructParents", "/AA", "/B"):  # they mean objects of a tree or a file that is not there
            if key in page.obj:
                del page.obj[key]
        for annotation in page.obj.get("/Annots", pikepdf.Array()):
            if "/StructParent" in annotation:
                del annotation["/StructParent"]
        pdf.pages.append(page)


def _bookmark(pdf: pikepdf.Pdf, title: str, marks: list[tuple[str, int]]) -> None:
    with pdf.open_outline() as outline:
        document = pikepdf.OutlineItem(title, 0, "Fit")
        document.children.extend(outline.root)
        document.is_closed = True
        outline.root[:] = [document, *(pikepdf.OutlineItem(text, page, "Fit") for text, page in marks)]


def _fits(added: pikepdf.Pdf, part: int | None) -> bool:
    """May a whole of this part hold it? Its colours must be those of a screen, as the document's are (6.2.4)."""
    claimed = claimed_part(added)
    if part is None or claimed is None or claimed > part:
        return False
    intents = added.Root.get("/OutputIntents", pikepdf.Array())
    profiles = [intent.DestOutputProfile for intent in intents if "/DestOutputProfile" in intent]
    return all(int(profile.get("/N", 0)) == 3 for profile in profiles)


def _doubts(annex: Annex, added: pikepdf.Pdf, claims: Claims) -> Iterator[Problem]:
    place = Place(file=str(annex.path))
    if claims.part is not None and not _fits(added, claims.part):
        message = (
            f"L’annexe « {annex.title} » n’est pas au format PDF/A-{claims.part} : le dossier complet ne l’est plus."
        )
        hint = f"Enregistrez l’annexe au format PDF/A-{claims.part}b, ou archivez-la à part."
        yield Problem("annex-not-pdfa", message, hint, place=place, severity=Severity.WARNING)
    if claims.accessible:
        message = f"Avec l’annexe « {annex.title} », le dossier complet ne peut plus se dire PDF/UA."
        hint = "Joignez l’annexe à part si le PDF doit être accessible."
        yield Problem("annex-not-accessible", message, hint, place=place, severity=Severity.WARNING)


def _absent(annex: Annex, job: Job, error: Exception) -> Problem:
    place = Place(file=str(annex.path))
    if isinstance(error, FileNotFoundError):
        message = f"L’annexe « {annex.title} » est absente ; « {job.target.name} » est fait sans elle."
        hint = "Mettez ce fichier en place, puis convertissez de nouveau."
        return Problem("annex-missing", message, hint, place=place, severity=Severity.WARNING)
    message = f"L’annexe « {annex.title} » ne peut pas être lue ; « {job.target.name} » est fait sans elle ({error})."
    hint = "Donnez un PDF sans mot de passe, puis convertissez de nouveau."
    return Problem("annex-unreadable", message, hint, place=place, severity=Severity.WARNING)
