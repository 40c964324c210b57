"""Runway's developer API, version 2024-11-06, as far as its images go: every route and every refusal."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from aiohttp import web

from app.sandbox import runway_rules, zod
from app.sandbox.admission import admitted
from app.sandbox.assets import Asset, Refusal, web_host
from app.sandbox.order import Order, Reference
from app.sandbox.outputs import output_address
from app.sandbox.runway_models import runway_models
from app.sandbox.stage import BadJson, Stage, cut, proxy_page, read_json
from app.sandbox.tasks import Failure, Status, Task
from app.sandbox.uploads import StoreRefusal

VERSION = "2024-11-06"
DOCS = "https://docs.dev.runwayml.com/api"
NO_CREDITS = "You do not have enough credits to run this task."
MODERATED = "Text did not pass moderation."

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def routes(stage: Stage) -> list[web.AbstractRouteDef]:
    api = RunwayApi(stage)
    return [
        web.post("/v1/text_to_image", api.guarded(api.create)),
        web.get("/v1/tasks/{task}", api.guarded(api.retrieve), allow_head=False),
        web.delete("/v1/tasks/{task}", api.guarded(api.delete)),
        web.post("/v1/uploads", api.guarded(api.begin_upload)),
        web.get("/v1/organization", api.guarded(api.organization), allow_head=False),
        web.post("/v1/organization/usage", api.guarded(api.usage)),
        web.post("/_uploads", api.store_upload),
    ]


def refusal(status: int, error: str, **more: object) -> web.Response:
    return web.json_response({"error": error} | more, status=status)


def invalid(issues: list[zod.Issue]) -> web.Response:
    return refusal(400, "Validation of body failed", issues=issues, docUrl=DOCS)


@dataclass(frozen=True, slots=True)
class RunwayApi:
    stage: Stage

    def guarded(self, handler: Handler) -> Handler:
        """Key first, then version; a body that cannot be read is answered here."""

        async def answer(request: web.Request) -> web.StreamResponse:
            scheme, _, key = request.headers.get("Authorization", "").partition(" ")
            if scheme.lower() != "bearer" or not key.strip() or self.stage.knobs.keys_refused:
                return refusal(401, "Invalid API key. Check the Authorization header.")
            version = request.headers.get("X-Runway-Version")
            if version is None:
                return refusal(400, "The X-Runway-Version header was not provided.", docUrl=DOCS)
            if version != VERSION:
                return refusal(400, f"The X-Runway-Version “{version[:40]}” is not known.", docUrl=DOCS)
            try:
                return await handler(request)
            except BadJson as wrong:
                return refusal(wrong.status, wrong.message)

        return answer

    async def create(self, request: web.Request) -> web.StreamResponse:
        body = await read_json(request, self.stage.tally)
        made = await admitted(
            self.stage, request, _ask(body), lambda: self._accept(body),
            lambda status: self._trouble(status, "text_to_image"),
        )  # fmt: skip
        if isinstance(made, web.StreamResponse):
            return made
        return web.json_response({"id": made.id, "estimatedCost": {"credits": made.credits}})

    async def _accept(self, body: object) -> Task | web.Response:
        issues = runway_rules.create_issues(body)
        if issues or not isinstance(body, dict):
            return invalid(issues)
        references: list[Reference] = []
        for at, item in enumerate(body.get("referenceImages", [])):
            try:
                references.append(await self._reference(item))
            except Refusal as wrong:
                return invalid([zod.custom(str(wrong), ("referenceImages", at, "uri"))])
        model = body["model"]
        credits = runway_models()[model].credits_for(body["ratio"])
        if self.stage.account.daily(model) >= self.stage.knobs.daily_generations:
            return refusal(429, "You have reached your daily limit for this model.")
        if self.stage.account.spent + credits > self.stage.knobs.credit_balance:
            return refusal(400, NO_CREDITS, docUrl=DOCS)
        order = _order(body, tuple(references))
        task = self.stage.tasks.accept(order, credits, self.stage.now(), self._failure(order))
        self.stage.tally.saw_accept(order.ask)
        return task

    async def _reference(self, item: Mapping[str, str]) -> Reference:
        uri, tag = item["uri"], item.get("tag", "")
        if uri.startswith("https://"):
            host = web_host(uri)
            return Reference(tag=tag, path=None, label=host, sha256=f"address:{uri}")
        if uri.startswith("runway://"):
            asset = await self._uploaded(uri)
        else:
            asset = await asyncio.to_thread(self.stage.assets.from_data_uri, uri)
        return Reference(tag=tag, path=asset.path, label="", sha256=asset.sha256)

    async def _uploaded(self, uri: str) -> Asset:
        upload = self.stage.uploads.stored(uri, self.stage.knobs.upload_seconds)
        if upload is None:
            raise Refusal("Invalid runway:// URI. The upload does not exist or has expired.")
        megabytes = self.stage.knobs.asset_megabytes
        return await asyncio.to_thread(self.stage.assets.from_file, upload.path, upload.sha256, megabytes)

    def _failure(self, order: Order) -> Failure | None:
        knobs = self.stage.knobs
        prompt = order.prompt.casefold()
        if any(word.casefold() in prompt for word in knobs.moderated_words if word):
            return Failure(message=MODERATED, code="SAFETY.INPUT.TEXT", charged=knobs.fail_charged)
        if self.stage.board.take("fail_next"):
            message = "An unexpected error occurred."
            return Failure(message=message, code=knobs.fail_code, charged=knobs.fail_charged)
        return None

    def _trouble(self, status: int, what: str) -> web.Response:
        knobs = self.stage.knobs
        if knobs.refuse_html:
            answer = proxy_page(status)
        else:
            answer = refusal(status, f"The sandbox was told to answer {status} to {what}.")
        if knobs.retry_after is not None:
            answer.headers["Retry-After"] = f"{knobs.retry_after:g}"
        return answer

    async def retrieve(self, request: web.Request) -> web.StreamResponse:
        stage = self.stage
        stage.tally.polls += 1
        if stage.board.take("lose_polls_next"):
            return cut(request)
        if stage.board.take("refuse_polls_next"):
            return self._trouble(stage.knobs.polls_status, "tasks")
        task = stage.tasks.find(request.match_info["task"])
        if task is None:
            return refusal(404, "Could not find Task")
        return web.json_response(self._told(task))

    def _told(self, task: Task) -> dict[str, object]:
        now = self.stage.tasks.now()
        status = task.status(now)
        created = task.created.astimezone(UTC).isoformat(timespec="milliseconds")
        told: dict[str, object] = {
            "id": task.id,
            "createdAt": created.replace("+00:00", "Z"),
            "status": status.value,
        }
        if status in (Status.THROTTLED, Status.PENDING, Status.RUNNING):
            told["estimatedCost"] = {"credits": task.credits}
        else:
            told["cost"] = {"credits": task.cost}
        if status is Status.RUNNING:
            told["progress"] = task.progress(now)
        if status is Status.SUCCEEDED:
            told["output"] = [output_address(self.stage, task.id)]
        if task.failure is not None and status is Status.FAILED:
            told["failure"] = task.failure.message
            if task.failure.code is not None:
                told["failureCode"] = task.failure.code
        return told

    async def delete(self, request: web.Request) -> web.StreamResponse:
        self.stage.tally.deletes += 1
        task = self.stage.tasks.find(request.match_info["task"])
        if task is None:
            return refusal(404, "Could not find Task")
        self.stage.tasks.remove(task)
        return web.Response(status=204)

    async def begin_upload(self, request: web.Request) -> web.StreamResponse:
        stage = self.stage
        body = await read_json(request, stage.tally)
        if stage.board.take("refuse_uploads_next"):
            return self._trouble(stage.knobs.uploads_status, "uploads")
        issues = runway_rules.upload_issues(body)
        if issues or not isinstance(body, dict):
            return invalid(issues)
        upload = stage.uploads.begin(body["filename"])
        stage.tally.uploads_begun += 1
        address = f"http://{request.host}/_uploads"
        return web.json_response({"uploadUrl": address, "fields": upload.fields, "runwayUri": upload.uri})

    async def store_upload(self, request: web.Request) -> web.StreamResponse:
        """Not Runway's own server but the store behind it: no key, XML, and a length in advance."""
        tally = self.stage.tally
        tally.keys_leaked += "Authorization" in request.headers
        if self.stage.board.take("lose_uploads_next"):
            return cut(request)
        try:
            if request.content_length is None:
                raise StoreRefusal(411, "MissingContentLength", "You must provide the Content-Length header.")
            if request.content_type != "multipart/form-data":
                raise StoreRefusal(412, "PreconditionFailed", "The body must be multipart/form-data.")
            await self.stage.uploads.store(await request.multipart(), self._count)
        except StoreRefusal as wrong:
            return _store_page(wrong)
        except ValueError:
            return _store_page(StoreRefusal(400, "MalformedPOSTRequest", "The form data is not well-formed."))
        tally.uploads_stored += 1
        return web.Response(status=204)

    def _count(self, size: int) -> None:
        self.stage.tally.bytes_received += size

    async def organization(self, request: web.Request) -> web.StreamResponse:
        knobs, account = self.stage.knobs, self.stage.account
        limits = {
            "maxConcurrentGenerations": knobs.concurrency,
            "maxDailyGenerations": knobs.daily_generations,
        }
        usage = {one: {"dailyGenerations": account.daily(one)} for one in runway_models()}
        return web.json_response(
            {
                "creditBalance": knobs.credit_balance - account.spent,
                "tier": {
                    "maxMonthlyCreditSpend": 10_000_000,
                    "models": {one: limits for one in runway_models()},
                },
                "usage": {"models": usage},
            }
        )

    async def usage(self, request: web.Request) -> web.StreamResponse:
        body = await read_json(request, self.stage.tally)
        asked = body if isinstance(body, dict) else {}
        start, before = _day(asked.get("startDate")), _day(asked.get("beforeDate"))
        if "startDate" not in asked:
            start = self.stage.now().date() - timedelta(days=30)
        if "beforeDate" not in asked and start is not None:
            before = min(start, date.max - timedelta(days=30)) + timedelta(days=30)
        issues = runway_rules.usage_issues(body, start, before)
        if issues or start is None or before is None:
            return invalid(issues)
        results = self.stage.account.used(start, before)
        return web.json_response({"models": list(runway_models()), "results": results})


def _ask(body: object) -> tuple[str | None, int | None]:
    if not isinstance(body, dict):
        return None, None
    prompt, seed = body.get("promptText"), body.get("seed")
    return prompt if isinstance(prompt, str) else None, seed if isinstance(seed, int) else None


def _order(body: Mapping[str, object], references: tuple[Reference, ...]) -> Order:
    width, height = (int(side) for side in str(body["ratio"]).split(":"))
    given = body.get("seed")
    return Order(
        vendor="runway",
        model=str(body["model"]),
        prompt=str(body["promptText"]),
        width=width,
        height=height,
        seed=int(given) if isinstance(given, int | float) else secrets.randbits(32),
        seed_given=given is not None,
        references=references,
    )


def _day(text: object) -> date | None:
    try:
        return datetime.strptime(str(text), "%Y-%m-%d").date()
    except ValueError:
        return None


def _store_page(wrong: StoreRefusal) -> web.Response:
    page = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<Error><Code>{wrong.code}</Code><Message>{wrong.message}</Message></Error>"
    )
    return web.Response(status=wrong.status, text=page, content_type="application/xml")
