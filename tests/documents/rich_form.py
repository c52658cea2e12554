"""A form with what Word files draw from other parts than their text: a chart, a diagram, stored data, fields, twins.

Made when the tests run; nothing of it was copied from anybody's file.
"""

from __future__ import annotations

from documents.printed_forms import (
    _NAMESPACES,
    _OFFICE,
    _PACKAGE,
    _cell,
    _control,
    _field,
    _form,
    _item,
    _p,
    _refers,
    _row,
    _run,
    _section,
    _table,
)
from edits import rezipped
from word_by_hand import Opened

__all__ = ["STORE", "placed_box", "rich_form"]

STORE = "{11111111-2222-3333-4444-555555555555}"
_MORE = (
    f'{_NAMESPACES} xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" '
    'xmlns:newer="http://schemas.microsoft.com/office/drawing/2015/9/8/chartex"'
)
_CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_DIAGRAM = "http://schemas.openxmlformats.org/drawingml/2006/diagram"
_SHAPES = "http://schemas.microsoft.com/office/drawing/2008/diagram"
_MAIN = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
_STRUCK, _HIGH, _LOW = "<w:strike/>", '<w:vertAlign w:val="superscript"/>', '<w:vertAlign w:val="subscript"/>'
_DATE = '<w:date><w:dateFormat w:val="d MMMM yyyy"/><w:lid w:val="fr-FR"/><w:calendar w:val="gregorian"/></w:date>'
_BOUND = f'<w:dataBinding w:xpath="/donnees/service" w:storeItemID="{STORE}"/><w:text/>'


def _drawing(uri: str, inside: str) -> str:
    return (
        '<w:r><w:drawing><wp:inline><wp:extent cx="4000000" cy="2200000"/><wp:docPr id="31" name="Dessin"/>'
        f'<a:graphic><a:graphicData uri="{uri}">{inside}</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>'
    )


def placed_box() -> str:
    """A white box on the page, over whatever is there."""
    ways = (("H", "column", 4_300_000), ("V", "paragraph", -100_000))
    places = "".join(
        f'<wp:position{way} relativeFrom="{start}"><wp:posOffset>{far}</wp:posOffset></wp:position{way}>'
        for way, start, far in ways
    )
    box = (
        '<wps:wsp><wps:cNvSpPr/><wps:spPr><a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill>'
        '<a:srgbClr val="FFFFFF"/></a:solidFill></wps:spPr><wps:bodyPr/></wps:wsp>'
    )
    inside = f'{places}<wp:extent cx="1500000" cy="900000"/><wp:wrapNone/><wp:docPr id="41" name="Cadre"/>'
    data = (
        f'<a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">{box}</a:graphicData>'
    )
    graphic = f"<a:graphic>{data}</a:graphic>"
    return f'<w:r><w:drawing><wp:anchor behindDoc="0" simplePos="0">{inside}{graphic}</wp:anchor></w:drawing></w:r>'


_WATERMARK = (
    '<w:r><w:pict><v:shape id="s9" style="position:absolute;width:400pt;height:100pt;z-index:-251658752" '
    'fillcolor="silver" stroked="f"><v:fill opacity=".5"/><v:textpath string="MODÈLE"/></v:shape></w:pict></w:r>'
)


def _twins() -> str:
    text = f"<w:txbxContent>{_p('Permanence le mardi, poste 4512')}</w:txbxContent>"
    shape = (
        '<wps:wsp><wps:cNvSpPr txBox="1"/><wps:spPr><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></wps:spPr>'
        f"<wps:txbx>{text}</wps:txbx><wps:bodyPr/></wps:wsp>"
    )
    uri = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
    newer = _drawing(uri, shape).removeprefix("<w:r>").removesuffix("</w:r>")
    older = f'<w:pict><v:shape id="s1" style="width:198pt;height:57pt"><v:textbox>{text}</v:textbox></v:shape></w:pict>'
    twins = f'<mc:Choice Requires="wps">{newer}</mc:Choice><mc:Fallback>{older}</mc:Fallback>'
    return f"<w:r><mc:AlternateContent>{twins}</mc:AlternateContent></w:r>"


