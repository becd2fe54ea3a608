"""Redis: what is due, the asks, the outbox, cached evidence. Nothing else talks to it."""
