"""The sandbox itself: its world, its faults, its clock, its page, its transcripts."""
