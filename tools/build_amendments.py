"""Make the documents of the templates ``avenant`` and ``denonciation``, in the styles of the convention.

Run: ``python tools/build_amendments.py``, then ``conventool check avenant denonciation --update --force``. Whoever has an
amendment or a letter of their own edits those in Word and has no use for this; what is made here says of itself that it
is a model to be completed.
"""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import quoteattr

from build_pieces import Xml, control, p, write

TEMPLATES = Path(__file__).parents[1] / "templates"
_TO_COMPLETE = p("Mentionexemple", control("mention", "Mention d’un modèle à compléter", "Mention, ou rien"))
_PARTIES = (
    ("fibre", "La Fibre Numérique 59 62", "Pour La Fibre Numérique 59 62"),
    ("cdg59", "CDG 59", "Pour le CDG 59"),
    ("collectivite", "La Collectivité", "Pour la Collectivité"),
)


def dated(tag: str, alias: str, prompt: str) -> Xml:
    """A date control that shows its prompt until it is filled."""
    french = (
        '<w:date><w:dateFormat w:val="d MMMM yyyy"/><w:lid w:val="fr-FR"/><w:storeMappedDataAs w:val="dateTime"/>'
        '<w:calendar w:val="gregorian"/></w:date>'
    )
    return Xml(control(tag, alias, prompt).replace("<w:text/>", french))


def _amendment() -> list[Xml]:
    return [
        p("Titre", "AVENANT N°\u00a0", control("numero", "Numéro de l’avenant", "numéro"),
          " À LA CONVENTION RELATIVE AUX PRESTATIONS ET À L’ACCOMPAGNEMENT SUR DES SERVICES NUMÉRIQUES"),
        _TO_COMPLETE,
        *_parties(),
        p("Corpsdetexte", "Vu la convention relative aux prestations et à l’accompagnement sur des services numériques "
          "conclue entre les Parties, que la Collectivité a été autorisée à signer par décision du ",
          dated("decision_date", "Date de la décision sur la convention", "date"), ", qui a pris effet le ",
          dated("convention_effet", "Prise d’effet de la convention", "date"), ", et son article 7, selon lequel toute modification fait l’objet d’un avenant écrit, conclu dans les "
          "mêmes formes et conditions,"),
        p("Corpsdetexte", "Les Parties conviennent de ce qui suit."),
        p("Titre1", "ARTICLE 1. OBJET"),
        p("Corpsdetexte", "Le présent avenant a pour objet : ", control("objet", "Objet de l’avenant", "objet"), "."),
        p("Titre1", "ARTICLE 2. MODIFICATIONS"),
        p("Corpsdetexte", control("article_modifie", "Article modifié", "Article modifié"), " est ainsi rédigé :"),
        p("Corpsdetexte", control("redaction", "Nouvelle rédaction", "Nouvelle rédaction")),
        p("Titre1", "ARTICLE 3. PRISE D’EFFET"),
        p("Corpsdetexte", "Le présent avenant prend effet ", control("prise_effet", "Prise d’effet de l’avenant",
          "à telle date"), "."),
        p("Titre1", "ARTICLE 4. AUTRES DISPOSITIONS"),
        p("Corpsdetexte", "Les dispositions de la convention que le présent avenant ne modifie pas restent inchangées."),
        p("Faiten", "Fait en trois (3) exemplaires,"),
        _signatures(),
        p("Findetableau"),
    ]  # fmt: skip


def _parties() -> list[Xml]:
    return [
        p("Partieliaison", "Entre :"),
        p("Partie", "Le Syndicat mixte Nord – Pas-de-Calais Numérique – La Fibre Numérique 59 62, sis 165 avenue de "
          "Bretagne à Lille (59000), représenté par ", *_signatory("fibre", "La Fibre Numérique 59 62"),
          " à signer le présent avenant par délibération du comité syndical du ",
          dated("fibre_decision", "La Fibre Numérique 59 62 : date de la délibération", "date")),
        p("Partiedesignation", "Ci-après désigné « La Fibre Numérique 59 62 »"),
        p("Partierang", "D’une première part,"),
        p("Partieliaison", "Et :"),
        p("Partie", "Le Centre de gestion de la fonction publique territoriale du Nord, sis 14 rue Jeanne Maillote à "
          "Lille (59000), représenté par ", *_signatory("cdg59", "CDG 59"),
          " à signer le présent avenant par décision du conseil d’administration du ",
          dated("cdg59_decision", "CDG 59 : date de la décision", "date")),
        p("Partiedesignation", "Ci-après désigné « le CDG 59 »"),
        p("Partierang", "D’une deuxième part,"),
        p("Partieliaison", "Et :"),
        p("Partie", control("adherent", "Adhérent", "La Collectivité"), ", ", control("sise", "Accord « sise »", "sis(e)"),
          " ", control("adresse", "Adresse", "adresse"), ", ", control("commune", "Commune", "à la commune"), " (",
          control("code_postal", "Code postal", "code postal"), "), ",
          control("representee", "Accord « représentée »", "représenté(e)"), " par ",
          *_signatory("", "Adhérent"), " à signer le présent avenant par décision ",
          control("organe", "Organe délibérant", "de l’organe délibérant"), " du ",
          dated("deliberation", "Date de la délibération qui approuve l’avenant", "date")),
        p("Partiedesignation", "Ci-après ", control("designee", "Accord « désignée »", "désigné(e)"),
          " « la Collectivité »"),
        p("Partierang", "D’une troisième part,"),
        p("Corpsdetexte", "L’ensemble des signataires collectivement désignés « les Parties »."),
    ]  # fmt: skip


