"""The sandbox's page: a small Slack beside what the vendors hold, drawn on the server."""

from bot.sandbox.page.routes import Page

__all__ = ["Page"]
