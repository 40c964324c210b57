"""`tagloom worker`: works for the batches of a Dask cluster until it is ended."""

from __future__ import annotations

import argparse
import asyncio
import os

from app.basics.words import say, say_many
from app.batch.dask_worker import post_of
from app.cli.exits import Exit
from app.cli.speech import Speech
from app.studio.clustering import worker_of
from app.studio.studio import Studio


async def worker(studio: Studio, args: argparse.Namespace, speech: Speech) -> Exit:
    """Ctrl+C and SIGTERM end it: what a vendor is at goes on there, and whoever has the row next follows
    it."""
    post = post_of(args.address, args.threads, args.name, args.host)
    serving = worker_of(studio, post, os.environ, speech.say)
    speech.say(say_many(post.threads, "One row at a time.", "Up to {n} rows at a time."))
    try:
        await serving.serve()
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is not None:
            task.uncancel()
        speech.say(say("Ended. What is under way is followed by the next worker."))
    return Exit.DONE
