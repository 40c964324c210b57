"""Addresses on the canvas of the whole window: fetched from a real TLS server on this computer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLabel

from app.document.values import BLANK
from app.providers.clients import Patience
from app.providers.transport import Transport
from app.providers.web_pictures import WebPictures
from tests.app.document.samples import product_shot
from tests.app.imaging.pictures import coded, quadrants
from tests.app.providers.scripted import Act, Reply, Scripted, scripted
from tests.widgets.bench import bench_in, turns, until
from widgets.workbench import Workbench

certificates = pytest.importorskip("tests.app.providers.certificates", exc_type=ImportError)
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
RED, BLUE = coded(quadrants(), "PNG"), coded(quadrants(80, 80), "JPEG")


@pytest.fixture
async def web(tmp_path: Path) -> AsyncIterator[tuple[Scripted, Transport]]:
    server, client = certificates.contexts(tmp_path)
    transport = Transport(version="9.9", patience=Patience(connect=1.0, read=5.0), trust=client)
    async with scripted({}, tls=server) as host:
        yield host, transport
    await transport.close()


@pytest.fixture
async def bench(
    qapp: QApplication, tagloom_home: Path, web: tuple[Scripted, Transport]
) -> AsyncIterator[Workbench]:
    async with bench_in(tagloom_home, qapp, product_shot()) as made:
        made.studio.web = WebPictures(web[1], most=200_000, seconds=4.0)
        yield made


@pytest.fixture
def host(web: tuple[Scripted, Transport]) -> Scripted:
    return web[0]


def drop(bench: Workbench, *addresses: str, at: QPointF) -> None:
    data = QMimeData()
    data.setUrls([QUrl(one) for one in addresses])
    viewport = bench.graph.viewer.viewport()
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(viewport, QDragEnterEvent(at.toPoint(), copy, data, left, none))
    event = QDropEvent(at, copy, data, left, none)
    QApplication.sendEvent(viewport, event)
    assert event.isAccepted()


def status(bench: Workbench) -> str:
    return "\n".join(label.text() for label in bench.status.findChildren(QLabel))


def said(bench: Workbench) -> str:
    return "\n".join(label.text() for label in bench.banner.findChildren(QLabel) if label.isVisible())


async def idle(bench: Workbench) -> None:
    await until(lambda: "Fetching" not in status(bench))
    await turns(0.03)


def references(bench: Workbench) -> dict[str, str]:
    nodes = bench.studio.editor.document.nodes
    return {id: str(node.values["file"]) for id, node in nodes.items() if node.kind == "reference-image"}


def content(bench: Workbench, id: str) -> bytes:
    return Path(references(bench)[id]).read_bytes()


async def test_an_address_becomes_a_reference_image_where_it_was_dropped(
    bench: Workbench, host: Scripted
) -> None:
    host.routes[".*"] = Reply(body=RED, delay=0.2)
    before, editor = set(references(bench)), bench.studio.editor
    at = QPointF(90, 420)
    spot = bench.graph.viewer.scene_at(at)
    drop(bench, f"{host.url}/shoes/red%20shoe.png?token=secret%2Bkey", at=at)
    assert "Fetching a picture from 127.0.0.1…" in status(bench)
    assert "secret" not in status(bench)
    assert editor.position == 0, "nothing is half done"

    await idle(bench)
    assert host.seen[0].path == "/shoes/red%20shoe.png?token=secret%2Bkey", "as it was given"
    assert [editor.position, editor.undo_label] == [1, "Add photographs"]
    (new,) = set(references(bench)) - before
    file = Path(references(bench)[new])
    assert content(bench, new) == RED
    assert file.name.startswith("red-shoe-")
    assert bench.studio.photograph_path(new) == file, "the artist chose it: it may be read"
    place = editor.document.layout[new]
    assert abs(place.x - (spot.x() - 24)) < 2
    assert abs(place.y - (spot.y() - 15)) < 2
    assert bench.graph.selected() == (new,)
    editor.undo()
    assert set(references(bench)) == before


async def test_the_window_is_used_meanwhile(bench: Workbench, host: Scripted) -> None:
    """Edits and another selection stay what they are when the picture comes."""
    host.routes[".*"] = Reply(body=RED, delay=0.3)
    bench.graph.select(("hero",))
    drop(bench, f"{host.url}/a.png", at=QPointF(90, 420))
    await turns(0.05)
    bench.graph.select(("words",))
    bench.graph.handling.operations.rename("words", "My words")
    await idle(bench)
    history = bench.studio.editor.history
    assert history[-1] == "Add photographs"
    assert len(history) == 2
    assert bench.studio.editor.document.nodes["words"].title == "My words"
    assert bench.graph.selected() == ("words",)


async def test_several_are_one_step_and_what_failed_is_listed(bench: Workbench, host: Scripted) -> None:
    host.routes |= {
        "GET /a.png": Reply(body=RED, delay=0.2),
        "GET /b.jpg": Reply(body=BLUE),
        "GET /c.png.*": Reply(status=404),
        "GET /d.png": Reply(body=b"<!doctype html>"),
    }
    before = set(references(bench))
    names = ("a.png", "b.jpg", "c.png?key=geheim", "d.png")
    drop(bench, *(f"{host.url}/{name}" for name in names), at=QPointF(90, 420))
    assert "Fetching 4 pictures from 127.0.0.1…" in status(bench)
    await idle(bench)
    assert list(bench.studio.editor.history) == ["Add photographs"]
    new = set(references(bench)) - before
    assert {content(bench, id) for id in new} == {RED, BLUE}
    assert "2 of 4 pictures could not be fetched." in said(bench)
    assert "There is nothing at this address of 127.0.0.1 (404)." in said(bench)
    assert "What 127.0.0.1 sent is a web page, not a picture." in said(bench)
    assert "geheim" not in said(bench)


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply(status=404), "There is nothing at this address of 127.0.0.1 (404)."),
        (Reply(body=RED + bytes(300_000)), "The picture from 127.0.0.1 is larger than 0 MB."),
        (Reply(body=RED[:90]), "The picture from 127.0.0.1 is damaged or was cut short."),
        (Reply(body=RED, act=Act.HALF_BODY), "The line to 127.0.0.1 broke before the picture was whole."),
    ],
)
async def test_what_went_wrong_is_said_and_nothing_is_changed(
    bench: Workbench, host: Scripted, reply: Reply, words: str
) -> None:
    host.routes[".*"] = reply
    before = bench.studio.editor.document
    drop(bench, f"{host.url}/a.png?key=geheim", at=QPointF(90, 420))
    await idle(bench)
    assert words in said(bench)
    assert "geheim" not in said(bench)
    assert bench.studio.editor.document is before
    assert bench.studio.editor.position == 0


async def test_on_a_reference_image_it_takes_its_place(bench: Workbench, host: Scripted) -> None:
    host.routes[".*"] = Reply(body=RED)
    bench.graph.fit()
    card = bench.graph.rect_of("p2").center()
    drop(bench, f"{host.url}/a.png", at=QPointF(bench.graph.viewer.mapFromScene(card)))
    await idle(bench)
    assert bench.studio.editor.undo_label == "Replace photograph"
    assert content(bench, "p2") == RED


async def test_another_document_is_not_given_it(bench: Workbench, host: Scripted) -> None:
    host.routes[".*"] = Reply(body=RED, delay=0.3)
    drop(bench, f"{host.url}/a.png", at=QPointF(90, 420))
    await turns(0.05)
    bench.studio.desk.new(BLANK)
    await idle(bench)
    await asyncio.sleep(0.4)
    await turns()
    assert bench.studio.editor.document is BLANK
    assert said(bench) == ""


async def test_pasted_it_is_the_same(bench: Workbench, host: Scripted) -> None:
    host.routes[".*"] = Reply(body=RED)
    QApplication.clipboard().setText(f"{host.url}/a.png\n{host.url}/a.png\n{host.url}/b.png")
    before = set(references(bench))
    assert bench.graph.handling.operations.paste(QPointF(40, 400))
    await idle(bench)
    assert len(host.seen) == 2, "the same address is asked once"
    assert len(set(references(bench)) - before) == 2
    assert bench.studio.editor.position == 1
