"""Forms of which paper shows more than Word stores, or elsewhere: numbers, notes, boxes, rows over two pages.

The documents are made when the tests run; nothing of them was copied from anybody's file.
"""

from __future__ import annotations

from collections.abc import Mapping

from edits import rezipped

__all__ = ["FORMS", "RIGHT_TO_LEFT"]

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_NAMESPACES = (
    f'xmlns:w="{_W}" xmlns:r="{_OFFICE}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
_CLAUSES = [
    "La Commune confie au Syndicat la gestion de ses archives, dans les conditions que fixe la présente convention.",
    "Le Syndicat tient un registre des versements et en rend compte chaque année avant le 30 juin.",
    "Chaque partie désigne un interlocuteur unique ; elle informe l’autre de tout changement sous quinze jours.",
    "La contribution annuelle s’élève à 1 250 euros ; elle est révisée au 1er janvier selon l’indice publié.",
    "En cas de manquement grave, la convention est résiliée de plein droit trente jours après mise en demeure.",
    "Les documents éliminés le sont avec le visa du directeur des archives départementales.",
    "Le local est tenu fermé ; les clés sont remises contre reçu, et toute perte est facturée 45 euros.",
    "Les frais de transport sont partagés par moitié, sauf pour les fonds de plus de 20 mètres linéaires.",
    "Aucune communication n’est faite à des tiers sans l’accord écrit du maire, donné pour chaque demande.",
    "Tout litige est porté devant le tribunal administratif, après deux mois de discussion amiable.",
]
_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")


def _run(text: str, look: str = "") -> str:
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def _p(*pieces: str, properties: str = "") -> str:
    runs = (piece if piece.startswith("<") else _run(piece) for piece in pieces)
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(runs)}</w:p>"


def _control(tag: str, look: str = "", kind: str = "<w:text/>") -> str:
    properties = f'<w:sdtPr><w:tag w:val="{tag}"/><w:showingPlcHdr/>{kind}</w:sdtPr>'
    return f"<w:sdt>{properties}<w:sdtContent>{_run('Cliquez ici.', look)}</w:sdtContent></w:sdt>"


def _field(code: str, result: str) -> str:
    marks = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end"))
    begin, middle, end = marks
    return f'{begin}<w:r><w:instrText xml:space="preserve"> {code} </w:instrText></w:r>{middle}{_run(result)}{end}'


def _clauses(count: int, first: int = 0) -> list[str]:
    """Clauses that are all different: the rank of each is in it."""
    return [f"{_CLAUSES[(first + rank) % 10]} Clause {first + rank + 1}." for rank in range(count)]


def _text(count: int, first: int = 0) -> str:
    return "".join(map(_p, _clauses(count, first)))


def _cell(width: int, *blocks: str, properties: str = "") -> str:
    inside = "".join(block if block.startswith(("<w:p>", "<w:tbl>")) else _p(block) for block in blocks)
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{properties}</w:tcPr>{inside}</w:tc>'


