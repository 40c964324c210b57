"""Certificates for signing pictures, made for a test: an authority of its own and what it gives away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

_PEM = serialization.Encoding.PEM
SIGNING = ExtendedKeyUsageOID.EMAIL_PROTECTION


def named(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "SE"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Tests"),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _usage(*, ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not ca,
        key_cert_sign=ca,
        crl_sign=ca,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


class Authority:
    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        name, now = named("Test authority"), datetime.now(UTC)
        self.certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(self.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=400))
            .not_valid_after(now + timedelta(days=400))
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(_usage(ca=True), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(self.key.public_key()), critical=False)
            .sign(self.key, hashes.SHA256())
        )

    def artist(
        self,
        name: str = "Ada Artist",
        *,
        days: tuple[int, int] = (-1, 100),
        purpose: ObjectIdentifier = SIGNING,
    ) -> Artist:
        """Valid from `days[0]` to `days[1]`, counted from today."""
        key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(named(name))
            .issuer_name(self.certificate.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + timedelta(days=days[0]))
            .not_valid_after(now + timedelta(days=days[1]))
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(ca=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([purpose]), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False
            )
            .sign(self.key, hashes.SHA256())
        )
        return Artist(certificate=certificate, key=key, authority=self.certificate)


@dataclass(frozen=True, slots=True, kw_only=True)
class Artist:
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    authority: x509.Certificate

    def chain_file(self, folder: Path, name: str = "artist.pem") -> Path:
        path = folder / name
        path.write_bytes(self.certificate.public_bytes(_PEM) + self.authority.public_bytes(_PEM))
        return path

    def key_file(self, folder: Path, passphrase: str = "", name: str = "artist.key") -> Path:
        path = folder / name
        path.write_bytes(self.key.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, _locked(passphrase)))
        return path

    def one_file(self, folder: Path, passphrase: str, name: str = "artist.p12") -> Path:
        path = folder / name
        path.write_bytes(
            pkcs12.serialize_key_and_certificates(
                b"artist", self.key, self.certificate, [self.authority], _locked(passphrase)
            )
        )
        return path


def _locked(passphrase: str) -> serialization.KeySerializationEncryption:
    if not passphrase:
        return serialization.NoEncryption()
    return serialization.BestAvailableEncryption(passphrase.encode())
