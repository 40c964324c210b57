"""Which version of Tagloom is the newest, as the project's page says: asked once, read warily, told in words.

Nothing goes out but the request itself: no cookie, no key, no query, a User-Agent of name and version. An
answer that was seen before is asked for by its mark (`If-None-Match`) and comes without a body.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from app.basics.about import RELEASES
from app.basics.faults import Retry, Unreachable
from app.basics.words import mark, say, spoken
from app.providers.addresses import check_address, host_of, may_follow
from app.providers.line import Answer, Break, LineBroke
from app.providers.redaction import safe_text
from app.providers.transport import Transport

SECONDS = 10.0
MOST_BYTES = 256_000
MOST_WORDS = 1500
_VARIABLE = "TAGLOOM_UPDATES_URL"
_BROKE: Mapping[Break, str] = {
    Break.NAME: mark("The name {host} was not found."),
    Break.CERTIFICATE: mark(
        "The certificate of {host} is not trusted by this computer: somebody stands between."
    ),
    Break.TLS: mark("No safe connection to {host} could be made."),
    Break.PROXY: mark("The proxy on the way to {host} refused."),
    Break.SLOW: mark("{host} did not answer in time."),
    Break.CONNECT_TIMEOUT: mark("{host} did not answer in time."),
}
_NO_WAY = mark("{host} could not be reached.")


class Release(Struct, frozen=True, kw_only=True):
    """As the page gives it: `version` is a tag such as `v0.2.0`, `words` say what has changed."""

    version: str
    page: str
    words: str
    early: bool = False
    """A draft or a try-out, not for everybody."""


class Heard(Struct, frozen=True, kw_only=True):
    """`release` None: as it was when `mark` was given."""

    mark: str
    release: Release | None


class News:
    """`TAGLOOM_UPDATES_URL` in `environment` names a company's own page, which is asked instead."""

    def __init__(
        self, transport: Transport, environment: Mapping[str, str], *, seconds: float = SECONDS
    ) -> None:
        self._transport, self._seconds = transport, seconds
        self._address = environment.get(_VARIABLE, "").strip() or RELEASES

    async def ask(self, mark: str = "") -> Heard:
        """:raises Unreachable: `updates.…`: no answer, or none that can be read
        :raises BadInput: `address.bad`
        """
        check_address(self._address, variable=_VARIABLE)
        headers = {"Accept": "application/vnd.github+json"}
        if mark:
            headers["If-None-Match"] = mark
        try:
            answer = await self._transport.ask(
                "GET", self._address, headers=headers, most=MOST_BYTES, seconds=self._seconds, fresh=True
            )
        except LineBroke as broke:
            words = _BROKE.get(broke.broke, _NO_WAY)
            raise self._fault(spoken(words, host=host_of(self._address)), str(broke.broke)) from None
        if answer.status == 304 and mark:
            return Heard(mark=mark, release=None)
        return Heard(mark=answer.headers.get("etag", "")[:200], release=self._read(answer))

    def _read(self, answer: Answer) -> Release:
        host = host_of(self._address)
        if answer.status in (301, 302, 303, 307, 308, 511):
            raise self._fault(
                say("{host} sent us elsewhere, as the login page of a network does.", host=host), "redirect"
            )
        if answer.status != 200:
            raise self._fault(
                say("{host} answered with {status}.", host=host, status=answer.status), str(answer.status)
            )
        told = answer.mapping
        version, page, words = (told.get(name) for name in ("tag_name", "html_url", "body"))
        if not answer.whole or not isinstance(version, str) or not 1 <= len(version) <= 60:
            raise self._fault(say("What {host} answered cannot be read.", host=host), "junk")
        safe_page = page if isinstance(page, str) and may_follow(page, base=self._address) else ""
        lines = words.splitlines() if isinstance(words, str) else []
        said = "\n".join(safe_text(line, most=200) for line in lines[:40])
        return Release(
            version=safe_text(version),
            page=safe_page,
            words=said[:MOST_WORDS].strip(),
            early=told.get("prerelease") is True or told.get("draft") is True,
        )

    def _fault(self, title: str, code: str) -> Unreachable:
        return Unreachable(
            title,
            advice=say("Nothing has changed here. Try again later, or look at the project's page."),
            code=f"updates.{code}",
            retry=Retry.LATER,
        )
