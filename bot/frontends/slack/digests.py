"""Digests: posted once, edited in place when their figures are corrected, their pictures beside."""

from datetime import timedelta

import structlog

from bot.core.reply import Reply
from bot.frontends.slack.outgoing import SlackRefused
from bot.frontends.slack.posts import Posts
from bot.frontends.slack.render import render

PLACE = "digest"
EVERY = timedelta(minutes=15)  # a digest is edited, however fast its figures change
log = structlog.get_logger()


async def show(id_: str, channel: str, reply: Reply, posts: Posts) -> None:
    """Show *reply* as the digest *id_*; where Slack refuses it, that is logged: it is tried again later."""
    message = render(reply)
    try:
        await posts.show(id_, PLACE, channel, message, every=EVERY)
        sent = await posts.at(id_, PLACE)
        if sent:
            await posts.attach(id_, sent, message.files)
    except SlackRefused as refused:
        log.warning("digest not shown", digest=id_, why=refused.code)
