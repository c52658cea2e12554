"""Forms as ten programs write them: each of some contents in the manner of each program.

What is written here follows what is known of the programs' files: the origin of each manner is in its docstring. The
documents are made when the tests run; nothing of them was copied from anybody's file.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from copy import deepcopy
from itertools import count

import docx
from lxml import etree

__all__ = ["CONTENTS", "PRODUCERS", "form"]

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_NAMESPACES = (
    f'xmlns:w="{W}" xmlns:r="{_OFFICE}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml" xmlns:v="urn:schemas-microsoft-com:vml"'
)


def run(text: str, look: str = "") -> str:
    return f'<w:r>{f"<w:rPr>{look}</w:rPr>" if look else ""}<w:t xml:space="preserve">{text}</w:t></w:r>'


def p(*pieces: str) -> str:
    return "<w:p>" + "".join(piece if piece.startswith("<") else run(piece) for piece in pieces) + "</w:p>"


def control(kind: str, prompt: str, tag: str = "", alias: str = "", content: str = "") -> str:
    named = (f'<w:alias w:val="{alias}"/>' if alias else "") + (f'<w:tag w:val="{tag}"/>' if tag else "")
    flag = "" if content else "<w:showingPlcHdr/>"
    inside = content or run(prompt, '<w:rStyle w:val="Textedelespacerserv"/>')
    properties = f'<w:sdtPr>{named}<w:id w:val="@ID@"/>{flag}{kind}</w:sdtPr>'
    return f"<w:sdt>{properties}<w:sdtContent>{inside}</w:sdtContent></w:sdt>"


def field(code: str, result: str, data: str = "") -> str:
    begin = f'<w:fldChar w:fldCharType="begin">{data}</w:fldChar>' if data else '<w:fldChar w:fldCharType="begin"/>'
    marks = ('<w:fldChar w:fldCharType="separate"/>', run(result), '<w:fldChar w:fldCharType="end"/>')
    code = f'<w:instrText xml:space="preserve"> {code} </w:instrText>'
    return "".join(one if one.startswith("<w:r>") else f"<w:r>{one}</w:r>" for one in (begin, code, *marks))


def table(*cells: str) -> str:
    columns = "".join('<w:gridCol w:w="3000"/>' for _ in cells)
    row = "".join(f'<w:tc><w:tcPr><w:tcW w:w="3000" w:type="dxa"/></w:tcPr>{cell}</w:tc>' for cell in cells)
    properties = f'<w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr><w:tblGrid>{columns}</w:tblGrid>'
    return f"<w:tbl>{properties}<w:tr>{row}</w:tr></w:tbl>"


_TEXT, _RICH = "<w:text/>", ""
_DATE = '<w:date><w:dateFormat w:val="d MMMM yyyy"/><w:lid w:val="fr-FR"/></w:date>'
_LIST = (
    '<w:dropDownList><w:listItem w:displayText="Choisissez un élément." w:value=""/>'
    '<w:listItem w:displayText="Agents" w:value="a"/><w:listItem w:displayText="Élus" w:value="e"/></w:dropDownList>'
)
_BOX = (
    '<w14:checkbox><w14:checked w14:val="0"/><w14:checkedState w14:val="2612" w14:font="MS Gothic"/>'
    '<w14:uncheckedState w14:val="2610" w14:font="MS Gothic"/></w14:checkbox>'
)
_NAME = control(_TEXT, "Nom de la commune.", "nom", "Nom")
_LEGACY = (
    '<w:ffData><w:name w:val="Texte1"/><w:enabled/><w:textInput><w:default w:val="(ville)"/></w:textInput></w:ffData>'
)
_ITEM = (
    '<w:sdt><w:sdtPr><w:tag w:val="lots"/><w:id w:val="@ID@"/><w15:repeatingSection/></w:sdtPr><w:sdtContent>'
    '<w:sdt><w:sdtPr><w:id w:val="@ID@"/><w15:repeatingSectionItem/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>'
    "</w:sdtContent></w:sdt>"
)
CONTENTS: Mapping[str, str] = {
    "texte": p("Entre la commune de ", _NAME, ", d’une part,"),
    "sans-nom": p("Adresse : ", control(_TEXT, "Cliquez ou appuyez ici pour entrer du texte.")),
    "date": p("par délibération du ", control(_DATE, "Cliquez ou appuyez ici pour entrer une date."), ". Début : ",
              control(_DATE, "Date de début de mission", "debut")),
    "liste": p("Public : ", control(_LIST, "Choisissez un élément.", "public", "Public")),
    "case": p(control(_BOX, "", "opt", content=run("☐")), " Option messagerie"),
    "section": p("Commune de ", _NAME) + _ITEM.format(p("Lot ", control(_TEXT, "Intitulé du lot", "intitule"))),
    "imbriques": control(_RICH, "", "article", content=p("La commune de ", _NAME, " emprunte le matériel.")),
    "clause": control(_RICH, "", "clause", content=p("Tarifs") + table(p("Forfait"), p("500 euros")) + p("Fin.")),
    "balise-repetee": p("Lieu : ", control(_TEXT, "Lieu.", "lieu"), ", rendu à ", control(_TEXT, "Lieu.", "lieu")),
    "balises-rares": p(*(control(_TEXT, f"Champ {tag}", tag) for tag in ("commune: nom", "oui", "# a"))),
    "tableau": table(p("Nom de la collectivité"), p(control(_TEXT, "Cliquez ici.", "cellule"))) + p(""),
    "crochets": p("Entre [nom de la commune] et le syndicat, [voir ", field("REF a", "6.1"), " du règlement]."),
    "publipostage": p("Bonjour ", field("MERGEFIELD Nom", "«Nom»"), ", ", field("IF 1 = 1 \"a\" \"b\"", "a"), "."),
    "champs-anciens": p("Ville : ", field("FORMTEXT", "(ville)", _LEGACY), " fin."),
    "zone-de-texte": p('<w:r><w:pict><v:shape style="width:200pt;height:60pt"><v:textbox><w:txbxContent>'
                       + p("Réf. ", control(_TEXT, "Référence", "ref")) + p("Caution : 300 euros.")
                       + "</w:txbxContent></v:textbox></v:shape></w:pict></w:r>", "Le prêt est gratuit."),
    "verrou": p(control('<w:lock w:val="sdtContentLocked"/><w:text/>', "", "fixe", content=run("fixe")), " et ", _NAME),
}  # fmt: skip
"""What forms hold, by name: the blocks of a body."""


def _word(body: str) -> str:
    """Word 2016: identifiers of revisions, spelling marks between runs (WORD.md, 21)."""
    body = re.sub(r"<w:p>", '<w:p w:rsidR="00A1B2C3" w:rsidRDefault="00A1B2C3">', body)
    return body.replace("<w:r><w:t", '<w:proofErr w:type="spellStart"/><w:proofErr w:type="spellEnd"/><w:r><w:t')


def _split(body: str) -> str:
    """Word again, on a text that was edited often: runs cut within words, pages' ends and bookmarks between."""
    numbers = count(500)

    def cut(match: re.Match[str]) -> str:
        text, n = match[1], next(numbers)
        if "&" in text or len(text) < 4:
            return match[0]
        half = len(text) // 2
        mark = f'<w:bookmarkStart w:id="{n}" w:name="_b{n}"/><w:bookmarkEnd w:id="{n}"/>'
        return run(text[:half]) + mark + "<w:r><w:lastRenderedPageBreak/></w:r>" + run(text[half:])

    return re.sub(r'<w:r><w:t xml:space="preserve">([^<]+)</w:t></w:r>', cut, body)


