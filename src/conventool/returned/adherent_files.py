"""The files of one adherent held against each other: an annexe missing, given twice, or another adherent's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from conventool.core.problems import Place, Problem, Severity
from conventool.returned.comparison import Comparison
from conventool.returned.confusables import skeleton
from conventool.returned.contributions import contribution_said
from conventool.returned.following import named_in, owed_beside
from conventool.returned.slots import Slot
from conventool.returned.template_pattern import TemplatePattern
from conventool.template.expressions import Expression
from conventool.template.folder import TemplateFolder
from conventool.text.stories import squeezed
from conventool.text.suggestions import listed

__all__ = ["AdherentFile", "adherent_file", "file_problems"]

_TELLING = frozenset({"adherent", "champs", "contribution"})
"""The words of expressions that the pieces of one adherent all say alike."""


class Saying(NamedTuple):
    """What a piece says that others of its adherent say too.

    Attributes:
        piece: title of the piece.
        label: of the control where it stands, or stands in another piece if it follows from what this one prints.
        text: what it says.
    """

    piece: str
    label: str
    text: str


class AdherentFile(NamedTuple):
    """What is asked of a returned file to hold it against the others of its adherent.

    Attributes:
        path: where it is.
        folder: of its template.
        name: of its adherent, as it says it; in a dossier, as that has it.
        pieces: keys of the pieces that it holds, the first one first.
        copy: key of the copy that it is.
        content: the same for two files that say the same.
        due: keys of the pieces that were written for its adherent; None where nothing says which.
        says: by what is said, what its pieces say that others say too.
        number: of its adherent in the dossier, where that is known: two may have one name.
    """

    path: Path
    folder: Path
    name: str
    pieces: tuple[str, ...]
    copy: str = ""
    content: str = ""
    due: frozenset[str] | None = None
    says: Mapping[str, Sequence[Saying]] = {}
    number: int | None = None

    def is_loose(self, template: TemplateFolder) -> bool:
        """Is it a piece that follows the convention, in a file of its own?"""
        return self.pieces[0] in template.others and template.others[self.pieces[0]].manifest.suit is not None


def adherent_file(
    pieces: Sequence[Comparison],
    templates: Sequence[TemplatePattern],
    copy: str,
    due: frozenset[str] | None,
    *,
    says: bool,
) -> AdherentFile | None:
    """What is asked of a file; None where its template has no other pieces, or it names nobody.

    Args:
        pieces: what is in the file, the first one first.
        templates: all that are known.
        copy: key of the copy that it is.
        due: keys of the pieces that were written for its adherent, where that is known.
        says: is it held against the others by what it says?
    """
    folder, name = pieces[0].template.folder.folder, named_in(pieces[0])
    whole = next((one.folder for one in templates if one.folder.folder == folder and one.folder.is_first), None)
    if whole is None or not whole.others or not name:
        return None
    said: dict[str, list[Saying]] = {}
    shared = _shared(whole) if says else {}
    for piece in pieces if says else ():
        # another adherent's is told as such
        if piece is pieces[0] or skeleton(named_in(piece)) in {"", skeleton(name)}:
            for what, saying in _said(piece, templates, shared):
                said.setdefault(what, []).append(saying)
    content = sha256("\0".join(squeezed(text) for piece in pieces for text in piece.values.values()).encode())
    keys = tuple(piece.template.folder.key for piece in pieces)
    return AdherentFile(pieces[0].path, folder, name, keys, copy, content.hexdigest(), due, said)


@lru_cache(maxsize=16)
def _shared(whole: TemplateFolder) -> dict[str, tuple[str, Expression]]:
    """By how the manifest writes it, each expression that two pieces print alike, and how its control is called."""
    found: dict[str, tuple[str, Expression]] = {}
    pieces: Counter[str] = Counter()
    for piece in whole.pieces.values():
        sources = {
            source: (piece.document.find_all(address)[0].alias or address, expression)
            for address, expression in piece.manifest.controles.items()
            if expression.names and expression.names <= _TELLING and (source := piece.source_of(address))
        }
        found |= sources
        pieces.update(sources.keys())
    return {source: one for source, one in found.items() if pieces[source] > 1}


def _said(
    piece: Comparison, templates: Sequence[TemplatePattern], shared: Mapping[str, tuple[str, Expression]]
) -> Iterator[tuple[str, Saying]]:
    """What a piece says that others say too; on paper not where nothing tells one value from the next."""
    folder, values = piece.template.folder, piece.values
    title = folder.manifest.titre
    unsure = () if piece.returned.is_word else (a for ones in piece.template.neighbours if len(ones) > 1 for a in ones)
    left_out, printed = set(unsure), set()
    for address, slot in piece.template.slots.items():
        source, text = folder.source_of(address), " ".join(values.get(address, "").split())
        if source in shared and slot.items is None and address not in left_out and _is_written(slot, text):
            printed.add(source)
            yield f"{source} {slot.date_format}", Saying(title, slot.label, text)
    expressions = {source: expression for source, (_, expression) in shared.items() if source not in printed}
    for what, text in contribution_said(piece, templates, expressions).items():
        yield f"{what} ", Saying(title, shared[what][0] if what in shared else "Services", text)


def _is_written(slot: Slot, text: str) -> bool:
    """Is it neither a prompt nor a line for a person to write on?"""
    return bool(text.strip(".…_ ")) and not slot.shows_prompt(text)


# --- The files of a call -----------------------------------------------------------------------------------


def file_problems(files: Iterable[AdherentFile], templates: Sequence[TemplatePattern]) -> Iterator[Problem]:
    """What the files of a call say of each other, each problem at the file that is to be looked at.

    Args:
        files: all of them.
        templates: all that are known.
    """
    wholes = {one.folder.folder: one.folder for one in templates if one.folder.is_first}
    of_adherent: dict[tuple[Path, int | None, str], list[AdherentFile]] = {}
    for file in files:
        of_adherent.setdefault((file.folder, file.number, skeleton(file.name)), []).append(file)
    groups = [(wholes[folder], group) for (folder, *_), group in of_adherent.items()]
    for whole, group in groups:
        conventions = [one for one in group if one.pieces[0] == whole.key]
        if any(_differing([*conventions, *group], only=len(conventions))):
            continue  # two adherents of one name: neither is told from the other
        yield from _missing(whole, group)
        yield from _twice(whole, group)
        yield from _contradictions(group)
    yield from _of_others(groups)


def _missing(whole: TemplateFolder, group: Sequence[AdherentFile]) -> Iterator[Problem]:
    """The pieces that follow the convention and are in no file, where others of them are files of their own."""
    there = {key for file in group for key in file.pieces}
    loose = [file for file in group if file.is_loose(whole)]
    if not loose or len(there) == 1:
        return
    due = next((file.due for file in group if file.due is not None), None)
    titles = [whole.others[key].manifest.titre for key in owed_beside(whole, there, due)]
    at = next((file for file in group if file.pieces[0] == whole.key), loose[0])
    for title in titles:
        message = f"« {title} » n’est pas parmi ces fichiers, alors que d’autres annexes de « {at.name} » y sont."
        yield _told("missing-piece", message, "Donnez aussi son fichier, ou redemandez-le.", at)


def _twice(whole: TemplateFolder, group: Sequence[AdherentFile]) -> Iterator[Problem]:
    """A piece that follows the convention and is given in two files of one format."""
    seen: dict[tuple[str, str, str], AdherentFile] = {}
    for file in group:
        key = (file.pieces[0], file.copy, file.path.suffix.lower())
        first = seen.setdefault(key, file)
        if file is first or not file.is_loose(whole):
            continue
        title, same = whole.others[file.pieces[0]].manifest.titre, file.content == first.content
        how = "dit la même chose" if same else "dit autre chose"
        message = f"Deux fichiers sont « {title} » de « {file.name} » : celui-ci {how} que « {first.path.name} »."
        problem = _told("duplicate-piece", message, "Gardez celui qui fait foi.", file)
        yield problem._replace(severity=Severity.NOTICE) if same else problem


def _contradictions(group: Sequence[AdherentFile]) -> Iterator[Problem]:
    """What one piece says otherwise than the others: what most say is taken for right."""
    for said in _differing(group):
        counted = Counter(skeleton(saying.text) for _, saying in said)
        right = next(saying for _, saying in said if skeleton(saying.text) == counted.most_common(1)[0][0])
        told = set()
        for file, saying in said:
            if skeleton(saying.text) != skeleton(right.text) and (file.path, saying) not in told:
                told.add((file.path, saying))
                message = (
                    f"{saying.label} : « {saying.piece} » dit « {saying.text} », et « {right.piece} » « {right.text} »."
                )
                yield _told("pieces-differ", message, "L’une des deux a été changée : comparez-les.", file)


def _differing(group: Sequence[AdherentFile], only: int | None = None) -> Iterator[list[tuple[AdherentFile, Saying]]]:
    """Each thing that some files do not all say alike, with who says it; of the first ones only, if that is asked."""
    said: dict[str, list[tuple[AdherentFile, Saying]]] = {}
    for file in group[:only]:
        for what, sayings in file.says.items():
            said.setdefault(what, []).extend((file, saying) for saying in sayings)
    yield from (ones for ones in said.values() if len({skeleton(saying.text) for _, saying in ones}) > 1)


def _of_others(groups: Sequence[tuple[TemplateFolder, Sequence[AdherentFile]]]) -> Iterator[Problem]:
    """The pieces of an adherent of whom there is no convention, where a convention has no such piece beside it."""
    without: dict[tuple[Path, str], list[str]] = {}
    for whole, group in groups:
        there = {key for file in group for key in file.pieces}
        for key in whole.others.keys() - there if whole.key in there else ():
            without.setdefault((whole.folder, key), []).append(group[0].name)
    for whole, group in groups:
        if any(file.pieces[0] == whole.key for file in group):
            continue
        for file in group:
            if file.is_loose(whole) and (names := without.get((whole.folder, file.pieces[0]))):
                title = whole.others[file.pieces[0]].manifest.titre
                others = f"celle de « {names[0]} »" if len(names) == 1 else listed(names)
                message = f"« {title} » est au nom de « {file.name} », dont la convention n’est pas là ; "
                message += f"à côté de {others}, il n’y en a pas."
                yield _told("piece-of-another", message, "Vérifiez de qui vient ce fichier.", file)


def _told(code: str, message: str, hint: str, file: AdherentFile) -> Problem:
    return Problem(code, message, hint, place=Place(file=str(file.path)), severity=Severity.WARNING)
