"""What is added to a printed convention when it is signed and filed: dates, formulas, initials, stamps, banners.

The words of these are a closed list: a line with any other word, as "sous réserve de …", is none of them, whatever it
begins with. Beside them stand days, hours, identifiers, and the names that the document itself says.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence

from conventool.register.communes import Register
from conventool.returned.pdf_glyphs import Box, Glyph, Line
from conventool.returned.pdf_pages import Page
from conventool.text.dates import date_or_none, long_date
from conventool.text.french import fold

__all__ = [
    "day_in",
    "first_dots",
    "is_day",
    "is_formula",
    "is_signatory",
    "names_in",
    "on_dots",
    "part_of",
    "parties_in",
    "segments",
]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_GAP = 18.0
_DOTS = frozenset(".…_·")
_TO_PAGE = re.compile(r"[.…_·]{4,}\s*\d+\s*$")
"""The end of a line of a table of contents: its dots lead to a number, and are nothing to write on."""
_MOST = 160
_RISE = 20.0
"""Points by which handwriting, or the place before a day, may stand above the dots."""
_SIGNING = _words("""
    lu lue lus lues vu vue approuve approuvee approuves approuvees accord acceptation pouvoir engagement signe signee
    signes signees signature signatures signed docusigned envoye envoyee recu recue affiche affichee affichage publie
    publiee publication transmis transmise teletransmis teletransmise teletransmission notifie notifiee notification
    enregistre enregistree depose deposee arrive arrivee vise visee visa executoire certifie certifiee certified
    conforme accuse ar reception prefecture ged courrier chrono ref reference bates cachet tampon paraphe paraphes id
    doc mairie qualite docusign yousign universign parapheur iparapheur docuseal esup certinomis persona sunnystamp
    chorus oodrive contralia hellosign docapost docaposte s2low ixbus adobe acrobat envelope goodflag chambersign
    certeurope certigna certsign libersign libriciel adullact maarch srci pastell webdelib almerys namirial skribble
    horodatage horodate certifiee eidas
""")
"""Words of which one tells what is added by those who sign and file."""
_AROUND = _words("""
    a ab acte actes au aux avec bon by ca cest cet commune competente controle copie d date de des digitally document
    du easy electronically electronique electroniquement en enveloppe et exact execution fast gmt heure hotel
    identifiant identifier jour l la le les legalite lex m madame manuscrite mention mme monsieur mr n no
    numero numerique numeriquement of on original page par pour prefet pro raison sign signataire sous
    sur time transaction transmission utc verified via ville with maire president presidente i certificat autorite
    advanced am avancee avec e france hauts pm qualifiee qualified region scop securisee v2 v3 v4
""")
"""Words that stand around them."""
_QUALITIES = _words("maire president presidente")
_TITLES = _QUALITIES | _words("la le l les du de des d et m mme monsieur madame")
"""Words that stand around a name where one signs."""
_PHRASES = re.compile(
    r"""
    pour\ l\ autorite\ competente\ par\ delegation
    | (?:(?:sous-)?prefecture\ (?:de|du|des|d)\ (?:la\ |l\ )?[\w-]+\ )?controle\ de\ legalite
    | (?:l[ea]\ )?(?:maire|presidente?)\ certifie\ (?:sous\ sa\ responsabilite\ )?le\ caractere\ executoire
      \ (?:du\ present|de\ l|de\ cet|de\ la|de\ cette)\ (?:acte|deliberation|decision)
    | (?:certifie\ |acte\ )?(?:rendu\ )?executoire\ (?:par\ (?:l[ea]\ )?(?:maire|presidente?)\ )?
      (?:compte\ tenu\ de|apres)(?:\ la|\ sa|\ son|\ le)?
      \ (?:transmission|teletransmission|depot|envoi|reception)\ (?:en|a\ la)\ (?:sous-)?prefecture(?:\ le)?
      (?:\ et(?:\ de)?(?:\ la|\ sa|\ son|\ l)?\ (?:publication|affichage|notification)(?:\ le)?)?
    | (?:raison\ )?(?:j\ approuve|j\ ai\ verifie|je\ suis\ l\ auteur\ de)\ ce\ document
""",
    re.VERBOSE,
)
"""What is said as a whole, without its days: by those who certify an act (CGCT, L2131-1), by Acrobat for a reason."""
_WORDS = _words("""
    non nul ne ni pas si sauf sans mais ou et un une dix cent mil mois an ans jour ht ttc net fin stop veto void null
    no oui ok faux hors peu plus rien zero nie sic cf eur
