"""Where Tagloom and the vendors keep things, with the folders a button away."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication

from app.basics.places import PORTABLE, Places
from app.basics.words import spoken
from app.studio.studio import Studio
from widgets.dialogs.setting_rows import PlaceRow, Row, Worded


def tr(text: str) -> str:
    return QCoreApplication.translate("places", text)


def place_rows(home: Places, shared: tuple[str, str] = ("", "")) -> list[Row]:
    """`shared`: where ledger and library are, where machines share them."""
    ledger, library = shared
    return [
        _moving(home),
        _shared(
            tr("Library"),
            library,
            home.library,
            tr("Every picture that was made, as the vendor sent it. Nothing is deleted by itself."),
            ("pictures", "results", "TAGLOOM_LIBRARY", "图库", "图片", "tu ku", "tu pian"),
        ),
        _shared(
            tr("Ledger"),
            ledger,
            home.ledger,
            tr("What was asked and what it cost."),
            ("history", "spending", "TAGLOOM_LEDGER", "账本", "费用", "zhang ben", "fei yong"),
        ),
        PlaceRow(
            tr("Settings"),
            home.settings,
            tr("These settings, your templates and prompt snippets."),
            ("templates", "snippets", "设置", "模板", "she zhi", "mu ban"),
        ),
        PlaceRow(
            tr("Unsaved changes"),
            home.state,
            tr("Copies of what is not saved yet, and steps to undo. Earlier versions of a saved document lie "
               "beside it, in “.tagloom-versions”."),
            ("recovery", "versions", "backup", "恢复", "版本", "备份", "hui fu", "ban ben", "bei fen"),
        ),
        PlaceRow(
            tr("Cache"),
            home.cache,
            tr("Small pictures and other copies. It may be deleted at any time."),
            ("thumbnails", "缓存", "huan cun"),
        ),
        PlaceRow(
            tr("Logs"),
            home.logs,
            tr("What the program did, without keys and prompts: for when something has to be found."),
            ("diagnostics", "日志", "ri zhi"),
        ),
    ]  # fmt: skip


def _shared(title: str, place: str, here: Path, help: str, names: tuple[str, ...]) -> Row:
    """In its place on this machine, or in one that machines share and that no folder shows."""
    if not place:
        return PlaceRow(title, here, help, names, folder=here if here.suffix == "" else here.parent)
    words = tr("{help} Shared with other machines: {place}.").format(help=help, place=place)
    return Worded(title, words, (place, *names))


def keeping_rows(studio: Studio) -> list[Row]:
    """What becomes of what is sent, vendor by vendor."""
    title = tr("What {vendor} keeps")
    names = ("uploads", "retention", "隐私", "上传", "保留", "yin si", "shang chuan", "bao liu")
    return [
        Worded(title.format(vendor=one.title), spoken(studio.reach.pages(one.id).keeps), names)
        for one in studio.vendors()
    ]


def _moving(home: Places) -> Row:
    names = ("portable", "move", "TAGLOOM_HOME", "便携", "移动", "bian xie", "yi dong")
    if home.portable is not None:
        words = tr(
            "Everything is kept in {folder}, beside the program, and goes with it. Keys are not: they stay "
            "in the keyring of each computer, or are given anew each time."
        )
        return Worded(tr("Portable"), words.format(folder=home.portable), names)
    words = tr(
        "A folder “{name}” beside the installed program keeps everything in it (portable); TAGLOOM_HOME in "
        "the environment names any other folder. Both hold from the next start."
    )
    return Worded(tr("Where things are"), words.format(name=PORTABLE), names)
