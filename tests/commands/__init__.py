"""Tests of the commands against the stand-in GitHub."""
