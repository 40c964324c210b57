"""Files on their way in: an address with fields is given out, then a form with the file last comes back.

The store answers like the object stores behind such forms: 204, or a page of XML that names the fault.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from aiohttp import BodyPartReader, MultipartReader

SMALLEST = 512
LARGEST = 200 * 1024 * 1024
_CHUNK = 256 * 1024


class StoreRefusal(Exception):
    """A status, a code and words, as an object store words them."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


@dataclass(slots=True, kw_only=True)
class Upload:
    """`made` is monotonic seconds; `sha256` is empty until the file is stored."""

    uri: str
    fields: dict[str, str]
    made: float
    path: Path
    filename: str
    sha256: str = ""


class UploadShelf:
    """What was begun and what arrived. Files stay until the folder goes."""

    def __init__(self, folder: Path, now: Callable[[], float]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._now = now
        self._by_key: dict[str, Upload] = {}
        self._by_uri: dict[str, Upload] = {}

    def begin(self, filename: str) -> Upload:
        key = f"ephemeral/{secrets.token_hex(16)}"
        fields = {
            "key": key,
            "policy": secrets.token_urlsafe(48),
            "x-amz-algorithm": "AWS4-HMAC-SHA256",
            "x-amz-signature": secrets.token_hex(32),
        }
        uri = f"runway://{secrets.token_urlsafe(48)}"
        path = self._folder / key.rpartition("/")[2]
        upload = Upload(uri=uri, fields=fields, made=self._now(), path=path, filename=filename)
        self._by_key[key] = self._by_uri[uri] = upload
        return upload

    def stored(self, uri: str, seconds: float) -> Upload | None:
        """The file behind a runway:// address, None when unknown, not yet stored or too old."""
        upload = self._by_uri.get(uri)
        if upload is None or not upload.sha256 or self._now() - upload.made > seconds:
            return None
        return upload

    def expire(self) -> None:
        self._by_key.clear()
        self._by_uri.clear()

    async def store(self, form: MultipartReader, counted: Callable[[int], None]) -> Upload:
        """Read the form to its end; `counted` hears of every chunk's size."""
        given: dict[str, str] = {}
        while (part := await form.next()) is not None:
            if not isinstance(part, BodyPartReader):
                raise StoreRefusal(400, "MalformedPOSTRequest", "The body is not well-formed form data.")
            if part.name == "file":
                return await self._store_file(form, part, self._match(given), counted)
            text = await part.read_chunk(65_536)
            counted(len(text))
            given[part.name or ""] = text.decode("utf-8", "replace")
            await part.release()
        raise StoreRefusal(400, "InvalidArgument", "POST requires exactly one file upload per request.")

    def _match(self, given: dict[str, str]) -> Upload:
        upload = self._by_key.get(given.get("key", ""))
        if upload is None:
            raise StoreRefusal(403, "AccessDenied", "Invalid according to Policy: the key is not known.")
        for name, value in upload.fields.items():
            if not hmac.compare_digest(given.get(name, "").encode(), value.encode()):
                raise StoreRefusal(
                    403,
                    "AccessDenied",
                    f"Invalid according to Policy: field {name} must come before the file.",
                )
        extra = sorted(set(given) - set(upload.fields) - {"metadata"})
        if extra:
            raise StoreRefusal(
                403, "AccessDenied", f"Invalid according to Policy: Extra input fields: {extra[0]}"
            )
        if upload.sha256:
            raise StoreRefusal(403, "AccessDenied", "This form was already used. Begin a new upload.")
        return upload

    async def _store_file(
        self, form: MultipartReader, part: BodyPartReader, upload: Upload, counted: Callable[[int], None]
    ) -> Upload:
        arriving = upload.path.with_suffix(f".{secrets.token_hex(4)}.part")
        try:
            sha256 = await _write(part, arriving, counted)
            if await form.next() is not None:
                raise StoreRefusal(400, "InvalidArgument", "The file must be the last field of the form.")
            arriving.replace(upload.path)
        finally:
            arriving.unlink(missing_ok=True)
        upload.sha256 = sha256
        return upload


async def _write(part: BodyPartReader, path: Path, counted: Callable[[int], None]) -> str:
    """The SHA-256 of what was written to `path`."""
    told = hashlib.sha256()
    size = 0
    with path.open("wb") as file:
        while chunk := await part.read_chunk(_CHUNK):
            size += len(chunk)
            counted(len(chunk))
            if size > LARGEST:
                raise StoreRefusal(
                    400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size"
                )
            told.update(chunk)
            await asyncio.to_thread(file.write, chunk)
    if size < SMALLEST:
        raise StoreRefusal(
            400, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size"
        )
    return told.hexdigest()
