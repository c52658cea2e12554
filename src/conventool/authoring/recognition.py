"""What each control of an unknown form is for, read off its prompt, its items and the words around it."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from datetime import date
from typing import Any

from slugify import slugify

from conventool.adherent.fields import GivenSignatures
from conventool.adherent.kinds import KINDS
from conventool.authoring.field_proposals import (
    choices,
    declaration,
    field_name,
    field_type,
    holding,
    inner_tags,
    label_before,
    label_of_box,
    label_of_cell,
    says_something,
    unique,
)
from conventool.authoring.filters import filtered
from conventool.authoring.parties import ADHERENT, PartyFound, find_parties, party_at, signing
from conventool.authoring.vocabulary import is_neutral_tag, speaks_of_something_else, subject
from conventool.text.dates import date_or_none
from conventool.text.french import fold
from conventool.word.controls import Control, around
from conventool.word.document import Document
from conventool.word.prompts import says_nothing
from conventool.word.text import Surroundings, surroundings, text_outside_controls
from conventool.word.values import UNFILLABLE

__all__ = ["Proposal", "constants", "fixed_words", "propose"]

_PERSON = re.compile(r"^(Madame|Monsieur)\s+(\S.*?)\s+((?:[A-ZÀ-Þ][A-ZÀ-Þ’'-]+\s*)+)$")
_POSSESSED = re.compile(r"^(?:son|sa)\s+(.+?),?$", re.IGNORECASE)
_TITLED = re.compile(r"^(?:le|la|l’|l')\s*(.+)$", re.IGNORECASE)
_WORDS_OF_A_TAG = 4
_WORDS_OF_A_LABEL = 6
_WORDS_BEFORE_A_DATE = 12
_SHOWN = 80

_AGREEING = {
    "sise": "sise", "sis": "sise", "representee": "representee", "represente": "representee",
    "autorisee": "autorise", "autorise": "autorise", "designee": "designee", "designe": "designee",
    "denommee": "designee", "denomme": "designee",
}  # fmt: skip
_IN_SIGNATURE = {"representant": "nom", "fonction": "titre"}

_FOR_ADHERENT: Mapping[str, str] = {
    "code_postal": "{{ adherent.code_postal }}",
    "reconduction": "{{ adherent.reconduction or reconduction }}",
    "exemplaire": "Exemplaire n°\u00a0{{ exemplaire.rang }}/{{ exemplaire.total }} – {{ exemplaire.nom }}",
    "signature_nom": "{{ adherent.signataire }}",
    "signature_titre": "{{ adherent.titre }}",
}
_WHOLE_ADDRESS = "{{ adherent.adresse }}, {{ adherent.code_postal }} {{ adherent.ville }}"
_FOR_PARTY: Mapping[str, str] = {
    "decision_date": "decision",
    "signature_nom": "signataire",
    "signature_titre": "titre",
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed for one control.

    Attributes:
        control: the control.
        tag: its tag, or the one that it gets.
        expression: what the manifest gives it; None where it stays as it is.
        why: why it gets that, or what is left to decide, in French.
        party: key of its party, where it belongs to one.
        field: what it is for: ``representant``, ``signature_date``.
        words: how the form calls it; empty where it does not.
        own: the name and the declaration of a field of the template's own that it might receive.
        inside: by address, the tags that the controls in it get.
        kept: must it stay as it is, whatever it is for?
        filters: those that its value goes through, as expressions have them, which the form asked for.
    """

    control: Control
    tag: str
    expression: str | None
    why: str
    party: str | None = None
    field: str | None = None
    words: str = ""
    own: tuple[str, Mapping[str, Any]] | None = None
    inside: Mapping[str, str] = dataclass_field(default_factory=dict)
    kept: bool = False
    filters: tuple[str, ...] = ()

    @property
    def written(self) -> str | None:
        """The expression as the manifest has it."""
        if self.expression is None or self.control.kind != "text":
            return self.expression
        return filtered(self.expression, self.filters)

    @property
    def champ(self) -> tuple[str, Mapping[str, Any]] | None:
        """The name and the declaration of the template's own field that it receives, where it does."""
        return self.own if self.own and self.expression == _field(self.own[0]) else None

    def as_field(self, why: str) -> Proposal:
        """The same control, with a field of the template's own; left as it is where it has that already."""
        if self.own is None or self.champ is not None:
            return replace(self, expression=None, why=why)
        return replace(self, expression=_field(self.own[0]), why=why)


def _field(name: str) -> str:
    return f"{{{{ champs.{name} }}}}"


