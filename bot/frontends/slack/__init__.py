"""Slack: requests come in over HTTP or a socket, answers and cards go out."""

from bot.frontends.slack.frontend import SlackFrontend
from bot.frontends.slack.offers import Source
from bot.frontends.slack.outgoing import SlackAway, SlackRefused

__all__ = ["SlackAway", "SlackFrontend", "SlackRefused", "Source"]
