"""The format's names: namespaces, and how elements are told apart whatever prefix or edition a file uses."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache

from lxml import etree

__all__ = [
    "KNOWN_EXTENSIONS",
    "MATH",
    "MC",
    "SPACE",
    "W14",
    "W15",
    "WORD",
    "ancestor",
    "appended",
    "attribute",
    "child",
    "ensured",
    "in_fallback",
    "is_on",
    "is_understood",
    "is_word",
    "local",
    "make",
    "own",
    "relation_of",
    "set_attribute",
    "shown_alternative",
    "tags",
    "value_of",
    "word_children",
    "word_iter",
]

WORD = frozenset(
    {
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",  # transitional
        "http://purl.oclc.org/ooxml/wordprocessingml/main",  # strict
    }
)
W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
W15 = "http://schemas.microsoft.com/office/word/2012/wordml"
MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"
VML = "urn:schemas-microsoft-com:vml"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
"""The attribute by which the white space at the ends of a text stays."""
_RELATIONS = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}id",
)
_MICROSOFT = "http://schemas.microsoft.com/office"
KNOWN_EXTENSIONS = frozenset(
    {
        W14,
        W15,
        VML,
        *(f"{_MICROSOFT}/word/2010/wordprocessing{what}" for what in ("Drawing", "Shape", "Group", "Canvas", "Ink")),
        f"{_MICROSOFT}/word/2012/wordprocessingDrawing",
        f"{_MICROSOFT}/word/2015/wordml/symex",
        f"{_MICROSOFT}/word/2016/wordml/cid",
        f"{_MICROSOFT}/word/2018/wordml",
        f"{_MICROSOFT}/word/2018/wordml/cex",
        f"{_MICROSOFT}/word/2020/wordml/sdtdatahash",
        f"{_MICROSOFT}/word/2023/wordml/word16du",
        f"{_MICROSOFT}/word/2024/wordml/sdtformatlock",
        *(f"{_MICROSOFT}/drawing/{year}/main" for year in (2010, 2014)),
    }
)
"""Extensions of the format that Word itself reads, though older editions may ignore them."""


def local(element: etree._Element) -> str:
    """The name without its namespace; empty for a comment or a processing instruction."""
    return _parted(element.tag)[1]


def namespace(element: etree._Element) -> str:
    """The namespace of an element; empty for a comment or where there is none."""
    return _parted(element.tag)[0]


def is_word(element: etree._Element, *names: str) -> bool:
    """Is it a WordprocessingML element, of one of these names if any are given?"""
    ns, name = _parted(element.tag)
    return ns in WORD and (not names or name in names)


@lru_cache(maxsize=4096)
def _parted(tag: object) -> tuple[str, str]:
    """Namespace and name of a tag; that of a comment is no text."""
    if not isinstance(tag, str):
        return "", ""
    ns, _, name = tag.rpartition("}")
    return ns[1:], name


@cache
def tags(*names: str) -> tuple[str, ...]:
    """The full tags of these WordprocessingML names, in both editions' namespaces, as lxml filters by them."""
    return tuple(f"{{{ns}}}{name}" for name in names for ns in WORD)


def word_iter(root: etree._Element, *names: str) -> Iterator[etree._Element]:
    """``root`` and its descendants of these names, in document order, in either edition's namespace."""
    return root.iter(*tags(*names))


def word_children(parent: etree._Element, *names: str) -> Iterator[etree._Element]:
    """The children of these names, in order."""
    return parent.iterchildren(*tags(*names))


def ancestor(element: etree._Element | None, *names: str) -> etree._Element | None:
    """The nearest element of these names in which one stands; None where there is none."""
    return None if element is None else next(element.iterancestors(*tags(*names)), None)


def own(holder: etree._Element, name: str) -> list[etree._Element]:
    """The elements of a name that are no other holder's inside: the rows of a table, the cells of a row.

    Of a paragraph it gives the runs, without those of the text boxes that are anchored in it.
    """
    return [one for one in word_iter(holder, name) if ancestor(one, local(holder)) is holder]


def child(parent: etree._Element | None, name: str, ns: str | None = None) -> etree._Element | None:
    """The first child of that name: WordprocessingML's, or the extension namespace ``ns``'s."""
    if parent is None:
        return None
    if ns is not None:
        return parent.find(f"{{{ns}}}{name}")
    wanted = tags(name)
    for inner in parent:  # sooner done than lxml's own filter is made ready: what is looked for stands at the head
        if inner.tag in wanted:
            return inner
    return None


def relation_of(element: etree._Element) -> str:
    """The name of the relationship to which an element refers; empty for none."""
    return next((name for key in _RELATIONS if (name := element.get(key))), "")


def attribute(element: etree._Element | None, name: str) -> str | None:
    """An attribute in the element's own namespace (``w:val`` of a ``w:`` element); of other elements, or in none.

    Word passes over ``val`` where ``w:val`` is meant.
    """
    if element is None:
        return None
    found = element.get(_beside(element.tag, name))
    return found if found is not None or namespace(element) in WORD else element.get(name)


@lru_cache(maxsize=4096)
def _beside(tag: object, name: str) -> str:
    """A name in the namespace of a tag."""
    return f"{tag.rpartition('}')[0]}}}{name}" if isinstance(tag, str) and tag.startswith("{") else name


def value_of(parent: etree._Element | None, name: str) -> str | None:
    """``w:val`` of the first child of that name."""
    return attribute(child(parent, name), "val")


def is_on(parent: etree._Element | None, name: str, ns: str | None = None) -> bool:
    """Is there a child of that name that is not switched off (ISO/IEC 29500-1, 17.17.4, ST_OnOff)?"""
    element = child(parent, name, ns)
    return element is not None and attribute(element, "val") not in {"0", "false", "off"}


def set_attribute(element: etree._Element, name: str, value: str) -> None:
    """Set an attribute in the element's own namespace."""
    element.set(f"{{{namespace(element)}}}{name}", value)


def make(like: etree._Element, name: str) -> etree._Element:
    """A new element in the namespace of ``like``, with its prefixes."""
    return etree.Element(f"{{{namespace(like)}}}{name}", nsmap=dict(like.nsmap))  # type: ignore[arg-type]  # stubs forbid the default namespace


def appended(parent: etree._Element, name: str) -> etree._Element:
    """A new last child, in the namespace of its parent."""
    return etree.SubElement(parent, f"{{{namespace(parent)}}}{name}")


def ensured(parent: etree._Element, name: str, after: tuple[str, ...] = ()) -> etree._Element:
    """The first child of that name, made where there is none: behind the last one of some names, else at the head."""
    element = child(parent, name)
    if element is None:
        element = make(parent, name)
        earlier = list(word_children(parent, *after)) if after else []
        parent.insert(parent.index(earlier[-1]) + 1 if earlier else 0, element)
    return element


def shown_alternative(element: etree._Element) -> etree._Element:
    """Of some alternatives (``mc:AlternateContent``) the first that Word understands, else the last (29500-3, 9.4)."""
    understood = (one for one in element if local(one) == "Fallback" or is_understood(one))
    return next(understood, element)


def in_fallback(element: etree._Element) -> bool:
    """Is it in the second twin of a text box, which repeats what the first one holds, identifiers too?"""
    return next(element.iterancestors(f"{{{MC}}}Fallback"), None) is not None


def is_understood(choice: etree._Element) -> bool:
    """Is a ``mc:Choice`` in namespaces that Word is known to read?"""
    prefixes = choice.get("Requires", "").split()
    return bool(prefixes) and all(choice.nsmap.get(prefix) in KNOWN_EXTENSIONS for prefix in prefixes)
