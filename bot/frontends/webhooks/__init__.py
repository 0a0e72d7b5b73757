"""Webhooks: vendors say that something changed there."""

from bot.frontends.webhooks.frontend import Webhooks

__all__ = ["Webhooks"]
