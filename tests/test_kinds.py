"""The kinds of adherents."""

from __future__ import annotations

import pytest

from conventool.adherent.kinds import KINDS, find_kind, split_kind, why_refused
from conventool.text.french import Gender

FEMININE = {
    "commune",
    "commune-nouvelle",
    "communaute-de-communes",
    "communaute-d-agglomeration",
    "communaute-urbaine",
    "metropole",
    "caisse-des-ecoles",
    "regie",
}


@pytest.mark.parametrize("key", KINDS)
def test_every_kind_is_found_by_its_key_and_label(key: str) -> None:
    """In any case, with or without its article."""
    kind = KINDS[key]
    assert find_kind(key) is kind
    assert find_kind(key.upper().replace("-", " ")) is kind
    if kind.label and key != "commune-nouvelle":
        assert find_kind(kind.label) is kind
        assert find_kind(kind.label.replace("’", "'").swapcase()) is kind


@pytest.mark.parametrize("key", [key for key in KINDS if key != "autre"])
def test_every_kind_can_speak(key: str) -> None:
    """Article and gender go together, and someone signs for some assembly."""
    kind = KINDS[key]
    assert kind.gender is (Gender.FEMININE if key in FEMININE else Gender.MASCULINE)
    assert kind.label.startswith(("La ", "L’") if key in FEMININE else ("Le ", "L’"))
    assert kind.executives
    assert all(body.startswith(("du ", "de la ")) for body in kind.bodies)
    assert kind.bodies


def test_every_word_of_another_kind_comes_from_the_data() -> None:
    """Nothing is assumed of what is none of the known kinds."""
    other = KINDS["autre"]
    assert (other.label, other.gender, other.executives, other.bodies) == ("", None, (), ())


@pytest.mark.parametrize("text", ["", "   ", "syndicat intercommunal", "EPCI", "société", "communauté"])
def test_what_could_be_several_kinds_is_none(text: str) -> None:
    """No kind is guessed."""
    assert find_kind(text) is None
    assert why_refused(text) is None


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("Régie sans personnalité morale", "la collectivité dont elle dépend qui signe"),
        ("COMMUNE DELEGUEE", "la commune nouvelle qui signe"),
        ("la commune associée", "la commune née de la fusion qui signe"),
        ("mairie d'arrondissement", "la commune qui signe"),
    ],
)
def test_what_cannot_sign_says_who_does(text: str, signs: str) -> None:
    """A body without personality is refused, and its signatory named."""
    assert find_kind(text) is None
    assert signs in (why_refused(text) or "")


@pytest.mark.parametrize("text", ["Armentières", "CCAS", "Bordeaux Métropole", ""])
def test_a_name_without_kind_does_not_part(text: str) -> None:
    """A kind must begin the name, and something follow."""
    assert split_kind(text) is None
