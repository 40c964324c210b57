"""The question before money, caps, keys, and how a session ends."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from app.basics.faults import BadInput, Refused
from app.basics.money import from_usd
from app.engine.events import NodeRunning
from app.preferences import declared
from app.studio.parts import Consent
from app.studio.studio import Studio
from tests.app.studio.conftest import Open
from tests.app.studio.model_node import NODE, setting, yes
from tests.support.capturing import Capturing


async def test_declining_sends_nothing(opened: Open, runway: Capturing, example: Path) -> None:
    studio = await opened(runway.environment())
    await studio.desk.open(example)
    asked: list[Consent] = []

    async def no(consent: Consent) -> bool:
        asked.append(consent)
        return False

    studio.ask = no
    with pytest.raises(Refused) as caught:
        await studio.run()
    assert caught.value.code == "run.declined"
    [consent] = asked
    assert (consent.count, consent.credits, consent.money) == (1, 100, from_usd("0.08"))
    assert "$0.08" in consent.question
    assert "100 cr" in consent.question
    assert any("Runway" in one for one in consent.uploads)
    assert runway.requests == []
    assert await studio.ledger.list(5) == ()


async def test_nobody_to_ask_is_a_no(opened: Open, runway: Capturing, example: Path) -> None:
    studio = await opened(runway.environment())
    await studio.desk.open(example)
    with pytest.raises(Refused):
        await studio.run()
    assert runway.requests == []


async def test_the_vendors_notice_is_told_once(opened: Open, runway: Capturing, example: Path) -> None:
    studio = await opened(runway.environment())
    await studio.desk.open(example)
    told: list[tuple[str, ...]] = []

    async def hears(consent: Consent) -> bool:
        told.append(consent.uploads)
        return True

    studio.ask = hears
    await studio.run()
    studio.commit("seed", setting("seed", 7))
    await studio.run()
    assert [len(one) for one in told] == [1, 0]
    assert len(runway.creates) == 2
    assert len(runway.uploads) == 3  # each photograph once for both


async def test_the_question_may_be_left_out_once_the_notice_was_read(
    opened: Open, runway: Capturing, example: Path
) -> None:
    studio = await opened(runway.environment())
    await studio.desk.open(example)
    studio.options.set(declared.ASK_BEFORE_SPENDING, False)
    with pytest.raises(Refused):
        await studio.run()
    assert runway.requests == [], "a vendor's first run is asked about in any case"
    studio.options.set(declared.TOLD_VENDORS, ("Runway",))
    assert len((await studio.run()).results) == 1
    assert len(runway.creates) == 1
    studio.options.set(declared.CAP_RUN_CREDITS, 99)
    studio.commit("seed", setting("seed", 7))
    with pytest.raises(Refused) as caught:
        await studio.run()
    assert caught.value.code == "budget.run", "caps hold all the same"
    studio.options.reset(declared.CAP_RUN_CREDITS)
    studio.options.reset(declared.ASK_BEFORE_SPENDING)
    with pytest.raises(Refused) as caught:
        await studio.run()
    assert caught.value.code == "run.declined"


async def test_saved_pictures_go_to_the_folder_of_the_settings(
    studio: Studio, example: Path, tmp_path: Path
) -> None:
    await studio.desk.open(example)
    assert studio.job().output == example.parent / "out"
    shots = tmp_path / "my shots"
    studio.options.set(declared.OUTPUT_FOLDER, str(shots))
    await studio.run()
    assert [one.suffix for one in shots.iterdir()] == [".png"]
    assert not (example.parent / "out").exists()


async def test_a_draft_asks_nobody(studio: Studio, example: Path) -> None:
    await studio.desk.open(example)
    finished = await studio.run()
    assert [one.draft for one in finished.results] == [True]


CAPS: list[tuple[Callable[[Studio], None], str]] = [
    (lambda studio: studio.options.set(declared.CAP_RUN_CREDITS, 99), "budget.run"),
    (lambda studio: studio.options.set(declared.CAP_RUN_USD, 79_999), "budget.run"),
    (lambda studio: studio.options.set(declared.CAP_DAY_CREDITS, 99), "budget.day"),
    (lambda studio: studio.options.set(declared.CAP_DAY_USD, 79_999), "budget.day"),
    (lambda studio: studio.options.set(declared.CAP_DOCUMENT_CREDITS, 99), "budget.document"),
    (lambda studio: studio.options.set(declared.CAP_DOCUMENT_USD, 79_999), "budget.document"),
]


@pytest.mark.parametrize(("cap", "code"), CAPS)
async def test_a_cap_refuses_before_anybody_is_asked_or_anything_sent(
    opened: Open, runway: Capturing, example: Path, cap: Callable[[Studio], None], code: str
) -> None:
    studio = await opened(runway.environment())
    await studio.desk.open(example)
    cap(studio)
    asked: list[Consent] = []

    async def hears(consent: Consent) -> bool:
        asked.append(consent)
        return True

    studio.ask = hears
    with pytest.raises(Refused) as caught:
        await studio.run()
    assert caught.value.code == code
    assert asked == []
    assert runway.requests == []


async def test_what_was_bought_counts_today(opened: Open, runway: Capturing, example: Path) -> None:
    studio = await opened(runway.environment())
    await studio.desk.open(example)
    studio.ask = yes
    assert await studio.spent_today() == (0, 0)
    await studio.run()
    assert await studio.spent_today() == (100, from_usd("0.08"))
    studio.options.set(declared.CAP_DAY_CREDITS, 199)
    studio.commit("seed", setting("seed", 7))
    with pytest.raises(Refused):
        await studio.run()
    assert len(runway.creates) == 1


async def test_an_error_in_the_document_stops_before_the_question(
    opened: Open, runway: Capturing, example: Path
) -> None:
    studio = await opened(runway.environment())
    await studio.desk.open(example)
    studio.ask = yes
    studio.commit("words", setting("text", "The @nobody", "words"))
    with pytest.raises(BadInput) as caught:
        await studio.run()
    assert (caught.value.code, caught.value.where.node) == ("tag.unknown", "words")
    assert runway.requests == []


# --- other things a studio says ------------------------------------------------------------------


async def test_problems_of_a_model_are_said_at_its_prompt_too(studio: Studio, example: Path) -> None:
    await studio.desk.open(example)
    studio.commit("words", setting("text", "The @nobody in soft light", "words"))
    for node in (NODE, "words"):
        assert "tag.unknown" in [one.code for one in studio.problems_of(node)]


async def test_an_edit_that_cannot_be_made_is_told_and_changes_nothing(studio: Studio, example: Path) -> None:
    await studio.desk.open(example)
    told: list[str] = []
    studio.faults.connect(lambda fault: told.append(fault.code))
    before = studio.editor.document

    def refuses(_: object) -> object:
        raise BadInput("No.", advice="Yes.", code="edit.no")

    assert studio.commit("no", refuses) is False  # type: ignore[arg-type]
    assert studio.editor.document is before
    assert told == ["edit.no"]


async def test_vendors_say_where_their_key_comes_from(opened: Open, runway: Capturing) -> None:
    without, *others = (await opened()).vendors()
    with_key, *_ = (await opened(runway.environment())).vendors()
    assert (without.id, without.source, without.live) == ("runway", "", False)
    assert (with_key.source, with_key.live) == ("environment", True)
    assert [one.id for one in others] == ["replicate", "bfl", "google", "byteplus"]
    assert not any(one.live for one in others)


async def test_a_key_is_tested_at_the_vendor(opened: Open, runway: Capturing) -> None:
    studio = await opened(runway.environment())
    report = await studio.reach.test("runway")
    assert report.well
    assert report.account is not None
    assert "500" in report.account.words
    assert studio.reach.pages("runway").usage.startswith("https://")


async def test_two_documents_without_a_name_are_two_in_the_ledger(studio: Studio) -> None:
    first = studio.document_id
    studio.desk.new()
    assert studio.document_id != first


async def test_closing_leaves_what_the_vendor_has_under_way(
    opened: Open, runway: Capturing, example: Path
) -> None:
    """Nothing is cancelled there by closing; the next session brings the picture home, paid for once."""
    runway.holding = True
    studio = await opened(runway.environment())
    await studio.desk.open(example)
    studio.ask = yes
    task = studio.run()
    running = asyncio.Event()
    studio.runs.events.connect(lambda event: running.set() if isinstance(event, NodeRunning) else None)
    await running.wait()
    await studio.close()
    assert task.cancelled() or task.done()
    assert runway.deleted == []
    runway.holding = False
    later = await opened(runway.environment())
    recovered = await later.recover()
    assert len(recovered.brought) == 1
    await later.desk.open(example)
    assert (await later.look()).reused == 1
    assert len(runway.creates) == 1
    assert os.environ.get("RUNWAYML_API_SECRET") is None
