"""A batch through the official SDK."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import httpx
from runwayml import AsyncRunwayML

from benchmarks.batch_client import PROMPT, at_once, main, measured, photographs


async def by_sdk(url: str, jobs: int, folder: Path) -> dict[str, object]:
    """The official SDK as shipped, ten at a time, its photographs uploaded once; the pictures are streamed
    to disk by httpx, since the SDK leaves that to its user."""
    client = AsyncRunwayML(api_key="key_" + "0" * 128, base_url=url)
    places = asyncio.Semaphore(at_once())
    files = photographs(folder)
    times: list[float] = []

    async def one(number: int, references: list[dict[str, str]], web: httpx.AsyncClient) -> None:
        async with places:
            began = time.perf_counter()
            task = await client.text_to_image.create(
                model="gen4_image",
                prompt_text=PROMPT,
                ratio="1920:1080",
                seed=number,
                reference_images=references,  # type: ignore[arg-type]
            )
            done = await task.wait_for_task_output()
            async with web.stream("GET", done.output[0]) as response:
                with (folder / f"{number}.png").open("wb") as out:
                    async for piece in response.aiter_bytes(1 << 18):
                        out.write(piece)
            times.append(time.perf_counter() - began)

    async def work() -> int:
        references = []
        for tag, file in files.items():
            uploaded = await client.uploads.create_ephemeral(file=file)
            references.append({"uri": uploaded.uri, "tag": tag})
        async with httpx.AsyncClient(timeout=60) as web:
            await asyncio.gather(*(one(number, references, web) for number in range(jobs)))
        return len(times)

    told = await measured(work)
    told["job_seconds"] = sum(times) / len(times)
    await client.close()
    return told


if __name__ == "__main__":
    main(by_sdk)
