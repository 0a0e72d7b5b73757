"""The one way to talk HTTP to vendors: deadlines, retried reads, rate budget, ETags, paging, errors."""

from bot.http.address import Address
from bot.http.answers import Answer, redacted
from bot.http.client import Http, Tokens
from bot.http.failures import Lack, Wait
from bot.http.memo import Memo
from bot.http.network import Heard, Network, deadline, network, unheard

__all__ = [
    "Address",
    "Answer",
    "Heard",
    "Http",
    "Lack",
    "Memo",
    "Network",
    "Tokens",
    "Wait",
    "deadline",
    "network",
    "redacted",
    "unheard",
]
