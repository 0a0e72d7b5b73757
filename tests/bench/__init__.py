"""Figures: ``python -m tests.bench`` prints each beside a baseline of the same run."""
