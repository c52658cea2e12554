"""A bare Word form → one document for each row, by the addresses of controls that the row gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from conventool.core.errors import FillError
from conventool.core.problems import Problem, decodable
from conventool.core.row import Row
from conventool.documents.elision import badly_linked
from conventool.documents.fillers import Made, NumberedRow, Outcome, Ready
from conventool.documents.form_values import bare_names, form_values
from conventool.documents.name_pattern import NamePattern
from conventool.dossier.records import BY_FILE, Facts, as_json
from conventool.files.filenames import safe_name
from conventool.sources.own_columns import AddressColumns, OwnColumns
from conventool.template.folder import TemplateFolder
from conventool.word.template import Mode, Template

__all__ = ["FormFiller"]


class FormFiller:
    """Fills a bare Word document: each row is one copy, named by a pattern, or after the form, the rank and a text."""

    addresses = True
    template: TemplateFolder | None = None
    pieces: Mapping[str, TemplateFolder] = MappingProxyType({})

    def __init__(self, path: Path, controls: Mode, alone: str | None, name: str | None) -> None:
        self.document = Template.open(path)
        self.own: OwnColumns = AddressColumns(
            [called for control in self.document.controls for called in bare_names(control)], self._means_any
        )
        self._pattern = NamePattern(name, self.document) if name is not None else None
        self.name = decodable(path.name)
        self.folder = path.parent
        self.parts: tuple[Path, ...] = (path,)
        self.copies: Mapping[str, str] = {"": decodable(path.stem)}
        self._controls, self._alone = controls, alone
        self.told_beforehand: Sequence[Problem] = self.document.told_when_filled

    def make(self, rows: Sequence[NumberedRow]) -> list[Outcome]:
        """What rows become: a document each, or why not."""
        return [self._made(rank, row) for rank, row in rows]

    def _made(self, rank: int, row: Row) -> Outcome:
        values, ready, problems = form_values(self.document, row, self._controls)
        if ready is None:
            return None, problems
        texts = {address: (address, value) for address, value in values.items() if isinstance(value, str)}
        problems = [*problems, *badly_linked(self.document, ready, texts, row)]
        first = next((value for value in values.values() if isinstance(value, str) and value), "")
        nom = f"{Path(self.name).stem}_{self._alone or f'{rank:04}_{first}'}"
        if self._pattern is not None and not (nom := self._pattern.name(values, rank)):
            message = "« --name » ne donne ici aucun nom de fichier."
            hint = "Donnez à cette ligne les valeurs qu’il nomme, ou ajoutez-y « {{ rang }} »."
            return None, [*problems, Problem("missing-field", message, hint, place=row.place)]
        fichier = safe_name(nom, self.document.suffix)
        called = decodable(self._alone or first or f"ligne {rank}")
        facts = Facts(called, "", "", (f"{BY_FILE}{fichier}",), as_json(row.values), as_json(values))
        return Made(facts, (Ready("", fichier, self.document, ready),)), problems

    def _means_any(self, address: str) -> bool:
        """Does an address mean any control? One that means several is for its rows to tell."""
        try:
            return bool(self.document.find_all(address))
        except FillError as error:
            return any(problem.code != "control-missing" for problem in error.problems)