""")
"""What is no initials, but says something."""
_SHORT_WORDS = _WORDS | _words("""
    a ai as au aux ce ces cet de des deux du elle en es est eu eux fin il ils je la le les loi lu lui ma me mes moi mon
    nos on ont par pas pour que qui sa se ses six soi son sur sept ta te tes toi ton tu va vos vu y art huit neuf onze
""")
"""What initials side by side do not hold: with others it may make a phrase."""
_INITIALS = re.compile(r"[A-ZÀÉÈÎ](?:\. ?|-|)[A-ZÀÉÈÎ](?:(?:\. ?|-|)[A-ZÀÉÈÎ])?(?:\. ?[A-ZÀÉÈÎ])?\.?")
_PARAPHE = re.compile(r"(?:Paraphes?|Initiales) ?:? ?", re.IGNORECASE)
_MONTHS = (
    r"(?:janv?(?:ier)?|fevr?(?:ier)?|mars?|avr(?:il)?|mai|juin|juil(?:l|let)?|aout?|sept?(?:embre)?|oct(?:obre)?"
    r"|nov(?:embre)?|dec(?:embre)?|i{1,3}|iv|vi{0,3}|ix|xi{0,2}|apr|feb|may|june?|july?|aug)"
)
_DAYS = r"(?:\d{1,2}(?: ?er)?|premier|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze)"
_DAY = re.compile(
    rf"(?:(?:lun|mar|mercre|jeu|vendre|same)di,? |dimanche,? )?{_DAYS}[ .-]{{0,2}}{_MONTHS}[ .-]{{0,2}}\d\d(?:\d\d)?\b"
    r"|\b\d{1,2} ?([./-]) ?\d{1,2} ?\1 ?(?:\d{4}|\d{2})\b|\b\d{4}([./-])\d{2}\2\d{2}\b"
    rf"|\b{_MONTHS}\.? \d{{1,2}}, \d{{4}}\b"
)
_MONTH = re.compile(rf"{_MONTHS}\.? ?20\d\d|(?:0?[1-9]|1[0-2])[-/.]20\d\d|20\d\d-(?:0[1-9]|1[0-2])")
"""A month, for want of a day."""
_TIME = re.compile(
    r"\b\d{1,2} ?[h:] ?\d{2}(?: ?(?:min|[:m]) ?\d{2})?s?\b|(?:\b(?:gmt|utc) ?)?[+-]\d{1,2}(?:[:' ]?\d{2})?'?(?=[ )]|$)"
)
_IDENTIFIER = re.compile(r"(?:(?:[a-z]{1,4}|[\da-f]+)(?:[-_./]|(?<=\D)(?=\d)|$))+")
_SIGLE = re.compile(r"\b([A-Z]{2,4})\s+(\d+)\b")
"""A name of capitals and the number behind it, as CDG 59 is."""
_HOLDER = re.compile(r"\b(?:dn|cn|ou|o|sn|givenname)\s*[=:]|\bc\s*=\s*[a-z]{2}\b")
"""What stands before the parts of a certificate's name (RFC 4514)."""
_PREFECTURE = re.compile(r"(?<=prefecture )(?:d(?:e|u|es)? )(?:la |l )?([\w-]+)")
_CHRONO = re.compile(r"20\d\d[-/_](?!20\d\d)\d{2,6}")
"""The number of a letter or an act, which begins with its year; of two years it is none."""
_AGREEMENT = re.compile(r"cbjchbcaabaa[\w-]{16,40}")
"""How Adobe Acrobat Sign calls an agreement: all begin alike."""
_COUNTED = frozenset({"n", "no", "numero", "page", "ged", "chrono", "courrier", "ref", "reference", "bates", "sur"})
"""What a short number may follow."""
_FEWEST_DIGITS = 4
_LONG = 12
"""Characters: so long an identifier is a platform's or an act's, and no serial number that a control may hold."""
_PLACE_AND_DAY = re.compile(
    r"(?:(?:fait|signé) )?(?:(?:à )?(?P<place>[\w’' -]{2,40}?)(?:, ?| (?=le |en )))?(?:le |en )?(?P<day>.+)",
    re.IGNORECASE,
)
_TOWN_HALLS = frozenset({"l hotel de ville", "hotel de ville", "la mairie", "mairie"})
_SHORT_YEAR = re.compile(r"(?<=[^\W\d] )\d\d$")
"""The year of a day whose month is in letters, in two figures."""


