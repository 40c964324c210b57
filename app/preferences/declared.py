"""The settings that there are. What shows them reads this list; what needs one names it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from app.basics.languages import PSEUDO
from app.basics.words import mark
from app.document.values import Value
from app.preferences.export_options import EXPORT, SIGNING_CERTIFICATE, SIGNING_KEY
from app.preferences.kinds import (
    Cap,
    File,
    Folder,
    Names,
    Number,
    Text,
    YesNo,
    count,
    keys_by_action,
    size,
    values_by_kind,
)
from app.preferences.options import Option

_yes_no, _text, _texts, _folder = YesNo(), Text(), Names(), Folder()
_cap, _money = Cap(), Cap(money=True)
_scale = Number(least=0.8, most=1.6, step=0.05, shown=100, unit="%")
_seconds = Number(least=1, most=600, unit="s")


def _recent(raw: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_texts(raw)))[:RECENT_MOST]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split(", "))


RECENT_MOST = 20
PAGES = ("appearance", "canvas", "money", "vendors", "files", "privacy")
"""In the order in which they are shown. `vendors` has no options: keys are not kept in a file."""
_RUN = mark("A run that would cost more is refused before anything is sent.")
_DAY = mark("Counted from midnight, over all documents.")
_DOCUMENT = mark("All that a document ever cost, with the run that is asked for.")
_LIMIT = ("cap", "limit", "budget", "spending", "上限", "限额", "预算", "shang xian", "xian e", "yu suan")

THEME = Option[str](
    id="theme",
    title=mark("Theme"),
    help=mark("Dark, light, or as the system is."),
    page="appearance",
    default="dark",
    read=_text,
    choices=("system", "dark", "light"),
    words=_words("colours, dark mode, light mode, 主题, 颜色, 深色, 浅色, zhu ti, yan se, shen se"),
    labels={"system": mark("As the system"), "dark": mark("Dark"), "light": mark("Light")},
)
LANGUAGE = Option[str](
    id="language",
    title=mark("Language"),
    help=mark("Of the window and its messages."),
    page="appearance",
    default="",
    read=_text,
    choices=("", "en", "zh_CN"),
    also=(PSEUDO,),
    words=("english", "chinese", "中文", "语言", "翻译", "yu yan", "zhong wen", "fan yi"),
    labels={"": mark("As the system"), "en": "English", "zh_CN": "简体中文"},
)
TEXT_SCALE = Option[float](
    id="text-scale",
    title=mark("Text size"),
    help=mark("Of menus, panels and dialogs. The canvas has its own zoom."),
    page="appearance",
    default=1.0,
    read=_scale,
    words=_words("font, zoom, scale, larger, 字号, 字体, 文字大小, zi hao, zi ti, wen zi da xiao"),
)
REDUCED_MOTION = Option[bool](
    id="reduced-motion",
    title=mark("Less motion"),
    help=mark("No animations: things appear where they are."),
    page="appearance",
    default=False,
    read=_yes_no,
    words=("animation", "动画", "减少动画", "dong hua", "jian shao dong hua"),
)
CONTRAST = Option[str](
    id="contrast",
    title=mark("Contrast"),
    help=mark("High: text of at least 7 to 1, and a line around what can be used; or as the system is."),
    page="appearance",
    default="system",
    read=_text,
    choices=("system", "normal", "high"),
    labels={"system": mark("As the system"), "normal": mark("Normal"), "high": mark("High")},
    words=("high contrast", "对比度", "高对比", "dui bi du", "gao dui bi"),
)
SCREEN_PROFILE = Option[str](
    id="screen-profile",
    title=mark("Colour profile of the screen"),
    help=mark(
        "An ICC file: pictures that are looked at large are converted to it. "
        "Empty: what the system says, else sRGB."
    ),
    page="appearance",
    default="",
    read=File(),
    words=_words(
        "icc, icm, monitor, display, calibration, 显示器, 色彩配置, 校色, xian shi qi, se cai, jiao se"
    ),
)
NOTIFICATIONS = Option[bool](
    id="notifications",
    title=mark("Tell when a run is done"),
    help=mark("A note of the desktop when a run ends or needs you while the window is not in front."),
    page="appearance",
    default=True,
    read=_yes_no,
    words=("notify", "通知", "提醒", "tong zhi", "ti xing"),
)
SOUND = Option[bool](
    id="sound",
    title=mark("Sound when a run is done"),
    help=mark("A short sound when a run ends while the window is not in front."),
    page="appearance",
    default=False,
    read=_yes_no,
    words=("bell", "notification", "beep", "声音", "提示音", "sheng yin", "ti shi yin"),
)
CANVAS_PRESET = Option[str](
    id="canvas-preset",
    title=mark("Mouse and keys"),
    help=mark("Which program's canvas gestures the hands know."),
    page="canvas",
    default="tagloom",
    read=_text,
    choices=("tagloom", "comfyui", "blender", "nuke"),
    words=_words("shortcuts, keyboard, gestures, preset, 快捷键, 键盘, 鼠标, kuai jie jian, jian pan"),
    labels={"tagloom": "Tagloom", "comfyui": "ComfyUI", "blender": "Blender", "nuke": "Nuke"},
)
CANVAS_KEYS = Option[Mapping[str, tuple[str, ...]]](
    id="canvas-keys",
    title=mark("Own keys"),
    help=mark("Actions with keys of one's own, over those of the preset."),
    page="",
    default=MappingProxyType({}),
    read=keys_by_action,
)
CANVAS_MOUSE = Option[Mapping[str, tuple[str, ...]]](
    id="canvas-mouse",
    title=mark("Own ways of the mouse"),
    help=mark("Gestures with ways of one's own, over those of the preset."),
    page="",
    default=MappingProxyType({}),
    read=keys_by_action,
)
SNAP = Option[bool](
    id="canvas-snap",
    title=mark("Snap to grid"),
    help=mark("Nodes move in steps of the grid."),
    page="canvas",
    default=False,
    read=_yes_no,
    words=("align", "raster", "网格", "对齐", "吸附", "wang ge", "dui qi", "xi fu"),
)
MINIMAP = Option[bool](
    id="canvas-minimap",
    title=mark("Minimap"),
    help=mark("A small map of the whole canvas in its corner."),
    page="canvas",
    default=True,
    read=_yes_no,
    words=("overview", "小地图", "缩略图", "xiao di tu", "suo lve tu"),
)
GUIDES = Option[bool](
    id="canvas-guides",
    title=mark("Guides"),
    help=mark("Dragged nodes cling to the edges and middles of others, and to equal gaps."),
    page="canvas",
    default=True,
    read=_yes_no,
    words=("align", "smart guides", "参考线", "对齐线", "can kao xian", "dui qi xian"),
)
WHEEL = Option[str](
    id="canvas-wheel",
    title=mark("Mouse wheel"),
    help=mark("Zooms or pans. Ctrl and the wheel always zoom, Shift and the wheel go sideways."),
    page="canvas",
    default="zooms",
    read=_text,
    choices=("zooms", "pans"),
    words=("scroll", "zoom", "pan", "滚轮", "缩放", "平移", "gun lun", "suo fang", "ping yi"),
    labels={"zooms": mark("Zooms"), "pans": mark("Pans")},
)
MINIMAP_SIZE = Option[tuple[int, int]](
    id="canvas-minimap-size",
    title=mark("Size of the minimap"),
    help=mark("Width and height in px."),
    page="",
    default=(168, 104),
    read=size,
)
CAP_RUN_CREDITS = Option[int | None](
    id="cap-run-credits",
    title=mark("Most credits a run"),
    help=_RUN,
    page="money",
    default=None,
    read=_cap,
    words=_LIMIT,
)
CAP_DAY_CREDITS = Option[int | None](
    id="cap-day-credits",
    title=mark("Most credits a day"),
    help=_DAY,
    page="money",
    default=None,
    read=_cap,
    words=_LIMIT,
)
CAP_DOCUMENT_CREDITS = Option[int | None](
    id="cap-document-credits",
    title=mark("Most credits a document"),
    help=_DOCUMENT,
    page="money",
    default=None,
    read=_cap,
    words=_LIMIT,
)
CAP_RUN_USD = Option[int | None](
    id="cap-run-usd",
    title=mark("Most dollars a run"),
    help=_RUN,
    page="money",
    default=None,
    read=_money,
    words=_LIMIT,
)
CAP_DAY_USD = Option[int | None](
    id="cap-day-usd",
    title=mark("Most dollars a day"),
    help=_DAY,
    page="money",
    default=None,
    read=_money,
    words=_LIMIT,
)
CAP_DOCUMENT_USD = Option[int | None](
    id="cap-document-usd",
    title=mark("Most dollars a document"),
    help=_DOCUMENT,
    page="money",
    default=None,
    read=_money,
    words=_LIMIT,
)
ASK_BEFORE_SPENDING = Option[bool](
    id="ask-before-spending",
    title=mark("Ask before money is spent"),
    help=mark(
        "Show the price and wait for a click before each run that is not free. "
        "An unknown price and a vendor's first run are asked about in any case."
    ),
    page="money",
    default=True,
    read=_yes_no,
    words=("confirm", "price", "确认", "花费", "询问", "que ren", "hua fei", "xun wen"),
)
OUTPUT_FOLDER = Option[str](
    id="output-folder",
    title=mark("Folder for saved pictures"),
    help=mark("Where Save Image puts pictures. Empty: a folder “out” beside the document."),
    page="files",
    default="",
    read=_folder,
    words=("directory", "output", "save", "文件夹", "保存", "输出", "wen jian jia", "bao cun", "shu chu"),
)
SANDBOX_SECONDS = Option[float](
    id="sandbox-seconds",
    title=mark("Seconds a draft takes"),
    help=mark("How long the sandbox pretends to work. Holds from the next start."),
    page="files",
    default=1.0,
    read=_seconds,
    words=("sandbox", "draft", "delay", "沙盒", "草稿", "sha he", "cao gao"),
)
TOLD_VENDORS = Option[tuple[str, ...]](
    id="told-vendors",
    title=mark("Read notices about uploads"),
    help=mark(
        "Taken off this list, a vendor's notice of what it keeps is shown again before the next live run."
    ),
    page="privacy",
    default=(),
    read=_texts,
    words=("uploads", "notice", "consent", "隐私", "上传", "通知", "yin si", "shang chuan", "tong zhi"),
)
UPDATE_CHECKS = Option[str](
    id="update-checks",
    title=mark("Look for newer versions"),
    help=mark("Once a day, by asking the project's page; it sends nothing about you, and downloads nothing."),
    page="privacy",
    default="ask",
    read=_text,
    choices=("ask", "daily", "never"),
    labels={"ask": mark("Ask me"), "daily": mark("Once a day"), "never": mark("Never")},
    words=("update", "version", "更新", "版本", "geng xin", "ban ben"),
)
STARTS = Option[int](
    id="starts",
    title=mark("Starts"),
    help=mark("How often the window was opened."),
    page="",
    default=0,
    read=count,
)
UPDATE_HEARD = Option[tuple[str, ...]](
    id="update-heard",
    title=mark("Newest version"),
    help=mark("When it was asked for, its mark, version, page and words, and the version that was told of."),
    page="",
    default=(),
    read=_texts,
)
RECENT = Option[tuple[str, ...]](
    id="recent", title=mark("Recent documents"), help=mark("Newest first."), page="", default=(), read=_recent
)
LAST_FOLDER = Option[str](
    id="last-folder",
    title=mark("Last folder"),
    help=mark("Where a file was chosen."),
    page="",
    default="",
    read=_text,
)
WINDOW_GEOMETRY = Option[str](
    id="window-geometry",
    title=mark("Window"),
    help=mark("Qt's own words, base64."),
    page="",
    default="",
    read=_text,
)
WINDOW_STATE = Option[str](
    id="window-state",
    title=mark("Panels"),
    help=mark("Qt's own words, base64."),
    page="",
    default="",
    read=_text,
)
OPEN_DOCUMENTS = Option[tuple[str, ...]](
    id="open-documents",
    title=mark("Documents that were open"),
    help=mark("Opened again at the next start."),
    page="",
    default=(),
    read=_recent,
)
BALANCES = Option[tuple[str, ...]](
    id="balances",
    title=mark("Balances"),
    help=mark("What vendors said was left, and when: to hint whether a lost request was charged."),
    page="",
    default=(),
    read=_texts,
)
FIRST_STEPS = Option[tuple[str, ...]](
    id="first-steps",
    title=mark("First steps that were done"),
    help=mark("Also whether they were put away."),
    page="",
    default=(),
    read=_texts,
)
KIND_DEFAULTS = Option[Mapping[str, Mapping[str, Value]]](
    id="kind-defaults",
    title=mark("What new nodes begin with"),
    help=mark("Values by node kind; set from a node, in the inspector."),
    page="",
    default=MappingProxyType({}),
    read=values_by_kind,
)

OPTIONS: tuple[Option[Any], ...] = (
    *(THEME, LANGUAGE, TEXT_SCALE, REDUCED_MOTION, SOUND, CANVAS_PRESET, CANVAS_KEYS, SNAP, MINIMAP),
    *(CANVAS_MOUSE, GUIDES, WHEEL, MINIMAP_SIZE, CONTRAST, NOTIFICATIONS, SCREEN_PROFILE),
    *(CAP_RUN_CREDITS, CAP_DAY_CREDITS, CAP_DOCUMENT_CREDITS, CAP_RUN_USD, CAP_DAY_USD, CAP_DOCUMENT_USD),
    *(ASK_BEFORE_SPENDING, OUTPUT_FOLDER, SANDBOX_SECONDS, TOLD_VENDORS),
    *(UPDATE_CHECKS, STARTS, UPDATE_HEARD),
    *(RECENT, LAST_FOLDER, WINDOW_GEOMETRY, WINDOW_STATE, OPEN_DOCUMENTS, BALANCES, KIND_DEFAULTS),
    *(FIRST_STEPS, EXPORT, SIGNING_CERTIFICATE, SIGNING_KEY),
)