def _google(body: str) -> str:
    """Google Docs: wrappers named goog_rdk around runs, right-to-left marks that are off (WORD.md, 21)."""
    numbers = count()

    def wrap(match: re.Match[str]) -> str:
        tag = f'<w:sdtPr><w:tag w:val="goog_rdk_{next(numbers)}"/></w:sdtPr>'
        text = match[0].replace("<w:r>", '<w:r><w:rPr><w:rtl w:val="0"/></w:rPr>')
        return f"<w:sdt>{tag}<w:sdtContent>{text}</w:sdtContent></w:sdt>"

    return re.sub(r'<w:r><w:t xml:space="preserve">[^<]+</w:t></w:r>', wrap, body)


def _libreoffice(body: str) -> str:
    """LibreOffice: every run has a look, controls have neither flag nor style of prompt beside their id."""
    return body.replace("<w:r><w:t", '<w:r><w:rPr><w:sz w:val="24"/></w:rPr><w:t')


def _onlyoffice(body: str) -> str:
    """OnlyOffice: negative identifiers, an appearance in the properties of each control."""
    body = body.replace('<w:id w:val="@ID@"/>', '<w:id w:val="-@ID@"/>')
    return body.replace("</w:sdtPr>", '<w15:appearance w15:val="boundingBox"/></w:sdtPr>')


