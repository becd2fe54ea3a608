"""The bot put together: wiring, processes, and what Slack sends to all features."""
