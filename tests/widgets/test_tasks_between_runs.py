"""What a timer of Qt starts while nobody runs the loop."""

from __future__ import annotations

import asyncio

from widgets.tasks import Tasks


def test_it_begins_with_the_next_run() -> None:
    done: list[str] = []

    async def work(what: str) -> None:
        done.append(what)

    async def begin() -> Tasks:
        tasks = Tasks(lambda fault: None)
        await tasks.start(work("first"))
        return tasks

    with asyncio.Runner() as runner:
        tasks = runner.run(begin())
        between = tasks.start(work("between"))
        assert done == ["first"]

        async def go_on() -> None:
            await between
            await tasks.close()

        runner.run(go_on())
    assert done == ["first", "between"]
