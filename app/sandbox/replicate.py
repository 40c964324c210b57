"""Replicate's HTTP API as far as `runwayml/gen4-image` goes: every route and every refusal."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from aiohttp import BodyPartReader, web

from app.sandbox import replicate_rules as rules
from app.sandbox.admission import admitted
from app.sandbox.assets import Refusal, web_host
from app.sandbox.order import Order, Reference
from app.sandbox.outputs import output_address
from app.sandbox.stage import BadJson, Stage, cut, proxy_page, read_json
from app.sandbox.tasks import Failure, Status, Task

VENDOR = "replicate"
KEPT = 3600.0
"""Seconds for which a prediction keeps what it was given and what it gave, at most."""
MODERATED = (
    "The input or output was flagged as sensitive. Please try again with different inputs. (E005) (sandbox)"
)
LARGEST_FILE = 100 * 1024 * 1024

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def routes(stage: Stage) -> list[web.AbstractRouteDef]:
    api = ReplicateApi(stage)
    return [
        web.post(f"/v1/models/{rules.MODEL}/predictions", api.guarded(api.create)),
        web.post("/v1/models/{owner}/{model}/predictions", api.guarded(api.unknown)),
        web.get("/v1/predictions/{task}", api.guarded(api.retrieve), allow_head=False),
        web.post("/v1/predictions/{task}/cancel", api.guarded(api.cancel)),
        web.post("/v1/files", api.guarded(api.upload)),
        web.get("/v1/account", api.guarded(api.account), allow_head=False),
    ]


def refusal(status: int, title: str, detail: str, **more: object) -> web.Response:
    told = {"title": title, "detail": detail, "status": status} | more
    return web.json_response(told, status=status, content_type="application/problem+json")


def invalid(faults: list[rules.Wrong]) -> web.Response:
    detail = "".join(f"- {one['field']}: {one['description']}\n" for one in faults)
    return refusal(422, "Input validation failed", detail, invalid_fields=faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A picture's only address; gone at `ends` (epoch seconds), or when the stage turns to a new epoch."""

    address: str
    ends: float
    epoch: int


