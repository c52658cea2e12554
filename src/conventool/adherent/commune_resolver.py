"""Finds the commune that an INSEE code, a name and a postal code mean; repairs what is safe and tells it.

A repair is safe when two of the three agree on a commune and the third is that commune's own, misspelt: an
INSEE code in the place of its postal code, a lost zero, capitals without accents. All else is an error with a
proposal.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from conventool.adherent.commune_words import (
    STATES,
    bare_key,
    chosen_commune,
    delivery_words,
    either,
    formers_meant,
    listed_communes,
    of_departement,
    other_of_code,
    postal_digits,
    without_delivery,
    without_town_words,
)
from conventool.core.problems import Problem, Severity
from conventool.register.communes import Commune, Departement, Former, Register, place_key
from conventool.text.cleaning import repair_mojibake
from conventool.text.french import NBSP, typographic
from conventool.text.suggestions import is_misspelt

__all__ = ["Fields", "Settled", "settle"]


class Fields(NamedTuple):
    """The paths of the three data fields, for problems to name."""

    code_insee: str = "code_insee"
    nom: str = "nom"
    code_postal: str = "code_postal"


class Settled(NamedTuple):
    """What was found.

    Attributes:
        commune: the commune meant; None where a problem says why there is none.
        code_postal: its geographic postal code, filled in or repaired; None where it is wrong or open.
        problems: all that is wrong, and notices of all that was repaired or filled in.
    """

    commune: Commune | None
    code_postal: str | None
    problems: list[Problem]


def settle(
    register: Register,
    code_insee: str | None = None,
    nom: str | None = None,
    code_postal: str | None = None,
    *,
    fields: Fields = Fields(),  # noqa: B008 - a tuple, never changed
) -> Settled:
    """Settle on one commune from what the data says of it.

    Args:
        register: the official register.
        code_insee: an INSEE code, as written.
        nom: the name of a commune, as written.
        code_postal: a postal code, as written.
        fields: the fields these came from.

    Returns:
        The commune with its postal code, and every problem, its place left to the caller.
    """
    case = _Case(register, _given(code_insee), _given(nom), _given(code_postal), fields)
    commune = case.commune()
    return Settled(commune, case.settled_postal_code(commune), case.problems)


def _given(text: str | None) -> str | None:
    return (text or "").strip() or None


class _Case:
    """One commune to settle, and the problems found on the way."""

    def __init__(
        self, register: Register, code: str | None, nom: str | None, postal: str | None, fields: Fields
    ) -> None:
        self.register = register
        self.fields = fields
        self.problems: list[Problem] = []
        self.written_code, self.written_nom, self.written_postal = code, nom, postal
        self.postal = postal_digits(postal)
        self.departement: Departement | None = None
        if chosen := chosen_commune(nom, register):
            self.written_code = code or chosen.code
            self.nom: str | None = chosen.nom
            self.written_nom = chosen.nom
        else:
            self.nom = self._bare_name(self._without_cedex(nom))

    # --- the commune

    def commune(self) -> Commune | None:
        """The commune meant, or None once a problem has said why not."""
        if self.written_code:
            return self._by_code(self.written_code)
        if self.nom:
            return self._by_name(self.nom)
        served = self.register.by_postal_code(self.postal) if self.postal else []
        self._add(
            "missing-field",
            "Il manque la commune.",
            f"Donnez son code INSEE{NBSP}: {listed_communes(served)}."
            if served
            else "Donnez son code INSEE ou son nom.",
            self.fields.nom,
        )
        return None

    def _by_code(self, written: str) -> Commune | None:
        code = re.sub(r"[\s.]", "", written).upper()
        if re.fullmatch(r"\d{4}", code) and self._is_insee("0" + code):
            code = "0" + code
            message = f"Code INSEE lu {code}, son zéro initial rétabli."
            self._notice("lost-zero", message, self.fields.code_insee, written)
        commune = self.register.by_code(code)
        named = commune is not None and (self.nom is None or self._same_name(self.nom, commune))
        if commune and named and (self.nom or self.postal in (None, code, *commune.codes_postaux)):
            self._tell_two_codes(code, commune)
            return commune
        if misplaced := self._by_misplaced_postal_code(code, known=commune is not None):
            return misplaced
        if commune and named:
            return commune
        self._refuse_code(code, commune)
        return None

    def _tell_two_codes(self, code: str, commune: Commune) -> None:
        """Tell how a code alone was taken that is the INSEE code of one commune and the postal code of others."""
        if self.nom is not None or self.postal not in {None, code} or code in commune.codes_postaux:
            return
        if others := self.register.by_postal_code(code):
            taken = f"{code} est pris pour le code INSEE {commune.de}"
            message = f"{taken}{NBSP}; c’est aussi le code postal {others[0].de}."
            self._notice("insee-code-mismatch", message, self.fields.code_insee, self.written_code)

    def _is_insee(self, code: str) -> bool:
        return bool(self.register.by_code(code) or self.register.former(code))

    def _by_misplaced_postal_code(self, code: str, *, known: bool) -> Commune | None:
        """The commune whose postal code stands in the place of its INSEE code, if all the rest says so."""
        agreed = [
            commune
            for commune in self.register.by_postal_code(code)
            if (self.nom is None or place_key(self.nom) == place_key(commune.nom))
            and (
                self.postal == commune.code
                or (self.nom and self.postal in commune.codes_postaux)
                or (self.nom and self.postal is None and not known)
            )
        ]
        if len(agreed) != 1:
            return None
        (commune,) = agreed
        message = f"{code} est un code postal{NBSP}: lu {commune.code}, le code INSEE {commune.de}."
        self._notice("insee-code-mismatch", message, self.fields.code_insee, self.written_code)
        if self.postal == commune.code:
            self.postal = code
        if self.nom:
            self._respelled(self.nom, commune)
        return commune

    def _refuse_code(self, code: str, commune: Commune | None) -> None:
        field, written = self.fields.code_insee, self.written_code
        if commune and self.nom:
            formers = self.register.former_by_name(self.nom)
            merged = next((former for former in formers if former.successor == commune), None)
            if merged:
                self._former(merged, self.fields.nom, self.nom)
            else:
                self._contradiction(code, commune, self.nom)
        elif former := self.register.former(code):
            self._former(former, field, written)
        elif served := self.register.by_postal_code(code):
            message = f"{code} est un code postal, non un code INSEE."
            self._add(
                "insee-code-mismatch",
                message,
                f"Code INSEE possible{NBSP}: {listed_communes(served)}.",
                field,
                written,
            )
        else:
            named = self.register.by_name(self.nom) if self.nom else []
            hint = (
                f"Peut-être {listed_communes(named)}."
                if named
                else f"Cherchez-le avec «{NBSP}conventool communes{NBSP}»."
            )
            self._add("unknown-commune", f"Aucune commune n’a le code INSEE {code}.", hint, field, written)

    def _same_name(self, nom: str, commune: Commune) -> bool:
        """Whether ``nom`` is that of the commune, or a misspelling that its code makes safe to repair."""
        if typographic(nom) == commune.nom:
            return True
        key, official = place_key(nom), place_key(commune.nom)
        if key not in {official, bare_key(commune), _without_article(official)}:
            if self.register.by_name(nom) or self.register.former_by_name(nom):
                return False
            if not is_misspelt(key, official) and place_key(repair_mojibake(nom) or "") != official:
                return False
        self._respelled(nom, commune)
        return True

    def _contradiction(self, code: str, commune: Commune, nom: str) -> None:
        others = self.register.by_name(nom)
        message = f"{code} est le code INSEE {commune.de}, non de «{NBSP}{nom}{NBSP}»."
        posted = [other for other in others if code in other.codes_postaux]
        if posted:
            message = f"{code} est le code INSEE {commune.de}{NBSP}; c’est le code postal {posted[0].de}."
        hint = (
            f"Corrigez le code ou le nom{NBSP}: {listed_communes(posted or others)}."
            if others
            else f"Corrigez le code, ou écrivez «{NBSP}{commune.nom}{NBSP}»."
        )
        self._add("insee-code-mismatch", message, hint, self.fields.code_insee, self.written_code)

    def _by_name(self, nom: str) -> Commune | None:
        found = self.register.by_name(nom) or (self._articled(nom) if self.postal else [])
        formers = self.register.former_by_name(nom)
        if self.postal:
            served = [commune for commune in found if self.postal in commune.codes_postaux]
            merged = [old for old in formers if self.postal in old.successor.codes_postaux]
            if not served and merged:
                found, formers = [], merged
            else:
                found = served or of_departement(self.postal, found) or found
        if self.departement:
            found = [commune for commune in found if commune.departement == self.departement.code] or found
        if len(found) == 1:
            self._found_by_name(nom, found[0])
            return found[0]
        if found:
            message = f"Plusieurs communes s’appellent «{NBSP}{found[0].nom}{NBSP}»."
            self._add(
                "ambiguous-commune",
                message,
                f"Donnez le code INSEE{NBSP}: {listed_communes(found)}.",
                self.fields.nom,
                nom,
            )
        elif formers:
            self._former(formers[0], self.fields.nom, nom, formers[1:])
        else:
            self._unknown_name(nom)
        return None

    def _articled(self, nom: str) -> list[Commune]:
        """The communes named so but for their article, of the postal code if there is one."""
        return [
            commune
            for article in ("le", "la", "les", "l")
            for commune in self.register.by_name(f"{article} {nom}", self.postal)
        ]

    def _found_by_name(self, nom: str, commune: Commune) -> None:
        self._respelled(nom, commune)
        if self.written_postal is None:
            message = f"Commune trouvée par son seul nom{NBSP}: {listed_communes([commune])}."
            self._notice("filled-in", message, self.fields.code_insee, None)

    def _unknown_name(self, nom: str) -> None:
        if original := repair_mojibake(nom):
            hint = f"Enregistrez le fichier en UTF-8{NBSP}; ce nom est sans doute «{NBSP}{original}{NBSP}»."
            self._add("mojibake", "Les accents de ce nom sont abîmés.", hint, self.fields.nom, nom)
            return
        if formers := formers_meant(nom, self.postal, self.register):
            self._former(formers[0], self.fields.nom, nom, formers[1:])
            return
        begun = f"{place_key(nom)} "
        served = self.register.by_postal_code(self.postal) if self.postal else []
        near = self._articled(nom) or [one for one in served if place_key(one.nom).startswith(begun)]
        near = near or self.register.resembling(nom, 3)
        if self.postal:
            near = [commune for commune in near if self.postal in commune.codes_postaux] or (
                of_departement(self.postal, near) or near
            )
        hint = f"Vouliez-vous dire {listed_communes(near)}{NBSP}?" if near else "Donnez le code INSEE."
        if epci := next(iter(self.register.epci_called(nom)), None):
            hint = f"«{NBSP}{epci.nom}{NBSP}» est une intercommunalité{NBSP}: si c’est l’adhérent, corrigez sa forme."
        self._add("unknown-commune", f"Aucune commune ne s’appelle «{NBSP}{nom}{NBSP}».", hint, self.fields.nom, nom)

    def _former(self, former: Former, field: str, written: str | None, others: Sequence[Former] = ()) -> None:
        nom = former.nom or f"La commune de code {former.code}"
        if former.nature == "arrondissement-municipal":
            code, message = (
                "unknown-commune",
                f"{nom} n’est pas une commune, mais une partie {former.successor.de}.",
            )
        else:
            state = STATES[former.nature]
            code = "former-commune"
            message = f"{nom} {state} {former.successor.de}{NBSP}: elle n’a plus la personnalité morale."
        successors = dict.fromkeys(old.successor for old in (former, *others))
        signs = "est" if len(successors) == 1 else f"est une de celles-ci{NBSP}:"
        self._add(code, message, f"La commune qui signe {signs} {listed_communes(successors)}.", field, written)

    def _respelled(self, nom: str, commune: Commune) -> None:
        if typographic(nom) != commune.nom:
            message = f"Nom écrit comme au répertoire{NBSP}: {commune.nom}."
            self._notice("respelled", message, self.fields.nom, self.written_nom)

    # --- its postal code

    def settled_postal_code(self, commune: Commune | None) -> str | None:
        """The commune's geographic postal code, problems telling what was wrong with the one written."""
        if commune is None:
            if self.written_postal and self.postal is None:
                self._bad_postal_code("Écrivez les cinq chiffres.")
            return None
        codes = commune.codes_postaux
        if self.written_postal is None:
            return self._missing_postal_code(commune)
        if self.postal in codes:
            self._repaired_postal_code()
            return self.postal
        right = f"Le code postal {commune.de} est {either(codes)}." if codes else None
        if self.postal is None:
            self._bad_postal_code(right)
            return None
        return self._wrong_postal_code(self.postal, commune, right)

    def _missing_postal_code(self, commune: Commune) -> str | None:
        codes, field = commune.codes_postaux, self.fields.code_postal
        if len(codes) == 1:
            self._notice("filled-in", f"Code postal {commune.de}{NBSP}: {codes[0]}.", field, None)
            return codes[0]
        several = f"la commune {commune.de} en a {len(codes)}" if codes else "le répertoire n’en a pas"
        hint = f"Choisissez parmi {either(codes)}." if codes else None
        self._add("missing-field", f"Il manque le code postal{NBSP}: {several}.", hint, field)
        return None

    def _repaired_postal_code(self) -> None:
        written = self.written_postal
        if written is None or written == self.postal:
            return
        if re.fullmatch(r"\d{4}", re.sub(r"\s", "", written)):
            code, message = "lost-zero", f"Code postal lu {self.postal}, son zéro initial rétabli."
        elif delivery_words(written):
            code, message = "postal-code-cedex", f"Mention CEDEX ôtée du code postal {self.postal}."
        else:
            code, message = "respelled", f"Code postal lu {self.postal}."
        self._notice(code, message, self.fields.code_postal, written)

    def _wrong_postal_code(self, postal: str, commune: Commune, right: str | None) -> str | None:
        field, written = self.fields.code_postal, self.written_postal
        served = self.register.by_postal_code(postal)
        if postal == commune.code and not served and len(commune.codes_postaux) == 1:
            (only,) = commune.codes_postaux
            message = f"{postal} est le code INSEE {commune.de}{NBSP}: lu {only}, son code postal."
            self._notice("postal-code-mismatch", message, field, written)
            return only
        if served:
            owners = f"{served[0].de}{' et d’autres communes' if len(served) > 1 else ''}"
            self._add("postal-code-mismatch", f"{postal} est le code postal {owners}.", right, field, written)
        elif postal == commune.code:
            message = f"{postal} est le code INSEE {commune.de}, non son code postal."
            self._add("postal-code-mismatch", message, right, field, written)
        elif of_departement(postal, [commune]) or (written and delivery_words(written)):
            message = f"{postal} n’est le code postal d’aucune commune{NBSP}: sans doute un code CEDEX."
            self._add("postal-code-cedex", message, right, field, written)
        else:
            self._bad_postal_code(right)
        return None

    def _bad_postal_code(self, hint: str | None) -> None:
        message = f"«{NBSP}{self.written_postal}{NBSP}» n’est pas un code postal."
        self._add("bad-postal-code", message, hint, self.fields.code_postal, self.written_postal)

    # --- what was written

    def _without_cedex(self, nom: str | None) -> str | None:
        if nom is None or "cedex" not in nom.lower():
            return nom
        bare = without_delivery(nom).strip(" ,-")
        message = f"Mention CEDEX ôtée du nom de la commune{NBSP}: {bare}."
        self._notice("postal-code-cedex", message, self.fields.nom, nom)
        return bare or None

    def _bare_name(self, nom: str | None) -> str | None:
        """The name without what lists write around it: « 59710 Pont-à-Marcq », « Ville de Lille », « Hem (Nord) »."""
        if nom is None or not re.search(_AROUND_A_NAME, nom) or self.register.by_name(nom):
            return nom
        match = re.fullmatch(_NAME_WITH_CODE, nom)
        assert match  # it matches any line
        bare = without_town_words(match["name"].strip(), self.register)
        code = re.sub(r"\s", "", match["before"] or match["after"] or "")
        self.departement = self.register.departement(match["departement"] or "")
        if not bare or bare == nom or (match["departement"] and self.departement is None):
            return nom
        if match["after"] and (other := other_of_code(code, bare, self.register)):
            message = f"«{NBSP}{nom}{NBSP}»{NBSP}: {code} est le code INSEE {other.de}."
            hint = f"Corrigez le nom ou le code{NBSP}: {listed_communes(self.register.by_name(bare))}."
            self._add("insee-code-mismatch", message, hint, self.fields.nom, self.written_nom)
            return bare
        self._notice("repaired", f"«{NBSP}{nom}{NBSP}» est lu «{NBSP}{bare}{NBSP}».", self.fields.nom, self.written_nom)
        if code and self.written_postal is None:
            self.postal = self.written_postal = code
            self.fields = self.fields._replace(code_postal=self.fields.nom)
        elif code and self.postal and code not in {self.postal, *(one.code for one in self.register.by_name(bare))}:
            message = f"«{NBSP}{nom}{NBSP}» contredit le code postal, {self.postal}."
            self._add("postal-code-mismatch", message, "Corrigez celui des deux qui est faux.", self.fields.nom, nom)
        return bare

    # --- problems

    def _add(self, code: str, message: str, hint: str | None, field: str, value: str | None = None) -> None:
        self.problems.append(Problem(code, message, hint, field, value))

    def _notice(self, code: str, message: str, field: str, value: str | None) -> None:
        self.problems.append(Problem(code, message, None, field, value, severity=Severity.NOTICE))


_AROUND_A_NAME = r"(?i)\d|[(,]|^(?:de )?(?:la )?(?:ville|commune|mairie|à|aux?)\b"
_NAME_WITH_CODE = (
    r"(?i)(?:(?:FR?-?)?(?P<before>\d{2} ?\d{3})[\s,–-]+)?(?P<name>.*?)"
    r"(?:[\s,–-]*\(?(?P<after>\d{2} ?\d{3})\)?|\s*\((?P<departement>[^()]+)\))?(?:,? \(?France\)?)?"
)


def _without_article(key: str) -> str:
    return re.sub(r"^(?:le|la|les|l|aux|las|los) ", "", key)
