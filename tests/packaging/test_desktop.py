"""What the three desktops are told: desktop file, types, AppStream, installer, bundle, release workflow."""

from __future__ import annotations

import configparser
import plistlib
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image

from tests.house.sources import ROOT
from tests.packaging.scripts import PACKAGING, script

VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
DOCUMENT, BUNDLE = "application/x-tagloom+json", "application/x-tagloom+zip"
MIME = "{http://www.freedesktop.org/standards/shared-mime-info}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def desktop() -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(PACKAGING / "linux" / "tagloom.desktop", encoding="utf-8")
    return parser["Desktop Entry"]


def test_the_desktop_file_opens_our_types_and_speaks_chinese() -> None:
    entry = desktop()
    assert entry["Exec"] == "tagloom-window %F"
    assert set(entry["MimeType"].strip(";").split(";")) == {DOCUMENT, BUNDLE}
    for key in ("GenericName", "Comment", "Keywords"):
        assert re.search(r"[\u4e00-\u9fff]", entry[f"{key}[zh_CN]"])
    source = (ROOT / "widgets" / "desktop.py").read_text("utf-8")
    assert f'setDesktopFileName("{entry["StartupWMClass"]}")' in source


@pytest.mark.skipif(
    not shutil.which("desktop-file-validate"), reason="desktop-file-validate is not installed"
)
def test_desktop_file_validate_is_content() -> None:
    command = ["desktop-file-validate", PACKAGING / "linux" / "tagloom.desktop"]
    assert subprocess.run(command, capture_output=True, text=True, timeout=30).stdout == ""


def test_the_mime_types_are_those_of_the_desktop_file() -> None:
    root = ElementTree.parse(PACKAGING / "linux" / "tagloom.xml").getroot()
    globs = {one.attrib["type"]: one.find(f"{MIME}glob") for one in root}
    assert {kind: glob.attrib["pattern"] for kind, glob in globs.items() if glob is not None} == {
        DOCUMENT: "*.tagloom",
        BUNDLE: "*.tagloomz",
    }
    assert all(one.find(f"{MIME}comment[@{LANG}='zh_CN']") is not None for one in root)


def metainfo() -> str:
    text = (PACKAGING / "linux" / "io.github.tagloom.Tagloom.metainfo.xml.in").read_text("utf-8")
    return text.replace("@VERSION@", VERSION).replace("@DATE@", "2026-01-02")


def test_appstream_speaks_of_the_same_program_in_both_languages() -> None:
    root = ElementTree.fromstring(metainfo())
    assert root.findtext("id") == "io.github.tagloom.Tagloom"
    assert root.findtext("launchable") == "tagloom.desktop"
    assert [one.text for one in root.iter("mediatype")] == [DOCUMENT, BUNDLE]
    words = root.find("description")
    assert words is not None
    chinese = [one for one in words.iter() if one.attrib.get(LANG) == "zh_CN"]
    english = [one for one in words.iter() if one.tag in ("p", "li") and LANG not in one.attrib]
    assert len(chinese) == len(english) > 3


@pytest.mark.skipif(not shutil.which("appstreamcli"), reason="appstreamcli is not installed")
def test_appstreamcli_is_content(tmp_path: Path) -> None:
    file = tmp_path / "io.github.tagloom.Tagloom.metainfo.xml"
    file.write_text(metainfo(), encoding="utf-8")
    run = subprocess.run(
        ["appstreamcli", "validate", "--no-net", file], capture_output=True, text=True, timeout=60
    )
    assert run.returncode == 0, run.stdout


def test_the_icon_is_there_in_every_size() -> None:
    for size in script("papers/icons.py").SIZES:
        with Image.open(ROOT / "resources" / "icons" / f"tagloom-{size}.png") as picture:
            assert picture.size == (size, size)
            assert picture.mode == "RGBA"


@pytest.mark.parametrize("kind", ["ico", "icns"])
def test_windows_and_macos_get_the_same_icon(kind: str, tmp_path: Path) -> None:
    target = tmp_path / f"tagloom.{kind}"
    script("papers/icons.py").main([kind, str(target)])
    with Image.open(target) as picture:
        assert len(picture.info["sizes"]) > 4


# --- Windows ----------------------------------------------------------------------------------------


def installer() -> dict[str, list[str]]:
    """The Inno script's lines by section, without comments."""
    found: dict[str, list[str]] = {}
    for line in (PACKAGING / "windows" / "tagloom.iss").read_text("utf-8").splitlines():
        if section := re.fullmatch(r"\[(\w+)\]", line):
            here = found.setdefault(section[1], [])
        elif found and line.strip() and not line.startswith((";", "#")):
            here.append(line)
    return found


def fields(line: str) -> dict[str, str]:
    return {
        m[1]: (m[2][1:-1] if m[2].startswith('"') else m[2]).replace('""', '"')
        for m in re.finditer(r'(\w+): ("(?:[^"]|"")*"|[^;"]+)(?:; |$)', line)
    }


def test_the_installer_is_per_user_and_goes_over_an_older_version() -> None:
    setup = dict(line.split("=", 1) for line in installer()["Setup"])
    assert setup["PrivilegesRequired"] == "lowest"
    assert setup["AppVersion"] == "{#Version}"
    assert setup["AppId"].startswith("{{")
    assert setup["ChangesAssociations"] == setup["UsePreviousAppDir"] == "yes"
    for key in ("LicenseFile",):
        assert (PACKAGING / "windows" / setup[key].replace("\\", "/")).is_file()


