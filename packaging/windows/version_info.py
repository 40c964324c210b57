"""What Windows shows of the program's files: `python packaging/windows/version_info.py VERSION FILE`."""

from __future__ import annotations

import sys
from pathlib import Path

FORM = """VSVersionInfo(
  ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}, mask=0x3f, flags=0x0, OS=0x40004, fileType=0x1),
  kids=[
    StringFileInfo([StringTable('040904B0', [
      StringStruct('CompanyName', 'Tagloom contributors'),
      StringStruct('FileDescription', 'Tagloom'),
      StringStruct('FileVersion', '{version}'),
      StringStruct('InternalName', 'tagloom'),
      StringStruct('LegalCopyright', 'Copyright (c) 2026 Tagloom contributors, MIT licence'),
      StringStruct('ProductName', 'Tagloom'),
      StringStruct('ProductVersion', '{version}'),
    ])]),
    VarFileInfo([VarStruct('Translation', [1033, 1200])]),
  ],
)
"""


def version_info(version: str) -> str:
    """As PyInstaller reads it.

    :raises ValueError: a version that is not up to three whole numbers
    """
    numbers = tuple(int(part) for part in version.split("."))
    if not 0 < len(numbers) <= 3:
        raise ValueError(f"{version} is no version of up to three numbers")
    return FORM.format(version=version, numbers=(*numbers, *(0,) * (4 - len(numbers))))


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(version_info(sys.argv[1]), encoding="utf-8")
