"""A bundle (bot/agents), attached to a thread in Slack by somebody who was shown what it holds."""
