"""Text that came from outside: made visible, redacted, compared."""
