"""Who signed a PDF electronically, when, over what, and whether anything was changed since.

That a certificate is its holder's own is not judged: for that one must know whom to trust, and ask on the network.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from conventool.core.problems import Problem, Severity
from conventool.text.dates import long_date

if TYPE_CHECKING:
    from pyhanko.sign.validation import EmbeddedPdfSignature

__all__ = ["Signature", "signature_problems", "signatures_of", "signed_days"]

_DEEPEST = 8
_OURS = re.compile(r"\d+_(?P<party>\w+)")
"""The name of a field that ``--signature champs`` has put there."""
_INSTALL = 'Pour savoir qui a signé, et si rien n’a changé depuis : python -m pip install "conventool[signature]"'
_NOT_JUDGED = "Voyez dans Acrobat Reader, ou sur la plateforme, si ce certificat est bien le sien."
_ASK_AGAIN = "Redemandez le fichier tel que la plateforme de signature l’a rendu."


class Signature(NamedTuple):
    """An electronic signature in a PDF.

    Attributes:
        field: name of its field.
        who: as the certificate calls the signatory; empty where it cannot be told.
        when: the time of the time stamp that came with the signature, else the one that it claims; None without.
        stamped: whether it is that of a time stamp, whose own signature is not judged either.
        fault: what is wrong: it does not fit the bytes, or something else came after it; empty where nothing is.
        followed: whether other signatures, or what keeps them valid, were added after it.
    """

    field: str
    who: str = ""
    when: datetime | None = None
    stamped: bool = False
    fault: Literal["", "broken", "changed"] = ""
    followed: bool = False


def signatures_of(path: Path) -> list[Signature] | None:
    """The electronic signatures of a PDF, in the order of signing.

    Returns:
        None where there are some and the extra ``signature``, which reads them, is not installed.
    """
    fields = _signed_fields(path)
    if not fields:
        return []
    try:
        from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415 (an extra, and slow to import)
    except ImportError:
        return None
    for name in ("pyhanko", "pyhanko_certvalidator"):  # what they log is told here, in French
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    found: dict[str, Signature] = {}
    with (
        path.open("rb") as file,
        suppress(Exception),
    ):  # a damaged or forged file has no signatures
        for one in PdfFileReader(file).embedded_regular_signatures:
            with suppress(Exception):
                found[str(one.field_name)] = _read(one, str(one.field_name))
    return [*found.values(), *(Signature(name, fault="broken") for name in fields if name not in found)]


def _read(one: EmbeddedPdfSignature, name: str) -> Signature:
    """A signature, held against the bytes that it covers and all that came after them."""
    from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel  # noqa: PLC0415 (an extra)
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity  # noqa: PLC0415 (likewise)
    from pyhanko.sign.validation.status import SignatureCoverageLevel  # noqa: PLC0415 (likewise)

    who, (when, stamped) = _name(one.signer_cert.subject.native), _time(one)
    one.compute_integrity_info()  # type: ignore[no-untyped-call]
    told = one.summarise_integrity_info()
    is_whole, is_valid = validate_sig_integrity(one.signer_info, one.signer_cert, "data", one.compute_digest())
    after, coverage = told["diff_result"], told["coverage"]
    level = after.modification_level if isinstance(after, DiffResult) else ModificationLevel.OTHER
    entire = coverage == SignatureCoverageLevel.ENTIRE_FILE
    fault: Literal["", "broken", "changed"] = "changed"
    if not (is_whole and is_valid):
        fault = "broken"
    elif entire or (coverage == SignatureCoverageLevel.ENTIRE_REVISION and level <= ModificationLevel.FORM_FILLING):
        fault = "" if told["docmdp_ok"] in {None, True} else "changed"
    return Signature(name, who, when, stamped, fault, followed=not entire)


def _name(subject: Any) -> str:
    """How a certificate calls its holder, and the body that this one acts for."""
    person, body = (subject.get(key, "") for key in ("common_name", "organization_name"))
    return f"{person or '?'} ({body})" if body and body != person else str(person or body)


def _time(one: EmbeddedPdfSignature) -> tuple[datetime | None, bool]:
    """When it was signed, and whether a time stamp of this very signature says so (RFC 3161, 2.4.2)."""
    with suppress(Exception):  # one of another form says nothing
        for attribute in one.signer_info["unsigned_attrs"]:
            if attribute["type"].native == "signature_time_stamp_token":
                token = attribute["values"][0]["content"]["encap_content_info"]["content"].parsed
                imprint = token["message_imprint"]
                digest = hashlib.new(imprint["hash_algorithm"]["algorithm"].native, one.signer_info["signature"].native)
                if digest.digest() == imprint["hashed_message"].native:
                    return token["gen_time"].native, True
    return one.self_reported_timestamp, False


def _signed_fields(path: Path) -> list[str]:
    """The names of the signature fields that are no more empty; none of a file that cannot be read."""
    import pikepdf  # noqa: PLC0415 (for PDFs only)

    with suppress(OSError, pikepdf.PdfError, ValueError, TypeError, AttributeError), pikepdf.open(path) as pdf:
        form = pdf.Root.get("/AcroForm", pikepdf.Dictionary())
        return [name for field in form.get("/Fields", []) for name in _signed(field, "", None, _DEEPEST)]
    return []


def _signed(field: Any, above: str, kind: Any, depth: int) -> Iterator[str]:
    """The signed fields at and below one (ISO 32000-1, 12.7.3): its name is the way to it."""
    if "/T" in field:
        above = f"{above}.{field.T}" if above else str(field.T)
    kind = field.get("/FT", kind)
    value = field.get("/V")
    if kind == "/Sig" and value is not None and value.get("/Type", "/Sig") != "/DocTimeStamp":
        yield above
    for kid in field.get("/Kids", []) if depth else ():
        if "/T" in kid:
            yield from _signed(kid, above, kind, depth - 1)


def signature_problems(path: Path, signatures: list[Signature] | None) -> Iterator[Problem]:
    """What is to be said of the electronic signatures of a PDF.

    Args:
        path: of the PDF.
        signatures: what ``signatures_of`` found.
    """
    if signatures is None:
        message = "Ce PDF est signé électroniquement ; ses signatures n’ont pas été lues."
        yield Problem("signature-unread", message, _INSTALL, severity=Severity.NOTICE)
    for one in signatures or ():
        who = f"signé par « {one.who} »{_when(one)}" if one.who else "une signature illisible"
        signed = f"{path.name}, champ « {one.field} » : {who}"
        if one.fault == "broken":
            message = f"{signed} ; la signature ne vaut pas pour ce fichier : "
            message += "elle est fausse, ou des octets ont changé depuis."
            yield Problem("signature-broken", message, _ASK_AGAIN, value=one.field)
        elif one.fault:
            message = (
                f"{signed} ; après la signature, autre chose que des signatures a été ajouté au fichier, ou changé."
            )
            yield Problem("changed-after-signature", message, _ASK_AGAIN, value=one.field)
        else:
            what = "sur tout le fichier, dont rien n’a changé depuis"
            if one.followed:
                what = "sur le fichier tel qu’il était alors ; depuis, rien ne s’y voit de nouveau que des signatures"
            message = f"{signed}, {what}. Le certificat n’est pas jugé."
            yield Problem("signed", message, _NOT_JUDGED, value=one.who, severity=Severity.NOTICE)


def _when(one: Signature) -> str:
    if one.when is None:
        return ", sans date"
    by = "d’après l’horodatage joint" if one.stamped else "à l’heure qu’il déclare"
    zone = f"{one.when:%z}"
    zone = f" (UTC{zone[:3]}:{zone[3:5]})" if zone.strip("+-0") else " (UTC)" if zone else ""
    return f" le {long_date(one.when.date())} à {one.when:%H:%M}{zone}, {by}"


def signed_days(signatures: list[Signature] | None) -> dict[str, str]:
    """By party, the day of its sound signature in a field that this program has put there, in ISO 8601."""
    days: dict[str, date] = {}
    for one in signatures or ():
        if (party := _OURS.fullmatch(one.field)) and one.when and not one.fault:
            days[party["party"]] = one.when.date()
    return {party: day.isoformat() for party, day in days.items()}
