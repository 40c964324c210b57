"""Pictures for tests, made on the spot: corners of four colours, profiles, bombs."""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from PIL import Image

from app.imaging.prepare import Prepared

DATA = Path(__file__).parent / "data"
RED, GREEN, BLUE, WHITE = (220, 30, 30), (30, 200, 40), (30, 60, 220), (240, 240, 240)
CORNERS = (RED, GREEN, BLUE, WHITE)
"""Top left, top right, bottom left, bottom right of `quadrants`."""

UNTURN = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""How an upright picture is stored under each EXIF orientation (EXIF 2.32 §4.6.4 A)."""


def quadrants(width: int = 96, height: int = 64) -> Image.Image:
    image = Image.new("RGB", (width, height))
    half = (width // 2, height // 2)
    image.paste(RED, (0, 0, *half))
    image.paste(GREEN, (half[0], 0, width, half[1]))
    image.paste(BLUE, (0, half[1], half[0], height))
    image.paste(WHITE, (*half, width, height))
    return image


def corners(image: Image.Image) -> list[tuple[int, ...]]:
    """The colours an eighth of the way in from each corner."""
    image = image.convert("RGB")
    x, y = image.width // 8, image.height // 8
    spots = [(x, y), (-x - 1, y), (x, -y - 1), (-x - 1, -y - 1)]
    return [image.getpixel((a % image.width, b % image.height)) for a, b in spots]


def near(found: Sequence[Sequence[int]], wanted: Sequence[Sequence[int]], within: int = 6) -> bool:
    return len(found) == len(wanted) and all(
        abs(a - b) <= within
        for one, other in zip(found, wanted, strict=True)
        for a, b in zip(one, other, strict=True)
    )


def exif(orientation: int, *, secret: str = "SecretCam") -> bytes:
    tags = Image.Exif()
    tags[0x0112] = orientation
    tags[0x010F] = secret
    return tags.tobytes()


def stored_as(image: Image.Image, orientation: int) -> Image.Image:
    method = UNTURN[orientation]
    return image if method is None else image.transpose(method)


def coded(image: Image.Image, kind: str, **options: object) -> bytes:
    into = BytesIO()
    image.save(into, kind, **options)
    return into.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, *, bits: int, colour: int, rows: bytes, extra: bytes = b"") -> bytes:
    """A PNG from raw rows, each without its filter byte, for what Pillow does not write."""
    stride = len(rows) // height
    filtered = b"".join(b"\0" + rows[at : at + stride] for at in range(0, len(rows), stride))
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)),
            extra,
            chunk(b"IDAT", zlib.compress(filtered)),
            chunk(b"IEND", b""),
        )
    )


def bomb(side: int) -> bytes:
    """A small PNG of side × side black pixels that decode to gigabytes."""
    coder = zlib.compressobj(9)
    row = bytes(side * 3 + 1)
    pixels = b"".join(coder.compress(row) for _ in range(side)) + coder.flush()
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def written(folder: Path, data: bytes, name: str = "picture") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def seen(prepared: Prepared) -> Image.Image:
    """What was prepared, after checking what it says of itself."""
    image = Image.open(BytesIO(prepared.data))
    image.load()
    assert image.size == (prepared.width, prepared.height)
    assert Image.MIME[image.format] == prepared.mime
    assert hashlib.sha256(prepared.data).hexdigest() == prepared.sha256
    return image


# --- colour profiles, from their definitions ------------------------------------------------------

Matrix = tuple[tuple[float, float, float], ...]

P3_TO_XYZ_D50: Matrix = (
    (0.515102, 0.291965, 0.157153),
    (0.241182, 0.692236, 0.066582),
    (-0.001049, 0.041881, 0.784378),
)
"""Display P3, adapted to D50 by Bradford (Apple's profile, rounded)."""
ADOBE_TO_XYZ_D50: Matrix = (
    (0.609741, 0.205276, 0.149185),
    (0.311111, 0.625671, 0.063217),
    (0.019470, 0.060867, 0.744568),
)
"""Adobe RGB (1998), the same."""
XYZ_D50_TO_SRGB: Matrix = (
    (3.1338561, -1.6168667, -0.4906146),
    (-0.9787684, 1.9161415, 0.0334540),
    (0.0719453, -0.2289914, 1.4052427),
)
"""Lindbloom's, Bradford."""


def matrix_profile(matrix: Matrix, gamma: float, *, space: bytes = b"RGB ") -> bytes:
    """A minimal ICC version 2 matrix profile with pure gamma curves (ICC.1:2001-04)."""

    def fixed(value: float) -> bytes:
        return struct.pack(">i", round(value * 65536))

    def xyz(column: int) -> bytes:
        return b"XYZ \0\0\0\0" + b"".join(fixed(row[column]) for row in matrix)

    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256)) + b"\0\0"
    name = b"Test\0"
    description = b"desc\0\0\0\0" + struct.pack(">I", len(name)) + name + bytes(78)
    tags = [
        (b"desc", description + bytes(-len(description) % 4)),
        (b"cprt", b"text\0\0\0\0none\0\0\0\0"),
        (b"wtpt", b"XYZ \0\0\0\0" + fixed(0.9642) + fixed(1.0) + fixed(0.8249)),
        *((name, xyz(at)) for at, name in enumerate((b"rXYZ", b"gXYZ", b"bXYZ"))),
        *((name, curve) for name in (b"rTRC", b"gTRC", b"bTRC")),
    ]
    table, body = struct.pack(">I", len(tags)), b""
    start = 128 + 4 + 12 * len(tags)
    for name, data in tags:
        table += name + struct.pack(">II", start + len(body), len(data))
        body += data
    white = fixed(0.9642) + fixed(1.0) + fixed(0.8249)
    head = struct.pack(">I4sI4s4s4s", start + len(body), b"lcms", 0x02100000, b"mntr", space, b"XYZ ")
    head += bytes(12) + b"acsp" + bytes(28) + white
    return head.ljust(128, b"\0") + table + body


