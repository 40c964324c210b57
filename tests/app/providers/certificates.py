"""Certificates for this computer, and who trusts them."""

from __future__ import annotations

import datetime
import ipaddress
import ssl
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


def contexts(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """For a server at 127.0.0.1, and for a client that trusts it and nobody else."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a test")])
    made = _certificate(key, name, key, name, authority=True, places=[_number("127.0.0.1")])
    path = folder / "certificate.pem"
    path.write_bytes(_secret(key) + _pem(made))
    return _server(path), _client(path)


def issued(
    folder: Path, authority: str, *, address: str = "127.0.0.1", name: str = "", days: int = 1
) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """As `contexts`, but the certificate is from an authority of that name, which the client trusts.
    `days`: for how long it is good; below 0 it has been over since."""
    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root_name = x509.Name([x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, authority)])
    root = _certificate(root_key, root_name, root_key, root_name, authority=True)
    here = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "here")])
    places = [_number(address), *([x509.DNSName(name)] if name else [])]
    made = _certificate(key, here, root_key, root_name, places=places, days=days)
    path, roots = folder / "issued.pem", folder / "authority.pem"
    path.write_bytes(_secret(key) + _pem(made))
    roots.write_bytes(_pem(root))
    return _server(path), _client(roots)


def _server(path: Path) -> ssl.SSLContext:
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(path)
    return server


def _client(path: Path) -> ssl.SSLContext:
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.load_verify_locations(path)
    return client


def _number(address: str) -> x509.GeneralName:
    return x509.IPAddress(ipaddress.ip_address(address))


def _certificate(
    key: ec.EllipticCurvePrivateKey,
    subject: x509.Name,
    signer: ec.EllipticCurvePrivateKey,
    issuer: x509.Name,
    *,
    authority: bool = False,
    places: list[x509.GeneralName] | None = None,
    days: int = 1,
) -> x509.Certificate:
    now, day = datetime.datetime.now(datetime.UTC), datetime.timedelta(days=1)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - 3 * day)
        .not_valid_after(now + days * day)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), True)
    )
    if places:
        builder = builder.add_extension(x509.SubjectAlternativeName(places), False)
    return builder.sign(signer, hashes.SHA256())


def _secret(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
