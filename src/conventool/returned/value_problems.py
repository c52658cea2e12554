"""Values of a returned document that cannot be, whoever its adherent is: held against the template, and each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import islice

from conventool.core.problems import Problem, Severity
from conventool.returned.alterations import DISGUISED, shortened
from conventool.returned.by_hand import is_day
from conventool.returned.comparison import Comparison
from conventool.returned.confusables import disguised, is_alike, skeleton
from conventool.returned.item_pattern import curled
from conventool.returned.said_words import day_said, words_of
from conventool.returned.sections import unheld
from conventool.returned.slots import Slot
from conventool.text.dates import date_or_none, long_date
from conventool.text.stories import squeezed

__all__ = ["value_problems"]

_PARTICLE = (
    r"(?:de|du|des|la|le|les|van|von|der|den|di|da|do|dos|ben|bin|el|al|et|y|veuve|dit|dite"
    r"|\(?née?|\(?ép\.?|\(?épouse)"
)
_CAPITALIZED = r"\(?(?:(?:[dl]|de)?’ ?)?[^\W\d_a-zà-ÿ][\w’.)-]*"
_NAME = re.compile(rf"(?:(?:{_PARTICLE}|{_CAPITALIZED})(?:\s+|$)){{1,9}}|[.…_\s]*")
"""The name of a person, or dots: each word of it has a capital or is a particle."""


def value_problems(comparison: Comparison) -> Iterator[Problem]:
    """Values that cannot be: a prompt left, a text where only some words may stand, dates in impossible order."""
    slots = comparison.template.slots
    for address, text in comparison.values.items():
        slot = slots[address]
        if slot.repeated is None and slot.shows_prompt(text):
            message = f"{slot.label} : le texte d’espace réservé « {text.strip()} » est resté."
            hint = "Le document a été signé incomplet ; complétez-le."
            yield Problem("leftover-placeholder", message, hint, address, text, severity=Severity.WARNING)
        elif not slot.empty_box and not slot.is_sign and (letters := disguised(text)):
            unwritten = f"des caractères que le français n’écrit pas ({', '.join(letters)})"
            message, hint = f"{slot.label} : « {shortened(text.strip())} » contient {unwritten}.", DISGUISED
            yield Problem("look-alike", message, hint, address, text, severity=Severity.WARNING)
        elif not slot.accepts(text, on_paper=not comparison.returned.is_word) and not _is_joined(comparison, address):
            yield _impossible(slot, address, text)
    yield from _unheld(comparison)
    yield from _repetitions(comparison)
    yield from _list_numbers(comparison)
    yield from _page_counts(comparison)
    yield from _date_order(comparison)
    yield from list(_signatory(comparison)) or _under_names(comparison)


def _is_joined(comparison: Comparison, address: str) -> bool:
    """Whether paper shows a value and the one beside it as one word, so that it was read as all of it or nothing."""
    said = (comparison.values.get(one, "") for one in comparison.beside(address) if one in comparison.template.touching)
    return not comparison.values[address].strip() and any(text.strip() for text in said)


def _impossible(slot: Slot, address: str, text: str) -> Problem:
    """A value that cannot stand where it does; a month, or a day with its place, is what signing adds."""
    said = f"« {shortened(text.strip())} »"
    if slot.is_signing_day and is_day(text.strip(".…_ ")):
        message = f"{slot.label} : {said}, ajouté à la main."
        return Problem("by-hand", message, None, address, text, severity=Severity.NOTICE)
    told = f"{said} n’est pas une valeur possible ici" if text.strip() else "la valeur manque"
    return Problem("altered-value", f"{slot.label} : {told}.", "Vérifiez ce passage.", address, text)


def _unheld(comparison: Comparison) -> Iterator[Problem]:
    """Words of a repeating section that stand in none of its controls, where the document has kept its controls."""
    for pair in comparison.stories:
        for slot in pair.pattern.slots:
            if slot.items is None or not slot.items.controls:
                continue
            words = " ".join(unheld(slot, pair.pattern, pair.story, comparison.values.get(slot.address, "")).split())
            if words:
                message = f"{slot.label} : « {shortened(words)} » n’est dans aucun contrôle de la section."
                yield Problem("altered-value", message, "Vérifiez ce passage.", slot.address, words)


def _repetitions(comparison: Comparison) -> Iterator[Problem]:
    """Fields that do not show what the values that they repeat make."""
    for address, text in comparison.values.items():
        slot = comparison.template.slots[address]
        wanted = slot.repeated(comparison.values) if slot.repeated else None
        if wanted is None or skeleton(wanted) == skeleton(text) or _is_in_capitals(comparison, wanted, text):
            continue
        hint = "Dans Word, F9 met ce champ à jour."
        if slot.shows_prompt(text) and slot.may_be_old:
            continue
        if slot.shows_prompt(text):
            message = f"{slot.label} : « {shortened(text.strip())} » est l’ancien résultat."
            yield Problem("stale-field", message, hint, address, text, severity=Severity.WARNING)
        else:
            said = f"{slot.label} : « {shortened(text.strip())} »"
            message = f"{said}, alors que le document dit « {shortened(wanted)} »."
            yield Problem("altered-value", message, hint, address, text)


def _is_in_capitals(comparison: Comparison, wanted: str, text: str) -> bool:
    """Whether paper shows the one in capitals and the other as it is typed."""
    on_paper = comparison.template.layout.capitals and not comparison.returned.is_word
    return on_paper and skeleton(wanted.upper()) == skeleton(text.upper())


def _list_numbers(comparison: Comparison) -> Iterator[Problem]:
    """Numbers of lists on paper that are not those which as many elements of repeating sections make."""
    if comparison.returned.is_word:
        return
    numbers = iter(comparison.template.labels(comparison.values))
    for address, slot in comparison.template.slots.items():
        text = comparison.values.get(address, "")
        wanted = text
        if slot.is_label:
            wanted = next(numbers, "")
        elif slot.items and slot.items.labels:
            items = slot.items.split(text, on_paper=True) or []
            wanted = slot.items.text(items, list(islice(numbers, len(items) * len(slot.items.labels))))
        if squeezed(wanted) != squeezed(text):
            message = f"{slot.label} : « {shortened(text.strip())} », alors que la liste donne « {shortened(wanted)} »."
            yield Problem("altered-value", message, "Vérifiez ce passage.", address, text)


def _page_counts(comparison: Comparison) -> Iterator[Problem]:
    """How many pages the text of a PDF says that it has, where these are not all; annexes may follow them."""
    count = len(comparison.returned.pages)
    for address, text in comparison.values.items():
        slot = comparison.template.slots[address]
        if slot.alias == "Champ NUMPAGES" and text.isdecimal() and int(text) != count:
            if comparison.template.folder.manifest.annexes and int(text) < count:
                continue
            message = f"{slot.label} : « {text} », alors que le document a {count} pages."
            yield Problem("altered-value", message, "Vérifiez qu’aucune page ne manque.", address, text)


def _under_names(comparison: Comparison) -> list[Problem]:
    """What stands where a signatory's name ends, and is no name: a sentence below the last line of a letter."""
    return [
        Problem("altered-value", message, "Vérifiez ce passage.", address, lines[-1])
        for address, slot in comparison.template.slots.items()
        if slot.is_signatory and not slot.shows_prompt(comparison.values.get(address, ""))
        for lines in [list(filter(None, map(str.strip, comparison.values.get(address, "").splitlines())))]
        if lines and not _NAME.fullmatch(curled(lines[-1]))
        for message in [f"{slot.label} : « {shortened(lines[-1])} » se lit sous le nom de qui signe, ou à sa place."]
    ]


