"""Runway's official JavaScript SDK against the sandbox, where Node is at hand."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.app.sandbox.conftest import HERE, PHOTOGRAPHS, Open

JS = HERE / "js"
SDK = JS / "node_modules" / "@runwayml" / "sdk" / "package.json"
INSTALL = "npm ci --prefix tests/app/sandbox/js"


def test_the_lock_names_no_registry() -> None:
    lock = json.loads((JS / "package-lock.json").read_text("utf-8"))
    wanted = json.loads((JS / "package.json").read_text("utf-8"))["dependencies"]
    locked = {name.removeprefix("node_modules/"): one for name, one in lock["packages"].items() if name}
    assert {name: one["version"] for name, one in locked.items()} == wanted
    assert all("resolved" not in one and one["integrity"].startswith("sha512-") for one in locked.values())


def _node() -> Path:
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node is not installed: the JavaScript SDK was not run")
    if not SDK.is_file():
        pytest.skip(f"@runwayml/sdk is not installed: run “{INSTALL}” to include this test")
    return Path(node)


@pytest.mark.node
async def test_the_javascript_sdk(opened: Open) -> None:
    node = _node()
    wire = await opened(seconds=0.1)
    ran = await asyncio.to_thread(
        subprocess.run,
        [node, JS / "contract.mjs", wire.url, PHOTOGRAPHS / "coffee.png"],
        capture_output=True,
        text=True,
        timeout=60,
        env={"PATH": os.environ["PATH"]},
    )
    assert ran.returncode == 0, ran.stderr
    told: dict[str, Any] = json.loads(ran.stdout)
    assert told["upload"].startswith("runway://")
    assert told["bareUpload"].startswith("runway://")
    assert told["created"]["keys"] == ["estimatedCost", "id"]
    assert told["task"]["status"] == "SUCCEEDED"
    assert told["task"]["cost"] == {"credits": 5}
    assert bytes(told["task"]["magic"]) == b"\x89PNG"
    assert told["waited"] == "SUCCEEDED"
    assert told["failed"] == {"is": True, "code": "INTERNAL.BAD_OUTPUT.CODE01"}
    kinds = {name: (one["kind"], one["status"]) for name, one in told.items() if _is_refusal(one)}
    assert kinds == {
        "deletedTwice": ("NotFoundError", 404),
        "gone": ("NotFoundError", 404),
        "badRatio": ("BadRequestError", 400),
        "noKey": ("AuthenticationError", 401),
        "crowded": ("RateLimitError", 429),
        "down": ("InternalServerError", 503),
        "lost": ("APIConnectionError", None),
    }
    assert told["organization"] == ["creditBalance", "tier", "usage"]
    assert told["usage"] == ["2026-01-01", "2026-01-02"]
    tally = await wire.tally()
    assert (tally["accepted"], tally["keys_leaked"]) == (4, 0)


def _is_refusal(told: object) -> bool:
    return isinstance(told, dict) and "kind" in told
