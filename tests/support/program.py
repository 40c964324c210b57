"""The Qt program of the tests. Every folder whose tests ask for `qapp` takes this into its conftest: the
first one to ask makes the program for the whole process."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from widgets.desktop import Program


@pytest.fixture(scope="session")
def qapp_cls() -> type[QApplication]:
    """Our own, where pytest-qt would make a plain one."""
    return Program
