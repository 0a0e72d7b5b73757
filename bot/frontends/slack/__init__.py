"""Slack: requests come in over HTTP or a socket, answers and cards go out."""
