"""Content credentials (C2PA): a picture signed by its artist, with the vendor's original as what it was made
from, and what a picture's credential is worth.

c2pa-python and cryptography are imported late: together they are 25 MB that most sessions never need.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from app.basics.about import tagloom_version
from app.basics.faults import BadInput, DiskTrouble, Fault, Retry
from app.basics.secret import Secret
from app.basics.words import say

_MIMES: Mapping[str, str] = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "WEBP": "image/webp",
    "TIFF": "image/tiff",
}
_MOST_FILE = 1 << 20
_SETTINGS = {
    "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False, "verify_trust": False},
    "builder": {"thumbnail": {"enabled": False}},
}
"""Nothing is fetched, and no small pictures are put in: they would be second copies of what was kept out."""
_PURPOSES = ("1.3.6.1.5.5.7.3.4", "1.3.6.1.5.5.7.3.36", "1.3.6.1.4.1.62558.2.1")
"""Extended key usages that C2PA takes: e-mail protection, document signing, its own claim signing."""
_PARENT = "parent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signatory:
    """An artist's certificate (with those above it, as PEM) and key, ready to sign. The key is never shown.

    `name` is who the certificate says signs, `until` when it ends.
    """

    name: str
    until: datetime
    algorithm: str
    chain: bytes
    key: Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """`valid`: neither the picture nor its story was changed since it was signed. Whether the signer is
    somebody to trust is not asked. `problems` are C2PA's own codes."""

    valid: bool
    signer: str
    generator: str
    parents: int
    problems: tuple[str, ...]


def signatory(certificate: Path, key: Path | None, passphrase: Secret | None = None) -> Signatory:
    """From files: a certificate with those above it (PEM) and its key (PEM), or both in one (`.p12`, `.pfx`).

    :raises BadInput: `signing.*`: wrong, ended, or not a pair; `signing.passphrase` where one is needed
    :raises DiskTrouble: a file cannot be read
    """
    password = passphrase.reveal().encode() if passphrase else None
    if certificate.suffix.lower() in (".p12", ".pfx"):
        secret, own, above = _from_one_file(certificate, password)
    else:
        own, *above = _certificates(certificate)
        secret = _key(key if key is not None else certificate, password)
    serialization: Any = importlib.import_module("cryptography.hazmat.primitives.serialization")
    _check_pair(own, secret, serialization)
    _check_certificate(own)
    pem = serialization.Encoding.PEM
    return Signatory(
        name=_name_of(own),
        until=own.not_valid_after_utc,
        algorithm=_algorithm(secret),
        chain=b"".join(one.public_bytes(pem) for one in (own, *above)),
        key=Secret(
            secret.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode(
                "ascii"
            )
        ),
    )


def signed(data: bytes, kind: str, *, parent: bytes, parent_kind: str, title: str, by: Signatory) -> bytes:
    """A copy of the picture with a credential: made from `parent`, the vendor's bytes as they came, whose own
    credential goes along where it has one.

    :raises BadInput: it cannot be signed so
    """
    c2pa: Any = importlib.import_module("c2pa")
    manifest = {
        "claim_generator_info": [{"name": "Tagloom", "version": tagloom_version()}],
        "title": title,
        "format": _MIMES[kind],
        "assertions": [],
    }
    ingredient = {"title": title, "relationship": "parentOf", "instance_id": _PARENT}
    info = c2pa.C2paSignerInfo(
        alg=by.algorithm.encode(), sign_cert=by.chain, private_key=by.key.reveal().encode(), ta_url=None
    )
    into = BytesIO()
    try:
        with (
            c2pa.Context.from_dict(_SETTINGS) as context,
            c2pa.Signer.from_info(info) as signer,
            c2pa.Builder(manifest, context=context) as builder,
        ):
            builder.set_intent(c2pa.C2paBuilderIntent.EDIT)
            builder.add_ingredient(json.dumps(ingredient), _MIMES[parent_kind], BytesIO(parent))
            builder.sign(signer, _MIMES[kind], BytesIO(data), into)
    except c2pa.C2paError as error:
        raise _not_signed(error) from error
    return into.getvalue()


def credential_of(data: bytes, kind: str) -> Credential | None:
    """None where the picture has none. Nothing is fetched from anywhere."""
    c2pa: Any = importlib.import_module("c2pa")
    try:
        with (
            c2pa.Context.from_dict(_SETTINGS) as context,
            c2pa.Reader(_MIMES[kind], BytesIO(data), context=context) as reader,
        ):
            told = json.loads(reader.json())
            state = reader.get_validation_state()
    except c2pa.C2paError.ManifestNotFound:
        return None
    except c2pa.C2paError as error:
        return Credential(valid=False, signer="", generator="", parents=0, problems=(str(error)[:200],))
    active = told.get("manifests", {}).get(told.get("active_manifest"), {})
    problems = tuple(str(one.get("code")) for one in told.get("validation_status", ()))
    generators = active.get("claim_generator_info") or [{}]
    return Credential(
        valid=state in ("Valid", "Trusted"),
        signer=str(active.get("signature_info", {}).get("common_name") or ""),
        generator=str(generators[0].get("name") or ""),
        parents=sum(one.get("relationship") == "parentOf" for one in active.get("ingredients", ())),
        problems=problems,
    )


# --- certificates and keys -----------------------------------------------------------------------


def _certificates(path: Path) -> list[Any]:
    x509: Any = importlib.import_module("cryptography.x509")
    try:
        found: list[Any] = x509.load_pem_x509_certificates(_read(path))
    except ValueError as error:
        raise BadInput(
            say("{name} is no certificate.", name=path.name),
            advice=say("Choose the PEM file with your certificate and those above it, or a .p12 file."),
            code="signing.certificate",
            detail=str(error)[:200],
        ) from error
    return found


