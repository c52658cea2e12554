"""What becomes of a merge field's switches or a legacy form field's format: filters, and the type of what gives it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from conventool.authoring.filters import filters_of
from conventool.authoring.recognition import Proposal
from conventool.text.number_pictures import keeps_zeros, places_after
from conventool.word.merge_fields import Switch

__all__ = ["with_switches"]

_CENTS = 2


def with_switches(proposal: Proposal, switches: Sequence[Switch]) -> Proposal:
    """A proposal whose value is printed as a merge field printed it.

    A field of the template's own takes the type that the picture is of; it may be left empty where something was
    printed beside its value only if there was one.
    """
    if not switches or proposal.own is None or proposal.control.kind != "text":
        return proposal
    name, declaration = proposal.own
    changed = dict(declaration) | {"type": next(filter(None, map(_type, switches)), declaration["type"])}
    if changed["type"] != "texte" and changed.pop("max", None):  # of the characters of a text
        changed["exemple"] = "1"  # which fits any field
    if any(switch.kind in {"before", "after"} for switch in switches):
        changed["facultatif"] = "oui"
    return replace(proposal, own=(name, changed), filters=tuple(filters_of(switches)))


def _type(switch: Switch) -> str | None:
    """The type of a field by its picture: figures that are counted, and fractions of cents, are kept as a text."""
    if switch.kind == "date":
        return "date"
    if switch.kind != "number" or keeps_zeros(switch.text):
        return None
    places = places_after(switch.text)
    return "entier" if not places else "montant" if places <= _CENTS else None
