"""`make shots`: screenshots of the real window, drawn without a screen, for the README and for looking at.

Each shot is a program of its own, in a home of its own: nothing of the artist's is touched.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import MappingProxyType

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.document import edits
from app.engine.run_state import NodeState, RunState
from app.preferences import declared
from app.preferences.keys import Keys
from widgets import shot_batch, shot_dialogs, shot_versions
from widgets.desktop import open_shell
from widgets.furnish import furnished
from widgets.loop import live
from widgets.shot_dialogs import SETTLE
from widgets.shot_dialogs import made as done
from widgets.shot_documents import COMPARED, MODEL, many, twins, until
from widgets.shot_library import library
from widgets.theme import Choice
from widgets.workbench import Workbench

PATIENCE = 60.0
NOISE = frozenset({"This plugin does not support propagateSizeHints()"})
"""What Qt's offscreen platform says about every window."""

Act = Callable[[Workbench], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """`act` brings the window into the state that is shown."""

    act: Act
    size: tuple[int, int] = (1600, 1000)
    scale: float = 1.0
    theme: Choice = Choice.DARK
    knobs: tuple[str, ...] = ()
    seconds: float = 1.0
    environment: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    of: Callable[[Workbench], QWidget] = field(default=lambda bench: bench.window)
    """The window that is shown."""


async def idle(bench: Workbench) -> None:
    bench.select_first_model()


async def first_steps(bench: Workbench) -> None:
    bench.help.steps.open()
    await done(bench)


async def guide(bench: Workbench) -> None:
    bench.help.open("kind-gen4-image")


def _guide(bench: Workbench) -> QWidget:
    assert bench.help.guide is not None
    return bench.help.guide


async def running(bench: Workbench) -> None:
    bench.run()
    await until(bench, lambda run: run.progress is not None and run.progress > 0.4)


async def chinese(bench: Workbench) -> None:
    """Needs a font with Chinese characters, such as fonts-noto-cjk."""
    bench.studio.options.set(declared.LANGUAGE, "zh_CN")
    await done(bench)
    await asyncio.sleep(2)  # a switch asks for all pictures anew


async def failed(bench: Workbench) -> None:
    bench.run()
    await until(bench, lambda run: run.state == NodeState.FAILED)


async def mistaken(bench: Workbench) -> None:
    """A prompt that calls a tag nobody has: the check, its place and its fix."""
    node = bench.studio.editor.document.nodes["words"]
    text = str(node.values["text"]).replace("@coffee", "@cofee")
    bench.graph.handling.operations.write("words", text)
    await asyncio.sleep(SETTLE)


async def searching(bench: Workbench) -> None:
    """What is found by two letters."""
    bench.window.activateWindow()
    await asyncio.sleep(SETTLE)
    search = bench.graph.handling.search
    bench.graph.handling.open_search(bench.graph.viewport_center())
    search.line.setText("im")
    await asyncio.sleep(SETTLE)
    if not search.isVisible():
        raise RuntimeError("the search has closed before it was shown")


async def several(bench: Workbench) -> None:
    """Three models of different settings, selected together."""
    bench.studio.commit("Add three", twins)
    changed = partial(edits.set_value_of_many, ids=("shot0",), parameter="resolution", value="720p")
    bench.studio.commit("Set Resolution", changed)
    bench.graph.fit()
    bench.graph.select(("shot0", "shot1", "shot2"))


async def kinds(bench: Workbench) -> None:
    bench.studio.commit("Add three", twins)
    bench.graph.fit()
    bench.graph.select_all()


async def finding(bench: Workbench) -> None:
    bar = bench.graph.handling.find
    bar.open(replacing=True)
    bar.line.setText("@coffee")
    bar.words.setText("@mug")
    bar.go(1)


async def history(bench: Workbench) -> None:
    """Some steps, the last two undone."""
    studio = bench.studio
    studio.commit("Add four models", twins)
    for seed, value in (("shot0", "720p"), ("shot1", "720p"), ("shot2", "1080p"), ("shot3", "720p")):
        edit = partial(edits.set_value, id=seed, parameter="resolution", value=value)
        studio.commit(f"Set Resolution of {seed}", edit)
    studio.commit("Collapse", partial(edits.set_collapsed, ids=("shot0",), collapsed=True))
    studio.editor.undo()
    studio.editor.undo()
    bench.graph.fit()
    bench.history.open()


async def looking(bench: Workbench) -> None:
    await done(bench)
    bench.look(MODEL)


async def queued(bench: Workbench) -> None:
    """One that failed, one at the vendor, the others held by a paused queue."""
    bench.run()
    await until(bench, lambda run: run.state == NodeState.FAILED)
    bench.studio.commit("twins", twins)
    bench.studio.run((MODEL,))
    await until(bench, lambda run: run.state == NodeState.RUNNING)
    bench.studio.lineup.pause()
    bench.studio.run(tuple(f"shot{number}" for number in range(4)))
    bench.accounts.open_queue()


async def refused(bench: Workbench) -> None:
    """Words drawn to a socket that takes a picture, with the button still held."""
    graph = bench.graph
    start, end = graph.point_of("words", "text"), graph.point_of("keep", "image")
    _mouse(bench, QEvent.Type.MouseButtonPress, start)
    for step in range(1, 9):
        _mouse(bench, QEvent.Type.MouseMove, start + (end - start) * step / 8)


def _mouse(bench: Workbench, type: QEvent.Type, at: QPoint) -> None:
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    port = bench.graph.viewer.viewport()
    there = QPointF(port.mapToGlobal(at))
    button = left if type == QEvent.Type.MouseButtonPress else Qt.MouseButton.NoButton
    QApplication.sendEvent(port, QMouseEvent(type, QPointF(at), there, button, left, none))


async def outlined(bench: Workbench) -> None:
    await done(bench)
    bench.outlines.toggle()


async def thousands(bench: Workbench) -> None:
    """Five thousand models with pictures, framed by the hundred; the minimap shows where one is."""
    await done(bench)
    state = bench.studio.runs.state
    made = state.node(MODEL)
    bench.studio.editor.replace(many(5000))
    everything = {id: made for id in bench.studio.editor.document.nodes if id.startswith("n")}
    bench.graph.set_run_state(RunState(nodes=MappingProxyType(everything)))
    whole = asyncio.Event()
    bench.graph.filling.connect(lambda there, all: whole.set() if there == all else None)
    await asyncio.wait_for(whole.wait(), PATIENCE)
    bench.graph.zoom_to(0.26)
    bench.graph.center_on("n2290")
    await asyncio.sleep(5.0)


SHOTS: Mapping[str, Shot] = MappingProxyType(
    {
        "idle": Shot(act=idle),
        "first-steps": Shot(act=first_steps),
        "guide": Shot(act=guide, of=_guide),
        "running": Shot(act=running, seconds=6.0),
        "done": Shot(act=done),
        "failed": Shot(act=failed, knobs=("fail_next=1", "fail_code=SAFETY.INPUT.TEXT")),
        "mistake": Shot(act=mistaken),
        "search": Shot(act=searching),
        "queue": Shot(
            act=queued,
            seconds=30.0,
            knobs=("fail_next=1", "fail_code=SAFETY.INPUT.TEXT"),
            of=lambda bench: bench.accounts.dialog,
        ),
        "versions": Shot(act=partial(shot_versions.versions, done)),
        "diff": Shot(act=shot_versions.diff, of=shot_versions.differences),
        "several": Shot(act=several),
        "kinds": Shot(act=kinds),
        "find": Shot(act=finding),
        "history": Shot(act=history),
        "look": Shot(act=looking),
        **{name: Shot(act=act, seconds=0.2) for name, act in COMPARED.items()},
        "refusal": Shot(act=refused),
        "outline": Shot(act=outlined),
        "thousands": Shot(act=thousands),
        "models": Shot(act=shot_dialogs.comparing, of=shot_dialogs.opened),
        "switch": Shot(act=shot_dialogs.switching, of=shot_dialogs.opened),
        "fan-out": Shot(act=shot_dialogs.fanning, of=shot_dialogs.opened),
        "side-by-side": Shot(act=shot_dialogs.fanned),
        "library": Shot(act=library),
        "contact-sheet": Shot(act=shot_dialogs.contact_sheet, of=shot_dialogs.opened),
        "settings": Shot(act=shot_dialogs.settings, of=shot_dialogs.opened),
        "export": Shot(act=shot_dialogs.exporting, of=shot_dialogs.opened),
        "vendors": Shot(act=shot_dialogs.vendors, of=shot_dialogs.opened, theme=Choice.LIGHT),
        "table-node": Shot(act=shot_batch.table_node, seconds=0.2),
        "batch-before": Shot(act=shot_batch.before, of=shot_batch.panel),
        "batch-during": Shot(
            act=shot_batch.during,
            of=shot_batch.panel,
            seconds=0.6,
            knobs=("fail_next=1", "fail_code=SAFETY.INPUT.TEXT"),
        ),
        "batch-after": Shot(act=shot_batch.after, of=shot_batch.panel, seconds=0.1),
        "light": Shot(act=done, theme=Choice.LIGHT),
        "chinese": Shot(act=chinese),
        "small": Shot(act=done, size=(1024, 700)),
        "twice": Shot(act=done, scale=2.0),
    }
)


async def session(shot: Shot, target: Path, bench: Workbench, closed: asyncio.Event) -> None:
    bench.window.resize(*shot.size)
    bench.themes.choose(shot.theme)
    await bench.files.example()
    bench.window.arrange()
    await asyncio.sleep(0.2)
    bench.graph.fit()
    bench.select_first_model()
    bench.help.steps.panel.hide()
    await shot.act(bench)
    await asyncio.sleep(SETTLE)
    target.parent.mkdir(parents=True, exist_ok=True)
    if not shot.of(bench).grab().save(str(target)):
        raise OSError(f"{target} cannot be written")


def take(shot: Shot, target: Path) -> int:
    """One shot, in this process."""
    shell = open_shell()
    return live(
        shell,
        partial(furnished, session=partial(session, shot, target), seconds=shot.seconds, knobs=shot.knobs),
    )


def take_apart(name: str, target: Path) -> None:
    """One shot in a program of its own. :raises subprocess.CalledProcessError: it failed"""
    shot = SHOTS[name]
    with tempfile.TemporaryDirectory(prefix="tagloom-shot-") as home:
        environment = {
            **Keys(os.environ).without_keys(os.environ),
            "TAGLOOM_HOME": home,
            "QT_QPA_PLATFORM": "offscreen",
            "QT_SCALE_FACTOR": str(shot.scale),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
            **shot.environment,
        }
        command = [sys.executable, "-m", "widgets.shots", "--one", name, str(target)]
        done = subprocess.run(command, env=environment, stderr=subprocess.PIPE, text=True, timeout=180)
        said = [line for line in done.stderr.splitlines() if line not in NOISE]
        print(*said, sep="\n", end="\n" if said else "", file=sys.stderr)
        done.check_returncode()


def main(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="widgets.shots", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, help="Folder for all shots.")
    parser.add_argument("--first-run", type=Path, metavar="FILE", help="Only the finished first-run example.")
    parser.add_argument("--one", nargs=2, metavar=("NAME", "FILE"), help="One shot, in this process.")
    args = parser.parse_args(words)
    if args.one:
        return take(SHOTS[args.one[0]], Path(args.one[1]))
    if args.first_run:
        take_apart("done", args.first_run)
        return 0
    for name in SHOTS:
        target = (args.folder or Path("resources/screenshots")) / f"{name}.png"
        take_apart(name, target)
        print(target, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