def is_formula(text: str, names: Collection[str] = ()) -> bool:
    """Whether a text is one that is added by hand or by those who file: "Lu et approuvé", "Reçu en préfecture le …".

    Args:
        text: a line.
        names: the names that the document says, as `names_in` gives them.
    """
    text = " ".join(text.split())
    if not 0 < len(text) <= _MOST:
        return False
    is_counted = _CHRONO.fullmatch(text) is not None or _is_second(text)
    return is_counted or is_day(text) or _are_initials(text) or _belongs_to_signing(text, names)


def _are_initials(text: str) -> bool:
    """Whether a text is initials, or those of several; side by side they are letters alone, and no words."""
    text = _PARAPHE.sub("", text)
    groups, beside = [one for one in re.split(r" ?[/|–] ?| - ", text) if one], text.split()
    if len(beside) > 1 and all(one.isalpha() and fold(one) not in _SHORT_WORDS for one in beside):
        groups = beside
    return any(groups) and all(
        _INITIALS.fullmatch(one) and fold(re.sub(r"[^\w]", "", one)) not in _WORDS for one in groups
    )


def _belongs_to_signing(text: str, names: Collection[str]) -> bool:
    """Whether all words of a line are of signing and filing, or names of the document, and one tells which it is."""
    plain = _plain(_SIGLE.sub(lambda sigle: _as_named(sigle, names), text)).replace("...", " ")
    is_holder = "cn=" in plain
    rest = _TIME.sub(" ", _DAY.sub(" ", _HOLDER.sub(" ", plain) if is_holder else plain))
    words = re.sub(r"[^\w./-]|(?<!\w)[./-]+|[./-]+(?!\w)", " ", rest.replace("'", " ")).split()
    if _PHRASES.fullmatch(" ".join(words).removesuffix(" le")):
        return True
    tells, before = is_holder, ""
    for word in _PREFECTURE.sub(_without_town, " ".join(words)).split():
        parts = [word] if word in names else word.split("-")
        is_number = word.isdecimal() and len(word) <= _FEWEST_DIGITS
        if is_number or not set(parts) <= _SIGNING | _AROUND | set(names):
            is_counted = before in _COUNTED and (is_number or re.fullmatch(r"[\d/]+", word))
            if not is_counted and not _is_identifier(word):
                return False
            tells = tells or bool(before in _COUNTED or len(word) >= _LONG)
        tells = tells or not _SIGNING.isdisjoint(parts)
        before = word
    is_name = bool(words) and rest != plain and set(words) <= {*names, *_AROUND}  # a signatory and when
    return tells or is_name


def _as_named(sigle: re.Match[str], names: Collection[str]) -> str:
    """A name of capitals with its number as one word, if the document says it."""
    joined = "".join(sigle.groups())
    return joined if fold(joined) in names else sigle[0]


def _without_town(seat: re.Match[str]) -> str:
    """Where a préfecture is: nothing, if that is a town or a département, else what is there."""
    register = Register.open()
    return "" if register.by_name(seat[1]) or register.departement(seat[1]) else seat[0]


def _plain(text: str) -> str:
    """A text in small letters without accents, its signs as a keyboard has them."""
    letters = unicodedata.normalize("NFD", text.translate({0x2019: "'", 0xB0: " "}))
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold()


def _is_identifier(word: str) -> bool:
    is_counted = sum(map(str.isdigit, word)) >= _FEWEST_DIGITS and _IDENTIFIER.fullmatch(word) is not None
    return is_counted or _AGREEMENT.fullmatch(word) is not None


def names_in(texts: Sequence[str]) -> frozenset[str]:
    """The names in some lines: words that begin with a capital letter there, and stand nowhere in small letters."""
    words = [word for text in texts for word in (*re.findall(r"\w+", text), *map("".join, _SIGLE.findall(text)))]
    small = {fold(word) for word in words if word.islower()}
    return frozenset(found for word in words if word[0].isupper() and (found := fold(word)) not in small)