def _text() -> str:
    title = '<w:pStyle w:val="Titre1"/>'
    marked = f'<w:bookmarkStart w:id="1" w:name="objet"/>{_run("Article 1 – Objet")}<w:bookmarkEnd w:id="1"/>'
    head = _row(_cell(3000, "Objet"), _cell(6000, "Tarifs de 2026", properties='<w:gridSpan w:val="2"/>'))
    cells = (["Mètre", "5 euros", "8 euros"], ["Boîte", "1 euro", "2 euros"])
    rows = [_row(*(_cell(3000, text) for text in texts)) for texts in cells]
    first, second = _field("SEQ Figure", "1"), _field("SEQ Figure", "2")
    there = _field("REF objet \\h", "Article 1 – Objet")
    return "".join(
        [
            _p(marked, properties=title),
            _p("Le préavis est de ", _run("trois", _STRUCK), " deux mois, sauf ", _run("accord écrit", _STRUCK), "."),
            _p(
                "Le local mesure 120 m", _run("2", _HIGH), " et 45 m", _run("3", _HIGH), ", le CO", _run("2", _LOW), "."
            ),
            _p("Comme dit à l’", there, ", figure ", first, "."),
            _p("Tarifs : page ", _field("PAGEREF objet", "1"), ", figure ", second, "."),
            _p("Service : ", _control("service", kind=_BOUND), ", depuis le ", _control("debut", kind=_DATE), "."),
            _p("Pour ", _run("Madame", _STRUCK), _control("titulaire", _STRUCK), _run("adjointe", _STRUCK), "."),
            _p("La contribution :", _drawing(_CHART, '<c:chart r:id="chart"/>')),
            _p("Le circuit :", _drawing(_DIAGRAM, '<dgm:relIds r:dm="data" r:lo="data" r:qs="data" r:cs="data"/>')),
            _p(_twins(), "Le Syndicat reçoit les versements le mardi et le jeudi."),
            _p(placed_box(), "Le tampon se met à droite."),
            _p("Article 2 – Tarifs", properties=title),
            _table([3000, 3000, 3000], head, *rows),
            _item(1, "Versement") + _item(1, "Tri", 1) + _item(1, "Consultation") + _item(1, "Cotes", 1),
        ]
    )


def _parts() -> dict[str, str]:
    """The parts beside, by their names."""
    text = f"<a:p {_MAIN}><a:r><a:t>{{}}</a:t></a:r></a:p>"
    point = '<c:pt idx="0"><c:v>12</c:v></c:pt>'
    title = f"<c:title><c:tx><c:rich>{text.format('Par habitant')}</c:rich></c:tx></c:title>"
    chart = f"{title}<c:plotArea>{point}</c:plotArea>"
    relations = f'<Relationships xmlns="{_PACKAGE}/relationships">{{}}</Relationships>'
    over = f'<Relationship Id="over" Type="{_OFFICE}/chartUserShapes" Target="../drawings/over.xml"/>'
    properties = f'<Relationship Id="p" Type="{_OFFICE}/customXmlProps" Target="itemProps1.xml"/>'
    model = f'{text.format("Dépôt")}<dsp:dataModelExt xmlns:dsp="{_SHAPES}" relId="shapes"/>'
    return {
        "word/charts/chart.xml": f'<c:chartSpace xmlns:c="{_CHART}"><c:chart>{chart}</c:chart></c:chartSpace>',
        "word/charts/_rels/chart.xml.rels": relations.format(over),
        "word/drawings/over.xml": f'<c:userShapes xmlns:c="{_CHART}">{text.format("hors taxes")}</c:userShapes>',
        "word/diagrams/data.xml": f'<dgm:dataModel xmlns:dgm="{_DIAGRAM}">{model}</dgm:dataModel>',
        "word/diagrams/shapes.xml": f'<dsp:drawing xmlns:dsp="{_SHAPES}">{text.format("Dépôt")}</dsp:drawing>',
        "customXml/item1.xml": "<donnees><service>Archives</service><autre>Ventes</autre></donnees>",
        "customXml/itemProps1.xml": f'<d:datastoreItem xmlns:d="{_OFFICE}/customXml" d:itemID="{STORE}"/>',
        "customXml/_rels/item1.xml.rels": relations.format(properties),
    }


def rich_form() -> bytes:
    """The form as a Word file."""
    document = Opened.of(
        _form(
            _text(),
            {"header head": _p(_WATERMARK, "Syndicat ", _run("provisoire", _STRUCK))},
            last=_section(_refers("header", "default", "head")),
        )
    )
    kinds = {
        "chart": (f"{_OFFICE}/chart", "charts/chart.xml"),
        "data": (f"{_OFFICE}/diagramData", "diagrams/data.xml"),
        "shapes": ("http://schemas.microsoft.com/office/2007/relationships/diagramDrawing", "diagrams/shapes.xml"),
        "store": (f"{_OFFICE}/customXml", "../customXml/item1.xml"),
    }
    found = "".join(f'<Relationship Id="{name}" Type="{kind}" Target="{to}"/>' for name, (kind, to) in kinds.items())
    files = {name: data.decode() for name, data in document.parts.items()} | _parts()
    for part in ("word/document.xml", "word/head.xml"):
        files[part] = files[part].replace(_NAMESPACES, _MORE, 1)
    related = "word/_rels/document.xml.rels"
    files[related] = files[related].replace("</Relationships>", f"{found}</Relationships>")
    xml = '<Default Extension="xml" ContentType="application/xml"/>'
    files["[Content_Types].xml"] = files["[Content_Types].xml"].replace("</Types>", f"{xml}</Types>")
    return rezipped({name: text.encode() for name, text in files.items()})
