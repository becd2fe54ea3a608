"""
Background work: the clock reads what is due, the broker carries it to a worker.

Read clock.py, then broker.py, then actors.py. None of them knows what the work is, and
nothing in them is the truth: see bot/store/due.py.
"""
