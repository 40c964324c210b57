"""The settings that there are. What shows them reads this list; what needs one names it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from app.basics.words import mark
from app.document.values import Value, frozen
from app.preferences.options import Option


def _yes_no(raw: Any) -> bool:
    if not isinstance(raw, bool):
        raise TypeError("not yes or no")
    return raw


def _text(raw: Any) -> str:
    if not isinstance(raw, str) or "\0" in raw or len(raw) > 4096:
        raise TypeError("not a text")
    return raw


def _texts(raw: Any) -> tuple[str, ...]:
    if not isinstance(raw, list):
        raise TypeError("not a list of texts")
    return tuple(_text(item) for item in raw)


def _recent(raw: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_texts(raw)))[:RECENT_MOST]


def _cap(raw: Any) -> int | None:
    """None is no cap."""
    if raw is None:
        return None
    if isinstance(raw, bool) or not isinstance(raw, int) or not 0 <= raw <= 10**15:
        raise TypeError("not a whole number from 0")
    return raw


def _scale(raw: Any) -> float:
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not 0.5 <= raw <= 3:
        raise TypeError("not a number from 0.5 to 3")
    return float(raw)


def _seconds(raw: Any) -> float:
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not 1 <= raw <= 600:
        raise TypeError("not a number from 1 to 600")
    return float(raw)


def _size(raw: Any) -> tuple[int, int]:
    """As JSON gives it, a list; as the program does, a tuple."""
    match raw:
        case [int(width), int(height)] if 1 <= width <= 10_000 and 1 <= height <= 10_000:
            return width, height
    raise TypeError("not a width and a height")


def _kind_defaults(raw: Any) -> Mapping[str, Mapping[str, Value]]:
    """Node kind → its values."""
    if not isinstance(raw, Mapping) or not all(isinstance(one, Mapping) for one in raw.values()):
        raise TypeError("not values by node kind")
    kept = frozen(raw)
    assert isinstance(kept, Mapping)
    return kept  # type: ignore[return-value]  # mappings of mappings, as looked at above


def _keys(raw: Any) -> Mapping[str, tuple[str, ...]]:
    """Whether a text names a key is seen where keys are read (`keymap`, `mousemap`): a bad one costs only
    itself."""
    if not isinstance(raw, dict) or len(raw) > 1000:
        raise TypeError("not keys by action")
    return MappingProxyType({_text(id): _texts(keys) for id, keys in raw.items()})


RECENT_MOST = 20
_NO_CAP = mark("A whole number, or nothing for no limit.")
_MICRO = mark("In millionths of a dollar; nothing for no limit.")

THEME = Option[str](
    id="theme",
    title=mark("Theme"),
    help=mark("Dark, light, or as the system is."),
    page="appearance",
    default="dark",
    read=_text,
    choices=("system", "dark", "light"),
)
LANGUAGE = Option[str](
    id="language",
    title=mark("Language"),
    help=mark("A language code such as en or zh_CN; empty for the system's own."),
    page="appearance",
    default="",
    read=_text,
)
TEXT_SCALE = Option[float](
    id="text-scale",
    title=mark("Text size"),
    help=mark("A number from 0.5 to 3; 1 is the system's own size."),
    page="appearance",
    default=1.0,
    read=_scale,
)
REDUCED_MOTION = Option[bool](
    id="reduced-motion",
    title=mark("Less motion"),
    help=mark("No animations: things appear where they are."),
    page="appearance",
    default=False,
    read=_yes_no,
)
SOUND = Option[bool](
    id="sound",
    title=mark("Sound when a run is done"),
    help=mark("A short sound when a run ends while the window is not in front."),
    page="appearance",
    default=False,
    read=_yes_no,
)
CANVAS_PRESET = Option[str](
    id="canvas-preset",
    title=mark("Mouse and keys"),
    help=mark("Which program's canvas gestures the hands know."),
    page="canvas",
    default="tagloom",
    read=_text,
    choices=("tagloom", "comfyui", "blender", "nuke"),
)
CANVAS_KEYS = Option[Mapping[str, tuple[str, ...]]](
    id="canvas-keys",
    title=mark("Own keys"),
    help=mark("Actions with keys of one's own, over those of the preset."),
    page="",
    default=MappingProxyType({}),
    read=_keys,
)
CANVAS_MOUSE = Option[Mapping[str, tuple[str, ...]]](
    id="canvas-mouse",
    title=mark("Own ways of the mouse"),
    help=mark("Gestures with ways of one's own, over those of the preset."),
    page="",
    default=MappingProxyType({}),
    read=_keys,
)
SNAP = Option[bool](
    id="canvas-snap",
    title=mark("Snap to grid"),
    help=mark("Nodes move in steps of the grid."),
    page="canvas",
    default=False,
    read=_yes_no,
)
MINIMAP = Option[bool](
    id="canvas-minimap",
    title=mark("Minimap"),
    help=mark("A small map of the whole canvas in its corner."),
    page="canvas",
    default=True,
    read=_yes_no,
)
GUIDES = Option[bool](
    id="canvas-guides",
    title=mark("Guides"),
    help=mark("Dragged nodes cling to the edges and middles of others, and to equal gaps."),
    page="canvas",
    default=True,
    read=_yes_no,
)
WHEEL = Option[str](
    id="canvas-wheel",
    title=mark("Mouse wheel"),
    help=mark("Zooms or pans. Ctrl and the wheel always zoom, Shift and the wheel go sideways."),
    page="canvas",
    default="zooms",
    read=_text,
    choices=("zooms", "pans"),
)
MINIMAP_SIZE = Option[tuple[int, int]](
    id="canvas-minimap-size",
    title=mark("Size of the minimap"),
    help=mark("Width and height in px."),
    page="",
    default=(168, 104),
    read=_size,
)
CAP_RUN_CREDITS = Option[int | None](
    id="cap-run-credits",
    title=mark("Most credits a run"),
    help=_NO_CAP,
    page="money",
    default=None,
    read=_cap,
)
CAP_DAY_CREDITS = Option[int | None](
    id="cap-day-credits",
    title=mark("Most credits a day"),
    help=_NO_CAP,
    page="money",
    default=None,
    read=_cap,
)
CAP_DOCUMENT_CREDITS = Option[int | None](
    id="cap-document-credits",
    title=mark("Most credits a document"),
    help=_NO_CAP,
    page="money",
    default=None,
    read=_cap,
)
CAP_RUN_USD = Option[int | None](
    id="cap-run-usd", title=mark("Most dollars a run"), help=_MICRO, page="money", default=None, read=_cap
)
CAP_DAY_USD = Option[int | None](
    id="cap-day-usd", title=mark("Most dollars a day"), help=_MICRO, page="money", default=None, read=_cap
)
CAP_DOCUMENT_USD = Option[int | None](
    id="cap-document-usd",
    title=mark("Most dollars a document"),
    help=_MICRO,
    page="money",
    default=None,
    read=_cap,
)
ASK_BEFORE_SPENDING = Option[bool](
    id="ask-before-spending",
    title=mark("Ask before money is spent"),
    help=mark("Show the price and wait for a click before each run that is not free."),
    page="money",
    default=True,
    read=_yes_no,
)
OUTPUT_FOLDER = Option[str](
    id="output-folder",
    title=mark("Folder for saved pictures"),
    help=mark("Where Save Image puts pictures; empty for a folder beside the document."),
    page="files",
    default="",
    read=_text,
)
SANDBOX_SECONDS = Option[float](
    id="sandbox-seconds",
    title=mark("Seconds a draft takes"),
    help=mark("How long the sandbox pretends to work, from 1 to 600 seconds."),
    page="files",
    default=1.0,
    read=_seconds,
)
TOLD_VENDORS = Option[tuple[str, ...]](
    id="told-vendors",
    title=mark("Vendors whose notice about uploads was read"),
    help=mark("Taken off this list, a vendor's notice is shown again before the next live run."),
    page="privacy",
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
KIND_DEFAULTS = Option[Mapping[str, Mapping[str, Value]]](
    id="kind-defaults",
    title=mark("What new nodes begin with"),
    help=mark("Values by node kind; set from a node, in the inspector."),
    page="",
    default=MappingProxyType({}),
    read=_kind_defaults,
)

OPTIONS: tuple[Option[Any], ...] = (
    *(THEME, LANGUAGE, TEXT_SCALE, REDUCED_MOTION, SOUND, CANVAS_PRESET, CANVAS_KEYS, SNAP, MINIMAP),
    *(CANVAS_MOUSE, GUIDES, WHEEL, MINIMAP_SIZE),
    *(CAP_RUN_CREDITS, CAP_DAY_CREDITS, CAP_DOCUMENT_CREDITS, CAP_RUN_USD, CAP_DAY_USD, CAP_DOCUMENT_USD),
    *(ASK_BEFORE_SPENDING, OUTPUT_FOLDER, SANDBOX_SECONDS, TOLD_VENDORS),
    *(RECENT, LAST_FOLDER, WINDOW_GEOMETRY, WINDOW_STATE, OPEN_DOCUMENTS, BALANCES, KIND_DEFAULTS),
)
