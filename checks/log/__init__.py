"""A function's own log: its lines, a sample of it, and how far the SDK came."""
