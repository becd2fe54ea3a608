"""A log as people have it → its events, for the one reader in `checks.log`."""
