"""BFL's API as of 2026-04, as far as FLUX.2 [pro] goes: every route and every refusal."""

from __future__ import annotations

import asyncio
import base64
import binascii
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from aiohttp import web

from app.sandbox import bfl_rules
from app.sandbox.admission import admitted
from app.sandbox.assets import Asset, Refusal, web_host
from app.sandbox.order import Order, Reference
from app.sandbox.outputs import output_address
from app.sandbox.stage import BadJson, Stage, cut, proxy_page, read_json
from app.sandbox.tasks import Failure, Status, Task

VENDOR = "bfl"
MOST_ACTIVE = 24
"""Tasks under way; a further create answers 429."""
KEPT = 600.0
"""Seconds for which the address of a picture is good, at most."""
REQUEST_MODERATED = "Request Moderated"
CONTENT_MODERATED = "Content Moderated"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def routes(stage: Stage) -> list[web.AbstractRouteDef]:
    api = BflApi(stage)
    return [
        web.post(f"/v1/{bfl_rules.MODEL}", api.guarded(api.create)),
        web.post("/v1/flux{model}", api.guarded(api.unknown)),
        web.get("/v1/get_result", api.guarded(api.result), allow_head=False),
        web.get("/v1/credits", api.guarded(api.credits), allow_head=False),
    ]


def refusal(status: int, detail: object) -> web.Response:
    return web.json_response({"detail": detail}, status=status)


