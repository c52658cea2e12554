"""PDF files signed with certificates that are made here; nobody who signs is real."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path

import pikepdf
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.timestamps import DummyTimeStamper

from conventool.pdf.jobs import SignatureField
from conventool.pdf.signature_fields import add_fields

FIELDS = (
    SignatureField("1_collectivite", "Pour la Collectivité / l’établissement", "Signature de la Collectivité"),
    SignatureField("2_cdg59", "Pour le CDG59", "Signature du CDG 59"),
    SignatureField("3_fibre", "Pour La Fibre Numérique 59 62", "Signature de La Fibre Numérique 59 62"),
)
SIGNATORIES = {"1_collectivite": "Jeanne MARTIN", "2_cdg59": "Élie d’HŒUR", "3_fibre": "Zoé LEFÈVRE"}
BODY = "Organisme d’essai"


def with_fields(path: Path) -> bytes:
    """A PDF with the three empty fields."""
    with pikepdf.open(path) as pdf:
        assert add_fields(pdf, path.read_bytes(), FIELDS)
        out = BytesIO()
        pdf.save(out, fix_metadata_version=False)
    return out.getvalue()


def signed(data: bytes, fields: Iterable[str] = SIGNATORIES, *, stamped: datetime | None = None) -> bytes:
    """A PDF whose fields are signed, one after the other, each by an incremental update.

    Args:
        data: the PDF.
        fields: the names of the fields, in the order of signing.
        stamped: the time that a time stamp tells; without it there is none.
    """
    for field in fields:
        signer = _signer(SIGNATORIES[field])
        clock = _signer("Horloge d’essai", rsa.generate_private_key(65_537, 2048)) if stamped else signer
        stamper = DummyTimeStamper(clock.signing_cert, clock.signing_key, fixed_dt=stamped) if stamped else None
        out = BytesIO()
        writer = IncrementalPdfFileWriter(BytesIO(data))
        PdfSigner(PdfSignatureMetadata(field_name=field), signer, timestamper=stamper).sign_pdf(writer, output=out)
        assert out.getvalue().startswith(data)
        data = out.getvalue()
    return data


@cache
def _signer(name: str, key: rsa.RSAPrivateKey | None = None) -> signers.SimpleSigner:
    """Someone with a certificate that they made themselves."""
    own = key or ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, name), x509.NameAttribute(NameOID.ORGANIZATION_NAME, BODY)]
    )
    begun = datetime(2026, 1, 1, tzinfo=UTC)
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    certificate = (
        x509.CertificateBuilder(subject, subject, own.public_key(), 7, begun, begun + timedelta(days=36_500))
        .add_extension(usage, critical=True)
        .sign(own, hashes.SHA256())
    )
    protected = serialization.BestAvailableEncryption(b"essai")
    both = pkcs12.serialize_key_and_certificates(b"essai", own, certificate, None, protected)
    signer: signers.SimpleSigner | None = signers.SimpleSigner.load_pkcs12_data(both, (), passphrase=b"essai")
    assert signer
    return signer
