"""BytePlus ModelArk's image generation API: Seedream."""

from __future__ import annotations

from app.providers.vendors.byteplus.vendor import ByteplusVendor

ID = ByteplusVendor.id
TITLE = ByteplusVendor.title
KEY_NAME = "ARK_API_KEY"
ADDRESS_NAME = "ARK_BASE_URL"
DEFAULT_ADDRESS = "https://ark.ap-southeast.bytepluses.com/api/v3"

__all__ = ["ADDRESS_NAME", "DEFAULT_ADDRESS", "ID", "KEY_NAME", "TITLE", "ByteplusVendor"]
