"""The settings of exports: what was chosen last, and the certificate that an artist signs with."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from app.basics.words import mark
from app.document.values import Value
from app.preferences.kinds import File, values
from app.preferences.options import Option

EXPORT = Option[Mapping[str, Value]](
    id="export",
    title=mark("Last export"),
    help=mark("What was chosen in the Export dialog."),
    page="",
    default=MappingProxyType({}),
    read=values,
)
_SIGNING = ("c2pa", "content credentials", "sign", "签名", "证书", "内容凭证", "qian ming", "zheng shu")
SIGNING_CERTIFICATE = Option[str](
    id="signing-certificate",
    title=mark("Certificate to sign with"),
    help=mark(
        "For signed exports (C2PA): a PEM file, yours first and those above it; or a .p12 with the key."
    ),
    page="files",
    default="",
    read=File(),
    words=_SIGNING,
)
SIGNING_KEY = Option[str](
    id="signing-key",
    title=mark("Key of the certificate"),
    help=mark("A PEM file. It is read when something is signed, and copied nowhere. Not needed with a .p12."),
    page="files",
    default="",
    read=File(),
    words=_SIGNING,
)
