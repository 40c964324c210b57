"""Runway's developer API, version 2024-11-06: Gen4 Image and Gen4 Image Turbo."""

from __future__ import annotations

from app.providers.vendors.runway.vendor import RunwayVendor

ID = RunwayVendor.id
TITLE = RunwayVendor.title
KEY_NAME = "RUNWAYML_API_SECRET"
ADDRESS_NAME = "RUNWAYML_BASE_URL"
DEFAULT_ADDRESS = "https://api.dev.runwayml.com"

__all__ = ["ADDRESS_NAME", "DEFAULT_ADDRESS", "ID", "KEY_NAME", "TITLE", "RunwayVendor"]