def _signatory(comparison: Comparison) -> Iterator[Problem]:
    """Someone else at the signature than in the parties, or more than a name there."""
    slots, said = words_of(comparison)
    name, signed = said.get("representant", "").partition(" ")[2], said.get("signataire", "")
    if name and signed and not is_alike(name, signed):
        message = f"« {name} » est nommé dans les parties, « {shortened(signed)} » à la signature."
        hint, address = "C’est la même personne qui s’engage et qui signe.", slots["signataire"].address
        yield Problem("signatory-mismatch", message, hint, address, signed, severity=Severity.WARNING)


def _date_order(comparison: Comparison) -> Iterator[Problem]:
    """A party that signed before the decision that lets it sign."""
    decided: dict[str, date] = {
        key: party.decision for key, party in comparison.template.folder.manifest.parties.items()
    }
    signed: dict[str, date] = {}
    for address, slot in comparison.template.dated.items():
        match = slot.match(comparison.values.get(address, ""))
        for group, word in slot.words.items():
            day = date_or_none(day_said(comparison, slot, match[group] or "")) if match else None
            if day and word == "decision_date":
                decided.setdefault("collectivite", day)
            elif day and word.startswith("signatures."):
                signed[word.partition(".")[2]] = day
    for party, day in signed.items():
        if party in decided and day < decided[party]:
            message = f"Signé le {long_date(day)}, avant la décision du {long_date(decided[party])} qui l’autorise."
            field_name = f"signatures.{party}"
            yield Problem("date-order", message, "Vérifiez les deux dates.", field_name, day.isoformat())