def _wps(body: str) -> str:
    """WPS: no identifiers, a hint of East Asian fonts in each run."""
    body = body.replace('<w:id w:val="@ID@"/>', "")
    return body.replace("<w:r><w:t", '<w:r><w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr><w:t')


def _plain(body: str) -> str:
    """npm ``docx``: nothing but what is asked."""
    return body


def _pandoc(body: str) -> str:
    """pandoc: bookmarks around paragraphs, styles by name."""
    numbers = count(900)

    def mark(match: re.Match[str]) -> str:
        n = next(numbers)
        return f'<w:bookmarkStart w:id="{n}" w:name="titre-{n}"/><w:bookmarkEnd w:id="{n}"/>{match[0]}'

    return re.sub(r"<w:p>(?!</w:p>)", mark, body, count=1)


def _old(body: str) -> str:
    """Word 2007, from a file of Word 97: smart tags around runs."""
    return re.sub(
        r'(?<!<w:sdtContent>)<w:r><w:t xml:space="preserve">[^<]+</w:t></w:r>',
        lambda match: f'<w:smartTag w:uri="urn:x" w:element="y">{match[0]}</w:smartTag>', body,
    )  # fmt: skip


PRODUCERS: Mapping[str, Callable[[str], str]] = {
    "word-2016": _word, "word-retouche": _split, "word-2007": _old, "google-docs": _google,
    "libreoffice": _libreoffice, "onlyoffice": _onlyoffice, "wps": _wps, "npm-docx": _plain, "pandoc": _pandoc,
    "python-docx": _plain,
}  # fmt: skip
"""The manners of programs, by name; python-docx's files are its own."""


_PROMPT_STYLE = (
    '<w:style w:type="character" w:styleId="Textedelespacerserv"><w:name w:val="Placeholder Text"/></w:style>'
)


def form(producer: str, content: str) -> bytes:
    """A form that holds that content, as that program writes it."""
    numbers = count(1001)
    body = p("Convention de prêt de matériel") + PRODUCERS[producer](CONTENTS[content]) + p("Fait à Lille.")
    body = re.sub("@ID@", lambda _: str(next(numbers)), body)
    return _by_python_docx(body) if producer == "python-docx" else _package(body, absolute=producer == "npm-docx")


def _by_python_docx(body: str) -> bytes:
    document = docx.Document()
    made = etree.fromstring(f"<w:body {_NAMESPACES}>{body}</w:body>")
    styles = document.styles.element
    styles.append(etree.fromstring(f'<w:r xmlns:w="{W}">{_PROMPT_STYLE}</w:r>')[0])
    for rank, block in enumerate(made):
        document.element.body.insert(rank, deepcopy(block))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _package(body: str, *, absolute: bool) -> bytes:
    root = "/word/" if absolute else "word/"
    styles = (
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
        + _PROMPT_STYLE
    )
    files = {
        "[Content_Types].xml": f'<Types xmlns="{_TYPES}"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_WORD_TYPE}.document.main+xml"/>'
        '<Override PartName="/word/styles.xml" '
        f'ContentType="{_WORD_TYPE}.styles+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_RELS}"><Relationship Id="rId1" Type="{_OFFICE}/officeDocument" '
        f'Target="{root}document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{_RELS}"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/styles" Target="{root if absolute else ""}styles.xml"/></Relationships>',
        "word/styles.xml": f'<w:styles xmlns:w="{W}">{styles}</w:styles>',
        "word/document.xml": f'<w:document {_NAMESPACES} mc:Ignorable="w14 w15"><w:body>{body}<w:sectPr/></w:body>'
        "</w:document>",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return out.getvalue()
