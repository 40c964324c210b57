"""CHANGELOG.md in the form that Debian reads, the newest release alone:
`python packaging/papers/debian_changelog.py VERSION CHANGELOG.md`, with SOURCE_DATE_EPOCH."""

from __future__ import annotations

import os
import re
import sys
import textwrap
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

MAINTAINER = "Tagloom contributors <tagloom@users.noreply.github.com>"
MARKS = re.compile(r"[`*]|(?<=\w)\]\([^)]*\)|\[(?=\w)")


def debian_changelog(text: str, *, version: str, when: datetime) -> str:
    """`text` is CHANGELOG.md; its first section is what this version brings."""
    first = re.split(r"^## .*$", text, flags=re.M)[1]
    items = [MARKS.sub("", " ".join(one.split())) for one in re.split(r"^- ", first, flags=re.M)[1:]]
    body = [
        textwrap.fill(re.sub(r"\s*### \w+$", "", one), 78, initial_indent="  * ", subsequent_indent="    ")
        for one in items
    ]
    head = f"tagloom ({version}) unstable; urgency=medium"
    return "\n\n".join([head, "\n".join(body), f" -- {MAINTAINER}  {format_datetime(when)}"]) + "\n"


if __name__ == "__main__":
    made = datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), UTC)
    sys.stdout.write(debian_changelog(Path(sys.argv[2]).read_text("utf-8"), version=sys.argv[1], when=made))
