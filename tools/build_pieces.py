"""Make the example pieces of the convention, in its styles: three annexes, a model deliberation, a letter.

Run: ``python tools/build_pieces.py``, then ``conventool check --update``. Whoever has pieces of their own edits those
in Word and has no use for this; what is made here says of itself that it is an example.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import count, cycle
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

FOLDER = Path(__file__).parents[1] / "templates" / "convention-services-numeriques"
DOCUMENT = "word/document.xml"
_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_MS = "http://schemas.microsoft.com/office/word/2012/wordml"
_MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_KEPT = ("word/numbering.xml", "word/settings.xml", "word/fontTable.xml", "word/theme/theme1.xml")
"""Parts that are the convention's own."""
_WIDTH = 9070
"""Of the text, in twentieths of a point."""
_ROOT = f'xmlns:w="{_MAIN}" xmlns:r="{_REL}" xmlns:mc="{_MC}" xmlns:w15="{_MS}" mc:Ignorable="w15"'

_ids = count(592630001, 137)


class Xml(str):
    """Markup, unlike a text, which is still to be escaped."""

    __slots__ = ()


def control(tag: str, alias: str, prompt: str) -> Xml:
    """A text control that shows its prompt until it is filled."""
    return Xml(
        f"<w:sdt><w:sdtPr><w:alias w:val={quoteattr(alias)}/><w:tag w:val={quoteattr(tag)}/>"
        f'<w:id w:val="{next(_ids)}"/><w:showingPlcHdr/><w:text/></w:sdtPr><w:sdtContent>'
        f'<w:r><w:rPr><w:rStyle w:val="Textedelespacerserv"/></w:rPr>{_text(prompt)}</w:r></w:sdtContent></w:sdt>'
    )


def strong(text: str) -> Xml:
    """Words in bold."""
    return Xml(f'<w:r><w:rPr><w:rStyle w:val="lev"/></w:rPr>{_text(text)}</w:r>')


