"""The kinds of PDF that can be asked for. Light to import: the command line takes its choices from here."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Profile"]


class Profile(StrEnum):
    """A kind of PDF. All are tagged and hold their fonts; the value is the name that users type."""

    PDFA_2B = "pdfa-2b"
    """ISO 19005-2, level B: what archives and the préfecture's platform take."""
    PDFA_3B = "pdfa-3b"
    """ISO 19005-3, level B: the same, where a platform wants part 3."""
    PDFA_2B_UA = "pdfa-2b-ua"
    """ISO 19005-2, level B, and ISO 14289-1: accessible, and says so."""
    PDF = "pdf"
    """Plain PDF."""

    @property
    def part(self) -> int | None:
        """The part of ISO 19005 (PDF/A) that such a PDF claims; None for plain PDF."""
        return {Profile.PDFA_2B: 2, Profile.PDFA_2B_UA: 2, Profile.PDFA_3B: 3}.get(self)

    @property
    def accessible(self) -> bool:
        """Whether such a PDF claims ISO 14289-1 (PDF/UA)."""
        return self is Profile.PDFA_2B_UA