def propose(document: Document) -> tuple[list[PartyFound], list[Proposal]]:
    """Propose a tag for every control, and an expression for those that are plainly an adherent's or a party's.

    Parties are found by « Ci-après désigné « X » », their signatures by « Pour X » in the same table cell; the adherent
    is the party whose controls are empty. A control is recognised by its items, its kind, its prompt or title, the
    words that it holds, those before it and its neighbours; if its tag, its title, its prompt or its label speaks of
    anything else besides, it receives a field of the template's own. One that holds more than text, or others, stays as
    it is.

    Returns:
        The parties in their order, the adherent's key being ``ADHERENT``; and the proposals in the controls' order:
        one for all controls of a tag, none for what is inside a repeated item.
    """
    where = surroundings(document)
    fillable = [control for control in document.controls if control.kind not in UNFILLABLE]
    parties = find_parties(document, fillable, where)
    taken = {control.tag for control in fillable if control.tag}
    proposals: list[Proposal] = []
    for control, following in zip(fillable, (*fillable[1:], None), strict=False):
        if _in_repeated_item(document, control):
            continue
        earlier = proposals[-1].field if proposals else None
        blank = _Blank(control, where[control.address], parties, (earlier, _subject(following)))
        tag = control.tag or unique(blank.tag(), taken)
        held = holding(document, control)
        proposals.append(Proposal(control, tag, None, held, kept=True) if held else blank.proposal(tag))
    return parties, list(_with_fields(document, list(_one_for_each_tag(proposals))))


def _in_repeated_item(document: Document, control: Control) -> bool:
    return any(one.kind in {"repeat", "repeat-item"} for one in around(document.controls, control))


def _one_for_each_tag(proposals: Sequence[Proposal]) -> Iterator[Proposal]:
    """One proposal for all controls of a tag; where no value would do for all, the controls stay as they are."""
    by_tag: dict[str, list[Proposal]] = {}
    for proposal in proposals:
        by_tag.setdefault(proposal.tag, []).append(proposal)
    for tag, same in by_tag.items():
        alike = len({(one.expression, one.kept) for one in same}) == 1
        one = _strictest(same) if alike else None
        if one is not None:
            yield one
        else:
            why = "a la balise d’autres contrôles, qui ne disent pas la même chose"
            yield Proposal(same[0].control, tag, None, why, kept=True)


def _strictest(same: Sequence[Proposal]) -> Proposal | None:
    """Of the proposals of one tag that whose values all their controls take; None where there is none."""
    if same[0].kept or same[0].expression is not None:
        return same[0]
    others = [one for one in same if field_type(one.control) != "texte"]
    kinds = {field_type(one.control) for one in others}
    if len(kinds) > 1 or ("texte" in {field_type(one.control) for one in same} and kinds - _WRITTEN):
        return None
    if kinds != {"choix"}:
        return min(others or same, key=lambda one: one.control.max_length or sys.maxsize)
    items = [set(choices(one.control)) for one in others]
    return next((one for one, own in zip(others, items, strict=True) if all(own <= other for other in items)), None)


def _with_fields(document: Document, proposals: Sequence[Proposal]) -> Iterator[Proposal]:
    """The proposals, of which those that are no adherent's and may be filled receive a field of the template's own."""
    taken: set[str] = set()
    for one in proposals:
        if one.kept:
            yield one
            continue
        tag = one.control.tag or ""
        name = field_name("" if is_neutral_tag(tag) else tag, one.words, one.control, taken)
        inside = inner_tags(document, one.control) if one.control.kind == "repeat" else {}
        own = replace(one, own=(name, declaration(document, one.control, one.words, inside)), inside=inside)
        yield own if own.expression is not None else own.as_field(own.why)


_WRITTEN = frozenset({"choix", "date"})
"""The types of fields whose values a text may say as well."""


