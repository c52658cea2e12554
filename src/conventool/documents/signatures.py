"""Who signs the documents of a template, and the empty fields in which they do."""

from __future__ import annotations

from collections.abc import Mapping

from conventool.core.errors import TemplateError, UsageError
from conventool.core.problems import Place, Problem
from conventool.pdf.jobs import SignatureField
from conventool.template.folder import TemplateFolder
from conventool.template.manifest import MANIFEST

__all__ = ["fields_by_copy"]


def fields_by_copy(pieces: Mapping[str, TemplateFolder], name: str) -> dict[str, tuple[SignatureField, ...]]:
    """The signature fields of each document of a template.

    Args:
        pieces: of the template, those that are wanted; none of a bare Word form.
        name: of the template.

    Returns:
        By key of the copy, its fields in the order of signing; a copy that nobody signs has none.

    Raises:
        UsageError: the manifest does not say who signs.
        TemplateError: a document does not have the texts that the manifest says.
    """
    signed = [piece for piece in pieces.values() if piece.manifest.signatures]
    if not signed:
        message = f"« --signature » : le modèle « {name} » ne dit pas qui signe, ni où."
        hint = f"Écrivez sous « signatures », dans son {MANIFEST}, chaque signataire et le texte de son bloc."
        if not pieces:
            hint = f"Faites-en un modèle : conventool adopt {name} ; puis écrivez « signatures » dans son {MANIFEST}."
        raise UsageError(Problem("no-signature-block", message, hint, place=Place(file=name)))
    problems = [problem for piece in signed for problem in piece.misfits_of_signatures(piece.document)]
    if problems:
        raise TemplateError(*problems)
    return {copy: _fields(piece) for piece in signed for copy in piece.manifest.exemplaires}


def _fields(piece: TemplateFolder) -> tuple[SignatureField, ...]:
    return tuple(
        SignatureField(f"{rank}_{party}", text, f"Signature, {text[0].lower()}{text[1:]}")
        for rank, (party, text) in enumerate(piece.manifest.signatures.items(), 1)
    )
