from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from app.library import index, search
from app.library.assets import Asset
from app.library.library import Library
from app.library.query import Query, asked, searchable, tags_of
from app.library.tables import FULL_TEXT
from tests.app.library.make import as_version_one, download, library_in, origin, picture
from tests.support.keeping import SERVER


async def add(library: Library, color: str = "red", **changes: object) -> Asset:
    return await library.add(download(library, picture(color)), origin(**changes))


@pytest.fixture(params=[True, False], ids=["full text", "plain"])
async def either(library: Library, request: pytest.FixtureRequest, kept_in: str) -> Library:
    """With SQLite's full-text index, and as on a database that has none; or on PostgreSQL with its own
    index of words, and without."""
    await library.open()
    if kept_in == SERVER:
        if not request.param:
            drop = "DROP INDEX finds_by_words"  # it is there
            await library._database.run(lambda connection: connection.exec_driver_sql(drop).close())
        return library

    def look(connection: Connection) -> bool:
        there = search.has_full_text(connection)
        connection.info[FULL_TEXT] = request.param
        return there

    assert await library._database.read(look), "this SQLite has FTS5"
    return library


async def names(library: Library, known: dict[str, Asset], query: Query) -> set[str]:
    found = {hit.sha256 for hit in await library.finder.find(query)}
    assert await library.finder.count(query) == len(found)
    return {name for name, asset in known.items() if asset.sha256 in found}


async def test_words_tags_models_and_documents(either: Library) -> None:
    known = {
        "shoe": await add(either, "red", prompt="A @sneaker on marble, 100% cotton", card="gen4-image"),
        "cup": await add(
            either,
            "blue",
            prompt="Café crème, a cup_of coffee",
            card="flux-2-pro",
            document="/home/ana/Breakfast.tagloom",
            request={"references": [{"tag": "mug"}]},
        ),
        "鞋": await add(either, "green", prompt="一双运动鞋放在木桌上", request={}, document="/目录.tagloom"),
    }
    for words, wanted in {
        "sneaker": {"shoe"},
        "SNEAK": {"shoe"},
        "marble sneaker": {"shoe"},
        "marble coffee": set(),
        "100%": {"shoe"},
        "cup_of": {"cup"},
        "crème": {"cup"},
        "gen4-image": {"shoe", "鞋"},
        "flux": {"cup"},
        "breakfast": {"cup"},
        "运动鞋": {"鞋"},
        "木桌": {"鞋"},
        "桌木": set(),
        "目录": {"鞋"},
        "@sneaker": {"shoe"},
        "@mu": {"cup"},
        "@marble": set(),
        'a "quoted': set(),
        "* - ( )": {"shoe", "cup", "鞋"},
        "": {"shoe", "cup", "鞋"},
    }.items():
        assert await names(either, known, Query(words=words)) == wanted, words
    assert await names(either, known, Query(cards=("gen4-image",))) == {"shoe", "鞋"}
    assert await names(either, known, Query(cards=("gen4-image", "flux-2-pro"))) == set(known)
    assert await names(either, known, Query(documents=("/home/ana/Breakfast.tagloom",))) == {"cup"}
    assert await names(either, known, Query(documents=("/home/ana/Break",))) == set(), "whole names only"
    assert await either.finder.cards() == ("flux-2-pro", "gen4-image")
    assert (await either.finder.documents())[0] == "/目录.tagloom"


async def test_many_hits_are_walked_and_few_are_looked_up(either: Library) -> None:
    def fill(connection: Connection) -> None:
        for number in range(1_000):
            entry = index.Entry(
                sha256=f"{number:064x}", suffix=".png", mime="image/png", width=4, height=3, bytes=9,
                made=number, entered=number, operation=f"o{number}", fingerprint="f", document="d",
                node="n", card="c", vendor="v", draft=False, seed=None, credits=None, money=None,
                prompt=f"studio light {'unicorn' if number % 100 == 0 else ''}", request={},
            )  # fmt: skip
            either._put(connection, entry)

    await either._database.run(fill)
    assert await either.finder.count(Query(words="studio")) == 1_000
    found = await either.finder.find(Query(words="studio unicorn"))
    assert [hit.made for hit in found] == list(range(900, -1, -100)), "newest first"
    seen = []
    after = None
    while page := await either.finder.find(Query(words="stud"), limit=300, after=after):
        seen += page
        after = page[-1]
    assert [hit.made for hit in seen] == list(range(999, -1, -1))


