"""The rules of the style sheet, a template: `$window` is that role's colour, `${caption}` a size in px,
`$drawn` the folder of its little pictures, `$ground` dark or light."""

from __future__ import annotations

SHEET = """
QMainWindow, QDialog, QStackedWidget { background: $window; }
QFrame[role="panel"] { background: $window; border: none; }
QFrame[role="bar"] { background: $window; border: none; border-bottom: 1px solid $line; }
QFrame[role="card"] { background: $card; border: 1px solid $line; border-radius: 8px; }
QFrame[role="field"] { background: $field; border: 1px solid $line; border-radius: 7px; }
QFrame[role="line"] { background: $line; border: none; max-height: 1px; min-height: 1px; }
QLabel { background: transparent; }
QFrame[role="status"] { background: $window; border: none; border-top: 1px solid $line; }
QFrame[place="strip"] { border-top: 1px solid $line; }
QLabel[role="title"] { font-weight: 600; }
QLabel[role="brand"] { font-weight: 700; font-size: ${brand}px; }
QLabel[role="caption"] { color: $muted; font-size: ${caption}px; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="warning"] { color: $warning; }
QLabel[role="error"] { color: $error; }
QLabel[role="good"] { color: $good; }
QLabel[role="pill"] { color: $muted; background: $pill; border-radius: 9px; padding: 1px 8px;
  font-size: ${caption}px; font-weight: 600; }
QLabel[role="badge"] { color: $warning; background: $warning_ground; border: 1px solid $line;
  border-radius: 9px; padding: 1px 9px; font-size: ${caption}px; }
QPushButton, QToolButton { background: $card; border: 1px solid $line; border-radius: 7px;
  padding: 5px 12px; }
QToolButton { padding: 5px 7px; }
QPushButton:hover, QToolButton:hover { background: $hover; border-color: $line_strong; }
QPushButton:pressed, QToolButton:pressed { background: $line; }
QPushButton:focus, QToolButton:focus { border-color: $accent; }
QPushButton:disabled, QToolButton:disabled { color: $neutral; background: transparent; }
QPushButton[kind="primary"], QToolButton[kind="primary"] { background: $accent; color: $on_accent;
  border-color: $accent; font-weight: 600; }
QPushButton[kind="primary"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[kind="primary"]:focus { border-color: $text; }
QPushButton[kind="primary"]:disabled { background: $line; color: $muted; border-color: $line; }
QPushButton[kind="quiet"], QToolButton[kind="quiet"] { background: transparent;
  border-color: transparent; }
QPushButton[kind="quiet"]:hover, QToolButton[kind="quiet"]:hover { background: $hover; }
QPushButton[kind="quiet"]:focus, QToolButton[kind="quiet"]:focus { border-color: $accent; }
QPushButton[sign="true"] { padding: 0; }
QPushButton[kind="status"] { background: transparent; border: none; color: $muted;
  font-size: ${caption}px; padding: 2px 4px; }
QPushButton[kind="status"]:hover { color: $text; }
QPushButton[kind="status"]:focus { color: $accent; }
QLineEdit[kind="title"] { background: transparent; border-color: transparent; font-weight: 600; }
QLineEdit[kind="title"]:hover { border-color: $line; }
QLineEdit[kind="title"]:focus { background: $field; border-color: $accent; }
QPushButton[kind="danger"] { color: $error; border-color: $error; background: $error_ground; }
QPushButton[kind="link"] { background: transparent; border: none; color: $accent; padding: 0 2px;
  text-decoration: underline; }
QPushButton[kind="link"]:focus { border-bottom: 1px solid $accent; }
QPushButton[segment="true"], QToolButton[segment="true"] { background: $field; color: $muted;
  border-radius: 6px; padding: 4px 8px; font-size: ${caption}px; }
QPushButton[segment="true"]:hover, QToolButton[segment="true"]:hover { color: $text; }
QPushButton[segment="true"]:checked, QToolButton[segment="true"]:checked { background: $accent_ground;
  border-color: $accent; color: $text; }
QPushButton[segment="true"]:focus, QToolButton[segment="true"]:focus { border-color: $text; }
QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox, QComboBox { background: $field;
  border: 1px solid $line; border-radius: 7px; padding: 5px 9px; color: $text;
  selection-background-color: $accent; selection-color: $on_accent; }
QLineEdit:hover, QPlainTextEdit:hover, QTextEdit:hover, QAbstractSpinBox:hover, QComboBox:hover {
  border-color: $line_strong; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QAbstractSpinBox:focus, QComboBox:focus {
  border-color: $accent; }
QLineEdit[wrong="true"], QPlainTextEdit[wrong="true"] { border-color: $error; }
QLineEdit:disabled, QPlainTextEdit:disabled, QAbstractSpinBox:disabled { color: $neutral; }
QComboBox::drop-down { border: none; width: 22px; }
QComboBox::down-arrow { image: url($drawn/down.png); width: 12px; height: 12px; }
QAbstractSpinBox { padding: 4px 22px 4px 9px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { subcontrol-origin: padding; width: 20px;
  height: 12px; border: none; background: transparent; }
QAbstractSpinBox::up-button { subcontrol-position: top right; top: 2px; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; bottom: 2px; }
QAbstractSpinBox::up-arrow { image: url($drawn/up.png); width: 12px; height: 12px; }
QAbstractSpinBox::down-arrow { image: url($drawn/down.png); width: 12px; height: 12px; }
QAbstractItemView { background: $window; border: none; outline: none; }
QComboBox QAbstractItemView { background: $card; border: 1px solid $line; border-radius: 7px; }
QFrame#canvas-search QListWidget, QFrame#command-palette QListWidget { background: transparent; }
QAbstractItemView::item { padding: 4px 8px; border-radius: 6px; color: $text; }
QAbstractItemView::item:hover { background: $hover; }
QAbstractItemView::item:selected { background: $accent_ground; color: $text; }
QAbstractItemView::item:disabled { color: $muted; background: transparent; }
QTableCornerButton::section { background: $window; border: none; }
QTreeWidget, QTableWidget, QListView#history-list, QListWidget#diagnostics-list, QListWidget#about-packages,
QListWidget#batch-problem-list {
  border: 1px solid transparent; border-radius: 6px; }
QTreeWidget:focus, QTableWidget:focus, QListView#history-list:focus, QListWidget#diagnostics-list:focus,
QListWidget#about-packages:focus, QListWidget#batch-problem-list:focus { border-color: $accent; }
QListWidget#diagnostics-list::item, QListWidget#about-packages::item { border: 1px solid transparent; }
QTreeWidget#shortcut-rows::item, QTreeWidget#export-names::item { border-radius: 0; }
QTableView#batch-rows { selection-background-color: transparent; }
QTableView#batch-rows::item, QTableView#batch-rows::item:selected { background: transparent;
  border-radius: 0; }
QListView::item:selected:focus { border: 1px solid $accent; }
QListWidget#references::item { padding: 0; background: transparent; }
QHeaderView::section { background: $window; color: $muted; border: none;
  border-bottom: 1px solid $line; padding: 4px 8px; font-size: ${caption}px; }
QMenuBar { background: $window; }
QMenuBar::item { padding: 4px 9px; border-radius: 6px; background: transparent; }
QMenuBar::item:selected { background: $hover; }
QMenu { background: $card; border: 1px solid $line; padding: 5px; }
QMenu::item { padding: 5px 26px 5px 14px; border-radius: 6px; }
QMenu::item:selected { background: $accent_ground; }
QMenu::item:disabled { color: $neutral; }
QMenu::separator { height: 1px; background: $line; margin: 5px 8px; }
QToolTip { background: $card; color: $text; border: 1px solid $line; padding: 5px 8px; }
QScrollArea { background: transparent; border: none; }
QScrollBar { background: transparent; border: none; }
QScrollBar:vertical { width: 11px; }
QScrollBar:horizontal { height: 11px; }
QScrollBar::handle { background: $line; border-radius: 3px; margin: 3px; }
QScrollBar::handle:hover { background: $line_strong; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QSplitter::handle { background: $line; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QTabBar::tab { padding: 6px 12px; color: $muted; border-bottom: 2px solid transparent; }
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; }
QTabBar::tab:selected:focus { color: $accent; }
QTabWidget::pane { border: none; border-top: 1px solid $line; }
QProgressBar { background: $field; border: none; border-radius: 2px; max-height: 4px; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }
QStatusBar { background: $window; border-top: 1px solid $line; color: $muted; }
QStatusBar::item { border: none; }
QCheckBox::indicator, QRadioButton::indicator { width: 15px; height: 15px; background: $field;
  border: 1px solid $line_strong; border-radius: 4px; }
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:checked, QRadioButton::indicator:checked { background: $accent;
  border-color: $accent; }
QCheckBox::indicator:checked { image: url($drawn/tick-$ground.png); }
QCheckBox:focus, QRadioButton:focus { color: $accent; }
QSlider::groove:horizontal { height: 4px; background: $line; border-radius: 2px; }
QSlider::handle:horizontal { background: $accent; width: 14px; margin: -5px 0; border-radius: 7px; }
QSlider::handle:horizontal:focus { background: $text; }
QGroupBox { border: 1px solid $line; border-radius: 8px; margin-top: 10px; padding-top: 8px; }
QGroupBox::title { subcontrol-origin: margin; left: 10px; color: $muted; }
"""
