"""Domain values and decisions, without I/O."""
