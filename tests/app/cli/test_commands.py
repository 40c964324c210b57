"""The commands that send nothing, whole: what they say, and with which code they end."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from app.cli.main import run_command
from tests.app.cli.conftest import Command
from tests.support.capturing import KEY, Capturing, capturing
from tests.support.terminal import EXAMPLE, Ran

PICTURE = "picture"


def rewritten(example: Path, change: Any) -> Path:
    data = json.loads(example.read_text("utf-8"))
    change(data)
    example.write_text(json.dumps(data), "utf-8")
    return example


def wide(example: Path) -> None:
    Image.new("RGB", (300, 100)).save(example.parent / "refs" / "coffee.png")


def four_references(data: Any) -> None:
    for name in ("more", "most"):
        data["nodes"][name] = dict(data["nodes"]["cup"])
        data["links"].append({"from": f"{name}.image", "to": "picture.reference_images", "tag": name})


def into(target: str, source: str = "words.text") -> Any:
    return lambda data: data["links"].append({"from": source, "to": target})


def kind(name: str) -> Any:
    return lambda data: data["nodes"].update(odd={"kind": name})


def no_prompt(data: Any) -> None:
    data["links"] = [one for one in data["links"] if one["to"] != "picture.prompt"]


def circle(data: Any) -> None:
    data["nodes"] |= {"v": {"kind": "preview"}, "w": {"kind": "preview"}}
    data["links"] += [{"from": "v.image", "to": "w.image"}, {"from": "w.image", "to": "v.image"}]


def second_prompt(data: Any) -> None:
    data["nodes"]["more"] = {"kind": "prompt", "values": {"text": "More words"}}
    into("picture.prompt", "more.text")(data)


def nothing(data: Any) -> None:
    return


BAD: dict[str, tuple[Any, list[str], str, str]] = {
    "unknown tag": (nothing, ["words.text=The @coffe by @astronaut and @wall"], "tag.unknown", "words.text"),
    "tag too short": (nothing, ["picture.reference_tags=co, man, wall"], "tag.length", "reference_images[0]"),
    "tag with a hyphen": (
        nothing, ["picture.reference_tags=cup-one, man, wall"], "tag.character", "reference_images[0]",
    ),
    "tag begins with a digit": (
        nothing, ["picture.reference_tags=9lives, man, wall"], "tag.first", "reference_images[0]",
    ),
    "same tag twice": (
        nothing, ["picture.reference_tags=coffee, coffee, wall"], "tag.twice", "reference_images[1]",
    ),
    "too many references": (four_references, [], "references.many", "picture.reference_images"),
    "ratio outside": (wide, [], "reference.ratio", "reference_images[0]"),
    "unknown kind": (kind("hologram"), [], "kind.unknown", "odd"),
    "second link": (second_prompt, [], "link.second", "picture.prompt"),
    "empty prompt": (nothing, ["words.text= "], "prompt.empty", "words.text"),
    "long prompt": (nothing, ["words.text=" + "a" * 1001], "prompt.long", "words.text"),
    "seed too large": (nothing, ["picture.seed=4294967296"], "seed.range", "picture.seed"),
    "seed below 0": (nothing, ["picture.seed=-1"], "seed.range", "picture.seed"),
    "ratio not offered": (nothing, ["picture.aspect_ratio=5:4"], "parameter.choice", "picture.aspect_ratio"),
    "vendor unknown": (nothing, ["picture.vendor=acme"], "vendor.unknown", "picture.vendor"),
    "missing file": (nothing, ["cup.file=/nowhere/cup.png"], "image.missing", "cup.file"),
    "unreadable file": (nothing, [f"cup.file={EXAMPLE}"], "image.unsupported", "cup.file"),
    "no file": (lambda data: data["nodes"]["cup"]["values"].update(file=""), [], "image.none", "cup.file"),
    "file outside": (
        lambda data: data["nodes"]["cup"]["values"].update(file="/etc/passwd"),
        [],
        "image.outside",
        "cup.file",
    ),
    "wrong type": (into("picture.reference_images"), [], "link.type", "picture.reference_images"),
    "circle": (circle, [], "link.cycle", "v.image"),
    "no prompt": (no_prompt, [], "input.required", "picture.prompt"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_input_names_node_and_field_and_nothing_is_sent(
    command: Command, example: Path, name: str
) -> None:
    change, sets, code, place = BAD[name]
    if change is wide:
        wide(example)
    else:
        rewritten(example, change)
    more = [word for one in sets for word in ("--set", one)]

    checked = command("check", example, "--json", *more)
    assert checked.code == 2
    found = [one for one in checked.value if one["code"] == code]
    assert found, checked
    assert all(one["severity"] == "error" and one["title"] and one["advice"] for one in found)

    shown = command("check", example, *more)
    assert shown.code == 2
    [line] = [one for one in shown.out.splitlines() if one.startswith("error") and place in one][:1]
    assert found[0]["title"] in line

    ran = command("run", example, "--json", "--yes", *more)
    assert ran.code == 2
    assert ran.finished["images"] == []
    assert ran.finished["failures"][0]["charged"] == "no"
    assert code in [one["fault"] for one in ran.finished["failures"]]
    assert place in ran.err
    assert found[0]["title"] in ran.err
    assert not (example.parent / "out").exists()
    assert not ran.named("started")


def assert_refused(ran: Ran, code: str, said: str) -> None:
    assert ran.code == 2
    assert said in ran.err
    assert [one["fault"] for one in ran.finished["failures"]] == [code]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("none.tagloom", None, "document.missing"),
        ("junk.tagloom", b"\x00\xff junk", "document."),
        ("list.tagloom", b"[]", "document."),
        ("empty.tagloom", b"", "document."),
        ("picture.png", b"\x89PNG\r\n\x1a\n", "document."),
        ("newer.tagloom", b'{"format": "tagloom/99"}', "document."),
        ("other.tagloom", b'{"format": "comfy/1", "nodes": {}}', "document."),
    ],
)
@pytest.mark.parametrize("verb", ["run", "check", "estimate"])
def test_what_is_no_document(
    command: Command, tmp_path: Path, verb: str, name: str, content: bytes | None, code: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    ran = command(verb, path, "--json")
    assert ran.code == 2
    assert len(ran.err.strip().splitlines()) == 1
    if verb == "run":
        assert ran.finished["failures"][0]["fault"].startswith(code)
    else:
        assert ran.out == ""


def test_a_folder_is_no_document(command: Command, tmp_path: Path) -> None:
    assert_refused(command("run", tmp_path, "--json"), "document.no-file", "is no file")


def test_a_newer_format_says_to_update(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "newer.tagloom"
    path.write_text('{"format": "tagloom/99"}')
    ran = command("check", path)
    assert ran.code == 2
    assert "newer" in ran.err.lower()
    assert "update" in ran.err.lower()


def test_wrong_words_end_with_finished_too(command: Command) -> None:
    assert_refused(command("run", "--json"), "cli.arguments", "FILE")
    assert_refused(command("run", "x", "--frob", "--json"), "cli.arguments", "--frob")
    assert_refused(command("run", EXAMPLE, "--json", "--set", "boss.seed=7"), "cli.set-node", "boss")
    assert_refused(command("run", EXAMPLE, "--json", "--only", "boss"), "cli.only", "boss")
    unknown = command("frob")
    assert (unknown.code, unknown.out) == (2, "")
    assert "'frob'" in unknown.err


def test_live_without_a_key_is_refused(command: Command) -> None:
    assert_refused(command("run", EXAMPLE, "--live", "--yes", "--json"), "cli.live", "no key")


# --- check and estimate --------------------------------------------------------------------------


def test_a_good_document(command: Command) -> None:
    ran = command("check", EXAMPLE)
    assert (ran.code, ran.out, ran.err) == (0, "Nothing is wrong.\n", "")
    assert command("check", EXAMPLE, "--json").value == []


def test_hints_alone_are_exit_0_and_each_fix_is_said(command: Command) -> None:
    words = "words.text=A @coffee and an @astronaut in soft light"
    ran = command("check", EXAMPLE, "--set", words)
    assert ran.code == 0
    assert ran.out.startswith("hint  picture.reference_images[2]")
    assert "fix: Add @wall to the prompt" in ran.out
    [hint] = command("check", EXAMPLE, "--set", words, "--json").value
    assert (hint["severity"], hint["node"], hint["item"]) == ("hint", "picture", 2)


def test_errors_come_before_hints(command: Command) -> None:
    ran = command(
        "check", EXAMPLE, "--set", "picture.resolution=720p", "--set", "words.text=A @cofee", "--json"
    )
    severities = [one["severity"] for one in ran.value]
    assert severities == sorted(severities)
    assert {"error", "hint"} == set(severities)


def test_checking_is_not_opening_in_the_window(command: Command, tagloom_home: Path) -> None:
    command("check", EXAMPLE)
    settings = "".join(path.read_text() for path in tagloom_home.rglob("*.toml"))
    assert "first-run" not in settings


def test_an_estimate_without_a_key_is_free(command: Command) -> None:
    ran = command("estimate", EXAMPLE, "--json")
    assert ran.code == 0
    assert ran.value == {
        "credits": 0, "usd": 0.0, "drafts": [PICTURE],
        "bought": [], "reused": [], "followed": [], "unpriced": [],
    }  # fmt: skip
    assert "free drafts: picture" in command("estimate", EXAMPLE).out


@pytest.mark.parametrize(("resolution", "usd"), [("720p", 0.05), ("1080p", 0.08)])
def test_an_estimate_with_a_key(
    command: Command, monkeypatch: pytest.MonkeyPatch, resolution: str, usd: float
) -> None:
    monkeypatch.setenv("RUNWAYML_API_SECRET", KEY)
    ran = command("estimate", EXAMPLE, "--json", "--set", f"picture.resolution={resolution}")
    assert (ran.value["usd"], ran.value["credits"], ran.value["bought"]) == (usd, 100, [PICTURE])
    people = command("estimate", EXAMPLE, "--set", f"picture.resolution={resolution}")
    assert f"100 cr, ${usd}" in people.out
    assert "to buy: picture" in people.out


def test_no_estimate_of_what_cannot_run(command: Command) -> None:
    ran = command("estimate", EXAMPLE, "--json", "--set", "picture.seed=-1")
    assert (ran.code, ran.out) == (2, "")
    assert "picture.seed" in ran.err


# --- models, keys, doctor ------------------------------------------------------------------------


def test_version_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["--version"]) == 0
    assert capsys.readouterr().out.startswith("tagloom ")


def test_keys_says_where_a_key_is_and_never_which(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    assert command("keys", "--json").value == [
        {"vendor": id, "title": title, "source": None, "live": False}
        for id, title in (
            ("runway", "Runway"), ("replicate", "Replicate"), ("bfl", "BFL"), ("google", "Google"),
            ("byteplus", "BytePlus ModelArk"),
        )
    ]  # fmt: skip
    monkeypatch.setenv("RUNWAYML_API_SECRET", KEY)
    row, *others = command("keys", "--json").value
    assert not any(one["source"] for one in others)
    assert (row["source"], row["live"]) == ("environment", True)
    shown = command("keys")
    assert "key from the environment" in shown.out
    assert KEY not in shown.out + shown.err


@pytest.mark.holds_secrets("the key is given as a file")
def test_a_key_that_cannot_be_kept_says_what_to_do(
    command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The tests' keyring keeps nothing; a session ends with the command."""
    given = tmp_path / "key"
    given.write_text(f"{KEY}\n")
    with given.open() as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        ran = command("keys", "set", "runway")
    assert ran.code == 1
    assert "RUNWAYML_API_SECRET" in ran.err
    assert "until you close Tagloom" not in ran.err
    assert KEY not in ran.out + ran.err


