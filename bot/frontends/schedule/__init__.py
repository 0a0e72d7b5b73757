"""The schedule: what is asked by the clock, every day."""

from bot.frontends.schedule.frontend import Schedule

__all__ = ["Schedule"]
