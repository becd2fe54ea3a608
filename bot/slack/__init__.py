"""The edge towards Slack: what people type and press, and the messages that leave."""