async def test_marks_dates_and_drafts(library: Library) -> None:
    known = {
        "old": await add(library, "red"),
        "draft": await add(library, "gray", draft=True),
        "star": await add(library, "gold"),
        "bad": await add(library, "black"),
        "gone": await add(library, "blue"),
    }
    await library.mark([known["star"].sha256], star=True)
    await library.mark([known["bad"].sha256], rejected=True)
    await library.remove([known["gone"].sha256])
    all_but_gone = set(known) - {"gone"}
    assert await names(library, known, Query()) == all_but_gone
    assert await names(library, known, Query(removed=True)) == {"gone"}
    assert await names(library, known, Query(starred=True)) == {"star"}
    assert await names(library, known, Query(rejected=True)) == {"bad"}
    assert await names(library, known, Query(rejected=False)) == all_but_gone - {"bad"}
    assert await names(library, known, Query(drafts=True)) == {"draft"}
    assert await names(library, known, Query(drafts=False)) == all_but_gone - {"draft"}
    since = known["star"].made
    assert await names(library, known, Query(since=since)) == {"star", "bad"}
    assert await names(library, known, Query(until=since)) == {"old", "draft"}
    assert await names(library, known, Query(since=since + timedelta(days=1))) == set()
    use = await library.finder.disk_use()
    assert (use.pictures, use.bytes) == (5, sum(one.bytes for one in known.values()))
    assert (use.removed, use.freed) == (1, known["gone"].bytes)
    # The same bytes bought: no draft any more.
    await add(library, "gray", draft=False)
    assert await names(library, known, Query(drafts=True)) == set()


async def test_colours_are_learned_once(library: Library) -> None:
    known = {color: await add(library, color) for color in ("red", "blue", "white")}
    damaged = await add(library, "lime")
    damaged.path.write_bytes(b"no picture any more")
    assert await names(library, known, Query(colours=("blue",))) == set(), "nobody has looked"
    assert [await library.finder.learn_colours(3) for _ in range(3)] == [3, 1, 0]
    assert await names(library, known, Query(colours=("blue",))) == {"blue"}
    assert await names(library, known, Query(colours=("blue", "white"))) == {"blue", "white"}
    assert await names(library, known, Query(swatch=(20, 20, 240))) == {"blue"}
    assert await names(library, known, Query(swatch=(255, 255, 250))) == {"white"}
    assert await names(library, known, Query(swatch=(120, 200, 40))) == set()
    await add(library, "blue", prompt="again")
    assert await library.finder.learn_colours() == 0, "what is known of a picture stays"
    assert await names(library, known, Query(colours=("blue",), words="again")) == {"blue"}


async def test_what_an_older_tagloom_entered_is_found(tmp_path: Path) -> None:
    library = library_in(tmp_path)
    asset = await add(library, prompt="A unicorn")
    await library.close()
    as_version_one(tmp_path)
    library = library_in(tmp_path)
    assert [hit.sha256 for hit in await library.finder.find(Query(words="unicorn"))] == [asset.sha256]
    assert await library.finder.learn_colours() == 1
    await library.close()


def test_how_words_are_taken_apart() -> None:
    assert searchable(["Ein ＣＡＦÉ", "运动鞋shoe"]) == "ein café 运 动 鞋 shoe"
    assert asked("Café  @Sneaker 运动鞋a &") == (("café", "运 动 鞋", "a"), ("sneaker",))
    assert tags_of("a @Sneaker放 b@no ＠studio", {"references": [{"tag": "hero"}, {"tag": ""}, 7]}) == (
        "sneaker",
        "studio",
        "hero",
    )
    assert tags_of("", {"references": "none"}) == ()
