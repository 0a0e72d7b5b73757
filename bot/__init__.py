"""The infrastructure bot: plan, approve, apply, verify, write down."""

import gc

# What a start makes stays; to look through it for garbage all the time takes a fifth of the start.
gc.set_threshold(50_000, 20, 20)
