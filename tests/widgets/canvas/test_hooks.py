"""The hooks of NodeGraphQt that the canvas overrides or leans on, and which it does not promise.

The version is pinned. When a newer one is taken, this test names what changed there: read each, then write
the new print here.
"""

from __future__ import annotations

import hashlib
import inspect
import warnings
from importlib.metadata import version

import pytest

from widgets.canvas.backend import (
    AbstractNodeItem,
    BaseNode,
    NodeGraph,
    NodeObject,
    NodeScene,
    NodeViewer,
    Port,
    quietly,
)
from widgets.canvas.graph import CanvasNode, Graph
from widgets.canvas.items import NodeItem
from widgets.canvas.scene import CanvasScene
from widgets.canvas.viewer import Viewer

HOOKS = [
    (NodeGraph, "__init__", "e0bc211a3a0b"),
    (NodeGraph, "_register_context_menu", "5c79e70dce86"),
    (NodeGraph, "_on_connection_changed", "5fbf0eab7326"),
    (NodeGraph, "_on_connection_sliced", "9fa5efbf6dfc"),
    (NodeGraph, "_on_nodes_moved", "c099011831b8"),
    (NodeGraph, "_on_insert_node", "1aa3fa9ad29e"),
    (NodeGraph, "_on_node_name_changed", "25b876036b67"),
    (NodeGraph, "_on_search_triggered", "a3e4f55264b3"),
    (NodeGraph, "_on_node_data_dropped", "d1637e0b3f54"),
    (NodeGraph, "get_unique_name", "00d9c42abcd4"),
    (NodeViewer, "__init__", "2f55c3afc1db"),
    (NodeViewer, "_update_scene", "5e4e08751b1b"),
    (NodeViewer, "_set_viewer_pan", "61929057e9bd"),
    (NodeViewer, "_set_viewer_zoom", "0fa57fa553a0"),
    (NodeViewer, "establish_connection", "d160bdf64b42"),
    (NodeViewer, "apply_live_connection", "01ee3f353314"),
    (NodeViewer, "sceneMousePressEvent", "2d2107f28e0b"),
    (NodeViewer, "sceneMouseMoveEvent", "62759d7d3b12"),
    (NodeViewer, "sceneMouseReleaseEvent", "18ca09a42621"),
    (NodeViewer, "resizeEvent", "190831a69335"),
    (NodeViewer, "focusInEvent", "d11a68353122"),
    (NodeViewer, "focusOutEvent", "d3d092854cda"),
    (NodeViewer, "mousePressEvent", "7fbe09ff529d"),
    (NodeViewer, "mouseMoveEvent", "cb27a7639004"),
    (NodeViewer, "mouseReleaseEvent", "fc401c54ebbc"),
    (NodeViewer, "wheelEvent", "d9177fdd86aa"),
    (NodeViewer, "contextMenuEvent", "3604b5ecfeb6"),
    (NodeViewer, "keyPressEvent", "a2018ce7f14b"),
    (NodeViewer, "keyReleaseEvent", "a6c2680eb60e"),
    (NodeViewer, "dragEnterEvent", "7f2d5ec996f8"),
    (NodeViewer, "dragMoveEvent", "c3bd2a950900"),
    (NodeViewer, "dragLeaveEvent", "92de9c8549e0"),
    (NodeViewer, "dropEvent", "5b2bff6cbeb5"),
    (NodeScene, "__init__", "f5b018b6b609"),
    (NodeScene, "drawBackground", "5353606abbd3"),
    (AbstractNodeItem, "__init__", "732d44f21a8e"),
    (AbstractNodeItem, "boundingRect", "92a7ffa4682e"),
    (AbstractNodeItem, "setSelected", "4fa14adeca86"),
    (AbstractNodeItem, "draw_node", "c4a24175b917"),
    (AbstractNodeItem, "post_init", "f9d238e93995"),
    (AbstractNodeItem, "mousePressEvent", "c5d6ceb50043"),
    (BaseNode, "__init__", "ffe89e3c15ec"),
    (NodeObject, "__init__", "2ca165245138"),
    (Port, "__init__", "c154c80d0fe8"),
    (Port, "connected_ports", "5f6ac98e540c"),
]
OURS = {NodeGraph: Graph, NodeViewer: Viewer, NodeScene: CanvasScene, AbstractNodeItem: NodeItem}


@pytest.mark.parametrize(
    ("owner", "name", "fingerprint"), HOOKS, ids=lambda value: getattr(value, "__name__", value)
)
def test_a_hook_is_as_it_was(owner: type, name: str, fingerprint: str) -> None:
    source = inspect.getsource(owner.__dict__[name])
    assert hashlib.sha256(source.encode()).hexdigest()[:12] == fingerprint, f"NodeGraphQt changed {name}"


def test_the_version_is_the_pinned_one() -> None:
    assert version("NodeGraphQt") == "0.6.44"


def test_every_overridden_hook_is_named_here() -> None:
    named = {(owner, name) for owner, name, _ in HOOKS}
    overridden = {
        (base, name)
        for base, mine in OURS.items()
        for name in vars(mine)
        if name in vars(base)
        and inspect.isfunction(vars(base)[name])
        and inspect.isfunction(vars(mine)[name])
    }
    assert len(overridden) > 25
    assert overridden <= named


def test_our_node_skips_nothing_that_a_node_must_have() -> None:
    assert issubclass(CanvasNode, BaseNode)
    assert issubclass(CanvasNode, NodeObject)
    assert Port.__init__.__code__.co_argcount == 3


def test_only_nodegraphqts_own_deprecations_are_silenced() -> None:
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        with quietly():
            warnings.warn_explicit(
                "old", DeprecationWarning, "viewer.py", 1, module="NodeGraphQt.widgets.viewer"
            )
            warnings.warn_explicit("old", DeprecationWarning, "ours.py", 1, module="widgets.canvas.viewer")
            warnings.warn_explicit("odd", RuntimeWarning, "viewer.py", 2, module="NodeGraphQt.widgets.viewer")
    assert [(str(one.message), one.filename) for one in heard] == [("old", "ours.py"), ("odd", "viewer.py")]
