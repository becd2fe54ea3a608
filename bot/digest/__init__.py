"""Digests: what changed in a channel's fleet, on the clock. Read model.py, schedule.py, diff.py."""
