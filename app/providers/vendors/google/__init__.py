"""Google's Gemini API: Nano Banana Pro (gemini-3-pro-image)."""

from __future__ import annotations

from app.providers.vendors.google.vendor import GoogleVendor

ID = GoogleVendor.id
TITLE = GoogleVendor.title
KEY_NAME = "GEMINI_API_KEY"
ADDRESS_NAME = "GOOGLE_GEMINI_BASE_URL"
DEFAULT_ADDRESS = "https://generativelanguage.googleapis.com"

__all__ = ["ADDRESS_NAME", "DEFAULT_ADDRESS", "ID", "KEY_NAME", "TITLE", "GoogleVendor"]
