"""The edge towards Slack: what people type and click, and the messages that leave."""
