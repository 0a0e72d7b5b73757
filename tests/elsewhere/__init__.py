"""The bot as an outsider runs it, beside a Slack and a GitHub written from their documentation alone."""
