"""A raw httpx loop over the same jobs, as fast as it goes: no ledger, no check, nothing kept but the file.
What a machine can do at all, so that the engine's own share can be told from the machine's."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import httpx

from benchmarks.batch_client import PROMPT, at_once, main, measured

LOOK_EVERY = 0.1
_ALL = httpx.Limits(max_connections=None)


def before() -> float:
    """Seconds before the first look: the fifth word, as long as a task takes."""
    return float(sys.argv[5]) if len(sys.argv) > 5 else 0.3


async def by_raw(url: str, jobs: int, folder: Path) -> dict[str, object]:
    places = asyncio.Semaphore(at_once())

    async def one(client: httpx.AsyncClient, number: int) -> int:
        async with places:
            body = {"model": "gen4_image", "promptText": PROMPT, "seed": number}
            made = (await client.post("/v1/text_to_image", json=body)).json()
            await asyncio.sleep(before())
            while (task := (await client.get(f"/v1/tasks/{made['id']}")).json())["status"] != "SUCCEEDED":  # noqa: ASYNC110
                await asyncio.sleep(LOOK_EVERY)
            async with client.stream("GET", task["output"][0]) as picture:
                with (folder / f"{number}.png").open("wb") as out:
                    async for chunk in picture.aiter_bytes():
                        out.write(chunk)
        return 1

    async def work() -> int:
        async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=None, limits=_ALL) as client:
            return sum(await asyncio.gather(*(one(client, number) for number in range(jobs))))

    return await measured(work)


if __name__ == "__main__":
    main(by_raw)
