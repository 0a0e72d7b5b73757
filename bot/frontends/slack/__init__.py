"""Slack: requests come in over HTTP or a socket, answers and cards go out."""

from bot.frontends.slack.frontend import SlackFrontend
from bot.frontends.slack.offers import Source
from bot.frontends.slack.outgoing import SlackAway, SlackRefused
from bot.frontends.slack.pace import USUAL, Rates

__all__ = ["USUAL", "Rates", "SlackAway", "SlackFrontend", "SlackRefused", "Source"]
