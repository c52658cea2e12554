"""What the columns of a table hold: decided by the user, else said by their headers, and in a doubt by their values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import NamedTuple

from conventool.adherent.fields import CONTACT, REQUIRED
from conventool.core.problems import Place, Problem, Severity
from conventool.core.row import REASONS
from conventool.files.reading import unreadable
from conventool.sources.column_values import AMBIGUOUS, BY_VALUES, PERSONS, mostly, whole_names
from conventool.sources.headers import EXAMPLES, meaning_of, words_of
from conventool.sources.own_columns import ADHERENTS, Meaning, OwnColumns
from conventool.text.french import fold
from conventool.text.suggestions import closest, did_you_mean, listed

__all__ = ["Columns", "Head", "recognise", "unknown_columns"]

_NAMING = ("nom", "code_insee", "siret", "commune")
"""Fields one of which at least says who the adherent is; of a commune its town alone does."""

_OFFICIAL = frozenset(map(fold, ["code de la commune", "code commune insee", "com"]))
"""Headers that only the official lists of communes have."""

_SECOND_HAND = ("etablissement ", "entreprise ", "commune siege")
"""How headers begin that démarches-simplifiées fills in from SIRENE, and BANATIC from INSEE: the adherent's own answer
in another column is preferred."""


class Head(NamedTuple):
    """The top of a table.

    Attributes:
        place: the line of headers.
        headers: as one speaks of them, those written alike told apart.
        written: as they are written.
        samples: for each, the texts of the first rows below it.
    """

    place: Place
    headers: Sequence[str]
    written: Sequence[str]
    samples: Sequence[Sequence[str]]


class Columns(NamedTuple):
    """What the columns of a table hold.

    Attributes:
        meanings: for each column, the fields it holds; None for one that is left aside.
        headers: as they are written; with what values decided where one may mean several things, so that the same
            columns with other values mean the same.
        defaults: fields that the kind of table implies for every row, or that the user gives them all.
        problems: columns that nobody knows, and what was assumed.
        incomplete: the columns without which no row can be accepted, where some are missing.
        unknown: the headers that mean nothing to the template.
    """

    meanings: tuple[Meaning | None, ...]
    headers: tuple[str, ...]
    defaults: Mapping[str, str]
    problems: tuple[Problem, ...]
    incomplete: Problem | None = None
    unknown: tuple[str, ...] = ()


def recognise(
    head: Head,
    mapping: Mapping[str, Meaning | None],
    fixed: Mapping[str, str],
    own: OwnColumns = ADHERENTS,
    *,
    kind: str | None = None,
    why: str = "",
) -> Columns:
    """Tell what each column holds.

    Args:
        head: the headers, what stands above them, and values below.
        mapping: from a header to its meaning, as the user decided; None to leave the column aside.
        fixed: by field, the value that every row has, as the user decided.
        own: what headers mean to the template.
        kind: what every adherent is, as the rows tell where no column does.
        why: what speaks for it, to follow what is said of it.

    Returns:
        The columns.

    Raises:
        UnreadableError: no column is known, two hold the same field, or one may hold either of two.
    """
    return _Recognition(head, mapping, fixed, own).columns(kind, why)


def unknown_columns(place: Place, unknown: Sequence[str], usual: Sequence[str], proposed: str | None = None) -> Problem:
    """Tell of columns that nobody knows, all at once.

    Args:
        place: of their headers.
        unknown: the headers; at least one.
        usual: those that might be meant.
        proposed: what to do, where their values tell it.
    """
    nearest = {header: closest(header, usual, _LIKENESS) for header in unknown}
    meant = [f"pour « {header} », « {near} »" for header, near in nearest.items() if near]
    if len(unknown) == 1:
        message = f"La colonne « {unknown[0]} » n’est pas reconnue : les documents n’en prennent rien."
        near, place = nearest[unknown[0]], place._replace(column=unknown[0])
        hint = f"Vouliez-vous dire « {near} » ?" if near else None
    else:
        named = ", ".join(f"« {header} »" for header in unknown)
        message = f"Ces {len(unknown)} colonnes ne sont pas reconnues, et les documents n’en prennent rien : {named}."
        hint = f"Vouliez-vous dire, {' ; '.join(meant)} ?" if meant else None
    value = ", ".join(unknown)
    return Problem("unknown-field", message, proposed or hint, value=value, place=place, severity=Severity.WARNING)


class _Recognition:
    """The columns of one table on their way to meanings."""

    def __init__(
        self, head: Head, mapping: Mapping[str, Meaning | None], fixed: Mapping[str, str], own: OwnColumns
    ) -> None:
        self._head = head
        self._own = own
        self._mapping = mapping
        self._decided = {fold(header): meaning for header, meaning in mapping.items()}
        self._fixed = fixed
        self._problems: list[Problem] = []
        self._kept: list[str] = []
        self._written = list(head.written)
        self._words = [words_of(text) for text in head.written]
        self._meanings = [self._first(place) for place in range(len(head.headers))]

    def columns(self, kind: str | None, why: str) -> Columns:
        """All of them, of adherents that are all of a kind if it is known."""
        if self._own.adherent:
            self._number_beside_street()
            self._whole_names()
        if not any(self._meanings):
            named = ("Code INSEE", "Code postal", "Civilité") if self._own.adherent else self._own.labels
            hint = f"La première ligne doit nommer les colonnes, par exemple : {', '.join(named)}."
            raise unreadable("Aucune colonne n’est reconnue.", self._proposed() or hint, self._head.place)
        if self._own.adherent:
            self._whose_name()
            self._leave_second_hand()
            self._leave_other_contacts()
            self._narrow_shared()
        self._leave_fixed()
        self._refuse_doubles()
        defaults = {**self._supposed(kind, why), **self._fixed}
        incomplete = self._incomplete(defaults)
        unknown = self._unknown()
        self._report_unknown(unknown, None if incomplete else self._proposed())
        self._report_absent()
        self._report_shared()
        meanings, problems = tuple(self._meanings), tuple(self._problems)
        return Columns(meanings, tuple(self._written), defaults, problems, incomplete, (*unknown, *self._kept))

    # --- what each column holds

    def _first(self, place: int) -> Meaning | None:
        """What a column holds by its header, and by its values where the header may mean two things."""
        if self._is_decided(place):
            return self._decided[fold(self._head.headers[place])]
        if meaning := self._own.own_meaning_of(self._head.written[place]):
            return meaning
        for fits, what in AMBIGUOUS.get(self._words[place], ()):
            if mostly(self._head.samples[place], fits):
                self._written[place] = f"{self._head.written[place]} ({what})"
                break
        return self._own.meaning_of(self._written[place])

    def _number_beside_street(self) -> None:
        """« N° » beside « Rue » is that of the house."""
        for place, words in enumerate(self._words):
            beside = self._meanings[place + 1 : place + 2]
            if words == ("numero",) and not self._is_decided(place) and _STREET in beside:
                self._meanings[place] = Meaning(("adresse",), 1)

    def _whole_names(self) -> None:
        """« Nom du maire » without a column of first names holds whole names, where its values are."""
        for place, meaning in enumerate(self._meanings):
            if meaning != _SURNAME or self._is_decided(place) or self._given("representant.prenom"):
                continue
            if what := whole_names(self._head.samples[place]):
                longer = f"{what} ({self._head.written[place]})"
                self._written[place] = longer if meaning_of(longer) == meaning_of(what) else what
                self._meanings[place] = meaning_of(what)

    def _whose_name(self) -> None:
        """Tell whose name « Nom » beside « Prénom » is.

        The person's, where another column gives the adherent's name, or where one says who the adherent is and
        « Civilité » stands with the two; else that is asked back.
        """
        bare = [
            place
            for place, words in enumerate(self._words)
            if words == ("nom",) and self._meanings[place] == _NAME
            if not self._is_decided(place)
        ]
        if not bare or self._given("representant.nom") or not self._given("representant.prenom"):
            return
        header = self._head.headers[bare[0]]
        if self._given("nom") > len(bare):
            for place in bare:
                self._meanings[place] = _SURNAME
        elif len(bare) == 1 and self._stands_with_person(bare[0]) and any(map(self._given, _NAMING[1:])):
            self._meanings[bare[0]] = _SURNAME
            message = f"La colonne « {header} », avec la civilité et le prénom, est lue comme le nom du représentant."
            self._report(Severity.NOTICE, "filled-in", message, None, header)
        elif ("prenom",) in self._words:
            hint = (
                "Renommez-la « Nom du représentant » ou « Nom de l’adhérent », ou écrivez dans un fichier "
                f"« --columns » la ligne « {header}: representant.nom »."
            )
            message = "La colonne « Nom » peut être le nom de l’adhérent ou celui du représentant."
            raise unreadable(message, hint, self._head.place)

    def _stands_with_person(self, place: int) -> bool:
        """Whether a column is one of three side by side, the others a civilité and a first name."""
        wanted = {_NAME, Meaning(("representant.civilite",)), Meaning(("representant.prenom",))}
        return any(set(self._meanings[first : first + 3]) == wanted for first in range(max(0, place - 2), place + 1))

    def _narrow_shared(self) -> None:
        """A column of several fields gives only those that no other column gives alone."""
        alone = {meaning.fields[0] for meaning in self._meanings if meaning and len(meaning.fields) == 1}
        for place, meaning in enumerate(self._meanings):
            if meaning and len(meaning.fields) > 1 and not self._is_decided(place):
                left = tuple(field for field in meaning.fields if field not in alone)
                self._meanings[place] = Meaning(left) if left else None
                if not left:
                    self._leave(place, Severity.NOTICE, "d’autres donnent déjà ces champs")

    def _leave_second_hand(self) -> None:
        for place, header in enumerate(self._head.headers):
            meaning = self._meanings[place]
            if meaning and not self._is_decided(place) and fold(header).startswith(_SECOND_HAND):
                rivals = [other for rank, other in enumerate(self._meanings) if rank != place and other]
                if any(field in other.fields for other in rivals for field in meaning.fields):
                    self._leave(place, Severity.NOTICE, "une autre donne déjà ce champ")

    def _leave_other_contacts(self) -> None:
        """Of several columns of addresses of mail, one gives it: the template's own, the one called just so, the first.

        The others are no mistake: they are kept, as are those that mean nothing.
        """
        for field in CONTACT:
            rivals = [
                place
                for place, meaning in enumerate(self._meanings)
                if meaning == Meaning((field,)) and not self._is_decided(place)
            ]
            rivals.sort(key=partial(self._distance, EXAMPLES[field]))
            for place in rivals[1:]:
                first = self._head.headers[rivals[0]]
                self._leave(place, Severity.NOTICE, f"« {first} » donne déjà ce champ ; suivi.xlsx la garde")
                self._kept.append(self._head.headers[place])

    def _distance(self, usual: str, place: int) -> tuple[bool, bool]:
        """How far a column is from the one that its field is taken from before all others."""
        header = self._head.headers[place]
        return self._own.own_meaning_of(header) is None, fold(header) != fold(usual)

    def _leave_fixed(self) -> None:
        """A value given for every row wins over a column, which is said."""
        for place, meaning in enumerate(self._meanings):
            if meaning and any(field in self._fixed for field in meaning.fields):
                self._leave(place, Severity.WARNING, "« --set » donne ce champ à toutes les lignes")

    def _leave(self, place: int, severity: Severity, why: str) -> None:
        """Leave a column aside, and say why."""
        header = self._head.headers[place]
        self._meanings[place] = None
        message = f"La colonne « {header} » est laissée de côté : {why}."
        self._report(severity, "column-left-aside", message, None, header)

    def _refuse_doubles(self) -> None:
        self._refuse_whole_and_parts()
        for field in dict.fromkeys(field for meaning in self._meanings if meaning for field in meaning.fields):
            rivals = [
                (header, meaning)
                for header, meaning in zip(self._head.headers, self._meanings, strict=True)
                if meaning and field in meaning.fields
            ]
            if len({meaning.rank for _, meaning in rivals}) < len(rivals):
                named = ", ".join(f"« {header} »" for header, _ in rivals)
                message = f"Plusieurs colonnes donnent le champ « {field} » : {named}."
                hint = (
                    "Renommez-en une, ou dites laquelle garder dans un fichier « --columns » : "
                    f"« {rivals[-1][0]}: null » laisse la dernière de côté."
                )
                raise unreadable(message, hint, self._head.place)

    def _refuse_whole_and_parts(self) -> None:
        """« Services » beside a column for each service: which of them counts is not to be guessed."""
        headers = {field: header for header, meaning in zip(self._head.headers, self._meanings, strict=True)
                   for field in (meaning.fields if meaning else ())}  # fmt: skip
        for field, header in headers.items():
            whole = field.partition(".")[0]
            if whole != field and whole in headers:
                message = f"« {headers[whole]} » et « {header} » donnent tous deux le champ « {whole} »."
                hint = (
                    f"Gardez l’une des deux ; dans un fichier « --columns », « {header}: null » en laisse une de côté."
                )
                raise unreadable(message, hint, self._head.place)

    def _is_decided(self, place: int) -> bool:
        return fold(self._head.headers[place]) in self._decided

    def _given(self, field: str) -> int:
        """How many columns give a field."""
        return sum(meaning is not None and field in meaning.fields for meaning in self._meanings)

    # --- what is to be said

    def _report(self, severity: Severity, code: str, message: str, hint: str | None, header: str | None) -> None:
        place = self._head.place._replace(column=header)
        self._problems.append(Problem(code, message, hint, value=header, place=place, severity=severity))

    def _unknown(self) -> list[str]:
        return [
            header
            for place, header in enumerate(self._head.headers)
            if self._meanings[place] is None and not self._is_decided(place) and not header.startswith("(")
            if self._own.meaning_of(self._head.written[place]) is None
            and not self._own.is_left_aside(header)
            and fold(header) != fold(REASONS)
        ]

    def _report_unknown(self, unknown: Sequence[str], proposed: str | None) -> None:
        """Tell of all columns that nobody knows at once, and what is proposed for them."""
        if not unknown:
            return
        known = {fold(header) for header, meaning in zip(self._head.headers, self._meanings, strict=True) if meaning}
        usual = [*self._own.labels, *(EXAMPLES.values() if self._own.adherent else ())]
        usual = [header for header in usual if fold(header) not in known]
        self._problems.append(unknown_columns(self._head.place, unknown, usual, proposed))

    def _report_absent(self) -> None:
        """Tell of headers that the user decided on and the table has not, all at once."""
        present = {fold(header) for header in self._head.headers}
        absent = [header for header in self._mapping if fold(header) not in present]
        if absent:
            named = listed(absent)
            message = f"Le fichier « --columns » nomme {named}, que la table n’a pas."
            hint = did_you_mean(absent[0], self._head.headers)
            problem = Problem("unknown-field", message, hint, value=", ".join(absent), place=self._head.place)
            self._problems.append(problem._replace(severity=Severity.WARNING))

    def _report_shared(self) -> None:
        """Say by which rule the cells of a column are parted, or joined."""
        for header, meaning in zip(self._head.headers, self._meanings, strict=True):
            if meaning and len(meaning.fields) > 1:
                rule = _RULES.get(meaning.fields[0], _RULE_FOR_PERSONS)
                message = f"Chaque cellule de « {header} » est partagée : {rule}."
                self._report(Severity.NOTICE, "shared-column", message, None, header)
        parts = [
            (meaning.rank, header)
            for header, meaning in zip(self._head.headers, self._meanings, strict=True)
            if meaning and meaning.fields == ("adresse",)
        ]
        if len(parts) > 1:
            named = ", ".join(f"« {header} »" for _, header in sorted(parts))
            message = f"L’adresse est faite de ces colonnes, dans cet ordre : {named}."
            self._report(Severity.NOTICE, "shared-column", message, None, None)

    def _supposed(self, kind: str | None, why: str) -> dict[str, str]:
        """The kind that no column says: as the rows tell, or the headers of an official list of communes."""
        if not self._own.adherent or self._given("forme") or "forme" in self._fixed:
            return {}
        if kind is None and any(fold(header) in _OFFICIAL for header in self._head.headers):
            kind = "commune"
        if kind is None:
            return {}
        message = f"Sans colonne « forme », cette liste est lue comme une liste de communes{why}."
        problem = Problem("filled-in", message, field="forme", place=self._head.place, severity=Severity.NOTICE)
        self._problems.append(problem)
        return {"forme": kind}

    def _incomplete(self, defaults: Mapping[str, str]) -> Problem | None:
        """All columns that every row needs and that are not there."""
        whole = (*(REQUIRED if self._own.adherent else ()), *self._own.needed)
        needed = [field for field in whole if field not in defaults and not self._given(field)]
        if "representant.civilite" in needed and self._given_by_person():
            needed.remove("representant.civilite")
        if self._own.adherent and not any(field in defaults or self._given(field) for field in _NAMING):
            needed.insert(0, "nom")
        if not needed:
            return None
        what = "Il manque une colonne, sans laquelle" if len(needed) == 1 else "Il manque des colonnes, sans lesquelles"
        named = ", ".join(f"« {self._own.needed.get(field) or EXAMPLES[field]} »" for field in needed)
        message = f"{what} aucune ligne ne peut être acceptée : {named}."
        add = "Ajoutez-la, ou donnez son en-tête" if len(needed) == 1 else "Ajoutez-les, ou donnez leurs en-têtes"
        hints = [self._proposed() or f"{add} dans un fichier « --columns »."]
        if "forme" in needed:
            hints.append("Si la forme est la même partout, écrivez par exemple --set forme=commune.")
        return Problem("missing-column", message, " ".join(hints), place=self._head.place)

    def _given_by_person(self) -> bool:
        """Whether one column holds a person whole, whose civilité may stand in it."""
        shared = [meaning for meaning in self._meanings if meaning and len(meaning.fields) > 1]
        return any(_SURNAME.fields[0] in meaning.fields for meaning in shared)

    def _proposed(self) -> str | None:
        """The lines to add to a file of columns, where values say plainly what a column holds."""
        if not self._own.adherent:
            return None
        said: dict[str, list[str]] = {}
        for place, (header, sample) in enumerate(zip(self._head.headers, self._head.samples, strict=True)):
            target = None if self._is_decided(place) else self._target(place, sample)
            if target and not (target == _DAY and _OTHER_DAYS.intersection(fold(header).split())):
                said.setdefault(target, []).append(header)
        lines = [f"« {headers[0]}: {target} »" for target, headers in said.items() if len(headers) == 1]
        if not lines:
            return None
        return f"D’après ses valeurs, écrivez dans un fichier « --columns » : {', '.join(lines)}."

    def _target(self, place: int, sample: Sequence[str]) -> str | None:
        """What the values of a column say that it holds, if nothing else gives that."""
        for target, fits in BY_VALUES.items():
            fields = meaning_of(target)
            assert fields
            wanted = [field for field in fields.fields if not self._given(field)]
            name_alone = self._meanings[place] == _SURNAME and not self._given("representant.prenom")
            replaces = name_alone and target in PERSONS
            free = self._meanings[place] is None and len(wanted) == len(fields.fields)
            if (free or replaces) and mostly(sample, fits):
                return target
        return None


_LIKENESS = 85
"""How much like a known header another must be, of 100, to be its misspelling; « Téléphone du siège » is not far from
« Commune du siège »."""

_DAY = "Date de délibération"
_OTHER_DAYS = frozenset(
    [
        "naissance",
        "mandat",
        "debut",
        "fin",
        "creation",
        "soumission",
        "horodateur",
        "depot",
        "jour",
        "envoi",
        "signature",
    ]
)
"""What a column of dates says that it is, and is no deliberation."""

_NAME = Meaning(("nom",))
_SURNAME = Meaning(("representant.nom",))
_STREET = Meaning(("adresse",), 3)
_RULES = {
    **dict.fromkeys(["code_postal", "commune"], "le code postal, et la commune avant ou après"),
    **dict.fromkeys(["decision.numero", "decision.date"], "le numéro, puis « du » et la date"),
}
_RULE_FOR_PERSONS = (
    "la civilité d’abord ; les mots en capitales sont le nom, les autres le prénom ; à défaut de capitales, deux mots "
    "suivent l’ordre de l’en-tête"
)
