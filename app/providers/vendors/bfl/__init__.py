"""Black Forest Labs' API as of 2026-04: FLUX.2 [pro]."""

from __future__ import annotations

from app.providers.vendors.bfl.vendor import BflVendor

ID = BflVendor.id
TITLE = BflVendor.title
KEY_NAME = "BFL_API_KEY"
ADDRESS_NAME = "BFL_BASE_URL"
DEFAULT_ADDRESS = "https://api.bfl.ai"

__all__ = ["ADDRESS_NAME", "DEFAULT_ADDRESS", "ID", "KEY_NAME", "TITLE", "BflVendor"]
