"""The colour profiles that pictures are exported in, built here: ICC version 2, a matrix and a curve.

Display P3: SMPTE EG 432-1 primaries with the white and the curve of sRGB. Adobe RGB: "Adobe RGB (1998) Color
Image Encoding", by its published numbers; the profile is ours and says that it is compatible.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import MappingProxyType


class Profile(StrEnum):
    """`KEEP`: the picture's own, with its pixels as they are."""

    KEEP = "keep"
    SRGB = "srgb"
    P3 = "display-p3"
    ADOBE = "adobe-rgb"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Space:
    """Columns of the matrix to XYZ of D50, and a curve: a gamma, or levels in 16 bits."""

    title: str
    red: tuple[float, float, float]
    green: tuple[float, float, float]
    blue: tuple[float, float, float]
    gamma: float | None = None


_SPACES: Mapping[Profile, _Space] = MappingProxyType(
    {
        Profile.SRGB: _Space(
            title="sRGB",
            red=(0.436066, 0.222488, 0.013916),
            green=(0.385147, 0.716873, 0.097076),
            blue=(0.143066, 0.060608, 0.714096),
        ),
        Profile.P3: _Space(
            title="Display P3",
            red=(0.515102, 0.241182, -0.001049),
            green=(0.291965, 0.692236, 0.041882),
            blue=(0.157153, 0.066582, 0.784378),
        ),
        Profile.ADOBE: _Space(
            title="Adobe RGB (1998) compatible",
            red=(0.609741, 0.311111, 0.019470),
            green=(0.205276, 0.625671, 0.060867),
            blue=(0.149185, 0.063217, 0.744568),
            gamma=563 / 256,
        ),
    }
)
_D50 = (0.964203, 1.0, 0.824905)
_CURVE_STEPS = 1024


@cache
def icc_of(profile: Profile) -> bytes:
    """The profile as it is embedded; the same bytes each time. Not for `KEEP`."""
    space = _SPACES[profile]
    curve = _curve(space.gamma)
    tags = {
        b"desc": _described(space.title),
        b"cprt": b"text\0\0\0\0No copyright, use freely\0",
        b"wtpt": _xyz(_D50),
        b"rXYZ": _xyz(space.red),
        b"gXYZ": _xyz(space.green),
        b"bXYZ": _xyz(space.blue),
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
    }
    return _packed(tags)


def _packed(tags: Mapping[bytes, bytes]) -> bytes:
    body, table, at = b"", b"", 128 + 4 + 12 * len(tags)
    for name, data in tags.items():
        table += name + struct.pack(">II", at + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    size = at + len(body)
    header = struct.pack(
        ">I4sI4s4s4s6H4s4sIIIQI12s4s44x",
        size, bytes(4), 0x02400000, b"mntr", b"RGB ", b"XYZ ", 2000, 1, 1, 0, 0, 0, b"acsp",
        bytes(4), 0, 0, 0, 0, 0, b"".join(map(_fixed, _D50)), bytes(4),
    )  # fmt: skip
    return header + struct.pack(">I", len(tags)) + table + body


def _curve(gamma: float | None) -> bytes:
    if gamma is not None:
        return b"curv" + struct.pack(">IIH", 0, 1, round(gamma * 256)) + bytes(2)
    steps = [round(65535 * _light(at / (_CURVE_STEPS - 1))) for at in range(_CURVE_STEPS)]
    return b"curv" + struct.pack(f">II{_CURVE_STEPS}H", 0, _CURVE_STEPS, *steps)


def _light(level: float) -> float:
    return float(level / 12.92 if level <= 0.04045 else ((level + 0.055) / 1.055) ** 2.4)


def _described(title: str) -> bytes:
    text = title.encode("ascii") + b"\0"
    return b"desc" + struct.pack(">II", 0, len(text)) + text + bytes(4 + 4 + 2 + 1 + 67)


def _xyz(value: tuple[float, float, float]) -> bytes:
    return b"XYZ \0\0\0\0" + b"".join(map(_fixed, value))


def _fixed(value: float) -> bytes:
    return struct.pack(">i", round(value * 65536))
