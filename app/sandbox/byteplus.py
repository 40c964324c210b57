"""BytePlus ModelArk's image generation, as far as Seedream 4.5 goes: one address, synchronous or as SSE."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import json
import secrets
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from aiohttp import web

from app.sandbox import byteplus_rules as rules
from app.sandbox.byteplus_rules import No
from app.sandbox.order import Order, Reference
from app.sandbox.outputs import output_address
from app.sandbox.stage import BadJson, Stage, cut, proxy_page, read_json
from app.sandbox.tasks import Failure, Status, Task

PATH = "/api/v3/images/generations"
LARGEST_BODY = 256 * 1024 * 1024
"""Fourteen files of 10 MB as base64; what ModelArk itself takes in all is not documented."""
MOST_IN_A_SET = 3
"""Where a prompt may ask for a set, the model decides how many; here it is so many, if they may be."""
_WAIT = 0.01
_TYPES = {400: "BadRequest", 401: "Unauthorized", 403: "Forbidden", 404: "NotFound", 429: "TooManyRequests"}
_HELD_BACK = "OutputImageSensitiveContentDetected"
_OVERDUE = "The request failed because your account has an overdue balance."


def routes(stage: Stage) -> list[web.AbstractRouteDef]:
    return [web.post(PATH, ArkApi(stage).answer)]


@dataclass(frozen=True, slots=True)
class ArkApi:
    stage: Stage

    async def answer(self, request: web.Request) -> web.StreamResponse:
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not key.strip() or self.stage.knobs.keys_refused:
            message = "The API key or AK/SK in the request is missing or invalid."
            return _refusal(No(status=401, code="AuthenticationError", message=message))
        try:
            body = rules.without_nulls(await read_json(request, self.stage.tally, LARGEST_BODY))
        except BadJson as wrong:
            return _refusal(No(status=wrong.status, code="InvalidParameter", message=wrong.message))
        if body == {}:  # how a key is tried out: no create
            return _refusal(rules.refusal_of(body) or rules.invalid("", ""))
        return await self._create(request, body)

    async def _create(self, request: web.Request, body: object) -> web.StreamResponse:
        stage, board = self.stage, self.stage.board
        stage.tally.saw_create(_ask(body))
        if board.take("reset_next"):
            return cut(request)
        refused = board.take("refuse_next")
        if refused and not board.now.refuse_accepts:
            stage.tally.refused += 1
            return self._trouble()
        made = await self._accept(body)
        if isinstance(made, No):
            stage.tally.refused += 1
            return _refusal(made)
        lost, garbled = board.take("lose_next"), board.take("garble_next")
        if made.stream and not (refused or lost or garbled):
            return await self._streamed(request, made)
        for task in made.tasks:
            await self._ended(task)
        await asyncio.sleep(board.now.answer_delay)
        if refused:
            return self._trouble()
        if lost:
            return cut(request)
        if garbled:
            return web.Response(text='{"model":"', content_type="application/json")
        return await self._whole(made)

    async def _accept(self, body: object) -> Made | No:
        wrong = rules.refusal_of(body)
        if wrong is not None or not isinstance(body, dict):
            return wrong or rules.invalid("", "The request body must be a JSON object.")
        knobs, model = self.stage.knobs, body["model"]
        if any(word.casefold() in body["prompt"].casefold() for word in knobs.moderated_words if word):
            message = "The request failed because the input text may contain sensitive information."
            return No(status=400, code="InputTextSensitiveContentDetected", message=message, param="prompt")
        references: list[Reference] = []
        for at, uri in enumerate(rules.images_of(body)):
            reference = await self._reference(uri, at)
            if isinstance(reference, No):
                return reference
            references.append(reference)
        if not knobs.credit_balance:
            return No(status=403, code="AccountOverdueError", message=_OVERDUE)
        if self.stage.account.daily(model) >= knobs.daily_generations:
            message = "The Requests Per Minute (RPM) limit of the associated endpoint has been exceeded."
            return No(status=429, code="RateLimitExceeded.EndpointRPMExceeded", message=message)
        return self._made(body, tuple(references))

    def _made(self, body: Mapping[str, object], references: tuple[Reference, ...]) -> Made:
        first = _order(body, references)
        count = 1
        if body.get("sequential_image_generation") == "auto":
            options = body.get("sequential_image_generation_options", {})
            most = options.get("max_images", MOST_IN_A_SET) if isinstance(options, dict) else MOST_IN_A_SET
            count = min(most, MOST_IN_A_SET, rules.MOST_TOGETHER - len(references))
        tasks = tuple(
            self.stage.tasks.accept(
                replace(first, seed=secrets.randbits(32)), 0, self.stage.now(), self._failure()
            )
            for _ in range(count)
        )
        self.stage.tally.saw_accept(first.ask)
        return Made(
            tasks=tasks,
            inline=body.get("response_format") == "b64_json",
            stream=body.get("stream") is True,
            created=int(self.stage.now().timestamp()),
        )

    def _failure(self) -> Failure | None:
        if not self.stage.board.take("fail_next"):
            return None
        code = self.stage.knobs.fail_code or ""
        known = code.endswith(("Detected", "Detection", "Error")) or "Detected." in code
        return Failure(
            message="The request failed because the output image may contain sensitive information.",
            code=code if known else _HELD_BACK,  # the knob's start is a code of another vendor
            charged=False,
        )

    async def _reference(self, uri: str, at: int) -> Reference | No:
        if uri.startswith(("https://", "http://")):
            host = urlsplit(uri).hostname or ""
            return Reference(tag="", path=None, label=host, sha256=f"address:{uri}")
        content = await asyncio.to_thread(rules.file_of, uri, at)
        if isinstance(content, No):
            return content
        sha256 = await asyncio.to_thread(lambda: hashlib.sha256(content).hexdigest())
        path = await asyncio.to_thread(self.stage.assets.keep_as_it_is, content, sha256)
        return Reference(tag="", path=path, label="", sha256=sha256)

    async def _ended(self, task: Task) -> None:
        while task.ended is None and self.stage.tasks.find(task.id) is task:  # noqa: ASYNC110 - it has no event
            await asyncio.sleep(_WAIT)

    async def _whole(self, made: Made) -> web.Response:
        data = [await self._told(task, made) for task in made.tasks]
        answer: dict[str, object] = {
            "model": made.model,
            "created": made.created,
            "data": data,
            "usage": made.usage(),
        }
        return web.json_response(answer, headers={"X-Request-Id": made.id})

    async def _told(self, task: Task, made: Made) -> dict[str, object]:
        if task.ended is not Status.SUCCEEDED:
            failure = task.failure
            code = failure.code if failure and failure.code else "InternalServiceError"
            return {"error": {"code": code, "message": failure.message if failure else "It was stopped."}}
        told: dict[str, object] = {"size": f"{task.order.width}x{task.order.height}"}
        if not made.inline:
            return {"url": output_address(self.stage, task.id)} | told
        path = await self.stage.easel.picture(task.order)
        content = await asyncio.to_thread(lambda: base64.b64encode(path.read_bytes()).decode())
        return {"b64_json": content} | told

    async def _streamed(self, request: web.Request, made: Made) -> web.StreamResponse:
        response = web.StreamResponse(headers={"X-Request-Id": made.id, "Cache-Control": "no-cache"})
        response.content_type = "text/event-stream"
        await response.prepare(request)
        with contextlib.suppress(ConnectionResetError):  # whoever listened has gone
            async for name, told in self._events(made):
                line = json.dumps({"type": name, "model": made.model, "created": made.created} | told)
                await response.write(f"event: {name}\ndata: {line}\n\n".encode())
            await response.write(b"data: [DONE]\n\n")
            await response.write_eof()
        return response

    async def _events(self, made: Made) -> AsyncIterator[tuple[str, dict[str, object]]]:
        for index, task in enumerate(made.tasks):
            await self._ended(task)
            told = await self._told(task, made)
            how = "partial_failed" if "error" in told else "partial_succeeded"
            yield f"image_generation.{how}", {"image_index": index} | told
        yield "image_generation.completed", {"usage": made.usage()}

    def _trouble(self) -> web.Response:
        knobs = self.stage.knobs
        status = knobs.refuse_status
        if knobs.refuse_html:
            answer = proxy_page(status)
        else:
            code = {429: "RateLimitExceeded.EndpointRPMExceeded", 401: "AuthenticationError"}.get(status)
            default = "InternalServiceError" if status >= 500 else "InvalidParameter"
            message = f"The sandbox was told to answer {status}."
            answer = _refusal(No(status=status, code=code or default, message=message))
        if knobs.retry_after is not None:
            answer.headers["Retry-After"] = f"{knobs.retry_after:g}"
        return answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What one request is answered with."""

    tasks: tuple[Task, ...]
    inline: bool
    stream: bool
    created: int
    id: str = field(default_factory=lambda: secrets.token_hex(16))

    @property
    def model(self) -> str:
        return self.tasks[0].order.model

    def usage(self) -> dict[str, int]:
        done = [one.order for one in self.tasks if one.ended is Status.SUCCEEDED]
        tokens = sum(one.width * one.height // 256 for one in done)
        return {"generated_images": len(done), "output_tokens": tokens, "total_tokens": tokens}


def _refusal(no: No) -> web.Response:
    error = {
        "code": no.code,
        "message": f"{no.message} Request id: {secrets.token_hex(16)}",
        "param": no.param,
        "type": _TYPES.get(no.status, "InternalServerError" if no.status >= 500 else "BadRequest"),
    }
    return web.json_response({"error": error}, status=no.status)


def _ask(body: object) -> tuple[str | None, int | None]:
    prompt = body.get("prompt") if isinstance(body, dict) else None
    return (prompt if isinstance(prompt, str) else None), None


def _order(body: Mapping[str, object], references: tuple[Reference, ...]) -> Order:
    width, height = rules.pixels_of(str(body.get("size", "2048x2048"))) or (2048, 2048)
    return Order(
        vendor="byteplus",
        model=str(body["model"]),
        prompt=str(body["prompt"]),
        width=width,
        height=height,
        seed=0,
        seed_given=False,
        references=references,
        form="jpeg",
    )
