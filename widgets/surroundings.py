"""What Qt says of the machine: its version, its way onto the screen, the screens, a face for Chinese."""

from __future__ import annotations

import PySide6
from PySide6.QtCore import QCoreApplication, qVersion
from PySide6.QtGui import QFontDatabase, QGuiApplication, QScreen

from app.basics.words import Said, in_english, say
from app.studio.findings import Finding
from widgets.messages import told

_CHINESE = QFontDatabase.WritingSystem.SimplifiedChinese


def tr(text: str) -> str:
    return QCoreApplication.translate("surroundings", text)


def facts_of_qt() -> tuple[tuple[str, str], ...]:
    """For a report: nothing of the person."""
    screens = ", ".join(in_english(_screen(one)) for one in QGuiApplication.screens())
    return (
        ("Qt", f"{qVersion()}, PySide6 {PySide6.__version__}"),
        ("Platform", QGuiApplication.platformName()),
        ("Screens", screens),
    )


def findings_of_qt() -> tuple[Finding, ...]:
    """To be asked in the thread of the window."""
    platform = QGuiApplication.platformName()
    screens = QGuiApplication.screens()
    faces = QFontDatabase.families(_CHINESE)
    first = tr("No face on this computer can show Chinese.")
    return (
        Finding(
            what=tr("window system"),
            words=tr("Qt {version} through “{platform}”").format(version=qVersion(), platform=platform),
        ),
        Finding(
            what=tr("screens"),
            well=bool(screens),
            words=told(_named(one) for one in screens) or tr("none is connected"),
            advice="" if screens else tr("Connect a screen; the window comes back to it."),
        ),
        Finding(
            what=tr("drawing"),
            words=tr("by the processor (raster): no graphics card or driver of one is needed"),
        ),
        Finding(
            what=tr("Chinese"),
            note=not faces,
            words=tr("shown with {face}").format(face=_preferred(faces)) if faces else first,
            advice="" if faces else tr("Install one, such as the package fonts-noto-cjk."),
        ),
    )


def _preferred(faces: list[str]) -> str:
    liked = [one for one in faces if "CJK SC" in one or "PingFang" in one or "YaHei" in one]
    return (liked or faces)[0]


def _named(screen: QScreen) -> str:
    return f"{screen.name()} {_screen(screen)}".strip()


def _screen(screen: QScreen) -> Said:
    size = screen.size()
    return say(
        "{width} × {height} at {scale:g}",
        width=size.width(),
        height=size.height(),
        scale=screen.devicePixelRatio(),
    )
