"""Google's Gemini API as far as pictures go: :generateContent of Nano Banana Pro, on v1 and v1beta. The
picture is in the answer."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import json
import secrets
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from app.sandbox import google_rules as rules
from app.sandbox.google_rules import Asked, No
from app.sandbox.order import Order, Reference
from app.sandbox.stage import BadJson, Stage, cut, proxy_page, read_json

LARGEST_BODY = 100_000_000
_PIECE = 3 * 64 * 1024
_STATUSES = {
    400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED", 500: "INTERNAL", 503: "UNAVAILABLE", 504: "DEADLINE_EXCEEDED",
}  # fmt: skip
_HELD_BACK = "IMAGE_SAFETY"
_KINDS = (
    "SAFETY", "RECITATION", "OTHER", "IMAGE", "STOP", "MAX_TOKENS", "BLOCKLIST", "PROHIBITED", "SPII",
    "NO_IMAGE", "MALFORMED", "MODEL_ARMOR",
)  # fmt: skip


def routes(stage: Stage) -> list[web.AbstractRouteDef]:
    api = GeminiApi(stage)
    found: list[web.AbstractRouteDef] = []
    for version in ("v1", "v1beta"):
        found += [
            web.post(f"/{version}/models/{{model}}:generateContent", api.generate),
            web.get(f"/{version}/models/{{model}}", api.model, allow_head=False),
        ]
    return found


def refusal(code: int, message: str, status: str = "", reason: str = "") -> web.Response:
    error: dict[str, object] = {
        "code": code,
        "message": message,
        "status": status or _STATUSES.get(code, "UNKNOWN"),
    }
    if reason:
        kind = "type.googleapis.com/google.rpc.ErrorInfo"
        error["details"] = [{"@type": kind, "reason": reason, "domain": "googleapis.com"}]
    return web.json_response({"error": error}, status=code)


@dataclass(frozen=True, slots=True)
class GeminiApi:
    stage: Stage

    async def model(self, request: web.Request) -> web.StreamResponse:
        if (no := self._key(request) or self._named(request)) is not None:
            return no
        return web.json_response(
            {"name": f"models/{rules.MODEL}", "supportedGenerationMethods": ["generateContent"]}
        )

    async def generate(self, request: web.Request) -> web.StreamResponse:
        if (no := self._key(request)) is not None:
            return no
        try:
            body = await read_json(request, self.stage.tally, LARGEST_BODY)
        except BadJson as wrong:
            return refusal(wrong.status, wrong.message, "INVALID_ARGUMENT")
        return await self._create(request, body)

    def _key(self, request: web.Request) -> web.Response | None:
        if not request.headers.get("x-goog-api-key", "").strip():
            return refusal(403, "Method doesn't allow unregistered callers. Please use API Key.")
        if self.stage.knobs.keys_refused:
            message = "API key not valid. Please pass a valid API key."
            return refusal(400, message, reason="API_KEY_INVALID")
        return None

    def _named(self, request: web.Request) -> web.Response | None:
        model = request.match_info["model"]
        if model == rules.MODEL:
            return None
        return refusal(404, f"models/{model[:80]} is not found for API version v1.")

    async def _create(self, request: web.Request, body: object) -> web.StreamResponse:
        stage, board = self.stage, self.stage.board
        try:
            told: Asked | No = await asyncio.to_thread(rules.asked, body)
        except No as wrong:
            told = wrong
        asked = told if isinstance(told, Asked) else None
        stage.tally.saw_create((asked.prompt, asked.seed) if asked else (None, None))
        if board.take("reset_next"):
            return cut(request)
        refused = board.take("refuse_next")
        if refused and not board.now.refuse_accepts:
            stage.tally.refused += 1
            return self._trouble()
        no = self._named(request) or self._over_limit()
        if isinstance(told, No):
            no = refusal(told.code, told.message, told.status)
        if no is not None or asked is None:
            stage.tally.refused += 1
            return no or refusal(400, "Request contains an invalid argument.")
        return await self._answered(request, asked, refused=refused)

    def _over_limit(self) -> web.Response | None:
        knobs = self.stage.knobs
        if self.stage.account.daily(rules.MODEL) < knobs.daily_generations:
            return None
        return refusal(429, "You exceeded your current quota, please check your plan and billing details.")

    async def _answered(self, request: web.Request, asked: Asked, *, refused: bool) -> web.StreamResponse:
        stage, board = self.stage, self.stage.board
        words = [word for word in stage.knobs.moderated_words if word]
        if any(word.casefold() in asked.prompt.casefold() for word in words):
            stage.tally.refused += 1
            return web.json_response(_without({"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}}))
        order = _order(asked, await self._references(asked))
        stage.tally.saw_accept(order.ask)
        stage.account.saw_generation(rules.MODEL)
        lost, garbled, failed = (board.take(f"{name}_next") for name in ("lose", "garble", "fail"))
        began = asyncio.get_running_loop().time()
        path = None if failed else await stage.easel.picture(order)
        spent = asyncio.get_running_loop().time() - began
        await asyncio.sleep(max(0.0, stage.knobs.seconds - spent) + stage.knobs.answer_delay)
        if refused:
            return self._trouble()
        if lost:
            return cut(request)
        if garbled:
            return web.Response(text='{"candidates": [{"content": ', content_type="application/json")
        if path is None:
            reason = stage.knobs.fail_code or ""
            reason = (
                reason if reason.startswith(_KINDS) else _HELD_BACK
            )  # the knob's start is another vendor's
            return web.json_response(_without({"candidates": [{"finishReason": reason, "index": 0}]}))
        return await _streamed(request, path)

    async def _references(self, asked: Asked) -> tuple[Reference, ...]:
        made = []
        for _, content in asked.files:
            sha256 = (await asyncio.to_thread(hashlib.sha256, content)).hexdigest()
            path = await asyncio.to_thread(self.stage.assets.keep_as_it_is, content, sha256)
            made.append(Reference(tag="", path=path, label="", sha256=sha256))
        return tuple(made)

    def _trouble(self) -> web.Response:
        knobs = self.stage.knobs
        status = knobs.refuse_status
        message = f"The sandbox was told to answer {status}."
        answer = proxy_page(status) if knobs.refuse_html else refusal(status, message)
        if knobs.retry_after is not None:
            answer.headers["Retry-After"] = f"{knobs.retry_after:g}"
        return answer


def _order(asked: Asked, references: tuple[Reference, ...]) -> Order:
    width, height = asked.pixels
    return Order(
        vendor="google",
        model=rules.MODEL,
        prompt=asked.prompt,
        width=width,
        height=height,
        seed=secrets.randbits(31) if asked.seed is None else asked.seed,
        seed_given=asked.seed is not None,
        references=references,
    )


def _without(told: dict[str, object]) -> dict[str, object]:
    usage = {"promptTokenCount": 300, "totalTokenCount": 300}
    return told | {"usageMetadata": usage, "modelVersion": rules.MODEL, "responseId": secrets.token_hex(11)}


async def _streamed(request: web.Request, path: Path) -> web.StreamResponse:
    """A thought first, with a picture that is not the one, as the model sends it; then words and the picture,
    piece by piece."""
    thought = base64.b64encode(b"a sketch" * 12_000).decode()
    mark = secrets.token_hex(16)
    parts: list[dict[str, object]] = [
        {"thought": True, "inlineData": {"mimeType": "image/png", "data": thought}},
        {"text": "Here is your picture."},
        {"inlineData": {"mimeType": "image/png", "data": mark}, "thoughtSignature": thought},
    ]
    content = {"content": {"role": "model", "parts": parts}, "finishReason": "STOP", "index": 0}
    head, tail = json.dumps(_without({"candidates": [content]})).split(mark)
    response = web.StreamResponse()
    response.content_type = "application/json"
    await response.prepare(request)
    with contextlib.suppress(ConnectionResetError):  # whoever asked has gone
        await response.write(head.encode())
        with await asyncio.to_thread(path.open, "rb") as file:
            while piece := await asyncio.to_thread(file.read, _PIECE):
                await response.write(base64.b64encode(piece))
        await response.write(tail.encode())
        await response.write_eof()
    return response
