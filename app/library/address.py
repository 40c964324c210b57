"""Where the library is: a folder of this machine, or what `TAGLOOM_LIBRARY` names."""

from __future__ import annotations

import hashlib
import importlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from app.basics.faults import BadInput
from app.basics.places import Places
from app.basics.words import say
from app.library.shared_store import WHOLE_AT_ONCE, SharedStore
from app.library.store import FolderStore, Store
from app.library.store_faults import Place, plain_address

VARIABLE = "TAGLOOM_LIBRARY"
_CONNECT_SECONDS, _READ_SECONDS = 10, 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """`words` names the library without secrets; `index` is a file of this machine for it alone; `shared`:
    another machine may use it, too."""

    store: Store
    index: Path
    words: str
    shared: bool


def library_at(address: str, home: Places) -> Kept:
    """`address`: a full path, a `file://` address, or any other that fsspec opens (`s3://bucket/prefix`).
    Empty: this person's own folder. Nothing is asked of the store yet.

    :raises BadInput: `library.address`, or `library.packages`: what is needed to open it is not installed
    """
    address = address.strip()
    if not address:
        return Kept(store=FolderStore(home.library), index=home.index, words=str(home.library), shared=False)
    words = plain_address(address)
    called = hashlib.sha256(words.rstrip("/").encode()).hexdigest()[:12]
    index, cache = home.library / f"index-{called}.sqlite", home.cache / "library" / called
    if (folder := _folder(address)) is not None:
        return Kept(store=FolderStore(folder), index=index, words=str(folder), shared=True)
    files, root = _opened(address, words)
    store = SharedStore(files, root, cache, Place(address=words))
    return Kept(store=store, index=index, words=words, shared=True)


def _folder(address: str) -> Path | None:
    if address.startswith("file://"):
        address = unquote(urlsplit(address).path)
    elif "://" in address:
        return None
    if "\0" in address or not Path(address).is_absolute():
        raise _no_address(address, "")
    return Path(address)


def _opened(address: str, words: str) -> tuple[Any, str]:
    try:
        core: Any = importlib.import_module("fsspec.core")
        options: dict[str, Any] = {"skip_instance_cache": True}
        if address.partition("://")[0] in WHOLE_AT_ONCE:
            options["use_listings_cache"] = False  # what another machine brings is seen at once
        if address.startswith(("s3://", "s3a://")):
            options["config_kwargs"] = {
                "connect_timeout": _CONNECT_SECONDS,
                "read_timeout": _READ_SECONDS,
            }
        files, root = core.url_to_fs(address, **options)
    except ImportError as error:
        raise BadInput(
            say("What is needed to open the library at {where} is not installed.", where=words),
            advice=say("Install it: pip install 'tagloom[cluster]'"),
            code="library.packages",
            detail=str(error),
        ) from error
    except (ValueError, TypeError) as error:
        raise _no_address(words, str(error)) from error
    if not str(root).strip("/") and not address.startswith("memory://"):
        raise _no_address(words, "")
    return files, str(root)


def _no_address(words: str, detail: str) -> BadInput:
    return BadInput(
        say("TAGLOOM_LIBRARY is {words!r}, which is no address of a library.", words=words),
        advice=say("Set it to a full path, or to an address such as s3://bucket/shoes."),
        code="library.address",
        detail=detail,
    )