@dataclass(frozen=True, slots=True)
class ReplicateApi:
    stage: Stage
    named: dict[str, Named] = field(default_factory=dict)
    stopped: dict[str, dict[str, object]] = field(default_factory=dict)
    """Cancelled predictions: what a look at them is told."""
    files: dict[str, str] = field(default_factory=dict)
    """File id → its place on the upload shelf."""

    def guarded(self, handler: Handler) -> Handler:
        """The key first, then the body."""

        async def answer(request: web.Request) -> web.StreamResponse:
            scheme, _, key = request.headers.get("Authorization", "").partition(" ")
            if scheme.lower() not in ("bearer", "token") or not key.strip():
                return refusal(401, "Unauthenticated", "You did not pass an authentication token")
            if self.stage.knobs.keys_refused:
                return refusal(401, "Unauthenticated", "You did not pass a valid authentication token")
            try:
                return await handler(request)
            except BadJson as wrong:
                return refusal(wrong.status, "Bad request", wrong.message)

        return answer

    async def create(self, request: web.Request) -> web.StreamResponse:
        body = await read_json(request, self.stage.tally)
        made = await admitted(
            self.stage, request, _ask(body), lambda: self._accept(body),
            lambda status: self._trouble(status, "a create"),
        )  # fmt: skip
        if isinstance(made, web.StreamResponse):
            return made
        return web.json_response(_prediction(request, made, "starting"), status=201)

    async def _accept(self, body: object) -> Task | web.Response:
        faults = rules.create_faults(body)
        if faults or not isinstance(body, dict):
            return invalid(faults)
        given = body["input"]
        tags = rules.listed(given, "reference_tags")
        references: list[Reference] = []
        for item, uri in enumerate(rules.listed(given, "reference_images")):
            try:
                references.append(await self._reference(uri, tags[item] if item < len(tags) else ""))
            except Refusal as wrong:
                return invalid([rules.wrong("format", f"input.reference_images.{item}", str(wrong))])
        cents = rules.cents_for(given)
        if self.stage.account.spent + cents > self.stage.knobs.credit_balance:
            return refusal(402, "Insufficient credit", "You have insufficient credit to run this model.")
        order = _order(given, tuple(references))
        task = self.stage.tasks.accept(order, cents, self.stage.now(), self._failure(order))
        self.stage.tally.saw_accept(order.ask)
        return task

    async def _reference(self, uri: str, tag: str) -> Reference:
        if uri.startswith("data:"):
            asset = await asyncio.to_thread(self.stage.assets.from_data_uri, uri)
            return Reference(tag=tag, path=asset.path, label="", sha256=asset.sha256)
        start, slash, id = uri.rpartition("/v1/files/")
        if not slash or start.removeprefix("http://") not in self.stage.hosts:
            return Reference(tag=tag, path=None, label=web_host(uri), sha256=f"address:{uri}")
        upload = self.stage.uploads.stored(self.files.get(id, ""), self.stage.knobs.upload_seconds)
        if upload is None:
            raise Refusal("The file does not exist or has expired.")
        megabytes = self.stage.knobs.asset_megabytes
        asset = await asyncio.to_thread(self.stage.assets.from_file, upload.path, upload.sha256, megabytes)
        return Reference(tag=tag, path=asset.path, label="", sha256=asset.sha256)

    def _failure(self, order: Order) -> Failure | None:
        knobs = self.stage.knobs
        prompt = order.prompt.casefold()
        if any(word.casefold() in prompt for word in knobs.moderated_words if word):
            return Failure(message=MODERATED, code=None, charged=knobs.fail_charged)
        if self.stage.board.take("fail_next"):
            return Failure(message=knobs.fail_code or "", code=None, charged=knobs.fail_charged)
        return None

    def _trouble(self, status: int, what: str) -> web.Response:
        knobs = self.stage.knobs
        if knobs.refuse_html:
            answer: web.Response = proxy_page(status)
        elif status == 429:
            answer = web.json_response({"detail": "Request was throttled.", "status": 429}, status=429)
        else:
            answer = refusal(status, "Refused", f"The sandbox answers {status} to {what}.")
        if knobs.retry_after is not None:
            answer.headers["Retry-After"] = f"{knobs.retry_after:g}"
        return answer

    async def unknown(self, request: web.Request) -> web.StreamResponse:
        return _nothing()

    async def retrieve(self, request: web.Request) -> web.StreamResponse:
        stage = self.stage
        stage.tally.polls += 1
        if stage.board.take("lose_polls_next"):
            return cut(request)
        if stage.board.take("refuse_polls_next"):
            return self._trouble(stage.knobs.polls_status, "a look")
        id = request.match_info["task"]
        if id in self.stopped:
            return web.json_response(self.stopped[id])
        task = stage.tasks.find(id)
        if task is None or task.order.vendor != VENDOR:
            return _nothing()
        return web.json_response(self._told(request, task))

    async def cancel(self, request: web.Request) -> web.StreamResponse:
        """Stopped before its start it is `aborted` and free, after it `canceled` and charged."""
        self.stage.tally.deletes += 1
        id = request.match_info["task"]
        task = self.stage.tasks.find(id)
        if id not in self.stopped and (task is None or task.order.vendor != VENDOR):
            return _nothing()
        if id not in self.stopped and task is not None:
            told = self._told(request, task)
            if told["status"] not in ("starting", "processing"):
                return web.json_response(told)
            ended = "aborted" if told["status"] == "starting" else "canceled"
            self.stopped[id] = told | {"status": ended, "completed_at": _stamp(self.stage.now())}
            self.stage.tasks.remove(task)
        return web.json_response(self.stopped[id])

    def _told(self, request: web.Request, task: Task) -> dict[str, object]:
        now = self.stage.tasks.now()
        match task.status(now):
            case Status.THROTTLED | Status.PENDING:
                return _prediction(request, task, "starting")
            case Status.RUNNING:
                logs = f"Generating...\n{task.progress(now):.0%}\n"
                return _prediction(request, task, "processing", logs=logs)
            case Status.FAILED:
                error = task.failure.message if task.failure is not None else ""
                return _prediction(request, task, "failed", error=error)
            case _:
                return _prediction(request, task, "succeeded", **self._picture(task))

    def _picture(self, task: Task) -> dict[str, object]:
        """The one address there is; after its time, that everything was removed."""
        stage = self.stage
        if task.id not in self.named:
            ends = time.time() + min(stage.knobs.output_seconds, KEPT)
            address = output_address(stage, task.id, most=KEPT)
            self.named[task.id] = Named(address=address, ends=ends, epoch=stage.epoch)
        named = self.named[task.id]
        if named.epoch != stage.epoch or time.time() >= named.ends:
            return {"output": None, "input": {}, "logs": None, "data_removed": True}
        return {"output": named.address, "logs": f"Using seed: {task.order.seed}\nGenerating...\n100%\n"}

    async def upload(self, request: web.Request) -> web.StreamResponse:
        """A form with the part `content`; where the file can be named in a request."""
        stage = self.stage
        stage.tally.uploads_begun += 1
        if stage.board.take("refuse_uploads_next"):
            return self._trouble(stage.knobs.uploads_status, "an upload")
        if stage.board.take("lose_uploads_next"):
            return cut(request)
        if not request.content_type.startswith("multipart/form-data"):
            return refusal(400, "Bad request", "Send multipart/form-data.")
        form = await request.multipart()
        while (part := await form.next()) is not None:
            if isinstance(part, BodyPartReader) and part.name == "content":
                return await self._stored(request, part)
        return refusal(400, "Bad request", "Missing content")

    async def _stored(self, request: web.Request, part: BodyPartReader) -> web.StreamResponse:
        stage = self.stage
        upload = stage.uploads.begin(part.filename or "file")
        told, size = hashlib.sha256(), 0
        with upload.path.open("wb") as file:
            while chunk := await part.read_chunk(262_144):
                size += len(chunk)
                stage.tally.bytes_received += len(chunk)
                if size > LARGEST_FILE:
                    return refusal(413, "Too large", "File is too large")
                told.update(chunk)
                await asyncio.to_thread(file.write, chunk)
        upload.sha256 = told.hexdigest()
        stage.tally.uploads_stored += 1
        id = secrets.token_hex(12)
        self.files[id] = upload.uri
        answer = {
            "id": id,
            "name": upload.filename,
            "content_type": part.headers.get("Content-Type", "application/octet-stream"),
            "size": size,
            "etag": upload.sha256[:32],
            "checksums": {"sha256": upload.sha256},
            "metadata": {},
            "created_at": _stamp(stage.now()),
            "expires_at": None,
            "urls": {"get": f"http://{request.host}/v1/files/{id}"},
        }
        return web.json_response(answer, status=201)

    async def account(self, request: web.Request) -> web.StreamResponse:
        return web.json_response({"type": "user", "username": "sandbox", "name": "Sandbox", "github_url": ""})