@dataclass(frozen=True, slots=True)
class BflApi:
    stage: Stage
    named: dict[str, str] = field(default_factory=dict)
    """Task id → the address of its picture that was told first, for the knob `same_address`."""

    def guarded(self, handler: Handler) -> Handler:
        """The key first, then the body."""

        async def answer(request: web.Request) -> web.StreamResponse:
            key = request.headers.get("x-key", "").strip()
            if not key:
                return refusal(403, "Not authenticated")
            if self.stage.knobs.keys_refused:
                return refusal(403, "Not authenticated - Invalid Authentication")
            try:
                return await handler(request)
            except BadJson as wrong:
                return refusal(
                    413 if wrong.status == 413 else 422, [bfl_rules.issue("json_invalid", wrong.message)]
                )

        return answer

    async def create(self, request: web.Request) -> web.StreamResponse:
        body = await read_json(request, self.stage.tally)
        made = await admitted(
            self.stage, request, _ask(body), lambda: self._accept(body),
            lambda status: self._trouble(status, "a create"),
        )  # fmt: skip
        if isinstance(made, web.StreamResponse):
            return made
        task, inputs = made
        return web.json_response(
            {
                "id": task.id,
                "polling_url": f"http://{request.host}/v1/get_result?id={task.id}",
                "cost": float(task.credits),
                "input_mp": bfl_rules.megapixels(*inputs),
                "output_mp": bfl_rules.megapixels((task.order.width, task.order.height)),
            }
        )

    async def _accept(self, body: object) -> tuple[Task, list[tuple[int, int]]] | web.Response:
        issues = bfl_rules.create_issues(body)
        if issues or not isinstance(body, dict):
            return refusal(422, issues)
        references: list[Reference] = []
        inputs: list[tuple[int, int]] = []
        for name, text in bfl_rules.images_of(body):
            try:
                reference, size = await self._reference(text)
            except Refusal as wrong:
                return refusal(422, [bfl_rules.issue("value_error", f"Value error, {wrong}", name)])
            references.append(reference)
            inputs.append(size)
        size = bfl_rules.output_size(body, inputs[0] if inputs else None)
        credits = bfl_rules.credits_for(size, inputs)
        if self.stage.tasks.active(VENDOR) >= MOST_ACTIVE:
            return self._trouble(429, "more than 24 tasks at once")
        if self.stage.account.spent + credits > self.stage.knobs.credit_balance:
            return refusal(402, "Insufficient credits. Add more credits to your account.")
        order = _order(body, size, tuple(references))
        task = self.stage.tasks.accept(order, credits, self.stage.now(), self._failure(order))
        self.stage.tally.saw_accept(order.ask)
        return task, inputs

    async def _reference(self, text: str) -> tuple[Reference, tuple[int, int]]:
        if text.startswith(("https://", "http://")):
            # A loopback server cannot fetch it, so nobody knows its pixels: one megapixel is billed.
            host = web_host(text)
            return Reference(tag="", path=None, label=host, sha256=f"address:{text}"), (1024, 1024)
        asset = await asyncio.to_thread(self._decoded, text)
        reference = Reference(tag="", path=asset.path, label="", sha256=asset.sha256)
        return reference, (asset.width, asset.height)

    def _decoded(self, text: str) -> Asset:
        encoded = text.partition(";base64,")[2] if text.startswith("data:") else text
        try:
            content = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError) as wrong:
            raise Refusal("invalid base64 image.") from wrong
        if len(content) > bfl_rules.MOST_BYTES:
            raise Refusal("image must not exceed 20MB.")
        return self.stage.assets.from_bytes(content, _measure)

    def _failure(self, order: Order) -> Failure | None:
        knobs = self.stage.knobs
        prompt = order.prompt.casefold()
        if any(word.casefold() in prompt for word in knobs.moderated_words if word):
            return Failure(
                message="Derivative Works Filter", code=REQUEST_MODERATED, charged=knobs.fail_charged
            )
        if self.stage.board.take("fail_next"):
            return Failure(message="", code=knobs.fail_code, charged=knobs.fail_charged)
        return None

    def _trouble(self, status: int, what: str) -> web.Response:
        knobs = self.stage.knobs
        if knobs.refuse_html:
            answer = proxy_page(status)
        else:
            answer = refusal(status, f"The sandbox answers {status} to {what}.")
        if knobs.retry_after is not None:
            answer.headers["Retry-After"] = f"{knobs.retry_after:g}"
        return answer

    async def unknown(self, request: web.Request) -> web.StreamResponse:
        return refusal(404, "Not Found")

    async def result(self, request: web.Request) -> web.StreamResponse:
        stage = self.stage
        stage.tally.polls += 1
        if stage.board.take("lose_polls_next"):
            return cut(request)
        if stage.board.take("refuse_polls_next"):
            return self._trouble(stage.knobs.polls_status, "a look")
        id = request.query.get("id", "")
        task = stage.tasks.find(id)
        if task is None or task.order.vendor != VENDOR:
            return web.json_response(_told(id, "Task not found"))
        return self._news(task)

    def _news(self, task: Task) -> web.Response:
        match task.status(self.stage.tasks.now()):
            case Status.SUCCEEDED:
                return web.json_response(_told(task.id, "Ready", result=self._picture(task)))
            case Status.FAILED:
                failure = task.failure
                assert failure is not None
                if failure.code in (REQUEST_MODERATED, CONTENT_MODERATED):
                    reasons = {"Moderation Reasons": [failure.message or "Content"]}
                    return web.json_response(_told(task.id, failure.code, details=reasons))
                return web.json_response(_told(task.id, "Error"))
            case _:
                rest = self.stage.knobs.retry_after
                # There it is 1; here drafts may be done sooner.
                wait = rest if rest is not None else float(self.stage.knobs.seconds > 2)
                headers = {"Retry-After": f"{wait:g}", "X-Ratelimit-Limit": "1200"}
                return web.json_response(_told(task.id, "Pending"), headers=headers)

    def _picture(self, task: Task) -> dict[str, object]:
        address = output_address(self.stage, task.id, most=KEPT)
        if self.stage.knobs.same_address:
            address = self.named.setdefault(task.id, address)
        return {
            "sample": address,
            "prompt": task.order.prompt,
            "seed": task.order.seed,
            "start_time": task.created.timestamp(),
            "end_time": task.created.timestamp() + task.seconds,
            "duration": task.seconds,
        }

    async def credits(self, request: web.Request) -> web.StreamResponse:
        return web.json_response(
            {"credits": float(self.stage.knobs.credit_balance - self.stage.account.spent)}
        )


def _told(id: str, status: str, **more: object) -> dict[str, object]:
    empty = dict.fromkeys(("result", "progress", "details", "preview"))
    return {"id": id, "status": status, **empty, **more}


def _measure(width: int, height: int) -> None:
    if min(width, height) < bfl_rules.LEAST_SIDE:
        raise Refusal(f"image must be at least {bfl_rules.LEAST_SIDE}x{bfl_rules.LEAST_SIDE} pixels.")
    if width * height > bfl_rules.MOST_PIXELS:
        raise Refusal("image must not exceed 20 megapixels.")


def _ask(body: object) -> tuple[str | None, int | None]:
    if not isinstance(body, dict):
        return None, None
    prompt, seed = body.get("prompt"), body.get("seed")
    return prompt if isinstance(prompt, str) else None, seed if isinstance(seed, int) else None


def _order(body: Mapping[str, object], size: tuple[int, int], references: tuple[Reference, ...]) -> Order:
    given = body.get("seed")
    return Order(
        vendor=VENDOR,
        model=bfl_rules.MODEL,
        prompt=str(body["prompt"]),
        width=size[0],
        height=size[1],
        seed=given if isinstance(given, int) else secrets.randbits(32),
        seed_given=given is not None,
        references=references,
        form=str(body.get("output_format") or "jpeg"),
    )
