"""The versions of a node: all that it made, under every name that its document had; picked, kept, marked."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app import compose
from app.basics.faults import BadInput, Refused
from app.document import edits
from app.document.values import BLANK
from app.nodes.labels import labels_of
from app.preferences import declared
from app.studio.parts import Consent
from app.studio.studio import Studio
from app.studio.version_words import changed_since
from app.studio.versions import Version, Versions, current
from tests.app.studio.conftest import Open
from tests.app.studio.model_node import NODE, setting, yes
from tests.support.capturing import Capturing


class Painting:
    """A studio whose sandbox paints: each request another picture."""

    def __init__(self, studio: Studio) -> None:
        self.studio, self.versions = studio, Versions(studio)

    async def make(self, **values: str | int) -> None:
        for name, value in values.items():
            self.studio.commit(name, setting(name, value))
        await self.studio.run()
        await self.studio.look()

    async def all(self) -> tuple[Version, ...]:
        return await self.versions.of(NODE)

    @property
    def shown(self) -> str:
        result = self.studio.runs.state.node(NODE).result
        return result.sha256 if result else ""


@pytest.fixture
async def painting(tagloom_home: Path, example: Path) -> AsyncIterator[Painting]:
    home = {"TAGLOOM_HOME": str(tagloom_home), "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    studio = await compose.build(home, seconds=0.0)
    made = Painting(studio)
    await studio.desk.open(example)
    yield made
    await made.versions.close()
    await studio.close()


async def test_each_version_with_all_that_was_asked(painting: Painting) -> None:
    await painting.make(seed=1)
    await painting.make(seed=2, resolution="720p")
    newest, oldest = await painting.all()
    assert (newest.seed, oldest.seed) == (2, 1)
    assert newest.sha256 != oldest.sha256
    assert (newest.width, oldest.width) == (1280, 1920)
    assert newest.values["resolution"] == "720p"
    assert newest.prompt == oldest.prompt != ""
    assert [one.tag for one in newest.references] == ["coffee", "astronaut", "wall"]
    assert all(one.path is not None and one.path.is_file() for one in newest.references)
    assert (newest.draft, newest.reused, newest.money, newest.credits) == (True, False, 0, 0)
    assert newest.made > oldest.made
    assert newest.seconds is not None
    assert newest.vendor == "runway"


async def test_since_the_one_before_in_words(painting: Painting) -> None:
    studio = painting.studio
    await painting.make(seed=1)
    prompt = studio.prompts_of(NODE)[0]
    words = str(studio.editor.document.nodes[prompt].values["text"])
    studio.commit("words", setting("text", words + " Warm light.", prompt))
    link = studio.editor.document.links.into(NODE, "reference_images")[2]
    studio.commit("move", lambda document: edits.move_link(document, link.source, link.target, 0))
    await painting.make(seed=2, resolution="720p")
    newest, oldest = await painting.all()
    labels = labels_of(studio.kinds, studio.shapes)
    told = changed_since(oldest, newest, labels, studio.cards)
    assert told[0].startswith("Prompt: added “Warm light")
    assert told[1:] == (
        "References in another order: @wall, @coffee, @astronaut.",
        "Resolution: 1080p → 720p.",
        "Seed: 1 → 2.",
    )
    assert len(changed_since(newest, newest, labels, studio.cards)) == 1


async def test_they_outlive_save_as_and_a_renamed_file(painting: Painting, tmp_path: Path) -> None:
    studio, versions = painting.studio, painting.versions
    studio.desk.new(studio.editor.document)  # never saved: the ledger has a name of its own for it
    for node in ("astronaut", "coffee", "brick"):
        for known in (tmp_path / "refs").glob(f"{node}*"):
            studio.desk.trust(known)
    first = tmp_path / "first.tagloom"
    document = studio.editor.document
    studio.commit("absolute", lambda d: _absolute(d, tmp_path))
    await painting.make(seed=1)
    await studio.desk.save(first)
    await painting.make(seed=2)
    await studio.desk.save(tmp_path / "second.tagloom")
    await painting.make(seed=3)
    await studio.desk.save()
    await asyncio.gather(*versions._noting)
    assert [one.seed for one in await painting.all()] == [3, 2, 1]
    (tmp_path / "second.tagloom").rename(tmp_path / "third.tagloom")
    await studio.desk.open(tmp_path / "third.tagloom")
    await asyncio.gather(*versions._noting)
    assert [one.seed for one in await painting.all()] == [3, 2, 1]
    studio.desk.new(BLANK)
    assert await painting.all() == ()
    assert document is not studio.editor.document


def _absolute(document, folder: Path):  # type: ignore[no-untyped-def]
    for id, node in document.nodes.items():
        if node.kind == "reference-image":
            document = edits.set_value(document, id, "file", str(folder / str(node.values["file"])))
    return document


async def test_a_picked_version_is_shown_delivered_and_undone(painting: Painting) -> None:
    studio = painting.studio
    studio.commit("seed", setting("seed", None))  # each run draws one
    await painting.make()
    await painting.make()
    newest, oldest = await painting.all()
    assert painting.shown == newest.sha256
    assert await painting.versions.use(NODE, oldest)
    assert studio.editor.document.nodes[NODE].lock == ""
    outlook = await studio.look()
    assert (painting.shown, outlook.stale, outlook.to_make) == (oldest.sha256, frozenset(), 0)
    finished = await studio.run()
    assert [(one.sha256, one.reused) for one in finished.results if one.node == NODE] == [
        (oldest.sha256, True)
    ]
    assert len(await painting.all()) == 2
    studio.editor.undo()
    await studio.look()
    assert painting.shown == newest.sha256
    studio.editor.redo()
    await studio.look()
    assert painting.shown == oldest.sha256


async def test_a_version_of_other_inputs_is_kept_as_well_and_delivered(painting: Painting) -> None:
    studio = painting.studio
    await painting.make(seed=1)
    await painting.make(resolution="720p")
    newest, oldest = await painting.all()
    await painting.versions.use(NODE, oldest)
    node = studio.editor.document.nodes[NODE]
    assert node.pick == node.lock == oldest.sha256
    outlook = await studio.look()
    assert (painting.shown, outlook.to_make, outlook.reused) == (oldest.sha256, 0, 1)
    finished = await studio.run()
    assert [one.sha256 for one in finished.results if one.node == NODE] == [oldest.sha256]
    studio.editor.undo()
    await studio.look()
    assert painting.shown == newest.sha256
    studio.editor.redo()
    assert painting.versions.follow_newest(NODE)
    await studio.look()
    assert painting.shown == newest.sha256


async def test_an_old_pick_is_shown_and_told_as_stale_also_by_the_next_session(
    painting: Painting, opened: Open, example: Path
) -> None:
    studio = painting.studio
    await painting.make(seed=1)
    await painting.make(seed=2)
    oldest = (await painting.all())[-1]
    await painting.versions.use(NODE, oldest)
    studio.commit("smaller", setting("resolution", "720p"))
    outlook = await studio.look()
    assert (painting.shown, outlook.stale, outlook.to_make) == (oldest.sha256, {NODE}, 1)
    await studio.desk.save()
    later = await opened()
    await later.desk.open(example)
    outlook = await later.look()
    assert (outlook.results[NODE].sha256, outlook.stale) == (oldest.sha256, {NODE})


async def test_what_is_made_anew_takes_the_place_of_an_old_pick(painting: Painting) -> None:
    studio = painting.studio
    await painting.make(seed=1)
    (oldest,) = await painting.all()
    await painting.versions.use(NODE, oldest)
    await painting.make(resolution="720p")
    newest = (await painting.all())[0]
    assert newest.width == 1280
    assert studio.editor.document.nodes[NODE].pick == ""
    assert painting.shown == newest.sha256
    studio.editor.undo()  # the pick is back, but what fits is there already and costs nothing
    assert studio.editor.document.nodes[NODE].pick == oldest.sha256
    outlook = await studio.look()
    assert (painting.shown, outlook.to_make) == (newest.sha256, 0)


async def test_a_draft_is_never_the_output_of_what_is_bought(
    painting: Painting, opened: Open, runway: Capturing, example: Path
) -> None:
    await painting.make(seed=1)
    studio = await opened(runway.environment())
    await studio.desk.open(example)
    versions = Versions(studio)
    (draft,) = await versions.of(NODE)
    with pytest.raises(BadInput, match="draft"):
        await versions.use(NODE, draft)
    assert studio.editor.document.nodes[NODE].pick == ""
    await versions.close()


async def test_an_old_pick_is_never_bought_over_without_a_question(
    opened: Open, runway: Capturing, example: Path
) -> None:
    studio = await opened(runway.environment())
    await studio.desk.open(example)
    studio.ask = yes
    await studio.run()
    versions = Versions(studio)
    await versions.use(NODE, (await versions.of(NODE))[0])
    studio.options.set(declared.ASK_BEFORE_SPENDING, False)
    asked: list[Consent] = []

    async def no(consent: Consent) -> bool:
        asked.append(consent)
        return False

    studio.ask = no
    studio.commit("smaller", setting("resolution", "720p"))
    sent = len(runway.requests)
    with pytest.raises(Refused, match="Nothing was sent"):
        await studio.run()
    assert len(runway.requests) == sent
    assert "version that you picked" in asked[0].question
    await versions.close()


async def test_a_kept_version_stays_whatever_changes(painting: Painting) -> None:
    await painting.make(seed=1)
    await painting.make(seed=2)
    oldest = (await painting.all())[-1]
    painting.versions.lock(NODE, oldest)
    painting.studio.commit("smaller", setting("resolution", "720p"))
    outlook = await painting.studio.look()
    assert (painting.shown, outlook.stale, outlook.to_make) == (oldest.sha256, frozenset(), 0)


async def test_stars_and_rejections_are_told(painting: Painting) -> None:
    await painting.make(seed=1)
    heard: list[str] = []
    painting.versions.changed.connect(heard.append)
    (version,) = await painting.all()
    await painting.versions.star([version], True)
    (version,) = await painting.all()
    assert version.marks.star
    await painting.versions.reject([version], True)
    (version,) = await painting.all()
    assert (version.marks.star, version.marks.rejected) == (False, True)
    assert heard == ["", ""]


@pytest.fixture
def twin(example: Path) -> Path:
    """Another document that asks for the same."""
    return Path(shutil.copyfile(example, example.with_name("twin.tagloom")))


async def test_a_picture_of_another_document_is_reused(painting: Painting, twin: Path) -> None:
    await painting.make()
    await painting.studio.desk.open(twin)
    await painting.studio.look()
    (version,) = await painting.all()
    assert (version.reused, version.money) == (True, 0)
    assert current([version], version.sha256, version.operation) == 0
    assert current([version], "f" * 64) is None
