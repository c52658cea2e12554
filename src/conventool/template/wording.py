"""An adherent in the words of the convention: each blank of the text, agreements made."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from conventool.text.dates import long_date
from conventool.text.french import agree, numbered, possessive, with_article

if TYPE_CHECKING:
    from conventool.adherent.adherent import Adherent

__all__ = ["Words", "words"]


class Words(NamedTuple):
    """What each blank about the adherent receives.

    In the order of the text: « La Commune d’Armentières sise 4 place du Général-de-Gaulle, à Armentières
    (59280), représentée par Madame Jeanne MARTIN, sa Maire, dûment autorisée […] par décision du conseil
    municipal », « Ci-après désignée »; then the title and the name under the signature.

    Attributes:
        forme: what it is, with its article: ``La Commune``.
        nom_lien: ``d’``, ``du `` with its space, or nothing.
        nom: what follows: ``Armentières``.
        sise: or ``sis``.
        adresse: the street.
        commune_lien: ``à ``, ``au ``, ``aux ``, with the space.
        commune: what follows.
        code_postal: five digits.
        representee: or ``représenté``.
        representant: ``Madame Jeanne MARTIN``.
        fonction: ``sa Maire,``; with its delegation where there is one.
        autorise: or ``autorisée``, as the person is.
        organe: ``du conseil municipal``, with the number of the decision where there is one.
        designee: or ``désigné``.
        titre: ``La Maire``, ``Pour le Maire et par délégation, L’Adjointe au Maire``.
        signataire: ``Jeanne MARTIN``.
    """

    forme: str
    nom_lien: str
    nom: str
    sise: str
    adresse: str
    commune_lien: str
    commune: str
    code_postal: str
    representee: str
    representant: str
    fonction: str
    autorise: str
    organe: str
    designee: str
    titre: str
    signataire: str


def words(adherent: Adherent) -> Words:
    """Write what the convention says of an adherent.

    Args:
        adherent: complete and resolved.

    Returns:
        The words, in typographic French.
    """
    person, decision = adherent.representant, adherent.decision
    forme, nom_lien, nom = adherent.denomination
    commune_lien, commune = adherent.commune_liee
    signataire = f"{person.prenom} {person.nom}"
    fonction = possessive(person.fonction, person.genre_fonction)
    titre = with_article(person.fonction, person.genre_fonction)
    if delegation := person.delegation:
        arrete = f"arrêté {numbered(delegation.arrete)} du {long_date(delegation.date)}"
        fonction = f"{fonction}, agissant par délégation ({arrete})"
        titre = f"{delegation.texte}, {titre}"
    return Words(
        forme=forme,
        nom_lien=nom_lien,
        nom=nom,
        sise=agree("sis", adherent.genre),
        adresse=adherent.adresse,
        commune_lien=commune_lien,
        commune=commune,
        code_postal=adherent.code_postal,
        representee=agree("représenté", adherent.genre),
        representant=f"{person.civilite} {signataire}",
        fonction=f"{fonction},",
        autorise=agree("autorisé", person.genre),
        organe=f"{decision.organe} {numbered(decision.numero)}" if decision.numero else decision.organe,
        designee=agree("désigné", adherent.genre),
        titre=titre,
        signataire=signataire,
    )
