"""Places of the official register that are no ordinary commune or département: who signs for them, if anybody.

Data, with the article that says so; the wording of a hint is French, as users read it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conventool.adherent.kinds import Kind

__all__ = ["NO_COMMUNE", "NO_DEPARTEMENT", "PARIS", "SIGNS_TODAY", "as_constituted", "led_otherwise"]

PARIS = "75056"
"""INSEE's code of Paris."""

_COLLECTIVITE = (
    "Écrivez « forme: autre », « appellation: La Collectivité », « fonction: Président » (ou Présidente) et "
    "« organe: du conseil territorial »."
)
_WALLIS = "C’est le Territoire des îles Wallis et Futuna qui signe : écrivez « forme: autre »."
_TAAF = "Ce sont les Terres australes et antarctiques françaises qui signent : écrivez « forme: autre »."

NO_COMMUNE = {
    "97701": ("une collectivité d’outre-mer (CGCT, art. L.O. 6211-1)", _COLLECTIVITE),
    "97801": ("une collectivité d’outre-mer (CGCT, art. L.O. 6311-1)", _COLLECTIVITE),
    **dict.fromkeys(
        ("98611", "98612", "98613"), ("une circonscription sans conseil municipal (loi n° 61-814, art. 15)", _WALLIS)
    ),
    **dict.fromkeys(
        ("98411", "98412", "98413", "98414", "98415"),
        ("un district des Terres australes et antarctiques françaises (loi n° 55-1052, art. 1)", _TAAF),
    ),
    "98901": ("une île de l’État, sans habitants ni conseil (loi n° 55-1052, art. 9)", "Personne ne signe pour elle."),
}
"""By the code that INSEE gives a place like a commune's: what it is instead, and what to write."""

NO_DEPARTEMENT = {
    "2A": "la Collectivité de Corse (CGCT, art. L. 4421-1)",
    "2B": "la Collectivité de Corse (CGCT, art. L. 4421-1)",
    "67": "la Collectivité européenne d’Alsace (CGCT, art. L. 3431-1)",
    "68": "la Collectivité européenne d’Alsace (CGCT, art. L. 3431-1)",
    "75": "la Ville de Paris (CGCT, art. L. 2512-1)",
    "972": "la Collectivité territoriale de Martinique (CGCT, art. L. 7211-1)",
    "973": "la Collectivité territoriale de Guyane (CGCT, art. L. 7111-1)",
    "975": "la Collectivité territoriale de Saint-Pierre-et-Miquelon (CGCT, art. L.O. 6411-1)",
    "977": "la Collectivité de Saint-Barthélemy (CGCT, art. L.O. 6211-1)",
    "978": "la Collectivité de Saint-Martin (CGCT, art. L.O. 6311-1)",
    "984": "le Territoire des Terres australes et antarctiques françaises (loi n° 55-1052)",
    "986": "le Territoire des îles Wallis et Futuna (loi n° 61-814)",
    "987": "la Polynésie française (loi organique n° 2004-192)",
    "988": "la Nouvelle-Calédonie (loi organique n° 99-209)",
    "989": "l’État",
}
"""By the code that INSEE gives a place like a département's: who signs in its place."""

SIGNS_TODAY = {"corse": NO_DEPARTEMENT["2A"], "alsace": NO_DEPARTEMENT["67"]}
"""By the folded name of what INSEE has no département for: who signs."""

_LED_OTHERWISE = (
    r"(?i)(?:coll[eè]ge|lyc[ée]e|cit[ée] scolaire|[ée]cole|universit[ée]|ehpad|r[ée]sidence|maison de retraite|foyer"
    r"|h[ôo]pital|centre hospitalier|chu?|chru)\b"
)


def led_otherwise(kind: Kind, nom: str) -> Kind:
    """The kind of an établissement whose own law has it led by a principal or a director: no title is usual.

    Code de l'éducation, art. L. 421-3; code de la santé publique, art. L. 6143-7; code de l'action sociale et des
    familles, art. L. 315-17.
    """
    if kind.key == "etablissement-public" and re.match(_LED_OTHERWISE, nom):
        return kind._replace(executives=())
    return kind


def as_constituted(kind: Kind, code_insee: str | None) -> Kind:
    """The kind of a commune as its own law has it: Paris is « la Ville de Paris », with the conseil de Paris.

    Its mayor is that of any commune; its assembly is not (CGCT, art. L. 2512-1 and L. 2512-2).
    """
    if code_insee == PARIS and kind.key in {"commune", "commune-nouvelle"}:
        return kind._replace(label="La Ville", bodies=("du conseil de Paris",))
    return kind
