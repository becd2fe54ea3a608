"""
CloudTrail, at the door: who made a change, and how. Whatever is private stays behind it.

Session names, e-mail addresses, IP addresses, key ids and user agents are read here and never
leave: `event.py` is what is known of an event outside, `reading.py` takes an event apart,
`identity.py` and `means.py` say who it was and how, and `lookup.py` asks LookupEvents.
"""
