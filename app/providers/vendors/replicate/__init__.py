"""Replicate's HTTP API: a second road to Gen4 Image (`runwayml/gen4-image`)."""

from __future__ import annotations

from app.providers.vendors.replicate.vendor import ReplicateVendor

ID = ReplicateVendor.id
TITLE = ReplicateVendor.title
KEY_NAME = "REPLICATE_API_TOKEN"
ADDRESS_NAME = "REPLICATE_BASE_URL"
DEFAULT_ADDRESS = "https://api.replicate.com"

__all__ = ["ADDRESS_NAME", "DEFAULT_ADDRESS", "ID", "KEY_NAME", "TITLE", "ReplicateVendor"]