class _Blank:
    """One control as a person reads the form.

    Args:
        control: the control.
        around: the words around it.
        parties: those of the document.
        neighbours: what the control before it is for, and what the one after it speaks of.
    """

    def __init__(
        self,
        control: Control,
        around: Surroundings,
        parties: Sequence[PartyFound],
        neighbours: tuple[str | None, str | None],
    ) -> None:
        self.control, self.around = control, around
        self._earlier, self._later = neighbours
        self.signing = signing(around, parties)
        self.party = self.signing or party_at(around, parties)
        self._names = frozenset(
            word for party in parties for name in (party.name, party.key) for word in fold(name).split()
        )
        self.said = _words_of(control)
        self.text = "" if not control.filled else " ".join(control.text.split())
        self.field = self._field()

    def tag(self) -> str:
        """A name for it: of its field and party, else of the words at hand."""
        if self.field:
            own = self.party is None or self.party.key == ADHERENT
            if self.field.startswith("signature_"):
                key = self.party.key if self.party else ADHERENT
                return f"signature_{key}_{self.field.removeprefix('signature_')}"
            return self.field if own or self.party is None else f"{self.party.key}_{self.field}"
        words = self.control.alias or self.control.placeholder or self.around.before or self.text
        named = slugify(words, separator="_").split("_")
        named = named[:_WORDS_OF_A_TAG] if self.control.alias or self.control.placeholder else named[-_WORDS_OF_A_TAG:]
        return "_".join(named) or self.control.kind.replace("-", "_")

    def proposal(self, tag: str) -> Proposal:
        key, words = self.party.key if self.party else None, self._own_words()
        expression = self._expression()
        source = self.control.alias or self.control.placeholder or self.text or self.around.before or "ce qui l’entoure"
        said = f"« {' '.join(source.split())[:_SHOWN]} »"
        if expression is not None and (other := self._something_else()):
            return Proposal(
                self.control, tag, None, f"parle d’autre chose que de l’adhérent (« {other} »)", key, words=words
            )
        if expression is not None:
            return Proposal(self.control, tag, expression, f"d’après {said}", key, self.field, words)
        if says_nothing(self.control.alias or self.control.placeholder):
            said = f"« {self.control.context} »"
        return Proposal(self.control, tag, None, f"n’est pas une donnée de l’adhérent ({said})", key, words=words)

    def _own_words(self) -> str:
        """How the form calls the control: its title, its prompt, or the label before it."""
        control, around = self.control, self.around
        prompt = control.placeholder if control.kind != "repeat" and says_something(control.placeholder) else None
        if control.kind == "checkbox" and not control.alias:
            return label_of_box(around) or self._label() or ""
        return control.alias or prompt or self._label() or label_before(around.since) or label_of_cell(around)

    def _something_else(self) -> str | None:
        """What the form says of the control that has nothing to do with the field that it was taken for."""
        control = self.control
        tag = None if control.tag is None or is_neutral_tag(control.tag) else control.tag.replace("_", " ")
        for words in (control.alias, control.placeholder, tag, self._label()):
            if (
                words
                and self.field
                and not says_nothing(words)
                and speaks_of_something_else(words, self.field, self._names)
            ):
                return " ".join(words.split())
        return None

    def _label(self) -> str | None:
        """The words before it that say what to write there: up to a colon, or in the cell before its own."""
        around = self.around
        before = around.before.rstrip("\u00a0 ")
        if before.endswith(":"):
            own = around.since if any(map(str.isalnum, around.since)) else before
            return re.split(r"[.;,:!?]", own.rstrip("\u00a0 :"))[-1]
        beside = around.beside
        return beside if beside and not before and len(beside.split()) <= _WORDS_OF_A_LABEL else None

    def _expression(self) -> str | None:
        if self.field is None:
            return None
        if self.field == "signature_date":
            key = self.party.key if self.party else ADHERENT
            return f"{{{{ adherent.signatures.{key} or blanc }}}}" if key in GivenSignatures.model_fields else None
        if self.field == "adresse" and "complete" in self.said.split():
            return _WHOLE_ADDRESS
        if self.party is None or self.party.key == ADHERENT or self.field in {"reconduction", "exemplaire"}:
            word = "ville" if self.field == "commune" and not self._is_linked() else self.field
            expression = _FOR_ADHERENT.get(self.field, f"{{{{ adherent.{word} }}}}")
            in_brackets = self.field == "code_postal" and (self.control.placeholder or "").startswith("(")
            return f"({expression})" if in_brackets else expression
        if not self.text:
            return None
        return f"{{{{ parties.{self.party.key}.{_FOR_PARTY.get(self.field, self.field)} }}}}"

    def _is_linked(self) -> bool:
        """Does « à » stand before the town, fixed or in a control? Else its article is its own: « Le Quesnoy »."""
        before = fold(self.around.before).split()
        return self._earlier == "commune_lien" or bool(before and before[-1] in _LINKS["commune_lien"])

    def _field(self) -> str | None:
        found = self._by_items() or self._by_kind() or self._by_text() or self._by_words()
        if self.signing and found in {*_IN_SIGNATURE, *_IN_SIGNATURE.values(), "date"}:
            return f"signature_{_IN_SIGNATURE.get(found, found)}"
        return found

    def _by_items(self) -> str | None:
        items = {fold(item.text) for item in self.control.items}
        if {"tacite", "expresse"} <= items:
            return "reconduction"
        if len(items & _LABELS) > 1:
            return "forme"
        if any(item.startswith(("son ", "sa ")) for item in items):
            return "fonction"
        if len(items & _TITLES) > 1:
            return "fonction"
        return None

    def _by_kind(self) -> str | None:
        if self.control.kind != "date":
            return None
        said = subject(self.said, self._names)
        if said in {"decision_date", "date"} or not self.said:
            before = fold(self.around.before).split()[-_WORDS_BEFORE_A_DATE:]
            decided = said == "decision_date" or bool({"deliberation", "decision"} & set(before))
            return "date" if self.signing else "decision_date" if decided else None
        return None

    def _by_text(self) -> str | None:
        """What the control holds, be it the value of a party or a word that agrees."""
        key = fold(self.text)
        if not key:
            return _AGREEING.get(self.said)
        for link, words in _LINKS.items():
            if key in words and f"{self._later}_lien" == link:
                return link
        patterns = ((_PERSON, "representant"), (_POSSESSED, "fonction"))
        read = next((name for pattern, name in patterns if pattern.match(self.text)), None)
        if read is None and self.signing:
            read = "titre" if _TITLED.match(self.text) else "nom"
        return _AGREEING.get(key) or read

    def _by_words(self) -> str | None:
        """What its title or its prompt speaks of; where they say nothing, what stands around."""
        if self.control.kind == "date":
            return None
        margin = self.around.part.rpartition("/")[2].startswith(("footer", "header"))
        if "exemplaire" in self.said or (margin and not self.said and not self._label()):
            return "exemplaire"
        if self.said:
            return _of_text(subject(self.said, self._names), self.said)
        if fold(self.control.placeholder or "") in _LIST_PROMPTS:  # of a list that became plain text
            return "fonction" if self.signing or self._earlier == "representant" else _BEFORE_IT.get(self._later or "")
        before = fold(self.around.before)
        return next((name for words, name in _BEFORE if before.endswith(words)), None)


