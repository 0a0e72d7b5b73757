"""The one way to talk HTTP to vendors: deadlines, retried reads, rate budget, ETags, paging, errors."""

from bot.http.answers import Answer, redacted
from bot.http.client import Http
from bot.http.failures import Wait
from bot.http.memo import Memo
from bot.http.network import Network, deadline, network

__all__ = ["Answer", "Http", "Memo", "Network", "Wait", "deadline", "network", "redacted"]
