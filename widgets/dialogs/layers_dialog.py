"""Pictures as layers of one file: for which program, at which resolution, with what they were made from."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.studio.layering import DPI, MOST_DPI, ORA, PSD
from widgets.messages import counted


class LayersDialog(QDialog):
    """`ending`, `dpi` and `references` are what was asked for, once it is accepted."""

    def __init__(self, pictures: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("layers")
        self.setWindowTitle(self.tr("Save as layers"))
        rows = QVBoxLayout(self)
        rows.setContentsMargins(20, 18, 20, 16)
        rows.setSpacing(12)
        rows.addStrut(400)
        words = QLabel(counted(pictures, "1 picture becomes a layer.", "{n} pictures become layers."))
        words.setProperty("role", "title")
        order = QLabel(
            self.tr("The first selected lies on top. Where sizes differ, each lies in the middle, unscaled.")
        )
        order.setProperty("role", "muted")
        for label in (words, order):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            rows.addWidget(label)
        self._format = QComboBox()
        self._format.setObjectName("layers-format")
        for title, ending in ((self.tr("Photoshop (PSD)"), PSD), (self.tr("Krita, GIMP (OpenRaster)"), ORA)):
            self._format.addItem(title, ending)
        self._dpi = QSpinBox()
        self._dpi.setObjectName("layers-dpi")
        self._dpi.setRange(1, round(MOST_DPI))
        self._dpi.setValue(round(DPI))
        self._dpi.lineEdit().setTextMargins(8, 0, 8, 0)
        self._dpi.setSuffix(self.tr(" dpi"))
        form = QFormLayout()
        for title, field in ((self.tr("For"), self._format), (self.tr("Resolution"), self._dpi)):
            field.setAccessibleName(title)
            form.addRow(title, field)
        self._format.view().setAccessibleName(self._format.accessibleName())
        rows.addLayout(form)
        self._references = QCheckBox(self.tr("Below each, what it was made from"))
        self._references.setObjectName("layers-references")
        rows.addWidget(self._references)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.save = QPushButton(self.tr("Save…"))
        self.save.setObjectName("layers-save")
        self.save.setProperty("kind", "primary")
        self.save.setDefault(True)
        buttons.addButton(self.save, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        rows.addWidget(buttons)

    @property
    def ending(self) -> str:
        return str(self._format.currentData())

    @property
    def dpi(self) -> float:
        return float(self._dpi.value())

    @property
    def references(self) -> bool:
        return self._references.isChecked()
