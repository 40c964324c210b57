"""What is shipped: locks, declared packages, a changelog, and no trace of the machine it was made on."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.sources import ROOT, files, sources

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
RUN = [Requirement(one) for one in PROJECT["dependencies"]]
DEV = [Requirement(one) for one in PROJECT["optional-dependencies"]["dev"]]
PACKAGE = [Requirement(one) for one in PROJECT["optional-dependencies"]["package"]]
LOCKS = {
    "requirements.lock": RUN,
    "requirements-dev.lock": RUN + DEV + PACKAGE,
    "requirements-package.lock": RUN + PACKAGE,
}

PINNED = re.compile(
    r"^([\w.-]+)==([^\s;]+)(?: ; [^\\\n]+)? \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.M
)
ADDRESS = re.compile(r"https?:|file:|--index|--extra-index|--find-links|--trusted|^-", re.M)


def pinned(lock: str) -> dict[str, str]:
    """Package → version, of every entry that has a hash."""
    text = (ROOT / "packaging" / lock).read_text(encoding="utf-8")
    return {canonicalize_name(name): version for name, version, _ in PINNED.findall(text)}


# --- locks --------------------------------------------------------------------------------------


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_is_exact_hashed_and_without_addresses(lock: str) -> None:
    text = (ROOT / "packaging" / lock).read_text(encoding="utf-8")
    entries = [line for line in text.splitlines() if line and line[0] not in "# "]
    assert len(pinned(lock)) == len(entries) > 40
    assert not ADDRESS.search(text)


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_every_dependency_in_its_bounds(lock: str) -> None:
    versions = pinned(lock)
    assert len(LOCKS[lock]) > 10
    outside = [
        str(one)
        for one in LOCKS[lock]
        if not one.specifier.contains(versions.get(canonicalize_name(one.name), "0"))
    ]
    assert not outside, "change of dependencies? `make lock`"


def test_the_locks_agree() -> None:
    run, dev = pinned("requirements.lock"), pinned("requirements-dev.lock")
    package = pinned("requirements-package.lock")
    assert run.items() <= package.items() <= dev.items()
    assert len(dev) > len(run) > 0


def test_a_lock_knows_every_platform() -> None:
    text = (ROOT / "packaging" / "requirements-dev.lock").read_text(encoding="utf-8")
    for other in ("pywin32-ctypes", "colorama", "secretstorage"):
        assert re.search(rf"^{other}==\S+ ; .*(sys_platform|os_name)", text, re.M), other


# --- declared packages --------------------------------------------------------------------------


def imported() -> set[str]:
    """Top names of everything that `app` and `widgets` import, anywhere in them."""
    found: set[str] = set()
    for one in sources("app", "widgets", "resources"):
        for node in ast.walk(one.tree):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.split(".")[0])
            elif isinstance(node, ast.Call) and "import_module" in ast.unparse(node.func) and node.args:
                found |= {str(a.value).split(".")[0] for a in node.args[:1] if isinstance(a, ast.Constant)}
    return found


def distributions() -> set[str]:
    """The packages, by their names on PyPI, that `app` and `widgets` import."""
    owners = packages_distributions()
    theirs = imported() - set(sys.stdlib_module_names) - {"app", "widgets", "resources", "__future__"}
    return {canonicalize_name(owner) for name in theirs for owner in owners.get(name, [name])}


def test_what_is_imported_is_declared_and_what_is_declared_is_imported() -> None:
    declared = {canonicalize_name(one.name) for one in RUN}
    # These come with another one, or are needed by another one: shiboken6 and its stubs by PySide6.
    together = {"shiboken6", "types-pyside6", "pyside6"}
    more = PROJECT["optional-dependencies"]["cluster"]
    cluster = {canonicalize_name(Requirement(one).name) for one in more}
    used = distributions()
    assert len(used) > 8
    assert not used - declared - together - cluster
    assert not declared - used - {"setuptools"}


def test_python_bounds_are_those_of_the_design() -> None:
    assert PROJECT["requires-python"] == ">=3.11,<3.14"
    bounds = {one.name: str(one.specifier) for one in RUN}
    assert bounds["PySide6-Essentials"] == "<6.12,>=6.9"
    assert bounds["NodeGraphQt"] == "==0.6.44"


def test_scripts_point_at_the_program() -> None:
    scripts = {**PROJECT["scripts"], **PROJECT["gui-scripts"]}
    assert set(scripts) == {"tagloom", "tagloom-window"}
    for target in scripts.values():
        module, function = target.split(":")
        main = next(one for one in sources("app") if one.name == module)
        assert any(isinstance(node, ast.FunctionDef) and node.name == function for node in main.tree.body)


# --- the machine it was made on -----------------------------------------------------------------

# Put together here, so that this file does not find itself.
PLACES = (
    "/" + "work/",
    "../" + "shared",
    "/" + "shared/",
    "/opt/" + "pypi",
    "/opt/" + "wheels",
    "/root/" + ".",
)
REGISTRIES = tuple(
    name + "." + end
    for name, end in [
        ("pypi", "org"),
        ("files.pythonhosted", "org"),
        ("registry.npmjs", "org"),
        ("deb.debian", "org"),
    ]
)
HIDING = {
    ".png",
    ".jpg",
    ".jpeg",
    ".webp",
    ".otf",
    ".ttf",
    ".ico",
    ".icns",
    ".gif",
    ".tif",
    ".tiff",
    ".heic",
    ".avif",
}


def test_nothing_speaks_of_the_machine_it_was_made_on() -> None:
    texts = [path for path in files() if path.suffix.lower() not in HIDING]
    found = []
    for path in texts:
        text = path.read_bytes().decode("utf-8", "replace")
        found += [f"{path.relative_to(ROOT)}: {word}" for word in (*PLACES, *REGISTRIES) if word in text]
    assert len(texts) > 100
    assert not found


# --- scripts, licence, changelog ----------------------------------------------------------------


def test_shell_scripts_parse_and_may_be_run() -> None:
    scripts = [path for path in files() if path.read_bytes()[:2] == b"#!" and path.suffix in (".sh", "")]
    assert {path.name for path in scripts} >= {"setup.sh", "run.sh", "lock.sh", "run"}
    for path in scripts:
        assert path.stat().st_mode & 0o111, f"{path} is not executable"
        assert subprocess.run(["bash", "-n", path], capture_output=True, timeout=10).stderr == b""


def test_the_system_libraries_are_a_table() -> None:
    text = (ROOT / "packaging" / "system-libraries.txt").read_text(encoding="utf-8")
    rows = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
    assert len(rows) > 25
    assert all(len(row) == 3 and row[0] in ("run", "test", "package") for row in rows)
    assert len({row[1] for row in rows}) == len(rows)


def test_the_changelog_is_in_its_form() -> None:
    lines = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").splitlines()
    releases = [line for line in lines if line.startswith("## ")]
    kinds = [line for line in lines if line.startswith("### ")]
    assert lines[0] == "# Changelog"
    assert releases
    assert releases[0] == "## [Unreleased]"
    assert all(re.fullmatch(r"## \[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d", line) for line in releases[1:])
    assert kinds
    assert set(kinds) <= {
        f"### {w}" for w in ("Added", "Changed", "Deprecated", "Removed", "Fixed", "Security")
    }
    assert sum(line.startswith("- ") for line in lines) > 5


def test_the_licence_is_mit_and_the_fonts_carry_theirs() -> None:
    assert (
        (ROOT / "LICENSE").read_text(encoding="utf-8").startswith("MIT License\n\nCopyright (c) 2026 Tagloom")
    )
    fonts = sorted((ROOT / "resources" / "fonts").glob("*.otf"))
    assert len(fonts) == 4
    assert "SIL OPEN FONT LICENSE Version 1.1" in (ROOT / "resources" / "fonts" / "OFL.txt").read_text(
        "utf-8"
    )