def test_the_installer_takes_what_the_build_makes() -> None:
    build = (PACKAGING / "windows" / "build.ps1").read_text("utf-8")
    spec = (PACKAGING / "tagloom.spec").read_text("utf-8")
    [source] = [fields(line)["Source"] for line in installer()["Files"]]
    assert source == r"..\..\build\frozen\tagloom\*"
    assert r"--distpath build\frozen " in build
    assert 'name="tagloom"' in spec
    started = {fields(line)["Filename"] for line in (*installer()["Icons"], *installer()["Run"])}
    assert started == {r"{app}\tagloom-window.exe"}
    assert 'executable("tagloom-window", False' in spec
    assert r"..\..\build\tagloom.ico" in "".join(installer()["Setup"])
    assert r"icons.py ico build\tagloom.ico" in build


def test_the_installer_associates_both_endings_with_the_window() -> None:
    rows = [fields(line) for line in installer()["Registry"]]
    assert all({"Root", "Subkey", "ValueType", "ValueData"} <= set(row) for row in rows)
    assert {row["Root"] for row in rows} == {"HKA"}
    default = {row["Subkey"]: row["ValueData"] for row in rows if not row["ValueName"]}
    for ending, mime in ((".tagloom", DOCUMENT), (".tagloomz", BUNDLE)):
        kind = default[rf"Software\Classes\{ending}"]
        assert default[rf"Software\Classes\{kind}\shell\open\command"] == r'"{app}\tagloom-window.exe" "%1"'
        assert mime in [row["ValueData"] for row in rows if row["Subkey"] == rf"Software\Classes\{ending}"]


def test_uninstalling_asks_before_anything_of_the_artist_goes() -> None:
    code = "\n".join(installer()["Code"])
    asked = re.findall(r"if Wanted\('Delete the (\w+)", code)
    assert asked == ["settings", "library", "ledger"]
    assert "IDNO) = IDYES" in code
    assert code.count("begin") == len(re.findall(r"\bend\b", code))
    unasked = code[code.index("TakeFromPath;") : code.index("if Wanted('Delete the settings")]
    assert set(re.findall(r"DataFolder \+ '\\(\w+)", unasked)) == {"Cache", "Logs"}


def test_windows_reads_the_version() -> None:
    version_info = script("windows/version_info.py").version_info
    assert "filevers=(1, 2, 3, 0)" in version_info("1.2.3")
    compile(version_info(VERSION), "version_info.txt", "eval")
    with pytest.raises(ValueError, match="no version"):
        version_info("1.2.3.4")


# --- macOS -----------------------------------------------------------------------------------------


def test_the_bundle_declares_both_documents() -> None:
    told = plistlib.loads(plistlib.dumps(script("macos/info.py").info(VERSION)))
    assert told["CFBundleShortVersionString"] == VERSION
    opened = {uti for kind in told["CFBundleDocumentTypes"] for uti in kind["LSItemContentTypes"]}
    declared = {
        one["UTTypeIdentifier"]: one["UTTypeTagSpecification"] for one in told["UTExportedTypeDeclarations"]
    }
    assert opened == set(declared)
    endings = {ending for tags in declared.values() for ending in tags["public.filename-extension"]}
    assert endings == {"tagloom", "tagloomz"}
    assert {mime for tags in declared.values() for mime in tags["public.mime-type"]} == {DOCUMENT, BUNDLE}


def test_the_entitlements_let_another_qt_in() -> None:
    told = plistlib.loads((PACKAGING / "macos" / "entitlements.plist").read_bytes())
    assert told["com.apple.security.cs.disable-library-validation"] is True


@pytest.mark.skipif(not shutil.which("shellcheck"), reason="shellcheck is not installed")
def test_shellcheck_is_content() -> None:
    scripts = sorted(PACKAGING.rglob("*.sh"))
    assert len(scripts) > 8
    run = subprocess.run(
        ["shellcheck", "-S", "warning", *scripts], capture_output=True, text=True, timeout=60
    )
    assert run.returncode == 0, run.stdout


# --- the release workflow --------------------------------------------------------------------------


def test_the_workflow_calls_what_exists_and_holds_no_secret() -> None:
    text = (ROOT / ".github" / "workflows" / "release.yml").read_text("utf-8")
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    called = set(re.findall(r"\bmake ([a-z-]+)", text))
    assert called == {"test", "package"}
    assert called <= targets
    scripts = set(re.findall(r"packaging/[\w/]+\.(?:sh|ps1)", text))
    assert len(scripts) == 3
    assert all((ROOT / one).is_file() for one in scripts)
    jobs = set(re.findall(r"^  (\w+):$", text[text.index("\njobs:") :], re.M))
    assert jobs == {"linux", "windows", "macos", "release"}
    words = ("PASSWORD:", "CERTIFICATE:", "TOKEN:", "SIGN_AS:", "SIGNTOOL:", "NOTARY_ID:", "NOTARY_TEAM:")
    secret = [line for line in text.splitlines() if line.strip().split(" ")[0].endswith(words)]
    assert len(secret) >= len(words)
    assert all(re.search(r": \$\{\{ (secrets\.[A-Z_]+|github\.token) \}\}$", line) for line in secret)
    assert "\t" not in text