def p(style: str, *pieces: str, keep: bool = False) -> Xml:
    """A paragraph; one that is kept stays on the page of the next."""
    kept = "<w:keepNext/>" if keep else ""
    runs = "".join(piece if isinstance(piece, Xml) else f"<w:r>{_text(piece)}</w:r>" for piece in pieces)
    return Xml(f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{kept}</w:pPr>{runs}</w:p>')


def table(name: str, widths: Sequence[int], head: Sequence[str], rows: Iterable[str], amounts: int = 0) -> Xml:
    """A table whose first line is repeated on each page and told to those who do not see it.

    Args:
        name: what it shows, for them.
        widths: of the columns, in parts of the page's.
        head: the headers.
        rows: the other lines, made by ``line`` or ``section``.
        amounts: how many of the last columns hold amounts, which stand on the right.
    """
    columns = [_WIDTH * width // sum(widths) for width in widths]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in columns)
    properties = (
        f'<w:tblPr><w:tblStyle w:val="Tableau"/><w:tblW w:w="{_WIDTH}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        f'<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1" '
        f'w:noVBand="1"/><w:tblCaption w:val={quoteattr(name)}/></w:tblPr>'
    )
    styles = ["Tableautitre"] * (len(head) - amounts) + ["Tableautitremontant"] * amounts
    cells = "".join(f"<w:tc>{p(style, title)}</w:tc>" for style, title in zip(styles, head, strict=True))
    first = f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{cells}</w:tr>"
    body = first + "".join(rows)
    opened, *cells_of_all = body.split("<w:tc>")
    sized = zip(cycle(columns), cells_of_all, strict=False)
    body = opened + "".join(f'<w:tc><w:tcPr><w:tcW w:w="{w}" w:type="dxa"/></w:tcPr>{cell}' for w, cell in sized)
    return Xml(f"<w:tbl>{properties}<w:tblGrid>{grid}</w:tblGrid>{body}</w:tbl>{p('Findetableau')}")


def line(*cells: Sequence[Xml | str]) -> Xml:
    """A line of a table: for each cell its style, then its pieces."""
    return row(*(p(style, *pieces) for style, *pieces in cells))


def row(*cells: str) -> Xml:
    """A line of a table, of the paragraphs of each cell; it stays on one page."""
    inside = "".join(f"<w:tc>{cell}</w:tc>" for cell in cells)
    return Xml(f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{inside}</w:tr>")


def section(tag: str, alias: str, item: str) -> Xml:
    """A repeating section around a line of a table, or around paragraphs."""
    return Xml(
        f"<w:sdt><w:sdtPr><w:alias w:val={quoteattr(alias)}/><w:tag w:val={quoteattr(tag)}/>"
        f'<w:id w:val="{next(_ids)}"/><w15:repeatingSection/></w:sdtPr><w:sdtContent>'
        f'<w:sdt><w:sdtPr><w:id w:val="{next(_ids)}"/><w15:repeatingSectionItem/></w:sdtPr>'
        f"<w:sdtContent>{item}</w:sdtContent></w:sdt></w:sdtContent></w:sdt>"
    )


def _text(text: str) -> str:
    return f'<w:t xml:space="preserve">{escape(text)}</w:t>'


_STYLES = """
<w:style w:type="paragraph" w:customStyle="1" w:styleId="Mentionexemple"><w:name w:val="Mention d’exemple"/>
<w:basedOn w:val="Corpsdetexte"/><w:qFormat/><w:pPr><w:spacing w:before="240" w:after="240"/><w:jc w:val="center"/></w:pPr>
<w:rPr><w:b/><w:bCs/><w:color w:val="9C2A00"/></w:rPr></w:style>
<w:style w:type="paragraph" w:customStyle="1" w:styleId="Tableautitre"><w:name w:val="Tableau – en-tête"/>
<w:basedOn w:val="Normal"/><w:qFormat/><w:pPr><w:keepNext/><w:spacing w:before="40" w:after="40"/></w:pPr>
<w:rPr><w:b/><w:bCs/><w:color w:val="1F3864"/><w:sz w:val="20"/><w:szCs w:val="20"/></w:rPr></w:style>
<w:style w:type="paragraph" w:customStyle="1" w:styleId="Tableautitremontant"><w:name w:val="Tableau – en-tête de montant"/>
<w:basedOn w:val="Tableautitre"/><w:qFormat/><w:pPr><w:jc w:val="right"/></w:pPr></w:style>
<w:style w:type="paragraph" w:customStyle="1" w:styleId="Tableautexte"><w:name w:val="Tableau – texte"/>
<w:basedOn w:val="Normal"/><w:qFormat/><w:pPr><w:spacing w:before="40" w:after="40"/></w:pPr>
<w:rPr><w:sz w:val="20"/><w:szCs w:val="20"/></w:rPr></w:style>
<w:style w:type="paragraph" w:customStyle="1" w:styleId="Tableaumontant"><w:name w:val="Tableau – montant"/>
<w:basedOn w:val="Tableautexte"/><w:qFormat/><w:pPr><w:jc w:val="right"/></w:pPr></w:style>
<w:style w:type="paragraph" w:customStyle="1" w:styleId="Tableautotal"><w:name w:val="Tableau – total"/>
<w:basedOn w:val="Tableaumontant"/><w:qFormat/><w:rPr><w:b/><w:bCs/></w:rPr></w:style>
<w:style w:type="paragraph" w:customStyle="1" w:styleId="Tableautotaltitre"><w:name w:val="Tableau – titre du total"/>
<w:basedOn w:val="Tableautotal"/><w:qFormat/><w:pPr><w:jc w:val="left"/></w:pPr></w:style>
<w:style w:type="paragraph" w:customStyle="1" w:styleId="Coordonnees"><w:name w:val="Coordonnées"/>
<w:basedOn w:val="Normal"/><w:qFormat/></w:style>
<w:style w:type="paragraph" w:customStyle="1" w:styleId="Destinataire"><w:name w:val="Destinataire"/>
<w:basedOn w:val="Normal"/><w:qFormat/><w:pPr><w:ind w:left="4820"/></w:pPr></w:style>
<w:style w:type="paragraph" w:customStyle="1" w:styleId="Destinatairepremier"><w:name w:val="Destinataire – premier"/>
<w:basedOn w:val="Destinataire"/><w:next w:val="Destinataire"/><w:qFormat/>
<w:pPr><w:spacing w:before="480"/></w:pPr></w:style>
<w:style w:type="table" w:customStyle="1" w:styleId="Tableau"><w:name w:val="Tableau"/>
<w:basedOn w:val="TableauNormal"/><w:uiPriority w:val="99"/>
<w:tblPr><w:tblBorders><w:top w:val="single" w:sz="8" w:space="0" w:color="1F3864"/>
<w:bottom w:val="single" w:sz="8" w:space="0" w:color="1F3864"/>
<w:insideH w:val="single" w:sz="4" w:space="0" w:color="BFBFBF"/></w:tblBorders>
<w:tblCellMar><w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>
""".replace("\n", "")
"""What the pieces need besides the convention's styles."""

EXAMPLE = p("Mentionexemple", control("fictif", "Mention d’un exemple", "Mention d’un exemple, ou rien"))
ADHERENT = p("Corpsdetexte", strong("Collectivité : "), control("adherent", "Adhérent", "Nom de l’adhérent"))


def _service_table(tag: str, alias: str) -> Xml:
    item = line(
        ("Tableautexte", control("libelle", "Service", "Service")),
        ("Tableautexte", control("presentation", "Présentation", "Ce qu’il apporte")),
    )
    return table(alias, (3, 7), ("Service", "Présentation"), [section(tag, alias, item)])


def _annexe_1() -> list[Xml]:
    return [
        p("Titre", "ANNEXE N°1"),
        p("Titre1", "Présentation des services proposés en commun par La Fibre Numérique 59 62 et le CDG 59"),
        EXAMPLE,
        ADHERENT,
        p("Titre2", "Services choisis par la Collectivité"),
        _service_table("services", "Services choisis"),
        p("Titre2", "Autres services proposés"),
        p("Corpsdetexteannonce", "La Collectivité n’a pas choisi les services qui suivent."),
        _service_table("autres", "Autres services"),
    ]


def _amounts(tag: str, alias: str, total: str) -> Xml:
    item = line(
        ("Tableautexte", control("libelle", "Prestation", "Prestation")),
        ("Tableautexte", control("calcul", "Calcul", "Ce dont dépend le prix")),
        *(("Tableaumontant", control(name, name.upper(), "Montant.")) for name in ("ht", "tva", "ttc")),
    )
    sums = line(
        ("Tableautotaltitre", "Total"),
        ("Tableautotal",),
        *(
            ("Tableautotal", control(f"{total}_{name}", f"Total {name.upper()}, {alias}", "Montant."))
            for name in ("ht", "tva", "ttc")
        ),
    )
    head = ("Prestation", "Calcul", "HT", "TVA", "TTC")
    return table(alias, (27, 28, 15, 15, 15), head, [section(tag, alias, item), sums], amounts=3)


def _annexe_2() -> list[Xml]:
    return [
        p("Titre", "ANNEXE N°2"),
        p("Titre1", "Participation financière de la Collectivité"),
        EXAMPLE,
        ADHERENT,
        p("Corpsdetexte", "Chaque montant est arrondi au centime, une fois, à la fin de sa ligne."),
        p("Titre2", "Première année"),
        _amounts("lignes", "première année", "total"),
        p("Titre2", "Chacune des années suivantes"),
        _amounts("lignes_suivantes", "années suivantes", "total_suivant"),
    ]


_TO_WRITE = "Texte à rédiger par le délégué à la protection des données."
_POINTS = (
    "3. Instructions documentées",
    "4. Confidentialité",
    "5. Sécurité du traitement",
    "6. Sous-traitants ultérieurs",
    "7. Droits des personnes concernées",
    "8. Aide au respect des obligations, violations de données",
    "9. Sort des données au terme de la prestation",
    "10. Information et audits",
)
"""Article 28 § 3 of the GDPR: its first sentence makes points 1 and 2 (said by the table), its letters a to h these."""


def _annexe_3() -> list[Xml]:
    fields = (
        ("objet", "Objet"), ("duree", "Durée"), ("nature", "Nature"), ("finalite", "Finalité"),
        ("donnees", "Données"), ("personnes", "Personnes concernées"), ("lieu", "Lieu du traitement"),
        ("sous_traitants", "Sous-traitants ultérieurs"),
    )  # fmt: skip
    treatment = row(
        p("Tableautexte", control("libelle", "Service", "Service")),
        "".join(p("Tableautexte", strong(f"{label} : "), control(tag, label, label)) for tag, label in fields),
    )
    fate = p(
        "Coordonnees",
        strong("Au terme de la prestation, la Collectivité demande (restitution ou suppression) : "),
        control("sort", "Restitution ou suppression", "restitution ou suppression"),
    )
    *_, last = _POINTS  # stays with the contacts, which would otherwise stand on a page of their own
    chosen = {"9. Sort des données au terme de la prestation": (fate,)}
    contacts = [
        line(
            ("Tableautexte", party),
            *(
                ("Tableautexte", control(f"{key}_{name}", f"{party} : {what}", what))
                for name, what in (("dpo", "délégué à la protection des données"), ("violations", "contact"))
            ),
        )
        for party, key in (
            ("La Fibre Numérique 59 62", "fibre"),
            ("CDG 59", "cdg59"),
            ("La Collectivité", "collectivite"),
        )
    ]
    return [
        p("Titre", "ANNEXE N°3"),
        p("Titre1", "Dispositions relatives au RGPD"),
        EXAMPLE,
        ADHERENT,
        p("Corpsdetexte", "Article 28, paragraphe 3, du règlement (UE) 2016/679."),
        p("Titre2", "1. Objet et durée ; 2. nature, finalité, données et personnes"),
        table("Traitements", (3, 7), ("Service", "Traitement"), [section("traitements", "Traitements", treatment)]),
        *(
            block
            for point in _POINTS
            for block in (p("Titre2", point), *chosen.get(point, ()), p("Formule", _TO_WRITE, keep=point == last))
        ),
        p("Titre2", "Contacts"),
        table("Contacts", (2, 4, 4), ("Partie", "Délégué à la protection des données", "Violations"), contacts),
    ]  # fmt: skip


def _deliberation() -> list[Xml]:
    return [
        p("Titre", "MODÈLE DE DÉLIBÉRATION"),
        EXAMPLE,
        p("Corpsdetexte", strong("Délibération "), control("organe", "Organe délibérant", "de l’organe délibérant")),
        p("Corpsdetexte", strong("Collectivité : "), control("adherent", "Adhérent", "Nom de l’adhérent")),
        p("Corpsdetexte", strong("Séance du : "), control("seance", "Date de la séance", "date")),
        p("Corpsdetexte", strong("Objet : "),
          "adhésion aux services numériques proposés en commun par La Fibre Numérique 59 62 et le CDG 59"),
        p("Titre2", "Vu"),
        p("Listepuces", "le Code général des collectivités territoriales ;"),
        p("Listepuces", "le règlement (UE) 2016/679 du 27 avril 2016, son article 28 ;"),
        p("Listepuces", "le projet de convention relative aux prestations et à l’accompagnement sur des services "
          "numériques, et ses trois annexes."),
        p("Titre2", "Considérant"),
        p("Formule", "Motifs à rédiger par la Collectivité."),
        p("Titre2", "Après en avoir délibéré, l’assemblée"),
        p("Listepuces", "approuve la convention à conclure avec La Fibre Numérique 59 62 et le CDG 59, annexée à la présente "
          "délibération ;"),
        p("Listepuces", "choisit les services suivants : ", control("services", "Services choisis", "services"), " ;"),
        p("Listepuces", "prend acte de la participation annuelle, toutes taxes comprises : ",
          control("total", "Total TTC, première année", "Montant."), " la première année, ",
          control("total_suivant", "Total TTC, années suivantes", "Montant."), " chacune des suivantes ;"),
        p("Listepuces", "autorise ", control("representant", "Représentant", "le représentant"), ", ",
          control("fonction", "Fonction du représentant", "sa fonction,"),
          " à signer cette convention et ses annexes."),
        p("Formule", "Modèle à faire relire par un juriste avant de l’employer."),
        p("Destinatairepremier", "Pour extrait conforme,"),
        p("Destinataire", control("titre_signature", "Titre du signataire", "titre")),
        p("Destinataire", control("signataire", "Nom du signataire", "nom")),
    ]  # fmt: skip


def _letter() -> list[Xml]:
    return [
        p("Coordonnees", strong("La Fibre Numérique 59 62")),
        p("Coordonnees", "165 avenue de Bretagne, 59000 Lille"),
        p("Destinatairepremier", control("representant", "Représentant", "Représentant")),
        p("Destinataire", control("titre", "Titre du représentant", "Titre")),
        p("Destinataire", control("adherent", "Adhérent", "Nom de l’adhérent")),
        p("Destinataire", control("adresse", "Adresse", "Adresse")),
        p("Destinataire", control("ville", "Code postal et commune", "Code postal et commune")),
        EXAMPLE,
        p("Corpsdetexte", strong("Objet : "),
          "convention relative aux prestations et à l’accompagnement sur des services numériques"),
        p("Corpsdetexte", "Madame, Monsieur,"),
        p("Corpsdetexte", "Vous trouverez ci-joint, en trois exemplaires, la convention qui lie La Fibre Numérique "
          "59 62, le CDG 59 et votre collectivité, avec ses trois annexes. Elle porte sur les services suivants : ",
          control("services", "Services choisis", "services"), "."),
        p("Corpsdetexte", "La participation annuelle est, toutes taxes comprises, de ",
          control("total", "Total TTC, première année", "Montant."), " la première année et de ",
          control("total_suivant", "Total TTC, années suivantes", "Montant."), " chacune des suivantes."),
        p("Corpsdetexte", "La délibération qui autorise la signature la précède ; un modèle est joint, à adapter. "
          "Nous vous remercions de retourner les trois exemplaires signés ; l’un d’eux vous reviendra, signé de tous."),
        p("Corpsdetexte", "Veuillez agréer, Madame, Monsieur, l’expression de nos salutations distinguées."),
        p("Destinatairepremier", control("signature_titre", "Titre du signataire", "titre")),
        p("Destinataire", control("signature_nom", "Nom du signataire", "nom")),
    ]  # fmt: skip


PIECES = {
    "annexe-1": ("Annexe n°1 – Présentation des services", _annexe_1),
    "annexe-2": ("Annexe n°2 – Participation financière de la Collectivité", _annexe_2),
    "annexe-3": ("Annexe n°3 – Dispositions relatives au RGPD", _annexe_3),
    "deliberation": ("Modèle de délibération", _deliberation),
    "courrier": ("Lettre d’accompagnement", _letter),
}


def main() -> None:
    """Write the pieces beside the convention."""
    write(FOLDER, PIECES)


def write(folder: Path, pieces: Mapping[str, tuple[str, Callable[[], list[Xml]]]], *foot: str) -> None:
    """Write documents with the styles of the convention.

    Args:
        folder: where they go.
        pieces: by name, the title of each and what makes its blocks.
        foot: what stands behind the title at the foot of each page.
    """
    with zipfile.ZipFile(FOLDER / "convention.docx") as convention:
        own = {name: convention.read(name) for name in _KEPT}
        styles = convention.read("word/styles.xml").decode().replace("</w:styles>", f"{_STYLES}</w:styles>")
        rels = convention.read("_rels/.rels")
    for name, (title, build) in pieces.items():
        parts = {
            "[Content_Types].xml": _content_types(),
            "_rels/.rels": rels,
            DOCUMENT: _document(build()),
            "word/_rels/document.xml.rels": _relationships(),
            "word/styles.xml": styles,
            "word/footer1.xml": _footer(title, *foot),
            "docProps/core.xml": _core(title),
            **own,
        }
        with zipfile.ZipFile(folder / f"{name}.docx", "w", zipfile.ZIP_DEFLATED) as file:
            for part, content in parts.items():
                entry = zipfile.ZipInfo(part, (1980, 1, 1, 0, 0, 0))
                entry.compress_type = zipfile.ZIP_DEFLATED
                file.writestr(entry, content)


def _document(blocks: Iterable[Xml]) -> str:
    page = (
        '<w:sectPr><w:footerReference w:type="default" r:id="rId1"/><w:pgSz w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="1418" w:right="1418" w:bottom="1418" w:left="1418" w:header="709" w:footer="567" '
        'w:gutter="0"/>'
        '<w:cols w:space="708"/></w:sectPr>'
    )
    return f"{_XML}<w:document {_ROOT}><w:body>{''.join(blocks)}{page}</w:body></w:document>"


def _footer(*pieces: str) -> str:
    number = '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    total = '<w:fldSimple w:instr=" NUMPAGES "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    inside = p("Pieddepage", *pieces, Xml("<w:r><w:tab/></w:r>"), Xml(number), "/", Xml(total))
    return f"{_XML}<w:ftr {_ROOT}>{inside}</w:ftr>"


def _core(title: str) -> str:
    package = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
    return (
        f'{_XML}<cp:coreProperties xmlns:cp="{package}" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(title)}</dc:title><dc:language>fr-FR</dc:language></cp:coreProperties>"
    )


_PARTS = ("footer", "styles", "numbering", "settings", "fontTable", "theme")


def _relationships() -> str:
    targets = {"footer": "footer1.xml", "theme": "theme/theme1.xml"}
    inside = "".join(
        f'<Relationship Id="rId{rank}" Type="{_REL}/{name}" Target="{targets.get(name, f"{name}.xml")}"/>'
        for rank, name in enumerate(_PARTS, 1)
    )
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'{_XML}<Relationships xmlns="{package}">{inside}</Relationships>'


def _content_types() -> str:
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    kinds = {
        "/word/document.xml": f"{word}.document.main+xml",
        "/word/styles.xml": f"{word}.styles+xml",
        "/word/numbering.xml": f"{word}.numbering+xml",
        "/word/settings.xml": f"{word}.settings+xml",
        "/word/fontTable.xml": f"{word}.fontTable+xml",
        "/word/footer1.xml": f"{word}.footer+xml",
        "/word/theme/theme1.xml": "application/vnd.openxmlformats-officedocument.theme+xml",
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    }
    overrides = "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in kinds.items())
    package = "http://schemas.openxmlformats.org/package/2006/content-types"
    return (
        f'{_XML}<Types xmlns="{package}"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

if __name__ == "__main__":
    main()
