"""An adherent and a copy → the value of each control, by the manifest's expressions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple, NoReturn

from conventool.adherent.adherent import Adherent
from conventool.adherent.decision import Signatures
from conventool.adherent.protection import Protection
from conventool.catalogue.words import catalogue_words
from conventool.core.errors import TemplateError
from conventool.core.problems import Problem
from conventool.core.row import Path as Way
from conventool.core.row import dotted
from conventool.files.filenames import safe_name
from conventool.template.data import NO_FIELDS
from conventool.template.expressions import Expression, ExpressionError, Together
from conventool.template.fields import FieldValue
from conventool.template.folder import TemplateFolder
from conventool.template.manifest import Party
from conventool.template.wording import Words, words
from conventool.text.french import Gender, agree, possessive, with_article
from conventool.text.numbers import number_text
from conventool.word.values import Blank, Value

__all__ = ["WORDS_OF_ADHERENT", "Binder", "Conditions", "Copy", "adherent_words"]

_ADHERENT, _COPY, _FIELDS, _CHOSEN, _CATALOGUE = "adherent", "exemplaire", "champs", "contribution", "catalogue"
_ARTICLE = re.compile(r"^(?:(?:Le|La|Les) |L’)")
_VALUES = (str, int, date, Blank)


class Copy(NamedTuple):
    """One of the copies of an adherent's document.

    Attributes:
        cle: whose it is, as the manifest's key.
        fichier: the name of its file, safe on every system.
        values: by address, the value of each control.
    """

    cle: str
    fichier: str
    values: Mapping[str, Value]


class Conditions:
    """When pieces are written.

    Args:
        pieces: by key, the pieces, whose manifests say it; one without a condition always is.
    """

    def __init__(self, pieces: Mapping[str, TemplateFolder]) -> None:
        self._pieces = pieces
        conditions = {key: piece.manifest.si for key, piece in pieces.items() if piece.manifest.si is not None}
        self._conditions = Together(conditions)
        self._of_adherent = any(_ADHERENT in condition.names for condition in conditions.values())

    def met(
        self,
        adherent: Adherent | None,
        champs: Mapping[str, FieldValue] = NO_FIELDS,
        contribution: Mapping[str, Any] = NO_FIELDS,
    ) -> list[str]:
        """The keys of the pieces that are written for these data.

        Raises:
            TemplateError: a condition fails.
        """
        if not self._of_adherent and champs is NO_FIELDS and contribution is NO_FIELDS:
            return self._of_nothing
        context: dict[str, Any] = {_FIELDS: champs, _CHOSEN: contribution}
        if adherent is not None and self._of_adherent:  # to put it into words takes longer than all else
            context[_ADHERENT] = adherent_words(adherent)
        return self._met(context)

    @cached_property
    def _of_nothing(self) -> list[str]:
        """Those that are written for data that say nothing of which a condition could speak, as in most lists."""
        return self._met({_FIELDS: NO_FIELDS, _CHOSEN: NO_FIELDS})

    def _met(self, context: Mapping[str, Any]) -> list[str]:
        try:
            found = self._conditions(context)
        except ExpressionError as error:
            key, cause = self._conditions.failing(context) or (next(iter(self._pieces)), error)
            message, place = f"« si » : {cause}", self._pieces[key].row.where(("si",))
            problem = Problem("bad-expression", message, "Corrigez cette ligne du manifeste.", "si", place=place)
            raise TemplateError(problem) from error
        return [key for key in self._pieces if found.get(key, True)]


class Binder:
    """The expressions of one template, ready for any number of adherents.

    Args:
        template: whose manifest says what each control receives.
        suffix: what the names of the files end with.
    """

    def __init__(self, template: TemplateFolder, suffix: str = ".docx") -> None:
        manifest = template.manifest
        self._template, self._suffix = template, suffix
        self._constants: dict[str, Any] = {
            "parties": {key: _party(party) for key, party in manifest.parties.items()},
            "reconduction": manifest.reconduction,
            "blanc": Blank(manifest.date_en_blanc),
        }
        self._copies = [
            {"cle": key, "nom": nom, "rang": rank, "total": len(manifest.exemplaires)}
            for rank, (key, nom) in enumerate(manifest.exemplaires.items(), 1)
        ]
        formulas: dict[Way, Expression] = {("controles", a): e for a, e in manifest.controles.items()}
        formulas["fichier",] = manifest.fichier
        if any(_CATALOGUE in expression.names for expression in formulas.values()):
            self._constants[_CATALOGUE] = catalogue_words(template.catalogue) if template.catalogue else {}
        known = {*self._constants, _COPY}
        fixed = {way: e for way, e in formulas.items() if e.names <= known and way != ("fichier",)}
        spoken = {way: e for way, e in formulas.items() if way not in fixed}
        own = {way: e for way, e in spoken.items() if _COPY in e.names or way == ("fichier",)}
        common = {way: e for way, e in spoken.items() if way not in own}
        self._common, self._own = [str(way[-1]) for way in common], [str(way[-1]) for way in own][:-1]
        # one evaluation tells all of an adherent: in it each copy is called otherwise
        self._named = {f"{_COPY}{copy['rang']}": copy for copy in self._copies}
        each = [(name, way, e) for name in self._named for way, e in own.items()]
        self._formulas = {**common, **{(name, *way): e.renaming(_COPY, name) for name, way, e in each}}
        self._fixed = Together(fixed)
        self._marks = {str(way[-1]) for way, e in fixed.items() if _COPY in e.names}

    def copies(
        self,
        adherent: Adherent | None,
        champs: Mapping[str, FieldValue] = NO_FIELDS,
        contribution: Mapping[str, Any] = NO_FIELDS,
    ) -> Iterator[Copy]:
        """The copies of one adherent, in the manifest's order.

        Args:
            adherent: None where the template asks for none.
            champs: the values of the template's own fields.
            contribution: what it chose in the catalogue, and pays.

        Raises:
            TemplateError: an expression of the manifest fails, or leaves a control without a value.
        """
        context: dict[str, Any] = {**self._constants, **self._named, _FIELDS: champs, _CHOSEN: contribution}
        if adherent is not None:
            context[_ADHERENT] = adherent_words(adherent)
        found = self._evaluate(self._spoken, context)
        common, rest = found[: len(self._common)], found[len(self._common) :]
        width = len(self._own) + 1  # the name of the file comes last
        own = [rest[start : start + width] for start in range(0, len(rest), width)]
        files = tuple(safe_name(str(fichier), self._suffix) for *_, fichier in own)
        if len(set(files)) < len(files):
            self._refuse(("fichier",), "deux exemplaires auraient le même nom ; ajoutez « {{ exemplaire.cle }} ».")
        frame, marks = self._frame
        shared = frame | dict(zip(self._common, common, strict=True))
        for (cle, mark), fichier, (*values, _) in zip(marks.items(), files, own, strict=True):
            yield Copy(cle, fichier, {**shared, **mark, **dict(zip(self._own, values, strict=True))})

    @cached_property
    def _spoken(self) -> Together[Way]:
        """What speaks of the adherent; whoever holds documents against a template asks for what is fixed alone."""
        return Together(self._formulas)

    @cached_property
    def _frame(self) -> tuple[dict[str, Value], dict[str, dict[str, Value]]]:
        """The values of all controls in the manifest's order, as far as they are constant; and what marks each copy."""
        unknown: dict[str, Value] = dict.fromkeys(self._template.manifest.controles)
        return unknown | self.constants(), self.marks()

    @cached_property
    def _known(self) -> dict[str, dict[str, Value]]:
        """By the copy's key, then by address, the values that no adherent changes."""
        contexts = {str(copy["cle"]): {**self._constants, _COPY: copy} for copy in self._copies}
        addresses = [str(way[-1]) for way in self._fixed.keys]
        return {
            cle: dict(zip(addresses, self._evaluate(self._fixed, context), strict=True))
            for cle, context in contexts.items()
        }

    def constants(self) -> dict[str, Value]:
        """By address, what every document says alike: the values that no adherent and no copy changes.

        Raises:
            TemplateError: an expression of the manifest fails, or leaves a control without a value.
        """
        values = next(iter(self._known.values()))
        return {a: value for a, value in values.items() if a not in self._marks}

    def marks(self) -> dict[str, dict[str, Value]]:
        """By the copy's key, then by address, what tells the copies of any adherent apart.

        Raises:
            TemplateError: an expression of the manifest fails, or leaves a control without a value.
        """
        return {cle: {a: values[a] for a in values if a in self._marks} for cle, values in self._known.items()}

    def _evaluate(self, together: Together[Way], context: Mapping[str, Any]) -> list[Any]:
        """The values of expressions, in their order, as controls take them."""
        try:
            found = list(together.values(context))
        except ExpressionError as error:
            way, cause = together.failing(context) or (("controles",), error)
            self._refuse(way, str(cause))
        for rank, value in enumerate(found):
            if not isinstance(value, _VALUES):
                found[rank] = self._printable(together.keys[rank], value)
        return found

    def _printable(self, way: Way, value: Any) -> Value:
        """An amount, or the elements of a ``liste``, as controls take them."""
        if value is None:
            self._refuse(way, "l’expression ne donne aucune valeur ; « blanc » laisserait une ligne à remplir.")
        if isinstance(value, Decimal):
            return number_text(value)
        if not isinstance(value, list):
            self._refuse(way, "l’expression ne donne ni texte, ni nombre, ni date.")
        return [{name: number_text(v) if isinstance(v, Decimal) else v for name, v in item.items()} for item in value]

    def _refuse(self, way: Way, why: str) -> NoReturn:
        way = way[1:] if way[0] in self._named else way
        field = dotted(way)
        message, hint = f"« {field} » : {why}", "Corrigez cette ligne du manifeste."
        raise TemplateError(Problem("bad-expression", message, hint, field, place=self._template.row.where(way)))


