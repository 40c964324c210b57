"""NodeGraphQt as it is imported by this room, and nowhere else.

It calls things that Qt 6 and Python deprecate (`LooseVersion`, `QMouseEvent.x`): exactly those warnings,
from exactly its modules, are silenced; all others are heard.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from widgets.canvas.stand_ins import in_front


@contextmanager
def quietly() -> Iterator[None]:
    """Silences deprecations that NodeGraphQt and the shim in front of Qt cause, while it works."""
    with warnings.catch_warnings():
        for module in (r"NodeGraphQt(\.|$)", r"Qt(\.|$)", r"distutils(\.|$)", r"setuptools(\.|$)"):
            warnings.filterwarnings("ignore", category=DeprecationWarning, module=module)
        yield


with quietly(), in_front():
    from NodeGraphQt.base.graph import NodeGraph
    from NodeGraphQt.base.node import NodeObject
    from NodeGraphQt.base.port import Port
    from NodeGraphQt.constants import PortTypeEnum
    from NodeGraphQt.nodes.base_node import BaseNode
    from NodeGraphQt.qgraphics.node_abstract import AbstractNodeItem
    from NodeGraphQt.widgets.scene import NodeScene
    from NodeGraphQt.widgets.viewer import NodeViewer

IN: str = PortTypeEnum.IN.value
OUT: str = PortTypeEnum.OUT.value

__all__ = [
    "IN",
    "OUT",
    "AbstractNodeItem",
    "BaseNode",
    "NodeGraph",
    "NodeObject",
    "NodeScene",
    "NodeViewer",
    "Port",
    "quietly",
]
