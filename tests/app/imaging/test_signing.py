"""Pictures signed by their artist: what a credential is worth, and what can be wrong with a certificate."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID

from app.basics.faults import BadInput
from app.basics.secret import Secret
from app.imaging.clean_copy import clean_copy
from app.imaging.signing import Signatory, credential_of, signatory, signed
from tests.app.imaging.carriers import CARRIERS, coded_pixels, decoded
from tests.support.certificates import Authority

NAMES = {"png": "PNG", "jpeg": "JPEG", "webp": "WEBP", "tiff": "TIFF"}


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture(scope="module")
def artist(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Signatory:
    folder = tmp_path_factory.mktemp("artist")
    made = authority.artist()
    return signatory(made.chain_file(folder), made.key_file(folder))


@pytest.mark.parametrize("name", NAMES)
def test_a_signed_copy_validates_and_one_changed_byte_does_not(artist: Signatory, name: str) -> None:
    kind, original = NAMES[name], CARRIERS[name]
    bare = clean_copy(original)
    made = signed(bare, kind, parent=original, parent_kind=kind, title="hero", by=artist)
    told = credential_of(made, kind)
    assert told is not None
    assert (told.valid, told.signer, told.generator, told.parents) == (True, "Ada Artist", "Tagloom", 1)
    assert told.problems == ()
    assert decoded(made)[:3] == decoded(bare)[:3]
    assert b"Secret" not in made
    assert b"PRIVATE KEY" not in made
    pixels = coded_pixels(bare)
    at = made.index(pixels[-40:])
    places = [*range(at, at + 40, 6), *(made.index(word) for word in (b"Tagloom", b"Ada Artist", b"hero"))]
    for place in places:  # what pads the signature is nobody's, and covered by nothing
        wrong = bytearray(made)
        wrong[place] ^= 0x01
        found = credential_of(bytes(wrong), kind)
        assert found is None or not found.valid, place


def test_the_vendors_credential_goes_along_with_the_parent(authority: Authority, tmp_path: Path) -> None:
    vendor = authority.artist("The vendor")
    by_vendor = signatory(vendor.chain_file(tmp_path), vendor.key_file(tmp_path))
    ada = authority.artist()
    by_ada = signatory(ada.chain_file(tmp_path, "a.pem"), ada.key_file(tmp_path, name="a.key"))
    bare = clean_copy(CARRIERS["png"])
    original = signed(bare, "PNG", parent=bare, parent_kind="PNG", title="made", by=by_vendor)
    jpeg = clean_copy(CARRIERS["jpeg"])
    made = signed(jpeg, "JPEG", parent=original, parent_kind="PNG", title="hero", by=by_ada)
    told = credential_of(made, "JPEG")
    assert told is not None
    assert (told.valid, told.signer, told.parents) == (True, "Ada Artist", 1)
    assert b"The vendor" in made


def test_a_picture_without_a_credential() -> None:
    assert credential_of(clean_copy(CARRIERS["png"]), "PNG") is None


@pytest.mark.parametrize("passphrase", ["correct horse", "pass", "Grüße 鞋"])
def test_a_locked_key_asks_for_its_passphrase(authority: Authority, tmp_path: Path, passphrase: str) -> None:
    artist = authority.artist()
    chain, key = artist.chain_file(tmp_path), artist.key_file(tmp_path, passphrase)
    both = artist.one_file(tmp_path, passphrase)
    for files in ((chain, key), (both, None)):
        for given in (None, Secret("wrong")):
            with pytest.raises(BadInput) as caught:
                signatory(*files, given)
            assert caught.value.code == "signing.passphrase"
            assert "wrong" not in f"{caught.value.sentence()} {caught.value.detail}"
        assert signatory(*files, Secret(passphrase)).name == "Ada Artist"
    assert passphrase not in repr(signatory(chain, key, Secret(passphrase)))
    assert "PRIVATE" not in repr(signatory(chain, key, Secret(passphrase)))


def test_a_key_that_needs_no_passphrase_takes_any(authority: Authority, tmp_path: Path) -> None:
    artist = authority.artist()
    files = artist.chain_file(tmp_path), artist.key_file(tmp_path)
    assert signatory(*files, Secret("whatever")).name == "Ada Artist"


def test_what_is_wrong_is_said(authority: Authority, tmp_path: Path) -> None:
    artist, other = authority.artist(), authority.artist("Bob")
    old, early = authority.artist(days=(-30, -2)), authority.artist(days=(2, 30))
    server = authority.artist(purpose=ExtendedKeyUsageOID.SERVER_AUTH)
    (tmp_path / "junk.pem").write_text("junk")
    (tmp_path / "junk.p12").write_text("junk")
    chain, key = artist.chain_file(tmp_path), artist.key_file(tmp_path)
    cases = (
        (chain, other.key_file(tmp_path, name="bob.key"), "signing.mismatch"),
        (old.chain_file(tmp_path, "old.pem"), old.key_file(tmp_path, name="old.key"), "signing.expired"),
        (early.chain_file(tmp_path, "e.pem"), early.key_file(tmp_path, name="e.key"), "signing.expired"),
        (server.chain_file(tmp_path, "s.pem"), server.key_file(tmp_path, name="s.key"), "signing.purpose"),
        (tmp_path / "junk.pem", key, "signing.certificate"),
        (chain, tmp_path / "junk.pem", "signing.key"),
        (tmp_path / "junk.p12", None, "signing.key"),
        (tmp_path / "none.pem", key, "signing.missing"),
        (chain, tmp_path / "none.key", "signing.missing"),
        (chain, None, "signing.key"),
    )
    for certificate, secret, code in cases:
        with pytest.raises(BadInput) as caught:
            signatory(certificate, secret)
        assert caught.value.code == code, certificate
