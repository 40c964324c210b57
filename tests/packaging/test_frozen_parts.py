"""What stays in the frozen program, and what its start leaves in the environment."""

from __future__ import annotations

import pytest

from tests.packaging.scripts import script

parts = script("frozen/parts.py")
QT = "PySide6/Qt"
STAY = [
    f"{QT}/plugins/platforms/libqxcb.so",
    f"{QT}/plugins/platforms/libqwayland.so",
    f"{QT}/plugins/platforms/libqoffscreen.so",
    f"{QT}/plugins/platforminputcontexts/libibusplatforminputcontextplugin.so",
    f"{QT}/plugins/platforminputcontexts/libcomposeplatforminputcontextplugin.so",
    f"{QT}/plugins/imageformats/libqsvg.so",
    f"{QT}/plugins/wayland-shell-integration/libxdg-shell.so",
    f"{QT}/translations/qtbase_zh_CN.qm",
    "PySide6\\plugins\\platforms\\qwindows.dll",
    "PySide6/Qt/plugins/platforms/libqcocoa.dylib",
    "resources/catalogue/gen4-image.toml",
    "keyring-25.7.0.dist-info/licenses/LICENSE",
]
GO = [
    f"{QT}/plugins/platforms/libqeglfs.so",
    f"{QT}/plugins/platforminputcontexts/libqtvirtualkeyboardplugin.so",
    f"{QT}/plugins/imageformats/libqpdf.so",
    f"{QT}/plugins/sqldrivers/libqsqlite.so",
    f"{QT}/plugins/qmltooling/libqmldbg_local.so",
    f"{QT}/translations/qtbase_de.qm",
    f"{QT}/translations/designer_zh_CN.qm",
    "sqlalchemy/util/_collections_cy.pyx",
]


@pytest.mark.parametrize("name", STAY)
def test_what_is_used_stays(name: str) -> None:
    assert parts.is_wanted(name)


@pytest.mark.parametrize("name", GO)
def test_what_is_not_used_goes(name: str) -> None:
    assert not parts.is_wanted(name)


LINKED = {
    "/venv/QtCore.so": {"libQt6Core.so.6"},
    "/venv/libQt6Core.so.6": {"libicuuc.so.73", "libglib-2.0.so.0", "libc.so.6"},
    "/venv/libicuuc.so.73": {"libicudata.so.73"},
    "/usr/lib/_ssl.so": {"libssl.so.3"},
    "/usr/lib/libssl.so.3": {"libcrypto.so.3"},
}
ENTRIES = [
    ("PySide6/QtCore.abi3.so", "/venv/QtCore.so", "EXTENSION"),
    ("lib-dynload/_ssl.so", "/usr/lib/_ssl.so", "EXTENSION"),
    ("PySide6/Qt/lib/libQt6Core.so.6", "/venv/libQt6Core.so.6", "BINARY"),
    ("PySide6/Qt/lib/libicuuc.so.73", "/venv/libicuuc.so.73", "BINARY"),
    ("PySide6/Qt/lib/libicudata.so.73", "/venv/libicudata.so.73", "BINARY"),
    ("PySide6/Qt/lib/libQt6Quick.so.6", "/venv/libQt6Quick.so.6", "BINARY"),
    ("c2pa/libs/libc2pa_c.so", "/venv/c2pa/libs/libc2pa_c.so", "BINARY"),  # opened by its name
    ("libssl.so.3", "/usr/lib/libssl.so.3", "BINARY"),
    ("libcrypto.so.3", "/usr/lib/libcrypto.so.3", "BINARY"),
    ("libglib-2.0.so.0", "/usr/lib/libglib-2.0.so.0", "BINARY"),
    ("libpython3.11.so.1.0", "/py/libpython3.11.so.1.0", "BINARY"),
    ("libicuuc.so.73", "PySide6/Qt/lib/libicuuc.so.73", "SYMLINK"),
    ("libQt6Quick.so.6", "PySide6/Qt/lib/libQt6Quick.so.6", "SYMLINK"),
]


def test_libraries_stay_that_something_needs_and_that_are_not_the_systems() -> None:
    kept = parts.shipped(
        ENTRIES, needs=lambda path: LINKED.get(path, set()), is_ours=lambda path: path.startswith("/venv")
    )
    gone = {name for name, _, _ in ENTRIES} - {name for name, _, _ in kept}
    assert gone == {"PySide6/Qt/lib/libQt6Quick.so.6", "libQt6Quick.so.6", "libglib-2.0.so.0"}


@pytest.mark.parametrize("name", ["libxcb-cursor.so.0", "libssl.so.3", "libxkbcommon-x11.so.0"])
def test_what_desktops_may_lack_is_carried(name: str) -> None:
    assert parts.CARRIED.match(name)


@pytest.mark.parametrize("name", ["libGL.so.1", "libstdc++.so.6", "libfontconfig.so.1", "libdbus-1.so.3"])
def test_what_belongs_to_the_system_is_not_carried(name: str) -> None:
    assert not parts.CARRIED.match(name)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"LD_LIBRARY_PATH": "/ours", "LD_LIBRARY_PATH_ORIG": "/theirs"}, {"LD_LIBRARY_PATH": "/theirs"}),
        ({"LD_LIBRARY_PATH": "/ours"}, {}),
        ({"PATH": "/bin"}, {"PATH": "/bin"}),
    ],
)
def test_other_programs_do_not_load_our_libraries(before: dict[str, str], after: dict[str, str]) -> None:
    script("frozen/start.py").give_back(before)
    assert before == after
