"""Every no that Runway says, with its status, path and words; and nothing is made by a refused create."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import ValidationError

from app.sandbox import runway_rules
from tests.app.sandbox.conftest import BODY, HEADERS, SCHEMA, Open, Wire, assert_valid

ONE = {"uri": "https://example.com/cup.png"}
THREE = [ONE | {"tag": tag} for tag in ("cup", "model", "studio")]


def issue(code: str, path: list[str | int], message: str, **more: object) -> dict[str, Any]:
    return {"code": code, "path": path, "message": message} | more


def options(values: list[str]) -> str:
    return "Invalid option: expected one of " + "|".join(f'"{one}"' for one in values)


RATIOS = SCHEMA["$defs"]["Gen4ImageRequest"]["properties"]["ratio"]["enum"]
BAD_BODIES: list[tuple[str, dict[str, object], dict[str, Any]]] = [
    (
        "model unknown",
        {"model": "gen9_image"},
        issue("invalid_union", ["model"], "Invalid input", note="No matching discriminator"),
    ),
    (
        "model no text",
        {"model": 4},
        issue("invalid_type", ["model"], "Invalid input: expected string, received number"),
    ),
    (
        "prompt missing",
        {"promptText": ...},
        issue("invalid_type", ["promptText"], "Invalid input: expected string, received undefined"),
    ),
    (
        "prompt null",
        {"promptText": None},
        issue("invalid_type", ["promptText"], "Invalid input: expected string, received null"),
    ),
    (
        "prompt empty",
        {"promptText": ""},
        issue("too_small", ["promptText"], "Too small: expected string to have >=1 characters", minimum=1),
    ),
    (
        "prompt long",
        {"promptText": "x" * 1001},
        issue("too_big", ["promptText"], "Too big: expected string to have <=1000 characters", maximum=1000),
    ),
    (
        "prompt long in UTF-16",
        {"promptText": "👟" * 501},
        issue("too_big", ["promptText"], "Too big: expected string to have <=1000 characters"),
    ),
    ("ratio unknown", {"ratio": "16:9"}, issue("invalid_value", ["ratio"], options(RATIOS), values=RATIOS)),
    ("ratio missing", {"ratio": ...}, issue("invalid_value", ["ratio"], options(RATIOS))),
    (
        "references no list",
        {"referenceImages": {"uri": "x"}},
        issue("invalid_type", ["referenceImages"], "Invalid input: expected array, received object"),
    ),
    (
        "references null",
        {"referenceImages": None},
        issue("invalid_type", ["referenceImages"], "Invalid input: expected array, received null"),
    ),
    (
        "references four",
        {"referenceImages": [*THREE, ONE]},
        issue(
            "too_big",
            ["referenceImages"],
            "Too big: expected array to have <=3 items",
            maximum=3,
            origin="array",
        ),
    ),
    (
        "reference no object",
        {"referenceImages": ["https://example.com/a.png"]},
        issue("invalid_type", ["referenceImages", 0], "Invalid input: expected object, received string"),
    ),
    (
        "turbo without references",
        {"model": "gen4_image_turbo"},
        issue("invalid_type", ["referenceImages"], "Invalid input: expected array, received undefined"),
    ),
    (
        "turbo with none",
        {"model": "gen4_image_turbo", "referenceImages": []},
        issue("too_small", ["referenceImages"], "Too small: expected array to have >=1 items"),
    ),
    (
        "uri missing",
        {"referenceImages": [{"tag": "cup"}]},
        issue("invalid_union", ["referenceImages", 0, "uri"], "Invalid input"),
    ),
    (
        "uri plain http",
        {"referenceImages": [ONE, {"uri": "http://example.com/a.png"}]},
        issue("invalid_union", ["referenceImages", 1, "uri"], "Invalid input"),
    ),
    (
        "uri too short",
        {"referenceImages": [{"uri": "https://a.b"}]},
        issue("invalid_union", ["referenceImages", 0, "uri"], "Invalid input"),
    ),
    (
        "uri https too long",
        {"referenceImages": [{"uri": "https://example.com/" + "a" * 2029}]},
        issue("invalid_union", ["referenceImages", 0, "uri"], "Invalid input"),
    ),
    (
        "uri runway too long",
        {"referenceImages": [{"uri": "runway://" + "a" * 4992}]},
        issue("invalid_union", ["referenceImages", 0, "uri"], "Invalid input"),
    ),
    (
        "data URI too long",
        {"referenceImages": [{"uri": "data:image/png;base64," + "A" * 5_242_880}]},
        issue("invalid_union", ["referenceImages", 0, "uri"], "Invalid input"),
    ),
    (
        "tag short",
        {"referenceImages": [ONE | {"tag": "ab"}]},
        issue(
            "too_small", ["referenceImages", 0, "tag"], "Too small: expected string to have >=3 characters"
        ),
    ),
    (
        "tag long",
        {"referenceImages": [ONE, ONE | {"tag": "a" * 17}]},
        issue("too_big", ["referenceImages", 1, "tag"], "Too big: expected string to have <=16 characters"),
    ),
    (
        "tag null",
        {"referenceImages": [ONE | {"tag": None}]},
        issue("invalid_type", ["referenceImages", 0, "tag"], "Invalid input: expected string, received null"),
    ),
    (
        "seed text",
        {"seed": "7"},
        issue("invalid_type", ["seed"], "Invalid input: expected number, received string"),
    ),
    (
        "seed true",
        {"seed": True},
        issue("invalid_type", ["seed"], "Invalid input: expected number, received boolean"),
    ),
    (
        "seed broken",
        {"seed": 7.5},
        issue("invalid_type", ["seed"], "Invalid input: expected int, received number"),
    ),
    ("seed below", {"seed": -1}, issue("too_small", ["seed"], "Too small: expected number to be >=0")),
    (
        "seed above",
        {"seed": 2**32},
        issue("too_big", ["seed"], "Too big: expected number to be <=4294967295"),
    ),
    (
        "moderation unknown level",
        {"contentModeration": {"publicFigureThreshold": "high"}},
        issue("invalid_value", ["contentModeration", "publicFigureThreshold"], options(["auto", "low"])),
    ),
    (
        "moderation open",
        {"contentModeration": {"level": "low"}},
        issue("unrecognized_keys", ["contentModeration"], 'Unrecognized key: "level"', keys=["level"]),
    ),
]


@pytest.mark.parametrize(
    ("changes", "expected"), [one[1:] for one in BAD_BODIES], ids=[one[0] for one in BAD_BODIES]
)
async def test_a_bad_body_is_refused_with_its_place(
    wire: Wire, changes: dict[str, object], expected: dict[str, Any]
) -> None:
    answer = await wire.create(**changes)
    assert answer.status_code == 400
    told = answer.json()
    assert_valid("ValidationErrorBody", told)
    assert told["error"] == "Validation of body failed"
    assert told["docUrl"] == "https://docs.dev.runwayml.com/api"
    assert any(expected.items() <= one.items() for one in told["issues"]), told["issues"]
    tally = await wire.tally()
    assert (tally["creates"], tally["accepted"], tally["refused"]) == (1, 0, 1)


@pytest.mark.parametrize("tag", ["9lives", "_cup", "cup-one", "cup one", "tässe", "鞋子鞋", "cup\n", "@cup"])
async def test_a_bad_tag_is_refused(wire: Wire, tag: str) -> None:
    answer = await wire.create(referenceImages=[ONE | {"tag": tag}])
    assert answer.status_code == 400
    (told,) = answer.json()["issues"]
    assert (told["code"], told["path"]) == ("invalid_format", ["referenceImages", 0, "tag"])
    assert told["message"] == "Invalid string: must match pattern /^[A-Za-z][A-Za-z0-9_]+$/"


@pytest.mark.parametrize("tag", ["cup", "EiffelTower", "a_b_c", "A" * 16, "x99"])
async def test_a_good_tag_is_taken_in_any_case(wire: Wire, tag: str) -> None:
    assert (await wire.create(referenceImages=[ONE | {"tag": tag}])).status_code == 200


async def test_the_recorded_answer_to_a_missing_model(wire: Wire) -> None:
    """Word for word what the live API was seen to answer."""
    assert (await wire.create(model=...)).json() == {
        "error": "Validation of body failed",
        "issues": [
            {
                "expected": "string",
                "code": "invalid_type",
                "path": ["model"],
                "message": "Invalid input: expected string, received undefined",
            },
            {
                "code": "invalid_union",
                "errors": [],
                "note": "No matching discriminator",
                "discriminator": "model",
                "path": ["model"],
                "message": "Invalid input",
            },
        ],
        "docUrl": "https://docs.dev.runwayml.com/api",
    }


async def test_all_issues_come_at_once(wire: Wire) -> None:
    answer = await wire.create(promptText="", ratio="1:1", seed=-1, referenceImages=[ONE | {"tag": "a"}])
    paths = [tuple(one["path"]) for one in answer.json()["issues"]]
    assert {("promptText",), ("ratio",), ("seed",), ("referenceImages", 0, "tag")} <= set(paths)


@pytest.mark.parametrize(
    "changes",
    [
        {"promptText": "👟" * 500},
        {"promptText": "x" * 1000},
        {"seed": 0},
        {"seed": 4_294_967_295},
        {"seed": 5.0},
        {"referenceImages": []},
        {"referenceImages": THREE},
        {"contentModeration": {}},
        {"contentModeration": {"publicFigureThreshold": "low"}},
        {"unknownKey": 1},
        {"model": "gen4_image_turbo", "referenceImages": [ONE]},
    ],
)
async def test_what_is_just_right_is_taken(wire: Wire, changes: dict[str, object]) -> None:
    answer = await wire.create(**changes)
    assert answer.status_code == 200, answer.text
    assert_valid("TextToImageCreated", answer.json())


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "model": st.sampled_from(["gen4_image", "gen4_image_turbo", "x", None]),
            "promptText": st.one_of(st.text(max_size=4), st.none(), st.integers()),
            "ratio": st.one_of(
                st.sampled_from(RATIOS), st.text(max_size=3), st.lists(st.integers(), max_size=1)
            ),
            "seed": st.one_of(
                st.integers(-2, 2**33), st.floats(allow_nan=False), st.booleans(), st.text(max_size=2)
            ),
            "referenceImages": st.lists(
                st.fixed_dictionaries(
                    {}, optional={"uri": st.just("https://a.example/b"), "tag": st.text("aB9_-", max_size=18)}
                ),
                max_size=4,
            ),
            "contentModeration": st.dictionaries(
                st.sampled_from(["publicFigureThreshold", "other"]), st.sampled_from(["auto", "low", "no"])
            ),
        },
    )
)
def test_our_rules_and_the_schema_agree(body: dict[str, Any]) -> None:
    name = "Gen4ImageTurboRequest" if body.get("model") == "gen4_image_turbo" else "Gen4ImageRequest"
    issues = runway_rules.create_issues(body)
    try:
        assert_valid(name, body)
    except ValidationError:
        assert issues
    else:
        assert not issues


@pytest.mark.parametrize(
    ("content", "status", "kind"),
    [
        (b"{", 400, "application/json"),
        (b"\xff\xfe", 400, "application/json"),
        (b'{"seed": NaN}', 400, "application/json"),
        (b"[" * 100_000, 400, "application/json"),
        (b"[]", 400, "application/json"),
        (b"", 400, "application/json"),
        (b'{"model": "gen4_image"}', 400, "text/plain"),
    ],
)
async def test_a_body_that_is_not_json_is_refused(wire: Wire, content: bytes, status: int, kind: str) -> None:
    answer = await wire.http.post("/v1/text_to_image", content=content, headers={"Content-Type": kind})
    assert answer.status_code == status
    assert "error" in answer.json()


async def test_a_body_of_more_than_32_megabytes_is_refused(wire: Wire) -> None:
    answer = await wire.http.post(
        "/v1/text_to_image", content=b" " * (33 << 20), headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 413
    assert answer.json() == {"error": "Request body is too large"}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/text_to_image"),
        ("GET", "/v1/tasks/x"),
        ("DELETE", "/v1/tasks/x"),
        ("POST", "/v1/uploads"),
        ("GET", "/v1/organization"),
        ("POST", "/v1/organization/usage"),
    ],
)
async def test_a_key_and_the_version_are_demanded(wire: Wire, method: str, path: str) -> None:
    async def status(**changes: str) -> int:
        sent = {name: changes.get(name.partition("-")[0], value) for name, value in HEADERS.items()}
        wire.http.headers.clear()
        answer = await wire.http.request(
            method, wire.url + path, json={}, headers={name: value for name, value in sent.items() if value}
        )
        assert "error" in answer.json()
        return answer.status_code

    assert await status(Authorization="") == 401
    assert await status(Authorization="Bearer") == 401
    assert await status(Authorization="Basic abc") == 401
    assert await status(X="") == 400
    assert await status(X="2023-01-01") == 400


async def test_an_unknown_path_and_a_wrong_method_answer_json(wire: Wire) -> None:
    assert (await wire.http.get("/v1/nothing")).json() == {"error": "Not Found"}
    answer = await wire.http.get("/v1/text_to_image")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


async def test_no_credits_is_a_400_and_a_full_day_a_429(opened: Open) -> None:
    wire = await opened(credit_balance=12, daily_generations=2)
    await wire.made()
    await wire.made()
    full = await wire.create()
    assert (full.status_code, full.json()) == (
        429,
        {"error": "You have reached your daily limit for this model."},
    )
    await wire.knobs(daily_generations=100)
    poor = await wire.create()
    assert poor.status_code == 400
    assert poor.json()["error"] == "You do not have enough credits to run this task."
    assert set(poor.json()) == {"error", "docUrl"}


async def test_the_body_of_the_tests_is_the_contracts() -> None:
    assert_valid("Gen4ImageRequestStrict", BODY)