def is_signatory(text: str, names: Collection[str]) -> bool:
    """Whether a text says a party or who signs for it and nothing else: "La Maire d’Armentières", "CDG 59".

    It is an addition at the place of signatures alone; anywhere else its words are a text like any other.

    Args:
        text: a line.
        names: those of the parties and of who signs, as `parties_in` gives them.
    """
    words = [fold(word) for word in re.findall(r"\w+", _with_number(text))]
    own = _QUALITIES.union(names) - (_AROUND - _QUALITIES)
    is_said = not own.isdisjoint(words) and own.union(_TITLES).issuperset(words)
    return _plain(text.strip()) in names or (is_said and len(text) <= _MOST)


def _with_number(text: str) -> str:
    """A text in which a number is one word with the name before it: "CDG 59" is "CDG59"."""
    return re.sub(r"(?<=\w)\s+(?=\d)", "", text)


def parties_in(texts: Sequence[str]) -> frozenset[str]:
    """The names in some texts, a number behind one also with it, and the identifiers, as that of a decision."""
    words = (_plain(word) for text in texts for word in text.split())
    identifiers = {word for word in words if not word.isdecimal() and _is_identifier(word)}
    return names_in([*texts, *map(_with_number, texts)]) | identifiers


def day_in(text: str) -> str | None:
    """The day of a text that says nothing else but its place: "Fait à Lille, le 2 avril 2026"; None for any other.

    The place is a commune or a town hall: "À annuler, le 2 avril 2026" is no date. The hour behind a day is left out.
    """
    place, said = _parted(text)
    day = _SHORT_YEAR.sub(lambda year: f"20{year[0]}", re.sub(r" ?([./-]) ?", r"\1", said))
    found = date_or_none(day)
    if found is None or not _is_place(place):
        return None
    return long_date(found) if "h" in day.casefold() or ":" in day else day


def _parted(text: str) -> tuple[str, str]:
    """The place that a text begins with, empty where it begins with none, and what stands behind it."""
    match = _PLACE_AND_DAY.fullmatch(" ".join(text.split()))
    return (match["place"] or "", match["day"]) if match else ("", "")


def _is_place(place: str) -> bool:
    """Whether a text is none or the name of a commune, of today or of old, or says the town hall."""
    register = Register.open()
    is_known = not place or fold(place) in _TOWN_HALLS or any(register.by_name(place))
    return is_known or any(register.formers_called(place))


def is_day(text: str) -> bool:
    """Whether a text is a day, be it in a writing of two meanings, as 03/04/26 is, or but a month: it is no value."""
    if day_in(text) is not None:
        return True
    place, said = _parted(text)
    plain = _plain(said).removeprefix("le ")
    untimed = _TIME.sub("", plain).strip().removesuffix(" a")
    return bool(_DAY.fullmatch(untimed) or _MONTH.fullmatch(plain.strip())) and _is_place(place)


def _is_second(text: str) -> bool:
    """Whether a text is a time to the second, which a platform notes below the day."""
    return re.match(r"\d\d:\d\d:\d\d", text) is not None and not _TIME.sub("", text).strip()


def segments(line: Line) -> Iterator[Line]:
    """A line cut where its characters are far from each other: three dates are three, though read as one line."""
    part: list[Glyph] = []
    for glyph in line.glyphs:
        if part and not -_GAP < glyph.box.left - part[-1].box.right < _GAP:
            yield part_of(line, part)
            part = []
        part.append(glyph)
    if part:
        yield part_of(line, part)


def part_of(line: Line, part: list[Glyph]) -> Line:
    """Some characters of a line that follow each other, with its spaces, as a line."""
    wanted = "".join(glyph.char for glyph in part)
    pattern = r"\s*".join(map(re.escape, wanted))
    found = re.search(pattern, line.text)
    return Line(found[0] if found else wanted, part)


def on_dots(lines: Sequence[Line], box: Box) -> Line | None:
    """The line of dots that a text is written over, or just above."""
    wide = Box(box.left, box.top - 2, box.right, box.bottom + 8)
    for line in lines:
        dots = [glyph for glyph in line.glyphs if glyph.char in _DOTS]
        if len(dots) >= 4 and any(glyph.box.meets(wide) for glyph in dots):
            return line
    return None


def first_dots(page: Page) -> float | None:
    """From which height on one signs: somewhat above the first line of dots of a page; None for a page without."""
    tops = [
        line.glyphs[0].box.top
        for line in page.lines
        if sum(glyph.char in _DOTS for glyph in line.glyphs) >= 4 and not _TO_PAGE.search(line.text)
    ]
    return min(tops) - _RISE if tops else None
