"""The vendors the bot knows."""

from typing import Any

from bot.core.vendor import Vendor
from integrations.github import GITHUB

VENDORS: tuple[Vendor[Any, Any, Any], ...] = (GITHUB,)
