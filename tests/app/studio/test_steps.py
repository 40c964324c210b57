"""Steps that outlive the window."""

from __future__ import annotations

from pathlib import Path

from app.document import edits, project_file
from app.document.editor import Editor
from app.document.past import Pasts
from app.preferences.options import Options
from app.studio.carried import carried_text
from app.studio.desk import Desk
from tests.app.document.samples import product_shot


def windowed(tmp_path: Path) -> tuple[Desk, Editor]:
    """The desk of a window that has just been opened in this home."""
    editor = Editor()
    desk = Desk(
        editor,
        Options(tmp_path / "settings" / "options.toml"),
        pasted=tmp_path / "pasted",
        working=tmp_path / "working",
        carried=carried_text,
        pasts=Pasts(tmp_path / "steps"),
    )
    return desk, editor


async def test_undo_goes_on_after_save_and_in_another_window(tmp_path: Path) -> None:
    desk, editor = windowed(tmp_path)
    desk.new(product_shot())
    for seed in (1, 2, 3):
        editor.commit(f"Seed {seed}", lambda document, n=seed: edits.set_value(document, "hero", "seed", n))
    editor.undo()
    path = await desk.save(tmp_path / "shoes.tagloom")
    editor.commit("never saved", lambda document: edits.set_value(document, "hero", "seed", 9))
    desk, editor = windowed(tmp_path)
    await desk.open(path)
    assert editor.history == ("Seed 1", "Seed 2", "Seed 3")
    assert editor.position == 2
    assert not desk.dirty
    editor.redo()
    assert editor.document.nodes["hero"].values["seed"] == 3
    assert desk.dirty
    editor.jump(0)
    assert editor.document.nodes["hero"].values.get("seed") == product_shot().nodes["hero"].values.get("seed")
    await desk.open(path)
    assert editor.position == 2, "and when it is opened again in the same window"


async def test_a_file_changed_elsewhere_has_no_steps(tmp_path: Path) -> None:
    desk, editor = windowed(tmp_path)
    desk.new(product_shot())
    editor.commit("Seed", lambda document: edits.set_value(document, "hero", "seed", 1))
    path = await desk.save(tmp_path / "shoes.tagloom")
    project_file.save(path, edits.set_value(editor.document, "hero", "seed", 2))
    desk, editor = windowed(tmp_path)
    await desk.open(path)
    assert not editor.can_undo
    assert editor.document.nodes["hero"].values["seed"] == 2
