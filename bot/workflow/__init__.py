"""Filing, deciding, applying and timing requests: the one way to a change."""