@pytest.mark.parametrize("text", ["", "\n", "two words\n", "ключ\n"])
def test_what_is_no_key(command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str) -> None:
    (tmp_path / "key").write_text(text, "utf-8")
    with (tmp_path / "key").open(encoding="utf-8") as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        ran = command("keys", "set", "runway")
    assert ran.code == 2
    assert "key" in ran.err


@pytest.mark.parametrize("action", ["set", "test", "remove"])
def test_an_unknown_vendor(command: Command, action: str) -> None:
    ran = command("keys", action, "acme")
    assert ran.code == 2
    assert "acme" in ran.err
    assert "runway" in ran.err


def test_removing_and_testing_a_key_that_is_not_there(command: Command) -> None:
    assert "no key" in command("keys", "remove", "runway").err
    ran = command("keys", "test", "runway")
    assert (ran.code, "tagloom keys set runway" in ran.err) == (2, True)


def test_a_key_of_the_environment_is_not_ours_to_remove(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNWAYML_API_SECRET", KEY)
    said = command("keys", "remove", "runway").err
    assert "The key for Runway comes from RUNWAYML_API_SECRET in the environment; take it out there." in said


@pytest.fixture
def runway(monkeypatch: pytest.MonkeyPatch) -> Any:
    with capturing() as server:
        for name, value in server.environment().items():
            monkeypatch.setenv(name, value)
        yield server


def test_a_key_is_tested_at_the_vendor(
    command: Command, runway: Capturing, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = command("keys", "test", "runway")
    assert ran.code == 0
    assert "500" in ran.out
    assert KEY not in ran.out + ran.err
    assert runway.requests == ["GET /v1/organization"]
    monkeypatch.setenv("RUNWAYML_API_SECRET", "key_of_another")
    refused = command("keys", "test", "runway")
    assert refused.code == 1
    assert "key_of_another" not in refused.out + refused.err


def test_the_doctor_says_that_all_is_well(command: Command, tagloom_home: Path) -> None:
    ran = command("doctor", "--offline", "--json")
    assert ran.code == 0, ran
    found = {one["what"]: one for one in ran.value}
    assert len(found) == len(ran.value)
    assert {"versions", "ledger", "library", "settings folder", "cache folder", "key for Runway"} <= set(
        found
    )
    assert all(one["well"] for one in ran.value)
    assert "Python 3." in found["versions"]["words"]
    assert str(tagloom_home) in found["settings folder"]["words"]
    people = command("doctor", "--offline")
    assert all(line.startswith("ok ") for line in people.out.splitlines())


def test_the_doctor_goes_step_by_step_to_the_vendor(command: Command, runway: Capturing) -> None:
    ran = command("doctor", "--json")
    assert ran.code == 0, ran
    found = {one["what"]: one["words"] for one in ran.value}
    others = ("Runway", "Replicate", "BFL", "Google", "BytePlus")
    steps = [what for what in found if what.startswith(others)]
    names = ("name", "connection", "certificate", "answer", "key", "balance")
    assert steps == [f"Runway {name}" for name in names], "who has no key is not asked"
    assert "sandbox" in found["key for Replicate"]
    assert "500" in found["Runway balance"]
    assert KEY not in ran.out + ran.err


def test_the_doctor_says_which_step_fails(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNWAYML_API_SECRET", KEY)
    monkeypatch.setenv("RUNWAYML_BASE_URL", "http://127.0.0.1:9")
    ran = command("doctor", "--json")
    assert ran.code == 1
    assert [one["what"] for one in ran.value if not one["well"]] == ["Runway connection"]


def test_the_doctor_finds_a_damaged_picture(command: Command, tagloom_home: Path, tmp_path: Path) -> None:
    made = command("run", EXAMPLE, "--json", "--seconds", "0", "-o", tmp_path / "out")
    assert made.code == 0, made
    assert "1 pictures checked" in command("doctor", "--offline", "--repair").out
    [picture] = (tagloom_home / "library").rglob("*.png")
    picture.chmod(0o644)
    data = bytearray(picture.read_bytes())
    data[len(data) // 2] ^= 1
    picture.write_bytes(bytes(data))
    ran = command("doctor", "--offline", "--repair", "--json")
    assert ran.code == 1
    [bad] = [one for one in ran.value if not one["well"]]
    assert bad["what"] == "library"
    assert picture.name in bad["words"]