def _row(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def _table(widths: list[int], *rows: str, borders: bool = True) -> str:
    sides = (f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for side in _SIDES)
    around = f"<w:tblBorders>{''.join(sides)}</w:tblBorders>" if borders else ""
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    size = f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/>{around}<w:tblLayout w:type="fixed"/>'
    return f"<w:tbl><w:tblPr>{size}</w:tblPr><w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>"


def _section(references: str = "", properties: str = "", *, landscape: bool = False) -> str:
    width, height = (16838, 11906) if landscape else (11906, 16838)
    margins = "".join(f' w:{side}="1417"' for side in ("top", "right", "bottom", "left"))
    return (
        f'<w:sectPr>{references}<w:pgSz w:w="{width}" w:h="{height}"/>'
        f'<w:pgMar{margins} w:header="708" w:footer="708" w:gutter="0"/>{properties}</w:sectPr>'
    )


def _refers(kind: str, pages: str, name: str) -> str:
    return f'<w:{kind}Reference w:type="{pages}" r:id="{name}"/>'


_NUMBERING = "".join(
    f'<w:abstractNum w:abstractNumId="{rank}">{levels}</w:abstractNum>'
    for rank, levels in enumerate(
        "".join(
            f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/>'
            f'<w:pPr><w:ind w:left="{720 * (level + 1)}" w:hanging="500"/></w:pPr></w:lvl>'
            for level, (kind, text) in enumerate(levels)
        )
        for levels in (
            [("decimal", "%1."), ("lowerLetter", "%2)"), ("decimal", "%1.%2.%3")],
            [("upperRoman", "Article %1 –")],
            [("bullet", "•")],
            [("bullet", "–")],
        )
    )
) + "".join(
    f'<w:num w:numId="{number}"><w:abstractNumId w:val="{definition}"/>{override}</w:num>'
    for number, definition, override in (
        (1, 0, ""),
        (2, 0, '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'),
        (3, 1, ""),
        (4, 2, ""),
        (5, 3, ""),
    )
)


def _item(number: int, text: str, level: int = 0) -> str:
    return _p(text, properties=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


_STYLES = (
    '<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Carlito" w:hAnsi="Carlito" w:cs="Carlito"/>'
    '<w:sz w:val="22"/><w:lang w:val="fr-FR"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after="120"/>'
    "</w:pPr></w:pPrDefault></w:docDefaults>"
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Titre1"><w:name w:val="heading 1"/><w:pPr><w:keepNext/>'
    '<w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:b/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="Appel"><w:name w:val="footnote reference"/><w:rPr>'
    '<w:vertAlign w:val="superscript"/></w:rPr></w:style>'
)
_CALL = '<w:rPr><w:rStyle w:val="Appel"/></w:rPr>'


def _notes(kind: str, texts: list[str]) -> str:
    own = (
        f'<w:{kind} w:id="{rank}">{_p(f"<w:r>{_CALL}<w:{kind}Ref/></w:r>", f" {text}")}</w:{kind}>'
        for rank, text in enumerate(texts, 1)
    )
    line = f'<w:{kind} w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:{kind}>'
    return line + "".join(own)


def _call(kind: str, number: int) -> str:
    return f'<w:r>{_CALL}<w:{kind}Reference w:id="{number}"/></w:r>'


def _form(body: str, parts: Mapping[str, str] | None = None, *, last: str = "", settings: str = "") -> bytes:
    """A form: its text between its parties and its signature, and its other parts by kind and name (``footer f1``)."""
    date = '<w:date><w:dateFormat w:val="d MMMM yyyy"/><w:lid w:val="fr-FR"/></w:date>'
    before = _p("CONVENTION D’ARCHIVAGE") + _p("Entre le Syndicat et ", _control("nom_commune"), ", d’autre part :")
    after = _p("Fait à Lille, le ", _control("date_signature", kind=date), ".")
    found = {
        "styles styles": _STYLES,
        "numbering numbering": _NUMBERING,
        "settings settings": settings,
        **(parts or {}),
    }
    roots = {"header": "hdr", "footer": "ftr"}
    files = {
        "word/document.xml": f"<w:document {_NAMESPACES}><w:body>{before}{body}{after}{last}</w:body></w:document>"
    }
    types = f'<Override PartName="/word/document.xml" ContentType="{_TYPE}.document.main+xml"/>'
    relations = ""
    for name, inside in found.items():
        kind, ident = name.split()
        root = roots.get(kind, kind)
        files[f"word/{ident}.xml"] = f"<w:{root} {_NAMESPACES}>{inside}</w:{root}>"
        types += f'<Override PartName="/word/{ident}.xml" ContentType="{_TYPE}.{kind}+xml"/>'
        relations += f'<Relationship Id="{ident}" Type="{_OFFICE}/{kind}" Target="{ident}.xml"/>'
    files["word/_rels/document.xml.rels"] = (
        f'<Relationships xmlns="{_PACKAGE}/relationships">{relations}</Relationships>'
    )
    files["_rels/.rels"] = (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type="{_OFFICE}/officeDocument" '
        'Target="word/document.xml"/></Relationships>'
    )
    rels = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    files["[Content_Types].xml"] = f'<Types xmlns="{_PACKAGE}/content-types">{rels}{types}</Types>'
    return rezipped({name: text.encode() for name, text in files.items()})


def _row_over_two_pages() -> bytes:
    head = _row(*(_cell(3000, text) for text in ("Objet", "Commune", "Syndicat")), properties="<w:tblHeader/>")
    contact = _p("Contact : ", _control("contact"), ", le matin.")
    long = _row(
        _cell(3000, " ".join(_clauses(9))), _cell(3000, *_clauses(8, 20)), _cell(3000, *_clauses(6, 40), contact)
    )
    short = _row(*(_cell(3000, text) for text in ("Délai", "Quinze jours", "Un mois")))
    return _form(_text(13, 60) + _table([3000, 3000, 3000], head, long, short) + _text(2, 80))


def _row_over_three_pages() -> bytes:
    inner = _table([2000, 2200], _row(_cell(2000, *_clauses(8, 100)), _cell(2200, *_clauses(9, 120))))
    right = [_p("Détail :"), inner, _p("Fin du détail."), *_clauses(12, 140)]
    row = _row(_cell(4500, *_clauses(34)), _cell(4500, *right))
    return _form(_text(8, 60) + _table([4500, 4500], row, borders=False) + _text(2, 80))


def _lists() -> bytes:
    first = _item(1, "Versement des dossiers") + _item(1, "Tri", 1) + _item(1, "Cotes", 1) + _item(1, "Boîtes", 2)
    again = _item(1, "Consultation sur place") + _p(_CLAUSES[0]) + _item(2, "Communication") + _item(2, "Copies")
    articles = (
        _item(3, "Objet") + _item(3, "Durée") + _item(4, "une puce") + _item(5, "un tiret") + _item(5, "un autre")
    )
    return _form(first + again + articles)


def _notes_below() -> bytes:
    due = ("Le montant de 1250", _call("footnote", 1), " euros est dû à ", _control("titulaire"), _call("footnote", 2))
    called = _p(*due, ".")
    later = _p("Le tarif", _call("footnote", 3), " est public", _call("endnote", 1), ".")
    parts = {
        "footnotes notes": _notes(
            "footnote", ["Hors taxes.", "Comptable d’Orchies.", "Voir l’article 3, alinéa 2, du règlement de 2024."]
        ),
        "endnotes fin": _notes("endnote", ["Guide des archives communales, édition de 2023."]),
    }
    return _form(_text(3) + called + _text(24, 10) + later, parts)


def _boxes() -> bytes:
    inside = _p("Dossier suivi par ", _control("agent")) + _p("Poste 4512")
    box = (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor distT="0" distB="0" distL="114300" '
        'distR="114300" simplePos="0" relativeHeight="2" behindDoc="0" locked="0" layoutInCell="1" allowOverlap="1">'
        '<wp:simplePos x="0" y="0"/><wp:positionH relativeFrom="column"><wp:posOffset>3600000</wp:posOffset>'
        '</wp:positionH><wp:positionV relativeFrom="paragraph"><wp:posOffset>100000</wp:posOffset></wp:positionV>'
        '<wp:extent cx="2520000" cy="720000"/><wp:wrapSquare wrapText="bothSides"/><wp:docPr id="1" name="Zone"/>'
        '<wp:cNvGraphicFramePr/><a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/'
        'wordprocessingShape"><wps:wsp><wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/>'
        '<a:ext cx="2520000" cy="720000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        '<a:ln w="9525"><a:solidFill><a:srgbClr val="000000"/></a:solidFill></a:ln></wps:spPr><wps:txbx>'
        f"<w:txbxContent>{inside}</w:txbxContent></wps:txbx><wps:bodyPr/></wps:wsp></a:graphicData></a:graphic>"
        "</wp:anchor></w:drawing></mc:Choice></mc:AlternateContent></w:r>"
    )
    frame = (
        '<w:framePr w:w="2500" w:hSpace="141" w:wrap="around" w:vAnchor="text" w:hAnchor="page" w:x="7500" w:y="100"/>'
    )
    framed = _p("Cadre réservé au service des archives", properties=frame)
    return _form(_text(2) + _p(box, " ".join(_clauses(3, 10))) + _text(3, 20) + framed + _text(4, 30))


def _margins() -> bytes:
    references = "".join(
        _refers(kind, pages, f"{kind[0]}{pages[0]}")
        for kind, pages in (
            ("header", "first"), ("header", "default"), ("header", "even"), ("footer", "first"), ("footer", "default"),
            ("footer", "even"),
        )
    )  # fmt: skip
    parts = {
        "header hf": _p("Département du Nord"), "header hd": _p("Convention, page impaire"),
        "header he": _p("Convention, page paire"), "footer ff": _p("Siège : Lille"),
        "footer fd": _p("– ", _field("PAGE", "1"), " –"), "footer fe": _p(_field("PAGE", "1")),
    }  # fmt: skip
    settings = "<w:evenAndOddHeaders/>"
    return _form(_text(30), parts, last=_section(references, "<w:titlePg/>"), settings=settings)


def _header_on_two_lines() -> bytes:
    """A value in it is longer than a line, and is cut at a hyphen."""
    header = _p("Dossier suivi par les services, sous la référence ", _control("reference"), " du registre")
    return _form(_text(30), {"header hd": header}, last=_section(_refers("header", "default", "hd")))


def _sections() -> bytes:
    own = _p(properties=_section(_refers("footer", "default", "f1")))
    wide = _p(properties=_section(_refers("footer", "default", "f2"), landscape=True))
    table = _table([7000, 6500], _row(_cell(7000, " ".join(_clauses(8, 10))), _cell(6500, *_clauses(7, 30))))
    count = _p("Page ", _field("PAGE", "1"), " sur ", _field("NUMPAGES", "3"))
    parts = {
        "footer f1": _table([4500, 4500], _row(_cell(4500, "Syndicat des archives"), _cell(4500, count))) + _p(),
        "footer f2": _p("Annexe : barème – ", _field("PAGE", "1"), " –"),
    }
    return _form(_text(4) + own + table + wide + _text(3, 50), parts, last=_section(_refers("footer", "default", "f1")))


def _dots() -> bytes:
    def tabbed(*pieces: str, ends: tuple[tuple[str, str, int], ...]) -> str:
        stops = (f'<w:tab w:val="{kind}" w:leader="{leader}" w:pos="{place}"/>' for kind, leader, place in ends)
        runs = ("<w:r><w:tab/></w:r>" if piece == "\t" else piece for piece in pieces)
        return _p(*runs, properties=f"<w:tabs>{''.join(stops)}</w:tabs>")

    contents = _p(_field('TOC \\o "1-1" \\h \\z', "Aucune entrée."))
    headings = "".join(_p(text, properties='<w:pStyle w:val="Titre1"/>') + _text(2, 10) for text in ("Objet", "Durée"))
    prices = tabbed("Caution", "\t", _control("caution"), " euros", ends=(("right", "dot", 9000),))
    lines = tabbed("Nom ", "\t", " Date ", "\t", ends=(("left", "underscore", 4000), ("left", "dot", 8500)))
    typed = _p("Observations : …………………………")
    return _form(contents + headings + prices + lines + typed)


def _letters() -> bytes:
    pages = _p(
        "Cette convention compte ", _field("NUMPAGES", "9"), " pages, celle-ci étant la ", _field("PAGE", "7"), "."
    )
    caps = _p(_run("Entre les soussignés", "<w:caps/>"), " et ", _run("le Syndicat", "<w:smallCaps/><w:b/>"), " :")
    value = _p("Le titulaire est ", _control("titulaire", "<w:i/>"), ", et lui seul.")
    symbol = _p("Choix : ", '<w:r><w:sym w:font="Wingdings" w:char="F0E0"/></w:r>', " suite, α ≤ β, срок два года.")
    ground = '<w:shd w:val="clear" w:color="auto" w:fill="1F4E79"/>'
    band = _p(_run("TITRE DE BANDEAU", '<w:color w:val="FFFFFF"/>'), properties=ground)
    around = "".join(f'<w:{side} w:val="double" w:sz="6" w:space="4" w:color="000000"/>' for side in _SIDES[:4])
    framed = _p("Texte encadré.", properties=f"<w:pBdr>{around}</w:pBdr>")
    return _form(pages + caps + value + symbol + band + framed + _text(2))


def _page(inside: str = "", references: str = "", kind: str = "") -> str:
    """The properties of a section whose pages have some more of them than their size."""
    section = _section(references, inside)
    return section.replace("<w:pgSz", f'<w:type w:val="{kind}"/><w:pgSz', 1) if kind else section


def _initials_and_margins() -> bytes:
    initial = _p(
        _run("L", '<w:sz w:val="96"/>'),
        properties='<w:keepNext/><w:framePr w:dropCap="drop" w:lines="3" w:wrap="around" w:vAnchor="text" '
        'w:hAnchor="text"/><w:spacing w:line="900" w:lineRule="exact"/>',
    )
    begun = _p("a Commune, que représente ", _control("elu"), ", confie ses archives au Syndicat. ", *_clauses(2))
    wide = _p(_run("La contribution est de 1 250 euros.", '<w:w w:val="150"/>'))
    narrow = _p(
        _run("Le Syndicat tient un registre.", '<w:w w:val="66"/>'), _control("titulaire", '<w:w w:val="120"/>')
    )
    sides = (f'<w:{side} w:val="double" w:sz="12" w:space="24" w:color="1F4E79"/>' for side in _SIDES[:4])
    around = (
        f'<w:pgBorders w:offsetFrom="page">{"".join(sides)}</w:pgBorders><w:lnNumType w:countBy="5"/>'
        '<w:pgNumType w:fmt="lowerRoman"/>'
    )
    lines = ["Siège : 12 rue Haute, Lille", "Tél. 03 20 00 00 00", "www.exemple.fr", "SIRET 123 456 789 00012"]
    parts = {"footer f1": "".join(map(_p, lines)) + _p("– ", _field("PAGE", "i"), " –")}
    last = _page(around, _refers("footer", "default", "f1"))
    return _form(initial + begun + wide + narrow + _text(26, 10), parts, last=last)


def _notes_over_pages() -> bytes:
    """One that goes on to the next page, one that ends with a value of several lines, one without its number."""
    notes = _notes("footnote", [" ".join(_clauses(40, 200)), "Hors taxes.", "Comptable."])
    notes = notes.replace(_run(" Hors taxes."), _run(" Voir ") + _control("renvoi"))
    notes = notes.replace(f"<w:r>{_CALL}<w:footnoteRef/></w:r>{_run(' Comptable.')}", _run("Comptable d’Orchies."))
    calls = _p("Le montant", _call("footnote", 1), " est dû à ", _control("titulaire"), ".")
    others = _p("Le tarif", _call("footnote", 2), " est public", _call("footnote", 3), ".")
    return _form(_text(26) + calls + _text(20, 40) + others, {"footnotes notes": notes})


def _counted_again() -> bytes:
    """Notes that begin at 1 on each page, lists in and behind a repeating section, bullets of symbol fonts."""
    ns = 'xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml"'
    lot, price = _item(1, "Lot"), _item(1, "Prix", 1)
    lot, price = (
        one.replace("</w:p>", f"{_run(' : ')}{_control(tag)}</w:p>") for one, tag in ((lot, "a"), (price, "b"))
    )
    item = (
        f"<w:sdt><w:sdtPr><w15:repeatingSectionItem {ns}/></w:sdtPr><w:sdtContent>{lot}{price}</w:sdtContent></w:sdt>"
    )
    section = f'<w:sdtPr><w:tag w:val="lots"/><w15:repeatingSection {ns}/></w:sdtPr><w:sdtContent>{item}</w:sdtContent>'
    before, after = _item(1, "Versement des dossiers"), _item(1, "Consultation sur place") + _item(1, "Tri", 1)
    called = _p("Le montant", _call("footnote", 1), " est public.") + _text(30, 10)
    notes = {"footnotes notes": _notes("footnote", ["Hors taxes.", "Voir le barème."])}
    last = _page('<w:footnotePr><w:numRestart w:val="eachPage"/></w:footnotePr>')
    lists = f"{before}<w:sdt>{section}</w:sdt>{after}"
    return _form(lists + called + _p("Le tarif", _call("footnote", 2), " aussi."), notes, last=last)


def _beside_the_text() -> bytes:
    """Tables that text runs around, a cell whose text runs upwards, words struck out, values in capitals, no text."""
    apart = "".join(f' w:{side}FromText="141"' for side in ("left", "right"))
    place = f'<w:tblpPr{apart} w:vertAnchor="text" w:horzAnchor="page" w:tblpX="{{}}" w:tblpY="100"/>'
    tables = "".join(
        _table([3000], *(_row(_cell(3000, text)) for text in texts)).replace("<w:tblPr>", f"<w:tblPr>{place.format(x)}")
        for x, texts in ((1500, ["Loyer", "450 euros", "au 1er mars"]), (6500, ["Caution", "900 euros", "au dépôt"]))
    )
    upright = _cell(800, "Prestations", properties='<w:textDirection w:val="btLr"/>')
    row = _table([800, 4000], _row(upright, _cell(4000, *_clauses(2, 5))))
    struck = _p("Le registre est rendu ", _run("tous les deux ans", "<w:strike/>"), " chaque année.")
    tall = "<w:sdtPr><w:rPr><w:caps/></w:rPr>"
    name = _p(
        "La commune de ",
        _control("commune", "<w:caps/>").replace("<w:sdtPr>", tall),
        _run(" et le Syndicat", "<w:caps/>"),
    )
    page_end = _p('<w:r><w:br w:type="page"/></w:r>')
    return _form(_text(2) + tables + _text(8, 10) + row + struck + name + page_end * 2 + _text(2, 30))


def _right_to_left() -> bytes:
    look = '<w:rtl/><w:rFonts w:cs="DejaVu Sans"/>'
    whole = _p(_run("שלום עולם, סעיף 12 בהסכם", look), properties="<w:bidi/>")
    title = _p("Titre : ", _run("اتفاقية الأرشيف", look), " (en arabe), signée par ", _control("signataire"), ".")
    return _form(_text(2) + whole + title + _text(2, 10))


FORMS = {
    "a-cote-du-texte": _beside_the_text,
    "comptes-repris": _counted_again,
    "en-tete-long": _header_on_two_lines,
    "initiales": _initials_and_margins,
    "lettres": _letters,
    "listes": _lists,
    "marges": _margins,
    "notes": _notes_below,
    "notes-longues": _notes_over_pages,
    "pointilles": _dots,
    "rangee-sur-deux-pages": _row_over_two_pages,
    "rangee-sur-trois-pages": _row_over_three_pages,
    "sections": _sections,
    "zones-de-texte": _boxes,
}
"""By name, what makes the form."""
RIGHT_TO_LEFT = _right_to_left
"""Makes a form of which a PDF cannot be held against all."""
