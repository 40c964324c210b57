"""Beside a field that takes no words: which column of the document's table fills it in."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QToolButton

from app.basics.words import spoken
from app.batch.filling import TABLE
from app.catalogue.cards import Parameter, ParameterType
from app.document.tags import is_column
from app.document.values import Value
from app.nodes.check import PHOTOGRAPH
from app.nodes.declare import NodeKind
from app.studio.preview import Preview
from widgets.inspector.fields import Field

_MOST_COLUMNS = 60


def fills(kind: NodeKind, parameter: Parameter) -> bool:
    """Whether a column is chosen for it, and not typed among other words."""
    if kind.id == TABLE:
        return False
    photograph = kind.id == PHOTOGRAPH and parameter.id == "file"
    return photograph or parameter.type in (ParameterType.SEED, ParameterType.INTEGER, ParameterType.CHOICE)


class ColumnChoice(QToolButton):
    """Seen where the document has a table."""

    def __init__(self, preview: Preview, field: Field) -> None:
        super().__init__()
        self.parameter = field.parameter.id
        self._preview, self._field = preview, field
        self._value: Value = None
        self.setObjectName(f"column-{self.parameter}")
        self.setText("{ }")
        self.setToolTip(self.tr("Fill in from a column of the table"))
        self.setAccessibleName(self.tr("Column for {field}").format(field=spoken(field.parameter.title)))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu_of_columns = QMenu(self)
        self.menu_of_columns.aboutToShow.connect(self._fill)
        self.setMenu(self.menu_of_columns)
        field.top.addWidget(self)
        self.setVisible(bool(preview.columns))

    def show_value(self, value: Value) -> None:
        """What the document holds there."""
        self._value = value
        column = value if isinstance(value, str) and is_column(value) else ""
        self.setVisible(bool(self._preview.columns or column))
        if column:
            self._field.beside.setText(column)

    def _fill(self) -> None:
        self.menu_of_columns.clear()
        if isinstance(self._value, str) and is_column(self._value):
            self.menu_of_columns.addAction(self.tr("Not from the table"), self._take_back)
            self.menu_of_columns.addSeparator()
        for name in self._preview.columns[:_MOST_COLUMNS]:
            written = f"{{{name}}}"
            action = self.menu_of_columns.addAction(written.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(written == self._value)
            action.triggered.connect(lambda _=False, value=written: self._field.tell(value))

    def _take_back(self) -> None:
        self._field.tell(self._field.parameter.default)
