"""The macOS bundle's Info.plist, as PyInstaller's BUNDLE takes it: document types and their names."""

from __future__ import annotations

IDENTIFIER = "io.github.tagloom.Tagloom"
KINDS = (
    ("document", "tagloom", "Tagloom document", "application/x-tagloom+json", "public.json"),
    (
        "bundle",
        "tagloomz",
        "Tagloom bundle with its pictures",
        "application/x-tagloom+zip",
        "public.zip-archive",
    ),
)


def info(version: str) -> dict[str, object]:
    return {
        "CFBundleDisplayName": "Tagloom",
        "CFBundleName": "Tagloom",
        "CFBundleShortVersionString": version,
        "CFBundleVersion": version,
        "CFBundleDevelopmentRegion": "en",
        "CFBundleLocalizations": ["en", "zh-Hans"],
        "LSApplicationCategoryType": "public.app-category.graphics-design",
        "LSMinimumSystemVersion": "13.0",
        "NSHighResolutionCapable": True,
        "NSSupportsAutomaticGraphicsSwitching": True,
        "NSHumanReadableCopyright": "Copyright (c) 2026 Tagloom contributors, MIT licence",
        "CFBundleDocumentTypes": [_document_type(*kind) for kind in KINDS],
        "UTExportedTypeDeclarations": [_declaration(*kind) for kind in KINDS],
    }


def _uti(kind: str) -> str:
    return f"{IDENTIFIER}.{kind}"


def _document_type(kind: str, ending: str, title: str, mime: str, base: str) -> dict[str, object]:
    return {
        "CFBundleTypeName": title,
        "CFBundleTypeRole": "Editor",
        "CFBundleTypeIconFile": "tagloom.icns",
        "LSHandlerRank": "Owner",
        "LSItemContentTypes": [_uti(kind)],
    }


def _declaration(kind: str, ending: str, title: str, mime: str, base: str) -> dict[str, object]:
    return {
        "UTTypeIdentifier": _uti(kind),
        "UTTypeDescription": title,
        "UTTypeConformsTo": [base],
        "UTTypeTagSpecification": {"public.filename-extension": [ending], "public.mime-type": [mime]},
    }
