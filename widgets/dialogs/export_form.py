"""What is chosen for an export: kind, names, format, size, profile."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QWidget,
)

from app.document.collisions import Exists
from app.imaging.measures import MOST_DPI
from app.imaging.orders import Compression, Format, Order
from app.imaging.profiles import Profile
from app.studio.export_kinds import Kind
from app.studio.exports import Request, Subject
from widgets.dialogs.export_rows import Choice, NameRow, SizeRow, standing_off
from widgets.dialogs.file_chooser import Chooser


class ExportForm(QWidget):
    """`changed` once for each thing that is chosen; `request` is all of it."""

    changed = Signal()

    def __init__(self, subjects: Sequence[Subject]) -> None:
        super().__init__()
        self._showing = False
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 8, 0)
        self._form.setVerticalSpacing(9)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._kinds()
        tags = dict.fromkeys(tag for one in subjects for tag in one.facts.tags)
        columns = dict.fromkeys(column for one in subjects for column in one.facts.columns)
        self.name = NameRow(tags, columns)
        self._row(self.tr("&Name"), self.name)
        self._place()
        self._pixels()
        self.notes = QCheckBox(self.tr("With the notes of the document"))
        self.notes.setObjectName("export-notes")
        self._form.addRow("", self.notes)
        self._listen()

    # --- building ---

    def _row(self, words: str, field: QWidget) -> None:
        label = QLabel(words)
        label.setBuddy(field)
        label.setSizePolicy(
            QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding
        )  # its words in the middle
        self._form.addRow(label, field)

    def _kinds(self) -> None:
        self.kind = Choice(
            "export-kind",
            self.tr("Kind of export"),
            (
                (Kind.CAME, self.tr("As it came")),
                (Kind.CLEAN, self.tr("Clean copy")),
                (Kind.REOPENABLE, self.tr("Re-openable")),
                (Kind.SIGNED, self.tr("Signed (C2PA)")),
            ),
        )
        self.about = QLabel()
        self.about.setObjectName("export-about")
        self.about.setProperty("role", "caption")
        self.about.setWordWrap(True)
        self._row(self.tr("&Kind"), self.kind)
        self._form.addRow("", self.about)

    def _place(self) -> None:
        self.folder = QLineEdit()
        self.folder.setObjectName("export-folder")
        self.folder.setAccessibleName(self.tr("Folder of the files"))
        self.browse = QPushButton(self.tr("Browse…"))
        self.browse.setAutoDefault(False)
        self.browse.setAccessibleName(self.tr("Choose the folder"))
        self.browse.clicked.connect(self._choose)
        both = QWidget()
        row = QHBoxLayout(both)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.folder, 1)
        row.addWidget(self.browse)
        both.setFocusProxy(self.folder)
        self._row(self.tr("Fol&der"), both)
        self.exists = Choice(
            "export-exists",
            self.tr("Where a name is taken"),
            (
                (Exists.NUMBER, self.tr("Put a number behind it")),
                (Exists.REPLACE, self.tr("Replace the file")),
                (Exists.SKIP, self.tr("Leave the picture out")),
                (Exists.ASK, self.tr("Ask")),
            ),
        )
        self._row(self.tr("Name &taken"), self.exists)

    def _pixels(self) -> None:
        formats = (
            (Format.KEEP, self.tr("As it is")),
            *((one, one.name if one is not Format.WEBP else "WebP") for one in tuple(Format)[1:]),
        )
        self.format = Choice("export-format", self.tr("Format"), formats)
        self._row(self.tr("&Format"), self.format)
        self.quality = QSpinBox()
        self.quality.setObjectName("export-quality")
        self.quality.setAccessibleName(self.tr("Quality"))
        self.quality.setRange(1, 100)
        standing_off(self.quality)
        self._row(self.tr("&Quality"), self.quality)
        self.lossless = QCheckBox(self.tr("Without loss"))
        self.lossless.setObjectName("export-lossless")
        self._form.addRow("", self.lossless)
        self.compression = Choice(
            "export-compression",
            self.tr("Compression"),
            (
                (Compression.SMALL, self.tr("Small file")),
                (Compression.FAST, self.tr("Fast (LZW in a TIFF)")),
                (Compression.NONE, self.tr("None")),
            ),
        )
        self._row(self.tr("&Compression"), self.compression)
        self.size_row = SizeRow()
        self._row(self.tr("&Size"), self.size_row)
        self.dpi = QSpinBox()
        self.dpi.setObjectName("export-dpi")
        self.dpi.setAccessibleName(self.tr("Pixels an inch"))
        self.dpi.setRange(0, MOST_DPI)
        self.dpi.setSingleStep(10)
        standing_off(self.dpi)
        self.dpi.setSpecialValueText(self.tr("as it is"))
        self._row(self.tr("DP&I"), self.dpi)
        self.profile = Choice(
            "export-profile",
            self.tr("Colour profile"),
            (
                (Profile.KEEP, self.tr("As it is")),
                (Profile.SRGB, "sRGB"),
                (Profile.P3, "Display P3"),
                (Profile.ADOBE, self.tr("Adobe RGB (compatible)")),
            ),
        )
        self._row(self.tr("&Profile"), self.profile)

    def _listen(self) -> None:
        for choice in (self.kind, self.exists, self.format, self.compression, self.profile):
            choice.currentIndexChanged.connect(self._tell)
        for box in (self.quality, self.dpi):
            box.valueChanged.connect(self._tell)
        for check in (self.lossless, self.notes):
            check.toggled.connect(self._tell)
        self.folder.textChanged.connect(self._tell)
        self.name.changed.connect(self._tell)
        self.size_row.changed.connect(self._tell)

    # --- its value ---

    @property
    def request(self) -> Request:
        return Request(
            folder=_path(self.folder.text()),
            kind=self.kind.value(Kind),
            name=self.name.line.text(),
            exists=self.exists.value(Exists),
            order=Order(
                format=self.format.value(Format),
                quality=self.quality.value(),
                lossless=self.lossless.isChecked(),
                compression=self.compression.value(Compression),
                size=self.size_row.value(),
                dpi=float(self.dpi.value()) or None,
                profile=self.profile.value(Profile),
            ),
            notes=self.notes.isChecked(),
        )

    def show_request(self, request: Request) -> None:
        self._showing = True
        order = request.order
        self.kind.show_value(request.kind)
        self.name.line.setText(request.name)
        self.folder.setText(str(request.folder))
        self.exists.show_value(request.exists)
        self.format.show_value(order.format)
        self.quality.setValue(order.quality)
        self.lossless.setChecked(order.lossless)
        self.compression.show_value(order.compression)
        self.size_row.show_value(order.size)
        self.dpi.setValue(round(order.dpi or 0))
        self.profile.show_value(order.profile)
        self.notes.setChecked(request.notes)
        self._showing = False
        self._tell()

    def _tell(self, *_: object) -> None:
        if self._showing:
            return
        kind, format = self.kind.value(Kind), self.format.value(Format)
        anew = kind is not Kind.CAME
        for field in (self.format, self.size_row, self.dpi, self.profile):
            self._form.setRowVisible(field, anew)
        self._form.setRowVisible(self.quality, anew and format in (Format.JPEG, Format.WEBP))
        self._form.setRowVisible(self.lossless, anew and format is Format.WEBP)
        self._form.setRowVisible(self.compression, anew and format in (Format.PNG, Format.TIFF))
        self._form.setRowVisible(self.notes, kind is Kind.REOPENABLE)
        self.quality.setEnabled(not (format is Format.WEBP and self.lossless.isChecked()))
        self.about.setText(self._about(kind))
        self.kind.setAccessibleDescription(self.about.text())
        self.changed.emit()

    def _about(self, kind: Kind) -> str:
        match kind:
            case Kind.CAME:
                return self.tr("The vendor's own bytes; a content credential of theirs stays valid.")
            case Kind.CLEAN:
                return self.tr(
                    "The picture and its colours alone: nothing of you, of Tagloom or of the vendor."
                )
            case Kind.REOPENABLE:
                return self.tr(
                    "With the document that made it, without its paths: dropped on the canvas it opens."
                )
            case _:
                return self.tr(
                    "A clean copy with your content credential, and the original as what it comes from."
                )

    def _choose(self) -> None:
        dialog = Chooser(self, self.tr("Choose the folder"), self.folder.text())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self.folder.setText)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


def _path(text: str) -> Path:
    try:
        return Path(text.strip()).expanduser()
    except RuntimeError:  # ~ of somebody whom this computer does not know
        return Path(text.strip())