def _signatory(key: str, party: str) -> tuple[str, ...]:
    """Who represents a party: its name, its title, « dûment autorisé »."""
    key = f"{key}_" if key else ""
    return (
        control(f"{key}representant", f"{party} : représentant", "Représentant"),
        ", ",
        control(f"{key}fonction", f"{party} : fonction", "fonction,"),
        " dûment ",
        control(f"{key}autorise", f"{party} : accord « autorisé »", "autorisé(e)"),
    )


def _signatures() -> Xml:
    """A column for each party: the day, whom it signs for, its title, room to sign, its name."""
    width = 9070 // len(_PARTIES)
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
        + p("Signatairedate", "Le ", dated(f"signature_{key}_date", f"{party} : date de signature", "date"))
        + p("Signatairepartie", title)
        + p("Signatairetitre", control(f"signature_{key}_titre", f"{party} : titre du signataire", "titre"))
        + p("Signatairenom", control(f"signature_{key}_nom", f"{party} : nom du signataire", "nom"))
        + "</w:tc>"
        for key, party, title in _PARTIES
    )
    grid = f'<w:gridCol w:w="{width}"/>' * len(_PARTIES)
    about = "Une colonne par partie : date, qualité, signature et nom."
    return Xml(
        f'<w:tbl><w:tblPr><w:tblStyle w:val="Signatures"/><w:tblW w:w="9070" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblLayout w:type="fixed"/><w:tblCaption w:val="Signatures"/><w:tblDescription w:val={quoteattr(about)}/>'
        f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>"
        f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr></w:tbl>"
    )


def _letter() -> list[Xml]:
    return [
        p("Coordonnees", control("expediteur", "Expéditeur", "Expéditeur")),
        p("Coordonnees", control("expediteur_adresse", "Adresse de l’expéditeur", "Adresse")),
        *(
            p(style, control(f"{name}{rank}", f"{about} {rank}", about))
            for rank in (1, 2)
            for style, name, about in (("Destinatairepremier", "destinataire_", "Destinataire"),
                                       ("Destinataire", "adresse_", "Adresse du destinataire"))
        ),
        p("Destinatairepremier", "Le ", dated("date", "Date de la lettre", "date")),
        _TO_COMPLETE,
        p("Corpsdetexte", "Lettre recommandée avec accusé de réception"),
        p("Corpsdetexte", "Objet : résiliation de la convention relative aux prestations et à l’accompagnement sur des "
          "services numériques (article 6)"),
        p("Corpsdetexte", "Madame, Monsieur,"),
        p("Corpsdetexte", "La convention relative aux prestations et à l’accompagnement sur des services numériques, "
          "conclue entre La Fibre Numérique 59 62, le CDG 59 et ", control("adherent", "Adhérent", "l’adhérent"),
          ", a pris effet le ", dated("convention_effet", "Prise d’effet de la convention", "date"), "."),
        p("Corpsdetexte", "Conformément à son article 6, ", control("auteur", "Auteur de la résiliation", "l’auteur"),
          " vous avertit, au moins ", control("preavis", "Préavis", "le préavis"),
          " à l’avance, de sa décision de la résilier. La convention prendra fin ",
          control("anniversaire", "Précision de la date", "précision"), "le ",
          dated("convention_sortie", "Fin de la convention", "date"), "."),
        p("Corpsdetexte", "Veuillez agréer, Madame, Monsieur, l’expression de nos salutations distinguées."),
        p("Destinatairepremier", control("signature_titre", "Titre du signataire", "titre")),
        p("Destinataire", control("signature_nom", "Nom du signataire", "nom")),
    ]  # fmt: skip


def main() -> None:
    """Write both documents."""
    mark = control("exemplaire", "Exemplaire", "Exemplaire")
    write(TEMPLATES / "avenant", {"avenant": ("Avenant à la convention", _amendment)}, " – ", mark)
    write(TEMPLATES / "denonciation", {"lettre": ("Dénonciation de la convention", _letter)})


if __name__ == "__main__":
    main()
