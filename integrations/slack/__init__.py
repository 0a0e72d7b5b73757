"""Slack itself is reached by the frontend; here is only its stand-in."""
