"""The scripts of `packaging/`, which is no package of Python: each is loaded from its file."""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType

from tests.house.sources import ROOT

PACKAGING = ROOT / "packaging"


def script(path: str) -> ModuleType:
    """The module in `packaging/PATH`."""
    name = "packaging_" + path.replace("/", "_").removesuffix(".py")
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, PACKAGING / path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]
