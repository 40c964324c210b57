"""What Tagloom is called, which version it is, and where it lives on the web: written down here alone.

The project's page is not there yet: HOME, ISSUES and RELEASES have the shape that GitHub gives them, and
nobody has verified them. Nothing is ever sent there without a click.
"""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

HOME = "https://github.com/tagloom/tagloom"
ISSUES = HOME + "/issues/new"
"""Opened in the browser by *Report…*, with nothing attached."""
RELEASES = "https://api.github.com/repos/tagloom/tagloom/releases/latest"
"""Asked by the update check (https://docs.github.com/rest/releases/releases#get-the-latest-release)."""


def tagloom_version() -> str:
    try:
        return version("tagloom")
    except PackageNotFoundError:  # started from a folder that nobody installed
        return "0"
