"""Tests of the core: pure values and decisions."""
