"""Redis: what is due, records, the outbox, cached evidence. Scripts are in lua/, keys in keys.py."""
