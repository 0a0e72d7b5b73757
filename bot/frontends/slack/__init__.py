"""Slack: requests come in over HTTP or a socket, answers and cards go out."""

from bot.frontends.slack.frontend import SlackFrontend
from bot.frontends.slack.offers import Source

__all__ = ["SlackFrontend", "Source"]
