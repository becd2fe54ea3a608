"""What is known of the SDK and of other tools, with bounds and sources."""