def gray_profile(gamma: float) -> bytes:
    """A minimal ICC version 2 grey profile."""
    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256)) + b"\0\0"
    white = struct.pack(">iii", *(round(v * 65536) for v in (0.9642, 1.0, 0.8249)))
    tags = [
        (b"desc", b"desc\0\0\0\0" + struct.pack(">I", 5) + b"Test\0" + bytes(79)),
        (b"wtpt", b"XYZ \0\0\0\0" + white),
        (b"kTRC", curve),
    ]
    table, body = struct.pack(">I", len(tags)), b""
    for name, data in tags:
        table += name + struct.pack(">II", 128 + 4 + 36 + len(body), len(data))
        body += data
    head = struct.pack(">I4sI4s4s4s", 168 + len(body), b"lcms", 0x02100000, b"mntr", b"GRAY", b"XYZ ")
    head += bytes(12) + b"acsp" + bytes(28) + white
    return head.ljust(128, b"\0") + table + body


def press_profile() -> bytes:
    """An ICC version 2 profile (lut8Type) of a press that prints grey: colours L* 50, black L* 0."""
    ramp = bytes(range(256))
    grid = bytearray()
    for corner in range(16):  # cyan varies slowest, black fastest
        grid += bytes((0 if corner & 1 else 128 if corner else 255, 128, 128))
    unit = b"".join(struct.pack(">i", 65536 * (at % 4 == 0)) for at in range(9))
    lut = b"mft1\0\0\0\0" + bytes((4, 3, 2, 0)) + unit + ramp * 4 + bytes(grid) + ramp * 3
    white = struct.pack(">iii", *(round(v * 65536) for v in (0.9642, 1.0, 0.8249)))
    tags = [
        (b"desc", b"desc\0\0\0\0" + struct.pack(">I", 5) + b"Test\0" + bytes(79)),
        (b"wtpt", b"XYZ \0\0\0\0" + white),
        (b"A2B0", lut),
    ]
    table, body = struct.pack(">I", len(tags)), b""
    for name, data in tags:
        table += name + struct.pack(">II", 128 + 4 + 36 + len(body), len(data))
        body += data
    head = struct.pack(">I4sI4s4s4s", 168 + len(body), b"lcms", 0x02100000, b"prtr", b"CMYK", b"Lab ")
    head += bytes(12) + b"acsp" + bytes(28) + white
    return head.ljust(128, b"\0") + table + body


def seen_in_srgb(colour: Sequence[int], matrix: Matrix, gamma: float) -> tuple[int, ...]:
    """What a colour of such a profile is in sRGB, by the textbook, clipped."""

    def times(rows: Matrix, vector: Sequence[float]) -> list[float]:
        return [sum(a * b for a, b in zip(row, vector, strict=True)) for row in rows]

    def encode(value: float) -> float:
        return 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055

    light = times(matrix, [(value / 255) ** gamma for value in colour])
    return tuple(round(255 * encode(min(1.0, max(0.0, value)))) for value in times(XYZ_D50_TO_SRGB, light))