def _nothing() -> web.Response:
    return refusal(404, "Not found", "The requested resource could not be found.")


def _prediction(request: web.Request, task: Task, status: str, **more: object) -> dict[str, object]:
    base = f"http://{request.host}/v1/predictions/{task.id}"
    order = task.order
    given: dict[str, object] = {"prompt": order.prompt}
    if order.seed_given:
        given["seed"] = order.seed
    return {
        "id": task.id,
        "model": order.model,
        "version": rules.VERSION,
        "input": given,
        "logs": "",
        "output": None,
        "data_removed": False,
        "error": None,
        "status": status,
        "created_at": _stamp(task.created),
        "started_at": _stamp(task.created) if status not in ("starting", "aborted") else None,
        "completed_at": _stamp(task.created) if status in ("succeeded", "failed") else None,
        "metrics": {"predict_time": task.seconds} if status == "succeeded" else {},
        "urls": {"get": base, "cancel": f"{base}/cancel"},
    } | more


def _stamp(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _ask(body: object) -> tuple[str | None, int | None]:
    given = body.get("input") if isinstance(body, dict) else None
    if not isinstance(given, dict):
        return None, None
    prompt, seed = given.get("prompt"), given.get("seed")
    return prompt if isinstance(prompt, str) else None, seed if isinstance(seed, int) else None


def _order(given: Mapping[str, object], references: tuple[Reference, ...]) -> Order:
    seed = given.get("seed")
    width, height = rules.size_of(given)
    return Order(
        vendor=VENDOR,
        model=rules.MODEL,
        prompt=str(given["prompt"]),
        width=width,
        height=height,
        seed=seed if isinstance(seed, int) else secrets.randbits(32),
        seed_given=seed is not None,
        references=references,
    )
