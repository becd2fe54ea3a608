"""
Who made the change that a cause is about: from CloudTrail's events to `checks.change.Changed`.

`model.py` and `matching.py` are pure; `lookup.py` asks, at most three times.
"""
