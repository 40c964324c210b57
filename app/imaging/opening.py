"""Opening pictures from anywhere: bounded before decoding, and nothing but a Fault comes out.

Formats are told by content and opened by name, one decoder each, so that a file is never offered
to Pillow's other thirty decoders and its own limit (a warning) is never asked.
"""

from __future__ import annotations

import errno
import os
import stat
import struct
import threading
import warnings
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from io import BytesIO
from pathlib import Path
from typing import IO

from PIL import Image
from PIL.AvifImagePlugin import AvifImageFile
from PIL.BmpImagePlugin import BmpImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile

from app.basics.faults import BadInput, DiskTrouble, Fault, Retry
from app.basics.words import listed, say
from app.imaging.heic import open_heic
from app.imaging.jpeg_head import check_head
from app.imaging.sniffing import HEAD_BYTES, KNOWN_FORMATS, foreign_kind, sniff

MOST_PIXELS = 80_000_000
"""A photograph with more is refused before it is decoded."""
MOST_BYTES = 512 * 1024 * 1024

Source = Path | bytes

DECODER_ERRORS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)
"""What Pillow's decoders are known to raise on junk; each is an answer about the file, not a bug of ours."""

_MISSING = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.ELOOP})
_DISK = frozenset(
    {errno.EACCES, errno.EPERM, errno.EIO, errno.ESTALE, errno.EMFILE, errno.ENFILE, errno.ENXIO}
)

_OPENERS: dict[str, Callable[[IO[bytes]], ImageFile]] = {
    "JPEG": JpegImageFile,
    "PNG": PngImageFile,
    "WEBP": WebPImageFile,
    "TIFF": TiffImageFile,
    "BMP": BmpImageFile,
    "GIF": GifImageFile,
    "HEIC": open_heic,
    "AVIF": AvifImageFile,
}


class _Quiet:
    """Silences the warnings that Pillow, and openpyxl, give about damaged files while anyone decodes.

    The filter of `warnings` belongs to the whole process and is not safe between threads: so it is set
    by the first to enter, removed by the last to leave, and touches only their own modules.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._filter = ExitStack()

    def __enter__(self) -> None:
        with self._lock:
            if self._inside == 0:
                self._filter.enter_context(warnings.catch_warnings())
                warnings.filterwarnings("ignore", module=r"(PIL|openpyxl)\.")
            self._inside += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._inside -= 1
            if self._inside == 0:
                self._filter.close()


QUIET = _Quiet()


def name_of(source: Source) -> str:
    """What to call the picture in a sentence."""
    return f"“{source.name}”" if isinstance(source, Path) else say("The picture")


@contextmanager
def decoding(name: str) -> Iterator[None]:
    """Around every call into a decoder: junk becomes a Fault that names the picture."""
    try:
        with QUIET:
            yield
    except Fault:
        raise
    except DECODER_ERRORS as error:
        raise fault_of(error, name) from error


@contextmanager
def opened(source: Source, *, most_pixels: int = MOST_PIXELS) -> Iterator[ImageFile]:
    """The picture with its header read and nothing decoded; `format` is one of KNOWN_FORMATS.

    Raises BadInput (image.missing, image.unreadable, image.unsupported, image.too-large) or DiskTrouble.
    """
    name = name_of(source)
    with ExitStack() as stack:
        with decoding(name):
            stream = stack.enter_context(_stream(source, name))
            head = stream.read(HEAD_BYTES)
            stream.seek(0)
            kind = sniff(head)
            if kind is None:
                raise _unsupported(name, head)
            if kind == "JPEG":
                check_head(stream)
            photo = _OPENERS[kind](stream)
            photo.format = kind
        stack.callback(photo.close)
        _check_pixels(photo.size, most_pixels, name)
        yield photo


def load(photo: ImageFile, source: Source, *, most_pixels: int = MOST_PIXELS) -> None:
    """Decode. Checks the size again: a HEIC may turn out larger than its header says."""
    name = name_of(source)
    with decoding(name):
        photo.load()
    _check_pixels(photo.size, most_pixels, name)


def _stream(source: Source, name: str) -> IO[bytes]:
    if isinstance(source, bytes):
        if not source:
            raise _empty(name)
        return BytesIO(source)
    found = source.stat()
    if stat.S_ISDIR(found.st_mode):
        raise BadInput(
            say("{name} is a folder.", name=name),
            advice=say("Choose a picture inside it."),
            code="image.unreadable",
        )
    if not stat.S_ISREG(found.st_mode):  # opening a named pipe would wait for ever
        raise BadInput(
            say("{name} is not an ordinary file.", name=name),
            advice=say("Choose a picture."),
            code="image.unsupported",
        )
    if found.st_size == 0:
        raise _empty(name)
    if found.st_size > MOST_BYTES:
        raise BadInput(
            say(
                "{name} has {size:,.0f} MB; the most is {most:,.0f} MB.",
                name=name,
                size=found.st_size / 1e6,
                most=MOST_BYTES / 1e6,
            ),
            advice=say("Save a smaller copy and choose that."),
            code="image.too-large",
        )
    return open(source, "rb")


def size_in_bytes(source: Source) -> int:
    return len(source) if isinstance(source, bytes) else os.stat(source).st_size


def _check_pixels(size: tuple[int, int], most: int, name: str) -> None:
    width, height = size
    if width < 1 or height < 1:
        raise _damaged(name, f"{width} × {height}")
    if width * height > most:
        raise BadInput(
            say(
                "{name} is {width} × {height} pixels, {million:,.1f} million; the most is "
                "{most:,.0f} million.",
                name=name,
                width=width,
                height=height,
                million=width * height / 1e6,
                most=most / 1e6,
            ),
            advice=say("Save a smaller copy and choose that."),
            code="image.too-large",
        )


def fault_of(error: BaseException, name: str) -> Fault:
    """A decoder's or the system's error, in words."""
    detail = f"{type(error).__name__}: {error}"[:300]
    number = error.errno if isinstance(error, OSError) else None
    if number in _MISSING or (isinstance(error, ValueError) and "null" in str(error)):
        return BadInput(
            say("{name} is not there.", name=name),
            advice=say("Put it back, or choose the photograph again."),
            code="image.missing",
            detail=detail,
        )
    if number in _DISK:
        return DiskTrouble(
            say("{name} could not be read from the disk.", name=name),
            advice=say("Check that the file may be read and that its disk is connected, then try again."),
            code="image.unreadable",
            retry=Retry.LATER,
            detail=detail,
        )
    if isinstance(error, MemoryError | Image.DecompressionBombError):
        return BadInput(
            say("{name} is too large to open.", name=name),
            advice=say("Save a smaller copy and choose that."),
            code="image.too-large",
            detail=detail,
        )
    return _damaged(name, detail)


def _damaged(name: str, detail: str) -> BadInput:
    return BadInput(
        say("{name} is damaged or was cut short.", name=name),
        advice=say("Copy or export it again from where it came from."),
        code="image.unreadable",
        detail=detail,
    )


def _empty(name: str) -> BadInput:
    return BadInput(
        say("{name} is empty.", name=name),
        advice=say("Copy it again from where it came from."),
        code="image.unreadable",
    )


def _unsupported(name: str, head: bytes) -> BadInput:
    kind = foreign_kind(head)
    return BadInput(
        say("{name} is {kind}.", name=name, kind=kind)
        if kind
        else say("{name} is not a picture that Tagloom knows.", name=name),
        advice=say("Export it as one of {list}.", list=listed(KNOWN_FORMATS)),
        code="image.unsupported",
    )