_LABELS = {fold(kind.label) for kind in KINDS.values() if kind.label}
_TITLES = {
    fold(f"{article} {title}")
    for kind in KINDS.values()
    for titles in kind.executives
    for title in titles
    for article in ("le", "la")
}
_LINKS = {"nom_lien": frozenset({"de", "d", "du", "des"}), "commune_lien": frozenset({"a", "au", "aux"})}
_LIST_PROMPTS = frozenset({"choisissez un element", "selectionnez un element", "choose an item"})
_BEFORE_IT = {"nom": "forme"}  # what a list is that stands before it
# what precedes a control whose own prompt says nothing
_BEFORE = (
    ("represente par", "representant"), ("representee par", "representant"), ("sise", "adresse"), ("sis", "adresse"),
    ("siege", "adresse"), ("deliberation", "organe"), ("decision", "organe"), ("adresse", "adresse"),
    ("code postal", "code_postal"), ("commune de", "nom"), ("commune d", "nom"), ("ville", "commune"),
)  # fmt: skip


def _of_text(field: str | None, said: str) -> str | None:
    """The field of a control of text: dates have controls of their own, and a title is the function of a signatory."""
    if field == "date" or (field == "decision_date" and "date" not in said.split()):
        return None
    return "fonction" if field == "titre" else field


def _subject(control: Control | None) -> str | None:
    """What a control's title or prompt speaks of."""
    return subject(_words_of(control)) if control else None


def _words_of(control: Control) -> str:
    """Its title and its prompt where they say something, once if they are the same."""
    told = (words for words in (control.alias, control.placeholder) if words and not says_nothing(words))
    return " ".join(dict.fromkeys(map(fold, told)))


def constants(proposals: Sequence[Proposal], party: str) -> dict[str, str | date] | None:
    """What the document says of a party whose data are the template's; None if it does not say all."""
    texts = {
        proposal.field: " ".join(proposal.control.text.split()) for proposal in proposals if proposal.party == party
    }
    person, function = _PERSON.match(texts.get("representant", "")), _POSSESSED.match(texts.get("fonction", ""))
    decision = date_or_none(texts.get("decision_date", ""))
    if not person or not function or not decision:
        return None
    return {
        "civilite": person[1],
        "prenom": person[2],
        "nom": person[3].strip(),
        "fonction": function[1],
        "decision": decision,
    }


def fixed_words(
    document: Document, parties: Sequence[PartyFound], proposals: Sequence[Proposal]
) -> Iterator[tuple[str, int]]:
    """The words that would have to agree with the adherent or its name, and are fixed text.

    Yields:
        The word and the rank of its paragraph in the main text.
    """
    where, served = surroundings(document), {proposal.field for proposal in proposals}
    for proposal in proposals:
        link = _LINKS.get(f"{proposal.field}_lien", frozenset())
        around = where[proposal.control.address]
        before = around.before.split()
        if before and fold(before[-1]) in link and f"{proposal.field}_lien" not in served:
            yield before[-1], around.paragraph or 1
    adherent = next((party for party in parties if party.key == ADHERENT), None)
    for number, text in text_outside_controls(document.roots[document.package.main_part]) if adherent else ():
        if adherent and adherent.first <= number <= adherent.last:
            yield from ((word, number) for word in re.findall(r"\w+", text) if fold(word) in _AGREEING)
