"""What is dropped on the canvas: photographs, pictures from a browser, documents, tables, kinds from the
palette."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragMoveEvent, QDropEvent, QImage, QImageWriter

from app.document.values import Document
from app.studio.desk import CARRIERS
from widgets.canvas.hits import node_under
from widgets.canvas.hooks import Carries, Keep
from widgets.canvas.items import NodeItem
from widgets.canvas.placing import (
    REFERENCE,
    TABLE,
    add_kind,
    add_photographs,
    add_table,
    add_to_model,
    replace_photograph,
)
from widgets.canvas.stage import Stage
from widgets.canvas.words import tr
from widgets.parts.drag_out import lasting_paths

KIND_MIME = "application/x-tagloom-kind"
PHOTOGRAPHS = frozenset(
    {".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".bmp", ".gif", ".heic", ".heif", ".avif"}
)
DOCUMENTS = frozenset({".tagloom", ".tagloomz"})
TABLES = frozenset({".csv", ".tsv", ".xlsx"})
MOST_FILES = 200
"""Of one drop: a folder of ten thousand pictures is a mistake of the hand."""
MOST_NAMES = 64 * 1024
"""Characters of a text in which names of files are looked for."""


class Drops:
    """`trust` hears of every path that a hand has chosen; `keep` makes a file of a picture without one;
    `carries` says whether a picture carries a document. `addresses` hears of pictures in the web, where they
    are to lie, and of the card that is to take them (or none)."""

    def __init__(
        self,
        stage: Stage,
        *,
        trust: Callable[[Path], None],
        keep: Keep,
        carries: Carries,
        open_document: Callable[[Path], None],
        addresses: Callable[[tuple[str, ...], QPointF, str], None],
    ) -> None:
        self._stage = stage
        self._trust = trust
        self._keep = keep
        self._carries = carries
        self._open = open_document
        self._addresses = addresses

    # --- while it hovers ---

    def enter(self, event: QDragMoveEvent) -> None:
        self.move(event)

    def move(self, event: QDragMoveEvent) -> None:
        if not self._takes(event):
            event.ignore()
            return
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        target = self._target(self._stage.viewer.scene_at(event.position()), event.mimeData())
        self._stage.overlay.show_ghosts((self._stage.item_rect(target),) if target is not None else ())

    def leave(self) -> None:
        self._stage.overlay.clear()

    def _takes(self, event: QDropEvent) -> bool:
        """Pictures that were dragged out of this canvas and come back are no new photographs."""
        return event.source() is not self._stage.viewer.viewport() and takes(event.mimeData())

    def _target(self, at: QPointF, data: QMimeData) -> NodeItem | None:
        """The card that would take it: a Reference Image or a model; a Table node, of a table."""
        if data.hasFormat(KIND_MIME):
            return None
        under = node_under(self._stage.viewer.canvas, at)
        if under is None:
            return None
        if any(path.suffix.lower() in TABLES for path in local_paths(data)):
            return under if under.face.kind == TABLE else None
        kind = self._stage.kinds.get(under.face.kind)
        return under if under.face.kind == REFERENCE or (kind is not None and kind.card) else None

    # --- the drop ---

    def drop(self, event: QDropEvent) -> None:
        self._stage.overlay.clear()
        if not self._takes(event):
            event.ignore()
            return
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        at = self._stage.viewer.scene_at(event.position())
        picture = self._lone_picture(event.mimeData(), at)
        if picture is None:
            self.take(event.mimeData(), at)
        else:
            self._carries(picture, lambda yes: self._open(picture) if yes else self.place([picture], at))

    def _lone_picture(self, data: QMimeData, at: QPointF) -> Path | None:
        """One picture over empty canvas: it may be meant as the document that it carries."""
        paths = local_paths(data)
        if len(paths) != 1 or paths[0].suffix.lower() not in CARRIERS or paths[0].is_dir():
            return None
        return paths[0] if node_under(self._stage.viewer.canvas, at) is None else None

    def take(self, data: QMimeData, at: QPointF) -> bool:
        """Also for paste. Whether there was something for the canvas in it."""
        if data.hasFormat(KIND_MIME):
            return self._place_kind(bytes(data.data(KIND_MIME).data()).decode("utf-8", "replace"), at)
        target = self._target(at, data)
        paths = local_paths(data)
        documents = [path for path in paths if path.suffix.lower() in DOCUMENTS]
        for path in documents[:1]:
            self._trust(path)
            self._open(path)
        tables = [path for path in paths if path.suffix.lower() in TABLES and path.is_file()]
        if tables:
            self.place_table(tables[0], at, target.id if target is not None else "")
            return True
        photographs = photographs_in(paths)
        if photographs:
            self.place(photographs, at, target.id if target is not None else "")
        if documents or photographs:
            return True
        return self._take_picture(data, at, target.id if target is not None else "")

    def _take_picture(self, data: QMimeData, at: QPointF, target: str) -> bool:
        """A picture from a browser or the clipboard, without a file; else the address it comes from."""
        picture = picture_bytes(data)
        if picture is not None:
            self._keep(picture[0], picture[1], lambda path: self.place([path], at, target))
            return True
        encoded = [bytes(url.toEncoded().data()).decode("ascii", "replace") for url in data.urls()]
        addresses = tuple(dict.fromkeys(one for one in encoded if one.startswith("https:")))[:MOST_FILES]
        if addresses:
            self._addresses(addresses, at, target)
        return bool(addresses)

    def place(self, files: list[Path], at: QPointF, target: str = "", *, select: bool = True) -> None:
        """Photographs as one step: new nodes, another file on a Reference Image, or linked into a model.
        `select` False: what came late does not take the selection away."""
        for path in files:
            self._trust(path)
        stage = self._stage
        node = stage.document.nodes.get(target)
        made: list[tuple[str, ...]] = []

        def placed(document: Document) -> Document:
            spot = (at.x() - 24, at.y() - 15)
            if node is not None and node.kind == REFERENCE:
                document = replace_photograph(document, target, files[0])
                beside = (spot[0] + 32, spot[1] + 32)
                document, ids = add_photographs(document, stage.kinds, files[1:], beside)
                ids = (target, *ids)
            elif node is not None:
                document, ids = add_to_model(document, stage.kinds, stage.shapes, files, target)
            else:
                document, ids = add_photographs(document, stage.kinds, files, spot)
            made.append(ids)
            return document

        replaced = node is not None and node.kind == REFERENCE and len(files) == 1
        label = tr("Replace photograph") if replaced else tr("Add photographs")
        if stage.editor.commit(label, placed) and select:
            stage.select(made[-1])

    def place_table(self, file: Path, at: QPointF, target: str = "") -> None:
        """As a Table node, or as the file of the one that it was dropped on."""
        self._trust(file)
        stage = self._stage
        made: list[tuple[str, ...]] = []

        def placed(document: Document) -> Document:
            document, ids = add_table(document, stage.kinds, file, (at.x() - 24, at.y() - 15), target)
            made.append(ids)
            return document

        if stage.editor.commit(tr("Change the table") if target else tr("Add a table"), placed):
            stage.select(made[-1])

    def _place_kind(self, kind: str, at: QPointF) -> bool:
        if kind not in self._stage.kinds:
            return False
        made: list[tuple[str, ...]] = []

        def placed(document: Document) -> Document:
            document, ids = add_kind(document, self._stage.kinds, kind, (at.x() - 24, at.y() - 15))
            made.append(ids)
            return document

        title = self._stage.kinds[kind].title
        if self._stage.editor.commit(tr("Add {title}", title=title), placed):
            self._stage.select(made[-1])
        return True


def takes(data: QMimeData) -> bool:
    """Whether the canvas can do something with it. Nothing is read yet."""
    if data.hasFormat(KIND_MIME) or data.hasImage():
        return True
    known = PHOTOGRAPHS | DOCUMENTS | TABLES
    paths = local_paths(data)
    if any(path.suffix.lower() in known or path.is_dir() for path in paths):
        return True
    return any(url.scheme() == "https" for url in data.urls())


def local_paths(data: QMimeData) -> list[Path]:
    """Of pictures from a window of ours: where they lie for good."""
    lasting = [path for path in lasting_paths(data) if path.is_file()]
    return lasting or [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


def named_in(text: str) -> QMimeData | None:
    """Text that names pictures that are there, or https addresses, one a line and nothing else, as a file
    manager or a browser would hand them over; None where it is words."""
    lines = [line.strip().strip("\"'") for line in text.splitlines() if line.strip()]
    if not lines or len(lines) > MOST_FILES or len(text) > MOST_NAMES:
        return None
    urls = [_named(line) for line in lines]
    if not all(urls):
        return None
    data = QMimeData()
    data.setUrls([url for url in urls if url is not None])
    return data


def _named(line: str) -> QUrl | None:
    if line.startswith(("https://", "file://")):
        url = QUrl(line, QUrl.ParsingMode.StrictMode)
        return url if url.isValid() and (url.host() or _usable(Path(url.toLocalFile()))) else None
    path = Path(line)
    try:
        path = path.expanduser()
        return QUrl.fromLocalFile(str(path)) if path.is_absolute() and _usable(path) else None
    except (OSError, RuntimeError, ValueError):  # too long for a name, or nobody's home
        return None


def _usable(path: Path) -> bool:
    """A picture, document or table that is there."""
    return path.suffix.lower() in PHOTOGRAPHS | DOCUMENTS | TABLES and path.is_file()


def photographs_in(paths: Iterable[Path]) -> list[Path]:
    """The photographs among paths, and those lying in the folders among them, by name."""
    found: list[Path] = []
    for path in paths:
        inside = sorted(path.iterdir()) if path.is_dir() else [path]
        found += [one for one in inside if one.suffix.lower() in PHOTOGRAPHS and not one.is_dir()]
    return found[:MOST_FILES]


def picture_bytes(data: QMimeData) -> tuple[bytes, str] | None:
    """A picture carried in the data itself, as it is where its format is one of ours, else as PNG."""
    for kind, suffix in (("image/png", ".png"), ("image/jpeg", ".jpg"), ("image/webp", ".webp")):
        if data.hasFormat(kind) and not data.data(kind).isEmpty():
            return bytes(data.data(kind).data()), f"pasted{suffix}"
    if not data.hasImage():
        return None
    image = QImage(data.imageData())
    if image.isNull():
        return None
    held = QByteArray()
    buffer = QBuffer(held)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    written = QImageWriter(buffer, QByteArray(b"png")).write(image)
    buffer.close()
    return (bytes(held.data()), "pasted.png") if written else None
