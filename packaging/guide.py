"""`make guide`: the guide as web pages, for packages and for reading without the program.

Markdown becomes HTML by markdown-it-py; what is filled in comes from the real window, drawn without a screen,
so that commands are called as they are and keys are those of a new installation.

    python packaging/guide.py build/guide
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from html import escape
from pathlib import Path
from string import Template

from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from app.preferences import declared  # noqa: E402
from widgets.desktop import open_shell  # noqa: E402
from widgets.furnish import furnished  # noqa: E402
from widgets.guide.pages import KIND, LANGUAGES, Guide  # noqa: E402
from widgets.loop import live  # noqa: E402
from widgets.workbench import Workbench  # noqa: E402

PAGE = Template("""<!DOCTYPE html>
<html lang="$lang">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title – Tagloom</title>
<link rel="stylesheet" href="../guide.css">
</head>
<body>
<nav aria-label="$contents"><p><strong>Tagloom</strong></p>
<ul>
$links
</ul>
<p class="languages">$languages</p></nav>
<main>
$body
</main>
</body>
</html>
""")
SHEET = """
:root { color-scheme: light dark; --ground: #f4f5f8; --card: #fff; --text: #1d2129; --muted: #5a6272;
  --line: #d3d7e0; --accent: #3b5fe0; --code: #e3e6ee; }
@media (prefers-color-scheme: dark) { :root { --ground: #15171c; --card: #1c1f27; --text: #e9ecf2;
  --muted: #9aa3b5; --line: #2f3440; --accent: #7f9dff; --code: #2b2f3a; } }
body { margin: 0; display: flex; background: var(--ground); color: var(--text);
  font: 15px/1.6 Inter, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; }
nav { flex: 0 0 15rem; padding: 1rem 1.2rem; font-size: 14px; }
nav ul { list-style: none; margin: 0; padding: 0; }
nav li.node { padding-left: 1rem; }
main { flex: 1; min-width: 0; max-width: 52rem; padding: 1rem 2rem 4rem; background: var(--card);
  min-height: 100vh; border-left: 1px solid var(--line); }
a { color: var(--accent); }
nav a { color: inherit; text-decoration: none; }
nav a[aria-current] { color: var(--accent); font-weight: 600; }
h1 { font-size: 1.7rem; } h2 { font-size: 1.2rem; margin-top: 2em; } h3 { font-size: 1rem; }
code { background: var(--code); border-radius: 4px; padding: 0 .3em; font-size: .92em; }
pre { background: var(--code); border-radius: 8px; padding: .8em 1em; overflow: auto; }
pre code { padding: 0; background: none; }
table { border-collapse: collapse; display: block; overflow-x: auto; margin: 1em 0; }
th, td { border: 1px solid var(--line); padding: .35em .6em; text-align: left; vertical-align: top; }
.languages { color: var(--muted); }
@media (max-width: 46rem) { body { display: block; } main { border-left: 0; padding: 1rem; } }
"""
NAMES = {"en": "English", "zh_CN": "简体中文"}


def main(folder: Path) -> int:
    """Writes every page of every language; how many there are is said. 0 where all went well."""
    with tempfile.TemporaryDirectory() as home:
        os.environ.update(QT_QPA_PLATFORM="offscreen", TAGLOOM_HOME=home)
        made: list[Path] = []

        async def session(bench: Workbench, closed: asyncio.Event) -> None:
            for language in LANGUAGES:  # names of nodes, fields and menus are those of the window
                bench.studio.options.set(declared.LANGUAGE, language)
                await asyncio.sleep(0.2)
                made.extend(written(bench.help.guide_in(language), language, folder))

        live(open_shell(), lambda shell: furnished(shell, session))
    (folder / "guide.css").write_text(SHEET, encoding="utf-8")
    print(f"{len(made)} pages in {folder}")
    return 0 if made else 1


def written(guide: Guide, language: str, folder: Path) -> list[Path]:
    """The pages of one language."""
    target = folder / language
    target.mkdir(parents=True, exist_ok=True)
    paths = []
    for id in guide.ids:
        path = target / f"{id}.html"
        path.write_text(page_of(guide, id, language), encoding="utf-8")
        paths.append(path)
    return paths


def page_of(guide: Guide, id: str, language: str) -> str:
    """A whole page."""
    body = MarkdownIt("commonmark").enable("table").render(guide.page(id))
    links = (
        f'<li{" class=node" if one.startswith(KIND) else ""}><a href="{one}.html"'
        f"{' aria-current=page' if one == id else ''}>{escape(guide.title(one))}</a></li>"
        for one in guide.ids
    )
    others = (
        NAMES[one] if one == language else f'<a href="../{one}/{id}.html" lang="{one[:2]}">{NAMES[one]}</a>'
        for one in LANGUAGES
    )
    return PAGE.substitute(
        lang=language.replace("_", "-"),
        title=escape(guide.title(id)),
        contents=escape(guide.words["contents"]),
        links="\n".join(links),
        languages=" · ".join(others),
        body=body.replace('.md"', '.html"'),
    )


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "build/guide")))