WORDS_OF_ADHERENT: Mapping[str, tuple[str, ...]] = {
    "adherent": (
        *Words._fields, "qualite", "designation", "ville", "code_insee", "siret", "decision_date", "reconduction",
        "signatures", "protection", "courriel", "telephone",
    ),
    "adherent.signatures": Signatures._fields,
    "adherent.protection": Protection._fields,
}  # fmt: skip
"""What `adherent_words` gives, so that a word that it does not give is told before there is an adherent."""


def adherent_words(adherent: Adherent) -> dict[str, Any]:
    """What the manifest's expressions may say of an adherent: the words of the text, and the data as they are."""
    spoken, delegation = words(adherent), adherent.representant.delegation
    return {
        **spoken._asdict(),
        "qualite": spoken.titre.removeprefix(f"{delegation.texte}, ") if delegation else spoken.titre,
        "designation": _ARTICLE.sub("", f"{spoken.forme} {spoken.nom_lien}{spoken.nom}"),
        "ville": adherent.commune,
        "code_insee": adherent.code_insee,
        "siret": adherent.siret,
        "decision_date": adherent.decision.date,
        "reconduction": adherent.reconduction,
        "signatures": adherent.signatures._asdict(),
        "protection": adherent.protection._asdict(),
        "courriel": adherent.courriel,
        "telephone": adherent.telephone,
    }


def _party(party: Party) -> dict[str, Any]:
    """The words of a party whose data are the template's: its signatory agrees like an adherent's."""
    gender = Gender.FEMININE if party.civilite == "Madame" else Gender.MASCULINE
    return {
        "representant": f"{party.civilite} {party.prenom} {party.nom}",
        "fonction": f"{possessive(party.fonction, gender)},",
        "autorise": agree("autorisé", gender),
        "decision": party.decision,
        "titre": with_article(party.fonction, gender),
        "signataire": f"{party.prenom} {party.nom}",
    }