def _key(path: Path, password: bytes | None) -> Any:
    serialization: Any = importlib.import_module("cryptography.hazmat.primitives.serialization")
    data = _read(path)
    load = serialization.load_pem_private_key
    return _opened(path, password, lambda given: load(data, given), locked=b"ENCRYPTED" in data)


def _from_one_file(path: Path, password: bytes | None) -> tuple[Any, Any, list[Any]]:
    pkcs12: Any = importlib.import_module("cryptography.hazmat.primitives.serialization.pkcs12")
    data = _read(path)
    key, own, above = _opened(path, password, lambda given: pkcs12.load_key_and_certificates(data, given))
    if key is None or own is None:
        raise BadInput(
            say("{name} has no certificate with its key in it.", name=path.name),
            advice=say("Export both together from where you got them."),
            code="signing.certificate",
        )
    return key, own, list(above)


def _opened(
    path: Path, password: bytes | None, work: Callable[[bytes | None], Any], *, locked: bool = False
) -> Any:
    """Never tells what the library says: it might repeat what it was given. `locked`: it needs a passphrase,
    and a wrong one may, once in 256 times, unlock it into what is no key."""
    try:
        return work(password)
    except TypeError:
        if password is None:
            raise _passphrase(path, wrong=False) from None
        return work(None)  # it needs none
    except ValueError as error:
        words = str(error).lower()
        if locked or "password" in words or "decrypt" in words or "padding" in words:
            raise _passphrase(path, wrong=password is not None) from None
        raise BadInput(
            say("{name} is no private key.", name=path.name),
            advice=say("Choose the PEM file with the key of your certificate, or a .p12 file with both."),
            code="signing.key",
        ) from None


def _passphrase(path: Path, *, wrong: bool) -> BadInput:
    title = (
        say("The passphrase of {name} is not right.", name=path.name)
        if wrong
        else say("{name} is locked with a passphrase.", name=path.name)
    )
    return BadInput(
        title, advice=say("Type it; it is kept nowhere unless you ask for it."), code="signing.passphrase"
    )


def _check_pair(certificate: Any, key: Any, serialization: Any) -> None:
    form = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    if certificate.public_key().public_bytes(*form) != key.public_key().public_bytes(*form):
        raise BadInput(
            say("The key is not the key of this certificate."),
            advice=say(
                "Choose the two files that belong together; the artist's own certificate comes first."
            ),
            code="signing.mismatch",
        )


def _check_certificate(own: Any) -> None:
    """What C2PA asks of a certificate (2.1 §14.5), as far as people get it wrong."""
    now, x509 = datetime.now(UTC), importlib.import_module("cryptography.x509")
    if own.not_valid_after_utc < now or own.not_valid_before_utc > now:
        ended = own.not_valid_after_utc < now
        day = (own.not_valid_after_utc if ended else own.not_valid_before_utc).date().isoformat()
        raise BadInput(
            say("The certificate has ended on {day}.", day=day)
            if ended
            else say("The certificate begins on {day} only.", day=day),
            advice=say("Get a new one from who gave you this one, and choose it in the settings."),
            code="signing.expired",
        )
    try:
        purposes = {
            one.dotted_string for one in own.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        }
    except x509.ExtensionNotFound:
        purposes = set()
    if own.issuer == own.subject or not purposes & set(_PURPOSES):
        raise BadInput(
            say("This certificate is not one that signs pictures."),
            advice=say(
                "C2PA takes certificates for document signing or e-mail, made by a certificate authority: "
                "neither self-signed ones nor those of web servers."
            ),
            code="signing.purpose",
        )


def _name_of(certificate: Any) -> str:
    x509: Any = importlib.import_module("cryptography.x509")
    for wanted in (x509.NameOID.COMMON_NAME, x509.NameOID.ORGANIZATION_NAME):
        for one in certificate.subject.get_attributes_for_oid(wanted):
            return str(one.value)
    return str(certificate.subject.rfc4514_string())


def _algorithm(key: Any) -> str:
    kind, bits = type(key).__name__, getattr(key, "key_size", 0)
    if "EllipticCurve" in kind or kind.startswith("EC"):
        known = {256: "es256", 384: "es384", 521: "es512"}
        if bits in known:
            return known[bits]
    elif "Ed25519" in kind:
        return "ed25519"
    elif "RSA" in kind and bits >= 2048:
        return "ps256"
    raise BadInput(
        say("A key of this kind cannot sign pictures."),
        advice=say("C2PA takes EC keys of 256, 384 or 521 bits, Ed25519, and RSA from 2048 bits on."),
        code="signing.algorithm",
    )


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_FILE + 1)
    except FileNotFoundError as error:
        raise BadInput(
            say("There is no file {path}.", path=path),
            advice=say("Choose your certificate and key again, in the settings."),
            code="signing.missing",
        ) from error
    except OSError as error:
        raise DiskTrouble(
            say("{name} cannot be read.", name=path.name),
            advice=say("Check that you may read it and that its disk is connected."),
            code="signing.unreadable",
            retry=Retry.LATER,
            detail=str(error),
        ) from error
    return data[:_MOST_FILE]


def _not_signed(error: Exception) -> Fault:
    return BadInput(
        say("The picture could not be signed."),
        advice=say("Check the certificate: it needs those above it in the same file, its own first."),
        code="signing.refused",
        detail=f"{type(error).__name__}: {error}"[:300],
    )
